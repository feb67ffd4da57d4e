//! What a look back found, as people know messages: each of it is shown to whoever may read it elsewhere.

use access::{OperationError, Permit, action};
use operations::controls::look_back::LookedBack;
use operations::controls::looked_back::{Named, Reads, named};
use operations::controls::replays::look::ReplayLine;
use vocabulary::bounds;

use super::moment;
use crate::app::gate::may;
use crate::app::show::Visitor;
use crate::forms::Form;
use crate::pages::guarded::class_name;
use crate::pages::replays::{LookedBackView, SeenRow};

/// One page of it, from where the address says.
pub(super) async fn view(
    visitor: &Visitor,
    permit: &Permit<action::ReadControls>,
    line: &ReplayLine,
    found: &LookedBack,
) -> Result<LookedBackView, OperationError> {
    let query = Form::parse(visitor.parts.uri.query().unwrap_or_default().as_bytes()).unwrap_or_default();
    let from = query.text("from").parse::<usize>().unwrap_or(0).min(found.seen.len());
    let (op, organisation) = (&visitor.op, visitor.signed.organisation);
    let flows = match may(&visitor.signed, "flow.read") {
        true => Some(op.permit(action::ReadFlows, organisation).await?),
        false => None,
    };
    let subjects = match may(&visitor.signed, "hold.list") {
        true => Some(op.permit(action::ReadQueue, organisation).await?),
        false => None,
    };
    let reads = Reads { flows: flows.as_ref(), subjects: subjects.as_ref() };
    let shown = named(op, permit, reads, found.seen.get(from..).unwrap_or_default()).await?;
    let href = |from: usize| format!("/controls/replays/{}?from={from}", line.id);
    let next = from + shown.len();
    Ok(LookedBackView {
        count: found.all(),
        notes: notes(visitor, found),
        controls: found.by_control.iter().map(|(id, (new, more))| (id.clone(), *new, *more)).collect(),
        rows: shown.iter().map(|named| row(visitor, named)).collect(),
        newer: (from > 0).then(|| href(from.saturating_sub(bounds::LOOKED_BACK_SHOWN))),
        older: (next < found.seen.len()).then(|| href(next)),
        unnamed: found.all().saturating_sub(found.seen.len() as u64),
    })
}

fn notes(visitor: &Visitor, found: &LookedBack) -> Vec<String> {
    let w = visitor.words;
    let mut notes = Vec::new();
    if let Some(reached) = found.reached.filter(|_| found.more) {
        let most = w.int(found.flows);
        notes.push(w.with2("look-back-bound", "most", most, "at", moment(visitor, reached)));
    }
    if found.unread > 0 {
        notes.push(w.n("look-back-unread", found.unread));
    }
    if found.guarded > 0 {
        notes.push(w.n("look-back-guarded", found.guarded));
    }
    notes
}

fn row(visitor: &Visitor, named: &Named) -> SeenRow {
    let w = visitor.words;
    let name = match (named.guarded, &named.subject) {
        (Some(class), _) => class_name(class, w),
        (None, Some(subject)) if subject.trim().is_empty() => w.t("look-back-no-subject"),
        (None, Some(subject)) => subject.clone(),
        (None, None) => named.seen.flow.to_string(),
    };
    let mut to: Vec<String> = named.recipients.iter().map(ToString::to_string).collect();
    if named.others > 0 {
        to.push(w.n("look-back-others", named.others as u64));
    }
    let mut found = named.seen.controls.clone();
    found.extend(named.seen.further.iter().map(|id| w.with("look-back-again", "controls", id)));
    SeenRow {
        at: moment(visitor, named.seen.at),
        href: named.hold.filter(|_| may(&visitor.signed, "hold.read")).map(|hold| format!("/holds/{hold}")),
        name,
        from: match &named.sender {
            Some(sender) => sender.to_string(),
            None if to.is_empty() => String::new(),
            None => "<>".into(),
        },
        to: if to.is_empty() { String::new() } else { w.with("look-back-to", "to", to.join(", ")) },
        found: found.join(", "),
    }
}
