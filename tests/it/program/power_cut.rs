//! Invariant 1 through a power cut: the disk is rebuilt as it would be at each `250`, without what was not synced, and
//! everything acknowledged is there, nothing undecided has left, the ledger verifies, the program starts.
//!
//! `CEREBRO_CUT_MESSAGES` sets how many messages each sender sends (8), `CEREBRO_CUT_STARTS` on how many of the rebuilt
//! disks the whole program is started (3).

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value as Json;
use vocabulary::FlowId;

use crate::support::census::{Census, FlowHeld, Places};
use crate::support::disk::Watched;
use crate::support::message;
use crate::support::power::{Disk, Event, Survival, read_trace};
use crate::support::program::{Program, Smtp};

const FROM: &str = "theodore.vasquin@orveane.example";
const IBAN: &str = "FR76 3000 6000 0112 3456 7890 189";
/// What belongs to the demo and to the world outside, not to the instance.
const PROPS: &[&str] = &["sink", "people.json", "tls.pem", "tls.key", "this-is-a-cerebro-demo"];
const SENDERS: u64 = 4;

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// A message that was acknowledged.
#[derive(Debug, Clone)]
struct Sent {
    raw: Vec<u8>,
    held: bool,
}

/// What a day of the program left behind: everything it did to its disk, and what its clients were told.
struct Day {
    directory: PathBuf,
    events: Vec<Event>,
    sent: HashMap<FlowId, Sent>,
    /// The flow of each message the outside world kept, by the number it said.
    kept: HashMap<String, FlowId>,
    /// The disk before the first start.
    before: Disk<'static>,
    /// A trace on which something failed is left for whoever looks into it.
    _watched: Watched,
}

/// What must be so at one moment.
#[derive(Debug, Default, Clone)]
struct Told {
    acknowledged: HashSet<FlowId>,
    left: HashSet<FlowId>,
    released: HashSet<FlowId>,
    rejected: HashSet<FlowId>,
}

fn body_of(number: u64) -> (String, bool) {
    let held = number.is_multiple_of(4);
    let mut body = format!("marque {number}\n{}\n", if held { IBAN } else { "rien" });
    if number % 8 >= 6 || number % 8 == 4 {
        // Over what a row holds: a blob.
        body += &"Une ligne parmi beaucoup d'autres, qui ne dit rien.\n".repeat(2_000);
    }
    (body, held)
}

fn send_all(program: &Program, first: u64, count: u64) -> HashMap<FlowId, Sent> {
    let senders: Vec<_> = (0..SENDERS)
        .map(|sender| {
            let address = program.smtp();
            std::thread::spawn(move || {
                let mut smtp = Smtp::connect(address).unwrap();
                let mut sent = HashMap::new();
                for number in (first + sender * count)..(first + (sender + 1) * count) {
                    let (body, held) = body_of(number);
                    let raw = message(&body);
                    let to: &[&str] = match number % 3 {
                        0 => &["r.lemarrec@client.example", "a.sorel@client.example"],
                        _ => &["r.lemarrec@client.example"],
                    };
                    let reply = smtp.send(FROM, to, &raw).unwrap();
                    sent.insert(flow_of(&reply).unwrap_or_else(|| panic!("{reply}")), Sent { raw, held });
                }
                sent
            })
        })
        .collect();
    senders.into_iter().flat_map(|sender| sender.join().unwrap()).collect()
}

/// `250 2.0.0 flow_… pass`
fn flow_of(reply: &str) -> Option<FlowId> {
    reply.strip_prefix("250 2.0.0 ")?.split(' ').next()?.parse().ok()
}

/// Submits a message that is held, and decides on it; each step is marked once its answer is there.
fn decide(program: &Program, watched: &Watched, decision: &str) -> (FlowId, Sent) {
    let raw = message(&format!("{decision} {IBAN}"));
    let path =
        "/api/v1/flows?sender=theodore.vasquin%40orveane.example&recipient=r.lemarrec%40client.example";
    let answer = program.api("POST", path, "message/rfc822", &raw).json();
    let text = |json: &Json, key: &str| json[key].as_str().unwrap().to_owned();
    let (flow, hold) = (text(&answer, "flow"), text(&answer, "hold"));
    watched.mark(&format!("acknowledged {flow}"));
    let opened = program.api("GET", &format!("/api/v1/holds/{hold}"), "", b"").json();
    let said = format!(
        r#"{{"decision":"{decision}","reason":"Vu avec le client","seen_sha256":"{}"}}"#,
        text(&opened, "seen_sha256")
    );
    let path = format!("/api/v1/holds/{hold}/decision");
    let decided = program.api("POST", &path, "application/json", said.as_bytes());
    assert_eq!(decided.status, 200, "{}", decided.text());
    watched.mark(&format!("{decision} {flow}"));
    (flow.parse().unwrap(), Sent { raw, held: true })
}

