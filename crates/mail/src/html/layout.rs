//! Lays words out in lines: what a reader sees, and beside it the lines in which a reader does not see everything.

use super::is_html_space;

/// The text so far.
#[derive(Default)]
pub(super) struct Layout {
    /// What its reader sees.
    pub(super) visible: String,
    /// Lines that hold what a reader does not see, each whole and in the order of the document: no more can hide between
    /// visible and hidden pieces of one text than in either.
    pub(super) partly: String,
    /// Blank wanted before the next visible character.
    blank: bool,
    /// The line with what is not seen of it, once something is not; and whether a blank is wanted in it.
    whole: Option<String>,
    whole_blank: bool,
    /// Where the visible line begins that such a line is made of, if later than at a line end.
    line_from: usize,
    /// Where a cell began, while nothing stands in it.
    cell: Option<usize>,
    /// Line ends taken from the end of a cell: they come back behind its row.
    owed: usize,
}

impl Layout {
    /// Visible text, white space collapsed.
    pub(super) fn words(&mut self, text: &str) {
        for word in text.split_inclusive(is_html_space) {
            let trimmed = word.trim_end_matches(is_html_space);
            if !trimmed.is_empty() {
                push_word(&mut self.visible, &mut self.blank, trimmed);
                if let Some(whole) = &mut self.whole {
                    push_word(whole, &mut self.whole_blank, trimmed);
                }
            }
            if trimmed.len() < word.len() {
                self.apart();
            }
        }
    }

    /// Visible text as it stands.
    pub(super) fn verbatim(&mut self, text: &str) {
        self.visible.push_str(text);
        if let Some(whole) = &mut self.whole {
            whole.push_str(text);
        }
    }

    /// Text that a reader does not see.
    pub(super) fn unseen(&mut self, text: &str) {
        if text.trim().is_empty() {
            self.whole_blank |= !text.is_empty();
            return;
        }
        let whole = self.whole();
        let mut blank = false;
        for word in text.split_inclusive(is_html_space) {
            let trimmed = word.trim_end_matches(is_html_space);
            if !trimmed.is_empty() {
                push_word(whole.0, whole.1, trimmed);
            }
            blank = trimmed.len() < word.len();
            *whole.1 |= blank;
        }
        self.whole_blank |= blank;
    }

    /// Text set above the line: digits behind a digit are the mark of a note, and beside that read as what they are.
    pub(super) fn raised(&mut self, text: &str) {
        let is_mark = !self.blank && self.visible.ends_with(|c: char| c.is_ascii_digit());
        if !is_mark || !text.contains(|c: char| c.is_ascii_digit()) {
            return self.words(text);
        }
        let whole = self.whole();
        push_word(whole.0, whole.1, text.trim());
        self.visible.extend(text.trim().chars().map(superscript));
    }

    /// The line so far with what is not seen of it.
    fn whole(&mut self) -> (&mut String, &mut bool) {
        let (visible, from) = (&self.visible, self.line_from);
        if self.whole.is_none() {
            self.whole_blank = self.blank;
        }
        let whole = self.whole.get_or_insert_with(|| {
            let start = memchr::memrchr(b'\n', visible.as_bytes()).map_or(0, |at| at + 1).max(from);
            visible.get(start..).unwrap_or("").to_owned()
        });
        (whole, &mut self.whole_blank)
    }

    /// A line end that a reader does not see.
    pub(super) fn unseen_line_break(&mut self) {
        if self.whole.is_some() {
            self.end_whole();
            self.line_from = self.visible.len();
        }
    }

    fn end_whole(&mut self) {
        if let Some(whole) = self.whole.take() {
            self.partly.push_str(whole.trim());
            self.partly.push('\n');
        }
        self.whole_blank = false;
    }

    /// The next words do not join the last.
    pub(super) fn apart(&mut self) {
        (self.blank, self.whole_blank) = (true, true);
    }

    /// A picture between words parts them, and one that nobody notices does not: where it stands behind a letter, both are read.
    pub(super) fn gap(&mut self) {
        if !self.blank && self.visible.ends_with(char::is_alphanumeric) {
            self.whole();
        }
        self.blank = true;
    }

    /// A line end, unless there are `most`, or a cell just began.
    pub(super) fn line_break(&mut self, most: usize) {
        if self.cell == Some(self.visible.len()) {
            return self.apart();
        }
        self.end_whole();
        let ends = self.visible.bytes().rev().take_while(|byte| *byte == b'\n').count();
        if ends < most && !self.visible.is_empty() {
            self.visible.push('\n');
        }
        self.blank = false;
    }

    /// A blank line, unless there is one.
    pub(super) fn paragraph(&mut self) {
        self.line_break(1);
        self.line_break(2);
    }

    /// A cell begins: a tab parts it from the one before.
    pub(super) fn cell_start(&mut self) {
        if !self.visible.is_empty() && !self.visible.ends_with(['\n', '\t']) {
            self.visible.push('\t');
            if let Some(whole) = &mut self.whole {
                whole.push('\t');
            }
        }
        (self.blank, self.whole_blank) = (false, false);
        self.cell = Some(self.visible.len());
    }

    /// A cell ends: the line ends at its end are no part of the row. Those before `from` stay.
    pub(super) fn cell_end(&mut self, from: usize) {
        self.cell = None;
        let ends = self.visible.bytes().rev().take_while(|byte| *byte == b'\n').count();
        let ends = ends.min(self.visible.len().saturating_sub(from));
        self.visible.truncate(self.visible.len() - ends);
        self.owed = self.owed.max(ends);
        self.blank = false;
    }

    /// A row ends.
    pub(super) fn row_end(&mut self) {
        let owed = std::mem::take(&mut self.owed);
        self.line_break(1);
        if owed > 1 {
            self.line_break(2);
        }
    }

    /// The line under way is told.
    pub(super) fn finish(&mut self) {
        self.end_whole();
    }
}

fn push_word(to: &mut String, blank: &mut bool, word: &str) {
    if *blank && !to.is_empty() && !to.ends_with(['\n', '\t', ' ']) {
        to.push(' ');
    }
    *blank = false;
    to.push_str(word);
}

const fn superscript(c: char) -> char {
    match c {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        _ => c,
    }
}
