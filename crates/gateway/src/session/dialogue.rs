//! The rules of the conversation, without any I/O: one command line in, one [`Step`] out.

use std::net::IpAddr;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use vocabulary::{EmailAddress, ForwardPath};

use super::auth::{self, Answer, Exchange};
use super::command::{self, Command, Mail, Rcpt};
use super::path::Path;
use super::{Settings, replies};
use crate::clients::{DeclaredClient, Shown, Standing};
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
    tls: Option<Tls>,
    login: Option<String>,
    /// AUTH was said, and the next line belongs to it.
    exchange: Option<Exchange>,
    helo: Option<Helo>,
    transaction: Option<Transaction>,
    errors: usize,
    wrong_secrets: usize,
}

/// What the handshake came to.
struct Tls {
    version: String,
    /// Verified.
    certificate: Option<CertificateDer<'static>>,
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
    /// Which of these it is, the message's header tells.
    could_be: Vec<Arc<DeclaredClient>>,
    tls: Option<String>,
    signed_in: bool,
    pub(super) envelope: Envelope,
    pub(super) helo: String,
    /// Bytes announced with `SIZE=`.
    pub(super) size: Option<u64>,
}

impl Dialogue {
    pub(super) fn new(settings: Arc<Settings>, peer: IpAddr) -> Self {
        let standing = settings.clients.identify(peer, Shown::default());
        Self {
            settings,
            peer,
            standing,
            tls: None,
            login: None,
            exchange: None,
            helo: None,
            transaction: None,
            errors: 0,
            wrong_secrets: 0,
        }
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

    /// A new start after a TLS handshake: nothing said before counts (RFC 3207 §4.2), and a certificate may tell who it
    /// is.
    pub(super) fn secured(&mut self, version: String, certificate: Option<CertificateDer<'static>>) {
        self.tls = Some(Tls { version, certificate });
        self.login = None;
        self.exchange = None;
        self.helo = None;
        self.transaction = None;
        self.recognise();
    }

    fn recognise(&mut self) {
        let tls = self.tls.as_ref();
        let certificate = tls.and_then(|tls| tls.certificate.as_ref());
        let shown = Shown { tls: tls.is_some(), certificate, login: self.login.as_deref() };
        self.standing = self.settings.clients.identify(self.peer, shown);
    }

    /// No message is under way.
    pub(super) fn is_between_messages(&self) -> bool {
        self.transaction.is_none()
    }

    /// Judges one line. Refusals count: a client that makes too many is sent away.
    pub(super) fn line(&mut self, line: &[u8], moment: Moment) -> Step {
        let step = match self.exchange.take() {
            Some(_) if moment.pending => Step::Close(replies::PIPELINING.reply()),
            Some(exchange) => self.answered(auth::go_on(exchange, line)),
            None => match command::parse(line) {
                Ok(command) => self.command(command, moment),
                Err(reply) => Step::Say(reply),
            },
        };
        self.counted(step)
    }

    /// Judges a line that was too long to be read.
    pub(super) fn line_too_long(&mut self) -> Step {
        self.exchange = None;
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
            Command::Auth { mechanism, initial } => self.auth(mechanism, initial),
            Command::Mail(mail) => Step::Say(self.mail(mail, moment.healthy)),
            Command::Rcpt(rcpt) => Step::Say(self.rcpt(rcpt)),
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
            Command::Chunk => Step::Close(replies::NO_CHUNKS.reply()),
            Command::Quit => Step::Close(replies::BYE.reply()),
            Command::Http => Step::Close(replies::NOT_HTTP.reply()),
        }
    }

