//! Categories by example: which there are, one of them, a sentence to try.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use operations::examples::look::{self, CategoryVersion};
use operations::examples::{ExampleCategory, ExamplesError, Tried, change as verbs};
use operations::organisation::Reason;
use operations::proposals::{self, Subject};

use super::{changing, names, opening, proposal_row, seeing, unchanged, version_row, waiting};
use crate::app::answered::{self, Trouble};
use crate::app::controls::by_at;
use crate::app::gate::may;
use crate::app::recorded;
use crate::app::show::Visitor;
use crate::forms::Form;
use crate::pages::error::Mishap;
use crate::pages::examples::{CategoryRow, ExamplePage, ExamplesPage, TriedRow, Typed};
use crate::pages::shell::Place;
use crate::pages::{Chip, Tone, render};

const PAGE: &str = "/examples";

/// The latest version of each category that is in force.
pub(super) fn in_force(versions: &[CategoryVersion]) -> impl Iterator<Item = &CategoryVersion> {
    let mut last = "";
    let latest = versions.iter().filter(move |version| {
        let first = version.category != last;
        last = &version.category;
        first
    });
    latest.filter(|version| version.sentences > 0)
}

/// Every category.
pub(super) async fn page(visitor: Visitor) -> Response {
    show_all(&visitor, String::new(), None).await
}

async fn show_all(visitor: &Visitor, sentence: String, tried: Option<Vec<TriedRow>>) -> Response {
    match fill(visitor, sentence, tried).await {
        Ok(page) => render(StatusCode::OK, &page),
        Err(mishap) => visitor.mishap(mishap).await,
    }
}

async fn fill(
    visitor: &Visitor,
    sentence: String,
    tried: Option<Vec<TriedRow>>,
) -> Result<ExamplesPage, Mishap> {
    let permit = seeing(visitor).await?;
    let names = names(visitor).await?;
    let versions = look::versions(&visitor.op, &permit).await?;
    let all = proposals::look::list(&visitor.op, &permit).await?;
    let (now, opens) = (visitor.op.now(), may(&visitor.signed, "list.open"));
    let row = |version: &CategoryVersion| CategoryRow {
        name: version.category.clone(),
        href: opens.then(|| format!("{PAGE}/of/{}", version.category)),
        near: version.near,
        sentences: version.sentences,
        since: by_at(visitor, &names, &version.by.who, version.by.at),
    };
    let about = |line: &&proposals::Line| line.waits(now) && matches!(line.subject, Subject::Examples(_));
    let organisation = visitor.app.cerebro.organisation(visitor.signed.organisation);
    Ok(ExamplesPage {
        no_model: !organisation.is_some_and(|known| known.controls.models().is_there()),
        rows: in_force(&versions).map(row).collect(),
        waiting: all.iter().filter(about).map(|line| proposal_row(visitor, &names, line)).collect(),
        may_change: may(&visitor.signed, "list.replace"),
        may_try: opens,
        sentence,
        tried,
        s: visitor.shell(Place::Lists).await,
    })
}

/// A sentence is tried; nothing of it is kept.
pub(super) async fn try_sentence(visitor: Visitor, form: Form) -> Response {
    let w = visitor.words;
    let permit = match opening(&visitor).await {
        Ok(permit) => permit,
        Err(mishap) => return visitor.mishap(mishap).await,
    };
    let sentence = form.text("sentence").trim().to_owned();
    let tried = look::near(&visitor.app.cerebro, &permit, &sentence);
    let row = |near: Tried| {
        let (tone, icon, key) = if near.found {
            (Tone::Hold, "alert", "examples-found")
        } else {
            (Tone::Plain, "info", "examples-not-found")
        };
        let chip = Chip { tone, icon, word: w.t(key) };
        TriedRow { category: near.category, example: near.example, nearness: near.nearness, chip }
    };
    show_all(&visitor, sentence, tried.map(|tried| tried.into_iter().map(row).collect())).await
}

/// The form of a new category.
pub(super) async fn new_page(visitor: Visitor) -> Response {
    let typed = Typed { near: "550".to_owned(), ..Typed::default() };
    show(&visitor, None, typed, StatusCode::OK, None).await
}

/// One category.
pub(super) async fn one(visitor: Visitor, Path(name): Path<String>) -> Response {
    match written(&visitor, &name).await {
        Ok(typed) => show(&visitor, Some(name), typed, StatusCode::OK, None).await,
        Err(mishap) => visitor.mishap(mishap).await,
    }
}

/// The form, filled with what is in force.
async fn written(visitor: &Visitor, name: &str) -> Result<Typed, Mishap> {
    let permit = opening(visitor).await?;
    let known = look::one(&visitor.op, &permit, name).await?.ok_or(Mishap::NotFound)?;
    Ok(Typed {
        near: known.near.to_string(),
        sentences: known.sentences.join("\n"),
        name: known.name,
        reason: String::new(),
    })
}

