//! People decide on what is held.

use access::{OperationError, action};
use operations::accounts;
use operations::flows::outbox;
use operations::missions::{self, grant};
use operations::organisation::Reason;
use operations::review::answer::{Answer, answer};
use operations::review::arbitrate::{Ruling, arbitrate};
use operations::review::{self, Decision, HoldState, ReviewError, Seen};
use vocabulary::HoldId;

use crate::support::cerebro::decision;
use crate::support::{Person, TestCerebro, each_engine};

async fn release(
    cerebro: &TestCerebro,
    person: &Person,
    hold: HoldId,
    decision: Decision,
) -> Result<(), ReviewError> {
    let permit = person.op.permit(action::ReleaseHold, hold).await.map_err(OperationError::from)?;
    review::decide::release(&cerebro.cerebro, &person.op, permit, decision).await
}

async fn reject(
    cerebro: &TestCerebro,
    person: &Person,
    hold: HoldId,
    decision: Decision,
) -> Result<(), ReviewError> {
    let permit = person.op.permit(action::RejectHold, hold).await.map_err(OperationError::from)?;
    review::decide::reject(&cerebro.cerebro, &person.op, permit, decision).await
}

async fn leaves(cerebro: &TestCerebro) -> usize {
    let leased = outbox::lease(&cerebro.cerebro, 100).await.unwrap();
    leased.iter().filter(|leased| leased.flow.is_some()).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_p1_an_operator_releases_and_it_leaves() {
    each_engine(async |cerebro| {
        let hold = cerebro.held().await;
        assert_eq!(leaves(cerebro).await, 0, "nothing that is held leaves");
        let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
        let decided = decision(&ines, hold, "Le client l’a demandé par écrit").await;
        release(cerebro, &ines, hold, decided.clone()).await.unwrap();
        assert_eq!(leaves(cerebro).await, 1);
        let again = release(cerebro, &ines, hold, decided).await;
        assert!(matches!(again, Err(ReviewError::Transition(_))), "decided once: {again:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_p2_a_rejected_hold_stays_until_governance_overrules() {
    each_engine(async |cerebro| {
        let hold = cerebro.held().await;
        let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
        let decided = decision(&ines, hold, "Destinataire inconnu").await;
        reject(cerebro, &ines, hold, decided.clone()).await.unwrap();
        assert_eq!(leaves(cerebro).await, 0);
        let denied = ines.op.permit(action::OverruleHold, hold).await;
        assert!(denied.is_err(), "operators do not overrule");
        let maelle = cerebro.sign_in("maelle.brisson@orveane.example").await;
        let permit = maelle.op.permit(action::OverruleHold, hold).await.unwrap();
        let grounds = decision(&maelle, hold, "Accord du directeur, pièce jointe au dossier").await;
        review::overrule::overrule(&cerebro.cerebro, &maelle.op, permit, Ruling::Release, grounds)
            .await
            .unwrap();
        assert_eq!(leaves(cerebro).await, 1);
        let permit = maelle.op.permit(action::ReadHold, hold).await.unwrap();
        let opened = review::open::open(&maelle.op, permit).await.unwrap();
        assert_eq!(opened.state, HoldState::Released);
        assert_eq!(opened.overrides[0].by, "Maelle Brisson");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_bound_to_what_was_read() {
    each_engine(async |cerebro| {
        let hold = cerebro.held().await;
        let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
        let other = Decision {
            reason: Reason::parse("vu").unwrap_or_else(|_| Reason::parse("bien vu").unwrap()),
            note: None,
            seen: Seen(vec![0; 32]),
            signed: None,
        };
        let refused = release(cerebro, &ines, hold, other).await;
        assert!(matches!(refused, Err(ReviewError::SeenOther)), "{refused:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_decides_on_their_own_message() {
    each_engine(async |cerebro| {
        let hold = cerebro.held().await;
        let theodore = cerebro.sign_in("theodore.vasquin@orveane.example").await;
        let decided = decision(&theodore, hold, "C’est mon message").await;
        let refused = release(cerebro, &theodore, hold, decided).await;
        assert!(matches!(refused, Err(ReviewError::OwnMessage)), "{refused:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn arbitration_needs_an_escalation() {
    each_engine(async |cerebro| {
        let hold = cerebro.held().await;
        let sofiane = cerebro.sign_in("sofiane.delattre@orveane.example").await;
        let ruling = decision(&sofiane, hold, "Hors périmètre").await;
        let permit = sofiane.op.permit(action::ArbitrateHold, hold).await.unwrap();
        let early = arbitrate(&cerebro.cerebro, &sofiane.op, permit, Ruling::Reject, ruling.clone()).await;
        assert!(matches!(early, Err(ReviewError::NotEscalated)), "{early:?}");
        let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
        let permit = ines.op.permit(action::EscalateHold, hold).await.unwrap();
        review::escalate::escalate(
            &cerebro.cerebro,
            &ines.op,
            permit,
            Reason::parse("Doute sur le destinataire").unwrap(),
        )
        .await
        .unwrap();
        let permit = sofiane.op.permit(action::ArbitrateHold, hold).await.unwrap();
        arbitrate(&cerebro.cerebro, &sofiane.op, permit, Ruling::Reject, ruling).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_hold_and_a_missing_hold_look_the_same() {
    each_engine(async |cerebro| {
        let hold = cerebro.held().await;
        let missing = HoldId::new(cerebro.cerebro.instance().now(), cerebro.cerebro.instance().entropy());
        let stranger = cerebro.cerebro.instance().operation(
            access::Actor::System(access::SystemReason::LinkHolder),
            cerebro.other,
            vocabulary::Locale::En,
        );
        let mut answers = Vec::new();
        for id in [hold, missing] {
            let rows =
                stranger.read(async move |tx: &mut access::Tx<'_>| operations_probe(tx, id).await).await;
            answers.push(format!("{rows:?}"));
        }
        assert_eq!(answers[0], answers[1]);
        let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
        let permit = ines.op.permit(action::ReadHold, missing).await.unwrap();
        assert!(matches!(review::open::open(&ines.op, permit).await, Err(ReviewError::NotFound)));
    })
    .await;
}

mod sql {
    access::statements! {
        Organisation PROBE = "SELECT id FROM hold WHERE organisation = $1 AND id = $2";
    }
}

async fn operations_probe(tx: &mut access::Tx<'_>, hold: HoldId) -> Result<usize, access::StoreError> {
    assert_eq!(sql::ALL.len(), 1);
    Ok(tx.fetch(sql::PROBE, vec![hold.into()]).await?.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sender_withdraws_by_the_link_of_the_notice() {
    each_engine(async |cerebro| {
        cerebro.held().await;
        let notice = outbox::lease(&cerebro.cerebro, 10).await.unwrap().remove(0);
        let text = mail::parse(&cerebro.outgoing(notice.outbox).await)
            .texts
            .iter()
            .map(|part| part.text.clone())
            .collect::<String>();
        let link = text.split("/notices/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        assert!(answer(&cerebro.cerebro, "another", Answer::Withdraw).await.is_err());
        answer(&cerebro.cerebro, &link, Answer::Justify(Reason::parse("Demandé par le client").unwrap()))
            .await
            .unwrap();
        answer(&cerebro.cerebro, &link, Answer::Withdraw).await.unwrap();
        assert!(answer(&cerebro.cerebro, &link, Answer::Withdraw).await.is_err(), "once");
        assert_eq!(leaves(cerebro).await, 0);
    })
    .await;
}

/// Gives somebody a second mission, as two administrators would.
async fn also(cerebro: &TestCerebro, person: &Person, mission: access::Mission) -> vocabulary::GrantId {
    let odile = cerebro.sign_in("odile.sarrazin@orveane.example").await;
    let account = person.op.actor().account().unwrap();
    let permit = odile.op.permit(action::GrantMission, account).await.unwrap();
    let (from, reason) = (odile.op.now(), Reason::parse("Renfort").unwrap());
    let gift = grant::Gift { mission, from, until: None, reason };
    grant::grant(&cerebro.cerebro, &odile.op, permit, gift, None).await.unwrap();
    let permit = odile.op.permit(action::ReadAccounts, cerebro.bank).await.unwrap();
    let held = missions::list::list(&odile.op, &permit, account).await.unwrap();
    held.into_iter().find(|one| one.mission == mission && one.ended.is_none()).unwrap().id
}

async fn overrule(
    cerebro: &TestCerebro,
    person: &Person,
    hold: HoldId,
    decision: Decision,
) -> Result<(), ReviewError> {
    let permit = person.op.permit(action::OverruleHold, hold).await.map_err(OperationError::from)?;
    review::overrule::overrule(&cerebro.cerebro, &person.op, permit, Ruling::Release, decision).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a5_whoever_decided_or_called_the_arbiters_neither_rules_nor_overrules() {
    each_engine(async |cerebro| {
        let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
        also(cerebro, &ines, access::Mission::Arbiter).await;
        also(cerebro, &ines, access::Mission::Supervisor).await;
        // She rejects, and would overrule herself.
        let hold = cerebro.held().await;
        let decided = decision(&ines, hold, "Destinataire inconnu").await;
        reject(cerebro, &ines, hold, decided.clone()).await.unwrap();
        let own = overrule(cerebro, &ines, hold, decided.clone()).await;
        assert!(matches!(own, Err(ReviewError::SameHands(_))), "{own:?}");
        let maelle = cerebro.sign_in("maelle.brisson@orveane.example").await;
        let other = decision(&maelle, hold, "Connu depuis longtemps").await;
        overrule(cerebro, &maelle, hold, other).await.unwrap();
        // She calls the arbiters, and would be one.
        let hold = cerebro.held().await;
        let permit = ines.op.permit(action::EscalateHold, hold).await.unwrap();
        let why = Reason::parse("Avis partagés").unwrap();
        review::escalate::escalate(&cerebro.cerebro, &ines.op, permit, why).await.unwrap();
        let decided = decision(&ines, hold, "Je tranche").await;
        let permit = ines.op.permit(action::ArbitrateHold, hold).await.unwrap();
        let own = arbitrate(&cerebro.cerebro, &ines.op, permit, Ruling::Release, decided).await;
        assert!(matches!(own, Err(ReviewError::SameHands(_))), "{own:?}");
        let sofiane = cerebro.sign_in("sofiane.delattre@orveane.example").await;
        let decided = decision(&sofiane, hold, "Il part").await;
        let permit = sofiane.op.permit(action::ArbitrateHold, hold).await.unwrap();
        arbitrate(&cerebro.cerebro, &sofiane.op, permit, Ruling::Release, decided).await.unwrap();
        assert_eq!(leaves(cerebro).await, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a6_a_right_that_ends_ends_what_is_under_way() {
    each_engine(async |cerebro| {
        let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
        let granted = also(cerebro, &ines, access::Mission::Supervisor).await;
        let hold = cerebro.held().await;
        let decided = decision(&ines, hold, "Je passe outre").await;
        // What she asked for was allowed, and is on its way.
        let permit = ines.op.permit(action::OverruleHold, hold).await.unwrap();
        let odile = cerebro.sign_in("odile.sarrazin@orveane.example").await;
        let withdrawing = odile.op.permit(action::WithdrawMission, granted).await.unwrap();
        let why = Reason::parse("Mutation").unwrap();
        missions::withdraw::withdraw(&cerebro.cerebro, &odile.op, withdrawing, why, None).await.unwrap();
        let late =
            review::overrule::overrule(&cerebro.cerebro, &ines.op, permit, Ruling::Release, decided.clone());
        let late = late.await;
        assert!(matches!(late, Err(ReviewError::Operation(OperationError::Denied(_)))), "{late:?}");
        // So is what somebody does whose account ends meanwhile.
        let permit = ines.op.permit(action::ReleaseHold, hold).await.unwrap();
        let suspending = odile.op.permit(action::SuspendAccount, ines.op.actor().account().unwrap());
        let (suspending, why) = (suspending.await.unwrap(), Reason::parse("Départ").unwrap());
        accounts::suspend::suspend(&cerebro.cerebro, &odile.op, suspending, why, None).await.unwrap();
        let late = review::decide::release(&cerebro.cerebro, &ines.op, permit, decided).await;
        assert!(matches!(late, Err(ReviewError::Operation(OperationError::Denied(_)))), "{late:?}");
        assert_eq!(leaves(cerebro).await, 0);
    })
    .await;
}
