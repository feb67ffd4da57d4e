//! What it costs to know who asks and whether they may: from a session's cookie, or a service's token, to a permit.
//!
//! The same calls as the console's gate and a page's first line make, one after the other, in this process: the session
//! behind the cookie, its idle clock, the browser it was given to, the table of permissions, the permit. No page is made,
//! and nothing travels.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use access::{ActionName, Instance, Mission, action};
use anyhow::{Context, ensure};
use clap::Args;
use compliance::ControlSet;
use identity::password::{EmbeddedList, PasswordHasher, PasswordPolicy, PresentedPassword};
use identity::totp::TotpSecret;
use operations::accounts::bootstrap::{LogPlaces, NewOrganisation, NewPerson, bootstrap};
use operations::accounts::place::{Device, Place};
use operations::accounts::{session, sign_in, theft, token};
use operations::missions::usage;
use operations::{AttachmentReader, Cerebro, Policy};
use serde_json::{Value as Json, json};
use store::blob::Blobs;
use store::{Location, Store};
use vault::{Keyring, MasterKey};
use vocabulary::{Clock, EmailAddress, Locale, ManualClock, Secret, SystemEntropy, Timestamp, bounds};

use super::tell;

const PASSWORD: &str = "Quatre-Vingts 9 tilleuls";
const TOTP: &[u8] = b"12345678901234567890";
/// Two o'clock in the afternoon, 24 November 2026.
const AT: i64 = 1_795_528_800_000_000;
/// Requests made before any is counted.
const WARM: usize = 200;

/// What it costs to know who asks and whether they may.
#[derive(Debug, Args)]
pub(crate) struct Access {
    /// People of the organisation.
    #[arg(long, default_value_t = 2_000)]
    people: usize,
    /// Requests measured, of each kind.
    #[arg(long, default_value_t = 5_000)]
    requests: usize,
    /// An empty PostgreSQL database to measure on as well.
    #[arg(long)]
    postgres: Option<String>,
}

/// Runs it; the report.
pub(crate) fn run(command: &Access) -> anyhow::Result<Json> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let directory = std::env::temp_dir().join(format!("cerebro-bench-access-{}", std::process::id()));
    let mut engines = vec![("sqlite", Location::Sqlite(directory.join("sqlite/cerebro.db")))];
    engines.extend(command.postgres.clone().map(|url| ("postgresql", Location::Postgres(url))));
    let mut rows = Vec::new();
    for (name, location) in engines {
        tell(&format!("{} people on {name}", command.people));
        let home = directory.join(name);
        std::fs::create_dir_all(&home)?;
        let row = runtime.block_on(async {
            let subject = Subject::start(&home, &location, command.people).await?;
            subject.measure(name, command.requests).await
        })?;
        rows.push(row);
    }
    std::fs::remove_dir_all(&directory)?;
    Ok(json!({
        "what": "access", "unit": "microseconds a request, one at a time", "people": command.people,
        "requests": command.requests, "engines": rows,
    }))
}

/// An institution, one of its people signed in, one of its services.
struct Subject {
    cerebro: Cerebro,
    clock: Arc<ManualClock>,
    place: Place,
    cookie: Secret<String>,
    bearer: Secret<String>,
}

impl Subject {
    async fn start(home: &Path, location: &Location, people: usize) -> anyhow::Result<Self> {
        let entropy = Arc::new(SystemEntropy::default());
        let clock = Arc::new(ManualClock::at(Timestamp::from_micros(AT)));
        let master = MasterKey::create(&home.join("master.key"), entropy.as_ref())?;
        Keyring::init(&home.join("keys"), &master)?;
        let keyring = Keyring::open(&home.join("keys"), &master)?;
        let (store, blobs) = (Store::open(location).await?, Blobs::open(&home.join("blobs"))?);
        let instance = Instance::new(store, keyring, blobs, Arc::clone(&clock) as Arc<dyn Clock>, entropy);
        let hasher = PasswordHasher::new(Secret::new([7; 32]));
        let (logs, locks) = (home.join("ledger"), home.join("locks"));
        let begun =
            bootstrap(&instance, &hasher, LogPlaces { logs: &logs, locks: &locks }, institution(people)?)
                .await?;
        let bearer = begun.tokens.into_iter().next().context("a service")?.1;
        let url = "https://console.bank.example".to_owned();
        let (controls, reader) = (Arc::new(ControlSet::shipped()), AttachmentReader::Here);
        let cerebro = Cerebro::open(instance, controls, reader, url, logs).await?;
        let device = Device::generate(cerebro.instance());
        let place = Place { address: "192.0.2.7".parse().ok(), agent: String::new(), device };
        let presented = PresentedPassword::new(PASSWORD)?;
        let ticket =
            sign_in::password(&cerebro, &hasher, "ada.quill@bank.example", presented, &place).await?;
        let code = TotpSecret::from_bytes(TOTP.to_vec()).code_at(clock.now());
        let signed = sign_in::second_factor(&cerebro, &ticket, code.expose(), &place).await?;
        Ok(Self { cerebro, clock, place, cookie: signed.token, bearer })
    }

