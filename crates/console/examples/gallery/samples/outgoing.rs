//! What waits to leave.

use std::time::Duration;

use console::i18n::Words;
use console::pages::outgoing::{
    OutgoingPage, OutgoingRow, PauseRow, RestoredNote, WithdrawPage, answer, standing as outgoing_standing,
};
use console::pages::shell::{Place, Reach, nav};

use super::{administration, now, say};

/// What waits to leave, as a supervisor sees it.
pub(crate) fn outgoing(w: Words) -> OutgoingPage {
    use operations::outgoing::Step;
    let later = now().plus(Duration::from_secs(16 * 60));
    let row = |destinations: &str, what: String, step: Step, attempts, reply: Option<&str>| OutgoingRow {
        id: "outbox_01".into(),
        destinations: destinations.into(),
        what,
        chip: outgoing_standing(step, w),
        next: matches!(step, Step::Deferred(_)).then(|| "14:48".to_owned()),
        since: "14:02".into(),
        attempts,
        reply: reply.map(|code| answer(code, w)),
        retry: matches!(step, Step::Deferred(_)),
        withdraw: step != Step::Sending,
    };
    let mut s = administration(w, "/outgoing");
    s.nav = nav(
        w,
        Reach { queue: None, outgoing: true, ledger: true, accounts: true, ..Reach::default() },
        Place::Outgoing,
    );
    OutgoingPage {
        s,
        waiting: 1_284,
        deferred: 3,
        oldest: Some("13:41".into()),
        owed: 2,
        late: 1,
        restored: Some(RestoredNote {
            text: w.with("restored-text", "since", say(w, "27 nov. à 03:10", "27 Nov at 03:10")),
            attempted: w.n("restored-attempted", 2_u64),
            ended: w.n("restored-ended", 41_u64),
        }),
        pauses: vec![PauseRow {
            name: "notaires-associes.example".into(),
            value: "notaires-associes.example".into(),
            reason: say(w, "Migration de leur serveur jusqu’à 18 h", "Their server moves until 18:00"),
            by: "Odile Sarrazin, 13:41".into(),
        }],
        may_pause: true,
        may_withdraw: true,
        rows: vec![
            row("notaires-associes.example", w.n("outgoing-recipients", 2_u64), Step::Paused, 0, None),
            row(
                "client.example, conseil.example",
                w.n("outgoing-recipients", 4_u64),
                Step::Deferred(later),
                3,
                Some("451 4.4.1"),
            ),
            row("assureur.example", w.n("outgoing-recipients", 1_u64), Step::Sending, 1, None),
            OutgoingRow {
                withdraw: false,
                ..row("orveane.example", w.t("outgoing-notice"), Step::Ready, 0, None)
            },
        ],
        after: Some("/outgoing?after=outbox_01".into()),
        first: true,
        problem: None,
        draft: (String::new(), String::new()),
    }
}

/// Nothing waits to leave.
pub(crate) fn outgoing_empty(w: Words) -> OutgoingPage {
    OutgoingPage {
        waiting: 0,
        deferred: 0,
        oldest: None,
        owed: 0,
        late: 0,
        restored: None,
        pauses: Vec::new(),
        rows: Vec::new(),
        after: None,
        ..outgoing(w)
    }
}

/// A message is taken out.
pub(crate) fn outgoing_withdraw(w: Words) -> WithdrawPage {
    WithdrawPage {
        s: administration(w, "/outgoing/one/withdraw"),
        id: "outbox_01".into(),
        reason: String::new(),
        problem: Some(w.t("decide-give-reason")),
    }
}
