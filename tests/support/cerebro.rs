//! An assembled CEREBRO on a manual clock and seeded entropy, on either engine, in a directory of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use access::{Actor, Assurance, Instance, Mission, Operation, Tx, statements};
use operations::accounts::bootstrap::{LogPlaces, NewOrganisation, NewPerson, bootstrap};
use operations::accounts::place::{Device, Place};
use operations::accounts::sign_in;
use operations::evidence::seal::Sealer;
use operations::flows::outbox::{self, Outgoing};
use operations::flows::{Content, Envelope, Origin, Receipt, ReceiveError, Submission};
use operations::organisation::{Places, Reason};
use operations::review::{Decision, Seen};
use operations::{AttachmentReader, Cerebro, Policy};
use store::blob::Blobs;
use store::{Location, Store};
use vault::{Keyring, MasterKey};
use vocabulary::{
    Clock, EmailAddress, HoldId, Locale, ManualClock, OrganisationId, OutboxId, PlatformReason, Scope,
    Secret, SeededEntropy, Timestamp,
};

use super::people::{bank, other, person};

mod sql {
    super::statements! {
        Organisation GIVE = "INSERT INTO mission_grant (organisation, id, account, mission, from_at, given_by) VALUES ($1, $2, $3, $4, 0, 'system:console')";
        Organisation SET_POLICY = "UPDATE organisation SET policy = $2 WHERE id = $1";
        Platform BREAK = "ALTER TABLE ledger_entry RENAME TO ledger_entry_gone" => "ALTER TABLE evidence_outbox RENAME TO evidence_outbox_gone";
        Platform BREAK_COMPANIONS = "ALTER TABLE companion RENAME TO companion_gone";
        Platform MEND_COMPANIONS = "ALTER TABLE companion_gone RENAME TO companion";
        Platform STOP_USES = "CREATE TRIGGER stuck BEFORE UPDATE ON session_touch BEGIN SELECT RAISE(ABORT, 'stuck'); END" => "ALTER TABLE session_touch ADD CONSTRAINT stuck CHECK (seen_at < 0) NOT VALID";
        Platform LET_USES = "DROP TRIGGER stuck" => "ALTER TABLE session_touch DROP CONSTRAINT stuck";
        Platform MEND = "ALTER TABLE ledger_entry_gone RENAME TO ledger_entry" => "ALTER TABLE evidence_outbox_gone RENAME TO evidence_outbox";
    }
}

pub(crate) const PASSWORD: &str = "Quatre-Vingts 9 tilleuls";
pub(crate) const TOTP: &[u8] = b"12345678901234567890";
const NOON: i64 = 1_795_521_600_000_000;

static NEXT: AtomicU64 = AtomicU64::new(1);

pub(crate) struct TestCerebro {
    pub(crate) cerebro: Cerebro,
    pub(crate) clock: Arc<ManualClock>,
    /// The database below, to set a scene no verb sets.
    pub(crate) store: Store,
    pub(crate) bank: OrganisationId,
    pub(crate) other: OrganisationId,
    pub(crate) sealer: tokio::sync::Mutex<Sealer>,
    pub(crate) directory: PathBuf,
    pub(crate) hasher: identity::password::PasswordHasher,
    pub(crate) public_key: String,
    pub(crate) token: String,
    pub(crate) engine: &'static str,
    pub(crate) location: Location,
    device: Device,
    /// An account of the other organisation.
    pub(crate) stranger: vocabulary::AccountId,
}

/// Somebody who is signed in.
pub(crate) struct Person {
    pub(crate) op: Operation,
}

/// Runs a test on SQLite and, where `CEREBRO_TEST_POSTGRES` names a server, on PostgreSQL.
pub(crate) async fn each_engine<F>(test: F)
where
    F: AsyncFn(&TestCerebro),
{
    let sqlite = TestCerebro::start("sqlite", None).await;
    test(&sqlite).await;
    sqlite.check().await;
    match std::env::var("CEREBRO_TEST_POSTGRES") {
        Ok(url) => {
            let postgres = TestCerebro::start("postgres", Some(url)).await;
            test(&postgres).await;
            postgres.check().await;
        }
        Err(_) => eprintln!("skipped on PostgreSQL: CEREBRO_TEST_POSTGRES is not set"),
    }
}

