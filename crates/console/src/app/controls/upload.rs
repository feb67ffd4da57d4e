//! A set is drafted from files.

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use operations::controls::{ControlsError, change as verb};
use operations::organisation::Reason;

use super::change::{drafted, permit, read};
use super::{base_of, place_of, set_name, told};
use crate::app::show::Visitor;
use crate::forms::Form;
use crate::pages::control_forms::UploadPage;
use crate::pages::error::Mishap;
use crate::pages::render;
use crate::pages::shell::Place;

/// The form that takes files.
pub(super) async fn page(visitor: Visitor) -> Response {
    let query = Form::parse(visitor.parts.uri.query().unwrap_or_default().as_bytes()).unwrap_or_default();
    show_upload(&visitor, &query, Vec::new()).await
}

async fn show_upload(visitor: &Visitor, typed: &Form, problems: Vec<String>) -> Response {
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let w = visitor.words;
    let Some(base) = base_of(typed.text("base")) else { return visitor.mishap(Mishap::NotFound).await };
    let set = match read(visitor, base).await {
        Ok(set) => set,
        Err(mishap) => return visitor.mishap(mishap).await,
    };
    let page = UploadPage {
        base: place_of(base).1,
        name: set.whole.map_or_else(|| w.t("controls-started"), |whole| set_name(w, whole.line.number)),
        whole: typed.text("whole") == "yes",
        text: typed.text("text").to_owned(),
        reason: typed.text("reason").to_owned(),
        problems,
        s: visitor.shell(Place::Controls).await,
    };
    render(status, &page)
}

/// The draft is made from files.
pub(super) async fn upload(visitor: Visitor, headers: HeaderMap, form: Form) -> Response {
    let w = visitor.words;
    let Some(base) = base_of(form.text("base")) else { return visitor.mishap(Mishap::NotFound).await };
    let Ok(reason) = Reason::parse(form.text("reason")) else {
        return show_upload(&visitor, &form, vec![w.t("decide-give-reason")]).await;
    };
    let base = (form.text("whole") != "yes").then_some(base);
    let files = files(form.text("text"));
    let permit = match permit(&visitor).await {
        Ok(permit) => permit,
        Err(mishap) => return visitor.mishap(mishap).await,
    };
    let made = verb::several(&visitor.app.cerebro, &visitor.op, permit, base, files, &reason).await;
    match made.map_err(|error: ControlsError| told(w, error)) {
        Ok((set, _)) => drafted(&visitor, &headers, set),
        Err(Err(mishap)) => visitor.mishap(mishap).await,
        Err(Ok(problems)) => show_upload(&visitor, &form, problems).await,
    }
}

/// The files of the field, one after the other; a line of three plus signs stands between two.
fn files(text: &str) -> Vec<(String, String)> {
    let text = text.replace("\r\n", "\n");
    let mut files = vec![String::new()];
    for line in text.lines() {
        match files.last_mut() {
            Some(file) if line.trim_end() != "+++" => {
                file.push_str(line);
                file.push('\n');
            }
            _ => files.push(String::new()),
        }
    }
    files.retain(|file| !file.trim().is_empty());
    (1..).zip(files).map(|(number, file): (u32, String)| (format!("{number}.toml"), file)).collect()
}
