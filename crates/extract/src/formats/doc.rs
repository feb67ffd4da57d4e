//! Word 97 to 2003 ([MS-DOC]), and the bare text of older ones.

use mail::PlaceKind;

use super::bytes::{code_page, size_at, slice, u8_at, u16_at, u32_at, utf16};
use super::compound::Compound;
use super::pictures::{Pictures, of_drawings};
use super::properties;
use crate::work::{File, TextBuilder, Work};
use crate::{Feature, Reason};

const KIND: &str = "application/msword";
/// Pieces a text is stored in; an editor starts a new one at each change.
const PIECES_MAX: usize = 200_000;
/// `fEncrypted` of the file information block's flags ([MS-DOC] §2.5.2).
const ENCRYPTED: u16 = 0x0100;
/// `fWhichTblStm`: which of the two tables is the document's.
const TABLE_1: u16 = 0x0200;

/// The stories of a document, in their order in the text ([MS-DOC] §2.4.1). The fourth count is not a story.
const STORIES: [PlaceKind; 8] = [
    PlaceKind::Paragraph,
    PlaceKind::Footnote,
    PlaceKind::Header,
    PlaceKind::Nowhere,
    PlaceKind::Comment,
    PlaceKind::Footnote,
    PlaceKind::TextBox,
    PlaceKind::TextBox,
];

/// A document that stands in a storage.
pub(crate) fn extract(work: &mut Work, file: &File<'_>, compound: &Compound<'_>, storage: usize) {
    let Some(main) = compound.read(storage, "WordDocument", work) else {
        return work.unreadable(file, KIND, Reason::TooLarge);
    };
    let flags = u16_at(&main, 0x0a).unwrap_or(0);
    if flags & ENCRYPTED != 0 {
        return work.unreadable(file, KIND, Reason::Encrypted);
    }
    let mut text = TextBuilder::default();
    let version = u16_at(&main, 2).unwrap_or(0);
    let whole = if version < 0x00c1 {
        old(&main, &mut text)
    } else {
        let table = if flags & TABLE_1 != 0 { "1Table" } else { "0Table" };
        let table = compound.read(storage, table, work).unwrap_or_default();
        let complete = compound.is_whole(storage, "WordDocument", &main);
        stories(&main, &table, &mut text).is_some() && complete
    };
    properties::read(compound, storage, &mut text, work);
    if compound.find(storage, "Macros").is_some() {
        text.features([Feature::Macros]);
    }
    if !whole && text.is_blank() {
        work.unreadable(file, KIND, Reason::Corrupt);
    } else {
        work.text(file, KIND, text);
        if !whole {
            work.rest(file, Reason::Corrupt);
        }
    }
    // Pictures in the text stand in a stream of their own, those that float behind the text.
    let mut pictures = Pictures::default();
    of_drawings(&main, &mut pictures);
    of_drawings(&compound.read(storage, "Data", work).unwrap_or_default(), &mut pictures);
    pictures.hand_out(work, file);
}

/// Word 6 and 95: one run of 8-bit text.
fn old(main: &[u8], text: &mut TextBuilder) -> bool {
    let (Some(start), Some(end)) = (size_at(main, 0x18), size_at(main, 0x1c)) else { return false };
    let run = slice(main, start, end.saturating_sub(start));
    text.place(PlaceKind::Paragraph);
    readable(&code_page(run, 1_252), text);
    text.close();
    !run.is_empty() || start == end
}

