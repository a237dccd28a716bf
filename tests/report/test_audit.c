/* labels: unit   timeout: 180   needs: fadeline */
/* The owner's stories 8.1, 8.2, 8.3, 8.6 and 8.9, with their own numbers. */
#include "audit_words.h"
#include "check.h"
#include "helper_books.h"

#include "fadeline/report/audit_export.h"

#include <ctype.h>
#include <jansson.h>
#include <sqlite3.h>
#include <sys/wait.h>

#define N(x) ((long long)(x))

static void line_is(const fl_audit_line *line, const char *what, const long long want[9], bool flag)
{
    static const char *const names[] = {"opening", "closing", "delta",       "treatment", "test",
                                        "check",   "service", "unexplained", "tolerance"};
    const long long got[9] = {N(line->opening),   N(line->closing),  line->delta,
                              N(line->treatment), N(line->test),     N(line->check),
                              line->service,      line->unexplained, N(line->tolerance)};
    for (int i = 0; i < 9; i++)
        CHECK(got[i] == want[i], "%s: %s is %lld, not %lld", what, names[i], got[i], want[i]);
    CHECK(line->flag == flag, "%s: flag", what);
}

static void story_8_1_day_match(void)
{
    books b;
    books_open(&b, true);
    books_of_may(&b);
    fl_audit *audit = books_audit(&b, "2026-05-13", "2026-05-13", NULL);
    line_is(books_day(audit, "SIM-A", "2026-05-13"), "A on the 13th",
            (const long long[]){1217400, 1218718, 1318, 1148, 8, 40, 0, 122, 50}, true);
    CHECK(audit->flagged && audit->day_count == 1, "verdict");
    size_t gaps = 0;
    for (size_t i = 0; i < audit->finding_count; i++) {
        const fl_audit_finding *f = &audit->findings[i];
        if (f->kind != FL_AUDIT_GAP) continue;
        gaps++;
        CHECK(f->pulses == 122 && !f->in_session, "the gap");
        /* between the close at 9:30 and the opening at 13:30 */
        CHECK(f->until.us - f->since.us == 4 * 3600000000, "from when to when: %lld us",
              N(f->until.us - f->since.us));
    }
    CHECK(gaps == 1, "%zu gaps", gaps);
    char *page = books_page(audit);
    CHECK(strstr(page, "FLAG: A SIM-A") != NULL, "%.200s", page);
    CHECK(strstr(page, "122 pulses unexplained, outside any session, between 2026-05-13 09:30:00 and "
                       "2026-05-13 13:30:00") != NULL,
          "%.400s", page);
    free(page);
    fl_audit_free(audit);
    books_remove(&b);
}

/* As a number of its own: the page also holds hashes, and one in sixty has these digits somewhere. */
static bool says_number(const char *page, const char *digits)
{
    for (const char *at = page; (at = strstr(at, digits)) != NULL; at++)
        if ((at == page || !isalnum((unsigned char)at[-1])) && !isalnum((unsigned char)at[strlen(digits)]))
            return true;
    return false;
}

