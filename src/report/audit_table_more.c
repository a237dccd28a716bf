/* Tables of sections 6 to 13, looks, sessions and the appendix. */
#include "audit_table_cells.h"
#include "audit_words.h"

#include <stdio.h>
#include <string.h>

#define COUNT(name, list)                                                                                    \
    static size_t name(const fl_audit *a)                                                                    \
    {                                                                                                        \
        return a->sections.list.count;                                                                       \
    }

/* ---- 6 ---- */

COUNT(harm_count, harm)
static void harm_row(const fl_audit *a, size_t i, fl_audit_row *r)
{
    const fl_audit_harm *h = &a->sections.harm.at[i];
    text(r, h->site), text(r, h->dev), at(r, h->at), text(r, h->near_miss ? "near-miss" : "event");
    text(r, h->what), id(r, h->sid), text(r, h->pat), id(r, h->after_h), id(r, h->grade), text(r, h->who);
    text(r, h->words), entry(r, a, h->log, h->index);
}

static size_t rate_count(const fl_audit *a)
{
    (void)a;
    return 1;
}
static void rate_row(const fl_audit *a, size_t i, fl_audit_row *r)
{
    const fl_audit_sections *s = &a->sections;
    (void)i;
    whole(r, s->sessions_n), whole(r, s->events), real(r, s->events_per_100, 2), whole(r, s->near_misses);
    real(r, s->near_misses_per_100, 2), whole(r, s->tasks_due), whole(r, s->tasks_done);
    whole(r, s->tasks_due - s->tasks_done), whole(r, s->spots.n), whole(r, s->spots.tested);
    whole(r, s->spots.early), whole(r, s->spots.none), whole(r, s->spots.looks_early);
    whole(r, s->over_soft), whole(r, s->over_hard);
}

COUNT(follow_up_count, follow_ups)
static void follow_up_row(const fl_audit *a, size_t i, fl_audit_row *r)
{
    const fl_audit_follow_up *f = &a->sections.follow_ups.at[i];
    text(r, f->site), day(r, f->day), id(r, f->sid), text(r, f->pat), text(r, f->task), day(r, f->due);
    signed_whole(r, f->overdue_days);
}

/* ---- 7 ---- */

COUNT(spot_count, spot_gaps)
static void spot_row(const fl_audit *a, size_t i, fl_audit_row *r)
{
    const fl_audit_spot_gap *g = &a->sections.spot_gaps.at[i];
    text(r, g->site), text(r, g->dev), day(r, g->day), id(r, g->sid), text(r, g->pat), text(r, g->who);
    text(r, g->proc), text(r, g->days < 0 ? "none" : "early");
    g->days < 0 ? none(r) : signed_whole(r, g->days);
}

/* ---- 8, 9, 10 ---- */

COUNT(energy_count, energy)
static void energy_row(const fl_audit *a, size_t i, fl_audit_row *r)
{
    const fl_audit_energy *e = &a->sections.energy.at[i];
    text(r, e->site), text(r, e->dev), text(r, e->head), day(r, e->day), id(r, e->wl_nm), id(r, e->n);
    real(r, (double)e->set_uJ / 1e3, 3);
    e->mean_uJ ? real(r, (double)e->mean_uJ / 1e3, 3) : none(r);
    e->mean_uJ ? real(r, (double)e->spread_uJ / 1e3, 3) : none(r);
    e->has_off ? real(r, (double)e->off_ppm / 1e4, 1) : none(r);
    text(r, e->verdict), text(r, e->reason), text(r, e->who), text(r, e->meter),
        entry(r, a, e->log, e->index);
}

COUNT(service_count, service)
static void service_row(const fl_audit *a, size_t i, fl_audit_row *r)
{
    const fl_audit_service *s = &a->sections.service.at[i];
    text(r, s->site), text(r, s->dev), whole(r, s->counter);
    s->due_known ? whole(r, s->due) : none(r);
    s->due_known ? signed_whole(r, s->left) : none(r);
    whole(r, s->months);
    s->months ? real(r, s->rate, 0) : none(r);
    real(r, s->sd, 0), real(r, s->weeks, 1), real(r, s->weeks_low, 1), real(r, s->weeks_high, 1);
}

COUNT(certificate_count, certificates)
static void certificate_row(const fl_audit *a, size_t i, fl_audit_row *r)
{
    const fl_audit_certificate *c = &a->sections.certificates.at[i];
    text(r, c->who), text(r, c->role), day(r, c->until), signed_whole(r, c->days),
        entry(r, a, c->log, c->index);
}

/* ---- 11 ---- */

COUNT(missing_count, missing)
static void missing_row(const fl_audit *a, size_t i, fl_audit_row *r)
{
    const fl_audit_missing *m = &a->sections.missing.at[i];
    text(r, m->site), text(r, m->dev), day(r, m->day), id(r, m->sid), text(r, m->pat), text(r, m->who);
    text(r, fl_audit_missing_text(m->kind));
}

