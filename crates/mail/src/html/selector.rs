//! Which elements a rule of a style sheet is about, by the last part of its selector (Selectors 4).

use super::scan::Tag;

/// Which part of an element a rule is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    Within,
    Behind,
}

/// The last part of a selector: `name.class#id[attribute]:nth-child(2)`.
#[derive(Default)]
pub(super) struct Selector {
    name: Option<String>,
    classes: Vec<String>,
    ids: Vec<String>,
    attributes: Vec<String>,
    nth: Option<usize>,
}

impl Selector {
    /// What an element must have, in small letters; `*` for nothing that has a name.
    pub(super) fn key(&self) -> String {
        let id = self.ids.first().map(|id| format!("#{id}"));
        let class = self.classes.first().map(|class| format!(".{class}"));
        id.or(class).or_else(|| self.name.clone()).unwrap_or_else(|| "*".to_owned()).to_ascii_lowercase()
    }

    /// How much it weighs against others (§15): ids, then classes and attributes, then names.
    pub(super) fn weight(&self) -> (usize, usize, usize) {
        let classes = self.classes.len() + self.attributes.len() + usize::from(self.nth.is_some());
        (self.ids.len(), classes, usize::from(self.name.is_some()))
    }

    pub(super) fn is_of(&self, tag: &Tag<'_>, name: &str, nth: usize) -> bool {
        let has_class = |wanted: &String| {
            let classes = tag.attribute("class").unwrap_or("");
            classes.split_whitespace().any(|class| class.eq_ignore_ascii_case(wanted))
        };
        let has_id =
            |wanted: &String| tag.attribute("id").is_some_and(|id| id.trim().eq_ignore_ascii_case(wanted));
        self.name.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(name))
            && self.nth.is_none_or(|wanted| wanted == nth)
            && self.classes.iter().all(has_class)
            && self.ids.iter().all(has_id)
            && self.attributes.iter().all(|wanted| tag.attribute(wanted).is_some())
    }
}

/// The last part of a selector and the side it is about; `None` for what depends on what its reader does, or cannot be told.
pub(super) fn parsed(selector: &str) -> Option<(Selector, Side)> {
    let last =
        selector.rfind([' ', '>', '+', '~']).map_or(selector, |at| selector.get(at + 1..).unwrap_or(""));
    let mut selector = Selector::default();
    let mut side = Side::Within;
    let mut rest = last;
    while let Some(mark) = rest.chars().next() {
        let after = rest.get(mark.len_utf8()..).unwrap_or("");
        let is_end = |c: char| matches!(c, '.' | '#' | ':' | '[');
        let end = match mark {
            '[' => after.find(']').map_or(after.len(), |at| at + 1),
            _ => after.find(is_end).unwrap_or(after.len()),
        };
        let (word, behind) = after.split_at_checked(end).unwrap_or((after, ""));
        match mark {
            '*' => {}
            '.' => selector.classes.push(word.to_owned()),
            '#' => selector.ids.push(word.to_owned()),
            '[' => {
                let name = word.split(['=', ']', '~', '|', '^', '$', '*']).next().unwrap_or("");
                selector.attributes.push(name.trim().to_owned());
            }
            // The first colon of two.
            ':' if word.is_empty() => {}
            ':' => match word.to_ascii_lowercase().as_str() {
                "before" => side = Side::Before,
                "after" => side = Side::Behind,
                "first-child" | "first-of-type" => selector.nth = Some(1),
                word => selector.nth = Some(nth(word)?),
            },
            _ => selector.name = Some(format!("{mark}{word}")),
        }
        rest = behind;
    }
    (!last.is_empty()).then_some((selector, side))
}

/// The number in `nth-child(2)`.
fn nth(word: &str) -> Option<usize> {
    let number = word.strip_prefix("nth-child(").or_else(|| word.strip_prefix("nth-of-type("))?;
    number.trim_end_matches(')').trim().parse().ok()
}
