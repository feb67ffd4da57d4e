//! A held message: the clock, why it waits, its text with the passages found, who receives it, what to decide.

use askama::Template;

use super::queue::QueueList;
use super::{Chip, Severity, Shell};
use crate::clock::ClockView;
use crate::text::SafeHtml;

/// The queue with a message opened.
#[derive(Debug, Clone, Template)]
#[template(path = "message.html")]
pub struct MessagePage {
    /// The frame.
    pub s: Shell,
    /// The list beside it.
    pub list: QueueList,
    /// The message.
    pub m: Held,
}

/// A held message.
#[derive(Debug, Clone)]
pub struct Held {
    /// Its hold.
    pub id: String,
    /// Its page.
    pub href: String,
    /// Its flow's id.
    pub flow: String,
    /// Where it stands.
    pub chip: Chip,
    /// How grave.
    pub severity: Severity,
    /// It is guarded, and was opened: as what, until when, in which case.
    pub guard: Option<String>,
    /// Its subject line; empty when it has none.
    pub subject: String,
    /// The same, marked.
    pub heading: SafeHtml,
    /// Who sent it.
    pub sender: String,
    /// `envoyé à 14:02 · 2 pièces jointes, 184 Ko`.
    pub facts: String,
    /// Its clock, while it waits.
    pub clock: Option<ClockView>,
    /// What happens next: `arbitre saisi à 14:27`.
    pub next: Option<String>,
    /// What else the decision is for.
    pub together: Vec<String>,
    /// Why it waits, gravest control first.
    pub why: Vec<Why>,
    /// Its text, region by region.
    pub text: Vec<Passage>,
    /// What was found.
    pub findings: Vec<FindingRow>,
    /// Findings counted and not kept.
    pub more_findings: u64,
    /// What the second encoder says of it.
    pub second: Option<SecondView>,
    /// Its attachments.
    pub attachments: Vec<AttachmentView>,
    /// Who receives it.
    pub recipients: Vec<RecipientView>,
    /// What was decided on it.
    pub decided: Vec<DecidedView>,
    /// What was decided on like ones.
    pub similar: Vec<DecidedView>,
    /// On all like it, counted: `12 libérés sur 14 en 90 jours`.
    pub alike: Option<String>,
    /// On others this sender wrote to the same outside domains.
    pub pair: Vec<DecidedView>,
    /// What was said about it before a decision.
    pub said: Vec<SaidView>,
    /// What was, what is and what will be.
    pub timeline: Vec<Event>,
    /// What can be decided, in the order of the bar.
    pub acts: Vec<ActLink>,
    /// Why nothing can be decided by this person, if so.
    pub no_act: Option<String>,
    /// The first and last digits of the hash a decision is bound to.
    pub bound: String,
}

/// One control's reason.
#[derive(Debug, Clone)]
pub struct Why {
    /// In plain words.
    pub reason: String,
    /// Instrument, number, article, point.
    pub ground: Option<String>,
    /// Its id.
    pub control: String,
    /// Its version.
    pub version: String,
    /// `jeu publié le 2 nov., modifié depuis (version 13)`.
    pub since: Option<String>,
    /// What would make the message pass.
    pub remedy: Option<String>,
    /// Whom it concerns, when it does not concern everybody.
    pub whom: Option<String>,
    /// The numbers of the findings it rests on.
    pub passages: Vec<u32>,
    /// The files it rests on for what they have besides text.
    pub files: Vec<Cited>,
}

/// A file a control rests on, without a finding in its text.
#[derive(Debug, Clone)]
pub struct Cited {
    /// The fragment of the file; none for the message itself.
    pub target: Option<String>,
    /// Its name.
    pub name: String,
    /// What it has: `macros`, `étiquette « Confidentiel »`.
    pub what: String,
}

/// Whose words a passage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Region {
    /// Newly written.
    New,
    /// An earlier message, quoted.
    Quoted,
    /// A signature.
    Signature,
    /// A footer or disclaimer.
    Footer,
}

/// A region of the text.
#[derive(Debug, Clone)]
pub struct Passage {
    /// Whose words.
    pub region: Region,
    /// Folded away: nothing was found in it.
    pub folded: bool,
    /// Its text, marked.
    pub html: SafeHtml,
}

/// A finding in the list.
#[derive(Debug, Clone)]
pub struct FindingRow {
    /// Its number.
    pub number: u32,
    /// What it is: `IBAN valide, hors de la banque`.
    pub title: String,
    /// What is told of it besides: the lexicon's line, the nearest example, why it was not read.
    pub told: Option<String>,
    /// Where and how sure: `Corps · clé vérifiée · certain`.
    pub place: String,
    /// How grave.
    pub severity: Severity,
    /// The fragment of its passage (`c4`) where it is marked, else of its file (`a2`).
    pub target: Option<String>,
}

