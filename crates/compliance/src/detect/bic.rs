//! Bank identifiers, ISO 9362: institution 4, country 2, place 2, and for a branch 3 more; capitals and digits.
//!
//! | case | decision | why |
//! |---|---|---|
//! | with BIC, SWIFT, IBAN or a bank's details beside it | found, 95 | |
//! | an institution of our list, without such a word | found, 80 | one French phishing mail in six has a word of that shape (PAIEMENT) |
//! | any other word of that shape | not found | |
//! | a country ISO 3166 does not know (AA) | refused | one source allows it, the standard does not |
//! | small letters | refused | the standard writes capitals |

use super::context;
use super::countries;
use super::token::Token;
use super::{BIC, Found, banks};

const SAID: &[&str] = &["bic", "swift", "iban", "code banque", "bank code", "rib"];

/// The identifier that is this word.
pub(super) fn of(text: &str, token: &Token) -> Option<Found> {
    let (institution, rest) = token.bytes().split_first_chunk::<4>()?;
    let (country, place) = rest.split_first_chunk::<2>()?;
    let shaped = matches!(place.len(), 2 | 5) && token.upper && is_place(*country);
    // A word of digits alone has no country; a first character that is a digit is rare and allowed since 2014.
    if !shaped || institution.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let certainty = if context::precedes(text, token.start, SAID) {
        95
    } else if banks::is_known(token.bytes()) {
        80
    } else {
        return None;
    };
    Some(Found { detector: BIC, start: token.start, end: token.end, certainty, value: token.value() })
}

/// ISO 3166 reserves two codes for the Canaries and for Ceuta and Melilla, and banks use them.
fn is_place(country: [u8; 2]) -> bool {
    countries::is_country(country) || matches!(&country, b"IC" | b"EA")
}
