//! Storage that failed is tried again. While it counts as unhealthy nobody writes (clients hear 421, nothing is leased), so
//! nothing else would find out that it came back.

use access::{MechanicalReason, OperationError, Tx};
use vocabulary::PlatformReason;

use crate::Cerebro;

pub(crate) mod sql {
    access::statements! {
        MechanicalPlatform NOTHING = "UPDATE outbox_lease SET fence = fence WHERE outbox = ''";
    }
}

/// Asks a database that failed for a commit that changes nothing. One that gives it counts as healthy, until the next write
/// says otherwise.
///
/// # Errors
/// It does not answer yet.
pub async fn try_again(cerebro: &Cerebro) -> Result<(), OperationError> {
    if cerebro.instance().is_healthy() {
        return Ok(());
    }
    cerebro
        .instance()
        .write_mechanical(PlatformReason::Timer, MechanicalReason::Retry, async |tx: &mut Tx<'_>| {
            tx.execute(sql::NOTHING, vec![]).await.map(drop).map_err(OperationError::from)
        })
        .await
}
