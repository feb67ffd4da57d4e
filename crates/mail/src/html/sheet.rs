//! What style sheets do to the words themselves: those they put before and behind elements, and the order they show them in.
//!
//! Rules are matched by the last part of their selectors alone (`p .a` as `.a`). Wrong guesses cost little: what comes of it is read beside what the document says.

use std::collections::HashMap;

use super::arrange::{Arranged, may_arrange};
use super::scan::Tag;
use super::selector::{Selector, Side, parsed};
use super::{entities, unseen};

/// Rules of one document that are remembered, and how often one is held against an element.
const RULES_MAX: usize = 1_000;
const LOOKS_MAX: usize = 5_000_000;
/// Longest text a rule puts somewhere, bytes.
const CONTENT_BYTES_MAX: usize = 4_096;

/// What stands in `content`.
enum Piece {
    Text(String),
    /// The value of an attribute.
    Attribute(String),
}

struct Rule {
    selector: Selector,
    /// Which of several rules wins (Selectors 4 §15): the heavier one, then the later.
    weight: ((usize, usize, usize), usize),
    side: Side,
    content: Vec<Piece>,
    arranged: String,
}

/// What the sheets say of one element.
#[derive(Default)]
pub(super) struct Said {
    pub(super) before: Option<String>,
    pub(super) behind: Option<String>,
    pub(super) arranged: Arranged,
}

/// The rules of a document, by what its elements must have.
#[derive(Default)]
pub(super) struct Sheet {
    rules: HashMap<String, Vec<Rule>>,
    count: usize,
    /// Rules held against elements so far.
    looks: usize,
    /// There are more rules than are remembered.
    is_cut: bool,
}

impl Sheet {
    /// Every style sheet of a document, wherever it stands: those at its end count for its beginning too.
    pub(super) fn of(html: &str) -> Self {
        let mut sheet = Self::default();
        let mut rest = html;
        while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
            rest = rest.get(at + 1..).unwrap_or("");
            if !rest.get(..5).is_some_and(|name| name.eq_ignore_ascii_case("style")) {
                continue;
            }
            let Some((_, text)) = rest.split_once('>') else { break };
            let end = memchr::memmem::find_iter(text.as_bytes(), b"</").find(|end| {
                text.get(end + 2..end + 7).is_some_and(|name| name.eq_ignore_ascii_case("style"))
            });
            let (text, behind) = text.split_at_checked(end.unwrap_or(text.len())).unwrap_or((text, ""));
            let small = text.to_ascii_lowercase();
            if small.contains("content") || small.contains('\\') || may_arrange(&small) {
                sheet.learn(&unseen::without_comments(text));
            }
            rest = behind;
        }
        sheet
    }

    fn learn(&mut self, css: &str) {
        let mut rest = css;
        while let Some(open) = outside(rest, &['{']) {
            let prelude = rest.get(..open).unwrap_or("");
            let prelude = prelude.trim_start_matches(|c: char| c == '}' || c == ';' || c.is_whitespace());
            let after = rest.get(open + 1..).unwrap_or("");
            if prelude.starts_with('@') {
                let skipped = if super::hidden::is_for_everybody(prelude) { 0 } else { block_end(after) };
                rest = after.get(skipped..).unwrap_or("");
                continue;
            }
            let close = outside(after, &['}']).unwrap_or(after.len());
            self.rule(prelude, after.get(..close).unwrap_or(""));
            rest = after.get(close + 1..).unwrap_or("");
        }
    }

    fn rule(&mut self, selectors: &str, declarations: &str) {
        let content = content(declarations);
        let small = declarations.to_ascii_lowercase();
        let small = if small.contains('\\') { unseen::string(&small, '\0').0 } else { small };
        let arranged = if may_arrange(&small) { small } else { String::new() };
        if content.is_none() && arranged.is_empty() {
            return;
        }
        for selector in selectors.split(',') {
            let Some((selector, side)) = parsed(selector.trim()) else { continue };
            let content = if side == Side::Within { None } else { content.as_deref() };
            if self.count >= RULES_MAX || (content.is_none() && (arranged.is_empty() || side != Side::Within))
            {
                continue;
            }
            self.count += 1;
            let weight = (selector.weight(), self.count);
            let content = pieces(content.unwrap_or(""));
            let rule = Rule { weight, side, content, arranged: arranged.clone(), selector };
            self.rules.entry(rule.selector.key()).or_default().push(rule);
        }
    }

    /// What the sheets say of the element of this tag, the nth child of its parent.
    pub(super) fn says(&mut self, tag: &Tag<'_>, name: &str, nth: usize) -> Said {
        let mut said = Said::default();
        if self.count == 0 || self.is_spent() {
            return said;
        }
        let classes =
            tag.attribute("class").unwrap_or("").split_whitespace().map(|class| format!(".{class}"));
        let id = tag.attribute("id").map(|id| format!("#{}", id.trim()));
        let mut looks = 0;
        let keys = ["*".to_owned(), name.to_owned()].into_iter().chain(classes).chain(id);
        let mut rules: Vec<&Rule> = keys
            .filter_map(|key| self.rules.get(&key.to_ascii_lowercase()))
            .flatten()
            .inspect(|_| looks += 1)
            .filter(|rule| rule.selector.is_of(tag, name, nth))
            .collect();
        rules.sort_by_key(|rule| rule.weight);
        for rule in rules {
            match rule.side {
                Side::Before => said.before = shown(&rule.content, tag),
                Side::Behind => said.behind = shown(&rule.content, tag),
                Side::Within => said.arranged.read(&rule.arranged),
            }
        }
        self.looks += looks;
        said
    }

    /// Elements from here on are not held against the rules: there are too many of both.
    fn is_spent(&self) -> bool {
        self.looks > LOOKS_MAX
    }

    /// Not every element was held against every rule.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut || self.is_spent()
    }
}

