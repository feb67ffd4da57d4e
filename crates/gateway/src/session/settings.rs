//! What a session is configured with, and what all sessions share.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use vocabulary::EmailAddress;
use vocabulary::bounds::{
    MESSAGE_BYTES_MAX, RECIPIENTS_MAX, SMTP_AUTH_FAILURES_MAX, SMTP_COMMAND_TIMEOUT, SMTP_DATA_TIMEOUT,
    SMTP_ERRORS_MAX, SMTP_MEMORY_BYTES_MAX, SMTP_MESSAGE_TIMEOUT, SMTP_RECEIVE_TIMEOUT,
    SMTP_RECEIVING_BYTES_MAX, SMTP_SESSIONS_MAX, SMTP_SESSIONS_PER_PEER_MAX,
};

use crate::{Clients, ListenerTls};

/// Bounds of sessions; the defaults are those of `vocabulary::bounds`, which a configuration may only lower.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Largest message, bytes; announced as `SIZE`.
    pub message_bytes: usize,
    /// A message longer than this is spooled, bytes.
    pub memory_bytes: usize,
    /// Recipients of one message.
    pub recipients: usize,
    /// Refused commands before a client is sent away.
    pub errors: usize,
    /// Wrong secrets before a client is sent away.
    pub auth_failures: usize,
    /// Time for one command line.
    pub command_timeout: Duration,
    /// Silence inside a message.
    pub data_timeout: Duration,
    /// Time one message may take from 354 to its final dot.
    pub message_timeout: Duration,
    /// Time the reception has for its answer.
    pub receive_timeout: Duration,
    /// Sessions at once.
    pub sessions: usize,
    /// Sessions at once of one address.
    pub sessions_per_peer: usize,
    /// Bytes of reception in memory at once, all sessions together.
    pub receiving_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message_bytes: MESSAGE_BYTES_MAX,
            memory_bytes: SMTP_MEMORY_BYTES_MAX,
            recipients: RECIPIENTS_MAX,
            errors: SMTP_ERRORS_MAX,
            auth_failures: SMTP_AUTH_FAILURES_MAX,
            command_timeout: SMTP_COMMAND_TIMEOUT,
            data_timeout: SMTP_DATA_TIMEOUT,
            message_timeout: SMTP_MESSAGE_TIMEOUT,
            receive_timeout: SMTP_RECEIVE_TIMEOUT,
            sessions: SMTP_SESSIONS_MAX,
            sessions_per_peer: SMTP_SESSIONS_PER_PEER_MAX,
            receiving_bytes: SMTP_RECEIVING_BYTES_MAX,
        }
    }
}

/// What every session is configured with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The name we give ourselves in greeting and EHLO.
    pub(crate) hostname: String,
    /// Who may submit.
    pub(crate) clients: Clients,
    /// Bounds.
    pub(crate) limits: Limits,
    /// STARTTLS is offered if set.
    pub(crate) tls: Option<ListenerTls>,
}

/// The name is not a host name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the SMTP host name must be a host name such as mail.bank.example")]
pub struct HostnameError;

impl Settings {
    /// Settings for a server that calls itself `hostname`.
    ///
    /// # Errors
    /// `hostname` is not a host name.
    pub fn new(
        hostname: &str,
        clients: Clients,
        limits: Limits,
        tls: Option<ListenerTls>,
    ) -> Result<Self, HostnameError> {
        let good = hostname.is_ascii() && EmailAddress::parse(&format!("postmaster@{hostname}")).is_ok();
        if !good {
            return Err(HostnameError);
        }
        Ok(Self { hostname: hostname.to_owned(), clients, limits, tls })
    }
}

/// What all sessions share.
#[derive(Debug)]
pub struct Service<R> {
    pub(crate) settings: Arc<Settings>,
    pub(crate) reception: Arc<R>,
    pub(crate) receiving: Arc<Receiving>,
}

impl<R> Service<R> {
    /// A service that gives what it receives to `reception`.
    #[must_use]
    pub fn new(settings: Settings, reception: Arc<R>) -> Arc<Self> {
        let receiving =
            Arc::new(Receiving { bytes: AtomicUsize::new(0), max: settings.limits.receiving_bytes });
        Arc::new(Self { settings: Arc::new(settings), reception, receiving })
    }
}

/// Bytes of content in memory, all sessions together.
#[derive(Debug)]
pub(crate) struct Receiving {
    bytes: AtomicUsize,
    max: usize,
}

/// One message's share of [`Receiving`]; given back when dropped.
#[derive(Debug)]
pub(crate) struct Share {
    of: Arc<Receiving>,
    bytes: usize,
}

impl Share {
    pub(crate) fn none_of(of: &Arc<Receiving>) -> Self {
        Self { of: Arc::clone(of), bytes: 0 }
    }

    /// Grows to `bytes`; false if there is no room, and then it stays as it was.
    pub(crate) fn grow_to(&mut self, bytes: usize) -> bool {
        let more = bytes.saturating_sub(self.bytes);
        if more == 0 {
            return true;
        }
        if self.of.bytes.fetch_add(more, Ordering::Relaxed).saturating_add(more) > self.of.max {
            self.of.bytes.fetch_sub(more, Ordering::Relaxed);
            return false;
        }
        self.bytes = bytes;
        true
    }

    /// Gives back what is over `bytes`.
    pub(crate) fn shrink_to(&mut self, bytes: usize) {
        let less = self.bytes.saturating_sub(bytes);
        self.of.bytes.fetch_sub(less, Ordering::Relaxed);
        self.bytes -= less;
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.of.bytes.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_given_back() {
        let receiving = Arc::new(Receiving { bytes: AtomicUsize::new(0), max: 10 });
        let (mut one, mut two) = (Share::none_of(&receiving), Share::none_of(&receiving));
        assert!(one.grow_to(6) && two.grow_to(4) && !two.grow_to(5));
        one.shrink_to(1);
        one.shrink_to(3);
        assert!(two.grow_to(9) && !two.grow_to(10));
        drop(one);
        assert!(two.grow_to(10) && two.grow_to(3));
        drop(two);
        assert_eq!(receiving.bytes.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn a_hostname_is_checked() {
        let new = |name| Settings::new(name, Clients::default(), Limits::default(), None);
        assert!(new("mail.bank.example").is_ok());
        for name in ["", "a b", "mail\r\n", "münchen.example", "a..b", "a@b c"] {
            assert!(new(name).is_err(), "{name:?}");
        }
    }
}
