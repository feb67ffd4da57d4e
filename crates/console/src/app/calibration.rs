//! Calibrations: every score, one of them with its curve, and the answers of two people.

use access::action;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use compliance::calibration::Measure;
use operations::calibration::look::{self, LastCount, Line};
use operations::calibration::{
    CalibrationError, CalibrationState, Counted, measure, propose, scale, sign, withdraw,
};
use operations::organisation::Reason;
use vocabulary::{AccountId, CalibrationId, Timestamp, bounds};

use super::accounts::name_of;
use super::gate::may;
use super::recorded;
use super::show::Visitor;
use crate::forms::Form;
use crate::pages::calibration::{
    CalibrationPage, CalibrationsPage, Figure, LineRow, MeasureRow, hundredths, measure_name,
};
use crate::pages::error::Mishap;
use crate::pages::shell::Place;
use crate::pages::{Chip, Tone, render};
use crate::router::go;

const PAGE: &str = "/calibration";

/// What a page of calibrations shows.
struct Known {
    count: Option<LastCount>,
    lines: Vec<Line>,
}

async fn known(visitor: &Visitor) -> Result<Known, Mishap> {
    let permit = visitor.op.permit(action::ReadControls, visitor.signed.organisation).await?;
    let count = look::counted(&visitor.op, &permit).await?;
    Ok(Known { count, lines: look::list(&visitor.op, &permit).await? })
}

impl Known {
    fn counted(&self, measure: Measure) -> Option<&Counted> {
        self.count.as_ref()?.counts.measures.get(&measure)
    }

    fn of(&self, measure: Measure) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.measure == measure)
    }

    fn in_force(&self, measure: Measure) -> Option<&Line> {
        self.of(measure).find(|line| line.state == CalibrationState::InForce)
    }
}

/// What a score is measured with at present.
fn scale_now(visitor: &Visitor, measure: Measure) -> String {
    let organisation = visitor.app.cerebro.organisation(visitor.signed.organisation);
    organisation.map(|known| scale(&known.controls, measure)).unwrap_or_default()
}

/// Every score.
pub(super) async fn page(visitor: Visitor) -> Response {
    let known = match known(&visitor).await {
        Ok(known) => known,
        Err(mishap) => return visitor.mishap(mishap).await,
    };
    let (w, wall, now) = (visitor.words, visitor.wall(), visitor.op.now());
    let counted = match &known.count {
        Some(last) => {
            let by = person(&visitor, &last.by).await;
            Some(w.with2("calibration-counted", "at", wall.moment(now, last.at), "by", by))
        }
        None => None,
    };
    let row = |measure: Measure| {
        let counted = known.counted(measure)?;
        let curve = counted.seen.curve(counted.days);
        Some(MeasureRow {
            name: measure.name(),
            title: measure_name(w, measure),
            messages: counted.seen.messages(),
            at_900: hundredths(w, curve.at(900).map_or(0, |point| point.held_per_day)),
            chip: chip(&visitor, &known, measure),
        })
    };
    let page = CalibrationsPage {
        counted,
        unread: known.count.as_ref().map_or(0, |last| last.counts.unread),
        more: known.count.as_ref().is_some_and(|last| last.counts.more),
        may_count: may(&visitor.signed, "calibration.measure"),
        rows: Measure::all().filter_map(row).collect(),
        s: visitor.shell(Place::Calibration).await,
    };
    render(StatusCode::OK, &page)
}

/// Where the calibration of a score stands.
fn chip(visitor: &Visitor, known: &Known, measure: Measure) -> Chip {
    let w = visitor.words;
    let waits = known.of(measure).any(|line| line.state == CalibrationState::Proposed);
    let (tone, icon, word) = match known.in_force(measure) {
        Some(line) if line.scale == scale_now(visitor, measure) => {
            (Tone::Pass, "check", w.with("calibration-from", "from", line.from))
        }
        Some(_) => (Tone::Refuse, "alert", w.t("calibration-expired")),
        None if waits => (Tone::Hold, "hold", w.t("calibration-waits")),
        None => (Tone::Plain, "info", w.t("calibration-none")),
    };
    Chip { tone, icon, word }
}

/// Counts again.
pub(super) async fn count(visitor: Visitor, headers: HeaderMap) -> Response {
    let permit = match visitor.op.permit(action::MeasureScores, visitor.signed.organisation).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let days = bounds::CALIBRATION_DAYS_MAX;
    match measure::measure(&visitor.app.cerebro, &visitor.op, permit, days).await {
        Ok(_) => go(&headers, &recorded::after(PAGE, visitor.op.id())),
        Err(error) => visitor.failed(error).await,
    }
}

