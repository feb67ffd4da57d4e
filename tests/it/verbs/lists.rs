//! An organisation's lists: what is given changes what is decided, is sealed, is in the ledger, and is nobody else's.

use access::{SystemReason, action};
use operations::lists::{self, Entries, ListName};

use crate::support::{TestCerebro, each_engine, message};

async fn give(cerebro: &TestCerebro, list: ListName, text: &str) {
    let op = cerebro.cerebro.system(SystemReason::Console, cerebro.bank);
    let permit = op.permit(action::ReplaceList, cerebro.bank).await.unwrap();
    let entries = Entries::parse(list, text).unwrap();
    lists::replace(&cerebro.cerebro, &op, permit, entries).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_given_changes_what_is_decided() {
    each_engine(async |cerebro| {
        let account = message("Le compte FR76 3000 6000 0112 3456 7890 189 est à créditer.");
        let issuer = message("Le dossier Lormont Aciéries avance.");
        let verdict = async |raw: &[u8]| {
            cerebro.send(&["r.lemarrec@client.example"], raw.to_vec()).await.unwrap().verdict
        };
        assert_eq!((verdict(&account).await, verdict(&issuer).await), ("hold", "pass"));

        give(cerebro, ListName::OwnIdentifiers, "FR7630006000011234567890189").await;
        give(cerebro, ListName::Restricted, "Lormont Aciéries\nAutre").await;
        assert_eq!((verdict(&account).await, verdict(&issuer).await), ("pass", "hold"));

        give(cerebro, ListName::Restricted, "# empty again").await;
        assert_eq!(verdict(&issuer).await, "pass");
        let other = cerebro.cerebro.organisation(cerebro.other).unwrap();
        assert!(other.facts.own_identifiers.is_empty(), "another organisation has its own lists");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_machines_console_gives_lists() {
    each_engine(async |cerebro| {
        for person in ["ines.kermadec@orveane.example", "odile.sarrazin@orveane.example"] {
            let person = cerebro.sign_in(person).await;
            assert!(person.op.permit(action::ReplaceList, cerebro.bank).await.is_err());
        }
        let op = cerebro.cerebro.system(SystemReason::Gateway, cerebro.bank);
        assert!(op.permit(action::ReplaceList, cerebro.bank).await.is_err());
    })
    .await;
}
