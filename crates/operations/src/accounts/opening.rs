//! A session and the token that stands for it, on their way into the write that consumed the proof.

use access::{Assurance, Evidence, EvidenceKind, Instance, Mission, Operation, StoreError, Tx};
use identity::place::Arrival;
use identity::{EndReason, Token};
use vocabulary::{AccountId, AuthenticatorId, Secret, SessionId, Timestamp, bounds};

use super::place::Place;
use super::{session, sql};
use crate::Policy;
use crate::notices::{self, Notice};

/// A new session and the token that stands for it: shown once, kept hashed.
#[derive(Debug)]
pub struct SignedIn {
    /// The session.
    pub session: SessionId,
    /// Its token.
    pub token: Secret<String>,
}

/// A session about to open.
pub(super) struct Opening {
    session: SessionId,
    token: Token,
    assurance: Assurance,
    network: String,
    agent: String,
    device: Vec<u8>,
    arrival: Arrival,
    notice: Option<Notice>,
    by: Option<AuthenticatorId>,
    instance: Instance,
    now: Timestamp,
}

impl Opening {
    pub(super) fn new(
        op: &Operation,
        assurance: Assurance,
        place: &Place,
        device: Vec<u8>,
        arrival: Arrival,
        notice: Option<Notice>,
    ) -> Self {
        Self {
            session: SessionId::new(op.now(), op.entropy()),
            token: Token::generate(op.entropy()),
            assurance,
            network: place.network(),
            agent: place.agent.clone(),
            device,
            arrival,
            notice,
            by: None,
            instance: op.instance().clone(),
            now: op.now(),
        }
    }

    /// The second factor that was shown: the session ends with it.
    pub(super) fn by(self, authenticator: AuthenticatorId) -> Self {
        Self { by: Some(authenticator), ..self }
    }

    /// Opens it, inside the write that consumed the proof.
    pub(super) async fn open(
        self,
        tx: &mut Tx<'_>,
        account: AccountId,
        factor: &'static str,
    ) -> Result<(SignedIn, Evidence), StoreError> {
        let Self { session, token, assurance, network, agent, device, arrival, notice, by, instance, now } =
            self;
        let values = vec![
            session.into(),
            account.into(),
            token.hash().as_bytes().as_slice().into(),
            assurance.word().into(),
            network.clone().into(),
            now.into(),
            by.map(|id| id.to_string()).into(),
            agent.into(),
            device.into(),
        ];
        tx.execute(sql::INSERT_SESSION, values).await?;
        tx.execute(sql::INSERT_TOUCH, vec![session.into(), now.into()]).await?;
        let evidence = Evidence::of(EvidenceKind::SessionOpened, session)
            .with("account", account.to_string())
            .with("assurance", assurance.word())
            .with("factor", factor)
            .with("network", network)
            .with("new_device", arrival.new_device)
            .with("new_network", arrival.new_network)
            .with("trusted_network", arrival.trusted)
            .with("approved", arrival.approved);
        let evidence =
            make_room(tx, &instance, account, now).await?.into_iter().fold(evidence, Evidence::and);
        if let Some(notice) = notice {
            notices::enqueue(tx, notice, now).await?;
        }
        Ok((SignedIn { session, token: token.expose().clone() }, evidence))
    }
}

/// Ends the sessions used longest ago while there are more than a person has at once (attack S10).
async fn make_room(
    tx: &mut Tx<'_>,
    instance: &Instance,
    account: AccountId,
    now: Timestamp,
) -> Result<Vec<Evidence>, StoreError> {
    // Of two sign-ins at once each counts the other's session.
    tx.execute(sql::LOCK_ACCOUNT, vec![account.into()]).await?;
    session::put(tx, &instance.uses().of_account(account)).await?;
    let rows = tx.fetch(sql::GRANTS_OF, vec![account.into(), now.into()]).await?;
    let missions: Vec<Mission> = rows.iter().map(|row| row.parse(0)).collect::<Result<_, _>>()?;
    let limits = session::limits(&Policy::inside(tx).await?, &missions);
    let (since, seen) = (now.minus(limits.absolute()), now.minus(limits.idle()));
    let values = vec![account.into(), since.into(), seen.into(), (bounds::SESSIONS_MAX as u64).into()];
    let mut ended = Vec::new();
    for row in tx.fetch(sql::SESSIONS_OVER, values).await? {
        let (over, reason): (SessionId, _) = (row.parse(0)?, EndReason::Replaced.word());
        tx.execute(sql::END_SESSION, vec![over.into(), now.into(), reason.into()]).await?;
        ended.push(
            Evidence::of(EvidenceKind::SessionEnded, over)
                .with("account", account.to_string())
                .with("reason", reason),
        );
    }
    Ok(ended)
}