    async fn measure(&self, engine: &str, requests: usize) -> anyhow::Result<Json> {
        let mut kinds = serde_json::Map::new();
        let _turns = Turns::of(self.cerebro.instance());
        // Within a second of the last request the idle clock is not moved; after it, that is left to the next turn.
        for (kind, pause) in [("same_second", Duration::ZERO), ("after_a_pause", Duration::from_secs(2))] {
            let mut took = Vec::with_capacity(requests);
            for number in 0..WARM + requests {
                self.clock.advance(pause);
                let began = Instant::now();
                self.person().await?;
                took.extend((number >= WARM).then(|| began.elapsed()));
                // An absolute limit of twelve hours is reached after 21,600 pauses.
                ensure!(number < 20_000, "at most 20,000 requests");
            }
            kinds.insert(kind.to_owned(), figures(took));
        }
        let mut took = Vec::with_capacity(requests);
        for number in 0..WARM + requests {
            let began = Instant::now();
            self.service().await?;
            took.extend((number >= WARM).then(|| began.elapsed()));
        }
        kinds.insert("service".to_owned(), figures(took));
        Ok(json!({ "engine": engine, "kinds": kinds }))
    }

    /// A page that shows what waits, as far as its first line.
    async fn person(&self) -> anyhow::Result<()> {
        let instance = self.cerebro.instance();
        let signed = session::behind(instance, self.cookie.expose(), true).await?.context("signed in")?;
        ensure!(!theft::ended(&self.cerebro, &signed, &self.place).await?, "it is the same browser");
        let op = signed.operation(instance);
        usage::note(&self.cerebro, &op, &signed.missions, ActionName::ReadQueue).await;
        let _permit = op.permit(action::ReadQueue, signed.organisation).await?;
        Ok(())
    }

    /// A call of the API, as far as its first line.
    async fn service(&self) -> anyhow::Result<()> {
        let op = token::behind(self.cerebro.instance(), self.bearer.expose()).await?.context("a service")?;
        let _permit = op.permit(action::ReadQueue, op.organisation()).await?;
        Ok(())
    }
}

/// The turns that write what requests left, as `serve` takes them, until this is dropped.
struct Turns(tokio::task::JoinHandle<()>);

impl Turns {
    fn of(instance: &Instance) -> Self {
        let instance = instance.clone();
        Self(tokio::spawn(async move {
            loop {
                // A turn that fails is taken again: what it left waits.
                let _ = session::write_uses(&instance).await;
                tokio::time::sleep(bounds::SESSION_USES_INTERVAL).await;
            }
        }))
    }
}

impl Drop for Turns {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn institution(people: usize) -> anyhow::Result<NewOrganisation> {
    let mut all = vec![NewPerson {
        name: "Ada Quill".to_owned(),
        email: EmailAddress::parse("ada.quill@bank.example")?,
        locale: Locale::En,
        missions: vec![Mission::Operator, Mission::Supervisor],
        password: Some(PasswordPolicy::default().accept(
            PresentedPassword::new(PASSWORD)?,
            &[],
            &EmbeddedList,
        )?),
        totp: Some(Secret::new(TOTP.to_vec())),
    }];
    for number in 1..people {
        all.push(NewPerson {
            name: format!("Colleague {number}"),
            email: EmailAddress::parse(&format!("colleague-{number}@bank.example"))?,
            locale: Locale::En,
            missions: vec![Mission::Operator],
            password: None,
            totp: None,
        });
    }
    Ok(NewOrganisation {
        name: "Bank".to_owned(),
        domains: vec!["bank.example".to_owned()],
        origin: "bank.example/cerebro".to_owned(),
        policy: Policy::default(),
        people: all,
        services: vec![("CRM".to_owned(), vec![Mission::Connector])],
    })
}

fn figures(mut took: Vec<Duration>) -> Json {
    took.sort_unstable();
    let at = |share: usize| {
        let time = took.get(took.len().saturating_sub(1) * share / 100).copied().unwrap_or_default();
        json!((time.as_secs_f64() * 1e7).round() / 10.0)
    };
    json!({ "median": at(50), "p95": at(95), "p99": at(99) })
}
