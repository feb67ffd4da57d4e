//! A named service of an organisation begins, with a token and no mission: made by an administrator, or at the machine's console. Missions
//! are given to it as to anybody (clause R1).

use access::{Operation, OperationError, Permit, Row, StoreError, Tx, action};
use vocabulary::{AccountId, Locale, OrganisationId, Secret, Timestamp, bounds};

use super::sql;
use crate::accounts::bootstrap::{self, service_row};

/// What began.
#[derive(Debug)]
pub struct Created {
    /// The account.
    pub account: AccountId,
    /// Its token: shown once, kept hashed.
    pub token: Secret<String>,
    /// Until when the token is good.
    pub until: Timestamp,
}

/// Why nothing began.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// Not a name.
    #[error("a service's name has 1 to {} characters, all of them visible", bounds::SERVICE_NAME_CHARS_MAX)]
    Name,
    /// One that is not closed has this name.
    #[error("there is a service of this name already")]
    Exists,
    /// There are as many as may be.
    #[error("an organisation has at most {} services: close one first", bounds::SERVICES_MAX)]
    TooMany,
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for CreateError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// Makes the service and its token.
///
/// # Errors
/// [`CreateError`]; nothing changed.
pub async fn create(
    op: &Operation,
    permit: Permit<action::CreateService>,
    name: &str,
) -> Result<Created, CreateError> {
    let name = name.trim().to_owned();
    let visible = !name.chars().any(char::is_control);
    if !(1..=bounds::SERVICE_NAME_CHARS_MAX).contains(&name.chars().count()) || !visible {
        return Err(CreateError::Name);
    }
    let token = bootstrap::new_token(op.entropy());
    let row = service_row(op.instance(), &name, Vec::new(), &token, Locale::Fr);
    let (account, now) = (row.account, op.now());
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, _: OrganisationId| {
        let known = tx.fetch(sql::SERVICES, vec![]).await?;
        let is_same =
            |row: &Row| Ok::<_, StoreError>(row.get::<String>(1)?.to_lowercase() == name.to_lowercase());
        if known.iter().map(is_same).collect::<Result<Vec<_>, _>>()?.contains(&true) {
            return Err(CreateError::Exists);
        }
        if known.len() >= bounds::SERVICES_MAX {
            return Err(CreateError::TooMany);
        }
        Ok(((), bootstrap::insert(tx, row, now).await?))
    })
    .await?;
    Ok(Created { account, token, until: now.plus(bounds::TOKEN_LIFE) })
}
