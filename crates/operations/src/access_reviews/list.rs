//! The open review of an organisation: its rights, those to decide on first, and how much is left.

use access::{Mission, Operation, OperationError, Permit, Row, StoreError, Tx, action};
use vocabulary::{AccessReviewId, AccountId, GrantId, Timestamp, bounds};

use super::sql;

/// A review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Review {
    /// Its id.
    pub id: AccessReviewId,
    /// Since when.
    pub opened_at: Timestamp,
    /// Until when it should be done.
    pub due_at: Timestamp,
    /// Rights to decide on.
    pub left: u64,
}

impl Review {
    /// It should be done.
    #[must_use]
    pub fn is_late(&self, now: Timestamp) -> bool {
        now > self.due_at
    }
}

/// One right of it.
#[derive(Debug, Clone)]
pub struct Line {
    /// The grant.
    pub grant: GrantId,
    /// Whose.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// A named service's.
    pub is_service: bool,
    /// The mission.
    pub mission: Mission,
    /// Held from then on.
    pub from: Timestamp,
    /// When it was last of use, to the hour.
    pub used: Option<Timestamp>,
    /// What became of it.
    pub state: LineState,
}

impl LineState {
    /// Somebody has to decide on it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Waits | Self::Suspended(_))
    }
}

/// What became of a right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineState {
    /// Nobody decided yet.
    Waits,
    /// Nobody decided in time: it allows nothing until somebody does.
    Suspended(Timestamp),
    /// It ended, and not by the review.
    Gone,
    /// Kept, by whom, when.
    Kept(String, Timestamp),
    /// Ended, by whom, when.
    Ended(String, Timestamp),
}

/// The review that is open, if one is.
///
/// # Errors
/// The database did not answer.
pub async fn current(
    op: &Operation,
    _permit: &Permit<action::ReadAccounts>,
) -> Result<Option<Review>, OperationError> {
    let now = op.now();
    op.read(async move |tx: &mut Tx<'_>| {
        let Some(row) = tx.fetch_optional(sql::CURRENT, vec![]).await? else { return Ok(None) };
        let id: AccessReviewId = row.parse(0)?;
        let left = tx.fetch_optional(sql::LEFT, vec![id.into(), now.into()]).await?;
        let left = left.map_or(Ok(0), |row| row.get(0))?;
        Ok(Some(Review { id, opened_at: row.get(1)?, due_at: row.get(2)?, left }))
    })
    .await
    .map_err(OperationError::Store)
}

/// When the last one was over.
///
/// # Errors
/// The database did not answer.
pub async fn last(
    op: &Operation,
    _permit: &Permit<action::ReadAccounts>,
) -> Result<Option<Timestamp>, OperationError> {
    op.read(async |tx: &mut Tx<'_>| {
        let row = tx.fetch_optional(sql::LAST_CLOSED, vec![]).await?;
        row.map_or(Ok(None), |row| row.get(0))
    })
    .await
    .map_err(OperationError::Store)
}

/// A page of its rights, from 0, and one more when there are more.
///
/// # Errors
/// The database did not answer.
pub async fn lines(
    op: &Operation,
    _permit: &Permit<action::ReadAccounts>,
    review: AccessReviewId,
    page: u32,
) -> Result<Vec<Line>, OperationError> {
    let (now, skip) = (op.now(), u64::from(page) * bounds::PAGE_ROWS_MAX as u64);
    op.read(async move |tx: &mut Tx<'_>| {
        let rows = tx.fetch(sql::LINES, vec![review.into(), skip.into()]).await?;
        rows.iter().map(|row| line(row, now)).collect::<Result<Vec<_>, StoreError>>()
    })
    .await
    .map_err(OperationError::Store)
}

fn line(row: &Row, now: Timestamp) -> Result<Line, StoreError> {
    let (ended, until): (Option<Timestamp>, Option<Timestamp>) = (row.get(6)?, row.get(7)?);
    let by = || Ok::<_, StoreError>((row.get::<Option<String>>(10)?.unwrap_or_default(), row.get(11)?));
    let state = match row.get::<Option<String>>(9)?.as_deref() {
        Some("ended") => by().map(|(name, at)| LineState::Ended(name, at))?,
        Some(_) => by().map(|(name, at)| LineState::Kept(name, at))?,
        None if ended.is_some() || until.is_some_and(|until| until <= now) => LineState::Gone,
        None => row.get::<Option<Timestamp>>(12)?.map_or(LineState::Waits, LineState::Suspended),
    };
    Ok(Line {
        grant: row.parse(0)?,
        account: row.parse(1)?,
        name: row.get(2)?,
        is_service: row.get::<String>(3)? == "service",
        mission: row.parse(4)?,
        from: row.get(5)?,
        used: row.get(8)?,
        state,
    })
}
