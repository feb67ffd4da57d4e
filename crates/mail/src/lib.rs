//! Bytes in, message and defects out: MIME views, safe text, rendering.
//!
//! [`parse`] is pure and total: any bytes give a [`Message`], it never fails and never panics, and its work and
//! memory are bounded by [`vocabulary::bounds`]. What is wrong, doubtful or unread is a [`Defect`]; where bytes
//! can be read in several ways, every plausible reading is among the texts and attachments.

mod base64_serde;
mod defect;
mod message;
mod parse;
mod part_id;
pub mod render;

pub use defect::{Defect, DefectKind};
pub use message::{
    Attachment, CalendarObject, Mailbox, Message, Region, RegionKind, Sensitivity, TextKind, TextPart,
};
pub use parse::parse;
pub use part_id::PartId;
