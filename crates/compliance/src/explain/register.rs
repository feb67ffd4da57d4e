//! A line of the register for each control that holds a message, redacted: the rule, what was found by kind, each value masked,
//! where it stands. An auditor reads all of it. A sender reads of their own message what does not tell them of an inquiry:
//! a control whose notice is neutral (art. L. 574-1 of the Code monétaire et financier, MAR art. 16) leaves no line beside
//! others, and one without a name where it is alone.

use vocabulary::Locale;
use vocabulary::bounds::REGISTER_FOUND_MAX;

use super::mask::{mask, mask_name};
use super::place::{FileName, whereabouts};
use super::reading::cause;
use super::{label, neutral};
use crate::control::Category;
use crate::{Assessment, Control, ControlMatch, ControlSet, Finding, Mode, Severity, Verdict};

/// For whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Whoever checks decisions.
    Auditor,
    /// Whoever wrote the message.
    Sender,
}

/// Why a message was held: one control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The control; `None` for a check that has no name for this reader.
    pub rule: Option<Rule>,
    /// What it is called.
    pub title: String,
    /// What was found, at most [`REGISTER_FOUND_MAX`].
    pub found: Vec<Masked>,
    /// Found, and not among them.
    pub more: usize,
}

/// The control of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its id.
    pub control: String,
    /// Its version.
    pub version: u32,
    /// What it is about; `None` where no set that has it is known any more.
    pub category: Option<Category>,
    /// The law or contract it rests on.
    pub ground: String,
    /// How grave.
    pub severity: Severity,
    /// Which hold clock applies.
    pub hold_class: String,
    /// The sender is told of it in neutral words.
    pub is_neutral: bool,
}

/// What was found, masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    /// The detector.
    pub detector: String,
    /// What it is: `IBAN valide`.
    pub label: String,
    /// The value, masked, or why it was not read; empty where nothing of it is shown.
    pub value: String,
    /// The stable code of why it was not read or reads in several ways; empty for all else.
    pub code: String,
    /// Where it stands.
    pub place: String,
    /// How many alike.
    pub count: usize,
}

/// The sets a decision is explained with.
#[derive(Debug, Clone, Copy)]
pub struct Sets<'a> {
    /// The one the message was assessed with, where it is still kept.
    pub then: Option<&'a ControlSet>,
    /// The one in force.
    pub now: &'a ControlSet,
}

impl<'a> Sets<'a> {
    /// Where only the set in force is known.
    pub(super) const fn only(now: &'a ControlSet) -> Self {
        Self { then: None, now }
    }

    /// The control of a match, in the version that matched where it is kept.
    pub(super) fn control(self, found: &ControlMatch) -> Option<&'a Control> {
        let then = self.then.and_then(|set| set.control(&found.control));
        then.or_else(|| self.now.control(&found.control))
    }

    /// Whether it asks for neutral words, then or since. One that nobody knows any more may have asked.
    pub(super) fn is_neutral(self, found: &ControlMatch) -> bool {
        let known = self.then.into_iter().chain([self.now]).filter_map(|set| set.control(&found.control));
        let mut neutral = known.map(|control| control.neutral_notice).peekable();
        neutral.peek().is_none() || neutral.any(|neutral| neutral)
    }
}

/// The lines of one message, the gravest control first.
#[must_use]
pub fn register<F: FileName>(
    assessment: &Assessment,
    files: &[F],
    sets: Sets<'_>,
    reader: Reader,
    locale: Locale,
) -> Vec<Line> {
    let counts = |found: &&ControlMatch| found.mode == Mode::Enforce && found.verdict != Verdict::Pass;
    let mut matches: Vec<(&ControlMatch, bool)> =
        assessment.matches.iter().filter(counts).map(|found| (found, sets.is_neutral(found))).collect();
    if reader == Reader::Sender {
        let alone = matches.iter().all(|(_, is_neutral)| *is_neutral);
        match matches.first().filter(|_| alone) {
            Some((found, _)) => return vec![nameless(found, locale)],
            None => matches.retain(|(_, is_neutral)| !is_neutral),
        }
    }
    matches.sort_by_key(|(found, _)| std::cmp::Reverse((found.verdict, found.severity)));
    let names = Names::of(assessment, files);
    matches
        .into_iter()
        .map(|(found, is_neutral)| line(assessment, found, &names, sets, is_neutral, locale))
        .collect()
}

fn nameless(found: &ControlMatch, locale: Locale) -> Line {
    Line { rule: None, title: neutral(found, locale).title, found: Vec::new(), more: 0 }
}

fn line(
    assessment: &Assessment,
    matched: &ControlMatch,
    names: &[Named],
    sets: Sets<'_>,
    is_neutral: bool,
    locale: Locale,
) -> Line {
    let control = sets.control(matched);
    let mut found: Vec<Masked> = Vec::new();
    let mut more = 0;
    for finding in matched.findings.iter().filter_map(|index| assessment.findings.get(*index)) {
        let one = masked(finding, names, locale);
        let same = |known: &Masked| {
            (&known.detector, &known.value, &known.place) == (&one.detector, &one.value, &one.place)
        };
        let known = found.iter().position(same);
        if let Some(known) = known.and_then(|index| found.get_mut(index)) {
            known.count += 1;
        } else if found.len() < REGISTER_FOUND_MAX {
            found.push(one);
        } else {
            more += 1;
        }
    }
    let rule = Rule {
        control: matched.control.clone(),
        version: matched.version,
        category: control.map(|control| control.category),
        ground: control.map_or_else(String::new, |control| control.ground.get(locale).to_owned()),
        severity: matched.severity,
        hold_class: matched.hold_class.clone(),
        is_neutral,
    };
    let title =
        control.map_or_else(|| matched.control.clone(), |control| control.title.get(locale).to_owned());
    Line { rule: Some(rule), title, found, more }
}

fn masked(finding: &Finding, names: &[Named], locale: Locale) -> Masked {
    let mut there = finding.clone();
    if let Some(place) = &mut there.place {
        place.name = mask_name(&place.name, &[]);
    }
    let cause = cause(finding, locale);
    Masked {
        detector: finding.detector.clone(),
        label: label(&finding.detector, locale).to_owned(),
        value: cause.map_or_else(|| mask(finding), str::to_owned),
        // A code is of ours: it is no content.
        code: cause.map(|_| finding.excerpt.clone()).unwrap_or_default(),
        place: whereabouts(&there, names, locale),
        count: 1,
    }
}

/// A file under its name with the values in it masked.
struct Named {
    part: String,
    name: String,
}

struct Names;

impl Names {
    fn of<F: FileName>(assessment: &Assessment, files: &[F]) -> Vec<Named> {
        let of = |file: &F| {
            let part = format!("{}#name", file.part());
            let within = assessment.findings.iter().filter(|finding| finding.part == part);
            let spans: Vec<(usize, usize)> = within.map(|finding| (finding.start, finding.end)).collect();
            Named { part: file.part().to_owned(), name: mask_name(file.name(), &spans) }
        };
        files.iter().map(of).collect()
    }
}

impl FileName for Named {
    fn part(&self) -> &str {
        &self.part
    }

    fn name(&self) -> &str {
        &self.name
    }
}
