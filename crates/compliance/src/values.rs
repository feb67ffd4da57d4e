//! The catalogue's values for one message, and for one recipient of it.

use std::sync::Arc;

use mail::Label;

use crate::calibration::{Measure, Scores};
use crate::condition::{Condition, FIELDS, Value, is_of_recipient};
use crate::gather::{Gathered, NOT_EXTRACTED};
use crate::recipients::Standing;
use crate::topics::CLASSES;
use crate::{AttachmentOutcome, ControlSet, Facts, RecipientFacts, marks};

/// Values in catalogue order. Fields no control asks about, and those of one recipient, hold a placeholder.
pub(crate) fn of_message(
    facts: &Facts<'_>,
    gathered: &Gathered,
    standings: &[Standing],
    set: &ControlSet,
) -> Vec<Value> {
    let of_detectors = gathered
        .tallies
        .iter()
        .flat_map(|tally| [tally.count, tally.distinct, tally.new, tally.certainty, tally.new_certainty]);
    let mut values: Vec<Value> = of_detectors.map(|number| Value::Int(clamp(number))).collect();
    let rest = FIELDS.get(values.len()..).unwrap_or(&[]);
    for (index, field) in (values.len()..).zip(rest) {
        values.push(if set.asks_about(index) {
            of_field(&field.name, facts, gathered, standings)
        } else {
            Value::Bool(false)
        });
    }
    values
}

/// Every score of the message that is above nothing.
pub(crate) fn scores(gathered: &Gathered) -> Scores {
    let score = |measure: Measure| match (measure.is_of_encoder(), measure.kind()) {
        (false, "highest") => gathered.topics.highest(),
        (false, topic) => {
            let class = CLASSES.iter().position(|class| class.name == topic);
            class.map_or(0, |class| gathered.topics.score(class))
        }
        (true, "highest") => gathered.semantic.highest,
        (true, _) => u16::try_from(gathered.semantic.nearest.clamp(0, 1_000)).unwrap_or(0),
    };
    Measure::all().map(|measure| (measure, score(measure))).filter(|(_, score)| *score > 0).collect()
}

fn of_field(name: &str, facts: &Facts<'_>, gathered: &Gathered, standings: &[Standing]) -> Value {
    let sender =
        |part: fn(&vocabulary::EmailAddress) -> String| text(&facts.sender.map(part).unwrap_or_default());
    let recipients = |wanted: fn(&RecipientFacts) -> bool| {
        Value::Int(clamp(facts.recipients.iter().filter(|recipient| wanted(recipient)).count()))
    };
    let standing = |wanted: fn(&Standing) -> bool| {
        Value::Int(clamp(standings.iter().filter(|standing| wanted(standing)).count()))
    };
    match name {
        "message.private" => Value::Bool(marks::is_private(facts.message)),
        "message.confidential" => Value::Bool(marks::is_confidential(facts.message)),
        "message.automatic" => Value::Bool(facts.message.auto_submitted || facts.message.report),
        "message.bulk" => Value::Bool(facts.message.bulk),
        "calendar.methods" => {
            Value::List(facts.message.calendar.iter().map(|object| text(&object.method)).collect())
        }
        "sender.protected" => {
            Value::Bool(facts.sender.is_some_and(|sender| facts.organisation.directory.is_protected(sender)))
        }
        "recipients.webmail" => standing(|standing| standing.webmail),
        "recipients.lookalike" => standing(|standing| standing.lookalike.is_some()),
        "recipients.typo" => standing(|standing| standing.typo.is_some()),
        "recipients.group" => standing(|standing| standing.group),
        "recipients.protected" => standing(|standing| standing.protected),
        "message.subject" => text(&facts.message.subject),
        "message.largest_amount" => Value::Int(i64::try_from(gathered.largest_amount).unwrap_or(i64::MAX)),
        "sender.known" => Value::Bool(facts.sender.is_some()),
        "sender.address" => sender(vocabulary::EmailAddress::key),
        "sender.domain" => sender(|address| address.domain().to_owned()),
        "recipients.count" => recipients(|_| true),
        "recipients.external" => recipients(|recipient| recipient.external),
        "recipients.first_contact" => recipients(|recipient| recipient.first_contact),
        "recipients.domains" => domains(facts),
        "clients.count" => Value::Int(clamp(gathered.clients.len())),
        "message.unscored" => Value::Int(clamp(gathered.topics.unscored())),
        "topics.highest" => Value::Int(i64::from(gathered.topics.highest())),
        "encoder.read" => Value::Int(clamp(gathered.semantic.read)),
        "encoder.highest" => Value::Int(i64::from(gathered.semantic.highest)),
        "encoder.kinds" => once(gathered.semantic.kinds.iter().map(String::as_str)),
        "encoder.nearest" => Value::Int(i64::from(gathered.semantic.nearest)),
        "encoder.categories" => once(gathered.semantic.categories.iter().map(String::as_str)),
        "visible.count" => Value::Int(clamp(visible(facts).count())),
        "visible.external" => {
            let external =
                visible(facts).filter(|address| !facts.organisation.owns_domain(domain_of(address)));
            Value::Int(clamp(external.count()))
        }
        "attachments.count" => Value::Int(clamp(facts.message.all_attachments().len())),
        "attachments.names" => {
            Value::List(facts.message.all_attachments().iter().map(|file| text(&file.name)).collect())
        }
        "message.unread" => once(gathered.incomplete.iter().map(|incomplete| incomplete.reason.as_str())),
        "attachments.features" => once(features(facts)),
        "attachments.unread" => once(unread(facts, gathered)),
        "labels.names" => once(labels(facts).map(|label| label.name.as_str())),
        "labels.ids" => once(labels(facts).map(|label| label.id.as_str())),
        "labels.confidential" => {
            once(labels(facts).filter_map(|label| facts.organisation.labels.listed(label)))
        }
        _ => topic(name, gathered),
    }
}

