//! The queue and what was decided lately.

use access::{OperationError, action};
use axum::http::StatusCode;
use axum::response::Response;
use operations::review::queue::{self, HoldSummary, Slice};
use operations::review::{Escalation, HoldState};

use super::gate::may;
use super::show::Visitor;
use crate::clock::ClockView;
use crate::format::{self, Wall};
use crate::pages::decisions::{DecisionRow, Decisions};
use crate::pages::guarded::class_name;
use crate::pages::queue::{QUEUE_ROWS, Queue, QueueList, QueueRow, QueueRows, Tab};
use crate::pages::shell::Place;
use crate::pages::{Severity, Standing, render};
use vocabulary::bounds;

/// Which part of the queue is looked at.
#[derive(Debug, Clone, Default)]
pub(super) struct View {
    search: String,
    escalated: bool,
    from: usize,
}

impl View {
    /// What the address asks for; without a view, the one of the person's own duty.
    pub(super) fn of(visitor: &Visitor) -> Self {
        let query = visitor.parts.uri.query().unwrap_or_default();
        let form = crate::forms::Form::parse(query.as_bytes()).unwrap_or_default();
        Self {
            search: form.text("search").trim().chars().take(100).collect(),
            escalated: match form.text("view") {
                "escalated" => true,
                "team" => false,
                _ => first_step(visitor) > Escalation::Team,
            },
            from: form.text("from").parse().unwrap_or(0),
        }
    }

    /// The address of a message that keeps this view beside it.
    fn beside(&self, hold: &HoldSummary) -> String {
        self.address(&format!("/holds/{}", hold.id), self.escalated, self.from)
    }

    const fn ladder(&self) -> Escalation {
        if self.escalated { Escalation::Arbiters } else { Escalation::Team }
    }

    fn address(&self, base: &str, escalated: bool, from: usize) -> String {
        let mut address = format!("{base}?view={}", if escalated { "escalated" } else { "team" });
        if !self.search.is_empty() {
            let search: String = self
                .search
                .bytes()
                .map(|byte| {
                    if byte.is_ascii_alphanumeric() {
                        char::from(byte).to_string()
                    } else {
                        format!("%{byte:02X}")
                    }
                })
                .collect();
            address += &format!("&search={search}");
        }
        if from > 0 {
            address += &format!("&from={from}");
        }
        address
    }

    fn finds(&self, hold: &HoldSummary, control: &str) -> bool {
        let wanted = self.search.to_lowercase();
        let sender = hold.sender.as_ref().map(|sender| sender.as_str().to_lowercase()).unwrap_or_default();
        let texts =
            [hold.subject.to_lowercase(), hold.sender_name.to_lowercase(), sender, control.to_lowercase()];
        texts.iter().any(|text| text.contains(&wanted))
    }
}

/// From which step of the ladder holds wait for this person: an arbiter who is no operator decides on what was escalated.
pub(super) fn first_step(visitor: &Visitor) -> Escalation {
    let can = |word| may(&visitor.signed, word);
    if can("hold.arbitrate") && !can("hold.release") { Escalation::Arbiters } else { Escalation::Team }
}

pub(super) async fn page(visitor: Visitor) -> Response {
    match list(&visitor, &View::of(&visitor), None).await {
        Ok(list) => render(StatusCode::OK, &Queue { s: visitor.shell(Place::Queue).await, list, day: None }),
        Err(answer) => answer,
    }
}

pub(super) async fn rows(visitor: Visitor) -> Response {
    match list(&visitor, &View::of(&visitor), None).await {
        Ok(list) => render(StatusCode::OK, &QueueRows { s: visitor.shell(Place::Queue).await, list }),
        Err(answer) => answer,
    }
}

/// What a view holds: its rows, and how many there are in each.
struct Found {
    rows: Vec<HoldSummary>,
    more: bool,
    shown: u64,
    all: u64,
    escalated: u64,
}

async fn find(visitor: &Visitor, view: &View) -> Result<Found, OperationError> {
    let op = &visitor.op;
    let permit = op.permit(action::ReadQueue, op.organisation()).await?;
    let (all, escalated) = (
        queue::count(op, &permit, Escalation::Team).await?,
        queue::count(op, &permit, Escalation::Arbiters).await?,
    );
    let slice = |from, at_most| Slice { ladder: view.ladder(), from, at_most };
    if view.search.is_empty() {
        let mut rows = queue::waiting(op, &permit, slice(view.from, QUEUE_ROWS + 1)).await?;
        let more = rows.len() > QUEUE_ROWS;
        rows.truncate(QUEUE_ROWS);
        let shown = if view.escalated { escalated } else { all };
        return Ok(Found { rows, more, shown, all, escalated });
    }
    let mut rows = queue::waiting(op, &permit, slice(0, bounds::QUEUE_SEARCHED_MAX)).await?;
    rows.retain(|hold| view.finds(hold, &about(visitor, hold)));
    let shown = rows.len() as u64;
    let more = rows.len() > view.from + QUEUE_ROWS;
    let rows = rows.into_iter().skip(view.from).take(QUEUE_ROWS).collect();
    Ok(Found { rows, more, shown, all, escalated })
}

