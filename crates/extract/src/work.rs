//! One attachment being looked into: what it may still cost, and what came out of it.

mod pictures;

use std::io::{ErrorKind, Read};

use mail::{PartId, PlaceKind, Places};
use vocabulary::bounds::{
    ARCHIVE_DEPTH_MAX, ARCHIVE_EXPANDED_BYTES_MAX, ARCHIVE_MEMBERS_MAX, ATTACHMENT_TEXT_BYTES_MAX,
    EXTRACT_FEATURES_MAX, MESSAGE_TEXT_BYTES_MAX, OCR_DECODED_PIXELS_MAX, OCR_HANDED_BYTES_MAX,
    OCR_PICTURES_MAX,
};

use crate::detect::{Format, detect_named, is_text};
use crate::formats;
use crate::media;
use crate::{Empty, Extracted, Extraction, Feature, Reason};

/// A file that expands to more than is allowed and more than so many times itself is a bomb: texts compress ten times,
/// sheets twenty.
const BOMB_RATIO: u64 = 100;

/// Letters before the head of a PDF that say something.
const HEAD_LETTERS_MIN: usize = 12;

/// A file to look into.
#[derive(Clone)]
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
    /// Bytes of the attachment.
    size: u64,
    /// Bytes that may still be expanded.
    pub(crate) expandable: u64,
    members: usize,
    text_bytes: usize,
    /// Pictures that may still be told.
    pictures: usize,
    /// Bytes of pictures that may still be handed out.
    pub(crate) picture_bytes: usize,
    /// Pixels that may still be decoded to be handed out.
    pub(crate) pixels: u64,
    /// Pixels that may still be decoded to be looked at.
    looked: u64,
}

