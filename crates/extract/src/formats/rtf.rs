//! Rich Text Format 1.9.1: its text, without its tables; what is beside the text; the files in it.

use std::collections::HashMap;

use mail::PlaceKind;
use mail::render::Html;
use vocabulary::bounds::OCR_BYTES_MAX;

use super::pictures::{Pictures, bmp, of_page};
use super::rtf_beside::{character_set, embedded, is_shown, targets};
use super::{bytes, seen};
use crate::Feature;
use crate::work::{File, TextBuilder, Work};

/// Groups remembered; deeper ones share the state of the last.
const DEPTH_MAX: usize = 1_000;
/// Fonts remembered.
const FONTS_MAX: usize = 10_000;
/// Bytes kept of what stands beside the text.
const ASIDE_MAX: usize = 1024 * 1024;
/// Objects kept, and bytes of all of them.
const OBJECTS_MAX: usize = 100;
const OBJECT_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Destinations that hold no text of the document.
const SILENT: &[&str] = &[
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
    // Said of a picture, or shown by old readers in its place.
    "picprop",
    "blipuid",
    "nonshppict",
    "objdata",
    "objclass",
    "xmlnstbl",
    "pgptbl",
    "filetbl",
    "revtbl",
];

/// A document.
pub(crate) fn extract(work: &mut Work, file: &File<'_>) {
    let mut text = TextBuilder::default();
    let inside = read(file.bytes, &mut text);
    inside.tell(&mut text);
    work.text(file, "application/rtf", text);
    inside.hand_out(work, file);
}

/// What stands in a document besides its text.
#[derive(Default)]
pub(crate) struct Inside {
    /// Objects, in the form of OLE 1.
    objects: Vec<Vec<u8>>,
    pub(crate) pictures: Pictures,
}

impl Inside {
    /// What another text of the same file has.
    pub(crate) fn append(&mut self, other: Self) {
        self.objects.extend(other.objects);
        self.pictures.append(other.pictures);
    }

    /// Says that there are files.
    pub(crate) fn tell(&self, text: &mut TextBuilder) {
        if !self.objects.is_empty() {
            text.features([Feature::EmbeddedFiles]);
        }
    }

    /// Looks into the files and hands the pictures out, after the file itself was told.
    pub(crate) fn hand_out(self, work: &mut Work, file: &File<'_>) {
        for (n, object) in self.objects.iter().enumerate() {
            if !work.take_member(file) {
                return;
            }
            embedded(work, file, n + 1, object);
        }
        self.pictures.hand_out(work, file);
    }
}

/// Reads the text of a document. Gives back what else is in it.
pub(crate) fn read(source: &[u8], text: &mut TextBuilder) -> Inside {
    let mut reading = Reading::new(text);
    let mut rest = source;
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
    reading.finish()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Silent,
    /// Names of fonts; their character sets are what we want.
    Fonts,
    /// Codes of fields, and what readers pass over who do not know it.
    Aside,
    /// HTML kept beside what it says ([MS-OXRTFEX]).
    Markup,
    /// The bytes of an object, in hexadecimal digits.
    Object,
    /// Those of a picture, or bytes as they are.
    Picture,
}

#[derive(Clone, Copy)]
struct Group {
    kind: Kind,
    /// Characters that stand for one `\u` where Unicode is not read.
    skip: usize,
    /// What 8-bit characters are; 0 is the document's.
    page: u16,
    /// RTF that only says again what the HTML says.
    repeats: bool,
}

struct Reading<'t> {
    text: &'t mut TextBuilder,
    stack: Vec<Group>,
    /// 8-bit characters not yet decoded.
    bytes: Vec<u8>,
    /// Fallback characters still to pass over.
    skipping: usize,
    /// Groups open past the bound.
    beyond: usize,
    page: u16,
    fonts: HashMap<i64, u16>,
    font: i64,
    /// The next word is one that readers pass over who do not know it.
    is_starred: bool,
    aside: String,
    markup: String,
    /// More markup than is kept: what pictures it has is not known.
    is_cut: bool,
    objects: Vec<Vec<u8>>,
    digits: Vec<u8>,
    pictures: Pictures,
    picture: Picture,
}

/// The picture being read.
#[derive(Default)]
struct Picture {
    bytes: Vec<u8>,
    /// The first of two digits.
    half: Option<u8>,
    /// It is a bitmap without its file's header.
    is_bare: bool,
    /// More of it than is read.
    is_cut: bool,
}