/// Each story, as the piece table puts it together.
fn stories(main: &[u8], table: &[u8], text: &mut TextBuilder) -> Option<()> {
    // The block's three arrays have lengths of their own ([MS-DOC] §2.5.1).
    let longs = 0x22 + usize::from(u16_at(main, 0x20)?) * 2 + 2;
    let pairs = longs + usize::from(u16_at(main, longs - 2)?) * 4 + 2;
    let pair = |n: usize| Some((size_at(main, pairs + n * 8)?, size_at(main, pairs + n * 8 + 4)?));
    let (at, len) = pair(33)?;
    let mut pieces = Pieces::new(main, slice(table, at, len))?;
    for (n, story) in STORIES.into_iter().enumerate() {
        let count = size_at(main, longs + (3 + n) * 4)?;
        if story == PlaceKind::Nowhere || count == 0 {
            continue;
        }
        text.place(story);
        pieces.take(count, |run| readable(run, text));
        text.close();
        if story == PlaceKind::Comment {
            text.features([Feature::Comments]);
        }
    }
    // SttbfRMark: who made tracked changes; the first is always "Unknown".
    let (at, _) = pair(51)?;
    if u16_at(table, at + 2).is_some_and(|authors| authors > 1 && authors < 10_000) && pair(51)?.1 > 0 {
        text.features([Feature::TrackedChanges]);
    }
    pieces.whole.then_some(())
}

/// The text's characters, piece by piece ([MS-DOC] §2.9.38 and §2.9.178).
struct Pieces<'a> {
    main: &'a [u8],
    /// Start and length in characters, then where and how.
    pieces: std::vec::IntoIter<(usize, u32)>,
    /// What is left of the current one.
    current: Option<(usize, u32)>,
    whole: bool,
}

impl<'a> Pieces<'a> {
    fn new(main: &'a [u8], mut clx: &[u8]) -> Option<Self> {
        // Formatting comes first, each with its length.
        while u8_at(clx, 0)? == 1 {
            clx = clx.get(3 + usize::from(u16_at(clx, 1)?)..)?;
        }
        let plc = clx.get(5..).filter(|_| u8_at(clx, 0) == Some(2))?;
        let plc = slice(plc, 0, size_at(clx, 1)?);
        let count = (plc.len().checked_sub(4)? / 12).min(PIECES_MAX);
        let pieces: Vec<(usize, u32)> = (0..count)
            .filter_map(|n| {
                let (start, end) = (size_at(plc, n * 4)?, size_at(plc, n * 4 + 4)?);
                let place = u32_at(plc, (count + 1) * 4 + n * 8 + 2)?;
                Some((end.checked_sub(start)?, place))
            })
            .collect();
        Some(Self { main, whole: pieces.len() == count, pieces: pieces.into_iter(), current: None })
    }

    /// Hands over the next `count` characters, run by run.
    fn take(&mut self, mut count: usize, mut run: impl FnMut(&str)) {
        while count > 0 {
            let Some((len, place)) = self.current.take().or_else(|| self.pieces.next()) else {
                self.whole = false;
                return;
            };
            let now = len.min(count);
            // Bit 30 says that characters are 8-bit, at half the place.
            let compressed = place & 0x4000_0000 != 0;
            let place = place & 0x3fff_ffff;
            let width = if compressed { 1 } else { 2 };
            let at = usize::try_from(if compressed { place / 2 } else { place }).unwrap_or(usize::MAX);
            let bytes = slice(self.main, at, now.saturating_mul(width));
            self.whole &= bytes.len() == now.saturating_mul(width);
            run(&if compressed { code_page(bytes, 1_252) } else { utf16(bytes) });
            if len > now {
                let step = u32::try_from(now.saturating_mul(2)).unwrap_or(u32::MAX);
                let next = place.saturating_add(step);
                self.current = Some((len - now, if compressed { next | 0x4000_0000 } else { next }));
            }
            count -= now;
        }
    }
}

/// Word's own characters become those a person knows ([MS-DOC] §2.4.3). Field codes stay: a link's target is text.
fn readable(run: &str, text: &mut TextBuilder) {
    let mut clean = String::with_capacity(run.len());
    for c in run.chars() {
        match c {
            '\r' | '\u{b}' | '\u{c}' | '\u{e}' => clean.push('\n'),
            '\u{7}' => clean.push('\t'),
            '\u{13}' | '\u{14}' | '\u{15}' => clean.push(' '),
            '\u{1e}' => clean.push('-'),
            '\t' | '\n' => clean.push(c),
            c if c.is_control() => {}
            c => clean.push(c),
        }
    }
    text.push(&clean);
}
