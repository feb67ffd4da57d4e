//! The forms of decisions, and what they do.

use access::{OperationError, action};
use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use operations::organisation::Reason;
use operations::review::arbitrate::{Ruling, arbitrate};
use operations::review::open::HeldMessage;
use operations::review::overrule::overrule as overturn;
use operations::review::signature::{self, Answer, Deed, Demand};
use operations::review::{
    Decision, HoldState, ReviewError, Seen, custody, decide as review, escalate, queue,
};
use vocabulary::HoldId;

use super::App;
use super::guarded;
use super::held::opened;
use super::queue::{first_step, standing};
use super::recorded;
use super::show::Visitor;
use crate::clock::ClockView;
use crate::forms::Form;
use crate::pages::decide::{
    Act, DecidePage, Draft, Problem, SignDecisionPage, Stated, against, draft, read, seen,
};
use crate::pages::error::Mishap;
use crate::pages::render;
use crate::pages::shell::Place;
use crate::router::go;
use crate::webauthn;

/// Who asks, about which hold.
pub(crate) struct Ask {
    visitor: Visitor,
    id: String,
}

impl FromRequestParts<App> for Ask {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, StatusCode> {
        let visitor = Visitor::from_request_parts(parts, app).await?;
        // `/holds/{hold}/…`: the second segment, whatever follows it.
        let id = parts.uri.path().split('/').nth(2).unwrap_or_default().to_owned();
        Ok(Self { visitor, id })
    }
}

fn ruling(word: &str) -> Option<Ruling> {
    match word {
        "release" => Some(Ruling::Release),
        "reject" => Some(Ruling::Reject),
        _ => None,
    }
}

pub(super) async fn rule_form(ask: Ask, Path((_, word)): Path<(String, String)>) -> Response {
    match ruling(&word) {
        Some(Ruling::Release) => form(ask, Act::RuleRelease).await,
        Some(Ruling::Reject) => form(ask, Act::RuleReject).await,
        None => ask.visitor.mishap(Mishap::NotFound).await,
    }
}

pub(super) async fn rule(ask: Ask, Path((_, word)): Path<(String, String)>, form: Form) -> Response {
    match ruling(&word) {
        Some(Ruling::Release) => decide(ask, form, Act::RuleRelease).await,
        Some(Ruling::Reject) => decide(ask, form, Act::RuleReject).await,
        None => ask.visitor.mishap(Mishap::NotFound).await,
    }
}

pub(super) async fn overrule_form(ask: Ask, Path((_, word)): Path<(String, String)>) -> Response {
    match ruling(&word) {
        Some(Ruling::Release) => form(ask, Act::OverruleRelease).await,
        Some(Ruling::Reject) => form(ask, Act::OverruleReject).await,
        None => ask.visitor.mishap(Mishap::NotFound).await,
    }
}

pub(super) async fn overrule(ask: Ask, Path((_, word)): Path<(String, String)>, form: Form) -> Response {
    match ruling(&word) {
        Some(Ruling::Release) => decide(ask, form, Act::OverruleRelease).await,
        Some(Ruling::Reject) => decide(ask, form, Act::OverruleReject).await,
        None => ask.visitor.mishap(Mishap::NotFound).await,
    }
}

pub(super) async fn custody_form(ask: Ask, Path((_, word)): Path<(String, String)>) -> Response {
    match ruling(&word) {
        Some(Ruling::Release) => form(ask, Act::CustodyRelease).await,
        Some(Ruling::Reject) => form(ask, Act::CustodyReject).await,
        None => ask.visitor.mishap(Mishap::NotFound).await,
    }
}

pub(super) async fn custody(ask: Ask, Path((_, word)): Path<(String, String)>, form: Form) -> Response {
    match ruling(&word) {
        Some(Ruling::Release) => decide(ask, form, Act::CustodyRelease).await,
        Some(Ruling::Reject) => decide(ask, form, Act::CustodyReject).await,
        None => ask.visitor.mishap(Mishap::NotFound).await,
    }
}

/// The form of a decision.
pub(super) async fn form(ask: Ask, act: Act) -> Response {
    show(&ask, act, None, Vec::new(), None).await
}

