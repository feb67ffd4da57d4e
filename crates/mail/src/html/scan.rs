//! HTML, cut into tags and texts in one linear pass (after the WHATWG tokenizer, without its error reports).

/// Attributes kept of one tag.
const ATTRIBUTES_MAX: usize = 64;

/// A piece of HTML.
pub(super) enum Token<'a> {
    /// Text, character references not yet decoded.
    Text(&'a str),
    /// Text of a raw element (`script`, `style`…), as it stands, with the element's name.
    Raw(&'a str, &'a str),
    /// `<name …>`.
    Start(Tag<'a>),
    /// `</name>`.
    End(&'a str),
    /// `<!-- … -->` and everything else a reader passes over.
    Comment(&'a str),
}

/// A start tag.
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
    /// It has more attributes than are kept.
    pub(super) cut: bool,
}

impl<'a> Tag<'a> {
    /// Names and raw values, in order.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.attributes.iter().copied()
    }

    /// The raw value of an attribute; the first one counts.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }
}

/// Cuts `html`. Elements whose content is not markup are given whole.
pub(super) struct Scanner<'a> {
    rest: &'a str,
    /// The raw element that was opened last.
    raw: Option<&'a str>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(html: &'a str) -> Self {
        Self { rest: html, raw: None }
    }

    /// How far it is in the document, bytes.
    pub(super) fn at(&self, html: &str) -> usize {
        html.len() - self.rest.len()
    }

    fn take(&mut self, len: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(len).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// The content of a raw element, up to its end tag.
    fn raw_text(&mut self, name: &'a str) -> Token<'a> {
        let end = match name {
            _ if name.eq_ignore_ascii_case("plaintext") => None,
            _ => memchr::memmem::find_iter(self.rest.as_bytes(), b"</").find(|at| {
                let after = self.rest.get(at + 2..at + 2 + name.len());
                after.is_some_and(|after| after.eq_ignore_ascii_case(name))
            }),
        };
        let text = self.take(end.unwrap_or(self.rest.len()));
        Token::Raw(name, text)
    }

    /// What starts with `<`, or `None` when that is just a character.
    fn markup(&mut self) -> Option<Token<'a>> {
        let rest = self.rest;
        let next = *rest.as_bytes().get(1)?;
        match next {
            b'!' if rest.starts_with("<!--") => {
                let body = rest.get(4..).unwrap_or("");
                // `<!-->` and `<!--->` are whole comments.
                let len = if body.starts_with('>') {
                    1
                } else if body.starts_with("->") {
                    2
                } else {
                    comment_len(body)
                };
                self.take(4 + len);
                let body = body.get(..len).unwrap_or("");
                Some(Token::Comment(body.trim_end_matches(['>', '-', '!'])))
            }
            b'!' | b'?' => {
                let len = rest.find('>').map_or(rest.len(), |at| at + 1);
                let body = self.take(len);
                Some(Token::Comment(body.get(2..).unwrap_or("").trim_end_matches('>')))
            }
            b'/' => {
                if rest.as_bytes().get(2).is_some_and(u8::is_ascii_alphabetic) {
                    self.take(2);
                    let tag = self.tag();
                    return Some(Token::End(tag.name));
                }
                let len = rest.find('>').map_or(rest.len(), |at| at + 1);
                Some(Token::Comment(self.take(len)))
            }
            byte if byte.is_ascii_alphabetic() => {
                self.take(1);
                let tag = self.tag();
                if is_raw(tag.name) {
                    self.raw = Some(tag.name);
                }
                Some(Token::Start(tag))
            }
            _ => None,
        }
    }

    /// A tag from its name on, through its `>`.
    fn tag(&mut self) -> Tag<'a> {
        let name_len = self.rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'));
        let name = self.take(name_len.unwrap_or(self.rest.len()));
        let mut attributes = Vec::new();
        let mut cut = false;
        loop {
            let skipped = self.rest.find(|c: char| !c.is_ascii_whitespace() && c != '/');
            self.take(skipped.unwrap_or(self.rest.len()));
            if self.rest.is_empty() || self.rest.starts_with('>') {
                self.take(1.min(self.rest.len()));
                return Tag { name, attributes, cut };
            }
            let attribute = self.attribute();
            if attributes.len() < ATTRIBUTES_MAX {
                attributes.push(attribute);
            } else {
                cut = true;
            }
        }
    }

    fn attribute(&mut self) -> (&'a str, &'a str) {
        // A name may start with `=`, so that the loop above always advances.
        let first = self.rest.chars().next().map_or(0, char::len_utf8);
        let after = self.rest.get(first..).unwrap_or("");
        let name_len = after.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '='));
        let name = self.take(name_len.map_or(self.rest.len(), |len| first + len));
        let trimmed = self.rest.trim_ascii_start();
        let Some(value) = trimmed.strip_prefix('=') else { return (name, "") };
        self.rest = value.trim_ascii_start();
        match self.rest.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                self.take(1);
                let value = self.take(self.rest.find(quote).unwrap_or(self.rest.len()));
                self.take(1.min(self.rest.len()));
                (name, value)
            }
            _ => {
                let len = self.rest.find(|c: char| c.is_ascii_whitespace() || c == '>');
                (name, self.take(len.unwrap_or(self.rest.len())))
            }
        }
    }
}

impl<'a> Iterator for Scanner<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        if let Some(name) = self.raw.take() {
            return Some(self.raw_text(name));
        }
        if self.rest.starts_with('<')
            && let Some(token) = self.markup()
        {
            return Some(token);
        }
        let len = self.rest.get(1..).and_then(|after| after.find('<')).map(|at| at + 1);
        // The first character may be longer than one byte: look from its end.
        let first = self.rest.chars().next().map_or(1, char::len_utf8);
        let len = match len {
            Some(len) => len,
            None => self
                .rest
                .get(first..)
                .and_then(|after| after.find('<'))
                .map_or(self.rest.len(), |at| at + first),
        };
        Some(Token::Text(self.take(len)))
    }
}

/// Length of a comment through its `-->` or `--!>`. Stops at the first: one pass over the document in all.
fn comment_len(body: &str) -> usize {
    let mut at = 0;
    while let Some(found) = body.get(at..).and_then(|rest| rest.find("--")) {
        at += found;
        let end = body.get(at + 2..).unwrap_or("");
        if end.starts_with('>') {
            return at + 3;
        }
        if end.starts_with("!>") {
            return at + 4;
        }
        at += 1;
    }
    body.len()
}

/// Elements whose content is text up to their own end tag.
fn is_raw(name: &str) -> bool {
    ["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "plaintext"]
        .iter()
        .any(|raw| raw.eq_ignore_ascii_case(name))
}
