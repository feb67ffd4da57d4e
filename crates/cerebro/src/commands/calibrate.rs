//! `cerebro calibrate`: what models score on the organisation's own messages, up to a signature, which a person who is signed in
//! gives.

use access::action;
use anyhow::Context;
use clap::{Args, Subcommand};
use compliance::calibration::Measure;
use operations::calibration::look::Line;
use operations::calibration::{Counts, look, measure, propose, withdraw};
use operations::organisation::Reason;
use vocabulary::{CalibrationId, bounds};

use super::place::{Place, open};
use super::{runtime, say};
use crate::config::Config;

/// From which score on an organisation's controls may hold: count, see the curve, propose.
///
/// A second person, signed in, signs. On PostgreSQL this runs beside the service; on SQLite while it is stopped.
#[derive(Debug, Args)]
pub(crate) struct Calibrate {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The calibrations, the latest first.
    List,
    /// Count the scores of the messages of the last days, with what people decided. Contents are not read.
    Count {
        /// How many days.
        #[arg(long, default_value_t = bounds::CALIBRATION_DAYS_MAX)]
        days: u32,
    },
    /// What each threshold would have held, by the last count.
    Curve {
        /// The score, `topics.market_abuse`.
        score: Measure,
    },
    /// Propose from which score on controls may hold.
    Propose {
        /// The score, `topics.market_abuse`.
        score: Measure,
        /// The threshold, 10 to 1000 in steps of ten.
        from: u16,
        /// Why, for colleagues, the auditor and the ledger.
        #[arg(long)]
        reason: String,
    },
    /// Take a proposal back.
    Drop {
        /// Its id.
        id: CalibrationId,
    },
}

/// Runs the command.
pub(crate) fn run(command: &Calibrate) -> anyhow::Result<()> {
    let config = Config::load(&command.place.config)?;
    runtime()?.block_on(answer(command, &config))
}

async fn answer(command: &Calibrate, config: &Config) -> anyhow::Result<()> {
    let (_opened, cerebro, op) = open(&command.place, config).await?;
    let organisation = op.organisation();
    match &command.what {
        What::List => {
            let permit = op.permit(action::ReadControls, organisation).await?;
            look::list(&op, &permit).await?.iter().for_each(|known| say(&line(known)));
        }
        What::Count { days } => {
            let permit = op.permit(action::MeasureScores, organisation).await?;
            report(&measure::measure(&cerebro, &op, permit, *days).await?);
        }
        What::Curve { score } => {
            let permit = op.permit(action::ReadControls, organisation).await?;
            let last = look::counted(&op, &permit).await?.context("nothing was counted yet")?;
            curve(&last.counts, *score)?;
        }
        What::Propose { score, from, reason } => {
            let reason = Reason::parse(reason).context("--reason")?;
            let permit = op.permit(action::ProposeCalibration, organisation).await?;
            let id = propose::propose(&cerebro, &op, permit, *score, *from, &reason).await?;
            say(&format!("proposed {id}: a second person signs it in the console"));
        }
        What::Drop { id } => {
            let permit = op.permit(action::DropCalibration, *id).await?;
            withdraw::withdraw(&op, permit).await?;
            say(&format!("{id} is taken back"));
        }
    }
    Ok(())
}

fn line(line: &Line) -> String {
    let signed = line.signed_by.as_ref().map(|by| format!(", signed by {by}")).unwrap_or_default();
    format!(
        "{} {} from {} {}: {} messages, {} days, proposed {} by {}{signed}",
        line.id,
        line.measure,
        line.from,
        line.state.word(),
        line.messages,
        line.days,
        line.proposed_at.rfc3339(),
        line.proposed_by
    )
}

fn report(counts: &Counts) {
    for (score, counted) in &counts.measures {
        let curve = counted.seen.curve(counted.days);
        let reached = |from: u16| curve.at(from).map_or(0, |point| point.above.seen);
        say(&format!(
            "{score}: {} messages, {} days; {} reach 700, {} reach 900",
            counted.seen.messages(),
            counted.days,
            reached(700),
            reached(900)
        ));
    }
    if counts.unread > 0 || counts.more {
        say(&format!(
            "{} could not be read{}",
            counts.unread,
            if counts.more { "; there are more than are counted" } else { "" }
        ));
    }
}

fn curve(counts: &Counts, score: Measure) -> anyhow::Result<()> {
    let counted = counts.measures.get(&score).context("this score was not counted")?;
    say("threshold  messages  held/day  to release/day  rejected/released  share to reject");
    let hundredths = |number: u64| format!("{}.{:02}", number / 100, number % 100);
    for point in counted.seen.curve(counted.days).points().iter().filter(|point| point.from % 50 == 0) {
        say(&format!(
            "{:>9}  {:>8}  {:>8}  {:>14}  {:>17}  {}",
            point.from,
            point.above.seen,
            hundredths(point.held_per_day),
            hundredths(point.false_per_day),
            format!("{}/{}", point.above.refused, point.above.released),
            point.precision.map_or_else(|| "—".to_owned(), |share| format!("{share} ‰"))
        ));
    }
    Ok(())
}
