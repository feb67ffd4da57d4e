//! An assessment in plain words: for the reviewer with what was found, for the sender and the register without.

#[cfg(test)]
mod leak_tests;
mod marks;
mod mask;
mod place;
mod reading;
mod register;
mod since;
mod told;

use serde::{Deserialize, Serialize};
use vocabulary::{Bilingual, Locale};

use crate::condition::EvaluationError;
use crate::detect::{self, CONTROL_ERROR};
use crate::{Assessment, Control, ControlMatch, ControlSet, Finding, Mode, Severity, Verdict};

pub use marks::{Asked, Marks, feature, label_words};
pub use mask::{mask, mask_name, not_shown};
pub use place::{FileName, file_at, file_of, place, whereabouts};
pub use reading::{cause, defect, unread};
pub use register::{Line, Masked, Reader, Rule, Sets, register};
pub use since::Since;
pub use told::told;

/// Why one control matched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The control's id.
    pub control: String,
    /// Its version.
    pub version: u32,
    /// Whether its verdict counts.
    pub mode: Mode,
    /// What it concludes.
    pub verdict: Verdict,
    /// How grave.
    pub severity: Severity,
    /// What it is called.
    pub title: String,
    /// Why one should care.
    pub explanation: String,
    /// What would make the message pass.
    pub remedy: String,
    /// The law or contract it rests on.
    pub ground: String,
    /// What was found, by kind.
    pub facts: Vec<Fact>,
    /// Indices of the recipients concerned.
    pub recipients: Vec<usize>,
    /// What became of the control since.
    pub now: Since,
}

/// One finding, or several of a kind, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The detector.
    pub detector: String,
    /// What it is, and why where it was not read: `IBAN valide`, `pièce jointe illisible : le fichier est endommagé`.
    pub label: String,
    /// How many.
    pub count: usize,
    /// The highest certainty, 0 to 100.
    pub certainty: u8,
    /// Indices into the assessment's findings; empty in a redacted reason.
    pub findings: Vec<usize>,
}

/// For the reviewer: every control that matched, gravest first, as it was when it did, with where its findings stand.
#[must_use]
pub fn for_reviewer(assessment: &Assessment, sets: Sets<'_>, locale: Locale) -> Vec<Reason> {
    reasons(assessment, sets, locale, false)
}

/// For the register and the auditor: the same without any place or excerpt, and with neutral words where the control
/// asks for them.
#[must_use]
pub fn for_register(assessment: &Assessment, set: &ControlSet, locale: Locale) -> Vec<Reason> {
    reasons(assessment, Sets::only(set), locale, true)
}

/// For the sender: one sentence or two per control that holds or refuses, without any excerpt. Of those that ask for neutral
/// words there is one neutral sentence where they are alone, and none beside others: two sentences would tell of them.
#[must_use]
pub fn for_sender(assessment: &Assessment, set: &ControlSet, locale: Locale) -> Vec<String> {
    let mut sentences: Vec<String> = Vec::new();
    let mut reasons = for_register(assessment, set, locale);
    reasons.retain(|reason| reason.mode == Mode::Enforce && reason.verdict != Verdict::Pass);
    let is_named = |reason: &Reason| !reason.control.is_empty();
    if reasons.iter().any(is_named) {
        reasons.retain(is_named);
    }
    for reason in reasons {
        let sentence = if reason.remedy.is_empty() {
            reason.explanation
        } else {
            let facts: Vec<String> = reason.facts.iter().map(Fact::sentence).collect();
            let found = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join(", ")) };
            format!("{}{found}{} {} {}", reason.title, colon(locale), reason.explanation, reason.remedy)
        };
        if !sentences.contains(&sentence) {
            sentences.push(sentence);
        }
    }
    sentences
}

/// What a detector finds, in a word or two.
#[must_use]
pub fn label(detector: &str, locale: Locale) -> &'static str {
    match (detect::detector(detector), detector, locale) {
        (Some(known), ..) => known.label(locale),
        (None, CONTROL_ERROR, Locale::Fr) => "contrôle en erreur",
        (None, CONTROL_ERROR, Locale::En) => "control in error",
        (None, _, Locale::Fr) => "constat",
        (None, _, Locale::En) => "finding",
    }
}

