//! How one comes to have an account: asking for it, and setting a password by the link that was sent.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Extension, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity::nominative::NotNominative;
use identity::password::{BrokenRule, BrokenRules};
use operations::accounts::link::{self, LinkError, OpenLink, Purpose};
use operations::accounts::passwords::NewPasswordError;
use operations::accounts::request::{self, Request, RequestError};
use operations::organisation::Reason;
use vocabulary::EmailAddress;

use super::App;
use super::accounts::not_nominative;
use super::entry::network;
use crate::forms::Form;
use crate::guard::FormToken;
use crate::i18n::Words;
use crate::pages::accounts::{AccountLinkPage, AskPage, Draft};
use crate::pages::error::{ErrorPage, Mishap};
use crate::pages::{Shell, render};

/// Asking for an account: the form.
pub(super) async fn ask_page(words: Words, token: FormToken) -> Response {
    show_ask(words, token, Draft::default(), false, None)
}

fn show_ask(
    words: Words,
    token: FormToken,
    draft: Draft,
    done: bool,
    problem: Option<(&'static str, String)>,
) -> Response {
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let s = Shell::signed_out(words, "/account-request", token.0);
    render(status, &AskPage { s, draft, done, problem })
}

/// Asking for an account.
pub(super) async fn ask(
    State(app): State<App>,
    w: Words,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    token: FormToken,
    form: Form,
) -> Response {
    let draft = Draft {
        name: form.text("name").to_owned(),
        email: form.text("email").to_owned(),
        reason: form.text("reason").to_owned(),
        exception: String::new(),
    };
    let Ok(email) = EmailAddress::parse(draft.email.trim()) else {
        return show_ask(w, token, draft, false, Some(("email", w.t("person-email-wrong"))));
    };
    let Ok(reason) = Reason::parse(&draft.reason) else {
        return show_ask(w, token, draft, false, Some(("reason", w.t("decide-give-reason"))));
    };
    let asked = Request { name: draft.name.clone(), email, locale: w.0, reason };
    match request::ask(&app.cerebro, &network(peer), asked).await {
        Ok(()) => show_ask(w, token, Draft::default(), true, None),
        Err(RequestError::NotNominative(error)) => {
            let field = if matches!(error, NotNominative::RoleMailbox(_)) { "email" } else { "name" };
            show_ask(w, token, draft, false, Some((field, not_nominative(w, &error))))
        }
        Err(RequestError::Throttled) => show_ask(w, token, draft, false, Some(("email", w.t("ask-wait")))),
        Err(RequestError::Operation(error)) => {
            let s = Shell::signed_out(w, "/account-request", token.0);
            ErrorPage::answer(s, error.into(), None, "")
        }
    }
}

/// Setting a password by a link: the form. Following a link changes nothing.
pub(super) async fn link_page(
    State(app): State<App>,
    w: Words,
    token: FormToken,
    Path(text): Path<String>,
) -> Response {
    match link::find(&app.cerebro, &text).await {
        Ok(open) => show_link(w, token, &app, &open, &text, false, Vec::new()),
        Err(error) => not_good(w, token, error),
    }
}

fn show_link(
    w: Words,
    token: FormToken,
    app: &App,
    open: &OpenLink,
    text: &str,
    done: bool,
    problems: Vec<String>,
) -> Response {
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    // The language form would carry the link into another page: it comes back to the entrance instead.
    let s = Shell::signed_out(w, "/sign-in", token.0);
    let action = format!("/account/{text}");
    let (chars_min, first) = (open.chars_min(&app.cerebro), open.purpose == Purpose::Activate);
    render(status, &AccountLinkPage { s, name: open.name.clone(), action, done, first, chars_min, problems })
}

fn not_good(w: Words, token: FormToken, error: LinkError) -> Response {
    let mishap = match error {
        LinkError::NotGood => Mishap::LinkOver,
        LinkError::Operation(error) | LinkError::Password(NewPasswordError::Operation(error)) => error.into(),
        LinkError::Password(_) => Mishap::Failed,
    };
    ErrorPage::answer(Shell::signed_out(w, "/sign-in", token.0), mishap, None, "")
}

/// Setting a password by a link.
pub(super) async fn link(
    State(app): State<App>,
    w: Words,
    token: FormToken,
    Path(text): Path<String>,
    form: Form,
) -> Response {
    let open = match link::find(&app.cerebro, &text).await {
        Ok(open) => open,
        Err(error) => return not_good(w, token, error),
    };
    if form.text("password") != form.text("again") {
        return show_link(w, token, &app, &open, &text, false, vec![w.t("password-differs")]);
    }
    match link::set_password(&app.cerebro, &app.hasher, &open, form.text("password")).await {
        Ok(()) => show_link(w, token, &app, &open, &text, true, Vec::new()),
        Err(LinkError::Password(NewPasswordError::Rules(broken))) => {
            show_link(w, token, &app, &open, &text, false, rules(w, &broken))
        }
        Err(LinkError::Password(NewPasswordError::Busy(_))) => {
            show_link(w, token, &app, &open, &text, false, vec![w.t("sign-in-wait-advice")])
        }
        Err(LinkError::Password(NewPasswordError::TooLong(_))) => {
            show_link(w, token, &app, &open, &text, false, vec![w.t("password-too-long")])
        }
        Err(error) => not_good(w, token, error),
    }
}

/// Every rule a password breaks, as a person reads them.
pub(super) fn rules(w: Words, broken: &BrokenRules) -> Vec<String> {
    broken
        .rules()
        .iter()
        .map(|rule| match rule {
            BrokenRule::TooShort { chars_min } => w.with("password-too-short", "min", chars_min),
            BrokenRule::TooFewClasses { classes_min } => w.with("password-classes", "min", classes_min),
            BrokenRule::Guessable => w.t("password-guessable"),
            BrokenRule::Breached => w.t("password-breached"),
            BrokenRule::Unchecked => w.t("password-unchecked"),
        })
        .collect()
}
