# CEREBRO en français. Espaces : U+202F devant ; ! ? et %, U+00A0 devant : et dans « ».
# $n choisit la forme, $shown est le nombre écrit.

## Frame
skip = Aller au contenu
menu = Menu
other-language = English
nav-main = Navigation principale
nav-operations = Opérations
nav-queue = File d’attente
nav-decisions = Décisions
nav-evidence = Preuve
nav-ledger = Registre
session = Session :
session-over = terminée
sign-out = Se déconnecter
close = Fermer
cancel = Annuler
continue = Continuer
key-enter = Entrée
key-escape = Échap
quoted = « { $text } »
no-subject = Sans objet

## Keyboard
hint-move = parcourir
hint-search = chercher
hint-help = aide
help-title = Clavier
help-move = Message suivant, message précédent
help-decide = Libérer, rejeter, escalader
help-motive = Choisir un motif
help-confirm = Confirmer la décision
help-cancel = Annuler, fermer
help-search = Chercher dans la file
help-help = Cette aide
help-off = Désactiver les touches d’une seule lettre sur cet appareil

## Verdicts, states, severities
state-pass = Conforme
state-held = Retenu
state-refused = Refusé
state-waiting = En attente
state-escalated = Escaladé
state-released = Libéré
state-rejected = Rejeté
state-withdrawn = Repris par l’expéditeur
state-expired = Échu
state-sending = En cours d’envoi
state-delivered = Remis
state-bounced = Non remis
state-uncertain = Remise incertaine
severity-low = Basse
severity-medium = Moyenne
severity-high = Haute
severity-critical = Critique

## Clocks
clock-over = échu depuis { $span }
clock-said-due = { $rest }, échéance { $due }
clock-said-seconds = { $n ->
    [one] { $shown } seconde restante
   *[other] { $shown } secondes restantes
}
clock-said-minutes = { $n ->
    [one] { $shown } minute restante
   *[other] { $shown } minutes restantes
}
clock-said-hours = { $n ->
    [one] { $shown } heure restante
   *[other] { $shown } heures restantes
}
clock-said-days = { $n ->
    [one] { $shown } jour restant
   *[other] { $shown } jours restants
}
clock-said-over = { $n ->
    [one] Délai échu depuis { $shown } minute
   *[other] Délai échu depuis { $shown } minutes
}
clock-said-risk = Le délai de ce message devient court
clock-said-critical = Le délai de ce message est presque écoulé
clock-said-expired = Le délai de ce message est écoulé
due-at = échéance { $due }

## Sign-in
sign-in = Connexion
sign-in-step = Étape 1 sur 2 : votre identité
sign-in-email = Adresse professionnelle
sign-in-password = Mot de passe
sign-in-password-hint = Coller et gestionnaires de mots de passe acceptés.
sign-in-no-account = Pas encore de compte ? Chaque compte est nominatif et approuvé.
sign-in-verb = Se connecter
sign-in-again = Saisir à nouveau
sign-in-refused = Connexion refusée
sign-in-refused-advice = L’adresse ou le mot de passe ne convient pas, ou le compte n’est pas actif.
sign-in-wait = Trop d’essais
sign-in-wait-advice = Attendez quinze minutes, ou adressez-vous à un administrateur de votre organisation.
network-title = Réseau non déclaré.
network-text = Vous n’êtes pas sur un réseau de confiance de votre organisation. Évitez les réseaux publics, même avec un VPN.
code = Second facteur
code-step = Étape 2 sur 2 : vérification
code-label = Code à six chiffres
code-hint = Dans votre application d’authentification, à la ligne CEREBRO.
code-again = Saisir un nouveau code
code-restart = Recommencer avec une autre adresse
code-wrong = Ce code n’est pas le bon
code-wrong-advice = Vérifiez l’heure de votre téléphone, puis prenez le code affiché maintenant.
code-used = Ce code a déjà servi
code-used-advice = Chaque code ne sert qu’une fois : attendez le suivant, au plus trente secondes.
code-late = La première étape a expiré
code-late-advice = Saisissez de nouveau votre adresse et votre mot de passe.

## Second factors
otherwise = Autrement
backup = Code de secours
backup-only = Permet seulement d’inscrire un nouveau facteur
backup-text = Un de vos dix codes, si vous n’avez plus votre second facteur. Il ouvre une session qui ne permet que d’en inscrire un nouveau.
backup-label = Code de secours
backup-hint = Six groupes de quatre caractères ; les tirets et les espaces ne comptent pas.
backup-again = Saisir un autre code
backup-not = Revenir au code à six chiffres
backup-wrong = Ce code de secours ne convient pas
backup-wrong-advice = Il est mal saisi, a déjà servi ou a été remplacé.
presence = Confirmez votre présence
presence-text = Cette action demande une preuve de votre présence datant de moins de dix minutes. Votre session continue ensuite.
presence-verb = Confirmer
proof-wrong = Votre présence n’est pas confirmée
proof-wrong-advice = Le code ou le mot de passe ne convient pas. Un code ne sert qu’une fois.
security = Ma sécurité
security-text = Ce qui prouve que c’est vous. Chaque changement laisse une entrée au registre.
not-done = Rien n’a changé
never = jamais
factors = Seconds facteurs
factors-empty = Aucun pour l’instant.
factor-owed = Un second facteur est obligatoire.
factor-owed-text = Votre compte a la mission d’administration, ou est sensible : tant qu’aucun second facteur n’est inscrit, il ne permet rien d’autre.
factor-by-code = Inscrivez un nouveau second facteur.
factor-by-code-text = Cette session a été ouverte avec un code de secours : elle ne permet rien d’autre. Pensez ensuite à retirer le facteur perdu.
factor-asked = Protégez votre compte par un second facteur.
factor-asked-text = Un mot de passe se vole ; un second facteur arrête le voleur. L’inscription prend une minute.
factor-none = Votre compte n’a pas de second facteur.
factor-none-text = La question vous sera posée de nouveau à une prochaine connexion.
factor-postpone = Plus tard, dans une semaine
factor-add-app = Ajouter une application d’authentification
factor-name = Nom
factor-name-hint = Pour la reconnaître parmi plusieurs : « Téléphone professionnel ».
factor-name-first = Téléphone
factor-last = Dernier : ne se retire pas
factor-too-many = Ce compte a déjà autant de facteurs que permis. Retirez-en un d’abord.
factor-name-wrong = Donnez un nom de soixante caractères au plus.
factor-offer-over = Ce code QR n’est plus valable : en voici un nouveau.
factor-add-key = Ajouter une clé de sécurité
key-text = Une clé USB ou NFC, ou une clé d’accès de cet appareil. Elle vérifie votre code PIN ou votre empreinte, et ne répond qu’à ce site.
key-name-first = Ma clé
key-name-hint = Pour la reconnaître parmi d’autres : « Clé de mon badge ».
key-verb = Toucher la clé
key-use = Utiliser une clé de sécurité
key-failed = La clé n’a pas répondu. Réessayez.
key-known = Cette clé est déjà inscrite.
key-none = Ce navigateur ne prend pas en charge les clés de sécurité.
key-script = Les clés de sécurité demandent JavaScript.
key-not-taken = Cette clé n’est pas acceptée : elle doit vérifier son porteur, et être d’un modèle que votre organisation admet, attesté par son fabricant si elle l’exige.
key-over = La demande a expiré, ou cette clé est déjà inscrite. En voici une nouvelle.
key-wrong = Cette clé n’a pas prouvé que c’est vous
key-wrong-advice = Elle n’est pas inscrite, est suspendue, ou a répondu trop tard. Réessayez, ou utilisez un autre facteur.
key-suspended = Suspendue : elle semble exister en deux exemplaires.
kind-key = Clé de sécurité
kind-totp = Application d’authentification
col-name = Nom
col-since = Depuis
col-used = Dernier usage
remove = Retirer
remove-named = Retirer « { $name } »
remove-text = Dès maintenant, il ne prouvera plus que c’est vous.
remove-last = C’est votre dernier second facteur : vos codes de secours partent avec lui, et votre compte ne tiendra plus qu’à son mot de passe.
codes = Codes de secours
codes-text = Chacun sert une fois, et permet seulement d’inscrire un nouveau facteur.
codes-left = { $n ->
    [0] Aucun code
    [one] { $shown } code non utilisé
   *[other] { $shown } codes non utilisés
}
codes-made = créés le { $when }
codes-renew = Créer dix nouveaux codes
codes-once = Ils ne seront plus jamais affichés. Les précédents ne sont plus valables.
codes-keep = Imprimez-les ou recopiez-les, et gardez-les loin de votre téléphone.
codes-yours = Vos dix codes
codes-kept = Je les ai gardés
password-since = Le vôtre, du { $when }, n’expire pas : changez-le si vous le croyez connu d’un autre.
app-text = Toute application qui produit des codes à six chiffres (RFC 6238) convient.
app-step-1 = 1. Lisez ce code avec votre application
app-qr = Code QR du secret à copier dans votre application
app-typed = Ou saisissez cette clé :
app-step-2 = 2. Donnez le code qu’elle affiche
app-code-hint = Il prouve que la copie est bonne, et ne servira plus.
app-verb = Inscrire

