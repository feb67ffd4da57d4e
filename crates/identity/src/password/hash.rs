//! How passwords are kept: Argon2id (RFC 9106) with a pepper that lives in the key store, not in the database.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use subtle::ConstantTimeEq;
use vocabulary::{Entropy, Secret};
use zeroize::Zeroizing;

use super::{AcceptedPassword, PresentedPassword};

/// Memory of one hash, KiB (46 MiB: OWASP's first choice for one pass).
const MEMORY_KIB: u32 = 47_104;
const PASSES: u32 = 1;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;
const OUTPUT_BYTES: usize = 32;
/// A kept hash may ask for other costs than today's, but not for any: rows are not to be trusted with our memory.
const MEMORY_KIB_MAX: u32 = 256 * 1024;
const PASSES_MAX: u32 = 10;
const LANES_MAX: u32 = 4;
const TEXT_BYTES_MAX: usize = 256;

/// The text is not an Argon2id hash as we write it, or asks for costs out of bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an argon2id hash within bounds")]
pub struct PasswordHashError;

/// A password could not be hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct HashError;

/// A kept password, `$argon2id$v=19$m=47104,t=1,p=1$SALT$HASH` (PHC string format).
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Reads a kept hash.
    ///
    /// # Errors
    /// Another algorithm, another form, or costs out of bounds.
    pub fn parse(text: &str) -> Result<Self, PasswordHashError> {
        Parts::read(text).ok_or(PasswordHashError)?;
        Ok(Self(text.to_owned()))
    }

    /// The PHC string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The PHC string's bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Made with other costs than today's: worth making again at the next right sign-in.
    #[must_use]
    pub fn is_outdated(&self) -> bool {
        Parts::read(&self.0)
            .is_none_or(|parts| parts.costs != Costs::TODAY || parts.hash.len() != OUTPUT_BYTES)
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// Makes and checks hashes. Each takes 46 MiB and some 60 ms: callers run few at once, off the async threads.
#[derive(Clone)]
pub struct PasswordHasher {
    pepper: Secret<[u8; 32]>,
}

impl PasswordHasher {
    /// With the instance's pepper.
    #[must_use]
    pub const fn new(pepper: Secret<[u8; 32]>) -> Self {
        Self { pepper }
    }

    /// Hashes an accepted password under a new salt.
    ///
    /// # Errors
    /// Argon2 refuses; its bounds are wider than ours.
    pub fn hash(
        &self,
        password: &AcceptedPassword,
        entropy: &dyn Entropy,
    ) -> Result<PasswordHash, HashError> {
        let salt: [u8; SALT_BYTES] = vocabulary::entropy::random(entropy);
        let hash = self.compute(password.presented(), Costs::TODAY, &salt, OUTPUT_BYTES).ok_or(HashError)?;
        let Costs { memory_kib, passes, lanes } = Costs::TODAY;
        let (salt, hash) = (BASE64.encode(salt), BASE64.encode(&hash));
        Ok(PasswordHash(format!("$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${salt}${hash}")))
    }

    /// `presented` is the password behind `kept`.
    #[must_use]
    pub fn verify(&self, presented: &PresentedPassword, kept: &PasswordHash) -> bool {
        let Some(parts) = Parts::read(&kept.0) else { return false };
        self.compute(presented, parts.costs, &parts.salt, parts.hash.len())
            .is_some_and(|hash| hash.ct_eq(&parts.hash).into())
    }

    /// Does the work of [`PasswordHasher::verify`] when there is no account, and says no: a stranger who measures
    /// does not learn who exists.
    #[must_use]
    pub fn verify_nobody(&self, presented: &PresentedPassword) -> bool {
        let nobody = [0; OUTPUT_BYTES];
        let hash = self.compute(presented, Costs::TODAY, &[0; SALT_BYTES], OUTPUT_BYTES);
        // Compared for the work; 2⁻²⁵⁶ is not a match.
        let matches: bool = hash.is_some_and(|hash| hash.ct_eq(&nobody).into());
        std::hint::black_box(matches);
        false
    }

    fn compute(
        &self,
        password: &PresentedPassword,
        costs: Costs,
        salt: &[u8],
        length: usize,
    ) -> Option<Zeroizing<Vec<u8>>> {
        let params = Params::new(costs.memory_kib, costs.passes, costs.lanes, Some(length)).ok()?;
        let argon2 =
            Argon2::new_with_secret(self.pepper.expose(), Algorithm::Argon2id, Version::V0x13, params)
                .ok()?;
        let mut out = Zeroizing::new(vec![0; length]);
        argon2.hash_password_into(password.expose().as_bytes(), salt, &mut out).ok()?;
        Some(out)
    }
}

impl std::fmt::Debug for PasswordHasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHasher(…)")
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Costs {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Costs {
    const TODAY: Self = Self { memory_kib: MEMORY_KIB, passes: PASSES, lanes: LANES };

    fn are_bounded(self) -> bool {
        (1..=LANES_MAX).contains(&self.lanes)
            && (1..=PASSES_MAX).contains(&self.passes)
            && (8 * self.lanes..=MEMORY_KIB_MAX).contains(&self.memory_kib)
    }
}

struct Parts {
    costs: Costs,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Parts {
    fn read(text: &str) -> Option<Self> {
        if text.len() > TEXT_BYTES_MAX {
            return None;
        }
        let rest = text.strip_prefix("$argon2id$v=19$m=")?;
        let (memory, rest) = rest.split_once(",t=")?;
        let (passes, rest) = rest.split_once(",p=")?;
        let (lanes, rest) = rest.split_once('$')?;
        let (salt, hash) = rest.split_once('$')?;
        let costs = Costs {
            memory_kib: memory.parse().ok()?,
            passes: passes.parse().ok()?,
            lanes: lanes.parse().ok()?,
        };
        let (salt, hash) = (BASE64.decode(salt).ok()?, BASE64.decode(hash).ok()?);
        // A short hash would match by chance.
        let is_sound =
            costs.are_bounded() && (8..=64).contains(&salt.len()) && (16..=64).contains(&hash.len());
        is_sound.then_some(Self { costs, salt, hash })
    }
}
