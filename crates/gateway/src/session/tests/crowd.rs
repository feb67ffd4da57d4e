//! A12: crowds of slow, silent and senseless clients at a real listener. They cost a place and little memory until their time is up, and
//! an honest client is served meanwhile.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use vocabulary::bounds::SMTP_SESSIONS_PER_PEER_MAX;

use super::tls::Pki;
use super::{Desk, Talk};
use crate::session::{Limits, Service, Settings};
use crate::{Clients, DeclaredClient, Door, Trigger, listen, shutdown};

struct Listener {
    address: SocketAddr,
    desk: Arc<Desk>,
    _trigger: Trigger,
}

impl Listener {
    async fn start(limits: Limits) -> Self {
        let pki = Pki::new();
        let everybody = Clients::new(vec![DeclaredClient {
            name: "mail".into(),
            networks: vec!["127.0.0.0/8".parse().unwrap()],
            ..DeclaredClient::default()
        }]);
        let settings =
            Settings::new("gateway.example", everybody, limits, Some(pki.listener("gateway.example")))
                .unwrap();
        let (socket, desk) = (TcpListener::bind("0.0.0.0:0").await.unwrap(), Arc::new(Desk::default()));
        let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), socket.local_addr().unwrap().port());
        let (trigger, signal) = shutdown();
        tokio::spawn(listen(socket, Door::default(), Service::new(settings, Arc::clone(&desk)), signal));
        Self { address, desk, _trigger: trigger }
    }

    /// A connection from another address of this machine.
    async fn connect(&self, from: u8) -> std::io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, 0, 0, from)), 0))?;
        socket.connect(self.address).await
    }

    /// An honest client sends one message.
    async fn serves(&self, from: u8) -> bool {
        let Ok(stream) = self.connect(from).await else { return false };
        let desk = Arc::clone(&self.desk);
        let mut talk = Talk::over(stream, desk);
        let one = async {
            talk.hear().await.starts_with("220")
                && talk.ask("EHLO client.example").await.starts_with("250")
                && {
                    talk.begin().await;
                    talk.ask("x\r\n.").await.starts_with("250")
                }
        };
        timeout(Duration::from_secs(5), one).await.unwrap_or(false)
    }
}

/// Resident memory of this process, bytes.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

/// Sends bytes one at a time until the other side has had enough.
async fn trickle(stream: &mut TcpStream, bytes: &[u8]) {
    for byte in bytes.iter().cycle() {
        sleep(Duration::from_millis(50)).await;
        if stream.write_all(&[*byte]).await.is_err() {
            return;
        }
    }
}

