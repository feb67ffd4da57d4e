//! Pieces and vectors of the real model, against those that a program which shares nothing with this one worked out
//! (`vectors/README.md`).

use super::files;
use crate::{DIMENSIONS, Precision};

const SENTENCES: &str = include_str!("../../vectors/sentences.tsv");
const EMBEDDINGS: &[u8] = include_bytes!("../../vectors/embeddings.bin");
/// Sentences of the labelled texts; those after them were chosen to be hard to cut.
const LABELLED: usize = 816;

struct Line {
    pieces: Vec<u32>,
    text: &'static str,
}

fn lines() -> Vec<Line> {
    let line = |line: &'static str| {
        let mut fields = line.splitn(3, '\t').skip(1);
        let pieces = fields.next().unwrap().split(' ').map(|piece| piece.parse().unwrap()).collect();
        Line { pieces, text: fields.next().unwrap() }
    };
    SENTENCES.lines().map(line).collect()
}

/// Every third sentence, and each hard one, has its vector: numbers of 24 bits, 2²³ is 1.
fn with_vectors() -> Vec<(&'static str, Vec<f32>)> {
    let numbers = EMBEDDINGS.as_chunks::<3>().0.iter();
    let numbers: Vec<f32> =
        numbers.map(|[a, b, c]| (i32::from_le_bytes([0, *a, *b, *c]) >> 8) as f32 / 8_388_608.0).collect();
    let of = lines().into_iter().enumerate().filter(|(index, _)| index % 3 == 0 || *index >= LABELLED);
    let of: Vec<&str> = of.map(|(_, line)| line.text).collect();
    assert_eq!(of.len() * DIMENSIONS, numbers.len());
    of.into_iter().zip(numbers.chunks_exact(DIMENSIONS).map(<[f32]>::to_vec)).collect()
}

#[test]
fn every_sentence_is_cut_as_the_reference_cuts_it() {
    let Some(encoder) = files::real() else { return };
    let lines = lines();
    assert!(lines.len() > 830, "{}", lines.len());
    for line in lines {
        assert_eq!(encoder.tokens(line.text), line.pieces, "{}", line.text);
    }
}

/// How far the vectors are from the reference's: the farthest number, and the lowest cosine.
fn distance(precision: Precision) -> Option<(f32, f64)> {
    let encoder = files::real()?;
    let (mut farthest, mut lowest) = (0.0_f32, 1.0_f64);
    for batch in with_vectors().chunks(8) {
        let texts: Vec<&str> = batch.iter().map(|(text, _)| *text).collect();
        let rows = encoder.rows(&texts, precision);
        for ((_, expected), row) in batch.iter().zip(rows.chunks_exact(DIMENSIONS)) {
            let far = expected.iter().zip(row).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            let cosine: f64 = expected.iter().zip(row).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
            farthest = farthest.max(far);
            lowest = lowest.min(cosine);
        }
    }
    eprintln!("{precision:?}: farthest number {farthest:.2e}, lowest cosine 1 - {:.2e}", 1.0 - lowest);
    Some((farthest, lowest))
}

#[test]
fn vectors_are_the_references_to_a_hundred_thousandth() {
    let Some((farthest, _)) = distance(Precision::Fine) else { return };
    assert!(farthest <= 1e-5, "{farthest}");
}

/// What fourteen bits leave out.
#[test]
fn what_decisions_are_made_with_loses_less_than_two_millionths_of_cosine() {
    let Some((farthest, lowest)) = distance(Precision::Fast) else { return };
    assert!(farthest <= 5e-4 && lowest >= 0.999_998, "{farthest} {lowest}");
}

/// The bits themselves, worked out once: what another machine gives must be these.
#[test]
fn the_bits_are_the_same_on_any_machine() {
    let Some(encoder) = files::real() else { return };
    let texts: Vec<&str> = lines().into_iter().map(|line| line.text).take(60).collect();
    let bytes: Vec<u8> =
        encoder.rows(&texts, Precision::Fast).iter().flat_map(|number| number.to_le_bytes()).collect();
    assert_eq!(files::sha256(&bytes), "397a4a5497ea5cbd2922a17b8f1051d33aa4e1142c2b402edd17cb820c2891c7");
    assert_eq!(encoder.digest(), "057228391a8d6a2323f7b0f7bad491d8deb8392338ab21da4ce9c5e4a9b845fc");
}

#[test]
fn the_head_knows_what_it_was_taught() {
    let Some(encoder) = files::real() else { return };
    assert_eq!(encoder.classes().len(), 13);
    for (class, text) in [
        ("aml", "Keep every deposit below 10,000 so that the branch does not have to file a report."),
        ("market_abuse", "Achète avant l'annonce de demain, le résultat sera bien meilleur que prévu."),
        ("benign", "Le compte rendu de la réunion de lundi est joint."),
    ] {
        let place = encoder.classes().iter().position(|known| known == class).unwrap();
        let reading = encoder.sentences(&[text]).remove(0);
        let best = reading.scores.iter().max().unwrap();
        assert_eq!(reading.scores[place], *best, "{class} {:?}: {text}", reading.scores);
        assert!(reading.scores.iter().sum::<u16>().abs_diff(1_000) <= 13);
    }
}

#[test]
fn near_meanings_are_near_across_languages() {
    let Some(encoder) = files::real() else { return };
    let said = encoder.sentences(&[
        "Please delete this message after reading it.",
        "Merci de supprimer ce message après lecture.",
        "Le train de 18 h 05 partira du quai numéro 3.",
    ]);
    let near = said[0].embedding.nearness(&said[1].embedding);
    let far = said[0].embedding.nearness(&said[2].embedding);
    assert!(near > 600 && far < near - 300, "{near} {far}");
    assert!(said[0].embedding.nearness(&said[0].embedding).abs_diff(1_000) <= 1);
}
