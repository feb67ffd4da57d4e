//! What a held message and its files say: every finding is marked where it stands, in whatever is shown of them.

use std::collections::HashSet;

use compliance::explain::{self, Asked, Marks};
use mail::{Message, RegionKind, TextKind, TextPart};
use operations::flows::settle::ReviewedAttachment;

use super::Show;
use crate::format;
use crate::pages::message::{AttachmentView, Cited, Contents as FileContents, Passage, Region};
use crate::text::{SafeHtml, Span, highlight, plain};

/// Files named of a control.
const CITED_SHOWN: usize = 10;

/// The fragment of a file, by its place among them.
pub(super) fn panel(number: usize) -> String {
    format!("a{number}")
}

/// The findings that are marked somewhere on the page.
pub(super) fn drawn(subject: &SafeHtml, text: &[Passage], files: &[AttachmentView]) -> HashSet<u32> {
    let of_files = files.iter().flat_map(|file| file.name.drawn().iter().chain(file.contents.drawn()));
    let of_text = text.iter().flat_map(|passage| passage.html.drawn());
    subject.drawn().iter().chain(of_text).chain(of_files).copied().collect()
}

impl Show<'_> {
    /// The findings between two bytes of a text, counted from the first.
    fn spans(&self, part: &str, from: usize, to: usize) -> Vec<Span> {
        self.numbered()
            .into_iter()
            .filter(|(_, finding)| finding.part == part && finding.start < to && finding.end > from)
            .map(|(number, finding)| Span {
                start: finding.start.saturating_sub(from),
                end: finding.end.min(to).saturating_sub(from),
                severity: self.held.severity,
                number,
            })
            .collect()
    }

    /// A stretch of a text that begins at `from`, marked.
    fn marked(&self, part: &str, from: usize, text: &str) -> SafeHtml {
        let spans = self.spans(part, from, from + text.len());
        highlight(text, &spans, &self.visitor.words.t("finding"))
    }

    pub(super) fn subject(&self) -> SafeHtml {
        self.marked("subject", 0, &self.contents.message.subject)
    }

    pub(super) fn text(&self) -> Vec<Passage> {
        self.texts(&self.contents.message, false)
    }

    /// What a message says, without those attached to it. The subject of the held one is its page's heading.
    fn texts(&self, message: &Message, is_attached: bool) -> Vec<Passage> {
        let texts = &message.texts;
        let plain = texts.iter().any(|part| part.kind == TextKind::Plain && !part.text.trim().is_empty());
        let mut passages = Vec::new();
        for part in texts {
            let id = part.part.to_string();
            let found = !self.spans(&id, 0, part.text.len()).is_empty();
            let shown = match part.kind {
                TextKind::Plain => true,
                TextKind::Html => !plain || found,
                TextKind::Subject => is_attached || (found && id != "subject"),
                _ => found,
            };
            if shown {
                self.passages(part, &mut passages);
            }
        }
        passages
    }

    fn passages(&self, part: &TextPart, into: &mut Vec<Passage>) {
        let id = part.part.to_string();
        for region in &part.regions {
            let Some(text) = part.text.get(region.start..region.end) else { continue };
            if text.trim().is_empty() {
                continue;
            }
            let html = self.marked(&id, region.start, text);
            let kind = match region.kind {
                RegionKind::New => Region::New,
                RegionKind::Quoted => Region::Quoted,
                RegionKind::Signature => Region::Signature,
                RegionKind::Disclaimer => Region::Footer,
            };
            let folded = kind != Region::New && html.drawn().is_empty();
            into.push(Passage { folded, region: kind, html });
        }
    }

    pub(super) fn attachments(&self) -> Vec<AttachmentView> {
        let locale = self.visitor.words.0;
        let files = self.contents.attachments.iter().enumerate();
        files
            .map(|(number, file)| AttachmentView {
                id: panel(number),
                name: self.name(file),
                facts: self.file_facts(file),
                marks: (file.features.iter().map(|code| explain::feature(code, locale).to_owned()))
                    .chain(file.labels.iter().map(|label| explain::label_words(label, &self.lists, locale)))
                    .collect(),
                contents: self.file_contents(file),
            })
            .collect()
    }

    /// `dossier.zip › annexe.xlsx`, its own name marked, and the names it has elsewhere where something was found in them.
    fn name(&self, file: &ReviewedAttachment) -> SafeHtml {
        let part = format!("{}#name", file.part);
        let path = self.path(file);
        let Some(outer) = path.strip_suffix(&file.name) else { return plain(&path) };
        let mut name = plain(outer).then(self.marked(&part, 0, &file.name));
        let attached = self.contents.message.all_attachments();
        let own = attached.iter().find(|known| known.part.as_str() == file.part);
        for (index, other) in own.iter().flat_map(|own| &own.other_names).enumerate() {
            let other = self.marked(&format!("{part}{}", index + 2), 0, other);
            if !other.drawn().is_empty() {
                name = name.then(plain(" · ")).then(other);
            }
        }
        name
    }

    fn path(&self, file: &ReviewedAttachment) -> String {
        explain::file_of(&file.part, &self.contents.attachments).unwrap_or_else(|| file.name.clone())
    }

    fn file_contents(&self, file: &ReviewedAttachment) -> FileContents {
        if let Some(message) = self.attached(&file.part) {
            let passages = self.texts(message, true);
            let open = passages.iter().any(|passage| !passage.html.drawn().is_empty());
            return FileContents::Message { passages, open };
        }
        match (&file.text, &file.unreadable) {
            (Some(text), _) => {
                let html = self.marked(&file.part, 0, text);
                let windows = file.windows.iter();
                let more: Vec<SafeHtml> =
                    windows.map(|window| self.marked(&file.part, window.start, &window.text)).collect();
                FileContents::Text {
                    open: std::iter::once(&html).chain(&more).any(|html| !html.drawn().is_empty()),
                    html,
                    more,
                    shortened: self.shortened(file),
                }
            }
            (None, Some(reason)) => {
                FileContents::Unreadable(explain::unread(reason, self.visitor.words.0).to_owned())
            }
            (None, None) => FileContents::Nothing,
        }
    }

    /// The message that an attachment is.
    fn attached(&self, part: &str) -> Option<&Message> {
        let mut attached = self.contents.message.all_attachments().into_iter();
        attached.find(|known| known.part.as_str() == part)?.embedded_message.as_deref()
    }

    /// Says that not all of its text is shown.
    fn shortened(&self, file: &ReviewedAttachment) -> Option<String> {
        let (w, size) = (self.visitor.words, |bytes: usize| format::size(self.visitor.words.0, bytes as u64));
        (file.left_out() > 0).then(|| {
            let (left, whole) = (size(file.left_out()), size(file.length));
            w.with2("attachment-shortened", "left", left, "whole", whole)
        })
    }

    /// `PDF, 84 Ko`: the name's ending and the size, which is all that is certain of a file.
    fn file_facts(&self, file: &ReviewedAttachment) -> String {
        let whole = self.contents.message.all_attachments();
        let size = whole.iter().find(|known| known.part.as_str() == file.part).map(|known| known.size);
        let size = size.map(|size| format::size(self.visitor.words.0, size as u64));
        let ending = file.name.rsplit_once('.').map(|(_, ending)| ending.to_uppercase());
        let ending = ending.filter(|ending| (1..=5).contains(&ending.chars().count()));
        ending.into_iter().chain(size).collect::<Vec<_>>().join(", ")
    }

    /// The files a control rests on that asks about more than text, and what of theirs.
    pub(super) fn cited(&self, control: &compliance::Control) -> Vec<Cited> {
        let (asked, w) = (Asked::of(control), self.visitor.words);
        let line = |target: Option<String>, path: String, marks: Marks<'_>| {
            let what = asked.among(marks, &self.lists, w.0);
            (!what.is_empty()).then(|| Cited { target, name: path, what: what.join(", ") })
        };
        let labels = &self.contents.message.labels;
        let own = line(None, w.t("why-message"), Marks { name: "", features: &[], labels });
        let files = self.contents.attachments.iter().enumerate().filter_map(|(number, file)| {
            let marks = Marks { name: &file.name, features: &file.features, labels: &file.labels };
            line(Some(panel(number)), self.path(file), marks)
        });
        own.into_iter().chain(files).take(CITED_SHOWN).collect()
    }
}
