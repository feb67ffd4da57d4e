//! The form about one control: what people typed, what it makes of a file, and where each problem stands.

pub(crate) mod catalogue;
pub(super) mod fields;
pub(super) mod place;
pub(super) mod shown;

use compliance::control::{Category, ControlEdit, SampleEdit};
use compliance::{Control, Mode, Severity, Verdict};
use vocabulary::{Bilingual, Locale};

/// The control that a form begins with.
pub(super) struct Kept {
    pub(super) control: Control,
    pub(super) edit: ControlEdit,
    /// Its file.
    pub(super) text: String,
}

/// What the form has of a control, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) id: String,
    pub(super) act: String,
    pub(super) severity: String,
    pub(super) category: String,
    pub(super) class: String,
    pub(super) neutral: String,
    pub(super) when: String,
    /// By [`TEXTS`].
    pub(super) texts: [Bilingual; 4],
    pub(super) samples: Vec<TypedSample>,
    pub(super) reason: String,
}

/// A sample, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct TypedSample {
    /// `fr-yes`, `en-no`…; empty: it is not used.
    pub(super) kind: String,
    pub(super) text: String,
    /// Its other keys.
    pub(super) rest: String,
}

impl TypedSample {
    fn says_something(&self) -> bool {
        !self.text.trim().is_empty() || !self.rest.trim().is_empty()
    }
}

/// The texts of a control in both languages, as its file names them.
pub(super) const TEXTS: [&str; 4] = ["title", "explanation", "remedy", "ground"];
/// What a sample is: its word in the form, its language, whether it must match, and its words on the page.
pub(super) const KINDS: [(&str, Locale, bool, &str); 4] = [
    ("fr-yes", Locale::Fr, true, "sample-fr-yes"),
    ("fr-no", Locale::Fr, false, "sample-fr-no"),
    ("en-yes", Locale::En, true, "sample-en-yes"),
    ("en-no", Locale::En, false, "sample-en-no"),
];
/// Rows for samples that an open form has besides those there are.
const MORE_SAMPLES: usize = 2;

/// What a form says of a file.
pub(super) struct Written {
    pub(super) edit: ControlEdit,
    /// Samples, counted from 1, that say something and not what they are.
    pub(super) unsaid: Vec<usize>,
}

impl Typed {
    /// As a control is, with room for more samples.
    pub(super) fn of(edit: &ControlEdit) -> Self {
        let act = match (edit.mode, edit.verdict) {
            (Mode::Observe, _) => "observe",
            (Mode::Enforce, Verdict::Refuse) => "refuse",
            (Mode::Enforce, _) => "hold",
        };
        let sample = |sample: &SampleEdit| TypedSample {
            kind: kind_of(sample).to_owned(),
            text: sample.text.clone(),
            rest: sample.rest.clone(),
        };
        let mut samples: Vec<TypedSample> = edit.samples.iter().flatten().map(sample).collect();
        samples.extend(std::iter::repeat_n(TypedSample::default(), MORE_SAMPLES));
        Self {
            id: String::new(),
            act: act.to_owned(),
            severity: edit.severity.word().to_owned(),
            category: edit.category.word().to_owned(),
            class: edit.hold_class.clone(),
            neutral: if edit.neutral_notice { "yes" } else { "no" }.to_owned(),
            when: edit.when.clone(),
            texts: [&edit.title, &edit.explanation, &edit.remedy, &edit.ground].map(Clone::clone),
            samples,
            reason: String::new(),
        }
    }

    /// Of a control that is not there yet: it observes, and shows in both languages what it catches and what it leaves.
    pub(super) fn empty() -> Self {
        let empty = || Bilingual { fr: String::new(), en: String::new() };
        let sample = |(kind, ..): (&str, Locale, bool, &str)| TypedSample {
            kind: kind.to_owned(),
            ..TypedSample::default()
        };
        Self {
            id: String::new(),
            act: "observe".to_owned(),
            severity: Severity::Medium.word().to_owned(),
            category: Category::Other.word().to_owned(),
            class: "standard".to_owned(),
            neutral: "no".to_owned(),
            when: String::new(),
            texts: std::array::from_fn(|_| empty()),
            samples: KINDS.map(sample).to_vec(),
            reason: String::new(),
        }
    }

    /// What it says of a file that has so many samples already; an error where a choice is none of those offered. What is observed
    /// keeps what it would conclude: `known`.
    pub(super) fn written(&self, known: Option<Verdict>, known_samples: usize) -> Result<Written, ()> {
        let (mode, verdict) = match self.act.as_str() {
            "observe" => (Mode::Observe, known.unwrap_or(Verdict::Hold)),
            "hold" => (Mode::Enforce, Verdict::Hold),
            "refuse" => (Mode::Enforce, Verdict::Refuse),
            _ => return Err(()),
        };
        let neutral_notice = match self.neutral.as_str() {
            "yes" => true,
            "no" => false,
            _ => return Err(()),
        };
        let mut unsaid = Vec::new();
        let mut samples = Vec::with_capacity(self.samples.len());
        for (number, sample) in (1..).zip(&self.samples) {
            let kind = KINDS.iter().find(|(word, ..)| *word == sample.kind);
            if kind.is_none() && !sample.kind.is_empty() {
                return Err(());
            }
            // One that was there goes; a new one that says something wants to be one.
            if kind.is_none() && number > known_samples && sample.says_something() {
                unsaid.push(number);
            }
            samples.push(kind.map(|(_, locale, matches, _)| SampleEdit {
                locale: *locale,
                matches: *matches,
                text: sample.text.clone(),
                rest: sample.rest.clone(),
            }));
        }
        let [title, explanation, remedy, ground] = self.texts.clone();
        let edit = ControlEdit {
            category: Category::parse(&self.category).ok_or(())?,
            mode,
            verdict,
            severity: Severity::parse(&self.severity).ok_or(())?,
            hold_class: self.class.clone(),
            neutral_notice,
            when: self.when.clone(),
            title,
            explanation,
            remedy,
            ground,
            samples,
        };
        Ok(Written { edit, unsaid })
    }
}

fn kind_of(sample: &SampleEdit) -> &'static str {
    let kind =
        KINDS.iter().find(|(_, locale, matches, _)| (*locale, *matches) == (sample.locale, sample.matches));
    kind.map_or("", |(word, ..)| word)
}

#[cfg(test)]
mod tests;
