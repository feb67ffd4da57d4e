//! The proof that *this* operation on *this* subject is allowed.

use std::marker::PhantomData;

use store::{StoreError, Tx, Value};
use vocabulary::bounds::PRESENCE;
use vocabulary::{OrganisationId, Timestamp};

use crate::table::{self, Rule};
use crate::{Action, ActionName, Actor, Assurance, Mandatory, Mission};

/// Proof that an action is allowed on one subject. Only [`crate::Operation::permit`] makes one.
///
/// It owns the subject's id: a verb takes it from here and from nowhere else, so that the thing checked is the thing
/// changed.
#[must_use = "a permit that is not used allows nothing"]
#[derive(Debug)]
pub struct Permit<A: Action> {
    subject: A::Subject,
    organisation: OrganisationId,
    actor: Actor,
    action: PhantomData<A>,
}

/// Why not. What a stranger sees is the same for all of them.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// No mission of theirs allows it.
    #[error("{action} is not allowed to {actor}")]
    NotAllowed {
        /// What was asked.
        action: ActionName,
        /// Who asked, pseudonymous.
        actor: String,
    },
    /// Allowed, after proving presence again.
    #[error("{action} asks for a fresh proof of presence")]
    StepUp {
        /// What was asked.
        action: ActionName,
    },
    /// The account is not active any more.
    #[error("the account is not active")]
    Inactive,
    /// It could not be checked, so it is refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<A: Action> Permit<A> {
    pub(crate) fn new(subject: A::Subject, organisation: OrganisationId, actor: Actor) -> Self {
        Self { subject, organisation, actor, action: PhantomData }
    }

    /// What it allows the action on.
    pub fn subject(&self) -> A::Subject {
        self.subject
    }

    /// Whose it is.
    pub fn organisation(&self) -> OrganisationId {
        self.organisation
    }

    /// Who holds it.
    pub(crate) fn actor(&self) -> Actor {
        self.actor
    }
}

pub(crate) mod sql {
    store::statements! {
        /// The account's state, and whether its session or token still stands.
        Organisation ACCOUNT = "SELECT a.status, s.verified_at, s.assurance, s.ended_at, COALESCE(t.ended_at, t.expires_at), a.sensitive, o.policy FROM account a JOIN organisation o ON o.id = a.organisation LEFT JOIN session s ON s.organisation = $1 AND s.id = $3 LEFT JOIN api_token t ON t.organisation = $1 AND t.id = $4 WHERE a.organisation = $1 AND a.id = $2";
        /// Holds the organisation's row until the commit: whoever else wants it waits.
        Organisation TAKE_TURN = "UPDATE organisation SET policy = policy WHERE id = $1";
        /// Missions held at an instant.
        Organisation MISSIONS = "SELECT DISTINCT mission FROM mission_grant WHERE organisation = $1 AND account = $2 AND from_at <= $3 AND (until_at IS NULL OR until_at > $3) AND ended_at IS NULL AND suspended_at IS NULL ORDER BY mission LIMIT 100";
    }
}

/// Checks an action against the table as things stand in this transaction.
pub(crate) async fn check(
    tx: &mut Tx<'_>,
    actor: Actor,
    action: ActionName,
    now: Timestamp,
) -> Result<(), Denied> {
    let rule = match actor {
        Actor::System(reason) => table::system(reason, action),
        Actor::Person { .. } | Actor::Service { .. } => best_rule(tx, actor, action, now).await?,
    };
    match rule {
        Rule::Yes | Rule::SecondPerson => Ok(()),
        Rule::StepUp => check_presence(tx, actor, action, now).await,
        Rule::No => Err(Denied::NotAllowed { action, actor: actor.to_string() }),
    }
}

async fn best_rule(
    tx: &mut Tx<'_>,
    actor: Actor,
    action: ActionName,
    now: Timestamp,
) -> Result<Rule, Denied> {
    let row = standing(tx, actor).await?.ok_or(Denied::Inactive)?;
    let active = row.get::<String>(0)? == "active";
    let ended = match actor {
        Actor::Person { .. } => row.get::<Option<i64>>(1)?.is_none() || row.get::<Option<i64>>(3)?.is_some(),
        // A token ends when it is ended, and on its day.
        _ => row.get::<Option<Timestamp>>(4)?.is_some_and(|ends| ends <= now),
    };
    if !active || ended {
        return Err(Denied::Inactive);
    }
    let held = missions(tx, actor, now).await?;
    if let Actor::Person { assurance, .. } = actor
        && is_held_in_enrolment(assurance, row.get::<i64>(5)? != 0, &held, Mandatory::of_policy(&row, 6)?)
    {
        return Ok(table::enrolment(action));
    }
    Ok(held
        .into_iter()
        .map(|mission| table::mission(mission, action))
        .chain([table::everyone(action)])
        .max()
        .unwrap_or(Rule::No))
}

/// Whether an account must have a second factor (clause A1).
#[must_use]
pub fn must_have_factor(sensitive: bool, missions: &[Mission], mandatory: Mandatory) -> bool {
    sensitive || missions.iter().any(|mission| mandatory.asks(mission.family()))
}

/// Whether a session may do nothing but enrol: a backup code opened it, or a second factor is owed and was not shown.
/// Asked anew at each request, so that a mission granted meanwhile counts at once.
#[must_use]
pub fn is_held_in_enrolment(
    assurance: Assurance,
    sensitive: bool,
    missions: &[Mission],
    mandatory: Mandatory,
) -> bool {
    match assurance {
        Assurance::Enrolment => true,
        Assurance::Password => must_have_factor(sensitive, missions, mandatory),
        Assurance::TwoFactor => false,
    }
}

/// The missions the actor holds now, in this transaction.
///
/// # Errors
/// The database did not answer.
pub async fn missions(tx: &mut Tx<'_>, actor: Actor, now: Timestamp) -> Result<Vec<Mission>, StoreError> {
    let Some(account) = actor.account() else { return Ok(Vec::new()) };
    let rows = tx.fetch(sql::MISSIONS, vec![account.into(), now.into()]).await?;
    rows.iter().map(|row| row.parse(0)).collect()
}

async fn check_presence(
    tx: &mut Tx<'_>,
    actor: Actor,
    action: ActionName,
    now: Timestamp,
) -> Result<(), Denied> {
    let verified: Option<Timestamp> = match standing(tx, actor).await? {
        Some(row) => row.get(1)?,
        None => None,
    };
    match verified {
        Some(at) if now.since(at) <= PRESENCE => Ok(()),
        _ => Err(Denied::StepUp { action }),
    }
}

async fn standing(tx: &mut Tx<'_>, actor: Actor) -> Result<Option<store::Row>, StoreError> {
    let (account, session, token) = match actor {
        Actor::Person { account, session, .. } => (account, Value::from(session), Value::Null),
        Actor::Service { account, token } => (account, Value::Null, Value::from(token)),
        Actor::System(_) => return Ok(None),
    };
    tx.fetch_optional(sql::ACCOUNT, vec![account.into(), session, token]).await
}
