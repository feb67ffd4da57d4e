//! `cerebro backup`: made while the service takes mail, brought up on another machine; what was acknowledged before it began is there,
//! readable, and leaves.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gateway::sink::Sink;
use serde_json::Value as Json;
use store::{Location, Reach, Statement, Store, StoreError, Tx, WriteError};
use vocabulary::{PlatformReason, Scope};

use super::parts::{Processes, configure, connect, init, serve};
use crate::support::ports::free_port;
use crate::support::program::{binary, postgres_database};
use crate::support::{Scratch, message};

const FROM: &str = "ada@bank.example";
const TO: &str = "r.lemarrec@client.example";

fn run(words: &[&str], config: &Path) -> Output {
    Command::new(binary())
        .args(words)
        .arg("--config")
        .arg(config)
        .env("CEREBRO_LOG", "warn")
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

/// Clients that hand over one message after the other, a large one now and then, until told to stop.
struct Load {
    acknowledged: Arc<Mutex<Vec<Vec<u8>>>>,
    over: Arc<AtomicBool>,
    clients: Vec<std::thread::JoinHandle<()>>,
}

impl Load {
    fn on(smtp: SocketAddr) -> Self {
        let (acknowledged, over) = (Arc::<Mutex<Vec<Vec<u8>>>>::default(), Arc::<AtomicBool>::default());
        let clients = (0..2)
            .map(|client| {
                let (acknowledged, over) = (Arc::clone(&acknowledged), Arc::clone(&over));
                std::thread::spawn(move || {
                    let mut smtp = connect(smtp);
                    for number in (0..).take_while(|_| !over.load(Ordering::SeqCst)) {
                        // Every fifth is over 64 KiB: a blob of its own.
                        let lines = if number % 5 == 0 { 2_000 } else { 1 };
                        let body =
                            format!("Bonjour, message {client}-{number}.\nUne ligne de plus, et encore.\n");
                        let raw = message(&body.repeat(lines));
                        let reply = smtp.send(FROM, &[TO], &raw).unwrap();
                        assert!(reply.starts_with("250"), "{reply}");
                        acknowledged.lock().unwrap().push(raw);
                    }
                })
            })
            .collect();
        Self { acknowledged, over, clients }
    }

    fn so_far(&self) -> Vec<Vec<u8>> {
        self.acknowledged.lock().unwrap().clone()
    }

    fn wait_for(&self, count: usize) {
        let end = Instant::now() + Duration::from_secs(60);
        while self.acknowledged.lock().unwrap().len() < count {
            assert!(Instant::now() < end, "the service takes no mail");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn stop(self) {
        self.over.store(true, Ordering::SeqCst);
        self.clients.into_iter().for_each(|client| client.join().unwrap());
    }
}

#[test]
fn z3_a_backup_made_under_load_is_brought_up_elsewhere_with_all_that_was_acknowledged_before() {
    whole(None);
}

#[test]
fn z3_a_backup_of_postgresql_made_under_load_is_brought_up_elsewhere() {
    let (Some(here), Some(there)) = (postgres_database("backup"), postgres_database("backup_elsewhere"))
    else {
        eprintln!("skipped: CEREBRO_TEST_POSTGRES is not set");
        return;
    };
    whole(Some((&here, &there)));
}

fn whole(databases: Option<(&str, &str)>) {
    let scratch = Scratch::new(if databases.is_some() { "backup-pg" } else { "backup" });
    let (home, elsewhere) = (scratch.path().join("bank"), scratch.path().join("elsewhere"));
    let (backup, keys) = (scratch.path().join("backup"), scratch.path().join("keys"));
    // Whoever would take the mail never says a word: nothing leaves here.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let smtp = free_port();
    let config = configure(&home, databases.map(|both| both.0), smtp, silent.local_addr().unwrap());
    assert!(init(&config).status.success());
    let running = Processes(vec![serve(&config, None)]);
    let load = Load::on(format!("127.0.0.1:{smtp}").parse().unwrap());
    load.wait_for(30);
    let before = load.so_far();
    let words = ["backup", "--to", backup.to_str().unwrap(), "--keys-to", keys.to_str().unwrap()];
    let made = run(&words, &config);
    assert!(made.status.success(), "{}", said(&made));
    let report: Json = serde_json::from_slice(&std::fs::read(backup.join("backup.json")).unwrap()).unwrap();
    assert!(report["blobs"]["files"].as_u64().unwrap() >= 6, "{report}");
    load.wait_for(before.len() + 10);
    let again = run(&words, &config);
    assert!(!again.status.success() && said(&again).contains("exists already"), "{}", said(&again));
    load.stop();
    drop(running);

    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (address, sink) = runtime.block_on(Sink::start("127.0.0.1:0".parse().unwrap(), None)).unwrap();
    let config = configure(&elsewhere, databases.map(|both| both.1), free_port(), address);
    for (from, to) in [(backup.join("data"), "data"), (keys, "keys")] {
        assert!(Command::new("cp").arg("-a").arg(from).arg(elsewhere.join(to)).status().unwrap().success());
    }
    if let Some((_, there)) = databases {
        let mut restore = Command::new("pg_restore");
        restore.args(["--no-owner", "--exit-on-error", "--dbname", there]).arg(backup.join("database.dump"));
        assert!(restore.status().unwrap().success());
    }
    taken_over(&config);
    let size = signed(&elsewhere);
    let running = Processes(vec![serve(&config, None)]);
    let end = Instant::now() + Duration::from_secs(60);
    while signed(&elsewhere) <= size {
        assert!(Instant::now() < end, "nothing is signed");
        std::thread::sleep(Duration::from_millis(50));
    }
    drop(running);
    assert!(
        sink.messages().is_empty(),
        "nothing leaves of an instance brought back before somebody has looked"
    );
    runtime.block_on(resume(&elsewhere, databases.map(|both| both.1)));
    let running = Processes(vec![serve(&config, None)]);
    arrived(&sink, &before);
    drop(running);
    let log = std::fs::read_dir(elsewhere.join("data/ledger")).unwrap().flatten().next().unwrap().path();
    let earlier = the_only_log(&backup).join("checkpoint");
    let verified = Command::new(binary())
        .arg("verify")
        .arg(&log)
        .args(["--key", std::fs::read_to_string(log.join("vkey")).unwrap().trim(), "--at-least"])
        .arg(earlier)
        .output()
        .unwrap();
    assert!(verified.status.success(), "{}", said(&verified));
}

/// How many entries the log's checkpoint signs.
fn signed(directory: &Path) -> u64 {
    let note = std::fs::read_to_string(the_only_log(directory).join("checkpoint")).unwrap();
    note.lines().nth(1).unwrap().parse().unwrap()
}

const RESUME: &str = "DELETE FROM relay_pause WHERE destination = '*'";
static RESUMED: Statement =
    Statement { name: "test::RESUME", reach: Reach::Platform, sqlite: RESUME, postgres: RESUME };
const HELD_OFF_NO_MORE: &str = "UPDATE outbox_lease SET next_at = 0, held_off = 0 WHERE held_off = 1";
static DUE: Statement = Statement {
    name: "test::DUE",
    reach: Reach::Platform,
    sqlite: HELD_OFF_NO_MORE,
    postgres: HELD_OFF_NO_MORE,
};

/// What an administrator does on a page; that it takes one, and leaves an entry, is shown in `pages::restored`.
async fn resume(directory: &Path, database: Option<&str>) {
    let location = match database {
        Some(url) => Location::Postgres(url.to_owned()),
        None => Location::Sqlite(directory.join("data/cerebro.db")),
    };
    let store = Store::open(&location).await.unwrap();
    let scope = Scope::Platform(PlatformReason::Bootstrap);
    let done = store.write(scope, async |tx: &mut Tx<'_>| {
        let resumed = tx.execute(&RESUMED, vec![]).await?;
        tx.execute(&DUE, vec![]).await?;
        Ok((resumed, Vec::new()))
    });
    assert_eq!(done.await.map_err(WriteError::<StoreError>::into_inner).unwrap(), 1);
}

fn the_only_log(backup: &Path) -> PathBuf {
    std::fs::read_dir(backup.join("data/ledger")).unwrap().flatten().next().unwrap().path()
}

/// Another machine remembers nothing of what was signed: nobody is served before somebody says that this is meant.
fn taken_over(config: &Path) {
    let refused = run(&["serve"], config);
    assert!(!refused.status.success() && said(&refused).contains("--locks-are-gone"), "{}", said(&refused));
    let refused = run(&["restored"], config);
    assert!(!refused.status.success() && said(&refused).contains("--locks-are-gone"), "{}", said(&refused));
    let done = run(&["restored", "--locks-are-gone"], config);
    assert!(done.status.success() && said(&done).contains("sessions over"), "{}", said(&done));
    let twice = run(&["restored"], config);
    assert!(!twice.status.success() && said(&twice).contains("nothing is to be done"), "{}", said(&twice));
}

/// Each message leaves from here, byte for byte.
fn arrived(sink: &Sink, before: &[Vec<u8>]) {
    let end = Instant::now() + Duration::from_secs(120);
    loop {
        let came = sink.messages();
        let missing = before.iter().filter(|raw| !came.iter().any(|kept| kept.raw.ends_with(raw)));
        let missing = missing.count();
        if missing == 0 {
            return;
        }
        assert!(Instant::now() < end, "{missing} of {} messages did not come back", before.len());
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn keys_never_stand_with_the_data_they_open_and_a_backup_is_never_half_of_one() {
    let scratch = Scratch::new("backup-refused");
    let config = configure(&scratch.path().join("bank"), None, free_port(), "127.0.0.1:9".parse().unwrap());
    assert!(init(&config).status.success());
    let to = scratch.path().join("backup");
    let inside = to.join("keys");
    let refused =
        run(&["backup", "--to", to.to_str().unwrap(), "--keys-to", inside.to_str().unwrap()], &config);
    assert!(!refused.status.success() && said(&refused).contains("another place"), "{}", said(&refused));
    assert!(!to.exists());
    // A log without its key cannot be verified: what was copied of it is not called a backup.
    let log = scratch.path().join("bank/data/ledger");
    let log = std::fs::read_dir(log).unwrap().flatten().next().unwrap().path();
    std::fs::remove_file(log.join("vkey")).unwrap();
    let refused = run(&["backup", "--to", to.to_str().unwrap()], &config);
    assert!(!refused.status.success() && !to.exists(), "{}", said(&refused));
    let left = run(&["backup", "--to", to.to_str().unwrap()], &config);
    assert!(said(&left).contains("backup.part"), "{}", said(&left));
}
