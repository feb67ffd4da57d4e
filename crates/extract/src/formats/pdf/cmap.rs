//! `ToUnicode`: what the codes of a font stand for, as the file says (ISO 32000-1 §9.10.3).

use std::collections::HashMap;

use super::content::{Operand, Operations};

/// Codes told of one font, and ranges of codes.
const CODES_MAX: usize = 65_536;
const RANGES_MAX: usize = 10_000;

/// A map from codes of one to four bytes to text, as UTF-16.
#[derive(Default)]
pub(super) struct ToUnicode {
    codes: HashMap<(usize, u32), Vec<u16>>,
    ranges: Vec<Range>,
}

struct Range {
    len: usize,
    first: u32,
    last: u32,
    text: Vec<u16>,
}

impl ToUnicode {
    /// Reads a map; `None` when nothing in it is one.
    pub(super) fn of(source: &[u8]) -> Option<Self> {
        let mut map = Self::default();
        let mut operations = Operations::new(source);
        let mut operands = Vec::new();
        while let Some(operator) = operations.next(&mut operands) {
            match operator {
                b"endbfchar" => operands.chunks(2).for_each(|pair| map.code(pair)),
                b"endbfrange" => operands.chunks(3).for_each(|three| map.range(three)),
                _ => {}
            }
        }
        (!map.codes.is_empty() || !map.ranges.is_empty()).then_some(map)
    }

    /// What a code stands for; nothing where the map says nothing, or that it does not know.
    pub(super) fn text(&self, bytes: &[u8]) -> Option<String> {
        let code = number(bytes)?;
        let units = match self.codes.get(&(bytes.len(), code)) {
            Some(units) => units.clone(),
            None => {
                let covers =
                    |range: &&Range| range.len == bytes.len() && (range.first..=range.last).contains(&code);
                let range = self.ranges.iter().rev().find(covers)?;
                let mut units = range.text.clone();
                // Of several units the last one counts up.
                let step = u16::try_from(code - range.first).unwrap_or(0);
                if let Some(last) = units.last_mut() {
                    *last = last.wrapping_add(step);
                }
                units
            }
        };
        let text = String::from_utf16_lossy(&units);
        (!text.is_empty() && !text.contains(['\u{fffd}', '\0'])).then_some(text)
    }

    fn code(&mut self, pair: &[Operand]) {
        if let [Operand::Text(code), Operand::Text(text)] = pair
            && let Some(number) = number(code)
            && self.codes.len() < CODES_MAX
        {
            self.codes.insert((code.len(), number), units(text));
        }
    }

    fn range(&mut self, three: &[Operand]) {
        let [Operand::Text(first), Operand::Text(last), target] = three else { return };
        let (Some(from), Some(to)) = (number(first), number(last)) else { return };
        match target {
            Operand::Text(text) if self.ranges.len() < RANGES_MAX => {
                self.ranges.push(Range { len: first.len(), first: from, last: to, text: units(text) });
            }
            Operand::List(texts) => {
                for (code, text) in (from..=to).zip(texts) {
                    if let Operand::Text(text) = text
                        && self.codes.len() < CODES_MAX
                    {
                        self.codes.insert((first.len(), code), units(text));
                    }
                }
            }
            _ => {}
        }
    }
}

fn number(code: &[u8]) -> Option<u32> {
    let is_code = (1..=4).contains(&code.len());
    is_code.then(|| code.iter().fold(0, |code, byte| code << 8 | u32::from(*byte)))
}

fn units(text: &[u8]) -> Vec<u16> {
    match text {
        [one] => vec![u16::from(*one)],
        _ => text.as_chunks().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_ranges_of_every_length() {
        let map = ToUnicode::of(
            b"/CIDInit /ProcSet findresource begin begincmap << /Registry (A) >> def\n\
              2 beginbfchar <01> <0041> <0002> <d83dde00> endbfchar\n\
              2 beginbfrange <0010><0012><0030> <0020><0021>[<00660069> <78>] endbfrange endcmap",
        )
        .unwrap();
        for (code, text) in [
            (&[1][..], Some("A")),
            (&[0, 1], None),
            (&[0, 2], Some("😀")),
            (&[0, 0x12], Some("2")),
            (&[0, 0x13], None),
            (&[0, 0x20], Some("fi")),
            (&[0, 0x21], Some("x")),
            (&[], None),
            (&[0, 0, 0, 0, 1], None),
        ] {
            assert_eq!(map.text(code).as_deref(), text, "{code:?}");
        }
        assert!(ToUnicode::of(b"nothing at all").is_none());
        let odd = ToUnicode::of(b"<00> <ffffffff> <ffff> endbfrange <01> <fffd> <02> endbfchar").unwrap();
        assert_eq!(odd.text(&[1]), None);
    }
}
