# Ce que CEREBRO écrit lui-même, par courrier. Une lettre est un objet (`-subject`) et un texte. Rien du contenu des
# messages, aucun extrait, rien sur quoi un robot qui suit les liens pourrait agir. Espaces : U+202F devant ; ! et ?, U+00A0 devant : et dans « ».

held-subject = En attente de validation : { $subject }
held =
    Bonjour,

    Votre message « { $subject } » n’est pas encore parti : il attend la validation d’un collègue.

    Pourquoi :
    { $reasons }
    Une décision est attendue avant le { $due }. Sans décision, un arbitre est saisi ; rien ne part ni n’est supprimé à votre insu.

    Pour l’expliquer ou le reprendre :
    { $url }

    Référence : { $reference }
    Ce message est automatique.
held-private-subject = En attente de validation : { $subject }
held-private =
    Bonjour,

    Votre message « { $subject } » n’est pas encore parti : il attend la validation d’un collègue.

    Pourquoi :
    { $reasons }
    Il porte une mention personnelle ou privée : ni son objet ni son contenu ne sont montrés à la personne qui décide. Par le lien ci-dessous, vous pouvez retirer cette mention, pour qu’il soit lu comme un message professionnel, l’expliquer, ou le reprendre.
    { $url }

    Une décision est attendue avant le { $due }. Sans décision, un arbitre est saisi ; rien ne part ni n’est supprimé à votre insu.

    Référence : { $reference }
    Ce message est automatique.
refused-subject = Refusé : { $subject }
refused =
    Bonjour,

    Votre message « { $subject } » n’a pas été envoyé à tous ses destinataires : une règle le refuse.

    Pourquoi :
    { $reasons }
    Ce message est automatique.
released-subject = Libéré : { $subject }
released =
    Bonjour,

    Votre message « { $subject } » a été validé et part maintenant.
    { $note }
    Ce message est automatique.
rejected-subject = Rejeté : { $subject }
rejected =
    Bonjour,

    Votre message « { $subject } » a été examiné et ne partira pas.
    { $note }
    Ce message est automatique.
cover-subject = Relève : un message attend une décision
cover =
    Bonjour,

    Un message retenu attend encore. Vous assurez la relève ; échéance : { $due }.
    { $url }
arbitration-subject = Arbitrage : un message retenu vous attend
arbitration =
    Bonjour,

    Un message retenu est porté à votre arbitrage ; échéance : { $due }.
    { $url }
custody-subject = Un message privé ou protégé attend
custody =
    Bonjour,

    Un message privé ou protégé est retenu. Vous seul, ou un autre référent, pouvez le laisser partir ; il peut l’être sans être ouvert. Échéance : { $due }.
    { $url }
samples-wrong-subject = Des contrôles ne font plus ce que disent leurs exemples
samples-wrong =
    Bonjour,

    Cette nuit, les exemples des contrôles en vigueur ont été vérifiés. Ceux-ci ne font pas ce qu’ils disent : { $controls }.

    Les messages continuent d’être évalués par ces contrôles : regardez-les sans attendre.
    { $url }

    Ce message est automatique.
waits-behind-subject = En attente : { $subject }
waits-behind =
    Bonjour,

    Votre message « { $subject } » modifie ou annule une invitation qui est elle-même retenue. Il partira après elle, et ne partira pas si elle est rejetée. Vous n’avez rien à faire.

    Ce message est automatique.
not-sent-subject = Non envoyé : { $subject }
not-sent =
    Bonjour,

    Votre message « { $subject } » modifie ou annule une invitation qui n’a pas été envoyée à certains destinataires. Il ne leur a pas été envoyé non plus. Pour les inviter malgré tout, envoyez une nouvelle invitation.

    Ce message est automatique.
taken-out-subject = Retiré : { $subject }
taken-out =
    Bonjour,

    Votre message « { $subject } » attendait de partir. Il a été retiré et ne partira pas ; les destinataires qui l’avaient déjà reçu le gardent.

    Ce message est automatique.
left-unassessed-subject = Un message est parti sans évaluation complète
left-unassessed =
    Bonjour,

    Pendant une panne de l’évaluation, un message est parti comme le prévoit la politique de l’organisation. Il a été évalué depuis : il n’aurait pas dû partir sans décision.

    Référence : { $reference }
    Ce message est automatique.
