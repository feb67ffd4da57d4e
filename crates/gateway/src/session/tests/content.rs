//! B01–B30: where a message ends and what it may hold.

use insta::assert_snapshot;
use tokio::io::AsyncWriteExt;

use super::Talk;
use crate::session::Limits;

/// Every end-of-data variant of the corpus that is none.
fn fake_ends() -> Vec<(String, Vec<u8>)> {
    let corpus = std::env::var("CEREBRO_CORPUS")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus").to_owned());
    let Ok(text) = std::fs::read_to_string(format!("{corpus}/smtp/end_of_data_variants.json")) else {
        eprintln!("skipped: no corpus (set CEREBRO_CORPUS)");
        return Vec::new();
    };
    let variants: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let bytes = |hex: &str| {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    };
    let fake: Vec<_> = variants
        .iter()
        .filter(|variant| variant["is_end_of_data_per_rfc5321"] == false)
        .map(|variant| {
            (variant["name"].as_str().unwrap().to_owned(), bytes(variant["hex"].as_str().unwrap()))
        })
        .collect();
    assert_eq!(fake.len(), 12);
    fake
}

#[tokio::test]
async fn b01_to_b12_b27_a_fake_end_ends_nothing_and_is_refused() {
    for (name, end) in fake_ends() {
        let mut talk = Talk::in_data().await;
        talk.send(b"Subject: x\r\n\r\nfirst").await;
        talk.send(&end).await;
        talk.send(b"MAIL FROM:<evil@orveane.example>\r\nRCPT TO:<victim@partner.example>\r\nDATA\r\n").await;
        talk.send(b"Subject: smuggled\r\n\r\nsecond\r\n.\r\nQUIT\r\n").await;
        assert!(talk.hear().await.starts_with("554 5.6.0"), "{name}");
        talk.is_closed().await;
        assert_eq!(talk.desk.count(), 0, "{name}");
    }
}

#[tokio::test]
async fn b13_to_b24_the_same_bytes_anywhere_in_a_message_refuse_it() {
    for (name, end) in fake_ends() {
        for (before, after) in [
            (&b""[..], &b"x\r\n.\r\n"[..]),
            (b"a", b"\r\n.\r\n"),
            (b"a\r\n", b"b\r\n.\r\n"),
            (b"a\r\n\r\n", b".\r\n.\r\n"),
        ] {
            let mut talk = Talk::in_data().await;
            talk.send(&[before, &end, after].concat()).await;
            assert!(talk.hear().await.starts_with("554 5.6.0"), "{name} after {before:?}");
            assert_eq!(talk.desk.count(), 0, "{name}");
        }
    }
}

#[tokio::test]
async fn a_fake_end_at_the_very_end_gets_its_answer_without_waiting_for_more() {
    for (name, end) in fake_ends() {
        let mut talk = Talk::in_data().await;
        talk.send(b"x").await;
        talk.send(&end).await;
        // A final CR may still become a CRLF: one byte more decides.
        if end.ends_with(b"\r") {
            talk.send(b"x").await;
        }
        assert!(talk.hear().await.starts_with("554 5.6.0"), "{name}");
    }
}

#[tokio::test]
async fn b25_the_end_split_at_each_position() {
    let message = b"Subject: x\r\n\r\n..y\r\n.\r\n";
    for cut in 0..=message.len() {
        let mut talk = Talk::in_data().await;
        let (head, tail) = message.split_at(cut);
        talk.send(head).await;
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        talk.send(tail).await;
        assert!(talk.hear().await.starts_with("250"), "cut at {cut}");
        assert_eq!(talk.desk.last().raw, b"Subject: x\r\n\r\n.y\r\n", "cut at {cut}");
    }
}

#[tokio::test]
async fn b26_b30_odd_messages_come_through_byte_for_byte() {
    for (sent, content) in [
        (&b".\r\n"[..], &b""[..]),
        (b"\r\n.\r\n", b"\r\n"),
        (b"Subject: headers only\r\n.\r\n", b"Subject: headers only\r\n"),
        (b"\r\nbody only\r\n.\r\n", b"\r\nbody only\r\n"),
        (b"no blank line\r\n.\r\n", b"no blank line\r\n"),
        (b"..\r\n...\r\n..a\r\n.\r\n", b".\r\n..\r\n.a\r\n"),
        (b".a\r\n.\r\n", b"a\r\n"),
        (b"a.\r\n.\r\n", b"a.\r\n"),
        (b"a\r\n\r\n\r\n.\r\n", b"a\r\n\r\n\r\n"),
    ] {
        let mut talk = Talk::in_data().await;
        talk.send(sent).await;
        assert!(talk.hear().await.starts_with("250"), "{sent:?}");
        assert_eq!(talk.desk.last().raw, content);
    }
}

