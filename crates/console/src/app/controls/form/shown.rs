//! The form as it is shown.

use compliance::control::Category;
use compliance::{Control, Severity as Grave};
use operations::controls::look::{Base, SetRead};

use super::catalogue::groups;
use super::{KINDS, TEXTS, Typed, TypedSample};
use crate::app::controls::place_of;
use crate::app::show::Visitor;
use crate::i18n::Words;
use crate::pages::Severity;
use crate::pages::control_forms::{Beside, ControlFormPage, SampleField, TextField};
use crate::pages::controls::category_name;
use crate::pages::shell::Place;

pub(in super::super) type Page = ControlFormPage;

/// The page. `known` is the control it begins with, `new` whether it makes one of its own.
pub(in super::super) async fn page(
    visitor: &Visitor,
    base: Base,
    set: &SetRead,
    known: Option<&Control>,
    new: bool,
    typed: Typed,
    problems: Vec<Beside>,
) -> Page {
    let w = visitor.words;
    let (href, word) = place_of(base);
    let of = if base == Base::InForce { "" } else { "/of" };
    let mut classes: Vec<String> = set.controls.controls().map(|one| one.hold_class.clone()).collect();
    classes.sort();
    classes.dedup();
    Page {
        base: word,
        back: known.map_or_else(|| href.clone(), |known| format!("{href}{of}/{}", known.id)),
        control: known.map(|known| known.id.clone()).unwrap_or_default(),
        title: known.map(|known| known.title.get(w.0).to_owned()).unwrap_or_default(),
        new,
        id: typed.id,
        acts: acts(w, &typed.act),
        severities: severities(w, &typed.severity),
        categories: categories(w, &typed.category),
        class: typed.class,
        classes,
        neutral: typed.neutral == "yes",
        when: typed.when,
        asked: groups(w),
        texts: TEXTS.iter().zip(typed.texts).map(|(key, text)| TextField { key, text }).collect(),
        samples: (1..).zip(typed.samples).map(|(number, sample)| row(w, number, sample)).collect(),
        reason: typed.reason,
        problems,
        s: visitor.shell(Place::Controls).await,
    }
}

/// What a control does: value, words, chosen.
pub(crate) fn acts(w: Words, chosen: &str) -> Vec<(&'static str, String, bool)> {
    [("observe", "control-observes"), ("hold", "control-holds"), ("refuse", "control-refuses")]
        .map(|(word, key)| (word, w.t(key), word == chosen))
        .to_vec()
}

fn severities(w: Words, chosen: &str) -> Vec<(&'static str, String, bool)> {
    Grave::ALL
        .map(|one| (one.word(), Severity::from_level(one as u8).word(&w), one.word() == chosen))
        .to_vec()
}

fn categories(w: Words, chosen: &str) -> Vec<(&'static str, String, bool)> {
    Category::ALL.map(|one| (one.word(), category_name(one, w), one.word() == chosen)).to_vec()
}

fn row(w: Words, number: usize, sample: TypedSample) -> SampleField {
    let unused = ("", w.t("sample-unused"), sample.kind.is_empty());
    let kind = |(word, _, _, key): (&'static str, _, _, &str)| (word, w.t(key), word == sample.kind);
    let kinds = std::iter::once(unused).chain(KINDS.map(kind)).collect();
    SampleField {
        number,
        locale: sample.kind.split('-').next().filter(|tag| !tag.is_empty()).unwrap_or(w.0.tag()).to_owned(),
        kinds,
        text: sample.text,
        rest: sample.rest,
    }
}
