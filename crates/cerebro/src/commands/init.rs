//! `cerebro init`: makes an instance. Two administrators, so that no single person holds it; each is invited by a link of
//! their own, printed once, where they set a password and enrol a second factor themselves: nobody else sees either.

use std::path::PathBuf;

use access::Mission;
use anyhow::{Context, bail};
use clap::Args;
use identity::password::AcceptedPassword;
use operations::Policy;
use operations::accounts::bootstrap::{LogPlaces, NewOrganisation, NewPerson, bootstrap};
use serde_json::json;
use vocabulary::{EmailAddress, Entropy, Locale, SystemEntropy};

use super::{runtime, say};
use crate::assembly::{self, Parts, Places};
use crate::config::Config;

/// Make an instance: master key, key store, database, the first organisation with its log and administrators.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The configuration file.
    #[arg(long)]
    config: PathBuf,
    /// The organisation's name.
    #[arg(long)]
    name: String,
    /// A domain its people send from; several may be given.
    #[arg(long, required = true)]
    domain: Vec<String>,
    /// The origin of its log, for ever: `<domain>/cerebro` when absent.
    #[arg(long)]
    origin: Option<String>,
    /// The administrators, `Name <address>`: at least two, so that neither is alone.
    #[arg(long, required = true)]
    administrator: Vec<String>,
    /// The language of its notices and of the first administrators: fr or en.
    #[arg(long, default_value = "fr")]
    language: Locale,
    /// The time zone of its pages, by its IANA name.
    #[arg(long, default_value = "Europe/Paris")]
    time_zone: String,
}

/// Makes the instance and prints, once, the administrators' own links.
pub(crate) fn run(command: &Init) -> anyhow::Result<()> {
    let config = Config::load(&command.config)?;
    if command.administrator.len() < 2 {
        bail!("two administrators at least: nobody should hold an instance alone");
    }
    jiff::tz::TimeZone::get(&command.time_zone).with_context(|| {
        format!("--time-zone {:?}: this machine does not know it (is tzdata installed?)", command.time_zone)
    })?;
    let places = Places {
        data: config.storage.data.clone(),
        postgres: config.storage.postgres.clone(),
        keys: config.storage.keys.clone(),
        master_key: config.storage.master_key.clone(),
        locks: config.storage.locks.clone(),
    };
    if places.master_key.exists() {
        bail!("{} exists: this instance was made already", places.master_key.display());
    }
    // Whatever was typed is read before anything is made: a slip leaves no half-made instance behind.
    let administrators =
        command.administrator.iter().map(|text| split(text)).collect::<anyhow::Result<Vec<_>>>()?;
    assembly::create(&places)?;
    runtime()?.block_on(begin(command, administrators, &places, &config.console.url))
}

async fn begin(
    command: &Init,
    administrators: Vec<(String, EmailAddress)>,
    places: &Places,
    console_url: &str,
) -> anyhow::Result<()> {
    let opened = assembly::open(places, Parts::ALL).await?;
    let names: Vec<String> = administrators.iter().map(|(name, _)| name.clone()).collect();
    let people = administrators.into_iter().map(|(name, email)| NewPerson {
        name,
        email,
        locale: command.language,
        missions: vec![Mission::Administrator],
        password: None,
        totp: None,
    });
    let people = people.collect();
    let first = command.domain.first().context("a domain")?;
    let new = NewOrganisation {
        name: command.name.clone(),
        domains: command.domain.iter().map(|domain| domain.to_lowercase()).collect(),
        origin: command.origin.clone().unwrap_or_else(|| format!("{first}/cerebro")),
        policy: Policy {
            locale: command.language,
            time_zone: command.time_zone.clone(),
            ..Policy::default()
        },
        people,
        services: Vec::new(),
    };
    let logs = places.logs();
    let begun =
        bootstrap(&opened.instance, &opened.hasher, LogPlaces { logs: &logs, locks: &places.locks }, new)
            .await?;
    let invitations: Vec<_> = names
        .iter()
        .zip(&begun.invitations)
        .map(|(name, one)| {
            let link = format!("{}/account/{}", console_url.trim_end_matches('/'), one.token.expose());
            json!({"name": name, "email": one.email, "link": link, "until": one.until.rfc3339()})
        })
        .collect();
    say(&serde_json::to_string_pretty(&json!({
        "organisation": begun.organisation.to_string(),
        "ledger_public_key": begun.public_key,
        "invitations": invitations,
        "next": "keep the public key outside this machine; start the service; hand each person their own link, by another way than the other's: they set a password and enrol a second factor; back up the key store apart from the data",
    }))?);
    Ok(())
}

pub(super) fn split(text: &str) -> anyhow::Result<(String, EmailAddress)> {
    let (name, rest) = text.split_once('<').with_context(|| format!("{text:?}: write Name <address>"))?;
    let address = rest.trim().trim_end_matches('>');
    Ok((name.trim().to_owned(), EmailAddress::parse(address).with_context(|| format!("{address:?}"))?))
}

/// A first password, to be replaced by the person's own.
pub(crate) fn first_password() -> AcceptedPassword {
    AcceptedPassword::generate(&SystemEntropy::default())
}

/// A TOTP secret: 160 bits (RFC 4226 §4).
pub(crate) fn totp_secret() -> Vec<u8> {
    let mut bytes = vec![0_u8; 20];
    SystemEntropy::default().fill(&mut bytes);
    bytes
}

/// RFC 4648 base 32 without padding, as authenticator apps read it.
pub(crate) fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::new();
    let (mut buffer, mut bits) = (0_u32, 0);
    for byte in bytes {
        buffer = (buffer << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.extend(ALPHABET.get(((buffer >> bits) & 31) as usize).map(|letter| char::from(*letter)));
        }
    }
    if bits > 0 {
        text.extend(ALPHABET.get(((buffer << (5 - bits)) & 31) as usize).map(|letter| char::from(*letter)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_4648() {
        for (bytes, text) in [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
    }
}
