//! Domains that look like another: letters of other alphabets, letters that read alike, one slip, one's own name elsewhere.

use std::collections::{BTreeMap, HashMap};

use super::domains::Domains;
use super::near::Near;
use super::punycode::to_unicode;
use crate::OrganisationFacts;
use crate::words::latin;

/// A name shorter than this has honest neighbours one letter away.
const NAME_CHARS_MIN: usize = 5;

/// The domains a recipient's is held to.
pub(super) struct Known {
    /// The organisation's, the group's and the known ones.
    domains: Domains,
    /// Every one of them by how it looks.
    skeletons: HashMap<String, Box<str>>,
    /// The organisation's and the group's own domains by how their names look.
    own_names: BTreeMap<String, Box<str>>,
    /// Those long enough to have no honest neighbour one letter away.
    near: Near,
}

impl Known {
    pub(super) fn new(organisation: &OrganisationFacts) -> Self {
        let own = || organisation.domains.iter().chain(&organisation.group_domains);
        let all = || own().chain(&organisation.known_domains);
        let long = all().filter(|known| name_of(known).chars().count() >= NAME_CHARS_MIN);
        let mut skeletons = HashMap::new();
        for known in all() {
            skeletons.entry(skeleton(known)).or_insert_with(|| known.as_str().into());
        }
        let mut own_names = BTreeMap::new();
        for known in own() {
            let looks = skeleton(known);
            let name = name_of(&looks);
            if name.chars().count() >= NAME_CHARS_MIN {
                own_names.entry(name.to_owned()).or_insert_with(|| known.as_str().into());
            }
        }
        Self {
            domains: Domains::new(all()),
            skeletons,
            own_names,
            near: Near::new(long.map(|domain| ("", domain.as_str()))),
        }
    }

    /// The known domain that one looks like and is not, nor under it.
    pub(super) fn resembled(&self, domain: &str) -> Option<String> {
        if self.domains.own(domain) {
            return None;
        }
        let looks = skeleton(domain);
        let name = name_of(&looks);
        let holds =
            || self.own_names.iter().find(|(own, _)| holds_as_word(name, own)).map(|(_, known)| known);
        let known = self.skeletons.get(&looks).or_else(|| self.own_names.get(name)).or_else(holds);
        known.map(|known| known.to_string()).or_else(|| self.near.find("", domain))
    }
}

/// One letter more, one less, another, or two that changed places; never a digit, which makes another of a series.
pub(super) fn is_one_slip(a: &str, b: &str) -> bool {
    if a.len().abs_diff(b.len()) > 4 {
        return false;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (a, b) = (a.get(same..).unwrap_or(&[]), b.get(same..).unwrap_or(&[]));
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let middle = |side: &[char]| side.get(..side.len() - tail.min(side.len())).unwrap_or(&[]).to_vec();
    let (left, right) = (middle(a), middle(b));
    let letters = |side: &[char]| side.iter().all(|c| !c.is_ascii_digit());
    letters(&left)
        && letters(&right)
        && match (left.as_slice(), right.as_slice()) {
            ([], [_]) | ([_], []) | ([_], [_]) => true,
            ([x, y], [v, w]) => x == w && y == v,
            // A doubled letter leaves an overlap of the common head and tail.
            ([], []) => a.len().abs_diff(b.len()) == 1,
            _ => false,
        }
}

/// A domain as it looks to a hurried reader: small Latin letters, no hyphens, `rn` an `m`, `0` an `o`, `1` and `i` an `l`.
fn skeleton(domain: &str) -> String {
    let unicode = to_unicode(domain);
    let mut out = String::with_capacity(unicode.len());
    for c in unicode.chars().flat_map(char::to_lowercase) {
        match latin(unaccented(c)) {
            '-' => {}
            '0' => out.push('o'),
            '1' | 'i' | '|' => out.push('l'),
            '5' => out.push('s'),
            'n' if out.ends_with('r') => {
                out.pop();
                out.push('m');
            }
            'v' if out.ends_with('v') => {
                out.pop();
                out.push('w');
            }
            c => out.push(c),
        }
    }
    out
}

fn unaccented(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    use unicode_normalization::UnicodeNormalization;
    std::iter::once(c).nfkd().next().unwrap_or(c)
}

/// The label before the suffix: `sableval` of `mail.sableval.example` and of `sableval.co.uk`; a domain of one label whole.
fn name_of(domain: &str) -> &str {
    let mut labels = domain.rsplit('.');
    let last = labels.next().unwrap_or(domain);
    let name = labels.next().unwrap_or(last);
    if name.len() <= 3 { labels.next().unwrap_or(name) } else { name }
}

/// `orveanebank` begins or ends with the name `orveane`.
fn holds_as_word(name: &str, own: &str) -> bool {
    name.len() > own.len() && (name.starts_with(own) || name.ends_with(own))
}
