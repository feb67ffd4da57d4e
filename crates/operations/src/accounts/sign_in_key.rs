//! The second step of a sign-in with a security key.

use access::{Assurance, OperationError, Tx, action};
use vocabulary::AccountId;

use super::ceremony::{Asked, Purpose};
use super::factors::{self, Kind};
use super::keys::{self, Spent};
use super::notify::{self, Change};
use super::opening::SignedIn;
use super::place::{self, Place};
use super::sign_in::{SignInError, Ticket, record_refusal, second_attempt, second_subject};
use super::throttle;
use crate::{Cerebro, notices};

pub use super::keys::KeyQuestion;

/// What an account can show as its second step, backup codes apart.
#[derive(Debug, Clone, Default)]
pub struct Ways {
    /// A code of an authenticator app.
    pub app: bool,
    /// A security key, and what it is asked.
    pub key: Option<KeyQuestion>,
}

/// What can be shown next; security keys are asked.
///
/// # Errors
/// The database did not answer.
pub async fn ways(cerebro: &Cerebro, ticket: &Ticket) -> Result<Ways, OperationError> {
    let op = ticket.operation(cerebro.instance());
    let factors = factors::of(&op, ticket.account()).await?;
    let app = factors.iter().any(|factor| factor.kind == Kind::Totp && factor.stands());
    let key = keys::ask(&op, cerebro.relying_party(), &factors, &asked(ticket)).await?;
    Ok(Ways { app, key })
}

/// Checks a key's answer and opens a session. Challenge and counter are used up in the same write. A counter that went
/// back suspends the key, ends the sessions it opened, and tells its holder.
///
/// # Errors
/// As [`super::sign_in::password`].
pub async fn security_key(
    cerebro: &Cerebro,
    ticket: &Ticket,
    response: &str,
    place: &Place,
) -> Result<SignedIn, SignInError> {
    let op = ticket.operation(cerebro.instance());
    let (attempt, factors) = second_attempt(&op, ticket).await?;
    let account = ticket.account();
    let checked = match cerebro.relying_party() {
        Some(party) => keys::check(&op, &party, account, &factors, response)?.ok(),
        None => None,
    };
    let Some(shown) = checked else {
        record_refusal(&op, account, attempt, "security_key").await?;
        return Err(SignInError::Refused);
    };
    let (now, asked) = (op.now(), asked(ticket));
    let arrived = place::arrive(cerebro, &op, account, place, Assurance::TwoFactor).await?;
    let opening = arrived.by(shown.id);
    let notice = notify::compose(cerebro, &op, account, &Change::Suspended).await?;
    let permit = op.permit(action::SignIn, account).await.map_err(OperationError::from)?;
    let signed = op
        .write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
            match keys::spend(tx, &asked, shown, now).await? {
                Spent::Good => {
                    let (signed, evidence) = opening.open(tx, account, "security_key").await?;
                    Ok((Some(signed), evidence))
                }
                Spent::Stale => Err(SignInError::Refused),
                Spent::Copied(evidence) => {
                    if let Some(notice) = notice {
                        notices::enqueue(tx, notice, now).await?;
                    }
                    Ok((None, evidence))
                }
            }
        })
        .await?;
    cerebro.wake_relay();
    let signed = signed.ok_or(SignInError::Refused)?;
    throttle::forget(cerebro.instance(), &second_subject(account)).await?;
    Ok(signed)
}

fn asked(ticket: &Ticket) -> Asked {
    let bound_to = format!("{}/{}", ticket.account(), ticket.at().micros());
    Asked { account: ticket.account(), purpose: Purpose::SignIn, bound_to }
}
