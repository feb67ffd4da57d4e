//! Header lines of a message or part (RFC 5322 §2.2), as bytes, with what other readers might see otherwise.

use memchr::memchr;

use crate::header::Fields;

/// Fields kept in one header block; past this the block counts as truncated.
const FIELDS_MAX: usize = 10_000;

/// Fields that mean something to CEREBRO; of the others the text is kept, but for those of [`is_transport`].
const NAMES: &[&str] = &[
    "subject",
    "from",
    "to",
    "cc",
    "bcc",
    "reply-to",
    "sender",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "auto-submitted",
    "list-id",
    "list-unsubscribe",
    "precedence",
    "sensitivity",
    "msip_labels",
    "comments",
    "keywords",
    "thread-topic",
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
    "received",
    "x-cerebro-trace",
];

/// What mail programs and servers write for each other on most messages, below their usual beginnings.
const TRANSPORT_BEGINNINGS: &[&str] = &[
    "arc-",
    "authentication-results",
    "dkim-",
    "domainkey-",
    "list-",
    "received-",
    "x-exchange-",
    "x-forefront-",
    "x-gm-",
    "x-google-",
    "x-microsoft-",
    "x-ms-",
    "x-proofpoint-",
    "x-spam",
    "x-virus",
];
/// The same, by their whole names; as long as they say what such fields say.
const TRANSPORT: &[&str] = &[
    "accept-language",
    "autocrypt",
    "bounces-to",
    "content-id",
    "content-language",
    "content-length",
    "content-md5",
    "delivered-to",
    "errors-to",
    "feedback-id",
    "importance",
    "lines",
    "mime-version",
    "priority",
    "return-path",
    "status",
    "thread-index",
    "user-agent",
    "x-attachment-id",
    "x-beenthere",
    "x-mailer",
    "x-mailman-version",
    "x-mime-autoconverted",
    "x-mimeole",
    "x-msmail-priority",
    "x-originalarrivaltime",
    "x-originating-ip",
    "x-priority",
    "x-received",
    "x-status",
];

/// One field that is kept.
pub(crate) struct Field<'a> {
    name: &'static str,
    /// What follows the colon, folds included, the last line end not.
    value: &'a [u8],
}

/// A header block and the body below it.
pub(crate) struct Headers<'a> {
    fields: Vec<Field<'a>>,
    /// Names and values of the fields that mean nothing here and are no transport's.
    pub(crate) others: Vec<(&'a [u8], &'a [u8])>,
    /// Number of `Received` fields.
    pub(crate) received: usize,
    /// Fields of any name.
    pub(crate) count: usize,
    /// Lines that are no field, and folds made of blanks alone: some readers start the body there.
    pub(crate) stray: Vec<&'a [u8]>,
    /// Everything after a blank-only fold or a stray line, up to the body: where those readers' body starts.
    pub(crate) early_body: &'a [u8],
    /// More fields than are kept.
    pub(crate) truncated: bool,
    /// Below the first empty line; empty when there is none.
    pub(crate) body: &'a [u8],
}

impl<'a> Headers<'a> {
    /// Reads the block at the start of `raw`.
    pub(crate) fn read(raw: &'a [u8]) -> Self {
        let mut headers = Self {
            fields: Vec::new(),
            others: Vec::new(),
            received: 0,
            count: 0,
            stray: Vec::new(),
            early_body: &[],
            truncated: false,
            body: &[],
        };
        let (mut at, mut early) = (0, None);
        let mut fields = Fields::of(raw);
        for field in fields.by_ref() {
            let parts = field.parts();
            if let Some((name, value)) = parts {
                headers.push(name, value);
            }
            for (number, line) in field.lines().enumerate() {
                let text = without_line_end(line);
                let is_stray = match parts {
                    Some(_) => number > 0 && text.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r')),
                    // What a mailbox file writes above a message.
                    None => !(at == 0 && text.starts_with(b"From ")),
                };
                if is_stray {
                    early.get_or_insert(at);
                    headers.push_stray(text);
                }
                at += line.len();
            }
        }
        let below = fields.rest();
        headers.body = slice(below, line_end(below, 0), below.len());
        if let Some(start) = early {
            headers.early_body = slice(raw, start, raw.len() - headers.body.len());
        }
        headers
    }

