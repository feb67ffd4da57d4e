//! Files: their names in every reading, and their bytes.

use super::Walk;
use super::entity::Part;
use crate::mime::params::Params;
use crate::{Attachment, DefectKind, Message, PartId, render};

/// Longest file name kept, characters.
const NAME_CHARS_MAX: usize = 255;

impl Walk<'_> {
    /// Keeps the decoded bytes of a part as an attachment.
    pub(super) fn attach(&mut self, part: &Part<'_, '_>, bytes: Vec<u8>, path: &str) {
        let id = self.id(path);
        if !self.budget.take_attachment() {
            self.defect(DefectKind::TooManyParts, Some(id), "more attachments than are read");
            return;
        }
        let mut attachment = self.describe(part, id);
        attachment.size = bytes.len();
        attachment.bytes = bytes;
        self.message.attachments.push(attachment);
    }

    /// Keeps the bytes of a text as a file as well, under an id of its own.
    pub(super) fn attach_besides(&mut self, part: &Part<'_, '_>, bytes: &[u8], path: &str) {
        let id = self.id(path);
        if !self.budget.take_attachment() {
            self.defect(DefectKind::TooManyParts, Some(id), "more attachments than are read");
            return;
        }
        let mut attachment = self.describe(part, id.clone());
        let name = if attachment.name.is_empty() { "file" } else { attachment.name.as_str() };
        attachment.part = id.member(name);
        attachment.size = bytes.len();
        attachment.bytes = bytes.to_vec();
        self.message.attachments.push(attachment);
    }

    /// Keeps an attached message, which has been read.
    pub(super) fn attach_message(&mut self, part: &Part<'_, '_>, inner: Message, size: usize, path: &str) {
        let id = self.id(path);
        let mut attachment = self.describe(part, id);
        attachment.size = size;
        attachment.embedded_message = Some(Box::new(inner));
        self.message.attachments.push(attachment);
    }

    /// Keeps a file found inside a text.
    pub(super) fn attach_file(&mut self, id: PartId, name: &str, bytes: Vec<u8>) {
        if !self.budget.take_attachment() {
            self.defect(DefectKind::TooManyParts, Some(id), "more attachments than are read");
            return;
        }
        self.message.attachments.push(Attachment {
            part: id,
            name: clean(name),
            other_names: Vec::new(),
            declared_type: "application/octet-stream".to_owned(),
            size: bytes.len(),
            bytes,
            inline: true,
            embedded_message: None,
        });
    }

    /// What the part's header says of it, without its bytes.
    fn describe(&mut self, part: &Part<'_, '_>, id: PartId) -> Attachment {
        let dispositions: Vec<Params> =
            part.headers.all("content-disposition").map(Params::read).take(4).collect();
        let raw: Vec<&str> = dispositions
            .iter()
            .flat_map(|disposition| disposition.values("filename"))
            .chain(part.content_type.values("name"))
            .collect();
        self.judge_names(&raw, &id);
        let mut names: Vec<String> = Vec::new();
        for name in raw.into_iter().map(clean) {
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        let inline = dispositions.first().is_none_or(|disposition| disposition.value != "attachment");
        let mut names = names.into_iter();
        Attachment {
            part: id,
            name: names.next().unwrap_or_default(),
            other_names: names.collect(),
            declared_type: part.content_type.value.clone(),
            bytes: Vec::new(),
            size: 0,
            inline,
            embedded_message: None,
        }
    }

    /// Names that disagree on what the file is, and names made to deceive (case E04).
    fn judge_names(&mut self, names: &[&str], id: &PartId) {
        let mut extensions: Vec<String> = names.iter().filter_map(|name| extension(name)).collect();
        extensions.sort();
        extensions.dedup();
        if extensions.len() > 1 {
            let detail = "file names with different extensions";
            self.defect(DefectKind::AmbiguousName, Some(id.clone()), detail);
        }
        let is_deceptive = |name: &&str| {
            name.chars().any(|c| c.is_control() || render::is_invisible(c))
                || name.ends_with(['.', ' '])
                || name.contains("      ")
        };
        if names.iter().any(is_deceptive) {
            let detail = "a file name with invisible characters or blanks";
            self.defect(DefectKind::DeceptiveName, Some(id.clone()), detail);
        }
    }
}

/// The last component of a name on one line, without control characters; bidirectional marks stay for the checks.
fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).find(|component| !component.trim().is_empty()).unwrap_or("");
    last.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect::<String>().trim().to_owned()
}

/// What follows the last dot, in lower case, when it looks like an extension.
fn extension(name: &str) -> Option<String> {
    let (stem, extension) = name.trim_end_matches(['.', ' ']).rsplit_once('.')?;
    let plausible = !stem.is_empty() && (1..=5).contains(&extension.len());
    (plausible && extension.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        .then(|| extension.to_ascii_lowercase())
}
