/* Owner's words: heads of the columns of audit_table.h, and codes in cells, as people say them.
 *
 * The key is the exports' own. A column without a row here is a failed test (console/owner); a code without
 * one is shown as it is, which is right for names. Codes in files stay codes.
 */
#ifndef FL_CONSOLE_OWNER_WORDS_H
#define FL_CONSOLE_OWNER_WORDS_H

/* clang-format off */
#define COLUMN_LIST(X) \
    X("about_entry", "Entry that is wrong", "Inscription visée") \
    X("after_h", "After, h", "Après, h") \
    X("amount", "Amount", "Montant") \
    X("by", "By", "Par") \
    X("certificate", "Certificate", "Certificat") \
    X("check_pulses", "Check", "Contrôle") \
    X("client", "Client", "Client") \
    X("clients", "Clients", "Clients") \
    X("closed_utc", "Closed, UTC", "Close, UTC") \
    X("closing_pulses", "Closing", "Clôture") \
    X("code", "Code", "Code") \
    X("counter_pulses", "Counter", "Compteur") \
    X("currency", "Currency", "Devise") \
    X("day", "Day", "Jour") \
    X("days_left", "Days left", "Jours restants") \
    X("days_since", "Days since", "Jours depuis") \
    X("delta_pulses", "Counter moved", "Écart du compteur") \
    X("device", "Laser", "Laser") \
    X("due", "Due", "Échéance") \
    X("due_pulses", "Due at", "Dû à") \
    X("entries", "Entries", "Inscriptions") \
    X("entry", "Entry", "Inscription") \
    X("events", "Events", "Événements") \
    X("events_per_100", "Events per 100", "Événements par 100") \
    X("exceptions", "Exceptions", "Exceptions") \
    X("finding", "Finding", "Constat") \
    X("flag", "Verdict", "Verdict") \
    X("flagged_days", "Flagged days", "Jours signalés") \
    X("follow_ups_done", "Follow-ups done", "Suivis faits") \
    X("follow_ups_due", "Follow-ups due", "Suivis dus") \
    X("follow_ups_open", "Follow-ups open", "Suivis ouverts") \
    X("from", "From", "Du") \
    X("grade", "Grade", "Degré") \
    X("head", "Head", "Tête") \
    X("invoice", "Invoice", "Facture") \
    X("key", "Key of the log", "Clé du registre") \
    X("kind", "Kind", "Genre") \
    X("lasers", "Lasers", "Lasers") \
    X("left_pulses", "Pulses left", "Impulsions restantes") \
    X("limit", "A limit", "Limite") \
    X("log", "Log", "Registre") \
    X("looked_early", "Read too early", "Lus trop tôt") \
    X("mean_mJ", "Mean, mJ", "Moyenne, mJ") \
    X("meaning", "Meaning", "Sens") \
    X("meter", "Meter", "Mesureur") \
    X("missing", "What is missing", "Ce qui manque") \
    X("n_invoices", "n invoices", "n factures") \
    X("n_months", "n months", "n mois") \
    X("n_pulses", "n pulses", "n impulsions") \
    X("n_sessions", "n sessions", "n séances") \
    X("n_treated", "n treated", "n traitées") \
    X("name", "Name", "Nom") \
    X("near_misses", "Near misses", "Quasi-accidents") \
    X("near_misses_per_100", "Near misses per 100", "Quasi-accidents par 100") \
    X("off_percent", "Off, %", "Écart, %") \
    X("opened_utc", "Opened, UTC", "Ouverte, UTC") \
    X("opening_pulses", "Opening", "Ouverture") \
    X("origin", "Log", "Registre") \
    X("overdue_days", "Days overdue", "Jours de retard") \
    X("person", "Person", "Personne") \
    X("procedure", "Procedure", "Acte") \
    X("rate_pulses_per_month", "Pulses a month", "Impulsions par mois") \
    X("reason", "Reason", "Motif") \
    X("refused", "Refused", "Refus") \
    X("repeat_with", "Repeat with", "Refaire avec") \
    X("state", "State", "État") \
    X("role", "Role", "Rôle") \
    X("root_sha256", "Root, SHA-256", "Racine, SHA-256") \
    X("sd_pulses_per_month", "Spread (SD)", "Écart type") \
    X("service_pulses", "Service", "Entretien") \
    X("session", "Session", "Séance") \
    X("session_day", "Day of the session", "Jour de la séance") \
    X("set_mJ", "Set, mJ", "Réglée, mJ") \
    X("severe", "Grave", "Grave") \
    X("signed_entries", "Signed entries", "Inscriptions signées") \
    X("site", "Site", "Site") \
    X("spread_mJ", "Spread, mJ", "Écart type, mJ") \
    X("stopped", "Stopped", "Arrêts") \
    X("task", "Follow-up", "Suivi") \
    X("term", "Word", "Mot") \
    X("test_pulses", "Test", "Essai") \
    X("test_spots", "Test spots in time", "Essais à temps") \
    X("test_spots_early", "Test spots too recent", "Essais trop récents") \
    X("test_spots_none", "No test spot", "Sans essai") \
    X("text", "What was found", "Ce qui a été trouvé") \
    X("time_utc", "Time, UTC", "Heure, UTC") \
    X("to", "To", "Au") \
    X("tolerance_pulses", "Tolerance", "Tolérance") \
    X("treatment_pulses", "Treatment", "Traitement") \
    X("unexplained_absolute_pulses", "Without signs", "Sans signe") \
    X("unexplained_pulses", "Unexplained", "Inexpliquées") \
    X("until", "Until", "Jusqu'au") \
    X("verdict", "Verdict", "Verdict") \
    X("wavelength_nm", "Wavelength, nm", "Longueur d'onde, nm") \
    X("weeks", "Weeks", "Semaines") \
    X("weeks_high", "Weeks at most", "Semaines au plus") \
    X("weeks_low", "Weeks at least", "Semaines au moins") \
    X("what", "What", "Quoi") \
    X("words", "In words", "En mots") \
    X("zone", "Zone", "Zone") \
    X("zones_past_hard_stop", "Zones past the hard stop", "Zones au-delà de l'arrêt dur") \
    X("zones_past_soft_stop", "Zones past the soft stop", "Zones au-delà de l'arrêt souple")

