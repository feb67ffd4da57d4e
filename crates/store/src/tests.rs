//! One conformance suite, run on SQLite and, where `CEREBRO_TEST_POSTGRES` names a server, on PostgreSQL
//! (invariant 11). Each case gets a database of its own.

use super::*;
use vocabulary::{PlatformReason, SeededEntropy, Timestamp};

#[allow(dead_code, reason = "the macro lists them all for crates that prepare them")]
mod sql {
    crate::statements! {
        Organisation COUNT = "SELECT COUNT(*) FROM organisation WHERE id = $1 AND $1 = id AND 'organisation = $1' <> ''";
        Platform NEW = "INSERT INTO organisation (id, name, domains, origin, policy, created_at) VALUES ($1, $2, '[]', $3, '{}', 0)";
        Platform RENAME = "UPDATE organisation SET name = $2 WHERE id = $1";
        Platform ALL_ROWS = "SELECT id FROM organisation ORDER BY id LIMIT 1000";
        Platform ENTRIES = "SELECT organisation, idx, leaf FROM ledger_entry ORDER BY organisation, idx LIMIT 100000";
        Platform NO_TABLE = "SELECT id FROM nothing_of_the_kind";
        MechanicalPlatform TOUCH = "INSERT INTO throttle (subject, since, count) VALUES ($1, 0, 1) ON CONFLICT (subject) DO UPDATE SET count = throttle.count + 1";
    }
}

const SETUP: Scope = Scope::Platform(PlatformReason::Bootstrap);

fn organisation(seed: u64) -> OrganisationId {
    OrganisationId::new(Timestamp::from_micros(1), &SeededEntropy::new(seed))
}

fn record(organisation: OrganisationId, leaf: &str) -> Record {
    Record { organisation, operation: "operation_x".into(), leaf: leaf.into(), detail: vec![1] }
}

async fn insert(tx: &mut Tx<'_>, id: OrganisationId, name: &str) -> Result<u64, StoreError> {
    tx.execute(sql::NEW, vec![id.into(), name.into(), id.to_string().into()]).await
}

async fn add(store: &Store, id: OrganisationId) -> Result<(), WriteError<StoreError>> {
    store
        .write(SETUP, async move |tx: &mut Tx<'_>| {
            insert(tx, id, "bank").await?;
            Ok(((), vec![record(id, "made")]))
        })
        .await
}

async fn names(store: &Store) -> Vec<String> {
    store
        .read(SETUP, async |tx: &mut Tx<'_>| {
            tx.fetch(sql::ALL_ROWS, vec![])
                .await?
                .iter()
                .map(|row| row.get::<String>(0))
                .collect::<Result<Vec<_>, StoreError>>()
        })
        .await
        .unwrap()
}

async fn leaves(store: &Store) -> Vec<(String, u64, Vec<u8>)> {
    store.sequence().await.unwrap();
    store
        .read(SETUP, async |tx: &mut Tx<'_>| {
            tx.fetch(sql::ENTRIES, vec![])
                .await?
                .iter()
                .map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .collect::<Result<Vec<_>, StoreError>>()
        })
        .await
        .unwrap()
}

/// A fresh database on each engine that this machine has.
async fn stores() -> Vec<(Store, Cleanup)> {
    let mut all = Vec::new();
    let unique = format!("cerebro_{}_{:?}", std::process::id(), std::thread::current().id())
        .replace(['(', ')'], "")
        .to_lowercase();
    let path = std::env::temp_dir().join(format!("{unique}.db"));
    let _ = std::fs::remove_file(&path);
    all.push((Store::open(&Location::Sqlite(path.clone())).await.unwrap(), Cleanup(Some(path))));
    match std::env::var("CEREBRO_TEST_POSTGRES") {
        Ok(url) => all.push((
            Store::open(&Location::Postgres(postgres_database(&url, &unique).await)).await.unwrap(),
            Cleanup(None),
        )),
        Err(_) => eprintln!("skipped on PostgreSQL: CEREBRO_TEST_POSTGRES is not set"),
    }
    all
}

struct Cleanup(Option<std::path::PathBuf>);
impl Drop for Cleanup {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            for suffix in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
            }
        }
    }
}

