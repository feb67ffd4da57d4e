//! The detectors by name: what each is called in words, and whether all its findings are kept.

use std::sync::LazyLock;

use vocabulary::Locale;

/// One detector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detector {
    /// Its name in conditions and findings.
    pub name: &'static str,
    /// What it finds, in French.
    pub fr: &'static str,
    /// What it finds, in English.
    pub en: &'static str,
    /// Which of its findings are kept.
    pub kept: Kept,
}

/// Which findings an assessment keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// All of them: each says something by itself.
    Always,
    /// Only when a control that asks about the detector matched. Ordinary mail is full of them: a signature has a
    /// telephone number. They are counted for the conditions all the same.
    WhenAsked,
}

impl Detector {
    /// What it finds, in a word or two.
    #[must_use]
    pub const fn label(&self, locale: Locale) -> &'static str {
        match locale {
            Locale::Fr => self.fr,
            Locale::En => self.en,
        }
    }
}

/// A detector by its name.
#[must_use]
pub fn detector(name: &str) -> Option<&'static Detector> {
    DETECTORS.get(detector_index(name)?)
}

/// Its place in [`DETECTORS`].
pub(crate) fn detector_index(name: &str) -> Option<usize> {
    let at = BY_NAME.binary_search_by_key(&name, |(known, _)| known).ok()?;
    BY_NAME.get(at).map(|(_, index)| *index)
}

/// Names in their order, each with its place: every finding is looked up.
static BY_NAME: LazyLock<Vec<(&str, usize)>> = LazyLock::new(|| {
    let mut names: Vec<_> = DETECTORS.iter().enumerate().map(|(index, known)| (known.name, index)).collect();
    names.sort_unstable();
    names
});