async fn show(
    visitor: &Visitor,
    known: Option<String>,
    typed: Typed,
    status: StatusCode,
    problem: Option<String>,
) -> Response {
    match fill_one(visitor, known, typed, problem).await {
        Ok(page) => render(status, &page),
        Err(mishap) => visitor.mishap(mishap).await,
    }
}

async fn fill_one(
    visitor: &Visitor,
    known: Option<String>,
    typed: Typed,
    problem: Option<String>,
) -> Result<ExamplePage, Mishap> {
    let (w, names) = (visitor.words, names(visitor).await?);
    let (mut rows, mut waits) = (Vec::new(), Vec::new());
    if let Some(name) = &known {
        let versions = look::versions(&visitor.op, &seeing(visitor).await?).await?;
        let ours = versions.iter().filter(|version| version.category == *name);
        rows.extend(ours.map(|known| {
            let size = match known.sentences {
                0 => w.t("example-gone"),
                some => format!("{} · {}", w.int(some), known.near),
            };
            version_row(visitor, &names, (known.version, size), &known.by)
        }));
        waits = waiting(visitor, &names, &Subject::Examples(name.clone())).await?;
    }
    Ok(ExamplePage {
        known,
        typed,
        waiting: waits,
        versions: rows,
        may_change: may(&visitor.signed, "list.replace"),
        problem,
        s: visitor.shell(Place::Lists).await,
    })
}

/// A category is defined.
pub(super) async fn define(visitor: Visitor, headers: HeaderMap, form: Form) -> Response {
    let name = form.text("name").trim().to_owned();
    save(&visitor, &headers, None, name, &form).await
}

/// A category is changed.
pub(super) async fn change(
    visitor: Visitor,
    headers: HeaderMap,
    Path(name): Path<String>,
    form: Form,
) -> Response {
    save(&visitor, &headers, Some(name.clone()), name, &form).await
}

async fn save(
    visitor: &Visitor,
    headers: &HeaderMap,
    known: Option<String>,
    name: String,
    form: &Form,
) -> Response {
    let typed = Typed {
        name: name.clone(),
        near: form.text("near").trim().to_owned(),
        sentences: form.text("sentences").to_owned(),
        reason: form.text("reason").to_owned(),
    };
    let to = recorded::after(&format!("{PAGE}/of/{name}"), visitor.op.id());
    let done = saved(visitor, name, &typed).await;
    match answered::answered(visitor, headers, &to, done).await {
        Ok(answer) => answer,
        Err((status, problem)) => show(visitor, known, typed, status, Some(problem)).await,
    }
}

async fn saved(visitor: &Visitor, name: String, typed: &Typed) -> Result<(), Trouble> {
    let sentences = typed.sentences.lines().map(str::trim).filter(|line| !line.is_empty());
    let wanted = ExampleCategory {
        name,
        near: typed.near.parse().unwrap_or(0),
        sentences: sentences.map(str::to_owned).collect(),
    };
    let reason = Reason::parse(&typed.reason).ok();
    let permit = changing(visitor).await.map_err(Trouble::Mishap)?;
    let done = verbs::change(&visitor.app.cerebro, &visitor.op, permit, wanted, reason.as_ref()).await;
    done.map(|_| ()).map_err(|error| trouble(visitor, error))
}

/// A category is given up: that waits.
pub(super) async fn give_up(
    visitor: Visitor,
    headers: HeaderMap,
    Path(name): Path<String>,
    form: Form,
) -> Response {
    let dropped = async {
        let unfit = StatusCode::UNPROCESSABLE_ENTITY;
        let reason = Reason::parse(form.text("reason"))
            .map_err(|_| Trouble::Says(unfit, visitor.words.t("decide-give-reason")))?;
        let permit = changing(&visitor).await.map_err(Trouble::Mishap)?;
        let done = verbs::take_away(&visitor.app.cerebro, &visitor.op, permit, &name, &reason).await;
        done.map(|_| ()).map_err(|error| trouble(&visitor, error))
    };
    let to = recorded::after(&format!("{PAGE}/of/{name}"), visitor.op.id());
    match answered::answered(&visitor, &headers, &to, dropped.await).await {
        Ok(answer) => answer,
        Err((status, problem)) => match written(&visitor, &name).await {
            Ok(typed) => show(&visitor, Some(name), typed, status, Some(problem)).await,
            Err(mishap) => visitor.mishap(mishap).await,
        },
    }
}

fn trouble(visitor: &Visitor, error: ExamplesError) -> Trouble {
    let w = visitor.words;
    let unfit = |key: &str| Trouble::Says(StatusCode::UNPROCESSABLE_ENTITY, w.t(key));
    match error {
        ExamplesError::NotFound => Trouble::NotFound,
        ExamplesError::Rule(rule) if rule.starts_with("name") => unfit("example-rule-name"),
        ExamplesError::Rule(rule) if rule.starts_with("near") => unfit("example-rule-near"),
        ExamplesError::Rule(_) => unfit("example-rule-sentences"),
        ExamplesError::TooMany => unfit("example-too-many"),
        ExamplesError::Unchanged(error) => unchanged(w, error),
    }
}
