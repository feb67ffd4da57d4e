//! What waits to leave: the page of administrators and supervisors, and what they may do there.

use access::action;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use operations::organisation::Reason;
use operations::outgoing::{
    self, Destination, OutgoingLine, PauseError, Paused, Restoration, RetryError, Step, Why, WithdrawError,
    list,
};
use vocabulary::{OutboxId, bounds};

use super::gate::may;
use super::show::Visitor;
use crate::forms::Form;
use crate::pages::error::Mishap;
use crate::pages::outgoing::{
    OutgoingPage, OutgoingRow, PauseRow, RestoredNote, WithdrawPage, answer, standing,
};
use crate::pages::render;
use crate::pages::shell::Place;
use crate::router::go;

const PAGE: &str = "/outgoing";

/// The list.
pub(super) async fn page(visitor: Visitor) -> Response {
    show(&visitor, None, Default::default()).await
}

async fn show(
    visitor: &Visitor,
    problem: Option<(&'static str, String)>,
    draft: (String, String),
) -> Response {
    let query = Form::parse(visitor.parts.uri.query().unwrap_or_default().as_bytes()).unwrap_or_default();
    let after = query.text("after").parse::<OutboxId>().ok();
    let permit = match visitor.op.permit(action::ReadOutbox, visitor.signed.organisation).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let found = async {
        let lines = list::page(&visitor.op, &permit, after).await?;
        let figures = list::figures(&visitor.op, &permit).await?;
        Ok::<_, access::OperationError>((lines, figures, list::paused(&visitor.op, &permit).await?))
    };
    let (mut lines, figures, paused) = match found.await {
        Ok(found) => found,
        Err(error) => return visitor.failed(error).await,
    };
    let more = lines.len() > bounds::PAGE_ROWS_MAX;
    lines.truncate(bounds::PAGE_ROWS_MAX);
    let (wall, now) = (visitor.wall(), visitor.op.now());
    let may_withdraw = may(&visitor.signed, "outbox.withdraw");
    let page = OutgoingPage {
        waiting: figures.waiting,
        deferred: figures.deferred,
        oldest: figures.oldest.map(|at| wall.moment(now, at)),
        owed: figures.debts.owed,
        late: figures.debts.would_not_have_passed,
        restored: paused.iter().find_map(|paused| match &paused.why {
            Why::Restored(restoration) => Some(restored(visitor, restoration)),
            Why::Said { .. } => None,
        }),
        pauses: paused.into_iter().map(|paused| pause_row(visitor, paused)).collect(),
        may_pause: may(&visitor.signed, "relay.pause"),
        may_withdraw,
        after: lines.last().filter(|_| more).map(|line| format!("{PAGE}?after={}", line.id)),
        rows: lines.iter().map(|line| row(visitor, line, may_withdraw)).collect(),
        first: after.is_none(),
        draft,
        s: visitor.shell(Place::Outgoing).await,
        problem,
    };
    let status = if page.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    render(status, &page)
}

/// Why everything waits after a restoration, and what to do about it.
fn restored(visitor: &Visitor, restoration: &Restoration) -> RestoredNote {
    let (w, since) = (visitor.words, visitor.wall().moment(visitor.op.now(), restoration.backup));
    RestoredNote {
        text: w.with("restored-text", "since", &since),
        attempted: w.n("restored-attempted", restoration.attempted),
        ended: w.n("restored-ended", restoration.ended),
    }
}

fn pause_row(visitor: &Visitor, paused: Paused) -> PauseRow {
    let w = visitor.words;
    let since = visitor.wall().moment(visitor.op.now(), paused.since);
    let (reason, by) = match paused.why {
        Why::Said { reason, by } => (reason, format!("{by}, {since}")),
        Why::Restored(_) => (w.t("restored"), since),
    };
    PauseRow {
        name: match &paused.destination {
            Destination::All => w.t("pause-all"),
            Destination::Domain(domain) => domain.clone(),
        },
        value: paused.destination.to_string(),
        reason,
        by,
    }
}

fn row(visitor: &Visitor, line: &OutgoingLine, may_withdraw: bool) -> OutgoingRow {
    let (w, wall, now) = (visitor.words, visitor.wall(), visitor.op.now());
    let in_hand = line.step == Step::Sending;
    OutgoingRow {
        id: line.id.to_string(),
        destinations: line.destinations.join(", "),
        what: match line.flow {
            Some(_) => w.n("outgoing-recipients", line.recipients as u64),
            None => w.t("outgoing-notice"),
        },
        chip: standing(line.step, w),
        next: match line.step {
            Step::Deferred(until) => Some(wall.moment(now, until)),
            _ => None,
        },
        since: wall.moment(now, line.since),
        attempts: u64::from(line.attempts),
        reply: line.last_reply.as_deref().map(|code| answer(code, w)),
        retry: matches!(line.step, Step::Deferred(_)) && may(&visitor.signed, "outbox.retry"),
        withdraw: line.flow.is_some() && !in_hand && may_withdraw,
    }
}

/// What leaves is stopped.
pub(super) async fn pause(visitor: Visitor, headers: HeaderMap, form: Form) -> Response {
    let w = visitor.words;
    let draft = (form.text("destination").to_owned(), form.text("reason").to_owned());
    let Ok(destination) = draft.0.parse::<Destination>() else {
        return show(&visitor, Some(("destination", w.t("pause-destination-wrong"))), draft).await;
    };
    let Ok(reason) = Reason::parse(&draft.1) else {
        return show(&visitor, Some(("reason", w.t("decide-give-reason"))), draft).await;
    };
    let permit = match visitor.op.permit(action::PauseRelay, visitor.signed.organisation).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    match outgoing::pause(&visitor.op, permit, destination, reason).await {
        Ok(()) => go(&headers, PAGE),
        Err(PauseError::Operation(error)) => visitor.failed(error).await,
        Err(PauseError::TooMany) => show(&visitor, Some(("destination", w.t("pause-too-many"))), draft).await,
        Err(_) => show(&visitor, Some(("destination", w.t("pause-already"))), draft).await,
    }
}

/// What was stopped goes on.
pub(super) async fn resume(visitor: Visitor, headers: HeaderMap, form: Form) -> Response {
    let Ok(destination) = form.text("destination").parse::<Destination>() else {
        return visitor.mishap(Mishap::BadRequest).await;
    };
    let permit = match visitor.op.permit(action::PauseRelay, visitor.signed.organisation).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    match outgoing::resume(&visitor.app.cerebro, &visitor.op, permit, destination).await {
        // Somebody else resumed it first: it is as it should be.
        Ok(()) | Err(PauseError::NotPaused) => go(&headers, PAGE),
        Err(PauseError::Operation(error)) => visitor.failed(error).await,
        Err(_) => visitor.mishap(Mishap::Failed).await,
    }
}

/// A message is tried at once.
pub(super) async fn retry(visitor: Visitor, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let Ok(outbox) = id.parse::<OutboxId>() else { return visitor.mishap(Mishap::NotFound).await };
    let permit = match visitor.op.permit(action::RetryDelivery, outbox).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    match outgoing::retry(&visitor.app.cerebro, &visitor.op, permit).await {
        // Being sent is what was asked for.
        Ok(()) | Err(RetryError::BeingSent) => go(&headers, PAGE),
        Err(RetryError::NotFound) => visitor.mishap(Mishap::NotFound).await,
        Err(RetryError::Operation(error)) => visitor.failed(error).await,
    }
}

/// A message is taken out: the form.
pub(super) async fn withdraw_page(visitor: Visitor, Path(id): Path<String>) -> Response {
    let Ok(outbox) = id.parse::<OutboxId>() else { return visitor.mishap(Mishap::NotFound).await };
    ask(&visitor, outbox, String::new(), None).await
}

async fn ask(visitor: &Visitor, outbox: OutboxId, reason: String, problem: Option<String>) -> Response {
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let s = visitor.shell(Place::Outgoing).await;
    render(status, &WithdrawPage { s, id: outbox.to_string(), reason, problem })
}

/// A message is taken out.
pub(super) async fn withdraw(
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
    form: Form,
) -> Response {
    let Ok(outbox) = id.parse::<OutboxId>() else { return visitor.mishap(Mishap::NotFound).await };
    let typed = form.text("reason").to_owned();
    let Ok(reason) = Reason::parse(&typed) else {
        return ask(&visitor, outbox, typed, Some(visitor.words.t("decide-give-reason"))).await;
    };
    let permit = match visitor.op.permit(action::WithdrawDelivery, outbox).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    match outgoing::withdraw(&visitor.app.cerebro, &visitor.op, permit, reason).await {
        Ok(()) => go(&headers, PAGE),
        Err(WithdrawError::BeingSent) => {
            ask(&visitor, outbox, typed, Some(visitor.words.t("take-out-being-sent"))).await
        }
        Err(WithdrawError::NotFound) => visitor.mishap(Mishap::NotFound).await,
        Err(WithdrawError::Operation(error)) => visitor.failed(error).await,
    }
}
