//! An old backup brought back (attack Z3): nothing that was over since is open again, nothing used is good again.

use std::path::Path;
use std::time::Duration;

use access::{SystemReason, action};
use ledger::Entry;
use operations::evidence::restored::{behind, take_over};
use operations::evidence::seal::Sealer;
use operations::flows::Passage;
use operations::flows::outbox::{self, Outcome};
use operations::review::decide;
use operations::{Cerebro, outgoing};
use vocabulary::{HoldId, Leased, bounds};

use super::enrolment::enrol;
use super::people::{CLEMENCE, HUGUES, INES, ODILE, administrator, href_of};
use crate::support::cerebro::{PASSWORD, decision};
use crate::support::{Browser, TestCerebro, each_engine, message};

const THEODORE: &str = "theodore.vasquin@orveane.example";
const SOFIANE: &str = "sofiane.delattre@orveane.example";

#[tokio::test(flavor = "multi_thread")]
async fn z3_an_old_backup_brought_back_revives_no_session_and_no_code() {
    each_engine(async |cerebro| {
        let mut clemence = Browser::new(cerebro);
        clemence.password(CLEMENCE, PASSWORD).await;
        let (secret, codes) = enrol(cerebro, &mut clemence).await;
        let mut hugues = administrator(cerebro, HUGUES).await;
        let theodore = administrator(cerebro, THEODORE).await;
        let backup = cerebro.back_up();
        // What happened since: a session over, a code and a step used, an account suspended, a password known, a mission gone.
        let (old, stolen) = (hugues.jar.clone(), theodore.jar.clone());
        hugues.get("/security").await;
        assert_eq!(hugues.post("/sign-out", &[]).await.status, 303);
        let mut lost = clemence.another();
        lost.password(CLEMENCE, PASSWORD).await;
        lost.get("/sign-in/backup").await;
        assert_eq!(lost.post("/sign-in/backup", &[("code", &codes[0])]).await.location, "/security");
        let mut odile = administrator(cerebro, ODILE).await;
        let used = secret.code_at(vocabulary::Clock::now(cerebro.clock.as_ref())).expose().clone();
        let mut again = clemence.another();
        again.password(CLEMENCE, PASSWORD).await;
        again.get("/sign-in/code").await;
        assert_eq!(again.post("/sign-in/code", &[("code", &used), ("next", "/")]).await.location, "/");
        for (name, act) in [("Theodore Vasquin", "suspend"), ("Ines Kermadec", "compromised")] {
            let href = href_of(&mut odile, name).await;
            odile.get(&format!("{href}/{act}")).await;
            assert_eq!(odile.post(&format!("{href}/{act}"), &[("reason", "Départ")]).await.status, 303);
        }
        let href = href_of(&mut odile, "Sofiane Delattre").await;
        let page = odile.get(&href).await;
        let (before, _) = page.body.split_once("/withdraw\"").unwrap();
        let withdrawal = before.rsplit('"').next().unwrap().to_owned();
        odile.get(&format!("{withdrawal}/withdraw")).await;
        let page = odile.post(&format!("{withdrawal}/withdraw"), &[("reason", "Mutation")]).await;
        assert_eq!(page.status, 303, "{}", page.body);
        cerebro.seal().await;

        let back = cerebro.bring_back(backup).await;
        let found = behind(&back.cerebro, &back.locks()).await.unwrap();
        assert!(found.iter().any(|log| log.organisation == cerebro.bank), "{found:?}");
        // Before it is taken over, nothing is signed over the gap and nothing changes.
        let mut sealer = Sealer::new(&back.locks());
        let refused = sealer.seal(&back.cerebro).await.unwrap_err().to_string();
        assert!(refused.contains("rollback"), "{refused}");
        let restored = clemence.another().on_node(back.cerebro.clone(), cerebro);
        let page = restored.another().password(SOFIANE, PASSWORD).await;
        assert_eq!(page.location, "/sign-in/code?next=/", "a first step leaves nothing behind");
        let mut early = restored.another();
        early.password(SOFIANE, PASSWORD).await;
        early.get("/sign-in/code").await;
        cerebro.clock.advance(Duration::from_secs(30));
        let page = early.post("/sign-in/code", &[("code", &cerebro.code()), ("next", "/")]).await;
        assert!(page.status >= 500, "{}", page.status);

        // Whoever takes it over is a program of its own, which sealed nothing.
        back.cerebro.instance().set_backlog(0);
        let found = behind(&back.cerebro, &back.locks()).await.unwrap();
        let op = back.cerebro.system(SystemReason::Console, cerebro.bank);
        let permit = op.permit(action::TakeOverRestored, cerebro.bank).await.unwrap();
        let done = take_over(&back.cerebro, &op, permit, &back.locks()).await.unwrap();
        assert_eq!(done.entries, found[0].signed - found[0].held);
        assert!(done.sessions >= 3 && done.codes == 10 && done.ended_again == 3, "{done:?}");
        assert!(behind(&back.cerebro, &back.locks()).await.unwrap().is_empty());
        sealer.seal(&back.cerebro).await.unwrap();
        let key = ledger::Verifier::parse(&cerebro.public_key).unwrap();
        let directory = back.directory.join("ledger").join(cerebro.bank.to_string());
        let report = ledger::verify_directory(&directory, &[key], None);
        assert!(report.is_ok(), "{report:?}");

        // Sessions: the one that was signed out, the one of who was suspended, and every other.
        for jar in [old, stolen, clemence.jar.clone()] {
            let mut thief = restored.another();
            thief.jar = jar;
            assert!(thief.get("/security").await.location.starts_with("/sign-in"));
        }
        // Codes: the used one, the unused ones, the app's.
        let mut one = restored.another();
        assert_eq!(one.password(CLEMENCE, PASSWORD).await.location, "/sign-in/code?next=/");
        for code in &codes[..3] {
            one.get("/sign-in/backup").await;
            assert_eq!(one.post("/sign-in/backup", &[("code", code)]).await.status, 422);
        }
        let at =
            |seconds: u64| vocabulary::Clock::now(cerebro.clock.as_ref()).plus(Duration::from_secs(seconds));
        for code in [used, secret.code_at(at(0)).expose().clone(), secret.code_at(at(30)).expose().clone()] {
            one.get("/sign-in/code").await;
            assert_eq!(one.post("/sign-in/code", &[("code", &code), ("next", "/")]).await.status, 422);
        }
        // Whom the log says was suspended, whose password was known, who lost a mission.
        for email in [THEODORE, INES] {
            assert_eq!(restored.another().password(email, PASSWORD).await.status, 422, "{email}");
        }
        cerebro.clock.advance(Duration::from_secs(60));
        let mut sofiane = restored.another();
        sofiane.sign_in(cerebro, SOFIANE).await;
        assert_eq!(sofiane.get("/queue").await.status, 403, "no mission any more");
        // And people work: the next code of the app is good.
        let mut clemence = restored.another();
        clemence.password(CLEMENCE, PASSWORD).await;
        clemence.get("/sign-in/code").await;
        let next = secret.code_at(vocabulary::Clock::now(cerebro.clock.as_ref())).expose().clone();
        assert_eq!(clemence.post("/sign-in/code", &[("code", &next), ("next", "/")]).await.location, "/");
        // Once is enough, and it is said.
        let permit = op.permit(action::TakeOverRestored, cerebro.bank).await.unwrap();
        let twice = take_over(&back.cerebro, &op, permit, &back.locks()).await;
        sealer.seal(&back.cerebro).await.unwrap();
        assert!(twice.unwrap_err().to_string().contains("nothing is to be done"));
    })
    .await;
}

