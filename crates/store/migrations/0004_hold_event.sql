-- What happened to a hold besides its decision, for whoever opens it next. The ledger says the same, for strangers.
CREATE TABLE hold_event (
  organisation  TEXT   NOT NULL,
  hold          TEXT   NOT NULL REFERENCES hold(id),
  at            BIGINT NOT NULL,
  kind          TEXT   NOT NULL,            -- covered | escalated | expired | justified
  account       TEXT   NOT NULL,            -- who, or system:…
  said          BYTES,                      -- sealed: the reason given, or the sender's words
  PRIMARY KEY (organisation, hold, at, kind)
);
