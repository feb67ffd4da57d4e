//! Conversations over an in-memory connection. Test names carry the case ids of the project's SMTP list (A01 … C02).

mod commands;
mod content;
mod crowd;
mod large;
mod sign_in;
pub(crate) mod tls;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::{Limits, Service, Settings, serve};
use crate::{
    Client, Clients, Content, DeclaredClient, Envelope, Reception, Reply, Spool, Submission, Trigger,
    shutdown,
};

pub(super) const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));

/// A message the desk took.
#[derive(Clone)]
pub(super) struct Taken {
    pub(super) client: Client,
    pub(super) envelope: Envelope,
    pub(super) raw: Vec<u8>,
    pub(super) spooled: bool,
}

/// A reception that keeps what it gets.
pub(super) struct Desk {
    pub(super) taken: Mutex<Vec<Taken>>,
    pub(super) healthy: AtomicBool,
    pub(super) full: Arc<AtomicBool>,
    /// If set, `receive` waits for `go` before it answers.
    pub(super) slow: AtomicBool,
    pub(super) go: Notify,
    pub(super) reply: Mutex<Reply>,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            taken: Mutex::default(),
            healthy: AtomicBool::new(true),
            full: Arc::default(),
            slow: AtomicBool::new(false),
            go: Notify::new(),
            reply: Mutex::new(Reply::accepted("Accepted")),
        }
    }
}

impl Desk {
    pub(super) fn count(&self) -> usize {
        self.taken.lock().unwrap().len()
    }

    pub(super) fn last(&self) -> Taken {
        self.taken.lock().unwrap().last().cloned().unwrap()
    }
}

/// A spool that may be told to fail.
pub(super) struct Disk {
    bytes: Vec<u8>,
    full: Arc<AtomicBool>,
}

impl Spool for Disk {
    fn push(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        if self.full.load(Ordering::SeqCst) {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }
}

impl Reception for Desk {
    type Spool = Disk;

    async fn spool(&self, _: &Client, envelope: &Envelope, header: &[u8]) -> Result<Disk, Reply> {
        assert!(
            !envelope.recipients.is_empty() && header.ends_with(b"\r\n") && !header.ends_with(b"\r\n\r\n")
        );
        Ok(Disk { bytes: Vec::new(), full: Arc::clone(&self.full) })
    }

    async fn receive(&self, submission: Submission<Disk>) -> Reply {
        if self.slow.load(Ordering::SeqCst) {
            self.go.notified().await;
        }
        let spooled = matches!(submission.content, Content::Spooled(_));
        let raw = match submission.content {
            Content::Memory(bytes) => bytes,
            Content::Spooled(disk) => disk.bytes,
        };
        let Submission { client, envelope, .. } = submission;
        self.taken.lock().unwrap().push(Taken { client, envelope, raw, spooled });
        self.reply.lock().unwrap().clone()
    }

    fn healthy(&self) -> bool {
        self.healthy.load(Ordering::SeqCst)
    }
}

pub(super) fn relay_clients() -> Clients {
    Clients::new(vec![DeclaredClient {
        name: "mail".into(),
        networks: vec!["192.0.2.0/24".parse().unwrap()],
        ..DeclaredClient::default()
    }])
}

/// One conversation, written down as `C:` and `S:` lines.
pub(super) struct Talk<S = DuplexStream> {
    pub(super) stream: S,
    pub(super) desk: Arc<Desk>,
    pub(super) trigger: Option<Trigger>,
    pub(super) server: JoinHandle<()>,
    pub(super) transcript: String,
    heard: Vec<u8>,
}

impl Talk {
    pub(super) fn with(peer: IpAddr, settings: Settings, early: &[u8]) -> Self {
        let (mut stream, server) = duplex(1024 * 1024);
        let desk = Arc::new(Desk::default());
        let service = Service::new(settings, Arc::clone(&desk));
        let (trigger, signal) = shutdown();
        futures::FutureExt::now_or_never(stream.write_all(early)).unwrap().unwrap();
        let server = tokio::spawn(serve(server, peer, false, service, signal));
        Self { stream, desk, trigger: Some(trigger), server, transcript: String::new(), heard: Vec::new() }
    }

    pub(super) fn limited(limits: Limits) -> Self {
        Self::with(PEER, Settings::new("gateway.example", relay_clients(), limits, None).unwrap(), b"")
    }

    /// A conversation past EHLO.
    pub(super) async fn open() -> Self {
        Self::open_limited(Limits::default()).await
    }

    pub(super) async fn open_limited(limits: Limits) -> Self {
        let mut talk = Self::limited(limits);
        talk.hear().await;
        assert!(talk.ask("EHLO client.example").await.starts_with("250"));
        talk.transcript.clear();
        talk
    }

    /// A conversation whose message is about to be read.
    pub(super) async fn in_data() -> Self {
        Self::in_data_limited(Limits::default()).await
    }

    pub(super) async fn in_data_limited(limits: Limits) -> Self {
        let mut talk = Self::open_limited(limits).await;
        talk.begin().await;
        talk.transcript.clear();
        talk
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Talk<S> {
    /// A conversation with a server that runs elsewhere.
    pub(super) fn over(stream: S, desk: Arc<Desk>) -> Self {
        let server = tokio::spawn(async {});
        Self { stream, desk, trigger: None, server, transcript: String::new(), heard: Vec::new() }
    }

    pub(super) async fn begin(&mut self) {
        assert!(self.ask("MAIL FROM:<ines@orveane.example>").await.starts_with("250"));
        assert!(self.ask("RCPT TO:<paul@partner.example>").await.starts_with("250"));
        assert!(self.ask("DATA").await.starts_with("354"));
    }

    /// Sends bytes as they are.
    pub(super) async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
        self.stream.flush().await.unwrap();
    }

    /// Sends a line, or several separated by `\r\n`, in one write.
    pub(super) async fn say(&mut self, lines: &str) {
        for line in lines.split("\r\n") {
            self.transcript.push_str(&format!("C: {line}\n"));
        }
        self.send(format!("{lines}\r\n").as_bytes()).await;
    }

    /// One whole reply; empty when the server closed.
    pub(super) async fn hear(&mut self) -> String {
        let mut reply = String::new();
        loop {
            while let Some(end) = self.heard.windows(2).position(|pair| pair == b"\r\n") {
                let line = String::from_utf8(self.heard.drain(..end + 2).collect()).unwrap();
                self.transcript.push_str(&format!("S: {}\n", line.trim_end()));
                reply.push_str(&line);
                if line.as_bytes().get(3) != Some(&b'-') {
                    return reply.trim_end().to_owned();
                }
            }
            if matches!(self.stream.read_buf(&mut self.heard).await, Ok(0) | Err(_)) {
                self.transcript.push_str("S: (closed)\n");
                return reply;
            }
        }
    }

    pub(super) async fn ask(&mut self, line: &str) -> String {
        self.say(line).await;
        self.hear().await
    }

    /// The server closes and says nothing more.
    pub(super) async fn is_closed(&mut self) {
        assert_eq!(self.hear().await, "");
    }
}
