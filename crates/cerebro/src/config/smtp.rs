//! SMTP in: where we listen, and who may hand messages over. `docs/operating/smtp.md` explains each key.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::bail;
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Smtp {
    /// Where mail servers connect; STARTTLS is offered when there is a certificate.
    pub(crate) listen: SocketAddr,
    /// Where those connect that begin with TLS (port 465).
    #[serde(default)]
    pub(crate) listen_tls: Option<SocketAddr>,
    /// How we name ourselves.
    pub(crate) hostname: String,
    /// Our certificate with the chain, PEM.
    #[serde(default)]
    pub(crate) certificate: Option<PathBuf>,
    /// Its key, PEM; goes with `certificate`.
    #[serde(default)]
    pub(crate) private_key: Option<PathBuf>,
    /// Authorities whose client certificates count, PEM. Clients are asked for theirs when given.
    #[serde(default)]
    pub(crate) client_authorities: Option<PathBuf>,
    /// Load balancers that say who connects through them by PROXY protocol, CIDR: from there, every connection must.
    #[serde(default)]
    pub(crate) proxies: Vec<String>,
    /// Who may hand messages over.
    pub(crate) clients: Vec<SmtpClient>,
}

/// Everything a client declares is required of it, all together.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SmtpClient {
    /// How evidence names it.
    pub(crate) name: String,
    /// The organisations it may speak for, by the origin of their log.
    pub(crate) organisations: Vec<String>,
    /// Where it connects from, CIDR.
    #[serde(default)]
    pub(crate) networks: Vec<String>,
    /// Host names of which its certificate carries one.
    #[serde(default)]
    pub(crate) certificate_names: Vec<String>,
    /// SHA-256 of the certificates it shows, hexadecimal.
    #[serde(default)]
    pub(crate) certificate_sha256: Vec<String>,
    /// The name it signs in with.
    #[serde(default)]
    pub(crate) login: Option<String>,
    /// The file `cerebro smtp-secret` made for that name.
    #[serde(default)]
    pub(crate) secret: Option<PathBuf>,
    /// Header fields that tell our tenant of a shared service from others.
    #[serde(default)]
    pub(crate) tenant_fields: Vec<TenantField>,
    /// It may not submit without TLS.
    #[serde(default)]
    pub(crate) requires_tls: bool,
    /// It sends by the thousand: beside people's messages, never before them.
    #[serde(default)]
    pub(crate) bulk: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TenantField {
    /// The field's name.
    pub(crate) name: String,
    /// What it holds, whole.
    pub(crate) value: String,
}

impl Smtp {
    /// What the types cannot say.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let has_tls = self.certificate.is_some();
        if has_tls != self.private_key.is_some() {
            bail!("smtp.certificate and smtp.private_key go together");
        }
        if !has_tls && (self.listen_tls.is_some() || self.client_authorities.is_some()) {
            bail!("smtp.listen_tls and smtp.client_authorities need smtp.certificate");
        }
        if self.clients.is_empty() {
            bail!("smtp.clients is empty: nobody could hand a message over");
        }
        for client in &self.clients {
            self.check_client(client)?;
        }
        Ok(())
    }

    fn check_client(&self, client: &SmtpClient) -> anyhow::Result<()> {
        let name = &client.name;
        let shows = !client.certificate_names.is_empty() || !client.certificate_sha256.is_empty();
        if client.networks.is_empty() && !shows && client.login.is_none() {
            bail!("smtp.clients {name:?} proves nothing: give networks, a certificate or a login");
        }
        if shows && self.client_authorities.is_none() {
            bail!("smtp.clients {name:?} shows a certificate: smtp.client_authorities is missing");
        }
        if client.login.is_some() != client.secret.is_some() {
            bail!("smtp.clients {name:?}: login and secret go together");
        }
        if (client.login.is_some() || client.requires_tls) && self.certificate.is_none() {
            bail!("smtp.clients {name:?} needs TLS: smtp.certificate is missing");
        }
        if !client.tenant_fields.is_empty() && !shows {
            bail!(
                "smtp.clients {name:?}: tenant_fields count only behind a certificate, anybody can write a field"
            );
        }
        Ok(())
    }

    /// Every place the section names.
    pub(super) fn places(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        let own = [&mut self.certificate, &mut self.private_key, &mut self.client_authorities];
        let secrets = self.clients.iter_mut().map(|client| &mut client.secret);
        own.into_iter().chain(secrets).filter_map(Option::as_mut)
    }
}
