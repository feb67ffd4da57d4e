//! What enrolling a second factor is, whatever the factor: it counts at once, its holder is told, and the session that
//! enrolled it is proved by it under a new token.

use access::{
    Actor, Assurance, Denied, Evidence, EvidenceKind, Operation, OperationError, Permit, StoreError, Tx,
    action,
};
use identity::Token;
use identity::webauthn::{Challenge, WebauthnError};
use vocabulary::{AccountId, AuthenticatorId, Secret, SessionId, Timestamp, bounds};

use super::backup_codes::NewCodes;
use super::ceremony::Asked;
use super::factors::{self, Kind};
use super::notify::{self, Change};
use super::sql;
use crate::organisation::Label;
use crate::{Cerebro, notices};

/// Why no authenticator was added. Nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// The offer is too old, of another session, or was taken up already.
    #[error("the offer is not good any more: start again")]
    OfferOver,
    /// The code is not the one the app shows.
    #[error("the code is not the one expected")]
    CodeWrong,
    /// The key did not prove what it must.
    #[error("the key was not taken: {0}")]
    Key(#[from] WebauthnError),
    /// Browsers allow no security keys where the console stands.
    #[error("the console's address is no name: browsers allow no security keys there")]
    NoKeys,
    /// Too many codes were tried.
    #[error("too many attempts: wait and try again")]
    Throttled,
    /// The account has as many as may be.
    #[error("an account has at most {} authenticators", bounds::AUTHENTICATORS_MAX)]
    TooMany,
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for EnrolError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// What came of it.
#[derive(Debug)]
pub struct Enrolled {
    /// The session's new token: it proved more than before.
    pub token: Secret<String>,
    /// Ten backup codes, when these are the account's first or the session came in by one.
    pub codes: Vec<Secret<String>>,
}

/// A factor that proved itself once, on its way into the write.
pub(super) struct NewFactor {
    pub(super) id: AuthenticatorId,
    pub(super) kind: Kind,
    pub(super) name: Label,
    pub(super) sealed: Vec<u8>,
    /// Unique among factors of its kind: two rows with one secret would make one proof good twice.
    pub(super) lookup: Vec<u8>,
    /// The step or counter it showed: used up by the enrolment.
    pub(super) shown: u64,
    /// The question it answered, where there was one.
    pub(super) answered: Option<(Asked, Challenge)>,
    /// What its entry says of it besides.
    pub(super) facts: Vec<(&'static str, String)>,
}

impl NewFactor {
    async fn insert(
        self,
        tx: &mut Tx<'_>,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Evidence, EnrolError> {
        if let Some((asked, challenge)) = &self.answered
            && !asked.spend(tx, *challenge, now).await?
        {
            return Err(EnrolError::OfferOver);
        }
        let values = vec![
            self.id.into(),
            account.into(),
            self.kind.word().into(),
            self.name.as_str().into(),
            self.sealed.into(),
            self.lookup.into(),
            self.shown.into(),
            now.into(),
        ];
        let taken =
            |error: StoreError| if error.is_conflict() { EnrolError::OfferOver } else { error.into() };
        tx.execute(sql::INSERT_FACTOR, values).await.map_err(taken)?;
        let added = Evidence::of(EvidenceKind::AuthenticatorAdded, self.id)
            .with("account", account.to_string())
            .with("kind", self.kind.word());
        Ok(self.facts.into_iter().fold(added, |added, (name, value)| added.with(name, value)))
    }
}

/// Adds a factor to one's own account.
///
/// # Errors
/// [`EnrolError`]; nothing changed.
pub(super) async fn enrol(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::EnrolAuthenticator>,
    factor: NewFactor,
) -> Result<Enrolled, EnrolError> {
    let (session, account, now, id) = (session(op)?, permit.subject(), op.now(), factor.id);
    let (token, codes) = (Token::generate(op.entropy()), NewCodes::new(op, account));
    let change = Change::Added(factor.kind, factor.name.as_str().to_owned());
    let notice = notify::compose(cerebro, op, account, &change).await?;
    let (came_by_code, proved_less) = match op.actor() {
        Actor::Person { assurance, .. } => {
            (assurance == Assurance::Enrolment, assurance == Assurance::Password)
        }
        _ => (false, true),
    };
    let hash = token.hash();
    let codes = op
        .write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
            tx.execute(sql::LOCK_ACCOUNT, vec![account.into()]).await?;
            let factors = factors::inside(tx, account).await?;
            let is_first = !factors.iter().any(|factor| factor.kind.is_second());
            if factors.len() >= bounds::AUTHENTICATORS_MAX {
                return Err(EnrolError::TooMany);
            }
            // A password alone does not add to factors that exist (NIST SP 800-63B-4 §4.1.2).
            if proved_less && !is_first {
                let action = access::ActionName::EnrolAuthenticator;
                return Err(OperationError::from(Denied::StepUp { action }).into());
            }
            let mut evidence = factor.insert(tx, account, now).await?;
            let mut shown = Vec::new();
            if is_first || came_by_code {
                let (texts, made) = codes.keep(tx, account).await?;
                (shown, evidence) = (texts, evidence.and(made));
            }
            if let Some(notice) = notice {
                notices::enqueue(tx, notice, now).await?;
            }
            prove(tx, session, hash.as_bytes(), Assurance::TwoFactor, Some(id), now).await?;
            let proved = Evidence::of(EvidenceKind::SessionProved, session)
                .with("assurance", Assurance::TwoFactor.word());
            Ok((shown, evidence.and(proved)))
        })
        .await?;
    cerebro.wake_relay();
    Ok(Enrolled { token: token.expose().clone(), codes })
}

/// A session proves itself anew, under a new token (ASVS 7.2.4): the old one stands for nothing any more.
pub(super) async fn prove(
    tx: &mut Tx<'_>,
    session: SessionId,
    token_hash: &[u8],
    assurance: Assurance,
    by: Option<AuthenticatorId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let by = by.map(|id| id.to_string());
    let values = vec![session.into(), token_hash.into(), assurance.word().into(), now.into(), by.into()];
    tx.execute(sql::PROVE_SESSION, values).await.map(drop)
}

/// The session of whoever acts: only a person has one.
pub(super) fn session(op: &Operation) -> Result<SessionId, OperationError> {
    match op.actor() {
        Actor::Person { session, .. } => Ok(session),
        _ => Err(Denied::Inactive.into()),
    }
}
