//! Texts: plain, CSV, HTML.

use mail::PlaceKind;
use mail::render::Html;

use super::pictures::{Pictures, of_page};
use super::{csv, escapes, markup};
use crate::work::{File, TextBuilder, Work};
use crate::{Feature, Reason};

/// Any text as it stands.
pub(crate) fn plain(work: &mut Work, file: &File<'_>) {
    let source = mail::plausible_text(file.bytes);
    let kind = if file.declared.starts_with("text/") { file.declared } else { "text/plain" };
    let shown = if markup::is_one(&source) { markup::lines(&source) } else { String::new() };
    let meant = escapes::meant(&source);
    let mut text = TextBuilder::of(csv::as_cells(source, is_table(file)));
    beside(&shown, &mut text);
    beside(&meant, &mut text);
    work.text(file, kind, text);
}

/// A program that draws pages (PostScript): its source is read, what it draws is not, and told.
pub(crate) fn program(work: &mut Work, file: &File<'_>, kind: &str) {
    work.text(file, kind, TextBuilder::of(mail::plausible_text(file.bytes)));
    work.rest(file, Reason::UnknownFormat);
}

/// What programs show of a text, behind its source.
fn beside(shown: &str, text: &mut TextBuilder) {
    if !shown.trim().is_empty() {
        text.place(PlaceKind::Hidden);
        text.push(shown);
        text.close();
    }
}

/// Whether spreadsheets open it as a table.
fn is_table(file: &File<'_>) -> bool {
    let name = file.name.to_ascii_lowercase();
    [".csv", ".tsv", ".tab"].iter().any(|end| name.ends_with(end))
        || file.declared.contains("csv")
        || file.declared.contains("tab-separated")
}

/// Strokes of a drawing from which on they may be letters: fewer write no number and no sentence.
const STROKES_MIN: usize = 12;

/// A drawing in words (SVG): read as a page is, its texts and titles, the pictures in it, pages within it. What its lines show
/// is not known, and told.
pub(crate) fn drawing(work: &mut Work, file: &File<'_>, kind: &str) {
    // Drawings within it are part of it, and told with it.
    page(work, file, kind, true);
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

/// Whether the page has a program, which may write what it says.
fn has_script(source: &str) -> bool {
    let is_script = |element: &str| element.get(..6).is_some_and(|name| name.eq_ignore_ascii_case("script"));
    source.split('<').skip(1).any(is_script)
}

/// What a reader of the page sees, then what they do not.
pub(crate) fn html(work: &mut Work, file: &File<'_>, kind: &str) {
    page(work, file, kind, false);
}

fn page(work: &mut Work, file: &File<'_>, kind: &str, is_drawing: bool) {
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
    if has_script(&source) {
        text.features([Feature::Macros]);
    }
    // Entities of the page's own, which pages in XML may have.
    if source.contains("<!ENTITY") {
        beside(&markup::lines(&source), &mut text);
    }
    work.text(file, kind, text);
    if html.is_cut() {
        work.rest(file, Reason::TooLarge);
    }
    let mut pictures = Pictures::default();
    of_page(&html, is_drawing, &mut pictures);
    pictures.hand_out(work, file);
}
