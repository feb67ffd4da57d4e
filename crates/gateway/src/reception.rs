//! The seam between a session and whoever decides on messages.

use std::future::Future;
use std::io;
use std::net::IpAddr;

use vocabulary::{EmailAddress, ForwardPath, OrganisationId, Return, Xtext};

use crate::Reply;

/// Who is connected, as decided by what it proved (addresses, certificate, secret, tenant), never by what it says of
/// itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The name it is declared under.
    pub name: String,
    /// The organisations it may speak for; the sender's domain only chooses among them.
    pub organisations: Vec<OrganisationId>,
    /// It sends by the thousand.
    pub bulk: bool,
    /// The TLS version of the connection, as `TLSv1_3`; `None` is plain text.
    pub tls: Option<String>,
    /// It signed in with a secret.
    pub signed_in: bool,
}

/// Who sends to whom, as said in `MAIL FROM` and `RCPT TO`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Envelope {
    /// `None` is `<>`: bounces and auto-replies.
    pub reverse_path: Option<EmailAddress>,
    /// At least one, at most [`RECIPIENTS_MAX`](vocabulary::bounds::RECIPIENTS_MAX), in the order given, duplicates kept.
    pub recipients: Vec<ForwardPath>,
    /// `BODY=8BITMIME` was declared (RFC 6152), or the content holds a byte above 127 all the same.
    pub eight_bit: bool,
    /// `SMTPUTF8` was declared (RFC 6531).
    pub smtputf8: bool,
    /// A line of the content is longer than RFC 5321's 998 bytes: a next hop may refuse or fold it.
    pub long_lines: bool,
    /// `RET` (RFC 3461 §4.3).
    pub returns: Option<Return>,
    /// `ENVID` (RFC 3461 §4.4).
    pub envelope_id: Option<Xtext>,
}

/// One message received: its final dot was read, nothing was answered yet.
#[derive(Debug, Clone)]
pub struct Submission<S> {
    /// Who is connected.
    pub client: Client,
    /// Who sends to whom.
    pub envelope: Envelope,
    /// What is sent.
    pub content: Content<S>,
    /// The address of the client.
    pub peer: IpAddr,
    /// What it said in HELO or EHLO: a host name or literal by its characters, unverified.
    pub helo: String,
}

/// The content exactly as sent, dots unstuffed: CRLF lines, no bare CR or LF, no NUL. May be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content<S> {
    /// Whole, in memory.
    Memory(Vec<u8>),
    /// Over [`SMTP_MEMORY_BYTES_MAX`](vocabulary::bounds::SMTP_MEMORY_BYTES_MAX): all of it was pushed into this.
    Spooled(S),
}

/// Where a message too large for memory goes while it is being received. Dropped before the submission, nothing of it
/// is kept.
pub trait Spool: Send + 'static {
    /// Takes the next bytes. Blocks for as long as the disk does.
    ///
    /// # Errors
    /// The disk refused: the message is answered 452.
    fn push(&mut self, bytes: &[u8]) -> io::Result<()>;
}

/// Memory is a spool for whoever has enough of it: the demo's sink, tests.
impl Spool for Vec<u8> {
    fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.extend_from_slice(bytes);
        Ok(())
    }
}

impl Content<Vec<u8>> {
    /// All bytes.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Memory(bytes) | Self::Spooled(bytes) => bytes,
        }
    }
}

/// Whoever takes messages in.
pub trait Reception: Send + Sync + 'static {
    /// Where this reception keeps large messages while they come.
    type Spool: Spool;

    /// Opens a spool for a message that is getting large. `header` is its header section, as far as it has come.
    ///
    /// # Errors
    /// What the client hears after its final dot; the rest of the message goes by unread.
    fn spool(
        &self,
        client: &Client,
        envelope: &Envelope,
        header: &[u8],
    ) -> impl Future<Output = Result<Self::Spool, Reply>> + Send;

    /// Takes one message. The reply is given to the client as it is: a `250` says that everything is durable.
    ///
    /// Runs to its end even when the client goes away meanwhile. One that takes longer than
    /// [`SMTP_RECEIVE_TIMEOUT`](vocabulary::bounds::SMTP_RECEIVE_TIMEOUT) goes on, but the client hears 451 and may
    /// send the message again.
    fn receive(&self, submission: Submission<Self::Spool>) -> impl Future<Output = Reply> + Send;

    /// Whether messages can be taken now. If not, clients hear 421 at connection and 451 at `MAIL`.
    fn healthy(&self) -> bool;
}
