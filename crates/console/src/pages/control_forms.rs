//! A set is drafted from another: by a form about one control, or from files.

use askama::Template;
use vocabulary::Bilingual;

use super::Shell;

/// One control changed in a copy of its set, or added to it.
#[derive(Debug, Clone, Template)]
#[template(path = "control_form.html")]
pub struct ControlFormPage {
    /// The frame.
    pub s: Shell,
    /// Its set, as a form gives it back.
    pub base: String,
    /// Where one goes back.
    pub back: String,
    /// The id of the control it begins with; empty without one.
    pub control: String,
    /// What that one is called.
    pub title: String,
    /// It makes a control of its own.
    pub new: bool,
    /// The id of the new one.
    pub id: String,
    /// What it does: value, words, chosen. Observes, holds, refuses.
    pub acts: Vec<(&'static str, String, bool)>,
    /// How grave: value, words, chosen.
    pub severities: Vec<(&'static str, String, bool)>,
    /// What it is about: value, words, chosen.
    pub categories: Vec<(&'static str, String, bool)>,
    /// Which clock.
    pub class: String,
    /// The clocks the set knows.
    pub classes: Vec<String>,
    /// The sender is told that the message waits, not why.
    pub neutral: bool,
    /// Its condition.
    pub when: String,
    /// What a condition can ask about.
    pub asked: Vec<AskedGroup>,
    /// Its texts.
    pub texts: Vec<TextField>,
    /// Its samples, and room for more.
    pub samples: Vec<SampleField>,
    /// Why.
    pub reason: String,
    /// What is wrong.
    pub problems: Vec<Beside>,
}

/// Fields that a condition can ask about.
#[derive(Debug, Clone)]
pub struct AskedGroup {
    /// Of what.
    pub title: String,
    /// In the order of the catalogue.
    pub fields: Vec<AskedField>,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct AskedField {
    /// How a condition writes it.
    pub name: String,
    /// What its value is; empty for a detector, which is no field by itself.
    pub kind: String,
    /// What it says.
    pub meaning: String,
}

/// A text in both languages.
#[derive(Debug, Clone)]
pub struct TextField {
    /// Which: the key of the control's file.
    pub key: &'static str,
    /// What it says.
    pub text: Bilingual,
}

impl TextField {
    /// Each language and what it says in it.
    fn sides(&self) -> [(&'static str, &str); 2] {
        [("fr", &self.text.fr), ("en", &self.text.en)]
    }
}

/// A sample.
#[derive(Debug, Clone)]
pub struct SampleField {
    /// Its number, from 1.
    pub number: usize,
    /// The tag of the language it is written in.
    pub locale: String,
    /// What it is: value, words, chosen.
    pub kinds: Vec<(&'static str, String, bool)>,
    /// What it says.
    pub text: String,
    /// Its other keys, as files write them.
    pub rest: String,
}

/// A problem, and the field it stands beside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// The field's name; empty for the whole.
    pub field: String,
    /// What is wrong and what to do.
    pub problem: String,
}

impl Beside {
    /// A problem beside a field, told as a sentence.
    #[must_use]
    pub fn of(field: &str, problem: String) -> Self {
        let mut letters = problem.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        Self { field: field.to_owned(), problem: first.chain(letters).collect() }
    }
}

impl ControlFormPage {
    /// What is wrong with a field.
    fn wrong(&self, field: &str) -> Option<&str> {
        self.problems.iter().find(|beside| beside.field == field).map(|beside| beside.problem.as_str())
    }

    fn heading(&self) -> String {
        self.s.w.t(match (self.new, self.control.is_empty()) {
            (false, _) => "control-change",
            (true, false) => "control-copy",
            (true, true) => "control-add",
        })
    }

    /// A problem in the list of all of them: where it is, then what it is.
    fn told(&self, beside: &Beside) -> String {
        let w = self.s.w;
        let key = match beside.field.as_str() {
            "" => return beside.problem.clone(),
            "id" => "control-id",
            "category" => "col-category",
            "severity" => "col-severity",
            "act" => "col-mode",
            "class" => "col-class",
            "when" => "part-when",
            "samples" => "part-samples",
            "reason" => "account-why",
            field => {
                let place = match field.strip_prefix("sample-").and_then(|rest| rest.split_once('-')) {
                    Some((number, _)) => w.with("sample-number", "number", number),
                    None => self.text_name(field.split('-').next().unwrap_or_default()),
                };
                return w.with2("wrong-told", "place", place, "what", &beside.problem);
            }
        };
        w.with2("wrong-told", "place", w.t(key), "what", &beside.problem)
    }

    fn text_name(&self, key: &str) -> String {
        self.s.w.t(match key {
            "title" => "part-title",
            "explanation" => "part-explanation",
            "remedy" => "part-remedy",
            _ => "part-ground",
        })
    }

    fn text_hint(&self, key: &str) -> String {
        self.s.w.t(match key {
            "title" => "control-title-hint",
            "explanation" => "control-explanation-hint",
            "remedy" => "control-remedy-hint",
            _ => "control-ground-hint",
        })
    }

    fn language(&self, tag: &str) -> String {
        self.s.w.t(if tag == "fr" { "language-fr" } else { "language-en" })
    }

    fn rest_name(&self, rest: &str) -> String {
        let keys: Vec<&str> = rest.lines().filter_map(|line| Some(line.split_once(" =")?.0)).collect();
        match keys.as_slice() {
            [] => self.s.w.t("sample-rest"),
            keys => self.s.w.with("sample-rest-has", "keys", keys.join(", ")),
        }
    }

    fn name(&self, key: &str, language: &str) -> String {
        format!("{key}-{language}")
    }

    fn sample(&self, number: &usize, key: &str) -> String {
        format!("sample-{number}-{key}")
    }

    fn of_text(&self, key: &str, language: &str) -> Option<&str> {
        self.wrong(&format!("{key}-{language}"))
    }

    fn of_sample(&self, number: &usize, key: &str) -> Option<&str> {
        self.wrong(&format!("sample-{number}-{key}"))
    }
}

/// Files put into a copy of a set, or in its place.
#[derive(Debug, Clone, Template)]
#[template(path = "controls_upload.html")]
pub struct UploadPage {
    /// The frame.
    pub s: Shell,
    /// The set they are put into, as a form gives it back.
    pub base: String,
    /// Its name.
    pub name: String,
    /// They are the whole set.
    pub whole: bool,
    /// The files, one after the other.
    pub text: String,
    /// Why.
    pub reason: String,
    /// What is wrong.
    pub problems: Vec<String>,
}
