//! What is planted: for each detector its values, the words around them, and how many must be found.

use anyhow::Result;
use compliance::ControlSet;

use super::values;
use crate::{corpus, labelled};

/// What is planted for one detector.
pub(super) struct Sown {
    pub(super) detector: &'static str,
    pub(super) values: Vec<String>,
    /// Each with `{}` where the value stands.
    pub(super) sentences: &'static [&'static str],
    /// Values in a thousand that must be found in texts and files, at each place.
    pub(super) floor: usize,
    /// The same of pictures; 0 where nobody is held to it.
    pub(super) drawn_floor: usize,
}

impl Sown {
    /// The value in the sentence of its turn.
    pub(super) fn sentence(&self, index: usize, value: &str) -> String {
        let sentence = self.sentences.get(index % self.sentences.len().max(1)).copied().unwrap_or("{}");
        sentence.replace("{}", value)
    }
}

/// Sentences of one lexicon and language that are planted.
const SENTENCES_MAX: usize = 24;

/// Every detector that finds values, then the lexicons.
pub(super) fn all() -> Result<Vec<Sown>> {
    let mut all = of_vectors()?;
    all.extend(of_forms()?);
    all.extend(of_lexicons()?);
    Ok(all)
}

fn sown(
    detector: &'static str,
    values: Vec<String>,
    sentences: &'static [&'static str],
    (floor, drawn_floor): (usize, usize),
) -> Sown {
    Sown { detector, values, sentences, floor, drawn_floor }
}

/// Values that others published.
fn of_vectors() -> Result<Vec<Sown>> {
    let vectors = corpus::agreed_values;
    let ibans = vectors("iban.csv")?;
    Ok(vec![
        sown("rib", values::ribs(&ibans), &["RIB : {}.", "Account details (RIB): {}."], (1_000, 800)),
        sown(
            "iban",
            ibans,
            &["Merci de créditer le compte {} avant vendredi.", "Please pay to {} today."],
            (1_000, 950),
        ),
        sown(
            "card",
            vectors("card.csv")?,
            &["La carte {} est à opposer.", "The card is {}, as discussed."],
            (1_000, 950),
        ),
        sown("bic", vectors("bic.csv")?, &["Code BIC : {}.", "Our SWIFT code is {}."], (1_000, 950)),
        sown(
            "bic",
            vectors("bic_real_fr_lu_be_mc.csv")?,
            &["La banque {} a répondu.", "Sent through {} yesterday."],
            (1_000, 950),
        ),
        sown(
            "siren",
            vectors("siren.csv")?,
            &["La société (SIREN {}) est cliente.", "Orvéane, {} RCS Paris."],
            (1_000, 900),
        ),
        sown("siret", vectors("siret.csv")?, &["Établissement n° SIRET {}.", "SIRET: {}"], (1_000, 900)),
        sown(
            "tva",
            vectors("fr_tva.csv")?,
            &["N° TVA intracommunautaire : {}.", "Our VAT number is {}."],
            (1_000, 700),
        ),
        sown(
            "nir",
            vectors("nir.csv")?,
            &["Son numéro de sécurité sociale est le {}.", "Dossier {} reçu."],
            (1_000, 900),
        ),
        sown("lei", vectors("lei.csv")?, &["Contrepartie {} agréée.", "The LEI is {}."], (1_000, 900)),
        sown(
            "isin",
            vectors("isin.csv")?,
            &["Achat de 200 titres {} au marché.", "Buy {} at market."],
            (1_000, 700),
        ),
        // Bare ids that any program writes are left on purpose; pictures lose case and signs.
        sown("secret", corpus::secrets()?, &["La clé est {}", "Use {}"], (930, 0)),
    ])
}