## Accounts
nav-administration = Administration
nav-accounts = Comptes
accounts = Comptes
accounts-text = Chacun appartient à une personne, ou à un service nommé. Un compte sans mission ne permet rien.
accounts-all = Voir tous les comptes
accounts-more = Autour des comptes
accounts-pages = Pages des comptes
page-before = Page précédente
page-after = Page suivante
col-state = État
col-missions = Missions
col-factor = Second facteur
col-seen = Dernière activité
col-until = Jusqu’au
missions-none = aucune
account-requested = Demandé
account-active = Actif
account-suspended = Suspendu
account-closed = Fermé
account-service = Service nommé
factor-service = jeton
factor-none-owed = aucun, alors qu’il est obligatoire
factor-none-yet = aucun
factor-count = { $n ->
    [one] { $shown } inscrit
   *[other] { $shown } inscrits
}
coverage = Personnes avec second facteur
coverage-list = Voir qui n’en a pas
coverage-must = Obligatoires
coverage-must-text = comptes qui administrent ou sensibles, avec second facteur
coverage-without = Personnes actives sans second facteur.
coverage-full = Tout le monde a un second facteur
coverage-full-text = Les personnes actives sans second facteur apparaîtraient ici.
requests = Demandes de compte
requests-see = Voir les demandes
requests-text = Un compte n’existe qu’une fois approuvé par un administrateur qui ne l’a ni demandé, ni n’en est le titulaire.
requests-empty = Aucune demande n’attend
requests-empty-text = Une demande faite sur la page publique, ou une invitation, apparaît ici avec son motif.
asked-by-holder = la personne elle-même
account-known = Ce qui est connu
account-why = Pourquoi
account-asked-by = Demandé par
account-approved-by = Approuvé par
account-missions-asked = Missions demandées
account-sensitive = Sensible
account-sensitive-text = un second facteur est obligatoire
account-exception = Adresse de fonction acceptée.
account-answer = Répondre à cette demande
account-answer-text = Approuvé, le compte reçoit un lien pour choisir son mot de passe, valable une fois et pendant trois jours. La mission d’administration se donne à part, à deux.
account-approve = Approuver
account-refuse = Refuser
account-self-approval = Vous ne pouvez pas approuver ce compte : il est le vôtre, vous l’avez demandé, ou sa demande remonte à vous.
account-answered = Cette demande a déjà reçu une réponse.
account-suspend = Suspendre
account-suspend-text = Dès la prochaine requête, ses sessions, ses liens et ses jetons n’ouvrent plus rien. La mission d’administration, s’il l’a, prend fin.
account-reinstate = Rétablir
account-reinstate-text = Le compte fonctionne à nouveau, avec les missions qu’il a encore. Aucune session ne revient, et la mission d’administration se redonne à deux.
account-close = Fermer définitivement
account-close-text = Sessions, liens, jetons, seconds facteurs et missions prennent fin. L’adresse redevient libre ; un nouveau compte n’héritera de rien.
account-last-administrator = C’est le dernier administrateur avec mot de passe, second facteur et sans date de fin : donnez d’abord la mission à quelqu’un d’autre
account-other-state = L’état du compte a changé entre-temps
reason-hint = En une phrase, pour vos collègues et l’auditeur. Consigné au registre.
mission-give = Donner une mission
mission-give-text = Le moindre privilège : rien de plus que ce que la personne fait. L’administration, le référent des messages privés et toute mission d’un service attendent l’accord d’un second administrateur.
mission-give-verb = Donner
mission-choose = Choisissez une mission
mission-first-day = Premier jour
mission-first-day-hint = Vide : dès maintenant.
mission-last-day = Dernier jour
mission-last-day-hint = Vide : jusqu’à son retrait.
mission-date-wrong = Donnez une date, comme 2026-12-31
mission-same-person = Personne ne se donne une mission, ni à un autre compte à son nom
mission-wrong-kind = Cette mission n’est pas pour ce genre de compte : un service connecte, une personne fait le reste
mission-period = Une mission commence dans l’année et finit après son début, dans les dix ans
mission-held = Le compte a déjà cette mission sur cette période
mission-too-many = Le compte a déjà trop de missions
mission-withdraw = Retirer
mission-withdraw-one = Retirer la mission { $mission }
mission-withdraw-text = Elle ne permet plus rien dès la prochaine requête.
mission-by-console = la console de la machine
mission-since = début : { $when }
mission-from = début : { $when }
mission-until = fin : { $when }
mission-over = terminée : { $when }
mission-begins = Commence
mission-ends = Finit
missions-empty = Ce compte n’a aucune mission : il ne permet rien.
col-mission = Mission
col-period = Quand
col-change = Changement
changes = Changements à deux
changes-see = Voir les changements
changes-text = Ce qui affaiblit la sécurité attend un second administrateur, qui n’est ni celui qui demande, ni celui à qui cela profite.
changes-empty = Rien n’attend un second accord
changes-empty-text = Un nouvel administrateur, un réglage assoupli apparaîtraient ici.
administrators-few = { $n ->
    [0] Aucun administrateur ne pourrait continuer seul.
   *[other] Un seul administrateur pourrait continuer seul.
}
administrators-few-text = Celui qui le peut a un mot de passe, un second facteur et pas de date de fin. Confiez la mission à une autre personne, ou faites inscrire un second facteur à qui la tient déjà : avec un seul administrateur, une clé perdue enferme tout le monde dehors.
access-review = Revue des droits
access-review-text = Chaque trimestre, chaque droit est revu avec son dernier usage, et gardé ou retiré par un administrateur qui ne l’a pas. Ce qui est retiré l’est aussitôt ; ce sur quoi personne n’a décidé à temps est suspendu jusqu’à une décision.
access-review-left = { $n ->
    [one] Un droit reste à revoir.
   *[other] { $shown } droits restent à revoir.
}
access-review-overdue = { $n ->
    [one] La revue des droits est en retard ; un droit reste à revoir.
   *[other] La revue des droits est en retard ; { $shown } droits restent à revoir.
}
access-review-due = À faire avant le { $due }.
access-review-late = Échéance dépassée : { $due }
access-review-none = Aucune revue n’est ouverte
access-review-last = La dernière s’est close le { $when }. La prochaine s’ouvre d’elle-même, un trimestre après son ouverture.
access-review-first = La première s’ouvre d’elle-même, un trimestre après la création de l’organisation.
right-waits = À revoir
right-suspended = Suspendu
right-suspended-since = depuis { $when }
mission-suspended = suspendue { $when } : pas revue à temps
right-kept = Gardé
right-ended = Retiré
right-gone = Terminé entre-temps
right-keep = Garder
right-end = Retirer
right-keep-named = Garder la mission { $mission } de { $name }
right-end-named = Retirer la mission { $mission } à { $name }
right-own = un autre décide
right-same-person = Personne ne décide de ses propres droits, même sous un autre compte
toast-right = Droit revu.
glass = Accès d’urgence
glass-text = Accès ouverts sur la machine quand aucun administrateur ne pouvait entrer. Chacun se ferme de lui-même, et sa revue est close par un autre que son utilisateur.
glass-none = Jamais utilisé
glass-none-text = Un accès ouvert sur la machine apparaîtrait ici.
glass-open = Ouvert
glass-to-review = À revoir
glass-reviewed = Revu
glass-review = Revue
glass-review-text = Ce qui a été fait pendant cet accès est au registre. Dites ce que vous y avez trouvé.
glass-review-verb = Clore la revue
glass-review-named = Clore la revue de l’accès de { $name }
glass-not-yet = quand il sera fermé
glass-not-now = La revue se clôt une fois, quand l’accès est fermé
glass-own = Qui a utilisé l’accès n’en clôt pas la revue, même sous un autre compte
glass-waits = { $n ->
    [one] Un accès d’urgence attend sa revue.
   *[other] { $shown } accès d’urgence attendent leur revue.
}
glass-see = Voir
toast-glass = Revue close.
services = Services et jetons
services-text = Un service est un programme qui appelle l’API. Qui tient son jeton est le service : gardez-le où l’on garde les secrets.
services-none = Aucun service
services-none-text = Un CRM, un annuaire qui appelle l’API apparaîtrait ici.
col-tokens = Jetons
used-on = dernier usage : { $when }
never-used = jamais utilisé
token = Jeton
token-none = aucun jeton valable : le service n’entre pas
token-since = depuis le { $when }
token-until = jusqu’au { $when }
token-no-end = sans fin
token-ends-soon = finit bientôt
token-end = Mettre fin
token-end-named = Mettre fin au jeton { $id } de { $name }
token-end-one = Mettre fin au jeton { $id }
token-end-text = Il n’ouvre plus rien dès le prochain appel, sur chaque nœud. Un programme qui s’en sert encore s’arrête.
token-renew = Renouveler le jeton
token-renew-named = Renouveler le jeton de { $name }
token-renew-verb = Demander et montrer le jeton
token-renew-text = { $n ->
    [one] Le nouveau jeton est montré une fois, ici, et ne vaut rien avant l’accord d’un second administrateur. L’ancien reste alors valable un jour, le temps de changer les programmes.
   *[other] Le nouveau jeton est montré une fois, ici, et ne vaut rien avant l’accord d’un second administrateur. L’ancien reste alors valable { $shown } jours, le temps de changer les programmes.
}
token-once = Ce jeton n’est montré qu’une fois.
token-keep = Copiez-le maintenant où l’on garde les secrets. Perdu, il ne se retrouve pas : on en demande un autre.
token-yours = Le jeton du service
token-good = Il est valable dès maintenant, jusqu’au { $until }. Le service n’a encore aucune mission : il ne peut rien.
token-waits = Il n’est pas encore valable : un second administrateur doit l’accorder.
token-see-change = Voir ce qui attend
token-too-many = Le service a déjà deux jetons : mettez fin à l’un d’abord
service-make = Nouveau service
service-make-text = Il commence sans mission. Chaque mission qu’on lui donne attend un second administrateur.
service-name = Nom
service-name-hint = Ce qui le fera reconnaître : le programme, et à quoi il sert.
service-name-wrong = Donnez un nom de 1 à 100 caractères, tous visibles
service-exists = Un service porte déjà ce nom
service-too-many = L’organisation a déjà cent services : fermez-en un d’abord
service-make-verb = Créer et montrer le jeton
change-token = { $name } : nouveau jeton
change-token-before = Le jeton d’avant
change-token-before-text = { $n ->
    [one] encore valable un jour après l’accord
   *[other] encore valable { $shown } jours après l’accord
}
toast-token-ended = Jeton terminé.
policy = Qui entre, et comment
policy-text = Les réglages de votre organisation, dans les bornes de CEREBRO. Ce qui renforce la sécurité vaut tout de suite ; ce qui l’assouplit attend un second administrateur.
policy-change = Changer ces réglages
policy-change-text = Ce qui renforce la sécurité vaut dès l’enregistrement, sur tous les postes. Ce qui l’assouplit attend l’accord d’un second administrateur.
policy-change-verb = Enregistrer
policy-same = Rien ne diffère de ce qui est en place
policy-meanwhile = Un collègue vient de changer ces réglages : relisez-les
policy-list-fails = Aucun mot de passe ne peut être choisi
policy-idle = Minutes sans activité
policy-whole = Minutes en tout
policy-most = Au plus { $most }.
policy-place = Nouvel appareil ou nouveau réseau
policy-mandatory = Second facteur obligatoire
policy-mandatory-always = Le second facteur est toujours obligatoire pour l’administration.
policy-postpone-hint = En jours, de 0 à 7. Zéro : la question revient à chaque connexion.
policy-trusted-hint = Une plage par ligne, comme 192.0.2.0/24. Dès qu’il y en a, qui vient d’ailleurs en est averti.
policy-trusted-wrong = Une plage s’écrit 192.0.2.0/24 ou 2001:db8::/32, depuis sa première adresse
policy-models-hint = Un AAGUID par ligne. Aucun : tous les modèles sont acceptés. Les clés déjà inscrites restent.
policy-models-wrong = Un AAGUID s’écrit en hexadécimal, xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx
policy-chars-hint = De 12 à 64.
policy-not-a-number = Ce n’est pas un nombre
policy-place-wrong = Choisissez ce qu’un nouvel appareil demande
policy-floor-sessions = Ces durées sortent des bornes : elles ne peuvent qu’être plus courtes, et l’inactivité pas plus longue que le tout
policy-floor-code = Un code par courriel ne suffit jamais à l’administration
policy-floor-everywhere = Une plage plus large que /8 (/16 en IPv6) couvre tout le monde
policy-floor-many = Au plus cent plages et cent modèles
col-setting = Réglage
col-value = Valeur
family-operational = Opérations
family-governance = Gouvernance
family-administration = Administration
setting-session = Sessions · { $family }
setting-session-value = { $idle } sans activité, { $whole } en tout
duration-minutes = { $minutes } min
duration-hours = { $hours } h
duration-both = { $hours } h { $minutes } min
setting-mandatory = Second facteur obligatoire · { $family }
setting-place = Nouvel appareil ou réseau · { $family }
setting-postpone = Second facteur remis à plus tard
setting-postpone-never = jamais : demandé à chaque connexion
setting-postpone-value = { $n ->
    [one] { $shown } jour au plus
   *[other] { $shown } jours au plus
}
setting-trusted = Réseaux de l’organisation
setting-trusted-none = aucun n’est déclaré
setting-models = Modèles de clés de sécurité acceptés
setting-models-all = tous
setting-proved = Modèles prouvés par le certificat du fabricant
setting-chars = Longueur minimale des mots de passe
setting-chars-value = { $n ->
    [one] { $shown } caractère
   *[other] { $shown } caractères
}
setting-passphrases = Phrases de passe de 20 caractères ou plus, sans mélange imposé
setting-signed = Décisions signées par une clé de sécurité · { $kind }
setting-signed-classes = Décisions signées, pour les classes de retenue
setting-signed-none = aucune
signed-review = libérations et rejets
signed-ruling = arbitrages
signed-override = dérogations
policy-signed = Décisions signées par une clé de sécurité
policy-signed-one = Une clé de sécurité signe : { $kind }
policy-classes-hint = Un mot par ligne, comme les contrôles les nomment. Toute décision sur une retenue de ces classes est signée.
policy-classes-wrong = Une classe s’écrit en minuscules, chiffres et _
setting-yes = oui
setting-no = non
place-rule-code = un code envoyé par courriel
place-rule-factor = le second facteur ; un code par courriel à qui n’en a pas
place-rule-factor-always = le second facteur
place-rule-approval = l’accord d’un autre administrateur
place-rule-refuse = refusé hors des réseaux déclarés
change-security = Règles d’accès assouplies : { $settings }
change-from-to = { $before } → { $after }
toast-policy = Réglages changés.
change-mission = { $name } : mission { $mission }
change-waiting = En attente
change-approved = Accordé
change-refused = Refusé
change-lapsed = Sans réponse
change-lapses = Sans réponse, abandonné
change-answered-by = Répondu par
change-answer = Répondre à cette demande
change-answer-text = Accordé, le changement a lieu aussitôt. Trois personnes : qui demande, qui accorde, à qui cela profite.
change-approve = Accorder
change-refuse = Refuser
change-same-person = Vous ne pouvez pas accorder ce changement : vous l’avez demandé, il vous profite, ou l’un des comptes remonte à vous.
change-requester-gone = La personne qui l’a demandé n’administre plus : il faut le demander à nouveau.
change-over = Ce changement n’attend plus de réponse.
change-waits = Un tel changement attend déjà une réponse
change-too-many = Trop de changements attendent déjà
invite = Inviter une personne
invite-text = Un autre administrateur approuvera ; la personne choisira alors son mot de passe.
invite-missions-hint = Le moindre privilège : rien de plus que ce que la personne fait.
invite-sensitive = Compte sensible : second facteur obligatoire
invite-exception = Pourquoi cette adresse est celle d’une seule personne
invite-exception-hint = Consigné au registre, et montré à qui approuve.
invite-verb = Inviter
person-name = Prénom et nom
person-email-hint = La vôtre ou la sienne, jamais celle d’un service.
person-email-wrong = Donnez une adresse complète, comme prenom.nom@banque.example
person-name-wrong = Donnez un prénom et un nom, en cent vingt caractères au plus
person-collective = Ce nom est celui d’une fonction ou d’une équipe : chaque compte appartient à une personne
person-role-mailbox = Cette adresse est celle d’une fonction : chaque compte appartient à une personne
person-other-domain = Cette adresse n’est pas d’un domaine de votre organisation
person-exists = Cette adresse a déjà un compte
person-reason-hint = Ce que la personne fera ici, en une phrase.
ask = Demander un compte
ask-text = Un administrateur de votre organisation lira votre demande.
ask-why = Pourquoi vous en avez besoin
ask-verb = Envoyer la demande
ask-done = Demande reçue.
ask-done-text = Si votre adresse est celle d’une organisation servie ici, ses administrateurs verront votre demande. Une fois qu’elle est approuvée, vous recevrez un lien.
ask-not-yet = Il manque quelque chose
ask-wait = Trop de demandes d’ici. Attendez quinze minutes.
set-password = Choisir un mot de passe
set-password-done = Votre mot de passe est choisi.
set-password-done-text = Les sessions qui étaient ouvertes sont terminées.
set-password-first-text = Connectez-vous : un second facteur vous sera demandé, tout de suite si vous administrez.
set-password-no = Ce mot de passe n’est pas accepté
set-password-verb = Choisir
password-new = Nouveau mot de passe
password-again = Confirmez le nouveau mot de passe
password-rules = Au moins { $min } caractères, avec minuscule, majuscule, chiffre et signe ; à partir de 14, trois des quatre suffisent. Les gestionnaires de mots de passe sont bienvenus.
password-differs = Les deux saisies diffèrent
password-too-short = Au moins { $min } caractères
password-too-long = Au plus 256 caractères
password-classes = Au moins { $min } des quatre : minuscule, majuscule, chiffre, autre signe
password-guessable = Il se devine facilement quand on connaît votre nom et votre organisation
password-breached = Il figure dans des fuites de données d’autres services
password-unchecked = La liste des mots de passe divulgués ne peut pas être lue : aucun mot de passe n’est choisi sans elle. Prévenez votre administrateur.
password-list = Comparé à la liste des mots de passe divulgués du { $date }.
password-list-own = Comparé à la liste des mots de passe divulgués que CEREBRO contient.
password-change = Changer de mot de passe
password-change-text = Toutes vos sessions seront terminées, celle-ci aussi.
password-change-verb = Changer
password-current = Mot de passe actuel
password-current-wrong = Ce n’est pas votre mot de passe actuel
password-same = C’est votre mot de passe actuel
forgotten = Mot de passe oublié
forgotten-text = Un lien vous sera envoyé, valable une fois et pendant une heure. Votre second facteur reste demandé.
forgotten-verb = Envoyer le lien
forgotten-done = Demande reçue.
forgotten-done-text = Si cette adresse a un compte actif ici, le lien arrive dans sa boîte.
sign-in-renew = Mot de passe à renouveler
sign-in-renew-advice = Le vôtre figure dans des fuites de données d’autres services : il n’est plus accepté. Un lien pour en choisir un autre est dans votre boîte.
compromised = Mot de passe peut-être connu
compromised-own = Le mien est peut-être connu
compromised-text = Dès maintenant, votre mot de passe ne sera plus accepté, vos sessions seront terminées, et un lien pour en choisir un autre ira dans votre boîte.
compromised-other-text = Dès maintenant, son mot de passe ne sera plus accepté, ses sessions seront terminées, et un lien pour en choisir un autre ira dans sa boîte. Vous ne le verrez pas.
compromised-verb = L’invalider
link-over = Ce lien n’est plus valable
link-over-happened = Il a déjà servi, a été remplacé, ou il est trop ancien.
link-over-todo = Demandez-en un autre, ou adressez-vous à un administrateur.

