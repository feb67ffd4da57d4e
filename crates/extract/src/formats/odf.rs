//! OpenDocument texts, sheets and presentations (ISO/IEC 26300).

use mail::Labels;
use quick_xml::events::BytesStart;

use super::archive::{Archive, members};
use super::xml::{self, Visitor};
use crate::work::{File, TextBuilder, Work};
use crate::{Feature, Reason};

/// The text of the document, its headers and footers, its properties.
pub(crate) fn extract(work: &mut Work, file: &File<'_>, archive: &mut Archive<'_>, names: &[(String, bool)]) {
    let kind = archive.text("mimetype", work).unwrap_or_default();
    let kind = if kind.starts_with("application/vnd.oasis.") {
        kind.trim()
    } else {
        "application/vnd.oasis.opendocument"
    };
    let manifest = archive.text("META-INF/manifest.xml", work).unwrap_or_default();
    if manifest.contains("encryption-data") {
        return work.unreadable(file, kind, Reason::Encrypted);
    }
    let mut text = TextBuilder::default();
    let mut labels = Labels::default();
    let mut whole = true;
    for (name, label) in [("content.xml", "document"), ("styles.xml", "headers"), ("meta.xml", "properties")]
    {
        let Some(source) = archive.text(name, work) else {
            whole &= name != "content.xml";
            continue;
        };
        text.place(label);
        let mut reading = Reading {
            text: &mut text,
            paragraphs: 0,
            all: name == "meta.xml",
            labels: &mut labels,
            property: None,
        };
        whole &= xml::walk(&source, &mut reading);
        text.close();
    }
    text.features(labels.standing().map(Feature::Label));
    if names.iter().any(|(name, _)| name.starts_with("Basic/") || name.starts_with("Scripts/")) {
        text.features([Feature::Macros]);
    }
    if names.iter().any(|(name, _)| name.starts_with("Object ")) {
        text.features([Feature::EmbeddedFiles]);
    }
    if !whole && text.is_blank() {
        work.unreadable(file, kind, Reason::Corrupt);
    } else {
        work.text(file, kind, text);
        if !whole {
            work.rest(file, Reason::Corrupt);
        }
    }
    let inside = |name: &str| name.starts_with("Object ") && name.ends_with("content.xml");
    let positions: Vec<usize> =
        names.iter().enumerate().filter(|(_, (name, _))| inside(name)).map(|(index, _)| index).collect();
    members(work, file, archive, names, &positions);
}

struct Reading<'t> {
    text: &'t mut TextBuilder,
    /// Open paragraphs and headings.
    paragraphs: usize,
    /// Text outside paragraphs counts too.
    all: bool,
    labels: &'t mut Labels,
    /// The property of its author's own that we are in: its name, its value so far.
    property: Option<(String, String)>,
}

impl Visitor for Reading<'_> {
    fn start(&mut self, name: &str, tag: &BytesStart<'_>) {
        match name {
            "p" | "h" => self.paragraphs += 1,
            "user-defined" => {
                self.property = Some((xml::attribute(tag, "name").unwrap_or_default(), String::new()));
            }
            "annotation" => self.text.features([Feature::Comments]),
            "tracked-changes" => self.text.features([Feature::TrackedChanges]),
            "script" => self.text.features([Feature::Macros]),
            "s" => self.text.push(" "),
            "tab" => self.text.push("\t"),
            "line-break" => self.text.push("\n"),
            "table" | "page" => {
                if let Some(title) = xml::attribute(tag, "name") {
                    self.text.place(&title);
                }
            }
            "a" => {
                if let Some(target) = xml::attribute(tag, "href") {
                    self.text.push(&target);
                    self.text.push(" ");
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "p" | "h" => {
                self.paragraphs = self.paragraphs.saturating_sub(1);
                self.text.separate('\n');
            }
            "table-cell" => {
                // Cells of one row stay on one line, so that a number split over cells can be seen.
                if self.text.text.ends_with('\n') {
                    self.text.text.pop();
                }
                self.text.separate('\t');
            }
            "table-row" => self.text.separate('\n'),
            "table" | "page" => self.text.close(),
            "user-defined" => {
                if let Some((name, value)) = self.property.take() {
                    self.labels.property(&name, &value);
                }
                self.text.separate('\n');
            }
            _ if self.all => self.text.separate('\n'),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) -> bool {
        if let Some((_, value)) = &mut self.property {
            value.push_str(text);
        }
        if self.paragraphs > 0 || self.all {
            self.text.push(text);
        }
        !self.text.is_full()
    }
}
