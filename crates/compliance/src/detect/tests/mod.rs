//! The detectors against the vectors, one by one, and against real mail for false alarms (counts only).

mod evasions;
mod identifiers;

use std::path::PathBuf;

use proptest::prelude::*;

use super::*;

pub(super) fn corpus() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");
    let path = std::env::var_os("CEREBRO_CORPUS").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    if path.is_dir() {
        Some(path)
    } else {
        eprintln!("skipped: there is no corpus (set CEREBRO_CORPUS)");
        None
    }
}

/// One row of a vectors file: value, whether its source calls it valid, note, and whether the source is disputed.
struct Row {
    value: String,
    valid: bool,
    note: String,
    disputed: bool,
}

fn rows(file: &str) -> Option<Vec<Row>> {
    let text = std::fs::read_to_string(corpus()?.join("vectors").join(file)).unwrap();
    Some(text.lines().skip(1).map(row).collect())
}

fn row(line: &str) -> Row {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cells.last_mut().unwrap().push(c),
        }
    }
    Row {
        value: cells[0].clone(),
        valid: cells[1] == "1",
        note: cells[2].clone(),
        disputed: cells[4] == "DISAGREE",
    }
}

/// Whether the value alone, and inside a sentence, is found entirely.
fn finds(detector: &str, value: &str) -> (bool, bool) {
    let whole = |text: &str, value: &str| {
        let start = text.find(value).unwrap();
        let mut found = scan(text);
        found.retain(|hit| hit.detector == detector);
        let whole = found.iter().any(|hit| hit.start == start && text[start..hit.end].trim() == value.trim());
        assert!(whole || found.is_empty() || value.is_empty(), "{value:?} is found in part: {found:?}");
        whole
    };
    (whole(value, value), whole(&format!("Merci de noter : {value}, à vérifier."), value))
}

#[test]
fn iban_vectors() {
    let Some(rows) = rows("iban.csv") else { return };
    assert!(rows.len() >= 400, "the vectors are smaller than expected");
    for row in rows {
        let expected = match (row.disputed, row.note.as_str()) {
            (false, _) => row.valid,
            // Decided in `iban.rs`: illegal check digits are refused, small letters and territories are found.
            (true, note) if note.starts_with("wrong checksum") => false,
            (true, "lowercase version" | "SWIFT registry example") => true,
            (true, note) => panic!("a dispute nobody decided: {note}"),
        };
        assert_eq!(finds(IBAN, &row.value), (expected, expected), "{} ({})", row.value, row.note);
    }
}

#[test]
fn card_vectors() {
    let Some(rows) = rows("card.csv") else { return };
    assert!(rows.len() >= 110, "the vectors are smaller than expected");
    for row in rows {
        let expected = row.valid && !row.disputed;
        assert_eq!(finds(CARD, &row.value), (expected, expected), "{} ({})", row.value, row.note);
    }
}

/// That list knows prefixes and lengths, not Luhn: what is found is exactly what also passes Luhn, but for the schemes
/// `card.rs` decides not to look for.
#[test]
fn card_scheme_vectors() {
    let Some(rows) = rows("card_scheme.csv") else { return };
    let luhn = |value: &str| {
        let digits: Option<Vec<u32>> = value.chars().map(|c| c.to_digit(10)).collect();
        digits.is_some_and(|digits| {
            let sum: u32 = digits
                .iter()
                .rev()
                .enumerate()
                .map(|(i, d)| if i % 2 == 0 { *d } else { d * 2 / 10 + d * 2 % 10 })
                .sum();
            sum.is_multiple_of(10)
        })
    };
    // Refused as another scheme's number, and right for its own.
    let another_scheme = "30569309025904";
    for row in rows {
        let left_out =
            row.note.starts_with("UATP") || (row.note.starts_with("MAESTRO") && row.value.len() < 16);
        let expected = luhn(&row.value) && ((row.valid && !left_out) || row.value == another_scheme);
        assert_eq!(finds(CARD, &row.value), (expected, expected), "{} ({})", row.value, row.note);
    }
}

/// Two of the mails hold what is looked for, a payment card number with its expiry date and a password (twice): both are
/// found, and nothing else is.
#[test]
fn real_mail_gives_no_false_alarm() {
    let Some(corpus) = corpus() else { return };
    let mut files = Vec::new();
    let mut folders = vec![corpus.join("emails"), corpus.join("bounces")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    assert!(files.len() > 1_500, "the corpus is smaller than expected");
    let (mut raw, mut texts) = (Vec::new(), Vec::new());
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let found = |text: &str| {
            let always =
                scan(text).into_iter().filter(|hit| detector(hit.detector).unwrap().kept == Kept::Always);
            always.map(|hit| (name.clone(), hit.detector)).collect::<Vec<_>>()
        };
        raw.extend(found(&String::from_utf8_lossy(&bytes)));
        texts.extend(mail::parse(&bytes).all_texts().iter().flat_map(|text| found(&text.text)));
    }
    let genuine = [("54579.eml", CARD), ("54673.eml", SECRET), ("54673.eml", SECRET)];
    for mut found in [raw, texts] {
        found.sort();
        let found: Vec<(&str, &str)> =
            found.iter().map(|(name, detector)| (name.as_str(), *detector)).collect();
        assert_eq!(found, genuine);
    }
}

