//! Keys that say whose they are: a prefix, then characters of a kind, so many of them.
//!
//! Sources: the vendors' documentation of their key formats.

use super::plausible;

/// Characters a stretch of a key is made of.
#[derive(Clone, Copy)]
enum Class {
    /// `0`–`9`.
    Digits,
    /// `0`–`9`, `a`–`f`.
    Hex,
    /// Capitals and digits.
    Upper,
    /// Capitals and `2`–`7`.
    Base32,
    /// Letters.
    Letters,
    /// Letters and digits.
    Alnum,
    /// Letters, digits, `_` and `-`.
    Url,
    /// Letters, digits, `+`, `/` and `=`.
    Base64,
    /// Letters, digits, `_`, `-` and `=`.
    UrlPadded,
    /// Letters, digits and `-`.
    Dashed,
}

/// What comes next in a key.
#[derive(Clone, Copy)]
enum Piece {
    /// This text.
    Text(&'static str),
    /// So many characters of a class, as many as there are.
    Some(Class, usize, usize),
}

use Class::{Alnum, Base32, Base64, Dashed, Digits, Hex, Letters, Upper, Url, UrlPadded};
use Piece::{Some as Run, Text};

/// What must be true of a key's variable part.
#[derive(Clone, Copy, PartialEq)]
enum Look {
    /// Random.
    Random,
    /// Random, with small letters, capitals and digits.
    Varied,
    /// Anything.
    Any,
}

/// One kind of key.
pub(super) struct Rule {
    /// How it begins; compared with its case.
    pub(super) prefix: &'static str,
    rest: &'static [Piece],
    look: Look,
    /// How sure.
    pub(super) certainty: u8,
}

const fn rule(prefix: &'static str, rest: &'static [Piece], look: Look) -> Rule {
    Rule { prefix, rest, look, certainty: 95 }
}

/// Every kind, those of one vendor together.
pub(super) const RULES: &[Rule] = &[
    rule("-----BEGIN PRIVATE KEY-----", &[], Look::Any),
    rule("-----BEGIN RSA PRIVATE KEY-----", &[], Look::Any),
    rule("-----BEGIN EC PRIVATE KEY-----", &[], Look::Any),
    rule("-----BEGIN DSA PRIVATE KEY-----", &[], Look::Any),
    rule("-----BEGIN OPENSSH PRIVATE KEY-----", &[], Look::Any),
    rule("-----BEGIN ENCRYPTED PRIVATE KEY-----", &[], Look::Any),
    rule("-----BEGIN PGP PRIVATE KEY BLOCK-----", &[], Look::Any),
    rule("PuTTY-User-Key-File-", &[Run(Digits, 1, 1)], Look::Any),
    rule(
        "eyJ",
        &[Run(Url, 10, 4_096), Text(".eyJ"), Run(Url, 10, 4_096), Text("."), Run(Url, 10, 4_096)],
        Look::Random,
    ),
    rule("AKIA", &[Run(Base32, 16, 16)], Look::Random),
    rule("ASIA", &[Run(Base32, 16, 16)], Look::Random),
    rule("ABIA", &[Run(Base32, 16, 16)], Look::Random),
    rule("ACCA", &[Run(Base32, 16, 16)], Look::Random),
    rule("ABSK", &[Run(Base64, 109, 271)], Look::Any),
    rule("AIza", &[Run(Url, 35, 35)], Look::Random),
    rule("GOCSPX-", &[Run(Url, 28, 28)], Look::Random),
    rule("ya29.", &[Run(Url, 40, 512)], Look::Random),
    Rule { certainty: 70, ..rule("\"type\": \"service_account\"", &[], Look::Any) },
    rule("sk-ant-api03-", &[Run(Url, 93, 93), Text("AA")], Look::Any),
    rule("sk-ant-admin01-", &[Run(Url, 93, 93), Text("AA")], Look::Any),
    rule("sk-proj-", &[Run(Url, 40, 200)], Look::Varied),
    rule("ATATT3", &[Run(UrlPadded, 186, 186)], Look::Random),
    rule("ghp_", &[Run(Alnum, 36, 36)], Look::Random),
    rule("gho_", &[Run(Alnum, 36, 36)], Look::Random),
    rule("ghu_", &[Run(Alnum, 36, 36)], Look::Random),
    rule("ghs_", &[Run(Alnum, 36, 36)], Look::Random),
    rule("ghr_", &[Run(Alnum, 36, 36)], Look::Random),
    rule("github_pat_", &[Run(Alnum, 22, 22), Text("_"), Run(Alnum, 59, 59)], Look::Random),
    rule("glpat-", &[Run(Url, 20, 20)], Look::Random),
    rule("glptt-", &[Run(Hex, 40, 40)], Look::Random),
    rule("GR1348941", &[Run(Url, 20, 20)], Look::Random),
    rule("glrt-", &[Run(Url, 20, 20)], Look::Random),
    rule("glsa_", &[Run(Alnum, 32, 32), Text("_"), Run(Hex, 8, 8)], Look::Random),
    rule("glc_", &[Run(Base64, 32, 400)], Look::Varied),
    rule("xoxb-", &[Run(Digits, 10, 13), Text("-"), Run(Digits, 10, 13), Run(Dashed, 0, 64)], Look::Any),
    rule("xoxb-", &[Run(Digits, 8, 14), Text("-"), Run(Alnum, 18, 26)], Look::Any),
    rule(
        "xoxp-",
        &[
            Run(Digits, 10, 13),
            Text("-"),
            Run(Digits, 10, 13),
            Text("-"),
            Run(Digits, 10, 13),
            Text("-"),
            Run(Dashed, 28, 34),
        ],
        Look::Random,
    ),
    rule(
        "xapp-",
        &[
            Run(Digits, 1, 1),
            Text("-"),
            Run(Upper, 6, 20),
            Text("-"),
            Run(Digits, 8, 20),
            Text("-"),
            Run(Alnum, 32, 80),
        ],
        Look::Any,
    ),
    rule("xoxe.xoxb-", &[Run(Digits, 1, 1), Text("-"), Run(Alnum, 163, 166)], Look::Any),
    rule("xoxe.xoxp-", &[Run(Digits, 1, 1), Text("-"), Run(Alnum, 163, 166)], Look::Any),
    rule("xoxe-", &[Run(Digits, 1, 1), Text("-"), Run(Alnum, 146, 146)], Look::Any),
    rule("xoxa-", &[Run(Digits, 1, 1), Text("-"), Run(Dashed, 20, 100)], Look::Any),
    rule("xoxr-", &[Run(Digits, 1, 1), Text("-"), Run(Dashed, 20, 100)], Look::Any),
    rule("hooks.slack.com/services/", &[Run(Base64, 43, 56)], Look::Random),
    rule("hooks.slack.com/workflows/", &[Run(Base64, 43, 80)], Look::Random),
    rule("hvs.", &[Run(Url, 90, 120)], Look::Random),
    rule("s.", &[Run(Alnum, 24, 24)], Look::Varied),
    rule("4b1d", &[Run(Alnum, 38, 38)], Look::Varied),
    rule("v1.0-", &[Run(Hex, 24, 24), Text("-"), Run(Hex, 146, 146)], Look::Random),
    rule("EAAM", &[Run(Alnum, 100, 400)], Look::Varied),
    rule("EAAC", &[Run(Alnum, 100, 400)], Look::Varied),
    rule("API-", &[Run(Upper, 26, 26)], Look::Random),
    rule("sk_live_", &[Run(Alnum, 20, 120)], Look::Random),
    rule("rk_live_", &[Run(Alnum, 20, 120)], Look::Random),
    rule("whsec_", &[Run(Base64, 32, 60)], Look::Random),
    rule("SG.", &[Run(Url, 22, 22), Text("."), Run(Url, 43, 43)], Look::Random),
    rule("npm_", &[Run(Alnum, 36, 36)], Look::Random),
    rule("pypi-AgEIcHlwaS5vcmc", &[Run(Url, 50, 400)], Look::Random),
    rule("hf_", &[Run(Letters, 34, 34)], Look::Random),
    rule("sha256~", &[Run(Url, 43, 43)], Look::Varied),
    rule("dop_v1_", &[Run(Hex, 64, 64)], Look::Random),
    rule("shpat_", &[Run(Hex, 32, 32)], Look::Random),
    rule("AccountKey=", &[Run(Base64, 86, 88)], Look::Random),
];

/// Keys printed in public samples, by their hash: `fnv` of the whole.
const PUBLISHED: &[u64] = &[
    0x08b5_4596_2adc_7d8b,
    0x1211_3c2e_6979_f447,
    0x294c_63f8_344d_5df1,
    0x29a3_36c7_244f_48dd,
    0x515c_b771_a423_8032,
    0x6835_e0f2_8883_2a40,
    0x6acb_d824_bd32_bbd4,
    0x816c_d10f_db11_ead0,
    0x8288_18f8_3325_7868,
    0x99b2_7263_46a1_e92a,
    0xadbd_04e3_fe1b_6d49,
    0xc73f_1e61_952e_6987,
    0xc800_bf21_00a2_1c67,
    0xdb94_22f1_dd33_2dcc,
    0xe754_678e_a2b1_4ef1,
    0xe766_6dbb_286c_6c2e,
];

impl Rule {
    /// The key that begins at `start`, if one does: its first and one past its last byte.
    pub(super) fn read(&self, text: &str, start: usize) -> Option<(usize, usize)> {
        let tail = text.get(start..)?.strip_prefix(self.prefix)?;
        if text
            .get(..start)?
            .chars()
            .next_back()
            .is_some_and(|c| c.is_alphanumeric() || "_+/=-.".contains(c) && !self.is_path())
        {
            return None;
        }
        let mut rest = tail;
        for piece in self.rest {
            rest = match piece {
                Text(text) => rest.strip_prefix(text)?,
                Run(class, least, most) => {
                    let length = rest.bytes().take(*most).take_while(|byte| class.has(*byte)).count();
                    if length < *least {
                        return None;
                    }
                    rest.get(length..)?
                }
            };
        }
        let goes_on = rest.chars().next().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        if goes_on && !self.rest.is_empty() {
            return None;
        }
        let end = text.len() - rest.len();
        let variable = tail.get(..tail.len() - rest.len())?;
        (self.looks(variable) && !PUBLISHED.contains(&fnv(text.get(start..end)?))).then_some((start, end))
    }

