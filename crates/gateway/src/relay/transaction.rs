//! One message over one connection: MAIL, RCPT, DATA, content, and what each recipient got.

use std::fmt::Write as _;

use tokio::time::{Instant, timeout};
use vocabulary::{EmailAddress, Leased, Target};

use super::connection::{Connection, Lost};
use super::content::RunningCheck;
use super::remote::{Class, RemoteReply};
use super::stuffing::Stuffing;
use super::worker::faulty;
use super::{Content, Diagnostic, Outbox, Timeouts};

/// Commands sent in one write where PIPELINING is offered: few enough that neither side blocks on the other's buffer.
const GROUP: usize = 100;

/// What one recipient got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    Taken(Diagnostic),
    Later(Diagnostic),
    Never(Diagnostic),
    Unknown(Diagnostic),
}

/// How it went.
#[derive(Debug)]
pub(super) enum Sent {
    /// One verdict per recipient, in order; whether the connection can serve again; whether content was sent, or begun.
    Ended { verdicts: Vec<Verdict>, keep: bool, final_crlf_added: bool, content: bool },
    /// The connection broke before anything was decided.
    Broke(Diagnostic),
    /// The lease was lost: nothing was sent that counts, nothing is to be recorded.
    FenceLost,
}

/// What is to be sent.
pub(super) struct Job<'a, O> {
    pub(super) outbox: &'a O,
    pub(super) leased: &'a Leased,
    /// Checked as far as it is in memory: no bare CR or LF, no NUL.
    pub(super) content: &'a Content,
    pub(super) timeouts: &'a Timeouts,
}

/// How the envelope was received.
struct Answers {
    mail: RemoteReply,
    /// For the recipients tried, in order; empty if `mail` was refused before.
    rcpts: Vec<RemoteReply>,
    /// If `DATA` was said.
    data: Option<RemoteReply>,
}

/// How the content was received.
enum End {
    Replied(RemoteReply, bool),
    /// Refused or broken off before the final dot.
    Unsent(Diagnostic),
    /// The final dot went out, or may have; no reply.
    Unknown(Diagnostic),
    FenceLost,
}

