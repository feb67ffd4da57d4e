//! The labelled texts of this machine: invented sentences and e-mails, each with what it is an example of.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use encoder::{Encoder, Files};
use serde_json::Value;

/// One labelled text.
pub(crate) struct Labelled {
    pub(crate) lang: String,
    /// What its sender writes: an e-mail's subject and own words, or a sentence.
    pub(crate) text: String,
    /// Empty for ordinary text.
    pub(crate) labels: Vec<String>,
    /// The offence it only talks about.
    pub(crate) near_miss_of: Option<String>,
    /// The file it comes from, by its place in [`FILES`].
    pub(crate) file: usize,
    /// What it must not be parted from: its group, its sender, or itself.
    pub(crate) group: String,
    /// One sentence, rather than an e-mail.
    pub(crate) is_sentence: bool,
    /// What of an e-mail is of which label.
    pub(crate) spans: Vec<(String, String)>,
}

/// The files. Voices, senders and storylines stay within one: a split parts files.
pub(crate) const FILES: [&str; 3] = ["dev.jsonl", "labelled-a.jsonl", "labelled-b.jsonl"];

/// The folder of the labelled texts and of the encoder.
pub(crate) fn root() -> anyhow::Result<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/models");
    let root = std::env::var_os("CEREBRO_MODELS").map_or(beside, PathBuf::from);
    if !root.is_dir() {
        bail!("there are no labelled texts at {}: set CEREBRO_MODELS", root.display());
    }
    Ok(root)
}

/// The encoder, if it is there too.
pub(crate) fn encoder() -> anyhow::Result<Option<Encoder>> {
    read("use-m3-fren.safetensors", "use-m3-fren")
}

/// The second encoder, if it is there too.
pub(crate) fn second() -> anyhow::Result<Option<Encoder>> {
    read("e5-small-fren-q4.safetensors", "e5-small-fren")
}

fn read(network: &str, name: &str) -> anyhow::Result<Option<Encoder>> {
    let root = root()?;
    if !root.join(network).is_file() {
        return Ok(None);
    }
    let read = |name: &str| std::fs::read(root.join(name)).with_context(|| name.to_owned());
    let (network, pieces) = (read(network)?, read(&format!("{name}.vocab.txt"))?);
    let head = read(&format!("{name}.head.safetensors"))?;
    Ok(Some(Encoder::read(Files { network: &network, pieces: &pieces, head: &head })?))
}

/// Every labelled text, in the order of the files.
pub(crate) fn all() -> anyhow::Result<Vec<Labelled>> {
    let mut texts = Vec::new();
    for (place, file) in FILES.into_iter().enumerate() {
        let path = root()?.join(file);
        let rows = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        for (index, row) in rows.lines().enumerate() {
            let row: Value = serde_json::from_str(row)
                .with_context(|| format!("{}, line {}", path.display(), index + 1))?;
            texts.push(labelled(place, &row));
        }
    }
    Ok(texts)
}

fn labelled(file: usize, row: &Value) -> Labelled {
    let field = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
    let labels = row.get("labels").and_then(Value::as_array).into_iter().flatten();
    let labels =
        labels.filter_map(Value::as_str).filter(|label| *label != "benign").map(str::to_owned).collect();
    let text = match row.get("text").and_then(Value::as_str) {
        Some(text) => text.to_owned(),
        None => own_words(&field("subject"), &field("body")),
    };
    let near_miss_of = row.get("near_miss_of").and_then(Value::as_str).map(str::to_owned);
    let is_sentence = row.get("kind").is_none_or(|kind| kind == "sentence");
    let spans = row.get("spans").and_then(Value::as_array).into_iter().flatten();
    let spans = spans
        .filter_map(|span| {
            Some((span.get("text")?.as_str()?.to_owned(), span.get("label")?.as_str()?.to_owned()))
        })
        .collect();
    let group = ["group", "from", "id"].iter().map(|name| field(name)).find(|value| !value.is_empty());
    let group = format!("{file} {}", group.unwrap_or_default());
    Labelled { lang: field("lang"), text, labels, near_miss_of, file, group, is_sentence, spans }
}

/// The sender's own words of an e-mail: no quoted thread, signature or disclaimer.
fn own_words(subject: &str, body: &str) -> String {
    let raw =
        format!("Subject: \r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}", body.replace('\n', "\r\n"));
    let message = mail::parse(raw.as_bytes());
    let new: Vec<&str> = message
        .texts
        .iter()
        .filter(|part| part.kind == mail::TextKind::Plain)
        .flat_map(|part| part.stretches(mail::RegionKind::New))
        .collect();
    format!("{subject}\n\n{}", new.join("\n"))
}
