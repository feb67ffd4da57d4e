//! The ledger holds what happened, and proves it.

use std::process::Command;

use access::action;
use operations::evidence::{export, look, prove};

use crate::support::cerebro::decision;
use crate::support::each_engine;
use crate::support::program::binary;

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_proved_and_its_detail_opens() {
    each_engine(async |cerebro| {
        let hold = cerebro.held().await;
        let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
        let permit = ines.op.permit(action::ReleaseHold, hold).await.unwrap();
        let decided = decision(&ines, hold, "Vérifié avec le client").await;
        operations::review::decide::release(&cerebro.cerebro, &ines.op, permit, decided).await.unwrap();
        cerebro.seal().await;
        let felix = cerebro.sign_in("felix.quemener@orveane.example").await;
        let permit = felix.op.permit(action::ReadLedger, cerebro.bank).await.unwrap();
        let page = look::look(&cerebro.cerebro, &felix.op, &permit, None).await.unwrap();
        let (index, entry) = page.latest.iter().find(|(_, entry)| entry.kind == "hold.released").unwrap();
        assert_eq!(entry.subject, hold.to_string());
        let proved = prove::prove(&cerebro.cerebro, &felix.op, &permit, *index).await.unwrap();
        assert!(proved.detail.contains("Vérifié avec le client"));
        let file = cerebro.directory.join("entry.tlog-proof");
        std::fs::write(&file, &proved.file).unwrap();
        let verify = |key: &str| {
            let output =
                Command::new(binary()).arg("verify").arg(&file).args(["--key", key]).output().unwrap();
            (output.status.code(), String::from_utf8(output.stdout).unwrap())
        };
        let (code, said) = verify(&cerebro.public_key);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("hold.released") && said.contains("Vérifié avec le client"), "{said}");
        std::fs::write(&file, proved.file.replace("index ", "index 1")).unwrap();
        assert_eq!(verify(&cerebro.public_key).0, Some(1));
        assert_eq!(verify("not a key").0, Some(2));
        assert!(!format!("{entry:?}").contains("Vérifié"), "the leaf only commits to it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn u2_an_export_verifies_and_an_altered_byte_is_named() {
    each_engine(async |cerebro| {
        for _ in 0..3 {
            cerebro.held().await;
        }
        cerebro.seal().await;
        let felix = cerebro.sign_in("felix.quemener@orveane.example").await;
        let into = cerebro.directory.join("export");
        let permit = felix.op.permit(action::ExportLedger, cerebro.bank).await.unwrap();
        export::export(&cerebro.cerebro, &felix.op, permit, &into).await.unwrap();
        let key = || ledger::Verifier::parse(&cerebro.public_key).unwrap();
        assert!(ledger::verify_directory(&into, &[key()], None).is_ok());
        let bundle = std::fs::read_dir(into.join("tile/entries"))
            .unwrap()
            .flatten()
            .find(|entry| entry.path().is_dir())
            .unwrap();
        let bundle = std::fs::read_dir(bundle.path()).unwrap().flatten().next().unwrap().path();
        let mut bytes = std::fs::read(&bundle).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        std::fs::write(&bundle, bytes).unwrap();
        let report = ledger::verify_directory(&into, &[key()], None);
        assert!(!report.is_ok());
    })
    .await;
}
