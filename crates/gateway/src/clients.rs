//! Who may submit: declared networks, client certificates, secrets, and the header fields of a tenant. Who is not
//! declared relays nothing (open-relay cases A15).

use std::net::IpAddr;
use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest;
use rustls::client::verify_server_name;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::server::ParsedCertificate;
use vocabulary::OrganisationId;

use crate::Network;
use crate::session::fields;

/// SHA-256 of something.
pub type Sha256 = [u8; 32];

/// A mail server that may submit. Every kind of proof it declares is required, all of them together.
#[derive(Debug, Clone, Default)]
pub struct DeclaredClient {
    /// Its name in logs and evidence.
    pub name: String,
    /// The organisations it may speak for.
    pub organisations: Vec<OrganisationId>,
    /// Where it connects from; empty = anywhere (then a certificate or a secret is needed).
    pub networks: Vec<Network>,
    /// Host names of which its certificate must carry one as a subject alternative name; empty = none needed.
    pub certificate_names: Vec<String>,
    /// Its certificate must be one of these, by the SHA-256 of its DER; empty = none pinned.
    pub certificate_pins: Vec<Sha256>,
    /// What it signs in with by AUTH, under TLS only.
    pub login: Option<Login>,
    /// Header fields every message of it carries, exactly once and with exactly this value: how one tenant of a shared
    /// service is told from the others. They only count beside another proof.
    pub tenant_fields: Vec<TenantField>,
    /// It may not submit without TLS.
    pub requires_tls: bool,
    /// It sends statements and the like by the thousand: its messages never go before a person's.
    pub bulk: bool,
}

/// A name and the hash of a secret. The secret is 32 random bytes of ours, so that one SHA-256 suffices.
#[derive(Clone)]
pub struct Login {
    /// The name said in AUTH.
    pub name: String,
    /// SHA-256 of the secret's text.
    pub secret: Sha256,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Login({})", self.name)
    }
}

/// `X-MS-Exchange-CrossTenant-Id: …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantField {
    /// The field's name, in any case.
    pub name: String,
    /// Its value, to the letter.
    pub value: String,
}

/// All declared clients.
#[derive(Debug, Clone, Default)]
pub struct Clients(Vec<Arc<DeclaredClient>>);

/// What a peer has shown so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Shown<'a> {
    pub(crate) tls: bool,
    /// A certificate whose chain was verified, and whose key the peer holds.
    pub(crate) certificate: Option<&'a CertificateDer<'a>>,
    /// The name it signed in under.
    pub(crate) login: Option<&'a str>,
}

/// What a peer is, as far as we know now.
#[derive(Debug, Clone)]
pub(crate) enum Standing {
    /// One of these declared clients, never none: all proved alike, and a message's tenant fields tell which.
    Known(Vec<Arc<DeclaredClient>>),
    /// Could be one after STARTTLS (with a certificate or a secret, where declared).
    NeedsTls,
    /// Could be one after AUTH.
    NeedsLogin,
    /// Nobody.
    Stranger,
}

/// By what a client was recognised; more proof goes first, then the narrowest network.
type Rank = (bool, bool, u32);

impl Clients {
    /// The list as configured. A client that declares no network, certificate or secret matches nobody.
    #[must_use]
    pub fn new(clients: Vec<DeclaredClient>) -> Self {
        Self(clients.into_iter().map(Arc::new).collect())
    }

    /// Who connected.
    pub(crate) fn identify(&self, peer: IpAddr, shown: Shown<'_>) -> Standing {
        let near: Vec<_> =
            self.0.iter().filter_map(|client| Some((client, nearness(client, peer)?))).collect();
        let without_login = |client: &DeclaredClient| {
            (shown.tls || !client.requires_tls) && proves_certificate(client, shown.certificate)
        };
        let proven = near.iter().filter(|(client, _)| without_login(client) && proves_login(client, shown));
        let ranked: Vec<(Rank, &Arc<DeclaredClient>)> = proven
            .map(|(client, near)| ((client.login.is_some(), asks_certificate(client), *near), *client))
            .collect();
        if let Some(best) = ranked.iter().map(|(rank, _)| *rank).max() {
            let equals = ranked.iter().filter(|(rank, _)| *rank == best);
            return Standing::Known(equals.map(|(_, client)| Arc::clone(client)).collect());
        }
        if !shown.tls && !near.is_empty() {
            return Standing::NeedsTls;
        }
        if near.iter().any(|(client, _)| client.login.is_some() && without_login(client)) {
            return Standing::NeedsLogin;
        }
        Standing::Stranger
    }

