//! An old backup brought back (attack Z3): nothing that was over since is open again, nothing used is good again.

use std::time::Duration;

use access::{SystemReason, action};
use operations::evidence::restored::{behind, take_over};
use operations::evidence::seal::Sealer;

use super::enrolment::enrol;
use super::people::{CLEMENCE, HUGUES, INES, ODILE, administrator, href_of};
use crate::support::cerebro::PASSWORD;
use crate::support::{Browser, each_engine};

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
