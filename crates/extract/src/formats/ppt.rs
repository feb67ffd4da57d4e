//! PowerPoint 97 to 2003 ([MS-PPT]): a tree of records, some of which hold text.

use flate2::read::ZlibDecoder;
use mail::PlaceKind;

use super::bytes::{size_at, slice, u16_at, utf16};
use super::compound::{Compound, ROOT};
use super::pictures::{Pictures, of_drawings};
use super::properties;
use crate::work::{File, TextBuilder, Work};
use crate::{Feature, Reason};

const KIND: &str = "application/vnd.ms-powerpoint";
/// Records read of one presentation.
const RECORDS_MAX: usize = 500_000;

// Types of records ([MS-PPT] §2.13.24).
const SLIDE: u16 = 1_006;
const NOTES: u16 = 1_008;
const MASTER: u16 = 1_016;
const COMMENT: u16 = 12_000;
const OUTLINE: u16 = 4_080;
const TEXT_CHARS: u16 = 4_000;
const TEXT_BYTES: u16 = 4_008;
const STRING: u16 = 4_026;
const OLE_STORAGE: u16 = 4_113;
const CRYPTO_SESSION: u16 = 12_052;

/// A presentation.
pub(crate) fn extract(work: &mut Work, file: &File<'_>, compound: &Compound<'_>) {
    let Some(stream) = compound.read(ROOT, "PowerPoint Document", work) else {
        return work.unreadable(file, KIND, Reason::TooLarge);
    };
    // An encrypted one says so by another token in its `Current User` ([MS-PPT] §2.3.2).
    let user = compound.read(ROOT, "Current User", work).unwrap_or_default();
    let is_encrypted = size_at(&user, 12) == Some(0xf3d1_c4df)
        || compound.find(ROOT, "EncryptedSummary").is_some()
        || compound.find(ROOT, "EncryptedSummaryInfo").is_some();
    let mut reading = Reading { text: TextBuilder::default(), objects: Vec::new(), slide: 0, records: 0 };
    if is_encrypted || !reading.records(&stream) {
        return work.unreadable(file, KIND, Reason::Encrypted);
    }
    let Reading { mut text, objects, .. } = reading;
    text.close();
    properties::read(compound, ROOT, &mut text, work);
    let is_whole = compound.is_whole(ROOT, "PowerPoint Document", &stream);
    work.text(file, KIND, text);
    if !is_whole {
        work.rest(file, Reason::Truncated);
    }
    for (n, object) in objects.iter().enumerate() {
        embedded(work, file, n + 1, object);
    }
    let mut pictures = Pictures::default();
    of_drawings(&compound.read(ROOT, "Pictures", work).unwrap_or_default(), &mut pictures);
    pictures.hand_out(work, file);
}

struct Reading<'s> {
    text: TextBuilder,
    /// Compressed or bare compound files.
    objects: Vec<(bool, &'s [u8])>,
    slide: u32,
    records: usize,
}

impl<'s> Reading<'s> {
    /// Walks through all records, those inside others too. False when the presentation is encrypted.
    fn records(&mut self, mut rest: &'s [u8]) -> bool {
        // The walk is flat: what is in a container follows its head.
        while let (Some(version), Some(kind), Some(len)) =
            (u16_at(rest, 0), u16_at(rest, 2), size_at(rest, 4))
        {
            self.records += 1;
            if self.records > RECORDS_MAX || self.text.is_full() {
                break;
            }
            let is_container = version & 0x0f == 0x0f;
            if is_container {
                self.container(kind);
                rest = rest.get(8..).unwrap_or(&[]);
                continue;
            }
            let body = slice(rest, 8, len);
            match kind {
                CRYPTO_SESSION => return false,
                TEXT_CHARS | STRING => self.say(&utf16(body)),
                // The low bytes of UTF-16 characters.
                TEXT_BYTES => self.say(&body.iter().map(|byte| char::from(*byte)).collect::<String>()),
                OLE_STORAGE => self.objects.push((version >> 4 == 1, body)),
                _ => {}
            }
            rest = rest.get(len.saturating_add(8)..).unwrap_or(&[]);
        }
        true
    }

    fn container(&mut self, kind: u16) {
        match kind {
            SLIDE => {
                self.slide += 1;
                self.text.numbered(PlaceKind::Slide, "", self.slide);
            }
            NOTES => {
                self.text.place(PlaceKind::Notes);
                self.text.features([Feature::SpeakerNotes]);
            }
            OUTLINE => self.text.place(PlaceKind::Outline),
            MASTER => self.text.place(PlaceKind::Master),
            COMMENT => {
                self.text.place(PlaceKind::Comment);
                self.text.features([Feature::Comments]);
            }
            _ => {}
        }
    }

    fn say(&mut self, text: &str) {
        let text = text.replace(['\r', '\u{b}'], "\n");
        self.text.separate('\n');
        self.text.push(text.trim_matches('\0'));
        self.text.separate('\n');
    }
}

/// A file put into the presentation.
fn embedded(work: &mut Work, file: &File<'_>, number: usize, (compressed, bytes): &(bool, &[u8])) {
    if !work.take_member(file) {
        return;
    }
    let name = format!("object {number}");
    let part = file.part.member(&name);
    let inner = |bytes| File { part: part.clone(), name: &name, declared: "", bytes, depth: file.depth + 1 };
    if !*compressed {
        return work.file(&inner(bytes));
    }
    // Four bytes of size, then zlib.
    let expanded = work.expand(ZlibDecoder::new(bytes.get(4..).unwrap_or(&[])));
    work.expanded(&expanded, &inner);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(version: u16, kind: u16, body: &[u8]) -> Vec<u8> {
        let len = u32::try_from(body.len()).unwrap();
        [&version.to_le_bytes()[..], &kind.to_le_bytes(), &len.to_le_bytes(), body].concat()
    }

    #[test]
    fn slides_and_notes_are_told_apart() {
        let slide = record(0x0f, SLIDE, &record(0, TEXT_BYTES, b"Titre\rsuite \xe9"));
        let notes = record(0x0f, NOTES, &record(0, TEXT_CHARS, b"d\0i\0r\0e\0"));
        let both = [slide, notes].concat();
        let mut reading = Reading { text: TextBuilder::default(), objects: Vec::new(), slide: 0, records: 0 };
        assert!(reading.records(&both));
        assert_eq!(reading.text.text, "Titre\nsuite é\ndire\n");
        assert!(!reading.records(&record(0, CRYPTO_SESSION, b"")));
    }
}