COUNT(correction_count, corrections)
static void correction_row(const fl_audit *a, size_t i, fl_audit_row *r)
{
    const fl_audit_correction *c = &a->sections.corrections.at[i];
    at(r, c->at), whole(r, c->about), text(r, c->who), text(r, c->words), entry(r, a, c->log, c->index);
}

/* ---- 12 ---- */

static size_t log_count(const fl_audit *a)
{
    return fl_audit_logs(a);
}
/* The number of a row is the number of the log, wherever an entry is named. */
static void log_row(const fl_audit *a, size_t i, fl_audit_row *r)
{
    size_t source = 0, log = i;
    while (log >= a->histories[source].count) log -= a->histories[source++].count;
    const fl_verify_report *v = &a->journals[source];
    const fl_history_log *of = &a->histories[source].logs[log];
    const bool newest = log + 1 == a->histories[source].count;
    whole(r, i + 1), text(r, of->origin), whole(r, newest ? v->entries : of->entries);
    newest ? whole(r, v->signed_size) : none(r);
    text(r, fl_hex(newest ? v->root.byte : of->root.byte, FL_SHA256_SIZE, r->room));
    text(r, newest ? v->vkey : "");
    text(r, v->simulated ? "fadeline journal verify --simulated" : "fadeline journal verify");
    text(r, of->missing ? "missing" : "");
}

/* ---- 13 ---- */

COUNT(money_count, money)
static void money_row(const fl_audit *a, size_t i, fl_audit_row *r)
{
    const fl_audit_money *m = &a->sections.money.at[i];
    const bool invoice = m->kind != FL_AUDIT_NO_INVOICE;
    text(r, m->site), day(r, m->day), text(r, fl_audit_money_text(m->kind)), text(r, m->no), id(r, m->sid);
    text(r, m->pat);
    invoice ? real(r, (double)m->cents / 100, 2) : none(r);
    text(r, m->cur);
    invoice ? none(r) : whole(r, m->pulses);
}

COUNT(invoiced_count, invoiced)
static void invoiced_row(const fl_audit *a, size_t i, fl_audit_row *r)
{
    const fl_audit_invoiced *v = &a->sections.invoiced.at[i];
    text(r, v->cur), whole(r, v->n), real(r, (double)v->cents / 100, 2);
}

/* ---- beside them ---- */

COUNT(look_count, looks)
static void look_row(const fl_audit *a, size_t i, fl_audit_row *r)
{
    const fl_audit_look *l = &a->sections.looks.at[i];
    at(r, l->at), text(r, l->who), text(r, l->what), text(r, l->pat), entry(r, a, l->log, l->index);
}

COUNT(act_count, acts)
static void act_row(const fl_audit *a, size_t i, fl_audit_row *r)
{
    const fl_audit_act *t = &a->sections.acts.at[i];
    at(r, t->at), text(r, fl_kind_text(t->kind)), text(r, t->who), text(r, t->what), text(r, t->pat),
        entry(r, a, t->log, t->index);
}

COUNT(session_count, sessions)
static void session_row(const fl_audit *a, size_t i, fl_audit_row *r)
{
    const fl_audit_session *s = &a->sections.sessions.at[i];
    text(r, s->site), text(r, s->dev), id(r, s->sid), at(r, s->at), at(r, s->ended);
    text(r, s->calibration ? "check" : s->manual ? "by hand" : "granted"), text(r, s->pat), text(r, s->who);
    text(r, s->proc), whole(r, s->treatment), whole(r, s->test), whole(r, s->check),
        entry(r, a, s->log, s->index);
}

static size_t definition_count(const fl_audit *a)
{
    size_t count = 0;
    (void)a;
    while (fl_audit_definition_at(count)) count++;
    return count;
}
static void definition_row(const fl_audit *a, size_t i, fl_audit_row *r)
{
    (void)a;
    text(r, fl_audit_definition_at(i)->term), text(r, fl_audit_definition_at(i)->meaning);
}

