/* console_books DIRECTORY STORY: an invented journal of simulated lasers, for a browser to be shown.
 * DIRECTORY must not be there yet. Stories: may (five sites in May 2026, something in every section), long
 * (600 pulses one by one), progress (one client, two visits), much (300 sessions), site-A to
 * site-E (one log each, for a hub). digit changes one in a journal that is there.
 */
#include "helper_books.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

static void check(books *k, const char *rest)
{
    char room[300];
    snprintf(room, sizeof room,
             "pulses#0|sid#0|granted#5|head=H1|wl_nm#1064|n#5|set_uJ#200000|%s|meter=SIM-METER|who=op:17",
             rest);
    books_put(k, FL_KIND_CHECK, "A", "SIM-A", room);
}

/* Story 5, and a service with what is due, invoices, events, looks: something in every section. */
static void put_rest(books *k)
{
    books_at(k, "2026-05-29", 8, 0);
    check(k, "mean_uJ#190200|spread_uJ#1924|off_ppm#-49000|pass#1|verdict=pass");
    check(k, "mean_uJ#174000|spread_uJ#2100|off_ppm#-130000|pass#1|verdict=warn");
    books_at(k, "2026-05-30", 8, 0);
    check(k, "mean_uJ#159000|spread_uJ#1581|off_ppm#-205000|pass#0|verdict=lock");
    books_put(k, FL_KIND_EVENT, "A", NULL,
              "pat=p:5d1f|what=blister|who=op:17|sid#1|after_h#24|grade#1|text=small, dry");
    books_put(k, FL_KIND_NEAR_MISS, "A", "SIM-A", "what=wrong spot|who=op:17|sid#1");
    books_put(k, FL_KIND_OVERRIDE, "A", "SIM-A", "who=op:9|reason=soft-stop|sid#4|zone=F-L");
    books_put(k, FL_KIND_LOOK, NULL, NULL, "pat=p:5d1f|what=photos|who=op:18");
    books_put(k, FL_KIND_INVOICE, NULL, NULL,
              "no=2026-3|pat=p:3|cents#9900|cur=CAD|who=op:17|day=2026-05-28");
    books_put(k, FL_KIND_FOLLOW_UP, NULL, NULL, "sid#1|task=24h|who=op:17|result=blister");
}

static void put_may(books *k)
{
    books_of_may(k);
    put_rest(k);
}

static void put_long(books *k)
{
    books_at(k, "2026-05-04", 9, 0);
    books_granted(k, "A", "SIM-A", 1000, "T", 300);
    books_at(k, "2026-05-05", 9, 0);
    books_granted(k, "A", "SIM-A", 1300, "T", 300);
}

/* Grants and pulses of one zone of the running session, and the endpoint that was seen. */
static void put_zone(books *k, const char *zone, uint64_t *ctr, unsigned pulses, const char *seen)
{
    char room[300];
    for (unsigned i = 0; i < pulses; i++, ++*ctr) {
        snprintf(room, sizeof room,
                 "gid#%llu|ctr#%llu|sid#%llu|plan=-|zone=%s|pu=T|energy_uJ#199800|spot_um#4000|wl_nm#1064|"
                 "who=op:17",
                 (unsigned long long)++k->gid, (unsigned long long)*ctr, (unsigned long long)k->sid, zone);
        books_put(k, FL_KIND_GRANT, NULL, "SIM-A", room);
        k->now_us += 200000, k->utc_us += 200000;
        snprintf(room, sizeof room, "gid#%llu|ctr#%llu|sid#%llu|meas_uJ#197350", (unsigned long long)k->gid,
                 (unsigned long long)*ctr + 1, (unsigned long long)k->sid);
        books_put(k, FL_KIND_PULSE, NULL, "SIM-A", room);
    }
    snprintf(
        room, sizeof room,
        "sid#%llu|text=endpoint|seen=%s|plan=-|pat=C-0001|zone=%s|pu=T|wl_nm#1064|spot_um#4000|who=op:17",
        (unsigned long long)k->sid, seen, zone);
    books_put(k, FL_KIND_NOTE, "A", "SIM-A", room);
}

