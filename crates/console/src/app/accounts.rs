//! Accounts, as administrators see them: the list and its coverage, one account, requests and their answers.

use access::{Mission, action};
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use identity::AccountState;
use identity::account::AccountError;
use identity::nominative::NotNominative;
use operations::accounts::approve::{self, ApproveError};
use operations::accounts::figures::Figures;
use operations::accounts::invite::{self, Invitation, InviteError};
use operations::accounts::list::{self, AccountLine, Which};
use operations::accounts::look::{self, Subject};
use operations::accounts::refuse;
use operations::organisation::Reason;
use operations::{access_reviews, break_glass, changes};
use vocabulary::{AccountId, EmailAddress, bounds};

use super::answered::{self, Trouble};
use super::gate::may;
use super::missions;
use super::show::{Visitor, role};
use super::standing::Act;
use crate::forms::Form;
use crate::i18n::Words;
use crate::pages::accounts::{
    AccountPage, AccountRow, AccountsPage, Answer, Draft, InvitePage, RequestRow, RequestsPage, standing,
};
use crate::pages::error::Mishap;
use crate::pages::render;
use crate::pages::shell::Place;
use crate::router::go;

/// The list.
pub(super) async fn page(visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    let asked = |name: &str| {
        let pairs = query.as_deref().unwrap_or_default().split('&');
        pairs
            .filter_map(|pair| pair.split_once('='))
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    };
    let which = if asked("show") == Some("uncovered") { Which::Uncovered } else { Which::All };
    let number: u32 = asked("page").and_then(|text| text.parse().ok()).unwrap_or(0).min(100_000);
    let permit = match visitor.op.permit(action::ReadAccounts, visitor.signed.organisation).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let found = match list::list(&visitor.op, &permit, which, number).await {
        Ok(found) => found,
        Err(error) => return visitor.failed(error).await,
    };
    let changes = match changes::list::waiting(&visitor.op, &permit).await {
        Ok(changes) => changes,
        Err(error) => return visitor.failed(error).await,
    };
    let glass = match break_glass::list::unreviewed(&visitor.op, &permit).await {
        Ok(glass) => glass,
        Err(error) => return visitor.failed(error).await,
    };
    let review = match access_reviews::list::current(&visitor.op, &permit).await {
        Ok(review) => review,
        Err(error) => return visitor.failed(error).await,
    };
    let show = if which == Which::Uncovered { "show=uncovered&" } else { "" };
    let to = |page: u32| format!("/accounts?{show}page={page}");
    let Figures { coverage, waiting, administrators } = found.figures;
    let page = AccountsPage {
        covered: (coverage.covered, coverage.people),
        must: (coverage.must_covered, coverage.must),
        waiting,
        changes,
        glass,
        review: review.map(|review| (review.left, review.is_late(visitor.op.now()))),
        few: (administrators < bounds::ADMINISTRATORS_ADVISED).then_some(administrators),
        uncovered: which == Which::Uncovered,
        rows: found.lines.iter().map(|line| row(&visitor, line)).collect(),
        before: number.checked_sub(1).map(to),
        after: found.more.then(|| to(number + 1)),
        may_invite: may(&visitor.signed, "account.invite"),
        s: visitor.shell(Place::Accounts).await,
    };
    render(StatusCode::OK, &page)
}

fn row(visitor: &Visitor, line: &AccountLine) -> AccountRow {
    let w = visitor.words;
    let owed = line.must_have_factor() && line.factors == 0 && line.state == AccountState::Active;
    AccountRow {
        href: format!("/accounts/{}", line.id),
        name: line.name.clone(),
        email: if line.is_service { w.t("account-service") } else { line.email.clone() },
        chip: standing(line.state, w),
        missions: roles(w, &line.missions),
        factor: match line.factors {
            _ if line.is_service => w.t("factor-service"),
            0 if owed => w.t("factor-none-owed"),
            0 => w.t("factor-none-yet"),
            count => w.n("factor-count", count),
        },
        owed,
        seen: line.seen_at.map(|at| visitor.wall().moment(visitor.op.now(), at)),
    }
}

fn roles(w: Words, missions: &[Mission]) -> String {
    missions.iter().map(|mission| role(w, *mission)).collect::<Vec<_>>().join(", ")
}

