/* labels: unit   timeout: 240 */
/* A month with a succession in it says what the month without one says, to the pulse; and a past that is
 * missing or is not what it was is never passed over. */
#include "check.h"
#include "helper_books.h"
#include "helper_pdf.h"

#include "fadeline/base/text.h"
#include "fadeline/report/audit_export.h"
#include "fadeline/report/audit_paper.h"
#include "fadeline/report/audit_warm.h"
#include "fadeline/report/inspector.h"
#include "fadeline/report/session_record.h"

#include <jansson.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define SESSIONS 12 /* that books_of_may closes: looked at below */
static const fl_audit_options may = {.from = {2026, 4, 30}, .to = {2026, 5, 31}};

static fl_journal *look(const books *b)
{
    fl_journal *journal = NULL;
    fl_error error = {0};
    const fl_journal_options read = {.mode = FL_JOURNAL_READ};
    CHECK(fl_journal_open(b->directory, &read, &journal, &error) == FL_OK, "%s", error.what);
    return journal;
}

/* What a succession may change: where an entry stands, and that it is told. */
static json_t *without_places(json_t *value)
{
    static const char *const gone[] = {"entry",       "log",         "first_log",    "journals",
                                       "origin",      "first_entry", "last_entry",   "entries",
                                       "root_sha256", "checkpoint",  "entry_sha256", "previous_sha256"};
    json_t *part;
    const char *key;
    if (json_is_object(value)) {
        for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) json_object_del(value, gone[i]);
        json_object_foreach(value, key, part) without_places(part);
    }
    for (size_t i = json_is_array(value) ? json_array_size(value) : 0; i-- > 0;) {
        const char *code = json_string_value(json_object_get(json_array_get(value, i), "code"));
        if (code && strcmp(code, "succession") == 0)
            json_array_remove(value, i);
        else
            without_places(json_array_get(value, i));
    }
    return value;
}

static char *figures(char *text)
{
    json_t *object = json_loads(text, 0, NULL);
    char *rest = object ? json_dumps(without_places(object), JSON_SORT_KEYS | JSON_INDENT(1)) : NULL;
    json_decref(object);
    free(text);
    return rest;
}

static char *table(const fl_audit *audit, const char *name)
{
    char *text = NULL;
    size_t size;
    FILE *memory = open_memstream(&text, &size);
    CHECK(fl_audit_write_csv(audit, &(fl_audit_csv_options){.table = name}, memory) == FL_OK, "csv");
    fclose(memory);
    return text;
}

static size_t count_code(const fl_audit *audit, const char *code)
{
    size_t count = 0;
    for (size_t i = 0; i < audit->sections.exceptions.count; i++)
        count += strcmp(audit->sections.exceptions.at[i].code, code) == 0;
    return count;
}

static void every_boundary_gives_the_same_month(void)
{
    books whole;
    books_open(&whole, true);
    books_of_may(&whole);
    CHECK(whole.closed == SESSIONS, "%u sessions", whole.closed);
    fl_audit *audit = books_audit(&whole, "2026-04-30", "2026-05-31", NULL);
    char *want = figures(books_text(audit, fl_audit_json)), *days = table(audit, "days"),
         *devices = table(audit, "devices");
    fl_audit_free(audit);
    for (unsigned at = 1; at <= SESSIONS; at++) {
        books b;
        books_open(&b, true);
        b.split_after = at;
        books_of_may(&b);
        audit = books_audit(&b, "2026-04-30", "2026-05-31", NULL);
        CHECK(audit->histories[0].count == 2 && count_code(audit, "succession") == 1, "split after %u", at);
        char *got = figures(books_text(audit, fl_audit_json)), *csv = table(audit, "days"),
             *csv2 = table(audit, "devices"), *page = books_page(audit);
        CHECK_TEXT(got, want, "JSON of a split month");
        CHECK_TEXT(csv, days, "days");
        CHECK_TEXT(csv2, devices, "devices");
        CHECK(strstr(page, "log 1 of 2,") && strstr(page, "log 2 of 2,") && strstr(page, "by owner:1, copy"),
              "%s", page);
        free(got), free(csv), free(csv2), free(page);
        fl_audit_free(audit);
        books_remove(&b);
    }
    free(want), free(days), free(devices);
    books_remove(&whole);
}

/* A session with a grant nobody settled, and the new log begins there; twice. */
static void open_book(books *b, bool split)
{
    books_open(b, true);
    books_at(b, "2026-05-05", 9, 0);
    books_put(b, FL_KIND_SESSION_OPEN, "A", "SIM-A", "sid#5|ctr#1000|who=op:17|pat=p:1|plan=-|proc=smp");
    if (split) books_succeed(b);
    books_put(b, FL_KIND_GRANT, NULL, "SIM-A",
              "gid#9|ctr#1000|sid#5|plan=-|zone=F-L|pu=T|energy_uJ#1|spot_um#1|wl_nm#1064|who=op:17");
    if (split) books_succeed(b);
    books_put(b, FL_KIND_PULSE, NULL, "SIM-A", "gid#9|ctr#1001|sid#5|meas_uJ#1");
    books_put(b, FL_KIND_SESSION_CLOSE, NULL, "SIM-A", "sid#5|ctr#1001|pulses#1");
    books_at(b, "2026-05-06", 9, 0);
    books_put(b, FL_KIND_EVENT, NULL, NULL,
              "what=blister|who=op:17|pat=p:1|sid#5|after_h#20|grade#1|text=small");
    books_counter(b, "A", "SIM-A", 1001);
    books_close(b);
}

