//! Named services: what each may do and last did, its tokens; one made, a token renewed or ended.

use access::action;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use identity::AccountState;
use operations::organisation::Reason;
use operations::services::create::{self, CreateError};
use operations::services::end_token::{self, EndTokenError};
use operations::services::list::{self, Service, Token};
use operations::services::renew::{self, RenewError};
use vocabulary::{AccountId, TokenId, bounds};

use super::accounts::name_of;
use super::gate::may;
use super::missions::propose_trouble;
use super::recorded;
use super::show::{Visitor, role};
use super::standing::find;
use crate::forms::Form;
use crate::i18n::Words;
use crate::pages::accounts::{ReasonPage, standing};
use crate::pages::error::Mishap;
use crate::pages::render;
use crate::pages::services::{ServiceRow, ServicesPage, TokenPage, TokenRow, end_chip};
use crate::pages::shell::Place;
use crate::router::go;

const PAGE: &str = "/services";

/// All of them.
pub(super) async fn page(visitor: Visitor) -> Response {
    show(&visitor, StatusCode::OK, "", None).await
}

async fn all(visitor: &Visitor) -> Result<Vec<Service>, Mishap> {
    let permit = visitor.op.permit(action::ReadAccounts, visitor.signed.organisation).await?;
    Ok(list::list(&visitor.op, &permit).await?)
}

async fn show(visitor: &Visitor, status: StatusCode, name: &str, problem: Option<String>) -> Response {
    let found = match all(visitor).await {
        Ok(found) => found,
        Err(mishap) => return visitor.mishap(mishap).await,
    };
    let page = ServicesPage {
        rows: found.iter().map(|service| row(visitor, service)).collect(),
        make: may(&visitor.signed, "service.create").then(|| PAGE.to_owned()),
        name: name.to_owned(),
        name_max: bounds::SERVICE_NAME_CHARS_MAX,
        problem,
        s: visitor.shell(Place::Accounts).await,
    };
    render(status, &page)
}

fn row(visitor: &Visitor, service: &Service) -> ServiceRow {
    let (w, wall, now) = (visitor.words, visitor.wall(), visitor.op.now());
    let used = |at: Option<_>| match at {
        Some(at) => w.with("used-on", "when", wall.moment(now, at)),
        None => w.t("never-used"),
    };
    let soon = service.ends_soon(now);
    let token = |token: &Token| TokenRow {
        id: ending(token.id),
        since: w.with("token-since", "when", wall.day(now, token.since)),
        until: token
            .until
            .map(|until| w.with("token-until", "when", wall.day(now, until)))
            .unwrap_or_default(),
        chip: end_chip(soon.is_some() && token.until == soon, token.until.is_some(), w),
        used: used(token.used),
        end: may(&visitor.signed, "token.end").then(|| format!("/tokens/{}/end", token.id)),
    };
    let renews = service.state == AccountState::Active && may(&visitor.signed, "token.renew");
    ServiceRow {
        href: format!("/accounts/{}", service.account),
        name: service.name.clone(),
        chip: standing(service.state, w),
        missions: service.missions.iter().map(|(mission, at)| (role(w, *mission), used(*at))).collect(),
        tokens: service.tokens.iter().map(token).collect(),
        renew: renews.then(|| format!("{PAGE}/{}/token", service.account)),
    }
}

/// What tells two tokens apart: the end of an id, which is no part of the token.
fn ending(token: TokenId) -> String {
    let text = token.to_string();
    let from = text.char_indices().rev().nth(5).map_or(0, |(at, _)| at);
    format!("…{}", text.get(from..).unwrap_or_default())
}

/// A service is made; its token is shown.
pub(super) async fn make(visitor: Visitor, form: Form) -> Response {
    let (w, name) = (visitor.words, form.text("name").to_owned());
    let permit = match visitor.op.permit(action::CreateService, visitor.signed.organisation).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let made = match create::create(&visitor.op, permit, &name).await {
        Ok(made) => made,
        Err(CreateError::Operation(error)) => return visitor.failed(error).await,
        Err(error) => {
            let problem = w.t(match error {
                CreateError::Exists => "service-exists",
                CreateError::TooMany => "service-too-many",
                CreateError::Name | CreateError::Operation(_) => "service-name-wrong",
            });
            return show(&visitor, StatusCode::UNPROCESSABLE_ENTITY, &name, Some(problem)).await;
        }
    };
    let until = visitor.wall().day(visitor.op.now(), made.until);
    let next = (format!("/accounts/{}/missions", made.account), w.t("mission-give"));
    let page = TokenPage {
        about: name,
        token: made.token.expose().clone(),
        good: w.with("token-good", "until", until),
        next,
        s: visitor.shell(Place::Accounts).await,
    };
    render(StatusCode::OK, &page)
}

/// A service gets a new token: the page that asks why.
pub(super) async fn renew_page(visitor: Visitor, Path(id): Path<String>) -> Response {
    show_renew(&visitor, &id, String::new(), None).await
}

