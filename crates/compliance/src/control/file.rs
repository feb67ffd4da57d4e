//! Control files: TOML, one control a file, unknown keys refused.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;
use vocabulary::{Bilingual, Locale, bounds};

use super::form::Form;
use super::sample::Sample;
use super::{Category, Control, ControlError, ControlFault, Rule};
use crate::condition::Condition;
use crate::{Mode, Severity, Verdict};

/// Longest id and hold class, bytes.
const NAME_BYTES_MAX: usize = 32;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ControlFile {
    id: Spanned<String>,
    version: Spanned<u32>,
    mode: Mode,
    category: Category,
    verdict: Spanned<Verdict>,
    severity: Severity,
    hold_class: Spanned<String>,
    #[serde(default)]
    neutral_notice: bool,
    when: Spanned<String>,
    title: Spanned<Bilingual>,
    explanation: Spanned<Bilingual>,
    remedy: Spanned<Bilingual>,
    ground: Spanned<Bilingual>,
    #[serde(default)]
    samples: Vec<Sample>,
}

/// Reads the directory's files, in the order of their names.
pub(super) fn read_dir(directory: &Path) -> Result<Vec<(String, String)>, Vec<ControlError>> {
    let whole = |file: &Path, fault| {
        vec![ControlError { file: file.display().to_string(), line: None, key: None, fault }]
    };
    let unreadable =
        |file: &Path, error: &std::io::Error| whole(file, ControlFault::Unreadable(error.to_string()));
    let entries = std::fs::read_dir(directory).map_err(|error| unreadable(directory, &error))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(directory, &error))?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
        if paths.len() > bounds::CONTROLS_MAX {
            return Err(whole(directory, ControlFault::TooMany));
        }
    }
    if paths.is_empty() {
        return Err(whole(directory, ControlFault::Empty));
    }
    paths.sort();
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        let mut text = String::new();
        let file = File::open(&path).map_err(|error| unreadable(&path, &error))?;
        file.take(bounds::CONTROL_FILE_BYTES_MAX + 1)
            .read_to_string(&mut text)
            .map_err(|error| unreadable(&path, &error))?;
        if text.len() as u64 > bounds::CONTROL_FILE_BYTES_MAX {
            return Err(whole(&path, ControlFault::TooLarge));
        }
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        files.push((name, text));
    }
    Ok(files)
}

/// Reads every file, and reports everything wrong with any.
pub(super) fn parse_all<'a>(files: &[(&str, &'a str)]) -> Result<Vec<(Control, &'a str)>, Vec<ControlError>> {
    let mut errors = Vec::new();
    let mut read = Vec::new();
    if files.len() > bounds::CONTROLS_MAX {
        return Err(vec![At { file: "controls", text: "" }.error(None, None, ControlFault::TooMany)]);
    }
    for (file, text) in files {
        let at = At { file, text };
        match toml::from_str::<ControlFile>(text) {
            Ok(parsed) => read.push((at, parsed)),
            Err(error) => errors.push(at.form(&error)),
        }
    }
    let sources: Vec<&str> = read.iter().map(|(_, parsed)| parsed.when.get_ref().as_str()).collect();
    let conditions = Condition::compile_all(&sources);
    let mut taken: HashMap<String, &str> = HashMap::new();
    let mut controls = Vec::new();
    for ((at, parsed), condition) in read.into_iter().zip(conditions) {
        check(&at, &parsed, &mut errors);
        if let Some(other) = taken.insert(parsed.id.get_ref().clone(), at.file) {
            let fault =
                ControlFault::DuplicateId { id: parsed.id.get_ref().clone(), other: other.to_owned() };
            errors.push(at.error(Some(parsed.id.span().start), Some("id"), fault));
        }
        match condition {
            Ok(condition)
                if !condition.measures().is_empty() && *parsed.verdict.get_ref() == Verdict::Refuse =>
            {
                let fault = ControlFault::Rule(Rule::Score);
                errors.push(at.error(Some(parsed.verdict.span().start), Some("verdict"), fault));
            }
            Ok(condition) => controls.push((control(parsed, condition), at.text)),
            Err(refusal) => {
                errors.push(at.error(Some(parsed.when.span().start), Some("when"), refusal.into()));
            }
        }
    }
    if errors.is_empty() { Ok(controls) } else { Err(errors) }
}

