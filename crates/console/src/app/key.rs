//! A person adds a security key to their own account.

use access::action;
use axum::extract::RawQuery;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use operations::accounts::enrol_key::{self, EnrolError};
use operations::organisation::Label;

use super::security::enrolled;
use super::show::Visitor;
use super::step_up::next_of;
use crate::forms::{Form, local_path};
use crate::pages::error::Mishap;
use crate::pages::render;
use crate::pages::security::KeyPage;
use crate::pages::shell::Place;
use crate::webauthn;

/// The question.
pub(super) async fn page(visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    let name = visitor.words.t("key-name-first");
    show(&visitor, &name, next_of(query.as_deref()), None).await
}

async fn show(visitor: &Visitor, name: &str, next: &str, problem: Option<String>) -> Response {
    let permit = match visitor.op.permit(action::EnrolAuthenticator, visitor.signed.account).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let question = match enrol_key::offer(&visitor.app.cerebro, &visitor.op, &permit).await {
        Ok(question) => question,
        Err(EnrolError::NoKeys) => return visitor.mishap(Mishap::NotFound).await,
        Err(error) => return visitor.failed(error).await,
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = KeyPage {
        options: webauthn::creation(&question, &visitor.signed.email, &visitor.signed.name),
        name: name.to_owned(),
        next: next.to_owned(),
        problem,
        s: visitor.shell(Place::Elsewhere).await,
    };
    render(status, &page)
}

/// The answer.
pub(super) async fn enrol(visitor: Visitor, headers: HeaderMap, form: Form) -> Response {
    let (next, name) = (local_path(form.text("next")), form.text("name"));
    let permit = match visitor.op.permit(action::EnrolAuthenticator, visitor.signed.account).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let w = visitor.words;
    let Ok(label) = Label::parse(name) else {
        return show(&visitor, name, next, Some(w.t("factor-name-wrong"))).await;
    };
    let response = form.text(webauthn::FIELD);
    let problem = match enrol_key::confirm(&visitor.app.cerebro, &visitor.op, permit, response, label).await {
        Ok(done) => return enrolled(&visitor, &headers, &done, next).await,
        Err(EnrolError::Operation(error)) => return visitor.failed(error).await,
        Err(EnrolError::NoKeys) => return visitor.mishap(Mishap::NotFound).await,
        Err(EnrolError::Key(error)) => {
            tracing::info!(%error, "a security key was not taken");
            w.t("key-not-taken")
        }
        Err(EnrolError::Throttled) => w.t("sign-in-wait-advice"),
        Err(EnrolError::TooMany) => w.t("factor-too-many"),
        Err(EnrolError::OfferOver | EnrolError::CodeWrong) => w.t("key-over"),
    };
    show(&visitor, name, next, Some(problem)).await
}
