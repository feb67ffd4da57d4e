//! How a form that decides on something is answered: elsewhere when it is done; else a page of ours, or the page it came
//! from, saying what is wrong.

use access::OperationError;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::show::Visitor;
use crate::pages::error::Mishap;
use crate::router::go;

/// Why it is not done.
pub(super) enum Trouble {
    /// There is no such thing here.
    NotFound,
    /// Not permitted, or not kept.
    Failed(OperationError),
    /// A page of ours.
    Mishap(Mishap),
    /// What the page it came from says.
    Says(StatusCode, String),
}

/// The answer; `Err` is what the page it came from says.
pub(super) async fn answered(
    visitor: &Visitor,
    headers: &HeaderMap,
    to: &str,
    done: Result<(), Trouble>,
) -> Result<Response, (StatusCode, String)> {
    match done {
        Ok(()) => Ok(go(headers, to)),
        Err(Trouble::NotFound) => Ok(visitor.mishap(Mishap::NotFound).await),
        Err(Trouble::Mishap(mishap)) => Ok(visitor.mishap(mishap).await),
        Err(Trouble::Failed(error)) => Ok(visitor.failed(error).await),
        Err(Trouble::Says(status, problem)) => Err((status, problem)),
    }
}
