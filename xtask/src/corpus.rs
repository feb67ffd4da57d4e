//! The corpus of real messages, and how one of them is read for an assessment.

use std::path::{Path, PathBuf};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use anyhow::{Context as _, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use compliance::{AttachmentText, OrganisationFacts, Unsent};
use mail::Message;
use operations::AttachmentReader;

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

/// Nothing of it waits: the files are read in this process, and their features, labels and places are told as the service tells them.
fn attachments(message: &Message) -> Vec<AttachmentText> {
    let reading = pin!(AttachmentReader::Here.read(message));
    match reading.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(files) => files,
        // What nobody read is a finding of each file.
        Poll::Pending => Vec::new(),
    }
}

/// The French mails, whose bodies and fields are given as JSON: each as a message (their source says to wrap them so).
pub(crate) fn french() -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let path = root()?.join(FRENCH_FOLDER).join("emails_fr.json");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let mails: Vec<serde_json::Value> = serde_json::from_str(&text)?;
    Ok(mails
        .iter()
        .zip(1..)
        .map(|(mail, number)| (format!("{FRENCH_FOLDER}/{number:02}"), wrapped(mail)))
        .collect())
}

/// Where the French mails stand.
pub(crate) const FRENCH_FOLDER: &str = "emails/melusine-fr";

/// What else is said of such a mail is no part of a message.
fn wrapped(mail: &serde_json::Value) -> Vec<u8> {
    let field = |name: &str| mail.get(name).and_then(serde_json::Value::as_str).unwrap_or("");
    let line = |name: &str| field(name).split_whitespace().collect::<Vec<_>>().join(" ");
    let body = field("body").lines().collect::<Vec<_>>().join("\r\n");
    format!(
        "From: {}\r\nTo: {}\r\nSubject: =?utf-8?B?{}?=\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}\r\n",
        line("from"),
        line("to"),
        STANDARD.encode(line("header")),
    )
    .into_bytes()
}