async fn show(
    ask: &Ask,
    act: Act,
    draft: Option<Draft>,
    problems: Vec<Problem>,
    bound: Option<String>,
) -> Response {
    let held = match opened(&ask.visitor, &ask.id).await {
        Ok(held) => held,
        Err(answer) => return answer,
    };
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (cerebro, op) = (&ask.visitor.app.cerebro, &ask.visitor.op);
    let demand = match deed(act) {
        Some(deed) => match signature::demand(cerebro, op, deed, &held.class).await {
            Ok(demand) => demand,
            Err(error) => return ask.visitor.failed(error).await,
        },
        None => Demand::No,
    };
    let (wall, now) = (ask.visitor.wall(), ask.visitor.op.now());
    let waits = held.state == HoldState::Waiting;
    let page = DecidePage {
        s: ask.visitor.shell(Place::Queue).await,
        act,
        back: format!("/holds/{}", ask.id),
        action: act.href(&ask.id),
        subject: guarded::subject(&ask.visitor, &held),
        sender: held.sender.as_ref().map(ToString::to_string).unwrap_or_default(),
        clock: waits.then(|| ClockView::new(&wall, now, held.held_at, held.due_at)),
        against: against_what(&ask.visitor, act, &held),
        seen: bound.unwrap_or_else(|| held.seen.hex()),
        demand,
        draft: draft.unwrap_or_else(|| first_draft(&ask.visitor, act, &held)),
        problems,
    };
    render(status, &page)
}

/// What a form holds when it is first shown.
fn first_draft(visitor: &Visitor, act: Act, held: &HeldMessage) -> Draft {
    let note = if act == Act::Reject { guarded::note(visitor, held) } else { String::new() };
    Draft { note, ..Draft::default() }
}

fn against_what(visitor: &Visitor, act: Act, held: &HeldMessage) -> Option<String> {
    let decided =
        held.decision.as_ref().filter(|_| matches!(act, Act::OverruleRelease | Act::OverruleReject))?;
    let when = visitor.wall().moment(visitor.op.now(), decided.at);
    let what = format!("{}, {when},", standing(held.state, held.escalation).chip(visitor.words).word);
    let who = against(visitor.words, &what, &decided.by);
    if decided.reason.is_empty() {
        return Some(who);
    }
    Some(visitor.words.with2("decide-against-reason", "what", who, "reason", &decided.reason))
}

/// Makes the decision the form states.
pub(super) async fn decide(ask: Ask, form: Form, act: Act) -> Response {
    let visitor = &ask.visitor;
    let stated = match read(&form, act, visitor.words) {
        Ok(stated) => stated,
        Err((draft, problems)) => {
            return show(&ask, act, Some(draft), problems, Some(form.text("seen").to_owned())).await;
        }
    };
    let Ok(id) = ask.id.parse::<HoldId>() else { return visitor.mishap(Mishap::NotFound).await };
    let Ok(sha256) = seen(&form) else { return visitor.mishap(Mishap::StalePage).await };
    let wishes = form.text("sign") == "yes" && deed(act).is_some();
    let made = match decision(&stated, sha256, &form) {
        Ok(decision) if wishes && decision.signed.is_none() => Err(ReviewError::SignatureNeeded),
        Ok(decision) => make(visitor, id, act, decision).await,
        Err(error) => Err(error.into()),
    };
    match made {
        Ok(()) => {
            let next = next(visitor, id, act).await;
            go(&visitor.parts.headers, &recorded::after(&next, visitor.op.id()))
        }
        Err(ReviewError::SignatureNeeded | ReviewError::Signature) => sign(&ask, &form, act, &stated).await,
        Err(error) => visitor.failed(error).await,
    }
}

