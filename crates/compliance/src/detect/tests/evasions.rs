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
    ] {
        let found: Vec<_> =
            scan(text).into_iter().filter(|hit| matches!(hit.detector, IBAN | CARD)).collect();
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn an_address_hides_no_number() {
    let text = "écrire à FR7630006000011234567890189@x.fr, ou à FR7630006000011234567890189x@y.fr";
    let found: Vec<&str> = scan(text).iter().map(|hit| hit.detector).collect();
    assert_eq!(found, [IBAN, EMAIL]);
}
