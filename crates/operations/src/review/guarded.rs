//! A guarded hold (private or protected mail) is opened by a person who has the mission for it, on written grounds, for a while.
//! The entry that says so is in the write that opens it: no entry, no contents.

use access::{
    ActionName, Actor, Evidence, EvidenceKind, Operation, OperationError, Permit, Row, Rule, StoreError, Tx,
    action, table,
};
use compliance::{Guard, Guarded};
use vocabulary::{FlowId, HoldId, Timestamp, bounds};

use super::event::{self, EventKind};
use super::settle::{ReviewError, open_json};
use super::sql as holds;
use crate::flows::settle::{Reviewed, assessment_context};
use crate::flows::sql as flows;
use crate::organisation::Reason;

pub(crate) mod sql {
    access::statements! {
        Organisation KEEP = "INSERT INTO guarded_opening (organisation, hold, account, session, circumstance, grounds, opened_at, until_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        Organisation STANDING = "SELECT circumstance, until_at FROM guarded_opening WHERE organisation = $1 AND hold = $2 AND account = $3 AND session = $4 AND until_at > $5 ORDER BY until_at DESC LIMIT 1";
        /// What joins a hold is guarded with it, whatever the first of them was.
        Organisation JOIN = "UPDATE hold SET guard = COALESCE(guard, 0) | $3 WHERE organisation = $1 AND id = $2";
        Organisation SET = "UPDATE hold SET guard = $3 WHERE organisation = $1 AND id = $2";
    }
}

/// In which of the cases that the law knows somebody opens a guarded message. For private mail: Code du travail, art. L. 1121-1;
/// Cour de cassation, chambre sociale, 17 May 2005, n° 03-40.017.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Circumstance {
    /// Private: the employee is there.
    Present,
    /// Private: the employee was called, and did not come.
    Called,
    /// Private: a particular risk or event, which the grounds name.
    Risk,
    /// Protected: the person whom the secret protects agreed.
    Agreed,
    /// Protected: the institution's procedure names the reader among those who receive such correspondence.
    Entitled,
    /// Protected: a judge or an authority requires it.
    Required,
}

vocabulary::words!(Circumstance {
    Present = "present",
    Called = "called",
    Risk = "risk",
    Agreed = "agreed",
    Entitled = "entitled",
    Required = "required",
});

impl Circumstance {
    /// Those of a class, in the order in which they are offered.
    pub fn of(class: Guarded) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |one| one.class() == class)
    }

    const fn class(self) -> Guarded {
        match self {
            Self::Present | Self::Called | Self::Risk => Guarded::Private,
            Self::Agreed | Self::Entitled | Self::Required => Guarded::Protected,
        }
    }
}

/// Why somebody opens a guarded message.
#[derive(Debug, Clone)]
pub struct Grounds {
    /// In which case.
    pub circumstance: Circumstance,
    /// In their words: for the auditor and the ledger.
    pub reason: Reason,
}

/// An opening that stands, of whoever reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// In which case.
    pub circumstance: Circumstance,
    /// Until when the contents are shown.
    pub until: Timestamp,
}

/// Opens the contents of a guarded hold to whoever asks, in this session of theirs, for [`bounds::GUARDED_OPEN`]. Reading it
/// then is [`super::open::open`], as of any other.
///
/// # Errors
/// Nothing was opened: among others, the hold is not guarded, or the case is one of another class.
pub async fn open(
    op: &Operation,
    permit: Permit<action::OpenGuarded>,
    grounds: Grounds,
) -> Result<Opening, ReviewError> {
    let hold = permit.subject();
    let Actor::Person { account, session, .. } = op.actor() else { return Err(ReviewError::NotFound) };
    let guard = guard_of(op, hold).await?;
    if guard.class() != Some(grounds.circumstance.class()) {
        return Err(if guard.class().is_none() {
            ReviewError::NotGuarded
        } else {
            ReviewError::Circumstance
        });
    }
    let now = op.now();
    let opening = Opening { circumstance: grounds.circumstance, until: now.plus(bounds::GUARDED_OPEN) };
    let sealed = op.seal(&context(hold, now), grounds.reason.as_str().as_bytes())?;
    let opened = event::prepare(op, hold, EventKind::Opened, None)?;
    op.write(permit, async move |tx: &mut Tx<'_>, hold: HoldId| {
        let values = vec![
            hold.into(),
            account.into(),
            session.into(),
            opening.circumstance.word().into(),
            sealed.into(),
            now.into(),
            opening.until.into(),
        ];
        tx.execute(sql::KEEP, values).await?;
        // What is read of it in this session is under this entry.
        let values = vec![session.to_string().into(), hold.to_string().into(), now.into()];
        tx.execute(holds::INSERT_READING, values).await?;
        event::record(tx, hold, opened).await?;
        let evidence = Evidence::of(EvidenceKind::GuardedOpened, hold)
            .with("session", session.to_string())
            .with("class", grounds.circumstance.class().word())
            .with("circumstance", opening.circumstance.word())
            .with("grounds", grounds.reason.as_str())
            .with("until", opening.until.rfc3339());
        Ok((opening, evidence))
    })
    .await
}

