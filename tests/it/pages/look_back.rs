//! What a look back found, as people read it: messages by their subject line, for whoever may read that; nothing of guarded ones.

use access::{SystemReason, action};
use operations::controls::replays::run;
use operations::lists::{self, Entries, ListName, Wanted};

use super::people::administrator;
use crate::support::{TestCerebro, each_engine, message};

const MAELLE: &str = "maelle.brisson@orveane.example";
const FELIX: &str = "felix.quemener@orveane.example";
const CLIENT: &str = "r.lemarrec@client.example";
const OTHER: &str = "compta@quillon.example";

fn about(subject: &str, text: &str) -> Vec<u8> {
    let text = String::from_utf8(message(text)).unwrap();
    text.replace("Subject: Point", &format!("Subject: {subject}")).into_bytes()
}

async fn restricted(cerebro: &TestCerebro, issuer: &str) {
    let op = cerebro.cerebro.system(SystemReason::Console, cerebro.bank);
    let permit = op.permit(action::ReplaceList, cerebro.bank).await.unwrap();
    let wanted = Wanted::Added(Entries::parse(ListName::Restricted, issuer).unwrap());
    lists::change(&cerebro.cerebro, &op, permit, wanted, None).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_back_names_messages_as_people_know_them_and_nothing_of_guarded_ones() {
    each_engine(async |cerebro| {
        restricted(cerebro, "Lormont Aciéries").await;
        let both = "Lormont Aciéries rachète Verrerie Astel.";
        let held = cerebro.send(&[CLIENT], about("Calendrier Zéphyr", both)).await.unwrap();
        let passed = about("Note Sirocco", "Verrerie Astel avance.");
        assert_eq!(cerebro.send(&[CLIENT, OTHER], passed).await.unwrap().verdict, "pass");
        let guarded = about("[Personnel] Mistral", "Verrerie Astel avance.");
        cerebro.send(&["cabinet@avocats.example"], guarded).await.unwrap();
        restricted(cerebro, "Verrerie Astel").await;

        let mut maelle = administrator(cerebro, MAELLE).await;
        maelle.get("/controls").await;
        let place = maelle.post("/controls/look-back", &[("days", "30")]).await.location;
        let place = place.split('?').next().unwrap().to_owned();
        assert_eq!(run::run_due(&cerebro.cerebro, || false).await.unwrap(), 1);
        let page = maelle.get(&place).await.body;
        for told in ["Calendrier Zéphyr", "Note Sirocco", CLIENT, OTHER, "Message privé", "MAR-02"] {
            assert!(page.contains(told), "{told}: {page}");
        }
        assert!(page.contains(&format!("/holds/{}", held.hold.unwrap())), "{page}");
        assert!(page.contains("(autre chose qu’alors)"), "{page}");
        for hidden in ["Mistral", "cabinet@avocats.example", "flow_"] {
            assert!(!page.contains(hidden), "{hidden}: {page}");
        }
        // An auditor reads who wrote to whom, no subject line, and opens no message.
        let page = administrator(cerebro, FELIX).await.get(&place).await.body;
        assert!(page.contains(CLIENT) && page.contains("MAR-02") && page.contains("flow_"), "{page}");
        for hidden in ["Zéphyr", "Sirocco", "Mistral", "cabinet@avocats.example", "/holds/"] {
            assert!(!page.contains(hidden), "{hidden}: {page}");
        }
        let past = maelle.get(&format!("{place}?from=900")).await;
        assert_eq!(past.status, 200, "{}", past.body);
    })
    .await;
}
