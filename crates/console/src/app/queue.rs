//! The queue and what was decided lately.

use access::action;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use operations::review::queue::{self, HoldSummary};
use operations::review::{Escalation, HoldState};

use super::gate::may;
use super::show::Visitor;
use crate::clock::ClockView;
use crate::format;
use crate::pages::decisions::{DecisionRow, Decisions};
use crate::pages::queue::{QUEUE_ROWS, Queue, QueueList, QueueRow, QueueRows, Tab};
use crate::pages::shell::Place;
use crate::pages::{Severity, Standing, render};

/// Which part of the queue is looked at.
#[derive(Debug, Clone, Default)]
pub(super) struct View {
    search: String,
    escalated: bool,
    from: usize,
}

impl View {
    fn parse(query: Option<&str>) -> Self {
        let mut view = Self::default();
        let form = crate::forms::Form::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
        view.search = form.text("search").trim().chars().take(100).collect();
        view.escalated = form.text("view") == "escalated";
        view.from = form.text("from").parse().unwrap_or(0);
        view
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

    fn shows(&self, hold: &HoldSummary, control: &str) -> bool {
        let wanted = self.search.to_lowercase();
        let sender = hold.sender.as_ref().map(|sender| sender.as_str().to_lowercase()).unwrap_or_default();
        let texts =
            [hold.subject.to_lowercase(), hold.sender_name.to_lowercase(), sender, control.to_lowercase()];
        (!self.escalated || hold.escalation >= Escalation::Arbiters)
            && (wanted.is_empty() || texts.iter().any(|text| text.contains(&wanted)))
    }
}

pub(super) async fn page(visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    match list(&visitor, &View::parse(query.as_deref()), None).await {
        Ok(list) => render(StatusCode::OK, &Queue { s: visitor.shell(Place::Queue).await, list, day: None }),
        Err(answer) => answer,
    }
}

pub(super) async fn rows(visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    match list(&visitor, &View::parse(query.as_deref()), None).await {
        Ok(list) => render(StatusCode::OK, &QueueRows { s: visitor.shell(Place::Queue).await, list }),
        Err(answer) => answer,
    }
}

/// The list, with the row of `current` marked.
pub(super) async fn list(
    visitor: &Visitor,
    view: &View,
    current: Option<&str>,
) -> Result<QueueList, Response> {
    let op = &visitor.op;
    let permit = match op.permit(action::ReadQueue, op.organisation()).await {
        Ok(permit) => permit,
        Err(error) => return Err(visitor.failed(error).await),
    };
    let waiting = match queue::waiting(op, &permit).await {
        Ok(waiting) => waiting,
        Err(error) => return Err(visitor.failed(error).await),
    };
    let (wall, now) = (visitor.wall(), op.now());
    let escalated = waiting.iter().filter(|hold| hold.escalation >= Escalation::Arbiters).count() as u64;
    let all = waiting.len() as u64;
    let shown: Vec<&HoldSummary> =
        waiting.iter().filter(|hold| view.shows(hold, &control_title(visitor, &hold.control))).collect();
    let tab = |label: &str, escalated_view: bool, count| Tab {
        href: view.address("/queue", escalated_view, 0),
        label: visitor.words.t(label),
        count,
        critical: escalated_view && count > 0,
        current: view.escalated == escalated_view,
    };
    let more = shown.len() > view.from + QUEUE_ROWS;
    Ok(QueueList {
        now: format!("{}, {}", wall.weekday(now), wall.time(now)),
        search: view.search.clone(),
        tabs: vec![tab("tab-team", false, all), tab("tab-escalated", true, escalated)],
        total: shown.len() as u64,
        rows: shown
            .iter()
            .skip(view.from)
            .take(QUEUE_ROWS)
            .map(|hold| QueueRow {
                id: hold.id.to_string(),
                href: format!("/holds/{}", hold.id),
                current: current == Some(hold.id.to_string().as_str()),
                clock: ClockView::new(&wall, now, hold.held_at, hold.due_at),
                who: sender(hold),
                subject: hold.subject.clone(),
                severity: Severity::from_level(hold.severity),
                control: control_title(visitor, &hold.control),
                first_contact: false,
                attachments: hold.attachments > 0,
            })
            .collect(),
        refresh: view.address("/queue/rows", view.escalated, view.from),
        more: more.then(|| view.address("/queue", view.escalated, view.from + QUEUE_ROWS)),
        last_decided: None,
    })
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
        .map(|hold| DecisionRow {
            href: format!("/holds/{}", hold.id),
            when: hold.decided_at.map(|at| wall.moment(now, at)).unwrap_or_default(),
            chip: standing(hold.state, hold.escalation).chip(visitor.words),
            subject: hold.subject.clone(),
            sender: sender(hold),
            severity: Severity::from_level(hold.severity),
            control: control_title(&visitor, &hold.control),
            by: hold.decided_by.clone().unwrap_or_default(),
            took: hold
                .decided_at
                .map(|at| format::span(visitor.words.0, at.since(hold.held_at)))
                .unwrap_or_default(),
            overrule: (may_overrule && hold.state == HoldState::Rejected)
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
