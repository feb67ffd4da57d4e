//! How PostgreSQL is reached: over verified TLS, or in plain text where nobody else listens.
//!
//! The address is libpq's, with two of its parameters read here: `sslmode` is `verify-full` or `disable`, nothing in between (a
//! mode that falls back or does not verify protects from nobody); `sslrootcert` names the file of the authorities.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::StoreError;

/// Where PostgreSQL is, and how the way there is protected.
#[derive(Clone)]
pub(crate) struct Address {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Address {
    /// Reads `postgres://user@host/database?sslmode=verify-full&sslrootcert=/path` or `host=… sslmode=…`.
    ///
    /// # Errors
    /// It is no such address, or it would send contents and secrets over a network in plain text without saying so.
    pub(crate) fn parse(text: &str) -> Result<Self, StoreError> {
        let (text, mode) = take(text, "sslmode");
        let (text, roots) = take(&text, "sslrootcert");
        let mut config: Config = text.parse().map_err(|error| refused(format!("{error}")))?;
        let tls = match (mode.as_deref(), roots) {
            (Some("verify-full"), Some(roots)) => Some(verified(Path::new(&roots))?),
            (Some("verify-full"), None) => {
                return Err(refused(
                    "sslmode=verify-full needs sslrootcert, the file of its authorities".into(),
                ));
            }
            (Some("disable"), None) => None,
            (None, None) if stays_on_the_machine(&config) => None,
            (None, None) => {
                return Err(refused(
                    "it is another machine: add sslmode=verify-full and sslrootcert, or sslmode=disable where the wire is \
                     protected otherwise"
                        .into(),
                ));
            }
            (Some("disable") | None, Some(_)) => {
                return Err(refused("sslrootcert without sslmode=verify-full protects nothing".into()));
            }
            (Some(other), _) => {
                return Err(refused(format!("sslmode is verify-full or disable, not {other}")));
            }
        };
        config.ssl_mode(if tls.is_some() { SslMode::Require } else { SslMode::Disable });
        Ok(Self { config, tls })
    }