impl Work {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        Self {
            out: Vec::new(),
            size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            expandable: ARCHIVE_EXPANDED_BYTES_MAX,
            members: ARCHIVE_MEMBERS_MAX,
            text_bytes: MESSAGE_TEXT_BYTES_MAX,
            pictures: OCR_PICTURES_MAX,
            picture_bytes: OCR_HANDED_BYTES_MAX,
            pixels: OCR_DECODED_PIXELS_MAX,
            looked: OCR_DECODED_PIXELS_MAX,
        }
    }

    pub(crate) fn finish(self) -> Vec<Extracted> {
        self.out
    }

    /// Looks into a file, and into what it holds.
    pub(crate) fn file(&mut self, file: &File<'_>) {
        let format = detect_named(file.name, file.declared, file.bytes);
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
            Format::SevenZip => formats::sevenz::extract(self, file),
            Format::Xz => formats::sevenz::xz(self, file),
            Format::Bzip2 => formats::sevenz::bzip2(self, file),
            Format::Tar => formats::tar::extract(self, file),
            Format::Rtf => formats::rtf::extract(self, file),
            Format::Html => formats::text::html(self, file, format.media_type()),
            Format::Svg => formats::text::drawing(self, file, format.media_type()),
            Format::PostScript => formats::text::program(self, file, format.media_type()),
            Format::Mail => formats::message::extract(self, file),
            Format::Cms => formats::message::cms(self, file),
            Format::Text => formats::text::plain(self, file),
            Format::Card(kind) => formats::cards::extract(self, file, kind),
            Format::Tnef => formats::tnef::extract(self, file),
            Format::PgpMessage => self.unreadable(file, format.media_type(), Reason::Encrypted),
            Format::Image(name) => self.picture(file, name),
            Format::AudioVideo(name) => self.wordless(file, name, Empty::AudioVideo),
            Format::Font(name) => self.wordless(file, name, Empty::Font),
            Format::Unread(name) => self.unreadable(file, name, Reason::UnknownFormat),
            Format::Unknown => self.unreadable(file, format.media_type(), Reason::UnknownFormat),
        }
        if format == Format::Pdf {
            self.before_pdf(file);
        }
        if format != Format::Zip {
            formats::archive::appended_zip(self, file);
        }
    }

    /// What stands before the head of a PDF is a text to other programs.
    fn before_pdf(&mut self, file: &File<'_>) {
        let at = memchr::memmem::find(file.bytes, b"%PDF-").unwrap_or(0);
        let bytes = file.bytes.get(..at).unwrap_or(&[]);
        let is_words = bytes.iter().filter(|byte| byte.is_ascii_alphanumeric()).count() >= HEAD_LETTERS_MIN;
        if is_words && is_text(bytes) && self.take_member(file) {
            let part = file.part.member("(before)");
            self.file(&File { part, bytes, depth: file.depth + 1, ..file.clone() });
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

    /// Pays for bytes that are expanded. False when there is not enough left, and then there is nothing left.
    pub(crate) fn pay(&mut self, len: usize) -> bool {
        let left = u64::try_from(len).ok().and_then(|len| self.expandable.checked_sub(len));
        self.expandable = left.unwrap_or(0);
        left.is_some()
    }

    /// Why what it expands to is not read: it is large, or a small file made to be.
    pub(crate) fn too_large(&self) -> Reason {
        if self.size.saturating_mul(BOMB_RATIO) < ARCHIVE_EXPANDED_BYTES_MAX {
            Reason::Bomb
        } else {
            Reason::TooLarge
        }
    }

    /// Expands a stream, as far as is paid for.
    pub(crate) fn expand(&mut self, stream: impl Read) -> Expanded {
        let mut bytes = Vec::new();
        let result = stream.take(self.expandable + 1).read_to_end(&mut bytes);
        match result {
            _ if !self.pay(bytes.len()) => Expanded::TooLarge,
            Ok(_) => Expanded::Whole(bytes),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                Expanded::Broken(bytes, Reason::Truncated)
            }
            Err(_) => Expanded::Broken(bytes, Reason::Corrupt),
        }
    }

    /// Looks into what was expanded: all of it, or what came before it broke.
    pub(crate) fn expanded<'a>(&mut self, expanded: &'a Expanded, inner: &dyn Fn(&'a [u8]) -> File<'a>) {
        let unknown = Format::Unknown.media_type();
        match expanded {
            Expanded::Whole(bytes) => self.file(&inner(bytes)),
            Expanded::Broken(bytes, reason) if bytes.is_empty() => {
                self.unreadable(&inner(&[]), unknown, *reason);
            }
            Expanded::Broken(bytes, reason) => {
                let file = inner(bytes);
                self.file(&file);
                self.rest(&file, *reason);
            }
            Expanded::TooLarge => self.unreadable(&inner(&[]), unknown, Reason::TooLarge),
        }
    }

    /// A text came out.
    pub(crate) fn text(&mut self, file: &File<'_>, kind: &str, mut text: TextBuilder) {
        text.leave();
        let TextBuilder { mut text, mut places, mut cut, features, .. } = text;
        let left = self.text_bytes.min(ATTACHMENT_TEXT_BYTES_MAX);
        if text.len() > left {
            cut = true;
            let at = (0..=left).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            text.truncate(at);
            places.truncate(at);
        }
        self.text_bytes -= text.len();
        let outcome = if text.trim().is_empty() {
            Extraction::Nothing(Empty::NoText)
        } else {
            Extraction::Text { text, places }
        };
        self.push(file.part.clone(), file.name, kind, outcome, features);
        if cut {
            self.rest(file, Reason::TooLarge);
        }
    }

    /// There is no text in it.
    pub(crate) fn nothing(&mut self, file: &File<'_>, kind: &str, empty: Empty) {
        self.push(file.part.clone(), file.name, kind, Extraction::Nothing(empty), Vec::new());
    }

    /// There is no text in it, and yet something to tell.
    pub(crate) fn blank(&mut self, file: &File<'_>, kind: &str, empty: Empty, text: TextBuilder) {
        self.push(file.part.clone(), file.name, kind, Extraction::Nothing(empty), text.features);
    }

    /// Sound, film, a font: no text, but what words stand in its bytes.
    fn wordless(&mut self, file: &File<'_>, kind: &str, empty: Empty) {
        let mut text = TextBuilder::default();
        text.place(PlaceKind::Hidden);
        media::words(file.bytes, &mut |words| {
            text.push(words);
            text.push("\n");
        });
        if text.is_blank() { self.nothing(file, kind, empty) } else { self.text(file, kind, text) }
    }

    /// It was not read.
    pub(crate) fn unreadable(&mut self, file: &File<'_>, kind: &str, reason: Reason) {
        self.push(file.part.clone(), file.name, kind, Extraction::Unreadable(reason), Vec::new());
    }

    /// Some of it was read; the rest was not.
    pub(crate) fn rest(&mut self, file: &File<'_>, reason: Reason) {
        self.besides(file, "(rest)", reason);
    }

    /// Something of it that has no name of its own was not read; each is said once.
    pub(crate) fn besides(&mut self, file: &File<'_>, what: &str, reason: Reason) {
        let part = file.part.member(what);
        if self.out.iter().all(|known| known.part != part) {
            self.push(
                part,
                file.name,
                "application/octet-stream",
                Extraction::Unreadable(reason),
                Vec::new(),
            );
        }
    }

    fn push(&mut self, part: PartId, name: &str, kind: &str, outcome: Extraction, features: Vec<Feature>) {
        let (name, detected_type) = (clean_name(name), clean_name(kind));
        self.out.push(Extracted { part, name, detected_type, outcome, features, picture: None });
    }
}

