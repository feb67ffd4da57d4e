//! Shared mail services: Microsoft's and Google's servers send for everybody under one certificate. Whose message it is, a field says
//! that the service writes; topology 2 of `docs/operating/topologies.md`, on both engines.

use crate::support::authority::{Authority, Identity, Secure};
use crate::support::message;
use crate::support::program::Smtp;

use super::served::{Served, Wishes, on_each_engine};

const FROM: &str = "ada@bank.example";
const TO: &str = "r.lemarrec@client.example";

/// A simulated service.
struct Service {
    /// The name in its servers' certificate.
    host: &'static str,
    /// The field that tells its tenants apart.
    field: &'static str,
    own: &'static str,
    other: &'static str,
}

const MICROSOFT: Service = Service {
    host: "mail.protection.outlook.com",
    field: "X-MS-Exchange-CrossTenant-Id",
    own: "5b0c6c2e-9d50-4f0c-8a6b-1c6a4a0f7d11",
    other: "f34e5979-57d9-4aaa-ad4d-b122a662184d",
};

const GOOGLE: Service = Service {
    host: "smtp.gmail.com",
    field: "X-Gm-Cerebro",
    own: "Yf2mJ8pQ0rT6uW3xZ9aC5eH1kN7sV4bD",
    other: "somebody-elses",
};

/// A message with those fields on top.
fn with(fields: &[(&str, &str)], body: &str) -> Vec<u8> {
    let fields: String = fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    [fields.as_bytes(), &message(body)].concat()
}

struct World {
    served: Served,
    authority: Authority,
    /// The service's servers, whoever they send for.
    shown: Identity,
    pinned: Identity,
}

impl World {
    fn start(service: &Service, directory: &std::path::Path, database: Option<String>) -> Self {
        let authority = Authority::new(directory, "authority");
        authority.issue("server", &["localhost"], "serverAuth");
        // As public authorities issue them: for servers alone.
        let shown = authority.issue("service", &[service.host, &format!("*.{}", service.host)], "serverAuth");
        let pinned = authority.issue("relay", &["relay.bank.example"], "clientAuth");
        let smtp = format!(
            "certificate = \"server.pem\"\nprivate_key = \"server.key\"\nclient_authorities = \"authority.pem\"\n\
             [[smtp.clients]]\nname = \"service\"\norganisations = [\"bank.example/cerebro\"]\ncertificate_names = [\"{}\"]\n\
             tenant_fields = [{{ name = \"{}\", value = \"{}\" }}]\nrequires_tls = true\n\
             [[smtp.clients]]\nname = \"relay\"\norganisations = [\"bank.example/cerebro\"]\ncertificate_sha256 = [\"{}\"]\nrequires_tls = true\n",
            service.host,
            service.field,
            service.own,
            pinned.fingerprint()
        );
        let served = Served::start(directory, Wishes { smtp, database, ..Wishes::default() });
        Self { served, authority, shown, pinned }
    }

    /// What a server that shows `identity` hears when it hands over `raw`.
    fn hears(&self, identity: Option<&Identity>, from: &str, raw: &[u8]) -> String {
        let mut smtp = Secure::connect(self.served.smtp, self.authority.client(identity)).unwrap();
        smtp.send(from, TO, raw).unwrap()
    }
}

fn tenants(service: &Service, name: &str) {
    on_each_engine(name, |directory, database| {
        let world = World::start(service, directory, database);
        let (own, other) = ((service.field, service.own), (service.field, service.other));
        let ours = with(&[own], "Bonjour");
        let upper = service.field.to_uppercase();

        let taken = world.hears(Some(&world.shown), FROM, &ours);
        assert!(taken.starts_with("250"), "{taken}");
        let any_case = with(&[(&upper, service.own)], "Bonjour encore");
        assert!(
            world.hears(Some(&world.shown), FROM, &any_case).starts_with("250"),
            "a field's name has no case"
        );

        for (why, fields) in [
            ("another tenant", vec![other]),
            ("none", vec![]),
            ("both, theirs first", vec![other, own]),
            ("both, ours first", vec![own, other]),
            ("ours twice", vec![own, own]),
            (
                "ours within another value",
                vec![(service.field, &*format!("{} {}", service.other, service.own))],
            ),
        ] {
            let heard = world.hears(Some(&world.shown), FROM, &with(&fields, "Bonjour"));
            assert!(heard.starts_with("550 5.7.1"), "{why}: {heard}");
        }
        // In the body anybody can write it.
        let below = with(&[other], &format!("{}: {}", service.field, service.own));
        assert!(world.hears(Some(&world.shown), FROM, &below).starts_with("550 5.7.1"));

        // The field alone proves nothing: no certificate, one of the name from elsewhere, another name.
        let elsewhere = Authority::new(&directory.join("elsewhere"), "authority");
        let forged = elsewhere.issue("service", &[service.host], "serverAuth");
        let stranger = world.authority.issue("stranger", &["mail.evil.example"], "serverAuth");
        for (why, identity) in [
            ("no certificate", None),
            ("another authority", Some(&forged)),
            ("another name", Some(&stranger)),
        ] {
            let heard = world.hears(identity, FROM, &ours);
            assert!(heard.starts_with("550 5.7.1"), "{why}: {heard}");
        }
        let mut plain = Smtp::connect(world.served.smtp).unwrap();
        assert!(plain.say(&format!("MAIL FROM:<{FROM}>")).unwrap().starts_with("530 5.7.0"), "TLS first");

        // A pinned certificate is that one: the same name under another key is nobody.
        let renewed = world.authority.issue("relay-2", &["relay.bank.example"], "clientAuth");
        assert!(world.hears(Some(&world.pinned), FROM, &message("Par le relais")).starts_with("250"));
        assert!(world.hears(Some(&renewed), FROM, &message("Par un autre")).starts_with("550 5.7.1"));

        // A sender of another domain, under the right certificate and the right field.
        let heard = world.hears(Some(&world.shown), "directeur@client.example", &ours);
        assert!(heard.starts_with("550 5.7.1"), "{heard}");

        let sunk = world.served.wait_for(3, 20);
        assert!(sunk.iter().any(|kept| kept.raw.ends_with(&ours)), "what was taken left as it came");

        // The return connector hands it to the tenant, whose rule sends it here once more.
        let returned = sunk.iter().find(|kept| kept.raw.ends_with(&ours)).unwrap();
        let hop =
            format!("Received: from cerebro.bank.example by {} with Microsoft SMTP Server\r\n", service.host);
        let back = [hop.as_bytes(), &returned.raw].concat();
        let heard = world.hears(Some(&world.shown), FROM, &back);
        assert!(heard.starts_with("554 5.4.6"), "{heard}");
        // A mark that somebody else wrote refuses nothing: it proves nothing.
        let marked = with(&[own, ("X-Cerebro-Trace", "localhost flow_x; mark=AAAA")], "Avec une marque");
        assert!(world.hears(Some(&world.shown), FROM, &marked).starts_with("250"));
        assert_eq!(world.served.wait_for(4, 20).len(), 4, "nothing else left");
    });
}

#[test]
fn a15_c05_f09_a_microsoft_365_tenant_is_told_from_all_others() {
    tenants(&MICROSOFT, "m365");
}

#[test]
fn a15_c05_f09_a_google_tenant_is_told_from_all_others() {
    tenants(&GOOGLE, "google");
}
