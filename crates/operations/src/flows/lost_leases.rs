//! Leases whose answer was lost: the database may have given rows to this node, and nobody here works on them. Without
//! this they would wait until the lease ends.

use std::sync::{Mutex, PoisonError};

use access::{MechanicalReason, OperationError, Tx};
use vocabulary::{PlatformReason, Timestamp};

use crate::Cerebro;

pub(crate) mod sql {
    access::statements! {
        MechanicalPlatform FREE_LEASE = "UPDATE outbox_lease SET leased_until = 0 WHERE state = 'ready' AND node = $1 AND leased_until = $2";
    }
}

/// The ends of such leases: the relay leases once at a time, so an end names one lease of this node.
#[derive(Debug, Default)]
pub(crate) struct LostLeases(Mutex<Vec<Timestamp>>);

impl LostLeases {
    pub(super) fn note(&self, until: Timestamp) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(until);
    }

    fn first(&self) -> Option<Timestamp> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).first().copied()
    }

    fn forget(&self, until: Timestamp) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|lost| *lost != until);
    }
}

/// Lets go of every lost lease. Done before each lease, so that at most one is ever noted.
///
/// # Errors
/// The database did not answer; what is left is let go next time.
pub(super) async fn free(cerebro: &Cerebro) -> Result<(), OperationError> {
    while let Some(until) = cerebro.lost_leases().first() {
        let node = cerebro.instance().node();
        cerebro
            .instance()
            .write_mechanical(PlatformReason::Relay, MechanicalReason::Lease, async move |tx: &mut Tx<'_>| {
                tx.execute(sql::FREE_LEASE, vec![node.into(), until.into()]).await
            })
            .await?;
        cerebro.lost_leases().forget(until);
    }
    Ok(())
}
