//! The institution's clients, by keyed hashes: whose data stands in a text, and whose mailbox a recipient is.
//!
//! No value is kept: an identifier is the first eight bytes of its HMAC under a key of the organisation, beside the number of
//! its client. Five million of them take sixty megabytes and less than a microsecond to ask. Two identifiers share
//! their eight bytes once in 2⁶⁴; a candidate of a text is taken for one of fifteen million by accident once in 10¹².

mod build;
mod compare;
mod keyed;
mod scan;

use std::fmt;

use sha2::{Digest, Sha256};

use vocabulary::EmailAddress;

pub use build::{Builder, Unfit, plain};
pub use compare::{Difference, Mailboxes};
use keyed::Keyed;
pub(crate) use scan::read;

/// The number of a client: the order in which the file first names it, from 1.
pub type ClientNumber = u32;

/// What an identifier is. The number goes into the hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Kind {
    /// An account, a contract, a card, a company: letters and digits alone, small.
    Number = 1,
    Email = 2,
    Phone = 3,
    /// A name's words in order of the alphabet, and a date of birth.
    Person = 4,
    /// An address or a domain that is the client's own.
    Recipient = 5,
}

/// Findings of certainty this high say whose data it is; an address or a telephone number alone does not.
pub(crate) const PROOF: u8 = 90;

/// First bits of a hash that choose where it is looked for.
const BUCKET_BITS: u32 = 16;

/// The clients, ready to be asked.
pub struct Clients {
    keyed: Keyed,
    /// In order; equal ones side by side.
    hashes: Vec<u64>,
    owners: Vec<ClientNumber>,
    /// Where the hashes of each bucket begin; one more for the end.
    buckets: Vec<u32>,
    /// Bit n: there is a number of n letters and digits.
    lengths: u64,
    clients: ClientNumber,
    digest: String,
}

/// Why bytes are no client file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("these bytes are no client file")]
pub struct Damaged;

/// The first bytes of the form that is kept.
const MAGIC: &[u8; 16] = b"cerebro clients1";
/// Magic, lengths, clients, identifiers.
const HEAD: usize = 16 + 8 + 8 + 8;

impl Clients {
    /// Nobody.
    #[must_use]
    pub fn none() -> Self {
        Self::sorted(Keyed::new(&[0; 32]), Vec::new(), Vec::new(), 0, 0)
    }

    fn sorted(
        keyed: Keyed,
        hashes: Vec<u64>,
        owners: Vec<ClientNumber>,
        lengths: u64,
        clients: ClientNumber,
    ) -> Self {
        let mut buckets = Vec::new();
        if !hashes.is_empty() {
            let begin = |bucket: u64| {
                let at = hashes.partition_point(|hash| hash >> (64 - BUCKET_BITS) < bucket);
                u32::try_from(at).unwrap_or(u32::MAX)
            };
            buckets = (0..=1 << BUCKET_BITS).map(begin).collect();
        }
        let mut all = Self { keyed, hashes, owners, buckets, lengths, clients, digest: String::new() };
        if !all.hashes.is_empty() {
            all.digest = all.hash();
        }
        all
    }

    fn hash(&self) -> String {
        let mut hash = Sha256::new_with_prefix(self.lengths.to_le_bytes());
        self.hashes.iter().for_each(|known| hash.update(known.to_le_bytes()));
        self.owners.iter().for_each(|owner| hash.update(owner.to_le_bytes()));
        hexadecimal(&hash.finalize())
    }

