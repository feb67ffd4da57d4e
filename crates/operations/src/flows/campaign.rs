//! Sendings by the thousand: from a client declared so, or recognised as a campaign: many messages of one sender, one subject
//! and one shape within a quarter of an hour. Only what the message looks like counts, never what it says.

use access::{Operation, OperationError, Tx};
use mail::Message;
use vocabulary::bounds;

use super::opened::OpenFlow;

pub(crate) mod sql {
    access::statements! {
        Organisation OF_TEMPLATE = "SELECT COUNT(*) FROM (SELECT id FROM flow WHERE organisation = $1 AND template = $2 AND received_at >= $3 LIMIT 20) counted";
    }
}

/// How a flow is sent: beside people's messages, or with them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sending {
    /// It leaves by the lane of the thousands.
    pub(crate) bulk: bool,
    /// The blind index of its template.
    pub(crate) template: Option<Vec<u8>>,
}

/// Looks at a message before it is settled.
///
/// # Errors
/// The key store or the database did not answer.
pub(crate) async fn sending(
    op: &Operation,
    flow: &OpenFlow,
    message: &Message,
) -> Result<Sending, OperationError> {
    let Some(sender) = &flow.envelope.reverse_path else {
        return Ok(Sending { bulk: flow.origin.bulk, template: None });
    };
    let template = template(&sender.key(), message);
    let index = op.instance().blind_index(op.organisation(), "template", &template)?;
    if flow.origin.bulk {
        return Ok(Sending { bulk: true, template: Some(index) });
    }
    let (asked, since) = (index.clone(), op.now().minus(bounds::CAMPAIGN_WINDOW));
    let before: u64 = op
        .read(async move |tx: &mut Tx<'_>| {
            match tx.fetch_optional(sql::OF_TEMPLATE, vec![asked.into(), since.into()]).await? {
                Some(row) => row.get(0).map_err(OperationError::from),
                None => Ok(0),
            }
        })
        .await?;
    Ok(Sending { bulk: before >= bounds::CAMPAIGN_FLOWS as u64, template: Some(index) })
}

/// What the messages of a sending share: who sends, the subject without what changes from one to the next, the parts.
fn template(sender: &str, message: &Message) -> String {
    let is_constant = |word: &&str| !word.contains(|c: char| c.is_ascii_digit() || c == '@');
    let subject: Vec<&str> = message.subject.split_whitespace().filter(is_constant).collect();
    let mut text = format!("{sender}\n{}\n", subject.join(" ").to_lowercase());
    for part in &message.texts {
        text.push_str(&format!("{} {:?}\n", part.part, part.kind));
    }
    for attachment in &message.attachments {
        text.push_str(&format!("{} {}\n", attachment.part, attachment.declared_type));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_from_one_to_the_next_does_not_count() {
        let of = |subject: &str, body: &str| {
            let raw = format!("Subject: {subject}\r\n\r\n{body}\r\n");
            template("a@x.example", &mail::parse(raw.as_bytes()))
        };
        let one = of("Votre relevé no 4711 du 24/11", "Bonjour Mme Durand");
        assert_eq!(one, of("Votre relevé no 4712 du 25/11", "Bonjour M. Petit"));
        assert_ne!(one, of("Point de situation", "Bonjour Mme Durand"));
    }
}