    /// Whether a peer there could sign in at all: AUTH is offered to nobody else.
    pub(crate) fn offers_login(&self, peer: IpAddr) -> bool {
        self.0.iter().any(|client| client.login.is_some() && nearness(client, peer).is_some())
    }

    /// The name a peer signed in under, or `None`. Takes the same time whoever it says it is.
    pub(crate) fn sign_in(&self, peer: IpAddr, name: &str, secret: &str) -> Option<String> {
        let hash = digest::digest(&digest::SHA256, secret.as_bytes());
        let mut found = None;
        for client in &self.0 {
            let Some(login) = &client.login else { continue };
            let is = verify_slices_are_equal(&login.secret, hash.as_ref()).is_ok();
            if is && login.name == name && nearness(client, peer).is_some() {
                found = Some(login.name.clone());
            }
        }
        found
    }
}

/// Bits of the narrowest declared network the peer is in; 0 if another proof decides; `None` if it is elsewhere.
fn nearness(client: &DeclaredClient, peer: IpAddr) -> Option<u32> {
    if client.networks.is_empty() {
        return (asks_certificate(client) || client.login.is_some()).then_some(0);
    }
    client.networks.iter().filter(|network| network.contains(peer)).map(Network::narrowness).max()
}

fn asks_certificate(client: &DeclaredClient) -> bool {
    !client.certificate_names.is_empty() || !client.certificate_pins.is_empty()
}

fn proves_certificate(client: &DeclaredClient, certificate: Option<&CertificateDer<'_>>) -> bool {
    match certificate {
        None => !asks_certificate(client),
        Some(certificate) => {
            (client.certificate_names.is_empty() || carries(certificate, &client.certificate_names))
                && (client.certificate_pins.is_empty() || is_pinned(certificate, &client.certificate_pins))
        }
    }
}

fn proves_login(client: &DeclaredClient, shown: Shown<'_>) -> bool {
    match &client.login {
        None => true,
        Some(login) => shown.tls && shown.login == Some(login.name.as_str()),
    }
}

fn carries(certificate: &CertificateDer<'_>, names: &[String]) -> bool {
    let Ok(parsed) = ParsedCertificate::try_from(certificate) else { return false };
    names.iter().any(|name| {
        ServerName::try_from(name.as_str()).is_ok_and(|name| verify_server_name(&parsed, &name).is_ok())
    })
}

fn is_pinned(certificate: &CertificateDer<'_>, pins: &[Sha256]) -> bool {
    let hash = digest::digest(&digest::SHA256, certificate);
    pins.iter().any(|pin| pin.as_slice() == hash.as_ref())
}

