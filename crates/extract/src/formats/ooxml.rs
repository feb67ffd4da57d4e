//! Word and PowerPoint files (ECMA-376): the text of every part that holds some, hidden or not.

use quick_xml::events::BytesStart;

use super::archive::{Archive, members};
use super::xml::{self, Visitor};
use crate::Reason;
use crate::work::{File, TextBuilder, Work};

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const SLIDES: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

/// Parts common to all office documents, with what a person calls them.
pub(crate) const PROPERTIES: &[(&str, &str)] = &[
    ("docProps/core.xml", "properties"),
    ("docProps/custom.xml", "properties"),
    ("docProps/app.xml", "properties"),
];

/// A Word document.
pub(crate) fn word(work: &mut Work, file: &File<'_>, archive: &mut Archive<'_>, names: &[(String, bool)]) {
    let label = |name: &str| {
        let inner = name.strip_prefix("word/")?;
        let known =
            ["document", "header", "footer", "footnotes", "endnotes", "comments", "glossary/document"];
        let is_text = inner.ends_with(".xml") && known.iter().any(|known| inner.starts_with(known));
        let links = inner == "_rels/document.xml.rels";
        (is_text || links).then(|| if links { "links" } else { inner.trim_end_matches(".xml") }.to_owned())
    };
    document(work, file, archive, names, WORD, &label);
}

/// A presentation.
pub(crate) fn slides(work: &mut Work, file: &File<'_>, archive: &mut Archive<'_>, names: &[(String, bool)]) {
    let label = |name: &str| {
        let number = |name: &str| {
            name.trim_end_matches(".xml").trim_start_matches(|c: char| !c.is_ascii_digit()).to_owned()
        };
        let inner = name.strip_prefix("ppt/").filter(|inner| inner.ends_with(".xml"))?;
        let (folder, base) = inner.split_once('/')?;
        match folder {
            "slides" => Some(format!("slide {}", number(base))),
            "notesSlides" => Some(format!("notes {}", number(base))),
            "comments" | "diagrams" | "charts" => Some(folder.to_owned()),
            _ => None,
        }
    };
    document(work, file, archive, names, SLIDES, &label);
}

fn document(
    work: &mut Work,
    file: &File<'_>,
    archive: &mut Archive<'_>,
    names: &[(String, bool)],
    kind: &str,
    label: &dyn Fn(&str) -> Option<String>,
) {
    let mut text = TextBuilder::default();
    let mut whole = true;
    let mut parts: Vec<(String, &str)> =
        names.iter().filter_map(|(name, _)| Some((label(name)?, name.as_str()))).collect();
    // slide2 before slide10.
    parts.sort_by_key(|(label, name)| (name.len(), label.clone(), *name));
    parts.extend(
        PROPERTIES
            .iter()
            .filter(|(name, _)| names.iter().any(|(known, _)| known == name))
            .map(|(name, label)| ((*label).to_owned(), *name)),
    );
    for (label, name) in parts {
        match archive.text(name, work) {
            Some(source) => {
                text.place(&label);
                whole &= read(&source, &mut text);
                text.close();
            }
            None => whole = false,
        }
    }
    let is_unread = !whole && text.is_blank();
    if is_unread {
        work.unreadable(file, kind, Reason::Corrupt);
    } else {
        work.text(file, kind, text);
        if !whole {
            work.rest(file, Reason::Corrupt);
        }
    }
    embedded(work, file, archive, names);
}

/// Documents inside the document.
pub(crate) fn embedded(
    work: &mut Work,
    file: &File<'_>,
    archive: &mut Archive<'_>,
    names: &[(String, bool)],
) {
    let inside = |name: &str| name.contains("/embeddings/") || name.contains("/afchunk");
    let positions: Vec<usize> =
        names.iter().enumerate().filter(|(_, (name, _))| inside(name)).map(|(index, _)| index).collect();
    members(work, file, archive, names, &positions);
}

/// The text of one part.
pub(crate) fn read(source: &str, text: &mut TextBuilder) -> bool {
    let mut reading = Reading { text, wanted: 0, any: !source.contains(":p>") && !source.contains(":p ") };
    xml::walk(source, &mut reading)
}

struct Reading<'t> {
    text: &'t mut TextBuilder,
    /// Open elements whose text counts.
    wanted: usize,
    /// A part without paragraphs (properties): all text counts.
    any: bool,
}

/// Elements of WordprocessingML and DrawingML that hold text, deleted text and field codes too.
fn holds_text(name: &str) -> bool {
    matches!(name, "t" | "delText" | "instrText" | "delInstrText" | "text" | "v")
}

impl Visitor for Reading<'_> {
    fn start(&mut self, name: &str, tag: &BytesStart<'_>) {
        match name {
            _ if holds_text(name) => self.wanted += 1,
            "tab" => self.text.push("\t"),
            "br" | "cr" => self.text.push("\n"),
            "noBreakHyphen" => self.text.push("-"),
            "docPr" | "cNvPr" => {
                for attribute in ["descr", "title"] {
                    if let Some(value) = xml::attribute(tag, attribute).filter(|value| !value.is_empty()) {
                        self.text.separate('\n');
                        self.text.push(&value);
                        self.text.push("\n");
                    }
                }
            }
            "Relationship" if xml::attribute(tag, "TargetMode").is_some_and(|mode| mode == "External") => {
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
            "p" | "tr" => self.text.separate('\n'),
            "tc" => self.text.push("\t"),
            _ if self.any => self.text.separate('\n'),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) -> bool {
        if self.wanted > 0 || self.any {
            self.text.push(text);
        }
        !self.text.is_full()
    }
}
