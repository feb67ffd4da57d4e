//! The missions of one account: held, to come and over, why, by whom, and when last of use (clause R1).

use access::{Mission, Operation, OperationError, Permit, Row, StoreError, Tx, action};
use vocabulary::{AccountId, GrantId, Timestamp};

use super::{end_context, reason_context, sql};

/// One grant.
#[derive(Debug, Clone)]
pub struct Held {
    /// Its id.
    pub id: GrantId,
    /// The mission.
    pub mission: Mission,
    /// From when.
    pub from: Timestamp,
    /// Until when; `None` until it is withdrawn.
    pub until: Option<Timestamp>,
    /// Who gave it: an account, or the machine's console.
    pub given_by: Option<AccountId>,
    /// Why.
    pub reason: String,
    /// When it was ended, if it was.
    pub ended: Option<Timestamp>,
    /// By whom.
    pub ended_by: Option<AccountId>,
    /// Why.
    pub end_reason: String,
    /// Since when it allows nothing: a review did not decide on it in time.
    pub suspended: Option<Timestamp>,
    /// When the mission was last of use to its holder, to the hour.
    pub used: Option<Timestamp>,
}

impl Held {
    /// It stands now or will.
    #[must_use]
    pub fn stands(&self, now: Timestamp) -> bool {
        self.ended.is_none() && self.until.is_none_or(|until| until > now)
    }
}

struct Sealed {
    held: Held,
    reason: Option<Vec<u8>>,
    end_reason: Option<Vec<u8>>,
}

/// Grants of an account, standing ones first, at most a hundred.
///
/// # Errors
/// The database did not answer, or a reason does not open.
pub async fn list(
    op: &Operation,
    _permit: &Permit<action::ReadAccounts>,
    account: AccountId,
) -> Result<Vec<Held>, OperationError> {
    let rows = op
        .read(async move |tx: &mut Tx<'_>| {
            let rows = tx.fetch(sql::OF_ACCOUNT, vec![account.into()]).await?;
            rows.iter().map(read).collect::<Result<Vec<_>, StoreError>>()
        })
        .await?;
    rows.into_iter().map(|sealed| open(op, sealed)).collect()
}

/// Whose a grant is and which mission it gives, while it stands; none of another organisation.
///
/// # Errors
/// The database did not answer.
pub async fn one(
    op: &Operation,
    _permit: &Permit<action::ReadAccounts>,
    grant: GrantId,
) -> Result<Option<(AccountId, Mission)>, OperationError> {
    held(op, grant).await
}

pub(super) async fn held(
    op: &Operation,
    grant: GrantId,
) -> Result<Option<(AccountId, Mission)>, OperationError> {
    let now = op.now();
    op.read(async move |tx: &mut Tx<'_>| {
        let row = tx.fetch_optional(sql::ONE, vec![grant.into(), now.into()]).await?;
        row.map(|row| Ok::<_, StoreError>((row.parse(0)?, row.parse(1)?))).transpose()
    })
    .await
    .map_err(OperationError::Store)
}

fn read(row: &Row) -> Result<Sealed, StoreError> {
    let id =
        |column| Ok::<_, StoreError>(row.get::<Option<String>>(column)?.and_then(|text| text.parse().ok()));
    let held = Held {
        id: row.parse(0)?,
        mission: row.parse(1)?,
        from: row.get(2)?,
        until: row.get(3)?,
        given_by: id(4)?,
        reason: String::new(),
        ended: row.get(6)?,
        ended_by: id(7)?,
        end_reason: String::new(),
        suspended: row.get(10)?,
        used: row.get(9)?,
    };
    Ok(Sealed { held, reason: row.get(5)?, end_reason: row.get(8)? })
}

fn open(op: &Operation, sealed: Sealed) -> Result<Held, OperationError> {
    let text = |context: String, sealed: Option<Vec<u8>>| match sealed {
        Some(sealed) => op.open(&context, &sealed).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        None => Ok(String::new()),
    };
    let Sealed { held, reason, end_reason } = sealed;
    Ok(Held {
        reason: text(reason_context(held.id), reason)?,
        end_reason: text(end_context(held.id), end_reason)?,
        ..held
    })
}
