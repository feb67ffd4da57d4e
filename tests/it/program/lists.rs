//! Lists are given to a running instance by a command, and over the API; on SQLite the command waits its turn.

use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use gateway::sink::Sink;

use super::parts::{Processes, configure, connect, init, serve};
use crate::support::message;
use crate::support::ports::free_port;
use crate::support::program::{Program, binary, postgres_database};

fn lists(config: &Path, words: &[&str]) -> Output {
    Command::new(binary()).args(["lists", "--config"]).arg(config).args(words).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A process that was started before follows: an issuer it never heard of holds a message within seconds.
#[test]
fn a_running_gateway_follows_a_command() {
    let Some(database) = postgres_database("lists") else {
        eprintln!("skipped: CEREBRO_TEST_POSTGRES is not set");
        return;
    };
    let directory = std::env::temp_dir().join(format!("cerebro-lists-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (address, _sink) = runtime.block_on(Sink::start("127.0.0.1:0".parse().unwrap(), None)).unwrap();
    let smtp = free_port();
    let config = configure(&directory, Some(&database), smtp, address);
    assert!(init(&config).status.success());
    let running = Processes(vec![serve(&config, Some("gateway"))]);
    let mut client = connect(format!("127.0.0.1:{smtp}").parse().unwrap());
    let issuer = message("Le dossier Lormont Aciéries avance.");
    let mut verdict = || {
        let reply = client.send("ada@bank.example", &["x@client.example"], &issuer).unwrap();
        assert!(reply.starts_with("250"), "{reply}");
        let asked = "SELECT verdict FROM flow ORDER BY received_at DESC LIMIT 1";
        let answer = Command::new("psql").args(["-At", &database, "-c", asked]).output().unwrap();
        String::from_utf8_lossy(&answer.stdout).trim().to_owned()
    };
    assert_eq!(verdict(), "pass", "nobody gave that issuer yet");
    let file = directory.join("issuers.txt");
    std::fs::write(&file, "# ours\nLormont Aciéries\n").unwrap();
    let path = file.to_str().unwrap();
    let given = lists(&config, &["add", "restricted", path]);
    assert!(given.status.success(), "{}", said(&given));
    assert_eq!(said(&given), "restricted version 1: 1 entries, 1 new, 0 gone\n");
    let end = Instant::now() + Duration::from_secs(10);
    while verdict() != "hold" {
        assert!(Instant::now() < end, "the gateway did not follow");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert!(said(&lists(&config, &["show"])).contains("restricted version 1: 1 entries"));
    // What watches less waits, and says why; the machine refuses what it asked for, and agrees to nothing.
    let silent = lists(&config, &["remove", "restricted", path]);
    assert!(!silent.status.success() && said(&silent).contains("reason"), "{}", said(&silent));
    let asked = said(&lists(&config, &["remove", "restricted", path, "--reason", "opération annoncée"]));
    assert!(asked.contains("waits for a second person: 0 to come, 1 to go"), "{asked}");
    let id =
        asked.lines().find_map(|line| line.strip_suffix(" waits for a second person: 0 to come, 1 to go"));
    let id = id.unwrap();
    assert!(said(&lists(&config, &["proposals"])).starts_with(&format!("{id} waiting: list restricted")));
    assert_eq!(verdict(), "hold");
    let refused = said(&lists(&config, &["refuse", id, "--reason", "pas encore"]));
    assert_eq!(refused, format!("{id} refused\n"));
    assert!(said(&lists(&config, &["proposals"])).starts_with(&format!("{id} refused: list restricted")));
    drop(running);
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn on_sqlite_the_command_waits_for_the_service_to_stop_and_tells_wrong_lines() {
    let directory = std::env::temp_dir().join(format!("cerebro-lists-sqlite-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    let config = configure(&directory, None, free_port(), "127.0.0.1:9".parse().unwrap());
    assert!(init(&config).status.success());
    let file = directory.join("issuers.txt");
    std::fs::write(&file, "Lormont Aciéries\n***\n").unwrap();
    let path = file.to_str().unwrap();
    let wrong = lists(&config, &["replace", "restricted", path]);
    assert!(!wrong.status.success() && said(&wrong).contains("line 2"), "{}", said(&wrong));
    let no_list = lists(&config, &["replace", "nothing", path]);
    assert!(!no_list.status.success() && said(&no_list).contains("own_footers"), "{}", said(&no_list));
    std::fs::write(&file, "Lormont Aciéries\n").unwrap();
    let lock = std::fs::File::create(directory.join("data/cerebro.lock")).unwrap();
    lock.try_lock().unwrap();
    let refused = lists(&config, &["replace", "restricted", path]);
    assert!(!refused.status.success() && said(&refused).contains("API"), "{}", said(&refused));
    drop(lock);
    let given = lists(&config, &["replace", "restricted", path]);
    assert!(said(&given).starts_with("restricted version 1: 1 entries"), "{}", said(&given));
    let trace = directory.join("trace.csv");
    std::fs::write(
        &trace,
        "sender,recipient\nada@bank.example,x@client.example\nada@bank.example,x@client.example\n",
    )
    .unwrap();
    let traced = lists(&config, &["trace", trace.to_str().unwrap()]);
    assert!(
        said(&traced).starts_with("1 pairs, 1 of them new; 0 correspondents, 0 known domains; 2 more wait"),
        "{}",
        said(&traced)
    );
    std::fs::remove_dir_all(&directory).unwrap();
}

/// A service that submits mail is no supervisor: it gives no list, and learns of none.
#[test]
fn a_connector_gives_no_list() {
    let program = Program::start("lists-api");
    let path = "/api/v1/lists/restricted";
    assert_eq!(program.api("PUT", path, "text/plain", "Lormont".as_bytes()).status, 403);
    assert_eq!(program.api("GET", "/api/v1/lists", "", b"").status, 403);
    assert_eq!(program.request("PUT", path, &[], b"").status, 401);
}
