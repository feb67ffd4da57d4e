//! Vectors of others, properties of our own, and faults.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use vocabulary::{OperationId, OrganisationId, SeededEntropy, Timestamp};

use crate::files::Files;
use crate::tree::{consistency, inclusion, root, verify_consistency, verify_inclusion};
use crate::*;

mod verification;

const ORIGIN: &str = "orveane.example/cerebro";

fn corpus(folder: &str) -> Option<PathBuf> {
    let base = std::env::var_os("CEREBRO_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"), PathBuf::from);
    let path = base.join(folder);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("skipped: {} is not there", path.display());
    None
}

fn signer() -> Signer {
    Signer::from_seed(ORIGIN, &[7; 32]).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000)
}

fn entry(number: u64) -> Entry {
    let entropy = SeededEntropy::new(number);
    Entry {
        organisation: OrganisationId::new(at(1), &SeededEntropy::new(1)),
        kind: "flow.settled".into(),
        at: at(1_000 + i64::try_from(number).unwrap()),
        actor: "system:gateway".into(),
        operation: OperationId::new(at(1), &entropy),
        subject: format!("flow_{number}"),
        commitment: commitment(&[1; 32], &number.to_be_bytes()),
    }
}

fn leaves(from: u64, to: u64) -> Vec<Vec<u8>> {
    (from..to).map(|number| entry(number).to_bytes()).collect()
}

struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("cerebro-ledger-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
    fn log(&self) -> PathBuf {
        self.0.join("log")
    }
    fn lock(&self) -> PathBuf {
        self.0.join("lock")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn every_vector_of_rfc_6962_from_the_transparency_project() {
    let Some(folder) = corpus("crypto/rfc6962-merkle") else { return };
    let mut checked = 0;
    for file in std::fs::read_dir(folder).unwrap().flatten() {
        if file.path().extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let vector: serde_json::Value = serde_json::from_slice(&std::fs::read(file.path()).unwrap()).unwrap();
        // Some vectors write words where a root should be ("don't care"): any hash stands for them.
        let hash = |name: &str| {
            let text = vector[name].as_str().unwrap_or_default();
            text.parse::<Hash>()
                .or_else(|error| if text.len() < 40 { Ok(leaf_hash(text.as_bytes())) } else { Err(error) })
        };
        let path: Result<Vec<Hash>, _> = vector["proof"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|hash| hash.as_str().unwrap().parse())
            .collect();
        // Vectors of subtrees (start, end) belong to a draft that no format here uses.
        if vector.get("start").is_some() {
            continue;
        }
        // A negative size or index is no number here, so it is refused before it is checked.
        let number = |name: &str| vector[name].as_u64().unwrap_or(u64::MAX);
        let good = if vector.get("leafIdx").is_some() {
            match (hash("leafHash"), hash("root"), path) {
                (Ok(leaf), Ok(root), Ok(path)) => {
                    verify_inclusion(leaf, number("leafIdx"), number("treeSize"), &path, &root).is_ok()
                }
                _ => false,
            }
        } else {
            match (hash("root1"), hash("root2"), path) {
                (Ok(old), Ok(new), Ok(path)) => {
                    verify_consistency(number("size1"), number("size2"), &path, &old, &new).is_ok()
                }
                _ => false,
            }
        };
        let wanted = !vector["wantErr"].as_bool().unwrap();
        // Consistency from nothing says nothing: the vectors leave it to the verifier, we refuse it.
        let from_nothing = vector.get("size1").is_some_and(|size| size == 0);
        assert!(good == wanted || (from_nothing && !good), "{}: {}", file.path().display(), vector["desc"]);
        checked += 1;
    }
    assert!(checked >= 129, "only {checked} vectors");
}

#[test]
fn tesseras_whole_log_verifies() {
    let Some(folder) = corpus("crypto/tessera-log") else { return };
    let key =
        Verifier::parse("example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx")
            .unwrap();
    let report = verify_directory(&folder, std::slice::from_ref(&key), None);
    assert!(report.is_ok(), "{report}");
    for size in 0..=15_u64 {
        let note = std::fs::read_to_string(folder.join(format!("checkpoint.{size}"))).unwrap();
        let checkpoint = Checkpoint::parse(key.open(&note).unwrap()).unwrap();
        assert_eq!(checkpoint.size, size);
        let report = verify_directory(&folder, std::slice::from_ref(&key), Some(&checkpoint));
        assert!(report.is_ok(), "{size}: {report}");
    }
}

#[test]
fn a_log_grows_verifies_and_reopens() {
    let scratch = Scratch::new("grows");
    let mut log = Log::init(&scratch.log(), &scratch.lock(), ORIGIN, &signer(), at(0)).unwrap();
    assert!(matches!(
        Log::init(&scratch.log(), &scratch.lock(), ORIGIN, &signer(), at(0)),
        Err(LogError::Exists(_))
    ));
    let all = leaves(0, 1_100);
    for (round, size) in [1_u64, 2, 255, 256, 257, 511, 512, 1_100].into_iter().enumerate() {
        let from = usize::try_from(log.size()).unwrap();
        let checkpoint =
            log.seal(&all[from..usize::try_from(size).unwrap()], &signer(), at(round as i64)).unwrap();
        let hashes: Vec<Hash> =
            all[..usize::try_from(size).unwrap()].iter().map(|leaf| leaf_hash(leaf)).collect();
        assert_eq!(checkpoint.root, root(hashes.as_slice(), size).unwrap());
        let report = verify_directory(&scratch.log(), &[signer().verifier()], None);
        assert!(report.is_ok(), "{report}");
        log = Log::open(&scratch.log(), &scratch.lock()).unwrap();
        assert_eq!(log.size(), size);
    }
}

#[test]
fn a_proof_carries_its_entry_and_stands_alone() {
    let scratch = Scratch::new("proof");
    let mut log = Log::init(&scratch.log(), &scratch.lock(), ORIGIN, &signer(), at(0)).unwrap();
    log.seal(&leaves(0, 1_100), &signer(), at(1)).unwrap();
    let note = std::fs::read_to_string(scratch.log().join("checkpoint")).unwrap();
    let key = signer().verifier();
    for index in [0, 1, 255, 256, 700, 1_099] {
        let path = Log::read_inclusion(&scratch.log(), index, 1_100).unwrap();
        let detail = String::from_utf8_lossy(&index.to_be_bytes()).into_owned();
        let opening = proof::Opening { salt: [1; 32], detail };
        let file = proof::render(index, &entry(index), None, &path, &note);
        let proven = proof::verify(&file, &key).unwrap();
        assert_eq!((proven.index, &proven.entry, proven.detail), (index, &entry(index), None));
        assert_eq!(proven.checkpoint.size, 1_100);
        assert_eq!(proof::verify_leaf(&file, &entry(index).to_bytes(), &key).unwrap().0, index);
        assert!(proof::verify_leaf(&file, b"another", &key).is_err());
        let other = proof::render(index, &entry(index + 1), None, &path, &note);
        assert!(matches!(proof::verify(&other, &key), Err(proof::InvalidProof::Path(_))));
        let opened = proof::verify(&proof::render(index, &entry(index), Some(&opening), &path, &note), &key);
        // The test's details are numbers; those that are text open, and only with their own salt.
        if index < 128 {
            assert_eq!(opened.unwrap().detail, Some(opening.detail.clone()));
        }
        let wrong = proof::Opening { salt: [2; 32], ..opening };
        let opened = proof::verify(&proof::render(index, &entry(index), Some(&wrong), &path, &note), &key);
        assert!(matches!(opened, Err(proof::InvalidProof::Commitment)));
    }
}

/// Any one byte of a proof, altered: it does not hold.
#[test]
fn any_altered_byte_of_a_proof_is_found() {
    let scratch = Scratch::new("proof-mutation");
    let mut log = Log::init(&scratch.log(), &scratch.lock(), ORIGIN, &signer(), at(0)).unwrap();
    log.seal(&leaves(0, 6), &signer(), at(1)).unwrap();
    let note = std::fs::read_to_string(scratch.log().join("checkpoint")).unwrap();
    let path = Log::read_inclusion(&scratch.log(), 4, 6).unwrap();
    let detail = String::from_utf8(4_u64.to_be_bytes().to_vec()).unwrap();
    let opening = proof::Opening { salt: [1; 32], detail };
    let whole = proof::render(4, &entry(4), Some(&opening), &path, &note).into_bytes();
    assert!(proof::verify(std::str::from_utf8(&whole).unwrap(), &signer().verifier()).is_ok());
    for place in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[place] ^= 1;
        let holds =
            std::str::from_utf8(&bytes).is_ok_and(|text| proof::verify(text, &signer().verifier()).is_ok());
        assert!(!holds, "byte {place}: {}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn another_key_cannot_seal() {
    let scratch = Scratch::new("key");
    Log::init(&scratch.log(), &scratch.lock(), ORIGIN, &signer(), at(0)).unwrap();
    let mut log = Log::open(&scratch.log(), &scratch.lock()).unwrap();
    let other = Signer::from_seed(ORIGIN, &[8; 32]).unwrap();
    assert!(matches!(log.seal(&leaves(0, 1), &other, at(1)), Err(LogError::Key)));
}

#[test]
fn an_old_backup_is_not_signed_again() {
    let scratch = Scratch::new("rollback");
    let mut log = Log::init(&scratch.log(), &scratch.lock(), ORIGIN, &signer(), at(0)).unwrap();
    log.seal(&leaves(0, 10), &signer(), at(1)).unwrap();
    let backup = scratch.0.join("backup");
    export(&scratch.log(), &backup).unwrap();
    log.seal(&leaves(10, 300), &signer(), at(2)).unwrap();
    std::fs::remove_dir_all(scratch.log()).unwrap();
    std::fs::rename(&backup, scratch.log()).unwrap();
    let refused = Log::open(&scratch.log(), &scratch.lock());
    assert!(matches!(refused, Err(LogError::Rollback { lock: 300, log: 10, .. })), "{refused:?}");
}

/// Files in memory that fail at the nth write, before or after it persisted.
#[derive(Debug, Clone, Default)]
struct Faulty {
    files: Arc<Mutex<HashMap<PathBuf, Vec<u8>>>>,
    fail_at: Option<(usize, bool)>,
    writes: usize,
}

impl Files for Faulty {
    fn put(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let fails = self.fail_at.filter(|(at, _)| *at == self.writes);
        self.writes += 1;
        if fails.is_none_or(|(_, persisted)| persisted) {
            self.files.lock().unwrap().insert(path.to_owned(), bytes.to_vec());
        }
        match fails {
            Some(_) => Err(io::Error::other("injected")),
            None => Ok(()),
        }
    }
    fn get(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files.lock().unwrap().get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.files.lock().unwrap().retain(|kept, _| !kept.starts_with(path));
        Ok(())
    }
}

/// Each write of a growth, failed and failed *but persisted*: reopening gives the old or the new size, and giving the
/// same entries again gives the log that would have been.
#[test]
fn faults_at_every_step_lose_nothing_and_fork_nothing() {
    let (log_path, lock_path) = (Path::new("log"), Path::new("lock"));
    let all = leaves(0, 600);
    let hashes: Vec<Hash> = all.iter().map(|leaf| leaf_hash(leaf)).collect();
    let mut cases = 0;
    for fault in 0..20 {
        for persisted in [false, true] {
            let good = Faulty::default();
            let mut log =
                Log::init_on(Box::new(good.clone()), log_path, lock_path, ORIGIN, &signer(), at(0)).unwrap();
            log.seal(&all[..200], &signer(), at(1)).unwrap();
            let faulty =
                Faulty { files: Arc::clone(&good.files), fail_at: Some((fault, persisted)), writes: 0 };
            let mut log = Log::open_on(Box::new(faulty), log_path, lock_path).unwrap();
            let outcome = log.seal(&all[200..600], &signer(), at(2));
            let mut log = Log::open_on(Box::new(good.clone()), log_path, lock_path).unwrap();
            assert!([200, 600].contains(&log.size()), "step {fault}: {}", log.size());
            if outcome.is_ok() {
                assert_eq!(log.size(), 600);
                continue;
            }
            cases += 1;
            let from = usize::try_from(log.size()).unwrap();
            let checkpoint = log.seal(&all[from..], &signer(), at(3)).unwrap();
            assert_eq!(
                checkpoint.root,
                root(hashes.as_slice(), 600).unwrap(),
                "step {fault} persisted {persisted}"
            );
        }
    }
    assert!(cases > 10, "only {cases} faults happened");
}

#[test]
fn an_entry_has_one_encoding() {
    let bytes = entry(5).to_bytes();
    assert_eq!(Entry::from_bytes(&bytes).unwrap(), entry(5));
    let text = String::from_utf8(bytes).unwrap();
    for other in [
        text.replace(":1}", ":2}"),
        text.replace("\"actor\":", "\"actor\": "),
        text.replacen('{', "{\"x\":1,", 1),
    ] {
        assert_ne!(text, other);
        assert!(Entry::from_bytes(other.as_bytes()).is_err(), "{other}");
    }
}

#[test]
fn keys_and_notes_of_the_signed_note_specification() {
    // The example of c2sp.org/signed-note: verifier key PeterNeumann, and a note it signed.
    let key = Verifier::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").unwrap();
    let note = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\
                — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    assert!(key.open(note).is_ok());
    assert_eq!(key.open(&note.replace("problem is", "problem was")), Err(NoteError::Wrong));
    assert_eq!(
        key.to_string().parse::<String>().unwrap(),
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    );
    assert!(Verifier::parse("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Proofs made here verify, and any two sizes are consistent.
    #[test]
    fn proofs_verify(size in 1_u64..400, index in 0_u64..400, old in 1_u64..400) {
        let hashes: Vec<Hash> = (0..size).map(|number| leaf_hash(&number.to_be_bytes())).collect();
        let whole = root(hashes.as_slice(), size).unwrap();
        let index = index % size;
        let path = inclusion(hashes.as_slice(), index, size).unwrap();
        let leaf = hashes[usize::try_from(index).unwrap()];
        prop_assert!(verify_inclusion(leaf, index, size, &path, &whole).is_ok());
        prop_assert!(verify_inclusion(leaf_hash(b"x"), index, size, &path, &whole).is_err());
        let old = old % size + 1;
        let before = root(hashes.as_slice(), old).unwrap();
        let path = consistency(hashes.as_slice(), old, size).unwrap();
        prop_assert!(verify_consistency(old, size, &path, &before, &whole).is_ok());
    }

    #[test]
    fn hostile_texts_are_refused_quietly(text in "\\PC{0,300}", bytes: Vec<u8>) {
        let _ = Checkpoint::parse_note(&text);
        let _ = Verifier::parse(&text);
        let _ = Entry::from_bytes(&bytes);
        let _ = tile::decode_bundle(&bytes);
        let _ = proof::verify(&text, &signer().verifier());
    }
}