/// Numbers planted by others in sentences: all that are valid are found, but for the short Maestro numbers we leave.
#[test]
fn planted_numbers_are_found() {
    let Some(corpus) = corpus() else { return };
    let file = corpus.join("labelled/presidio-research/synth_dataset_v2.part_a.json");
    let rows: Vec<serde_json::Value> = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let mut found = 0;
    for row in &rows {
        let text = row["full_text"].as_str().unwrap();
        let hits = scan(text);
        for span in row["spans"].as_array().unwrap() {
            let value = span["entity_value"].as_str().unwrap();
            match span["entity_type"].as_str().unwrap() {
                "CREDIT_CARD" | "IBAN_CODE" => {}
                _ => continue,
            }
            let outside_jcb = value.starts_with("35") && !("3528".."359").contains(&value);
            if hits.iter().any(|hit| hit.value == canonical(value)) {
                found += 1;
            } else {
                assert!(value.len() == 12 || outside_jcb, "missed: {value}");
            }
        }
    }
    assert_eq!(found, 61);
}

#[test]
fn identifiers_as_people_write_them() {
    for (text, expected) in [
        ("FR76 3000 6000 0112 3456 7890 189", Some("FR7630006000011234567890189")),
        ("IBAN:FR7630006000011234567890189.", Some("FR7630006000011234567890189")),
        ("IBANFR7630006000011234567890189", Some("FR7630006000011234567890189")),
        ("RIB_FR7630006000011234567890189.pdf", Some("FR7630006000011234567890189")),
        ("RIB_FR7630006000011234567890189_2026.pdf", Some("FR7630006000011234567890189")),
        ("FR 76-3000-6000-0112-3456-7890-189", Some("FR7630006000011234567890189")),
        ("FR76.3000.6000.0112.3456.7890.189", Some("FR7630006000011234567890189")),
        (
            "FR76\u{a0}3000\u{202f}6000\u{a0}0112\u{a0}3456\u{a0}7890\u{a0}189",
            Some("FR7630006000011234567890189"),
        ),
        ("FR76 3000 6000\n> 0112 3456 7890 189", Some("FR7630006000011234567890189")),
        ("FR76\n3000\n6000 0112 3456 7890 189", Some("FR7630006000011234567890189")),
        ("FR76 3000 6000\r\n0112 3456 7890 189", Some("FR7630006000011234567890189")),
        ("F\u{200b}R7\u{200b}63\u{ad}000\u{2060}6000011234567890189", Some("FR7630006000011234567890189")),
        ("ＦＲ７６３０００６０００011234567890189", Some("FR7630006000011234567890189")),
        ("𝟜𝟙𝟙𝟙 𝟙𝟙𝟙𝟙 𝟙𝟙𝟙𝟙 𝟙𝟙𝟙𝟙", Some("4111111111111111")),
        ("ES91 2100 0418 4502 0005 1332 2 000 euros", Some("ES9121000418450200051332")),
        ("Carte 4111 1111 1111 1111 12/27 123", Some("4111111111111111")),
        ("Carte 4111 1111 1111 1111 1227", Some("4111111111111111")),
        ("Carte 4111 1111 1111 1111 123", Some("4111111111111111")),
        ("4111-1111-1111-1111", Some("4111111111111111")),
        ("4111.1111.1111.1111", Some("4111111111111111")),
        ("3782 822463 10005", Some("378282246310005")),
        ("n°4111111111111111;", Some("4111111111111111")),
        ("pan=4111111111111111", Some("4111111111111111")),
        ("(4111111111111111)", Some("4111111111111111")),
        ("4111\u{a0}1111\u{a0}1111\n1111", Some("4111111111111111")),
        ("12 4111111111111111", Some("4111111111111111")),
        ("FR76 3000 6000 0112 3456 7890 189¹.", Some("FR7630006000011234567890189")),
        ("4111 1111 1111 1111²", Some("4111111111111111")),
        // What only looks like one.
        ("XFR7630006000011234567890189", None),
        ("FR7630006000011234567890189A", None),
        ("FR76 3000 6000 0112 3456 7890 188", None),
        ("ZZ76 3000 6000 0112 3456 7890 189", None),
        ("4111 1111-1111 1111", None),
        ("4111   1111   1111   1111", None),
        ("4111 1111 1111 1111 1111", None),
        ("9999 4111 1111 1111 1111", None),
        ("41111111111111111111", None),
        ("+4111111111111111", None),
        ("0,4111111111111111", None),
        ("4111111111111111.5", None),
        ("ref-4111111111111111", None),
        ("4111111111111111-9", None),
        ("A4111111111111111", None),
        ("4111111111111111e", None),
        ("IMG_4111111111111111.jpg", None),
        ("https://x.example/a?b=4111111111111111", None),
        ("<4111111111111111@x.example>", None),
        ("4111111111111111@x.example", None),
        ("FR76 4111 1111 1111 1111", None),
        ("", None),
    ] {
        let mut found = scan(text);
        found.retain(|hit| matches!(hit.detector, IBAN | CARD));
        assert_eq!(found.first().map(|hit| hit.value.as_str()), expected, "{text:?}");
        assert!(found.len() <= 1, "{text:?}");
    }
}

