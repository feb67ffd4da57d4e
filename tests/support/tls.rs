//! Raw bytes over TLS 1.3: what a client says that keeps to no rule of HTTP.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};

/// Says all of `bytes`, and reads until the other side ends or is silent for `patience`.
pub(crate) fn speak(
    address: &str,
    certificate: &Path,
    name: &str,
    protocol: &[u8],
    bytes: &[u8],
    patience: Duration,
) -> Vec<u8> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(certificate).unwrap()).unwrap();
    let mut config = rustls::ClientConfig::builder_with_protocol_versions(&[&rustls::version::TLS13])
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let session = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
    let socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(patience)).unwrap();
    let mut stream = rustls::StreamOwned::new(session, socket);
    let mut heard = Vec::new();
    // Who is refused may be closed in the middle of its words.
    if stream.write_all(bytes).is_ok() {
        let _ = stream.flush();
    }
    let _ = stream.read_to_end(&mut heard);
    heard
}
