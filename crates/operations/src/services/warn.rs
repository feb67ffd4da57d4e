//! Before a service can call no more: its organisation's administrators are told a month before its last token ends, and again a week
//! before, once each. A token that is renewed meanwhile is told of in its own time.

use access::{
    Evidence, EvidenceKind, Operation, OperationError, Row, Statement, StoreError, SystemReason, Tx, action,
};
use vocabulary::{AccountId, Timestamp, TokenId, bounds};

use super::sql;
use crate::accounts::look;
use crate::due::due;
use crate::notices::{self, Notice};
use crate::words::letter;
use crate::{Cerebro, break_glass};

/// Tells of the tokens that end soon; of how many.
///
/// # Errors
/// The database did not answer.
pub async fn turn(cerebro: &Cerebro) -> Result<usize, OperationError> {
    let now = cerebro.instance().now();
    let (month, week) = (now.plus(bounds::TOKEN_ENDS_SOON), now.plus(bounds::TOKEN_ENDS_VERY_SOON));
    let values = vec![now.into(), month.into(), week.into()];
    let mut told = 0;
    for (organisation, token) in due::<TokenId>(cerebro, sql::ENDS_SOON, values).await? {
        match warn(cerebro, &cerebro.system(SystemReason::Timer, organisation), token).await {
            Ok(()) => told += 1,
            Err(NotTold::Otherwise) => {}
            Err(NotTold::Operation(error)) => {
                tracing::error!(%token, %error, "administrators could not be told of a token that ends");
            }
        }
    }
    Ok(told)
}

#[derive(Debug, thiserror::Error)]
enum NotTold {
    #[error("another node told it, or it is not the last one any more")]
    Otherwise,
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for NotTold {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// How far ahead.
#[derive(Clone, Copy)]
enum Ahead {
    Month,
    Week,
}

impl Ahead {
    /// One that nobody told of a month ahead is told of once, for what is left.
    fn of(until: Timestamp, now: Timestamp) -> Self {
        if until.since(now) <= bounds::TOKEN_ENDS_VERY_SOON { Self::Week } else { Self::Month }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Week => "week",
        }
    }

    const fn letter(self) -> &'static str {
        match self {
            Self::Month => "token-ends-month",
            Self::Week => "token-ends-week",
        }
    }

    const fn told(self) -> &'static Statement {
        match self {
            Self::Month => sql::TOLD_A_MONTH,
            Self::Week => sql::TOLD_A_WEEK,
        }
    }
}

/// A token that is its service's last.
struct Last {
    account: AccountId,
    service: String,
    until: Timestamp,
}

impl Last {
    async fn of(tx: &mut Tx<'_>, token: TokenId, now: Timestamp) -> Result<Option<Self>, StoreError> {
        let row = tx.fetch_optional(sql::LAST, vec![token.into(), now.into()]).await?;
        let read = |row: Row| Ok(Self { account: row.parse(0)?, service: row.get(1)?, until: row.get(2)? });
        row.map(read).transpose()
    }
}

async fn warn(cerebro: &Cerebro, op: &Operation, token: TokenId) -> Result<(), NotTold> {
    let now = op.now();
    let last: Option<Last> =
        op.read(async move |tx: &mut Tx<'_>| Last::of(tx, token, now).await).await.map_err(NotTold::from)?;
    let last = last.ok_or(NotTold::Otherwise)?;
    let ahead = Ahead::of(last.until, now);
    let notices = to_administrators(cerebro, op, &last, ahead).await?;
    let permit = op.permit(action::WarnOfToken, token).await.map_err(OperationError::from)?;
    op.write(permit, async move |tx: &mut Tx<'_>, token: TokenId| {
        // Of two nodes one tells; a token agreed to meanwhile makes this one not the last.
        if Last::of(tx, token, now).await?.is_none()
            || tx.execute(ahead.told(), vec![token.into(), now.into()]).await? == 0
        {
            return Err(NotTold::Otherwise);
        }
        let told = notices.len();
        for notice in notices {
            notices::enqueue(tx, notice, now).await?;
        }
        let evidence = Evidence::of(EvidenceKind::TokenEndsSoon, token)
            .with("account", last.account.to_string())
            .with("until", last.until.rfc3339())
            .with("ahead", ahead.word())
            .with("administrators_told", told);
        Ok(((), evidence))
    })
    .await?;
    cerebro.wake_relay();
    tracing::warn!(event = "token.ends_soon", %token, ahead = ahead.word(), "a service's last token ends soon");
    Ok(())
}

async fn to_administrators(
    cerebro: &Cerebro,
    op: &Operation,
    last: &Last,
    ahead: Ahead,
) -> Result<Vec<Notice>, OperationError> {
    let Some(organisation) = cerebro.organisation(op.organisation()) else { return Ok(Vec::new()) };
    let until = notices::when(last.until);
    let mut notices = Vec::new();
    for account in break_glass::administrators(op).await? {
        let Some(subject) = look::subject(op, account).await? else { continue };
        let Some(to) = &subject.email else { continue };
        let values = [("service", last.service.as_str()), ("until", until.as_str())];
        let (title, body) = letter(subject.locale, ahead.letter(), &values);
        notices.extend(notices::compose(op, &organisation, to, subject.locale, title, body)?);
    }
    Ok(notices)
}
