//! Signing in and out.

use std::net::{IpAddr, SocketAddr};

use access::action;
use axum::extract::{ConnectInfo, Extension, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use identity::Network;
use identity::password::PresentedPassword;
use operations::Cerebro;
use operations::accounts::place::{Device, Place};
use operations::accounts::session;
use operations::accounts::sign_in::{self, SecondStep, SignInError, SignedIn, Ticket};
use operations::accounts::sign_in_key::{self, Ways};
use operations::accounts::sign_in_mail;

use super::App;
use super::gate::may;
use super::show::Visitor;
use crate::agent;
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
    } else if may(signed, "account.invite") {
        "/accounts"
    } else if may(signed, "ledger.read") {
        "/ledger"
    } else {
        "/security"
    };
    go(&headers, to)
}

pub(super) async fn sign_in_page(
    State(app): State<App>,
    words: Words,
    peer: Peer,
    token: FormToken,
    RawQuery(query): RawQuery,
) -> Response {
    let next = query.as_deref().and_then(|query| query.strip_prefix("next=")).map(local_path).unwrap_or("/");
    page(&app, words, token, "", next, address(peer), None)
}

fn page(
    app: &App,
    words: Words,
    token: FormToken,
    email: &str,
    next: &str,
    from: Option<IpAddr>,
    problem: Option<Problem>,
) -> Response {
    let status = Problem::status(problem);
    let shell = Shell::signed_out(words, "/sign-in", token.0);
    let page = SignIn {
        s: shell,
        email: email.to_owned(),
        next: next.to_owned(),
        undeclared_network: is_undeclared(app, from),
        problem,
    };
    render(status, &page)
}

/// The address and the password.
pub(super) async fn sign_in(
    State(app): State<App>,
    words: Words,
    headers: HeaderMap,
    peer: Peer,
    form: Form,
) -> Response {
    let (email, next) = (form.text("email").to_owned(), local_path(form.text("next")).to_owned());
    let token = FormToken(form.text(crate::csrf::FIELD).to_owned());
    let Ok(presented) = PresentedPassword::new(form.text("password")) else {
        return page(&app, words, token, &email, &next, address(peer), Some(Problem::Refused));
    };
    let (instance, place) = (app.cerebro.instance(), place(&app.cerebro, &headers, peer));
    let ticket = match sign_in::password(&app.cerebro, &app.hasher, &email, presented, &place).await {
        Ok(ticket) => ticket,
        Err(SignInError::Operation(error)) => return failed(words, token, error.into()),
        Err(error) => return page(&app, words, token, &email, &next, place.address, Some(problem(&error))),
    };
    match ticket.second_step(instance).await {
        Ok(SecondStep::Factor) => {}
        Ok(SecondStep::Nothing) => {
            return alone(&app, words, token, &headers, &ticket, &place, &next).await;
        }
        Err(error) => return failed(words, token, error.into()),
    }
    give_ticket(&app, words, token, &headers, &ticket, &format!("/sign-in/code?next={next}"))
}

/// The password was all there is. Who has no second factor is asked for one, each time, until it is put off (clause A1).
async fn alone(
    app: &App,
    words: Words,
    token: FormToken,
    headers: &HeaderMap,
    ticket: &Ticket,
    place: &Place,
    next: &str,
) -> Response {
    let instance = app.cerebro.instance();
    let signed = match sign_in::password_alone(&app.cerebro, ticket, place).await {
        Ok(signed) => signed,
        Err(SignInError::CodeNeeded) => {
            return match sign_in_mail::send(&app.cerebro, ticket).await {
                Ok(()) => give_ticket(app, words, token, headers, ticket, "/sign-in/mail"),
                Err(SignInError::Operation(error)) => failed(words, token, error.into()),
                Err(error) => page(app, words, token, "", next, place.address, Some(problem(&error))),
            };
        }
        Err(SignInError::Operation(error)) => return failed(words, token, error.into()),
        Err(error) => {
            let answer = page(app, words, token, "", next, place.address, Some(problem(&error)));
            return marked_if_waiting(app, answer, place, &error);
        }
    };
    let person = match session::behind(instance, signed.token.expose(), false).await {
        Ok(person) => person,
        Err(error) => return failed(words, token, error.into()),
    };
    let later = person.is_some_and(|person| {
        !person.must_have_factor() && person.postponed_until.is_some_and(|until| instance.now() < until)
    });
    let to = if later { next.to_owned() } else { format!("/security?next={next}") };
    signed_in(app, headers, &signed, place, &to).await
}

