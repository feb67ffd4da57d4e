//! Numbered migrations, applied in order inside one transaction each. One text serves both engines: `BYTES` is
//! BLOB on SQLite and BYTEA on PostgreSQL; `SERIAL_KEY` is each engine's growing key.

use crate::StoreError;

/// The schema this binary works with.
pub const SCHEMA_VERSION: i64 = 29;

/// Number and text. Never edited once released: a change is a new number, expand first, contract a release later.
const MIGRATIONS: &[(i64, &str)] = &[
    (1, include_str!("../migrations/0001_first.sql")),
    (2, include_str!("../migrations/0002_sealing.sql")),
    (3, include_str!("../migrations/0003_authenticators.sql")),
    (4, include_str!("../migrations/0004_hold_event.sql")),
    (5, include_str!("../migrations/0005_accounts.sql")),
    (6, include_str!("../migrations/0006_mail.sql")),
    (7, include_str!("../migrations/0007_security_keys.sql")),
    (8, include_str!("../migrations/0008_debt.sql")),
    (9, include_str!("../migrations/0009_places.sql")),
    (10, include_str!("../migrations/0010_missions.sql")),
    (11, include_str!("../migrations/0011_outgoing.sql")),
    (12, include_str!("../migrations/0012_lists.sql")),
    (13, include_str!("../migrations/0013_controls.sql")),
    (14, include_str!("../migrations/0014_together.sql")),
    (15, include_str!("../migrations/0015_owed.sql")),
    (16, include_str!("../migrations/0016_breached.sql")),
    (17, include_str!("../migrations/0017_calibration.sql")),
    (18, include_str!("../migrations/0018_break_glass.sql")),
    (19, include_str!("../migrations/0019_rights.sql")),
    (20, include_str!("../migrations/0020_clients.sql")),
    (21, include_str!("../migrations/0021_replays.sql")),
    (22, include_str!("../migrations/0022_samples.sql")),
    (23, include_str!("../migrations/0023_proposals.sql")),
    (24, include_str!("../migrations/0024_register.sql")),
    (25, include_str!("../migrations/0025_second_reading.sql")),
    (26, include_str!("../migrations/0026_access.sql")),
    (27, include_str!("../migrations/0027_guarded.sql")),
    (28, include_str!("../migrations/0028_told.sql")),
    (29, include_str!("../migrations/0029_alike.sql")),
];

fn for_sqlite(text: &str) -> String {
    text.replace("BYTES", "BLOB").replace("SERIAL_KEY", "INTEGER PRIMARY KEY AUTOINCREMENT")
}

fn for_postgres(text: &str) -> String {
    text.replace("BYTES", "BYTEA")
        .replace("SERIAL_KEY", "BIGSERIAL PRIMARY KEY")
        .replace(" WITHOUT ROWID", "")
}

fn refuse_newer(found: i64) -> Result<(), StoreError> {
    if found > SCHEMA_VERSION {
        Err(StoreError::NewerSchema { found, known: SCHEMA_VERSION })
    } else {
        Ok(())
    }
}

pub(crate) fn sqlite(connection: &mut rusqlite::Connection) -> Result<(), StoreError> {
    connection
        .execute_batch("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY)")?;
    let found: i64 =
        connection.query_row("SELECT COALESCE(MAX(version), 0) FROM schema_version", [], |row| row.get(0))?;
    refuse_newer(found)?;
    for (version, text) in MIGRATIONS.iter().filter(|(version, _)| *version > found) {
        let tx = connection.transaction()?;
        tx.execute_batch(&for_sqlite(text))?;
        tx.execute("INSERT INTO schema_version (version) VALUES ($1)", [version])?;
        tx.commit()?;
    }
    Ok(())
}

pub(crate) async fn postgres(client: &mut tokio_postgres::Client) -> Result<(), StoreError> {
    // Two nodes that start at once migrate one after the other.
    client.batch_execute("SELECT pg_advisory_lock(4919131752989213765)").await?;
    let outcome = postgres_locked(client).await;
    client.batch_execute("SELECT pg_advisory_unlock(4919131752989213765)").await?;
    outcome
}

async fn postgres_locked(client: &mut tokio_postgres::Client) -> Result<(), StoreError> {
    client
        .batch_execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY)")
        .await?;
    let found: i64 =
        client.query_one("SELECT COALESCE(MAX(version), 0) FROM schema_version", &[]).await?.get(0);
    refuse_newer(found)?;
    for (version, text) in MIGRATIONS.iter().filter(|(version, _)| *version > found) {
        let tx = client.transaction().await?;
        tx.batch_execute(&for_postgres(text)).await?;
        tx.execute("INSERT INTO schema_version (version) VALUES ($1)", &[version]).await?;
        tx.commit().await?;
    }
    Ok(())
}