fn features<'a>(facts: &Facts<'a>) -> impl Iterator<Item = &'a str> {
    facts.attachments.iter().flat_map(|file| &file.features).map(String::as_str)
}

/// Of files alone: what was not read of the message itself is the message's.
fn unread<'a>(facts: &Facts<'a>, gathered: &'a Gathered) -> impl Iterator<Item = &'a str> {
    let stated = facts.attachments.iter().filter_map(|file| match &file.outcome {
        AttachmentOutcome::Unreadable(reason) => Some(reason.as_str()),
        AttachmentOutcome::Text(_) | AttachmentOutcome::Nothing => None,
    });
    let untried = gathered.incomplete.iter().map(|incomplete| incomplete.reason.as_str());
    stated.chain(untried.filter(|reason| *reason == NOT_EXTRACTED))
}

fn labels<'a>(facts: &Facts<'a>) -> impl Iterator<Item = &'a Label> {
    let of_files = facts.attachments.iter().flat_map(|file| &file.labels);
    facts.message.all_labels().into_iter().chain(of_files)
}

/// Each text that says something, once, in order.
fn once<'a>(texts: impl Iterator<Item = &'a str>) -> Value {
    let mut seen = std::collections::HashSet::new();
    Value::List(texts.filter(|item| !item.is_empty() && seen.insert(*item)).map(text).collect())
}

/// The score of `topics.aml`.
fn topic(name: &str, gathered: &Gathered) -> Value {
    let class = name.strip_prefix("topics.").and_then(|topic| CLASSES.iter().position(|c| c.name == topic));
    class.map_or(Value::Bool(false), |class| Value::Int(i64::from(gathered.topics.score(class))))
}

/// Puts one recipient's values where the condition looks for them.
pub(crate) fn set_recipient(
    values: &mut [Value],
    recipient: &RecipientFacts,
    standing: &Standing,
    condition: &Condition,
) {
    for index in condition.fields().iter().copied().filter(|index| is_of_recipient(*index)) {
        let Some((field, place)) = FIELDS.get(index).zip(values.get_mut(index)) else { continue };
        *place = match field.name.as_str() {
            "recipient.address" => text(&recipient.address.key()),
            "recipient.domain" => text(recipient.address.domain()),
            "recipient.external" => Value::Bool(recipient.external),
            "recipient.first_contact" => Value::Bool(recipient.first_contact),
            "recipient.webmail" => Value::Bool(standing.webmail),
            "recipient.like_sender" => Value::Bool(standing.like_sender),
            "recipient.lookalike" => Value::Bool(standing.lookalike.is_some()),
            "recipient.international" => Value::Bool(standing.international),
            "recipient.typo" => Value::Bool(standing.typo.is_some()),
            "recipient.group" => Value::Bool(standing.group),
            "recipient.client" => Value::Bool(standing.client),
            "recipient.foreign_data" => Value::Bool(standing.foreign_data),
            "recipient.encryption_agreed" => Value::Bool(standing.encryption_agreed),
            _ => Value::Bool(standing.protected),
        };
    }
}

/// What the condition is told of this recipient.
pub(crate) fn asked_of_recipient(values: &[Value], condition: &Condition) -> Vec<Value> {
    let asked = condition.fields().iter().filter(|index| is_of_recipient(**index));
    asked.filter_map(|index| values.get(*index).cloned()).collect()
}

fn domains(facts: &Facts<'_>) -> Value {
    let mut seen = std::collections::HashSet::new();
    let domains = facts.recipients.iter().map(|recipient| recipient.address.domain());
    Value::List(domains.filter(|domain| seen.insert(*domain)).map(text).collect())
}

/// Addresses in To and Cc, each once.
fn visible<'a>(facts: &Facts<'a>) -> impl Iterator<Item = &'a str> {
    let mut seen = std::collections::HashSet::new();
    let mailboxes = facts.message.to.iter().chain(&facts.message.cc);
    mailboxes
        .map(|mailbox| mailbox.address.as_str())
        .filter(move |address| !address.is_empty() && seen.insert(address.to_ascii_lowercase()))
}

fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}

fn text(text: &str) -> Value {
    Value::Text(Arc::from(text))
}

fn clamp(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
