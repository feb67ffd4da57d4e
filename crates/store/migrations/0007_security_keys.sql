-- Security keys: their counter stands in last_step; one that seems to exist twice is suspended. What a session last
-- showed, so that its sessions end with it. Questions asked of authenticators, each good once.

ALTER TABLE authenticator ADD COLUMN suspended_at BIGINT;
ALTER TABLE session ADD COLUMN authenticator TEXT;

CREATE TABLE ceremony (
  challenge     BYTES  NOT NULL PRIMARY KEY,
  organisation  TEXT   NOT NULL,
  account       TEXT   NOT NULL,
  purpose       TEXT   NOT NULL,            -- enrol | sign_in | step_up
  bound_to      TEXT   NOT NULL,            -- the session, or the first step of the sign-in
  expires_at    BIGINT NOT NULL
);
CREATE INDEX ceremony_account ON ceremony (organisation, account);
CREATE INDEX ceremony_expiry ON ceremony (expires_at);
