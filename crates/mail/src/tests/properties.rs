//! Properties on noise: total, bounded, tiled.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::corpus;
use crate::{Message, parse};

/// What holds for every message.
pub(crate) fn check(message: &Message) {
    for text in message.all_texts() {
        let mut at = 0;
        for region in &text.regions {
            assert_eq!(region.start, at, "a gap in {:?}", text.part);
            assert!(region.end > region.start && text.text.is_char_boundary(region.end));
            at = region.end;
        }
        assert_eq!(at, text.text.len(), "{:?} is not covered", text.part);
        assert!(!text.text.contains(['\0', '\r']));
    }
    for attachment in message.all_attachments() {
        assert!(!attachment.name.contains(|c: char| c.is_control() || matches!(c, '/' | '\\')));
    }
    for one_line in [&message.subject].into_iter().chain(message.from.iter().map(|from| &from.name)) {
        assert!(!one_line.contains(['\r', '\n', '\0']));
    }
    let json = serde_json::to_string(message).unwrap();
    assert!(serde_json::from_str::<Message>(&json).unwrap() == *message);
}

/// Bytes made of what the syntax is made of.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        "\r\n",
        "\n",
        "\r",
        "\0",
        "--",
        "--a",
        "--a--",
        "--a\r\n",
        "boundary=a",
        "boundary=\"a\"",
        "; ",
        ": ",
        "\"",
        "=",
        "Content-Type: multipart/mixed",
        "Content-Type: message/rfc822\r\n\r\n",
        "Content-Type: text/html\r\n\r\n",
        "Content-Type: text/plain",
        "Content-Type: text/calendar\r\n\r\n",
        "multipart/alternative",
        "charset=utf-16",
        "charset=utf-7",
        "Content-Transfer-Encoding: base64\r\n",
        "Content-Transfer-Encoding: quoted-printable\r\n",
        "From: ",
        "To: ",
        "Subject: ",
        "Date: ",
        "Message-ID: <",
        ">",
        "<",
        "(",
        ")",
        "\\",
        ",",
        ";",
        "@",
        "=?utf-8?B?",
        "=?iso-8859-1?Q?=E9?=",
        "?=",
        "QUJD",
        "=41",
        "<p>",
        "</p>",
        "<!--",
        "-->",
        "<style>",
        "<div style='display:none'>",
        "<style>.a::before{content:'",
        "'}b:nth-child(1)::after{content:attr(x)}",
        "</style>",
        "<b class=a x='é' style='order:2;float:right'>",
        "</b>",
        "<div style='display:flex;flex-direction:row-reverse'>",
        "</div>",
        "<svg><text id=a>",
        "<use href='#a'/>",
        "</svg>",
        "<path d='M0 0M1 1M0 0M1 1M0 0M1 1M0 0M1 1M0 0M1 1M0 0M1 1'/>",
        "X-ALT-DESC:",
        "&eacute;",
        "&#x41;",
        "&",
        "begin 644 x\r\n",
        "end\r\n",
        "> ",
        "Le 3 mars, X a écrit :\r\n",
        "-- \r\n",
        "é",
        "\u{202e}",
        "filename*0*=",
        "utf-8''%41",
        "filename=",
        "Content-Disposition: attachment; ",
        "+ADM-",
        " ",
        "\t",
        "Cordialement,\r\n",
        "Tue, 24 Nov 2026 15:32:00 +0100",
        "99999999999999999999",
        "X a écrit :",
        "format=flowed",
    ]);
    let noise = prop::collection::vec(any::<u8>(), 0..6);
    let any_piece = prop_oneof![8 => piece.prop_map(|piece| piece.as_bytes().to_vec()), 1 => noise];
    prop::collection::vec(any_piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn any_bytes_give_a_message(raw in prop::collection::vec(any::<u8>(), 0..2_000)) {
        check(&parse(&raw));
    }

    #[test]
    fn syntax_out_of_order_gives_a_message(raw in pieces()) {
        check(&parse(&raw));
    }

    #[test]
    fn the_same_bytes_give_the_same_message(raw in pieces()) {
        prop_assert!(parse(&raw) == parse(&raw));
    }

    #[test]
    fn mutated_mail_gives_a_message(seed in any::<prop::sample::Index>(), cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4u8), 1..12)) {
        let samples = corpus::small_samples();
        if samples.is_empty() {
            return Ok(());
        }
        let mut raw = samples[seed.index(samples.len())].clone();
        for (at, byte, how) in cuts {
            if raw.is_empty() { break; }
            let at = at.index(raw.len());
            match how {
                0 => raw[at] = byte,
                1 => raw.insert(at, byte),
                2 => { raw.truncate(at.max(1)); }
                _ => { raw.drain(at..(at + usize::from(byte)).min(raw.len())); }
            }
        }
        check(&parse(&raw));
    }
}

