//! The proof that one entry is under a signed checkpoint: everything a stranger needs to check it.

use askama::Template;

use super::Shell;

/// The proof's page.
#[derive(Debug, Clone, Template)]
#[template(path = "proof.html")]
pub struct ProofPage {
    /// The frame.
    pub s: Shell,
    /// The entry's place.
    pub index: u64,
    /// What: `hold.rejected`.
    pub kind: String,
    /// When, to the microsecond, UTC.
    pub at: String,
    /// Who, as this reader may know them.
    pub by: String,
    /// On what, an id.
    pub subject: String,
    /// What the entry commits to, opened: lines of name and value.
    pub detail: Vec<(String, String)>,
    /// RFC 6962 hash of the leaf, base64.
    pub leaf_hash: String,
    /// Entries under the checkpoint.
    pub size: u64,
    /// The root under which it is, base64.
    pub root: String,
    /// The audit path, from the leaf up, base64.
    pub path: Vec<String>,
    /// The signed checkpoint.
    pub note: String,
    /// The command that verifies it offline.
    pub command: String,
    /// Where the C2SP proof file is.
    pub download: String,
    /// The name the file is saved under.
    pub file: String,
}
