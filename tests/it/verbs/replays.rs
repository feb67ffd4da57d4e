//! Past flows read again in the background: where it was when a node is gone, given up when it gets no further, fenced.

use std::sync::atomic::{AtomicUsize, Ordering};

use access::{SystemReason, action};
use compliance::ControlSet;
use operations::controls::replays::look::{self, ReplayLine};
use operations::controls::replays::{ReplayState, run, start};
use operations::controls::{ControlsError, draft};
use operations::organisation::Reason;
use vocabulary::{ControlSetId, ReplayId, bounds};

use crate::support::{TestCerebro, each_engine, message};

const MAELLE: &str = "maelle.brisson@orveane.example";
const CLIENT: &str = "r.lemarrec@client.example";

async fn drafted(cerebro: &TestCerebro) -> ControlSetId {
    let shipped = ControlSet::shipped();
    let files = shipped.texts().filter(|(id, _)| *id != "PII-01");
    let files = files.map(|(id, text)| (format!("{id}.toml"), text.to_owned())).collect();
    let op = cerebro.cerebro.system(SystemReason::Console, cerebro.bank);
    let permit = op.permit(action::DraftControls, cerebro.bank).await.unwrap();
    let reason = Reason::parse("Essai de répétition").unwrap();
    draft::draft(&cerebro.cerebro, &op, permit, files, &reason).await.unwrap().0
}

async fn asked(cerebro: &TestCerebro, set: ControlSetId) -> Result<ReplayId, ControlsError> {
    let maelle = cerebro.sign_in(MAELLE).await;
    let permit = maelle.op.permit(action::RehearseControls, set).await.unwrap();
    start::rehearsal(&maelle.op, permit, 30).await
}

/// A node takes it up and is gone after one message, before it noted anything.
async fn killed(cerebro: &TestCerebro, id: ReplayId) {
    let (node, organisation) = (cerebro.cerebro.clone(), cerebro.bank);
    let gone = async move { run::run_one(&node, organisation, id, &|| panic!("killed")).await.is_ok() };
    assert!(tokio::spawn(gone).await.is_err());
}

async fn line(cerebro: &TestCerebro, id: ReplayId) -> ReplayLine {
    let op = cerebro.cerebro.system(SystemReason::Console, cerebro.bank);
    let permit = op.permit(action::ReadControls, cerebro.bank).await.unwrap();
    look::one(&op, &permit, id).await.unwrap().unwrap().0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_stops_is_followed_by_another_from_where_it_was() {
    each_engine(async |cerebro| {
        for number in 0..60 {
            let text = if number % 3 == 0 { "FR76 3000 6000 0112 3456 7890 189" } else { "Bonjour." };
            cerebro.send(&[CLIENT], message(text)).await.unwrap();
        }
        let set = drafted(cerebro).await;
        let id = asked(cerebro, set).await.unwrap();
        assert!(matches!(asked(cerebro, set).await, Err(ControlsError::Busy)), "one at a time");
        // It stops after some thirty messages, in order: what it knows is kept and the lease is given up.
        let looked = AtomicUsize::new(0);
        let stopping = || looked.fetch_add(1, Ordering::SeqCst) >= 30;
        assert_eq!(run::run_due(&cerebro.cerebro, stopping).await.unwrap(), 0);
        let half = line(cerebro, id).await;
        assert!((25..60).contains(&half.done) && half.total == 60, "{half:?}");
        // The next is killed: its lease has to run out.
        killed(cerebro, id).await;
        assert_eq!(run::run_due(&cerebro.cerebro, || false).await.unwrap(), 0, "its lease runs");
        cerebro.clock.advance(bounds::REPLAY_LEASE);
        let node = cerebro.another_node().await.unwrap_or_else(|| cerebro.cerebro.clone());
        assert_eq!(run::run_due(&node, || false).await.unwrap(), 1);
        let whole = line(cerebro, id).await;
        assert_eq!((whole.state, whole.done, whole.total), (ReplayState::Done, 60, 60));
        let op = cerebro.cerebro.system(SystemReason::Console, cerebro.bank);
        let permit = op.permit(action::ReadControls, cerebro.bank).await.unwrap();
        let set = operations::controls::look::one(&op, &permit, set).await.unwrap().unwrap();
        let rehearsal = set.rehearsal.unwrap();
        assert_eq!((rehearsal.flows, rehearsal.waits_now, rehearsal.would_wait), (60, 20, 0), "each once");
        assert_eq!(run::run_due(&node, || false).await.unwrap(), 0, "once");
        assert!(asked(cerebro, set.line.id).await.is_ok(), "and another may begin");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_get_further_is_given_up_and_said() {
    each_engine(async |cerebro| {
        cerebro.send(&[CLIENT], message("Bonjour.")).await.unwrap();
        let set = drafted(cerebro).await;
        let id = asked(cerebro, set).await.unwrap();
        // Killed right after it began, again and again.
        for _ in 0..bounds::REPLAY_ATTEMPTS_MAX {
            killed(cerebro, id).await;
            cerebro.clock.advance(bounds::REPLAY_LEASE);
        }
        assert_eq!(run::run_due(&cerebro.cerebro, || false).await.unwrap(), 0);
        assert_eq!(line(cerebro, id).await.state, ReplayState::Failed);
        assert!(cerebro.kinds().await.contains(&"replay.failed".to_owned()));
        assert!(asked(cerebro, set).await.is_ok(), "it may be asked for again");
    })
    .await;
}
