//! Signing in and out.

use std::net::SocketAddr;

use access::action;
use axum::extract::{ConnectInfo, Extension, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use identity::Network;
use identity::password::PresentedPassword;
use operations::accounts::session;
use operations::accounts::sign_in::{self, SecondStep, SignInError, SignedIn, Ticket};
use operations::accounts::sign_in_key::{self, Ways};

use super::App;
use super::gate::may;
use super::show::Visitor;
use crate::cookies;
use crate::forms::{Form, local_path};
use crate::guard::FormToken;
use crate::i18n::Words;
use crate::pages::error::{ErrorPage, Mishap};
use crate::pages::security::BackupCodePage;
use crate::pages::sign_in::{Problem, SecondFactor, SignIn};
use crate::pages::{Shell, render};
use crate::router::{go, with_cookie};
use crate::webauthn;

/// The first page of the person's missions.
pub(super) async fn home(visitor: Visitor, headers: HeaderMap) -> Response {
    let signed = &visitor.signed;
    let to = if may(signed, "hold.list") {
        "/queue"
    } else if may(signed, "ledger.read") {
        "/ledger"
    } else {
        "/security"
    };
    go(&headers, to)
}

pub(super) async fn sign_in_page(words: Words, token: FormToken, RawQuery(query): RawQuery) -> Response {
    let next = query.as_deref().and_then(|query| query.strip_prefix("next=")).map(local_path).unwrap_or("/");
    page(words, token, "", next, None)
}

fn page(words: Words, token: FormToken, email: &str, next: &str, problem: Option<Problem>) -> Response {
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let shell = Shell::signed_out(words, "/sign-in", token.0);
    let page = SignIn {
        s: shell,
        email: email.to_owned(),
        next: next.to_owned(),
        undeclared_network: false,
        problem,
    };
    render(status, &page)
}

/// The address and the password.
pub(super) async fn sign_in(
    State(app): State<App>,
    words: Words,
    headers: HeaderMap,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    form: Form,
) -> Response {
    let (email, next) = (form.text("email").to_owned(), local_path(form.text("next")).to_owned());
    let token = FormToken(form.text(crate::csrf::FIELD).to_owned());
    let Ok(presented) = PresentedPassword::new(form.text("password")) else {
        return page(words, token, &email, &next, Some(Problem::Refused));
    };
    let instance = app.cerebro.instance();
    let ticket = match sign_in::password(instance, &app.hasher, &email, presented).await {
        Ok(ticket) => ticket,
        Err(SignInError::Refused) => return page(words, token, &email, &next, Some(Problem::Refused)),
        Err(SignInError::Throttled) => return page(words, token, &email, &next, Some(Problem::Wait)),
        Err(SignInError::Operation(error)) => return failed(words, token, error.into()),
    };
    match ticket.second_step(instance).await {
        Ok(SecondStep::Factor) => {}
        Ok(SecondStep::Nothing) => {
            return alone(&app, words, token, &headers, &ticket, &network(peer), &next).await;
        }
        Err(error) => return failed(words, token, error.into()),
    }
    match ticket.to_text(instance) {
        Ok(text) => {
            with_cookie(go(&headers, &format!("/sign-in/code?next={next}")), cookies::give_ticket(&text))
        }
        Err(error) => failed(words, token, error.into()),
    }
}

/// The password was all there is. Who has no second factor is asked for one, each time, until it is put off (clause A1).
async fn alone(
    app: &App,
    words: Words,
    token: FormToken,
    headers: &HeaderMap,
    ticket: &Ticket,
    network: &str,
    next: &str,
) -> Response {
    let instance = app.cerebro.instance();
    let signed = match sign_in::password_alone(instance, ticket, network).await {
        Ok(signed) => signed,
        Err(SignInError::Throttled) => return page(words, token, "", next, Some(Problem::Wait)),
        Err(SignInError::Refused) => return page(words, token, "", next, Some(Problem::Refused)),
        Err(SignInError::Operation(error)) => return failed(words, token, error.into()),
    };
    let person = match session::behind(instance, signed.token.expose(), false).await {
        Ok(person) => person,
        Err(error) => return failed(words, token, error.into()),
    };
    let later = person.is_some_and(|person| {
        !person.must_have_factor() && person.postponed_until.is_some_and(|until| instance.now() < until)
    });
    let to = if later { next.to_owned() } else { format!("/security?next={next}") };
    with_cookie(go(headers, &to), cookies::open_session(signed.token.expose()))
}

/// Where a request comes from, as coarse as it is kept.
pub(super) fn network(peer: Option<Extension<ConnectInfo<SocketAddr>>>) -> String {
    peer.map(|Extension(ConnectInfo(peer))| Network::of(peer.ip()).to_string()).unwrap_or_default()
}

fn failed(words: Words, token: FormToken, mishap: Mishap) -> Response {
    ErrorPage::answer(Shell::signed_out(words, "/sign-in", token.0), mishap, None, "")
}

pub(super) async fn second_factor_page(
    State(app): State<App>,
    words: Words,
    headers: HeaderMap,
    token: FormToken,
    RawQuery(query): RawQuery,
) -> Response {
    let next = query.as_deref().and_then(|query| query.strip_prefix("next=")).map(local_path).unwrap_or("/");
    code_page(&app, words, token, ticket(&app, &headers).as_ref(), next, None).await
}

/// The first step of the sign-in under way in this browser.
fn ticket(app: &App, headers: &HeaderMap) -> Option<Ticket> {
    cookies::get(headers, cookies::TICKET).and_then(|text| Ticket::from_text(app.cerebro.instance(), text))
}

async fn code_page(
    app: &App,
    words: Words,
    token: FormToken,
    ticket: Option<&Ticket>,
    next: &str,
    problem: Option<Problem>,
) -> Response {
    let ways = match ticket {
        Some(ticket) => sign_in_key::ways(&app.cerebro, ticket).await,
        // Nothing is known of whoever has not made the first step.
        None => Ok(Ways { app: true, key: None }),
    };
    let ways = match ways {
        Ok(ways) => ways,
        Err(error) => return failed(words, token, error.into()),
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = SecondFactor {
        s: Shell::signed_out(words, "/sign-in/code", token.0),
        email: String::new(),
        app: ways.app,
        key: ways.key.as_ref().map(webauthn::request),
        next: next.to_owned(),
        problem,
    };
    render(status, &page)
}

/// The code. On success the browser holds a session.
pub(super) async fn second_factor(
    State(app): State<App>,
    words: Words,
    headers: HeaderMap,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    form: Form,
) -> Response {
    let Some(ticket) = ticket(&app, &headers) else { return too_late(&app, words, &form).await };
    let instance = app.cerebro.instance();
    let signed = sign_in::second_factor(instance, &ticket, form.text("code"), &network(peer)).await;
    second_step(&app, words, &headers, &ticket, &form, signed, Problem::CodeWrong).await
}

/// The answer of a security key. On success the browser holds a session.
pub(super) async fn security_key(
    State(app): State<App>,
    words: Words,
    headers: HeaderMap,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    form: Form,
) -> Response {
    let Some(ticket) = ticket(&app, &headers) else { return too_late(&app, words, &form).await };
    let answer = form.text(webauthn::FIELD);
    let signed = sign_in_key::security_key(&app.cerebro, &ticket, answer, &network(peer)).await;
    second_step(&app, words, &headers, &ticket, &form, signed, Problem::KeyWrong).await
}

async fn too_late(app: &App, words: Words, form: &Form) -> Response {
    let token = FormToken(form.text(crate::csrf::FIELD).to_owned());
    code_page(app, words, token, None, local_path(form.text("next")), Some(Problem::TooLate)).await
}

async fn second_step(
    app: &App,
    words: Words,
    headers: &HeaderMap,
    ticket: &Ticket,
    form: &Form,
    signed: Result<SignedIn, SignInError>,
    wrong: Problem,
) -> Response {
    let next = local_path(form.text("next"));
    let token = FormToken(form.text(crate::csrf::FIELD).to_owned());
    let problem = match signed {
        Ok(signed) => {
            let answer = with_cookie(go(headers, next), cookies::open_session(signed.token.expose()));
            return with_cookie(answer, cookies::take_ticket());
        }
        Err(SignInError::Refused) => wrong,
        Err(SignInError::Throttled) => Problem::Wait,
        Err(SignInError::Operation(error)) => return failed(words, token, error.into()),
    };
    code_page(app, words, token, Some(ticket), next, Some(problem)).await
}

/// A backup code: the form.
pub(super) async fn backup_page(words: Words, token: FormToken) -> Response {
    show_backup(words, token, None)
}

fn show_backup(words: Words, token: FormToken, problem: Option<Problem>) -> Response {
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let shell = Shell::signed_out(words, "/sign-in/backup", token.0);
    render(status, &BackupCodePage { s: shell, problem })
}

/// A backup code. On success the browser holds a session that can only enrol a new second factor.
pub(super) async fn backup_code(
    State(app): State<App>,
    words: Words,
    headers: HeaderMap,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    form: Form,
) -> Response {
    let instance = app.cerebro.instance();
    let token = FormToken(form.text(crate::csrf::FIELD).to_owned());
    let Some(ticket) = ticket(&app, &headers) else {
        return show_backup(words, token, Some(Problem::TooLate));
    };
    match sign_in::backup_code(instance, &ticket, form.text("code"), &network(peer)).await {
        Ok(signed) => {
            let answer = with_cookie(go(&headers, "/security"), cookies::open_session(signed.token.expose()));
            with_cookie(answer, cookies::take_ticket())
        }
        Err(SignInError::Refused) => show_backup(words, token, Some(Problem::BackupWrong)),
        Err(SignInError::Throttled) => show_backup(words, token, Some(Problem::Wait)),
        Err(SignInError::Operation(error)) => failed(words, token, error.into()),
    }
}

/// The end of the session.
pub(super) async fn sign_out(visitor: Visitor, headers: HeaderMap) -> Response {
    let permit = match visitor.op.permit(action::SignOut, visitor.signed.session).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    match session::sign_out(&visitor.op, permit).await {
        Ok(()) => {
            let answer = with_cookie(go(&headers, "/sign-in"), cookies::close_session());
            with_cookie(answer, cookies::close_visit())
        }
        Err(error) => visitor.failed(error).await,
    }
}
