//! Presence, proved again in an open session.

use access::action;
use axum::extract::RawQuery;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use operations::accounts::step_up::{self, Asked, StepUpError};

use super::show::Visitor;
use crate::cookies;
use crate::forms::{Form, local_path};
use crate::pages::render;
use crate::pages::security::StepUpPage;
use crate::pages::shell::Place;
use crate::pages::sign_in::Problem;
use crate::router::{go, with_cookie};

/// The form.
pub(super) async fn page(visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    show(&visitor, next_of(query.as_deref()), None).await
}

/// Where a query says to go next: a path of ours.
pub(super) fn next_of(query: Option<&str>) -> &str {
    query.and_then(|query| query.strip_prefix("next=")).map(local_path).unwrap_or("/")
}

async fn show(visitor: &Visitor, next: &str, problem: Option<Problem>) -> Response {
    let asked = match step_up::asked(&visitor.op).await {
        Ok(asked) => asked,
        Err(error) => return visitor.failed(error).await,
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let s = visitor.shell(Place::Elsewhere).await;
    render(status, &StepUpPage { s, code: asked == Asked::Code, next: next.to_owned(), problem })
}

/// The proof. The browser gets the session's new token.
pub(super) async fn prove(visitor: Visitor, headers: HeaderMap, form: Form) -> Response {
    let next = local_path(form.text("next"));
    let permit = match visitor.op.permit(action::StepUp, visitor.signed.session).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let proved = step_up::prove_again(&visitor.op, permit, &visitor.app.hasher, form.text("proof")).await;
    match proved {
        Ok(token) => with_cookie(go(&headers, next), cookies::open_session(token.expose())),
        Err(StepUpError::Refused) => show(&visitor, next, Some(Problem::ProofWrong)).await,
        Err(StepUpError::Throttled) => show(&visitor, next, Some(Problem::Wait)).await,
        Err(StepUpError::Operation(error)) => visitor.failed(error).await,
    }
}