static void stories_8_2_and_8_3_month_hides_it_and_no_netting(void)
{
    books b;
    books_open(&b, true);
    books_of_may(&b);
    fl_audit *audit = books_audit(&b, "2026-05-01", "2026-05-31", NULL);
    line_is(books_total(audit, "SIM-A"), "A",
            (const long long[]){1204310, 1231042, 26732, 25988, 212, 410, 0, 122, 133}, false);
    line_is(books_total(audit, "SIM-B"), "B",
            (const long long[]){300100, 315005, 14905, 14610, 96, 190, 0, 9, 74}, false);
    line_is(books_total(audit, "SIM-C"), "C",
            (const long long[]){77001, 86378, 9377, 9120, 60, 200, 0, -3, 50}, false);
    line_is(books_total(audit, "SIM-D"), "D",
            (const long long[]){510007, 531467, 21460, 19850, 150, 380, 0, 1080, 107}, true);
    line_is(books_total(audit, "SIM-E"), "E", (const long long[]){9000, 9000, 0, 640, 0, 0, 0, -640, 50},
            true);
    CHECK(books_day(audit, "SIM-A", "2026-05-13")->flag, "A's day stays listed");
    CHECK(audit->total_count == 5 && audit->unexplained_absolute == 1854, "absolute sum %lld",
          N(audit->unexplained_absolute));
    char *page = books_page(audit);
    CHECK(strstr(page, "FLAG: A SIM-A on 2026-05-13, D SIM-D, E SIM-E; unexplained, every device without its "
                       "sign: 1,854 ") != NULL,
          "%.300s", page);
    CHECK(!says_number(page, "568"), "a net sum is no verdict");
    const char *verdict = strstr(page, "FLAG:"), *exceptions = strstr(page, "EXCEPTIONS"),
               *numbers = strstr(page, "PER DEVICE AND DAY");
    CHECK(verdict && exceptions && numbers && verdict < exceptions && exceptions < numbers,
          "verdict, exceptions, numbers");
    char root[2 * FL_SHA256_SIZE + 1] = "";
    for (int i = 0; i < FL_SHA256_SIZE; i++)
        snprintf(root + 2 * i, 3, "%02x", audit->journals[0].root.byte[i]);
    const char *last = strrchr(page, ';');
    CHECK(last && strstr(last, root) == NULL && strstr(last, "fadeline journal verify --simulated") &&
              strstr(page, root),
          "last line: %s", last);
    unsigned tables = 0, marked = 0;
    for (const char *at = page; (at = strstr(at, "SIMULATED ")); at++) marked++;
    for (const char *at = page; (at = strstr(at, "(pulses)")); at++) tables++;
    CHECK(tables == 2 && marked == 15, "%u tables, %u marks", tables,
          marked); /* title, 13 tables, last line */
    free(page);
    fl_audit_free(audit);
    audit = books_audit(&b, "2026-05-01", "2026-05-31", "B");
    CHECK(audit->total_count == 1 && !audit->flagged && audit->unexplained_absolute == 9,
          "site B alone is in order");
    fl_audit_free(audit);
    audit = books_audit(&b, "2026-06-01", "2026-06-30", NULL);
    CHECK(audit->total_count == 0 && audit->finding_count == 5 && audit->findings[0].kind == FL_AUDIT_SILENT,
          "silent devices are named");
    fl_audit_free(audit);
    books_remove(&b);
}

/* The same laser under another name has neither locks nor open zones; the log says that the name is new. The
 * first device of a log is not news. */
static void a_new_name_is_told(void)
{
    books b;
    books_open(&b, true);
    books_at(&b, "2026-05-05", 9, 0);
    books_manual(&b, "A", "SIM-A", 88000, 88410, 400, 10, 0);
    books_at(&b, "2026-05-06", 9, 0);
    books_manual(&b, "A", "SIM-A-COPY", 88410, 88510, 100, 0, 0);
    fl_audit *audit = books_audit(&b, "2026-05-01", "2026-05-31", NULL);
    char said[FL_AUDIT_SENTENCE] = "";
    size_t count = 0;
    for (size_t i = 0; i < audit->finding_count; i++)
        if (audit->findings[i].kind == FL_AUDIT_NEW) {
            count++;
            fl_audit_say(audit, &audit->findings[i], said);
            CHECK_TEXT(audit->findings[i].dev, "SIM-A-COPY", "which");
        }
    CHECK(count == 1 && !audit->flagged, "%zu told", count);
    CHECK_TEXT(said,
               "first seen on 2026-05-06, at counter 88,410: is it new, or a laser that had another name?",
               "words");
    fl_audit_free(audit);
    audit = books_audit(&b, "2026-06-01", "2026-06-30", NULL);
    for (size_t i = 0; i < audit->finding_count; i++)
        CHECK(audit->findings[i].kind != FL_AUDIT_NEW, "not news in June");
    fl_audit_free(audit);
    books_remove(&b);
}

