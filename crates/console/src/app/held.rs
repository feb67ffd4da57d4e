//! A held message, as a page: the opened hold turned into words, marks and chips. One that is guarded and was not opened is
//! another page ([`super::guarded`]).

mod shown;

use std::collections::HashSet;
use std::sync::Arc;

use access::action;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use compliance::explain::{self, Sets, Since};
use compliance::{Finding, PreparedOrganisation};
use operations::controls::then::{self, Then};
use operations::review::HoldState;
use operations::review::open::{Contents, HeldMessage, open};
use vocabulary::HoldId;

use self::shown::{drawn, panel};
use super::guarded;
use super::known::Known;
use super::queue::{View, list, standing};
use super::show::Visitor;
use crate::clock::ClockView;
use crate::format;
use crate::pages::message::{FindingRow, Held, MessagePage, SecondLine, SecondView, Why};
use crate::pages::shell::{Bar, Place};
use crate::pages::{Severity, render, short};

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
    let organisation = visitor.app.cerebro.organisation(visitor.signed.organisation);
    let lists = organisation.map(|known| Arc::clone(&known.facts)).unwrap_or_default();
    let known = Known::new(&visitor, &held);
    let m = Show { visitor: &visitor, held: &held, contents, then, lists, known }.message();
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
    /// What the organisation's lists say today: what it calls its labels.
    lists: Arc<PreparedOrganisation>,
    known: Known<'a>,
}

impl Show<'_> {
    fn message(&self) -> Held {
        let (held, known) = (self.held, &self.known);
        let (w, now) = (self.visitor.words, self.visitor.op.now());
        let waits = held.state == HoldState::Waiting;
        let acts = known.acts();
        let (heading, text, attachments) = (self.subject(), self.text(), self.attachments());
        let findings = self.findings(&drawn(&heading, &text, &attachments));
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
            heading,
            text,
            findings,
            more_findings: self.contents.assessment.dropped_findings,
            second: self.second(),
            attachments,
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
        let control = |id: &str| sets.then.and_then(|then| then.control(id)).or_else(|| sets.now.control(id));
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
                files: control(&reason.control).map(|of| self.cited(of)).unwrap_or_default(),
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

    /// `drawn`: the findings that are marked on the page. Another is shown in its file, or nowhere.
    fn findings(&self, drawn: &HashSet<u32>) -> Vec<FindingRow> {
        let (w, files) = (self.visitor.words, &self.contents.attachments);
        let target = |number, finding: &Finding| {
            if drawn.contains(&number) {
                return Some(format!("c{number}"));
            }
            explain::file_at(&finding.part, files).map(panel)
        };
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
                target: target(number, finding),
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
}
