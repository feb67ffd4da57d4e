//! Ten new backup codes (clause A2). They replace all earlier ones, are shown once, and are kept as hashes.

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, StoreError, Tx, action};
use identity::backup_code::BackupCode;
use vocabulary::{AccountId, AuthenticatorId, Secret, Timestamp};

use super::{factors, sql};

/// Why no codes were made.
#[derive(Debug, thiserror::Error)]
pub enum CodesError {
    /// Codes stand in for a second factor: without one there is nothing to stand in for.
    #[error("backup codes go with a second factor")]
    NoFactor,
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for CodesError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// Ten codes on their way into a write.
pub(super) struct NewCodes {
    codes: Vec<BackupCode>,
    rows: Vec<(AuthenticatorId, [u8; 32])>,
    now: Timestamp,
}

impl NewCodes {
    pub(super) fn new(op: &Operation, account: AccountId) -> Self {
        let codes = BackupCode::generate(op.entropy());
        let rows = codes
            .iter()
            .map(|code| (AuthenticatorId::new(op.now(), op.entropy()), code.hash(account)))
            .collect();
        Self { codes, rows, now: op.now() }
    }

    /// Replaces all earlier codes of the account.
    pub(super) async fn keep(
        self,
        tx: &mut Tx<'_>,
        account: AccountId,
    ) -> Result<(Vec<Secret<String>>, Evidence), StoreError> {
        tx.execute(sql::END_BACKUP_CODES, vec![account.into(), self.now.into()]).await?;
        let count = self.rows.len();
        for (id, hash) in self.rows {
            let values = vec![
                id.into(),
                account.into(),
                "backup_code".into(),
                "".into(),
                Vec::<u8>::new().into(),
                hash.as_slice().into(),
                0_i64.into(),
                self.now.into(),
            ];
            tx.execute(sql::INSERT_FACTOR, values).await?;
        }
        let evidence = Evidence::of(EvidenceKind::BackupCodesMade, account).with("codes", count);
        Ok((self.codes.iter().map(BackupCode::display).collect(), evidence))
    }
}

/// Makes ten new codes for one's own account; the texts are shown once.
///
/// # Errors
/// [`CodesError`]; the earlier codes stand then.
pub async fn renew(
    op: &Operation,
    permit: Permit<action::RenewBackupCodes>,
) -> Result<Vec<Secret<String>>, CodesError> {
    let codes = NewCodes::new(op, permit.subject());
    op.write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
        tx.execute(sql::LOCK_ACCOUNT, vec![account.into()]).await?;
        if !factors::inside(tx, account).await?.iter().any(|factor| factor.kind.is_second()) {
            return Err(CodesError::NoFactor);
        }
        Ok(codes.keep(tx, account).await?)
    })
    .await
}
