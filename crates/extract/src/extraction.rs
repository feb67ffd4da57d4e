//! What came out of an attachment: text with places, nothing, or the reason it could not be read.

use std::fmt;

use mail::{Label, PartId, Places};
use serde::{Deserialize, Serialize};

/// One file looked into: the attachment itself, or a member of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extracted {
    /// `2`, or `2!inner.docx` for a member of an archive, or `2!mail.eml/1` for a text of a message inside.
    pub part: PartId,
    /// Its file name; untrusted.
    pub name: String,
    /// What its bytes are, as a media type (`application/octet-stream` when unknown).
    pub detected_type: String,
    /// What came out.
    pub outcome: Extraction,
    /// What else it has, each once; at most [`vocabulary::bounds::EXTRACT_FEATURES_MAX`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<Feature>,
    /// The bytes of a picture within the attachment, for [`crate::Ocr`]. Whoever asked has those of the attachment itself.
    #[serde(skip)]
    pub picture: Option<Picture>,
}

/// A picture as a file: PNG, JPEG, TIFF and what else [`crate::Ocr`] reads. Its `Debug` shows its size only (invariant 12).
#[derive(Clone, PartialEq, Eq)]
pub struct Picture(pub Vec<u8>);

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({} bytes)", self.0.len())
    }
}

impl Extracted {
    /// A file of which nothing is known but why it was not read.
    pub(crate) fn unread(name: &str, reason: Reason) -> Self {
        Self {
            part: PartId::new(""),
            name: crate::work::clean_name(name),
            detected_type: "application/octet-stream".to_owned(),
            outcome: Extraction::Unreadable(reason),
            features: Vec::new(),
            picture: None,
        }
    }
}

/// Something a file has besides what a reader sees at first.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// Sheets that are not shown.
    HiddenSheets,
    /// Rows or columns that are not shown.
    HiddenCells,
    /// Text or slides marked as hidden.
    HiddenText,
    /// Remarks of reviewers.
    Comments,
    /// Insertions and deletions that can still be told.
    TrackedChanges,
    /// Notes for the speaker.
    SpeakerNotes,
    /// Programs. They are not read.
    Macros,
    /// Other files or addresses it takes contents from.
    ExternalLinks,
    /// Files inside it; they are listed on their own.
    EmbeddedFiles,
    /// Pages that show a picture, or drawings, and no text. Taken back where each of those pictures was read.
    PicturePages,
    /// A picture in which nothing was read: no Tesseract, another format, too large, too slow, one too many.
    UnreadPicture,
    /// Text that shows other letters or digits than it says it has: what was read is not what people see.
    DisguisedText,
    /// Values behind a pivot table: the whole of a sheet that may be gone.
    PivotCache,
    /// A sensitivity label.
    Label(Label),
}

impl Feature {
    /// The stable code, as in JSON and in conditions.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::HiddenSheets => "hidden_sheets",
            Self::HiddenCells => "hidden_cells",
            Self::HiddenText => "hidden_text",
            Self::Comments => "comments",
            Self::TrackedChanges => "tracked_changes",
            Self::SpeakerNotes => "speaker_notes",
            Self::Macros => "macros",
            Self::ExternalLinks => "external_links",
            Self::EmbeddedFiles => "embedded_files",
            Self::PicturePages => "picture_pages",
            Self::UnreadPicture => "unread_picture",
            Self::DisguisedText => "disguised_text",
            Self::PivotCache => "pivot_cache",
            Self::Label(_) => "label",
        }
    }
}

/// What came out of one file. Its `Debug` shows sizes only (invariant 12).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extraction {
    /// Text, and where its stretches stand in the file (pages, sheets and cells, slides).
    Text {
        /// The text; line ends are `\n`.
        text: String,
        /// Its places.
        #[serde(default)]
        places: Places,
    },
    /// Read, and there is no text in it.
    Nothing(Empty),
    /// Not read.
    Unreadable(Reason),
}

/// Why a readable file holds no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Empty {
    /// The file has no bytes, or no words in it.
    NoText,
    /// A picture. Text drawn in it is read by [`crate::Ocr`], or not.
    Image,
    /// Sound or moving pictures.
    AudioVideo,
    /// A container whose members are listed on their own.
    Container,
    /// A signature or certificate.
    Signature,
    /// A PDF whose pages are pictures.
    ScannedPages,
    /// A font.
    Font,
}

/// Why a file was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A password is needed.
    Encrypted,
    /// The format is known, the bytes are broken.
    Corrupt,
    /// It shows text, and nothing in it says which characters those are.
    Illegible,
    /// It ends before it should.
    Truncated,
    /// It is or expands past the bounds.
    TooLarge,
    /// Small, and expands past the bounds: made to harm whoever opens it.
    Bomb,
    /// Archives within archives past the bound.
    TooDeep,
    /// More members than are read.
    TooMany,
    /// It took longer than allowed.
    Timeout,
    /// The child died while reading it, or answered nonsense.
    Crashed,
    /// A format we do not read.
    UnknownFormat,
    /// A message that reads in several ways: every reading we know is there, and another reader may know one more.
    Ambiguous,
    /// There was no child: it could not be started, or could not confine itself and this instance is not declared
    /// weakened.
    SandboxUnavailable,
}

impl Reason {
    /// Every reason.
    pub const ALL: &[Self] = &[
        Self::Encrypted,
        Self::Corrupt,
        Self::Illegible,
        Self::Truncated,
        Self::TooLarge,
        Self::Bomb,
        Self::TooDeep,
        Self::TooMany,
        Self::Timeout,
        Self::Crashed,
        Self::UnknownFormat,
        Self::Ambiguous,
        Self::SandboxUnavailable,
    ];

    /// The stable code, as in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::Corrupt => "corrupt",
            Self::Illegible => "illegible",
            Self::Truncated => "truncated",
            Self::TooLarge => "too_large",
            Self::Bomb => "bomb",
            Self::TooDeep => "too_deep",
            Self::TooMany => "too_many",
            Self::Timeout => "timeout",
            Self::Crashed => "crashed",
            Self::UnknownFormat => "unknown_format",
            Self::Ambiguous => "ambiguous",
            Self::SandboxUnavailable => "sandbox_unavailable",
        }
    }
}

impl Extraction {
    /// The text, if there is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text { text, .. } => Some(text),
            Self::Nothing(_) | Self::Unreadable(_) => None,
        }
    }
}

impl fmt::Debug for Extraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { text, places } => {
                write!(f, "Text({} bytes, {places:?})", text.len())
            }
            Self::Nothing(empty) => write!(f, "Nothing({empty:?})"),
            Self::Unreadable(reason) => write!(f, "Unreadable({reason:?})"),
        }
    }
}
