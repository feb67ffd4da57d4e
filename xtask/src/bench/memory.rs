//! What the largest mail servers take costs in memory: the process that parses and assesses it, and the confined child that reads
//! its twenty files. Each is measured by the kernel (`VmHWM`, proc(5)) in a process that does nothing else.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::Args;
use compliance::{AttachmentOutcome, ControlSet, OrganisationFacts, Unsent};
use extract::Worker;
use operations::AttachmentReader;
use serde_json::{Value as Json, json};
use vocabulary::{Timestamp, bounds::EXTRACT_MEMORY_BYTES_MAX};

use super::{heavy, processes, tell};

/// What one message of 25 MB may take in the process that assesses it, bytes at its highest.
const ASSESSOR_PEAK_BYTES_MAX: u64 = 160 * 1024 * 1024;
/// What its files may take in the child that reads them, bytes at its highest; it is ended at [`EXTRACT_MEMORY_BYTES_MAX`].
const CHILD_PEAK_BYTES_MAX: u64 = 96 * 1024 * 1024;

/// See the module. Fails where a process goes over its bound.
#[derive(Debug, Args)]
pub(crate) struct Memory {
    /// A mail to measure in this process; without, one of 25 MB in a process of its own.
    #[arg(long, hide = true)]
    mail: Option<PathBuf>,
}

pub(crate) fn run(command: &Memory) -> Result<Json> {
    if let Some(mail) = &command.mail {
        return measured(mail);
    }
    let mail = std::env::temp_dir().join(format!("cerebro-heavy-{}.eml", std::process::id()));
    std::fs::write(&mail, heavy::mail()?)?;
    tell("one mail of 25 MB with twenty files");
    let output =
        Command::new(std::env::current_exe()?).args(["bench", "memory", "--mail"]).arg(&mail).output();
    std::fs::remove_file(&mail)?;
    let output = output?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Json = serde_json::from_slice(&output.stdout)?;
    for (process, most) in [("assessor", ASSESSOR_PEAK_BYTES_MAX), ("child", CHILD_PEAK_BYTES_MAX)] {
        let peak = report.get(process).and_then(|of| of.get("peak_bytes")).and_then(Json::as_u64);
        let peak = peak.with_context(|| format!("no figure of the {process}"))?;
        ensure!(peak <= most, "the {process} took {peak} bytes, over its {most}");
    }
    Ok(report)
}

/// Reads and assesses the mail as the service does, and says what that took.
fn measured(mail: &Path) -> Result<Json> {
    let program = std::env::current_exe()?.with_file_name("cerebro");
    ensure!(program.is_file(), "build cerebro beside this program: {}", program.display());
    let set = ControlSet::shipped();
    let before = processes::peak(std::process::id())?;
    let raw = std::fs::read(mail)?;
    let message = mail::parse(&raw);
    let reader = AttachmentReader::confined(Worker { program, arguments: vec!["extract-worker".into()] });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let files = runtime.block_on(reader.read(&message));
    let unread = files.iter().filter(|file| matches!(file.outcome, AttachmentOutcome::Unreadable(_))).count();
    ensure!(unread == 0, "{unread} files were not read: the figures would be of less");
    let text: usize = files
        .iter()
        .map(|file| match &file.outcome {
            AttachmentOutcome::Text(text) => text.len(),
            AttachmentOutcome::Nothing | AttachmentOutcome::Unreadable(_) => 0,
        })
        .sum();
    let unsent = Unsent::new(message, files, OrganisationFacts::default());
    let assessment = compliance::assess(&unsent.facts(Timestamp::default()), &set);
    let children = processes::children(std::process::id());
    let child =
        children.iter().filter_map(|child| processes::peak(*child).ok()).max().context("no child lives")?;
    Ok(json!({
        "what": "memory", "unit": "bytes, resident, at the highest",
        "mail_bytes": raw.len(), "text_bytes": text, "findings": assessment.findings.len(),
        "assessor": { "peak_bytes": processes::peak(std::process::id())?, "before_the_mail": before, "bound": ASSESSOR_PEAK_BYTES_MAX },
        "child": { "peak_bytes": child, "children": children.len(), "bound": CHILD_PEAK_BYTES_MAX, "ended_at": EXTRACT_MEMORY_BYTES_MAX },
    }))
}
