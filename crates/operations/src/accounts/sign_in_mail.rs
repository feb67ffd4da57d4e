//! A code sent to the account's own mailbox, for who arrives from a new place with a password alone (clause T2). Weak: it
//! opens no more than the password did, and is never counted as a factor.

use access::{Assurance, Evidence, EvidenceKind, Operation, OperationError, Tx, action};
use vocabulary::entropy::random;
use vocabulary::{AccountId, bounds};

use super::notify;
use super::place::{self, Place};
use super::sign_in::{
    SignInError, SignedIn, Ticket, record_refusal, refuse_factor, second_attempt, second_subject,
};
use super::{sql, throttle};
use crate::{Cerebro, notices};

/// Sends a code, good once, for ten minutes, in this sign-in only. It replaces any earlier one.
///
/// # Errors
/// [`SignInError::Throttled`], or it could not be sent.
pub async fn send(cerebro: &Cerebro, ticket: &Ticket) -> Result<(), SignInError> {
    let op = ticket.operation(cerebro.instance());
    let account = ticket.account();
    let sent = throttle::count(op.instance(), &format!("mail_code:{account}")).await?;
    if sent > bounds::MAIL_CODES_PER_WINDOW {
        return Err(SignInError::Throttled);
    }
    let code = format!("{:08}", u64::from_be_bytes(random(op.entropy())) % 100_000_000);
    let hash = lookup(&op, ticket, &code)?;
    let notice = notify::code(cerebro, &op, account, &code).await?;
    let (now, until) = (op.now(), op.now().plus(bounds::MAIL_CODE_LIFE));
    let permit = op.permit(action::SignIn, account).await.map_err(OperationError::from)?;
    op.write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
        tx.execute(sql::END_CODES, vec![account.into(), now.into()]).await?;
        tx.execute(sql::INSERT_CODE, vec![hash.into(), account.into(), until.into(), now.into()]).await?;
        if let Some(notice) = notice {
            notices::enqueue(tx, notice, now).await?;
        }
        Ok::<_, OperationError>(((), Evidence::of(EvidenceKind::SignInCodeSent, account)))
    })
    .await?;
    cerebro.wake_relay();
    Ok(())
}

/// Checks the code and opens a session on the password. The code is used up in the same write.
///
/// # Errors
/// As [`super::sign_in::password`].
pub async fn confirm(
    cerebro: &Cerebro,
    ticket: &Ticket,
    code: &str,
    place: &Place,
) -> Result<SignedIn, SignInError> {
    let op = ticket.operation(cerebro.instance());
    let (attempt, _) = second_attempt(&op, ticket).await?;
    let account = ticket.account();
    let digits: String = code.chars().filter(char::is_ascii_digit).take(16).collect();
    let (hash, now) = (lookup(&op, ticket, &digits)?, op.now());
    let opening = place::arrive_verified(cerebro, &op, account, place, Assurance::Password).await?;
    let permit = op.permit(action::SignIn, account).await.map_err(OperationError::from)?;
    let outcome = op
        .write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
            refuse_factor(tx, account).await?;
            if tx.execute(sql::USE_CODE, vec![account.into(), hash.into(), now.into()]).await? == 0 {
                return Err(SignInError::Refused);
            }
            Ok(opening.open(tx, account, "password_and_mailed_code").await?)
        })
        .await;
    match outcome {
        Ok(signed) => {
            throttle::forget(cerebro.instance(), &second_subject(account)).await?;
            cerebro.wake_relay();
            Ok(signed)
        }
        Err(SignInError::Refused) => {
            record_refusal(&op, account, attempt, "mailed_code").await?;
            Err(SignInError::Refused)
        }
        Err(error) => Err(error),
    }
}

fn lookup(op: &Operation, ticket: &Ticket, code: &str) -> Result<Vec<u8>, OperationError> {
    let value = format!("{}/{}/{code}", ticket.account(), ticket.at().micros());
    op.instance().blind_index(op.organisation(), "sign_in_code", &value)
}
