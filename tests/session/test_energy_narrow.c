/* labels: unit   timeout: 60 */
/* A lock that was a slip, narrowed by a supervisor: what it opens, what it never does, and every history of
 * five entries against a second reading of the rule. */
#include "check.h"

#include "fadeline/base/text.h"
#include "fadeline/session/energy.h"

static const fl_date today = {2026, 5, 6};
static fl_device_head heads[2];
static const fl_device device = {.heads = heads,
                                 .heads_count = 2,
                                 .calibration = {.energy_warn_percent = 10,
                                                 .energy_lock_percent = 20,
                                                 .meter_tolerance_percent = 3,
                                                 .due_every_days = 7}};

static void begin(fl_energy_history *h)
{
    heads[0] = (fl_device_head){.id = "alex-755", .wavelength = fl_nm(755)};
    heads[1] = (fl_device_head){.id = "yag-1064", .wavelength = fl_nm(1064)};
    *h = (fl_energy_history){0};
}

/* "begun 2000 op:17", and behind it: "port" granted, "own" with the laser's own measure, "off" mean 40 % low,
 * "old" eight days ago, "yag" the other head, "named alexandrite" another name. */
static void take(fl_energy_history *h, const char *line)
{
    char bytes[FL_ENTRY_MAX], verdict[16], who[24];
    unsigned mJ;
    size_t size;
    static fl_entry entry;
    fl_record record;
    CHECK(sscanf(line, "%15s %u %23s", verdict, &mJ, who) == 3, "'%s'", line);
    const bool passes = fl_text_same(verdict, "pass") || fl_text_same(verdict, "warn"),
               yag = strstr(line, "yag");
    fl_entry_begin(&entry, FL_KIND_CHECK);
    fl_entry_device(&entry, "SIM-0007", true);
    fl_entry_int(&entry, "utc_us",
                 INT64_C(1778000000000000) - (strstr(line, "old") ? 8 : 0) * INT64_C(86400000000));
    fl_entry_count(&entry, "set_uJ", mJ * 1000);
    fl_entry_count(&entry, "mean_uJ",
                   strstr(line, "off")              ? mJ * 600
                   : fl_text_same(verdict, "begun") ? 0
                                                    : mJ * 1000);
    fl_entry_int(&entry, "pass", passes);
    fl_entry_text(&entry, "verdict", verdict);
    fl_entry_text(&entry, "who", who);
    fl_entry_text(&entry, "head", strstr(line, "named") ? "alexandrite" : yag ? "yag-1064" : "alex-755");
    fl_entry_int(&entry, "wl_nm", yag ? 1064 : 755);
    if (strstr(line, "port")) fl_entry_int(&entry, "sid", 7);
    if (strstr(line, "own")) fl_entry_count(&entry, "laser_uJ", mJ * 1000);
    CHECK(fl_entry_encode(&entry, bytes, sizeof bytes, &size) == FL_OK, "%s", entry.fault);
    CHECK(fl_record_read(bytes, size, &record) == FL_OK, "record");
    fl_energy_take(&record, "SIM-0007", h);
}

static fl_energy_stand stand_at(const fl_energy_history *h, unsigned mJ)
{
    fl_energy_last last;
    return fl_energy_stand_for(h, &device, &heads[0], mJ * 1000, today, false, &last);
}

/* ---- rows ---- */

#define G FL_STAND_GOOD
#define L FL_STAND_LOCKED
#define D FL_STAND_DUE

