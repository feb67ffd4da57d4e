//! The ledger: how far it goes, how far it is signed, its latest entries, and how to verify without us.

use askama::Template;

use super::Shell;

/// The ledger's page.
#[derive(Debug, Clone, Template)]
#[template(path = "ledger.html")]
pub struct LedgerPage {
    /// The frame.
    pub s: Shell,
    /// Entries committed.
    pub entries: u64,
    /// `depuis le 2 févr. 2025`, when known.
    pub since: Option<String>,
    /// Entries under the latest signed checkpoint.
    pub sealed: u64,
    /// Entries that wait for the next checkpoint.
    pub unsealed: u64,
    /// When the latest checkpoint was signed: `14:20:00`, when known.
    pub sealed_at: Option<String>,
    /// The log's name.
    pub origin: String,
    /// The root of the tree, base64.
    pub root: String,
    /// The latest checkpoint, as a signed note.
    pub note: String,
    /// The public key, as `NAME+HASH+KEY`.
    pub key: String,
    /// The command that verifies a copy offline.
    pub command: String,
    /// Checkpoints, latest first; may be empty.
    pub checkpoints: Vec<CheckpointRow>,
    /// Entries, latest first.
    pub rows: Vec<EntryRow>,
    /// The address of earlier entries.
    pub earlier: Option<String>,
    /// The address of the newest entries, when this is not them.
    pub newest: Option<String>,
}

/// One checkpoint.
#[derive(Debug, Clone)]
pub struct CheckpointRow {
    /// `14:20:00`.
    pub time: String,
    /// Entries under it.
    pub size: u64,
    /// Its root, shortened.
    pub root: String,
    /// Where its note is.
    pub href: String,
}

/// One entry.
#[derive(Debug, Clone)]
pub struct EntryRow {
    /// Its place.
    pub index: u64,
    /// `14:19:41`.
    pub time: String,
    /// What: `hold.rejected`.
    pub kind: String,
    /// Who, as this reader may know them.
    pub by: String,
    /// On what, an id.
    pub subject: String,
    /// Its proof's page; `None` while it is not sealed.
    pub proof: Option<String>,
}