#define VALUE_LIST(X) \
    X("ok", "in order", "en ordre") \
    X("FLAG", "FLAG", "SIGNALÉ") \
    X("nothing", "no reading", "aucune lecture") \
    X("yes", "yes", "oui") \
    X("no", "no", "non") \
    X("none", "none", "aucun") \
    X("early", "too early", "trop tôt") \
    X("pass", "pass", "réussi") \
    X("warn", "warned", "averti") \
    X("lock", "LOCKED", "VERROUILLÉE") \
    X("void", "withdrawn", "retiré") \
    X("begun", "begun, not concluded", "commencé, sans conclusion") \
    X("granted", "pulse by pulse", "impulsion par impulsion") \
    X("by hand", "by hand", "à la main") \
    X("check", "check", "contrôle") \
    X("event", "event", "événement") \
    X("near-miss", "near miss", "quasi-accident") \
    X("procedure", "procedure", "acte") \
    X("site", "site", "site") \
    X("person", "person", "personne") \
    X("operator", "operator", "opérateur") \
    X("supervisor", "supervisor", "superviseur") \
    X("service", "service", "entretien") \
    X("auditor", "auditor", "vérificateur") \
    X("owner", "owner", "propriétaire") \
    X("export", "export", "exportation") \
    X("print", "print", "impression") \
    X("erase", "erasure", "effacement") \
    X("auth.ok", "signed in", "inscrit") \
    X("auth.fail", "sign-in refused", "inscription refusée") \
    X("photos", "photos", "photos") \
    X("record", "record", "dossier") \
    X("identity", "identity", "identité") \
    X("blister", "blister", "cloque") \
    X("burn", "burn", "brûlure") \
    X("crust", "crust", "croûte") \
    X("infection", "infection", "infection") \
    X("pigment", "change of pigment", "changement de pigment") \
    X("scar", "scar", "cicatrice") \
    X("hair", "hair", "poils") \
    X("other", "other", "autre") \
    X("wrong spot", "wrong spot", "mauvais diamètre") \
    X("eyewear", "eyewear", "lunettes de protection") \
    X("24h", "24 h", "24 h") \
    X("7d", "7 days", "7 jours") \
    X("6wk", "6 weeks", "6 semaines") \
    X("identity deleted, and no erasure in the journal", "identity deleted, and no erasure in the journal", "identité supprimée, sans effacement au registre") \
    X("no consent to treatment", "no consent to treatment", "aucun consentement au traitement") \
    X("consent without its signed text", "consent without its signed text", "consentement sans son texte signé") \
    X("no photo from before", "no photo from before", "aucune photo d'avant") \
    X("plan not confirmed", "plan not confirmed", "plan non confirmé") \
    X("never closed", "never closed", "jamais close") \
    X("response", "response", "réponse") \
    X("stop", "stop", "arrêt") \
    X("override", "override", "dérogation") \
    X("photo", "photo", "photo") \
    X("consent", "consent", "consentement") \
    X("follow-up", "follow-up", "suivi") \
    X("correction", "correction", "correction") \
    X("note", "note", "note")