fn control(file: ControlFile, condition: Condition) -> Control {
    Control {
        id: file.id.into_inner(),
        version: file.version.into_inner(),
        title: file.title.into_inner(),
        explanation: file.explanation.into_inner(),
        remedy: file.remedy.into_inner(),
        ground: file.ground.into_inner(),
        neutral_notice: file.neutral_notice,
        category: file.category,
        when: file.when.into_inner(),
        condition,
        verdict: file.verdict.into_inner(),
        severity: file.severity,
        hold_class: file.hold_class.into_inner(),
        mode: file.mode,
        samples: file.samples,
    }
}

/// The rules a type cannot say.
fn check(at: &At<'_, '_>, file: &ControlFile, errors: &mut Vec<ControlError>) {
    let mut rule = |start: Option<usize>, key: &str, broken: bool, what: Rule| {
        if broken {
            errors.push(at.error(start, Some(key), ControlFault::Rule(what)));
        }
    };
    let id = file.id.get_ref();
    rule(
        Some(file.id.span().start),
        "id",
        !is_name(id, |c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-'),
        Rule::Id,
    );
    rule(Some(file.version.span().start), "version", *file.version.get_ref() == 0, Rule::Version);
    rule(Some(file.verdict.span().start), "verdict", *file.verdict.get_ref() == Verdict::Pass, Rule::Verdict);
    rule(
        Some(file.hold_class.span().start),
        "hold_class",
        !is_name(file.hold_class.get_ref(), |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'),
        Rule::HoldClass,
    );
    for (key, texts) in [
        ("title", &file.title),
        ("explanation", &file.explanation),
        ("remedy", &file.remedy),
        ("ground", &file.ground),
    ] {
        let empty = Locale::ALL.iter().any(|locale| texts.get_ref().get(*locale).trim().is_empty());
        rule(Some(texts.span().start), key, empty, Rule::Languages);
    }
    for locale in Locale::ALL {
        for matches in [true, false] {
            let missing =
                !file.samples.iter().any(|sample| sample.locale == locale && sample.matches == matches);
            rule(None, "samples", missing, Rule::Sample { locale, matches });
        }
    }
}

fn is_name(text: &str, allowed: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.len() <= NAME_BYTES_MAX && text.chars().all(allowed)
}

/// A file being read, to say where something stands.
struct At<'f, 't> {
    file: &'f str,
    text: &'t str,
}

impl At<'_, '_> {
    fn error(&self, start: Option<usize>, key: Option<&str>, fault: ControlFault) -> ControlError {
        ControlError {
            file: self.file.to_owned(),
            line: start.map(|start| self.line(start)),
            key: key.map(str::to_owned),
            fault,
        }
    }

    fn form(&self, error: &toml::de::Error) -> ControlError {
        let start = error.span().map(|span| span.start);
        let key = start.and_then(|start| self.key(start));
        let message: String = error.message().chars().filter(|c| !c.is_control()).take(400).collect();
        let what = Form::of(self.text, error.message());
        self.error(start, key.as_deref(), ControlFault::Form { what, message })
    }

    fn line(&self, start: usize) -> usize {
        self.text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1
    }

    /// The key written on the line of `start`.
    fn key(&self, start: usize) -> Option<String> {
        let line = self.text.lines().nth(self.line(start).checked_sub(1)?)?;
        let key = line.split_once('=')?.0.trim();
        let plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
        plain.then(|| key.to_owned())
    }
}
