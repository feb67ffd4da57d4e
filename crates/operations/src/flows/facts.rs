//! What history says about an envelope, handed to the engine as facts (the engine itself asks nobody).

use access::{Operation, OperationError, Tx, Value};
use compliance::RecipientFacts;
use vocabulary::{ForwardPath, Timestamp};

use super::receive::Envelope;
use super::sql;
use crate::Organisation;

/// A recipient, what the engine is told of them, and their blind index.
#[derive(Debug, Clone)]
pub struct Recipient {
    /// Where it goes, and what was asked about it.
    pub path: ForwardPath,
    /// What the engine is told.
    pub facts: RecipientFacts,
    /// The blind index of (sender, recipient): first contact is asked without keeping who wrote to whom in clear.
    pub index: Option<Vec<u8>>,
}

/// Facts about each recipient, in the order of the envelope.
///
/// # Errors
/// The database or the key store did not answer.
pub async fn of_recipients(
    op: &Operation,
    organisation: &Organisation,
    envelope: &Envelope,
) -> Result<Vec<Recipient>, OperationError> {
    facts(op, organisation, envelope, None).await
}

/// As they were at a moment: whoever was first written to from then on was not known yet.
///
/// # Errors
/// As [`of_recipients`].
pub(crate) async fn of_recipients_at(
    op: &Operation,
    organisation: &Organisation,
    envelope: &Envelope,
    at: Timestamp,
) -> Result<Vec<Recipient>, OperationError> {
    facts(op, organisation, envelope, Some(at)).await
}

async fn facts(
    op: &Operation,
    organisation: &Organisation,
    envelope: &Envelope,
    at: Option<Timestamp>,
) -> Result<Vec<Recipient>, OperationError> {
    let sender = envelope.reverse_path.as_ref().map(vocabulary::EmailAddress::key).unwrap_or_default();
    let mut recipients = Vec::with_capacity(envelope.recipients.len());
    for path in &envelope.recipients {
        let address = &path.address;
        let external = !organisation.owns(address);
        let index =
            if external && !sender.is_empty() { Some(index(op, &sender, &address.key())?) } else { None };
        let facts = RecipientFacts { address: address.clone(), external, first_contact: false };
        recipients.push(Recipient { path: path.clone(), facts, index });
    }
    let indices: Vec<Option<Vec<u8>>> = recipients.iter().map(|recipient| recipient.index.clone()).collect();
    if indices.iter().any(Option::is_some) {
        let known = op.read(async move |tx: &mut Tx<'_>| known(tx, indices, at).await).await?;
        for (recipient, known) in recipients.iter_mut().zip(known) {
            recipient.facts.first_contact = recipient.facts.external && recipient.index.is_some() && !known;
        }
    }
    Ok(recipients)
}

/// The blind index of a sender and a recipient, both in the form that is compared.
pub(crate) fn index(op: &Operation, sender: &str, recipient: &str) -> Result<Vec<u8>, OperationError> {
    let pair = format!("{sender}\n{recipient}");
    op.instance().blind_index(op.organisation(), "known_recipient", &pair)
}

async fn known(
    tx: &mut Tx<'_>,
    indices: Vec<Option<Vec<u8>>>,
    at: Option<Timestamp>,
) -> Result<Vec<bool>, OperationError> {
    let mut answers = Vec::with_capacity(indices.len());
    for index in indices {
        let Some(index) = index else {
            answers.push(true);
            continue;
        };
        let row = tx.fetch_optional(sql::IS_KNOWN, vec![Value::Bytes(index)]).await?;
        let since: Option<Timestamp> = row.map(|row| row.get(0)).transpose()?;
        answers.push(since.is_some_and(|since| at.is_none_or(|at| since < at)));
    }
    Ok(answers)
}
