//! The same words in other wrappings, and any bytes at all.

use super::*;

/// One message in several wrappings: the same words, other bytes.
fn wrappings(subject: &str, text: &str) -> Vec<String> {
    use std::iter::once;
    let text = text.replace('\n', "\r\n");
    let base64 = |bytes: &[u8], width: usize| {
        let encoded = encode(bytes);
        encoded
            .as_bytes()
            .chunks(width)
            .map(|line| String::from_utf8(line.to_vec()).unwrap())
            .collect::<Vec<_>>()
            .join("\r\n")
    };
    let quoted: String = text
        .bytes()
        .enumerate()
        .flat_map(|(at, byte)| {
            let soft = if at % 60 == 59 { "=\r\n" } else { "" };
            let one = match byte {
                b'\r' | b'\n' => char::from(byte).to_string(),
                _ => format!("={byte:02X}"),
            };
            once(if byte == b'\n' { one } else { format!("{soft}{one}") })
        })
        .collect();
    let head = |folded: bool, encoding: &str| {
        let subject = format!("=?utf-8?B?{}?=", encode(subject.as_bytes()));
        let fold = if folded { "\r\n " } else { " " };
        format!(
            "From:{fold}a@orveane.example\r\nTo:{fold}compta@sableval.example\r\nSubject:{fold}{subject}\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain;{fold}charset=utf-8\r\nContent-Transfer-Encoding:{fold}{encoding}\r\n\r\n"
        )
    };
    vec![
        format!("{}{text}", head(false, "8bit")),
        format!("{}{text}", head(true, "8bit")),
        format!("{}{}", head(false, "base64"), base64(text.as_bytes(), 76)),
        format!("{}{}", head(true, "base64"), base64(text.as_bytes(), 20)),
        format!("{}{quoted}", head(false, "quoted-printable")),
    ]
}

fn encode(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bytes
        .chunks(3)
        .map(|three| {
            let word = three.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte))
                << (8 * (3 - three.len()));
            (0..4)
                .map(|place| {
                    if place > three.len() {
                        '='
                    } else {
                        char::from(ALPHABET[(word >> (18 - 6 * place) & 63) as usize])
                    }
                })
                .collect::<String>()
        })
        .collect()
}

/// Words and numbers as mails have them.
fn words() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => "[a-zéà]{1,9}",
        1 => "[0-9]{1,19}",
        1 => Just(IBAN.to_owned()),
        1 => Just("4111 1111 1111 1111".to_owned()),
        1 => Just("FR76\u{a0}3000\u{a0}6000\u{a0}0112\u{a0}3456\u{a0}7890\u{a0}189".to_owned()),
        1 => Just("\n".to_owned()),
    ];
    proptest::collection::vec(word, 1..20).prop_map(|words| format!("Bonjour, {}.", words.join(" ")))
}

proptest! {
    #[test]
    fn wrapping_changes_nothing(subject in "[a-zé]{1,20}", text in words()) {
        let outcome = |raw: &String| {
            let assessment = Case::new(raw).assess();
            let found: Vec<(String, String)> =
                assessment.findings.iter().map(|finding| (finding.detector.clone(), finding.excerpt.clone())).collect();
            (assessment.verdict, assessment.recipients, found)
        };
        let all: Vec<_> = wrappings(&subject, &text).iter().map(outcome).collect();
        prop_assert!(all.windows(2).all(|pair| pair[0] == pair[1]), "{:?}", all);
    }

    #[test]
    fn every_finding_stands_where_it_says(raw in proptest::collection::vec(any::<u8>(), 0..400), text in words()) {
        let mut bytes = plain(&text).into_bytes();
        bytes.extend(&raw);
        let mut case = Case::new("");
        case.message = mail::parse(&bytes);
        case.attachments = vec![AttachmentText {
            part: "9".into(),
            name: text.clone(),
            outcome: AttachmentOutcome::Text(String::from_utf8_lossy(&raw).into_owned() + &text),
            ..AttachmentText::default()
        }];
        let assessment = case.assess();
        for finding in assessment.findings.iter().filter(|finding| finding.end > 0) {
            let AttachmentOutcome::Text(attached) = &case.attachments[0].outcome else { unreachable!() };
            let texts = case.message.all_texts();
            let of_message: Vec<&str> =
                texts.iter().filter(|part| part.part.as_str() == finding.part).map(|part| part.text.as_str()).collect();
            let candidates: Vec<&str> = match finding.part.as_str() {
                "9" => vec![attached],
                "9#name" => vec![&text],
                _ => of_message,
            };
            prop_assert!(candidates.iter().any(|candidate| candidate.get(finding.start..finding.end) == Some(&finding.excerpt)));
        }
        prop_assert_eq!(case.assess(), assessment);
    }

    #[test]
    fn any_bytes_are_assessed(raw in proptest::collection::vec(any::<u8>(), 0..600)) {
        let mut case = Case::new("");
        case.message = mail::parse(&raw);
        prop_assert_eq!(case.assess().recipients.len(), 3);
    }
}
