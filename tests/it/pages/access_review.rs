//! Every quarter each right is looked at, and kept or ended by somebody who does not hold it (clause R4, attack A8).

use std::time::Duration;

use operations::access_reviews::{lapse, open};
use store::{Reach, Statement, Tx};
use vocabulary::Scope;

use super::people::{HUGUES, INES, ODILE, administrator};
use crate::support::service::Service;
use crate::support::{Browser, TestCerebro, each_engine};

const QUARTER: Duration = Duration::from_secs(90 * 24 * 3600);

/// A quarter goes by: a review is open.
pub(super) async fn opened(cerebro: &TestCerebro) {
    cerebro.clock.advance(QUARTER);
    let (opened, _) = open::turn(&cerebro.cerebro).await.unwrap();
    assert!(opened >= 1, "the bank's, and others'");
}

/// Where the rights of these people are decided on: `/access-review/grant_…`.
pub(super) async fn rights(browser: &mut Browser, names: &[String]) -> Vec<String> {
    let page = browser.get("/access-review").await;
    let of = |name: &String| {
        let (_, rest) = page.body.split_once(&format!(">{name}</a>")).unwrap_or_else(|| panic!("{name}"));
        let (_, rest) = rest.split_once("action=\"/access-review/").expect("it can be decided on");
        format!("/access-review/{}", rest.split('/').next().unwrap())
    };
    names.iter().map(of).collect()
}

