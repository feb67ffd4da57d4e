//! Elements that are shown in another order than the document has them: `flex` turned round, `order`, floats to the right, places
//! on the page. Read in that order, beside the order of the document.

/// Letters kept of each end of a long part: what is parted is read, and the whole is not read twice.
const END_CHARS: usize = 100;
/// Letters of parts that are pieces of a word, and of those that may be.
const LETTERS: usize = 3;
const PIECES: usize = 6;

/// How an element is put among its neighbours, as far as it was said.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Arranged {
    /// Its children stand in a row or column by their `order`.
    pub(super) is_flex: bool,
    /// The last of them first.
    pub(super) is_reversed: bool,
    /// Its own place among the children of such an element.
    pub(super) order: Option<i32>,
    /// It stands right of what follows it.
    pub(super) is_right: bool,
    /// Where it stands by itself: from the top, from the left.
    pub(super) top: Option<f32>,
    pub(super) left: Option<f32>,
    is_placed: bool,
}

impl Arranged {
    /// Where it stands by itself, if it does.
    pub(super) fn at(&self) -> Option<(f32, f32)> {
        (self.is_placed && self.left.or(self.top).is_some())
            .then(|| (self.top.unwrap_or(0.0), self.left.unwrap_or(0.0)))
    }

    /// Its place differs from where the document has it.
    pub(super) fn is_moved(&self) -> bool {
        self.order.is_some() || self.is_right || self.at().is_some()
    }

    /// Adds what declarations say; `declarations` are in small letters.
    pub(super) fn read(&mut self, declarations: &str) {
        for (property, value) in declarations.split(';').filter_map(|one| one.split_once(':')) {
            let value = value.trim().trim_end_matches("!important").trim();
            match property.trim() {
                "display" => self.is_flex |= value.contains("flex") || value.contains("grid"),
                "flex-direction" | "flex-flow" => {
                    self.is_flex = true;
                    self.is_reversed = value.contains("-reverse");
                }
                "order" => self.order = value.parse().ok(),
                "float" => self.is_right = value == "right",
                "position" => self.is_placed = matches!(value, "absolute" | "fixed"),
                "left" => self.left = length(value),
                "top" => self.top = length(value),
                _ => {}
            }
        }
    }
}

fn length(value: &str) -> Option<f32> {
    let end = value.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-'));
    value.get(..end.unwrap_or(value.len()))?.parse().ok()
}

/// Whether declarations, in small letters, may say something of an order.
pub(super) fn may_arrange(declarations: &str) -> bool {
    // `border` is in every second rule.
    let is_property = |(at, _): (usize, &str)| {
        !declarations
            .get(..at)
            .is_some_and(|before| before.ends_with(|c: char| c.is_alphanumeric() || c == '-'))
    };
    ["flex", "float", "absolute", "fixed", "grid", "\\"].iter().any(|word| declarations.contains(word))
        || declarations.match_indices("order").any(is_property)
}

/// A child of an element, and where its text stands.
pub(super) struct Part {
    pub(super) from: usize,
    pub(super) end: usize,
    pub(super) arranged: Arranged,
}

/// The children of one element whose places are known.
#[derive(Default)]
pub(super) struct Parts(Vec<Part>);

impl Parts {
    pub(super) fn push(&mut self, part: Part) {
        self.0.push(part);
    }

    /// The parts as shown, if that is another order than theirs in `visible`.
    pub(super) fn shown(&self, of: Arranged, visible: &str) -> Option<String> {
        let all = &self.0;
        let mut order: Vec<usize> = (0..all.len()).collect();
        let arranged = |at: &usize| all.get(*at).map(|part| part.arranged).unwrap_or_default();
        if all.iter().filter(|part| part.arranged.at().is_some()).count() > 1 {
            order.retain(|at| arranged(at).at().is_some());
            let place = |at: &usize| arranged(at).at().unwrap_or_default();
            order.sort_by(|a, b| {
                let ((y, x), (v, u)) = (place(a), place(b));
                y.total_cmp(&v).then(x.total_cmp(&u))
            });
        } else if of.is_flex || all.iter().any(|part| part.arranged.order.is_some()) {
            order.sort_by_key(|at| arranged(at).order.unwrap_or(0));
            if of.is_reversed {
                order.reverse();
            }
        } else {
            order.retain(|at| arranged(at).is_right);
            order.reverse();
        }
        if order.is_sorted() {
            return None;
        }
        let texts =
            order.iter().filter_map(|at| all.get(*at)).filter_map(|part| visible.get(part.from..part.end));
        let texts: Vec<String> =
            texts.map(|text| ends(text.trim())).filter(|text| !text.is_empty()).collect();
        joined(&texts)
    }
}

/// Texts that stand side by side: pieces of one word, words, or what may be either. `None` where there are none.
pub(super) fn joined(texts: &[String]) -> Option<String> {
    let longest = texts.iter().map(|text| text.chars().count()).max()?;
    let (glued, apart) = (texts.concat(), texts.join(" "));
    Some(if longest <= LETTERS {
        glued
    } else if longest <= PIECES {
        format!("{apart}\n{glued}")
    } else {
        apart
    })
}

/// A text, or both ends of a long one.
fn ends(text: &str) -> String {
    let Some((head, _)) = text.char_indices().nth(END_CHARS) else { return text.to_owned() };
    let tail = text.char_indices().rev().nth(END_CHARS - 1).map_or(0, |(at, _)| at);
    if tail <= head {
        return text.to_owned();
    }
    format!("{}\n{}", text.get(..head).unwrap_or(""), text.get(tail..).unwrap_or(""))
}
