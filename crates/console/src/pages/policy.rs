//! The settings that decide who comes in: read, and changed.

use access::Family;
use askama::Template;
use identity::place::NewPlace;
use operations::organisation::{DecisionKind, Setting};

use super::Shell;
use crate::i18n::Words;

/// The settings as they stand.
#[derive(Debug, Clone, Template)]
#[template(path = "policy.html")]
pub struct PolicyPage {
    /// The frame.
    pub s: Shell,
    /// Each setting: its name and its value.
    pub settings: Vec<(String, String)>,
    /// Which lists a new password is looked for in.
    pub list: String,
    /// The list cannot be read: no password is set.
    pub list_fails: bool,
    /// Where they are changed.
    pub change: Option<&'static str>,
}

/// The settings are changed.
#[derive(Debug, Clone, Template)]
#[template(path = "policy_change.html")]
pub struct PolicyChangePage {
    /// The frame.
    pub s: Shell,
    /// What is typed.
    pub draft: PolicyDraft,
    /// What is wrong: the field, and the text.
    pub problem: Option<(&'static str, String)>,
}

/// What is typed in the form.
#[derive(Debug, Clone, Default)]
pub struct PolicyDraft {
    /// For each family: its settings.
    pub families: Vec<FamilyDraft>,
    /// Days.
    pub postpone_days: String,
    /// One block of addresses a line.
    pub trusted: String,
    /// One AAGUID a line.
    pub key_models: String,
    /// Models are proved by certificates.
    pub proved_models: bool,
    /// Characters.
    pub password_chars: String,
    /// Long ones need no mixture.
    pub passphrases: bool,
    /// For each kind of decision: its word, its name, and whether a security key signs it.
    pub signed: Vec<(&'static str, String, bool)>,
    /// One class of holds a line.
    pub signed_classes: String,
    /// Why.
    pub reason: String,
}

/// What is typed for a family.
#[derive(Debug, Clone)]
pub struct FamilyDraft {
    /// Its word.
    pub word: &'static str,
    /// Its name.
    pub name: String,
    /// Minutes without activity.
    pub idle: String,
    /// Minutes in all.
    pub whole: String,
    /// The most the clause allows of either.
    pub most: (u32, u32),
    /// It must have a second factor; `None` where it always must.
    pub mandatory: Option<bool>,
    /// What a new place may ask: word, name, chosen.
    pub places: Vec<(&'static str, String, bool)>,
}

/// The word of a family in forms.
#[must_use]
pub const fn family_word(family: Family) -> &'static str {
    match family {
        Family::Operational => "operational",
        Family::Governance => "governance",
        Family::Administration => "administration",
    }
}

/// A family as people call it.
#[must_use]
pub fn family_name(w: Words, family: Family) -> String {
    w.t(&format!("family-{}", family_word(family)))
}

/// What a setting is called.
#[must_use]
pub fn setting_name(w: Words, setting: &Setting) -> String {
    let of = |key: &str, family: &Family| w.with(key, "family", family_name(w, *family));
    match setting {
        Setting::Session(family, _) => of("setting-session", family),
        Setting::Mandatory(family, _) => of("setting-mandatory", family),
        Setting::NewPlace(family, _) => of("setting-place", family),
        Setting::PostponeDays(_) => w.t("setting-postpone"),
        Setting::Trusted(_) => w.t("setting-trusted"),
        Setting::KeyModels(_) => w.t("setting-models"),
        Setting::ProvedModels(_) => w.t("setting-proved"),
        Setting::PasswordChars(_) => w.t("setting-chars"),
        Setting::Passphrases(_) => w.t("setting-passphrases"),
        Setting::Signed(kind, _) => w.with("setting-signed", "kind", decision_name(w, *kind)),
        Setting::SignedClasses(_) => w.t("setting-signed-classes"),
    }
}

/// Minutes, as people say them: `45 min`, `12 h`, `1 h 30 min`.
#[must_use]
pub fn duration(w: Words, minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => w.with("duration-minutes", "minutes", minutes),
        (hours, 0) => w.with("duration-hours", "hours", hours),
        (hours, minutes) => w.with2("duration-both", "hours", hours, "minutes", minutes),
    }
}

/// What it says.
#[must_use]
pub fn setting_value(w: Words, setting: &Setting) -> String {
    let yes = |on: bool| w.t(if on { "setting-yes" } else { "setting-no" });
    match setting {
        Setting::Session(_, lasting) => w.with2(
            "setting-session-value",
            "idle",
            duration(w, lasting.idle),
            "whole",
            duration(w, lasting.whole),
        ),
        Setting::Mandatory(_, on)
        | Setting::Passphrases(on)
        | Setting::Signed(_, on)
        | Setting::ProvedModels(on) => yes(*on),
        Setting::NewPlace(family, rule) => place_name(w, *family, *rule),
        Setting::PostponeDays(0) => w.t("setting-postpone-never"),
        Setting::PostponeDays(days) => w.n("setting-postpone-value", u64::from(*days)),
        Setting::Trusted(ranges) if ranges.is_empty() => w.t("setting-trusted-none"),
        Setting::KeyModels(models) if models.is_empty() => w.t("setting-models-all"),
        Setting::PasswordChars(chars) => w.n("setting-chars-value", u64::from(*chars)),
        Setting::SignedClasses(classes) if classes.is_empty() => w.t("setting-signed-none"),
        Setting::Trusted(_) | Setting::KeyModels(_) | Setting::SignedClasses(_) => {
            setting.to_string().replace(' ', ", ")
        }
    }
}

/// A kind of decision, as people call it.
#[must_use]
pub fn decision_name(w: Words, kind: DecisionKind) -> String {
    w.t(match kind {
        DecisionKind::Review => "signed-review",
        DecisionKind::Ruling => "signed-ruling",
        DecisionKind::Override => "signed-override",
    })
}

/// What a new device or network asks for, as people call it. Whoever administers comes in by no code alone.
#[must_use]
pub fn place_name(w: Words, family: Family, rule: NewPlace) -> String {
    w.t(match rule {
        NewPlace::SecondFactor if family == Family::Administration => "place-rule-factor-always",
        NewPlace::EmailedCode => "place-rule-code",
        NewPlace::SecondFactor => "place-rule-factor",
        NewPlace::Approval => "place-rule-approval",
        NewPlace::Refuse => "place-rule-refuse",
    })
}