/// Values made by the form that their source gives, or taken from the corpus.
fn of_forms() -> Result<Vec<Sown>> {
    let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    Ok(vec![
        sown(
            "tax_number",
            values::tax_numbers(),
            &["Numéro fiscal : {}.", "Her tax number is {}."],
            (1_000, 900),
        ),
        sown(
            "identity_document",
            values::passports(),
            &["Passeport n° {}.", "Passport {} enclosed."],
            (1_000, 700),
        ),
        sown(
            "identity_document",
            values::identity_cards(),
            &["CNI {} jointe.", "Identity card {}."],
            (1_000, 700),
        ),
        sown(
            "birth_date",
            values::birth_dates(),
            &["Né le {} à Nantes.", "Date of birth: {}."],
            (1_000, 900),
        ),
        sown("phone", values::phones(), &["Rappelez-moi au {}.", "My number is {}."], (1_000, 900)),
        sown("email", values::addresses()?, &["Écrivez à {} demain.", "Please copy {} in."], (1_000, 800)),
        sown(
            "amount",
            values::amounts(),
            &["Le virement de {} est parti.", "We paid {} yesterday."],
            (1_000, 700),
        ),
        sown(
            "restricted_issuer",
            texts(&values::RESTRICTED),
            &["Que penses-tu de {} ?", "Hold off on {} for now."],
            (1_000, 800),
        ),
        sown(
            "client_data",
            texts(&values::CLIENT_NUMBERS),
            &["Le contrat {} est à revoir.", "See contract {}."],
            (1_000, 800),
        ),
    ])
}

/// A control that asks about each detector and holds nothing: what a detector found is kept only when some control asks.
pub(super) fn asking() -> Result<ControlSet> {
    let said = ["title", "explanation", "remedy", "ground"]
        .map(|key| format!("[{key}]\nfr = \"{key}\"\nen = \"{key}\"\n"));
    let sample = |locale: &str, matches| format!("[[samples]]\nlocale = \"{locale}\"\nmatches = {matches}\n");
    let samples = ["fr", "en"].map(|locale| sample(locale, true) + &sample(locale, false)).concat();
    let control = |(number, detector): (usize, &compliance::detect::Detector)| {
        format!(
            "id = \"ASK-{number:02}\"\nversion = 1\nmode = \"observe\"\ncategory = \"other\"\nverdict = \"hold\"\n\
             severity = \"low\"\nhold_class = \"standard\"\nneutral_notice = false\nwhen = \"{}.count > 0\"\n{}{samples}",
            detector.name,
            said.concat()
        )
    };
    let controls: Vec<String> = compliance::detect::DETECTORS.iter().enumerate().map(control).collect();
    let files: Vec<(&str, &str)> = controls.iter().map(|text| ("asking.toml", text.as_str())).collect();
    ControlSet::parse(&files).map_err(|errors| {
        anyhow::anyhow!("{}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    })
}

/// Sentences labelled as what a lexicon is about; where nobody labelled any, those that samples of controls match.
fn of_lexicons() -> Result<Vec<Sown>> {
    if labelled::root().is_err() {
        return Ok(Vec::new());
    }
    let texts = labelled::all()?;
    let set = ControlSet::shipped();
    let mut all = Vec::new();
    for category in compliance::lexicon::categories() {
        let of = |lang: &'static str| {
            let is = move |text: &&labelled::Labelled| {
                text.is_sentence
                    && text.lang == lang
                    && text.labels.iter().any(|label| label == category.name)
            };
            texts.iter().filter(is).take(SENTENCES_MAX).map(|text| text.text.replace(['\r', '\n'], " "))
        };
        let mut sentences: Vec<String> = of("fr").chain(of("en")).collect();
        if sentences.is_empty() {
            sentences = values::of_samples(&set, category.detector);
        }
        let (_, floor) = LEXICON_FLOORS.iter().find(|(name, _)| *name == category.name).unwrap_or(&("", 0));
        all.push(sown(category.detector, sentences, &["{}"], (*floor, floor * 7 / 10)));
    }
    Ok(all)
}

/// Labelled sentences in a thousand in which a lexicon finds something: a lexicon ranks, it does not understand.
const LEXICON_FLOORS: [(&str, usize); 18] = [
    ("aml", 520),
    ("bribery", 290),
    ("collusion_secrecy", 390),
    ("complaint", 430),
    ("conflict_of_interest", 300),
    ("data_leak", 370),
    ("departure", 1_000),
    ("guaranteed_return", 520),
    ("harassment_threat", 390),
    ("health", 1_000),
    ("market_abuse", 310),
    ("off_channel", 450),
    ("payment_fraud", 430),
    ("sales_pressure", 1_000),
    ("sanctions_evasion", 170),
    ("tax_evasion", 170),
    ("tipping_off", 1_000),
    ("whistleblowing", 500),
];
