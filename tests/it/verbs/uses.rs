//! Requests do not wait for the idle clock to be on the disk (clause T1): what that can lose, and what it cannot.

use std::time::Duration;

use access::Instance;
use identity::password::PresentedPassword;
use operations::Cerebro;
use operations::accounts::{session, sessions, sign_in};
use vocabulary::bounds;

use crate::support::cerebro::PASSWORD;
use crate::support::{TestCerebro, each_engine};

const INES: &str = "ines.kermadec@orveane.example";
const MINUTE: Duration = Duration::from_secs(60);

async fn signed_in(cerebro: &TestCerebro) -> String {
    let (node, place) = (&cerebro.cerebro, cerebro.place());
    let presented = PresentedPassword::new(PASSWORD).unwrap();
    let ticket = sign_in::password(node, &cerebro.hasher, INES, presented, &place).await.unwrap();
    let signed = sign_in::second_factor(node, &ticket, &cerebro.code(), &place).await.unwrap();
    signed.token.expose().clone()
}

/// A request: whether somebody is behind the session.
async fn uses(node: &Cerebro, token: &str) -> bool {
    session::behind(node.instance(), token, true).await.unwrap().is_some()
}

async fn looks(node: &Cerebro, token: &str) -> bool {
    session::behind(node.instance(), token, false).await.unwrap().is_some()
}

fn waiting(instance: &Instance) -> usize {
    instance.uses().waiting().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_t1_s2_a_use_lost_with_the_process_ends_a_session_earlier_and_never_later() {
    each_engine(async |cerebro| {
        let (node, token) = (&cerebro.cerebro, signed_in(cerebro).await);
        cerebro.clock.advance(10 * MINUTE);
        assert!(uses(node, &token).await);
        assert_eq!(session::write_uses(node.instance()).await.unwrap(), 1);
        cerebro.clock.advance(10 * MINUTE);
        assert!(uses(node, &token).await);
        assert_eq!(waiting(node.instance()), 1, "nobody waited for this one");
        // The process is killed here, between the use and its turn: ten minutes is the last that is known.
        let again = cerebro.started_again().await;
        cerebro.clock.advance(20 * MINUTE - Duration::from_secs(1));
        assert!(looks(&again, &token).await && looks(node, &token).await);
        cerebro.clock.advance(Duration::from_secs(1));
        assert!(!uses(&again, &token).await, "thirty minutes after the use that was written");
        assert!(looks(node, &token).await, "where it was not lost it counts");
        cerebro.clock.advance(10 * MINUTE - Duration::from_secs(1));
        assert!(looks(node, &token).await);
        cerebro.clock.advance(Duration::from_secs(1));
        assert!(!looks(node, &token).await, "to the second");
        session::write_uses(node.instance()).await.unwrap();
        assert!(
            !looks(&again, &token).await && !uses(node, &token).await,
            "written late, it brings nothing back"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_t1_s2_a_session_close_to_its_limit_is_kept_before_the_answer_for_whichever_node_comes_next() {
    each_engine(async |cerebro| {
        let (node, token) = (&cerebro.cerebro, signed_in(cerebro).await);
        let other = match cerebro.another_node().await {
            Some(other) => other,
            None => cerebro.started_again().await,
        };
        cerebro.clock.advance(30 * MINUTE - bounds::SESSION_USE_MARGIN);
        assert!(uses(node, &token).await);
        assert_eq!(waiting(node.instance()), 0, "written");
        cerebro.clock.advance(30 * MINUTE - Duration::from_secs(1));
        assert!(looks(&other, &token).await, "used there, it is open here");
        // From now on by turns: each node answers for what the other wrote.
        assert!(uses(&other, &token).await && uses(node, &token).await);
        cerebro.clock.advance(20 * MINUTE);
        assert!(uses(&other, &token).await);
        session::write_uses(other.instance()).await.unwrap();
        cerebro.clock.advance(30 * MINUTE - Duration::from_secs(1));
        assert!(looks(node, &token).await);
        cerebro.clock.advance(Duration::from_secs(1));
        assert!(!looks(node, &token).await && !looks(&other, &token).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_t1_s5_a_use_that_waits_revives_nothing_that_was_ended() {
    each_engine(async |cerebro| {
        let (node, token) = (&cerebro.cerebro, signed_in(cerebro).await);
        let other = cerebro.started_again().await;
        cerebro.clock.advance(MINUTE);
        assert!(uses(node, &token).await);
        let behind = session::behind(other.instance(), &token, false).await.unwrap().unwrap();
        let op = behind.operation(other.instance());
        let permit = op.permit(access::action::SignOut, behind.session).await.unwrap();
        session::sign_out(&op, permit).await.unwrap();
        assert!(!uses(node, &token).await, "at the next request, on every node");
        session::write_uses(node.instance()).await.unwrap();
        assert!(!uses(node, &token).await && !looks(&other, &token).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_t1_uses_that_cannot_be_written_wait_and_close_to_the_limit_nobody_is_signed_in_on_their_word()
{
    each_engine(async |cerebro| {
        let (node, token) = (&cerebro.cerebro, signed_in(cerebro).await);
        cerebro.stop_uses(true).await;
        cerebro.clock.advance(10 * MINUTE);
        assert!(uses(node, &token).await);
        assert!(session::write_uses(node.instance()).await.is_err());
        assert_eq!(waiting(node.instance()), 1);
        cerebro.clock.advance(20 * MINUTE - bounds::SESSION_USE_MARGIN);
        let refused = session::behind(node.instance(), &token, true).await;
        assert!(refused.is_err(), "what is not written may not keep it open for ever");
        cerebro.stop_uses(false).await;
        assert!(uses(node, &token).await);
        session::write_uses(node.instance()).await.unwrap();
        assert_eq!(waiting(node.instance()), 0);
        cerebro.clock.advance(30 * MINUTE - Duration::from_secs(1));
        assert!(looks(&cerebro.started_again().await, &token).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_sessions_says_what_was_used_though_it_is_not_written() {
    each_engine(async |cerebro| {
        let (node, token) = (&cerebro.cerebro, signed_in(cerebro).await);
        cerebro.clock.advance(MINUTE);
        let signed = session::behind(node.instance(), &token, true).await.unwrap().unwrap();
        let op = signed.operation(node.instance());
        let permit = op.permit(access::action::ReadOwnAccount, signed.account).await.unwrap();
        let lines = sessions::own(&op, &permit).await.unwrap();
        assert_eq!((lines.len(), lines[0].seen), (1, op.now()));
        assert_eq!(waiting(node.instance()), 1);
    })
    .await;
}
