//! Nodes that died: what they had in hand is done again by those that live.

use std::collections::HashMap;
use std::time::Duration;

use access::{MechanicalReason, OperationError, Tx};
use vocabulary::{PlatformReason, bounds};

use super::sql;
use crate::Cerebro;

/// Nodes that hold leases and do not say that they live, and since when they were seen not to.
///
/// A database that fails over forgets who said so, of everybody at once: a node is gone when it stays away for
/// [`bounds::NODE_ABSENCE`], in which those that live say it again.
#[derive(Debug, Default)]
pub struct Gone(HashMap<i64, Duration>);

impl Gone {
    /// Frees the leases of nodes that are gone: what they were doing can be done again. A node that was only cut off finds its
    /// fence gone before its final dot. On SQLite there is one process, so every other node is gone.
    ///
    /// # Errors
    /// The database did not answer; the leases run out by themselves.
    pub async fn free_leases(&mut self, cerebro: &Cerebro) -> Result<u64, OperationError> {
        let instance = cerebro.instance();
        instance.stay_present().await?;
        let node = instance.node();
        let rows = instance
            .read_platform(PlatformReason::Relay, async move |tx: &mut Tx<'_>| {
                tx.fetch(sql::ABSENT, vec![node.into()]).await.map_err(OperationError::from)
            })
            .await?;
        let mut absent = HashMap::new();
        for row in rows {
            absent.insert(row.get::<i64>(0)?, row.get::<bool>(1)?);
        }
        let gone = self.stayed_away(&absent, instance.elapsed());
        let mut freed = 0;
        for node in gone {
            freed += instance
                .write_mechanical(
                    PlatformReason::Relay,
                    MechanicalReason::Lease,
                    async move |tx: &mut Tx<'_>| {
                        tx.execute(sql::FREE_LEASES, vec![node.into()]).await.map_err(OperationError::from)
                    },
                )
                .await?;
        }
        if freed > 0 {
            cerebro.wake_relay();
        }
        Ok(freed)
    }

    /// Those of `absent` that are gone: those that cannot live, and those that were absent for long.
    fn stayed_away(&mut self, absent: &HashMap<i64, bool>, elapsed: Duration) -> Vec<i64> {
        self.0.retain(|node, _| absent.contains_key(node));
        let mut gone = Vec::new();
        for (node, may_live) in absent {
            let since = *self.0.entry(*node).or_insert(elapsed);
            if !may_live || elapsed.saturating_sub(since) >= bounds::NODE_ABSENCE {
                gone.push(*node);
            }
        }
        gone
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_says_again_that_it_lives_is_not_gone() {
        let (mut gone, second) = (Gone::default(), Duration::from_secs(1));
        let absent = |nodes: &[i64]| nodes.iter().map(|node| (*node, true)).collect::<HashMap<_, _>>();
        assert!(gone.stayed_away(&absent(&[1, 2]), second).is_empty(), "the database failed over");
        assert!(gone.stayed_away(&absent(&[1]), second * 3).is_empty(), "2 is back");
        let late = second + bounds::NODE_ABSENCE;
        assert_eq!(gone.stayed_away(&absent(&[1, 2]), late), [1], "2 is away again, since now");
        assert_eq!(gone.stayed_away(&HashMap::from([(3, false)]), late), [3], "it cannot live");
    }
}
