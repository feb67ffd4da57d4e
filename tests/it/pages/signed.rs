//! Decisions signed by a security key: asked for by the organisation or offered, of exactly one decision, once.

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ledger::proof::Opening;
use ledger::{Checkpoint, Entry, Signer, Verifier, commitment, leaf_hash};
use operations::Policy;
use operations::organisation::SignedDecisions;
use serde_json::Value as Json;
use vocabulary::HoldId;

use super::people::{INES, administrator};
use crate::support::browser::Page;
use crate::support::cerebro::decision;
use crate::support::program::binary;
use crate::support::{Browser, GoVerifier, Scratch, SoftKey, TestCerebro, each_engine};

const MAELLE: &str = "maelle.brisson@orveane.example";

/// Somebody who is signed in and has a key besides their app.
async fn keyed(cerebro: &TestCerebro, email: &str) -> (Browser, SoftKey) {
    let (mut browser, mut key) = (administrator(cerebro, email).await, SoftKey::new());
    let made = key.create(&browser.get("/security/key").await.options());
    browser.post("/security/key", &[("credential", &made), ("name", "Badge"), ("next", "/")]).await;
    (browser, key)
}

async fn ask(cerebro: &TestCerebro, signed: SignedDecisions) {
    cerebro.set_policy(Policy { signed, ..Policy::default() }).await;
}

/// The first step of a decision: what is written, and the page that asks for the key.
async fn stated(browser: &mut Browser, path: &str, reason: &str) -> (Page, String) {
    let seen = browser.get(path).await.field("seen");
    let fields = [("motive", "other"), ("reason", reason), ("seen", &seen), ("sign", "yes")];
    let page = browser.post(path, &fields).await;
    assert!(page.body.contains("data-key=\"get\""), "{} {}", page.status, page.body);
    (page, seen)
}

