-- What an organisation tells the engine about itself besides its first domains: own numbers and footers, known domains and
-- correspondents, protected ones, restricted issuers. A list is replaced whole; earlier versions stay.

CREATE TABLE organisation_list (
  organisation  TEXT   NOT NULL REFERENCES organisation(id),
  list          TEXT   NOT NULL,            -- operations::lists::ListName
  version       BIGINT NOT NULL,            -- from 1; the highest is in force
  sealed        BYTES  NOT NULL,            -- JSON array of entries, sealed for ever
  entries       BIGINT NOT NULL,
  changed_by    TEXT   NOT NULL,            -- as entries of the ledger name an actor
  changed_at    BIGINT NOT NULL,
  PRIMARY KEY (organisation, list, version)
);

-- SHA-256 over the lists an assessment was made with; empty before there were any.
ALTER TABLE assessment ADD COLUMN lists TEXT NOT NULL DEFAULT '';
