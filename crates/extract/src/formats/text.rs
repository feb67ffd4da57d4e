//! Texts: plain, CSV, HTML, RTF.

use mail::render::Html;

use crate::work::{File, TextBuilder, Work};

/// Any text as it stands.
pub(crate) fn plain(work: &mut Work, file: &File<'_>) {
    let text = mail::plausible_text(file.bytes);
    let kind = if file.declared.starts_with("text/") { file.declared } else { "text/plain" };
    work.text(file, kind, TextBuilder::of(text));
}

/// What a reader of the page sees, then what they do not.
pub(crate) fn html(work: &mut Work, file: &File<'_>) {
    let html = Html::untrusted(&mail::plausible_text(file.bytes));
    let mut text = TextBuilder::default();
    text.push(&html.to_text());
    let hidden = html.hidden_text();
    if !hidden.trim().is_empty() {
        text.place("hidden");
        text.push(&hidden);
        text.close();
    }
    work.text(file, "text/html", text);
}

/// Destinations of RTF that hold no text of the document.
const RTF_SILENT: &[&str] = &[
    "fonttbl",
    "colortbl",
    "stylesheet",
    "listtable",
    "listoverridetable",
    "rsidtbl",
    "generator",
    "themedata",
    "colorschememapping",
    "datastore",
    "latentstyles",
    "pict",
    "objdata",
    "xmlnstbl",
    "pgptbl",
    "filetbl",
    "revtbl",
];

/// Rich Text Format: its text, without its tables.
pub(crate) fn rtf(work: &mut Work, file: &File<'_>) {
    let mut reading = Rtf { stack: vec![Group { silent: false, skip: 1 }], ..Rtf::default() };
    let mut rest = file.bytes;
    while let Some((byte, after)) = rest.split_first() {
        rest = match byte {
            b'{' => reading.open(after),
            b'}' => reading.close(after),
            b'\\' => reading.control(after),
            b'\r' | b'\n' => after,
            _ => {
                reading.byte(*byte);
                after
            }
        };
        if reading.text.is_full() {
            break;
        }
    }
    reading.flush();
    work.text(file, "application/rtf", reading.text);
}

/// Groups remembered; deeper ones share the state of the last.
const RTF_DEPTH_MAX: usize = 1_000;

#[derive(Clone, Copy)]
struct Group {
    silent: bool,
    /// Characters that stand for one `\u` where Unicode is not read.
    skip: usize,
}

#[derive(Default)]
struct Rtf {
    text: TextBuilder,
    stack: Vec<Group>,
    /// 8-bit characters not yet decoded.
    bytes: Vec<u8>,
    /// Fallback characters still to pass over.
    skipping: usize,
    beyond: usize,
}

impl Rtf {
    fn group(&self) -> Group {
        self.stack.last().copied().unwrap_or(Group { silent: false, skip: 1 })
    }

    fn open<'a>(&mut self, after: &'a [u8]) -> &'a [u8] {
        if self.stack.len() < RTF_DEPTH_MAX {
            self.stack.push(self.group())
        } else {
            self.beyond += 1
        }
        after
    }

    fn close<'a>(&mut self, after: &'a [u8]) -> &'a [u8] {
        self.flush();
        if self.beyond > 0 {
            self.beyond -= 1;
        } else if self.stack.len() > 1 {
            self.stack.pop();
        }
        after
    }

    fn byte(&mut self, byte: u8) {
        if self.skipping > 0 {
            self.skipping -= 1;
        } else if !self.group().silent {
            self.bytes.push(byte);
        }
    }

    fn flush(&mut self) {
        if !self.bytes.is_empty() {
            let bytes = std::mem::take(&mut self.bytes);
            self.text.push(&encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes).0);
        }
    }

    fn say(&mut self, text: &str) {
        self.flush();
        if !self.group().silent {
            self.text.push(text);
        }
    }

    /// What follows a backslash.
    fn control<'a>(&mut self, after: &'a [u8]) -> &'a [u8] {
        let Some((first, rest)) = after.split_first() else { return after };
        if !first.is_ascii_alphabetic() {
            return self.symbol(*first, rest);
        }
        let len = after.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(after.len());
        let (word, rest) = after.split_at_checked(len).unwrap_or((after, &[]));
        let number_len = rest
            .iter()
            .enumerate()
            .position(|(at, byte)| !(byte.is_ascii_digit() || (at == 0 && *byte == b'-')))
            .unwrap_or(rest.len());
        let (number, rest) = rest.split_at_checked(number_len).unwrap_or((rest, &[]));
        let number: Option<i64> = std::str::from_utf8(number).ok().and_then(|digits| digits.parse().ok());
        let rest = rest.strip_prefix(b" ").unwrap_or(rest);
        self.word(std::str::from_utf8(word).unwrap_or(""), number, rest)
    }

    fn word<'a>(&mut self, word: &str, number: Option<i64>, rest: &'a [u8]) -> &'a [u8] {
        match word {
            "par" | "line" | "row" | "sect" | "page" => self.say("\n"),
            "tab" | "cell" => self.say("\t"),
            "uc" => {
                if let Some(group) = self.stack.last_mut() {
                    group.skip = number.and_then(|skip| usize::try_from(skip).ok()).unwrap_or(1).min(8);
                }
            }
            "u" => {
                let code = number.map(|code| if code < 0 { code + 65_536 } else { code }).unwrap_or(0);
                let c = u32::try_from(code).ok().and_then(char::from_u32).unwrap_or('\u{fffd}');
                self.say(c.encode_utf8(&mut [0; 4]));
                self.skipping = self.group().skip;
            }
            "bin" => {
                let len = number.and_then(|len| usize::try_from(len).ok()).unwrap_or(0);
                return rest.get(len.min(rest.len())..).unwrap_or(&[]);
            }
            _ if RTF_SILENT.contains(&word) => {
                self.flush();
                if let Some(group) = self.stack.last_mut() {
                    group.silent = true;
                }
            }
            "emdash" => self.say("—"),
            "endash" => self.say("–"),
            "lquote" | "rquote" => self.say("’"),
            "ldblquote" | "rdblquote" => self.say("\""),
            "bullet" => self.say("•"),
            _ => {}
        }
        rest
    }

    fn symbol<'a>(&mut self, symbol: u8, rest: &'a [u8]) -> &'a [u8] {
        match symbol {
            b'\'' => {
                let digits = rest.first_chunk::<2>().and_then(|pair| std::str::from_utf8(pair).ok());
                if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                    self.byte(byte);
                    return rest.get(2..).unwrap_or(&[]);
                }
            }
            b'\\' | b'{' | b'}' => self.byte(symbol),
            b'~' => self.say("\u{a0}"),
            b'\n' | b'\r' => self.say("\n"),
            _ => {}
        }
        rest
    }
}
