//! The ledger and the proof of an entry, as pages and as files a stranger can check.

use access::action;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use operations::evidence::prove::{Proved, prove};
use operations::evidence::{look, seal};

use super::show::Visitor;
use crate::i18n::Words;
use crate::pages::ledger::{EntryRow, LedgerPage};
use crate::pages::proof::ProofPage;
use crate::pages::render;
use crate::pages::shell::Place;

pub(super) async fn page(visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    let before =
        query.as_deref().and_then(|query| query.strip_prefix("before=")).and_then(|text| text.parse().ok());
    let found = match look_at(&visitor, before).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let (wall, now) = (visitor.wall(), visitor.op.now());
    let key = seal::public_key(&visitor.app.cerebro, visitor.op.organisation()).unwrap_or_default();
    let name = |id: &str| found.names.get(id).cloned().unwrap_or_else(|| actor(visitor.words, id));
    let rows = found
        .latest
        .iter()
        .map(|(index, entry)| EntryRow {
            index: *index,
            time: wall.moment(now, entry.at),
            kind: entry.kind.clone(),
            by: name(&entry.actor),
            subject: entry.subject.clone(),
            proof: (*index < found.sealed).then(|| format!("/ledger/entries/{index}")),
        })
        .collect();
    let earlier =
        found.latest.last().filter(|_| found.more).map(|(index, _)| format!("/ledger?before={index}"));
    let page = LedgerPage {
        s: visitor.shell(Place::Ledger).await,
        entries: found.entries,
        since: None,
        sealed: found.sealed,
        unsealed: found.entries.saturating_sub(found.sealed),
        sealed_at: None,
        origin: found.origin,
        root: found.root,
        note: found.note,
        command: format!("cerebro verify EXPORT --key '{key}'"),
        key,
        checkpoints: Vec::new(),
        rows,
        earlier,
        newest: before.map(|_| "/ledger".to_owned()),
    };
    render(StatusCode::OK, &page)
}

/// Who acted, when it was none of the organisation's people.
fn actor(words: Words, id: &str) -> String {
    match id.strip_prefix("system:") {
        Some("timer") => words.t("actor-timer"),
        Some("gateway") => words.t("actor-gateway"),
        Some("relay") => words.t("actor-relay"),
        Some("sealer") => words.t("actor-sealer"),
        Some("link_holder") => words.t("actor-link-holder"),
        Some("console") => words.t("actor-console"),
        Some("anonymous") => words.t("actor-anonymous"),
        _ => id.to_owned(),
    }
}

async fn look_at(visitor: &Visitor, before: Option<u64>) -> Result<look::LedgerPage, Response> {
    let permit = match visitor.op.permit(action::ReadLedger, visitor.op.organisation()).await {
        Ok(permit) => permit,
        Err(error) => return Err(visitor.failed(error).await),
    };
    match look::look(&visitor.app.cerebro, &visitor.op, &permit, before).await {
        Ok(found) => Ok(found),
        Err(error) => Err(visitor.failed(error).await),
    }
}

/// The latest signed checkpoint: keep it, and a log that loses its tail shows.
pub(super) async fn checkpoint(visitor: Visitor) -> Response {
    match look_at(&visitor, Some(0)).await {
        Ok(found) => file("checkpoint.txt", found.note),
        Err(answer) => answer,
    }
}

async fn proved(visitor: &Visitor, index: &str) -> Result<Proved, Response> {
    let Ok(index) = index.parse() else {
        return Err(visitor.mishap(crate::pages::error::Mishap::NotFound).await);
    };
    let permit = match visitor.op.permit(action::ReadLedger, visitor.op.organisation()).await {
        Ok(permit) => permit,
        Err(error) => return Err(visitor.failed(error).await),
    };
    match prove(&visitor.app.cerebro, &visitor.op, &permit, index).await {
        Ok(proved) => Ok(proved),
        Err(error) => Err(visitor.failed(error).await),
    }
}

pub(super) async fn proof(visitor: Visitor, Path(index): Path<String>) -> Response {
    let proved = match proved(&visitor, &index).await {
        Ok(proved) => proved,
        Err(answer) => return answer,
    };
    let key = seal::public_key(&visitor.app.cerebro, visitor.op.organisation()).unwrap_or_default();
    let detail: Vec<(String, String)> =
        serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&proved.detail)
            .unwrap_or_default()
            .into_iter()
            .map(|(name, value)| (name, value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
            .collect();
    let root = proved.note.lines().nth(2).unwrap_or_default().to_owned();
    let page = ProofPage {
        s: visitor.shell(Place::Ledger).await,
        index: proved.index,
        kind: proved.entry.kind.clone(),
        at: proved.entry.at.rfc3339(),
        by: proved.entry.actor.clone(),
        subject: proved.entry.subject.clone(),
        detail,
        leaf_hash: proved.leaf_hash.to_string(),
        size: proved.size,
        root,
        path: proved.path.iter().map(ToString::to_string).collect(),
        note: proved.note,
        command: format!("cerebro verify {}.tlog-proof --key '{key}'", proved.index),
        download: format!("/ledger/entries/{}/proof", proved.index),
        file: format!("{}.tlog-proof", proved.index),
    };
    render(StatusCode::OK, &page)
}

pub(super) async fn proof_file(visitor: Visitor, Path(index): Path<String>) -> Response {
    match proved(&visitor, &index).await {
        Ok(proved) => file(&format!("{}.tlog-proof", proved.index), proved.file),
        Err(answer) => answer,
    }
}

fn file(name: &str, text: String) -> Response {
    let headers: [(HeaderName, String); 2] = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, text).into_response()
}
