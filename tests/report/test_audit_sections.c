/* labels: unit   timeout: 120 */
/* The owner's stories 8.4, 8.5, 8.7, 8.8, 8.11 to 8.14, and what the sections promise: gaps that never
 * cancel, zones nobody counted, sums that agree, several logs in one audit. */
#include "check.h"
#include "helper_books.h"

#include "fadeline/report/audit_export.h"

#include <math.h>
#include <sqlite3.h>
#include <stdarg.h>

#define PAT_HASH "sha256=00000000000000000000000000000000000000000000000000000000000000aa"

static void fields(char room[256], const char *format, ...) FL_PRINTF(2, 3);
static void fields(char room[256], const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(room, 256, format, list);
    va_end(list);
}

/* ---- tamper: 8.4 ---- */

static void tampered(const char *sql, const char *says)
{
    books b;
    sqlite3 *db;
    fl_journal *reader = NULL;
    fl_audit *audit = NULL;
    fl_error error = {0};
    char path[FL_PLACE_MAX + 16];
    const fl_audit_options options = {.from = {2026, 5, 1}, .to = {2026, 5, 31}};
    const fl_journal_options read = {.mode = FL_JOURNAL_READ};
    books_open(&b, true);
    books_at(&b, "2026-05-05", 9, 0);
    books_granted(&b, "A", "SIM-A", 1000, "T", 540); /* entry 1,024 is one of their two each */
    books_close(&b);
    snprintf(path, sizeof path, "%s/journal.db", b.directory);
    CHECK(sqlite3_open(path, &db) == SQLITE_OK && sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s",
          sql);
    sqlite3_close(db);
    CHECK(fl_journal_open(b.directory, &read, &reader, &error) == FL_OK, "%s", error.what);
    CHECK(fl_audit_new(reader, &options, &audit, &error) == FL_E_DAMAGED && strstr(error.what, says), "%s",
          error.what);
    fl_journal_close(reader);
    books_remove(&b);
}

static void story_8_4_tamper(void)
{
    tampered("DROP TRIGGER entry_no_update; UPDATE entry SET data=CAST(replace(replace(CAST(data AS "
             "TEXT),'197350','197359'),"
             "'199800','199809') AS BLOB) WHERE idx=1024",
             "1,024 does not match; 1 to 1,023 good");
    tampered("DROP TRIGGER entry_no_delete; DELETE FROM entry WHERE idx > (SELECT max(idx) - 10 FROM entry)",
             "");
}

/* ---- energy: 8.5 ---- */

static void check_entry(books *b, const char *head, const int readings_uJ[5], int set_uJ, const char *verdict)
{
    char room[256];
    double sum = 0, squares = 0;
    for (int i = 0; i < 5; i++) sum += readings_uJ[i];
    for (int i = 0; i < 5; i++) squares += (readings_uJ[i] - sum / 5) * (readings_uJ[i] - sum / 5);
    const long mean = lround(sum / 5), off = lround((sum / 5 - set_uJ) / set_uJ * 1e6);
    fields(room,
           "pulses#0|sid#0|granted#5|head=%s|wl_nm#1064|n#5|set_uJ#%d|mean_uJ#%ld|spread_uJ#%ld|off_ppm#%ld|"
           "pass#%d|"
           "verdict=%s|meter=SIM-METER|who=op:17",
           head, set_uJ, mean, lround(sqrt(squares / 4)), off, strcmp(verdict, "pass") == 0, verdict);
    books_put(b, FL_KIND_CHECK, "A", "SIM-A", room);
}

