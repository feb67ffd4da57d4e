//! A session's cookie that comes from another browser than the one it was given to was taken from it (attack S6): the
//! session ends before anything is answered, and its holder is told.

use access::{Actor, Evidence, EvidenceKind, OperationError, SystemReason, Tx, action};
use identity::EndReason;
use vocabulary::SessionId;

use super::notify::{self, Change};
use super::place::Place;
use super::session::Signed;
use super::sql;
use crate::{Cerebro, notices};

/// Ends a session that another browser shows; whether it did. A session opened without a browser's mark, or whose mark was
/// forgotten because another ended, is taken as it is.
///
/// # Errors
/// It could not be recorded: nobody is behind the session then.
pub async fn ended(cerebro: &Cerebro, signed: &Signed, place: &Place) -> Result<bool, OperationError> {
    let Some(kept) = &signed.device else { return Ok(false) };
    let anonymous = Actor::System(SystemReason::Anonymous);
    let op = cerebro.instance().operation(anonymous, signed.organisation, signed.locale);
    if place.device.lookup(&op, signed.account)? == *kept {
        return Ok(false);
    }
    let change = Change::Taken { agent: place.agent.clone(), network: place.network() };
    let notice = notify::compose(cerebro, &op, signed.account, &change).await?;
    let permit = op.permit(action::DistrustSession, signed.session).await?;
    let (now, network, account) = (op.now(), place.network(), signed.account);
    op.write(permit, async move |tx: &mut Tx<'_>, session: SessionId| {
        let reason = EndReason::AnotherDevice.word();
        let ended = tx.execute(sql::END_SESSION, vec![session.into(), now.into(), reason.into()]).await?;
        // Of several requests at once one ends it, and one mail goes.
        if let Some(notice) = notice.filter(|_| ended > 0) {
            notices::enqueue(tx, notice, now).await?;
        }
        let evidence = Evidence::of(EvidenceKind::SessionEnded, session)
            .with("account", account.to_string())
            .with("reason", reason)
            .with("network", network);
        Ok::<_, OperationError>(((), evidence))
    })
    .await?;
    cerebro.wake_relay();
    tracing::warn!(event = "session.another_device", session = %signed.session, "a session was shown by another browser");
    Ok(true)
}
