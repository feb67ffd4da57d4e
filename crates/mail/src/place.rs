//! Where a stretch of a file's text stands in the file: a page, a cell, a slide, a remark; and the table beside a text that
//! says it. The table costs a few bytes for each stretch; a place is put into words only where something was found.

use std::fmt;

use serde::{Deserialize, Serialize};
use vocabulary::bounds::{EXTRACT_PLACES_MAX, PLACE_NAME_CHARS_MAX};

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $name:ident;)*) => {
        /// What kind of place it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum PlaceKind {
            $($(#[doc = $doc])* $name,)*
        }

        impl PlaceKind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
        }
    };
}

kinds! {
    /// No place that has a name.
    Nowhere;
    /// A page, by its number.
    Page;
    /// A cell of the sheet that `name` says, by row and column.
    Cell;
    /// A sheet, outside its cells.
    Sheet;
    /// A slide, by its number.
    Slide;
    /// The notes of a slide; 0 where it is not said of which.
    Notes;
    /// A remark by `name`, of a cell where there are a row and a column.
    Comment;
    /// A paragraph of the document, by its number; 0 for the document as a whole.
    Paragraph;
    /// Words that `name` has put in and nobody has accepted yet.
    Inserted;
    /// Words that `name` has struck out and that are still there.
    Deleted;
    /// A header or a footer of pages.
    Header;
    /// A note at the foot of a page or at the end.
    Footnote;
    /// A text box.
    TextBox;
    /// What the file says of itself: title, author, properties of an organisation's own.
    Properties;
    /// Targets of links.
    Links;
    /// Text that is not shown.
    Hidden;
    /// Annotations, fields of forms and properties of a PDF.
    Annotations;
    /// A form that no page draws.
    Form;
    /// Drawings and their texts.
    Drawing;
    /// A chart.
    Chart;
    /// Other files it takes contents from.
    External;
    /// The outline of a presentation.
    Outline;
    /// What all slides share.
    Master;
    /// An entry of a calendar or an address card, by its number; `name` is its kind.
    Entry;
    /// A text of a message saved as a file; `name` is its field or part.
    Field;
    /// What a pivot table was made of.
    Pivot;
    /// Another part of a file that is made of parts; `name` is its path.
    Part;
    /// What is written in a picture, as it was read there.
    Picture;
}

/// A place, as a person would look for it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    /// What it is.
    pub kind: PlaceKind,
    /// The sheet's, the author's or the field's name; untrusted, on one line, at most [`PLACE_NAME_CHARS_MAX`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Which page, slide, paragraph, or row of a sheet, from 1; 0 where it has none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub number: u32,
    /// Which column of a sheet, from 1; 0 where it has none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub column: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form serde asks for")]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Place {
    /// `B7`, for a place that has a row and a column.
    #[must_use]
    pub fn cell(&self) -> Option<String> {
        if self.number == 0 || self.column == 0 {
            return None;
        }
        let (mut left, mut letters) = (self.column, Vec::new());
        while left > 0 {
            left -= 1;
            letters.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
            left /= 26;
        }
        Some(letters.iter().rev().collect::<String>() + &self.number.to_string())
    }
}

/// Where a stretch begins: first byte, kind, name, number, column.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Mark(u32, u8, u32, u32, u32);

/// The places of one text, in order. Each reaches to where the next begins. Its `Debug` shows no name (invariant 12).
///
/// Of a cell, the mark is that of the first of a run: each tab after it is one column further.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    names: Vec<String>,
    marks: Vec<Mark>,
}

/// Names looked through before a name is kept once more: sheets and authors come in stretches.
const NAMES_LOOKED_AT: usize = 16;

impl Places {
    /// A place begins at this byte of the text, which takes back those that begin there or after. Past [`EXTRACT_PLACES_MAX`] the rest of the
    /// text has no place.
    pub fn mark(&mut self, start: usize, kind: PlaceKind, name: &str, number: u32, column: u32) {
        let Ok(start) = u32::try_from(start) else { return };
        // Nothing was written in the last place, or what was is taken back.
        while self.marks.last().is_some_and(|last| last.0 >= start) {
            self.marks.pop();
        }
        let kind = match EXTRACT_PLACES_MAX.saturating_sub(self.marks.len()) {
            0 => return,
            1 => PlaceKind::Nowhere,
            _ => kind,
        };
        let name = if kind == PlaceKind::Nowhere { 0 } else { self.name(name) };
        self.marks.push(Mark(start, kind as u8, name, number, column));
    }

    /// The number of a name, 0 for none.
    fn name(&mut self, name: &str) -> u32 {
        if name.is_empty() {
            return 0;
        }
        let name: String = name.chars().filter(|c| !c.is_control()).take(PLACE_NAME_CHARS_MAX).collect();
        let known =
            self.names.iter().enumerate().rev().take(NAMES_LOOKED_AT).find(|(_, known)| **known == name);
        let index = known.map_or(self.names.len(), |(index, _)| index);
        if index == EXTRACT_PLACES_MAX {
            return 0;
        }
        if index == self.names.len() {
            self.names.push(name);
        }
        u32::try_from(index + 1).unwrap_or(0)
    }

