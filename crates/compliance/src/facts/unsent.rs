//! A message as a file, without envelope or history: who it seems to come from and go to, read from its header.

use mail::Message;
use vocabulary::{EmailAddress, Timestamp};

use super::{AttachmentText, Facts, OrganisationFacts, PreparedOrganisation, RecipientFacts};

/// Who stands in for the recipient of a file that names nobody: somebody outside.
const NOBODY: &str = "undisclosed@outside.invalid";

/// The facts of a message nobody has sent yet, owned.
#[derive(Debug)]
pub struct Unsent {
    message: Message,
    sender: Option<EmailAddress>,
    recipients: Vec<RecipientFacts>,
    attachments: Vec<AttachmentText>,
    organisation: PreparedOrganisation,
}

impl Unsent {
    /// `attachments` are those of `message`, read. Without a domain in `organisation`, the sender's counts as its own.
    #[must_use]
    pub fn new(
        message: Message,
        attachments: Vec<AttachmentText>,
        mut organisation: OrganisationFacts,
    ) -> Self {
        let sender = message.from.first().and_then(|from| EmailAddress::parse(&from.address).ok());
        if organisation.domains.is_empty() {
            organisation.domains.extend(sender.iter().map(|sender| sender.domain().to_owned()));
        }
        let addressed = message.to.iter().chain(&message.cc).chain(&message.bcc);
        let mut addresses: Vec<EmailAddress> =
            addressed.filter_map(|mailbox| EmailAddress::parse(&mailbox.address).ok()).collect();
        if addresses.is_empty() {
            addresses.extend(EmailAddress::parse(NOBODY));
        }
        let recipients = addresses
            .into_iter()
            .map(|address| RecipientFacts {
                external: !organisation.owns_domain(address.domain()),
                first_contact: false,
                address,
            })
            .collect();
        Self { message, sender, recipients, attachments, organisation: organisation.into() }
    }

    /// The facts, as if the message were sent at `at`.
    #[must_use]
    pub fn facts(&self, at: Timestamp) -> Facts<'_> {
        Facts {
            message: &self.message,
            sender: self.sender.as_ref(),
            recipients: &self.recipients,
            attachments: &self.attachments,
            organisation: &self.organisation,
            at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str) -> Unsent {
        Unsent::new(mail::parse(raw.as_bytes()), Vec::new(), OrganisationFacts::default())
    }

    #[test]
    fn the_senders_domain_is_the_organisations_own() {
        let unsent = read(
            "From: a@orveane.example\r\nTo: b@orveane.example, c@x.example\r\nBcc: d@y.example\r\n\r\nx",
        );
        let external: Vec<bool> = unsent.recipients.iter().map(|recipient| recipient.external).collect();
        assert_eq!(external, [false, true, true]);
    }

    #[test]
    fn a_file_that_names_nobody_goes_outside() {
        let unsent = read("Subject: x\r\n\r\nx");
        assert_eq!(unsent.recipients.len(), 1);
        assert!(unsent.recipients[0].external && unsent.sender.is_none());
    }
}