/* A counter that was set back is a finding. */
/* hazards: H45 */
static void story_8_6_counter_reset(void)
{
    for (int with_paper = 0; with_paper < 2; with_paper++) {
        books b;
        books_open(&b, true);
        books_at(&b, "2026-05-05", 9, 0);
        books_manual(&b, "A", "SIM-A", 88000, 88410, 400, 10, 0);
        books_at(&b, "2026-05-05", 12, 0);
        if (with_paper) books_service(&b, "A", "SIM-A", 88410, 0);
        books_at(&b, "2026-05-05", 14, 0);
        books_manual(&b, "A", "SIM-A", 0, 105, 100, 0, 5);
        fl_audit *audit = books_audit(&b, "2026-05-05", "2026-05-05", NULL);
        line_is(books_total(audit, "SIM-A"), with_paper ? "with a service entry" : "without",
                with_paper ? (const long long[]){88000, 105, -87895, 500, 10, 5, -88410, 0, 50}
                           : (const long long[]){88000, 105, -87895, 500, 10, 5, 0, -88410, 439},
                !with_paper);
        char *page = books_page(audit);
        CHECK(
            !with_paper ||
                strstr(page,
                       "service: counter 88,410 became 0 at 2026-05-05 12:00:00 by svc:3, paper S-2026-0413"),
            "%.500s", page);
        CHECK(with_paper || strstr(page, "88,410 pulses recorded that the counter does not show"), "%.500s",
              page);
        free(page);
        fl_audit_free(audit);
        books_remove(&b);
    }
}

/* Splits one CSV row (RFC 4180) into cells; returns how many. */
static int cells_of(const char **at, char cells[20][128])
{
    int count = 0;
    for (bool more = true; more && count < 20; count++) {
        char *to = cells[count];
        bool quoted = **at == '"';
        if (quoted) ++*at;
        while (**at && (quoted || (**at != ',' && **at != '\r'))) {
            if (quoted && **at == '"') {
                ++*at;
                if (**at != '"') break;
            }
            if (to < cells[count] + 127) *to++ = **at;
            ++*at;
        }
        *to = 0;
        more = **at == ',';
        *at += more ? 1 : 0;
    }
    *at += **at == '\r' ? 2 : 0;
    return count;
}

static bool is_number(const char *text)
{
    text += *text == '-';
    return *text && strspn(text, "0123456789") == strlen(text);
}

static char *table_csv(const fl_audit *audit, const char *table)
{
    char *text = NULL;
    size_t size;
    FILE *memory = open_memstream(&text, &size);
    CHECK(memory && fl_audit_write_csv(audit, &(fl_audit_csv_options){.table = table}, memory) == FL_OK, "%s",
          table);
    if (memory) fclose(memory);
    return text;
}

/* 8.9: exports; a device or a site whose name is a formula. */
static void story_8_9_no_cell_runs(void)
{
    books b;
    books_open(&b, true);
    books_of_may(&b);
    books_at(&b, "2026-05-29", 8, 0);
    books_manual(&b, "=HYPERLINK(\"http://x\",\"y\")", "=1+1", 5, 11, 6, 0, 0);
    books_manual(&b, "+7", "@SUM(A1)", 5, 11, 6, 0, 0);
    books_manual(&b, "-2+3", "SIM;8,9", 5, 11, 5, 0, 1);
    fl_audit *audit = books_audit(&b, "2026-05-01", "2026-05-31", NULL);
    /* Days and periods are two tables: a sum over one of them counts every pulse once. */
    static const char *const tables[] = {"days", "devices"};
    unsigned odd = 0, guarded = 0;
    long long sums[2][12] = {{0}};
    for (int t = 0; t < 2; t++) {
        char *csv = table_csv(audit, tables[t]), cells[20][128];
        const char *at = csv;
        unsigned rows = 0;
        CHECK(cells_of(&at, cells) == 16, "columns");
        for (int i = 5; i < 15; i++) CHECK(strstr(cells[i], "_pulses") != NULL, "%s has no unit", cells[i]);
        while (*at) {
            CHECK(cells_of(&at, cells) == 16, "row %u", rows);
            rows++;
            CHECK(strcmp(cells[0], "SIMULATED") == 0, "row %u is not marked", rows);
            for (int i = 0; i < 16; i++) {
                if (strchr("=+-@", cells[i][0]) && cells[i][0] && !is_number(cells[i]))
                    CHECK(false, "cell '%s' would run", cells[i]);
                guarded += cells[i][0] == '\'';
            }
            odd += strcmp(cells[2], "SIM;8,9") == 0;
            for (int i = 7; i < 13; i++) sums[t][i - 7] += atoll(cells[i]); /* delta to unexplained */
        }
        CHECK(rows == (t ? audit->total_count : audit->day_count), "%u rows of %s", rows, tables[t]);
        free(csv);
    }
    CHECK(guarded == 10 && odd == 2, "%u guarded, %u odd", guarded, odd);
    CHECK(memcmp(sums[0], sums[1], sizeof sums[0]) == 0, "days and periods differ");
    CHECK(sums[0][1] == 25988 + 14610 + 9120 + 19850 + 640 + 17, "treatment %lld", sums[0][1]);
    char *usual = books_text(audit, fl_audit_csv), *days = table_csv(audit, "days");
    CHECK_TEXT(usual, days, "a CSV that names no table");
    free(usual), free(days);
    fl_audit_free(audit);
    books_remove(&b);
}