#[tokio::test]
async fn b28_long_lines_are_carried_whole_or_refused() {
    for (length, long, code) in
        [(998, false, "250"), (999, true, "250"), (65_536, true, "250"), (65_537, true, "554 5.6.0")]
    {
        let mut talk = Talk::in_data().await;
        let line = "x".repeat(length);
        talk.send(format!("a\r\n{line}\r\n.\r\n").as_bytes()).await;
        assert!(talk.hear().await.starts_with(code), "{length}");
        assert!(talk.ask("NOOP").await.starts_with("250"), "in step");
        if code == "250" {
            assert_eq!(talk.desk.last().raw, format!("a\r\n{line}\r\n").as_bytes());
            assert_eq!(talk.desk.last().envelope.long_lines, long);
        }
    }
}

#[tokio::test]
async fn b29_eight_bit_content() {
    let mut talk = Talk::in_data().await;
    talk.send("Subject: é\r\n\r\nà\r\n.\r\n".as_bytes()).await;
    assert!(talk.hear().await.starts_with("250"));
    let got = talk.desk.last();
    assert_eq!(got.raw, "Subject: é\r\n\r\nà\r\n".as_bytes());
    assert!(got.envelope.eight_bit && !got.envelope.smtputf8);
    talk.ask("MAIL FROM:<ines@orveane.example> BODY=8BITMIME SMTPUTF8").await;
    talk.ask("RCPT TO:<rené@münchen.example>").await;
    talk.ask("DATA").await;
    talk.ask("x\r\n.").await;
    assert_snapshot!(talk.transcript);
    let got = talk.desk.last();
    assert!(got.envelope.eight_bit && got.envelope.smtputf8);
}

#[tokio::test]
async fn b30_huge_headers_and_loops() {
    let mut talk =
        Talk::in_data_limited(Limits { message_bytes: 64 * 1024 * 1024, ..Limits::default() }).await;
    let headers = "X-Field: value\r\n".repeat(100_000);
    talk.send(headers.as_bytes()).await;
    talk.send(b"\r\n.\r\n").await;
    assert!(talk.hear().await.starts_with("250"));
    assert_eq!(talk.desk.last().raw.len(), headers.len() + 2);
    for (hops, code) in [(100, "250"), (101, "554 5.4.6"), (100_000, "554 5.4.6")] {
        talk.begin().await;
        let received = "Received: from a by b; Tue, 24 Nov 2026 10:00:00 +0000\r\n".repeat(hops);
        talk.send(received.as_bytes()).await;
        talk.send(b"\r\n.\r\n").await;
        assert!(talk.hear().await.starts_with(code), "{hops}");
    }
}

#[tokio::test]
async fn disconnect_in_data() {
    let mut talk = Talk::in_data().await;
    talk.send(b"Subject: x\r\n\r\nhalf\r\n.").await;
    talk.stream.shutdown().await.unwrap();
    talk.is_closed().await;
    assert_eq!(talk.desk.count(), 0);
}

#[tokio::test]
async fn too_much_at_once_means_later_and_room_comes_back() {
    let mut talk = Talk::in_data_limited(Limits { receiving_bytes: 1_000, ..Limits::default() }).await;
    talk.send(format!("{}\r\n.\r\n", "x\r\n".repeat(400)).as_bytes()).await;
    assert!(talk.hear().await.starts_with("452 4.3.1"));
    talk.begin().await;
    talk.send(format!("{}\r\n.\r\n", "x\r\n".repeat(300)).as_bytes()).await;
    assert!(talk.hear().await.starts_with("250"));
}

/// A client that sends chunks all the same: they hold what would be commands, and nothing of them is executed.
#[tokio::test]
async fn b31_bdat_is_neither_offered_nor_done() {
    let mut talk = Talk::limited(Limits::default());
    talk.hear().await;
    let offered = talk.ask("EHLO client.example").await;
    assert!(!offered.contains("CHUNKING") && !offered.contains("BINARYMIME"), "{offered}");
    assert!(talk.ask("MAIL FROM:<ines@orveane.example> BODY=BINARYMIME").await.starts_with("5"));
    talk.ask("MAIL FROM:<ines@orveane.example>").await;
    talk.ask("RCPT TO:<paul@partner.example>").await;
    let chunk =
        "RSET\r\nMAIL FROM:<forged@orveane.example>\r\nRCPT TO:<x@partner.example>\r\nDATA\r\nx\r\n.\r\n";
    talk.send(format!("BDAT {} LAST\r\n{chunk}", chunk.len()).as_bytes()).await;
    assert!(talk.hear().await.starts_with("502 5.5.1"));
    talk.is_closed().await;
    assert_eq!(talk.desk.count(), 0);
}
