//! PDF: the text of its pages, of the forms they draw, of annotations, fields and properties; the files inside it.
//!
//! Text is normalised (NFKC): PDF keeps ligatures and full-width forms that no one types. Lines are told apart by the
//! text position, words by gaps in the line.

use std::collections::BTreeMap;

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Encoding, LoadOptions, Object, decode_text_string};
use unicode_normalization::UnicodeNormalization;

use crate::work::{File, TextBuilder, Work};
use crate::{Empty, Reason};

const KIND: &str = "application/pdf";
/// Bytes one stream of a PDF may expand to.
const STREAM_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Fonts read of one page.
const FONTS_MAX: usize = 500;
/// A gap in a line wider than this many thousandths of the font size is a blank between words.
const WORD_GAP: f32 = 200.0;

type Fonts<'a> = BTreeMap<Vec<u8>, Encoding<'a>>;

/// Looks into a PDF.
pub(crate) fn extract(work: &mut Work, file: &File<'_>) {
    let options = LoadOptions { max_decompressed_size: Some(STREAM_BYTES_MAX), ..LoadOptions::default() };
    let document = match Document::load_mem_with_options(file.bytes, options) {
        Ok(document) => document,
        Err(lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_)) => {
            return work.unreadable(file, KIND, Reason::Encrypted);
        }
        Err(_) if memchr::memmem::find(file.bytes, b"/Encrypt").is_some() => {
            return work.unreadable(file, KIND, Reason::Encrypted);
        }
        Err(_) => return work.unreadable(file, KIND, Reason::Corrupt),
    };
    if document.is_encrypted() && !document.was_encrypted() {
        return work.unreadable(file, KIND, Reason::Encrypted);
    }
    let mut text = TextBuilder::default();
    let mut whole = true;
    let pages = document.get_pages();
    for (number, page) in &pages {
        text.place(&format!("page {number}"));
        whole &= page_text(&document, *page, &mut text);
        text.close();
        if text.is_full() {
            break;
        }
    }
    whole &= forms(&document, &mut text);
    whole &= strings(&document, &mut text);
    let has_pages = !pages.is_empty();
    if text.is_blank() && whole && has_pages {
        work.nothing(file, KIND, Empty::ScannedPages);
    } else if text.is_blank() && !whole {
        work.unreadable(file, KIND, Reason::Corrupt);
    } else {
        work.text(file, KIND, text);
        if !whole {
            work.rest(file, Reason::Corrupt);
        }
    }
    attached(work, file, &document);
}

fn page_text(document: &Document, page: lopdf::ObjectId, text: &mut TextBuilder) -> bool {
    let Ok(fonts) = document.get_page_fonts(page) else { return false };
    let fonts = encodings(document, fonts);
    match document.get_page_content_with_limit(page, STREAM_BYTES_MAX) {
        Ok(content) => content_text(&content, &fonts, text),
        Err(_) => false,
    }
}

/// Forms that pages draw (`Do`): each once, with its own fonts.
fn forms(document: &Document, text: &mut TextBuilder) -> bool {
    let mut whole = true;
    for object in document.objects.values() {
        let Object::Stream(stream) = object else { continue };
        if stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Form") {
            let fonts = encodings(document, form_fonts(document, &stream.dict));
            text.place("form");
            whole &= match stream.get_plain_content_with_limit(STREAM_BYTES_MAX) {
                Ok(content) => content_text(&content, &fonts, text),
                Err(_) => false,
            };
            text.close();
        }
        if text.is_full() {
            break;
        }
    }
    whole
}

fn form_fonts<'a>(document: &'a Document, form: &'a Dictionary) -> BTreeMap<Vec<u8>, &'a Dictionary> {
    let dictionary =
        |object: &'a Object| document.dereference(object).ok().and_then(|(_, object)| object.as_dict().ok());
    let fonts = form
        .get(b"Resources")
        .ok()
        .and_then(dictionary)
        .and_then(|all| all.get(b"Font").ok())
        .and_then(dictionary);
    fonts
        .into_iter()
        .flat_map(|fonts| fonts.iter())
        .filter_map(|(name, font)| Some((name.clone(), dictionary(font)?)))
        .collect()
}

/// How each font's codes become text. A font that cannot be read is left out: text written with it counts as unread.
fn encodings<'a>(document: &'a Document, fonts: BTreeMap<Vec<u8>, &'a Dictionary>) -> Fonts<'a> {
    fonts
        .into_iter()
        .take(FONTS_MAX)
        .filter_map(|(name, font)| {
            Some((name, font.get_font_encoding_with_limit(document, STREAM_BYTES_MAX).ok()?))
        })
        .collect()
}

/// The position of text, as far as lines and words need it (ISO 32000-1 §9.4).
#[derive(Default)]
struct Pen {
    x: f32,
    y: f32,
    leading: f32,
    /// Where the last string was shown.
    shown: Option<(f32, f32)>,
}

