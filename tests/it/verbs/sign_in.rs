//! People prove who they are.

use std::time::Duration;

use identity::password::PresentedPassword;
use operations::accounts::{session, sign_in, token};

use crate::support::cerebro::PASSWORD;
use crate::support::{TestCerebro, each_engine};

const INES: &str = "ines.kermadec@orveane.example";

async fn ticket(
    cerebro: &TestCerebro,
    email: &str,
    password: &str,
) -> Result<sign_in::Ticket, sign_in::SignInError> {
    let presented = PresentedPassword::new(password).unwrap();
    sign_in::password(&cerebro.cerebro, &cerebro.hasher, email, presented, &cerebro.place()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn e1_unknown_and_wrong_get_the_same_answer() {
    each_engine(async |cerebro| {
        let wrong = ticket(cerebro, INES, "Quatre-Vingts 9 peupliers").await.unwrap_err();
        let unknown = ticket(cerebro, "nobody@orveane.example", PASSWORD).await.unwrap_err();
        let garbage = ticket(cerebro, "not an address", PASSWORD).await.unwrap_err();
        assert_eq!(wrong.to_string(), unknown.to_string());
        assert_eq!(wrong.to_string(), garbage.to_string());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn t3_one_code_opens_one_session_however_many_try_at_once() {
    each_engine(async |cerebro| {
        let ticket = ticket(cerebro, INES, PASSWORD).await.unwrap();
        let code = cerebro.code();
        let tries: Vec<_> = (0..30)
            .map(|_| {
                let (node, ticket, code, place) =
                    (cerebro.cerebro.clone(), ticket.clone(), code.clone(), cerebro.place());
                tokio::spawn(
                    async move { sign_in::second_factor(&node, &ticket, &code, &place).await.is_ok() },
                )
            })
            .collect();
        let mut opened = 0;
        for attempt in tries {
            opened += usize::from(attempt.await.unwrap());
        }
        assert_eq!(opened, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn t2_u4_a_code_shown_again_is_refused_recorded_and_told_to_its_holder_once() {
    each_engine(async |cerebro| {
        let (node, place, code) = (&cerebro.cerebro, cerebro.place(), cerebro.code());
        let told = async || {
            let mails = cerebro.mail_to(INES).await;
            mails.iter().filter(|mail| mail.contains("avait déjà servi")).count()
        };
        let first = ticket(cerebro, INES, PASSWORD).await.unwrap();
        sign_in::second_factor(node, &first, &code, &place).await.unwrap();
        // A form sent twice in a row.
        assert!(sign_in::second_factor(node, &first, &code, &place).await.is_err());
        assert_eq!(told().await, 0);
        let next = ticket(cerebro, INES, PASSWORD).await.unwrap();
        cerebro.clock.advance(Duration::from_secs(30));
        sign_in::second_factor(node, &next, &cerebro.code(), &place).await.unwrap();
        cerebro.clock.advance(Duration::from_secs(10));
        // Whoever read it over a shoulder, twice.
        for _ in 0..2 {
            let seen = ticket(cerebro, INES, PASSWORD).await.unwrap();
            let refused = sign_in::second_factor(node, &seen, &cerebro.code(), &place).await;
            assert!(matches!(refused, Err(sign_in::SignInError::Refused)));
        }
        assert_eq!(told().await, 1);
        let refusals = cerebro.details("session.refused").await;
        assert!(refusals.iter().any(|detail| detail["told"] == true), "{refusals:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_t1_s2_s4_a_session_ends_after_thirty_idle_minutes_to_the_second() {
    each_engine(async |cerebro| {
        let instance = cerebro.cerebro.instance();
        let ticket = ticket(cerebro, INES, PASSWORD).await.unwrap();
        let signed = sign_in::second_factor(&cerebro.cerebro, &ticket, &cerebro.code(), &cerebro.place())
            .await
            .unwrap();
        let token = signed.token.expose();
        cerebro.clock.advance(Duration::from_secs(30 * 60 - 1));
        assert!(
            session::behind(instance, token, false).await.unwrap().is_some(),
            "polling does not move the clock"
        );
        assert!(session::behind(instance, token, true).await.unwrap().is_some());
        cerebro.clock.advance(Duration::from_secs(30 * 60 - 1));
        assert!(session::behind(instance, token, false).await.unwrap().is_some());
        cerebro.clock.advance(Duration::from_secs(1));
        assert!(session::behind(instance, token, true).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b2_the_eleventh_wrong_password_waits() {
    each_engine(async |cerebro| {
        for _ in 0..10 {
            assert!(matches!(
                ticket(cerebro, INES, "wrong wrong wrong").await,
                Err(sign_in::SignInError::Refused)
            ));
        }
        assert!(matches!(ticket(cerebro, INES, PASSWORD).await, Err(sign_in::SignInError::Throttled)));
        cerebro.clock.advance(Duration::from_secs(15 * 60));
        assert!(ticket(cerebro, INES, PASSWORD).await.is_ok());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_session_and_a_token_stands_for_its_service() {
    each_engine(async |cerebro| {
        let instance = cerebro.cerebro.instance();
        let first = ticket(cerebro, INES, PASSWORD).await.unwrap();
        let signed = sign_in::second_factor(&cerebro.cerebro, &first, &cerebro.code(), &cerebro.place())
            .await
            .unwrap();
        let behind = session::behind(instance, signed.token.expose(), true).await.unwrap().unwrap();
        let op = behind.operation(instance);
        let permit = op.permit(access::action::SignOut, behind.session).await.unwrap();
        session::sign_out(&op, permit).await.unwrap();
        assert!(session::behind(instance, signed.token.expose(), true).await.unwrap().is_none());
        assert!(
            op.permit(access::action::ReadQueue, cerebro.bank).await.is_err(),
            "its permits ended with it"
        );
        let service = token::behind(instance, &cerebro.token).await.unwrap().unwrap();
        assert_eq!(service.organisation(), cerebro.bank);
        assert!(token::behind(instance, "cbt_other").await.unwrap().is_none());
    })
    .await;
}