/// The client whose tenant fields a message carries, of those it could be.
pub(crate) fn of_message(could_be: &[Arc<DeclaredClient>], header: &[u8]) -> Option<Arc<DeclaredClient>> {
    let carries = |field: &TenantField| matches!(fields::values(header, &field.name).as_slice(), [only] if *only == field.value);
    could_be.iter().find(|client| client.tenant_fields.iter().all(carries)).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn declared(name: &str, network: &str) -> DeclaredClient {
        DeclaredClient {
            name: name.into(),
            networks: vec![network.parse().unwrap()],
            ..DeclaredClient::default()
        }
    }

    fn name(standing: &Standing) -> String {
        match standing {
            Standing::Known(clients) => {
                clients.iter().map(|client| client.name.clone()).collect::<Vec<_>>().join("+")
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn the_narrowest_network_wins_and_the_rest_are_strangers() {
        let clients =
            Clients::new(vec![declared("wide", "192.0.0.0/16"), declared("narrow", "192.0.2.0/24")]);
        let name = |peer| name(&clients.identify(ip(peer), Shown::default()));
        assert_eq!(name("192.0.2.1"), "narrow");
        assert_eq!(name("192.0.9.1"), "wide");
        assert_eq!(name("198.51.100.1"), "Stranger");
    }

    #[test]
    fn a_shared_range_with_a_certificate_is_not_enough_without_it() {
        let clients = Clients::new(vec![DeclaredClient {
            certificate_names: vec!["mail.orveane.example".into()],
            ..declared("connector", "192.0.2.0/24")
        }]);
        let tls = Shown { tls: true, ..Shown::default() };
        assert_eq!(name(&clients.identify(ip("192.0.2.1"), Shown::default())), "NeedsTls");
        assert_eq!(name(&clients.identify(ip("192.0.2.1"), tls)), "Stranger");
        assert_eq!(name(&clients.identify(ip("198.51.100.1"), Shown::default())), "Stranger");
    }

    #[test]
    fn a_client_that_declares_nothing_matches_nobody() {
        let clients = Clients::new(vec![DeclaredClient { name: "x".into(), ..DeclaredClient::default() }]);
        let tls = Shown { tls: true, ..Shown::default() };
        assert_eq!(name(&clients.identify(ip("127.0.0.1"), tls)), "Stranger");
        assert_eq!(name(&Clients::default().identify(ip("127.0.0.1"), tls)), "Stranger");
    }

    #[test]
    fn c10_a_secret_counts_under_tls_and_from_where_it_is_declared() {
        let secret = digest::digest(&digest::SHA256, b"s3cret").as_ref().try_into().unwrap();
        let login = Some(Login { name: "crm".into(), secret });
        let clients = Clients::new(vec![
            DeclaredClient { login, ..declared("crm", "192.0.2.0/24") },
            declared("by address", "192.0.3.0/24"),
        ]);
        let shown = |tls, login| Shown { tls, login, certificate: None };
        let peer = ip("192.0.2.1");
        assert_eq!(name(&clients.identify(peer, shown(false, None))), "NeedsTls");
        assert_eq!(name(&clients.identify(peer, shown(true, None))), "NeedsLogin");
        assert_eq!(name(&clients.identify(peer, shown(true, Some("crm")))), "crm");
        assert_eq!(name(&clients.identify(peer, shown(false, Some("crm")))), "NeedsTls");
        assert_eq!(name(&clients.identify(ip("192.0.3.1"), shown(true, Some("crm")))), "by address");
        assert_eq!(clients.sign_in(peer, "crm", "s3cret").as_deref(), Some("crm"));
        for (peer, name, secret) in
            [("192.0.2.1", "crm", "s3cre"), ("192.0.2.1", "x", "s3cret"), ("192.0.4.1", "crm", "s3cret")]
        {
            assert_eq!(clients.sign_in(ip(peer), name, secret), None);
        }
        assert!(clients.offers_login(peer) && !clients.offers_login(ip("192.0.3.1")));
    }

    #[test]
    fn tenants_of_one_service_are_told_apart_by_their_fields() {
        let tenant = |name: &str, id: &str| DeclaredClient {
            tenant_fields: vec![TenantField { name: "X-Tenant".into(), value: id.into() }],
            ..declared(name, "192.0.2.0/24")
        };
        let clients = Clients::new(vec![tenant("one", "1"), tenant("two", "2")]);
        let Standing::Known(could_be) = clients.identify(ip("192.0.2.1"), Shown::default()) else { panic!() };
        let told = |header: &[u8]| of_message(&could_be, header).map(|client| client.name.clone());
        assert_eq!(told(b"Subject: x\r\nx-tenant:  2 \r\n\r\n").as_deref(), Some("two"));
        assert_eq!(told(b"X-Tenant:\r\n\t1\r\n\r\n").as_deref(), Some("one"));
        for header in [
            &b"Subject: x\r\n\r\nX-Tenant: 1\r\n"[..],
            b"X-Tenant: 3\r\n\r\n",
            b"X-Tenant: 1\r\nX-Tenant: 2\r\n\r\n",
            b"X-Tenant: 1\r\nX-TENANT: 1\r\n\r\n",
            b"X-Tenant: 1, 1\r\n\r\n",
            b"X-Tenantt: 1\r\n\r\n",
        ] {
            assert_eq!(told(header), None, "{}", String::from_utf8_lossy(header));
        }
    }
}
