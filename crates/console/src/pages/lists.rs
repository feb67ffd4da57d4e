//! An organisation's lists and its client file, and what of them waits for a second person.

use askama::Template;
use compliance::{Agreement, LabelEntry};
use operations::lists::{Effect, ListName};
use operations::proposals::ProposalState;

use super::{Chip, Shell, Tone};
use crate::i18n::Words;

/// Every list, the client file, what waits.
#[derive(Debug, Clone, Template)]
#[template(path = "lists.html")]
pub struct ListsPage {
    /// The frame.
    pub s: Shell,
    /// What waits for a second person.
    pub waiting: Vec<ProposalRow>,
    /// What was answered of late.
    pub past: Vec<ProposalRow>,
    /// The lists.
    pub rows: Vec<ListRow>,
    /// The client file's versions, the latest first.
    pub clients: Vec<ClientRow>,
    /// How many categories by example are in force.
    pub categories: u64,
}

/// One list.
#[derive(Debug, Clone)]
pub struct ListRow {
    /// Its word in commands and conditions.
    pub word: &'static str,
    /// As people call it.
    pub name: String,
    /// Where it is shown whole, for those who may.
    pub href: Option<String>,
    /// What an entry does.
    pub effect: String,
    /// How many entries.
    pub entries: u64,
    /// Since when, by whom; absent where it was never given.
    pub since: Option<String>,
    /// Proposals about it that wait.
    pub waits: u64,
}

/// One proposal.
#[derive(Debug, Clone)]
pub struct ProposalRow {
    /// Where it is shown whole, for those who may.
    pub href: Option<String>,
    /// What it is about.
    pub what: String,
    /// Entries that would come.
    pub added: u64,
    /// Entries that would go.
    pub removed: u64,
    /// Who asked, when.
    pub asked: String,
    /// Where it stands.
    pub chip: Chip,
}

/// One version of the client file.
#[derive(Debug, Clone)]
pub struct ClientRow {
    /// Its number.
    pub version: u64,
    /// Clients in it.
    pub clients: u64,
    /// Their identifiers.
    pub identifiers: u64,
    /// Who put it in force, when.
    pub since: String,
    /// Who had asked for it.
    pub asked: Option<String>,
}

/// One list and its entries.
#[derive(Debug, Clone, Template)]
#[template(path = "list.html")]
pub struct ListPage {
    /// The frame.
    pub s: Shell,
    /// Its word in commands and conditions.
    pub word: &'static str,
    /// As people call it.
    pub name: String,
    /// What it is for.
    pub text: String,
    /// What an entry does, and what waits because of it.
    pub effect: String,
    /// How many entries.
    pub entries: u64,
    /// What was looked for.
    pub search: String,
    /// How many were found.
    pub found: u64,
    /// Some of them.
    pub shown: Vec<EntryRow>,
    /// Where the next ones are.
    pub next: Option<String>,
    /// What waits for a second person.
    pub waiting: Vec<ProposalRow>,
    /// Its versions, the latest first.
    pub versions: Vec<VersionRow>,
    /// This person may change it.
    pub may_change: bool,
    /// This person may have past messages read again.
    pub may_look_back: bool,
}

/// One entry of a list.
#[derive(Debug, Clone)]
pub struct EntryRow {
    /// As it stands in the list.
    pub entry: EntryView,
    /// Where it is taken away, for those who may.
    pub take: Option<String>,
}

/// An entry, and what it says where it is written in signs.
#[derive(Debug, Clone)]
pub struct EntryView {
    /// As it stands in the list.
    pub text: String,
    /// In words: `From orveane.example to sableval.example`.
    pub words: Option<String>,
}

impl EntryView {
    /// Of a list; of anything else, the text alone says it.
    #[must_use]
    pub fn new(w: Words, list: Option<ListName>, text: &str) -> Self {
        let words = match list {
            Some(ListName::EncryptedDomains) => text.parse().ok().map(|read| agreement(w, &read)),
            Some(ListName::Labels) => text.parse().ok().map(|read| label(w, read)),
            _ => None,
        };
        Self { text: text.to_owned(), words }
    }
}

/// Between whom encrypted mail goes unread.
fn agreement(w: Words, agreement: &Agreement) -> String {
    match &agreement.from {
        Some(from) => w.with2("entry-pair", "from", from, "to", &agreement.to),
        None => w.with("entry-any", "to", &agreement.to),
    }
}

/// What a label is called, and by what it is known.
fn label(w: Words, entry: LabelEntry) -> String {
    match entry {
        LabelEntry::Id { name: Some(name), .. } => w.with("entry-label-called", "name", name),
        LabelEntry::Id { name: None, .. } => w.t("entry-label-unnamed"),
        LabelEntry::Name(name) => w.with("entry-label-name-any", "name", name),
    }
}

