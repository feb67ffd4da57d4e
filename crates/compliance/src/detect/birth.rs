//! Dates of birth: a date with words before it that say someone was born then, or in a column of a table under such words.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::context;
use super::fold::{Folded, from};
use super::{BIRTH_DATE, Found};

const SAID: &[&str] = &[
    "ne le",
    "nee le",
    "ne(e) le",
    "ne/nee le",
    "nes le",
    "date de naissance",
    "naissance",
    "ddn",
    "born",
    "born on",
    "date of birth",
    "birth date",
    "birthdate",
    "d.o.b",
    "dob",
];
const MONTHS: &[(&str, u32)] = &[
    ("janvier", 1),
    ("january", 1),
    ("janv", 1),
    ("jan", 1),
    ("fevrier", 2),
    ("february", 2),
    ("fev", 2),
    ("feb", 2),
    ("mars", 3),
    ("march", 3),
    ("mar", 3),
    ("avril", 4),
    ("april", 4),
    ("avr", 4),
    ("apr", 4),
    ("mai", 5),
    ("may", 5),
    ("juin", 6),
    ("june", 6),
    ("jun", 6),
    ("juillet", 7),
    ("july", 7),
    ("juil", 7),
    ("jul", 7),
    ("aout", 8),
    ("august", 8),
    ("aug", 8),
    ("septembre", 9),
    ("september", 9),
    ("sept", 9),
    ("sep", 9),
    ("octobre", 10),
    ("october", 10),
    ("oct", 10),
    ("novembre", 11),
    ("november", 11),
    ("nov", 11),
    ("decembre", 12),
    ("december", 12),
    ("dec", 12),
];
/// What stands between the cells of a row: spreadsheets and tables give tabs, the others are of CSV and of Markdown.
const BETWEEN_CELLS: &[char] = &['\t', ';', '|', ','];
/// Characters a written date takes.
const DATE_CHARS_MAX: usize = 24;

/// The date whose first digit stands at `start`.
pub(super) fn at(text: &str, start: usize) -> Option<Found> {
    date(text, start).filter(|_| context::precedes(text, start, SAID))
}

/// The date whose first digit stands at `start`, whosever it is.
fn date(text: &str, start: usize) -> Option<Found> {
    let (end, (year, month, day)) = numeric(text, start).or_else(|| written(text, start))?;
    let real = (1..=12).contains(&month) && (1..=31).contains(&day) && (1900..=2099).contains(&year);
    real.then(|| Found {
        detector: BIRTH_DATE,
        start,
        end,
        certainty: 90,
        value: format!("{year:04}{month:02}{day:02}"),
    })
}

/// Every date that stands in a column headed by words of birth. One pass; a heading holds until an empty line, another
/// heading, or a row without a cell there.
pub(super) fn columns(text: &str, found: &mut Vec<Found>) {
    let Some(words) = &*HEADING_WORDS else { return };
    let mut hits = words.find_iter(text).map(|hit| hit.start()).peekable();
    let mut heading: Option<(char, usize)> = None;
    let mut at = 0;
    while at < text.len() {
        while hits.next_if(|hit| *hit < at).is_some() {}
        if heading.is_none() {
            // Nothing before the next word of a heading is looked at.
            let Some(hit) = hits.peek() else { return };
            at = text.get(..*hit).and_then(|head| head.rfind('\n')).map_or(0, |end| end + 1);
        }
        let start = at;
        let line = text.get(start..).and_then(|tail| tail.split_inclusive('\n').next()).unwrap_or("");
        at += line.len();
        if hits.peek().is_some_and(|hit| *hit < at)
            && let Some(headed) = headed(line)
        {
            heading = Some(headed);
            continue;
        }
        let Some((between, column)) = heading else { continue };
        let Some((offset, cell)) = cell(line, between, column) else {
            heading = None;
            continue;
        };
        let lead = cell.len() - cell.trim_start_matches([' ', '"', '\'', '\u{a0}']).len();
        found.extend(date(text, start + offset + lead));
    }
}

/// What a heading has in it, whatever else: most texts have none of it, and are looked at for nothing more.
static HEADING_WORDS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = ["naissance", "birth", "born", "dob", "d.o.b", "ddn", "né", "nÉ", "ne l", "ne("];
    AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA)).build(words).ok()
});

/// Where a line says that dates of birth follow below: what stands between its cells, and which of them it is.
fn headed(line: &str) -> Option<(char, usize)> {
    if line.len() > HEADING_BYTES_MAX {
        return None;
    }
    BETWEEN_CELLS.iter().find_map(|between| {
        line.split(*between).position(|cell| SAID.contains(&label(cell).as_str())).map(|at| (*between, at))
    })
}

/// Bytes of a heading.
const HEADING_BYTES_MAX: usize = 4_096;

/// A heading's words alone.
fn label(cell: &str) -> String {
    let plain = context::plain(cell);
    plain.trim_matches(|c: char| !c.is_alphanumeric() && c != ')').to_owned()
}

