//! ZIP and gzip, and the office formats that are ZIPs.

use std::io::{Cursor, ErrorKind, Read};

use flate2::read::MultiGzDecoder;
use memchr::memmem;
use vocabulary::bounds::OCR_BYTES_MAX;
use zip::ZipArchive;
use zip::result::ZipError;

use super::{odf, ooxml, parts, strangers, xlsx};
use crate::detect::{Format, detect};
use crate::ocr::{Fit, fit};
use crate::work::{Expanded, File, Work};
use crate::{Empty, Reason};

/// How far from its end a ZIP keeps its directory's end record (its comment has at most 65,535 bytes).
const END_RECORD_REACH: usize = 66_000;

/// Bytes that tell what a member is.
const HEAD_BYTES: u64 = 4_096;

/// A ZIP with bounds on what it expands to.
pub(crate) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// Why a text asked for was not read, or not to its end: the first reason met.
    unread: Option<Reason>,
}

/// A member's bytes.
pub(crate) enum Member {
    Bytes(Vec<u8>),
    /// What could be read before it broke, and how.
    Broken(Vec<u8>, Reason),
    Encrypted,
    TooLarge,
    Unsupported,
}

impl<'a> Archive<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self, Reason> {
        match ZipArchive::new(Cursor::new(bytes)) {
            Ok(zip) => Ok(Self { zip, unread: None }),
            Err(ZipError::UnsupportedArchive(_)) => Err(Reason::UnknownFormat),
            // The directory stands at the end: without one the end is missing.
            Err(_) if memmem::find(bytes, b"PK\x05\x06").is_none() => Err(Reason::Truncated),
            Err(error) => Err(reason(&error)),
        }
    }

    /// Name of each member, in the directory's order; unreadable names are empty.
    fn names(&mut self) -> Vec<(String, bool)> {
        (0..self.zip.len())
            .map(|index| match self.zip.by_index_raw(index) {
                Ok(member) => {
                    (member.name().map(|name| name.into_owned()).unwrap_or_default(), member.is_dir())
                }
                Err(_) => (String::new(), false),
            })
            .collect()
    }

    /// Position of a member by its name; programs take small letters for capitals.
    fn find(&mut self, name: &str) -> Option<usize> {
        let names = self.names();
        let exactly = names.iter().position(|(known, _)| known == name);
        exactly.or_else(|| names.iter().position(|(known, _)| known.eq_ignore_ascii_case(name)))
    }

    /// The bytes of a member, paid from what the attachment may still expand to.
    pub(crate) fn read(&mut self, index: usize, work: &mut Work) -> Member {
        if self.zip.by_index_raw(index).is_ok_and(|member| member.encrypted()) {
            return Member::Encrypted;
        }
        let member = match self.zip.by_index(index) {
            Ok(member) => member,
            Err(ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_)) => {
                return Member::Unsupported;
            }
            Err(error) => return Member::Broken(Vec::new(), reason(&error)),
        };
        match work.expand(member) {
            Expanded::Whole(bytes) => Member::Bytes(bytes),
            Expanded::Broken(bytes, reason) => Member::Broken(bytes, reason),
            Expanded::TooLarge => Member::TooLarge,
        }
    }

    /// The text of a member of an office document; `None` when it is not there or cannot be read.
    pub(crate) fn text(&mut self, name: &str, work: &mut Work) -> Option<String> {
        let index = self.find(name)?;
        self.text_at(index, work)
    }

    /// The text of the member at a position.
    pub(crate) fn text_at(&mut self, index: usize, work: &mut Work) -> Option<String> {
        let (bytes, unread) = match self.read(index, work) {
            Member::Bytes(bytes) => (Some(bytes), None),
            Member::Broken(bytes, reason) => (Some(bytes), Some(reason)),
            Member::Encrypted => (None, Some(Reason::Encrypted)),
            Member::TooLarge => (None, Some(work.too_large())),
            Member::Unsupported => (None, Some(Reason::UnknownFormat)),
        };
        self.unread = self.unread.or(unread);
        bytes.map(|bytes| mail::plausible_text(&bytes))
    }

    /// What a member is, by its first bytes.
    pub(crate) fn format(&mut self, index: usize) -> Format {
        detect("", &self.head(index, HEAD_BYTES))
    }

    /// A member as far as it can be read, at most so many bytes.
    fn head(&mut self, index: usize, most: u64) -> Vec<u8> {
        let mut head = Vec::new();
        if let Ok(member) = self.zip.by_index(index) {
            // What breaks off within the head is looked into as a member, where it says why.
            let _ = member.take(most).read_to_end(&mut head);
        }
        head
    }

    /// A member that is a picture, paid from what pictures may have; `None` for an ornament.
    pub(crate) fn picture(&mut self, index: usize, work: &mut Work) -> Option<Vec<u8>> {
        if fit(&self.head(index, HEAD_BYTES)) == Fit::Small {
            return None;
        }
        let most = OCR_BYTES_MAX.min(work.picture_bytes);
        // One byte more than fits: what is cut off is no picture to be read.
        let bytes = self.head(index, u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1));
        if fit(&bytes) == Fit::Small {
            work.picture_bytes = work.picture_bytes.saturating_sub(bytes.len());
            return None;
        }
        Some(bytes)
    }
}

