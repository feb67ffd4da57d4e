## What is wrong with control files
wrong-told = { $place } : { $what }
wrong-line = ligne { $line }
wrong-character = au caractère { $at }, { $what }
wrong-empty = Un jeu a au moins un contrôle : donnez un fichier.
wrong-sample-missed = { $control }, exemple { $sample } ({ $language }) : il doit être trouvé et passe. Changez la condition ou l’exemple.
wrong-sample-caught = { $control }, exemple { $sample } ({ $language }) : il doit passer et est trouvé. Changez la condition ou l’exemple.
wrong-unreadable = ne peut pas être lu : vérifiez qu’il existe et que le service a le droit de le lire.
wrong-no-file = aucun fichier *.toml : mettez-y un fichier par contrôle.
wrong-too-large = le fichier dépasse { $size } : un seul contrôle par fichier.
wrong-too-many = un jeu a au plus { $n } contrôles : retirez-en.
wrong-taken = l’identifiant { $id } est déjà pris par { $other } : donnez à chaque contrôle le sien.
form-syntax = ce n’est pas du TOML : vérifiez les guillemets, les crochets et le signe =, et que la clé n’est écrite qu’une fois.
form-missing = la clé « { $found } » manque : ajoutez-la.
form-unknown = aucune clé ne s’appelle « { $found } ». Il y a : { $known }.
form-choice = « { $found } » n’est pas admis. Écrivez l’un de : { $known }.
form-kind = la valeur n’est pas du genre attendu : un texte est entre guillemets, un nombre et true ou false n’en ont pas.
form-kind-found = « { $found } » n’est pas du genre attendu : un texte est entre guillemets, un nombre et true ou false n’en ont pas.
form-value = la valeur n’est pas admise ici : vérifiez l’adresse, la langue ou le code écrit.
rule-id = un identifiant a des capitales, des chiffres et des tirets, 32 au plus, comme PII-01.
rule-version = les versions commencent à 1.
rule-verdict = un contrôle retient ou refuse : écrivez "hold" ou "refuse" ; pour laisser passer et noter, écrivez mode = "observe".
rule-score = un score classe et explique : il peut retenir, jamais refuser. Écrivez "hold".
rule-class = une classe de retenue a des minuscules, des chiffres et _, 32 au plus, comme standard.
rule-languages = écrivez-le dans les deux langues, fr et en.
rule-sample-match = ajoutez un [[samples]] avec locale = "{ $locale }" et matches = true : un contrôle montre dans les deux langues ce qu’il trouve et ce qu’il laisse.
rule-sample-no-match = ajoutez un [[samples]] avec locale = "{ $locale }" et matches = false : un contrôle montre dans les deux langues ce qu’il trouve et ce qu’il laisse.
condition-long = la condition a { $n } octets et peut en avoir { $most } : partagez-la entre plusieurs contrôles.
condition-syntax = ce n’est pas une expression CEL : vérifiez les parenthèses, les guillemets et les opérateurs.
condition-deep = la condition est plus profonde qu’il n’est lu (environ { $n } niveaux) : simplifiez-la ou partagez-la entre plusieurs contrôles.
condition-nested = all, exists, filter et map s’emboîtent { $n } fois au plus : partagez la condition.
condition-field = aucun champ ne s’appelle « { $found } ». Il y a : { $known }.
condition-mismatch = { $what } demande { $wanted }, et ceci est { $found }.
condition-not-bool = la condition répond par oui ou non, et ceci est { $found } : comparez-le à quelque chose.
condition-name-taken = « { $found } » est le nom d’un champ : donnez un autre nom à la variable.
condition-thread = la condition n’a pas pu être lue faute de mémoire : recommencez plus tard.
advice-expression = cette expression ne s’emploie pas ici : une condition a des champs, des textes, des nombres entiers, true, false et des listes de ceux-ci.
advice-literal = cette valeur ne s’emploie pas ici : écrivez un texte, un nombre entier, true ou false.
advice-list = cette liste ne s’emploie pas ici : écrivez au moins un élément, un texte, un nombre entier, true ou false.
advice-list-only = { $found } n’existe que pour les listes, avec une variable et une expression, comme recipients.domains.exists(d, d == 'x.example').
advice-has = { $found } ne s’emploie pas ici : tout champ a toujours une valeur, interrogez-la.
advice-matches = { $found } ne s’emploie pas ici : employez startsWith, endsWith ou contains.
advice-functions = { $found } ne s’emploie pas ici. Les fonctions sont : size, startsWith, endsWith, contains, lowerAscii, all, exists, exists_one, filter et map.
type-bool = un oui ou non (bool)
type-int = un nombre entier (int)
type-text = un texte (string)
type-texts = une liste de textes
type-ints = une liste de nombres entiers
type-bools = une liste de oui ou non
wanted-list = une liste
wanted-alike = des éléments d’un même type
wanted-left = un seul élément à gauche
wanted-ordered = un nombre entier ou un texte
wanted-added = des nombres entiers, des textes ou des listes
wanted-sized = un texte ou une liste
wanted-item = un seul élément
