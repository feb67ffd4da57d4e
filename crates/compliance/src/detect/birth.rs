//! Dates of birth: a date with words before it that say someone was born then, or in a column of a table under such words.

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
    let mut heading: Option<(char, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        if let Some(headed) = headed(line) {
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

/// Where a line says that dates of birth follow below: what stands between its cells, and which of them it is.
fn headed(line: &str) -> Option<(char, usize)> {
    // Most lines are no headings: a word of one stands in it, or nothing more is asked.
    if line.len() > HEADING_BYTES_MAX || !may_head(line) {
        return None;
    }
    BETWEEN_CELLS.iter().find_map(|between| {
        line.split(*between).position(|cell| SAID.contains(&label(cell).as_str())).map(|at| (*between, at))
    })
}

/// Bytes of a heading.
const HEADING_BYTES_MAX: usize = 4_096;

fn may_head(line: &str) -> bool {
    let small = line.to_lowercase();
    ["naissance", "birth", "born", "dob", "d.o.b", "ddn", "né", "ne l", "ne("]
        .iter()
        .any(|word| small.contains(word))
}

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
    let mut parts: Vec<(u32, usize)> = vec![(0, 0)];
    let mut end = start;
    for (place, c, folded) in from(text, start) {
        match folded {
            Folded::Alnum(byte @ b'0'..=b'9') => {
                let (value, digits) = parts.last_mut()?;
                *value = value.saturating_mul(10).saturating_add(u32::from(byte - b'0'));
                *digits += 1;
                if *digits > 4 {
                    return None;
                }
                end = place;
            }
            Folded::Dash | Folded::Dot | Folded::Space if parts.last()?.1 > 0 && parts.len() < 3 => {
                parts.push((0, 0))
            }
            Folded::Other if c == '/' && parts.last()?.1 > 0 && parts.len() < 3 => parts.push((0, 0)),
            _ => break,
        }
    }
    let [(a, a_digits), (b, _), (c, c_digits)] = *parts.as_slice() else { return None };
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
    let tail = text.get(start..)?;
    let cut = tail.char_indices().nth(DATE_CHARS_MAX).map_or(tail.len(), |(at, _)| at);
    let window = tail.get(..cut)?;
    let day_digits = window.bytes().take_while(u8::is_ascii_digit).count();
    let day: u32 = window.get(..day_digits).filter(|day| day.len() <= 2)?.parse().ok()?;
    let plain = context::plain(window.get(day_digits..)?);
    let bare = ["er ", "st ", "nd ", "rd ", "th "]
        .iter()
        .find_map(|ordinal| plain.strip_prefix(ordinal))
        .unwrap_or(&plain);
    let word: String =
        bare.trim_start_matches([' ', '.']).chars().take_while(|c| c.is_alphabetic()).collect();
    let month = MONTHS.iter().find(|(name, _)| *name == word)?.1;
    let year_at = window.get(day_digits..)?.find(|c: char| c.is_ascii_digit())? + day_digits;
    let year: u32 = window.get(year_at..year_at + 4)?.parse().ok()?;
    Some((start + year_at + 4, (year, month, day)))
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
