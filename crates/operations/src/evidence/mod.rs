//! The ledger as people and machines use it: seal it, look at it, prove an entry, take a copy, take up what a restored database
//! forgot.

pub mod backlog;
pub mod export;
pub mod look;
pub mod prove;
pub mod restored;
pub mod seal;

pub(crate) mod sql {
    access::statements! {
        Organisation LEAVES_FROM = "SELECT idx, leaf FROM ledger_entry WHERE organisation = $1 AND idx >= $2 ORDER BY idx LIMIT 4096";
        Organisation HEAD = "SELECT COALESCE(MAX(idx), -1) + 1 FROM ledger_entry WHERE organisation = $1";
        Organisation LATEST = "SELECT idx, leaf FROM ledger_entry WHERE organisation = $1 AND idx < $2 ORDER BY idx DESC LIMIT 51";
        Organisation ENTRY = "SELECT idx, leaf, detail, operation FROM ledger_entry WHERE organisation = $1 AND idx = $2";
        Organisation FIRST_LEAF = "SELECT idx, leaf FROM ledger_entry WHERE organisation = $1 AND operation = $2 ORDER BY idx LIMIT 1";
        Organisation WAITING_LEAF = "SELECT leaf FROM evidence_outbox WHERE organisation = $1 AND operation = $2 ORDER BY id LIMIT 1";
        MechanicalPlatform SAY_SEALED = "INSERT INTO sealing (organisation, sealed) VALUES ($1, $2) ON CONFLICT (organisation) DO UPDATE SET sealed = $2";
        Platform UNSEALED = "SELECT COALESCE((SELECT MAX(e.idx) + 1 FROM ledger_entry e WHERE e.organisation = s.organisation), 0) - s.sealed FROM sealing s LIMIT 1000";
        Platform UNNUMBERED = "SELECT COUNT(*) FROM evidence_outbox";
        Organisation OF_ACCOUNTS = "SELECT id, name FROM account WHERE organisation = $1 ORDER BY id LIMIT 5000";
    }
}
