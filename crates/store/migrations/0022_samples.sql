-- The samples of the controls in force, run every night and when a set is published.

CREATE TABLE sample_check (
  organisation  TEXT   NOT NULL,
  day           BIGINT NOT NULL,            -- days since 1970, UTC
  control_set   TEXT   NOT NULL,            -- its digest
  samples       BIGINT NOT NULL,
  wrong         BIGINT NOT NULL,
  controls      TEXT   NOT NULL,            -- ids of controls with a sample that does not do as it says, by commas
  checked_at    BIGINT NOT NULL,
  PRIMARY KEY (organisation, day)
);
