//! An organisation's lists: what is given changes what is decided and nothing else, everywhere and at once; it is versioned,
//! sealed, in the ledger, and nobody else's.

use access::{SystemReason, action};
use operations::Cerebro;
use operations::flows::assessments::{self, AssessmentMade};
use operations::lists::{self, Changed, Entries, ListError, ListName, Wanted, look, seed, trace::Trace};
use operations::organisation::Reason;

use crate::support::{TestCerebro, each_engine, message};

const ACCOUNT: &str = "FR76 3000 6000 0112 3456 7890 189";

fn why() -> Reason {
    Reason::parse("Demandé par la conformité").unwrap()
}

/// A list becomes what is given; what waits is agreed to.
async fn give(cerebro: &TestCerebro, list: ListName, text: &str) -> Changed {
    let op = cerebro.cerebro.system(SystemReason::Console, cerebro.bank);
    let permit = op.permit(action::ReplaceList, cerebro.bank).await.unwrap();
    let wanted = Wanted::Whole(Entries::parse(list, text).unwrap());
    let changed = lists::change(&cerebro.cerebro, &op, permit, wanted, Some(&why())).await.unwrap();
    if let Some(waits) = changed.waits {
        cerebro.agree(waits.id).await;
    }
    changed
}

/// The verdict on a text to one recipient, and the controls that matched.
async fn decided(cerebro: &Cerebro, of: &TestCerebro, to: &str, text: &str) -> (&'static str, Vec<String>) {
    let content = operations::flows::Content::Whole(message(text));
    let submission = of.submission(Some("theodore.vasquin@orveane.example"), &[to], content);
    let receipt = operations::flows::receive(cerebro, submission).await.unwrap();
    let controls = assessed(of, receipt.flow).await.matches.into_iter().map(|found| found.control).collect();
    (receipt.verdict, controls)
}

async fn assessed(of: &TestCerebro, flow: vocabulary::FlowId) -> AssessmentMade {
    let op = of.cerebro.system(SystemReason::Console, of.bank);
    let permit = op.permit(action::ReadLedger, of.bank).await.unwrap();
    assessments::of_flow(&op, &permit, flow).await.unwrap().remove(0)
}

