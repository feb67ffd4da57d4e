//! Why messages were held: what an auditor reads, and what a sender may know.

use access::action;
use compliance::ControlSet;
use operations::Cerebro;
use operations::flows::Content;
use operations::register::{Entry, Filter, Page, export, look, own};
use vocabulary::{HoldId, Locale};

use crate::support::{Person, TestCerebro, each_engine, message};

const INES: &str = "ines.kermadec@orveane.example";
const FELIX: &str = "felix.quemener@orveane.example";
/// What a plain control holds, and what one holds whose notice is neutral.
const ACCOUNT: &str = "Voici le compte du client : FR76 3000 6000 0112 3456 7890 189.";
const SANCTIONS: &str = "Change le nom du port pour passer le filtrage.";

/// The shipped controls, with the neutral one enforced.
fn with_neutral() -> ControlSet {
    let shipped = ControlSet::shipped();
    let enforce = |id: &str, text: &str| match id {
        "FIN-03" => text.replacen("mode = \"observe\"", "mode = \"enforce\"", 1),
        _ => text.to_owned(),
    };
    let files: Vec<(String, String)> =
        shipped.texts().map(|(id, text)| (id.to_owned(), enforce(id, text))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
    ControlSet::parse(&files).unwrap()
}

/// A message of its own each time, that must be held.
async fn held(cerebro: &TestCerebro, on: &Cerebro, from: &str, to: &str, body: &str) -> HoldId {
    let raw = String::from_utf8(message(body)).unwrap();
    let raw = raw.replace("<a1@", &format!("<{to}-")).replace("Point de situation", to).into_bytes();
    let submission = cerebro.submission(Some(from), &[&format!("{to}@client.example")], Content::Whole(raw));
    operations::flows::receive(on, submission).await.unwrap().hold.expect("it is held")
}

async fn register(on: &Cerebro, person: &Person, filter: Filter) -> Page {
    let permit = person.op.permit(action::ReadRegister, person.op.organisation()).await.unwrap();
    look::look(on, &person.op, &permit, &filter, None, Locale::Fr).await.unwrap()
}

async fn own_messages(on: &Cerebro, person: &Person) -> Vec<Entry> {
    let account = person.op.actor().account().unwrap();
    let permit = person.op.permit(action::ReadOwnMessages, account).await.unwrap();
    own::own(on, &person.op, &permit, None, Locale::Fr).await.unwrap().entries
}

fn of(entries: &[Entry], hold: HoldId) -> &Entry {
    entries.iter().find(|entry| entry.hold == hold).expect("it is there")
}

fn controls(entry: &Entry) -> Vec<&str> {
    entry.lines.iter().filter_map(|line| line.rule.as_ref()).map(|rule| rule.control.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_cannot_tell_that_a_neutral_control_held_their_message_too() {
    each_engine(async |cerebro| {
        let with = cerebro.with_controls(with_neutral()).await;
        let without = cerebro.with_controls(ControlSet::shipped()).await;
        let both = format!("{ACCOUNT}\n{SANCTIONS}");
        let held_by_both = held(cerebro, &with, INES, "un", &both).await;
        let held_by_one = held(cerebro, &without, INES, "deux", &both).await;
        let held_by_neutral = held(cerebro, &with, INES, "trois", SANCTIONS).await;
        let theirs = held(cerebro, &with, "theodore.vasquin@orveane.example", "quatre", ACCOUNT).await;

        let ines = cerebro.sign_in(INES).await;
        let (seen, plain) = (own_messages(&with, &ines).await, own_messages(&without, &ines).await);
        assert!(seen.iter().all(|entry| entry.hold != theirs), "only one's own");
        let (one, other) = (of(&seen, held_by_both), of(&plain, held_by_one));
        assert!(!one.lines.is_empty() && one.lines == other.lines, "{:?} {:?}", one.lines, other.lines);
        let rest = |entry: &Entry| (entry.class.clone(), entry.state, entry.next, entry.reason.clone());
        assert_eq!(rest(one), rest(other));
        assert_eq!(one.due_at.since(one.held_at), other.due_at.since(other.held_at));
        // Read by the set in force since, in which the control is still neutral, it is the same.
        assert_eq!(of(&own_messages(&without, &ines).await, held_by_both).lines, one.lines);
        let alone = &of(&seen, held_by_neutral).lines;
        assert!(alone.len() == 1 && alone[0].rule.is_none() && alone[0].found.is_empty(), "{alone:?}");
        assert!(!format!("{seen:?}").contains("FIN-03"));
        // The notices say no more than the register.
        let notices = cerebro.mail_to(INES).await;
        let notices: Vec<String> = notices.iter().map(|text| text.replace('\u{a0}', " ")).collect();
        let of_subject = |subject: &str| notices.iter().find(|text| text.contains(&format!("« {subject} »")));
        let neutral = "fait l’objet d’une vérification";
        let (one, alone) = (of_subject("un").unwrap(), of_subject("trois").unwrap());
        assert!(!one.contains(neutral) && alone.contains(neutral), "{one}\n{alone}");

        let felix = cerebro.sign_in(FELIX).await;
        let entries = register(&with, &felix, Filter::default()).await.entries;
        let whole = of(&entries, held_by_both);
        assert!(controls(whole).contains(&"FIN-03") && controls(whole).len() > 1, "{:?}", controls(whole));
        let neutral =
            whole.lines.iter().filter_map(|line| line.rule.as_ref()).find(|rule| rule.control == "FIN-03");
        assert!(neutral.unwrap().is_neutral && whole.class.is_some() && whole.subject.is_none());
        assert!(entries.iter().any(|entry| entry.hold == theirs));
        let said = format!("{entries:?}");
        assert!(said.contains("FR76•••189"), "{said}");
        for secret in ["3000", "passer le filtrage", "nom du port", "quatre@", "theodore"] {
            assert!(!said.contains(secret), "{secret} in {said}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_is_told_of_their_own_message_what_a_sender_is() {
    each_engine(async |cerebro| {
        let with = cerebro.with_controls(with_neutral()).await;
        let hold = held(cerebro, &with, FELIX, "un", SANCTIONS).await;
        let felix = cerebro.sign_in(FELIX).await;
        let entries = register(&with, &felix, Filter::default()).await.entries;
        let entry = of(&entries, hold);
        assert!(entry.is_own && entry.class.is_none() && controls(entry).is_empty(), "{entry:?}");
        // Nor is it found by what it does not tell.
        for filter in [
            Filter { control: Some("FIN-03".into()), ..Filter::default() },
            Filter { category: Some(compliance::control::Category::FinancialCrime), ..Filter::default() },
            Filter { severity: Some(4), ..Filter::default() },
            Filter { class: Some("sensitive".into()), ..Filter::default() },
        ] {
            assert!(register(&with, &felix, filter).await.entries.is_empty());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_register_is_filtered_paged_and_every_export_is_an_entry() {
    each_engine(async |cerebro| {
        let count = vocabulary::bounds::REGISTER_ROWS_MAX + 3;
        for number in 0..count {
            // Of many senders: those of one would be one campaign.
            let from = format!("agent-{number}@orveane.example");
            held(cerebro, &cerebro.cerebro, &from, &format!("r{number}"), ACCOUNT).await;
        }
        let felix = cerebro.sign_in(FELIX).await;
        let on = &cerebro.cerebro;
        let first = register(on, &felix, Filter::default()).await;
        assert_eq!(first.entries.len(), vocabulary::bounds::REGISTER_ROWS_MAX);
        assert!(first.entries.windows(2).all(|two| two[0].hold > two[1].hold), "the latest first");
        let permit = felix.op.permit(action::ReadRegister, cerebro.bank).await.unwrap();
        let rest =
            look::look(on, &felix.op, &permit, &Filter::default(), first.next, Locale::Fr).await.unwrap();
        assert_eq!((rest.entries.len(), rest.next), (3, None));
        let control = controls(&first.entries[0])[0].to_owned();
        let by = |control: &str| Filter { control: Some(control.into()), ..Filter::default() };
        assert_eq!(register(on, &felix, by(&control)).await.entries.len(), first.entries.len());
        assert!(register(on, &felix, by("FIN-03")).await.entries.is_empty());
        let later = Filter { from: Some(cerebro.cerebro.instance().now()), ..Filter::default() };
        assert!(register(on, &felix, later).await.entries.is_empty());
        let decided = Filter { state: Some(operations::review::HoldState::Released), ..Filter::default() };
        assert!(register(on, &felix, decided).await.entries.is_empty());

        let permit = felix.op.permit(action::ExportRegister, cerebro.bank).await.unwrap();
        let (all, more) = export::whole(on, &felix.op, permit, &by(&control), Locale::En).await.unwrap();
        assert_eq!((all.len(), more), (count, false));
        let entries = cerebro.details("register.exported").await;
        assert!(entries.len() == 1 && entries[0]["control"] == control.as_str(), "{entries:?}");
        let ines = cerebro.sign_in(INES).await;
        assert!(ines.op.permit(action::ReadRegister, cerebro.bank).await.is_err());
        assert!(ines.op.permit(action::ExportRegister, cerebro.bank).await.is_err());
        let account = felix.op.actor().account().unwrap();
        assert!(ines.op.permit(action::ReadOwnMessages, account).await.is_err(), "nobody else's");
    })
    .await;
}

/// A ledger that cannot be written gives nothing out.
#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_cannot_be_recorded_is_none() {
    each_engine(async |cerebro| {
        cerebro.held().await;
        let felix = cerebro.sign_in(FELIX).await;
        let permit = felix.op.permit(action::ExportRegister, cerebro.bank).await.unwrap();
        cerebro.evidence_is_kept(false).await;
        let failed = export::whole(&cerebro.cerebro, &felix.op, permit, &Filter::default(), Locale::Fr).await;
        cerebro.evidence_is_kept(true).await;
        assert!(failed.is_err());
        assert!(cerebro.details("register.exported").await.is_empty());
    })
    .await;
}
