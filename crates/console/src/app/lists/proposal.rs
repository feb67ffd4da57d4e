//! What waits for a second person, whole; their answer.

use access::action;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use operations::organisation::Reason;
use operations::proposals::{
    ProposalError, ProposalState, Subject, What, Whole, agree as agreeing, look, refuse as refusing,
};
use vocabulary::{ProposalId, bounds};

use super::{about, names, opening};
use crate::app::answered::{self, Trouble};
use crate::app::controls::{Names, by_at, moment};
use crate::app::gate::may;
use crate::app::recorded;
use crate::app::show::Visitor;
use crate::forms::Form;
use crate::pages::error::Mishap;
use crate::pages::lists::{EntryView, ProposalPage, proposal_chip};
use crate::pages::render;
use crate::pages::shell::Place;

/// Its page.
pub(super) async fn page(visitor: Visitor, Path(id): Path<String>) -> Response {
    show(&visitor, &id, String::new(), StatusCode::OK, None).await
}

async fn show(
    visitor: &Visitor,
    id: &str,
    typed: String,
    status: StatusCode,
    problem: Option<String>,
) -> Response {
    match fill(visitor, id, typed, problem).await {
        Ok(page) => render(status, &page),
        Err(mishap) => visitor.mishap(mishap).await,
    }
}

async fn fill(
    visitor: &Visitor,
    id: &str,
    typed: String,
    problem: Option<String>,
) -> Result<ProposalPage, Mishap> {
    let id: ProposalId = id.parse().map_err(|_| Mishap::NotFound)?;
    let permit = opening(visitor).await?;
    let whole = look::one(&visitor.op, &permit, id).await?.ok_or(Mishap::NotFound)?;
    let names = names(visitor).await?;
    let query = Form::parse(visitor.parts.uri.query().unwrap_or_default().as_bytes()).unwrap_or_default();
    let from: usize = query.text("from").parse().unwrap_or(0);
    let (added, removed) = match &whole.what {
        What::List(delta) => (delta.added.as_slice(), delta.removed.as_slice()),
        What::Examples(change) => (change.sentences.added.as_slice(), change.sentences.removed.as_slice()),
        What::Clients(_) => (&[][..], &[][..]),
    };
    let step = bounds::LIST_PAGE_ENTRIES;
    let list = match &whole.line.subject {
        Subject::List(list) => Some(*list),
        _ => None,
    };
    let view = |entry: &String| EntryView::new(visitor.words, list, entry);
    let some = |all: &[String]| all.iter().skip(from).take(step).map(view).collect::<Vec<_>>();
    let href = |from: usize| format!("/proposals/{id}?from={from}");
    let more = from + step < added.len().max(removed.len());
    let waits = whole.line.waits(visitor.op.now());
    let is_own = whole.line.proposer() == Some(visitor.signed.account);
    let can = |action| waits && may(&visitor.signed, action);
    Ok(ProposalPage {
        what: title(visitor, &whole),
        chip: proposal_chip(whole.line.state, visitor.words),
        facts: facts(visitor, &whole, &names),
        has_entries: !matches!(whole.what, What::Clients(_)),
        counts: (added.len() as u64, removed.len() as u64),
        added: some(added),
        removed: some(removed),
        pages: ((from > 0).then(|| href(from.saturating_sub(step))), more.then(|| href(from + step))),
        agree: (can("proposal.agree") && !is_own).then(|| format!("/proposals/{id}/agree")),
        refuse: can("proposal.refuse").then(|| format!("/proposals/{id}/refuse")),
        is_own,
        typed,
        problem,
        reason: whole.reason,
        answer: whole.answer,
        s: visitor.shell(Place::Lists).await,
    })
}

fn title(visitor: &Visitor, whole: &Whole) -> String {
    match &whole.what {
        What::Clients(file) if file.clients == 0 => visitor.words.t("proposal-clients-drop"),
        _ => about(visitor, &whole.line.subject),
    }
}

fn facts(visitor: &Visitor, whole: &Whole, names: &Names) -> Vec<(String, String)> {
    let (w, line) = (visitor.words, &whole.line);
    let mut facts = vec![(w.t("col-asked"), by_at(visitor, names, &line.proposed_by, line.proposed_at))];
    match &whole.what {
        What::List(_) => {}
        What::Examples(change) => {
            facts.extend(change.near.map(|near| (w.t("proposal-near"), near.to_string())))
        }
        What::Clients(file) => {
            let counts = [
                ("proposal-clients-before", u64::from(file.clients_before)),
                ("proposal-clients-after", u64::from(file.clients)),
                ("proposal-new", file.new),
                ("proposal-gone", file.gone),
                ("proposal-mailboxes", file.mailboxes),
            ];
            facts.extend(counts.map(|(key, count)| (w.t(key), w.int(count))));
        }
    }
    if line.state == ProposalState::Waiting {
        facts.push((w.t("proposal-lapses"), moment(visitor, line.until)));
    }
    if let (Some(by), Some(at)) = (&line.ended_by, line.ended_at) {
        facts.push((w.t("proposal-ended"), by_at(visitor, names, by, at)));
    }
    facts
}

/// A second person agrees.
pub(super) async fn agree(visitor: Visitor, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let Ok(proposal) = id.parse::<ProposalId>() else { return visitor.mishap(Mishap::NotFound).await };
    let permit = match visitor.op.permit(action::AgreeProposal, proposal).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let done = agreeing::agree(&visitor.app.cerebro, &visitor.op, permit).await;
    answered(&visitor, &headers, &id, String::new(), done).await
}

/// It is refused, or taken back.
pub(super) async fn refuse(
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
    form: Form,
) -> Response {
    let Ok(proposal) = id.parse::<ProposalId>() else { return visitor.mishap(Mishap::NotFound).await };
    let typed = form.text("reason").to_owned();
    let Ok(reason) = Reason::parse(&typed) else {
        let problem = visitor.words.t("decide-give-reason");
        return show(&visitor, &id, typed, StatusCode::UNPROCESSABLE_ENTITY, Some(problem)).await;
    };
    let permit = match visitor.op.permit(action::RefuseProposal, proposal).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let done = refusing::refuse(&visitor.op, permit, &reason).await;
    answered(&visitor, &headers, &id, typed, done).await
}

async fn answered(
    visitor: &Visitor,
    headers: &HeaderMap,
    id: &str,
    typed: String,
    done: Result<(), ProposalError>,
) -> Response {
    let w = visitor.words;
    let says = |status, problem| Trouble::Says(status, problem);
    let done = done.map_err(|error| match error {
        ProposalError::NotFound => Trouble::NotFound,
        ProposalError::Operation(error) => Trouble::Failed(error),
        ProposalError::SamePerson(_) | ProposalError::Nobody => {
            says(StatusCode::FORBIDDEN, w.t("proposal-same-person"))
        }
        ProposalError::Over => says(StatusCode::CONFLICT, w.t("proposal-over")),
        ProposalError::Meanwhile(_) => says(StatusCode::CONFLICT, w.t("proposal-meanwhile")),
        ProposalError::Taken(taken) => says(StatusCode::CONFLICT, w.with("list-taken", "domain", taken.0)),
        ProposalError::Full(most) => {
            says(StatusCode::CONFLICT, w.with("proposal-full", "n", w.int(most as u64)))
        }
    });
    let to = recorded::after(&format!("/proposals/{id}"), visitor.op.id());
    match answered::answered(visitor, headers, &to, done).await {
        Ok(answer) => answer,
        Err((status, problem)) => show(visitor, id, typed, status, Some(problem)).await,
    }
}
