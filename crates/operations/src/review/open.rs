//! A person opens a held message: its contents, why it waits, who receives it, what was decided on like ones. Of a guarded one
//! that they did not open on grounds, only what everybody may know: nothing else is unsealed.

use std::collections::HashMap;

use access::{Actor, Evidence, EvidenceKind, Operation, OperationError, Permit, Row, StoreError, Tx, action};
use compliance::semantic::SecondReading;
use compliance::{Assessment, Guarded, Mode, Standing, Verdict};
use mail::Message;
use vocabulary::{AssessmentId, BlobId, EmailAddress, FlowId, HoldId, Timestamp};

use super::alike::{self, Alike, Counted};
use super::clock;
use super::event::{self, HoldEvent};
use super::guarded::{self, Opening, Sight};
use super::hold::{Escalation, HoldState};
use super::settle::{Kept, ReviewError, Seen, decision_context, open_json};
use super::{second, sql};
use crate::flows::settle::{Reviewed, ReviewedAttachment, Summary, assessment_context, summary_context};
use crate::flows::{CompanionKind, DeliveryState, body, sql as flow_sql};

/// Other messages that wait with a hold for one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Together {
    /// Why they wait with it.
    pub kind: CompanionKind,
    /// How many.
    pub count: u64,
    /// When the last of them joined.
    pub last_at: Timestamp,
}

/// A held message as a reviewer sees it.
#[derive(Debug)]
pub struct HeldMessage {
    /// The hold.
    pub id: HoldId,
    /// Its flow.
    pub flow: FlowId,
    /// Its class.
    pub class: String,
    /// 1 to 4.
    pub severity: u8,
    /// Where it stands.
    pub state: HoldState,
    /// How far up the ladder.
    pub escalation: Escalation,
    /// Since when.
    pub held_at: Timestamp,
    /// Until when.
    pub due_at: Timestamp,
    /// Who sent it.
    pub sender: Option<EmailAddress>,
    /// Bytes of the message.
    pub size: u64,
    /// What a decision will be bound to.
    pub seen: Seen,
    /// How many attachments.
    pub attached: usize,
    /// It is private or protected mail.
    pub guarded: Option<Guarded>,
    /// The reader has the mission for such mail: they may open it on grounds.
    pub is_custodian: bool,
    /// The reader opened it, and until when.
    pub opening: Option<Opening>,
    /// The controls that hold it, the gravest first.
    pub controls: Vec<String>,
    /// What it says; `None` while it is guarded and not opened.
    pub contents: Option<Contents>,
    /// Who receives it, of every part its server split it into.
    pub recipients: Vec<Recipient>,
    /// The other messages the decision is for, by why they wait with it.
    pub together: Vec<Together>,
    /// What was decided on it.
    pub decision: Option<Decided>,
    /// Decisions against decisions.
    pub overrides: Vec<Decided>,
    /// What happened to it besides.
    pub events: Vec<HoldEvent>,
    /// What its clock does next, and when.
    pub next: Option<(Timestamp, clock::Event)>,
}

/// What a held message says, and what is told of it.
#[derive(Debug)]
pub struct Contents {
    /// The message, read.
    pub message: Message,
    /// Its attachments as they were assessed.
    pub attachments: Vec<ReviewedAttachment>,
    /// What the engine concluded.
    pub assessment: Assessment,
    /// What was decided on those most like it.
    pub similar: Vec<Decided>,
    /// What was decided on all those like it.
    pub counted: Counted,
    /// What was decided on others this sender wrote to the same outside domains.
    pub pair: Vec<Decided>,
    /// What the second encoder says of it, and when it read it.
    pub second: Option<(Timestamp, SecondReading)>,
}

/// One recipient.
#[derive(Debug, Clone)]
pub struct Recipient {
    /// Their address.
    pub address: EmailAddress,
    /// Outside the organisation.
    pub external: bool,
    /// What the controls said: pass, hold, refuse.
    pub verdict: String,
    /// What became of it.
    pub state: DeliveryState,
    /// The remote's last answer.
    pub reply: Option<String>,
    /// Code and status of the last temporary failure.
    pub deferred: Option<String>,
}

/// One decision, as colleagues read it.
#[derive(Debug, Clone)]
pub struct Decided {
    /// On which hold.
    pub hold: HoldId,
    /// What it became.
    pub state: String,
    /// When.
    pub at: Timestamp,
    /// Who, by name where the account is known.
    pub by: String,
    /// Why; empty where it may tell what a guarded message says.
    pub reason: String,
}

