//! Missions of an account: shown with their use, given, withdrawn.

use access::{Mission, action};
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use jiff::civil::Date;
use operations::accounts::look::{self, Subject};
use operations::accounts::standing::StandingError;
use operations::changes::propose::ProposeError;
use operations::missions::grant::{self, Gift, Given, GrantError};
use operations::missions::list::{self, Held};
use operations::missions::withdraw;
use operations::organisation::Reason;
use vocabulary::{AccountId, GrantId, Timestamp};

use super::gate::may;
use super::recorded;
use super::show::{Visitor, role};
use crate::format::Wall;
use crate::forms::Form;
use crate::i18n::Words;
use crate::pages::accounts::ReasonPage;
use crate::pages::error::Mishap;
use crate::pages::missions::{GrantDraft, GrantPage, MissionRow};
use crate::pages::render;
use crate::pages::shell::Place;
use crate::router::go;

/// The missions of an account, as its page shows them.
pub(super) async fn rows(visitor: &Visitor, account: AccountId) -> Result<Vec<MissionRow>, Mishap> {
    let permit = visitor.op.permit(action::ReadAccounts, visitor.signed.organisation).await?;
    let held = list::list(&visitor.op, &permit, account).await?;
    let mut rows = Vec::with_capacity(held.len());
    for one in held {
        let by = match one.given_by {
            Some(by) => super::accounts::name_of(visitor, by).await,
            None => visitor.words.t("mission-by-console"),
        };
        rows.push(row(visitor, &one, by));
    }
    Ok(rows)
}

fn row(visitor: &Visitor, one: &Held, by: String) -> MissionRow {
    let (w, wall, now) = (visitor.words, visitor.wall(), visitor.op.now());
    let stands = one.stands(now);
    let over = one.ended.or(one.until).map(|at| wall.moment(now, at)).unwrap_or_default();
    MissionRow {
        mission: role(w, one.mission),
        period: match one.until {
            _ if !stands => w.with("mission-over", "when", over),
            _ if one.suspended.is_some() => {
                let since = one.suspended.map(|at| wall.moment(now, at)).unwrap_or_default();
                w.with("mission-suspended", "when", since)
            }
            Some(until) => w.with("mission-until", "when", wall.moment(now, until)),
            None if one.from > now => w.with("mission-from", "when", wall.moment(now, one.from)),
            None => w.with("mission-since", "when", wall.moment(now, one.from)),
        },
        by,
        reason: if one.end_reason.is_empty() { one.reason.clone() } else { one.end_reason.clone() },
        used: one.used.map(|at| wall.day(now, at)),
        stands,
        withdraw: (stands && may(&visitor.signed, "mission.withdraw"))
            .then(|| format!("/missions/{}/withdraw", one.id)),
    }
}

async fn find(visitor: &Visitor, id: &str) -> Result<Subject, Mishap> {
    let id: AccountId = id.parse().map_err(|_| Mishap::NotFound)?;
    let permit = visitor.op.permit(action::ReadAccounts, visitor.signed.organisation).await?;
    look::look(&visitor.op, &permit, id).await?.ok_or(Mishap::NotFound)
}

/// A mission is given: the form.
pub(super) async fn grant_page(visitor: Visitor, Path(id): Path<String>) -> Response {
    show(&visitor, &id, GrantDraft::default(), None).await
}

