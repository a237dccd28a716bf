/* The inspector's pack as one PDF, and the same rows as JSON. */
#include "audit_paper_parts.h"
#include "audit_words.h"
#include "inspector_parts.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/digest.h"
#include "fadeline/report/shown_json.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* The index stands before what it lists: the counting run learns the pages, the drawing run prints them. */
typedef struct index_line {
    const char *title;
    int page;
} index_line;

typedef struct binder {
    const fl_inspector *pack;
    index_line lines[16];
    size_t count, at;
} binder;

static void begin_part(fl_folio *folio, binder *b, const char *title)
{
    fl_folio_keep(folio, 120); /* with what it begins with */
    if (folio->counting && b->count < sizeof b->lines / sizeof *b->lines)
        b->lines[b->count++] = (index_line){title, folio->page};
    fl_folio_heading(folio, 2, "%zu  %s", ++b->at, title);
}

static const char *index_cell(const void *what, size_t row, size_t column, char room[FL_FOLIO_CELL])
{
    const binder *b = what;
    if (column == 1) return row < b->count ? b->lines[row].title : "?";
    snprintf(room, FL_FOLIO_CELL, "%d", column == 0 ? (int)row + 1 : row < b->count ? b->lines[row].page : 0);
    return room;
}

#define INDEX_ROWS 8

static void draw_index(fl_folio *folio, const binder *b)
{
    static const fl_folio_column columns[] = {
        {"", 0.06, FL_ALIGN_RIGHT}, {"part", 0.74, FL_ALIGN_LEFT}, {"page", 0.2, FL_ALIGN_RIGHT}};
    const fl_folio_table table = {
        .columns = columns, .column_count = 3, .rows = INDEX_ROWS, .cell = index_cell, .what = b, .size = 9};
    fl_folio_heading(folio, 2, "Index");
    fl_folio_table_draw(folio, &table);
}

static const char *pack_cell(const void *what, size_t row, size_t column, char room[FL_FOLIO_CELL])
{
    const fl_pack_list *list = what;
    (void)room;
    const char *cell = list->at[row].cells[column];
    return cell ? cell : "";
}

static void draw_part(fl_folio *folio, const fl_inspector *pack, fl_pack_part part)
{
    const fl_folio_table table = {.columns = fl_pack_forms[part].columns,
                                  .column_count = fl_pack_columns(part),
                                  .rows = pack->parts[part].count,
                                  .cell = pack_cell,
                                  .what = &pack->parts[part],
                                  .size = 6.8,
                                  .nothing = fl_pack_forms[part].nothing};
    fl_folio_table_draw(folio, &table);
}

static void draw_first(fl_folio *folio, const fl_inspector *pack, const binder *b)
{
    const fl_audit *a = pack->audit;
    char from[11], to[11], zone[16], sentence[FL_AUDIT_SENTENCE];
    fl_folio_heading(folio, 1, "Inspector's pack, laser %s", a->device);
    fl_folio_say(folio, (fl_type){.size = 11, .bold = true, .shade = FL_SHADE_TEXT}, "%s to %s, times of %s",
                 fl_date_text(a->options.from, from), fl_date_text(a->options.to, to),
                 fl_audit_zone(a, zone));
    fl_audit_verdict(a, sentence);
    fl_folio_say(folio, FL_FOLIO_TEXT, "%s.", sentence);
    fl_folio_say(folio, FL_FOLIO_TEXT,
                 "People and clients are codes; the log holds no names. Who a code is stands in the clinic's "
                 "own files, which can "
                 "be asked for by entry. What the log does not hold is said to be not recorded.");
    draw_index(folio, b);
}

