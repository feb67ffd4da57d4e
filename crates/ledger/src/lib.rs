//! Entries, Merkle tree, tiles, signed checkpoints, proofs, offline verification.
