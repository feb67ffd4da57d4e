//! An organisation's client file: client A's data is held on its way to client B and to nobody else's harm, everywhere and at
//! once; it is versioned, in the ledger, and nobody else's.

use access::{SystemReason, action};
use operations::Cerebro;
use operations::clients::{self, ClientFile, Imported, look};
use operations::flows::assessments;
use operations::organisation::Reason;

use crate::support::{TestCerebro, each_engine, message};

/// Two clients, and one that shares an account with the first.
const FILE: &str = "client;numbers;email;domains\n\
    A;3000 6000 0112 3456 7890 1;agathe.vidal@sableval.example;\n\
    B;2024-118-00733;;quillon.example\n\
    C;300060000112345678901;;verrerie.example\n";

async fn import(cerebro: &TestCerebro, text: &str) -> Imported {
    let op = cerebro.cerebro.system(SystemReason::Console, cerebro.bank);
    let permit = op.permit(action::ReplaceList, cerebro.bank).await.unwrap();
    let file = ClientFile::read(&op, text.as_bytes()).unwrap();
    let why = Reason::parse("Fichier du mois").unwrap();
    let imported = clients::import(&cerebro.cerebro, &op, permit, file, Some(&why)).await.unwrap();
    match imported.waits {
        Some(id) => {
            cerebro.agree(id).await;
            Imported { version: imported.version + 1, ..imported }
        }
        None => imported,
    }
}

/// The verdict on a text to these recipients, and the controls of clients that matched.
async fn decided(
    cerebro: &Cerebro,
    of: &TestCerebro,
    to: &[&str],
    text: &str,
) -> (&'static str, Vec<String>) {
    let content = operations::flows::Content::Whole(message(text));
    let submission = of.submission(Some("theodore.vasquin@orveane.example"), to, content);
    let receipt = operations::flows::receive(cerebro, submission).await.unwrap();
    let op = of.cerebro.system(SystemReason::Console, of.bank);
    let permit = op.permit(action::ReadLedger, of.bank).await.unwrap();
    let assessed = assessments::of_flow(&op, &permit, receipt.flow).await.unwrap().remove(0);
    let mut controls: Vec<String> = assessed.matches.into_iter().map(|found| found.control).collect();
    controls.retain(|control| ["CLI-05", "CLI-06"].contains(&control.as_str()));
    (receipt.verdict, controls)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_clients_data_is_held_on_its_way_to_another() {
    each_engine(async |cerebro| {
        let (a, b, c) =
            ("agathe.vidal@sableval.example", "compta@quillon.example", "x@lyon.verrerie.example");
        let account = "Relevé du compte 3000-6000-0112-3456-7890-1.";
        let quiet = ("pass", vec![]);
        assert_eq!(decided(&cerebro.cerebro, cerebro, &[b], account).await, quiet, "nobody is known yet");
        let imported = import(cerebro, FILE).await;
        assert_eq!((imported.version, imported.clients, imported.identifiers), (1, 3, 7));
        let held = ("hold", vec!["CLI-05".to_owned()]);
        assert_eq!(decided(&cerebro.cerebro, cerebro, &[b], account).await, held);
        for own in [a, c] {
            assert_eq!(decided(&cerebro.cerebro, cerebro, &[own], account).await, quiet, "{own} shares it");
        }
        assert_eq!(decided(&cerebro.cerebro, cerebro, &["collegue@orveane.example"], account).await, quiet);
        assert_eq!(decided(&cerebro.cerebro, cerebro, &[a, b], account).await, held, "one of two is enough");
        let observed = ("pass", vec!["CLI-06".to_owned()]);
        assert_eq!(decided(&cerebro.cerebro, cerebro, &["tiers@inconnu.example"], account).await, observed);
        // An address alone is no proof of whose data it is: in copy everybody has one.
        assert_eq!(decided(&cerebro.cerebro, cerebro, &[b], &format!("Écrivez à {a}.")).await, quiet);
        assert_eq!(decided(&cerebro.cerebro, cerebro, &[b], "Relevé du compte 3000-6000.").await, quiet);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_file_has_versions_and_another_node_follows() {
    each_engine(async |cerebro| {
        let node = cerebro.another_node().await;
        let text = "Contrat 2024-118-00733.";
        import(cerebro, FILE).await;
        let same = import(cerebro, FILE).await;
        assert!(same.is_same && same.version == 1);
        if let Some(node) = &node {
            assert!(node.follow().await.unwrap(), "there is something new");
            assert_eq!(decided(node, cerebro, &["agathe.vidal@sableval.example"], text).await.0, "hold");
            assert!(!node.follow().await.unwrap(), "and then nothing");
        }
        for version in 2..=4 {
            let other = format!("client,iban\nA,FR76300060000112345678901{version}9\n");
            assert_eq!(import(cerebro, &other).await.version, version);
        }
        assert_eq!(
            decided(&cerebro.cerebro, cerebro, &["agathe.vidal@sableval.example"], text).await.0,
            "pass",
            "a file replaces the one before"
        );
        let maelle = cerebro.sign_in("maelle.brisson@orveane.example").await;
        let permit = maelle.op.permit(action::ReadLists, cerebro.bank).await.unwrap();
        let versions = look::versions(&maelle.op, &permit).await.unwrap();
        assert_eq!(versions.iter().map(|version| version.version).collect::<Vec<_>>(), [4, 3, 2, 1]);
        assert_eq!((versions[3].clients, versions[3].identifiers), (3, 7));
        let kinds = cerebro.kinds().await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "clients.imported").count(), 4, "{kinds:?}");
        assert!(cerebro.cerebro.organisation(cerebro.other).unwrap().facts.clients().is_empty());
        // Those who open the instance again have the version in force.
        cerebro.cerebro.refresh().await.unwrap();
        assert_eq!(cerebro.cerebro.organisation(cerebro.bank).unwrap().client_version, 4);
    })
    .await;
}

/// Invariant 3: with the ledger down nothing changes.
#[tokio::test(flavor = "multi_thread")]
async fn without_evidence_a_client_file_is_not_imported() {
    each_engine(async |cerebro| {
        let op = cerebro.cerebro.system(SystemReason::Console, cerebro.bank);
        let permit = op.permit(action::ReplaceList, cerebro.bank).await.unwrap();
        let file = ClientFile::read(&op, FILE.as_bytes()).unwrap();
        cerebro.evidence_is_kept(false).await;
        let refused = clients::import(&cerebro.cerebro, &op, permit, file, None).await;
        cerebro.evidence_is_kept(true).await;
        assert!(refused.is_err());
        cerebro.cerebro.refresh().await.unwrap();
        assert_eq!(cerebro.cerebro.organisation(cerebro.bank).unwrap().client_version, 0);
    })
    .await;
}
