-- What was let go although its assessment failed (policy "open with debt"): made up for when assessment works again.
CREATE TABLE assessment_debt (
  flow          TEXT   NOT NULL PRIMARY KEY REFERENCES flow(id),
  organisation  TEXT   NOT NULL,
  reason        TEXT   NOT NULL,            -- engine_failed | extractor_unavailable
  opened_at     BIGINT NOT NULL,
  paid_at       BIGINT,
  verdict       TEXT                        -- of the late assessment: pass | hold | refuse
);
CREATE INDEX assessment_debt_owed ON assessment_debt (opened_at, flow) WHERE paid_at IS NULL;
CREATE INDEX assessment_debt_organisation ON assessment_debt (organisation, opened_at);
