//! Every route: method, path, what it needs, what answers. Read it like a table of contents.
//!
//! Nothing is served that is not a line of [`ROUTES`]: handlers are bound by an exhaustive match on [`Endpoint`], the
//! guard of each route takes its rule from the line itself, and a snapshot shows the whole table, with the routes that
//! need nothing apart.

mod controls;
mod guarded;
mod lists;
mod route;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::cookies;
use crate::forms::{Form, local_path};
use crate::guard::{Door, guard, nowhere};
use crate::{assets, headers};

pub use controls::Controls;
pub use guarded::Guarded;
pub use lists::Lists;
pub use route::{Needs, Route, Why};

use Endpoint as E;
use Needs::{Action, Nothing, Session};
use Why::{Alive, Asset, Link, Public};
use route::{get, joined, length, post};

/// The table: every line of it.
pub const ROUTES: &[Route] = &joined::<{ length(FILES) }>(FILES);

/// The files of the table, in the order of its lines.
const FILES: &[&[Route]] = &[OWN, controls::ROUTES, lists::ROUTES, guarded::ROUTES];

const OWN: &[Route] = &[
    get("/", Session, E::Home),
    get("/sign-in", Nothing(Why::SignIn), E::SignInPage),
    post("/sign-in", Nothing(Why::SignIn), E::SignIn),
    get("/sign-in/code", Nothing(Why::SignIn), E::SecondFactorPage),
    post("/sign-in/code", Nothing(Why::SignIn), E::SecondFactor),
    post("/sign-in/key", Nothing(Why::SignIn), E::SignInKey),
    get("/sign-in/mail", Nothing(Why::SignIn), E::MailCodePage),
    post("/sign-in/mail", Nothing(Why::SignIn), E::MailCode),
    get("/sign-in/backup", Nothing(Why::SignIn), E::BackupCodePage),
    post("/sign-in/backup", Nothing(Why::SignIn), E::BackupCode),
    get("/forgotten", Nothing(Public), E::ForgottenPage),
    post("/forgotten", Nothing(Public), E::Forgotten),
    get("/account-request", Nothing(Public), E::AskPage),
    post("/account-request", Nothing(Public), E::Ask),
    get("/account/{link}", Nothing(Link), E::AccountLinkPage),
    post("/account/{link}", Nothing(Link), E::AccountLink),
    get("/accounts", Action("account.list"), E::Accounts),
    get("/accounts/requests", Action("account.list"), E::AccountRequests),
    get("/accounts/arrivals", Action("account.list"), E::Arrivals),
    post("/accounts/arrivals/{arrival}", Action("arrival.decide"), E::DecideArrival),
    get("/accounts/{account}/sessions", Action("account.list"), E::AccountSessions),
    post("/accounts/{account}/sessions/end", Action("session.revoke"), E::RevokeSessions),
    get("/accounts/invite", Action("account.invite"), E::InvitePage),
    post("/accounts/invite", Action("account.invite"), E::Invite),
    get("/accounts/{account}", Action("account.list"), E::Account),
    get("/accounts/{account}/approve", Action("account.approve"), E::ApproveAccountPage),
    post("/accounts/{account}/approve", Action("account.approve"), E::ApproveAccount),
    post("/accounts/{account}/refuse", Action("account.refuse"), E::RefuseAccount),
    get("/session", Session, E::SessionLeft).idle(),
    post("/session/stay", Session, E::Stay),
    get("/accounts/{account}/suspend", Action("account.suspend"), E::SuspendPage),
    post("/accounts/{account}/suspend", Action("account.suspend"), E::Suspend),
    get("/accounts/{account}/reinstate", Action("account.reinstate"), E::ReinstatePage),
    post("/accounts/{account}/reinstate", Action("account.reinstate"), E::Reinstate),
    get("/accounts/{account}/close", Action("account.close"), E::ClosePage),
    post("/accounts/{account}/close", Action("account.close"), E::Close),
    get("/accounts/{account}/compromised", Action("password.suspect"), E::CompromisePage),
    post("/accounts/{account}/compromised", Action("password.suspect"), E::Compromise),
    get("/security/password", Action("password.change"), E::PasswordPage),
    post("/security/password", Action("password.change"), E::Password),
    get("/security/compromised", Action("password.suspect_own"), E::OwnCompromisePage),
    post("/security/compromised", Action("password.suspect_own"), E::OwnCompromise),
    get("/accounts/{account}/missions", Action("mission.grant"), E::GrantPage),
    post("/accounts/{account}/missions", Action("mission.grant"), E::Grant),
    get("/missions/{grant}/withdraw", Action("mission.withdraw"), E::WithdrawMissionPage),
    post("/missions/{grant}/withdraw", Action("mission.withdraw"), E::WithdrawMission),
    get("/break-glass", Action("account.list"), E::BreakGlass),
    get("/break-glass/{glass}/review", Action("glass.review"), E::GlassReviewPage),
    post("/break-glass/{glass}/review", Action("glass.review"), E::GlassReview),
    get("/services", Action("account.list"), E::Services),
    post("/services", Action("service.create"), E::MakeService),
    get("/services/{account}/token", Action("token.renew"), E::RenewTokenPage),
    post("/services/{account}/token", Action("token.renew"), E::RenewToken),
    get("/tokens/{token}/end", Action("token.end"), E::EndTokenPage),
    post("/tokens/{token}/end", Action("token.end"), E::EndToken),
    get("/access-review", Action("account.list"), E::AccessReview),
    get("/access-review/{grant}/keep", Action("right.review"), E::KeepRightPage),
    post("/access-review/{grant}/keep", Action("right.review"), E::KeepRight),
    get("/access-review/{grant}/end", Action("right.review"), E::EndRightPage),
    post("/access-review/{grant}/end", Action("right.review"), E::EndRight),
    get("/policy", Action("policy.read"), E::Policy),
    get("/policy/change", Action("policy.change"), E::PolicyChangePage),
    post("/policy/change", Action("policy.change"), E::PolicyChange),
    get("/changes", Action("account.list"), E::Changes),
    get("/changes/{change}", Action("account.list"), E::Change),
    get("/changes/{change}/approve", Action("change.approve"), E::ApproveChangePage),
    post("/changes/{change}/approve", Action("change.approve"), E::ApproveChange),
    post("/changes/{change}/refuse", Action("change.refuse"), E::RefuseChange),
    post("/sign-out", Session, E::SignOut),
    get("/step-up", Action("session.prove"), E::StepUpPage),
    post("/step-up", Action("session.prove"), E::StepUp),
    post("/step-up/key", Action("session.prove"), E::StepUpKey),
    get("/security", Action("account.own"), E::Security),
    get("/security/sessions", Action("account.own"), E::Sessions),
    post("/security/sessions/end-others", Action("session.end_others"), E::EndOtherSessions),
    post("/security/sessions/{session}/end", Action("session.end"), E::EndSession),
    get("/security/app", Action("authenticator.enrol"), E::TotpPage),
    post("/security/app", Action("authenticator.enrol"), E::Totp),
    get("/security/key", Action("authenticator.enrol"), E::KeyPage),
    post("/security/key", Action("authenticator.enrol"), E::Key),
    post("/security/codes", Action("authenticator.codes"), E::Codes),
    post("/security/postpone", Action("authenticator.postpone"), E::Postpone),
    get("/security/factors/{authenticator}/remove", Action("authenticator.remove"), E::RemoveFactorPage),
    post("/security/factors/{authenticator}/remove", Action("authenticator.remove"), E::RemoveFactor),
    post("/language", Nothing(Public), E::Language),
    get("/queue", Action("hold.list"), E::Queue),
    get("/queue/rows", Action("hold.list"), E::QueueRows).idle(),
    get("/holds/{hold}", Action("hold.read"), E::Hold),
    get("/holds/{hold}/release", Action("hold.release"), E::ReleasePage),
    post("/holds/{hold}/release", Action("hold.release"), E::Release),
    get("/holds/{hold}/reject", Action("hold.reject"), E::RejectPage),
    post("/holds/{hold}/reject", Action("hold.reject"), E::Reject),
    get("/holds/{hold}/escalate", Action("hold.escalate"), E::EscalatePage),
    post("/holds/{hold}/escalate", Action("hold.escalate"), E::Escalate),
    get("/holds/{hold}/rule/{ruling}", Action("hold.arbitrate"), E::RulePage),
    post("/holds/{hold}/rule/{ruling}", Action("hold.arbitrate"), E::Rule),
    get("/holds/{hold}/overrule/{ruling}", Action("hold.overrule"), E::OverrulePage),
    post("/holds/{hold}/overrule/{ruling}", Action("hold.overrule"), E::Overrule),
    get("/decisions", Action("hold.list"), E::Decisions),
    get("/outgoing", Action("outbox.list"), E::Outgoing),
    post("/outgoing/pause", Action("relay.pause"), E::Pause),
    post("/outgoing/resume", Action("relay.pause"), E::Resume),
    post("/outgoing/{outbox}/retry", Action("outbox.retry"), E::Retry),
    get("/outgoing/{outbox}/withdraw", Action("outbox.withdraw"), E::WithdrawDeliveryPage),
    post("/outgoing/{outbox}/withdraw", Action("outbox.withdraw"), E::WithdrawDelivery),
    get("/calibration", Action("controls.read"), E::Calibrations),
    post("/calibration/count", Action("calibration.measure"), E::CountScores),
    get("/calibration/{score}", Action("controls.read"), E::Calibration),
    post("/calibration/{score}", Action("calibration.propose"), E::ProposeCalibration),
    post("/calibrations/{calibration}/sign", Action("calibration.sign"), E::SignCalibration),
    post("/calibrations/{calibration}/drop", Action("calibration.drop"), E::DropCalibration),
    get("/register", Action("register.read"), E::Register),
    post("/register/export", Action("register.export"), E::ExportRegister),
    get("/messages", Action("message.own"), E::OwnMessages),
    get("/ledger", Action("ledger.read"), E::Ledger),
    get("/ledger/checkpoint", Action("ledger.read"), E::Checkpoint),
    get("/ledger/entries/{index}", Action("ledger.read"), E::Proof),
    get("/ledger/entries/{index}/proof", Action("ledger.read"), E::ProofFile),
    get("/notices/{link}", Nothing(Link), E::LinkPage),
    post("/notices/{link}/justify", Nothing(Link), E::Justify),
    post("/notices/{link}/withdraw", Nothing(Link), E::Withdraw),
    get("/assets/{hash}/{name}", Nothing(Asset), E::Asset),
    get("/health", Nothing(Alive), E::Health).idle(),
];

