//! Joins the pages to the verbs: who comes in, which handler answers, how an error becomes a page.

mod access_review;
mod accounts;
mod answered;
mod arrivals;
mod arrive;
mod break_glass;
mod calibration;
mod changes;
mod controls;
mod decide;
mod entry;
mod gate;
mod guarded;
mod held;
mod key;
mod known;
mod ledger;
mod link;
mod lists;
mod missions;
mod outgoing;
mod password;
mod policy;
mod queue;
mod recipients;
mod recorded;
mod register;
mod register_file;
mod security;
mod services;
mod sessions;
mod show;
mod standing;
mod step_up;

use std::sync::Arc;

use access::OperationError;
use axum::Router;
use axum::routing::{MethodFilter, MethodRouter, on};
use identity::password::PasswordHasher;
use operations::Cerebro;

use self::standing::Act as Standing;

use crate::csrf::Csrf;
use crate::guard::Door;
use crate::pages::decide::Act;
use crate::router::{Endpoint as E, assemble};
use crate::{api, headers};

/// What handlers share.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) cerebro: Cerebro,
    pub(crate) hasher: PasswordHasher,
}

/// The secret of the key store that the tokens of forms are made with.
const FORMS_KEY: &str = "console-forms";

/// The whole console: pages and API, every answer with its headers. Nodes that share a key store stand behind one name:
/// each accepts the forms that another showed.
///
/// # Errors
/// The key store cannot be used.
pub fn app(cerebro: Cerebro, hasher: PasswordHasher) -> Result<Router, OperationError> {
    let instance = cerebro.instance();
    let door = Arc::new(Door {
        csrf: Csrf::with_key(instance.secret_or_new(FORMS_KEY)?.expose()),
        gate: Arc::new(gate::MissionGate { cerebro: cerebro.clone() }),
        entropy: instance.shared_entropy(),
    });
    let state = App { cerebro: cerebro.clone(), hasher };
    let api = api::router(cerebro).layer(axum::middleware::map_response(headers::secure));
    // The pages answer whatever is not the API's, their own "not found" included.
    let pages = assemble(door, state, bind);
    Ok(Router::new().nest_service("/api", prefixed(api)).fallback_service(pages))
}

/// `nest_service` takes the prefix away; the API's routes carry it, so that they read whole.
fn prefixed(api: Router) -> Router {
    Router::new().fallback_service(tower::util::MapRequest::new(
        api,
        |mut request: axum::extract::Request| {
            let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
            if let Ok(uri) = format!("/api{path}").parse() {
                *request.uri_mut() = uri;
            }
            request
        },
    ))
}

