//! SQLite: one thread writes, a few read, each owning its connection.
//!
//! The writer takes the first waiting change, then every other one that waits already, runs each in a SAVEPOINT
//! and commits once: one fsync for all (WAL, `synchronous=FULL`). There is no timer: an idle system commits at once.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use futures::executor::block_on;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::{mpsc, oneshot};
use vocabulary::{OrganisationId, Scope, bounds};

use crate::tx::{Connection as Engine, Kind};
use crate::{Health, MechanicalReason, Record, StoreError, Tx, WriteError, migrate};

/// A change on its way to the writer: runs inside its savepoint, then tells its caller once the commit is known.
type Change =
    Box<dyn FnOnce(&Connection, &mut Heads) -> Box<dyn FnOnce(Result<(), StoreError>) + Send> + Send>;
/// A question on its way to a reader.
type Question = Box<dyn FnOnce(&Connection) + Send>;

#[derive(Clone)]
pub(crate) struct Sqlite {
    writes: mpsc::Sender<Change>,
    reads: mpsc::Sender<Question>,
    node: i64,
}

impl std::fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sqlite")
    }
}

/// The next free index of each log, known to the one writer.
#[derive(Default)]
pub(crate) struct Heads {
    next: HashMap<OrganisationId, u64>,
}

impl Sqlite {
    pub(crate) fn open(path: &Path, health: &Arc<Health>) -> Result<Self, StoreError> {
        let mut writer = connect(path, false)?;
        migrate::sqlite(&mut writer)?;
        let (writes, mut changes) = mpsc::channel::<Change>(bounds::WRITE_QUEUE_MAX);
        let (reads, questions) = mpsc::channel::<Question>(bounds::WRITE_QUEUE_MAX);
        let health = Arc::clone(health);
        spawn("sqlite-writer", move || write_loop(&writer, &mut changes, &health))?;
        let questions = Arc::new(Mutex::new(questions));
        for _ in 0..bounds::READERS {
            let (connection, questions) = (connect(path, true)?, Arc::clone(&questions));
            spawn("sqlite-reader", move || read_loop(&connection, &questions))?;
        }
        Ok(Self { writes, reads, node: i64::from(crate::node_candidate()) })
    }

    pub(crate) fn node(&self) -> i64 {
        self.node
    }

    pub(crate) async fn write<T, E, F>(
        &self,
        scope: Scope,
        mechanical: Option<MechanicalReason>,
        change: F,
    ) -> Result<T, WriteError<E>>
    where
        F: AsyncFnOnce(&mut Tx<'_>) -> Result<(T, Vec<Record>), E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Change = Box::new(move |connection, heads| {
            let kind = mechanical.map_or(Kind::Governed, Kind::Mechanical);
            let outcome = in_savepoint(connection, heads, scope, kind, change);
            Box::new(move |committed| {
                let outcome = match (outcome, committed) {
                    (Ok(value), Ok(())) => Ok(value),
                    (Ok(_), Err(error)) => Err(WriteError::Store(error)),
                    (Err(error), _) => Err(error),
                };
                // A caller that went away does no harm: its change stands.
                let _ = answer.send(outcome);
            })
        });
        self.writes.send(job).await.map_err(|_| WriteError::Store(closed()))?;
        answered.await.unwrap_or_else(|_| Err(WriteError::Store(closed())))
    }

    pub(crate) async fn read<T, E, F>(&self, scope: Scope, question: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Question = Box::new(move |connection| {
            let outcome = in_read(connection, scope, question);
            let _ = answer.send(outcome);
        });
        self.reads.send(job).await.map_err(|_| E::from(closed()))?;
        answered.await.unwrap_or_else(|_| Err(E::from(closed())))
    }
}

fn closed() -> StoreError {
    StoreError::Unreachable("the database thread has ended".into())
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<(), StoreError> {
    std::thread::Builder::new()
        .name(name.into())
        .spawn(body)
        .map(drop)
        .map_err(|error| StoreError::Unreachable(error.to_string()))
}

pub(crate) fn connect(path: &Path, read_only: bool) -> Result<Connection, StoreError> {
    let flags = if read_only {
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX
    };
    let connection = Connection::open_with_flags(path, flags)?;
    connection.set_prepared_statement_cache_capacity(256);
    // A plan rests on the statement alone: without this, every value bound to a range has it planned anew.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    if !read_only {
        // secure_delete: what was erased is not left on free pages. Checkpoints every 4,000 pages keep the log near
        // 16 MB; `synchronous=FULL` syncs the WAL at every commit.
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
             PRAGMA wal_autocheckpoint = 4000;",
        )?;
    }
    // 16 MiB: each commit walks the cache's table, and a reader forgets its pages at the next commit of the writer.
    connection
        .execute_batch("PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;")?;
    Ok(connection)
}

fn write_loop(connection: &Connection, changes: &mut mpsc::Receiver<Change>, health: &Health) {
    let mut heads = Heads::default();
    while let Some(first) = changes.blocking_recv() {
        let begun = connection.execute_batch("BEGIN IMMEDIATE").map_err(StoreError::from);
        let mut waiting = Vec::with_capacity(16);
        let mut next = Some(first);
        while let Some(change) = next {
            waiting.push(change(connection, &mut heads));
            // On a full disk SQLite rolls the whole transaction back by itself: the batch is lost, take no more.
            let goes_on = waiting.len() < bounds::GROUP_COMMIT_MAX && !connection.is_autocommit();
            next = if goes_on { changes.try_recv().ok() } else { None };
        }
        // Before this commit nothing is durable and nobody was told anything; after it, everything is. A crash in
        // between leaves changes that were never acknowledged, which their callers will ask for again.
        let committed = begun.and_then(|()| commit(connection));
        if committed.is_err() {
            let _ = connection.execute_batch("ROLLBACK");
            heads = Heads::default();
        }
        health.observe(&committed);
        for tell in waiting {
            tell(committed.as_ref().copied().map_err(again));
        }
    }
    // All senders are gone: leave a small log behind for the next start.
    let _ = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
}

