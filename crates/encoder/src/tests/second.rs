//! The second encoder: the real one against the numbers of another program, and an invented one.

use std::sync::LazyLock;

use proptest::prelude::*;
use pulp::Arch;

use super::files::{self, Made, archs};
use crate::kind::Network;
use crate::transformer::Transformer;
use crate::{Encoder, Files, Kind, ModelError, Precision};

const SENTENCES: &str = include_str!("../../vectors/second.tsv");
const VECTORS: &[u8] = include_bytes!("../../vectors/second.bin");
const WIDTH: usize = 384;

static MADE: LazyLock<Made> = LazyLock::new(Made::second);
static ENCODER: LazyLock<Encoder> = LazyLock::new(|| Encoder::read(MADE.files()).unwrap());

/// A sentence, and what the other program made of it.
struct Line {
    class: &'static str,
    score: u16,
    pieces: Vec<u32>,
    text: &'static str,
    vector: Option<Vec<f32>>,
}

fn lines() -> Vec<Line> {
    let mut vectors = VECTORS.as_chunks::<3>().0.chunks_exact(WIDTH);
    let lines = SENTENCES.lines().map(|line| {
        let mut fields = line.splitn(5, '\t');
        let with_vector = fields.next().unwrap() == "v";
        let vector = with_vector.then(|| {
            let numbers = vectors.next().unwrap().iter();
            numbers.map(|[a, b, c]| (i32::from_le_bytes([0, *a, *b, *c]) >> 8) as f32 / 8_388_608.0).collect()
        });
        Line {
            class: fields.next().unwrap(),
            score: fields.next().unwrap().parse().unwrap(),
            pieces: fields.next().unwrap().split(' ').map(|piece| piece.parse().unwrap()).collect(),
            text: fields.next().unwrap(),
            vector,
        }
    });
    let lines: Vec<Line> = lines.collect();
    assert!(vectors.next().is_none());
    lines
}

#[test]
fn every_sentence_is_cut_as_the_reference_cuts_it() {
    let Some(encoder) = files::second() else { return };
    assert_eq!(encoder.kind(), Kind::Second);
    for line in lines() {
        assert_eq!(encoder.tokens(line.text), line.pieces, "{}", line.text);
    }
}

/// How far the vectors are from the reference's: the farthest number, the lowest cosine and the mean one.
fn distance(precision: Precision) -> Option<(f32, f64, f64)> {
    let encoder = files::second()?;
    let (mut farthest, mut lowest, mut all, mut count) = (0.0_f32, 1.0_f64, 0.0_f64, 0.0_f64);
    for line in lines() {
        let Some(expected) = &line.vector else { continue };
        let row = encoder.rows(&[line.text], precision);
        let cosine: f64 = expected.iter().zip(&row).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
        farthest = expected.iter().zip(&row).map(|(a, b)| (a - b).abs()).fold(farthest, f32::max);
        lowest = lowest.min(cosine);
        all += cosine;
        count += 1.0;
    }
    let mean = all / count;
    eprintln!(
        "{precision:?}: farthest number {farthest:.2e}, cosine 1 - {:.2e} at the lowest, 1 - {:.2e} in the mean",
        1.0 - lowest,
        1.0 - mean
    );
    Some((farthest, lowest, mean))
}

#[test]
fn vectors_are_the_references() {
    let Some((farthest, ..)) = distance(Precision::Fine) else { return };
    assert!(farthest <= 5e-5, "{farthest}");
}

/// What eight bits a block leave out.
#[test]
fn what_findings_are_made_with_loses_less_than_two_ten_thousandths_of_cosine() {
    let Some((_, lowest, mean)) = distance(Precision::Fast) else { return };
    assert!(lowest >= 0.9998 && mean >= 0.9999, "{lowest} {mean}");
}

/// The class the other program's numbers give, and nearly its score.
#[test]
fn the_head_says_what_it_says_of_the_references_vectors() {
    let Some(encoder) = files::second() else { return };
    let (mut others, mut farthest) = (0, 0);
    let lines = lines();
    for line in &lines {
        let reading = encoder.sentences(&[line.text]).remove(0);
        let place = encoder.classes().iter().position(|class| class == line.class).unwrap();
        farthest = farthest.max(reading.scores[place].abs_diff(line.score));
        let best = *reading.scores.iter().max().unwrap();
        if reading.scores[place] != best {
            others += 1;
            eprintln!("{} {} {}: {}", line.class, line.score, best, line.text);
        }
    }
    eprintln!("{others} of {} of another class; the farthest score {farthest} per mille off", lines.len());
    assert!(others == 0 && farthest <= 25, "{others} {farthest}");
}

/// The bits themselves, worked out once: what another machine gives must be these.
#[test]
fn the_bits_are_the_same_on_any_machine() {
    let Some(encoder) = files::second() else { return };
    let lines = lines();
    let texts: Vec<&str> = lines.iter().map(|line| line.text).take(20).collect();
    let rows = encoder.rows(&texts, Precision::Fast);
    let bytes: Vec<u8> = rows.iter().flat_map(|number| number.to_le_bytes()).collect();
    assert_eq!(files::sha256(&bytes), "6ce904bc132c1f20685bd04d674d90dffe0a80c93be7d06f500b09ee8bc778be");
    assert_eq!(encoder.digest(), "712de7adfaf8ac31bb277b4bef726ac3567642b251b0a0ccbc86ed19354a9cc8");
}

