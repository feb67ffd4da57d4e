//! The fields of the posted form. One that was not posted is as it was.

use vocabulary::Bilingual;

use super::{TEXTS, Typed, TypedSample};
use crate::forms::Form;

/// The control as typed over what it was.
pub(in super::super) fn posted(form: &Form, was: Typed) -> Typed {
    let line = |name: &str, was: String| form.get(name).map_or(was, |value| value.trim().to_owned());
    let area = |name: &str, was: String| {
        form.get(name).map_or(was, |value| value.replace("\r\n", "\n").trim().to_owned())
    };
    let mut texts = was.texts;
    for (key, text) in TEXTS.iter().zip(&mut texts) {
        let Bilingual { fr, en } = text.clone();
        *text = Bilingual { fr: area(&format!("{key}-fr"), fr), en: area(&format!("{key}-en"), en) };
    }
    Typed {
        id: line("id", was.id),
        act: line("act", was.act),
        severity: line("severity", was.severity),
        category: line("category", was.category),
        class: line("class", was.class),
        neutral: line("neutral", was.neutral),
        when: area("when", was.when),
        texts,
        samples: samples(form).unwrap_or(was.samples),
        reason: line("reason", was.reason),
    }
}

/// The samples that were posted; `None` without the first.
fn samples(form: &Form) -> Option<Vec<TypedSample>> {
    let area = |name: &str, key: &str| form.text(&format!("{name}-{key}")).replace("\r\n", "\n");
    let one = |number: usize| {
        let name = format!("sample-{number}");
        let kind = form.get(&format!("{name}-kind"))?.to_owned();
        // Blanks of a text are the text's; the other keys are lines of TOML.
        Some(TypedSample { kind, text: area(&name, "text"), rest: area(&name, "rest") })
    };
    let samples: Vec<TypedSample> = (1..).map_while(one).collect();
    (!samples.is_empty()).then_some(samples)
}
