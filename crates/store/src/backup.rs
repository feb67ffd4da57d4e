//! Copies of a database that serves, made beside the process that writes it, and looked at before anybody relies on them.

use std::path::Path;

use rusqlite::Connection;
use tokio_postgres::Config;
use tokio_postgres::config::Host;
use vocabulary::OrganisationId;

use crate::connect::Address;
use crate::{SCHEMA_VERSION, StoreError, sqlite};

/// What a copy of an SQLite database holds, as far as a backup has to agree with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// Its schema.
    pub schema: i64,
    /// Entries of each log: how many, and the last leaf.
    pub logs: Vec<(OrganisationId, u64, Vec<u8>)>,
    /// Ciphertexts that stand in files of their own, by id.
    pub blobs: Vec<String>,
}

/// Copies an SQLite database as one read transaction sees it, while another process writes on: `into` must not exist. A crash
/// leaves a file that is no database.
///
/// # Errors
/// The database cannot be read, or the disk refused.
pub fn snapshot(from: &Path, into: &Path) -> Result<(), StoreError> {
    let connection = sqlite::connect(from, true)?;
    let text = into.to_str().ok_or_else(|| StoreError::Storage("the path is not UTF-8".into()))?;
    connection.execute("VACUUM INTO ?1", [text])?;
    let disk = |error: std::io::Error| StoreError::Storage(error.to_string());
    std::fs::File::open(into).and_then(|file| file.sync_all()).map_err(disk)
}

/// Reads a copy through: every page and index agrees, and what is in it.
///
/// # Errors
/// It is damaged, of a newer schema, or no database of ours.
pub fn inspect(copy: &Path) -> Result<Inspected, StoreError> {
    let connection = sqlite::connect(copy, true)?;
    let said: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if said != "ok" {
        return Err(StoreError::Storage(format!("the copy is damaged: {said}")));
    }
    let schema = connection.query_row("SELECT MAX(version) FROM schema_version", [], |row| row.get(0))?;
    if schema > SCHEMA_VERSION {
        return Err(StoreError::NewerSchema { found: schema, known: SCHEMA_VERSION });
    }
    Ok(Inspected { schema, logs: logs(&connection)?, blobs: blobs(&connection)? })
}

fn logs(connection: &Connection) -> Result<Vec<(OrganisationId, u64, Vec<u8>)>, StoreError> {
    let mut statement = connection.prepare(
        "SELECT e.organisation, e.idx, e.leaf FROM ledger_entry e JOIN (SELECT organisation, MAX(idx) AS last FROM ledger_entry \
         GROUP BY organisation) h ON h.organisation = e.organisation AND h.last = e.idx ORDER BY e.organisation",
    )?;
    let rows = statement.query_map([], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, Vec<u8>>(2)?))
    })?;
    rows.map(|row| {
        let (organisation, last, leaf) = row?;
        let organisation = organisation
            .parse()
            .map_err(|_| StoreError::Column { column: 0, wanted: "the id of an organisation" })?;
        Ok((organisation, u64::try_from(last).unwrap_or(0) + 1, leaf))
    })
    .collect()
}

fn blobs(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement =
        connection.prepare("SELECT body_blob FROM flow WHERE body_blob IS NOT NULL ORDER BY body_blob")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What PostgreSQL's own tools read from their environment to reach the database of an address: no password stands in a command line.
///
/// # Errors
/// It is no address CEREBRO takes.
pub fn environment(address: &str) -> Result<Vec<(&'static str, String)>, StoreError> {
    let (config, mode, roots) = Address::parts(address)?;
    let mut variables = Vec::new();
    let mut put = |name, value: Option<String>| variables.extend(value.map(|value| (name, value)));
    put("PGHOST", config.get_hosts().first().map(host));
    put("PGPORT", config.get_ports().first().map(u16::to_string));
    put("PGUSER", config.get_user().map(str::to_owned));
    put("PGDATABASE", config.get_dbname().map(str::to_owned));
    put("PGPASSWORD", config.get_password().map(|word| String::from_utf8_lossy(word).into_owned()));
    put("PGSSLMODE", mode);
    put("PGSSLROOTCERT", roots);
    Ok(variables)
}

fn host(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        Host::Unix(path) => path.display().to_string(),
    }
}

/// The parts of an address as libpq would be told them.
type Told = (Config, Option<String>, Option<String>);

impl Address {
    fn parts(text: &str) -> Result<Told, StoreError> {
        Self::parse(text)?;
        let (text, mode) = crate::connect::take(text, "sslmode");
        let (text, roots) = crate::connect::take(&text, "sslrootcert");
        let config = text.parse().map_err(|error| StoreError::Address(format!("{error}")))?;
        Ok((config, mode, roots))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_are_told_the_address_without_a_command_line() {
        let roots = std::env::temp_dir().join("no such file");
        let local = environment("postgres://cerebro:s%20cret@127.0.0.1:5433/bank?sslmode=disable").unwrap();
        let told: Vec<(&str, &str)> = local.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(
            told,
            [
                ("PGHOST", "127.0.0.1"),
                ("PGPORT", "5433"),
                ("PGUSER", "cerebro"),
                ("PGDATABASE", "bank"),
                ("PGPASSWORD", "s cret"),
                ("PGSSLMODE", "disable"),
            ]
        );
        let far =
            format!("postgres://c@db.bank.example/bank?sslmode=verify-full&sslrootcert={}", roots.display());
        assert!(environment(&far).is_err() && environment("postgres://c@db.bank.example/bank").is_err());
    }

    #[test]
    fn a_damaged_copy_is_not_taken_for_one() {
        let directory = std::env::temp_dir().join(format!("cerebro-copy-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let (live, copy) = (directory.join("live.db"), directory.join("copy.db"));
        let _ = (std::fs::remove_file(&live), std::fs::remove_file(&copy));
        let mut connection = sqlite::connect(&live, false).unwrap();
        crate::migrate::sqlite(&mut connection).unwrap();
        snapshot(&live, &copy).unwrap();
        assert!(snapshot(&live, &copy).is_err(), "never over another");
        let found = inspect(&copy).unwrap();
        assert_eq!((found.schema, found.logs.len(), found.blobs.len()), (SCHEMA_VERSION, 0, 0));
        let mut bytes = std::fs::read(&copy).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle..].fill(0xa5);
        std::fs::write(&copy, bytes).unwrap();
        assert!(inspect(&copy).is_err());
        std::fs::remove_dir_all(&directory).unwrap();
    }
}
