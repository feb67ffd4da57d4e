//! Everything the detectors find in a message and its attachments, and everything that was not read.

use std::collections::HashSet;

use mail::{Place, PlaceKind, Places, RegionKind, TextPart};
use vocabulary::bounds;

use crate::clients::{self, ClientNumber};
use crate::detect::{
    self, AMBIGUOUS_MESSAGE, AMOUNT, CLIENT_DATA, DETECTORS, EMAIL, EXEMPLAR, Found, Kept, SEMANTIC,
    UNREADABLE_ATTACHMENT, UNREADABLE_MESSAGE, scan, scan_picture,
};
use crate::semantic::{self, Candidates, Models, Semantic};
use crate::silence::silence;
use crate::topics::Topics;
use crate::words::Words;
use crate::{AttachmentOutcome, Facts, Finding, Incomplete, PreparedOrganisation, Stage, Watch, lexicon};

/// Why a file that nobody tried to read was not read.
pub(crate) const NOT_EXTRACTED: &str = "not_extracted";

/// Why a message saved as a file is told: it reads in several ways.
const AMBIGUOUS: &str = "ambiguous";

/// What conditions are told of one detector.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) count: usize,
    pub(crate) distinct: usize,
    pub(crate) new: usize,
    pub(crate) certainty: usize,
    /// The highest of those counted in `new`.
    pub(crate) new_certainty: usize,
}

/// The outcome of looking.
pub(crate) struct Gathered {
    /// In the order of the message; at most `FINDINGS_MAX` that are always kept, and as many that are not.
    pub(crate) findings: Vec<Finding>,
    /// Found and counted, not kept.
    pub(crate) dropped: u64,
    /// One per detector, in the order of `DETECTORS`; dropped findings count too.
    pub(crate) tallies: Vec<Tally>,
    pub(crate) incomplete: Vec<Incomplete>,
    /// The largest sum of money, whole units.
    pub(crate) largest_amount: u64,
    /// Outside addresses written in the message or its files, in lower case.
    pub(crate) addresses: HashSet<String>,
    /// Whose data stands in it for sure: one set of owners for each piece.
    pub(crate) clients: HashSet<Vec<ClientNumber>>,
    /// Scores of sentences: the sender's own, then those of what is attached.
    pub(crate) topics: Topics,
    /// What the encoder says of the most suspicious of them.
    pub(crate) semantic: Semantic,
}

/// Looks at everything.
pub(crate) fn gather(facts: &Facts<'_>, models: &Models, watch: Watch<'_>) -> Gathered {
    let mut collector = Collector::new(facts.organisation, models, watch);
    for (index, text) in facts.message.all_texts().into_iter().enumerate() {
        let of = Of::Message { text, own: index < facts.message.texts.len() };
        collector.text(text.part.as_str(), &text.text, of);
    }
    for attachment in facts.message.all_attachments() {
        let part = name_part(attachment.part.as_str());
        collector.text(&part, &attachment.name, Of::Name);
        for (index, name) in attachment.other_names.iter().enumerate() {
            collector.text(&format!("{part}{}", index + 2), name, Of::Name);
        }
    }
    attachments(facts, &mut collector);
    defects(facts, &mut collector);
    collector.semantic(facts, models);
    (collector.watch)(Stage::Encoder);
    collector.finish()
}

fn attachments(facts: &Facts<'_>, collector: &mut Collector<'_>) {
    let attached = facts.message.all_attachments();
    for read in facts.attachments {
        let of_message = attached.iter().find(|attachment| attachment.part.as_str() == read.part);
        if of_message.is_none() {
            collector.text(&name_part(&read.part), &read.name, Of::Name);
        }
        match &read.outcome {
            AttachmentOutcome::Text(text) => collector.text(&read.part, text, Of::File(&read.places)),
            AttachmentOutcome::Nothing => {}
            // A message attached as a file is read as a message, whatever the extractor says of it.
            AttachmentOutcome::Unreadable(_)
                if of_message.is_some_and(|attachment| attachment.embedded_message.is_some()) => {}
            // All of it was read, in each way we know.
            AttachmentOutcome::Unreadable(reason) if reason == AMBIGUOUS => {
                collector.place_less(AMBIGUOUS_MESSAGE, &read.part, reason)
            }
            AttachmentOutcome::Unreadable(reason) => {
                collector.unread(UNREADABLE_ATTACHMENT, &read.part, reason)
            }
        }
    }
    // What nobody tried to read was not read: never a pass by omission.
    let tried: HashSet<&str> = facts.attachments.iter().flat_map(|read| enclosing(&read.part)).collect();
    for attachment in attached {
        if attachment.embedded_message.is_none() && !tried.contains(attachment.part.as_str()) {
            collector.unread(UNREADABLE_ATTACHMENT, attachment.part.as_str(), NOT_EXTRACTED);
        }
    }
}

