-- Missions are given for a time and with a reason; what weakens security waits for a second administrator.

ALTER TABLE mission_grant ADD COLUMN reason BYTES;      -- sealed: why it was given; NULL: with the account itself
ALTER TABLE mission_grant ADD COLUMN ended_by TEXT;     -- an account; NULL: it ended with the account's standing
ALTER TABLE mission_grant ADD COLUMN end_reason BYTES;  -- sealed

CREATE TABLE pending_change (
  id            TEXT   NOT NULL PRIMARY KEY,
  organisation  TEXT   NOT NULL,
  kind          TEXT   NOT NULL,            -- mission | settings
  subject       TEXT   NOT NULL,            -- who it is for: an account, or the organisation
  sealed        BYTES  NOT NULL,            -- what would change, and why
  requested_by  TEXT   NOT NULL,
  state         TEXT   NOT NULL,            -- waiting | approved | refused | lapsed
  created_at    BIGINT NOT NULL,
  until_at      BIGINT NOT NULL,            -- lapses after, while it waits
  decided_by    TEXT,
  decided_at    BIGINT
);
CREATE INDEX pending_change_organisation ON pending_change (organisation, state, created_at);
CREATE INDEX pending_change_due ON pending_change (until_at) WHERE state = 'waiting';

-- Mechanical: when a mission was last of use (clause R1), to the hour.
CREATE TABLE mission_use (
  organisation  TEXT   NOT NULL,
  account       TEXT   NOT NULL,
  mission       TEXT   NOT NULL,
  used_at       BIGINT NOT NULL,
  PRIMARY KEY (organisation, account, mission)
);