/// One version of a list.
#[derive(Debug, Clone)]
pub struct VersionRow {
    /// Its number.
    pub version: u64,
    /// How many entries, in words.
    pub size: String,
    /// Who put it in force, when.
    pub since: String,
    /// Who had asked for it.
    pub asked: Option<String>,
}

/// Entries are added, taken away or put in the place of all others.
#[derive(Debug, Clone, Template)]
#[template(path = "list_change.html")]
pub struct ListChangePage {
    /// The frame.
    pub s: Shell,
    /// The list's word.
    pub word: &'static str,
    /// As people call it.
    pub name: String,
    /// `add`, `take` or `replace`.
    pub act: &'static str,
    /// What is done, as a title.
    pub title: String,
    /// What waits because of what entries do.
    pub effect: String,
    /// The entries typed.
    pub text: String,
    /// Why.
    pub reason: String,
    /// What is wrong.
    pub problem: Option<String>,
}

/// One proposal, opened.
#[derive(Debug, Clone, Template)]
#[template(path = "proposal.html")]
pub struct ProposalPage {
    /// The frame.
    pub s: Shell,
    /// What it is about.
    pub what: String,
    /// Where it stands.
    pub chip: Chip,
    /// What is known of it: a term and its text.
    pub facts: Vec<(String, String)>,
    /// Why it was asked for.
    pub reason: String,
    /// Why it was refused.
    pub answer: Option<String>,
    /// It has entries: the client file's are never shown.
    pub has_entries: bool,
    /// How many would come and go.
    pub counts: (u64, u64),
    /// Those of this page that would come.
    pub added: Vec<EntryView>,
    /// Those of this page that would go.
    pub removed: Vec<EntryView>,
    /// Where the ones before are, and the next.
    pub pages: (Option<String>, Option<String>),
    /// Where one agrees.
    pub agree: Option<String>,
    /// Where one refuses.
    pub refuse: Option<String>,
    /// It is this person's own.
    pub is_own: bool,
    /// Why it would be refused, as typed.
    pub typed: String,
    /// Why the last answer was not taken.
    pub problem: Option<String>,
}

/// Where a proposal stands, as a chip.
#[must_use]
pub fn proposal_chip(state: ProposalState, w: Words) -> Chip {
    let (tone, icon, key) = match state {
        ProposalState::Waiting => (Tone::Hold, "hold", "proposal-waiting"),
        ProposalState::Agreed => (Tone::Pass, "check", "proposal-agreed"),
        ProposalState::Refused => (Tone::Refuse, "x", "proposal-refused"),
        ProposalState::Replaced => (Tone::Plain, "x", "proposal-replaced"),
        ProposalState::Lapsed => (Tone::Plain, "clock", "proposal-lapsed"),
    };
    Chip { tone, icon, word: w.t(key) }
}

/// What a list is called.
#[must_use]
pub fn list_name(w: Words, list: ListName) -> String {
    w.t(match list {
        ListName::OwnDomains => "list-own-domains",
        ListName::OwnIdentifiers => "list-own-identifiers",
        ListName::OwnFooters => "list-own-footers",
        ListName::GroupDomains => "list-group-domains",
        ListName::KnownDomains => "list-known-domains",
        ListName::Correspondents => "list-correspondents",
        ListName::Webmail => "list-webmail",
        ListName::Protected => "list-protected",
        ListName::Restricted => "list-restricted",
        ListName::EncryptedDomains => "list-encrypted-domains",
        ListName::Labels => "list-labels",
    })
}

/// What a list is for.
#[must_use]
pub fn list_text(w: Words, list: ListName) -> String {
    w.t(match list {
        ListName::OwnDomains => "list-own-domains-text",
        ListName::OwnIdentifiers => "list-own-identifiers-text",
        ListName::OwnFooters => "list-own-footers-text",
        ListName::GroupDomains => "list-group-domains-text",
        ListName::KnownDomains => "list-known-domains-text",
        ListName::Correspondents => "list-correspondents-text",
        ListName::Webmail => "list-webmail-text",
        ListName::Protected => "list-protected-text",
        ListName::Restricted => "list-restricted-text",
        ListName::EncryptedDomains => "list-encrypted-domains-text",
        ListName::Labels => "list-labels-text",
    })
}

/// What an entry does, in a word; and with what waits because of it.
#[must_use]
pub fn effect_words(w: Words, list: ListName) -> (String, String) {
    let (word, text) = match list.effect() {
        Effect::Watches => ("effect-watches", "effect-watches-text"),
        Effect::Silences => ("effect-silences", "effect-silences-text"),
        Effect::Both => ("effect-both", "effect-both-text"),
    };
    (w.t(word), w.t(text))
}
