//! An administrative act whose entry cannot be written does not happen (clause R3): asked of every route of the table.

use access::{ActionName, Mission, Rule, table};
use console::router::{Needs, ROUTES, Route};
use identity::place::NewPlace;
use operations::Policy;
use operations::flows::outbox::{self, Outcome};
use operations::organisation::Places;
use store::{Reach, Statement, StoreError, Tx};
use vocabulary::Scope;

use super::people::{CLEMENCE, GASPARD, HUGUES, INES, ODILE, administrator, ask, href_of, request_of};
use super::policy::form;
use crate::support::cerebro::PASSWORD;
use crate::support::{Browser, TestCerebro, each_engine, message};

/// What an administrator can change, whole.
const GOVERNED: [&Statement; 13] = [
    &of("SELECT id, status, sensitive, name, approved_by FROM account WHERE organisation = $1 ORDER BY id"),
    &of("SELECT id, account, mission, ended_at FROM mission_grant WHERE organisation = $1 ORDER BY id"),
    &of("SELECT id, kind, subject, state FROM pending_change WHERE organisation = $1 ORDER BY id"),
    &of("SELECT id, account, kind, ended_at FROM authenticator WHERE organisation = $1 ORDER BY id"),
    &of("SELECT id, account, ended_at FROM session WHERE organisation = $1 ORDER BY id"),
    &of("SELECT id, ended_at, expires_at FROM api_token WHERE organisation = $1 ORDER BY id"),
    &of("SELECT id, state FROM arrival WHERE organisation = $1 ORDER BY id"),
    &of("SELECT name, policy FROM organisation WHERE id = $1"),
    &of("SELECT id, reviewed_by FROM break_glass WHERE organisation = $1 ORDER BY id"),
    &of("SELECT id, recipient FROM outbox WHERE organisation = $1 ORDER BY id"),
    &of("SELECT outbox, state, next_at, held_off FROM outbox_lease WHERE organisation = $1 ORDER BY outbox"),
    &of("SELECT grant_id, decision FROM access_review_line WHERE organisation = $1 ORDER BY grant_id"),
    &of("SELECT destination, reason FROM relay_pause WHERE organisation = $1 ORDER BY destination"),
];

const fn of(text: &'static str) -> Statement {
    Statement { name: "test::GOVERNED", reach: Reach::Organisation, sqlite: text, postgres: text }
}

pub(super) async fn governed(cerebro: &TestCerebro) -> String {
    let rows = cerebro.store.read(Scope::Organisation(cerebro.bank), async |tx: &mut Tx<'_>| {
        let mut text = String::new();
        for statement in GOVERNED {
            text += &format!("{:?}\n", tx.fetch(statement, vec![]).await?);
        }
        Ok::<_, StoreError>(text)
    });
    rows.await.unwrap()
}

/// What only administration may do.
fn is_administrative(route: &Route) -> bool {
    let Needs::Action(word) = route.needs else { return false };
    let action = ActionName::ALL.iter().copied().find(|action| action.word() == word).unwrap();
    route.changes
        && table::mission(Mission::Administrator, action) != Rule::No
        && table::everyone(action) == Rule::No
}

/// What each act is asked about, in a form that would do it.
struct Scene {
    requests: Vec<String>,
    changes: Vec<String>,
    accounts: Vec<String>,
    suspended: String,
    withdrawal: String,
    signed_in: String,
    arrival: String,
    glass: String,
    deferred: String,
    rights: Vec<String>,
    service: String,
    token: String,
}

impl Scene {
    async fn set(cerebro: &TestCerebro, odile: &mut Browser, hugues: &mut Browser, glass: String) -> Self {
        let mut requests = Vec::new();
        for (name, email) in
            [("Gaspard Nivelle", GASPARD), ("Lucie Marchetti", "lucie.marchetti@orveane.example")]
        {
            ask(&mut odile.another(), name, email).await;
            requests.push(request_of(odile, name).await);
        }
        let mut accounts = Vec::new();
        for name in ["Ines Kermadec", "Theodore Vasquin", "Sofiane Delattre", "Maelle Brisson"] {
            accounts.push(href_of(odile, name).await);
        }
        let mut changes = Vec::new();
        for href in accounts.iter().take(2) {
            let path = format!("{href}/missions");
            hugues.get(&path).await;
            let fields = [("mission", "administrator"), ("reason", "Relève")];
            let to = hugues.post(&path, &fields).await.location;
            changes.push(to.split('?').next().unwrap().to_owned());
        }
        let suspended = href_of(odile, "Felix Quemener").await;
        odile.get(&suspended).await;
        odile.post(&format!("{suspended}/suspend"), &[("reason", "Absence")]).await;
        let href = href_of(odile, "Clemence Aubertin").await;
        let page = odile.get(&href).await;
        let (before, _) = page.body.split_once("/withdraw\"").unwrap();
        let withdrawal = before.rsplit('"').next().unwrap().to_owned();
        let mut clemence = odile.another();
        clemence.password(CLEMENCE, PASSWORD).await;
        let (arrival, deferred) = (arrival(cerebro, odile).await, deferred(cerebro).await);
        let rights = ["Renan Tregor", "Theodore Vasquin"].map(|name| name.to_owned());
        let rights = super::access_review::rights(odile, &rights).await;
        let service = href_of(odile, "CRM").await.replace("/accounts/", "/services/");
        let page = odile.get("/services").await;
        let (_, rest) = page.body.split_once("href=\"/tokens/").expect("a token is shown");
        let token = format!("/tokens/{}", rest.split('"').next().unwrap());
        Self {
            requests,
            changes,
            accounts,
            suspended,
            withdrawal,
            signed_in: href,
            arrival,
            glass,
            deferred,
            rights,
            service,
            token,
        }
    }

