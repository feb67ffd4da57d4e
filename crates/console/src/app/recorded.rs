//! What was just recorded, told on the page that comes after: asked of the ledger itself, never of the address alone.

use operations::evidence::look;
use vocabulary::OperationId;

use super::gate::may;
use super::show::Visitor;
use crate::forms::Form;
use crate::pages::shell::{Shell, Toast};

/// Where a page is told which operation it comes after.
const FIELD: &str = "recorded";

/// The address of `page`, telling it what was just done.
pub(super) fn after(page: &str, operation: OperationId) -> String {
    format!("{page}?{FIELD}={operation}")
}

/// Puts what the operation named by the address recorded on the page, when it is this very person's.
pub(super) async fn tell(visitor: &Visitor, shell: &mut Shell) {
    let query = Form::parse(visitor.parts.uri.query().unwrap_or_default().as_bytes()).unwrap_or_default();
    let Ok(operation) = query.text(FIELD).parse::<OperationId>() else { return };
    // Closing the toast, or another language, asks for the page without it.
    shell.path = visitor.parts.uri.path().to_owned();
    let w = visitor.words;
    let Ok(Some(recorded)) = look::recorded(&visitor.op, operation).await else { return };
    let (icon, title) = match recorded.entry.kind.as_str() {
        "hold.released" => ("pass", "toast-released"),
        "hold.rejected" => ("refuse", "toast-rejected"),
        "hold.escalated" => ("up", "toast-escalated"),
        "hold.arbitrated" => ("scale", "toast-arbitrated"),
        "hold.overruled" => ("scale", "toast-overruled"),
        "account.suspended" => ("lock", "toast-suspended"),
        "account.reinstated" => ("check", "toast-reinstated"),
        "mission.granted" => ("check", "toast-mission-given"),
        "mission.withdrawn" => ("x", "toast-mission-withdrawn"),
        "token.ended" => ("x", "toast-token-ended"),
        "change.requested" => ("hold", "toast-change-waits"),
        "change.approved" => ("check", "toast-change-approved"),
        "change.refused" => ("x", "toast-change-refused"),
        "authenticator.password_compromised" => ("lock", "toast-compromised"),
        "right.reviewed" => ("check", "toast-right"),
        "break_glass.reviewed" => ("check", "toast-glass"),
        "policy.changed" => ("check", "toast-policy"),
        "calibration.measured" => ("check", "toast-scores-counted"),
        "calibration.proposed" => ("hold", "toast-calibration-proposed"),
        "calibration.signed" => ("check", "toast-calibration-signed"),
        "calibration.dropped" => ("x", "toast-calibration-dropped"),
        "list.replaced" | "examples.changed" => ("check", "toast-list-changed"),
        "proposal.made" => ("hold", "toast-list-waits"),
        "proposal.agreed" => ("check", "toast-proposal-agreed"),
        "proposal.refused" => ("x", "toast-proposal-refused"),
        "controls.drafted" => ("file", "toast-drafted"),
        "controls.published" => ("check", "toast-published"),
        "controls.withdrawn" => ("x", "toast-dropped"),
        "replay.started" => ("clock", "toast-replay"),
        "replay.stopped" => ("x", "toast-replay-stopped"),
        "account.closed" => ("x", "toast-closed"),
        _ => return,
    };
    let readable = may(&visitor.signed, "ledger.read");
    shell.toast = Some(Toast {
        icon,
        title: w.t(title),
        text: match recorded.index {
            Some(index) => w.with("toast-entry", "n", w.int(index)),
            None => w.t("toast-entry-soon"),
        },
        entry: recorded.index.filter(|_| readable).map(|index| format!("/ledger/entries/{index}")),
    });
}
