//! A held message, as a page: the opened hold turned into words, marks and chips. One that is guarded and was not opened is
//! another page ([`super::guarded`]).

use access::action;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use compliance::Finding;
use compliance::explain::{self, Sets, Since};
use mail::{RegionKind, TextKind, TextPart};
use operations::controls::then::{self, Then};
use operations::flows::settle::ReviewedAttachment;
use operations::review::HoldState;
use operations::review::open::{Contents, HeldMessage, open};
use vocabulary::HoldId;

use super::guarded;
use super::known::Known;
use super::queue::{View, list, standing};
use super::show::Visitor;
use crate::clock::ClockView;
use crate::format;
use crate::pages::message::{
    AttachmentView, Contents as FileContents, FindingRow, Held, MessagePage, Passage, Region, SecondLine,
    SecondView, Why,
};
use crate::pages::shell::{Bar, Place};
use crate::pages::{Severity, render, short};
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
    let Some(contents) = &held.contents else { return guarded::closed(&visitor, &held, list).await };
    let then = match then::of_hold(&visitor.app.cerebro, &visitor.op, &held, contents).await {
        Ok(then) => then,
        Err(error) => return visitor.failed(error).await,
    };
    let mut shell = visitor.shell(Place::Queue).await;
    let m =
        Show { visitor: &visitor, held: &held, contents, then, known: Known::new(&visitor, &held) }.message();
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
    contents: &'a Contents,
    /// What the controls said when it was assessed.
    then: Then,
    known: Known<'a>,
}