fn reason(error: &ZipError) -> Reason {
    match error {
        ZipError::Io(error) if error.kind() == ErrorKind::UnexpectedEof => Reason::Truncated,
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => Reason::UnknownFormat,
        _ => Reason::Corrupt,
    }
}

/// A ZIP: an office document, or an archive whose members are looked into.
pub(crate) fn zip(work: &mut Work, file: &File<'_>) {
    let mut archive = match Archive::open(file.bytes) {
        Ok(archive) => archive,
        Err(reason) => return work.unreadable(file, "application/zip", reason),
    };
    let names = archive.names();
    let names = parts::in_place(&mut archive, names, work);
    let has = |name: &str| names.iter().any(|(known, _)| known == name);
    if has("[Content_Types].xml") && names.iter().any(|(name, _)| name.starts_with("word/")) {
        ooxml::word(work, file, &mut archive, &names);
    } else if has("[Content_Types].xml") && names.iter().any(|(name, _)| name.starts_with("ppt/")) {
        ooxml::slides(work, file, &mut archive, &names);
    } else if has("[Content_Types].xml") && names.iter().any(|(name, _)| name.starts_with("xl/")) {
        xlsx::extract(work, file, &mut archive, &names);
    } else if has("mimetype") && has("content.xml") {
        odf::extract(work, file, &mut archive, &names);
    } else {
        work.nothing(file, "application/zip", Empty::Container);
        let all: Vec<usize> = (0..names.len()).collect();
        members(work, file, &mut archive, &names, &all);
        return;
    }
    strangers::read(work, file, &mut archive, &names);
    if let Some(reason) = archive.unread {
        work.rest(file, reason);
    }
}

/// Looks into members by their positions.
pub(crate) fn members(
    work: &mut Work,
    file: &File<'_>,
    archive: &mut Archive<'_>,
    names: &[(String, bool)],
    positions: &[usize],
) {
    for &index in positions {
        let Some((name, is_dir)) = names.get(index) else { continue };
        if *is_dir {
            continue;
        }
        if !work.take_member(file) {
            return;
        }
        let part = file.part.member(name);
        let member = archive.read(index, work);
        let bytes = match &member {
            Member::Bytes(bytes) | Member::Broken(bytes, _) => bytes.as_slice(),
            Member::Encrypted | Member::TooLarge | Member::Unsupported => &[],
        };
        let inner = File { part, name, declared: "", bytes, depth: file.depth + 1 };
        match member {
            Member::Bytes(_) => work.file(&inner),
            Member::Broken(ref bytes, reason) if bytes.is_empty() => {
                work.unreadable(&inner, "application/octet-stream", reason)
            }
            Member::Broken(_, reason) => {
                work.file(&inner);
                work.rest(&inner, reason);
            }
            Member::Encrypted => work.unreadable(&inner, "application/octet-stream", Reason::Encrypted),
            Member::Unsupported => work.unreadable(&inner, "application/octet-stream", Reason::UnknownFormat),
            Member::TooLarge => {
                work.unreadable(&inner, "application/octet-stream", work.too_large());
                return;
            }
        }
    }
}

/// A ZIP glued behind another format (a polyglot, case E07): both are read.
pub(crate) fn appended_zip(work: &mut Work, file: &File<'_>) {
    let tail = file.bytes.get(file.bytes.len().saturating_sub(END_RECORD_REACH)..).unwrap_or(&[]);
    if memmem::rfind(tail, b"PK\x05\x06").is_none() || memmem::find(file.bytes, b"PK\x03\x04").is_none() {
        return;
    }
    let Ok(mut archive) = Archive::open(file.bytes) else { return };
    let names = archive.names();
    // Old Office documents carry the themes and shapes of new ones as ZIPs.
    let of_drawing = |name: &str| {
        ["[Content_Types].xml", "_rels/", "theme/", "drs/"].iter().any(|known| name.starts_with(known))
    };
    if names.iter().all(|(name, _)| of_drawing(name)) {
        return;
    }
    let all: Vec<usize> = (0..names.len()).collect();
    members(work, file, &mut archive, &names, &all);
}

/// One compressed file.
pub(crate) fn gzip(work: &mut Work, file: &File<'_>) {
    let stem = [".gz", ".tgz"].into_iter().find_map(|end| file.name.strip_suffix(end));
    compressed(work, file, "application/gzip", stem, MultiGzDecoder::new(file.bytes));
}

/// A file that is one compressed stream; `stem` is its name without.
pub(crate) fn compressed(
    work: &mut Work,
    file: &File<'_>,
    kind: &str,
    stem: Option<&str>,
    stream: impl Read,
) {
    let expanded = match work.expand(stream) {
        Expanded::TooLarge => return work.unreadable(file, kind, work.too_large()),
        Expanded::Broken(bytes, reason) if bytes.is_empty() => return work.unreadable(file, kind, reason),
        expanded => expanded,
    };
    work.nothing(file, kind, Empty::Container);
    if work.take_member(file) {
        let name = stem.unwrap_or("content");
        let part = file.part.member(name);
        work.expanded(&expanded, &|bytes| File {
            part: part.clone(),
            name,
            declared: "",
            bytes,
            depth: file.depth + 1,
        });
    }
}
