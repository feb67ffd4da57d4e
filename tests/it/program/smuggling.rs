//! Requests that two readers would divide differently (attack X3): at the console itself, and through each proxy as shipped.

use std::time::Duration;

use super::proxies::{Front, NAME};
use crate::support::program::Program;
use crate::support::tls::speak;

/// How long a connection that stays open is listened to.
const PATIENCE: Duration = Duration::from_millis(700);
/// What a divided request would hide.
const HIDDEN: &str = "GET /smuggled HTTP/1.1\r\nHost: HOST\r\n\r\n";

/// Heads whose end, or whose body's end, can be read in two ways; each is followed by a body of both kinds with [`HIDDEN`] in it.
const HEADS: [(&str, &str); 16] = [
    ("a length and chunks", "Content-Length: LENGTH\r\nTransfer-Encoding: chunked\r\n"),
    ("chunks and a length", "Transfer-Encoding: chunked\r\nContent-Length: LENGTH\r\n"),
    ("two lengths", "Content-Length: 5\r\nContent-Length: LENGTH\r\n"),
    ("two lengths in one line", "Content-Length: 5, LENGTH\r\n"),
    ("a length with a sign", "Content-Length: +5\r\n"),
    ("a length in hexadecimal", "Content-Length: 0x5\r\n"),
    ("a negative length", "Content-Length: -5\r\n"),
    ("a length beyond numbers", "Content-Length: 18446744073709551621\r\n"),
    ("chunks that are not last", "Transfer-Encoding: chunked, identity\r\n"),
    ("chunks by another name", "Transfer-Encoding: xchunked\r\nContent-Length: LENGTH\r\n"),
    ("chunks behind a fold", "Transfer-Encoding:\r\n chunked\r\nContent-Length: LENGTH\r\n"),
    ("a folded line", "X-A: b\r\n Content-Length: LENGTH\r\nContent-Length: 5\r\n"),
    ("a space before the colon", "Transfer-Encoding : chunked\r\nContent-Length: LENGTH\r\n"),
    ("a tab in the value", "Transfer-Encoding:\x0bchunked\r\nContent-Length: LENGTH\r\n"),
    ("a lone carriage return", "X-A: b\rTransfer-Encoding: chunked\r\nContent-Length: LENGTH\r\n"),
    ("a zero byte", "X-A: b\0\r\nTransfer-Encoding: chunked\r\nContent-Length: LENGTH\r\n"),
];

/// Chunks whose end can be read in two ways.
const CHUNKS: [(&str, &str); 5] = [
    ("a chunk's size in two words", "5 5\r\nhello\r\n0\r\n\r\n"),
    ("a chunk longer than it says", "3\r\nhello\r\n0\r\n\r\n"),
    ("a chunk's size beyond numbers", "fffffffffffffffff\r\nhello\r\n0\r\n\r\n"),
    ("a chunk's size with a sign", "+5\r\nhello\r\n0\r\n\r\n"),
    ("a chunk's extension over a line", "5;a\nb\r\nhello\r\n0\r\n\r\n"),
];

fn ambiguous(host: &str) -> Vec<(&'static str, Vec<u8>)> {
    let hidden = HIDDEN.replace("HOST", host);
    let with = |head: &str, body: String| {
        let head = head.replace("LENGTH", &body.len().to_string());
        format!(
            "POST /sign-in HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n{head}\r\n{body}"
        )
        .into_bytes()
    };
    let heads = HEADS.iter().map(|(what, head)| (*what, with(head, format!("0\r\n\r\n{hidden}"))));
    let chunked = "Transfer-Encoding: chunked\r\n";
    let chunks = CHUNKS.iter().map(|(what, body)| (*what, with(chunked, format!("{body}{hidden}"))));
    heads.chain(chunks).collect()
}

/// How many answers stand in what came back, and whether one is to what was hidden.
fn answers(heard: &[u8]) -> (usize, String) {
    let text = String::from_utf8_lossy(heard).into_owned();
    (text.matches("HTTP/1.1 ").count(), text)
}

