//! What sentences gave, by the hash of their pieces: greetings and set phrases come again in every message.

use std::collections::HashMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use vocabulary::bounds;

use crate::encoder::Reading;

/// SHA-256 of a sentence's pieces: nothing here can be read back.
pub(crate) type Key = [u8; 32];

/// Two generations: when the young one is full it becomes the old one, and what the old one had is forgotten, but for what
/// was asked for meanwhile.
#[derive(Default)]
pub(crate) struct Cache {
    young: HashMap<Key, Arc<Reading>>,
    old: HashMap<Key, Arc<Reading>>,
}

pub(crate) fn key(pieces: &[u32]) -> Key {
    let mut hash = Sha256::new();
    pieces.iter().for_each(|piece| hash.update(piece.to_le_bytes()));
    hash.finalize().into()
}

impl Cache {
    pub(crate) fn get(&mut self, key: &Key) -> Option<Arc<Reading>> {
        if let Some(known) = self.young.get(key) {
            return Some(Arc::clone(known));
        }
        let known = self.old.remove(key)?;
        self.put(*key, Arc::clone(&known));
        Some(known)
    }

    pub(crate) fn put(&mut self, key: Key, reading: Arc<Reading>) {
        if self.young.len() >= bounds::ENCODER_CACHE_MAX / 2 {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, reading);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Embedding;

    #[test]
    fn it_stays_within_its_bound_and_keeps_what_is_asked_for() {
        let mut cache = Cache::default();
        let reading = Arc::new(Reading { embedding: Embedding::of(&[]), scores: vec![1] });
        let (often, once) = (key(&[1]), key(&[2]));
        cache.put(often, Arc::clone(&reading));
        cache.put(once, Arc::clone(&reading));
        for piece in 0..3 * bounds::ENCODER_CACHE_MAX as u32 {
            cache.put(key(&[piece, piece]), Arc::clone(&reading));
            assert!(cache.young.len() + cache.old.len() <= bounds::ENCODER_CACHE_MAX);
            assert!(cache.get(&often).is_some(), "{piece}");
        }
        assert!(cache.get(&once).is_none());
    }
}
