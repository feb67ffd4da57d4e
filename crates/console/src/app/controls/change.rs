//! A set is drafted from another by a form about one control: its values are changed, or one is added.

use access::action;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use compliance::control::ControlEdit;
use operations::controls::look::{self, Base, SetRead};
use operations::controls::{ControlsError, change as verb};
use operations::organisation::Reason;
use vocabulary::ControlSetId;

use super::form::{Kept, Typed, Written, fields, place, shown};
use super::{base_of, reading, told};
use crate::app::recorded;
use crate::app::show::Visitor;
use crate::forms::Form;
use crate::pages::control_forms::Beside;
use crate::pages::error::Mishap;
use crate::pages::render;
use crate::router::go;

/// The form about one control: as it is, as another one is, or empty.
pub(super) async fn page(visitor: Visitor) -> Response {
    let query = Form::parse(visitor.parts.uri.query().unwrap_or_default().as_bytes()).unwrap_or_default();
    let shown = async {
        let form = Asked::of(&visitor, &query).await?;
        let typed = form.as_it_is();
        form.page(&visitor, typed, Vec::new()).await
    };
    answer(&visitor, StatusCode::OK, shown.await).await
}

/// The draft is made.
pub(super) async fn change(visitor: Visitor, headers: HeaderMap, form: Form) -> Response {
    let asked = match Asked::of(&visitor, &form).await {
        Ok(asked) => asked,
        Err(mishap) => return visitor.mishap(mishap).await,
    };
    let typed = fields::posted(&form, asked.as_it_is());
    match asked.draft(&visitor, &typed).await {
        Ok(set) => drafted(&visitor, &headers, set),
        Err(Err(mishap)) => visitor.mishap(mishap).await,
        Err(Ok(problems)) => {
            let page = asked.page(&visitor, typed, problems).await;
            answer(&visitor, StatusCode::UNPROCESSABLE_ENTITY, page).await
        }
    }
}

async fn answer(visitor: &Visitor, status: StatusCode, page: Result<shown::Page, Mishap>) -> Response {
    match page {
        Ok(page) => render(status, &page),
        Err(mishap) => visitor.mishap(mishap).await,
    }
}

/// What the form is about.
struct Asked {
    base: Base,
    set: SetRead,
    /// The control it begins with, and its file; none for an empty form.
    known: Option<Kept>,
    /// It makes a control of its own.
    new: bool,
}

type Refused<T> = Result<T, Result<Vec<Beside>, Mishap>>;

impl Asked {
    async fn of(visitor: &Visitor, form: &Form) -> Result<Self, Mishap> {
        let base = base_of(form.text("base")).ok_or(Mishap::NotFound)?;
        let set = read(visitor, base).await?;
        let new = form.text("new") == "yes";
        let id = form.text("control");
        let known = set.controls.controls().zip(set.controls.texts()).find(|(control, _)| control.id == id);
        let known = known.map(|(control, (_, text))| Kept {
            control: control.clone(),
            edit: ControlEdit::of(control, text),
            text: text.to_owned(),
        });
        if known.is_none() && !(new && id.is_empty()) {
            return Err(Mishap::NotFound);
        }
        Ok(Self { base, set, known, new })
    }

    fn as_it_is(&self) -> Typed {
        let typed = self.known.as_ref().map_or_else(Typed::empty, |known| Typed::of(&known.edit));
        Typed { id: if self.new { String::new() } else { self.id().to_owned() }, ..typed }
    }

    fn id(&self) -> &str {
        self.known.as_ref().map_or("", |known| known.control.id.as_str())
    }

    async fn page(
        &self,
        visitor: &Visitor,
        typed: Typed,
        problems: Vec<Beside>,
    ) -> Result<shown::Page, Mishap> {
        let known = self.known.as_ref().map(|known| &known.control);
        Ok(shown::page(visitor, self.base, &self.set, known, self.new, typed, problems).await)
    }

    async fn draft(&self, visitor: &Visitor, typed: &Typed) -> Refused<ControlSetId> {
        let w = visitor.words;
        let verdict = self.known.as_ref().map(|known| known.control.verdict);
        let samples = self.known.as_ref().map_or(0, |known| known.edit.samples.len());
        let Written { edit, unsaid } =
            typed.written(verdict, samples).map_err(|()| Err(Mishap::BadRequest))?;
        let mut problems = place::unsaid(w, &unsaid);
        let reason = Reason::parse(&typed.reason).ok();
        if reason.is_none() {
            problems.push(Beside::of("reason", w.t("decide-give-reason")));
        }
        let Some(reason) = reason.filter(|_| problems.is_empty()) else { return Err(Ok(problems)) };
        let permit = permit(visitor).await.map_err(Err)?;
        let (cerebro, op) = (&visitor.app.cerebro, &visitor.op);
        let made = if self.new {
            verb::added(cerebro, op, permit, self.base, &typed.id, &edit, &reason).await
        } else {
            verb::one(cerebro, op, permit, self.base, self.id(), &edit, &reason).await
        };
        match made {
            Ok((set, _)) => Ok(set),
            Err(ControlsError::Invalid(wrong)) => {
                let text = if self.new { None } else { self.known.as_ref().map(|known| known.text.as_str()) };
                let text = text.map_or_else(|| edit.written(&typed.id), |text| edit.changed(text));
                let form = place::Form { id: &typed.id, typed, text: text.unwrap_or_default() };
                Err(Ok(wrong.iter().map(|wrong| form.beside(w, wrong)).collect()))
            }
            Err(error) => Err(told(w, error)
                .map(|problems| problems.into_iter().map(|problem| Beside::of("", problem)).collect())),
        }
    }
}

pub(super) async fn read(visitor: &Visitor, base: Base) -> Result<SetRead, Mishap> {
    let permit = reading(visitor).await?;
    look::read(&visitor.app.cerebro, &visitor.op, &permit, base).await?.ok_or(Mishap::NotFound)
}

pub(super) async fn permit(visitor: &Visitor) -> Result<access::Permit<action::DraftControls>, Mishap> {
    Ok(visitor.op.permit(action::DraftControls, visitor.signed.organisation).await?)
}

pub(super) fn drafted(visitor: &Visitor, headers: &HeaderMap, set: ControlSetId) -> Response {
    go(headers, &recorded::after(&format!("/controls/sets/{set}"), visitor.op.id()))
}
