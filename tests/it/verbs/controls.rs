//! The life of a control set: drafted, rehearsed on what really passed, published by somebody else, in force at once everywhere;
//! and past flows looked at again when a list changes.

use access::{Denied, OperationError, SystemReason, action};
use compliance::ControlSet;
use operations::controls::look::{self, SetWhole};
use operations::controls::rehearse::{self, Rehearsal};
use operations::controls::{ControlsError, SetState, draft, look_back, publish, samples, withdraw};
use operations::lists::{self, Entries, ListName};
use operations::organisation::Reason;
use vocabulary::ControlSetId;

use crate::support::{Person, TestCerebro, each_engine, message};

const MAELLE: &str = "maelle.brisson@orveane.example";
const RENAN: &str = "renan.tregor@orveane.example";
const CLIENT: &str = "r.lemarrec@client.example";

/// The shipped files, with PII-01 as it says or changed, and RCP-09 made to hold.
fn files(change: impl Fn(&str, &str) -> String) -> Vec<(String, String)> {
    let shipped = ControlSet::shipped();
    shipped.texts().map(|(id, text)| (format!("{id}.toml"), change(id, text))).collect()
}

/// Account numbers are observed, and subjects marked confidential wait.
fn other_way_round(id: &str, text: &str) -> String {
    let version = |text: &str| text.replacen("version = 1", "version = 2", 1);
    match id {
        "PII-01" => version(text).replacen("mode = \"enforce\"", "mode = \"observe\"", 1),
        "RCP-09" => version(text).replacen("mode = \"observe\"", "mode = \"enforce\"", 1),
        _ => text.to_owned(),
    }
}

fn why() -> Reason {
    Reason::parse("Les mentions de confidentialité d’abord").unwrap()
}

async fn drafted(
    cerebro: &TestCerebro,
    person: &Person,
    files: Vec<(String, String)>,
) -> Result<(ControlSetId, u64), ControlsError> {
    let permit = person.op.permit(action::DraftControls, cerebro.bank).await.map_err(OperationError::from)?;
    draft::draft(&cerebro.cerebro, &person.op, permit, files, &why()).await
}

async fn rehearsed(
    cerebro: &TestCerebro,
    person: &Person,
    set: ControlSetId,
) -> Result<Rehearsal, ControlsError> {
    let permit = person.op.permit(action::RehearseControls, set).await.map_err(OperationError::from)?;
    rehearse::rehearse(&cerebro.cerebro, &person.op, permit, 30).await
}

async fn published(cerebro: &TestCerebro, person: &Person, set: ControlSetId) -> Result<(), ControlsError> {
    let permit = person.op.permit(action::PublishControls, set).await.map_err(OperationError::from)?;
    publish::publish(&cerebro.cerebro, &person.op, permit).await
}

async fn seen(cerebro: &TestCerebro, person: &Person, set: ControlSetId) -> SetWhole {
    let permit = person.op.permit(action::ReadControls, cerebro.bank).await.unwrap();
    look::one(&person.op, &permit, set).await.unwrap().unwrap()
}

fn account() -> Vec<u8> {
    message("Le compte du client : FR76 3000 6000 0112 3456 7890 189.")
}

