-- What the models score on an organisation's own messages, counted; and from which score on controls may hold, proposed on such a
-- count and signed by a second person.

ALTER TABLE assessment ADD COLUMN scores BYTES;   -- sealed: each score and what controls asked about; NULL before

CREATE TABLE score_count (
  organisation  TEXT   NOT NULL PRIMARY KEY REFERENCES organisation(id),
  sealed        BYTES  NOT NULL,            -- counts by score, no contents; sealed for ever
  measured_by   TEXT   NOT NULL,            -- as entries of the ledger name an actor
  measured_at   BIGINT NOT NULL
);

CREATE TABLE calibration (
  id            TEXT   NOT NULL PRIMARY KEY,
  organisation  TEXT   NOT NULL REFERENCES organisation(id),
  measure       TEXT   NOT NULL,            -- compliance::calibration::Measure
  scale         TEXT   NOT NULL,            -- SHA-256 over what measures it
  from_score    BIGINT NOT NULL,            -- per mille
  messages      BIGINT NOT NULL,            -- that it rests on
  days          BIGINT NOT NULL,
  sealed        BYTES  NOT NULL,            -- the counts it rests on and why it was proposed
  state         TEXT   NOT NULL,            -- proposed | in_force | ended
  measured_at   BIGINT NOT NULL,
  proposed_by   TEXT   NOT NULL,
  proposed_at   BIGINT NOT NULL,
  signed_by     TEXT,
  signed_at     BIGINT,
  ended_by      TEXT,
  ended_at      BIGINT
);
CREATE INDEX calibration_recent ON calibration (organisation, proposed_at);
CREATE UNIQUE INDEX calibration_in_force ON calibration (organisation, measure) WHERE state = 'in_force';
