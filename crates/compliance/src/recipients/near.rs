//! Which of many texts are one slip away from a given one, without comparing them all.
//!
//! A slip touches two letters at most. What it leaves stands before and behind it, so two texts one slip apart share their first
//! half or their last: only those that do are compared.

use super::lookalike::is_one_slip;

/// Texts in groups, sorted by how they begin and by how they end.
#[derive(Default)]
pub(super) struct Near {
    heads: Vec<Box<str>>,
    tails: Vec<Box<str>>,
}

impl Near {
    /// Pairs of a group and a text of it; a group has no line end.
    pub(super) fn new<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut near = Self::default();
        for (group, text) in pairs {
            near.heads.push(key(group, text.chars()).into());
            near.tails.push(key(group, text.chars().rev()).into());
        }
        near.heads.sort_unstable();
        near.heads.dedup();
        near.tails.sort_unstable();
        near.tails.dedup();
        near
    }

    /// Whether a text of the group is one slip away.
    pub(super) fn find(&self, group: &str, text: &str) -> bool {
        if self.heads.is_empty() {
            return false;
        }
        let reversed: String = text.chars().rev().collect();
        stands(&self.heads, group, text) || stands(&self.tails, group, &reversed)
    }
}

fn key(group: &str, text: impl Iterator<Item = char>) -> String {
    let mut key = String::with_capacity(group.len() + 24);
    key.push_str(group);
    key.push('\n');
    key.extend(text);
    key
}

fn stands(sorted: &[Box<str>], group: &str, text: &str) -> bool {
    let shared = text.chars().count().saturating_sub(2).div_ceil(2);
    let begins = key(group, text.chars().take(shared));
    let first = sorted.partition_point(|known| known.as_ref() < begins.as_str());
    let candidates = sorted.get(first..).unwrap_or(&[]).iter();
    candidates
        .take_while(|known| known.starts_with(&begins))
        .any(|known| known.get(group.len() + 1..).is_some_and(|known| is_one_slip(text, known)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The shortcut answers as comparing all would.
        #[test]
        fn nothing_is_missed(
            known in prop::collection::vec(("[xy]", "[ab1é.]{0,9}"), 0..40),
            group in "[xy]",
            text in "[ab1é.]{0,9}",
        ) {
            let near = Near::new(known.iter().map(|(group, text)| (group.as_str(), text.as_str())));
            let all = known.iter().any(|(of, known)| *of == group && is_one_slip(&text, known));
            prop_assert_eq!(near.find(&group, &text), all);
        }
    }
}
