//! `cerebro assess FILE…`: what the controls say of messages, without a server.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::anyhow;
use clap::Args;
use compliance::semantic::SecondReader;
use compliance::{AttachmentOutcome, ControlSet, Finding, OrganisationFacts, Unsent};
use operations::AttachmentReader;
use vocabulary::{Clock, SystemClock};

use super::{runtime, say};
use crate::assembly;

/// Assess messages without a server: one JSON line a message.
#[derive(Debug, Args)]
pub(crate) struct Assess {
    /// A directory of control files; the shipped set when absent.
    #[arg(long)]
    controls: Option<PathBuf>,
    /// The program that reads what is written in pictures.
    #[arg(long)]
    tesseract: Option<PathBuf>,
    /// The sentence encoder's files without their endings.
    #[arg(long)]
    encoder: Option<PathBuf>,
    /// A directory of categories defined by examples.
    #[arg(long, requires = "encoder")]
    exemplars: Option<PathBuf>,
    /// The second encoder's files without their endings: what it says of each message.
    #[arg(long)]
    second: Option<PathBuf>,
    /// A domain that counts as the organisation's own; the sender's when absent.
    #[arg(long)]
    domain: Vec<String>,
    /// Read attachments even where the kernel cannot confine the child that does. Only for files you trust.
    #[arg(long)]
    weakened: bool,
    /// Messages (RFC 5322).
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// Assesses every file; a file that cannot be read is an error at the end, after the others.
pub(crate) fn run(command: &Assess) -> anyhow::Result<()> {
    let controls = controls(command.controls.as_deref())?;
    let controls = assembly::with_models(controls, command.encoder.as_deref(), command.exemplars.as_deref())?;
    let second = assembly::second_reader(command.second.as_deref())?;
    let ocr = assembly::ocr(command.tesseract.as_deref())?;
    let attachments = assembly::attachments(command.weakened).with_ocr(ocr);
    let runtime = runtime()?;
    let mut failed = 0;
    for file in &command.files {
        match std::fs::read(file) {
            Ok(raw) => {
                let assessed = runtime.block_on(assess(&controls, &attachments, command, file, &raw));
                let (mut report, unsent) = assessed?;
                if let (Some(second), Some(report)) = (&second, report.as_object_mut()) {
                    report.insert("second".to_owned(), read_again(second, &unsent));
                }
                say(&report.to_string());
            }
            Err(error) => {
                failed += 1;
                super::complain(&anyhow!("{}: {error}", file.display()));
            }
        }
    }
    if failed > 0 {
        return Err(anyhow!("{failed} of {} files could not be read", command.files.len()));
    }
    Ok(())
}

/// The control set of a directory, or the shipped one. Every error of every file is shown.
pub(crate) fn controls(directory: Option<&Path>) -> anyhow::Result<Arc<ControlSet>> {
    let Some(directory) = directory else { return Ok(Arc::new(ControlSet::shipped())) };
    ControlSet::load_dir(directory).map(Arc::new).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(|error| format!("  {error}")).collect();
        anyhow!("the control set of {} is not valid:\n{}", directory.display(), lines.join("\n"))
    })
}

async fn assess(
    controls: &ControlSet,
    attachments: &AttachmentReader,
    command: &Assess,
    file: &Path,
    raw: &[u8],
) -> anyhow::Result<(serde_json::Value, Unsent)> {
    let message = mail::parse(raw);
    let attachments = attachments.read(&message).await;
    let organisation = OrganisationFacts { domains: command.domain.clone(), ..OrganisationFacts::default() };
    let unsent = Unsent::new(message, attachments, organisation);
    let assessment = compliance::assess(&unsent.facts(SystemClock.now()), controls);
    let report = serde_json::json!({
        "file": file.display().to_string(),
        "verdict": operations::flows::settle::verdict_word(assessment.verdict),
        "findings": findings(&assessment.findings),
        "controls": assessment.matches.iter().map(|found| &found.control).collect::<Vec<_>>(),
        "incomplete": assessment.incomplete,
        "models": assessment.versions.models,
    });
    Ok((report, unsent))
}

/// What the second encoder would say of it if it waited.
fn read_again(second: &SecondReader, unsent: &Unsent) -> serde_json::Value {
    let facts = unsent.facts(SystemClock.now());
    let files: Vec<(&str, &str)> = facts
        .attachments
        .iter()
        .filter_map(|file| match &file.outcome {
            AttachmentOutcome::Text(text) => Some((file.part.as_str(), text.as_str())),
            _ => None,
        })
        .collect();
    let reading = second.read(facts.message, &files, facts.organisation);
    serde_json::json!({
        "model": reading.model, "sentences": reading.sentences, "more": reading.more, "highest": reading.highest,
        "findings": findings(&reading.findings),
    })
}

fn findings(findings: &[Finding]) -> Vec<serde_json::Value> {
    let line = |finding: &Finding| {
        serde_json::json!({
            "detector": finding.detector, "part": finding.part, "start": finding.start, "end": finding.end,
            "certainty": finding.certainty, "term": finding.term,
        })
    };
    findings.iter().map(line).collect()
}
