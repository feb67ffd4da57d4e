//! The model's arithmetic and its file; what the shipped one must say.

use mail::{Region, RegionKind, TextKind, TextPart};
use proptest::prelude::*;

use super::*;

fn place(class: &str) -> usize {
    CLASSES.iter().position(|known| known.name == class).unwrap()
}

#[test]
fn the_shipped_model_is_read_and_small() {
    let bytes = include_bytes!("../../models/topics.bin");
    assert!(bytes.len() <= 600 * 1024, "{} bytes", bytes.len());
    let model = Model::read(bytes).unwrap();
    assert_eq!(model.to_bytes(), bytes);
    for class in &CLASSES {
        assert_eq!(class.detector, format!("topic_{}", class.name));
    }
}

#[test]
fn what_is_no_model_is_refused() {
    let bytes = include_bytes!("../../models/topics.bin");
    for cut in [0, 5, 20, 200, bytes.len() - 1] {
        assert_eq!(Model::read(&bytes[..cut]), Err(ModelError::Format), "{cut}");
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert_eq!(Model::read(&longer), Err(ModelError::Format));
    let row = [0; CLASSES.len()];
    let knots = [[0; KNOTS.len()]; CLASSES.len()];
    assert!(Model::new(&[(3, row), (3, row)], [0; CLASSES.len()], knots).is_err());
    assert!(Model::new(&[(BUCKETS, row)], [0; CLASSES.len()], knots).is_err());
}

/// Worked by hand: four grams, of which two are known, 10 and 6; √4 = 2; 16 × 16 / 2 = 128.
#[test]
fn a_margin_is_what_the_form_says() {
    let mut row = [0_i8; CLASSES.len()];
    row[1] = 10;
    let mut other = row;
    other[1] = 6;
    let mut biases = [0; CLASSES.len()];
    biases[1] = -12;
    let mut knots = [[i32::MAX; KNOTS.len()]; CLASSES.len()];
    knots[1] = [0, 50, 100, 164, 700, 800, 900];
    let model = Model::new(&[(7, row), (9, other)], biases, knots).unwrap();
    assert_eq!(model.margins(&[5, 7, 9, 11])[1], 116);
    assert_eq!(model.scores(&[5, 7, 9, 11])[1], 550);
    assert_eq!(model.scores(&[])[1], 0);
    assert_eq!(model.scores(&[7, 9])[1], 700);
}

#[test]
fn sentences_of_each_kind_score_above_ordinary_ones() {
    let model = MODEL.as_ref().unwrap();
    for (class, text) in [
        ("market_abuse", "Je vais acheter quelques actions au nom de ma soeur avant le communiqué."),
        ("market_abuse", "Do not tell anybody, they are about to issue a profit warning."),
        ("off_channel", "Tu peux m’envoyer les détails sur mon Gmail perso ?"),
        ("aml", "Keep every deposit below 10,000 so that the branch does not have to file a report."),
        (
            "guaranteed_return",
            "Il n’y a absolument aucun risque sur ce produit, votre capital est en sécurité.",
        ),
        ("complaint", "I am very dissatisfied with the way my claim has been handled."),
    ] {
        let scores = of_sentence(text, model);
        assert!(scores[place(class)] >= 700, "{class} {scores:?}: {text}");
    }
    for text in [
        "Le compte rendu de la réunion de lundi est joint, merci de votre relecture.",
        "Please find attached the agenda for the meeting on Thursday.",
    ] {
        let scores = of_sentence(text, model);
        assert!(scores.iter().all(|score| *score < 700), "{scores:?}: {text}");
    }
}

#[test]
fn only_the_senders_own_words_are_scored() {
    let text = "Je vais acheter quelques titres au nom de ma femme avant le communiqué.";
    let read = |kind, region| {
        let part = TextPart {
            part: mail::PartId::new("1"),
            kind,
            text: text.into(),
            regions: vec![Region { kind: region, start: 0, end: text.len() }],
        };
        let (mut topics, mut found) = (Topics::default(), Vec::new());
        topics.read(&part, &Words::of(text), &mut found, Some(&mut Candidates::default()));
        (topics.highest(), found.len())
    };
    let (score, found) = read(TextKind::Plain, RegionKind::New);
    assert!(score >= 700 && found >= 1, "{score}");
    for region in [RegionKind::Quoted, RegionKind::Signature, RegionKind::Disclaimer] {
        assert_eq!(read(TextKind::Plain, region), (0, 0));
    }
    assert_eq!(read(TextKind::HtmlHidden, RegionKind::New), (0, 0));
}

/// A file is read to the bound, and what is past it is counted.
#[test]
fn sentences_past_the_bound_are_counted() {
    let text = "Je vais acheter quelques titres au nom de ma femme avant le communiqué.";
    let (mut topics, mut found) = (Topics::default(), Vec::new());
    topics.read_file(&Words::of(text), &mut found);
    assert!(topics.highest() >= 700 && !found.is_empty() && topics.unscored() == 0);
    let ordinary = "Voici les chiffres de la semaine. Merci. ".repeat(bounds::TOPIC_SENTENCES_MAX);
    let mut topics = Topics::default();
    topics.read_file(&Words::of(&ordinary), &mut Vec::new());
    assert_eq!(topics.unscored(), 0);
    let before = topics.highest();
    topics.read_file(&Words::of(text), &mut Vec::new());
    assert_eq!((topics.highest(), topics.unscored()), (before, 1));
}

proptest! {
    /// The desk leaves nothing of one sentence to the next.
    #[test]
    fn a_desk_finds_the_same_buckets_sentence_after_sentence(
        sentences in prop::collection::vec(prop::collection::vec("[a-c0-9]{1,6}", 0..12), 1..6),
    ) {
        let mut desk = grams::Desk::default();
        for sentence in &sentences {
            let words: Vec<&str> = sentence.iter().map(String::as_str).collect();
            let mut found = desk.buckets(&words).to_vec();
            found.sort_unstable();
            prop_assert_eq!(found, buckets(&words));
        }
    }

    #[test]
    fn any_text_has_a_score(text in "\\PC{0,200}") {
        let scores = of_sentence(&text, MODEL.as_ref().unwrap());
        prop_assert!(scores.iter().all(|score| *score <= 990));
    }
}
