//! The rules of the conversation, without any I/O: one command line in, one [`Step`] out.

use std::net::IpAddr;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use vocabulary::EmailAddress;

use super::command::{self, Command, Mail};
use super::path::{self, Path};
use super::{Settings, replies};
use crate::clients::Standing;
use crate::{Client, Envelope, Reply};

/// What the session does next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Answers and goes on.
    Say(Reply),
    /// Answers and closes.
    Close(Reply),
    /// Answers 354 and reads a message.
    Data,
    /// Answers 220 and shakes hands.
    StartTls,
}

/// What a line is judged by, besides what was said before.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Moment {
    /// More bytes have come behind this line.
    pub(super) pending: bool,
    /// Messages can be taken.
    pub(super) healthy: bool,
}

/// One conversation's memory.
pub(super) struct Dialogue {
    settings: Arc<Settings>,
    peer: IpAddr,
    standing: Standing,
    tls: bool,
    helo: Option<Helo>,
    transaction: Option<Transaction>,
    errors: usize,
}

struct Helo {
    name: String,
    extended: bool,
}

struct Transaction {
    envelope: Envelope,
    size: Option<u64>,
}

/// A message about to be read.
pub(super) struct Opened {
    pub(super) client: Client,
    pub(super) envelope: Envelope,
    pub(super) helo: String,
    /// Bytes announced with `SIZE=`.
    pub(super) size: Option<u64>,
}

impl Dialogue {
    pub(super) fn new(settings: Arc<Settings>, peer: IpAddr) -> Self {
        let standing = settings.clients.identify(peer, false, None);
        Self { settings, peer, standing, tls: false, helo: None, transaction: None, errors: 0 }
    }

    /// The first words. Who can never become a client is sent away at once.
    pub(super) fn greet(&self, healthy: bool) -> Step {
        match &self.standing {
            Standing::Stranger => Step::Close(replies::STRANGER.reply()),
            Standing::NeedsTls if self.settings.tls.is_none() => Step::Close(replies::STRANGER.reply()),
            _ if !healthy => Step::Close(replies::NOT_HEALTHY_NOW.reply()),
            _ => Step::Say(Reply::bare(220, format!("{} ESMTP", self.settings.hostname))),
        }
    }

    /// A new start after a TLS handshake: nothing said before counts (RFC 3207 §4.2), and a certificate may tell who it is.
    pub(super) fn secured(&mut self, certificate: Option<&CertificateDer<'_>>) {
        self.tls = true;
        self.helo = None;
        self.transaction = None;
        self.standing = self.settings.clients.identify(self.peer, true, certificate);
    }

    /// No message is under way.
    pub(super) fn is_between_messages(&self) -> bool {
        self.transaction.is_none()
    }

    /// Judges one line. Refusals count: a client that makes too many is sent away.
    pub(super) fn line(&mut self, line: &[u8], moment: Moment) -> Step {
        let step = match command::parse(line) {
            Ok(command) => self.command(command, moment),
            Err(reply) => Step::Say(reply),
        };
        self.counted(step)
    }

    /// Judges a line that was too long to be read.
    pub(super) fn line_too_long(&mut self) -> Step {
        self.counted(Step::Say(replies::LINE_TOO_LONG.reply()))
    }

    fn counted(&mut self, step: Step) -> Step {
        if let Step::Say(reply) = &step
            && reply.code() >= 500
        {
            self.errors += 1;
            if self.errors >= self.settings.limits.errors {
                return Step::Close(replies::TOO_MANY_ERRORS.reply());
            }
        }
        step
    }

    fn command(&mut self, command: Command<'_>, moment: Moment) -> Step {
        if moment.pending && self.must_end_group(&command) {
            return Step::Close(replies::PIPELINING.reply());
        }
        match command {
            Command::Ehlo(name) => self.hello(name, true),
            Command::Helo(name) => self.hello(name, false),
            Command::Mail(mail) => Step::Say(self.mail(mail, moment.healthy)),
            Command::Rcpt(path) => Step::Say(self.rcpt(path)),
            Command::Data => self.data(moment.healthy),
            Command::StartTls => self.start_tls(),
            Command::Rset => {
                self.transaction = None;
                Step::Say(replies::RESET.reply())
            }
            Command::Noop => Step::Say(replies::NOTHING_DONE.reply()),
            Command::Vrfy => Step::Say(replies::NOT_VERIFIED.reply()),
            Command::Help => Step::Say(replies::HELP.reply()),
            Command::NotImplemented => Step::Say(replies::NOT_IMPLEMENTED.reply()),
            Command::Quit => Step::Close(replies::BYE.reply()),
            Command::Http => Step::Close(replies::NOT_HTTP.reply()),
        }
    }

