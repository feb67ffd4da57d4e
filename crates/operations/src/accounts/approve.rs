//! An administrator approves an account that was asked for (clause A4), and its holder gets a link to set a password.
//!
//! Nobody approves an account of their own, one they asked for, or one asked for by somebody whose own account goes
//! back to them.

use access::{Evidence, EvidenceKind, Mission, Operation, OperationError, Permit, StoreError, Tx, action};
use identity::account::AccountError;
use vocabulary::{AccountId, GrantId, bounds};

use super::link::{NewLink, Purpose};
use super::look::{self, Subject};
use super::people::{self, SamePerson};
use super::{mail, sql};
use crate::{Cerebro, notices};

/// Why it is not approved. Nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum ApproveError {
    /// There is no such request here.
    #[error("there is no such request")]
    NotFound,
    /// The rule of the account says no.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for ApproveError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

impl From<SamePerson> for ApproveError {
    fn from(_: SamePerson) -> Self {
        AccountError::SelfApproval.into()
    }
}

/// Approves it, with the missions that were asked for but those that are granted apart, and by two.
///
/// # Errors
/// [`ApproveError`].
pub async fn approve(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::ApproveAccount>,
) -> Result<(), ApproveError> {
    let by = op.actor().account().ok_or(ApproveError::NotFound)?;
    let subject = look::subject(op, permit.subject()).await?.ok_or(ApproveError::NotFound)?;
    let organisation = cerebro.organisation(op.organisation()).ok_or(ApproveError::NotFound)?;
    let link = NewLink::new(op, Purpose::Activate, bounds::ACTIVATION_LINK_LIFE);
    let url = link.url(cerebro);
    let Subject { email, locale, .. } = &subject;
    let notice = match email {
        Some(to) => mail::activation(op, &organisation, to, *locale, &url, link.until)?,
        None => return Err(ApproveError::NotFound),
    };
    let grants: Vec<(GrantId, Mission)> = subject
        .missions
        .iter()
        .filter(|mission| !mission.is_given_by_two())
        .map(|mission| (GrantId::new(op.now(), op.entropy()), *mission))
        .collect();
    let now = op.now();
    op.write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
        let current = look::inside(tx, account).await?.ok_or(ApproveError::NotFound)?;
        let others: Vec<AccountId> = [Some(current.id), current.requested_by].into_iter().flatten().collect();
        people::distinct::<ApproveError>(tx, by, &others).await?;
        let approved = current.account()?.approve(by)?;
        let values = vec![
            account.into(),
            approved.state.word().into(),
            now.into(),
            identity::AccountState::Requested.word().into(),
        ];
        if tx.execute(sql::CHANGE_STATUS, values).await? == 0 {
            return Err(ApproveError::NotFound);
        }
        tx.execute(sql::APPROVED_BY, vec![account.into(), by.into()]).await?;
        let mut evidence = Evidence::of(EvidenceKind::AccountApproved, account)
            .with("asked_by", current.requested_by.map_or_else(|| "holder".into(), |id| id.to_string()));
        for (id, mission) in grants {
            let values =
                vec![id.into(), account.into(), mission.word().into(), now.into(), by.to_string().into()];
            tx.execute(sql::INSERT_GRANT, values).await?;
            let fact = Evidence::of(EvidenceKind::MissionGranted, id)
                .with("account", account.to_string())
                .with("mission", mission.word());
            evidence = evidence.and(fact);
        }
        evidence = evidence.and(link.keep(tx, account).await?);
        if let Some(notice) = notice {
            notices::enqueue(tx, notice, now).await?;
        }
        Ok(((), evidence))
    })
    .await?;
    cerebro.wake_relay();
    Ok(())
}
