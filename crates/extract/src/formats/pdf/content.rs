//! The grammar of what a page draws (ISO 32000-1 §7.8.2): operands, then an operator. Total: what is no token is
//! counted and passed over, and the reading goes on behind it.

/// Operands kept for one operator, and in one list; earlier ones are dropped.
const OPERANDS_MAX: usize = 65_536;
/// Lists within lists.
const LISTS_DEPTH_MAX: usize = 16;
/// Bytes behind the end of an inline image that must look like operators again.
const AFTER_IMAGE: usize = 16;

/// One operand. A dictionary is the list of its keys and values.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Operand {
    Number(f32),
    Name(Vec<u8>),
    Text(Vec<u8>),
    List(Vec<Operand>),
}

impl Operand {
    pub(super) fn number(&self) -> Option<f32> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }
}

/// The operators of a stream, one after the other.
pub(super) struct Operations<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Bytes that were no token.
    pub(super) odd: usize,
}

impl<'a> Operations<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, odd: 0 }
    }

    /// The next operator, and its operands; `None` at the end. An inline image is passed over, as `BI`.
    pub(super) fn next(&mut self, operands: &mut Vec<Operand>) -> Option<&'a [u8]> {
        operands.clear();
        loop {
            self.space();
            self.peek()?;
            if let Some(operand) = self.operand(LISTS_DEPTH_MAX) {
                if operands.len() >= OPERANDS_MAX {
                    operands.clear();
                    self.odd += 1;
                }
                operands.push(operand);
                continue;
            }
            let word = self.word();
            match word {
                [] => {
                    self.odd += 1;
                    self.at += 1;
                }
                b"true" | b"false" | b"null" => operands.push(Operand::Name(word.to_vec())),
                b"BI" => {
                    self.image();
                    operands.clear();
                    return Some(word);
                }
                _ => return Some(word),
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b'%' => {
                    while self.peek().is_some_and(|byte| !matches!(byte, b'\r' | b'\n')) {
                        self.at += 1;
                    }
                }
                _ if is_space(byte) => self.at += 1,
                _ => return,
            }
        }
    }

    /// A run of regular characters.
    fn word(&mut self) -> &'a [u8] {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let len = rest.iter().position(|byte| !is_regular(*byte)).unwrap_or(rest.len());
        self.at += len;
        rest.get(..len).unwrap_or_default()
    }

    fn operand(&mut self, depth: usize) -> Option<Operand> {
        match self.peek()? {
            b'/' => {
                self.at += 1;
                Some(Operand::Name(unescaped(self.word())))
            }
            b'(' => Some(Operand::Text(self.literal())),
            b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => self.list(2, depth),
            b'<' => Some(Operand::Text(self.hexadecimal())),
            b'[' => self.list(1, depth),
            b'0'..=b'9' | b'+' | b'-' | b'.' => {
                let start = self.at;
                let found = number(self.word());
                if found.is_none() {
                    self.at = start;
                }
                found.map(Operand::Number)
            }
            _ => None,
        }
    }

    /// An array or a dictionary, opened by so many bytes.
    fn list(&mut self, open: usize, depth: usize) -> Option<Operand> {
        if depth == 0 {
            return None;
        }
        self.at += open;
        let mut all = Vec::new();
        loop {
            self.space();
            if let end @ (Some(b']' | b'>') | None) = self.peek() {
                self.odd += usize::from(end.is_none());
                // As many as opened it; a missing one is the other's end.
                for _ in 0..open {
                    if matches!(self.peek(), Some(b']' | b'>')) {
                        self.at += 1;
                    }
                }
                return Some(Operand::List(all));
            }
            match self.operand(depth - 1) {
                Some(operand) if all.len() < OPERANDS_MAX => all.push(operand),
                Some(_) => self.odd += 1,
                // `true`, `null`, the letter of a reference.
                None if !self.word().is_empty() => {}
                None => {
                    self.odd += 1;
                    self.at += 1;
                }
            }
        }
    }

    /// `(text)`, parentheses balanced, escapes undone.
    fn literal(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut open = 1_usize;
        let mut text = Vec::new();
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' => open -= 1,
                b'\\' => {
                    self.escape(&mut text);
                    continue;
                }
                _ => {}
            }
            if open == 0 {
                return text;
            }
            text.push(byte);
        }
        self.odd += 1;
        text
    }

    fn escape(&mut self, text: &mut Vec<u8>) {
        let Some(byte) = self.peek() else { return };
        self.at += 1;
        match byte {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' => text.push(8),
            b'f' => text.push(12),
            // The line goes on.
            b'\r' if self.peek() == Some(b'\n') => self.at += 1,
            b'\r' | b'\n' => {}
            b'0'..=b'7' => {
                let mut code = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek() else { break };
                    code = code * 8 + u32::from(digit - b'0');
                    self.at += 1;
                }
                // High-order overflow is ignored (§7.3.4.2).
                text.push(code.to_le_bytes()[0]);
            }
            other => text.push(other),
        }
    }

    /// `<6869>`; a missing last digit is zero.
    fn hexadecimal(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut digits = Vec::new();
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'>' => break,
                _ => match char::from(byte).to_digit(16) {
                    Some(digit) => digits.push(digit),
                    None if is_space(byte) => {}
                    None => self.odd += 1,
                },
            }
        }
        let pair = |pair: &[u32]| {
            let high = pair.first().copied().unwrap_or(0);
            u8::try_from(high * 16 + pair.get(1).copied().unwrap_or(0)).unwrap_or(0)
        };
        digits.chunks(2).map(pair).collect()
    }

    /// Passes over an inline image: its keys, `ID`, data, and an `EI` behind which operators go on.
    fn image(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let Some(data) = rest.windows(4).position(|bytes| {
            matches!(bytes, [before, b'I', b'D', after]
            if (is_space(*before) || *before == b'>' || *before == b']') && is_space(*after))
        }) else {
            self.odd += 1;
            return;
        };
        let mut at = data + 3;
        while let Some(end) = memchr::memmem::find(rest.get(at..).unwrap_or_default(), b"EI") {
            let end = at + end;
            let before = end.checked_sub(1).and_then(|at| rest.get(at));
            let behind = rest.get(end + 2..).unwrap_or_default();
            let is_word = before.is_some_and(|byte| is_space(*byte))
                && behind.first().is_none_or(|byte| is_space(*byte));
            let goes_on =
                behind.iter().take(AFTER_IMAGE).all(|byte| is_space(*byte) || (b' '..=b'~').contains(byte));
            if is_word && goes_on {
                self.at += end + 2;
                return;
            }
            at = end + 2;
        }
        self.odd += 1;
        self.at = self.bytes.len();
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// A number as PDF writes it, and as it is written by mistake (`--5`, `1.2.3`, `4-5`). Never infinite.
fn number(word: &[u8]) -> Option<f32> {
    let word = std::str::from_utf8(word).ok()?;
    let (sign, digits) = match word.trim_start_matches('+').strip_prefix('-') {
        Some(rest) => (-1.0, rest.trim_start_matches('-')),
        None => (1.0, word.trim_start_matches('+')),
    };
    let end = digits.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(digits.len());
    let (digits, rest) = digits.split_at(end);
    if !rest.is_empty() && !rest.starts_with('-') {
        return None;
    }
    let mut parts = digits.splitn(3, '.');
    let (whole, part) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if whole.is_empty() && part.is_empty() && !digits.contains('.') && digits.is_empty() && word.len() > 1 {
        return None;
    }
    let value: f32 = format!("0{whole}.{part}0").parse().ok()?;
    Some((sign * value).clamp(-1e9, 1e9))
}

/// A name, `#20` undone.
fn unescaped(name: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some((byte, behind)) = rest.split_first() {
        let digit = |at: usize| behind.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        if let (b'#', Some(high), Some(low)) = (byte, digit(0), digit(1)) {
            plain.push(u8::try_from(high * 16 + low).unwrap_or(b'#'));
            rest = behind.get(2..).unwrap_or_default();
        } else {
            plain.push(*byte);
            rest = behind;
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(source: &[u8]) -> (Vec<(String, Vec<Operand>)>, usize) {
        let mut operations = Operations::new(source);
        let (mut found, mut operands) = (Vec::new(), Vec::new());
        while let Some(operator) = operations.next(&mut operands) {
            found.push((String::from_utf8_lossy(operator).into_owned(), operands.clone()));
        }
        (found, operations.odd)
    }

    #[test]
    fn operands_of_every_kind() {
        use Operand::{List, Name, Number, Text};
        let (found, odd) = all(b"% note\n/F#31 12. Tf[(a\\)\\(b\\101(c)) -.5 <4a 4>]TJ -3 --4 +5.5 cm");
        assert_eq!(odd, 0);
        assert_eq!(found[0], ("Tf".into(), vec![Name(b"F1".to_vec()), Number(12.0)]));
        let list = vec![Text(b"a)(bA(c)".to_vec()), Number(-0.5), Text(b"J@".to_vec())];
        assert_eq!(found[1], ("TJ".into(), vec![List(list)]));
        assert_eq!(found[2].1, [Number(-3.0), Number(-4.0), Number(5.5)]);
        let (found, _) = all(b"/Span <</ActualText (x) /Deep <</A [1 2]>>>> BDC");
        let Some(List(pairs)) = found[0].1.get(1) else { panic!("{found:?}") };
        assert_eq!(pairs[1], Text(b"x".to_vec()));
    }

    #[test]
    fn what_is_no_token_is_counted_and_the_rest_is_read() {
        let (found, odd) = all(b"BT ) (a) Tj > ] } (b) Tj");
        let texts: Vec<&Operand> = found.iter().filter_map(|(_, operands)| operands.last()).collect();
        assert_eq!(texts, [&Operand::Text(b"a".to_vec()), &Operand::Text(b"b".to_vec())]);
        assert_eq!(odd, 4);
    }

    #[test]
    fn an_inline_image_hides_nothing_behind_it() {
        let (found, odd) = all(b"BI /W 2 /H 2 /F /Fl ID \x00 EI\x01\xff EI\xffx\nEI Q (suite) Tj");
        assert_eq!(found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["BI", "Q", "Tj"]);
        assert_eq!(odd, 0);
        assert_eq!(all(b"BI /W 2 ID \x00\x01").1, 1);
    }
}
