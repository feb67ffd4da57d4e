//! The lists of breached passwords a running CEREBRO asks: the one inside the product always, and the one its operator
//! imported. An imported list that cannot be read is not passed over: no password is set until it can (attack P5).

use std::path::Path;
use std::sync::Arc;

use access::{Instance, OperationError};
use identity::password::{BreachedList, EmbeddedList, Found, ListFile};
use vocabulary::Secret;

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

fn key(instance: &Instance) -> Result<Secret<[u8; 32]>, OperationError> {
    instance.secret_or_new(KEY)
}
