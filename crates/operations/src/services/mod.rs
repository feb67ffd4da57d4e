//! Named services: programs that call the API. An administrator makes one, gives it missions as to anybody, renews its token with a second
//! administrator, ends it alone. A token is shown once, to whoever asked for it, and kept hashed.

pub mod create;
pub mod end_token;
pub mod list;
pub mod renew;

pub(crate) mod sql {
    access::statements! {
        /// Services that are not closed.
        Organisation SERVICES = "SELECT id, name, status, created_at FROM account WHERE organisation = $1 AND kind = 'service' AND status <> 'closed' ORDER BY name, id LIMIT 200";
        Organisation COUNT = "SELECT COUNT(*) FROM account WHERE organisation = $1 AND kind = 'service' AND status <> 'closed'";
        /// Missions held now by services, with their last use.
        Organisation MISSIONS = "SELECT g.account, g.mission, u.used_at FROM mission_grant g JOIN account a ON a.organisation = $1 AND a.id = g.account AND a.kind = 'service' LEFT JOIN mission_use u ON u.organisation = $1 AND u.account = g.account AND u.mission = g.mission WHERE g.organisation = $1 AND g.ended_at IS NULL AND g.suspended_at IS NULL AND g.from_at <= $2 AND (g.until_at IS NULL OR g.until_at > $2) ORDER BY g.account, g.mission LIMIT 2000";
        /// Tokens that stand.
        Organisation TOKENS = "SELECT t.id, t.account, t.created_at, t.expires_at, u.used_at FROM api_token t LEFT JOIN token_use u ON u.organisation = $1 AND u.token = t.id WHERE t.organisation = $1 AND t.ended_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2) ORDER BY t.created_at, t.id LIMIT 1000";
        Organisation STANDING = "SELECT COUNT(*) FROM api_token WHERE organisation = $1 AND account = $2 AND ended_at IS NULL AND (expires_at IS NULL OR expires_at > $3)";
        Organisation WHOSE = "SELECT account FROM api_token WHERE organisation = $1 AND id = $2 AND ended_at IS NULL AND (expires_at IS NULL OR expires_at > $3)";
        Organisation INSERT_TOKEN = "INSERT INTO api_token (organisation, id, account, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
        /// A token that would outlast the overlap ends with it.
        Organisation SHORTEN = "UPDATE api_token SET expires_at = $3 WHERE organisation = $1 AND account = $2 AND ended_at IS NULL AND (expires_at IS NULL OR expires_at > $3)";
        Organisation END = "UPDATE api_token SET ended_at = $3 WHERE organisation = $1 AND id = $2 AND ended_at IS NULL AND (expires_at IS NULL OR expires_at > $3)";
        Mechanical USED = "INSERT INTO token_use (organisation, token, used_at) VALUES ($1, $2, $3) ON CONFLICT (organisation, token) DO UPDATE SET used_at = CASE WHEN token_use.used_at < $3 THEN $3 ELSE token_use.used_at END";
    }
}