/// A cell of a row, and where it begins in the line. Nothing in an empty line.
fn cell(line: &str, between: char, column: usize) -> Option<(usize, &str)> {
    let line = line.trim_end_matches(['\n', '\r']);
    if line.trim().is_empty() {
        return None;
    }
    let cell = line.split(between).nth(column)?;
    let offset = line.split(between).take(column).map(|cell| cell.len() + between.len_utf8()).sum();
    Some((offset, cell))
}

/// `12/03/1975`, `12.03.75`, `1975-03-12`; day and month change places where only that makes a date.
fn numeric(text: &str, start: usize) -> Option<(usize, (u32, u32, u32))> {
    // Value and digits of each part.
    let mut parts = [(0_u32, 0_usize); 3];
    let mut last = 0;
    let mut end = start;
    for (place, c, folded) in from(text, start) {
        match folded {
            Folded::Alnum(byte @ b'0'..=b'9') => {
                let (value, digits) = parts.get_mut(last)?;
                *value = value.saturating_mul(10).saturating_add(u32::from(byte - b'0'));
                *digits += 1;
                if *digits > 4 {
                    return None;
                }
                end = place;
            }
            Folded::Dash | Folded::Dot | Folded::Space if parts.get(last)?.1 > 0 && last < 2 => last += 1,
            Folded::Other if c == '/' && parts.get(last)?.1 > 0 && last < 2 => last += 1,
            _ => break,
        }
    }
    let [(a, a_digits), (b, _), (c, c_digits)] = parts;
    match (a_digits, c_digits) {
        (4, 1..=2) => Some((end, (a, b, c))),
        (1..=2, 2 | 4) => {
            let year = if c_digits == 4 { c } else { c + if c > 30 { 1900 } else { 2000 } };
            Some((end, if b > 12 { (year, a, b) } else { (year, b, a) }))
        }
        _ => None,
    }
}

/// `12 mars 1975`, `1er avril 1980`, `12 March, 1975`.
fn written(text: &str, start: usize) -> Option<(usize, (u32, u32, u32))> {
    let bytes = text.as_bytes().get(start..)?;
    let day_digits = bytes.iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
    if !(1..=2).contains(&day_digits) {
        return None;
    }
    let tail = text.get(start..)?;
    let cut = tail.char_indices().nth(DATE_CHARS_MAX).map_or(tail.len(), |(at, _)| at);
    let (day, rest) = tail.get(..cut)?.split_at_checked(day_digits)?;
    // Most small numbers have no year behind them, and cost no more than this.
    let year_at = rest.find(|c: char| c.is_ascii_digit())?;
    let year: u32 = rest.get(year_at..year_at + 4)?.parse().ok()?;
    let plain = context::plain(rest);
    let bare = ["er ", "st ", "nd ", "rd ", "th "]
        .iter()
        .find_map(|ordinal| plain.strip_prefix(ordinal))
        .unwrap_or(&plain);
    let word: String =
        bare.trim_start_matches([' ', '.']).chars().take_while(|c| c.is_alphabetic()).collect();
    let month = MONTHS.iter().find(|(name, _)| *name == word)?.1;
    Some((start + day_digits + year_at + 4, (year, month, day.parse().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_said_to_be_births() {
        for (text, expected) in [
            ("né le 12/03/1975", Some("19750312")),
            ("Née le 1er avril 1980 à Brest", Some("19800401")),
            ("Date de naissance : 12.03.75", Some("19750312")),
            ("Date of birth: 03/25/1975", Some("19750325")),
            ("DOB 1975-03-12", Some("19750312")),
            ("born on 12 March, 1975", Some("19750312")),
            ("réunion le 12/03/2025", None),
            ("né le 45/03/1975", None),
            ("née le 12", None),
        ] {
            let start = text.find(|c: char| c.is_ascii_digit()).unwrap();
            assert_eq!(at(text, start).map(|hit| hit.value).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn dates_in_a_column_under_words_of_birth() {
        let births = |text: &str| {
            let mut found = Vec::new();
            columns(text, &mut found);
            found.into_iter().map(|hit| text.get(hit.start..hit.end).unwrap().to_owned()).collect::<Vec<_>>()
        };
        let csv = "Nom;Prénom;Date de naissance;Encours\nLavigne;Claire;12/03/1961;184220\nPeltier;Marc;\"04/07/1955\";9\n";
        assert_eq!(births(csv), ["12/03/1961", "04/07/1955"]);
        let sheet =
            "Name\tDOB\tSince\nOrme\t1975-03-12 00:00:00\t2019-01-01\nPell\t12 March 1980\t2020-01-01\n";
        assert_eq!(births(sheet), ["1975-03-12", "12 March 1980"]);
        assert_eq!(
            births("Date de naissance\r\n12/03/1961\r\n04/07/1955\r\n\r\n01/01/2026\r\n"),
            ["12/03/1961", "04/07/1955"]
        );
        assert_eq!(births("| Nom | Né le |\n|---|---|\n| Vidal | 01/05/1977 |\n"), ["01/05/1977"]);
        assert_eq!(births("Nom;Date de valeur\nLavigne;12/03/2026\n"), Vec::<String>::new());
        assert_eq!(births("Merci d’indiquer la date de naissance, svp\n12/03/2026\n"), Vec::<String>::new());
    }
}