static void put_visit(books *k, const char *day, uint64_t *ctr, const char *seen)
{
    static const char *const zones[] = {"F-L", "F-R", "T-L", "T-R", "MID", "VTX", "P-L", "P-R", "OCC"};
    char room[300];
    const uint64_t begun = *ctr;
    books_at(k, day, 9, 0);
    snprintf(room, sizeof room, "sid#%llu|ctr#%llu|who=op:17|pat=C-0001|plan=-|proc=smp-scalp|not_before=%s",
             (unsigned long long)++k->sid, (unsigned long long)*ctr,
             strcmp(day, "2026-05-04") == 0 ? "2026-06-15" : "2026-08-10");
    books_put(k, FL_KIND_SESSION_OPEN, "A", "SIM-A", room);
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        put_zone(k, zones[i], ctr, 6, i == 4 ? "none" : seen);
    snprintf(room, sizeof room, "sid#%llu|ctr#%llu|pulses#%llu", (unsigned long long)k->sid,
             (unsigned long long)*ctr, (unsigned long long)(*ctr - begun));
    books_put(k, FL_KIND_SESSION_CLOSE, NULL, "SIM-A", room);
}

/* One client, twice here: 4 May and 29 June. */
static void put_progress(books *k)
{
    uint64_t ctr = 41207;
    put_visit(k, "2026-05-04", &ctr, "frost");
    put_visit(k, "2026-06-29", &ctr, "faint-frost");
}

/* 300 sessions of 300 clients, with what goes wrong among so many. */
static void put_much(books *k)
{
    char pat[24], day[24], room[200];
    uint64_t ctr = 1000;
    for (int i = 0; i < 300; i++) {
        snprintf(day, sizeof day, "2026-05-%02d", 1 + i / 10);
        if (i % 10 == 0) books_at(k, day, 8, 0);
        snprintf(pat, sizeof pat, "C-%04d", 1 + i);
        books_visit(k, i % 2 ? "A" : "B", i % 2 ? "SIM-A" : "SIM-B", pat, i % 3 ? "op:17" : "op:18", &ctr, 40,
                    1);
        snprintf(room, sizeof room, "who=op:9|reason=soft-stop|sid#%llu|zone=F-L",
                 (unsigned long long)k->sid);
        if (i % 3 == 0) books_put(k, FL_KIND_OVERRIDE, "A", "SIM-A", room);
    }
}

/* One site of the owner's story in a log of its own, for a hub. */
static int put_site(const char *directory, char site)
{
    books k;
    books_of_site(&k, site);
    return rename(k.directory, directory) == 0 ? 0 : 1;
}

/* One digit of entry 1,024. */
static int change_a_digit(const char *directory)
{
    static const char sql[] = "DROP TRIGGER entry_no_update; UPDATE entry SET "
                              "data=CAST(replace(replace(CAST(data AS TEXT),'197350',"
                              "'197359'),'199800','199809') AS BLOB) WHERE idx=1024";
    char path[FL_PLACE_MAX + 20];
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/journal.db", directory);
    const bool good =
        sqlite3_open(path, &db) == SQLITE_OK && sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
    sqlite3_close(db);
    return good ? 0 : 1;
}

int main(int count, char **words)
{
    static const struct {
        const char *name;
        void (*put)(books *k);
    } stories[] = {{"may", put_may}, {"long", put_long}, {"progress", put_progress}, {"much", put_much}};
    if (count == 3 && strcmp(words[2], "digit") == 0) return change_a_digit(words[1]);
    if (count == 3 && strncmp(words[2], "site-", 5) == 0 && words[2][5] >= 'A' && words[2][5] <= 'E')
        return put_site(words[1], words[2][5]);
    for (size_t i = 0; count == 3 && i < sizeof stories / sizeof *stories; i++) {
        books k;
        if (strcmp(stories[i].name, words[2]) != 0) continue;
        books_open(&k, true);
        stories[i].put(&k);
        books_close(&k);
        return rename(k.directory, words[1]) == 0 ? 0 : 1;
    }
    return fprintf(stderr, "console_books DIRECTORY may|long|progress|much|site-A|digit\n"), 2;
}
