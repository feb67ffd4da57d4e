//! Randomness and where it comes from. Handed in with every operation, so that a test can repeat itself.

use std::fmt;
use std::sync::Mutex;

use aws_lc_rs::digest;
use aws_lc_rs::rand::{SecureRandom, SystemRandom};

/// Where random bytes come from.
pub trait Entropy: Send + Sync + fmt::Debug {
    /// Fills `into` with random bytes. A machine that has none left to give stops the process: nothing safe can follow.
    fn fill(&self, into: &mut [u8]);
}

/// `N` random bytes.
#[must_use]
pub fn random<const N: usize>(entropy: &dyn Entropy) -> [u8; N] {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes
}

/// The machine's generator.
#[derive(Debug, Default)]
pub struct SystemEntropy(SystemRandom);

impl Entropy for SystemEntropy {
    fn fill(&self, into: &mut [u8]) {
        if self.0.fill(into).is_err() {
            std::process::abort();
        }
    }
}

/// A repeatable generator for tests: SHA-256 over a seed and a counter. Never for keys that matter.
#[derive(Debug)]
pub struct SeededEntropy(Mutex<(u64, u64)>);

impl SeededEntropy {
    /// The same seed gives the same bytes.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new((seed, 0)))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, into: &mut [u8]) {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for chunk in into.chunks_mut(32) {
            let input = [state.0.to_be_bytes(), state.1.to_be_bytes()].concat();
            state.1 += 1;
            let block = digest::digest(&digest::SHA256, &input);
            for (byte, random) in chunk.iter_mut().zip(block.as_ref()) {
                *byte = *random;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_itself() {
        let (one, two) = (SeededEntropy::new(7), SeededEntropy::new(7));
        let (a, b): ([u8; 70], [u8; 70]) = (random(&one), random(&two));
        assert_eq!(a, b);
        assert_ne!(a, random::<70>(&one));
    }
}
