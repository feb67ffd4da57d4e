//! An invented model: the same bits wherever it runs, and every way its files can be wrong.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::files::{self, Made};
use crate::{DIMENSIONS, Embedding, Encoder, Files, ModelError, Precision};

static MADE: LazyLock<Made> = LazyLock::new(Made::new);
static ENCODER: LazyLock<Encoder> = LazyLock::new(|| Encoder::read(MADE.files()).unwrap());

#[test]
fn an_invented_model_gives_the_same_bits_on_any_machine() {
    let rows = ENCODER.rows(&["abc abé", "a", "", "ab ab ab bc ca é"], Precision::Fast);
    let bytes: Vec<u8> = rows.iter().flat_map(|number| number.to_le_bytes()).collect();
    assert_eq!(files::sha256(&bytes), "35881320773ba018080bf019598d7f60405b6d25ea42993c812a8fc61896b18e");
    let scores = ENCODER.sentences(&["abc abé"]).remove(0);
    assert_eq!(scores.scores.len(), 3);
}

#[test]
fn the_likeliest_cut_is_found_and_marks_are_not_said() {
    for (text, pieces) in [
        ("abc", &[1, 10, 6, 2][..]),
        ("ab ab", &[1, 10, 10, 2]),
        ("  a\u{a0}\u{200b}b ", &[1, 9, 3, 5, 2]),
        ("ce\u{301}", &[1, 3, 12, 2]),
        // What would be the mark of an end is three unknown characters and an s.
        ("</s>", &[1, 3, 0, 0, 0, 0, 2]),
        ("x", &[1, 3, 0, 2]),
        ("", &[1, 3, 2]),
    ] {
        assert_eq!(ENCODER.tokens(text), pieces, "{text}");
    }
}

#[test]
fn a_sentence_gives_the_same_alone_and_among_others_and_from_the_cache() {
    let texts = ["abc", "ab é c", "x", "abc"];
    let together = ENCODER.rows(&texts, Precision::Fast);
    for (text, row) in texts.iter().zip(together.chunks_exact(DIMENSIONS)) {
        assert_eq!(ENCODER.rows(&[text], Precision::Fast), row, "{text}");
    }
    let first = ENCODER.sentences(&texts);
    let fresh = Encoder::read(MADE.files()).unwrap();
    for (text, reading) in texts.iter().zip(&first) {
        assert_eq!(ENCODER.sentences(&[text]).remove(0), *reading, "{text}");
        assert_eq!(fresh.sentences(&[text]).remove(0), *reading, "{text}");
    }
}

#[test]
fn what_is_too_long_is_cut_and_still_read() {
    let long = "abc é ".repeat(10_000);
    let tokens = ENCODER.tokens(&long);
    assert_eq!(tokens.len(), vocabulary::bounds::ENCODED_PIECES_MAX);
    assert_eq!((tokens[0], tokens[255]), (1, 2));
    assert_eq!(ENCODER.sentences(&[&long]).len(), 1);
    // One character of Arabic that NFKC makes eighteen.
    assert!(ENCODER.tokens(&"\u{fdfa}".repeat(5_000)).len() <= vocabulary::bounds::ENCODED_PIECES_MAX);
}

#[test]
fn files_that_are_no_model_are_refused() {
    let made = MADE.files();
    let read = |network: &[u8], pieces: &[u8], head: &[u8]| Encoder::read(Files { network, pieces, head });
    for cut in [0, 7, 8, 100, made.network.len() / 2, made.network.len() - 1] {
        assert!(read(&made.network[..cut], made.pieces, made.head).is_err(), "{cut}");
    }
    for cut in [0, 7, 60, made.head.len() - 1] {
        assert!(read(made.network, made.pieces, &made.head[..cut]).is_err(), "{cut}");
    }
    let longest = [&u64::MAX.to_le_bytes(), made.network].concat();
    assert_eq!(read(&longest, made.pieces, made.head).unwrap_err(), ModelError::Form);
    for pieces in [&b""[..], b"<unk>\n<s>\n</s>", b"\xFF", &[made.pieces, b"\nd"].concat()] {
        assert_eq!(read(made.network, pieces, made.head).unwrap_err(), ModelError::Pieces);
    }
    let twice =
        String::from_utf8(made.pieces.to_vec()).unwrap().replace("bc\ncé", "bc\nbc").replace("\nbc", "\nab");
    assert_eq!(read(made.network, twice.as_bytes(), made.head).unwrap_err(), ModelError::Pieces);
    assert!(matches!(read(made.head, made.pieces, made.head).unwrap_err(), ModelError::Table(_)));
    assert_eq!(read(made.network, made.pieces, made.network).unwrap_err(), ModelError::Classes);
}

