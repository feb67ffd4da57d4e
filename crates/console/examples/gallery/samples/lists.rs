//! Invented pages of lists, the client file, examples, and of what waits for a second person.

use std::time::Duration;

use console::i18n::Words;
use console::pages::examples::{CategoryRow, ExamplePage, ExamplesPage, TriedRow, Typed};
use console::pages::lists::{
    ClientRow, EntryRow, EntryView, ListChangePage, ListPage, ListRow, ListsPage, ProposalPage, ProposalRow,
    VersionRow, effect_words, list_name, list_text, proposal_chip,
};
use console::pages::shell::{Bar, Person, Place, Reach, nav};
use console::pages::{Chip, Shell, Tone};
use operations::lists::ListName;
use operations::proposals::ProposalState;

use super::{now, say, shell};

fn supervision(w: Words, path: &str) -> Shell {
    let mut s = shell(w, path, Place::Lists, true);
    let reach = Reach {
        queue: Some(23),
        outgoing: true,
        ledger: true,
        controls: true,
        calibration: true,
        lists: true,
        ..Reach::default()
    };
    s.nav = nav(w, reach, Place::Lists);
    s.bar = Bar::Empty;
    let role = say(w, "Superviseure", "Supervisor");
    s.person = Some(Person::new(w, "Maëlle Brisson", &role, now(), now().plus(Duration::from_secs(1_500))));
    s
}

fn row(w: Words, what: String, (added, removed): (u64, u64), state: ProposalState) -> ProposalRow {
    ProposalRow {
        href: Some("/proposals/one".into()),
        what,
        added,
        removed,
        asked: format!("Renan Trégor, {}", say(w, "hier à 17:40", "yesterday at 17:40")),
        chip: proposal_chip(state, w),
    }
}

fn list_row(w: Words, list: ListName, entries: u64, waits: u64) -> ListRow {
    ListRow {
        word: list.word(),
        name: list_name(w, list),
        href: Some(format!("/lists/{list}")),
        effect: effect_words(w, list).0,
        entries,
        since: (entries > 0).then(|| format!("Maëlle Brisson, {}", say(w, "8:00", "8:00"))),
        waits,
    }
}

/// Every list, one proposal that waits, two versions of the client file.
pub(crate) fn lists(w: Words) -> ListsPage {
    let sizes = |list| match list {
        ListName::Restricted => (42, 1),
        ListName::OwnIdentifiers => (118, 1),
        ListName::KnownDomains => (1_204, 0),
        ListName::Correspondents => (18_340, 0),
        _ => (0, 0),
    };
    let client = |version, clients, identifiers, asked: Option<&str>| ClientRow {
        version,
        clients,
        identifiers,
        since: format!("Maëlle Brisson, {}", say(w, "lundi à 6:12", "Monday at 6:12")),
        asked: asked.map(str::to_owned),
    };
    let restricted = list_name(w, ListName::Restricted);
    ListsPage {
        s: supervision(w, "/lists"),
        waiting: vec![
            row(w, restricted.clone(), (0, 2), ProposalState::Waiting),
            row(w, list_name(w, ListName::OwnIdentifiers), (1, 0), ProposalState::Waiting),
            row(w, w.t("proposal-clients"), (310, 12), ProposalState::Waiting),
        ],
        past: vec![
            row(w, restricted, (0, 1), ProposalState::Refused),
            row(w, w.with("proposal-examples", "name", "client_poaching"), (0, 3), ProposalState::Agreed),
        ],
        rows: ListName::ALL
            .iter()
            .map(|list| {
                let (entries, waits) = sizes(*list);
                list_row(w, *list, entries, waits)
            })
            .collect(),
        clients: vec![client(7, 212_408, 861_022, Some("Renan Trégor")), client(6, 212_011, 859_340, None)],
        categories: 3,
    }
}

/// Nothing was given yet, seen by somebody who may not open.
pub(crate) fn lists_empty(w: Words) -> ListsPage {
    let rows = ListName::ALL.iter().map(|list| ListRow { href: None, ..list_row(w, *list, 0, 0) });
    ListsPage {
        waiting: Vec::new(),
        past: Vec::new(),
        rows: rows.collect(),
        clients: Vec::new(),
        categories: 0,
        ..lists(w)
    }
}