static void draw_verification(fl_folio *folio, const fl_audit *a)
{
    const fl_verify_report *v = &a->journals[0];
    fl_audit_paper_table(folio, a, "journals", "");
    const fl_history_log *missing = fl_history_missing(&a->histories[0]);
    if (missing)
        fl_folio_point(
            folio, FL_FOLIO_TEXT,
            "An older log (%s, %llu entries) is not where it was put: what stands in it is not in this pack.",
            missing->origin, (unsigned long long)missing->entries);
    fl_folio_point(folio, FL_FOLIO_TEXT,
                   "Every entry was hashed again, every root made again at %llu checkpoints, every signature "
                   "checked with the key %s.",
                   (unsigned long long)v->checkpoints,
                   v->vkey_from_outside ? "that was handed in" : "kept beside the log");
    fl_folio_point(folio, FL_FOLIO_TEXT,
                   "To repeat it: fadeline journal verify%s, or with sqlite3, sha256sum and openssl alone, "
                   "as the journal's page "
                   "tells step by step.",
                   v->simulated ? " --simulated" : "");
    fl_folio_point(
        folio, FL_FOLIO_TEXT,
        "This print is itself an entry of the log, with the SHA-256 of this file: sha256sum FILE, then "
        "fadeline journal show --kind print.");
}

static void fill(fl_folio *folio, const void *what)
{
    binder *b = *(binder *const *)what;
    const fl_inspector *pack = b->pack;
    const fl_audit *a = pack->audit;
    b->at = 0;
    if (folio->counting) b->count = 0;
    draw_first(folio, pack, b);
    fl_folio_page(folio);
    begin_part(folio, b, "Register: counters per day");
    for (size_t i = 0; i < a->total_count; i++) fl_audit_paper_days(folio, a, &a->totals[i]);
    fl_audit_paper_table(folio, a, "days", "No counter was read.");
    fl_folio_heading(folio, 3, "Whole period");
    fl_audit_paper_table(folio, a, "devices", "");
    begin_part(folio, b, "Register: sessions");
    draw_part(folio, pack, FL_PACK_REGISTER);
    begin_part(folio, b, "Device and service file");
    draw_part(folio, pack, FL_PACK_DEVICE);
    fl_audit_paper_energy(folio, a, a->device);
    fl_audit_paper_table(folio, a, "energy", "No energy check was recorded.");
    fl_audit_paper_table(folio, a, "service", "");
    begin_part(folio, b, "Training and authorisation");
    draw_part(folio, pack, FL_PACK_TRAINING);
    begin_part(folio, b, "Local rules");
    draw_part(folio, pack, FL_PACK_RULES);
    fl_folio_say(folio, FL_FOLIO_SMALL,
                 "Signatures under the local rules are kept on paper; the log holds none.");
    begin_part(folio, b, "Eyewear");
    draw_part(folio, pack, FL_PACK_EYEWEAR);
    begin_part(folio, b, "Incidents");
    draw_part(folio, pack, FL_PACK_INCIDENTS);
    begin_part(folio, b, "Verification");
    fl_audit_paper_table(folio, a, "exceptions", "");
    draw_verification(folio, a);
    FL_ASSERT(b->at == INDEX_ROWS);
    fl_folio_seal(folio, a->journals[0].checkpoint, NULL);
}

fl_status fl_inspector_pdf(const fl_inspector *pack, char **bytes, size_t *size, fl_error *error)
{
    const fl_audit *a = pack->audit;
    char from[11], to[11], subject[200], hex[2 * FL_SHA256_SIZE + 1], foot[200];
    snprintf(subject, sizeof subject, "%s, %s to %s", a->device, fl_date_text(a->options.from, from),
             fl_date_text(a->options.to, to));
    snprintf(foot, sizeof foot, "log of %llu entries, root SHA-256 %s",
             (unsigned long long)a->journals[0].entries,
             fl_hex(a->journals[0].root.byte, FL_SHA256_SIZE, hex));
    const fl_folio_look look = {.title = "Inspector's pack",
                                .subject = subject,
                                .lang = "en",
                                .day = to,
                                .simulated = a->simulated,
                                .foot = {foot}};
    binder b = {.pack = pack};
    binder *shelf = &b;
    return fl_folio_make(&look, fill, &shelf, bytes, size, error);
}

