//! Letters that pass for digits: an eye takes one for the other, and so does what reads pictures.
//!
//! | case | decision | why |
//! |---|---|---|
//! | at most one character in three is such a letter | looked at | `3OOO 6OOO` is the most there is of it in a number that is still read as one |
//! | a letter where the form asks for a digit | taken for the digit, and the check decides | one reading, not many: the check proves as much as before |
//! | a letter where the form allows both | all such letters for digits | one reading more |
//! | the same in what was read in a picture | each of at most two for the other, both ways | the machine misreads one or two |

/// One character in so many may be taken for another.
pub(super) const SHARE: usize = 3;
/// Characters of a number in a picture that may be taken for others where both could stand.
pub(super) const IN_PICTURES_MAX: usize = 2;

/// The digit that a capital letter, as folded, looks like.
pub(super) const fn digit(letter: u8) -> Option<u8> {
    Some(match letter {
        b'O' | b'Q' => b'0',
        b'I' | b'L' => b'1',
        b'Z' => b'2',
        b'S' => b'5',
        b'G' => b'6',
        b'B' => b'8',
        _ => return None,
    })
}

/// The letter that a digit looks like.
pub(super) const fn letter(digit: u8) -> Option<u8> {
    Some(match digit {
        b'0' => b'O',
        b'1' => b'I',
        b'2' => b'Z',
        b'5' => b'S',
        b'6' => b'G',
        b'8' => b'B',
        _ => return None,
    })
}

/// The other character that this one looks like.
const fn other(byte: u8) -> Option<u8> {
    match digit(byte) {
        Some(digit) => Some(digit),
        None => letter(byte),
    }
}

/// The identifier, or the first good one in which at most `most` of the characters at `places` are taken for what they look like.
pub(super) fn mended(
    bytes: &[u8],
    places: &[usize],
    most: usize,
    is_good: &dyn Fn(&[u8]) -> bool,
) -> Option<Vec<u8>> {
    if is_good(bytes) {
        return Some(bytes.to_vec());
    }
    let most = most.checked_sub(1)?;
    places.iter().enumerate().find_map(|(at, place)| {
        let mut changed = bytes.to_vec();
        let byte = changed.get_mut(*place)?;
        *byte = other(*byte)?;
        mended(&changed, places.get(at + 1..)?, most, is_good)
    })
}

/// An identifier as [`super::canonical`] has it, each letter that looks like a digit as that digit: what two readings of it share.
#[must_use]
pub fn appearance(identifier: &str) -> String {
    super::canonical(identifier).bytes().map(|byte| char::from(digit(byte).unwrap_or(byte))).collect()
}
