//! Pictures met in an attachment: listed, looked at, and handed out to be read as far as there is room.

use mail::PlaceKind;

use super::{File, TextBuilder, Work};
use crate::ocr::{Fit, fit};
use crate::{Empty, Extraction, Feature, Picture, pixels};

impl Work {
    /// A picture. What is written in it is for others to read: its bytes are handed out as far as there is room, but for
    /// the attachment itself, whose bytes whoever asked has. What else it says is looked at here.
    pub(crate) fn picture(&mut self, file: &File<'_>, kind: &str) {
        self.hand_out(file, kind);
        if fit(file.bytes) != Fit::Readable {
            return;
        }
        let said = pixels::look(file.bytes, &mut self.looked);
        for (number, code) in (1..).zip(&said.codes) {
            if !self.take_member(file) {
                return;
            }
            let (part, name) = (file.part.member(&format!("code {number}")), file.name);
            let mut text = TextBuilder::default();
            text.place(PlaceKind::Picture);
            text.push(&mail::plausible_text(code));
            self.text(
                &File { part, name, declared: "", bytes: code, depth: file.depth + 1 },
                "text/plain",
                text,
            );
        }
        for (name, bytes) in &said.pictures {
            if !self.has_room_for_picture(file) {
                return;
            }
            let part = file.part.member(name);
            self.hand_out(&File { part, name, declared: "", bytes, depth: file.depth + 1 }, "image/png");
        }
        if said.is_cut {
            self.leaves_a_picture(file);
        }
    }

    /// Lists a picture, with its bytes where there is room for them.
    fn hand_out(&mut self, file: &File<'_>, kind: &str) {
        self.nothing(file, kind, Empty::Image);
        let fit = fit(file.bytes);
        if file.part.as_str().is_empty() || fit == Fit::Small {
            return;
        }
        let left = self.picture_bytes.checked_sub(file.bytes.len()).filter(|_| self.pictures > 0);
        self.pictures = self.pictures.saturating_sub(1);
        let Some(listed) = self.out.last_mut() else { return };
        match left {
            Some(left) if fit == Fit::Readable => {
                self.picture_bytes = left;
                listed.picture = Some(Picture(file.bytes.to_vec()));
            }
            _ => listed.features.push(Feature::UnreadPicture),
        }
    }

    /// A picture that is there and cannot be handed out.
    pub(crate) fn unread_picture(&mut self, file: &File<'_>, kind: &str) {
        self.pictures = self.pictures.saturating_sub(1);
        let features = vec![Feature::UnreadPicture];
        self.push(file.part.clone(), file.name, kind, Extraction::Nothing(Empty::Image), features);
    }

    /// Whether one more picture of a file can be told; when not, the file itself says that some were not read.
    pub(crate) fn has_room_for_picture(&mut self, file: &File<'_>) -> bool {
        if self.pictures == 0 {
            self.leaves_a_picture(file);
        }
        self.pictures > 0
    }

    /// Says of a file told before that some of it is a picture nobody read.
    pub(crate) fn leaves_a_picture(&mut self, file: &File<'_>) {
        if let Some(listed) = self.out.iter_mut().rev().find(|listed| listed.part == file.part)
            && !listed.features.contains(&Feature::UnreadPicture)
        {
            listed.features.push(Feature::UnreadPicture);
        }
    }
}