/// An account number, ISO 13616.
pub const IBAN: &str = "iban";
/// A payment card number, ISO/IEC 7812.
pub const CARD: &str = "card";
/// A French account number in its former national form, with its key.
pub const RIB: &str = "rib";
/// A bank's identifier, ISO 9362.
pub const BIC: &str = "bic";
/// A French social security number (numéro d'inscription au répertoire).
pub const NIR: &str = "nir";
/// A French tax number (SPI).
pub const TAX_NUMBER: &str = "tax_number";
/// A French company, nine digits.
pub const SIREN: &str = "siren";
/// An establishment of a French company, fourteen digits.
pub const SIRET: &str = "siret";
/// A French value added tax number.
pub const TVA: &str = "tva";
/// A legal entity, ISO 17442.
pub const LEI: &str = "lei";
/// A security, ISO 6166.
pub const ISIN: &str = "isin";
/// The number of a passport or identity card.
pub const IDENTITY_DOCUMENT: &str = "identity_document";
/// A date of birth, said to be one.
pub const BIRTH_DATE: &str = "birth_date";
/// A key, token or password.
pub const SECRET: &str = "secret";
/// A telephone number.
pub const PHONE: &str = "phone";
/// A mail address.
pub const EMAIL: &str = "email";
/// A sum of money.
pub const AMOUNT: &str = "amount";
/// A name of the organisation's list of restricted issuers.
pub const RESTRICTED_ISSUER: &str = "restricted_issuer";
/// Data of a client of the institution's file.
pub const CLIENT_DATA: &str = "client_data";
/// Lexicon: words of money laundering.
pub const LEXICON_AML: &str = "lexicon_aml";
/// Lexicon: words of gifts that buy a decision.
pub const LEXICON_BRIBERY: &str = "lexicon_bribery";
/// Lexicon: words of concealment and collusion.
pub const LEXICON_COLLUSION_SECRECY: &str = "lexicon_collusion_secrecy";
/// Lexicon: words of a client's complaint.
pub const LEXICON_COMPLAINT: &str = "lexicon_complaint";
/// Lexicon: words of interests of one's own.
pub const LEXICON_CONFLICT_OF_INTEREST: &str = "lexicon_conflict_of_interest";
/// Lexicon: words of data taken or shown.
pub const LEXICON_DATA_LEAK: &str = "lexicon_data_leak";
/// Lexicon: words of somebody who leaves.
pub const LEXICON_DEPARTURE: &str = "lexicon_departure";
/// Lexicon: words of returns promised.
pub const LEXICON_GUARANTEED_RETURN: &str = "lexicon_guaranteed_return";
/// Lexicon: words of harassment and threats.
pub const LEXICON_HARASSMENT_THREAT: &str = "lexicon_harassment_threat";
/// Lexicon: words of a person's health.
pub const LEXICON_HEALTH: &str = "lexicon_health";
/// Lexicon: words of market abuse.
pub const LEXICON_MARKET_ABUSE: &str = "lexicon_market_abuse";
/// Lexicon: words of unrecorded channels.
pub const LEXICON_OFF_CHANNEL: &str = "lexicon_off_channel";
/// Lexicon: words of fraudulent payments.
pub const LEXICON_PAYMENT_FRAUD: &str = "lexicon_payment_fraud";
/// Lexicon: words of pressure on a client.
pub const LEXICON_SALES_PRESSURE: &str = "lexicon_sales_pressure";
/// Lexicon: words of sanctions evasion.
pub const LEXICON_SANCTIONS_EVASION: &str = "lexicon_sanctions_evasion";
/// Lexicon: words of tax evasion.
pub const LEXICON_TAX_EVASION: &str = "lexicon_tax_evasion";
/// Lexicon: words that tell of a suspicion report.
pub const LEXICON_TIPPING_OFF: &str = "lexicon_tipping_off";
/// Lexicon: words of alerts and legal advice.
pub const LEXICON_WHISTLEBLOWING: &str = "lexicon_whistleblowing";
/// Topic: a sentence like those of money laundering.
pub const TOPIC_AML: &str = "topic_aml";
/// Topic: a sentence like those of bribery.
pub const TOPIC_BRIBERY: &str = "topic_bribery";
/// Topic: a sentence like those of concealment or collusion.
pub const TOPIC_COLLUSION_SECRECY: &str = "topic_collusion_secrecy";
/// Topic: a sentence like those of a complaint.
pub const TOPIC_COMPLAINT: &str = "topic_complaint";
/// Topic: a sentence like those of a conflict of interest.
pub const TOPIC_CONFLICT_OF_INTEREST: &str = "topic_conflict_of_interest";
/// Topic: a sentence like those of a data leak.
pub const TOPIC_DATA_LEAK: &str = "topic_data_leak";
/// Topic: a sentence like those of promised returns.
pub const TOPIC_GUARANTEED_RETURN: &str = "topic_guaranteed_return";
/// Topic: a sentence like those of harassment or threat.
pub const TOPIC_HARASSMENT_THREAT: &str = "topic_harassment_threat";
/// Topic: a sentence like those of market abuse.
pub const TOPIC_MARKET_ABUSE: &str = "topic_market_abuse";
/// Topic: a sentence like those of an unrecorded channel.
pub const TOPIC_OFF_CHANNEL: &str = "topic_off_channel";
/// Topic: a sentence like those of payment fraud.
pub const TOPIC_PAYMENT_FRAUD: &str = "topic_payment_fraud";
/// Topic: a sentence like those of a client’s need.
pub const TOPIC_SALES_SIGNAL: &str = "topic_sales_signal";
/// Topic: a sentence like those of sanctions evasion.
pub const TOPIC_SANCTIONS_EVASION: &str = "topic_sanctions_evasion";
/// Topic: a sentence like those of tax evasion.
pub const TOPIC_TAX_EVASION: &str = "topic_tax_evasion";
/// Topic: a sentence like those of an alert or legal advice.
pub const TOPIC_WHISTLEBLOWING: &str = "topic_whistleblowing";
/// Encoder: a sentence like those of some kind of misconduct.
pub const SEMANTIC: &str = "semantic";
/// Encoder: a sentence near to an example of the bank's own.
pub const EXEMPLAR: &str = "exemplar";
/// An attachment, or a member of one, that was not read.
pub const UNREADABLE_ATTACHMENT: &str = "unreadable_attachment";
/// A piece of the message itself that was not read: encrypted, partial, too deep.
pub const UNREADABLE_MESSAGE: &str = "unreadable_message";
/// The message can be read in several ways.
pub const AMBIGUOUS_MESSAGE: &str = "ambiguous_message";
/// A control that could not be evaluated. Not in the catalogue: it is found by the engine itself.
pub const CONTROL_ERROR: &str = "control_error";

macro_rules! detectors {
    ($($name:ident, $fr:literal, $en:literal, $kept:ident;)+) => {
        /// Every detector, in the order of the catalogue.
        pub const DETECTORS: &[Detector] =
            &[$(Detector { name: $name, fr: $fr, en: $en, kept: Kept::$kept },)+];
    };
}