/// The browser holds a session, and is marked so that it is known the next time.
pub(super) async fn signed_in(
    app: &App,
    headers: &HeaderMap,
    signed: &SignedIn,
    place: &Place,
    to: &str,
) -> Response {
    let answer = with_cookie(go(headers, to), cookies::open_session(signed.token.expose()));
    mark(app, with_cookie(answer, cookies::take_ticket()), place)
}

/// What an administrator approves is this browser: it must be known by its mark when it comes back.
fn marked_if_waiting(app: &App, answer: Response, place: &Place, error: &SignInError) -> Response {
    if matches!(error, SignInError::Waits) { mark(app, answer, place) } else { answer }
}

/// Gives the browser its mark.
fn mark(app: &App, answer: Response, place: &Place) -> Response {
    match place.device.to_text(app.cerebro.instance()) {
        Ok(text) => with_cookie(answer, cookies::mark_device(&text)),
        Err(error) => {
            tracing::error!(%error, "a device could not be marked: it will be new the next time too");
            answer
        }
    }
}

fn give_ticket(
    app: &App,
    words: Words,
    token: FormToken,
    headers: &HeaderMap,
    ticket: &Ticket,
    to: &str,
) -> Response {
    match ticket.to_text(app.cerebro.instance()) {
        Ok(text) => with_cookie(go(headers, to), cookies::give_ticket(&text)),
        Err(error) => failed(words, token, error.into()),
    }
}

/// What a person reads of a first or second step that did not pass.
fn problem(error: &SignInError) -> Problem {
    match error {
        SignInError::Throttled => Problem::Wait,
        SignInError::Renew => Problem::Renew,
        SignInError::Waits => Problem::Waits,
        SignInError::PlaceRefused => Problem::PlaceRefused,
        _ => Problem::Refused,
    }
}

type Peer = Option<Extension<ConnectInfo<SocketAddr>>>;

fn address(peer: Peer) -> Option<IpAddr> {
    peer.map(|Extension(ConnectInfo(peer))| peer.ip())
}

/// Where a request comes from, as coarse as it is kept.
pub(super) fn network(peer: Peer) -> String {
    address(peer).map(|address| Network::of(address).to_string()).unwrap_or_default()
}

/// Where a request comes from, whole. A browser without our mark gets a new one when it signs in.
pub(super) fn place(cerebro: &Cerebro, headers: &HeaderMap, peer: Peer) -> Place {
    let instance = cerebro.instance();
    let marked = cookies::get(headers, cookies::DEVICE).and_then(|text| Device::from_text(instance, text));
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Place {
        address: address(peer),
        agent: agent::label(agent),
        device: marked.unwrap_or_else(|| Device::generate(instance)),
    }
}

/// A network none of the instance's organisations declared, where one declared any (clause T4).
fn is_undeclared(app: &App, address: Option<IpAddr>) -> bool {
    let all = app.cerebro.organisations();
    let declared = all.iter().any(|known| !known.policy.places.trusted.is_empty());
    declared && !all.iter().any(|known| known.policy.places.trusts(address))
}

pub(super) fn failed(words: Words, token: FormToken, mishap: Mishap) -> Response {
    ErrorPage::answer(Shell::signed_out(words, "/sign-in", token.0), mishap, None, "")
}

pub(super) async fn second_factor_page(
    State(app): State<App>,
    words: Words,
    headers: HeaderMap,
    peer: Peer,
    token: FormToken,
    RawQuery(query): RawQuery,
) -> Response {
    let next = query.as_deref().and_then(|query| query.strip_prefix("next=")).map(local_path).unwrap_or("/");
    code_page(&app, words, token, ticket(&app, &headers).as_ref(), next, address(peer), None).await
}

/// The first step of the sign-in under way in this browser.
pub(super) fn ticket(app: &App, headers: &HeaderMap) -> Option<Ticket> {
    cookies::get(headers, cookies::TICKET).and_then(|text| Ticket::from_text(app.cerebro.instance(), text))
}

