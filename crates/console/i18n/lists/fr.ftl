## Lists, the client file, examples, proposals
nav-lists = Listes
lists = Listes
lists-text = Ce que votre organisation dit d’elle-même aux contrôles. Ce qui fait surveiller davantage vaut aussitôt ; ce qui fait surveiller moins attend une seconde personne.
lists-table = Les listes
lists-waiting = Attend une seconde personne
lists-waiting-none = Rien n’attend.
lists-past = Réponses récentes
lists-clients = Fichier des clients
lists-clients-text = Aucune valeur n’est jamais affichée : seules des empreintes sont gardées. Le fichier se donne par la commande cerebro clients import, ou par l’API jusqu’à 32 Mo ; un fichier qui retrouve moins que le précédent attend une seconde personne.
lists-clients-none = Aucun fichier n’a été donné.
lists-examples = Catégories par l’exemple
lists-examples-see = Voir les catégories
list-machine-note = Plus de 2 Mo : par la commande cerebro lists ou l’API.
col-list = Liste
col-entries = Entrées
col-effect = Effet d’une entrée
col-added = Ajoutées
col-removed = Retirées
col-version = Version
col-in-force-since = En vigueur depuis
col-asked = Demandé
col-about = Objet
col-clients = Clients
col-identifiers = Identifiants
list-not-given = Jamais donnée
list-waits = { $n ->
    [one] { $shown } proposition attend
   *[other] { $shown } propositions attendent
}
effect-watches = Fait surveiller
effect-silences = Fait taire
effect-both = Les deux
effect-watches-text = Chaque entrée est recherchée. Un ajout vaut aussitôt ; un retrait attend une seconde personne.
effect-silences-text = Chaque entrée fait taire des constats. Un retrait vaut aussitôt ; un ajout attend une seconde personne.
effect-both-text = Chaque entrée fait surveiller et fait taire à la fois : tout changement attend une seconde personne.
list-own-domains = Domaines de l’organisation
list-own-identifiers = Numéros de l’organisation
list-own-footers = Pieds de page de l’organisation
list-group-domains = Domaines du groupe
list-known-domains = Domaines connus
list-correspondents = Correspondants
list-webmail = Messageries personnelles
list-protected = Correspondants protégés
list-restricted = Émetteurs sous restriction
list-encrypted-domains = Domaines au chiffrement convenu
list-labels = Étiquettes confidentielles
list-own-domains-text = D’où l’on écrit, en plus des domaines d’origine : ce qui leur est envoyé reste dans la maison.
list-own-identifiers-text = Comptes et cartes de l’organisation elle-même : jamais un constat.
list-own-footers-text = Rien de ce qui s’y trouve n’est un constat. Une entrée est un paragraphe, suivi d’une ligne vide.
list-group-domains-text = Les autres entités du groupe.
list-known-domains-text = À qui l’on écrit : un domaine qui leur ressemble est signalé.
list-correspondents-text = Adresses à qui l’on écrit : une adresse à une lettre près est signalée.
list-webmail-text = Messageries personnelles, en plus de celles que le service connaît.
list-protected-text = Représentants du personnel, médecin du travail, avocats, autorités : certains contrôles ne s’appliquent pas à eux.
list-restricted-text = Noms d’émetteurs et codes de valeurs. Information privilégiée.
list-encrypted-domains-text = Avec qui il est convenu que le courrier chiffré part sans être lu : le domaine du destinataire, pour tous les vôtres, ou l’un de vos domaines > le sien. Chacun avec ce qui est dessous.
list-labels-text = Étiquettes de confidentialité que l’établissement tient pour confidentielles, par identifiant (un GUID, = le nom que vous lui donnez) ou par nom. Un Office récent n’écrit que l’identifiant dans ses fichiers.
list-size = { $n ->
    [one] { $shown } entrée
   *[other] { $shown } entrées
}
list-version = Version { $version }
list-search = Chercher dans la liste
list-search-hint = Un mot, un domaine, un nom
list-search-verb = Chercher
list-found = { $n ->
    [one] { $shown } entrée trouvée
   *[other] { $shown } entrées trouvées
}
list-empty = Aucune entrée
list-empty-text = La liste n’a pas été donnée, ou rien n’y correspond à cette recherche.
list-entries = Entrées
list-versions = Versions
list-add = Ajouter
list-take = Retirer
list-take-one = Retirer : { $entry }
list-replace = Remplacer
list-add-title = Ajouter à « { $list } »
list-take-title = Retirer de « { $list } »
list-replace-title = Remplacer « { $list } »
list-file = Depuis un fichier
list-lines = Les entrées
list-lines-hint = Une par ligne ; les lignes vides et celles qui commencent par # sont laissées de côté.
list-reason-hint = Nécessaire dès que quelque chose attend une seconde personne, qui la lira. Consignée, scellée.
list-change-verb = Enregistrer
list-same = Rien n’en serait changé.
list-line-wrong = Ligne { $line } : { $what }
list-full = Cette liste compte au plus { $n } entrées.
list-too-long = Une liste compte au plus 16 Mo.
list-taken = { $domain } est le domaine d’une autre organisation servie ici.
list-reason-wanted = Ce qui fait surveiller moins attend une seconde personne : dites-lui pourquoi.
list-meanwhile = Quelqu’un a changé cela entre-temps ; rien n’a été enregistré. Vérifiez, puis recommencez.
list-too-many = Trop de propositions attendent : répondez d’abord à quelques-unes.
entry-long = une entrée est trop longue
entry-domain = une entrée est un domaine, comme sableval.example
entry-agreement = une entrée est le domaine d’un destinataire, ou l’un des vôtres > le sien, comme orveane.example > sableval.example
entry-address = une entrée est une adresse
entry-either = une entrée est une adresse ou un domaine
entry-number = une entrée est un numéro de compte ou de carte, de six lettres et chiffres au moins
entry-issuer = une entrée est le nom d’un émetteur ou le code d’une valeur
entry-label-id = l’identifiant d’une étiquette est un GUID ; le nom vient derrière lui, après =
entry-label-name = le nom d’une étiquette a des lettres ou des chiffres, 255 caractères au plus
entry-pair = Du domaine { $from } vers { $to }
entry-any = De tous nos domaines vers { $to }
entry-label-called = « { $name } », par son identifiant
entry-label-unnamed = Un identifiant sans nom
entry-label-name-any = « { $name } », par son nom
list-look-back = Relire les messages passés avec cette liste
list-look-back-text = Une entrée qui vient d’être ajoutée vaut pour les messages à venir. Ceux qui sont déjà partis peuvent être relus avec les listes d’aujourd’hui ; rien n’est défait.
proposal = Proposition
proposal-list = { $name }
proposal-clients = Fichier des clients
proposal-clients-drop = Fichier des clients : abandon
proposal-examples = Exemples : { $name }
proposal-waiting = Attend
proposal-agreed = Accordée
proposal-refused = Refusée
proposal-replaced = Remplacée par une autre
proposal-lapsed = Sans réponse
proposal-added = { $n ->
    [one] { $shown } entrée serait ajoutée
   *[other] { $shown } entrées seraient ajoutées
}
proposal-removed = { $n ->
    [one] { $shown } entrée serait retirée
   *[other] { $shown } entrées seraient retirées
}
proposal-near = Proximité minimale
proposal-clients-before = Clients en vigueur
proposal-clients-after = Clients du fichier proposé
proposal-new = Identifiants nouveaux
proposal-gone = Identifiants qui ne seraient plus retrouvés
proposal-mailboxes = Boîtes vers lesquelles des données retenues pourraient partir
proposal-lapses = Sans réponse, abandonnée
proposal-ended = Réponse
proposal-why-refused = Pourquoi elle est refusée
proposal-answer = Répondre
proposal-answer-text = Accordée, elle vaut aussitôt, sur tous les nœuds en quelques secondes. Qui demande et qui accorde sont deux personnes.
proposal-answer-own = Vous l’avez demandée : une autre personne l’accorde. Vous pouvez la retirer.
proposal-agree = Accorder
proposal-refuse = Refuser
proposal-take-back = La retirer
proposal-take-back-why = Pourquoi la retirer
proposal-refuse-why = Pourquoi refuser
proposal-same-person = Qui demande et qui accorde sont deux personnes : cette proposition est la vôtre, ou l’un des comptes remonte à vous.
proposal-over = Cette proposition n’attend plus de réponse.
proposal-meanwhile = Ce dont elle partait a changé depuis : elle doit être demandée à nouveau.
proposal-full = Il y aurait plus de { $n } entrées : autre chose doit d’abord en sortir.
examples = Catégories par l’exemple
examples-text = Ce que votre organisation veut reconnaître, dit par une douzaine de phrases. Le modèle cherche les phrases les plus proches ; il classe et explique, une personne juge.
examples-in-force = { $n ->
    [0] Aucune catégorie n’est en vigueur.
    [one] { $shown } catégorie est en vigueur.
   *[other] { $shown } catégories sont en vigueur.
}
examples-no-model = Aucun modèle n’est configuré ici : les catégories sont gardées, rien n’est recherché.
examples-new = Définir une catégorie
examples-table = Les catégories
examples-empty = Aucune catégorie
examples-empty-text = Une douzaine de phrases, dans les deux langues, suffisent pour commencer.
examples-try = Essayer une phrase
examples-try-text = Une phrase, en français ou en anglais : les exemples les plus proches, et s’ils le sont assez pour un constat. Rien n’est gardé.
examples-sentence = Phrase
examples-try-verb = Essayer
examples-tried = Exemples les plus proches
examples-tried-none = Aucune catégorie n’est en vigueur.
examples-found = Constat
examples-not-found = Trop loin
col-category-name = Catégorie
col-near = Proximité minimale
col-nearness = Proximité
col-example = Exemple
col-sentences = Exemples
example-name = Nom
example-name-hint = Des minuscules, des chiffres et _, comme client_poaching. Les conditions s’en servent.
example-near = Proximité minimale, pour mille
example-near-hint = De 1 à 1000 ; 550 pour commencer. La baisser trouve davantage et vaut aussitôt ; la relever attend une seconde personne.
example-sentences = Exemples
example-sentences-hint = Un par ligne, de 3 à 200. Ceux qu’on ajoute valent aussitôt ; ceux qu’on retire attendent une seconde personne.
example-save = Enregistrer
example-drop = Abandonner cette catégorie
example-drop-text = Elle ne trouverait plus rien : l’abandon attend une seconde personne.
example-versions = Versions
example-gone = abandonnée
example-rule-name = Le nom s’écrit en minuscules, chiffres et _, en 32 caractères au plus.
example-rule-near = La proximité va de 1 à 1000.
example-rule-sentences = Il faut de 3 à 200 exemples qui diffèrent, chacun d’une phrase.
example-too-many = Au plus 50 catégories sont gardées.
toast-list-changed = Enregistré, en vigueur
toast-list-waits = Proposé : une seconde personne l’accorde
toast-proposal-agreed = Accordé, en vigueur
toast-proposal-refused = Proposition refusée
