-- What ordinary reviewers are not shown of a held message: private and protected mail has its own route.

-- Bits: 1 private, 2 protected, 4 its sender is asked about the mark. NULL: held before this was kept; its assessment says.
ALTER TABLE hold ADD COLUMN guard BIGINT;
UPDATE hold SET guard = 1 WHERE class = 'private';
UPDATE hold SET guard = 2 WHERE class = 'protected';

CREATE TABLE guarded_opening (              -- who opened the contents of one, on what ground, until when
  organisation  TEXT   NOT NULL,
  hold          TEXT   NOT NULL REFERENCES hold(id),
  account       TEXT   NOT NULL,
  session       TEXT   NOT NULL,
  circumstance  TEXT   NOT NULL,            -- which of the cases the law knows
  grounds       BYTES  NOT NULL,            -- sealed
  opened_at     BIGINT NOT NULL,
  until_at      BIGINT NOT NULL,
  PRIMARY KEY (organisation, hold, session, opened_at)
);
