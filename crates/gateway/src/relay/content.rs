//! What is sent: whole in memory, or read block by block while it leaves.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use crate::session::data::{Fault, check_content};

/// The bytes of one message: our trace fields, then the content as it was received.
#[derive(Clone)]
pub enum Content {
    /// Whole.
    Whole(Vec<u8>),
    /// Too large for memory.
    Large(Large),
}

/// A message that is read while it leaves.
#[derive(Clone)]
pub struct Large {
    /// Our trace fields and the start of the content, its header section at least as far as 64 KiB.
    pub head: Vec<u8>,
    /// All bytes, those of `head` included.
    pub bytes: u64,
    /// Gives the whole from its start, `head` included, each time it is asked.
    pub source: Arc<dyn Source>,
}

/// Where a large message is read from.
pub trait Source: Send + Sync + 'static {
    /// Starts from the beginning.
    ///
    /// # Errors
    /// It cannot be read.
    fn open(&self) -> io::Result<Box<dyn Blocks>>;
}

/// A large message, in order.
pub trait Blocks: Send + 'static {
    /// The next block, not empty; `None` at the end. Blocks for as long as the disk does.
    ///
    /// # Errors
    /// It cannot be read, or is not what was stored: what was sent so far must be given up.
    fn next(&mut self) -> io::Result<Option<Vec<u8>>>;
}

/// Content bytes of one block of a message in memory. Small mail is one block: its body and the final dot leave in one
/// write.
pub(super) const BLOCK_BYTES: usize = 64 * 1024;

impl Content {
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Self::Whole(bytes) => bytes.len() as u64,
            Self::Large(large) => large.bytes,
        }
    }

    /// The start, which holds the header section.
    pub(super) fn head(&self) -> &[u8] {
        match self {
            Self::Whole(bytes) => bytes,
            Self::Large(large) => &large.head,
        }
    }

    /// Why it cannot be sent at all, as far as that is known before it is read.
    pub(super) fn fault(&self) -> Option<Fault> {
        match self {
            Self::Whole(bytes) => check_content(bytes).err(),
            Self::Large(_) => None,
        }
    }

    /// No byte above 127. A large message is read for it, once: only asked of a next hop without 8BITMIME.
    pub(super) async fn is_ascii(&self) -> io::Result<bool> {
        match self {
            Self::Whole(bytes) => Ok(bytes.is_ascii()),
            Self::Large(_) => {
                let mut reading = self.read().await?;
                while let Some(block) = reading.next().await? {
                    if !block.is_ascii() {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
        }
    }

    /// Starts reading it.
    pub(super) async fn read(&self) -> io::Result<Reading<'_>> {
        match self {
            Self::Whole(bytes) => Ok(Reading::Whole(bytes)),
            Self::Large(large) => {
                let source = Arc::clone(&large.source);
                Ok(Reading::Large(Some(blocking(move || source.open()).await?)))
            }
        }
    }
}

/// A message being read.
pub(super) enum Reading<'a> {
    Whole(&'a [u8]),
    Large(Option<Box<dyn Blocks>>),
}

impl<'a> Reading<'a> {
    /// The next block, not empty; `None` at the end.
    pub(super) async fn next(&mut self) -> io::Result<Option<Cow<'a, [u8]>>> {
        match self {
            Self::Whole([]) => Ok(None),
            Self::Whole(rest) => {
                let (block, after) = rest.split_at(rest.len().min(BLOCK_BYTES));
                *rest = after;
                Ok(Some(Cow::Borrowed(block)))
            }
            Self::Large(place) => {
                let Some(mut blocks) = place.take() else { return Ok(None) };
                let (blocks, block) = blocking(move || {
                    let block = blocks.next()?;
                    Ok((blocks, block))
                })
                .await?;
                *place = Some(blocks);
                Ok(block.map(Cow::Owned))
            }
        }
    }
}

/// Away from the threads that serve connections.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

/// Checks a large message while it leaves: the same rules as [`check_content`], over any cut into blocks.
#[derive(Debug, Default)]
pub(super) struct RunningCheck {
    /// The last byte was a CR.
    cr: bool,
}

impl RunningCheck {
    /// Checks the next block.
    pub(super) fn push(&mut self, block: &[u8]) -> Result<(), Fault> {
        let rest = match (self.cr, block) {
            (true, [b'\n', rest @ ..]) => rest,
            (true, [_, ..]) => return Err(Fault::BareLineEnd),
            (_, block) => block,
        };
        self.cr = rest.last() == Some(&b'\r') || (self.cr && block.is_empty());
        let whole = if rest.last() == Some(&b'\r') {
            rest.split_last().map_or(rest, |(_, whole)| whole)
        } else {
            rest
        };
        check_content(whole)
    }

    /// Nothing is left open at the end.
    pub(super) fn end(&self) -> Result<(), Fault> {
        if self.cr { Err(Fault::BareLineEnd) } else { Ok(()) }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A large message in memory, in blocks of a given size.
    pub(in crate::relay) struct InBlocks(pub(in crate::relay) Vec<u8>, pub(in crate::relay) usize);

    impl Source for InBlocks {
        fn open(&self) -> io::Result<Box<dyn Blocks>> {
            let blocks: Vec<Vec<u8>> = self.0.chunks(self.1).map(<[u8]>::to_vec).collect();
            Ok(Box::new(blocks.into_iter()))
        }
    }

    impl Blocks for std::vec::IntoIter<Vec<u8>> {
        fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
            Ok(Iterator::next(self))
        }
    }

    pub(in crate::relay) fn large(bytes: &[u8], block: usize) -> Content {
        let head = bytes.get(..bytes.len().min(200)).unwrap().to_vec();
        let source = Arc::new(InBlocks(bytes.to_vec(), block));
        Content::Large(Large { head, bytes: bytes.len() as u64, source })
    }

    proptest! {
        #[test]
        fn a_check_by_blocks_is_the_check_of_the_whole(
            pieces in proptest::collection::vec(proptest::sample::select(vec![&b"\r\n"[..], b"\r", b"\n", b"a", b"", b"\0"]), 0..12),
        ) {
            let whole = pieces.concat();
            let mut check = RunningCheck::default();
            let by_blocks = pieces.iter().try_for_each(|piece| check.push(piece)).and_then(|()| check.end());
            prop_assert_eq!(by_blocks.is_ok(), check_content(&whole).is_ok(), "{:?}", pieces);
        }
    }
}
