//! A mission was of use: noted to the hour, for whoever reviews who needs what (clause R1). Mechanical: what was done is
//! in the ledger; this only says that there was something.

use access::{ActionName, Instance, MechanicalReason, Mission, Operation, Rule, StoreError, Tx, table};
use vocabulary::{AccountId, Timestamp, bounds};

use super::sql;
use crate::Cerebro;

/// What this process noted lately, so that it does not note every request.
pub(crate) type Noted = std::sync::Mutex<std::collections::HashMap<(AccountId, Mission), Timestamp>>;

/// Notes which of `held` let whoever acts do `action`. Best effort: a note that cannot be made is made next time.
pub async fn note(cerebro: &Cerebro, op: &Operation, held: &[Mission], action: ActionName) {
    let Some(account) = op.actor().account() else { return };
    let needed = |mission: &&Mission| {
        table::mission(**mission, action) != Rule::No && table::everyone(action) == Rule::No
    };
    for mission in held.iter().filter(needed) {
        if !is_due(cerebro.noted(), op.instance(), account, *mission) {
            continue;
        }
        let (mission, now) = (*mission, op.now());
        let outcome: Result<u64, StoreError> = op
            .write_mechanical(MechanicalReason::MissionUse, async move |tx: &mut Tx<'_>| {
                tx.execute(sql::USED, vec![account.into(), mission.word().into(), now.into()]).await
            })
            .await;
        if let Err(error) = outcome {
            tracing::warn!(%error, "the use of a mission could not be noted");
        }
    }
}

fn is_due(noted: &Noted, instance: &Instance, account: AccountId, mission: Mission) -> bool {
    let now = instance.now();
    let mut noted = noted.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if noted.len() >= bounds::MISSION_USES_NOTED_MAX {
        noted.clear();
    }
    match noted.get(&(account, mission)) {
        Some(at) if now.since(*at) < bounds::MISSION_USE_STEP => false,
        _ => {
            noted.insert((account, mission), now);
            true
        }
    }
}
