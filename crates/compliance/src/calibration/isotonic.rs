//! Isotonic regression: the rising step function nearest to observed shares, least squares, by pooling neighbours that fall
//! (Ayer, Brunk, Ewing, Reid, Silverman, 1955). In whole numbers: the value of a block is a fraction, compared without dividing.

/// One observed share: how many of how many.
type Share = (u64, u64);

/// The rising function nearest to the shares, one value a share, as fractions of the block each came to lie in. A share of nothing
/// takes the value of the block before it, and before all blocks none of one.
///
/// Counts are messages of one institution: sums stay far below 2⁶⁴, products are made in 128 bits.
#[must_use]
pub fn isotonic(shares: &[Share]) -> Vec<Share> {
    let mut blocks: Vec<(Share, usize)> = Vec::with_capacity(shares.len());
    for share in shares {
        if share.1 == 0 {
            match blocks.last_mut() {
                Some((_, length)) => *length += 1,
                None => blocks.push(((0, 0), 1)),
            }
            continue;
        }
        blocks.push((*share, 1));
        while let [.., (before, _), (last, _)] = blocks.as_slice() {
            if !falls(*before, *last) {
                break;
            }
            let Some(((right, of), length)) = blocks.pop() else { break };
            let Some((before, longer)) = blocks.last_mut() else { break };
            *before = (before.0 + right, before.1 + of);
            *longer += length;
        }
    }
    blocks.into_iter().flat_map(|(share, length)| std::iter::repeat_n(share, length)).collect()
}

/// Whether the second share is no higher than the first. A share of nothing is below all.
fn falls(before: Share, after: Share) -> bool {
    before.1 > 0 && u128::from(before.0) * u128::from(after.1) >= u128::from(after.0) * u128::from(before.1)
}
