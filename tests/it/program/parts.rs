//! Invariant 13: the same code, all in one process or each part in its own on PostgreSQL.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use gateway::sink::Sink;

use crate::support::ports::free_port;
use crate::support::program::{Smtp, binary, postgres_database};
use crate::support::{certificate, message};

/// Processes of one instance; killed when dropped.
pub(super) struct Processes(pub(super) Vec<Child>);

impl Drop for Processes {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

pub(super) fn configure(directory: &Path, database: Option<&str>, smtp: u16, sink: SocketAddr) -> PathBuf {
    std::fs::create_dir_all(directory).unwrap();
    certificate::self_signed(directory, "localhost");
    let postgres = database.map(|url| format!("postgres = \"{url}\"\n")).unwrap_or_default();
    let text = format!(
        "version = 1\n[storage]\ndata = \"data\"\n{postgres}keys = \"keys/store\"\nmaster_key = \"keys/master.key\"\nlocks = \"locks\"\n\
         [smtp]\nlisten = \"127.0.0.1:{smtp}\"\nhostname = \"cerebro.example\"\n\
         [[smtp.clients]]\nname = \"mail\"\nnetworks = [\"127.0.0.0/8\"]\norganisations = [\"bank.example/cerebro\"]\n\
         [[relay.route]]\nname = \"sink\"\ndomains = [\"*\"]\nhosts = [\"{sink}\"]\ntls = \"none\"\n\
         [console]\nlisten = \"127.0.0.1:{}\"\nurl = \"https://cerebro.example\"\ncertificate = \"tls.pem\"\nprivate_key = \"tls.key\"\n",
        free_port()
    );
    let path = directory.join("cerebro.toml");
    std::fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
    path
}

pub(super) fn init(config: &Path) -> std::process::Output {
    Command::new(binary())
        .args(["init", "--name", "Bank", "--domain", "bank.example", "--config"])
        .arg(config)
        .args([
            "--administrator",
            "Ada Quill <ada@bank.example>",
            "--administrator",
            "Bo Tern <bo@bank.example>",
        ])
        .output()
        .unwrap()
}

pub(super) fn serve(config: &Path, only: Option<&str>) -> Child {
    Command::new(binary())
        .args(["serve", "--config"])
        .arg(config)
        .args(only.iter().flat_map(|part| ["--only", part]))
        .env("CEREBRO_LOG", "warn")
        .spawn()
        .unwrap()
}

pub(super) fn connect(address: SocketAddr) -> Smtp {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        match Smtp::connect(address) {
            Ok(smtp) => return smtp,
            Err(error) => assert!(Instant::now() < end, "{error}"),
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn each_part_runs_alone_on_postgresql() {
    let Some(database) = postgres_database("parts") else {
        eprintln!("skipped: CEREBRO_TEST_POSTGRES is not set");
        return;
    };
    governed(Some(&database), &["gateway", "relay", "console", "sealer"]);
}

#[test]
fn everything_runs_in_one_process() {
    governed(None, &[]);
}

/// A message goes in at one process and leaves from another, and its evidence is sealed by a third.
fn governed(database: Option<&str>, parts: &[&str]) {
    let name = if parts.is_empty() { "whole" } else { "parts" };
    let directory = std::env::temp_dir().join(format!("cerebro-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (address, sink) = runtime.block_on(Sink::start("127.0.0.1:0".parse().unwrap(), None)).unwrap();
    let smtp = free_port();
    let config = configure(&directory, database, smtp, address);
    let made = init(&config);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let mut running = Processes(parts.iter().map(|part| serve(&config, Some(part))).collect());
    if parts.is_empty() {
        running.0.push(serve(&config, None));
    }
    let mut client = connect(format!("127.0.0.1:{smtp}").parse().unwrap());
    let raw = message("Bonjour");
    let reply = client.send("ada@bank.example", &["r.lemarrec@client.example"], &raw).unwrap();
    assert!(reply.starts_with("250"), "{reply}");
    let arrived =
        runtime.block_on(async { tokio::time::timeout(Duration::from_secs(20), sink.wait_for(1)).await });
    assert!(arrived.is_ok(), "the relay's process did not send it");
    let end = Instant::now() + Duration::from_secs(20);
    while sealed(&directory) < 5 {
        assert!(Instant::now() < end, "the sealer's process did not seal it");
        std::thread::sleep(Duration::from_millis(100));
    }
    drop(running);
    let _ = std::fs::remove_dir_all(&directory);
}

/// The size of the signed checkpoint.
fn sealed(directory: &Path) -> u64 {
    let logs = std::fs::read_dir(directory.join("data/ledger")).into_iter().flatten().flatten();
    let sizes = logs.filter_map(|log| {
        std::fs::read_to_string(log.path().join("checkpoint")).ok()?.lines().nth(1)?.parse().ok()
    });
    sizes.max().unwrap_or(0)
}

#[test]
fn one_part_alone_needs_postgresql() {
    let directory = std::env::temp_dir().join(format!("cerebro-only-{}", std::process::id()));
    let config = configure(&directory, None, free_port(), "127.0.0.1:9".parse().unwrap());
    let out =
        Command::new(binary()).args(["serve", "--only", "relay", "--config"]).arg(&config).output().unwrap();
    assert!(!out.status.success());
    assert!(String::from_utf8_lossy(&out.stderr).contains("storage.postgres"));
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn clause_a4_init_invites_two_people_and_shows_no_secret_of_theirs() {
    let directory = std::env::temp_dir().join(format!("cerebro-invites-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    let config = configure(&directory, None, free_port(), "127.0.0.1:9".parse().unwrap());
    let made = init(&config);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let said = String::from_utf8_lossy(&made.stdout).into_owned();
    let read: serde_json::Value = serde_json::from_str(&said).unwrap();
    let links: Vec<&str> =
        read["invitations"].as_array().unwrap().iter().map(|one| one["link"].as_str().unwrap()).collect();
    assert_eq!(links.len(), 2);
    assert!(
        links[0] != links[1] && links.iter().all(|link| link.starts_with("https://cerebro.example/account/"))
    );
    assert!(!said.contains("\"password\"") && !said.contains("totp"), "{said}");
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn l3_break_glass_is_opened_at_the_machine_alone_and_once_at_a_time() {
    let directory = std::env::temp_dir().join(format!("cerebro-glass-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    let config = configure(&directory, None, free_port(), "127.0.0.1:9".parse().unwrap());
    assert!(init(&config).status.success());
    let smash = |person: &str| {
        Command::new(binary())
            .args([
                "break-glass",
                "--person",
                person,
                "--hours",
                "2",
                "--reason",
                "Both keys are lost",
                "--config",
            ])
            .arg(&config)
            .output()
            .unwrap()
    };
    let opened = smash("Maud Ferrier <maud.ferrier@bank.example>");
    assert!(opened.status.success(), "{}", String::from_utf8_lossy(&opened.stderr));
    let said: serde_json::Value = serde_json::from_slice(&opened.stdout).unwrap();
    assert_eq!(said["administrators_told"], 2);
    assert!(said["link"].as_str().unwrap().starts_with("https://cerebro.example/account/"));
    let again = smash("Ivo Lange <ivo.lange@bank.example>");
    assert!(!again.status.success());
    assert!(String::from_utf8_lossy(&again.stderr).contains("one at a time"));
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn a_slip_at_init_leaves_nothing_behind() {
    let directory = std::env::temp_dir().join(format!("cerebro-slip-{}", std::process::id()));
    let config = configure(&directory, None, free_port(), "127.0.0.1:9".parse().unwrap());
    let slip = Command::new(binary())
        .args(["init", "--name", "Bank", "--domain", "bank.example", "--config"])
        .arg(&config)
        .args(["--administrator", "Ada Quill", "--administrator", "Bo Tern <bo@bank.example>"])
        .output()
        .unwrap();
    assert!(!slip.status.success());
    assert!(String::from_utf8_lossy(&slip.stderr).contains("Ada Quill"));
    let nowhere = Command::new(binary())
        .args(["init", "--name", "Bank", "--domain", "bank.example", "--time-zone", "Europe/Nowhere"])
        .args(["--administrator", "Ada Quill <ada@bank.example>"])
        .args(["--administrator", "Bo Tern <bo@bank.example>", "--config"])
        .arg(&config)
        .output()
        .unwrap();
    assert!(!nowhere.status.success());
    assert!(String::from_utf8_lossy(&nowhere.stderr).contains("Europe/Nowhere"));
    let again = init(&config);
    assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
    std::fs::remove_dir_all(&directory).unwrap();
}

/// What would stop a start is told before it: every file is read, not the text alone.
#[test]
fn a_check_says_what_the_file_means_and_reads_what_it_names() {
    let directory = std::env::temp_dir().join(format!("cerebro-check-{}", std::process::id()));
    let config = configure(&directory, None, free_port(), "127.0.0.1:9".parse().unwrap());
    let check =
        || Command::new(binary()).args(["serve", "--check", "--config"]).arg(&config).output().unwrap();
    let told = check();
    let said = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    for part in ["understood", "SQLite", "mail, known by its address", "sink: *", "https://cerebro.example"] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    std::fs::write(directory.join("tls.key"), "no key").unwrap();
    let wrong = check();
    assert!(!wrong.status.success(), "the console would not start with this key");
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("console.certificate"));
    std::fs::remove_dir_all(&directory).unwrap();
}
