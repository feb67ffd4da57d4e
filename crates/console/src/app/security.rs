//! A person's own authenticators.

use access::{Assurance, action};
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use operations::accounts::authenticators::{self, Authenticator, Authenticators, Kind};
use operations::accounts::backup_codes::{self, CodesError};
use operations::accounts::enrol_totp::{self, EnrolError, Enrolled, Offer};
use operations::accounts::postpone;
use operations::accounts::remove_authenticator::{self, RemoveError};
use operations::organisation::Label;
use vocabulary::AuthenticatorId;

use super::show::Visitor;
use super::step_up::next_of;
use crate::cookies;
use crate::forms::{Form, local_path};
use crate::pages::error::Mishap;
use crate::pages::render;
use crate::pages::security::{CodesPage, FactorRow, FactorState, Qr, RemovePage, Security, TotpPage};
use crate::pages::shell::Place;
use crate::router::{go, with_cookie};

/// How authenticator apps name us.
const ISSUER: &str = "CEREBRO";

/// "My security".
pub(super) async fn page(visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    show(&visitor, next_of(query.as_deref()), StatusCode::OK, None).await
}

async fn read(visitor: &Visitor) -> Result<Authenticators, Mishap> {
    let permit = visitor.op.permit(action::ReadOwnAccount, visitor.signed.account).await?;
    Ok(authenticators::own(&visitor.op, &permit).await?)
}

async fn show(visitor: &Visitor, next: &str, status: StatusCode, problem: Option<String>) -> Response {
    let own = match read(visitor).await {
        Ok(own) => own,
        Err(mishap) => return visitor.mishap(mishap).await,
    };
    let (w, wall, now) = (visitor.words, visitor.wall(), visitor.op.now());
    let moment = |at| wall.moment(now, at);
    let factor = state(visitor, &own);
    let standing = own.second().filter(|one| !one.suspended).count();
    let must = visitor.signed.must_have_factor();
    let may_remove =
        |one: &Authenticator| factor == FactorState::Enrolled && !(must && standing == 1 && !one.suspended);
    let row = |one: &Authenticator| FactorRow {
        icon: if one.kind == Kind::SecurityKey { "lock" } else { "key" },
        name: if one.name.is_empty() { w.t("factor-name-first") } else { one.name.clone() },
        kind: w.t(if one.kind == Kind::SecurityKey { "kind-key" } else { "kind-totp" }),
        since: moment(one.created_at),
        used: one.used_at.map(moment),
        suspended: one.suspended,
        remove: may_remove(one).then(|| format!("/security/factors/{}/remove", one.id)),
    };
    let password = own.all.iter().find(|one| one.kind == Kind::Password);
    let page = Security {
        factor,
        factors: own.second().map(row).collect(),
        password_since: password.map(|one| wall.day(now, one.created_at)).unwrap_or_default(),
        codes_left: own.codes_left,
        codes_since: own.codes_made_at.map(|at| wall.day(now, at)),
        keys: visitor.app.cerebro.relying_party().is_some(),
        next: next.to_owned(),
        problem,
        s: visitor.shell(Place::Elsewhere).await,
    };
    render(status, &page)
}

fn state(visitor: &Visitor, own: &Authenticators) -> FactorState {
    let signed = &visitor.signed;
    if signed.assurance == Assurance::Enrolment {
        FactorState::CameByCode
    } else if own.second().next().is_some() {
        FactorState::Enrolled
    } else if signed.must_have_factor() {
        FactorState::Owed
    } else if signed.postponed_until.is_some_and(|until| visitor.op.now() < until) {
        FactorState::Postponed
    } else {
        FactorState::Asked
    }
}

/// An authenticator app: a secret on offer.
pub(super) async fn totp_page(visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    offer(&visitor, next_of(query.as_deref()), None).await
}

async fn offer(visitor: &Visitor, next: &str, problem: Option<String>) -> Response {
    let permit = match visitor.op.permit(action::EnrolAuthenticator, visitor.signed.account).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    match enrol_totp::offer(&visitor.op, &permit, ISSUER, &visitor.signed.email) {
        Ok(offer) => {
            let name = visitor.words.t("factor-name-first");
            show_offer(visitor, &offer, &name, next, problem).await
        }
        Err(error) => visitor.failed(error).await,
    }
}

async fn show_offer(
    visitor: &Visitor,
    offer: &Offer,
    name: &str,
    next: &str,
    problem: Option<String>,
) -> Response {
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let typed = offer.base32.expose().as_bytes().chunks(4).map(String::from_utf8_lossy);
    let page = TotpPage {
        qr: Qr::of(offer.uri.expose()),
        secret: typed.collect::<Vec<_>>().join(" "),
        offer: offer.sealed.clone(),
        name: name.to_owned(),
        next: next.to_owned(),
        problem,
        s: visitor.shell(Place::Elsewhere).await,
    };
    render(status, &page)
}

