/* labels: unit threads   timeout: 240 */
/* What the owner reads: every figure of the month's page is the audit's, to the pulse; the stories of the
 * owner with the numbers that they print; what is damaged says so; what an old journal holds is shown and
 * never obeyed. */
#include "check.h"

#include "owner_books.h"

#include "live_private.h"
#include "owner.h"

#include "fadeline/base/text.h"

#include <jansson.h>
#include <sqlite3.h>

static fl_console *c;
http_browser b;
rows table;
char place[FL_PLACE_MAX];

void put_books(books *k)
{
    static int put_aside;
    char aside[FL_PLACE_MAX + 20];
    books_close(k);
    if (!c) c = console_start();
    if (fl_journal_place(true, place, NULL) != FL_OK) console_need(false, "a place for the journal");
    snprintf(aside, sizeof aside, "%s-%d", place, ++put_aside);
    console_need(rename(place, aside) == 0 && rename(k->directory, place) == 0, "the books in their place");
    http_browser_at(&b, fl_console_url(c));
}

void sign_in(const char *who, const char *pin, bool french)
{
    CHECK(http_sign_in(&b, who, pin), "%s does not come in", who);
    strcat(b.cookie, french ? "; fadeline-language=fr; fadeline-theme=light" : "; fadeline-language=en");
    http_get(&b, "/"); /* a page whose tokens are this visitor's */
}

void session_was_here(bool was)
{
    pthread_mutex_lock(&c->live->lock);
    c->live->view.ever = was;
    pthread_mutex_unlock(&c->live->lock);
}

bool says(const http_answer *a, const char *text)
{
    return strstr(a->body, text) != NULL;
}

static fl_audit *audit_of(const char *from, const char *to)
{
    fl_audit_options options = {0};
    fl_audit *audit = NULL;
    fl_journal *journal = NULL;
    const fl_journal_options read = {.mode = FL_JOURNAL_READ};
    console_need(fl_date_read(from, &options.from) == FL_OK && fl_date_read(to, &options.to) == FL_OK &&
                     fl_journal_open(place, &read, &journal, NULL) == FL_OK &&
                     fl_audit_new(journal, &options, &audit, NULL) == FL_OK,
                 "an audit to hold the page against");
    fl_journal_close(journal);
    return audit;
}

static json_t *json_of(const fl_audit *audit)
{
    char *text = books_text(audit, fl_audit_json);
    json_t *object = json_loads(text, 0, NULL);
    free(text);
    return object;
}

/* ---- every figure ---- */

/* Column of a table on the page that shows this key. */
static int column_of(const page *p, const char *key)
{
    for (size_t i = 0; i < table.columns; i++)
        if (strcmp(table.head[i], owner_column(p, key)) == 0) return (int)i;
    return -1;
}

/* Every number of one row of the audit's JSON against the row of the page. */
static int same_numbers(const page *p, const char *name, size_t row, json_t *object)
{
    const char *key;
    json_t *value;
    int seen = 0;
    json_object_foreach(object, key, value)
    {
        char full[80];
        snprintf(full, sizeof full, "%s", key);
        int at = column_of(p, full);
        if (at < 0)
            snprintf(full, sizeof full, "%s_pulses", key), at = column_of(p, full); /* the older three */
        if (at < 0 || !json_is_number(value)) continue;
        const char *cell = table.cell[row][at];
        long long whole = 0;
        double real = 0;
        const bool good = json_is_integer(value)
                              ? rows_whole(cell, &whole) && whole == json_integer_value(value)
                              : rows_real(cell, &real) && fabs(real - json_real_value(value)) <=
                                                              0.0051 + 0.5 * (strchr(cell, '.') == NULL &&
                                                                              strchr(cell, ',') == NULL);
        CHECK(good, "%s row %zu, %s: the page has '%s', the audit %.3f", name, row, full, cell,
              json_number_value(value));
        seen++;
    }
    return seen;
}

