//! What a session token stands for, now: who, in which organisation, with which missions, for how much longer.

use std::collections::BTreeMap;

use access::{
    Actor, Assurance, Evidence, EvidenceKind, Instance, Mandatory, MechanicalReason, Mission, Operation,
    OperationError, Permit, Row, StoreError, Tx, Use, action,
};
use identity::SessionLimits;
use vocabulary::{AccountId, Locale, OrganisationId, PlatformReason, SessionId, Timestamp, bounds};

use super::bootstrap::token_hash;
use super::sql;
use crate::Policy;

/// A signed-in person.
#[derive(Debug, Clone)]
pub struct Signed {
    /// The session.
    pub session: SessionId,
    /// Whose.
    pub account: AccountId,
    /// In which organisation.
    pub organisation: OrganisationId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their language.
    pub locale: Locale,
    /// What the session proved.
    pub assurance: Assurance,
    /// What they hold now.
    pub missions: Vec<Mission>,
    /// The organisation marked the account sensitive (clause A1).
    pub sensitive: bool,
    /// Families that must have a second factor, as the organisation says.
    pub mandatory: Mandatory,
    /// A blind index of the browser it was given to, where that is known.
    pub(super) device: Option<Vec<u8>>,
    /// How long its sessions last.
    limits: SessionLimits,
    /// The last proof of presence.
    pub verified_at: Timestamp,
    /// Until when the question of a second factor is put off.
    pub postponed_until: Option<Timestamp>,
    /// When it ends whatever happens.
    over: Timestamp,
    /// When it ends for a node that knows only what is written.
    written_until: Timestamp,
    /// When the session ends if nothing happens.
    pub idle_until: Timestamp,
}

impl Signed {
    /// The operation of this person doing something.
    #[must_use]
    pub fn operation(&self, instance: &Instance) -> Operation {
        let actor = Actor::Person { account: self.account, session: self.session, assurance: self.assurance };
        instance.operation(actor, self.organisation, self.locale)
    }

    /// The account must have a second factor (clause A1).
    #[must_use]
    pub fn must_have_factor(&self) -> bool {
        access::must_have_factor(self.sensitive, &self.missions, self.mandatory)
    }

    /// The session can do nothing but enrol a second factor.
    #[must_use]
    pub fn is_held_in_enrolment(&self) -> bool {
        access::is_held_in_enrolment(self.assurance, self.sensitive, &self.missions, self.mandatory)
    }

    /// Presence was proved recently enough for an act that asks for it.
    #[must_use]
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now.since(self.verified_at) <= bounds::PRESENCE
    }
}

/// Who stands behind a session token, or `None`: unknown, ended, expired and suspended are the same answer. Real
/// activity moves the idle clock; polling does not.
///
/// # Errors
/// It could not be checked, so nobody is behind it.
pub async fn behind(
    instance: &Instance,
    token: &str,
    real_activity: bool,
) -> Result<Option<Signed>, OperationError> {
    let (hash, now) = (token_hash(token), instance.now());
    let row = instance
        .read_platform(PlatformReason::SignIn, async move |tx: &mut Tx<'_>| {
            tx.fetch_optional(sql::SESSION_BY_TOKEN, vec![hash.into(), now.into()]).await
        })
        .await
        .map_err(OperationError::Store)?;
    let Some(row) = row else { return Ok(None) };
    let Some(mut signed) = standing(instance, &row)? else { return Ok(None) };
    if real_activity {
        signed.idle_until = touch(instance, &signed).await?;
    }
    Ok(Some(signed))
}

/// Idle and absolute limits of a session under a policy (clause T1): the strictest family wins.
pub(super) fn limits(policy: &Policy, missions: &[Mission]) -> SessionLimits {
    policy.sessions.limits(missions.iter().map(|mission| mission.family()))
}

