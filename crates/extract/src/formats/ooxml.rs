//! Word and PowerPoint files (ECMA-376): the text of every part that holds some, hidden or not.

use mail::PlaceKind;
use quick_xml::events::BytesStart;

use super::archive::Archive;
use super::aside::Aside;
use super::seen::{self, Codes, Seen};
use super::xlsx::{Pairs, reference_of};
use super::xml::{self, Visitor};
use super::{corners, office};
use crate::work::{File, TextBuilder, Work};
use crate::{Feature, Reason};

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const SLIDES: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

/// What parts of relations are called.
pub(super) const LINKS: &str = "links";

/// A Word document.
pub(crate) fn word(work: &mut Work, file: &File<'_>, archive: &mut Archive<'_>, names: &[(String, bool)]) {
    // What nobody sees until it is put in place stands in the glossary.
    const PARTS: [(&str, PlaceKind); 7] = [
        ("document", PlaceKind::Paragraph),
        ("header", PlaceKind::Header),
        ("footer", PlaceKind::Header),
        ("footnotes", PlaceKind::Footnote),
        ("endnotes", PlaceKind::Footnote),
        ("comments", PlaceKind::Comment),
        ("glossary/document", PlaceKind::Hidden),
    ];
    let place = |name: &str| {
        let label = label_below("word/", name)?;
        if label == LINKS {
            return Some((PlaceKind::Links, 0));
        }
        let known = PARTS.iter().find(|(known, _)| label.starts_with(known));
        Some((known.map_or(PlaceKind::Part, |(_, kind)| *kind), 0))
    };
    document(work, file, archive, names, WORD, &place);
}

/// A presentation.
pub(crate) fn slides(work: &mut Work, file: &File<'_>, archive: &mut Archive<'_>, names: &[(String, bool)]) {
    let order = Order::of(archive, names, work);
    let place = |name: &str| {
        let label = label_below("ppt/", name)?;
        Some(match label.split_once('/').map_or(label.as_str(), |(folder, _)| folder) {
            LINKS => (PlaceKind::Links, 0),
            "slides" => (PlaceKind::Slide, order.slide(name)),
            "notesSlides" => (PlaceKind::Notes, order.notes(name)),
            "comments" => (PlaceKind::Comment, 0),
            "diagrams" | "drawings" => (PlaceKind::Drawing, 0),
            "charts" => (PlaceKind::Chart, 0),
            "slideMasters" | "slideLayouts" | "notesMasters" | "handoutMasters" => (PlaceKind::Master, 0),
            _ => (PlaceKind::Part, 0),
        })
    };
    document(work, file, archive, names, SLIDES, &place);
}

/// In which order slides are shown: their files keep the numbers they were made under.
struct Order {
    /// Paths, the first slide first.
    slides: Vec<String>,
    /// Of each notes part, the slide it is of.
    notes: Vec<(String, String)>,
}

impl Order {
    fn of(archive: &mut Archive<'_>, names: &[(String, bool)], work: &mut Work) -> Self {
        let targets = relations(archive, "ppt/_rels/presentation.xml.rels", work);
        let mut shown = Shown { targets: &targets, slides: Vec::new() };
        if let Some(source) = archive.text("ppt/presentation.xml", work) {
            xml::walk(&source, &mut shown);
        }
        let slides = shown.slides;
        let is_notes = |name: &&str| name.starts_with("ppt/notesSlides/_rels/");
        let mut notes = Vec::new();
        for name in names.iter().map(|(name, _)| name.as_str()).filter(is_notes) {
            let of = name.replacen("_rels/", "", 1);
            let slide =
                relations(archive, name, work).into_iter().find(|(_, path)| path.contains("slides/slide"));
            if let (Some(of), Some((_, slide))) = (of.strip_suffix(".rels"), slide) {
                notes.push((of.to_owned(), slide.replacen("..", "ppt", 1)));
            }
        }
        Self { slides, notes }
    }

    /// The number of a slide: its place in the order, or that of its file.
    fn slide(&self, path: &str) -> u32 {
        let place = self.slides.iter().position(|known| known == path).map(|place| place + 1);
        let of_name = || {
            let digits = path.trim_end_matches(".xml").trim_start_matches(|c: char| !c.is_ascii_digit());
            digits.parse().ok()
        };
        place.and_then(|place| u32::try_from(place).ok()).or_else(of_name).unwrap_or(0)
    }

