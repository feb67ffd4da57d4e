//! PostgreSQL: a few threads, each owning a connection, running one transaction per change.
//!
//! Evidence goes into `evidence_outbox` in the same transaction. Indices are dense, so they are not taken there (one
//! hot row held through every commit): [`Postgres::sequence`] claims waiting rows under the log's head lock and
//! numbers them. It deletes what it claims and never reads `id > last`: ids commit out of order, and a late commit
//! would be skipped for ever.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio_postgres::Client;
use vocabulary::{Scope, bounds};

use crate::connect::Address;
use crate::tx::{Connection as Engine, Kind};
use crate::{Health, MechanicalReason, Record, StoreError, Tx, WriteError, migrate};

/// Transactions at once.
const CONNECTIONS: usize = 12;
/// Entries numbered in one transaction.
const SEQUENCE_BATCH: i64 = 2_000;

struct Session {
    client: Client,
    cache: HashMap<usize, tokio_postgres::Statement>,
}

type Job = Box<dyn for<'a> FnOnce(&'a mut Session) -> LocalBoxFuture<'a, ()> + Send>;

#[derive(Clone)]
pub(crate) struct Postgres {
    jobs: mpsc::Sender<Job>,
    health: Arc<Health>,
    presence: Arc<tokio::sync::Mutex<Presence>>,
    node: i32,
}

/// This node's sign of life: an advisory lock on `(PRESENCE, node)` that dies with its connection, so that every other
/// node sees who lives in `pg_locks` without any clock.
struct Presence {
    client: Client,
    address: Address,
}

/// The class of the advisory locks that say which nodes live.
const PRESENCE: i32 = 1_128_616_018;

impl std::fmt::Debug for Postgres {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Postgres")
    }
}

impl Postgres {
    pub(crate) async fn open(url: &str, health: &Arc<Health>) -> Result<Self, StoreError> {
        let address = Address::parse(url)?;
        let mut first = connect(&address).await?;
        migrate::postgres(&mut first.client).await?;
        let node = announce(&first.client).await?;
        let (jobs, queue) = mpsc::channel::<Job>(bounds::WRITE_QUEUE_MAX);
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..CONNECTIONS {
            let (address, queue, handle) = (address.clone(), Arc::clone(&queue), Handle::current());
            std::thread::Builder::new()
                .name("postgres".into())
                .spawn(move || handle.block_on(work(&address, &queue)))
                .map_err(|error| StoreError::Unreachable(error.to_string()))?;
        }
        let presence = Arc::new(tokio::sync::Mutex::new(Presence { client: first.client, address }));
        Ok(Self { jobs, health: Arc::clone(health), presence, node })
    }

    pub(crate) fn node(&self) -> i64 {
        i64::from(self.node)
    }

    /// Makes sure that this node is seen to live; after a break of the connection it says so again.
    pub(crate) async fn stay_present(&self) -> Result<(), StoreError> {
        let mut presence = self.presence.lock().await;
        if presence.client.is_closed() {
            let again = connect(&presence.address).await?.client;
            again.execute("SELECT pg_advisory_lock($1, $2)", &[&PRESENCE, &self.node]).await?;
            presence.client = again;
        }
        Ok(())
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
        let kind = mechanical.map_or(Kind::Governed, Kind::Mechanical);
        let outcome = self
            .run(move |session| {
                async move { in_transaction(session, scope, kind, change).await }.boxed_local()
            })
            .await;
        match outcome {
            Ok(Ok(value)) => {
                self.health.observe(&Ok::<(), StoreError>(()));
                Ok(value)
            }
            Ok(Err(WriteError::Store(error))) | Err(error) => {
                let outcome: Result<(), StoreError> = Err(error);
                self.health.observe(&outcome);
                Err(WriteError::Store(outcome.err().unwrap_or_else(closed)))
            }
            Ok(Err(refused)) => Err(refused),
        }
    }

    pub(crate) async fn read<T, E, F>(&self, scope: Scope, question: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.run(move |session| async move { in_read(session, scope, question).await }.boxed_local())
            .await
            .unwrap_or_else(|error| Err(E::from(error)))
    }

    pub(crate) async fn sequence(&self) -> Result<u64, StoreError> {
        let mut numbered = 0;
        loop {
            let batch =
                self.run(|session| async move { sequence_batch(session).await }.boxed_local()).await??;
            numbered += batch;
            if batch < SEQUENCE_BATCH as u64 {
                return Ok(numbered);
            }
        }
    }

    async fn run<T: Send + 'static>(
        &self,
        job: impl for<'a> FnOnce(&'a mut Session) -> LocalBoxFuture<'a, T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |session| {
            async move {
                let _ = answer.send(job(session).await);
            }
            .boxed_local()
        });
        self.jobs.send(job).await.map_err(|_| closed())?;
        answered
            .await
            .map_err(|_| StoreError::Uncertain("the database thread ended during the change".into()))
    }
}

/// Takes a number no living node has, and holds it as long as `client` is connected.
async fn announce(client: &Client) -> Result<i32, StoreError> {
    let mut node = crate::node_candidate();
    loop {
        node = node.wrapping_add(1).max(1);
        let row = client.query_one("SELECT pg_try_advisory_lock($1, $2)", &[&PRESENCE, &node]).await?;
        if row.get(0) {
            return Ok(node);
        }
    }
}

fn closed() -> StoreError {
    StoreError::Unreachable("the database threads have ended".into())
}

async fn connect(address: &Address) -> Result<Session, StoreError> {
    Ok(Session { client: address.connect().await?, cache: HashMap::new() })
}

