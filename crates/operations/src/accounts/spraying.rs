//! Password spraying: one guess on many accounts stays under each account's limit. What is counted is how many accounts
//! fail for the first time in a window, from one network and from all of them (attack B3).

use access::{Actor, Evidence, EvidenceKind, OperationError, SystemReason, Tx, action};
use vocabulary::{Locale, OrganisationId, bounds};

use super::throttle;
use crate::Cerebro;

/// An account failed for the first time in its window. At the limit, once, every organisation's log says so: a stranger
/// at the door of one is at the door of all.
pub(super) async fn watch(cerebro: &Cerebro, network: &str) -> Result<(), OperationError> {
    let here = throttle::count(cerebro.instance(), &format!("spraying:{network}")).await?;
    let everywhere = throttle::count(cerebro.instance(), "spraying").await?;
    let (network, accounts) = if here == bounds::SPRAYED_ACCOUNTS {
        (network, here)
    } else if everywhere == bounds::SPRAYED_ACCOUNTS_EVERYWHERE {
        ("several", everywhere)
    } else {
        return Ok(());
    };
    tracing::warn!(event = "security.spraying", network, accounts, "many accounts fail to sign in");
    for organisation in cerebro.organisations() {
        let actor = Actor::System(SystemReason::Anonymous);
        let op = cerebro.instance().operation(actor, organisation.id, Locale::Fr);
        let permit = op.permit(action::RaiseAlarm, organisation.id).await?;
        let network = network.to_owned();
        op.write(permit, async move |_tx: &mut Tx<'_>, id: OrganisationId| {
            let evidence = Evidence::of(EvidenceKind::SprayingSuspected, id)
                .with("network", network)
                .with("accounts", accounts);
            Ok::<_, OperationError>(((), evidence))
        })
        .await?;
    }
    Ok(())
}