/// The value of the last `content`.
fn content(declarations: &str) -> Option<String> {
    let mut rest = declarations;
    let mut found = None;
    while !rest.is_empty() {
        let end = outside(rest, &[';']).unwrap_or(rest.len());
        let declaration = rest.get(..end).unwrap_or("");
        if let Some((property, value)) = declaration.split_once(':')
            && unseen::string(property.trim(), '\0').0.eq_ignore_ascii_case("content")
        {
            found = value.get(..CONTENT_BYTES_MAX).or(Some(value)).map(str::to_owned);
        }
        rest = rest.get(end + 1..).unwrap_or("");
    }
    found
}

/// The strings and attributes of a value, in their order.
fn pieces(value: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = value;
    while let Some(at) = rest.find(['"', '\'', '(']) {
        let after = rest.get(at + 1..).unwrap_or("");
        match rest.as_bytes().get(at) {
            Some(b'(') => {
                let (inside, behind) = after.split_once(')').unwrap_or((after, ""));
                let before = rest.get(..at).unwrap_or("").trim_end();
                if before.len() >= 4
                    && before.get(before.len() - 4..).is_some_and(|s| s.eq_ignore_ascii_case("attr"))
                {
                    found.push(Piece::Attribute(
                        inside.split([',', ' ']).next().unwrap_or("").trim().to_owned(),
                    ));
                }
                rest = behind;
            }
            quote => {
                let (text, length) = unseen::string(after, char::from(*quote.unwrap_or(&b'"')));
                found.push(Piece::Text(text));
                rest = after.get(length..).unwrap_or("");
            }
        }
    }
    found
}

/// What is put there, if it says something: bullets and arrows do not.
fn shown(content: &[Piece], tag: &Tag<'_>) -> Option<String> {
    let mut text = String::new();
    for piece in content {
        match piece {
            Piece::Text(piece) => text.push_str(piece),
            Piece::Attribute(name) => {
                entities::decode_attribute(tag.attribute(name).unwrap_or(""), &mut text)
            }
        }
    }
    text.contains(char::is_alphanumeric).then_some(text)
}

/// Where one of the characters first stands outside strings.
fn outside(css: &str, wanted: &[char]) -> Option<usize> {
    let mut quote = None;
    let mut is_escaped = false;
    css.char_indices()
        .find(|(_, c)| {
            if std::mem::take(&mut is_escaped) {
                return false;
            }
            match (quote, c) {
                (_, '\\') => is_escaped = true,
                (Some(open), c) if open == *c => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') => quote = Some(*c),
                (None, c) => return wanted.contains(c),
            }
            false
        })
        .map(|(at, _)| at)
}

/// One past the `}` that closes a block.
fn block_end(css: &str) -> usize {
    let (mut depth, mut at) = (1_usize, 0);
    while let Some(next) = css.get(at..).and_then(|rest| outside(rest, &['{', '}'])) {
        at += next + 1;
        if css.as_bytes().get(at - 1) == Some(&b'{') {
            depth += 1
        } else {
            depth -= 1
        }
        if depth == 0 {
            return at;
        }
    }
    css.len()
}

#[cfg(test)]
mod tests {
    use super::super::scan::{Scanner, Token};
    use super::*;

    fn says(css: &str, element: &str, nth: usize) -> Said {
        let mut sheet = Sheet::of(&format!("<p><style type=a>{css}</style>"));
        let Some(Token::Start(tag)) = Scanner::new(element).next() else { panic!("{element}") };
        sheet.says(&tag, &tag.name.to_ascii_lowercase(), nth)
    }

    #[test]
    fn what_is_put_before_and_behind_an_element_is_found_by_the_last_part_of_a_selector() {
        for css in [
            ".a::before{content:\"FR76\"}",
            "p > b.a:BEFORE, i { CONTENT : 'FR' \"\\37 6\" }",
            "@media screen{ b::before{content:\"}\"} .a::before{content:attr(data-n)} }",
            "/* { */ [data-n]::before{color:red;content:'FR76'}",
            "b:nth-child(2)::before{content:'FR76'}b:nth-child(3)::before{content:'no'}",
            "#x::before{content:'FR76'} .a::before{content:'no'} b::before{content:'no'}",
        ] {
            let said = says(css, "<b id=x class='k A' data-n='FR7&#54;'>", 2);
            assert_eq!(said.before.as_deref(), Some("FR76"), "{css}");
        }
        for css in [
            "@media print{.a::before{content:'FR76'}}",
            ".a:hover::before{content:'FR76'}",
            ".b::before{content:'FR76'}",
            ".a::before{content:'\\2022'}",
            ".a::before{content:''}",
        ] {
            assert_eq!(says(css, "<b class=a>", 1).before, None, "{css}");
        }
        assert_eq!(
            says(".a:after{content:'x;y' attr(b)}", "<b class=a b=z>", 1).behind.as_deref(),
            Some("x;yz")
        );
    }

    #[test]
    fn an_order_is_read_from_sheets() {
        let said = says(".r{display:flex;flex-direction:row-reverse}", "<p class=r>", 1).arranged;
        assert!(said.is_flex && said.is_reversed && !said.is_moved());
        assert_eq!(says("p{border:1px;order:-2}", "<p>", 1).arranged.order, Some(-2));
        assert!(says("p{border:1px}", "<p>", 1).arranged.order.is_none());
        assert_eq!(says("p{position:absolute;left:20px}", "<p>", 1).arranged.at(), Some((0.0, 20.0)));
    }
}
