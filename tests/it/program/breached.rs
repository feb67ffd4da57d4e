//! The operator's own list of breached passwords: `cerebro breached import` (clause A3, attack P5).

use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use super::parts::{Processes, configure, init, serve};
use crate::support::Scratch;
use crate::support::ports::free_port;
use crate::support::program::binary;

/// As Have I Been Pwned publishes it, ordered by hash.
const PUBLISHED: &str =
    "21BD12DC183F740EE76F27B78EB39C8AD972A757:52579\r\n5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:10434004\r\n";

fn import(config: &Path, from: &Path, date: &str) -> Output {
    Command::new(binary())
        .args(["breached", "import", "--date", date, "--config"])
        .arg(config)
        .arg("--from")
        .arg(from)
        .output()
        .unwrap()
}

#[test]
fn clause_a3_p5_a_published_list_is_imported_whole_or_not_at_all() {
    let directory = std::env::temp_dir().join(format!("cerebro-breached-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    let config = configure(&directory, None, free_port(), "127.0.0.1:9".parse().unwrap());
    let text = std::fs::read_to_string(&config).unwrap();
    assert!(init(&config).status.success());
    let published = directory.join("published.txt");
    std::fs::write(&published, PUBLISHED).unwrap();
    let unnamed = import(&config, &published, "2026-11-01");
    assert!(!unnamed.status.success());
    assert!(String::from_utf8_lossy(&unnamed.stderr).contains("storage.breached"));
    std::fs::write(&config, text.replacen("[storage]\n", "[storage]\nbreached = \"breached.list\"\n", 1))
        .unwrap();
    let list = directory.join("breached.list");
    let done = import(&config, &published, "2026-11-01");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(String::from_utf8_lossy(&done.stdout).contains("2 passwords, published 2026-11-01"));
    let whole = std::fs::read(&list).unwrap();
    // A download that is not in order, and one that stops: what stood stays.
    let (first, second) = PUBLISHED.split_once("\r\n").unwrap();
    for (wrong, why) in [(format!("{second}{first}\r\n"), "line 2"), (format!("{first}\r\n5BAA61"), "line 2")]
    {
        std::fs::write(&published, wrong).unwrap();
        let refused = import(&config, &published, "2026-11-15");
        assert!(!refused.status.success());
        assert!(String::from_utf8_lossy(&refused.stderr).contains(why));
        assert_eq!(std::fs::read(&list).unwrap(), whole);
    }
    let left = std::fs::read_dir(&directory).unwrap().filter_map(Result::ok);
    assert!(!left.into_iter().any(|file| file.path().extension().is_some_and(|end| end == "part")));
    std::fs::remove_dir_all(&directory).unwrap();
}

/// The entries of a kind in the log of an instance.
fn entries(directory: &Path, kind: &str) -> usize {
    let log = std::fs::read_dir(directory.join("data/ledger")).unwrap().flatten().next().unwrap().path();
    let out = Command::new(binary()).args(["ledger", "read"]).arg(log).output().unwrap();
    String::from_utf8_lossy(&out.stdout).matches(&format!("\"kind\":\"{kind}\"")).count()
}

#[test]
fn clause_a3_p6_a_newer_list_is_taken_up_without_a_restart_and_is_an_entry() {
    let scratch = Scratch::new("breached-news");
    let directory = scratch.path();
    let config = configure(directory, None, free_port(), "127.0.0.1:9".parse().unwrap());
    let text = std::fs::read_to_string(&config).unwrap();
    let text = text.replacen("[storage]\n", "[storage]\nbreached = \"breached.list\"\n", 1);
    std::fs::write(&config, text).unwrap();
    assert!(init(&config).status.success());
    let published = directory.join("published.txt");
    std::fs::write(&published, PUBLISHED).unwrap();
    assert!(import(&config, &published, "2026-11-01").status.success());
    let running = Processes(vec![serve(&config, None)]);
    let wait = |count: usize| {
        let end = Instant::now() + Duration::from_secs(20);
        while entries(directory, "password.list_taken_up") < count {
            assert!(Instant::now() < end, "no entry number {count}");
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    wait(1);
    assert!(import(&config, &published, "2026-11-20").status.success());
    wait(2);
    drop(running);
    // The same list at the next start is no news.
    let _running = Processes(vec![serve(&config, None)]);
    std::thread::sleep(Duration::from_secs(4));
    assert_eq!(entries(directory, "password.list_taken_up"), 2);
}
