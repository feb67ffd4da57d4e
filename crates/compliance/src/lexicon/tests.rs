//! The shipped lexicons, line by line, and what they must find and leave.

use super::term::{self, Weight};
use super::{categories, scan};
use crate::detect::{self, Found, Kept};
use crate::words::Words;

fn found(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    scan(&Words::of(text), &mut found);
    found
}

fn in_category(category: &str, text: &str) -> Vec<String> {
    let detector = format!("lexicon_{category}");
    found(text).into_iter().filter(|hit| hit.detector == detector).map(|hit| hit.value).collect()
}

#[test]
fn every_line_is_understood_and_every_category_is_a_detector() {
    let wrong = categories().iter().flat_map(|category| {
        term::read(category.text).1.into_iter().map(|error| format!("{}.txt, {error}", category.name))
    });
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<String>::new());
    for category in categories() {
        let terms = term::read(category.text).0;
        assert!(terms.len() >= 40, "{} has {} terms", category.name, terms.len());
        assert!(terms.iter().any(|term| term.weight == Weight::NearMiss), "{}", category.name);
        assert_eq!(category.detector, format!("lexicon_{}", category.name));
        assert_eq!(detect::detector(category.detector).unwrap().kept, Kept::WhenAsked);
        let (fr, en) = category.text.split_once("[en]").unwrap();
        assert!(fr.contains("[fr]") && en.lines().count() >= 15, "{}", category.name);
    }
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/lexicons");
    assert_eq!(std::fs::read_dir(directory).unwrap().count(), categories().len());
}

/// Every term, written out as it stands with its first alternatives, is found by its own category, whatever the
/// case.
#[test]
fn every_term_finds_itself() {
    for category in categories() {
        let terms = term::read(category.text).0;
        for term in &terms {
            let Weight::Found(_) = term.weight else { continue };
            let words: Vec<&str> =
                term.elements.iter().map(|element| element.any[0].letters.as_str()).collect();
            let text = words.join(" ").to_uppercase();
            let hits = in_category(category.name, &text);
            let silenced = terms.iter().any(|other| {
                other.weight == Weight::NearMiss
                    && other.elements.iter().all(|element| {
                        words.iter().any(|word| element.any.iter().any(|pattern| pattern.fits(word)))
                    })
            });
            assert!(
                !hits.is_empty() || silenced,
                "{}: {:?} does not find {text:?}",
                category.name,
                term.written
            );
        }
    }
}

