//! What `verify` says of logs that were altered, cut, swapped, forged.

use std::path::{Path, PathBuf};

use super::*;

#[test]
fn a_lost_tail_shows_against_a_checkpoint_seen_earlier() {
    let scratch = Scratch::new("truncated");
    let mut log = Log::init(&scratch.log(), &scratch.lock(), ORIGIN, &signer(), at(0)).unwrap();
    log.seal(&leaves(0, 10), &signer(), at(1)).unwrap();
    let short = scratch.0.join("short");
    export(&scratch.log(), &short).unwrap();
    let seen = log.seal(&leaves(10, 20), &signer(), at(2)).unwrap();
    let report = verify_directory(&short, &[signer().verifier()], Some(&seen));
    assert!(report.faults.iter().any(|fault| fault.contains("truncated: 20")), "{report}");
    let report = verify_directory(&scratch.log(), &[signer().verifier()], Some(&seen));
    assert!(report.is_ok(), "{report}");
}

/// Any one byte of any file of a small export, altered: named, or in a file that proves nothing.
#[test]
fn any_altered_byte_is_found_and_an_entrys_index_is_named() {
    let scratch = Scratch::new("mutation");
    let mut log = Log::init(&scratch.log(), &scratch.lock(), ORIGIN, &signer(), at(0)).unwrap();
    log.seal(&leaves(0, 3), &signer(), at(1)).unwrap();
    log.seal(&leaves(3, 5), &signer(), at(4_000)).unwrap();
    let copy = scratch.0.join("copy");
    export(&scratch.log(), &copy).unwrap();
    let keys = [signer().verifier()];
    assert!(verify_directory(&copy, &keys, None).is_ok());
    let mut altered = 0;
    for path in files_under(&copy) {
        let name = path.strip_prefix(&copy).unwrap().display().to_string();
        let whole = std::fs::read(&path).unwrap();
        for place in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[place] ^= 0x01;
            std::fs::write(&path, &bytes).unwrap();
            let report = verify_directory(&copy, &keys, None);
            // The key shipped inside is not trusted.
            assert_eq!(report.is_ok(), name == "vkey", "{name} byte {place}: {report}");
            if name != "vkey" {
                assert!(report.places[0].file.as_ref().is_some_and(|file| *file == name), "{name}: {report}");
            }
            if name.starts_with("tile/") {
                assert!(report.faults[0].starts_with("entry "), "{name} byte {place}: {report}");
            }
            altered += 1;
        }
        std::fs::write(&path, &whole).unwrap();
    }
    assert!(altered > 1_500, "only {altered} bytes");
}

