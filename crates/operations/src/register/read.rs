//! Rows of held messages, opened and redacted for who reads them.

use std::collections::HashMap;
use std::sync::Arc;

use access::{Operation, OperationError, Row, Tx};
use compliance::explain::{Reader, Sets, register};
use compliance::{ControlSet, Guard};
use vocabulary::{AssessmentId, EmailAddress, HoldId, Locale, OrganisationId, bounds};

use super::Entry;
use crate::flows::settle::{Reviewed, Summary, assessment_context, summary_context};
use crate::review::{Kept, clock, decision_context, open_json};
use crate::{Cerebro, Organisation, controls};

/// Whoever reads, and the control sets they read with.
pub(super) struct Opener<'a> {
    cerebro: &'a Cerebro,
    op: &'a Operation,
    organisation: Arc<Organisation>,
    locale: Locale,
    /// Past sets by their digest; `None` for those that are not kept or one too many.
    sets: HashMap<String, Option<Arc<ControlSet>>>,
}

impl<'a> Opener<'a> {
    pub(super) fn new(
        cerebro: &'a Cerebro,
        op: &'a Operation,
        of: OrganisationId,
        locale: Locale,
    ) -> Result<Self, OperationError> {
        let organisation = cerebro
            .organisation(of)
            .ok_or_else(|| OperationError::Damaged("the organisation is not loaded".into()))?;
        Ok(Self { cerebro, op, organisation, locale, sets: HashMap::new() })
    }

    /// One row; `is_own` messages are told as to their sender.
    pub(super) async fn entry(&mut self, row: &Row, is_own: bool) -> Result<Entry, OperationError> {
        let (hold, assessment): (HoldId, AssessmentId) = (row.parse(0)?, row.parse(2)?);
        let next: Option<String> = row.get(10)?;
        let next = row.get::<Option<_>>(9)?.zip(next.as_deref().and_then(clock::Event::parse));
        let mut entry = Entry {
            hold,
            flow: row.parse(1)?,
            held_at: row.get(5)?,
            due_at: row.get(6)?,
            state: row.parse(4)?,
            class: Some(row.get(3)?).filter(|_| !is_own),
            decided_at: row.get(7)?,
            reason: None,
            next: next.filter(|_| !is_own),
            subject: None,
            is_own,
            lines: Vec::new(),
            is_guarded: false,
            is_erased: false,
        };
        match self.contents(row, assessment, &mut entry).await {
            Err(error) if error.is_erased() => entry.is_erased = true,
            other => other?,
        }
        Ok(entry)
    }

    async fn contents(
        &mut self,
        row: &Row,
        id: AssessmentId,
        entry: &mut Entry,
    ) -> Result<(), OperationError> {
        if entry.is_own {
            let kept: Summary = open_json(self.op, &summary_context(entry.flow), &row.get::<Vec<u8>>(13)?)?;
            entry.subject = Some(kept.subject);
        } else if let Some(sealed) = row.get::<Option<Vec<u8>>>(8)? {
            entry.reason = Some(open_json::<Kept>(self.op, &decision_context(entry.hold), &sealed)?.reason);
        }
        let reviewed: Reviewed = open_json(self.op, &assessment_context(id), &row.get::<Vec<u8>>(14)?)?;
        let then = self.set(&row.get::<String>(15)?).await?;
        let sets = Sets { then: then.as_deref(), now: &self.organisation.controls };
        let reader = if entry.is_own { Reader::Sender } else { Reader::Auditor };
        entry.lines = register(&reviewed.assessment, &reviewed.attachments, sets, reader, self.locale);
        let kept: Option<i64> = row.get(16)?;
        let guard = kept.map_or_else(|| Guard::of(&reviewed.assessment, None), Guard::from_bits);
        if guard.class().is_some() && !entry.is_own {
            entry.is_guarded = true;
            for line in &mut entry.lines {
                (line.found, line.more) = (Vec::new(), 0);
            }
        }
        Ok(())
    }

    /// The set of a digest: the one in force, or a past one that is still kept.
    async fn set(&mut self, digest: &str) -> Result<Option<Arc<ControlSet>>, OperationError> {
        let in_force = &self.organisation.controls;
        if in_force.digest() == digest {
            return Ok(Some(Arc::clone(in_force)));
        }
        if let Some(known) = self.sets.get(digest) {
            return Ok(known.clone());
        }
        if self.sets.len() >= bounds::REGISTER_SETS_MAX {
            return Ok(None);
        }
        let set = controls::then::of_digest(self.cerebro, self.op, digest, in_force).await?;
        self.sets.insert(digest.to_owned(), set.clone());
        Ok(set)
    }
}

/// The addresses that are the reader's, under another account of the same name too, as senders are compared.
pub(super) async fn own_addresses(op: &Operation) -> Result<Vec<String>, OperationError> {
    let (access::Actor::Person { account, .. } | access::Actor::Service { account, .. }) = op.actor() else {
        return Ok(Vec::new());
    };
    let account = account.to_string();
    let rows = op
        .read(async |tx: &mut Tx<'_>| tx.fetch(crate::review::sql::NAMES, vec![]).await)
        .await
        .map_err(OperationError::Store)?;
    let mut known: Vec<(String, String, String)> = Vec::with_capacity(rows.len());
    for row in &rows {
        known.push((row.get(0)?, row.get(1)?, row.get::<Option<String>>(2)?.unwrap_or_default()));
    }
    let name =
        known.iter().find(|(id, ..)| *id == account).map(|(_, name, _)| name.clone()).unwrap_or_default();
    let is_same = |(id, other, _): &&(String, String, String)| {
        *id == account || identity::nominative::is_same_person(other, &name)
    };
    Ok(known
        .iter()
        .filter(is_same)
        .map(|(.., email)| email.to_lowercase())
        .filter(|email| !email.is_empty())
        .collect())
}

/// Whether a row's message was sent from one of these addresses.
pub(super) fn is_from(row: &Row, addresses: &[String]) -> Result<bool, OperationError> {
    let sender: Option<EmailAddress> = row.parse_optional(12)?;
    Ok(sender.is_some_and(|sender| addresses.contains(&sender.key())))
}
