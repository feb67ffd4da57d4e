//! The mathematics against scikit-learn's numbers and its own laws; the gate over controls that ask about scores.

use proptest::prelude::*;

use super::*;
use crate::condition::FIELDS;
use crate::{Mode, Verdict};

const VECTORS: &str = include_str!("../../vectors/isotonic.txt");

#[test]
fn isotonic_regression_gives_what_scikit_learn_gives() {
    let cases: Vec<_> = VECTORS.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(cases.len(), 8);
    for case in cases {
        let (given, fitted) = case.split_once(" = ").unwrap();
        let shares: Vec<(u64, u64)> = given
            .split(' ')
            .map(|share| share.split_once('/').unwrap())
            .map(|(right, of)| (right.parse().unwrap(), of.parse().unwrap()))
            .collect();
        let wanted: Vec<f64> = fitted.split(' ').map(|value| value.parse().unwrap()).collect();
        let ours = isotonic(&shares);
        assert_eq!(ours.len(), wanted.len());
        for ((right, of), wanted) in ours.iter().zip(wanted) {
            assert!((*right as f64 / *of as f64 - wanted).abs() < 1e-8, "{right}/{of} and {wanted}");
        }
    }
}

#[test]
fn what_nobody_decided_on_takes_the_value_below_it() {
    assert_eq!(isotonic(&[(0, 0), (1, 4), (0, 0), (1, 2)]), [(0, 0), (1, 4), (1, 4), (1, 2)]);
    assert_eq!(isotonic(&[(0, 0), (0, 0)]), [(0, 0), (0, 0)]);
}

/// Worked by hand: 1,000 messages in ten days, of which ten reach 900 and four of those were decided on, three refused.
#[test]
fn a_curve_says_what_a_threshold_would_have_meant() {
    let mut seen = Observations::default();
    (0..990).for_each(|_| seen.add(0, None));
    [Some(true), Some(true), Some(true), Some(false), None, None, None, None, None, None]
        .into_iter()
        .for_each(|decided| seen.add(905, decided));
    let curve = seen.curve(10);
    let point = curve.at(900).unwrap();
    assert_eq!((point.above.seen, point.above.refused, point.above.released), (10, 3, 1));
    assert_eq!((point.held_per_day, point.precision, point.false_per_day), (100, Some(750), 25));
    assert_eq!(curve.at(0).unwrap().held_per_day, 10_000);
    assert_eq!(curve.at(0).unwrap().precision, Some(7));
    let none = curve.at(1_000).unwrap();
    assert_eq!((none.above.seen, none.held_per_day, none.precision), (0, 0, None));
    assert_eq!(curve.reached_by(1_000).unwrap().from, 10, "one message in a hundred");
    assert_eq!(curve.reached_by(999).unwrap().from, 910);
    assert!(curve.at(2_000).is_none());
}

#[test]
fn without_decisions_every_hold_counts_as_false() {
    let mut seen = Observations::default();
    (0..30).for_each(|_| seen.add(700, None));
    let point = *seen.curve(3).at(700).unwrap();
    assert_eq!((point.precision, point.held_per_day, point.false_per_day), (None, 1_000, 1_000));
}

proptest! {
    #[test]
    fn fitted_shares_rise_and_keep_the_whole(shares in prop::collection::vec((0_u64..50, 0_u64..50), 0..60)) {
        let shares: Vec<(u64, u64)> = shares.into_iter().map(|(a, b)| (a.min(b), b)).collect();
        let fitted = isotonic(&shares);
        prop_assert_eq!(fitted.len(), shares.len());
        let known: Vec<_> = fitted.iter().filter(|(_, of)| *of > 0).collect();
        prop_assert!(known.windows(2).all(|pair| pair[0].0 * pair[1].1 <= pair[1].0 * pair[0].1));
        // Each block's value is its mean: weighted by what was observed, fitted and observed sum to the same.
        let (mut given, mut fit) = (0.0, 0.0);
        for ((right, of), (a, b)) in shares.iter().zip(&fitted).filter(|((_, of), _)| *of > 0) {
            given += *right as f64;
            fit += *of as f64 * *a as f64 / *b as f64;
        }
        prop_assert!((given - fit).abs() < 1e-6, "{} {}", given, fit);
        prop_assert_eq!(isotonic(&fitted).len(), fitted.len());
    }

    #[test]
    fn a_higher_threshold_holds_fewer_and_is_as_right_or_more(
        scores in prop::collection::vec((0_u16..=1_000, prop::option::of(any::<bool>())), 0..300),
        days in 0_u64..40,
    ) {
        let mut seen = Observations::default();
        scores.iter().for_each(|(score, decided)| seen.add(*score, *decided));
        let curve = seen.curve(days);
        prop_assert_eq!(seen.messages(), scores.len() as u64);
        prop_assert_eq!(curve.points().len(), 101);
        for pair in curve.points().windows(2) {
            let (low, high) = (&pair[0], &pair[1]);
            prop_assert!(low.above.seen >= high.above.seen && low.held_per_day >= high.held_per_day);
            prop_assert!(low.false_per_day >= high.false_per_day);
            if let (Some(low), Some(high)) = (low.precision, high.precision) {
                prop_assert!(low <= high, "{} {}", low, high);
            }
        }
        for point in curve.points() {
            prop_assert!(point.false_per_day <= point.held_per_day);
            prop_assert!(point.precision.is_none_or(|share| share <= 1_000));
            let reached = scores.iter().filter(|(score, _)| *score >= point.from).count() as u64;
            prop_assert_eq!(point.above.seen, reached);
        }
    }
}

