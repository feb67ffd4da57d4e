//! Identifiers of companies, people and securities against the vectors, and how people write them.

use super::*;

/// Whether `value` is found entirely by `detector` behind `label`.
fn finds_behind(detector: &str, label: &str, value: &str) -> bool {
    let text = format!("{label}{value}, à vérifier.");
    let wanted = canonical(value);
    scan(&text).iter().any(|hit| hit.detector == detector && canonical(&text[hit.start..hit.end]) == wanted)
}

/// Every row is found behind its label exactly when its source calls it valid, but for decided disputes.
fn hold_to(file: &str, detector: &str, label: &str, least: usize, decided: &[&str]) {
    let Some(rows) = rows(file) else { return };
    assert!(rows.len() >= least, "the vectors are smaller than expected");
    for row in rows {
        assert!(
            !row.disputed || decided.contains(&row.value.as_str()),
            "a dispute nobody decided: {}",
            row.value
        );
        let expected = row.valid && !row.disputed;
        assert_eq!(finds_behind(detector, label, &row.value), expected, "{} ({})", row.value, row.note);
    }
}

#[test]
fn siren_vectors() {
    hold_to("siren.csv", SIREN, "SIREN : ", 8, &[]);
}

#[test]
fn siret_vectors() {
    hold_to("siret.csv", SIRET, "n° SIRET ", 22, &[]);
}

#[test]
fn tva_vectors() {
    hold_to("fr_tva.csv", TVA, "TVA intracommunautaire ", 10, &[]);
}

#[test]
fn nir_vectors() {
    hold_to("nir.csv", NIR, "n° de sécurité sociale ", 4, &[]);
    let Some(rows) = rows("nir.csv") else { return };
    for row in rows.iter().filter(|row| row.valid) {
        assert!(finds_behind(NIR, "", &row.value), "{}", row.value);
    }
}

#[test]
fn lei_vectors() {
    hold_to("lei.csv", LEI, "", 52, &[]);
}

#[test]
fn isin_vectors() {
    hold_to("isin.csv", ISIN, "", 61, &[]);
}

#[test]
fn bic_vectors() {
    // A country ISO 3166 does not know.
    hold_to("bic.csv", BIC, "BIC : ", 39, &["DSBAAABXSHA"]);
}

/// Without a word beside it, a bank of our list is found and nothing else is.
#[test]
fn banks_are_known_by_their_identifiers() {
    let Some(corpus) = corpus() else { return };
    let text = std::fs::read_to_string(corpus.join("vectors/bic_real_fr_lu_be_mc.csv")).unwrap();
    for line in text.lines().skip(1) {
        let value = line.split(',').next().unwrap();
        assert!(finds_behind(BIC, "", value), "{value}");
    }
    for word in
        ["PAIEMENT", "GRIFFITH", "RESOLVED", "DOCUMENT", "CONTRATS", "FACTURES", "VIREMENT", "REMBOURSEMENT"]
    {
        assert!(scan(&format!("Objet : {word} URGENT")).is_empty(), "{word}");
    }
}

/// Every valid French account number gives its national form, whose key is another check.
#[test]
fn national_account_numbers() {
    let Some(rows) = rows("iban.csv") else { return };
    let french = rows.iter().filter(|row| row.valid && !row.disputed).map(|row| canonical(&row.value));
    let mut seen = 0;
    for iban in french.filter(|iban| iban.starts_with("FR") && iban.len() == 27) {
        let (bank, branch, account, key) = (&iban[4..9], &iban[9..14], &iban[14..25], &iban[25..27]);
        let grouped = format!("{bank} {branch} {account} {key}");
        assert!(finds_behind(RIB, "", &grouped), "{grouped}");
        assert!(finds_behind(RIB, "RIB : ", &grouped.replace(' ', "")), "{grouped}");
        let wrong = format!("{bank} {branch} {account} {:02}", (key.parse::<u32>().unwrap() + 1) % 97);
        assert!(!finds_behind(RIB, "RIB : ", &wrong), "{wrong}");
        seen += 1;
    }
    assert!(seen >= 3, "{seen}");
}

#[test]
fn numbers_in_their_places() {
    for (text, expected) in [
        ("Orvéane SA, 552 008 443 RCS Paris", Some(SIREN)),
        ("SIREN\u{a0}: 552\u{202f}008\u{202f}443", Some(SIREN)),
        ("le 552 008 443 est un nombre", None),
        ("réf. 73282932000074", Some(SIRET)),
        ("SIRET 732 829 320 00074", Some(SIRET)),
        // La Poste: not Luhn, a sum of digits.
        ("SIRET 35600000049837", Some(SIRET)),
        // A SIRET that is also a Diners number.
        ("39039475700020", Some(SIRET)),
        ("FR 40 303 265 045", Some(TVA)),
        ("FR40303265045", Some(TVA)),
        ("FRK7399859412", Some(TVA)),
        ("40303265045", None),
        ("186022A21532523", Some(NIR)),
        ("1 86 02 2A 215 325 23", Some(NIR)),
        ("n° sécu 2 95 10 99 126 111", Some(NIR)),
        ("Réf. INSEE 1750375116001", None),
        ("Immatriculation 1750375116001", None),
        ("carte Vitale 1750375116001", Some(NIR)),
        ("2951099126111", None),
        ("295109912611194", None),
        ("Numéro fiscal : 30 23 217 600 053", Some(TAX_NUMBER)),
        ("n° fiscal 3023217600053", Some(TAX_NUMBER)),
        ("horodatage 3023217600053", None),
        ("https://x.example/?siren=552008443", None),
        ("BNPAFRPPXXX", Some(BIC)),
        ("bnpafrpp", None),
        ("Tél. 01 23 45 67 89", Some(PHONE)),
        ("+33 (0)1 23 45 67 89", Some(PHONE)),
        ("+44 20 7946 0958", Some(PHONE)),
        ("écrire à ines.kermadec@orveane.example", Some(EMAIL)),
        ("un virement de 12 500,00 €", Some(AMOUNT)),
        ("né le 12/03/1975", Some(BIRTH_DATE)),
    ] {
        let found: Vec<&str> = scan(text).iter().map(|hit| hit.detector).collect();
        assert_eq!(found.first().copied(), expected, "{text}: {found:?}");
    }
}

/// Work is bounded however a text repeats what detectors look at.
#[test]
fn repetition_costs_no_more_than_its_length() {
    let pieces = [
        "://a",
        "mdp:",
        "eyJ",
        "curl -u ",
        "AKIA",
        "1 ",
        "1.",
        "FR",
        "a@",
        "authorization:",
        "AB1",
        "+1",
        "P<",
        "1,",
    ];
    let step = |size: usize| {
        let start = std::time::Instant::now();
        for piece in pieces {
            std::hint::black_box(scan(&piece.repeat(size / piece.len())));
        }
        start.elapsed()
    };
    step(10_000);
    let (small, large) = (step(20_000), step(200_000));
    // Ten times the text: a quadratic detector takes a hundred times as long.
    assert!(large < small * 40, "{small:?} {large:?}");
}
