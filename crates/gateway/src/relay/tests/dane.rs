//! C07: DANE, with certificates that openssl made, and with a DNS server that answers as told.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use hickory_proto::rr::RecordType;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};

use super::fake::{Act, Fake, Script, TLS};
use super::{routed, send, show, tool};
use crate::dns::Record;
use crate::dns::tests::{Says, Zone, alias, mx, tlsa};
use crate::relay::{NextHop, Outcome, RelayConfig, Route, TlsPolicy, dane};
use crate::session::Pki;

fn sha256(bytes: &[u8]) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes).as_ref().to_vec()
}

/// Certificates and digests as openssl makes them.
const MADE_BY_OPENSSL: &str = r#"
set -e
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 30 -subj "/CN=Test authority" 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout leaf.key -out leaf.csr -subj "/CN=mx" 2>/dev/null
printf 'subjectAltName=DNS:mx.partner.example' > ext
openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile ext -out leaf.pem 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.pem -days 30 -subj "/CN=Other" 2>/dev/null
for name in ca leaf other; do
  openssl x509 -in $name.pem -outform DER -out $name.0
  openssl x509 -in $name.pem -noout -pubkey | openssl pkey -pubin -outform DER -out $name.1
  for selector in 0 1; do
    cp $name.$selector $name.$selector.0
    openssl dgst -sha256 -binary -out $name.$selector.1 $name.$selector
    openssl dgst -sha512 -binary -out $name.$selector.2 $name.$selector
  done
done
"#;

fn made(directory: &Path) -> bool {
    std::fs::create_dir_all(directory).unwrap();
    let status = Command::new("sh").args(["-c", MADE_BY_OPENSSL]).current_dir(directory).status().unwrap();
    status.success()
}

