//! Recall: values and sentences planted in real mails, in several places, and how many are found there.
//!
//! The carriers are mails of the corpus. A value counts as found when a finding of its detector has exactly its letters and
//! digits; a sentence when its lexicon finds something in it. What is missed is named, and under a detector's floor the command
//! fails.
#![expect(clippy::print_stdout, reason = "it prints a report")]

mod pictures;
mod plant;
mod sown;
mod values;

use anyhow::{Result, ensure};
use clap::Args;
use compliance::detect::{SECRET, canonical};
use compliance::{ControlSet, Facts, PreparedOrganisation, Unsent};
use vocabulary::Timestamp;

use crate::corpus;
use plant::{PLACES, plant};
use sown::Sown;

/// See the module.
#[derive(Debug, Args)]
pub(crate) struct Recall {
    /// Values of each detector that are drawn in pictures, at most: each page is read by Tesseract once a place.
    #[arg(long, default_value_t = 10_000)]
    drawn: usize,
    /// Detectors measured, by the beginning of their names; all when none is named.
    detectors: Vec<String>,
}

/// Carriers used, so that no value depends on one mail.
const CARRIERS: usize = 40;

/// What plants and looks.
struct Field {
    set: ControlSet,
    organisation: PreparedOrganisation,
    carriers: Vec<String>,
}

/// What came of one detector: found at each place, of how many, and what was missed.
struct Harvest {
    found: Vec<usize>,
    of: usize,
    missed: Vec<String>,
}

impl Harvest {
    /// The line of a table.
    fn row(&self, detector: &str, width: usize) -> String {
        let cells = self.found.iter().map(|found| format!("{:>width$}", format!("{found}/{}", self.of)));
        format!("{detector:30} {}", cells.collect::<String>())
    }

    /// Whether fewer than so many in a thousand were found at some place.
    fn is_under(&self, floor: usize) -> bool {
        self.of == 0 || self.found.iter().any(|found| found * 1_000 < self.of * floor)
    }

    /// Prints the line and what was missed; the detector's name where it is under its floor.
    fn report(&self, detector: &str, width: usize, floor: usize) -> Option<String> {
        println!("{}", self.row(detector, width));
        self.missed.iter().for_each(|line| println!("{line}"));
        self.is_under(floor).then(|| format!("{detector} (floor {floor} in 1,000)"))
    }
}

/// Prints the report.
///
/// # Errors
/// A detector finds less than its floor, each by its name.
pub(crate) fn run(command: &Recall) -> Result<()> {
    let field = Field::open()?;
    let mut sown = sown::all()?;
    let named = |one: &Sown| command.detectors.iter().any(|name| one.detector.starts_with(name.as_str()));
    sown.retain(|one| command.detectors.is_empty() || named(one));
    println!("{:30} {}", "detector", PLACES.map(|place| format!("{:>12}", place.name())).join(""));
    let mut under = Vec::new();
    for one in &sown {
        under.extend(field.reap(one, usize::MAX)?.report(one.detector, 12, one.floor));
    }
    under.extend(in_pictures(&field, &sown, command.drawn)?);
    ensure!(under.is_empty(), "found less than the floor: {}", under.join(", "));
    Ok(())
}

/// The same values written in pictures.
fn in_pictures(field: &Field, sown: &[Sown], drawn: usize) -> Result<Vec<String>> {
    let Some(studio) = pictures::Studio::open()? else {
        println!("pictures: Chromium, Tesseract or the program beside this one is missing");
        return Ok(Vec::new());
    };
    println!("{:30} {}", "detector", pictures::PLACES.map(|place| format!("{place:>14}")).join(""));
    let carrier = field.carrier(0);
    let mut under = Vec::new();
    for one in sown {
        let values = one.values.get(..drawn.min(one.values.len())).unwrap_or_default();
        let mut harvest =
            Harvest { found: vec![0; pictures::PLACES.len()], of: values.len(), missed: Vec::new() };
        for values in values.chunks(pictures::SENTENCES) {
            let sentences: Vec<String> =
                values.iter().enumerate().map(|(index, value)| one.sentence(index, value)).collect();
            let png = studio.draw(&sentences)?;
            for (place, found) in pictures::PLACES.iter().zip(&mut harvest.found) {
                let (count, lost) = studio.count(field, place, carrier, (one.detector, values, &png))?;
                *found += count;
                let lost =
                    lost.into_iter().map(|value| format!("  missed {} in {place}: {value}", one.detector));
                harvest.missed.extend(lost);
            }
        }
        under.extend(
            harvest.report(one.detector, 14, one.drawn_floor).map(|name| format!("{name} in pictures")),
        );
    }
    Ok(under)
}

