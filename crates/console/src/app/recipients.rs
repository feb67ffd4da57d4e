//! Who receives a held message: what became of each copy, and why this recipient, where the reader may know it.

use compliance::Agreement;
use operations::flows::DeliveryState;
use operations::review::open::Recipient;

use super::known::Known;
use crate::i18n::Words;
use crate::pages::Standing;
use crate::pages::message::{RecipientView, Tag};

/// Why a file or a piece of the message was not read.
const ENCRYPTED: &str = "encrypted";

impl Known<'_> {
    pub(super) fn recipients(&self) -> Vec<RecipientView> {
        let contents = self.held.contents.as_ref();
        let standings = contents.map_or(&[][..], |told| &told.assessment.standings);
        let standings = standings.iter().map(Some).chain(std::iter::repeat(None));
        self.held
            .recipients
            .iter()
            .zip(standings)
            .map(|(one, standing)| self.recipient(one, standing))
            .collect()
    }

    /// `known` is what they are to the organisation; nobody knows it of one that is guarded and not opened.
    fn recipient(&self, recipient: &Recipient, known: Option<&compliance::Standing>) -> RecipientView {
        let standing = match recipient.state {
            DeliveryState::Held | DeliveryState::Accepted => Standing::Held,
            DeliveryState::Queued | DeliveryState::Attempting => Standing::Sending,
            DeliveryState::Delivered => Standing::Delivered,
            DeliveryState::Bounced => Standing::Bounced,
            DeliveryState::Withdrawn => Standing::Withdrawn,
            DeliveryState::Rejected => Standing::Rejected,
            DeliveryState::Refused => Standing::Refused,
            DeliveryState::Uncertain => Standing::Uncertain,
        };
        RecipientView {
            name: recipient.address.to_string(),
            address: None,
            note: self.put_off(recipient),
            chip: standing.chip(self.visitor.words),
            tags: std::iter::once(if recipient.external { Tag::External } else { Tag::Internal })
                .chain(known.map(|known| tags(known, self.visitor.words)).unwrap_or_default())
                .chain(self.not_agreed(recipient, known))
                .collect(),
        }
    }

    /// Something encrypted goes outside unread, between two domains that no entry agrees to.
    fn not_agreed(&self, recipient: &Recipient, known: Option<&compliance::Standing>) -> Option<Tag> {
        let assessment = &self.held.contents.as_ref()?.assessment;
        let is_encrypted = assessment.incomplete.iter().any(|unread| unread.reason == ENCRYPTED);
        let is_agreed = known.is_some_and(|known| known.encryption_agreed);
        if !recipient.external || !is_encrypted || is_agreed {
            return None;
        }
        let (w, to) = (self.visitor.words, recipient.address.domain());
        Some(Tag::Warn(match &self.held.sender {
            Some(sender) => w.with2("recipient-encryption-open-pair", "from", sender.domain(), "to", to),
            None => w.with("recipient-encryption-open", "to", to),
        }))
    }

    /// A copy that a server asked to bring again.
    fn put_off(&self, recipient: &Recipient) -> Option<String> {
        let waits = matches!(recipient.state, DeliveryState::Queued | DeliveryState::Attempting);
        let code = recipient.deferred.as_deref().filter(|_| waits)?;
        let w = self.visitor.words;
        Some(w.with("recipient-deferred", "reason", crate::pages::outgoing::answer(code, w)))
    }
}

/// Why this recipient: what they are to the organisation, what is suspect first.
fn tags(known: &compliance::Standing, w: Words) -> Vec<Tag> {
    let like =
        |key, name, like: &Option<String>| like.as_ref().map(|like| Tag::Warn(w.with(key, name, like)));
    let warn = |is_true: bool, key| is_true.then(|| Tag::Warn(w.t(key)));
    let fact = |is_true: bool, key| is_true.then(|| Tag::Fact(w.t(key)));
    let all = [
        known.first_contact.then_some(Tag::FirstContact),
        like("recipient-lookalike", "domain", &known.lookalike),
        like("recipient-typo", "address", &known.typo),
        warn(known.like_sender, "recipient-like-sender"),
        warn(known.foreign_data, "recipient-foreign-data"),
        warn(known.international, "recipient-international"),
        warn(known.webmail, "recipient-webmail"),
        fact(known.client, "recipient-client"),
        fact(known.group, "recipient-group"),
        fact(known.protected, "recipient-protected"),
        known.encryption_agreed.then(|| Tag::Fact(agreed(known, w))),
    ];
    all.into_iter().flatten().collect()
}

/// By which entry encrypted mail to them goes unread.
fn agreed(known: &compliance::Standing, w: Words) -> String {
    match known.agreement.as_deref().and_then(|entry| entry.parse().ok()) {
        Some(Agreement { from: Some(from), to }) => {
            w.with2("recipient-encryption-agreed-pair", "from", from, "to", to)
        }
        Some(Agreement { from: None, to }) => w.with("recipient-encryption-agreed-with", "to", to),
        None => w.t("recipient-encryption-agreed"),
    }
}
