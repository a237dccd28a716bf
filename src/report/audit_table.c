/* Tables of sections 1 to 5 and what all tables share. The others: audit_table_more.c */
#include "fadeline/report/audit_table.h"

#include "audit_table_cells.h"
#include "audit_words.h"

#include "fadeline/base/assert.h"

#include <math.h>
#include <string.h>

/* ---- 1, 2 ---- */

static size_t site_count(const fl_audit *a)
{
    return a->sections.sites.count;
}
static void site_row(const fl_audit *a, size_t i, fl_audit_row *r)
{
    static const char *const verdicts[] = {"", "ok", "FLAG", "nothing"};
    const fl_audit_place *p = &a->sections.sites.at[i];
    text(r, p->site), text(r, verdicts[p->verdict]), whole(r, p->devices), whole(r, p->flagged_days);
    whole(r, p->exceptions), whole(r, p->treatment), whole(r, p->test), whole(r, p->check);
    whole(r, p->unexplained_absolute);
}

static size_t exception_count(const fl_audit *a)
{
    return a->sections.exceptions.count;
}
static void exception_row(const fl_audit *a, size_t i, fl_audit_row *r)
{
    const fl_audit_exception *e = &a->sections.exceptions.at[i];
    text(r, e->site), text(r, e->dev), day(r, e->day), text(r, e->code), text(r, e->severe ? "yes" : "no");
    text(r, e->text);
    size_t number;
    const uint64_t own = fl_audit_entry(a, e->log, e->index, &number);
    whole(r, number), id(r, own);
}

/* ---- 3 ---- */

static void line_cells(const fl_audit_line *l, fl_audit_row *r)
{
    text(r, l->site), text(r, l->dev), day(r, l->from), day(r, l->to), whole(r, l->opening);
    whole(r, l->closing), signed_whole(r, l->delta), whole(r, l->treatment), whole(r, l->test);
    whole(r, l->check), signed_whole(r, l->service), signed_whole(r, l->unexplained);
    whole(r, l->unexplained_absolute), whole(r, l->tolerance), text(r, l->flag ? "FLAG" : "ok");
}
static size_t day_count(const fl_audit *a)
{
    return a->day_count;
}
static void day_row(const fl_audit *a, size_t i, fl_audit_row *r)
{
    line_cells(&a->days[i], r);
}
static size_t device_count(const fl_audit *a)
{
    return a->total_count;
}
static void device_row(const fl_audit *a, size_t i, fl_audit_row *r)
{
    line_cells(&a->totals[i], r);
}

/* ---- 4, 5 ---- */

static size_t use_count(const fl_audit *a)
{
    return a->sections.procedures.count + a->sections.places.count + a->sections.people.count;
}
static void use_row(const fl_audit *a, size_t i, fl_audit_row *r)
{
    const fl_audit_sections *s = &a->sections;
    static const char *const names[] = {"procedure", "site", "person"};
    const fl_audit_uses *const lists[] = {&s->procedures, &s->places, &s->people};
    size_t list = 0;
    while (i >= lists[list]->count) i -= lists[list++]->count;
    const fl_audit_use *u = &lists[list]->at[i];
    text(r, names[list]), text(r, u->name), whole(r, u->n), whole(r, u->clients), whole(r, u->treatment);
    whole(r, u->test), whole(r, u->check);
}

static size_t override_count(const fl_audit *a)
{
    return a->sections.overrides.count;
}
static void override_row(const fl_audit *a, size_t i, fl_audit_row *r)
{
    const fl_audit_override *o = &a->sections.overrides.at[i];
    text(r, o->site), text(r, o->dev), at(r, o->at), id(r, o->sid), text(r, o->who), text(r, o->reason);
    text(r, o->zone), text(r, o->words), entry(r, a, o->log, o->index);
}

static size_t cause_count(const fl_audit *a)
{
    return a->sections.causes.count;
}
static void cause_row(const fl_audit *a, size_t i, fl_audit_row *r)
{
    const fl_audit_cause *c = &a->sections.causes.at[i];
    text(r, c->code), text(r, c->envelope ? "yes" : "no"), whole(r, c->refused), whole(r, c->stopped);
}

/* ---- all ---- */

#define LINE_COLUMNS                                                                                         \
    {"site", "site"}, {"device", "appareil"}, {"from", "du"}, {"to", "au"},                                  \
        {"opening_pulses", "ouverture_impulsions"}, {"closing_pulses", "cloture_impulsions"},                \
        {"delta_pulses", "ecart_impulsions"}, {"treatment_pulses", "traitement_impulsions"},                 \
        {"test_pulses", "essai_impulsions"}, {"check_pulses", "controle_impulsions"},                        \
        {"service_pulses", "entretien_impulsions"}, {"unexplained_pulses", "inexpliquees_impulsions"},       \
        {"unexplained_absolute_pulses", "inexpliquees_sans_signe_impulsions"},                               \
        {"tolerance_pulses", "tolerance_impulsions"},                                                        \
    {                                                                                                        \
        "flag", "signalement"                                                                                \
    }