/// The list, with the row of `current` marked.
pub(super) async fn list(
    visitor: &Visitor,
    view: &View,
    current: Option<&str>,
) -> Result<QueueList, Response> {
    let found = match find(visitor, view).await {
        Ok(found) => found,
        Err(error) => return Err(visitor.failed(error).await),
    };
    let (wall, now) = (visitor.wall(), visitor.op.now());
    let tab = |label: &str, escalated_view: bool, count| Tab {
        href: view.address("/queue", escalated_view, 0),
        label: visitor.words.t(label),
        count,
        critical: escalated_view && count > 0,
        current: view.escalated == escalated_view,
    };
    Ok(QueueList {
        now: format!("{}, {}", wall.weekday(now), wall.time(now)),
        search: view.search.clone(),
        view: if view.escalated { "escalated" } else { "team" },
        tabs: vec![tab("tab-team", false, found.all), tab("tab-escalated", true, found.escalated)],
        total: found.shown,
        rows: found.rows.iter().map(|hold| row(visitor, view, &wall, hold, current)).collect(),
        refresh: view.address("/queue/rows", view.escalated, view.from),
        back: view.address("/queue", view.escalated, view.from),
        fewer: (view.from > 0)
            .then(|| view.address("/queue", view.escalated, view.from.saturating_sub(QUEUE_ROWS))),
        more: found.more.then(|| view.address("/queue", view.escalated, view.from + QUEUE_ROWS)),
        last_decided: None,
    })
}

fn row(visitor: &Visitor, view: &View, wall: &Wall, hold: &HoldSummary, current: Option<&str>) -> QueueRow {
    let id = hold.id.to_string();
    QueueRow {
        href: view.beside(hold),
        current: current == Some(id.as_str()),
        id,
        clock: ClockView::new(wall, visitor.op.now(), hold.held_at, hold.due_at),
        who: sender(hold),
        subject: subject(visitor, hold),
        severity: Severity::from_level(hold.severity),
        control: about(visitor, hold),
        first_contact: false,
        attachments: hold.attachments > 0,
    }
}

/// The subject line, or that it is not told.
fn subject(visitor: &Visitor, hold: &HoldSummary) -> String {
    if hold.guarded.is_some() { visitor.words.t("guarded-subject") } else { hold.subject.clone() }
}

/// What the gravest control is called; of a guarded hold, as what it is guarded.
fn about(visitor: &Visitor, hold: &HoldSummary) -> String {
    match hold.guarded {
        Some(class) => class_name(class, visitor.words),
        None => control_title(visitor, &hold.control),
    }
}

fn sender(hold: &HoldSummary) -> String {
    if hold.sender_name.is_empty() {
        hold.sender.as_ref().map(|sender| sender.to_string()).unwrap_or_else(|| "<>".into())
    } else {
        hold.sender_name.clone()
    }
}

/// What a control is called, in the reader's language; its id when it is not in the set any more.
pub(super) fn control_title(visitor: &Visitor, id: &str) -> String {
    let organisation = visitor.app.cerebro.organisation(visitor.signed.organisation);
    let title = organisation
        .and_then(|known| Some(known.controls.control(id)?.title.get(visitor.words.0).to_owned()));
    title.unwrap_or_else(|| id.to_owned())
}

pub(super) async fn decisions(visitor: Visitor) -> Response {
    let op = &visitor.op;
    let permit = match op.permit(action::ReadQueue, op.organisation()).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let decided = match queue::decided(op, &permit).await {
        Ok(decided) => decided,
        Err(error) => return visitor.failed(error).await,
    };
    let may_overrule = may(&visitor.signed, "hold.overrule");
    let (wall, now) = (visitor.wall(), op.now());
    let rows = decided
        .iter()
        .map(|queue::DecidedHold { hold, overridden }| DecisionRow {
            href: format!("/holds/{}", hold.id),
            when: hold.decided_at.map(|at| wall.moment(now, at)).unwrap_or_default(),
            chip: standing(hold.state, hold.escalation).chip(visitor.words),
            subject: subject(&visitor, hold),
            sender: sender(hold),
            severity: Severity::from_level(hold.severity),
            control: about(&visitor, hold),
            by: hold.decided_by.clone().unwrap_or_default(),
            overridden: *overridden,
            took: hold
                .decided_at
                .map(|at| format::span(visitor.words.0, at.since(hold.held_at)))
                .unwrap_or_default(),
            overrule: (may_overrule
                && hold.state == HoldState::Rejected
                && (hold.guarded.is_none() || may(&visitor.signed, "hold.decide_guarded")))
            .then(|| format!("/holds/{}/overrule/release", hold.id)),
        })
        .collect();
    render(StatusCode::OK, &Decisions { s: visitor.shell(Place::Decisions).await, rows, may_overrule })
}

/// How a hold's state is shown.
pub(super) const fn standing(state: HoldState, escalation: Escalation) -> Standing {
    match (state, escalation) {
        (HoldState::Waiting, Escalation::Team) => Standing::Waiting,
        (HoldState::Waiting, Escalation::Arbiters) => Standing::Escalated,
        (HoldState::Waiting, Escalation::Overdue) => Standing::Expired,
        (HoldState::Released, _) => Standing::Released,
        (HoldState::Rejected, _) => Standing::Rejected,
        (HoldState::Withdrawn, _) => Standing::Withdrawn,
    }
}
