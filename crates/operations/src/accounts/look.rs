//! One account, as an administrator sees it: who, why, who asked, with which missions.

use access::{Mission, Operation, OperationError, Permit, Row, StoreError, Tx, action};
use identity::account::{Account, AccountError, AccountKind, AccountVerb};
use vocabulary::{AccountId, EmailAddress, Locale, OrganisationId, Timestamp};

use super::request::{Kept, context};
use super::sql;

/// One account.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Its id.
    pub id: AccountId,
    organisation: OrganisationId,
    /// Where its holder is written to; none for a service.
    pub email: Option<EmailAddress>,
    /// Its holder's name.
    pub name: String,
    /// Its holder's language.
    pub locale: Locale,
    /// Where it stands.
    pub state: identity::AccountState,
    /// A second factor is mandatory (clause A1).
    pub sensitive: bool,
    /// Who asked for it; none when its holder did.
    pub requested_by: Option<AccountId>,
    /// Why it was asked for.
    pub reason: String,
    /// The missions asked for.
    pub missions: Vec<Mission>,
    /// Why a role's address was accepted.
    pub exception: Option<String>,
    /// Since when it exists.
    pub created_at: Timestamp,
    /// Who approved it.
    pub approved_by: Option<AccountId>,
    /// Until when it waits for an answer.
    pub request_until: Option<Timestamp>,
    sealed: Option<Vec<u8>>,
}

impl Subject {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let id = |column| {
            Ok::<_, StoreError>(row.get::<Option<String>>(column)?.and_then(|text| text.parse().ok()))
        };
        let damaged = StoreError::Column { column: 2, wanted: "an address" };
        let email = match row.get::<Option<String>>(2)? {
            Some(text) => Some(EmailAddress::parse(&text).map_err(|_| damaged)?),
            None => None,
        };
        Ok(Self {
            id: row.parse(0)?,
            organisation: row.parse(12)?,
            email,
            name: row.get(3)?,
            locale: row.parse(4)?,
            state: row.parse(5)?,
            sensitive: row.get::<i64>(6)? != 0,
            requested_by: id(7)?,
            sealed: row.get(8)?,
            created_at: row.get(9)?,
            approved_by: id(10)?,
            request_until: row.get(11)?,
            reason: String::new(),
            missions: Vec::new(),
            exception: None,
        })
    }

    /// What it says of itself, unsealed.
    fn open(mut self, op: &Operation) -> Result<Self, OperationError> {
        let Some(sealed) = self.sealed.take() else { return Ok(self) };
        let text = op.open(&context(self.id), &sealed)?;
        let kept: Kept = serde_json::from_slice(&text)
            .map_err(|_| OperationError::Damaged("the request of an account".into()))?;
        self.missions = kept.missions.iter().filter_map(|word| word.parse().ok()).collect();
        (self.reason, self.exception) = (kept.reason, kept.exception);
        Ok(self)
    }

    /// What may be done to it where it stands.
    #[must_use]
    pub fn verbs(&self) -> Vec<AccountVerb> {
        self.account().map(|account| account.verbs()).unwrap_or_default()
    }

    /// The account itself, for the rules of its states.
    pub(super) fn account(&self) -> Result<Account, AccountError> {
        Ok(Account {
            id: self.id,
            organisation: self.organisation,
            kind: self.email.clone().map_or(AccountKind::Service, |email| AccountKind::Person { email }),
            name: self.name.clone(),
            locale: self.locale,
            sensitive: self.sensitive,
            requested_by: self.requested_by,
            state: self.state,
        })
    }
}

/// One account, with what was said when it was asked for; none of another organisation.
pub(crate) async fn subject(op: &Operation, account: AccountId) -> Result<Option<Subject>, OperationError> {
    let found =
        op.read(async move |tx: &mut Tx<'_>| Ok::<_, OperationError>(inside(tx, account).await?)).await?;
    found.map(|subject| subject.open(op)).transpose()
}

/// As [`subject`], inside a transaction: what is sealed stays so.
pub(crate) async fn inside(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<Subject>, StoreError> {
    let row = tx.fetch_optional(sql::FULL_ACCOUNT, vec![account.into()]).await?;
    row.as_ref().map(Subject::from_row).transpose()
}

/// One account, for an administrator.
///
/// # Errors
/// The database did not answer.
pub async fn look(
    op: &Operation,
    _permit: &Permit<action::ReadAccounts>,
    account: AccountId,
) -> Result<Option<Subject>, OperationError> {
    subject(op, account).await
}

/// Requests that wait, oldest first, at most 101.
///
/// # Errors
/// The database did not answer.
pub async fn requests(
    op: &Operation,
    _permit: &Permit<action::ReadAccounts>,
) -> Result<Vec<Subject>, OperationError> {
    let found = op
        .read(async move |tx: &mut Tx<'_>| {
            let rows = tx.fetch(sql::REQUESTED, vec![]).await?;
            let all: Result<Vec<_>, _> = rows.iter().map(Subject::from_row).collect();
            Ok::<_, OperationError>(all?)
        })
        .await?;
    found.into_iter().map(|subject| subject.open(op)).collect()
}