/// Each table left out, of another type, of another shape, elsewhere, with numbers that are none.
#[test]
fn a_header_that_lies_is_refused() {
    let made = MADE.files();
    let length = u64::from_le_bytes(made.network[..8].try_into().unwrap()) as usize;
    let (header, data) = made.network[8..].split_at(length);
    let header: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(header).unwrap();
    let read = |header: &serde_json::Map<String, serde_json::Value>, data: &[u8]| {
        let header = serde_json::to_vec(header).unwrap();
        let network = [&(header.len() as u64).to_le_bytes(), header.as_slice(), data].concat();
        Encoder::read(Files { network: &network, ..made })
    };
    assert!(read(&header, data).is_ok());
    for name in header.keys() {
        let mut without = header.clone();
        without.remove(name);
        assert!(read(&without, data).is_err(), "without {name}");
        for (field, value) in [
            ("dtype", serde_json::json!("F16")),
            ("shape", serde_json::json!([1_u64 << 62, 4])),
            ("shape", serde_json::json!([])),
            ("data_offsets", serde_json::json!([0, 0])),
            ("data_offsets", serde_json::json!([5, 2])),
            ("data_offsets", serde_json::json!([0, u64::MAX])),
            ("data_offsets", serde_json::json!("all")),
        ] {
            let mut wrong = header.clone();
            wrong[name][field] = value.clone();
            assert!(read(&wrong, data).is_err(), "{name} {field} {value}");
        }
    }
    let from = header["ln.g"]["data_offsets"][0].as_u64().unwrap() as usize;
    let mut infinite = data.to_vec();
    infinite[from..from + 4].copy_from_slice(&f32::NAN.to_le_bytes());
    assert_eq!(read(&header, &infinite).unwrap_err(), ModelError::Numbers("ln.g".into()));
    // Numbers so large that what they give is none: scored nothing, and no panic.
    let mut huge = data.to_vec();
    for bytes in huge[from..from + 4 * 1280].as_chunks_mut::<4>().0 {
        *bytes = f32::MAX.to_le_bytes();
    }
    let read = read(&header, &huge).unwrap().sentences(&["abc"]);
    assert_eq!(read.len(), 1);
}

#[test]
fn a_vector_kept_elsewhere_has_its_length() {
    let embedding = ENCODER.sentences(&["abc"]).remove(0).embedding.clone();
    assert_eq!(Embedding::from_numbers(embedding.numbers().to_vec()), Some(embedding.clone()));
    assert_eq!(Embedding::from_numbers(vec![0; 3]), None);
    assert!(!format!("{embedding:?}").contains(&embedding.numbers()[0].to_string()));
    let largest = Embedding::from_numbers(vec![i16::MIN; DIMENSIONS]).unwrap();
    assert_eq!(largest.nearness(&largest), 2_048_000);
}

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC{0,120}") {
        let tokens = ENCODER.tokens(&text);
        prop_assert!(tokens.len() >= 3 && tokens.iter().all(|token| (*token as usize) < files::PIECES.len()));
    }

    #[test]
    fn any_file_is_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200), at in 0_usize..4_000) {
        let mut network = MADE.network[..6_000].to_vec();
        network.splice(at..(at + bytes.len()).min(6_000), bytes.iter().copied());
        let _ = Encoder::read(Files { network: &network, ..MADE.files() });
        let _ = Encoder::read(Files { head: &bytes, ..MADE.files() });
        let _ = Encoder::read(Files { pieces: &bytes, ..MADE.files() });
    }
}