/// The decision whole, with the question to the person's keys.
async fn sign(ask: &Ask, form: &Form, act: Act, stated: &Stated) -> Response {
    let visitor = &ask.visitor;
    let (Some(deed), Ok(id), Ok(sha256)) = (deed(act), ask.id.parse::<HoldId>(), seen(form)) else {
        return visitor.mishap(Mishap::StalePage).await;
    };
    let held = match opened(visitor, &ask.id).await {
        Ok(held) => held,
        Err(answer) => return answer,
    };
    let decision = match decision(stated, sha256, form) {
        Ok(decision) => decision,
        Err(error) => return visitor.failed(error).await,
    };
    let to_sign = match signature::ask(&visitor.app.cerebro, &visitor.op, id, deed, &decision).await {
        Ok(to_sign) => to_sign,
        // There is no key: the form says so, with what was written.
        Err(ReviewError::SignatureNeeded) => {
            let problem = Problem { field: "sign", text: visitor.words.t("sign-impossible") };
            return show(ask, act, Some(draft(form)), vec![problem], Some(stated.seen.clone())).await;
        }
        Err(error) => return visitor.failed(error).await,
    };
    let problem = decision.signed.is_some();
    let status = if problem { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = SignDecisionPage {
        s: visitor.shell(Place::Queue).await,
        act,
        back: act.href(&ask.id),
        action: act.href(&ask.id),
        subject: guarded::subject(visitor, &held),
        sender: held.sender.as_ref().map(ToString::to_string).unwrap_or_default(),
        seen: stated.seen.clone(),
        reason: stated.reason.clone(),
        draft: draft(form),
        nonce: to_sign.nonce,
        options: webauthn::request(&to_sign.question),
        problem,
    };
    render(status, &page)
}

/// What the key signs, where there is something to sign: handing on to the arbiters decides nothing.
const fn deed(act: Act) -> Option<Deed> {
    match act {
        Act::Release => Some(Deed::Release),
        Act::Reject => Some(Deed::Reject),
        Act::Escalate => None,
        Act::RuleRelease => Some(Deed::Rule(Ruling::Release)),
        Act::RuleReject => Some(Deed::Rule(Ruling::Reject)),
        Act::OverruleRelease => Some(Deed::Overrule(Ruling::Release)),
        Act::OverruleReject => Some(Deed::Overrule(Ruling::Reject)),
        Act::CustodyRelease => Some(Deed::Release),
        Act::CustodyReject => Some(Deed::Reject),
    }
}

/// Where a decision leads: the next message that waits for this person, or the list it was made from.
async fn next(visitor: &Visitor, decided: HoldId, act: Act) -> String {
    if matches!(act, Act::OverruleRelease | Act::OverruleReject) {
        return "/decisions".to_owned();
    }
    let ladder = first_step(visitor);
    let found = match visitor.op.permit(action::ReadQueue, visitor.op.organisation()).await {
        Ok(permit) => queue::after(&visitor.op, &permit, decided, ladder).await.ok().flatten(),
        Err(_) => None,
    };
    found.map_or_else(|| "/queue".to_owned(), |hold| format!("/holds/{hold}"))
}

fn decision(stated: &Stated, sha256: Vec<u8>, form: &Form) -> Result<Decision, OperationError> {
    let unreadable = |_| OperationError::Damaged("a reason that was checked does not read".into());
    let reason = Reason::parse(&stated.reason).map_err(unreadable)?;
    let note = stated.note.as_deref().and_then(|note| Reason::parse(note).ok());
    let (nonce, response) = (form.text("nonce").to_owned(), form.text(webauthn::FIELD).to_owned());
    let signed = (!response.is_empty()).then_some(Answer { nonce, response });
    Ok(Decision { reason, note, seen: Seen(sha256), signed })
}

async fn make(visitor: &Visitor, id: HoldId, act: Act, decision: Decision) -> Result<(), ReviewError> {
    let (cerebro, op) = (&visitor.app.cerebro, &visitor.op);
    let reason = decision.reason.clone();
    match act {
        Act::Release => {
            review::release(cerebro, op, op.permit(action::ReleaseHold, id).await?, decision).await
        }
        Act::Reject => review::reject(cerebro, op, op.permit(action::RejectHold, id).await?, decision).await,
        Act::Escalate => {
            escalate::escalate(cerebro, op, op.permit(action::EscalateHold, id).await?, reason).await
        }
        Act::RuleRelease | Act::RuleReject => {
            let ruling = if act == Act::RuleRelease { Ruling::Release } else { Ruling::Reject };
            arbitrate(cerebro, op, op.permit(action::ArbitrateHold, id).await?, ruling, decision).await
        }
        Act::OverruleRelease | Act::OverruleReject => {
            let ruling = if act == Act::OverruleRelease { Ruling::Release } else { Ruling::Reject };
            overturn(cerebro, op, op.permit(action::OverruleHold, id).await?, ruling, decision).await
        }
        Act::CustodyRelease | Act::CustodyReject => {
            let ruling = if act == Act::CustodyRelease { Ruling::Release } else { Ruling::Reject };
            custody::decide(cerebro, op, op.permit(action::DecideGuarded, id).await?, ruling, decision).await
        }
    }
}
