//! A message's files as a reviewer reads them: their text shortened, with what stands around each finding past that.

use compliance::explain::FileName;
use compliance::{Assessment, AttachmentOutcome, AttachmentText};
use mail::{Attachment, Label};
use serde::{Deserialize, Serialize};

use crate::flows::understand::Understood;

/// Longest beginning of an attachment's text kept for reading, bytes.
const TEXT_MAX: usize = 64 * 1024;

/// Text kept on each side of a finding past that beginning, bytes.
const AROUND: usize = 1024;

/// Longest stretch kept around findings past that beginning, bytes.
const WINDOW_MAX: usize = 8 * 1024;

/// Most such stretches of one message, all files together.
const WINDOWS_MAX: usize = 64;

/// What a file is called that is a message and has no name of its own. Its subject may be content, and a name is shown in registers.
const UNNAMED_MESSAGE: &str = "message.eml";

/// One attachment as a reviewer sees it: a file, a file within a file, or an attached message.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ReviewedAttachment {
    /// Its place in the message.
    pub part: String,
    /// Its file name.
    pub name: String,
    /// The beginning of its text, when it has one. An attached message's texts are the message's own.
    pub text: Option<String>,
    /// How long its text is, bytes; 0 where that was not kept.
    pub length: usize,
    /// What stands around findings past the beginning, in order, without overlap.
    pub windows: Vec<Window>,
    /// Why it could not be read.
    pub unreadable: Option<String>,
    /// What it has besides text, by code: `macros`, `hidden_sheets`.
    pub features: Vec<String>,
    /// Its sensitivity labels; those of an attached message are here too.
    pub labels: Vec<Label>,
}

/// A stretch of a file's text past its beginning.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Window {
    /// Where it begins in the whole text, bytes.
    pub start: usize,
    /// What it says.
    pub text: String,
}

impl std::fmt::Debug for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Window({}, {} bytes)", self.start, self.text.len())
    }
}

impl FileName for ReviewedAttachment {
    fn part(&self) -> &str {
        &self.part
    }

    fn name(&self) -> &str {
        &self.name
    }
}

impl ReviewedAttachment {
    /// Bytes of its text that are not kept for reading.
    #[must_use]
    pub fn left_out(&self) -> usize {
        let kept = self.text.as_ref().map_or(0, String::len);
        let more: usize = self.windows.iter().map(|window| window.text.len()).sum();
        self.length.saturating_sub(kept + more)
    }
}

/// Everything a reviewer may go to beside the message's own text, in the order of its attachments.
pub(super) fn reviewed(understood: &Understood, assessment: &Assessment) -> Vec<ReviewedAttachment> {
    let attached = understood.message.all_attachments();
    let mut left = WINDOWS_MAX;
    let messages = attached.iter().filter_map(|attachment| as_message(attachment));
    let files = understood.attachments.iter().map(|file| as_file(file, assessment, &mut left));
    let mut all: Vec<ReviewedAttachment> = messages.chain(files).collect();
    let order = |file: &ReviewedAttachment| {
        attached.iter().rposition(|attachment| holds(attachment.part.as_str(), &file.part))
    };
    all.sort_by_key(order);
    all
}

fn holds(outer: &str, part: &str) -> bool {
    part.strip_prefix(outer).is_some_and(|inner| inner.is_empty() || inner.starts_with(['!', '/']))
}

fn as_message(attachment: &Attachment) -> Option<ReviewedAttachment> {
    let message = attachment.embedded_message.as_ref()?;
    let is_named = !attachment.name.trim().is_empty();
    Some(ReviewedAttachment {
        part: attachment.part.to_string(),
        name: if is_named { attachment.name.clone() } else { UNNAMED_MESSAGE.to_owned() },
        labels: message.labels.clone(),
        ..ReviewedAttachment::default()
    })
}

