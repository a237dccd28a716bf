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
    X(NOT_CERTIFIED, "Not a certified medical device.", "Cet appareil n'est pas un instrument médical homologué.") \
    X(SIGNED_IN_AS, "Signed in:", "Ouvert pour :") \
    X(NOT_SIGNED_IN, "Nobody is signed in", "Personne n'a ouvert de session") \
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
    X(NO_SIGN_IN, "Nobody is signed in at this screen, or it was locked.", "Personne n'est inscrit à cet écran, ou il s'est verrouillé.") \
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
    X(SIGN_IN_FIRST, "Sign in to see clients, lasers and records.", "Inscrivez-vous pour voir les clients, les lasers et les registres.") \
    /* page_sign_in */ \
    X(SIGN_IN, "Sign in", "S'inscrire") \
    X(SIGN_OUT, "Sign out", "Quitter") \
    X(WHO, "Who", "Qui") \
    X(WHO_HINT, "your pseudonym, for example op:17", "votre pseudonyme, par exemple op:17") \
    X(PIN, "PIN", "NIP") \
    X(SIGN_IN_WRONG, "Person or PIN is wrong.", "La personne ou le NIP est erroné.") \
    X(SIGN_IN_WAIT, "Too many wrong tries; wait before the next.", "Trop d'essais erronés; attendez avant le prochain.") \
    X(SIGN_IN_NOT_HERE, "This person may do nothing here; ask the owner.", "Cette personne ne peut rien faire ici; demandez au propriétaire.") \
    X(LOCKED, "The screen was locked after five minutes without a touch.", "L'écran s'est verrouillé après cinq minutes sans contact.") \
    X(SIGN_IN_BUSY, "A session or a check is running: signing in is open again when it has ended.", "Une séance ou un contrôle est en cours : l'inscription rouvre à la fin.") \
    /* page_people */ \
    X(PEOPLE, "People", "Personnes") \
    X(PERSON, "Person", "Personne") \
    X(ROLES, "Roles", "Rôles") \
    X(CERTIFICATE_UNTIL, "Certificate until", "Certificat jusqu'au") \
    X(STATE, "State", "État") \
    X(GOOD, "good", "bon") \
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
    X(S_TRAINING, "EXERCISE: nothing of it reaches the clinic's record", "EXERCICE : rien n'entre au registre de la clinique") \
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
    X(S_NEAR_MISS, "Near miss", "Presque-accident") \
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
    X(S_TAKEN, "Taken.", "Fait.") \
    X(S_REFUSED, "Refused: %s", "Refusé : %s") \
    X(S_LATE, "No answer yet. It will stand here when it comes.", "Pas encore de réponse. Elle paraîtra ici.") \
    X(S_NONE_RUNS, "No session is running.", "Aucune séance n'est en cours.") \
    X(S_BAD_ORDER, "This order was not understood.", "Cet ordre n'a pas été compris.") \
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
    X(START_RUNS, "A session is running.", "Une séance est en cours.") \
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
