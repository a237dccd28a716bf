/* labels: unit fault   timeout: 120 */
/* Test spots as the console takes them: the quarter of an hour and the weeks are waited for, what is said is
 * said once and stands in the journal with its time, also when a session held it, and a read changes the
 * case. */
#include "check.h"

#include "helper_console.h"

#include "fadeline/base/place.h"
#include "fadeline/journal/journal.h"

#include <unistd.h>

#define CASE "C-0004-2026-05-04"
#define NOW_US INT64_C(1778000000000000) /* 2026-05-05 16:53 UTC */

static fl_console *c;
static http_browser op;
static _Atomic int64_t ahead_us;
static char case_path[FL_PLACE_MAX + 80];

static fl_utc utc(void *self)
{
    (void)self;
    return (fl_utc){NOW_US + ahead_us};
}

static void put_case(void)
{
    static const char spots[] = "\ntests:\n"
                                "  - {id: T1-a, zone: BRW-L, placed_on: 2026-05-05, device: example-pico, "
                                "wavelength_nm: 532, spot_mm: 2.5, "
                                "fluence_J_cm2: 0.2, pulses: 2, result: open}\n"
                                "  - {id: T2-a, zone: BRW-L, placed_on: 2026-03-01, device: example-pico, "
                                "wavelength_nm: 532, spot_mm: 2.5, "
                                "fluence_J_cm2: 0.25, pulses: 2, result: open}\n";
    char folder[FL_PLACE_MAX + 20], *text, *whole;
    size_t size;
    snprintf(folder, sizeof folder, "%s/cases", c->home);
    snprintf(case_path, sizeof case_path, "%s/" CASE ".yaml", folder);
    console_need(fl_place_make(folder, NULL) == FL_OK &&
                     fl_place_read(FL_SOURCE_DIR "/profiles/cases/case-4.yaml", 100000, &text, &size, NULL) ==
                         FL_OK,
                 "a case");
    char *end = strstr(text, "\nvariants:"); /* what belongs to the case stands before them */
    const size_t head = end ? (size_t)(end - text) : size;
    console_need(asprintf(&whole, "%.*s%s%s", (int)head, text, spots, end ? end : "") > 0 &&
                     fl_place_write(case_path, whole, strlen(whole), 0600, NULL) == FL_OK,
                 "a case with spots");
    free(text);
    free(whole);
}

static void begin(void)
{
    if (!c) {
        c = console_start();
        c->clock.utc = utc;
        put_case();
    }
    http_browser_at(&op, fl_console_url(c));
    CHECK(http_sign_in(&op, "op:17", PIN_OPERATOR), "sign in");
}

/* The newest note about this spot at this moment. */
static bool noted(const char *test, const char *moment, const char *key, const char *value, bool late)
{
    fl_journal *journal;
    bool found = false;
    const fl_journal_options options = {.mode = FL_JOURNAL_READ};
    CHECK(fl_journal_open(c->journal, &options, &journal, NULL) == FL_OK, "look");
    for (uint64_t i = 0; i < fl_journal_size(journal); i++) {
        fl_record record;
        CHECK(fl_journal_record(journal, i, &record) == FL_OK, "entry");
        if (fl_record_is(&record, FL_KIND_NOTE) && fl_record_text_is(&record, "test", test) &&
            fl_record_text_is(&record, "moment", moment) && (!key || fl_record_text_is(&record, key, value)))
            found = fl_record_has(&record, "was_us") == late;
    }
    fl_journal_close(journal);
    return found;
}

static void placed_now(void)
{
    fl_journal *journal;
    fl_entry entry;
    const fl_journal_options options = {.mode = FL_JOURNAL_WRITE, .simulated = true, .clock = &c->clock};
    console_need(fl_journal_open(c->journal, &options, &journal, NULL) == FL_OK, "a journal");
    fl_entry_begin(&entry, FL_KIND_NOTE);
    fl_entry_text(&entry, "text", "test-spot");
    fl_entry_text(&entry, "pat", "C-0004");
    fl_entry_text(&entry, "test", "T1-a");
    fl_entry_text(&entry, "moment", "placed");
    fl_entry_text(&entry, "who", "op:17");
    console_need(fl_journal_append(journal, &entry, 1, NULL) == FL_OK, "placed");
    fl_journal_close(journal);
}

static void says(const char *path, const char *form, int status, const char *sentence)
{
    http_get(&op, "/tests/" CASE);
    const http_answer answer = http_post(&op, path, form, true);
    CHECK(answer.status == status && (!sentence || strstr(answer.body, sentence)), "%s: %d, not %d\n%.300s",
          form, answer.status, status,
          strstr(answer.body, "role=\"alert\"") ? strstr(answer.body, "role=\"alert\"") : "");
}

#define LOOK(spot, moment, seen) "case=" CASE "&spot=" spot "&moment=" moment "&seen=" seen

static void a_quarter_of_an_hour(void)
{
    begin();
    placed_now();
    says("/tests/look", LOOK("0", "0-min", "shiny"), 422, "Say what is seen");
    says("/tests/look", LOOK("0", "0-min", "frost"), 303, NULL);
    CHECK(noted("T1-a", "0-min", "seen", "frost", false), "in the journal");
    says("/tests/look", LOOK("0", "0-min", "none"), 422, "said already");
    ahead_us += INT64_C(14) * 60 * 1000000;
    says("/tests/look", LOOK("0", "15-min", "none"), 422, "Look again at");
    CHECK(strstr(http_get(&op, "/tests/" CASE).body, "data-due=\"60000\""), "one minute is left");
    ahead_us += INT64_C(60) * 1000000;
    says("/tests/look", LOOK("0", "15-min", "none"), 303, NULL);
    CHECK(noted("T1-a", "15-min", "seen", "none", false), "in the journal");
    says("/tests/look", LOOK("1", "0-min", "frost"), 422, "on the day it was placed");
    says("/tests/look", LOOK("7", "0-min", "frost"), 404, NULL);
    says("/tests/look", "case=..&spot=0&moment=0-min&seen=frost", 404, NULL);
}

