//! The invented organisations of the tests, and who works there.

use access::Mission;
use operations::Policy;
use operations::accounts::bootstrap::{NewOrganisation, NewPerson};
use vocabulary::{EmailAddress, Locale, Secret};

use super::cerebro::{PASSWORD, TOTP};

/// Somebody with a password and a second factor.
pub(super) fn person(name: &str, mission: Mission) -> NewPerson {
    let local = name.to_lowercase().replace(' ', ".");
    NewPerson {
        name: name.to_owned(),
        email: EmailAddress::parse(&format!("{local}@orveane.example")).unwrap(),
        locale: Locale::Fr,
        missions: vec![mission],
        password: Some(
            identity::password::PasswordPolicy::default()
                .accept(
                    identity::password::PresentedPassword::new(PASSWORD).unwrap(),
                    &[],
                    &identity::password::EmbeddedList,
                )
                .unwrap(),
        ),
        totp: Some(Secret::new(TOTP.to_vec())),
    }
}

/// Somebody who has enrolled no second factor yet.
pub(super) fn bare(name: &str, missions: Vec<Mission>) -> NewPerson {
    NewPerson { totp: None, missions, ..person(name, Mission::Operator) }
}

/// Where most of the tests take place.
pub(super) fn bank() -> NewOrganisation {
    NewOrganisation {
        name: "Banque Orvéane".into(),
        domains: vec!["orveane.example".into()],
        origin: "orveane.example/cerebro".into(),
        policy: Policy {
            deputy: Some(EmailAddress::parse("deputy@orveane.example").unwrap()),
            ..Policy::default()
        },
        people: vec![
            person("Ines Kermadec", Mission::Operator),
            person("Theodore Vasquin", Mission::Operator),
            person("Sofiane Delattre", Mission::Arbiter),
            person("Solenne Marchais", Mission::Custodian),
            person("Maelle Brisson", Mission::Supervisor),
            person("Renan Tregor", Mission::Supervisor),
            person("Felix Quemener", Mission::Auditor),
            person("Odile Sarrazin", Mission::Administrator),
            person("Hugues Tallec", Mission::Administrator),
            bare("Clemence Aubertin", vec![Mission::Operator]),
            bare("Bastien Lormeau", vec![Mission::Administrator]),
        ],
        services: vec![("CRM".into(), vec![Mission::Connector])],
    }
}

/// Whose things nobody of the bank may see.
pub(super) fn other() -> NewOrganisation {
    NewOrganisation {
        name: "Quillon".into(),
        domains: vec!["quillon.example".into()],
        origin: "quillon.example/cerebro".into(),
        policy: Policy::default(),
        people: Vec::new(),
        services: vec![("Registre".into(), vec![Mission::Connector])],
    }
}
