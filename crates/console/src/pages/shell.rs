//! What stands around every page: who is signed in, where they can go, what is left of their session.

use vocabulary::Timestamp;

use crate::clock::ClockView;
use crate::format;
use crate::i18n::Words;

/// The frame of a page.
#[derive(Debug, Clone)]
pub struct Shell {
    /// The language of the page.
    pub w: Words,
    /// The page's own address, where a change of language comes back to.
    pub path: String,
    /// The token every form of the page carries.
    pub csrf: String,
    /// The organisation whose page it is; empty before one is known.
    pub organisation: String,
    /// Who is signed in.
    pub person: Option<Person>,
    /// Where they can go.
    pub nav: Vec<NavGroup>,
    /// What the narrow screen's bar shows at its end.
    pub bar: Bar,
    /// What was just recorded.
    pub toast: Option<Toast>,
}

/// Who is signed in.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// Their duties: `Opératrice`.
    pub role: String,
    /// What is left of the session: `27 min`.
    pub session_left: String,
    /// When it ends, milliseconds since 1970.
    pub session_until_ms: i64,
    /// Now on the server, milliseconds since 1970.
    pub now_ms: i64,
}

impl Person {
    /// A person whose session ends at `until` unless they act.
    #[must_use]
    pub fn new(w: Words, name: &str, role: &str, now: Timestamp, until: Timestamp) -> Self {
        let minutes = until.since(now).as_secs() / 60 * 60;
        Self {
            name: name.to_owned(),
            role: role.to_owned(),
            session_left: format::span(w.0, std::time::Duration::from_secs(minutes)),
            session_until_ms: until.micros() / 1_000,
            now_ms: now.micros() / 1_000,
        }
    }
}

/// Links of one role family.
#[derive(Debug, Clone)]
pub struct NavGroup {
    /// The family's name.
    pub label: String,
    /// Its links.
    pub links: Vec<NavLink>,
}

/// One link.
#[derive(Debug, Clone)]
pub struct NavLink {
    /// Where to.
    pub href: &'static str,
    /// Its glyph.
    pub icon: &'static str,
    /// Its words.
    pub label: String,
    /// How many wait there.
    pub count: Option<u64>,
    /// It is the page being read.
    pub current: bool,
}

/// A place the navigation leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// What waits.
    Queue,
    /// What was decided.
    Decisions,
    /// What waits to leave.
    Outgoing,
    /// Accounts.
    Accounts,
    /// The ledger.
    Ledger,
    /// Why messages were held.
    Register,
    /// From which score on controls may hold.
    Calibration,
    /// Control sets.
    Controls,
    /// Lists, the client file, examples.
    Lists,
    /// Somewhere else.
    Elsewhere,
}

/// What a person may go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reach {
    /// The queue, with how many wait.
    pub queue: Option<u64>,
    /// What waits to leave.
    pub outgoing: bool,
    /// The ledger.
    pub ledger: bool,
    /// Why messages were held.
    pub register: bool,
    /// Accounts.
    pub accounts: bool,
    /// From which score on controls may hold.
    pub calibration: bool,
    /// Control sets.
    pub controls: bool,
    /// Lists, the client file, examples.
    pub lists: bool,
}

/// The navigation of a person: only what their missions reach.
#[must_use]
pub fn nav(w: Words, reach: Reach, here: Place) -> Vec<NavGroup> {
    let link = |place, href, icon, label, count| NavLink { href, icon, label, count, current: here == place };
    let mut groups = Vec::new();
    if let Some(waiting) = reach.queue {
        groups.push(NavGroup {
            label: w.t("nav-operations"),
            links: vec![
                link(Place::Queue, "/queue", "queue", w.t("nav-queue"), Some(waiting)),
                link(Place::Decisions, "/decisions", "check", w.t("nav-decisions"), None),
            ],
        });
    }
    let mut rules = Vec::new();
    if reach.controls {
        rules.push(link(Place::Controls, "/controls", "shield", w.t("nav-controls"), None));
    }
    if reach.lists {
        rules.push(link(Place::Lists, "/lists", "clip", w.t("nav-lists"), None));
    }
    if reach.calibration {
        rules.push(link(Place::Calibration, "/calibration", "gauge", w.t("nav-calibration"), None));
    }
    if !rules.is_empty() {
        groups.push(NavGroup { label: w.t("nav-governance"), links: rules });
    }
    let mut evidence = Vec::new();
    if reach.register {
        evidence.push(link(Place::Register, "/register", "queue", w.t("nav-register"), None));
    }
    if reach.ledger {
        evidence.push(link(Place::Ledger, "/ledger", "book", w.t("nav-ledger"), None));
    }
    if !evidence.is_empty() {
        groups.push(NavGroup { label: w.t("nav-evidence"), links: evidence });
    }
    let mut service = Vec::new();
    if reach.accounts {
        service.push(link(Place::Accounts, "/accounts", "users", w.t("nav-accounts"), None));
    }
    if reach.outgoing {
        service.push(link(Place::Outgoing, "/outgoing", "out", w.t("nav-outgoing"), None));
    }
    if !service.is_empty() {
        groups.push(NavGroup { label: w.t("nav-administration"), links: service });
    }
    groups
}

/// The end of the bar on a narrow screen.
#[derive(Debug, Clone)]
pub enum Bar {
    /// Nothing.
    Empty,
    /// A few words.
    Text(String),
    /// The clock of the message being read.
    Clock(ClockView),
}

/// What was just recorded.
#[derive(Debug, Clone)]
pub struct Toast {
    /// Its glyph.
    pub icon: &'static str,
    /// What happened: `Rejeté.`
    pub title: String,
    /// Its entry in the ledger.
    pub text: String,
    /// The page of that entry, for those who may read it.
    pub entry: Option<String>,
}

impl Bar {
    /// How many wait.
    #[must_use]
    pub fn waiting(w: Words, count: u64) -> Self {
        Self::Text(w.n("waiting-count", count))
    }
}

impl Shell {
    /// The frame of a page nobody is signed in to.
    #[must_use]
    pub fn signed_out(w: Words, path: &str, csrf: String) -> Self {
        Self {
            w,
            path: path.to_owned(),
            csrf,
            organisation: String::new(),
            person: None,
            nav: Vec::new(),
            bar: Bar::Empty,
            toast: None,
        }
    }

    /// The version people give to support.
    #[must_use]
    pub const fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}