/// Opens a held message. The first opening in a session is an entry; the next ones only read. What is guarded and was not
/// opened on grounds leaves none: nothing of its contents is read.
///
/// # Errors
/// There is none, it may not be read, or its contents were erased.
pub async fn open(op: &Operation, permit: Permit<action::ReadHold>) -> Result<HeldMessage, ReviewError> {
    let (hold, actor, now) = (permit.subject(), op.actor(), op.now());
    let rows = op.read(async move |tx: &mut Tx<'_>| load(tx, actor, hold, now).await).await?;
    let rows = rows.ok_or(ReviewError::NotFound)?;
    let assessments = std::iter::once(&rows.assessment).chain(&rows.parts).cloned().collect::<Vec<_>>();
    let guarded = guarded::guard(op, rows.hold.get(19)?, &assessments)?.class();
    if guarded.is_some() && rows.sight.opening.is_none() {
        return assemble(op, hold, &rows, guarded, None);
    }
    // Evidence before effect: the reading is recorded before anything is unsealed.
    record_reading(op, permit).await?;
    let contents = contents(op, hold, &rows)?;
    assemble(op, hold, &rows, guarded, Some(contents))
}

async fn record_reading(op: &Operation, permit: Permit<action::ReadHold>) -> Result<(), ReviewError> {
    let reader = match op.actor() {
        Actor::Person { session, .. } => session.to_string(),
        Actor::Service { token, .. } => token.to_string(),
        Actor::System(reason) => reason.word().to_owned(),
    };
    let (hold, session) = (permit.subject(), reader.clone());
    let known = op
        .read(async move |tx: &mut Tx<'_>| {
            let read =
                tx.fetch_optional(sql::ALREADY_READ, vec![session.into(), hold.to_string().into()]).await?;
            Ok::<_, ReviewError>(read.is_some())
        })
        .await?;
    if known {
        return Ok(());
    }
    let now = op.now();
    op.write(permit, async move |tx: &mut Tx<'_>, hold: HoldId| {
        let values = vec![reader.clone().into(), hold.to_string().into(), now.into()];
        tx.execute(sql::INSERT_READING, values).await?;
        Ok(((), Evidence::of(EvidenceKind::ContentRead, hold).with("session", reader)))
    })
    .await
}

struct Rows {
    hold: Row,
    flow: Row,
    assessment: Row,
    deliveries: Vec<Row>,
    together: Vec<Row>,
    parts: Vec<Row>,
    alike: Alike,
    pair: Vec<Row>,
    overrides: Vec<Row>,
    second: Option<Row>,
    events: Vec<Row>,
    names: Vec<Row>,
    sight: Sight,
}

async fn load(
    tx: &mut Tx<'_>,
    actor: Actor,
    hold: HoldId,
    now: Timestamp,
) -> Result<Option<Rows>, ReviewError> {
    let Some(row) = tx.fetch_optional(sql::HOLD, vec![hold.into()]).await? else { return Ok(None) };
    let flow: FlowId = row.parse(1)?;
    let missing = |what: &str| OperationError::Damaged(format!("{hold} has no {what}"));
    let mut deliveries = tx.fetch(flow_sql::DELIVERIES, vec![flow.into()]).await?;
    let (mut together, mut parts) = (Vec::new(), Vec::new());
    if row.get::<u64>(18)? > 0 {
        together = tx.fetch(sql::TOGETHER, vec![hold.into()]).await?;
        parts = tx.fetch(sql::PART_ASSESSMENTS, vec![hold.into()]).await?;
        deliveries.extend(tx.fetch(sql::PART_DELIVERIES, vec![hold.into()]).await?);
    }
    Ok(Some(Rows {
        flow: tx.fetch_optional(flow_sql::FLOW, vec![flow.into()]).await?.ok_or_else(|| missing("flow"))?,
        assessment: tx
            .fetch_optional(flow_sql::ASSESSMENT, vec![flow.into()])
            .await?
            .ok_or_else(|| missing("assessment"))?,
        deliveries,
        together,
        parts,
        pair: match row.get::<Option<String>>(14)? {
            Some(sender) => tx.fetch(sql::SIMILAR_PAIR, vec![sender.into(), hold.into()]).await?,
            None => Vec::new(),
        },
        alike: alike::load(tx, hold, now).await?,
        overrides: tx.fetch(sql::OVERRIDES, vec![hold.into()]).await?,
        second: tx.fetch_optional(sql::SECOND, vec![hold.into()]).await?,
        events: tx.fetch(sql::EVENTS, vec![hold.into()]).await?,
        names: tx.fetch(sql::NAMES, vec![]).await?,
        sight: guarded::sight(tx, actor, hold, now).await?,
        hold: row,
    }))
}