    /// The form that is kept: no value stands in it, and without the key nothing can be asked of it.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD + self.hashes.len() * 12);
        bytes.extend(MAGIC);
        bytes.extend(self.lengths.to_le_bytes());
        bytes.extend(u64::from(self.clients).to_le_bytes());
        bytes.extend((self.hashes.len() as u64).to_le_bytes());
        self.hashes.iter().for_each(|hash| bytes.extend(hash.to_le_bytes()));
        self.owners.iter().for_each(|owner| bytes.extend(owner.to_le_bytes()));
        bytes
    }

    /// Reads that form again.
    ///
    /// # Errors
    /// The bytes are another thing, cut short, or out of order.
    pub fn from_bytes(key: &[u8; 32], bytes: &[u8]) -> Result<Self, Damaged> {
        let (magic, rest) = bytes.split_first_chunk::<16>().ok_or(Damaged)?;
        let (head, rest) = rest.split_at_checked(HEAD - 16).ok_or(Damaged)?;
        let mut words = head.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word));
        let mut next = || words.next().ok_or(Damaged);
        let (lengths, clients, count) = (next()?, next()?, next()?);
        let count = usize::try_from(count).map_err(|_| Damaged)?;
        let clients = ClientNumber::try_from(clients).map_err(|_| Damaged)?;
        let (hashes, owners) =
            count.checked_mul(8).and_then(|at| rest.split_at_checked(at)).ok_or(Damaged)?;
        if magic != MAGIC || Some(owners.len()) != count.checked_mul(4) {
            return Err(Damaged);
        }
        let hashes: Vec<u64> = hashes.as_chunks().0.iter().map(|hash| u64::from_le_bytes(*hash)).collect();
        let owners: Vec<u32> = owners.as_chunks().0.iter().map(|owner| u32::from_le_bytes(*owner)).collect();
        let in_order = hashes.is_sorted() && owners.iter().all(|owner| (1..=clients).contains(owner));
        if !in_order {
            return Err(Damaged);
        }
        Ok(Self::sorted(Keyed::new(key), hashes, owners, lengths, clients))
    }

    /// Clients in the file.
    #[must_use]
    pub const fn len(&self) -> ClientNumber {
        self.clients
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// Identifiers of clients, and their own addresses.
    #[must_use]
    pub const fn identifiers(&self) -> usize {
        self.hashes.len()
    }

    /// SHA-256 over all of it, lower-case hexadecimal; empty where there is nobody.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The clients an account or other number belongs to, in any grouping. For measuring.
    #[must_use]
    pub fn of_number(&self, number: &str) -> &[ClientNumber] {
        self.owners(Kind::Number, &build::number(number))
    }

    /// The clients whose own mailbox or domain an address is.
    pub(crate) fn of_recipient(&self, address: &EmailAddress) -> Vec<ClientNumber> {
        if self.is_empty() {
            return Vec::new();
        }
        let mut found = self.owners(Kind::Recipient, &address.key()).to_vec();
        let mut domain = address.domain();
        // Its own domain and those above it, down to two labels.
        while domain.contains('.') {
            found.extend(self.owners(Kind::Recipient, domain));
            domain = domain.split_once('.').map_or("", |(_, above)| above);
        }
        found
    }

    fn owners(&self, kind: Kind, value: &str) -> &[ClientNumber] {
        if self.is_empty() {
            return &[];
        }
        self.owners_of(self.keyed.of(kind as u8, value))
    }

    fn owners_of(&self, hash: u64) -> &[ClientNumber] {
        if self.is_empty() {
            return &[];
        }
        let bucket = usize::try_from(hash >> (64 - BUCKET_BITS)).unwrap_or(0);
        let border = |at: usize| self.buckets.get(at).map_or(self.hashes.len(), |border| *border as usize);
        let (from, to) = (border(bucket), border(bucket + 1));
        let near = self.hashes.get(from..to).unwrap_or_default();
        let first = near.partition_point(|known| *known < hash);
        let count = near.get(first..).unwrap_or_default().iter().take_while(|known| **known == hash).count();
        self.owners.get(from + first..from + first + count).unwrap_or_default()
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Clients are confidential: only how many there are is shown (invariant 12).
impl fmt::Debug for Clients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} clients, {} identifiers", self.clients, self.hashes.len())
    }
}

#[cfg(test)]
mod tests;