#[test]
fn the_place_is_the_place_in_the_text_as_given() {
    let text = "Réf. é\u{200b} : ＦＲ76 3000 6000 0112 3456 7890 189 ; carte 4111 1111 1111 1111.";
    let places: Vec<&str> = scan(text).iter().map(|hit| &text[hit.start..hit.end]).collect();
    assert_eq!(places, ["ＦＲ76 3000 6000 0112 3456 7890 189", "4111 1111 1111 1111"]);
}

#[test]
fn an_account_number_hides_the_card_number_in_it() {
    // Luhn holds for digits inside many account numbers.
    let text = "DE89 3704 0044 0532 0130 00";
    assert_eq!(scan(text).iter().map(|hit| hit.detector).collect::<Vec<_>>(), [IBAN]);
}

/// Text made of the pieces that detectors look at.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[0-9]{1,20}",
        "[A-Za-z]{1,4}",
        "[ \\-.\\n\\t_/@:>]{1,3}",
        Just("FR76".to_owned()),
        Just("\u{200b}".to_owned()),
        Just("\u{a0}".to_owned()),
        Just("７".to_owned()),
        Just("²".to_owned()),
        Just("𝟕".to_owned()),
        Just("é".to_owned()),
        Just("4111 1111 1111 1111".to_owned()),
        Just("FR76 3000 6000 0112 3456 7890 189".to_owned()),
        "\\PC{0,4}",
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn places_are_in_order_and_on_characters(text in hostile()) {
        let mut last = 0;
        for hit in scan(&text) {
            prop_assert!((last <= hit.start || hit.detector == SECRET) && hit.start < hit.end);
            let excerpt = text.get(hit.start..hit.end);
            prop_assert!(excerpt.is_some());
            if !matches!(hit.detector, AMOUNT | PHONE | BIRTH_DATE | EMAIL | SECRET) {
                prop_assert_eq!(appearance(excerpt.unwrap()), appearance(&hit.value));
            }
            if hit.detector != SECRET {
                last = hit.end;
            }
        }
    }

    #[test]
    fn a_card_stays_found_whatever_is_invisible_in_it(at in 0_usize..16, invisible in "[\u{200b}\u{2060}\u{ad}\u{feff}]{1,3}") {
        let mut text = "4012888888881881".to_owned();
        text.insert_str(at, &invisible);
        prop_assert_eq!(scan(&text).len(), 1);
    }
}

/// Unicode's own table (general category Nd), as `regex` ships it.
#[test]
fn every_decimal_digit_of_unicode_is_its_value() {
    let decimal = regex::Regex::new(r"^\p{Nd}$").unwrap();
    let all: Vec<char> =
        ('\0'..=char::MAX).filter(|c| decimal.is_match(c.encode_utf8(&mut [0; 4]))).collect();
    assert!(all.len() > 700 && all.len().is_multiple_of(10), "{}", all.len());
    for ten in all.chunks(10) {
        for (c, value) in ten.iter().zip(b'0'..) {
            assert_eq!(fold::fold(*c), fold::Folded::Alnum(value), "{c:?} U+{:04X}", u32::from(*c));
        }
    }
}

#[test]
fn no_digit_of_unicode_escapes_the_prefilter() {
    for c in (0x80..=0x10_FFFF).filter_map(char::from_u32) {
        if matches!(fold::fold(c), fold::Folded::Alnum(b'0'..=b'9')) {
            let mut bytes = [0; 4];
            let bytes = c.encode_utf8(&mut bytes).as_bytes();
            assert!(numerals::may_be_wide(bytes[0], bytes[1]), "{c:?}");
        }
    }
}