## Queue
queue = File d’attente
queue-search = Chercher dans la file
queue-search-hint = Expéditeur, objet, contrôle
queue-views = Vues de la file
queue-list = Messages retenus, le plus pressé d’abord
queue-more = Voir les suivants
queue-empty = Rien n’attend
queue-empty-text = La file se met à jour d’elle-même ; un nouveau message retenu apparaît ici avec son délai.
queue-none-found = Aucun message trouvé
queue-none-found-text = Aucun message en attente ne correspond à « { $search } ». La recherche porte sur l’expéditeur, l’objet et le contrôle.
queue-all = Voir toute la file
queue-choose = Choisissez un message
queue-choose-text = Les messages sont rangés par le temps qu’il leur reste. Ouvrir un message consigne sa lecture au registre.
tab-team = Équipe
tab-escalated = Escaladés
first-contact = Premier contact
recipient-lookalike = ressemble à { $domain }
recipient-typo = à une lettre de { $address }
recipient-like-sender = porte le nom de l’expéditeur
recipient-foreign-data = données d’un autre client
recipient-international = domaine en lettres d’un autre alphabet
recipient-webmail = messagerie personnelle
recipient-client = boîte d’un client
recipient-group = entité du groupe
recipient-protected = correspondant protégé
recipient-encryption-agreed = chiffrement convenu
recipient-encryption-agreed-with = chiffrement convenu avec { $to }, depuis tous nos domaines
recipient-encryption-agreed-pair = chiffrement convenu du domaine { $from } vers { $to }
recipient-encryption-open = chiffrement non convenu avec { $to }
recipient-encryption-open-pair = chiffrement non convenu du domaine { $from } vers { $to }
attachment = Pièce jointe
waiting-count = { $shown } en attente
day = Votre journée
day-released = Libérés
day-rejected = Rejetés
day-escalated = Escaladés

