//! The lists of breached passwords a running CEREBRO asks: the one inside the product always, and the one its operator
//! imported. An imported list that cannot be read is not passed over: no password is set until it can (attack P5). That another
//! one is in use is an entry in every organisation's log (clause A3).

use std::path::Path;
use std::sync::Arc;

use access::{Evidence, EvidenceKind, Instance, OperationError, StoreError, SystemReason, Tx, action};
use identity::password::{BreachedList, EmbeddedList, Found, ListFile};
use vocabulary::{OrganisationId, Secret};

use crate::Cerebro;

pub(crate) mod sql {
    access::statements! {
        Organisation IN_USE = "SELECT mark, published FROM breached_list WHERE organisation = $1";
        /// Of several processes that see the new list at once, one says so.
        Organisation USE = "INSERT INTO breached_list (organisation, mark, published, taken_at) VALUES ($1, $2, $3, $4) ON CONFLICT (organisation) DO UPDATE SET mark = $2, published = $3, taken_at = $4 WHERE breached_list.mark <> $2";
    }
}

/// The key an imported list is signed with, in the key store.
pub const KEY: &str = "breached-list";

/// What stands of an imported list.
#[derive(Debug, Clone, Default)]
pub enum Imported {
    /// None is configured.
    #[default]
    None,
    /// It is there, and whole.
    Open(Arc<ListFile>),
    /// It is configured and cannot be read.
    Unreadable,
}

impl Imported {
    /// Opens a configured list. What is wrong with it is logged, and its state says so: signing in goes on.
    #[must_use]
    pub fn open(instance: &Instance, path: &Path) -> Self {
        let opened = match key(instance) {
            Ok(key) => ListFile::open(path, &key).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match opened {
            Ok(list) => Self::Open(Arc::new(list)),
            Err(error) => {
                tracing::error!(path = %path.display(), %error, "no password can be set until this list can be read");
                Self::Unreadable
            }
        }
    }
}

impl Imported {
    /// The day the imported list was published, where there is one.
    #[must_use]
    pub fn date(&self) -> Option<&str> {
        match self {
            Self::Open(list) => Some(list.date()),
            Self::None | Self::Unreadable => None,
        }
    }

    /// A list is configured and cannot be read.
    #[must_use]
    pub const fn is_unreadable(&self) -> bool {
        matches!(self, Self::Unreadable)
    }
}

impl BreachedList for Imported {
    fn look(&self, password: &str) -> Found {
        let found = match (EmbeddedList.look(password), self) {
            (Found::No, Self::Open(list)) => list.look(password),
            (Found::No, Self::Unreadable) => Found::Unreadable,
            (found, _) => found,
        };
        if found == Found::Unreadable {
            tracing::error!(
                event = "password.list_unreadable",
                "the list of breached passwords cannot be read"
            );
        }
        found
    }
}

/// Says in the log of every organisation which imported list its passwords are looked for in, where that is news; in how many.
///
/// # Errors
/// It could not be recorded. The list is in use all the same: it only refuses.
pub async fn take_up(cerebro: &Cerebro) -> Result<usize, OperationError> {
    let Imported::Open(list) = cerebro.breached() else { return Ok(0) };
    let mut told = 0;
    for organisation in cerebro.organisations() {
        told += usize::from(tell(cerebro, organisation.id, &list).await?);
    }
    Ok(told)
}

/// Somebody said it already.
#[derive(Debug, thiserror::Error)]
enum TellError {
    #[error("it is known already")]
    Known,
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for TellError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

async fn tell(cerebro: &Cerebro, id: OrganisationId, list: &ListFile) -> Result<bool, OperationError> {
    let op = cerebro.system(SystemReason::Timer, id);
    let in_use = op.read(async |tx: &mut Tx<'_>| tx.fetch_optional(sql::IN_USE, vec![]).await).await;
    let before = in_use.map_err(OperationError::Store)?;
    let before = before.map(|row| Ok::<_, StoreError>((row.get::<String>(0)?, row.get::<String>(1)?)));
    let before = before.transpose().map_err(OperationError::Store)?;
    let (mark, published, passwords, now) = (list.mark(), list.date().to_owned(), list.len(), op.now());
    if before.as_ref().is_some_and(|(known, _)| *known == mark) {
        return Ok(false);
    }
    let permit = op.permit(action::UseBreachedList, id).await?;
    let told = op
        .write(permit, async move |tx: &mut Tx<'_>, organisation: OrganisationId| {
            let values = vec![mark.into(), published.clone().into(), now.into()];
            if tx.execute(sql::USE, values).await? == 0 {
                return Err(TellError::Known);
            }
            let evidence = Evidence::of(EvidenceKind::BreachedListTakenUp, organisation)
                .with("published", published)
                .with("passwords", passwords)
                .with("before", before.map_or_else(|| "none".to_owned(), |(_, published)| published));
            Ok(((), evidence))
        })
        .await;
    match told {
        Ok(()) => Ok(true),
        Err(TellError::Known) => Ok(false),
        Err(TellError::Operation(error)) => Err(error),
    }
}

fn key(instance: &Instance) -> Result<Secret<[u8; 32]>, OperationError> {
    instance.secret_or_new(KEY)
}