static int page_is_the_audit(const http_answer *a, const fl_audit *audit, language l)
{
    const page p = {.language = l};
    json_t *object = json_of(audit), *sections = json_object_get(object, "sections"), *rows_of;
    int seen = 0;
    for (size_t t = 0; fl_audit_table_at(t); t++) {
        const char *name = fl_audit_table_at(t)->name;
        rows_of = json_object_get(object, name);
        if (!json_is_array(rows_of) || strcmp(name, "exceptions") == 0)
            rows_of = json_object_get(sections, name);
        if (!rows_of || !json_array_size(rows_of) || !rows_read(a->body, name, &table)) continue;
        CHECK(table.rows == json_array_size(rows_of), "%s: %zu rows, the audit has %zu", name, table.rows,
              json_array_size(rows_of));
        for (size_t i = 0; i < table.rows && i < json_array_size(rows_of); i++)
            seen += same_numbers(&p, name, i, json_array_get(rows_of, i));
    }
    json_decref(object);
    return seen;
}

static void every_figure_is_the_audits(void)
{
    books k;
    books_open(&k, true);
    books_of_may(&k);
    put_books(&k);
    sign_in("own:1", PIN_OWNER, false);
    const http_answer a = http_get(&b, "/month/2026-05");
    CHECK(a.status == 200, "the month: %d", a.status);
    fl_audit *audit = audit_of("2026-05-01", "2026-05-31");
    const int seen = page_is_the_audit(&a, audit, ENGLISH);
    CHECK(seen > 150, "only %d figures were held against the audit", seen);
    fl_audit_free(audit);
    sign_in("own:1", PIN_OWNER, true);
    const http_answer f = http_get(&b, "/month/2026-05");
    audit = audit_of("2026-05-01", "2026-05-31");
    CHECK(page_is_the_audit(&f, audit, FRENCH) == seen, "the French page has other figures");
    fl_audit_free(audit);
}

static void every_column_has_its_words(void)
{
    for (size_t t = 0; fl_audit_table_at(t); t++)
        for (size_t i = 0; i < fl_audit_table_columns(fl_audit_table_at(t)); i++)
            CHECK(owner_knows_column(fl_audit_table_at(t)->columns[i].key), "%s.%s",
                  fl_audit_table_at(t)->name, fl_audit_table_at(t)->columns[i].key);
    CHECK(!owner_knows_column("no_such_column"), "it knows everything");
}

/* ---- the owner's stories ---- */

bool has_row(const char *const *cells, size_t count)
{
    for (size_t r = 0; r < table.rows; r++) {
        size_t at = 0;
        for (size_t i = 0; i < table.columns && at < count; i++)
            at += strcmp(table.cell[r][i], cells[at]) == 0;
        if (at == count) return true;
    }
    return false;
}

static void stories_1_to_3_day_month_no_netting(void)
{
    books k;
    books_open(&k, true);
    books_of_may(&k);
    put_books(&k);
    sign_in("aud:2", PIN_AUDITOR, false);
    http_answer a = http_get(&b, "/day/2026-05-13");
    CHECK(rows_read(a.body, "devices", &table) && table.rows == 1, "the day: %d", a.status);
    CHECK(ROW("SIM-A", "1,217,400", "1,218,718", "1,318", "1,148", "8", "40", "+122", "122", "50", "FLAG"),
          "story 1");
    CHECK(says(&a, "outside any session, between 2026-05-13 09:30:00 and 2026-05-13 13:30:00"), "the times");
    a = http_get(&b, "/month/2026-05");
    CHECK(rows_read(a.body, "devices", &table) && table.rows == 5, "five lines");
    CHECK(ROW("A", "SIM-A", "1,204,310", "1,231,042", "26,732", "25,988", "212", "410", "+122", "133",
              "in order"),
          "story 2");
    CHECK(ROW("B", "14,905", "14,610", "96", "190", "+9"), "B");
    CHECK(ROW("C", "9,377", "9,120", "60", "200",
              "\xe2\x88\x92"
              "3"),
          "C");
    CHECK(ROW("D", "21,460", "19,850", "150", "380", "+1,080", "FLAG"), "D");
    CHECK(ROW("E", "0", "640", "0", "0",
              "\xe2\x88\x92"
              "640",
              "640", "FLAG"),
          "E");
    CHECK(says(&a, "never netted: 1,854 pulses") && !says(&a, "568"), "the absolute sum, and no net");
    CHECK(says(&a, "3 of 5 sites need a call") && says(&a, "2026-05-13: 122 pulses unexplained"), "calls");
    const char *call = strstr(a.body, "<li class=\"call\">"), *calm = strstr(a.body, "<li class=\"\"><h3>");
    CHECK(call && calm && call < calm, "who needs a call stands first");
    a = http_get(&b, "/month/2026-05?site=A");
    CHECK(rows_read(a.body, "devices", &table) && table.rows == 1 && says(&a, "Only site A."), "one site");
}

