//! What every page needs: its frame, the reader's clock on the wall, an error as a page.

use std::convert::Infallible;

use access::{Denied, Mission, Operation, OperationError, action};
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use jiff::tz::TimeZone;
use operations::Cerebro;
use operations::accounts::session::Signed;
use operations::evidence::prove::ProveError;
use operations::review::{Escalation, ReviewError, queue};

use super::App;
use super::gate::may;
use super::recorded;
use crate::format::Wall;
use crate::guard::FormToken;
use crate::i18n::Words;
use crate::pages::error::{ErrorPage, Mishap};
use crate::pages::shell::{self, Person, Place, Reach, Shell};
use crate::router::Route;

/// A signed-in person asking for a page.
pub(crate) struct Visitor {
    pub(crate) app: App,
    pub(crate) signed: Signed,
    pub(crate) op: Operation,
    pub(crate) words: Words,
    pub(crate) parts: Parts,
}

impl FromRequestParts<App> for Visitor {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, StatusCode> {
        // The gate put them there; a route without a session never asks for a visitor.
        let signed = parts.extensions.get::<Signed>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)?;
        let words = parts.extensions.get::<Words>().copied().unwrap_or(Words(signed.locale));
        let op = signed.operation(app.cerebro.instance());
        Ok(Self { app: app.clone(), signed, op, words, parts: parts.clone() })
    }
}

impl Visitor {
    /// The frame of a page, with what was just recorded.
    pub(crate) async fn shell(&self, here: Place) -> Shell {
        let mut shell = shell(&self.app.cerebro, &self.signed, self.words, &self.parts, here).await;
        recorded::tell(self, &mut shell).await;
        shell
    }

    /// The reader's clock.
    pub(crate) fn wall(&self) -> Wall {
        wall(&self.app.cerebro, &self.signed, self.words)
    }

    /// An error as a page.
    pub(crate) async fn mishap(&self, mishap: Mishap) -> Response {
        ErrorPage::answer(self.shell(Place::Elsewhere).await, mishap, None, &self.op.id().to_string())
    }

    /// An error of a verb as a page; logged when it is ours.
    pub(crate) async fn failed(&self, error: impl Into<Mishap>) -> Response {
        self.mishap(error.into()).await
    }
}

/// Where a route stands in the navigation.
pub(crate) fn here(route: &Route) -> Place {
    match route.path {
        path if ["/accounts", "/missions", "/changes"].iter().any(|start| path.starts_with(start)) => {
            Place::Accounts
        }
        path if path.starts_with("/outgoing") => Place::Outgoing,
        path if path.starts_with("/ledger") => Place::Ledger,
        path if path.starts_with("/register") => Place::Register,
        path if path.starts_with("/calibration") => Place::Calibration,
        path if path.starts_with("/controls") => Place::Controls,
        path if ["/lists", "/proposals", "/examples"].iter().any(|start| path.starts_with(start)) => {
            Place::Lists
        }
        path if path.starts_with("/decisions") => Place::Decisions,
        path if path.starts_with("/queue") || path.starts_with("/holds") => Place::Queue,
        _ => Place::Elsewhere,
    }
}

pub(crate) fn wall(cerebro: &Cerebro, signed: &Signed, words: Words) -> Wall {
    let zone =
        cerebro.organisation(signed.organisation).map(|organisation| organisation.policy.time_zone.clone());
    Wall::new(words.0, TimeZone::get(zone.as_deref().unwrap_or("Europe/Paris")).unwrap_or(TimeZone::UTC))
}

pub(crate) async fn shell(
    cerebro: &Cerebro,
    signed: &Signed,
    words: Words,
    parts: &Parts,
    here: Place,
) -> Shell {
    let token = parts.extensions.get::<FormToken>().map(|token| token.0.clone()).unwrap_or_default();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let mut shell = Shell::signed_out(words, path, token);
    let op = signed.operation(cerebro.instance());
    let waiting = match op.permit(action::ReadQueue, signed.organisation).await {
        Ok(permit) => queue::count(&op, &permit, Escalation::Team).await.ok(),
        Err(_) => None,
    };
    let reach = Reach {
        queue: waiting,
        outgoing: may(signed, "outbox.list"),
        ledger: may(signed, "ledger.read"),
        register: may(signed, "register.read"),
        accounts: may(signed, "account.list"),
        calibration: may(signed, "controls.read"),
        controls: may(signed, "controls.read"),
        lists: may(signed, "list.read"),
    };
    shell.organisation =
        cerebro.organisation(signed.organisation).map(|known| known.name.clone()).unwrap_or_default();
    let roles: Vec<String> = signed.missions.iter().map(|mission| role(words, *mission)).collect();
    let now = cerebro.instance().now();
    shell.person = Some(Person::new(words, &signed.name, &roles.join(", "), now, signed.idle_until));
    shell.nav = shell::nav(words, reach, here);
    shell
}

pub(crate) fn role(words: Words, mission: Mission) -> String {
    words.t(match mission {
        Mission::Operator => "role-operator",
        Mission::Connector => "role-connector",
        Mission::Arbiter => "role-arbiter",
        Mission::Custodian => "role-custodian",
        Mission::Supervisor => "role-supervisor",
        Mission::Auditor => "role-auditor",
        Mission::Administrator => "role-administrator",
        Mission::Registrar => "role-registrar",
    })
}

impl From<Infallible> for Mishap {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl From<Denied> for Mishap {
    fn from(error: Denied) -> Self {
        match error {
            Denied::NotAllowed { .. } | Denied::StepUp { .. } | Denied::Inactive => Self::NotAllowed,
            Denied::Store(error) => OperationError::Store(error).into(),
        }
    }
}

impl From<OperationError> for Mishap {
    fn from(error: OperationError) -> Self {
        match error {
            OperationError::Denied(denied) => denied.into(),
            error => {
                let unrecorded = error.is_storage();
                tracing::error!(%error, "a page or an act failed");
                if unrecorded { Self::Unrecorded } else { Self::Failed }
            }
        }
    }
}

impl From<ReviewError> for Mishap {
    fn from(error: ReviewError) -> Self {
        match error {
            ReviewError::NotFound => Self::NotFound,
            ReviewError::Transition(_) => Self::AlreadyDecided,
            ReviewError::SeenOther => Self::SeenOther,
            ReviewError::OwnMessage => Self::OwnMessage,
            ReviewError::SignatureNeeded | ReviewError::Signature => Self::Unsigned,
            ReviewError::SameHands(_) => Self::SameHands,
            ReviewError::FollowsWaiting | ReviewError::FollowsStopped => Self::Follows,
            ReviewError::Guarded => Self::Guarded,
            ReviewError::NotEscalated
            | ReviewError::AlreadyEscalated
            | ReviewError::NotGuarded
            | ReviewError::Circumstance => Self::WrongStage,
            ReviewError::Operation(error) => error.into(),
        }
    }
}

impl From<ProveError> for Mishap {
    fn from(error: ProveError) -> Self {
        match error {
            ProveError::NotFound => Self::NotFound,
            ProveError::NotSealed => Self::NotSealed,
            ProveError::Operation(error) => error.into(),
        }
    }
}