fn commit(connection: &Connection) -> Result<(), StoreError> {
    if connection.is_autocommit() {
        return Err(rolled_back());
    }
    connection.execute_batch("COMMIT").map_err(StoreError::from)
}

fn rolled_back() -> StoreError {
    StoreError::Storage("the database rolled the shared transaction back".into())
}

/// One failed commit answers every change that shared it.
fn again(error: &StoreError) -> StoreError {
    match error {
        StoreError::Conflict(text) => StoreError::Conflict(text.clone()),
        StoreError::Unreachable(text) => StoreError::Unreachable(text.clone()),
        other => StoreError::Storage(other.to_string()),
    }
}

fn read_loop(connection: &Connection, questions: &Mutex<mpsc::Receiver<Question>>) {
    loop {
        let question = questions.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
        match question {
            Some(question) => question(connection),
            None => return,
        }
    }
}

fn in_savepoint<T, E, F>(
    connection: &Connection,
    heads: &mut Heads,
    scope: Scope,
    kind: Kind,
    change: F,
) -> Result<T, WriteError<E>>
where
    F: AsyncFnOnce(&mut Tx<'_>) -> Result<(T, Vec<Record>), E>,
    E: From<StoreError>,
{
    // Outside a transaction a savepoint would commit by itself: never start one there.
    if connection.is_autocommit() {
        return Err(WriteError::Store(rolled_back()));
    }
    run_cached(connection, "SAVEPOINT change").map_err(WriteError::Store)?;
    let outcome = guarded(|| {
        let mut tx = Tx::new(Engine::Sqlite(connection), scope, kind);
        block_on(change(&mut tx))
    })
    .and_then(|(value, records)| {
        let indices = append(connection, heads, &records).map_err(WriteError::Store)?;
        Ok((value, indices))
    });
    match outcome {
        Ok((value, indices)) => {
            run_cached(connection, "RELEASE change").map_err(WriteError::Store)?;
            heads.next.extend(indices);
            Ok(value)
        }
        Err(_) if connection.is_autocommit() => Err(WriteError::Store(rolled_back())),
        Err(error) => {
            // The neighbours in the same commit are untouched; indices were given to nobody.
            run_cached(connection, "ROLLBACK TO change").map_err(WriteError::Store)?;
            run_cached(connection, "RELEASE change").map_err(WriteError::Store)?;
            Err(error)
        }
    }
}

fn in_read<T, E, F>(connection: &Connection, scope: Scope, question: F) -> Result<T, E>
where
    F: AsyncFnOnce(&mut Tx<'_>) -> Result<T, E>,
    E: From<StoreError>,
{
    run_cached(connection, "BEGIN")?;
    let outcome = guarded(|| {
        let mut tx = Tx::new(Engine::Sqlite(connection), scope, Kind::Read);
        block_on(question(&mut tx))
    });
    let _ = run_cached(connection, "ROLLBACK");
    outcome.map_err(WriteError::into_inner)
}

/// A panic in one verb must not take the writer, and everybody's work, with it.
fn guarded<T, E: From<StoreError>>(run: impl FnOnce() -> Result<T, E>) -> Result<T, WriteError<E>> {
    std::panic::catch_unwind(AssertUnwindSafe(run))
        .unwrap_or_else(|_| {
            Err(E::from(StoreError::Statement("the change panicked and was rolled back".into())))
        })
        .map_err(WriteError::Refused)
}

fn run_cached(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}

/// Writes the records as entries with dense indices. The heads move only when the savepoint is released.
fn append(
    connection: &Connection,
    heads: &Heads,
    records: &[Record],
) -> Result<HashMap<OrganisationId, u64>, StoreError> {
    let mut next: HashMap<OrganisationId, u64> = HashMap::new();
    for record in records {
        let index = match next.get(&record.organisation).or_else(|| heads.next.get(&record.organisation)) {
            Some(index) => *index,
            None => stored_head(connection, record.organisation)?,
        };
        let organisation = record.organisation.to_string();
        connection
            .prepare_cached(
                "INSERT INTO ledger_entry (organisation, idx, operation, leaf, detail) VALUES ($1, $2, $3, $4, $5)",
            )?
            .execute(rusqlite::params![
                organisation,
                i64::try_from(index).unwrap_or(i64::MAX),
                record.operation,
                record.leaf,
                record.detail
            ])?;
        next.insert(record.organisation, index + 1);
    }
    Ok(next)
}

fn stored_head(connection: &Connection, organisation: OrganisationId) -> Result<u64, StoreError> {
    let head: Option<i64> = connection
        .prepare_cached("SELECT MAX(idx) FROM ledger_entry WHERE organisation = $1")?
        .query_row([organisation.to_string()], |row| row.get(0))?;
    Ok(head.map_or(0, |last| u64::try_from(last).unwrap_or(0) + 1))
}

#[cfg(test)]
impl Sqlite {
    pub(crate) async fn pragma_for_test(&self, pragma: &'static str) {
        let (answer, answered) = oneshot::channel();
        let job: Change = Box::new(move |connection, _| {
            connection.query_row(pragma, [], |_| Ok(())).ok();
            Box::new(move |_| {
                let _ = answer.send(());
            })
        });
        self.writes.send(job).await.ok();
        answered.await.ok();
    }
}