/// Takes jobs for ever, connecting again when the connection is gone. A job that was running then is answered by
/// its own error; one that was not started yet waits for the new connection.
async fn work(address: &Address, queue: &Mutex<mpsc::Receiver<Job>>) {
    let mut session: Option<Session> = None;
    loop {
        let job = tokio::task::block_in_place(|| {
            queue.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv()
        });
        let Some(job) = job else { return };
        if session.as_ref().is_none_or(|open| open.client.is_closed()) {
            session = match connect(address).await {
                Ok(open) => Some(open),
                Err(error) => {
                    tracing::warn!(%error, "PostgreSQL is not reachable");
                    // Dropping the job answers its caller: nothing was changed.
                    drop(job);
                    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                    continue;
                }
            };
        }
        if let Some(open) = &mut session {
            job(open).await;
        }
    }
}

async fn in_transaction<T, E, F>(
    session: &mut Session,
    scope: Scope,
    kind: Kind,
    change: F,
) -> Result<T, WriteError<E>>
where
    F: AsyncFnOnce(&mut Tx<'_>) -> Result<(T, Vec<Record>), E>,
    E: From<StoreError>,
{
    let store = |error: tokio_postgres::Error| WriteError::Store(StoreError::from(error));
    session.client.batch_execute("BEGIN").await.map_err(store)?;
    let outcome = guarded(async {
        let mut tx = Tx::new(Engine::Postgres(&session.client, &mut session.cache), scope, kind);
        change(&mut tx).await
    })
    .await;
    match outcome {
        Ok((value, records)) => {
            if let Err(error) = append(&session.client, &records).await {
                let _ = session.client.batch_execute("ROLLBACK").await;
                return Err(WriteError::Store(error));
            }
            // The server may commit and its answer be lost: that is `Uncertain`, never a plain failure.
            session
                .client
                .batch_execute("COMMIT")
                .await
                .map_err(|error| match StoreError::from(error) {
                    StoreError::Unreachable(text) => WriteError::Store(StoreError::Uncertain(text)),
                    other => WriteError::Store(other),
                })
                .map(|()| value)
        }
        Err(error) => {
            let _ = session.client.batch_execute("ROLLBACK").await;
            Err(error)
        }
    }
}

/// One way there and back for each statement: the transaction around them is sent before and behind them, and nobody waits for it.
/// Where it cannot begin, what was asked meanwhile is not answered. Only reads may: a change that ran before a BEGIN failed
/// would stand without its evidence.
async fn in_read<T, E, F>(session: &mut Session, scope: Scope, question: F) -> Result<T, E>
where
    F: AsyncFnOnce(&mut Tx<'_>) -> Result<T, E>,
    E: From<StoreError>,
{
    let Session { client, cache } = session;
    let mut begun = pin!(client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
    // The first look sends it, so that it is ahead of every statement.
    let at_once = futures::poll!(begun.as_mut());
    let asked = guarded(async {
        let mut tx = Tx::new(Engine::Postgres(client, cache), scope, Kind::Read);
        question(&mut tx).await
    });
    let (begun, outcome) = match at_once {
        Poll::Ready(begun) => (begun, asked.await),
        Poll::Pending => futures::join!(begun, asked),
    };
    // Sent, and no more: whatever this connection does next comes behind it.
    let _ = client.batch_execute("ROLLBACK").now_or_never();
    begun.map_err(|error| E::from(StoreError::from(error)))?;
    outcome.map_err(WriteError::into_inner)
}

async fn guarded<T, E: From<StoreError>>(
    run: impl Future<Output = Result<T, E>>,
) -> Result<T, WriteError<E>> {
    AssertUnwindSafe(run)
        .catch_unwind()
        .await
        .unwrap_or_else(|_| {
            Err(E::from(StoreError::Statement("the change panicked and was rolled back".into())))
        })
        .map_err(WriteError::Refused)
}

async fn append(client: &Client, records: &[Record]) -> Result<(), StoreError> {
    for record in records {
        client
            .execute(
                "INSERT INTO evidence_outbox (organisation, operation, leaf, detail) VALUES ($1, $2, $3, $4)",
                &[&record.organisation.to_string(), &record.operation, &record.leaf, &record.detail],
            )
            .await?;
    }
    Ok(())
}

/// Claims and numbers up to [`SEQUENCE_BATCH`] entries. The advisory lock only spares idle contention; what keeps
/// two sequencers apart is the primary key of `ledger_entry`: the loser's transaction fails and its rows stay.
async fn sequence_batch(session: &mut Session) -> Result<u64, StoreError> {
    let client = &session.client;
    client.batch_execute("BEGIN; SELECT pg_advisory_xact_lock(4919131752989213764)").await?;
    let numbered = client
        .execute(
            "WITH claimed AS (
               DELETE FROM evidence_outbox WHERE id IN (SELECT id FROM evidence_outbox ORDER BY id LIMIT $1)
               RETURNING id, organisation, operation, leaf, detail),
             heads AS (SELECT organisation, MAX(idx) AS last FROM ledger_entry
                       WHERE organisation IN (SELECT organisation FROM claimed) GROUP BY organisation)
             INSERT INTO ledger_entry (organisation, idx, operation, leaf, detail)
             SELECT c.organisation,
                    COALESCE(h.last, -1) + ROW_NUMBER() OVER (PARTITION BY c.organisation ORDER BY c.id),
                    c.operation, c.leaf, c.detail
             FROM claimed c LEFT JOIN heads h ON h.organisation = c.organisation",
            &[&SEQUENCE_BATCH],
        )
        .await;
    match numbered {
        Ok(count) => {
            client.batch_execute("COMMIT").await?;
            Ok(count)
        }
        Err(error) => {
            let _ = client.batch_execute("ROLLBACK").await;
            Err(error.into())
        }
    }
}
