//! Which elements a reader does not see (case E05). Wrong guesses cost little: hidden and visible texts are both scanned.

use std::collections::HashSet;

use super::scan::Tag;

/// Rules of one document's style sheets that are remembered.
const RULES_MAX: usize = 1_000;

/// Selectors (`.class`, `#id`, in lower case) that style sheets of the document hide.
#[derive(Default)]
pub(super) struct Hiding(HashSet<String>);

impl Hiding {
    /// Reads a style sheet. Rules under `@media` depend on the reader and do not count.
    pub(super) fn learn(&mut self, css: &str) {
        let mut rest = css;
        while let Some((selectors, after)) = rest.split_once('{') {
            if selectors.trim_start().starts_with('@') {
                rest = after.get(block_end(after)..).unwrap_or("");
                continue;
            }
            let (declarations, after) = after.split_once('}').unwrap_or((after, ""));
            if self.0.len() < RULES_MAX && hides(declarations) {
                let simple = selectors.split(',').map(|selector| selector.trim().to_ascii_lowercase());
                self.0.extend(simple.filter(|selector| {
                    selector.starts_with(['.', '#']) && !selector.contains([' ', '>', ':', '+'])
                }));
            }
            rest = after;
        }
    }

    /// Whether the element of this tag is hidden, by itself.
    pub(super) fn hides(&self, tag: &Tag<'_>) -> bool {
        if tag.attribute("hidden").is_some() || tag.attribute("style").is_some_and(hides) {
            return true;
        }
        if tag.name.eq_ignore_ascii_case("font") && is_tiny_or_white_font(tag) {
            return true;
        }
        if self.0.is_empty() {
            return false;
        }
        let has = |mark: char, name: &str| self.0.contains(&format!("{mark}{}", name.to_ascii_lowercase()));
        tag.attribute("class").is_some_and(|classes| classes.split_whitespace().any(|class| has('.', class)))
            || tag.attribute("id").is_some_and(|id| has('#', id))
    }
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
            "font-size" if number(&value) == Some(0.0) => return true,
            "text-indent" | "left" | "top" | "margin-left"
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