fn confidential() -> Vec<u8> {
    let text = String::from_utf8(message("Bonjour.")).unwrap();
    text.replace("Subject: Point", "Subject: [Confidentiel] Point").into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_set_is_drafted_rehearsed_and_published_by_somebody_else() {
    each_engine(async |cerebro| {
        let held = cerebro.send(&[CLIENT], account()).await.unwrap();
        let passed = cerebro.send(&[CLIENT], confidential()).await.unwrap();
        let ordinary = cerebro.send(&[CLIENT], message("Bonjour.")).await.unwrap();
        assert_eq!((held.verdict, passed.verdict, ordinary.verdict), ("hold", "pass", "pass"));

        let maelle = cerebro.sign_in(MAELLE).await;
        let (set, number) = drafted(cerebro, &maelle, files(other_way_round)).await.unwrap();
        assert_eq!(number, 1);
        let early = published(cerebro, &cerebro.sign_in(RENAN).await, set).await;
        assert!(matches!(early, Err(ControlsError::NotRehearsed)), "{early:?}");

        let rehearsal = rehearsed(cerebro, &maelle, set).await.unwrap();
        assert_eq!((rehearsal.flows, rehearsal.waits_now, rehearsal.would_wait), (3, 1, 1));
        assert_eq!((rehearsal.changed, rehearsal.days, rehearsal.unread), (2, 1, 0));
        let change = |flow| rehearsal.changes.iter().find(|change| change.flow == flow).unwrap();
        let (freed, caught) = (change(held.flow), change(passed.flow));
        assert_eq!((freed.was.as_str(), freed.becomes.as_str()), ("hold", "pass"));
        assert_eq!((caught.was.as_str(), caught.becomes.as_str()), ("pass", "hold"));
        assert_eq!(
            cerebro.send(&[CLIENT], account()).await.unwrap().verdict,
            "hold",
            "a draft decides nothing"
        );

        let own = published(cerebro, &maelle, set).await;
        assert!(matches!(own, Err(ControlsError::SamePerson(_))), "{own:?}");
        let renan = cerebro.sign_in(RENAN).await;
        published(cerebro, &renan, set).await.unwrap();
        assert_eq!(cerebro.send(&[CLIENT], account()).await.unwrap().verdict, "pass");
        assert_eq!(cerebro.send(&[CLIENT], confidential()).await.unwrap().verdict, "hold");
        let whole = seen(cerebro, &renan, set).await;
        assert_eq!(whole.line.state, SetState::Published);
        assert_eq!(whole.rehearsal.unwrap(), rehearsal);
        assert_eq!(cerebro.cerebro.organisation(cerebro.bank).unwrap().controls.digest(), whole.line.digest);

        let again = published(cerebro, &renan, set).await;
        assert!(matches!(again, Err(ControlsError::Over)), "{again:?}");
        let kinds = cerebro.kinds().await;
        for kind in ["controls.drafted", "controls.rehearsed", "controls.published"] {
            assert_eq!(kinds.iter().filter(|known| *known == kind).count(), 1, "{kind} {kinds:?}");
        }
        let other = cerebro.cerebro.organisation(cerebro.other).unwrap();
        assert_eq!(other.controls.digest(), ControlSet::shipped().digest(), "another organisation's stay");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_node_follows_a_publication_and_a_restart_keeps_it() {
    each_engine(async |cerebro| {
        let Some(node) = cerebro.another_node().await else { return };
        let maelle = cerebro.sign_in(MAELLE).await;
        let (set, _) = drafted(cerebro, &maelle, files(other_way_round)).await.unwrap();
        rehearsed(cerebro, &maelle, set).await.unwrap();
        published(cerebro, &cerebro.sign_in(RENAN).await, set).await.unwrap();
        assert!(node.follow().await.unwrap(), "there is something new");
        assert!(!node.follow().await.unwrap(), "and then nothing");
        let content = operations::flows::Content::Whole(account());
        let submission = cerebro.submission(Some("theodore.vasquin@orveane.example"), &[CLIENT], content);
        assert_eq!(operations::flows::receive(&node, submission).await.unwrap().verdict, "pass");
        let started = cerebro.another_node().await.unwrap().organisation(cerebro.bank).unwrap();
        assert_eq!((started.control_set, started.controls.digest().len()), (Some(set), 64));
        assert_ne!(started.controls.digest(), ControlSet::shipped().digest());
    })
    .await;
}

/// A node that was open before follows a policy that changed on another, as it follows lists and controls.
#[tokio::test(flavor = "multi_thread")]
async fn another_node_follows_a_policy() {
    each_engine(async |cerebro| {
        let Some(node) = cerebro.another_node().await else { return };
        let policy = |cerebro: &operations::Cerebro, bank| cerebro.organisation(bank).unwrap().policy.clone();
        let mut changed = policy(&node, cerebro.bank);
        changed.hold_minutes += 7;
        cerebro.set_policy(changed.clone()).await;
        assert_ne!(policy(&node, cerebro.bank), changed);
        node.follow().await.unwrap();
        assert_eq!(policy(&node, cerebro.bank), changed);
    })
    .await;
}

/// A rehearsal says what would change beside what is in force: once something else is, it says nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_counts_beside_the_set_it_was_made_beside() {
    each_engine(async |cerebro| {
        let (maelle, renan) = (cerebro.sign_in(MAELLE).await, cerebro.sign_in(RENAN).await);
        let (first, _) = drafted(cerebro, &maelle, files(other_way_round)).await.unwrap();
        let only = files(|_, text| text.to_owned()).into_iter().filter(|(name, _)| name != "CAL-01.toml");
        let (second, number) = drafted(cerebro, &maelle, only.collect()).await.unwrap();
        assert_eq!(number, 2);
        rehearsed(cerebro, &maelle, first).await.unwrap();
        rehearsed(cerebro, &maelle, second).await.unwrap();
        published(cerebro, &renan, first).await.unwrap();
        let stale = published(cerebro, &renan, second).await;
        assert!(matches!(stale, Err(ControlsError::NotRehearsed)), "{stale:?}");
        rehearsed(cerebro, &maelle, second).await.unwrap();
        published(cerebro, &renan, second).await.unwrap();
        assert_eq!(cerebro.send(&[CLIENT], account()).await.unwrap().verdict, "hold");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_set_is_no_draft_and_everything_wrong_is_told() {
    each_engine(async |cerebro| {
        let maelle = cerebro.sign_in(MAELLE).await;
        let same = drafted(cerebro, &maelle, files(|_, text| text.to_owned())).await;
        assert!(matches!(same, Err(ControlsError::InForce)), "{same:?}");
        let broken = files(|id, text| match id {
            "PII-01" => text.replace("iban.count", "iban.cuont"),
            _ => text.to_owned(),
        });
        let Err(ControlsError::Invalid(errors)) = drafted(cerebro, &maelle, broken).await else { panic!() };
        assert!(errors.iter().any(|error| error.to_string().contains("iban.cuont")), "{errors:?}");
        let lying = files(|id, text| match id {
            "RCP-04" => text.replacen("Compte FR14 2004 1010 0505 0001 3M02 606.", "Compte.", 1),
            _ => text.to_owned(),
        });
        let Err(ControlsError::Invalid(errors)) = drafted(cerebro, &maelle, lying).await else { panic!() };
        assert!(!errors.is_empty(), "a sample that lies is told");

        let (set, _) = drafted(cerebro, &maelle, files(other_way_round)).await.unwrap();
        let permit = maelle.op.permit(action::DropControls, set).await.unwrap();
        withdraw::withdraw(&maelle.op, permit).await.unwrap();
        assert!(matches!(rehearsed(cerebro, &maelle, set).await, Err(ControlsError::Over)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_supervisor_who_is_present_publishes_and_no_machine_does() {
    each_engine(async |cerebro| {
        let maelle = cerebro.sign_in(MAELLE).await;
        let (set, _) = drafted(cerebro, &maelle, files(other_way_round)).await.unwrap();
        rehearsed(cerebro, &maelle, set).await.unwrap();
        for person in ["ines.kermadec", "sofiane.delattre", "felix.quemener", "odile.sarrazin"] {
            let person = cerebro.sign_in(&format!("{person}@orveane.example")).await;
            let refused = published(cerebro, &person, set).await;
            let Err(ControlsError::Operation(OperationError::Denied(_))) = refused else {
                panic!("{refused:?}")
            };
        }
        let console = cerebro.cerebro.system(SystemReason::Console, cerebro.bank);
        assert!(console.permit(action::PublishControls, set).await.is_err());
        let renan = cerebro.sign_in(RENAN).await;
        cerebro.clock.advance(vocabulary::bounds::PRESENCE + std::time::Duration::from_secs(1));
        let late = renan.op.permit(action::PublishControls, set).await;
        assert!(matches!(late, Err(Denied::StepUp { .. })), "{late:?}");
        // A foreign set looks missing.
        let foreign = cerebro.cerebro.system(SystemReason::Console, cerebro.other);
        let permit = foreign.permit(action::ReadControls, cerebro.other).await.unwrap();
        assert!(look::one(&foreign, &permit, set).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn past_flows_are_looked_at_again_when_a_restricted_list_changes() {
    each_engine(async |cerebro| {
        let issuer = message("Le dossier Lormont Aciéries avance.");
        let before = cerebro.send(&[CLIENT], issuer.clone()).await.unwrap();
        cerebro.send(&[CLIENT], message("Bonjour.")).await.unwrap();
        let op = cerebro.cerebro.system(SystemReason::Console, cerebro.bank);
        let permit = op.permit(action::ReplaceList, cerebro.bank).await.unwrap();
        let entries = Entries::parse(ListName::Restricted, "Lormont Aciéries").unwrap();
        let wanted = lists::Wanted::Whole(entries);
        lists::change(&cerebro.cerebro, &op, permit, wanted, None).await.unwrap();
        let after = cerebro.send(&[CLIENT], issuer).await.unwrap();
        assert_eq!((before.verdict, after.verdict), ("pass", "hold"));

        let since = op.now().minus(std::time::Duration::from_secs(86_400));
        let permit = op.permit(action::LookBack, cerebro.bank).await.unwrap();
        let found = look_back::look_back(&cerebro.cerebro, &op, permit, since).await.unwrap();
        assert_eq!((found.flows, found.unread, found.more), (3, 0, false));
        let [seen] = found.seen.as_slice() else { panic!("{found:?}") };
        assert_eq!((seen.flow, seen.controls.contains(&"MAR-02".to_owned())), (before.flow, true));
        assert!(cerebro.kinds().await.contains(&"flows.looked_back".to_owned()));
    })
    .await;
}

/// Samples run once a night, whatever the nodes; a control that lies is an entry, a notice and a line of the page.
#[tokio::test(flavor = "multi_thread")]
async fn samples_of_the_set_in_force_are_run_every_night() {
    each_engine(async |cerebro| {
        let midnight = vocabulary::Timestamp::parse("2026-12-01T00:30:00Z").unwrap();
        cerebro.clock.set(midnight);
        assert_eq!(
            samples::check_due(&cerebro.cerebro).await.unwrap(),
            2,
            "both organisations, for the day before"
        );
        assert_eq!(samples::check_due(&cerebro.cerebro).await.unwrap(), 0, "once");
        cerebro.clock.set(midnight.plus(std::time::Duration::from_secs(89 * 60)));
        assert_eq!(samples::check_due(&cerebro.cerebro).await.unwrap(), 0, "01:59");
        let lying = files(|id, text| match id {
            "RCP-04" => text.replacen("Compte FR14 2004 1010 0505 0001 3M02 606.", "Compte.", 1),
            _ => text.to_owned(),
        });
        let lying: Vec<(&str, &str)> =
            lying.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let node = cerebro.with_controls(ControlSet::parse(&lying).unwrap()).await;
        cerebro.clock.set(midnight.plus(std::time::Duration::from_secs(91 * 60)));
        assert_eq!(samples::check_due(&node).await.unwrap(), 2);
        assert_eq!(samples::check_due(&cerebro.cerebro).await.unwrap(), 0, "another node was first");
        let op = cerebro.cerebro.system(SystemReason::Console, cerebro.bank);
        let permit = op.permit(action::ReadControls, cerebro.bank).await.unwrap();
        let found = samples::latest(&op, &permit).await.unwrap().unwrap();
        assert_eq!((found.wrong, found.controls.as_slice()), (1, &["RCP-04".to_owned()][..]));
        assert!(found.samples > 200);
        for owner in [MAELLE, RENAN] {
            let mails = cerebro.mail_to(owner).await;
            assert!(mails.iter().any(|mail| mail.contains("RCP-04")), "{owner} is told");
            // What was leased for the one is leased again for the other.
            cerebro.clock.advance(vocabulary::bounds::RELAY_LEASE + std::time::Duration::from_secs(1));
        }
        let kinds = cerebro.kinds().await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "controls.samples_checked").count(), 2);
    })
    .await;
}