fn bind(endpoint: E, filter: MethodFilter) -> MethodRouter<App> {
    match endpoint {
        E::Home => on(filter, entry::home),
        E::SignInPage => on(filter, entry::sign_in_page),
        E::SignIn => on(filter, entry::sign_in),
        E::SecondFactorPage => on(filter, entry::second_factor_page),
        E::SecondFactor => on(filter, entry::second_factor),
        E::MailCodePage => on(filter, arrivals::code_page),
        E::MailCode => on(filter, arrivals::code),
        E::Arrivals => on(filter, arrivals::page),
        E::DecideArrival => on(filter, arrivals::decide),
        E::Sessions => on(filter, sessions::page),
        E::EndSession => on(filter, sessions::end),
        E::EndOtherSessions => on(filter, sessions::end_others),
        E::AccountSessions => on(filter, sessions::of_account),
        E::RevokeSessions => on(filter, sessions::revoke),
        E::SessionLeft => on(filter, sessions::left),
        E::Stay => on(filter, sessions::stay),
        E::SignInKey => on(filter, entry::security_key),
        E::BackupCodePage => on(filter, entry::backup_page),
        E::BackupCode => on(filter, entry::backup_code),
        E::AskPage => on(filter, arrive::ask_page),
        E::Ask => on(filter, arrive::ask),
        E::AccountLinkPage => on(filter, arrive::link_page),
        E::AccountLink => on(filter, arrive::link),
        E::Accounts => on(filter, accounts::page),
        E::AccountRequests => on(filter, accounts::requests),
        E::InvitePage => on(filter, accounts::invite_page),
        E::Invite => on(filter, accounts::invite),
        E::Account => on(filter, accounts::account),
        E::ApproveAccountPage => on(filter, accounts::approve_page),
        E::ApproveAccount => on(filter, accounts::approve),
        E::RefuseAccount => on(filter, accounts::refuse),
        E::AccessReview => on(filter, access_review::page),
        E::KeepRightPage => on(filter, access_review::keep_page),
        E::KeepRight => on(filter, access_review::keep),
        E::EndRightPage => on(filter, access_review::end_page),
        E::EndRight => on(filter, access_review::end),
        E::BreakGlass => on(filter, break_glass::page),
        E::GlassReviewPage => on(filter, break_glass::review_page),
        E::GlassReview => on(filter, break_glass::review),
        E::Services => on(filter, services::page),
        E::MakeService => on(filter, services::make),
        E::RenewTokenPage => on(filter, services::renew_page),
        E::RenewToken => on(filter, services::renew),
        E::EndTokenPage => on(filter, services::end_page),
        E::EndToken => on(filter, services::end),
        E::Policy => on(filter, policy::page),
        E::PolicyChangePage => on(filter, policy::change_page),
        E::PolicyChange => on(filter, policy::change),
        E::PasswordPage => on(filter, password::page),
        E::Password => on(filter, password::change),
        E::ForgottenPage => on(filter, password::forgotten_page),
        E::Forgotten => on(filter, password::forgotten),
        E::OwnCompromisePage => on(filter, password::own_page),
        E::OwnCompromise => on(filter, password::own),
        E::CompromisePage => on(filter, password::other_page),
        E::Compromise => on(filter, password::other),
        E::GrantPage => on(filter, missions::grant_page),
        E::Grant => on(filter, missions::grant),
        E::WithdrawMissionPage => on(filter, missions::withdraw_page),
        E::WithdrawMission => on(filter, missions::withdraw),
        E::Changes => on(filter, changes::page),
        E::Change | E::ApproveChangePage => on(filter, changes::one),
        E::ApproveChange => on(filter, changes::approve),
        E::RefuseChange => on(filter, changes::refuse),
        E::Calibrations => on(filter, calibration::page),
        E::CountScores => on(filter, calibration::count),
        E::Calibration => on(filter, calibration::one),
        E::ProposeCalibration => on(filter, calibration::propose),
        E::SignCalibration => on(filter, calibration::sign),
        E::DropCalibration => on(filter, calibration::drop),
        E::SuspendPage => on(filter, |who, id| standing::page(who, id, Standing::Suspend)),
        E::Suspend => on(filter, |who, head, id, form| standing::act(who, head, id, form, Standing::Suspend)),
        E::ReinstatePage => on(filter, |who, id| standing::page(who, id, Standing::Reinstate)),
        E::Reinstate => {
            on(filter, |who, head, id, form| standing::act(who, head, id, form, Standing::Reinstate))
        }
        E::ClosePage => on(filter, |who, id| standing::page(who, id, Standing::Close)),
        E::Close => on(filter, |who, head, id, form| standing::act(who, head, id, form, Standing::Close)),
        E::SignOut => on(filter, entry::sign_out),
        E::StepUpPage => on(filter, step_up::page),
        E::StepUp => on(filter, step_up::prove),
        E::StepUpKey => on(filter, step_up::prove_by_key),
        E::Security => on(filter, security::page),
        E::TotpPage => on(filter, security::totp_page),
        E::Totp => on(filter, security::totp),
        E::KeyPage => on(filter, key::page),
        E::Key => on(filter, key::enrol),
        E::Codes => on(filter, security::codes),
        E::Postpone => on(filter, security::postpone),
        E::RemoveFactorPage => on(filter, security::remove_page),
        E::RemoveFactor => on(filter, security::remove),
        E::Queue => on(filter, queue::page),
        E::QueueRows => on(filter, queue::rows),
        E::Hold => on(filter, held::page),
        E::ReleasePage => on(filter, |ask: decide::Ask| decide::form(ask, Act::Release)),
        E::Release => on(filter, |ask: decide::Ask, form| decide::decide(ask, form, Act::Release)),
        E::RejectPage => on(filter, |ask: decide::Ask| decide::form(ask, Act::Reject)),
        E::Reject => on(filter, |ask: decide::Ask, form| decide::decide(ask, form, Act::Reject)),
        E::EscalatePage => on(filter, |ask: decide::Ask| decide::form(ask, Act::Escalate)),
        E::Escalate => on(filter, |ask: decide::Ask, form| decide::decide(ask, form, Act::Escalate)),
        E::RulePage => on(filter, decide::rule_form),
        E::Rule => on(filter, decide::rule),
        E::OverrulePage => on(filter, decide::overrule_form),
        E::Overrule => on(filter, decide::overrule),
        E::Decisions => on(filter, queue::decisions),
        E::Outgoing => on(filter, outgoing::page),
        E::Pause => on(filter, outgoing::pause),
        E::Resume => on(filter, outgoing::resume),
        E::Retry => on(filter, outgoing::retry),
        E::WithdrawDeliveryPage => on(filter, outgoing::withdraw_page),
        E::WithdrawDelivery => on(filter, outgoing::withdraw),
        E::Register => on(filter, register::page),
        E::ExportRegister => on(filter, register::take_out),
        E::OwnMessages => on(filter, register::own),
        E::Ledger => on(filter, ledger::page),
        E::Checkpoint => on(filter, ledger::checkpoint),
        E::Proof => on(filter, ledger::proof),
        E::ProofFile => on(filter, ledger::proof_file),
        E::LinkPage => on(filter, link::page),
        E::Justify => on(filter, link::justify),
        E::Withdraw => on(filter, link::withdraw),
        E::Controls(endpoint) => controls::bind(endpoint, filter),
        E::Lists(endpoint) => lists::bind(endpoint, filter),
        E::Guarded(endpoint) => guarded::bind(endpoint, filter),
        // The router answers these by itself.
        E::Asset | E::Health | E::Language => MethodRouter::new(),
    }
}
