//! The words of roles and teams, French and English, without accents.

/// Mailboxes of RFC 2142 and of everyday organisations, French and English, in the singular.
#[rustfmt::skip]
pub(super) const ROLE_WORDS: &[&str] = &[
    // RFC 2142 and machines
    "abuse", "admin", "administrateur", "administration", "administrator", "alert", "alerte", "backup",
    "bot", "bounce", "cron", "daemon", "devnull", "donotreply", "ftp", "ftpadmin", "guest", "hostmaster",
    "invite", "list", "listserv", "mailerdaemon", "mailer", "monitoring", "nepasrepondre", "news",
    "newsletter", "nobody", "noc", "noreply", "notification", "ops", "postmaster", "robot", "root", "scan",
    "scanner", "security", "securite", "soc", "sysadmin", "system", "systeme", "test", "usenet", "user",
    "utilisateur", "uucp", "webmaster", "www",
    // reception
    "accueil", "bonjour", "contact", "contactus", "courrier", "feedback", "hello", "info", "information",
    "infos", "mail", "mailbox", "nouscontacter", "office", "reception", "renseignement", "secretariat",
    "standard",
    // trades of a bank
    "achat", "actionnaire", "agence", "assurance", "audit", "backoffice", "billing", "bourse", "cio",
    "ciso", "client", "comite", "commercial", "compliance", "compta", "comptabilite", "conformite",
    "controle", "credit", "customer", "customercare", "customerservice", "dpo", "dsi", "enquiries",
    "enquiry", "facturation", "facture", "finance", "fraud", "fraude", "frontoffice", "gestion", "hr",
    "humanresources", "informatique", "inspection", "invoice", "it", "juridique", "kyc", "legal", "lcbft",
    "logistique", "marche", "marketing", "middleoffice", "order", "paie", "paiement", "payment", "payroll",
    "postmarche", "presse", "press", "privacy", "procurement", "purchasing", "qualite", "quality",
    "reclamation", "reconciliation", "recouvrement", "recrutement", "recruitment", "reporting",
    "ressourceshumaines", "rh", "risk", "risque", "rssi", "sales", "salle", "salledemarche", "servicedesk",
    "helpdesk", "serviceclient", "servicesgeneraux", "support", "surveillance", "titre", "trading",
    "treasury", "tresorerie", "vente", "virement", "wealth",
    // duties
    "assistant", "assistante", "ceo", "cfo", "chef", "coordinateur", "dg", "direction", "directeur",
    "directrice", "gerant", "manager", "operateur", "operator", "permanence", "astreinte", "president",
    "responsable", "stagiaire", "stage", "intern", "temp", "trainee", "shared", "partage", "commun",
    "generique", "generic",
];

/// A name or local part that begins with one of these is a group's.
#[rustfmt::skip]
pub(super) const TEAM_WORDS: &[&str] = &[
    "bal", "cellule", "departement", "department", "dept", "desk", "direction", "equipe", "group", "groupe",
    "pole", "service", "services", "team", "unit", "unite", "all", "tous", "everyone", "staff", "personnel",
];

/// A name that ends with one of these is a group's: "Compliance Team".
pub(super) const TEAM_WORDS_LAST: &[&str] =
    &["team", "desk", "department", "dept", "group", "unit", "mailbox", "office"];

/// Words that make no person of a role: `service.de.la.conformite`, `support.fr`.
#[rustfmt::skip]
pub(super) const FILLERS: &[&str] = &[
    "a", "and", "au", "aux", "d", "de", "des", "du", "en", "et", "eu", "europe", "external", "for", "fr",
    "france", "global", "group", "groupe", "head", "international", "l", "la", "le", "les", "of", "paris",
    "lyon", "londres", "london", "luxembourg", "lu", "the", "to", "uk", "us", "prod", "preprod", "dev",
];