impl Field {
    fn open() -> Result<Self> {
        Ok(Self { set: sown::asking()?, organisation: values::organisation(), carriers: carriers()? })
    }

    fn carrier(&self, index: usize) -> &str {
        self.carriers.get(index % self.carriers.len().max(1)).map_or("", String::as_str)
    }

    /// Plants at most so many of the values at every place, and counts those that are found.
    fn reap(&self, sown: &Sown, most: usize) -> Result<Harvest> {
        let values = sown.values.get(..most.min(sown.values.len())).unwrap_or_default();
        let mut harvest = Harvest { found: vec![0; PLACES.len()], of: values.len(), missed: Vec::new() };
        for (index, value) in values.iter().enumerate() {
            let sentence = sown.sentence(index, value);
            for (place, found) in PLACES.into_iter().zip(&mut harvest.found) {
                let raw = plant(place, self.carrier(index), &sentence)?;
                if self.finds(&corpus::read(&raw), sown.detector, value, canonical) {
                    *found += 1;
                } else {
                    harvest.missed.push(format!("  missed {} in {}: {value}", sown.detector, place.name()));
                }
            }
        }
        Ok(harvest)
    }

    /// Whether a finding has the letters and digits of the value, as `form` has them.
    fn finds(&self, unsent: &Unsent, detector: &str, value: &str, form: fn(&str) -> String) -> bool {
        let facts = Facts { organisation: &self.organisation, ..unsent.facts(Timestamp::default()) };
        let assessment = compliance::assess(&facts, &self.set);
        let wanted = form(value);
        // Of a command its credential alone is found, of a sentence the words that say it.
        let is_within = detector == SECRET || detector.starts_with("lexicon_");
        let is_it = |excerpt: &str| match form(excerpt) {
            excerpt if is_within => !excerpt.is_empty() && wanted.contains(&excerpt),
            excerpt => excerpt == wanted,
        };
        let counted = |found: &&compliance::Finding| found.detector == detector;
        assessment.findings.iter().filter(counted).any(|found| is_it(&found.excerpt))
    }
}

/// Texts of real mails to plant in.
fn carriers() -> Result<Vec<String>> {
    let mails = corpus::messages("emails/enron")?;
    let texts = mails.iter().filter_map(|(_, raw)| {
        let message = mail::parse(raw);
        message.texts.into_iter().map(|text| text.text).find(|text| (400..4_000).contains(&text.len()))
    });
    Ok(texts.take(CARRIERS).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of each detector that a test plants.
    const SAMPLE: usize = 3;

    /// A few of every detector's values are found at every place.
    #[test]
    fn planted_values_are_found_at_every_place() {
        if corpus::root().is_err() {
            eprintln!("skipped: there is no corpus (set CEREBRO_CORPUS)");
            return;
        }
        let field = Field::open().unwrap();
        let values = sown::all().unwrap();
        for one in values.iter().filter(|one| one.floor == 1_000) {
            let harvest = field.reap(one, SAMPLE).unwrap();
            assert!(!harvest.is_under(one.floor), "{}: {:?}", one.detector, harvest.missed);
        }
    }

    #[test]
    fn one_place_under_the_floor_is_under_it() {
        let harvest = Harvest { found: vec![10, 9], of: 10, missed: Vec::new() };
        assert!(harvest.is_under(1_000) && !harvest.is_under(900));
        assert!(
            Harvest { found: vec![], of: 0, missed: Vec::new() }.is_under(0),
            "what plants nothing proves nothing"
        );
    }
}