#[test]
fn x3_the_console_answers_once_and_closes() {
    let program = Program::start("smuggling");
    let (address, file) = (program.console().to_string(), program.directory.join("tls.pem"));
    for (what, bytes) in ambiguous(&address) {
        let heard = speak(&address, &file, "localhost", b"http/1.1", &bytes, PATIENCE);
        let (count, text) = answers(&heard);
        assert!(count <= 1, "{what}: {text}");
        assert!(!text.contains("HTTP/1.1 2") && !text.contains("HTTP/1.1 404"), "{what}: {text}");
    }
    // Two honest requests one after the other are two.
    let get = format!("GET /health HTTP/1.1\r\nHost: {address}\r\n\r\n");
    let heard = speak(&address, &file, "localhost", b"http/1.1", get.repeat(2).as_bytes(), PATIENCE);
    assert_eq!(answers(&heard).0, 2);
    // HTTP/1.0 has no chunks.
    let old =
        "POST /sign-in HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health HTTP/1.0\r\n\r\n";
    let heard = speak(&address, &file, "localhost", b"http/1.1", old.as_bytes(), PATIENCE);
    assert!(!String::from_utf8_lossy(&heard).contains(" 200 "));
}

/// A frame of HTTP/2 (RFC 9113 §4.1).
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// Header fields, none indexed, none compressed (RFC 7541 §6.2.2).
fn fields(fields: &[(&str, &str)]) -> Vec<u8> {
    let text = |text: &str| [&[u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
    fields.iter().flat_map(|(name, value)| [vec![0], text(name), text(value)].concat()).collect()
}

#[test]
fn x3_http_2_takes_no_field_of_a_connection_and_no_length_that_is_not_true() {
    let program = Program::start("smuggling2");
    let (address, file) = (program.console().to_string(), program.directory.join("tls.pem"));
    let ask = |more: &[(&str, &str)], body: &[u8]| {
        let base = [
            (":method", "POST"),
            (":scheme", "https"),
            (":path", "/sign-in"),
            (":authority", address.as_str()),
        ];
        let head = fields(&[base.as_slice(), more].concat());
        let bytes = [
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
            frame(4, 0, 0, &[]),
            frame(1, 4, 1, &head),
            frame(0, 1, 1, body),
        ]
        .concat();
        let heard = speak(&address, &file, "localhost", b"h2", &bytes, PATIENCE);
        // The kinds of the frames of stream 1: 1 is an answer, 3 its end by an error; 7 ends the connection.
        let (mut kinds, mut rest) = (Vec::new(), heard.as_slice());
        while let [a, b, c, kind, _, s0, s1, s2, s3, ..] = rest {
            let (length, stream) =
                (u32::from_be_bytes([0, *a, *b, *c]), u32::from_be_bytes([*s0, *s1, *s2, *s3]));
            if stream == 1 || *kind == 7 {
                kinds.push(*kind);
            }
            rest = rest.get(9 + length as usize..).unwrap_or_default();
        }
        kinds
    };
    assert_eq!(ask(&[("content-length", "1")], b"a").first(), Some(&1), "an honest one is answered");
    for (what, more) in [
        ("chunks", ("transfer-encoding", "chunked")),
        ("a connection's field", ("connection", "keep-alive")),
        ("another", ("upgrade", "websocket")),
        ("a length that is not true", ("content-length", "50")),
        ("a shorter one", ("content-length", "0")),
        ("a line in a value", ("x-a", "b\r\nGET /smuggled HTTP/1.1")),
        ("capitals", ("X-A", "b")),
    ] {
        let kinds = ask(&[more], b"GET /smuggled");
        assert!(kinds.iter().all(|kind| [3, 7].contains(kind)) && !kinds.is_empty(), "{what}: {kinds:?}");
    }
}

/// Whatever a client says through the proxy, the next clients get the answers to their own questions.
fn probe(front: &Front) {
    let (address, file) = (format!("127.0.0.1:{}", front.port), front.directory.join("tls.pem"));
    for (what, bytes) in ambiguous(&format!("{NAME}:{}", front.port)) {
        let heard = speak(&address, &file, NAME, b"http/1.1", &bytes, PATIENCE);
        let (count, text) = answers(&heard);
        assert!(count <= 2, "{what}: {text}");
        for _ in 0..3 {
            let (status, page) = front.curl("127.0.0.2", "/sign-in", &["--http1.1"]);
            assert!(status == 200 && page.contains("name=\"password\""), "after {what}: {status} {page}");
        }
    }
}

#[test]
fn x3_nginx_as_shipped() {
    if let Some(front) = Front::nginx() {
        probe(&front);
    }
}

#[test]
fn x3_haproxy_as_shipped() {
    if let Some(front) = Front::haproxy() {
        probe(&front);
    }
}

#[test]
fn x3_caddy_as_shipped() {
    if let Some(front) = Front::caddy() {
        probe(&front);
    }
}
