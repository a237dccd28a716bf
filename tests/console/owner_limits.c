/* Tests of what an old journal may hold, of much, of nothing, and of many at once. See owner_books.h. */
#include "owner_books.h"

#include "check.h"

#include <pthread.h>

void hostile_texts_are_shown(void)
{
    books k;
    uint64_t ctr = 1000;
    books_open(&k, true);
    books_at(&k, "2026-05-13", 9, 0);
    books_visit(&k, "A<script>alert(1)</script>", "SIM-A", "p:\"><img src=x onerror=alert(1)>", "op:17", &ctr,
                100, 2);
    books_put(&k, FL_KIND_EVENT, NULL, NULL,
              "pat=p:1|what=</td></table><h1>x|who=op:17|sid#1|text=\xe2\x80\xae"
              "evil &amp; 'x'");
    books_put(&k, FL_KIND_OVERRIDE, NULL, NULL, "who=op:9|reason=<b>b</b>|sid#1|zone=F-L");
    put_books(&k);
    sign_in("own:1", PIN_OWNER, false);
    static const char *const paths[] = {"/month/2026-05",   "/day/2026-05-13", "/follow-ups",
                                        "/exports/2026-05", "/entry/3",        "/entry/5",
                                        "/record/1",        "/verify"};
    http_post(&b, "/record", "sid=1", false);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const http_answer a = http_get(&b, paths[i]);
        const char *h1 = strstr(a.body, "<h1>");
        CHECK(a.status == 200, "%s: %d", paths[i], a.status);
        CHECK(!says(&a, "<script>alert") && !says(&a, "<img src=x") && !says(&a, "<b>b</b>"), "%s obeys",
              paths[i]);
        CHECK(h1 && !strstr(h1 + 1, "<h1>"), "%s has a heading from the journal", paths[i]);
        CHECK(!says(&a, "\xe2\x80\xae"), "%s turns its direction", paths[i]);
    }
    const http_answer a = http_get(&b, "/month/2026-05?site=A%3Cscript%3Ealert(1)%3C%2Fscript%3E");
    CHECK(a.status == 200 && !says(&a, "<script>alert") && says(&a, "A&lt;script&gt;"),
          "a site of the address");
}

/* A session by hand of one minute. */
static void short_visit(books *k, const char *pat, uint64_t *ctr, uint64_t pulses)
{
    char room[256];
    snprintf(room, sizeof room, "sid#%llu|ctr#%llu|who=op:17|pat=%s|plan=-|man#1|proc=smp",
             (unsigned long long)++k->sid, (unsigned long long)*ctr, pat);
    books_put(k, FL_KIND_SESSION_OPEN, "A site with a name of forty characters!!", "SIM-A", room);
    *ctr += pulses;
    k->now_us += 60000000, k->utc_us += 60000000;
    snprintf(room, sizeof room, "sid#%llu|ctr#%llu|pulses#%llu|tests#0|checks#0", (unsigned long long)k->sid,
             (unsigned long long)*ctr, (unsigned long long)pulses);
    books_put(k, FL_KIND_SESSION_CLOSE, NULL, "SIM-A", room);
}

void much_and_nothing(void)
{
    books k;
    uint64_t ctr = 1000;
    char name[64];
    books_open(&k, true);
    books_at(&k, "2026-05-13", 0, 1);
    for (int i = 0; i < 300; i++) {
        k.now_us += 1000000, k.utc_us += 1000000;
        snprintf(name, sizeof name, "p:%d", i);
        short_visit(&k, name, &ctr, 10);
    }
    put_books(&k);
    sign_in("own:1", PIN_OWNER, false);
    http_answer a = http_get(&b, "/day/2026-05-13");
    CHECK(rows_read(a.body, "sessions", &table) && table.rows == 300, "300 sessions: %zu rows", table.rows);
    a = http_get(&b, "/month/2026-04");
    CHECK(a.status == 200 && says(&a, "No counter was read in this period"), "an empty month");
    CHECK(http_get(&b, "/month/2026-13").status == 404 && http_get(&b, "/month/x").status == 404 &&
              http_get(&b, "/day/2026-02-30").status == 404 && http_get(&b, "/record/999").status == 404,
          "what is not there");
    books_open(&k, true);
    put_books(&k);
    sign_in("own:1", PIN_OWNER, true);
    a = http_get(&b, "/month/2026-05");
    CHECK(a.status == 200 && says(&a, "Aucun compteur"), "an empty journal: %d", a.status);
}