#[test]
fn every_field_of_a_model_rests_on_a_score_and_no_other_does() {
    for measure in Measure::all() {
        let field = FIELDS.iter().find(|field| field.name == measure.name());
        assert!(field.is_some(), "{measure} is no field");
        assert_eq!(serde_json::to_string(&measure).unwrap(), format!("\"{measure}\""));
    }
    for field in FIELDS.iter() {
        let root = field.name.split('.').next().unwrap();
        let of_model = root.starts_with("topic") || ["semantic", "exemplar", "encoder"].contains(&root);
        assert_eq!(Measure::of_field(&field.name).is_some(), of_model, "{}", field.name);
    }
    assert!("topics.weather".parse::<Measure>().is_err());
}

mod gate {
    //! A control that asks about a score, with and without a calibration.

    use super::*;
    use crate::{ControlSet, Facts, OrganisationFacts, RecipientFacts, assess};

    const TOLD: &str = "Do not tell anybody, they are about to issue a profit warning.";

    fn set(when: &str) -> ControlSet {
        let file = include_str!("../../../../controls/sem-01.toml");
        let lines: Vec<String> = file
            .lines()
            .map(|line| match line.split('=').next().map(str::trim) {
                Some("when") => format!("when = '{when}'"),
                Some("mode") => "mode = \"enforce\"".to_owned(),
                _ => line.to_owned(),
            })
            .collect();
        ControlSet::parse(&[("a.toml", &lines.join("\n"))]).unwrap()
    }

    fn assessed(set: &ControlSet) -> crate::Assessment {
        let message = mail::parse(format!("Subject: note\r\n\r\nHello Paul. {TOLD} See you.\r\n").as_bytes());
        let recipients = [RecipientFacts {
            address: "b@ailleurs.example".parse().unwrap(),
            external: true,
            first_contact: false,
        }];
        let facts = Facts {
            message: &message,
            sender: None,
            recipients: &recipients,
            attachments: &[],
            organisation: &OrganisationFacts::default().into(),
            at: vocabulary::Timestamp::default(),
        };
        assess(&facts, set)
    }

    fn signed(set: &ControlSet, measure: &str, from: u16) -> (Measure, Threshold) {
        let measure: Measure = measure.parse().unwrap();
        let scale = crate::Assessment::empty(set).versions.scale(measure);
        (measure, Threshold { scale, from })
    }

    const WHEN: &str = "topics.market_abuse >= 500";

    #[test]
    fn without_a_calibration_it_observes_whatever_it_says() {
        let set = set(WHEN);
        let assessment = assessed(&set);
        let [found] = assessment.matches.as_slice() else { panic!("{:?}", assessment.matches) };
        assert_eq!((found.mode, found.verdict, found.uncalibrated), (Mode::Observe, Verdict::Hold, true));
        assert_eq!(assessment.verdict, Verdict::Pass);
        let measure: Measure = "topics.market_abuse".parse().unwrap();
        assert_eq!(set.uncalibrated(), [("SEM-01", vec![measure])]);
        assert!(assessment.scores[&measure] >= 500, "{:?}", assessment.scores);
        assert_eq!(assessment.versions.calibrations, "");
    }

    #[test]
    fn with_one_it_holds_from_what_was_signed_on() {
        let bare = set(WHEN);
        let score = assessed(&bare).scores[&"topics.market_abuse".parse().unwrap()];
        let with = |from| {
            let signed = signed(&bare, "topics.market_abuse", from);
            bare.clone().with_calibrations([signed].into_iter().collect())
        };
        let held = assessed(&with(score));
        assert_eq!((held.verdict, held.matches[0].uncalibrated), (Verdict::Hold, false));
        assert_eq!(held.versions.calibrations, with(score).calibrations().digest());
        assert!(with(score).uncalibrated().is_empty());
        let under = assessed(&with(score + 1));
        assert_eq!((under.verdict, under.matches[0].uncalibrated), (Verdict::Pass, true));
    }

    #[test]
    fn one_made_with_another_model_or_for_another_score_is_none() {
        let bare = set(WHEN);
        let other = |mut signed: (Measure, Threshold)| {
            signed.1.scale = "0".repeat(64);
            signed
        };
        for signed in [
            other(signed(&bare, "topics.market_abuse", 1)),
            signed(&bare, "topics.aml", 1),
            // There is no encoder here: nothing is calibrated on its scale.
            signed(&bare, "encoder.highest", 1),
        ] {
            let set = bare.clone().with_calibrations([signed].into_iter().collect());
            assert_eq!(assessed(&set).verdict, Verdict::Pass);
        }
    }

    /// A control that asks about two scores needs both; a detector beside them needs none.
    #[test]
    fn every_score_a_control_rests_on_is_calibrated() {
        let bare = set("topics.market_abuse >= 500 && topic_aml.count < 3 && iban.count == 0");
        let one = signed(&bare, "topics.market_abuse", 500);
        let set = bare.clone().with_calibrations([one.clone()].into_iter().collect());
        assert_eq!(assessed(&set).verdict, Verdict::Pass);
        let both = [one, signed(&bare, "topics.aml", 900)];
        let set = bare.clone().with_calibrations(both.into_iter().collect());
        assert_eq!(assessed(&set).verdict, Verdict::Hold);
    }
}
