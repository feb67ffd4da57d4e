//! Invariant 1 when PostgreSQL's answer to COMMIT is lost, or the COMMIT itself: the client is told to come back, and
//! whatever is there afterwards is whole (F01). A request with an idempotency key is done once.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use vocabulary::FlowId;

use crate::support::census::{Census, Places};
use crate::support::message;
use crate::support::program::{Program, Smtp, postgres_database};
use crate::support::wire::Wire;

const FROM: &str = "theodore.vasquin@orveane.example";
const IBAN: &str = "FR76 3000 6000 0112 3456 7890 189";

/// One message handed over again and again until it is taken, as a mail server does; its flow.
fn until_taken(program: &Program, raw: &[u8], refusals: &mut u64) -> FlowId {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let reply = match Smtp::connect(program.smtp()) {
            Ok(mut smtp) => smtp.send(FROM, &["r.lemarrec@client.example"], raw).unwrap(),
            Err(_) => "421".into(),
        };
        if let Some(rest) = reply.strip_prefix("250 2.0.0 ") {
            return rest.split(' ').next().unwrap().parse().unwrap();
        }
        assert!(reply.starts_with('4'), "{reply}");
        assert!(Instant::now() < end, "still refused: {reply}");
        *refusals += 1;
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn f01_a_lost_answer_to_commit_loses_nothing_and_a_key_is_used_once() {
    let Some(url) = postgres_database("commit") else {
        eprintln!("skipped on PostgreSQL: CEREBRO_TEST_POSTGRES is not set");
        return;
    };
    let (wire, through) = Wire::before(&url);
    let directory = std::env::temp_dir().join(format!("cerebro-commit-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    let program = Program::start_under(&directory, Some(through), Vec::new());

    wire.lose_commits(true);
    let (mut acknowledged, mut refusals) = (HashMap::new(), 0);
    for number in 0..60 {
        let held = number % 5 == 0;
        let raw = message(&format!("marque {number}\n{}\n", if held { IBAN } else { "rien" }));
        acknowledged.insert(until_taken(&program, &raw, &mut refusals), (raw, held));
    }
    let submitted: Vec<Vec<u8>> = (0..20).map(|number| submit(&program, number)).collect();
    wire.lose_commits(false);
    let lost = wire.lost();
    assert!(
        lost.0 > 5 && lost.1 > 5 && refusals > 0,
        "hardly anything was lost: {lost:?}, {refusals} refusals"
    );

    program.wait_until("everything acknowledged that passes leaves", || {
        let sunk: Vec<String> =
            program.sunk().iter().map(|raw| String::from_utf8_lossy(raw).into_owned()).collect();
        let left = |flow: &FlowId| sunk.iter().any(|text| text.contains(&flow.to_string()));
        acknowledged.iter().all(|(flow, (_, held))| *held || left(flow))
    });
    assert!(
        program.sunk().iter().all(|raw| !String::from_utf8_lossy(raw).contains(IBAN)),
        "undecided, and left"
    );
    let directory = program.kill();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let census = Census::take(&Places::of_demo(&directory, Some(url))).await.unwrap();
        let mut faults = census.faults();
        for (flow, (raw, held)) in &acknowledged {
            if census.body(*flow).ok().as_ref() != Some(raw) {
                faults.push(format!("{flow} was acknowledged and is not there"));
            }
            let hold = census.flows.get(flow).and_then(|flow| flow.hold.as_deref());
            if hold != held.then_some("waiting") {
                faults.push(format!("the hold of {flow} is {hold:?}"));
            }
        }
        for raw in &submitted {
            let flows: Vec<_> = census.flows.keys().copied().collect();
            let times =
                flows.into_iter().filter(|flow| census.body(*flow).ok().as_ref() == Some(raw)).count();
            if times != 1 {
                faults.push(format!("a request with a key was done {times} times"));
            }
        }
        let ended = census.entries_of("delivery.ended");
        faults.extend(
            ended
                .iter()
                .filter(|(_, times)| **times > 1)
                .map(|(id, times)| format!("{id} ended {times} times")),
        );
        assert!(!ended.is_empty());
        assert!(faults.is_empty(), "{faults:#?}");
    });
    println!("{lost:?} answers and commits lost, {refusals} refusals, {} taken", acknowledged.len());
    std::fs::remove_dir_all(directory).unwrap();
}

/// Submits a message with a key until the answer comes; the message.
fn submit(program: &Program, number: usize) -> Vec<u8> {
    let raw = message(&format!("demande {number}\n"));
    let path =
        "/api/v1/flows?sender=theodore.vasquin%40orveane.example&recipient=r.lemarrec%40client.example";
    let bearer = format!("Bearer {}", program.token());
    let key = format!("demande-{number}");
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Content-Type", "message/rfc822"),
        ("Idempotency-Key", key.as_str()),
    ];
    let end = Instant::now() + Duration::from_secs(60);
    let mut first: Option<String> = None;
    let mut answers = 0;
    while answers < 2 {
        let answer = program.request("POST", path, &headers, &raw);
        assert!(Instant::now() < end, "no answer: {} {}", answer.status, answer.text());
        if answer.status >= 500 {
            std::thread::sleep(Duration::from_millis(50));
            continue;
        }
        assert!(answer.status < 300, "{} {}", answer.status, answer.text());
        let flow = answer.json()["flow"].as_str().unwrap().to_owned();
        assert_eq!(first.get_or_insert_with(|| flow.clone()), &flow);
        answers += 1;
    }
    raw
}
