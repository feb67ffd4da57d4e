//! Somebody who has no account asks for one (clause A4). An administrator of the organisation their address belongs to
//! will see who asks, and why. Whoever asks learns nothing: the answer is the same for every address.

use access::{
    Actor, Evidence, EvidenceKind, Operation, OperationError, StoreError, SystemReason, Tx, action,
};
use identity::nominative;
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, EmailAddress, Locale, OrganisationId, bounds};

use super::{sql, throttle};
use crate::Cerebro;
use crate::organisation::Reason;

/// What somebody asks for themselves.
#[derive(Debug, Clone)]
pub struct Request {
    /// Their name.
    pub name: String,
    /// Their own professional address.
    pub email: EmailAddress,
    /// Their language.
    pub locale: Locale,
    /// Why they need an account.
    pub reason: Reason,
}

/// Why a request was not even kept. What depends on who exists is not among them.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// Not one natural person's name and address (clause A5).
    #[error(transparent)]
    NotNominative(#[from] nominative::NotNominative),
    /// Too many from there.
    #[error("too many requests: wait and try again")]
    Throttled,
    /// Not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for RequestError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// What is kept, sealed, of a request.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    /// Why it is asked for.
    pub(super) reason: String,
    /// The missions asked for: words.
    #[serde(default)]
    pub(super) missions: Vec<String>,
    /// Why a role's address is accepted, if it is (clause A5).
    #[serde(default)]
    pub(super) exception: Option<String>,
}

pub(super) fn context(account: AccountId) -> String {
    format!("{account}/request")
}

/// Asks for an account. `Ok` says that it was asked, not that anybody will see it: an address of no organisation here,
/// or that has an account, is answered alike.
///
/// # Errors
/// [`RequestError`].
pub async fn ask(cerebro: &Cerebro, network: &str, request: Request) -> Result<(), RequestError> {
    nominative::check(&request.name, &request.email)?;
    let instance = cerebro.instance();
    for subject in [format!("ask:{network}"), format!("ask:{}", request.email.key())] {
        let count = throttle::count(instance, &subject).await?;
        if count > bounds::ACCOUNT_REQUESTS_PER_WINDOW {
            return Err(RequestError::Throttled);
        }
    }
    let organisations = cerebro.organisations();
    let Some(organisation) = organisations.iter().find(|organisation| organisation.owns(&request.email))
    else {
        return Ok(());
    };
    let op = instance.operation(Actor::System(SystemReason::Anonymous), organisation.id, request.locale);
    let kept = Kept { reason: request.reason.as_str().to_owned(), missions: Vec::new(), exception: None };
    let row = Row::prepare(&op, &request.name, &request.email, request.locale, false, None, &kept)?;
    let permit = op.permit(action::RequestAccount, organisation.id).await.map_err(OperationError::from)?;
    let outcome = op
        .write(permit, async move |tx: &mut Tx<'_>, _: OrganisationId| {
            let waiting = tx.fetch_optional(sql::REQUESTS_WAITING, vec![]).await?;
            let waiting = waiting.map_or(Ok(0), |row| row.get::<u32>(0))?;
            if waiting >= bounds::ACCOUNT_REQUESTS_MAX {
                return Err(RequestError::Throttled);
            }
            Ok(((), row.insert(tx).await?))
        })
        .await;
    match outcome {
        // The address has an account: whoever asks is not told.
        Err(RequestError::Operation(OperationError::Store(error))) if error.is_conflict() => Ok(()),
        other => other,
    }
}

/// A requested account on its way into a write.
pub(super) struct Row {
    pub(super) id: AccountId,
    values: Vec<access::Value>,
    by: Option<AccountId>,
}

impl Row {
    pub(super) fn prepare(
        op: &Operation,
        name: &str,
        email: &EmailAddress,
        locale: Locale,
        sensitive: bool,
        by: Option<AccountId>,
        kept: &Kept,
    ) -> Result<Self, OperationError> {
        let id = AccountId::new(op.now(), op.entropy());
        let text = serde_json::to_vec(kept).unwrap_or_default();
        let sealed = op.instance().seal_lasting(op.organisation(), &context(id), &text)?;
        let until = op.now().plus(bounds::ACCOUNT_REQUEST_LIFE);
        let values = vec![
            id.into(),
            email.key().into(),
            name.trim().into(),
            locale.tag().into(),
            sensitive.into(),
            op.now().into(),
            by.into(),
            sealed.into(),
            until.into(),
        ];
        Ok(Self { id, values, by })
    }

    pub(super) async fn insert(self, tx: &mut Tx<'_>) -> Result<Evidence, StoreError> {
        tx.execute(sql::INSERT_REQUEST, self.values).await?;
        let by = self.by.map_or_else(|| "holder".to_owned(), |by| by.to_string());
        Ok(Evidence::of(EvidenceKind::AccountRequested, self.id).with("by", by))
    }
}
