//! Who calls: the service behind the bearer token, or nobody.

use access::Operation;
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use operations::{Cerebro, accounts};

use super::Problem;

/// The operation of the calling service.
#[derive(Debug)]
pub(crate) struct Caller(pub(crate) Operation);

impl FromRequestParts<Cerebro> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, cerebro: &Cerebro) -> Result<Self, Problem> {
        let token = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or_else(Problem::unauthenticated)?;
        let op = accounts::token::behind(cerebro.instance(), token.trim()).await?;
        op.map(Self).ok_or_else(Problem::unauthenticated)
    }
}