    /// Commands whose answer the client must read before it goes on (RFC 2920 §3.1); without EHLO, all of them.
    fn must_end_group(&self, command: &Command<'_>) -> bool {
        match command {
            Command::Ehlo(_)
            | Command::Helo(_)
            | Command::Data
            | Command::StartTls
            | Command::Auth { .. } => true,
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
        if self.settings.tls.is_some() && self.tls.is_none() {
            lines.push("STARTTLS".to_owned());
        }
        if self.tls.is_some() && self.settings.clients.offers_login(self.peer) {
            lines.push(auth::MECHANISMS.to_owned());
        }
        lines.extend(["ENHANCEDSTATUSCODES", "8BITMIME", "SMTPUTF8", "DSN"].map(str::to_owned));
        Step::Say(Reply::lines(250, &lines))
    }

    /// A secret said in plain text is refused before it is looked at (RFC 4954 §4; case C10).
    fn auth(&mut self, mechanism: &str, initial: Option<&str>) -> Step {
        if !self.settings.clients.offers_login(self.peer) {
            return Step::Say(replies::NOT_IMPLEMENTED.reply());
        }
        if self.tls.is_none() {
            return Step::Say(replies::AUTH_NEEDS_TLS.reply());
        }
        if self.login.is_some() || self.transaction.is_some() || self.helo.is_none() {
            return Step::Say(replies::AUTH_NOT_NOW.reply());
        }
        self.answered(auth::start(mechanism, initial))
    }

    fn answered(&mut self, answer: Answer) -> Step {
        let (name, secret) = match answer {
            Answer::Ask(exchange) => {
                let challenge = exchange.challenge();
                self.exchange = Some(exchange);
                return Step::Say(challenge);
            }
            Answer::Refuse(reply) => return Step::Say(reply),
            Answer::Claim { name, secret } => (name, secret),
        };
        if let Some(login) = self.settings.clients.sign_in(self.peer, &name, &secret) {
            self.login = Some(login);
            self.recognise();
            return Step::Say(replies::SIGNED_IN.reply());
        }
        self.wrong_secrets += 1;
        tracing::warn!(peer = %self.peer, "SMTP client did not prove its name");
        if self.wrong_secrets >= self.settings.limits.auth_failures {
            return Step::Close(replies::TOO_MANY_SECRETS.reply());
        }
        Step::Say(replies::AUTH_FAILED.reply())
    }

    fn mail(&mut self, mail: Mail, healthy: bool) -> Reply {
        if self.helo.is_none() {
            return replies::NEEDS_EHLO.reply();
        }
        match self.standing {
            Standing::Known(_) => {}
            Standing::NeedsTls => return replies::TLS_FIRST.reply(),
            Standing::NeedsLogin => return replies::LOGIN_FIRST.reply(),
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
        let envelope = Envelope {
            reverse_path,
            eight_bit: mail.eight_bit,
            smtputf8: mail.smtputf8,
            returns: mail.returns,
            envelope_id: mail.envelope_id,
            ..Envelope::default()
        };
        self.transaction = Some(Transaction { envelope, size: mail.size });
        replies::SENDER_OK.reply()
    }

    fn rcpt(&mut self, rcpt: Rcpt) -> Reply {
        let Some(Transaction { envelope, .. }) = &mut self.transaction else {
            return replies::NEEDS_MAIL.reply();
        };
        let address = match rcpt.path {
            Path::Mailbox(address) => address,
            Path::Null => return replies::RECIPIENT_ADDRESS.reply(),
            Path::Postmaster => {
                match EmailAddress::parse(&format!("postmaster@{}", self.settings.hostname)) {
                    Ok(address) => address,
                    Err(_) => return replies::RECIPIENT_ADDRESS.reply(),
                }
            }
        };
        if address.is_routed() {
            return replies::ROUTED_ADDRESS.reply();
        }
        if address.is_international() && !envelope.smtputf8 {
            return replies::NEEDS_SMTPUTF8.reply();
        }
        if envelope.recipients.len() >= self.settings.limits.recipients {
            return replies::TOO_MANY_RECIPIENTS.reply();
        }
        envelope.recipients.push(ForwardPath { address, notify: rcpt.notify, original: rcpt.original });
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
        if self.tls.is_some() {
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
        let Standing::Known(could_be) = &self.standing else { return None };
        let helo = self.helo.as_ref()?.name.clone();
        Some(Opened {
            could_be: could_be.clone(),
            tls: self.tls.as_ref().map(|tls| tls.version.clone()),
            signed_in: self.login.is_some(),
            envelope,
            helo,
            size,
        })
    }
}

impl Opened {
    /// The client this message comes from, once its header has come; `None` for a tenant that is not declared.
    pub(super) fn client(&self, header: &[u8]) -> Option<Client> {
        let declared = crate::clients::of_message(&self.could_be, header)?;
        Some(Client {
            name: declared.name.clone(),
            organisations: declared.organisations.clone(),
            bulk: declared.bulk,
            tls: self.tls.clone(),
            signed_in: self.signed_in,
        })
    }
}
