//! One control of a set, whole: what it says in both languages, its condition, its samples and whether they do as they say.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use compliance::control::Sample;
use compliance::{Control, ControlSet, SampleFailure};
use operations::controls::look::{self, Base};
use vocabulary::Locale;

use super::{place_of, reading, set_name};
use crate::app::gate::may;
use crate::app::show::Visitor;
use crate::i18n::Words;
use crate::pages::controls::{ControlPage, SampleRow, category_name, mode_chip};
use crate::pages::error::Mishap;
use crate::pages::shell::Place;
use crate::pages::{Chip, Severity, Tone, render};

/// Characters shown of a sample's text.
const SAMPLE_CHARS: usize = 280;

/// Of the set in force.
pub(super) async fn in_force(visitor: Visitor, Path(control): Path<String>) -> Response {
    show(&visitor, Base::InForce, &control).await
}

/// Of a set.
pub(super) async fn of_set(visitor: Visitor, Path((set, control)): Path<(String, String)>) -> Response {
    match set.parse() {
        Ok(set) => show(&visitor, Base::Set(set), &control).await,
        Err(_) => visitor.mishap(Mishap::NotFound).await,
    }
}

async fn show(visitor: &Visitor, base: Base, id: &str) -> Response {
    match fill(visitor, base, id).await {
        Ok(page) => render(StatusCode::OK, &page),
        Err(mishap) => visitor.mishap(mishap).await,
    }
}

async fn fill(visitor: &Visitor, base: Base, id: &str) -> Result<ControlPage, Mishap> {
    let w = visitor.words;
    let permit = reading(visitor).await?;
    let set = look::read(&visitor.app.cerebro, &visitor.op, &permit, base).await?.ok_or(Mishap::NotFound)?;
    let (href, word) = place_of(base);
    let name = match &set.whole {
        Some(whole) => set_name(w, whole.line.number),
        None => w.t("controls-started"),
    };
    let control = set.controls.control(id).ok_or(Mishap::NotFound)?.clone();
    let failures = failures(set.controls.clone(), id.to_owned()).await?;
    let file = set.controls.texts().find(|(known, _)| *known == id).map(|(_, text)| text.to_owned());
    let drafts = may(&visitor.signed, "controls.draft");
    Ok(ControlPage {
        back: (href, name),
        id: control.id.clone(),
        title: control.title.get(w.0).to_owned(),
        mode: mode_chip(control.mode, control.verdict, w),
        severity: Severity::from_level(control.severity as u8),
        facts: facts(w, &control),
        texts: [w.0, w.other()].map(|locale| (locale.tag(), texts(&control, locale))).to_vec(),
        when: control.when.clone(),
        samples: samples(w, &control, &failures),
        change: drafts.then(|| format!("/controls/change?base={word}&control={id}")),
        copy: drafts.then(|| format!("/controls/change?base={word}&control={id}&new=yes")),
        file: file.unwrap_or_default(),
        s: visitor.shell(Place::Controls).await,
    })
}

/// Samples run away from everybody's thread.
async fn failures(set: std::sync::Arc<ControlSet>, id: String) -> Result<Vec<SampleFailure>, Mishap> {
    tokio::task::spawn_blocking(move || set.check_control(&id)).await.map_err(|_| Mishap::Failed)
}

fn facts(w: Words, control: &Control) -> Vec<(String, String)> {
    let neutral = if control.neutral_notice { "neutral-yes" } else { "neutral-no" };
    vec![
        (w.t("col-category"), category_name(control.category, w)),
        (w.t("col-class"), control.hold_class.clone()),
        (w.t("part-neutral-notice"), w.t(neutral)),
        (w.t("part-version"), control.version.to_string()),
    ]
}

fn texts(control: &Control, locale: Locale) -> [String; 4] {
    [&control.title, &control.explanation, &control.remedy, &control.ground]
        .map(|text| text.get(locale).to_owned())
}

fn samples(w: Words, control: &Control, failures: &[SampleFailure]) -> Vec<SampleRow> {
    let row = |(number, sample): (usize, &Sample)| {
        let wrong = failures.iter().any(|failure| failure.sample == number);
        let (tone, icon, key) = if wrong {
            (Tone::Refuse, "alert", "sample-wrong")
        } else {
            (Tone::Pass, "check", "sample-right")
        };
        SampleRow {
            locale: sample.locale.tag(),
            text: shortly(w, sample),
            must: sample.matches,
            chip: Chip { tone, icon, word: w.t(key) },
        }
    };
    (1..).zip(&control.samples).map(row).collect()
}

fn shortly(w: Words, sample: &Sample) -> String {
    let files = sample.attachments.iter().map(|file| w.with("sample-attachment", "name", &file.name));
    let parts: Vec<String> = [sample.subject.clone(), sample.text.clone()]
        .into_iter()
        .chain(files)
        .filter(|part| !part.trim().is_empty())
        .collect();
    parts.join(" · ").chars().take(SAMPLE_CHARS).collect()
}