static void story_8_5_energy_chart(void)
{
    books b;
    books_open(&b, true);
    books_at(&b, "2026-05-04", 8, 0);
    books_counter(&b, "A", "SIM-A", 100);
    books_put(&b, FL_KIND_CHECK, "A", "SIM-A",
              "pulses#0|head=H2|set_uJ#200000|mean_uJ#0|pass#0|verdict=begun|who=op:17");
    check_entry(&b, "H1", (const int[]){191000, 188000, 190000, 193000, 189000}, 200000, "pass");
    books_put(&b, FL_KIND_CHECK, "A", "SIM-A",
              "pulses#0|head=H2|set_uJ#200000|mean_uJ#0|pass#0|verdict=withdrawn|who=op:17");
    books_at(&b, "2026-05-11", 8, 0);
    books_put(&b, FL_KIND_CHECK, "A", "SIM-A",
              "pulses#0|head=H1|set_uJ#200000|mean_uJ#0|pass#0|verdict=begun|who=op:17");
    check_entry(&b, "H1", (const int[]){158000, 160000, 157000, 161000, 159000}, 200000, "lock");
    books_at(&b, "2026-05-12", 8, 0);
    books_put(&b, FL_KIND_CHECK, "A", "SIM-A",
              "pulses#0|head=H1|set_uJ#200000|mean_uJ#0|pass#0|verdict=begun|who=op:17");
    fl_audit *audit = books_audit(&b, "2026-05-01", "2026-05-31", NULL);
    const fl_audit_sections *s = &audit->sections;
    CHECK(s->energy.count == 3, "%zu rows: a check is one row, a withdrawn one is none", s->energy.count);
    const fl_audit_energy *good = &s->energy.at[0], *bad = &s->energy.at[1], *open = &s->energy.at[2];
    CHECK(good->mean_uJ == 190200 && good->off_ppm == -49000 && strcmp(good->verdict, "pass") == 0,
          "%lld ppm", (long long)good->off_ppm);
    CHECK(bad->mean_uJ == 159000 && bad->off_ppm == -205000 && strcmp(bad->verdict, "lock") == 0, "%lld ppm",
          (long long)bad->off_ppm);
    CHECK(-good->off_ppm < FL_AUDIT_ENERGY_WARN_PPM && -bad->off_ppm > FL_AUDIT_ENERGY_LOCK_PPM,
          "against the lines");
    CHECK(!open->has_off && strcmp(open->verdict, "begun") == 0, "begun and never concluded is shown");
    char *page = books_page(audit);
    CHECK(strstr(page, "SIM-A H1 1064 nm: set 200.0 mJ, mean 190.2, spread 1.9, -4.9 %: pass") != NULL, "%s",
          page);
    CHECK(strstr(page, "mean 159.0, spread 1.6, -20.5 %: lock") != NULL, "%s", page);
    free(page);
    fl_audit_free(audit);
    books_remove(&b);
}

/* ---- forecast: 8.14 ---- */

static void story_8_14_forecast_from_its_numbers(void)
{
    char room[FL_AUDIT_FORECAST_MAX];
    fl_audit_service s = {.due_known = true, .left = 31200, .months = 12, .rate = 26700, .sd = 3000};
    fl_audit_forecast(&s);
    CHECK(strcmp(fl_audit_forecast_text(&s, room), "about 5 weeks (4.6 to 5.7)") == 0, "%s", room);
    CHECK(fabs(s.weeks - 5.0811) < 1e-4, "%.5f weeks", s.weeks);
    s.sd = 30000;
    fl_audit_forecast(&s);
    CHECK(strcmp(fl_audit_forecast_text(&s, room), "about 5 weeks (2.4 or more)") == 0, "%s", room);
    s.sd = NAN;
    fl_audit_forecast(&s);
    CHECK(strstr(fl_audit_forecast_text(&s, room), "about 5 weeks (one month of the log") != NULL, "%s",
          room);
    s.left = -5;
    CHECK(strcmp(fl_audit_forecast_text(&s, room), "service is due now") == 0, "%s", room);
    s = (fl_audit_service){.due_known = true, .left = 31200};
    fl_audit_forecast(&s);
    CHECK(isnan(s.weeks) && strstr(fl_audit_forecast_text(&s, room), "no whole month") != NULL, "%s", room);
}

