//! What other parsers expect of their own test messages, against what we see. `docs/guides/mime-views.md` lists every
//! difference with its reason; this test finds exactly those, and writes none of their contents.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use super::corpus::files;
use super::everything;
use crate::{Message, parse};

const DOCUMENT: &str = "../../docs/guides/mime-views.md";

/// One message's difference: parser, case, what differs.
type Difference = (String, String, String);

/// Words that two renderings of one text share: runs of letters and digits, over two long.
fn words(text: &str) -> HashSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 2);
    words.map(str::to_lowercase).collect()
}

/// Tags and references are markup, not words.
fn of_html(source: &str) -> HashSet<String> {
    words(&crate::render::Html::untrusted(source).to_text())
}

struct Ours {
    words: HashSet<String>,
    message: Message,
}

impl Ours {
    fn read(raw: &[u8]) -> Self {
        let message = parse(raw);
        let files: Vec<String> =
            message.all_attachments().iter().map(|file| crate::plausible_text(&file.bytes)).collect();
        let words = words(&format!("{} {}", everything(&message), files.join(" ")));
        Self { words, message }
    }

    fn has_words(&self, theirs: &HashSet<String>) -> bool {
        theirs.is_subset(&self.words)
    }

    fn has_bytes(&self, theirs: &[u8]) -> bool {
        let text = |bytes: &[u8]| crate::plausible_text(bytes).split_whitespace().collect::<String>();
        let wanted = text(theirs);
        self.message.all_attachments().iter().any(|file| file.bytes == theirs || text(&file.bytes) == wanted)
            || self.has_words(&words(&crate::plausible_text(theirs)))
    }
}

fn difference(found: &mut BTreeSet<Difference>, parser: &str, case: &str, what: &str) {
    found.insert((parser.to_owned(), case.to_owned(), what.to_owned()));
}

/// `mail-parser`: the JSON beside each message.
fn mail_parser(found: &mut BTreeSet<Difference>) -> usize {
    let mut compared = 0;
    for path in files("mime/mail-parser") {
        let is_message = path.extension().is_some_and(|extension| extension == "eml");
        let Some(json) = is_message.then(|| std::fs::read(path.with_extension("json")).ok()).flatten() else {
            continue;
        };
        compared += 1;
        let ours = Ours::read(&std::fs::read(&path).unwrap());
        let case = path.file_stem().unwrap().to_string_lossy().into_owned();
        let expected: Value = serde_json::from_slice(&json).unwrap();
        let header = |name: &str| {
            let headers = expected["parts"][0]["headers"].as_array()?;
            headers.iter().find(|header| header["name"] == name).map(|header| header["value"].clone())
        };
        let subject = header("subject").and_then(|value| value["Text"].as_str().map(str::to_owned));
        if subject.unwrap_or_default().split_whitespace().ne(ours.message.subject.split_whitespace()) {
            difference(found, "mail-parser", &case, "subject");
        }
        let from = header("from")
            .and_then(|value| value["Address"]["List"][0]["address"].as_str().map(str::to_owned));
        let first =
            ours.message.from.first().map(|from| from.address.clone()).filter(|from| !from.is_empty());
        if from != first {
            difference(found, "mail-parser", &case, "from");
        }
        parts(&expected["parts"], &ours, &mut |what| difference(found, "mail-parser", &case, what));
    }
    compared
}

fn parts(all: &Value, ours: &Ours, differ: &mut dyn FnMut(&str)) {
    for part in all.as_array().into_iter().flatten() {
        let body = &part["body"];
        let bytes = |key: &str| -> Option<Vec<u8>> {
            let list = body[key].as_array()?;
            Some(list.iter().filter_map(|byte| u8::try_from(byte.as_u64()?).ok()).collect())
        };
        if let Some(text) = body["Text"].as_str() {
            if !ours.has_words(&words(text)) {
                differ("text");
            }
        } else if let Some(html) = body["Html"].as_str() {
            if !ours.has_words(&of_html(html)) {
                differ("html");
            }
        } else if let Some(bytes) = bytes("Binary").or_else(|| bytes("InlineBinary")) {
            if !ours.has_bytes(&bytes) {
                differ("file");
            }
        } else if let Some(inner) = body["Message"].as_object() {
            parts(inner.get("parts").unwrap_or(&Value::Null), ours, differ);
        }
    }
}

