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

    /// A text of the group that is one slip away: the first by the alphabet of those that begin alike, else that end alike.
    pub(super) fn find(&self, group: &str, text: &str) -> Option<String> {
        if self.heads.is_empty() {
            return None;
        }
        let reversed: String = text.chars().rev().collect();
        let ends_alike = || Some(first(&self.tails, group, &reversed)?.chars().rev().collect());
        first(&self.heads, group, text).map(str::to_owned).or_else(ends_alike)
    }
}

fn key(group: &str, text: impl Iterator<Item = char>) -> String {
    let mut key = String::with_capacity(group.len() + 24);
    key.push_str(group);
    key.push('\n');
    key.extend(text);
    key
}

fn first<'a>(sorted: &'a [Box<str>], group: &str, text: &str) -> Option<&'a str> {
    let shared = text.chars().count().saturating_sub(2).div_ceil(2);
    let begins = key(group, text.chars().take(shared));
    let from = sorted.partition_point(|known| known.as_ref() < begins.as_str());
    let candidates = sorted.get(from..).unwrap_or(&[]).iter();
    candidates
        .take_while(|known| known.starts_with(&begins))
        .filter_map(|known| known.get(group.len() + 1..))
        .find(|known| is_one_slip(text, known))
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
            let all: Vec<&String> = known
                .iter()
                .filter(|(of, known)| *of == group && is_one_slip(&text, known))
                .map(|(_, known)| known)
                .collect();
            let found = near.find(&group, &text);
            prop_assert_eq!(found.is_some(), !all.is_empty());
            prop_assert!(found.is_none_or(|found| all.contains(&&found)));
        }
    }
}
