//! Cases E01–E06: whatever a reader could see is among the texts and attachments, and doubt is said.

use super::{everything, has, mail};
use crate::DefectKind;

/// The words that must be found wherever a case hides them.
const SECRET: &str = "FR7630006000011234567890189";

fn secret_base64() -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(format!("virement vers {SECRET} demain"))
}

/// name, message, a defect it must carry, whether it must count as ambiguous
type Case = (&'static str, String, Option<DefectKind>, Option<bool>);

fn cases() -> Vec<Case> {
    let b64 = secret_base64();
    let part = |header: &str, body: &str| format!("{header}\n\n{body}\n");
    let multipart = |header: &str, body: &str| format!("Subject: x\nMIME-Version: 1.0\n{header}\n\n{body}");
    let leaf = part("Content-Type: text/plain", SECRET);
    let b64_leaf = part("Content-Type: text/plain\nContent-Transfer-Encoding: base64", &b64);
    let mixed = "Content-Type: multipart/mixed; boundary=\"a\"";
    vec![
        ("plain", multipart("Content-Type: text/plain", SECRET), None, Some(false)),
        ("base64", format!("Subject: x\n{b64_leaf}"), None, Some(false)),
        ("mixed", multipart(mixed, &format!("--a\n{b64_leaf}--a--\n")), None, Some(false)),
        // E01
        (
            "E01 duplicate Content-Type, secret in the second reading",
            multipart(
                "Content-Type: text/plain\nContent-Type: multipart/mixed; boundary=a",
                &format!("--a\n{b64_leaf}--a--\n"),
            ),
            Some(DefectKind::AmbiguousType),
            Some(true),
        ),
        (
            "E01 duplicate Content-Type, multipart first",
            multipart(
                "Content-Type: multipart/mixed; boundary=a\nContent-Type: text/plain",
                &format!("--a\n{b64_leaf}--a--\n"),
            ),
            Some(DefectKind::AmbiguousType),
            Some(true),
        ),
        (
            "E01 duplicate encoding, identity first",
            multipart("Content-Transfer-Encoding: 7bit\nContent-Transfer-Encoding: base64", &b64),
            Some(DefectKind::AmbiguousEncoding),
            Some(true),
        ),
        (
            "E01 two encodings in one field",
            multipart("Content-Transfer-Encoding: 7bit, base64", &b64),
            Some(DefectKind::AmbiguousEncoding),
            Some(true),
        ),
        (
            "E01 duplicate boundary parameter",
            multipart(
                "Content-Type: multipart/mixed; boundary=b; boundary=a",
                &format!("--b\n\nrien\n--b--\n--a\n{b64_leaf}--a--\n"),
            ),
            Some(DefectKind::AmbiguousBoundary),
            Some(true),
        ),
        // E02
        (
            "E02 boundary with blanks and no quotes",
            multipart("Content-Type: multipart/mixed; boundary=a b", &format!("--a b\n{b64_leaf}--a b--\n")),
            None,
            None,
        ),
        (
            "E02 boundary with trailing blanks on its line",
            multipart(mixed, &format!("--a  \t\n{b64_leaf}--a--  \n")),
            None,
            Some(false),
        ),
        (
            "E02 boundary as an encoded word",
            multipart(
                "Content-Type: multipart/mixed; boundary=\"=?us-ascii?Q?a?=\"",
                &format!("--a\n{b64_leaf}--a--\n"),
            ),
            None,
            None,
        ),
        (
            "E02 boundary by RFC 2231",
            multipart(
                "Content-Type: multipart/mixed; boundary*1=c; boundary*0=b",
                &format!("--bc\n{b64_leaf}--bc--\n"),
            ),
            None,
            Some(false),
        ),
        (
            "E02 boundary that is the start of another line",
            multipart(mixed, &format!("--a\n\nrien\n--ab\n{b64_leaf}--a--\n")),
            Some(DefectKind::AmbiguousBoundary),
            Some(true),
        ),
        (
            "E02 boundary that is the start of the inner one is ordinary",
            multipart(
                mixed,
                &format!(
                    "--a\nContent-Type: multipart/alternative; boundary=\"ab\"\n\n--ab\n{b64_leaf}--ab--\n--a--\n"
                ),
            ),
            None,
            Some(false),
        ),
        (
            "E02 no final boundary",
            multipart(mixed, &format!("--a\n{b64_leaf}")),
            Some(DefectKind::MissingFinalBoundary),
            Some(false),
        ),
        (
            "E02 same boundary inside",
            multipart(
                mixed,
                &format!("--a\nContent-Type: multipart/mixed; boundary=a\n\n--a\n{b64_leaf}--a--\n--a--\n"),
            ),
            None,
            Some(true),
        ),
        (
            "E02 parts after the end",
            multipart(mixed, &format!("--a\n\nrien\n--a--\n--a\n{b64_leaf}--a--\n")),
            Some(DefectKind::AmbiguousBoundary),
            Some(true),
        ),
        (
            "E02 preamble",
            multipart(mixed, &format!("{SECRET}\n--a\n\nrien\n--a--\n")),
            Some(DefectKind::TextOutsideParts),
            Some(false),
        ),
        (
            "E02 epilogue",
            multipart(mixed, &format!("--a\n\nrien\n--a--\n{SECRET}\n")),
            Some(DefectKind::TextOutsideParts),
            Some(false),
        ),
        (
            "E02 boundary nobody declared",
            multipart("Content-Type: multipart/mixed", &format!("--zz\n{b64_leaf}--zz--\n")),
            Some(DefectKind::MissingBoundary),
            Some(true),
        ),
        (
            "E02 quote that never closes",
            multipart("Content-Type: multipart/mixed; boundary=\"a; x=y", &format!("--a\n{b64_leaf}--a--\n")),
            None,
            None,
        ),
        // E03
        (
            "E03 unknown encoding",
            multipart("Content-Transfer-Encoding: rot13", SECRET),
            Some(DefectKind::UnknownEncoding),
            Some(true),
        ),
        (
            "E03 unknown encoding that is base64",
            multipart("Content-Transfer-Encoding: base-64", &b64),
            Some(DefectKind::UnknownEncoding),
            Some(true),
        ),
        (
            "E03 base64 with junk",
            multipart(
                "Content-Transfer-Encoding: base64",
                &b64.chars().flat_map(|c| [c, '!']).collect::<String>(),
            ),
            Some(DefectKind::BrokenBase64),
            Some(true),
        ),
        (
            "E03 base64 in two blocks",
            multipart("Content-Transfer-Encoding: base64", &format!("cmllbg==\n{b64}")),
            Some(DefectKind::BrokenBase64),
            Some(true),
        ),
        (
            "E03 text below base64",
            multipart("Content-Transfer-Encoding: base64", &format!("cmllbg==\n\n-- \nliste {SECRET}\n")),
            Some(DefectKind::TextOutsideParts),
            Some(false),
        ),
        (
            "E03 quoted-printable, soft breaks and lower case",
            multipart("Content-Transfer-Encoding: quoted-printable", "=46R763000=\n60000112345678=39=\n0189"),
            None,
            Some(false),
        ),
        (
            "E03 quoted-printable with invalid escapes",
            multipart("Content-Transfer-Encoding: quoted-printable", &format!("=ZZ {SECRET} =")),
            Some(DefectKind::BrokenQuotedPrintable),
            Some(false),
        ),
        (
            "E03 uuencode in a text",
            multipart(
                "Content-Type: text/plain",
                "voici\nbegin 644 n.txt\n;1E(W-C,P,#`V,#`P,#$Q,C,T-38W.#DP,3@Y\n`\nend\n",
            ),
            Some(DefectKind::EncodedInText),
            Some(false),
        ),
        (
            "E03 encoding on a multipart",
            multipart("Content-Type: multipart/mixed; boundary=a\nContent-Transfer-Encoding: base64", &{
                use base64::Engine as _;
                base64::engine::general_purpose::STANDARD.encode(format!("--a\r\n\r\n{SECRET}\r\n--a--\r\n"))
            }),
            Some(DefectKind::AmbiguousEncoding),
            Some(true),
        ),
        // E05
        (
            "E05 html",
            multipart("Content-Type: text/html", "<p>FR7630006000<b>0112345</b>67&#56;90189</p>"),
            None,
            Some(false),
        ),
        (
            "E05 html, hidden by style",
            multipart(
                "Content-Type: text/html",
                &format!("<p>Bonjour<span style='display:NONE !important'>{SECRET}</span>"),
            ),
            Some(DefectKind::HiddenText),
            Some(false),
        ),
        (
            "E05 html, hidden by a sheet",
            multipart(
                "Content-Type: text/html",
                &format!("<style>.h{{visibility:hidden}}</style><div class=h>{SECRET}</div>"),
            ),
            Some(DefectKind::HiddenText),
            Some(false),
        ),
        (
            "E05 html, split by hidden text",
            multipart("Content-Type: text/html", "FR76300060000<i style='font-size:0'>zzz</i>11234567890189"),
            Some(DefectKind::HiddenText),
            Some(false),
        ),
        (
            "E05 html comment",
            multipart("Content-Type: text/html", &format!("<!-- {SECRET} -->x")),
            None,
            Some(false),
        ),
        (
            "E05 html conditional comment",
            multipart("Content-Type: text/html", &format!("<!--[if mso]><p>{SECRET}</p><![endif]-->x")),
            None,
            Some(false),
        ),
        (
            "E05 utf-7",
            multipart("Content-Type: text/plain; charset=utf-7", "FR76+ADM-0006000011234567890189"),
            None,
            None,
        ),
        (
            "E05 no such charset",
            multipart("Content-Type: text/plain; charset=klingon", &format!("é {SECRET}")),
            Some(DefectKind::UnknownCharset),
            Some(true),
        ),
        (
            "E05 alternative parts that differ",
            multipart(
                "Content-Type: multipart/alternative; boundary=a",
                &format!(
                    "--a\nContent-Type: text/plain\n\nrien\n--a\nContent-Type: text/html\n\n<p>{SECRET}\n--a--\n"
                ),
            ),
            None,
            Some(false),
        ),
        (
            "E05 calendar",
            multipart(
                "Content-Type: text/calendar",
                &format!("BEGIN:VCALENDAR\nDESCRIPTION:{}\n {}\nEND:VCALENDAR", &SECRET[..9], &SECRET[9..]),
            ),
            None,
            Some(false),
        ),
        (
            "E05 format=flowed",
            multipart("Content-Type: text/plain; format=flowed; delsp=yes", "FR7630006000 \n011234567890189"),
            None,
            Some(false),
        ),
        // E06
        (
            "E06 attached message",
            multipart("Content-Type: message/rfc822", &format!("Subject: y\n{leaf}")),
            None,
            Some(false),
        ),
        (
            "E06 attached message in base64",
            multipart("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64", &{
                use base64::Engine as _;
                base64::engine::general_purpose::STANDARD.encode(format!("Subject: {SECRET}\r\n\r\nrien"))
            }),
            None,
            Some(false),
        ),
        (
            "E06 partial",
            multipart("Content-Type: message/partial; id=x; number=1", SECRET),
            Some(DefectKind::PartialMessage),
            None,
        ),
        (
            "E06 external body",
            multipart("Content-Type: message/external-body; access-type=URL", SECRET),
            Some(DefectKind::ExternalBody),
            None,
        ),
        (
            "E06 digest",
            multipart(
                "Content-Type: multipart/digest; boundary=a",
                &format!("--a\n\nSubject: {SECRET}\n\nx\n--a--\n"),
            ),
            None,
            Some(false),
        ),
        // headers
        ("no header", format!("{SECRET} et rien d'autre\n\nfin"), Some(DefectKind::NoHeaders), None),
        ("no blank line", format!("Subject: {SECRET}"), None, None),
        (
            "a line that is no field",
            format!("Subject: x\n{SECRET}\nContent-Transfer-Encoding: base64\n\ncmllbg=="),
            Some(DefectKind::MalformedHeader),
            None,
        ),
        (
            "second subject",
            format!("Subject: x\nSubject: {SECRET}\n\n"),
            Some(DefectKind::DuplicateHeader),
            Some(true),
        ),
        ("display name", format!("From: \"{SECRET}\" <a@b.example>\n\n"), None, Some(false)),
        (
            "encoded subject",
            "Subject: =?utf-8?Q?FR7630006000?=\n =?utf-8?B?MDExMjM0NTY3ODkwMTg5?=\n\n".to_owned(),
            None,
            Some(false),
        ),
    ]
}

#[test]
fn e01_fields_that_stand_twice() {
    every_reading_is_scanned_and_doubt_is_said("E01 ", 5);
}

#[test]
fn e02_boundaries() {
    every_reading_is_scanned_and_doubt_is_said("E02 ", 12);
}

#[test]
fn e03_encodings() {
    every_reading_is_scanned_and_doubt_is_said("E03 ", 9);
    let unread =
        mail("Content-Type: text/plain\n\nvoici\n=ybegin line=128 size=5 name=a.txt\nxxxxx\n=yend size=5\n");
    assert!(has(&unread, DefectKind::EncodedInTextUnread) && unread.is_unread());
}

#[test]
fn e05_charsets_and_what_is_not_seen() {
    every_reading_is_scanned_and_doubt_is_said("E05 ", 11);
    // One letter a cell, hyphens nobody sees, a blank without width: the detectors see through these.
    let cells: String = SECRET.chars().map(|c| format!("<td>{c}</td>")).collect();
    let message = mail(&format!("Content-Type: text/html\n\n<table><tr>{cells}</tr></table>"));
    assert_eq!(everything(&message).replace(['\t', '\n'], ""), SECRET);
    let invisible: String = SECRET.chars().flat_map(|c| [c, '\u{ad}', '\u{200b}']).collect();
    let message = mail(&format!("Content-Type: text/plain; charset=utf-8\n\n{invisible}"));
    assert_eq!(everything(&message).replace(['\u{ad}', '\u{200b}'], "").trim(), SECRET);
}

#[test]
fn e05_bytes_of_other_widths() {
    let wide = |unit: fn(u16) -> [u8; 2]| SECRET.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
    for (charset, body) in [
        ("utf-16be", wide(u16::to_be_bytes)),
        ("utf-16le", wide(u16::to_le_bytes)),
        ("utf-16", [&[0xff, 0xfe][..], &wide(u16::to_le_bytes)].concat()),
        ("iso-2022-jp", [b"\x1b$B$3\x1b(B ".as_slice(), SECRET.as_bytes()].concat()),
        // The label is wrong: both readings are there.
        ("us-ascii", ["é".as_bytes(), SECRET.as_bytes()].concat()),
    ] {
        use base64::Engine as _;
        let encoded = base64::engine::general_purpose::STANDARD.encode(body);
        let message = mail(&format!(
            "Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n\n{encoded}"
        ));
        assert!(everything(&message).contains(SECRET), "{charset}: {message:?}");
    }
}

#[test]
fn e06_messages_in_messages() {
    every_reading_is_scanned_and_doubt_is_said("E06 ", 5);
    let mut deep = format!("Subject: {SECRET}\n\nfond");
    for _ in 0..100 {
        deep = format!("Content-Type: message/rfc822\n\n{deep}");
    }
    let message = mail(&deep);
    assert!(has(&message, DefectKind::TooDeep) && message.is_unread(), "{message:?}");
}

#[test]
fn e06_what_is_encrypted_is_unread() {
    for source in [
        "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=a\n\n--a\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--a\nContent-Type: application/octet-stream\n\nx\n--a--\n",
        "Content-Type: text/plain\n\n-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n",
        "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\nContent-Transfer-Encoding: base64\n\nMIAG\n",
    ] {
        let message = mail(source);
        assert!(has(&message, DefectKind::Encrypted) && message.is_unread(), "{message:?}");
    }
}

#[test]
fn headers_hide_nothing() {
    every_reading_is_scanned_and_doubt_is_said("", 50);
}

/// The cases whose names start so; at least so many.
fn every_reading_is_scanned_and_doubt_is_said(start: &str, at_least: usize) {
    let cases: Vec<Case> = cases().into_iter().filter(|(name, ..)| name.starts_with(start)).collect();
    assert!(cases.len() >= at_least, "{} cases of {start}", cases.len());
    for (name, source, defect, ambiguous) in cases {
        let message = mail(&source);
        let found = everything(&message).replace(['\n', ' '], "");
        assert!(found.contains(SECRET), "{name}: {message:?}");
        if let Some(kind) = defect {
            assert!(has(&message, kind), "{name}: {message:?}");
        }
        if let Some(ambiguous) = ambiguous {
            assert_eq!(message.is_ambiguous(), ambiguous, "{name}: {message:?}");
        }
    }
}

#[test]
fn e06_an_opaque_signature_is_opened() {
    // ContentInfo { signed-data, [0] { SignedData { 1, {}, { data, [0] { content } } } } }, with BER lengths.
    let content = b"Content-Type: text/plain\r\n\r\nsecret";
    let mut der = vec![
        0x30, 0x80, 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02, 0xa0, 0x80, 0x30, 0x80,
    ];
    der.extend([
        0x02, 1, 1, 0x31, 0, 0x30, 0x80, 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01,
    ]);
    der.extend([0xa0, 0x80, 0x24, 0x80]);
    for half in content.chunks(20) {
        der.extend([0x04, half.len() as u8]);
        der.extend(half);
    }
    der.extend([0; 12]);
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(&der);
    let header =
        "Content-Type: application/pkcs7-mime; smime-type=signed-data\nContent-Transfer-Encoding: base64";
    let message = mail(&format!("{header}\n\n{encoded}"));
    assert!(
        message.texts.iter().any(|text| text.text == "secret" && text.part.as_str() == "1.1"),
        "{message:?}"
    );
    assert!(!message.is_unread());
    der[12] = 3;
    let sealed = base64::engine::general_purpose::STANDARD.encode(&der);
    let opaque = mail(&format!("{header}\n\n{sealed}"));
    assert!(has(&opaque, DefectKind::Encrypted) && opaque.is_unread());
}
