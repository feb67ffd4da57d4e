//! A number as people group it: its digits, and where each group ends.

use super::fold::{Folded, from, is_superscript};

/// Digits read at most: the longest identifier made of digits alone, and some to see that it goes on.
const DIGITS_MAX: usize = 24;
/// Groups read at most: a SIRET written digit by digit has fourteen.
const GROUPS_MAX: usize = 16;

/// Digits from some place on, joined by at most one separator (two blanks) at a time.
pub(super) struct Digits {
    digits: [u8; DIGITS_MAX],
    len: usize,
    groups: [Group; GROUPS_MAX],
    count: usize,
    /// Something glued to the last group makes it part of a word.
    glued: bool,
    /// The character at which the reading stopped.
    stopped: Option<(char, Folded)>,
}

#[derive(Clone, Copy, Default)]
struct Group {
    /// Digits up to and with this group.
    upto: usize,
    /// One past its last byte.
    end: usize,
}

/// A stretch of digits that makes whole groups.
pub(super) struct Stretch<'a> {
    pub(super) digits: &'a [u8],
    /// One past its last byte.
    pub(super) end: usize,
    /// Digits of each group.
    pub(super) groups: Vec<usize>,
}

impl Digits {
    /// Reads from a digit on.
    pub(super) fn read(text: &str, start: usize) -> Self {
        let mut all = Self {
            digits: [0; DIGITS_MAX],
            len: 0,
            groups: [Group::default(); GROUPS_MAX],
            count: 1,
            glued: false,
            stopped: None,
        };
        let mut separators = 0;
        let mut separator = None;
        let mut line_ends = 0;
        for (end, c, folded) in from(text, start) {
            match folded {
                Folded::Alnum(byte @ b'0'..=b'9') if !is_superscript(c) => {
                    if separators > 0 {
                        if all.count == GROUPS_MAX {
                            break;
                        }
                        let upto = all.len;
                        if let Some(group) = all.groups.get_mut(all.count) {
                            *group = Group { upto, end };
                        }
                        all.count += 1;
                        separators = 0;
                        separator = None;
                    }
                    if !all.push(byte - b'0', end) {
                        break;
                    }
                }
                // One line end in the whole number: mail programs wrap there.
                Folded::Newline if line_ends == 0 || separator == Some(Folded::Newline) => {
                    line_ends = 1;
                    separators += 1;
                    separator = Some(Folded::Newline);
                }
                Folded::Space if separators < 2 => {
                    separators += 1;
                    separator = separator.or(Some(Folded::Space));
                }
                Folded::Dash | Folded::Dot if separators == 0 => {
                    separators += 1;
                    separator = Some(folded);
                }
                Folded::Alnum(_) | Folded::Word if separators == 0 && !is_superscript(c) => {
                    all.glued = true;
                    all.stopped = Some((c, folded));
                    break;
                }
                _ => {
                    all.stopped = Some((c, folded));
                    break;
                }
            }
        }
        all
    }

    fn push(&mut self, digit: u8, end: usize) -> bool {
        let Some(place) = self.digits.get_mut(self.len) else { return false };
        *place = digit;
        self.len += 1;
        let last = self.count.saturating_sub(1);
        if let Some(group) = self.groups.get_mut(last) {
            *group = Group { upto: self.len, end };
        }
        true
    }

    /// How many digits there are in all.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// How many digits the first group has.
    pub(super) fn first_group(&self) -> usize {
        self.groups.first().map_or(0, |group| group.upto)
    }

    /// A letter stands right behind the first group: it is a piece of a word.
    pub(super) const fn is_glued(&self) -> bool {
        self.glued && self.count == 1
    }

    /// The character at which the reading stopped; `None` at the end of the text, and where more was written than is read.
    pub(super) const fn stopped(&self) -> Option<(char, Folded)> {
        self.stopped
    }

    /// The first group is one that a number of people or companies begins with, whole or in its groups.
    pub(super) fn may_go_on(&self) -> bool {
        matches!(self.first_group(), 1 | 3 | 5 | 9 | 13)
    }

    /// The first `count` digits, if they make whole groups and nothing is glued behind them.
    pub(super) fn first(&self, count: usize) -> Option<Stretch<'_>> {
        let groups = self.groups.get(..self.count)?;
        let at = groups.iter().position(|group| group.upto == count)?;
        if self.glued && at + 1 == self.count {
            return None;
        }
        let mut before = 0;
        let sizes = groups.get(..=at)?.iter().map(|group| {
            let size = group.upto - before;
            before = group.upto;
            size
        });
        Some(Stretch { digits: self.digits.get(..count)?, end: groups.get(at)?.end, groups: sizes.collect() })
    }

    /// Digits of the group that starts behind the first `count` digits.
    pub(super) fn next_group(&self, count: usize) -> Option<usize> {
        let groups = self.groups.get(..self.count)?;
        let at = groups.iter().position(|group| group.upto == count)?;
        groups.get(at + 1).map(|group| group.upto - count)
    }
}

impl Stretch<'_> {
    /// The digits as text.
    pub(super) fn value(&self) -> String {
        self.digits.iter().filter_map(|digit| char::from_digit(u32::from(*digit), 10)).collect()
    }

    /// Written in one piece.
    pub(super) fn is_whole(&self) -> bool {
        self.groups.len() == 1
    }
}

/// The number the digits write. At most 19 digits fit.
pub(super) fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0_u64, |sum, digit| sum.wrapping_mul(10).wrapping_add(u64::from(*digit)))
}

/// Luhn, ISO/IEC 7812-1 annex B.
pub(super) fn luhn(digits: impl DoubleEndedIterator<Item = u8>) -> bool {
    let sum: u32 = digits
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(digit)) {
            (0, digit) => digit,
            (_, digit) => digit * 2 - if digit > 4 { 9 } else { 0 },
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_as_people_write_them() {
        let read = |text: &str, count| Digits::read(text, 0).first(count).map(|stretch| stretch.groups);
        assert_eq!(read("552 008 443 00013", 9), Some(vec![3, 3, 3]));
        assert_eq!(read("552 008 443 00013", 14), Some(vec![3, 3, 3, 5]));
        assert_eq!(read("552008443, 12", 9), Some(vec![9]));
        assert_eq!(read("552008443A", 9), None);
        assert_eq!(read("552008443\n00013", 14), Some(vec![9, 5]));
        assert_eq!(read("552008\n443\n00013", 14), None);
        assert_eq!(Digits::read("552 008 443 00013", 0).next_group(9), Some(5));
        assert_eq!(Digits::read("1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9", 0).len(), 16);
    }
}
