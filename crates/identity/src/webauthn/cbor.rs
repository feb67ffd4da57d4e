//! The CBOR that authenticators write (RFC 8949, CTAP2 canonical form): definite lengths, no floats, no tags.

use super::WebauthnError;

/// Levels of one item. CTAP2 allows four; what stands around it takes the rest.
const DEPTH_MAX: usize = 8;
/// Items read in one text, nested ones included.
const ITEMS_MAX: usize = 1_024;

/// One item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    Int(i64),
    Bytes(Vec<u8>),
    Text(String),
    Array(Vec<Item>),
    Map(Vec<(Item, Item)>),
    /// true, false, null, undefined: read, never looked at.
    Simple(u8),
}

impl Item {
    /// The value of an integer key.
    pub(super) fn at(&self, key: i64) -> Option<&Item> {
        self.find(|known| *known == Item::Int(key))
    }

    /// The value of a text key.
    pub(super) fn named(&self, key: &str) -> Option<&Item> {
        self.find(|known| matches!(known, Item::Text(text) if text == key))
    }

    fn find(&self, is: impl Fn(&Item) -> bool) -> Option<&Item> {
        match self {
            Self::Map(pairs) => pairs.iter().find(|(key, _)| is(key)).map(|(_, value)| value),
            _ => None,
        }
    }

    pub(super) fn int(&self) -> Option<i64> {
        if let Self::Int(value) = self { Some(*value) } else { None }
    }

    pub(super) fn bytes(&self) -> Option<&[u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

/// Reads one item; it, and what follows it.
pub(super) fn read(bytes: &[u8]) -> Result<(Item, &[u8]), WebauthnError> {
    let mut reader = Reader { rest: bytes, items: 0 };
    let item = reader.item(0)?;
    Ok((item, reader.rest))
}

/// Reads one item and nothing more.
pub(super) fn read_whole(bytes: &[u8]) -> Result<Item, WebauthnError> {
    match read(bytes)? {
        (item, []) => Ok(item),
        _ => Err(BROKEN),
    }
}

const BROKEN: WebauthnError = WebauthnError::Malformed("CBOR");

struct Reader<'a> {
    rest: &'a [u8],
    items: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], WebauthnError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(BROKEN)?;
        self.rest = rest;
        Ok(taken)
    }

    /// The major type and the argument of a head.
    fn head(&mut self) -> Result<(u8, u64), WebauthnError> {
        let [first] = *self.take(1)? else { return Err(BROKEN) };
        let width = match first & 31 {
            small @ 0..=23 => return Ok((first >> 5, u64::from(small))),
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            _ => return Err(BROKEN),
        };
        let value = self.take(width)?.iter().fold(0, |value, byte| (value << 8) | u64::from(*byte));
        Ok((first >> 5, value))
    }

    fn item(&mut self, depth: usize) -> Result<Item, WebauthnError> {
        self.items += 1;
        if depth > DEPTH_MAX || self.items > ITEMS_MAX {
            return Err(BROKEN);
        }
        let (kind, argument) = self.head()?;
        let length = usize::try_from(argument).map_err(|_| BROKEN)?;
        Ok(match kind {
            0 => Item::Int(i64::try_from(argument).map_err(|_| BROKEN)?),
            1 => Item::Int(-1 - i64::try_from(argument).map_err(|_| BROKEN)?),
            2 => Item::Bytes(self.take(length)?.to_vec()),
            3 => Item::Text(String::from_utf8(self.take(length)?.to_vec()).map_err(|_| BROKEN)?),
            4 => Item::Array((0..length).map(|_| self.item(depth + 1)).collect::<Result<_, _>>()?),
            5 => Item::Map(self.pairs(length, depth + 1)?),
            7 if argument < 24 => Item::Simple(u8::try_from(argument).map_err(|_| BROKEN)?),
            _ => return Err(BROKEN),
        })
    }

    fn pairs(&mut self, length: usize, depth: usize) -> Result<Vec<(Item, Item)>, WebauthnError> {
        let mut pairs: Vec<(Item, Item)> = Vec::new();
        for _ in 0..length {
            let (key, value) = (self.item(depth)?, self.item(depth)?);
            // A key given twice would be read one way here and another way elsewhere.
            if pairs.iter().any(|(known, _)| *known == key) {
                return Err(BROKEN);
            }
            pairs.push((key, value));
        }
        Ok(pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// RFC 8949, appendix A.
    #[test]
    fn the_examples_of_rfc_8949() {
        let text = |text: &str| Item::Text(text.into());
        let cases: [(&[u8], Item); 9] = [
            (&[0x17], Item::Int(23)),
            (&[0x18, 0x18], Item::Int(24)),
            (&[0x1a, 0x00, 0x0f, 0x42, 0x40], Item::Int(1_000_000)),
            (&[0x39, 0x03, 0xe7], Item::Int(-1000)),
            (&[0x44, 1, 2, 3, 4], Item::Bytes(vec![1, 2, 3, 4])),
            (&[0x62, 0xc3, 0xbc, 0x61].as_slice()[..3], text("ü")),
            (&[0x83, 1, 2, 3], Item::Array(vec![Item::Int(1), Item::Int(2), Item::Int(3)])),
            (&[0xa1, 0x61, 0x61, 0x20], Item::Map(vec![(text("a"), Item::Int(-1))])),
            (&[0xf5], Item::Simple(21)),
        ];
        for (bytes, item) in cases {
            assert_eq!(read_whole(bytes), Ok(item), "{bytes:x?}");
        }
    }

    #[test]
    fn what_authenticators_never_write_is_refused() {
        let deep = [vec![0x81; 20], vec![0]].concat();
        let cases: [&[u8]; 10] = [
            &[],
            &[0x5f, 0x41, 0, 0xff],                          // indefinite length
            &[0xc0, 0x60],                                   // a tag
            &[0xf9, 0x3c, 0x00],                             // a float
            &[0x42, 1],                                      // short
            &[0x5b, 255, 255, 255, 255, 255, 255, 255, 255], // endless
            &[0x9b, 0, 0, 0, 1, 0, 0, 0, 0],                 // endless
            &[0xa2, 1, 2, 1, 3],                             // a key twice
            &[0x61, 0xff],                                   // not UTF-8
            &deep,
        ];
        for bytes in cases {
            assert_eq!(read_whole(bytes), Err(BROKEN), "{bytes:x?}");
        }
        assert_eq!(read_whole(&[0, 0]), Err(BROKEN), "something follows");
        assert_eq!(read(&[0, 7]), Ok((Item::Int(0), [7].as_slice())));
    }

    proptest! {
        #[test]
        fn w11_any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let _ = read(&bytes);
        }
    }
}
