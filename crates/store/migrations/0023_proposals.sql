-- What makes an organisation watch less waits for a second person: entries of lists, another client file, examples. What makes it
-- watch more is in force at once and never stands here.

CREATE TABLE proposal (
  id            TEXT   NOT NULL PRIMARY KEY,
  organisation  TEXT   NOT NULL REFERENCES organisation(id),
  kind          TEXT   NOT NULL,            -- list | clients | examples
  subject       TEXT   NOT NULL,            -- which list, which category; empty: the client file
  sealed        BYTES  NOT NULL,            -- what would change, and why; sealed for ever
  added         BIGINT NOT NULL,            -- entries that would come
  removed       BIGINT NOT NULL,            -- and go
  state         TEXT   NOT NULL,            -- waiting | agreed | refused | replaced | lapsed
  proposed_by   TEXT   NOT NULL,            -- as entries of the ledger name an actor
  proposed_at   BIGINT NOT NULL,
  until_at      BIGINT NOT NULL,            -- lapses after, while it waits
  ended_by      TEXT,
  ended_at      BIGINT,
  answer        BYTES                       -- sealed: why it was refused
);
CREATE INDEX proposal_recent ON proposal (organisation, state, proposed_at);
CREATE INDEX proposal_due ON proposal (until_at) WHERE state = 'waiting';

CREATE TABLE proposal_piece (               -- of a client file, while its proposal waits
  organisation  TEXT   NOT NULL,
  proposal      TEXT   NOT NULL,
  piece         BIGINT NOT NULL,
  sealed        BYTES  NOT NULL,
  PRIMARY KEY (organisation, proposal, piece)
);

-- Who asked for a version that a second person agreed to; NULL: it was in force at once.
ALTER TABLE organisation_list ADD COLUMN proposed_by TEXT;
ALTER TABLE client_file ADD COLUMN proposed_by TEXT;

-- Categories that an organisation defines by examples; the highest version of each is in force, one without sentences is none.
CREATE TABLE example_category (
  organisation  TEXT   NOT NULL REFERENCES organisation(id),
  category      TEXT   NOT NULL,
  version       BIGINT NOT NULL,            -- from 1
  sealed        BYTES  NOT NULL,            -- JSON: nearness and sentences, sealed for ever
  near          BIGINT NOT NULL,            -- per mille
  sentences     BIGINT NOT NULL,
  changed_by    TEXT   NOT NULL,
  changed_at    BIGINT NOT NULL,
  proposed_by   TEXT,
  PRIMARY KEY (organisation, category, version)
);
