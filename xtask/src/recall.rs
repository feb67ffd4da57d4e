//! Recall: every value of the vectors planted in real mails, in several places, and how many are found there.
//!
//! The vectors come from others; the carriers are mails of the corpus; a value counts as found when a finding of its
//! detector has exactly its letters and digits. What is missed is named.
#![expect(clippy::print_stdout, reason = "it prints a report")]

mod pictures;
mod plant;

use std::collections::BTreeMap;

use compliance::detect::canonical;
use compliance::{ControlSet, Unsent};
use vocabulary::Timestamp;

use crate::corpus;
use plant::{PLACES, plant};

/// What is planted for one detector: a file of vectors, and the words around a value.
struct Sown {
    detector: &'static str,
    file: &'static str,
    sentences: &'static [&'static str],
}

const SOWN: &[Sown] = &[
    sown("iban", "iban.csv", &["Merci de créditer le compte {} avant vendredi.", "Please pay to {} today."]),
    sown("card", "card.csv", &["La carte {} est à opposer.", "The card is {}, as discussed."]),
    sown("bic", "bic.csv", &["Code BIC : {}.", "Our SWIFT code is {}."]),
    sown("bic", "bic_real_fr_lu_be_mc.csv", &["La banque {} a répondu.", "Sent through {} yesterday."]),
    sown("siren", "siren.csv", &["La société (SIREN {}) est cliente.", "Orvéane, {} RCS Paris."]),
    sown("siret", "siret.csv", &["Établissement n° SIRET {}.", "SIRET: {}"]),
    sown("tva", "fr_tva.csv", &["N° TVA intracommunautaire : {}.", "Our VAT number is {}."]),
    sown("nir", "nir.csv", &["Son numéro de sécurité sociale est le {}.", "Dossier {} reçu."]),
    sown("lei", "lei.csv", &["Contrepartie {} agréée.", "The LEI is {}."]),
    sown("isin", "isin.csv", &["Achat de 200 titres {} au marché.", "Buy {} at market."]),
    sown("secret", "", &["La clé est {}", "Use {}"]),
];

const fn sown(detector: &'static str, file: &'static str, sentences: &'static [&'static str]) -> Sown {
    Sown { detector, file, sentences }
}

/// Carriers used, so that no value depends on one mail.
const CARRIERS: usize = 40;

/// Prints the report.
pub(crate) fn run() -> anyhow::Result<()> {
    let set = ControlSet::shipped();
    let carriers = carriers()?;
    println!("{:14} {}", "detector", PLACES.map(|place| format!("{:>12}", place.name())).join(""));
    for sown in SOWN {
        let values = values(sown)?;
        let mut found = BTreeMap::new();
        let mut missed = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let sentence = pick(sown.sentences, index).replace("{}", value);
            let carrier = carriers.get(index % carriers.len()).map_or("", String::as_str);
            for place in PLACES {
                let raw = plant(place, carrier, &sentence)?;
                if finds(&set, &corpus::read(&raw), sown.detector, value, canonical) {
                    *found.entry(place.name()).or_insert(0_usize) += 1;
                } else {
                    missed.push(format!("  missed {} in {}: {value}", sown.detector, place.name()));
                }
            }
        }
        let cells = PLACES.map(|place| {
            let cell = format!("{}/{}", found.get(place.name()).unwrap_or(&0), values.len());
            format!("{cell:>12}")
        });
        println!("{:14} {}", sown.detector, cells.join(""));
        missed.iter().for_each(|line| println!("{line}"));
    }
    in_pictures(&set, &carriers)
}

/// The same values written in pictures.
fn in_pictures(set: &ControlSet, carriers: &[String]) -> anyhow::Result<()> {
    let Some(studio) = pictures::Studio::open()? else {
        println!("pictures: Chromium, Tesseract or the program beside this one is missing");
        return Ok(());
    };
    println!("{:14} {}", "detector", pictures::PLACES.map(|place| format!("{place:>14}")).join(""));
    let carrier = carriers.first().map_or("", String::as_str);
    for sown in SOWN {
        let values = values(sown)?;
        let mut found = [0; pictures::PLACES.len()];
        let mut missed = Vec::new();
        for values in values.chunks(pictures::SENTENCES) {
            let sentences = values.iter().enumerate();
            let sentences: Vec<String> =
                sentences.map(|(index, value)| pick(sown.sentences, index).replace("{}", value)).collect();
            let png = studio.draw(&sentences)?;
            for (place, found) in pictures::PLACES.iter().zip(&mut found) {
                let (count, lost) = studio.count(set, place, carrier, (sown.detector, values, &png))?;
                *found += count;
                missed.extend(
                    lost.into_iter().map(|value| format!("  missed {} in {place}: {value}", sown.detector)),
                );
            }
        }
        let cells = found.map(|found| format!("{:>14}", format!("{found}/{}", values.len())));
        println!("{:14} {}", sown.detector, cells.join(""));
        missed.iter().for_each(|line| println!("{line}"));
    }
    Ok(())
}

fn values(sown: &Sown) -> anyhow::Result<Vec<String>> {
    match sown.detector {
        "secret" => corpus::secrets(),
        _ => corpus::agreed_values(sown.file),
    }
}

fn pick<'a>(sentences: &[&'a str], index: usize) -> &'a str {
    sentences.get(index % sentences.len().max(1)).copied().unwrap_or("{}")
}

/// Texts of real mails to plant in.
fn carriers() -> anyhow::Result<Vec<String>> {
    let mails = corpus::messages("emails/enron")?;
    let texts = mails.iter().filter_map(|(_, raw)| {
        let message = mail::parse(raw);
        message.texts.into_iter().map(|text| text.text).find(|text| (400..4_000).contains(&text.len()))
    });
    Ok(texts.take(CARRIERS).collect())
}

/// Whether a finding has the letters and digits of the value, as `form` has them.
fn finds(set: &ControlSet, unsent: &Unsent, detector: &str, value: &str, form: fn(&str) -> String) -> bool {
    let assessment = compliance::assess(&unsent.facts(Timestamp::default()), set);
    let wanted = form(value);
    let is_it = |excerpt: &str| match detector {
        // A command is planted, its credential alone is found.
        "secret" => wanted.contains(&form(excerpt)),
        _ => form(excerpt) == wanted,
    };
    assessment.findings.iter().any(|found| found.detector == detector && is_it(&found.excerpt))
}
