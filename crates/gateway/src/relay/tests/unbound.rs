//! Against a real validating resolver, unbound, with zones that `ldns-signzone` signed: what AD means is its word, not ours.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::Arc;
use std::time::Duration;

use vocabulary::SeededEntropy;

use super::fake::{Act, Fake, Script, TLS};
use super::{routed, send, show, tool};
use crate::dns::{DnsError, Kind, Resolver};
use crate::relay::{NextHop, Outcome, RelayConfig, Route, TlsPolicy};
use crate::session::Pki;

struct Unbound {
    child: Child,
    directory: PathBuf,
    resolver: Arc<Resolver>,
}

impl Drop for Unbound {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// One zone: its exchanger stands at 127.0.0.1, with a TLSA record.
fn zone(name: &str, port: u16, digest: &str) -> String {
    format!(
        "$ORIGIN {name}.\n$TTL 60\n@ IN SOA ns.{name}. admin.{name}. 1 3600 600 86400 60\n@ IN NS ns.{name}.\n\
         ns IN A 127.0.0.1\n@ IN MX 10 mx.{name}.\nmx IN A 127.0.0.1\n_{port}._tcp.mx IN TLSA 3 0 1 {digest}\n"
    )
}

const SIGN: &str = r#"
set -e
for zone in signed.test altered.test; do
  key=$(ldns-keygen -k -a ECDSAP256SHA256 $zone)
  ldns-signzone -n -f $zone.zone.signed $zone.zone $key
  cat $key.key >> anchors
  mv $zone.zone.signed $zone.zone
done
# Somebody on the way sends the mail elsewhere.
sed -i 's/10 mx.altered.test./10 ns.altered.test./' altered.test.zone
"#;

fn configuration(directory: &Path, port: u16) -> String {
    let place = directory.display();
    let mut text = format!(
        "server:\n  interface: 127.0.0.1@{port}\n  port: {port}\n  do-daemonize: no\n  username: \"\"\n  chroot: \"\"\n\
         \x20 directory: \"{place}\"\n  pidfile: \"\"\n  use-syslog: no\n  module-config: \"validator iterator\"\n\
         \x20 trust-anchor-file: \"{place}/anchors\"\n  domain-insecure: \"unsigned.test\"\n  local-zone: \"test.\" nodefault\n\
         remote-control:\n  control-enable: no\n"
    );
    for name in ["signed.test", "altered.test", "unsigned.test"] {
        text += &format!(
            "auth-zone:\n  name: \"{name}\"\n  zonefile: \"{place}/{name}.zone\"\n  for-upstream: yes\n  for-downstream: no\n\
             \x20 fallback-enabled: no\n"
        );
    }
    text
}

impl Unbound {
    async fn start(smtp: u16, certificate: &[u8]) -> Option<Self> {
        if !(tool("unbound") && tool("ldns-signzone")) {
            return None;
        }
        let directory = std::env::temp_dir().join(format!("cerebro-unbound-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&directory);
        std::fs::create_dir_all(&directory).unwrap();
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, certificate);
        let digest: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        for name in ["signed.test", "altered.test", "unsigned.test"] {
            std::fs::write(directory.join(format!("{name}.zone")), zone(name, smtp, &digest)).unwrap();
        }
        assert!(Command::new("sh").args(["-c", SIGN]).current_dir(&directory).status().unwrap().success());
        // Over UDP and over TCP: a port of the range that outgoing connections use may be taken over one of them.
        let server = SocketAddr::from(([127, 0, 0, 1], super::ports::free_port()));
        std::fs::write(directory.join("unbound.conf"), configuration(&directory, server.port())).unwrap();
        let program = if Path::new("/usr/sbin/unbound").exists() { "/usr/sbin/unbound" } else { "unbound" };
        let log = directory.join("log");
        let child = Command::new(program)
            .arg("-d")
            .arg("-c")
            .arg(directory.join("unbound.conf"))
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let resolver = Resolver::new(vec![server], Arc::new(SeededEntropy::new(5)));
        let resolver = Arc::new(resolver.with_timeout(Duration::from_millis(500)));
        let mut unbound = Self { child, directory, resolver };
        for _ in 0..600 {
            if unbound.resolver.ask("mx.unsigned.test", Kind::A).await.is_ok() {
                return Some(unbound);
            }
            if unbound.child.try_wait().unwrap().is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("unbound does not answer: {}", std::fs::read_to_string(log).unwrap_or_default());
    }
}

#[tokio::test]
async fn c07_what_a_validating_resolver_says_is_believed() {
    let pki = Pki::new();
    let (listener, certificate) = pki.listener_and_certificate("whatever.example");
    let fake = Fake::start(Script { ehlo: Act::Say(TLS), tls: Some(listener), ..Script::default() }).await;
    let Some(unbound) = Unbound::start(fake.port(), &certificate).await else { return };
    let ask = async |name: &str, kind| unbound.resolver.ask(name, kind).await;

    let signed = ask("signed.test", Kind::Mx).await.unwrap();
    assert!(signed.secure && signed.records.len() == 1);
    let absent = ask("nowhere.signed.test", Kind::A).await.unwrap();
    assert!(absent.secure && !absent.exists, "that it does not exist is signed too");
    assert!(ask("mx.signed.test", Kind::Aaaa).await.unwrap().secure);
    let unsigned = ask("unsigned.test", Kind::Mx).await.unwrap();
    assert!(!unsigned.secure && unsigned.records.len() == 1);
    assert_eq!(ask("altered.test", Kind::Mx).await, Err(DnsError::Refused));

    let policy = TlsPolicy::opportunistic().with_dane();
    let routes = vec![Route::everything("mx", NextHop::Mx { port: fake.port() }, policy)];
    let config = RelayConfig { resolver: Some(Arc::clone(&unbound.resolver)), ..routed(routes) };
    let to = ["a@signed.test", "b@unsigned.test", "c@altered.test", "d@nowhere.signed.test"];
    let outcomes = send(config, &to).await;
    let policies: Vec<_> = outcomes
        .iter()
        .map(|outcome| match outcome {
            Outcome::Delivered { hop, .. } => hop.policy.clone(),
            other => show(other).get(..11).unwrap_or_default().to_owned(),
        })
        .collect();
    assert_eq!(policies, ["dane", "opportunistic", "L 451 4.4.3", "B 550 5.1.2"]);
}
