## Control sets
nav-controls = Contrôles
nav-governance = Gouvernance
controls = Contrôles
controls-text = Ce qui décide qu’un message part, attend ou est refusé. Un jeu est proposé par une personne, essayé sur les messages passés, puis publié par une autre.
controls-upload = Proposer depuis des fichiers
controls-see = Voir les contrôles
controls-all = Contrôles
controls-hold = Retiennent ou refusent
controls-observe = Observent
controls-sets = Jeux de contrôles
controls-empty = Aucun jeu proposé
controls-empty-text = Le jeu livré s’applique. Pour le changer, ouvrez-le, choisissez un contrôle et proposez ses nouvelles valeurs.
controls-started = Le jeu livré avec le service
controls-in-force-since = Jeu { $number }, publié { $at } par { $who }
set-name = Jeu { $number }
set-in-force = En vigueur
set-past = Remplacé
set-draft = Brouillon
set-dropped = Abandonné
set-next = Et maintenant
set-drop = Abandonner ce brouillon
set-upload = Partir de ce jeu avec des fichiers
set-changes = Différences avec le jeu en vigueur
set-same = Mêmes contrôles que le jeu en vigueur.
set-change-whole = Tout le contrôle
set-part-text = { $part } : texte modifié
set-digest = Empreinte
set-drafted = Proposé
set-published = Publié
set-ended-dropped = Abandonné
set-by-at = { $who }, { $at }
set-differs = { $n ->
    [one] { $shown } contrôle diffère du jeu en vigueur
   *[other] { $shown } contrôles diffèrent du jeu en vigueur
}
set-controls = { $n ->
    [one] { $shown } contrôle
   *[other] { $shown } contrôles
}
set-machine = le service
col-set = Jeu
col-drafted = Proposé
col-rehearsed = Essayé
col-ended = Publié ou abandonné
col-mode = Effet
col-severity = Gravité
col-class = Classe de retenue
col-category = Catégorie
not-yet = pas encore
mode-observe = Observe
mode-hold = Retient
mode-refuse = Refuse
change-added = Nouveau
change-removed = Retiré
change-changed = Modifié
part-mode = Mode
part-verdict = Verdict
part-severity = Gravité
part-hold-class = Classe de retenue
part-neutral-notice = Avis neutre
part-when = Condition
part-title = Titre
part-explanation = Explication
part-remedy = Remède
part-ground = Fondement
part-samples = Exemples
category-personal-data = Données des clients et des personnes
category-scanning = Ce qui ne se lit pas
category-recipients = Destinataires
category-client-protection = Protection des clients
category-market-abuse = Abus de marché
category-financial-crime = Criminalité financière
category-records = Conservation et preuve
category-conduct = Conduite
category-security = Sécurité
category-protected = Correspondance protégée
category-other = Autre
neutral-yes = Oui : l’expéditeur apprend que le message attend, pas pourquoi
neutral-no = Non : l’expéditeur apprend pourquoi
control-change = Modifier ce contrôle
control-change-text = Rien ne change tout de suite : un brouillon est proposé, à essayer sur les messages passés, puis à faire publier par une autre personne.
control-class-hint = Le genre de retenue : standard, sensitive, urgent. Votre organisation peut exiger que les décisions d’une classe soient signées.
control-when-hint = Ce que doit être un message pour que le contrôle y corresponde. Elle est vérifiée avant que le brouillon existe.
fields-all = Ce qu’une condition peut demander
fields-name = Champ
fields-meaning = Ce qu’il dit
fields-detectors = Détecteurs
fields-of-each = De chaque détecteur
fields-message = Du message
fields-recipient = D’un destinataire : le contrôle est interrogé pour chacun
fields-example = Par exemple :
control-add = Nouveau contrôle
control-copy = Nouveau sur ce modèle
control-what = Ce qu’il fait
control-words = Ce qu’il dit
control-id = Identifiant
control-id-hint = Des majuscules, des chiffres et des tirets, comme PII-01. Il reste ensuite tel quel.
control-title-hint = Quelques mots, tels que les valideurs les lisent dans une liste.
control-explanation-hint = Ce qui importe à l’expéditeur et au valideur, en mots simples.
control-remedy-hint = Ce qui ferait passer le message.
control-ground-hint = La loi ou le contrat qui le fonde, cité en entier.
control-samples-hint = Des messages inventés qu’il doit attraper, et d’autres qu’il doit laisser passer, dans les deux langues. Ils sont joués avant que le brouillon existe, puis chaque nuit une fois le jeu en vigueur.
sample-number = Exemple { $number }
sample-kind = Nature
sample-unused = Non utilisé
sample-fr-yes = En français, doit correspondre
sample-fr-no = En français, doit passer
sample-en-yes = En anglais, doit correspondre
sample-en-no = En anglais, doit passer
sample-text = Texte
sample-rest = Destinataires, fichiers, listes
sample-rest-has = Avec : { $keys }
sample-rest-hint = Comme dans un fichier de contrôle, une clé par ligne. Sans destinataires, un client externe le reçoit.
language-fr = Français
language-en = Anglais
control-observes = Observe : le message part, et c’est noté
control-holds = Retient : une personne décide
control-refuses = Refuse : le message ne part pas
control-file = Le fichier de ce contrôle
control-samples = { $n ->
    [one] { $shown } exemple
   *[other] { $shown } exemples
}
sample-no-text = Sans texte : un objet, un fichier ou des destinataires
sample-must = Doit
sample-match = être trouvé
sample-no-match = passer
sample-result = Résultat
sample-right = Comme prévu
sample-wrong = Autrement
sample-attachment = pièce jointe { $name }
draft-verb = Proposer le brouillon
controls-upload-text = Point de départ : { $set }. Chaque fichier remplace le contrôle de même identifiant, ou s’ajoute.
upload-files = Fichiers .toml
upload-text = Contrôles
upload-text-hint = Un fichier par contrôle. Entre deux fichiers, une ligne avec trois signes plus.
upload-whole = Ces fichiers sont le jeu entier
publish = Publier
publish-open = Publier…
publish-verb = Publier : ce jeu s’applique aussitôt
publish-text = Vous répondez de ce changement avec la personne qui l’a proposé. Il s’applique sur tous les nœuds en quelques secondes et reste au registre.
publish-same-person = La personne qui propose un jeu et celle qui le publie sont deux personnes.
publish-uncalibrated = Ces contrôles retiendraient selon des scores qui n’ont pas de calibrage en vigueur : { $controls }. Signez un calibrage, ou laissez-les observer.
publish-not-rehearsed = Ce jeu n’a pas été essayé face au jeu en vigueur aujourd’hui : lancez d’abord l’essai à blanc.
publish-own = Vous avez proposé ce brouillon : une autre personne le publie.
set-over = Ce jeu n’est plus un brouillon.
set-is-in-force = Ce jeu est déjà en vigueur, à l’identique.
set-no-control = Le jeu n’a pas ce contrôle.
replay-busy = Des messages passés sont déjà en cours de relecture : attendez la fin, ou arrêtez-la.
rehearsal = Essai à blanc
rehearsal-of = Essai à blanc du jeu { $number }
rehearsal-text = Le brouillon et le jeu en vigueur relisent les mêmes messages passés, 5 000 au plus. Personne n’en voit le contenu.
rehearsal-about = { $flows } messages sur { $days }, relus { $at }
rehearsal-days = { $n ->
    [one] { $shown } jour
   *[other] { $shown } jours
}
rehearsal-partial = { $text }. Il y en a davantage dans la période ; { $unread } n’ont pas pu être relus.
rehearsal-unread = { $text } ; { $unread } n’ont pas pu être relus.
rehearsal-stale = Le jeu en vigueur a changé depuis : refaites l’essai à blanc avant de publier.
rehearsal-see = Voir message par message
rehearsal-per-day = Retenus par jour
rehearsal-was = { $n } aujourd’hui
rehearsal-changed = Verdicts qui changent
rehearsal-review = Temps d’examen par jour
rehearsal-expiries = Échéances manquées par jour
rehearsal-unknown = inconnu
rehearsal-controls = Contrôles qui trouvent plus ou moins
rehearsal-now = En vigueur
rehearsal-then = Avec le brouillon
rehearsal-messages = Messages dont le verdict change
rehearsal-none = Aucun verdict ne change
rehearsal-none-text = Sur ces messages, le brouillon décide comme le jeu en vigueur.
rehearsal-gained = Contrôles en plus
rehearsal-lost = Contrôles en moins
rehearsal-more = { $n ->
    [one] { $shown } autre message change, sans être nommé ici.
   *[other] { $shown } autres messages changent, sans être nommés ici.
}
rehearse-verb = Lancer l’essai à blanc
replays = Relectures
replay-days = Jours passés à relire
replay-flows = Messages relus
replay-running = En cours
replay-done = Terminée
replay-stopped = Arrêtée
replay-failed = Échouée
replay-stop = Arrêter
replay-begins = Les messages sont comptés.
replay-progress = { $done } messages sur { $total }.
replay-leave = Vous pouvez quitter cette page.
replay-asked = Demandée
replay-window = Messages depuis
look-back = Relecture du passé
look-back-text = Après un changement de liste ou de contrôles, les messages déjà passés sont relus : ceux qui seraient trouvés aujourd’hui sont nommés. Rien n’est défait.
look-back-verb = Relire les messages passés
look-back-bound = Arrêtée à { $most } messages : ceux d’avant le { $at } n’ont pas été relus.
look-back-unread = { $n ->
    [one] { $shown } message n’a pas pu être relu (effacé, ou trop volumineux).
   *[other] { $shown } messages n’ont pas pu être relus (effacés, ou trop volumineux).
}
look-back-controls = Par contrôle
look-back-newly = Messages trouvés en plus
look-back-further = Déjà trouvés, où il trouve autre chose
look-back-guarded = { $n ->
    [one] Dont { $shown } message privé ou protégé : ce qu’on y trouve n’est pas dit.
   *[other] Dont { $shown } messages privés ou protégés : ce qu’on y trouve n’est pas dit.
}
look-back-message = Message
look-back-people = De, à
look-back-to = à { $to }
look-back-others = { $n ->
    [one] et { $shown } autre
   *[other] et { $shown } autres
}
look-back-no-subject = Sans objet
look-back-found = Trouvé aujourd’hui
look-back-again = { $controls } (autre chose qu’alors)
look-back-unnamed = { $n ->
    [one] { $shown } autre message, plus ancien, est compté sans être nommé.
   *[other] { $shown } autres messages, plus anciens, sont comptés sans être nommés.
}
look-back-newer = Plus récents
look-back-older = Plus anciens
look-back-seen = { $n ->
    [0] Rien de neuf
    [one] { $shown } message serait trouvé aujourd’hui
   *[other] { $shown } messages seraient trouvés aujourd’hui
}
look-back-none = Rien de neuf
look-back-none-text = Dans aucun message passé un contrôle ne trouve aujourd’hui ce qu’il n’avait pas trouvé.
toast-drafted = Brouillon proposé.
toast-published = Jeu publié : il s’applique.
toast-dropped = Brouillon abandonné.
toast-replay = Relecture demandée.
toast-replay-stopped = Relecture arrêtée.
part-version = Version
samples-right = { $n } exemples vérifiés, { $at } : tous comme prévu.
samples-wrong = { $n } exemples ne donnent pas ce qu’ils disent, vérifiés { $at }.
samples-not-yet = Les exemples seront vérifiés cette nuit.
similar-pair = Décidé entre ces correspondants
why-whom = Concerne { $names }
why-whom-more = Concerne { $names } et { $more } autres
