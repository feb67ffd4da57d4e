//! `cerebro restored`: a database from a backup is not served, is taken over, and then is (attack Z3).

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::parts::{Processes, configure, init, serve};
use crate::support::ports::free_port;
use crate::support::program::binary;
use crate::support::{Scratch, copy_tree};

/// How many entries the log's checkpoint signs.
fn signed(directory: &Path) -> u64 {
    let logs = std::fs::read_dir(directory.join("data/ledger")).unwrap().flatten();
    let log = logs.map(|entry| entry.path()).find(|path| path.is_dir()).unwrap();
    let note = std::fs::read_to_string(log.join("checkpoint")).unwrap();
    note.lines().nth(1).unwrap().parse().unwrap()
}

/// Serves until more than `size` entries are signed, then stops in order.
fn serve_past(config: &Path, size: u64) {
    let directory = config.parent().unwrap();
    let mut running = Processes(vec![serve(config, None)]);
    let end = Instant::now() + Duration::from_secs(30);
    while signed(directory) <= size {
        assert!(Instant::now() < end, "nothing is signed");
        std::thread::sleep(Duration::from_millis(50));
    }
    let child = running.0.first_mut().unwrap();
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    assert!(child.wait().unwrap().success());
}

fn command(config: &Path, words: &[&str]) -> (bool, String) {
    let (verb, rest) = words.split_at(1);
    let out = Command::new(binary()).args(verb).arg("--config").arg(config).args(rest).output().unwrap();
    (out.status.success(), String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned())
}

#[test]
fn z3_a_database_from_a_backup_is_taken_over_before_it_is_served() {
    let scratch = Scratch::new("restored");
    let (directory, list) = (scratch.path().join("bank"), scratch.path().join("list"));
    let config = configure(&directory, None, free_port(), "127.0.0.1:9".parse().unwrap());
    assert!(init(&config).status.success());
    serve_past(&config, 0);
    let (data, backup) = (directory.join("data"), scratch.path().join("backup"));
    std::fs::create_dir(&backup).unwrap();
    // What was written last may still stand in the log beside the database.
    for file in ["cerebro.db", "cerebro.db-wal"].map(|name| data.join(name)) {
        if file.exists() {
            std::fs::copy(&file, backup.join(file.file_name().unwrap())).unwrap();
        }
    }
    // An issuer counts at once: what watches more waits for nobody.
    std::fs::write(&list, "Lormont Aciéries\n").unwrap();
    let replaced = command(&config, &["lists", "replace", "restricted", list.to_str().unwrap()]);
    assert!(replaced.0, "{}", replaced.1);
    let before = signed(&directory);
    serve_past(&config, before);
    for more in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(data.join(format!("cerebro.db{more}")));
    }
    copy_tree(&backup, &data);
    let served =
        Command::new(binary()).args(["serve", "--config"]).arg(&config).stderr(Stdio::piped()).output();
    let served = served.unwrap();
    let said = String::from_utf8_lossy(&served.stderr).into_owned();
    assert!(!served.status.success() && said.contains("cerebro restored"), "{said}");
    let (done, said) = command(&config, &["restored"]);
    assert!(done && said.contains("entries taken up: 1;") && said.contains("NOTHING LEAVES"), "{said}");
    let (done, said) = command(&config, &["restored"]);
    assert!(!done && said.contains("nothing is to be done"), "{said}");
    let before = signed(&directory);
    serve_past(&config, before);
    let log = std::fs::read_dir(data.join("ledger")).unwrap().flatten().next().unwrap().path();
    let key = std::fs::read_to_string(log.join("vkey")).unwrap();
    let verified =
        Command::new(binary()).arg("verify").arg(&log).args(["--key", key.trim()]).output().unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}
