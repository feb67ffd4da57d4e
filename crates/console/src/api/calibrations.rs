//! Calibrations by API: what was counted of each score, what each threshold would have held, what is in force.

use access::action;
use axum::Json;
use axum::extract::State;
use compliance::calibration::Point;
use operations::Cerebro;
use operations::calibration::look::{self, Line};
use operations::calibration::{Counted, scale};
use serde::Serialize;
use utoipa::ToSchema;

use super::Problem;
use super::caller::Caller;

/// Everything there is to read.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Calibrations {
    /// When scores were counted last.
    counted_at: Option<String>,
    /// Messages whose scores were erased or not kept.
    unread: u64,
    scores: Vec<Score>,
    /// The latest first, at most a hundred.
    calibrations: Vec<Calibration>,
}

/// What was counted of one score.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Score {
    /// As conditions write it: `topics.aml`.
    score: String,
    messages: u64,
    /// Days with messages.
    days: u64,
    /// It is measured as it was when it was counted.
    current: bool,
    /// A point a step of ten.
    curve: Vec<CurvePoint>,
}

/// What one threshold would have meant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CurvePoint {
    /// The threshold, per mille.
    from: u16,
    /// Messages that reach it.
    messages: u64,
    refused: u64,
    released: u64,
    /// Messages a day, hundredths.
    held_per_day: u64,
    /// Those expected to be released, hundredths.
    false_per_day: u64,
    /// The share expected to be refused, per mille; absent before anybody decided.
    precision: Option<u64>,
}

/// One calibration.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Calibration {
    id: String,
    score: String,
    from: u16,
    /// proposed, in_force, ended.
    state: String,
    /// In force, and measured as it was when it was signed: controls may hold by it.
    holds: bool,
    messages: u64,
    days: u64,
    /// `account_…`, or `system:console` for a command at the machine.
    proposed_by: String,
    proposed_at: String,
    signed_by: Option<String>,
    signed_at: Option<String>,
}

/// What was counted of each score, what each threshold would have held, and which calibrations there are.
#[utoipa::path(get, path = "/api/v1/calibrations",
    responses((status = 200, body = Calibrations), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn list(
    Caller(op): Caller,
    State(cerebro): State<Cerebro>,
) -> Result<Json<Calibrations>, Problem> {
    let permit = op.permit(action::ReadControls, op.organisation()).await?;
    let last = look::counted(&op, &permit).await?;
    let lines = look::list(&op, &permit).await?;
    let organisation = cerebro.organisation(op.organisation());
    let now =
        |measure| organisation.as_ref().map(|known| scale(&known.controls, measure)).unwrap_or_default();
    let measures = last.iter().flat_map(|last| &last.counts.measures);
    Ok(Json(Calibrations {
        counted_at: last.as_ref().map(|last| last.at.rfc3339()),
        unread: last.as_ref().map_or(0, |last| last.counts.unread),
        scores: measures
            .map(|(measure, counted)| score(measure.name(), counted, counted.scale == now(*measure)))
            .collect(),
        calibrations: lines.iter().map(|line| calibration(line, line.scale == now(line.measure))).collect(),
    }))
}

fn score(name: &str, counted: &Counted, current: bool) -> Score {
    let curve = counted.seen.curve(counted.days);
    Score {
        score: name.to_owned(),
        messages: counted.seen.messages(),
        days: counted.days,
        current,
        curve: curve.points().iter().map(point).collect(),
    }
}

const fn point(point: &Point) -> CurvePoint {
    CurvePoint {
        from: point.from,
        messages: point.above.seen,
        refused: point.above.refused,
        released: point.above.released,
        held_per_day: point.held_per_day,
        false_per_day: point.false_per_day,
        precision: point.precision,
    }
}

fn calibration(line: &Line, current: bool) -> Calibration {
    Calibration {
        id: line.id.to_string(),
        score: line.measure.name().to_owned(),
        from: line.from,
        state: line.state.word().to_owned(),
        holds: current && line.state.word() == "in_force",
        messages: line.messages,
        days: line.days,
        proposed_by: line.proposed_by.clone(),
        proposed_at: line.proposed_at.rfc3339(),
        signed_by: line.signed_by.clone(),
        signed_at: line.signed_at.map(|at| at.rfc3339()),
    }
}
