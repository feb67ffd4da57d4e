//! Passwords: changed by their holder, forgotten, suspected to be known. Nobody sets or sees another's.

use std::net::SocketAddr;

use access::action;
use axum::extract::{ConnectInfo, Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use operations::accounts::change_password::{self, ChangePasswordError};
use operations::accounts::compromise;
use operations::accounts::forgotten::{self, ForgottenError};
use operations::accounts::passwords::NewPasswordError;
use operations::accounts::standing::StandingError;
use operations::organisation::Reason;
use vocabulary::{AccountId, EmailAddress};

use super::App;
use super::arrive::rules;
use super::entry::network;
use super::recorded;
use super::show::Visitor;
use crate::cookies;
use crate::format::written_day;
use crate::forms::Form;
use crate::guard::FormToken;
use crate::i18n::Words;
use crate::pages::accounts::ReasonPage;
use crate::pages::error::{ErrorPage, Mishap};
use crate::pages::password::{ForgottenPage, PasswordPage};
use crate::pages::shell::Place;
use crate::pages::{Shell, render};
use crate::router::{go, with_cookie};

/// A person changes their password: the form.
pub(super) async fn page(visitor: Visitor) -> Response {
    show(&visitor, Vec::new()).await
}

async fn show(visitor: &Visitor, problems: Vec<(&'static str, String)>) -> Response {
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let s = visitor.shell(Place::Elsewhere).await;
    let list = list(visitor);
    let organisation = visitor.app.cerebro.organisation(visitor.signed.organisation);
    let chars_min = organisation.map_or(0, |known| known.policy.passwords.chars_min);
    render(status, &PasswordPage { s, chars_min, list, problems })
}

/// Which lists of breached passwords are asked, in a sentence.
pub(super) fn list(visitor: &Visitor) -> String {
    let (w, imported) = (visitor.words, visitor.app.cerebro.breached());
    match imported.date() {
        Some(date) => w.with("password-list", "date", written_day(w.0, date)),
        None if imported.is_unreadable() => w.t("password-unchecked"),
        None => w.t("password-list-own"),
    }
}

/// A person changes their password. Every session ends: they sign in again with the new one.
pub(super) async fn change(visitor: Visitor, headers: HeaderMap, form: Form) -> Response {
    let w = visitor.words;
    let (current, new) = (form.text("current"), form.text("password"));
    if new != form.text("again") {
        return show(&visitor, vec![("again", w.t("password-differs"))]).await;
    }
    let permit = match visitor.op.permit(action::ChangePassword, visitor.signed.account).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let (cerebro, hasher) = (&visitor.app.cerebro, &visitor.app.hasher);
    match change_password::change(cerebro, &visitor.op, permit, hasher, current, new).await {
        Ok(()) => with_cookie(go(&headers, "/sign-in"), cookies::close_session()),
        Err(ChangePasswordError::CurrentWrong) => {
            show(&visitor, vec![("current", w.t("password-current-wrong"))]).await
        }
        Err(ChangePasswordError::Same) => show(&visitor, vec![("password", w.t("password-same"))]).await,
        Err(ChangePasswordError::Throttled | ChangePasswordError::Password(NewPasswordError::Busy(_))) => {
            show(&visitor, vec![("current", w.t("sign-in-wait-advice"))]).await
        }
        Err(ChangePasswordError::Password(NewPasswordError::Rules(broken))) => {
            let problems = rules(w, &broken).into_iter().map(|rule| ("password", rule)).collect();
            show(&visitor, problems).await
        }
        Err(ChangePasswordError::Password(NewPasswordError::TooLong(_))) => {
            show(&visitor, vec![("password", w.t("password-too-long"))]).await
        }
        Err(
            ChangePasswordError::Operation(error)
            | ChangePasswordError::Password(NewPasswordError::Operation(error)),
        ) => visitor.failed(error).await,
    }
}

/// A forgotten password: the form.
pub(super) async fn forgotten_page(words: Words, token: FormToken) -> Response {
    show_forgotten(words, token, "", false, None)
}

fn show_forgotten(w: Words, token: FormToken, email: &str, done: bool, problem: Option<String>) -> Response {
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let s = Shell::signed_out(w, "/forgotten", token.0);
    render(status, &ForgottenPage { s, email: email.to_owned(), done, problem })
}

/// A forgotten password. The answer is the same for every address.
pub(super) async fn forgotten(
    State(app): State<App>,
    w: Words,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    token: FormToken,
    form: Form,
) -> Response {
    let typed = form.text("email");
    let Ok(email) = EmailAddress::parse(typed.trim()) else {
        return show_forgotten(w, token, typed, false, Some(w.t("person-email-wrong")));
    };
    match forgotten::ask(&app.cerebro, &network(peer), &email).await {
        Ok(()) => show_forgotten(w, token, "", true, None),
        Err(ForgottenError::Throttled) => show_forgotten(w, token, typed, false, Some(w.t("ask-wait"))),
        Err(ForgottenError::Operation(error)) => {
            let s = Shell::signed_out(w, "/forgotten", token.0);
            ErrorPage::answer(s, error.into(), None, "")
        }
    }
}

/// One's own password may be known: the page that asks why.
pub(super) async fn own_page(visitor: Visitor) -> Response {
    show_own(&visitor, String::new(), None).await
}

async fn show_own(visitor: &Visitor, reason: String, problem: Option<String>) -> Response {
    let w = visitor.words;
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = ReasonPage {
        title: w.t("compromised-own"),
        about: w.t("security"),
        text: w.t("compromised-text"),
        action: "/security/compromised".into(),
        back: "/security".into(),
        verb: w.t("compromised-verb"),
        danger: true,
        reason,
        problem,
        s: visitor.shell(Place::Elsewhere).await,
    };
    render(status, &page)
}

/// One's own password may be known: it is worth nothing any more.
pub(super) async fn own(visitor: Visitor, headers: HeaderMap, form: Form) -> Response {
    let typed = form.text("reason").to_owned();
    let Ok(reason) = Reason::parse(&typed) else {
        let problem = Some(visitor.words.t("decide-give-reason"));
        return show_own(&visitor, typed, problem).await;
    };
    let permit = match visitor.op.permit(action::DeclareOwnCompromise, visitor.signed.account).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    match compromise::declare_own(&visitor.app.cerebro, &visitor.op, permit, reason).await {
        Ok(()) => with_cookie(go(&headers, "/sign-in"), cookies::close_session()),
        Err(StandingError::Operation(error)) => visitor.failed(error).await,
        Err(_) => visitor.mishap(Mishap::NotFound).await,
    }
}

/// Somebody's password may be known: the page that asks why.
pub(super) async fn other_page(visitor: Visitor, Path(id): Path<String>) -> Response {
    show_other(&visitor, &id, String::new(), None).await
}

async fn show_other(visitor: &Visitor, id: &str, reason: String, problem: Option<String>) -> Response {
    let subject = match super::standing::find(visitor, id).await {
        Ok(subject) => subject,
        Err(mishap) => return visitor.mishap(mishap).await,
    };
    let w = visitor.words;
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = ReasonPage {
        title: w.t("compromised"),
        about: subject.name,
        text: w.t("compromised-other-text"),
        action: format!("/accounts/{id}/compromised"),
        back: format!("/accounts/{id}"),
        verb: w.t("compromised-verb"),
        danger: true,
        reason,
        problem,
        s: visitor.shell(Place::Accounts).await,
    };
    render(status, &page)
}

/// Somebody's password may be known: it is worth nothing any more.
pub(super) async fn other(
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
    form: Form,
) -> Response {
    let typed = form.text("reason").to_owned();
    let Ok(reason) = Reason::parse(&typed) else {
        let problem = Some(visitor.words.t("decide-give-reason"));
        return show_other(&visitor, &id, typed, problem).await;
    };
    let Ok(account) = id.parse::<AccountId>() else { return visitor.mishap(Mishap::NotFound).await };
    let permit = match visitor.op.permit(action::DeclareCompromise, account).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    match compromise::declare(&visitor.app.cerebro, &visitor.op, permit, reason).await {
        Ok(()) => go(&headers, &recorded::after(&format!("/accounts/{id}"), visitor.op.id())),
        Err(StandingError::Operation(error)) => visitor.failed(error).await,
        Err(_) => visitor.mishap(Mishap::NotFound).await,
    }
}
