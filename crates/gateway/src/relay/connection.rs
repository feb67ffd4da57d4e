//! One connection to a next hop: from TCP to a ready SMTP conversation, then commands and replies with deadlines.

use std::net::{IpAddr, SocketAddr};

use bytes::{Buf, BytesMut};
use futures::FutureExt;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Duration, Instant, timeout, timeout_at};
use tokio_rustls::TlsConnector;
use vocabulary::bounds::RELAY_ADDRESSES_MAX;

use super::offers::Offers;
use super::policy::Demand;
use super::remote::{Class, Parsed, RemoteReply, parse};
use super::{Diagnostic, Encryption, Hop, Host, Timeouts, TlsPolicy};

/// Room for replies.
const INPUT_BYTES: usize = 4 * 1024;
/// How long a server that broke off a transfer may take to say why.
const LAST_WORDS: Duration = Duration::from_secs(5);

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Why no reply came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lost {
    Closed,
    Late,
    Broken,
}

impl Lost {
    /// In our words; `stage` says when.
    pub(super) fn diagnostic(self, stage: &str) -> Diagnostic {
        let (status, what) = match self {
            Self::Closed => ("4.4.2", "the connection was closed"),
            Self::Late => ("4.4.2", "no answer in time"),
            Self::Broken => ("4.5.0", "the answer is not SMTP"),
        };
        Diagnostic::ours(451, status, format!("{what} ({stage})"))
    }
}

/// A conversation past EHLO.
pub(super) struct Connection {
    stream: Box<dyn Stream>,
    input: BytesMut,
    pub(super) offers: Offers,
    pub(super) hop: Hop,
    /// Messages tried over it.
    pub(super) messages: usize,
    /// When it was last used.
    pub(super) used: Instant,
}

/// Why a conversation could not be opened.
enum Failure {
    /// TLS is offered but cannot be had.
    Tls(Diagnostic),
    Other(Diagnostic),
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Other(diagnostic)
    }
}

/// A host to open a conversation with.
pub(super) struct Stop<'a> {
    /// The name of the route.
    pub(super) route: &'a str,
    pub(super) host: &'a Host,
    /// Where it is; `None`: what the machine's own resolver says.
    pub(super) addresses: Option<Vec<IpAddr>>,
    /// What the connection must be.
    pub(super) demand: Demand,
    pub(super) policy: &'a TlsPolicy,
    /// The host name we give in EHLO.
    pub(super) hello: &'a str,
    pub(super) timeouts: &'a Timeouts,
}

impl Connection {
    /// Opens a conversation with a host that is what the demand asks.
    pub(super) async fn open(stop: &Stop<'_>) -> Result<Self, Diagnostic> {
        match Self::try_open(stop, true).await {
            Ok(connection) => Ok(connection),
            Err(Failure::Tls(diagnostic)) if stop.demand.plain => {
                tracing::warn!(host = %stop.host, %diagnostic, "TLS failed; falling back to plain text as the route allows");
                let mut connection = Self::try_open(stop, false).await.map_err(Failure::into_diagnostic)?;
                connection.hop.fell_back = true;
                Ok(connection)
            }
            Err(failure) => Err(failure.into_diagnostic()),
        }
    }

    async fn try_open(stop: &Stop<'_>, with_tls: bool) -> Result<Self, Failure> {
        let (stream, address) = tcp(stop).await?;
        let hop = Hop {
            route: stop.route.to_owned(),
            host: stop.host.to_string(),
            address: address.map(|address| address.ip().to_string()),
            policy: stop.demand.policy.to_owned(),
            tls: None,
            fell_back: false,
            reports: false,
        };
        let mut connection = Self {
            stream: Box::new(stream),
            input: BytesMut::with_capacity(INPUT_BYTES),
            offers: Offers::default(),
            hop,
            messages: 0,
            used: Instant::now(),
        };
        let wait = stop.timeouts.command;
        let greeting = connection.reply(wait).await.map_err(|lost| lost.diagnostic("greeting"))?;
        if !greeting.is_yes() {
            return Err(greeting.diagnostic().into());
        }
        connection.hello(stop).await?;
        if !connection.offers.starttls && !stop.demand.plain {
            let text = format!("{} offers no TLS, which the route requires", stop.host);
            return Err(Diagnostic::ours(451, "4.7.10", text).into());
        }
        if stop.demand.rule.is_none() || !connection.offers.starttls || !with_tls {
            return Ok(connection);
        }
        let mut connection = connection.secured(stop).await.map_err(Failure::Tls)?;
        connection.hello(stop).await?;
        Ok(connection)
    }

    /// EHLO, or HELO with a server that knows no better.
    async fn hello(&mut self, stop: &Stop<'_>) -> Result<(), Diagnostic> {
        let wait = stop.timeouts.command;
        let lost = |lost: Lost| lost.diagnostic("EHLO");
        let reply = self.ask(&format!("EHLO {}\r\n", stop.hello), wait).await.map_err(lost)?;
        if reply.is_yes() {
            self.offers = Offers::read(&reply);
            return Ok(());
        }
        if reply.class() != Class::Never {
            return Err(reply.diagnostic());
        }
        self.offers = Offers::default();
        let reply = self.ask(&format!("HELO {}\r\n", stop.hello), wait).await.map_err(lost)?;
        if reply.is_yes() { Ok(()) } else { Err(reply.diagnostic()) }
    }

