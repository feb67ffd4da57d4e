-- Break-glass: a way in for one named person, opened at the machine's console, for hours, and reviewed afterwards.

CREATE TABLE break_glass (
  id            TEXT   NOT NULL PRIMARY KEY,
  organisation  TEXT   NOT NULL,
  account       TEXT   NOT NULL,
  name          TEXT   NOT NULL,            -- of its holder
  sealed        BYTES  NOT NULL,            -- why
  opened_at     BIGINT NOT NULL,
  until_at      BIGINT NOT NULL,            -- it ends by itself
  ended_at      BIGINT,
  reviewed_by   TEXT,                       -- an administrator other than its user
  reviewed_at   BIGINT,
  review        BYTES                       -- sealed: what they found
);
CREATE INDEX break_glass_organisation ON break_glass (organisation, opened_at);
CREATE INDEX break_glass_due ON break_glass (until_at) WHERE ended_at IS NULL;
