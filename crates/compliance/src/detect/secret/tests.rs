//! The vectors of gitleaks, and passwords as people write them.

use super::*;

fn found(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    scan(text, &mut found);
    found.into_iter().map(|hit| text.get(hit.start..hit.end).unwrap().to_owned()).collect()
}

/// Rules whose positive is a bare id: decided in the module's table.
const BARE_IDS: &[&str] = &["messagebird-client-id", "snyk-api-token", "sonar-api-token"];

#[test]
fn the_vectors_of_gitleaks() {
    let Some(corpus) = crate::detect::tests::corpus() else { return };
    let text = std::fs::read_to_string(corpus.join("secrets/gitleaks_rule_vectors.jsonl")).unwrap();
    let mut wrong = Vec::new();
    for line in text.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let (rule, sample) = (row["rule"].as_str().unwrap(), row["text"].as_str().unwrap());
        let positive = row["expect"] == "tp" && !BARE_IDS.contains(&rule);
        // A key under another rule's negatives, a JSON web token behind Basic.
        let other =
            sample.starts_with("sk-ant-admin01-") && sample.ends_with("xyzAA") && rule == "anthropic-api-key"
                || sample.starts_with("sk-ant-api03-")
                    && sample.ends_with("xyzAA")
                    && rule == "anthropic-admin-api-key"
                || sample.contains("Authorization: Basic eyJhbGci");
        if found(sample).is_empty() == (positive || other) {
            wrong.push(format!("{rule} {} {sample}", row["expect"]));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn passwords_as_people_write_them() {
    for (text, expected) in [
        ("Le mot de passe est Vh7!kd92 pour l'archive.", Some("Vh7!kd92")),
        ("Mot de passe : Vh7!kd92", Some("Vh7!kd92")),
        ("mdp=azerty123", Some("azerty123")),
        ("Your password is \"Tr0ub4dor&3\".", Some("Tr0ub4dor&3")),
        ("password for the archive: Tr0ub4dor&3", Some("Tr0ub4dor&3")),
        ("https://svc:Vh7kd92@db.orveane.example/x", Some("svc:Vh7kd92")),
        ("Authorization: Bearer cfcabd11c7ed9a41b1a3e063c32d5114", Some("cfcabd11c7ed9a41b1a3e063c32d5114")),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE", Some("-----BEGIN RSA PRIVATE KEY-----")),
        ("login icaradec, mdp Printemps2026!", Some("Printemps2026!")),
        ("Mot de passe\nOrvelle#2026", Some("Orvelle#2026")),
        ("Mot de passe :\r\nOrvelle#2026\r\nBien à toi", Some("Orvelle#2026")),
        ("pw: Winter2026!!", Some("Winter2026!!")),
        ("User: omarsh\nPass: Tr0ub4dor&3", Some("Tr0ub4dor&3")),
        ("Boarding pass: AB12345", None),
        ("The password Windows11 asks for", None),
        ("mot de passe Wi-Fi6", None),
        ("Password rotation: 90-days", None),
        ("Mot de passe\nBienvenue à tous en 2026", None),
        ("Votre mot de passe expire le 12/03/2025.", None),
        ("Mot de passe : ********", None),
        ("Réinitialisez votre mot de passe : https://espace.example/reset/a1b2c3", None),
        ("The password policy is reviewed in Q3.", None),
        ("password: <your-password1>", None),
        ("Authorization: the board agreed", None),
        ("https://espace.example/a:b@c", None),
    ] {
        assert_eq!(found(text).first().map(String::as_str), expected, "{text}");
    }
}

#[test]
fn the_passcode_of_a_meeting_counts_for_less() {
    for (text, certainty) in [
        ("Meeting ID: 384 210 557 91\nPasscode: 7hKq2Z", 40),
        ("ID de réunion : 412 905 118 23\nCode secret : hG7Rq2", 40),
        ("https://orveane.zoom.us/j/91234567890?pwd=Q2hVbGxlbmdl7", 40),
        ("Code secret : hG7Rq2", 70),
        ("Meeting ID: 384 210 557 91. Password: Winter2026!!", 70),
    ] {
        let mut found = Vec::new();
        scan(text, &mut found);
        assert_eq!(found.first().map(|hit| hit.certainty), Some(certainty), "{text}");
    }
}
