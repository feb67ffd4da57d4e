//! A set is drafted from another: by a form about one control, or from files.

use access::action;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use compliance::control::ControlEdit;
use compliance::{Control, Mode, Severity as Grave, Verdict};
use operations::controls::look::{self, Base, SetRead};
use operations::controls::{ControlsError, change as verb};
use operations::organisation::Reason;
use vocabulary::ControlSetId;

use super::{base_of, place_of, reading, set_name, told};
use crate::app::recorded;
use crate::app::show::Visitor;
use crate::forms::Form;
use crate::pages::control_forms::{ControlChangePage, UploadPage};
use crate::pages::error::Mishap;
use crate::pages::shell::Place;
use crate::pages::{Severity, render};
use crate::router::go;

/// What the form has of a control.
struct Typed {
    act: String,
    severity: String,
    class: String,
    when: String,
    reason: String,
}

/// The form about one control.
pub(super) async fn page(visitor: Visitor) -> Response {
    let query = Form::parse(visitor.parts.uri.query().unwrap_or_default().as_bytes()).unwrap_or_default();
    show_change(&visitor, query.text("base"), query.text("control"), None, Vec::new()).await
}

async fn show_change(
    visitor: &Visitor,
    base: &str,
    id: &str,
    typed: Option<Typed>,
    problems: Vec<String>,
) -> Response {
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    match fill(visitor, base, id, typed, problems).await {
        Ok(page) => render(status, &page),
        Err(mishap) => visitor.mishap(mishap).await,
    }
}

async fn fill(
    visitor: &Visitor,
    base: &str,
    id: &str,
    typed: Option<Typed>,
    problems: Vec<String>,
) -> Result<ControlChangePage, Mishap> {
    let w = visitor.words;
    let base = base_of(base).ok_or(Mishap::NotFound)?;
    let set = read(visitor, base).await?;
    let control = set.controls.control(id).ok_or(Mishap::NotFound)?;
    let typed = typed.unwrap_or_else(|| as_it_is(control));
    let (href, word) = place_of(base);
    let of = if base == Base::InForce { "" } else { "/of" };
    let mut classes: Vec<String> = set.controls.controls().map(|one| one.hold_class.clone()).collect();
    classes.sort();
    classes.dedup();
    let act = |word: &'static str, key: &str| (word, w.t(key), typed.act == word);
    Ok(ControlChangePage {
        base: word,
        back: format!("{href}{of}/{id}"),
        id: id.to_owned(),
        title: control.title.get(w.0).to_owned(),
        acts: vec![
            act("observe", "control-observes"),
            act("hold", "control-holds"),
            act("refuse", "control-refuses"),
        ],
        severities: Grave::ALL
            .map(|one| {
                let name = Severity::from_level(one as u8).word(&w);
                (one.word(), name, typed.severity == one.word())
            })
            .to_vec(),
        class: typed.class,
        classes,
        when: typed.when,
        reason: typed.reason,
        problems,
        s: visitor.shell(Place::Controls).await,
    })
}

fn as_it_is(control: &Control) -> Typed {
    let act = match (control.mode, control.verdict) {
        (Mode::Observe, _) => "observe",
        (Mode::Enforce, Verdict::Refuse) => "refuse",
        (Mode::Enforce, _) => "hold",
    };
    Typed {
        act: act.to_owned(),
        severity: control.severity.word().to_owned(),
        class: control.hold_class.clone(),
        when: control.when.clone(),
        reason: String::new(),
    }
}

async fn read(visitor: &Visitor, base: Base) -> Result<SetRead, Mishap> {
    let permit = reading(visitor).await?;
    look::read(&visitor.app.cerebro, &visitor.op, &permit, base).await?.ok_or(Mishap::NotFound)
}

/// The draft is made.
pub(super) async fn change(visitor: Visitor, headers: HeaderMap, form: Form) -> Response {
    let field = |name: &str| form.text(name).trim().to_owned();
    let (base, control) = (field("base"), field("control"));
    let typed = Typed {
        act: field("act"),
        severity: field("severity"),
        class: field("class"),
        when: field("when").replace("\r\n", "\n"),
        reason: field("reason"),
    };
    match draft(&visitor, &base, &control, &typed).await {
        Ok((set, _)) => drafted(&visitor, &headers, set),
        Err(Err(mishap)) => visitor.mishap(mishap).await,
        Err(Ok(problems)) => show_change(&visitor, &base, &control, Some(typed), problems).await,
    }
}

type Drafted = Result<(ControlSetId, u64), Result<Vec<String>, Mishap>>;

async fn draft(visitor: &Visitor, base: &str, control: &str, typed: &Typed) -> Drafted {
    let w = visitor.words;
    let base = base_of(base).ok_or(Err(Mishap::NotFound))?;
    let severity = Grave::parse(&typed.severity).ok_or(Err(Mishap::BadRequest))?;
    let reason = Reason::parse(&typed.reason).map_err(|_| Ok(vec![w.t("decide-give-reason")]))?;
    // Observed, a control keeps what it would conclude.
    let set = read(visitor, base).await.map_err(Err)?;
    let known = set.controls.control(control).ok_or(Err(Mishap::NotFound))?;
    let (mode, verdict) = match typed.act.as_str() {
        "observe" => (Mode::Observe, known.verdict),
        "hold" => (Mode::Enforce, Verdict::Hold),
        "refuse" => (Mode::Enforce, Verdict::Refuse),
        _ => return Err(Err(Mishap::BadRequest)),
    };
    let edit =
        ControlEdit { mode, verdict, severity, hold_class: typed.class.clone(), when: typed.when.clone() };
    let permit = permit(visitor).await.map_err(Err)?;
    let made = verb::one(&visitor.app.cerebro, &visitor.op, permit, base, control, &edit, &reason).await;
    made.map_err(|error| told(w, error))
}

async fn permit(visitor: &Visitor) -> Result<access::Permit<action::DraftControls>, Mishap> {
    Ok(visitor.op.permit(action::DraftControls, visitor.signed.organisation).await?)
}

fn drafted(visitor: &Visitor, headers: &HeaderMap, set: ControlSetId) -> Response {
    go(headers, &recorded::after(&format!("/controls/sets/{set}"), visitor.op.id()))
}

/// The form that takes files.
pub(super) async fn upload_page(visitor: Visitor) -> Response {
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
