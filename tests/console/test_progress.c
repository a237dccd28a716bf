/* labels: unit   timeout: 240 */
/* Progress and the client's page against hostile books: nothing before a look, nobody's record but the one
 * that was opened, texts escaped, a case that cannot be read said so, more reads than there is room for; and
 * sessions of the journal that come into a case, or must not. */
#include "check.h"

#include "helper_books.h"
#include "helper_console.h"

#include "fadeline/base/place.h"
#include "fadeline/course/case.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static fl_console *c;
static http_browser b;
static char home[FL_PLACE_MAX];

/* Two visits of C-0001 with grants in two zones, one of C-0002; the endpoint is hostile. */
static void granted(books *k, const char *pat, const char *zone, uint64_t *ctr)
{
    char room[400];
    snprintf(room, sizeof room, "sid#%llu|ctr#%llu|who=op:17|pat=%s|plan=-|proc=smp|not_before=2026-06-15",
             (unsigned long long)++k->sid, (unsigned long long)*ctr, pat);
    books_put(k, FL_KIND_SESSION_OPEN, "A", "SIM-A", room);
    snprintf(
        room, sizeof room,
        "gid#%llu|ctr#%llu|sid#%llu|plan=-|zone=%s|pu=T|energy_uJ#199800|spot_um#4000|wl_nm#1064|who=op:17",
        (unsigned long long)++k->gid, (unsigned long long)*ctr, (unsigned long long)k->sid, zone);
    books_put(k, FL_KIND_GRANT, NULL, "SIM-A", room);
    snprintf(room, sizeof room, "gid#%llu|ctr#%llu|sid#%llu|meas_uJ#197350", (unsigned long long)k->gid,
             (unsigned long long)++*ctr, (unsigned long long)k->sid);
    books_put(k, FL_KIND_PULSE, NULL, "SIM-A", room);
    snprintf(room, sizeof room,
             "sid#%llu|text=endpoint|seen=<b>frost</b>|plan=-|pat=%s|zone=%s|pu=T|who=op:17",
             (unsigned long long)k->sid, pat, zone);
    books_put(k, FL_KIND_NOTE, "A", "SIM-A", room);
    snprintf(room, sizeof room, "sid#%llu|ctr#%llu|pulses#1", (unsigned long long)k->sid,
             (unsigned long long)*ctr);
    books_put(k, FL_KIND_SESSION_CLOSE, NULL, "SIM-A", room);
}

static void begin(void)
{
    books k;
    uint64_t ctr = 1000;
    char place[FL_PLACE_MAX], aside[FL_PLACE_MAX + 8];
    if (c) return;
    c = console_start();
    snprintf(home, sizeof home, "%s", getenv("FADELINE_HOME"));
    books_open(&k, true);
    books_at(&k, "2026-05-04", 9, 0);
    granted(&k, "C-0001", "F-L", &ctr);
    books_at(&k, "2026-05-05", 9, 0);
    granted(&k, "C-0002", "BRW-L", &ctr);
    books_at(&k, "2026-06-29", 9, 0);
    granted(&k, "C-0001", "<i>MID", &ctr);
    books_close(&k);
    console_need(fl_journal_place(true, place, NULL) == FL_OK, "a place");
    snprintf(aside, sizeof aside, "%s-was", place);
    console_need(rename(place, aside) == 0 && rename(k.directory, place) == 0, "the books in their place");
}

static void sign_in(const char *who, const char *pin)
{
    begin();
    http_browser_at(&b, fl_console_url(c));
    CHECK(http_sign_in(&b, who, pin), "%s does not come in", who);
    http_get(&b, "/");
}

static bool says(const http_answer *a, const char *text)
{
    return strstr(a->body, text) != NULL;
}

/* Case 1, with these lines before its zones. */
static void put_case(const char *name, const char *more)
{
    char path[FL_PLACE_MAX + 40], *text = NULL;
    size_t size;
    console_need(fl_place_read(FL_SOURCE_DIR "/profiles/cases/case-1.yaml", 1 << 20, &text, &size, NULL) ==
                     FL_OK,
                 "case 1");
    snprintf(path, sizeof path, "%s/cases", home);
    console_need(fl_place_make(path, NULL) == FL_OK, "a folder");
    snprintf(path, sizeof path, "%s/cases/%s.yaml", home, name);
    FILE *file = fopen(path, "w");
    char *at = strstr(text, "\nzones:");
    console_need(file && at, "a case");
    fprintf(file, "%.*s\n%s%s", (int)(at - text), text, more, at);
    fclose(file);
    free(text);
}

static void nothing_before_a_look(void)
{
    sign_in("op:17", PIN_OPERATOR);
    put_case("C-0001-2026-05-04", "");
    http_answer a = http_get(&b, "/client/C-0001/progress");
    CHECK(a.status == 200 && says(&a, "name=\"code\" value=\"C-0001\"") && !says(&a, "1.59") &&
              !says(&a, "2026-06-29"),
          "it shows something before the look: %d", a.status);
    CHECK(http_post(&b, "/client", "code=C-0001&to=/client/C-0001/progress", false).status == 303,
          "the look");
    a = http_get(&b, "/client/C-0001/progress");
    CHECK(a.status == 200 && says(&a, "1.59") && says(&a, "Visit of 2026-06-29"), "after it: %d", a.status);
    a = http_get(&b, "/client/C-0002/progress");
    CHECK(!says(&a, "BRW-L") && !says(&a, "Visit of"), "a look at one client opens another");
    CHECK(http_get(&b, "/client/nobody/progress").status == 404, "no code");
    sign_in("svc:3", PIN_SERVICE);
    CHECK(http_get(&b, "/client/C-0001/progress").status == 403, "service");
}

