//! F04: the whole program with a route to mail exchangers, `mx = true`, as topology 3 of `docs/operating/topologies.md` has it. In a network of
//! its own, where port 25 and port 53 are free: the test starts itself again under `unshare`.

use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::served::{Served, Wishes, home};
use crate::support::program::{Smtp, postgres_database};
use crate::support::{message, tool};

/// Set in the network of its own: empty, or the socket behind which the tests' PostgreSQL is.
const INSIDE: &str = "CEREBRO_TEST_NETWORK";

/// Runs the test `name` again where nobody else is, with a way out to `postgres` where it needs one.
fn again_in_a_network_of_its_own(name: &str, postgres: Option<SocketAddr>) {
    let possible = Command::new("unshare").args(["--net", "--map-root-user", "true"]).status();
    if !possible.is_ok_and(|status| status.success()) {
        assert!(std::env::var_os("CEREBRO_CI").is_none(), "a network of its own cannot be made");
        eprintln!("skipped: a network of its own cannot be made here");
        return;
    }
    let socket = postgres.map(|postgres| way_out(name, postgres)).unwrap_or_default();
    let mut command = Command::new("unshare");
    command.args(["--net", "--map-root-user", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh"]);
    command.arg(std::env::current_exe().unwrap()).args([name, "--exact", "--nocapture"]).env(INSIDE, socket);
    assert!(command.status().unwrap().success());
}

/// A socket of the file system, which every network shares, before a server of this one.
fn way_out(name: &str, server: SocketAddr) -> PathBuf {
    let path = std::env::temp_dir().join(format!("cerebro-{}-{}", std::process::id(), name.len()));
    let _ = std::fs::remove_file(&path);
    let listener = UnixListener::bind(&path).unwrap();
    std::thread::spawn(move || {
        for inside in listener.incoming().flatten() {
            bridge(inside, TcpStream::connect(server).unwrap());
        }
    });
    path
}

/// In the network of its own: the address the server has outside leads to it.
fn way_in(server: SocketAddr, socket: PathBuf) {
    let listener = TcpListener::bind(server).unwrap();
    std::thread::spawn(move || {
        for inside in listener.incoming().flatten() {
            bridge(UnixStream::connect(&socket).unwrap(), inside);
        }
    });
}

/// Carries bytes both ways until both have said all.
fn bridge(unix: UnixStream, tcp: TcpStream) {
    let (mut unix_back, mut tcp_back) = (unix.try_clone().unwrap(), tcp.try_clone().unwrap());
    let (mut unix, mut tcp) = (unix, tcp);
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut unix, &mut tcp);
        tcp.shutdown(Shutdown::Write)
    });
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut tcp_back, &mut unix_back);
        unix_back.shutdown(Shutdown::Write)
    });
}

struct Dns(Child);

impl Drop for Dns {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

const RECORDS: &[&str] = &[
    // Nobody listens at the first.
    "partner.example. IN MX 10 mx1.partner.example.",
    "partner.example. IN MX 20 mx2.partner.example.",
    "mx1.partner.example. IN A 127.0.0.9",
    "mx2.partner.example. IN A 127.0.0.2",
    // The first says: not now.
    "busy.example. IN MX 10 mx1.busy.example.",
    "busy.example. IN MX 20 mx2.busy.example.",
    "mx1.busy.example. IN A 127.0.0.3",
    "mx2.busy.example. IN A 127.0.0.2",
    "implicit.example. IN A 127.0.0.2",
    "null.example. IN MX 0 .",
    "bank.example. IN MX 10 mx2.partner.example.",
];

fn dns(directory: &Path) -> Dns {
    let mut text = String::from(
        "server:\n  interface: 127.0.0.1\n  port: 53\n  do-daemonize: no\n  username: \"\"\n  chroot: \"\"\n  pidfile: \"\"\n  use-syslog: no\n\
         \x20 module-config: \"iterator\"\n  local-zone: \"example.\" static\n",
    );
    for record in RECORDS {
        text += &format!("  local-data: \"{record}\"\n");
    }
    text += "remote-control:\n  control-enable: no\n";
    let path = directory.join("unbound.conf");
    std::fs::write(&path, text).unwrap();
    let program = if Path::new("/usr/sbin/unbound").exists() { "/usr/sbin/unbound" } else { "unbound" };
    Dns(Command::new(program).arg("-d").arg("-c").arg(path).stderr(Stdio::null()).spawn().unwrap())
}

/// An exchanger that greets, and takes nothing now.
fn busy(asked: Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.3:25").unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let _ = stream.get_mut().write_all(b"220 mx1.busy.example\r\n");
            let mut line = String::new();
            while stream.read_line(&mut line).unwrap_or(0) > 0 {
                let answer = match line.get(..4).unwrap_or_default() {
                    "MAIL" => {
                        asked.fetch_add(1, Ordering::SeqCst);
                        "451 4.3.2 not now\r\n"
                    }
                    "QUIT" => "221 bye\r\n",
                    _ => "250 ok\r\n",
                };
                let _ = stream.get_mut().write_all(answer.as_bytes());
                line.clear();
            }
        }
    });
}

