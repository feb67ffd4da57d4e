//! What everybody who reads a hold is shown of it, opened or not: who sent it, to whom, its clock, what happened to it, what
//! this person can decide.

use operations::flows::CompanionKind;
use operations::review::alike::Counted;
use operations::review::clock::Event as ClockEvent;
use operations::review::event::{EventKind, HoldEvent};
use operations::review::open::{Decided, HeldMessage, Together};
use operations::review::{Escalation, HoldState};
use vocabulary::bounds;

use super::gate::may;
use super::show::Visitor;
use crate::format::{self, Wall};
use crate::i18n::t;
use crate::pages::decide::Act;
use crate::pages::message::{ActLink, DecidedView, Event, SaidView, Tense};
use crate::pages::{Chip, Standing};

/// A hold before this person's eyes.
pub(super) struct Known<'a> {
    pub(super) visitor: &'a Visitor,
    pub(super) held: &'a HeldMessage,
    pub(super) wall: Wall,
}

impl<'a> Known<'a> {
    pub(super) fn new(visitor: &'a Visitor, held: &'a HeldMessage) -> Self {
        Self { visitor, held, wall: visitor.wall() }
    }

    /// Who sent it, by the envelope.
    pub(super) fn sender(&self) -> String {
        self.held.sender.as_ref().map_or_else(|| "<>".to_owned(), ToString::to_string)
    }

    /// What was decided on it, and against that.
    pub(super) fn decisions(&self) -> Vec<DecidedView> {
        self.held.decision.iter().chain(&self.held.overrides).map(|decided| self.decided(decided)).collect()
    }

    /// Why there is nothing to decide, where something waits.
    pub(super) fn no_act(&self, acts: &[ActLink]) -> Option<String> {
        (self.held.state == HoldState::Waiting && acts.is_empty()).then(|| self.visitor.words.t("no-act"))
    }

    pub(super) fn facts(&self) -> String {
        let w = self.visitor.words;
        let sent = w.with("facts-sent", "time", self.wall.moment(self.visitor.op.now(), self.held.held_at));
        format!("{sent} · {}", format::size(w.0, self.held.size))
    }

    /// What the clock does next, beside what is left: `arbitres saisis à 14:27`.
    pub(super) fn next(&self) -> Option<String> {
        let (at, event) = self.held.next.filter(|_| self.held.state == HoldState::Waiting)?;
        let key = match event {
            ClockEvent::Cover => "next-cover",
            ClockEvent::Escalate => "next-escalate",
            ClockEvent::Expire => return None,
        };
        Some(self.visitor.words.with(key, "time", self.wall.moment(self.visitor.op.now(), at)))
    }

    pub(super) fn together(&self) -> Vec<String> {
        let w = self.visitor.words;
        let line = |with: &Together| match with.kind {
            CompanionKind::Part => w.n("together-parts", with.count),
            CompanionKind::Campaign => w.n("together-campaign", with.count),
            CompanionKind::Follows => w.n("together-follows", with.count),
        };
        let waiting = self.held.together.iter().filter(|_| self.held.state == HoldState::Waiting);
        waiting.map(line).collect()
    }

    fn joined(&self, with: &Together) -> String {
        let key = match with.kind {
            CompanionKind::Part => "timeline-joined-parts",
            CompanionKind::Campaign => "timeline-joined-campaign",
            CompanionKind::Follows => "timeline-joined-follows",
        };
        self.visitor.words.n(key, with.count)
    }

    pub(super) fn decided(&self, decided: &Decided) -> DecidedView {
        let chip: Chip = match decided.state.as_str() {
            "released" => Standing::Released,
            "withdrawn" => Standing::Withdrawn,
            _ => Standing::Rejected,
        }
        .chip(self.visitor.words);
        DecidedView {
            chip,
            when: self.wall.moment(self.visitor.op.now(), decided.at),
            reason: decided.reason.clone(),
            by: decided.by.clone(),
            href: (decided.hold != self.held.id).then(|| format!("/holds/{}", decided.hold)),
        }
    }

    /// What was decided on all messages like it: `12 libérés sur 14 en 90 jours`.
    pub(super) fn counted(&self, counted: &Counted) -> Option<String> {
        let w = self.visitor.words;
        if counted.decided == 0 {
            return None;
        }
        let period = match counted.since {
            Some(since) => w.with("alike-since", "when", self.wall.day(self.visitor.op.now(), since)),
            None => w.n("alike-days", bounds::ALIKE_WINDOW.as_secs() / 86_400),
        };
        let of = w.int(counted.decided);
        let left = w.n("alike-released", counted.released);
        Some(t(
            w.0,
            "alike-counted",
            &[("released", left.into()), ("of", of.into()), ("period", period.into())],
        ))
    }

