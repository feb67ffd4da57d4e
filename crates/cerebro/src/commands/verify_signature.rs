//! The signature of a security key in the detail of an entry, checked from the proof alone (`docs/formats/ledger.md`).

use aws_lc_rs::digest::{SHA256, digest};
use identity::webauthn::KeySignature;
use ledger::Entry;
use serde_json::{Map, Value as Json};

/// Whose key signed what the entry says, and where; or why it did not.
///
/// `None` where the detail holds no signature.
pub(super) fn check(entry: &Entry, detail: &Map<String, Json>) -> Option<Result<Signed, String>> {
    let kept = detail.get("key_signature")?;
    Some(verify(entry, detail, kept))
}

/// A signature that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signed {
    /// SHA-256 of the public key, as the entry that enrolled it has it.
    pub(super) key_sha256: String,
    /// Where the key was used.
    pub(super) origin: String,
}

fn verify(entry: &Entry, detail: &Map<String, Json>, kept: &Json) -> Result<Signed, String> {
    let kept: KeySignature =
        serde_json::from_value(kept.clone()).map_err(|error| format!("it cannot be read: {error}"))?;
    kept.verify().map_err(|error| error.to_string())?;
    let said: Map<String, Json> =
        serde_json::from_str(&kept.statement).map_err(|error| format!("its statement: {error}"))?;
    let of_detail = |name: &str| detail.get(name).and_then(Json::as_str).unwrap_or_default();
    let expected = [
        ("account", entry.actor.clone()),
        ("organisation", entry.organisation.to_string()),
        ("hold", entry.subject.clone()),
        ("flow", of_detail("flow").to_owned()),
        ("content_sha256", of_detail("seen_sha256").to_owned()),
        ("reason_sha256", hex(of_detail("reason").as_bytes())),
        ("decision", decision(&entry.kind, of_detail("becomes"))?),
    ];
    for (name, value) in expected {
        if said.get(name).and_then(Json::as_str) != Some(value.as_str()) {
            return Err(format!("it is about something else: {name} is not the entry's"));
        }
    }
    let key = identity::webauthn::key_bytes(&kept.key).map_err(|error| error.to_string())?;
    Ok(Signed { key_sha256: hex(&key), origin: kept.origin })
}

/// The word a statement has for what an entry says.
fn decision(kind: &str, becomes: &str) -> Result<String, String> {
    let verdict = match becomes {
        "released" => "release",
        "rejected" => "reject",
        other => return Err(format!("a hold that becomes {other} is not signed")),
    };
    match kind {
        "hold.released" | "hold.rejected" => Ok(verdict.to_owned()),
        "hold.arbitrated" => Ok(format!("rule_{verdict}")),
        "hold.overruled" => Ok(format!("overrule_{verdict}")),
        other => Err(format!("an entry of the kind {other} is not signed")),
    }
}

fn hex(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
