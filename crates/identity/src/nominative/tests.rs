use proptest::prelude::*;

use super::*;

fn address(local: &str) -> EmailAddress {
    EmailAddress::parse(&format!("{local}@orveane.example")).unwrap()
}

#[test]
fn clause_a5_role_mailboxes_are_refused() {
    for local in [
        "info",
        "INFO",
        "contact",
        "admin",
        "admin1",
        "support-paris",
        "service.client",
        "serviceclient",
        "no-reply",
        "noreply",
        "ne-pas-repondre",
        "compta",
        "comptabilité",
        "comptabilite.lyon",
        "conformite",
        "compliance",
        "rh",
        "ressources-humaines",
        "direction",
        "equipe.trading",
        "team-kyc",
        "postmaster",
        "abuse",
        "security",
        "back-office",
        "backoffice2",
        "salle.de.marche",
        "tresorerie",
        "achats",
        "ventes",
        "reclamations",
        "alerts",
        "bal-fraude",
        "dpo",
        "rssi",
        "helpdesk",
        "stagiaire3",
        "2026",
        "123-456",
        "\"info\"",
        "info+bonjour",
        "service_juridique",
        "facturation.fr",
        "it",
        "ops",
        "operators",
    ] {
        let refused = check("Inès Kermadec", &address(local));
        assert!(matches!(refused, Err(NotNominative::RoleMailbox(_))), "{local}: {refused:?}");
    }
}

#[test]
fn clause_a5_people_are_welcome() {
    for (name, local) in [
        ("Inès Kermadec", "ines.kermadec"),
        ("Inès Kermadec", "i.kermadec"),
        ("Inès Kermadec", "kermadec"),
        ("Jean Bureau", "jean.bureau"),
        ("Marie Achat", "marie.achat"),
        ("Paul Marchand", "pmarchand"),
        ("Claire Chef", "claire.chef"),
        ("Pierre Directeur", "pierre-directeur"),
        ("Alain Contact", "a.contact"),
        ("Noël Standard", "noel.standard"),
        ("Max Operator", "max_operator2"),
        ("Adminata Diallo", "adminata.diallo"),
        ("Infante Oriol", "infante.oriol"),
        ("Rhéa Salès", "rhea.sales"),
        ("Ole Tester", "ole.tester"),
        ("Itziar Goñi", "itziar"),
        ("李 明", "li.ming"),
        ("Séverine d’Aubigné", "s.d'aubigne"),
        ("Teamour Bey", "teamour.bey+rh"),
    ] {
        assert_eq!(check(name, &address(local)), Ok(()), "{name} <{local}>");
    }
}

#[test]
fn clause_a5_collective_names_are_refused() {
    for name in [
        "Service Conformité",
        "Équipe Trading",
        "Compliance Team",
        "Support",
        "Back Office",
        "Direction des Risques",
        "KYC Desk",
        "Comptabilité",
        "Admin",
        "Groupe Trésorerie",
        "Ressources Humaines",
        "L'équipe de la conformité",
    ] {
        let refused = check(name, &address("ines.kermadec"));
        assert!(matches!(refused, Err(NotNominative::CollectiveName(_))), "{name}: {refused:?}");
    }
    for name in ["", "   ", "12", "a\nb", &"a".repeat(121)] {
        assert_eq!(check(name, &address("ines.kermadec")), Err(NotNominative::Name), "{name:?}");
    }
}

proptest! {
    #[test]
    fn decoration_does_not_make_a_person_of_a_role(role in proptest::sample::select(ROLE_WORDS), digits in "[0-9]{0,4}", upper: bool) {
        let role = if upper { role.to_uppercase() } else { role.to_owned() };
        let refused = check("Inès Kermadec", &address(&format!("{role}{digits}")));
        prop_assert!(matches!(refused, Err(NotNominative::RoleMailbox(_))));
    }

    #[test]
    fn any_name_is_judged(name in "\\PC{0,200}") {
        let _ = check(&name, &address("ines.kermadec"));
    }
}