/// `mime4j`: the tree beside each message, and the decoded body of those parts that the corpus has in a file. How many messages and
/// bodies were compared.
fn mime4j(found: &mut BTreeSet<Difference>) -> (usize, usize) {
    let (mut compared, mut compared_bodies) = (0, 0);
    for path in files("mime/mime4j") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some((stem, _)) = name.split_once("_decoded.xml") else { continue };
        let tree = crate::plausible_text(&std::fs::read(&path).unwrap());
        let Ok(raw) = std::fs::read(path.with_file_name(format!("{stem}.msg"))) else { continue };
        let ours = Ours::read(&raw);
        let case = stem.split_once("__").map_or(stem, |(_, case)| case);
        let folder = stem.strip_suffix(case).unwrap_or_default();
        compared += 1;
        for (kind, body) in bodies(&tree) {
            let Ok(bytes) = std::fs::read(path.with_file_name(format!("{folder}{body}"))) else { continue };
            compared_bodies += 1;
            let text = crate::plausible_text(&bytes);
            let is_seen = match kind {
                "text" => ours.has_words(&words(&text)) || ours.has_words(&of_html(&text)),
                _ => ours.has_bytes(&bytes),
            };
            if !is_seen {
                let part = body.rsplit_once("_decoded_").map_or(body, |(_, part)| part);
                difference(found, "mime4j", case, part);
            }
        }
    }
    (compared, compared_bodies)
}

/// `<text-body name="x"/>`, `<binary-body name="y"/>`.
fn bodies(tree: &str) -> Vec<(&'static str, &str)> {
    let of = |kind: &'static str| {
        let parts = tree.split(if kind == "text" { "<text-body name=\"" } else { "<binary-body name=\"" });
        parts.skip(1).filter_map(move |rest| Some((kind, rest.split_once('"')?.0)))
    };
    of("text").chain(of("binary")).collect()
}

/// The differences that the document explains, and their reasons.
fn explained(document: &str) -> BTreeMap<Difference, String> {
    let rows = document.lines().filter_map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [parser, case, what, why] = cells.as_slice() else { return None };
        let known = ["mail-parser", "mime4j"].contains(parser);
        known.then(|| (((*parser).to_owned(), (*case).to_owned(), (*what).to_owned()), (*why).to_owned()))
    });
    rows.collect()
}

#[test]
fn what_other_parsers_see_is_seen_or_explained() {
    let mut found = BTreeSet::new();
    let (first, (second, bodies)) = (mail_parser(&mut found), mime4j(&mut found));
    if first + second == 0 {
        return;
    }
    assert!(first >= 50 && second >= 20, "{first} and {second} messages compared");
    // As many as the document says.
    assert_eq!(bodies, 48, "bodies of mime4j compared");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(DOCUMENT);
    let explained = explained(&std::fs::read_to_string(path).unwrap());
    let mut missing = String::new();
    for (parser, case, what) in found.iter().filter(|found| !explained.contains_key(*found)) {
        let _ = writeln!(missing, "| {parser} | {case} | {what} | why? |");
    }
    assert!(missing.is_empty(), "differences that {DOCUMENT} does not explain:\n{missing}");
    let gone: Vec<_> = explained.keys().filter(|known| !found.contains(*known)).collect();
    assert!(gone.is_empty(), "differences that are none any more: {gone:?}");
    assert!(explained.values().all(|why| why.len() > 20), "a difference without its reason");
}