failed-subject = Non remis : { $subject }
failed =
    Bonjour,

    Votre message « { $subject } » n’a pas pu être remis aux destinataires suivants, et ne leur sera plus présenté :
    { $recipients }
    Ce message est automatique.
delayed-subject = Retardé : { $subject }
delayed =
    Bonjour,

    Votre message « { $subject } » n’a pas encore pu être remis à :
    { $recipients }
    De nouveaux essais auront lieu jusqu’au { $until } ; vous n’avez rien à faire.

    Ce message est automatique.
relayed-subject = Transmis : { $subject }
relayed =
    Bonjour,

    Votre message « { $subject } » a été transmis à un serveur qui n’envoie pas d’avis de remise, pour :
    { $recipients }
    Ce message est automatique.

# Au titulaire d’un compte : un lien qui ne sert qu’une fois.

account-approved-subject = Votre compte CEREBRO est approuvé
account-approved =
    Bonjour,

    Votre compte pour { $organisation } est approuvé. Choisissez votre mot de passe avant le { $until } :

    { $url }

    Ce lien ne sert qu’une fois. Si vous n’avez rien demandé, dites-le à un administrateur.

    Ce message est automatique.
password-forgotten-subject = Choisir un nouveau mot de passe CEREBRO
password-forgotten =
    Bonjour,

    Un nouveau mot de passe a été demandé pour votre compte. Choisissez-le avant le { $until } :

    { $url }

    Ce lien ne sert qu’une fois, et ne remplace pas votre second facteur. Si vous n’avez rien demandé, ne faites rien : votre mot de passe reste le même.

    Ce message est automatique.
password-worthless-subject = Votre mot de passe CEREBRO n’est plus valable
password-worthless =
    Bonjour,

    Quelqu’un d’autre connaît peut-être votre mot de passe : il n’est plus valable, et vos sessions sont terminées. Choisissez-en un autre avant le { $until } :

    { $url }

    Ce lien ne sert qu’une fois, et ne remplace pas votre second facteur. Passé ce délai, « Mot de passe oublié » en enverra un autre.

    Ce message est automatique.
sign-in-code-subject = Votre code de connexion à CEREBRO
sign-in-code =
    Bonjour,

    Quelqu’un se connecte à votre compte depuis un appareil ou un réseau nouveau. Si c’est vous, saisissez ce code, valable une fois et pendant dix minutes :

    { $code }

    Sinon, quelqu’un d’autre connaît votre mot de passe : prévenez sans attendre un administrateur. Personne ne vous demandera ce code.

    Ce message est automatique et ne contient aucun lien.

# Au titulaire d’un compte : ce qui a changé, par un autre.

news =
    Bonjour,

    { $what }

    C’était le { $at }. Si cela vous surprend, dites-le tout de suite à un administrateur.

    Ce message est automatique et ne contient aucun lien.
suspended-subject = Votre compte CEREBRO est suspendu
suspended = Un administrateur a suspendu votre compte : ses sessions sont terminées.
reinstated-subject = Votre compte CEREBRO fonctionne à nouveau
reinstated = Un administrateur a rétabli votre compte : vous pouvez vous connecter.
closed-subject = Votre compte CEREBRO est fermé
closed = Un administrateur a fermé définitivement votre compte.
mission-given-subject = Une mission vous est donnée dans CEREBRO
mission-given = La mission « { $mission } » vous est donnée.
mission-withdrawn-subject = Une mission vous est retirée dans CEREBRO
mission-withdrawn = La mission « { $mission } » vous est retirée.
glass-broken-subject = Accès d’urgence ouvert dans CEREBRO
glass-broken = Un accès d’urgence a été ouvert sur la machine pour { $name }, qui administre jusqu’au { $until }. Il se ferme de lui-même ; un administrateur autre que cette personne doit ensuite en clore la revue.
mission-suspended-subject = Une de vos missions est suspendue dans CEREBRO
mission-suspended = La mission « { $mission } » n’a pas été revue à temps : elle ne permet rien jusqu’à ce qu’un administrateur décide. Demandez-le-lui.
review-ends-subject = La revue des droits se termine dans une semaine
review-ends = La revue des droits se termine dans une semaine. Droits encore à revoir : { $rights }. Ce jour-là, ceux sur lesquels personne n’aura décidé ne permettront plus rien jusqu’à une décision.
review-lapsed-subject = La revue des droits n’a pas été faite à temps
review-lapsed = La revue des droits n’a pas été faite à temps. Droits sur lesquels personne n’a décidé : { $rights }. Ils ne permettent plus rien jusqu’à une décision ; le dernier administrateur garde les siens.
password-changed-subject = Votre mot de passe CEREBRO a changé
password-changed = Votre mot de passe a été changé, et les sessions qui étaient ouvertes sont terminées.

