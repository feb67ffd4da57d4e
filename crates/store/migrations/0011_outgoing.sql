-- What waits to leave can be looked at, tried at once, and stopped.

ALTER TABLE outbox_lease ADD COLUMN last_reply TEXT;                    -- code and status of the last temporary failure, empty if there was none; NULL: no attempt, or one whose end is not known
ALTER TABLE outbox_lease ADD COLUMN held_off BIGINT NOT NULL DEFAULT 0; -- 1: passed over, all its destinations are paused
CREATE INDEX outbox_waiting ON outbox_lease (organisation, first_at, outbox) WHERE state = 'ready';

CREATE TABLE relay_pause (
  organisation  TEXT   NOT NULL,
  destination   TEXT   NOT NULL,            -- a recipient domain in lower case, or * for everything
  reason        BYTES  NOT NULL,            -- sealed
  paused_by     TEXT   NOT NULL,
  paused_at     BIGINT NOT NULL,
  PRIMARY KEY (organisation, destination)
);

-- Delivery reports: who is never answered, and who was told of a delay already.

ALTER TABLE flow ADD COLUMN auto_replied BIGINT NOT NULL DEFAULT 0;   -- 1: a machine's answer or a report; never answered
ALTER TABLE outbox_lease ADD COLUMN delay_told_at BIGINT;             -- the sender was told that it takes long

-- Sendings by the thousand leave beside people's messages, never before them.

ALTER TABLE flow ADD COLUMN bulk BIGINT NOT NULL DEFAULT 0;           -- 1: from a client declared so, or one of a campaign
ALTER TABLE flow ADD COLUMN template BYTES;                           -- blind index of sender, subject and shape
CREATE INDEX flow_template ON flow (organisation, template, received_at) WHERE template IS NOT NULL;
ALTER TABLE outbox_lease ADD COLUMN lane BIGINT NOT NULL DEFAULT 0;   -- 0: people; 1: bulk
CREATE INDEX outbox_lane ON outbox_lease (lane, next_at) WHERE state = 'ready';
DROP INDEX outbox_ready;
