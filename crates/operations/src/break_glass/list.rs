//! Every time the glass was broken, those that wait for a review first.

use access::{Operation, OperationError, Permit, Row, StoreError, Tx, action};
use vocabulary::{AccountId, BreakGlassId, Timestamp};

use super::{context, sql};

/// One time.
#[derive(Debug, Clone)]
pub struct Glass {
    /// Its id.
    pub id: BreakGlassId,
    /// Whose account it was for.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub opened_at: Timestamp,
    /// Until when at most.
    pub until: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Who reviewed it.
    pub reviewed_by: Option<AccountId>,
    /// When.
    pub reviewed_at: Option<Timestamp>,
    /// What they found.
    pub review: Option<String>,
    sealed: Vec<u8>,
    sealed_review: Option<Vec<u8>>,
}

impl Glass {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.parse(0)?,
            account: row.parse(1)?,
            name: row.get(2)?,
            sealed: row.get(3)?,
            opened_at: row.get(4)?,
            until: row.get(5)?,
            ended_at: row.get(6)?,
            reviewed_by: row.get::<Option<String>>(7)?.and_then(|text| text.parse().ok()),
            reviewed_at: row.get(8)?,
            sealed_review: row.get(9)?,
            reason: String::new(),
            review: None,
        })
    }

    fn open(mut self, op: &Operation) -> Result<Self, OperationError> {
        let read = |what, sealed: &[u8]| {
            let text = op.open(&context(self.id, what), sealed)?;
            String::from_utf8(text).map_err(|_| OperationError::Damaged("a text of break-glass".into()))
        };
        let reason = read("reason", &self.sealed)?;
        self.review = self.sealed_review.as_deref().map(|sealed| read("review", sealed)).transpose()?;
        self.reason = reason;
        Ok(self)
    }
}

/// All of them, at most a hundred.
///
/// # Errors
/// The database did not answer, or one does not open.
pub async fn list(
    op: &Operation,
    _permit: &Permit<action::ReadAccounts>,
) -> Result<Vec<Glass>, OperationError> {
    let rows = op
        .read(async |tx: &mut Tx<'_>| {
            let rows = tx.fetch(sql::LIST, vec![]).await?;
            rows.iter().map(Glass::from_row).collect::<Result<Vec<_>, StoreError>>()
        })
        .await
        .map_err(OperationError::Store)?;
    rows.into_iter().map(|row| row.open(op)).collect()
}

/// How many wait for a review.
///
/// # Errors
/// The database did not answer.
pub async fn unreviewed(
    op: &Operation,
    _permit: &Permit<action::ReadAccounts>,
) -> Result<u64, OperationError> {
    let row = op
        .read(async |tx: &mut Tx<'_>| tx.fetch_optional(sql::UNREVIEWED, vec![]).await)
        .await
        .map_err(OperationError::Store)?;
    Ok(row.map_or(Ok(0), |row| row.get(0))?)
}

pub(super) async fn find(op: &Operation, id: BreakGlassId) -> Result<Option<Glass>, OperationError> {
    let row = op
        .read(async move |tx: &mut Tx<'_>| {
            let row = tx.fetch_optional(sql::ONE, vec![id.into()]).await?;
            row.as_ref().map(Glass::from_row).transpose()
        })
        .await
        .map_err(OperationError::Store)?;
    row.map(|row| row.open(op)).transpose()
}
