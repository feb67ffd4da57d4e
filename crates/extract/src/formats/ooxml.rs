//! Word and PowerPoint files (ECMA-376): the text of every part that holds some, hidden or not.

use quick_xml::events::BytesStart;

use super::archive::Archive;
use super::xml::{self, Visitor};
use super::{corners, office};
use crate::work::{File, TextBuilder, Work};
use crate::{Feature, Reason};

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const SLIDES: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

/// A Word document.
pub(crate) fn word(work: &mut Work, file: &File<'_>, archive: &mut Archive<'_>, names: &[(String, bool)]) {
    let label = |name: &str| label_below("word/", name);
    document(work, file, archive, names, WORD, &label);
}

/// A presentation.
pub(crate) fn slides(work: &mut Work, file: &File<'_>, archive: &mut Archive<'_>, names: &[(String, bool)]) {
    let label = |name: &str| {
        let number = |name: &str| {
            name.trim_end_matches(".xml").trim_start_matches(|c: char| !c.is_ascii_digit()).to_owned()
        };
        let label = label_below("ppt/", name)?;
        Some(match label.split_once('/') {
            Some(("slides", base)) => format!("slide {}", number(base)),
            Some(("notesSlides", base)) => format!("notes {}", number(base)),
            Some((folder @ ("comments" | "diagrams" | "charts"), _)) => folder.to_owned(),
            _ => label,
        })
    };
    document(work, file, archive, names, SLIDES, &label);
}

/// What to call a part of the format below a folder. Every part is read: which of them hold text a list would not know, and
/// those that say how things look cost little and give none.
pub(super) fn label_below(folder: &str, name: &str) -> Option<String> {
    let inner = name.strip_prefix(folder)?;
    if inner.ends_with(".rels") {
        return Some("links".to_owned());
    }
    inner.strip_suffix(".xml").or_else(|| inner.strip_suffix(".vml")).map(str::to_owned)
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
    let mut parts: Vec<(String, &str, usize)> = names
        .iter()
        .enumerate()
        .filter_map(|(index, (name, _))| Some((label(name)?, name.as_str(), index)))
        .collect();
    // slide2 before slide10.
    parts.sort_by_key(|(label, name, _)| (name.len(), label.clone(), *name));
    for (label, name, index) in parts {
        match archive.text_at(index, work) {
            Some(source) => {
                text.place(&label);
                let start = text.text.len();
                whole &= if name.ends_with(".vml") {
                    corners::drawing(&source, &mut text)
                } else {
                    read(&source, kind == WORD, &mut text)
                };
                // Empty notes hold the number of their slide.
                let says = text.text.get(start..).is_some_and(|said| said.contains(char::is_alphabetic));
                text.close();
                match label.as_str() {
                    label if says && label.starts_with("comments") => text.features([Feature::Comments]),
                    label if says && label.starts_with("notes ") => text.features([Feature::SpeakerNotes]),
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

/// The text of one part.
pub(crate) fn read(source: &str, is_word: bool, text: &mut TextBuilder) -> bool {
    let mut reading =
        Reading { text, is_word, wanted: 0, any: !source.contains(":p>") && !source.contains(":p ") };
    xml::walk(source, &mut reading)
}

struct Reading<'t> {
    text: &'t mut TextBuilder,
    /// The same names mean other things in drawings.
    is_word: bool,
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
            "ins" | "del" | "moveFrom" | "moveTo" if self.is_word => {
                self.text.features([Feature::TrackedChanges])
            }
            "vanish" if xml::attribute(tag, "val").is_none_or(|value| value != "0" && value != "false") => {
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