async fn show_renew(visitor: &Visitor, id: &str, reason: String, problem: Option<String>) -> Response {
    let subject = match find(visitor, id).await {
        Ok(subject) if subject.email.is_none() => subject,
        Ok(_) => return visitor.mishap(Mishap::NotFound).await,
        Err(mishap) => return visitor.mishap(mishap).await,
    };
    let w = visitor.words;
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let days = bounds::TOKEN_OVERLAP.as_secs() / (24 * 3600);
    let page = ReasonPage {
        title: w.t("token-renew"),
        about: subject.name,
        text: w.n("token-renew-text", days),
        action: format!("{PAGE}/{id}/token"),
        back: PAGE.into(),
        verb: w.t("token-renew-verb"),
        danger: false,
        reason,
        problem,
        s: visitor.shell(Place::Accounts).await,
    };
    render(status, &page)
}

/// A service gets a new token: it is shown, and waits for a second administrator.
pub(super) async fn renew(visitor: Visitor, Path(id): Path<String>, form: Form) -> Response {
    let w = visitor.words;
    let typed = form.text("reason").to_owned();
    let Ok(reason) = Reason::parse(&typed) else {
        return show_renew(&visitor, &id, typed, Some(w.t("decide-give-reason"))).await;
    };
    let Ok(account) = id.parse::<AccountId>() else { return visitor.mishap(Mishap::NotFound).await };
    let permit = match visitor.op.permit(action::RenewToken, account).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let renewed = match renew::renew(&visitor.op, permit, &reason).await {
        Ok(renewed) => renewed,
        Err(RenewError::NotFound) => return visitor.mishap(Mishap::NotFound).await,
        Err(RenewError::Operation(error)) => return visitor.failed(error).await,
        Err(error) => return show_renew(&visitor, &id, typed, Some(trouble(w, &error))).await,
    };
    let to = recorded::after(&format!("/changes/{}", renewed.change), visitor.op.id());
    let page = TokenPage {
        about: name_of(&visitor, account).await,
        token: renewed.token.expose().clone(),
        good: w.t("token-waits"),
        next: (to, w.t("token-see-change")),
        s: visitor.shell(Place::Accounts).await,
    };
    render(StatusCode::OK, &page)
}

/// Why there is no new token.
pub(super) fn trouble(w: Words, error: &RenewError) -> String {
    match error {
        RenewError::TooMany => w.t("token-too-many"),
        RenewError::SamePerson(_) => w.t("mission-same-person"),
        RenewError::Propose(error) => propose_trouble(w, *error),
        RenewError::NotActive | RenewError::NotFound | RenewError::Operation(_) => w.t("account-other-state"),
    }
}

/// A token is ended: the page that asks why.
pub(super) async fn end_page(visitor: Visitor, Path(id): Path<String>) -> Response {
    show_end(&visitor, &id, String::new(), None).await
}

async fn show_end(visitor: &Visitor, id: &str, reason: String, problem: Option<String>) -> Response {
    let (token, account) = match whose(visitor, id).await {
        Ok(found) => found,
        Err(mishap) => return visitor.mishap(mishap).await,
    };
    let w = visitor.words;
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = ReasonPage {
        title: w.with("token-end-one", "id", ending(token)),
        about: name_of(visitor, account).await,
        text: w.t("token-end-text"),
        action: format!("/tokens/{id}/end"),
        back: PAGE.into(),
        verb: w.t("token-end"),
        danger: true,
        reason,
        problem,
        s: visitor.shell(Place::Accounts).await,
    };
    render(status, &page)
}

/// A token, and whose it is.
async fn whose(visitor: &Visitor, token: &str) -> Result<(TokenId, AccountId), Mishap> {
    let token: TokenId = token.parse().map_err(|_| Mishap::NotFound)?;
    let permit = visitor.op.permit(action::ReadAccounts, visitor.signed.organisation).await?;
    let account = end_token::whose(&visitor.op, &permit, token).await?.ok_or(Mishap::NotFound)?;
    Ok((token, account))
}

/// A token is ended.
pub(super) async fn end(
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
    form: Form,
) -> Response {
    let typed = form.text("reason").to_owned();
    let Ok(reason) = Reason::parse(&typed) else {
        let problem = visitor.words.t("decide-give-reason");
        return show_end(&visitor, &id, typed, Some(problem)).await;
    };
    let Ok(token) = id.parse::<TokenId>() else { return visitor.mishap(Mishap::NotFound).await };
    let permit = match visitor.op.permit(action::EndToken, token).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    match end_token::end(&visitor.op, permit, reason).await {
        Ok(()) => go(&headers, &recorded::after(PAGE, visitor.op.id())),
        Err(EndTokenError::NotFound) => visitor.mishap(Mishap::NotFound).await,
        Err(EndTokenError::Operation(error)) => visitor.failed(error).await,
    }
}
