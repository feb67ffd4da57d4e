//! A wire to PostgreSQL that loses what it is told to lose.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Stands between a program and PostgreSQL.
#[derive(Default)]
pub(crate) struct Wire {
    losing: AtomicBool,
    commits: AtomicU64,
    answers_lost: AtomicU64,
    commits_lost: AtomicU64,
    cut: AtomicBool,
    /// Both ends of everything that passes.
    ends: Mutex<Vec<TcpStream>>,
}

impl Wire {
    /// A wire before the server of a database's URL; the URL through it.
    pub(crate) fn before(url: &str) -> (Arc<Self>, String) {
        let (scheme, rest) = url.split_once("://").unwrap();
        let (user, rest) = rest.split_once('@').unwrap();
        let (server, database) = rest.split_once('/').unwrap();
        let wire = Arc::new(Self::default());
        let through = wire.listen(server.parse().unwrap());
        (wire, format!("{scheme}://{user}@{through}/{database}"))
    }

    /// From now on one COMMIT in twenty, and the answer to another, is lost with the connection.
    pub(crate) fn lose_commits(&self, losing: bool) {
        self.losing.store(losing, Ordering::SeqCst);
    }

    /// Answers and commits lost so far.
    pub(crate) fn lost(&self) -> (u64, u64) {
        (self.answers_lost.load(Ordering::SeqCst), self.commits_lost.load(Ordering::SeqCst))
    }

    /// Everything that passes breaks, and nothing new comes through until the wire is mended.
    pub(crate) fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        for end in self.ends.lock().unwrap().drain(..) {
            let _ = end.shutdown(Shutdown::Both);
        }
    }

    pub(crate) fn mend(&self) {
        self.cut.store(false, Ordering::SeqCst);
    }

    fn listen(self: &Arc<Self>, server: SocketAddr) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let wire = Arc::clone(self);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if wire.cut.load(Ordering::SeqCst) {
                    continue;
                }
                let Ok(server) = TcpStream::connect(server) else { continue };
                wire.join(client, server);
            }
        });
        address
    }

    fn join(self: &Arc<Self>, client: TcpStream, server: TcpStream) {
        let (back, to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
        self.ends.lock().unwrap().extend([server.try_clone().unwrap(), client.try_clone().unwrap()]);
        let mute = Arc::new(AtomicBool::new(false));
        let muted = Arc::clone(&mute);
        std::thread::spawn(move || hand_on(back, to_client, &muted));
        let wire = Arc::clone(self);
        std::thread::spawn(move || wire.forward(client, server, &mute));
    }

    fn forward(&self, mut client: TcpStream, mut server: TcpStream, mute: &AtomicBool) {
        let mut buffer = [0; 65_536];
        while let Ok(read @ 1..) = client.read(&mut buffer) {
            let said = &buffer[..read];
            if self.losing.load(Ordering::SeqCst) && said.windows(7).any(|part| part == b"COMMIT\0") {
                match self.commits.fetch_add(1, Ordering::SeqCst) % 20 {
                    6 => {
                        // What the server answers stays unread: whoever would hand it on has been muted.
                        mute.store(true, Ordering::SeqCst);
                        self.answers_lost.fetch_add(1, Ordering::SeqCst);
                        let _ = server.write_all(said);
                        std::thread::sleep(Duration::from_millis(30));
                        break;
                    }
                    13 => {
                        self.commits_lost.fetch_add(1, Ordering::SeqCst);
                        break;
                    }
                    _ => {}
                }
            }
            if server.write_all(said).is_err() {
                break;
            }
        }
        let _ = client.shutdown(Shutdown::Both);
        let _ = server.shutdown(Shutdown::Both);
    }
}

/// What the server says, until it is muted.
fn hand_on(mut back: TcpStream, mut to_client: TcpStream, muted: &AtomicBool) {
    let mut buffer = [0; 65_536];
    while let Ok(read @ 1..) = back.read(&mut buffer) {
        if muted.load(Ordering::SeqCst) || to_client.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    let _ = to_client.shutdown(Shutdown::Both);
    let _ = back.shutdown(Shutdown::Both);
}
