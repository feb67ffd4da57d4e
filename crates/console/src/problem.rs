//! What a program reads when something does not happen: `application/problem+json` (RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::pages::error::Mishap;

/// A problem. `kind` is stable and what programs branch on; `detail` is for the person who reads the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// A URI reference that names the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind, in a few words of English.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time, and where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The operation, to quote to support.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// What is wrong with each field, by JSON pointer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldProblem {
    /// Where, a JSON pointer (RFC 6901).
    pub pointer: String,
    /// What.
    pub detail: String,
}

impl Problem {
    /// A problem of a kind: the last segment of its type.
    #[must_use]
    pub fn new(status: StatusCode, kind: &str, title: &str) -> Self {
        Self {
            kind: format!("/problems/{kind}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: None,
            instance: None,
            errors: Vec::new(),
        }
    }

    /// The same mishap a page would tell, for a program.
    #[must_use]
    pub fn of(mishap: Mishap) -> Self {
        let (kind, title) = match mishap {
            Mishap::NotFound => ("not-found", "There is nothing here"),
            Mishap::NotAllowed => ("not-allowed", "This is not permitted"),
            Mishap::StalePage => ("stale-page", "The form is not this session's"),
            Mishap::BadRequest => ("bad-request", "The request cannot be read"),
            Mishap::TooLarge => ("too-large", "The request is too large"),
            Mishap::Unrecorded => ("unrecorded", "The ledger could not be written; nothing changed"),
            Mishap::AlreadyDecided => ("already-decided", "Somebody decided first"),
            Mishap::SeenOther => ("seen-other", "The decision is bound to another text"),
            Mishap::OwnMessage => ("own-message", "Nobody decides on their own message"),
            Mishap::WrongStage => ("wrong-stage", "The hold is not at that stage"),
            Mishap::NotSealed => ("not-sealed", "The entry is not under a checkpoint yet"),
            Mishap::Failed => ("failed", "Something failed on our side"),
        };
        Self::new(mishap.status(), kind, title)
    }

    /// Says what happened this time.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Names a field at fault.
    #[must_use]
    pub fn field(mut self, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        self.errors.push(FieldProblem { pointer: pointer.into(), detail: detail.into() });
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))], body)
            .into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_its_fields() {
        let problem = Problem::of(Mishap::BadRequest)
            .detail("two fields are wrong")
            .field("/reason", "must not be empty");
        insta::assert_json_snapshot!(problem, @r#"
        {
          "type": "/problems/bad-request",
          "title": "The request cannot be read",
          "status": 400,
          "detail": "two fields are wrong",
          "errors": [
            {
              "pointer": "/reason",
              "detail": "must not be empty"
            }
          ]
        }
        "#);
        assert_eq!(problem.into_response().headers()[header::CONTENT_TYPE], "application/problem+json");
    }
}
