//! What a person sees of their own authenticators: "My security".

use access::{Operation, OperationError, Permit, Tx, action};
use vocabulary::{AuthenticatorId, Timestamp};

use super::{factors, sql};

pub use super::factors::Kind;

/// One authenticator, as its holder sees it. Never its secret.
#[derive(Debug, Clone)]
pub struct Authenticator {
    /// Its id.
    pub id: AuthenticatorId,
    /// What it is.
    pub kind: Kind,
    /// The name its holder gave it.
    pub name: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it last proved something.
    pub used_at: Option<Timestamp>,
    /// It proves nothing any more: it seems to exist twice.
    pub suspended: bool,
}

/// Everything an account proves itself with.
#[derive(Debug, Clone)]
pub struct Authenticators {
    /// Password and second factors, oldest first.
    pub all: Vec<Authenticator>,
    /// Backup codes not used yet.
    pub codes_left: u64,
    /// When they were made.
    pub codes_made_at: Option<Timestamp>,
}

impl Authenticators {
    /// The second factors among them.
    pub fn second(&self) -> impl Iterator<Item = &Authenticator> {
        self.all.iter().filter(|one| one.kind.is_second())
    }
}

/// Reads one's own authenticators.
///
/// # Errors
/// The database did not answer.
pub async fn own(
    op: &Operation,
    permit: &Permit<action::ReadOwnAccount>,
) -> Result<Authenticators, OperationError> {
    let account = permit.subject();
    op.read(async move |tx: &mut Tx<'_>| {
        let all = factors::inside(tx, account).await?;
        let codes = tx.fetch_optional(sql::BACKUP_CODES_LEFT, vec![account.into()]).await?;
        let (codes_left, codes_made_at) = match codes {
            Some(row) => (row.get(0)?, row.get(1)?),
            None => (0, None),
        };
        let all = all
            .into_iter()
            .map(|factor| Authenticator {
                suspended: !factor.stands(),
                id: factor.id,
                kind: factor.kind,
                name: factor.name,
                created_at: factor.created_at,
                used_at: factor.used_at,
            })
            .collect();
        Ok::<_, OperationError>(Authenticators { all, codes_left, codes_made_at })
    })
    .await
}
