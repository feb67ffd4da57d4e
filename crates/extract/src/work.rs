//! One attachment being looked into: what it may still cost, and what came out of it.

use mail::PartId;
use vocabulary::bounds::{
    ARCHIVE_DEPTH_MAX, ARCHIVE_EXPANDED_BYTES_MAX, ARCHIVE_MEMBERS_MAX, ATTACHMENT_TEXT_BYTES_MAX,
    EXTRACT_SPANS_MAX, MESSAGE_TEXT_BYTES_MAX,
};

use crate::detect::{Format, detect};
use crate::formats;
use crate::{Empty, Extracted, Extraction, Reason, Span};

/// A file to look into.
pub(crate) struct File<'a> {
    pub(crate) part: PartId,
    pub(crate) name: &'a str,
    pub(crate) declared: &'a str,
    pub(crate) bytes: &'a [u8],
    pub(crate) depth: usize,
}

/// The whole attachment.
pub(crate) struct Work {
    out: Vec<Extracted>,
    /// Bytes that may still be expanded.
    pub(crate) expandable: u64,
    members: usize,
    text_bytes: usize,
}

impl Work {
    pub(crate) fn new() -> Self {
        Self {
            out: Vec::new(),
            expandable: ARCHIVE_EXPANDED_BYTES_MAX,
            members: ARCHIVE_MEMBERS_MAX,
            text_bytes: MESSAGE_TEXT_BYTES_MAX,
        }
    }

    pub(crate) fn finish(self) -> Vec<Extracted> {
        self.out
    }

    /// Looks into a file, and into what it holds.
    pub(crate) fn file(&mut self, file: &File<'_>) {
        let format = detect(file.declared, file.bytes);
        if file.depth > ARCHIVE_DEPTH_MAX {
            self.unreadable(file, format.media_type(), Reason::TooDeep);
            return;
        }
        match format {
            Format::Empty => self.nothing(file, format.media_type(), Empty::NoText),
            Format::Pdf => formats::pdf::extract(self, file),
            Format::Zip => formats::archive::zip(self, file),
            Format::Ole => formats::ole::extract(self, file),
            Format::Gzip => formats::archive::gzip(self, file),
            Format::Tar => formats::tar::extract(self, file),
            Format::Rtf => formats::text::rtf(self, file),
            Format::Html => formats::text::html(self, file),
            Format::Mail => formats::message::extract(self, file),
            Format::Cms => formats::message::cms(self, file),
            Format::Text => formats::text::plain(self, file),
            Format::PgpMessage => self.unreadable(file, format.media_type(), Reason::Encrypted),
            Format::Image(name) => self.nothing(file, name, Empty::Image),
            Format::AudioVideo(name) => self.nothing(file, name, Empty::AudioVideo),
            Format::Font(name) => self.nothing(file, name, Empty::Font),
            Format::Unread(name) => self.unreadable(file, name, Reason::UnknownFormat),
            Format::Unknown => self.unreadable(file, format.media_type(), Reason::UnknownFormat),
        }
        if format != Format::Zip {
            formats::archive::appended_zip(self, file);
        }
    }

    /// Pays for one more member; says so once when there are too many.
    pub(crate) fn take_member(&mut self, file: &File<'_>) -> bool {
        if self.members == 0 {
            return false;
        }
        self.members -= 1;
        if self.members == 0 {
            self.rest(file, Reason::TooMany);
        }
        self.members > 0
    }

    /// A text came out.
    pub(crate) fn text(&mut self, file: &File<'_>, kind: &str, text: TextBuilder) {
        let TextBuilder { mut text, mut locations, mut cut, .. } = text;
        let left = self.text_bytes.min(ATTACHMENT_TEXT_BYTES_MAX);
        if text.len() > left {
            cut = true;
            let at = (0..=left).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            text.truncate(at);
            locations.retain(|span| span.end <= at);
        }
        self.text_bytes -= text.len();
        let outcome = if text.trim().is_empty() {
            Extraction::Nothing(Empty::NoText)
        } else {
            Extraction::Text { text, locations }
        };
        self.push(file.part.clone(), file.name, kind, outcome);
        if cut {
            self.rest(file, Reason::TooLarge);
        }
    }

    /// There is no text in it.
    pub(crate) fn nothing(&mut self, file: &File<'_>, kind: &str, empty: Empty) {
        self.push(file.part.clone(), file.name, kind, Extraction::Nothing(empty));
    }

    /// It was not read.
    pub(crate) fn unreadable(&mut self, file: &File<'_>, kind: &str, reason: Reason) {
        self.push(file.part.clone(), file.name, kind, Extraction::Unreadable(reason));
    }

    /// Some of it was read; the rest was not.
    pub(crate) fn rest(&mut self, file: &File<'_>, reason: Reason) {
        let part = file.part.member("(rest)");
        if self.out.iter().all(|known| known.part != part) {
            self.push(part, file.name, "application/octet-stream", Extraction::Unreadable(reason));
        }
    }

    fn push(&mut self, part: PartId, name: &str, kind: &str, outcome: Extraction) {
        let (name, detected_type) = (clean_name(name), clean_name(kind));
        self.out.push(Extracted { part, name, detected_type, outcome });
    }
}

/// A name from outside, short and on one line.
pub(crate) fn clean_name(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(255).collect()
}

/// A text being put together, never larger than what is kept of one file.
#[derive(Default)]
pub(crate) struct TextBuilder {
    pub(crate) text: String,
    locations: Vec<Span>,
    /// Something did not fit.
    cut: bool,
    open: Option<(String, usize)>,
}

impl TextBuilder {
    /// A text without places.
    pub(crate) fn of(text: String) -> Self {
        Self { text, ..Self::default() }
    }

    /// More text cannot be kept.
    pub(crate) fn is_full(&self) -> bool {
        self.cut
    }

    pub(crate) fn push(&mut self, text: &str) {
        if self.text.len() + text.len() > ATTACHMENT_TEXT_BYTES_MAX {
            self.cut = true;
        } else {
            self.text.push_str(text);
        }
    }

    /// `c`, unless the text is empty or ends with white space that separates at least as much.
    pub(crate) fn separate(&mut self, c: char) {
        let enough = match c {
            '\n' => self.text.ends_with('\n'),
            _ => self.text.ends_with([' ', '\t', '\n']),
        };
        if !self.text.is_empty() && !enough {
            self.push(c.encode_utf8(&mut [0; 4]));
        }
    }

    /// A new place starts here, on its own line.
    pub(crate) fn place(&mut self, label: &str) {
        self.close();
        self.separate('\n');
        self.open = Some((label.to_owned(), self.text.len()));
    }

    /// The current place ends here.
    pub(crate) fn close(&mut self) {
        if let Some((label, start)) = self.open.take()
            && self.text.len() > start
            && self.locations.len() < EXTRACT_SPANS_MAX
        {
            self.locations.push(Span { label, start, end: self.text.len() });
        }
    }

    /// Whether nothing but white space was written.
    pub(crate) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}