/* Months of 23,700, 26,700 and 29,700; half a month before and after does not count. */
static void story_8_14_forecast_from_the_log(void)
{
    static const struct {
        const char *day;
        uint64_t pulses;
    } months[] = {{"2026-01-20", 900},   {"2026-02-10", 23700}, {"2026-03-03", 10000},
                  {"2026-03-30", 16700}, {"2026-04-15", 29700}, {"2026-05-02", 5000}};
    books b;
    uint64_t ctr = 1000;
    char room[FL_AUDIT_FORECAST_MAX];
    books_open(&b, true);
    b.utc_us -= 120 * 86400000000; /* the books begin in January */
    books_at(&b, "2026-01-19", 9, 0);
    books_counter(&b, "A", "SIM-A", ctr);
    books_service(&b, "A", "SIM-A", ctr, ctr);
    books_put(&b, FL_KIND_SERVICE, "A", "SIM-A", "old#1000|new#1000|who=svc:3|doc=S-1|next#118200");
    for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
        books_at(&b, months[i].day, 9, 0);
        books_visit(&b, "A", "SIM-A", "p:1", "op:17", &ctr, months[i].pulses, 0);
    }
    fl_audit *audit = books_audit(&b, "2026-05-01", "2026-05-30", NULL); /* May is not whole */
    CHECK(audit->sections.service.count == 1, "rows");
    const fl_audit_service *s = &audit->sections.service.at[0];
    CHECK(s->counter == ctr && s->left == 31200, "left %lld", (long long)s->left);
    CHECK(s->months == 3 && s->rate == 26700 && s->sd == 3000, "%u months, %.1f +- %.1f", s->months, s->rate,
          s->sd);
    CHECK(strcmp(fl_audit_forecast_text(s, room), "about 5 weeks (4.6 to 5.7)") == 0, "%s", room);
    char *page = books_page(audit);
    CHECK(strstr(page, "31,200 left at 26700 ± 3000 a month (n = 3): about 5 weeks (4.6 to 5.7)") != NULL,
          "%s", page);
    free(page);
    fl_audit_free(audit);
    books_remove(&b);
}

/* ---- papers and money: 8.8, 8.11, 8.12, 8.13 ---- */

static void papers(books *b)
{
    uint64_t ctr = 1000;
    books_at(b, "2026-04-30", 9, 0);
    books_put(b, FL_KIND_ROLE_CHANGE, NULL, NULL, "who=op:17|role=operator|by=owner:1|until=2026-05-01");
    books_put(b, FL_KIND_ROLE_CHANGE, NULL, NULL, "who=op:18|role=operator|by=owner:1|until=2026-07-30");
    books_put(b, FL_KIND_ROLE_CHANGE, NULL, NULL, "who=op:19|role=operator|by=owner:1|until=2026-07-31");
    books_put(b, FL_KIND_ROLE_CHANGE, NULL, NULL, "who=op:20|role=operator|by=owner:1|until=2026-05-02");
    books_put(b, FL_KIND_ROLE_CHANGE, NULL, NULL, "who=op:20|role=none|by=owner:1");
    books_put(b, FL_KIND_ROLE_CHANGE, NULL, NULL, "who=op:21|role=operator|by=owner:1|until=2026-05-02");
    books_put(b, FL_KIND_ROLE_CHANGE, NULL, NULL,
              "who=op:21|role=operator|by=owner:1|until=2028-05-02"); /* renewed */
    books_put(b, FL_KIND_CONSENT, NULL, NULL, "pat=p:1|what=treatment|who=op:17|cmt=aa");
    books_put(b, FL_KIND_CONSENT, NULL, NULL, "pat=p:2|what=treatment|who=op:17");
    books_put(b, FL_KIND_CONSENT, NULL, NULL, "pat=p:3|what=treatment|who=op:17|cmt=aa");
    books_visit(b, "A", "SIM-A", "p:1", "op:17", &ctr, 0, 6); /* session 1: test spots */
    books_at(b, "2026-05-27", 9, 0);
    books_put(b, FL_KIND_CONSENT, NULL, NULL, "pat=p:3|what=treatment|who=op:17|withdrawn#1");
    books_visit(b, "A", "SIM-A", "p:1", "op:17", &ctr, 500, 0); /* 2: 27 days after: early */
    books_at(b, "2026-05-28", 9, 0);
    books_visit(b, "A", "SIM-A", "p:1", "op:17", &ctr, 400, 0); /* 3: 28 days: good */
    books_put(b, FL_KIND_PHOTO, NULL, NULL, "pat=p:1|what=before|who=op:17|sid#3|" PAT_HASH);
    books_visit(b, "A", "SIM-A", "p:2", "op:18", &ctr, 300, 0); /* 4: no test spot, no signed text */
    books_visit(b, "A", "SIM-A", "p:3", "op:18", &ctr, 200, 0); /* 5: consent withdrawn */
    books_visit(b, "A", "SIM-A", "p:3", "op:18", &ctr, 0, 0);   /* 6: nothing was done */
    books_at(b, "2026-05-29", 9, 0);
    books_put(b, FL_KIND_EVENT, NULL, NULL, "pat=p:1|what=blister|who=op:17|sid#3|after_h#24|grade#2");
    books_put(b, FL_KIND_NEAR_MISS, NULL, "SIM-A", "what=wrong spot|who=op:18|ctr#2406");
    books_put(b, FL_KIND_FOLLOW_UP, NULL, NULL, "sid#3|task=24h|who=op:17|result=blister");
    books_put(b, FL_KIND_LOOK, NULL, NULL, "pat=p:1|what=photos|who=op:18");
    books_put(b, FL_KIND_INVOICE, NULL, NULL,
              "no=2026-1|pat=p:1|cents#25000|cur=CAD|who=op:17|sid#2|day=2026-05-27");
    books_put(b, FL_KIND_INVOICE, NULL, NULL,
              "no=2026-2|pat=p:1|cents#20000|cur=CAD|who=op:17|day=2026-05-28");
    books_put(b, FL_KIND_INVOICE, NULL, NULL,
              "no=2026-3|pat=p:3|cents#9900|cur=CAD|who=op:17|sid#6|day=2026-05-28");
    books_put(b, FL_KIND_INVOICE, NULL, NULL,
              "no=2026-4|pat=p:3|cents#100|cur=USD|who=op:17|sid#5|day=2026-05-28");
    books_put(b, FL_KIND_INVOICE, NULL, NULL,
              "no=2026-5|pat=p:3|cents#100|cur=USD|who=op:17|sid#5|day=2026-05-28");
    books_put(b, FL_KIND_INVOICE, NULL, NULL, "no=2026-6|pat=p:3|cents#100|cur=USD|who=op:17|day=2026-05-28");
    books_put(b, FL_KIND_CORRECTION, NULL, NULL, "index#12|text=the spot was 3 mm|who=op:17");
    books_put(b, FL_KIND_OVERRIDE, NULL, NULL, "who=op:9|reason=soft-stop|sid#3|zone=F-L");
    books_put(b, FL_KIND_ARM_REFUSED, NULL, NULL, "sid#3|cause=limit-reached");
    books_put(b, FL_KIND_NOTE, NULL, NULL, "who=op:17|text=look-early|sid#2|zone=F-L");
}