impl<O: Outbox> Job<'_, O> {
    pub(super) async fn send(&self, connection: &mut Connection) -> Sent {
        connection.messages += 1;
        let mut fits_bits = true;
        if !connection.offers.eight_bit {
            match self.content.is_ascii().await {
                Ok(is_ascii) => fits_bits = is_ascii,
                Err(error) => {
                    let later = Some(Verdict::Later(unreadable(self.leased, &error)));
                    return ended(vec![later; self.leased.recipients.len()], true);
                }
            }
        }
        let mut verdicts = self.impossible(connection, fits_bits);
        let tried: Vec<usize> =
            (0..verdicts.len()).filter(|at| matches!(verdicts.get(*at), Some(None))).collect();
        if tried.is_empty() {
            return ended(verdicts, true);
        }
        let answers = match timeout(self.timeouts.envelope, self.envelope(connection, &tried)).await {
            Ok(Ok(answers)) => answers,
            Ok(Err(diagnostic)) => return Sent::Broke(diagnostic),
            Err(_) => return Sent::Broke(Lost::Late.diagnostic("envelope")),
        };
        let mut accepted = Vec::new();
        for (nth, at) in tried.iter().enumerate() {
            let refusal = if answers.mail.is_yes() {
                answers
                    .rcpts
                    .get(nth)
                    .and_then(|reply| if reply.is_yes() { None } else { Some(refused_rcpt(reply)) })
            } else {
                Some(refused(&answers.mail))
            };
            match (refusal, verdicts.get_mut(*at)) {
                (Some(refusal), Some(verdict)) => *verdict = Some(refusal),
                _ => accepted.push(*at),
            }
        }
        let go_on = answers.data.as_ref().is_some_and(|data| data.class() == Class::GoOn);
        if accepted.is_empty() {
            return ended(verdicts, self.leave(connection, go_on).await);
        }
        if !go_on {
            let refusal = answers
                .data
                .as_ref()
                .map_or_else(|| Verdict::Later(Lost::Broken.diagnostic("DATA")), refused);
            decide(&mut verdicts, &accepted, &refusal);
            return ended(verdicts, connection.reset(self.timeouts.command).await);
        }
        let mut final_crlf_added = false;
        let (verdict, keep) = match self.content(connection).await {
            End::Replied(reply, added) => {
                final_crlf_added = added;
                let keep = !reply.is_closing() && reply.class() != Class::GoOn;
                (if reply.is_yes() { Verdict::Taken(reply.diagnostic()) } else { after_dot(&reply) }, keep)
            }
            End::Unsent(diagnostic) if diagnostic.code >= 500 => (Verdict::Never(diagnostic), false),
            End::Unsent(diagnostic) => (Verdict::Later(diagnostic), false),
            End::Unknown(diagnostic) => (Verdict::Unknown(diagnostic), false),
            End::FenceLost => return Sent::FenceLost,
        };
        decide(&mut verdicts, &accepted, &verdict);
        Sent::Ended { verdicts: said(verdicts), keep, final_crlf_added, content: true }
    }

    /// What this server cannot carry, known before anything is said: bounced rather than mangled.
    fn impossible(&self, connection: &Connection, fits_bits: bool) -> Vec<Option<Verdict>> {
        let (offers, leased) = (connection.offers, self.leased);
        let never = |code, status, text: &str| Some(Verdict::Never(Diagnostic::ours(code, status, text)));
        let for_all = if offers.size.is_some_and(|max| max > 0 && self.content.bytes() > max) {
            never(552, "5.3.4", "the message is larger than the next hop takes")
        } else if !fits_bits {
            never(554, "5.6.3", "the message needs 8BITMIME, which the next hop does not offer")
        } else if !offers.smtputf8 && self.needs_smtputf8() {
            never(550, "5.6.7", "the message needs SMTPUTF8, which the next hop does not offer")
        } else {
            None
        };
        let each = |target: &Target| match &for_all {
            None if target.path.address.is_international() && !offers.smtputf8 => {
                never(550, "5.6.7", "the address needs SMTPUTF8, which the next hop does not offer")
            }
            all => all.clone(),
        };
        leased.recipients.iter().map(each).collect()
    }

    /// Whether the message itself, whoever it goes to, needs SMTPUTF8: its sender, or header fields in UTF-8 (RFC 6532)
    /// where it was declared. Undeclared 8-bit header fields are old custom and travel as they came.
    fn needs_smtputf8(&self) -> bool {
        self.leased.reverse_path.as_ref().is_some_and(EmailAddress::is_international)
            || (self.leased.smtputf8 && !mail::header::section(self.content.head()).is_ascii())
    }

    /// Says MAIL, RCPT for each tried recipient, and DATA.
    async fn envelope(&self, connection: &mut Connection, tried: &[usize]) -> Result<Answers, Diagnostic> {
        let mut commands = vec![self.mail(connection)];
        let targets = tried.iter().filter_map(|at| self.leased.recipients.get(*at));
        commands.extend(targets.map(|target| rcpt(target, connection)));
        commands.push("DATA\r\n".to_owned());
        let wait = self.timeouts.command;
        let mut replies: Vec<RemoteReply> = Vec::with_capacity(commands.len());
        for group in commands.chunks(if connection.offers.pipelining { GROUP } else { 1 }) {
            let only_data = replies.len() + 1 == commands.len();
            let pointless = replies.first().is_some_and(|mail| !mail.is_yes())
                || (only_data && !replies.iter().skip(1).any(RemoteReply::is_yes));
            if pointless {
                break;
            }
            connection
                .send(group.concat().as_bytes(), wait)
                .await
                .map_err(|lost| lost.diagnostic("envelope"))?;
            for _ in group {
                let reply = connection.reply(wait).await.map_err(|lost| lost.diagnostic("envelope"))?;
                if reply.is_closing() {
                    return Err(reply.diagnostic());
                }
                replies.push(reply);
            }
        }
        let data = if replies.len() == commands.len() { replies.pop() } else { None };
        let mut replies = replies.into_iter();
        let mail = replies.next().ok_or_else(|| Lost::Broken.diagnostic("MAIL"))?;
        Ok(Answers { mail, rcpts: replies.collect(), data })
    }

    fn mail(&self, connection: &Connection) -> String {
        let (offers, leased) = (connection.offers, self.leased);
        let path = leased.reverse_path.as_ref().map_or("", EmailAddress::as_str);
        let mut line = format!("MAIL FROM:<{path}>");
        if offers.size.is_some() {
            let _ = write!(line, " SIZE={}", self.content.bytes());
        }
        if offers.eight_bit && (leased.eight_bit || !self.content.head().is_ascii()) {
            line.push_str(" BODY=8BITMIME");
        }
        let international = || leased.recipients.iter().any(|target| target.path.address.is_international());
        if offers.smtputf8 && (leased.smtputf8 || self.needs_smtputf8() || international()) {
            line.push_str(" SMTPUTF8");
        }
        if offers.dsn {
            if let Some(returns) = leased.returns {
                let _ = write!(line, " RET={}", returns.word());
            }
            if let Some(id) = &leased.envelope_id {
                let _ = write!(line, " ENVID={}", id.as_str());
            }
        }
        line.push_str("\r\n");
        line
    }

    /// Leaves a message that nobody is to get; true if the connection can serve again.
    async fn leave(&self, connection: &mut Connection, go_on: bool) -> bool {
        let wait = self.timeouts.command;
        // RFC 2920 §3.1: a 354 given all the same is answered by an empty message, which nobody gets.
        if go_on && connection.ask(".\r\n", wait).await.is_err() {
            return false;
        }
        connection.reset(wait).await
    }

    /// Sends the content. All but the last block may go before `attempting` is durable; the final dot may not.
    async fn content(&self, connection: &mut Connection) -> End {
        let mut reading = match self.content.read().await {
            Ok(reading) => reading,
            Err(error) => return End::Unsent(unreadable(self.leased, &error)),
        };
        let end = Instant::now() + self.timeouts.content;
        let (mut stuffing, mut check, mut block) = (Stuffing::new(), RunningCheck::default(), Vec::new());
        loop {
            let next = match reading.next().await {
                Ok(next) => next,
                Err(error) => return End::Unsent(unreadable(self.leased, &error)),
            };
            let checked = match (self.content, &next) {
                (Content::Whole(_), _) => Ok(()),
                (Content::Large(_), Some(next)) => check.push(next),
                (Content::Large(_), None) => check.end(),
            };
            if let Err(fault) = checked {
                return End::Unsent(faulty(fault));
            }
            let Some(next) = next else { break };
            if !block.is_empty()
                && let Err(lost) =
                    connection.send(&block, self.timeouts.block.min(end - Instant::now())).await
            {
                return match connection.last_words(lost).await {
                    Ok(reply) if reply.code >= 400 => End::Unsent(reply.diagnostic()),
                    _ => End::Unsent(lost.diagnostic("content")),
                };
            }
            block.clear();
            stuffing.stuff(&next, &mut block);
        }
        block.extend_from_slice(stuffing.final_dot());
        match self.outbox.attempting(self.leased).await {
            Ok(true) => {}
            Ok(false) => return End::FenceLost,
            Err(error) => {
                tracing::error!(outbox = %self.leased.outbox, %error, "attempt given up: it could not be made durable");
                return End::Unsent(Diagnostic::ours(451, "4.3.0", "the attempt could not be recorded"));
            }
        }
        let reply = match connection.send(&block, self.timeouts.block).await {
            Ok(()) => connection.reply(self.timeouts.final_dot).await,
            Err(lost) => connection.last_words(lost).await,
        };
        match reply {
            Ok(reply) => End::Replied(reply, stuffing.adds_crlf()),
            Err(lost) => End::Unknown(lost.diagnostic("after the final dot")),
        }
    }
}

