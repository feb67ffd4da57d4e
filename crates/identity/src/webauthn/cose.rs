//! Public keys as authenticators write them: COSE_Key (RFC 9052 §7, RFC 9053, RFC 8230), for the three algorithms offered.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};

use super::WebauthnError;
use super::cbor::{self, Item};

/// ECDSA with P-256 and SHA-256.
const ES256: i64 = -7;
/// EdDSA, over Ed25519.
const EDDSA: i64 = -8;
/// RSASSA-PKCS1-v1_5 with SHA-256: keys of Windows Hello.
const RS256: i64 = -257;

/// What is offered, best liked first.
pub(super) const ALGORITHMS: [i64; 3] = [ES256, EDDSA, RS256];

/// A public key of an algorithm that was offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    /// Uncompressed point.
    Es256(Vec<u8>),
    /// The 32 bytes.
    EdDsa(Vec<u8>),
    /// Modulus and exponent, big-endian.
    Rs256 { n: Vec<u8>, e: Vec<u8> },
}

impl Key {
    /// Reads a COSE_Key.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, WebauthnError> {
        Self::of(&cbor::read_whole(bytes)?)
    }

    pub(super) fn of(key: &Item) -> Result<Self, WebauthnError> {
        let int = |label| key.at(label).and_then(Item::int);
        let bytes = |label| key.at(label).and_then(Item::bytes);
        let broken = WebauthnError::Malformed("COSE key");
        // Label 1 the type, 3 the algorithm, the negative ones what the type needs.
        match (int(1), int(3)) {
            (Some(2), Some(ES256)) => {
                let (Some(1), Some(x @ [_, ..]), Some(y)) = (int(-1), bytes(-2), bytes(-3)) else {
                    return Err(broken);
                };
                if x.len() != 32 || y.len() != 32 {
                    return Err(broken);
                }
                Ok(Self::Es256([&[4], x, y].concat()))
            }
            (Some(1), Some(EDDSA)) => match (int(-1), bytes(-2)) {
                (Some(6), Some(x)) if x.len() == 32 => Ok(Self::EdDsa(x.to_vec())),
                _ => Err(broken),
            },
            (Some(3), Some(RS256)) => match (bytes(-1), bytes(-2)) {
                (Some(n), Some(e)) => Ok(Self::Rs256 { n: n.to_vec(), e: e.to_vec() }),
                _ => Err(broken),
            },
            (_, Some(_)) => Err(WebauthnError::Algorithm),
            _ => Err(broken),
        }
    }

    /// The algorithm's COSE number.
    pub(super) const fn algorithm(&self) -> i64 {
        match self {
            Self::Es256(_) => ES256,
            Self::EdDsa(_) => EDDSA,
            Self::Rs256 { .. } => RS256,
        }
    }

    /// Checks a signature. A key that is no point of its curve, or an RSA key under 2,048 bits, verifies nothing.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), WebauthnError> {
        match self {
            Self::Es256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature)
            }
            Self::EdDsa(key) => UnparsedPublicKey::new(&ED25519, key).verify(message, signature),
            Self::Rs256 { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
        }
        .map_err(|_| WebauthnError::Signature)
    }
}
