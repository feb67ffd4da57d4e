//! Mail in.

use std::time::Duration;

/// Largest message accepted over SMTP or the API, bytes. Exchange Online's 150 MB plus base64 fits.
pub const MESSAGE_BYTES_MAX: usize = 200 * 1024 * 1024;
/// Recipients of one message; further `RCPT TO` get 452 4.5.3 (RFC 5321 §4.5.3.1.8 asks for at least 100).
pub const RECIPIENTS_MAX: usize = 1_000;
/// An SMTP command line with its CRLF, bytes (RFC 5321 §4.5.3.1.4 plus room for extension parameters).
pub const SMTP_COMMAND_BYTES_MAX: usize = 2_048;
/// A line of message content without its CRLF, bytes (RFC 5321 §4.5.3.1.6).
pub const SMTP_TEXT_LINE_BYTES_MAX: usize = 998;
/// SMTP sessions open at once; the next one is answered 421.
pub const SMTP_SESSIONS_MAX: usize = 1_000;
/// Wrong commands before a client is sent away with 421.
pub const SMTP_ERRORS_MAX: usize = 20;
/// Silence allowed between commands (RFC 5321 §4.5.3.2.7).
pub const SMTP_COMMAND_TIMEOUT: Duration = Duration::from_secs(300);
/// Silence allowed inside DATA (RFC 5321 §4.5.3.2.5).
pub const SMTP_DATA_TIMEOUT: Duration = Duration::from_secs(180);
/// A line of message content we carry, without its CRLF, bytes. Above RFC 5321's 998, which real mail breaks: content
/// stays byte-identical, so it is carried whole or refused, never folded.
pub const SMTP_CONTENT_LINE_BYTES_MAX: usize = 64 * 1024;
/// Time one message may take from 354 to its final dot (200 MB at 60 KB/s): no endless trickle.
pub const SMTP_MESSAGE_TIMEOUT: Duration = Duration::from_secs(3_600);
/// Bytes of content held in memory by receptions at once, all sessions together; the next message is answered 452 4.3.1.
pub const SMTP_RECEIVING_BYTES_MAX: usize = 1024 * 1024 * 1024;
/// A message longer than this leaves memory while it is being received: it goes, sealed, to its blob; bytes.
pub const SMTP_MEMORY_BYTES_MAX: usize = 25 * 1024 * 1024;
/// Wrong secrets in one SMTP session before it is closed with 421.
pub const SMTP_AUTH_FAILURES_MAX: usize = 3;
/// Time a declared proxy has for the header that names its client.
pub const SMTP_PROXY_TIMEOUT: Duration = Duration::from_secs(5);
/// A PROXY protocol header, bytes: what the specification asks a receiver to hold for version 1 (107) is inside.
pub const SMTP_PROXY_BYTES_MAX: usize = 1_024;
/// SMTP sessions of one address at once; the next one is answered 421.
pub const SMTP_SESSIONS_PER_PEER_MAX: usize = 500;
/// `Received` fields a message may carry before it is taken for a loop (RFC 5321 §6.3 asks for at least 100).
pub const SMTP_HOPS_MAX: usize = 100;
/// Time given to a TLS handshake, either way.
pub const SMTP_HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a client is kept waiting for our answer to its final dot; under the 600 s it must wait (RFC 5321 §4.5.3.2.6).
pub const SMTP_RECEIVE_TIMEOUT: Duration = Duration::from_secs(240);
/// How long we keep reading from a client we sent away, so that our last reply reaches it before a reset.
pub const SMTP_LINGER: Duration = Duration::from_secs(5);
/// Time given to open sessions and relay attempts to end when the service stops.
pub const SMTP_DRAIN_TIMEOUT: Duration = Duration::from_secs(30);
/// Text of one reply line of ours, bytes (RFC 5321 §4.5.3.1.5 allows 512 with code and CRLF).
pub const SMTP_REPLY_TEXT_BYTES_MAX: usize = 400;
/// Messages the demo's sink remembers; older ones go.
pub const SINK_MESSAGES_MAX: usize = 10_000;
/// Bytes of messages the demo's sink remembers; older ones go.
pub const SINK_BYTES_MAX: usize = 256 * 1024 * 1024;