static bool misses(const fl_audit_sections *s, uint64_t sid, fl_audit_missing_kind kind)
{
    for (size_t i = 0; i < s->missing.count; i++)
        if (s->missing.at[i].sid == sid && s->missing.at[i].kind == kind) return true;
    return false;
}

static void story_8_8_certificates(void)
{
    books b;
    books_open(&b, true);
    papers(&b);
    fl_audit *audit = books_audit(&b, "2026-05-01", "2026-05-31", NULL);
    const fl_audit_sections *s = &audit->sections;
    CHECK(s->certificates.count == 2, "%zu: ended and within 60 days; not 61, not renewed, not dismissed",
          s->certificates.count);
    CHECK(strcmp(s->certificates.at[0].who, "op:17") == 0 && s->certificates.at[0].days == -30,
          "ended 2026-05-01");
    CHECK(strcmp(s->certificates.at[1].who, "op:18") == 0 && s->certificates.at[1].days == 60, "sixty days");
    char *page = books_page(audit);
    CHECK(strstr(page, "op:17 operator until 2026-05-01: ENDED, for 30 days") != NULL, "%s", page);
    free(page);
    fl_audit_free(audit);
    books_remove(&b);
}

static void stories_8_11_to_8_13_money_follow_ups_and_looks(void)
{
    books b;
    books_open(&b, true);
    papers(&b);
    fl_audit *audit = books_audit(&b, "2026-05-01", "2026-05-31", NULL);
    const fl_audit_sections *s = &audit->sections;
    /* money: 3 has no pulses, 5 is a second one; session 4 has none; invoice 2 names no session and is found
     * by day */
    CHECK(s->money.count == 4, "%zu on the list", s->money.count);
    unsigned seen[4] = {0};
    for (size_t i = 0; i < s->money.count; i++) {
        const fl_audit_money *m = &s->money.at[i];
        seen[m->kind]++;
        CHECK(m->kind != FL_AUDIT_NO_PULSES || (strcmp(m->no, "2026-3") == 0 && m->cents == 9900), "%s",
              m->no);
        CHECK(m->kind != FL_AUDIT_NO_INVOICE || (m->sid == 4 && m->pulses == 300), "session %llu",
              (unsigned long long)m->sid);
        CHECK(m->kind != FL_AUDIT_TWO_INVOICES || strcmp(m->no, "2026-5") == 0 ||
                  strcmp(m->no, "2026-6") == 0,
              "%s", m->no);
    }
    CHECK(seen[1] == 1 && seen[2] == 1 && seen[3] == 2, "%u %u %u", seen[1], seen[2], seen[3]);
    CHECK(s->invoiced.count == 2 && s->invoiced.at[0].cents == 54900 && s->invoiced.at[1].cents == 300,
          "totals");
    /* harm and follow-ups: tasks due by the 31st: 24h of 1 to 5, 7d of 1; the 24h of 3 was done */
    CHECK(s->events == 1 && s->near_misses == 1 && s->sessions_n == 5 && s->events_per_100 == 20,
          "per 100: %.2f of %llu", s->events_per_100, (unsigned long long)s->sessions_n);
    CHECK(strcmp(s->harm.at[0].what, "blister") == 0 && s->harm.at[0].sid == 3 && s->harm.at[0].after_h == 24,
          "blister");
    CHECK(s->tasks_due == 6 && s->tasks_done == 1 && s->follow_ups.count == 5, "%llu due, %llu done",
          (unsigned long long)s->tasks_due, (unsigned long long)s->tasks_done);
    CHECK(strcmp(s->follow_ups.at[1].task, "7d") == 0 && s->follow_ups.at[1].overdue_days == 24,
          "overdue %d days", s->follow_ups.at[1].overdue_days);
    CHECK(s->procedures.count == 1 && s->procedures.at[0].n == 5 && s->procedures.at[0].clients == 3 &&
              s->people.at[1].n == 3 && s->people.at[1].clients == 2,
          "different clients");
    /* test spots */
    CHECK(s->spots.n == 4 && s->spots.tested == 1 && s->spots.early == 1 && s->spots.none == 2 &&
              s->spots.looks_early == 1,
          "test spots");
    CHECK(s->spot_gaps.at[0].sid == 2 && s->spot_gaps.at[0].days == 27, "27 days");
    /* papers */
    CHECK(!misses(s, 3, FL_AUDIT_NO_CONSENT) && !misses(s, 3, FL_AUDIT_NO_PHOTO) &&
              misses(s, 2, FL_AUDIT_NO_PHOTO) && misses(s, 4, FL_AUDIT_NO_SIGNED_TEXT) &&
              misses(s, 5, FL_AUDIT_NO_CONSENT) && !misses(s, 6, FL_AUDIT_NO_CONSENT) &&
              misses(s, 3, FL_AUDIT_NO_CONFIRMATION),
          "papers");
    CHECK(s->corrections.count == 1 && s->corrections.at[0].about == 12, "correction");
    CHECK(s->looks.count == 1 && strcmp(s->looks.at[0].who, "op:18") == 0, "who looked");
    CHECK(s->overrides.count == 1 && strcmp(s->overrides.at[0].site, "A") == 0,
          "an override is at its session's site");
    CHECK(s->causes.count == 1 && s->causes.at[0].envelope && s->causes.at[0].refused == 1, "limits");
    char *page = books_page(audit);
    CHECK(strstr(page, "op:18 opened photos of p:1") != NULL, "%s", page);
    CHECK(strstr(page, "session 4, client p:2: session without invoice, 300 pulses") != NULL, "%s", page);
    CHECK(strstr(page, "invoice 2026-3, client p:3, 99.00 CAD: invoice without pulses") != NULL, "%s", page);
    free(page);
    fl_audit_free(audit);
    audit = books_audit(&b, "2026-05-01", "2026-05-28",
                        NULL); /* a task is open on the day it is due, not before */
    CHECK(audit->sections.tasks_due == 3 && audit->sections.follow_ups.at[2].overdue_days == 0, "%llu due",
          (unsigned long long)audit->sections.tasks_due);
    fl_audit_free(audit);
    audit = books_audit(&b, "2026-05-01", "2026-05-31", "B");
    CHECK(!audit->sections.money.count && !audit->sections.harm.count && !audit->sections.sessions.count &&
              !audit->sections.looks.count,
          "another site has none of it");
    fl_audit_free(audit);
    books_remove(&b);
}