static const struct {
    const char *what, *lines[10];
    fl_energy_stand at_200, at_150, at_2000;
} cases[] = {
    {"begun by a slip: locked everywhere", {"begun 2000 op:17"}, L, L, L},
    {"a pass below opens nothing by itself", {"begun 2000 op:17", "pass 200 op:17"}, L, L, L},
    {"signed, and nothing passed", {"begun 2000 op:17", "narrowed 200 op:9"}, L, L, L},
    {"passed and signed: there, and not elsewhere",
     {"begun 2000 op:17", "begun 200 op:17", "pass 200 op:17", "narrowed 200 op:9"},
     G,
     L,
     L},
    {"each energy has its own check",
     {"begun 2000 op:17", "pass 200 op:17", "warn 150 op:17", "narrowed 200 op:9"},
     G,
     G,
     L},
    {"signed once, checked later",
     {"begun 2000 op:17", "pass 150 op:17", "narrowed 150 op:9", "pass 200 op:17"},
     G,
     G,
     L},
    {"broken off is unknown too", {"void 2000 op:17", "pass 200 op:17", "narrowed 200 op:9"}, G, L, L},
    {"broken off after pulses far off: bad",
     {"void 2000 op:17 off", "pass 200 op:17", "narrowed 200 op:9"},
     L,
     L,
     L},
    {"found bad", {"lock 2000 op:17", "pass 200 op:17", "narrowed 200 op:9"}, L, L, L},
    {"found bad at another energy",
     {"begun 2000 op:17", "lock 500 op:17", "pass 200 op:17", "narrowed 200 op:9"},
     L,
     L,
     L},
    {"found bad, undone, and then the slip",
     {"lock 200 op:17", "pass 200 op:17", "begun 2000 op:17", "pass 200 op:17", "narrowed 200 op:9"},
     G,
     L,
     L},
    {"found bad after it was signed",
     {"begun 2000 op:17", "pass 200 op:17", "narrowed 200 op:9", "lock 200 op:17"},
     L,
     L,
     L},
    {"and undone again",
     {"begun 2000 op:17", "pass 200 op:17", "narrowed 200 op:9", "lock 200 op:17", "pass 200 op:17"},
     G,
     L,
     L},
    {"found bad above, after it was signed",
     {"begun 2000 op:17", "pass 200 op:17", "narrowed 200 op:9", "lock 300 op:17", "pass 200 op:17"},
     L,
     L,
     L},
    {"a slip again",
     {"begun 2000 op:17", "pass 200 op:17", "narrowed 200 op:9", "begun 1000 op:17", "pass 200 op:17"},
     L,
     L,
     L},
    {"a slip again, signed again",
     {"begun 2000 op:17", "pass 200 op:17", "narrowed 200 op:9", "begun 1000 op:17", "pass 200 op:17",
      "narrowed 200 op:9"},
     G,
     L,
     L},
    {"a check is going on",
     {"begun 2000 op:17", "pass 200 op:17", "narrowed 200 op:9", "begun 200 op:17"},
     L,
     L,
     L},
    {"it was taken back",
     {"begun 2000 op:17", "pass 200 op:17", "narrowed 200 op:9", "begun 200 op:17", "withdrawn 200 op:17"},
     G,
     L,
     L},
    {"the operator signs", {"begun 2000 op:17", "pass 200 op:17", "narrowed 200 op:17"}, L, L, L},
    {"who made the slip signs", {"begun 2000 op:9", "pass 200 op:17", "narrowed 200 op:9"}, L, L, L},
    {"who made the pass signs", {"begun 2000 op:17", "pass 200 op:9", "narrowed 200 op:9"}, L, L, L},
    {"the pass was before the slip", {"pass 200 op:17", "begun 2000 op:17", "narrowed 200 op:9"}, L, L, L},
    {"by hand where the slip was over the line",
     {"begun 2000 op:17 port", "pass 200 op:17", "narrowed 200 op:9"},
     L,
     L,
     L},
    {"over the line as well",
     {"begun 2000 op:17 port", "pass 200 op:17 port own", "narrowed 200 op:9"},
     G,
     L,
     L},
    {"without the laser's own measure",
     {"void 2000 op:17 port own", "pass 200 op:17 port", "narrowed 200 op:9"},
     L,
     L,
     L},
    {"the pass is of the other head",
     {"begun 2000 op:17", "pass 200 op:17 yag", "narrowed 200 op:9"},
     L,
     L,
     L},
    {"the slip under another name",
     {"begun 2000 op:17 named", "pass 200 op:17", "narrowed 200 op:9"},
     G,
     L,
     L},
    {"signed under another name", {"begun 2000 op:17", "pass 200 op:17", "narrowed 200 op:9 named"}, L, L, L},
    {"found bad under another name",
     {"lock 2000 op:17 named", "pass 200 op:17", "narrowed 200 op:9"},
     L,
     L,
     L},
    {"found bad under another name, undone, then a slip there",
     {"lock 2000 op:17 named", "pass 2000 op:17", "begun 2000 op:17 named", "pass 200 op:17",
      "narrowed 200 op:9"},
     G,
     L,
     L},
    {"under another name, and the pass undoes it",
     {"begun 150 op:17 named", "begun 2000 op:17", "pass 200 op:17", "narrowed 200 op:9"},
     G,
     L,
     L},
    {"found bad under another name, and the pass undoes it",
     {"lock 150 op:17 named", "begun 2000 op:17", "pass 200 op:17", "narrowed 200 op:9"},
     G,
     L,
     L},
    {"found bad under another name after that",
     {"begun 2000 op:17", "pass 200 op:17", "narrowed 200 op:9", "lock 150 op:17 named"},
     L,
     L,
     L},
    {"a pass ages",
     {"begun 2000 op:17 old", "pass 200 op:17 old", "pass 150 op:17", "narrowed 200 op:9"},
     D,
     G,
     L},
    {"settled for good",
     {"begun 2000 op:17", "pass 200 op:17", "narrowed 200 op:9", "pass 2000 op:17"},
     G,
     G,
     G},
    {"and a narrowing before does not outlive that",
     {"begun 2000 op:17", "pass 200 op:17", "narrowed 200 op:9", "pass 2000 op:17", "begun 2000 op:17",
      "pass 200 op:17"},
     L,
     L,
     L},
    {"nothing is locked", {"pass 200 op:17", "narrowed 200 op:9"}, G, G, G},
    {"a slip below what is treated with",
     {"begun 100 op:17", "begun 2000 op:17", "pass 90 op:17", "narrowed 90 op:9"},
     L,
     L,
     L},
};