/* clang-format off */
static const fl_audit_table more[] = {
    {"rates", "taux",
     {{"n_sessions", "n_seances"}, {"events", "evenements"}, {"events_per_100", "evenements_par_100"},
      {"near_misses", "presque_accidents"}, {"near_misses_per_100", "presque_accidents_par_100"},
      {"follow_ups_due", "suivis_dus"}, {"follow_ups_done", "suivis_faits"}, {"follow_ups_open", "suivis_ouverts"},
      {"n_treated", "n_traitees"}, {"test_spots", "essais"}, {"test_spots_early", "essais_trop_recents"},
      {"test_spots_none", "sans_essai"}, {"looked_early", "lus_trop_tot"},
      {"zones_past_soft_stop", "zones_arret_souple"}, {"zones_past_hard_stop", "zones_arret_dur"}},
     rate_count, rate_row},
    {"harm", "evenements",
     {{"site", "site"}, {"device", "appareil"}, {"time_utc", "heure_utc"}, {"kind", "genre"}, {"what", "quoi"},
      {"session", "seance"}, {"client", "client"}, {"after_h", "apres_h"}, {"grade", "degre"},
      {"person", "personne"}, {"words", "texte"}, {"entry", "ecriture"}, {"log", "registre"}},
     harm_count, harm_row},
    {"follow_ups", "suivis",
     {{"site", "site"}, {"session_day", "jour_seance"}, {"session", "seance"}, {"client", "client"},
      {"task", "tache"}, {"due", "echeance"}, {"overdue_days", "retard_jours"}},
     follow_up_count, follow_up_row},
    {"test_spots", "essais",
     {{"site", "site"}, {"device", "appareil"}, {"day", "jour"}, {"session", "seance"}, {"client", "client"},
      {"person", "personne"}, {"procedure", "procedure"}, {"finding", "constat"}, {"days_since", "jours_depuis"}},
     spot_count, spot_row},
    {"energy", "energie",
     {{"site", "site"}, {"device", "appareil"}, {"head", "tete"}, {"day", "jour"},
      {"wavelength_nm", "longueur_onde_nm"}, {"n_pulses", "n_impulsions"}, {"set_mJ", "reglee_mJ"},
      {"mean_mJ", "moyenne_mJ"}, {"spread_mJ", "ecart_type_mJ"}, {"off_percent", "ecart_pourcent"},
      {"verdict", "verdict"}, {"reason", "motif"}, {"person", "personne"}, {"meter", "mesureur"},
      {"entry", "ecriture"}, {"log", "registre"}},
     energy_count, energy_row},
    {"service", "entretien",
     {{"site", "site"}, {"device", "appareil"}, {"counter_pulses", "compteur_impulsions"},
      {"due_pulses", "echeance_impulsions"}, {"left_pulses", "reste_impulsions"}, {"n_months", "n_mois"},
      {"rate_pulses_per_month", "cadence_impulsions_par_mois"}, {"sd_pulses_per_month", "ecart_type_impulsions_par_mois"},
      {"weeks", "semaines"}, {"weeks_low", "semaines_min"}, {"weeks_high", "semaines_max"}},
     service_count, service_row},
    {"certificates", "certificats",
     {{"person", "personne"}, {"role", "role"}, {"until", "jusqu_au"}, {"days_left", "jours_restants"},
      {"entry", "ecriture"}, {"log", "registre"}},
     certificate_count, certificate_row},
    {"missing", "manques",
     {{"site", "site"}, {"device", "appareil"}, {"day", "jour"}, {"session", "seance"}, {"client", "client"},
      {"person", "personne"}, {"missing", "manque"}},
     missing_count, missing_row},
    {"corrections", "corrections",
     {{"time_utc", "heure_utc"}, {"about_entry", "ecriture_visee"}, {"person", "personne"}, {"words", "texte"},
      {"entry", "ecriture"}, {"log", "registre"}},
     correction_count, correction_row},
    {"journals", "registres",
     {{"log", "registre"}, {"origin", "origine"}, {"entries", "ecritures"},
      {"signed_entries", "ecritures_signees"}, {"root_sha256", "racine_sha256"}, {"key", "cle"},
      {"repeat_with", "refaire_avec"}, {"state", "etat"}},
     log_count, log_row},
    {"money", "factures",
     {{"site", "site"}, {"day", "jour"}, {"finding", "constat"}, {"invoice", "facture"}, {"session", "seance"},
      {"client", "client"}, {"amount", "montant"}, {"currency", "devise"},
      {"treatment_pulses", "traitement_impulsions"}},
     money_count, money_row},
    {"invoiced", "facture_total",
     {{"currency", "devise"}, {"n_invoices", "n_factures"}, {"amount", "montant"}},
     invoiced_count, invoiced_row},
    {"looks", "consultations",
     {{"time_utc", "heure_utc"}, {"person", "personne"}, {"what", "quoi"}, {"client", "client"},
      {"entry", "ecriture"}, {"log", "registre"}},
     look_count, look_row},
    {"acts", "actes",
     {{"time_utc", "heure_utc"}, {"kind", "genre"}, {"person", "personne"}, {"what", "quoi"},
      {"client", "client"}, {"entry", "ecriture"}, {"log", "registre"}},
     act_count, act_row},
    {"sessions", "seances",
     {{"site", "site"}, {"device", "appareil"}, {"session", "seance"}, {"opened_utc", "ouverte_utc"},
      {"closed_utc", "close_utc"}, {"kind", "genre"}, {"client", "client"}, {"person", "personne"},
      {"procedure", "procedure"}, {"treatment_pulses", "traitement_impulsions"},
      {"test_pulses", "essai_impulsions"}, {"check_pulses", "controle_impulsions"}, {"entry", "ecriture"}, {"log", "registre"}},
     session_count, session_row},
    {"definitions", "definitions", {{"term", "terme"}, {"meaning", "sens"}},
     definition_count, definition_row},
};
/* clang-format on */

const fl_audit_table *fl_audit_table_more(size_t i)
{
    return i < sizeof more / sizeof *more ? &more[i] : NULL;
}