fn context(hold: HoldId, at: Timestamp) -> String {
    format!("{hold}/opening/{}", at.micros())
}

/// What whoever reads may see of guarded holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Sight {
    /// They have the mission: they may open it, and read what was said about it.
    pub(super) is_custodian: bool,
    /// They opened this one.
    pub(super) opening: Option<Opening>,
}

/// Looks it up in the transaction that reads the hold. An opening is worth nothing any more once its mission is gone.
pub(super) async fn sight(
    tx: &mut Tx<'_>,
    actor: Actor,
    hold: HoldId,
    now: Timestamp,
) -> Result<Sight, StoreError> {
    if !is_custodian(tx, actor, ActionName::OpenGuarded, now).await? {
        return Ok(Sight::default());
    }
    let Actor::Person { account, session, .. } = actor else { return Ok(Sight::default()) };
    let values = vec![hold.into(), account.into(), session.into(), now.into()];
    let opening = match tx.fetch_optional(sql::STANDING, values).await? {
        Some(row) => Some(Opening { circumstance: row.parse(0)?, until: row.get(1)? }),
        None => None,
    };
    Ok(Sight { is_custodian: true, opening })
}

/// Whether a mission of the actor allows an action on guarded holds, now.
pub(super) async fn is_custodian(
    tx: &mut Tx<'_>,
    actor: Actor,
    action: ActionName,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let held = access::missions(tx, actor, now).await?;
    Ok(held.into_iter().any(|mission| table::mission(mission, action) != Rule::No))
}

/// How a hold is guarded.
///
/// # Errors
/// There is none, or the database did not answer.
pub(super) async fn guard_of(op: &Operation, hold: HoldId) -> Result<Guard, ReviewError> {
    let (kept, assessments) = op
        .read(async move |tx: &mut Tx<'_>| {
            let row =
                tx.fetch_optional(holds::HOLD, vec![hold.into()]).await?.ok_or(ReviewError::NotFound)?;
            let kept: Option<i64> = row.get(19)?;
            let flow: FlowId = row.parse(1)?;
            let mut assessments = Vec::new();
            if kept.is_none() {
                assessments.extend(tx.fetch_optional(flows::ASSESSMENT, vec![flow.into()]).await?);
                assessments.extend(tx.fetch(holds::PART_ASSESSMENTS, vec![hold.into()]).await?);
            }
            Ok::<_, ReviewError>((kept, assessments))
        })
        .await?;
    Ok(guard(op, kept, &assessments)?)
}

/// As it is kept; of a hold made before that was kept, as its assessments say. Once those are erased there is nothing to guard.
pub(super) fn guard(op: &Operation, kept: Option<i64>, assessments: &[Row]) -> Result<Guard, OperationError> {
    if let Some(bits) = kept {
        return Ok(Guard::from_bits(bits));
    }
    let mut whole = Guard::default();
    for row in assessments {
        match open_json::<Reviewed>(op, &assessment_context(row.parse(0)?), &row.get::<Vec<u8>>(1)?) {
            Ok(reviewed) => whole = whole.and(Guard::of(&reviewed.assessment, None)),
            Err(error) if error.is_erased() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(whole)
}
