//! Presence, proved again in an open session.

use access::action;
use axum::extract::RawQuery;
use axum::http::HeaderMap;
use axum::response::Response;
use operations::accounts::step_up::{self, Asked, StepUpError};
use vocabulary::Secret;

use super::show::Visitor;
use crate::cookies;
use crate::forms::{Form, local_path};
use crate::pages::render;
use crate::pages::security::StepUpPage;
use crate::pages::shell::Place;
use crate::pages::sign_in::Problem;
use crate::router::{go, with_cookie};
use crate::webauthn;

/// The form.
pub(super) async fn page(visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    show(&visitor, next_of(query.as_deref()), None).await
}

/// Where a query says to go next: a path of ours.
pub(super) fn next_of(query: Option<&str>) -> &str {
    query.and_then(|query| query.strip_prefix("next=")).map(local_path).unwrap_or("/")
}

async fn show(visitor: &Visitor, next: &str, problem: Option<Problem>) -> Response {
    let asked = match step_up::asked(&visitor.app.cerebro, &visitor.op).await {
        Ok(asked) => asked,
        Err(error) => return visitor.failed(error).await,
    };
    let status = Problem::status(problem);
    let s = visitor.shell(Place::Elsewhere).await;
    let Asked { password, app, key } = asked;
    let key = key.as_ref().map(webauthn::request);
    render(status, &StepUpPage { s, code: app, password, key, next: next.to_owned(), problem })
}

/// The proof. The browser gets the session's new token.
pub(super) async fn prove(visitor: Visitor, headers: HeaderMap, form: Form) -> Response {
    let next = local_path(form.text("next"));
    let permit = match visitor.op.permit(action::StepUp, visitor.signed.session).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let proved = step_up::prove_again(&visitor.op, permit, &visitor.app.hasher, form.text("proof")).await;
    answer(&visitor, &headers, next, proved).await
}

/// The answer of a security key. The browser gets the session's new token.
pub(super) async fn prove_by_key(visitor: Visitor, headers: HeaderMap, form: Form) -> Response {
    let next = local_path(form.text("next"));
    let permit = match visitor.op.permit(action::StepUp, visitor.signed.session).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let response = form.text(webauthn::FIELD);
    let proved = step_up::prove_by_key(&visitor.app.cerebro, &visitor.op, permit, response).await;
    answer(&visitor, &headers, next, proved).await
}

async fn answer(
    visitor: &Visitor,
    headers: &HeaderMap,
    next: &str,
    proved: Result<Secret<String>, StepUpError>,
) -> Response {
    match proved {
        Ok(token) => with_cookie(go(headers, next), cookies::open_session(token.expose())),
        Err(StepUpError::Refused) => show(visitor, next, Some(Problem::ProofWrong)).await,
        Err(StepUpError::Throttled) => show(visitor, next, Some(Problem::Wait)).await,
        Err(StepUpError::Operation(error)) => visitor.failed(error).await,
    }
}