    /// Where the byte `at` of `text` stands; `None` where nothing is said.
    #[must_use]
    pub fn at(&self, text: &str, at: usize) -> Option<Place> {
        let after = self.marks.partition_point(|mark| usize::try_from(mark.0).is_ok_and(|start| start <= at));
        let Mark(start, kind, name, number, column) = *self.marks.get(after.checked_sub(1)?)?;
        let kind = *PlaceKind::ALL.get(usize::from(kind)).filter(|kind| **kind != PlaceKind::Nowhere)?;
        let name = usize::try_from(name).ok().and_then(|name| self.names.get(name.checked_sub(1)?));
        let mut column = column;
        if kind == PlaceKind::Cell && column > 0 {
            let run = text.as_bytes().get(usize::try_from(start).ok()?..at).unwrap_or_default();
            let further = run.iter().filter(|byte| **byte == b'\t').count();
            column = column.saturating_add(u32::try_from(further).unwrap_or(u32::MAX));
        }
        Some(Place { kind, name: name.cloned().unwrap_or_default(), number, column })
    }

    /// Keeps what stands before this byte.
    pub fn truncate(&mut self, at: usize) {
        self.marks.retain(|mark| usize::try_from(mark.0).is_ok_and(|start| start < at));
    }

    /// Whether it is a table that reading `text` can give.
    #[must_use]
    pub fn is_sound(&self, text: &str) -> bool {
        let is_mark = |mark: &Mark| {
            usize::try_from(mark.0).is_ok_and(|start| text.is_char_boundary(start))
                && usize::from(mark.1) < PlaceKind::ALL.len()
                && usize::try_from(mark.2).is_ok_and(|name| name <= self.names.len())
        };
        let is_name = |name: &String| {
            name.chars().count() <= PLACE_NAME_CHARS_MAX && !name.chars().any(char::is_control)
        };
        self.marks.len() <= EXTRACT_PLACES_MAX
            && self.names.len() <= EXTRACT_PLACES_MAX
            && self.marks.is_sorted_by_key(|mark| mark.0)
            && self.marks.iter().all(is_mark)
            && self.names.iter().all(is_name)
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// Everything it says, for whoever hashes it: the names, and for each mark five numbers, big-endian.
    pub fn each(&self, mut take: impl FnMut(&[u8])) {
        for name in &self.names {
            take(name.as_bytes());
        }
        let mut all = Vec::with_capacity(self.marks.len() * 20);
        for Mark(start, kind, name, number, column) in &self.marks {
            for value in [*start, u32::from(*kind), *name, *number, *column] {
                all.extend(value.to_be_bytes());
            }
        }
        take(&all);
    }

    /// How many names [`Self::each`] gives before the marks.
    #[must_use]
    pub const fn names(&self) -> usize {
        self.names.len()
    }
}

impl fmt::Debug for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} places", self.marks.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(kind: PlaceKind, name: &str, number: u32, column: u32) -> Option<Place> {
        Some(Place { kind, name: name.to_owned(), number, column })
    }

    #[test]
    fn a_place_reaches_to_the_next() {
        let text = "avant un\tdeux\ttrois\nfin";
        let mut places = Places::default();
        places.mark(6, PlaceKind::Cell, "Feuil1", 7, 2);
        places.mark(20, PlaceKind::Nowhere, "", 0, 0);
        assert_eq!(places.at(text, 0), None);
        assert_eq!(places.at(text, 6), place(PlaceKind::Cell, "Feuil1", 7, 2));
        assert_eq!(places.at(text, 9), place(PlaceKind::Cell, "Feuil1", 7, 3));
        assert_eq!(places.at(text, 14).and_then(|place| place.cell()), Some("D7".to_owned()));
        assert_eq!(places.at(text, 21), None);
        assert!(places.is_sound(text) && !places.is_sound("avant"));
    }

    #[test]
    fn nothing_written_in_a_place_is_no_place() {
        let mut places = Places::default();
        places.mark(0, PlaceKind::Page, "", 1, 0);
        places.mark(0, PlaceKind::Page, "", 2, 0);
        assert_eq!(places.at("x", 0), place(PlaceKind::Page, "", 2, 0));
    }

    #[test]
    fn past_the_bound_a_text_has_no_place_rather_than_a_wrong_one() {
        let mut places = Places::default();
        for start in 0..EXTRACT_PLACES_MAX + 10 {
            places.mark(start, PlaceKind::Paragraph, "", u32::try_from(start).unwrap() + 1, 0);
        }
        let text = "x".repeat(EXTRACT_PLACES_MAX + 10);
        assert!(places.is_sound(&text));
        assert_eq!(places.at(&text, 41).map(|place| place.number), Some(42));
        assert_eq!(places.at(&text, EXTRACT_PLACES_MAX + 5), None);
    }

    #[test]
    fn columns_are_named_as_sheets_name_them() {
        for (column, name) in
            [(1, "A1"), (26, "Z1"), (27, "AA1"), (702, "ZZ1"), (703, "AAA1"), (16_384, "XFD1")]
        {
            assert_eq!(
                place(PlaceKind::Cell, "", 1, column).and_then(|place| place.cell()).as_deref(),
                Some(name)
            );
        }
        assert_eq!(place(PlaceKind::Cell, "", 1, 0).and_then(|place| place.cell()), None);
    }
}
