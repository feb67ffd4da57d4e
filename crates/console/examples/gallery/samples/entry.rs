//! Signing in, proving presence again, and what waits for an administrator before a sign-in.

use console::i18n::Words;
use console::pages::arrivals::{ArrivalRow, ArrivalsPage, MailedCodePage};
use console::pages::password::{ForgottenPage, PasswordPage};
use console::pages::security::{BackupCodePage, StepUpPage};
use console::pages::shell::Place;
use console::pages::sign_in::{Problem as SignInProblem, SecondFactor, SignIn};

use super::{QUESTION, administration, say, shell, signed_out};

/// Sign-in, with the note of an undeclared network.
pub(crate) fn sign_in(w: Words) -> SignIn {
    SignIn {
        s: signed_out(w, "/sign-in"),
        email: "ines.kermadec@orveane.example".into(),
        next: "/".into(),
        undeclared_network: true,
        problem: None,
    }
}

/// Sign-in that was refused.
pub(crate) fn sign_in_refused(w: Words) -> SignIn {
    SignIn { undeclared_network: false, problem: Some(SignInProblem::Refused), ..sign_in(w) }
}

/// Second factor, after a code that served already.
pub(crate) fn second_factor(w: Words) -> SecondFactor {
    SecondFactor {
        s: signed_out(w, "/sign-in/code"),
        undeclared_network: false,
        app: true,
        key: None,
        next: "/".into(),
        problem: Some(SignInProblem::CodeUsed),
    }
}

/// A person with a security key and an app.
pub(crate) fn second_factor_key(w: Words) -> SecondFactor {
    SecondFactor { undeclared_network: true, key: Some(QUESTION.into()), problem: None, ..second_factor(w) }
}

/// Sign-ins that wait for an administrator.
pub(crate) fn arrivals(w: Words) -> ArrivalsPage {
    let row = ArrivalRow {
        action: "/accounts/arrivals/arrival_1".into(),
        name: "Inès Kermadec".into(),
        email: "ines.kermadec@orveane.example".into(),
        agent: "Chrome · Android".into(),
        network: "203.0.113.0/24".into(),
        since: "14:12".into(),
    };
    ArrivalsPage { s: administration(w, "/accounts/arrivals"), rows: vec![row], may: true, problem: None }
}

/// The code sent by mail.
pub(crate) fn mailed_code(w: Words) -> MailedCodePage {
    let problem = Some(SignInProblem::MailCodeWrong);
    MailedCodePage { s: signed_out(w, "/sign-in/mail"), next: "/".into(), problem }
}

/// Presence, asked for again.
pub(crate) fn step_up(w: Words) -> StepUpPage {
    StepUpPage {
        s: shell(w, "/step-up", Place::Elsewhere, false),
        code: true,
        password: false,
        key: Some(QUESTION.into()),
        next: "/security".into(),
        problem: Some(SignInProblem::ProofWrong),
    }
}

/// A backup code instead of the second factor.
pub(crate) fn backup_code(w: Words) -> BackupCodePage {
    BackupCodePage { s: signed_out(w, "/sign-in/backup"), problem: None }
}

/// One's own password is changed; the new one broke a rule.
pub(crate) fn password(w: Words) -> PasswordPage {
    let s = shell(w, "/security/password", Place::Elsewhere, false);
    PasswordPage {
        s,
        chars_min: 12,
        list: w.with("password-list", "date", say(w, "1 nov. 2026", "1 Nov 2026")),
        problems: vec![("password", w.t("password-breached"))],
    }
}

/// A password was forgotten, and asked for.
pub(crate) fn forgotten(w: Words) -> ForgottenPage {
    ForgottenPage { s: signed_out(w, "/forgotten"), email: String::new(), done: true, problem: None }
}
