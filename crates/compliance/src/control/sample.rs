//! Samples: small messages that say what a control catches and what it leaves.

use std::sync::Arc;

use mail::{
    Attachment, CalendarObject, Defect, DefectKind, Label, Mailbox, Message, PartId, Region, RegionKind,
    Sensitivity, TextKind, TextPart,
};
use serde::{Deserialize, Serialize};
use vocabulary::{EmailAddress, Locale, Timestamp};

use super::{Control, ControlSet};
use crate::clients::{Builder, Clients};
use crate::{
    Assessment, AttachmentOutcome, AttachmentText, Facts, OrganisationFacts, PreparedOrganisation,
    RecipientFacts, assess,
};

/// A message in few words. Invented, like its people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// The language it is written in.
    pub locale: Locale,
    /// Whether the control must match it, for at least one recipient.
    pub matches: bool,
    /// The subject.
    #[serde(default)]
    pub subject: String,
    /// The text.
    #[serde(default)]
    pub text: String,
    /// Which region the text is.
    #[serde(default = "new_text")]
    pub region: RegionKind,
    /// Who gets it, in To: addresses under `orveane.example` are internal. One external by default.
    #[serde(default = "one_external")]
    pub recipients: Vec<EmailAddress>,
    /// Nobody wrote to the external ones before.
    #[serde(default)]
    pub first_contact: bool,
    /// Lists of the organisation, besides its domain `orveane.example`.
    #[serde(default)]
    pub lists: OrganisationFacts,
    /// Clients of the organisation, in the order of their numbers.
    #[serde(default)]
    pub clients: Vec<SampleClient>,
    /// The mark of the `Sensitivity` field.
    #[serde(default)]
    pub sensitivity: Option<Sensitivity>,
    /// A machine sends it by itself.
    #[serde(default)]
    pub automatic: bool,
    /// Methods of the calendar objects in it.
    #[serde(default)]
    pub calendar: Vec<String>,
    /// What it carries.
    #[serde(default)]
    pub attachments: Vec<SampleAttachment>,
    /// Its sensitivity labels: names, or identifiers.
    #[serde(default)]
    pub labels: Vec<String>,
    /// What is wrong with it, by the codes of defects.
    #[serde(default)]
    pub defects: Vec<DefectKind>,
}

/// An attachment of a sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleAttachment {
    /// Its file name.
    pub name: String,
    /// Its text, if it could be read and has one.
    #[serde(default)]
    pub text: Option<String>,
    /// Why it could not be read.
    #[serde(default)]
    pub unreadable: Option<String>,
    /// What else it has, by code: `macros`, `hidden_sheets`…
    #[serde(default)]
    pub features: Vec<String>,
    /// Its sensitivity labels: names, or identifiers.
    #[serde(default)]
    pub labels: Vec<String>,
}

/// A client in a sample.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SampleClient {
    /// Accounts and other numbers.
    pub numbers: Vec<String>,
    /// Their own mail: addresses or domains.
    pub recipients: Vec<String>,
}

/// A sample that is not as it says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{control}, sample {sample} ({locale}): it {}, and the file says it {}",
    if *.expected { "does not match" } else { "matches" }, if *.expected { "does" } else { "does not" })]
pub struct SampleFailure {
    /// The control.
    pub control: String,
    /// Which sample, from 1.
    pub sample: usize,
    /// Its language.
    pub locale: Locale,
    /// What the file says.
    pub expected: bool,
}

const fn new_text() -> RegionKind {
    RegionKind::New
}

fn one_external() -> Vec<EmailAddress> {
    EmailAddress::parse("client@sableval.example").into_iter().collect()
}

/// Runs one control's samples.
pub(super) fn check(set: &ControlSet, control: &Control) -> Vec<SampleFailure> {
    let wrong = |sample: &Sample| matches(set, control, sample) != sample.matches;
    control
        .samples
        .iter()
        .enumerate()
        .filter(|(_, sample)| wrong(sample))
        .map(|(index, sample)| SampleFailure {
            control: control.id.clone(),
            sample: index + 1,
            locale: sample.locale,
            expected: sample.matches,
        })
        .collect()
}

