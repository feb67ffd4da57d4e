//! One SMTP conversation, from greeting to close (RFC 5321 and the extensions its EHLO names).
//!
//! [`serve`] joins the parts: [`channel`] reads lines and writes replies, [`dialogue`] knows the rules, [`data`] finds
//! the end of a message, [`Reception`] decides on it. Chunking is not offered: one way only to end a message.

mod auth;
mod channel;
mod command;
pub mod data;
mod dialogue;
pub(crate) mod fields;
mod message;
mod path;
mod replies;
mod settings;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use self::tests::tls::Pki;

use std::net::IpAddr;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use vocabulary::bounds::SMTP_HANDSHAKE_TIMEOUT;

use self::channel::{Channel, Gone, Line, after};
use self::dialogue::{Dialogue, Moment, Step};
pub use self::settings::{Limits, Service, Settings};
use crate::{Reception, Shutdown};

/// Holds one conversation on `stream` until either side ends it. With `implicit_tls` the handshake comes first (RFC 8314).
pub async fn serve<S, R>(
    stream: S,
    peer: IpAddr,
    implicit_tls: bool,
    service: Arc<Service<R>>,
    shutdown: Shutdown,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send,
    R: Reception,
{
    let mut conversation = Conversation {
        dialogue: Dialogue::new(Arc::clone(&service.settings), peer),
        service,
        shutdown,
        peer,
    };
    if implicit_tls {
        conversation.encrypted(stream, true).await;
    } else if let Ended::StartTls(stream) = conversation.hold(Channel::new(stream), true).await {
        conversation.encrypted(stream, false).await;
    }
}

/// How a conversation ended.
enum Ended<S> {
    /// It is over; the connection is closed.
    Closed,
    /// The client was told to start TLS on this connection.
    StartTls(S),
}

struct Conversation<R> {
    service: Arc<Service<R>>,
    dialogue: Dialogue,
    shutdown: Shutdown,
    peer: IpAddr,
}

impl<R: Reception> Conversation<R> {
    async fn encrypted<S: AsyncRead + AsyncWrite + Unpin + Send>(&mut self, stream: S, greet: bool) {
        let Some(tls) = self.service.settings.tls.clone() else { return };
        let handshake = TlsAcceptor::from(Arc::clone(&tls.config)).accept(stream);
        match timeout(SMTP_HANDSHAKE_TIMEOUT, handshake).await {
            Ok(Ok(stream)) => {
                let session = stream.get_ref().1;
                let version = session.protocol_version().map(|version| format!("{version:?}"));
                let certificate = tls.verified(session.peer_certificates()).cloned();
                self.dialogue.secured(version.unwrap_or_default(), certificate);
                // TLS is active: the dialogue offers no second STARTTLS.
                let _ = self.hold(Channel::new(stream), greet).await;
            }
            Ok(Err(error)) => {
                tracing::info!(peer = %self.peer, %error, "TLS handshake with an SMTP client failed")
            }
            Err(_) => tracing::info!(peer = %self.peer, "TLS handshake with an SMTP client took too long"),
        }
    }

    async fn hold<S>(&mut self, mut channel: Channel<S>, greet: bool) -> Ended<S>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        if greet && self.greet(&mut channel) {
            channel.close().await;
            return Ended::Closed;
        }
        loop {
            let step = match self.listen(&mut channel).await {
                Ok(step) => step,
                Err(Gone::Closed) => return Ended::Closed,
                Err(Gone::Late) => Step::Close(replies::IDLE.reply()),
            };
            let closing = match step {
                Step::Say(reply) => {
                    channel.say(&reply);
                    false
                }
                Step::Close(reply) => {
                    channel.say(&reply);
                    true
                }
                Step::StartTls if channel.spoke_early() => {
                    channel.say(&replies::PIPELINING.reply());
                    true
                }
                Step::StartTls => {
                    channel.say(&replies::READY_FOR_TLS.reply());
                    return match channel.flush().await {
                        Ok(()) => Ended::StartTls(channel.into_stream()),
                        Err(_) => Ended::Closed,
                    };
                }
                Step::Data => match self.message(&mut channel).await {
                    Ok(closing) => closing,
                    Err(_) => return Ended::Closed,
                },
            };
            if closing {
                channel.close().await;
                return Ended::Closed;
            }
        }
    }

    /// Says the first words; true if they are the last.
    fn greet<S: AsyncRead + AsyncWrite + Unpin>(&mut self, channel: &mut Channel<S>) -> bool {
        let step = match self.dialogue.greet(self.service.reception.healthy()) {
            Step::Say(_) if channel.spoke_early() => Step::Close(replies::PIPELINING.reply()),
            step => step,
        };
        match step {
            Step::Say(reply) => {
                channel.say(&reply);
                false
            }
            Step::Close(reply) => {
                tracing::info!(peer = %self.peer, code = reply.code(), "SMTP client sent away at connection");
                channel.say(&reply);
                true
            }
            Step::Data | Step::StartTls => true,
        }
    }

    /// Waits for a line and judges it; between two messages a stop of the service is heard too.
    async fn listen<S>(&mut self, channel: &mut Channel<S>) -> Result<Step, Gone>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        if self.shutdown.is_on() && self.dialogue.is_between_messages() {
            return Ok(Step::Close(replies::STOPPING.reply()));
        }
        let deadline = after(self.service.settings.limits.command_timeout);
        let line = tokio::select! {
            biased;
            line = channel.line(deadline) => line?,
            () = self.shutdown.wait() => return Ok(Step::Close(replies::STOPPING.reply())),
        };
        Ok(match line {
            Line::Whole(line) => {
                let moment = Moment {
                    pending: !channel.input().is_empty(),
                    healthy: self.service.reception.healthy(),
                };
                self.dialogue.line(&line, moment)
            }
            Line::TooLong => self.dialogue.line_too_long(),
        })
    }
}

/// What a connection hears that is one too many.
pub(crate) fn busy() -> crate::Reply {
    replies::BUSY.reply()
}