fn defects(facts: &Facts<'_>, collector: &mut Collector<'_>) {
    for defect in facts.message.all_defects() {
        let part = defect.part.as_ref().map_or("message", |part| part.as_str());
        if defect.kind.is_unread() {
            collector.unread(UNREADABLE_MESSAGE, part, defect.kind.code());
        }
        if defect.kind.is_ambiguous() {
            collector.place_less(AMBIGUOUS_MESSAGE, part, defect.kind.code());
        }
    }
}

/// The part itself and every part it stands in: `1!a.zip!b.txt`, `1!a.zip`, `1`. A file inside a text is a member too.
fn enclosing(part: &str) -> impl Iterator<Item = &str> {
    let outer = part.match_indices('!').filter_map(|(at, _)| part.get(..at));
    outer.chain(std::iter::once(part))
}

fn name_part(part: &str) -> String {
    format!("{part}#name")
}

/// Detectors whose value is ours, a term or a score, and tells why.
fn is_told(detector: &str) -> bool {
    lexicon::is_lexicon(detector)
        || detector.starts_with("topic_")
        || matches!(detector, SEMANTIC | EXEMPLAR | CLIENT_DATA)
}

/// Whose text is looked at, which says where its bytes stand.
#[derive(Clone, Copy)]
enum Of<'a> {
    /// Of the message; `own` texts are its, not those of messages attached to it.
    Message { text: &'a TextPart, own: bool },
    /// A file's name.
    Name,
    /// A file.
    File(&'a Places),
}

impl Of<'_> {
    fn region_at(self, at: usize) -> Option<RegionKind> {
        let Self::Message { text, .. } = self else { return None };
        Some(text.region_at(at))
    }

    /// It was read in a picture.
    fn is_seen(self, text: &str) -> bool {
        self.place_at(text, 0).is_some_and(|place| place.kind == PlaceKind::Picture)
    }

    fn place_at(self, text: &str, at: usize) -> Option<Place> {
        let Self::File(places) = self else { return None };
        places.at(text, at)
    }
}

struct Collector<'a> {
    organisation: &'a PreparedOrganisation,
    watch: Watch<'a>,
    gathered: Gathered,
    distinct: Vec<HashSet<String>>,
    /// Findings so far that are always kept, and that are not.
    kept: [usize; 2],
    /// Sentences for the encoder.
    candidates: Candidates,
}

impl<'a> Collector<'a> {
    fn new(organisation: &'a PreparedOrganisation, models: &Models, watch: Watch<'a>) -> Self {
        let gathered = Gathered {
            findings: Vec::new(),
            dropped: 0,
            tallies: vec![Tally::default(); DETECTORS.len()],
            incomplete: Vec::new(),
            largest_amount: 0,
            addresses: HashSet::new(),
            clients: HashSet::new(),
            topics: Topics::default(),
            semantic: Semantic::default(),
        };
        let distinct = vec![HashSet::new(); DETECTORS.len()];
        let candidates = Candidates::from(models.reads_from(), bounds::ENCODED_SENTENCES_MAX);
        Self { organisation, watch, gathered, distinct, kept: [0; 2], candidates }
    }

