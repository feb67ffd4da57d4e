//! Entries are added to a list, taken away, or put in the place of all others.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use operations::lists::{Entries, EntriesError, EntryTrouble, ListError, ListName, Wanted, change as verb};
use operations::organisation::Reason;

use super::{changing, unchanged};
use crate::app::answered::{self, Trouble};
use crate::app::recorded;
use crate::app::show::Visitor;
use crate::forms::Form;
use crate::i18n::Words;
use crate::pages::error::Mishap;
use crate::pages::lists::{ListChangePage, effect_words, list_name};
use crate::pages::render;
use crate::pages::shell::Place;
use crate::router::go;

/// What is done to the list, as forms and addresses say it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Add,
    Take,
    Replace,
}

impl Act {
    fn parse(word: &str) -> Option<Self> {
        [Self::Add, Self::Take, Self::Replace].into_iter().find(|act| act.word() == word)
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Take => "take",
            Self::Replace => "replace",
        }
    }

    const fn of(self, entries: Entries) -> Wanted {
        match self {
            Self::Add => Wanted::Added(entries),
            Self::Take => Wanted::Removed(entries),
            Self::Replace => Wanted::Whole(entries),
        }
    }
}

/// The form.
pub(super) async fn page(visitor: Visitor, Path(word): Path<String>) -> Response {
    let query = Form::parse(visitor.parts.uri.query().unwrap_or_default().as_bytes()).unwrap_or_default();
    let (Some(list), Some(act)) = (ListName::parse(&word), Act::parse(query.text("act"))) else {
        return visitor.mishap(Mishap::NotFound).await;
    };
    show(&visitor, list, act, (query.text("entry"), ""), StatusCode::OK, None).await
}

async fn show(
    visitor: &Visitor,
    list: ListName,
    act: Act,
    (text, reason): (&str, &str),
    status: StatusCode,
    problem: Option<String>,
) -> Response {
    let w = visitor.words;
    let name = list_name(w, list);
    let key = match act {
        Act::Add => "list-add-title",
        Act::Take => "list-take-title",
        Act::Replace => "list-replace-title",
    };
    let page = ListChangePage {
        word: list.word(),
        title: w.with(key, "list", &name),
        name,
        act: act.word(),
        effect: effect_words(w, list).1,
        text: text.to_owned(),
        reason: reason.to_owned(),
        problem,
        s: visitor.shell(Place::Lists).await,
    };
    render(status, &page)
}

/// It is done, or waits.
pub(super) async fn change(
    visitor: Visitor,
    headers: HeaderMap,
    Path(word): Path<String>,
    form: Form,
) -> Response {
    let (Some(list), Some(act)) = (ListName::parse(&word), Act::parse(form.text("act"))) else {
        return visitor.mishap(Mishap::NotFound).await;
    };
    let to = recorded::after(&format!("/lists/{list}"), visitor.op.id());
    let typed = (form.text("text"), form.text("reason"));
    match done(&visitor, list, act, typed).await {
        Ok(()) => go(&headers, &to),
        Err(trouble) => match answered::answered(&visitor, &headers, &to, Err(trouble)).await {
            Ok(answer) => answer,
            Err((status, problem)) => show(&visitor, list, act, typed, status, Some(problem)).await,
        },
    }
}

async fn done(
    visitor: &Visitor,
    list: ListName,
    act: Act,
    (text, reason): (&str, &str),
) -> Result<(), Trouble> {
    let w = visitor.words;
    let unfit = |problem| Trouble::Says(StatusCode::UNPROCESSABLE_ENTITY, problem);
    let entries = Entries::parse(list, text).map_err(|error| unfit(wrong(w, &error)))?;
    let reason = Reason::parse(reason).ok();
    let permit = changing(visitor).await.map_err(Trouble::Mishap)?;
    let wanted = act.of(entries);
    let changed = verb(&visitor.app.cerebro, &visitor.op, permit, wanted, reason.as_ref()).await;
    let changed = changed.map_err(|error| match error {
        ListError::Unchanged(error) => unchanged(w, error),
        ListError::Full(most) => unfit(w.with("list-full", "n", w.int(most as u64))),
        ListError::Taken(taken) => {
            Trouble::Says(StatusCode::CONFLICT, w.with("list-taken", "domain", taken.0))
        }
    })?;
    if changed.added == 0 && changed.removed == 0 && changed.waits.is_none_or(|waits| waits.is_known) {
        return Err(unfit(w.t("list-same")));
    }
    Ok(())
}

/// What is wrong with the entries, in the reader's language.
fn wrong(w: Words, error: &EntriesError) -> String {
    match error {
        EntriesError::TooMany(most) => w.with("list-full", "n", w.int(*most as u64)),
        EntriesError::TooLong => w.t("list-too-long"),
        EntriesError::Entry { line, what } => {
            let key = match what {
                EntryTrouble::Long => "entry-long",
                EntryTrouble::Domain => "entry-domain",
                EntryTrouble::Agreement => "entry-agreement",
                EntryTrouble::Address => "entry-address",
                EntryTrouble::Either => "entry-either",
                EntryTrouble::Number => "entry-number",
                EntryTrouble::Issuer => "entry-issuer",
                EntryTrouble::LabelId => "entry-label-id",
                EntryTrouble::LabelName => "entry-label-name",
            };
            w.with2("list-line-wrong", "line", w.int(*line as u64), "what", w.t(key))
        }
    }
}
