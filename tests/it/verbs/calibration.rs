//! Scores hold only as far as they were calibrated: counted on the organisation's own messages, proposed by one person, signed by
//! a second, and only while they are measured in the same way.

use std::time::Duration;

use access::{Denied, OperationError, SystemReason, Tx, action, statements};
use compliance::ControlSet;
use compliance::calibration::Measure;
use operations::calibration::{
    CalibrationError, CalibrationState, Counts, look, measure, propose, sign, withdraw,
};
use operations::controls::{ControlsError, draft, publish, rehearse};
use operations::organisation::Reason;
use operations::review;
use vocabulary::{CalibrationId, ControlSetId, HoldId, Scope, bounds};

use crate::support::cerebro::decision;
use crate::support::{Person, TestCerebro, each_engine, message};

mod sql {
    super::statements! {
        Organisation OTHER_SCALE = "UPDATE calibration SET scale = $2 WHERE organisation = $1 AND state = 'in_force'";
    }
}

const INES: &str = "ines.kermadec@orveane.example";
const MAELLE: &str = "maelle.brisson@orveane.example";
const RENAN: &str = "renan.tregor@orveane.example";
const CLIENT: &str = "r.lemarrec@client.example";
const TOLD: &str = "Do not tell anybody, they are about to issue a profit warning.";
const ACCOUNT: &str = "The account is FR76 3000 6000 0112 3456 7890 189.";
const DAY: Duration = Duration::from_secs(86_400);

fn why() -> Reason {
    Reason::parse("Mesuré sur deux semaines de messages").unwrap()
}

fn abuse() -> Measure {
    "topics.market_abuse".parse().unwrap()
}

fn numbered(text: &str, number: usize) -> Vec<u8> {
    String::from_utf8(message(text)).unwrap().replace("<a1@", &format!("<m{number}@")).into_bytes()
}

/// Messages of so many days, a hundred and one a day, the first of each day suspicious.
async fn traffic(cerebro: &TestCerebro, days: usize) {
    for day in 0..days {
        cerebro.clock.advance(DAY);
        for number in 0..101 {
            let text = if number == 0 { TOLD } else { "Bonjour, le point de lundi est déplacé à mardi." };
            let number = day * 1_000 + number;
            let receipt = cerebro.send(&[CLIENT], numbered(text, number)).await.unwrap();
            assert_eq!(receipt.verdict, "pass");
        }
    }
}

async fn counted(cerebro: &TestCerebro, person: &Person) -> Counts {
    let permit = person.op.permit(action::MeasureScores, cerebro.bank).await.unwrap();
    measure::measure(&cerebro.cerebro, &person.op, permit, 90).await.unwrap()
}

async fn proposed(
    cerebro: &TestCerebro,
    person: &Person,
    measure: Measure,
    from: u16,
) -> Result<CalibrationId, CalibrationError> {
    let permit =
        person.op.permit(action::ProposeCalibration, cerebro.bank).await.map_err(OperationError::from)?;
    propose::propose(&cerebro.cerebro, &person.op, permit, measure, from, &why()).await
}

async fn signed(cerebro: &TestCerebro, person: &Person, id: CalibrationId) -> Result<(), CalibrationError> {
    let permit = person.op.permit(action::SignCalibration, id).await.map_err(OperationError::from)?;
    sign::sign(&cerebro.cerebro, &person.op, permit).await
}

/// SEM-01 asks the score alone, in a mode.
async fn set(cerebro: &TestCerebro, person: &Person, mode: &str, version: u32) -> ControlSetId {
    let shipped = ControlSet::shipped();
    let change = |id: &str, text: &str| match id {
        "SEM-01" => text
            .lines()
            .map(|line| match line.split('=').next().map(str::trim) {
                Some("when") => "when = 'topics.market_abuse >= 500'".to_owned(),
                Some("mode") => format!("mode = \"{mode}\""),
                Some("version") => format!("version = {version}"),
                _ => line.to_owned(),
            })
            .take_while(|line| line != "[[samples]]")
            .chain(SAMPLES.lines().map(str::to_owned))
            .collect::<Vec<_>>()
            .join("\n"),
        _ => text.to_owned(),
    };
    let files = shipped.texts().map(|(id, text)| (format!("{id}.toml"), change(id, text))).collect();
    let permit = person.op.permit(action::DraftControls, cerebro.bank).await.unwrap();
    let (id, _) = draft::draft(&cerebro.cerebro, &person.op, permit, files, &why()).await.unwrap();
    let permit = person.op.permit(action::RehearseControls, id).await.unwrap();
    rehearse::rehearse(&cerebro.cerebro, &person.op, permit, 1).await.unwrap();
    id
}

const SAMPLES: &str = r#"[[samples]]
locale = "en"
matches = true
text = "Do not tell anybody, they are about to issue a profit warning."

[[samples]]
locale = "en"
matches = false
text = "The minutes of the meeting on Monday are attached."

[[samples]]
locale = "fr"
matches = true
text = "Je vais acheter quelques actions au nom de ma soeur avant le communiqué."