/// Restricted issuers.
pub(crate) fn list(w: Words) -> ListPage {
    let list = ListName::Restricted;
    let row_of = |entry: &str| entry_row(w, list, entry);
    let version = |version, n: u64, asked: Option<&str>| VersionRow {
        version,
        size: w.n("list-size", n),
        since: format!("Maëlle Brisson, {}", say(w, "8:00", "8:00")),
        asked: asked.map(str::to_owned),
    };
    ListPage {
        s: supervision(w, "/lists/restricted"),
        word: list.word(),
        name: list_name(w, list),
        text: list_text(w, list),
        effect: effect_words(w, list).1,
        entries: 42,
        search: String::new(),
        found: 42,
        shown: ["Cimenterie du Ponant", "Lormont Aciéries", "Verrerie Astel"].map(row_of).to_vec(),
        next: Some("/lists/restricted?q=&after=Verrerie".into()),
        waiting: vec![row(w, list_name(w, list), (0, 2), ProposalState::Waiting)],
        versions: vec![version(3, 42, None), version(2, 41, Some("Renan Trégor")), version(1, 44, None)],
        may_change: true,
        may_look_back: true,
    }
}

fn entry_row(w: Words, list: ListName, entry: &str) -> EntryRow {
    let take = Some(format!("/lists/{list}/change?act=take&entry=x"));
    EntryRow { entry: EntryView::new(w, Some(list), entry), take }
}

/// Domains, and pairs of them, with agreed encryption.
pub(crate) fn list_encrypted(w: Words) -> ListPage {
    let of = ListName::EncryptedDomains;
    let entries = [
        "greffe-commerce.example",
        "orveane-gestion.example > quillon.example",
        "orveane.example > sableval.example",
    ];
    ListPage {
        s: supervision(w, "/lists/encrypted_domains"),
        word: of.word(),
        name: list_name(w, of),
        text: list_text(w, of),
        effect: effect_words(w, of).1,
        entries: 3,
        found: 3,
        shown: entries.map(|entry| entry_row(w, of, entry)).to_vec(),
        next: None,
        waiting: vec![row(w, list_name(w, of), (1, 0), ProposalState::Waiting)],
        versions: vec![VersionRow {
            version: 2,
            size: w.n("list-size", 3_u64),
            since: format!("Renan Trégor, {}", say(w, "8:00", "8:00")),
            asked: Some("Maëlle Brisson".to_owned()),
        }],
        ..list(w)
    }
}

/// Labels by identifier and by name.
pub(crate) fn list_labels(w: Words) -> ListPage {
    let of = ListName::Labels;
    let entries = [
        "0f9b2c1e-5a77-4d1c-9c02-6d1f6d6b7a10",
        "2096f6a2-d2f7-48be-b329-b73aaa526e5d = C3 - Direction",
        "Diffusion limitée",
    ];
    ListPage {
        s: supervision(w, "/lists/labels"),
        word: of.word(),
        name: list_name(w, of),
        text: list_text(w, of),
        effect: effect_words(w, of).1,
        shown: entries.map(|entry| entry_row(w, of, entry)).to_vec(),
        waiting: Vec::new(),
        ..list_encrypted(w)
    }
}

/// A search that finds nothing.
pub(crate) fn list_none_found(w: Words) -> ListPage {
    ListPage {
        search: "Astell".into(),
        found: 0,
        shown: Vec::new(),
        next: None,
        waiting: Vec::new(),
        may_change: false,
        may_look_back: false,
        ..list(w)
    }
}

/// Entries that silence, without a reason.
pub(crate) fn list_change(w: Words) -> ListChangePage {
    let list = ListName::OwnIdentifiers;
    ListChangePage {
        s: supervision(w, "/lists/own_identifiers/change"),
        word: list.word(),
        title: w.with("list-add-title", "list", list_name(w, list)),
        name: list_name(w, list),
        act: "add",
        effect: effect_words(w, list).1,
        text: "FR76 3000 6000 0112 3456 7890 189".into(),
        reason: String::new(),
        problem: Some(w.t("list-reason-wanted")),
    }
}

/// What a second person sees.
pub(crate) fn proposal(w: Words) -> ProposalPage {
    ProposalPage {
        s: supervision(w, "/proposals/one"),
        what: list_name(w, ListName::Restricted),
        chip: proposal_chip(ProposalState::Waiting, w),
        facts: vec![
            (w.t("col-asked"), format!("Renan Trégor, {}", say(w, "hier à 17:40", "yesterday at 17:40"))),
            (w.t("proposal-lapses"), say(w, "26 déc. à 17:40", "26 Dec at 17:40")),
        ],
        reason: say(w, "Les deux opérations sont publiques.", "Both operations are public."),
        answer: None,
        has_entries: true,
        counts: (0, 2),
        added: Vec::new(),
        removed: ["Lormont Aciéries", "Verrerie Astel"].map(|entry| EntryView::new(w, None, entry)).to_vec(),
        pages: (None, None),
        agree: Some("/proposals/one/agree".into()),
        refuse: Some("/proposals/one/refuse".into()),
        is_own: false,
        typed: String::new(),
        problem: None,
    }
}

