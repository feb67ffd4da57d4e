use proptest::prelude::*;
use vocabulary::SeededEntropy;

use super::*;

fn presented(text: &str) -> PresentedPassword {
    PresentedPassword::new(text).unwrap()
}

const WORDS: [&str; 4] =
    ["Inès Kermadec", "ines.kermadec@orveane.example", "Banque Orvéane", "orveane.example"];

fn broken(policy: PasswordPolicy, text: &str) -> Vec<&'static str> {
    match policy.accept(presented(text), &WORDS, &EmbeddedList) {
        Ok(_) => vec![],
        Err(broken) => broken.rules().iter().map(|rule| rule.word()).collect(),
    }
}

#[test]
fn clause_a3_p1_p2_p4_the_rules() {
    let cases: [(&str, &[&str]); 18] = [
        // Twelve and thirteen characters ask all four classes.
        ("vK7#mQ2zL!pX", &[]),
        ("vK7#mQ2zL!p", &["too_short"]),
        ("vK7mmQ2zLtpXw", &["too_few_classes"]),
        // From fourteen on, three do.
        ("vK7mmQ2zLtpXwB", &[]),
        ("vk7mmq2zltpxwb", &["too_few_classes"]),
        ("plume orage sept Kayak", &[]),
        ("xf6CMqLRpeuHjUVv", &["breached"]),
        // Length counts characters, not bytes, after NFKC; letters without case are of the fourth class.
        ("é7#Kmé2zLépX", &[]),
        ("漢字7Kmq2zLtpXe", &[]),
        ("ﬁ7#Kmq2zL!p", &[]),
        ("🦀7#Kmq2zL!p", &["too_short"]),
        // Guessable, knowing who and where.
        ("Cerebro2026!", &["guessable"]),
        ("Orveane2026!", &["guessable"]),
        ("Ines.Kermadec1", &["guessable"]),
        ("KERMADÉC-orvéane!78", &["guessable"]),
        ("Kermadec-7fJ2!mQw", &[]),
        ("", &["too_short", "too_few_classes", "guessable"]),
        ("password1234", &["too_few_classes", "guessable", "breached"]),
    ];
    for (text, rules) in cases {
        assert_eq!(broken(PasswordPolicy::default(), text), rules, "{text}");
    }
    // All broken rules in one sentence, with the clause.
    let refused =
        PasswordPolicy::default().accept(presented("Kermadec1"), &WORDS, &EmbeddedList).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the password is refused (clause A3): it has fewer than 12 characters; \
         it has fewer than 4 of: lower case, upper case, digit, other; it is easily guessed"
    );
}

#[test]
fn clause_a3_only_tightens() {
    assert!(PasswordPolicy::new(11, false).unwrap_err().to_string().contains("A3"));
    assert!(PasswordPolicy::new(65, true).is_err());
    let long = PasswordPolicy::new(16, false).unwrap();
    assert_eq!(broken(long, "vK7#mQ2zL!pX"), ["too_short"]);
    assert_eq!(broken(long, "vK7#mQ2zL!pXabcd"), [""; 0]);
    let passphrases = PasswordPolicy::new(12, true).unwrap();
    let passphrase = "plume orage kayak sept";
    assert_eq!(broken(passphrases, passphrase), [""; 0]);
    assert_eq!(broken(PasswordPolicy::default(), passphrase), ["too_few_classes"]);
    assert_eq!(
        broken(passphrases, "plume orage kayak"),
        ["too_few_classes"],
        "seventeen characters are no passphrase"
    );
    assert_eq!(broken(passphrases, "aaaaaaaaaaaaaaaaaaaaaaaaa"), ["guessable"]);
}

#[test]
fn clause_a3_p4_known_passwords_in_any_case() {
    assert!((40_000..50_000).contains(&EmbeddedList.len()));
    for known in ["password1234", "PassWord1234", "1234567890qwerty", "xf6CMqLRpeuHjUVv", "XF6cmqlrpeuhjuvv"]
    {
        assert_eq!(EmbeddedList.look(known), Found::Yes, "{known}");
    }
    for unknown in ["", "vK7#mQ2zL!pX", "password", "plume orage kayak sept"] {
        assert_eq!(EmbeddedList.look(unknown), Found::No, "{unknown}");
    }
}

