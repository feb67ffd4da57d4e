//! Accounts: how an organisation begins, how people sign in and with what, what a session or a token stands for.

pub mod authenticators;
pub mod backup_codes;
pub mod bootstrap;
pub mod enrol_totp;
mod factors;
mod opening;
pub mod postpone;
pub mod remove_authenticator;
pub mod session;
pub mod sign_in;
pub mod step_up;
mod throttle;
pub mod token;

use vocabulary::AuthenticatorId;

/// What an authenticator's secret is sealed for.
fn authenticator_context(id: AuthenticatorId) -> String {
    format!("{id}/secret")
}

pub(crate) mod sql {
    access::statements! {
        Organisation INSERT_ACCOUNT = "INSERT INTO account (organisation, id, kind, email, name, locale, status, sensitive, created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, 'active', $7, $8, $8)";
        Organisation INSERT_AUTHENTICATOR = "INSERT INTO authenticator (organisation, id, account, kind, sealed, last_step, created_at) VALUES ($1, $2, $3, $4, $5, 0, $6)";
        Organisation INSERT_FACTOR = "INSERT INTO authenticator (organisation, id, account, kind, name, sealed, lookup, last_step, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        Organisation INSERT_GRANT = "INSERT INTO mission_grant (organisation, id, account, mission, from_at, until_at, given_by) VALUES ($1, $2, $3, $4, $5, NULL, $6)";
        Organisation INSERT_TOKEN = "INSERT INTO api_token (organisation, id, account, token_hash, created_at) VALUES ($1, $2, $3, $4, $5)";
        Platform ACCOUNT_BY_EMAIL = "SELECT organisation, id, status FROM account WHERE email = $1 AND kind = 'person' AND status <> 'closed'";
        Organisation AUTHENTICATORS = "SELECT id, kind, sealed, last_step, name, created_at, used_at FROM authenticator WHERE organisation = $1 AND account = $2 AND kind <> 'backup_code' AND ended_at IS NULL ORDER BY id LIMIT 50";
        Organisation BACKUP_CODES_LEFT = "SELECT COUNT(*), MAX(created_at) FROM authenticator WHERE organisation = $1 AND account = $2 AND kind = 'backup_code' AND ended_at IS NULL";
        Organisation USE_BACKUP_CODE = "UPDATE authenticator SET ended_at = $4, used_at = $4 WHERE organisation = $1 AND account = $2 AND kind = 'backup_code' AND lookup = $3 AND ended_at IS NULL";
        Organisation END_BACKUP_CODES = "UPDATE authenticator SET ended_at = $3 WHERE organisation = $1 AND account = $2 AND kind = 'backup_code' AND ended_at IS NULL";
        Organisation END_AUTHENTICATOR = "UPDATE authenticator SET ended_at = $4 WHERE organisation = $1 AND id = $2 AND account = $3 AND kind <> 'password' AND kind <> 'backup_code' AND ended_at IS NULL";
        Organisation LOCK_ACCOUNT = "UPDATE account SET changed_at = changed_at WHERE organisation = $1 AND id = $2";
        Organisation ACCOUNT = "SELECT status, sensitive, email, name, postponed_until FROM account WHERE organisation = $1 AND id = $2";
        Organisation POSTPONE = "UPDATE account SET postponed_until = $3 WHERE organisation = $1 AND id = $2";
        Organisation PROVE_SESSION = "UPDATE session SET token_hash = $3, assurance = $4, verified_at = $5 WHERE organisation = $1 AND id = $2 AND ended_at IS NULL";
        Organisation CONSUME_STEP = "UPDATE authenticator SET last_step = $3, used_at = $4 WHERE organisation = $1 AND id = $2 AND last_step < $3";
        Organisation INSERT_SESSION = "INSERT INTO session (organisation, id, account, token_hash, assurance, network, created_at, verified_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
        Mechanical INSERT_TOUCH = "INSERT INTO session_touch (organisation, session, seen_at) VALUES ($1, $2, $3)";
        Mechanical TOUCH = "UPDATE session_touch SET seen_at = $3 WHERE organisation = $1 AND session = $2 AND seen_at < $3";
        Platform SESSION_BY_TOKEN = "SELECT s.organisation, s.id, s.account, s.assurance, s.created_at, t.seen_at, s.ended_at, a.status, a.name, a.locale, a.email, a.sensitive, s.verified_at, a.postponed_until FROM session s JOIN session_touch t ON t.session = s.id JOIN account a ON a.id = s.account WHERE s.token_hash = $1";
        Platform TOKEN_BY_HASH = "SELECT t.organisation, t.id, t.account, a.locale FROM api_token t JOIN account a ON a.id = t.account WHERE t.token_hash = $1 AND t.ended_at IS NULL AND a.status = 'active'";
        Organisation END_SESSION = "UPDATE session SET ended_at = $3, end_reason = $4 WHERE organisation = $1 AND id = $2 AND ended_at IS NULL";
        MechanicalPlatform COUNT_FAILURE = "INSERT INTO throttle (subject, since, count) VALUES ($1, $2, 1) ON CONFLICT (subject) DO UPDATE SET count = CASE WHEN throttle.since <= $3 THEN 1 ELSE throttle.count + 1 END, since = CASE WHEN throttle.since <= $3 THEN $2 ELSE throttle.since END";
        Platform FAILURES = "SELECT since, count FROM throttle WHERE subject = $1";
        MechanicalPlatform FORGET_FAILURES = "DELETE FROM throttle WHERE subject = $1";
        Organisation LOCALE = "UPDATE account SET locale = $3 WHERE organisation = $1 AND id = $2";
    }
}
