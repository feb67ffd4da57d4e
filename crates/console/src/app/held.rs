//! A held message, as a page: the opened hold turned into words, marks and chips.

use access::action;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use compliance::Finding;
use compliance::explain;
use mail::{RegionKind, TextKind, TextPart};
use operations::flows::settle::ReviewedAttachment;
use operations::flows::{CompanionKind, DeliveryState};
use operations::review::clock::Event as ClockEvent;
use operations::review::event::{EventKind, HoldEvent};
use operations::review::open::{Decided, HeldMessage, Recipient, Together, open};
use operations::review::{Escalation, HoldState};
use vocabulary::HoldId;

use super::gate::may;
use super::queue::{View, list, standing};
use super::show::{Visitor, unread};
use crate::clock::ClockView;
use crate::format::{self, Wall};
use crate::pages::decide::Act;
use crate::pages::message::{
    ActLink, AttachmentView, Contents, DecidedView, Event, FindingRow, Held, MessagePage, Passage,
    RecipientView, Region, SaidView, SecondLine, SecondView, Tag, Tense, Why,
};
use crate::pages::shell::{Bar, Place};
use crate::pages::{Chip, Severity, Standing, render, short};
use crate::text::{Span, highlight};

pub(super) async fn page(visitor: Visitor, Path(id): Path<String>) -> Response {
    let held = match opened(&visitor, &id).await {
        Ok(held) => held,
        Err(answer) => return answer,
    };
    let list = match list(&visitor, &View::of(&visitor), Some(&id)).await {
        Ok(list) => list,
        Err(answer) => return answer,
    };
    let mut shell = visitor.shell(Place::Queue).await;
    let m = Show { visitor: &visitor, held: &held, wall: visitor.wall() }.message();
    if let Some(clock) = m.clock.clone() {
        shell.bar = Bar::Clock(clock);
    }
    render(StatusCode::OK, &MessagePage { s: shell, list, m })
}

/// Opens a hold; the reading is an entry. Foreign, missing and unreadable ids are the same page.
pub(super) async fn opened(visitor: &Visitor, id: &str) -> Result<HeldMessage, Response> {
    let Ok(id) = id.parse::<HoldId>() else {
        return Err(visitor.mishap(crate::pages::error::Mishap::NotFound).await);
    };
    let permit = match visitor.op.permit(action::ReadHold, id).await {
        Ok(permit) => permit,
        Err(error) => return Err(visitor.failed(error).await),
    };
    match open(&visitor.op, permit).await {
        Ok(held) => Ok(held),
        Err(error) => Err(visitor.failed(error).await),
    }
}

/// Recipients named of a control.
const WHOM_SHOWN: usize = 5;

struct Show<'a> {
    visitor: &'a Visitor,
    held: &'a HeldMessage,
    wall: Wall,
}

