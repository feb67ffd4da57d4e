//! SQLite and PostgreSQL behind one transaction that carries evidence.
//!
//! [`Store::write`] is the only way to change governed data (invariant 3): the closure it is given returns what
//! it rests on as [`Record`]s, which become durable in the same commit or not at all. Each call runs on a thread
//! that owns its connection, so a caller that goes away does no harm.
//!
//! * SQLite: one writer; every write is a SAVEPOINT inside a shared transaction, answered after the outer COMMIT.
//! * PostgreSQL: its own transaction with an outbox row per record; a sequencer gives them their ledger index.
//!
//! **Invariant:** a statement is a constant with a declared reach ([`statement::Reach`]); one that touches an
//! organisation's rows takes that organisation as `$1`, which the transaction binds itself (invariant 5).

pub mod backup;
pub mod blob;
mod connect;
mod error;
mod migrate;
mod postgres;
mod sqlite;
pub mod statement;
mod tx;
mod value;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use vocabulary::{OrganisationId, Scope, bounds};

pub use error::{StoreError, WriteError};
pub use migrate::SCHEMA_VERSION;
pub use statement::{MECHANICAL_TABLES, MechanicalReason, Reach, Statement};
pub use tx::Tx;
pub use value::{FromValue, Row, Value};

/// Where the data is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A SQLite file, made when absent.
    Sqlite(PathBuf),
    /// A PostgreSQL connection string (`host=… user=… dbname=…` or a URL), with `sslmode=verify-full` and `sslrootcert` unless
    /// the server is on this machine.
    Postgres(String),
}

/// Which engine is underneath.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded, one machine.
    Sqlite,
    /// Shared by several nodes.
    Postgres,
}

/// One line of evidence on its way into an organisation's log.
#[derive(Debug, Clone)]
pub struct Record {
    /// Whose log it goes to.
    pub organisation: OrganisationId,
    /// The step it belongs to, `operation_…`: how a caller finds its entry again.
    pub operation: String,
    /// The leaf, as the ledger hashes it.
    pub leaf: Vec<u8>,
    /// What the leaf commits to, sealed.
    pub detail: Vec<u8>,
}

/// A handle to the database; cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    backend: Backend,
    health: Arc<Health>,
}

#[derive(Debug, Clone)]
enum Backend {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

/// Whether durable storage works, and how far sealing is behind.
#[derive(Debug, Default)]
struct Health {
    failing: AtomicBool,
    backlog: AtomicU64,
}

/// A positive number that differs from one start to the next.
fn node_candidate() -> i32 {
    let micros = std::time::UNIX_EPOCH.elapsed().map_or(0, |elapsed| elapsed.as_micros() as u64);
    (micros ^ u64::from(std::process::id()).rotate_left(20)) as i32 & i32::MAX
}

impl Health {
    fn observe<T>(&self, outcome: &Result<T, StoreError>) {
        match outcome {
            Ok(_) => self.failing.store(false, Ordering::Relaxed),
            Err(error) if error.is_storage() => self.failing.store(true, Ordering::Relaxed),
            Err(_) => {}
        }
    }
}

impl Store {
    /// Opens the database and brings its schema up to [`SCHEMA_VERSION`].
    ///
    /// # Errors
    /// The place cannot be opened, or holds a newer schema than this binary knows.
    pub async fn open(location: &Location) -> Result<Self, StoreError> {
        let health = Arc::new(Health::default());
        let backend = match location {
            Location::Sqlite(path) => Backend::Sqlite(sqlite::Sqlite::open(path, &health)?),
            Location::Postgres(url) => Backend::Postgres(postgres::Postgres::open(url, &health).await?),
        };
        Ok(Self { backend, health })
    }