fn unreadable(leased: &Leased, error: &std::io::Error) -> Diagnostic {
    tracing::error!(outbox = %leased.outbox, %error, "attempt given up: the content could not be read");
    Diagnostic::ours(451, "4.3.0", "the content could not be read")
}

/// What was asked about a recipient goes on to whoever knows delivery reports (RFC 3461 §5.2.1).
fn rcpt(target: &Target, connection: &Connection) -> String {
    let path = &target.path;
    let mut line = format!("RCPT TO:<{}>", path.address);
    if connection.offers.dsn {
        let notify = path.notify.to_string();
        if !notify.is_empty() {
            let _ = write!(line, " NOTIFY={notify}");
        }
        if let Some(original) = &path.original {
            let _ = write!(line, " ORCPT={}", original.as_str());
        }
    }
    line.push_str("\r\n");
    line
}

fn decide(verdicts: &mut [Option<Verdict>], which: &[usize], verdict: &Verdict) {
    for at in which {
        if let Some(slot) = verdicts.get_mut(*at) {
            *slot = Some(verdict.clone());
        }
    }
}

/// Ended before any content.
fn ended(verdicts: Vec<Option<Verdict>>, keep: bool) -> Sent {
    Sent::Ended { verdicts: said(verdicts), keep, final_crlf_added: false, content: false }
}

fn said(verdicts: Vec<Option<Verdict>>) -> Vec<Verdict> {
    verdicts.into_iter().map(|verdict| verdict.unwrap_or_else(unsaid)).collect()
}

/// For a recipient of whom nothing was said.
pub(super) fn unsaid() -> Verdict {
    Verdict::Later(Lost::Broken.diagnostic("envelope"))
}

/// A refusal before the final dot. A yes where none belongs is no permanent refusal.
fn refused(reply: &RemoteReply) -> Verdict {
    match reply.class() {
        Class::Never => Verdict::Never(reply.diagnostic()),
        _ => Verdict::Later(reply.diagnostic()),
    }
}

/// 552 to RCPT means "too many recipients" with old servers, X.5.3 with new ones: to be taken as 452 (RFC 5321 §4.5.3.1.10,
/// RFC 3463 §3.6).
fn refused_rcpt(reply: &RemoteReply) -> Verdict {
    let why = reply.diagnostic();
    if reply.code == 552 || why.status == "5.5.3" { Verdict::Later(why) } else { refused(reply) }
}

/// A reply to the final dot that is no yes: 3xx says nothing that could be relied on.
fn after_dot(reply: &RemoteReply) -> Verdict {
    if reply.class() == Class::GoOn { Verdict::Unknown(reply.diagnostic()) } else { refused(reply) }
}
