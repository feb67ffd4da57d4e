//! RFC 9457 problem documents. What a program is told is fixed; the cause goes to the log, once.

use access::{Denied, OperationError};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use operations::evidence::prove::ProveError;
use operations::flows::ReceiveError;
use operations::outgoing::{PauseError, RetryError, WithdrawError};
use operations::review::ReviewError;
use serde::Serialize;
use utoipa::ToSchema;

/// A problem, as RFC 9457 writes it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// A stable name, relative to the API: `/problems/not-found`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What happened, in a few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What was kept and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Problem {
    /// A problem of a stable name.
    #[must_use]
    pub fn new(status: StatusCode, name: &str, title: &str) -> Self {
        Self {
            kind: format!("/problems/{name}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: None,
        }
    }

    /// With what to do about it.
    #[must_use]
    pub fn with(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The request does not read; `detail` names the place.
    #[must_use]
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", "The request is not understood").with(detail)
    }

    /// Missing and foreign look the same (invariant 5).
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "There is no such thing here")
    }

    /// Who calls is not known.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", "A valid token is needed")
            .with("Send Authorization: Bearer with the token of an active service account.")
    }

    /// Something on our side; the log knows what.
    fn ours(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "an API call failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "It failed on our side").with(
            "Nothing was changed. Try again; if it goes on, tell your administrator the time of the call.",
        )
    }

    fn unavailable(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "storage does not answer");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Durable storage is not available")
            .with("Nothing was kept. Try again later.")
    }
}

/// For paths of the API that do not exist.
pub(crate) async fn no_such_path() -> Problem {
    Problem::not_found()
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response()
    }
}

impl From<Denied> for Problem {
    fn from(error: Denied) -> Self {
        match error {
            Denied::NotAllowed { action, .. } => {
                Self::new(StatusCode::FORBIDDEN, "not-allowed", "This account may not do that")
                    .with(format!("No mission of this account allows {action}."))
            }
            Denied::StepUp { .. } => {
                Self::new(StatusCode::FORBIDDEN, "step-up", "A fresh proof of presence is needed")
            }
            Denied::Inactive => Self::unauthenticated(),
            Denied::Store(error) => Self::unavailable(&error),
        }
    }
}

impl From<OperationError> for Problem {
    fn from(error: OperationError) -> Self {
        match error {
            OperationError::Denied(denied) => denied.into(),
            error if error.is_storage() => Self::unavailable(&error),
            error => Self::ours(&error),
        }
    }
}

impl From<ReviewError> for Problem {
    fn from(error: ReviewError) -> Self {
        let conflict = |name, detail: String| {
            Self::new(StatusCode::CONFLICT, name, "The hold cannot be decided that way").with(detail)
        };
        match error {
            ReviewError::NotFound => Self::not_found(),
            ReviewError::Operation(error) => error.into(),
            ReviewError::SeenOther => conflict("seen-other", error.to_string()),
            ReviewError::OwnMessage => conflict("own-message", error.to_string()),
            ReviewError::SignatureNeeded | ReviewError::Signature => conflict("unsigned", error.to_string()),
            ReviewError::Guarded => conflict("guarded", error.to_string()),
            ReviewError::SameHands(_) => conflict("same-hands", error.to_string()),
            ReviewError::FollowsWaiting | ReviewError::FollowsStopped => {
                conflict("follows", error.to_string())
            }
            other => conflict("decided", other.to_string()),
        }
    }
}

impl From<ReceiveError> for Problem {
    fn from(error: ReceiveError) -> Self {
        match error {
            ReceiveError::NotYourSender => {
                Self::new(StatusCode::FORBIDDEN, "not-your-sender", "Not your sender")
                    .with("The sender's domain is not one of the organisation's.")
            }
            ReceiveError::Loop => Self::new(StatusCode::CONFLICT, "loop", "The message is in a loop")
                .with("It passed here already for one of these recipients."),
            ReceiveError::KeyTaken => {
                Self::new(StatusCode::CONFLICT, "idempotency-key", "The idempotency key is taken")
                    .with("That key was used for another request.")
            }
            error @ ReceiveError::Repeated => Self::unavailable(&error),
            ReceiveError::Operation(error) => error.into(),
            error @ ReceiveError::AssessmentUnavailable => Self::unavailable(&error),
        }
    }
}

impl From<RetryError> for Problem {
    fn from(error: RetryError) -> Self {
        match error {
            RetryError::NotFound => Self::not_found(),
            RetryError::BeingSent => being_sent(),
            RetryError::Operation(error) => error.into(),
        }
    }
}

impl From<WithdrawError> for Problem {
    fn from(error: WithdrawError) -> Self {
        match error {
            WithdrawError::NotFound => Self::not_found(),
            WithdrawError::BeingSent => being_sent(),
            WithdrawError::Operation(error) => error.into(),
        }
    }
}

fn being_sent() -> Problem {
    Problem::new(StatusCode::CONFLICT, "being-sent", "The message is being sent")
        .with("A relay has it in hand, or may have handed it over. Look again in a moment.")
}

impl From<PauseError> for Problem {
    fn from(error: PauseError) -> Self {
        match error {
            PauseError::Operation(error) => error.into(),
            other => Self::new(StatusCode::CONFLICT, "paused", "Nothing was stopped or restarted")
                .with(other.to_string()),
        }
    }
}

impl From<ProveError> for Problem {
    fn from(error: ProveError) -> Self {
        match error {
            ProveError::NotFound => Self::not_found(),
            ProveError::NotSealed => Self::new(StatusCode::CONFLICT, "not-sealed", "Not sealed yet"),
            ProveError::Operation(error) => error.into(),
        }
    }
}
