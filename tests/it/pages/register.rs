//! The register as an auditor's browser shows it, and a person's own messages.

use crate::support::{Browser, each_engine, message};

const ACCOUNT: &str = "Voici le compte du client : FR76 3000 6000 0112 3456 7890 189.";

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_reads_why_messages_were_held_and_takes_it_out() {
    each_engine(async |cerebro| {
        let sent = cerebro.send(&["r.lemarrec@client.example"], message(ACCOUNT)).await.unwrap();
        let mut felix = Browser::new(cerebro);
        felix.sign_in(cerebro, "felix.quemener@orveane.example").await;
        let page = felix.get("/register").await;
        assert!(page.status == 200 && page.body.contains(&sent.flow.to_string()), "{}", page.body);
        assert!(
            page.body.contains("FR76•••189") && page.body.contains("href=\"/register\""),
            "{}",
            page.body
        );
        for secret in ["3000 6000", "lemarrec", "theodore", "Point de situation", "Voici"] {
            assert!(!page.body.contains(secret), "{secret}");
        }
        let none = felix.get("/register?category=market_abuse&state=waiting").await;
        assert!(none.body.contains("Rien ne correspond"), "{}", none.body);
        let wrong = felix.get("/register?from=hier").await;
        assert!(wrong.status == 422 && wrong.body.contains("value=\"hier\""), "what was typed is kept");

        felix.get("/register").await;
        let csv = felix.post("/register/export", &[("format", "csv")]).await;
        assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
        assert!(csv.body.starts_with("hold,flow,") && csv.body.contains("\"FR76•••189\""), "{}", csv.body);
        felix.get("/register").await;
        let json = felix.post("/register/export", &[("format", "json"), ("severity", "1")]).await;
        let told: serde_json::Value = serde_json::from_str(&json.body).unwrap();
        assert_eq!(told["entries"][0]["flow"], sent.flow.to_string());
        assert!(!csv.body.contains("3000 6000") && !json.body.contains("3000 6000"));
        let exports = cerebro.kinds().await.into_iter().filter(|kind| kind == "register.exported").count();
        assert_eq!(exports, 2);
        let mut ines = felix.another();
        ines.sign_in(cerebro, "ines.kermadec@orveane.example").await;
        assert_eq!(ines.get("/register").await.status, 403);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_their_own_held_messages_and_nobody_elses() {
    each_engine(async |cerebro| {
        let from = "ines.kermadec@orveane.example";
        let mine =
            cerebro.send_from(Some(from), &["r.lemarrec@client.example"], message(ACCOUNT)).await.unwrap();
        let theirs = cerebro.held().await;
        let mut ines = Browser::new(cerebro);
        ines.sign_in(cerebro, from).await;
        let page = ines.get("/messages").await;
        assert!(page.status == 200 && page.body.contains(&mine.flow.to_string()), "{}", page.body);
        assert!(
            page.body.contains("Point de situation") && page.body.contains("FR76•••189"),
            "{}",
            page.body
        );
        assert!(!page.body.contains(&theirs.to_string()) && !page.body.contains("3000 6000"));
        assert_eq!(page.body.matches("flow_").count(), 1, "one message of theirs");
        assert!(ines.get("/security").await.body.contains("href=\"/messages\""));
        let mut odile = ines.another();
        odile.sign_in(cerebro, "odile.sarrazin@orveane.example").await;
        assert!(odile.get("/messages").await.body.contains("Aucun de vos messages"));
    })
    .await;
}