fn matches(set: &ControlSet, control: &Control, sample: &Sample) -> bool {
    let assessment = assessment(set, sample);
    assessment.matches.iter().any(|found| found.control == control.id && found.error.is_none())
}

/// What the set says of a sample.
pub(crate) fn assessment(set: &ControlSet, sample: &Sample) -> Assessment {
    let mut organisation = sample.lists.clone();
    organisation.domains.push("orveane.example".into());
    let organisation = PreparedOrganisation::from(organisation).with_clients(clients(&sample.clients));
    let message = message(sample);
    let recipients: Vec<RecipientFacts> = sample
        .recipients
        .iter()
        .map(|address| {
            let external = !organisation.owns_domain(address.domain());
            RecipientFacts {
                address: address.clone(),
                external,
                first_contact: external && sample.first_contact,
            }
        })
        .collect();
    let attachments: Vec<AttachmentText> = sample.attachments.iter().enumerate().map(outcome).collect();
    let sender = EmailAddress::parse("clemence.aubertin@orveane.example").ok();
    assess(
        &Facts {
            message: &message,
            sender: sender.as_ref(),
            recipients: &recipients,
            attachments: &attachments,
            organisation: &organisation,
            at: Timestamp::default(),
        },
        set,
    )
}

fn clients(given: &[SampleClient]) -> Arc<Clients> {
    let mut builder = Builder::new(&[7; 32]);
    for (client, given) in (1..).zip(given) {
        // What is no number or no address is nobody's: the sample then says otherwise than its file.
        for number in &given.numbers {
            let _ = builder.number(client, number);
        }
        for own in &given.recipients {
            let _ = builder.recipient(client, own);
        }
    }
    Arc::new(builder.finish())
}

fn message(sample: &Sample) -> Message {
    let text = |part: PartId, kind, text: &str, region| TextPart {
        part,
        kind,
        text: text.to_owned(),
        regions: vec![Region { kind: region, start: 0, end: text.len() }],
    };
    Message {
        subject: sample.subject.clone(),
        sensitivity: sample.sensitivity,
        auto_submitted: sample.automatic,
        calendar: sample
            .calendar
            .iter()
            .map(|method| CalendarObject {
                part: PartId::new("1"),
                method: method.clone(),
                organizer: String::new(),
                uids: Vec::new(),
            })
            .collect(),
        to: sample
            .recipients
            .iter()
            .map(|address| Mailbox { name: String::new(), address: address.as_str().to_owned() })
            .collect(),
        texts: vec![
            text(PartId::subject(), TextKind::Subject, &sample.subject, RegionKind::New),
            text(PartId::new("1"), TextKind::Plain, &sample.text, sample.region),
        ],
        attachments: sample
            .attachments
            .iter()
            .enumerate()
            .map(|(index, attachment)| Attachment {
                part: part_of(index),
                name: attachment.name.clone(),
                other_names: Vec::new(),
                declared_type: "application/octet-stream".into(),
                bytes: Vec::new(),
                size: 0,
                inline: false,
                embedded_message: None,
            })
            .collect(),
        labels: labels(&sample.labels),
        defects: sample
            .defects
            .iter()
            .map(|kind| Defect { kind: *kind, part: None, detail: String::new() })
            .collect(),
        ..Message::default()
    }
}

fn outcome((index, attachment): (usize, &SampleAttachment)) -> AttachmentText {
    AttachmentText {
        part: part_of(index).to_string(),
        name: attachment.name.clone(),
        outcome: match (&attachment.unreadable, &attachment.text) {
            (Some(reason), _) => AttachmentOutcome::Unreadable(reason.clone()),
            (None, Some(text)) => AttachmentOutcome::Text(text.clone()),
            (None, None) => AttachmentOutcome::Nothing,
        },
        features: attachment.features.clone(),
        labels: labels(&attachment.labels),
        places: mail::Places::default(),
    }
}

fn labels(said: &[String]) -> Vec<Label> {
    let label = |said: &String| match mail::guid(said) {
        Some(id) => Label { id, name: String::new() },
        None => Label { id: String::new(), name: said.clone() },
    };
    said.iter().map(label).collect()
}

fn part_of(index: usize) -> PartId {
    PartId::new(&(index + 2).to_string())
}