async fn show(
    visitor: &Visitor,
    id: &str,
    draft: GrantDraft,
    problem: Option<(&'static str, String)>,
) -> Response {
    let subject = match find(visitor, id).await {
        Ok(subject) => subject,
        Err(mishap) => return visitor.mishap(mishap).await,
    };
    let w = visitor.words;
    let is_service = subject.email.is_none();
    let missions = Mission::ALL
        .iter()
        .filter(|mission| mission.is_of_services() == is_service)
        .map(|mission| (mission.word().to_owned(), role(w, *mission)))
        .collect();
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = GrantPage {
        about: subject.name,
        action: format!("/accounts/{id}/missions"),
        back: format!("/accounts/{id}"),
        missions,
        draft,
        problem,
        s: visitor.shell(Place::Accounts).await,
    };
    render(status, &page)
}

/// A mission is given, or waits for a second administrator.
pub(super) async fn grant(
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
    form: Form,
) -> Response {
    let w = visitor.words;
    let draft = GrantDraft {
        mission: form.text("mission").to_owned(),
        from: form.text("from").to_owned(),
        until: form.text("until").to_owned(),
        reason: form.text("reason").to_owned(),
    };
    let gift = match read(&visitor, &draft) {
        Ok(gift) => gift,
        Err((field, key)) => return show(&visitor, &id, draft, Some((field, w.t(key)))).await,
    };
    let Ok(account) = id.parse::<AccountId>() else { return visitor.mishap(Mishap::NotFound).await };
    let permit = match visitor.op.permit(action::GrantMission, account).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    match grant::grant(&visitor.app.cerebro, &visitor.op, permit, gift, None).await {
        Ok(Given::Now) => go(&headers, &recorded::after(&format!("/accounts/{id}"), visitor.op.id())),
        Ok(Given::Waits(change)) => {
            go(&headers, &recorded::after(&format!("/changes/{change}"), visitor.op.id()))
        }
        Err(GrantError::NotFound) => visitor.mishap(Mishap::NotFound).await,
        Err(GrantError::Operation(error)) => visitor.failed(error).await,
        Err(error) => {
            let problem = trouble(w, &error);
            show(&visitor, &id, draft, Some(problem)).await
        }
    }
}

fn read(visitor: &Visitor, draft: &GrantDraft) -> Result<Gift, (&'static str, &'static str)> {
    let mission = draft.mission.parse().map_err(|_| ("mission", "mission-choose"))?;
    let reason = Reason::parse(&draft.reason).map_err(|_| ("reason", "decide-give-reason"))?;
    let wall = visitor.wall();
    let from = match draft.from.as_str() {
        "" => Some(visitor.op.now()),
        text => day(&wall, text, 0),
    };
    let from = from.ok_or(("from", "mission-date-wrong"))?;
    let until = match draft.until.as_str() {
        "" => None,
        // The last day is whole.
        text => Some(day(&wall, text, 1).ok_or(("until", "mission-date-wrong"))?),
    };
    Ok(Gift { mission, from, until, reason })
}

/// The beginning of a day in the organisation's time zone, some days later.
fn day(wall: &Wall, text: &str, later: i64) -> Option<Timestamp> {
    let date: Date = text.parse().ok()?;
    let date = date.checked_add(jiff::Span::new().days(later)).ok()?;
    let zoned = date.to_zoned_datetime(wall.zone.clone()).ok()?;
    Some(Timestamp::from_micros(zoned.timestamp().as_microsecond()))
}

/// What is wrong with a gift: the field and a text.
pub(super) fn trouble(w: Words, error: &GrantError) -> (&'static str, String) {
    match error {
        GrantError::SamePerson(_) => ("mission", w.t("mission-same-person")),
        GrantError::WrongKind => ("mission", w.t("mission-wrong-kind")),
        GrantError::Period => ("until", w.t("mission-period")),
        GrantError::AlreadyHeld => ("mission", w.t("mission-held")),
        GrantError::TooMany => ("mission", w.t("mission-too-many")),
        GrantError::Propose(error) => ("mission", propose_trouble(w, *error)),
        GrantError::NotActive
        | GrantError::NotFound
        | GrantError::NotByService
        | GrantError::Key(_)
        | GrantError::Operation(_) => ("mission", w.t("account-other-state")),
    }
}

/// Why a change cannot even be asked for.
pub(super) fn propose_trouble(w: Words, error: ProposeError) -> String {
    w.t(match error {
        ProposeError::Waits => "change-waits",
        ProposeError::TooMany => "change-too-many",
    })
}

/// A mission is withdrawn: the form.
pub(super) async fn withdraw_page(visitor: Visitor, Path(id): Path<String>) -> Response {
    show_withdraw(&visitor, &id, String::new(), None).await
}

async fn show_withdraw(visitor: &Visitor, id: &str, reason: String, problem: Option<String>) -> Response {
    let (account, mission) = match held(visitor, id).await {
        Ok(found) => found,
        Err(mishap) => return visitor.mishap(mishap).await,
    };
    let w = visitor.words;
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = ReasonPage {
        title: w.with("mission-withdraw-one", "mission", role(w, mission)),
        about: super::accounts::name_of(visitor, account).await,
        text: w.t("mission-withdraw-text"),
        action: format!("/missions/{id}/withdraw"),
        back: format!("/accounts/{account}"),
        verb: w.t("mission-withdraw"),
        danger: true,
        reason,
        problem,
        s: visitor.shell(Place::Accounts).await,
    };
    render(status, &page)
}

/// Who holds a mission, and which, before it is taken from them.
pub(super) async fn held(visitor: &Visitor, grant: &str) -> Result<(AccountId, Mission), Mishap> {
    let grant: GrantId = grant.parse().map_err(|_| Mishap::NotFound)?;
    let permit = visitor.op.permit(action::ReadAccounts, visitor.signed.organisation).await?;
    list::one(&visitor.op, &permit, grant).await?.ok_or(Mishap::NotFound)
}

/// A mission is withdrawn.
pub(super) async fn withdraw(
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
    form: Form,
) -> Response {
    let w = visitor.words;
    let typed = form.text("reason").to_owned();
    let Ok(reason) = Reason::parse(&typed) else {
        return show_withdraw(&visitor, &id, typed, Some(w.t("decide-give-reason"))).await;
    };
    let Ok(grant) = id.parse::<GrantId>() else { return visitor.mishap(Mishap::NotFound).await };
    let permit = match visitor.op.permit(action::WithdrawMission, grant).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    match withdraw::withdraw(&visitor.app.cerebro, &visitor.op, permit, reason, None).await {
        Ok(account) => go(&headers, &recorded::after(&format!("/accounts/{account}"), visitor.op.id())),
        Err(StandingError::LastAdministrator) => {
            show_withdraw(&visitor, &id, typed, Some(w.t("account-last-administrator"))).await
        }
        Err(
            StandingError::NotFound
            | StandingError::Account(_)
            | StandingError::NotYours
            | StandingError::Key(_),
        ) => visitor.mishap(Mishap::NotFound).await,
        Err(StandingError::Operation(error)) => visitor.failed(error).await,
    }
}