static void json_keeps_the_contract(void)
{
    static const char *const keys[] = {"opening", "closing", "delta",       "treatment", "test",
                                       "check",   "service", "unexplained", "tolerance", "flag"};
    books b;
    books_open(&b, true);
    books_of_may(&b);
    fl_audit *audit = books_audit(&b, "2026-05-01", "2026-05-31", NULL);
    char *text = books_text(audit, fl_audit_json);
    json_t *object = json_loads(text, 0, NULL);
    CHECK(object != NULL, "no JSON");
    const json_t *day = json_array_get(json_object_get(object, "days"), 0);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        CHECK(json_object_get(day, keys[i]) != NULL, "%s is missing", keys[i]);
    CHECK(strcmp(json_string_value(json_object_get(object, "verdict")), "flag") == 0, "verdict");
    CHECK(json_integer_value(json_object_get(object, "unexplained_absolute")) == 1854, "absolute sum");
    CHECK(json_is_true(json_object_get(object, "simulated")), "simulated");
    CHECK(json_array_size(json_object_get(object, "devices")) == 5, "devices");
    json_decref(object);
    free(text);
    fl_audit_free(audit);
    books_remove(&b);
}

/* Runs the program; returns its exit code and what it said. */
static int fadeline(char *said, size_t room, const char *arguments, const char *directory)
{
    char command[3 * FL_PLACE_MAX];
    snprintf(command, sizeof command, FL_BUILD_DIR "/fadeline audit %s --journal %s 2>&1", arguments,
             directory);
    FILE *pipe = popen(command, "re");
    const size_t size = pipe ? fread(said, 1, room - 1, pipe) : 0;
    said[size] = 0;
    const int how = pipe ? pclose(pipe) : -1;
    return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

static void the_command_answers_with_its_exit_code(void)
{
    static const struct {
        const char *arguments;
        int want;
        const char *says;
    } rows[] = {
        {"--from 2026-05-01 --to 2026-05-31", 1, "FLAG: A SIM-A on 2026-05-13"},
        {"--from 2026-05-01 --to 2026-05-31 --json", 1, "\"verdict\": \"flag\""},
        {"--from 2026-05-01 --to 2026-05-31 --site B", 0, "OK: counters and records agree"},
        {"--from 2026-05-01", 2, "--to is needed"},
        {"--from 2026-05-32 --to 2026-06-01", 2, "2026-05-32"},
        {"--from 2026-06-01 --to 2026-05-01", 2, "in this order"},
        {"--from 2026-05-01 --to 2026-05-31 --out /nowhere/x.pdf", 3, "/nowhere/x.pdf"},
        {"--from 2026-05-01 --to 2026-05-31 --table days", 2, "belong to --out FILE.csv"},
        {"--from 2026-05-01 --to 2026-05-31 --out /tmp/x.csv --table nights", 2,
         "there is no table 'nights'; there are: verdicts"},
        {"--from 2026-05-01 --to 2026-05-31 --out /tmp/x.json --french", 2, "--french belongs to"},
        {"--from 2026-05-01 --to 2026-05-31 --device SIM-B", 0, "OK: counters and records agree"},
        {"--from 2026-05-01 --to 2026-05-31 --device SIM-X", 1, "NOTHING TO AUDIT"},
        {"--from 2026-05-01 --to 2026-05-31 --out /tmp/x", 2, "ends in .pdf, .csv"},
        {"--from 2026-05-01 --to 2026-05-31 --utc-offset 4", 2, "+02:00"},
        {"--from 2026-05-13 --to 2026-05-13 --utc-offset -04:00", 1, "between 2026-05-13 05:30:00 and"},
    };
    static char said[1 << 18];
    books b;
    books_open(&b, true);
    books_of_may(&b);
    books_close(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const int code = fadeline(said, sizeof said, rows[i].arguments, b.directory);
        CHECK(code == rows[i].want, "%s: exit %d, %.200s", rows[i].arguments, code, said);
        CHECK(strstr(said, rows[i].says) != NULL, "%s: %.300s", rows[i].arguments, said);
    }
    char path[FL_PLACE_MAX + 16], *bytes, arguments[2 * FL_PLACE_MAX];
    size_t size;
    snprintf(path, sizeof path, "%s/out.csv", b.directory);
    snprintf(arguments, sizeof arguments, "--from 2026-05-01 --to 2026-05-31 --out %.900s", path);
    CHECK(fadeline(said, sizeof said, arguments, b.directory) == 1 && strstr(said, "SIMULATED audit written"),
          "%.200s", said);
    CHECK(fl_place_read(path, 65536, &bytes, &size, NULL) == FL_OK && size > 500, "the file");
    free(bytes);
    /* One digit of the books is changed: there is no audit of them. */
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/journal.db", b.directory);
    CHECK(sqlite3_open(path, &db) == SQLITE_OK, "open");
    CHECK(sqlite3_exec(db,
                       "DROP TRIGGER entry_no_update; UPDATE entry SET data=CAST(replace(CAST(data AS "
                       "TEXT),'1217400','1217500') AS BLOB)"
                       " WHERE idx=12",
                       NULL, NULL, NULL) == SQLITE_OK,
          "tamper");
    CHECK(sqlite3_exec(
              db,
              "UPDATE entry SET data=CAST(replace(CAST(data AS TEXT),'op:17','op:18') AS BLOB) WHERE idx=7",
              NULL, NULL, NULL) == SQLITE_OK,
          "tamper");
    sqlite3_close(db);
    const int code = fadeline(said, sizeof said, rows[0].arguments, b.directory);
    CHECK(code == 6 && strstr(said, "7 does not match") && !strstr(said, "WHOLE PERIOD"), "exit %d, %.300s",
          code, said);
    books_remove(&b);
}

static void odd_ends_are_findings(void)
{
    books b;
    fl_entry e;
    books_open(&b, false);
    books_at(&b, "2026-05-04", 23, 50);
    books_manual(&b, "A", "PW-1", 100, 130, 30, 0, 0); /* ends after midnight: two days */
    books_granted(&b, NULL, "PW-2", 500, "T", 2);
    fl_entry_begin(&e, FL_KIND_CHECK); /* the first thing ever heard of this laser */
    fl_entry_device(&e, "PW-3", false);
    fl_entry_int(&e, "pulses", 5);
    fl_entry_int(&e, "ctr", 905);
    fl_entry_int(&e, "set_uJ", 200000);
    fl_entry_int(&e, "mean_uJ", 190200);
    fl_entry_int(&e, "pass", 1);
    fl_entry_text(&e, "who", "op:17");
    books_add(&b, &e);
    fl_entry_begin(&e, FL_KIND_SESSION_OPEN);
    fl_entry_device(&e, "PW-2", false);
    fl_entry_int(&e, "sid", 99), fl_entry_int(&e, "ctr", 502);
    fl_entry_text(&e, "who", "op:17"), fl_entry_text(&e, "pat", "p:1"), fl_entry_text(&e, "plan", "-");
    books_add(&b, &e);
    fl_entry_begin(&e, FL_KIND_GRANT);
    fl_entry_device(&e, "PW-2", false);
    fl_entry_int(&e, "gid", 77), fl_entry_int(&e, "ctr", 502), fl_entry_int(&e, "sid", 99);
    fl_entry_text(&e, "plan", "-"), fl_entry_text(&e, "zone", "F-L"), fl_entry_text(&e, "pu", "S"),
        fl_entry_text(&e, "who", "op:17");
    fl_entry_int(&e, "energy_uJ", 1), fl_entry_int(&e, "spot_um", 1), fl_entry_int(&e, "wl_nm", 1064);
    books_add(&b, &e);
    b.utc_us += 7200000000; /* somebody sets the clock */
    fl_entry_begin(&e, FL_KIND_NOTE);
    fl_entry_text(&e, "who", "op:17"), fl_entry_text(&e, "text", "x");
    books_add(&b, &e);
    fl_audit *audit = books_audit(&b, "2026-05-04", "2026-05-05", NULL);
    unsigned seen[FL_AUDIT_NEW + 1] = {0};
    for (size_t i = 0; i < audit->finding_count; i++) seen[audit->findings[i].kind]++;
    CHECK(seen[FL_AUDIT_UNSETTLED] == 1 && seen[FL_AUDIT_INTERRUPTED] == 1 && seen[FL_AUDIT_CLOCK] == 1 &&
              seen[FL_AUDIT_GAP] == 0,
          "%u unsettled, %u interrupted, %u clock, %u gaps", seen[FL_AUDIT_UNSETTLED],
          seen[FL_AUDIT_INTERRUPTED], seen[FL_AUDIT_CLOCK], seen[FL_AUDIT_GAP]);
    line_is(books_total(audit, "PW-1"), "over midnight",
            (const long long[]){100, 130, 30, 30, 0, 0, 0, 0, 50}, false);
    line_is(books_day(audit, "PW-1", "2026-05-05"), "its second day",
            (const long long[]){100, 130, 30, 30, 0, 0, 0, 0, 50}, false);
    line_is(books_total(audit, "PW-3"), "first heard of by a check",
            (const long long[]){900, 905, 5, 0, 0, 5, 0, 0, 50}, false);
    char *page = books_page(audit);
    CHECK(!strstr(page, "SIMULATED"), "a real journal says nothing of the kind");
    CHECK(strstr(page, "grant 77 of session 99"), "%.600s", page);
    free(page);
    fl_audit_free(audit);
    books_remove(&b);
}

/* A session as the control writes it when the counter jumps by 122 after 12 pulses: grants, stop, readings.
 */
static void a_mismatch(books *b, bool outstanding)
{
    fl_entry e;
    books_at(b, "2026-05-12", 14, 0);
    books_granted(b, "A", "SIM-A", 0, "T", 12);
    fl_entry_begin(&e, FL_KIND_SESSION_OPEN);
    fl_entry_device(&e, "SIM-A", true);
    fl_entry_int(&e, "sid", 90), fl_entry_int(&e, "ctr", 12);
    fl_entry_text(&e, "who", "op:17"), fl_entry_text(&e, "pat", "p:1"), fl_entry_text(&e, "plan", "-");
    books_add(b, &e);
    if (outstanding) {
        fl_entry_begin(&e, FL_KIND_GRANT);
        fl_entry_device(&e, "SIM-A", true);
        fl_entry_int(&e, "gid", 900), fl_entry_int(&e, "ctr", 12), fl_entry_int(&e, "sid", 90);
        fl_entry_text(&e, "plan", "-"), fl_entry_text(&e, "zone", "F-L"), fl_entry_text(&e, "pu", "T"),
            fl_entry_text(&e, "who", "op:17");
        fl_entry_int(&e, "energy_uJ", 1), fl_entry_int(&e, "spot_um", 1), fl_entry_int(&e, "wl_nm", 1064);
        books_add(b, &e);
    }
    books_at(b, "2026-05-12", 14, 7);
    fl_entry_begin(&e, FL_KIND_DROP);
    fl_entry_device(&e, "SIM-A", true);
    fl_entry_text(&e, "cause", "counter-mismatch");
    fl_entry_int(&e, "ctr_now", 134), fl_entry_int(&e, "ctr_was", 12);
    books_add(b, &e);
    books_counter(b, "A", "SIM-A", 134);
    fl_entry_begin(&e, FL_KIND_SVC);
    fl_entry_device(&e, "SIM-A", true);
    fl_entry_text(&e, "cause", "light-without-grant");
    books_add(b, &e);
    fl_entry_begin(&e, FL_KIND_DROP); /* an ordinary stop: no exception */
    fl_entry_device(&e, "SIM-A", true);
    fl_entry_text(&e, "cause", "door-open");
    books_add(b, &e);
    if (outstanding) return;
    fl_entry_begin(&e, FL_KIND_SESSION_CLOSE); /* the line is dead by now: no reading */
    fl_entry_device(&e, "SIM-A", true);
    fl_entry_int(&e, "sid", 90), fl_entry_int(&e, "ctr_read", 0), fl_entry_int(&e, "pulses", 0);
    books_add(b, &e);
}

/* Pulses on the laser that the log does not have. */
/* hazards: H45 */
static void a_counter_mismatch_is_flagged_and_told(void)
{
    for (int outstanding = 0; outstanding < 2; outstanding++) {
        books b;
        books_open(&b, true);
        a_mismatch(&b, outstanding);
        if (outstanding) { /* a supervisor takes the counter as it is: nothing is counted twice */
            fl_entry e;
            books_at(&b, "2026-05-12", 15, 0);
            fl_entry_begin(&e, FL_KIND_RECON);
            fl_entry_device(&e, "SIM-A", true);
            fl_entry_int(&e, "ctr_was", 12), fl_entry_int(&e, "ctr_now", 134),
                fl_entry_int(&e, "delivered", 0);
            fl_entry_text(&e, "by", "op:9");
            books_add(&b, &e);
        }
        fl_audit *audit = books_audit(&b, "2026-05-12", "2026-05-12", NULL);
        line_is(books_total(audit, "SIM-A"), outstanding ? "with a grant outstanding" : "idle",
                (const long long[]){0, 134, 134, 12, 0, 0, 0, 122, 50}, true);
        char *page = books_page(audit);
        CHECK(strstr(page, "FLAG: A SIM-A") != NULL, "%.200s", page);
        CHECK(strstr(page,
                     "A SIM-A: counter mismatch found at 2026-05-12 14:07:00: the laser showed 134, the "
                     "records held 12 ") != NULL,
              "%.900s", page);
        CHECK(strstr(page, "A SIM-A: service-class fault at 2026-05-12 14:07:00: light-without-grant") !=
                  NULL,
              "%.900s", page);
        CHECK(strstr(page, "door-open: refused 0, stopped 1") > strstr(page, "WHOLE PERIOD"),
              "an ordinary stop is no exception: %.900s", page);
        CHECK(strstr(page, "122 pulses unexplained, inside session 90") != NULL, "%.900s", page);
        free(page);
        page = books_text(audit, fl_audit_json);
        CHECK(strstr(page, "\"counter-mismatch\"") && strstr(page, "\"service-fault\""), "%.900s", page);
        free(page);
        fl_audit_free(audit);
        books_remove(&b);
    }
}

/* Light that the laser did not count: the counters agree, and still the page says it first. */
/* hazards: H04 H45 */
static void light_without_a_grant_is_an_exception(void)
{
    books b;
    fl_entry e;
    books_open(&b, true);
    books_at(&b, "2026-05-12", 14, 0);
    books_granted(&b, "A", "SIM-A", 40, "T", 3);
    fl_entry_begin(&e, FL_KIND_SVC);
    fl_entry_device(&e, "SIM-A", true);
    fl_entry_text(&e, "cause", "light-without-grant");
    books_add(&b, &e);
    fl_audit *audit = books_audit(&b, "2026-05-12", "2026-05-12", NULL);
    char *page = books_page(audit);
    CHECK(!audit->flagged && strstr(page, "but see 1 mismatches or service-class faults below") != NULL,
          "%.300s", page);
    CHECK(strstr(page, "light-without-grant") != NULL && !strstr(page, "EXCEPTIONS none"), "%.600s", page);
    free(page);
    fl_audit_free(audit);
    books_remove(&b);
}

FL_TESTS("report/audit", TEST(story_8_1_day_match), TEST(stories_8_2_and_8_3_month_hides_it_and_no_netting),
         TEST(a_new_name_is_told), TEST(story_8_6_counter_reset), TEST(story_8_9_no_cell_runs),
         TEST(json_keeps_the_contract), TEST(the_command_answers_with_its_exit_code),
         TEST(odd_ends_are_findings), TEST(a_counter_mismatch_is_flagged_and_told),
         TEST(light_without_a_grant_is_an_exception))