# Aux administrateurs : le dernier jeton d’un service prend bientôt fin.

token-ends-month-subject = Le dernier jeton de « { $service } » prend fin d’ici un mois
token-ends-month =
    Bonjour,

    Le dernier jeton du service « { $service } » prend fin le { $until }. À partir de ce moment, CEREBRO refusera tous ses appels.

    Pour qu’il continue de fonctionner, un administrateur renouvelle le jeton sous Comptes, « Services et jetons », et un second donne son accord. L’ancien jeton reste valable sept jours encore, le temps de mettre le nouveau en place. Si le service ne sert plus, il n’y a rien à faire.

    Ce message est automatique et ne contient aucun lien. Il sera répété une fois, une semaine avant la fin.
token-ends-week-subject = Le dernier jeton de « { $service } » prend fin d’ici une semaine
token-ends-week =
    Bonjour,

    Le dernier jeton du service « { $service } » prend fin le { $until }. À partir de ce moment, CEREBRO refusera tous ses appels.

    Pour qu’il continue de fonctionner, un administrateur renouvelle le jeton sous Comptes, « Services et jetons », et un second donne son accord. Si le service ne sert plus, il n’y a rien à faire.

    Ce message est automatique et ne contient aucun lien. C’est le dernier avant la fin du jeton.

# Au titulaire d’un compte : ce qui a changé dans la façon de prouver qui il est.

proof-changed =
    Bonjour,

    { $what } C’était le { $at }.

    Si c’est vous, il n’y a rien à faire. Sinon, prévenez sans attendre un administrateur de { $organisation } et changez votre mot de passe.

    Ce message est automatique et ne contient aucun lien.
factor-added-subject = Second facteur ajouté à votre compte CEREBRO
factor-added = Un second facteur a été ajouté à votre compte : « { $name } » ({ $kind }).
factor-removed-subject = Second facteur retiré de votre compte CEREBRO
factor-removed = Un second facteur a été retiré de votre compte : « { $name } » ({ $kind }).
key-suspended-subject = Clé de sécurité suspendue sur votre compte CEREBRO
key-suspended = Une clé de sécurité de votre compte semble exister en deux exemplaires : elle est suspendue, et les sessions qu’elle avait ouvertes sont fermées.
backup-code-used-subject = Un code de secours a ouvert votre compte CEREBRO
backup-code-used = Un de vos codes de secours a servi : { $agent } { $network }. La session ne permet que d’inscrire un nouveau second facteur.
code-again-subject = Un code de votre application a été présenté deux fois
code-again = Votre mot de passe, puis un code de votre application qui avait déjà servi, ont été présentés : { $agent } { $network }. Rien n’a été ouvert.
new-place-subject = Connexion à votre compte CEREBRO depuis un nouveau lieu
new-place = Votre compte a été ouvert depuis un appareil ou un réseau nouveau : { $agent } { $network }.
session-taken-subject = Session CEREBRO fermée : elle a servi sur un autre appareil
session-taken = Votre session a été présentée par un autre navigateur que le vôtre : { $agent } { $network }. Elle est fermée.

# Des noms.

factor-password = mot de passe
factor-totp = application d’authentification
factor-security_key = clé de sécurité
mission-operator = opérations
mission-connector = connecteur
mission-arbiter = arbitrage
mission-custodian = référent des messages privés et protégés
mission-supervisor = supervision
mission-auditor = audit
mission-administrator = administration
mission-registrar = annuaire
