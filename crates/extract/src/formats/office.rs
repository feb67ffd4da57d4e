//! What every office document of ECMA-376 has besides its text: properties, labels, programs, files inside.

use mail::{Labels, PlaceKind};
use quick_xml::events::BytesStart;

use super::archive::{Archive, members};
use super::xml::{self, Visitor};
use crate::Feature;
use crate::work::{File, TextBuilder, Work};

/// Properties in the file: Microsoft's, the organisation's own, the labels of newer versions.
const PARTS: &[&str] =
    &["docProps/core.xml", "docProps/custom.xml", "docProps/app.xml", "docMetadata/LabelInfo.xml"];

/// The properties of a document, its labels, and what its parts' names tell.
pub(crate) fn properties(
    archive: &mut Archive<'_>,
    names: &[(String, bool)],
    text: &mut TextBuilder,
    work: &mut Work,
) -> bool {
    let mut labels = Labels::default();
    let mut whole = true;
    for part in PARTS.iter().filter(|part| names.iter().any(|(name, _)| name == **part)) {
        let Some(source) = archive.text(part, work) else {
            whole = false;
            continue;
        };
        text.place(PlaceKind::Properties);
        let mut reading = Reading { text, labels: &mut labels, name: None, value: String::new() };
        whole &= xml::walk(&source, &mut reading);
        text.close();
    }
    text.features(labels.standing().map(Feature::Label));
    if names.iter().any(|(name, _)| name.ends_with("vbaProject.bin") || name.contains("/macrosheets/")) {
        text.features([Feature::Macros]);
    }
    if names.iter().any(|(name, _)| is_inside(name)) {
        text.features([Feature::EmbeddedFiles]);
    }
    whole
}

/// Documents inside the document.
pub(crate) fn embedded(
    work: &mut Work,
    file: &File<'_>,
    archive: &mut Archive<'_>,
    names: &[(String, bool)],
) {
    let found = names.iter().enumerate().filter(|(_, (name, _))| is_inside(name));
    let positions: Vec<usize> = found.map(|(index, _)| index).collect();
    members(work, file, archive, names, &positions);
}

pub(super) fn is_inside(name: &str) -> bool {
    name.contains("/embeddings/") || name.contains("/afchunk")
}

struct Reading<'t> {
    text: &'t mut TextBuilder,
    labels: &'t mut Labels,
    /// The name of the organisation's own property we are in.
    name: Option<String>,
    value: String,
}

impl Visitor for Reading<'_> {
    fn start(&mut self, name: &str, tag: &BytesStart<'_>) {
        match name {
            "property" => self.name = xml::attribute(tag, "name"),
            "label" => {
                let is_removed =
                    xml::attribute(tag, "removed").is_some_and(|value| value != "0" && value != "false");
                if let Some(id) = xml::attribute(tag, "id") {
                    self.labels.element(&id, is_removed);
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        let value = std::mem::take(&mut self.value);
        if !value.trim().is_empty() {
            if let Some(key) = &self.name {
                self.labels.property(key, &value);
                self.text.push(&format!("{key}: "));
            }
            self.text.push(&value);
            self.text.separate('\n');
        }
        if name == "property" {
            self.name = None;
        }
    }

    fn text(&mut self, text: &str) -> bool {
        self.value.push_str(text);
        !self.text.is_full()
    }
}
