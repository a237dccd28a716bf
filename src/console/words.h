/* Words: every sentence of the pages, in English and in the French of Canada, side by side.
 *
 * One row a text; a new page adds its rows at the end, under a comment with its name. Terms are those of the
 * trade: client, pulse (impulsion), session (séance), pass (passage), fade; never erase or painless. No
 * numbers in them: a page puts a number through page_number or page_count. A row's English is its key for a
 * reader of the code.
 *
 *     html_put(w, "<h1>%s</h1>", say(p, W_SIGN_IN));
 */
#ifndef FL_CONSOLE_WORDS_H
#define FL_CONSOLE_WORDS_H

typedef enum language { ENGLISH, FRENCH, LANGUAGES } language;

/* clang-format off */
#define WORD_LIST(X) \
    X(NONE, "", "") \
    /* frame of every page */ \
    X(CONSOLE, "Console", "Console") \
    X(SIMULATED, "SIMULATED", "SIMULATED · SIMULATION") \
    X(SIMULATED_WHY, "no pulse on these pages was ever made by a real laser", "aucune impulsion de ces pages ne vient d'un vrai laser") \
    X(SKIP, "Skip to the content", "Aller au contenu") \
    X(NAVIGATION, "Pages", "Pages") \
    X(SCREEN, "Screen", "Écran") \
    X(LIGHT, "Light", "Clair") \
    X(DARK, "Dark", "Sombre") \
    X(NOT_CERTIFIED, "Not a certified medical device.", "Ceci n'est pas un instrument médical homologué.") \
    X(SIGNED_IN_AS, "Signed in:", "Connecté :") \
    X(NOT_SIGNED_IN, "Nobody is signed in", "Personne n'est connecté") \
    X(CERTIFICATE_ENDED, "certificate ended: may consult", "certificat échu : consultation seulement") \
    X(BACK_HOME, "To the first page", "À la première page") \
    X(NEVER, "never", "jamais") \
    X(SECOND_TRY, "What can be done: %s", "Ce qu'on peut faire : %s") \
    /* why a page is not shown */ \
    X(PROBLEM, "This cannot be done", "Ce n'est pas possible") \
    X(NO_PAGE, "There is no such page here.", "Cette page n'existe pas ici.") \
    X(NO_METHOD, "This address is not called like that.", "Cette adresse ne s'appelle pas ainsi.") \
    X(NO_ROLE, "Your role does not open this page.", "Votre rôle n'ouvre pas cette page.") \
    X(NO_CERTIFICATE, "Your certificate has ended: looking is open, this is not.", "Votre certificat est échu : la consultation est ouverte, ceci ne l'est pas.") \
    X(ASK, "Ask %s.", "Demandez à %s.") \
    X(NO_SIGN_IN, "Nobody is signed in at this screen, or it was locked.", "Personne n'est connecté à cet écran, ou il s'est verrouillé.") \
    X(NO_TOKEN, "This form did not come from a page of this screen.", "Ce formulaire ne vient pas d'une page de cet écran.") \
    X(SPENT_TOKEN, "This form was sent once already. Nothing was done a second time.", "Ce formulaire a déjà été envoyé. Rien n'a été fait deux fois.") \
    X(OPEN_AGAIN, "Open the page again and look what it says now.", "Rouvrez la page et voyez ce qu'elle dit maintenant.") \
    X(BAD_FORM, "This form could not be read.", "Ce formulaire n'a pas pu être lu.") \
    X(BUSY, "A session or a check is running and holds the journal; this can be written when it has ended.", "Une séance ou un contrôle est en cours et tient le registre; ceci pourra être inscrit à la fin.") \
    X(NO_MEMORY, "There was no memory for this page.", "La mémoire a manqué pour cette page.") \
    X(LOOKS_ON, "This device only looks on.", "Cet appareil ne fait que regarder.") \
    /* page_home */ \
    X(HOME, "Today", "Aujourd'hui") \
    X(JOURNAL, "Journal", "Registre") \
    X(ENTRIES, "Entries", "Inscriptions") \
    X(NEWEST, "Newest entry", "Dernière inscription") \
    X(JOURNAL_NEW, "Nothing was written here yet.", "Rien n'a encore été inscrit ici.") \
    X(WHERE_TO, "Where to", "Où aller") \
    X(SIGN_IN_FIRST, "Sign in to see clients, lasers and records.", "Connectez-vous pour voir les clients, les lasers et les registres.") \
    /* page_sign_in */ \
    X(SIGN_IN, "Sign in", "Se connecter") \
    X(SIGN_OUT, "Sign out", "Se déconnecter") \
    X(WHO, "Who", "Qui") \
    X(WHO_HINT, "your pseudonym, for example op:17", "votre pseudonyme, par exemple op:17") \
    X(PIN, "PIN", "NIP") \
    X(SIGN_IN_WRONG, "Person or PIN is wrong.", "La personne ou le NIP est erroné.") \
    X(SIGN_IN_WAIT, "Too many wrong tries; wait before the next.", "Trop d'essais erronés; attendez avant le prochain.") \
    X(SIGN_IN_NOT_HERE, "This person may do nothing here; ask the owner.", "Cette personne ne peut rien faire ici; demandez au propriétaire.") \
    X(SIGN_IN_DISPUTED, "The list of people says of this person what the journal does not; ask the owner.", "La liste des personnes dit de cette personne ce que le registre ne dit pas; demandez au propriétaire.") \
    X(LOCKED, "The screen was locked after five minutes without a touch.", "L'écran s'est verrouillé après cinq minutes sans contact.") \
    X(SIGN_IN_BUSY, "A session or a check is running: signing in is open again when it has ended.", "Une séance ou un contrôle est en cours : la connexion rouvre à la fin.") \
    /* page_people */ \
    X(PEOPLE, "People", "Personnes") \
    X(PERSON, "Person", "Personne") \
    X(ROLES, "Roles", "Rôles") \
    X(CERTIFICATE_UNTIL, "Certificate until", "Certificat jusqu'au") \
    X(STATE, "State", "État") \
    X(GOOD, "good", "valide") \
    X(ENDS_SOON, "ends soon", "échéance proche") \
    X(ENDED, "ended: may consult", "échu : consultation") \
    X(LEFT, "left", "parti") \
    X(PEOPLE_NOTE, "Pseudonyms only: the journal holds no names.", "Pseudonymes seulement : le registre ne contient aucun nom.") \
    X(ROLE_OPERATOR, "operator", "opérateur") \
    X(ROLE_SUPERVISOR, "supervisor", "superviseur") \
    X(ROLE_SERVICE, "service", "service") \
    X(ROLE_AUDITOR, "auditor", "vérificateur") \
    X(ROLE_OWNER, "owner", "propriétaire") \
    /* page_lasers, page_laser */ \
    X(LASERS, "Lasers", "Lasers") \
    X(LASER, "Laser", "Laser") \
    X(MAKER, "Maker", "Fabricant") \
    X(MODEL, "Model", "Modèle") \
    X(WAVELENGTHS, "Wavelengths", "Longueurs d'onde") \
    X(DRIVEN, "How it is driven", "Conduite") \
    X(DRIVEN_LINK, "pulse by pulse", "impulsion par impulsion") \
    X(DRIVEN_HAND, "by hand", "à la main") \
    X(DRIVEN_SIM, "simulated", "simulé") \
    X(REACH, "Highest fluence at each spot", "Fluence la plus haute par diamètre") \
    X(REACH_WHY, "What binds: E the energy of a pulse, C a cap on the label. A number nobody confirmed has a question mark.", "Ce qui limite : E l'énergie d'une impulsion, C un plafond de l'étiquette. Un nombre que personne n'a confirmé porte un point d'interrogation.") \
    X(HEAD, "Head", "Tête") \
    X(WAVELENGTH, "Wavelength", "Longueur d'onde") \
    X(SPOT, "Spot", "Diamètre du faisceau") \
    X(FLUENCE, "Fluence", "Fluence") \
    X(ENERGY, "Energy", "Énergie") \
    X(RATE, "Rate", "Cadence") \
    X(BINDS, "What binds", "Ce qui limite") \
    X(BY_ENERGY, "energy", "énergie") \
    X(BY_CAP, "label cap", "plafond de l'étiquette") \
    X(NOT_CONFIRMED, "not confirmed", "non confirmé") \
    X(HEAD_OPEN, "Nothing can be said of this head: numbers of its label are missing.", "Rien ne peut être dit de cette tête : il manque des nombres de son étiquette.") \
    X(NO_LASER, "No laser of this name is known.", "Aucun laser de ce nom n'est connu.") \
    X(NO_LASERS, "No lasers are known here.", "Aucun laser n'est connu ici.") \
    /* page_service */ \
    X(SERVICE, "Service", "Entretien") \
    X(SERVICE_WHY, "A counter that changed while the laser was serviced. Without this entry the next audit flags it.", "Un compteur qui a changé pendant l'entretien. Sans cette inscription, la prochaine vérification le signale.") \
    X(COUNTER_BEFORE, "Counter before", "Compteur avant") \
    X(COUNTER_AFTER, "Counter after", "Compteur après") \
    X(SERVICE_PAPER, "Service paper", "Bon d'entretien") \
    X(SERVICE_PAPER_HINT, "its number, for example W-2026-114", "son numéro, par exemple W-2026-114") \
    X(RECORD_IT, "Record", "Inscrire") \
    X(RECORDED, "Recorded. It is in the journal as entry %s.", "Inscrit. C'est l'inscription %s du registre.") \
    X(WANTS_WHOLE, "A whole number is wanted here.", "Il faut ici un nombre entier.") \
    X(WANTS_TEXT, "A line of plain text is wanted here, at most 200 characters.", "Il faut ici une ligne de texte simple, au plus 200 caractères.") \
    X(WANTS_CHOICE, "Choose one.", "Choisissez.") \
    X(OPEN_SESSION, "A session with this laser is not closed.", "Une séance avec ce laser n'est pas fermée.") \
    X(RUNS_BACK, "The records hold more pulses for this laser: a counter does not run back.", "Le registre contient plus d'impulsions pour ce laser : un compteur ne recule pas.") \
    X(NO_COUNTERS, "The journal knows no laser yet.", "Le registre ne connaît encore aucun laser.") \
    /* page_tablet */ \
    X(TABLET, "Tablet", "Tablette") \
    X(TABLET_WHY, "Other devices only look on. A tablet that is paired may do what a person signed in on it may do.", "Les autres appareils ne font que regarder. Une tablette jumelée permet ce que peut faire la personne connectée.") \
    X(TABLET_CLOSED, "This console is not open to other devices; it was started without a certificate.", "Cette console n'est pas ouverte à d'autres appareils; elle a démarré sans certificat.") \
    X(TABLET_CODE, "Code", "Code") \
    X(TABLET_CODE_WHY, "Type it on the tablet within ten minutes, once, at this address:", "À taper sur la tablette d'ici dix minutes, une seule fois, à cette adresse :") \
    X(TABLET_MAKE_CODE, "Make a code", "Créer un code") \
    X(TABLETS_PAIRED, "Paired until this console closes", "Jumelées jusqu'à la fermeture de cette console") \
    X(TABLETS_FORGET, "Forget all tablets", "Oublier toutes les tablettes") \
    X(PAIR, "Pair this tablet", "Jumeler cette tablette") \
    X(PAIR_WHY, "Ask for a code at the console itself: page Tablet.", "Demandez un code à la console même : page Tablette.") \
    X(PAIR_WRONG, "This is not the code, or its time is over.", "Ce n'est pas le code, ou son temps est passé.") \
    X(PAIRED, "This tablet is paired.", "Cette tablette est jumelée.") \
    /* page_plans, page_plan */ \
    X(PLANS, "Plans", "Plans") \
    X(PLAN, "Plan", "Plan") \
    X(PLAN_NONE, "There is no such plan here.", "Ce plan n'existe pas ici.") \
    X(PLANS_MADE, "Plans that were made", "Plans faits") \
    X(PLANS_EMPTY, "No plan was made yet.", "Aucun plan n'a encore été fait.") \
    X(PLANS_NEW, "Make a plan for today", "Faire un plan pour aujourd'hui") \
    X(PLANS_NO_CASE, "There is no case yet: begin with the form.", "Il n'y a pas encore de dossier : commencez par le formulaire.") \
    X(PLANS_CASE, "Case", "Dossier") \
    X(PLANS_WANTS_CASE, "Choose one of the cases.", "Choisissez un dossier.") \
    X(PLANS_GO, "Plan", "Planifier") \
    X(PLANS_BUSY, "Other plans are being made; try again in a moment.", "D'autres plans sont en cours; réessayez dans un moment.") \
    X(PLANS_WORK, "The plan is being made", "Le plan se prépare") \
    X(PLANS_WORK_NOTE, "It follows light through this skin, and takes some seconds. Other pages stay open.", "On suit la lumière dans cette peau; cela prend quelques secondes. Les autres pages restent ouvertes.") \
    X(PLANS_SECONDS, "%s s so far", "%s s jusqu'ici") \
    X(PLANS_LOOK, "Look again", "Regarder de nouveau") \
    X(PLANS_CANCEL, "Cancel", "Annuler") \
    X(PLANS_CANCELLED, "This plan was cancelled. Nothing of it was kept.", "Ce plan a été annulé. Rien n'en a été gardé.") \
    X(PLANS_FAILED, "There is no plan: the command could not make one. It said:", "Il n'y a pas de plan : la commande n'a pas pu en faire. Elle a dit :") \
    X(PLANS_BACK, "To the plans", "Aux plans") \
    X(VERDICT, "Verdict", "Verdict") \
    X(VERDICT_PLAN, "PLAN", "PLAN") \
    X(VERDICT_TEST, "TEST FIRST", "ESSAI D'ABORD") \
    X(VERDICT_DEFER, "NOT TODAY", "PAS AUJOURD'HUI") \
    X(VERDICT_CLEARANCE, "CLEARANCE NEEDED", "AVIS MÉDICAL REQUIS") \
    X(VERDICT_REFUSE, "REFUSE", "REFUS") \
    X(VERDICT_PLAN_NOTE, "Zones may be treated after the test spots of this plan.", "Les zones peuvent être traitées après les essais de ce plan.") \
    X(VERDICT_TEST_NOTE, "Test spots only. No full session before the read.", "Essais ponctuels seulement. Pas de séance complète avant la lecture.") \
    X(VERDICT_DEFER_NOTE, "Nothing today. The reasons say until when.", "Rien aujourd'hui. Les raisons disent jusqu'à quand.") \
    X(VERDICT_CLEARANCE_NOTE, "Nothing before a physician's written word.", "Rien avant l'avis écrit d'un médecin.") \
    X(VERDICT_REFUSE_NOTE, "This is not done here. A lower setting does not change it.", "Ceci ne se fait pas ici. Un réglage plus bas n'y change rien.") \
    X(PLAN_NEXT, "Next, not before %s", "Prochaine fois, pas avant le %s") \
    X(PLAN_WHY, "Why", "Pourquoi") \
    X(PLAN_NO_REASON, "Nothing stands in the way.", "Rien ne s'y oppose.") \
    X(PLAN_UNTIL, "until %s", "jusqu'au %s") \
    X(PLAN_CHANGE, "Would change it:", "Ce qui y changerait :") \
    X(RANK_INFO, "to know", "à savoir") \
    X(RANK_CAUTION, "caution", "prudence") \
    X(RANK_DEFER, "not today", "pas aujourd'hui") \
    X(RANK_CLEARANCE, "clearance", "avis médical") \
    X(RANK_REFUSE, "refuse", "refus") \
    X(PLAN_SKIN, "Skin", "Peau") \
    X(SKIN_TYPE, "Type", "Type") \
    X(SKIN_PLANNED, "Planned as", "Planifié comme") \
    X(SKIN_TOTAL, "Total of the form", "Total du formulaire") \
    X(SKIN_EIGHT, "Eight items without sun", "Huit questions sans soleil") \
    X(SKIN_ITA, "ITA at the site", "ITA de la zone") \
    X(PLAN_CHOSEN, "Chosen setting", "Réglage choisi") \
    X(PLAN_CHOSEN_TEST, "First setting to test", "Premier réglage à essayer") \
    X(PLAN_NO_SETTING, "No setting is allowed for the zones.", "Aucun réglage n'est permis pour les zones.") \
    X(PLAN_PASSES, "Passes", "Passages") \
    X(PLAN_REACHES, "Ink reached", "Encre atteinte") \
    X(PLAN_BURN, "Harm by heat alone", "Brûlure par la chaleur seule") \
    X(PLAN_SPARK, "A spark", "Une étincelle") \
    X(PLAN_HAIR_SHAFT, "Hair shaft, margin", "Tige du poil, marge") \
    X(PLAN_HAIR_BULB, "Hair bulb, margin", "Bulbe du poil, marge") \
    X(PLAN_SETTINGS, "All settings", "Tous les réglages") \
    X(PLAN_SETTINGS_NOTE, "Start, and from low to high. A margin above 1 is good; it is told by its middle and its 5 to 95 %.", "Départ, et du bas au haut. Une marge au-dessus de 1 est bonne; on donne son milieu et ses 5 à 95 %.") \
    X(PLAN_SETTING, "Setting", "Réglage") \
    X(PLAN_FLUENCE, "Fluence, J/cm²", "Fluence, J/cm²") \
    X(PLAN_ENERGY_MJ, "Energy, mJ", "Énergie, mJ") \
    X(PLAN_INK_MARGIN, "Ink, margin", "Encre, marge") \
    X(PLAN_SKIN_MARGIN, "Skin, margin", "Peau, marge") \
    X(PLAN_HARM, "Harm", "Lésion") \
    X(PLAN_BY_DEVICE, "the laser limits", "limité par le laser") \
    X(PLAN_BY_RULES, "the rules limit", "limité par les règles") \
    X(PLAN_BY_PHYSICS, "the skin limits", "limité par la peau") \
    X(PLAN_ALLOWED, "allowed", "permis") \
    X(PLAN_TEST_ONLY, "test only", "essai seulement") \
    X(PLAN_BLOCKED, "blocked", "bloqué") \
    X(PLAN_LOCKED, "locked", "verrouillée") \
    X(PLAN_ZONES, "Zones and pulses", "Zones et impulsions") \
    X(ZONE_NAME, "Zone", "Zone") \
    X(ZONE_AREA, "Area, cm²", "Surface, cm²") \
    X(ZONE_SPOT, "Spot mm · overlap", "Diamètre mm · recouvrement") \
    X(PULSES_A_PASS, "Pulses a pass", "Impulsions par passage") \
    X(PULSES_WORD, "Pulses", "Impulsions") \
    X(ZONE_BUDGET, "Tone · tone · stop to ask · stop", "Son · son · arrêt avec question · arrêt") \
    X(PLAN_TOTAL, "Total", "Total") \
    X(PLAN_OTHER_SPOTS, "One pass with other spots", "Un passage avec d'autres diamètres") \
    X(PLAN_TESTS, "Test spots", "Essais ponctuels") \
    X(TEST_SPOT, "Test spot", "Essai ponctuel") \
    X(TEST_PLACE, "Not before %s", "Pas avant le %s") \
    X(TEST_SAME_DAY, "Look at 0 and %s minutes; the zones may follow the same day.", "Regarder à 0 et %s minutes; les zones peuvent suivre le même jour.") \
    X(TEST_LOOK, "Look at 0 and %s minutes.", "Regarder à 0 et %s minutes.") \
    X(TEST_FROM, "Read not before %s,", "Lecture pas avant le %s,") \
    X(TEST_BY, "by %s at the latest. No full session before the read.", "au plus tard le %s. Pas de séance complète avant la lecture.") \
    X(TEST_STACK, "Pulses side by side, never stacked.", "Impulsions côte à côte, jamais superposées.") \
    X(PLAN_SESSIONS, "Sessions", "Séances") \
    X(PLAN_NO_RANGE, "No honest range can be given.", "Aucune fourchette honnête n'est possible.") \
    X(PLAN_LEFT, "Ink left, as the model expects it, with its 5 to 95 %", "Encre restante selon le modèle, avec ses 5 à 95 %") \
    X(PLAN_AFTER, "After sessions", "Après séances") \
    X(PLAN_INK_LEFT, "Ink left", "Encre restante") \
    X(PLAN_REACHED, "Chance that the goal is reached", "Chance que le but soit atteint") \
    X(PLAN_EYEWEAR_NOTE, "For the most the laser can make; everybody in the room.", "Pour le plus que le laser peut faire; tout le monde dans la salle.") \
    X(PLAN_OD, "OD %s or more", "DO %s ou plus") \
    X(PLAN_NOHD, "hazard distance %s m", "distance de danger %s m") \
    X(PLAN_PICTURES, "Pictures and papers", "Images et papiers") \
    X(PLAN_WINDOW, "What the ink needs, what the skin bears", "Ce que l'encre demande, ce que la peau supporte") \
    X(PLAN_WINDOW_NONE, "No setting is open; the reasons above say why.", "Aucun réglage n'est ouvert; les raisons ci-dessus disent pourquoi.") \
    X(PLAN_DEPTH, "Fluence against depth", "Fluence selon la profondeur") \
    X(PLAN_DEPTH_ALT, "Fluence in the skin over fluence at its surface, by depth, for each wavelength, with its 5 to 95 %; epidermis and ink where they lie. The margins in the table say the same in numbers.", "Fluence dans la peau par rapport à la surface, selon la profondeur, pour chaque longueur d'onde, avec ses 5 à 95 %; l'épiderme et l'encre à leur place. Les marges du tableau disent la même chose en nombres.") \
    X(PLAN_SHEET, "Plan on one page (PDF)", "Plan sur une page (PDF)") \
    X(PLAN_REFUSAL, "Sheet for the client (PDF)", "Feuille pour le client (PDF)") \
    X(PLAN_ORIGIN, "Where it comes from", "D'où il vient") \
    X(PLAN_ID, "Plan id", "Numéro du plan") \
    X(PLAN_HASH, "SHA-256", "SHA-256") \
    X(PLAN_RULES, "Rules", "Règles") \
    X(PLAN_SEED, "Seed", "Graine") \
    X(PLAN_GOAL, "Goal", "But") \
    X(PLANS_DAY, "For", "Pour le") \
    /* owner's pages: page_month, page_exceptions, page_day, page_record, page_entry, page_verify, page_exports, page_follow_ups */ \
    X(OW_MONTH, "Month", "Mois") \
    X(OW_MONTHS, "Months", "Mois") \
    X(OW_MONTH_OF, "Month %s", "Mois %s") \
    X(OW_DAYS, "Days", "Jours") \
    X(OW_DAY_OF, "Day %s", "Jour %s") \
    X(OW_SITE, "Site", "Site") \
    X(OW_ALL_SITES, "All sites", "Tous les sites") \
    X(OW_ONLY_SITE, "Only site %s.", "Seulement le site %s.") \
    X(OW_UTC_DAYS, "Days and times are UTC.", "Les jours et les heures sont en UTC.") \
    X(OW_CALLS, "%s of %s sites need a call", "%s sites sur %s demandent un appel") \
    X(OW_ONE_CALL, "%s of %s sites needs a call", "%s site sur %s demande un appel") \
    X(OW_NO_CALL, "No site needs a call: counters and records agree within tolerance", "Aucun site ne demande d'appel : compteurs et registre concordent dans la tolérance") \
    X(OW_NOTHING_TO_AUDIT, "No counter was read in this period", "Aucun compteur n'a été lu dans cette période") \
    X(OW_ABSOLUTE_SUM, "Unexplained, every laser without its sign, never netted: %s pulses.", "Inexpliquées, chaque laser sans son signe, jamais compensées : %s impulsions.") \
    X(OW_FORMULA, "Unexplained = counter moved − service − treatment − test − check. Without signs: every gap counts, also when another one goes the other way. Flagged beyond the tolerance.", "Inexpliquées = écart du compteur − entretien − traitement − essai − contrôle. Sans signe : chaque écart compte, même si un autre va en sens contraire. Signalé au-delà de la tolérance.") \
    X(OW_TO_DO, "What to do:", "Que faire :") \
    X(OW_S1, "Verdict per site", "Verdict par site") \
    X(OW_S2, "Exceptions", "Exceptions") \
    X(OW_S3, "Counters against records", "Compteurs et registre") \
    X(OW_S4, "Use by procedure, site and person", "Usage par acte, site et personne") \
    X(OW_S5, "Overrides, and where limits said no", "Dérogations, et où les limites ont dit non") \
    X(OW_S6, "Adverse events, near misses, follow-ups", "Événements indésirables, quasi-accidents, suivis") \
    X(OW_S7, "Test spots before treatment", "Essais ponctuels avant traitement") \
    X(OW_S8, "Energy checks", "Contrôles d'énergie") \
    X(OW_S9, "Pulses to service", "Impulsions avant l'entretien") \
    X(OW_S10, "Certificates ended or ending within 60 days", "Certificats échus ou échéant dans 60 jours") \
    X(OW_S11, "Missing consent, photos, confirmations; corrections", "Consentements, photos, confirmations manquants; corrections") \
    X(OW_S12, "The log, verified", "Le registre, vérifié") \
    X(OW_S13, "Invoices against sessions", "Factures et séances") \
    X(OW_LOOKED, "Who looked", "Qui a consulté") \
    X(OW_ACTS, "Acts on the record", "Actes sur le registre") \
    X(OW_DEFINITIONS, "What the words mean", "Ce que les mots veulent dire") \
    X(OW_SESSIONS, "Sessions", "Séances") \
    X(OW_UNEXPLAINED, "Unexplained, without signs", "Inexpliquées, sans signe") \
    X(OW_COLON, ": ", " : ") \
    X(OW_ROWS, "Show %s rows", "Montrer %s lignes") \
    X(OW_DAY_BY_DAY, "Day by day", "Jour par jour") \
    X(OW_NONE_FOUND, "None.", "Aucun.") \
    X(OW_NO_SESSION, "No session.", "Aucune séance.") \
    X(OW_NO_OVERRIDE, "No override.", "Aucune dérogation.") \
    X(OW_NO_CAUSE, "Nothing was refused or stopped.", "Rien n'a été refusé ni arrêté.") \
    X(OW_NO_HARM, "No event and no near miss was recorded.", "Aucun événement ni quasi-accident n'a été inscrit.") \
    X(OW_NO_FOLLOW_UP, "No follow-up is open.", "Aucun suivi n'est ouvert.") \
    X(OW_NO_SPOT_GAP, "Every treated session had its test spots in time, or nothing was treated.", "Chaque séance de traitement avait ses essais à temps, ou rien n'a été traité.") \
    X(OW_NO_CHECK, "No energy check was recorded.", "Aucun contrôle d'énergie n'a été inscrit.") \
    X(OW_NOTHING_MISSING, "Nothing is missing.", "Rien ne manque.") \
    X(OW_NO_CORRECTION, "No correction.", "Aucune correction.") \
    X(OW_NO_MONEY_GAP, "Every invoice has its pulses and every session its invoice.", "Chaque facture a ses impulsions et chaque séance sa facture.") \
    X(OW_NO_INVOICE, "No invoice.", "Aucune facture.") \
    X(OW_FORECAST, "about %s weeks (%s to %s)", "environ %s semaines (%s à %s)") \
    X(OW_MOVED, "the counter moved", "écart du compteur") \
    X(OW_LOGGED, "recorded", "inscrit au registre") \
    X(OW_FLAGGED_DAY, "flagged day", "jour signalé") \
    X(OW_DAYS_PICTURE, "pulses a day", "impulsions par jour") \
    X(OW_ENERGY_PICTURE, "measured against set energy", "énergie mesurée et énergie réglée") \
    X(OW_ENERGY_KEY, "● pass   ▲ warned   ■ locked; lines at ±10 and ±20 %", "● réussi   ▲ averti   ■ verrouillée; lignes à ±10 et ±20 %") \
    X(OW_ENERGY_SET, "set", "réglée") \
    X(OW_DAMAGED, "This journal is damaged.", "Ce registre est endommagé.") \
    X(OW_INTACT, "This journal is intact.", "Ce registre est intact.") \
    X(OW_DAMAGE_GOOD, "The first %s entries are proven good.", "Les %s premières inscriptions sont prouvées bonnes.") \
    X(OW_DAMAGE_REST, "This page holds only those.", "Cette page ne contient que celles-là.") \
    X(OW_DAMAGE_ALL, "Nothing of it can be shown. Keep this disk as it is and take out the newest copy.", "Rien ne peut en être montré. Gardez ce disque tel quel et sortez la copie la plus récente.") \
    X(OW_DAMAGE_TODO, "Treat with no laser of this journal. Keep this computer as it is, take out the newest copy and the checkpoint that was kept elsewhere, and compare.", "Ne traitez avec aucun laser de ce registre. Gardez cet ordinateur tel quel, sortez la copie la plus récente et le point de contrôle gardé ailleurs, et comparez.") \
    X(OW_DAMAGE_NO_PAPER, "Nothing is handed out of a damaged journal.", "Rien n'est remis à partir d'un registre endommagé.") \
    X(OW_FIRST_BAD, "The first entry that does not hold is %s.", "La première inscription qui ne tient pas est %s.") \
    X(OW_MISSING_LOG, "The log before it, %s, is not where it was put: what it says was not verified.", "Le registre précédent, %s, n'est pas à sa place : ce qu'il dit n'a pas été vérifié.") \
    X(OW_FORK, "Two histories were signed by one key. Keep both: together they are the evidence.", "Deux histoires ont été signées par une même clé. Gardez les deux : ensemble, elles sont la preuve.") \
    X(OW_VERIFY, "Verification", "Vérification") \
    X(OW_VERIFY_WHY, "Every hash, signature, clock and counter is computed anew from the stored bytes. Nothing that is stored is believed because it is stored.", "Chaque empreinte, signature, horloge et compteur est recalculé à partir des octets gardés. Rien n'est cru parce que c'est inscrit.") \
    X(OW_VERIFY_NOW, "Verify now", "Vérifier maintenant") \
    X(OW_VERIFY_HOW, "How to verify it", "Comment le vérifier") \
    X(OW_VERIFIED_AT, "Verified %s UTC.", "Vérifié le %s UTC.") \
    X(OW_CHECKING, "Verifying: %s of %s entries hold so far.", "Vérification : %s inscriptions sur %s tiennent jusqu'ici.") \
    X(OW_LOOK_AGAIN, "Look again", "Regarder de nouveau") \
    X(OW_RESULT, "What was verified", "Ce qui a été vérifié") \
    X(OW_PULSES, "Pulses", "Impulsions") \
    X(OW_PULSES_OF, "%s, by %s grants and by hand; %s unknown when written", "%s, par %s accords et à la main; %s inconnues à l'inscription") \
    X(OW_SIGNED_ENTRIES, "Signed entries", "Inscriptions signées") \
    X(OW_LOG, "Log", "Registre") \
    X(OW_ROOT, "Root, SHA-256", "Racine, SHA-256") \
    X(OW_KEY, "Key of the log", "Clé du registre") \
    X(OW_VOUCHES, "Who vouches", "Qui s'en porte garant") \
    X(OW_KEY_BESIDE, "the key stored beside the log", "la clé gardée à côté du registre") \
    X(OW_KEY_GIVEN, "the key you gave", "la clé que vous avez donnée") \
    X(OW_LAST_COSIGNATURE, "Last cosignature", "Dernière cosignature") \
    X(OW_COSIGNED, "%s cosigned %s entries, %s UTC", "%s a cosigné %s inscriptions, %s UTC") \
    X(OW_NEVER_COSIGNED, "none: no hub or witness has seen this log; a checkpoint kept elsewhere does the same", "aucune : ni carrefour ni témoin n'a vu ce registre; un point de contrôle gardé ailleurs fait de même") \
    X(OW_BEFORE_IT, "Before it", "Avant lui") \
    X(OW_LOGS_BEFORE, "%s logs with %s entries, verified as well", "%s registres de %s inscriptions, vérifiés aussi") \
    X(OW_CHECKPOINT, "Checkpoint", "Point de contrôle") \
    X(OW_CHECKPOINT_WHY, "Scan it or save it, and keep it somewhere else: any later change to these entries then shows.", "Numérisez-le ou enregistrez-le, et gardez-le ailleurs : tout changement ultérieur de ces inscriptions se voit alors.") \
    X(OW_CHECKPOINT_CODE, "The checkpoint as a code for a camera", "Le point de contrôle comme code pour un appareil photo") \
    X(OW_NO_CHECKPOINT, "Nothing in this journal is signed yet.", "Rien n'est encore signé dans ce registre.") \
    X(OW_HOW, "How anybody repeats it", "Comment chacun peut le refaire") \
    X(OW_HOW_HERE, "On this computer:", "Sur cet ordinateur :") \
    X(OW_HOW_AGAINST, "Against a checkpoint that was kept elsewhere; only this shows an end that was cut off:", "Contre un point de contrôle gardé ailleurs; cela seul montre une fin coupée :") \
    X(OW_HOW_ALONE, "Without our program, with a shell and openssl, by the method in METHOD.md:", "Sans notre programme, avec un interpréteur et openssl, par la méthode de METHOD.md :") \
    X(OW_ENTRY, "Entry", "Inscription") \
    X(OW_ENTRY_OF, "Entry %s", "Inscription %s") \
    X(OW_NO_ENTRY, "The journal has no such entry.", "Le registre n'a pas cette inscription.") \
    X(OW_NEIGHBOURS, "Entries before and after", "Inscriptions d'avant et d'après") \
    X(OW_SAYS, "What it says", "Ce qu'elle dit") \
    X(OW_UNREADABLE, "The bytes that are stored here are no entry.", "Les octets gardés ici ne sont pas une inscription.") \
    X(OW_NOT_PROVEN, "Not proven: it stands behind the damage", "Non prouvée : elle est au-delà du dommage") \
    X(OW_EVIDENCE, "Evidence", "Preuve") \
    X(OW_EVIDENCE_WHY, "The proof shows that this entry is in the signed log, in this place, without the rest of the log.", "La preuve montre que cette inscription est dans le registre signé, à cette place, sans le reste du registre.") \
    X(OW_NOT_SIGNED_YET, "This entry is not signed yet; the next checkpoint covers it.", "Cette inscription n'est pas encore signée; le prochain point de contrôle la couvre.") \
    X(OW_PROOF, "Save the inclusion proof", "Enregistrer la preuve d'inclusion") \
    X(OW_SESSION_OF, "Session %s", "Séance %s") \
    X(OW_NO_SUCH_SESSION, "The journal has no such session.", "Le registre n'a pas cette séance.") \
    X(OW_LOOK_WHY, "This is the record of client %s. That you open it is written in the journal; the client may ask who did.", "Ceci est le dossier de %s. Que vous l'ouvrez s'inscrit au registre; la personne peut demander qui l'a fait.") \
    X(OW_LOOK_OPEN, "Open the record", "Ouvrir le dossier") \
    X(OW_LOOK_LOST, "A damaged journal takes no entry: this look could not be written down.", "Un registre endommagé ne prend aucune inscription : cette consultation n'a pu être inscrite.") \
    X(OW_R_HEAD, "The session", "La séance") \
    X(OW_R_ZONES, "Zones: planned and delivered", "Zones : prévu et donné") \
    X(OW_R_INTERVALS, "Intervals: set and measured", "Intervalles : réglé et mesuré") \
    X(OW_R_REMARKS, "What was said, seen and stopped", "Ce qui a été dit, vu et arrêté") \
    X(OW_R_PULSES, "Pulse by pulse", "Impulsion par impulsion") \
    X(OW_R_FOOT, "Where it stands in the log", "Sa place dans le registre") \
    X(OW_ENTRIES_OF, "Entries %s to %s.", "Inscriptions %s à %s.") \
    X(OW_INTERRUPTED, "interrupted", "interrompue") \
    X(OW_NOT_CLOSED, "not closed", "non close") \
    X(OW_OPENED, "Opened", "Ouverte") \
    X(OW_CLOSED, "Closed", "Close") \
    X(OW_CLIENT, "Client", "Client") \
    X(OW_PROCEDURE, "Procedure", "Acte") \
    X(OW_PLAN, "Plan", "Plan") \
    X(OW_NOT_BEFORE, "Next not before", "Prochaine pas avant") \
    X(OW_VERSION, "Program", "Programme") \
    X(OW_LAST_CHECK, "Last energy check before it", "Dernier contrôle d'énergie avant elle") \
    X(OW_NOT_RECORDED, "not recorded", "non inscrit") \
    X(OW_ZONE, "Zone", "Zone") \
    X(OW_NO_ZONE, "No zone was begun.", "Aucune zone n'a été commencée.") \
    X(OW_PURPOSE, "Purpose", "But") \
    X(OW_TREATMENT, "treatment", "traitement") \
    X(OW_TEST_SPOT, "test spot", "essai ponctuel") \
    X(OW_CHECK, "check", "contrôle") \
    X(OW_PLANNED, "Planned", "Prévu") \
    X(OW_DELIVERED, "Delivered", "Donné") \
    X(OW_DIFFERENCE, "Difference", "Différence") \
    X(OW_UNKNOWN, "unknown", "inconnues") \
    X(OW_FROM_TO, "From, to", "De, à") \
    X(OW_COL_NM, "nm", "nm") \
    X(OW_COL_MM, "mm", "mm") \
    X(OW_COL_FLUENCE, "J/cm² set", "J/cm² réglés") \
    X(OW_COL_SET, "mJ set", "mJ réglés") \
    X(OW_COL_MEASURED, "mJ measured", "mJ mesurés") \
    X(OW_COL_HZ, "Hz", "Hz") \
    X(OW_COUNTER, "Counter", "Compteur") \
    X(OW_ENDPOINT, "Endpoint", "Point final") \
    X(OW_ENDED_BY, "Ended by", "Fin par") \
    X(OW_MEASURED_WHY, "Measured: mean ± standard deviation, least to most, by the laser's own measure of each pulse. Hz: set, and as it came out.", "Mesuré : moyenne ± écart type, du moins au plus, par la mesure du laser à chaque impulsion. Hz : réglés, et tels que sortis.") \
    X(OW_NO_PULSE, "No pulse was given.", "Aucune impulsion n'a été donnée.") \
    X(OW_BY_HAND_PULSES, "By hand: pulses are counted zone by zone, not one by one.", "À la main : les impulsions se comptent par zone, non une à une.") \
    X(OW_START, "Start", "Début") \
    X(OW_END, "End", "Fin") \
    X(OW_RECORDED_PULSES, "Recorded pulses", "Impulsions inscrites") \
    X(OW_WHEN, "When", "Quand") \
    X(OW_ABOUT, "About", "Au sujet de") \
    X(OW_WHAT, "What", "Quoi") \
    X(OW_NO_REMARK, "Nothing was recorded.", "Rien n'a été inscrit.") \
    X(OW_NEXT, "Next", "Suite") \
    X(OW_FOLLOW_UPS, "Follow-ups", "Suivis") \
    X(OW_FOLLOW_UPS_WHY, "24 hours, 7 days and 6 weeks after each session. Due by %s.", "24 heures, 7 jours et 6 semaines après chaque séance. Dus au %s.") \
    X(OW_EXPORTS, "Exports", "Exportations") \
    X(OW_EXPORTS_OF, "Exports of %s", "Exportations de %s") \
    X(OW_X_MONTH, "The month as a file", "Le mois comme fichier") \
    X(OW_X_WHY, "Totals are those of the month's page, to the pulse. Each file leaves an entry with its hash in the journal.", "Les totaux sont ceux de la page du mois, à l'impulsion près. Chaque fichier laisse au registre une inscription avec son empreinte.") \
    X(OW_X_TABLE, "Table of a CSV", "Tableau d'un CSV") \
    X(OW_X_PDF, "PDF", "PDF (en anglais)") \
    X(OW_X_CSV, "CSV", "CSV (en anglais)") \
    X(OW_X_CSV_FR, "French CSV", "CSV") \
    X(OW_X_XLSX, "XLSX", "XLSX (en anglais)") \
    X(OW_X_XLSX_FR, "French XLSX", "XLSX") \
    X(OW_X_JSON, "JSON", "JSON") \
    X(OW_X_JSONL, "JSON lines", "JSON par lignes") \
    X(OW_X_FHIR, "FHIR", "FHIR") \
    X(OW_X_TXT, "Text", "Texte (en anglais)") \
    X(OW_X_PACK, "Inspector's pack", "Dossier de l'inspecteur") \
    X(OW_X_PACK_WHY, "One laser, one period: index, register, service file, training, local rules, eyewear, incidents, verification. Codes, no names.", "Un laser, une période : index, registre, dossier d'entretien, formation, règles locales, lunettes, incidents, vérification. Des codes, aucun nom.") \
    X(OW_X_PACK_MAKE, "Make the pack", "Faire le dossier") \
    X(OW_X_PACK_WANTS, "Choose a laser, a first and a last day.", "Choisissez un laser, un premier et un dernier jour.") \
    X(OW_X_OUT, "Handed out this month", "Remis ce mois-ci") \
    /* page_session: states, each with its own shape and place */ \
    X(SESSION, "Session", "Séance") \
    X(S_OFF, "OFF", "ÉTEINT") \
    X(S_SELFTEST, "SELF-TEST", "AUTOTEST") \
    X(S_STANDBY, "STANDBY", "ATTENTE") \
    X(S_ARMING, "WARNING", "AVERTISSEMENT") \
    X(S_READY, "READY", "PRÊT") \
    X(S_OPENING, "OPENING", "OUVERTURE") \
    X(S_EMIT, "EMISSION", "ÉMISSION") \
    X(S_CLOSING, "CLOSING", "FERMETURE") \
    X(S_FAULT, "FAULT", "DÉFAUT") \
    X(S_ESTOP, "EMERGENCY STOP", "ARRÊT D'URGENCE") \
    X(S_NO_CONTACT, "NO CONTACT", "SANS CONTACT") \
    X(S_NO_CONTACT_NOTE, "This screen hears nothing. The laser is kept safe without it.", "Cet écran n'entend rien. Le laser reste sûr sans lui.") \
    X(S_ENDED, "SESSION OVER", "SÉANCE FINIE") \
    X(S_OFF_NOTE, "The laser is off or not heard.", "Le laser est éteint ou muet.") \
    X(S_SELFTEST_NOTE, "The laser tests itself.", "Le laser se vérifie.") \
    X(S_STANDBY_NOTE, "No pulse is possible.", "Aucune impulsion possible.") \
    X(S_ARMING_NOTE, "Ready in %s s. Foot off.", "Prêt dans %s s. Pied levé.") \
    X(S_READY_NOTE, "The foot fires.", "Le pied déclenche.") \
    X(S_EMIT_NOTE, "Pulses are made.", "Impulsions en cours.") \
    X(S_FAULT_NOTE, "Read below, then reset.", "Lisez ci-dessous, puis réarmez.") \
    X(S_ESTOP_NOTE, "Release; then key off and on.", "Relâchez; puis clé à 0, à 1.") \
    X(S_ENDED_NOTE, "Papers and next date are ready.", "Papiers et prochaine date sont prêts.") \
    /* page_session: what stands on it */ \
    X(S_STOP, "STOP", "STOP") \
    X(S_STOP_HOW, "touch, Esc or space", "toucher, Échap ou espace") \
    X(S_ARM, "Hold to arm", "Tenir pour armer") \
    X(S_ARM_HOW, "one second", "une seconde") \
    X(S_PLANNED, "Planned", "Prévu") \
    X(S_MEASURED, "Measured", "Mesuré") \
    X(S_QUANTITY, "Setting", "Réglage") \
    X(S_SPOT, "Spot", "Diamètre") \
    X(S_WAVELENGTH, "Wavelength", "Longueur d'onde") \
    X(S_PULSES, "Pulses", "Impulsions") \
    X(S_IN_ZONE, "Zone", "Zone") \
    X(S_IN_SESSION, "Session", "Séance") \
    X(S_OF, "of", "sur") \
    X(S_AGE, "%s s old", "il y a %s s") \
    X(S_LEFT, "left", "gauche") \
    X(S_RIGHT, "right", "droite") \
    X(S_CLIENT, "Client", "Client") \
    X(S_EYEWEAR, "Eyewear", "Lunettes de protection") \
    X(S_AIMING, "Aiming beam", "Faisceau de visée") \
    X(S_COOLING, "Cooling", "Refroidissement") \
    X(S_INTERLOCK, "Interlock", "Verrouillage") \
    X(S_KEY, "Key", "Clé") \
    X(S_FOOT, "Foot", "Pied") \
    X(S_CHECK, "Energy check", "Contrôle d'énergie") \
    X(S_OPERATOR, "Operator", "Opérateur") \
    X(S_TIME, "Time", "Heure") \
    /* page_session: what the room's contacts say */ \
    X(ROOM_on, "on", "en marche") \
    X(ROOM_off, "off", "à l'arrêt") \
    X(ROOM_closed, "closed", "fermé") \
    X(ROOM_open, "open", "ouvert") \
    X(ROOM_up, "up", "levé") \
    X(ROOM_down, "down", "enfoncé") \
    X(ROOM_differs, "contacts differ", "contacts en désaccord") \
    X(ROOM_good, "in range", "dans les limites") \
    X(ROOM_bad, "out of range", "hors limites") \
    X(ROOM_unproven, "not yet proven", "pas encore prouvé") \
    X(S_NEVER_CHECKED, "never", "jamais") \
    X(S_CHECK_PASS, "passed", "réussi") \
    X(S_CHECK_WARN, "near its limit", "près de la limite") \
    X(S_CHECK_LOCK, "locked", "verrouillé") \
    X(S_WHAT_IS_MISSING, "Before arming", "Avant d'armer") \
    X(S_ALL_GOOD, "Everything the interlock asks for is good.", "Tout ce que le verrouillage demande est bon.") \
    X(S_LATEST, "Latest", "Dernières nouvelles") \
    X(S_SOUND_OFF, "Touch anywhere: sound is off until then", "Touchez l'écran : le son est coupé d'ici là") \
    X(S_VIEW_ONLY, "This screen looks on; STOP works.", "Cet écran regarde; STOP fonctionne.") \
    /* page_session: inputs that are not good, by their short names */ \
    X(BAD_key, "The key switch is off.", "La clé est à zéro.") \
    X(BAD_estop, "Emergency stop is open, or was not yet seen to move: press and release it once.", "L'arrêt d'urgence est ouvert, ou n'a pas encore bougé : appuyez et relâchez une fois.") \
    X(BAD_remote, "The room door is open, or was not yet seen to move.", "La porte est ouverte, ou n'a pas encore bougé.") \
    X(BAD_covers, "A protective cover is open.", "Un capot de protection est ouvert.") \
    X(BAD_coolant, "Cooling is out of range.", "Le refroidissement est hors limites.") \
    X(BAD_head, "The laser reports a fault or another mode.", "Le laser signale un défaut ou un autre mode.") \
    X(BAD_link, "Nothing fresh is heard from the laser.", "Le laser ne dit rien de récent.") \
    X(BAD_wdog, "A watchdog does not answer.", "Un chien de garde ne répond pas.") \
    X(BAD_clock, "The computer paused between two ticks.", "L'ordinateur a fait une pause.") \
    X(BAD_journal, "The journal cannot take a record now.", "Le registre ne prend pas d'inscription.") \
    X(BAD_auth, "No operator is signed in.", "Aucun opérateur n'est inscrit.") \
    X(BAD_dual, "A second person has to sign.", "Une deuxième personne doit signer.") \
    X(BAD_eyewear, "Eyewear is not confirmed.", "Les lunettes ne sont pas confirmées.") \
    X(BAD_plan, "No zone is chosen, or the laser has not read it back.", "Aucune zone choisie, ou le laser ne l'a pas relue.") \
    X(BAD_limits, "No further pulse is allowed here.", "Aucune autre impulsion n'est permise ici.") \
    X(BAD_counter, "The laser's counter and the journal do not agree.", "Le compteur du laser et le registre ne concordent pas.") \
    X(BAD_handpiece, "The spot on the handpiece is not the planned one.", "Le diamètre de la pièce à main n'est pas celui prévu.") \
    X(BAD_dock, "The handpiece sits in the calibration port.", "La pièce à main est dans le port d'étalonnage.") \
    X(BAD_sh_closed, "A shutter is not proven closed.", "Un obturateur n'est pas prouvé fermé.") \
    X(BAD_energy, "The energy monitor saw a wrong pulse.", "Le moniteur d'énergie a vu une mauvaise impulsion.") \
    X(BAD_foot, "The footswitch is pressed or disagrees.", "La pédale est enfoncée ou en désaccord.") \
    X(BAD_selftest, "The self-test has not passed.", "L'autotest n'est pas réussi.") \
    /* page_session: what is ordered */ \
    X(S_ENDPOINT, "What is seen on the skin", "Ce qu'on voit sur la peau") \
    X(END_none, "Nothing", "Rien") \
    X(END_frost, "Whitening", "Blanchiment") \
    X(END_weak, "Weak", "Faible") \
    X(END_bleed, "Bleeding", "Saignement") \
    X(END_darkened, "Darkened", "Foncé") \
    X(END_hair_white, "Hair white", "Poil blanc") \
    X(END_spark, "Spark", "Étincelle") \
    X(S_NEAR_MISS, "Near miss", "Quasi-accident") \
    X(S_NEAR_WHICH, "What nearly went wrong?", "Qu'est-ce qui a failli mal tourner?") \
    X(NEAR_wrong_spot, "Wrong spot", "Mauvais diamètre") \
    X(NEAR_eyewear, "Eyewear", "Lunettes") \
    X(NEAR_zone, "Zone", "Zone") \
    X(NEAR_other, "Something else", "Autre chose") \
    X(S_SAVED, "Saved at counter %s.", "Inscrit au compteur %s.") \
    X(S_ZONE, "Zone", "Zone") \
    X(S_ZONE_WHICH, "Where do the next pulses belong?", "Où vont les prochaines impulsions?") \
    X(S_TEST_SPOTS, "Test spots", "Essais ponctuels") \
    X(S_LOCKED_ZONE, "locked", "verrouillée") \
    X(S_MARKS, "What is printed on the eyewear", "Ce qui est imprimé sur les lunettes") \
    X(S_MARKS_HINT, "wavelength first: 755 OD7 M LB9. Everybody in the room wears it.", "longueur d'onde d'abord : 755 OD7 M LB9. Tout le monde en porte.") \
    X(S_MARKS_ASKED, "The plan asks for %s.", "Le plan demande %s.") \
    X(S_CONFIRM, "Confirm", "Confirmer") \
    X(S_PIN_AGAIN, "PIN, for this session", "NIP, pour cette séance") \
    X(S_CLEAR, "Clear", "Effacer") \
    X(S_MORE, "More", "Plus") \
    X(S_RESET, "Reset the fault", "Réarmer après défaut") \
    X(S_SECOND, "A second person signs", "Une deuxième personne signe") \
    X(S_RECONCILE, "Supervisor: counter or faults", "Superviseur : compteur ou défauts") \
    X(S_REASON, "Reason", "Raison") \
    X(S_SERVICE_SIGNS, "A service person signs", "Une personne de l'entretien signe") \
    X(S_FINISH, "Finish", "Terminer") \
    X(S_LATE, "No answer yet. It will stand here when it comes.", "Pas encore de réponse. Elle paraîtra ici.") \
    X(S_NONE_RUNS, "No session is running.", "Aucune séance n'est en cours.") \
    X(S_BAD_ORDER, "This order was not understood.", "Cet ordre n'a pas été compris.") \
    X(S_NOT_YOURS, "Orders come from the person who is signed in at the laser. Sign in there first.", "Les ordres viennent de la personne connectée au laser. Connectez-vous d'abord.") \
    X(S_HOLD_FIRST, "Not armed: hold the button for one second.", "Pas armé: tenez le bouton une seconde.") \
    X(S_STOPPED, "Not armed: STOP came first.", "Pas armé: ARRÊT est venu avant.") \
    X(S_FULL, "Too many screens look on already.", "Trop d'écrans regardent déjà.") \
    /* page_start */ \
    X(START, "Begin a session", "Commencer une séance") \
    X(START_PLAN, "Plan", "Plan") \
    X(START_NO_PLANS, "There is no plan yet. Plans stand in this folder: %s", "Il n'y a pas encore de plan. Les plans sont dans ce dossier : %s") \
    X(START_PORT, "Where the laser is", "Où est le laser") \
    X(START_PORT_HINT, "for example /dev/ttyUSB0 or usb:1209:0001", "par exemple /dev/ttyUSB0 ou usb:1209:0001") \
    X(START_KIND, "What for", "Pour quoi") \
    X(START_TREAT, "Treatment", "Traitement") \
    X(START_TRAIN, "Exercise", "Exercice") \
    X(START_GO, "Begin", "Commencer") \
    X(START_WANTS_PLAN, "Choose one of the plans.", "Choisissez un plan.") \
    X(START_WANTS_PORT, "Say where the laser is.", "Dites où est le laser.") \
    X(START_FAILED, "It did not begin: %s", "Elle n'a pas commencé : %s") \
    X(START_OLD, "not for today", "pas pour aujourd'hui") \
    /* page_finish */ \
    X(FINISH, "Finish the session", "Terminer la séance") \
    X(FINISH_PAIN, "Pain, 0 none to 10 the worst", "Douleur, de 0 aucune à 10 la pire") \
    X(FINISH_REACTION, "Reaction", "Réaction") \
    X(FINISH_COOLING, "Cooling given", "Refroidissement donné") \
    X(FINISH_ANAESTHETIC, "Anaesthetic", "Anesthésique") \
    X(FINISH_AFTERCARE, "Aftercare text given", "Consignes remises") \
    X(FINISH_AFTERCARE_HINT, "its version, for example smp-4", "sa version, par exemple smp-4") \
    X(FINISH_PHOTOS, "Photographs taken", "Photos prises") \
    X(FINISH_SAVE, "Save", "Inscrire") \
    X(FINISH_CLOSE, "Close the session", "Fermer la séance") \
    X(FINISH_CLOSE_NOTE, "What is not saved yet can be added later with: fadeline record note", "Ce qui n'est pas inscrit peut l'être plus tard : fadeline record note") \
    X(FINISH_PAPERS, "Papers of session %s", "Papiers de la séance %s") \
    X(FINISH_RECORD, "Session record (PDF)", "Fiche de séance (PDF)") \
    X(FINISH_SHEET_EN, "Client sheet, English", "Feuille du client, anglais") \
    X(FINISH_SHEET_FR, "Client sheet, French", "Feuille du client, français") \
    X(FINISH_NEXT, "Next date (calendar)", "Prochaine date (calendrier)") \
    X(FINISH_NOT_BEFORE, "Not before", "Pas avant le") \
    X(FINISH_NO_SESSION, "No session is recorded yet.", "Aucune séance n'est encore inscrite.") \
    X(FINISH_ARMED, "Stop first: the laser is armed.", "Arrêtez d'abord : le laser est armé.") \
    /* page, page_finish: an exercise */ \
    X(EXERCISE, "EXERCISE", "EXERCICE") \
    X(EXERCISE_WHY, "an exercise runs: nothing of it reaches the clinic's record", "un exercice est en cours : rien n'entre au registre de la clinique") \
    X(FINISH_EXERCISE, "The exercise has ended. Nothing of it is in this record; its own papers, marked SIMULATED, are shown by: fadeline console --simulated", "L'exercice est terminé. Rien n'en est inscrit à ce registre; ses propres papiers, marqués SIMULATION, se lisent avec : fadeline console --simulated") \
    X(SIGN_IN_SESSION, "A session is running. Until it has ended nobody else signs in, at any screen: the journal is with the laser. STOP works from here, for everybody.", "Une séance est en cours. Personne d'autre ne se connecte avant sa fin, sur aucun écran : le registre est auprès du laser. ARRÊT fonctionne d'ici, pour tous.") \
    X(S_BROKEN_NOTE, "It ended by itself. Why stands under Latest.", "Elle a pris fin d'elle-même. Pourquoi : sous Dernières nouvelles.") \
    X(START_FAULTY, "%s is no plan that can be used:", "%s n'est pas un plan utilisable :") \
    X(FINISH_BY_LOOK, "Whose session it was is in its record, which is opened like every record: with a look that is written down.", "Le nom de code est dans la fiche, qui s'ouvre comme toute fiche : la consultation est inscrite.") \
    X(SAID_none, "none", "aucun") \
    X(SAID_erythema, "erythema", "érythème") \
    X(SAID_oedema, "oedema", "œdème") \
    X(SAID_purpura, "purpura", "purpura") \
    X(SAID_blister, "blister", "cloque") \
    X(SAID_burn, "burn", "brûlure") \
    X(SAID_frosting, "frosting", "blanchiment") \
    X(SAID_bleeding, "bleeding", "saignement") \
    X(SAID_crust, "crust", "croûte") \
    X(SAID_darkening, "darkening", "foncement") \
    X(SAID_allergy, "allergy", "allergie") \
    X(SAID_hair_white, "hair white", "poil blanc") \
    X(SAID_other, "other", "autre") \
    X(SAID_air, "air", "air") \
    X(SAID_ice, "ice", "glace") \
    X(SAID_gel, "gel", "gel") \
    X(SAID_lidocaine, "lidocaine", "lidocaïne") \
    X(SAID_lidocaine_prilocaine, "lidocaine-prilocaine", "lidocaïne-prilocaïne") \
    X(SAID_tetracaine, "tetracaine", "tétracaïne") \
    X(SAID_0_min, "at 0 min", "à 0 min") \
    X(SAID_15_min, "at 15 min", "à 15 min") \
    /* page_case */ \
    X(SKIN_G1, "Colour of the eyes", "Couleur des yeux") \
    X(SKIN_G1_0, "light blue, grey, green", "bleu, gris ou vert clair") \
    X(SKIN_G1_1, "blue, grey, green", "bleu, gris ou vert") \
    X(SKIN_G1_2, "blue or hazel", "bleu ou noisette") \
    X(SKIN_G1_3, "dark brown", "brun foncé") \
    X(SKIN_G1_4, "brownish black", "brun noir") \
    X(SKIN_G2, "Natural colour of the hair", "Couleur naturelle des cheveux") \
    X(SKIN_G2_0, "sandy red", "roux") \
    X(SKIN_G2_1, "blond", "blond") \
    X(SKIN_G2_2, "chestnut, dark blond", "châtain, blond foncé") \
    X(SKIN_G2_3, "dark brown", "brun foncé") \
    X(SKIN_G2_4, "black", "noir") \
    X(SKIN_G3, "Skin where no sun comes", "Peau jamais exposée") \
    X(SKIN_G3_0, "reddish", "rougeâtre") \
    X(SKIN_G3_1, "very pale", "très pâle") \
    X(SKIN_G3_2, "pale beige", "beige pâle") \
    X(SKIN_G3_3, "light brown", "brun clair") \
    X(SKIN_G3_4, "dark brown", "brun foncé") \
    X(SKIN_G4, "Freckles where no sun comes", "Taches de rousseur, peau non exposée") \
    X(SKIN_G4_0, "many", "beaucoup") \
    X(SKIN_G4_1, "several", "plusieurs") \
    X(SKIN_G4_2, "few", "peu") \
    X(SKIN_G4_3, "incidental", "rares") \
    X(SKIN_G4_4, "none", "aucune") \
    X(SKIN_R1, "Too long in the sun", "Trop longtemps au soleil") \
    X(SKIN_R1_0, "painful, blisters, peels", "douleur, cloques, desquamation") \
    X(SKIN_R1_1, "blisters, then peels", "cloques, puis desquamation") \
    X(SKIN_R1_2, "burns, sometimes peels", "brûle, pèle parfois") \
    X(SKIN_R1_3, "burns rarely", "brûle rarement") \
    X(SKIN_R1_4, "never burns", "ne brûle jamais") \
    X(SKIN_R2, "How it browns", "Bronzage") \
    X(SKIN_R2_0, "hardly", "à peine") \
    X(SKIN_R2_1, "light", "léger") \
    X(SKIN_R2_2, "reasonable", "moyen") \
    X(SKIN_R2_3, "very easily", "très facilement") \
    X(SKIN_R2_4, "dark, quickly", "foncé, vite") \
    X(SKIN_R3, "Brown within hours", "Bronze en quelques heures") \
    X(SKIN_R3_0, "never", "jamais") \
    X(SKIN_R3_1, "seldom", "rarement") \
    X(SKIN_R3_2, "sometimes", "parfois") \
    X(SKIN_R3_3, "often", "souvent") \
    X(SKIN_R3_4, "always", "toujours") \
    X(SKIN_R4, "The face in the sun", "Le visage au soleil") \
    X(SKIN_R4_0, "very sensitive", "très sensible") \
    X(SKIN_R4_1, "sensitive", "sensible") \
    X(SKIN_R4_2, "normal", "normal") \
    X(SKIN_R4_3, "very resistant", "très résistant") \
    X(SKIN_R4_4, "never a problem", "jamais de problème") \
    X(SKIN_T1, "Last time the site was in the sun", "Dernière exposition de la zone") \
    X(SKIN_T1_0, "over 3 months ago", "il y a plus de 3 mois") \
    X(SKIN_T1_1, "2 to 3 months", "2 à 3 mois") \
    X(SKIN_T1_2, "1 to 2 months", "1 à 2 mois") \
    X(SKIN_T1_3, "under 1 month", "moins de 1 mois") \
    X(SKIN_T1_4, "under 2 weeks", "moins de 2 semaines") \
    X(SKIN_T2, "How often the site is in the sun", "Exposition habituelle de la zone") \
    X(SKIN_T2_0, "never", "jamais") \
    X(SKIN_T2_1, "hardly ever", "presque jamais") \
    X(SKIN_T2_2, "sometimes", "parfois") \
    X(SKIN_T2_3, "often", "souvent") \
    X(SKIN_T2_4, "always", "toujours") \
    X(YES, "yes", "oui") \
    X(NO, "no", "non") \
    X(CASE, "Case", "Dossier") \
    X(CASE_NEW, "New case", "Nouveau dossier") \
    X(CASE_KEPT, "Kept as %s.", "Gardé sous %s.") \
    X(CASE_KEEP, "Keep", "Garder") \
    X(CASE_ADD_UP, "Add up", "Additionner") \
    X(CASE_MORE_ROWS, "More rows", "Plus de lignes") \
    X(CASE_FAULTS, "This cannot be kept yet:", "Ceci ne peut pas encore être gardé :") \
    X(CASE_BLANK, "Item %s of the skin form is blank: no type, no plan.", "La question %s du formulaire de peau est vide : pas de type, pas de plan.") \
    X(CASE_WANTS_NAME, "A case has a client code, as C-0001, and a day.", "Un dossier a un code de client, comme C-0001, et un jour.") \
    X(CASE_THERE, "There is a case of this client and day already: open that one, or change the day.", "Il y a déjà un dossier de ce client pour ce jour : ouvrez-le, ou changez le jour.") \
    X(CASE_WHO, "Who and what", "Qui et quoi") \
    X(CASE_CLIENT, "Client code, never a name", "Code du client, jamais un nom") \
    X(CASE_DATE, "Day", "Jour") \
    X(CASE_AGE, "Age, years", "Âge, ans") \
    X(CASE_PROCEDURE, "Previous work", "Travail précédent") \
    X(CASE_SITE, "Site", "Endroit") \
    X(CASE_SMOKER, "Smoker", "Fume") \
    X(CASE_TEXT, "Remarks; they decide nothing", "Remarques; elles ne décident rien") \
    X(CASE_GOAL, "What is wanted", "Ce qui est souhaité") \
    X(CASE_FADE, "Share of the ink to go, %", "Part de l'encre à enlever, %") \
    X(CASE_GOAL_TEXT, "In the client's words", "Selon les mots du client") \
    X(CASE_DEADLINE, "Wanted by", "Souhaité pour le") \
    X(CASE_DEADLINE_FOR, "What for", "Pour quoi") \
    X(CASE_DEADLINE_STANDS, "The date stands", "La date tient") \
    X(GOAL_REMOVE, "remove, as far as safe", "enlever, sans risque inutile") \
    X(GOAL_FADE, "fade", "atténuer") \
    X(GOAL_LIGHTEN, "lighten for new work", "éclaircir avant un nouveau travail") \
    X(GOAL_RESHAPE, "reshape", "remodeler") \
    X(SHIELD_GOGGLES, "goggles", "lunettes") \
    X(SHIELD_OPAQUE, "opaque shields", "coques opaques") \
    X(SHIELD_OUT, "metal shields, outside", "coques de métal, externes") \
    X(SHIELD_IN, "metal shields, inside", "coques de métal, internes") \
    X(CASE_ITA, "ITA at the site, degrees", "ITA de la zone, degrés") \
    X(CASE_ITA_BARE, "ITA where no sun comes, degrees", "ITA de la peau non exposée, degrés") \
    X(CASE_LAST_SUN, "Last sun on the site", "Dernier soleil sur la zone") \
    X(CASE_PRACTITIONER, "Type as the practitioner sees it", "Type selon le praticien") \
    X(SKIN_BAND, "Type by the form", "Type selon le formulaire") \
    X(SKIN_V_VI, "V-VI: choose", "V-VI : choisir") \
    X(SKIN_FROM_ITA, "Type by colour", "Type selon la couleur") \
    X(SKIN_TWO_BANDS, "This total stands in two bands: the darker is taken.", "Ce total est dans deux tranches : on prend la plus foncée.") \
    X(SKIN_OPEN, "The form does not split V from VI: the practitioner chooses. Until then, VI.", "Le formulaire ne sépare pas V de VI : le praticien choisit. D'ici là, VI.") \
    X(SKIN_DISAGREE, "Form, colour and practitioner do not agree: the darkest is planned with.", "Formulaire, couleur et praticien ne concordent pas : on planifie avec le plus foncé.") \
    X(SKIN_SUN, "Sun gate: recent sun or a tan. The total is inflated by it; score again when it has faded.", "Soleil : exposition récente ou bronzage. Le total en est gonflé; refaire le formulaire ensuite.") \
    X(SKIN_SUN_CLEAR, "Sun gate: clear by the form.", "Soleil : rien selon le formulaire.") \
    X(CASE_INK, "Ink", "Encre") \
    X(CASE_INK_ID, "Ink, as known best", "Encre, au mieux de ce qu'on sait") \
    X(CASE_COLOURS, "Colours seen today", "Couleurs vues aujourd'hui") \
    X(CASE_IDENTIFIED, "Brand or maker known", "Marque ou fabricant connu") \
    X(CASE_WHITE, "White or a corrector inside", "Blanc ou correcteur dedans") \
    X(CASE_INK_AGE, "Age, months", "Âge, mois") \
    X(CASE_LAYERS, "Layers", "Couches") \
    X(CASE_INK_TEXT, "Remarks on the ink", "Remarques sur l'encre") \
    X(CASE_SCORE, "Kirby-Desai levels; leave empty when not scored", "Niveaux de Kirby-Desai; vide si non évalué") \
    X(CASE_SCORE_COLOUR, "Colour", "Couleur") \
    X(CASE_SCORE_INK, "Amount of ink", "Quantité d'encre") \
    X(CASE_SCORE_SCAR, "Scarring", "Cicatrice") \
    X(CASE_SCORE_LAYER, "Layering", "Superposition") \
    X(CASE_ZONES_NOTE, "Leave the area empty where nothing is treated. Left and right are the client's.", "Laissez la surface vide où rien n'est traité. Gauche et droite sont celles du client.") \
    X(CASE_WHERE, "Where", "Où") \
    X(CASE_LOCKED_WHY, "Why locked", "Pourquoi verrouillée") \
    X(CASE_TEST_SITE, "Test spot: two landmarks", "Essai : deux repères") \
    X(CASE_OVERLAP, "Overlap of spots, a fraction; empty: the procedure's", "Recouvrement des points, une fraction; vide : celui du travail") \
    X(CASE_QUESTIONS, "Questions", "Questions") \
    X(CASE_QUESTIONS_NOTE, "What was not asked is not a no.", "Ce qui n'a pas été demandé n'est pas un non.") \
    X(CASE_SINCE, "ended, ends or happened on", "fini, finit ou arrivé le") \
    X(CASE_REMARK, "remark", "remarque") \
    X(CASE_ROOM, "Who is there, what is worn", "Qui est là, ce qui est porté") \
    X(CASE_PHYSICIAN, "An authorised physician has signed in", "Un médecin autorisé s'est inscrit") \
    X(CASE_SHIELDS, "Eye protection worn", "Protection des yeux portée") \
    /* page_clients, page_client, page_test_spots */ \
    X(CLIENTS, "Clients", "Clients") \
    X(CLIENTS_NOTE, "By code. Opening one is written in the journal.", "Par code. En ouvrir un s'inscrit au registre.") \
    X(CLIENTS_NONE, "The journal names no client yet.", "Le registre ne nomme encore aucun client.") \
    X(CLIENT_NONE, "There is no such client here.", "Ce client n'existe pas ici.") \
    X(CLIENT_LAST, "Last entry", "Dernière inscription") \
    X(CLIENT_SESSIONS, "Sessions", "Séances") \
    X(CLIENT_ERASED, "erased", "effacé") \
    X(CLIENT_HOLD, "legal hold", "conservation légale") \
    X(CLIENT_OPEN_TASKS, "%s open", "%s en attente") \
    X(CLIENT_OPEN, "Open alerts", "Alertes ouvertes") \
    X(CLIENT_NOTHING_OPEN, "Nothing is open in the journal.", "Rien n'est ouvert au registre.") \
    X(CLIENT_OVERDUE, "overdue", "en retard") \
    X(CLIENT_DUE, "due", "à faire") \
    X(CLIENT_TASK, "ask after %s", "demander après %s") \
    X(CLIENT_EVENT, "event", "événement") \
    X(CLIENT_READ_OPEN, "test not read", "essai non lu") \
    X(CLIENT_LAST_TIME, "Last settings and what came of them, %s", "Derniers réglages et leurs suites, %s") \
    X(CLIENT_PROGRESS, "Progress", "Progrès") \
    X(CLIENT_VISIT, "Day", "Jour") \
    X(CLIENT_READ_ON, "Read on", "Lu le") \
    X(CLIENT_CLEARED, "Cleared", "Éclairci") \
    X(CLIENT_CLEARED_PERCENT, "Cleared, %; may stay empty", "Éclairci, %; peut rester vide") \
    X(CLIENT_VISITS, "Visits", "Visites") \
    X(TESTS_READ, "Test spots and reads", "Essais et lectures") \
    X(TESTS_PLACED, "placed", "posé le") \
    X(TESTS_RESULT, "Read today", "Lecture d'aujourd'hui") \
    X(TESTS_SKIN, "Pigment or texture of the skin changed", "Pigment ou texture de la peau changés") \
    X(TESTS_HAIR, "Hair turned white", "Poil blanchi") \
    X(TESTS_PLACE, "They were placed today", "Ils ont été posés aujourd'hui") \
    X(TESTS_NONE, "No plan asks for test spots, and none was placed.", "Aucun plan ne demande d'essais, et aucun n'a été posé.") \
    X(READ_OPEN, "not read", "non lu") \
    X(READ_LIGHTER, "lighter", "plus clair") \
    X(READ_SAME, "same", "pareil") \
    X(READ_DARKER, "darker", "plus foncé") \
    /* page_by_hand */ \
    X(BY_HAND, "By hand", "À la main") \
    X(BH_BEGIN, "Begin a session by hand", "Commencer une séance à la main") \
    X(BH_WHICH_PLAN, "Which plan of today, for a laser without a link?", "Quel plan d'aujourd'hui, pour un laser sans liaison?") \
    X(BH_NO_PLAN, "No plan of today is for a laser that is set by hand. Plans stand in this folder: %s", "Aucun plan d'aujourd'hui n'est pour un laser qui se règle à la main. Les plans sont dans ce dossier : %s") \
    X(BH_SCREENED, "Skin, sun and medicine were asked for this plan on %s. If anything has changed since, plan again.", "Peau, soleil et médicaments ont été demandés pour ce plan le %s. Si quelque chose a changé depuis, refaites le plan.") \
    X(BH_WHICH_LASER, "Which laser stands here?", "Quel laser est ici?") \
    X(BH_OTHER_PLAN, "Another plan", "Un autre plan") \
    X(BH_EXERCISE, "An exercise: nothing of it reaches the clinic's record.", "Un exercice : rien n'en va au registre de la clinique.") \
    X(BH_TREATS, "A treatment: it goes into the clinic's record.", "Un traitement : il va au registre de la clinique.") \
    X(BH_WANTS_PIN, "the PIN is missing", "le NIP manque") \
    X(BH_RUNS, "A session by hand is running at this console: finish it first.", "Une séance à la main est en cours à cette console : terminez-la d'abord.") \
    X(BH_LIVE_RUNS, "A driven session is running at this console: finish it first.", "Une séance pilotée est en cours à cette console : terminez-la d'abord.") \
    X(BH_BROKEN, "The journal failed and the session ended here. What was acknowledged is written; begin again and it goes on.", "Le registre a failli et la séance s'est arrêtée ici. Ce qui a été confirmé est inscrit; recommencez et elle continue.") \
    X(BH_LEFT_ZONE, "INTERRUPTED: a zone was begun and never counted. Read the laser's counter before anybody fires.", "INTERROMPUE : une zone a été commencée et jamais comptée. Lisez le compteur du laser avant tout tir.") \
    X(BH_LEFT, "INTERRUPTED: a session by hand was never closed.", "INTERROMPUE : une séance à la main n'a jamais été fermée.") \
    X(BH_LEFT_WHEN, "Begun", "Commencée") \
    X(BH_LEFT_GO, "Go on", "Continuer") \
    X(BH_SET, "Set on the laser", "À régler sur le laser") \
    X(BH_NO_ZONE, "Nothing is to be set before a zone is chosen.", "Rien à régler avant qu'une zone soit choisie.") \
    X(BH_TEST, "test spot", "essai ponctuel") \
    X(BH_HEAD, "Head", "Tête") \
    X(BH_PULSE, "Pulse length", "Durée d'impulsion") \
    X(BH_PASSES, "Passes", "Passages") \
    X(BH_PLANNED, "Pulses", "Impulsions") \
    X(BH_STOP_AT, "Stop at", "Arrêt à") \
    X(BH_DONE, "Counted today", "Comptées") \
    X(BH_SO_FAR, "Pulses", "Impulsions") \
    X(BH_BEFORE_THAT, "Before that", "Avant cela") \
    X(BH_OTHER_ZONE, "Zone, test spot", "Zone, essai") \
    X(BH_SUPERVISOR, "A supervisor says why", "Un superviseur dit pourquoi") \
    X(BH_DATE, "A supervisor says the date", "Un superviseur dit la date") \
    X(BH_DAY, "Today's date", "La date d'aujourd'hui") \
    X(BH_DAY_HINT, "from a calendar, not from this screen: 2026-05-04", "d'un calendrier, pas de cet écran : 2026-05-04") \
    X(BH_BREAK, "Break: sign out of the session", "Pause : se déconnecter de la séance") \
    X(BH_BREAK_NOTE, "The session stays open; eyewear is asked again.", "La séance reste ouverte; les lunettes seront redemandées.") \
    X(BH_PHOTO, "Photo of the laser's screen", "Photo de l'écran du laser") \
    X(BH_PHOTO_NOTE, "Its hash goes into the journal, with this session and zone. No client may be seen on it.", "Son empreinte va au registre, avec cette séance et cette zone. Aucun client ne doit y paraître.") \
    X(BH_PHOTO_KEEP, "Keep the photo", "Garder la photo") \
    X(BH_LOOKS, "This screen looks on. What stops the laser is the foot, and its own switch.", "Cet écran regarde. Ce qui arrête le laser, c'est le pied, et son propre interrupteur.") \
    X(BH_STEP_AGAIN, "READ the counter again", "RELISEZ le compteur") \
    X(BH_SAVED, "Saved: %s", "Inscrit : %s") \
    X(BH_TAKE, "Take over: sign in", "Prendre la relève : se connecter") \
    X(BH_LAST, "Last reading", "Dernière lecture") \
    X(BH_BEGUN, "At the beginning", "Au début") \
    X(BH_UNTIL, "Fire until", "Tirer jusqu'à") \
    X(BH_TYPED, "Typed", "Saisi") \
    X(BH_DIFFERENCE, "Difference", "Différence") \
    X(BH_BACK, "delete one digit", "effacer un chiffre") \
    X(BH_COUNTER_BEFORE, "Shot counter of the laser now", "Compteur du laser maintenant") \
    X(BH_COUNTER_AFTER, "Shot counter of the laser after it", "Compteur du laser après") \
    X(BH_GO_BEFORE, "Begin the zone", "Commencer la zone") \
    X(BH_GO_AFTER, "Count the zone", "Compter la zone") \
    X(BH_PAUSE, "Pause after what was seen: %s s left", "Pause après ce qui a été vu : encore %s s") \
    X(BH_STEP_SIGN_IN, "Who operates?", "Qui opère?") \
    X(BH_STEP_OPEN, "A zone is not counted: sign in first", "Une zone n'est pas comptée : connectez-vous d'abord") \
    X(BH_STEP_AFTER, "FIRE. Then STANDBY, and the counter", "TIREZ. Puis ATTENTE, et le compteur") \
    X(BH_STEP_STOPPED, "STOP. STANDBY, then the counter", "STOP. ATTENTE, puis le compteur") \
    X(BH_STEP_INTERRUPTED, "INTERRUPTED: first the counter", "INTERROMPUE : d'abord le compteur") \
    X(BH_STEP_EXPLAIN, "What were these pulses?", "Qu'étaient ces impulsions?") \
    X(BH_STEP_SUPERVISOR, "A supervisor signs for this", "Un superviseur signe pour ceci") \
    X(BH_STEP_TARGET, "What next?", "Et maintenant?") \
    X(BH_STEP_EYEWEAR, "Eyewear on every face", "Lunettes sur chaque visage") \
    X(BH_STEP_SECOND, "A second person signs first", "Une deuxième personne signe d'abord") \
    X(BH_STEP_BEFORE, "SET the laser. Then the counter", "RÉGLEZ le laser. Puis le compteur") \
    X(BH_OLD_TURN, "This screen is old: another order came first, and this one was not carried out.", "Cet écran est ancien : un autre ordre est venu avant, et celui-ci n'a pas été exécuté.") \
    X(BH_NO_counter_number, "A counter is digits and nothing else.", "Un compteur, ce sont des chiffres et rien d'autre.") \
    X(BH_NO_counter_first, "No reading of this laser is known: type the same number once more.", "Aucune lecture de ce laser n'est connue : tapez encore une fois le même nombre.") \
    X(BH_NO_counter_unexpected, "This does not fit the last reading.", "Ceci ne va pas avec la dernière lecture.") \
    X(BH_TWICE, "Read again; the same number once more says that the laser shows it.", "Relisez; le même nombre encore une fois dit que le laser l'affiche.") \
    X(BH_SAY_WHY, "Nothing goes on until somebody says why.", "Rien ne continue avant que quelqu'un dise pourquoi.") \
    X(BH_NO_counter_mismatch, "Pulses that nobody wrote down: somebody has to say what they were.", "Des impulsions que personne n'a inscrites : quelqu'un doit dire ce qu'elles étaient.") \
    X(BH_NO_pulses_over_plan, "More than the plan allows.", "Plus que le plan ne permet.") \
    X(BH_NO_pulses_too_fast, "More than this laser can fire in that time.", "Plus que ce laser ne peut tirer en ce temps.") \
    X(BH_NO_zone_not_counted, "A zone is not counted: the counter comes first.", "Une zone n'est pas comptée : le compteur d'abord.") \
    X(BH_NO_zone_not_begun, "No zone was begun.", "Aucune zone n'a été commencée.") \
    X(BH_NO_no_zone, "Choose a zone first.", "Choisissez d'abord une zone.") \
    X(BH_NO_eyewear, "The eyewear has to be confirmed: wavelength first, then its marks.", "Les lunettes sont à confirmer : longueur d'onde, puis leurs marques.") \
    X(BH_NO_eyewear_wrong, "This is not the eyewear that the plan asks for.", "Ce ne sont pas les lunettes que le plan demande.") \
    X(BH_NO_second_person, "Another person, a supervisor, signs first.", "Une autre personne, superviseur, signe d'abord.") \
    X(BH_NO_clock_step, "The computer's clock was set: a supervisor says the date.", "L'horloge de l'ordinateur a été changée : un superviseur dit la date.") \
    X(BH_NO_date_other, "This is not the day of the plan, or not the computer's.", "Ce n'est pas le jour du plan, ou pas celui de l'ordinateur.") \
    X(BH_NO_pause, "A pause of five minutes after what was seen.", "Une pause de cinq minutes après ce qui a été vu.") \
    X(BH_NO_limit_reached, "The plan allows no more here; choose the zone again to say that you go on, or another.", "Le plan n'en permet pas plus ici; choisissez la zone encore une fois pour dire que vous continuez, ou une autre.") \
    X(BH_NO_zone_locked, "This zone is locked.", "Cette zone est verrouillée.") \
    X(BH_NO_zone_hard_stop, "This zone has all the pulses of this plan: plan it again.", "Cette zone a toutes les impulsions de ce plan : refaites le plan.") \
    X(BH_NO_zone_interval, "This zone has to rest longer.", "Cette zone doit reposer plus longtemps.") \
    X(BH_NO_spot_done, "This test spot has all its pulses; what is seen next is noted for it.", "Cet essai a toutes ses impulsions; ce qui est vu maintenant est noté pour lui.") \
    X(BH_NO_test_spots_first, "The test spots come first.", "Les essais ponctuels d'abord.") \
    X(BH_NO_test_spots_look, "Say what is seen at the test spots first.", "Dites d'abord ce qui se voit aux essais.") \
    X(BH_NO_setting_barred, "A test spot with this setting ended badly: nothing more with it.", "Un essai avec ce réglage a mal fini : plus rien avec lui.") \
    X(BH_NO_nothing_to_sign, "Nothing waits for this signature.", "Rien n'attend cette signature.") \
    X(BH_NO_supervisor_signs, "This is more than an operator may explain.", "C'est plus qu'un opérateur ne peut expliquer.") \
    X(BH_NO_reason_missing, "A reason is needed, in plain words.", "Il faut une raison, en mots simples.") \
    X(BH_NO_sign_in_wrong, "Person or PIN is wrong.", "La personne ou le NIP est erroné.") \
    X(BH_NO_sign_in_wait, "Too many wrong tries; wait before the next.", "Trop d'essais erronés; attendez avant le prochain.") \
    X(BH_NO_not_signed_in, "Nobody is signed in at the session.", "Personne n'est connecté à la séance.") \
    X(BH_NO_no_session, "No session is open yet: it opens with the first counter.", "Aucune séance n'est ouverte : elle s'ouvre avec le premier compteur.") \
    X(BH_NO_endpoint_where, "Choose the zone, then say again what is seen.", "Choisissez la zone, puis dites encore ce qui se voit.") \
    X(BH_NO_stop_by_hand, "STOP: foot off, laser to STANDBY.", "ARRÊT : pied levé, laser en ATTENTE.") \
    X(BH_NO_zone_done, "The zone has its pulses: say what is seen.", "La zone a ses impulsions : dites ce qui se voit.") \
    X(BH_NO_room_checklist, "Before the first pulse: no alcohol, spray or oxygen on skin, hair or drapes; extractor on and near; rings, mirrors, instruments and dental metal covered; nobody here who need not be.", "Avant la première impulsion : pas d'alcool, de vaporisateur ni d'oxygène sur peau, cheveux ou champs; aspirateur en marche et proche; bagues, miroirs, instruments et métal dentaire couverts; personne d'inutile ici.") \
    X(BH_NO_session_interrupted, "The session was interrupted.", "La séance a été interrompue.") \
    X(BH_NO_session_settled, "The zone that was open is counted.", "La zone qui était ouverte est comptée.") \
    X(BH_NO_near_miss, "Near miss noted: foot off, laser to STANDBY.", "Presque-accident noté : pied levé, laser en ATTENTE.") \
    X(BH_NO_energy_check_due, "An energy check of this laser is due.", "Un contrôle d'énergie de ce laser est à faire.") \
    X(BH_NO_energy_locked, "The last energy check of this laser locked it.", "Le dernier contrôle d'énergie de ce laser l'a verrouillé.") \
    X(BH_NO_look_early, "The test spots were looked at sooner than planned: look again.", "Les essais ont été regardés plus tôt que prévu : regardez encore.") \
    /* page_client, page_progress */ \
    X(VISIT_NO_RESPONSE, "Nothing else was said or seen.", "Rien d'autre n'a été dit ni vu.") \
    X(CLIENT_NO_PLAN, "No plan was made for this client.", "Aucun plan n'a été fait pour ce client.") \
    X(CLIENT_AGAIN, "Same again, for today", "Refaire, pour aujourd'hui") \
    X(CLIENT_AGAIN_WHY, "A plan is good for its day only. The same again plans the newest case anew, with the same laser, and asks every gate of today.", "Un plan ne vaut que pour son jour. Le refaire planifie de nouveau le cas le plus récent, avec le même laser, et repasse chaque contrôle d'aujourd'hui.") \
    X(CLIENT_SESSION_UNREAD, "session not read", "séance non lue") \
    X(CLIENT_TAKE_OVER, "take it into the case", "la reprendre dans le cas") \
    X(CLIENT_READ_IT, "write down the read", "inscrire la lecture") \
    X(PROGRESS_OF, "Progress of client %s", "Progrès du client %s") \
    X(PROGRESS_FADE, "The fade so far", "L'estompage jusqu'ici") \
    X(PROGRESS_NO_PROMISE, "Each read narrows this range; nobody can promise a number.", "Chaque lecture resserre cette fourchette; personne ne peut promettre un nombre.") \
    X(PROGRESS_NO_OUTLOOK, "What is to be expected cannot be said:", "Ce qu'on peut attendre ne se dit pas :") \
    X(PROGRESS_NO_READ, "No session was read yet: what is expected is from published series.", "Aucune séance n'a encore été lue : l'attente vient de séries publiées.") \
    X(PROGRESS_NO_CASE, "There is no case of this client here, so nothing can be said of what to expect.", "Il n'y a pas de cas de ce client ici; on ne peut rien dire de ce qui est à attendre.") \
    X(PROGRESS_NO_VISIT, "This client was not treated here yet.", "Ce client n'a pas encore été traité ici.") \
    X(PROGRESS_READS, "Reads", "Lectures") \
    X(PROGRESS_OF_SESSION, "Of the session of", "De la séance du") \
    X(PROGRESS_HEAD_BEFORE, "Sessions to come, before", "Séances à venir, avant") \
    X(PROGRESS_HEAD_AFTER, "after", "après") \
    X(PROGRESS_PER_SESSION, "One session takes", "Une séance prend") \
    X(PROGRESS_WHY, "Why", "Pourquoi") \
    X(PROGRESS_WHY_NARROWER, "Narrower: %s % is a read of this client, and no longer only of others. One session was expected to take %s % of the ink there is, now %s %.", "Plus étroite : %s % est une lecture de ce client, et non plus seulement d'autres. On attendait d'une séance %s % de l'encre présente, maintenant %s %.") \
    X(PROGRESS_WHY_WIDER, "Wider: %s % is not what was expected. One session was expected to take %s % of the ink there is, now %s %.", "Plus large : %s % n'est pas ce qu'on attendait. On attendait d'une séance %s % de l'encre présente, maintenant %s %.") \
    X(PROGRESS_WHY_SAME, "As wide as before: %s % is what was expected. One session was expected to take %s % of the ink there is, now %s %.", "Aussi large qu'avant : %s % est ce qu'on attendait. On attendait d'une séance %s % de l'encre présente, maintenant %s %.") \
    X(PROGRESS_WHY_LOW, "More sessions: %s % is low, and the cause comes first. One session was expected to take %s % of the ink there is, now %s %.", "Plus de séances : %s % est peu, et la cause passe d'abord. On attendait d'une séance %s % de l'encre présente, maintenant %s %.") \
    X(PROGRESS_WHY_EARLY, "Not counted: read too early, or of another kind of session.", "Non comptée : lue trop tôt, ou d'une autre sorte de séance.") \
    X(PROGRESS_LOW, "The read of %s is low: %s %.", "La lecture du %s est faible : %s %.") \
    X(PROGRESS_VISIT, "Visit of %s", "Visite du %s") \
    X(PROGRESS_READ, "Read", "Lecture") \
    X(PROGRESS_MORE, "%s older visits", "%s visites plus anciennes") \
    X(PROGRESS_PICTURE, "Ink left after each session, and what is expected from today", "Encre restante après chaque séance, et ce qui est attendu d'aujourd'hui") \
    X(PROGRESS_WHOLE, "before", "avant") \
    X(PROGRESS_GOAL, "goal: %s % gone", "but : %s % parti") \
    X(PROGRESS_KEY_READ, "read", "lu") \
    X(PROGRESS_KEY_UNREAD, "done, not read", "faite, non lue") \
    X(PROGRESS_KEY_EXPECTED, "expected, 5 to 95 %", "attendu, 5 à 95 %") \
    X(PROGRESS_RANGES, "Sessions still to come, before and after each read", "Séances encore à venir, avant et après chaque lecture") \
    X(PROGRESS_BEFORE, "before the read of %s", "avant la lecture du %s") \
    X(PROGRESS_AFTER, "after it, %s % cleared", "après, éclairci de %s %") \
    /* page_case, earlier sessions */ \
    X(CASE_EARLIER, "Earlier sessions and their reads", "Séances précédentes et leurs lectures") \
    X(CASE_CLEARED, "Cleared, % of the ink there was before it", "Éclairci, % de l'encre d'avant la séance") \
    X(CASE_OFFERED, "In the journal and not yet in this case. What is ticked is taken over when the case is kept:", "Au registre et pas encore dans ce cas. Ce qui est coché est repris quand le cas est gardé :") \
    X(CASE_NO_EARLIER, "None stands in this case.", "Il n'y en a pas dans ce cas.") \
    X(CASE_EARLIER_HINT, "Sessions of the journal are offered after the client was opened, which is written down:", "Les séances du registre sont proposées une fois le client ouvert, ce qui s'inscrit :") \
    /* page_roll_up */ \
    X(ROLL_UP, "All clinics", "Toutes les cliniques") \
    X(ROLL_OF, "All clinics, %s", "Toutes les cliniques, %s") \
    X(ROLL_ASK, "Ask the hub again", "Redemander au concentrateur") \
    X(ROLL_ASKING, "The hub is being asked; every log is verified first. %s s", "Le concentrateur est interrogé; chaque registre est d'abord vérifié. %s s") \
    X(ROLL_SLOW, "The hub did not answer within %s seconds, and the question was ended.", "Le concentrateur n'a pas répondu en %s secondes; la question a été arrêtée.") \
    X(ROLL_GONE, "The hub could not be asked.", "Le concentrateur n'a pas pu être interrogé.") \
    X(ROLL_TODO, "Nothing is known of the other clinics now; that is no verdict. Look whether its database runs and can be reached from here, then ask again.", "On ne sait rien des autres cliniques en ce moment; ce n'est pas un verdict. Voyez si sa base de données tourne et s'atteint d'ici, puis redemandez.") \
    X(ROLL_OTHER_NATURE, "This hub and this console are not of one nature: one is simulated. Nothing of the other is shown here.", "Ce concentrateur et cette console ne sont pas de même nature : l'un est simulé. Rien de l'autre n'est montré ici.") \
    X(ROLL_HOW, "This console knows no hub", "Cette console ne connaît pas de concentrateur") \
    X(ROLL_HOW_WHY, "A hub is one PostgreSQL database into which every clinic pushes its journal. Close the console and open it again with its address:", "Un concentrateur est une base PostgreSQL où chaque clinique pousse son registre. Fermez la console et rouvrez-la avec son adresse :") \
    X(ROLL_HOW_SECRET, "A password belongs into FADELINE_HUB or ~/.pgpass, not on a command line. How a hub is made: fadeline help hub.", "Un mot de passe se met dans FADELINE_HUB ou ~/.pgpass, pas sur une ligne de commande. Comment on fait un concentrateur : fadeline help hub.") \
    X(ROLL_THIS_CONSOLE, "This console's month", "Le mois de cette console") \
    X(ROLL_NOBODY, "The hub shows this login no clinic.", "Le concentrateur ne montre aucune clinique à cet accès.") \
    X(ROLL_LOG, "Log", "Registre") \
    X(ROLL_NEWEST, "Newest entry", "Dernière inscription") \
    X(ROLL_NO_AUDIT, "no audit", "pas d'audit") \
    X(ROLL_NO_AUDIT_MEANS, "The log cannot be trusted or is empty, so nothing is said of its lasers. That is worse than a flag.", "Le registre n'est pas fiable ou est vide; rien n'est dit de ses lasers. C'est pire qu'une alerte.") \
    X(ROLL_INTACT, "intact", "intact") \
    X(ROLL_INTACT_MEANS, "Every entry was recomputed and holds, and the hub's witness signed it. Nothing to do.", "Chaque inscription a été recalculée et tient, et le témoin l'a signée. Rien à faire.") \
    X(ROLL_LATE, "late", "en retard") \
    X(ROLL_LATE_MEANS, "Nothing new came for two days or more. Call the clinic: is it closed, is its line down, or does nobody push?", "Rien de neuf depuis deux jours ou plus. Appelez la clinique : est-elle fermée, sa ligne coupée, ou personne ne pousse?") \
    X(ROLL_WAITING, "waiting", "en attente") \
    X(ROLL_WAITING_MEANS, "The clinic delivered, and the witness has not signed it for a day. Run `fadeline hub cosign` where the hub's key is.", "La clinique a livré, et le témoin n'a pas signé depuis un jour. Lancez `fadeline hub cosign` là où est la clé.") \
    X(ROLL_FORKED, "two histories", "deux histoires") \
    X(ROLL_FORKED_MEANS, "One key signed two histories that contradict each other; the log is frozen and the evidence kept. Somebody wrote on a copy: `fadeline hub verify` shows both.", "Une clé a signé deux histoires qui se contredisent; le registre est gelé et la preuve gardée. Quelqu'un a écrit sur une copie : `fadeline hub verify` montre les deux.") \
    X(ROLL_DAMAGED, "damaged", "endommagé") \
    X(ROLL_DAMAGED_MEANS, "An entry is not what was signed. Touch nothing, keep a copy of the database, and compare with the clinic's own journal.", "Une inscription n'est plus celle qui a été signée. Ne touchez à rien, gardez une copie de la base et comparez avec le registre de la clinique.") \
    X(ROLL_DAY, "%s pulses unexplained on this day; the tolerance is %s.", "%s impulsions inexpliquées ce jour-là; la tolérance est %s.") \
    X(ROLL_MORE, "%s more: fadeline hub audit lists all.", "%s de plus : fadeline hub audit les donne toutes.") \
    X(ROLL_MEANINGS, "What each word means, and what to do", "Ce que dit chaque mot, et quoi faire") \
    X(ROLL_AS_OF, "%s, asked %s UTC", "%s, interrogé %s UTC") \
    /* page_entry, older logs */ \
    X(OW_LOG_ENTRY, "log %s, %s", "registre %s, %s") \
    X(OW_ENTRY_OF_LOG, "Entry %s of log %s", "Inscription %s du registre %s") \
    X(OW_OLDER_LOG, "An older log: it is closed, and the newest goes on with its history.", "Un ancien registre : il est clos, et le plus récent continue son histoire.") \
    X(OW_OLD_EVIDENCE, "The log that follows says, signed, that this one ended with %s entries and this root. Whoever computes the root of its entries and finds the same has shown that none was changed.", "Le registre suivant dit, signé, que celui-ci finit avec %s inscriptions et cette racine. Qui calcule la racine de ses inscriptions et trouve la même a montré qu'aucune n'a changé.") \
    X(OW_OLD_WITNESS, "Where it is said", "Où c'est dit") \
    X(CLIENTS_CUT, "The journal is damaged: entry %s cannot be read. What stands here was written before it, and looking is not written down.", "Le registre est endommagé : l'inscription %s ne se lit pas. Ce qui est ici a été inscrit avant, et la consultation ne s'inscrit pas.") \
    /* long tables */ \
    X(OW_MORE_ROWS, "%s more stand in the files:", "%s de plus sont dans les fichiers :") \
    X(OW_BEFORE, "Back", "Retour") \
    X(PAGING, "Pages of this list", "Pages de cette liste") \
    X(CLIENT_CODE, "Client by code", "Client par code") \
    /* photos of clients */ \
    X(PHOTOS, "Photos", "Photos") \
    X(PHOTOS_OF, "Photos of %s", "Photos de %s") \
    X(PHOTO_BEFORE, "before", "avant") \
    X(PHOTO_AFTER, "after", "après") \
    X(PHOTO_TEST, "test spot", "essai ponctuel") \
    X(PHOTO_SCREEN, "screen of the laser", "écran du laser") \
    X(PHOTO_0_MIN, "at once", "tout de suite") \
    X(PHOTO_15_MIN, "after 15 minutes", "après 15 minutes") \
    X(PHOTO_READ, "at the read", "à la lecture") \
    X(PHOTO_TAKE, "Take a photo", "Prendre une photo") \
    X(PHOTO_WHAT, "What it shows", "Ce qu'elle montre") \
    X(PHOTO_SAY_WHAT, "Say whether the photo is from before or after.", "Dites si la photo est d'avant ou d'après.") \
    X(PHOTO_FILE, "Photo", "Photo") \
    X(PHOTO_HINT, "JPEG or PNG, up to 8 MB, without the place where it was taken. A tablet opens its camera.", "JPEG ou PNG, 8 Mo au plus, sans le lieu de la prise de vue. Une tablette ouvre son appareil photo.") \
    X(PHOTO_OF_SESSION, "Session it belongs to", "Séance à laquelle elle appartient") \
    X(PHOTO_OF_NO_SESSION, "no session", "aucune séance") \
    X(PHOTO_CHOOSE, "No photo came with the form: take or choose one.", "Aucune photo n'est arrivée avec le formulaire : prenez-en une ou choisissez-en une.") \
    X(PHOTO_NOT_ONE, "This is neither a JPEG nor a PNG. Of another kind of file we cannot tell whether it says where it was taken: set the camera to JPEG and take it again.", "Ce n'est ni un JPEG ni un PNG. D'un autre type de fichier, nous ne pouvons pas dire s'il contient le lieu de la prise de vue : réglez l'appareil sur JPEG et reprenez la photo.") \
    X(PHOTO_PLACE, "This photo says where it was taken, and is not kept. Turn location off in the settings of the camera, and take it again.", "Cette photo dit où elle a été prise et n'est pas conservée. Désactivez la localisation dans les réglages de l'appareil photo et reprenez la photo.") \
    X(PHOTO_TWICE, "This very file was recorded before. Take the photo again.", "Ce fichier même a déjà été consigné. Reprenez la photo.") \
    X(PHOTO_NO_CONSENT, "This client has not consented to photos. Ask first, and record the answer below.", "Ce client n'a pas consenti aux photos. Demandez-lui d'abord et consignez la réponse ci-dessous.") \
    X(PHOTO_NO_SESSION, "There was no such session of this client.", "Ce client n'a pas eu cette séance.") \
    X(PHOTO_CONSENT_TITLE, "Consent to photos", "Consentement aux photos") \
    X(PHOTO_NO_WORD, "not asked yet: no photo is taken", "pas encore demandé : aucune photo n'est prise") \
    X(PHOTO_CONSENT, "given", "donné") \
    X(PHOTO_WITHDRAWN, "taken back: no photo is taken, and none is shown", "retiré : aucune photo n'est prise ni montrée") \
    X(PHOTO_ERASED, "This client's identity and photos were erased when their time had come.", "L'identité et les photos de ce client ont été supprimées à leur échéance.") \
    X(PHOTO_WITHDRAW, "The client takes it back", "Le client le retire") \
    X(PHOTO_CONSENTS, "The client has signed", "Le client a signé") \
    X(PHOTO_VERSION, "Which text was signed", "Quel texte a été signé") \
    X(PHOTO_VERSION_HINT, "Name or number of the form, such as photo-2026-1. No client's name.", "Nom ou numéro du formulaire, par exemple photo-2026-1. Aucun nom de client.") \
    X(PHOTO_VERSION_WRONG, "Say in 1 to 64 plain characters which text was signed.", "Dites en 1 à 64 caractères simples quel texte a été signé.") \
    X(NAMES_CLIENT, "This holds a client's name, and the journal keeps for ever. Write the code instead.", "Ceci contient le nom d'un client, et le journal garde tout. Écrivez plutôt le code.") \
    X(PHOTO_LOOK, "Look at the photos", "Regarder les photos") \
    X(PHOTO_LOOK_WHY, "That you look at the photos of %s is written into the journal, and the client can ask who looked.", "Le fait que vous regardiez les photos de %s est inscrit au journal, et le client peut demander qui a regardé.") \
    X(PHOTO_NONE, "No photo of this client was recorded.", "Aucune photo de ce client n'a été consignée.") \
    X(PHOTO_SHOWN_NONE, "No photo of this client is shown.", "Aucune photo de ce client n'est montrée.") \
    X(PHOTO_NOT_HERE, "There is no such photo of this client.", "Cette photo de ce client n'existe pas.") \
    X(PHOTO_WAITING, "Taken, and written into the journal when the session has ended: %s", "Prises, et inscrites au journal à la fin de la séance : %s") \
    X(PHOTO_COMPARE_THIS, "compare", "comparer") \
    X(PHOTO_COMPARE, "Compare the two that are ticked", "Comparer les deux photos cochées") \
    X(PHOTO_COMPARE_TWO, "Tick two photos to compare.", "Cochez deux photos à comparer.") \
    X(PHOTO_ENTRY, "entry", "entrée") \
    /* test spots, step by step */ \
    X(TESTS_NO_CASE, "There is no such case.", "Ce dossier n'existe pas.") \
    X(SPOTS_PICTURE, "Which spot is where, and what it got", "Où se trouve chaque essai et ce qu'il a reçu") \
    X(SPOTS_AT_ONCE, "At once", "Tout de suite") \
    X(SPOTS_LATER, "After 15 minutes", "Après 15 minutes") \
    X(SPOTS_READ, "Read", "Lecture") \
    X(SPOTS_PHOTO, "Photo (JPEG or PNG, without the place)", "Photo (JPEG ou PNG, sans le lieu)") \
    X(SPOTS_AGAIN_AT, "Look again at %s.", "Regarder de nouveau à %s.") \
    X(SPOTS_NOT_SAID, "Nobody wrote down what was seen.", "Personne n'a noté ce qui a été vu.") \
    X(SPOTS_SAID, "This was said already. A mistake is corrected by an entry of its own: fadeline record correction.", "C'est déjà consigné. Une erreur se corrige par une entrée à part : fadeline record correction.") \
    X(SPOTS_THAT_DAY, "What a spot looked like at once and after 15 minutes is written down on the day it was placed.", "L'aspect immédiat et après 15 minutes se note le jour où l'essai a été posé.") \
    X(SPOTS_SAY_SEEN, "Say what is seen on the skin.", "Dites ce qu'on voit sur la peau.") \
    X(SPOTS_SAY_RESULT, "Say whether it is lighter, the same or darker.", "Dites si c'est plus clair, pareil ou plus foncé.") \
    X(SPOTS_PERCENT, "Cleared is a share from 0 to 100 %.", "L'éclaircissement est une part de 0 à 100 %.") \
    X(SPOTS_NOT_BEFORE, "Not read before %s.", "Pas de lecture avant le %s.") \
    X(SPOTS_WHY_WEEKS, "Before %s weeks the skin's own reaction hides what became of the ink", "Avant %s semaines, la réaction de la peau cache ce qu'est devenue l'encre") \
    X(SPOTS_FOR_TYPE, "(rule for skin type %s).", "(règle pour le phototype %s).") \
    X(SPOTS_TYPE_UNKNOWN, "(no plan says the skin type: the rule for the darkest).", "(aucun plan n'indique le phototype : règle du plus foncé).") \
    X(SPOTS_NO_RULES, "Without the clinic's rules nobody can say when this may be read.", "Sans les règles de la clinique, on ne peut dire quand la lecture est permise.") \
    X(SPOTS_PIGMENT, "Pigment of the skin changed", "Pigment de la peau changé") \
    X(SPOTS_TEXTURE, "Texture of the skin changed", "Texture de la peau changée") \
    X(SPOTS_OUT_DARKER, "Excluded: no plan uses this setting. The ink turned darker and is planned anew, as black, after 6 to 8 weeks.", "Exclu : aucun plan n'emploie ce réglage. L'encre a foncé et se planifie à neuf, comme noire, après 6 à 8 semaines.") \
    X(SPOTS_OUT_HARMED, "Excluded: no plan uses this setting before a physician has looked at it.", "Exclu : aucun plan n'emploie ce réglage avant l'avis d'un médecin.") \
    X(SPOTS_OUT_WITH, "Excluded too: another spot of this wavelength and size was read badly.", "Exclu aussi : un autre essai de cette longueur d'onde et de ce diamètre a mal tourné.") \
    X(SPOTS_KEPT, "May be used: the next plan counts this read.", "Utilisable : le prochain plan tient compte de cette lecture.") \
    X(SPOTS_NO_PHOTOS, "The client has not consented to photos, so the forms take none.", "Le client n'a pas consenti aux photos; les formulaires n'en prennent pas.") \
    X(SPOTS_PHOTOS, "Photos of these spots: %s. They are seen under", "Photos de ces essais : %s. On les voit sous") \
    /* who a client is */ \
    X(IDENTITY, "Who it is", "Qui c'est") \
    X(IDENTITY_OF, "Who %s is", "Qui est %s") \
    X(IDENTITY_NEW, "New client", "Nouveau client") \
    X(IDENTITY_NOTE, "The name is kept apart, on this computer only. Journal, plans and papers have the code.", "Le nom est gardé à part, sur cet ordinateur seulement. Le journal, les plans et les documents ont le code.") \
    X(IDENTITY_LOOK, "See who it is", "Voir qui c'est") \
    X(IDENTITY_LOOK_WHY, "That you see who %s is is written into the journal, and the client can ask who looked.", "Le fait que vous voyiez qui est %s est inscrit au journal, et le client peut demander qui a regardé.") \
    X(IDENTITY_NAME, "Name", "Nom") \
    X(IDENTITY_NAME_HINT, "As the client writes it.", "Comme le client l'écrit.") \
    X(IDENTITY_BORN, "Day of birth", "Date de naissance") \
    X(IDENTITY_BORN_HINT, "YYYY-MM-DD. It decides how long a minor's record is kept.", "AAAA-MM-JJ. Elle décide de la durée de conservation du dossier d'un mineur.") \
    X(IDENTITY_CONTACT, "How to reach the client; may stay empty", "Comment joindre le client; peut rester vide") \
    X(IDENTITY_REACH, "Contact", "Coordonnées") \
    X(IDENTITY_SAY_WHY, "Say why, in 1 to 400 plain characters.", "Dites pourquoi, en 1 à 400 caractères simples.") \
    X(IDENTITY_LANGUAGE, "Language of the papers", "Langue des documents") \
    X(IDENTITY_NONE, "The clients' register of this computer holds no name for this code.", "Le registre des clients de cet ordinateur n'a pas de nom pour ce code.") \
    X(IDENTITY_CHANGE, "Change", "Modifier") \
    X(IDENTITY_CHANGED, "What was before stays sealed in the journal; only its text is replaced here.", "Ce qui était avant reste scellé au journal; seul le texte est remplacé ici.") \
    X(IDENTITY_SINCE, "Client since", "Client depuis") \
    X(IDENTITY_UNTIL, "Record kept until", "Dossier conservé jusqu'au") \
    X(IDENTITY_RULE, "Rule", "Règle") \
    X(IDENTITY_GONE, "Name, contact, signed texts and photos were erased on %s. Pulses and journal stay, and the code is never used again.", "Nom, coordonnées, textes signés et photos supprimés le %s. Les impulsions et le journal restent, et le code ne sert plus jamais.") \
    X(IDENTITY_ERASE, "Erase who it is", "Supprimer l'identité") \
    X(IDENTITY_ERASE_WHY, "Name, contact, signed texts and photos go for ever. Pulses and journal stay.", "Nom, coordonnées, textes signés et photos disparaissent pour toujours. Les impulsions et le journal restent.") \
    X(IDENTITY_WHY, "Reason, without names", "Motif, sans nom") \
    X(IDENTITY_SECOND, "Supervisor who signs beside you", "Superviseur qui signe avec vous") \
    X(IDENTITY_SECOND_PIN, "PIN of the supervisor", "NIP du superviseur") \
    X(IDENTITY_SECOND_BAD, "The second person is another supervisor, with the right PIN.", "La seconde personne est un autre superviseur, avec le bon NIP.") \
    X(IDENTITY_TOO_EARLY, "It may be erased after that day.", "On peut le supprimer après cette date.") \
    X(IDENTITY_HOLD, "On legal hold: nothing is erased, whatever the day.", "Sous conservation légale : rien n'est supprimé, quelle que soit la date.") \
    /* map */ \
    X(MAP_TOP, "Head from above, forehead on top", "Tête vue d'en haut, le front en haut") \
    X(MAP_FRONT, "Face", "Visage") \
    X(MAP_BACK, "Head from behind", "Tête vue de derrière") \
    X(MAP_LEFT, "The client's left side", "Côté gauche du client") \
    X(MAP_RIGHT, "The client's right side", "Côté droit du client") \
    X(MAP_AREOLA, "Areolas, by clock hour", "Aréoles, par heure d'horloge") \
    X(MAP_SHEET, "Blank sheet, in mm", "Feuille blanche, en mm") \
    X(MAP_DRAWN, "As drawn", "Comme dessiné") \
    X(MAP_PULSES, "Numbers are pulses of one pass.", "Les nombres sont les impulsions d'un passage.") \
    X(MAP_DELIVERED, "Delivered of planned pulses.", "Impulsions données sur impulsions prévues.") \
    X(MAP_CHOSEN, "The zone with the thick edge is chosen: delivered / budget.", "La zone au bord épais est choisie : données / budget.") \
    X(MAP_OPEN, "planned", "prévue") \
    X(MAP_NOW, "now", "maintenant") \
    X(MAP_DONE, "done", "faite") \
    X(MAP_LOCKED, "locked: no pulse here", "verrouillée : aucune impulsion ici") \
    /* page_case_draw */ \
    X(DRAW_PICTURE, "Picture", "Image") \
    X(DRAW_TOP, "From above", "D'en haut") \
    X(DRAW_FRONT, "Face", "Visage") \
    X(DRAW_BACK, "From behind", "De derrière") \
    X(DRAW_LEFT, "Left side", "Côté gauche") \
    X(DRAW_RIGHT, "Right side", "Côté droit") \
    X(DRAW_AREOLA, "Areolas", "Aréoles") \
    X(DRAW_SHEET, "Blank sheet", "Feuille blanche") \
    X(DRAW_ZONE, "Zone that is drawn", "Zone à dessiner") \
    X(DRAW_OUTLINE, "Outline", "Contour") \
    X(DRAW_OUTLINE_HINT, "Draw around it, or touch its corners one by one. A corner can be moved.", "Tracez le contour, ou touchez les coins un à un. Un coin se déplace.") \
    X(DRAW_KEEP, "Keep line", "Ligne à garder") \
    X(DRAW_REMOVE, "Remove line", "Ligne à enlever") \
    X(DRAW_KEEP_HINT, "The keep line is the new edge: no part of a spot crosses it, and its teeth point to what stays. The remove line, where the old edge is, says how wide the band is.", "La ligne à garder est le nouveau bord : aucun point ne la touche, et ses dents montrent ce qui reste. La ligne à enlever, sur l'ancien bord, donne la largeur de la bande.") \
    X(DRAW_WIDTH, "Width of the band, mm", "Largeur de la bande, mm") \
    X(DRAW_FEATHER, "Soften: fewer spots in the last rows", "Adoucir : moins de points dans les dernières rangées") \
    X(DRAW_SWAP, "Other side stays", "L'autre côté reste") \
    X(DRAW_BEHIND, "Lock what lies behind", "Verrouiller ce qui est derrière") \
    X(DRAW_BEHIND_WHY, "density behind the keep line stays", "la densité derrière la ligne à garder reste") \
    X(DRAW_SCAR, "Scar line", "Ligne de cicatrice") \
    X(DRAW_SCAR_HINT, "Draw along the middle of the scar, and say how wide it is.", "Tracez le milieu de la cicatrice, et donnez sa largeur.") \
    X(DRAW_SCAR_WIDTH, "Width of the scar, mm", "Largeur de la cicatrice, mm") \
    X(DRAW_KNOWN, "Known length", "Longueur connue") \
    X(DRAW_KNOWN_HINT, "Draw a line whose length was measured on the client, and type it: the picture and what was drawn on it today follow.", "Tracez une ligne mesurée sur le client, et tapez sa longueur : l'image et ce qui y a été tracé aujourd'hui suivent.") \
    X(DRAW_KNOWN_MM, "Its length, mm", "Sa longueur, mm") \
    X(DRAW_USE, "Use it", "L'utiliser") \
    X(DRAW_HOURS, "Clock hours", "Heures") \
    X(DRAW_HOURS_HINT, "From one hour to another, clockwise, as you look at the client.", "D'une heure à l'autre, dans le sens horaire, en regardant le client.") \
    X(DRAW_FROM, "From", "De") \
    X(DRAW_TO, "To", "À") \
    X(DRAW_OUTER, "Diameter, mm", "Diamètre, mm") \
    X(DRAW_INNER, "Left free in the middle, mm", "Laissé libre au milieu, mm") \
    X(DRAW_ON_LEFT, "Client's left", "Gauche du client") \
    X(DRAW_ON_RIGHT, "Client's right", "Droite du client") \
    X(DRAW_UNDO, "Undo", "Annuler") \
    X(DRAW_CLEAR, "Remove drawing", "Enlever le dessin") \
    X(DRAW_LINE, "Drawing, mm", "Dessin, mm") \
    X(DRAW_SCALE, "Size of the pictures; 1: a middling head", "Taille des images; 1 : une tête moyenne") \
    X(DRAW_NOTE, "A drawing is flat and has its own area; a typed area needs none. Draw neighbours on one picture: only there the plan knows how near they are. In the table a drawing is a line with points as decimals, such as polygon:0,0 40,0 40,25 or strip:0,0 70,4 width=20.", "Un dessin est plat et a sa propre surface; une surface tapée n'en demande pas. Dessinez des voisines sur la même image : le plan n'en connaît la distance que là. Dans le tableau un dessin est une ligne, avec des points décimaux, comme polygon:0,0 40,0 40,25 ou strip:0,0 70,4 width=20.") \
    X(CASE_SEEN, "Seen here", "Vu ici") \
    /* the end of the list: new rows go above, each with its backslash */
/* clang-format on */

typedef enum word {
#define X(id, english, french) W_##id,
    WORD_LIST(X)
#undef X
        WORDS
} word;

const char *word_in(language l, word w);
const char *language_code(language l); /* "en", "fr" */

#endif