    /// The slide that notes are of.
    fn notes(&self, path: &str) -> u32 {
        self.notes
            .iter()
            .find(|(notes, _)| notes == path)
            .map_or_else(|| self.slide(path), |(_, slide)| self.slide(slide))
    }
}

/// The slides of a presentation, through its relations.
struct Shown<'a> {
    targets: &'a [(String, String)],
    slides: Vec<String>,
}

impl Visitor for Shown<'_> {
    fn start(&mut self, name: &str, tag: &BytesStart<'_>) {
        if name != "sldId" {
            return;
        }
        // `id` is a number of the file's own, `r:id` the relation.
        let mut attributes = tag.attributes();
        let ids = attributes
            .with_checks(false)
            .flatten()
            .filter(|attribute| attribute.key.local_name().as_ref() == "id");
        let target = |id: &str| self.targets.iter().find(|(known, _)| known == id);
        let path = ids.filter_map(|id| target(&id.value)).last();
        self.slides.extend(path.map(|(_, path)| format!("ppt/{path}")));
    }

    fn end(&mut self, _name: &str) {}

    fn text(&mut self, _text: &str) -> bool {
        true
    }
}

/// Identifiers and targets of what a part refers to.
pub(super) fn relations(archive: &mut Archive<'_>, path: &str, work: &mut Work) -> Vec<(String, String)> {
    let mut pairs = Pairs::of("Relationship", "Id", &["Target"]);
    if let Some(source) = archive.text(path, work) {
        xml::walk(&source, &mut pairs);
    }
    pairs.found.into_iter().filter_map(|(id, values)| Some((id, values.into_iter().next()?))).collect()
}

/// What to call a part of the format below a folder. Every part is read: which of them hold text a list would not know, and
/// those that say how things look cost little and give none.
pub(super) fn label_below(folder: &str, name: &str) -> Option<String> {
    let inner = name.strip_prefix(folder)?;
    if inner.ends_with(".rels") {
        return Some(LINKS.to_owned());
    }
    inner.strip_suffix(".xml").or_else(|| inner.strip_suffix(".vml")).map(str::to_owned)
}

fn document(
    work: &mut Work,
    file: &File<'_>,
    archive: &mut Archive<'_>,
    names: &[(String, bool)],
    kind: &str,
    place: &dyn Fn(&str) -> Option<(PlaceKind, u32)>,
) {
    let mut text = TextBuilder::default();
    let mut whole = true;
    let mut parts: Vec<(&str, (PlaceKind, u32), usize)> = names
        .iter()
        .enumerate()
        .filter_map(|(index, (name, _))| Some((name.as_str(), place(name)?, index)))
        .collect();
    // slide2 before slide10.
    parts.sort_by_key(|(name, ..)| (name.len(), *name));
    for (name, (place, number), index) in parts {
        match archive.text_at(index, work) {
            Some(source) => {
                text.numbered(place, if place == PlaceKind::Part { name } else { "" }, number);
                let start = text.text.len();
                whole &= if name.ends_with(".vml") {
                    corners::drawing(&source, &mut text)
                } else {
                    read_at(&source, (place, number), kind == WORD, "", &mut text)
                };
                // Empty notes hold the number of their slide.
                let says = text.text.get(start..).is_some_and(|said| said.contains(char::is_alphabetic));
                text.close();
                match place {
                    PlaceKind::Comment if says => text.features([Feature::Comments]),
                    PlaceKind::Notes if says => text.features([Feature::SpeakerNotes]),
                    _ => {}
                }
            }
            None => whole = false,
        }
    }
    whole &= office::properties(archive, names, &mut text, work);
    let is_unread = !whole && text.is_blank();
    if is_unread {
        work.unreadable(file, kind, Reason::Corrupt);
    } else {
        work.text(file, kind, text);
        if !whole {
            work.rest(file, Reason::Corrupt);
        }
    }
    office::embedded(work, file, archive, names);
}

/// The text of one part of a workbook, all of which is of one kind; of `sheet`, where it is a sheet's.
pub(crate) fn read(source: &str, kind: PlaceKind, sheet: &str, text: &mut TextBuilder) -> bool {
    read_at(source, (kind, 0), false, sheet, text)
}

