//! Shows every page with invented data, over plain HTTP on the loopback, so that pictures of them can be taken and
//! their accessibility checked. Runs behind the same router, guard and headers as the console.
//!
//! `cargo run --example gallery -- 127.0.0.1:8480`, then `/gallery/NAME`; `GET /gallery` lists the names.

mod samples;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, on};
use console::csrf::Csrf;
use console::guard::{Door, Gate};
use console::i18n::Words;
use console::pages::render;
use console::router::{Controls, Endpoint, Lists, Route, assemble};
use futures::future::BoxFuture;
use vocabulary::SystemEntropy;
use vocabulary::entropy::random;

struct Open;

impl Gate for Open {
    fn admit<'a>(&'a self, _: &'static Route, _: &'a mut Parts) -> BoxFuture<'a, Result<(), Response>> {
        Box::pin(async { Ok(()) })
    }
}

type Sample = (&'static str, fn(Words) -> Response);

fn show<T: Template>(page: &T) -> Response {
    render(StatusCode::OK, page)
}

const SAMPLES: &[Sample] = &[
    ("sign-in", |w| show(&samples::sign_in(w))),
    ("sign-in-refused", |w| show(&samples::sign_in_refused(w))),
    ("second-factor", |w| show(&samples::second_factor(w))),
    ("second-factor-key", |w| show(&samples::second_factor_key(w))),
    ("queue", |w| show(&samples::queue(w))),
    ("queue-full", |w| show(&samples::queue_full(w))),
    ("queue-empty", |w| show(&samples::queue_empty(w))),
    ("queue-none-found", |w| show(&samples::queue_none_found(w))),
    ("message", |w| show(&samples::message(w))),
    ("message-full", |w| show(&samples::message_full(w))),
    ("message-escalated", |w| show(&samples::message_escalated(w))),
    ("message-decided", |w| show(&samples::message_decided(w))),
    ("message-guarded", |w| show(&samples::guarded::closed(w))),
    ("message-guarded-custodian", |w| show(&samples::guarded::closed_to_custodian(w))),
    ("message-guarded-opened", |w| show(&samples::guarded::opened(w))),
    ("guarded-open", |w| show(&samples::guarded::open(w))),
    ("guarded-open-wrong", |w| show(&samples::guarded::open_wrong(w))),
    ("link-private", |w| show(&samples::guarded::link(w))),
    ("decide", |w| show(&samples::decide(w))),
    ("decide-wrong", |w| show(&samples::decide_wrong(w))),
    ("escalate", |w| show(&samples::escalate(w))),
    ("rule", |w| show(&samples::rule(w))),
    ("overrule", |w| show(&samples::overrule(w))),
    ("decide-sign", |w| show(&samples::decide_sign(w))),
    ("decide-sign-wrong", |w| show(&samples::decide_sign_wrong(w))),
    ("decide-must-sign", |w| show(&samples::decide_must_sign(w))),
    ("decide-cannot-sign", |w| show(&samples::decide_cannot_sign(w))),
    ("decisions", |w| show(&samples::decisions(w))),
    ("decisions-empty", |w| show(&samples::decisions_empty(w))),
    ("register", |w| show(&samples::register::register(w))),
    ("register-empty", |w| show(&samples::register::register_empty(w))),
    ("own-messages", |w| show(&samples::register::own_messages(w))),
    ("own-messages-empty", |w| show(&samples::register::own_messages_empty(w))),
    ("ledger", |w| show(&samples::ledger(w))),
    ("proof", |w| show(&samples::proof(w))),
    ("error", |w| show(&samples::error(w))),
    ("link", |w| show(&samples::link(w))),
    ("security", |w| show(&samples::security(w))),
    ("security-owed", |w| show(&samples::security_owed(w))),
    ("totp", |w| show(&samples::totp(w))),
    ("sessions", |w| show(&samples::sessions(w))),
    ("arrivals", |w| show(&samples::arrivals(w))),
    ("mailed-code", |w| show(&samples::mailed_code(w))),
    ("key", |w| show(&samples::key(w))),
    ("codes", |w| show(&samples::codes(w))),
    ("remove-factor", |w| show(&samples::remove_factor(w))),
    ("step-up", |w| show(&samples::step_up(w))),
    ("backup-code", |w| show(&samples::backup_code(w))),
    ("accounts", |w| show(&samples::accounts(w))),
    ("account", |w| show(&samples::account(w))),
    ("access-review", |w| show(&samples::access_review(w))),
    ("break-glass", |w| show(&samples::break_glass(w))),
    ("services", |w| show(&samples::services(w))),
    ("services-wrong", |w| show(&samples::services_wrong(w))),
    ("token", |w| show(&samples::token(w))),
    ("policy", |w| show(&samples::policy(w))),
    ("policy-change", |w| show(&samples::policy_change(w))),
    ("change-security", |w| show(&samples::change_security(w))),
    ("calibrations", |w| show(&samples::calibrations(w))),
    ("calibrations-empty", |w| show(&samples::calibrations_empty(w))),
    ("calibration", |w| show(&samples::calibration(w))),
    ("calibration-refused", |w| show(&samples::calibration_refused(w))),
    ("password", |w| show(&samples::password(w))),
    ("forgotten", |w| show(&samples::forgotten(w))),
    ("account-missions", |w| show(&samples::account_missions(w))),
    ("grant", |w| show(&samples::grant(w))),
    ("changes", |w| show(&samples::changes(w))),
    ("change", |w| show(&samples::change(w))),
    ("suspend", |w| show(&samples::suspend(w))),
    ("account-requests", |w| show(&samples::account_requests(w))),
    ("invite", |w| show(&samples::invite(w))),
    ("account-request", |w| show(&samples::account_request(w))),
    ("account-link", |w| show(&samples::account_link(w))),
    ("link-done", |w| show(&samples::link_done(w))),
    ("outgoing", |w| show(&samples::outgoing(w))),
    ("outgoing-empty", |w| show(&samples::outgoing_empty(w))),
    ("outgoing-withdraw", |w| show(&samples::outgoing_withdraw(w))),
    ("controls", |w| show(&samples::controls::controls(w))),
    ("controls-empty", |w| show(&samples::controls::controls_empty(w))),
    ("control-set", |w| show(&samples::controls::control_set(w))),
    ("control", |w| show(&samples::controls::control(w))),
    ("control-change", |w| show(&samples::controls::control_change(w))),
    ("control-copy", |w| show(&samples::controls::control_copy(w))),
    ("control-new", |w| show(&samples::controls::control_new(w))),
    ("controls-upload", |w| show(&samples::controls::controls_upload(w))),
    ("control-publish", |w| show(&samples::controls::control_publish(w))),
    ("rehearsal", |w| show(&samples::controls::rehearsal_page(w))),
    ("rehearsal-empty", |w| show(&samples::controls::rehearsal_empty(w))),
    ("replay", |w| show(&samples::controls::replay(w))),
    ("replay-done", |w| show(&samples::controls::replay_done(w))),
    ("lists", |w| show(&samples::lists::lists(w))),
    ("lists-empty", |w| show(&samples::lists::lists_empty(w))),
    ("list", |w| show(&samples::lists::list(w))),
    ("list-encrypted", |w| show(&samples::lists::list_encrypted(w))),
    ("list-labels", |w| show(&samples::lists::list_labels(w))),
    ("list-none-found", |w| show(&samples::lists::list_none_found(w))),
    ("list-change", |w| show(&samples::lists::list_change(w))),
    ("proposal", |w| show(&samples::lists::proposal(w))),
    ("proposal-encrypted", |w| show(&samples::lists::proposal_encrypted(w))),
    ("proposal-clients", |w| show(&samples::lists::proposal_clients(w))),
    ("proposal-refused", |w| show(&samples::lists::proposal_refused(w))),
    ("examples", |w| show(&samples::lists::examples(w))),
    ("examples-empty", |w| show(&samples::lists::examples_empty(w))),
    ("example", |w| show(&samples::lists::example(w))),
    ("example-new", |w| show(&samples::lists::example_new(w))),
    ("control-set-full", |w| show(&samples::controls::control_set_full(w))),
    ("rehearsal-full", |w| show(&samples::controls::rehearsal_full(w))),
];

/// What a route of the console shows here.
fn stand_in(endpoint: Endpoint) -> fn(Words) -> Response {
    match endpoint {
        Endpoint::SignInPage | Endpoint::SignIn => |w| show(&samples::sign_in(w)),
        Endpoint::SecondFactorPage | Endpoint::SecondFactor | Endpoint::SignInKey => {
            |w| show(&samples::second_factor(w))
        }
        Endpoint::Accounts => |w| show(&samples::accounts(w)),
        Endpoint::Account | Endpoint::ApproveAccountPage => |w| show(&samples::account(w)),
        Endpoint::AccessReview
        | Endpoint::KeepRightPage
        | Endpoint::KeepRight
        | Endpoint::EndRightPage
        | Endpoint::EndRight => |w| show(&samples::access_review(w)),
        Endpoint::BreakGlass | Endpoint::GlassReviewPage | Endpoint::GlassReview => {
            |w| show(&samples::break_glass(w))
        }
        Endpoint::Services | Endpoint::EndTokenPage | Endpoint::EndToken => |w| show(&samples::services(w)),
        Endpoint::MakeService | Endpoint::RenewToken => |w| show(&samples::token(w)),
        Endpoint::Policy => |w| show(&samples::policy(w)),
        Endpoint::PolicyChangePage | Endpoint::PolicyChange => |w| show(&samples::policy_change(w)),
        Endpoint::Calibrations | Endpoint::CountScores => |w| show(&samples::calibrations(w)),
        Endpoint::Calibration
        | Endpoint::ProposeCalibration
        | Endpoint::SignCalibration
        | Endpoint::DropCalibration => |w| show(&samples::calibration(w)),
        Endpoint::PasswordPage | Endpoint::Password => |w| show(&samples::password(w)),
        Endpoint::ForgottenPage | Endpoint::Forgotten => |w| show(&samples::forgotten(w)),
        Endpoint::GrantPage | Endpoint::Grant => |w| show(&samples::grant(w)),
        Endpoint::Changes => |w| show(&samples::changes(w)),
        Endpoint::Change | Endpoint::ApproveChangePage => |w| show(&samples::change(w)),
        Endpoint::SuspendPage | Endpoint::ReinstatePage | Endpoint::ClosePage => {
            |w| show(&samples::suspend(w))
        }
        Endpoint::AccountRequests => |w| show(&samples::account_requests(w)),
        Endpoint::InvitePage | Endpoint::Invite => |w| show(&samples::invite(w)),
        Endpoint::AskPage | Endpoint::Ask => |w| show(&samples::account_request(w)),
        Endpoint::AccountLinkPage | Endpoint::AccountLink => |w| show(&samples::account_link(w)),
        Endpoint::BackupCodePage | Endpoint::BackupCode => |w| show(&samples::backup_code(w)),
        Endpoint::Security | Endpoint::Postpone => |w| show(&samples::security(w)),
        Endpoint::TotpPage | Endpoint::Totp => |w| show(&samples::totp(w)),
        Endpoint::KeyPage | Endpoint::Key => |w| show(&samples::key(w)),
        Endpoint::Sessions | Endpoint::EndSession | Endpoint::AccountSessions => {
            |w| show(&samples::sessions(w))
        }
        Endpoint::Arrivals | Endpoint::DecideArrival => |w| show(&samples::arrivals(w)),
        Endpoint::MailCodePage | Endpoint::MailCode => |w| show(&samples::mailed_code(w)),
        Endpoint::Codes => |w| show(&samples::codes(w)),
        Endpoint::RemoveFactorPage | Endpoint::RemoveFactor => |w| show(&samples::remove_factor(w)),
        Endpoint::StepUpPage | Endpoint::StepUp | Endpoint::StepUpKey => |w| show(&samples::step_up(w)),
        Endpoint::QueueRows => |w| show(&samples::queue_rows(w)),
        Endpoint::Hold => |w| show(&samples::message(w)),
        Endpoint::ReleasePage | Endpoint::RejectPage => |w| show(&samples::decide(w)),
        Endpoint::EscalatePage => |w| show(&samples::escalate(w)),
        Endpoint::RulePage => |w| show(&samples::rule(w)),
        Endpoint::OverrulePage => |w| show(&samples::overrule(w)),
        Endpoint::Decisions => |w| show(&samples::decisions(w)),
        Endpoint::Outgoing | Endpoint::Pause | Endpoint::Resume | Endpoint::Retry => {
            |w| show(&samples::outgoing(w))
        }
        Endpoint::WithdrawDeliveryPage | Endpoint::WithdrawDelivery => {
            |w| show(&samples::outgoing_withdraw(w))
        }
        Endpoint::Controls(endpoint) => controls_stand_in(endpoint),
        Endpoint::Lists(endpoint) => lists_stand_in(endpoint),
        Endpoint::Register | Endpoint::ExportRegister => |w| show(&samples::register::register(w)),
        Endpoint::OwnMessages => |w| show(&samples::register::own_messages(w)),
        Endpoint::Ledger => |w| show(&samples::ledger(w)),
        Endpoint::Proof => |w| show(&samples::proof(w)),
        Endpoint::LinkPage | Endpoint::Justify => |w| show(&samples::link(w)),
        Endpoint::Withdraw => |w| show(&samples::link_done(w)),
        _ => |w| show(&samples::queue(w)),
    }
}

/// What a route of control sets shows here.
fn controls_stand_in(endpoint: Controls) -> fn(Words) -> Response {
    use samples::controls as pages;
    match endpoint {
        Controls::InForce => |w| show(&pages::control_set_full(w)),
        Controls::Set => |w| show(&pages::control_set(w)),
        Controls::InForceControl | Controls::SetControl => |w| show(&pages::control(w)),
        Controls::ChangePage => |w| show(&pages::control_change(w)),
        Controls::UploadPage => |w| show(&pages::controls_upload(w)),
        Controls::PublishPage => |w| show(&pages::control_publish(w)),
        Controls::Rehearsal => |w| show(&pages::rehearsal_page(w)),
        Controls::Replay => |w| show(&pages::replay(w)),
        Controls::Progress => |w| show(&pages::replay(w).running.unwrap_or_else(|| unreachable!())),
        _ => |w| show(&pages::controls(w)),
    }
}

/// What a route of lists shows here.
fn lists_stand_in(endpoint: Lists) -> fn(Words) -> Response {
    use samples::lists as pages;
    match endpoint {
        Lists::All => |w| show(&pages::lists(w)),
        Lists::One => |w| show(&pages::list(w)),
        Lists::ChangePage | Lists::Change => |w| show(&pages::list_change(w)),
        Lists::Proposal | Lists::AgreePage | Lists::Agree => |w| show(&pages::proposal(w)),
        Lists::Refuse => |w| show(&pages::proposal_refused(w)),
        Lists::Examples | Lists::Try => |w| show(&pages::examples(w)),
        Lists::NewExample | Lists::DefineExample => |w| show(&pages::example_new(w)),
        Lists::Example | Lists::ChangeExample | Lists::DropExample => |w| show(&pages::example(w)),
    }
}

async fn sample(Path(name): Path<String>, w: Words) -> Response {
    match SAMPLES.iter().find(|(known, _)| *known == name) {
        Some((_, page)) => page(w),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8480".to_owned());
    let entropy = Arc::new(SystemEntropy::default());
    let door = Door { csrf: Csrf::with_key(&random(&*entropy)).plain_http(), gate: Arc::new(Open), entropy };
    let console = assemble(Arc::new(door), (), |endpoint, method| {
        let page = stand_in(endpoint);
        on(method, async move |w: Words| page(w))
    });
    let names: String = SAMPLES.iter().map(|(name, _)| format!("{name}\n")).collect();
    let gallery =
        Router::new().route("/gallery", get(async move || names)).route("/gallery/{name}", get(sample));
    let gallery = gallery.layer(axum::middleware::map_response(console::headers::secure)).merge(console);
    let listener = tokio::net::TcpListener::bind(&address).await?;
    axum::serve(listener, gallery).await
}
