/* labels: unit fault   timeout: 300 */
/* Reading by the index is reading: over random histories both say the same, for every client, laser and
 * moment; and a file that the journal does not vouch for is not looked at. FL_CASES: how many histories. */
#include "check.h"

#include "helper_plan.h"

#include "past.h"
#include "past_index.h"

#include "fadeline/base/random.h"
#include "fadeline/base/text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PLANS = 4, LASERS = 3 };

static const char *const devices[LASERS] = {"SIM-1", "SIM-2", "SIM-3"};

typedef struct story {
    char place[64];
    fl_journal *journal;
    fl_clock clock;
    int64_t us, ahead_us; /* of wall time only */
    fl_random random;
    fl_plan *plans[PLANS]; /* clients A, B, C; the last is A again, planned anew */
    char plan_hex[PLANS][2 * FL_SHA256_SIZE + 1];
    uint64_t sid;
    unsigned taken, kinds[FL_KIND_UNKNOWN + 1];
} story;

static fl_instant clock_now(void *self)
{
    return (fl_instant){((story *)self)->us};
}
static fl_utc clock_utc(void *self)
{
    const story *s = self;
    return (fl_utc){1777888800000000 + s->us + s->ahead_us};
}

static uint64_t any(story *s, uint64_t n)
{
    return fl_random_u64(&s->random) % n;
}

