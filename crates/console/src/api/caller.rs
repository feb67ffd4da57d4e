//! Who calls: the service behind the bearer token, or nobody.

use std::ops::Deref;

use access::{Action, Denied, Operation, Permit};
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use operations::missions::usage;
use operations::{Cerebro, accounts};

use super::Problem;

/// The calling service.
#[derive(Debug)]
pub(crate) struct Caller(pub(crate) Call);

/// The operation of a call: each permit it is given counts as a use of the mission that gives it (clause R1).
pub(crate) struct Call {
    op: Operation,
    cerebro: Cerebro,
}

impl Call {
    /// As [`Operation::permit`], noted.
    pub(crate) async fn permit<A: Action>(
        &self,
        action: A,
        subject: A::Subject,
    ) -> Result<Permit<A>, Denied> {
        let permit = self.op.permit(action, subject).await?;
        usage::note_call(&self.cerebro, &self.op, A::NAME).await;
        Ok(permit)
    }
}

impl Deref for Call {
    type Target = Operation;

    fn deref(&self) -> &Operation {
        &self.op
    }
}

impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.op.fmt(f)
    }
}

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
        let op = op.ok_or_else(Problem::unauthenticated)?;
        Ok(Self(Call { op, cerebro: cerebro.clone() }))
    }
}