    fn push_stray(&mut self, line: &'a [u8]) {
        if self.stray.len() < FIELDS_MAX {
            self.stray.push(line);
        } else {
            self.truncated = true;
        }
    }

    fn push(&mut self, name: &'a [u8], value: &'a [u8]) {
        self.count += 1;
        let Some(name) = NAMES.iter().find(|known| known.as_bytes().eq_ignore_ascii_case(name)) else {
            self.other(name, value);
            return;
        };
        if *name == "received" {
            self.received += 1;
        } else if self.fields.len() < FIELDS_MAX {
            self.fields.push(Field { name, value });
        } else {
            self.truncated = true;
        }
    }

    fn other(&mut self, name: &'a [u8], value: &'a [u8]) {
        let is_silent = value.trim_ascii().is_empty();
        if is_silent || (is_transport(name) && is_in_form(name, value.trim_ascii())) {
            return;
        }
        if self.others.len() < FIELDS_MAX {
            self.others.push((name, value));
        } else {
            self.truncated = true;
        }
    }

    /// Every value of a field, in order.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.fields.iter().filter(move |field| field.name == name).map(|field| field.value)
    }

    /// The first value of a field.
    pub(crate) fn first(&self, name: &str) -> Option<&'a [u8]> {
        self.all(name).next()
    }

    /// Whether a field stands here several times with different values.
    pub(crate) fn disagree(&self, name: &str) -> bool {
        let mut values = self.all(name).map(<[u8]>::trim_ascii);
        values.next().is_some_and(|first| values.any(|other| other != first))
    }
}

/// A field of programs and servers, whose text nobody reads.
fn is_transport(name: &[u8]) -> bool {
    let starts = |known: &&str| {
        name.get(..known.len()).is_some_and(|start| start.eq_ignore_ascii_case(known.as_bytes()))
    };
    TRANSPORT.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(name))
        || TRANSPORT_BEGINNINGS.iter().any(starts)
}

/// Whether a field whose form is known says something of that form: a text may stand in any other.
fn is_in_form(name: &[u8], value: &[u8]) -> bool {
    let all = |is: fn(&u8) -> bool| value.iter().all(is);
    match name.to_ascii_lowercase().as_slice() {
        b"content-length" | b"lines" => value.len() <= 10 && all(u8::is_ascii_digit),
        // The sum of a body (RFC 1864): sixteen bytes.
        b"content-md5" => {
            value.len() == 24
                && value.ends_with(b"==")
                && value.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
        }
        // A word or two, a figure: `High`, `1 (Highest)`, `1.0 (Mac OS X Mail 16.0)` is longer and says a program.
        b"importance" | b"priority" | b"x-priority" | b"x-msmail-priority" | b"status" | b"x-status" => {
            value.len() <= 20
        }
        b"accept-language" | b"content-language" => {
            let is_tag = |byte: &u8| byte.is_ascii_alphanumeric() || b"-,;=.* \r\n\t".contains(byte);
            value.len() <= 200
                && value.iter().all(is_tag)
                && value.split(|byte| !byte.is_ascii_alphanumeric()).all(|word| word.len() <= 8)
        }
        _ => true,
    }
}

/// Position of the colon of `Name: value`; the name is printable ASCII, blanks allowed before the colon (RFC 5322 §4.5).
pub(crate) fn colon(line: &[u8]) -> Option<usize> {
    let at = memchr(b':', line)?;
    let name = slice(line, 0, at).trim_ascii_end();
    (!name.is_empty() && name.iter().all(u8::is_ascii_graphic)).then_some(at)
}

/// One past the line end of the line that starts at `at`.
pub(crate) fn line_end(raw: &[u8], at: usize) -> usize {
    memchr(b'\n', slice(raw, at, raw.len())).map_or(raw.len(), |newline| at + newline + 1)
}

/// The line without its `\n` or `\r\n`.
pub(crate) fn without_line_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// `raw[start..end]`, empty when out of range.
pub(crate) fn slice(raw: &[u8], start: usize, end: usize) -> &[u8] {
    raw.get(start..end).unwrap_or(&[])
}