async fn sign(
    browser: &mut Browser,
    path: &str,
    reason: &str,
    page: &Page,
    seen: &str,
    response: &str,
) -> Page {
    let nonce = page.field("nonce");
    let fields = [
        ("motive", "other"),
        ("reason", reason),
        ("seen", seen),
        ("sign", "yes"),
        ("nonce", &nonce),
        ("credential", response),
    ];
    browser.post(path, &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_that_must_be_signed_is_signed_once_and_anybody_can_check_it() {
    each_engine(async |cerebro| {
        ask(cerebro, SignedDecisions { reviews: true, ..SignedDecisions::default() }).await;
        let (mut ines, mut key) = keyed(cerebro, INES).await;
        let hold = cerebro.held().await;
        let path = format!("/holds/{hold}/release");
        assert!(ines.get(&path).await.body.contains("Votre organisation demande que votre clé"));
        let (page, seen) = stated(&mut ines, &path, "Vu avec le client").await;
        assert!(page.body.contains("Vu avec le client") && page.body.contains("Signer et décider"));
        let response = key.get(&page.options());
        let done = sign(&mut ines, &path, "Vu avec le client", &page, &seen, &response).await;
        assert_eq!(done.status, 303, "{}", done.body);
        let detail = cerebro.details("hold.released").await.remove(0);
        let statement: Json =
            serde_json::from_str(detail["key_signature"]["statement"].as_str().unwrap()).unwrap();
        assert_eq!(
            (&statement["decision"], &statement["hold"]),
            (&Json::from("release"), &Json::from(hold.to_string()))
        );
        // The same answer again, on the same hold and on another.
        let other = cerebro.held().await;
        for path in [path, format!("/holds/{other}/release")] {
            let again = sign(&mut ines, &path, "Vu avec le client", &page, &seen, &response).await;
            assert_ne!(again.status, 303, "{path}: a replay decides nothing");
        }
        assert_eq!(cerebro.details("hold.released").await.len(), 1);
        verified(cerebro, "hold.released").await;
    })
    .await;
}

/// The proof of the latest entry of a kind verifies by the program alone; altered in one place, it does not.
async fn verified(cerebro: &TestCerebro, kind: &str) {
    let felix = cerebro.sign_in("felix.quemener@orveane.example").await;
    cerebro.seal().await;
    let permit = felix.op.permit(access::action::ReadLedger, cerebro.bank).await.unwrap();
    let page = operations::evidence::look::look(&cerebro.cerebro, &felix.op, &permit, None).await.unwrap();
    let (index, _) = page.latest.iter().find(|(_, entry)| entry.kind == kind).unwrap();
    let proved =
        operations::evidence::prove::prove(&cerebro.cerebro, &felix.op, &permit, *index).await.unwrap();
    let file = cerebro.directory.join("entry.tlog-proof");
    std::fs::write(&file, &proved.file).unwrap();
    let out = Command::new(binary())
        .arg("verify")
        .arg(&file)
        .args(["--key", &cerebro.public_key])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(out.status.success() && said.contains("a security key signed exactly this decision"), "{said}");
    let added = cerebro.details("authenticator.added").await.remove(0);
    assert!(said.contains(added["key_sha256"].as_str().unwrap()), "the enrolment names the key: {said}");
    forged(cerebro, &proved.file);
}

/// An entry and its detail, about to be other than what a key signed.
type Forgery = fn(&mut Entry, &mut Json);

const FORGERIES: &[(&str, Forgery)] = &[
    ("another person", |entry, _| entry.actor = "account_01m8bt48f2ea4rtsc2w2q7b1n8".into()),
    ("another hold", |entry, _| entry.subject = "hold_01m8bt4950f0h9w7v0d2v9r3xk".into()),
    ("another organisation", |entry, _| {
        entry.organisation = "org_01h455vb4pex5vsknk084sn02q".parse().unwrap()
    }),
    ("another act", |entry, _| {
        let others = ["hold.arbitrated", "hold.overruled"];
        entry.kind = others.into_iter().find(|kind| *kind != entry.kind).unwrap().into();
    }),
    ("another verdict", |entry, detail| {
        entry.kind = "hold.rejected".into();
        detail["becomes"] = "rejected".into();
    }),
    ("a kind that nobody signs", |entry, _| entry.kind = "content.read".into()),
    ("another message", |_, detail| detail["seen_sha256"] = "00".repeat(32).into()),
    ("another flow", |_, detail| detail["flow"] = "flow_01m8bt494wenp88me90q0xt7cj".into()),
    ("another reason", |_, detail| detail["reason"] = "Vu sans le client".into()),
    ("another statement", |_, detail| said(detail, "statement", |text| text.replace("release", "reject"))),
    ("another origin", |_, detail| said(detail, "origin", |text| text.replace("orveane", "orvane"))),
    ("another challenge", |_, detail| bytes(detail, "client_data", |data| data[40] ^= 1)),
    ("another host", |_, detail| bytes(detail, "authenticator_data", |data| data[0] ^= 1)),
    ("nobody verified", |_, detail| bytes(detail, "authenticator_data", |data| data[32] &= !4)),
    ("another counter", |_, detail| bytes(detail, "authenticator_data", |data| data[36] ^= 1)),
    ("another signature", |_, detail| bytes(detail, "signature", |data| *data.last_mut().unwrap() ^= 1)),
    ("another key", |_, detail| bytes(detail, "key", |data| data[20] ^= 1)),
];

fn said(detail: &mut Json, part: &str, otherwise: impl Fn(&str) -> String) {
    let text = otherwise(detail["key_signature"][part].as_str().unwrap());
    detail["key_signature"][part] = text.into();
}

fn bytes(detail: &mut Json, part: &str, alter: impl Fn(&mut Vec<u8>)) {
    said(detail, part, |text| {
        let mut bytes = URL_SAFE_NO_PAD.decode(text).unwrap();
        alter(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    });
}

/// A log whose keeper signs what they like cannot make a key have signed it: neither `cerebro verify` nor a verifier in Go
/// takes any of it.
fn forged(cerebro: &TestCerebro, file: &str) {
    let proven = ledger::proof::verify(file, &Verifier::parse(&cerebro.public_key).unwrap()).unwrap();
    let scratch = Scratch::new("forged");
    let go = GoVerifier::build(&scratch);
    let forger = Signer::from_seed("forge.example/cerebro", &[9; 32]).unwrap();
    let key = forger.verifier().to_string();
    let untouched: (&str, Forgery) = ("untouched", |_, _| {});
    for (what, forge) in [&untouched].into_iter().chain(FORGERIES) {
        let mut entry = proven.entry.clone();
        let mut detail = serde_json::from_str(proven.detail.as_deref().unwrap()).unwrap();
        forge(&mut entry, &mut detail);
        let opening = Opening { salt: [7; 32], detail: detail.to_string() };
        entry.commitment = commitment(&opening.salt, opening.detail.as_bytes());
        let (origin, root) = ("forge.example/cerebro".to_owned(), leaf_hash(&entry.to_bytes()));
        let note = Checkpoint { origin, size: 1, root }.sign(&forger);
        let path = scratch.path().join("entry.tlog-proof");
        std::fs::write(&path, ledger::proof::render(0, &entry, Some(&opening), &[], &note)).unwrap();
        let out = Command::new(binary()).arg("verify").arg(&path).args(["--key", &key]).output().unwrap();
        let told = String::from_utf8_lossy(&out.stdout).into_owned();
        let holds = *what == "untouched";
        assert_eq!(out.status.code(), Some(if holds { 0 } else { 1 }), "{what}: {told}");
        assert_eq!(told.contains("FAULT        the signature of a security key"), !holds, "{what}: {told}");
        if let Some(go) = &go {
            let told = go.verify(&path, &key, &[]);
            assert_eq!(told.is_ok(), holds, "{what}: {told:?}");
            let told = told.unwrap_or_else(|told| told);
            assert!(
                told.contains("verified entry 0") && told.contains("the key ") == holds,
                "{what}: {told}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_of_anything_else_decides_nothing() {
    each_engine(async |cerebro| {
        ask(cerebro, SignedDecisions { overrides: true, ..SignedDecisions::default() }).await;
        let (mut maelle, mut key) = keyed(cerebro, MAELLE).await;
        let (hold, other) = (cerebro.held().await, cerebro.held().await);
        let path = |hold: HoldId, word: &str| format!("/holds/{hold}/overrule/{word}");
        let (mine, theirs) = (path(hold, "release"), path(other, "release"));
        const WHY: &str = "Accord de la conformité";
        let (page, seen) = stated(&mut maelle, &mine, WHY).await;
        let right = key.get(&page.options());
        // Another flow, another verdict, another reason: each with the signature of this one.
        for (path, reason) in
            [(&theirs, WHY), (&path(hold, "reject"), WHY), (&mine, "Accord de la conformité.")]
        {
            let seen = maelle.get(path).await.field("seen");
            let page = sign(&mut maelle, path, reason, &page, &seen, &right).await;
            assert_eq!(page.status, 422, "{path} {reason}: {}", page.body);
            assert!(page.body.contains("La clé n’a pas signé cette décision"));
        }
        // Another nonce than the one that was asked.
        let nonce = URL_SAFE_NO_PAD.encode([7; 32]);
        let fields = [("reason", WHY), ("seen", &seen), ("nonce", &nonce), ("credential", &right)];
        assert_eq!(maelle.post(&mine, &fields).await.status, 422);
        // One bit of what the authenticator said; a stranger's key; a question of another purpose.
        let mut answer: Json = serde_json::from_str(&right).unwrap();
        let data = answer["response"]["authenticatorData"].as_str().unwrap();
        let mut bytes = URL_SAFE_NO_PAD.decode(data).unwrap();
        bytes[36] ^= 1;
        answer["response"]["authenticatorData"] = Json::from(URL_SAFE_NO_PAD.encode(&bytes));
        let stepping = maelle.get("/step-up").await.options();
        for (what, response) in [
            ("an altered answer", answer.to_string()),
            ("a key nobody enrolled", SoftKey::new().get(&page.options())),
            ("presence, proved for something else", key.get(&stepping)),
            ("nothing that is one", "{}".to_owned()),
        ] {
            maelle.get(&mine).await;
            let page = sign(&mut maelle, &mine, WHY, &page, &seen, &response).await;
            assert_eq!(page.status, 422, "{what}");
        }
        // Too late, and from another session.
        let (page, seen) = stated(&mut maelle, &mine, WHY).await;
        let late = key.get(&page.options());
        cerebro.clock.advance(std::time::Duration::from_secs(5 * 60 + 1));
        maelle.get(&mine).await;
        assert_eq!(sign(&mut maelle, &mine, WHY, &page, &seen, &late).await.status, 422);
        let (page, seen) = stated(&mut maelle, &mine, WHY).await;
        let elsewhere = key.get(&page.options());
        let mut second = administrator(cerebro, MAELLE).await;
        second.get(&mine).await;
        assert_eq!(sign(&mut second, &mine, WHY, &page, &seen, &elsewhere).await.status, 422);
        assert!(cerebro.details("hold.overruled").await.is_empty(), "nothing was decided");
        // The right one, at last.
        maelle.get(&mine).await;
        assert_eq!(sign(&mut maelle, &mine, WHY, &page, &seen, &elsewhere).await.status, 303);
        verified(cerebro, "hold.overruled").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_nothing_that_must_be_signed_is_decided_and_services_decide_none() {
    each_engine(async |cerebro| {
        let hold = cerebro.held().await;
        let person = cerebro.sign_in(INES).await;
        let permit = person.op.permit(access::action::ReadHold, hold).await.unwrap();
        let class = operations::review::open::open(&person.op, permit).await.unwrap().class;
        let classes = vec![class.parse().unwrap()];
        ask(cerebro, SignedDecisions { classes, ..SignedDecisions::default() }).await;
        let path = format!("/holds/{hold}/release");
        let mut ines = administrator(cerebro, INES).await;
        let page = ines.get(&path).await;
        assert!(page.body.contains("et vous n’en avez pas"), "{}", page.body);
        let seen = page.field("seen");
        let fields = [("motive", "other"), ("reason", "Vu avec le client"), ("seen", seen.as_str())];
        let page = ines.post(&path, &fields).await;
        assert!(page.status == 422 && page.body.contains("Vu avec le client"), "what was written is kept");
        // The verb itself, by whatever door.
        let made = decision(&person, hold, "Vu avec le client").await;
        let permit = person.op.permit(access::action::ReleaseHold, hold).await.unwrap();
        let refused = operations::review::decide::release(&cerebro.cerebro, &person.op, permit, made).await;
        assert!(matches!(refused, Err(operations::review::ReviewError::SignatureNeeded)), "{refused:?}");
        // Where nothing is asked for, a key may sign all the same, and need not.
        ask(cerebro, SignedDecisions::default()).await;
        let (mut ines, mut key) = keyed(cerebro, INES).await;
        assert!(ines.get(&path).await.body.contains("Signer cette décision avec ma clé"));
        let (page, seen) = stated(&mut ines, &path, "Vu avec le client").await;
        let response = key.get(&page.options());
        assert_eq!(sign(&mut ines, &path, "Vu avec le client", &page, &seen, &response).await.status, 303);
        let other = cerebro.held().await;
        let path = format!("/holds/{other}/reject");
        let seen = ines.get(&path).await.field("seen");
        let fields = [("motive", "other"), ("reason", "Erreur d’adresse"), ("seen", seen.as_str())];
        assert_eq!(ines.post(&path, &fields).await.status, 303);
        assert!(cerebro.details("hold.rejected").await[0].get("key_signature").is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn w5_a_copy_that_signs_a_decision_is_suspended_and_decides_nothing() {
    each_engine(async |cerebro| {
        let (mut ines, mut key) = keyed(cerebro, INES).await;
        let mut copy = key.clone();
        let hold = cerebro.held().await;
        let path = format!("/holds/{hold}/release");
        let stepping = ines.get("/step-up").await.options();
        let fields = [("credential", key.get(&stepping)), ("next", "/".into())];
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(ines.post("/step-up/key", &fields).await.location, "/");
        let (page, seen) = stated(&mut ines, &path, "Vu avec le client").await;
        let response = copy.get(&page.options());
        let answer = sign(&mut ines, &path, "Vu avec le client", &page, &seen, &response).await;
        assert_ne!(answer.status, 200);
        assert!(cerebro.kinds().await.contains(&"authenticator.suspended".to_owned()));
        assert!(cerebro.details("hold.released").await.is_empty());
        assert!(cerebro.mail_to(INES).await.iter().any(|text| text.contains("deux exemplaires")));
    })
    .await;
}
