use proptest::prelude::*;

use super::*;

fn ranges(texts: &[&str]) -> Vec<Range> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn models(count: u8) -> Vec<Aaguid> {
    (0..count).map(|n| format!("ee882879-721c-4913-9775-3dfcce9707{n:02x}").parse().unwrap()).collect()
}

const fn lasting(idle: u32, whole: u32) -> Lasting {
    Lasting { idle, whole }
}

#[test]
fn clause_t1_clause_a1_clause_t2_clause_t4_which_way_is_tighter() {
    use Family::{Administration, Governance, Operational};
    let table = [
        (
            Setting::Session(Operational, lasting(30, 720)),
            Setting::Session(Operational, lasting(20, 720)),
            false,
        ),
        (
            Setting::Session(Operational, lasting(20, 720)),
            Setting::Session(Operational, lasting(30, 720)),
            true,
        ),
        (
            Setting::Session(Administration, lasting(10, 60)),
            Setting::Session(Administration, lasting(5, 61)),
            true,
        ),
        (Setting::Mandatory(Governance, true), Setting::Mandatory(Governance, false), true),
        (Setting::Mandatory(Governance, false), Setting::Mandatory(Governance, true), false),
        (Setting::PostponeDays(3), Setting::PostponeDays(4), true),
        (Setting::PostponeDays(3), Setting::PostponeDays(0), false),
        (
            Setting::NewPlace(Operational, NewPlace::Refuse),
            Setting::NewPlace(Operational, NewPlace::Approval),
            true,
        ),
        (
            Setting::NewPlace(Operational, NewPlace::SecondFactor),
            Setting::NewPlace(Operational, NewPlace::Approval),
            false,
        ),
        (Setting::Trusted(ranges(&["10.0.0.0/8"])), Setting::Trusted(ranges(&["10.1.0.0/16"])), false),
        (Setting::Trusted(ranges(&["10.1.0.0/16"])), Setting::Trusted(ranges(&["10.0.0.0/8"])), true),
        (Setting::Trusted(ranges(&[])), Setting::Trusted(ranges(&["10.0.0.0/8"])), true),
        (Setting::Trusted(ranges(&["10.0.0.0/8"])), Setting::Trusted(ranges(&[])), true),
        (
            Setting::Trusted(ranges(&["10.0.0.0/8", "192.0.2.0/24"])),
            Setting::Trusted(ranges(&["192.0.2.0/24"])),
            false,
        ),
        (Setting::KeyModels(models(0)), Setting::KeyModels(models(1)), false),
        (Setting::KeyModels(models(1)), Setting::KeyModels(models(0)), true),
        (Setting::KeyModels(models(2)), Setting::KeyModels(models(1)), false),
        (Setting::KeyModels(models(1)), Setting::KeyModels(models(2)), true),
        (Setting::PasswordChars(14), Setting::PasswordChars(12), true),
        (Setting::PasswordChars(12), Setting::PasswordChars(14), false),
        (Setting::Passphrases(false), Setting::Passphrases(true), true),
        (Setting::Passphrases(true), Setting::Passphrases(false), false),
    ];
    for (before, after, loosens) in table {
        assert_eq!(after.loosens(&before), loosens, "{} {before} -> {after}", after.word());
    }
}

#[test]
fn clause_a1_clause_a3_clause_t1_clause_t2_m5_nothing_goes_below_the_floor() {
    use Family::{Administration, Operational};
    let outside = [
        (Setting::Session(Operational, lasting(31, 720)), "T1"),
        (Setting::Session(Operational, lasting(30, 721)), "T1"),
        (Setting::Session(Operational, lasting(0, 720)), "T1"),
        (Setting::Session(Operational, lasting(30, 29)), "T1"),
        (Setting::Session(Administration, lasting(16, 480)), "T1"),
        (Setting::Mandatory(Administration, false), "A1"),
        (Setting::PostponeDays(8), "A1"),
        (Setting::NewPlace(Administration, NewPlace::EmailedCode), "T2"),
        (Setting::PasswordChars(11), "A3"),
        (Setting::Trusted(ranges(&["0.0.0.0/0"])), "T4"),
        (Setting::Trusted(ranges(&["::/0"])), "T4"),
    ];
    for (setting, clause) in outside {
        let refused = setting.check().unwrap_err().to_string();
        assert!(refused.contains(clause), "{refused}");
    }
    for setting in Policy::default().settings() {
        setting.check().unwrap();
    }
    // What stands in a database all the same counts as the clause.
    let wide = Sessions { operational: lasting(600, 6000), ..Sessions::default() };
    assert_eq!(wide.limits([Family::Operational]), SessionLimits::STANDARD);
    assert_eq!(wide.limits([]), SessionLimits::STANDARD);
}

#[test]
fn clause_t1_s2_the_strictest_family_counts() {
    let sessions = Sessions { governance: lasting(5, 600), ..Sessions::default() };
    let limits = sessions.limits([Family::Governance, Family::Administration]);
    assert_eq!((limits.idle().as_secs(), limits.absolute().as_secs()), (5 * 60, 480 * 60));
}

fn setting() -> impl Strategy<Value = Setting> {
    let family = prop_oneof![Just(Family::Operational), Just(Family::Governance)];
    let place = prop_oneof![
        Just(NewPlace::EmailedCode),
        Just(NewPlace::SecondFactor),
        Just(NewPlace::Approval),
        Just(NewPlace::Refuse)
    ];
    let networks = proptest::sample::subsequence(
        ranges(&["10.0.0.0/8", "10.1.0.0/16", "192.0.2.0/24", "2001:db8::/32"]),
        0..4,
    );
    prop_oneof![
        (family.clone(), 1_u32..=30, 30_u32..=720)
            .prop_map(|(family, idle, whole)| Setting::Session(family, lasting(idle, whole))),
        (family.clone(), any::<bool>()).prop_map(|(family, on)| Setting::Mandatory(family, on)),
        (0_u32..=7).prop_map(Setting::PostponeDays),
        (family, place).prop_map(|(family, rule)| Setting::NewPlace(family, rule)),
        networks.prop_map(Setting::Trusted),
        (0_u8..4).prop_map(|count| Setting::KeyModels(models(count))),
        (12_u32..=20).prop_map(Setting::PasswordChars),
        any::<bool>().prop_map(Setting::Passphrases),
    ]
}

proptest! {
    /// Whatever is set is read back, survives its JSON, and is no change any more.
    #[test]
    fn a_setting_that_is_taken_over_stands(all in proptest::collection::vec(setting(), 1..8)) {
        let mut policy = Policy::default();
        for setting in all {
            policy.set(setting.clone());
            prop_assert!(policy.settings().contains(&setting));
            prop_assert!(policy.changes(std::slice::from_ref(&setting)).is_empty());
        }
        let text = serde_json::to_string(&policy).unwrap();
        prop_assert_eq!(serde_json::from_str::<Policy>(&text).unwrap(), policy);
    }

    /// There and back: at least one of the two ways loosens, or nothing changed.
    #[test]
    fn no_way_round_without_a_second_person(one in setting(), other in setting()) {
        // Of most pairs there is nothing to say.
        if one.word() != other.word() || one == other {
            return Ok(());
        }
        let equal_lists = matches!((&one, &other), (Setting::Trusted(a), Setting::Trusted(b)) if a.iter().all(|r| b.iter().any(|k| k.covers(*r))) && b.iter().all(|r| a.iter().any(|k| k.covers(*r))));
        prop_assert!(equal_lists || one.loosens(&other) || other.loosens(&one));
    }
}
