//! How much work one message may cost, whatever it nests (invariant 9).

use vocabulary::bounds::{ATTACHMENTS_MAX, MESSAGE_TEXT_BYTES_MAX, MIME_PARTS_MAX};

/// Readings tried of one part when its header is ambiguous.
pub(super) const READINGS_MAX: usize = 8;
/// Defects of one kind kept per message.
pub(super) const DEFECTS_PER_KIND_MAX: usize = 50;
/// Mailboxes kept of one field.
pub(super) const MAILBOXES_MAX: usize = 10_000;
/// Bytes read of one address field.
pub(super) const ADDRESS_FIELD_BYTES_MAX: usize = 1024 * 1024;
/// Bytes a message may be looked through, in multiples of its size: every level of nesting looks once.
const WORK_FACTOR: usize = 24;
/// A small message may cost this much more, bytes.
const WORK_FLOOR: usize = 1024 * 1024;

/// What is left to spend on one message and everything inside it.
pub(super) struct Budget {
    parts: usize,
    attachments: usize,
    text_bytes: usize,
    work_bytes: usize,
}

impl Budget {
    /// The budget of a message of `len` bytes.
    pub(super) fn for_message(len: usize) -> Self {
        Self {
            parts: MIME_PARTS_MAX,
            attachments: ATTACHMENTS_MAX,
            text_bytes: MESSAGE_TEXT_BYTES_MAX,
            work_bytes: len.saturating_mul(WORK_FACTOR).saturating_add(WORK_FLOOR),
        }
    }

    /// Pays for looking at a part of `len` bytes; false when nothing is left.
    pub(super) fn take_part(&mut self, len: usize) -> bool {
        if self.parts == 0 || self.work_bytes < len {
            return false;
        }
        self.parts -= 1;
        self.work_bytes -= len;
        true
    }

    /// Parts that may still be read.
    pub(super) fn parts_left(&self) -> usize {
        self.parts
    }

    /// Pays for one more attachment; false when nothing is left.
    pub(super) fn take_attachment(&mut self) -> bool {
        let left = self.attachments > 0;
        self.attachments = self.attachments.saturating_sub(1);
        left
    }

    /// Keeps as much of `text` as is left to keep; the flag says that it was cut.
    pub(super) fn take_text(&mut self, mut text: String) -> (String, bool) {
        let cut = text.len() > self.text_bytes;
        if cut {
            let at = (0..=self.text_bytes).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            text.truncate(at);
        }
        self.text_bytes -= text.len();
        (text, cut)
    }
}