[[samples]]
locale = "fr"
matches = false
text = "Le compte rendu de la réunion de lundi est joint."
"#;

async fn published(cerebro: &TestCerebro, person: &Person, set: ControlSetId) -> Result<(), ControlsError> {
    let permit = person.op.permit(action::PublishControls, set).await.unwrap();
    publish::publish(&cerebro.cerebro, &person.op, permit).await
}

async fn held(cerebro: &TestCerebro, text: &str, number: usize) -> HoldId {
    cerebro.send(&[CLIENT], numbered(text, number)).await.unwrap().hold.unwrap()
}

/// The same with the text in what an answer quotes: nobody wrote it here.
async fn quoting(cerebro: &TestCerebro, text: &str, number: usize) -> HoldId {
    let body =
        format!("Bonjour.\n\nLe 23 nov. 2026 à 18:12, Paul Martin <paul@client.example> a écrit :\n> {text}");
    let raw = String::from_utf8(numbered(&body, number)).unwrap();
    let answer = raw.replacen("\r\nDate:", "\r\nIn-Reply-To: <q1@client.example>\r\nDate:", 1);
    cerebro.send(&[CLIENT], answer.into_bytes()).await.unwrap().hold.unwrap()
}

async fn decided(cerebro: &TestCerebro, person: &Person, hold: HoldId, release: bool) {
    let decision = decision(person, hold, "Vu avec la conformité").await;
    if release {
        let permit = person.op.permit(action::ReleaseHold, hold).await.unwrap();
        review::decide::release(&cerebro.cerebro, &person.op, permit, decision).await.unwrap();
    } else {
        let permit = person.op.permit(action::RejectHold, hold).await.unwrap();
        review::decide::reject(&cerebro.cerebro, &person.op, permit, decision).await.unwrap();
    }
}