/// What was asked for.
pub(super) async fn requests(visitor: Visitor) -> Response {
    let permit = match visitor.op.permit(action::ReadAccounts, visitor.signed.organisation).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let found = match look::requests(&visitor.op, &permit).await {
        Ok(found) => found,
        Err(error) => return visitor.failed(error).await,
    };
    let (wall, now) = (visitor.wall(), visitor.op.now());
    let mut rows = Vec::with_capacity(found.len());
    for subject in found {
        rows.push(RequestRow {
            href: format!("/accounts/{}", subject.id),
            by: asked_by(&visitor, &subject).await,
            email: subject.email.map(|email| email.to_string()).unwrap_or_default(),
            name: subject.name,
            reason: subject.reason,
            since: wall.moment(now, subject.created_at),
            until: subject.request_until.map(|until| wall.day(now, until)).unwrap_or_default(),
        });
    }
    let s = visitor.shell(Place::Accounts).await;
    render(StatusCode::OK, &RequestsPage { s, rows })
}

async fn asked_by(visitor: &Visitor, subject: &Subject) -> String {
    let Some(by) = subject.requested_by else {
        // Whom nobody approved either was made at the machine: the first administrators, a way in when none could come.
        let at_the_machine = subject.approved_by.is_none() && subject.state != AccountState::Requested;
        return visitor.words.t(if at_the_machine { "mission-by-console" } else { "asked-by-holder" });
    };
    name_of(visitor, by).await
}

pub(super) async fn name_of(visitor: &Visitor, account: AccountId) -> String {
    let Ok(permit) = visitor.op.permit(action::ReadAccounts, visitor.signed.organisation).await else {
        return String::new();
    };
    let found = look::look(&visitor.op, &permit, account).await;
    found.ok().flatten().map(|subject| subject.name).unwrap_or_default()
}

/// One account.
pub(super) async fn account(visitor: Visitor, Path(id): Path<String>) -> Response {
    show(&visitor, &id, StatusCode::OK, None).await
}

async fn show(visitor: &Visitor, id: &str, status: StatusCode, problem: Option<String>) -> Response {
    let Ok(id) = id.parse::<AccountId>() else { return visitor.mishap(Mishap::NotFound).await };
    let permit = match visitor.op.permit(action::ReadAccounts, visitor.signed.organisation).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let subject = match look::look(&visitor.op, &permit, id).await {
        Ok(Some(subject)) => subject,
        Ok(None) => return visitor.mishap(Mishap::NotFound).await,
        Err(error) => return visitor.failed(error).await,
    };
    let (w, wall, now) = (visitor.words, visitor.wall(), visitor.op.now());
    let mut facts = vec![(
        w.t("sign-in-email"),
        subject.email.as_ref().map_or_else(|| w.t("account-service"), ToString::to_string),
    )];
    facts.push((w.t("col-since"), wall.moment(now, subject.created_at)));
    facts.push((w.t("account-asked-by"), asked_by(visitor, &subject).await));
    if let Some(by) = subject.approved_by {
        facts.push((w.t("account-approved-by"), name_of(visitor, by).await));
    }
    if !subject.missions.is_empty() {
        facts.push((w.t("account-missions-asked"), roles(w, &subject.missions)));
    }
    if subject.sensitive {
        facts.push((w.t("account-sensitive"), w.t("account-sensitive-text")));
    }
    let waits = subject.state == AccountState::Requested && may(&visitor.signed, "account.approve");
    let missions = match missions::rows(visitor, id).await {
        Ok(rows) => rows,
        Err(mishap) => return visitor.mishap(mishap).await,
    };
    let gives = subject.state == AccountState::Active && may(&visitor.signed, "mission.grant");
    let suspects = subject.state == AccountState::Active
        && subject.email.is_some()
        && may(&visitor.signed, "password.suspect");
    let verbs = subject.verbs();
    let acts = Act::ALL
        .into_iter()
        .filter(|act| verbs.contains(&act.verb()) && may(&visitor.signed, act.word()))
        .map(|act| (format!("/accounts/{id}/{}", act.path()), act.label(w)))
        .chain(suspects.then(|| (format!("/accounts/{id}/compromised"), w.t("compromised"))))
        .collect();
    let page = AccountPage {
        acts,
        missions,
        give: gives.then(|| format!("/accounts/{id}/missions")),
        name: subject.name,
        chip: standing(subject.state, w),
        facts,
        reason: subject.reason,
        exception: subject.exception,
        answer: waits.then(|| Answer {
            approve: format!("/accounts/{id}/approve"),
            refuse: format!("/accounts/{id}/refuse"),
        }),
        problem,
        s: visitor.shell(Place::Accounts).await,
    };
    render(status, &page)
}

/// A request, before it is approved: the page whose form asked for a fresh proof comes back here.
pub(super) async fn approve_page(visitor: Visitor, Path(id): Path<String>) -> Response {
    show(&visitor, &id, StatusCode::OK, None).await
}

