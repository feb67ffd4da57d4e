//! The door of the console: TLS 1.3 and nothing else (clause T3). A client that offers less, or speaks plain HTTP, is
//! not answered and not redirected: the connection ends.
//!
//! Bounded in connections, in the time to shake hands, to send a head, and to live.

mod proxies;

pub use proxies::Proxies;

use std::net::SocketAddr;
use std::path::Path;
use std::pin::pin;
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse as _;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tower::Service as _;
use vocabulary::bounds::{
    HTTP_CONNECTION_LIFE, HTTP_CONNECTIONS_MAX, HTTP_DRAIN_TIMEOUT, HTTP_HEAD_BYTES_MAX, HTTP_HEAD_TIMEOUT,
    HTTP_STREAMS_MAX,
};

/// Why a certificate was not taken.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A file cannot be read.
    #[error("{path}: {cause}")]
    File {
        /// Which.
        path: String,
        /// Why.
        cause: std::io::Error,
    },
    /// It is not PEM, or holds no certificate or no key.
    #[error("the certificate or its key is not PEM: {0}")]
    Pem(#[from] rustls::pki_types::pem::Error),
    /// They do not go together, or are of a kind we do not serve with.
    #[error("the certificate cannot be served: {0}")]
    Refused(#[from] rustls::Error),
}

/// The certificate in use. It can be replaced while connections are open: new ones get the new certificate.
#[derive(Debug, Clone)]
pub struct Certificates(Arc<RwLock<Arc<ServerConfig>>>);

impl Certificates {
    /// From two PEM files: the chain, and its private key.
    ///
    /// # Errors
    /// They cannot be read, or do not go together.
    pub fn load(chain: &Path, key: &Path) -> Result<Self, CertificateError> {
        Self::from_pem(&read(chain)?, &read(key)?)
    }

    /// From a chain and a key, in PEM.
    ///
    /// # Errors
    /// They do not parse, or do not go together.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, CertificateError> {
        Ok(Self(Arc::new(RwLock::new(Arc::new(config(chain, key)?)))))
    }

    /// Takes a new certificate from two PEM files. One that is refused leaves the old in place.
    ///
    /// # Errors
    /// As [`Certificates::load`].
    pub fn reload(&self, chain: &Path, key: &Path) -> Result<(), CertificateError> {
        let fresh = Arc::new(config(&read(chain)?, &read(key)?)?);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    fn current(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn read(path: &Path) -> Result<Vec<u8>, CertificateError> {
    std::fs::read(path).map_err(|cause| CertificateError::File { path: path.display().to_string(), cause })
}

fn config(chain: &[u8], key: &[u8]) -> Result<ServerConfig, CertificateError> {
    let chain = CertificateDer::pem_slice_iter(chain).collect::<Result<Vec<_>, _>>()?;
    let key = PrivateKeyDer::from_pem_slice(key)?;
    // The versions are named here and not left to features: another crate can switch TLS 1.2 on for the whole build.
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// Serves `app` until `stop` says true, then lets requests under way finish for [`HTTP_DRAIN_TIMEOUT`].
pub async fn serve(
    listener: TcpListener,
    certificates: Certificates,
    proxies: Proxies,
    app: Router,
    mut stop: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(HTTP_CONNECTIONS_MAX));
    let closing = stop.clone();
    loop {
        // A place first: past the bound, clients wait in the system's backlog instead of in our memory.
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let Ok(place) = place else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of descriptors, most likely: give connections the time to close.
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(std::time::Duration::from_millis(100)).await;
                continue;
            }
        };
        if !proxies.admits(peer.ip()) {
            tracing::warn!(%peer, "a connection that comes by none of the declared proxies was closed");
            continue;
        }
        let acceptor = TlsAcceptor::from(certificates.current());
        let (app, proxies, closing) = (app.clone(), proxies.clone(), closing.clone());
        tokio::spawn(async move {
            let _place = place;
            connection(stream, peer, acceptor, proxies, app, closing).await;
        });
    }
    drop(listener);
    let all = u32::try_from(HTTP_CONNECTIONS_MAX).unwrap_or(u32::MAX);
    if timeout(HTTP_DRAIN_TIMEOUT, places.acquire_many(all)).await.is_err() {
        tracing::warn!("connections were still open when the console stopped");
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    acceptor: TlsAcceptor,
    proxies: Proxies,
    app: Router,
    mut closing: watch::Receiver<bool>,
) {
    let _ = stream.set_nodelay(true);
    let stream = match timeout(HTTP_HEAD_TIMEOUT, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => {
            tracing::debug!(%peer, %error, "a handshake failed");
            return;
        }
        Err(_) => return,
    };
    let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        let client = proxies.client(peer, request.headers());
        let mut app = app.clone();
        // A length beside the chunks was taken away already: whoever stands in front may have gone by it, so nothing that
        // follows on this connection is believed to be a request (RFC 9112 §6.1, attack X3).
        let is_last = request.headers().contains_key(header::TRANSFER_ENCODING);
        async move {
            let Some(client) = client else {
                return Ok(StatusCode::BAD_REQUEST.into_response());
            };
            request.extensions_mut().insert(ConnectInfo(client));
            let mut answer = app.call(request).await;
            if let (true, Ok(answer)) = (is_last, &mut answer) {
                answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            answer
        }
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HTTP_HEAD_TIMEOUT)
        .max_buf_size(HTTP_HEAD_BYTES_MAX);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(HTTP_STREAMS_MAX)
        .max_header_list_size(u32::try_from(HTTP_HEAD_BYTES_MAX).unwrap_or(u32::MAX))
        .keep_alive_interval(HTTP_HEAD_TIMEOUT)
        .keep_alive_timeout(HTTP_HEAD_TIMEOUT);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let result = tokio::select! {
        result = connection.as_mut() => Some(result),
        _ = closing.wait_for(|closing| *closing) => None,
        () = sleep(HTTP_CONNECTION_LIFE) => None,
    };
    let result = match result {
        Some(result) => result,
        None => {
            connection.as_mut().graceful_shutdown();
            timeout(HTTP_DRAIN_TIMEOUT, connection).await.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = result {
        tracing::debug!(%peer, %error, "a connection ended badly");
    }
}

#[cfg(test)]
mod tests;
