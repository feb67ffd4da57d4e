//! `docs/formats/ledger.md`.

use std::fmt::Write as _;

use access::EvidenceKind;
use ledger::{Checkpoint, Entry, Hash, Signer, commitment, leaf_hash, node_hash, proof, tile};
use vocabulary::Timestamp;

use crate::support::documents::generated;

const DOCUMENT: &str = "docs/formats/ledger.md";

#[test]
fn ledger_kinds() {
    let mut table = String::from("| kind | says |\n|---|---|\n");
    for kind in EvidenceKind::ALL {
        let _ = writeln!(table, "| `{}` | {} |", kind.word(), kind.meaning());
    }
    generated(DOCUMENT, "evidence kinds", &table);
}

/// Three entries, as different as can be said in few lines.
fn entries() -> Vec<(Entry, proof::Opening)> {
    let facts = [
        ("flow.settled", "system:gateway", "flow_01m8bt494wenp88me90q0xt7cj", r#"{"verdict":"hold"}"#),
        ("content.read", "account_01m8bt48f2ea4rtsc2w2q7b1n8", "hold_01m8bt4950f0h9w7v0d2v9r3xk", "{}"),
        (
            "hold.released",
            "account_01m8bt48f2ea4rtsc2w2q7b1n8",
            "hold_01m8bt4950f0h9w7v0d2v9r3xk",
            r#"{"reason":"Vérifié avec le client"}"#,
        ),
    ];
    let made = (0_u8..).zip(facts).map(|(number, (kind, actor, subject, detail))| {
        let opening = proof::Opening { salt: [0xa0 + number; 32], detail: detail.to_owned() };
        let entry = Entry {
            organisation: "org_01h455vb4pex5vsknk084sn02q".parse().unwrap(),
            kind: kind.to_owned(),
            at: Timestamp::from_micros(1_795_692_831_903_792 + i64::from(number) * 60_000_000),
            actor: actor.to_owned(),
            operation: format!("operation_01m8bt494we4ftq2763tpdp8z{number}").parse().unwrap(),
            subject: subject.to_owned(),
            commitment: commitment(&opening.salt, detail.as_bytes()),
        };
        (entry, opening)
    });
    made.collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Indented as a block, long lines cut.
fn block(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let letters: Vec<char> = line.chars().collect();
        for (number, part) in letters.chunks(110).enumerate() {
            let lead = if number == 0 { "    " } else { "      " };
            let _ = writeln!(out, "{lead}{}", part.iter().collect::<String>());
        }
        if letters.is_empty() {
            out.push('\n');
        }
    }
    out
}

#[test]
fn ledger_example() {
    let seed: [u8; 32] = std::array::from_fn(|place| place as u8);
    let signer = Signer::from_seed("bank.example/cerebro", &seed).unwrap();
    let (entries, openings): (Vec<Entry>, Vec<proof::Opening>) = entries().into_iter().unzip();
    let leaves: Vec<Vec<u8>> = entries.iter().map(Entry::to_bytes).collect();
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| leaf_hash(leaf)).collect();
    let left = node_hash(&hashes[0], &hashes[1]);
    let root = node_hash(&left, &hashes[2]);
    let checkpoint = Checkpoint { origin: "bank.example/cerebro".into(), size: 3, root };
    let note = checkpoint.sign(&signer);
    let file = proof::render(2, &entries[2], Some(&openings[2]), &[left], &note);
    assert_eq!(proof::verify(&file, &signer.verifier()).unwrap().detail, Some(openings[2].detail.clone()));

    let mut text = String::new();
    let mut say = |words: &str, shown: &str| {
        let _ = write!(text, "{words}\n\n{}\n", block(shown));
    };
    say("The public key, as `--key` takes it:", &signer.verifier().to_string());
    for (number, (leaf, opening)) in leaves.iter().zip(&openings).enumerate() {
        say(
            &format!(
                "Entry {number}, {} bytes; its detail is `{}`, so its commitment is `{}`:",
                leaf.len(),
                opening.detail,
                hex(&entries[number].commitment.0)
            ),
            std::str::from_utf8(leaf).unwrap(),
        );
    }
    say("The three leaf hashes, which one after the other are the tile `tile/0/000.p/3`:", &{
        hashes.iter().map(|hash| hex(&hash.0)).collect::<Vec<_>>().join("\n")
    });
    assert_eq!(tile::encode_tile(&hashes).len(), 96);
    say("The node above the first two, and the root, which is the node of that one and the third leaf:", &{
        format!("{}\n{}", hex(&left.0), hex(&root.0))
    });
    let bundle = tile::encode_bundle(&leaves);
    say(
        &format!(
            "The bundle `tile/entries/000.p/3` has {} bytes. It begins with the length of entry 0, {} = `{}`, and its SHA-256 is:",
            bundle.len(),
            leaves[0].len(),
            hex(&bundle[..2])
        ),
        // An unsalted commitment is a plain SHA-256 of the rest: the salt is the first 32 bytes.
        &hex(&commitment(bundle.first_chunk::<32>().unwrap(), &bundle[32..]).0),
    );
    say("The checkpoint:", &note);
    say("The proof of entry 2, opened:", &file);
    generated(DOCUMENT, "ledger example", &text);
}
