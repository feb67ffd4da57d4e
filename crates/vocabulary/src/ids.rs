//! The registry of typed ids: a prefix people can say on the phone, and a UUIDv7 in Crockford base 32.
//!
//! The text form is that of TypeID 0.3: `hold_01kav7d8c8f1kbynf8h4kq2v0m`. It is what tables, JSON, logs and people see.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::{Entropy, Timestamp};

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const TEXT_LEN: usize = 26;

/// The text is not an id of this kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form {prefix}_…")]
pub struct IdError {
    prefix: &'static str,
}

fn mint(now: Timestamp, entropy: &dyn Entropy) -> Uuid {
    let random: [u8; 10] = crate::entropy::random(entropy);
    uuid::Builder::from_unix_timestamp_millis(now.millis(), &random).into_uuid()
}

fn encode(uuid: Uuid) -> String {
    let mut value = uuid.as_u128();
    let mut text = [b'0'; TEXT_LEN];
    for place in text.iter_mut().rev() {
        *place = ALPHABET.get((value & 31) as usize).copied().unwrap_or(b'0');
        value >>= 5;
    }
    String::from_utf8_lossy(&text).into_owned()
}

fn decode(text: &str) -> Option<Uuid> {
    // 26 digits hold 130 bits: the first digit may only carry 3 of its 5.
    if text.len() != TEXT_LEN || text.as_bytes().first().is_none_or(|first| *first > b'7') {
        return None;
    }
    let mut value: u128 = 0;
    for byte in text.bytes() {
        let digit = ALPHABET.iter().position(|letter| *letter == byte)?;
        value = (value << 5) | digit as u128;
    }
    Some(Uuid::from_u128(value))
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// What stands before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// A new id, ordered by `now`.
            #[must_use]
            pub fn new(now: Timestamp, entropy: &dyn Entropy) -> Self {
                Self(mint(now, entropy))
            }

            /// The 16 bytes under the text.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}_{}", $prefix, encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                text.strip_prefix($prefix)
                    .and_then(|rest| rest.strip_prefix('_'))
                    .and_then(decode)
                    .map(Self)
                    .ok_or(IdError { prefix: $prefix })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A client institution, or the vendor side of the instance.
    OrganisationId = "org";
    /// One natural person, or one named service, of one organisation.
    AccountId = "account";
    /// What an account proves itself with.
    AuthenticatorId = "authenticator";
    /// Proof of recent authentication.
    SessionId = "session";
    /// A service account's token for the API.
    TokenId = "token";
    /// A link sent to an account's own mailbox, good once.
    LinkId = "link";
    /// A sign-in from a new device or network, waiting for an administrator.
    ArrivalId = "arrival";
    /// A change that weakens security, waiting for a second person.
    ChangeId = "change";
    /// A time the glass was broken.
    BreakGlassId = "glass";
    /// A quarter's review of access.
    AccessReviewId = "review";
    /// From which score on controls may hold, proposed or in force.
    CalibrationId = "calibration";
    /// What would make the organisation watch less, waiting for a second person.
    ProposalId = "proposal";
    /// A set of controls, drafted or published.
    ControlSetId = "controls";
    /// Past flows being read again: a rehearsal, or a look back.
    ReplayId = "replay";
    /// An account holds a mission, from–until.
    GrantId = "grant";
    /// One communication's passage.
    FlowId = "flow";
    /// One recipient of a flow.
    DeliveryId = "delivery";
    /// Verdict, findings and versions: immutable.
    AssessmentId = "assessment";
    /// Named deliveries of a flow waiting for a person.
    HoldId = "hold";
    /// Deciding against a verdict or a ruling, with grounds.
    OverrideId = "override";
    /// A message or notice waiting to leave.
    OutboxId = "outbox";
    /// One administrative or business step, for logs and the ledger.
    OperationId = "operation";
    /// A ciphertext too large to stand in a row.
    BlobId = "blob";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;
    use proptest::prelude::*;

    #[test]
    fn the_vector_of_the_typeid_specification() {
        // TypeID 0.3, spec/valid.yml, "valid-uuidv7".
        let uuid: Uuid = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
        assert_eq!(encode(uuid), "01h455vb4pex5vsknk084sn02q");
        assert_eq!(decode("01h455vb4pex5vsknk084sn02q"), Some(uuid));
    }

    #[test]
    fn another_kind_of_id_is_refused() {
        let hold = HoldId::new(Timestamp::from_micros(1), &SeededEntropy::new(1));
        assert!(hold.to_string().parse::<FlowId>().is_err());
        assert!("hold_8zzzzzzzzzzzzzzzzzzzzzzzzz".parse::<HoldId>().is_err());
        assert!("hold_".parse::<HoldId>().is_err());
    }

    #[test]
    fn later_ids_sort_later() {
        let entropy = SeededEntropy::new(2);
        let early = FlowId::new(Timestamp::from_micros(1_000_000), &entropy);
        let late = FlowId::new(Timestamp::from_micros(2_000_000), &entropy);
        assert!(early.to_string() < late.to_string());
    }

    proptest! {
        #[test]
        fn an_id_survives_its_text(value: u128) {
            let uuid = Uuid::from_u128(value);
            prop_assert_eq!(decode(&encode(uuid)), Some(uuid));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,40}") {
            let _ = text.parse::<HoldId>();
        }
    }
}
