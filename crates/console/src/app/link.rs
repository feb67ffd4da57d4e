//! The sender's page behind the link of a notice: shows on GET, acts on POST only.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::tz::TimeZone;
use operations::organisation::Reason;
use operations::review::answer::{Answer, answer, look};
use operations::review::{Escalation, HoldState};

use super::App;
use super::queue::standing;
use crate::clock::ClockView;
use crate::format::Wall;
use crate::forms::Form;
use crate::guard::FormToken;
use crate::i18n::Words;
use crate::pages::error::{ErrorPage, Mishap};
use crate::pages::link::{Done, LinkPage};
use crate::pages::{Shell, render};

pub(super) async fn page(
    State(app): State<App>,
    words: Words,
    token: FormToken,
    Path(link): Path<String>,
) -> Response {
    show(&app, words, token, &link, Told::default()).await
}

#[derive(Default)]
struct Told {
    draft: String,
    problem: Option<String>,
    done: Option<Done>,
}

async fn show(app: &App, words: Words, token: FormToken, link: &str, told: Told) -> Response {
    let path = format!("/notices/{link}");
    let shell = Shell::signed_out(words, &path, token.0);
    let (op, seen) = match look(&app.cerebro, link).await {
        Ok(found) => found,
        Err(error) => return ErrorPage::answer(shell, error.into(), None, ""),
    };
    let zone = app.cerebro.organisation(seen.organisation).map(|known| known.policy.time_zone.clone());
    let wall =
        Wall::new(words.0, TimeZone::get(zone.as_deref().unwrap_or("Europe/Paris")).unwrap_or(TimeZone::UTC));
    let open = seen.state == HoldState::Waiting;
    let status = if told.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = LinkPage {
        s: shell,
        subject: if seen.is_private { words.t("guarded-subject") } else { seen.subject },
        chip: standing(seen.state, Escalation::Team).chip(words),
        clock: open.then(|| ClockView::new(&wall, op.now(), op.now(), seen.due_at)),
        open,
        justify: format!("{path}/justify"),
        withdraw: format!("{path}/withdraw"),
        requalify: (open && seen.is_private).then(|| format!("{path}/requalify")),
        draft: told.draft,
        problem: told.problem,
        done: told.done,
    };
    render(status, &page)
}

pub(super) async fn justify(
    State(app): State<App>,
    words: Words,
    Path(link): Path<String>,
    form: Form,
) -> Response {
    let token = FormToken(form.text(crate::csrf::FIELD).to_owned());
    let draft = form.text("reason").to_owned();
    let Ok(reason) = Reason::parse(&draft) else {
        let told = Told { draft, problem: Some(words.t("link-justify-missing")), done: None };
        return show(&app, words, token, &link, told).await;
    };
    finish(&app, words, token, &link, Answer::Justify(reason), Done::Justified).await
}

pub(super) async fn withdraw(
    State(app): State<App>,
    words: Words,
    Path(link): Path<String>,
    form: Form,
) -> Response {
    let token = FormToken(form.text(crate::csrf::FIELD).to_owned());
    finish(&app, words, token, &link, Answer::Withdraw, Done::Withdrawn).await
}

pub(super) async fn requalify(
    State(app): State<App>,
    words: Words,
    Path(link): Path<String>,
    form: Form,
) -> Response {
    let token = FormToken(form.text(crate::csrf::FIELD).to_owned());
    finish(&app, words, token, &link, Answer::Requalify, Done::Requalified).await
}

async fn finish(app: &App, words: Words, token: FormToken, link: &str, said: Answer, done: Done) -> Response {
    match answer(&app.cerebro, link, said).await {
        Ok(()) => show(app, words, token, link, Told { done: Some(done), ..Told::default() }).await,
        Err(error) => {
            let mishap: Mishap = error.into();
            ErrorPage::answer(Shell::signed_out(words, "/", token.0), mishap, None, "")
        }
    }
}