static void it_opens_what_passed_and_nothing_else(void)
{
    static fl_energy_history h;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        begin(&h);
        for (size_t k = 0; k < 10 && cases[i].lines[k]; k++) take(&h, cases[i].lines[k]);
        CHECK(stand_at(&h, 200) == cases[i].at_200, "%s: %d at 200 mJ", cases[i].what, stand_at(&h, 200));
        CHECK(stand_at(&h, 150) == cases[i].at_150, "%s: %d at 150 mJ", cases[i].what, stand_at(&h, 150));
        CHECK(stand_at(&h, 2000) == cases[i].at_2000, "%s: %d at 2000 mJ", cases[i].what, stand_at(&h, 2000));
    }
}

/* A plan's 201 mJ may rest on a check at 200, but not when 201 was not finished. */
static void a_hair_above_is_what_was_not_finished(void)
{
    static fl_energy_history h;
    begin(&h);
    take(&h, "begun 2000 op:17"), take(&h, "pass 200 op:17"), take(&h, "narrowed 200 op:9");
    CHECK(stand_at(&h, 201) == FL_STAND_GOOD && stand_at(&h, 203) == FL_STAND_LOCKED, "one percent");
    CHECK(stand_at(&h, 160) == FL_STAND_GOOD && stand_at(&h, 159) == FL_STAND_LOCKED, "and 20 below");
    begin(&h);
    take(&h, "begun 201 op:17"), take(&h, "pass 200 op:17"), take(&h, "narrowed 200 op:9");
    CHECK(stand_at(&h, 200) == FL_STAND_GOOD && stand_at(&h, 201) == FL_STAND_LOCKED, "not at 201");
}

/* What the command asks before it signs is what the entry then does. */
static void it_is_asked_before_it_is_signed(void)
{
    static fl_energy_history h;
    uint64_t most, least;
    fl_error error = {0};
    begin(&h);
    CHECK(fl_energy_may_narrow(&h, &device, &heads[0], "op:9", &most, &least, &error) == FL_E_NO,
          "never checked");
    take(&h, "begun 2000 op:17");
    CHECK(fl_energy_may_narrow(&h, &device, &heads[0], "op:9", &most, &least, &error) == FL_E_NO,
          "nothing passed");
    take(&h, "pass 200 op:17");
    take(&h, "pass 150 op:17");
    CHECK(fl_energy_may_narrow(&h, &device, &heads[0], "op:17", &most, &least, &error) == FL_E_NO &&
              strstr(error.what, "op:17"),
          "the operator: %s", error.what);
    CHECK(fl_energy_may_narrow(&h, &device, &heads[0], "op:9", &most, &least, &error) == FL_OK &&
              most == 200000 && least == 2000000,
          "%s %llu %llu", error.what, (unsigned long long)most, (unsigned long long)least);
    CHECK(stand_at(&h, 200) == FL_STAND_LOCKED, "asking opens nothing");
    take(&h, "lock 100 op:17");
    CHECK(fl_energy_may_narrow(&h, &device, &heads[0], "op:9", &most, &least, &error) == FL_E_NO,
          "found bad");
}

static void more_locks_than_there_is_room_for(void)
{
    static fl_energy_history h;
    begin(&h);
    for (int i = 0; i < FL_ENERGY_MARKS + 1; i++) {
        char line[40];
        snprintf(line, sizeof line, "begun %d op:17", 2000 + i);
        take(&h, line);
    }
    take(&h, "pass 200 op:17");
    take(&h, "narrowed 200 op:9");
    CHECK(stand_at(&h, 200) == FL_STAND_LOCKED, "one of them is forgotten");
    take(&h, "pass 3000 op:17");
    CHECK(stand_at(&h, 200) == FL_STAND_GOOD, "all of them are undone");
    for (int i = 0; i < 3 * FL_ENERGY_MARKS; i++) {
        char line[40];
        snprintf(line, sizeof line, "pass %d op:17", 1000 + i);
        if (i == 0) take(&h, "begun 2000 op:17");
        take(&h, line);
    }
    take(&h, "pass 200 op:17");
    take(&h, "narrowed 200 op:9");
    CHECK(stand_at(&h, 200) == FL_STAND_GOOD && stand_at(&h, 500) == FL_STAND_LOCKED,
          "the newest passes are kept");
}