## A held message
flow = Flux
message-region = Message et contexte
message-text = Texte du message
why = Pourquoi ce message est retenu
why-ground = Fondement.
why-control = Contrôle { $control }, version { $version }
why-published = jeu publié le { $when }
why-changed = modifié depuis (version { $version })
why-removed = retiré depuis
why-unkept = ce que disait cette version n’est pas conservé : le texte est celui de la version { $version }, en vigueur
why-remedy = Ce qui le rendrait conforme.
why-files = Fichiers concernés.
why-message = le message
why-passages = { $n ->
    [one] Passage
   *[other] Passages
}
finding-n = Constat { $n }
finding = Constat
passage-n = Voir le passage { $n }
findings = { $n ->
    [one] Constat · { $shown }
   *[other] Constats · { $shown }
}
second = Seconde lecture
second-what = Un modèle plus lent a relu le message. Il aide à regarder au bon endroit ; il ne décide de rien.
second-read = { $n ->
    [one] { $shown } phrase lue
   *[other] { $shown } phrases lues
 }
second-more = le reste n’a pas été lu
second-model = modèle
second-score = { $score } sur 1 000
second-nothing = Il n’a trouvé aucune phrase proche de celles qu’on lui a apprises.
findings-more = { $n ->
    [one] { $shown } autre constat compté, non affiché.
   *[other] { $shown } autres constats comptés, non affichés.
}
region-new = Texte
region-quoted = Échange précédent, sans constat
region-signature = Signature, sans constat
region-footer = Mentions de bas de page, sans constat
attachments = Pièces jointes, lues comme du texte
attachment-no-text = aucun texte
attachment-shortened = Texte abrégé : son début, puis ce qui entoure les constats. { $left } sur { $whole } ne sont pas montrés ; tout a été évalué.
attachment-unread = n’a pas pu être lue : { $reason }. Ce qui n’est pas lu n’est jamais réputé conforme.
context = Contexte
recipients = { $n ->
    [one] Destinataire
   *[other] Destinataires · { $shown }
}
external = Externe
internal = Interne
similar = Décidé sur des messages proches
alike-counted = { $released } sur { $of } { $period }
alike-released = { $n ->
    [one] { $shown } libéré
   *[other] { $shown } libérés
}
alike-days = { $n ->
    [one] en { $shown } jour
   *[other] en { $shown } jours
}
alike-since = depuis le { $when }
timeline = Chronologie
decided = Décision prise
decide = Décider
bound = Lié au texte lu

