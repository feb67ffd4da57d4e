//! What is wrong with control files, in the reader's language: where, what was found, what to do.

use compliance::ControlError;
use compliance::condition::{Advice, Problem, Refusal, Type, Wanted};
use compliance::control::{ControlFault, Form, Rule, SampleFailure};
use operations::controls::Wrong;
use vocabulary::{Locale, bounds};

use crate::format;
use crate::i18n::{Words, t};

/// How a list is asked about, as a condition writes it.
const EXAMPLE: &str = "recipients.domains.exists(d, d == 'x.example')";

/// One thing wrong with a set.
pub(super) fn told(w: Words, wrong: &Wrong) -> String {
    match wrong {
        Wrong::Empty => w.t("wrong-empty"),
        Wrong::File(error) => w.with2("wrong-told", "place", place(w, error), "what", fault(w, &error.fault)),
        Wrong::SampleKeys(number) => w.with("wrong-sample-keys", "sample", number),
        Wrong::Sample(failure) => sample(w, failure),
    }
}

/// `pii-01.toml, line 9, when`.
fn place(w: Words, error: &ControlError) -> String {
    let mut place = vec![error.file.clone()];
    place.extend(error.line.map(|line| w.with("wrong-line", "line", line)));
    place.extend(error.key.clone());
    place.join(", ")
}

fn sample(w: Words, failure: &SampleFailure) -> String {
    let key = if failure.expected { "wrong-sample-missed" } else { "wrong-sample-caught" };
    t(
        w.0,
        key,
        &[
            ("control", failure.control.as_str().into()),
            ("sample", failure.sample.to_string().into()),
            ("language", failure.locale.tag().into()),
        ],
    )
}

/// What is wrong, without its place.
pub(super) fn fault(w: Words, fault: &ControlFault) -> String {
    match fault {
        ControlFault::Unreadable(_) => w.t("wrong-unreadable"),
        ControlFault::Empty => w.t("wrong-no-file"),
        ControlFault::TooLarge => {
            w.with("wrong-too-large", "size", format::size(w.0, bounds::CONTROL_FILE_BYTES_MAX))
        }
        ControlFault::TooMany => w.with("wrong-too-many", "n", bounds::CONTROLS_MAX),
        ControlFault::Form { what, .. } => form(w, what),
        ControlFault::Condition(refusal) => refused(w, refusal),
        ControlFault::Rule(broken) => rule(w, *broken),
        ControlFault::DuplicateId { id, other } => w.with2("wrong-taken", "id", id, "other", other),
    }
}

fn form(w: Words, form: &Form) -> String {
    match form {
        Form::Syntax => w.t("form-syntax"),
        Form::Missing(key) => w.with("form-missing", "found", key),
        Form::UnknownKey { found, known } => {
            w.with2("form-unknown", "found", found, "known", known.join(", "))
        }
        Form::Choice { found, known } => w.with2("form-choice", "found", found, "known", known.join(", ")),
        Form::Kind(Some(found)) => w.with("form-kind-found", "found", found),
        Form::Kind(None) => w.t("form-kind"),
        Form::Value => w.t("form-value"),
    }
}

fn rule(w: Words, rule: Rule) -> String {
    let key = match rule {
        Rule::Id => "rule-id",
        Rule::Version => "rule-version",
        Rule::Verdict => "rule-verdict",
        Rule::Score => "rule-score",
        Rule::HoldClass => "rule-class",
        Rule::Languages => "rule-languages",
        Rule::Sample { locale, matches: true } => return of_language(w, "rule-sample-match", locale),
        Rule::Sample { locale, matches: false } => return of_language(w, "rule-sample-no-match", locale),
    };
    w.t(key)
}

fn of_language(w: Words, key: &str, locale: Locale) -> String {
    w.with(key, "locale", locale.tag())
}

/// Characters are counted from 1.
fn refused(w: Words, refusal: &Refusal) -> String {
    let what = problem(w, &refusal.problem);
    match refusal.at {
        Some(at) => w.with2("wrong-character", "at", at.saturating_add(1), "what", what),
        None => what,
    }
}

fn problem(w: Words, problem: &Problem) -> String {
    match problem {
        Problem::TooLong(bytes) => {
            let (n, most) = (w.int(*bytes as u64), w.int(bounds::CONDITION_BYTES_MAX as u64));
            w.with2("condition-long", "n", n, "most", most)
        }
        Problem::Syntax(_) => w.t("condition-syntax"),
        Problem::TooDeep => w.with("condition-deep", "n", bounds::CONDITION_DEPTH_MAX),
        Problem::TooManyComprehensions => {
            w.with("condition-nested", "n", bounds::CONDITION_COMPREHENSIONS_MAX)
        }
        Problem::UnknownField { name, near } => {
            w.with2("condition-field", "found", name, "known", near.join(", "))
        }
        Problem::Unsupported { name, advice } => advised(w, name, *advice),
        Problem::Mismatch { what, wanted, found } => {
            let (needed, kind) = (w.t(wanted_key(*wanted)), w.t(type_key(*found)));
            t(
                w.0,
                "condition-mismatch",
                &[("what", what.as_str().into()), ("wanted", needed.into()), ("found", kind.into())],
            )
        }
        Problem::NotBool(found) => w.with("condition-not-bool", "found", w.t(type_key(*found))),
        Problem::NameTaken(name) => w.with("condition-name-taken", "found", name),
        Problem::NoThread => w.t("condition-thread"),
    }
}

fn advised(w: Words, name: &str, advice: Advice) -> String {
    let named = |key: &str| w.with(key, "found", name);
    match advice {
        Advice::Expression => w.t("advice-expression"),
        Advice::Literal => w.t("advice-literal"),
        Advice::List => w.t("advice-list"),
        Advice::ListOnly => w.with2("advice-list-only", "found", name, "example", EXAMPLE),
        Advice::Has => named("advice-has"),
        Advice::Matches => named("advice-matches"),
        Advice::Functions => named("advice-functions"),
    }
}

const fn wanted_key(wanted: Wanted) -> &'static str {
    match wanted {
        Wanted::Is(kind) => type_key(kind),
        Wanted::List => "wanted-list",
        Wanted::Alike => "wanted-alike",
        Wanted::ItemOnTheLeft => "wanted-left",
        Wanted::Ordered => "wanted-ordered",
        Wanted::Added => "wanted-added",
        Wanted::Sized => "wanted-sized",
        Wanted::Item => "wanted-item",
    }
}

pub(super) const fn type_key(kind: Type) -> &'static str {
    match kind {
        Type::Bool => "type-bool",
        Type::Int => "type-int",
        Type::Text => "type-text",
        Type::Texts => "type-texts",
        Type::Ints => "type-ints",
        Type::Bools => "type-bools",
    }
}

#[cfg(test)]
mod tests;