/* ---- sums ---- */

static void sums_agree(const fl_audit *audit, const char *what)
{
    const fl_audit_sections *s = &audit->sections;
    const fl_audit_uses *const lists[] = {&s->procedures, &s->places, &s->people};
    uint64_t treatment = 0, test = 0, check = 0;
    for (size_t i = 0; i < audit->day_count; i++)
        treatment += audit->days[i].treatment, test += audit->days[i].test, check += audit->days[i].check;
    for (int l = 0; l < 3; l++) {
        uint64_t t = treatment, e = test, c = check, n = 0;
        for (size_t i = 0; i < lists[l]->count; i++) {
            t -= lists[l]->at[i].treatment, e -= lists[l]->at[i].test, c -= lists[l]->at[i].check;
            n += lists[l]->at[i].n;
        }
        CHECK(!t && !e && !c && n == s->sessions_n, "%s: list %d does not add up", what, l);
    }
}

static void use_adds_up_to_the_reconciliation(void)
{
    static const char *const periods[][2] = {{"2026-05-01", "2026-05-31"},
                                             {"2026-05-13", "2026-05-13"},
                                             {"2026-05-05", "2026-05-27"},
                                             {"2026-06-01", "2026-06-02"}};
    books b;
    books_open(&b, true);
    books_of_may(&b);
    books_at(&b, "2026-05-29", 23, 50);
    books_manual(&b, "A", "SIM-A", 1231042, 1231142, 100, 0, 0); /* over midnight */
    books_put(&b, FL_KIND_CHECK, "B", "SIM-B",
              "pulses#7|ctr#315012|set_uJ#200000|mean_uJ#190200|pass#1|who=op:17");
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
        fl_audit *audit = books_audit(&b, periods[i][0], periods[i][1], i == 1 ? "A" : NULL);
        sums_agree(audit, periods[i][0]);
        fl_audit_free(audit);
    }
    fl_audit *audit = books_audit(&b, "2026-05-01", "2026-05-31", NULL);
    const fl_audit_use *last = &audit->sections.people.at[audit->sections.people.count - 1];
    CHECK(strcmp(last->name, "-") == 0 && last->check == 7 && last->n == 0,
          "pulses outside any session are nobody's");
    CHECK(audit->sections.sites.count == 5 && audit->sections.sites.at[3].verdict == FL_AUDIT_FLAG &&
              audit->sections.sites.at[1].verdict == FL_AUDIT_OK,
          "one verdict per site");
    fl_audit_free(audit);
    books_remove(&b);
}

