//! Which elements a reader does not see (case E05). Wrong guesses cost little: hidden and visible texts are both scanned.

use std::borrow::Cow;
use std::collections::HashSet;

use super::scan::Tag;
use super::unseen;

/// Rules of one document's style sheets that are remembered.
const RULES_MAX: usize = 1_000;

/// Selectors (`.class`, `#id`, `name`, `name.class`, in lower case) that style sheets of the document hide.
#[derive(Default)]
pub(super) struct Hiding(HashSet<String>);

impl Hiding {
    /// Reads a style sheet. Rules that depend on the reader (the width of a screen, paper) do not count.
    pub(super) fn learn(&mut self, css: &str) {
        let css = plain(css);
        let mut rest = css.as_ref();
        while let Some((selectors, after)) = rest.split_once('{') {
            // The end of a block that was looked into.
            let selectors = selectors.trim_start_matches(|c: char| c == '}' || c.is_whitespace());
            if selectors.starts_with('@') {
                let skipped = if is_for_everybody(selectors) { 0 } else { block_end(after) };
                rest = after.get(skipped..).unwrap_or("");
                continue;
            }
            let (declarations, after) = after.split_once('}').unwrap_or((after, ""));
            if self.0.len() < RULES_MAX && hides(declarations) {
                let simple = selectors.split(',').map(|selector| selector.trim().to_ascii_lowercase());
                self.0.extend(simple.filter(|selector| {
                    !selector.is_empty() && !selector.contains([' ', '>', ':', '+', '~', '*', '[', '}'])
                }));
            }
            rest = after;
        }
    }

    /// Whether the element of this tag is hidden, by itself.
    pub(super) fn hides(&self, tag: &Tag<'_>) -> bool {
        if tag.attribute("hidden").is_some()
            || tag.attribute("style").is_some_and(|style| hides(&plain(style)))
        {
            return true;
        }
        if tag.name.eq_ignore_ascii_case("font") && is_tiny_or_white_font(tag) {
            return true;
        }
        if self.0.is_empty() {
            return false;
        }
        let element = tag.name.to_ascii_lowercase();
        let has = |mark: char, name: &str| {
            let own = format!("{element}{mark}{}", name.to_ascii_lowercase());
            self.0.contains(&own) || own.get(element.len()..).is_some_and(|any| self.0.contains(any))
        };
        self.0.contains(&element)
            || tag
                .attribute("class")
                .is_some_and(|classes| classes.split_whitespace().any(|class| has('.', class)))
            || tag.attribute("id").is_some_and(|id| has('#', id))
    }
}

/// A group of rules that every screen obeys.
pub(super) fn is_for_everybody(prelude: &str) -> bool {
    let prelude = prelude.to_ascii_lowercase();
    (prelude.starts_with("@media")
        && !prelude.contains('(')
        && !prelude.contains("print")
        && !prelude.contains("not "))
        || prelude.starts_with("@layer")
}

/// Styles without comments, their escapes opened (CSS Syntax 3 §4.3.7).
fn plain(css: &str) -> Cow<'_, str> {
    if memchr::memmem::find(css.as_bytes(), b"/*").is_none()
        && memchr::memchr(b'\\', css.as_bytes()).is_none()
    {
        return Cow::Borrowed(css);
    }
    let out = unseen::without_comments(css);
    Cow::Owned(if out.contains('\\') { unseen::string(&out, '\0').0 } else { out })
}

/// One past the `}` that closes a block.
fn block_end(css: &str) -> usize {
    let mut depth = 1usize;
    for (at, byte) in css.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    css.len()
}

fn is_tiny_or_white_font(tag: &Tag<'_>) -> bool {
    tag.attribute("color").is_some_and(|color| is_white(&color.to_ascii_lowercase()))
        || tag.attribute("size").is_some_and(|size| size.trim() == "0")
}

