//! A message's text made safe to show: every character escaped, the passages that were found marked and numbered,
//! characters that deceive the eye (bidirectional overrides, invisible joiners, controls) shown by their code.
//!
//! Promise, held by a property test: removing the numbers and tags, and reading entities and codes back, gives the
//! text again. Nothing of the text is ever lost, and nothing of it is ever markup.

use std::fmt;
use std::ops::Range;

use askama::filters::HtmlSafe;

/// HTML made by this module, and by nothing else: the one type templates do not escape.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SafeHtml {
    html: String,
    /// The numbers of the findings whose passages are marked in it, in order.
    drawn: Vec<u32>,
}

impl SafeHtml {
    /// The findings whose passages are marked in it, which a link can lead to.
    #[must_use]
    pub fn drawn(&self) -> &[u32] {
        &self.drawn
    }

    /// This, then another.
    #[must_use]
    pub fn then(mut self, next: Self) -> Self {
        self.html.push_str(&next.html);
        self.drawn.extend(next.drawn);
        self
    }
}

impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.html)
    }
}

impl HtmlSafe for SafeHtml {}

/// A passage that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// 1 (low) to 4 (critical); 4 is marked twice.
    pub severity: u8,
    /// The finding's number on the page.
    pub number: u32,
}

/// Escapes `text` and marks `spans` in it. Spans may overlap and come in any order; one that is empty, outside the
/// text, or cuts a character is drawn in to the characters it holds, or left out when it holds none. `said` is what
/// the number's link is called, `Constat` or `Finding`.
#[must_use]
pub fn highlight(text: &str, spans: &[Span], said: &str) -> SafeHtml {
    let spans = usable(text, spans);
    let mut edges: Vec<usize> = spans.iter().flat_map(|span| [span.start, span.end]).collect();
    edges.extend([0, text.len()]);
    edges.sort_unstable();
    edges.dedup();
    let mut html = Html::with_capacity(text.len() + text.len() / 8);
    for pair in edges.windows(2) {
        let &[from, to] = pair else { continue };
        let covering = spans.iter().filter(|span| span.start <= from && to <= span.end);
        html.segment(text, from..to, covering);
        for span in spans.iter().filter(|span| span.end == to) {
            html.number(span.number, said);
        }
    }
    SafeHtml { html: html.out, drawn: html.drawn }
}

/// Escapes `text`, marking nothing.
#[must_use]
pub fn plain(text: &str) -> SafeHtml {
    highlight(text, &[], "")
}

fn usable(text: &str, spans: &[Span]) -> Vec<Span> {
    let mut kept: Vec<Span> = spans
        .iter()
        .map(|span| Span {
            start: text.ceil_char_boundary(span.start),
            end: text.floor_char_boundary(span.end),
            ..*span
        })
        .filter(|span| span.start < span.end)
        .collect();
    kept.sort_by_key(|span| (span.start, span.number));
    kept
}

struct Html {
    out: String,
    /// The last character written, to tell a joiner inside an emoji from one inside a word.
    last: char,
    drawn: Vec<u32>,
}

impl Html {
    fn with_capacity(bytes: usize) -> Self {
        Self { out: String::with_capacity(bytes), last: '\n', drawn: Vec::new() }
    }

    fn segment<'a>(&mut self, text: &str, at: Range<usize>, covering: impl Iterator<Item = &'a Span>) {
        let (mut high, mut marked) = (false, false);
        for span in covering {
            marked = true;
            high |= span.severity >= 4;
            if span.start == at.start {
                self.out.push_str(&format!("<span id=\"c{}\" class=\"at\"></span>", span.number));
                self.drawn.push(span.number);
            }
        }
        if marked {
            self.out.push_str(if high {
                "<mark class=\"find find--high\">"
            } else {
                "<mark class=\"find\">"
            });
        }
        for (place, character) in text.get(at.clone()).unwrap_or_default().char_indices() {
            // A line ends with \n, whatever the message wrote, and wherever a passage ends.
            if character == '\r' && text.as_bytes().get(at.start + place + 1) == Some(&b'\n') {
                continue;
            }
            self.character(character);
        }
        if marked {
            self.out.push_str("</mark>");
        }
    }

    fn character(&mut self, character: char) {
        match character {
            '&' => self.out.push_str("&amp;"),
            '<' => self.out.push_str("&lt;"),
            '>' => self.out.push_str("&gt;"),
            '"' => self.out.push_str("&#34;"),
            '\'' => self.out.push_str("&#39;"),
            other if deceives(other, self.last) => {
                self.out.push_str(&format!("<span class=\"ctl\">U+{:04X}</span>", u32::from(other)));
            }
            other => self.out.push(other),
        }
        self.last = character;
    }

    fn number(&mut self, number: u32, said: &str) {
        self.out.push_str(&format!("<a class=\"no\" href=\"#k{number}\" aria-label=\""));
        for character in said.chars() {
            self.character(character);
        }
        self.out.push_str(&format!(" {number}\">{number}</a>"));
    }
}

