//! A server that does as told at each stage.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rustls::ServerConfig;
use rustls::pki_types::CertificateDer;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::relay::Host;

/// What to do when something is said.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    /// Answers with this line.
    Say(&'static str),
    /// Answers and closes.
    Last(&'static str),
    /// Answers with this line, a byte at a time.
    Trickle(&'static str),
    /// Says nothing, keeps the connection.
    Hang,
    /// Closes.
    Drop,
}

#[derive(Clone)]
pub(super) struct Script {
    pub(super) greeting: Act,
    pub(super) ehlo: Act,
    pub(super) mail: Act,
    /// The first whose text is in the command wins; otherwise 250.
    pub(super) rcpt: Vec<(&'static str, Act)>,
    pub(super) data: Act,
    /// Instead of reading the content.
    pub(super) content: Option<Act>,
    pub(super) dot: Act,
    pub(super) starttls: Act,
    pub(super) tls: Option<Arc<ServerConfig>>,
    /// Close silently after so many messages.
    pub(super) messages: usize,
    /// Recipients of one transaction; one more is one too many.
    pub(super) recipients: usize,
    /// What it says to that one.
    pub(super) one_too_many: &'static str,
    /// Takes content a little at a time.
    pub(super) sips: bool,
}

/// Between two bytes of a slow answer, and two sips of content.
const TRICKLE: std::time::Duration = std::time::Duration::from_millis(20);

pub(super) const FULL: &str =
    "250-fake.example\r\n250-PIPELINING\r\n250-SIZE 100000000\r\n250-8BITMIME\r\n250 SMTPUTF8";
pub(super) const TLS: &str = "250-fake.example\r\n250-PIPELINING\r\n250 STARTTLS";

impl Script {
    /// Some of it is never answered.
    pub(super) fn hangs(&self) -> bool {
        let stages = [self.greeting, self.ehlo, self.mail, self.data, self.dot, self.starttls];
        let rcpts = self.rcpt.iter().map(|(_, act)| *act);
        stages.into_iter().chain(rcpts).chain(self.content).any(|act| matches!(act, Act::Hang))
    }
}

impl Default for Script {
    fn default() -> Self {
        Self {
            greeting: Act::Say("220 fake.example"),
            ehlo: Act::Say(FULL),
            mail: Act::Say("250 2.1.0 ok"),
            rcpt: Vec::new(),
            data: Act::Say("354 go"),
            content: None,
            dot: Act::Say("250 2.0.0 queued"),
            starttls: Act::Say("220 2.0.0 go"),
            tls: None,
            messages: usize::MAX,
            recipients: usize::MAX,
            one_too_many: "452 4.5.3 too many recipients",
            sips: false,
        }
    }
}

#[derive(Default)]
pub(super) struct Seen {
    pub(super) connections: AtomicUsize,
    pub(super) commands: Mutex<Vec<String>>,
    /// As on the wire, with the final dot.
    pub(super) contents: Mutex<Vec<Vec<u8>>>,
    pub(super) client_certificates: Mutex<Vec<CertificateDer<'static>>>,
}

pub(super) struct Fake {
    port: u16,
    pub(super) seen: Arc<Seen>,
    task: JoinHandle<()>,
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Fake {
    pub(super) async fn start(script: Script) -> Self {
        Self::start_at("127.0.0.1:0", script).await
    }

    /// On an address of its own, so that several can share a port as mail exchangers do.
    pub(super) async fn start_at(address: &str, script: Script) -> Self {
        let socket = TcpListener::bind(address).await.unwrap();
        let port = socket.local_addr().unwrap().port();
        let seen = Arc::new(Seen::default());
        let all = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = socket.accept().await.unwrap();
                all.connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, script.clone(), Arc::clone(&all)));
            }
        });
        Self { port, seen, task }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn host(&self) -> Host {
        Host { name: "localhost".into(), port: self.port }
    }

    pub(super) fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }

    pub(super) fn commands(&self) -> Vec<String> {
        self.seen.commands.lock().unwrap().clone()
    }

    pub(super) fn contents(&self) -> Vec<Vec<u8>> {
        self.seen.contents.lock().unwrap().clone()
    }
}