static void open_story(story *s, uint64_t seed)
{
    fl_error error = {0};
    memset(s, 0, sizeof *s);
    fl_random_init(&s->random, seed, 9);
    s->clock = (fl_clock){clock_now, clock_now, clock_utc, s};
    s->us = 1000000;
    snprintf(s->place, sizeof s->place, "%s/fl-index-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    CHECK(mkdtemp(s->place) != NULL, "folder");
    const fl_journal_options options = {
        .mode = FL_JOURNAL_CREATE, .simulated = true, .clock = &s->clock, .no_ballast = true};
    CHECK(fl_journal_open(s->place, &options, &s->journal, &error) == FL_OK, "%s", error.what);
    for (int i = 0; i < PLANS; i++) {
        s->plans[i] = helper_plan((fl_date){2026, 5, 4}, HELPER_TESTS_ASKED);
        s->plans[i]->client[0] = (char)('A' + i % 3);
        s->plans[i]->sha256[5] = (uint8_t)(17 * i + 1);
        fl_hex(s->plans[i]->sha256, sizeof s->plans[i]->sha256, s->plan_hex[i]);
    }
}

static void close_story(story *s)
{
    char command[100];
    fl_journal_close(s->journal);
    for (int i = 0; i < PLANS; i++) fl_plan_free(s->plans[i]);
    snprintf(command, sizeof command, "rm -rf %s", s->place);
    CHECK(system(command) == 0, "clean up");
}

/* ---- one random entry; what the journal refuses did not happen ---- */

static const char *one_of(story *s, const char *const *words, size_t count)
{
    return words[any(s, count)];
}
#define ONE(s, ...)                                                                                          \
    one_of(s, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void put_place(story *s, fl_entry *e, unsigned plan)
{
    const bool test = any(s, 4) == 0;
    fl_entry_text(e, "pu", any(s, 12) == 0 ? "C" : test ? "S" : "T");
    fl_entry_text(e, "zone",
                  test ? s->plans[0]->test_spots.grid[any(s, s->plans[0]->test_spots.grid_count)].id
                       : ONE(s, "F-L", "MID", "OCC", "nowhere"));
    fl_entry_text(e, "plan", s->plan_hex[plan]);
}

static void fill_pulses(story *s, fl_entry *e, fl_kind kind, const fl_counter_state *c, unsigned plan)
{
    switch (kind) {
    case FL_KIND_GRANT:
        fl_entry_count(e, "gid", c->gid + 1);
        fl_entry_count(e, "ctr", c->ctr);
        fl_entry_count(e, "sid", any(s, 20) ? c->sid : c->sid + 1);
        put_place(s, e, plan);
        fl_entry_int(e, "energy_uJ", 1000);
        fl_entry_int(e, "spot_um", 4000);
        fl_entry_int(e, "wl_nm", 755);
        fl_entry_text(e, "who", "op:17");
        break;
    case FL_KIND_PULSE:
        fl_entry_count(e, "gid", c->gid);
        fl_entry_count(e, "ctr", c->ctr + 1);
        fl_entry_int(e, "meas_uJ", 1000);
        fl_entry_count(e, "sid", c->sid);
        break;
    case FL_KIND_PULSE_UNKNOWN: fl_entry_count(e, "gid", c->gid), fl_entry_count(e, "ctr", c->ctr); break;
    case FL_KIND_RECON:
        fl_entry_count(e, "ctr_was", c->ctr);
        fl_entry_count(e, "ctr_now", c->ctr + any(s, 3));
        fl_entry_int(e, "delivered", c->outstanding && any(s, 2));
        fl_entry_text(e, "by", "op:9");
        if (any(s, 3) == 0) fl_entry_int(e, "possible", (int64_t)any(s, 9));
        break;
    case FL_KIND_ZONE:
        fl_entry_count(e, "sid", c->sid);
        fl_entry_text(e, "who", "op:17");
        put_place(s, e, plan);
        if (any(s, 4)) fl_entry_count(e, "ctr", c->ctr);
        fl_entry_int(e, "planned", (int64_t)any(s, 20));
        fl_entry_int(e, "had", (int64_t)any(s, 9));
        fl_entry_int(e, "soft", 9);
        fl_entry_int(e, "hard", 11);
        break;
    case FL_KIND_PULSES: {
        const uint64_t made = any(s, 15);
        fl_entry_count(e, "sid", c->sid);
        put_place(s, e, plan);
        fl_entry_count(e, "ctr_was", c->ctr);
        fl_entry_count(e, "ctr_now", c->ctr + made);
        fl_entry_count(e, "pulses", made);
        fl_entry_text(e, "who", "op:17");
        if (any(s, 2)) fl_entry_int(e, "over", (int64_t)any(s, 3));
        break;
    }
    default: break;
    }
}

static void fill_session(story *s, fl_entry *e, fl_kind kind, const fl_counter_state *c, unsigned plan)
{
    if (kind == FL_KIND_SESSION_OPEN) {
        fl_entry_count(e, "sid", ++s->sid);
        fl_entry_count(e, "ctr", c->ctr);
        fl_entry_text(e, "who", "op:17");
        fl_entry_text(e, "pat", s->plans[plan]->client);
        fl_entry_text(e, "plan", s->plan_hex[any(s, 10) ? plan : any(s, PLANS)]);
        if (any(s, 3))
            fl_entry_text(e, "profile", any(s, 2) ? s->plans[0]->device_sha256 : ONE(s, "ab", "cd"));
        if (any(s, 3) == 0) fl_entry_text(e, "not_before", ONE(s, "2026-05-30", "2026-06-20", "soon"));
        if (any(s, 10) == 0) fl_entry_text(e, "pu", "C");
        if (any(s, 3) == 0) fl_entry_int(e, "man", 1);
    } else {
        fl_entry_count(e, "sid", c->sid);
        fl_entry_count(e, "pulses", c->pulses);
        if (any(s, 2)) fl_entry_count(e, "ctr", c->ctr);
        if (any(s, 4) == 0) fl_entry_int(e, "interrupted", 1);
    }
}

static void fill_other(story *s, fl_entry *e, fl_kind kind, const fl_counter_state *c, unsigned plan)
{
    switch (kind) {
    case FL_KIND_ARM:
        fl_entry_count(e, "sid", any(s, 5) ? c->sid : 1), fl_entry_text(e, "who", "op:17");
        break;
    case FL_KIND_OVERRIDE:
        fl_entry_text(e, "who", "op:9");
        fl_entry_text(e, "reason", ONE(s, "date", "soft-stop", "over-plan"));
        fl_entry_text(e, "zone", ONE(s, "F-L", "MID"));
        fl_entry_count(e, "sid", c->sid);
        break;
    case FL_KIND_COUNTER: fl_entry_count(e, "ctr", c->ctr + any(s, 2)); break;
    case FL_KIND_DROP:
    case FL_KIND_SVC:
        fl_entry_text(e, "cause", "counter");
        if (any(s, 2)) fl_entry_count(e, "ctr_was", c->ctr), fl_entry_count(e, "ctr_now", c->ctr + 3);
        break;
    case FL_KIND_RESET:
        fl_entry_text(e, "who", "op:30");
        fl_entry_int(e, "svc", (int64_t)any(s, 2));
        break;
    case FL_KIND_SELFTEST:
        fl_entry_text(e, "what", ONE(s, "motion:door", "motion:estop", "motion:foot", "laser"));
        fl_entry_int(e, "ok", any(s, 5) != 0);
        break;
    case FL_KIND_CHECK:
        fl_entry_int(e, "pulses", 0);
        fl_entry_int(e, "set_uJ", 1000);
        fl_entry_int(e, "mean_uJ", 990 + (int64_t)any(s, 30));
        fl_entry_int(e, "pass", (int64_t)any(s, 2));
        fl_entry_text(e, "who", "op:17");
        fl_entry_text(e, "head", ONE(s, "A", "B"));
        fl_entry_text(e, "verdict", ONE(s, "pass", "lock", "begun", "withdrawn", "warn"));
        break;
    case FL_KIND_AUTH_FAIL: fl_entry_text(e, "why", any(s, 5) ? "sign-in-wrong" : "sign-in-role"); break;
    case FL_KIND_NOTE:
        fl_entry_text(e, "who", "op:17");
        fl_entry_text(e, "text", any(s, 6) ? "endpoint" : "pain");
        fl_entry_text(e, "seen", ONE(s, "none", "frost", "bleed", "darkened", "spark", "unheard"));
        fl_entry_text(e, "pat", s->plans[any(s, 6) ? plan : any(s, PLANS)]->client);
        put_place(s, e, any(s, 6) ? plan : (unsigned)any(s, PLANS));
        fl_entry_int(e, "wl_nm", any(s, 2) ? 755 : 1064);
        fl_entry_int(e, "spot_um", 4000);
        break;
    case FL_KIND_ANCHOR_DEVICE:
        fl_entry_count(e, "size", any(s, 99));
        fl_entry_text(e, "root", s->plan_hex[any(s, PLANS)]);
        if (any(s, 3) == 0) fl_entry_int(e, "seen", 1);
        break;
    default: break;
    }
}

static void happen(story *s)
{
    static const fl_kind kinds[] = {
        FL_KIND_GRANT, FL_KIND_GRANT,        FL_KIND_PULSE,   FL_KIND_PULSE,        FL_KIND_PULSE_UNKNOWN,
        FL_KIND_RECON, FL_KIND_ZONE,         FL_KIND_PULSES,  FL_KIND_SESSION_OPEN, FL_KIND_SESSION_CLOSE,
        FL_KIND_ARM,   FL_KIND_OVERRIDE,     FL_KIND_COUNTER, FL_KIND_DROP,         FL_KIND_SVC,
        FL_KIND_RESET, FL_KIND_SELFTEST,     FL_KIND_CHECK,   FL_KIND_AUTH_OK,      FL_KIND_AUTH_FAIL,
        FL_KIND_NOTE,  FL_KIND_ANCHOR_DEVICE};
    static fl_entry entry;
    fl_counter_state c = {.ctr = 100};
    const char *dev = devices[any(s, 3) ? 0 : any(s, LASERS)];
    const unsigned plan = (unsigned)any(s, PLANS);
    const fl_kind kind = kinds[any(s, sizeof kinds / sizeof *kinds)];
    (void)fl_journal_counter(s->journal, dev, &c);
    s->us += (int64_t)any(s, 100000000);
    if (any(s, 200) == 0) s->us += 86400000000;                                     /* another day */
    if (any(s, 300) == 0) s->ahead_us += 3600000000 * (1 - 2 * (int64_t)any(s, 2)); /* the wall clock steps */
    fl_entry_begin(&entry, kind);
    if (kind == FL_KIND_AUTH_OK || kind == FL_KIND_AUTH_FAIL)
        fl_entry_text(&entry, "who", ONE(s, "op:17", "op:18", "?"));
    else
        fl_entry_device(&entry, dev, true);
    if (kind == FL_KIND_SESSION_OPEN || kind == FL_KIND_SESSION_CLOSE)
        fill_session(s, &entry, kind, &c, plan);
    fill_pulses(s, &entry, kind, &c, plan);
    fill_other(s, &entry, kind, &c, plan);
    const fl_status status = fl_journal_append(s->journal, &entry, 1, NULL);
    CHECK(status == FL_OK || status == FL_E_RANGE, "%d %s", (int)status, entry.fault);
    s->taken += status == FL_OK;
    s->kinds[kind] += status == FL_OK;
}

/* ---- both ways ---- */

/* A text may leave bytes behind its end. */
static void tidy(fl_past *past)
{
    char who[sizeof past->tries.who] = "";
    snprintf(who, sizeof who, "%s", past->tries.who);
    memcpy(past->tries.who, who, sizeof who);
}

static bool same(const fl_past *a, const fl_past *b)
{
    static fl_past x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    tidy(&x);
    tidy(&y);
    if (getenv("FL_LOUD"))
        for (size_t i = 0; i < sizeof x; i++)
            if (((char *)&x)[i] != ((char *)&y)[i]) {
                fprintf(stderr, "first difference at byte %zu\n", i);
                break;
            }
    return memcmp(&x, &y, sizeof x) == 0;
}

/* Through its text, as the next start has it. */
static void pass_through_text(fl_past_index *index)
{
    char *text = NULL;
    size_t size = 0;
    fl_past_index again;
    CHECK(fl_past_index_text(index, &text, &size) == FL_OK && fl_past_index_read(text, size, &again) == FL_OK,
          "text");
    fl_past_index_free(index);
    *index = again;
    free(text);
}

static unsigned compare(story *s, fl_past_index *index, unsigned *by_index)
{
    static fl_past plain, quick;
    fl_error error = {0};
    unsigned different = 0;
    const fl_utc now = clock_utc(s);
    for (int i = 0; i < PLANS; i++)
        for (int d = 0; d < LASERS; d++) {
            const char *behind = any(s, 2) ? devices[d] : devices[any(s, LASERS)];
            char *text = NULL;
            size_t size = 0;
            fl_past_index own; /* each start takes what is new for itself */
            CHECK(fl_past_index_text(index, &text, &size) == FL_OK &&
                      fl_past_index_read(text, size, &own) == FL_OK,
                  "text");
            free(text);
            CHECK(fl_past_read_plain(s->journal, devices[d], behind, s->plans[i], now, NULL, &plain,
                                     &error) == FL_OK,
                  "%s", error.what);
            const fl_status status =
                fl_past_read_by(s->journal, devices[d], behind, s->plans[i], now, &own, &quick, &error);
            if (status == FL_OK) {
                ++*by_index;
                different += !same(&plain, &quick);
                CHECK(own.length == fl_journal_length(s->journal), "covers all");
            } else
                CHECK(status == FL_E_NO, "%s", error.what);
            fl_past_index_free(&own);
        }
    return different;
}

static void both_ways_say_the_same(void)
{
    const char *asked = getenv("FL_CASES");
    const unsigned cases = asked ? (unsigned)strtoul(asked, NULL, 10) : 20;
    static fl_past past;
    static story s;
    unsigned different = 0, compared = 0, taken = 0, kinds[FL_KIND_UNKNOWN + 1] = {0};
    fl_error error = {0};
    for (unsigned seed = 1; seed <= cases; seed++) {
        fl_past_index index = {.length = 0};
        open_story(&s, seed);
        for (int i = 0; i < 150; i++) happen(&s);
        CHECK(fl_past_read_plain(s.journal, devices[0], devices[0], s.plans[0], clock_utc(&s), &index, &past,
                                 &error) == FL_OK,
              "%s", error.what);
        for (int round = 0; round < 4; round++) {
            pass_through_text(&index);
            different += compare(&s, &index, &compared);
            for (int i = 0; i < 60; i++) happen(&s);
            different += compare(&s, &index, &compared);
            /* The index goes on from where it is, and is what reading all would have made. */
            const fl_status moved = fl_past_read_by(s.journal, devices[0], devices[0], s.plans[0],
                                                    (fl_utc){INT64_MAX / 2}, &index, &past, &error);
            CHECK(moved == FL_OK, "moved on");
        }
        taken += s.taken;
        for (size_t k = 0; k < FL_KIND_UNKNOWN; k++) kinds[k] += s.kinds[k];
        fl_past_index_free(&index);
        close_story(&s);
    }
    printf("(%u comparisons over %u entries: %u differ) ", compared, taken, different);
    CHECK(!different && compared > 50 * cases, "%u of %u", different, compared);
    CHECK(kinds[FL_KIND_GRANT] > cases && kinds[FL_KIND_PULSE] > cases && kinds[FL_KIND_PULSES] &&
              kinds[FL_KIND_RECON] > 5,
          "something of everything: %u grants, %u pulses, %u by hand", kinds[FL_KIND_GRANT],
          kinds[FL_KIND_PULSE], kinds[FL_KIND_PULSES]);
}

/* An index that forgets one list must not pass: the exam can fail. */
static void an_index_that_forgets_is_met(void)
{
    static story s;
    static fl_past past;
    unsigned met[4] = {0}, compared = 0;
    fl_error error = {0};
    for (unsigned seed = 1; seed <= 8; seed++) {
        open_story(&s, 100 + seed);
        for (int i = 0; i < 300; i++) happen(&s);
        for (int what = 0; what < 4; what++) {
            fl_past_index index = {.length = 0};
            CHECK(fl_past_read_plain(s.journal, devices[0], devices[0], s.plans[0], clock_utc(&s), &index,
                                     &past, &error) == FL_OK,
                  "%s", error.what);
            if (what == 0 && index.client_count) index.clients[0].at.count = 0;
            for (size_t i = 0; i < index.laser_count; i++) {
                if (what == 1) index.lasers[i].checks.count = 0;
                if (what == 2) index.lasers[i].svc = index.lasers[i].grant = 0;
            }
            if (what == 3) index.tries.count = 0, index.step = 0;
            met[what] += compare(&s, &index, &compared);
            fl_past_index_free(&index);
        }
        close_story(&s);
    }
    for (int what = 0; what < 4; what++) CHECK(met[what] > 0, "list %d", what);
}

/* ---- the file ---- */

static void only_what_is_vouched_for_is_read(void)
{
    static story s;
    static fl_past past;
    fl_past_index index = {.length = 0}, found;
    fl_error error = {0};
    char path[100], *text;
    size_t size;
    open_story(&s, 7);
    for (int i = 0; i < 200; i++) happen(&s);
    CHECK(past_index_find(s.journal, &found) == FL_E_NO, "none yet");
    CHECK(fl_past_read_plain(s.journal, devices[0], devices[0], s.plans[0], clock_utc(&s), &index, &past,
                             &error) == FL_OK,
          "%s", error.what);
    CHECK(past_index_keep(s.journal, &index, &error) == FL_OK, "%s", error.what);
    for (int i = 0; i < 50; i++) happen(&s);
    CHECK(past_index_find(s.journal, &found) == FL_OK && found.length == index.length, "vouched for");
    fl_past_index_free(&found);
    snprintf(path, sizeof path, "%s/past.index", s.place);
    CHECK(fl_place_read(path, 1 << 24, &text, &size, &error) == FL_OK, "%s", error.what);
    unsigned believed = 0;
    for (size_t i = 0; i < size; i += 1 + size / 400) { /* a bit anywhere; and an end cut off */
        text[i] ^= 1;
        CHECK(fl_place_write(path, text, size, 0600, &error) == FL_OK, "%s", error.what);
        believed += past_index_find(s.journal, &found) == FL_OK;
        text[i] ^= 1;
        CHECK(fl_place_write(path, text, i, 0600, &error) == FL_OK, "%s", error.what);
        believed += past_index_find(s.journal, &found) == FL_OK;
    }
    CHECK(!believed, "%u believed", believed);
    /* One that is whole and says something else: a lock less. */
    if (index.client_count) index.clients[0].at.count = 0;
    char *lie;
    size_t lie_size;
    CHECK(fl_past_index_text(&index, &lie, &lie_size) == FL_OK, "text");
    CHECK(fl_place_write(path, lie, lie_size, 0600, &error) == FL_OK, "%s", error.what);
    CHECK(past_index_find(s.journal, &found) == FL_E_NO, "a lie is not vouched for");
    free(lie);
    CHECK(fl_place_write(path, text, size, 0600, &error) == FL_OK &&
              past_index_find(s.journal, &found) == FL_OK,
          "back");
    fl_past_index_free(&found);
    free(text);
    fl_past_index_free(&index);
    close_story(&s);
}

FL_TESTS("session/past_index", TEST(both_ways_say_the_same), TEST(an_index_that_forgets_is_met),
         TEST(only_what_is_vouched_for_is_read))
