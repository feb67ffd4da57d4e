//! Values that no file of vectors has: made by the form their source gives, or taken from the corpus.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Result;
use compliance::clients::Builder;
use compliance::{ControlSet, OrganisationFacts, PreparedOrganisation};

use crate::corpus;

/// Issuers on the list of whoever sends.
pub(super) const RESTRICTED: [&str; 6] = [
    "Sableval Énergie",
    "Brévannes Participations",
    "Quillon & Fils",
    "Lormont Holding SA",
    "Kermadec",
    "FR0000131104",
];
/// Numbers of its clients.
pub(super) const CLIENT_NUMBERS: [&str; 6] =
    ["AV-2048-77315", "000482 119 375", "LU88-001-55421", "C 77 310 442", "Q7731544290", "5512-0093-6677"];

/// Values of one kind that are made.
const MADE: u64 = 24;

/// Whoever sends: its domain, its list, its clients.
pub(super) fn organisation() -> PreparedOrganisation {
    let mut builder = Builder::new(&[7; 32]);
    for (client, number) in (1..).zip(CLIENT_NUMBERS) {
        // What is no number is nobody's, and is then missed.
        let _ = builder.number(client, number);
    }
    let organisation = OrganisationFacts {
        domains: vec!["orveane.example".into()],
        restricted: RESTRICTED.map(str::to_owned).to_vec(),
        ..OrganisationFacts::default()
    };
    PreparedOrganisation::from(organisation).with_clients(Arc::new(builder.finish()))
}

/// Numbers that look drawn at random, and are the same each time (the multiplier of Knuth's MMIX).
fn made() -> impl Iterator<Item = u64> {
    (1..=MADE).map(|number| {
        number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407) >> 16
    })
}

/// The national tail of the French account numbers, in its groups, and made ones: few vectors are French.
pub(super) fn ribs(ibans: &[String]) -> Vec<String> {
    let plain = ibans.iter().map(|iban| compliance::detect::canonical(iban));
    let french: BTreeSet<String> = plain.filter(|iban| iban.starts_with("FR") && iban.len() == 27).collect();
    let rib = |iban: String| {
        let part = |from, to| iban.get(from..to).unwrap_or("").to_owned();
        [part(4, 9), part(9, 14), part(14, 25), part(25, 27)].join(" ")
    };
    french.into_iter().map(rib).chain(made().map(made_rib)).collect()
}

/// Bank, branch and account of digits with the key that their form asks for: 97 − (89 × bank + 15 × branch + 3 × account) mod 97.
fn made_rib(number: u64) -> String {
    let (bank, branch, account) = (number % 99_989, number / 7 % 99_991, number % 99_999_999_977);
    let key = 97 - (89 * bank + 15 * branch + 3 * account) % 97;
    format!("{bank:05} {branch:05} {account:011} {key:02}")
}

/// Ten digits of which the first is 0 to 3, then these modulo 511; every second one in the groups of a tax notice.
pub(super) fn tax_numbers() -> Vec<String> {
    let one = |(index, number): (usize, u64)| {
        let base = number % 3_999_999_999;
        let digits = format!("{base:010}{:03}", base % 511);
        let part = |from, to| digits.get(from..to).unwrap_or("");
        match index % 2 {
            0 => digits.clone(),
            _ => [part(0, 2), part(2, 4), part(4, 7), part(7, 10), part(10, 13)].join(" "),
        }
    };
    made().enumerate().map(one).collect()
}

/// French passports: two digits, two letters, five digits.
pub(super) fn passports() -> Vec<String> {
    let one = |number: u64| {
        format!("{:02}{}{}{:05}", number % 24, letter(number / 7), letter(number / 211), number % 99_991)
    };
    made().map(one).collect()
}

/// French identity cards: twelve digits until 2021; since then nine letters and digits.
pub(super) fn identity_cards() -> Vec<String> {
    let one = |(index, number): (usize, u64)| match index % 2 {
        0 => format!("{:012}", 880_000_000_000 + number % 99_999_999_999),
        _ => format!(
            "{}{:02}{}{}{:04}",
            letter(number),
            number % 97,
            letter(number / 3),
            letter(number / 31),
            number % 9_973
        ),
    };
    made().enumerate().map(one).collect()
}

/// A capital letter, none that is read as a digit.
fn letter(number: u64) -> char {
    let letters = ['F', 'H', 'J', 'K', 'M', 'N', 'P', 'R', 'T', 'V', 'X', 'Y'];
    usize::try_from(number % 12).ok().and_then(|at| letters.get(at).copied()).unwrap_or('X')
}

/// Some months, in both languages.
const MONTHS: [&str; 4] = ["mars", "June", "août", "December"];

/// Dates as French and English write them.
pub(super) fn birth_dates() -> Vec<String> {
    let one = |(index, number): (usize, u64)| {
        let (day, month, year) = (number % 28 + 1, number / 29 % 12 + 1, 1930 + number / 353 % 70);
        match index % 4 {
            0 => format!("{day:02}/{month:02}/{year}"),
            1 => format!("{day:02}.{month:02}.{year}"),
            2 => format!("{year}-{month:02}-{day:02}"),
            _ => format!("{day} {} {year}", MONTHS.get(index / 4 % MONTHS.len()).unwrap_or(&"mars")),
        }
    };
    made().enumerate().map(one).collect()
}

/// Numbers of the ranges kept for fiction (ARCEP; Ofcom), as they are dialled.
pub(super) fn phones() -> Vec<String> {
    let one = |(index, number): (usize, u64)| {
        let (two, other) = (number % 100, number / 101 % 100);
        match index % 4 {
            0 => format!("01 99 00 {two:02} {other:02}"),
            1 => format!("06399800{two:02}"),
            2 => format!("+33 6 39 98 {two:02} {other:02}"),
            _ => format!("+44 7700 9001{two:02}"),
        }
    };
    made().enumerate().map(one).collect()
}

/// Sums as French and English write them.
pub(super) fn amounts() -> Vec<String> {
    let one = |(index, number): (usize, u64)| {
        let (thousands, rest) = (number % 899 + 100, number / 907 % 900 + 100);
        match index % 4 {
            0 => format!("{thousands} {rest} €"),
            1 => format!("€{thousands},{rest}"),
            2 => format!("{thousands}.{rest} EUR"),
            _ => format!("{thousands} k€"),
        }
    };
    made().enumerate().map(one).collect()
}

/// Addresses that real mails are sent to, each once; two dots side by side make none (RFC 5321).
pub(super) fn addresses() -> Result<Vec<String>> {
    let mails = corpus::messages("emails/enron")?;
    let to = mails.iter().flat_map(|(_, raw)| mail::parse(raw).to).map(|mailbox| mailbox.address);
    let all: BTreeSet<String> = to
        .filter(|address| vocabulary::EmailAddress::parse(address).is_ok() && !address.contains(".."))
        .collect();
    Ok(all.into_iter().step_by(20).take(60).collect())
}

/// The texts of samples that a control about `detector` must match.
pub(super) fn of_samples(set: &ControlSet, detector: &str) -> Vec<String> {
    let about = set.controls().filter(|control| control.when.contains(detector));
    let texts =
        about.flat_map(|control| &control.samples).filter(|sample| sample.matches && !sample.text.is_empty());
    let texts: BTreeSet<String> = texts.map(|sample| sample.text.replace('\n', " ")).collect();
    texts.into_iter().collect()
}
