//! The three families of roles (clause R2), as people of each meet them.

use access::{Family, Mission, Rule, table};
use console::router::{Needs, ROUTES};

use super::people::{INES, ODILE, administrator, href_of};
use crate::support::each_engine;

/// One person of each family; governance has three duties, and two of them decide.
const PEOPLE: [(&str, Family); 4] = [
    (INES, Family::Operational),
    ("sofiane.delattre@orveane.example", Family::Governance),
    ("maelle.brisson@orveane.example", Family::Governance),
    (ODILE, Family::Administration),
];

#[tokio::test(flavor = "multi_thread")]
async fn clause_r2_each_family_does_its_own_and_none_does_another_s() {
    each_engine(async |cerebro| {
        let hold = cerebro.held().await;
        let mut odile = administrator(cerebro, ODILE).await;
        let account = href_of(&mut odile, "Clemence Aubertin").await;
        // What each family is for, in the words of the clause: validate, arbitrate and override, configuration and users.
        let own = [
            (format!("/holds/{hold}/release"), Family::Operational),
            (format!("/holds/{hold}/reject"), Family::Operational),
            (format!("/holds/{hold}/escalate"), Family::Operational),
            (format!("/holds/{hold}/overrule/release"), Family::Governance),
            (format!("/holds/{hold}/overrule/reject"), Family::Governance),
            ("/policy/change".to_owned(), Family::Administration),
            ("/accounts/invite".to_owned(), Family::Administration),
            (format!("{account}/missions"), Family::Administration),
            (format!("{account}/suspend"), Family::Administration),
            (format!("{account}/close"), Family::Administration),
        ];
        for (email, family) in PEOPLE {
            let mut browser = administrator(cerebro, email).await;
            for (path, of) in &own {
                let expected = if *of == family { 200 } else { 403 };
                assert_eq!(browser.get(path).await.status, expected, "{email}: {path}");
            }
        }
        // A ruling is the arbiter's alone, and the act itself is refused like its page.
        let ruling = format!("/holds/{hold}/rule/release");
        for (email, may) in [(INES, false), (PEOPLE[1].0, true), (PEOPLE[2].0, false), (ODILE, false)] {
            let mut browser = administrator(cerebro, email).await;
            assert_eq!(browser.get(&ruling).await.status == 200, may, "{email}");
            browser.get("/security").await;
            if !may {
                assert_eq!(browser.post(&ruling, &[("reason", "Vu")]).await.status, 403, "{email}");
            }
        }
    })
    .await;
}

/// The families that may do something, whichever of their missions.
fn families(action: access::ActionName) -> Vec<Family> {
    let own = |mission: &&Mission| {
        table::mission(**mission, action) != Rule::No && table::everyone(action) == Rule::No
    };
    let mut found: Vec<Family> = Mission::ALL.iter().filter(own).map(|mission| mission.family()).collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[test]
fn clause_r2_what_changes_something_is_one_family_s() {
    // What leaves is run by whoever is there: administration, and governance that answers for it.
    let shared = ["relay.pause", "outbox.retry"];
    let mut seen = 0;
    for route in ROUTES.iter().filter(|route| route.changes) {
        let Needs::Action(word) = route.needs else { continue };
        let action = access::ActionName::ALL.iter().copied().find(|action| action.word() == word).unwrap();
        let families = families(action);
        if families.is_empty() {
            continue;
        }
        seen += 1;
        assert!(families.len() == 1 || shared.contains(&word), "{route}: {families:?}");
    }
    assert!(seen > 15, "only {seen} routes were looked at");
}
