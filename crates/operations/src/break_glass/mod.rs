//! Break-glass: when no administrator can come in, somebody at the machine's console opens a way for one named person, for
//! hours. Every administrator is told, every step is an entry, it closes by itself, and an administrator other than whoever
//! used it reviews what was done.

pub mod list;
pub mod open;
pub mod review;
pub mod shut;

use access::{Operation, OperationError, StoreError, Tx};
use vocabulary::AccountId;

pub(crate) mod sql {
    access::statements! {
        Organisation INSERT = "INSERT INTO break_glass (organisation, id, account, name, sealed, opened_at, until_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        Organisation OPEN_COUNT = "SELECT COUNT(*) FROM break_glass WHERE organisation = $1 AND ended_at IS NULL";
        Organisation END = "UPDATE break_glass SET ended_at = $3 WHERE organisation = $1 AND id = $2 AND ended_at IS NULL";
        Organisation ONE = "SELECT id, account, name, sealed, opened_at, until_at, ended_at, reviewed_by, reviewed_at, review FROM break_glass WHERE organisation = $1 AND id = $2";
        Organisation LIST = "SELECT id, account, name, sealed, opened_at, until_at, ended_at, reviewed_by, reviewed_at, review FROM break_glass WHERE organisation = $1 ORDER BY reviewed_at IS NOT NULL, opened_at DESC, id LIMIT 100";
        Organisation UNREVIEWED = "SELECT COUNT(*) FROM break_glass WHERE organisation = $1 AND reviewed_at IS NULL";
        Organisation REVIEW = "UPDATE break_glass SET reviewed_by = $3, reviewed_at = $4, review = $5 WHERE organisation = $1 AND id = $2 AND reviewed_at IS NULL AND ended_at IS NOT NULL";
        Organisation ADMINISTRATORS = "SELECT DISTINCT a.id FROM account a JOIN mission_grant g ON g.organisation = $1 AND g.account = a.id WHERE a.organisation = $1 AND a.kind = 'person' AND a.status = 'active' AND g.mission = 'administrator' AND g.ended_at IS NULL AND g.from_at <= $2 AND (g.until_at IS NULL OR g.until_at > $2) ORDER BY a.id LIMIT 200";
        Organisation GRANT = "INSERT INTO mission_grant (organisation, id, account, mission, from_at, until_at, given_by) VALUES ($1, $2, $3, 'administrator', $4, $5, 'system:console')";
        Platform DUE = "SELECT organisation, id FROM break_glass WHERE ended_at IS NULL AND until_at <= $1 ORDER BY until_at LIMIT 100";
    }
}

/// Whom an alarm goes to: everybody who administers.
///
/// # Errors
/// The database did not answer.
pub(crate) async fn administrators(op: &Operation) -> Result<Vec<AccountId>, OperationError> {
    let now = op.now();
    op.read(async move |tx: &mut Tx<'_>| {
        let rows = tx.fetch(sql::ADMINISTRATORS, vec![now.into()]).await?;
        rows.iter().map(|row| row.parse(0)).collect::<Result<_, StoreError>>()
    })
    .await
    .map_err(OperationError::Store)
}

fn context(id: vocabulary::BreakGlassId, what: &str) -> String {
    format!("{id}/{what}")
}
