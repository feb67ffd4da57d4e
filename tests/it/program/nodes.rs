//! Two nodes on PostgreSQL that relay: one is killed, one is cut off from the database while it has messages in hand. Everything
//! leaves, and each delivery ends once (F02, F04).

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gateway::sink::Sink;

use super::parts::{Processes, configure, connect, init, serve};
use crate::support::census::{Census, Places};
use crate::support::message;
use crate::support::ports::free_port;
use crate::support::program::postgres_database;
use crate::support::wire::Wire;

const SENDER: &str = "ada@bank.example";

/// An instance of four processes: one takes mail, one seals, two relay. The second relay reaches the database by a wire.
struct Nodes {
    directory: PathBuf,
    database: String,
    wire: std::sync::Arc<Wire>,
    runtime: tokio::runtime::Runtime,
    _sink: Sink,
    smtp: std::net::SocketAddr,
    running: Processes,
    sent: usize,
}

impl Nodes {
    fn start(name: &str) -> Option<Self> {
        let database = postgres_database(name)?;
        let directory = std::env::temp_dir().join(format!("cerebro-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&directory);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let kept = directory.join("sink");
        let (address, sink) =
            runtime.block_on(Sink::start("127.0.0.1:0".parse().unwrap(), Some(&kept))).unwrap();
        let port = free_port();
        let config = configure(&directory, Some(&database), port, address);
        let made = init(&config);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let (wire, through) = Wire::before(&database);
        let other = directory.join("cerebro-b.toml");
        std::fs::write(&other, std::fs::read_to_string(&config).unwrap().replace(&database, &through))
            .unwrap();
        let running = ["gateway", "sealer", "relay"].map(|part| serve(&config, Some(part)));
        let mut running = Processes(running.into());
        running.0.push(serve(&other, Some("relay")));
        let smtp = format!("127.0.0.1:{port}").parse().unwrap();
        Some(Self { directory, database, wire, runtime, _sink: sink, smtp, running, sent: 0 })
    }

    fn send(&mut self, count: usize) {
        let mut smtp = connect(self.smtp);
        for _ in 0..count {
            self.sent += 1;
            let raw = message(&format!("marque {}.", self.sent));
            let reply = smtp.send(SENDER, &["r.lemarrec@client.example"], &raw).unwrap();
            assert!(reply.starts_with("250"), "{reply}");
        }
    }

    /// The marks of what has left.
    fn left(&self) -> HashSet<usize> {
        self.copies().into_iter().collect()
    }

    /// The marks of what has left, once for each copy.
    fn copies(&self) -> Vec<usize> {
        let files = std::fs::read_dir(self.directory.join("sink")).into_iter().flatten().flatten();
        files
            .filter(|file| file.path().extension().is_some_and(|extension| extension == "eml"))
            .filter_map(|file| {
                let text = String::from_utf8_lossy(&std::fs::read(file.path()).ok()?).into_owned();
                text.split("marque ").nth(1)?.split('.').next()?.parse().ok()
            })
            .collect()
    }

    fn wait_for(&self, wanted: usize, what: &str) {
        let end = Instant::now() + Duration::from_secs(40);
        loop {
            let left = self.left().len();
            if left >= wanted {
                return;
            }
            assert!(Instant::now() < end, "{what}: {left} of {wanted} left");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Everything has left, and the instance says so once of each.
    fn account(self) {
        self.wait_for(self.sent, "in the end");
        // What is recorded is recorded a moment after it left.
        let end = Instant::now() + Duration::from_secs(20);
        let (directory, database) = (self.directory.clone(), self.database.clone());
        let open = || self.runtime.block_on(states(&directory, &database));
        let mut states = open();
        while states.iter().any(|state| state != "delivered" && state != "uncertain") {
            assert!(Instant::now() < end, "{states:?}");
            std::thread::sleep(Duration::from_millis(500));
            states = open();
        }
        assert_eq!(states.len(), self.sent);
        let copies = self.copies().len() - self.left().len();
        drop(self.running);
        let faults = self.runtime.block_on(async {
            let census = Census::take(&places(&self.directory, &self.database)).await.unwrap();
            let ended = census.entries_of("delivery.ended");
            assert_eq!(ended.len(), self.sent, "each delivery ends");
            // Nothing is sent twice but what an entry said is attempted again.
            let attempts = census.entries_of("delivery.attempting");
            let again: usize = attempts.values().map(|times| times - 1).sum();
            assert!(copies <= again, "{copies} copies, {again} attempts made again");
            let twice = ended.iter().filter(|(_, times)| **times != 1);
            [census.faults(), twice.map(|(id, times)| format!("{id} ended {times} times")).collect()].concat()
        });
        assert!(faults.is_empty(), "{faults:#?}");
        std::fs::remove_dir_all(&self.directory).unwrap();
    }
}

fn places(directory: &Path, database: &str) -> Places {
    Places {
        data: directory.join("data"),
        keys: directory.join("keys/store"),
        master_key: directory.join("keys/master.key"),
        locks: directory.join("locks"),
        postgres: Some(database.to_owned()),
    }
}

/// The state of every delivery of a message.
async fn states(directory: &Path, database: &str) -> Vec<String> {
    let census = Census::take(&places(directory, database)).await.unwrap();
    let flows = census.flows.into_values();
    flows.flat_map(|flow| flow.deliveries.into_iter().map(|(_, state, _)| state)).collect()
}

#[test]
fn f02_a_relay_that_is_killed_leaves_nothing_behind() {
    let Some(mut nodes) = Nodes::start("node_killed") else {
        eprintln!("skipped: CEREBRO_TEST_POSTGRES is not set");
        return;
    };
    nodes.send(60);
    nodes.wait_for(20, "before the kill");
    let mut second = nodes.running.0.pop().unwrap();
    second.kill().unwrap();
    second.wait().unwrap();
    nodes.send(20);
    nodes.account();
}

#[test]
fn f04_a_relay_cut_off_from_the_database_sends_nothing_twice_on_record() {
    let Some(mut nodes) = Nodes::start("node_cut") else {
        eprintln!("skipped: CEREBRO_TEST_POSTGRES is not set");
        return;
    };
    nodes.send(30);
    nodes.wait_for(5, "before the cut");
    nodes.wire.cut();
    nodes.send(30);
    nodes.wait_for(60, "while one is cut off");
    nodes.wire.mend();
    nodes.send(30);
    nodes.account();
}
