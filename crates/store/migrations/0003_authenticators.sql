-- Several second factors a person, named, each found by what it shows; the question of one may be put off.

ALTER TABLE authenticator ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE authenticator ADD COLUMN lookup BYTES;      -- hash of a backup code; blind index of a TOTP secret
ALTER TABLE authenticator ADD COLUMN ended_at BIGINT;   -- removed or used up; the row stays as a record
CREATE UNIQUE INDEX authenticator_lookup ON authenticator (organisation, kind, lookup) WHERE lookup IS NOT NULL;
ALTER TABLE account ADD COLUMN postponed_until BIGINT;