static void weeks(void)
{
    begin();
    /* No plan says the skin type: the rule for the darkest, six weeks. */
    says("/tests/read", "case=" CASE "&spot=0&result=lighter", 422, "Not read before 2026-06-16");
    says("/tests/read", "case=" CASE "&spot=0&result=lighter", 422, "6 weeks");
    says("/tests/read", "case=" CASE "&spot=1&result=brighter", 422, "lighter, the same or darker");
    says("/tests/read", "case=" CASE "&spot=1&result=darker&cleared=120", 422, "0 to 100");
    says("/tests/read", "case=" CASE "&spot=1&result=darker&cleared=nan", 422, "0 to 100");
    CHECK(!noted("T2-a", "read", NULL, NULL, false), "nothing was written");
    says("/tests/read", "case=" CASE "&spot=1&result=darker&cleared=12%2C5&texture=yes", 303, NULL);
    CHECK(noted("T2-a", "read", "decision", "excluded", false), "in the journal");
    char *text;
    size_t size;
    CHECK(fl_place_read(case_path, 100000, &text, &size, NULL) == FL_OK, "the case");
    CHECK(strstr(text, "result: darker") && strstr(text, "cleared_percent: 12.5") &&
              strstr(text, "skin_change: yes") && strstr(text, "read_on: 2026-05-05"),
          "%.500s", strstr(text, "tests:"));
    free(text);
    http_get(&op, "/photos/C-0004"); /* the page of the spots has no form any more */
    CHECK(http_post(&op, "/tests/read", "case=" CASE "&spot=1&result=lighter", true).status == 422,
          "said already");
    CHECK(strstr(http_get(&op, "/tests/" CASE).body, "no plan uses this setting"), "it says so");
}

static void while_a_session_runs(void)
{
    fl_journal *held;
    const fl_journal_options options = {.mode = FL_JOURNAL_WRITE, .simulated = true};
    begin();
    put_case();
    ahead_us = -INT64_C(1000000); /* before that other look: nobody has said anything of this spot */
    char *text, *at;
    size_t size;
    CHECK(fl_place_read(case_path, 100000, &text, &size, NULL) == FL_OK, "the case");
    while ((at = strstr(text, "T1-a"))) memcpy(at, "T9-a", 4);
    CHECK(fl_place_write(case_path, text, size, 0600, NULL) == FL_OK, "another spot");
    free(text);
    CHECK(fl_journal_open(c->journal, &options, &held, NULL) == FL_OK, "held");
    says("/tests/look", LOOK("0", "0-min", "weak"), 303, NULL);
    CHECK(!noted("T9-a", "0-min", NULL, NULL, true), "not there yet");
    CHECK(strstr(http_get(&op, "/tests/" CASE).body, "Weak</span>"), "but the page has it");
    says("/tests/look", LOOK("0", "0-min", "none"), 422, "said already");
    fl_journal_close(held);
    http_get(&op, "/photos/C-0004");
    CHECK(http_post(&op, "/photos", "code=C-0004", false).status == 303, "the next entry");
    CHECK(noted("T9-a", "0-min", "seen", "weak", true), "and what was owed before it, with when it was");
}

static void *reads(void *self)
{
    *(http_answer *)self = http_post(&op, "/tests/read", "case=" CASE "&spot=1&result=same", true);
    return NULL;
}

/* Two pages that change one case, each from what it had read, would undo each other. */
static void two_at_once_lose_nothing(void)
{
    static http_answer answer;
    pthread_t thread;
    char *text, *at;
    size_t size;
    begin();
    put_case();
    http_get(&op, "/tests/" CASE);
    pthread_mutex_lock(&c->cases);
    CHECK(fl_place_read(case_path, 100000, &text, &size, NULL) == FL_OK, "the case");
    pthread_create(&thread, NULL, reads, &answer);
    usleep(700000);
    CHECK((at = strstr(text, "fluence_J_cm2: 0.25")) != NULL, "a fluence");
    memcpy(at, "fluence_J_cm2: 0.26", 19);
    CHECK(fl_place_write(case_path, text, size, 0600, NULL) == FL_OK, "another page");
    free(text);
    pthread_mutex_unlock(&c->cases);
    pthread_join(thread, NULL);
    CHECK(answer.status == 303, "%d %.300s", answer.status, answer.body);
    CHECK(fl_place_read(case_path, 100000, &text, &size, NULL) == FL_OK, "the case");
    CHECK(strstr(text, "result: same") && strstr(text, "fluence_J_cm2: 0.26"), "one of two is lost");
    free(text);
}

static void who_may(void)
{
    begin();
    http_browser auditor;
    http_browser_at(&auditor, fl_console_url(c));
    CHECK(http_sign_in(&auditor, "aud:2", PIN_AUDITOR), "auditor");
    const http_answer page = http_get(&auditor, "/tests/" CASE);
    CHECK(page.status == 200 && !strstr(page.body, "/tests/look") && !strstr(page.body, "/tests/read"),
          "reads, and is asked nothing: %d", page.status);
    CHECK(http_post(&auditor, "/tests/read", "case=" CASE "&spot=0&result=lighter", true).status == 403,
          "may not");
    console_stop(c);
}

FL_TESTS("console/spots", TEST(a_quarter_of_an_hour), TEST(weeks), TEST(while_a_session_runs),
         TEST(two_at_once_lose_nothing), TEST(who_may))