/// A small message of an invented person.
pub(crate) fn message(body: &str) -> Vec<u8> {
    format!(
        "From: Theodore Vasquin <theodore.vasquin@orveane.example>\r\nTo: someone@client.example\r\n\
         Subject: Point de situation\r\nDate: Tue, 24 Nov 2026 12:00:00 +0000\r\nMessage-ID: <a1@orveane.example>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n",
        body.replace('\n', "\r\n")
    )
    .into_bytes()
}

async fn database(url: &str, name: &str) -> String {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.unwrap();
    client.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
    let (server, _) = url.rsplit_once('/').unwrap();
    format!("{server}/{name}")
}

pub(super) async fn assemble(instance: Instance, directory: &Path) -> Cerebro {
    assemble_with(instance, directory, compliance::ControlSet::shipped(), AttachmentReader::Here).await
}

async fn assemble_with(
    instance: Instance,
    directory: &Path,
    set: compliance::ControlSet,
    reader: AttachmentReader,
) -> Cerebro {
    let controls = Arc::new(set);
    let url = "https://console.orveane.example".into();
    Cerebro::open(instance, controls, reader, url, directory.join("ledger")).await.unwrap()
}

impl TestCerebro {
    async fn start(engine: &'static str, postgres: Option<String>) -> Self {
        let unique = format!("cerebro_it_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
        let directory = std::env::temp_dir().join(&unique);
        std::fs::create_dir_all(&directory).unwrap();
        let location = match postgres {
            Some(url) => Location::Postgres(database(&url, &unique).await),
            None => Location::Sqlite(directory.join("cerebro.db")),
        };
        let entropy = Arc::new(SeededEntropy::new(std::process::id().into()));
        let clock = Arc::new(ManualClock::at(Timestamp::from_micros(NOON)));
        let master = MasterKey::create(&directory.join("master.key"), entropy.as_ref()).unwrap();
        Keyring::init(&directory.join("keys"), &master).unwrap();
        let keyring = Keyring::open(&directory.join("keys"), &master).unwrap();
        let store = Store::open(&location).await.unwrap();
        let blobs = Blobs::open(&directory.join("blobs")).unwrap();
        let instance = Instance::new(store.clone(), keyring, blobs, clock.clone() as Arc<dyn Clock>, entropy);
        let hasher = identity::password::PasswordHasher::new(Secret::new([7; 32]));
        let places = LogPlaces { logs: &directory.join("ledger"), locks: &directory.join("locks") };
        let bank = bootstrap(&instance, &hasher, places, bank()).await.unwrap();
        let other = bootstrap(&instance, &hasher, places, other()).await.unwrap();
        let token = other.tokens.first().unwrap().1.expose();
        let service = operations::accounts::token::behind(&instance, token).await.unwrap().unwrap();
        let stranger = service.actor().account().unwrap();
        let cerebro = assemble(instance, &directory).await;
        Self {
            device: Device::generate(cerebro.instance()),
            cerebro,
            location,
            clock,
            store,
            bank: bank.organisation,
            other: other.organisation,
            sealer: tokio::sync::Mutex::new(Sealer::new(&directory.join("locks"))),
            directory,
            hasher,
            public_key: bank.public_key,
            token: bank.tokens.first().unwrap().1.expose().clone(),
            engine,
            stranger,
        }
    }

    /// The same service, started with other controls.
    pub(crate) async fn with_controls(&self, set: compliance::ControlSet) -> Cerebro {
        let instance = self.cerebro.instance().clone();
        assemble_with(instance, &self.directory, set, AttachmentReader::Here).await
    }

    /// A second node on the same database and key store; `None` on SQLite, which one process writes.
    pub(crate) async fn another_node(&self) -> Option<Cerebro> {
        if matches!(self.location, Location::Sqlite(_)) {
            return None;
        }
        let entropy = Arc::new(SeededEntropy::new(u64::from(std::process::id()) << 32));
        let master = MasterKey::load(&self.directory.join("master.key")).unwrap();
        let keyring = Keyring::open(&self.directory.join("keys"), &master).unwrap();
        let store = Store::open(&self.location).await.unwrap();
        let blobs = Blobs::open(&self.directory.join("blobs")).unwrap();
        let instance = Instance::new(store, keyring, blobs, self.clock.clone() as Arc<dyn Clock>, entropy);
        Some(assemble(instance, &self.directory).await)
    }

    /// The same database and key store, taken up by a process that knows nothing of what this one had not written.
    pub(crate) async fn started_again(&self) -> Cerebro {
        let entropy = Arc::new(SeededEntropy::new(u64::from(std::process::id()) << 33));
        let master = MasterKey::load(&self.directory.join("master.key")).unwrap();
        let keyring = Keyring::open(&self.directory.join("keys"), &master).unwrap();
        let blobs = Blobs::open(&self.directory.join("blobs")).unwrap();
        let clock = self.clock.clone() as Arc<dyn Clock>;
        assemble(Instance::new(self.store.clone(), keyring, blobs, clock, entropy), &self.directory).await
    }

    /// Idle clocks can be read and not moved, or be moved again.
    pub(crate) async fn stop_uses(&self, stopped: bool) {
        self.alter(if stopped { sql::STOP_USES } else { sql::LET_USES }).await;
    }

    /// Another organisation, `pliant-N.example`, with a policy of its own, its supervisor and its arbiter.
    pub(crate) async fn organisation(&self, number: usize, policy: Policy) -> OrganisationId {
        let domain = format!("pliant-{number}.example");
        let of = |local: &str, mission| NewPerson {
            email: EmailAddress::parse(&format!("{local}@{domain}")).unwrap(),
            ..person("Aline Morvan", mission)
        };
        let new = NewOrganisation {
            name: "Pliant".into(),
            domains: vec![domain.clone()],
            origin: format!("{domain}/cerebro"),
            policy,
            people: vec![of("supervisor", Mission::Supervisor), of("arbiter", Mission::Arbiter)],
            services: Vec::new(),
        };
        let places = LogPlaces { logs: &self.directory.join("ledger"), locks: &self.directory.join("locks") };
        let begun = bootstrap(self.cerebro.instance(), &self.hasher, places, new).await.unwrap();
        self.cerebro.refresh().await.unwrap();
        begun.organisation
    }

    /// The same instance, with attachments read by a program that is no reader.
    pub(crate) async fn without_extractor(&self) -> Cerebro {
        self.with_extractor(extract::Worker { program: "/bin/false".into(), arguments: Vec::new() }).await
    }

    /// The same instance, with attachments read by this child.
    pub(crate) async fn with_extractor(&self, worker: extract::Worker) -> Cerebro {
        let (instance, set) = (self.cerebro.instance().clone(), compliance::ControlSet::shipped());
        assemble_with(instance, &self.directory, set, AttachmentReader::confined(worker)).await
    }

    /// Takes the table of evidence away, or puts it back: a ledger that cannot be written.
    pub(crate) async fn evidence_is_kept(&self, kept: bool) {
        self.alter(if kept { sql::MEND } else { sql::BREAK }).await;
    }

    /// Whoever would carry a decision out finds what it is for gone, or back.
    pub(crate) async fn stop_carrying(&self, stopped: bool) {
        self.alter(if stopped { sql::BREAK_COMPANIONS } else { sql::MEND_COMPANIONS }).await;
    }

    async fn alter(&self, statement: &'static access::Statement) {
        let store = Store::open(&self.location).await.unwrap();
        let scope = Scope::Platform(PlatformReason::Bootstrap);
        let done = store.write(scope, async move |tx: &mut Tx<'_>| {
            tx.execute(statement, vec![]).await.map(|_| ((), Vec::new()))
        });
        done.await.map_err(access::WriteError::into_inner).unwrap();
    }

