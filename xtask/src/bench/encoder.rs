//! The sentence encoder, beside another program that runs the same model on the same sentences, in turns.
//!
//! The other is started with the folder of the model and prints lines of `what min X us p50 Y us p95 Z us`, as the program
//! that the model comes with does.

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, ensure};
use clap::Args;
use encoder::{Encoder, Precision};
use serde_json::{Value as Json, json};

use super::tell;
use crate::labelled;

/// An e-mail of twelve sentences, as the other program has it.
const MAIL: [&str; 12] = [
    "Bonjour Claire, merci pour votre retour rapide concernant le dossier de la société Dupont.",
    "Comme convenu, vous trouverez ci-joint le compte rendu de notre réunion de mardi dernier ainsi que le calendrier prévisionnel des prochaines étapes.",
    "Le client souhaite avancer rapidement sur la partie financement et nous demande une proposition chiffrée avant la fin de la semaine.",
    "Pourriez-vous vérifier avec l'équipe crédit si les garanties proposées sont suffisantes ?",
    "Par ailleurs, il a évoqué un projet d'acquisition en Belgique qui pourrait nécessiter un prêt complémentaire au second semestre.",
    "Je pense que nous devrions organiser un appel avec le directeur financier pour clarifier ses besoins.",
    "Concernant les frais, je vous propose d'appliquer la grille habituelle avec une remise de dix pour cent.",
    "Attention, ce point reste confidentiel jusqu'à la validation du comité qui se tiendra jeudi matin.",
    "De mon côté, je serai en déplacement mercredi mais joignable par téléphone.",
    "Si vous avez la moindre question sur les documents, n'hésitez pas à m'appeler directement au bureau.",
    "Merci également de confirmer la réception du dossier complet.",
    "Bien cordialement, Marc Lefèvre, chargé d'affaires entreprises.",
];

/// Sentences a second beside another program.
#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// The other program.
    #[arg(long)]
    reference: Option<PathBuf>,
    /// Turns of each.
    #[arg(long, default_value_t = 3)]
    turns: usize,
}

/// Runs it; the report.
pub(crate) fn run(command: &Bench) -> anyhow::Result<Json> {
    let start = Instant::now();
    let encoder = labelled::encoder()?.context("there is no model (set CEREBRO_MODELS)")?;
    let load = start.elapsed();
    let second = labelled::second()?;
    let mut turns = Vec::new();
    for turn in 0..command.turns {
        tell(&format!("turn {} of {}", turn + 1, command.turns));
        let mut both = json!({ "cerebro": ours(&encoder) });
        if let (Some(second), Some(both)) = (&second, both.as_object_mut()) {
            both.insert("second".to_owned(), of_second(second));
        }
        if let (Some(reference), Some(both)) = (&command.reference, both.as_object_mut()) {
            both.insert("reference".to_owned(), theirs(reference)?);
        }
        turns.push(both);
    }
    Ok(json!({
        "bench": "encoder", "unit": "microseconds", "instructions": encoder::instructions(), "threads": 1,
        "load_milliseconds": load.as_secs_f64() * 1e3, "turns": turns,
    }))
}

fn ours(encoder: &Encoder) -> Json {
    let (one, three, twelve) = (MAIL.get(1..2), MAIL.get(1..4), MAIL.get(..));
    let encode = |sentences: Option<&[&str]>, precision| {
        timed(|| encoder.rows(sentences.unwrap_or(&[]), precision).len())
    };
    json!({
        "cut in pieces, 12 sentences": timed(|| MAIL.iter().map(|sentence| encoder.tokens(sentence).len()).sum()),
        "1 sentence": encode(one, Precision::Fast),
        "3 sentences": encode(three, Precision::Fast),
        "12 sentences": encode(twelve, Precision::Fast),
        "12 sentences, 28 bits": encode(twelve, Precision::Fine),
        "12 sentences known from before": timed(|| encoder.sentences(&MAIL).len()),
    })
}

/// The second encoder, a sentence at a time.
fn of_second(encoder: &Encoder) -> Json {
    let [_, long, ..] = MAIL;
    let short = "Merci également de confirmer la réception du dossier complet.";
    let whole = MAIL.join(" ");
    let encode = |sentence: &str| timed(|| encoder.rows(&[sentence], Precision::Fast).len());
    json!({ "38 pieces": encode(long), "16 pieces": encode(short), "256 pieces, what is over left out": encode(&whole) })
}

/// The shortest and the median of sixty times.
fn timed(mut work: impl FnMut() -> usize) -> Json {
    for _ in 0..3 {
        std::hint::black_box(work());
    }
    let mut times: Vec<f64> = (0..60)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(work());
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    json!({ "min": times.first(), "p50": times.get(30) })
}

fn theirs(program: &PathBuf) -> anyhow::Result<Json> {
    let output =
        Command::new(program).arg(labelled::root()?).output().context("the reference does not start")?;
    ensure!(output.status.success(), "the reference failed");
    let text = String::from_utf8_lossy(&output.stdout);
    let rows = text.lines().filter_map(|line| {
        let (what, times) = line.split_once(" min ")?;
        let mut numbers = times.split_whitespace().filter_map(|word| word.parse::<f64>().ok());
        let (min, p50) = (numbers.next()?, numbers.next()?);
        Some((what.trim().to_owned(), json!({ "min": min, "p50": p50 })))
    });
    Ok(Json::Object(rows.collect()))
}