/* ---- JSON ---- */

static json_t *cell_json(const fl_folio_column *column, const char *text)
{
    uint64_t number;
    if (!text || !*text) return json_null();
    if (column->align == FL_ALIGN_RIGHT && fl_read_u64(text, &number) == FL_OK)
        return json_integer((json_int_t)number);
    return json_string(text);
}

/* "counter before" is counter_before. */
static const char *key_of(const char *title, char room[48])
{
    snprintf(room, 48, "%s", title);
    for (char *at = room; *at; at++)
        if (*at == ' ') *at = '_';
    return room;
}

fl_status fl_inspector_json(const fl_inspector *pack, FILE *out)
{
    const fl_audit *a = pack->audit;
    char from[11], to[11], key[48], hex[2 * FL_SHA256_SIZE + 1];
    static const char *const tables[] = {"days", "devices", "energy", "service", "exceptions", "journals"};
    json_t *o = json_object();
    json_object_set_new(o, "device", json_string(a->device));
    json_object_set_new(o, "from", json_string(fl_date_text(a->options.from, from)));
    json_object_set_new(o, "to", json_string(fl_date_text(a->options.to, to)));
    json_object_set_new(o, "simulated", json_boolean(a->simulated));
    json_object_set_new(o, "entries", json_integer((json_int_t)a->journals[0].entries));
    json_object_set_new(o, "root_sha256", json_string(fl_hex(a->journals[0].root.byte, FL_SHA256_SIZE, hex)));
    const fl_history_log *missing = fl_history_missing(&a->histories[0]);
    json_object_set_new(o, "missing_log", missing ? json_string(missing->origin) : json_null());
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        const fl_audit_table *table = fl_audit_table_find(tables[t]);
        json_t *rows = json_array();
        for (size_t i = 0; i < table->count(a); i++)
            json_array_append_new(rows, fl_audit_table_json(table, a, i));
        json_object_set_new(o, tables[t], rows);
    }
    for (int part = 0; part < FL_PACK_PARTS; part++) {
        json_t *rows = json_array();
        for (size_t i = 0; i < pack->parts[part].count; i++) {
            json_t *row = json_object();
            for (size_t c = 0; c < fl_pack_columns((fl_pack_part)part); c++) {
                const fl_folio_column *column = &fl_pack_forms[part].columns[c];
                json_object_set_new(row, key_of(column->title, key),
                                    cell_json(column, pack->parts[part].at[i].cells[c]));
            }
            const fl_pack_row *of = &pack->parts[part].at[i];
            if (of->log) {
                json_object_set_new(row, "entry", json_integer((json_int_t)of->entry));
                json_object_set_new(row, "log", json_integer((json_int_t)of->log));
            }
            json_array_append_new(rows, row);
        }
        json_object_set_new(o, fl_pack_forms[part].name, rows);
    }
    const int failed = fl_shown_json(o, out, JSON_INDENT(2));
    json_decref(o);
    return failed || fputc('\n', out) == EOF ? FL_E_IO : FL_OK;
}

void fl_inspector_entry(const fl_inspector *pack, const char *bytes, size_t size, fl_entry *entry)
{
    const fl_audit *audit = fl_inspector_audit(pack);
    char what[200], from[11], to[11];
    uint8_t digest[FL_SHA256_SIZE];
    snprintf(what, sizeof what, "inspector %s %s %s", audit->device, fl_date_text(audit->options.from, from),
             fl_date_text(audit->options.to, to));
    fl_sha256(bytes, size, digest);
    fl_entry_begin(entry, FL_KIND_PRINT);
    fl_entry_text(entry, "what", what);
    fl_entry_count(entry, "entries", audit->journals[0].entries);
    fl_entry_hex(entry, "sha256", digest, sizeof digest);
}
