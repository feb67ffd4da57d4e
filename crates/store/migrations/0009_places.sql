-- Where sessions were opened from: what the browser said it was, and its mark with the account. Codes sent by mail, and
-- sign-ins that wait for an administrator.

ALTER TABLE session ADD COLUMN agent TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN device BYTES;

CREATE TABLE sign_in_code (
  lookup        BYTES  NOT NULL PRIMARY KEY,  -- blind index of the account, its first step and the code
  organisation  TEXT   NOT NULL,
  account       TEXT   NOT NULL REFERENCES account(id),
  expires_at    BIGINT NOT NULL,
  created_at    BIGINT NOT NULL,
  ended_at      BIGINT
);
CREATE INDEX sign_in_code_account ON sign_in_code (organisation, account);

CREATE TABLE arrival (
  id            TEXT   NOT NULL PRIMARY KEY,
  organisation  TEXT   NOT NULL,
  account       TEXT   NOT NULL REFERENCES account(id),
  device        BYTES  NOT NULL,
  network       TEXT   NOT NULL,
  agent         TEXT   NOT NULL,
  state         TEXT   NOT NULL,              -- waiting | approved | refused
  asked_at      BIGINT NOT NULL,
  expires_at    BIGINT NOT NULL,
  decided_by    TEXT,
  decided_at    BIGINT
);
CREATE INDEX arrival_account ON arrival (organisation, account, state);