async fn right(browser: &mut Browser, name: &str) -> String {
    rights(browser, &[name.to_owned()]).await.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_r4_a8_a_quarter_s_review_asks_about_each_right_and_ends_what_is_not_needed() {
    each_engine(async |cerebro| {
        cerebro.clock.advance(QUARTER - Duration::from_secs(1));
        assert_eq!(open::turn(&cerebro.cerebro).await.unwrap().0, 0, "not before");
        cerebro.clock.advance(Duration::from_secs(1));
        assert_eq!(open::turn(&cerebro.cerebro).await.unwrap().0, 2, "each organisation's");
        assert_eq!(open::turn(&cerebro.cerebro).await.unwrap().0, 0, "once");
        let mut odile = administrator(cerebro, ODILE).await;
        let mut ines = administrator(cerebro, INES).await;
        let page = odile.get("/accounts").await;
        assert!(page.body.contains("12 droits restent à revoir"), "{}", page.body);
        let of_ines = right(&mut odile, "Ines Kermadec").await;
        assert_eq!(
            odile.post(&format!("{of_ines}/keep"), &[]).await.location.split('?').next(),
            Some("/access-review")
        );
        assert_eq!(ines.get("/queue").await.status, 200);
        assert_eq!(odile.post(&format!("{of_ines}/keep"), &[]).await.status, 404, "once");
        // What is not needed is gone at the next request.
        let mut maelle = administrator(cerebro, "maelle.brisson@orveane.example").await;
        assert_eq!(maelle.get("/queue").await.status, 200);
        let of_maelle = right(&mut odile, "Maelle Brisson").await;
        odile.get(&format!("{of_maelle}/end")).await;
        assert_eq!(odile.post(&format!("{of_maelle}/end"), &[("reason", "")]).await.status, 422);
        assert_eq!(odile.post(&format!("{of_maelle}/end"), &[("reason", "Plus besoin")]).await.status, 303);
        assert_eq!(maelle.get("/queue").await.status, 403);
        let page = odile.get("/access-review").await;
        assert!(
            page.body.contains("Gardé") && page.body.contains("Retiré") && page.body.contains("10 droits")
        );
        assert!(page.body.contains("22 févr."), "with its last use: {}", page.body);
        let kinds = cerebro.kinds().await;
        for kind in ["access_review.opened", "right.reviewed", "mission.withdrawn"] {
            assert!(kinds.iter().any(|known| known == kind), "{kind}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a8_nobody_decides_on_a_right_of_their_own_and_the_last_administrator_stays() {
    each_engine(async |cerebro| {
        let mut hugues = administrator(cerebro, HUGUES).await;
        // Odile has a second account, to work with.
        super::people::invite(&mut hugues, "Odile Sarrazin", "odile.sarrazin-gestion@orveane.example", "")
            .await;
        let page = hugues.get("/accounts/requests").await;
        assert!(page.body.contains("odile.sarrazin-gestion"));
        opened(cerebro).await;
        let mut odile = administrator(cerebro, ODILE).await;
        let mut hugues = administrator(cerebro, HUGUES).await;
        let own = right(&mut hugues, "Odile Sarrazin").await;
        let page = odile.get("/access-review").await;
        assert!(!page.body.contains(&format!("action=\"{own}/keep\"")), "not offered");
        for verb in ["keep", "end"] {
            let page = odile.post(&format!("{own}/{verb}"), &[("reason", "Utile")]).await;
            assert!(page.status == 403 && page.body.contains("ses propres droits"), "{verb} {}", page.status);
        }
        let of_hugues = right(&mut odile, "Hugues Tallec").await;
        odile.get(&format!("{of_hugues}/end")).await;
        assert_eq!(odile.post(&format!("{of_hugues}/end"), &[("reason", "Mutation")]).await.status, 303);
        assert_eq!(hugues.get("/access-review").await.status, 403);
        let mut ines = administrator(cerebro, INES).await;
        ines.get("/security").await;
        assert_eq!(ines.post(&format!("{own}/keep"), &[]).await.status, 403, "not for operators");
        assert_eq!(odile.post("/access-review/grant_01j00000000000000000000000/keep", &[]).await.status, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a8_a_review_that_is_late_is_said_and_it_closes_with_its_last_right() {
    each_engine(async |cerebro| {
        opened(cerebro).await;
        cerebro.clock.advance(Duration::from_secs(21 * 24 * 3600 + 1));
        let mut odile = administrator(cerebro, ODILE).await;
        assert!(odile.get("/accounts").await.body.contains("La revue des droits est en retard"));
        assert!(odile.get("/access-review").await.body.contains("Échéance dépassée"));
        let mut hugues = administrator(cerebro, HUGUES).await;
        for browser in [&mut odile, &mut hugues] {
            loop {
                let page = browser.get("/access-review").await;
                let Some((_, rest)) = page.body.split_once("action=\"/access-review/") else { break };
                let path = format!("/access-review/{}", rest.split('"').next().unwrap());
                assert_eq!(browser.post(&path, &[]).await.status, 303);
            }
        }
        // A service's right is asked about as well; nothing is left.
        assert!(odile.get("/access-review").await.body.contains("Aucune revue n’est ouverte"));
        assert!(!odile.get("/accounts").await.body.contains("à revoir"), "nothing of it waits");
        assert!(cerebro.kinds().await.iter().any(|kind| kind == "access_review.closed"));
        assert_eq!(open::turn(&cerebro.cerebro).await.unwrap().0, 0, "the next comes in a quarter");
        // One whose rights all ended otherwise closes by itself, at the clock's next turn.
        cerebro.clock.advance(QUARTER);
        open::turn(&cerebro.cerebro).await.unwrap();
        let scope = Scope::Organisation(cerebro.bank);
        let ended = cerebro.store.write(scope, async |tx: &mut Tx<'_>| {
            tx.execute(&END_ALL, vec![]).await.map(|_| ((), Vec::new()))
        });
        ended.await.map_err(access::WriteError::into_inner).unwrap();
        assert_eq!(open::turn(&cerebro.cerebro).await.unwrap().1, 1);
    })
    .await;
}

const ENDED: &str = "UPDATE mission_grant SET ended_at = 1 WHERE organisation = $1";
static END_ALL: Statement =
    Statement { name: "test::ENDED", reach: Reach::Organisation, sqlite: ENDED, postgres: ENDED };

#[tokio::test(flavor = "multi_thread")]
async fn clause_r4_a8_what_nobody_reviewed_in_time_stands_still_until_somebody_decides() {
    each_engine(async |cerebro| {
        opened(cerebro).await;
        assert_eq!(lapse::turn(&cerebro.cerebro).await.unwrap(), (0, 0));
        cerebro.clock.advance(Duration::from_secs(14 * 24 * 3600));
        assert_eq!(lapse::turn(&cerebro.cerebro).await.unwrap(), (2, 0), "told a week ahead");
        assert_eq!(lapse::turn(&cerebro.cerebro).await.unwrap(), (0, 0), "once");
        let mails = cerebro.mail_to(HUGUES).await;
        assert!(mails.iter().any(|mail| mail.contains("se termine dans une semaine")), "{mails:?}");
        cerebro.clock.advance(Duration::from_secs(7 * 24 * 3600));
        let mut ines = administrator(cerebro, INES).await;
        assert_eq!(ines.get("/queue").await.status, 200, "until the second it ends");
        cerebro.clock.advance(Duration::from_secs(1));
        assert_eq!(lapse::turn(&cerebro.cerebro).await.unwrap(), (0, 2), "each organisation’s");
        assert_eq!(lapse::turn(&cerebro.cerebro).await.unwrap(), (0, 0), "once");
        assert_eq!(ines.get("/queue").await.status, 403, "at the next request");
        assert!(cerebro.mail_to(INES).await.iter().any(|mail| mail.contains("revue à temps")));
        // One administrator is left, whoever that is, and gives the others their rights back by deciding.
        let mut left = administrator(cerebro, ODILE).await;
        if left.get("/access-review").await.status != 200 {
            left = administrator(cerebro, HUGUES).await;
        }
        let page = left.get("/access-review").await;
        assert!(page.body.contains("Suspendu"), "{}", page.body);
        for name in ["Ines Kermadec", "Felix Quemener"] {
            let keep = format!("{}/keep", right(&mut left, name).await);
            assert_eq!(left.post(&keep, &[]).await.status, 303);
        }
        assert_eq!(ines.get("/queue").await.status, 200, "as before");
        // Read by the auditor, who may again.
        let lapsed = cerebro.details("access_review.lapsed").await;
        assert_eq!(lapsed[0]["administrators_left_out"], 1, "{lapsed:?}");
        let suspended = cerebro.details("right.suspended").await;
        assert_eq!(lapsed[0]["suspended"], suspended.len(), "each is an entry");
        assert!(cerebro.details("right.reviewed").await.iter().any(|detail| detail["resumed"] == true));
        // The service's mission stands still too.
        let crm = Service::new(cerebro, &cerebro.token);
        assert_eq!(crm.get("/api/v1/holds").await.status, 403);
    })
    .await;
}
