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

/// Strokes of a drawing from which on they may be letters: fewer write no number and no sentence.
const STROKES_MIN: usize = 12;

/// A drawing in words (SVG): read as a page is, its texts and titles, the pictures in it, pages within it. What its lines show
/// is not known, and told.
pub(crate) fn drawing(work: &mut Work, file: &File<'_>, kind: &str) {
    html(work, file, kind);
    if strokes(&mail::plausible_text(file.bytes)) >= STROKES_MIN {
        work.leaves_a_picture(file);
    }
}

/// Strokes of all shapes: each start within a path, each other shape, each repetition of one.
fn strokes(source: &str) -> usize {
    source.split('<').skip(1).map(strokes_of).sum()
}

/// Strokes of one element, from behind its `<`.
fn strokes_of(element: &str) -> usize {
    const SHAPES: [&str; 7] = ["polygon", "polyline", "line", "rect", "circle", "ellipse", "use"];
    let name = element.split(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/').next().unwrap_or("");
    // A prefix of its namespace may stand before the name.
    match name.rsplit(':').next().unwrap_or("") {
        "path" => {
            path_data(element).map_or(1, |data| data.bytes().filter(|b| matches!(b, b'M' | b'm')).count())
        }
        name if SHAPES.contains(&name) => 1,
        _ => 0,
    }
}

/// What stands between the quotes of the attribute `d`.
fn path_data(element: &str) -> Option<&str> {
    let mut rest = element;
    while let Some((before, after)) = rest.split_once("d=") {
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
        match quote {
            Some(quote) if before.ends_with(|c: char| c.is_ascii_whitespace()) => {
                return after.get(1..)?.split(quote).next();
            }
            _ => rest = after,
        }
    }
    None
}

/// What a reader of the page sees, then what they do not.
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