    /// The engine underneath.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.backend {
            Backend::Sqlite(_) => Engine::Sqlite,
            Backend::Postgres(_) => Engine::Postgres,
        }
    }

    /// The number this node marks its leases with: no two living nodes share one.
    #[must_use]
    pub fn node(&self) -> i64 {
        match &self.backend {
            // One process at a time, kept so by a lock of the binary; its number only has to differ from the last one's.
            Backend::Sqlite(engine) => engine.node(),
            Backend::Postgres(engine) => engine.node(),
        }
    }

    /// Keeps this node seen alive by the others.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn stay_present(&self) -> Result<(), StoreError> {
        match &self.backend {
            Backend::Sqlite(_) => Ok(()),
            Backend::Postgres(engine) => engine.stay_present().await,
        }
    }

    /// False while the last commit failed for want of storage, or while sealing is too far behind:
    /// a gateway answers 451 then, before taking a message.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        !self.health.failing.load(Ordering::Relaxed) && !self.ledger_is_behind()
    }

    /// Told by the sealer after each round: entries committed but not yet under a signed checkpoint.
    pub fn set_backlog(&self, entries: u64) {
        self.health.backlog.store(entries, Ordering::Relaxed);
    }

    fn ledger_is_behind(&self) -> bool {
        self.health.backlog.load(Ordering::Relaxed) > bounds::SEALING_BACKLOG_MAX
    }

    /// Changes governed data. The closure's records become entries in the same commit; when it fails, or when
    /// they cannot be written, nothing happened.
    ///
    /// The closure does no I/O beyond the database and no waiting: on SQLite every other write waits for it.
    ///
    /// # Errors
    /// [`WriteError::Refused`] is the closure's own answer; [`WriteError::Store`] means nothing was changed, save
    /// when [`StoreError::is_uncertain`] says that the commit's answer was lost.
    pub async fn write<T, E, F>(&self, scope: Scope, change: F) -> Result<T, WriteError<E>>
    where
        F: AsyncFnOnce(&mut Tx<'_>) -> Result<(T, Vec<Record>), E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        if self.ledger_is_behind() {
            return Err(WriteError::Store(StoreError::LedgerBehind));
        }
        match &self.backend {
            Backend::Sqlite(engine) => engine.write(scope, None, change).await,
            Backend::Postgres(engine) => engine.write(scope, None, change).await,
        }
    }

    /// Changes mechanical state (leases, retry times, session touches, throttles, sequencing): no evidence, and no
    /// statement that reaches a governed table is accepted.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write_mechanical<T, E, F>(
        &self,
        scope: Scope,
        reason: MechanicalReason,
        change: F,
    ) -> Result<T, WriteError<E>>
    where
        F: AsyncFnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let change = async move |tx: &mut Tx<'_>| change(tx).await.map(|value| (value, Vec::new()));
        match &self.backend {
            Backend::Sqlite(engine) => engine.write(scope, Some(reason), change).await,
            Backend::Postgres(engine) => engine.write(scope, Some(reason), change).await,
        }
    }

    /// Reads one consistent state of the database.
    ///
    /// # Errors
    /// The closure's, or the store's through `E::from`.
    pub async fn read<T, E, F>(&self, scope: Scope, question: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.backend {
            Backend::Sqlite(engine) => engine.read(scope, question).await,
            Backend::Postgres(engine) => engine.read(scope, question).await,
        }
    }

    /// Gives waiting evidence its ledger index (PostgreSQL; on SQLite it has one from the commit on).
    /// Returns how many entries were given one.
    ///
    /// # Errors
    /// The database did not answer; whatever was not sequenced still waits.
    pub async fn sequence(&self) -> Result<u64, StoreError> {
        match &self.backend {
            Backend::Sqlite(_) => Ok(0),
            Backend::Postgres(engine) => engine.sequence().await,
        }
    }

    /// Prepares a statement on the engine without running it (for the test that prepares them all).
    ///
    /// # Errors
    /// The engine does not accept the statement.
    pub async fn prepare(&self, statement: &'static Statement) -> Result<(), StoreError> {
        self.read(Scope::Platform(vocabulary::PlatformReason::Bootstrap), async move |tx| {
            tx.prepare(statement).await
        })
        .await
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
impl Store {
    /// Runs a pragma on the writing connection.
    async fn pragma_for_test(&self, pragma: &'static str) {
        if let Backend::Sqlite(engine) = &self.backend {
            engine.pragma_for_test(pragma).await;
        }
    }
}
