use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsConnector;

use super::*;

struct Running {
    address: SocketAddr,
    certificates: Certificates,
    authority: CertificateDer<'static>,
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
}

fn pem() -> (rcgen::CertifiedKey<rcgen::KeyPair>, String, String) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (chain, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    (made, chain, key)
}

async fn slow() -> &'static str {
    tokio::time::sleep(Duration::from_millis(300)).await;
    "late but whole"
}

async fn start() -> Running {
    let (made, chain, key) = pem();
    let certificates = Certificates::from_pem(chain.as_bytes(), key.as_bytes()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = watch::channel(false);
    let app = Router::new()
        .route(
            "/",
            get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { format!("hello {}", peer.ip()) }),
        )
        .route("/slow", get(slow));
    let task = tokio::spawn(serve(listener, certificates.clone(), Proxies::default(), app, stopped));
    Running { address, certificates, authority: made.cert.der().clone(), stop, task }
}

async fn connect(
    address: SocketAddr,
    authority: &CertificateDer<'static>,
    versions: &[&'static SupportedProtocolVersion],
) -> std::io::Result<tokio_rustls::client::TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(authority.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(address).await?;
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("localhost").unwrap(), stream).await
}

async fn ask(stream: &mut tokio_rustls::client::TlsStream<TcpStream>, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn clause_t3_a_client_of_tls_1_3_is_served_with_a_post_quantum_exchange() {
    let running = start().await;
    let mut stream = connect(running.address, &running.authority, &[&rustls::version::TLS13]).await.unwrap();
    let connection = stream.get_ref().1;
    assert_eq!(connection.protocol_version(), Some(rustls::ProtocolVersion::TLSv1_3));
    let group = connection.negotiated_key_exchange_group().unwrap().name();
    assert_eq!(group, rustls::NamedGroup::X25519MLKEM768);
    let answer = ask(&mut stream, "/").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("hello 127.0.0.1"), "{answer}");
}

#[tokio::test]
async fn clause_t3_x1_a_client_of_tls_1_2_is_refused() {
    let running = start().await;
    let refused = connect(running.address, &running.authority, &[&rustls::version::TLS12]).await.unwrap_err();
    let alert = refused.get_ref().and_then(|error| error.downcast_ref::<rustls::Error>()).unwrap();
    assert_eq!(*alert, rustls::Error::AlertReceived(rustls::AlertDescription::ProtocolVersion));
}

#[tokio::test]
async fn clause_t3_x1_openssl_with_tls_1_2_is_refused() {
    let running = start().await;
    let run = async |version: &str| {
        tokio::process::Command::new("openssl")
            .args(["s_client", "-connect", &running.address.to_string(), version])
            .stdin(std::process::Stdio::null())
            .output()
            .await
    };
    let Ok(old) = run("-tls1_2").await else {
        eprintln!("openssl is not installed: only our own client was tried");
        return;
    };
    assert!(!old.status.success());
    assert!(String::from_utf8_lossy(&old.stderr).contains("protocol version"), "{old:?}");
    assert!(run("-tls1_3").await.unwrap().status.success());
}

#[tokio::test]
async fn clause_t3_x2_plain_http_is_not_answered_and_not_redirected() {
    let running = start().await;
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer).await {
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
    }
    assert!(!String::from_utf8_lossy(&answer).contains("HTTP/"), "{answer:?}");
}

#[tokio::test]
async fn a_new_certificate_serves_without_a_restart_and_a_bad_one_changes_nothing() {
    let running = start().await;
    let (made, chain, key) = pem();
    let folder = std::env::temp_dir().join(format!("cerebro-certificates-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (chain_file, key_file) = (folder.join("chain.pem"), folder.join("key.pem"));
    std::fs::write(&chain_file, &chain).unwrap();
    std::fs::write(&key_file, "not a key").unwrap();
    assert!(running.certificates.reload(&chain_file, &key_file).is_err());
    let absent = running.certificates.reload(&folder.join("absent.pem"), &key_file).unwrap_err();
    assert!(absent.to_string().contains("absent.pem"), "{absent}");
    assert!(connect(running.address, &running.authority, &[&rustls::version::TLS13]).await.is_ok());

    std::fs::write(&key_file, &key).unwrap();
    running.certificates.reload(&chain_file, &key_file).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(connect(running.address, &running.authority, &[&rustls::version::TLS13]).await.is_err());
    assert!(connect(running.address, made.cert.der(), &[&rustls::version::TLS13]).await.is_ok());
}

#[tokio::test]
async fn a_request_under_way_is_answered_before_the_door_closes() {
    let running = start().await;
    let mut stream = connect(running.address, &running.authority, &[&rustls::version::TLS13]).await.unwrap();
    let asking = tokio::spawn(async move { ask(&mut stream, "/slow").await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    running.stop.send_replace(true);
    assert!(asking.await.unwrap().ends_with("late but whole"));
    tokio::time::timeout(Duration::from_secs(5), running.task).await.unwrap().unwrap();
    assert!(TcpStream::connect(running.address).await.is_err());
}