/// A pair of domains with agreed encryption, asked for.
pub(crate) fn proposal_encrypted(w: Words) -> ProposalPage {
    let of = ListName::EncryptedDomains;
    ProposalPage {
        what: list_name(w, of),
        reason: say(w, "Convention signée avec Sableval.", "An agreement was signed with Sableval."),
        counts: (1, 0),
        added: vec![EntryView::new(w, Some(of), "orveane.example > sableval.example")],
        removed: Vec::new(),
        ..proposal(w)
    }
}

/// One's own, of a client file: counts alone.
pub(crate) fn proposal_clients(w: Words) -> ProposalPage {
    ProposalPage {
        what: w.t("proposal-clients"),
        facts: vec![
            (w.t("proposal-clients-before"), w.int(212_408_u64)),
            (w.t("proposal-clients-after"), w.int(212_011_u64)),
            (w.t("proposal-new"), w.int(310_u64)),
            (w.t("proposal-gone"), w.int(1_992_u64)),
            (w.t("proposal-mailboxes"), w.int(4_u64)),
        ],
        has_entries: false,
        counts: (0, 0),
        removed: Vec::new(),
        agree: None,
        is_own: true,
        problem: Some(w.t("proposal-same-person")),
        ..proposal(w)
    }
}

/// One that was refused.
pub(crate) fn proposal_refused(w: Words) -> ProposalPage {
    ProposalPage {
        chip: proposal_chip(ProposalState::Refused, w),
        answer: Some(say(w, "L’une des deux ne l’est pas encore.", "One of the two is not yet.")),
        agree: None,
        refuse: None,
        ..proposal(w)
    }
}

/// Categories, and a sentence that was tried.
pub(crate) fn examples(w: Words) -> ExamplesPage {
    let category = |name: &str, near, sentences| CategoryRow {
        name: name.to_owned(),
        href: Some(format!("/examples/of/{name}")),
        near,
        sentences,
        since: format!("Maëlle Brisson, {}", say(w, "lundi à 10:30", "Monday at 10:30")),
    };
    let tried = |category: &str, example: &str, nearness, found| TriedRow {
        category: category.to_owned(),
        example: example.to_owned(),
        nearness,
        chip: if found {
            Chip { tone: Tone::Hold, icon: "alert", word: w.t("examples-found") }
        } else {
            Chip { tone: Tone::Plain, icon: "info", word: w.t("examples-not-found") }
        },
    };
    ExamplesPage {
        s: supervision(w, "/examples"),
        no_model: false,
        rows: vec![category("client_poaching", 550, 14), category("pressure_to_backdate", 600, 12)],
        waiting: vec![row(
            w,
            w.with("proposal-examples", "name", "client_poaching"),
            (0, 2),
            ProposalState::Waiting,
        )],
        may_change: true,
        may_try: true,
        sentence: say(w, "Suivez-moi, vos frais seront plus bas.", "Follow me, your fees will be lower."),
        tried: Some(vec![
            tried("client_poaching", "Je rejoins un confrère au printemps, tu me suis ?", 731, true),
            tried("pressure_to_backdate", "Just put yesterday’s date on it.", 212, false),
        ]),
    }
}

/// None, and no model.
pub(crate) fn examples_empty(w: Words) -> ExamplesPage {
    ExamplesPage {
        no_model: true,
        rows: Vec::new(),
        waiting: Vec::new(),
        sentence: String::new(),
        tried: None,
        ..examples(w)
    }
}

/// One category.
pub(crate) fn example(w: Words) -> ExamplePage {
    let version = |version, size: &str| VersionRow {
        version,
        size: size.to_owned(),
        since: format!("Maëlle Brisson, {}", say(w, "lundi à 10:30", "Monday at 10:30")),
        asked: None,
    };
    ExamplePage {
        s: supervision(w, "/examples/of/client_poaching"),
        known: Some("client_poaching".into()),
        typed: Typed {
            name: "client_poaching".into(),
            near: "550".into(),
            sentences: "I am leaving in March, come with me.\nJe rejoins un confrère, tu me suis ?\n".into(),
            reason: String::new(),
        },
        waiting: Vec::new(),
        versions: vec![version(2, "14 · 550"), version(1, "12 · 600")],
        may_change: true,
        problem: None,
    }
}

/// A new one, with too few examples.
pub(crate) fn example_new(w: Words) -> ExamplePage {
    ExamplePage {
        known: None,
        versions: Vec::new(),
        problem: Some(w.t("example-rule-sentences")),
        ..example(w)
    }
}
