//! When something does not happen: what it was, what is kept, what to do.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::{Shell, render};
use crate::i18n::Words;

/// Why a page or an act was not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// There is nothing here, or nothing for this person: the same answer.
    NotFound,
    /// The person's missions do not allow it.
    NotAllowed,
    /// The form did not come from a page of ours, or its page is too old.
    StalePage,
    /// The request cannot be read.
    BadRequest,
    /// The request is too large.
    TooLarge,
    /// The ledger could not be written, so nothing changed (clause R3).
    Unrecorded,
    /// Somebody decided first.
    AlreadyDecided,
    /// The message that waits is not the one that was read.
    SeenOther,
    /// One does not decide on one's own message.
    OwnMessage,
    /// A security key must sign it, and did not.
    Unsigned,
    /// Governance decides on what others did.
    SameHands,
    /// It follows an invitation that waits, or that will not be sent.
    Follows,
    /// It is private or protected mail, which one mission alone lets go.
    Guarded,
    /// It is with the arbiters already, or not with them yet.
    WrongStage,
    /// The entry is not under a signed checkpoint yet.
    NotSealed,
    /// The link was used, replaced, or is too old.
    LinkOver,
    /// Something failed on our side.
    Failed,
}

impl Mishap {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::NotFound,
        Self::NotAllowed,
        Self::StalePage,
        Self::BadRequest,
        Self::TooLarge,
        Self::Unrecorded,
        Self::AlreadyDecided,
        Self::SeenOther,
        Self::OwnMessage,
        Self::Unsigned,
        Self::SameHands,
        Self::Follows,
        Self::Guarded,
        Self::WrongStage,
        Self::NotSealed,
        Self::LinkOver,
        Self::Failed,
    ];

    /// The HTTP status.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::LinkOver => StatusCode::GONE,
            Self::NotAllowed
            | Self::StalePage
            | Self::OwnMessage
            | Self::Unsigned
            | Self::SameHands
            | Self::Guarded => StatusCode::FORBIDDEN,
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unrecorded | Self::NotSealed => StatusCode::SERVICE_UNAVAILABLE,
            Self::AlreadyDecided | Self::SeenOther | Self::Follows | Self::WrongStage => StatusCode::CONFLICT,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The stable code people read out to support.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotFound => "E-NOT-FOUND",
            Self::NotAllowed => "E-NOT-ALLOWED",
            Self::StalePage => "E-STALE-PAGE",
            Self::BadRequest => "E-BAD-REQUEST",
            Self::TooLarge => "E-TOO-LARGE",
            Self::Unrecorded => "E-UNRECORDED",
            Self::AlreadyDecided => "E-DECIDED",
            Self::SeenOther => "E-SEEN-OTHER",
            Self::OwnMessage => "E-OWN-MESSAGE",
            Self::Unsigned => "E-UNSIGNED",
            Self::SameHands => "E-SAME-HANDS",
            Self::Follows => "E-FOLLOWS",
            Self::Guarded => "E-GUARDED",
            Self::WrongStage => "E-WRONG-STAGE",
            Self::NotSealed => "E-NOT-SEALED",
            Self::LinkOver => "E-LINK-OVER",
            Self::Failed => "E-FAILED",
        }
    }

    fn words(self, w: Words) -> [String; 4] {
        let say = |title, happened, kept, todo| [w.t(title), w.t(happened), w.t(kept), w.t(todo)];
        let (none, form) = ("mishap-kept-all", "mishap-kept-nothing-changed");
        match self {
            Self::NotFound => say("not-found", "not-found-happened", none, "not-found-todo"),
            Self::NotAllowed => say("not-allowed", "not-allowed-happened", none, "not-allowed-todo"),
            Self::StalePage => say("stale-page", "stale-page-happened", form, "stale-page-todo"),
            Self::BadRequest => say("bad-request", "bad-request-happened", form, "bad-request-todo"),
            Self::TooLarge => say("too-large", "too-large-happened", form, "too-large-todo"),
            Self::Unrecorded => say("unrecorded", "unrecorded-happened", form, "unrecorded-todo"),
            Self::AlreadyDecided => {
                say("already-decided", "already-decided-happened", form, "already-decided-todo")
            }
            Self::SeenOther => say("seen-other", "seen-other-happened", form, "seen-other-todo"),
            Self::OwnMessage => say("own-message", "own-message-happened", form, "own-message-todo"),
            Self::Unsigned => say("unsigned", "unsigned-happened", form, "unsigned-todo"),
            Self::SameHands => say("same-hands", "same-hands-happened", form, "same-hands-todo"),
            Self::Follows => say("follows", "follows-happened", form, "follows-todo"),
            Self::Guarded => say("guarded-mishap", "guarded-mishap-happened", form, "guarded-mishap-todo"),
            Self::WrongStage => say("wrong-stage", "wrong-stage-happened", form, "wrong-stage-todo"),
            Self::NotSealed => say("not-sealed", "not-sealed-happened", none, "not-sealed-todo"),
            Self::LinkOver => say("link-over", "link-over-happened", form, "link-over-todo"),
            Self::Failed => say("failed", "failed-happened", form, "failed-todo"),
        }
    }
}

/// The page of a mishap.
#[derive(Debug, Clone, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// The frame.
    pub s: Shell,
    /// What did not happen.
    pub title: String,
    /// Why.
    pub happened: String,
    /// What is kept.
    pub kept: String,
    /// What to do.
    pub todo: String,
    /// What to add about this very case, for example the field at fault.
    pub detail: Option<String>,
    /// For support.
    pub reference: String,
    /// Where to go back to.
    pub back: String,
}

impl ErrorPage {
    /// The page of `mishap`; `reference` is the operation's id, if there is one.
    #[must_use]
    pub fn new(s: Shell, mishap: Mishap, detail: Option<String>, reference: &str) -> Self {
        let [title, happened, kept, todo] = mishap.words(s.w);
        let parts: Vec<&str> =
            [mishap.code(), reference].into_iter().filter(|part| !part.is_empty()).collect();
        Self { title, happened, kept, todo, detail, reference: parts.join(" · "), back: "/".to_owned(), s }
    }

    /// Answers with it.
    #[must_use]
    pub fn answer(s: Shell, mishap: Mishap, detail: Option<String>, reference: &str) -> Response {
        render(mishap.status(), &Self::new(s, mishap, detail, reference))
    }
}