## Deciding
act-release = Libérer
act-reject = Rejeter
act-escalate = Escalader
act-overrule-release = Libérer par dérogation
act-overrule-reject = Rejeter par dérogation
decide-dialog = Décision
decide-release = Libérer ce message
decide-reject = Rejeter ce message
decide-escalate = Escalader ce message
decide-rule-release = Arbitrer : libérer ce message
decide-rule-reject = Arbitrer : rejeter ce message
decide-overrule-release = Dérogation : libérer ce message
decide-overrule-reject = Dérogation : rejeter ce message
decide-back = Retour au message
decide-motive = Motif
decide-reason = Précisions, consignées au registre
decide-grounds = Motivation, consignée au registre
decide-reason-hint = Écrivez pour un lecteur qui découvrira l’affaire dans cinq ans.
decide-reason-optional = Facultatif, sauf pour un autre motif.
decide-note = Ajouter un mot pour l’expéditeur
decide-note-hint = L’expéditeur apprend la décision dans tous les cas ; ce texte s’ajoute à l’avis qu’il reçoit.
decide-not-yet = Il manque quelque chose pour décider
decide-kept = Ce que vous avez écrit est gardé.
decide-pick-motive = Choisissez un motif
decide-give-reason = Donnez votre raison en quelques mots
decide-too-long = { $n ->
    [one] { $shown } caractère au plus
   *[other] { $shown } caractères au plus
}
decide-against = { $what } par { $who }
sign-back = Revenir à la décision
sign-text = Voici la décision entière. Votre clé de sécurité signe exactement ceci, et le registre garde sa signature : chacun pourra vérifier que c’est vous qui l’avez prise.
sign-sender = Expéditeur
sign-decision = Décision
sign-reason = Motivation
sign-note = Mot pour l’expéditeur
sign-verb = Signer et décider
sign-offer = Signer cette décision avec ma clé de sécurité
sign-needed = Votre organisation demande que votre clé de sécurité signe cette décision. Elle vous sera demandée à l’étape suivante.
sign-impossible = Votre organisation demande la signature d’une clé de sécurité pour cette décision, et vous n’en avez pas.
sign-wrong = La clé n’a pas signé cette décision
sign-wrong-advice = Elle a répondu trop tard, à une autre demande, ou n’est pas la vôtre. Rien n’a été décidé : voici une nouvelle demande.
motive-release-entitled = Destinataire habilité à recevoir cette information
motive-release-harmless = Constat sans objet : rien de sensible dans les passages
motive-release-required = Envoi exigé par la loi ou par le contrat
motive-reject-recipient = Destinataire non habilité à recevoir cette information
motive-reject-content = Contenu non communicable, quel que soit le destinataire
motive-reject-correct = À corriger puis à renvoyer
motive-escalate-doubt = Doute sur la lecture du contrôle
motive-escalate-interest = Je suis partie à l’échange, ou proche d’une partie
motive-escalate-stake = Enjeu au-delà de ma mission
motive-other = Autre motif, à préciser

## Decisions
decisions = Décisions
decisions-text = Ce qui a été décidé récemment, du plus récent au plus ancien.
decisions-text-governance = Ce qui a été décidé récemment. Une dérogation décide contre un verdict ou une décision, avec une motivation, et laisse sa propre entrée au registre.
decisions-empty = Aucune décision pour l’instant
decisions-empty-text = Chaque message retenu, une fois libéré ou rejeté, apparaît ici avec son motif et sa durée.
overrule = Déroger
overrule-no = Sans retour
decided-overridden = par dérogation
col-message = Message
col-decision = Décision
col-by = Par
col-control = Contrôle
col-took = Durée
col-action = Action
col-time = Heure
col-size = Taille
col-root = Racine
col-number = Nº
col-kind = Fait
col-subject = Sujet