/* What an exception is, and what to do about it. The sentence of the audit stands beside it. */
#define EXCEPTION_LIST(X) \
    X("period", "The whole period does not add up", "La période entière ne s'additionne pas", \
      "Call the site: ask for the days below, one by one, and for work on the laser that nobody wrote down.", \
      "Appelez le site : demandez les jours ci-dessous, un par un, et tout travail sur le laser que personne n'a inscrit.") \
    X("day", "A day does not add up", "Un jour ne s'additionne pas", \
      "Call the site: who was there at these times? The times stand below.", \
      "Appelez le site : qui était là à ces heures? Les heures suivent.") \
    X("gap", "Pulses between two readings", "Impulsions entre deux lectures", \
      "Ask who had the key between these two times; a pulse that is explained is written down as a service or a correction.", \
      "Demandez qui avait la clé entre ces deux heures; une impulsion expliquée s'inscrit comme entretien ou correction.") \
    X("service", "The counter was changed, with a paper", "Le compteur a été changé, avec un bon", \
      "Nothing, if the service paper of this number is in the folder.", \
      "Rien, si le bon d'entretien de ce numéro est au dossier.") \
    X("unsettled", "A pulse whose outcome is not known", "Une impulsion dont l'issue est inconnue", \
      "Have the counter read: the next session settles it.", \
      "Faites lire le compteur : la prochaine séance le règle.") \
    X("interrupted", "A session was never closed", "Une séance n'a jamais été close", \
      "Ask who worked; the next session closes it and says what was left open.", \
      "Demandez qui travaillait; la prochaine séance la ferme et dit ce qui restait ouvert.") \
    X("clock", "The clock was changed", "L'horloge a été changée", \
      "Times around it are doubtful, the order is not. Check the date and time of this computer.", \
      "Les heures voisines sont douteuses, l'ordre ne l'est pas. Vérifiez la date et l'heure de cet ordinateur.") \
    X("silent", "A laser that nobody read", "Un laser que personne n'a lu", \
      "Ask whether it was used; have its counter read.", \
      "Demandez s'il a servi; faites lire son compteur.") \
    X("counter-mismatch", "The counter was not where the records put it", "Le compteur n'était pas où le registre le place", \
      "Call the site before the next session: the laser stopped for it.", \
      "Appelez le site avant la prochaine séance : le laser s'est arrêté pour cela.") \
    X("service-fault", "A fault that needs service", "Un défaut qui demande l'entretien", \
      "No treatment with this laser until service has signed.", \
      "Aucun traitement avec ce laser avant la signature de l'entretien.") \
    X("open-zone", "A zone whose pulses were never counted", "Une zone dont les impulsions n'ont jamais été comptées", \
      "Ask who worked for the counter after the zone; write it down as a correction.", \
      "Demandez à qui travaillait le compteur d'après la zone; inscrivez-le comme correction.") \
    X("new-device", "A laser seen for the first time", "Un laser vu pour la première fois", \
      "Is it new, or a laser that had another name? Compare its serial number.", \
      "Est-il neuf, ou un laser qui avait un autre nom? Comparez son numéro de série.") \
    X("anchor", "The laser remembers another journal", "Le laser se souvient d'un autre registre", \
      "Call the site before the next session: which copy did this laser work with? Keep every copy.", \
      "Appelez le site avant la prochaine séance : avec quelle copie ce laser a-t-il travaillé? Gardez chaque copie.") \
    X("journal-damaged", "The journal was found damaged", "Le registre a été trouvé endommagé", \
      "Touch nothing and keep all copies; verify says where, and the hub's copy can be brought back.", \
      "Ne touchez à rien et gardez toutes les copies; la vérification dit où, et la copie du concentrateur peut revenir.") \
    X("journal-not-verified", "A verification did not end", "Une vérification ne s'est pas terminée", \
      "Nothing is known to be wrong. Verify once, whole, when no session runs.", \
      "Rien n'est connu de mauvais. Vérifiez une fois, en entier, hors séance.") \
    X("healed", "The journal came back from a copy", "Le registre est revenu d'une copie", \
      "Ask who did it and why it was needed.", \
      "Demandez qui l'a fait et pourquoi il le fallait.") \
    X("succession", "A new log goes on with the history", "Un nouveau registre continue l'histoire", \
      "Nothing, if you signed it. Its reason stands in its first entries.", \
      "Rien, si vous l'avez signé. Sa raison est dans ses premières inscriptions.") \
    X("log-missing", "An older log is missing", "Un ancien registre manque", \
      "Call the site: figures are only from what is there. Bring the folder journals/ back from a copy.", \
      "Appelez le site : les chiffres ne viennent que de ce qui est là. Rapportez le dossier journals/ d'une copie.")
/* clang-format on */

#endif