fn read_at(
    source: &str,
    (kind, number): (PlaceKind, u32),
    is_word: bool,
    sheet: &str,
    text: &mut TextBuilder,
) -> bool {
    let mut reading = Reading {
        text,
        is_word,
        wanted: 0,
        any: !source.contains(":p>") && !source.contains(":p "),
        kind,
        here: Here { kind, author: String::new(), number, column: 0 },
        changes: Vec::new(),
        authors: Vec::new(),
        in_author: false,
        sheet,
        aside: Aside::default(),
        seen: Seen::default(),
        codes: Codes::default(),
        in_code: 0,
        cells: Vec::new(),
    };
    let whole = xml::walk(source, &mut reading);
    reading.codes_end();
    let aside = std::mem::take(&mut reading.aside);
    aside.put(text);
    whole
}

struct Reading<'t> {
    text: &'t mut TextBuilder,
    /// The same names mean other things in drawings.
    is_word: bool,
    /// Open elements whose text counts.
    wanted: usize,
    /// A part without paragraphs (properties): all text counts.
    any: bool,
    /// What the part is.
    kind: PlaceKind,
    /// Where its text stands, but for what is put in or struck out.
    here: Here,
    /// Open changes that are tracked, the innermost last.
    changes: Vec<(PlaceKind, String)>,
    /// Who wrote remarks, where the part lists them.
    authors: Vec<String>,
    in_author: bool,
    /// The sheet that remarks are of.
    sheet: &'t str,
    aside: Aside,
    seen: Seen,
    codes: Codes,
    /// Open elements of codes.
    in_code: usize,
    /// Where the text of open cells begins, the innermost last.
    cells: Vec<usize>,
}

struct Here {
    kind: PlaceKind,
    author: String,
    number: u32,
    column: u32,
}

/// Authors remembered of one part; changes and cells within one another.
const AUTHORS_MAX: usize = 1_000;

impl Reading<'_> {
    /// What follows stands where we are.
    fn say_where(&mut self) {
        let Here { kind, author, number, column } = &self.here;
        match self.changes.last() {
            Some((change, by)) => self.text.mark(*change, by, *number, 0),
            None => self.text.mark(*kind, author, *number, *column),
        }
    }

    /// Text that people see.
    fn say(&mut self, text: &str) {
        self.text.push(text);
        self.seen.push(text);
    }

    /// A paragraph of Word ends.
    fn paragraph_ends(&mut self) {
        if let Some(line) = self.seen.end() {
            self.aside.say(&line);
        }
    }

    /// A cell ends: those of one row stay on one line, so that a number split over cells can be seen.
    fn cell_ends(&mut self) {
        let start = self.cells.pop().unwrap_or(usize::MAX);
        if self.text.text.ends_with('\n') && self.text.text.len() > start {
            self.text.text.pop();
        }
        self.text.push("\t");
    }

    /// A field begins or ends.
    fn field(&mut self, tag: &BytesStart<'_>) {
        let at = self.text.text.len();
        match xml::attribute(tag, "fldCharType").as_deref() {
            Some("begin") => {
                let around = self.codes.begin(at);
                self.aside.say(&around);
            }
            Some("end") => {
                let (code, character) = self.codes.end(at);
                if let Some(c) = character {
                    self.say(c.encode_utf8(&mut [0; 4]));
                }
                self.aside.say(&code);
            }
            _ => {}
        }
    }

    fn codes_end(&mut self) {
        let (code, _) = self.codes.end(0);
        self.aside.say(&code);
        self.paragraph_ends();
    }

    /// A tracked change begins.
    fn change(&mut self, name: &str, tag: &BytesStart<'_>) {
        self.text.features([Feature::TrackedChanges]);
        let kind = if matches!(name, "ins" | "moveTo") { PlaceKind::Inserted } else { PlaceKind::Deleted };
        if self.changes.len() < AUTHORS_MAX {
            self.changes.push((kind, xml::attribute(tag, "author").unwrap_or_default()));
            self.say_where();
        }
    }

    /// A remark begins: by whom, and of which cell.
    fn remark(&mut self, tag: &BytesStart<'_>) {
        let listed = xml::attribute(tag, "authorId")
            .and_then(|id| self.authors.get(id.parse::<usize>().ok()?).cloned());
        let of_cell = xml::attribute(tag, "ref").and_then(|name| reference_of(&name));
        let author = xml::attribute(tag, "author").or(listed).unwrap_or_default();
        self.here.author = match (author.as_str(), self.sheet) {
            (_, "") => author,
            ("", sheet) => format!("({sheet})"),
            (author, sheet) => format!("{author} ({sheet})"),
        };
        (self.here.number, self.here.column) = of_cell.unwrap_or((0, 0));
        self.text.separate('\n');
        self.say_where();
    }
}

