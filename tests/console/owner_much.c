/* Three hundred sessions in a month, of three hundred clients with everything that goes with them: every page
 * an owner opens stays a page. See owner_books.h. */
#include "owner_books.h"

#include "check.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <time.h>

static double ms_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void put_month(void)
{
    books k;
    char pat[24], day[24], room[200];
    uint64_t ctr = 1000;
    books_open(&k, true);
    for (int i = 0; i < 300; i++) {
        snprintf(day, sizeof day, "2026-05-%02d", 1 + i / 10);
        if (i % 10 == 0) books_at(&k, day, 8, 0);
        snprintf(pat, sizeof pat, "C-%04d", 1 + i);
        books_visit(&k, "A", "SIM-A", pat, i % 3 ? "op:17" : "op:18", &ctr, 40 + (uint64_t)i % 7, i % 5 == 0);
        if (i % 4 == 0) {
            snprintf(room, sizeof room,
                     "pat=%s|what=blister|who=op:17|sid#%llu|after_h#24|grade#1|text=small", pat,
                     (unsigned long long)k.sid);
            books_put(&k, FL_KIND_EVENT, "A", NULL, room);
        }
        if (i % 6 == 0) ctr += 3; /* nobody wrote these down */
        if (i % 3 == 0) {
            snprintf(room, sizeof room, "who=op:9|reason=soft-stop|sid#%llu|zone=F-L",
                     (unsigned long long)k.sid);
            books_put(&k, FL_KIND_OVERRIDE, "A", "SIM-A", room);
        }
    }
    put_books(&k);
}

/* Bytes are the page's, whatever the machine does; the time is only told (FL_SHOW). */
void three_hundred_sessions(void)
{
    static const struct {
        const char *path;
        size_t most;
    } pages[] = {{"/month/2026-05", 400000}, {"/day/2026-05-13", 100000}, {"/clients", 150000},
                 {"/follow-ups", 150000},    {"/exports/2026-05", 60000}, {"/verify", 60000},
                 {"/plans", 60000},          {"/record/150", 60000},      {"/client/C-0150", 60000}};
    put_month();
    sign_in("own:1", PIN_OWNER, false);
    http_post(&b, "/record", "sid=150", false);
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        const double begun = ms_now();
        const http_answer a = http_get(&b, pages[i].path);
        if (getenv("FL_SHOW"))
            printf("\n  %-18s %7zu bytes %6.0f ms", pages[i].path, a.body_size, ms_now() - begun);
        CHECK(a.status == 200 && a.body_size < pages[i].most, "%s: %d, %zu bytes", pages[i].path, a.status,
              a.body_size);
    }
    /* What is not on the page is said to be elsewhere, and is one touch away. */
    http_answer a = http_get(&b, "/follow-ups?from=100");
    CHECK(rows_read(a.body, "follow_ups", &table) && table.rows == 100 && says(&a, "rel=\"prev\"") &&
              says(&a, "from=200"),
          "the second hundred: %zu rows", table.rows);
    CHECK(http_get(&b, "/follow-ups?from=x").status == 200 &&
              http_get(&b, "/follow-ups?from=99999").status == 200 &&
              http_get(&b, "/clients?from=99999").status == 200,
          "a place that is none");
    a = http_get(&b, "/clients?from=200");
    CHECK(says(&a, "C-0001") && !says(&a, "C-0300") && says(&a, "rel=\"prev\""), "the last clients");
    a = http_get(&b, "/clients");
    CHECK(says(&a, "C-0300") && !says(&a, "C-0150") && says(&a, "from=100"), "the newest clients");
    a = http_get(&b, "/month/2026-05");
    CHECK(says(&a, "more stand in the files"), "what is left out is said");
}

/* An entry that is no entry any more, in the middle. */
static void break_entry(const char *how)
{
    sqlite3 *db;
    char path[FL_PLACE_MAX + 20];
    snprintf(path, sizeof path, "%s/journal.db", place);
    console_need(
        sqlite3_open(path, &db) == SQLITE_OK &&
            sqlite3_exec(db, "DROP TRIGGER IF EXISTS entry_no_update; DROP TRIGGER IF EXISTS entry_no_delete",
                         NULL, NULL, NULL) == SQLITE_OK &&
            sqlite3_exec(db, how, NULL, NULL, NULL) == SQLITE_OK,
        "damage");
    sqlite3_close(db);
}

/* Each page of an owner with a journal that is damaged: a sentence first, never a figure from behind the
 * damage, and nothing handed out. */
void damage_on_every_page(void)
{
    static const char *const breaks[] = {"UPDATE entry SET data=CAST(replace(CAST(data AS "
                                         "TEXT),'\"utc_us\":1','\"utc_us\":2') AS BLOB) WHERE idx=301",
                                         "UPDATE entry SET data=x'00ff7b' WHERE idx=301",
                                         "DELETE FROM entry WHERE idx>600"};
    static const char *const pages[] = {
        "/month/2026-05",       "/day/2026-05-20", "/follow-ups", "/record/10",     "/entry/301",
        "/exports/2026-05",     "/verify",         "/clients",    "/client/C-0010", "/client/C-0010/progress",
        "/month/2026-05?site=A"};
    for (size_t k = 0; k < sizeof breaks / sizeof *breaks; k++) {
        put_month();
        sign_in("own:1", PIN_OWNER, false);
        http_post(&b, "/client", "code=C-0010", false);
        break_entry(breaks[k]);
        for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
            const http_answer a = http_get(&b, pages[i]);
            CHECK(a.status == 200 || a.status == 409 || (a.status == 500 && says(&a, "damaged")),
                  "break %zu, %s: %d", k, pages[i], a.status);
            const bool own = strncmp(pages[i], "/client", 7) != 0 && strcmp(pages[i], "/verify") != 0;
            CHECK(!own || says(&a, "This journal is damaged") || says(&a, "damage"),
                  "break %zu, %s says nothing", k, pages[i]);
        }
        CHECK(http_get(&b, "/record/10/paper").status == 409 || k == 2, "break %zu: a paper", k);
        http_get(&b, "/exports/2026-05");
        const http_answer a = http_post(&b, "/exports", "month=2026-05&file=csv", true);
        CHECK(a.status >= 400, "break %zu: a file was handed out (%d)", k, a.status);
    }
}
