//! `docs/operating/configuration.md`, from the struct that reads the file.

use std::fmt::Write as _;

use crate::support::documents::{generated, repository};

/// One key: its path in the file, whether it must be there, what it is.
struct Key {
    path: String,
    required: bool,
    says: String,
}

/// Structs of the configuration, each with where it stands in the file.
const SECTIONS: &[(&str, &str)] = &[
    ("Config", ""),
    ("Storage", "storage."),
    ("Smtp", "smtp."),
    ("SmtpClient", "[[smtp.clients]] "),
    ("TenantField", "[[smtp.clients.tenant_fields]] "),
    ("Relay", "relay."),
    ("RelayRoute", "[[relay.route]] "),
    ("Extract", "extract."),
    ("Semantic", "semantic."),
    ("Console", "console."),
];

fn keys(source: &str, name: &str, prefix: &str) -> Vec<Key> {
    let begin = source.find(&format!("struct {name} {{")).unwrap_or_else(|| panic!("no struct {name}"));
    let body = source[begin..].split("\n}").next().unwrap();
    let (mut found, mut says, mut required) = (Vec::new(), Vec::new(), true);
    for line in body.lines().skip(1).map(str::trim) {
        if let Some(comment) = line.strip_prefix("///") {
            says.push(comment.trim().to_owned());
        } else if line.starts_with("#[serde(default") {
            required = false;
        } else if let Some((field, kind)) =
            line.strip_prefix("pub(crate) ").and_then(|rest| rest.split_once(": "))
        {
            // A section is told by its keys.
            let section = SECTIONS.iter().any(|(name, _)| kind.trim_end_matches([',', '>']).ends_with(name));
            if !section {
                assert!(!says.is_empty(), "{name}.{field} says nothing of itself");
                found.push(Key { path: format!("{prefix}{field}"), required, says: says.join(" ") });
            }
            says.clear();
            required = true;
        }
    }
    found
}

#[test]
fn configuration_reference() {
    let folder = repository().join("crates/cerebro/src");
    let mut files = vec![folder.join("config.rs")];
    files.extend(std::fs::read_dir(folder.join("config")).unwrap().map(|entry| entry.unwrap().path()));
    let source: String = files.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let structs = source.matches("#[serde(deny_unknown_fields)]").count();
    assert_eq!(structs, SECTIONS.len(), "the configuration has a section that the reference does not know");
    let mut table = String::from("| key | needed | is |\n|---|---|---|\n");
    for (name, prefix) in SECTIONS {
        for key in keys(&source, name, prefix) {
            let needed = if key.required { "yes" } else { "" };
            let _ = writeln!(table, "| `{}` | {needed} | {} |", key.path, key.says);
        }
    }
    generated("docs/operating/configuration.md", "configuration", &table);
}
