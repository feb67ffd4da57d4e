//! The fields a condition may ask about: the whole vocabulary of controls, typed.

use std::sync::{Arc, LazyLock};

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
    pub meaning: &'static str,
}

const OF_DETECTORS: &[(&str, Type, &str)] = &[
    ("count", Type::Int, "how many findings"),
    ("distinct", Type::Int, "how many different values among them"),
    (
        "new",
        Type::Int,
        "how many in the text written for this message, in files or in the message as a whole",
    ),
    ("certainty", Type::Int, "the highest certainty, 0 to 100; 0 without finding"),
    (
        "new_certainty",
        Type::Int,
        "the highest certainty among those `new` counts: a footer or a quoted thread says nothing of the rest",
    ),
];

const SCORE: &str = "how much the sentence most like it is like it, the sender's own, an attached message's or a file's, 0 to 990; 700 is reached by 2 ordinary sentences in 100";

const OF_MESSAGES: &[(&str, Type, &str)] = &[
    ("message.subject", Type::Text, "the subject"),
    (
        "message.largest_amount",
        Type::Int,
        "the largest sum of money written in it, whole units of any currency",
    ),
    ("message.private", Type::Bool, "marked private: Sensitivity, or a mark in the subject"),
    ("message.confidential", Type::Bool, "marked as not to leave: Sensitivity, or a mark in the subject"),
    ("message.automatic", Type::Bool, "sent by a machine: an auto-reply, a report"),
    ("message.bulk", Type::Bool, "sent to a list"),
    ("calendar.methods", Type::Texts, "methods of its calendar objects: REQUEST, CANCEL…"),
    ("sender.protected", Type::Bool, "the sender is on the list of protected correspondents"),
    ("clients.count", Type::Int, "clients whose data the message carries for sure, joint owners as one"),
    ("message.unread", Type::Texts, "why pieces of the message, or its files, were not read, each code once"),
    ("message.unscored", Type::Int, "sentences that topics did not score, because so many were before"),
    ("sender.known", Type::Bool, "false for the null reverse-path"),
    ("sender.address", Type::Text, "the envelope sender in lower case; empty when unknown"),
    ("sender.domain", Type::Text, "its domain"),
    ("recipients.count", Type::Int, "envelope recipients"),
    ("recipients.external", Type::Int, "those outside the organisation"),
    ("recipients.first_contact", Type::Int, "those nobody wrote to before"),
    ("recipients.domains", Type::Texts, "their domains, each once, in order of appearance"),
    ("recipients.webmail", Type::Int, "those with a personal mailbox"),
    ("recipients.lookalike", Type::Int, "those whose domain looks like a known one and is not it"),
    ("recipients.typo", Type::Int, "those one slip away from a known correspondent"),
    ("recipients.group", Type::Int, "those in other entities of the group"),
    ("recipients.protected", Type::Int, "protected correspondents"),
    ("topics.highest", Type::Int, "the highest of the scores below"),
    ("topics.aml", Type::Int, SCORE),
    ("topics.bribery", Type::Int, SCORE),
    ("topics.collusion_secrecy", Type::Int, SCORE),
    ("topics.complaint", Type::Int, SCORE),
    ("topics.conflict_of_interest", Type::Int, SCORE),
    ("topics.data_leak", Type::Int, SCORE),
    ("topics.guaranteed_return", Type::Int, SCORE),
    ("topics.harassment_threat", Type::Int, SCORE),
    ("topics.market_abuse", Type::Int, SCORE),
    ("topics.off_channel", Type::Int, SCORE),
    ("topics.payment_fraud", Type::Int, SCORE),
    ("topics.sales_signal", Type::Int, SCORE),
    ("topics.sanctions_evasion", Type::Int, SCORE),
    ("topics.tax_evasion", Type::Int, SCORE),
    ("topics.whistleblowing", Type::Int, SCORE),
    ("encoder.read", Type::Int, "sentences that the encoder read; 0 without its model"),
    ("encoder.highest", Type::Int, "the highest score of any kind of misconduct, 0 to 1000, for the encoder"),
    ("encoder.kinds", Type::Texts, "kinds of misconduct that it scores 600 or more, each once"),
    ("encoder.nearest", Type::Int, "how near the nearest example of the institution is, 0 to 1000"),
    ("encoder.categories", Type::Texts, "categories of examples that are near enough, each once"),
    ("visible.count", Type::Int, "addresses every recipient can read, in To and Cc"),
    ("visible.external", Type::Int, "those outside the organisation's domains"),
    ("attachments.count", Type::Int, "attachments of the message and of messages inside it"),
    ("attachments.names", Type::Texts, "their file names, as written"),
    (
        "attachments.features",
        Type::Texts,
        "what files have besides text, each code once: macros, hidden_sheets, hidden_cells, hidden_text, comments, tracked_changes, speaker_notes, external_links, embedded_files, picture_pages, unread_picture, disguised_text, pivot_cache",
    ),
    ("attachments.unread", Type::Texts, "why files were not read, each code once"),
    ("labels.names", Type::Texts, "names of the sensitivity labels of the message and its files, each once"),
    ("labels.ids", Type::Texts, "their identifiers, in lower case"),
    (
        "labels.confidential",
        Type::Texts,
        "those on the organisation's list of labels, by the name the list has for them, else by identifier",
    ),
];

const OF_RECIPIENTS: &[(&str, Type, &str)] = &[
    ("recipient.address", Type::Text, "this recipient's address in lower case"),
    ("recipient.domain", Type::Text, "its domain"),
    ("recipient.external", Type::Bool, "outside the organisation"),
    ("recipient.first_contact", Type::Bool, "nobody wrote to them before"),
    ("recipient.webmail", Type::Bool, "a personal mailbox or a disposable address"),
    ("recipient.like_sender", Type::Bool, "an outside mailbox that carries the sender's own name"),
    ("recipient.lookalike", Type::Bool, "the domain looks like a known one and is not it"),
    ("recipient.international", Type::Bool, "the domain has letters outside ASCII"),
    ("recipient.typo", Type::Bool, "one slip away from a known correspondent"),
    ("recipient.group", Type::Bool, "in another entity of the group"),
    (
        "recipient.encryption_agreed",
        Type::Bool,
        "the list of agreements says that encrypted mail from the sender's domain to theirs goes unread",
    ),
    ("recipient.client", Type::Bool, "a client's own mailbox or domain, by the client file"),
    (
        "recipient.foreign_data",
        Type::Bool,
        "outside, and the message carries for sure data of a client whose mail this is not",
    ),
    ("recipient.protected", Type::Bool, "on the list of protected correspondents"),
];

/// Every field: detectors', the message's, one recipient's, in this order.
pub static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let of_detectors = DETECTORS.iter().flat_map(|detector| {
        OF_DETECTORS.iter().map(move |(name, kind, meaning)| Field {
            name: format!("{}.{name}", detector.name),
            kind: *kind,
            meaning,
        })
    });
    let rest = OF_MESSAGES.iter().chain(OF_RECIPIENTS).map(|(name, kind, meaning)| Field {
        name: (*name).to_owned(),
        kind: *kind,
        meaning,
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
