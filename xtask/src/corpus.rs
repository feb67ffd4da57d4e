//! The corpus of real messages, and how one of them is read for an assessment.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use compliance::{AttachmentOutcome, AttachmentText, OrganisationFacts, Unsent};
use extract::Extraction;
use mail::{Message, PartId};

/// The corpus of this machine.
pub(crate) fn root() -> anyhow::Result<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let root = std::env::var_os("CEREBRO_CORPUS").map_or(beside, PathBuf::from);
    if !root.is_dir() {
        bail!("there is no corpus at {}: set CEREBRO_CORPUS", root.display());
    }
    Ok(root)
}

/// Every message of a folder of the corpus, sorted: its path there, and its bytes.
pub(crate) fn messages(folder: &str) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let root = root()?;
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            match path.extension().and_then(|extension| extension.to_str()) {
                _ if path.is_dir() => folders.push(path),
                Some("md" | "json" | "xml" | "out") => {}
                _ => found.push(path),
            }
        }
    }
    found.sort();
    found
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&root).unwrap_or(&path).display().to_string();
            Ok((name, std::fs::read(&path)?))
        })
        .collect()
}

/// The values of a file of vectors that its source and our own recomputation both call valid.
pub(crate) fn agreed_values(file: &str) -> anyhow::Result<Vec<String>> {
    let path = root()?.join("vectors").join(file);
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let rows = text.lines().skip(1).map(cells);
    // The list of real banks has no column of validity: its second is a country.
    let agreed = rows.filter(|cells| {
        cells.get(1).is_some_and(|valid| valid == "1" || valid.len() == 2)
            && cells.get(4).is_none_or(|check| check != "DISAGREE")
    });
    Ok(agreed.filter_map(|cells| cells.into_iter().next()).collect())
}

/// The secrets that gitleaks says must be found.
pub(crate) fn secrets() -> anyhow::Result<Vec<String>> {
    let path = root()?.join("secrets/gitleaks_rule_vectors.jsonl");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let mut secrets = Vec::new();
    for line in text.lines() {
        let row: serde_json::Value = serde_json::from_str(line)?;
        if row.get("expect").is_some_and(|expect| expect == "tp") {
            secrets.extend(row.get("text").and_then(|text| text.as_str()).map(str::to_owned));
        }
    }
    Ok(secrets)
}

/// The cells of a line of comma-separated values.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cells.last_mut().into_iter().for_each(|cell| cell.push(c)),
        }
    }
    cells
}

/// A message as the engine is told of it, its attachments read.
pub(crate) fn read(raw: &[u8]) -> Unsent {
    unsent(mail::parse(raw))
}

/// The same of a message that is parsed already.
pub(crate) fn unsent(message: Message) -> Unsent {
    let attachments = attachments(&message);
    Unsent::new(message, attachments, OrganisationFacts::default())
}

fn attachments(message: &Message) -> Vec<AttachmentText> {
    let files = message.all_attachments().into_iter().filter(|file| file.embedded_message.is_none());
    files
        .flat_map(|file| {
            let read = extract::extract_here(&file.name, &file.declared_type, &file.bytes);
            read.into_iter().map(|one| {
                let inner = one.part.as_str();
                let part = if inner.is_empty() { file.part.clone() } else { member(&file.part, inner) };
                let outcome = match one.outcome {
                    Extraction::Text { text, .. } => AttachmentOutcome::Text(text),
                    Extraction::Nothing(_) => AttachmentOutcome::Nothing,
                    Extraction::Unreadable(reason) => AttachmentOutcome::Unreadable(reason.code().to_owned()),
                };
                AttachmentText {
                    part: part.to_string(),
                    name: one.name,
                    outcome,
                    ..AttachmentText::default()
                }
            })
        })
        .collect()
}

fn member(part: &PartId, inner: &str) -> PartId {
    PartId::new(&format!("{part}!{inner}"))
}
