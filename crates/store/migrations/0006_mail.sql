-- What a message's server said of itself and asked for: our trace fields and delivery reports rest on it.

ALTER TABLE flow ADD COLUMN helo TEXT;                            -- as said in EHLO, unverified; NULL: by API
ALTER TABLE flow ADD COLUMN peer TEXT;                            -- the address it connected from
ALTER TABLE flow ADD COLUMN protocol TEXT NOT NULL DEFAULT 'ESMTP'; -- RFC 3848: ESMTP ESMTPS ESMTPSA; HTTPS
ALTER TABLE flow ADD COLUMN tls TEXT;                             -- TLS version
ALTER TABLE flow ADD COLUMN dsn_return TEXT;                      -- RET: FULL | HDRS
ALTER TABLE flow ADD COLUMN envelope_id TEXT;                     -- ENVID, as xtext

ALTER TABLE delivery ADD COLUMN notify TEXT NOT NULL DEFAULT '';  -- NOTIFY; empty: nothing asked
ALTER TABLE delivery ADD COLUMN original_recipient TEXT;          -- ORCPT, as it came
