//! Countries: what stands behind an IBAN's four first characters in each, and the codes of all of them.
//!
//! Source: SWIFT IBAN registry (ISO 13616-2), and for countries outside it the lengths their central banks
//! publish. `n` digits, `a` letters, `c` either.

/// Countries of the registry.
const REGISTERED: &[(&str, &str)] = &[
    ("AD", "8n12c"),
    ("AE", "19n"),
    ("AL", "8n16c"),
    ("AT", "16n"),
    ("AZ", "4a20c"),
    ("BA", "16n"),
    ("BE", "12n"),
    ("BG", "4a6n8c"),
    ("BH", "4a14c"),
    ("BI", "23n"),
    ("BR", "8c15n2c"),
    ("BY", "4c4n16c"),
    ("CH", "5n12c"),
    ("CR", "18n"),
    ("CY", "8n16c"),
    ("CZ", "20n"),
    ("DE", "18n"),
    ("DJ", "23n"),
    ("DK", "14n"),
    ("DO", "4c20n"),
    ("EE", "16n"),
    ("EG", "25n"),
    ("ES", "20n"),
    ("FI", "14n"),
    ("FK", "2a12n"),
    ("FO", "14n"),
    ("FR", "10n11c2n"),
    ("GB", "4a14n"),
    ("GE", "2a16n"),
    ("GI", "4a15c"),
    ("GL", "14n"),
    ("GR", "7n16c"),
    ("GT", "24c"),
    ("HN", "4a20n"),
    ("HR", "17n"),
    ("HU", "24n"),
    ("IE", "4a14n"),
    ("IL", "19n"),
    ("IQ", "4a15n"),
    ("IS", "22n"),
    ("IT", "1a10n12c"),
    ("JO", "4a4n18c"),
    ("KW", "4a22c"),
    ("KZ", "3n13c"),
    ("LB", "4n20c"),
    ("LC", "4a24c"),
    ("LI", "5n12c"),
    ("LT", "16n"),
    ("LU", "3n13c"),
    ("LV", "4a13c"),
    ("LY", "21n"),
    ("MC", "10n11c2n"),
    ("MD", "20c"),
    ("ME", "18n"),
    ("MK", "3n10c2n"),
    ("MN", "16n"),
    ("MR", "23n"),
    ("MT", "4a5n18c"),
    ("MU", "4a19n3a"),
    ("NI", "4a20n"),
    ("NL", "4a10n"),
    ("NO", "11n"),
    ("OM", "3n16c"),
    ("PK", "4a16c"),
    ("PL", "24n"),
    ("PS", "4a21c"),
    ("PT", "21n"),
    ("QA", "4a21c"),
    ("RO", "4a16c"),
    ("RS", "18n"),
    ("RU", "14n15c"),
    ("SA", "2n18c"),
    ("SC", "4a20n3a"),
    ("SD", "14n"),
    ("SE", "20n"),
    ("SI", "15n"),
    ("SK", "20n"),
    ("SM", "1a10n12c"),
    ("SO", "19n"),
    ("ST", "21n"),
    ("SV", "4a20n"),
    ("TL", "19n"),
    ("TN", "20n"),
    ("TR", "6n16c"),
    ("UA", "6n19c"),
    ("VA", "18n"),
    ("VG", "4a16n"),
    ("XK", "16n"),
    ("YE", "4a4n18c"),
];

/// Territories the registry lists under their country, whose prefixes are met nevertheless.
const TERRITORIES: &[(&str, &str)] = &[
    ("AX", "14n"),
    ("BL", "10n11c2n"),
    ("GF", "10n11c2n"),
    ("GG", "4a14n"),
    ("GP", "10n11c2n"),
    ("IM", "4a14n"),
    ("JE", "4a14n"),
    ("MF", "10n11c2n"),
    ("MQ", "10n11c2n"),
    ("NC", "10n11c2n"),
    ("PF", "10n11c2n"),
    ("PM", "10n11c2n"),
    ("RE", "10n11c2n"),
    ("TF", "10n11c2n"),
    ("WF", "10n11c2n"),
    ("YT", "10n11c2n"),
];

/// Countries outside the registry that publish account numbers of this form.
const UNREGISTERED: &[(&str, &str)] = &[
    ("AO", "21n"),
    ("BF", "2c22n"),
    ("BJ", "2c22n"),
    ("CF", "23n"),
    ("CG", "23n"),
    ("CI", "2c22n"),
    ("CM", "23n"),
    ("CV", "21n"),
    ("DZ", "22n"),
    ("GA", "23n"),
    ("GQ", "23n"),
    ("GW", "2c19n"),
    ("IR", "22n"),
    ("KM", "23n"),
    ("MA", "24n"),
    ("MG", "23n"),
    ("ML", "2c22n"),
    ("MZ", "21n"),
    ("NE", "2a22n"),
    ("SN", "2c22n"),
    ("TD", "23n"),
    ("TG", "2a22n"),
];

/// How well a prefix is established.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// In the registry.
    Registered,
    /// A territory, or a country outside the registry.
    Tolerated,
}

/// The form of the account part for a country prefix in upper case.
pub(super) fn form_of(prefix: [u8; 2]) -> Option<(&'static str, Standing)> {
    let find = |rows: &'static [(&str, &'static str)]| {
        rows.iter().find(|(country, _)| country.as_bytes() == prefix).map(|(_, form)| *form)
    };
    find(REGISTERED)
        .map(|form| (form, Standing::Registered))
        .or_else(|| find(TERRITORIES).or_else(|| find(UNREGISTERED)).map(|form| (form, Standing::Tolerated)))
}

/// Codes of countries and territories, ISO 3166-1 alpha-2, with XK as banks and markets use it.
const ISO_3166: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS \
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE \
    EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM \
    HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC \
    LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA \
    NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW \
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO \
    TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

/// Whether two capitals are a country's or a territory's code.
pub(super) fn is_country(code: [u8; 2]) -> bool {
    ISO_3166.as_bytes().chunks(3).any(|known| known.first_chunk::<2>() == Some(&code))
}
