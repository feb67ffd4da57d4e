//! Categories by example: kept for each organisation, in force on every node, two people where they would find less; and with a model,
//! found in messages.

use access::{OperationError, SystemReason, action};
use compliance::ControlSet;
use compliance::semantic::Models;
use operations::Cerebro;
use operations::calibration::scale;
use operations::examples::{self, Changed, ExampleCategory, ExamplesError, look};
use operations::flows::assessments;
use operations::organisation::Reason;
use operations::proposals::Unchanged;

use crate::support::encoder::models;
use crate::support::{Person, TestCerebro, each_engine, message};

const MAELLE: &str = "maelle.brisson@orveane.example";
const POACHING: [&str; 4] = [
    "I am leaving in March, come with me and your fees will be lower.",
    "Je rejoins un confrère au printemps, tu me suis avec tes comptes ?",
    "When I am at the new bank I would like to take you along as a client.",
    "Dès que je serai dans ma nouvelle maison, transférez-moi vos avoirs.",
];

fn why() -> Reason {
    Reason::parse("Départs annoncés").unwrap()
}

fn category(near: i32, sentences: &[&str]) -> ExampleCategory {
    let sentences = sentences.iter().map(|sentence| (*sentence).to_owned()).collect();
    ExampleCategory { name: "client_poaching".into(), near, sentences }
}

async fn change(
    cerebro: &Cerebro,
    of: &TestCerebro,
    person: &Person,
    wanted: ExampleCategory,
    reason: Option<&Reason>,
) -> Result<Changed, ExamplesError> {
    let permit = person.op.permit(action::ReplaceList, of.bank).await.map_err(OperationError::from)?;
    examples::change(cerebro, &person.op, permit, wanted, reason).await
}

