//! `type/subtype; name=value` fields (RFC 2045 §5.1, RFC 2231), with every value another reader could take.

use crate::mime::{charset, words};

/// Parameters read in one field.
const PARAMS_MAX: usize = 64;
/// Bytes read of one structured field; a parameter further on does not exist (and its part is then doubtful).
const FIELD_BYTES_MAX: usize = 16 * 1024;
/// Parameters in a row without the `;` between them.
const RUN_MAX: usize = 8;

/// A structured field.
#[derive(Default)]
pub(crate) struct Params {
    /// What stands before the first `;`, in lower case, without comments.
    pub(crate) value: String,
    params: Vec<Param>,
}

struct Param {
    name: String,
    /// The likeliest value first.
    values: Vec<String>,
}

impl Params {
    /// Reads the value of a field.
    pub(crate) fn read(raw: &[u8]) -> Self {
        let raw = raw.get(..FIELD_BYTES_MAX).unwrap_or(raw);
        let text = without_comments(&unfold(&charset::guess(raw)));
        let (value, mut rest) = cut(&text);
        let mut params = Vec::new();
        while !rest.is_empty() && params.len() < PARAMS_MAX {
            let (param, after) = cut(rest);
            params.extend(read_param(param, RUN_MAX));
            rest = after;
        }
        let value = value.trim().trim_matches('"').to_ascii_lowercase();
        let mut read = Self { value: value.chars().filter(|c| !c.is_whitespace()).collect(), params };
        read.join_continuations();
        read
    }

    /// A field that says `value` and nothing else.
    pub(crate) fn of(value: &str) -> Self {
        Self { value: value.to_owned(), params: Vec::new() }
    }

    /// Every value a reader could take for a parameter, the likeliest first, without repetition.
    pub(crate) fn values(&self, name: &str) -> Vec<&str> {
        let mut values: Vec<&str> = Vec::new();
        for value in self.params.iter().filter(|param| param.name == name).flat_map(|param| &param.values) {
            if !values.contains(&value.as_str()) {
                values.push(value);
            }
        }
        values
    }

    /// The likeliest value of a parameter.
    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        self.values(name).first().copied()
    }

    /// Joins `name*0`, `name*1*`… (RFC 2231 §3) and decodes `name*` (§4), whatever their order. Such a value
    /// comes before a plain one of the same name, as RFC 6266 §4.3 says of file names.
    fn join_continuations(&mut self) {
        let mut pieces: Vec<(String, usize, bool, String)> = Vec::new();
        for param in &self.params {
            let Some((name, rest)) = param.name.split_once('*') else { continue };
            let (index, encoded) = match rest.strip_suffix('*') {
                Some(index) => (index, true),
                None => (rest, rest.is_empty()),
            };
            let index = if index.is_empty() { Some(0) } else { index.parse().ok() };
            if let (Some(index), Some(value)) = (index, param.values.first()) {
                pieces.push((name.to_owned(), index, encoded, value.clone()));
            }
        }
        pieces.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        let mut joined: Vec<Param> = Vec::new();
        for group in pieces.chunk_by(|a, b| a.0 == b.0) {
            let Some((name, ..)) = group.first() else { continue };
            joined.push(Param { name: name.clone(), values: vec![join(group)] });
        }
        joined.append(&mut self.params);
        self.params = joined;
    }
}

/// The value of sorted pieces of one parameter.
fn join(pieces: &[(String, usize, bool, String)]) -> String {
    let mut bytes = Vec::new();
    let mut label = None;
    for (at, (_, _, encoded, value)) in pieces.iter().enumerate() {
        let mut value = value.as_str();
        if *encoded && at == 0 {
            let mut marks = value.splitn(3, '\'');
            if let (Some(charset), Some(_), Some(rest)) = (marks.next(), marks.next(), marks.next()) {
                (label, value) = (Some(charset.to_owned()), rest);
            }
        }
        if *encoded { percent_decode(value, &mut bytes) } else { bytes.extend_from_slice(value.as_bytes()) }
    }
    charset::decode(&bytes, label.as_deref()).text
}

fn percent_decode(text: &str, out: &mut Vec<u8>) {
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        let digits = after.first_chunk::<2>().and_then(|pair| std::str::from_utf8(pair).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(decoded) if *byte == b'%' => {
                out.push(decoded);
                rest = after.get(2..).unwrap_or(&[]);
            }
            _ => out.push(*byte),
        }
    }
}

/// Splits at the first `;` outside quotes.
fn cut(text: &str) -> (&str, &str) {
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => return (text.get(..at).unwrap_or(""), text.get(at + 1..).unwrap_or("")),
            _ => {}
        }
    }
    // A quote that never closes would swallow the other parameters: read them too.
    if quoted && let Some((before, after)) = text.split_once(';') {
        return (before, after);
    }
    (text, "")
}

/// One `name=value`, or several where the `;` between them is missing.
fn read_param(text: &str, run: usize) -> Vec<Param> {
    let Some((name, value)) = text.split_once('=').filter(|_| run > 0) else { return Vec::new() };
    let name = name.trim().to_ascii_lowercase();
    let value = value.trim();
    let mut params = Vec::new();
    let mut values = Vec::new();
    if let Some(inner) = value.strip_prefix('"') {
        let (unescaped, literal, after) = quoted(inner);
        values.extend([unescaped, literal]);
        if after.contains('=') {
            params.extend(read_param(after, run - 1));
        }
    } else {
        values.push(value.to_owned());
        if let Some((token, after)) = value.split_once([' ', '\t']) {
            // File names are often written with blanks and without quotes; other values never.
            let at = if name.contains("name") { 1 } else { 0 };
            values.insert(at, token.to_owned());
            if after.contains('=') {
                params.extend(read_param(after.trim(), run - 1));
            }
        }
        values.extend(value.strip_prefix('\'').and_then(|inner| inner.strip_suffix('\'')).map(str::to_owned));
    }
    for value in values.clone() {
        if value.contains("=?") {
            // An encoded word may not stand here (RFC 2047 §5), but many write and read file names so.
            let decoded = words::decode(value.as_bytes());
            let at = if name == "boundary" { values.len() } else { 0 };
            values.insert(at, decoded);
        }
        values.push(value.trim().to_owned());
    }
    params.insert(0, Param { name, values });
    params
}

/// A quoted string after its first quote: unescaped, as written, and what follows it.
fn quoted(text: &str) -> (String, String, &str) {
    let (mut unescaped, mut escaped) = (String::new(), false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => {
                escaped = false;
                unescaped.push(c);
            }
            '\\' => escaped = true,
            '"' => {
                let after = text.get(at + 1..).unwrap_or("").trim();
                return (unescaped, text.get(..at).unwrap_or("").to_owned(), after);
            }
            _ => unescaped.push(c),
        }
    }
    (unescaped, text.to_owned(), "")
}

/// Removes line ends; the blanks after them stay (RFC 5322 §2.2.3).
fn unfold(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '\r' | '\n' | '\0')).collect()
}

/// Removes `(comments)` outside quotes (RFC 5322 §3.2.2).
fn without_comments(text: &str) -> String {
    if !text.contains('(') {
        return text.to_owned();
    }
    let (mut out, mut depth, mut quoted, mut escaped) = (String::new(), 0usize, false, false);
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' if depth == 0 => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted && depth > 0 => {
                depth -= 1;
                continue;
            }
            _ => {}
        }
        if depth == 0 {
            out.push(c);
        }
    }
    out
}