static void hostile_texts_are_shown(void)
{
    sign_in("op:17", PIN_OPERATOR);
    http_post(&b, "/client", "code=C-0001", false);
    static const char *const paths[] = {"/client/C-0001", "/client/C-0001/progress"};
    for (size_t i = 0; i < 2; i++) {
        const http_answer a = http_get(&b, paths[i]);
        CHECK(a.status == 200 && says(&a, "&lt;b&gt;frost") && !says(&a, "<b>frost") &&
                  says(&a, "&lt;i&gt;MID") && !says(&a, "<i>MID"),
              "%s", paths[i]);
    }
}

/* The oldest reads go; those that count stand with their range. */
static void many_reads_and_none(void)
{
    char more[8000] = "earlier:\n";
    for (int i = 0; i < 30; i++)
        snprintf(more + strlen(more), sizeof more - strlen(more),
                 "  - {id: E%d, on: 20%02d-01-01, elsewhere: no, wavelength_nm: 1064, read_on: 20%02d-03-01, "
                 "cleared_percent: %d}\n",
                 i, 20 + i / 6, 20 + i / 6, 10 + i);
    sign_in("op:17", PIN_OPERATOR);
    http_post(&b, "/client", "code=C-0001", false);
    put_case("C-0001-2026-05-05", more);
    http_answer a = http_get(&b, "/client/C-0001/progress");
    CHECK(a.status == 200 && says(&a, "2024-03-01") && says(&a, "id=\"fade\""), "thirty reads: %d", a.status);
    put_case("C-0001-2026-05-06", "");
    a = http_get(&b, "/client/C-0001/progress");
    CHECK(says(&a, "No session was read yet"), "no read");
    put_case("C-0001-2026-05-07", "nonsense: [\n");
    a = http_get(&b, "/client/C-0001/progress");
    CHECK(a.status == 200 && says(&a, "There is no case of this client") && says(&a, "Visit of 2026-06-29"),
          "a case that cannot be read: %d", a.status);
}

static fl_case *kept(const char *name)
{
    char path[FL_PLACE_MAX + 40];
    fl_case *read = NULL;
    fl_error error = {0};
    snprintf(path, sizeof path, "%s/cases/%s.yaml", home, name);
    CHECK(fl_case_load(path, NULL, &read, &error) == FL_OK, "%s: %s", name, error.what);
    return read;
}

/* The whole form of that case, with `more`. */
static http_answer keep(const char *more)
{
    char text[3000];
    snprintf(
        text, sizeof text,
        "base=C-0001-2026-05-08&do=keep&client=C-0001&date=2026-05-08&age_years=34&procedure=smp-scalp&"
        "site=scalp-male&goal-kind=remove&goal-fade_percent=90&skin-form-g1=1&skin-form-g2=2&skin-form-g3=1&"
        "skin-form-g4=2&skin-form-r1=1&skin-form-r2=1&skin-form-r3=1&skin-form-r4=2&skin-form-t1=0&"
        "skin-form-t2=1&ink-id=carbon-smp&ink-age_months=14&ask-gold=no&zones-0-id=F-L&zones-0-area_cm2=40&"
        "zones-1-id=F-R&zones-1-area_cm2=40&%s",
        more);
    http_get(&b, "/case/C-0001-2026-05-08"); /* an act token of its own */
    return http_post(&b, "/case", text, true);
}

/* What the journal says comes into the case; another client's session, or one without a look, does not. */
static void sessions_come_into_the_case(void)
{
    sign_in("op:17", PIN_OPERATOR);
    put_case("C-0001-2026-05-08", "");
    static const char form[] = "take-1=yes&take-2=yes&take-99=yes";
    sign_in("own:1", PIN_OWNER); /* a supervisor too, who has not looked */
    http_answer a = http_get(&b, "/case/C-0001-2026-05-08");
    CHECK(a.status == 200 && !says(&a, "take-1"), "offered without a look");
    CHECK(keep(form).status == 303, "kept");
    fl_case *read = kept("C-0001-2026-05-08");
    CHECK(read && read->body.earlier_count == 0, "taken without a look");
    fl_case_free(read);
    http_post(&b, "/client", "code=C-0001", false);
    a = http_get(&b, "/case/C-0001-2026-05-08");
    CHECK(says(&a, "name=\"take-1\"") && says(&a, "name=\"take-3\"") && !says(&a, "name=\"take-2\""),
          "what is offered");
    CHECK(keep(form).status == 303, "kept again");
    read = kept("C-0001-2026-05-08");
    CHECK(read && read->body.earlier_count == 1 && strcmp(read->body.earlier[0].id, "S1") == 0 &&
              fl_whole_nm(read->body.earlier[0].wavelength) == 1064 &&
              read->body.earlier[0].zones_count == 1 && strcmp(read->body.earlier[0].zones[0], "F-L") == 0 &&
              !fl_date_is_set(read->body.earlier[0].read_on),
          "session 1, and only it");
    fl_case_free(read);
    CHECK(keep("take-1=yes&earlier-0-read_on=2026-06-15").status == 422, "a read without a share was kept");
    a = keep("take-1=yes&earlier-0-read_on=2026-06-15&earlier-0-cleared_percent=55,5");
    CHECK(a.status == 303, "a read: %d", a.status);
    read = kept("C-0001-2026-05-08");
    CHECK(read && read->body.earlier_count == 1 && read->body.earlier[0].cleared_percent == 55.5,
          "twice, or not read");
    fl_case_free(read);
}

static void it_closes(void)
{
    console_stop(c);
    CHECK(true, "closed");
}

FL_TESTS("console/progress", TEST(nothing_before_a_look), TEST(hostile_texts_are_shown),
         TEST(many_reads_and_none), TEST(sessions_come_into_the_case), TEST(it_closes))
