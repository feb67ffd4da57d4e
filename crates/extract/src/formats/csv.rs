//! Tables in text (RFC 4180): what spreadsheets open as cells, parted as cells are.

/// Fields of a line that are looked at.
const FIELDS_MAX: usize = 16_384;
/// What parts fields.
const SIGNS: [char; 4] = [';', ',', '\t', '|'];

/// The text with the lines that are rows of quoted fields as rows of cells, parted by tabs. `is_table` where its name says that
/// it is one: then one quoted field is enough, else most of a line are quoted.
pub(super) fn as_cells(text: String, is_table: bool) -> String {
    if !text.contains('"') {
        return text;
    }
    let mut cells = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (row, end) = match line.trim_end_matches(['\r', '\n']) {
            row if row.len() < line.len() => (row, "\n"),
            row => (row, ""),
        };
        match row.contains('"').then(|| SIGNS.iter().find_map(|sign| fields(row, *sign, is_table))).flatten()
        {
            Some(fields) => {
                cells.push_str(&fields.join("\t"));
                cells.push_str(end);
            }
            None => cells.push_str(line),
        }
    }
    cells
}

/// The fields of a row parted by a sign; `None` where it is no such row.
fn fields(row: &str, sign: char, is_table: bool) -> Option<Vec<String>> {
    let (mut found, mut quoted) = (Vec::new(), 0);
    let mut rest = row;
    loop {
        let start = rest.trim_start_matches(' ');
        // What begins with `=` is text to spreadsheets, zeros in front and all.
        let (field, after) = match start.strip_prefix('=').unwrap_or(start).strip_prefix('"') {
            Some(inner) => {
                quoted += 1;
                until_quote(inner)?
            }
            None => {
                let end = rest.find(sign).unwrap_or(rest.len());
                let (field, after) = rest.split_at_checked(end)?;
                if field.contains('"') {
                    return None;
                }
                (field.to_owned(), after)
            }
        };
        found.push(field);
        let after = after.trim_start_matches(' ');
        if after.is_empty() {
            break;
        }
        rest = after.strip_prefix(sign).filter(|_| found.len() < FIELDS_MAX)?;
    }
    let enough = if is_table { quoted > 0 } else { quoted > 1 && quoted * 2 >= found.len() };
    (found.len() > 1 && enough).then_some(found)
}

/// A field up to its closing quote, two quotes being one; what follows it.
fn until_quote(inner: &str) -> Option<(String, &str)> {
    let mut field = String::new();
    let mut rest = inner;
    loop {
        let (piece, after) = rest.split_once('"')?;
        field.push_str(piece);
        match after.strip_prefix('"') {
            Some(after) => {
                field.push('"');
                rest = after;
            }
            None => return Some((field, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_fields_are_cells() {
        for (row, cells) in [
            ("\"FR76\";\"3000\";\"6000\"", "FR76\t3000\t6000"),
            ("=\"FR76\";=\"0300\"\r\nfin", "FR76\t0300\nfin"),
            ("\"FR76\"\t\"3000\"", "FR76\t3000"),
            ("\"a \"\"b\"\"\", \"c\"\n", "a \"b\"\tc\n"),
        ] {
            assert_eq!(as_cells(row.to_owned(), false), cells);
        }
        assert_eq!(as_cells("FR76;\"3000\";6000;0112".to_owned(), true), "FR76\t3000\t6000\t0112");
    }

    #[test]
    fn what_people_quote_stays() {
        for text in [
            "\"Bonjour\", dit-il, et merci.",
            "{\"iban\": \"x\", \"b\": 2}",
            "Il dit \"oui\"; elle dit \"non\".",
            "\"sans fin; \"",
            "sans rien",
        ] {
            assert_eq!(as_cells(text.to_owned(), false), text);
        }
    }
}