static const fl_audit_table first[] = {
    {"verdicts",
     "verdicts",
     {{"site", "site"},
      {"verdict", "verdict"},
      {"lasers", "lasers"},
      {"flagged_days", "jours_signales"},
      {"exceptions", "exceptions"},
      {"treatment_pulses", "traitement_impulsions"},
      {"test_pulses", "essai_impulsions"},
      {"check_pulses", "controle_impulsions"},
      {"unexplained_absolute_pulses", "inexpliquees_sans_signe_impulsions"}},
     site_count,
     site_row},
    {"exceptions",
     "exceptions",
     {{"site", "site"},
      {"device", "appareil"},
      {"day", "jour"},
      {"code", "code"},
      {"severe", "grave"},
      {"text", "texte"},
      {"log", "registre"},
      {"entry", "ecriture"}},
     exception_count,
     exception_row},
    {"devices", "appareils", {LINE_COLUMNS}, device_count, device_row},
    {"days", "jours", {LINE_COLUMNS}, day_count, day_row},
    {"use",
     "utilisation",
     {{"by", "par"},
      {"name", "nom"},
      {"n_sessions", "n_seances"},
      {"clients", "clients"},
      {"treatment_pulses", "traitement_impulsions"},
      {"test_pulses", "essai_impulsions"},
      {"check_pulses", "controle_impulsions"}},
     use_count,
     use_row},
    {"overrides",
     "derogations",
     {{"site", "site"},
      {"device", "appareil"},
      {"time_utc", "heure_utc"},
      {"session", "seance"},
      {"person", "personne"},
      {"reason", "motif"},
      {"zone", "zone"},
      {"words", "texte"},
      {"entry", "ecriture"},
      {"log", "registre"}},
     override_count,
     override_row},
    {"causes",
     "causes",
     {{"code", "code"}, {"limit", "limite"}, {"refused", "refus"}, {"stopped", "arrets"}},
     cause_count,
     cause_row},
};

const fl_audit_table *fl_audit_table_at(size_t i)
{
    const size_t count = sizeof first / sizeof *first;
    return i < count ? &first[i] : fl_audit_table_more(i - count);
}

const fl_audit_table *fl_audit_table_find(const char *name)
{
    const fl_audit_table *table;
    for (size_t i = 0; (table = fl_audit_table_at(i)); i++)
        if (strcmp(table->name, name) == 0) return table;
    return NULL;
}

const char *fl_audit_table_name(size_t i)
{
    const fl_audit_table *table = fl_audit_table_at(i);
    return table ? table->name : NULL;
}

size_t fl_audit_table_columns(const fl_audit_table *table)
{
    size_t count = 0;
    while (count < FL_AUDIT_COLUMNS_MAX && table->columns[count].key) count++;
    return count;
}

void fl_audit_table_row(const fl_audit_table *table, const fl_audit *audit, size_t i, fl_audit_row *row)
{
    row->count = 0;
    table->row(audit, i, row);
    FL_ASSERT(row->count == fl_audit_table_columns(table));
}

const char *fl_audit_instant(fl_utc time, char room[40])
{
    static const fl_audit utc = {.simulated = false};
    fl_audit_time(&utc, time, room);
    room[10] = 'T';
    return strcat(room, "Z");
}

static json_t *cell_json(const fl_audit_cell *cell)
{
    char room[40];
    switch (cell->kind) {
    case FL_CELL_TEXT: return json_string(cell->text);
    case FL_CELL_WHOLE: return json_integer(cell->whole);
    case FL_CELL_REAL: return json_real(cell->real);
    case FL_CELL_DAY: return json_string(fl_date_text(cell->day, room));
    case FL_CELL_TIME: return json_string(fl_audit_instant(cell->at, room));
    default: return json_null();
    }
}

json_t *fl_audit_table_json(const fl_audit_table *table, const fl_audit *audit, size_t i)
{
    fl_audit_row row;
    json_t *object = json_object();
    fl_audit_table_row(table, audit, i, &row);
    for (size_t c = 0; c < row.count; c++)
        json_object_set_new(object, table->columns[c].key, cell_json(&row.cells[c]));
    return object;
}

/* A spreadsheet in an East Asian language takes the full-width signs for the narrow ones. */
bool fl_audit_runs(const char *cell)
{
    static const char *const signs[] = {
        "=", "+", "-", "@", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};
    static const char *const blanks[] = {" ",  "\t",       "\r",           "\n",          "\v",
                                         "\f", "\xC2\xA0", "\xE3\x80\x80", "\xEF\xBB\xBF"};
    const char *at = cell;
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
        if (!fl_text_begins(at, blanks[i])) continue;
        at += strlen(blanks[i]);
        i = (size_t)-1; /* all of them again */
    }
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (fl_text_begins(at, signs[i])) return true;
    return *cell && strchr("\t\r\n", *cell);
}
