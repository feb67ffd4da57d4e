//! When to try again: a pure function of the number of attempts, the time and the dice.

use std::time::Duration;

use vocabulary::bounds::{RELAY_EXPIRY, RELAY_RETRY_FIRST, RELAY_RETRY_JITTER, RELAY_RETRY_MAX};
use vocabulary::{Entropy, Timestamp, entropy};

/// When to try again after `attempt` attempts (1 = one was made); `None` when the message has waited long enough.
///
/// Waits double from [`RELAY_RETRY_FIRST`] to [`RELAY_RETRY_MAX`], each shifted by up to [`RELAY_RETRY_JITTER`] either way so
/// that messages deferred together do not come back together. Time counts as the sum of planned waits, so hours in which the
/// relay did not run use up nothing.
#[must_use]
pub fn next_attempt(attempt: u32, now: Timestamp, entropy: &dyn Entropy) -> Option<Timestamp> {
    let mut waited = Duration::ZERO;
    for made in 1..attempt {
        waited += planned(made);
        if waited > RELAY_EXPIRY {
            return None;
        }
    }
    let wait = planned(attempt.max(1));
    if waited + wait > RELAY_EXPIRY {
        return None;
    }
    Some(now.plus(shifted(wait, entropy)))
}

fn planned(attempt: u32) -> Duration {
    let doublings = attempt.saturating_sub(1).min(16);
    RELAY_RETRY_FIRST.saturating_mul(1 << doublings).min(RELAY_RETRY_MAX)
}

/// `wait`, shifted.
fn shifted(wait: Duration, entropy: &dyn Entropy) -> Duration {
    let dice = u32::from_be_bytes(entropy::random(entropy));
    let per_mille = 1_000 - RELAY_RETRY_JITTER + dice % (2 * RELAY_RETRY_JITTER + 1);
    wait * per_mille / 1_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::SeededEntropy;

    #[test]
    fn waits_double_then_stay_then_end() {
        let (entropy, now) = (SeededEntropy::new(1), Timestamp::from_micros(0));
        let mut total = Duration::ZERO;
        let mut last = 0;
        for attempt in 1.. {
            let Some(at) = next_attempt(attempt, now, &entropy) else {
                last = attempt;
                break;
            };
            let wait = at.since(now);
            assert!(
                wait >= planned(attempt) * 8 / 10 && wait <= planned(attempt) * 12 / 10,
                "{attempt}: {wait:?}"
            );
            total += planned(attempt);
        }
        assert!(total <= RELAY_EXPIRY && total + RELAY_RETRY_MAX > RELAY_EXPIRY);
        assert!((35..45).contains(&last), "{last} attempts in five days");
        assert_eq!(next_attempt(u32::MAX, now, &entropy), None);
        assert!(next_attempt(0, now, &entropy).is_some());
    }

    #[test]
    fn messages_deferred_together_come_back_apart() {
        let entropy = SeededEntropy::new(2);
        let mut times: Vec<_> =
            (0..20).filter_map(|_| next_attempt(3, Timestamp::from_micros(0), &entropy)).collect();
        times.sort_unstable();
        times.dedup();
        assert!(times.len() > 15);
    }
}