/// The message to one address is in a relay's hands, and about to be handed over.
async fn attempt(cerebro: &TestCerebro, leased: &[Leased], to: &str) -> Leased {
    let found = leased.iter().find(|one| one.recipients[0].path.address.as_str() == to).unwrap();
    assert!(outbox::attempting(&cerebro.cerebro, found).await.unwrap());
    found.clone()
}

async fn release(cerebro: &TestCerebro, node: &Cerebro, hold: HoldId) {
    let ines = cerebro.sign_in_on(node, INES).await;
    let permit = ines.op.permit(action::ReleaseHold, hold).await.unwrap();
    let decided = decision(&ines, hold, "Le client l’a demandé").await;
    decide::release(node, &ines.op, permit, decided).await.unwrap();
}

fn addresses(leased: &[Leased]) -> Vec<String> {
    let mut all: Vec<_> = leased.iter().map(|one| one.recipients[0].path.address.to_string()).collect();
    all.sort_unstable();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn z3_what_left_after_a_backup_does_not_leave_again_before_an_administrator_has_looked() {
    each_engine(async |cerebro| {
        for to in ["left@one.example", "offered@two.example", "stopped@three.example", "waits@four.example"] {
            cerebro.send(&[to], message(&format!("Bonjour {to}"))).await.unwrap();
        }
        let hold = cerebro.held().await;
        let backup = cerebro.back_up();
        // Since: one was delivered, one was released and delivered, one handed over without an answer, one taken out by a supervisor.
        release(cerebro, &cerebro.cerebro, hold).await;
        let leased = outbox::lease(&cerebro.cerebro, 10).await.unwrap();
        for to in ["left@one.example", "r.lemarrec@client.example"] {
            let left = attempt(cerebro, &leased, to).await;
            let delivered = Outcome::Delivered { reply: "250 2.0.0 ok".into(), passage: Passage::default() };
            let (now, ended) =
                (cerebro.cerebro.instance().now(), vec![(left.recipients[0].delivery, delivered)]);
            outbox::record(&cerebro.cerebro, &left, ended, now).await.unwrap();
        }
        attempt(cerebro, &leased, "offered@two.example").await;
        let mut maelle = administrator(cerebro, "maelle.brisson@orveane.example").await;
        cerebro.clock.advance(bounds::RELAY_LEASE + Duration::from_secs(1));
        let stopped =
            leased.iter().find(|one| one.recipients[0].path.address.domain() == "three.example").unwrap();
        let path = format!("/outgoing/{}/withdraw", stopped.outbox);
        maelle.get(&path).await;
        assert_eq!(maelle.post(&path, &[("reason", "Envoyé par erreur")]).await.status, 303);
        cerebro.seal().await;

        let back = cerebro.bring_back(backup).await;
        let op = back.cerebro.system(SystemReason::Console, cerebro.bank);
        let permit = op.permit(action::TakeOverRestored, cerebro.bank).await.unwrap();
        let done = take_over(&back.cerebro, &op, permit, &back.locks()).await.unwrap();
        assert_eq!((done.stopped.ended, done.stopped.attempted), (3, 1), "{done:?}");
        assert!(outbox::lease(&back.cerebro, 10).await.unwrap().is_empty(), "nothing leaves");
        assert_eq!(outgoing::restored::stopped(&back.cerebro).await.unwrap(), [cerebro.bank]);
        Sealer::new(&back.locks()).seal(&back.cerebro).await.unwrap();

        cerebro.clock.advance(Duration::from_secs(60));
        let mut odile = Browser::new(cerebro).on_node(back.cerebro.clone(), cerebro);
        odile.sign_in(cerebro, ODILE).await;
        let page = odile.get("/outgoing").await.body;
        for words in
            ["restaurée depuis une sauvegarde", "1 message en attente a été présenté", "3 remises terminées"]
        {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("one.example") && !page.contains("three.example"), "they do not wait");
        assert!(page.contains("two.example") && page.contains("four.example"));
        let mut ines = odile.another();
        ines.sign_in(cerebro, INES).await;
        ines.get("/security").await;
        assert_eq!(ines.post("/outgoing/resume", &[("destination", "*")]).await.status, 403);
        assert!(outbox::lease(&back.cerebro, 10).await.unwrap().is_empty());

        // Held again, and released again: it does not leave again.
        release(cerebro, &back.cerebro, hold).await;
        odile.get("/outgoing").await;
        assert_eq!(odile.post("/outgoing/resume", &[("destination", "*")]).await.status, 303);
        assert!(!odile.get("/outgoing").await.body.contains("restaurée depuis une sauvegarde"));
        let mut again = addresses(&outbox::lease(&back.cerebro, 10).await.unwrap());
        again.retain(|to| !to.ends_with("@orveane.example"));
        assert_eq!(again, ["offered@two.example", "waits@four.example"], "besides our own notices");
        Sealer::new(&back.locks()).seal(&back.cerebro).await.unwrap();
        let entries = entries(&back.directory.join("ledger").join(cerebro.bank.to_string()));
        let of = |kind: &str| entries.iter().filter(|entry| entry.kind == kind).collect::<Vec<_>>();
        assert_eq!((of("relay.paused")[0].actor.as_str(), of("relay.paused").len()), ("system:console", 1));
        assert!(of("relay.resumed")[0].actor.starts_with("account_"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn z3_what_was_stopped_before_the_backup_stays_stopped_and_says_why_now() {
    each_engine(async |cerebro| {
        let mut odile = administrator(cerebro, ODILE).await;
        odile.get("/outgoing").await;
        let fields = [("destination", "*"), ("reason", "Maintenance du relais")];
        assert_eq!(odile.post("/outgoing/pause", &fields).await.status, 303);
        let backup = cerebro.back_up();
        assert_eq!(odile.post("/outgoing/resume", &[("destination", "*")]).await.status, 303);
        cerebro.seal().await;
        let back = cerebro.bring_back(backup).await;
        let op = back.cerebro.system(SystemReason::Console, cerebro.bank);
        let permit = op.permit(action::TakeOverRestored, cerebro.bank).await.unwrap();
        take_over(&back.cerebro, &op, permit, &back.locks()).await.unwrap();
        cerebro.clock.advance(Duration::from_secs(60));
        let mut odile = Browser::new(cerebro).on_node(back.cerebro.clone(), cerebro);
        odile.sign_in(cerebro, ODILE).await;
        let page = odile.get("/outgoing").await.body;
        assert!(page.contains("restaurée depuis une sauvegarde") && !page.contains("Maintenance du relais"));
    })
    .await;
}

/// The entries of a log, from its files.
fn entries(log: &Path) -> Vec<Entry> {
    let leaves = ledger::Leaves::of(log, 0).unwrap();
    leaves.map(|leaf| Entry::from_bytes(&leaf.unwrap().1).unwrap()).collect()
}
