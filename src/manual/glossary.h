/* Glossary: one word for an idea, in English and in the French of Canada. Screens have the same words (a test
 * compares them with src/console/words.h). */
#ifndef FL_MANUAL_GLOSSARY_H
#define FL_MANUAL_GLOSSARY_H

/* clang-format off */
/*    English              français                         what it means                 ce que cela veut dire */
#define GLOSSARY(X) \
    X("pulse",             "impulsion",                     "one emission of the laser",  "une émission du laser") \
    X("pass",              "passage",                       "one coverage of a zone",     "une couverture d'une zone") \
    X("session",           "séance",                        "one visit",                  "une visite") \
    X("course",            "série de séances",              "all sessions together",      "toutes les séances ensemble") \
    X("zone",              "zone",                          "a part of the skin, with a budget of its own", "partie de la peau, avec son propre budget") \
    X("test spot",         "essai ponctuel",                "a few pulses, read weeks later", "quelques impulsions, lues des semaines plus tard") \
    X("wavelength",        "longueur d'onde",               "the colour of the light, nm", "la couleur de la lumière, nm") \
    X("fluence",           "fluence",                       "energy over the area of the spot, J/cm²; never power", "énergie par surface du faisceau, J/cm²") \
    X("spot",              "diamètre du faisceau",          "diameter of the light at the skin, mm", "diamètre de la lumière sur la peau, mm") \
    X("rate",              "cadence",                       "pulses a second, Hz",        "impulsions par seconde, Hz") \
    X("immediate whitening", "blanchiment immédiat",          "white at once, gone in minutes", "blanc sur le coup, disparu en quelques minutes") \
    X("endpoint",          "point final",                   "what the skin shows and the technician tells", "ce que la peau montre et que la technicienne dit") \
    X("STANDBY",           "ATTENTE",                       "no pulse is possible",       "aucune impulsion possible") \
    X("READY",             "PRÊT",                          "the foot fires",             "le pied déclenche") \
    X("EMISSION",          "ÉMISSION",                      "a pulse is being made",      "une impulsion est en cours") \
    X("FAULT",             "DÉFAUT",                        "something is wrong, and the laser stays shut", "quelque chose ne va pas, et le laser reste fermé") \
    X("emergency stop",    "arrêt d'urgence",               "the red button; works without the computer", "le bouton rouge; fonctionne sans l'ordinateur") \
    X("eyewear",           "lunettes de protection",        "for this wavelength and pulse length", "pour cette longueur d'onde et cette durée") \
    X("energy check",      "contrôle d'énergie",            "the laser against a meter, every week", "le laser contre un énergiemètre, chaque semaine") \
    X("counter",           "compteur",                      "pulses in the life of the laser, by the laser itself", "impulsions de toute la vie du laser") \
    X("grant",             "accord",                        "leave for one pulse, in the journal before it is sent", "permission pour une impulsion, inscrite d'abord") \
    X("journal",           "registre",                      "the record that nobody can quietly change", "le registre que personne ne peut changer en cachette") \
    X("checkpoint",        "point de contrôle",             "signature of the journal; shows any later change", "signature du registre; montre tout changement") \
    X("scalp micropigmentation", "micropigmentation capillaire", "dots of ink that look like shaved hair", "points d'encre qui imitent le cheveu rasé") \
    X("removal",           "détatouage",                    "fading the previous work as far as safe", "éclaircir l'ouvrage précédent, prudemment")
/* clang-format on */

#endif
