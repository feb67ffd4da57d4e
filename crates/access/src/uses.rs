//! Uses of sessions on their way to the database: a request does not wait for the disk to have kept that somebody is there.
//!
//! What is here is lost with the process, and that errs one way: a session whose last use was not written is as idle as its use
//! before was, and ends earlier, never later. [`Uses::waiting`] and [`Uses::written`] are one turn of whoever writes.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use vocabulary::{AccountId, OrganisationId, SessionId, Timestamp, bounds};

/// A use of a session that is not written yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    /// Which session.
    pub session: SessionId,
    /// Of whose account.
    pub account: AccountId,
    /// In which organisation.
    pub organisation: OrganisationId,
    /// When.
    pub at: Timestamp,
}

/// The uses this process has to write: the last one of each session.
#[derive(Debug, Default)]
pub struct Uses {
    // By session: two nodes that write the uses of the same sessions take their rows in one order.
    waiting: Mutex<BTreeMap<SessionId, Use>>,
}

impl Uses {
    /// Keeps a use until it is written; false when there are too many already and it has to be written at once.
    #[must_use]
    pub fn keep(&self, used: Use) -> bool {
        let mut waiting = self.lock();
        if waiting.len() >= bounds::SESSION_USES_WAITING_MAX && !waiting.contains_key(&used.session) {
            return false;
        }
        waiting.entry(used.session).and_modify(|known| known.at = known.at.max(used.at)).or_insert(used);
        true
    }

    /// The last use of a session that is not written yet.
    #[must_use]
    pub fn of(&self, session: SessionId) -> Option<Timestamp> {
        self.lock().get(&session).map(|used| used.at)
    }

    /// The uses of an account's sessions that are not written yet.
    #[must_use]
    pub fn of_account(&self, account: AccountId) -> Vec<Use> {
        self.lock().values().filter(|used| used.account == account).copied().collect()
    }

    /// What is to be written, by session: at most a turn's worth.
    #[must_use]
    pub fn waiting(&self) -> Vec<Use> {
        self.lock().values().take(bounds::SESSION_USES_AT_ONCE).copied().collect()
    }

    /// These were written. One that was overtaken by a later use of its session waits on.
    pub fn written(&self, uses: &[Use]) {
        let mut waiting = self.lock();
        for used in uses {
            if waiting.get(&used.session) == Some(used) {
                waiting.remove(&used.session);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<SessionId, Use>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::SeededEntropy;

    fn used(seed: u64, at: i64) -> Use {
        let (now, entropy) = (Timestamp::from_micros(1), SeededEntropy::new(seed));
        Use {
            session: SessionId::new(now, &entropy),
            account: AccountId::new(now, &entropy),
            organisation: OrganisationId::new(now, &entropy),
            at: Timestamp::from_micros(at),
        }
    }

    #[test]
    fn a_use_never_goes_back_and_one_that_was_overtaken_while_written_waits_on() {
        let uses = Uses::default();
        let (early, late) = (used(1, 10), used(1, 20));
        assert!(uses.keep(late) && uses.keep(early));
        assert_eq!(uses.of(late.session), Some(late.at));
        let turn = uses.waiting();
        assert_eq!(turn, [late]);
        let later = used(1, 30);
        assert!(uses.keep(later));
        uses.written(&turn);
        assert_eq!(uses.waiting(), [later]);
        uses.written(&[later]);
        assert_eq!((uses.of(later.session), uses.waiting()), (None, Vec::new()));
    }

    #[test]
    fn there_are_only_so_many_and_those_known_still_move() {
        let uses = Uses::default();
        for seed in 0..bounds::SESSION_USES_WAITING_MAX as u64 {
            assert!(uses.keep(used(seed, 1)));
        }
        assert!(!uses.keep(used(u64::MAX, 1)), "written at once");
        assert!(uses.keep(used(3, 2)));
        assert_eq!(uses.waiting().len(), bounds::SESSION_USES_AT_ONCE);
        assert_eq!(uses.of_account(used(3, 0).account), [used(3, 2)]);
    }
}