/// An authenticator app: its first code.
pub(super) async fn totp(visitor: Visitor, headers: HeaderMap, form: Form) -> Response {
    let (next, sealed) = (local_path(form.text("next")), form.text("offer"));
    let permit = match visitor.op.permit(action::EnrolAuthenticator, visitor.signed.account).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let cerebro = &visitor.app.cerebro;
    let done = match Label::parse(form.text("name")) {
        Ok(name) => enrol_totp::confirm(cerebro, &visitor.op, permit, sealed, form.text("code"), name).await,
        Err(_) => return once_more(&visitor, &form, next, visitor.words.t("factor-name-wrong")).await,
    };
    match done {
        Ok(done) => enrolled(&visitor, &headers, &done, next).await,
        Err(EnrolError::CodeWrong) => {
            once_more(&visitor, &form, next, visitor.words.t("code-wrong-advice")).await
        }
        Err(EnrolError::Throttled) => {
            once_more(&visitor, &form, next, visitor.words.t("sign-in-wait-advice")).await
        }
        Err(EnrolError::OfferOver) => offer(&visitor, next, Some(visitor.words.t("factor-offer-over"))).await,
        Err(EnrolError::TooMany) => {
            let problem = Some(visitor.words.t("factor-too-many"));
            show(&visitor, next, StatusCode::CONFLICT, problem).await
        }
        Err(error) => visitor.failed(error).await,
    }
}

async fn once_more(visitor: &Visitor, form: &Form, next: &str, problem: String) -> Response {
    match enrol_totp::again(&visitor.op, form.text("offer"), ISSUER, &visitor.signed.email) {
        Ok(again) => show_offer(visitor, &again, form.text("name"), next, Some(problem)).await,
        Err(_) => offer(visitor, next, Some(visitor.words.t("factor-offer-over"))).await,
    }
}

/// A factor was enrolled: the browser gets the session's new token, and the codes that stand in for it are shown once.
pub(super) async fn enrolled(
    visitor: &Visitor,
    headers: &HeaderMap,
    done: &Enrolled,
    next: &str,
) -> Response {
    let answer = if done.codes.is_empty() {
        go(headers, "/security")
    } else {
        let codes = done.codes.iter().map(|code| code.expose().clone()).collect();
        show_codes(visitor, codes, next).await
    };
    with_cookie(answer, cookies::open_session(done.token.expose()))
}

async fn show_codes(visitor: &Visitor, codes: Vec<String>, next: &str) -> Response {
    let s = visitor.shell(Place::Elsewhere).await;
    render(StatusCode::OK, &CodesPage { s, codes, next: next.to_owned() })
}

/// Ten new backup codes.
pub(super) async fn codes(visitor: Visitor) -> Response {
    let permit = match visitor.op.permit(action::RenewBackupCodes, visitor.signed.account).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    match backup_codes::renew(&visitor.op, permit).await {
        Ok(codes) => {
            let codes = codes.iter().map(|code| code.expose().clone()).collect();
            show_codes(&visitor, codes, "/security").await
        }
        Err(CodesError::NoFactor) => visitor.mishap(Mishap::NotFound).await,
        Err(CodesError::Operation(error)) => visitor.failed(error).await,
    }
}

/// Not now.
pub(super) async fn postpone(visitor: Visitor, headers: HeaderMap, form: Form) -> Response {
    let permit = match visitor.op.permit(action::PostponeFactor, visitor.signed.account).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    match postpone::postpone(&visitor.op, permit).await {
        Ok(()) => go(&headers, local_path(form.text("next"))),
        Err(error) => visitor.failed(error).await,
    }
}

/// Removing one: the form.
pub(super) async fn remove_page(visitor: Visitor, Path(id): Path<String>) -> Response {
    let own = match read(&visitor).await {
        Ok(own) => own,
        Err(mishap) => return visitor.mishap(mishap).await,
    };
    let Some(one) = own.second().find(|one| one.id.to_string() == id) else {
        return visitor.mishap(Mishap::NotFound).await;
    };
    let page = RemovePage {
        name: if one.name.is_empty() { visitor.words.t("factor-name-first") } else { one.name.clone() },
        action: format!("/security/factors/{}/remove", one.id),
        last: own.second().count() == 1,
        s: visitor.shell(Place::Elsewhere).await,
    };
    render(StatusCode::OK, &page)
}

/// Removing one.
pub(super) async fn remove(visitor: Visitor, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let Ok(id) = id.parse::<AuthenticatorId>() else { return visitor.mishap(Mishap::NotFound).await };
    let permit = match visitor.op.permit(action::RemoveAuthenticator, id).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    match remove_authenticator::remove(&visitor.app.cerebro, &visitor.op, permit).await {
        Ok(()) => go(&headers, "/security"),
        Err(RemoveError::NotFound) => visitor.mishap(Mishap::NotFound).await,
        Err(RemoveError::Last) => {
            let problem = Some(visitor.words.t("factor-last"));
            show(&visitor, "/", StatusCode::CONFLICT, problem).await
        }
        Err(RemoveError::Operation(error)) => visitor.failed(error).await,
    }
}

impl From<EnrolError> for Mishap {
    fn from(error: EnrolError) -> Self {
        match error {
            EnrolError::Operation(error) => error.into(),
            _ => Self::Failed,
        }
    }
}
