//! Reviews of access (clause R4): every quarter each right of an organisation is looked at, with when it was last of use, and
//! kept or ended by an administrator who does not hold it. What is ended is withdrawn at once; what nobody decided on in time
//! stands still until somebody does.

pub mod decide;
pub mod lapse;
pub mod list;
pub mod open;

pub(crate) mod sql {
    access::statements! {
        /// Organisations that are a quarter old and had no review opened in the last one.
        Platform OWED = "SELECT o.id FROM organisation o WHERE o.created_at <= $1 AND NOT EXISTS (SELECT 1 FROM access_review r WHERE r.organisation = o.id AND (r.closed_at IS NULL OR r.opened_at > $1)) ORDER BY o.id LIMIT 100";
        /// Reviews of which no right is left to decide on.
        Platform OVER = "SELECT r.organisation, r.id FROM access_review r WHERE r.closed_at IS NULL AND NOT EXISTS (SELECT 1 FROM access_review_line l JOIN mission_grant g ON g.organisation = l.organisation AND g.id = l.grant_id WHERE l.organisation = r.organisation AND l.review = r.id AND l.decision IS NULL AND g.ended_at IS NULL AND (g.until_at IS NULL OR g.until_at > $1)) ORDER BY r.id LIMIT 100";
        Organisation OPEN = "INSERT INTO access_review (organisation, id, opened_at, due_at) VALUES ($1, $2, $3, $4)";
        Organisation OPEN_LINES = "INSERT INTO access_review_line (organisation, review, grant_id, account, mission) SELECT g.organisation, $2, g.id, g.account, g.mission FROM mission_grant g JOIN account a ON a.organisation = $1 AND a.id = g.account WHERE g.organisation = $1 AND a.status IN ('active', 'suspended') AND g.ended_at IS NULL AND (g.until_at IS NULL OR g.until_at > $3)";
        /// Open reviews that end soon, and of which nobody was told.
        Platform ENDS_SOON = "SELECT organisation, id FROM access_review WHERE closed_at IS NULL AND warned_at IS NULL AND lapsed_at IS NULL AND due_at <= $1 ORDER BY id LIMIT 100";
        /// Open reviews whose time is over.
        Platform LATE = "SELECT organisation, id FROM access_review WHERE closed_at IS NULL AND lapsed_at IS NULL AND due_at < $1 ORDER BY id LIMIT 100";
        Organisation WARNED = "UPDATE access_review SET warned_at = $3 WHERE organisation = $1 AND id = $2 AND warned_at IS NULL";
        Organisation LAPSED = "UPDATE access_review SET lapsed_at = $3 WHERE organisation = $1 AND id = $2 AND lapsed_at IS NULL AND closed_at IS NULL";
        /// Rights that nobody decided on.
        Organisation UNDECIDED = "SELECT g.id, g.account, g.mission FROM access_review_line l JOIN mission_grant g ON g.organisation = $1 AND g.id = l.grant_id WHERE l.organisation = $1 AND l.review = $2 AND l.decision IS NULL AND g.ended_at IS NULL AND g.suspended_at IS NULL AND (g.until_at IS NULL OR g.until_at > $3) ORDER BY g.id LIMIT 20000";
        Organisation SUSPEND = "UPDATE mission_grant SET suspended_at = $3 WHERE organisation = $1 AND id = $2 AND ended_at IS NULL AND suspended_at IS NULL";
        Organisation RESUME = "UPDATE mission_grant SET suspended_at = NULL WHERE organisation = $1 AND id = $2 AND suspended_at IS NOT NULL";
        Organisation CURRENT = "SELECT id, opened_at, due_at FROM access_review WHERE organisation = $1 AND closed_at IS NULL";
        Organisation LAST_CLOSED = "SELECT MAX(closed_at) FROM access_review WHERE organisation = $1";
        Organisation LINES = "SELECT l.grant_id, l.account, a.name, a.kind, l.mission, g.from_at, g.ended_at, g.until_at, u.used_at, l.decision, d.name, l.decided_at, g.suspended_at FROM access_review_line l JOIN account a ON a.organisation = $1 AND a.id = l.account JOIN mission_grant g ON g.organisation = $1 AND g.id = l.grant_id LEFT JOIN mission_use u ON u.organisation = $1 AND u.account = l.account AND u.mission = l.mission LEFT JOIN account d ON d.organisation = $1 AND d.id = l.decided_by WHERE l.organisation = $1 AND l.review = $2 ORDER BY l.decision IS NOT NULL, a.name, l.mission, l.grant_id LIMIT 101 OFFSET $3";
        Organisation LEFT = "SELECT COUNT(*) FROM access_review_line l JOIN mission_grant g ON g.organisation = $1 AND g.id = l.grant_id WHERE l.organisation = $1 AND l.review = $2 AND l.decision IS NULL AND g.ended_at IS NULL AND (g.until_at IS NULL OR g.until_at > $3)";
        Organisation LINE = "SELECT r.id, l.account, l.mission FROM access_review r JOIN access_review_line l ON l.organisation = $1 AND l.review = r.id JOIN mission_grant g ON g.organisation = $1 AND g.id = l.grant_id WHERE r.organisation = $1 AND r.closed_at IS NULL AND l.grant_id = $2 AND l.decision IS NULL AND g.ended_at IS NULL AND (g.until_at IS NULL OR g.until_at > $3)";
        Organisation DECIDE = "UPDATE access_review_line SET decision = $4, decided_by = $5, decided_at = $6 WHERE organisation = $1 AND review = $2 AND grant_id = $3 AND decision IS NULL";
        Organisation CLOSE = "UPDATE access_review SET closed_at = $3 WHERE organisation = $1 AND id = $2 AND closed_at IS NULL";
    }
}