/// The models changed under what is in force.
async fn change_models(cerebro: &TestCerebro) {
    let scope = Scope::Organisation(cerebro.bank);
    let done = cerebro.store.write(scope, async move |tx: &mut Tx<'_>| {
        tx.execute(sql::OTHER_SCALE, vec!["0".repeat(64).into()]).await.map(|_| ((), Vec::new()))
    });
    done.await.map_err(access::WriteError::into_inner).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_score_is_counted_proposed_signed_and_holds_until_its_model_changes() {
    each_engine(async |cerebro| {
        let maelle = cerebro.sign_in(MAELLE).await;
        let observing = set(cerebro, &maelle, "observe", 2).await;
        published(cerebro, &cerebro.sign_in(RENAN).await, observing).await.unwrap();
        traffic(cerebro, 10).await;
        let ines = cerebro.sign_in(INES).await;
        // An account number holds them; the score was asked about by a control that observes.
        let both = format!("{TOLD} {ACCOUNT}");
        decided(cerebro, &ines, held(cerebro, &both, 1).await, false).await;
        decided(cerebro, &ines, held(cerebro, &format!("{both} Merci."), 2).await, true).await;
        decided(cerebro, &ines, quoting(cerebro, ACCOUNT, 3).await, false).await;

        let maelle = cerebro.sign_in(MAELLE).await;
        let none = proposed(cerebro, &maelle, abuse(), 500).await;
        assert!(matches!(none, Err(CalibrationError::NotCounted)), "{none:?}");
        let counts = counted(cerebro, &maelle).await;
        let known = &counts.measures[&abuse()];
        assert_eq!((known.seen.messages(), known.days, counts.unread, counts.more), (1_013, 10, 0, false));
        let curve = known.seen.curve(known.days);
        let point = curve.at(500).unwrap();
        assert_eq!((point.above.seen, point.above.refused, point.above.released), (12, 1, 1));
        assert_eq!(point.precision, Some(500));
        // Refused for its account number alone: no control had asked about this score, so it says nothing of it.
        assert_eq!(curve.at(0).unwrap().above.refused, 1);
        assert!(!counts.measures.keys().any(|measure| measure.is_of_encoder()), "there is none here");

        let encoder = proposed(cerebro, &maelle, "encoder.highest".parse().unwrap(), 900).await;
        assert!(matches!(encoder, Err(CalibrationError::OtherModels)), "{encoder:?}");
        for (from, wrong) in [(505, "step"), (0, "step"), (1_010, "step")] {
            let refused = proposed(cerebro, &maelle, abuse(), from).await.unwrap_err();
            assert!(refused.to_string().contains(wrong), "{from}: {refused}");
        }

        // A set that would hold by the score is no set before that is signed.
        let enforcing = set(cerebro, &maelle, "enforce", 3).await;
        let renan = cerebro.sign_in(RENAN).await;
        let Err(ControlsError::Uncalibrated(missing)) = published(cerebro, &renan, enforcing).await else {
            panic!()
        };
        assert_eq!(missing, ["SEM-01 (topics.market_abuse)"]);

        let id = proposed(cerebro, &maelle, abuse(), 500).await.unwrap();
        let own = signed(cerebro, &maelle, id).await;
        assert!(matches!(own, Err(CalibrationError::SamePerson(_))), "{own:?}");
        signed(cerebro, &renan, id).await.unwrap();
        assert!(matches!(signed(cerebro, &renan, id).await, Err(CalibrationError::Over)));
        assert_eq!(
            cerebro.send(&[CLIENT], numbered(TOLD, 4)).await.unwrap().verdict,
            "pass",
            "observed still"
        );
        let maelle = cerebro.sign_in(MAELLE).await;
        let again = set(cerebro, &maelle, "enforce", 4).await;
        published(cerebro, &cerebro.sign_in(RENAN).await, again).await.unwrap();
        assert_eq!(cerebro.send(&[CLIENT], numbered(TOLD, 5)).await.unwrap().verdict, "hold");
        if let Some(node) = cerebro.another_node().await {
            let bank = node.organisation(cerebro.bank).unwrap();
            assert!(bank.controls.uncalibrated().is_empty(), "another node holds by it too");
        }

        // A stricter one takes its place; this score is under it.
        let high = proposed(cerebro, &maelle, abuse(), 1_000).await.unwrap();
        signed(cerebro, &cerebro.sign_in(RENAN).await, high).await.unwrap();
        assert_eq!(cerebro.send(&[CLIENT], numbered(TOLD, 6)).await.unwrap().verdict, "pass");
        let low = proposed(cerebro, &maelle, abuse(), 500).await.unwrap();
        signed(cerebro, &cerebro.sign_in(RENAN).await, low).await.unwrap();
        assert_eq!(cerebro.send(&[CLIENT], numbered(TOLD, 7)).await.unwrap().verdict, "hold");
        let permit = maelle.op.permit(action::ReadControls, cerebro.bank).await.unwrap();
        let states: Vec<_> =
            look::list(&maelle.op, &permit).await.unwrap().into_iter().map(|line| line.state).collect();
        assert_eq!(states, [CalibrationState::InForce, CalibrationState::Ended, CalibrationState::Ended]);
        let whole = look::one(&maelle.op, &permit, low).await.unwrap().unwrap();
        assert_eq!((whole.seen, whole.reason), (known.seen.clone(), why().as_str().to_owned()));

        change_models(cerebro).await;
        assert!(cerebro.cerebro.follow().await.unwrap(), "a node sees what changed");
        assert_eq!(cerebro.send(&[CLIENT], numbered(TOLD, 8)).await.unwrap().verdict, "pass");
        assert_eq!(cerebro.cerebro.organisation(cerebro.bank).unwrap().controls.uncalibrated().len(), 1);

        let kinds = cerebro.kinds().await;
        for (kind, times) in
            [("calibration.measured", 1), ("calibration.proposed", 3), ("calibration.signed", 3)]
        {
            assert_eq!(kinds.iter().filter(|known| *known == kind).count(), times, "{kind}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_few_messages_are_no_calibration_and_a_machine_signs_none() {
    each_engine(async |cerebro| {
        traffic(cerebro, 1).await;
        let maelle = cerebro.sign_in(MAELLE).await;
        counted(cerebro, &maelle).await;
        let few = proposed(cerebro, &maelle, abuse(), 900).await;
        assert!(matches!(few, Err(CalibrationError::TooFew { messages: 101, days: 1 })), "{few:?}");
        for person in ["ines.kermadec", "sofiane.delattre", "felix.quemener", "odile.sarrazin"] {
            let person = cerebro.sign_in(&format!("{person}@orveane.example")).await;
            assert!(person.op.permit(action::MeasureScores, cerebro.bank).await.is_err());
            assert!(person.op.permit(action::ProposeCalibration, cerebro.bank).await.is_err());
        }
        let id = CalibrationId::new(maelle.op.now(), maelle.op.entropy());
        let console = cerebro.cerebro.system(SystemReason::Console, cerebro.bank);
        assert!(console.permit(action::SignCalibration, id).await.is_err());
        let renan = cerebro.sign_in(RENAN).await;
        assert!(matches!(signed(cerebro, &renan, id).await, Err(CalibrationError::NotFound)));
        let permit = renan.op.permit(action::DropCalibration, id).await.unwrap();
        let missing = withdraw::withdraw(&renan.op, permit).await;
        assert!(matches!(missing, Err(CalibrationError::NotFound)), "{missing:?}");
        cerebro.clock.advance(bounds::PRESENCE + Duration::from_secs(1));
        let late = renan.op.permit(action::SignCalibration, id).await;
        assert!(matches!(late, Err(Denied::StepUp { .. })), "{late:?}");
        // Another organisation's scores are counted apart: there are none.
        let foreign = cerebro.cerebro.system(SystemReason::Console, cerebro.other);
        let permit = foreign.permit(action::MeasureScores, cerebro.other).await.unwrap();
        let counts = measure::measure(&cerebro.cerebro, &foreign, permit, 90).await.unwrap();
        assert_eq!(counts.measures[&abuse()].seen.messages(), 0);
    })
    .await;
}