async fn postgres_database(url: &str, name: &str) -> String {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.unwrap();
    client.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
    match url.rsplit_once('/') {
        Some((server, _)) => format!("{server}/{name}"),
        None => format!("{url} dbname={name}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_and_its_evidence_stand_or_fall_together() {
    for (store, _cleanup) in stores().await {
        let (kept, refused) = (organisation(1), organisation(2));
        add(&store, kept).await.unwrap();
        let outcome: Result<(), WriteError<StoreError>> = store
            .write(SETUP, async move |tx: &mut Tx<'_>| {
                insert(tx, refused, "never").await?;
                Err(StoreError::Statement("the verb says no".into()))
            })
            .await;
        assert!(matches!(outcome, Err(WriteError::Refused(_))), "{:?}", store.engine());
        assert_eq!(names(&store).await, vec![kept.to_string()]);
        assert_eq!(leaves(&store).await, vec![(kept.to_string(), 0, b"made".to_vec())]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn neighbours_in_a_commit_do_not_sink_each_other_and_indices_stay_dense() {
    for (store, _cleanup) in stores().await {
        let bank = organisation(7);
        add(&store, bank).await.unwrap();
        let tasks: Vec<_> = (0..200_u64)
            .map(|number| {
                let store = store.clone();
                tokio::spawn(async move {
                    store
                        .write(SETUP, async move |tx: &mut Tx<'_>| {
                            insert(tx, organisation(100 + number), "other").await?;
                            if number % 3 == 0 {
                                return Err(StoreError::Statement("no".into()));
                            }
                            if number % 7 == 0 {
                                panic!("a verb with a mistake in it");
                            }
                            Ok(((), vec![record(bank, &format!("entry {number}"))]))
                        })
                        .await
                        .is_ok()
                })
            })
            .collect();
        let mut done = 0;
        for task in tasks {
            done += u64::from(task.await.unwrap());
        }
        let indices: Vec<u64> = leaves(&store).await.into_iter().map(|(_, index, _)| index).collect();
        assert_eq!(indices, (0..=done).collect::<Vec<_>>(), "{:?}", store.engine());
        assert_eq!(names(&store).await.len() as u64, done + 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_goes_away_does_no_harm() {
    for (store, _cleanup) in stores().await {
        let bank = organisation(9);
        drop(tokio::time::timeout(std::time::Duration::ZERO, add(&store, bank)).await);
        // Whether it was accepted or not, the same change again gives one of the two honest answers.
        let again = add(&store, bank).await;
        assert!(
            again.is_ok() || matches!(&again, Err(WriteError::Refused(error)) if error.is_conflict()),
            "{again:?}"
        );
        assert_eq!(leaves(&store).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reach_is_enforced_when_a_statement_runs() {
    for (store, _cleanup) in stores().await {
        let bank = organisation(4);
        add(&store, bank).await.unwrap();
        let own = Scope::Organisation(bank);
        let crossing = store.read(own, async |tx: &mut Tx<'_>| tx.fetch(sql::ALL_ROWS, vec![]).await).await;
        assert!(matches!(crossing, Err(StoreError::Reach { .. })));
        let unscoped = store.read(SETUP, async |tx: &mut Tx<'_>| tx.fetch(sql::COUNT, vec![]).await).await;
        assert!(matches!(unscoped, Err(StoreError::Reach { .. })));
        let writing =
            store.read(SETUP, async move |tx: &mut Tx<'_>| insert(tx, organisation(5), "x").await).await;
        assert!(matches!(writing, Err(StoreError::Reach { .. })));
        let governed = store
            .write_mechanical(SETUP, MechanicalReason::Retry, async move |tx: &mut Tx<'_>| {
                insert(tx, organisation(5), "x").await
            })
            .await;
        assert!(matches!(governed, Err(WriteError::Refused(StoreError::Reach { .. }))));
        let elsewhere = store.read(own, async move |tx: &mut Tx<'_>| tx.enter(organisation(5))).await;
        assert!(matches!(elsewhere, Err(StoreError::Reach { .. })));
        store
            .write_mechanical(SETUP, MechanicalReason::Throttle, async |tx: &mut Tx<'_>| {
                tx.execute(sql::TOUCH, vec!["a".into()]).await
            })
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealing_backlog_over_its_bound_refuses_changes() {
    for (store, _cleanup) in stores().await {
        store.set_backlog(bounds::SEALING_BACKLOG_MAX + 1);
        assert!(!store.is_healthy());
        assert!(matches!(
            add(&store, organisation(1)).await,
            Err(WriteError::Store(StoreError::LedgerBehind))
        ));
        store.set_backlog(0);
        add(&store, organisation(1)).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_binary_refuses_a_newer_schema() {
    let path = std::env::temp_dir().join(format!("cerebro-newer-{}.db", std::process::id()));
    drop(Store::open(&Location::Sqlite(path.clone())).await.unwrap());
    let direct = rusqlite::Connection::open(&path).unwrap();
    direct.execute("INSERT INTO schema_version (version) VALUES (9999)", []).unwrap();
    let refused = Store::open(&Location::Sqlite(path.clone())).await;
    assert!(matches!(refused, Err(StoreError::NewerSchema { found: 9999, .. })));
    drop(Cleanup(Some(path)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_full_refuses_and_recovers() {
    let path = std::env::temp_dir().join(format!("cerebro-full-{}.db", std::process::id()));
    let store = Store::open(&Location::Sqlite(path.clone())).await.unwrap();
    add(&store, organisation(1)).await.unwrap();
    // The page limit plays the disk: SQLITE_FULL is what ENOSPC becomes.
    let limit = |pages: &'static str| {
        let store = store.clone();
        async move { store.pragma_for_test(pages).await }
    };
    limit("PRAGMA max_page_count = 1").await;
    let mut refused = false;
    for seed in 10..400 {
        if let Err(error) = add(&store, organisation(seed)).await {
            assert!(
                matches!(
                    &error,
                    WriteError::Store(StoreError::Storage(_)) | WriteError::Refused(StoreError::Storage(_))
                ),
                "{error}"
            );
            refused = true;
            break;
        }
    }
    assert!(refused, "the limit was never reached");
    limit("PRAGMA max_page_count = 1000000").await;
    add(&store, organisation(1_000)).await.unwrap();
    assert!(store.is_healthy());
    let indices: Vec<u64> = leaves(&store)
        .await
        .into_iter()
        .filter(|(_, index, _)| *index > 0)
        .map(|(_, index, _)| index)
        .collect();
    assert!(indices.is_empty(), "each organisation has one entry, numbered 0");
    drop(Cleanup(Some(path)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_goes_where_its_number_says_whatever_comes_first() {
    for (store, _cleanup) in stores().await {
        let bank = organisation(3);
        add(&store, bank).await.unwrap();
        store
            .write::<_, StoreError, _>(SETUP, async move |tx: &mut Tx<'_>| {
                let changed = tx.execute(sql::RENAME, vec![bank.into(), "new name".into()]).await?;
                assert_eq!(changed, 1);
                Ok(((), vec![record(bank, "renamed")]))
            })
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_sees_one_state_from_its_first_statement_to_its_last() {
    for (store, _cleanup) in stores().await {
        add(&store, organisation(1)).await.unwrap();
        let writer = store.clone();
        let counts = store
            .read(SETUP, async move |tx: &mut Tx<'_>| {
                let before = tx.fetch(sql::ALL_ROWS, vec![]).await?.len();
                add(&writer, organisation(2)).await.map_err(WriteError::into_inner)?;
                Ok::<_, StoreError>((before, tx.fetch(sql::ALL_ROWS, vec![]).await?.len()))
            })
            .await
            .unwrap();
        assert_eq!(counts, (1, 1), "{:?}", store.engine());
        assert_eq!(names(&store).await.len(), 2, "the next read sees what was written meanwhile");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_failed_leaves_nothing_to_the_next_one_of_its_connection() {
    for (store, _cleanup) in stores().await {
        for seed in 0..40 {
            let failed = store.read(SETUP, async |tx: &mut Tx<'_>| tx.fetch(sql::NO_TABLE, vec![]).await);
            assert!(matches!(failed.await, Err(StoreError::Statement(_))), "{:?}", store.engine());
            // On PostgreSQL a connection still in a failed or a reading transaction would refuse this.
            add(&store, organisation(seed)).await.unwrap();
        }
        assert_eq!(names(&store).await.len(), 40);
    }
}