#[test]
fn p2_p3_never_cut_short() {
    assert!(PresentedPassword::new(&"a".repeat(256)).is_ok());
    assert!(PresentedPassword::new(&"a".repeat(257)).is_err());
    assert!(PresentedPassword::new(&"é".repeat(256)).is_ok(), "code points, not bytes");
    assert!(PresentedPassword::new(&"\u{fdfa}".repeat(20)).is_err(), "one character becomes eighteen");
    assert!(PresentedPassword::new(&"x".repeat(100_000_000)).is_err(), "refused without reading it all");
    assert_eq!(format!("{:?}", presented("secret")), "PresentedPassword(…)");
}

fn hasher(pepper: u8) -> PasswordHasher {
    PasswordHasher::new(Secret::new([pepper; 32]))
}

fn accepted(text: &str) -> AcceptedPassword {
    PasswordPolicy::default().accept(presented(text), &[], &EmbeddedList).unwrap()
}

#[test]
fn what_is_kept_verifies() {
    let entropy = SeededEntropy::new(1);
    let kept = hasher(1).hash(&accepted("vK7#mQ2zL!pé"), &entropy).unwrap();
    assert!(kept.as_str().starts_with("$argon2id$v=19$m=47104,t=1,p=1$"));
    assert_eq!(format!("{kept:?}"), "PasswordHash(…)");
    let kept = PasswordHash::parse(kept.as_str()).unwrap();
    assert!(!kept.is_outdated());
    assert!(hasher(1).verify(&presented("vK7#mQ2zL!pé"), &kept));
    assert!(hasher(1).verify(&presented("vK7#mQ2zL!pe\u{301}"), &kept), "the same in NFKC");
    assert!(!hasher(1).verify(&presented("vK7#mQ2zL!pe"), &kept));
    assert!(!hasher(1).verify(&presented("vK7#mQ2zL!pé "), &kept), "nothing is trimmed");
    assert!(!hasher(2).verify(&presented("vK7#mQ2zL!pé"), &kept), "the database alone is no use");
    assert!(!hasher(1).verify_nobody(&presented("vK7#mQ2zL!pé")));
    let other = hasher(1).hash(&accepted("vK7#mQ2zL!pé"), &entropy).unwrap();
    assert_ne!(kept, other, "a new salt each time");
}

#[test]
fn every_character_counts() {
    // Past byte 72, where some hashes stop reading.
    let long = format!("{}vK7#", "a1B!c2D?".repeat(20));
    let kept = hasher(1).hash(&accepted(&long), &SeededEntropy::new(1)).unwrap();
    assert!(hasher(1).verify(&presented(&long), &kept));
    assert!(!hasher(1).verify(&presented(&format!("{}vK7!", "a1B!c2D?".repeat(20))), &kept));
}

#[test]
fn what_is_not_a_kept_password() {
    let good =
        "$argon2id$v=19$m=1024,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    assert!(PasswordHash::parse(good).unwrap().is_outdated());
    for (from, to) in [
        ("argon2id", "argon2i"),
        ("v=19", "v=16"),
        ("m=1024", "m=4294967295"),
        ("m=1024", "m=1"),
        ("t=2", "t=1000"),
        ("t=2", "t=0"),
        ("p=1", "p=200"),
        ("$AAAAAAAAAAAAAAAAAAAAAA$", "$AAAA$"),
        ("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", ""),
    ] {
        assert!(PasswordHash::parse(&good.replacen(from, to, 1)).is_err(), "{from} → {to}");
    }
    assert!(PasswordHash::parse(&format!("{good}{}", "A".repeat(1_000))).is_err());
}

proptest! {
    #[test]
    fn a_generated_password_breaks_no_rule(seed: u64) {
        let password = AcceptedPassword::generate(&SeededEntropy::new(seed));
        let text = password.presented().expose();
        prop_assert_eq!(broken(PasswordPolicy::new(24, false).unwrap(), text), [""; 0], "{}", text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,300}") {
        let _ = PasswordHash::parse(&text);
        if let Ok(password) = PresentedPassword::new(&text) {
            prop_assert!(password.chars() <= vocabulary::bounds::PASSWORD_CHARS_MAX);
            let again = PresentedPassword::new(password.expose()).unwrap();
            prop_assert_eq!(again.expose(), password.expose(), "normalising twice changes nothing");
        }
    }

    #[test]
    fn nothing_below_the_floor_is_accepted(text in "[a-zA-Z0-9!#é]{0,16}") {
        if let Ok(accepted) = PasswordPolicy::default().accept(presented(&text), &[], &EmbeddedList) {
            prop_assert!(accepted.presented().chars() >= 12);
        }
    }
}