    async fn secured(mut self, stop: &Stop<'_>) -> Result<Self, Diagnostic> {
        let host = stop.host;
        let failed = |text: String| Diagnostic::ours(451, "4.7.5", text);
        let Some(rule) = stop.demand.rule.clone() else { return Ok(self) };
        let reply = self
            .ask("STARTTLS\r\n", stop.timeouts.command)
            .await
            .map_err(|lost| lost.diagnostic("STARTTLS"))?;
        if !reply.is_yes() {
            return Err(reply.diagnostic());
        }
        // Words sent in plain text must not pass for words sent under TLS (response injection).
        if !self.input.is_empty() {
            return Err(failed(format!("{host} spoke between STARTTLS and the handshake")));
        }
        let name = ServerName::try_from(stop.demand.sni.clone().unwrap_or_else(|| host.name.clone()))
            .map_err(|_| failed(format!("{host} is not a TLS name")))?;
        let (config, report) =
            stop.policy.client(rule).map_err(|error| failed(format!("TLS cannot be spoken: {error}")))?;
        let handshake = TlsConnector::from(config).connect(name, self.stream);
        let stream = match timeout(stop.timeouts.handshake, handshake).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return Err(failed(format!("TLS with {host} failed: {error}"))),
            Err(_) => return Err(failed(format!("TLS with {host} took too long"))),
        };
        let session = stream.get_ref().1;
        self.hop.tls = Some(Encryption {
            version: session.protocol_version().map(|version| format!("{version:?}")).unwrap_or_default(),
            suite: session
                .negotiated_cipher_suite()
                .map(|suite| format!("{:?}", suite.suite()))
                .unwrap_or_default(),
            verified: report.verified_by(),
            failed: report.failed(),
        });
        Ok(Self { stream: Box::new(stream), offers: Offers::default(), ..self })
    }

    /// Sends bytes, all within `wait`.
    pub(super) async fn send(&mut self, bytes: &[u8], wait: Duration) -> Result<(), Lost> {
        let write = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        match timeout(wait, write).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Lost::Closed),
            Err(_) => Err(Lost::Late),
        }
    }

    /// The next reply, whole within `wait`.
    pub(super) async fn reply(&mut self, wait: Duration) -> Result<RemoteReply, Lost> {
        let deadline = Instant::now() + wait;
        loop {
            match parse(&self.input) {
                Parsed::Reply(reply, taken) => {
                    self.input.advance(taken);
                    return Ok(reply);
                }
                Parsed::Broken => return Err(Lost::Broken),
                Parsed::Incomplete => {}
            }
            self.input.reserve(INPUT_BYTES);
            match timeout_at(deadline, self.stream.read_buf(&mut self.input)).await {
                Ok(Ok(0) | Err(_)) => return Err(Lost::Closed),
                Ok(Ok(_)) => {}
                Err(_) => return Err(Lost::Late),
            }
        }
    }

    /// Sends a command and gives its reply.
    pub(super) async fn ask(&mut self, command: &str, wait: Duration) -> Result<RemoteReply, Lost> {
        self.send(command.as_bytes(), wait).await?;
        self.reply(wait).await
    }

    /// What a server says that broke off while we were sending; otherwise `lost`.
    pub(super) async fn last_words(&mut self, lost: Lost) -> Result<RemoteReply, Lost> {
        self.reply(LAST_WORDS).await.map_err(|_| lost)
    }

    /// Whether the next message can start: nothing unasked was said, the server has not closed.
    pub(super) fn is_quiet(&mut self) -> bool {
        self.input.reserve(INPUT_BYTES);
        self.input.is_empty() && self.stream.read_buf(&mut self.input).now_or_never().is_none()
    }

    /// Forgets what was said of a message; false if the connection is no longer usable.
    pub(super) async fn reset(&mut self, wait: Duration) -> bool {
        matches!(self.ask("RSET\r\n", wait).await, Ok(reply) if reply.is_yes())
    }

    /// Says goodbye and closes, without insisting.
    pub(super) async fn quit(mut self) {
        let _ = self.ask("QUIT\r\n", LAST_WORDS).await;
        let _ = timeout(LAST_WORDS, self.stream.shutdown()).await;
    }
}

impl Failure {
    fn into_diagnostic(self) -> Diagnostic {
        match self {
            Self::Tls(diagnostic) | Self::Other(diagnostic) => diagnostic,
        }
    }
}

/// Connects to the first address of the host that answers.
async fn tcp(stop: &Stop<'_>) -> Result<(TcpStream, Option<SocketAddr>), Diagnostic> {
    let (host, wait) = (stop.host, stop.timeouts.connect);
    let addresses: Vec<SocketAddr> = match &stop.addresses {
        Some(known) => known.iter().map(|address| SocketAddr::new(*address, host.port)).collect(),
        None => match timeout(wait, lookup_host((host.name.as_str(), host.port))).await {
            Ok(found) => found.map(Iterator::collect).unwrap_or_default(),
            Err(_) => {
                let text = format!("the address of {host} was not found in time");
                return Err(Diagnostic::ours(451, "4.4.3", text));
            }
        },
    };
    let mut why = Diagnostic::ours(451, "4.4.3", format!("{host} has no known address"));
    for address in addresses.into_iter().take(RELAY_ADDRESSES_MAX) {
        why = match timeout(wait, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Without it, Nagle's algorithm and delayed acknowledgements cost 40 ms a message.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(host = %host, %error, "TCP_NODELAY not set");
                }
                return Ok((stream, stop.addresses.is_some().then_some(address)));
            }
            Ok(Err(error)) => Diagnostic::ours(451, "4.4.1", format!("{host}: {}", error.kind())),
            Err(_) => Diagnostic::ours(451, "4.4.1", format!("{host} does not answer")),
        };
    }
    Err(why)
}
