-- Past flows read again in the background: rehearsals of a draft, looks back. One at a time in an organisation.

CREATE TABLE replay (
  id            TEXT   NOT NULL PRIMARY KEY,
  organisation  TEXT   NOT NULL REFERENCES organisation(id),
  kind          TEXT   NOT NULL,            -- rehearsal | look_back
  subject       TEXT   NOT NULL,            -- the set that is rehearsed; the organisation that looks back
  from_at       BIGINT NOT NULL,            -- the window
  until_at      BIGINT NOT NULL,
  state         TEXT   NOT NULL,            -- running | done | stopped | failed
  asked_by      TEXT   NOT NULL,            -- as entries of the ledger name an actor
  ended_by      TEXT,
  ended_at      BIGINT,
  sealed        BYTES                       -- what a look back found
);
CREATE UNIQUE INDEX replay_running ON replay (organisation) WHERE state = 'running';
CREATE INDEX replay_asked ON replay (organisation, until_at, id);

CREATE TABLE replay_progress (              -- mechanical: how far it is, and who is at it
  organisation  TEXT   NOT NULL,
  replay        TEXT   NOT NULL,
  total         BIGINT NOT NULL,            -- flows to read; 0 until they were counted
  done          BIGINT NOT NULL,
  lease         TEXT   NOT NULL,            -- fences off who was at it before
  leased_until  BIGINT NOT NULL,
  attempts      BIGINT NOT NULL,            -- begun since it last got further
  sealed        BYTES,                      -- what is known so far
  PRIMARY KEY (organisation, replay)
);
