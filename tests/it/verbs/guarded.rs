//! Private and protected mail: who is shown what, how it is opened, who lets it go, what its sender may do.

use std::time::Duration;

use access::{Denied, Mission, OperationError, action};
use compliance::{ControlSet, Guarded};
use operations::Cerebro;
use operations::flows::{Content, outbox};
use operations::missions::{list, withdraw};
use operations::organisation::Reason;
use operations::register::{Filter, look};
use operations::review::answer::{self, Answer};
use operations::review::arbitrate::{Ruling, arbitrate};
use operations::review::guarded::{self, Circumstance, Grounds};
use operations::review::open::{HeldMessage, open};
use operations::review::queue::{self, Slice};
use operations::review::{self, Decision, HoldState, ReviewError};
use vocabulary::{HoldId, Locale, bounds};

use crate::support::cerebro::decision;
use crate::support::{Person, TestCerebro, each_engine};

const SENDER: &str = "agent@orveane.example";
const INES: &str = "ines.kermadec@orveane.example";
const SOFIANE: &str = "sofiane.delattre@orveane.example";
const MAELLE: &str = "maelle.brisson@orveane.example";
const FELIX: &str = "felix.quemener@orveane.example";
const ODILE: &str = "odile.sarrazin@orveane.example";
const SOLENNE: &str = "solenne.marchais@orveane.example";
/// Stands wherever a message says something, and nowhere else.
const MARKER: &str = "zebrure4417";
const ACCOUNT: &str = "FR76 3000 6000 0112 3456 7890 189";

/// A message of its own each time: an account number, and a file, with the marker in every place that can hold words.
pub(crate) fn marked(id: &str, mark: &str, text: &str) -> Vec<u8> {
    format!(
        "From: {MARKER} nom <{SENDER}>\r\nTo: cabinet@client.example\r\nSubject: {mark}{MARKER} {id}\r\n\
         Message-ID: <{id}@orveane.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text} {MARKER}. Compte : {ACCOUNT}.\r\n\
         --b\r\nContent-Type: text/plain; name=\"{MARKER}.txt\"\r\nContent-Disposition: attachment; filename=\"{MARKER}.txt\"\r\n\r\n\
         Calendrier {MARKER}\r\n--b--\r\n"
    )
    .into_bytes()
}

const PRIVATE: &str = "[Personnel] ";
/// Which PRV-02 looks for.
const ALERT: &str = "Je suis lanceur d’alerte et je préfère rester anonyme.";

async fn held(cerebro: &TestCerebro, on: &Cerebro, raw: Vec<u8>) -> HoldId {
    let submission = cerebro.submission(Some(SENDER), &["cabinet@client.example"], Content::Whole(raw));
    operations::flows::receive(on, submission).await.unwrap().hold.expect("it is held")
}

async fn shown(person: &Person, hold: HoldId) -> HeldMessage {
    let permit = person.op.permit(action::ReadHold, hold).await.unwrap();
    open(&person.op, permit).await.unwrap()
}

fn grounds(circumstance: Circumstance) -> Grounds {
    Grounds {
        circumstance,
        reason: Reason::parse("Signalement du service informatique, dossier 12").unwrap(),
    }
}

async fn unseal(person: &Person, hold: HoldId, why: Circumstance) -> Result<(), ReviewError> {
    let permit = person.op.permit(action::OpenGuarded, hold).await.map_err(OperationError::from)?;
    guarded::open(&person.op, permit, grounds(why)).await.map(drop)
}

async fn custody(
    cerebro: &TestCerebro,
    person: &Person,
    hold: HoldId,
    ruling: Ruling,
    decided: Decision,
) -> Result<(), ReviewError> {
    let permit = person.op.permit(action::DecideGuarded, hold).await.map_err(OperationError::from)?;
    review::custody::decide(&cerebro.cerebro, &person.op, permit, ruling, decided).await
}

async fn leaves(cerebro: &TestCerebro) -> usize {
    let leased = outbox::lease(&cerebro.cerebro, 100).await.unwrap();
    leased.iter().filter(|leased| leased.flow.is_some()).count()
}

async fn waiting(cerebro: &TestCerebro, person: &Person) -> String {
    let permit = person.op.permit(action::ReadQueue, cerebro.bank).await.unwrap();
    format!("{:?}", queue::waiting(&person.op, &permit, Slice::FIRST).await.unwrap())
}