    /// Commands whose answer the client must read before it goes on (RFC 2920 §3.1); without EHLO, all of them.
    fn must_end_group(&self, command: &Command<'_>) -> bool {
        match command {
            Command::Ehlo(_) | Command::Helo(_) | Command::Data | Command::StartTls => true,
            Command::Quit => false,
            _ => self.helo.as_ref().is_some_and(|helo| !helo.extended),
        }
    }

    fn hello(&mut self, name: &str, extended: bool) -> Step {
        self.transaction = None;
        self.helo = Some(Helo { name: name.to_owned(), extended });
        if !extended {
            return Step::Say(Reply::bare(250, self.settings.hostname.clone()));
        }
        let mut lines = vec![
            self.settings.hostname.clone(),
            "PIPELINING".to_owned(),
            format!("SIZE {}", self.settings.limits.message_bytes),
        ];
        if self.settings.tls.is_some() && !self.tls {
            lines.push("STARTTLS".to_owned());
        }
        lines.extend(["ENHANCEDSTATUSCODES", "8BITMIME", "SMTPUTF8"].map(str::to_owned));
        Step::Say(Reply::lines(250, &lines))
    }

    fn mail(&mut self, mail: Mail, healthy: bool) -> Reply {
        if self.helo.is_none() {
            return replies::NEEDS_EHLO.reply();
        }
        match self.standing {
            Standing::Known(_) => {}
            Standing::NeedsTls => return replies::TLS_FIRST.reply(),
            Standing::Stranger => return replies::NO_RELAY.reply(),
        }
        if self.transaction.is_some() {
            return replies::MAIL_TWICE.reply();
        }
        if mail.size.is_some_and(|size| size > self.settings.limits.message_bytes as u64) {
            return replies::TOO_LARGE.reply();
        }
        if !healthy {
            return replies::NOT_HEALTHY.reply();
        }
        let reverse_path = match mail.path {
            Path::Mailbox(address) => Some(address),
            Path::Null | Path::Postmaster => None,
        };
        let (eight_bit, smtputf8) = (mail.eight_bit, mail.smtputf8);
        let envelope = Envelope { reverse_path, eight_bit, smtputf8, ..Envelope::default() };
        self.transaction = Some(Transaction { envelope, size: mail.size });
        replies::SENDER_OK.reply()
    }

    fn rcpt(&mut self, path: Path) -> Reply {
        let Some(Transaction { envelope, .. }) = &mut self.transaction else {
            return replies::NEEDS_MAIL.reply();
        };
        let recipient = match path {
            Path::Mailbox(address) => address,
            Path::Null => return replies::RECIPIENT_ADDRESS.reply(),
            Path::Postmaster => {
                match EmailAddress::parse(&format!("postmaster@{}", self.settings.hostname)) {
                    Ok(address) => address,
                    Err(_) => return replies::RECIPIENT_ADDRESS.reply(),
                }
            }
        };
        if path::is_routed(&recipient) {
            return replies::ROUTED_ADDRESS.reply();
        }
        if recipient.is_international() && !envelope.smtputf8 {
            return replies::NEEDS_SMTPUTF8.reply();
        }
        if envelope.recipients.len() >= self.settings.limits.recipients {
            return replies::TOO_MANY_RECIPIENTS.reply();
        }
        envelope.recipients.push(recipient);
        replies::RECIPIENT_OK.reply()
    }

    fn data(&mut self, healthy: bool) -> Step {
        match &self.transaction {
            None => Step::Say(replies::NEEDS_MAIL.reply()),
            Some(transaction) if transaction.envelope.recipients.is_empty() => {
                Step::Say(replies::NEEDS_RCPT.reply())
            }
            Some(_) if !healthy => Step::Say(replies::NOT_HEALTHY.reply()),
            Some(_) => Step::Data,
        }
    }

    fn start_tls(&self) -> Step {
        if self.tls {
            Step::Say(replies::TLS_ALREADY.reply())
        } else if self.settings.tls.is_none() {
            Step::Say(replies::TLS_NOT_OFFERED.reply())
        } else {
            Step::StartTls
        }
    }

    /// Hands over the message whose `DATA` was accepted and forgets it.
    pub(super) fn open(&mut self) -> Option<Opened> {
        let Transaction { envelope, size } = self.transaction.take()?;
        let Standing::Known(client) = &self.standing else { return None };
        let helo = self.helo.as_ref()?.name.clone();
        Some(Opened { client: client.clone(), envelope, helo, size })
    }
}