static void damage(const char *sql)
{
    sqlite3 *db;
    char path[FL_PLACE_MAX + 20], *why = NULL;
    snprintf(path, sizeof path, "%s/journal.db", place);
    console_need(sqlite3_open(path, &db) == SQLITE_OK, path);
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK) CHECK(false, "%s: %s", sql, why);
    sqlite3_close(db);
}

#define DIGIT                                                                                                \
    "DROP TRIGGER entry_no_update; UPDATE entry SET data=CAST(replace(replace(CAST(data AS TEXT),'197350',"  \
    "'197359'),'199800','199809') AS BLOB) WHERE idx=1024"

void long_books(books *k)
{
    books_open(k, true);
    books_at(k, "2026-05-04", 9, 0);
    books_granted(k, "A", "SIM-A", 1000, "T", 300);
    books_at(k, "2026-05-05", 9, 0);
    books_granted(k, "A", "SIM-A", 1300, "T", 300);
    put_books(k);
}

static void story_4_tamper(void)
{
    books k;
    static fl_verify_report report;
    long_books(&k);
    sign_in("own:1", PIN_OWNER, false);
    CHECK(http_get(&b, "/month/2026-05").status == 200, "it was good");
    damage(DIGIT);
    CHECK(fl_verify(place, NULL, &report, NULL) == FL_E_DAMAGED, "the journal is damaged");
    CHECK(fl_text_begins(report.what, "1,024 does not match; 1 to 1,023 good"), "%s", report.what);
    http_answer a = http_get(&b, "/month/2026-05");
    CHECK(a.status == 200 && says(&a, "This journal is damaged."), "the page says it at once: %d", a.status);
    CHECK(says(&a, "1,024 does not match; 1 to 1,023 good") &&
              says(&a, "The first 1,024 entries are proven good"),
          "exactly what verify says");
    CHECK(rows_read(a.body, "devices", &table) && table.rows == 1, "what is good is still read");
    CHECK(http_post(&b, "/verify", "", false).status == 303, "verify now");
    a = http_get(&b, "/verify");
    CHECK(says(&a, "1,024 does not match; 1 to 1,023 good") &&
              says(&a, "The first entry that does not hold is 1,024."),
          "the panel");
    a = http_get(&b, "/entry/1024");
    CHECK(a.status == 200 && says(&a, "Not proven"), "the changed entry");
    a = http_get(&b, "/entry/1023");
    CHECK(a.status == 200 && !says(&a, "Not proven: "), "the last good one");
    a = http_get(&b, "/record/1");
    CHECK(a.status == 200 && says(&a, "this look could not be written down") && says(&a, "F-L"),
          "a session: %d", a.status);
    CHECK(http_post(&b, "/exports", "month=2026-05&format=csv", true).status >= 400, "nothing is handed out");
    a = http_get(&b, "/exports/2026-05");
    CHECK(says(&a, "Nothing is handed out of a damaged journal.") && !says(&a, "value=\"xlsx\""),
          "and says so");
}

