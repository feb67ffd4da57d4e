//! Encoded words in header text (RFC 2047), read generously: broken ones stay as they are.

use crate::mime::{charset, transfer};

/// Longest encoded word read, bytes. RFC 2047 §2 allows 75; real mail goes further.
const WORD_BYTES_MAX: usize = 2_048;

/// The text of a header value on one line: unfolded, words decoded, blanks at both ends removed.
pub(crate) fn decode(raw: &[u8]) -> String {
    let text = charset::guess(raw);
    let text = on_one_line(&text);
    if text.contains("=?") { decode_words(&text).trim().to_owned() } else { text.trim().to_owned() }
}

/// Unfolds: a line end and the blanks after it become one blank.
fn on_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut folding = false;
    for c in text.chars() {
        match c {
            '\r' | '\n' => folding = true,
            ' ' | '\t' if folding => {}
            _ => {
                if folding {
                    line.push(' ');
                    folding = false;
                }
                line.push(if c == '\0' { '\u{fffd}' } else { c });
            }
        }
    }
    line
}

/// One encoded word, taken apart.
struct Word<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
    len: usize,
}

fn decode_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // Bytes of adjacent words of one charset are joined before decoding: a character may be split between them.
    let mut run: Option<(&str, Vec<u8>)> = None;
    while let Some(start) = rest.find("=?") {
        let (before, from) = rest.split_at(start);
        let Some(word) = word(from) else {
            flush(&mut out, &mut run);
            out.push_str(before);
            out.push_str("=?");
            rest = from.get(2..).unwrap_or("");
            continue;
        };
        if run.is_none() || !before.trim().is_empty() {
            flush(&mut out, &mut run);
            out.push_str(before);
        }
        match &mut run {
            Some((charset, bytes)) if charset.eq_ignore_ascii_case(word.charset) => bytes.extend(word.bytes),
            _ => {
                flush(&mut out, &mut run);
                run = Some((word.charset, word.bytes));
            }
        }
        rest = from.get(word.len..).unwrap_or("");
    }
    flush(&mut out, &mut run);
    out.push_str(rest);
    out
}

fn flush(out: &mut String, run: &mut Option<(&str, Vec<u8>)>) {
    if let Some((label, bytes)) = run.take() {
        out.push_str(&on_one_line(&charset::decode(&bytes, Some(label)).text));
    }
}

/// The word at the start of `text`, which starts with `=?`.
fn word(text: &str) -> Option<Word<'_>> {
    let limit = (0..=WORD_BYTES_MAX.min(text.len())).rev().find(|at| text.is_char_boundary(*at))?;
    let text = text.get(..limit)?;
    let (label, rest) = text.get(2..)?.split_once('?')?;
    let (encoding, rest) = rest.split_once('?')?;
    let (data, _) = rest.split_once("?=")?;
    if label.is_empty() || label.contains(' ') {
        return None;
    }
    // RFC 2231 §5: a language may follow the charset.
    let charset = label.split('*').next().unwrap_or(label);
    // Raw 8-bit characters inside a word have been decoded with the line around it.
    let charset = if data.is_ascii() { charset } else { "utf-8" };
    let bytes = match encoding {
        "b" | "B" => transfer::base64(data.as_bytes()).bytes,
        "q" | "Q" => transfer::quoted_printable_word(data.as_bytes()),
        _ => return None,
    };
    Some(Word { charset, bytes, len: 2 + label.len() + 1 + encoding.len() + 1 + data.len() + 2 })
}
