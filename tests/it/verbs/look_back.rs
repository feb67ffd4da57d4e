//! Looking back after a list changed: what is found is compared, message by message, and not only which controls match.

use access::{SystemReason, action};
use operations::controls::look_back::{self, LookedBack};
use operations::controls::replays::{look, run, start};
use operations::lists::{self, Entries, ListName, Wanted};
use operations::organisation::Reason;
use operations::proposals::agree;
use vocabulary::Timestamp;

use crate::support::{TestCerebro, each_engine, message};

const MAELLE: &str = "maelle.brisson@orveane.example";
const RENAN: &str = "renan.tregor@orveane.example";
const CLIENT: &str = "r.lemarrec@client.example";
const DAY: std::time::Duration = std::time::Duration::from_secs(86_400);

/// The list becomes what is said, a second person agreeing to what goes.
async fn restricted(cerebro: &TestCerebro, text: &str) {
    let maelle = cerebro.sign_in(MAELLE).await;
    let permit = maelle.op.permit(action::ReplaceList, cerebro.bank).await.unwrap();
    let wanted = Wanted::Whole(Entries::parse(ListName::Restricted, text).unwrap());
    let why = Reason::parse("Demandé par la conformité").unwrap();
    let changed = lists::change(&cerebro.cerebro, &maelle.op, permit, wanted, Some(&why)).await.unwrap();
    if let Some(waits) = changed.waits {
        let renan = cerebro.sign_in(RENAN).await;
        let permit = renan.op.permit(action::AgreeProposal, waits.id).await.unwrap();
        agree::agree(&cerebro.cerebro, &renan.op, permit).await.unwrap();
    }
}

async fn looked_back(cerebro: &TestCerebro) -> LookedBack {
    let op = cerebro.cerebro.system(SystemReason::Console, cerebro.bank);
    let permit = op.permit(action::LookBack, cerebro.bank).await.unwrap();
    let since = op.now().minus(DAY);
    look_back::look_back(&cerebro.cerebro, &op, permit, since).await.unwrap()
}

/// The list before, the message, the list after; of how many messages MAR-02 is told as new, and as finding more.
struct Case {
    name: &'static str,
    before: &'static str,
    text: &'static str,
    after: &'static str,
    told: (u64, u64),
}

const CASES: [Case; 6] = [
    Case {
        name: "an issuer that nobody watched",
        before: "Cimenterie du Ponant",
        text: "Le dossier Lormont Aciéries avance.",
        after: "Cimenterie du Ponant\nLormont Aciéries",
        told: (1, 0),
    },
    Case {
        name: "another issuer in a message that matched already",
        before: "Lormont Aciéries",
        text: "Lormont Aciéries rachète Verrerie Astel.",
        after: "Lormont Aciéries\nVerrerie Astel",
        told: (0, 1),
    },
    Case {
        name: "the same issuer twice is nothing new",
        before: "Lormont Aciéries",
        text: "Lormont Aciéries, oui : Lormont Aciéries.",
        after: "Lormont Aciéries\nVerrerie Astel",
        told: (0, 0),
    },
    Case {
        name: "the list shrinks",
        before: "Lormont Aciéries\nVerrerie Astel",
        text: "Lormont Aciéries rachète Verrerie Astel.",
        after: "Lormont Aciéries",
        told: (0, 0),
    },
    Case {
        name: "one goes and one comes",
        before: "Lormont Aciéries",
        text: "Lormont Aciéries rachète Verrerie Astel.",
        after: "Verrerie Astel",
        told: (0, 1),
    },
    Case {
        name: "nothing changes",
        before: "Lormont Aciéries",
        text: "Lormont Aciéries rachète Verrerie Astel.",
        after: "Lormont Aciéries",
        told: (0, 0),
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn what_is_newly_found_is_told_under_a_control_that_matched_already() {
    for case in CASES {
        each_engine(async move |cerebro| {
            restricted(cerebro, case.before).await;
            let sent = cerebro.send(&[CLIENT], message(case.text)).await.unwrap();
            restricted(cerebro, case.after).await;
            let found = looked_back(cerebro).await;
            let told = found.by_control.get("MAR-02").copied().unwrap_or_default();
            assert_eq!(told, case.told, "{}: {found:?}", case.name);
            assert_eq!((found.flows, found.unread, found.more), (1, 0, false), "{}", case.name);
            assert_eq!(found.all() > 0, case.told != (0, 0), "{}: {found:?}", case.name);
            for seen in &found.seen {
                assert_eq!(seen.flow, sent.flow, "{}", case.name);
                let listed = |ids: &[String]| u64::from(ids.iter().any(|id| id == "MAR-02"));
                assert_eq!((listed(&seen.controls), listed(&seen.further)), case.told, "{}", case.name);
            }
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guarded_message_is_counted_apart_and_under_no_control() {
    each_engine(async |cerebro| {
        let text = String::from_utf8(message("Le dossier Lormont Aciéries avance.")).unwrap();
        let text = text.replace("Subject: ", "Subject: [Personnel] ");
        cerebro.send(&[CLIENT], text.into_bytes()).await.unwrap();
        restricted(cerebro, "Lormont Aciéries").await;
        let found = looked_back(cerebro).await;
        assert_eq!((found.all(), found.guarded, found.by_control.len()), (1, 1, 0), "{found:?}");
        assert!(found.seen[0].guarded().is_some(), "{found:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_stops_at_its_bound_and_says_where() {
    each_engine(async |cerebro| {
        let mut came: Vec<Timestamp> = Vec::new();
        for _ in 0..3 {
            cerebro.clock.advance(std::time::Duration::from_secs(60));
            came.push(cerebro.cerebro.instance().now());
            cerebro.send(&[CLIENT], message("Le dossier Lormont Aciéries avance.")).await.unwrap();
        }
        restricted(cerebro, "Lormont Aciéries").await;
        let maelle = cerebro.sign_in(MAELLE).await;
        let permit = maelle.op.permit(action::LookBack, cerebro.bank).await.unwrap();
        let id = start::look_back(&maelle.op, permit, maelle.op.now().minus(DAY)).await.unwrap();
        assert!(run::run_up_to(&cerebro.cerebro, cerebro.bank, id, 2, &|| false).await.unwrap());
        let permit = maelle.op.permit(action::ReadControls, cerebro.bank).await.unwrap();
        let (line, found) = look::one(&maelle.op, &permit, id).await.unwrap().unwrap();
        let found = found.unwrap();
        assert_eq!((line.total, line.done, found.flows, found.more), (2, 2, 2, true), "{found:?}");
        assert_eq!(found.by_control.get("MAR-02"), Some(&(2, 0)), "{found:?}");
        let reached = found.reached.unwrap();
        assert!(reached >= came[1] && reached < came[2], "the second of three: {reached:?} {came:?}");
        // Asked again without that bound, it reaches the oldest.
        let found = looked_back(cerebro).await;
        assert_eq!((found.flows, found.more), (3, false));
        assert!(found.reached.is_some_and(|reached| reached < came[1]), "{found:?}");
    })
    .await;
}
