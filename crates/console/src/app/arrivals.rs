//! Sign-ins from a new device or network: the code sent by mail, and those that wait for an administrator.

use std::net::SocketAddr;

use access::action;
use axum::extract::{ConnectInfo, Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use operations::accounts::arrivals::{self, ArrivalError};
use operations::accounts::sign_in::SignInError;
use operations::accounts::sign_in_mail;
use vocabulary::ArrivalId;

use super::App;
use super::entry::{failed, place, signed_in, ticket};
use super::show::Visitor;
use crate::forms::{Form, local_path};
use crate::guard::FormToken;
use crate::i18n::Words;
use crate::pages::arrivals::{ArrivalRow, ArrivalsPage, MailedCodePage};
use crate::pages::error::Mishap;
use crate::pages::shell::Place;
use crate::pages::sign_in::Problem;
use crate::pages::{Shell, render};
use crate::router::go;

/// The code that was sent: the form.
pub(super) async fn code_page(words: Words, token: FormToken) -> Response {
    show_code(words, token, "/", None)
}

fn show_code(words: Words, token: FormToken, next: &str, problem: Option<Problem>) -> Response {
    let status = Problem::status(problem);
    let s = Shell::signed_out(words, "/sign-in/mail", token.0);
    render(status, &MailedCodePage { s, next: next.to_owned(), problem })
}

/// The code that was sent. On success the browser holds a session.
pub(super) async fn code(
    State(app): State<App>,
    words: Words,
    headers: HeaderMap,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    form: Form,
) -> Response {
    let token = FormToken(form.text(crate::csrf::FIELD).to_owned());
    let next = local_path(form.text("next"));
    let Some(ticket) = ticket(&app, &headers) else {
        return show_code(words, token, next, Some(Problem::TooLate));
    };
    let place = place(&app.cerebro, &headers, peer);
    match sign_in_mail::confirm(&app.cerebro, &ticket, form.text("code"), &place).await {
        Ok(signed) => signed_in(&app, &headers, &signed, &place, next).await,
        Err(SignInError::Throttled) => show_code(words, token, next, Some(Problem::Wait)),
        Err(SignInError::Operation(error)) => failed(words, token, error.into()),
        Err(_) => show_code(words, token, next, Some(Problem::MailCodeWrong)),
    }
}

/// Those that wait.
pub(super) async fn page(visitor: Visitor) -> Response {
    show(&visitor, None).await
}

async fn show(visitor: &Visitor, problem: Option<String>) -> Response {
    let permit = match visitor.op.permit(action::ReadAccounts, visitor.signed.organisation).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let waiting = match arrivals::waiting(&visitor.op, &permit).await {
        Ok(waiting) => waiting,
        Err(error) => return visitor.failed(error).await,
    };
    let (wall, now, w) = (visitor.wall(), visitor.op.now(), visitor.words);
    let rows = waiting.into_iter().map(|one| ArrivalRow {
        action: format!("/accounts/arrivals/{}", one.id),
        name: one.name,
        email: one.email,
        agent: if one.agent.is_empty() { w.t("unknown") } else { one.agent },
        network: one.network,
        since: wall.moment(now, one.asked_at),
    });
    let status = if problem.is_some() { StatusCode::FORBIDDEN } else { StatusCode::OK };
    let may = super::gate::may(&visitor.signed, "arrival.decide");
    let page = ArrivalsPage { rows: rows.collect(), may, problem, s: visitor.shell(Place::Accounts).await };
    render(status, &page)
}

/// An answer to one.
pub(super) async fn decide(
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
    form: Form,
) -> Response {
    let Ok(id) = id.parse::<ArrivalId>() else { return visitor.mishap(Mishap::NotFound).await };
    let permit = match visitor.op.permit(action::DecideArrival, id).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    match arrivals::decide(&visitor.op, permit, form.text("answer") == "approve").await {
        Ok(()) => go(&headers, "/accounts/arrivals"),
        Err(ArrivalError::NotFound) => visitor.mishap(Mishap::NotFound).await,
        Err(ArrivalError::Own) => show(&visitor, Some(visitor.words.t("arrival-own"))).await,
        Err(ArrivalError::Operation(error)) => visitor.failed(error).await,
    }
}
