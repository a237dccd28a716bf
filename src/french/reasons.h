/* Reasons in French (Canada), one row a code: what stands on paper for a client. A row says what its English sentence says
 * without the numbers in it: dates stand beside it, settings never do. tests/report/test_client_papers.c asks for a row
 * for every code of the shipped rules and of the sources. Private to french. */
#ifndef FL_FRENCH_REASONS_H
#define FL_FRENCH_REASONS_H

/* clang-format off */
/*    code
      why, and what would change it (NULL: nothing is said)
      whom to see */
#define FL_REASONS_FR(X) \
    /* questions before a session */ \
    X("sun", "La peau bronzée absorbe la lumière destinée à l'encre.", \
      "Garder la zone à l'abri du soleil; remplir de nouveau le formulaire de peau ensuite.", NOBODY) \
    X("self-tanner", "Un autobronzant colore la peau que la lumière doit traverser.", "Attendre qu'il ait disparu.", NOBODY) \
    X("isotretinoin", "L'isotrétinoïne orale des six derniers mois peut ralentir la guérison et augmenter le risque de cicatrices.", \
      "Six mois après le dernier comprimé.", NOBODY) \
    X("photosensitising-drug", "Un médicament photosensibilisant rend imprévisible la réaction à la lumière.", \
      "Deux semaines après la dernière dose, ou l'avis écrit d'un médecin.", PHYSICIAN) \
    X("topical-retinoid", "Un rétinoïde ou un acide sur la zone amincit la surface de la peau.", "L'interrompre une semaine.", NOBODY) \
    X("recent-procedure", "La zone a reçu un autre soin dans les deux dernières semaines.", "Deux semaines après ce soin.", NOBODY) \
    X("minoxidil", "Le minoxidil laisse sur la peau de l'alcool et du propylène glycol, qui brûlent et irritent.", \
      "Ne pas en mettre la veille ni le jour de la séance.", NOBODY) \
    X("infection", "Il y a une plaie, un bouton de fièvre ou une infection sur la zone.", "Quand tout est complètement guéri.", PHYSICIAN) \
    X("cold-sores", "Une impulsion près des lèvres peut réveiller des boutons de fièvre.", \
      "L'avis écrit d'un médecin sur une protection antivirale.", PHYSICIAN) \
    X("pregnancy", "On n'a pas de données de sécurité pendant la grossesse, et cela peut attendre.", "Après la grossesse.", NOBODY) \
    X("breast-feeding", "On n'a pas de données de sécurité pendant l'allaitement, et cela peut attendre.", "À la fin de l'allaitement.", NOBODY) \
    X("chemotherapy", "Ce sont des cellules immunitaires qui emportent l'encre, et la chimiothérapie les affaiblit.", \
      "Six mois après la dernière dose, avec l'avis d'un médecin.", PHYSICIAN) \
    X("transplant", "De jeunes greffons sont fragiles.", "Six mois après la greffe, avec l'avis du chirurgien.", SURGEON) \
    X("alopecia-areata", "Une pelade active peut s'étendre là où la peau est blessée.", "Quand un médecin la dit calme.", DERMATOLOGIST) \
    X("gold", "L'or dans la peau devient bleu sous ces impulsions, aussitôt et pour toujours, même des décennies plus tard.", \
      "Rien; consulter un dermatologue.", DERMATOLOGIST) \
    X("particle-tattoo", "Des particules d'explosion peuvent s'enflammer dans la peau.", \
      "Rien avec ce genre de laser; consulter un dermatologue.", DERMATOLOGIST) \
    X("near-infrared-sensitivity", "La sensibilité à l'infrarouge proche figure sur la liste du fabricant.", "L'accord écrit d'un médecin.", PHYSICIAN) \
    X("light-seizures", "Les éclairs peuvent provoquer une crise même les yeux couverts.", "L'accord écrit d'un médecin.", PHYSICIAN) \
    X("diabetes-1", "Le diabète de type 1 ralentit la guérison.", "L'accord écrit d'un médecin.", PHYSICIAN) \
    X("diabetes-2", "Le diabète de type 2 peut ralentir la guérison.", "Un diabète bien équilibré diminue le risque.", PHYSICIAN) \
    X("serious-illness", "Une maladie grave passe d'abord.", "L'accord écrit d'un médecin.", PHYSICIAN) \
    X("lupus", "La lumière peut aggraver la maladie.", "L'accord écrit d'un médecin.", PHYSICIAN) \
    X("suspicious-mole", "Un médecin regarde un grain de beauté suspect avant toute lumière.", \
      "Un médecin l'a examiné; sa place reste fermée.", DERMATOLOGIST) \
    X("immune-compromise", "Ce sont des cellules immunitaires qui emportent l'encre.", "L'accord écrit d'un médecin.", PHYSICIAN) \
    X("radiotherapy", "Une peau irradiée guérit mal.", "L'accord écrit d'un médecin.", PHYSICIAN) \
    X("ink-allergy", "Les impulsions libèrent ce à quoi la peau a réagi; la réaction peut se généraliser.", \
      "L'accord écrit d'un médecin; souvent une autre méthode convient mieux.", DERMATOLOGIST) \
    X("keloid", "Une peau qui a fait une chéloïde peut en faire une autre.", "L'accord écrit d'un médecin, puis des essais ponctuels.", DERMATOLOGIST) \
    X("vitiligo", "Une blessure peut étendre un vitiligo actif.", "Stable depuis douze mois ou plus, selon l'écrit d'un médecin.", DERMATOLOGIST) \
    X("implant", "Il y a un implant sous la zone.", "L'accord écrit d'un médecin.", PHYSICIAN) \
    X("anticoagulant", "De petits saignements et des bleus sont plus probables.", \
      "Ne jamais arrêter pour cela un médicament prescrit.", PHYSICIAN) \
    X("slow-healing", "Une guérison lente demande des intervalles plus longs.", "Un intervalle plus long.", NOBODY) \
    X("pacemaker", "Garder la console à la distance qu'indique son étiquette.", "La distance du manuel de l'appareil.", NOBODY) \
    X("anaesthetic-risk", "La crème de lidocaïne et de prilocaïne n'est pas pour cette personne.", "De l'air froid à la place.", NOBODY) \
    X("body-image", "Le souhait et ce qui est possible sont loin l'un de l'autre; l'entretien est consigné.", "Une deuxième consultation.", NOBODY) \
    X("screening-incomplete", "Des questions de santé n'ont pas été posées; la réponse n'est donc pas connue.", \
      "Les poser et noter oui ou non.", NOBODY) \
    X("under-age", "La personne n'a pas l'âge que les règles demandent.", NULL, NOBODY) \
    /* skin */ \
    X("type-unknown", "Personne n'a déterminé le type de peau : sans type, pas de plan.", "Déterminer le type de peau.", NOBODY) \
    X("form-blank", "Le formulaire de peau n'est pas rempli.", "Le remplir en entier.", NOBODY) \
    X("form-inflated-by-tan", "Le total du formulaire est gonflé par le bronzage.", "Le remplir de nouveau quand le bronzage a disparu.", NOBODY) \
    X("form-two-bands", "Le total du formulaire tombe entre deux types.", NULL, NOBODY) \
    X("type-open", "Le total du formulaire ne sépare pas les types V et VI; le plan prend VI.", "Le praticien choisit V ou VI.", NOBODY) \
    X("types-disagree", "Les types de peau trouvés ne concordent pas; le plan prend le plus foncé.", NULL, NOBODY) \
    X("ita-unusable", "La couleur mesurée de la peau n'a pas pu servir.", "La mesurer de nouveau.", NOBODY) \
    X("tan-suspected", "La couleur de la peau laisse supposer un bronzage.", "La mesurer de nouveau quand le bronzage a disparu.", NOBODY) \
    X("tan", "La peau est bronzée.", "Attendre que le bronzage ait disparu.", NOBODY) \
    X("skin-dark-patch", "Des taches foncées après les impulsions sont plus probables pour les types IV à VI et peuvent durer des mois.", \
      "De petits pas, une protection solaire et l'intervalle plus long que ce plan prévoit.", NOBODY) \
    /* zones */ \
    X("grafts", "Des cheveux greffés poussent ici et peuvent être perdus.", "L'accord écrit du chirurgien de la greffe.", SURGEON) \
    X("pale-spots", "Des taches pâles montrent que la peau a perdu ici son propre pigment; elle ne reçoit plus d'impulsions.", \
      "Le pigment est revenu, de l'avis d'un médecin.", DERMATOLOGIST) \
    X("bumps", "Il y a ici des boutons enflammés; les impulsions les aggraveraient.", "Les boutons sont guéris.", PHYSICIAN) \
    X("lesion", "Une lésion se trouve sous l'encre ou à côté; on ne la traite jamais à travers l'encre.", \
      "Un médecin l'a examinée; sa place reste fermée.", DERMATOLOGIST) \
    X("raised-itchy-scar", "La cicatrice est en relief et démange; elle est peut-être en train de grandir.", \
      "Un médecin a examiné la cicatrice.", DERMATOLOGIST) \
    X("scar", "L'encre est irrégulière dans une cicatrice et la peau y est tendue; il faut en attendre moins, et la cicatrice se verra de nouveau.", \
      "Un début plus bas et des intervalles plus longs, que ce plan prévoit.", NOBODY) \
    X("inside-orbital-rim", "La zone entre dans le bord de l'orbite; il faut des coques métalliques internes.", \
      "Les coques notées avant toute impulsion.", PHYSICIAN) \
    X("lid-authority", "Le bord d'une paupière est traité par un médecin autorisé seul, avec des coques cornéennes métalliques internes; " \
      "un réglage plus bas n'y change rien.", "Consulter un médecin autorisé; aucun technicien ne peut passer outre.", OPHTHALMOLOGIST) \
    X("eye-shields", "Des protections opaques sur les deux yeux avant toute impulsion.", "Les protections notées comme portées.", NOBODY) \
    X("no-zone", "Aucune zone n'a été nommée ou ouverte.", "Nommer les zones.", NOBODY) \
    X("zone-region", "Une zone se trouve ailleurs que ne le dit la demande.", "Corriger la zone ou la demande.", NOBODY) \
    X("zone-rests", "Une zone déjà traitée doit d'abord se reposer.", "Attendre la fin de l'intervalle.", NOBODY) \
    X("locked-undrawn", "Une zone fermée n'est pas dessinée.", NULL, NOBODY) \
    X("locked-neighbour", "Une zone voisine est fermée.", NULL, NOBODY) \
    X("overlap-too-large", "Le recouvrement demandé est trop grand.", "Un recouvrement plus petit.", NOBODY) \
    /* ink and history */ \
    X("ink-unknown", "Personne n'a identifié l'encre; elle est supposée.", "La parole écrite de l'artiste ou du fabricant.", NOBODY) \
    X("ink-guessed", "L'encre n'a pas été nommée : elle est devinée d'après sa couleur ou sa marque.", \
      "La parole écrite de l'artiste ou du fabricant.", NOBODY) \
    X("ink-unlike-any", "La couleur ne ressemble à aucune encre connue.", "Mesurer de nouveau avec une carte de couleurs, ou nommer l'encre.", NOBODY) \
    X("ink-darkens", "Un pigment de cette encre peut foncer.", "Un essai ponctuel le montre.", NOBODY) \
    X("ink-532", "Cette lumière verte n'est pas pour cette encre.", NULL, NOBODY) \
    X("ink-755", "Cette lumière n'est pas pour cette encre.", NULL, NOBODY) \
    X("ink-1064", "Cette lumière n'est pas pour cette encre.", NULL, NOBODY) \
    X("history-unknown", "Les réglages des séances faites ailleurs ne sont pas connus; inconnu veut dire nouveau, pas toléré.", \
      "Demander le dossier.", NOBODY) \
    X("earlier-undated", "La date d'une séance antérieure n'est pas connue.", "Trouver cette date.", NOBODY) \
    X("record-device-unknown", "Le dossier nomme un appareil que l'on ne connaît pas.", NULL, NOBODY) \
    X("record-impossible", "Le dossier indique un réglage que l'appareil nommé ne peut pas faire; il n'est pas utilisé.", NULL, NOBODY) \
    /* tests and reads */ \
    X("test-first", "D'abord des essais ponctuels.", NULL, NOBODY) \
    X("test-expired", "L'essai ponctuel est trop ancien.", "Un nouvel essai.", NOBODY) \
    X("test-darker", "Un essai ponctuel a foncé; ce réglage est exclu.", NULL, NOBODY) \
    X("test-harmed", "Un essai ponctuel a blessé la peau; ce réglage est exclu.", NULL, PHYSICIAN) \
    X("test-below-need", "L'essai ponctuel reste sous ce que l'encre demande.", NULL, NOBODY) \
    X("read-open", "Une lecture d'essai reste à faire.", "Revenir pour la lecture.", NOBODY) \
    X("read-early", "Une lecture a été faite trop tôt.", "Lire de nouveau à la date prévue.", NOBODY) \
    X("read-late", "Une lecture a été faite tard; elle compte.", NULL, NOBODY) \
    X("read-low", "La dernière séance a peu éclairci.", NULL, NOBODY) \
    X("offer-test-spot", "On peut proposer un essai ponctuel, quand tout ce qui précède est réglé.", NULL, NOBODY) \
    X("interval", "Il faut plusieurs semaines entre les séances.", NULL, NOBODY) \
    /* goal and what to expect */ \
    X("deadline", "La date souhaitée est trop proche; un essai ponctuel et sa lecture demandent à eux seuls plusieurs semaines.", \
      "Sans cette date, un essai ponctuel et une lecture viennent d'abord.", NOBODY) \
    X("goal-may-be-reached", "Le but est peut-être déjà atteint.", "Regarder de nouveau avant de continuer.", NOBODY) \
    X("shadow-may-remain", "Une ombre peut rester; on peut attendre un éclaircissement aussi loin que la sécurité le permet.", NULL, NOBODY) \
    X("grey-haze", "Les points peuvent d'abord griser, puis pâlir au fil des semaines.", NULL, NOBODY) \
    X("darkening", "L'oxyde de fer et le blanc peuvent foncer dès la première impulsion.", "Un essai ponctuel le montre.", NOBODY) \
    X("colour-after", "Une encre hybride peut laisser du jaune; d'abord grise, puis plus pâle.", NULL, NOBODY) \
    X("layers", "On planifie couche par couche, la plus haute d'abord; chacune a ses essais ponctuels.", NULL, NOBODY) \
    X("scar-shows", "Quand les points pâlissent, la cicatrice se voit de nouveau.", NULL, NOBODY) \
    X("fade-only", "Une barbe est pâlie, jamais enlevée.", NULL, NOBODY) \
    X("swelling", "Les lèvres gonflent pendant des jours.", NULL, NOBODY) \
    X("alternatives", "Autres voies : attendre que cela pâlisse, une nouvelle couleur par un artiste, ou le laser ablatif d'un médecin.", NULL, PHYSICIAN) \
    X("refer", "Consulter un ophtalmologiste ou un médecin autorisé.", NULL, OPHTHALMOLOGIST) \
    X("refusal-sheet", "Cette feuille dit ce qui a été refusé et pourquoi.", NULL, NOBODY) \
    X("keep-and-remove-line", "On dessine la ligne à garder et la ligne à enlever.", NULL, NOBODY) \
    X("feathering", "Le bord est adouci.", NULL, NOBODY) \
    X("aim-away", "On vise en s'éloignant de l'œil.", NULL, NOBODY) \
    X("chaperone", "On propose la présence d'une autre personne; les photos sont privées.", NULL, NOBODY) \
    /* hair */ \
    X("hair-native", "Les cheveux naturels derrière la ligne peuvent blanchir ou tomber pendant un cycle.", "Arrêter dès qu'un cheveu blanchit.", NOBODY) \
    X("hair-loss-risk", "Risque élevé pour les cheveux : les impulsions peuvent blanchir, roussir ou faire tomber des cheveux foncés.", \
      "Peu d'énergie, des raies, arrêt dès qu'un cheveu blanchit ou sent.", NOBODY) \
    X("hair-beard-loss", "La barbe peut tomber par plaques.", "De petits pas; arrêter dès qu'un poil blanchit.", NOBODY) \
    X("hair-photos", "On photographie les cheveux avant et après.", NULL, NOBODY) \
    X("hair-shaft", "Les cheveux absorbent trop de cette lumière.", NULL, NOBODY) \
    X("hair-bulb", "La racine des cheveux absorbe trop de cette lumière.", NULL, NOBODY) \
    X("hair-755", "Les cheveux ne peuvent pas être rasés ici et absorbent trop de cette lumière.", NULL, NOBODY) \
    X("hair-532", "Les cheveux ou les poils absorbent trop de cette lumière.", NULL, NOBODY) \
    X("brow-hair", "Les sourcils peuvent tomber ou blanchir un temps; ils reviennent d'habitude.", \
      "Mouiller les sourcils ou y mettre un gel; ne pas les raser sans accord.", NOBODY) \
    X("lash-loss", "Les cils peuvent blanchir ou être perdus.", "Le consentement le nomme.", NOBODY) \
    X("stop-hair-white", "Règle d'arrêt : le premier cheveu qui blanchit ou sent termine la zone.", NULL, NOBODY) \
    X("stop-scar", "Règle d'arrêt : une cloque, une cicatrice en relief ou qui démange, ou une tache pâle termine les séances jusqu'à ce qu'un médecin ait regardé.", \
      NULL, PHYSICIAN) \
    /* a physician first */ \
    X("areola-clearance", "Le travail sur l'aréole, souvent sur une peau reconstruite, demande la lettre d'un médecin.", "La lettre du médecin.", PHYSICIAN) \
    X("flesh-tone", "Un ton chair fonce avec ces lasers, et une blessure peut étendre un vitiligo; c'est d'habitude l'affaire d'un médecin.", \
      "L'accord écrit d'un médecin, puis un seul essai ponctuel.", DERMATOLOGIST) \
    /* settings and devices: never with a number */ \
    X("no-setting", "Aucun réglage de cet appareil n'est permis pour cette peau et cette encre.", "Un autre appareil, ou une autre méthode.", PHYSICIAN) \
    X("setting-refused", "Un réglage demandé a été refusé.", NULL, NOBODY) \
    X("skin-785", "Cette lumière n'est pas pour ce type de peau.", NULL, NOBODY) \
    X("skin-755", "Cette lumière n'est pas pour une peau plus foncée ou bronzée.", NULL, NOBODY) \
    X("skin-730", "Cette lumière n'est pas pour ce type de peau.", NULL, NOBODY) \
    X("skin-694", "Cette lumière n'est pas pour ce type de peau.", NULL, NOBODY) \
    X("skin-670", "Cette lumière n'est pas pour ce type de peau.", NULL, NOBODY) \
    X("skin-532", "La lumière verte n'est jamais utilisée sur les types IV à VI ni sur un bronzage.", NULL, NOBODY) \
    X("scar-755", "Une cicatrice ne reçoit pas cette lumière.", NULL, NOBODY) \
    X("scar-532", "Une cicatrice ne reçoit pas cette lumière.", NULL, NOBODY) \
    X("lid-532", "Cette lumière n'est pas utilisée sur une paupière.", NULL, NOBODY) \
    X("wavelength-not-listed", "Les règles ne permettent pas cette lumière ici.", NULL, NOBODY) \
    X("wavelength-not-allowed", "Les règles ne permettent pas cette lumière ici.", NULL, NOBODY) \
    X("device-limits-unknown", "Une limite de l'appareil n'est pas connue.", "La lire sur l'étiquette.", NOBODY) \
    X("device-number-unconfirmed", "Un nombre de l'appareil n'a pas été confirmé.", "Le lire sur l'étiquette.", NOBODY) \
    X("device-clearance", "L'homologation de l'appareil ne couvre pas cette encre ou cette peau.", "Un autre appareil.", NOBODY) \
    X("clearance-not-stated", "On n'a pas vu si l'homologation de l'appareil couvre cette encre et cette peau.", NULL, NOBODY) \
    X("planned-from-memory", "Le plan s'appuie sur des nombres de l'appareil que personne n'a confirmés.", "Les lire sur l'étiquette.", NOBODY) \
    X("no-limit-for-type", "Les règles ne donnent pas de limite pour ce type de peau.", NULL, NOBODY) \
    X("no-window", "Ce que l'encre demande est plus que ce que la peau supporte.", "Une autre méthode.", PHYSICIAN) \
    X("window-test-only", "Un essai ponctuel seulement.", NULL, NOBODY) \
    X("burn-counts", "Le risque de brûlure limite ce réglage.", NULL, NOBODY) \
    X("plasma-possible", "Une étincelle est possible.", NULL, NOBODY) \
    X("limit-below-need", "La limite est sous ce que l'encre demande.", NULL, NOBODY) \
    X("limited-by-device", "L'appareil limite ce réglage.", NULL, NOBODY) \
    X("limited-by-rules", "Les règles limitent ce réglage.", NULL, NOBODY) \
    X("limited-by-physics", "La peau limite ce réglage.", NULL, NOBODY) \
    X("limited-by-heat", "La chaleur limite ce réglage.", NULL, NOBODY) \
    X("rate-lowered", "La cadence est abaissée.", NULL, NOBODY) \
    X("several-passes", "Plusieurs passages.", NULL, NOBODY) \
    X("cover-first", "La couche du dessus vient d'abord.", NULL, NOBODY) \
    X("under-cover", "L'encre se trouve sous une autre couche.", NULL, NOBODY) \
    X("ink-not-reached", "La lumière n'atteint pas l'encre.", NULL, NOBODY) \
    X("ink-partly-reached", "La lumière n'atteint qu'une partie de l'encre.", NULL, NOBODY) \
    X("runner-up", "Un autre réglage venait ensuite.", NULL, NOBODY) \
    X("what-matters-most", "Ce que l'on aimerait le plus savoir.", NULL, NOBODY) \
    X("settings-seen", "Ce que d'autres ont publié.", NULL, NOBODY) \
    X("would-open", "Ce qui ouvrirait une autre possibilité.", NULL, NOBODY)
/* clang-format on */

#endif
