//! What does not work, and what happens then: assessment is down (F08), the evidence store is down (F07).

use std::path::Path;

use access::action;
use operations::flows::accepted::{self, Lane};
use operations::flows::outbox::{self, Outcome};
use operations::flows::{self, Content, DeliveryState, Passage, ReceiveError, debt, list};
use operations::review::{self, HoldState, ReviewError};
use operations::{Cerebro, OnFailure, Policy};
use vocabulary::{FlowId, OrganisationId};

use crate::support::cerebro::decision;
use crate::support::{TestCerebro, each_engine, message};

const IBAN: &str = "FR76 3000 6000 0112 3456 7890 189";

/// A message whose attachment only the confined child reads.
fn with_note(number: usize, text: &str, note: &str) -> Vec<u8> {
    format!(
        "From: Aline Morvan <aline@pliant-{number}.example>\r\nTo: someone@client.example\r\nSubject: Note\r\n\
         Date: Tue, 24 Nov 2026 12:00:00 +0000\r\nMessage-ID: <n1@pliant.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n{text}\r\n\
         --b\r\nContent-Type: application/rtf; name=note.rtf\r\nContent-Disposition: attachment; filename=note.rtf\r\n\r\n\
         {{\\rtf1 {note}}}\r\n--b--\r\n"
    )
    .into_bytes()
}

struct Pliant<'a> {
    test: &'a TestCerebro,
    number: usize,
    id: OrganisationId,
}

impl<'a> Pliant<'a> {
    async fn with(test: &'a TestCerebro, number: usize, on_failure: OnFailure) -> Self {
        let id = test.organisation(number, Policy { on_failure, ..Policy::default() }).await;
        Self { test, number, id }
    }

    async fn send(
        &self,
        by: &Cerebro,
        to: &[&str],
        text: &str,
        note: &str,
    ) -> Result<flows::Receipt, ReceiveError> {
        let from = format!("aline@pliant-{}.example", self.number);
        let raw = with_note(self.number, text, note);
        let mut submission = self.test.submission(Some(&from), to, Content::Whole(raw));
        submission.organisations = vec![self.id];
        flows::receive(by, submission).await
    }

    async fn supervisor(&self) -> crate::support::Person {
        self.test.sign_in(&format!("supervisor@pliant-{}.example", self.number)).await
    }

    async fn states(&self, flow: FlowId) -> Vec<DeliveryState> {
        let person = self.supervisor().await;
        let permit = person.op.permit(action::ReadFlows, self.id).await.unwrap();
        let (_, deliveries) = list::one(&person.op, &permit, flow).await.unwrap().unwrap();
        deliveries.into_iter().map(|delivery| delivery.state).collect()
    }

