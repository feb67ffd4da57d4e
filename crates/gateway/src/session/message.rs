//! From 354 to the reply to the final dot.

use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, timeout};
use vocabulary::bounds::{SMTP_CONTENT_LINE_BYTES_MAX, SMTP_HOPS_MAX, SMTP_TEXT_LINE_BYTES_MAX};

use super::channel::{Channel, Gone, READ_BYTES, after};
use super::data::{DataReader, Fault, Progress};
use super::dialogue::Opened;
use super::settings::Share;
use super::{Conversation, fields, replies};
use crate::{Client, Content, Reception, Reply, Spool, Submission};

/// Room reserved for an announced size before its bytes have come.
const RESERVED_BYTES_MAX: usize = 256 * 1024;
/// A spool is given this much at a time.
const SPOOL_BYTES: usize = 1024 * 1024;

/// What was read.
enum Read<S> {
    /// A whole message without fault.
    Message(Whole<S>),
    /// To be refused; the connection is in step.
    Refused(Reply),
    /// To be refused and closed at once: what follows cannot be trusted, or never ends.
    Cut(Reply),
}

struct Whole<S> {
    client: Client,
    content: Content<S>,
    ascii: bool,
    longest_line: usize,
    share: Share,
}

/// A message while it is being read.
struct Reading<S> {
    reader: DataReader,
    share: Share,
    /// Once the message is too large for memory: whose it is, and where it goes.
    spool: Option<(Client, S)>,
    /// It will be refused with this; what comes is passed over.
    refusal: Option<Reply>,
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
        let (reply, closing) = match self.read(channel, &opened).await {
            Ok(Read::Message(whole)) => (self.submit(opened, whole).await, false),
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

    async fn read<S>(&self, channel: &mut Channel<S>, opened: &Opened) -> Result<Read<R::Spool>, Gone>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        let limits = &self.service.settings.limits;
        let expected = usize::try_from(opened.size.unwrap_or(0)).unwrap_or(0).min(RESERVED_BYTES_MAX);
        let mut reading = Reading {
            reader: DataReader::new(limits.message_bytes, SMTP_CONTENT_LINE_BYTES_MAX, expected),
            share: Share::none_of(&self.service.receiving),
            spool: None,
            refusal: None,
        };
        let mut seen = 0_usize;
        let last = after(limits.message_timeout);
        loop {
            let chunk = channel.input();
            let progress = reading.reader.push(chunk);
            let taken = match progress {
                Progress::More => chunk.len(),
                Progress::End(taken) => taken,
            };
            channel.used(taken);
            seen = seen.saturating_add(taken);
            match reading.reader.fault() {
                Some(Fault::BareLineEnd) => return Ok(Read::Cut(replies::BARE_LINE_END.reply())),
                Some(Fault::Nul) => return Ok(Read::Cut(replies::NUL.reply())),
                _ => self.make_room(&mut reading, opened).await,
            }
            if let Progress::End(_) = progress {
                return Ok(self.judged(reading, opened).await);
            }
            if seen > limits.message_bytes.saturating_mul(2) {
                return Ok(Read::Cut(replies::TOO_LARGE.reply()));
            }
            channel.fill(READ_BYTES, last.min(Instant::now() + limits.data_timeout)).await?;
        }
    }

    /// Keeps what is in memory within its bounds: one message's own, and that of all together.
    async fn make_room(&self, reading: &mut Reading<R::Spool>, opened: &Opened) {
        let waiting = reading.reader.waiting().len();
        if reading.spool.is_some() && waiting >= SPOOL_BYTES {
            self.spool(reading).await;
        } else if reading.spool.is_none() && waiting > self.service.settings.limits.memory_bytes {
            match self.open_spool(reading.reader.waiting(), opened).await {
                Ok(opened) => {
                    reading.spool = Some(opened);
                    self.spool(reading).await;
                    reading.share.shrink_to(SPOOL_BYTES);
                }
                Err(reply) => reading.refusal = Some(reply),
            }
        }
        if !reading.share.grow_to(reading.reader.waiting().len()) && reading.refusal.is_none() {
            reading.refusal = Some(replies::NO_ROOM.reply());
        }
        if reading.refusal.is_some() {
            // What was read so far is given up at once, the rest goes by unread.
            reading.spool = None;
            reading.reader.discard();
        }
    }

