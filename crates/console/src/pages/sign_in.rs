//! Proving who one is: address and password, then a second factor.

use askama::Template;
use axum::http::StatusCode;

use super::Shell;

/// Step 1: who you are.
#[derive(Debug, Clone, Template)]
#[template(path = "sign_in.html")]
pub struct SignIn {
    /// The frame.
    pub s: Shell,
    /// What was typed before.
    pub email: String,
    /// Where to go once signed in: a path of ours, checked by [`crate::forms::local_path`].
    pub next: String,
    /// The network is not one the organisation declared (clause T4).
    pub undeclared_network: bool,
    /// Why the last try did not pass.
    pub problem: Option<Problem>,
}

/// Step 2: something you have.
#[derive(Debug, Clone, Template)]
#[template(path = "second_factor.html")]
pub struct SecondFactor {
    /// The frame.
    pub s: Shell,
    /// The network is not one the organisation declared (clause T4).
    pub undeclared_network: bool,
    /// A code may be given.
    pub app: bool,
    /// What the browser asks a security key, where there is one.
    pub key: Option<String>,
    /// Where to go once signed in.
    pub next: String,
    /// Why the last code did not pass.
    pub problem: Option<Problem>,
}

/// Why a try did not pass, and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Address or password: which one is not said.
    Refused,
    /// The password is known from breaches: a link to set another was sent.
    Renew,
    /// Too many failures: wait.
    Wait,
    /// The code is not the one expected.
    CodeWrong,
    /// The proof of presence is not right.
    ProofWrong,
    /// The backup code is not one of theirs, or served already.
    BackupWrong,
    /// The key's answer does not count.
    KeyWrong,
    /// The code sent by mail is not right.
    MailCodeWrong,
    /// An administrator must approve the place first.
    Waits,
    /// The organisation takes no new place.
    PlaceRefused,
    /// The code served already.
    CodeUsed,
    /// The first step is too old, or was not made.
    TooLate,
}

impl Problem {
    /// What the answer that says it is: whoever has to wait is told so, whoever they are (attacks B1, E1).
    #[must_use]
    pub fn status(problem: Option<Self>) -> StatusCode {
        match problem {
            None => StatusCode::OK,
            Some(Self::Wait) => StatusCode::TOO_MANY_REQUESTS,
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    /// What happened.
    #[must_use]
    pub fn title(self, w: &crate::i18n::Words) -> String {
        match self {
            Self::Refused => w.t("sign-in-refused"),
            Self::Renew => w.t("sign-in-renew"),
            Self::Wait => w.t("sign-in-wait"),
            Self::CodeWrong => w.t("code-wrong"),
            Self::ProofWrong => w.t("proof-wrong"),
            Self::BackupWrong => w.t("backup-wrong"),
            Self::KeyWrong => w.t("key-wrong"),
            Self::MailCodeWrong => w.t("mail-code-wrong"),
            Self::Waits => w.t("place-waits"),
            Self::PlaceRefused => w.t("place-refused"),
            Self::CodeUsed => w.t("code-used"),
            Self::TooLate => w.t("code-late"),
        }
    }

    /// What to do.
    #[must_use]
    pub fn advice(self, w: &crate::i18n::Words) -> String {
        match self {
            Self::Refused => w.t("sign-in-refused-advice"),
            Self::Renew => w.t("sign-in-renew-advice"),
            Self::Wait => w.t("sign-in-wait-advice"),
            Self::CodeWrong => w.t("code-wrong-advice"),
            Self::ProofWrong => w.t("proof-wrong-advice"),
            Self::BackupWrong => w.t("backup-wrong-advice"),
            Self::KeyWrong => w.t("key-wrong-advice"),
            Self::MailCodeWrong => w.t("mail-code-wrong-advice"),
            Self::Waits => w.t("place-waits-advice"),
            Self::PlaceRefused => w.t("place-refused-advice"),
            Self::CodeUsed => w.t("code-used-advice"),
            Self::TooLate => w.t("code-late-advice"),
        }
    }
}