/// The server of the tests' PostgreSQL.
fn postgres_server() -> Option<SocketAddr> {
    let url = std::env::var("CEREBRO_TEST_POSTGRES").ok()?;
    let (_, rest) = url.split_once('@')?;
    rest.split('/').next()?.parse().ok()
}

#[test]
fn f04_the_whole_program_delivers_to_exchangers_and_passes_over_who_does_not_take_it() {
    if !tool("unbound") || !tool("unshare") {
        return;
    }
    match std::env::var_os(INSIDE) {
        None => again_in_a_network_of_its_own(
            "program::mx::f04_the_whole_program_delivers_to_exchangers_and_passes_over_who_does_not_take_it",
            None,
        ),
        Some(_) => delivers_to_exchangers("mx", None),
    }
}

#[test]
fn f04_the_whole_program_delivers_to_exchangers_on_postgresql() {
    let Some(server) = postgres_server().filter(|_| tool("unbound") && tool("unshare")) else { return };
    match std::env::var_os(INSIDE) {
        None => again_in_a_network_of_its_own(
            "program::mx::f04_the_whole_program_delivers_to_exchangers_on_postgresql",
            Some(server),
        ),
        Some(socket) => {
            way_in(server, socket.into());
            delivers_to_exchangers("mx_postgres", postgres_database("mx"));
        }
    }
}

fn delivers_to_exchangers(name: &str, database: Option<String>) {
    let directory = home(name);
    let _dns = dns(&directory);
    let asked = Arc::new(AtomicUsize::new(0));
    busy(Arc::clone(&asked));
    let world: SocketAddr = "127.0.0.2:25".parse().unwrap();
    let served = Served::start(
        &directory,
        Wishes {
            smtp: "[[smtp.clients]]\nname = \"mail\"\nnetworks = [\"127.0.0.0/8\"]\norganisations = [\"bank.example/cerebro\"]\n".into(),
            relay: "[relay]\nresolvers = [\"127.0.0.1:53\"]\n[[relay.route]]\nname = \"internet\"\ndomains = [\"*\"]\nmx = true\ntls = \"opportunistic\"\n".into(),
            sinks: vec![world],
            database,
        },
    );
    let began = Instant::now();
    let mut smtp = Smtp::connect(served.smtp).unwrap();
    let raw = message("Bonjour");
    for to in ["a@partner.example", "b@busy.example", "c@implicit.example"] {
        let reply = smtp.send("ada@bank.example", &[to], &raw).unwrap();
        assert!(reply.starts_with("250"), "{reply}");
    }
    let sunk = served.wait_for(3, 30);
    // A retry would come after 48 s at the soonest: each went in its first attempt.
    assert!(began.elapsed() < Duration::from_secs(40), "{:?}", began.elapsed());
    let mut to: Vec<String> =
        sunk.iter().map(|kept| kept.envelope.recipients[0].address.to_string()).collect();
    to.sort_unstable();
    assert_eq!(to, ["a@partner.example", "b@busy.example", "c@implicit.example"]);
    assert!(sunk.iter().all(|kept| kept.raw.ends_with(&raw)));
    assert_eq!(asked.load(Ordering::SeqCst), 1, "the better exchanger was asked once");

    // A domain that takes no mail: its sender hears so, by their own domain's exchanger.
    let reply = smtp.send("ada@bank.example", &["d@null.example"], &raw).unwrap();
    assert!(reply.starts_with("250"), "{reply}");
    let sunk = served.wait_for(4, 30);
    let notice = &sunk[3];
    assert_eq!(notice.envelope.recipients[0].address.to_string(), "ada@bank.example");
    assert!(notice.envelope.reverse_path.is_none());
    assert!(String::from_utf8_lossy(&notice.raw).contains("Auto-Submitted: auto-"));
}
