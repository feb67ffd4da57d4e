//! Accounts: how an organisation begins, how people sign in and with what, what a session or a token stands for.

pub mod approve;
pub mod arrivals;
pub mod authenticators;
pub mod backup_codes;
pub mod bootstrap;
pub(crate) mod ceremony;
pub mod change_password;
pub mod close;
pub mod compromise;
mod enrol;
pub mod enrol_key;
pub mod enrol_totp;
mod factors;
pub mod figures;
pub mod forgotten;
pub mod hashing;
pub mod invite;
pub(crate) mod keys;
pub mod link;
pub mod list;
pub mod look;
pub(crate) mod mail;
mod notify;
mod opening;
pub mod passwords;
pub mod people;
pub mod place;
pub mod postpone;
pub mod refuse;
pub mod reinstate;
pub mod remove_authenticator;
pub mod request;
pub mod session;
pub mod sessions;
pub(crate) mod sign_decision;
pub mod sign_in;
pub mod sign_in_key;
pub mod sign_in_mail;
mod spraying;
pub mod standing;
pub mod step_up;
pub mod suspend;
pub mod theft;
mod throttle;
mod ticket;
pub mod token;

use vocabulary::AuthenticatorId;

/// Forgets what no sign-in or enrolment can use any more.
///
/// # Errors
/// The database did not answer.
pub async fn forget(cerebro: &crate::Cerebro) -> Result<u64, access::OperationError> {
    ceremony::forget(cerebro.instance()).await
}

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
        Organisation INSERT_TOKEN = "INSERT INTO api_token (organisation, id, account, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
        Platform ACCOUNT_BY_EMAIL = "SELECT organisation, id, status FROM account WHERE email = $1 AND kind = 'person' AND status <> 'closed'";
        Organisation AUTHENTICATORS = "SELECT id, kind, sealed, last_step, name, created_at, used_at, suspended_at FROM authenticator WHERE organisation = $1 AND account = $2 AND kind <> 'backup_code' AND ended_at IS NULL ORDER BY id LIMIT 50";
        Organisation BACKUP_CODES_LEFT = "SELECT COUNT(*), MAX(created_at) FROM authenticator WHERE organisation = $1 AND account = $2 AND kind = 'backup_code' AND ended_at IS NULL";
        Organisation USE_BACKUP_CODE = "UPDATE authenticator SET ended_at = $4, used_at = $4 WHERE organisation = $1 AND account = $2 AND kind = 'backup_code' AND lookup = $3 AND ended_at IS NULL";
        Organisation END_BACKUP_CODES = "UPDATE authenticator SET ended_at = $3 WHERE organisation = $1 AND account = $2 AND kind = 'backup_code' AND ended_at IS NULL";
        Organisation END_AUTHENTICATOR = "UPDATE authenticator SET ended_at = $4 WHERE organisation = $1 AND id = $2 AND account = $3 AND kind <> 'password' AND kind <> 'backup_code' AND ended_at IS NULL";
        Organisation COUNTER = "SELECT last_step, suspended_at FROM authenticator WHERE organisation = $1 AND id = $2 AND account = $3 AND kind = 'security_key' AND ended_at IS NULL";
        Organisation MOVE_COUNTER = "UPDATE authenticator SET last_step = $3, used_at = $4 WHERE organisation = $1 AND id = $2";
        Organisation SUSPEND_AUTHENTICATOR = "UPDATE authenticator SET suspended_at = $3 WHERE organisation = $1 AND id = $2 AND suspended_at IS NULL";
        Organisation END_SESSIONS_OF_AUTHENTICATOR = "UPDATE session SET ended_at = $4, end_reason = $5 WHERE organisation = $1 AND account = $2 AND authenticator = $3 AND ended_at IS NULL";
        Organisation PLACES_BEFORE = "SELECT COUNT(*), COUNT(CASE WHEN device = $3 THEN 1 END), COUNT(CASE WHEN network = $4 THEN 1 END) FROM session WHERE organisation = $1 AND account = $2 AND created_at > $5 AND assurance <> 'enrolment'";
        Organisation GRANTS_OF = "SELECT DISTINCT mission FROM mission_grant WHERE organisation = $1 AND account = $2 AND ended_at IS NULL AND suspended_at IS NULL AND from_at <= $3 AND (until_at IS NULL OR until_at > $3) ORDER BY mission LIMIT 100";
        Organisation OPEN_SESSIONS = "SELECT s.id, s.agent, s.network, s.assurance, s.created_at, t.seen_at FROM session s JOIN session_touch t ON t.session = s.id WHERE s.organisation = $1 AND s.account = $2 AND s.ended_at IS NULL AND s.created_at > $3 AND t.seen_at > $4 ORDER BY t.seen_at DESC, s.id LIMIT 100";
        Organisation SESSIONS_OVER = "SELECT s.id FROM session s JOIN session_touch t ON t.session = s.id WHERE s.organisation = $1 AND s.account = $2 AND s.ended_at IS NULL AND s.created_at > $3 AND t.seen_at > $4 ORDER BY t.seen_at DESC, s.id DESC LIMIT 100 OFFSET $5";
        Organisation END_ONE_SESSION = "UPDATE session SET ended_at = $4, end_reason = $5 WHERE organisation = $1 AND account = $2 AND id = $3 AND ended_at IS NULL";
        Organisation END_OTHER_SESSIONS = "UPDATE session SET ended_at = $4, end_reason = $5 WHERE organisation = $1 AND account = $2 AND id <> $3 AND ended_at IS NULL";
        Organisation FORGET_DEVICE = "UPDATE session SET device = NULL WHERE organisation = $1 AND account = $2 AND device IN (SELECT device FROM session WHERE organisation = $1 AND account = $2 AND id = $3)";
        Organisation FORGET_DEVICES = "UPDATE session SET device = NULL WHERE organisation = $1 AND account = $2";
        Organisation INSERT_CODE = "INSERT INTO sign_in_code (organisation, lookup, account, expires_at, created_at) VALUES ($1, $2, $3, $4, $5)";
        Organisation END_CODES = "UPDATE sign_in_code SET ended_at = $3 WHERE organisation = $1 AND account = $2 AND ended_at IS NULL";
        Organisation USE_CODE = "UPDATE sign_in_code SET ended_at = $4 WHERE organisation = $1 AND account = $2 AND lookup = $3 AND ended_at IS NULL AND expires_at > $4";
        Organisation ARRIVAL_APPROVED = "SELECT 1 FROM arrival WHERE organisation = $1 AND account = $2 AND device = $3 AND network = $4 AND state = 'approved' AND expires_at > $5 LIMIT 1";
        Organisation ARRIVAL_WAITS = "SELECT 1 FROM arrival WHERE organisation = $1 AND account = $2 AND device = $3 AND network = $4 AND state = 'waiting' AND expires_at > $5 LIMIT 1";
        Organisation INSERT_ARRIVAL = "INSERT INTO arrival (organisation, id, account, device, network, agent, state, asked_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, 'waiting', $7, $8)";
        Organisation ARRIVALS = "SELECT r.id, a.name, a.email, r.agent, r.network, r.asked_at FROM arrival r JOIN account a ON a.id = r.account WHERE r.organisation = $1 AND r.state = 'waiting' AND r.expires_at > $2 ORDER BY r.asked_at, r.id LIMIT 100";
        Organisation ARRIVAL = "SELECT account FROM arrival WHERE organisation = $1 AND id = $2 AND state = 'waiting' AND expires_at > $3";
        Organisation DECIDE_ARRIVAL = "UPDATE arrival SET state = $3, decided_by = $4, decided_at = $5, expires_at = $6 WHERE organisation = $1 AND id = $2 AND state = 'waiting'";
        MechanicalPlatform UNCOUNT = "UPDATE throttle SET count = count - 1 WHERE subject = $1 AND count > 0";
        Organisation CONTACT = "SELECT email, locale FROM account WHERE organisation = $1 AND id = $2 AND kind = 'person'";
        Organisation LOCK_ACCOUNT = "UPDATE account SET changed_at = changed_at WHERE organisation = $1 AND id = $2";
        Organisation ACCOUNT = "SELECT status, sensitive, email, name, postponed_until FROM account WHERE organisation = $1 AND id = $2";
        Organisation POSTPONE = "UPDATE account SET postponed_until = $3 WHERE organisation = $1 AND id = $2";
        Organisation PROVE_SESSION = "UPDATE session SET token_hash = $3, assurance = $4, verified_at = $5, authenticator = COALESCE($6, authenticator) WHERE organisation = $1 AND id = $2 AND ended_at IS NULL";
        Organisation CONSUME_STEP = "UPDATE authenticator SET last_step = $3, used_at = $4 WHERE organisation = $1 AND id = $2 AND last_step < $3";
        Organisation INSERT_SESSION = "INSERT INTO session (organisation, id, account, token_hash, assurance, network, created_at, verified_at, authenticator, agent, device) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10)";
        Mechanical INSERT_TOUCH = "INSERT INTO session_touch (organisation, session, seen_at) VALUES ($1, $2, $3)";
        Mechanical TOUCH = "UPDATE session_touch SET seen_at = $3 WHERE organisation = $1 AND session = $2 AND seen_at < $3";
        /// Everything that is known of who shows a session's secret at `$2`, missions included, in one statement.
        Platform SESSION_BY_TOKEN = "SELECT s.organisation, s.id, s.account, s.assurance, s.created_at, t.seen_at, s.ended_at, a.status, a.name, a.locale, a.email, a.sensitive, s.verified_at, a.postponed_until, o.policy, s.device, (SELECT GROUP_CONCAT(DISTINCT g.mission) FROM mission_grant g WHERE g.organisation = s.organisation AND g.account = s.account AND g.from_at <= $2 AND (g.until_at IS NULL OR g.until_at > $2) AND g.ended_at IS NULL AND g.suspended_at IS NULL) FROM session s JOIN session_touch t ON t.session = s.id JOIN account a ON a.id = s.account JOIN organisation o ON o.id = s.organisation WHERE s.token_hash = $1"
            => "SELECT s.organisation, s.id, s.account, s.assurance, s.created_at, t.seen_at, s.ended_at, a.status, a.name, a.locale, a.email, a.sensitive, s.verified_at, a.postponed_until, o.policy, s.device, (SELECT STRING_AGG(DISTINCT g.mission, ',') FROM mission_grant g WHERE g.organisation = s.organisation AND g.account = s.account AND g.from_at <= $2 AND (g.until_at IS NULL OR g.until_at > $2) AND g.ended_at IS NULL AND g.suspended_at IS NULL) FROM session s JOIN session_touch t ON t.session = s.id JOIN account a ON a.id = s.account JOIN organisation o ON o.id = s.organisation WHERE s.token_hash = $1";
        Platform TOKEN_BY_HASH = "SELECT t.organisation, t.id, t.account, a.locale FROM api_token t JOIN account a ON a.id = t.account WHERE t.token_hash = $1 AND t.ended_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2) AND a.status = 'active'";
        Organisation END_SESSION = "UPDATE session SET ended_at = $3, end_reason = $4 WHERE organisation = $1 AND id = $2 AND ended_at IS NULL";
        MechanicalPlatform COUNT_FAILURE = "INSERT INTO throttle (subject, since, count) VALUES ($1, $2, 1) ON CONFLICT (subject) DO UPDATE SET count = CASE WHEN throttle.since <= $3 THEN 1 ELSE throttle.count + 1 END, since = CASE WHEN throttle.since <= $3 THEN $2 ELSE throttle.since END";
        Platform FAILURES = "SELECT since, count FROM throttle WHERE subject = $1";
        MechanicalPlatform FORGET_FAILURES = "DELETE FROM throttle WHERE subject = $1";
        Organisation INSERT_REQUEST = "INSERT INTO account (organisation, id, kind, email, name, locale, status, sensitive, created_at, changed_at, requested_by, request, request_until) VALUES ($1, $2, 'person', $3, $4, $5, 'requested', $6, $7, $7, $8, $9, $10)";
        Organisation REQUESTS_WAITING = "SELECT COUNT(*) FROM account WHERE organisation = $1 AND status = 'requested'";
        Organisation FULL_ACCOUNT = "SELECT id, kind, email, name, locale, status, sensitive, requested_by, request, created_at, approved_by, request_until, organisation FROM account WHERE organisation = $1 AND id = $2";
        Organisation CHANGE_STATUS = "UPDATE account SET status = $3, changed_at = $4 WHERE organisation = $1 AND id = $2 AND status = $5";
        Organisation APPROVED_BY = "UPDATE account SET approved_by = $3 WHERE organisation = $1 AND id = $2";
        Organisation PEOPLE = "SELECT id, name FROM account WHERE organisation = $1 AND kind = 'person' AND status <> 'closed' AND (id = $2 OR id = $3 OR id = $4)";
        Organisation REQUESTER = "SELECT r.id FROM account a JOIN account r ON r.organisation = $1 AND r.id = a.requested_by AND r.kind = 'person' WHERE a.organisation = $1 AND a.id = $2";
        Platform REQUESTS_OVER = "SELECT organisation, id FROM account WHERE status = 'requested' AND request_until <= $1 ORDER BY request_until LIMIT 100";
        Organisation ACCOUNTS = "SELECT a.id, a.kind, a.email, a.name, a.status, a.sensitive, a.created_at, (SELECT COUNT(*) FROM authenticator f WHERE f.organisation = $1 AND f.account = a.id AND f.kind NOT IN ('password', 'backup_code') AND f.ended_at IS NULL AND f.suspended_at IS NULL), (SELECT MAX(t.seen_at) FROM session s JOIN session_touch t ON t.session = s.id WHERE s.organisation = $1 AND s.account = a.id) FROM account a WHERE a.organisation = $1 AND a.status <> 'requested' ORDER BY a.status, a.name, a.id LIMIT 101 OFFSET $2";
        Organisation ACCOUNTS_AFTER = "SELECT a.id, a.kind, a.email, a.name, a.status, a.sensitive, a.created_at, (SELECT COUNT(*) FROM authenticator f WHERE f.organisation = $1 AND f.account = a.id AND f.kind NOT IN ('password', 'backup_code') AND f.ended_at IS NULL AND f.suspended_at IS NULL), (SELECT MAX(t.seen_at) FROM session s JOIN session_touch t ON t.session = s.id WHERE s.organisation = $1 AND s.account = a.id) FROM account a WHERE a.organisation = $1 AND a.id > $2 ORDER BY a.id LIMIT 101";
        Organisation ONE_ACCOUNT = "SELECT a.id, a.kind, a.email, a.name, a.status, a.sensitive, a.created_at, (SELECT COUNT(*) FROM authenticator f WHERE f.organisation = $1 AND f.account = a.id AND f.kind NOT IN ('password', 'backup_code') AND f.ended_at IS NULL AND f.suspended_at IS NULL), (SELECT MAX(t.seen_at) FROM session s JOIN session_touch t ON t.session = s.id WHERE s.organisation = $1 AND s.account = a.id) FROM account a WHERE a.organisation = $1 AND a.id = $2";
        Organisation UNCOVERED = "SELECT a.id, a.kind, a.email, a.name, a.status, a.sensitive, a.created_at, 0, (SELECT MAX(t.seen_at) FROM session s JOIN session_touch t ON t.session = s.id WHERE s.organisation = $1 AND s.account = a.id) FROM account a WHERE a.organisation = $1 AND a.status = 'active' AND a.kind = 'person' AND NOT EXISTS (SELECT 1 FROM authenticator f WHERE f.organisation = $1 AND f.account = a.id AND f.kind NOT IN ('password', 'backup_code') AND f.ended_at IS NULL AND f.suspended_at IS NULL) ORDER BY a.name, a.id LIMIT 101 OFFSET $2";
        Organisation REQUESTED = "SELECT id, kind, email, name, locale, status, sensitive, requested_by, request, created_at, approved_by, request_until, organisation FROM account WHERE organisation = $1 AND status = 'requested' ORDER BY created_at, id LIMIT 101";
        Organisation GRANTS_NOW = "SELECT account, mission FROM mission_grant WHERE organisation = $1 AND ended_at IS NULL AND suspended_at IS NULL AND from_at <= $2 AND (until_at IS NULL OR until_at > $2) ORDER BY account, mission LIMIT 20000";
        Organisation COVERAGE = "SELECT COUNT(*), COUNT(CASE WHEN c.has > 0 THEN 1 END), COUNT(CASE WHEN c.must > 0 THEN 1 END), COUNT(CASE WHEN c.must > 0 AND c.has > 0 THEN 1 END) FROM (SELECT (SELECT COUNT(*) FROM authenticator f WHERE f.organisation = $1 AND f.account = a.id AND f.kind NOT IN ('password', 'backup_code') AND f.ended_at IS NULL AND f.suspended_at IS NULL) AS has, CASE WHEN a.sensitive <> 0 THEN 1 ELSE (SELECT COUNT(*) FROM mission_grant g WHERE g.organisation = $1 AND g.account = a.id AND (g.mission = 'administrator' OR g.mission = 'custodian' OR (CAST($3 AS BIGINT) <> 0 AND g.mission IN ('operator', 'connector')) OR (CAST($4 AS BIGINT) <> 0 AND g.mission IN ('arbiter', 'custodian', 'supervisor', 'auditor'))) AND g.ended_at IS NULL AND g.suspended_at IS NULL AND g.from_at <= $2 AND (g.until_at IS NULL OR g.until_at > $2)) END AS must FROM account a WHERE a.organisation = $1 AND a.status = 'active' AND a.kind = 'person') c";
        Organisation INSERT_LINK = "INSERT INTO account_link (organisation, id, account, purpose, token_hash, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        Organisation END_LINKS = "UPDATE account_link SET ended_at = $3 WHERE organisation = $1 AND account = $2 AND ended_at IS NULL";
        Platform LINK_BY_TOKEN = "SELECT l.organisation, l.id, l.account, l.purpose, a.name, a.locale FROM account_link l JOIN account a ON a.id = l.account WHERE l.token_hash = $1 AND l.ended_at IS NULL AND l.expires_at > $2 AND a.status = 'active'";
        Organisation USE_LINK = "UPDATE account_link SET ended_at = $3 WHERE organisation = $1 AND id = $2 AND ended_at IS NULL AND expires_at > $3";
        Organisation END_PASSWORD = "UPDATE authenticator SET ended_at = $3 WHERE organisation = $1 AND account = $2 AND kind = 'password' AND ended_at IS NULL";
        Organisation END_SESSIONS = "UPDATE session SET ended_at = $3, end_reason = $4 WHERE organisation = $1 AND account = $2 AND ended_at IS NULL";
        Organisation LOCALE = "UPDATE account SET locale = $3 WHERE organisation = $1 AND id = $2";
    }
}
