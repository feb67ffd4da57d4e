//! What one recipient is to the organisation: asked by conditions, kept with the assessment for whoever reads why it concluded so.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What one recipient is to the organisation. Its `Debug` shows no address (invariant 12).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Standing {
    /// Nobody of the organisation is known to have written to them before.
    #[serde(skip_serializing_if = "is_false")]
    pub first_contact: bool,
    /// A mailbox anyone can open: personal webmail, or a provider of disposable addresses.
    #[serde(skip_serializing_if = "is_false")]
    pub webmail: bool,
    /// The domain of the organisation, its group or a known one that theirs looks like, and is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lookalike: Option<String>,
    /// A domain written with other letters than those of ASCII.
    #[serde(skip_serializing_if = "is_false")]
    pub international: bool,
    /// The known correspondent that they are one slip of the keyboard away from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub typo: Option<String>,
    /// Another entity of the group.
    #[serde(skip_serializing_if = "is_false")]
    pub group: bool,
    /// On the list of protected correspondents.
    #[serde(skip_serializing_if = "is_false")]
    pub protected: bool,
    /// An outside mailbox that carries the sender's own name.
    #[serde(skip_serializing_if = "is_false")]
    pub like_sender: bool,
    /// Encrypted mail to it may go unread.
    #[serde(skip_serializing_if = "is_false")]
    pub encryption_agreed: bool,
    /// The entry of the list `encrypted_domains` that says so; absent from what was kept before entries could be of pairs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreement: Option<String>,
    /// The mailbox or domain of a client.
    #[serde(skip_serializing_if = "is_false")]
    pub client: bool,
    /// Outside, and no owner of some client data in the message.
    #[serde(skip_serializing_if = "is_false")]
    pub foreign_data: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form serde asks for")]
const fn is_false(value: &bool) -> bool {
    !*value
}

impl Standing {
    /// What is true of them, by the names that conditions have for it (`recipient.first_contact`).
    #[must_use]
    pub fn words(&self) -> Vec<&'static str> {
        let all = [
            ("first_contact", self.first_contact),
            ("lookalike", self.lookalike.is_some()),
            ("typo", self.typo.is_some()),
            ("like_sender", self.like_sender),
            ("foreign_data", self.foreign_data),
            ("international", self.international),
            ("webmail", self.webmail),
            ("client", self.client),
            ("group", self.group),
            ("protected", self.protected),
            ("encryption_agreed", self.encryption_agreed),
        ];
        all.into_iter().filter(|(_, is_true)| *is_true).map(|(word, _)| word).collect()
    }

    /// Nothing is true of any of them.
    pub(crate) fn are_plain(all: &[Self]) -> bool {
        all.iter().all(|one| *one == Self::default())
    }
}

impl fmt::Debug for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().join(" "))
    }
}