/// Whether declarations make an element invisible.
fn hides(declarations: &str) -> bool {
    let (mut white, mut background) = (false, false);
    let mut zero_box = (false, false);
    for declaration in declarations.split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let property = property.trim().to_ascii_lowercase();
        let value = value.trim().trim_end_matches("!important").trim().to_ascii_lowercase();
        match property.as_str() {
            "display" if value == "none" => return true,
            "visibility" if value == "hidden" || value == "collapse" => return true,
            "mso-hide" if value == "all" => return true,
            "opacity" if number(&value).is_some_and(|opacity| opacity <= 0.05) => return true,
            "font-size" if number(&value).is_some_and(|size| size <= 1.0) && !value.ends_with("em") => {
                return true;
            }
            "font-size" if number(&value).is_some_and(|size| size <= 0.1) => return true,
            "font" if is_tiny_font(&value) => return true,
            "clip" | "clip-path" if clips_all(&value) => return true,
            "transform" if scales_to_nothing(&value) => return true,
            "scale" if number(&value) == Some(0.0) => return true,
            "text-indent" | "left" | "top" | "right" | "bottom" | "margin-left" | "margin-top"
                if number(&value).is_some_and(|at| at <= -900.0) =>
            {
                return true;
            }
            "color" => white = is_white(&value) || value == "transparent",
            "background" | "background-color" => background = !is_white(&value),
            "max-height" | "height" | "max-width" | "width" if number(&value) == Some(0.0) => {
                zero_box.0 = true
            }
            "overflow" if value == "hidden" => zero_box.1 = true,
            _ => {}
        }
    }
    (white && !background) || zero_box == (true, true)
}

/// The size in the shorthand: the first token that begins with a digit, but for weights, which are 100 and more.
fn is_tiny_font(value: &str) -> bool {
    let size =
        value.split_whitespace().find(|token| token.starts_with(|c: char| c.is_ascii_digit() || c == '.'));
    size.is_some_and(|size| {
        let size = size.split('/').next().unwrap_or(size);
        number(size).is_some_and(|number| number <= 0.1 || (number <= 1.0 && !size.ends_with("em")))
    })
}

/// A box of no size, an inset of half and more, a circle of nothing.
fn clips_all(value: &str) -> bool {
    let Some((shape, sides)) = value.split_once('(') else { return false };
    let sides = sides.split(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-'));
    let mut sides = sides.filter_map(|side| side.parse::<f32>().ok()).peekable();
    let has_sides = sides.peek().is_some();
    has_sides
        && match shape.trim() {
            "rect" => sides.all(|side| side <= 1.0),
            "inset" => sides.all(|side| side >= 50.0) && value.contains('%'),
            "circle" | "ellipse" => sides.next() == Some(0.0),
            _ => false,
        }
}

/// `scale(0)`, of either side.
fn scales_to_nothing(value: &str) -> bool {
    value.split("scale").skip(1).any(|scale| {
        let factors = scale.trim_start_matches(|c: char| c.is_ascii_alphanumeric()).strip_prefix('(');
        factors.is_some_and(|factors| number(factors.trim_start()).is_some_and(|factor| factor <= 0.01))
    })
}

/// The number a CSS value starts with.
fn number(value: &str) -> Option<f32> {
    let end = value.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '+'));
    value.get(..end.unwrap_or(value.len()))?.parse().ok()
}

fn is_white(value: &str) -> bool {
    matches!(
        value.replace(' ', "").as_str(),
        "white" | "#fff" | "#ffffff" | "#fefefe" | "#fdfdfd" | "rgb(255,255,255)" | "rgba(255,255,255,1)"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reader_does_not_see_is_hidden_however_it_is_written() {
        for style in [
            "font:0/0 a",
            "font: bold 0px Arial",
            "font-size:0.01em",
            "position:absolute;clip:rect(0,0,0,0)",
            "clip-path:inset(100%)",
            "transform:scale(0)",
            "transform:scaleX(0)",
            "position:absolute;right:-9999px",
            "display:/**/none",
            "d\\69splay:none",
        ] {
            assert!(hides(&plain(style)), "{style}");
        }
        for style in [
            "font:700 12px Arial",
            "font:12px/1.5 Arial",
            "clip:rect(0,60px,20px,0)",
            "transform:scale(1.05)",
        ] {
            assert!(!hides(&plain(style)), "{style}");
        }
    }

    #[test]
    fn sheets_hide_by_name_and_class_and_only_for_everybody() {
        let learned = |css: &str| {
            let mut hiding = Hiding::default();
            hiding.learn(css);
            hiding.0
        };
        for css in [
            "span.k{display:none}",
            "@media screen{span.k{display:none}} p{color:red}",
            "/*{*/span.k{display:none}",
        ] {
            assert!(learned(css).contains("span.k"), "{css}");
        }
        assert!(
            learned("@media (max-width:480px){.k{display:none}} @media print{.l{display:none}}").is_empty()
        );
        assert!(learned("@media screen{.a{color:red}} .k{display:none}").contains(".k"));
    }
}