/* ---- gaps both ways, and zones nobody counted ---- */

/* hazards: H45 */
static void gaps_of_opposite_sign_never_cancel(void)
{
    books b;
    books_open(&b, true);
    books_at(&b, "2026-05-05", 9, 0);
    books_counter(&b, "A", "SIM-A", 10000);
    books_at(&b, "2026-05-05", 10, 0);
    books_counter(&b, "A", "SIM-A", 10798);
    books_at(&b, "2026-05-05", 11, 0);
    books_counter(&b, "A", "SIM-A", 10198);
    fl_audit *audit = books_audit(&b, "2026-05-05", "2026-05-05", NULL);
    const fl_audit_line *day = books_day(audit, "SIM-A", "2026-05-05");
    CHECK(day->delta == 198 && day->unexplained == 198 && day->unexplained_absolute == 1398 && day->flag,
          "%lld, %llu", (long long)day->unexplained, (unsigned long long)day->unexplained_absolute);
    CHECK(audit->unexplained_absolute == 1398, "sum %llu", (unsigned long long)audit->unexplained_absolute);
    fl_audit_free(audit);
    books_at(&b, "2026-05-06", 9, 0);
    fl_error error = {0};
    const fl_journal_options write = {.mode = FL_JOURNAL_WRITE, .simulated = true, .clock = &b.clock};
    CHECK(fl_journal_open(b.directory, &write, &b.journal, &error) == FL_OK, "%s", error.what);
    books_counter(&b, "A", "SIM-A", 10238); /* +40 and -40: net nothing, and each within the tolerance */
    books_counter(&b, "A", "SIM-A", 10198);
    audit = books_audit(&b, "2026-05-06", "2026-05-06", NULL);
    day = books_day(audit, "SIM-A", "2026-05-06");
    CHECK(day->unexplained == 0 && day->unexplained_absolute == 80 && day->flag,
          "80 without signs, tolerance 50");
    char *page = books_page(audit);
    CHECK(strstr(page,
                 "2026-05-06: 0 pulses unexplained (gaps both ways: 80 without their signs), tolerance 50") !=
              NULL,
          "%s", page);
    free(page);
    fl_audit_free(audit);
    books_remove(&b);
}

