//! The lexicons CEREBRO comes with, compiled in.

use crate::detect;

/// One lexicon.
#[derive(Debug)]
pub struct Category {
    /// Its name, and its file's: `market_abuse`.
    pub name: &'static str,
    /// The detector whose findings its terms are: `lexicon_market_abuse`.
    pub detector: &'static str,
    /// Its file.
    pub(super) text: &'static str,
}

macro_rules! lexicons {
    ($($name:literal $detector:ident),+ $(,)?) => {
        const CATEGORIES: &[Category] = &[$(Category {
            name: $name,
            detector: detect::$detector,
            text: include_str!(concat!("../../lexicons/", $name, ".txt")),
        }),+];
    };
}

lexicons! {
    "aml" LEXICON_AML,
    "bribery" LEXICON_BRIBERY,
    "collusion_secrecy" LEXICON_COLLUSION_SECRECY,
    "complaint" LEXICON_COMPLAINT,
    "conflict_of_interest" LEXICON_CONFLICT_OF_INTEREST,
    "data_leak" LEXICON_DATA_LEAK,
    "departure" LEXICON_DEPARTURE,
    "guaranteed_return" LEXICON_GUARANTEED_RETURN,
    "harassment_threat" LEXICON_HARASSMENT_THREAT,
    "health" LEXICON_HEALTH,
    "market_abuse" LEXICON_MARKET_ABUSE,
    "off_channel" LEXICON_OFF_CHANNEL,
    "payment_fraud" LEXICON_PAYMENT_FRAUD,
    "sales_pressure" LEXICON_SALES_PRESSURE,
    "sanctions_evasion" LEXICON_SANCTIONS_EVASION,
    "tax_evasion" LEXICON_TAX_EVASION,
    "tipping_off" LEXICON_TIPPING_OFF,
    "whistleblowing" LEXICON_WHISTLEBLOWING,
}

/// Every lexicon, in the order of their names.
#[must_use]
pub const fn categories() -> &'static [Category] {
    CATEGORIES
}

/// Whether a detector's findings are terms of a lexicon.
pub(crate) fn is_lexicon(detector: &str) -> bool {
    CATEGORIES.iter().any(|category| category.detector == detector)
}
