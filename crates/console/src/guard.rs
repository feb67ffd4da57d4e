//! What stands before every handler: the body is bounded, the form parsed, its origin and token checked, and the
//! gate asked whether this person may come in. A handler that runs can rely on all of it.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use futures::future::BoxFuture;
use vocabulary::Entropy;
use vocabulary::bounds::{HTTP_BODY_TIMEOUT, LONG_FORM_BYTES_MAX, REQUEST_BODY_BYTES_MAX};

use crate::cookies;
use crate::csrf::{self, Csrf};
use crate::forms::Form;
use crate::i18n::Words;
use crate::pages::Shell;
use crate::pages::error::{ErrorPage, Mishap};
use crate::router::{Needs, Route, Why, with_cookie};

/// Decides who comes in. It may leave what it learnt (the person, their operation) in the request's extensions.
pub trait Gate: Send + Sync {
    /// Lets the request in, or answers in its place.
    fn admit<'a>(
        &'a self,
        route: &'static Route,
        parts: &'a mut Parts,
    ) -> BoxFuture<'a, Result<(), Response>>;
}

/// What every guard shares.
pub struct Door {
    /// Tokens of forms.
    pub csrf: Csrf,
    /// Who comes in.
    pub gate: Arc<dyn Gate>,
    /// Where secrets of new visits come from.
    pub entropy: Arc<dyn Entropy>,
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Door")
    }
}

/// The token that forms of the page being made must carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormToken(pub String);

impl<S: Sync> FromRequestParts<S> for FormToken {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// The language of the page being made: the guard reads it from the request, a gate may put the person's own.
impl<S: Sync> FromRequestParts<S> for Words {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        Ok(parts.extensions.get::<Self>().copied().unwrap_or_else(|| Self(cookies::language(&parts.headers))))
    }
}

/// The guard of one route.
pub async fn guard(
    State((door, route)): State<(Arc<Door>, &'static Route)>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, mut body) = request.into_parts();
    let words = Words(cookies::language(&parts.headers));
    parts.extensions.insert(words);
    let visit = visit(&door, &mut parts, route);
    if route.changes {
        match read_form(&door, &parts, body, route).await {
            Ok(form) => parts.extensions.insert(form),
            Err((mishap, detail)) => return mishap_page(&door, &parts.headers, mishap, detail),
        };
        body = Body::empty();
    }
    let answer = match door.gate.admit(route, &mut parts).await {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(answer) => answer,
    };
    with_cookie(answer, visit)
}

/// The token for the forms of the page being made, shown again after a form that was not accepted too. A browser that
/// has no secret of ours is given one, so that the forms it is shown can be told from any other's.
fn visit(door: &Door, parts: &mut Parts, route: &Route) -> Option<HeaderValue> {
    if let Some(secret) = cookies::get(&parts.headers, cookies::VISIT) {
        let token = FormToken(door.csrf.token(secret));
        parts.extensions.insert(token);
        return None;
    }
    if route.changes || !route.activity {
        return None;
    }
    // Assets are kept by caches: they carry no cookie.
    if route.needs == Needs::Nothing(Why::Asset) {
        return None;
    }
    let secret = cookies::token(&*door.entropy);
    parts.extensions.insert(FormToken(door.csrf.token(&secret)));
    cookies::open_visit(&secret)
}

async fn read_form(
    door: &Door,
    parts: &Parts,
    body: Body,
    route: &Route,
) -> Result<Form, (Mishap, Option<String>)> {
    let refuse = |forgery: csrf::Forgery| {
        tracing::warn!(reason = %forgery, "a form was refused");
        (Mishap::StalePage, None)
    };
    door.csrf.check_origin(parts).map_err(refuse)?;
    let kind =
        parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().map(str::trim) != Some("application/x-www-form-urlencoded") {
        return Err((Mishap::BadRequest, None));
    }
    let most = if route.long { LONG_FORM_BYTES_MAX } else { REQUEST_BODY_BYTES_MAX };
    let bytes = tokio::time::timeout(HTTP_BODY_TIMEOUT, to_bytes(body, most))
        .await
        .map_err(|_| (Mishap::BadRequest, None))?
        .map_err(|_| (Mishap::TooLarge, None))?;
    let words = Words(cookies::language(&parts.headers));
    let form = Form::parse(&bytes).map_err(|error| (Mishap::BadRequest, Some(error.words(words))))?;
    door.csrf.check_token(&parts.headers, form.text(csrf::FIELD)).map_err(refuse)?;
    Ok(form)
}

fn mishap_page(door: &Door, headers: &HeaderMap, mishap: Mishap, detail: Option<String>) -> Response {
    let token =
        cookies::get(headers, cookies::VISIT).map(|secret| door.csrf.token(secret)).unwrap_or_default();
    let shell = Shell::signed_out(Words(cookies::language(headers)), "/", token);
    ErrorPage::answer(shell, mishap, detail, "")
}

/// The answer where no route is.
#[must_use]
pub fn nowhere(door: &Door, headers: &HeaderMap) -> Response {
    mishap_page(door, headers, Mishap::NotFound, None)
}
