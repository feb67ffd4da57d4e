//! Numbers of a sheet as a person sees them: a date is a date (ECMA-376 part 1 §18.8.30, §18.17.4).

use std::collections::HashMap;

use super::codes::Code;

/// Styles of cells kept.
const STYLES_MAX: usize = 100_000;

/// How a cell's number is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown<'a> {
    /// As it stands.
    Number,
    /// Days since the last day of 1899, or the first of 1904.
    Date { since_1904: bool },
    /// With zeros in front, or words.
    Code(&'a Code),
}

/// The formats of a workbook's styles.
#[derive(Default)]
pub(crate) struct Formats {
    /// Codes defined by the workbook: whether each is a date, and what it shows besides the number.
    defined: HashMap<u16, (bool, Option<Code>)>,
    /// The format of each style.
    styles: Vec<u16>,
    pub(crate) since_1904: bool,
}

impl Formats {
    /// A code the workbook defines.
    pub(crate) fn define(&mut self, number: u16, code: &str) {
        if self.defined.len() < STYLES_MAX {
            self.defined.insert(number, (is_date(code), Code::parse(code)));
        }
    }

    /// The next style uses this format.
    pub(crate) fn style(&mut self, format: u16) {
        if self.styles.len() < STYLES_MAX {
            self.styles.push(format);
        }
    }

    /// How cells of a style are shown.
    pub(crate) fn of(&self, style: u16) -> Shown<'_> {
        let format = self.styles.get(usize::from(style)).copied().unwrap_or(0);
        // Those every workbook has: 14 to 17 and 22 are dates; 27 to 36 and 50 to 58 are East Asian ones.
        let built_in = matches!(format, 14..=17 | 22 | 27..=36 | 50..=58);
        match self.defined.get(&format) {
            Some((false, Some(code))) => Shown::Code(code),
            Some((false, None)) => Shown::Number,
            None if !built_in => Shown::Number,
            _ => Shown::Date { since_1904: self.since_1904 },
        }
    }
}

/// A format code that shows a year or a day, outside quotes, colours and escapes.
fn is_date(code: &str) -> bool {
    let mut chars = code.chars();
    let mut seen = false;
    while let Some(c) = chars.next() {
        match c {
            '"' => drop(chars.by_ref().find(|c| *c == '"')),
            '[' => drop(chars.by_ref().find(|c| *c == ']')),
            '\\' | '_' | '*' => drop(chars.next()),
            // A second section is for other values.
            ';' => break,
            'y' | 'Y' | 'd' | 'D' => seen = true,
            _ => {}
        }
    }
    seen
}

/// The number as text.
pub(crate) fn shown(number: f64, how: Shown<'_>) -> String {
    match how {
        Shown::Date { since_1904 } => date(number, since_1904).unwrap_or_else(|| plain(number)),
        Shown::Code(code) => code.show(number).unwrap_or_else(|| plain(number)),
        Shown::Number => plain(number),
    }
}

/// The digits of a number.
pub(crate) fn plain(number: f64) -> String {
    // As an account number written into a cell: no exponent.
    if number.abs() < 1e17 { format!("{number}") } else { format!("{number:e}") }
}

/// `1968-07-14`: what a person may read in any country's way, in one way. Times of day are left out.
fn date(days: f64, since_1904: bool) -> Option<String> {
    // Excel counts a 29 February 1900 that never was: days before it are one off, and nobody's.
    let days = if since_1904 { days + 1_462.0 } else { days };
    if !(61.0..2_958_466.0).contains(&days) {
        return None;
    }
    // 25,569 is 1 January 1970. The day is in range, so the number is exact.
    #[expect(clippy::cast_possible_truncation, reason = "in range just above")]
    let (year, month, day) = civil(days.floor() as i64 - 25_569);
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// The date of a number of days since 1970, in the Gregorian calendar. An era is 400 years, counted from March.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_excel_shows() {
        let date = |days| shown(days, Shown::Date { since_1904: false });
        for (days, day) in [
            (25_569.0, "1970-01-01"),
            (25_033.5, "1968-07-14"),
            (45_350.0, "2024-02-28"),
            (45_351.0, "2024-02-29"),
            (61.0, "1900-03-01"),
            (2_958_465.0, "9999-12-31"),
        ] {
            assert_eq!(date(days), day);
        }
        assert_eq!(shown(0.0, Shown::Date { since_1904: true }), "1904-01-01");
        assert_eq!((date(12.0).as_str(), date(f64::NAN).as_str(), date(1e300).len()), ("12", "NaN", 5));
    }

    #[test]
    fn numbers_keep_their_digits() {
        assert_eq!(plain(4_970_101_234_567_890.0), "4970101234567890");
        assert_eq!(plain(12.5), "12.5");
        assert_eq!(plain(-3.0), "-3");
    }

    #[test]
    fn codes_are_told_apart() {
        for code in ["dd/mm/yyyy", "[$-40C]d mmmm yyyy;@", "yyyy\\-mm\\-dd"] {
            assert!(is_date(code), "{code}");
        }
        for code in ["0.00", "#,##0\\ \"days\"", "[Red]0", "hh:mm", "General", "0;d"] {
            assert!(!is_date(code), "{code}");
        }
    }
}