/// What answers a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// The first page of the person's missions.
    Home,
    /// Address and password: the form.
    SignInPage,
    /// Address and password.
    SignIn,
    /// The second factor: the form.
    SecondFactorPage,
    /// The second factor.
    SecondFactor,
    /// A code sent by mail: the form.
    MailCodePage,
    /// A code sent by mail.
    MailCode,
    /// Sign-ins that wait for an administrator.
    Arrivals,
    /// One of them is answered.
    DecideArrival,
    /// One's own sessions.
    Sessions,
    /// One of one's own sessions is ended.
    EndSession,
    /// All others of one's own are ended.
    EndOtherSessions,
    /// Somebody's sessions.
    AccountSessions,
    /// Somebody's sessions are ended.
    RevokeSessions,
    /// Until when the session lasts.
    SessionLeft,
    /// Somebody is still there.
    Stay,
    /// A security key, at sign-in.
    SignInKey,
    /// A security key, for presence.
    StepUpKey,
    /// A security key is added: the question.
    KeyPage,
    /// A security key is added.
    Key,
    /// Asking for an account: the form.
    AskPage,
    /// Asking for an account.
    Ask,
    /// A password is set by a link: the form.
    AccountLinkPage,
    /// A password is set by a link.
    AccountLink,
    /// Every account.
    Accounts,
    /// What was asked for.
    AccountRequests,
    /// A colleague is invited: the form.
    InvitePage,
    /// A colleague is invited.
    Invite,
    /// One account.
    Account,
    /// A request, before it is approved.
    ApproveAccountPage,
    /// A request is approved.
    ApproveAccount,
    /// A request is turned down.
    RefuseAccount,
    /// An account is suspended: the form.
    SuspendPage,
    /// An account is suspended.
    Suspend,
    /// An account works again: the form.
    ReinstatePage,
    /// An account works again.
    Reinstate,
    /// An account is closed for good: the form.
    ClosePage,
    /// An account is closed for good.
    Close,
    /// Every time the glass was broken.
    BreakGlass,
    /// One of them is reviewed: the form.
    GlassReviewPage,
    /// One of them is reviewed.
    GlassReview,
    /// Named services and their tokens.
    Services,
    /// A service is made.
    MakeService,
    /// A service gets a new token: the form.
    RenewTokenPage,
    /// A service gets a new token.
    RenewToken,
    /// A token is ended: the form.
    EndTokenPage,
    /// A token is ended.
    EndToken,
    /// The quarter's review of access.
    AccessReview,
    /// A right of it, before it is kept.
    KeepRightPage,
    /// A right of it is kept.
    KeepRight,
    /// A right of it is ended: the form.
    EndRightPage,
    /// A right of it is ended.
    EndRight,
    /// The settings that decide who comes in.
    Policy,
    /// They are changed: the form.
    PolicyChangePage,
    /// They are changed.
    PolicyChange,
    /// One's own password is changed: the form.
    PasswordPage,
    /// One's own password is changed.
    Password,
    /// A password was forgotten: the form.
    ForgottenPage,
    /// A password was forgotten.
    Forgotten,
    /// One's own password may be known: the form.
    OwnCompromisePage,
    /// One's own password may be known.
    OwnCompromise,
    /// Somebody's password may be known: the form.
    CompromisePage,
    /// Somebody's password may be known.
    Compromise,
    /// A mission is given: the form.
    GrantPage,
    /// A mission is given.
    Grant,
    /// A mission is withdrawn: the form.
    WithdrawMissionPage,
    /// A mission is withdrawn.
    WithdrawMission,
    /// Changes that wait for a second administrator.
    Changes,
    /// One of them.
    Change,
    /// One of them, before a second administrator agrees.
    ApproveChangePage,
    /// A second administrator agrees.
    ApproveChange,
    /// A change is turned down.
    RefuseChange,
    /// A backup code: the form.
    BackupCodePage,
    /// A backup code.
    BackupCode,
    /// Presence again: the form.
    StepUpPage,
    /// Presence again.
    StepUp,
    /// One's own authenticators and sessions.
    Security,
    /// An authenticator app is added: the secret.
    TotpPage,
    /// An authenticator app is added.
    Totp,
    /// New backup codes.
    Codes,
    /// The question of a second factor is put off.
    Postpone,
    /// A second factor is removed: the form.
    RemoveFactorPage,
    /// A second factor is removed.
    RemoveFactor,
    /// The end of the session.
    SignOut,
    /// The other language.
    Language,
    /// What waits.
    Queue,
    /// What waits, without its frame.
    QueueRows,
    /// A held message.
    Hold,
    /// Let it go: the form.
    ReleasePage,
    /// Let it go.
    Release,
    /// Refuse it: the form.
    RejectPage,
    /// Refuse it.
    Reject,
    /// Hand it to the arbiters: the form.
    EscalatePage,
    /// Hand it to the arbiters.
    Escalate,
    /// An arbiter's ruling: the form.
    RulePage,
    /// An arbiter's ruling.
    Rule,
    /// An override: the form.
    OverrulePage,
    /// An override.
    Overrule,
    /// What was decided.
    Decisions,
    /// What waits to leave.
    Outgoing,
    /// What leaves is stopped.
    Pause,
    /// What was stopped goes on.
    Resume,
    /// A message is tried at once.
    Retry,
    /// A message is taken out: the form.
    WithdrawDeliveryPage,
    /// A message is taken out.
    WithdrawDelivery,
    /// From which score on controls may hold: every score.
    Calibrations,
    /// Scores are counted.
    CountScores,
    /// One score and its curve.
    Calibration,
    /// A threshold is proposed for it.
    ProposeCalibration,
    /// A second person signs it.
    SignCalibration,
    /// It is turned down.
    DropCalibration,
    /// Why messages were held.
    Register,
    /// That is taken out.
    ExportRegister,
    /// One's own messages that were held.
    OwnMessages,
    /// The ledger.
    Ledger,
    /// The latest signed checkpoint, as text.
    Checkpoint,
    /// The proof of an entry.
    Proof,
    /// The proof of an entry, as a C2SP file.
    ProofFile,
    /// The sender's page.
    LinkPage,
    /// The sender says why.
    Justify,
    /// The sender takes it back.
    Withdraw,
    /// A style sheet, a script, the icons.
    Asset,
    /// Controls and past flows read again.
    Controls(controls::Controls),
    /// Lists, the client file, examples, and what of them waits.
    Lists(lists::Lists),
    /// Private and protected mail.
    Guarded(guarded::Guarded),
    /// The process answers.
    Health,
}