impl Picture {
    fn push(&mut self, bytes: &[u8]) {
        if self.bytes.len() + bytes.len() > OCR_BYTES_MAX {
            self.is_cut = true;
        } else {
            self.bytes.extend_from_slice(bytes);
        }
    }
}

const OUTSIDE: Group = Group { kind: Kind::Text, skip: 1, page: 0, repeats: false };

impl<'t> Reading<'t> {
    fn new(text: &'t mut TextBuilder) -> Self {
        Self {
            text,
            stack: vec![OUTSIDE],
            bytes: Vec::new(),
            skipping: 0,
            beyond: 0,
            page: 1_252,
            fonts: HashMap::new(),
            font: 0,
            is_starred: false,
            aside: String::new(),
            markup: String::new(),
            is_cut: false,
            objects: Vec::new(),
            digits: Vec::new(),
            pictures: Pictures::default(),
            picture: Picture::default(),
        }
    }

    fn finish(mut self) -> Inside {
        self.flush();
        self.end_object();
        self.end_picture();
        if !self.aside.trim().is_empty() {
            self.text.place(PlaceKind::Hidden);
            self.text.push(&self.aside);
            self.text.close();
        }
        let links = targets(&self.markup);
        if !links.is_empty() {
            self.text.place(PlaceKind::Links);
            self.text.push(&links.join("\n"));
            self.text.close();
        }
        of_page(&Html::untrusted(&self.markup), false, &mut self.pictures);
        Inside { objects: self.objects, pictures: self.pictures }
    }

    fn group(&self) -> Group {
        self.stack.last().copied().unwrap_or(OUTSIDE)
    }

    fn set(&mut self, change: impl FnOnce(&mut Group)) {
        self.flush();
        if let Some(group) = self.stack.last_mut() {
            change(group);
        }
    }