/* hazards: H45 */
static void a_zone_nobody_counted_is_flagged(void)
{
    for (int counted = 0; counted < 2; counted++) {
        books b;
        books_open(&b, true);
        books_at(&b, "2026-05-05", 9, 0);
        books_put(&b, FL_KIND_SESSION_OPEN, "A", "SIM-A", "sid#1|ctr#500|who=op:17|pat=p:1|plan=-|man#1");
        books_put(&b, FL_KIND_ZONE, NULL, "SIM-A", "sid#1|zone=F-L|who=op:17|man#1|ctr#500");
        if (counted)
            books_put(&b, FL_KIND_PULSES, NULL, "SIM-A",
                      "sid#1|zone=F-L|pu=T|ctr_was#500|ctr_now#520|pulses#20|who=op:17");
        fl_audit *audit = books_audit(&b, "2026-05-05", "2026-05-05", NULL);
        char *page = books_page(audit);
        CHECK(audit->flagged == !counted, "counted %d", counted);
        CHECK((strstr(page, "FLAG: A SIM-A zone not counted") != NULL) == !counted, "%s", page);
        CHECK(
            (strstr(
                 page,
                 "zone F-L was begun by hand at 2026-05-05 09:00:00, counter 500, and its pulses were never "
                 "counted") != NULL) == !counted,
            "%s", page);
        CHECK(audit->sections.sites.at[0].verdict == (counted ? FL_AUDIT_OK : FL_AUDIT_FLAG),
              "the site's verdict");
        free(page);
        fl_audit_free(audit);
        books_remove(&b);
    }
}

/* ---- period and device: 8.7 ---- */

static void story_8_7_inspector_period_and_device(void)
{
    books b;
    uint64_t one = 1000, two = 5000;
    fl_audit *audit = NULL;
    fl_error error = {0};
    fl_journal *reader = NULL;
    books_open(&b, true);
    b.utc_us -= 90 * 86400000000;
    books_at(&b, "2026-02-27", 9, 0);
    books_visit(&b, "A", "SIM-0007", "p:1", "op:17", &one, 111, 0);
    books_at(&b, "2026-03-01", 9, 0);
    books_visit(&b, "A", "SIM-0007", "p:1", "op:17", &one, 200, 4);
    books_visit(&b, "A", "SIM-0008", "p:2", "op:18", &two, 300, 0);
    books_at(&b, "2026-05-31", 9, 0);
    books_visit(&b, "A", "SIM-0007", "p:3", "op:17", &one, 50, 0);
    books_at(&b, "2026-06-01", 9, 0);
    books_visit(&b, "A", "SIM-0007", "p:3", "op:17", &one, 70, 0);
    books_close(&b);
    const fl_audit_options options = {.from = {2026, 3, 1}, .to = {2026, 5, 31}, .device = "SIM-0007"};
    const fl_journal_options read = {.mode = FL_JOURNAL_READ};
    CHECK(fl_journal_open(b.directory, &read, &reader, &error) == FL_OK, "%s", error.what);
    CHECK(fl_audit_new(reader, &options, &audit, &error) == FL_OK, "%s", error.what);
    fl_journal_close(reader);
    const fl_audit_sections *s = &audit->sections;
    CHECK(audit->total_count == 1 && audit->totals[0].treatment == 250 && audit->totals[0].test == 4,
          "the period");
    CHECK(audit->totals[0].opening == 1111 && audit->totals[0].closing == 1365, "%llu to %llu",
          (unsigned long long)audit->totals[0].opening, (unsigned long long)audit->totals[0].closing);
    CHECK(s->sessions.count == 2 && s->sessions.at[0].sid == 2 && s->sessions.at[1].sid == 4,
          "the register: %zu", s->sessions.count);
    CHECK(s->service.count == 1 && s->service.at[0].counter == 1365, "as of the last day");
    sums_agree(audit, "SIM-0007");
    fl_audit_free(audit);
    books_remove(&b);
}

