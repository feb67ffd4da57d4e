//! Open sessions: one's own, somebody's for an administrator, and staying in one's own.

use access::{Assurance, action};
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use operations::accounts::look;
use operations::accounts::sessions::{self, EndError, SessionLine};
use vocabulary::{AccountId, SessionId};

use super::show::Visitor;
use crate::forms::Form;
use crate::pages::error::Mishap;
use crate::pages::render;
use crate::pages::sessions::{SessionRow, SessionsPage};
use crate::pages::shell::Place;
use crate::router::go;

/// One's own.
pub(super) async fn page(visitor: Visitor) -> Response {
    let permit = match visitor.op.permit(action::ReadOwnAccount, visitor.signed.account).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    match sessions::own(&visitor.op, &permit).await {
        Ok(lines) => {
            let end = |line: &SessionLine| format!("/security/sessions/{}/end", line.id);
            let rows = lines.iter().map(|line| row(&visitor, line, end(line))).collect();
            let all = "/security/sessions/end-others".to_owned();
            show(&visitor, None, rows, all, lines.len() > 1, Place::Elsewhere).await
        }
        Err(error) => visitor.failed(error).await,
    }
}

/// Somebody's.
pub(super) async fn of_account(visitor: Visitor, Path(id): Path<String>) -> Response {
    let Ok(id) = id.parse::<AccountId>() else { return visitor.mishap(Mishap::NotFound).await };
    let permit = match visitor.op.permit(action::ReadAccounts, visitor.signed.organisation).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let name = match look::look(&visitor.op, &permit, id).await {
        Ok(Some(subject)) => subject.name,
        Ok(None) => return visitor.mishap(Mishap::NotFound).await,
        Err(error) => return visitor.failed(error).await,
    };
    match sessions::of(&visitor.op, &permit, id).await {
        Ok(lines) => {
            let may = super::gate::may(&visitor.signed, "session.revoke");
            let all = format!("/accounts/{id}/sessions/end");
            let end = if may { all.clone() } else { String::new() };
            let rows = lines.iter().map(|line| row(&visitor, line, end.clone())).collect();
            show(&visitor, Some((id, name)), rows, all, may && !lines.is_empty(), Place::Accounts).await
        }
        Err(error) => visitor.failed(error).await,
    }
}

fn row(visitor: &Visitor, line: &SessionLine, end: String) -> SessionRow {
    let (w, wall, now) = (visitor.words, visitor.wall(), visitor.op.now());
    let known = |text: &str| if text.is_empty() { w.t("unknown") } else { text.to_owned() };
    SessionRow {
        id: line.id.to_string(),
        is_this: line.is_this,
        agent: known(&line.agent),
        network: known(&line.network),
        proved: w.t(match line.assurance {
            Assurance::Enrolment => "proved-enrolment",
            Assurance::Password => "proved-password",
            Assurance::TwoFactor => "proved-two",
        }),
        since: wall.moment(now, line.since),
        seen: wall.moment(now, line.seen),
        end,
    }
}

async fn show(
    visitor: &Visitor,
    of: Option<(AccountId, String)>,
    rows: Vec<SessionRow>,
    end_all: String,
    may_end_all: bool,
    here: Place,
) -> Response {
    let (back, name) = match of {
        Some((id, name)) => (format!("/accounts/{id}"), Some(name)),
        None => ("/security".to_owned(), None),
    };
    let s = visitor.shell(here).await;
    render(StatusCode::OK, &SessionsPage { s, name, back, rows, end_all: may_end_all.then_some(end_all) })
}

/// Ends one of one's own.
pub(super) async fn end(visitor: Visitor, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let Ok(id) = id.parse::<SessionId>() else { return visitor.mishap(Mishap::NotFound).await };
    let permit = match visitor.op.permit(action::SignOut, id).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    match sessions::end_own(&visitor.op, permit).await {
        Ok(()) => go(&headers, "/security/sessions"),
        Err(error) => visitor.failed(error).await,
    }
}

/// Ends all of one's own but this one.
pub(super) async fn end_others(visitor: Visitor, headers: HeaderMap) -> Response {
    let permit = match visitor.op.permit(action::EndOtherSessions, visitor.signed.account).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    match sessions::end_others(&visitor.op, permit).await {
        Ok(_) => go(&headers, "/security/sessions"),
        Err(error) => visitor.failed(error).await,
    }
}

/// An administrator ends one of somebody's, or all of them.
pub(super) async fn revoke(
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
    form: Form,
) -> Response {
    let Ok(account) = id.parse::<AccountId>() else { return visitor.mishap(Mishap::NotFound).await };
    let one = match form.get("session").map(str::parse::<SessionId>).transpose() {
        Ok(one) => one,
        Err(_) => return visitor.mishap(Mishap::NotFound).await,
    };
    let permit = match visitor.op.permit(action::RevokeSessions, account).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    match sessions::revoke(&visitor.op, permit, one).await {
        Ok(()) => go(&headers, &format!("/accounts/{account}/sessions")),
        Err(error) => visitor.failed(error).await,
    }
}

/// "I am still here": the gate has moved the idle clock already, as for any act. Says until when, milliseconds since
/// 1970. What was typed in the page stays there.
pub(super) async fn stay(visitor: Visitor) -> Response {
    until(&visitor)
}

/// Until when the session lasts, without moving its clock: another page of the same browser may have moved it.
pub(super) async fn left(visitor: Visitor) -> Response {
    until(&visitor)
}

fn until(visitor: &Visitor) -> Response {
    let until = (visitor.signed.idle_until.micros() / 1_000).to_string();
    ([(header::CONTENT_TYPE, "text/plain")], until).into_response()
}

impl From<EndError> for Mishap {
    fn from(error: EndError) -> Self {
        match error {
            EndError::NotFound => Self::NotFound,
            EndError::Operation(error) => error.into(),
        }
    }
}