/// Elements of WordprocessingML and DrawingML that hold text, deleted text too.
fn holds_text(name: &str) -> bool {
    matches!(name, "t" | "delText" | "text" | "v")
}

/// Elements that hold codes of fields.
fn holds_code(name: &str) -> bool {
    matches!(name, "instrText" | "delInstrText")
}

impl Visitor for Reading<'_> {
    fn start(&mut self, name: &str, tag: &BytesStart<'_>) {
        self.aside.look(name, tag);
        match name {
            _ if holds_text(name) => self.wanted += 1,
            _ if holds_code(name) => self.in_code += 1,
            "r" => self.seen.run(),
            "vertAlign" | "color" | "sz" | "webHidden" if self.is_word => self.seen.property(name, tag),
            "fldChar" => self.field(tag),
            "sym" if self.is_word => {
                if let Some(c) = seen::symbol(tag) {
                    self.say(c.encode_utf8(&mut [0; 4]));
                }
            }
            "tc" if self.cells.len() < AUTHORS_MAX => self.cells.push(self.text.text.len()),
            "tab" | "ptab" => self.say("\t"),
            "br" | "cr" => self.say("\n"),
            "noBreakHyphen" => self.say("-"),
            "docPr" | "cNvPr" => {
                for attribute in ["descr", "title"] {
                    if let Some(value) = xml::attribute(tag, attribute).filter(|value| !value.is_empty()) {
                        self.text.separate('\n');
                        self.text.push(&value);
                        self.text.push("\n");
                    }
                }
            }
            "p" if self.is_word && self.kind == PlaceKind::Paragraph => {
                self.here.number = self.here.number.saturating_add(1);
                self.say_where();
            }
            "ins" | "del" | "moveFrom" | "moveTo" if self.is_word => self.change(name, tag),
            "comment" | "threadedComment" if self.kind == PlaceKind::Comment => self.remark(tag),
            "author" if self.kind == PlaceKind::Comment && self.authors.len() < AUTHORS_MAX => {
                self.in_author = true;
                self.authors.push(String::new());
            }
            "vanish" if xml::attribute(tag, "val").is_none_or(|value| value != "0" && value != "false") => {
                self.seen.property(name, tag);
                self.text.features([Feature::HiddenText]);
            }
            "sld" if xml::attribute(tag, "show").is_some_and(|value| value == "0" || value == "false") => {
                self.text.features([Feature::HiddenText]);
            }
            "Relationship" if xml::attribute(tag, "TargetMode").is_some_and(|mode| mode == "External") => {
                // A link is followed by whoever clicks; the others by opening the file.
                if xml::attribute(tag, "Type").is_some_and(|kind| !kind.ends_with("/hyperlink")) {
                    self.text.features([Feature::ExternalLinks]);
                }
                if let Some(target) = xml::attribute(tag, "Target") {
                    self.text.push(&target);
                    self.text.push("\n");
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            _ if holds_text(name) => self.wanted = self.wanted.saturating_sub(1),
            _ if holds_code(name) => self.in_code = self.in_code.saturating_sub(1),
            "p" => {
                self.paragraph_ends();
                self.text.separate('\n');
            }
            "tr" => self.text.separate('\n'),
            "tc" => self.cell_ends(),
            "ins" | "del" | "moveFrom" | "moveTo" if self.is_word => {
                self.changes.pop();
                self.say_where();
            }
            "author" => self.in_author = false,
            _ if self.any => self.text.separate('\n'),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) -> bool {
        if let Some(author) = self.authors.last_mut().filter(|_| self.in_author) {
            author.push_str(text);
        }
        if self.in_code > 0 {
            self.codes.push(text);
        } else if self.wanted > 0 || self.any {
            self.say(&seen::digits(text));
        }
        !self.text.is_full()
    }
}
