//! Key hierarchy, AES-256-GCM envelopes, crypto-shredding.