static char *record_of(const books *b)
{
    fl_session_record *record = NULL;
    fl_error error = {0};
    fl_journal *journal = look(b);
    CHECK(fl_session_record_new(journal, &(fl_session_options){.sid = 5}, &record, &error) == FL_OK, "%s",
          error.what);
    fl_journal_close(journal);
    char *text = NULL;
    size_t size;
    FILE *memory = open_memstream(&text, &size);
    CHECK(fl_session_record_json(record, memory) == FL_OK, "json");
    fclose(memory);
    fl_session_record_free(record);
    return text;
}

static char *pack_of(const books *b)
{
    fl_inspector *pack = NULL;
    fl_error error = {0};
    fl_audit_options options = may;
    fl_journal *journal = look(b);
    options.device = "SIM-A";
    CHECK(fl_inspector_new(journal, &options, &pack, &error) == FL_OK, "%s", error.what);
    fl_journal_close(journal);
    char *text = NULL;
    size_t size;
    FILE *memory = open_memstream(&text, &size);
    CHECK(fl_inspector_json(pack, memory) == FL_OK, "json");
    fclose(memory);
    fl_inspector_free(pack);
    return text;
}

static void a_split_session_is_one_session(void)
{
    books one, three;
    open_book(&one, false);
    open_book(&three, true);
    char *told = record_of(&three);
    CHECK(strstr(told, "\"first_log\": 1") && strstr(told, "\"log\": 3"), "%s", told);
    char *got = figures(told), *want = figures(record_of(&one));
    CHECK_TEXT(got, want, "session record");
    free(got), free(want);
    got = figures(pack_of(&three)), want = figures(pack_of(&one));
    CHECK_TEXT(got, want, "pack");
    free(got), free(want);
    fl_audit *audit = books_audit(&three, "2026-05-01", "2026-05-31", NULL);
    CHECK(audit->histories[0].count == 3 && !audit->flagged && count_code(audit, "succession") == 2, "audit");
    CHECK(books_total(audit, "SIM-A")->treatment == 1 && !audit->unexplained_absolute, "pulses");
    fl_audit_free(audit);
    books_remove(&one);
    books_remove(&three);
}

/* ---- a past that is not there ---- */

static void split_book(books *b)
{
    books_open(b, true);
    b->split_after = 6;
    books_of_may(b);
    books_close(b);
}

static void the_paper_says(const fl_audit *audit, const books *b, const char *what)
{
    char path[FL_PLACE_MAX], *bytes = NULL;
    size_t size = 0;
    fl_error error = {0};
    snprintf(path, sizeof path, "%.200s/a.pdf", b->root);
    CHECK(fl_audit_pdf(audit, &bytes, &size, &error) == FL_OK &&
              fl_place_write(path, bytes, size, 0600, &error) == FL_OK,
          "%s", error.what);
    char *text = pdf_squeeze(pdf_text(path));
    CHECK(strstr(text, what) != NULL, "not on paper: %s", what);
    free(text), free(bytes);
}

static void a_missing_log_is_told(void)
{
    books b;
    char away[FL_PLACE_MAX], summary[FL_PLACE_MAX];
    fl_error error = {0};
    fl_audit *audit = NULL;
    split_book(&b);
    snprintf(away, sizeof away, "%.200s/away", b.root);
    snprintf(summary, sizeof summary, "%.200s/a.summary", b.root);
    fl_journal *journal = look(&b);
    CHECK(fl_audit_new_warm(journal, summary, &may, &audit, &error) == FL_OK &&
              !count_code(audit, "log-missing"),
          "whole: %s", error.what);
    fl_journal_close(journal);
    fl_audit_free(audit);
    journal = look(&b);
    CHECK(fl_audit_new_warm(journal, summary, &may, &audit, &error) == FL_OK && audit->warm, "kept");
    CHECK(audit->warm == audit->histories[0].length && audit->histories[0].count == 2, "all of both logs");
    fl_journal_close(journal);
    fl_audit_free(audit);
    CHECK(rename(b.kept, away) == 0, "rename");
    for (int warm = 0; warm < 2; warm++) {
        journal = look(&b);
        const fl_status status = warm ? fl_audit_new_warm(journal, summary, &may, &audit, &error)
                                      : fl_audit_new(journal, &may, &audit, &error);
        CHECK(status == FL_OK, "%s", error.what);
        fl_journal_close(journal);
        CHECK(audit->flagged && count_code(audit, "log-missing") == 1 && !audit->warm, "told, warm %d", warm);
        CHECK(fl_audit_calls(&audit->sections) == audit->sections.sites.count, "every site needs a call");
        CHECK(books_total(audit, "SIM-D")->opening == 520407, "from what was carried over");
        char *page = books_page(audit), *journals = table(audit, "journals");
        CHECK(strstr(page, "figures are from what is there") && strstr(page, "MISSING"), "%s", page);
        CHECK(strstr(journals, "missing"), "%s", journals);
        the_paper_says(audit, &b, "is not where it was put");
        free(page), free(journals);
        fl_audit_free(audit);
    }
    CHECK(rename(away, b.kept) == 0, "back");
    journal = look(&b);
    CHECK(fl_audit_new_warm(journal, summary, &may, &audit, &error) == FL_OK && !audit->warm &&
              !count_code(audit, "log-missing"),
          "what was summed up without it is not used with it");
    fl_journal_close(journal);
    fl_audit_free(audit);
    books_remove(&b);
}