/// Two lives of the program: one ends in order, the other by kill -9.
fn live(name: &str) -> Day {
    let directory = std::env::temp_dir().join(format!("cerebro-power-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(&directory).unwrap();
    let directory = std::fs::canonicalize(directory).unwrap();
    let before = Disk::of(&directory);
    let watched = Watched::new(&directory);
    let each = setting("CEREBRO_CUT_MESSAGES", 8);
    let program = Program::start_under(&directory, None, watched.recorded());
    watched.mark("ready");
    let mut sent = send_all(&program, 0, each);
    sent.extend([decide(&program, &watched, "release")]);
    let program = Program::start_under(&program.stop(), None, watched.recorded());
    sent.extend(send_all(&program, SENDERS * each, each));
    sent.extend([decide(&program, &watched, "reject")]);
    program.wait_until("everything that passes has left", || {
        let left: HashSet<FlowId> = program.sunk().iter().filter_map(|raw| traced(raw)).collect();
        sent.iter().all(|(flow, sent)| sent.held || left.contains(flow))
    });
    let mut kept = HashMap::new();
    for entry in std::fs::read_dir(directory.join("sink")).unwrap().flatten() {
        if let Some(flow) = traced(&std::fs::read(entry.path()).unwrap()) {
            kept.insert(entry.path().file_stem().unwrap().to_str().unwrap().to_owned(), flow);
        }
    }
    let directory = program.kill();
    Day { directory, events: read_trace(&watched.trace), sent, kept, before, _watched: watched }
}

/// The flow a message that left belongs to, from our own trace field.
fn traced(raw: &[u8]) -> Option<FlowId> {
    let text = String::from_utf8_lossy(raw);
    text.lines()
        .find_map(|line| line.strip_prefix("X-Cerebro-Trace: ")?.split_whitespace().nth(1)?.parse().ok())
}

impl Day {
    fn listen(&self, told: &mut Told, mark: &str) {
        let mut words = mark.split(' ');
        let named = |word: Option<&str>| word.and_then(|word| word.parse::<FlowId>().ok());
        if let Some(flow) = flow_of(mark) {
            told.acknowledged.insert(flow);
        } else if let Some(number) = mark.strip_prefix("250 2.0.0 Kept as ") {
            told.left.extend(self.kept.get(number));
        } else {
            match words.next() {
                Some("acknowledged") => told.acknowledged.extend(named(words.next())),
                Some("release") => told.released.extend(named(words.next())),
                Some("reject") => told.rejected.extend(named(words.next())),
                _ => {}
            }
        }
    }

    /// Goes through the day and cuts the power after each event of `cuts`.
    fn cut(
        &self,
        events: &[Event],
        cuts: &HashSet<usize>,
        mut then: impl FnMut(usize, &Disk<'_>, &Told) -> bool,
    ) {
        let mut disk = self.before.clone();
        let mut told = Told::default();
        for (at, event) in events.iter().enumerate() {
            disk.apply(event);
            if let Event::Mark(mark) = event {
                self.listen(&mut told, mark);
            }
            if cuts.contains(&at) && !then(at, &disk, &told) {
                return;
            }
        }
    }

    /// Every `250`, and `more` moments spread over the day.
    fn cuts(&self, more: usize) -> HashSet<usize> {
        let ready = self.events.iter().position(|event| is_mark(event, "ready")).unwrap();
        let mut cuts: HashSet<usize> =
            (ready..self.events.len()).filter(|at| is_mark(&self.events[*at], "250 2.0.0 flow_")).collect();
        let step = ((self.events.len() - ready) / more.max(1)).max(1);
        cuts.extend((ready..self.events.len()).step_by(step));
        cuts
    }

    /// What is wrong with the disk that is left.
    fn faults(&self, disk: &Disk<'_>, told: &Told, survival: Survival, place: &Path) -> Vec<String> {
        // A place of its own: the threads that had the last one's database open may still be closing it.
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let place = &place.join(NEXT.fetch_add(1, Ordering::Relaxed).to_string());
        disk.rebuild(place, survival, PROPS);
        let published = self.published(disk);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let faults = runtime.block_on(async {
            match Census::take(&Places::of_demo(place, None)).await {
                Err(error) => vec![format!("the instance does not open: {error}")],
                Ok(census) => {
                    let mut faults = census.faults();
                    faults.extend(self.told_faults(&census, told));
                    for (organisation, size) in published {
                        if census.sealed(organisation.parse().unwrap()) < size {
                            faults.push(format!(
                                "{organisation}: a checkpoint of {size} was shown and is gone"
                            ));
                        }
                    }
                    faults
                }
            }
        });
        let _ = std::fs::remove_dir_all(place);
        faults
    }

    /// The checkpoints that anybody could have seen by now.
    fn published(&self, disk: &Disk<'_>) -> Vec<(String, u64)> {
        let logs = std::fs::read_dir(self.directory.join("data/ledger")).unwrap().flatten();
        logs.filter_map(|log| {
            let note = String::from_utf8(disk.live(&log.path().join("checkpoint"))?).ok()?;
            let name = log.file_name().into_string().ok()?;
            Some((name, ledger::Checkpoint::parse_note(&note).ok()?.size))
        })
        .collect()
    }

    fn told_faults(&self, census: &Census, told: &Told) -> Vec<String> {
        let mut faults = Vec::new();
        let settled = census.entries_of("flow.settled");
        for flow in &told.acknowledged {
            let Some(found) = census.flows.get(flow) else {
                faults.push(format!("{flow} was acknowledged and is lost"));
                continue;
            };
            let sent = &self.sent[flow];
            match census.body(*flow) {
                Ok(body) if body == sent.raw => {}
                Ok(_) => faults.push(format!("{flow} has another body")),
                Err(error) => faults.push(format!("the body of {flow} does not open: {error}")),
            }
            if settled.get(&flow.to_string()) != Some(&1) || found.assessments.is_empty() {
                faults.push(format!("{flow} has no evidence or no assessment"));
            }
            faults.extend(self.state_faults(*flow, found, census, told));
        }
        for flow in &told.left {
            let states: Vec<&str> = census
                .flows
                .get(flow)
                .iter()
                .flat_map(|flow| &flow.deliveries)
                .map(|(_, state, _)| state.as_str())
                .collect();
            if !states.iter().any(|state| matches!(*state, "attempting" | "delivered")) {
                faults.push(format!("{flow} has left and nothing says so: {states:?}"));
            }
        }
        faults
    }

    fn state_faults(&self, flow: FlowId, found: &FlowHeld, census: &Census, told: &Told) -> Vec<String> {
        let hold = found.hold.as_deref();
        // A decision that was made and not yet answered may be there or not.
        let may = if told.released.contains(&flow) {
            vec![Some("released")]
        } else if told.rejected.contains(&flow) {
            vec![Some("rejected")]
        } else if self.sent[&flow].held {
            match decision_on(self, &flow) {
                Some("release") => vec![Some("waiting"), Some("released")],
                Some(_) => vec![Some("waiting"), Some("rejected")],
                None => vec![Some("waiting")],
            }
        } else {
            vec![None]
        };
        let mut faults = Vec::new();
        if !may.contains(&hold) {
            faults.push(format!("the hold of {flow} is {hold:?}, not {may:?}"));
        }
        for (id, state, outbox) in &found.deliveries {
            let lease = outbox.as_ref().and_then(|outbox| census.leases.get(outbox)).map(String::as_str);
            let right = match hold {
                Some("waiting") => state == "held" && outbox.is_none(),
                Some("rejected") => state == "rejected",
                _ => match state.as_str() {
                    "queued" | "attempting" => lease == Some("ready"),
                    "delivered" => lease.is_some(),
                    _ => false,
                },
            };
            if !right {
                faults
                    .push(format!("{id} of {flow} is {state}, its outbox row {lease:?}, its hold {hold:?}"));
            }
        }
        if found.deliveries.is_empty() {
            faults.push(format!("{flow} has no delivery"));
        }
        faults
    }
}

impl Drop for Day {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

fn is_mark(event: &Event, wanted: &str) -> bool {
    matches!(event, Event::Mark(mark) if mark.starts_with(wanted))
}

/// In memory where the machine has that: nothing here needs to be durable.
fn scratch(name: &str) -> PathBuf {
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    base.join(format!("cerebro-cut-{name}-{}", std::process::id()))
}

/// Files that a sabotaged program does not sync.
type Class = Box<dyn Fn(&str) -> bool>;

#[test]
fn f01_a_power_cut_loses_nothing_acknowledged() {
    let day = live("cut");
    let place = scratch("day");
    let cuts = day.cuts(30);
    let mut checked = 0;
    day.cut(&day.events, &cuts, |at, disk, told| {
        for survival in [Survival::Nothing, Survival::Some { seed: at as u64 + 1 }] {
            let faults = day.faults(disk, told, survival, &place);
            assert!(faults.is_empty(), "cut after event {at}, {survival:?}: {faults:#?}");
            checked += 1;
        }
        true
    });
    println!(
        "{} events, {} cuts, {checked} disks rebuilt, {} messages",
        day.events.len(),
        cuts.len(),
        day.sent.len()
    );
    assert!(cuts.len() > day.sent.len(), "hardly any cuts");
    let _ = std::fs::remove_dir_all(&place);
}

#[test]
fn the_rebuilt_disk_shows_when_something_was_not_synced() {
    let day = live("sabotage");
    let place = scratch("sabotage");
    let is_in = |part: &'static str| move |path: &str| path.contains(part);
    let classes: Vec<(&str, Class)> = vec![
        ("the write-ahead log", Box::new(|path| path.ends_with("-wal"))),
        ("the database", Box::new(|path| path.ends_with("cerebro.db"))),
        ("blobs", Box::new(|path| path.contains("/blobs/") && path.ends_with(".part"))),
        ("names of blobs", Box::new(|path| path.contains("/blobs") && !path.contains("/blob_"))),
        ("keys", Box::new(|path| path.contains("/keys/"))),
        ("names of keys", Box::new(|path| path.ends_with("/keys"))),
        ("tiles", Box::new(is_in("/tile/0/"))),
        ("entries", Box::new(is_in("/tile/entries/"))),
        ("locks", Box::new(is_in("/locks/"))),
        ("names beside the database", Box::new(|path| path.ends_with("/data"))),
    ];
    let cuts = day.cuts(20);
    for (what, sabotaged) in classes {
        let events = without_syncs(&day.events, sabotaged);
        let mut found = Vec::new();
        day.cut(&events, &cuts, |_, disk, told| {
            found = day.faults(disk, told, Survival::Nothing, &place);
            found.is_empty()
        });
        assert!(!found.is_empty(), "without the syncs of {what} nothing was missing: this test cannot fail");
    }
    let _ = std::fs::remove_dir_all(&place);
}

/// The day as it would have been had the program never synced some of its files. Nothing moves: cuts are places in it.
fn without_syncs(events: &[Event], sabotaged: impl Fn(&str) -> bool) -> Vec<Event> {
    let mut paths: HashMap<u64, &str> = HashMap::new();
    let mut kept = Vec::with_capacity(events.len());
    for event in events {
        if let Event::Open { inode, path, .. } = event {
            paths.insert(*inode, path);
        }
        kept.push(match event {
            Event::SyncEnds { inode, .. } if paths.get(inode).is_some_and(|path| sabotaged(path)) => {
                Event::Mark(String::new())
            }
            event => event.clone(),
        });
    }
    kept
}

#[test]
fn the_program_goes_on_after_a_power_cut() {
    let day = live("again");
    let starts = setting("CEREBRO_CUT_STARTS", 3) as usize;
    let mut all: Vec<usize> = day.cuts(0).into_iter().collect();
    all.sort_unstable();
    let step = (all.len() / starts.max(1)).max(1);
    let cuts: HashSet<usize> = all.iter().rev().step_by(step).copied().collect();
    day.cut(&day.events, &cuts, |at, disk, told| {
        let place = std::env::temp_dir().join(format!("cerebro-power-start-{}", std::process::id()));
        disk.rebuild(&place, Survival::Some { seed: at as u64 + 7 }, PROPS);
        for prop in PROPS.iter().filter(|prop| **prop != "sink") {
            std::fs::write(place.join(prop), disk.live(&day.directory.join(prop)).unwrap()).unwrap();
        }
        let program = Program::start_in(&place);
        let must = |flow: &&FlowId| {
            !told.left.contains(flow) && (told.released.contains(flow) || !day.sent[flow].held)
        };
        let waited: HashSet<FlowId> = told.acknowledged.iter().filter(must).copied().collect();
        program.wait_until("everything acknowledged that passes leaves", || {
            let left: HashSet<FlowId> = program.sunk().iter().filter_map(|raw| traced(raw)).collect();
            waited.is_subset(&left)
        });
        for raw in program.sunk() {
            let Some(flow) = traced(&raw) else { continue };
            let undecided = day.sent.get(&flow).is_some_and(|sent| sent.held)
                && !matches!(decision_on(&day, &flow), Some("release"));
            assert!(!undecided, "{flow} left undecided");
        }
        let place = program.kill();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let census = runtime.block_on(Census::take(&Places::of_demo(&place, None))).unwrap();
        let faults = [census.faults(), day.told_faults(&census, told)].concat();
        assert!(faults.is_empty(), "cut after event {at}: {faults:#?}");
        std::fs::remove_dir_all(&place).unwrap();
        true
    });
}

/// What was decided on a flow in the whole day.
fn decision_on<'a>(day: &'a Day, flow: &FlowId) -> Option<&'a str> {
    day.events.iter().find_map(|event| match event {
        Event::Mark(mark) => mark.strip_suffix(&format!(" {flow}")).filter(|word| word.starts_with("re")),
        _ => None,
    })
}
