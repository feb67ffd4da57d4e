//! The fields a condition may ask about: the whole vocabulary of controls, typed.

use std::sync::{Arc, LazyLock};

use super::fields::{OF_DETECTORS, OF_MESSAGES, OF_RECIPIENTS, Said};
use crate::calibration::Measure;
use crate::detect::{DETECTORS, EXEMPLAR, SEMANTIC};

/// The type of a field or of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// A whole number, 64 bits, signed.
    Int,
    /// A text.
    Text,
    /// A list of texts.
    Texts,
    /// A list of whole numbers.
    Ints,
    /// A list of booleans.
    Bools,
}

/// A value of one of the [`Type`]s. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Bool(bool),
    Int(i64),
    Text(Arc<str>),
    List(Arc<[Value]>),
}

/// One field of the catalogue.
#[derive(Debug, Clone)]
pub struct Field {
    /// How a condition writes it, `iban.count`.
    pub name: String,
    /// Its type.
    pub kind: Type,
    /// What it says.
    pub meaning: Said,
}

/// Every field: detectors', the message's, one recipient's, in this order.
pub static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let of_detectors = DETECTORS.iter().flat_map(|detector| {
        OF_DETECTORS.iter().map(move |(name, kind, meaning)| Field {
            name: format!("{}.{name}", detector.name),
            kind: *kind,
            meaning: *meaning,
        })
    });
    let rest = OF_MESSAGES.iter().chain(OF_RECIPIENTS).map(|(name, kind, meaning)| Field {
        name: (*name).to_owned(),
        kind: *kind,
        meaning: *meaning,
    });
    of_detectors.chain(rest).collect()
});

/// The index of a field.
pub(crate) fn index_of(name: &str) -> Option<usize> {
    FIELDS.iter().position(|field| field.name == name)
}

/// Whether the field is of one recipient: its condition is evaluated for each.
pub(crate) fn is_of_recipient(field: usize) -> bool {
    field >= DETECTORS.len() * OF_DETECTORS.len() + OF_MESSAGES.len()
}

/// The detector the field belongs to, by its index in [`DETECTORS`]. A score belongs to the detector of its sentences.
pub(crate) fn detector_of(field: usize) -> Option<usize> {
    let own = Some(field / OF_DETECTORS.len()).filter(|detector| *detector < DETECTORS.len());
    own.or_else(|| {
        let name = FIELDS.get(field)?.name.as_str();
        let of_encoder = match name {
            "encoder.highest" | "encoder.kinds" => Some(SEMANTIC),
            "encoder.nearest" | "encoder.categories" => Some(EXEMPLAR),
            _ => None,
        };
        if of_encoder.is_some() {
            return DETECTORS.iter().position(|detector| Some(detector.name) == of_encoder);
        }
        let topic = name.strip_prefix("topics.")?;
        DETECTORS.iter().position(|detector| detector.name.strip_prefix("topic_") == Some(topic))
    })
}

/// The score a field is, or rests on.
pub(crate) fn measure_of(field: usize) -> Option<Measure> {
    FIELDS.get(field).and_then(|field| Measure::of_field(&field.name))
}

/// Whether some field starts with this word: `iban` of `iban.count`.
pub(crate) fn is_root(word: &str) -> bool {
    FIELDS.iter().any(|field| field.name.split('.').next() == Some(word))
}

/// The fields nearest to a name that is none: those under the same first word, else the first words.
pub(crate) fn near(name: &str) -> Vec<String> {
    let root = name.split('.').next().unwrap_or("");
    let under: Vec<String> = FIELDS
        .iter()
        .filter(|field| field.name.split('.').next() == Some(root))
        .map(|field| field.name.clone())
        .collect();
    if !under.is_empty() {
        return under;
    }
    let mut roots: Vec<String> = FIELDS
        .iter()
        .filter_map(|field| field.name.split('.').next())
        .map(|root| format!("{root}.…"))
        .collect();
    roots.dedup();
    roots
}

impl Type {
    /// What the type is called in an error.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bool => "a yes or no (bool)",
            Self::Int => "a whole number (int)",
            Self::Text => "a text (string)",
            Self::Texts => "a list of texts",
            Self::Ints => "a list of whole numbers",
            Self::Bools => "a list of yes or no",
        }
    }

    pub(crate) const fn item(self) -> Option<Self> {
        match self {
            Self::Texts => Some(Self::Text),
            Self::Ints => Some(Self::Int),
            Self::Bools => Some(Self::Bool),
            Self::Bool | Self::Int | Self::Text => None,
        }
    }

    pub(crate) const fn list_of(self) -> Option<Self> {
        match self {
            Self::Text => Some(Self::Texts),
            Self::Int => Some(Self::Ints),
            Self::Bool => Some(Self::Bools),
            Self::Texts | Self::Ints | Self::Bools => None,
        }
    }
}
