//! The rows of `docs/guides/evasions.md` that are the detectors': written so that a reader sees the number and a scanner might not.

use super::*;

/// `FR76 3000 6000 0112 3456 7890 189`, a card, a Belgian account, by many ways.
#[test]
fn numbers_however_they_are_disguised() {
    let between = |text: &str, mark: &str| text.chars().map(|c| format!("{c}{mark}")).collect::<String>();
    let shifted = |text: &str, capitals: u32, digits: u32| -> String {
        let shift = |c: char| match c {
            'A'..='Z' => char::from_u32(capitals + (c as u32 - 'A' as u32)).unwrap(),
            '0'..='9' => char::from_u32(digits + (c as u32 - '0' as u32)).unwrap(),
            _ => c,
        };
        text.chars().map(shift).collect()
    };
    let iban = "FR76 3000 6000 0112 3456 7890 189";
    let whole = "FR7630006000011234567890189";
    let card = "4111 1111 1111 1111";
    let mut wrong = Vec::new();
    for (text, detector) in [
        // Marks over and around letters, and what is not seen.
        (between(iban, "\u{332}"), IBAN),
        (between(whole, "\u{336}"), IBAN),
        (between(card, "\u{332}"), CARD),
        (between(whole, "\u{34f}"), IBAN),
        (between(whole, "\u{17b4}"), IBAN),
        (between(whole, "\u{fff9}"), IBAN),
        (between(whole, "\u{e0041}"), IBAN),
        ("4\u{fe0f}\u{20e3}1\u{fe0f}\u{20e3}11111111111111".into(), CARD),
        // What is seen as a blank.
        (iban.replace(' ', "\u{3164}"), IBAN),
        (iban.replace(' ', "\u{2800}"), IBAN),
        (iban.replace(' ', "\u{ffa0}"), IBAN),
        (card.replace(' ', "\u{3164}"), CARD),
        (format!("Compte\u{3164}{whole}"), IBAN),
        // Letters and digits that look like others.
        ("ВЕ71 0961 2345 6769".into(), IBAN),
        ("ΒΕ71 0961 2345 6769".into(), IBAN),
        ("ꓐꓰ71 0961 2345 6769".into(), IBAN),
        (shifted(iban, 0x1f170, '0' as u32), IBAN),
        (shifted(iban, 0x1d400, 0x1d7ce), IBAN),
        (shifted(iban, 'A' as u32, 0x660), IBAN),
        (shifted(iban, 'A' as u32, 0x9e6), IBAN),
        (shifted(whole, 'A' as u32, 0xe50), IBAN),
        (shifted(card, 'A' as u32, 0x1040), CARD),
        (shifted(card, 'A' as u32, 0x11066), CARD),
        (shifted(whole, 0xff21, 0xff10), IBAN),
        ("❹❶❶❶❶❶❶❶❶❶❶❶❶❶❶❶".into(), CARD),
        // Other signs between groups.
        (iban.replace(' ', "/"), IBAN),
        (iban.replace(' ', "_"), IBAN),
        (iban.replace(' ', "|"), IBAN),
        (iban.replace(' ', ","), IBAN),
        (iban.replace(' ', " : "), IBAN),
        (iban.replace(' ', "·"), IBAN),
        (iban.replace(' ', "•"), IBAN),
        ("FR76/30006/00001/12345678901/89".into(), IBAN),
        (card.replace(' ', "_"), CARD),
        (card.replace(' ', "/"), CARD),
        ("3782*822463*10005".into(), CARD),
        // Letters for digits, in check digits too; in the account of a French IBAN letters are letters.
        (iban.replace('0', "O"), IBAN),
        (iban.replace("01", "0l"), IBAN),
        ("FR7G 3000 6000 0112 3456 7890 189".into(), IBAN),
        ("FRl4 2004 1010 0505 0001 3M02 606".into(), IBAN),
        ("FR14 2004 1010 0505 000I 3M02 606".into(), IBAN),
        ("BE71 O961 2345 67Б9".replace('Б', "6"), IBAN),
        ("4lll 1111 1111 1111".into(), CARD),
        ("4111-1111-1111-1I1l".into(), CARD),
        ("S105 1051 0510 51OO".into(), CARD),
        ("41l1111111111111".into(), CARD),
        ("2 95 1O 99 126 l11 93".into(), NIR),
        ("295l09912611193".into(), NIR),
        ("732 829 320 OOO74".into(), SIRET),
        ("SIRET 73282932OOOO74".into(), SIRET),
        ("30006 0000l 12345678901 89".into(), RIB),
        ("SIREN 552 OO8 443".into(), SIREN),
        // Signs that no French number has, and several of them.
        ("732/829/320/00074".into(), SIRET),
        ("732--829--320--00074".into(), SIRET),
        ("732 829 / 320 . 00074".into(), SIRET),
        ("SIRET : 7 3 2_8 2 9_3 2 0_0 0 0 7 4".into(), SIRET),
        ("2/95/10/99/126/111/93".into(), NIR),
        ("1_86_02_2A_215_325_23".into(), NIR),
        ("n° sécu 295 | 109 | 912 | 611 | 193".into(), NIR),
        ("30006/00001/12345678901/89".into(), RIB),
        ("30006,00001,12345678901,89".into(), RIB),
        ("30006 - 00001 - 12345678901 - 89".into(), RIB),
        ("552:008:443 RCS Paris".into(), SIREN),
        ("73Z/8Z9/3Z0/00074".into(), SIRET),
        // Glued to words.
        (format!("{whole}EUR"), IBAN),
        (format!("{whole}titulaire"), IBAN),
        (format!("compte{whole}"), IBAN),
        (format!("{iban}EUR à virer"), IBAN),
        (format!("https://x.example/?n={card}"), CARD),
        // Glued to what makes an address of it.
        (format!("{whole}@x.fr"), IBAN),
        (format!("{whole}@orveane.example"), IBAN),
        (format!("mot de passe : {whole}"), IBAN),
    ] {
        let found: Vec<_> = scan(&text).into_iter().filter(|hit| hit.detector == detector).collect();
        if found.len() != 1 {
            wrong.push(format!("{text}: {found:?}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// What was taken for something else is said as what it was taken for, and the place is that of what is written.
#[test]
fn letters_that_pass_for_digits_are_those_digits() {
    let text = "le compte FR76 3OOO 6OOO O112 3456 789O 189 et la carte S105 1051 0510 51OO, merci";
    let found: Vec<(&str, &str, u8)> = scan(text)
        .iter()
        .map(|hit| (&text[hit.start..hit.end], &*hit.value.clone().leak(), hit.certainty))
        .collect();
    assert_eq!(
        found,
        [
            ("FR76 3OOO 6OOO O112 3456 789O 189", "FR7630006000011234567890189", 80),
            ("S105 1051 0510 51OO", "5105105105105100", 80),
        ]
    );
}

/// What a machine misread in a picture is taken for what it looks like; in a text somebody wrote it so.
#[test]
fn numbers_misread_in_pictures_are_found_there() {
    for (text, detector, in_text) in [
        // The account of a French IBAN has letters and digits, and one was misread.
        ("FR14 2004 1010 0505 0001 3M02 6O6", IBAN, true),
        ("FR14 2004 1010 O5O5 0001 3M02 606", IBAN, true),
        ("GB29 NW8K 6016 1331 9268 19", IBAN, false),
        ("529900T8BM49AURSD055", LEI, false),
        ("LEI : 529900T8BM49AURSD055", LEI, true),
    ] {
        let finds = |found: Vec<Found>| found.iter().any(|hit| hit.detector == detector);
        assert_eq!((finds(scan_picture(text)), finds(scan(text))), (true, in_text), "{text}");
    }
}

/// What stands in rows and names, and is no account and no card.
#[test]
fn rows_of_figures_are_none() {
    for text in [
        "FR76,30006,00001,12345678901,89",
        "DE89,37,04004405,3201,300,0",
        "12345674/11111111",
        "facture_4111111111111111_v2",
        "4111,1111,1111,1111",
        "4111;1111;1111;1111",
        "cellules DE10:DE25, DE30/DE45",
        "https://x.example/4111/1111/1111/1111",
        "4B11B111B111B111",
        "4lll llll llll llll",
        "le 12/03/2024 - 10:22:33, le 1/2/2024 et le 3/4/2024",
        "2024-01-15 10:22:33.123456 [1/86/02]",
        "1.2.3-4:5 et 3.10/15_2 ; 192.168.100.200:8080/24",
        "1,234,567 | 1,345,678 | 345,678,901 | 12,345",
        "https://x.example/732/829/320/00074",
        "SOLDE 10 BIS, 15 Z, 20 SOL",
        "FR7630006000011234567890189A",
        "FR7630006000011234567890189A1B2",
        "XYZFR7630006000011234567890189",
        "a1bFR7630006000011234567890189",
        "FR7630006000011234567890188EUR",
        "https://x.example/4111111111111111",
    ] {
        let found: Vec<_> = scan(text)
            .into_iter()
            .filter(|hit| matches!(hit.detector, IBAN | CARD | NIR | RIB | SIRET | SIREN))
            .collect();
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn an_address_hides_no_number() {
    let text = "écrire à FR7630006000011234567890189@x.fr, ou à FR7630006000011234567890189x@y.fr";
    let found: Vec<&str> = scan(text).iter().map(|hit| hit.detector).collect();
    assert_eq!(found, [IBAN, EMAIL]);
}

/// As tables, forms and columns hold them.
#[test]
fn numbers_in_labelled_pieces_and_over_lines_are_found() {
    for (text, detector) in [
        ("Code banque : 30006\nCode guichet : 00001\nN° de compte : 12345678901\nClé RIB : 89", RIB),
        ("Code banque\t30006\nCode guichet\t00001\nNuméro de compte\t12345678901\nClé\t89\n", RIB),
        ("Banque 30006, guichet 00001, compte 12345678901, clé 89", RIB),
        ("Bank code: 30006 / Branch code: 00001 / Account number: 12345678901 / Key: 89", RIB),
        ("RIB\n30006\n00001\n12345678901\n89", RIB),
        ("FR76 3000 6000\n0112 3456\n7890 189", IBAN),
        ("FR76\n3000\n6000\n0112\n3456\n7890\n189\nMerci", IBAN),
        ("> FR76 3000\n> 6000 0112 3456\n> 7890 189", IBAN),
        ("F R 7 6 3 0 0 0 6 0 0 0 0 1 1 2 3 4 5 6 7 8 9 0 1 8 9", IBAN),
        ("F|R|7|6|3|0|0|0|6|0|0|0|0|1|1|2|3|4|5|6|7|8|9|0|1|8|9", IBAN),
        ("1\n84\n12\n76\n451\n089\n46", NIR),
        ("Carte :\n4111\n1111\n1111\n1111", CARD),
        ("FR76 3000 6000 0112 3456 7890 189¹", IBAN),
        ("4111 1111 1111 1111¹²", CARD),
    ] {
        let found: Vec<_> = scan(text).into_iter().map(|hit| hit.detector).collect();
        assert_eq!(found, [detector], "{text}");
    }
    for text in [
        // The key is wrong, a word is no label, a group is too long.
        "Code banque : 30006\nCode guichet : 00001\nN° de compte : 12345678901\nClé RIB : 88",
        "Banque 30006, facture 00001, compte 12345678901, clé 89",
        "Banque 30006, guichet 000010, compte 12345678901, clé 89",
        "30006\n00001\n12345678901\n89",
        "Montants :\n4111\n1111\n1111\n1111",
        "1\n84\n12\n76\n451\n089\n47",
        "OF R 7 6 3 0 0 0 6 0 0 0 0 1 1 2 3 4 5 6 7 8 9 0 1 8 9",
    ] {
        let found: Vec<_> =
            scan(text).into_iter().filter(|hit| matches!(hit.detector, IBAN | CARD | NIR | RIB)).collect();
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn numbers_of_which_each_digit_is_a_word_are_found() {
    let spelt = |number: &str, words: [&str; 10]| -> String {
        let word = |c: char| c.to_digit(10).map_or(c.to_string(), |digit| words[digit as usize].to_owned());
        number.chars().map(word).collect::<Vec<_>>().join(" ")
    };
    let french = ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"];
    let english = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    let iban = "FR7630006000011234567890189";
    for (text, detector) in [
        (spelt(iban, french), IBAN),
        (spelt(iban, english), IBAN),
        (spelt(iban, french).replace("F R", "Compte FR").replace(' ', ", ").to_uppercase(), IBAN),
        (format!("Notez : {}.", spelt("4111111111111111", french)), CARD),
        (spelt("295109912611193", french), NIR),
        (spelt("4111111111111111", english).replace(' ', "-"), CARD),
    ] {
        let found = scan(&text);
        let found: Vec<_> =
            found.iter().map(|hit| (hit.detector, hit.certainty, text.ends_with(&text[hit.end..]))).collect();
        assert_eq!(found, [(detector, 80, true)], "{text}");
    }
    let text = format!("de {} à", spelt(iban, french));
    let hit = &scan(&text)[0];
    assert_eq!((&text[hit.start..hit.end], hit.value.as_str()), (&text[3..text.len() - 3], iban));
    // One digit is wrong, some are missing, words stand between.
    for text in [
        spelt("FR7630006000011234567890188", french),
        spelt("FR76300060000112345", french),
        spelt("4111111111111111", french).replace("un un", "un et un"),
        "Un, deux, trois, quatre, cinq, six, sept, huit, neuf, zéro : partez !".into(),
    ] {
        assert_eq!(scan(&text), [], "{text}");
    }
}
