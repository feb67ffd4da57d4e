-- The institution's clients, by keyed hashes: what is kept of a file stands in sealed pieces.

CREATE TABLE client_file (
  organisation  TEXT   NOT NULL,
  version       BIGINT NOT NULL,
  pieces        BIGINT NOT NULL,
  clients       BIGINT NOT NULL,
  identifiers   BIGINT NOT NULL,
  digest        TEXT   NOT NULL,
  changed_by    TEXT   NOT NULL,
  changed_at    BIGINT NOT NULL,
  PRIMARY KEY (organisation, version)
);

CREATE TABLE client_piece (               -- of the versions that are kept
  organisation  TEXT   NOT NULL,
  version       BIGINT NOT NULL,
  piece         BIGINT NOT NULL,
  sealed        BYTES  NOT NULL,
  PRIMARY KEY (organisation, version, piece)
);
