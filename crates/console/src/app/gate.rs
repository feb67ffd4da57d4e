//! Who comes in: the person behind the session's cookie, if their missions allow the route.

use std::net::SocketAddr;

use access::{ActionName, OperationError, Rule, table};
use axum::extract::{ConnectInfo, Extension};
use axum::http::request::Parts;
use axum::response::Response;
use futures::FutureExt;
use futures::future::BoxFuture;
use operations::Cerebro;
use operations::accounts::session::{self, Signed};
use operations::accounts::theft;
use operations::missions::usage;

use super::entry::place;
use super::show;
use crate::cookies;
use crate::guard::{FormToken, Gate};
use crate::i18n::Words;
use crate::pages::Shell;
use crate::pages::error::{ErrorPage, Mishap};
use crate::router::{Needs, ROUTES, Route, go};

/// Lets people in by session and mission. The verbs ask again, inside their writes.
pub(super) struct MissionGate {
    pub(super) cerebro: Cerebro,
}

impl Gate for MissionGate {
    fn admit<'a>(
        &'a self,
        route: &'static Route,
        parts: &'a mut Parts,
    ) -> BoxFuture<'a, Result<(), Response>> {
        async move {
            if matches!(route.needs, Needs::Nothing(_)) {
                return Ok(());
            }
            let signed = self.who(route, parts).await?;
            let spoken = cookies::get(&parts.headers, cookies::LANGUAGE).and_then(|tag| tag.parse().ok());
            let words = Words(spoken.unwrap_or(signed.locale));
            parts.extensions.insert(words);
            let rule = match route.needs {
                Needs::Action(word) => rule(&signed, word),
                _ => Rule::Yes,
            };
            if rule == Rule::StepUp && !signed.is_fresh(self.cerebro.instance().now()) {
                return Err(go(&parts.headers, &format!("/step-up?next={}", return_to(route, parts))));
            }
            // Nothing but enrolling: shown where, rather than told that something else is not allowed.
            if rule == Rule::No && signed.is_held_in_enrolment() && !route.changes {
                return Err(go(&parts.headers, "/security"));
            }
            if rule == Rule::No {
                let shell = show::shell(&self.cerebro, &signed, words, parts, show::here(route)).await;
                return Err(ErrorPage::answer(shell, Mishap::NotAllowed, None, ""));
            }
            if let Needs::Action(word) = route.needs
                && let Some(action) = named(word)
            {
                let op = signed.operation(self.cerebro.instance());
                usage::note(&self.cerebro, &op, &signed.missions, action).await;
            }
            parts.extensions.insert(signed);
            Ok(())
        }
        .boxed()
    }
}

impl MissionGate {
    /// Who is behind a session, unless another browser than its own shows it.
    async fn behind(
        &self,
        token: &str,
        route: &Route,
        parts: &Parts,
    ) -> Result<Option<Signed>, OperationError> {
        let found = session::behind(self.cerebro.instance(), token, route.activity).await?;
        let Some(signed) = found else { return Ok(None) };
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| Extension(*info));
        let place = place(&self.cerebro, &parts.headers, peer);
        Ok(if theft::ended(&self.cerebro, &signed, &place).await? { None } else { Some(signed) })
    }

    async fn who(&self, route: &Route, parts: &Parts) -> Result<Signed, Response> {
        let token = cookies::get(&parts.headers, cookies::SESSION);
        let found = match token {
            Some(token) => self.behind(token, route, parts).await,
            None => Ok(None),
        };
        match found {
            Ok(Some(signed)) => Ok(signed),
            Ok(None) if route.changes => Err(go(&parts.headers, "/sign-in")),
            Ok(None) => Err(go(&parts.headers, &format!("/sign-in?next={}", asked_for(parts)))),
            Err(error) => {
                tracing::error!(%error, "a session could not be checked, so nobody is signed in");
                let words = Words(cookies::language(&parts.headers));
                let token =
                    parts.extensions.get::<FormToken>().map(|token| token.0.clone()).unwrap_or_default();
                Err(ErrorPage::answer(Shell::signed_out(words, "/", token), Mishap::Failed, None, ""))
            }
        }
    }
}

/// The page asked for, in characters that may stand in an address.
fn asked_for(parts: &Parts) -> String {
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    path.chars().filter(|c| c.is_ascii_alphanumeric() || "/_-.?=".contains(*c)).collect()
}

/// The page to come back to once presence is proved: the form's own, or the person's.
fn return_to(route: &Route, parts: &Parts) -> String {
    let has_page = ROUTES.iter().any(|other| !other.changes && other.path == route.path);
    if has_page { asked_for(parts) } else { "/security".to_owned() }
}

/// Whether a person may do something now, by the action's word.
pub(super) fn may(signed: &Signed, word: &str) -> bool {
    rule(signed, word) != Rule::No
}

fn rule(signed: &Signed, word: &str) -> Rule {
    let Some(action) = named(word) else { return Rule::No };
    if signed.is_held_in_enrolment() {
        return table::enrolment(action);
    }
    let held = signed.missions.iter().map(|mission| table::mission(*mission, action));
    held.chain([table::everyone(action)]).max().unwrap_or(Rule::No)
}

fn named(word: &str) -> Option<ActionName> {
    ActionName::ALL.iter().copied().find(|action| action.word() == word)
}