#[test]
fn c07_what_openssl_made_and_what_tlsa_records_say_of_it() {
    if !tool("openssl") {
        return;
    }
    let directory = std::env::temp_dir().join(format!("cerebro-dane-{}", std::process::id()));
    assert!(made(&directory));
    let certificate =
        |name: &str| CertificateDer::from_pem_file(directory.join(format!("{name}.pem"))).unwrap();
    let (leaf, chain) = (certificate("leaf"), [certificate("ca")]);
    let data = |name: &str, selector: u8, matching: u8| {
        std::fs::read(directory.join(format!("{name}.{selector}.{matching}"))).unwrap()
    };
    let now = UnixTime::now();
    let later = UnixTime::since_unix_epoch(std::time::Duration::from_secs(now.as_secs() + 90 * 86_400));
    let (right, wrong) = ("mx.partner.example", "mx.other.example");
    let verified = |records: &[Record], names: &[&str], chain: &[CertificateDer<'_>], now| {
        let names: Vec<ServerName<'static>> =
            names.iter().map(|name| ServerName::try_from((*name).to_owned()).unwrap()).collect();
        dane::verify(&dane::usable(records), &names, &leaf, chain, now)
    };
    let record = |usage, selector, matching, data| Record::Tlsa { usage, selector, matching, data };
    for selector in 0..2 {
        for matching in 0..3 {
            let own = [record(3, selector, matching, data("leaf", selector, matching))];
            let shown = format!("dane 3 {selector} {matching}");
            assert_eq!(verified(&own, &[right], &chain, now), Some(shown.clone()));
            // The record says all there is to say: no name, no dates, no chain (RFC 7672 §3.1.1).
            assert_eq!(verified(&own, &[wrong], &[], later), Some(shown));
            let other = [record(3, selector, matching, data("other", selector, matching))];
            assert_eq!(verified(&other, &[right], &chain, now), None);

            let anchor = [record(2, selector, matching, data("ca", selector, matching))];
            let shown = format!("dane 2 {selector} {matching}, as {right}");
            assert_eq!(verified(&anchor, &[wrong, right], &chain, now), Some(shown));
            assert_eq!(verified(&anchor, &[wrong], &chain, now), None, "another name");
            assert_eq!(verified(&anchor, &[right], &chain, later), None, "expired");
            let whole = (selector, matching) == (0, 0);
            assert_eq!(verified(&anchor, &[right], &[], now).is_some(), whole, "an authority nobody shows");
            let leaf_as_anchor = [record(2, selector, matching, data("leaf", selector, matching))];
            assert_eq!(verified(&leaf_as_anchor, &[wrong], &chain, now), None);
            let stranger = [record(2, selector, matching, data("other", selector, matching))];
            assert_eq!(
                verified(&stranger, &[right], &[certificate("other")], now),
                None,
                "a chain to nowhere"
            );
        }
    }
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn c07_records_that_cannot_be_used() {
    let record = |usage, selector, matching, data: &[u8]| Record::Tlsa {
        usage,
        selector,
        matching,
        data: data.to_vec(),
    };
    for (usage, selector, matching, data, is_usable) in [
        (3, 1, 1, &[7; 32][..], true),
        (2, 0, 2, &[7; 64], true),
        (3, 1, 1, &[7; 31], false),
        (3, 1, 2, &[7; 32], false),
        (3, 1, 0, &[], false),
        (0, 1, 1, &[7; 32], false),
        (1, 1, 1, &[7; 32], false),
        (255, 1, 1, &[7; 32], false),
        (3, 2, 1, &[7; 32], false),
        (3, 1, 3, &[7; 32], false),
        (3, 1, 255, &[7; 32], false),
    ] {
        let used = dane::usable(&[record(usage, selector, matching, data)]);
        assert_eq!(!used.is_empty(), is_usable, "{usage} {selector} {matching} {}", data.len());
    }
    let both = [record(3, 1, 1, &[7; 32]), record(3, 1, 2, &[7; 64]), record(3, 0, 1, &[7; 32])];
    assert_eq!(dane::usable(&both).len(), 2, "of two digests of one thing the stronger counts (RFC 7671 §9)");
    // Neither certificates nor names, and no panic.
    let garbage = CertificateDer::from(vec![0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x30]);
    assert_eq!(
        dane::verify(&dane::usable(&both), &[], &garbage, std::slice::from_ref(&garbage), UnixTime::now()),
        None
    );
}

fn by_dane(zone: &Zone, port: u16) -> RelayConfig {
    let policy = TlsPolicy::opportunistic().with_dane();
    let routes = vec![Route::everything("mx", NextHop::Mx { port }, policy)];
    RelayConfig { resolver: Some(Arc::new(zone.resolver())), ..routed(routes) }
}

/// How a delivery went: its outcome, its policy, what its certificate was verified by.
fn told(outcome: &Outcome) -> (String, String, Option<String>) {
    let shown = show(outcome);
    let code = shown.get(..shown.len().min(11)).unwrap_or_default().trim_end().to_owned();
    match outcome {
        Outcome::Delivered { hop, .. } => {
            ("D".into(), hop.policy.clone(), hop.tls.as_ref().and_then(|tls| tls.verified.clone()))
        }
        _ => (code, String::new(), None),
    }
}

#[tokio::test]
async fn c07_what_dns_says_of_a_host_and_what_becomes_of_its_mail() {
    let pki = Pki::new();
    let (listener, certificate) = pki.listener_and_certificate("whatever.example");
    let tls = Script { ehlo: Act::Say(TLS), tls: Some(listener), ..Script::default() };
    let fake = Fake::start(tls.clone()).await;
    let port = fake.port();
    let plain = Fake::start_at(&format!("127.0.0.2:{port}"), Script::default()).await;
    let zone = Zone::start().await;
    let at = |host: &str| format!("_{port}._tcp.{host}");
    let (good, bad) = (tlsa(3, 0, 1, &sha256(&certificate)), tlsa(3, 0, 1, &[7; 32]));
    let exchanger = |domain: &str, secure_mx: bool, secure_host: bool| {
        let host = format!("mx.{domain}");
        zone.has(domain, RecordType::MX, vec![mx(10, &host)], secure_mx).host(
            &host,
            "127.0.0.1",
            secure_host,
        );
        host
    };
    for (domain, record) in [("good.example", &good), ("bad.example", &bad)] {
        let host = exchanger(domain, true, true);
        zone.has(&at(&host), RecordType::TLSA, vec![record.clone()], true);
    }
    let host = exchanger("two.example", true, true);
    zone.has(&at(&host), RecordType::TLSA, vec![bad.clone(), good.clone()], true);
    let host = exchanger("unsigned-tlsa.example", true, true);
    zone.has(&at(&host), RecordType::TLSA, vec![bad.clone()], false);
    let host = exchanger("unsigned-mx.example", false, true);
    zone.has(&at(&host), RecordType::TLSA, vec![bad.clone()], true);
    // Servers of unsigned zones often fail when asked for what they do not know: they must not be asked.
    let host = exchanger("unsigned-host.example", true, false);
    zone.says(&at(&host), RecordType::TLSA, Says::Fails);
    let host = exchanger("bogus.example", true, true);
    zone.says(&at(&host), RecordType::TLSA, Says::Fails);
    let host = exchanger("silent.example", true, true);
    zone.says(&at(&host), RecordType::TLSA, Says::Silent);
    let host = exchanger("unusable.example", true, true);
    zone.has(&at(&host), RecordType::TLSA, vec![tlsa(0, 0, 1, &sha256(&certificate))], true);
    let host = exchanger("none.example", true, true);
    zone.has(&at(&host), RecordType::TLSA, vec![], true);
    for (domain, record) in
        [("stripped.example", &good), ("stripped-unusable.example", &tlsa(1, 0, 1, &[7; 32]))]
    {
        let host = format!("mx.{domain}");
        zone.has(domain, RecordType::MX, vec![mx(10, &host)], true).host(&host, "127.0.0.2", true).has(
            &at(&host),
            RecordType::TLSA,
            vec![record.clone()],
            true,
        );
    }
    // The exchanger is an alias: records at its end, at the alias, and an end that is not signed.
    zone.host("real.example", "127.0.0.1", true)
        .has(&at("real.example"), RecordType::TLSA, vec![good.clone()], true)
        .host("bare.example", "127.0.0.1", true)
        .has(&at("bare.example"), RecordType::TLSA, vec![], true)
        .host("unsigned.example", "127.0.0.1", false);
    for (domain, target) in [
        ("end.example", "real.example"),
        ("alias.example", "bare.example"),
        ("half.example", "unsigned.example"),
    ] {
        let host = format!("mx.{domain}");
        zone.has(domain, RecordType::MX, vec![mx(10, &host)], true)
            .has(&host, RecordType::CNAME, vec![alias(target)], true)
            .has(
                &at(&host),
                RecordType::TLSA,
                vec![if domain == "end.example" { bad.clone() } else { good.clone() }],
                true,
            );
    }
    // One exchanger fails its check, the next one passes.
    zone.has("next.example", RecordType::MX, vec![mx(1, "mx.bad.example"), mx(2, "mx.good.example")], true);
    let by = Some("dane 3 0 1".to_owned());
    let delivered = |policy: &str, by: &Option<String>| ("D".to_owned(), policy.to_owned(), by.clone());
    let later = |code: &str| (code.to_owned(), String::new(), None);
    for (domain, expected) in [
        ("good.example", delivered("dane", &by)),
        ("two.example", delivered("dane", &by)),
        ("bad.example", later("L 451 4.7.5")),
        ("unsigned-tlsa.example", delivered("opportunistic", &None)),
        ("unsigned-mx.example", delivered("opportunistic", &None)),
        ("unsigned-host.example", delivered("opportunistic", &None)),
        ("bogus.example", later("L 451 4.4.3")),
        ("silent.example", later("L 451 4.4.3")),
        ("unusable.example", delivered("dane, no usable record", &None)),
        ("none.example", delivered("opportunistic", &None)),
        ("stripped.example", later("L 451 4.7.1")),
        ("stripped-unusable.example", later("L 451 4.7.1")),
        ("end.example", delivered("dane", &by)),
        ("alias.example", delivered("dane", &by)),
        ("half.example", delivered("dane", &by)),
        ("next.example", delivered("dane", &by)),
    ] {
        let outcome = send(by_dane(&zone, port), &[&format!("paul@{domain}")]).await.remove(0);
        assert_eq!(told(&outcome), expected, "{domain}: {}", show(&outcome));
    }
    assert!(plain.contents().is_empty(), "nothing was said in plain text where TLSA records stand");
}

#[tokio::test]
async fn c07_a_host_of_the_configuration_is_verified_by_its_own_records() {
    let pki = Pki::new();
    let (listener, certificate) = pki.listener_and_certificate("whatever.example");
    let fake = Fake::start(Script { ehlo: Act::Say(TLS), tls: Some(listener), ..Script::default() }).await;
    let zone = Zone::start().await;
    zone.host("relay.example", "127.0.0.1", true).has(
        &format!("_{}._tcp.relay.example", fake.port()),
        RecordType::TLSA,
        vec![tlsa(3, 0, 1, &sha256(&certificate))],
        true,
    );
    let hosts = vec![format!("relay.example:{}", fake.port()).parse().unwrap()];
    let route = Route::everything("relay", NextHop::Hosts(hosts), TlsPolicy::required().with_dane());
    let config = RelayConfig { resolver: Some(Arc::new(zone.resolver())), ..routed(vec![route]) };
    let outcome = send(config, &["paul@partner.example"]).await.remove(0);
    assert_eq!(told(&outcome), ("D".into(), "dane".into(), Some("dane 3 0 1".into())));
}