/// Unseals what the message says. Only a reading that was recorded comes here.
fn contents(op: &Operation, id: HoldId, rows: &Rows) -> Result<Contents, ReviewError> {
    let flow: FlowId = rows.hold.parse(1)?;
    let names = names(&rows.names)?;
    let reviewed = reviewed(op, rows)?;
    let raw = body::read(op, flow, rows.flow.get(10)?, rows.flow.parse_optional::<BlobId>(11)?)?;
    Ok(Contents {
        message: mail::parse(&raw),
        attachments: reviewed.attachments,
        assessment: reviewed.assessment,
        similar: similar(op, &rows.alike.rows, &names)?,
        counted: rows.alike.counted,
        pair: pair(op, &rows.pair, &recipients(rows)?, &names)?,
        second: rows.second.as_ref().map(|row| second::open(op, id, row)).transpose()?,
    })
}

/// The assessment, with what held other parts of the message.
fn reviewed(op: &Operation, rows: &Rows) -> Result<Reviewed, OperationError> {
    let id: AssessmentId = rows.assessment.parse(0)?;
    let mut reviewed: Reviewed = open_json(op, &assessment_context(id), &rows.assessment.get::<Vec<u8>>(1)?)?;
    let own = reviewed.assessment.recipients.len();
    reviewed.assessment.standings.resize(own, Standing::default());
    for part in &rows.parts {
        add_part(op, &mut reviewed.assessment, part)?;
    }
    Ok(reviewed)
}

/// The controls that hold it, by id, the gravest first.
fn controls(assessment: &Assessment) -> Vec<String> {
    let mut matches: Vec<_> = assessment
        .matches
        .iter()
        .filter(|found| found.mode == Mode::Enforce && found.verdict != Verdict::Pass)
        .collect();
    matches.sort_by_key(|found| std::cmp::Reverse((found.verdict, found.severity)));
    matches.into_iter().map(|found| found.control.clone()).collect()
}

fn recipients(rows: &Rows) -> Result<Vec<Recipient>, StoreError> {
    let one = |delivery: &Row| {
        Ok(Recipient {
            address: delivery.parse(1)?,
            external: delivery.get(2)?,
            verdict: delivery.get(3)?,
            state: delivery.parse(4)?,
            reply: delivery.get(5)?,
            deferred: delivery.get(10)?,
        })
    };
    rows.deliveries.iter().map(one).collect()
}

fn assemble(
    op: &Operation,
    id: HoldId,
    rows: &Rows,
    guarded: Option<Guarded>,
    contents: Option<Contents>,
) -> Result<HeldMessage, ReviewError> {
    let hold = &rows.hold;
    let flow: FlowId = hold.parse(1)?;
    let names = names(&rows.names)?;
    let summary: Summary = open_json(op, &summary_context(flow), &rows.flow.get::<Vec<u8>>(7)?)?;
    let held_by = match &contents {
        Some(contents) => controls(&contents.assessment),
        None => controls(&reviewed(op, rows)?.assessment),
    };
    // What colleagues and the sender wrote may tell what it says.
    let is_told = contents.is_some() || rows.sight.is_custodian;
    let mut overrides = overrides(op, id, &rows.overrides, &names)?;
    let mut decision = decided(op, id, hold.get(6)?, (hold.get(11)?, hold.get(12)?, hold.get(13)?), &names)?;
    let events = rows.events.iter().map(|row| event::read(op, id, row, |who| name(&names, who)));
    let mut events: Vec<HoldEvent> = events.collect::<Result<_, _>>()?;
    if !is_told {
        overrides.iter_mut().chain(&mut decision).for_each(|decided| decided.reason.clear());
        events.iter_mut().for_each(|event| event.said = None);
    }
    let next: Option<String> = hold.get(17)?;
    Ok(HeldMessage {
        id,
        flow,
        class: hold.get(3)?,
        severity: u8::try_from(hold.get::<i64>(4)?.clamp(1, 4)).unwrap_or(4),
        state: hold.parse(6)?,
        escalation: Escalation::from_level(hold.get(7)?),
        held_at: hold.get(9)?,
        due_at: hold.get(10)?,
        sender: hold.parse_optional(14)?,
        size: rows.flow.get(2)?,
        seen: Seen(hold.get(8)?),
        attached: summary.attachments,
        guarded,
        is_custodian: guarded.is_some() && rows.sight.is_custodian,
        opening: rows.sight.opening.filter(|_| guarded.is_some()),
        controls: held_by,
        contents,
        recipients: recipients(rows)?,
        together: together(&rows.together)?,
        decision,
        overrides,
        events,
        next: hold.get::<Option<Timestamp>>(16)?.zip(next.as_deref().and_then(clock::Event::parse)),
    })
}

