-- The first schema. Ids are prefixed UUIDv7 text; instants are microseconds UTC; flags are 0/1.
-- `sealed` columns are vault envelopes: nothing readable stands in them.

-- Who ------------------------------------------------------------------------------------------------------------

CREATE TABLE organisation (
  id          TEXT   NOT NULL PRIMARY KEY,
  name        TEXT   NOT NULL,
  domains     TEXT   NOT NULL,              -- JSON array of lower-case domains
  origin      TEXT   NOT NULL UNIQUE,       -- the log's C2SP origin
  policy      TEXT   NOT NULL,              -- JSON, governed: operations::policy
  created_at  BIGINT NOT NULL
);

CREATE TABLE account (
  id            TEXT   NOT NULL PRIMARY KEY,
  organisation  TEXT   NOT NULL REFERENCES organisation(id),
  kind          TEXT   NOT NULL,            -- person | service
  email         TEXT,                       -- lower case; NULL for a service
  name          TEXT   NOT NULL,
  locale        TEXT   NOT NULL,
  status        TEXT   NOT NULL,            -- requested | active | suspended | closed
  sensitive     BIGINT NOT NULL,
  created_at    BIGINT NOT NULL,
  changed_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX account_email ON account (email) WHERE email IS NOT NULL AND status <> 'closed';
CREATE INDEX account_organisation ON account (organisation, status);

CREATE TABLE authenticator (
  id            TEXT   NOT NULL PRIMARY KEY,
  organisation  TEXT   NOT NULL,
  account       TEXT   NOT NULL REFERENCES account(id),
  kind          TEXT   NOT NULL,            -- password | totp | backup_code
  sealed        BYTES  NOT NULL,
  last_step     BIGINT NOT NULL,            -- TOTP: the last step used (RFC 6238 §5.2)
  created_at    BIGINT NOT NULL,
  used_at       BIGINT
);
CREATE INDEX authenticator_account ON authenticator (organisation, account, kind);

CREATE TABLE mission_grant (
  id            TEXT   NOT NULL PRIMARY KEY,
  organisation  TEXT   NOT NULL,
  account       TEXT   NOT NULL REFERENCES account(id),
  mission       TEXT   NOT NULL,
  from_at       BIGINT NOT NULL,
  until_at      BIGINT,
  given_by      TEXT   NOT NULL,            -- an account, or system:…
  ended_at      BIGINT
);
CREATE INDEX mission_grant_account ON mission_grant (organisation, account);

CREATE TABLE session (
  id            TEXT   NOT NULL PRIMARY KEY,
  organisation  TEXT   NOT NULL,
  account       TEXT   NOT NULL REFERENCES account(id),
  token_hash    BYTES  NOT NULL UNIQUE,
  assurance     TEXT   NOT NULL,            -- password | two_factor
  network       TEXT   NOT NULL,            -- /24 or /64, for comparison
  created_at    BIGINT NOT NULL,
  verified_at   BIGINT NOT NULL,            -- last proof of presence: step-up counts from here
  ended_at      BIGINT,
  end_reason    TEXT
);
CREATE INDEX session_account ON session (organisation, account);

CREATE TABLE api_token (
  id            TEXT   NOT NULL PRIMARY KEY,
  organisation  TEXT   NOT NULL,
  account       TEXT   NOT NULL REFERENCES account(id),
  token_hash    BYTES  NOT NULL UNIQUE,
  created_at    BIGINT NOT NULL,
  ended_at      BIGINT
);

-- What ------------------------------------------------------------------------------------------------------------

CREATE TABLE flow (
  id            TEXT   NOT NULL PRIMARY KEY,
  organisation  TEXT   NOT NULL,
  source        TEXT   NOT NULL,            -- smtp | api
  client        TEXT   NOT NULL,
  sender        TEXT,                       -- NULL: the null reverse-path
  message_id    TEXT,                       -- groups what the sender's server split
  size          BIGINT NOT NULL,
  verdict       TEXT   NOT NULL,            -- accepted (duty to assess) | pass | hold | refuse
  eight_bit     BIGINT NOT NULL,
  smtputf8      BIGINT NOT NULL,
  body_sha256   BYTES  NOT NULL,
  body          BYTES,                      -- sealed, up to 64 KiB
  body_blob     TEXT,                       -- or its blob
  summary       BYTES  NOT NULL,            -- sealed: subject and what a list shows
  received_at   BIGINT NOT NULL
);
CREATE INDEX flow_recent ON flow (organisation, received_at, id);
CREATE INDEX flow_message_id ON flow (organisation, sender, message_id);
CREATE INDEX flow_blob ON flow (body_blob) WHERE body_blob IS NOT NULL;

CREATE TABLE delivery (
  id            TEXT   NOT NULL PRIMARY KEY,
  organisation  TEXT   NOT NULL,
  flow          TEXT REFERENCES flow(id),   -- NULL: the one recipient of a notice of ours
  position      BIGINT NOT NULL,
  recipient     TEXT   NOT NULL,
  external      BIGINT NOT NULL,
  verdict       TEXT   NOT NULL,
  state         TEXT   NOT NULL,            -- accepted queued held refused attempting delivered bounced withdrawn uncertain rejected
  reply         TEXT,                       -- the remote's last answer
  outbox        TEXT,
  changed_at    BIGINT NOT NULL
);
CREATE INDEX delivery_flow ON delivery (organisation, flow, position);
CREATE INDEX delivery_outbox ON delivery (organisation, outbox);

CREATE TABLE known_recipient (
  organisation  TEXT   NOT NULL,
  recipient     BYTES  NOT NULL,            -- blind index of (sender, recipient)
  first_at      BIGINT NOT NULL,
  PRIMARY KEY (organisation, recipient)
);

CREATE TABLE assessment (
  id            TEXT   NOT NULL PRIMARY KEY,
  organisation  TEXT   NOT NULL,
  flow          TEXT   NOT NULL REFERENCES flow(id),
  verdict       TEXT   NOT NULL,
  control_set   TEXT   NOT NULL,
  engine        TEXT   NOT NULL,
  sealed        BYTES  NOT NULL,            -- findings with their excerpts
  created_at    BIGINT NOT NULL
);
CREATE INDEX assessment_flow ON assessment (organisation, flow);

-- Waiting ---------------------------------------------------------------------------------------------------------

CREATE TABLE hold (
  id              TEXT   NOT NULL PRIMARY KEY,
  organisation    TEXT   NOT NULL,
  flow            TEXT   NOT NULL REFERENCES flow(id),
  assessment      TEXT   NOT NULL,
  class           TEXT   NOT NULL,
  severity        BIGINT NOT NULL,
  control         TEXT   NOT NULL,          -- the gravest control that matched
  state           TEXT   NOT NULL,          -- waiting released rejected withdrawn
  escalation      BIGINT NOT NULL,          -- 0 with the team, 1 with the arbiters, 2 past due
  content_sha256  BYTES  NOT NULL,          -- what a decision is bound to
  held_at         BIGINT NOT NULL,
  due_at          BIGINT NOT NULL,
  remind_at       BIGINT,                   -- the next clock event, NULL when none is left
  next_event      TEXT,                     -- cover | escalate | expire
  decided_at      BIGINT,
  decided_by      TEXT,
  decision        BYTES,                    -- sealed: reason and note
  link_hash       BYTES UNIQUE              -- the sender's link
);
CREATE INDEX hold_waiting ON hold (organisation, state, due_at);
CREATE INDEX hold_clock ON hold (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX hold_flow ON hold (organisation, flow);
CREATE INDEX hold_decided ON hold (organisation, decided_at);

CREATE TABLE override_decision (
  id            TEXT   NOT NULL PRIMARY KEY,
  organisation  TEXT   NOT NULL,
  hold          TEXT   NOT NULL REFERENCES hold(id),
  account       TEXT   NOT NULL,
  was           TEXT   NOT NULL,
  becomes       TEXT   NOT NULL,
  grounds       BYTES  NOT NULL,            -- sealed
  created_at    BIGINT NOT NULL
);
CREATE INDEX override_hold ON override_decision (organisation, hold);

-- One reading entry per person, subject and session (invariant 6).
CREATE TABLE reading (
  organisation  TEXT   NOT NULL,
  session       TEXT   NOT NULL,            -- or the token of a service
  subject       TEXT   NOT NULL,
  read_at       BIGINT NOT NULL,
  PRIMARY KEY (organisation, session, subject)
);

-- Leaving ---------------------------------------------------------------------------------------------------------

CREATE TABLE outbox (
  id            TEXT   NOT NULL PRIMARY KEY,
  organisation  TEXT   NOT NULL,
  flow          TEXT,                       -- a flow's deliveries, or NULL for a notice of ours
  kind          TEXT   NOT NULL,            -- message | notice
  recipient     TEXT,                       -- of a notice
  sealed        BYTES,                      -- of a notice
  created_at    BIGINT NOT NULL
);

-- Mechanical (no evidence: nothing here says what happened, only who does what next) --------------------------------

CREATE TABLE outbox_lease (
  outbox        TEXT   NOT NULL PRIMARY KEY,
  organisation  TEXT   NOT NULL,
  state         TEXT   NOT NULL,            -- ready | done
  attempt       BIGINT NOT NULL,
  next_at       BIGINT NOT NULL,
  leased_until  BIGINT NOT NULL,            -- 0: nobody has it
  node          BIGINT NOT NULL DEFAULT 0,  -- who leased it last
  fence         BIGINT NOT NULL,
  first_at      BIGINT NOT NULL
);
CREATE INDEX outbox_ready ON outbox_lease (next_at) WHERE state = 'ready';
CREATE INDEX outbox_leased ON outbox_lease (node) WHERE state = 'ready' AND leased_until > 0;

CREATE TABLE session_touch (
  session       TEXT   NOT NULL PRIMARY KEY,
  organisation  TEXT   NOT NULL,
  seen_at       BIGINT NOT NULL
);

CREATE TABLE throttle (
  subject       TEXT   NOT NULL,            -- account or network, and what for
  since         BIGINT NOT NULL,
  count         BIGINT NOT NULL,
  PRIMARY KEY (subject)
);

CREATE TABLE idempotency (
  organisation  TEXT   NOT NULL,
  account       TEXT   NOT NULL,
  key           TEXT   NOT NULL,
  request       BYTES  NOT NULL,            -- SHA-256 of the request
  answer        TEXT   NOT NULL,
  created_at    BIGINT NOT NULL,
  PRIMARY KEY (organisation, account, key)
);

-- Evidence ----------------------------------------------------------------------------------------------------------

CREATE TABLE ledger_entry (
  organisation  TEXT   NOT NULL,
  idx           BIGINT NOT NULL,
  operation     TEXT   NOT NULL,
  leaf          BYTES  NOT NULL,
  detail        BYTES  NOT NULL,            -- sealed; the leaf commits to it
  PRIMARY KEY (organisation, idx)
) WITHOUT ROWID;
CREATE INDEX ledger_operation ON ledger_entry (organisation, operation);

CREATE TABLE evidence_outbox (
  id            SERIAL_KEY,
  organisation  TEXT   NOT NULL,
  operation     TEXT   NOT NULL,
  leaf          BYTES  NOT NULL,
  detail        BYTES  NOT NULL
);