    /// A new connection; its task runs until the client is dropped.
    ///
    /// # Errors
    /// The server does not answer, does not speak TLS, or is not who it must be.
    pub(crate) async fn connect(&self) -> Result<Client, StoreError> {
        match &self.tls {
            Some(tls) => {
                let (client, connection) = self.config.connect(tls.clone()).await?;
                tokio::spawn(ended(connection));
                Ok(client)
            }
            None => {
                let (client, connection) = self.config.connect(NoTls).await?;
                tokio::spawn(ended(connection));
                Ok(client)
            }
        }
    }
}

async fn ended(connection: impl Future<Output = Result<(), tokio_postgres::Error>>) {
    if let Err(error) = connection.await {
        tracing::warn!(%error, "the connection to PostgreSQL ended");
    }
}

fn refused(why: String) -> StoreError {
    StoreError::Address(why)
}

/// Takes one parameter out of an address in either of libpq's forms.
pub(crate) fn take(text: &str, name: &str) -> (String, Option<String>) {
    let mut found = None;
    let mut keep = |part: &&str| match part.split_once('=') {
        Some((key, value)) if key == name => {
            found = Some(value.to_owned());
            false
        }
        _ => true,
    };
    let rest = match text.split_once('?') {
        Some((place, parameters)) if text.contains("://") => {
            let kept: Vec<&str> = parameters.split('&').filter(&mut keep).collect();
            if kept.is_empty() { place.to_owned() } else { format!("{place}?{}", kept.join("&")) }
        }
        _ if text.contains("://") => text.to_owned(),
        _ => text.split_whitespace().filter(&mut keep).collect::<Vec<_>>().join(" "),
    };
    (rest, found)
}

/// Every host is a socket in the file system or the machine itself.
fn stays_on_the_machine(config: &Config) -> bool {
    let near = |host: &Host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
    };
    config.get_hosts().iter().all(near) && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

fn verified(roots: &Path) -> Result<MakeRustlsConnect, StoreError> {
    let unreadable = |what: String| refused(format!("sslrootcert {}: {what}", roots.display()));
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(roots).map_err(|error| unreadable(error.to_string()))? {
        let certificate = certificate.map_err(|error| unreadable(error.to_string()))?;
        store.add(certificate).map_err(|error| unreadable(error.to_string()))?;
    }
    if store.is_empty() {
        return Err(unreadable("it holds no certificate".into()));
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|error| refused(error.to_string()))?
        .with_root_certificates(store)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wire_that_others_can_read_is_never_taken_silently() {
        for near in [
            "postgres://u@127.0.0.1:5432/d",
            "postgres://u@localhost/d?application_name=x",
            "host=/run/postgresql user=u dbname=d",
            "host=db.bank.example sslmode=disable user=u",
            "postgres://u@db.bank.example/d?sslmode=disable",
        ] {
            assert!(Address::parse(near).is_ok_and(|address| address.tls.is_none()), "{near}");
        }
        for (text, why) in [
            ("postgres://u@db.bank.example/d", "another machine"),
            ("postgres://u@10.0.0.7/d", "another machine"),
            ("postgres://u@localhost/d?sslmode=prefer", "not prefer"),
            ("postgres://u@db.bank.example/d?sslmode=require", "not require"),
            ("postgres://u@db.bank.example/d?sslmode=verify-full", "needs sslrootcert"),
            ("postgres://u@localhost/d?sslrootcert=/ca.pem", "protects nothing"),
            ("host=db.bank.example sslmode=verify-full sslrootcert=/not/there.pem", "/not/there.pem"),
            ("mysql://u@localhost/d", ""),
        ] {
            let error = Address::parse(text).err().map(|error| error.to_string());
            assert!(error.as_ref().is_some_and(|error| error.contains(why)), "{text}: {error:?}");
        }
    }

    #[test]
    fn a_parameter_is_taken_and_the_others_stay() {
        let url = "postgres://u@h/d?application_name=a&sslmode=disable&connect_timeout=3";
        assert_eq!(
            take(url, "sslmode"),
            ("postgres://u@h/d?application_name=a&connect_timeout=3".into(), Some("disable".into()))
        );
        assert_eq!(
            take("postgres://u@h/d?sslmode=x", "sslmode"),
            ("postgres://u@h/d".into(), Some("x".into()))
        );
        assert_eq!(take("host=h sslmode=x user=u", "sslmode"), ("host=h user=u".into(), Some("x".into())));
    }

    /// Against a real server that speaks TLS, where one is given.
    #[tokio::test]
    async fn a_server_is_who_its_certificate_says_or_nothing_is_said_to_it() {
        let (Ok(url), Ok(ca)) =
            (std::env::var("CEREBRO_TEST_POSTGRES"), std::env::var("CEREBRO_TEST_POSTGRES_CA"))
        else {
            eprintln!("skipped: CEREBRO_TEST_POSTGRES and CEREBRO_TEST_POSTGRES_CA name no server with TLS");
            return;
        };
        let named = url.replace("127.0.0.1", "localhost");
        let address = Address::parse(&format!("{named}?sslmode=verify-full&sslrootcert={ca}")).unwrap();
        let client = address.connect().await.unwrap();
        let row = client
            .query_one("SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()", &[])
            .await
            .unwrap();
        assert_eq!((row.get::<_, bool>(0), row.get::<_, &str>(1)), (true, "TLSv1.3"));
        // The certificate is for another name.
        let other = Address::parse(&format!("{url}?sslmode=verify-full&sslrootcert={ca}")).unwrap();
        assert!(matches!(other.connect().await, Err(StoreError::Unreachable(_))));
        // Another authority.
        let stranger = std::env::temp_dir().join(format!("cerebro-store-ca-{}.pem", std::process::id()));
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        std::fs::write(&stranger, made.cert.pem()).unwrap();
        let wrong = format!("{named}?sslmode=verify-full&sslrootcert={}", stranger.display());
        assert!(matches!(Address::parse(&wrong).unwrap().connect().await, Err(StoreError::Unreachable(_))));
        std::fs::remove_file(stranger).unwrap();
    }
}
