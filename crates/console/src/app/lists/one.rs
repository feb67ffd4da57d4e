//! One list: its entries, what waits, its versions.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use operations::lists::ListName;
use operations::lists::look;
use operations::proposals::Subject;

use super::{names, opening, seeing, version_row, waiting};
use crate::app::gate::may;
use crate::app::show::Visitor;
use crate::forms::{Form, encode};
use crate::pages::error::Mishap;
use crate::pages::lists::{EntryRow, EntryView, ListPage, effect_words, list_name, list_text};
use crate::pages::render;
use crate::pages::shell::Place;

/// Its page.
pub(super) async fn page(visitor: Visitor, Path(word): Path<String>) -> Response {
    match fill(&visitor, &word).await {
        Ok(page) => render(StatusCode::OK, &page),
        Err(mishap) => visitor.mishap(mishap).await,
    }
}

async fn fill(visitor: &Visitor, word: &str) -> Result<ListPage, Mishap> {
    let w = visitor.words;
    let list = ListName::parse(word).ok_or(Mishap::NotFound)?;
    let query = Form::parse(visitor.parts.uri.query().unwrap_or_default().as_bytes()).unwrap_or_default();
    let search = query.text("q");
    let permit = opening(visitor).await?;
    let found = look::entries(&visitor.op, &permit, list, search, query.get("after")).await?;
    let names = names(visitor).await?;
    let versions = look::versions(&visitor.op, &seeing(visitor).await?).await?;
    let may_change = may(&visitor.signed, "list.replace");
    let row = |entry: &String| EntryRow {
        entry: EntryView::new(w, Some(list), entry),
        take: may_change.then(|| format!("/lists/{list}/change?act=take&entry={}", encode(entry))),
    };
    let next = found.next.map(|after| format!("/lists/{list}?q={}&after={}", encode(search), encode(&after)));
    let version = |known: &look::ListVersion| {
        let size = (known.version, w.n("list-size", known.entries));
        version_row(visitor, &names, size, &known.by)
    };
    Ok(ListPage {
        word: list.word(),
        name: list_name(w, list),
        text: list_text(w, list),
        effect: effect_words(w, list).1,
        entries: found.entries as u64,
        search: search.to_owned(),
        found: found.found as u64,
        shown: found.shown.iter().map(row).collect(),
        next,
        waiting: waiting(visitor, &names, &Subject::List(list)).await?,
        versions: versions.iter().filter(|known| known.list == list).map(version).collect(),
        may_change,
        may_look_back: may(&visitor.signed, "controls.look_back"),
        s: visitor.shell(Place::Lists).await,
    })
}
