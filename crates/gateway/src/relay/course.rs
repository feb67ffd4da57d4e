//! The recipients of one attempt, from host to host: who is still to be tried, and what the others got.

use std::borrow::Cow;

use vocabulary::Leased;
use vocabulary::bounds::{RELAY_REFUSING_HOSTS_MAX, RELAY_TRANSACTIONS_MAX};

use super::transaction::Verdict;
use super::{Diagnostic, Hop};

/// Where an attempt stands.
pub(super) struct Course<'l> {
    /// With those recipients alone that are still to be tried.
    leased: Cow<'l, Leased>,
    /// Their places among all.
    open: Vec<usize>,
    /// For all recipients, in order.
    verdicts: Vec<Option<Verdict>>,
    /// Where those went who heard content, in order.
    ways: Vec<Option<Way>>,
    /// Hosts that refused for now.
    refusing: usize,
    transactions: usize,
}

/// What an attempt found, before time is put to it.
pub(super) struct Attempt {
    /// One per recipient, in order.
    pub(super) verdicts: Vec<Verdict>,
    /// Where those went for whom content was sent, in order: one attempt may take several hosts.
    pub(super) ways: Vec<Option<Way>>,
}

/// How content went to a next hop.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub(super) hop: Hop,
    pub(super) final_crlf_added: bool,
}

/// What to do after a host has answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Everybody has a verdict for this attempt.
    End,
    /// It took as many recipients as it takes at once: the others in another transaction (RFC 5321 §4.5.3.1.10).
    SameHost,
    /// It refused for now, and heard no content: another host may do better (§5.1).
    OtherHost,
}

/// What a host made of a transaction.
pub(super) struct Made {
    /// One per recipient it was tried with, in order.
    pub(super) verdicts: Vec<Verdict>,
    pub(super) way: Way,
    /// Content was sent, or begun.
    pub(super) content: bool,
    /// The connection can serve again.
    pub(super) keep: bool,
}

impl<'l> Course<'l> {
    pub(super) fn new(leased: &'l Leased) -> Self {
        let all = leased.recipients.len();
        Self {
            leased: Cow::Borrowed(leased),
            open: (0..all).collect(),
            verdicts: vec![None; all],
            ways: vec![None; all],
            refusing: 0,
            transactions: 0,
        }
    }

    /// The message, for those still to be tried.
    pub(super) fn leased(&self) -> &Leased {
        &self.leased
    }

    /// Takes in what a host made of it. Where content was sent, nobody who was accepted for it is tried again in this
    /// attempt, whatever became of it.
    pub(super) fn take(&mut self, made: Made) -> Next {
        self.transactions += 1;
        let taken = made.verdicts.iter().any(|verdict| matches!(verdict, Verdict::Taken(_)));
        let next = match (made.content, taken) {
            (true, true) if made.keep && self.transactions < RELAY_TRANSACTIONS_MAX => Next::SameHost,
            (true, _) => Next::End,
            (false, _) if self.refusing + 1 < RELAY_REFUSING_HOSTS_MAX => Next::OtherHost,
            (false, _) => Next::End,
        };
        let mut again = Vec::new();
        for (at, verdict) in self.open.iter().zip(made.verdicts) {
            let goes_on = match (&next, &verdict) {
                (Next::SameHost, Verdict::Later(why)) => is_too_many(why),
                (Next::OtherHost, Verdict::Later(why)) => !why.is_our_system(),
                _ => false,
            };
            if goes_on {
                again.push(*at);
            }
            if let (Some(way), Verdict::Taken(_) | Verdict::Unknown(_)) = (self.ways.get_mut(*at), &verdict) {
                *way = Some(made.way.clone());
            }
            if let Some(slot) = self.verdicts.get_mut(*at) {
                *slot = Some(verdict);
            }
        }
        if again.is_empty() || next == Next::End {
            return Next::End;
        }
        self.refusing += usize::from(next == Next::OtherHost);
        self.narrow(again);
        next
    }

    fn narrow(&mut self, again: Vec<usize>) {
        if again.len() == self.open.len() {
            return;
        }
        let kept = self.open.iter().zip(&self.leased.recipients).filter(|(at, _)| again.contains(at));
        let recipients = kept.map(|(_, target)| target.clone()).collect();
        self.leased.to_mut().recipients = recipients;
        self.open = again;
    }

    /// The end of the attempt. Who heard nothing from any host gets `why`; whom a host refused for now keeps its words.
    pub(super) fn end(self, why: &Verdict) -> Attempt {
        let verdicts = self.verdicts.into_iter().map(|verdict| verdict.unwrap_or_else(|| why.clone()));
        Attempt { verdicts: verdicts.collect(), ways: self.ways }
    }
}

/// Refused for being one recipient too many, not for who it is: a full mailbox is 452 too.
fn is_too_many(why: &Diagnostic) -> bool {
    let said = why.status.split_once('.').map_or("", |(_, rest)| rest);
    why.remote && (said == "5.3" || (matches!(why.code, 452 | 552) && said == "0.0"))
}
