//! Messages that wait are read by the second encoder, in the background: once, by one node, and nothing else is.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use access::{Tx, action};
use compliance::semantic::SecondReader;
use encoder::{Encoder, Files};
use operations::review::open::{Contents, HeldMessage, open};
use operations::review::{self, second};
use vocabulary::{HoldId, Scope, bounds};

use crate::support::cerebro::decision;
use crate::support::{TestCerebro, each_engine, message};

const INES: &str = "ines.kermadec@orveane.example";
const CLIENT: &str = "r.lemarrec@client.example";
/// Held for its account number; the sentence after it is what the encoder is to find.
const HELD: &str = "Voici le compte : FR76 3000 6000 0112 3456 7890 189.\nAchète quelques actions au nom de ta soeur avant l'annonce de demain.";

/// Skipped and said where the model is not; never in the build's own run.
fn reader() -> Option<SecondReader> {
    static REAL: OnceLock<Option<SecondReader>> = OnceLock::new();
    REAL.get_or_init(|| {
        let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/models");
        let folder = std::env::var_os("CEREBRO_MODELS").map_or(beside, PathBuf::from);
        if !folder.join("e5-small-fren-q4.safetensors").is_file() {
            assert!(std::env::var_os("CEREBRO_CI").is_none(), "there is no encoder (set CEREBRO_MODELS)");
            eprintln!("skipped: there is no encoder (set CEREBRO_MODELS)");
            return None;
        }
        let read = |end: &str| std::fs::read(folder.join(format!("e5-small-fren{end}"))).unwrap();
        let (network, pieces, head) =
            (read("-q4.safetensors"), read(".vocab.txt"), read(".head.safetensors"));
        let encoder = Encoder::read(Files { network: &network, pieces: &pieces, head: &head }).unwrap();
        Some(SecondReader::new(Arc::new(encoder)).unwrap())
    })
    .clone()
}

mod sql {
    access::statements! {
        Organisation TAKE_TURN = "UPDATE second_turn SET lease = 'gone', leased_until = $3, attempts = $4 WHERE organisation = $1 AND hold = $2";
    }
}

/// A message of its own each time: the same one again would be a part of the first.
async fn held(cerebro: &TestCerebro, text: &str) -> HoldId {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let id = format!("<second-{}@", NEXT.fetch_add(1, Ordering::SeqCst));
    let raw = String::from_utf8(message(text)).unwrap().replace("<a1@", &id);
    cerebro.send(&[CLIENT], raw.into_bytes()).await.unwrap().hold.unwrap()
}

/// A node that took a turn and is gone, after so many attempts.
async fn take_turn(cerebro: &TestCerebro, hold: HoldId, attempts: u32) {
    let until = cerebro.cerebro.instance().now().plus(bounds::SECOND_LEASE);
    let values = vec![hold.into(), until.into(), attempts.into()];
    let done = cerebro.store.write(Scope::Organisation(cerebro.bank), async move |tx: &mut Tx<'_>| {
        tx.execute(sql::TAKE_TURN, values).await.map(|taken| (taken, Vec::new()))
    });
    assert_eq!(done.await.map_err(access::WriteError::into_inner).unwrap(), 1);
}

async fn entries(cerebro: &TestCerebro) -> usize {
    cerebro.details("hold.read_again").await.len()
}

async fn opened(cerebro: &TestCerebro, hold: HoldId) -> Contents {
    whole(cerebro, hold).await.contents.expect("it is guarded by nothing")
}

async fn whole(cerebro: &TestCerebro, hold: HoldId) -> HeldMessage {
    let ines = cerebro.sign_in(INES).await;
    let permit = ines.op.permit(action::ReadHold, hold).await.unwrap();
    open(&ines.op, permit).await.unwrap()
}