async fn code_page(
    app: &App,
    words: Words,
    token: FormToken,
    ticket: Option<&Ticket>,
    next: &str,
    from: Option<IpAddr>,
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
    let status = Problem::status(problem);
    let page = SecondFactor {
        s: Shell::signed_out(words, "/sign-in/code", token.0),
        undeclared_network: ticket.is_some_and(|ticket| ticket.is_from_afar(&app.cerebro, from)),
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
    peer: Peer,
    form: Form,
) -> Response {
    let Some(ticket) = ticket(&app, &headers) else { return too_late(&app, words, &form).await };
    let place = place(&app.cerebro, &headers, peer);
    let signed = sign_in::second_factor(&app.cerebro, &ticket, form.text("code"), &place).await;
    second_step(&app, words, &headers, &ticket, &form, &place, signed, Problem::CodeWrong).await
}

/// The answer of a security key. On success the browser holds a session.
pub(super) async fn security_key(
    State(app): State<App>,
    words: Words,
    headers: HeaderMap,
    peer: Peer,
    form: Form,
) -> Response {
    let Some(ticket) = ticket(&app, &headers) else { return too_late(&app, words, &form).await };
    let (answer, place) = (form.text(webauthn::FIELD), place(&app.cerebro, &headers, peer));
    let signed = sign_in_key::security_key(&app.cerebro, &ticket, answer, &place).await;
    second_step(&app, words, &headers, &ticket, &form, &place, signed, Problem::KeyWrong).await
}

async fn too_late(app: &App, words: Words, form: &Form) -> Response {
    let token = FormToken(form.text(crate::csrf::FIELD).to_owned());
    code_page(app, words, token, None, local_path(form.text("next")), None, Some(Problem::TooLate)).await
}

#[expect(clippy::too_many_arguments, reason = "what an answer to a second step is made of")]
async fn second_step(
    app: &App,
    words: Words,
    headers: &HeaderMap,
    ticket: &Ticket,
    form: &Form,
    place: &Place,
    signed: Result<SignedIn, SignInError>,
    wrong: Problem,
) -> Response {
    let next = local_path(form.text("next"));
    let token = FormToken(form.text(crate::csrf::FIELD).to_owned());
    let error = match signed {
        Ok(signed) => return signed_in(app, headers, &signed, place, next).await,
        Err(SignInError::Operation(error)) => return failed(words, token, error.into()),
        Err(error) => error,
    };
    let problem = if matches!(error, SignInError::Refused) { wrong } else { problem(&error) };
    let answer = code_page(app, words, token, Some(ticket), next, place.address, Some(problem)).await;
    marked_if_waiting(app, answer, place, &error)
}

/// A backup code: the form.
pub(super) async fn backup_page(words: Words, token: FormToken) -> Response {
    show_backup(words, token, None)
}

fn show_backup(words: Words, token: FormToken, problem: Option<Problem>) -> Response {
    let status = Problem::status(problem);
    let shell = Shell::signed_out(words, "/sign-in/backup", token.0);
    render(status, &BackupCodePage { s: shell, problem })
}

/// A backup code. On success the browser holds a session that can only enrol a new second factor.
pub(super) async fn backup_code(
    State(app): State<App>,
    words: Words,
    headers: HeaderMap,
    peer: Peer,
    form: Form,
) -> Response {
    let token = FormToken(form.text(crate::csrf::FIELD).to_owned());
    let Some(ticket) = ticket(&app, &headers) else {
        return show_backup(words, token, Some(Problem::TooLate));
    };
    let place = place(&app.cerebro, &headers, peer);
    match sign_in::backup_code(&app.cerebro, &ticket, form.text("code"), &place).await {
        Ok(signed) => signed_in(&app, &headers, &signed, &place, "/security").await,
        Err(SignInError::Refused) => show_backup(words, token, Some(Problem::BackupWrong)),
        Err(SignInError::Operation(error)) => failed(words, token, error.into()),
        Err(error) => {
            let answer = show_backup(words, token, Some(problem(&error)));
            marked_if_waiting(&app, answer, &place, &error)
        }
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
            let mut answer = with_cookie(answer, cookies::close_visit());
            // Not the cookies: the mark by which this browser is known stays.
            answer
                .headers_mut()
                .insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
            answer
        }
        Err(error) => visitor.failed(error).await,
    }
}