fn network(encoder: &Encoder) -> &Transformer {
    match &encoder.network {
        Network::Second(network) => network,
        Network::First(_) => panic!("the other network"),
    }
}

fn bits(row: &[f32]) -> Vec<u32> {
    row.iter().map(|number| number.to_bits()).collect()
}

#[test]
fn an_invented_model_gives_the_same_bits_on_any_machine_and_by_any_instructions() {
    let mut bytes = Vec::new();
    for text in ["abc abé", "a", "", "ab ab ab bc ca é x"] {
        let pieces = ENCODER.tokens(text);
        let rows: Vec<Vec<f32>> =
            archs().iter().map(|arch| network(&ENCODER).encode_on(*arch, &pieces, Precision::Fast)).collect();
        for (arch, row) in archs().iter().zip(&rows) {
            assert_eq!(bits(row), bits(&rows[0]), "{arch:?} {text}");
        }
        bytes.extend(rows[0].iter().flat_map(|number| number.to_le_bytes()));
    }
    assert_eq!(files::sha256(&bytes), "718bbb45dacc7a368594d0942d3f4bd80aac10b4e81e83d63f111f255c1e841f");
    assert_eq!(ENCODER.sentences(&["abc"]).remove(0).scores.len(), 3);
}

#[test]
fn the_prompt_and_its_marks_stand_before_and_after() {
    // <s>, ▁, six unknown characters of "query:", ▁a, bc, </s>.
    assert_eq!(ENCODER.tokens("abc"), [0, 4, 3, 3, 3, 3, 3, 3, 10, 14, 2]);
    assert_eq!(ENCODER.tokens("</s>")[8..], [4, 3, 3, 3, 3, 2]);
    assert_eq!(ENCODER.tokens(&"abc é ".repeat(10_000)).len(), vocabulary::bounds::ENCODED_PIECES_MAX);
}

#[test]
fn files_of_two_models_are_none() {
    let (first, second) = (Made::new(), MADE.files());
    let first = first.files();
    assert_eq!(Encoder::read(first).unwrap().kind(), Kind::First);
    for mixed in [
        Files { pieces: first.pieces, ..second },
        Files { head: first.head, ..second },
        Files { network: first.network, ..second },
        Files { network: second.head, ..second },
    ] {
        assert!(Encoder::read(mixed).is_err());
    }
    for cut in [0, 8, 100, second.network.len() / 2, second.network.len() - 1] {
        assert!(Encoder::read(Files { network: &second.network[..cut], ..second }).is_err(), "{cut}");
    }
}

/// Each table left out, of another type, of another shape, with numbers that are none.
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
    for name in header.keys().filter(|name| !name.starts_with('l') || name.starts_with("l7.")) {
        let mut without = header.clone();
        without.remove(name);
        assert!(read(&without, data).is_err(), "without {name}");
        for (field, value) in [
            ("dtype", serde_json::json!("I8")),
            ("shape", serde_json::json!([1_u64 << 62, 4])),
            ("data_offsets", serde_json::json!([0, 0])),
            ("data_offsets", serde_json::json!([5, 2])),
        ] {
            let mut wrong = header.clone();
            wrong[name][field] = value.clone();
            assert!(read(&wrong, data).is_err(), "{name} {field} {value}");
        }
    }
    for (name, none) in [
        ("l3.fo.w.q4", &[0x00, 0x7C][..]),
        ("emb.word.q4", &[0x01, 0xFE]),
        ("emb.pos", &[0x00, 0xFC]),
        ("l0.aln.b", &[0, 0, 0xC0, 0x7F]),
    ] {
        let from = header[name]["data_offsets"][0].as_u64().unwrap() as usize;
        let mut wrong = data.to_vec();
        wrong[from..from + none.len()].copy_from_slice(none);
        assert_eq!(read(&header, &wrong).unwrap_err(), ModelError::Numbers(name.to_owned()));
    }
    // Numbers so large that what they give is none: scored nothing, and no panic.
    let from = header["l5.aln.w"]["data_offsets"][0].as_u64().unwrap() as usize;
    let mut huge = data.to_vec();
    for bytes in huge[from..from + 4 * WIDTH].as_chunks_mut::<4>().0 {
        *bytes = f32::MAX.to_le_bytes();
    }
    assert_eq!(read(&header, &huge).unwrap().sentences(&["abc"]).len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn any_text_is_read_and_any_instructions_read_it_the_same(text in "\\PC{0,20}") {
        let pieces = ENCODER.tokens(&text);
        prop_assert!(pieces.iter().all(|piece| *piece as usize <= files::PIECES.len()));
        let first = network(&ENCODER).encode_on(Arch::Scalar, &pieces, Precision::Fast);
        for arch in archs() {
            prop_assert_eq!(bits(&first), bits(&network(&ENCODER).encode_on(arch, &pieces, Precision::Fast)));
        }
    }
}
