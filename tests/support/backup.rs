//! A backup of a running CEREBRO's database, and the instance that is brought back from it.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use access::Instance;
use operations::Cerebro;
use store::blob::Blobs;
use store::{Location, Store};
use vault::{Keyring, MasterKey};
use vocabulary::{Clock, SeededEntropy};

use super::cerebro::assemble;
use super::{TestCerebro, copy_tree};

/// The database as it was.
pub(crate) struct Backup(Location);

/// An instance brought back: the keys, the log and its lock of today, the database of then.
pub(crate) struct BroughtBack {
    pub(crate) cerebro: Cerebro,
    pub(crate) directory: PathBuf,
}

impl BroughtBack {
    pub(crate) fn locks(&self) -> PathBuf {
        self.directory.join("locks")
    }
}

impl TestCerebro {
    /// Copies the database aside.
    pub(crate) fn back_up(&self) -> Backup {
        Backup(match &self.location {
            Location::Sqlite(path) => {
                let copy = self.directory.join("backup.db");
                for more in ["", "-wal"] {
                    let from = format!("{}{more}", path.display());
                    std::fs::copy(from, format!("{}{more}", copy.display())).unwrap();
                }
                Location::Sqlite(copy)
            }
            Location::Postgres(url) => {
                let (server, name) = url.rsplit_once('/').unwrap();
                let copy = format!("{server}/{name}_backup");
                let made = Command::new("psql")
                    .args(["-q", &format!("{server}/postgres")])
                    .args(["-c", &format!("DROP DATABASE IF EXISTS {name}_backup WITH (FORCE)")])
                    .args(["-c", &format!("CREATE DATABASE {name}_backup")])
                    .status();
                assert!(made.unwrap().success());
                let mut dump = Command::new("pg_dump").arg(url).stdout(Stdio::piped()).spawn().unwrap();
                let into = Command::new("psql")
                    .args(["-q", "-v", "ON_ERROR_STOP=1", &copy])
                    .stdin(dump.stdout.take().unwrap())
                    .stdout(Stdio::null())
                    .status();
                assert!(dump.wait().unwrap().success() && into.unwrap().success());
                Location::Postgres(copy)
            }
        })
    }

    /// Brings a backup back, beside the instance that went on.
    pub(crate) async fn bring_back(&self, backup: Backup) -> BroughtBack {
        let directory = self.directory.join("restored");
        for name in ["ledger", "locks", "blobs"] {
            copy_tree(&self.directory.join(name), &directory.join(name));
        }
        let master = MasterKey::load(&self.directory.join("master.key")).unwrap();
        let keyring = Keyring::open(&self.directory.join("keys"), &master).unwrap();
        let store = Store::open(&backup.0).await.unwrap();
        let blobs = Blobs::open(&directory.join("blobs")).unwrap();
        let entropy = Arc::new(SeededEntropy::new(u64::from(std::process::id()) << 33));
        let instance = Instance::new(store, keyring, blobs, self.clock.clone() as Arc<dyn Clock>, entropy);
        BroughtBack { cerebro: assemble(instance, &directory).await, directory }
    }
}
