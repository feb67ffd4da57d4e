//! Who comes in: the person behind the session's cookie, if their missions allow the route.

use access::{ActionName, Rule, table};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use futures::FutureExt;
use futures::future::BoxFuture;
use operations::Cerebro;
use operations::accounts::session::{self, Signed};

use super::show;
use crate::cookies;
use crate::guard::{FormToken, Gate};
use crate::i18n::Words;
use crate::pages::Shell;
use crate::pages::error::{ErrorPage, Mishap};
use crate::router::{Needs, Route};

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
            let allowed = match route.needs {
                Needs::Action(word) => may(&signed, word),
                _ => true,
            };
            if !allowed {
                let shell = show::shell(&self.cerebro, &signed, words, parts, show::here(route)).await;
                return Err(ErrorPage::answer(shell, Mishap::NotAllowed, None, ""));
            }
            parts.extensions.insert(signed);
            Ok(())
        }
        .boxed()
    }
}

impl MissionGate {
    async fn who(&self, route: &Route, parts: &Parts) -> Result<Signed, Response> {
        let token = cookies::get(&parts.headers, cookies::SESSION);
        let found = match token {
            Some(token) => session::behind(self.cerebro.instance(), token, route.activity).await,
            None => Ok(None),
        };
        match found {
            Ok(Some(signed)) => Ok(signed),
            Ok(None) if route.changes => Err(Redirect::to("/sign-in").into_response()),
            Ok(None) => {
                let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
                let next: String =
                    path.chars().filter(|c| c.is_ascii_alphanumeric() || "/_-.?=".contains(*c)).collect();
                Err(Redirect::to(&format!("/sign-in?next={next}")).into_response())
            }
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

/// Whether one of the missions allows an action, by its word.
pub(super) fn may(signed: &Signed, word: &str) -> bool {
    let Some(action) = ActionName::ALL.iter().copied().find(|action| action.word() == word) else {
        return false;
    };
    signed.missions.iter().any(|mission| table::mission(*mission, action) != Rule::No)
}