    fn open<'a>(&mut self, after: &'a [u8]) -> &'a [u8] {
        if self.stack.len() < DEPTH_MAX {
            self.stack.push(self.group());
        } else {
            self.beyond += 1;
        }
        after
    }

    fn close<'a>(&mut self, after: &'a [u8]) -> &'a [u8] {
        self.flush();
        if self.beyond > 0 {
            self.beyond -= 1;
        } else if self.stack.len() > 1 {
            let was = self.group().kind;
            self.stack.pop();
            if was == Kind::Aside && self.group().kind != Kind::Aside && !self.aside.ends_with('\n') {
                self.aside.push('\n');
            }
            if was == Kind::Object && self.group().kind != Kind::Object {
                self.end_object();
            }
            if was == Kind::Picture && self.group().kind != Kind::Picture {
                self.end_picture();
            }
        }
        after
    }

    fn end_object(&mut self) {
        let kept: usize = self.objects.iter().map(Vec::len).sum();
        let pairs = std::mem::take(&mut self.digits);
        if pairs.is_empty() || self.objects.len() >= OBJECTS_MAX || kept + pairs.len() / 2 > OBJECT_BYTES_MAX
        {
            return;
        }
        let digit =
            |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()).unwrap_or(0);
        self.objects.push(
            pairs.as_chunks::<2>().0.iter().map(|[high, low]| digit(*high) << 4 | digit(*low)).collect(),
        );
    }

    fn end_picture(&mut self) {
        let Picture { bytes, is_bare, is_cut, .. } = std::mem::take(&mut self.picture);
        if bytes.is_empty() && !is_cut {
            return;
        }
        match if is_bare { bmp(&bytes) } else { Some(bytes) } {
            Some(bytes) if !is_cut => self.pictures.add(bytes),
            _ => self.pictures.unread(),
        }
    }

    /// A digit of the picture's bytes.
    fn picture_digit(&mut self, digit: u8) {
        match self.picture.half.take() {
            Some(high) => self.picture.push(&[high << 4 | digit]),
            None => self.picture.half = Some(digit),
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.skipping > 0 {
            self.skipping -= 1;
            return;
        }
        let group = self.group();
        match group.kind {
            Kind::Text | Kind::Aside if !group.repeats => self.bytes.push(byte),
            Kind::Markup => self.bytes.push(byte),
            Kind::Object if byte.is_ascii_hexdigit() && self.digits.len() < OBJECT_BYTES_MAX * 2 => {
                self.digits.push(byte);
            }
            Kind::Picture => {
                let digit = char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                digit.into_iter().for_each(|digit| self.picture_digit(digit));
            }
            _ => {}
        }
    }

    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let group = self.group();
        let page = if group.page == 0 { self.page } else { group.page };
        let bytes = std::mem::take(&mut self.bytes);
        self.say(&bytes::code_page(&bytes, page));
    }

    fn say(&mut self, text: &str) {
        self.flush();
        let group = self.group();
        match group.kind {
            Kind::Text if !group.repeats => self.text.push(text),
            Kind::Aside if self.aside.len() + text.len() < ASIDE_MAX => self.aside.push_str(text),
            Kind::Aside => self.text.cut(),
            Kind::Markup if self.markup.len() < OBJECT_BYTES_MAX / 16 => self.markup.push_str(text),
            Kind::Markup if !self.is_cut => {
                self.is_cut = true;
                self.pictures.unread();
            }
            _ => {}
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
        let is_number = |(at, byte): (usize, &u8)| byte.is_ascii_digit() || (at == 0 && *byte == b'-');
        let number_len = rest.iter().enumerate().take_while(|one| is_number(*one)).count();
        let (number, rest) = rest.split_at_checked(number_len).unwrap_or((rest, &[]));
        let number: Option<i64> = std::str::from_utf8(number).ok().and_then(|digits| digits.parse().ok());
        let rest = rest.strip_prefix(b" ").unwrap_or(rest);
        self.word(std::str::from_utf8(word).unwrap_or(""), number, rest)
    }

    fn word<'a>(&mut self, word: &str, number: Option<i64>, rest: &'a [u8]) -> &'a [u8] {
        if std::mem::take(&mut self.is_starred) && !is_shown(word) && self.group().kind == Kind::Text {
            self.set(|group| group.kind = Kind::Aside);
        }
        match word {
            "par" | "line" | "row" | "sect" | "page" => self.say("\n"),
            "tab" | "cell" => self.say("\t"),
            "u" => self.unicode(number.unwrap_or(0)),
            "bin" => {
                let len = number.and_then(|len| usize::try_from(len).ok()).unwrap_or(0);
                if self.group().kind == Kind::Picture {
                    self.picture.push(rest.get(..len.min(rest.len())).unwrap_or(&[]));
                }
                return rest.get(len.min(rest.len())..).unwrap_or(&[]);
            }
            "emdash" => self.say("—"),
            "endash" => self.say("–"),
            "lquote" | "rquote" => self.say("’"),
            "ldblquote" | "rdblquote" => self.say("\""),
            "bullet" => self.say("•"),
            "v" if number != Some(0) => self.text.features([Feature::HiddenText]),
            "revised" | "deleted" if number != Some(0) => self.text.features([Feature::TrackedChanges]),
            "annotation" => self.text.features([Feature::Comments]),
            _ => self.state(word, number),
        }
        rest
    }

    /// Words that say how what follows is to be read.
    fn state(&mut self, word: &str, number: Option<i64>) {
        match word {
            "uc" => {
                let skip = number.and_then(|skip| usize::try_from(skip).ok()).unwrap_or(1).min(8);
                self.set(|group| group.skip = skip);
            }
            "ansicpg" => self.page = number.and_then(|page| u16::try_from(page).ok()).unwrap_or(self.page),
            "fonttbl" => self.set(|group| group.kind = Kind::Fonts),
            "f" if self.group().kind == Kind::Fonts => self.font = number.unwrap_or(0),
            "f" => {
                let page = number.and_then(|font| self.fonts.get(&font)).copied().unwrap_or(0);
                self.set(|group| group.page = page);
            }
            "fcharset" if self.fonts.len() < FONTS_MAX => {
                self.fonts.insert(self.font, character_set(number.unwrap_or(0)));
            }
            "htmlrtf" => self.set(|group| group.repeats = number != Some(0)),
            "htmltag" => self.set(|group| group.kind = Kind::Markup),
            "fldinst" if self.group().kind == Kind::Text => self.set(|group| group.kind = Kind::Aside),
            "objdata" => self.set(|group| group.kind = Kind::Object),
            // What stands in for a picture is not shown.
            "pict" if self.group().kind != Kind::Silent => self.set(|group| group.kind = Kind::Picture),
            "dibitmap" if self.group().kind == Kind::Picture => self.picture.is_bare = true,
            _ if SILENT.contains(&word) => self.set(|group| group.kind = Kind::Silent),
            _ => {}
        }
    }

    fn unicode(&mut self, code: i64) {
        let code = if code < 0 { code + 65_536 } else { code };
        let c = u32::try_from(code).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
        let c = seen::of_font(c);
        self.say(c.encode_utf8(&mut [0; 4]));
        self.skipping = self.group().skip;
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
            b'*' => self.is_starred = true,
            b'~' => self.say("\u{a0}"),
            b'\n' | b'\r' => self.say("\n"),
            _ => {}
        }
        rest
    }
}
