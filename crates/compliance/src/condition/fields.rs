//! The fields by name, and what each says, in French and in English: pages show this table beside a condition.

use vocabulary::Locale;

use super::Type;

/// A meaning, as a reader of each language has it.
#[derive(Debug, Clone, Copy)]
pub struct Said {
    /// In French.
    pub fr: &'static str,
    /// In English.
    pub en: &'static str,
}

impl Said {
    /// In a language.
    #[must_use]
    pub const fn get(&self, locale: Locale) -> &'static str {
        match locale {
            Locale::Fr => self.fr,
            Locale::En => self.en,
        }
    }
}

const fn said(fr: &'static str, en: &'static str) -> Said {
    Said { fr, en }
}

/// What is asked of each detector.
pub(super) const OF_DETECTORS: &[(&str, Type, Said)] = &[
    ("count", Type::Int, said("combien de trouvailles", "how many findings")),
    (
        "distinct",
        Type::Int,
        said("combien de valeurs différentes parmi elles", "how many different values among them"),
    ),
    (
        "new",
        Type::Int,
        said(
            "combien dans le texte écrit pour ce message, dans les fichiers ou dans le message entier",
            "how many in the text written for this message, in files or in the message as a whole",
        ),
    ),
    (
        "certainty",
        Type::Int,
        said(
            "la plus haute certitude, de 0 à 100\u{202f}; 0 sans trouvaille",
            "the highest certainty, 0 to 100; 0 without finding",
        ),
    ),
    (
        "new_certainty",
        Type::Int,
        said(
            "la plus haute certitude parmi celles que `new` compte\u{a0}: un pied de page ou un fil cité ne dit rien du reste",
            "the highest certainty among those `new` counts: a footer or a quoted thread says nothing of the rest",
        ),
    ),
];

const SCORE: Said = said(
    "la ressemblance de la phrase qui s’en approche le plus, de l’expéditeur, d’un message joint ou d’un fichier, de 0 à 990\u{202f}; 2 phrases ordinaires sur 100 atteignent 700",
    "how much the sentence most like it is like it, the sender's own, an attached message's or a file's, 0 to 990; 700 is reached by 2 ordinary sentences in 100",
);