## Ledger
ledger = Registre
ledger-text = Chaque décision y laisse une entrée. Rien ne s’efface ni ne se réécrit sans que la racine change.
ledger-entries = Entrées
ledger-sealed = Sous jalon signé
ledger-all-sealed = toutes les entrées
ledger-unsealed = { $n ->
    [one] { $shown } entrée attend le prochain jalon
   *[other] { $shown } entrées attendent le prochain jalon
}
ledger-last-checkpoint = Dernier jalon
ledger-latest = Entrées
ledger-latest-text = ni contenu ni donnée personnelle dans l’arbre
ledger-pages = Pages du registre
ledger-newest = Les plus récentes
ledger-earlier = Plus anciennes
checkpoints = Jalons
checkpoints-text = taille de l’arbre et racine, signées
checkpoint-latest = Dernier jalon signé
origin = Journal
note = Note
prove = Prouver
prove-n = Prouver l’entrée { $n }
not-sealed-yet = bientôt
signed-note = Note signée du jalon
verify = Vérifier sans nous
verify-1 = Prenez une copie du registre et la clé publique.
verify-1-text = Obtenez aussi la clé par une autre voie, et comparez.
verify-2 = Construisez l’outil vous-même,
verify-2-text = ou servez-vous d’un outil tiers qui lit le même format (C2SP tlog-tiles).
verify-3 = Coupez le réseau et vérifiez.
command = Commande
proof-title = Preuve de l’entrée { $n }
proof-text = Cette entrée est sous un jalon signé. Avec ce fichier et la clé publique, n’importe qui peut le vérifier hors ligne.
proof-download = Télécharger la preuve
proof-entry = L’entrée
proof-detail = Ce que l’entrée scelle
proof-detail-text = ouvert pour vous, absent de l’arbre
proof-verify-text = Le fichier de preuve suit le format C2SP tlog-proof.
proof-path = Chemin d’inclusion
proof-leaf = Feuille
proof-hashes = { $n ->
    [one] { $shown } empreinte, de la feuille vers la racine
   *[other] { $shown } empreintes, de la feuille vers la racine
}

## Mishaps
mishap-happened = Ce qui est arrivé
mishap-kept = Ce qui est gardé
mishap-todo = Ce que vous pouvez faire
mishap-back = Retour à l’accueil
mishap-reference = Référence à donner au support :
mishap-kept-all = Rien n’a changé.
mishap-kept-nothing-changed = Rien n’a changé : votre décision n’a pas été prise, et rien n’est parti par elle.
not-found = Cette page n’existe pas
not-found-happened = L’adresse ne mène à rien que vous puissiez voir.
not-found-todo = Vérifiez l’adresse, ou repartez de l’accueil.
not-allowed = Vos missions ne le permettent pas
not-allowed-happened = Cette action demande une mission que vous n’avez pas, ou un second facteur.
not-allowed-todo = Demandez la mission à un administrateur de votre organisation.
stale-page = Cette page est trop ancienne
stale-page-happened = Le formulaire ne vient pas d’une page ouverte dans cette session.
stale-page-todo = Rouvrez la page, puis recommencez.
bad-request = La demande ne se lit pas
bad-request-happened = Ce qui a été envoyé n’a pas la forme attendue.
bad-request-todo = Revenez à la page et recommencez.
too-large = L’envoi est trop volumineux
too-large-happened = Ce qui a été envoyé dépasse la taille acceptée.
too-large-todo = Raccourcissez le texte, puis recommencez.
unrecorded = Votre décision n’a pas été enregistrée
unrecorded-happened = Le registre n’a pas pu être écrit. Un acte sans trace n’a pas lieu.
unrecorded-todo = Réessayez. Si cela échoue encore, passez au message suivant : l’arbitre sera saisi avant l’échéance.
already-decided = Ce message est déjà décidé
already-decided-happened = Ce message n’attend plus, ou ne peut plus changer.
already-decided-todo = Rouvrez le message pour lire ce qui a été décidé.
seen-other = Le message a changé depuis votre lecture
seen-other-happened = Une décision est liée au texte lu ; celui qui attend n’est pas celui-là.
seen-other-todo = Rouvrez le message, relisez-le, puis décidez.
unsigned = Cette décision doit être signée
unsigned-happened = Votre organisation demande la signature d’une clé de sécurité, et elle n’est pas venue.
unsigned-todo = Rouvrez le message et signez la décision avec votre clé.
own-message = Ce message est le vôtre
own-message-happened = Personne ne décide de son propre message.
own-message-todo = Laissez un collègue décider, ou escaladez.
same-hands = Vous avez déjà agi sur ce message
same-hands-happened = Qui a décidé d’un message, ou saisi les arbitres, ne l’arbitre pas et ne passe pas outre, même sous un autre compte.
same-hands-todo = Laissez la décision à un autre membre de la gouvernance.
follows = Ce message suit une invitation
follows-happened = Il modifie ou annule une invitation qui attend encore une décision, ou qui ne sera pas envoyée.
follows-todo = Décidez d’abord de l’invitation. Si elle est rejetée, rejetez aussi ce message.
wrong-stage = Ce message n’en est pas là
wrong-stage-happened = Il est déjà chez l’arbitre, ou n’y est pas encore.
wrong-stage-todo = Rouvrez le message pour voir où il en est.
not-sealed = L’entrée n’est pas encore sous jalon
not-sealed-happened = Elle est enregistrée ; le prochain jalon signé la couvrira.
not-sealed-todo = Rechargez la page dans quelques secondes.
failed = Quelque chose a échoué chez nous
failed-happened = La demande n’a pas pu être menée à bien ; l’équipe d’exploitation en a la trace.
failed-todo = Réessayez. Si cela échoue encore, donnez la référence ci-dessous au support.
field-missing = Champ « { $field } » : il manque.
field-repeated = Champ « { $field } » : il est donné deux fois.
field-unknown = Champ « { $field } » : il n’est pas attendu.
field-encoding = Champ « { $field } » : il ne se lit pas.
field-choice = Champ « { $field } » : sa valeur n’est pas proposée.
field-too-many = Le formulaire a trop de champs.

## The sender's link
link-title = Votre message retenu
link-text = Votre message attend une vérification avant de partir. Cette page vous permet de l’expliquer ou de le reprendre.
link-due = Une décision est attendue avant { $due }. Elle vous sera communiquée.
link-text-over = Ce message n’attend plus : il n’y a plus rien à faire ici.
link-justify-missing = Écrivez votre explication en quelques mots
link-justify = Expliquer pourquoi il devrait partir
link-justify-label = Votre explication
link-justify-hint = Lue par la personne qui décide, et gardée avec la décision.
link-justify-verb = Envoyer l’explication
link-withdraw = Le reprendre
link-withdraw-text = Le message ne partira pas. Vous pourrez en envoyer un autre.
link-withdraw-verb = Reprendre le message
link-justified = Votre explication est enregistrée et transmise.
link-withdrawn = Votre message est repris : il ne partira pas.
link-genuine = CEREBRO ne demande jamais de mot de passe ni de code sur cette page.

## What the pages say of a message, a person and a time
role-operator = Opérations
role-connector = Connecteur
role-arbiter = Arbitrage
role-custodian = Référent des messages privés
role-supervisor = Supervision
role-auditor = Audit
role-administrator = Administration
role-registrar = Annuaire
facts-sent = reçu { $time }
timeline-held = Reçu, évalué, retenu
timeline-opened = Ouvert par vous ; lecture consignée
timeline-due = Échéance. Rien ne part tout seul.
timeline-decided = Décidé par { $who }
no-act = Vos missions ne permettent pas de décider de ce message.