/// A name from outside, short and on one line.
pub(crate) fn clean_name(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(255).collect()
}

/// What a compressed stream expanded to.
pub(crate) enum Expanded {
    Whole(Vec<u8>),
    /// What could be read before it broke, and how.
    Broken(Vec<u8>, Reason),
    TooLarge,
}

/// A text being put together, never larger than what is kept of one file.
#[derive(Default)]
pub(crate) struct TextBuilder {
    pub(crate) text: String,
    places: Places,
    /// Something did not fit.
    cut: bool,
    /// Where the last place ended, while no other has begun.
    closed: Option<usize>,
    /// The cell being written.
    cell: Option<Cell>,
    features: Vec<Feature>,
}

impl TextBuilder {
    /// A text without places.
    pub(crate) fn of(text: String) -> Self {
        Self { text, ..Self::default() }
    }

    /// Some text could not be kept.
    pub(crate) fn cut(&mut self) {
        self.cut = true;
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

    /// The file has these besides its text; each is said once.
    pub(crate) fn features(&mut self, features: impl IntoIterator<Item = Feature>) {
        for feature in features {
            if self.features.len() < EXTRACT_FEATURES_MAX && !self.features.contains(&feature) {
                self.features.push(feature);
            }
        }
    }

    /// A new place starts here, on its own line.
    pub(crate) fn place(&mut self, kind: PlaceKind) {
        self.numbered(kind, "", 0);
    }

    /// As [`Self::place`], with its name or its number.
    pub(crate) fn numbered(&mut self, kind: PlaceKind, name: &str, number: u32) {
        // Where the last place ended is said before the line is.
        self.leave();
        self.separate('\n');
        self.mark(kind, name, number, 0);
    }

    /// A new place starts here, in the middle of a line.
    pub(crate) fn mark(&mut self, kind: PlaceKind, name: &str, number: u32, column: u32) {
        self.leave();
        self.cell = None;
        self.places.mark(self.text.len(), kind, name, number, column);
    }

    /// A cell of a sheet starts here; rows and columns count from 1. One beside the last, parted from it by one tab, needs
    /// no mark of its own.
    pub(crate) fn cell(&mut self, sheet: &str, row: u32, column: u32) {
        let start = self.text.len();
        let goes_on = self.closed.is_none()
            && self.cell.is_some_and(|cell| {
                let written = self.text.as_bytes().get(cell.start..).unwrap_or_default();
                (cell.row, cell.column + 1) == (row, column)
                    && memchr::memchr(b'\t', written) == written.len().checked_sub(1)
                    && !written.is_empty()
            });
        if !goes_on {
            self.mark(PlaceKind::Cell, sheet, row, column);
        }
        self.cell = Some(Cell { row, column, start });
    }

    /// The current place ends here.
    pub(crate) fn close(&mut self) {
        self.closed.get_or_insert(self.text.len());
        self.cell = None;
    }

    /// Takes back what was written from `start` on.
    pub(crate) fn take_from(&mut self, start: usize) -> String {
        self.places.truncate(start);
        (self.closed, self.cell) = (self.closed.filter(|at| *at <= start), None);
        if self.text.is_char_boundary(start) { self.text.split_off(start) } else { String::new() }
    }

    /// What was written since the last place ended stands nowhere that has a name.
    fn leave(&mut self) {
        if let Some(at) = self.closed.take()
            && self.text.get(at..).is_some_and(|since| !since.trim().is_empty())
        {
            self.places.mark(at, PlaceKind::Nowhere, "", 0, 0);
        }
    }

    /// Whether nothing but white space was written.
    pub(crate) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// A cell of a sheet, and where it begins in the text.
#[derive(Clone, Copy)]
struct Cell {
    row: u32,
    column: u32,
    start: usize,
}
