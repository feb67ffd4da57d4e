//! The evidence as strangers check it: a verifier in another language, on libraries nobody here wrote.

use std::path::{Path, PathBuf};

use vocabulary::Timestamp;

use crate::support::program::{Program, Smtp};
use crate::support::{GoVerifier, Scratch, copy_tree, message};

const ORIGIN: &str = "orveane.example/cerebro";
const FROM: &str = "theodore.vasquin@orveane.example";

fn size(checkpoint: &Path) -> u64 {
    std::fs::read_to_string(checkpoint).unwrap().lines().nth(1).unwrap().parse().unwrap()
}

fn files_under(directory: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(directory)
        .into_iter()
        .flatten()
        .flatten()
        .flat_map(|entry| {
            let path = entry.path();
            if path.is_dir() { files_under(&path) } else { vec![path] }
        })
        .collect();
    found.sort();
    found
}

/// The same log with one bit of the last byte of `file` turned.
fn altered(scratch: &Scratch, log: &Path, file: &Path) -> PathBuf {
    let copy = scratch.path().join("altered");
    let _ = std::fs::remove_dir_all(&copy);
    copy_tree(log, &copy);
    let path = copy.join(file);
    let mut bytes = std::fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&path, bytes).unwrap();
    copy
}

#[test]
fn a_verifier_in_go_accepts_the_log_of_a_running_demo_and_refuses_an_altered_one() {
    let scratch = Scratch::new("go-demo");
    let Some(go) = GoVerifier::build(&scratch) else { return };
    let program = Program::start("go-verifier");
    let key = program.ready["ledger_public_keys"][0].as_str().unwrap().to_owned();
    let (first, second) = (scratch.path().join("first"), scratch.path().join("second"));
    program.export(ORIGIN, &first);
    let mut smtp = Smtp::connect(program.smtp()).unwrap();
    for number in 0..5 {
        let raw = message(&format!("Bonjour n° {number}"));
        assert!(smtp.send(FROM, &["r.lemarrec@client.example"], &raw).unwrap().starts_with("250"));
    }
    let before = size(&first.join("checkpoint"));
    program.wait_until("five messages are sealed", || {
        let _ = std::fs::remove_dir_all(&second);
        program.export(ORIGIN, &second);
        size(&second.join("checkpoint")) >= before + 15
    });

    let mut earlier = files_under(&second.join("checkpoints"));
    earlier.push(first.join("checkpoint"));
    let said = go.verify(&second, &key, &earlier).unwrap();
    assert!(said.starts_with("verified "), "{said}");

    // The log cannot be the prefix of itself that was signed later.
    let said = go.verify(&first, &key, &[second.join("checkpoint")]).unwrap_err();
    assert!(said.contains("NOT VERIFIED"), "{said}");

    let other = program.ready["ledger_public_keys"][1].as_str().unwrap();
    assert!(go.verify(&second, other, &[]).is_err(), "another organisation's key");

    let last = size(&second.join("checkpoint"));
    let tail = if last <= 256 { format!("000.p/{last}") } else { format!("001.p/{}", last - 256) };
    let entries = PathBuf::from(format!("tile/entries/{tail}"));
    let said = go.verify(&altered(&scratch, &second, &entries), &key, &[]).unwrap_err();
    assert!(said.contains(&format!("entry {}", last - 1)), "{said}");
    for file in [format!("tile/0/{tail}"), "checkpoint".to_owned()] {
        let said = go.verify(&altered(&scratch, &second, Path::new(&file)), &key, &[]).unwrap_err();
        assert!(said.contains("NOT VERIFIED"), "{file}: {said}");
    }
}

/// Full tiles, full bundles and a second level, which no demo reaches in a minute.
#[test]
fn a_verifier_in_go_accepts_a_log_of_two_levels() {
    let scratch = Scratch::new("go-levels");
    let Some(go) = GoVerifier::build(&scratch) else { return };
    let (directory, lock) = (scratch.path().join("log"), scratch.path().join("lock"));
    let signer = ledger::Signer::from_seed(ORIGIN, &[7; 32]).unwrap();
    let at = |hour: i64| Timestamp::from_micros(hour * 3_600_000_000);
    let mut log = ledger::Log::init(&directory, &lock, ORIGIN, &signer, at(0)).unwrap();
    let leaves: Vec<Vec<u8>> = (0..1_100_u32).map(|number| number.to_string().into_bytes()).collect();
    let mut done = 0;
    for (hour, size) in (1..).zip([1_usize, 255, 256, 257, 512, 1_100]) {
        log.seal(&leaves[done..size], &signer, at(hour)).unwrap();
        done = size;
    }
    let key = signer.verifier().to_string();
    let earlier = files_under(&directory.join("checkpoints"));
    assert_eq!(
        go.verify(&directory, &key, &earlier).unwrap(),
        "verified 1100 entries and 7 earlier checkpoints\n"
    );
    let said =
        go.verify(&altered(&scratch, &directory, Path::new("tile/entries/002")), &key, &[]).unwrap_err();
    assert!(said.contains("entry 767"), "{said}");
    let said = go.verify(&altered(&scratch, &directory, Path::new("tile/1/000.p/4")), &key, &[]).unwrap_err();
    assert!(said.contains("NOT VERIFIED"), "{said}");
}

/// The verifier itself, held to a log of somebody else.
#[test]
fn a_verifier_in_go_accepts_tesseras_log() {
    let scratch = Scratch::new("go-tessera");
    let Some(folder) = crate::support::corpus("crypto/tessera-log") else { return };
    let Some(go) = GoVerifier::build(&scratch) else { return };
    let key = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
    let earlier: Vec<PathBuf> = (0..=15).map(|size| folder.join(format!("checkpoint.{size}"))).collect();
    assert_eq!(
        go.verify(&folder, key, &earlier).unwrap(),
        "verified 15 entries and 16 earlier checkpoints\n"
    );
    let said =
        go.verify(&altered(&scratch, &folder, Path::new("tile/entries/000.p/15")), key, &[]).unwrap_err();
    assert!(said.contains("entry 14"), "{said}");
}
