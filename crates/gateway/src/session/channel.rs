//! The bytes of one connection: buffered reading with deadlines, lines that end only at CRLF, replies sent in batches.
//!
//! Replies wait in a buffer until more input is needed, so that a pipelined group of commands is answered in one write.

use bytes::{Buf, BytesMut};
use futures::FutureExt;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Duration, Instant, timeout, timeout_at};
use vocabulary::bounds::{SMTP_COMMAND_BYTES_MAX, SMTP_COMMAND_TIMEOUT, SMTP_LINGER};

use crate::Reply;

/// Room kept for an idle session.
const IDLE_BYTES: usize = 4 * 1024;
/// Room offered to one read of message content.
pub(super) const READ_BYTES: usize = 64 * 1024;

/// Why nothing more comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gone {
    /// The peer closed, or the connection broke.
    Closed,
    /// The deadline passed.
    Late,
}

/// A command line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Without its CRLF.
    Whole(BytesMut),
    /// Over [`SMTP_COMMAND_BYTES_MAX`]; it was skipped up to its CRLF.
    TooLong,
}

pub(super) struct Channel<S> {
    stream: S,
    input: BytesMut,
    /// Bytes of `input` known to hold no line end.
    scanned: usize,
    output: BytesMut,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Channel<S> {
    pub(super) fn new(stream: S) -> Self {
        Self {
            stream,
            input: BytesMut::with_capacity(IDLE_BYTES),
            scanned: 0,
            output: BytesMut::with_capacity(512),
        }
    }

    /// The connection without what was buffered: bytes sent before a TLS handshake never reach the session after it.
    pub(super) fn into_stream(self) -> S {
        self.stream
    }

    /// Puts a reply in the buffer.
    pub(super) fn say(&mut self, reply: &Reply) {
        reply.write_to(&mut self.output);
    }

    /// Sends what the buffer holds.
    pub(super) async fn flush(&mut self) -> Result<(), Gone> {
        if self.output.is_empty() {
            return Ok(());
        }
        let write = async {
            // Cancel safe: what was written has left the buffer.
            self.stream.write_all_buf(&mut self.output).await?;
            self.stream.flush().await
        };
        match timeout(SMTP_COMMAND_TIMEOUT, write).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Gone::Closed),
            Err(_) => Err(Gone::Late),
        }
    }

    /// Bytes read and not yet used.
    pub(super) fn input(&self) -> &[u8] {
        &self.input
    }

    /// Forgets the first `bytes` of the input.
    pub(super) fn used(&mut self, bytes: usize) {
        self.input.advance(bytes.min(self.input.len()));
        self.scanned = 0;
        if self.input.is_empty() && self.input.capacity() > IDLE_BYTES {
            self.input = BytesMut::with_capacity(IDLE_BYTES);
        }
    }

    /// Whether the peer has sent more than was asked for, as far as can be known without waiting.
    pub(super) fn spoke_early(&mut self) -> bool {
        if self.input.is_empty() {
            self.input.reserve(IDLE_BYTES);
            // Reading is cancel safe: what is not ready is not lost.
            let _ = self.stream.read_buf(&mut self.input).now_or_never();
        }
        !self.input.is_empty()
    }

    /// Sends what waits, then reads at least one byte more.
    pub(super) async fn fill(&mut self, room: usize, deadline: Instant) -> Result<(), Gone> {
        self.flush().await?;
        self.input.reserve(room);
        match timeout_at(deadline, self.stream.read_buf(&mut self.input)).await {
            Ok(Ok(0) | Err(_)) => Err(Gone::Closed),
            Ok(Ok(_)) => Ok(()),
            Err(_) => Err(Gone::Late),
        }
    }

    /// The next command line. The deadline is for the whole line: one byte a second does not push it back.
    pub(super) async fn line(&mut self, deadline: Instant) -> Result<Line, Gone> {
        let mut too_long = false;
        loop {
            if let Some(bytes) = self.line_bytes() {
                let mut line = self.input.split_to(bytes);
                self.scanned = 0;
                if too_long || bytes > SMTP_COMMAND_BYTES_MAX {
                    return Ok(Line::TooLong);
                }
                line.truncate(bytes - 2);
                return Ok(Line::Whole(line));
            }
            if self.input.len() > SMTP_COMMAND_BYTES_MAX {
                // Only the last byte can belong to a CRLF: memory stays flat however long the line is.
                too_long = true;
                self.input.advance(self.input.len() - 1);
                self.scanned = 0;
            }
            self.fill(IDLE_BYTES, deadline).await?;
        }
    }

    /// Length of the first line of the input with its CRLF. A bare LF ends nothing.
    fn line_bytes(&mut self) -> Option<usize> {
        let from = self.scanned.saturating_sub(1);
        let found = memchr::memmem::find(self.input.get(from..)?, b"\r\n");
        if found.is_none() {
            self.scanned = self.input.len();
        }
        found.map(|at| from + at + 2)
    }

    /// Sends what waits and closes, reading on for a moment so that the last reply is not lost to a reset.
    pub(super) async fn close(mut self) {
        if self.flush().await.is_err() || self.stream.shutdown().await.is_err() {
            return;
        }
        let drain = async {
            let mut waste = Vec::with_capacity(READ_BYTES);
            while let Ok(1..) = self.stream.read_buf(&mut waste).await {
                waste.clear();
            }
        };
        let _ = timeout(SMTP_LINGER, drain).await;
    }
}

/// A moment from now.
pub(super) fn after(wait: Duration) -> Instant {
    Instant::now() + wait
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::duplex;

    #[tokio::test]
    async fn lines_end_only_at_crlf_wherever_segments_are_cut() {
        let input = b"NOOP\nNOOP\rNOOP\r\nQUIT\r\n";
        for cut in 0..input.len() {
            let (mut client, server) = duplex(64);
            let mut channel = Channel::new(server);
            let (head, tail) = input.split_at(cut);
            client.write_all(head).await.unwrap();
            if !head.is_empty() {
                channel.fill(64, after(SMTP_LINGER)).await.unwrap();
                channel.line_bytes();
            }
            client.write_all(tail).await.unwrap();
            let first = channel.line(after(SMTP_LINGER)).await;
            assert_eq!(first, Ok(Line::Whole(BytesMut::from(&b"NOOP\nNOOP\rNOOP"[..]))), "cut at {cut}");
            assert_eq!(channel.line(after(SMTP_LINGER)).await, Ok(Line::Whole(BytesMut::from(&b"QUIT"[..]))));
        }
    }

    #[tokio::test]
    async fn a06_ten_megabytes_without_line_end_take_no_memory_and_lose_no_sync() {
        let (mut client, server) = duplex(8 * 1024);
        let mut channel = Channel::new(server);
        let send = async {
            for _ in 0..10 * 1024 {
                client.write_all(&[b'x'; 1024]).await.unwrap();
            }
            client.write_all(b"\r").await.unwrap();
            client.write_all(b"\nNOOP\r\n").await.unwrap();
        };
        let read = async {
            assert_eq!(channel.line(after(SMTP_LINGER)).await, Ok(Line::TooLong));
            assert!(channel.input.capacity() < 64 * 1024, "{}", channel.input.capacity());
            assert_eq!(channel.line(after(SMTP_LINGER)).await, Ok(Line::Whole(BytesMut::from(&b"NOOP"[..]))));
        };
        tokio::join!(send, read);
    }
}