static void another_past_is_refused(void)
{
    books b, other;
    fl_error error = {0};
    fl_audit *audit = NULL;
    char command[3 * FL_PLACE_MAX];
    split_book(&b);
    books_open(&other, true);
    books_counter(&other, "A", "SIM-A", 1);
    books_close(&other);
    snprintf(command, sizeof command, "rm -f %.250s/journal.db* && cp %.250s/journal.db %.250s/", b.kept,
             other.directory, b.kept);
    CHECK(system(command) == 0, "%.800s", command);
    fl_journal *journal = look(&b);
    CHECK(fl_audit_new(journal, &may, &audit, &error) == FL_E_DAMAGED, "another log in its place: %s",
          error.what);
    fl_journal_close(journal);
    books_remove(&other);
    books_remove(&b);

    split_book(&b); /* one byte of it: its head still has the root that was named */
    char path[FL_PLACE_MAX + 16];
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/journal.db", b.kept);
    CHECK(sqlite3_open(path, &db) == SQLITE_OK &&
              sqlite3_exec(db,
                           "DROP TRIGGER entry_no_update; UPDATE entry SET data=CAST(replace(CAST(data AS "
                           "TEXT),'op:17','op:18') AS BLOB)",
                           NULL, NULL, NULL) == SQLITE_OK,
          "sqlite");
    sqlite3_close(db);
    journal = look(&b);
    CHECK(fl_audit_new(journal, &may, &audit, &error) == FL_E_DAMAGED, "changed: %s", error.what);
    fl_journal_close(journal);
    books_remove(&b);
}

/* ---- what the journal says of itself ---- */

static void what_a_session_found_is_an_exception(void)
{
    static const struct {
        const char *dev, *fields, *code;
        fl_kind kind;
        bool flags;
    } all[] = {
        {"SIM-A", "what=anchor|ok#0|size#99|root=00|entries#5", "anchor", FL_KIND_SELFTEST, true},
        {NULL, "what=journal|ok#0|result=damaged|tries#1", "journal-damaged", FL_KIND_SELFTEST, true},
        {NULL, "what=journal|ok#0|result=cut-off|tries#1", "journal-not-verified", FL_KIND_SELFTEST, false},
        {NULL, "what=journal|ok#0|result=not-verified|tries#3|why=no memory", "journal-not-verified",
         FL_KIND_SELFTEST, false},
        {NULL, "what=healed|who=owner:1|from=hub|replaced#1|appended#2", "healed", FL_KIND_CONFIG_CHANGE,
         false},
        {NULL, "what=journal|ok#1|result=good|size#3", NULL, FL_KIND_SELFTEST, false},
        {"SIM-A", "what=anchor|ok#1|size#3", NULL, FL_KIND_SELFTEST, false},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        books b;
        books_open(&b, true);
        books_at(&b, "2026-05-05", 9, 0);
        books_counter(&b, "A", "SIM-A", 10);
        books_counter(&b, "B", "SIM-B", 10);
        books_put(&b, all[i].kind, NULL, all[i].dev, all[i].fields);
        fl_audit *audit = books_audit(&b, "2026-05-01", "2026-05-31", NULL);
        CHECK(audit->flagged == all[i].flags, "%s: flagged", all[i].fields);
        CHECK(audit->sections.exceptions.count == (all[i].code != NULL) &&
                  (!all[i].code || count_code(audit, all[i].code) == 1),
              "%s: exceptions", all[i].fields);
        const size_t calls = !all[i].flags ? 0 : all[i].dev ? 1 : 2;
        CHECK(fl_audit_calls(&audit->sections) == calls, "%s: calls", all[i].fields);
        fl_audit_free(audit);
        books_remove(&b);
    }
}

FL_TESTS("report/audit_chain", TEST(every_boundary_gives_the_same_month),
         TEST(a_split_session_is_one_session), TEST(a_missing_log_is_told), TEST(another_past_is_refused),
         TEST(what_a_session_found_is_an_exception))