    /// Gives the bank another policy, whatever it takes.
    pub(crate) async fn set_policy(&self, policy: Policy) {
        let text = serde_json::to_string(&policy).unwrap();
        let scope = Scope::Organisation(self.bank);
        let done = self.store.write(scope, async move |tx: &mut Tx<'_>| {
            tx.execute(sql::SET_POLICY, vec![text.into()]).await.map(|_| ((), Vec::new()))
        });
        done.await.map_err(access::WriteError::into_inner).unwrap();
        self.cerebro.refresh().await.unwrap();
    }

    /// Gives a service missions that no administrator can give one.
    pub(crate) async fn give(&self, account: vocabulary::AccountId, missions: &'static [Mission]) {
        let instance = self.cerebro.instance();
        let ids: Vec<_> =
            missions.iter().map(|_| vocabulary::GrantId::new(instance.now(), instance.entropy())).collect();
        let done = self.store.write(Scope::Organisation(self.bank), async move |tx: &mut Tx<'_>| {
            for (id, mission) in ids.into_iter().zip(missions) {
                tx.execute(sql::GIVE, vec![id.into(), account.into(), mission.word().into()]).await?;
            }
            Ok::<_, access::StoreError>(((), Vec::new()))
        });
        done.await.map_err(access::WriteError::into_inner).unwrap();
    }

    /// Hands a message over as the bank's mail server does.
    pub(crate) async fn send(&self, to: &[&str], raw: Vec<u8>) -> Result<Receipt, ReceiveError> {
        self.send_from(Some("theodore.vasquin@orveane.example"), to, raw).await
    }

    pub(crate) async fn send_from(
        &self,
        from: Option<&str>,
        to: &[&str],
        raw: Vec<u8>,
    ) -> Result<Receipt, ReceiveError> {
        operations::flows::receive(&self.cerebro, self.submission(from, to, Content::Whole(raw))).await
    }

    pub(crate) fn submission(&self, from: Option<&str>, to: &[&str], content: Content) -> Submission {
        let envelope = Envelope {
            reverse_path: from.map(|from| EmailAddress::parse(from).unwrap()),
            recipients: to.iter().map(|to| EmailAddress::parse(to).unwrap().into()).collect(),
            eight_bit: false,
            smtputf8: false,
            returns: None,
            envelope_id: None,
        };
        let origin = Origin::smtp("mail.orveane.example".into());
        Submission { origin, organisations: vec![self.bank], envelope, content }
    }

    /// The bytes that would leave, read as the relay reads them.
    pub(crate) async fn outgoing(&self, row: OutboxId) -> Vec<u8> {
        let content = outbox::content(&self.cerebro, self.bank, row, "cerebro.orveane.example").await;
        match content.unwrap() {
            Outgoing::Whole(bytes) => bytes,
            Outgoing::Large(large) => {
                let (mut chunks, mut bytes) = (large.open().unwrap(), Vec::new());
                while let Some(chunk) = chunks.read_next().unwrap() {
                    bytes.extend_from_slice(&chunk);
                }
                assert_eq!(bytes.len() as u64, large.bytes);
                assert!(bytes.starts_with(&large.head));
                bytes
            }
        }
    }

    /// A message that the shipped controls hold; its hold.
    pub(crate) async fn held(&self) -> HoldId {
        let raw =
            message("Bonjour,\nVoici le compte du client : FR76 3000 6000 0112 3456 7890 189.\nBien à vous");
        // A message of its own each time: the same one again would be a part of the first.
        let id = format!("<held-{}@", NEXT.fetch_add(1, Ordering::SeqCst));
        let raw = String::from_utf8(raw).unwrap().replace("<a1@", &id).into_bytes();
        let receipt = self.send(&["r.lemarrec@client.example"], raw).await.unwrap();
        receipt.hold.expect("the shipped controls hold a client's IBAN to an outsider")
    }

    /// Signs somebody in, by the real verbs.
    pub(crate) async fn sign_in(&self, email: &str) -> Person {
        self.sign_in_on(&self.cerebro, email).await
    }

    /// The same on another node, or on an instance brought back.
    pub(crate) async fn sign_in_on(&self, cerebro: &Cerebro, email: &str) -> Person {
        // One code, one session: the next one needs the next step.
        self.clock.advance(Duration::from_secs(30));
        let instance = cerebro.instance();
        let presented = identity::password::PresentedPassword::new(PASSWORD).unwrap();
        let place = self.place();
        let ticket = sign_in::password(cerebro, &self.hasher, email, presented, &place).await.unwrap();
        let code = self.code();
        let signed = sign_in::second_factor(cerebro, &ticket, &code, &place).await.unwrap();
        let behind = operations::accounts::session::behind(instance, signed.token.expose(), true)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(behind.assurance, Assurance::TwoFactor);
        Person { op: behind.operation(instance) }
    }

    /// A second supervisor agrees to what waits.
    pub(crate) async fn agree(&self, id: vocabulary::ProposalId) {
        let renan = self.sign_in("renan.tregor@orveane.example").await;
        let permit = renan.op.permit(access::action::AgreeProposal, id).await.unwrap();
        operations::proposals::agree::agree(&self.cerebro, &renan.op, permit).await.unwrap();
    }

    /// The one place the verbs' people sign in from.
    pub(crate) fn place(&self) -> Place {
        Place { address: "127.0.0.1".parse().ok(), agent: String::new(), device: self.device.clone() }
    }

    /// Founds another organisation with a policy of places: Ada and Cleo work, Bo and Dan administer, Cleo has no factor.
    pub(crate) async fn found(&self, places: Places) {
        let ours = |name: &str, mission| {
            let local = name.to_lowercase().replace(' ', ".");
            let email = EmailAddress::parse(&format!("{local}@orme.example")).unwrap();
            NewPerson { email, ..person(name, mission) }
        };
        let people = vec![
            ours("Ada Orme", Mission::Operator),
            ours("Bo Orme", Mission::Administrator),
            ours("Dan Chene", Mission::Administrator),
            NewPerson { totp: None, ..ours("Cleo Orme", Mission::Operator) },
        ];
        let organisation = NewOrganisation {
            name: "Orme".into(),
            domains: vec!["orme.example".into()],
            origin: "orme.example/cerebro".into(),
            policy: Policy { places, ..Policy::default() },
            people,
            services: Vec::new(),
        };
        let logs = LogPlaces { logs: &self.directory.join("ledger"), locks: &self.directory.join("locks") };
        bootstrap(self.cerebro.instance(), &self.hasher, logs, organisation).await.unwrap();
        self.cerebro.refresh().await.unwrap();
    }

    pub(crate) fn code(&self) -> String {
        identity::totp::TotpSecret::from_bytes(TOTP.to_vec()).code_at(self.clock.now()).expose().clone()
    }

    /// Every notice to an address that waits to leave, as text.
    pub(crate) async fn mail_to(&self, address: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for leased in outbox::lease(&self.cerebro, 256).await.unwrap() {
            if leased.recipients.iter().any(|to| to.path.address.as_str() == address) {
                let parts = mail::parse(&self.outgoing(leased.outbox).await).texts;
                texts.push(parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join("\n"));
            }
        }
        texts
    }

    /// What the entries of the log say, latest first.
    pub(crate) async fn kinds(&self) -> Vec<String> {
        self.seal().await;
        let felix = self.sign_in("felix.quemener@orveane.example").await;
        let permit = felix.op.permit(access::action::ReadLedger, self.bank).await.unwrap();
        let (mut kinds, mut before) = (Vec::new(), None);
        loop {
            let page =
                operations::evidence::look::look(&self.cerebro, &felix.op, &permit, before).await.unwrap();
            before = page.latest.last().map(|(index, _)| *index);
            kinds.extend(page.latest.into_iter().map(|(_, entry)| entry.kind));
            if !page.more {
                return kinds;
            }
        }
    }

    /// What the entries of a kind commit to, latest first.
    pub(crate) async fn details(&self, kind: &str) -> Vec<serde_json::Value> {
        self.seal().await;
        let felix = self.sign_in("felix.quemener@orveane.example").await;
        self.seal().await;
        let permit = felix.op.permit(access::action::ReadLedger, self.bank).await.unwrap();
        let (mut details, mut before) = (Vec::new(), None);
        loop {
            let page =
                operations::evidence::look::look(&self.cerebro, &felix.op, &permit, before).await.unwrap();
            before = page.latest.last().map(|(index, _)| *index);
            for (index, _) in page.latest.iter().filter(|(_, entry)| entry.kind == kind) {
                let proved = operations::evidence::prove::prove(&self.cerebro, &felix.op, &permit, *index);
                details.push(serde_json::from_str(&proved.await.unwrap().detail).unwrap());
            }
            if !page.more {
                return details;
            }
        }
    }

    pub(crate) fn system(&self, reason: access::SystemReason) -> Operation {
        self.cerebro.instance().operation(Actor::System(reason), self.bank, Locale::Fr)
    }

    pub(crate) async fn seal(&self) -> u64 {
        self.sealer.lock().await.seal(&self.cerebro).await.unwrap()
    }

    /// What every test checks without saying so: everything committed is in the log once, and the log verifies.
    async fn check(&self) {
        self.seal().await;
        let key = ledger::Verifier::parse(&self.public_key).unwrap();
        let report = ledger::verify_directory(&self.cerebro.log_directory(self.bank), &[key], None);
        assert!(report.is_ok(), "{} {report:?}", self.engine);
        std::fs::remove_dir_all(&self.directory).unwrap();
    }
}

/// A decision bound to what is there now.
pub(crate) async fn decision(person: &Person, hold: HoldId, reason: &str) -> Decision {
    let permit = person.op.permit(access::action::ReadHold, hold).await.unwrap();
    let opened = operations::review::open::open(&person.op, permit).await.unwrap();
    let (reason, seen) = (Reason::parse(reason).unwrap(), Seen(opened.seen.0));
    Decision { reason, note: None, seen, signed: None }
}
