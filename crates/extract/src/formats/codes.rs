//! What Excel shows by codes: numbers by their formats, texts that formulas put together, the words above and below pages
//! (ECMA-376 part 1 §18.8.31, §18.3.1.46).

/// Characters of a format that is followed.
const CODE_MAX: usize = 1_024;
/// A larger number has no exact digits.
const NUMBER_MAX: f64 = 1e17;
/// Zeros in front that make a number of another length.
const ZEROS_MIN: usize = 2;

/// A format that shows more than the number: zeros in front, words around or within.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Code(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(char),
    /// A digit, shown as zero where there is none.
    Zero,
    /// A digit, if there is one.
    Digit,
}

impl Code {
    /// The first section of a format, for numbers from zero on; `None` where it is one of amounts, dates or fractions, or
    /// shows no more than the number.
    pub(crate) fn parse(code: &str) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut chars = code.chars();
        while let Some(c) = chars.next().filter(|_| pieces.len() < CODE_MAX) {
            match c {
                '"' => {
                    pieces.extend(chars.by_ref().take_while(|c| *c != '"').take(CODE_MAX).map(Piece::Literal))
                }
                '[' => drop(chars.by_ref().find(|c| *c == ']')),
                '\\' => pieces.extend(chars.next().map(Piece::Literal)),
                '_' | '*' => drop(chars.next()),
                ';' => break,
                '0' => pieces.push(Piece::Zero),
                '#' | '?' => pieces.push(Piece::Digit),
                '.' | ',' | '%' | '/' | '@' => return None,
                c if c.is_alphabetic() => return None,
                c => pieces.push(Piece::Literal(c)),
            }
        }
        let zeros = pieces.iter().filter(|piece| **piece == Piece::Zero).count();
        let says = |piece: &Piece| matches!(piece, Piece::Literal(c) if c.is_alphanumeric());
        (zeros >= ZEROS_MIN || pieces.iter().any(says)).then_some(Self(pieces))
    }

    /// The number as the format shows it.
    pub(crate) fn show(&self, number: f64) -> Option<String> {
        if !(0.0..NUMBER_MAX).contains(&number) {
            return None;
        }
        let digits = format!("{number:.0}");
        let mut left: Vec<char> = digits.chars().collect();
        let places = self.0.iter().filter(|piece| !matches!(piece, Piece::Literal(_))).count();
        let mut passed = 0;
        // From the right, as digits are counted.
        let mut shown: Vec<char> = Vec::new();
        for piece in self.0.iter().rev() {
            match piece {
                Piece::Literal(c) => shown.push(*c),
                piece => {
                    passed += 1;
                    let none = (*piece == Piece::Zero).then_some('0');
                    shown.extend(left.pop().or(none));
                    // The first place has all that are left.
                    if passed == places {
                        shown.extend(left.drain(..).rev());
                    }
                }
            }
        }
        Some(shown.iter().rev().collect())
    }
}

/// The words within a format.
pub(crate) fn words(code: &str) -> String {
    code.split('"').skip(1).step_by(2).collect::<Vec<_>>().join(" ")
}

/// The texts in a formula, one behind the other, where there are several: what it gives is not always kept beside it.
pub(crate) fn joined(formula: &str) -> Option<String> {
    let mut texts = 0;
    let mut joined = String::new();
    let mut rest = formula;
    while let Some((_, inner)) = rest.split_once('"') {
        let Some((text, after)) = inner.split_once('"') else { break };
        texts += 1;
        joined.push_str(text);
        rest = after;
    }
    (texts > 1).then_some(joined)
}

/// The words of a header or footer, without the codes that say how and where.
pub(crate) fn header(codes: &str) -> String {
    let mut words = String::new();
    let mut rest = codes;
    while let Some((before, code)) = rest.split_once('&') {
        words.push_str(before);
        let mut chars = code.chars();
        match chars.next() {
            // Left, middle and right.
            Some('L' | 'C' | 'R') => words.push('\t'),
            Some('&') => words.push('&'),
            // Page, pages, date, time, sheet, file.
            Some('P' | 'N' | 'D' | 'T' | 'A' | 'F' | 'Z') => words.push(' '),
            // The font, in quotes.
            Some('"') => drop(chars.by_ref().find(|c| *c == '"')),
            // Its colour.
            Some('K') => drop(chars.by_ref().nth(5)),
            // Its size.
            Some(c) if c.is_ascii_digit() => {
                rest = chars.as_str().trim_start_matches(|c: char| c.is_ascii_digit());
                continue;
            }
            _ => {}
        }
        rest = chars.as_str();
    }
    words.push_str(rest);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(code: &str, number: f64) -> Option<String> {
        Code::parse(code).and_then(|code| code.show(number))
    }

    #[test]
    fn numbers_are_shown_as_formats_say() {
        for (code, number, shown) in [
            ("00000", 1.0, "00001"),
            ("0000", 123_456.0, "123456"),
            ("\"FR76 3000 \"0", 189.0, "FR76 3000 189"),
            ("0000\\ 0000\"x\"00", 12_345.0, "0000 0123x45"),
            ("\"un mot\"", 1.0, "un mot"),
            ("##\"-\"00\"n\";[Red]0", 1_203.0, "12-03n"),
        ] {
            assert_eq!(show(code, number).as_deref(), Some(shown), "{code}");
        }
        for code in ["0", "General", "#,##0.00 \"x\"", "0%", "dd/mm/yyyy", "# ?/?", "@"] {
            assert_eq!(Code::parse(code), None, "{code}");
        }
        assert_eq!((show("00", -1.0), show("00", f64::NAN), show("00", 1e300)), (None, None, None));
    }

    #[test]
    fn texts_in_formulas_are_one() {
        assert_eq!(joined("CONCATENATE(\"FR76 \",\"3000\")").as_deref(), Some("FR76 3000"));
        assert_eq!(joined("IF(A1,\"x\",1)"), None);
        assert_eq!(joined("\"a\"&\"b"), None);
    }

    #[test]
    fn codes_of_headers_part_no_words() {
        assert_eq!(header("&CFR76 3000 &B6000&B 0112&\"Arial,Gras\"&12 3456"), "\tFR76 3000 6000 0112 3456");
        assert_eq!(header("R&&D &K0000FFx&P/&N&"), "R&D x / ");
    }
}
