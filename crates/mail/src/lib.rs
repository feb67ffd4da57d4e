//! Bytes in, message and defects out: MIME views, safe text, rendering.
//!
//! [`parse`] is pure and total: any bytes give a [`Message`], it never fails and never panics, and its work and
//! memory are bounded by [`vocabulary::bounds`]. What is wrong, doubtful or unread is a [`Defect`]; where bytes
//! can be read in several ways, every plausible reading is among the texts and attachments.

mod base64_serde;
mod calendar;
mod cms;
pub mod compose;
mod defect;
mod flowed;
mod guid;
pub mod header;
mod html;
mod label;
mod line_ends;
mod message;
mod mime;
mod part_id;
pub mod picture;
mod place;
mod read;
mod regions;
pub mod render;
pub mod report;
mod reversed;
pub mod sameness;
pub mod trace;

pub use defect::{Defect, DefectKind};
pub use guid::guid;
pub use label::{Label, Labels};
pub use line_ends::{Unfit, on_the_wire};
pub use message::{
    Attachment, CalendarObject, Mailbox, Message, Region, RegionKind, Sensitivity, TextKind, TextPart,
};
pub use part_id::PartId;
pub use place::{Place, PlaceKind, Places};
pub use read::parse;

pub use cms::{Signed, signed};
pub use mime::charset::plausible_text;
pub use mime::transfer::{decode_base64, decode_quoted_printable};

#[cfg(test)]
mod tests;
