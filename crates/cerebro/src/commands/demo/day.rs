//! The day of the two institutions: who writes to whom about what. Everything and everybody in it is invented.

/// One message of the day.
pub(super) struct Mail {
    pub(super) from: (&'static str, &'static str),
    pub(super) to: &'static [&'static str],
    pub(super) subject: &'static str,
    pub(super) body: &'static str,
    pub(super) extra: Extra,
}

/// What a message has besides plain text.
pub(super) enum Extra {
    None,
    Html(&'static str),
    Sheet(&'static str, &'static str),
    LockedArchive(&'static str),
    AutoReply,
    /// A PDF of these lines, under this name.
    Pdf(&'static str, &'static [&'static str]),
    /// A calendar invitation for this summary.
    Invitation(&'static str),
}

const THEODORE: (&str, &str) = ("Théodore Vasquin", "theodore.vasquin@orveane.example");
const CLEMENCE: (&str, &str) = ("Clémence Aubertin", "clemence.aubertin@orveane.example");
const GASPARD: (&str, &str) = ("Gaspard Nivelle", "gaspard.nivelle@orveane.example");
const YASMINE: (&str, &str) = ("Yasmine Ferrand-Okoye", "yasmine.ferrand-okoye@orveane.example");
const PAUL: (&str, &str) = ("Paul Anselin", "paul.anselin@quillon.example");
const EDITH: (&str, &str) = ("Edith Marlowe", "edith.marlowe@quillon.example");
const OSCAR: (&str, &str) = ("Oscar Trent", "oscar.trent@quillon.example");

/// IBANs and cards here have valid check digits and belong to nobody.
pub(super) const DAY: &[Mail] = &[
    Mail {
        from: CLEMENCE,
        to: &["r.lemarrec@cabinet-ruelle.example"],
        subject: "Point sur votre dossier",
        extra: Extra::None,
        body: "Bonjour Rozenn,\n\nMerci pour les pièces reçues hier. Il nous manque encore le procès-verbal signé ; pouvez-vous me l’envoyer avant jeudi ?\n\nBien à vous,\nClémence Aubertin\nFinancements structurés\nBanque Orvéane",
    },
    Mail {
        from: THEODORE,
        to: &["r.lemarrec@cabinet-ruelle.example"],
        subject: "Provision pour honoraires",
        extra: Extra::None,
        body: "Bonjour Rozenn,\n\nComme convenu au téléphone, merci de régler la provision sur le compte du client : FR76 3000 6000 0112 3456 7890 189.\n\nJe vous appelle demain vers 9 h.\n\nThéodore Vasquin",
    },
    Mail {
        from: GASPARD,
        to: &["clemence.aubertin@orveane.example"],
        subject: "RIB du client Sableval",
        extra: Extra::None,
        body: "Clémence,\n\nLe RIB de Sableval pour le virement de vendredi : FR76 3000 6000 0112 3456 7890 189.\n\nGaspard",
    },
    Mail {
        from: YASMINE,
        to: &["h.moreau@garonne-notaires.example"],
        subject: "Rendez-vous de signature",
        extra: Extra::None,
        body: "Maître,\n\nNous confirmons la signature mercredi à 15 h dans vos bureaux. Mon collègue apportera les originaux.\n\nCordialement,\nYasmine Ferrand-Okoye",
    },
    Mail {
        from: GASPARD,
        to: &["compta@ateliers-brunoy.example", "theodore.vasquin@orveane.example"],
        subject: "Rapprochement de novembre",
        extra: Extra::Sheet(
            "rapprochement.csv",
            "date;tiers;iban;montant\n2026-11-03;Sableval;FR76 3000 6000 0112 3456 7890 189;12400,00\n2026-11-12;Brunoy;DE89 3704 0044 0532 0130 00;880,50\n",
        ),
        body: "Bonjour,\n\nVous trouverez en pièce jointe le rapprochement du mois. Dites-moi si une ligne vous surprend.\n\nGaspard Nivelle",
    },
    Mail {
        from: YASMINE,
        to: &["s.petit@lumiere-conseil.example"],
        subject: "Pièces pour la signature",
        extra: Extra::LockedArchive("pieces.zip"),
        body: "Bonjour Sandrine,\n\nLes pièces sont dans l’archive ; le mot de passe arrive par un autre canal.\n\nYasmine",
    },
    Mail {
        from: CLEMENCE,
        to: &["equipe-projet@cabinet-ruelle.example"],
        subject: "Ordre du jour de lundi",
        extra: Extra::Html(
            "<p>Bonjour à tous,</p><p>L’ordre du jour de lundi :</p><ol><li>calendrier</li><li>points ouverts</li><li>divers</li></ol><p>Bonne fin de semaine,<br>Clémence</p>",
        ),
        body: "",
    },
    Mail {
        from: THEODORE,
        to: &["p.anselin@quillon.example", "yasmine.ferrand-okoye@orveane.example"],
        subject: "Re: calendrier de clôture",
        extra: Extra::None,
        body: "Paul,\n\nLe calendrier me convient. Je vous renvoie la version annotée demain matin.\n\nThéodore\n\nLe 23 nov. 2026 à 17:02, Paul Anselin a écrit :\n> Bonjour Théodore,\n> voici le calendrier proposé pour la clôture.\n> Paul",
    },
    Mail {
        from: GASPARD,
        to: &["reservation@hotel-valmont.example"],
        subject: "Réservation du 2 décembre",
        extra: Extra::None,
        body: "Bonjour,\n\nPour garantir la chambre, ma carte : 4111 1111 1111 1111, expiration 09/28.\n\nMerci,\nGaspard Nivelle",
    },
    Mail {
        from: YASMINE,
        to: &["contact@assurances-delmas.example"],
        subject: "Réponse automatique : absente jusqu’au 27",
        extra: Extra::AutoReply,
        body: "Bonjour,\n\nJe suis absente jusqu’au 27 novembre. Pour une urgence, écrivez à clemence.aubertin@orveane.example.\n",
    },
    Mail {
        from: CLEMENCE,
        to: &["theodore.vasquin@orveane.example", "gaspard.nivelle@orveane.example"],
        subject: "Salle Garonne, 14 h",
        extra: Extra::None,
        body: "La salle Garonne est à nous de 14 h à 15 h 30. À tout à l’heure.",
    },
    Mail {
        from: EDITH,
        to: &["ops@harbour-custody.example"],
        subject: "Settlement instructions",
        extra: Extra::None,
        body: "Dear all,\n\nPlease settle Thursday’s redemption to the client account GB29 NWBK 6016 1331 9268 19.\n\nKind regards,\nEdith Marlowe",
    },
    Mail {
        from: OSCAR,
        to: &["j.hale@northgate-research.example"],
        subject: "Lunch on Friday?",
        extra: Extra::None,
        body: "Hi Jo,\n\nStill on for Friday? One o’clock at the usual place.\n\nOscar",
    },
    Mail {
        from: PAUL,
        to: &["theodore.vasquin@orveane.example"],
        subject: "Closing calendar",
        extra: Extra::None,
        body: "Théodore,\n\nHere is the proposed calendar for closing. The committee meets on 3 December.\n\nPaul",
    },
    Mail {
        from: OSCAR,
        to: &["edith.marlowe@quillon.example"],
        subject: "Client account for Harbour",
        extra: Extra::None,
        body: "Edith,\n\nThe account you asked for is GB29 NWBK 6016 1331 9268 19.\n\nOscar",
    },
    Mail {
        from: EDITH,
        to: &["investors@larkfield.example", "paul.anselin@quillon.example"],
        subject: "Quarterly letter",
        extra: Extra::None,
        body: "Dear investors,\n\nPlease find below our letter for the third quarter. Markets were quiet and so were we.\n\nEdith Marlowe\nQuillon Asset Management\n\nThis message is confidential and intended for its addressee only.",
    },
    Mail {
        from: PAUL,
        to: &["desk@meridian-brokers.example"],
        subject: "Fees for October",
        extra: Extra::Sheet("fees.csv", "account,card,amount\nHarbour,5555 5555 5555 4444,120.00\n"),
        body: "Hello,\n\nThe fees for October are attached, with the card they were charged to.\n\nPaul",
    },
    Mail {
        from: THEODORE,
        to: &["a.vidal@sableval.example"],
        subject: "Merci pour votre accueil",
        extra: Extra::None,
        body: "Chère Madame,\n\nMerci pour votre accueil de mardi. Nous revenons vers vous la semaine prochaine avec une proposition.\n\nThéodore Vasquin",
    },
    Mail {
        from: CLEMENCE,
        to: &["m.tanguy@verrieres-aubin.example"],
        subject: "Votre demande de report d’échéance",
        extra: Extra::None,
        body: "Bonjour Monsieur,\n\nVotre demande est à l’étude ; vous aurez notre réponse vendredi.\n\nClémence Aubertin",
    },
    Mail {
        from: THEODORE,
        to: &["direction@sableval.example", "a.vidal@sableval.example"],
        subject: "Compte rendu de notre rencontre",
        extra: Extra::None,
        body: "Bonjour,\n\nVous trouverez ci-dessous les trois points retenus mardi : calendrier, périmètre, interlocuteurs.\n\nThéodore Vasquin",
    },
    Mail {
        from: GASPARD,
        to: &["virements@brunoy.example"],
        subject: "RIB corrigé",
        extra: Extra::None,
        body: "Bonjour,\n\nLe RIB précédent était faux. Le bon : DE89 3704 0044 0532 0130 00.\n\nGaspard",
    },
    Mail {
        from: YASMINE,
        to: &[
            "h.moreau@garonne-notaires.example",
            "clerc@garonne-notaires.example",
            "clemence.aubertin@orveane.example",
        ],
        subject: "Séquestre de la vente Lormont",
        extra: Extra::None,
        body: "Maître,\n\nLe séquestre est à verser sur FR14 2004 1010 0505 0001 3M02 606. Clémence suit le dossier avec moi.\n\nYasmine Ferrand-Okoye",
    },
    Mail {
        from: GASPARD,
        to: &["controle@cabinet-ruelle.example"],
        subject: "Relevé d’octobre",
        extra: Extra::Pdf(
            "releve-octobre.pdf",
            &[
                "Releve du mois d'octobre",
                "Compte FR76 3000 6000 0112 3456 7890 189",
                "Solde au 31 octobre : 48 210,17",
            ],
        ),
        body: "Bonjour,\n\nLe relevé demandé est joint.\n\nGaspard Nivelle",
    },
    Mail {
        from: CLEMENCE,
        to: &["equipe-projet@cabinet-ruelle.example", "theodore.vasquin@orveane.example"],
        subject: "Comité de suivi, jeudi 10 h",
        extra: Extra::Invitation("Comité de suivi"),
        body: "Bonjour,\n\nL’invitation pour jeudi.\n\nClémence",
    },
    Mail {
        from: THEODORE,
        to: &["dr.fabre@sante-travail.example"],
        subject: "Personnel : rendez-vous",
        extra: Extra::None,
        body: "Bonjour Docteur,\n\nPuis-je déplacer notre rendez-vous au 4 décembre ?\n\nThéodore Vasquin",
    },
    Mail {
        from: YASMINE,
        to: &["yasmine.fo@courrier-perso.example"],
        subject: "Privé",
        extra: Extra::None,
        body: "Penser au cadeau de Léo.",
    },
    Mail {
        from: CLEMENCE,
        to: &["l.prevost@imprimerie-arcole.example"],
        subject: "Bon à tirer",
        extra: Extra::None,
        body: "Bonjour,\n\nBon à tirer sans réserve pour 500 exemplaires.\n\nClémence Aubertin",
    },
    Mail {
        from: GASPARD,
        to: &["achats@papeterie-orme.example"],
        subject: "Commande de fournitures",
        extra: Extra::None,
        body: "Bonjour,\n\nPour cette commande, débitez la carte 5555 5555 5555 4444.\n\nGaspard Nivelle",
    },
    Mail {
        from: THEODORE,
        to: &["r.lemarrec@cabinet-ruelle.example", "paul.anselin@quillon.example"],
        subject: "Belvédère : dernier point avant jeudi",
        extra: Extra::None,
        body: "Rozenn, Paul,\n\nMerci de régler la provision sur FR76 3000 6000 0112 3456 7890 189 avant jeudi.\n\nThéodore Vasquin",
    },
    Mail {
        from: YASMINE,
        to: &["s.petit@lumiere-conseil.example"],
        subject: "Re: Pièces pour la signature",
        extra: Extra::None,
        body: "Bonjour Sandrine,\n\nBien reçu, merci. Je prépare les originaux.\n\nYasmine",
    },
    Mail {
        from: CLEMENCE,
        to: &["sinistres@assurances-delmas.example"],
        subject: "Dossier 2026-1184",
        extra: Extra::None,
        body: "Bonjour,\n\nLe client accepte l’indemnité proposée. Nous restons à votre disposition.\n\nClémence Aubertin",
    },
    Mail {
        from: GASPARD,
        to: &["theodore.vasquin@orveane.example", "yasmine.ferrand-okoye@orveane.example"],
        subject: "Clôture de fin de mois",
        extra: Extra::None,
        body: "Tout est saisi de mon côté ; il manque deux justificatifs chez Brunoy.",
    },
    Mail {
        from: THEODORE,
        to: &["presse@journal-amont.example"],
        subject: "Votre question du 20 novembre",
        extra: Extra::None,
        body: "Bonjour,\n\nNous ne commentons pas les dossiers de nos clients.\n\nThéodore Vasquin",
    },
    Mail {
        from: EDITH,
        to: &["ops@harbour-custody.example", "oscar.trent@quillon.example"],
        subject: "Change of standing instructions",
        extra: Extra::None,
        body: "Dear all,\n\nFrom Monday please use GB29 NWBK 6016 1331 9268 19 for all receipts.\n\nEdith Marlowe",
    },
    Mail {
        from: OSCAR,
        to: &["data@northgate-research.example"],
        subject: "Holdings file",
        extra: Extra::LockedArchive("holdings.zip"),
        body: "Jo,\n\nThe file you asked for; the password follows by phone.\n\nOscar",
    },
    Mail {
        from: PAUL,
        to: &["audit@fairholt-partners.example"],
        subject: "September statement",
        extra: Extra::Pdf(
            "statement-september.pdf",
            &["Statement, September", "Account GB29 NWBK 6016 1331 9268 19", "Closing balance 1,204,880.12"],
        ),
        body: "Hello,\n\nStatement attached as requested.\n\nPaul",
    },
    Mail {
        from: EDITH,
        to: &["events@larkfield.example"],
        subject: "Investor evening",
        extra: Extra::None,
        body: "Dear Anna,\n\nWe shall be four. Could you keep a table near the door?\n\nEdith",
    },
    Mail {
        from: OSCAR,
        to: &["travel@penbury-travel.example"],
        subject: "Flights to Lyon",
        extra: Extra::None,
        body: "Hello,\n\nPlease charge the flights to 4111 1111 1111 1111.\n\nOscar Trent",
    },
    Mail {
        from: PAUL,
        to: &["theodore.vasquin@orveane.example"],
        subject: "Re: Belvédère",
        extra: Extra::None,
        body: "Théodore,\n\nReceived, thank you. We sign on Thursday.\n\nPaul",
    },
    Mail {
        from: EDITH,
        to: &["compliance@harbour-custody.example"],
        subject: "Annual questionnaire",
        extra: Extra::None,
        body: "Dear colleagues,\n\nOur answers will reach you by the end of the week.\n\nEdith Marlowe",
    },
    Mail {
        from: OSCAR,
        to: &["edith.marlowe@quillon.example", "paul.anselin@quillon.example"],
        subject: "Desk rota",
        extra: Extra::None,
        body: "I am out on Thursday; Paul covers the desk.",
    },
    Mail {
        from: PAUL,
        to: &["broker@meridian-brokers.example"],
        subject: "Broker review, Wednesday",
        extra: Extra::Invitation("Broker review"),
        body: "Hello,\n\nThe invitation for Wednesday.\n\nPaul",
    },
    Mail {
        from: EDITH,
        to: &["tax@fairholt-partners.example"],
        subject: "Private: school run",
        extra: Extra::None,
        body: "I shall be twenty minutes late on Friday.",
    },
    Mail {
        from: CLEMENCE,
        to: &["m.tanguy@verrieres-aubin.example"],
        subject: "Vos coordonnées bancaires",
        extra: Extra::None,
        body: "Bonjour Monsieur,\n\nNous avons bien votre compte FR14 2004 1010 0505 0001 3M02 606 pour les prélèvements. Est-ce toujours le bon ?\n\nClémence Aubertin",
    },
];