fn as_file(file: &AttachmentText, assessment: &Assessment, left: &mut usize) -> ReviewedAttachment {
    let mut reviewed = ReviewedAttachment {
        part: file.part.clone(),
        name: file.name.clone(),
        features: file.features.clone(),
        labels: file.labels.clone(),
        ..ReviewedAttachment::default()
    };
    match &file.outcome {
        AttachmentOutcome::Text(text) => {
            let end = text.floor_char_boundary(TEXT_MAX);
            let within = assessment.findings.iter().filter(|finding| finding.part == file.part);
            let spans = within.map(|finding| (finding.start, finding.end)).collect();
            reviewed.text = Some(text.get(..end).unwrap_or_default().to_owned());
            reviewed.length = text.len();
            reviewed.windows = windows(text, end, spans, left);
        }
        AttachmentOutcome::Unreadable(reason) => reviewed.unreadable = Some(reason.clone()),
        AttachmentOutcome::Nothing => {}
    }
    reviewed
}

/// What stands around `spans` past `from`. Each stretch is at most `WINDOW_MAX` long; `left` counts down how many there may be.
fn windows(text: &str, from: usize, mut spans: Vec<(usize, usize)>, left: &mut usize) -> Vec<Window> {
    // One that begins within the beginning is shown there.
    spans.retain(|(start, end)| *start >= from && start < end && *start < text.len());
    spans.sort_unstable();
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for (start, end) in spans {
        let end = end.saturating_add(AROUND).min(text.len());
        match ranges.last_mut() {
            Some(last) if start.saturating_sub(AROUND) <= last.1 && end <= last.0 + WINDOW_MAX => {
                last.1 = end.max(last.1);
            }
            last => {
                let after = last.map_or(from, |last| last.1);
                let start = start.saturating_sub(AROUND).max(after);
                ranges.push((start, end.min(start + WINDOW_MAX)));
            }
        }
    }
    ranges.retain(|(start, end)| start < end);
    ranges.truncate(*left);
    *left -= ranges.len();
    let cut = |(start, end): (usize, usize)| {
        let (start, end) = (text.floor_char_boundary(start), text.floor_char_boundary(end));
        Window { start, text: text.get(start..end).unwrap_or_default().to_owned() }
    };
    ranges.into_iter().map(cut).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(text: &str, from: usize, spans: &[(usize, usize)]) -> Vec<(usize, usize)> {
        let found = windows(text, from, spans.to_vec(), &mut 3);
        for window in &found {
            assert_eq!(text.get(window.start..window.start + window.text.len()), Some(&*window.text));
        }
        found.iter().map(|window| (window.start, window.start + window.text.len())).collect()
    }

    #[test]
    fn what_stands_around_a_finding_past_the_beginning_is_kept_within_bounds() {
        let text = "é".repeat(50_000);
        assert_eq!(window(&text, 1000, &[(10, 20), (990, 1010)]), [], "those of the beginning are there");
        assert_eq!(window(&text, 1000, &[(40_000, 40_010)]), [(38_976, 41_034)]);
        assert_eq!(window(&text, 1000, &[(1100, 1110)]), [(1000, 2134)], "it does not repeat the beginning");
        assert_eq!(window(&text, 1000, &[(99_990, 100_000)]), [(98_966, 100_000)]);
        assert_eq!(window(&text, 0, &[(4000, 4010), (4500, 4510)]), [(2976, 5534)], "near ones are one");
        assert_eq!(window(&text, 0, &[(4000, 90_000)]), [(2976, 2976 + WINDOW_MAX)], "a long one is cut");
        let many: Vec<(usize, usize)> = (1..9).map(|n| (n * 10_000, n * 10_000 + 4)).collect();
        assert_eq!(window(&text, 0, &many).len(), 3);
        let dense: Vec<(usize, usize)> = (0..2000).map(|n| (20_000 + n * 20, 20_010 + n * 20)).collect();
        let kept = window(&text, 0, &dense);
        assert!(kept.iter().zip(kept.iter().skip(1)).all(|(one, next)| one.1 <= next.0), "{kept:?}");
    }

    #[test]
    fn what_was_kept_before_is_read_as_it_was() {
        let old = r#"{"part":"2","name":"a.txt","text":"x","unreadable":null}"#;
        let read: ReviewedAttachment = serde_json::from_str(old).unwrap();
        assert_eq!((read.left_out(), read.windows.len(), read.features.len()), (0, 0, 0));
    }
}
