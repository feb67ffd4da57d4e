//! Certificates: read from files, or made for the demo.

use std::path::Path;

use anyhow::Context;
use gateway::ListenerTls;
use gateway::relay::Identity;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

type Chain = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn read(certificate: &Path, key: &Path) -> anyhow::Result<Chain> {
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| format!("{} is not a certificate in PEM", certificate.display()))?;
    let key = PrivateKeyDer::from_pem_file(key)
        .with_context(|| format!("{} is not a private key in PEM", key.display()))?;
    Ok((chain, key))
}

/// What we show to next hops that ask.
pub(crate) fn identity(certificate: &Path, key: &Path) -> anyhow::Result<Identity> {
    let (chain, key) = read(certificate, key)?;
    Ok(Identity { chain, key })
}

/// The SMTP listener's: 1.2 and 1.3. With authorities, clients are asked for certificates.
pub(crate) fn smtp(
    certificate: &Path,
    key: &Path,
    authorities: Option<&Path>,
) -> anyhow::Result<ListenerTls> {
    let (chain, key) = read(certificate, key)?;
    Ok(ListenerTls::new(chain, key, authorities.map(roots).transpose()?)?)
}

/// Authorities from a file: a bank has its own.
pub(crate) fn roots(path: &Path) -> anyhow::Result<rustls::RootCertStore> {
    let not_pem = || format!("{} holds no certificates in PEM", path.display());
    let mut store = rustls::RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).with_context(not_pem)? {
        store.add(certificate.with_context(not_pem)?)?;
    }
    if store.is_empty() {
        anyhow::bail!(not_pem());
    }
    Ok(store)
}

/// Makes a self-signed certificate for loopback, for the demo.
pub(crate) fn self_signed(certificate: &Path, key: &Path) -> anyhow::Result<()> {
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let made = rcgen::generate_simple_self_signed(names)?;
    std::fs::write(certificate, made.cert.pem())?;
    std::fs::write(key, made.signing_key.serialize_pem())?;
    Ok(())
}