#[test]
fn what_is_said_is_found_and_what_is_said_about_it_is_not() {
    let mut wrong = Vec::new();
    for (category, text, finds) in [
        ("market_abuse", "Achète quelques titres avant l’annonce de jeudi.", true),
        ("market_abuse", "Sell everything before the announcement.", true),
        ("market_abuse", "La formation sur le délit d’initié a lieu mardi.", false),
        ("market_abuse", "The training covers insider trading and front running.", false),
        ("off_channel", "Appelle-moi plutôt sur mon portable perso.", true),
        ("off_channel", "Let's move this to Whats\u{200b}App.", true),
        ("off_channel", "Rappel : il est interdit d’utiliser WhatsApp avec un client.", false),
        ("collusion_secrecy", "Pas un mot à la conformité, supprime ce mail après lecture.", true),
        ("collusion_secrecy", "If you have received this e-mail in error please delete it.", false),
        ("guaranteed_return", "Vous ne pouvez pas perdre, rendement garanti de 8 % par an.", true),
        ("guaranteed_return", "Le rendement n’est pas garanti ; risque de perte en capital.", false),
        ("aml", "Fractionne les dépôts en espèces pour rester sous le seuil de déclaration.", true),
        ("aml", "Le module anti-blanchiment explique le fractionnement des dépôts.", false),
        ("tipping_off", "Votre compte a été signalé à Tracfin.", true),
        ("complaint", "Je dépose une réclamation et saisirai le médiateur.", true),
        ("complaint", "The annual complaints report is attached.", false),
        ("bribery", "Une petite enveloppe pour l’acheteur s’il signe.", true),
        ("harassment_threat", "I know where you live.", true),
        ("data_leak", "Ci-joint la liste complète de nos clients.", true),
        ("health", "Pour info, M. Peltier a un cancer du pancréas stade 4, sa chimio commence lundi.", true),
        ("health", "Sonia est en arrêt pour dépression, suivie par un psychiatre.", true),
        ("health", "Mr Orme is HIV positive and had a stroke in May.", true),
        ("health", "She was signed off with depression.", true),
        ("health", "Bonne année et bonne santé à tous, et bon rétablissement.", false),
        ("health", "Votre assurance santé et votre mutuelle changent au 1er janvier.", false),
        ("health", "La Ligue contre le cancer organise une course dimanche.", false),
        ("health", "La garantie couvre le cancer et l’infarctus dès le premier jour.", false),
        ("health", "Get well soon; health insurance is renewed.", false),
        ("health", "The cover includes cancer, and it was a stroke of luck.", false),
        ("departure", "Je démissionne et j’emmène mes clients.", true),
        ("sanctions_evasion", "On passe par Dubaï pour contourner l’embargo.", true),
        ("tax_evasion", "Le compte en Suisse n’est pas déclaré, compte non déclaré.", true),
        ("whistleblowing", "Je souhaite effectuer un signalement et rester anonyme.", true),
        ("conflict_of_interest", "J’ai des parts dans la société que je leur conseille.", true),
        ("payment_fraud", "Our bank details have changed, use this IBAN for all future invoices.", true),
        ("sales_pressure", "Il faut signer aujourd’hui, sinon vous allez le regretter.", true),
        // What is written about, joked or promised in ordinary mail, beside the same words said.
        ("aml", "FERC calls it megawatt laundering.", false),
        ("aml", "We launder the cash through the laundry business.", true),
        ("collusion_secrecy", "A bill would make energy price fixing a felony.", false),
        (
            "collusion_secrecy",
            "A committee heard allegations of antitrust violations and price-fixing.",
            false,
        ),
        ("collusion_secrecy", "Our price fixing with the other banks must stay quiet.", true),
        ("bribery", "Sometimes you just want to kick back and read.", false),
        ("bribery", "He gets a kick-back on each order.", true),
        ("market_abuse", "The possibility of insider trading was raised in the press.", false),
        ("market_abuse", "He knew nothing of an inquiry into possible insider trading.", false),
        ("market_abuse", "Call it insider trading if you like, I am buying.", true),
        ("sales_pressure", "I’ll have George sign it tonight or in the morning.", false),
        ("sales_pressure", "You sign tonight or the offer is gone.", true),
        ("harassment_threat", "I’m a robot, I will not kill you.", false),
        ("harassment_threat", "I will destroy you.", true),
        ("off_channel", "This keeps your private email address safe.", false),
        ("off_channel", "Send it to my private email.", true),
    ] {
        if in_category(category, text).is_empty() == finds {
            wrong.push(format!("{category}: {text} {:?}", in_category(category, text)));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// A paragraph without a full stop is one sentence: a word of training at one end says nothing of the other.
#[test]
fn a_near_miss_silences_what_stands_around_it() {
    let filler =
        "et nous verrons ensuite avec les autres ce que cela donne pour la suite du dossier ".repeat(2);
    let told = "votre compte a été signalé à tracfin";
    let training = "la formation sur tracfin a lieu mardi";
    for text in [format!("{training} {filler} {told}"), format!("{told} {filler} {training}")] {
        assert_eq!(
            in_category("tipping_off", &text).len(),
            1,
            "{text}: {:?}",
            in_category("tipping_off", &text)
        );
    }
    assert_eq!(in_category("tipping_off", &format!("{training} et {told}")), Vec::<String>::new());
    // As many near misses as finds: each is asked by halving.
    let text = format!("{training} {filler} {told} {filler}").repeat(2_000);
    assert_eq!(in_category("tipping_off", &text).len(), 2_000);
}

#[test]
fn a_find_stands_where_it_says_and_stays_in_its_sentence() {
    let text = "Bonjour. Vends tout AVANT\nl’annonce, merci.";
    let hit = found(text).into_iter().find(|hit| hit.detector == detect::LEXICON_MARKET_ABUSE).unwrap();
    assert_eq!(&text[hit.start..hit.end], "Vends tout AVANT\nl’annonce");
    assert_eq!(in_category("market_abuse", "Il vend tout. Avant cela, une annonce."), Vec::<String>::new());
}

#[test]
fn wrong_lines_are_told() {
    for (line, what) in [
        ("~3 mot", "between two words"),
        ("mot ~3", "between two words"),
        ("mot ~11 mot", "1 to 10"),
        ("mot ~x mot", "number of words"),
        ("mot |mot", "a letter"),
        ("+", "has a word"),
        ("a b c d e f g h i j k l m", "12 words"),
        ("a ~8 b ~8 c ~8 d ~8 e", "too wide"),
    ] {
        let errors = term::read(line).1;
        assert!(errors.len() == 1 && errors[0].to_string().contains(what), "{line}: {errors:?}");
    }
}

/// A text made of nothing but beginnings costs no more than its length: the automaton passes once and every check is
/// bounded.
#[test]
fn repetition_is_answered() {
    let text = "avant l'annonce vends ".repeat(20_000);
    assert!(found(&text).len() <= 60_000);
}

#[test]
fn health_is_of_somebody_and_not_what_the_press_told() {
    let is_told =
        |text: &str| found(text).iter().any(|hit| hit.detector == "lexicon_health" && hit.certainty >= 90);
    for text in [
        "Sa mère a un cancer du sein.",
        "Elle a Alzheimer depuis deux ans.",
        "M. Orme interrupted his dialysis treatment.",
    ] {
        assert!(is_told(text), "{text}");
    }
    for text in [
        "He called the licence \"a cancer\" and the market followed.",
        "The blackout prolonged his dialysis treatment, the Register reported on Monday.",
    ] {
        assert!(!is_told(text), "{text}");
    }
}
