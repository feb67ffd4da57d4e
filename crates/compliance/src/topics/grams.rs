//! A sentence as hashed grams: words, pairs of words, and pieces of 3 to 5 letters of each word with its edges.

/// Where hashes fall.
pub const BUCKETS: u32 = 1 << 18;
/// Bytes of one word that are cut in pieces.
const WORD_BYTES_MAX: usize = 32;

/// The buckets of a sentence's grams, each once, in order. Words come folded.
#[must_use]
pub fn buckets(words: &[&str]) -> Vec<u32> {
    let mut buckets = Vec::with_capacity(words.len() * 16);
    grams(words, &mut buckets);
    buckets.sort_unstable();
    buckets.dedup();
    buckets
}

/// What reading sentence after sentence uses again: each bucket's mark, and the buckets of the sentence.
#[derive(Default)]
pub(super) struct Desk {
    marks: Vec<u64>,
    buckets: Vec<u32>,
}

impl Desk {
    /// As [`buckets`], in no order: which are there, and how many, is all a score asks.
    pub(super) fn buckets(&mut self, words: &[&str]) -> &[u32] {
        self.marks.resize(BUCKETS as usize / 64, 0);
        self.buckets.clear();
        grams(words, &mut self.buckets);
        let marks = &mut self.marks;
        self.buckets.retain(|bucket| {
            let Some(word) = marks.get_mut((*bucket / 64) as usize) else { return false };
            let mark = 1 << (bucket % 64);
            let new = *word & mark == 0;
            *word |= mark;
            new
        });
        for bucket in &self.buckets {
            if let Some(word) = self.marks.get_mut((bucket / 64) as usize) {
                *word = 0;
            }
        }
        &self.buckets
    }
}

fn grams(words: &[&str], buckets: &mut Vec<u32>) {
    let mut before: Option<u32> = None;
    for word in words {
        // A number is a number: amounts and dates would be learnt by heart.
        let word = if word.bytes().all(|byte| byte.is_ascii_digit()) { "0" } else { word };
        let whole = hash(1, word.as_bytes());
        buckets.push(bucket(whole));
        if let Some(before) = before {
            buckets.push(bucket(before.rotate_left(7).wrapping_mul(0x9E37_79B1) ^ whole));
        }
        before = Some(whole);
        pieces(word, buckets);
    }
}

/// Pieces of ` word `, by bytes: folded words are ASCII but for other alphabets.
fn pieces(word: &str, buckets: &mut Vec<u32>) {
    let mut padded = [b' '; WORD_BYTES_MAX + 2];
    let bytes = word.as_bytes();
    let length = bytes.len().min(WORD_BYTES_MAX);
    for (place, byte) in padded.iter_mut().skip(1).zip(bytes.iter().take(length)) {
        *place = *byte;
    }
    let padded = padded.get(..length + 2).unwrap_or(&[]);
    for size in 3_u32..=5 {
        for piece in padded.windows(size as usize) {
            buckets.push(bucket(hash(size, piece)));
        }
    }
}

/// FNV-1a, seeded by what kind of gram it is.
fn hash(seed: u32, bytes: &[u8]) -> u32 {
    let start = 0x811C_9DC5_u32 ^ seed.wrapping_mul(0x9E37_79B1);
    bytes.iter().fold(start, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// The upper bits are mixed in: those of FNV's last bytes are poor.
const fn bucket(hash: u32) -> u32 {
    (hash ^ (hash >> 15) ^ (hash >> 22)) & (BUCKETS - 1)
}
