//! Texts: plain, CSV, HTML.

use mail::PlaceKind;
use mail::render::Html;

use super::pictures::{Pictures, of_page};
use crate::Reason;
use crate::work::{File, TextBuilder, Work};

/// Any text as it stands.
pub(crate) fn plain(work: &mut Work, file: &File<'_>) {
    let text = mail::plausible_text(file.bytes);
    let kind = if file.declared.starts_with("text/") { file.declared } else { "text/plain" };
    work.text(file, kind, TextBuilder::of(text));
}

/// What a reader of the page sees, then what they do not. A drawing in words (SVG) is read as a page is: its texts and titles,
/// the pictures in it, pages within it.
pub(crate) fn html(work: &mut Work, file: &File<'_>, kind: &str) {
    let source = mail::plausible_text(file.bytes);
    let html = Html::untrusted(&source);
    let mut text = TextBuilder::default();
    text.push(&html.to_text());
    let hidden = html.hidden_text();
    if !hidden.trim().is_empty() {
        text.place(PlaceKind::Hidden);
        text.push(&hidden);
        text.close();
    }
    work.text(file, kind, text);
    if html.is_cut() {
        work.rest(file, Reason::TooLarge);
    }
    let mut pictures = Pictures::default();
    of_page(&html, &mut pictures);
    pictures.hand_out(work, file);
}
