//! The proof that *this* operation on *this* subject is allowed.

use std::marker::PhantomData;

use store::{Row, StoreError, Tx, Value};
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
        /// The account's state, whether its session or token still stands, and the missions it holds at `$5`.
        Organisation ACCOUNT = "SELECT a.status, s.verified_at, s.ended_at, COALESCE(t.ended_at, t.expires_at), a.sensitive, o.policy, (SELECT GROUP_CONCAT(DISTINCT g.mission) FROM mission_grant g WHERE g.organisation = $1 AND g.account = a.id AND g.from_at <= $5 AND (g.until_at IS NULL OR g.until_at > $5) AND g.ended_at IS NULL AND g.suspended_at IS NULL) FROM account a JOIN organisation o ON o.id = a.organisation LEFT JOIN session s ON s.organisation = $1 AND s.id = $3 LEFT JOIN api_token t ON t.organisation = $1 AND t.id = $4 WHERE a.organisation = $1 AND a.id = $2"
            => "SELECT a.status, s.verified_at, s.ended_at, COALESCE(t.ended_at, t.expires_at), a.sensitive, o.policy, (SELECT STRING_AGG(DISTINCT g.mission, ',') FROM mission_grant g WHERE g.organisation = $1 AND g.account = a.id AND g.from_at <= $5 AND (g.until_at IS NULL OR g.until_at > $5) AND g.ended_at IS NULL AND g.suspended_at IS NULL) FROM account a JOIN organisation o ON o.id = a.organisation LEFT JOIN session s ON s.organisation = $1 AND s.id = $3 LEFT JOIN api_token t ON t.organisation = $1 AND t.id = $4 WHERE a.organisation = $1 AND a.id = $2";
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
    let (rule, verified) = match actor {
        Actor::System(reason) => (table::system(reason, action), None),
        Actor::Person { .. } | Actor::Service { .. } => {
            let standing = Standing::of(tx, actor, now).await?.ok_or(Denied::Inactive)?;
            (standing.rule(action), standing.verified_at)
        }
    };
    match rule {
        Rule::Yes | Rule::SecondPerson => Ok(()),
        Rule::StepUp if verified.is_some_and(|at| now.since(at) <= PRESENCE) => Ok(()),
        Rule::StepUp => Err(Denied::StepUp { action }),
        Rule::No => Err(Denied::NotAllowed { action, actor: actor.to_string() }),
    }
}

/// What a person or a service is now, by one statement.
struct Standing {
    missions: Vec<Mission>,
    /// The session may do nothing but enrol.
    held_in_enrolment: bool,
    /// A person's last proof of presence.
    verified_at: Option<Timestamp>,
}

impl Standing {
    /// `None` for who is no more: the account is not active, its session or its token ended.
    async fn of(tx: &mut Tx<'_>, actor: Actor, now: Timestamp) -> Result<Option<Self>, StoreError> {
        let (account, session, token) = match actor {
            Actor::Person { account, session, .. } => (account, Value::from(session), Value::Null),
            Actor::Service { account, token } => (account, Value::Null, Value::from(token)),
            Actor::System(_) => return Ok(None),
        };
        let values = vec![account.into(), session, token, now.into()];
        let Some(row) = tx.fetch_optional(sql::ACCOUNT, values).await? else { return Ok(None) };
        let verified_at: Option<Timestamp> = row.get(1)?;
        let ended = match actor {
            Actor::Person { .. } => verified_at.is_none() || row.get::<Option<i64>>(2)?.is_some(),
            // A token ends when it is ended, and on its day.
            _ => row.get::<Option<Timestamp>>(3)?.is_some_and(|ends| ends <= now),
        };
        if row.get::<String>(0)? != "active" || ended {
            return Ok(None);
        }
        let missions = missions_in(&row, 6)?;
        let held_in_enrolment = match actor {
            Actor::Person { assurance, .. } => {
                let mandatory = Mandatory::of_policy(&row, 5)?;
                is_held_in_enrolment(assurance, row.get::<i64>(4)? != 0, &missions, mandatory)
            }
            _ => false,
        };
        Ok(Some(Self { missions, held_in_enrolment, verified_at }))
    }

    fn rule(&self, action: ActionName) -> Rule {
        if self.held_in_enrolment {
            return table::enrolment(action);
        }
        let held = self.missions.iter().map(|mission| table::mission(*mission, action));
        held.chain([table::everyone(action)]).max().unwrap_or(Rule::No)
    }
}

/// Whether an account must have a second factor (clause A1).
#[must_use]
pub fn must_have_factor(sensitive: bool, missions: &[Mission], mandatory: Mandatory) -> bool {
    let asks = |mission: &Mission| mission.always_has_factor() || mandatory.asks(mission.family());
    sensitive || missions.iter().any(asks)
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

/// Reads a column that holds missions one after the other, divided by commas, in the order of their words; none where it is NULL.
///
/// # Errors
/// The column holds something else.
pub fn missions_in(row: &Row, column: usize) -> Result<Vec<Mission>, StoreError> {
    let words: String = row.get::<Option<String>>(column)?.unwrap_or_default();
    let missions = words.split(',').filter(|word| !word.is_empty()).map(str::parse);
    let mut missions: Vec<Mission> =
        missions.collect::<Result<_, _>>().map_err(|_| StoreError::Column { column, wanted: "missions" })?;
    missions.sort_unstable_by_key(|mission| mission.word());
    Ok(missions)
}