#[test]
fn hostile_shapes_stay_cheap() {
    let nested = |count: usize| {
        let mut raw = String::new();
        for level in 0..count {
            raw.push_str(&format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"));
        }
        raw
    };
    let shapes: Vec<(&str, String)> = vec![
        ("nested multiparts", nested(5_000)),
        ("nested messages", "Content-Type: message/rfc822\r\n\r\n".repeat(50_000)),
        (
            "many parts",
            format!(
                "Content-Type: multipart/mixed; boundary=a\r\n\r\n{}",
                "--a\r\n\r\nx\r\n".repeat(100_000)
            ),
        ),
        (
            "one boundary everywhere",
            "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n".repeat(20_000),
        ),
        ("many fields", "X: y\r\n".repeat(200_000)),
        ("many received", "Received: y\r\n".repeat(100_000)),
        ("long field", format!("Subject: {}\r\n\r\n", "x".repeat(5_000_000))),
        ("many recipients", format!("To: {}\r\n\r\n", "a@b.example, ".repeat(300_000))),
        ("many words", format!("Subject: {}\r\n\r\n", "=?utf-8?Q?a?= ".repeat(100_000))),
        ("open words", format!("Subject: {}\r\n\r\n", "=?utf-8?Q?".repeat(100_000))),
        ("parameters", format!("Content-Type: text/plain; {}\r\n\r\nx", "a=\"b\" ".repeat(100_000))),
        ("quotes", format!("Content-Type: text/plain; a={}\r\n\r\nx", "\"".repeat(1_000_000))),
        ("open comments", format!("Content-Type: text/html\r\n\r\n{}", "<!--".repeat(300_000))),
        ("comments", format!("Content-Type: text/html\r\n\r\n{}", "<!--<b>-->".repeat(100_000))),
        ("tags", format!("Content-Type: text/html\r\n\r\n{}", "<div>".repeat(300_000))),
        (
            "end tags",
            format!("Content-Type: text/html\r\n\r\n{}{}", "<div>".repeat(600), "</p>".repeat(300_000)),
        ),
        ("attributes", format!("Content-Type: text/html\r\n\r\n<a {}>", "b=c ".repeat(400_000))),
        ("open tags", format!("Content-Type: text/html\r\n\r\n{}", "<a ".repeat(400_000))),
        ("ampersands", format!("Content-Type: text/html\r\n\r\n{}", "&a".repeat(600_000))),
        ("styles", format!("Content-Type: text/html\r\n\r\n<style>{}", "@a{".repeat(400_000))),
        (
            "style elements",
            format!("Content-Type: text/html\r\n\r\n{}", "<style>a::after{content:'x'}".repeat(40_000)),
        ),
        ("open styles", format!("Content-Type: text/html\r\n\r\n{}", "<style".repeat(200_000))),
        (
            "rules and elements",
            format!(
                "Content-Type: text/html\r\n\r\n<style>{}</style>{}",
                "b::before{content:'xy'}".repeat(2_000),
                "<b>".repeat(200_000)
            ),
        ),
        (
            "long contents",
            format!(
                "Content-Type: text/html\r\n\r\n<style>b::before{{content:'{}'}}</style>{}",
                "x".repeat(4_000),
                "<b></b>".repeat(100_000)
            ),
        ),
        (
            "groups of rules",
            format!("Content-Type: text/html\r\n\r\n<style>order{}", "@media screen{'a".repeat(100_000)),
        ),
        (
            "floats",
            format!("Content-Type: text/html\r\n\r\n{}", "<b style='float:right'>x</b>".repeat(60_000)),
        ),
        (
            "nested floats",
            format!("Content-Type: text/html\r\n\r\n{}", "<b style='float:right'>x".repeat(60_000)),
        ),
        (
            "names in a drawing",
            format!("Content-Type: text/html\r\n\r\n<svg>{}", "<g id=a>x".repeat(100_000)),
        ),
        (
            "uses in a drawing",
            format!(
                "Content-Type: text/html\r\n\r\n<svg><text id=a>{}</text>{}",
                "x".repeat(60_000),
                "<use href='#a'/>".repeat(60_000)
            ),
        ),
        (
            "drawings",
            format!(
                "Content-Type: text/html\r\n\r\n{}",
                format!("<svg>{}</svg>", "<path d=M />".repeat(12)).repeat(3_000)
            ),
        ),
        ("raw ends", format!("Content-Type: text/html\r\n\r\n<script>{}", "</".repeat(500_000))),
        ("quotes in text", format!("Subject: x\r\n\r\n{}", "> x\r\ny\r\n".repeat(100_000))),
        ("attributions", format!("Subject: x\r\n\r\n{}", "On a day, X wrote:\r\n> y\r\n\r\n".repeat(50_000))),
        ("labels", format!("Subject: x\r\n\r\n{}", "From: x\r\n".repeat(150_000))),
        ("blank lines", format!("Subject: x\r\n\r\n{}", "\r\n".repeat(700_000))),
        ("begins", format!("Subject: x\r\n\r\n{}", "begin 644 x\r\n".repeat(100_000))),
        (
            "loose boundaries",
            format!("Content-Type: multipart/mixed; boundary=a\r\n\r\n{}", "--ab\r\n".repeat(200_000)),
        ),
        (
            "readings",
            format!(
                "{}\r\n{}",
                (0..8)
                    .map(|n| format!("Content-Type: multipart/mixed; boundary=a{n}\r\n"))
                    .collect::<String>(),
                (0..8).map(|n| format!("--a{n}\r\n")).collect::<String>().repeat(10_000)
            ),
        ),
    ];
    for (name, raw) in shapes {
        let start = Instant::now();
        let message = parse(raw.as_bytes());
        let took = start.elapsed();
        // Unoptimised build on a busy machine: this only catches what is not linear.
        assert!(took < Duration::from_secs(15), "{name} took {took:?}");
        let debug = std::env::var_os("CEREBRO_TIMES").is_some();
        if debug {
            eprintln!("{name}: {} bytes, {took:?}", raw.len());
        }
        drop(message);
    }
}
