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
