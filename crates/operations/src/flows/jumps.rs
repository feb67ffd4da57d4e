//! Jumps of the machine's clock: somebody sets it right, or wrong, or the machine slept. What this node has in hand stays its own,
//! and nothing waits for longer than it should: waiting is time that passes, whatever a clock says.
//!
//! Forward, retries come early, and count as attempts; a message expires by its attempts and never by a clock.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use access::{MechanicalReason, OperationError, Tx};
use vocabulary::{PlatformReason, Timestamp, bounds};

use crate::Cerebro;

pub(crate) mod sql {
    access::statements! {
        MechanicalPlatform KEEP_LEASES = "UPDATE outbox_lease SET leased_until = $2 WHERE state = 'ready' AND node = $1 AND leased_until > 0";
        MechanicalPlatform BRING_FORWARD = "UPDATE outbox_lease SET next_at = CASE WHEN next_at - $2 > $1 THEN next_at - $2 ELSE $1 END WHERE state = 'ready' AND next_at > $1";
    }
}

/// What is known of the clock.
#[derive(Debug, Default)]
pub(crate) struct Jumps(Mutex<Known>);

#[derive(Debug, Default, Clone, Copy)]
struct Known {
    /// What it said last, and how much time had passed then.
    last: Option<(Timestamp, Duration)>,
    /// It was put forward by so much, and until so much time has passed other nodes may not have noticed yet.
    doubt: Option<(Duration, Duration)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Jump {
    Forward(Duration),
    Back(Duration),
}

impl Jumps {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn saw(&self, now: Timestamp, elapsed: Duration, jump: Option<Jump>) {
        let mut known = self.known();
        known.last = Some((now, elapsed));
        if let Some(Jump::Forward(by)) = jump {
            known.doubt = Some((by, elapsed + bounds::RELAY_LEASE));
        }
    }

    /// The instant by which leases of other nodes have ended: after a jump forward the clock counts as it was, for as long as they
    /// may take to notice theirs and renew.
    fn others(&self, now: Timestamp, elapsed: Duration) -> Timestamp {
        match self.known().doubt {
            Some((by, until)) if elapsed < until => now.minus(by),
            _ => now,
        }
    }

    /// How the clock stands to where it should, by what has passed since.
    fn since_last(&self, now: Timestamp, elapsed: Duration) -> Option<Jump> {
        let (then, before) = self.known().last?;
        let due = then.plus(elapsed.saturating_sub(before));
        let (forward, back) = (now.since(due), due.since(now));
        if forward >= bounds::CLOCK_JUMP_MIN {
            Some(Jump::Forward(forward))
        } else {
            (back >= bounds::CLOCK_JUMP_MIN).then_some(Jump::Back(back))
        }
    }
}

/// Looks whether the clock jumped, and puts the outbox right if it did; returns the instant by which leases of other nodes have
/// ended. Before each lease, so that none is given by a clock that is not known yet.
///
/// # Errors
/// The database did not answer; the jump is seen again next time.
pub(super) async fn heed(cerebro: &Cerebro) -> Result<Timestamp, OperationError> {
    let instance = cerebro.instance();
    let (now, elapsed) = (instance.now(), instance.elapsed());
    let jump = cerebro.jumps().since_last(now, elapsed);
    if let Some(jump) = jump {
        tracing::warn!(
            ?jump,
            "the clock of this machine jumped: leases are kept, and what waits is counted anew"
        );
        let (node, until) = (instance.node(), now.plus(bounds::RELAY_LEASE));
        let put_right = async move |tx: &mut Tx<'_>| {
            tx.execute(sql::KEEP_LEASES, vec![node.into(), until.into()]).await?;
            if let Jump::Back(by) = jump {
                let by = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
                tx.execute(sql::BRING_FORWARD, vec![now.into(), by.into()]).await?;
            }
            Ok::<_, OperationError>(())
        };
        instance.write_mechanical(PlatformReason::Relay, MechanicalReason::Lease, put_right).await?;
    }
    cerebro.jumps().saw(now, elapsed, jump);
    Ok(cerebro.jumps().others(now, elapsed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_is_what_time_does_not_explain() {
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let jumps = Jumps::default();
        assert_eq!(jumps.since_last(at(100), Duration::from_secs(7)), None, "nothing to compare with");
        jumps.saw(at(100), Duration::from_secs(7), None);
        for (now, elapsed, jump) in [
            (100, 7, None),
            (3_700, 3_607, None),
            (104, 7, None),
            (3_700, 7, Some(Jump::Forward(Duration::from_secs(3_600)))),
            (0, 7, Some(Jump::Back(Duration::from_secs(100)))),
            (100, 67, Some(Jump::Back(Duration::from_secs(60)))),
        ] {
            assert_eq!(jumps.since_last(at(now), Duration::from_secs(elapsed)), jump, "{now} {elapsed}");
        }
        let hour = Duration::from_secs(3_600);
        assert_eq!(jumps.others(at(100), Duration::from_secs(7)), at(100));
        jumps.saw(at(3_700), Duration::from_secs(7), Some(Jump::Forward(hour)));
        assert_eq!(jumps.others(at(3_710), Duration::from_secs(17)), at(110), "as it was before the jump");
        let later = bounds::RELAY_LEASE + Duration::from_secs(7);
        assert_eq!(jumps.others(at(9_000), later), at(9_000));
    }
}
