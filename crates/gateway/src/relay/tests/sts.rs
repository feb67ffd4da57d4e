//! C06: MTA-STS, with a policy host that answers as told.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hickory_proto::rr::RecordType;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use vocabulary::{ManualClock, Timestamp};

use super::fake::{Act, Fake, Script, TLS};
use super::{routed, send, show};
use crate::dns::tests::{Zone, mx, tlsa, txt};
use crate::relay::{NextHop, Outcome, Policies, RelayConfig, Route, TlsPolicy};
use crate::session::Pki;

/// A policy host that speaks HTTPS, and what it answers.
struct PolicyHost {
    address: SocketAddr,
    answer: Arc<Mutex<String>>,
    asked: Arc<AtomicUsize>,
}

impl PolicyHost {
    async fn start(pki: &Pki, name: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (answer, asked) = (Arc::new(Mutex::new(String::new())), Arc::new(AtomicUsize::new(0)));
        let (acceptor, says, count) =
            (TlsAcceptor::from(pki.server(name)), Arc::clone(&answer), Arc::clone(&asked));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                count.fetch_add(1, Ordering::SeqCst);
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut request = vec![0; 4_096];
                let length = stream.read(&mut request).await.unwrap();
                let request = String::from_utf8_lossy(&request[..length]).into_owned();
                assert!(
                    request
                        .starts_with("GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: mta-sts.p.example\r\n")
                );
                let text = says.lock().unwrap().clone();
                let _ = stream.write_all(text.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        });
        Self { address, answer, asked }
    }

    fn says(&self, policy: &str) {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}", policy.len());
        *self.answer.lock().unwrap() = format!("{head}\r\n\r\n{policy}");
    }
}

/// A domain with one exchanger and a policy host, and a sender with a memory on disk.
struct World {
    pki: Pki,
    zone: Zone,
    host: PolicyHost,
    directory: PathBuf,
    clock: Arc<ManualClock>,
}

