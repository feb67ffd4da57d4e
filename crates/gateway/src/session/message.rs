//! From 354 to the reply to the final dot.

use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, timeout};
use vocabulary::bounds::{
    SMTP_CONTENT_LINE_BYTES_MAX, SMTP_HOPS_MAX, SMTP_MESSAGE_TIMEOUT, SMTP_TEXT_LINE_BYTES_MAX,
};

use super::channel::{Channel, Gone, READ_BYTES, after};
use super::data::{DataReader, Fault, Progress};
use super::dialogue::Opened;
use super::settings::Share;
use super::{Conversation, hops, replies};
use crate::{Reception, Reply, Submission};

/// Room reserved for an announced size before its bytes have come.
const RESERVED_BYTES_MAX: usize = 256 * 1024;

/// What was read.
enum Read {
    /// A whole message without fault.
    Message { content: Vec<u8>, longest_line: usize, share: Share },
    /// To be refused; the connection is in step.
    Refused(Reply),
    /// To be refused and closed at once: what follows cannot be trusted, or never ends.
    Cut(Reply),
}

impl<R: Reception> Conversation<R> {
    /// Reads one message and answers its final dot; true if the connection must close.
    pub(super) async fn message<S>(&mut self, channel: &mut Channel<S>) -> Result<bool, Gone>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        let Some(opened) = self.dialogue.open() else {
            channel.say(&replies::NEEDS_MAIL.reply());
            return Ok(false);
        };
        if channel.spoke_early() {
            channel.say(&replies::PIPELINING.reply());
            return Ok(true);
        }
        channel.say(&Reply::bare(354, "End data with <CR><LF>.<CR><LF>"));
        let (reply, closing) = match self.read(channel, opened.size).await {
            Ok(Read::Message { content, longest_line, share }) => {
                (self.submit(opened, content, longest_line, share).await, false)
            }
            Ok(Read::Refused(reply)) => (reply, false),
            Ok(Read::Cut(reply)) => (reply, true),
            Err(Gone::Late) => (replies::IDLE.reply(), true),
            Err(Gone::Closed) => {
                tracing::info!(peer = %self.peer, "SMTP client left inside a message; nothing kept");
                return Err(Gone::Closed);
            }
        };
        if reply.is_refusal() {
            tracing::info!(peer = %self.peer, code = reply.code(), "message not taken");
        }
        channel.say(&reply);
        Ok(closing)
    }

    async fn read<S>(&self, channel: &mut Channel<S>, size: Option<u64>) -> Result<Read, Gone>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        let limits = &self.service.settings.limits;
        let expected = usize::try_from(size.unwrap_or(0)).unwrap_or(0).min(RESERVED_BYTES_MAX);
        let mut reader = DataReader::new(limits.message_bytes, SMTP_CONTENT_LINE_BYTES_MAX, expected);
        let mut share = Share::none_of(&self.service.receiving);
        let (mut room, mut seen) = (true, 0_usize);
        let last = after(SMTP_MESSAGE_TIMEOUT);
        loop {
            let chunk = channel.input();
            let progress = reader.push(chunk);
            let taken = match progress {
                Progress::More => chunk.len(),
                Progress::End(taken) => taken,
            };
            channel.used(taken);
            seen = seen.saturating_add(taken);
            room = room && share.grow_to(reader.len());
            match reader.fault() {
                Some(Fault::BareLineEnd) => return Ok(Read::Cut(replies::BARE_LINE_END.reply())),
                Some(Fault::Nul) => return Ok(Read::Cut(replies::NUL.reply())),
                _ => {}
            }
            if let Progress::End(_) = progress {
                return Ok(judged(reader, room, share));
            }
            if !room {
                // What was read so far is given up at once, the rest goes by unread.
                reader.discard();
            }
            if seen > limits.message_bytes.saturating_mul(2) {
                return Ok(Read::Cut(replies::TOO_LARGE.reply()));
            }
            channel.fill(READ_BYTES, last.min(Instant::now() + limits.data_timeout)).await?;
        }
    }

    /// Hands the message over. It is the reception's from here: a client that goes away cancels nothing.
    async fn submit(&self, opened: Opened, raw: Vec<u8>, longest_line: usize, share: Share) -> Reply {
        let Opened { client, mut envelope, helo, .. } = opened;
        envelope.eight_bit |= !raw.is_ascii();
        envelope.long_lines = longest_line > SMTP_TEXT_LINE_BYTES_MAX;
        let submission = Submission { client, envelope, raw, peer: self.peer, helo };
        let reception = Arc::clone(&self.service.reception);
        let receiving = tokio::spawn(async move {
            let _share = share;
            reception.receive(submission).await
        });
        match timeout(self.service.settings.limits.receive_timeout, receiving).await {
            Ok(Ok(reply)) => reply,
            Ok(Err(error)) => {
                tracing::error!(peer = %self.peer, %error, "reception of a message ended without an answer");
                replies::RECEPTION_FAILED.reply()
            }
            Err(_) => {
                tracing::error!(peer = %self.peer, "reception of a message takes too long; the client was told to come back");
                replies::RECEPTION_FAILED.reply()
            }
        }
    }
}

fn judged(reader: DataReader, room: bool, share: Share) -> Read {
    let longest_line = reader.longest_line();
    match reader.finish() {
        _ if !room => Read::Refused(replies::NO_ROOM.reply()),
        Err(Fault::TooLarge) => Read::Refused(replies::TOO_LARGE.reply()),
        Err(Fault::LineTooLong) => Read::Refused(replies::CONTENT_LINE_TOO_LONG.reply()),
        Err(Fault::BareLineEnd) => Read::Cut(replies::BARE_LINE_END.reply()),
        Err(Fault::Nul) => Read::Cut(replies::NUL.reply()),
        Ok(content) if hops::count(&content, SMTP_HOPS_MAX) > SMTP_HOPS_MAX => {
            Read::Refused(replies::LOOP.reply())
        }
        Ok(content) => Read::Message { content, longest_line, share },
    }
}
