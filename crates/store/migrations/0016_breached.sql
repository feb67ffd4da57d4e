-- Which list of breached passwords each organisation's passwords are looked for in: one entry of the ledger a change.

CREATE TABLE breached_list (
  organisation  TEXT   NOT NULL PRIMARY KEY,
  mark          TEXT   NOT NULL,            -- the list's own: no two lists share one
  published     TEXT   NOT NULL,            -- the day it was published
  taken_at      BIGINT NOT NULL
);