    /// What was said about it before a decision: by the sender, by whoever escalated it.
    pub(super) fn said(&self) -> Vec<SaidView> {
        let w = self.visitor.words;
        let said = |event: &HoldEvent| {
            Some(SaidView {
                who: match event.kind {
                    EventKind::Justified => w.t("said-sender"),
                    _ => w.with("said-escalated", "who", &event.by),
                },
                when: self.wall.moment(self.visitor.op.now(), event.at),
                text: event.said.clone()?,
            })
        };
        self.held.events.iter().filter_map(said).collect()
    }

    pub(super) fn timeline(&self) -> Vec<Event> {
        let (held, w, now) = (self.held, self.visitor.words, self.visitor.op.now());
        let event = |tense, at, text: String| Event { tense, time: self.wall.moment(now, at), text };
        let happened = held.events.iter().map(|past| (past.at, self.happened(past)));
        let mut past: Vec<_> =
            happened.chain(held.together.iter().map(|with| (with.last_at, self.joined(with)))).collect();
        past.sort_by_key(|(at, _)| *at);
        let mut events = vec![event(Tense::Past, held.held_at, w.t("timeline-held"))];
        events.extend(past.into_iter().map(|(at, text)| event(Tense::Past, at, text)));
        match &held.decision {
            Some(decided) => {
                events.push(event(Tense::Past, decided.at, w.with("timeline-decided", "who", &decided.by)))
            }
            None => {
                let key = if held.contents.is_some() { "timeline-opened" } else { "timeline-closed" };
                events.push(event(Tense::Now, now, w.t(key)));
                events.extend(self.to_come());
            }
        }
        events
    }

    /// What the clock will do if nobody decides, in order.
    fn to_come(&self) -> Vec<Event> {
        let (held, w, now) = (self.held, self.visitor.words, self.visitor.op.now());
        let organisation = self.visitor.app.cerebro.organisation(self.visitor.signed.organisation);
        let mut events = Vec::new();
        if let (Some((at, next)), Some(policy)) = (held.next, organisation.map(|known| known.policy.clone()))
        {
            let escalate = held.held_at.plus(policy.part(policy.escalate_at_percent));
            let steps = match next {
                ClockEvent::Cover => vec![(at, "timeline-next-cover"), (escalate, "timeline-next-escalate")],
                ClockEvent::Escalate => vec![(at, "timeline-next-escalate")],
                ClockEvent::Expire => Vec::new(),
            };
            events.extend(steps);
        }
        if held.due_at > now {
            events.push((held.due_at, "timeline-due"));
        }
        let wall = &self.wall;
        events
            .into_iter()
            .map(|(at, key)| Event { tense: Tense::Next, time: wall.moment(now, at), text: w.t(key) })
            .collect()
    }

    fn happened(&self, event: &HoldEvent) -> String {
        let w = self.visitor.words;
        let by_clock = event.by.starts_with("system:");
        match event.kind {
            EventKind::Covered => w.t("timeline-covered"),
            EventKind::Escalated if by_clock => w.t("timeline-escalated-clock"),
            EventKind::Escalated => w.with("timeline-escalated", "who", &event.by),
            EventKind::Expired => w.t("timeline-expired"),
            EventKind::Justified => w.t("timeline-justified"),
            EventKind::Opened => w.with("timeline-guard-opened", "who", &event.by),
            EventKind::Requalified => w.t("timeline-requalified"),
        }
    }

    /// What this person can decide now, asked of the same states the verbs ask.
    pub(super) fn acts(&self) -> Vec<ActLink> {
        let can = |word| may(&self.visitor.signed, word);
        let (guarded, keeps) = (self.held.guarded.is_some(), can("hold.decide_guarded"));
        let acts: &[Act] = match self.held.state {
            HoldState::Waiting if guarded && keeps => &[Act::CustodyRelease, Act::CustodyReject],
            HoldState::Waiting if self.held.escalation >= Escalation::Arbiters && can("hold.arbitrate") => {
                &[Act::RuleRelease, Act::RuleReject]
            }
            HoldState::Waiting if can("hold.release") && self.held.escalation == Escalation::Team => {
                &[Act::Release, Act::Reject, Act::Escalate]
            }
            HoldState::Waiting if can("hold.release") => &[Act::Release, Act::Reject],
            HoldState::Waiting if can("hold.overrule") => &[Act::OverruleRelease, Act::OverruleReject],
            HoldState::Rejected if can("hold.overrule") => &[Act::OverruleRelease],
            _ => &[],
        };
        // Nobody lets a guarded message go but who has the mission for it.
        let acts = acts.iter().filter(|act| !guarded || keeps || !act.lets_go());
        let id = self.held.id.to_string();
        acts.map(|act| ActLink { act: *act, href: act.href(&id) }).collect()
    }
}
