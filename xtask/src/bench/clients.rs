//! What a client file costs: to take in, to keep in memory, to ask.

use std::hint::black_box;
use std::time::Instant;

use anyhow::{Result, ensure};
use clap::Args;
use compliance::clients::{Builder, Clients};
use compliance::{ControlSet, OrganisationFacts, PreparedOrganisation, Unsent};
use serde_json::{Value as Json, json};
use vocabulary::Timestamp;

use super::tell;
use crate::corpus;

/// Prints what a file of clients costs.
#[derive(Debug, Args)]
pub(crate) struct BenchClients {
    /// Clients in the file, each with an account and an address.
    #[arg(long, default_value_t = 5_000_000)]
    rows: u32,
}

const KEY: [u8; 32] = [7; 32];
/// Questions asked of the file.
const ASKED: u64 = 1_000_000;

pub(crate) fn run(command: &BenchClients) -> Result<Json> {
    let start = Instant::now();
    let mut file = Builder::new(&KEY);
    for client in 1..=command.rows {
        file.number(client, &account(u64::from(client)))?;
        file.email(client, &format!("client{client}@sableval.example"))?;
    }
    let clients = file.finish();
    let read = start.elapsed();
    tell(&format!("{clients:?} read in {read:.1?}"));
    let bytes = clients.to_bytes();
    drop(clients);
    let start = Instant::now();
    let clients = Clients::from_bytes(&KEY, &bytes)?;
    let opened = start.elapsed();
    let ask = |offset: u64, wanted: usize| -> Result<f64> {
        let numbers: Vec<String> =
            (0..ASKED).map(|n| account(1 + offset + n * 48_271 % u64::from(command.rows))).collect();
        let start = Instant::now();
        let found: usize = numbers.iter().map(|number| black_box(clients.of_number(number)).len()).sum();
        let nanoseconds = start.elapsed().as_secs_f64() * 1e9 / ASKED as f64;
        ensure!(found == wanted * ASKED as usize, "{found} found");
        Ok(nanoseconds.round())
    };
    let (hit, miss) = (ask(0, 1)?, ask(u64::from(command.rows) + 7, 0)?);
    let (without, with) = assessing(clients)?;
    Ok(json!({
        "what": "clients", "rows": command.rows, "bytes": bytes.len(),
        "read_seconds": read.as_secs_f64(), "open_seconds": opened.as_secs_f64(),
        "found_ns": hit, "not_found_ns": miss,
        "assess_micros_without": without, "assess_micros_with": with,
    }))
}

/// An account number of nobody, as French banks write theirs; one in so many is one of ours.
fn account(client: u64) -> String {
    format!("FR7630006{:018}", client * 1_000_003)
}

/// Mails of 4 to 16 KB, assessed without and with the clients: the mean of each, the least of some rounds.
fn assessing(clients: Clients) -> Result<(f64, f64)> {
    let set = ControlSet::shipped();
    let mails = corpus::messages("emails/enron")?;
    let mut unsent: Vec<Unsent> = mails.iter().map(|(_, raw)| corpus::read(raw)).collect();
    let size = |unsent: &Unsent| -> usize {
        unsent.facts(Timestamp::default()).message.all_texts().iter().map(|text| text.text.len()).sum()
    };
    unsent.retain(|unsent| (4_000..16_000).contains(&size(unsent)));
    unsent.truncate(100);
    ensure!(!unsent.is_empty(), "no mail of that size");
    let clients = std::sync::Arc::new(clients);
    let known = PreparedOrganisation::from(OrganisationFacts::default()).with_clients(clients);
    let nobody = PreparedOrganisation::from(OrganisationFacts::default());
    let mean = |organisation: &PreparedOrganisation| {
        let round = || {
            let start = Instant::now();
            for unsent in &unsent {
                let facts = compliance::Facts { organisation, ..unsent.facts(Timestamp::default()) };
                black_box(compliance::assess(&facts, &set));
            }
            start.elapsed().as_secs_f64() * 1e7 / unsent.len() as f64
        };
        (0..7).map(|_| round()).fold(f64::MAX, f64::min).round() / 10.0
    };
    Ok((mean(&nobody), mean(&known)))
}
