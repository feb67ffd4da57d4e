//! Two nodes of the console behind one name (design §4): each answers for the other.

use crate::support::cerebro::PASSWORD;
use crate::support::{Browser, each_engine};

const INES: &str = "ines.kermadec@orveane.example";

#[tokio::test(flavor = "multi_thread")]
async fn c1_a_form_shown_by_one_node_is_accepted_by_the_other_and_no_one_else_s() {
    each_engine(async |cerebro| {
        let Some(node) = cerebro.another_node().await else { return };
        let mut browser = Browser::new(cerebro);
        browser.get("/sign-in").await;
        let mut browser = browser.on_node(node, cerebro);
        let fields = [("email", INES), ("password", PASSWORD), ("next", "/")];
        assert_eq!(browser.post("/sign-in", &fields).await.location, "/sign-in/code?next=/");
        // The ticket of the second node, the code on the first.
        let mut browser = browser.on_node(cerebro.cerebro.clone(), cerebro);
        assert_eq!(browser.post("/sign-in/code", &[("code", &cerebro.code())]).await.location, "/");
        // Another browser's token is good on neither.
        let visit = browser.jar["__Host-cerebro-visit"].clone();
        browser.jar.insert("__Host-cerebro-visit".into(), format!("{visit}x"));
        assert_eq!(browser.post("/sign-out", &[]).await.status, 403);
    })
    .await;
}
