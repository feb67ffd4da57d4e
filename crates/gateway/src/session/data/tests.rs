//! Properties of the reader: any content, any cut.

use proptest::prelude::*;

use super::{DataReader, Fault, Progress, check_content};

const LINE_MAX: usize = 998;

/// Content or fault, and what stands behind the end.
type Outcome = (Result<Vec<u8>, Fault>, Vec<u8>);

/// Reads `wire` in pieces cut at `cuts`; the outcome and what was left over.
fn read(wire: &[u8], cuts: &[usize], bytes_max: usize) -> (Option<Result<Vec<u8>, Fault>>, Vec<u8>) {
    let mut reader = DataReader::new(bytes_max, LINE_MAX, 0);
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (wire.len() + 1)).chain([0, wire.len()]).collect();
    cuts.sort_unstable();
    for pair in cuts.windows(2) {
        if let Progress::End(taken) = reader.push(&wire[pair[0]..pair[1]]) {
            return (Some(reader.finish()), wire[pair[0] + taken..].to_vec());
        }
    }
    (None, Vec::new())
}

/// The plain definition: the first CRLF.CRLF (a CRLF stands before the first line), then one dot off each line.
fn by_definition(wire: &[u8]) -> Option<Outcome> {
    let whole = [b"\r\n", wire].concat();
    let end = whole.windows(5).position(|five| five == b"\r\n.\r\n")?;
    let (content, rest) = (&whole[..end + 2], &whole[end + 5..]);
    let mut lines = Vec::new();
    for at in 2..content.len() {
        if !(content[at] == b'.' && content[at - 1] == b'\n' && content[at - 2] == b'\r') {
            lines.push(content[at]);
        }
    }
    Some((check_content(&content[2..]).map(|()| lines), rest.to_vec()))
}

fn tricky() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => Just(b"\r\n".to_vec()), 4 => Just(b".".to_vec()), 1 => Just(b"\r".to_vec()), 1 => Just(b"\n".to_vec()),
        1 => Just(b"\0".to_vec()), 4 => proptest::collection::vec(any::<u8>(), 0..20), 4 => Just(b"abc".to_vec()),
    ];
    proptest::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

fn plain() -> impl Strategy<Value = Vec<u8>> {
    let line = proptest::collection::vec(
        any::<u8>().prop_filter("plain", |b| !matches!(b, 0 | b'\r' | b'\n')),
        0..30,
    );
    let line = (0..3_usize, line).prop_map(|(dots, line)| [&b".".repeat(dots)[..], &line, b"\r\n"].concat());
    proptest::collection::vec(line, 0..20).prop_map(|lines| lines.concat())
}

fn stuff(content: &[u8]) -> Vec<u8> {
    let mut wire = Vec::new();
    for line in content.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            wire.push(b'.');
        }
        wire.extend_from_slice(line);
    }
    wire.extend_from_slice(b".\r\n");
    wire
}

proptest! {
    #[test]
    fn content_stuffed_comes_back_for_any_cut(content in plain(), cuts in proptest::collection::vec(any::<usize>(), 0..12)) {
        let mut wire = stuff(&content);
        wire.extend_from_slice(b"QUIT\r\n");
        prop_assert_eq!(read(&wire, &cuts, usize::MAX), (Some(Ok(content)), b"QUIT\r\n".to_vec()));
    }

    #[test]
    fn the_end_is_the_definitions_for_any_bytes_and_any_cut(mut wire in tricky(), cuts in proptest::collection::vec(any::<usize>(), 0..12)) {
        wire.extend_from_slice(b"\r\n.\r\nREST");
        let (expected, rest) = by_definition(&wire).unwrap();
        let (got, left) = read(&wire, &cuts, usize::MAX);
        prop_assert_eq!(left, rest);
        // Which fault is found first may depend on nothing but the order in the wire.
        prop_assert_eq!(got.unwrap(), expected);
    }

    #[test]
    fn one_byte_at_a_time_is_the_same(wire in tricky()) {
        let cuts: Vec<usize> = (0..wire.len()).collect();
        prop_assert_eq!(read(&wire, &cuts, usize::MAX), read(&wire, &[], usize::MAX));
    }
}

#[test]
fn content_taken_on_the_way_is_the_content_and_still_counts() {
    let wire = b"a\r\n..b\r\n\xe9\r\n.\r\n";
    let mut reader = DataReader::new(9, LINE_MAX, 0);
    let mut content = Vec::new();
    for at in 0..wire.len() {
        assert_eq!(
            reader.push(&wire[at..=at]),
            if at + 1 == wire.len() { Progress::End(1) } else { Progress::More }
        );
        content.extend(reader.take());
        assert!(reader.waiting().is_empty());
    }
    assert!(!reader.is_ascii() && reader.len() == 9);
    assert_eq!(reader.finish(), Err(Fault::TooLarge), "ten bytes are one too many");
    let mut reader = DataReader::new(10, LINE_MAX, 0);
    let mut content = Vec::new();
    for at in 0..wire.len() {
        let _ = reader.push(&wire[at..=at]);
        content.extend(reader.take());
    }
    assert_eq!((content, reader.finish()), (b"a\r\n.b\r\n\xe9\r\n".to_vec(), Ok(Vec::new())));
}

#[test]
fn limits_hold_to_the_byte() {
    let wire = |length: usize| [&vec![b'x'; length][..], b"\r\n.\r\n"].concat();
    assert!(matches!(read(&wire(998), &[], 1000).0, Some(Ok(_))));
    assert_eq!(read(&wire(998), &[500], 999).0, Some(Err(Fault::TooLarge)));
    assert_eq!(read(&wire(999), &[500], 9_999).0, Some(Err(Fault::LineTooLong)));
    assert!(matches!(read(&wire(998), &[998, 999], 9_999).0, Some(Ok(_))));
    assert_eq!(
        read(b"xxx\n\r\n.\r\n", &[], 1).0,
        Some(Err(Fault::BareLineEnd)),
        "what may be smuggling goes first"
    );
}

#[test]
fn content_is_checked_by_the_same_rules() {
    assert_eq!(check_content(b"a\r\n.\r\n\r\nb"), Ok(()));
    for content in [&b"a\nb"[..], b"a\rb", b"a\r", b"\n", b"\r\r\n", b"\n\r"] {
        assert_eq!(check_content(content), Err(Fault::BareLineEnd), "{content:?}");
    }
    assert_eq!(check_content(b"a\0"), Err(Fault::Nul));
}