impl Show<'_> {
    fn message(&self) -> Held {
        let (held, w, now) = (self.held, self.visitor.words, self.visitor.op.now());
        let waits = held.state == HoldState::Waiting;
        let acts = self.acts();
        Held {
            id: held.id.to_string(),
            href: format!("/holds/{}", held.id),
            flow: held.flow.to_string(),
            chip: standing(held.state, held.escalation).chip(w),
            severity: Severity::from_level(held.severity),
            subject: held.message.subject.clone(),
            sender: self.sender(),
            facts: self.facts(),
            clock: waits.then(|| ClockView::new(&self.wall, now, held.held_at, held.due_at)),
            next: self.next(),
            why: self.why(),
            together: self.together(),
            text: self.text(),
            findings: self.findings(),
            more_findings: held.assessment.dropped_findings,
            second: self.second(),
            attachments: self.attachments(),
            recipients: held.recipients.iter().map(|recipient| self.recipient(recipient)).collect(),
            decided: held
                .decision
                .iter()
                .chain(&held.overrides)
                .map(|decided| self.decided(decided))
                .collect(),
            pair: held.pair.iter().map(|decided| self.decided(decided)).collect(),
            similar: held.similar.iter().map(|decided| self.decided(decided)).collect(),
            said: self.said(),
            timeline: self.timeline(),
            no_act: (waits && acts.is_empty()).then(|| w.t("no-act")),
            acts,
            bound: short(&held.seen.hex()),
        }
    }

    fn sender(&self) -> String {
        let named =
            self.held.message.from.first().map(|from| from.name.clone()).filter(|name| !name.is_empty());
        named.or_else(|| self.held.sender.as_ref().map(ToString::to_string)).unwrap_or_else(|| "<>".into())
    }

    fn facts(&self) -> String {
        let w = self.visitor.words;
        let sent = w.with("facts-sent", "time", self.wall.moment(self.visitor.op.now(), self.held.held_at));
        format!("{sent} · {}", format::size(w.0, self.held.size))
    }

    fn why(&self) -> Vec<Why> {
        let Some(organisation) = self.visitor.app.cerebro.organisation(self.visitor.signed.organisation)
        else {
            return Vec::new();
        };
        let reasons =
            explain::for_reviewer(&self.held.assessment, &organisation.controls, self.visitor.words.0);
        reasons
            .into_iter()
            .filter(|reason| reason.mode == compliance::Mode::Enforce)
            .map(|reason| Why {
                reason: reason.explanation,
                ground: Some(reason.ground).filter(|ground| !ground.is_empty()),
                version: reason.version.to_string(),
                since: None,
                remedy: Some(reason.remedy).filter(|remedy| !remedy.is_empty()),
                whom: self.whom(&reason.recipients),
                passages: self.numbers_of(&reason.control),
                control: reason.control,
            })
            .collect()
    }

    /// The recipients a control matched for, when it did not for all of them.
    fn whom(&self, recipients: &[usize]) -> Option<String> {
        let own = self.held.assessment.recipients.len();
        if recipients.len() >= own || recipients.is_empty() {
            return None;
        }
        let named = recipients.iter().take(WHOM_SHOWN).filter_map(|index| self.held.recipients.get(*index));
        let names: Vec<String> = named.map(|recipient| recipient.address.to_string()).collect();
        let more = recipients.len().saturating_sub(names.len()) as u64;
        let (w, names) = (self.visitor.words, names.join(", "));
        Some(match more {
            0 => w.with("why-whom", "names", names),
            more => w.with2("why-whom-more", "names", names, "more", w.int(more)),
        })
    }

    fn numbers_of(&self, control: &str) -> Vec<u32> {
        let of_control = |finding: &&(u32, &Finding)| finding.1.controls.iter().any(|known| known == control);
        self.numbered().iter().filter(of_control).map(|(number, _)| *number).collect()
    }

    fn numbered(&self) -> Vec<(u32, &Finding)> {
        (1..).zip(&self.held.assessment.findings).collect()
    }

    fn spans(&self, part: &str, from: usize, to: usize) -> Vec<Span> {
        self.numbered()
            .into_iter()
            .filter(|(_, finding)| finding.part == part && finding.start < to && finding.end > from)
            .map(|(number, finding)| Span {
                start: finding.start.saturating_sub(from),
                end: finding.end.min(to).saturating_sub(from),
                severity: self.held.severity,
                number,
            })
            .collect()
    }

    fn text(&self) -> Vec<Passage> {
        let texts = &self.held.message.texts;
        let plain = texts.iter().any(|part| part.kind == TextKind::Plain && !part.text.trim().is_empty());
        let mut passages = Vec::new();
        for part in texts {
            let found = !self.spans(&part.part.to_string(), 0, part.text.len()).is_empty();
            let shown = match part.kind {
                TextKind::Plain => true,
                TextKind::Html => !plain || found,
                TextKind::Subject => false,
                _ => found,
            };
            if shown {
                self.passages(part, &mut passages);
            }
        }
        passages
    }

    fn passages(&self, part: &TextPart, into: &mut Vec<Passage>) {
        let said = self.visitor.words.t("finding");
        for region in &part.regions {
            let Some(text) = part.text.get(region.start..region.end) else { continue };
            if text.trim().is_empty() {
                continue;
            }
            let spans = self.spans(&part.part.to_string(), region.start, region.end);
            let kind = match region.kind {
                RegionKind::New => Region::New,
                RegionKind::Quoted => Region::Quoted,
                RegionKind::Signature => Region::Signature,
                RegionKind::Disclaimer => Region::Footer,
            };
            into.push(Passage {
                folded: kind != Region::New && spans.is_empty(),
                region: kind,
                html: highlight(text, &spans, &said),
            });
        }
    }

    fn findings(&self) -> Vec<FindingRow> {
        let w = self.visitor.words;
        self.numbered()
            .into_iter()
            .map(|(number, finding)| FindingRow {
                number,
                title: format::sentence(explain::label(&finding.detector, w.0)),
                place: format!(
                    "{} · {}",
                    explain::whereabouts(finding, &self.held.attachments, w.0),
                    format::percent(w.0, finding.certainty)
                ),
                severity: Severity::from_level(self.held.severity),
                target: (finding.end > finding.start).then(|| format!("c{number}")),
            })
            .collect()
    }

    /// What the second encoder says, sentence by sentence.
    fn second(&self) -> Option<SecondView> {
        let (w, (at, reading)) = (self.visitor.words, self.held.second.as_ref()?);
        let line = |finding: &Finding| {
            let (kind, score) = finding.term.rsplit_once(' ').unwrap_or((&finding.term, ""));
            let score = w.with("second-score", "score", score);
            SecondLine {
                title: format::sentence(explain::label(&format!("topic_{kind}"), w.0)),
                place: format!("{score} · {}", explain::whereabouts(finding, &self.held.attachments, w.0)),
                text: finding.excerpt.clone(),
            }
        };
        let read = w.n("second-read", reading.sentences as u64);
        Some(SecondView {
            facts: format!("{read} · {}", self.wall.moment(self.visitor.op.now(), *at)),
            more: reading.more,
            lines: reading.findings.iter().map(line).collect(),
            model: short(&reading.model),
        })
    }

    fn attachments(&self) -> Vec<AttachmentView> {
        let said = self.visitor.words.t("finding");
        let attachments = self.held.attachments.iter().enumerate();
        attachments
            .map(|(number, attachment)| AttachmentView {
                id: format!("a{number}"),
                name: explain::file_of(&attachment.part, &self.held.attachments)
                    .unwrap_or_else(|| attachment.name.clone()),
                facts: self.file_facts(attachment),
                contents: match (&attachment.text, &attachment.unreadable) {
                    (Some(text), _) => {
                        let spans = self.spans(&attachment.part, 0, text.len());
                        Contents::Text { open: !spans.is_empty(), html: highlight(text, &spans, &said) }
                    }
                    (None, Some(reason)) => Contents::Unreadable(self.unreadable(reason)),
                    (None, None) => Contents::Nothing,
                },
            })
            .collect()
    }

    /// `PDF, 84 Ko`: the name's ending and the size, which is all that is certain of a file.
    fn file_facts(&self, attachment: &ReviewedAttachment) -> String {
        let whole = &self.held.message.attachments;
        let size =
            whole.iter().find(|known| known.part.to_string() == attachment.part).map(|known| known.size);
        let size = size.map(|size| format::size(self.visitor.words.0, size as u64));
        let ending = attachment.name.rsplit_once('.').map(|(_, ending)| ending.to_uppercase());
        let ending = ending.filter(|ending| (1..=5).contains(&ending.chars().count()));
        ending.into_iter().chain(size).collect::<Vec<_>>().join(", ")
    }

    fn unreadable(&self, code: &str) -> String {
        unread(self.visitor.words, code)
    }

    fn recipient(&self, recipient: &Recipient) -> RecipientView {
        let standing = match recipient.state {
            DeliveryState::Held | DeliveryState::Accepted => Standing::Held,
            DeliveryState::Queued | DeliveryState::Attempting => Standing::Sending,
            DeliveryState::Delivered => Standing::Delivered,
            DeliveryState::Bounced => Standing::Bounced,
            DeliveryState::Withdrawn => Standing::Withdrawn,
            DeliveryState::Rejected => Standing::Rejected,
            DeliveryState::Refused => Standing::Refused,
            DeliveryState::Uncertain => Standing::Uncertain,
        };
        RecipientView {
            name: recipient.address.to_string(),
            address: None,
            note: self.put_off(recipient),
            chip: standing.chip(self.visitor.words),
            tags: vec![if recipient.external { Tag::External } else { Tag::Internal }],
        }
    }

    /// A copy that a server asked to bring again.
    fn put_off(&self, recipient: &Recipient) -> Option<String> {
        let waits = matches!(recipient.state, DeliveryState::Queued | DeliveryState::Attempting);
        let code = recipient.deferred.as_deref().filter(|_| waits)?;
        let w = self.visitor.words;
        Some(w.with("recipient-deferred", "reason", crate::pages::outgoing::answer(code, w)))
    }

    fn together(&self) -> Vec<String> {
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

    fn decided(&self, decided: &Decided) -> DecidedView {
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
        }
    }

    /// What the clock does next, beside what is left: `arbitres saisis à 14:27`.
    fn next(&self) -> Option<String> {
        let (at, event) = self.held.next.filter(|_| self.held.state == HoldState::Waiting)?;
        let key = match event {
            ClockEvent::Cover => "next-cover",
            ClockEvent::Escalate => "next-escalate",
            ClockEvent::Expire => return None,
        };
        Some(self.visitor.words.with(key, "time", self.wall.moment(self.visitor.op.now(), at)))
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
        }
    }

    /// What was said about it before a decision: by the sender, by whoever escalated it.
    fn said(&self) -> Vec<SaidView> {
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

    fn timeline(&self) -> Vec<Event> {
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
                events.push(event(Tense::Now, now, w.t("timeline-opened")));
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

    /// What this person can decide now, asked of the same states the verbs ask.
    fn acts(&self) -> Vec<ActLink> {
        let can = |word| may(&self.visitor.signed, word);
        let acts: &[Act] = match self.held.state {
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
        let id = self.held.id.to_string();
        acts.iter().map(|act| ActLink { act: *act, href: act.href(&id) }).collect()
    }
}