fn standing(instance: &Instance, row: &Row) -> Result<Option<Signed>, OperationError> {
    // Read with the session: what an administrator tightened counts at the next request, on every node.
    let policy = Policy::from_column(row, 14)?;
    let mut signed = Signed {
        organisation: row.parse(0)?,
        session: row.parse(1)?,
        account: row.parse(2)?,
        assurance: row.parse(3)?,
        name: row.get(8)?,
        locale: row.parse(9)?,
        email: row.get::<Option<String>>(10)?.unwrap_or_default(),
        missions: access::missions_in(row, 16)?,
        sensitive: row.get::<i64>(11)? != 0,
        mandatory: policy.mandatory,
        device: row.get(15)?,
        limits: SessionLimits::STANDARD,
        verified_at: row.get(12)?,
        postponed_until: row.get(13)?,
        over: Timestamp::default(),
        written_until: Timestamp::default(),
        idle_until: Timestamp::default(),
    };
    if row.get::<Option<i64>>(6)?.is_some() || row.get::<String>(7)? != "active" {
        return Ok(None);
    }
    signed.limits = limits(&policy, &signed.missions);
    let (created, written): (Timestamp, Timestamp) = (row.get(4)?, row.get(5)?);
    let seen = instance.uses().of(signed.session).map_or(written, |used| used.max(written));
    signed.over = created.plus(signed.limits.absolute());
    signed.written_until = written.plus(signed.limits.idle()).min(signed.over);
    signed.idle_until = seen.plus(signed.limits.idle()).min(signed.over);
    Ok(Some(signed).filter(|signed| instance.now() < signed.idle_until))
}

/// Real activity moves the idle clock. The answer does not wait for the disk unless the session is close to its limit by what is
/// written: a crash here leaves the use before, and a session that ends earlier.
async fn touch(instance: &Instance, signed: &Signed) -> Result<Timestamp, OperationError> {
    let now = instance.now();
    let moved = now.plus(signed.limits.idle()).min(signed.over).max(signed.idle_until);
    // Once a second is enough to keep the limit to the second.
    if moved.since(signed.idle_until) < std::time::Duration::from_secs(1) {
        return Ok(signed.idle_until);
    }
    let (session, account, organisation) = (signed.session, signed.account, signed.organisation);
    let used = Use { session, account, organisation, at: now };
    let is_close = signed.written_until.since(now) <= bounds::SESSION_USE_MARGIN;
    if is_close || !instance.uses().keep(used) {
        write(instance, organisation, vec![used]).await.map_err(OperationError::Store)?;
    }
    Ok(moved)
}

/// Writes the uses of sessions that requests left, some at once, and says how many: the turn of whoever serves pages. What could not be
/// written waits for the next one; one organisation's trouble does not keep another's.
///
/// # Errors
/// The database did not answer.
pub async fn write_uses(instance: &Instance) -> Result<usize, StoreError> {
    let mut of: BTreeMap<OrganisationId, Vec<Use>> = BTreeMap::new();
    for used in instance.uses().waiting() {
        of.entry(used.organisation).or_default().push(used);
    }
    let (mut count, mut trouble) = (0, None);
    for (organisation, uses) in of {
        match write(instance, organisation, uses.clone()).await {
            Ok(()) => {
                instance.uses().written(&uses);
                count += uses.len();
            }
            Err(error) => trouble = trouble.or(Some(error)),
        }
    }
    trouble.map_or(Ok(count), Err)
}

async fn write(instance: &Instance, organisation: OrganisationId, uses: Vec<Use>) -> Result<(), StoreError> {
    let (reason, why) = (PlatformReason::SignIn, MechanicalReason::SessionTouch);
    instance
        .write_mechanical(reason, why, async move |tx: &mut Tx<'_>| {
            tx.enter(organisation)?;
            put(tx, &uses).await
        })
        .await
}

/// Moves idle clocks, never back.
pub(super) async fn put(tx: &mut Tx<'_>, uses: &[Use]) -> Result<(), StoreError> {
    for used in uses {
        tx.execute(sql::TOUCH, vec![used.session.into(), used.at.into()]).await?;
    }
    Ok(())
}

/// Ends one's own session.
///
/// # Errors
/// It could not be recorded, so it stands.
pub async fn sign_out(op: &Operation, permit: Permit<action::SignOut>) -> Result<(), OperationError> {
    let now = op.now();
    op.write(permit, async move |tx: &mut Tx<'_>, session: SessionId| {
        tx.execute(sql::END_SESSION, vec![session.into(), now.into(), "signed_out".into()]).await?;
        Ok::<_, OperationError>((
            (),
            Evidence::of(EvidenceKind::SessionEnded, session).with("reason", "signed_out"),
        ))
    })
    .await
}