## What was just recorded
toast-released = Libéré : le message part.
toast-rejected = Rejeté : le message ne part pas.
toast-escalated = Escaladé : les arbitres sont saisis.
toast-arbitrated = Arbitrage rendu.
toast-overruled = Dérogation enregistrée.
toast-suspended = Compte suspendu.
toast-reinstated = Compte rétabli.
toast-closed = Compte fermé.
toast-mission-given = Mission donnée.
toast-mission-withdrawn = Mission retirée.
toast-change-waits = Demandé : un second administrateur doit l’accorder.
toast-change-approved = Accordé, et fait.
toast-change-refused = Refusé.
toast-compromised = Mot de passe invalidé.
toast-entry = Entrée nº { $n } du registre.
toast-entry-soon = Son entrée rejoint le registre.

## What a clock did and will do
next-cover = relève { $time }
next-escalate = arbitres { $time }
timeline-covered = Relève appelée
timeline-escalated = Escaladé par { $who }
timeline-escalated-clock = Arbitres saisis
timeline-expired = Échéance passée, sans décision
timeline-justified = L’expéditeur s’est expliqué
timeline-next-cover = Appel de la relève
timeline-next-escalate = Saisine des arbitres
said-sender = L’expéditeur explique
said-escalated = { $who } escalade
decide-against-reason = { $what } : « { $reason } »
queue-fewer = Voir les précédents

## Who acts besides people
actor-timer = horloge
actor-gateway = passerelle
actor-relay = relais
actor-sealer = scellement
actor-link-holder = expéditeur, par son lien
actor-console = console de la machine
actor-anonymous = avant connexion

## Sessions et lieux
sessions = Sessions
sessions-text = Là où votre compte est ouvert en ce moment. En fermer une d’ici rend aussi son appareil de nouveau inconnu.
sessions-see = Voir les sessions ouvertes
sessions-none = Aucune session n’est ouverte.
sessions-end-others = Fermer toutes les autres
sessions-end-all = Les fermer toutes
session-this = Celle-ci
session-end = Fermer
session-end-named = Fermer la session de { $name }
col-device = Appareil
col-network = Réseau
col-activity = Dernière activité
unknown = inconnu
proved-enrolment = ne peut qu’inscrire un facteur
proved-password = mot de passe
proved-two = mot de passe et second facteur
stay-title = Votre session va se fermer
stay-text = Rien ne s’est passé ici depuis un moment. Temps restant :
stay-kept = Ce que vous avez saisi sur cette page y reste.
stay-verb = Rester connecté
mail-code = Consultez votre messagerie
mail-code-text = Cet appareil ou ce réseau est nouveau pour votre compte. Un code a été envoyé à votre propre boîte.
mail-code-label = Code à huit chiffres
mail-code-hint = Valable une fois, pendant dix minutes. Personne ne vous le demandera jamais.
mail-code-wrong = Ce code n’est pas le bon
mail-code-wrong-advice = Il est mal saisi, déjà utilisé, ou trop ancien.
place-waits = Un administrateur doit approuver cet appareil
place-waits-advice = Il est nouveau pour votre compte, ou son réseau l’est. Reconnectez-vous une fois l’accord donné ; il vaut un jour.
place-refused = Connexion refusée d’ici
place-refused-advice = Votre organisation n’admet ni nouvel appareil ni nouveau réseau hors des siens.
arrivals = Nouveaux appareils
arrivals-text = Connexions depuis un appareil ou un réseau nouveau pour le compte. Assurez-vous par un autre canal que c’est bien la personne.
arrivals-none = Personne n’attend.
arrival-own = Vous ne pouvez pas répondre pour votre propre appareil : demandez à un autre administrateur.
arrival-approve-named = Approuver l’appareil de { $name }
arrival-refuse-named = Refuser l’appareil de { $name }

## What waits to leave
nav-outgoing = Envois
outgoing = Envois en attente
outgoing-text = Ce qui peut partir et n’est pas encore remis. Ni objet, ni expéditeur, ni contenu.
outgoing-waiting = En attente
outgoing-oldest = le plus ancien : { $since }
outgoing-deferred-count = À réessayer
outgoing-debts = Partis sans évaluation
outgoing-late = { $n ->
    [0] aucun n’aurait dû être retenu
    [one] { $shown } aurait dû être retenu
   *[other] { $shown } auraient dû être retenus
  }
outgoing-ready = Prêt
outgoing-deferred = À réessayer
outgoing-paused = Suspendu
outgoing-behind = Après un autre
outgoing-next = essai : { $at }
outgoing-attempts = Essais
outgoing-reply = Dernière réponse
outgoing-no-reply = pas encore
reply-connection = pas de connexion
reply-broken = connexion coupée
reply-dns = DNS sans réponse
reply-tls = TLS impossible
reply-ours = panne de notre côté
recipient-deferred = À réessayer : { $reason }
timeline-joined-parts = { $n ->
    [one] { $shown } autre envoi du même message s’y est joint
   *[other] { $shown } autres envois du même message s’y sont joints
  }
timeline-joined-campaign = { $n ->
    [one] { $shown } message du même texte s’y est joint
   *[other] { $shown } messages du même texte s’y sont joints
  }
timeline-joined-follows = { $n ->
    [one] { $shown } message qui modifie ou annule l’invitation s’y est joint
   *[other] { $shown } messages qui modifient ou annulent l’invitation s’y sont joints
  }
together-parts = { $n ->
    [one] Le serveur de l’expéditeur a remis ce message en plusieurs fois ; { $shown } autre envoi attend la même décision.
   *[other] Le serveur de l’expéditeur a remis ce message en plusieurs fois ; { $shown } autres envois attendent la même décision.
  }
together-campaign = { $n ->
    [one] { $shown } autre message du même texte attend la même décision.
   *[other] { $shown } autres messages du même texte attendent la même décision.
  }
together-follows = { $n ->
    [one] { $shown } message qui modifie ou annule cette invitation partira après elle, ou pas du tout si elle est rejetée.
   *[other] { $shown } messages qui modifient ou annulent cette invitation partiront après elle, ou pas du tout si elle est rejetée.
  }
outgoing-recipients = { $n ->
    [one] { $shown } destinataire
   *[other] { $shown } destinataires
  }
outgoing-notice = avis de la plateforme
outgoing-empty = Rien n’attend
outgoing-empty-text = Tout ce qui pouvait partir est parti. Un message apparaît ici quand un serveur distant demande d’attendre, ou quand une destination est suspendue.
outgoing-pages = Pages des envois
outgoing-first = Les plus anciens
restored = Base de données restaurée depuis une sauvegarde
restored-title = Rien ne part : la base de données a été restaurée depuis une sauvegarde.
restored-text = Elle ne connaît pas ce qui s’est passé depuis le { $since } : un message parti depuis y figure encore en attente et partirait une seconde fois.
restored-attempted = { $n ->
    [0] D’après le registre, aucun message en attente n’a été présenté depuis au serveur suivant.
    [one] D’après le registre, { $shown } message en attente a été présenté depuis au serveur suivant : il l’a peut-être déjà.
   *[other] D’après le registre, { $shown } messages en attente ont été présentés depuis au serveur suivant : il les a peut-être déjà.
  }
restored-ended = { $n ->
    [0] Aucune remise terminée depuis n’a été reconnue.
    [one] { $shown } remise terminée depuis ne sera pas refaite.
   *[other] { $shown } remises terminées depuis ne seront pas refaites.
  }
