-- Control sets of an organisation: drafted, rehearsed on past flows, published by a second person. The one published last is
-- in force; without any, the set the service was started with is.

CREATE TABLE control_set (
  id            TEXT   NOT NULL PRIMARY KEY,
  organisation  TEXT   NOT NULL REFERENCES organisation(id),
  number        BIGINT NOT NULL,            -- from 1, in the order they were drafted
  digest        TEXT   NOT NULL,            -- SHA-256 as assessments name it
  controls      BIGINT NOT NULL,
  sealed        BYTES  NOT NULL,            -- its files and why it was drafted, sealed for ever
  state         TEXT   NOT NULL,            -- draft | published | withdrawn
  drafted_by    TEXT   NOT NULL,            -- as entries of the ledger name an actor
  drafted_at    BIGINT NOT NULL,
  rehearsal     BYTES,                      -- sealed: what it would have done to past flows
  rehearsed_on  TEXT,                       -- the digest it was compared with
  rehearsed_at  BIGINT,
  ended_by      TEXT,                       -- who published or withdrew it
  ended_at      BIGINT
);
CREATE UNIQUE INDEX control_set_number ON control_set (organisation, number);