static void story_4_the_end_is_cut_off(void)
{
    books k;
    long_books(&k);
    sign_in("own:1", PIN_OWNER, false);
    damage("DROP TRIGGER entry_no_delete; DELETE FROM entry WHERE idx > (SELECT max(idx) - 10 FROM entry)");
    http_post(&b, "/verify", "", false);
    const http_answer a = http_get(&b, "/verify");
    CHECK(says(&a, "This journal is damaged.") && says(&a, "it is missing"), "ten entries are missing");
    CHECK(!says(&a, "This journal is intact."), "not both");
}

static void put_check(books *k, const char *rest)
{
    char room[300];
    snprintf(room, sizeof room,
             "pulses#0|sid#0|granted#5|head=H1|wl_nm#1064|n#5|set_uJ#200000|%s|meter=SIM-METER|who=op:17",
             rest);
    books_put(k, FL_KIND_CHECK, "A", "SIM-A", room);
}

static void story_5_energy_in_both_languages(void)
{
    books k;
    books_open(&k, true);
    books_at(&k, "2026-05-04", 8, 0);
    books_counter(&k, "A", "SIM-A", 1000);
    put_check(&k, "mean_uJ#190200|spread_uJ#1924|off_ppm#-49000|pass#1|verdict=pass");
    books_at(&k, "2026-05-11", 8, 0);
    put_check(&k, "mean_uJ#159000|spread_uJ#1581|off_ppm#-205000|pass#0|verdict=lock");
    put_books(&k);
    sign_in("own:1", PIN_OWNER, false);
    http_answer a = http_get(&b, "/month/2026-05");
    CHECK(rows_read(a.body, "energy", &table) && table.rows == 2, "two checks");
    CHECK(ROW("200.000", "190.200",
              "\xe2\x88\x92"
              "4.9",
              "pass"),
          "4.9 %% below");
    CHECK(ROW("159.000",
              "\xe2\x88\x92"
              "20.5",
              "LOCKED"),
          "20.5 %% below");
    CHECK(says(&a, "class=\"warn-line\"") && says(&a, "class=\"limit\"") && says(&a, "±10 and ±20 %"),
          "the lines");
    sign_in("own:1", PIN_OWNER, true);
    a = http_get(&b, "/month/2026-05");
    CHECK(rows_read(a.body, "energy", &table) &&
              ROW("190,200",
                  "\xe2\x88\x92"
                  "4,9",
                  "réussi") &&
              ROW("\xe2\x88\x92"
                  "20,5",
                  "VERROUILLÉE"),
          "a comma, and French words");
    CHECK(!says(&a, "190.200"), "no point is left");
}

static void it_closes(void)
{
    console_stop(c);
    c = NULL;
}

FL_TESTS("console/owner", TEST(every_column_has_its_words), TEST(every_figure_is_the_audits),
         TEST(stories_1_to_3_day_month_no_netting), TEST(story_4_tamper), TEST(story_4_the_end_is_cut_off),
         TEST(story_5_energy_in_both_languages), TEST(story_13_a_look_is_written_down),
         TEST(papers_of_the_client_too), TEST(who_did_the_session_hands_out_its_papers),
         TEST(a_pulse_proves_itself), TEST(rights_are_those_of_the_acts), TEST(stories_7_and_9_files),
         TEST(a_held_journal_hands_out_nothing), TEST(entries_of_older_logs),
         TEST(an_older_log_that_is_missing), TEST(identities_that_are_gone),
         TEST(every_exception_has_its_words), TEST(hostile_texts_are_shown), TEST(three_hundred_sessions),
         TEST(damage_on_every_page), TEST(much_and_nothing), TEST(sixty_long_zones),
         TEST(a_verification_can_be_watched_and_stopped), TEST(many_read_while_one_writes), TEST(it_closes))
