//! What was wrong, doubtful or unread in a message. A defect never stops the reading: it is data, and a finding.

use serde::{Deserialize, Serialize};

use crate::PartId;

/// One thing wrong, doubtful or unread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defect {
    /// Which kind.
    pub kind: DefectKind,
    /// Where; `None` for the message as a whole.
    pub part: Option<PartId>,
    /// A short technical detail in English. It may quote names found in headers, never text of a body.
    pub detail: String,
}

macro_rules! defect_kinds {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, ambiguous: $ambiguous:literal, unread: $unread:literal;)+) => {
        /// The closed list of defects.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum DefectKind {
            $($(#[$doc])* $variant,)+
        }

        impl DefectKind {
            /// Every kind, in the order of this list.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The stable code of this kind, as in JSON.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// Several plausible readings remain: another reader may see another message (case E08: hold).
            #[must_use]
            pub const fn is_ambiguous(self) -> bool {
                match self { $(Self::$variant => $ambiguous,)+ }
            }

            /// Something of the message was not read: the scan is incomplete, never a pass.
            #[must_use]
            pub const fn is_unread(self) -> bool {
                match self { $(Self::$variant => $unread,)+ }
            }
        }
    };
}

defect_kinds! {
    /// No header field at all before the body.
    NoHeaders = "no_headers", ambiguous: false, unread: false;
    /// A header line that is not `Name: value`.
    MalformedHeader = "malformed_header", ambiguous: false, unread: false;
    /// A field that RFC 5322 §3.6 allows once stands twice with different values (From, Subject, Date…).
    DuplicateHeader = "duplicate_header", ambiguous: true, unread: false;
    /// Several Content-Type fields that disagree.
    AmbiguousType = "ambiguous_type", ambiguous: true, unread: false;
    /// Several Content-Transfer-Encoding values that disagree, or one on a multipart.
    AmbiguousEncoding = "ambiguous_encoding", ambiguous: true, unread: false;
    /// Several boundaries could split this multipart.
    AmbiguousBoundary = "ambiguous_boundary", ambiguous: true, unread: false;
    /// A multipart without a boundary, or whose boundary never appears.
    MissingBoundary = "missing_boundary", ambiguous: true, unread: false;
    /// A multipart that never ends.
    MissingFinalBoundary = "missing_final_boundary", ambiguous: false, unread: false;
    /// Text before the first or after the last part of a multipart, shown by some readers.
    TextOutsideParts = "text_outside_parts", ambiguous: false, unread: false;
    /// A Content-Transfer-Encoding nobody knows: the bytes were read as they are.
    UnknownEncoding = "unknown_encoding", ambiguous: true, unread: false;
    /// Base64 with foreign characters, padding in the middle or an impossible length.
    BrokenBase64 = "broken_base64", ambiguous: true, unread: false;
    /// Quoted-printable with invalid escapes.
    BrokenQuotedPrintable = "broken_quoted_printable", ambiguous: false, unread: false;
    /// A charset nobody knows.
    UnknownCharset = "unknown_charset", ambiguous: true, unread: false;
    /// The bytes are not in the charset they declare; the texts of both charsets are there.
    WrongCharset = "wrong_charset", ambiguous: false, unread: false;
    /// Several file names that disagree.
    AmbiguousName = "ambiguous_name", ambiguous: true, unread: false;
    /// A file name made to deceive: direction marks, invisible characters, control characters.
    DeceptiveName = "deceptive_name", ambiguous: false, unread: false;
    /// A file written inside a text (uuencode, yEnc, BinHex); what could be decoded is an attachment.
    EncodedInText = "encoded_in_text", ambiguous: false, unread: false;
    /// A yEnc or BinHex block inside a text, which is not decoded.
    EncodedInTextUnread = "encoded_in_text_unread", ambiguous: false, unread: true;
    /// Bytes that are not text in a part that says it is text.
    NotText = "not_text", ambiguous: false, unread: false;
    /// Text in HTML that its reader does not see.
    HiddenText = "hidden_text", ambiguous: false, unread: false;
    /// `message/partial`: the rest is in other messages (RFC 2046 §5.2.2).
    PartialMessage = "partial_message", ambiguous: false, unread: true;
    /// `message/external-body`: the content is elsewhere (RFC 2046 §5.2.3).
    ExternalBody = "external_body", ambiguous: false, unread: true;
    /// Encrypted content (S/MIME, PGP/MIME, inline PGP).
    Encrypted = "encrypted", ambiguous: false, unread: true;
    /// More parts, header fields or texts than are read.
    TooManyParts = "too_many_parts", ambiguous: false, unread: true;
    /// Nested deeper than is read.
    TooDeep = "too_deep", ambiguous: false, unread: true;
    /// More text than is kept.
    TooLong = "too_long", ambiguous: false, unread: true;
    /// NUL, a bare CR, or another control character that readers treat differently.
    BareControl = "bare_control", ambiguous: false, unread: false;
}
