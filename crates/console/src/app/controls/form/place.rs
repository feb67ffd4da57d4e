//! Beside which field each problem stands.

use compliance::ControlError;
use operations::controls::Wrong;

use super::{TEXTS, Typed};
use crate::app::controls::wrong;
use crate::i18n::Words;
use crate::pages::control_forms::Beside;

/// The form that was sent, and the file it made.
pub(in super::super) struct Form<'a> {
    pub(in super::super) id: &'a str,
    pub(in super::super) typed: &'a Typed,
    pub(in super::super) text: String,
}

/// New samples of which nobody said what they are.
pub(in super::super) fn unsaid(w: Words, samples: &[usize]) -> Vec<Beside> {
    samples
        .iter()
        .map(|number| Beside::of(&format!("sample-{number}-kind"), w.t("wrong-sample-kind")))
        .collect()
}

impl Form<'_> {
    /// One problem beside its field; what is of another control, or of none, stands above the form with its place.
    pub(in super::super) fn beside(&self, w: Words, wrong: &Wrong) -> Beside {
        let field = match wrong {
            Wrong::File(error) if error.file == format!("{}.toml", self.id.to_lowercase()) => {
                self.field(error)
            }
            Wrong::SampleKeys(number) => Some(format!("sample-{number}-rest")),
            Wrong::Sample(failure) if failure.control == self.id => {
                self.row(failure.sample).map(|number| format!("sample-{number}-text"))
            }
            _ => None,
        };
        match (field, wrong) {
            (Some(field), Wrong::File(error)) => Beside::of(&field, wrong::fault(w, &error.fault)),
            (Some(field), Wrong::Sample(failure)) => {
                let key = if failure.expected { "wrong-sample-not-met" } else { "wrong-sample-met" };
                Beside::of(&field, w.t(key))
            }
            (Some(field), _) => Beside::of(&field, wrong::told(w, wrong)),
            (None, _) => Beside::of("", wrong::told(w, wrong)),
        }
    }

    fn field(&self, error: &ControlError) -> Option<String> {
        let key = error.key.as_deref().unwrap_or_default();
        match key {
            "id" | "when" | "severity" | "category" => Some(key.to_owned()),
            "hold_class" => Some("class".to_owned()),
            "mode" | "verdict" => Some("act".to_owned()),
            "samples" => Some("samples".to_owned()),
            _ if TEXTS.contains(&key) => Some(self.empty_text(key)),
            _ => self.sample_on(error.line?).map(|number| format!("sample-{number}-rest")),
        }
    }

    /// The field of a text that says nothing in one language.
    fn empty_text(&self, key: &str) -> String {
        let text = TEXTS.iter().position(|known| *known == key).and_then(|at| self.typed.texts.get(at));
        let language = if text.is_some_and(|text| !text.fr.trim().is_empty()) { "en" } else { "fr" };
        format!("{key}-{language}")
    }

    /// The row of the sample that a line of the file is of.
    fn sample_on(&self, line: usize) -> Option<usize> {
        let headers = self.text.lines().take(line).filter(|line| line.trim() == "[[samples]]").count();
        self.row(headers)
    }

    /// The row of the sample that is this one, counted from 1, of those that are used.
    fn row(&self, sample: usize) -> Option<usize> {
        let used = (1..).zip(&self.typed.samples).filter(|(_, row)| !row.kind.is_empty());
        used.map(|(number, _)| number).nth(sample.checked_sub(1)?)
    }
}
