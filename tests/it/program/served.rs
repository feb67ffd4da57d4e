//! `cerebro serve` as an institution runs it: a configuration, `init`, one process, and a sink that plays the outside world.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use gateway::sink::{Kept, Sink};
use tokio::runtime::Runtime;

use super::parts::{Processes, init, serve};
use crate::support::ports::free_port;
use crate::support::program::postgres_database;

/// A running institution, `bank.example`.
pub(super) struct Served {
    pub(super) directory: PathBuf,
    pub(super) smtp: SocketAddr,
    pub(super) smtp_tls: SocketAddr,
    _runtime: Runtime,
    sinks: Vec<Sink>,
    _running: Processes,
}

/// What its configuration says besides where things stand.
#[derive(Default)]
pub(super) struct Wishes {
    /// More keys of `[smtp]`, then its clients.
    pub(super) smtp: String,
    /// `[relay]` with its routes; everything to the sink when empty.
    pub(super) relay: String,
    /// Where the outside world listens; one address of loopback when empty.
    pub(super) sinks: Vec<SocketAddr>,
    pub(super) database: Option<String>,
}

impl Served {
    /// Starts in a directory that may hold certificates already.
    pub(super) fn start(directory: &Path, wishes: Wishes) -> Self {
        let runtime = Runtime::new().unwrap();
        let at = if wishes.sinks.is_empty() { vec!["127.0.0.1:0".parse().unwrap()] } else { wishes.sinks };
        let started = at.into_iter().map(|address| runtime.block_on(Sink::start(address, None)).unwrap());
        let (addresses, sinks): (Vec<SocketAddr>, Vec<Sink>) = started.unzip();
        let address = || SocketAddr::from(([127, 0, 0, 1], free_port()));
        let (smtp, smtp_tls, console) = (address(), address(), address());
        let postgres = wishes.database.map(|url| format!("postgres = \"{url}\"\n")).unwrap_or_default();
        let relay = if wishes.relay.is_empty() {
            let sink = addresses[0];
            format!(
                "[[relay.route]]\nname = \"sink\"\ndomains = [\"*\"]\nhosts = [\"{sink}\"]\ntls = \"none\"\n"
            )
        } else {
            wishes.relay
        };
        let with_tls = if wishes.smtp.contains("certificate =") {
            format!("listen_tls = \"{smtp_tls}\"\n")
        } else {
            String::new()
        };
        console_certificate(directory);
        let text = format!(
            "version = 1\n[storage]\ndata = \"data\"\n{postgres}keys = \"keys/store\"\nmaster_key = \"keys/master.key\"\nlocks = \"locks\"\n\
             [smtp]\nlisten = \"{smtp}\"\n{with_tls}hostname = \"localhost\"\n{}\n{relay}\
             [console]\nlisten = \"{console}\"\nurl = \"https://cerebro.example\"\ncertificate = \"console.pem\"\nprivate_key = \"console.key\"\n",
            wishes.smtp
        );
        let config = directory.join("cerebro.toml");
        std::fs::write(&config, text).unwrap();
        let made = init(&config);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let running = Processes(vec![serve(&config, None)]);
        let served = Self {
            directory: directory.to_owned(),
            smtp,
            smtp_tls,
            _runtime: runtime,
            sinks,
            _running: running,
        };
        let end = Instant::now() + Duration::from_secs(30);
        while std::net::TcpStream::connect(smtp).is_err() {
            assert!(Instant::now() < end, "it does not listen");
            std::thread::sleep(Duration::from_millis(50));
        }
        served
    }

    /// What reached the outside world, at all its addresses.
    pub(super) fn sunk(&self) -> Vec<Arc<Kept>> {
        self.sinks.iter().flat_map(Sink::messages).collect()
    }

    /// Waits until so many messages have reached it.
    pub(super) fn wait_for(&self, count: usize, seconds: u64) -> Vec<Arc<Kept>> {
        let end = Instant::now() + Duration::from_secs(seconds);
        loop {
            let sunk = self.sunk();
            if sunk.len() >= count {
                return sunk;
            }
            assert!(Instant::now() < end, "{} of {count} arrived", sunk.len());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.directory);
        }
    }
}

fn console_certificate(directory: &Path) {
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
        ])
        .args(["-subj", "/CN=localhost", "-keyout", "console.key", "-out", "console.pem"])
        .current_dir(directory)
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(made.success());
}

/// A fresh directory.
pub(super) fn home(name: &str) -> PathBuf {
    let directory = std::env::temp_dir().join(format!("cerebro-served-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(&directory).unwrap();
    directory
}

/// Runs a test with a directory and without a database, then with one where `CEREBRO_TEST_POSTGRES` names a server.
pub(super) fn on_each_engine(name: &str, test: impl Fn(&Path, Option<String>)) {
    test(&home(name), None);
    match postgres_database(name) {
        Some(database) => test(&home(&format!("{name}-pg")), Some(database)),
        None => eprintln!("skipped on PostgreSQL: CEREBRO_TEST_POSTGRES is not set"),
    }
}
