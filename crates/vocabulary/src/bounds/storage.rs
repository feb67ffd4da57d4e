//! What is kept, and the ledger.

use std::time::Duration;

/// Ciphertext up to this size stands in its row, larger is a blob; bytes.
pub const INLINE_BODY_BYTES_MAX: usize = 64 * 1024;
/// A blob that no row names is removed after this long: longer than any message takes from its first byte to its row.
pub const BLOB_GRACE: Duration = Duration::from_secs(6 * 3600);
/// Writes that share one commit.
pub const GROUP_COMMIT_MAX: usize = 512;
/// Writes waiting for the writer; the next one waits at the door.
pub const WRITE_QUEUE_MAX: usize = 4_096;
/// Connections that read.
pub const READERS: usize = 4;
/// Entries not yet under a signed checkpoint; past this, changes are refused.
pub const SEALING_BACKLOG_MAX: u64 = 1_000_000;
/// A ledger leaf, bytes (C2SP tlog-tiles: 65,535).
pub const LEAF_BYTES_MAX: usize = 65_535;
/// Time from a commit to the checkpoint above it when busy.
pub const SEALING_INTERVAL: Duration = Duration::from_millis(500);
/// Entries that are taken up from the log when a database from a backup lacks them.
pub const RESTORED_ENTRIES_MAX: u64 = 2_000_000;
/// One sealed plaintext, bytes: the largest message with room for what stands around it.
pub const SEALED_PLAINTEXT_BYTES_MAX: usize = 256 * 1024 * 1024;
/// What a sealed plaintext is bound to (whose it is, what it is), bytes.
pub const SEALED_CONTEXT_BYTES_MAX: usize = 1_024;
/// Wrapping keys kept unwrapped in memory; past this the cache starts anew.
pub const WRAPPING_KEYS_CACHED_MAX: usize = 4_096;
