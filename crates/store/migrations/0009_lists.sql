-- What an organisation tells the engine about itself besides its domains: own numbers and footers, known domains and
-- correspondents, protected ones, restricted issuers. A list is replaced whole.

CREATE TABLE organisation_list (
  organisation  TEXT   NOT NULL REFERENCES organisation(id),
  list          TEXT   NOT NULL,            -- operations::lists::ListName
  sealed        BYTES  NOT NULL,            -- JSON array of entries, sealed for ever
  entries       BIGINT NOT NULL,
  changed_at    BIGINT NOT NULL,
  PRIMARY KEY (organisation, list)
);