async fn in_force(person: &Person, of: &TestCerebro) -> Option<(i32, usize)> {
    let permit = person.op.permit(action::ReadListEntries, of.bank).await.unwrap();
    let known = look::one(&person.op, &permit, "client_poaching").await.unwrap();
    known.map(|known| (known.near, known.sentences.len()))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_finds_more_counts_at_once_and_what_finds_less_waits() {
    each_engine(async |cerebro| {
        let maelle = cerebro.sign_in(MAELLE).await;
        let ours = &cerebro.cerebro;
        let made = change(ours, cerebro, &maelle, category(600, &POACHING[..3]), None).await.unwrap();
        assert_eq!((made.version, made.near, made.sentences, made.waits), (1, 600, 3, None));
        let more = change(ours, cerebro, &maelle, category(550, &POACHING), None).await.unwrap();
        assert_eq!((more.version, more.near, more.added, more.waits), (2, 550, 1, None));
        let same = change(ours, cerebro, &maelle, category(550, &POACHING), None).await.unwrap();
        assert_eq!((same.version, same.waits), (2, None));

        let silent = change(ours, cerebro, &maelle, category(700, &POACHING), None).await;
        assert!(matches!(silent, Err(ExamplesError::Unchanged(Unchanged::ReasonWanted))), "{silent:?}");
        // Raised and one less: both wait, the one that comes does not.
        let other = [POACHING[0], POACHING[1], POACHING[2], "Suivez-moi, vous y gagnerez."];
        let mixed = change(ours, cerebro, &maelle, category(700, &other), Some(&why())).await.unwrap();
        assert_eq!((mixed.version, mixed.near, mixed.sentences, mixed.added), (3, 550, 5, 1));
        assert_eq!(in_force(&maelle, cerebro).await, Some((550, 5)));
        cerebro.agree(mixed.waits.unwrap()).await;
        assert_eq!(in_force(&maelle, cerebro).await, Some((700, 4)));

        let permit = maelle.op.permit(action::ReplaceList, cerebro.bank).await.unwrap();
        let gone = examples::change::take_away(ours, &maelle.op, permit, "client_poaching", &why()).await;
        let gone = gone.unwrap();
        assert_eq!(in_force(&maelle, cerebro).await, Some((700, 4)), "nothing that waits is in force");
        cerebro.agree(gone.waits.unwrap()).await;
        assert_eq!(in_force(&maelle, cerebro).await, None);
        let permit = maelle.op.permit(action::ReadLists, cerebro.bank).await.unwrap();
        let versions = look::versions(&maelle.op, &permit).await.unwrap();
        let told: Vec<(u64, u64)> = versions.iter().map(|known| (known.version, known.sentences)).collect();
        assert_eq!(told, [(5, 0), (4, 4), (3, 5), (2, 4), (1, 3)]);
        assert!(versions[0].by.proposed_by.as_deref().is_some_and(|by| by.starts_with("account_")));
        let kinds = cerebro.kinds().await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "examples.changed").count(), 5, "{kinds:?}");
        for detail in cerebro.details("examples.changed").await {
            assert!(!detail.to_string().contains("fees"), "{detail}");
        }
        let op = cerebro.cerebro.system(SystemReason::Console, cerebro.other);
        let permit = op.permit(action::ReadLists, cerebro.other).await.unwrap();
        assert!(look::versions(&op, &permit).await.unwrap().is_empty(), "another organisation has its own");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_told_and_without_evidence_nothing_changes() {
    each_engine(async |cerebro| {
        let maelle = cerebro.sign_in(MAELLE).await;
        for wrong in [
            category(0, &POACHING),
            category(550, &POACHING[..2]),
            category(550, &[POACHING[0]; 3]),
            ExampleCategory { name: "Client Poaching".into(), ..category(550, &POACHING) },
        ] {
            let refused = change(&cerebro.cerebro, cerebro, &maelle, wrong, None).await;
            assert!(matches!(refused, Err(ExamplesError::Rule(_))), "{refused:?}");
        }
        cerebro.evidence_is_kept(false).await;
        let refused = change(&cerebro.cerebro, cerebro, &maelle, category(550, &POACHING), None).await;
        cerebro.evidence_is_kept(true).await;
        assert!(refused.is_err());
        cerebro.cerebro.refresh().await.unwrap();
        assert_eq!(in_force(&maelle, cerebro).await, None);
        assert!(cerebro.cerebro.organisation(cerebro.bank).unwrap().example_versions.is_empty());
    })
    .await;
}

/// What the assessment of a message sent now says of examples, and which models it names.
async fn found(cerebro: &Cerebro, of: &TestCerebro, text: &str) -> (bool, String) {
    let content = operations::flows::Content::Whole(message(text));
    let submission = of.submission(Some("theodore.vasquin@orveane.example"), &["a@client.example"], content);
    let receipt = operations::flows::receive(cerebro, submission).await.unwrap();
    let op = of.cerebro.system(SystemReason::Console, of.bank);
    let permit = op.permit(action::ReadLedger, of.bank).await.unwrap();
    let made = assessments::of_flow(&op, &permit, receipt.flow).await.unwrap().remove(0);
    let scale = scale(&cerebro.organisation(of.bank).unwrap().controls, "encoder.nearest".parse().unwrap());
    assert!(!scale.is_empty());
    (made.matches.iter().any(|found| found.control == "EX-01"), made.versions.models + &scale)
}

/// A control that asks for the category, in observe.
fn with_control(models: Models) -> ControlSet {
    let shipped = ControlSet::shipped();
    let mut files: Vec<(String, String)> =
        shipped.texts().map(|(id, text)| (format!("{id}.toml"), text.to_owned())).collect();
    let mut like = files.iter().find(|(name, _)| name == "SEM-01.toml").unwrap().1.clone();
    like = like
        .lines()
        .map(|line| match line.split('=').next().map(str::trim) {
            Some("id") => "id = \"EX-01\"".to_owned(),
            Some("when") => "when = \"encoder.categories.exists(c, c == 'client_poaching')\"".to_owned(),
            Some("mode") => "mode = \"observe\"".to_owned(),
            _ => line.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("\n");
    files.push(("EX-01.toml".into(), like));
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    ControlSet::parse(&files).unwrap_or_else(|errors| panic!("{errors:?}")).with_models(models)
}

#[tokio::test(flavor = "multi_thread")]
async fn examples_are_found_in_messages_by_the_model_and_every_digest_follows() {
    let Some(models) = models() else { return };
    each_engine(async |cerebro| {
        let text = "Bonjour,\n\nJe rejoins un confrère en avril, tu me suis avec ton compte ?\n";
        let node = cerebro.with_controls(with_control(models.clone())).await;
        let maelle = cerebro.sign_in(MAELLE).await;
        let (before, without) = found(&node, cerebro, text).await;
        assert!(!before);
        change(&node, cerebro, &maelle, category(500, &POACHING), None).await.unwrap();
        let (after, with) = found(&node, cerebro, text).await;
        assert!(after, "the nearest example is near enough");
        assert_ne!(with, without, "models and scales follow the examples in force");
        assert!(!found(&node, cerebro, "Le compte rendu de la réunion de lundi est joint.").await.0);

        let permit = maelle.op.permit(action::ReadListEntries, cerebro.bank).await.unwrap();
        for sentence in ["Suivez-moi dans ma prochaine maison.", "Leave with me in spring and pay less."] {
            let near = look::near(&node, &permit, sentence).unwrap();
            assert_eq!((near.len(), near[0].category.as_str()), (1, "client_poaching"), "{sentence}");
            assert!(POACHING.contains(&near[0].example.as_str()));
        }
        assert!(look::near(&cerebro.cerebro, &permit, "Bonjour").is_none(), "that process has no model");

        // Another process follows; and the same digest comes of it, whatever was read before.
        let other = cerebro.with_controls(with_control(models.clone())).await;
        assert_eq!(found(&other, cerebro, text).await, (true, with.clone()));
        let raised = change(&node, cerebro, &maelle, category(990, &POACHING), Some(&why())).await.unwrap();
        assert!(found(&node, cerebro, text).await.0, "nothing that waits is in force");
        cerebro.agree(raised.waits.unwrap()).await;
        assert!(other.follow().await.unwrap(), "there is something new");
        assert!(!other.follow().await.unwrap(), "and then nothing");
        let (still, raised) = found(&other, cerebro, text).await;
        assert!(!still && raised != with);
        let quillon = other.organisation(cerebro.other).unwrap();
        assert_eq!(quillon.controls.models_digest(), models.digest(), "nobody else has these examples");
    })
    .await;
}