/// What the second encoder says: it ranks and explains, and decides nothing.
#[derive(Debug, Clone)]
pub struct SecondView {
    /// `42 phrases lues à 14:03`.
    pub facts: String,
    /// There was more than it reads of one message.
    pub more: bool,
    /// The likeliest first.
    pub lines: Vec<SecondLine>,
    /// The first and last digits of the model's hash.
    pub model: String,
}

/// A sentence it found.
#[derive(Debug, Clone)]
pub struct SecondLine {
    /// Of what kind: `Phrase proche de l’abus de marché`.
    pub title: String,
    /// How much, and where: `870 sur 1 000 · Corps`.
    pub place: String,
    /// The sentence.
    pub text: String,
}

/// An attachment.
#[derive(Debug, Clone)]
pub struct AttachmentView {
    /// Its fragment.
    pub id: String,
    /// Its file name, marked.
    pub name: SafeHtml,
    /// Type and size: `PDF, 84 Ko`.
    pub facts: String,
    /// What it has besides text: `macros`, `étiquette « Confidentiel »`.
    pub marks: Vec<String>,
    /// What came out of it.
    pub contents: Contents,
}

/// What came out of an attachment.
#[derive(Debug, Clone)]
pub enum Contents {
    /// Its text, marked; open when something was found in it.
    Text {
        /// The text, or its beginning.
        html: SafeHtml,
        /// What stands around findings past its beginning.
        more: Vec<SafeHtml>,
        /// Says how much is not shown, where not all is.
        shortened: Option<String>,
        /// Shown unfolded.
        open: bool,
    },
    /// It is a message: what that says, open when something was found in it.
    Message {
        /// Its texts, region by region, the subject first.
        passages: Vec<Passage>,
        /// Shown unfolded.
        open: bool,
    },
    /// It was read and holds no text.
    Nothing,
    /// It was not read: why.
    Unreadable(String),
}

impl Contents {
    /// The findings that are marked in it.
    #[must_use]
    pub fn drawn(&self) -> Vec<&u32> {
        let texts: Vec<&SafeHtml> = match self {
            Self::Text { html, more, .. } => std::iter::once(html).chain(more).collect(),
            Self::Message { passages, .. } => passages.iter().map(|passage| &passage.html).collect(),
            Self::Nothing | Self::Unreadable(_) => Vec::new(),
        };
        texts.into_iter().flat_map(SafeHtml::drawn).collect()
    }
}

/// A recipient.
#[derive(Debug, Clone)]
pub struct RecipientView {
    /// Their name, or their address when there is none.
    pub name: String,
    /// Their address, when it is not the name already.
    pub address: Option<String>,
    /// Their copy was put off: why.
    pub note: Option<String>,
    /// Their own verdict or what became of their copy.
    pub chip: Chip,
    /// Facts about them.
    pub tags: Vec<Tag>,
}

/// A fact about a recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tag {
    /// Written to for the first time.
    FirstContact,
    /// Outside the organisation.
    External,
    /// Inside it.
    Internal,
    /// Something suspect: `ressemble à sableval.example`.
    Warn(String),
    /// Something to know: `correspondant protégé`.
    Fact(String),
}

/// A decision, as colleagues read it.
#[derive(Debug, Clone)]
pub struct DecidedView {
    /// What was decided.
    pub chip: Chip,
    /// When.
    pub when: String,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: String,
    /// The page of the message it was decided on, where that is another one.
    pub href: Option<String>,
}

/// What somebody said about a message.
#[derive(Debug, Clone)]
pub struct SaidView {
    /// Who, and in what part: `L’expéditeur justifie`.
    pub who: String,
    /// When.
    pub when: String,
    /// In their words.
    pub text: String,
}

/// A point of the timeline.
#[derive(Debug, Clone)]
pub struct Event {
    /// Past, present or to come.
    pub tense: Tense,
    /// `14:02`.
    pub time: String,
    /// What.
    pub text: String,
}

/// Past, present or to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tense {
    /// It was.
    Past,
    /// It is.
    Now,
    /// It will be.
    Next,
}

/// A decision that can be made, as the bar offers it.
#[derive(Debug, Clone)]
pub struct ActLink {
    /// Which.
    pub act: super::decide::Act,
    /// Its form.
    pub href: String,
}