    async fn standing(&self) -> (u64, u64, u64) {
        let person = self.supervisor().await;
        let permit = person.op.permit(action::ReadOutbox, self.id).await.unwrap();
        let standing = debt::standing(&person.op, &permit).await.unwrap();
        (standing.opened, standing.owed, standing.would_not_have_passed)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f08_clause_p4_assessment_is_down_and_policy_holds_or_refuses_meanwhile() {
    each_engine(async |test| {
        let down = test.without_extractor().await;
        let holding = Pliant::with(test, 1, OnFailure::Hold).await;
        let refusing = Pliant::with(test, 2, OnFailure::RefuseTemporarily).await;
        let down_too = test.without_extractor().await;
        drop(down);
        let to = ["collegue@pliant-1.example", "r.lemarrec@client.example"];
        let held = holding.send(&down_too, &to, "Voici la note.", "rien").await.unwrap();
        assert_eq!(held.verdict, "hold");
        assert_eq!(holding.states(held.flow).await, [DeliveryState::Held; 2], "nobody gets it unassessed");
        let refused =
            refusing.send(&down_too, &["r.lemarrec@client.example"], "Voici la note.", "rien").await;
        assert!(matches!(refused, Err(ReceiveError::AssessmentUnavailable)), "{refused:?}");
        assert_eq!(holding.standing().await, (0, 0, 0));
        // What is understood without the extractor is not concerned.
        let mut submission = test.submission(
            Some("aline@pliant-2.example"),
            &["r.lemarrec@client.example"],
            Content::Whole(message("Bonjour")),
        );
        submission.organisations = vec![refusing.id];
        assert_eq!(flows::receive(&down_too, submission).await.unwrap().verdict, "pass");
        // It works again, and so does the sender's server.
        let again =
            refusing.send(&test.cerebro, &["r.lemarrec@client.example"], "Voici la note.", "rien").await;
        assert_eq!(again.unwrap().verdict, "pass");
    })
    .await;
}

/// A child that reads nothing before it is told to go on, and is then stopped for the time it used. Each file it is asked to look
/// into is a line in `asked`.
fn slow_reader(directory: &Path) -> extract::Worker {
    let (hello, place) = (r#"{"confined":{"Ok":{"missing":[]}}}"#, directory.display());
    let script = format!(
        "printf '\\{:03o}\\000\\000\\000%s' '{hello}'; head -c 1 > /dev/null; echo asked >> {place}/asked; \
         until [ -e {place}/go ]; do sleep 0.05; done; kill -XCPU $$",
        hello.len()
    );
    extract::Worker { program: "/bin/sh".into(), arguments: vec!["-c".into(), script.into()] }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_outlasts_its_senders_wait_is_read_once_and_its_time_out_is_the_answer() {
    each_engine(async |test| {
        let bank = Pliant::with(test, 1, OnFailure::RefuseTemporarily).await;
        let slow = test.with_extractor(slow_reader(&test.directory)).await;
        let receipt = bank.send(&slow, &["r.lemarrec@client.example"], "Voici la note.", "rien").await;
        let receipt = receipt.unwrap();
        assert_eq!(receipt.verdict, "accepted", "the sender's server does not wait");
        std::fs::write(test.directory.join("go"), "").unwrap();
        assert_eq!(accepted::assess_accepted(&slow, Lane::People).await.unwrap(), 1, "no fault of ours");
        assert_eq!(bank.states(receipt.flow).await, [DeliveryState::Held], "a file that is not read");
        let asked = std::fs::read_to_string(test.directory.join("asked")).unwrap();
        assert_eq!(asked.lines().count(), 1, "what was begun went on");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f08_clause_p4_open_with_debt_leaves_stamped_and_is_made_up_for() {
    each_engine(async |test| {
        let bank = Pliant::with(test, 1, OnFailure::OpenWithDebt).await;
        let down = test.without_extractor().await;
        let outside = ["r.lemarrec@client.example"];
        let good = bank.send(&down, &outside, "Voici la note.", "rien").await.unwrap();
        let bad = bank.send(&down, &outside, "Voici la note.", IBAN).await.unwrap();
        assert_eq!((good.verdict, bad.verdict), ("pass", "pass"));
        // What could be read is decided on all the same.
        let seen = bank.send(&down, &outside, IBAN, "rien").await.unwrap();
        assert_eq!((seen.verdict, seen.hold.is_some()), ("hold", true));
        assert_eq!(bank.standing().await, (2, 2, 0));
        let leaving = outbox::lease(&down, 10).await.unwrap();
        let messages: Vec<_> = leaving.iter().filter(|leased| leased.flow.is_some()).collect();
        assert_eq!(messages.len(), 2);
        for leased in messages {
            let content = outbox::content(&down, bank.id, leased.outbox, "cerebro.example").await.unwrap();
            let outbox::Outgoing::Whole(bytes) = content else { panic!("a small message") };
            assert!(String::from_utf8_lossy(&bytes).contains("\r\nX-Cerebro-Assessment: owed\r\nFrom: "));
        }
        assert_eq!(debt::pay(&down).await.unwrap(), 0, "still down: still owed");
        assert_eq!(bank.standing().await, (2, 2, 0));
        assert_eq!(debt::pay(&test.cerebro).await.unwrap(), 2);
        assert_eq!(debt::pay(&test.cerebro).await.unwrap(), 0, "paid once");
        assert_eq!(bank.standing().await, (2, 0, 1), "every debt is paid, and one should not have left");
        let told = outbox::lease(&test.cerebro, 10).await.unwrap();
        let told: Vec<_> = told.iter().map(|leased| leased.recipients[0].path.address.to_string()).collect();
        assert_eq!(told, ["arbiter@pliant-1.example"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f07_the_evidence_store_is_down_and_nothing_happens_without_its_record() {
    each_engine(async |test| {
        let hold = test.held().await;
        test.send(&["r.lemarrec@client.example"], message("Bonjour")).await.unwrap();
        let ines = test.sign_in("ines.kermadec@orveane.example").await;
        let decided = decision(&ines, hold, "Vérifié avec le client").await;
        let leased = outbox::lease(&test.cerebro, 10).await.unwrap();
        let leased = leased.into_iter().find(|leased| leased.flow.is_some()).unwrap();
        let release = async || {
            let permit = ines.op.permit(action::ReleaseHold, hold).await.map_err(ReviewError::from)?;
            review::decide::release(&test.cerebro, &ines.op, permit, decided.clone()).await
        };

        test.evidence_is_kept(false).await;
        assert!(test.send(&["x@client.example"], message("Autre")).await.is_err(), "no record, no 250");
        assert!(release().await.is_err(), "no record, no decision");
        assert!(outbox::attempting(&test.cerebro, &leased).await.is_err(), "no record, no final dot");

        test.evidence_is_kept(true).await;
        let permit = ines.op.permit(action::ReadFlows, test.bank).await.unwrap();
        assert_eq!(
            list::page(&ines.op, &permit, None).await.unwrap().len(),
            2,
            "nothing was kept of the third"
        );
        let permit = ines.op.permit(action::ReadHold, hold).await.unwrap();
        assert_eq!(review::open::open(&ines.op, permit).await.unwrap().state, HoldState::Waiting);
        release().await.unwrap();
        assert!(outbox::attempting(&test.cerebro, &leased).await.unwrap());

        test.evidence_is_kept(false).await;
        let ended = vec![(
            leased.recipients[0].delivery,
            Outcome::Delivered { reply: "250 ok".into(), passage: Passage::default() },
        )];
        let record = async || outbox::record(&test.cerebro, &leased, ended.clone(), ines.op.now()).await;
        assert!(record().await.is_err(), "no record, no end");
        test.evidence_is_kept(true).await;
        record().await.unwrap();
        let permit = ines.op.permit(action::ReadFlows, test.bank).await.unwrap();
        let (_, deliveries) = list::one(&ines.op, &permit, leased.flow.unwrap()).await.unwrap().unwrap();
        assert_eq!(deliveries[0].state, DeliveryState::Delivered);
    })
    .await;
}