/* 60 zones with names of forty characters, by hand: planned beside delivered, each in its row. */
void sixty_long_zones(void)
{
    books k;
    char room[300], name[48];
    uint64_t ctr = 1000;
    books_open(&k, true);
    books_at(&k, "2026-05-13", 9, 0);
    books_put(&k, FL_KIND_SESSION_OPEN, "A", "SIM-A",
              "sid#1|ctr#1000|who=op:17|pat=p:1|plan=-|man#1|proc=smp");
    for (int i = 0; i < 60; i++) {
        snprintf(name, sizeof name, "a zone with a name of forty letters-%04d", i);
        snprintf(room, sizeof room, "sid#1|zone=%s|who=op:17|ctr#%llu|pu=T", name, (unsigned long long)ctr);
        books_put(&k, FL_KIND_ZONE, NULL, "SIM-A", room);
        k.now_us += 60000000, k.utc_us += 60000000;
        snprintf(room, sizeof room, "sid#1|zone=%s|pu=T|ctr_was#%llu|ctr_now#%llu|pulses#7|who=op:17", name,
                 (unsigned long long)ctr, (unsigned long long)ctr + 7);
        books_put(&k, FL_KIND_PULSES, NULL, "SIM-A", room);
        ctr += 7;
    }
    snprintf(room, sizeof room, "sid#1|ctr#%llu|pulses#420", (unsigned long long)ctr);
    books_put(&k, FL_KIND_SESSION_CLOSE, NULL, "SIM-A", room);
    put_books(&k);
    sign_in("op:17", PIN_OPERATOR, false);
    CHECK(http_post(&b, "/record", "sid=1", false).status == 303, "opened");
    const http_answer a = http_get(&b, "/record/1");
    int zones = 0;
    for (const char *at = a.body; (at = strstr(at, "forty letters-")); at++) zones++;
    CHECK(a.status == 200 && zones == 120, "60 zones and 60 intervals: %d", zones);
    CHECK(says(&a, "<dd>420</dd>"), "their pulses");
}

/* Whoever waits sees how far it is, and may go. */
static uint64_t watched;
static bool watch_once(void *self, uint64_t entries)
{
    watched = entries;
    return self || entries < 1024;
}

void a_verification_can_be_watched_and_stopped(void)
{
    books k;
    static fl_verify_report report;
    fl_verify_options options = {.watch = watch_once};
    long_books(&k);
    CHECK(fl_verify(place, &options, &report, NULL) == FL_E_INTERRUPTED && watched == 1024 && !report.damaged,
          "stopped at %llu", (unsigned long long)watched);
    options.self = &k;
    CHECK(fl_verify(place, &options, &report, NULL) == FL_OK && watched == 1024 && report.entries > 1200,
          "watched: %s", report.what);
}

/* Audits are kept, dropped and shared while entries come in: eight months, more than are kept. */
static void *read_months(void *self)
{
    http_browser own = b;
    int *bad = self;
    for (int i = 0; i < 16; i++) {
        char path[32];
        snprintf(path, sizeof path, "/month/2026-%02d", 1 + (i * 3 + *bad) % 8);
        if (http_get(&own, path).status != 200) return self;
    }
    *bad = 0;
    return NULL;
}

void many_read_while_one_writes(void)
{
    enum { READERS = 6 };
    pthread_t readers[READERS];
    int bad[READERS];
    books k;
    books_open(&k, true);
    books_of_may(&k);
    put_books(&k);
    sign_in("own:1", PIN_OWNER, false);
    for (int i = 0; i < READERS; i++) {
        bad[i] = i + 1;
        console_need(pthread_create(&readers[i], NULL, read_months, &bad[i]) == 0, "a thread");
    }
    http_browser writer = b;
    for (int i = 0; i < 6; i++)
        CHECK(http_post(&writer, "/record", "sid=1", false).status == 303, "look %d", i);
    CHECK(http_post(&writer, "/verify", "", false).status == 303, "verify beside them");
    for (int i = 0; i < READERS; i++) {
        pthread_join(readers[i], NULL);
        CHECK(bad[i] == 0, "reader %d was refused", i);
    }
    CHECK(http_get(&b, "/record/1").status == 200 &&
              rows_read(http_get(&b, "/month/2026-05").body, "devices", &table) && table.rows == 5,
          "afterwards");
}