fn reasons(assessment: &Assessment, sets: Sets<'_>, locale: Locale, redacted: bool) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = assessment
        .matches
        .iter()
        .map(|found| {
            if redacted && sets.is_neutral(found) {
                neutral(found, locale)
            } else {
                Reason {
                    now: sets.since(found),
                    ..plain(assessment, found, sets.control(found), locale, redacted)
                }
            }
        })
        .collect();
    reasons.sort_by_key(|reason| {
        let counts = reason.mode == Mode::Enforce;
        std::cmp::Reverse((counts, reason.verdict, reason.severity))
    });
    reasons
}

fn plain(
    assessment: &Assessment,
    found: &ControlMatch,
    control: Option<&Control>,
    locale: Locale,
    redacted: bool,
) -> Reason {
    let word = |words: fn(&Control) -> &Bilingual| {
        control.map_or_else(String::new, |control| words(control).get(locale).to_owned())
    };
    let mut explanation = word(|control| &control.explanation);
    if let Some(error) = &found.error {
        explanation = not_evaluated(error, locale);
    }
    Reason {
        title: control.map_or_else(|| found.control.clone(), |control| control.title.get(locale).to_owned()),
        explanation,
        remedy: word(|control| &control.remedy),
        ground: word(|control| &control.ground),
        facts: facts(assessment, found, locale, redacted),
        ..bare(found)
    }
}

/// Without a number or a name: the error says what happened to the rule, never what the message holds. One that this version does
/// not know (it is kept by its English words) is not named.
fn not_evaluated(error: &str, locale: Locale) -> String {
    let why = EvaluationError::parse(error).map(|error| format!(" ({})", error.words(locale)));
    let why = why.unwrap_or_default();
    match locale {
        Locale::Fr => {
            format!("Ce contrôle n’a pas pu être évalué{why}\u{202f}; par prudence, le message attend.")
        }
        Locale::En => format!("This control could not be evaluated{why}; to be safe, the message waits."),
    }
}

/// A reason that tells nothing about the rule.
fn neutral(found: &ControlMatch, locale: Locale) -> Reason {
    let (title, explanation) = match locale {
        Locale::Fr => {
            ("Vérification en cours", "Ce message fait l’objet d’une vérification avant son envoi.")
        }
        Locale::En => ("Being checked", "This message is being checked before it leaves."),
    };
    Reason {
        control: String::new(),
        version: 0,
        severity: Severity::Medium,
        title: title.to_owned(),
        explanation: explanation.to_owned(),
        ..bare(found)
    }
}

fn bare(found: &ControlMatch) -> Reason {
    Reason {
        control: found.control.clone(),
        version: found.version,
        mode: found.mode,
        verdict: found.verdict,
        severity: found.severity,
        title: String::new(),
        explanation: String::new(),
        remedy: String::new(),
        ground: String::new(),
        facts: Vec::new(),
        recipients: found.recipients.clone(),
        now: Since::Same,
    }
}

fn facts(assessment: &Assessment, found: &ControlMatch, locale: Locale, redacted: bool) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    for index in &found.findings {
        let Some(finding) = assessment.findings.get(*index) else { continue };
        let Finding { detector, certainty, .. } = finding;
        let label = with_cause(finding, locale);
        let same = |fact: &Fact| fact.detector == *detector && fact.label == label;
        let position = facts.iter().position(same).unwrap_or_else(|| {
            facts.push(Fact {
                detector: detector.clone(),
                label: label.clone(),
                count: 0,
                certainty: 0,
                findings: Vec::new(),
            });
            facts.len() - 1
        });
        if let Some(fact) = facts.get_mut(position) {
            fact.count += 1;
            fact.certainty = fact.certainty.max(*certainty);
            if !redacted {
                fact.findings.push(*index);
            }
        }
    }
    facts
}

/// `numéro de compte (IBAN) valide`, or `pièce jointe illisible : le fichier est endommagé`.
fn with_cause(finding: &Finding, locale: Locale) -> String {
    let label = label(&finding.detector, locale);
    match cause(finding, locale) {
        Some(cause) => format!("{label}{} {cause}", colon(locale)),
        None => label.to_owned(),
    }
}

const fn colon(locale: Locale) -> &'static str {
    match locale {
        Locale::Fr => " :",
        Locale::En => ":",
    }
}

impl Fact {
    /// `pièce jointe illisible`, or `numéro de compte (IBAN) valide × 3`.
    #[must_use]
    pub fn sentence(&self) -> String {
        if self.count == 1 { self.label.clone() } else { format!("{} × {}", self.label, self.count) }
    }
}