/// The link of the last notice to the sender, and what it says.
async fn told(cerebro: &TestCerebro) -> (String, String) {
    let notice = cerebro.mail_to(SENDER).await.pop().expect("the sender is told");
    let (_, rest) = notice.split_once("/notices/").expect("with a link");
    (rest.split_whitespace().next().unwrap().to_owned(), notice)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_private_is_not_shown_to_whoever_reviews_and_no_reading_is_recorded() {
    each_engine(async |cerebro| {
        let hold = held(cerebro, &cerebro.cerebro, marked("p1", PRIVATE, "Voici.")).await;
        for email in [INES, SOFIANE, MAELLE, SOLENNE] {
            let person = cerebro.sign_in(email).await;
            let seen = shown(&person, hold).await;
            assert!(seen.contents.is_none() && seen.guarded == Some(Guarded::Private), "{email}");
            assert_eq!(seen.is_custodian, email == SOLENNE, "{email}");
            assert_eq!((seen.attached, seen.recipients.len()), (1, 1), "what everybody may know");
            let (all, listed) = (format!("{seen:?}"), waiting(cerebro, &person).await);
            for told in [&all, &listed] {
                assert!(!told.contains(MARKER) && !told.contains("3000"), "{email}: {told}");
            }
            assert!(listed.contains(&hold.to_string()), "it stands in the queue");
        }
        let kinds = cerebro.kinds().await;
        assert!(!kinds.iter().any(|kind| kind.starts_with("content.")), "nothing was read: {kinds:?}");
        // The same words without the mark are read as ever, and their reading is recorded.
        let plain = held(cerebro, &cerebro.cerebro, marked("p2", "", "Voici.")).await;
        let ines = cerebro.sign_in(INES).await;
        let seen = shown(&ines, plain).await;
        assert!(seen.contents.unwrap().message.subject.contains(MARKER) && seen.guarded.is_none());
        assert_eq!(cerebro.kinds().await.iter().filter(|kind| *kind == "content.read").count(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_opened_by_one_mission_on_grounds_that_are_an_entry_first_and_for_a_while() {
    each_engine(async |cerebro| {
        let hold = held(cerebro, &cerebro.cerebro, marked("p1", PRIVATE, "Voici.")).await;
        for email in [INES, SOFIANE, MAELLE, FELIX, ODILE] {
            let person = cerebro.sign_in(email).await;
            let refused = unseal(&person, hold, Circumstance::Present).await;
            assert!(matches!(refused, Err(ReviewError::Operation(OperationError::Denied(_)))), "{email}");
        }
        let solenne = cerebro.sign_in(SOLENNE).await;
        let other = unseal(&solenne, hold, Circumstance::Entitled).await;
        assert!(matches!(other, Err(ReviewError::Circumstance)), "a case of the other class: {other:?}");
        let plain = held(cerebro, &cerebro.cerebro, marked("p2", "", "Voici.")).await;
        let ordinary = unseal(&solenne, plain, Circumstance::Present).await;
        assert!(matches!(ordinary, Err(ReviewError::NotGuarded)), "{ordinary:?}");
        // A ledger that cannot be written shows nothing.
        cerebro.evidence_is_kept(false).await;
        assert!(unseal(&solenne, hold, Circumstance::Present).await.is_err());
        cerebro.evidence_is_kept(true).await;
        assert!(shown(&solenne, hold).await.contents.is_none());

        unseal(&solenne, hold, Circumstance::Called).await.unwrap();
        let seen = shown(&solenne, hold).await;
        let contents = seen.contents.expect("it is open");
        assert!(contents.message.subject.contains(MARKER) && !contents.assessment.findings.is_empty());
        assert_eq!(seen.opening.unwrap().circumstance, Circumstance::Called);
        let entries = cerebro.details("content.opened").await;
        assert_eq!(entries.len(), 1, "{entries:?}");
        assert_eq!(
            (&entries[0]["class"], &entries[0]["circumstance"]),
            (&"private".into(), &"called".into())
        );
        assert_eq!(entries[0]["grounds"], "Signalement du service informatique, dossier 12");
        assert!(entries[0]["until"].is_string() && entries[0]["session"].is_string());
        assert!(!cerebro.kinds().await.contains(&"content.read".to_owned()), "one entry, not two");
        // Everybody sees that it was opened and by whom; nobody else sees it.
        let ines = cerebro.sign_in(INES).await;
        let closed = shown(&ines, hold).await;
        assert!(
            closed.contents.is_none() && closed.events.iter().any(|event| event.by == "Solenne Marchais")
        );
        // Nor does she in another session, nor once its time is over.
        let again = cerebro.sign_in(SOLENNE).await;
        assert!(shown(&again, hold).await.contents.is_none(), "another session");
        cerebro.clock.advance(bounds::GUARDED_OPEN - Duration::from_secs(600));
        assert!(shown(&solenne, hold).await.contents.is_some(), "still");
        cerebro.clock.advance(Duration::from_secs(600));
        assert!(shown(&solenne, hold).await.contents.is_none(), "its time is over");
        let stale = solenne.op.permit(action::OpenGuarded, hold).await;
        assert!(matches!(stale, Err(Denied::StepUp { .. })), "presence is proved anew: {stale:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opening_is_worth_nothing_once_the_mission_is_withdrawn() {
    each_engine(async |cerebro| {
        let hold = held(cerebro, &cerebro.cerebro, marked("p1", PRIVATE, "Voici.")).await;
        let solenne = cerebro.sign_in(SOLENNE).await;
        unseal(&solenne, hold, Circumstance::Present).await.unwrap();
        assert!(shown(&solenne, hold).await.contents.is_some());
        // She keeps reading the queue, as an operator.
        let odile = cerebro.sign_in(ODILE).await;
        let account = solenne.op.actor().account().unwrap();
        let gift = operations::missions::grant::Gift {
            mission: Mission::Operator,
            from: odile.op.now(),
            until: None,
            reason: Reason::parse("Renfort").unwrap(),
        };
        let permit = odile.op.permit(action::GrantMission, account).await.unwrap();
        operations::missions::grant::grant(&cerebro.cerebro, &odile.op, permit, gift, None).await.unwrap();
        let permit = odile.op.permit(action::ReadAccounts, cerebro.bank).await.unwrap();
        let held = list::list(&odile.op, &permit, account).await.unwrap();
        let grant = held.iter().find(|one| one.mission == Mission::Custodian).unwrap().id;
        let permit = odile.op.permit(action::WithdrawMission, grant).await.unwrap();
        let why = Reason::parse("Fin de mission").unwrap();
        withdraw::withdraw(&cerebro.cerebro, &odile.op, permit, why, None).await.unwrap();
        let seen = shown(&solenne, hold).await;
        assert!(seen.contents.is_none() && !seen.is_custodian);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_not_the_mission_refuses_it_or_hands_it_on_and_never_lets_it_go() {
    each_engine(async |cerebro| {
        let first = held(cerebro, &cerebro.cerebro, marked("p1", PRIVATE, "Voici.")).await;
        let second = held(cerebro, &cerebro.cerebro, marked("p2", PRIVATE, "Voilà.")).await;
        let (ines, sofiane, maelle) =
            (cerebro.sign_in(INES).await, cerebro.sign_in(SOFIANE).await, cerebro.sign_in(MAELLE).await);
        let decided = decision(&ines, first, "Vu avec le client").await;
        let permit = ines.op.permit(action::ReleaseHold, first).await.unwrap();
        let released = review::decide::release(&cerebro.cerebro, &ines.op, permit, decided.clone()).await;
        assert!(matches!(released, Err(ReviewError::Guarded)), "{released:?}");
        let permit = ines.op.permit(action::EscalateHold, first).await.unwrap();
        let why = Reason::parse("Je ne peux pas le lire").unwrap();
        review::escalate::escalate(&cerebro.cerebro, &ines.op, permit, why).await.unwrap();
        let permit = sofiane.op.permit(action::ArbitrateHold, first).await.unwrap();
        let ruled = arbitrate(&cerebro.cerebro, &sofiane.op, permit, Ruling::Release, decided.clone()).await;
        assert!(matches!(ruled, Err(ReviewError::Guarded)), "{ruled:?}");
        let permit = maelle.op.permit(action::OverruleHold, first).await.unwrap();
        let overruled = review::overrule::overrule(
            &cerebro.cerebro,
            &maelle.op,
            permit,
            Ruling::Release,
            decided.clone(),
        )
        .await;
        assert!(matches!(overruled, Err(ReviewError::Guarded)), "{overruled:?}");
        assert!(ines.op.permit(action::DecideGuarded, first).await.is_err());
        // Whoever has the mission was called.
        let called = cerebro.mail_to(SOLENNE).await;
        assert!(
            called.iter().any(|mail| mail.contains(&first.to_string()) && !mail.contains(MARKER)),
            "{called:?}"
        );
        // She may refuse what she has not read, and nobody overrules that who may not read it either.
        let other = decision(&ines, second, "À renvoyer sans la mention privée").await;
        let permit = ines.op.permit(action::RejectHold, second).await.unwrap();
        review::decide::reject(&cerebro.cerebro, &ines.op, permit, other.clone()).await.unwrap();
        let permit = maelle.op.permit(action::OverruleHold, second).await.unwrap();
        let overruled =
            review::overrule::overrule(&cerebro.cerebro, &maelle.op, permit, Ruling::Release, other).await;
        assert!(matches!(overruled, Err(ReviewError::Guarded)), "{overruled:?}");
        assert!(shown(&maelle, second).await.decision.unwrap().reason.is_empty(), "a reason may tell");
        // Whoever has the mission lets it go, unread.
        let solenne = cerebro.sign_in(SOLENNE).await;
        let ours = decision(&solenne, first, "Le salarié confirme un courrier personnel").await;
        custody(cerebro, &solenne, first, Ruling::Release, ours).await.unwrap();
        assert_eq!(leaves(cerebro).await, 1);
        assert!(!cerebro.kinds().await.iter().any(|kind| kind.starts_with("content.")), "nobody read it");
        // What is not guarded is none of theirs.
        let plain = held(cerebro, &cerebro.cerebro, marked("p3", "", "Voici.")).await;
        let theirs = decision(&solenne, plain, "Je le laisse partir").await;
        let refused = custody(cerebro, &solenne, plain, Ruling::Release, theirs).await;
        assert!(matches!(refused, Err(ReviewError::NotGuarded)), "{refused:?}");
        assert!(solenne.op.permit(action::ReleaseHold, plain).await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn its_sender_takes_the_mark_off_and_it_is_read_as_any_other() {
    each_engine(async |cerebro| {
        let hold = held(cerebro, &cerebro.cerebro, marked("p1", PRIVATE, "Voici.")).await;
        let (link, notice) = told(cerebro).await;
        assert!(notice.contains("retirer cette mention"), "{notice}");
        let (_, seen) = answer::look(&cerebro.cerebro, &link).await.unwrap();
        assert!(seen.is_private && seen.subject.is_empty(), "links are forwarded: {seen:?}");
        answer::answer(&cerebro.cerebro, &link, Answer::Requalify).await.unwrap();
        let again = answer::answer(&cerebro.cerebro, &link, Answer::Requalify).await;
        assert!(matches!(again, Err(ReviewError::Transition(_))), "once: {again:?}");
        assert!(cerebro.kinds().await.contains(&"hold.requalified".to_owned()));
        let ines = cerebro.sign_in(INES).await;
        let seen = shown(&ines, hold).await;
        assert!(seen.guarded.is_none() && seen.contents.is_some());
        let decided = decision(&ines, hold, "Message professionnel").await;
        let permit = ines.op.permit(action::ReleaseHold, hold).await.unwrap();
        review::decide::release(&cerebro.cerebro, &ines.op, permit, decided).await.unwrap();
        assert_eq!(leaves(cerebro).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn protected_correspondence_stays_so_and_its_sender_cannot_tell() {
    each_engine(async |cerebro| {
        let both = held(cerebro, &cerebro.cerebro, marked("p1", PRIVATE, ALERT)).await;
        let (link, notice) = told(cerebro).await;
        let private = held(cerebro, &cerebro.cerebro, marked("p2", PRIVATE, "Voici.")).await;
        let (other, plainly) = told(cerebro).await;
        // The same words to the sender, whether protected correspondence is suspected or not; the clock stands still.
        let told_apart = |text: &str, hold: HoldId, link: &str, id: &str| {
            let text = text.replace(&hold.to_string(), "H").replace(link, "L").replace(id, "ID");
            text.lines().filter(|line| !line.starts_with("message-id:")).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(told_apart(&notice, both, &link, "p1"), told_apart(&plainly, private, &other, "p2"));
        let (_, one) = answer::look(&cerebro.cerebro, &link).await.unwrap();
        let (_, two) = answer::look(&cerebro.cerebro, &other).await.unwrap();
        assert_eq!((&one.subject, one.is_private, one.state), (&two.subject, two.is_private, two.state));
        answer::answer(&cerebro.cerebro, &link, Answer::Requalify).await.unwrap();
        let ines = cerebro.sign_in(INES).await;
        let seen = shown(&ines, both).await;
        assert!(seen.guarded == Some(Guarded::Protected) && seen.contents.is_none(), "{:?}", seen.guarded);
        let solenne = cerebro.sign_in(SOLENNE).await;
        let employee = unseal(&solenne, both, Circumstance::Present).await;
        assert!(matches!(employee, Err(ReviewError::Circumstance)), "{employee:?}");
        unseal(&solenne, both, Circumstance::Entitled).await.unwrap();
        assert!(shown(&solenne, both).await.contents.is_some());
        // One that is protected alone is shown to its sender as any other is: nothing tells them.
        let alone = held(cerebro, &cerebro.cerebro, marked("p3", "", ALERT)).await;
        let (link, notice) = told(cerebro).await;
        let (_, seen) = answer::look(&cerebro.cerebro, &link).await.unwrap();
        assert!(!seen.is_private && seen.subject.contains(MARKER) && !notice.contains("mention"), "{notice}");
        let refused = answer::answer(&cerebro.cerebro, &link, Answer::Requalify).await;
        assert!(matches!(refused, Err(ReviewError::Transition(_))), "{refused:?}");
        assert_eq!(shown(&ines, alone).await.guarded, Some(Guarded::Protected));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_class_holds_itself_is_guarded_and_so_is_what_joins() {
    each_engine(async |cerebro| {
        let shipped = ControlSet::shipped();
        let files: Vec<(String, String)> = shipped
            .texts()
            .map(|(id, text)| {
                let text = match id {
                    "PRV-01" => text.replacen("mode = \"observe\"", "mode = \"enforce\"", 1),
                    _ => text.to_owned(),
                };
                (id.to_owned(), text)
            })
            .collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
        let with = cerebro.with_controls(ControlSet::parse(&files).unwrap()).await;
        let raw = String::from_utf8(marked("p1", PRIVATE, "Voici.")).unwrap().replace(ACCOUNT, "sans");
        let hold = held(cerebro, &with, raw.into_bytes()).await;
        let ines = cerebro.sign_in(INES).await;
        let seen = shown(&ines, hold).await;
        assert_eq!((seen.class.as_str(), seen.guarded), ("private", Some(Guarded::Private)));
        // A part that is guarded closes the hold it joins: here the first came before the bank had the control.
        let files: Vec<(&str, &str)> = shipped.texts().filter(|(id, _)| !id.starts_with("PRV-")).collect();
        let before = cerebro.with_controls(ControlSet::parse(&files).unwrap()).await;
        let part = marked("p2", PRIVATE, "Voilà.");
        let hold = held(cerebro, &before, part.clone()).await;
        assert!(shown(&ines, hold).await.contents.is_some());
        let submission = cerebro.submission(Some(SENDER), &["etude@client.example"], Content::Whole(part));
        let joined = operations::flows::receive(&cerebro.cerebro, submission).await.unwrap();
        assert_eq!(joined.hold, Some(hold), "one hold");
        let seen = shown(&ines, hold).await;
        assert!(
            seen.contents.is_none() && seen.guarded == Some(Guarded::Private) && seen.recipients.len() == 2
        );
        assert!(!waiting(cerebro, &ines).await.contains(MARKER));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_register_tells_the_rule_and_nothing_of_what_was_found() {
    each_engine(async |cerebro| {
        let hold = held(cerebro, &cerebro.cerebro, marked("p1", PRIVATE, "Voici.")).await;
        let plain = held(cerebro, &cerebro.cerebro, marked("p2", "", "Voici.")).await;
        let felix = cerebro.sign_in(FELIX).await;
        let permit = felix.op.permit(action::ReadRegister, cerebro.bank).await.unwrap();
        let filter = Filter::default();
        let page = look::look(&cerebro.cerebro, &felix.op, &permit, &filter, None, Locale::Fr).await.unwrap();
        let of = |hold| page.entries.iter().find(|entry| entry.hold == hold).expect("it is there");
        let (closed, open) = (of(hold), of(plain));
        assert!(closed.is_guarded && closed.lines.iter().all(|line| line.found.is_empty() && line.more == 0));
        assert!(!open.is_guarded && format!("{:?}", open.lines).contains("FR76•••189"));
        let rules = |entry: &operations::register::Entry| {
            entry.lines.iter().filter_map(|line| line.rule.clone()).collect::<Vec<_>>()
        };
        assert_eq!(rules(closed), rules(open), "by which rule is told");
        assert_eq!(closed.state, HoldState::Waiting);
    })
    .await;
}