/// What is asked of the message.
pub(super) const OF_MESSAGES: &[(&str, Type, Said)] = &[
    ("message.subject", Type::Text, said("l’objet", "the subject")),
    (
        "message.largest_amount",
        Type::Int,
        said(
            "la plus grande somme d’argent écrite, en unités entières de n’importe quelle monnaie",
            "the largest sum of money written in it, whole units of any currency",
        ),
    ),
    (
        "message.private",
        Type::Bool,
        said(
            "marqué privé\u{a0}: par Sensitivity ou par une mention dans l’objet",
            "marked private: Sensitivity, or a mark in the subject",
        ),
    ),
    (
        "message.confidential",
        Type::Bool,
        said(
            "marqué comme ne devant pas sortir\u{a0}: par Sensitivity ou par une mention dans l’objet",
            "marked as not to leave: Sensitivity, or a mark in the subject",
        ),
    ),
    (
        "message.automatic",
        Type::Bool,
        said(
            "envoyé par une machine\u{a0}: une réponse automatique, un rapport",
            "sent by a machine: an auto-reply, a report",
        ),
    ),
    ("message.bulk", Type::Bool, said("envoyé à une liste de diffusion", "sent to a list")),
    (
        "calendar.methods",
        Type::Texts,
        said(
            "les méthodes de ses objets de calendrier\u{a0}: REQUEST, CANCEL…",
            "methods of its calendar objects: REQUEST, CANCEL…",
        ),
    ),
    (
        "sender.protected",
        Type::Bool,
        said(
            "l’expéditeur est sur la liste des correspondants protégés",
            "the sender is on the list of protected correspondents",
        ),
    ),
    (
        "clients.count",
        Type::Int,
        said(
            "les clients dont le message porte des données à coup sûr, les cotitulaires comptés pour un",
            "clients whose data the message carries for sure, joint owners as one",
        ),
    ),
    (
        "message.unread",
        Type::Texts,
        said(
            "pourquoi des parties du message, ou ses fichiers, n’ont pas été lues, chaque code une fois",
            "why pieces of the message, or its files, were not read, each code once",
        ),
    ),
    (
        "message.unscored",
        Type::Int,
        said(
            "les phrases que les thèmes n’ont pas notées, tant il y en avait avant",
            "sentences that topics did not score, because so many were before",
        ),
    ),
    (
        "sender.known",
        Type::Bool,
        said("faux pour l’adresse de retour vide", "false for the null reverse-path"),
    ),
    (
        "sender.address",
        Type::Text,
        said(
            "l’expéditeur de l’enveloppe, en minuscules\u{202f}; vide s’il est inconnu",
            "the envelope sender in lower case; empty when unknown",
        ),
    ),
    ("sender.domain", Type::Text, said("son domaine", "its domain")),
    ("recipients.count", Type::Int, said("les destinataires de l’enveloppe", "envelope recipients")),
    (
        "recipients.external",
        Type::Int,
        said("ceux qui sont hors de l’organisation", "those outside the organisation"),
    ),
    (
        "recipients.first_contact",
        Type::Int,
        said("ceux à qui personne n’avait encore écrit", "those nobody wrote to before"),
    ),
    (
        "recipients.domains",
        Type::Texts,
        said(
            "leurs domaines, chacun une fois, dans l’ordre",
            "their domains, each once, in order of appearance",
        ),
    ),
    (
        "recipients.webmail",
        Type::Int,
        said("ceux qui ont une messagerie personnelle", "those with a personal mailbox"),
    ),
    (
        "recipients.lookalike",
        Type::Int,
        said(
            "ceux dont le domaine ressemble à un domaine connu sans l’être",
            "those whose domain looks like a known one and is not it",
        ),
    ),
    (
        "recipients.typo",
        Type::Int,
        said(
            "ceux à une faute de frappe d’un correspondant connu",
            "those one slip away from a known correspondent",
        ),
    ),
    (
        "recipients.group",
        Type::Int,
        said("ceux d’autres entités du groupe", "those in other entities of the group"),
    ),
    ("recipients.protected", Type::Int, said("les correspondants protégés", "protected correspondents")),
    (
        "topics.highest",
        Type::Int,
        said("la plus haute des notes ci-dessous", "the highest of the scores below"),
    ),
    ("topics.aml", Type::Int, SCORE),
    ("topics.bribery", Type::Int, SCORE),
    ("topics.collusion_secrecy", Type::Int, SCORE),
    ("topics.complaint", Type::Int, SCORE),
    ("topics.conflict_of_interest", Type::Int, SCORE),
    ("topics.data_leak", Type::Int, SCORE),
    ("topics.guaranteed_return", Type::Int, SCORE),
    ("topics.harassment_threat", Type::Int, SCORE),
    ("topics.market_abuse", Type::Int, SCORE),
    ("topics.off_channel", Type::Int, SCORE),
    ("topics.payment_fraud", Type::Int, SCORE),
    ("topics.sales_signal", Type::Int, SCORE),
    ("topics.sanctions_evasion", Type::Int, SCORE),
    ("topics.tax_evasion", Type::Int, SCORE),
    ("topics.whistleblowing", Type::Int, SCORE),
    (
        "encoder.read",
        Type::Int,
        said(
            "les phrases que l’encodeur a lues\u{202f}; 0 sans son modèle",
            "sentences that the encoder read; 0 without its model",
        ),
    ),
    (
        "encoder.highest",
        Type::Int,
        said(
            "la plus haute note, tous comportements confondus, de 0 à 1000, selon l’encodeur",
            "the highest score of any kind of misconduct, 0 to 1000, for the encoder",
        ),
    ),
    (
        "encoder.kinds",
        Type::Texts,
        said(
            "les comportements qu’il note 600 ou plus, chacun une fois",
            "kinds of misconduct that it scores 600 or more, each once",
        ),
    ),
    (
        "encoder.nearest",
        Type::Int,
        said(
            "la proximité du plus proche exemple de l’institution, de 0 à 1000",
            "how near the nearest example of the institution is, 0 to 1000",
        ),
    ),
    (
        "encoder.categories",
        Type::Texts,
        said(
            "les catégories d’exemples assez proches, chacune une fois",
            "categories of examples that are near enough, each once",
        ),
    ),
    (
        "visible.count",
        Type::Int,
        said(
            "les adresses que tout destinataire peut lire, en À et Cc",
            "addresses every recipient can read, in To and Cc",
        ),
    ),
    (
        "visible.external",
        Type::Int,
        said("celles hors des domaines de l’organisation", "those outside the organisation's domains"),
    ),
    (
        "attachments.count",
        Type::Int,
        said(
            "les pièces jointes du message et des messages qu’il contient",
            "attachments of the message and of messages inside it",
        ),
    ),
    (
        "attachments.names",
        Type::Texts,
        said("leurs noms de fichier, tels quels", "their file names, as written"),
    ),
    (
        "attachments.features",
        Type::Texts,
        said(
            "ce que les fichiers ont outre leur texte, chaque code une fois\u{a0}: macros, hidden_sheets, hidden_cells, hidden_text, comments, tracked_changes, speaker_notes, external_links, embedded_files, picture_pages, unread_picture, disguised_text, pivot_cache",
            "what files have besides text, each code once: macros, hidden_sheets, hidden_cells, hidden_text, comments, tracked_changes, speaker_notes, external_links, embedded_files, picture_pages, unread_picture, disguised_text, pivot_cache",
        ),
    ),
    (
        "attachments.unread",
        Type::Texts,
        said(
            "pourquoi des fichiers n’ont pas été lus, chaque code une fois",
            "why files were not read, each code once",
        ),
    ),
    (
        "labels.names",
        Type::Texts,
        said(
            "les noms des étiquettes de confidentialité du message et de ses fichiers, chacun une fois",
            "names of the sensitivity labels of the message and its files, each once",
        ),
    ),
    (
        "labels.ids",
        Type::Texts,
        said("leurs identifiants, en minuscules", "their identifiers, in lower case"),
    ),
    (
        "labels.confidential",
        Type::Texts,
        said(
            "celles de la liste d’étiquettes de l’organisation, par le nom que la liste leur donne, sinon par identifiant",
            "those on the organisation's list of labels, by the name the list has for them, else by identifier",
        ),
    ),
];

