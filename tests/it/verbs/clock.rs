//! A held message's clock: cover, escalation, expiry; never a silent release.

use std::time::Duration;

use access::action;
use operations::flows::outbox;
use operations::review::{self, Escalation, HoldState};

use crate::support::{TestCerebro, each_engine};

async fn tick(cerebro: &TestCerebro, minutes: u64) -> usize {
    cerebro.clock.advance(Duration::from_secs(minutes * 60));
    review::clock::advance_due(&cerebro.cerebro).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn cover_then_arbiters_then_said_aloud() {
    each_engine(async |cerebro| {
        let hold = cerebro.held().await;
        assert_eq!(tick(cerebro, 119).await, 0);
        assert_eq!(tick(cerebro, 1).await, 1, "half of four hours: the cover is called");
        assert_eq!(tick(cerebro, 59).await, 0);
        assert_eq!(tick(cerebro, 1).await, 1, "three quarters: the arbiters");
        assert_eq!(tick(cerebro, 60).await, 1, "due: it is said");
        assert_eq!(tick(cerebro, 10_000).await, 0);
        let sofiane = cerebro.sign_in("sofiane.delattre@orveane.example").await;
        let permit = sofiane.op.permit(action::ReadHold, hold).await.unwrap();
        let opened = review::open::open(&sofiane.op, permit).await.unwrap();
        assert_eq!((opened.state, opened.escalation), (HoldState::Waiting, Escalation::Overdue));
        let leased = outbox::lease(&cerebro.cerebro, 100).await.unwrap();
        assert!(leased.iter().all(|leased| leased.flow.is_none()), "nothing but notices leaves");
        let called: Vec<String> =
            leased.iter().map(|leased| leased.recipients[0].path.address.to_string()).collect();
        assert!(called.contains(&"deputy@orveane.example".to_owned()), "{called:?}");
        assert!(called.contains(&"sofiane.delattre@orveane.example".to_owned()), "{called:?}");
    })
    .await;
}
