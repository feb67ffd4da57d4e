//! The detectors by name: what each is called in words, and whether all its findings are kept.

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
    DETECTORS.iter().find(|detector| detector.name == name)
}

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
    UNREADABLE_ATTACHMENT, "pièce jointe illisible", "unreadable attachment", Always;
    UNREADABLE_MESSAGE, "partie du message illisible", "unreadable part of the message", Always;
    AMBIGUOUS_MESSAGE, "lecture ambiguë", "ambiguous reading", Always;
}
