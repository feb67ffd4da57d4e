//! The authenticators of one account, as the verbs of this folder read and check them.

use access::{Operation, OperationError, Row, StoreError, Tx};
use identity::password::PasswordHash;
use identity::totp::{Step, TotpSecret};
use identity::webauthn::Credential;
use vocabulary::{AccountId, AuthenticatorId, Timestamp, bounds};

use super::{authenticator_context, sql};

/// What an authenticator is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A password: the first factor.
    Password,
    /// An authenticator app.
    Totp,
    /// A security key or a passkey.
    SecurityKey,
}

impl Kind {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "password" => Some(Self::Password),
            "totp" => Some(Self::Totp),
            "security_key" => Some(Self::SecurityKey),
            _ => None,
        }
    }

    /// The word in tables and entries.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Totp => "totp",
            Self::SecurityKey => "security_key",
        }
    }

    /// It is a second factor.
    #[must_use]
    pub const fn is_second(self) -> bool {
        !matches!(self, Self::Password)
    }
}

/// One authenticator that stands, backup codes apart.
#[derive(Debug, Clone)]
pub(super) struct Factor {
    pub(super) id: AuthenticatorId,
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) created_at: Timestamp,
    pub(super) used_at: Option<Timestamp>,
    pub(super) suspended_at: Option<Timestamp>,
    sealed: Vec<u8>,
    last_step: Step,
}

impl Factor {
    fn from_row(row: &Row) -> Result<Option<Self>, StoreError> {
        let Some(kind) = Kind::parse(&row.get::<String>(1)?) else { return Ok(None) };
        Ok(Some(Self {
            id: row.parse(0)?,
            kind,
            sealed: row.get(2)?,
            last_step: row.get(3)?,
            name: row.get(4)?,
            created_at: row.get(5)?,
            used_at: row.get(6)?,
            suspended_at: row.get(7)?,
        }))
    }

    /// It still proves something. One that does not is still a factor its account has: it is not as if there were none.
    pub(super) const fn stands(&self) -> bool {
        self.suspended_at.is_none()
    }

    /// The credential of a security key.
    pub(super) fn credential(&self, op: &Operation) -> Result<Credential, OperationError> {
        serde_json::from_slice(&self.secret(op)?)
            .map_err(|_| OperationError::Damaged("a security key's credential".into()))
    }

    fn secret(&self, op: &Operation) -> Result<Vec<u8>, OperationError> {
        op.open(&authenticator_context(self.id), &self.sealed)
    }
}

/// The authenticators of an account.
pub(super) async fn of(op: &Operation, account: AccountId) -> Result<Vec<Factor>, OperationError> {
    op.read(async move |tx: &mut Tx<'_>| Ok::<_, OperationError>(inside(tx, account).await?)).await
}

/// As [`of`], inside a transaction.
pub(super) async fn inside(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Factor>, StoreError> {
    let rows = tx.fetch(sql::AUTHENTICATORS, vec![account.into()]).await?;
    let factors: Result<Vec<_>, _> = rows.iter().map(Factor::from_row).collect();
    Ok(factors?.into_iter().flatten().collect())
}

/// The kept password among them.
pub(super) fn password(op: &Operation, factors: &[Factor]) -> Result<Option<PasswordHash>, OperationError> {
    let Some(factor) = factors.iter().find(|factor| factor.kind == Kind::Password) else { return Ok(None) };
    let text = factor.secret(op)?;
    Ok(PasswordHash::parse(&String::from_utf8_lossy(&text)).ok())
}

/// The TOTP secret whose code was typed, and the code's step. All are tried, whichever matches.
pub(super) fn totp(
    op: &Operation,
    factors: &[Factor],
    code: &str,
) -> Result<Option<(AuthenticatorId, Step)>, OperationError> {
    let mut matched = None;
    for factor in factors.iter().filter(|factor| factor.kind == Kind::Totp) {
        let secret = TotpSecret::from_bytes(factor.secret(op)?);
        if let Some(step) = secret.verify(code, op.now(), factor.last_step) {
            matched = Some((factor.id, step));
        }
    }
    Ok(matched)
}

/// Whether a code is right and was used up a while ago. A form sent twice in a row is nobody's attack.
pub(super) fn was_used(op: &Operation, factors: &[Factor], code: &str) -> Result<bool, OperationError> {
    let now = op.now();
    for factor in factors.iter().filter(|factor| factor.kind == Kind::Totp) {
        let secret = TotpSecret::from_bytes(factor.secret(op)?);
        let is_while_ago = factor.used_at.is_some_and(|at| now.since(at) >= bounds::CODE_AGAIN_AFTER);
        if is_while_ago && secret.verify(code, now, Step::default()).is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Uses a code's step up, inside the write that relies on it. False when somebody was first.
pub(super) async fn consume_step(
    tx: &mut Tx<'_>,
    (id, step): (AuthenticatorId, Step),
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.execute(sql::CONSUME_STEP, vec![id.into(), step.into(), now.into()]).await? == 1)
}