/* ---- several logs ---- */

static fl_status no_record(void *self, uint64_t index, fl_record *record)
{
    (void)index, (void)record;
    ++*(int *)self;
    return FL_E_DAMAGED;
}

static fl_status from_journal(void *self, uint64_t index, fl_record *record)
{
    return fl_journal_record(self, index, record);
}

/* Two clinics that both call their laser SIM-A and their person op:17: +60 here, -60 there. */
static void several_logs_are_never_netted(void)
{
    books b[2];
    fl_journal *readers[2];
    static fl_verify_report reports[2];
    fl_audit_source sources[2];
    fl_audit *audit = NULL;
    fl_error error = {0};
    for (int i = 0; i < 2; i++) {
        books_open(&b[i], true);
        books_at(&b[i], "2026-05-05", 9, 0);
        books_manual(&b[i], i ? "B" : "A", "SIM-A", 1000, 1100, i ? 160 : 40, 0, 0);
        books_close(&b[i]);
        const fl_journal_options read = {.mode = FL_JOURNAL_READ};
        CHECK(fl_journal_open(b[i].directory, &read, &readers[i], &error) == FL_OK, "%s", error.what);
        CHECK(fl_verify_journal(readers[i], NULL, &reports[i], &error) == FL_OK, "%s", error.what);
        sources[i] = (fl_audit_source){&reports[i], from_journal, readers[i], NULL};
    }
    const fl_audit_options options = {.from = {2026, 5, 1}, .to = {2026, 5, 31}};
    CHECK(fl_audit_new_from(sources, 2, &options, &audit, &error) == FL_OK, "%s", error.what);
    CHECK(audit->total_count == 2 && audit->unexplained_absolute == 120 && audit->flagged, "%zu lines, %llu",
          audit->total_count, (unsigned long long)audit->unexplained_absolute);
    CHECK(audit->totals[0].unexplained == 60 && audit->totals[1].unexplained == -60, "each its own");
    CHECK(audit->sections.sites.count == 2 && audit->sections.people.count == 2 &&
              strcmp(audit->sections.people.at[1].name, "B op:17") == 0,
          "two people");
    sums_agree(audit, "two logs");
    char *page = books_page(audit);
    CHECK(strstr(page, reports[0].origin) && strstr(page, reports[1].origin), "both roots stand on it");
    free(page);
    fl_audit_free(audit);
    /* what is damaged or of another nature is refused before anything of it is read */
    int reads = 0;
    sources[1] = (fl_audit_source){&reports[1], no_record, &reads, NULL};
    reports[1].damaged = true;
    CHECK(fl_audit_new_from(sources, 2, &options, &audit, &error) == FL_E_DAMAGED && !reads,
          "damaged: %d reads", reads);
    reports[1].damaged = false, reports[1].simulated = false;
    CHECK(fl_audit_new_from(sources, 2, &options, &audit, &error) == FL_E_REFUSED && !reads,
          "real beside simulated");
    reports[1].simulated = true;
    CHECK(fl_audit_new_from(sources, 2, &options, &audit, &error) == FL_E_DAMAGED && reads == 1,
          "a source that fails");
    for (int i = 0; i < 2; i++) {
        fl_journal_close(readers[i]);
        books_remove(&b[i]);
    }
}

FL_TESTS("report/audit_sections", TEST(story_8_4_tamper), TEST(story_8_5_energy_chart),
         TEST(story_8_7_inspector_period_and_device), TEST(story_8_8_certificates),
         TEST(stories_8_11_to_8_13_money_follow_ups_and_looks), TEST(story_8_14_forecast_from_its_numbers),
         TEST(story_8_14_forecast_from_the_log), TEST(use_adds_up_to_the_reconciliation),
         TEST(gaps_of_opposite_sign_never_cancel), TEST(a_zone_nobody_counted_is_flagged),
         TEST(several_logs_are_never_netted))
