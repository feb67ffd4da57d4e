//! An account is suspended, reinstated or closed: a page that asks why, and the act.

use access::action;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use operations::accounts::look::{self, Subject};
use operations::accounts::standing::StandingError;
use operations::accounts::{close, reinstate, suspend};
use operations::organisation::Reason;
use vocabulary::AccountId;

use super::recorded;
use super::show::Visitor;
use crate::forms::Form;
use crate::i18n::Words;
use crate::pages::accounts::ReasonPage;
use crate::pages::error::Mishap;
use crate::pages::render;
use crate::pages::shell::Place;
use crate::router::go;

/// What is done to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// Stopped for now.
    Suspend,
    /// Works again.
    Reinstate,
    /// Stopped for good.
    Close,
}

impl Act {
    pub(super) const ALL: [Self; 3] = [Self::Suspend, Self::Reinstate, Self::Close];

    /// The last part of its address.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Reinstate => "reinstate",
            Self::Close => "close",
        }
    }

    /// Its line in the permission table.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Suspend => "account.suspend",
            Self::Reinstate => "account.reinstate",
            Self::Close => "account.close",
        }
    }

    /// What the account can be made to do.
    pub(super) const fn verb(self) -> identity::account::AccountVerb {
        use identity::account::AccountVerb as V;
        match self {
            Self::Suspend => V::Suspend,
            Self::Reinstate => V::Reinstate,
            Self::Close => V::Close,
        }
    }

    /// What its button says.
    pub(super) fn label(self, w: Words) -> String {
        w.t(match self {
            Self::Suspend => "account-suspend",
            Self::Reinstate => "account-reinstate",
            Self::Close => "account-close",
        })
    }

    fn text(self, w: Words) -> String {
        w.t(match self {
            Self::Suspend => "account-suspend-text",
            Self::Reinstate => "account-reinstate-text",
            Self::Close => "account-close-text",
        })
    }
}

/// The page that asks why.
pub(super) async fn page(visitor: Visitor, Path(id): Path<String>, act: Act) -> Response {
    show(&visitor, &id, act, String::new(), None).await
}

async fn show(visitor: &Visitor, id: &str, act: Act, reason: String, problem: Option<String>) -> Response {
    let subject = match find(visitor, id).await {
        Ok(subject) => subject,
        Err(mishap) => return visitor.mishap(mishap).await,
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = ReasonPage {
        title: act.label(visitor.words),
        about: subject.name,
        text: act.text(visitor.words),
        action: format!("/accounts/{id}/{}", act.path()),
        back: format!("/accounts/{id}"),
        verb: act.label(visitor.words),
        danger: act != Act::Reinstate,
        reason,
        problem,
        s: visitor.shell(Place::Accounts).await,
    };
    render(status, &page)
}

pub(super) async fn find(visitor: &Visitor, id: &str) -> Result<Subject, Mishap> {
    let id: AccountId = id.parse().map_err(|_| Mishap::NotFound)?;
    let permit = visitor.op.permit(action::ReadAccounts, visitor.signed.organisation).await?;
    look::look(&visitor.op, &permit, id).await?.ok_or(Mishap::NotFound)
}

/// The act.
pub(super) async fn act(
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
    form: Form,
    act: Act,
) -> Response {
    let w = visitor.words;
    let typed = form.text("reason").to_owned();
    let Ok(reason) = Reason::parse(&typed) else {
        return show(&visitor, &id, act, typed, Some(w.t("decide-give-reason"))).await;
    };
    let Ok(account) = id.parse::<AccountId>() else { return visitor.mishap(Mishap::NotFound).await };
    match perform(&visitor, account, act, reason).await {
        Ok(()) => go(&headers, &recorded::after(&format!("/accounts/{id}"), visitor.op.id())),
        Err(StandingError::NotFound) => visitor.mishap(Mishap::NotFound).await,
        Err(StandingError::LastAdministrator) => {
            show(&visitor, &id, act, typed, Some(w.t("account-last-administrator"))).await
        }
        Err(StandingError::Account(_) | StandingError::NotYours | StandingError::Key(_)) => {
            show(&visitor, &id, act, typed, Some(w.t("account-other-state"))).await
        }
        Err(StandingError::Operation(error)) => visitor.failed(error).await,
    }
}

async fn perform(
    visitor: &Visitor,
    account: AccountId,
    act: Act,
    reason: Reason,
) -> Result<(), StandingError> {
    let (op, cerebro) = (&visitor.op, &visitor.app.cerebro);
    let denied = |error| StandingError::Operation(access::OperationError::Denied(error));
    match act {
        Act::Suspend => {
            let permit = op.permit(action::SuspendAccount, account).await.map_err(denied)?;
            suspend::suspend(cerebro, op, permit, reason, None).await
        }
        Act::Reinstate => {
            let permit = op.permit(action::ReinstateAccount, account).await.map_err(denied)?;
            reinstate::reinstate(cerebro, op, permit, reason, None).await
        }
        Act::Close => {
            let permit = op.permit(action::CloseAccount, account).await.map_err(denied)?;
            close::close(cerebro, op, permit, reason, None).await
        }
    }
}
