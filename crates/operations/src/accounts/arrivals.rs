//! Sign-ins from a new device or network that wait for an administrator (clause T2, policy *approval*). What is approved is
//! that device on that network, for a day: the person then signs in again, whole.

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, StoreError, Tx, action};
use vocabulary::{AccountId, ArrivalId, Timestamp, bounds};

use super::place::Place;
use super::{look, sql};

/// One that waits.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Its id.
    pub id: ArrivalId,
    /// Whose.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The browser and system it says it is.
    pub agent: String,
    /// Its network.
    pub network: String,
    /// Since when.
    pub asked_at: Timestamp,
}

/// Why it was not answered.
#[derive(Debug, thiserror::Error)]
pub enum ArrivalError {
    /// There is none of that id that waits here.
    #[error("there is no such sign-in waiting")]
    NotFound,
    /// Nobody answers for themselves.
    #[error("a new device is approved by somebody else than its holder")]
    Own,
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for ArrivalError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// This device on this network was approved for this account, and still is.
pub(super) async fn is_approved(
    tx: &mut Tx<'_>,
    account: AccountId,
    device: &[u8],
    network: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let values = vec![account.into(), device.into(), network.to_owned().into(), now.into()];
    Ok(tx.fetch_optional(sql::ARRIVAL_APPROVED, values).await?.is_some())
}

/// Asks an administrator; asking again while it waits changes nothing.
pub(super) async fn ask(
    op: &Operation,
    account: AccountId,
    place: &Place,
    device: Vec<u8>,
) -> Result<(), OperationError> {
    let (id, now) = (ArrivalId::new(op.now(), op.entropy()), op.now());
    let (network, agent) = (place.network(), place.agent.clone());
    let until = now.plus(bounds::ARRIVAL_LIFE);
    let waits = op
        .read({
            let (device, network) = (device.clone(), network.clone());
            async move |tx: &mut Tx<'_>| {
                let values = vec![account.into(), device.into(), network.into(), now.into()];
                Ok::<_, OperationError>(tx.fetch_optional(sql::ARRIVAL_WAITS, values).await?.is_some())
            }
        })
        .await?;
    if waits {
        return Ok(());
    }
    let permit = op.permit(action::SignIn, account).await?;
    op.write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
        let values = vec![
            id.into(),
            account.into(),
            device.into(),
            network.clone().into(),
            agent.into(),
            now.into(),
            until.into(),
        ];
        tx.execute(sql::INSERT_ARRIVAL, values).await?;
        let evidence = Evidence::of(EvidenceKind::ArrivalWaits, id)
            .with("account", account.to_string())
            .with("network", network);
        Ok::<_, OperationError>(((), evidence))
    })
    .await
}

/// What waits, oldest first, at most a page.
///
/// # Errors
/// The database did not answer.
pub async fn waiting(
    op: &Operation,
    _permit: &Permit<action::ReadAccounts>,
) -> Result<Vec<Waiting>, OperationError> {
    let now = op.now();
    op.read(async move |tx: &mut Tx<'_>| {
        let rows = tx.fetch(sql::ARRIVALS, vec![now.into()]).await?;
        let read = |row: &access::Row| {
            Ok::<_, StoreError>(Waiting {
                id: row.parse(0)?,
                name: row.get(1)?,
                email: row.get::<Option<String>>(2)?.unwrap_or_default(),
                agent: row.get(3)?,
                network: row.get(4)?,
                asked_at: row.get(5)?,
            })
        };
        Ok::<_, OperationError>(rows.iter().map(read).collect::<Result<_, _>>()?)
    })
    .await
}

/// Approves or refuses one. Never one's own, nor that of the same person under another account.
///
/// # Errors
/// [`ArrivalError`]; nothing changed.
pub async fn decide(
    op: &Operation,
    permit: Permit<action::DecideArrival>,
    approve: bool,
) -> Result<(), ArrivalError> {
    let by = op.actor().account().ok_or(ArrivalError::NotFound)?;
    let now = op.now();
    op.write(permit, async move |tx: &mut Tx<'_>, id: ArrivalId| {
        let row = tx.fetch_optional(sql::ARRIVAL, vec![id.into(), now.into()]).await?;
        let account: AccountId = row.ok_or(ArrivalError::NotFound)?.parse(0)?;
        let (Some(holder), Some(approver)) = (look::inside(tx, account).await?, look::inside(tx, by).await?)
        else {
            return Err(ArrivalError::NotFound);
        };
        if account == by || identity::nominative::is_same_person(&holder.name, &approver.name) {
            return Err(ArrivalError::Own);
        }
        let (state, until) =
            if approve { ("approved", now.plus(bounds::ARRIVAL_LIFE)) } else { ("refused", now) };
        let values = vec![id.into(), state.into(), by.into(), now.into(), until.into()];
        if tx.execute(sql::DECIDE_ARRIVAL, values).await? == 0 {
            return Err(ArrivalError::NotFound);
        }
        let evidence = Evidence::of(EvidenceKind::ArrivalDecided, id)
            .with("account", account.to_string())
            .with("decision", state);
        Ok(((), evidence))
    })
    .await
}
