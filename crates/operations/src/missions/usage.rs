//! A mission was of use, a token was shown: noted to the hour, for whoever reviews who needs what (clause R1). Mechanical: what
//! was done is in the ledger; this only says that there was something.

use access::{
    ActionName, Actor, Instance, MechanicalReason, Mission, Operation, Rule, Statement, StoreError, Tx,
    Value, table,
};
use vocabulary::{AccountId, Timestamp, TokenId, bounds};

use super::sql;
use crate::{Cerebro, services};

/// What can be of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Used {
    Mission(AccountId, Mission),
    Token(TokenId),
}

/// What this process noted lately, so that it does not note every request.
pub(crate) type Noted = std::sync::Mutex<std::collections::HashMap<Used, Timestamp>>;

/// Notes which of `held` let whoever acts do `action`. Best effort: a note that cannot be made is made next time.
pub async fn note(cerebro: &Cerebro, op: &Operation, held: &[Mission], action: ActionName) {
    let Some(account) = op.actor().account() else { return };
    for mission in held.iter().filter(|mission| is_needed(**mission, action)) {
        if !take_due(cerebro.noted(), op.instance(), Used::Mission(account, *mission)) {
            continue;
        }
        let values = vec![account.into(), mission.word().into(), op.now().into()];
        keep(op, MechanicalReason::MissionUse, sql::USED, values).await;
    }
}

/// As [`note`], for a call of a service: its missions are asked for only when there is something to note.
pub async fn note_call(cerebro: &Cerebro, op: &Operation, action: ActionName) {
    let Actor::Service { account, token } = op.actor() else { return };
    if take_due(cerebro.noted(), op.instance(), Used::Token(token)) {
        let values = vec![token.into(), op.now().into()];
        keep(op, MechanicalReason::TokenUse, services::sql::USED, values).await;
    }
    let of_services =
        Mission::ALL.iter().filter(|mission| mission.is_of_services() && is_needed(**mission, action));
    if of_services
        .clone()
        .all(|mission| !is_due(cerebro.noted(), op.instance(), Used::Mission(account, *mission)))
    {
        return;
    }
    match op.missions().await {
        Ok(held) => note(cerebro, op, &held, action).await,
        Err(error) => tracing::warn!(%error, "the missions of a service could not be read"),
    }
}

fn is_needed(mission: Mission, action: ActionName) -> bool {
    table::mission(mission, action) != Rule::No && table::everyone(action) == Rule::No
}

async fn keep(op: &Operation, why: MechanicalReason, statement: &'static Statement, values: Vec<Value>) {
    let outcome: Result<u64, StoreError> =
        op.write_mechanical(why, async move |tx: &mut Tx<'_>| tx.execute(statement, values).await).await;
    if let Err(error) = outcome {
        tracing::warn!(%error, "a use could not be noted");
    }
}

fn is_due(noted: &Noted, instance: &Instance, used: Used) -> bool {
    let noted = noted.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    noted.get(&used).is_none_or(|at| instance.now().since(*at) >= bounds::MISSION_USE_STEP)
}

/// It is to be noted; it counts as noted from now on.
fn take_due(noted: &Noted, instance: &Instance, used: Used) -> bool {
    if !is_due(noted, instance, used) {
        return false;
    }
    let mut noted = noted.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if noted.len() >= bounds::MISSION_USES_NOTED_MAX {
        noted.clear();
    }
    noted.insert(used, instance.now());
    true
}