impl Show<'_> {
    fn message(&self) -> Held {
        let (held, known) = (self.held, &self.known);
        let (w, now) = (self.visitor.words, self.visitor.op.now());
        let waits = held.state == HoldState::Waiting;
        let acts = known.acts();
        Held {
            id: held.id.to_string(),
            href: format!("/holds/{}", held.id),
            flow: held.flow.to_string(),
            chip: standing(held.state, held.escalation).chip(w),
            severity: Severity::from_level(held.severity),
            subject: self.contents.message.subject.clone(),
            sender: self.sender(),
            facts: known.facts(),
            clock: waits.then(|| ClockView::new(&known.wall, now, held.held_at, held.due_at)),
            next: known.next(),
            guard: guarded::banner(known),
            why: self.why(),
            together: known.together(),
            text: self.text(),
            findings: self.findings(),
            more_findings: self.contents.assessment.dropped_findings,
            second: self.second(),
            attachments: self.attachments(),
            recipients: known.recipients(),
            decided: known.decisions(),
            pair: self.contents.pair.iter().map(|decided| known.decided(decided)).collect(),
            similar: self.contents.similar.iter().map(|decided| known.decided(decided)).collect(),
            alike: known.counted(&self.contents.counted),
            said: known.said(),
            timeline: known.timeline(),
            no_act: known.no_act(&acts),
            acts,
            bound: short(&held.seen.hex()),
        }
    }

    fn sender(&self) -> String {
        let named =
            self.contents.message.from.first().map(|from| from.name.clone()).filter(|name| !name.is_empty());
        named.unwrap_or_else(|| self.known.sender())
    }

    fn why(&self) -> Vec<Why> {
        let sets = Sets { then: self.then.then.as_deref(), now: &self.then.now };
        explain::for_reviewer(&self.contents.assessment, sets, self.visitor.words.0)
            .into_iter()
            .filter(|reason| reason.mode == compliance::Mode::Enforce)
            .map(|reason| Why {
                reason: reason.explanation,
                ground: Some(reason.ground).filter(|ground| !ground.is_empty()),
                version: reason.version.to_string(),
                since: self.since(reason.now),
                remedy: Some(reason.remedy).filter(|remedy| !remedy.is_empty()),
                whom: self.whom(&reason.recipients),
                passages: self.numbers_of(&reason.control),
                control: reason.control,
            })
            .collect()
    }

    /// Since when the version that matched was in force, and what became of it: `en vigueur depuis le 2 nov., modifié depuis`.
    fn since(&self, now: Since) -> Option<String> {
        let w = self.visitor.words;
        let at = |at| self.known.wall.day(self.visitor.op.now(), at);
        let published = self.then.published.map(|when| w.with("why-published", "when", at(when)));
        let changed = match now {
            Since::Same => None,
            Since::Changed(version) => Some(w.with("why-changed", "version", version)),
            Since::Removed => Some(w.t("why-removed")),
            Since::Unkept(version) => Some(w.with("why-unkept", "version", version)),
        };
        let all: Vec<String> = published.into_iter().chain(changed).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }

    /// The recipients a control matched for, when it did not for all of them.
    fn whom(&self, recipients: &[usize]) -> Option<String> {
        let own = self.contents.assessment.recipients.len();
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
        (1..).zip(&self.contents.assessment.findings).collect()
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
        let texts = &self.contents.message.texts;
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
                told: explain::told(finding, w.0).map(|told| format::sentence(&told)),
                place: format!(
                    "{} · {}",
                    explain::whereabouts(finding, &self.contents.attachments, w.0),
                    format::percent(w.0, finding.certainty)
                ),
                severity: Severity::from_level(self.held.severity),
                target: (finding.end > finding.start).then(|| format!("c{number}")),
            })
            .collect()
    }

    /// What the second encoder says, sentence by sentence.
    fn second(&self) -> Option<SecondView> {
        let (w, (at, reading)) = (self.visitor.words, self.contents.second.as_ref()?);
        let line = |finding: &Finding| {
            let (kind, score) = finding.term.rsplit_once(' ').unwrap_or((&finding.term, ""));
            let score = w.with("second-score", "score", score);
            SecondLine {
                title: format::sentence(explain::label(&format!("topic_{kind}"), w.0)),
                place: format!(
                    "{score} · {}",
                    explain::whereabouts(finding, &self.contents.attachments, w.0)
                ),
                text: finding.excerpt.clone(),
            }
        };
        let read = w.n("second-read", reading.sentences as u64);
        Some(SecondView {
            facts: format!("{read} · {}", self.known.wall.moment(self.visitor.op.now(), *at)),
            more: reading.more,
            lines: reading.findings.iter().map(line).collect(),
            model: short(&reading.model),
        })
    }

    fn attachments(&self) -> Vec<AttachmentView> {
        let said = self.visitor.words.t("finding");
        let attachments = self.contents.attachments.iter().enumerate();
        attachments
            .map(|(number, attachment)| AttachmentView {
                id: format!("a{number}"),
                name: explain::file_of(&attachment.part, &self.contents.attachments)
                    .unwrap_or_else(|| attachment.name.clone()),
                facts: self.file_facts(attachment),
                contents: match (&attachment.text, &attachment.unreadable) {
                    (Some(text), _) => {
                        let spans = self.spans(&attachment.part, 0, text.len());
                        FileContents::Text { open: !spans.is_empty(), html: highlight(text, &spans, &said) }
                    }
                    (None, Some(reason)) => {
                        FileContents::Unreadable(explain::unread(reason, self.visitor.words.0).to_owned())
                    }
                    (None, None) => FileContents::Nothing,
                },
            })
            .collect()
    }

    /// `PDF, 84 Ko`: the name's ending and the size, which is all that is certain of a file.
    fn file_facts(&self, attachment: &ReviewedAttachment) -> String {
        let whole = &self.contents.message.attachments;
        let size =
            whole.iter().find(|known| known.part.to_string() == attachment.part).map(|known| known.size);
        let size = size.map(|size| format::size(self.visitor.words.0, size as u64));
        let ending = attachment.name.rsplit_once('.').map(|(_, ending)| ending.to_uppercase());
        let ending = ending.filter(|ending| (1..=5).contains(&ending.chars().count()));
        ending.into_iter().chain(size).collect::<Vec<_>>().join(", ")
    }
}
