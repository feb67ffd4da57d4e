-- A service gives back only what it took away itself.

ALTER TABLE account ADD COLUMN moved_by TEXT;           -- who suspended, reinstated or closed it last; NULL: nobody since this column

-- Every quarter each right is looked at again, and kept or ended by somebody else than who holds it (clause R4).

CREATE TABLE access_review (
  id            TEXT   NOT NULL PRIMARY KEY,
  organisation  TEXT   NOT NULL,
  opened_at     BIGINT NOT NULL,
  due_at        BIGINT NOT NULL,            -- said to be late after
  closed_at     BIGINT                      -- every right was decided on, or ended otherwise
);
CREATE UNIQUE INDEX access_review_open ON access_review (organisation) WHERE closed_at IS NULL;
CREATE INDEX access_review_opened ON access_review (organisation, opened_at);

CREATE TABLE access_review_line (
  organisation  TEXT   NOT NULL,
  review        TEXT   NOT NULL REFERENCES access_review(id),
  grant_id      TEXT   NOT NULL,
  account       TEXT   NOT NULL,
  mission       TEXT   NOT NULL,
  decision      TEXT,                       -- kept | ended
  decided_by    TEXT,
  decided_at    BIGINT,
  PRIMARY KEY (organisation, review, grant_id)
);
