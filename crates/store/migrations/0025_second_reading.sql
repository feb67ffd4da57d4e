-- What the second encoder says of messages that wait, once each, beside the assessment that holds them.

CREATE TABLE second_reading (
  organisation  TEXT   NOT NULL REFERENCES organisation(id),
  hold          TEXT   NOT NULL REFERENCES hold(id),
  model         TEXT   NOT NULL,            -- SHA-256 of its files
  sealed        BYTES  NOT NULL,            -- what was read and found: content
  read_at       BIGINT NOT NULL,
  PRIMARY KEY (organisation, hold)
);

CREATE TABLE second_turn (                  -- mechanical: what is still to be read, and who is at it
  organisation  TEXT   NOT NULL,
  hold          TEXT   NOT NULL,
  lease         TEXT   NOT NULL,            -- fences off who was at it before
  leased_until  BIGINT NOT NULL,
  attempts      BIGINT NOT NULL,
  PRIMARY KEY (organisation, hold)
);
CREATE INDEX second_turn_due ON second_turn (leased_until, hold);