    /// The address of a route with a subject of its own.
    fn path(&mut self, route: &Route) -> String {
        let base = match route.path {
            path if path.ends_with("/approve") || path.ends_with("/refuse") => {
                let of_accounts = path.starts_with("/accounts");
                if of_accounts { self.requests.pop() } else { self.changes.pop() }
            }
            path if path.ends_with("/sessions/end") => Some(self.signed_in.clone()),
            path if path.starts_with("/access-review/") => self.rights.pop(),
            path if path.starts_with("/services/") => Some(self.service.clone()),
            path if path.contains("{token}") => Some(self.token.clone()),
            path if path.contains("{outbox}") => Some(self.deferred.clone()),
            path if path.contains("{glass}") => Some(self.glass.clone()),
            path if path.contains("{arrival}") => Some(self.arrival.clone()),
            path if path.ends_with("/reinstate") => Some(self.suspended.clone()),
            path if path.ends_with("/withdraw") => Some(self.withdrawal.clone()),
            path if path.contains("{account}") => self.accounts.pop(),
            path => return path.to_owned(),
        };
        let base = base.unwrap_or_else(|| panic!("the scene has nothing left for {route}"));
        let (before, after) = route.path.split_once('{').unwrap();
        let id = base.strip_prefix(before).unwrap().split('/').next().unwrap();
        format!("{before}{id}{}", after.split_once('}').unwrap().1)
    }
}

/// Ines signs in from a browser nobody knows, where the organisation asks for an approval; where that is answered.
async fn arrival(cerebro: &TestCerebro, odile: &mut Browser) -> String {
    let places = Places { operational: NewPlace::Approval, ..Places::default() };
    cerebro.set_policy(Policy { places, ..Policy::default() }).await;
    let mut ines = odile.another();
    cerebro.clock.advance(std::time::Duration::from_secs(30));
    ines.password(INES, PASSWORD).await;
    ines.get("/sign-in/code").await;
    let page = ines.post("/sign-in/code", &[("code", &cerebro.code()), ("next", "/")]).await;
    assert_eq!(page.status, 422, "it waits");
    let page = odile.get("/accounts/arrivals").await;
    let (_, rest) = page.body.split_once("action=\"/accounts/arrivals/").expect("the arrival is shown");
    format!("/accounts/arrivals/{}", rest.split('"').next().unwrap())
}

/// A message that waits an hour, for the next hop asked to; where it is tried at once.
async fn deferred(cerebro: &TestCerebro) -> String {
    let sent = cerebro.send(&["r.lemarrec@client.example"], message("Bonjour")).await.unwrap();
    let leased = outbox::lease(&cerebro.cerebro, 100).await.unwrap();
    let leased = leased.into_iter().find(|leased| leased.flow == Some(sent.flow)).expect("it waits");
    assert!(outbox::attempting(&cerebro.cerebro, &leased).await.unwrap());
    let outcome = Outcome::Deferred { reply: "450 4.2.1 Busy".into() };
    let ended = leased.recipients.iter().map(|to| (to.delivery, outcome.clone())).collect();
    let later = cerebro.cerebro.instance().now().plus(std::time::Duration::from_secs(3_600));
    outbox::record(&cerebro.cerebro, &leased, ended, later).await.unwrap();
    format!("/outgoing/{}", leased.outbox)
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_r3_u1_an_administrative_act_whose_entry_cannot_be_written_does_not_happen() {
    each_engine(async |cerebro| {
        super::access_review::opened(cerebro).await;
        let glass = super::break_glass::over(cerebro).await;
        let (mut odile, mut hugues) =
            (administrator(cerebro, ODILE).await, administrator(cerebro, HUGUES).await);
        let mut scene = Scene::set(cerebro, &mut odile, &mut hugues, glass).await;
        let fields = [
            ("name", "Paul Anselin"),
            ("email", "paul.anselin@orveane.example"),
            ("mission", "auditor"),
            ("answer", "approve"),
            ("destination", "ailleurs.example"),
            ("reason", "Organisation du service"),
        ];
        let mut fields = form(&fields);
        fields.retain(|(name, _)| !name.starts_with("idle-op") && !name.starts_with("place-op"));
        fields.extend([("idle-operational", "20"), ("place-operational", "approval")]);
        let mut asked = 0;
        for route in ROUTES.iter().filter(|route| is_administrative(route)) {
            let path = scene.path(route);
            odile.get("/accounts").await;
            let before = governed(cerebro).await;
            cerebro.cerebro.instance().set_backlog(u64::MAX);
            let page = odile.post(&path, &fields).await;
            assert_eq!(page.status, 503, "{route}: {}", page.location);
            assert!(page.body.contains("E-UNRECORDED"), "{route}");
            assert_eq!(governed(cerebro).await, before, "{route} changed something");
            cerebro.cerebro.instance().set_backlog(0);
            let page = odile.post(&path, &fields).await;
            // A token is shown in the answer itself, once.
            let shown = page.status == 200 && page.body.contains("id=\"token\"");
            assert!(page.status == 303 || shown, "{route}: {} {}", page.status, page.body);
            assert_ne!(governed(cerebro).await, before, "{route} does nothing at all");
            asked += 1;
        }
        assert!(asked >= 20, "only {asked} routes were asked");
    })
    .await;
}