    /// Its prefix stands behind a slash or a dot of its own.
    fn is_path(&self) -> bool {
        self.prefix.starts_with("hooks.")
            || self.prefix.starts_with('-')
            || self.prefix.starts_with("AccountKey")
    }

    fn looks(&self, variable: &str) -> bool {
        match self.look {
            Look::Any => true,
            Look::Random => {
                plausible::is_random(variable)
                    && !variable.ends_with("EXAMPLE")
                    && !plausible::is_placeholder(variable)
            }
            Look::Varied => {
                let has = |class: fn(&u8) -> bool| variable.as_bytes().iter().any(class);
                plausible::is_random(variable)
                    && has(u8::is_ascii_lowercase)
                    && has(u8::is_ascii_uppercase)
                    && has(u8::is_ascii_digit)
                    && !plausible::is_placeholder(variable)
            }
        }
    }
}

impl Class {
    const fn has(self, byte: u8) -> bool {
        match self {
            Digits => byte.is_ascii_digit(),
            Hex => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            Upper => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
            Base32 => byte.is_ascii_uppercase() || matches!(byte, b'2'..=b'7'),
            Letters => byte.is_ascii_alphabetic(),
            Alnum => byte.is_ascii_alphanumeric(),
            Url => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            Base64 => byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='),
            UrlPadded => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'='),
            Dashed => byte.is_ascii_alphanumeric() || byte == b'-',
        }
    }
}

/// FNV-1a, 64 bits.
pub(super) fn fnv(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}
