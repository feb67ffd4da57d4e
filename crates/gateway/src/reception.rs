//! The seam between a session and whoever decides on messages.

use std::future::Future;
use std::net::IpAddr;

use vocabulary::{EmailAddress, OrganisationId};

use crate::Reply;

/// Who is connected, as decided by declared addresses and client certificates, never by what it says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The name it is declared under.
    pub name: String,
    /// The organisations it may speak for; the sender's domain only chooses among them.
    pub organisations: Vec<OrganisationId>,
    /// The connection is encrypted.
    pub tls: bool,
}

/// Who sends to whom, as said in `MAIL FROM` and `RCPT TO`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Envelope {
    /// `None` is `<>`: bounces and auto-replies.
    pub reverse_path: Option<EmailAddress>,
    /// At least one, at most [`RECIPIENTS_MAX`](vocabulary::bounds::RECIPIENTS_MAX), in the order given, duplicates kept.
    pub recipients: Vec<EmailAddress>,
    /// `BODY=8BITMIME` was declared (RFC 6152), or the content holds a byte above 127 all the same.
    pub eight_bit: bool,
    /// `SMTPUTF8` was declared (RFC 6531).
    pub smtputf8: bool,
    /// A line of the content is longer than RFC 5321's 998 bytes: a next hop may refuse or fold it.
    pub long_lines: bool,
}

/// One message received: its final dot was read, nothing was answered yet.
#[derive(Debug, Clone)]
pub struct Submission {
    /// Who is connected.
    pub client: Client,
    /// Who sends to whom.
    pub envelope: Envelope,
    /// The content exactly as sent, dots unstuffed: CRLF lines, no bare CR or LF, no NUL. May be empty.
    pub raw: Vec<u8>,
    /// The address of the client.
    pub peer: IpAddr,
    /// What it said in HELO or EHLO: a host name or literal by its characters, unverified.
    pub helo: String,
}

/// Whoever takes messages in.
pub trait Reception: Send + Sync + 'static {
    /// Takes one message. The reply is given to the client as it is: a `250` says that everything is durable.
    ///
    /// Runs to its end even when the client goes away meanwhile. One that takes longer than
    /// [`SMTP_RECEIVE_TIMEOUT`](vocabulary::bounds::SMTP_RECEIVE_TIMEOUT) goes on, but the client hears 451 and may
    /// send the message again.
    fn receive(&self, submission: Submission) -> impl Future<Output = Reply> + Send;

    /// Whether messages can be taken now. If not, clients hear 421 at connection and 451 at `MAIL`.
    fn healthy(&self) -> bool;
}
