//! Accounts by API, for what keeps them in step with an institution's directory: read, asked for, suspended, reinstated,
//! closed. Nothing is approved here: what a service asks for, a person agrees to.

use access::{Mission, action};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use operations::Cerebro;
use operations::accounts::figures;
use operations::accounts::invite::{self, Invitation, InviteError};
use operations::accounts::list::{self, AccountLine};
use operations::accounts::standing::StandingError;
use operations::accounts::{close, reinstate, suspend};
use operations::idempotency;
use operations::missions::list as missions;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vocabulary::{AccountId, EmailAddress, Locale, bounds};

use super::Problem;
use super::body::{Asked, Recorded, Why, act, key, read, reason};
use super::caller::Caller;
use super::missions::{Grant, wire as wire_grant};
use super::query::Query;

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Account {
    id: String,
    /// person or service.
    kind: String,
    /// Absent for a service.
    email: Option<String>,
    name: String,
    /// requested, active, suspended or closed.
    state: String,
    /// The organisation says that it must have a second factor.
    sensitive: bool,
    /// It must have one, for that reason or by its missions.
    must_have_factor: bool,
    /// How many it has.
    factors: u64,
    /// What it holds now.
    missions: Vec<String>,
    /// When its holder was last seen.
    seen_at: Option<String>,
}

/// A page of accounts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountPage {
    accounts: Vec<Account>,
    /// Give this as `after` to get the next page; absent on the last one. It is the last account of this page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// An account with every mission it holds, held and will hold, at most a hundred.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WholeAccount {
    account: Account,
    grants: Vec<Grant>,
}

/// How well accounts are protected.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Coverage {
    /// Active people.
    people: u64,
    /// Those with a second factor.
    covered: u64,
    /// Those who must have one.
    must: u64,
    /// Those who must and have.
    must_covered: u64,
    /// Requests that wait for an administrator.
    requests_waiting: u64,
    /// Administrators who could go on alone. Below two, one lost key locks everybody out.
    administrators: u64,
}

/// Whom to ask an account for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountRequest {
    /// First name and name of one natural person.
    name: String,
    /// Their own address, of a domain of the organisation.
    email: String,
    /// fr or en.
    #[schema(pattern = "^(fr|en)$")]
    locale: String,
    /// What they will be there for: missions of people, those apart that two give: administration, custody of private mail.
    #[serde(default)]
    missions: Vec<String>,
    /// They must have a second factor, whatever their missions.
    #[serde(default)]
    sensitive: bool,
    /// Why, for who approves, the auditor and the ledger.
    #[schema(min_length = 3, max_length = 4000)]
    reason: String,
    /// Why an address that looks like a role's is one person's all the same.
    #[schema(min_length = 3, max_length = 4000)]
    #[serde(default)]
    exception: Option<String>,
}

/// The account that was asked for. It waits for an administrator.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Requested {
    account: String,
}

fn wire(line: AccountLine) -> Account {
    Account {
        id: line.id.to_string(),
        kind: if line.is_service { "service" } else { "person" }.to_owned(),
        must_have_factor: line.must_have_factor(),
        email: (!line.is_service).then_some(line.email),
        name: line.name,
        state: line.state.word().to_owned(),
        sensitive: line.sensitive,
        factors: line.factors,
        missions: line.missions.iter().map(|mission| mission.word().to_owned()).collect(),
        seen_at: line.seen_at.map(|at| at.rfc3339()),
    }
}