fn files_under(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files_under(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// A log of two levels of tiles, exported, with kept checkpoints at 0, 256, 300 and 600.
fn two_levels(scratch: &Scratch) -> PathBuf {
    let mut log = Log::init(&scratch.log(), &scratch.lock(), ORIGIN, &signer(), at(0)).unwrap();
    for (from, to, seconds) in [(0, 256, 3_600), (256, 300, 7_200), (300, 600, 10_800)] {
        log.seal(&leaves(from, to), &signer(), at(seconds)).unwrap();
    }
    let copy = scratch.0.join("copy");
    export(&scratch.log(), &copy).unwrap();
    copy
}

/// The first fault that a verification names after `alter` did its work.
fn first_fault(copy: &Path, alter: impl FnOnce(&Path)) -> String {
    let kept: Vec<(PathBuf, Vec<u8>)> =
        files_under(copy).into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect();
    alter(copy);
    let report = verify_directory(copy, &[signer().verifier()], None);
    std::fs::remove_dir_all(copy).unwrap();
    for (path, bytes) in kept {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    assert!(!report.is_ok(), "{report}");
    report.faults[0].clone()
}

fn turn(path: &Path, place: usize) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[place] ^= 1;
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn u2_each_kind_of_damage_is_named_by_its_place() {
    let scratch = Scratch::new("kinds");
    let copy = two_levels(&scratch);
    let said = |alter: &dyn Fn(&Path)| first_fault(&copy, alter);
    let places = vec![
        said(&|log| turn(&log.join("tile/entries/000"), 5_000)),
        said(&|log| turn(&log.join("tile/entries/001"), 1)),
        said(&|log| turn(&log.join("tile/0/001"), 32 * 7)),
        said(&|log| turn(&log.join("tile/0/002.p/88"), 32 * 7)),
        said(&|log| turn(&log.join("tile/1/000.p/2"), 40)),
        said(&|log| std::fs::remove_file(log.join("tile/entries/001")).unwrap()),
        said(&|log| std::fs::remove_file(log.join("tile/0/001")).unwrap()),
        said(&|log| std::fs::remove_file(log.join("tile/1/000.p/2")).unwrap()),
        said(&|log| std::fs::remove_file(log.join("checkpoint")).unwrap()),
        said(&|log| {
            std::fs::rename(log.join("tile/0/000"), log.join("swap")).unwrap();
            std::fs::rename(log.join("tile/0/001"), log.join("tile/0/000")).unwrap();
            std::fs::rename(log.join("swap"), log.join("tile/0/001")).unwrap();
        }),
        said(&|log| {
            let path = log.join("tile/entries/002.p/88");
            let bytes = std::fs::read(&path).unwrap();
            std::fs::write(path, &bytes[..bytes.len() - 10]).unwrap();
        }),
        said(&|log| {
            let path = log.join("tile/entries/002.p/88");
            let mut bytes = std::fs::read(&path).unwrap();
            bytes.extend_from_slice(b"\0\x02hi");
            std::fs::write(path, bytes).unwrap();
        }),
        said(&|log| std::fs::write(log.join("tile/0/001"), [0; 32]).unwrap()),
        said(&|log| turn(&log.join("checkpoint"), 30)),
        said(&|log| turn(&log.join("checkpoints/300"), 30)),
        said(&|log| {
            std::fs::rename(log.join("checkpoints/300"), log.join("checkpoints/301")).unwrap();
        }),
        said(&|log| {
            std::fs::copy(log.join("checkpoints/300"), log.join("checkpoint")).unwrap();
        }),
    ];
    insta::assert_snapshot!(places.join("\n"));
}

/// Whoever alters an entry and every hash above it cannot sign the root: the range between two signed checkpoints is
/// named.
#[test]
fn an_entry_altered_with_its_tiles_is_between_two_signed_checkpoints() {
    let scratch = Scratch::new("consistent");
    let copy = two_levels(&scratch);
    let alter = |log: &Path, levels: u32| {
        let bundle = log.join("tile/entries/001");
        let mut bytes = std::fs::read(&bundle).unwrap();
        let place = bytes.windows(8).rposition(|window| window == b"flow_290").unwrap();
        bytes[place] = b'F';
        std::fs::write(&bundle, &bytes).unwrap();
        let hashes: Vec<Hash> = tile::decode_bundle(&bytes).unwrap().into_iter().map(leaf_hash).collect();
        std::fs::write(log.join("tile/0/001"), tile::encode_tile(&hashes)).unwrap();
        if levels > 1 {
            let path = log.join("tile/1/000.p/2");
            let mut above = tile::decode_tile(&std::fs::read(&path).unwrap(), 2).unwrap();
            above[1] = root(hashes.as_slice(), 256).unwrap();
            std::fs::write(&path, tile::encode_tile(&above)).unwrap();
        }
    };
    let said = first_fault(&copy, |log| alter(log, 1));
    assert!(said.contains("entries 256–511: tile/1/000.p/2 disagrees"), "{said}");
    let said = first_fault(&copy, |log| alter(log, 2));
    assert!(said.contains("entries 256–299: not what was signed"), "{said}");
}

/// The log's own key under two histories: no file is damaged, and it shows.
#[test]
fn a_checkpoint_of_another_history_shows() {
    let scratch = Scratch::new("fork");
    let copy = two_levels(&scratch);
    let fork = Checkpoint { origin: ORIGIN.into(), size: 300, root: leaf_hash(b"another history") };
    let said = first_fault(&copy, |log| {
        std::fs::write(log.join("checkpoints/300"), fork.sign(&signer())).unwrap();
    });
    assert!(said.contains("entries 256–299: checkpoints/300 signed another history"), "{said}");
    let report = verify_directory(&copy, &[signer().verifier()], Some(&fork));
    assert!(report.faults[0].contains("the checkpoint seen earlier signed another history"), "{report}");
}

#[test]
fn an_export_holds_what_its_checkpoint_signs_and_no_more() {
    let scratch = Scratch::new("exact");
    let copy = two_levels(&scratch);
    let names: Vec<String> = files_under(&copy)
        .iter()
        .map(|path| path.strip_prefix(&copy).unwrap().display().to_string())
        .collect();
    assert_eq!(
        names,
        [
            "checkpoint",
            "checkpoints/0",
            "checkpoints/256",
            "checkpoints/300",
            "checkpoints/600",
            "tile/0/000",
            "tile/0/001",
            "tile/0/002.p/88",
            "tile/1/000.p/2",
            "tile/entries/000",
            "tile/entries/001",
            "tile/entries/002.p/88",
            "vkey",
        ]
    );
    // The log itself keeps no partial tile of a tile that is full: they would outgrow it.
    assert!(!scratch.log().join("tile/0/001.p").exists());
    // The full tile stands in for a partial one that went.
    std::fs::copy(scratch.log().join("checkpoints/300"), scratch.log().join("checkpoint")).unwrap();
    let older = scratch.0.join("older");
    export(&scratch.log(), &older).unwrap();
    let report = verify_directory(&older, &[signer().verifier()], None);
    assert!(report.is_ok() && report.size == 300, "{report}");
    assert!(older.join("tile/entries/001.p/44").exists());
}

#[test]
fn files_that_prove_nothing_are_named() {
    let scratch = Scratch::new("others");
    let copy = two_levels(&scratch);
    std::fs::write(copy.join("notes.txt"), "hi").unwrap();
    std::fs::create_dir_all(copy.join("tile/0/002.p")).unwrap();
    std::fs::write(copy.join("tile/0/002.p/44"), "hi").unwrap();
    std::fs::write(copy.join("checkpoints/0300"), "hi").unwrap();
    let report = verify_directory(&copy, &[signer().verifier()], None);
    assert!(report.is_ok(), "{report}");
    let text = report.to_string();
    assert!(text.contains("a log of 600 entries: checkpoints/0300, notes.txt, tile/0/002.p/44\n"), "{text}");
}

/// A checkpoint of a hostile size with nothing behind it: told at once, not after 2^56 files.
#[test]
fn a_log_that_claims_more_than_it_has_is_refused_quickly() {
    let scratch = Scratch::new("huge");
    std::fs::create_dir_all(scratch.log()).unwrap();
    let huge = Checkpoint { origin: ORIGIN.into(), size: u64::MAX, root: leaf_hash(b"x") };
    std::fs::write(scratch.log().join("checkpoint"), huge.sign(&signer())).unwrap();
    std::fs::write(scratch.log().join("vkey"), signer().verifier().to_string()).unwrap();
    let report = verify_directory(&scratch.log(), &[], None);
    assert!(!report.is_ok() && report.more_faults, "{report}");
    std::fs::write(scratch.log().join("checkpoint"), vec![b'a'; 64 << 20]).unwrap();
    let report = verify_directory(&scratch.log(), &[], None);
    assert!(report.faults[0].contains("longer than any file"), "{report}");
}

#[test]
fn leaves_are_read_one_by_one_from_any_index() {
    let scratch = Scratch::new("leaves");
    let copy = two_levels(&scratch);
    for from in [0, 1, 255, 256, 599, 600, u64::MAX] {
        let read: Vec<(u64, Vec<u8>)> = Leaves::of(&copy, from).unwrap().map(Result::unwrap).collect();
        let expected: Vec<(u64, Vec<u8>)> = (from.min(600)..600).zip(leaves(from.min(600), 600)).collect();
        assert_eq!(read, expected, "from {from}");
    }
    std::fs::remove_file(copy.join("tile/entries/001")).unwrap();
    let read: Vec<_> = Leaves::of(&copy, 250).unwrap().collect();
    assert_eq!(read.len(), 7, "six entries, then the bundle that is missing");
    assert!(read.last().unwrap().is_err());
}
