-- Accounts are asked for, and approved by somebody else; links go to their own mailbox and are good once.

ALTER TABLE account ADD COLUMN requested_by TEXT;       -- who asked; NULL: the holder, or the bootstrap
ALTER TABLE account ADD COLUMN approved_by TEXT;
ALTER TABLE account ADD COLUMN request BYTES;           -- sealed: why, and which missions
ALTER TABLE account ADD COLUMN request_until BIGINT;    -- purged after, while it is only asked for
CREATE INDEX account_request ON account (request_until) WHERE status = 'requested';

CREATE TABLE account_link (
  id            TEXT   NOT NULL PRIMARY KEY,
  organisation  TEXT   NOT NULL,
  account       TEXT   NOT NULL REFERENCES account(id),
  purpose       TEXT   NOT NULL,            -- activate | reset
  token_hash    BYTES  NOT NULL UNIQUE,
  expires_at    BIGINT NOT NULL,
  created_at    BIGINT NOT NULL,
  ended_at      BIGINT
);
CREATE INDEX account_link_account ON account_link (organisation, account);