    fn text(&mut self, part: &str, text: &str, of: Of<'_>) {
        let mut found = if of.is_seen(text) { scan_picture(text) } else { scan(text) };
        (self.watch)(Stage::Detectors);
        let words = Words::of(text);
        (self.watch)(Stage::Folding);
        lexicon::scan(&words, &mut found);
        (self.watch)(Stage::Lexicons);
        self.organisation.restricted.scan(&words, &mut found);
        (self.watch)(Stage::Issuers);
        self.organisation.clients().scan(&words, &mut found);
        (self.watch)(Stage::Clients);
        match of {
            Of::Message { text: part, own } => {
                let candidates = own.then_some(&mut self.candidates);
                self.gathered.topics.read(part, &words, &mut found, candidates);
            }
            Of::File(_) => self.gathered.topics.read_file(&words, &mut found),
            Of::Name => {}
        }
        (self.watch)(Stage::Topics);
        found.sort_by_key(|hit| hit.start);
        if found.is_empty() {
            return;
        }
        silence(self.organisation, text, &mut found);
        self.keep(part, text, of, found);
    }

    /// The encoder's findings come after all others.
    fn semantic(&mut self, facts: &Facts<'_>, models: &Models) {
        let mut semantic = models.read(self.candidates.kept());
        for (part, found) in std::mem::take(&mut semantic.found) {
            let Some(of) = semantic::text_of(&facts.message.texts, &part) else { continue };
            let mut found = vec![found];
            silence(self.organisation, &of.text, &mut found);
            self.keep(&part, &of.text, Of::Message { text: of, own: true }, found);
        }
        self.gathered.semantic = semantic;
    }

    fn keep(&mut self, part: &str, text: &str, of: Of<'_>, found: Vec<Found>) {
        for Found { detector, start, end, certainty, value } in found {
            if detector == AMOUNT {
                let units = detect::units(&value).unwrap_or(0);
                self.gathered.largest_amount = self.gathered.largest_amount.max(units);
            }
            if detector == CLIENT_DATA && certainty >= clients::PROOF {
                self.gathered.clients.insert(clients::read(&value));
            }
            let finding = Finding {
                detector: detector.to_owned(),
                part: part.to_owned(),
                start,
                end,
                region: of.region_at(start),
                place: of.place_at(text, start),
                certainty,
                excerpt: text.get(start..end).unwrap_or("").to_owned(),
                term: if is_told(detector) { value.clone() } else { String::new() },
                controls: Vec::new(),
            };
            self.add(detector, value, finding);
        }
        (self.watch)(Stage::Findings);
    }

    fn unread(&mut self, detector: &'static str, part: &str, reason: &str) {
        self.gathered.incomplete.push(Incomplete { part: part.to_owned(), reason: reason.to_owned() });
        self.place_less(detector, part, reason);
    }

    /// A finding about a part as a whole.
    fn place_less(&mut self, detector: &'static str, part: &str, code: &str) {
        let finding = Finding {
            detector: detector.to_owned(),
            part: part.to_owned(),
            start: 0,
            end: 0,
            region: None,
            place: None,
            certainty: 100,
            excerpt: code.to_owned(),
            term: String::new(),
            controls: Vec::new(),
        };
        self.add(detector, format!("{part} {code}"), finding);
    }

    fn add(&mut self, detector: &str, value: String, finding: Finding) {
        let index = detect::detector_index(detector);
        if let Some((tally, distinct)) =
            index.and_then(|index| self.gathered.tallies.get_mut(index).zip(self.distinct.get_mut(index)))
        {
            tally.count += 1;
            tally.distinct += usize::from(distinct.insert(value));
            tally.certainty = tally.certainty.max(usize::from(finding.certainty));
            if finding.region.is_none_or(|region| region == RegionKind::New) {
                tally.new += 1;
                tally.new_certainty = tally.new_certainty.max(usize::from(finding.certainty));
            }
        }
        let known = index.and_then(|index| DETECTORS.get(index));
        let always = known.is_none_or(|known| known.kept == Kept::Always);
        match self.kept.get_mut(usize::from(!always)) {
            Some(kept) if *kept < bounds::FINDINGS_MAX => {
                *kept += 1;
                self.gathered.findings.push(finding);
            }
            _ => self.gathered.dropped += u64::from(always),
        }
    }

    fn finish(mut self) -> Gathered {
        let email = detect::detector_index(EMAIL);
        if let Some(addresses) = email.and_then(|email| self.distinct.get_mut(email)) {
            self.gathered.addresses = std::mem::take(addresses);
        }
        self.gathered
    }
}
