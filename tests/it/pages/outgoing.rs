//! The page of who runs the service: what waits to leave, stopped and restarted, without contents.

use crate::support::{Browser, each_engine, message};

#[tokio::test(flavor = "multi_thread")]
async fn clause_p3_administration_runs_what_leaves_and_never_sees_what_it_says() {
    each_engine(async |cerebro| {
        let mut odile = Browser::new(cerebro);
        odile.sign_in(cerebro, "odile.sarrazin@orveane.example").await;
        let empty = odile.get("/outgoing").await;
        assert!(empty.status == 200 && empty.body.contains("Rien n’attend"), "{}", empty.body);
        let wrong = odile.post("/outgoing/pause", &[("destination", "a b"), ("reason", "Maintenance")]).await;
        assert!(wrong.status == 422 && wrong.body.contains("value=\"a b\""), "what was typed is kept");
        let fields = [("destination", "client.example"), ("reason", "Leur serveur déménage")];
        assert_eq!(odile.post("/outgoing/pause", &fields).await.location, "/outgoing");
        cerebro.send(&["r.lemarrec@client.example"], message("Zanzibar")).await.unwrap();
        operations::flows::outbox::lease(&cerebro.cerebro, 10).await.unwrap();
        let page = odile.get("/outgoing").await;
        assert!(
            page.body.contains("Leur serveur déménage") && page.body.contains("Suspendu"),
            "{}",
            page.body
        );
        for secret in ["Zanzibar", "Point de situation", "lemarrec", "theodore.vasquin"] {
            assert!(!page.body.contains(secret), "{secret}");
        }
        assert!(!page.body.contains("/withdraw"), "taking a message out is not administration's");
        let resumed = odile.post("/outgoing/resume", &[("destination", "client.example")]).await;
        assert_eq!(resumed.location, "/outgoing");
        let mut maelle = odile.another();
        maelle.sign_in(cerebro, "maelle.brisson@orveane.example").await;
        let page = maelle.get("/outgoing").await;
        let (_, rest) =
            page.body.split_once("href=\"/outgoing/outbox_").expect("a supervisor may take it out");
        let path = format!("/outgoing/outbox_{}", rest.split('"').next().unwrap());
        maelle.get(&path).await;
        assert_eq!(maelle.post(&path, &[("reason", "Envoyé par erreur")]).await.location, "/outgoing");
        let page = maelle.get("/outgoing").await;
        assert!(!page.body.contains(&path), "it waits no more");
        let mut ines = odile.another();
        ines.sign_in(cerebro, "ines.kermadec@orveane.example").await;
        assert_eq!(ines.get("/outgoing").await.status, 403);
    })
    .await;
}