/// Puts the table together: every route behind its guard, every answer with its headers. `bind` gives the handler of
/// each endpoint this crate does not answer by itself, for the method of its line.
pub fn assemble<S>(
    door: Arc<Door>,
    state: S,
    bind: impl Fn(Endpoint, MethodFilter) -> MethodRouter<S>,
) -> Router
where
    S: Clone + Send + Sync + 'static,
{
    let mut router = Router::new();
    for route in ROUTES {
        let handler = match route.endpoint {
            E::Asset => on(route.filter(), assets::serve),
            E::Health => on(route.filter(), health),
            E::Language => on(route.filter(), language),
            other => bind(other, route.filter()),
        };
        router =
            router.route(route.path, handler.layer(from_fn_with_state((Arc::clone(&door), route), guard)));
    }
    router
        .fallback(move |headers: HeaderMap| {
            let door = Arc::clone(&door);
            async move { nowhere(&door, &headers) }
        })
        .layer(map_response(headers::secure))
        .with_state(state)
}

/// Sends the browser elsewhere after a form; a page that was asked for by script goes there whole.
#[must_use]
pub fn go(headers: &HeaderMap, to: &str) -> Response {
    if headers.contains_key("hx-request")
        && let Ok(to) = HeaderValue::from_str(to)
    {
        return (StatusCode::OK, [("hx-redirect", to)]).into_response();
    }
    Redirect::to(to).into_response()
}

/// Puts a cookie on an answer.
#[must_use]
pub fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

async fn health() -> &'static str {
    "ok\n"
}

async fn language(headers: HeaderMap, form: Form) -> Response {
    let locale = form.text("locale").parse().unwrap_or_else(|_| cookies::language(&headers));
    with_cookie(go(&headers, local_path(form.text("next"))), cookies::speak(locale))
}

#[cfg(test)]
mod tests;