detectors! {
    IBAN, "numéro de compte (IBAN) valide", "valid account number (IBAN)", Always;
    CARD, "numéro de carte de paiement valide", "valid payment card number", Always;
    RIB, "relevé d’identité bancaire (RIB) valide", "valid French account details (RIB)", Always;
    BIC, "code de banque (BIC)", "bank identifier (BIC)", Always;
    NIR, "numéro de sécurité sociale", "French social security number", Always;
    TAX_NUMBER, "numéro fiscal", "French tax number", Always;
    SIREN, "numéro SIREN", "French company number (SIREN)", Always;
    SIRET, "numéro SIRET", "French establishment number (SIRET)", Always;
    TVA, "numéro de TVA français", "French VAT number", Always;
    LEI, "identifiant d’entité juridique (LEI)", "legal entity identifier (LEI)", Always;
    ISIN, "code de valeur mobilière (ISIN)", "security identifier (ISIN)", Always;
    IDENTITY_DOCUMENT, "numéro de pièce d’identité", "identity document number", Always;
    BIRTH_DATE, "date de naissance", "date of birth", Always;
    SECRET, "clé, jeton ou mot de passe", "key, token or password", Always;
    PHONE, "numéro de téléphone", "telephone number", WhenAsked;
    EMAIL, "adresse électronique", "e-mail address", WhenAsked;
    AMOUNT, "montant", "amount", WhenAsked;
    RESTRICTED_ISSUER, "émetteur de la liste d’interdiction", "issuer of the restricted list", Always;
    CLIENT_DATA, "donnée d’un client du fichier", "data of a client of the file", Always;
    LEXICON_AML, "termes de blanchiment", "terms of money laundering", WhenAsked;
    LEXICON_BRIBERY, "termes de corruption", "terms of bribery", WhenAsked;
    LEXICON_COLLUSION_SECRECY, "termes de dissimulation ou d’entente", "terms of concealment or collusion", WhenAsked;
    LEXICON_COMPLAINT, "termes de réclamation", "terms of a complaint", WhenAsked;
    LEXICON_CONFLICT_OF_INTEREST, "termes de conflit d’intérêts", "terms of a conflict of interest", WhenAsked;
    LEXICON_DATA_LEAK, "termes de fuite de données", "terms of a data leak", WhenAsked;
    LEXICON_DEPARTURE, "termes de départ avec des clients ou des données", "terms of leaving with clients or data", WhenAsked;
    LEXICON_GUARANTEED_RETURN, "termes de promesse de rendement", "terms of promised returns", WhenAsked;
    LEXICON_HARASSMENT_THREAT, "termes de harcèlement ou de menace", "terms of harassment or threat", WhenAsked;
    LEXICON_HEALTH, "termes de santé d’une personne", "terms of a person’s health", WhenAsked;
    LEXICON_MARKET_ABUSE, "termes d’abus de marché", "terms of market abuse", WhenAsked;
    LEXICON_OFF_CHANNEL, "termes de canal non enregistré", "terms of an unrecorded channel", WhenAsked;
    LEXICON_PAYMENT_FRAUD, "termes de fraude au paiement", "terms of payment fraud", WhenAsked;
    LEXICON_SALES_PRESSURE, "termes de pression commerciale", "terms of sales pressure", WhenAsked;
    LEXICON_SANCTIONS_EVASION, "termes de contournement de sanctions", "terms of sanctions evasion", WhenAsked;
    LEXICON_TAX_EVASION, "termes de fraude fiscale", "terms of tax evasion", WhenAsked;
    LEXICON_TIPPING_OFF, "termes de divulgation d’un soupçon", "terms that disclose a suspicion", WhenAsked;
    LEXICON_WHISTLEBLOWING, "termes d’alerte ou de conseil juridique", "terms of an alert or of legal advice", WhenAsked;
    TOPIC_AML, "phrase proche de : blanchiment", "sentence close to: money laundering", WhenAsked;
    TOPIC_BRIBERY, "phrase proche de : corruption", "sentence close to: bribery", WhenAsked;
    TOPIC_COLLUSION_SECRECY, "phrase proche de : dissimulation ou entente", "sentence close to: concealment or collusion", WhenAsked;
    TOPIC_COMPLAINT, "phrase proche de : réclamation", "sentence close to: a complaint", WhenAsked;
    TOPIC_CONFLICT_OF_INTEREST, "phrase proche de : conflit d’intérêts", "sentence close to: a conflict of interest", WhenAsked;
    TOPIC_DATA_LEAK, "phrase proche de : fuite de données", "sentence close to: a data leak", WhenAsked;
    TOPIC_GUARANTEED_RETURN, "phrase proche de : promesse de rendement", "sentence close to: promised returns", WhenAsked;
    TOPIC_HARASSMENT_THREAT, "phrase proche de : harcèlement ou menace", "sentence close to: harassment or threat", WhenAsked;
    TOPIC_MARKET_ABUSE, "phrase proche de : abus de marché", "sentence close to: market abuse", WhenAsked;
    TOPIC_OFF_CHANNEL, "phrase proche de : canal non enregistré", "sentence close to: an unrecorded channel", WhenAsked;
    TOPIC_PAYMENT_FRAUD, "phrase proche de : fraude au paiement", "sentence close to: payment fraud", WhenAsked;
    TOPIC_SALES_SIGNAL, "phrase proche de : besoin d’un client", "sentence close to: a client’s need", WhenAsked;
    TOPIC_SANCTIONS_EVASION, "phrase proche de : contournement de sanctions", "sentence close to: sanctions evasion", WhenAsked;
    TOPIC_TAX_EVASION, "phrase proche de : fraude fiscale", "sentence close to: tax evasion", WhenAsked;
    TOPIC_WHISTLEBLOWING, "phrase proche de : alerte ou conseil juridique", "sentence close to: an alert or legal advice", WhenAsked;
    SEMANTIC, "phrase proche, pour l’encodeur, d’un comportement interdit", "sentence close to misconduct, for the encoder", Always;
    EXEMPLAR, "phrase la plus proche d’un exemple de l’établissement", "sentence closest to an example of the institution", Always;
    UNREADABLE_ATTACHMENT, "pièce jointe illisible", "unreadable attachment", Always;
    UNREADABLE_MESSAGE, "partie du message illisible", "unreadable part of the message", Always;
    AMBIGUOUS_MESSAGE, "lecture ambiguë", "ambiguous reading", Always;
}