/* ---- every history, against a second reading of the rule ---- */

static const struct step {
    const char *line;
    unsigned mJ;
    enum { BEGUN, BAD, PASS, SIGN } kind;
} steps[] = {{"begun 2000 op:17", 2000, BEGUN}, {"lock 2000 op:17", 2000, BAD},
             {"pass 2000 op:17", 2000, PASS},   {"begun 200 op:17", 200, BEGUN},
             {"lock 200 op:17", 200, BAD},      {"pass 200 op:17", 200, PASS},
             {"narrowed 200 op:9", 200, SIGN}};
enum { STEPS = sizeof steps / sizeof *steps, LONG = 6 };

/* Whether a later pass of this history was at least as high. */
static bool is_undone(const int *way, int n, int at)
{
    for (int k = at + 1; k < n; k++)
        if (steps[way[k]].kind == PASS && steps[way[k]].mJ >= steps[way[at]].mJ) return true;
    return false;
}

/* From the text: everything not undone is only unknown, above, and older than both a pass at this energy and
 * a signature under which something had passed. Or nothing is left at all. */
static bool may_treat(const int *way, int n, unsigned mJ)
{
    int newest = -1, highest = 0, settled = -1;
    bool any = false;
    for (int i = 0; i < n; i++) {
        if (steps[way[i]].kind == SIGN) continue;
        any = true;
        if (steps[way[i]].kind == PASS && (int)steps[way[i]].mJ >= highest) settled = i, highest = 0;
        if (steps[way[i]].kind != PASS && (int)steps[way[i]].mJ > highest) highest = (int)steps[way[i]].mJ;
    }
    if (!any) return false;
    if (highest == 0) return true; /* the last word is a pass that undid everything */
    for (int i = settled + 1; i < n; i++) {
        if (steps[way[i]].kind != BEGUN && steps[way[i]].kind != BAD) continue;
        if (is_undone(way, n, i)) continue;
        if (steps[way[i]].kind == BAD || steps[way[i]].mJ <= mJ) return false;
        newest = i;
    }
    bool passed = false, signed_after = false, passed_here = false;
    for (int i = settled + 1; i < n; i++) {
        if (steps[way[i]].kind == PASS) passed = true, passed_here |= i > newest && steps[way[i]].mJ == mJ;
        if (steps[way[i]].kind == SIGN && passed && i > newest) signed_after = true;
    }
    return passed_here && signed_after;
}

static void every_history_of_six(void)
{
    static fl_energy_history h[LONG + 1];
    int way[LONG] = {0};
    unsigned long open = 0, narrowed = 0, all = 0;
    for (int n = 1; n <= LONG; n++) {
        int total = 1;
        for (int k = 0; k < n; k++) total *= STEPS;
        for (int code = 0; code < total; code++) {
            int from = n;
            for (int k = n - 1, rest = code; k >= 0; k--, rest /= STEPS) {
                if (way[k] != rest % STEPS || code == 0) from = k;
                way[k] = rest % STEPS;
            }
            if (code == 0) begin(&h[0]), from = 0;
            for (int k = from; k < n; k++) h[k + 1] = h[k], take(&h[k + 1], steps[way[k]].line);
            for (unsigned mJ = 200; mJ <= 2000; mJ += 1800) {
                const bool got = stand_at(&h[n], mJ) == FL_STAND_GOOD, wanted = may_treat(way, n, mJ);
                all++, open += got;
                narrowed += got && !fl_energy_last_of(&h[n], &device, &heads[0]).pass;
                if (got == wanted) continue;
                char text[300] = "";
                for (int k = 0; k < n; k++)
                    snprintf(text + strlen(text), sizeof text - strlen(text), "%s; ", steps[way[k]].line);
                CHECK(false, "at %u mJ: %s, the rule says %s: %s", mJ, got ? "open" : "shut",
                      wanted ? "open" : "shut", text);
                return;
            }
        }
    }
    printf("\n  %lu histories and energies, %lu open, %lu of them narrowed\n  ", all, open, narrowed);
    CHECK(all > 200000 && narrowed > 100, "too few");
}

FL_TESTS("session/energy_narrow", TEST(it_opens_what_passed_and_nothing_else),
         TEST(a_hair_above_is_what_was_not_finished), TEST(it_is_asked_before_it_is_signed),
         TEST(more_locks_than_there_is_room_for), TEST(every_history_of_six))