/// A request is approved.
pub(super) async fn approve(visitor: Visitor, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let Ok(account) = id.parse::<AccountId>() else { return visitor.mishap(Mishap::NotFound).await };
    let permit = match visitor.op.permit(action::ApproveAccount, account).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let done = approve::approve(&visitor.app.cerebro, &visitor.op, permit).await;
    answered(&visitor, &headers, &id, done).await
}

/// A request is turned down.
pub(super) async fn refuse(visitor: Visitor, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let Ok(account) = id.parse::<AccountId>() else { return visitor.mishap(Mishap::NotFound).await };
    let permit = match visitor.op.permit(action::RefuseAccount, account).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let done = refuse::refuse(&visitor.op, permit).await;
    answered(&visitor, &headers, &id, done).await
}

async fn answered(
    visitor: &Visitor,
    headers: &HeaderMap,
    id: &str,
    done: Result<(), ApproveError>,
) -> Response {
    let w = visitor.words;
    let done = done.map_err(|error| match error {
        ApproveError::NotFound => Trouble::NotFound,
        ApproveError::Operation(error) => Trouble::Failed(error),
        ApproveError::Account(AccountError::SelfApproval) => {
            Trouble::Says(StatusCode::FORBIDDEN, w.t("account-self-approval"))
        }
        ApproveError::Account(_) => Trouble::Says(StatusCode::CONFLICT, w.t("account-answered")),
    });
    match answered::answered(visitor, headers, "/accounts/requests", done).await {
        Ok(answer) => answer,
        Err((status, problem)) => show(visitor, id, status, Some(problem)).await,
    }
}

/// A colleague is invited: the form.
pub(super) async fn invite_page(visitor: Visitor) -> Response {
    show_invite(&visitor, Draft::default(), None, false).await
}

async fn show_invite(
    visitor: &Visitor,
    draft: Draft,
    problem: Option<(&'static str, String)>,
    exception: bool,
) -> Response {
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let missions =
        offered().map(|mission| (mission.word().to_owned(), role(visitor.words, mission))).collect();
    let s = visitor.shell(Place::Accounts).await;
    render(status, &InvitePage { s, draft, missions, problem, exception })
}

/// The missions an invitation can name: those of people, without those that two grant afterwards.
fn offered() -> impl Iterator<Item = Mission> {
    Mission::ALL.iter().copied().filter(|mission| !mission.is_given_by_two())
}

/// A colleague is invited.
pub(super) async fn invite(visitor: Visitor, headers: HeaderMap, form: Form) -> Response {
    let w = visitor.words;
    let draft = Draft {
        name: form.text("name").to_owned(),
        email: form.text("email").to_owned(),
        reason: form.text("reason").to_owned(),
        exception: form.text("exception").to_owned(),
    };
    let Ok(email) = EmailAddress::parse(draft.email.trim()) else {
        return show_invite(&visitor, draft, Some(("email", w.t("person-email-wrong"))), false).await;
    };
    let Ok(reason) = Reason::parse(&draft.reason) else {
        return show_invite(&visitor, draft, Some(("reason", w.t("decide-give-reason"))), false).await;
    };
    let invitation = Invitation {
        name: draft.name.clone(),
        email,
        locale: w.0,
        missions: offered().filter(|one| form.text(&format!("mission-{one}")) == "yes").collect(),
        sensitive: form.text("sensitive") == "yes",
        reason,
        exception: Reason::parse(&draft.exception).ok(),
    };
    let permit = match visitor.op.permit(action::InviteAccount, visitor.signed.organisation).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    match invite::invite(&visitor.app.cerebro, &visitor.op, permit, invitation, None).await {
        Ok(_) => go(&headers, "/accounts/requests"),
        Err(InviteError::NotNominative(NotNominative::RoleMailbox(_))) => {
            show_invite(&visitor, draft, Some(("exception", w.t("person-role-mailbox"))), true).await
        }
        Err(InviteError::NotNominative(error)) => {
            show_invite(&visitor, draft, Some(("name", not_nominative(w, &error))), false).await
        }
        Err(InviteError::OtherDomain) => {
            show_invite(&visitor, draft, Some(("email", w.t("person-other-domain"))), false).await
        }
        Err(InviteError::Exists | InviteError::Mission | InviteError::Key(_)) => {
            show_invite(&visitor, draft, Some(("email", w.t("person-exists"))), false).await
        }
        Err(InviteError::Operation(error)) => visitor.failed(error).await,
    }
}

/// Why a name or an address is not one person's.
pub(super) fn not_nominative(w: Words, error: &NotNominative) -> String {
    w.t(match error {
        NotNominative::RoleMailbox(_) => "person-role-mailbox",
        NotNominative::CollectiveName(_) => "person-collective",
        NotNominative::Name => "person-name-wrong",
    })
}