/// What is asked of one recipient.
pub(super) const OF_RECIPIENTS: &[(&str, Type, Said)] = &[
    (
        "recipient.address",
        Type::Text,
        said("l’adresse de ce destinataire, en minuscules", "this recipient's address in lower case"),
    ),
    ("recipient.domain", Type::Text, said("son domaine", "its domain")),
    ("recipient.external", Type::Bool, said("hors de l’organisation", "outside the organisation")),
    (
        "recipient.first_contact",
        Type::Bool,
        said("personne ne lui avait encore écrit", "nobody wrote to them before"),
    ),
    (
        "recipient.webmail",
        Type::Bool,
        said(
            "une messagerie personnelle ou une adresse jetable",
            "a personal mailbox or a disposable address",
        ),
    ),
    (
        "recipient.like_sender",
        Type::Bool,
        said(
            "une boîte externe qui porte le nom de l’expéditeur",
            "an outside mailbox that carries the sender's own name",
        ),
    ),
    (
        "recipient.lookalike",
        Type::Bool,
        said(
            "le domaine ressemble à un domaine connu sans l’être",
            "the domain looks like a known one and is not it",
        ),
    ),
    (
        "recipient.international",
        Type::Bool,
        said("le domaine a des lettres hors de l’ASCII", "the domain has letters outside ASCII"),
    ),
    (
        "recipient.typo",
        Type::Bool,
        said("à une faute de frappe d’un correspondant connu", "one slip away from a known correspondent"),
    ),
    (
        "recipient.group",
        Type::Bool,
        said("dans une autre entité du groupe", "in another entity of the group"),
    ),
    (
        "recipient.encryption_agreed",
        Type::Bool,
        said(
            "la liste des accords dit que le courrier chiffré du domaine de l’expéditeur vers le sien part sans être lu",
            "the list of agreements says that encrypted mail from the sender's domain to theirs goes unread",
        ),
    ),
    (
        "recipient.client",
        Type::Bool,
        said(
            "la boîte ou le domaine d’un client, selon le fichier des clients",
            "a client's own mailbox or domain, by the client file",
        ),
    ),
    (
        "recipient.foreign_data",
        Type::Bool,
        said(
            "externe, alors que le message porte à coup sûr des données d’un client à qui cette adresse n’est pas",
            "outside, and the message carries for sure data of a client whose mail this is not",
        ),
    ),
    (
        "recipient.protected",
        Type::Bool,
        said("sur la liste des correspondants protégés", "on the list of protected correspondents"),
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use crate::condition::FIELDS;

    /// A meaning is written once a language, and French is written as French is.
    #[test]
    fn every_field_says_what_it_is_in_both_languages() {
        let (mut fr, mut en) = (HashSet::new(), HashSet::new());
        for field in FIELDS.iter() {
            let said = field.meaning;
            assert!(!said.fr.trim().is_empty() && !said.en.trim().is_empty(), "{}", field.name);
            assert!(
                fr.insert(said.fr) == en.insert(said.en),
                "{}: what differs in one differs in both",
                field.name
            );
            for sign in [" :", " ;", " ?", " !", "'"] {
                assert!(!said.fr.contains(sign), "{}: {sign:?} in French", field.name);
            }
        }
    }
}
