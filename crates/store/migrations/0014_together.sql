-- What waits together and leaves in order: parts of one message, the same text to many, what follows an invitation.

CREATE TABLE companion (                  -- a flow that is decided with another flow's hold
  organisation  TEXT   NOT NULL,
  flow          TEXT   NOT NULL,
  hold          TEXT   NOT NULL,
  kind          TEXT   NOT NULL,          -- part | campaign | follows
  joined_at     BIGINT NOT NULL,
  outcome       TEXT,                     -- what the hold became, once that was carried out for it
  PRIMARY KEY (organisation, flow)
);
CREATE INDEX companion_hold ON companion (organisation, hold, joined_at, flow);

CREATE TABLE hold_likeness (              -- by what the hold of a like message is found
  organisation  TEXT   NOT NULL,
  likeness      BYTES  NOT NULL,          -- blind index
  hold          TEXT   NOT NULL,
  PRIMARY KEY (organisation, likeness)
);

ALTER TABLE hold ADD COLUMN companions BIGINT NOT NULL DEFAULT 0;
ALTER TABLE hold ADD COLUMN carrying BIGINT NOT NULL DEFAULT 0;       -- 1: decided, and not carried out for all of them
CREATE INDEX hold_carrying ON hold (organisation, id) WHERE carrying = 1;

CREATE TABLE invitation (
  organisation  TEXT   NOT NULL,
  event         BYTES  NOT NULL,          -- blind index of organiser and UID
  flow          TEXT   NOT NULL,
  cancels       BIGINT NOT NULL,
  at            BIGINT NOT NULL,
  PRIMARY KEY (organisation, event, flow)
);
CREATE INDEX invitation_flow ON invitation (organisation, flow);

ALTER TABLE outbox_lease ADD COLUMN behind TEXT;                      -- the row that must leave first

-- Deferrals, in the evidence once a change of reason.

ALTER TABLE delivery ADD COLUMN deferred TEXT;                        -- code and status of the last one recorded
ALTER TABLE delivery ADD COLUMN deferrals BIGINT NOT NULL DEFAULT 0;  -- how many were recorded