/// True to go on.
async fn act(stream: &mut (impl AsyncWrite + Unpin), act: Act) -> bool {
    match act {
        Act::Say(text) => stream.write_all(format!("{text}\r\n").as_bytes()).await.is_ok(),
        Act::Last(text) => {
            let _ = stream.write_all(format!("{text}\r\n").as_bytes()).await;
            let _ = stream.shutdown().await;
            false
        }
        Act::Trickle(text) => {
            for byte in format!("{text}\r\n").as_bytes() {
                tokio::time::sleep(TRICKLE).await;
                if stream.write_all(&[*byte]).await.is_err() || stream.flush().await.is_err() {
                    return false;
                }
            }
            true
        }
        Act::Hang => std::future::pending().await,
        Act::Drop => false,
    }
}

async fn serve(stream: tokio::net::TcpStream, script: Script, seen: Arc<Seen>) {
    stream.set_nodelay(true).unwrap();
    let mut stream = BufReader::new(stream);
    if !act(&mut stream, script.greeting).await || !talk(&mut stream, &script, &seen, true).await {
        return;
    }
    let Some(config) = script.tls.clone() else { return };
    let Ok(stream) = TlsAcceptor::from(config).accept(stream).await else { return };
    let shown = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first()).cloned();
    seen.client_certificates.lock().unwrap().extend(shown.map(CertificateDer::into_owned));
    talk(&mut BufReader::new(stream), &script, &seen, false).await;
}

/// True when TLS is to start.
async fn talk<S>(stream: &mut S, script: &Script, seen: &Seen, plain: bool) -> bool
where
    S: AsyncBufReadExt + AsyncRead + AsyncWrite + Unpin,
{
    let (mut messages, mut recipients) = (0, 0);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return false;
        }
        assert!(line.ends_with("\r\n"), "{line:?}");
        let line = line.trim_end().to_owned();
        seen.commands.lock().unwrap().push(line.clone());
        let verb = line.split(' ').next().unwrap_or_default();
        let go_on = match verb {
            "EHLO" if !plain => act(stream, Act::Say(FULL)).await,
            "EHLO" => act(stream, script.ehlo).await,
            "MAIL" if messages >= script.messages => false,
            "MAIL" => {
                recipients = 0;
                act(stream, script.mail).await
            }
            "RCPT" if recipients >= script.recipients => act(stream, Act::Say(script.one_too_many)).await,
            "RCPT" => {
                recipients += 1;
                let told = script.rcpt.iter().find(|(text, _)| line.contains(text));
                act(stream, told.map_or(Act::Say("250 2.1.5 ok"), |(_, act)| *act)).await
            }
            "STARTTLS" => {
                if act(stream, script.starttls).await && script.tls.is_some() {
                    return true;
                }
                true
            }
            "DATA" => {
                let go_on = act(stream, script.data).await;
                match script.data {
                    Act::Say(text) if text.starts_with('3') => {
                        messages += 1;
                        content(stream, script, seen).await
                    }
                    _ => go_on,
                }
            }
            "QUIT" => act(stream, Act::Last("221 bye")).await,
            _ => act(stream, Act::Say("250 ok")).await,
        };
        if !go_on {
            return false;
        }
    }
}

async fn content<S: AsyncBufReadExt + AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    script: &Script,
    seen: &Seen,
) -> bool {
    if let Some(told) = script.content {
        return act(stream, told).await;
    }
    let mut content = Vec::new();
    if script.sips {
        let mut sip = [0; 1_024];
        while stream.read(&mut sip).await.unwrap_or(0) > 0 {
            tokio::time::sleep(TRICKLE).await;
        }
        return false;
    }
    while content != b".\r\n" && !content.ends_with(b"\r\n.\r\n") {
        if stream.read_until(b'\n', &mut content).await.unwrap_or(0) == 0 {
            return false;
        }
    }
    seen.contents.lock().unwrap().push(content);
    act(stream, script.dot).await
}