/// One score.
pub(super) async fn one(visitor: Visitor, Path(name): Path<String>) -> Response {
    let Ok(measure) = name.parse::<Measure>() else { return visitor.mishap(Mishap::NotFound).await };
    show(&visitor, measure, (String::new(), String::new()), StatusCode::OK, None).await
}

async fn show(
    visitor: &Visitor,
    measure: Measure,
    draft: (String, String),
    status: StatusCode,
    problem: Option<(&'static str, String)>,
) -> Response {
    let known = match known(visitor).await {
        Ok(known) => known,
        Err(mishap) => return visitor.mishap(mishap).await,
    };
    let w = visitor.words;
    let signed = known.in_force(measure).map(|line| line.from);
    let mut lines = Vec::new();
    for line in known.of(measure) {
        lines.push(row(visitor, line).await);
    }
    let page = CalibrationPage {
        name: measure.name(),
        title: measure_name(w, measure),
        chip: chip(visitor, &known, measure),
        facts: facts(visitor, &known, measure),
        figure: known.counted(measure).map(|counted| Figure::of(w, &counted.seen, counted.days, signed)),
        lines,
        closed: closed(visitor, &known, measure),
        draft,
        problem,
        s: visitor.shell(Place::Calibration).await,
    };
    render(status, &page)
}

fn facts(visitor: &Visitor, known: &Known, measure: Measure) -> Vec<(String, String)> {
    let (w, wall, now) = (visitor.words, visitor.wall(), visitor.op.now());
    let mut facts = Vec::new();
    if let (Some(last), Some(counted)) = (&known.count, known.counted(measure)) {
        facts.push((w.t("calibration-counted-at"), wall.moment(now, last.at)));
        facts.push((w.t("col-messages"), w.int(counted.seen.messages())));
        facts.push((w.t("calibration-days"), w.int(counted.days)));
    }
    facts.push((
        w.t("calibration-least"),
        w.with2(
            "calibration-least-text",
            "messages",
            w.int(bounds::CALIBRATION_MESSAGES_MIN),
            "days",
            w.int(bounds::CALIBRATION_DAYS_MIN),
        ),
    ));
    facts
}

/// Why nothing can be proposed.
fn closed(visitor: &Visitor, known: &Known, measure: Measure) -> Option<String> {
    let w = visitor.words;
    if !may(&visitor.signed, "calibration.propose") {
        return Some(w.t("calibration-closed-mission"));
    }
    let Some(counted) = known.counted(measure) else { return Some(w.t("calibration-not-counted")) };
    if counted.scale != scale_now(visitor, measure) {
        return Some(w.t("calibration-other-models"));
    }
    let few = counted.seen.messages() < bounds::CALIBRATION_MESSAGES_MIN
        || counted.days < bounds::CALIBRATION_DAYS_MIN;
    few.then(|| w.t("calibration-too-few"))
}

async fn row(visitor: &Visitor, line: &Line) -> LineRow {
    let w = visitor.words;
    let waits = line.state == CalibrationState::Proposed;
    let (tone, icon, word) = match line.state {
        CalibrationState::Proposed => (Tone::Hold, "hold", w.t("calibration-waits")),
        CalibrationState::InForce if line.scale == scale_now(visitor, line.measure) => {
            (Tone::Pass, "check", w.t("calibration-in-force"))
        }
        CalibrationState::InForce => (Tone::Refuse, "alert", w.t("calibration-expired")),
        CalibrationState::Ended => (Tone::Plain, "x", w.t("calibration-ended")),
    };
    LineRow {
        id: line.id.to_string(),
        from: line.from,
        rests: w.with2("calibration-rests-on", "messages", w.int(line.messages), "days", w.int(line.days)),
        proposed: who(visitor, Some(&line.proposed_by), Some(line.proposed_at)).await,
        signed: who(visitor, line.signed_by.as_deref(), line.signed_at).await,
        chip: Chip { tone, icon, word },
        sign: waits && may(&visitor.signed, "calibration.sign"),
        drop: waits && may(&visitor.signed, "calibration.drop"),
    }
}

async fn who(visitor: &Visitor, by: Option<&str>, at: Option<Timestamp>) -> String {
    let (Some(by), Some(at)) = (by, at) else { return "—".to_owned() };
    format!("{}, {}", person(visitor, by).await, visitor.wall().moment(visitor.op.now(), at))
}

/// An actor as people call them: a name where this person may read it, the machine, or a colleague.
async fn person(visitor: &Visitor, actor: &str) -> String {
    let w = visitor.words;
    let Ok(account) = actor.parse::<AccountId>() else { return w.t("calibration-machine") };
    if account == visitor.signed.account {
        return visitor.signed.name.clone();
    }
    let name = name_of(visitor, account).await;
    if name.is_empty() { w.t("calibration-colleague") } else { name }
}

/// A threshold is proposed.
pub(super) async fn propose(
    visitor: Visitor,
    headers: HeaderMap,
    Path(name): Path<String>,
    form: Form,
) -> Response {
    let w = visitor.words;
    let Ok(measure) = name.parse::<Measure>() else { return visitor.mishap(Mishap::NotFound).await };
    let draft = (form.text("from").to_owned(), form.text("reason").to_owned());
    let unfit = StatusCode::UNPROCESSABLE_ENTITY;
    let Ok(from) = draft.0.trim().parse::<u16>() else {
        return show(&visitor, measure, draft, unfit, Some(("from", w.t("calibration-from-hint")))).await;
    };
    let Ok(reason) = Reason::parse(&draft.1) else {
        return show(&visitor, measure, draft, unfit, Some(("reason", w.t("decide-give-reason")))).await;
    };
    let permit = match visitor.op.permit(action::ProposeCalibration, visitor.signed.organisation).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let done = propose::propose(&visitor.app.cerebro, &visitor.op, permit, measure, from, &reason).await;
    match done {
        Ok(_) => go(&headers, &recorded::after(&format!("{PAGE}/{measure}"), visitor.op.id())),
        Err(CalibrationError::Operation(error)) => visitor.failed(error).await,
        Err(error) => {
            let problem = ("from", trouble(&visitor, &error));
            show(&visitor, measure, draft, unfit, Some(problem)).await
        }
    }
}

/// A second person signs.
pub(super) async fn sign(visitor: Visitor, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let Some((id, measure)) = find(&visitor, &id).await else {
        return visitor.mishap(Mishap::NotFound).await;
    };
    let permit = match visitor.op.permit(action::SignCalibration, id).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let done = sign::sign(&visitor.app.cerebro, &visitor.op, permit).await;
    answered(&visitor, &headers, measure, done).await
}

/// It is turned down, or taken back.
pub(super) async fn drop(visitor: Visitor, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let Some((id, measure)) = find(&visitor, &id).await else {
        return visitor.mishap(Mishap::NotFound).await;
    };
    let permit = match visitor.op.permit(action::DropCalibration, id).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let done = withdraw::withdraw(&visitor.op, permit).await;
    answered(&visitor, &headers, measure, done).await
}

async fn find(visitor: &Visitor, id: &str) -> Option<(CalibrationId, Measure)> {
    let id: CalibrationId = id.parse().ok()?;
    let permit = visitor.op.permit(action::ReadControls, visitor.signed.organisation).await.ok()?;
    let whole = look::one(&visitor.op, &permit, id).await.ok()??;
    Some((id, whole.line.measure))
}

async fn answered(
    visitor: &Visitor,
    headers: &HeaderMap,
    measure: Measure,
    done: Result<(), CalibrationError>,
) -> Response {
    let status = match &done {
        Ok(()) => return go(headers, &recorded::after(&format!("{PAGE}/{measure}"), visitor.op.id())),
        Err(CalibrationError::SamePerson(_)) => StatusCode::FORBIDDEN,
        Err(_) => StatusCode::CONFLICT,
    };
    match done {
        Err(CalibrationError::NotFound) => visitor.mishap(Mishap::NotFound).await,
        Err(CalibrationError::Operation(error)) => visitor.failed(error).await,
        Err(error) => {
            let problem = ("main", trouble(visitor, &error));
            show(visitor, measure, (String::new(), String::new()), status, Some(problem)).await
        }
        Ok(()) => visitor.mishap(Mishap::Failed).await,
    }
}

fn trouble(visitor: &Visitor, error: &CalibrationError) -> String {
    visitor.words.t(match error {
        CalibrationError::NotCounted => "calibration-not-counted",
        CalibrationError::OtherModels => "calibration-other-models",
        CalibrationError::TooFew { .. } => "calibration-too-few",
        CalibrationError::NoThreshold => "calibration-from-hint",
        CalibrationError::HoldsTooMuch => "calibration-too-much",
        CalibrationError::TooMany => "calibration-too-many",
        CalibrationError::SamePerson(_) => "calibration-same-person",
        CalibrationError::Over
        | CalibrationError::NotFound
        | CalibrationError::Nobody
        | CalibrationError::Operation(_) => "calibration-over",
    })
}