/// What one of a crowd does; it ends when the server has closed.
async fn misbehave(kind: usize, mut stream: TcpStream) {
    let mut sink = vec![0; 256];
    let begin = b"EHLO client.example\r\nMAIL FROM:<ines@orveane.example>\r\nRCPT TO:<paul@partner.example>\r\nDATA\r\n";
    match kind % 6 {
        // Says nothing.
        0 => {}
        // A command that never ends, a byte at a time.
        1 => {
            let (mut read, mut write) = stream.into_split();
            let send = async {
                for byte in b"NOOP ".iter().cycle() {
                    sleep(Duration::from_millis(50)).await;
                    if write.write_all(&[*byte]).await.is_err() {
                        return;
                    }
                }
            };
            let hear = async { while let Ok(1..) = read.read(&mut sink).await {} };
            tokio::join!(send, hear);
            return;
        }
        // A message that never ends.
        2 => {
            let mut talk = [0; 1_024];
            let _ = stream.read(&mut talk).await;
            let _ = stream.write_all(begin).await;
            trickle(&mut stream, b"never ending \r\n").await;
        }
        // Half of a handshake.
        3 => {
            let mut talk = [0; 1_024];
            let _ = stream.read(&mut talk).await;
            let _ = stream.write_all(b"EHLO client.example\r\n").await;
            let _ = stream.read(&mut talk).await;
            let _ = stream.write_all(b"STARTTLS\r\n").await;
            let _ = stream.read(&mut talk).await;
            let _ = stream.write_all(&[22, 3, 1, 2, 0, 1]).await;
        }
        // Bytes without sense, as many as it takes.
        4 => {
            let garbage: Vec<u8> =
                (0..64 * 1024_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
            let _ = stream.write_all(&garbage).await;
        }
        // Commands without end, and no reply is ever read.
        _ => {
            let many = b"NOOP\r\n".repeat(20_000);
            let _ = timeout(Duration::from_secs(20), stream.write_all(&many)).await;
            sleep(Duration::from_secs(20)).await;
            return;
        }
    }
    while let Ok(1..) = stream.read(&mut sink).await {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a12_five_hundred_slow_half_open_and_senseless_clients_cost_little_and_delay_nobody() {
    let limits = Limits {
        command_timeout: Duration::from_secs(6),
        data_timeout: Duration::from_secs(6),
        message_timeout: Duration::from_secs(6),
        ..Limits::default()
    };
    let listener = Listener::start(limits).await;
    assert!(listener.serves(9).await);
    let before = resident();
    let mut crowd = JoinSet::new();
    for kind in 0..SMTP_SESSIONS_PER_PEER_MAX {
        let stream = listener.connect(2).await.unwrap();
        crowd.spawn(misbehave(kind, stream));
    }
    let began = Instant::now();
    let mut most = before;
    while began.elapsed() < Duration::from_secs(4) {
        let asked = Instant::now();
        assert!(listener.serves(9).await, "an honest client waits after {:?}", began.elapsed());
        assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
        most = most.max(resident());
        sleep(Duration::from_millis(200)).await;
    }
    // Both ends of 500 connections are in this process.
    let each = (most - before) / SMTP_SESSIONS_PER_PEER_MAX;
    assert!(each < 128 * 1024, "{each} bytes a connection");
    // Who does not read replies is kept until the write has taken its time; all others are gone when theirs is up.
    let readers = SMTP_SESSIONS_PER_PEER_MAX - SMTP_SESSIONS_PER_PEER_MAX / 6;
    let all_readers = async {
        for _ in 0..readers {
            crowd.join_next().await;
        }
    };
    timeout(Duration::from_secs(25), all_readers).await.expect("a crowd ends when its time is up");
    crowd.abort_all();
    assert!(listener.serves(9).await);
    assert!(
        listener.desk.taken.lock().unwrap().iter().all(|taken| taken.raw == b"x\r\n"),
        "nothing of theirs"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a12_one_address_has_so_many_places_and_the_next_hears_421() {
    let listener = Listener::start(Limits { sessions_per_peer: 50, ..Limits::default() }).await;
    let mut open = Vec::new();
    for _ in 0..50 {
        let mut stream = listener.connect(2).await.unwrap();
        let mut greeting = [0; 3];
        stream.read_exact(&mut greeting).await.unwrap();
        assert_eq!(&greeting, b"220");
        open.push(stream);
    }
    let mut late = Talk::over(listener.connect(2).await.unwrap(), Arc::clone(&listener.desk));
    assert!(late.hear().await.starts_with("421 4.7.0"));
    assert!(listener.serves(3).await, "another address is served");
    open.truncate(49);
    let mut served = false;
    for _ in 0..100 {
        served = served || listener.serves(2).await;
        sleep(Duration::from_millis(20)).await;
    }
    assert!(served, "a place that was left is free");
}

#[tokio::test]
async fn a12_a_message_that_trickles_is_cut_at_its_named_limit() {
    let limits = Limits {
        message_timeout: Duration::from_millis(600),
        data_timeout: Duration::from_secs(60),
        ..Limits::default()
    };
    let mut talk = Talk::in_data_limited(limits).await;
    let began = Instant::now();
    let reply = loop {
        // Never silent for long.
        talk.send(b"x\r\n").await;
        if let Ok(reply) = timeout(Duration::from_millis(50), talk.hear()).await {
            break reply;
        }
        assert!(began.elapsed() < Duration::from_secs(5));
    };
    assert!(reply.starts_with("421 4.4.2"), "{reply}");
    assert!(began.elapsed() >= Duration::from_millis(600));
    assert_eq!(talk.desk.count(), 0);
}
