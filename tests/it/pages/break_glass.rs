//! Break-glass: opened at the machine's console, told to every administrator, over by itself, reviewed by somebody else.

use std::time::Duration;

use access::{SystemReason, action};
use operations::break_glass::open::{self, Breaking, OpenError};
use operations::break_glass::shut;
use operations::organisation::Reason;
use vocabulary::EmailAddress;

use super::people::{HUGUES, ODILE, administrator, href_of};
use crate::support::cerebro::PASSWORD;
use crate::support::{Browser, TestCerebro, each_engine};

const MAUD: &str = "maud.ferrier@orveane.example";
const NEW_PASSWORD: &str = "Trois 7 saules penchent";

fn breaking(name: &str, email: &str, hours: u32) -> Breaking {
    let reason = Reason::parse("Les deux administrateurs ont perdu leurs clés").unwrap();
    Breaking { name: name.into(), email: EmailAddress::parse(email).unwrap(), hours, reason }
}

async fn smash(cerebro: &TestCerebro, breaking: Breaking) -> Result<open::Opened, OpenError> {
    let op = cerebro.system(SystemReason::Console);
    let permit = op.permit(action::BreakGlass, cerebro.bank).await.unwrap();
    open::open(&cerebro.cerebro, &op, permit, breaking).await
}

/// Maud sets a password and enrols a second factor by what the machine printed.
async fn enter(cerebro: &TestCerebro, link: &str) -> Browser {
    let mut maud = Browser::new(cerebro);
    let path = link.strip_prefix("https://console.orveane.example").unwrap();
    maud.get(path).await;
    let fields = [("password", NEW_PASSWORD), ("again", NEW_PASSWORD)];
    assert_eq!(maud.post(path, &fields).await.status, 200);
    assert_eq!(maud.password(MAUD, NEW_PASSWORD).await.location, "/security?next=/");
    assert_eq!(maud.get("/accounts").await.location, "/security", "not without a second factor");
    super::enrolment::enrol(cerebro, &mut maud).await;
    maud
}

/// The glass was broken, and its time is over: where its review waits.
pub(super) async fn over(cerebro: &TestCerebro) -> String {
    let opened = smash(cerebro, breaking("Maud Ferrier", MAUD, 1)).await.unwrap();
    cerebro.clock.advance(Duration::from_secs(3600));
    assert_eq!(shut::shut_due(&cerebro.cerebro).await.unwrap(), 1);
    format!("/break-glass/{}", opened.id)
}

#[tokio::test(flavor = "multi_thread")]
async fn l3_break_glass_opens_alarms_ends_and_is_reviewed_by_somebody_else() {
    each_engine(async |cerebro| {
        let mut odile = administrator(cerebro, ODILE).await;
        let opened = smash(cerebro, breaking("Maud Ferrier", MAUD, 2)).await.unwrap();
        assert_eq!(opened.told, 3);
        let mails = cerebro.mail_to(HUGUES).await;
        assert!(
            mails.iter().any(|mail| mail.contains("accès d’urgence") && mail.contains("Maud Ferrier")),
            "{mails:?}"
        );
        let mut maud = enter(cerebro, opened.link.expose()).await;
        assert_eq!(maud.get("/accounts").await.status, 200);
        let page = odile.get("/break-glass").await;
        assert!(page.body.contains("Maud Ferrier") && page.body.contains("Ouvert"), "{}", page.body);
        assert!(odile.get("/accounts").await.body.contains("/break-glass"));
        let review = format!("/break-glass/{}/review", opened.id);
        odile.get(&review).await;
        assert_eq!(odile.post(&review, &[("reason", "Trop tôt")]).await.status, 409, "while it is open");
        assert!(matches!(
            smash(cerebro, breaking("Ivo Lange", "ivo.lange@orveane.example", 1)).await,
            Err(OpenError::OpenAlready)
        ));
        // Its time is over: nothing has to be done for it to end.
        cerebro.clock.advance(Duration::from_secs(2 * 3600));
        assert_eq!(shut::shut_due(&cerebro.cerebro).await.unwrap(), 1);
        assert!(maud.get("/accounts").await.location.starts_with("/sign-in"));
        assert!(maud.password(MAUD, NEW_PASSWORD).await.body.contains("Connexion refusée"));
        assert_eq!(shut::shut_due(&cerebro.cerebro).await.unwrap(), 0);
        // The review: not by who cannot, then by who can, once.
        let mut ines = administrator(cerebro, super::people::INES).await;
        ines.get("/security").await;
        assert_eq!(ines.post(&review, &[("reason", "Rien à signaler")]).await.status, 403);
        let mut odile = administrator(cerebro, ODILE).await;
        odile.get(&review).await;
        assert_eq!(odile.post(&review, &[("reason", "")]).await.status, 422);
        let page = odile.post(&review, &[("reason", "Deux clés remplacées, rien d’autre")]).await;
        assert!(page.location.starts_with("/break-glass?recorded="), "{} {}", page.status, page.body);
        assert!(odile.get("/break-glass").await.body.contains("Deux clés remplacées"));
        assert_eq!(odile.post(&review, &[("reason", "Encore")]).await.status, 409, "once");
        let kinds = cerebro.kinds().await;
        for kind in ["break_glass.opened", "break_glass.ended", "break_glass.reviewed"] {
            assert!(kinds.iter().any(|known| known == kind), "{kind} {kinds:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn l3_break_glass_is_for_one_person_for_hours_and_never_reviewed_by_its_user() {
    each_engine(async |cerebro| {
        for (name, email, hours) in [
            ("Support", "support@orveane.example", 1),
            ("Maud Ferrier", MAUD, 0),
            ("Maud Ferrier", MAUD, 5),
            ("Odile Sarrazin", ODILE, 1),
        ] {
            assert!(smash(cerebro, breaking(name, email, hours)).await.is_err(), "{name} {hours}");
        }
        // A second account of an administrator: she does not review what she did.
        smash(cerebro, breaking("Odile Sarrazin", "odile.sarrazin-secours@orveane.example", 1))
            .await
            .unwrap();
        cerebro.clock.advance(Duration::from_secs(3600));
        shut::shut_due(&cerebro.cerebro).await.unwrap();
        let mut odile = administrator(cerebro, ODILE).await;
        let page = odile.get("/break-glass").await;
        let (_, rest) = page.body.split_once("href=\"/break-glass/").unwrap();
        let review = format!("/break-glass/{}", rest.split('"').next().unwrap());
        odile.get(&review).await;
        assert_eq!(odile.post(&review, &[("reason", "Rien à signaler")]).await.status, 403);
        let mut hugues = administrator(cerebro, HUGUES).await;
        hugues.get(&review).await;
        assert_eq!(hugues.post(&review, &[("reason", "Vu avec Odile")]).await.status, 303);
        // Nobody opens it from a page, and it never was the administrator who may be the last.
        for route in console::router::ROUTES {
            assert!(!route.to_string().contains("glass.break"), "{route}");
        }
        let href = href_of(&mut hugues, "Odile Sarrazin").await;
        assert!(href.starts_with("/accounts/") && PASSWORD != NEW_PASSWORD);
    })
    .await;
}