/// Each control that rests on a list: silent without it, there with it, and silent again beside what it must leave.
#[tokio::test(flavor = "multi_thread")]
async fn each_control_that_rests_on_a_list_wakes_with_it_and_leaves_what_it_must() {
    each_engine(async |cerebro| {
        let client = format!("Le compte {ACCOUNT} est à créditer.");
        let cases: [(ListName, &str, &str, &str, &str, &str); 7] = [
            // list, its entries, control, recipient, text, and a recipient the control must leave with the list in force
            (
                ListName::Restricted,
                "Lormont Aciéries",
                "MAR-02",
                "a@client.example",
                "Le dossier Lormont Aciéries avance.",
                "collegue@orveane.example",
            ),
            (
                ListName::GroupDomains,
                "orveane-gestion.example",
                "RCP-04",
                "a@orveane-gestion.example",
                &client,
                "a@client.example",
            ),
            (
                ListName::KnownDomains,
                "sableval.example",
                "RCP-02",
                "a@sablevall.example",
                "Bonjour.",
                "a@sableval.example",
            ),
            (
                ListName::KnownDomains,
                "sableval.example\nquillon-conseil.example",
                "FIN-07",
                "a@qui11on-conseil.example",
                &client,
                "a@mail.sableval.example",
            ),
            (
                ListName::Correspondents,
                "agathe.vidal@sableval.example",
                "RCP-03",
                "agahte.vidal@sableval.example",
                "Bonjour.",
                "agathe.vidal@sableval.example",
            ),
            (
                ListName::Correspondents,
                "agathe.vidal@client.example",
                "FIN-07",
                "agathe.vidall@client.example",
                &client,
                "agathe.vidal@client.example",
            ),
            (
                ListName::Webmail,
                "boite-perso.example",
                "RCP-06",
                "quelqu.un@boite-perso.example",
                &client,
                "a@client.example",
            ),
        ];
        for (list, entries, control, to, text, left) in cases {
            let (_, before) = decided(&cerebro.cerebro, cerebro, to, text).await;
            assert!(!before.iter().any(|id| id == control), "{control} without {list}: {before:?}");
            give(cerebro, list, entries).await;
            let (verdict, with) = decided(&cerebro.cerebro, cerebro, to, text).await;
            assert!(with.iter().any(|id| id == control), "{control} with {list}: {with:?}");
            if ["MAR-02", "FIN-07"].contains(&control) {
                assert_eq!(verdict, "hold", "{control} holds");
            }
            let (_, beside) = decided(&cerebro.cerebro, cerebro, left, text).await;
            assert!(!beside.iter().any(|id| id == control), "{control} to {left}: {beside:?}");
            give(cerebro, list, "# nothing").await;
            let (_, after) = decided(&cerebro.cerebro, cerebro, to, text).await;
            assert!(!after.iter().any(|id| id == control), "{control} after {list} was emptied: {after:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn own_numbers_and_footers_are_silent_and_protected_people_are_left_alone() {
    each_engine(async |cerebro| {
        let client = "r.lemarrec@client.example";
        let ours = format!("Réglez sur le compte {ACCOUNT}.");
        let footer = format!("Bonjour.\n\nBanque Orvéane, compte {ACCOUNT}\nParis");
        assert_eq!(decided(&cerebro.cerebro, cerebro, client, &ours).await.0, "hold");
        give(cerebro, ListName::OwnFooters, &format!("Banque Orvéane, compte {ACCOUNT} Paris")).await;
        assert_eq!(decided(&cerebro.cerebro, cerebro, client, &footer).await.0, "pass");
        assert_eq!(decided(&cerebro.cerebro, cerebro, client, &ours).await.0, "hold", "not in the footer");
        give(cerebro, ListName::OwnIdentifiers, "fr7630006000011234567890189").await;
        assert_eq!(decided(&cerebro.cerebro, cerebro, client, &ours).await.0, "pass");

        let tip = "Votre compte a été signalé à Tracfin.";
        let authority = "agent@autorite.example";
        assert_eq!(decided(&cerebro.cerebro, cerebro, authority, tip).await.0, "hold");
        give(cerebro, ListName::Protected, "autorite.example").await;
        assert_eq!(decided(&cerebro.cerebro, cerebro, authority, tip).await.0, "pass");
        assert_eq!(decided(&cerebro.cerebro, cerebro, client, tip).await.0, "hold");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_of_ones_own_is_inside_and_never_two_organisations() {
    each_engine(async |cerebro| {
        let from = Some("paul.hemon@orveane-paris.example");
        let raw = message(&format!("Le compte {ACCOUNT}."));
        assert!(cerebro.send_from(from, &["a@client.example"], raw.clone()).await.is_err());
        give(cerebro, ListName::OwnDomains, "orveane-paris.example").await;
        assert_eq!(
            cerebro.send_from(from, &["a@client.example"], raw.clone()).await.unwrap().verdict,
            "hold"
        );
        assert_eq!(cerebro.send(&["x@orveane-paris.example"], raw).await.unwrap().verdict, "pass");

        let op = cerebro.cerebro.system(SystemReason::Console, cerebro.bank);
        let permit = op.permit(action::ReplaceList, cerebro.bank).await.unwrap();
        let taken = Entries::parse(ListName::OwnDomains, "quillon.example").unwrap();
        let taken = Wanted::Whole(taken);
        let refused = lists::change(&cerebro.cerebro, &op, permit, taken, Some(&why())).await;
        assert!(matches!(refused, Err(ListError::Taken(taken)) if taken.0 == "quillon.example"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_has_versions_and_each_decision_names_those_it_was_made_with() {
    each_engine(async |cerebro| {
        let before = decided_with(cerebro).await;
        let first = give(cerebro, ListName::Restricted, "Lormont Aciéries\nCimenterie du Ponant").await;
        assert_eq!((first.version, first.entries, first.added, first.removed), (1, 2, 2, 0));
        let with_first = decided_with(cerebro).await;
        let same = give(cerebro, ListName::Restricted, "Cimenterie du Ponant\nLormont Aciéries\n").await;
        assert_eq!((same.version, same.added, same.removed), (1, 0, 0), "nothing changed");
        let second = give(cerebro, ListName::Restricted, "Lormont Aciéries\nVerrerie Astel").await;
        assert_eq!((second.version, second.entries, second.added, second.removed), (2, 3, 1, 0));
        assert_eq!(second.waits.map(|waits| (waits.added, waits.removed)), Some((0, 1)));
        let with_second = decided_with(cerebro).await;
        assert!(before != with_first && with_first != with_second && with_second.len() == 64);

        let maelle = cerebro.sign_in("maelle.brisson@orveane.example").await;
        let permit = maelle.op.permit(action::ReadLists, cerebro.bank).await.unwrap();
        let versions = look::versions(&maelle.op, &permit).await.unwrap();
        let numbers: Vec<u64> = versions.iter().map(|version| version.version).collect();
        assert_eq!(numbers, [3, 2, 1]);
        assert_eq!(versions.iter().map(|version| version.entries).collect::<Vec<_>>(), [2, 3, 2]);
        assert_eq!((versions[1].by.who.as_str(), &versions[1].by.proposed_by), ("system:console", &None));
        assert!(versions[0].by.who.starts_with("account_"), "who agreed: {}", versions[0].by.who);
        assert_eq!(versions[0].by.proposed_by.as_deref(), Some("system:console"));
        let kinds = cerebro.kinds().await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "list.replaced").count(), 3, "{kinds:?}");
        let other = cerebro.cerebro.organisation(cerebro.other).unwrap();
        assert!(other.facts.restricted.is_empty(), "another organisation has its own lists");
    })
    .await;
}

/// The digest of the lists in the assessment of a message sent now.
async fn decided_with(cerebro: &TestCerebro) -> String {
    let receipt = cerebro.send(&["a@client.example"], message("Bonjour.")).await.unwrap();
    assessed(cerebro, receipt.flow).await.versions.lists
}

#[tokio::test(flavor = "multi_thread")]
async fn another_node_follows_without_a_restart() {
    each_engine(async |cerebro| {
        let Some(node) = cerebro.another_node().await else { return };
        let text = "Le dossier Lormont Aciéries avance.";
        assert_eq!(decided(&node, cerebro, "a@client.example", text).await.0, "pass");
        give(cerebro, ListName::Restricted, "Lormont Aciéries").await;
        assert!(node.follow().await.unwrap(), "there is something new");
        assert_eq!(decided(&node, cerebro, "a@client.example", text).await.0, "hold");
        assert!(!node.follow().await.unwrap(), "and then nothing");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_trace_says_who_is_known() {
    each_engine(async |cerebro| {
        let (known, new) = ("agathe.vidal@sableval.example", "nouveau@sableval.example");
        let trace = "sender_address,recipient_address\n\
            theodore.vasquin@orveane.example,Agathe.Vidal@sableval.example\n\
            theodore.vasquin@orveane.example,agathe.vidal@sableval.example\n\
            theodore.vasquin@orveane.example,collegue@orveane.example\n\
            theodore.vasquin@orveane.example,agahte.vidal@sableval.example\n\
            agathe.vidal@sableval.example,theodore.vasquin@orveane.example\n";
        let op = cerebro.cerebro.system(SystemReason::Console, cerebro.bank);
        let trace = Trace::parse(trace.as_bytes()).unwrap();
        let seeded = seed::seed(&cerebro.cerebro, &op, &trace, 2, &why()).await.unwrap();
        assert_eq!((seeded.pairs, seeded.new, seeded.correspondents, seeded.domains), (2, 2, 0, 0));
        assert_eq!(seeded.waiting, 2, "an address and a domain");
        for line in waiting(cerebro).await {
            cerebro.agree(line.id).await;
        }
        let again = seed::seed(&cerebro.cerebro, &op, &trace, 2, &why()).await.unwrap();
        assert_eq!((again.pairs, again.new, again.correspondents, again.waiting), (2, 0, 1, 0));

        assert!(!is_first(cerebro, known).await && is_first(cerebro, new).await);
        // Written to once: remembered, and still one slip away from whom they meant.
        let (_, controls) =
            decided(&cerebro.cerebro, cerebro, "agahte.vidal@sableval.example", "Bonjour.").await;
        assert!(controls.contains(&"RCP-03".to_owned()), "{controls:?}");
        assert!(cerebro.kinds().await.contains(&"history.seeded".to_owned()));
    })
    .await;
}

async fn waiting(cerebro: &TestCerebro) -> Vec<operations::proposals::Line> {
    let op = cerebro.cerebro.system(SystemReason::Console, cerebro.bank);
    let permit = op.permit(action::ReadLists, cerebro.bank).await.unwrap();
    let mut all = operations::proposals::look::list(&op, &permit).await.unwrap();
    all.retain(|line| line.waits(op.now()));
    all
}

/// Whether the engine is told that nobody wrote to them before.
async fn is_first(cerebro: &TestCerebro, to: &str) -> bool {
    let op = cerebro.cerebro.system(SystemReason::Gateway, cerebro.bank);
    let organisation = cerebro.cerebro.organisation(cerebro.bank).unwrap();
    let content = operations::flows::Content::Whole(message("x"));
    let submission = cerebro.submission(Some("theodore.vasquin@orveane.example"), &[to], content);
    let facts = operations::flows::facts::of_recipients(&op, &organisation, &submission.envelope).await;
    facts.unwrap()[0].facts.first_contact
}

#[tokio::test(flavor = "multi_thread")]
async fn supervisors_give_lists_and_nobody_else_by_themselves() {
    each_engine(async |cerebro| {
        let maelle = cerebro.sign_in("maelle.brisson@orveane.example").await;
        let permit = maelle.op.permit(action::ReplaceList, cerebro.bank).await.unwrap();
        let entries = Entries::parse(ListName::Restricted, "Lormont Aciéries").unwrap();
        let wanted = Wanted::Whole(entries);
        lists::change(&cerebro.cerebro, &maelle.op, permit, wanted, None).await.unwrap();
        for person in ["ines.kermadec", "sofiane.delattre", "felix.quemener", "odile.sarrazin"] {
            let person = cerebro.sign_in(&format!("{person}@orveane.example")).await;
            assert!(person.op.permit(action::ReplaceList, cerebro.bank).await.is_err());
        }
        for reason in [SystemReason::Gateway, SystemReason::Timer, SystemReason::Anonymous] {
            let op = cerebro.cerebro.system(reason, cerebro.bank);
            assert!(op.permit(action::ReplaceList, cerebro.bank).await.is_err());
        }
    })
    .await;
}

/// Invariant 3: with the ledger down nothing changes.
#[tokio::test(flavor = "multi_thread")]
async fn without_evidence_a_list_is_not_replaced() {
    each_engine(async |cerebro| {
        let op = cerebro.cerebro.system(SystemReason::Console, cerebro.bank);
        let permit = op.permit(action::ReplaceList, cerebro.bank).await.unwrap();
        let entries = Entries::parse(ListName::Restricted, "Lormont Aciéries").unwrap();
        cerebro.evidence_is_kept(false).await;
        let wanted = Wanted::Whole(entries);
        let refused = lists::change(&cerebro.cerebro, &op, permit, wanted, None).await;
        cerebro.evidence_is_kept(true).await;
        assert!(refused.is_err());
        cerebro.cerebro.refresh().await.unwrap();
        assert!(cerebro.cerebro.organisation(cerebro.bank).unwrap().facts.restricted.is_empty());
    })
    .await;
}
