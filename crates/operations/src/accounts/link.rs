//! A link sent to an account's own mailbox: good once, for a while, and only to set a password. It opens no session:
//! whoever has a second factor still shows it (attack P8).

use access::{
    Actor, Evidence, EvidenceKind, Operation, OperationError, StoreError, SystemReason, Tx, action,
};
use identity::Token;
use identity::password::PasswordHasher;
use std::time::Duration;
use vocabulary::{AccountId, LinkId, Locale, OrganisationId, PlatformReason, Secret, Timestamp};

use super::mail::{self, News};
use super::passwords::{NewPassword, NewPasswordError};
use super::{look, sql};
use crate::{Cerebro, notices};

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The first password of an approved account.
    Activate,
    /// A forgotten password.
    Reset,
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Self::Activate => "activate",
            Self::Reset => "reset",
        }
    }
}

/// A link on its way into the write that is its reason.
pub(crate) struct NewLink {
    id: LinkId,
    token: Token,
    purpose: Purpose,
    pub(crate) until: Timestamp,
    now: Timestamp,
}

impl NewLink {
    pub(crate) fn new(op: &Operation, purpose: Purpose, life: Duration) -> Self {
        let now = op.now();
        let (id, token) = (LinkId::new(now, op.entropy()), Token::generate(op.entropy()));
        Self { id, token, purpose, until: now.plus(life), now }
    }

    pub(crate) fn url(&self, cerebro: &Cerebro) -> String {
        mail::link_url(cerebro, self.token.expose().expose())
    }

    /// Its secret, for who prints it at the machine's console.
    pub(super) fn text(&self) -> Secret<String> {
        self.token.expose().clone()
    }

    /// Replaces any earlier link of the account.
    pub(crate) async fn keep(self, tx: &mut Tx<'_>, account: AccountId) -> Result<Evidence, StoreError> {
        let Self { id, token, purpose, until, now } = self;
        tx.execute(sql::END_LINKS, vec![account.into(), now.into()]).await?;
        let values = vec![
            id.into(),
            account.into(),
            purpose.word().into(),
            token.hash().as_bytes().as_slice().into(),
            until.into(),
            now.into(),
        ];
        tx.execute(sql::INSERT_LINK, values).await?;
        Ok(Evidence::of(EvidenceKind::LinkSent, id)
            .with("account", account.to_string())
            .with("purpose", purpose.word())
            .with("until", until.rfc3339()))
    }
}

/// A link that is good now.
#[derive(Debug, Clone)]
pub struct OpenLink {
    link: LinkId,
    account: AccountId,
    organisation: OrganisationId,
    /// Whose account it is for.
    pub name: String,
    /// Their language.
    pub locale: Locale,
    /// What it is for.
    pub purpose: Purpose,
}

impl OpenLink {
    /// Characters its organisation asks of a password.
    #[must_use]
    pub fn chars_min(&self, cerebro: &Cerebro) -> u32 {
        cerebro.organisation(self.organisation).map_or(0, |known| known.policy.passwords.chars_min)
    }
}

/// Why a link did nothing.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// Unknown, used, replaced or too old: the same answer.
    #[error("the link is not good any more")]
    NotGood,
    /// The password is not taken.
    #[error(transparent)]
    Password(#[from] NewPasswordError),
    /// Not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for LinkError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// Finds a link by what its address holds. Nothing changes: mail scanners follow links.
///
/// # Errors
/// [`LinkError::NotGood`], or the database did not answer.
pub async fn find(cerebro: &Cerebro, token: &str) -> Result<OpenLink, LinkError> {
    let hash = Token::parse(token).ok_or(LinkError::NotGood)?.hash();
    let now = cerebro.instance().now();
    cerebro
        .instance()
        .read_platform(PlatformReason::SignIn, async move |tx: &mut Tx<'_>| {
            let values = vec![hash.as_bytes().as_slice().into(), now.into()];
            let row = tx.fetch_optional(sql::LINK_BY_TOKEN, values).await?.ok_or(LinkError::NotGood)?;
            let purpose = match row.get::<String>(3)?.as_str() {
                "activate" => Purpose::Activate,
                _ => Purpose::Reset,
            };
            Ok(OpenLink {
                organisation: row.parse(0)?,
                link: row.parse(1)?,
                account: row.parse(2)?,
                purpose,
                name: row.get(4)?,
                locale: row.parse(5)?,
            })
        })
        .await
}

/// Sets the password and uses the link up, in one write. Every session of the account ends.
///
/// # Errors
/// [`LinkError`]; nothing changed, and the link is still good unless it says otherwise.
pub async fn set_password(
    cerebro: &Cerebro,
    hasher: &PasswordHasher,
    link: &OpenLink,
    typed: &str,
) -> Result<(), LinkError> {
    let op =
        cerebro.instance().operation(Actor::System(SystemReason::Anonymous), link.organisation, link.locale);
    let subject = look::subject(&op, link.account).await?.ok_or(LinkError::NotGood)?;
    let password = NewPassword::prepare(cerebro, &op, hasher, typed, &subject).await?;
    let notice = mail::news(cerebro, &op, &subject, &News::PasswordChanged)?;
    let (id, now) = (link.link, op.now());
    let permit = op.permit(action::UseAccountLink, link.account).await.map_err(OperationError::from)?;
    op.write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
        if tx.execute(sql::USE_LINK, vec![id.into(), now.into()]).await? == 0 {
            return Err(LinkError::NotGood);
        }
        let evidence = password.keep(tx, account).await?.with("link", id.to_string());
        if let Some(notice) = notice {
            notices::enqueue(tx, notice, now).await?;
        }
        Ok(((), evidence))
    })
    .await?;
    cerebro.wake_relay();
    Ok(())
}
