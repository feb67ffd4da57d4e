-- A service's token lasts a year at most; one that is renewed ends some days after the new one is agreed to.

ALTER TABLE api_token ADD COLUMN expires_at BIGINT;     -- NULL: made before tokens had an end
CREATE INDEX api_token_account ON api_token (organisation, account);

-- Mechanical: when a token was last shown, to the hour.
CREATE TABLE token_use (
  organisation  TEXT   NOT NULL,
  token         TEXT   NOT NULL,
  used_at       BIGINT NOT NULL,
  PRIMARY KEY (organisation, token)
);

-- A right that a review did not decide on in time stands still until it does (clause R4).
ALTER TABLE mission_grant ADD COLUMN suspended_at BIGINT;
ALTER TABLE access_review ADD COLUMN warned_at BIGINT;  -- administrators were told that it ends soon
ALTER TABLE access_review ADD COLUMN lapsed_at BIGINT;  -- its time was over
