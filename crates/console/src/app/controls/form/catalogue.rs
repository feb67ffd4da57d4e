//! What a condition can ask about, beside the field where it is written.

use compliance::condition::{FIELDS, Field};
use compliance::detect::DETECTORS;

use crate::app::controls::wrong::type_key;
use crate::i18n::Words;
use crate::pages::control_forms::{AskedField, AskedGroup};

/// The fields of every detector, told once; the message's; one recipient's.
pub(crate) fn groups(w: Words) -> Vec<AskedGroup> {
    let root = |field: &Field| field.name.split('.').next().unwrap_or_default().to_owned();
    let detectors = DETECTORS.iter().map(|detector| AskedField {
        name: detector.name.to_owned(),
        kind: String::new(),
        meaning: detector.label(w.0).to_owned(),
    });
    let first = DETECTORS.first().map(|detector| detector.name).unwrap_or_default();
    let of_each = FIELDS
        .iter()
        .filter(|field| root(field) == first)
        .map(|field| AskedField { name: field.name.replacen(first, "…", 1), ..asked(w, field) });
    let is_of_detector = |field: &Field| DETECTORS.iter().any(|detector| detector.name == root(field));
    let (of_recipient, of_message): (Vec<&Field>, Vec<&Field>) =
        FIELDS.iter().filter(|field| !is_of_detector(field)).partition(|field| root(field) == "recipient");
    let group = |title: &str, fields: Vec<AskedField>| AskedGroup { title: w.t(title), fields };
    vec![
        group("fields-detectors", detectors.collect()),
        group("fields-of-each", of_each.collect()),
        group("fields-message", of_message.into_iter().map(|field| asked(w, field)).collect()),
        group("fields-recipient", of_recipient.into_iter().map(|field| asked(w, field)).collect()),
    ]
}

fn asked(w: Words, field: &Field) -> AskedField {
    AskedField {
        name: field.name.clone(),
        kind: w.t(type_key(field.kind)),
        meaning: field.meaning.get(w.0).to_owned(),
    }
}