/// Every account, in the order in which they were made.
#[utoipa::path(get, path = "/api/v1/accounts", params(
    ("after" = Option<String>, Query, pattern = "^account_[0-9a-z]{26}$", description = "An account: only those made after it; `next` of the page before"),
), responses((status = 200, body = AccountPage), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn list_accounts(
    Caller(op): Caller,
    State(_): State<Cerebro>,
    RawQuery(query): RawQuery,
) -> Result<Json<AccountPage>, Problem> {
    let query = Query::parse(query.as_deref(), &["after"])?;
    let after = query.one("after")?.map(str::parse::<AccountId>).transpose();
    let after = after.map_err(|_| Problem::bad_request("after: not the id of an account"))?;
    let permit = op.permit(action::ReadAccounts, op.organisation()).await?;
    let mut lines = list::page(&op, &permit, after).await?;
    let more = lines.len() > bounds::PAGE_ROWS_MAX;
    lines.truncate(bounds::PAGE_ROWS_MAX);
    let next = lines.last().filter(|_| more).map(|line| line.id.to_string());
    Ok(Json(AccountPage { accounts: lines.into_iter().map(wire).collect(), next }))
}

/// One account, with its missions.
#[utoipa::path(get, path = "/api/v1/accounts/{id}", params(("id" = String, Path)),
    responses((status = 200, body = WholeAccount), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn one_account(
    Caller(op): Caller,
    State(_): State<Cerebro>,
    Path(id): Path<String>,
) -> Result<Json<WholeAccount>, Problem> {
    let permit = op.permit(action::ReadAccounts, op.organisation()).await?;
    let id: AccountId = id.parse().map_err(|_| Problem::not_found())?;
    let line = list::one(&op, &permit, id).await?.ok_or_else(Problem::not_found)?;
    let grants = missions::list(&op, &permit, id).await?;
    Ok(Json(WholeAccount { account: wire(line), grants: grants.into_iter().map(wire_grant).collect() }))
}

/// How well accounts are protected, in numbers.
#[utoipa::path(get, path = "/api/v1/accounts/coverage",
    responses((status = 200, body = Coverage), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn coverage(
    Caller(op): Caller,
    State(_): State<Cerebro>,
) -> Result<Json<Coverage>, Problem> {
    let permit = op.permit(action::ReadAccounts, op.organisation()).await?;
    let found = figures::figures(&op, &permit).await?;
    Ok(Json(Coverage {
        people: found.coverage.people,
        covered: found.coverage.covered,
        must: found.coverage.must,
        must_covered: found.coverage.must_covered,
        requests_waiting: found.waiting,
        administrators: found.administrators,
    }))
}

/// Ask for an account. It does nothing until an administrator has approved it and its holder has set a password.
#[utoipa::path(post, path = "/api/v1/accounts", params(
    ("Idempotency-Key" = Option<String>, Header, description = "The same key and request again get the same answer"),
), request_body = AccountRequest,
    responses((status = 201, body = Requested), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn ask(
    Caller(op): Caller,
    State(cerebro): State<Cerebro>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<Requested>), Problem> {
    let permit = op.permit(action::InviteAccount, op.organisation()).await?;
    let invitation = invitation(read(&body)?)?;
    let key = key(&op, &headers, "accounts", &body)?;
    let account: AccountId =
        idempotency::once(&op, key, async |key| invite::invite(&cerebro, &op, permit, invitation, key).await)
            .await?;
    Ok((StatusCode::CREATED, Json(Requested { account: account.to_string() })))
}

fn invitation(request: AccountRequest) -> Result<Invitation, Problem> {
    let email = EmailAddress::parse(&request.email);
    let locale = request.locale.parse::<Locale>();
    let missions: Result<Vec<Mission>, _> = request.missions.iter().map(|word| word.parse()).collect();
    Ok(Invitation {
        name: request.name,
        email: email.map_err(|error| Problem::bad_request(format!("email: {error}")))?,
        locale: locale.map_err(|_| Problem::bad_request("locale: fr or en"))?,
        missions: missions.map_err(|error| Problem::bad_request(format!("missions: {error}")))?,
        sensitive: request.sensitive,
        reason: reason("reason", &request.reason)?,
        exception: request.exception.as_deref().map(|text| reason("exception", text)).transpose()?,
    })
}

/// Suspend an account: out at its next request, on every node; sessions and links are over. One step, at once.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/suspension", params(
    ("id" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "The same key and request again get the same answer"),
), request_body = Why,
    responses((status = 200, body = Recorded), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn suspend_account(asked: Asked) -> Result<Json<Recorded>, Problem> {
    act(asked, (action::SuspendAccount, "suspend"), suspend::suspend).await
}

/// Reinstate an account that this service suspended. What a person suspended, a person reinstates.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/reinstatement", params(
    ("id" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "The same key and request again get the same answer"),
), request_body = Why,
    responses((status = 200, body = Recorded), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn reinstate_account(asked: Asked) -> Result<Json<Recorded>, Problem> {
    act(asked, (action::ReinstateAccount, "reinstate"), reinstate::reinstate).await
}

/// Close an account for good: its holder left. An account made anew under its address inherits nothing.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/closure", params(
    ("id" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "The same key and request again get the same answer"),
), request_body = Why,
    responses((status = 200, body = Recorded), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn close_account(asked: Asked) -> Result<Json<Recorded>, Problem> {
    act(asked, (action::CloseAccount, "close"), close::close).await
}

impl From<InviteError> for Problem {
    fn from(error: InviteError) -> Self {
        match error {
            InviteError::Operation(error) => error.into(),
            InviteError::Key(error) => error.into(),
            InviteError::Exists => {
                Self::new(StatusCode::CONFLICT, "account-exists", "There is an account already")
                    .with("One that is not closed has this address, here or elsewhere on this instance.")
            }
            error => Self::bad_request(error.to_string()),
        }
    }
}

impl From<StandingError> for Problem {
    fn from(error: StandingError) -> Self {
        let conflict = |name, detail: String| {
            Self::new(StatusCode::CONFLICT, name, "The account stays as it is").with(detail)
        };
        match error {
            StandingError::Operation(error) => error.into(),
            StandingError::Key(error) => error.into(),
            StandingError::NotFound => Self::not_found(),
            StandingError::LastAdministrator => conflict("last-administrator", error.to_string()),
            StandingError::NotYours => conflict("suspended-by-somebody-else", error.to_string()),
            StandingError::Account(error) => conflict("account-state", error.to_string()),
        }
    }
}