fn content_text(content: &[u8], fonts: &Fonts<'_>, text: &mut TextBuilder) -> bool {
    let Ok(content) = Content::decode(content) else { return false };
    let mut pen = Pen::default();
    let mut font: Option<&Encoding<'_>> = None;
    let mut whole = true;
    let mut line = String::new();
    for operation in &content.operations {
        let operands = &operation.operands;
        let number = |at: usize| operands.get(at).and_then(|operand| operand.as_float().ok()).unwrap_or(0.0);
        match operation.operator.as_str() {
            "BT" => (pen.x, pen.y) = (0.0, 0.0),
            "Tf" => {
                font = operands.first().and_then(|name| name.as_name().ok()).and_then(|name| fonts.get(name))
            }
            "TL" => pen.leading = number(0),
            "Td" => (pen.x, pen.y) = (pen.x + number(0), pen.y + number(1)),
            "TD" => {
                pen.leading = -number(1);
                (pen.x, pen.y) = (pen.x + number(0), pen.y + number(1));
            }
            "Tm" => (pen.x, pen.y) = (number(4), number(5)),
            "T*" => pen.y -= pen.leading,
            "'" | "\"" => {
                pen.y -= if pen.leading == 0.0 { 1.0 } else { pen.leading };
                whole &= show(
                    operands.last().map(std::slice::from_ref).unwrap_or_default(),
                    font,
                    &mut pen,
                    &mut line,
                );
            }
            "Tj" | "TJ" => whole &= show(operands, font, &mut pen, &mut line),
            _ => {}
        }
        if line.len() > 4_096 || operation.operator == "ET" {
            flush(&mut line, text);
        }
        if text.is_full() {
            return true;
        }
    }
    flush(&mut line, text);
    whole
}

fn flush(line: &mut String, text: &mut TextBuilder) {
    text.push(&line.nfkc().filter(|c| *c != '\0').collect::<String>());
    line.clear();
}

/// Shows strings at the pen. False when their font has no known text.
fn show(operands: &[Object], font: Option<&Encoding<'_>>, pen: &mut Pen, line: &mut String) -> bool {
    match pen.shown {
        Some((_, y)) if (y - pen.y).abs() > 0.5 => line.push('\n'),
        // Another place on the same line: another word, unless nothing moved.
        Some((x, _)) if (x - pen.x).abs() > 0.01 && !line.ends_with([' ', '\n']) => line.push(' '),
        _ => {}
    }
    pen.shown = Some((pen.x, pen.y));
    let Some(font) = font else { return operands.is_empty() };
    collect(operands, font, line, 4)
}

fn collect(operands: &[Object], font: &Encoding<'_>, line: &mut String, depth: usize) -> bool {
    let mut whole = true;
    for operand in operands {
        match operand {
            Object::String(bytes, _) => match Document::decode_text(font, bytes) {
                Ok(decoded) => line.push_str(&decoded),
                Err(_) => whole = false,
            },
            Object::Array(inner) if depth > 0 => whole &= collect(inner, font, line, depth - 1),
            Object::Integer(_) | Object::Real(_) => {
                let is_gap = operand.as_float().is_ok_and(|gap| gap < -WORD_GAP);
                if is_gap && !line.ends_with([' ', '\n']) {
                    line.push(' ');
                }
            }
            _ => {}
        }
    }
    whole
}

/// Texts outside the pages: annotations, field values, bookmarks, properties, link targets.
fn strings(document: &Document, text: &mut TextBuilder) -> bool {
    const KEYS: &[&[u8]] = &[
        b"Contents",
        b"V",
        b"DV",
        b"RC",
        b"Title",
        b"Subject",
        b"Keywords",
        b"Author",
        b"URI",
        b"TU",
        b"Alt",
        b"ActualText",
    ];
    text.place("annotations, fields and properties");
    for object in document.objects.values() {
        let dictionary = match object {
            Object::Dictionary(dictionary) => dictionary,
            Object::Stream(stream) => &stream.dict,
            _ => continue,
        };
        // A signature's contents are no text.
        if dictionary.has(b"ByteRange") {
            continue;
        }
        dictionary_strings(dictionary, KEYS, text, 3);
        if text.is_full() {
            break;
        }
    }
    text.close();
    true
}

fn dictionary_strings(dictionary: &Dictionary, keys: &[&[u8]], text: &mut TextBuilder, depth: usize) {
    for (key, value) in dictionary.iter() {
        match value {
            Object::String(..) if keys.contains(&key.as_slice()) => {
                if let Ok(string) = decode_text_string(value) {
                    text.separate('\n');
                    text.push(&string.nfkc().filter(|c| *c != '\0').collect::<String>());
                }
            }
            Object::Dictionary(inner) if depth > 0 => dictionary_strings(inner, keys, text, depth - 1),
            _ => {}
        }
    }
}

/// Files inside the PDF.
fn attached(work: &mut Work, file: &File<'_>, document: &Document) {
    for object in document.objects.values() {
        let Ok(specification) = object.as_dict() else { continue };
        let Ok(streams) = specification.get(b"EF").and_then(|streams| document.dereference(streams)) else {
            continue;
        };
        let Ok(streams) = streams.1.as_dict() else { continue };
        let stream = [&b"UF"[..], b"F"].iter().find_map(|key| {
            let (_, object) = document.dereference(streams.get(key).ok()?).ok()?;
            object.as_stream().ok()
        });
        let Some(stream) = stream else { continue };
        if !work.take_member(file) {
            return;
        }
        let name =
            [&b"UF"[..], b"F"].iter().find_map(|key| decode_text_string(specification.get(key).ok()?).ok());
        let name = name.unwrap_or_else(|| "attached".to_owned());
        let part = file.part.member(&name);
        let limit = usize::try_from(work.expandable).unwrap_or(usize::MAX).min(STREAM_BYTES_MAX);
        let bytes = stream.get_plain_content_with_limit(limit);
        let content = bytes.as_deref().unwrap_or(&[]);
        work.expandable = work.expandable.saturating_sub(content.len() as u64);
        let inner = File { part, name: &name, declared: "", bytes: content, depth: file.depth + 1 };
        match bytes {
            Ok(_) => work.file(&inner),
            Err(_) => work.unreadable(&inner, "application/octet-stream", Reason::TooLarge),
        }
    }
}