restored-then = Comparez la liste ci-dessous avec le journal du serveur suivant à partir de cette heure, faites retirer par un superviseur ce qui est déjà parti, puis reprenez « Tous les envois ». D’ici là, aucun avis de la plateforme ne part non plus : ni code, ni lien.
pauses = Destinations suspendues
pauses-none = Aucune : tout ce qui peut partir part.
pause = Suspendre une destination
pause-all = Tous les envois
pause-destination = Destination
pause-destination-hint = Un domaine, par exemple client.example ; * pour tout suspendre.
pause-destination-wrong = Donnez un domaine, ou * pour tous les envois.
pause-already = Cette destination est déjà suspendue.
pause-too-many = Trop de destinations sont suspendues : suspendez tous les envois.
pause-verb = Suspendre
resume = Reprendre
resume-one = Reprendre : { $name }
retry = Réessayer
retry-one = Réessayer : { $name }
take-out = Retirer
withdraw-one = Retirer : { $name }
take-out-title = Retirer un message des envois
take-out-text = Il ne partira pas et son expéditeur en sera averti. Les destinataires qui l’ont déjà reçu le gardent.
take-out-being-sent = Le message est en cours d’envoi, ou l’était peut-être : regardez de nouveau dans un moment.

## Calibrage
nav-calibration = Calibrage
calibration = Calibrage des scores
calibration-text = Un score classe les messages ; il n’en retient que dans la mesure où il a été compté sur ceux de votre organisation et signé par une seconde personne.
calibration-count = Compter les scores
calibration-counted = Compté { $at } par { $by }
calibration-counted-at = Compté
calibration-unread = { $n ->
    [one] { $shown } message sans score lisible
   *[other] { $shown } messages sans score lisible
}
calibration-more = les plus récents seulement
calibration-empty = Rien n’a encore été compté
calibration-empty-text = Compter lit les scores des messages des 90 derniers jours, sans leur contenu, avec ce que vos équipes ont décidé.
calibration-none = Observe seulement
calibration-waits = Attend une signature
calibration-from = Retient dès { $from }
calibration-in-force = En vigueur
calibration-expired = Expiré : les modèles ont changé
calibration-ended = Remplacé ou écarté
calibration-curve = Ce que chaque seuil aurait retenu
calibration-curve-text = Par jour, dès chaque seuil. « À libérer » : ce que les décisions laissent attendre ; tant que personne n’a décidé, tout compte comme à libérer. Les décisions ne portent que sur des messages retenus.
calibration-figure = { $score } : messages par jour selon le seuil
calibration-figure-text = Deux courbes qui descendent du seuil 500 au seuil 1000 ; le tableau qui suit donne les mêmes nombres.
calibration-a-day = { $n } par jour
calibration-held = Retenus par jour
calibration-wrong = À libérer par jour
calibration-signed-from = Seuil signé
calibration-numbers = La courbe en nombres
calibration-decided = Rejetés / libérés
calibration-precision = Part à rejeter
calibration-lines = Propositions et signatures
calibration-rests = Repose sur
calibration-rests-on = { $messages } messages, { $days } jours
calibration-proposed-by = Proposé par
calibration-signed-by = Signé par
calibration-sign = Signer
calibration-sign-one = Signer le seuil { $from }
calibration-drop = Écarter
calibration-drop-one = Écarter le seuil { $from }
calibration-propose = Proposer un seuil
calibration-propose-text = Dès que quelqu’un d’autre l’a signé, les contrôles qui reposent sur ce score peuvent retenir à partir de ce seuil, sans jamais refuser.
calibration-propose-verb = Proposer
calibration-from-hint = De 10 à 1000, par pas de dix ; au plus vingt messages sur mille peuvent l’atteindre.
calibration-days = Jours avec des messages
calibration-least = Il en faut
calibration-least-text = { $messages } messages sur { $days } jours
calibration-machine = une commande sur la machine
calibration-colleague = un ou une collègue
calibration-closed-mission = Vos missions permettent de lire le calibrage, pas de le proposer.
calibration-not-counted = Comptez d’abord les scores : rien n’a été compté ces trente derniers jours.
calibration-other-models = Les modèles ont changé depuis le comptage : comptez à nouveau.
calibration-too-few = Trop peu de messages ou de jours ont été comptés : le score observe seulement.
calibration-too-much = Plus de vingt messages sur mille atteignent ce seuil : choisissez-en un plus haut.
calibration-too-many = Trop de propositions attendent : répondez d’abord à quelques-unes.
calibration-same-person = Qui propose et qui signe sont deux personnes.
calibration-over = Cette proposition n’attend plus.
col-score = Score
col-messages = Messages
col-at-900 = À 900, par jour
col-from = Seuil
score-highest = Le plus suspect des sujets
score-aml = Blanchiment
score-bribery = Corruption
score-collusion-secrecy = Entente et dissimulation
score-complaint = Réclamation
score-conflict-of-interest = Conflit d’intérêts
score-data-leak = Fuite de données
score-guaranteed-return = Rendement garanti
score-harassment-threat = Harcèlement et menaces
score-market-abuse = Abus de marché
score-off-channel = Hors des canaux enregistrés
score-payment-fraud = Fraude au paiement
score-sales-signal = Pression commerciale
score-sanctions-evasion = Contournement de sanctions
score-tax-evasion = Fraude fiscale
score-whistleblowing = Alerte interne
score-encoder = Encodeur : le genre le plus probable
score-nearest = Encodeur : l’exemple le plus proche
toast-scores-counted = Scores comptés
toast-calibration-proposed = Seuil proposé : une seconde personne le signe
toast-calibration-signed = Seuil signé, en vigueur
toast-calibration-dropped = Proposition écartée

## Motifs de retenue
nav-register = Motifs de retenue
register = Motifs de retenue
register-text = Pourquoi chaque message a été retenu : quel contrôle, sur quel fondement, ce qui a été trouvé et où. Les valeurs sont masquées, les textes ne sont pas montrés.
register-ask = Rechercher
register-from = Du
register-until = Au
register-control-hint = Son identifiant, par exemple CLI-02.
register-severity = Gravité au moins
register-any = Indifférent
register-show = Afficher
register-day-wrong = Choisissez un jour, au format AAAA-MM-JJ
register-export-text = L’export contient ce que la recherche demande ; il est inscrit au registre.
register-export-csv = Exporter en CSV
register-export-json = Exporter en JSON
register-why = Motif et constats
register-own = votre message : vous lisez ce qu’un expéditeur peut en savoir
register-version = { $control }, version { $version }
register-neutral = avis neutre à l’expéditeur
register-found = { $what } : { $value }
register-more = { $n ->
    [one] et { $n } autre constat
   *[other] et { $n } autres constats
}
register-due = à décider avant { $time }
register-erased = Contenu effacé à l’échéance de sa conservation.
register-no-line = Aucun contrôle : l’évaluation a échoué, ou le message suit un autre.
register-empty = Rien ne correspond
register-empty-text = Aucun message retenu ne répond à cette recherche.
register-empty-more = Rien parmi les messages parcourus. La page suivante continue la recherche.
register-pages = Pages des motifs de retenue
register-first = Les plus récents
motive-written = motif rédigé

## Mes messages
own-messages = Mes messages retenus
own-messages-text = Les messages partis de votre adresse qui ont attendu une décision, et ce qui peut vous en être dit.
own-messages-see = Voir mes messages retenus
own-messages-empty = Aucun de vos messages n’a été retenu
own-messages-empty-text = Un message retenu apparaît ici dès qu’il attend ; un avis vous le dit aussi par courrier.