/// Characters a reader does not see, or that change how others are seen.
fn deceives(character: char, before: char) -> bool {
    match character {
        '\n' | '\t' => false,
        // Inside an emoji the joiner belongs to the picture.
        '\u{200d}' => before < '\u{2000}',
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' => true,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{e0000}'..='\u{e0fff}' => true,
        other => other.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use regex::{Captures, Regex};

    /// What a reader of the page could reconstruct.
    fn read_back(html: &str) -> String {
        let numbers = Regex::new(r#"<a class="no" href="\#k\d+" aria-label="[^"]*">\d+</a>"#).unwrap();
        let codes = Regex::new(r#"<span class="ctl">U\+([0-9A-F]{4,6})</span>"#).unwrap();
        let tags = Regex::new(r#"<(/?mark( class="find( find--high)?")?|span id="c\d+" class="at"|/span)>"#)
            .unwrap();
        let html = numbers.replace_all(html, "");
        // The decoded control is put in last, so that it cannot be taken for markup.
        let html =
            codes.replace_all(&html, |found: &Captures<'_>| format!("\u{f0000}{}\u{f0000}", &found[1]));
        let html = tags.replace_all(&html, "");
        assert!(!html.contains(['<', '>', '"', '\'']), "unescaped: {html}");
        let text =
            html.replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", "\"").replace("&#39;", "'");
        let text = text.replace("&amp;", "&");
        let codes = Regex::new("\u{f0000}([0-9A-F]+)\u{f0000}").unwrap();
        codes
            .replace_all(&text, |found: &Captures<'_>| {
                char::from_u32(u32::from_str_radix(&found[1], 16).unwrap()).unwrap().to_string()
            })
            .into_owned()
    }

    fn span(start: usize, end: usize, severity: u8, number: u32) -> Span {
        Span { start, end, severity, number }
    }

    #[test]
    fn passages_are_marked_and_numbered() {
        let html = highlight("un prix de 41 € & plus", &[span(11, 17, 4, 2)], "Constat").to_string();
        assert_eq!(
            html,
            "un prix de <span id=\"c2\" class=\"at\"></span><mark class=\"find find--high\">41 €</mark>\
             <a class=\"no\" href=\"#k2\" aria-label=\"Constat 2\">2</a> &amp; plus"
        );
    }

    #[test]
    fn markup_in_a_message_is_text() {
        let html = plain("<script>alert('x')</script>").to_string();
        assert_eq!(html, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
    }

    #[test]
    fn what_deceives_the_eye_is_shown() {
        let cases = [
            ("invoice\u{202e}fdp.exe", "invoice<span class=\"ctl\">U+202E</span>fdp.exe"),
            ("dé\u{200b}lit", "dé<span class=\"ctl\">U+200B</span>lit"),
            ("de\u{200d}lit", "de<span class=\"ctl\">U+200D</span>lit"),
            ("👩\u{200d}💻", "👩\u{200d}💻"),
            ("a\u{0}b", "a<span class=\"ctl\">U+0000</span>b"),
            ("a\r\nb\rc", "a\nb<span class=\"ctl\">U+000D</span>c"),
        ];
        for (text, html) in cases {
            assert_eq!(plain(text).to_string(), html);
        }
    }

    #[test]
    fn a_span_that_cuts_a_character_is_drawn_in() {
        // "é" is bytes 0..2: a span over half of it holds nothing.
        assert_eq!(highlight("é!", &[span(1, 2, 1, 1)], "x").to_string(), "é!");
        assert!(
            highlight("é!", &[span(1, 99, 1, 1)], "x").to_string().contains("<mark class=\"find\">!</mark>")
        );
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_is_markup(
            text in "[\\PC<>&\"'\r\n\t\u{0}\u{200b}\u{202e}\u{200d}é€]{0,200}",
            spans in prop::collection::vec((0..260usize, 0..260usize, 1..5u8), 0..12),
        ) {
            // The private character the test's own reader uses.
            let text = text.replace('\u{f0000}', "");
            let spans: Vec<Span> = spans.iter().enumerate()
                .map(|(at, (start, end, severity))| span(*start, *end, *severity, at as u32 + 1)).collect();
            let html = highlight(&text, &spans, "Constat").to_string();
            prop_assert_eq!(read_back(&html), text.replace("\r\n", "\n"));
            let open = html.matches("<mark").count();
            prop_assert_eq!(open, html.matches("</mark>").count());
        }

        #[test]
        fn every_usable_span_is_found_by_its_number(
            text in "[a-zé ]{1,60}", start in 0..30usize, length in 1..30usize,
        ) {
            let wanted = [span(start, start + length, 2, 7)];
            let html = highlight(&text, &wanted, "Constat");
            let usable = usable(&text, &wanted).len();
            prop_assert_eq!(html.drawn(), &[7_u32, 7][..usable]);
            let html = html.to_string();
            prop_assert_eq!(html.matches("id=\"c7\"").count(), usable);
            prop_assert_eq!(html.matches("href=\"#k7\"").count(), usable);
        }
    }
}
