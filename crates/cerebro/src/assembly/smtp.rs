//! SMTP in, from the configuration's words to the gateway's.

use std::net::SocketAddr;

use anyhow::{Context, bail};
use gateway::session::Settings;
use gateway::{Clients, DeclaredClient, Door, Limits, ListenerTls, Login, Network, TenantField};
use operations::Cerebro;
use vocabulary::OrganisationId;

use crate::config::{Smtp, SmtpClient};
use crate::{smtp_secret, tls};

/// SMTP in, ready to listen.
pub(crate) struct Listening {
    pub(crate) settings: Settings,
    /// Where, and how connections come in there.
    pub(crate) doors: Vec<(SocketAddr, Door)>,
    pub(crate) hostname: String,
}

/// Reads certificates and secrets, and finds the organisations clients speak for.
pub(crate) fn listening(config: &Smtp, cerebro: &Cerebro) -> anyhow::Result<Listening> {
    let tls = listener_tls(config)?;
    let one = |client: &SmtpClient| declared(client, organisations(client, cerebro)?);
    let clients = config.clients.iter().map(one).collect::<anyhow::Result<Vec<_>>>()?;
    let proxies = networks(&config.proxies).context("smtp.proxies")?;
    let door = |implicit_tls| Door { implicit_tls, proxies: proxies.clone() };
    let doors = [Some((config.listen, door(false))), config.listen_tls.map(|place| (place, door(true)))];
    Ok(Listening {
        settings: Settings::new(&config.hostname, Clients::new(clients), Limits::default(), tls)?,
        doors: doors.into_iter().flatten().collect(),
        hostname: config.hostname.clone(),
    })
}

/// Reads everything of it that is no organisation's: those are known where the instance is opened.
pub(crate) fn check_listening(config: &Smtp) -> anyhow::Result<()> {
    listener_tls(config)?;
    networks(&config.proxies).context("smtp.proxies")?;
    config.clients.iter().try_for_each(|client| declared(client, Vec::new()).map(drop))
}

fn listener_tls(config: &Smtp) -> anyhow::Result<Option<ListenerTls>> {
    let (Some(certificate), Some(key)) = (&config.certificate, &config.private_key) else { return Ok(None) };
    tls::smtp(certificate, key, config.client_authorities.as_deref()).map(Some)
}

fn declared(client: &SmtpClient, organisations: Vec<OrganisationId>) -> anyhow::Result<DeclaredClient> {
    let of = || format!("smtp.clients {:?}", client.name);
    let login = match (&client.login, &client.secret) {
        (Some(name), Some(path)) => {
            Some(Login { name: name.clone(), secret: smtp_secret::read(path).with_context(of)? })
        }
        _ => None,
    };
    let tenant_fields = client.tenant_fields.iter();
    Ok(DeclaredClient {
        name: client.name.clone(),
        organisations,
        networks: networks(&client.networks).with_context(of)?,
        certificate_names: client.certificate_names.clone(),
        certificate_pins: client
            .certificate_sha256
            .iter()
            .map(|text| pin(text).with_context(of))
            .collect::<anyhow::Result<_>>()?,
        login,
        tenant_fields: tenant_fields
            .map(|field| TenantField { name: field.name.clone(), value: field.value.clone() })
            .collect(),
        requires_tls: client.requires_tls,
        bulk: client.bulk,
    })
}

fn organisations(client: &SmtpClient, cerebro: &Cerebro) -> anyhow::Result<Vec<OrganisationId>> {
    let known = cerebro.organisations();
    let find = |origin: &String| {
        let found = known.iter().find(|organisation| organisation.origin == *origin);
        found
            .map(|organisation| organisation.id)
            .with_context(|| format!("smtp.clients {:?}: no organisation {origin:?}", client.name))
    };
    client.organisations.iter().map(find).collect()
}

fn networks(texts: &[String]) -> anyhow::Result<Vec<Network>> {
    texts.iter().map(|text| text.parse().with_context(|| format!("network {text:?}"))).collect()
}

/// 64 hexadecimal digits, with or without colons, as `openssl x509 -fingerprint -sha256` prints them.
fn pin(text: &str) -> anyhow::Result<[u8; 32]> {
    let digits = text.replace(':', "");
    let pairs = digits.as_bytes().chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
        u8::from_str_radix(pair, 16).ok()
    });
    match pairs.collect::<Option<Vec<u8>>>().and_then(|bytes| bytes.try_into().ok()) {
        Some(pin) => Ok(pin),
        None => bail!("certificate_sha256 {text:?}: 64 hexadecimal digits are wanted"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_as_openssl_prints_them() {
        let hex = "ab".repeat(32);
        let colons = vec!["AB"; 32].join(":");
        assert_eq!(pin(&hex).unwrap(), [0xab; 32]);
        assert_eq!(pin(&colons).unwrap(), [0xab; 32]);
        for text in ["", "ab", &hex[1..], &format!("{hex}ab"), &hex.replace('a', "g")] {
            assert!(pin(text).is_err(), "{text}");
        }
    }
}
