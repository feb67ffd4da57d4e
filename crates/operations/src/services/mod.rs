//! Named services: programs that call the API. An administrator makes one, gives it missions as to anybody, renews its token with a second
//! administrator, ends it alone. A token is shown once, to whoever asked for it, and kept hashed.

pub mod create;
pub mod end_token;
pub mod list;
pub mod renew;
pub mod warn;

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
        /// The last tokens of active services that end within `$2`, nobody having been told, or within `$3`, nobody having been told again.
        Platform ENDS_SOON = "SELECT t.organisation, t.id FROM api_token t JOIN account a ON a.organisation = t.organisation AND a.id = t.account WHERE a.kind = 'service' AND a.status = 'active' AND t.ended_at IS NULL AND t.expires_at > $1 AND ((t.expires_at <= $2 AND t.month_told_at IS NULL) OR (t.expires_at <= $3 AND t.week_told_at IS NULL)) AND NOT EXISTS (SELECT 1 FROM api_token l WHERE l.organisation = t.organisation AND l.account = t.account AND l.ended_at IS NULL AND (l.expires_at IS NULL OR l.expires_at > t.expires_at OR (l.expires_at = t.expires_at AND l.id > t.id))) ORDER BY t.id LIMIT 100";
        /// A token, if it is still its active service's last.
        Organisation LAST = "SELECT t.account, a.name, t.expires_at FROM api_token t JOIN account a ON a.organisation = $1 AND a.id = t.account WHERE t.organisation = $1 AND t.id = $2 AND a.status = 'active' AND t.ended_at IS NULL AND t.expires_at > $3 AND NOT EXISTS (SELECT 1 FROM api_token l WHERE l.organisation = t.organisation AND l.account = t.account AND l.ended_at IS NULL AND (l.expires_at IS NULL OR l.expires_at > t.expires_at OR (l.expires_at = t.expires_at AND l.id > t.id)))";
        Organisation TOLD_A_MONTH = "UPDATE api_token SET month_told_at = $3 WHERE organisation = $1 AND id = $2 AND month_told_at IS NULL";
        Organisation TOLD_A_WEEK = "UPDATE api_token SET week_told_at = $3, month_told_at = COALESCE(month_told_at, $3) WHERE organisation = $1 AND id = $2 AND week_told_at IS NULL";
        Mechanical USED = "INSERT INTO token_use (organisation, token, used_at) VALUES ($1, $2, $3) ON CONFLICT (organisation, token) DO UPDATE SET used_at = CASE WHEN token_use.used_at < $3 THEN $3 ELSE token_use.used_at END";
    }
}