fn overrides(
    op: &Operation,
    id: HoldId,
    rows: &[Row],
    names: &Names,
) -> Result<Vec<Decided>, OperationError> {
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let grounds = op.open(&format!("{}/grounds", row.get::<String>(0)?), &row.get::<Vec<u8>>(4)?)?;
        all.push(Decided {
            hold: id,
            state: row.get(3)?,
            at: row.get(5)?,
            by: name(names, &row.get::<String>(1)?),
            reason: String::from_utf8_lossy(&grounds).into_owned(),
        });
    }
    Ok(all)
}

/// What held another part of the message, and what its recipients are; of what it found nothing: it is found here too.
fn add_part(op: &Operation, whole: &mut Assessment, part: &Row) -> Result<(), OperationError> {
    let id: AssessmentId = part.parse(0)?;
    let mut part = open_json::<Reviewed>(op, &assessment_context(id), &part.get::<Vec<u8>>(1)?)?.assessment;
    // Its recipients are shown behind those that are known.
    part.standings.resize(part.recipients.len(), Standing::default());
    whole.standings.append(&mut part.standings);
    for mut found in part.matches {
        // They count the part's own recipients.
        found.recipients.clear();
        if whole.matches.iter().all(|known| known.control != found.control) {
            whole.matches.push(found);
        }
    }
    Ok(())
}

fn together(rows: &[Row]) -> Result<Vec<Together>, OperationError> {
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        all.push(Together { kind: row.parse(0)?, count: row.get(1)?, last_at: row.get(2)? });
    }
    Ok(all)
}

type Names = HashMap<String, String>;

fn names(rows: &[Row]) -> Result<Names, StoreError> {
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

fn name(names: &Names, who: &str) -> String {
    names.get(who).cloned().unwrap_or_else(|| who.to_owned())
}

type Kind = (Option<Timestamp>, Option<String>, Option<Vec<u8>>);

fn decided(
    op: &Operation,
    hold: HoldId,
    state: String,
    (at, by, sealed): Kind,
    names: &Names,
) -> Result<Option<Decided>, OperationError> {
    let (Some(at), Some(by)) = (at, by) else { return Ok(None) };
    let reason = match sealed {
        Some(sealed) => open_json::<Kept>(op, &decision_context(hold), &sealed)?.reason,
        None => String::new(),
    };
    Ok(Some(Decided { hold, state, at, by: name(names, &by), reason }))
}

fn similar(op: &Operation, rows: &[Row], names: &Names) -> Result<Vec<Decided>, OperationError> {
    let mut all = Vec::new();
    for row in rows {
        let kind = (row.get(2)?, row.get(3)?, row.get(4)?);
        all.extend(decided(op, row.parse(0)?, row.get(1)?, kind, names)?);
    }
    Ok(all)
}

/// Of what was decided on other messages of the sender, those that went to a domain outside that this one goes to: each once, the
/// latest three.
fn pair(
    op: &Operation,
    rows: &[Row],
    recipients: &[Recipient],
    names: &Names,
) -> Result<Vec<Decided>, OperationError> {
    let mut all: Vec<Decided> = Vec::new();
    for row in rows {
        let (hold, to): (HoldId, EmailAddress) = (row.parse(0)?, row.parse(5)?);
        let same = |known: &&Recipient| known.external && known.address.domain() == to.domain();
        if all.len() < PAIR_SHOWN
            && all.iter().all(|known| known.hold != hold)
            && recipients.iter().any(|known| same(&known))
        {
            let kind = (row.get(2)?, row.get(3)?, row.get(4)?);
            all.extend(decided(op, hold, row.get(1)?, kind, names)?);
        }
    }
    Ok(all)
}

/// Decisions shown of a sender and the domains they write to.
const PAIR_SHOWN: usize = 3;
