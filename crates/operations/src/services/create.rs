//! A named service of an organisation begins, at the machine's console: an account and a token, and no mission.
//! Administrators give it one, as to anybody (clause R1).

use access::{Operation, OperationError, Permit, StoreError, Tx, action};
use vocabulary::{AccountId, Locale, OrganisationId, Secret, bounds};

use super::bootstrap::{self, service_row};

/// What began.
#[derive(Debug)]
pub struct Created {
    /// The account.
    pub account: AccountId,
    /// Its token: shown once, kept hashed.
    pub token: Secret<String>,
}

/// Why nothing began.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// Not a name.
    #[error("a service's name has 1 to {} characters, all of them visible", bounds::SERVICE_NAME_CHARS_MAX)]
    Name,
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
    let name = name.trim();
    let visible = !name.chars().any(char::is_control);
    if !(1..=bounds::SERVICE_NAME_CHARS_MAX).contains(&name.chars().count()) || !visible {
        return Err(CreateError::Name);
    }
    let token = bootstrap::new_token(op.entropy());
    let row = service_row(op.instance(), name, Vec::new(), &token, Locale::Fr);
    let (account, now) = (row.account, op.now());
    op.write(permit, async move |tx: &mut Tx<'_>, _: OrganisationId| {
        Ok::<_, CreateError>(((), bootstrap::insert(tx, row, now).await?))
    })
    .await?;
    Ok(Created { account, token })
}
