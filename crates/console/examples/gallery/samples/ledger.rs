//! The ledger and a proof.

use console::i18n::Words;
use console::pages::ledger::{CheckpointRow, EntryRow, LedgerPage};
use console::pages::proof::ProofPage;
use console::pages::shell::Place;
use console::pages::short;

use super::{HASH, HOLD, say, shell};

const ROOT: &str = "pU3KGCUwux1tEyze1iN7LtkeP3IfyxlxF0SU1kk8nVw=";
const NOTE: &str = "orveane.example/journal\n1482907\npU3KGCUwux1tEyze1iN7LtkeP3IfyxlxF0SU1kk8nVw=\n\n— orveane.example/journal Do/xhGOw5LK6KXA0dPBkrGj3APWwKz3GZvRb3qosyu3NK1FXQQ5N7krys09DCgc0R95jbA6AbJV7poTWQx+16tdCTQk=\n";

/// The ledger.
pub(crate) fn ledger(w: Words) -> LedgerPage {
    let entry = |index, time: &str, kind: &str, by: String, subject: &str, sealed| EntryRow {
        index,
        time: time.to_owned(),
        kind: kind.to_owned(),
        by,
        subject: subject.to_owned(),
        proof: if sealed { Some(format!("/ledger/entries/{index}")) } else { None },
    };
    let checkpoint = |time: &str, size, root: &str| CheckpointRow {
        time: time.to_owned(),
        size,
        root: root.to_owned(),
        href: "/ledger/checkpoint".into(),
    };
    LedgerPage {
        s: shell(w, "/ledger", Place::Ledger, true),
        entries: 1_482_908,
        since: Some(say(w, "depuis le 2 févr. 2025", "since 2 Feb 2025")),
        sealed: 1_482_907,
        unsealed: 1,
        sealed_at: Some("14:20:00".into()),
        origin: "orveane.example/journal".into(),
        root: ROOT.into(),
        note: NOTE.into(),
        key: "orveane.example/journal+2b91c4e7+lIG+IcnHJ7jbjBiPNBqSTH+I36Fhv9sOzGgpGdLmRpL4".into(),
        command: "cerebro verify orveane-2026-11-24 \\\n    --key orveane.pub".into(),
        checkpoints: vec![
            checkpoint("14:20:00", 1_482_907, "pU3KGCUwux1tEyze1i…k8nVw="),
            checkpoint("14:15:00", 1_482_731, "NGC+MSAeaf7aoO7ouZ…361xQ="),
            checkpoint("14:10:00", 1_482_560, "J6Cus/7pIy+K8iEfnu…vI/ik="),
        ],
        rows: vec![
            entry(1_482_907, "14:20:19", "content.read", "Sofiane Delattre".into(), HOLD, false),
            entry(1_482_906, "14:19:41", "hold.rejected", "Maëlle Brisson".into(), HOLD, true),
            entry(1_482_905, "14:19:02", "content.read", "Inès Kermadec".into(), HOLD, true),
            entry(1_482_904, "14:18:55", "hold.escalated", say(w, "horloge", "clock"), HOLD, true),
            entry(
                1_482_903,
                "14:18:40",
                "flow.queued",
                say(w, "passerelle", "gateway"),
                "flow_01kav7d8c8f1kbynf8h4kq2v0k",
                true,
            ),
        ],
        earlier: Some("/ledger?before=1482903".into()),
        newest: None,
    }
}

/// The proof of an entry.
pub(crate) fn proof(w: Words) -> ProofPage {
    let path: Vec<String> = [
        "JILcUxwrw5B8lhfrXlCJ5AGGuqilfRGeb7ZdAKvDKvM=",
        "jmZ/Ai6HLUnMFckLmZt3K0/Hpv1MkUoW20cIdSsPFUQ=",
        "uDXA5xkJffqHAekjLyHygSaHeGl26/zDJ/WTF2UnS6k=",
        "gptEBvYf+Ikyb/qUku3u7jxmnyvyCJTqJ+aJxmtrJi4=",
        "SIa4Q485unb++MkMUQH75s+aSNWwwKE9qQCmrcs9ZAY=",
    ]
    .map(str::to_owned)
    .into();
    ProofPage {
        s: shell(w, "/ledger/entries/1482906", Place::Ledger, true),
        index: 1_482_906,
        kind: "hold.rejected".into(),
        at: "2026-11-24T13:19:41.204113Z".into(),
        by: "Maëlle Brisson".into(),
        subject: HOLD.into(),
        detail: vec![
            ("reason".into(), "Destinataire absente de la liste d’initiés.".into()),
            ("seen".into(), short(HASH)),
        ],
        leaf_hash: "GUFX8dSvkJiChc96mvfJPVVSJmr+cOeq5tpHYnwuWa8=".into(),
        size: 1_482_907,
        root: ROOT.into(),
        path,
        note: NOTE.into(),
        command: "cerebro verify 1482906.tlog-proof \\\n    --key orveane.pub".into(),
        download: "/ledger/entries/1482906/proof".into(),
        file: "orveane-1482906.tlog-proof".into(),
    }
}