impl World {
    async fn new(name: &str) -> Self {
        let (pki, zone) = (Pki::new(), Zone::start().await);
        let host = PolicyHost::start(&pki, "mta-sts.p.example").await;
        zone.has("p.example", RecordType::MX, vec![mx(10, "mx.p.example")], true)
            .host("mx.p.example", "127.0.0.1", true)
            .host("mta-sts.p.example", "127.0.0.1", false);
        let directory = std::env::temp_dir().join(format!("cerebro-sts-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&directory);
        let clock = Arc::new(ManualClock::at(Timestamp::from_micros(1_795_000_000_000_000)));
        Self { pki, zone, host, directory, clock }
    }

    fn announces(&self, id: &str) {
        self.zone.has("_mta-sts.p.example", RecordType::TXT, vec![txt(&format!("v=STSv1; id={id};"))], false);
    }

    async fn server(&self, name: &str) -> Fake {
        let tls = Some(self.pki.server(name));
        Fake::start(Script { ehlo: Act::Say(TLS), tls, ..Script::default() }).await
    }

    /// As a relay that has just started would: what it remembers is on disk.
    async fn deliver(&self, port: u16, dane: bool) -> Outcome {
        let policy = TlsPolicy::opportunistic().with_mta_sts(self.pki.roots()).unwrap();
        let policy = if dane { policy.with_dane() } else { policy };
        let policies = Policies::new(&self.directory).on_port(self.host.address.port());
        let config = RelayConfig {
            resolver: Some(Arc::new(self.zone.resolver())),
            policies: Some(Arc::new(policies)),
            clock: Arc::<ManualClock>::clone(&self.clock),
            ..routed(vec![Route::everything("mx", NextHop::Mx { port }, policy)])
        };
        send(config, &["paul@p.example"]).await.remove(0)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

fn policy(mode: &str, mx: &str) -> String {
    format!("version: STSv1\nmode: {mode}\nmx: {mx}\nmax_age: 604800\n")
}

/// Policy, what the certificate was verified by, why it would have failed; or the refusal.
fn told(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Delivered { hop, .. } => {
            let tls = hop.tls.as_ref();
            let by = tls.and_then(|tls| tls.verified.as_deref()).unwrap_or("nothing");
            let failed = tls.and_then(|tls| tls.failed.as_ref()).map_or("", |_| ", would have failed");
            format!("{}: {by}{failed}", hop.policy)
        }
        other => show(other).get(..11).unwrap_or_default().to_owned(),
    }
}

#[tokio::test]
async fn c06_each_policy_with_each_server() {
    let world = World::new("each").await;
    let (good, wrong) = (world.server("mx.p.example").await, world.server("other.example").await);
    let plain = Fake::start(Script::default()).await;
    let moved = "HTTP/1.1 302 Found\r\nLocation: https://mta-sts.p.example/x\r\n\r\n".to_owned();
    let enforced = policy("enforce", "*.p.example");
    for (number, (answer, server, expected)) in [
        (&enforced, &good, "mta-sts: roots, as mx.p.example"),
        (&enforced, &wrong, "L 451 4.7.5"),
        (&enforced, &plain, "L 451 4.7.1"),
        (&policy("enforce", "mx.q.example"), &good, "L 451 4.7.5"),
        (&policy("testing", "*.p.example"), &good, "mta-sts testing: roots, as mx.p.example"),
        (&policy("testing", "*.p.example"), &wrong, "mta-sts testing: nothing, would have failed"),
        (&policy("testing", "mx.q.example"), &good, "mta-sts testing: nothing, would have failed"),
        (&policy("testing", "*.p.example"), &plain, "mta-sts testing: nothing"),
        (&policy("none", "*.p.example"), &plain, "opportunistic: nothing"),
        (&moved, &wrong, "opportunistic: nothing"),
        (&"<html>".to_owned(), &wrong, "opportunistic: nothing"),
    ]
    .into_iter()
    .enumerate()
    {
        let _ = std::fs::remove_dir_all(&world.directory);
        world.announces(&format!("id{number}"));
        world.host.says(answer);
        if answer == &moved {
            world.host.answer.lock().unwrap().clone_from(&moved);
        }
        let outcome = world.deliver(server.port(), false).await;
        assert_eq!(told(&outcome), expected, "case {number}: {}", show(&outcome));
    }
    assert_eq!(plain.contents().len(), 2, "in plain text only where nothing is enforced");
}

#[tokio::test]
async fn c06_a_policy_holds_until_its_age_and_is_renewed_by_its_id() {
    let world = World::new("age").await;
    let (good, wrong) = (world.server("mx.p.example").await, world.server("other.example").await);
    world.announces("first");
    world.host.says(&policy("enforce", "mx.p.example"));
    assert_eq!(told(&world.deliver(good.port(), false).await), "mta-sts: roots, as mx.p.example");
    assert_eq!(told(&world.deliver(wrong.port(), false).await), "L 451 4.7.5");
    assert_eq!(world.host.asked.load(Ordering::SeqCst), 1, "kept while its id is the same");

    // Whoever cuts us off from its DNS and its host does not make us forget.
    world.host.answer.lock().unwrap().clear();
    world.zone.has("_mta-sts.p.example", RecordType::TXT, vec![], false);
    assert_eq!(told(&world.deliver(wrong.port(), false).await), "L 451 4.7.5");
    world.announces("second");
    assert_eq!(told(&world.deliver(wrong.port(), false).await), "L 451 4.7.5", "the new one cannot be had");

    world.host.says(&policy("testing", "mx.p.example"));
    assert_eq!(
        told(&world.deliver(wrong.port(), false).await),
        "mta-sts testing: nothing, would have failed"
    );
    world.announces("third");
    world.host.says(&policy("enforce", "mx.p.example"));
    assert_eq!(told(&world.deliver(wrong.port(), false).await), "L 451 4.7.5");

    world.zone.has("_mta-sts.p.example", RecordType::TXT, vec![], false);
    world.clock.advance(Duration::from_secs(604_799));
    assert_eq!(told(&world.deliver(wrong.port(), false).await), "L 451 4.7.5");
    world.clock.advance(Duration::from_secs(2));
    assert_eq!(
        told(&world.deliver(wrong.port(), false).await),
        "opportunistic: nothing",
        "it has had its time"
    );
}

#[tokio::test]
async fn c06_a_policy_host_must_be_who_it_says() {
    let mut world = World::new("host").await;
    let wrong = world.server("other.example").await;
    world.host = PolicyHost::start(&world.pki, "evil.example").await;
    world.announces("first");
    world.host.says(&policy("enforce", "mx.q.example"));
    assert_eq!(told(&world.deliver(wrong.port(), false).await), "opportunistic: nothing");
    assert_eq!(world.host.asked.load(Ordering::SeqCst), 1, "it was asked, and not believed");
}

#[tokio::test]
async fn c07_dane_goes_before_mta_sts() {
    let world = World::new("dane").await;
    let (listener, certificate) = world.pki.listener_and_certificate("other.example");
    let fake = Fake::start(Script { ehlo: Act::Say(TLS), tls: Some(listener), ..Script::default() }).await;
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &certificate);
    let at = format!("_{}._tcp.mx.p.example", fake.port());
    world.announces("first");
    // What MTA-STS refuses, DANE takes.
    world.host.says(&policy("enforce", "mx.q.example"));
    world.zone.has(&at, RecordType::TLSA, vec![tlsa(3, 0, 1, digest.as_ref())], true);
    assert_eq!(told(&world.deliver(fake.port(), true).await), "dane: dane 3 0 1");
    // What MTA-STS would take, DANE refuses.
    let good = world.server("mx.p.example").await;
    let at = format!("_{}._tcp.mx.p.example", good.port());
    world.announces("second");
    world.host.says(&policy("enforce", "mx.p.example"));
    world.zone.has(&at, RecordType::TLSA, vec![tlsa(3, 0, 1, &[7; 32])], true);
    assert_eq!(told(&world.deliver(good.port(), true).await), "L 451 4.7.5");
    world.zone.has(&at, RecordType::TLSA, vec![], true);
    assert_eq!(told(&world.deliver(good.port(), true).await), "mta-sts: roots, as mx.p.example");
}
