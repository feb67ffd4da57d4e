//! The Merkle tree of RFC 6962: roots, inclusion and consistency proofs, made from any source of subtree hashes.

use crate::{Hash, node_hash};

/// Gives the hash of a perfect subtree: `level` 0 is the leaves; `index` counts subtrees of `2^level` leaves.
pub trait Subtrees {
    /// Why a hash cannot be given.
    type Error;
    /// The hash of leaves `index·2^level .. (index+1)·2^level`.
    ///
    /// # Errors
    /// The source's own.
    fn subtree(&self, level: u32, index: u64) -> Result<Hash, Self::Error>;
}

/// A list of leaf hashes is a source, for tests and small trees.
impl Subtrees for [Hash] {
    type Error = std::convert::Infallible;

    fn subtree(&self, level: u32, index: u64) -> Result<Hash, Self::Error> {
        if level == 0 {
            let place = usize::try_from(index).unwrap_or(usize::MAX);
            return Ok(self.get(place).copied().unwrap_or_else(Hash::of_nothing));
        }
        Ok(node_hash(&self.subtree(level - 1, index * 2)?, &self.subtree(level - 1, index * 2 + 1)?))
    }
}

/// The largest power of two smaller than `n` (n ≥ 2): where RFC 6962 splits.
const fn split(n: u64) -> u64 {
    1 << (63 - (n - 1).leading_zeros())
}

/// The hash of leaves `lo..hi`; `lo` is a multiple of every power of two that splits the range.
fn range<S: Subtrees + ?Sized>(source: &S, lo: u64, hi: u64) -> Result<Hash, S::Error> {
    let n = hi - lo;
    if n.is_power_of_two() {
        return source.subtree(n.trailing_zeros(), lo / n);
    }
    let middle = lo + split(n);
    Ok(node_hash(&range(source, lo, middle)?, &range(source, middle, hi)?))
}

/// The root of the first `size` leaves.
///
/// # Errors
/// The source's own.
pub fn root<S: Subtrees + ?Sized>(source: &S, size: u64) -> Result<Hash, S::Error> {
    if size == 0 { Ok(Hash::of_nothing()) } else { range(source, 0, size) }
}

/// The audit path of leaf `index` in a tree of `size`, from the leaf's sibling up (RFC 6962 §2.1.1). Empty when there
/// is no such leaf.
///
/// # Errors
/// The source's own.
pub fn inclusion<S: Subtrees + ?Sized>(source: &S, index: u64, size: u64) -> Result<Vec<Hash>, S::Error> {
    let mut path = Vec::new();
    let (mut lo, mut hi) = (0, size);
    if index >= size {
        return Ok(path);
    }
    while hi - lo > 1 {
        let middle = lo + split(hi - lo);
        if index < middle {
            path.push(range(source, middle, hi)?);
            hi = middle;
        } else {
            path.push(range(source, lo, middle)?);
            lo = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The proof that the tree of `old` leaves is a prefix of the tree of `new` (RFC 6962 §2.1.2).
///
/// # Errors
/// The source's own.
pub fn consistency<S: Subtrees + ?Sized>(source: &S, old: u64, new: u64) -> Result<Vec<Hash>, S::Error> {
    let mut path = Vec::new();
    if old == 0 || old >= new {
        return Ok(path);
    }
    let (mut lo, mut hi, mut whole) = (0, new, true);
    while old != hi {
        let middle = lo + split(hi - lo);
        if old <= middle {
            path.push(range(source, middle, hi)?);
            hi = middle;
        } else {
            path.push(range(source, lo, middle)?);
            lo = middle;
            whole = false;
        }
    }
    if !whole {
        path.push(range(source, lo, hi)?);
    }
    path.reverse();
    Ok(path)
}

/// The root of a power of two of hashes.
pub(crate) fn perfect(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => Hash::of_nothing(),
        [one] => *one,
        more => {
            let (left, right) = more.split_at(more.len() / 2);
            node_hash(&perfect(left), &perfect(right))
        }
    }
}

/// The root above perfect subtrees that get smaller from left to right: RFC 6962 folds them from the right.
pub(crate) fn fold(subtrees: &[Hash]) -> Hash {
    let Some((last, before)) = subtrees.split_last() else { return Hash::of_nothing() };
    before.iter().rev().fold(*last, |right, left| node_hash(left, &right))
}

/// The root of leaves that come one by one, in the memory of the tree's height.
#[derive(Debug, Clone, Default)]
pub(crate) struct Frontier {
    size: u64,
    /// Perfect subtrees, the largest first: one a bit of `size`.
    subtrees: Vec<Hash>,
}

impl Frontier {
    /// The next leaf's hash.
    pub(crate) fn push(&mut self, leaf: Hash) {
        let mut carry = leaf;
        let mut rest = self.size;
        while rest & 1 == 1 {
            let Some(left) = self.subtrees.pop() else { break };
            carry = node_hash(&left, &carry);
            rest >>= 1;
        }
        self.subtrees.push(carry);
        self.size += 1;
    }

    /// How many leaves came.
    pub(crate) const fn size(&self) -> u64 {
        self.size
    }

    /// The root of those that came.
    pub(crate) fn root(&self) -> Hash {
        fold(&self.subtrees)
    }
}

/// The path does not lead to the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the proof does not lead to the root")]
pub struct ProofError;

/// Checks an audit path (RFC 9162 §2.1.3.2).
///
/// # Errors
/// It does not lead from the leaf to the root.
pub fn verify_inclusion(
    leaf: Hash,
    index: u64,
    size: u64,
    path: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError);
    }
    let (mut place, mut last, mut hash) = (index, size - 1, leaf);
    for step in path {
        if last == 0 {
            return Err(ProofError);
        }
        if place & 1 == 1 || place == last {
            hash = node_hash(step, &hash);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, step);
        }
        place >>= 1;
        last >>= 1;
    }
    if last == 0 && hash == *root { Ok(()) } else { Err(ProofError) }
}

/// Checks that a tree of `old` leaves is a prefix of one of `new` (RFC 9162 §2.1.4.2).
///
/// # Errors
/// It is not, or the proof is not one.
pub fn verify_consistency(
    old: u64,
    new: u64,
    path: &[Hash],
    old_root: &Hash,
    new_root: &Hash,
) -> Result<(), ProofError> {
    if old == 0 || old > new {
        return Err(ProofError);
    }
    if old == new {
        return if path.is_empty() && old_root == new_root { Ok(()) } else { Err(ProofError) };
    }
    let mut steps = path.iter();
    let first = if old.is_power_of_two() { Some(old_root) } else { steps.next() };
    let Some(first) = first else { return Err(ProofError) };
    let (mut place, mut last) = (old - 1, new - 1);
    while place & 1 == 1 {
        place >>= 1;
        last >>= 1;
    }
    let (mut from_old, mut from_new) = (*first, *first);
    for step in steps {
        if last == 0 {
            return Err(ProofError);
        }
        if place & 1 == 1 || place == last {
            from_old = node_hash(step, &from_old);
            from_new = node_hash(step, &from_new);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            from_new = node_hash(&from_new, step);
        }
        place >>= 1;
        last >>= 1;
    }
    if last == 0 && from_old == *old_root && from_new == *new_root { Ok(()) } else { Err(ProofError) }
}