    /// The header of a message this large has come: whose it is, is known now or never.
    async fn open_spool(&self, so_far: &[u8], opened: &Opened) -> Result<(Client, R::Spool), Reply> {
        let (header, client) = self.admitted(so_far, opened)?;
        Ok((client.clone(), self.service.reception.spool(&client, &opened.envelope, header).await?))
    }

    /// The message's header, and the client it comes from; refused when it loops or is no declared tenant's.
    fn admitted<'c>(&self, content: &'c [u8], opened: &Opened) -> Result<(&'c [u8], Client), Reply> {
        let header = mail::header::section(content);
        if fields::hops(header, SMTP_HOPS_MAX) > SMTP_HOPS_MAX {
            return Err(replies::LOOP.reply());
        }
        match opened.client(header) {
            Some(client) => Ok((header, client)),
            None => {
                tracing::warn!(peer = %self.peer, "message of an undeclared tenant refused");
                Err(replies::OTHER_TENANT.reply())
            }
        }
    }

    /// Moves what is in memory to the spool, away from the threads that serve other sessions.
    async fn spool(&self, reading: &mut Reading<R::Spool>) {
        let Some((client, mut spool)) = reading.spool.take() else { return };
        let bytes = reading.reader.take();
        let pushed = tokio::task::spawn_blocking(move || spool.push(&bytes).map(|()| spool)).await;
        match pushed {
            Ok(Ok(spool)) => reading.spool = Some((client, spool)),
            Ok(Err(error)) => {
                tracing::error!(%error, "a large message could not be stored while it was coming");
                reading.refusal = Some(replies::DISK_REFUSED.reply());
            }
            Err(error) => {
                tracing::error!(%error, "storing a large message ended by a mistake of ours");
                reading.refusal = Some(replies::DISK_REFUSED.reply());
            }
        }
    }

    /// What a message whose end was read comes to.
    async fn judged(&self, mut reading: Reading<R::Spool>, opened: &Opened) -> Read<R::Spool> {
        if reading.refusal.is_none() && reading.spool.is_some() {
            self.spool(&mut reading).await;
        }
        let Reading { reader, share, spool, refusal } = reading;
        if let Some(refusal) = refusal {
            return Read::Refused(refusal);
        }
        let (longest_line, ascii) = (reader.longest_line(), reader.is_ascii());
        let content = match reader.finish() {
            Ok(content) => content,
            Err(Fault::TooLarge) => return Read::Refused(replies::TOO_LARGE.reply()),
            Err(Fault::LineTooLong) => return Read::Refused(replies::CONTENT_LINE_TOO_LONG.reply()),
            Err(Fault::BareLineEnd) => return Read::Cut(replies::BARE_LINE_END.reply()),
            Err(Fault::Nul) => return Read::Cut(replies::NUL.reply()),
        };
        let (client, content) = match spool {
            Some((client, spool)) => (client, Content::Spooled(spool)),
            None => match self.admitted(&content, opened) {
                Ok((_, client)) => (client, Content::Memory(content)),
                Err(reply) => return Read::Refused(reply),
            },
        };
        Read::Message(Whole { client, content, ascii, longest_line, share })
    }

    /// Hands the message over. It is the reception's from here: a client that goes away cancels nothing.
    async fn submit(&self, opened: Opened, whole: Whole<R::Spool>) -> Reply {
        let Whole { client, content, ascii, longest_line, share } = whole;
        let Opened { mut envelope, helo, .. } = opened;
        envelope.eight_bit |= !ascii;
        envelope.long_lines = longest_line > SMTP_TEXT_LINE_BYTES_MAX;
        let submission = Submission { client, envelope, content, peer: self.peer, helo };
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