async fn read_due(cerebro: &TestCerebro) -> usize {
    second::read_due(&cerebro.cerebro, || false).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_message_is_read_once_and_its_verdict_stays() {
    let Some(reader) = reader() else { return };
    each_engine(async |cerebro| {
        let before = held(cerebro, HELD).await;
        cerebro.cerebro.read_held_with(reader.clone());
        cerebro.send(&[CLIENT], message("Bonjour, le compte rendu est joint.")).await.unwrap();
        let hold = held(cerebro, &format!("{HELD}\nMerci.")).await;
        assert!(opened(cerebro, hold).await.second.is_none());
        assert_eq!(
            read_due(cerebro).await,
            1,
            "neither what passed, nor what waited before there was a model"
        );
        assert_eq!(read_due(cerebro).await, 0, "once");
        assert!(opened(cerebro, before).await.second.is_none());
        let read = opened(cerebro, hold).await;
        let (_, reading) = read.second.as_ref().unwrap();
        assert_eq!(reading.model, reader.digest());
        assert!(
            reading.findings.iter().any(|finding| finding.term.starts_with("market_abuse ")),
            "{:?}",
            reading.findings
        );
        assert_eq!(whole(cerebro, hold).await.state, review::HoldState::Waiting, "it decides nothing");
        assert!(read.assessment.findings.iter().all(|finding| finding.detector != "semantic"));
        let entries = cerebro.details("hold.read_again").await;
        let [entry] = entries.as_slice() else { panic!("{entries:?}") };
        assert_eq!(entry["model"], reader.digest());
        assert!(!entry.to_string().contains("soeur"), "kinds and scores, no words: {entry}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_decided_meanwhile_is_not_read() {
    let Some(reader) = reader() else { return };
    each_engine(async |cerebro| {
        cerebro.cerebro.read_held_with(reader.clone());
        let hold = held(cerebro, HELD).await;
        let ines = cerebro.sign_in(INES).await;
        let decided = decision(&ines, hold, "Destinataire inconnu").await;
        let permit = ines.op.permit(action::RejectHold, hold).await.unwrap();
        review::decide::reject(&cerebro.cerebro, &ines.op, permit, decided).await.unwrap();
        assert_eq!(read_due(cerebro).await, 0);
        assert!(opened(cerebro, hold).await.second.is_none());
        cerebro.clock.advance(bounds::SECOND_LEASE);
        assert_eq!(read_due(cerebro).await, 0, "and its turn is over");
    })
    .await;
}

/// Two nodes at once: each hold is read by one of them, and has one entry.
#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_read_each_message_once() {
    let Some(reader) = reader() else { return };
    each_engine(async |cerebro| {
        cerebro.cerebro.read_held_with(reader.clone());
        for number in 0..6 {
            held(cerebro, &format!("{HELD}\nDossier {number}, rien de plus.")).await;
        }
        let other = cerebro.another_node().await.unwrap_or_else(|| cerebro.cerebro.clone());
        other.read_held_with(reader.clone());
        let (one, two) =
            tokio::join!(second::read_due(&cerebro.cerebro, || false), second::read_due(&other, || false));
        assert_eq!(one.unwrap() + two.unwrap(), 6);
        assert_eq!(entries(cerebro).await, 6);
    })
    .await;
}

/// A node that is gone with its turn: another takes it when the lease has run out, and gives up what is begun too often.
#[tokio::test(flavor = "multi_thread")]
async fn a_turn_whose_node_is_gone_is_taken_again_and_not_for_ever() {
    let Some(reader) = reader() else { return };
    each_engine(async |cerebro| {
        cerebro.cerebro.read_held_with(reader.clone());
        let hold = held(cerebro, HELD).await;
        take_turn(cerebro, hold, 1).await;
        assert_eq!(read_due(cerebro).await, 0, "somebody is at it");
        cerebro.clock.advance(bounds::SECOND_LEASE);
        assert_eq!(read_due(cerebro).await, 1);
        let hopeless = held(cerebro, &format!("{HELD}\nÀ demain.")).await;
        take_turn(cerebro, hopeless, bounds::SECOND_ATTEMPTS_MAX).await;
        cerebro.clock.advance(bounds::SECOND_LEASE);
        assert_eq!(read_due(cerebro).await, 0);
        assert!(opened(cerebro, hopeless).await.second.is_none());
        assert_eq!(entries(cerebro).await, 1);
    })
    .await;
}
