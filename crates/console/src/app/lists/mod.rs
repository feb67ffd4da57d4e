//! An organisation's lists, its client file and its examples, as pages: what is in force, what changes, what waits for a second person.

mod change;
mod examples;
mod one;
mod proposal;

use access::{Permit, action};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};
use operations::lists::ListName;
use operations::lists::look::{self, ListVersion};
use operations::proposals::{self, By, Line, Subject, Unchanged};
use operations::{clients, examples as categories};

use super::App;
use super::answered::Trouble;
use super::controls::{Names, by_at, reading};
use super::gate::may;
use super::show::Visitor;
use crate::i18n::Words;
use crate::pages::error::Mishap;
use crate::pages::lists::{
    ClientRow, ListRow, ListsPage, ProposalRow, VersionRow, effect_words, list_name, proposal_chip,
};
use crate::pages::render;
use crate::pages::shell::Place;
use crate::router::Lists as L;

/// Answered proposals that the page names.
const PAST_SHOWN: usize = 10;

/// Which handler answers which route.
pub(super) fn bind(endpoint: L, filter: MethodFilter) -> MethodRouter<App> {
    match endpoint {
        L::All => on(filter, page),
        L::One => on(filter, one::page),
        L::ChangePage => on(filter, change::page),
        L::Change => on(filter, change::change),
        L::Proposal | L::AgreePage => on(filter, proposal::page),
        L::Agree => on(filter, proposal::agree),
        L::Refuse => on(filter, proposal::refuse),
        L::Examples => on(filter, examples::page),
        L::Try => on(filter, examples::try_sentence),
        L::NewExample => on(filter, examples::new_page),
        L::DefineExample => on(filter, examples::define),
        L::Example => on(filter, examples::one),
        L::ChangeExample => on(filter, examples::change),
        L::DropExample => on(filter, examples::give_up),
    }
}

/// Everything.
async fn page(visitor: Visitor) -> Response {
    match fill(&visitor).await {
        Ok(page) => render(StatusCode::OK, &page),
        Err(mishap) => visitor.mishap(mishap).await,
    }
}

async fn fill(visitor: &Visitor) -> Result<ListsPage, Mishap> {
    let permit = seeing(visitor).await?;
    let names = names(visitor).await?;
    let versions = look::versions(&visitor.op, &permit).await?;
    let all = proposals::look::list(&visitor.op, &permit).await?;
    let files = clients::look::versions(&visitor.op, &permit).await?;
    let defined = categories::look::versions(&visitor.op, &permit).await?;
    let now = visitor.op.now();
    let (waiting, past): (Vec<&Line>, Vec<&Line>) = all.iter().partition(|line| line.waits(now));
    let row = |line: &&Line| proposal_row(visitor, &names, line);
    let client = |file: &clients::look::ClientVersion| ClientRow {
        version: file.version,
        clients: file.clients,
        identifiers: file.identifiers,
        since: by_at(visitor, &names, &file.by.who, file.by.at),
        asked: file.by.proposed_by.as_deref().map(|who| names.name(who, visitor.words)),
    };
    Ok(ListsPage {
        waiting: waiting.iter().map(row).collect(),
        past: past.iter().take(PAST_SHOWN).map(row).collect(),
        rows: ListName::ALL
            .iter()
            .map(|list| list_row(visitor, &names, *list, &versions, &waiting))
            .collect(),
        clients: files.iter().map(client).collect(),
        categories: examples::in_force(&defined).count() as u64,
        s: visitor.shell(Place::Lists).await,
    })
}

fn list_row(
    visitor: &Visitor,
    names: &Names,
    list: ListName,
    versions: &[ListVersion],
    waiting: &[&Line],
) -> ListRow {
    let w = visitor.words;
    let latest = versions.iter().find(|version| version.list == list);
    ListRow {
        word: list.word(),
        name: list_name(w, list),
        href: may(&visitor.signed, "list.open").then(|| format!("/lists/{list}")),
        effect: effect_words(w, list).0,
        entries: latest.map_or(0, |version| version.entries),
        since: latest.map(|version| by_at(visitor, names, &version.by.who, version.by.at)),
        waits: waiting.iter().filter(|line| line.subject == Subject::List(list)).count() as u64,
    }
}

fn proposal_row(visitor: &Visitor, names: &Names, line: &Line) -> ProposalRow {
    ProposalRow {
        href: may(&visitor.signed, "list.open").then(|| format!("/proposals/{}", line.id)),
        what: about(visitor, &line.subject),
        added: line.added,
        removed: line.removed,
        asked: by_at(visitor, names, &line.proposed_by, line.proposed_at),
        chip: proposal_chip(line.state, visitor.words),
    }
}

/// What waits about something, for the page of it.
async fn waiting(visitor: &Visitor, names: &Names, subject: &Subject) -> Result<Vec<ProposalRow>, Mishap> {
    let permit = seeing(visitor).await?;
    let (all, now) = (proposals::look::list(&visitor.op, &permit).await?, visitor.op.now());
    let ours = all.iter().filter(|line| line.waits(now) && line.subject == *subject);
    Ok(ours.map(|line| proposal_row(visitor, names, line)).collect())
}

/// What a proposal is about, in a few words.
fn about(visitor: &Visitor, subject: &Subject) -> String {
    let w = visitor.words;
    match subject {
        Subject::List(list) => w.with("proposal-list", "name", list_name(w, *list)),
        Subject::Clients => w.t("proposal-clients"),
        Subject::Examples(category) => w.with("proposal-examples", "name", category),
    }
}

fn version_row(visitor: &Visitor, names: &Names, (version, size): (u64, String), by: &By) -> VersionRow {
    VersionRow {
        version,
        size,
        since: by_at(visitor, names, &by.who, by.at),
        asked: by.proposed_by.as_deref().map(|who| names.name(who, visitor.words)),
    }
}

/// Why what is watched was not changed, in the reader's language.
fn unchanged(w: Words, error: Unchanged) -> Trouble {
    match error {
        Unchanged::Operation(error) => Trouble::Failed(error),
        Unchanged::ReasonWanted => Trouble::Says(StatusCode::UNPROCESSABLE_ENTITY, w.t("list-reason-wanted")),
        Unchanged::Meanwhile(_) => Trouble::Says(StatusCode::CONFLICT, w.t("list-meanwhile")),
        Unchanged::TooManyWait => Trouble::Says(StatusCode::CONFLICT, w.t("list-too-many")),
    }
}

async fn names(visitor: &Visitor) -> Result<Names, Mishap> {
    Ok(Names::of(visitor, &reading(visitor).await?).await?)
}

async fn seeing(visitor: &Visitor) -> Result<Permit<action::ReadLists>, Mishap> {
    Ok(visitor.op.permit(action::ReadLists, visitor.signed.organisation).await?)
}

async fn opening(visitor: &Visitor) -> Result<Permit<action::ReadListEntries>, Mishap> {
    Ok(visitor.op.permit(action::ReadListEntries, visitor.signed.organisation).await?)
}

async fn changing(visitor: &Visitor) -> Result<Permit<action::ReplaceList>, Mishap> {
    Ok(visitor.op.permit(action::ReplaceList, visitor.signed.organisation).await?)
}
