/* labels: unit link   timeout: 120 */
/* The meter object against virtual meters that were written from the pages: what it must take, and every lie
 * and silence it must not take for a number. */
#include "check.h"

#include "helper_meter.h"

#include "fadeline/base/random.h"

static const fl_meter_wish ophir_wish = {.wavelength_nm = 755, .range = 1, .energy_J = 0.25, .rate_Hz = 2};
static const fl_meter_wish gentec_wish = {.wavelength_nm = 755, .range = 24, .energy_J = 0.25, .rate_Hz = 2};

static const struct family {
    const char *dialect;
    const speaker *who;
    const fl_meter_wish *wish;
    bool numbered; /* it needs one reading to count from */
} families[] = {{"ophir", &speak_ophir, &ophir_wish, false},
                {"gentec-eo", &speak_gentec, &gentec_wish, false},
                {"thorlabs-pm100", &speak_thorlabs, &ophir_wish, false},
                {"energymax", &speak_energymax, &ophir_wish, true}};
#define FAMILIES (sizeof families / sizeof *families)

static void open_family(meter_bench *b, size_t f, const char *const *faults, unsigned count)
{
    meter_bench_open(b, families[f].dialect, families[f].who, faults, count, families[f].wish);
    if (families[f].numbered) meter_bench_shine(b, 0.123);
}

static void pulses(meter_bench *b, unsigned n, double energy_J)
{
    for (unsigned i = 0; i < n; i++) {
        meter_bench_shine(b, energy_J + 0.001 * i);
        meter_bench_run(b, 500);
    }
}

static void reads_every_pulse_once(void)
{
    for (size_t f = 0; f < FAMILIES; f++) {
        meter_bench b;
        open_family(&b, f, NULL, 0);
        CHECK(meter_bench_up(&b, 6000), "%s: %s", families[f].dialect, b.meter.status.why);
        meter_bench_run(&b, 3000);
        CHECK(b.count == 0, "%s: dark, and %u readings", families[f].dialect, b.count);
        pulses(&b, 5, 0.2);
        CHECK(b.count == 5, "%s: %u readings of 5 pulses", families[f].dialect, b.count);
        for (unsigned i = 0; i < b.count; i++) {
            CHECK(b.readings[i].kind == FL_METER_ENERGY, "%s: reading %u is no energy", families[f].dialect,
                  i);
            CHECK_REL(b.readings[i].energy_J, 0.2 + 0.001 * i, 2e-3, families[f].dialect);
        }
        CHECK(b.meter.status.good, "%s: %s", families[f].dialect, b.meter.status.why);
        fl_meter_finish(&b.meter);
        meter_bench_run(&b, 3000);
        CHECK(b.meter.status.phase == FL_METER_PROVEN, "%s: %s", families[f].dialect, b.meter.status.why);
        meter_bench_close(&b);
    }
}

/* Faults at the start: it never comes up, and says why. */
static void a_wrong_meter_is_not_used(void)
{
    static const struct {
        const char *fault, *why;
        fl_meter_phase phase;
        int family; /* -1: every one */
    } rows[] = {
        {"watts", "unit", FL_METER_FAILED, -1},
        {"deaf", "wavelength: the meter says", FL_METER_FAILED, -1},
        {"stranger", "another device", FL_METER_REJECTED, -1},
        {"real", "simulated", FL_METER_REJECTED, -1},
        {"garbage", "who it is", FL_METER_FAILED, -1},
        {"silent", "who it is", FL_METER_FAILED, -1},
        {"yank", "lost", FL_METER_GONE, -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t f = 0; f < FAMILIES; f++) {
            meter_bench b;
            open_family(&b, f, &rows[i].fault, 1);
            CHECK(!meter_bench_up(&b, 10000), "%s, %s: it is up", families[f].dialect, rows[i].fault);
            CHECK(b.meter.status.phase == rows[i].phase, "%s, %s: %s", families[f].dialect, rows[i].fault,
                  fl_meter_phase_text(b.meter.status.phase));
            CHECK(strstr(b.meter.status.why, rows[i].why), "%s, %s: '%s'", families[f].dialect, rows[i].fault,
                  b.meter.status.why);
            pulses(&b, 2, 0.2);
            CHECK(b.count == 0, "%s, %s: %u readings", families[f].dialect, rows[i].fault, b.count);
            meter_bench_close(&b);
        }
}

/* Faults at the third of five pulses: how many energies, and what else. */
static void a_bad_reading_is_no_number(void)
{
    static const struct {
        const char *fault;
        unsigned energies, over, bad, missing;
    } rows[] = {
        {"over@3", 4, 1, 0, 0},     {"miss@3", 4, 0, 0, 1},     {"garbage@3", 4, 0, 1, 1},
        {"slow=30", 5, 0, 0, 0},    {"labels", 5, 0, 0, 0},     {"stale@3", 5, 0, 0, 0},
        {"late=100@3", 5, 0, 0, 0}, {"late=600@3", 5, 0, 0, 1}, {"die@9-", 5, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t f = 0; f < FAMILIES; f++) {
            meter_bench b;
            open_family(&b, f, &rows[i].fault, 1);
            CHECK(meter_bench_up(&b, 6000), "%s, %s: %s", families[f].dialect, rows[i].fault,
                  b.meter.status.why);
            pulses(&b, 5, 0.2);
            const unsigned energies = meter_bench_kind(&b, FL_METER_ENERGY),
                           bad = meter_bench_kind(&b, FL_METER_BAD);
            /* garbled: the flag may not be understood (nothing) or the reading (bad); it is never a number */
            const bool garbled = strstr(rows[i].fault, "garbage");
            CHECK(energies == rows[i].energies || (garbled && energies < 5), "%s, %s: %u energies",
                  families[f].dialect, rows[i].fault, energies);
            /* a numbered record says over range by a flag */
            const unsigned over = meter_bench_kind(&b, FL_METER_OVER) + (families[f].numbered ? bad : 0);
            CHECK(garbled || over == rows[i].over, "%s, %s: over", families[f].dialect, rows[i].fault);
            CHECK(bad <= rows[i].bad || over == bad, "%s, %s: %u bad", families[f].dialect, rows[i].fault,
                  bad);
            CHECK(garbled || meter_bench_kind(&b, FL_METER_MISSING) == rows[i].missing, "%s, %s: missing %u",
                  families[f].dialect, rows[i].fault, meter_bench_kind(&b, FL_METER_MISSING));
            for (unsigned k = 0; k < b.count; k++)
                CHECK(b.readings[k].kind == FL_METER_ENERGY || isnan(b.readings[k].energy_J),
                      "%s, %s: a number", families[f].dialect, rows[i].fault);
            meter_bench_close(&b);
        }
}

/* Faults that begin at the third pulse and do not end: no number from then on, and it is never proven. */
static void a_meter_that_fails_is_not_proven(void)
{
    static const char *const faults[] = {"die@3-", "stall@3-", "echo@3-", "garbage@3-", "slow=900@3-"};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        for (size_t f = 0; f < FAMILIES; f++) {
            meter_bench b;
            open_family(&b, f, &faults[i], 1);
            const unsigned before = families[f].numbered ? 1 : 2; /* the one it counts from was the first */
            CHECK(meter_bench_up(&b, 6000), "%s, %s: %s", families[f].dialect, faults[i], b.meter.status.why);
            pulses(&b, 5, 0.2);
            meter_bench_run(&b, 3000);
            CHECK(meter_bench_kind(&b, FL_METER_ENERGY) == before, "%s, %s: %u energies", families[f].dialect,
                  faults[i], meter_bench_kind(&b, FL_METER_ENERGY));
            CHECK(!b.meter.status.good, "%s, %s: good", families[f].dialect, faults[i]);
            fl_meter_finish(&b.meter);
            meter_bench_run(&b, 12000);
            CHECK(b.meter.status.phase == FL_METER_FAILED && b.meter.status.why[0], "%s, %s: %s: %s",
                  families[f].dialect, faults[i], fl_meter_phase_text(b.meter.status.phase),
                  b.meter.status.why);
            meter_bench_close(&b);
        }
}

/* The only one that numbers its readings: pulses that it counts and nobody read. */
static void a_counter_that_jumps_is_lost_pulses(void)
{
    static const struct {
        const char *fault;
        unsigned energies, lost, bad;
    } rows[] = {{"jump=5@3", 5, 5, 0}, {"jump=-2@4", 4, 0, 1}, {"miss@3", 4, 0, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        meter_bench b;
        open_family(&b, 3, &rows[i].fault, 1);
        CHECK(meter_bench_up(&b, 6000), "%s: %s", rows[i].fault, b.meter.status.why);
        pulses(&b, 5, 0.2);
        CHECK(meter_bench_kind(&b, FL_METER_ENERGY) == rows[i].energies, "%s: %u energies", rows[i].fault,
              meter_bench_kind(&b, FL_METER_ENERGY));
        CHECK(b.meter.status.lost == rows[i].lost && b.meter.status.bad == rows[i].bad,
              "%s: %llu lost, %llu bad", rows[i].fault, (unsigned long long)b.meter.status.lost,
              (unsigned long long)b.meter.status.bad);
        meter_bench_close(&b);
    }
}

/* Somebody turns it to watts while pulses come: every reading was a number, and none of them counts. */
static void the_unit_is_looked_at_again(void)
{
    for (size_t f = 0; f < FAMILIES; f++) {
        meter_bench b;
        const char *fault = "watts@3-";
        open_family(&b, f, &fault, 1);
        CHECK(meter_bench_up(&b, 6000), "%s: %s", families[f].dialect, b.meter.status.why);
        pulses(&b, 5, 0.2);
        meter_bench_run(&b, 20);
        fl_meter_finish(&b.meter);
        meter_bench_run(&b, 3000);
        CHECK(b.meter.status.phase == FL_METER_FAILED && strstr(b.meter.status.why, "unit"), "%s: %s: %s",
              families[f].dialect, fl_meter_phase_text(b.meter.status.phase), b.meter.status.why);
        meter_bench_close(&b);
    }
}

/* What it was set to before is thrown away: a reading from before is no pulse of ours. */
static void an_old_reading_is_thrown_away(void)
{
    for (size_t f = 0; f < FAMILIES; f++) {
        meter_bench b;
        open_family(&b, f, NULL, 0);
        meter_bench_shine(&b, 0.2);
        CHECK(meter_bench_up(&b, 6000), "%s: %s", families[f].dialect, b.meter.status.why);
        meter_bench_run(&b, 2000);
        CHECK(b.count == 0, "%s: %u readings", families[f].dialect, b.count);
        meter_bench_close(&b);
    }
}

static void yanked_is_gone(void)
{
    for (size_t f = 0; f < FAMILIES; f++) {
        meter_bench b;
        const char *fault = "yank@3-";
        open_family(&b, f, &fault, 1);
        CHECK(meter_bench_up(&b, 6000), "%s", b.meter.status.why);
        pulses(&b, 5, 0.2);
        CHECK(b.meter.status.phase == FL_METER_GONE && !b.meter.status.good, "%s", families[f].dialect);
        CHECK(b.count == (families[f].numbered ? 1 : 2), "%s: %u readings before it was pulled",
              families[f].dialect, b.count);
        meter_bench_close(&b);
    }
}

/* Pulled out at a thousand instants, from the first word to the last proof: gone at once, never proven, and
 * what was read until then is what fell on it. */
static void yanked_at_any_instant(void)
{
    fl_random random;
    fl_random_init(&random, 5, 1);
    for (int n = 0; n < 1000; n++) {
        meter_bench b;
        open_family(&b, (size_t)n % FAMILIES, NULL, 0);
        const int pulled_ms = (int)(fl_random_uniform(&random) * 6500);
        unsigned fallen = 0;
        bool gone_late = false, proven = false;
        for (int ms = 0; ms < pulled_ms + 50; ms++) {
            if (ms >= 3500 && ms < 5600 && ms % 400 == 0) meter_bench_shine(&b, 0.2), fallen++;
            if (ms == 5700) fl_meter_finish(&b.meter);
            if (ms == pulled_ms) proven = b.meter.status.phase == FL_METER_PROVEN;
            if (ms >= pulled_ms) b.wire.carrier.gone = true;
            meter_bench_run(&b, 1);
            gone_late = gone_late || (ms > pulled_ms + 1 && !proven && b.meter.status.phase != FL_METER_GONE);
        }
        CHECK(!gone_late && !b.meter.status.good, "pulled at %d ms: %s", pulled_ms,
              fl_meter_phase_text(b.meter.status.phase));
        CHECK(b.count <= fallen && meter_bench_kind(&b, FL_METER_BAD) == 0,
              "pulled at %d ms: %u readings of %u", pulled_ms, b.count, fallen);
        for (unsigned i = 0; i < b.count; i++) CHECK_REL(b.readings[i].energy_J, 0.2, 1e-3, "a reading");
        meter_bench_close(&b);
    }
}

/* ---- a meter that numbers its readings, in forty lines from its page ---- */

typedef struct numbered {
    char line[120], out[256];
    size_t size, out_size;
    unsigned sequence;
    double energy_J;
    const char *flag;
    bool flags_shuffled;
} numbered;

static void numbered_obey(numbered *n)
{
    char text[160] = "";
    if (strstr(n->line, "MODel?")) snprintf(text, sizeof text, "\"EM-USB SIM-J-25MB\"\r\n");
    if (strstr(n->line, "TYPE?")) snprintf(text, sizeof text, "J\r\n");
    if (strstr(n->line, "ITEMselect?"))
        snprintf(text, sizeof text, "%s\r\n", n->flags_shuffled ? "PER,PULS,FLAG,SEQ" : "PULS,PER,FLAG,SEQ");
    if (strstr(n->line, "SELect?")) snprintf(text, sizeof text, "2.0E+00\r\n");
    if (strstr(n->line, "WAVElength?")) snprintf(text, sizeof text, "755\r\n");
    if (strstr(n->line, "READ?"))
        snprintf(text, sizeof text, "%.3E,500000,%s,%u\r\n", n->energy_J, n->flag, n->sequence);
    n->out_size += (size_t)snprintf(n->out + n->out_size, sizeof n->out - n->out_size, "%sOK\r\n", text);
}

static void numbered_take(void *self, const char *bytes, size_t size)
{
    numbered *n = self;
    for (size_t i = 0; i < size; i++) {
        n->line[n->size++] = bytes[i];
        if (bytes[i] != '\n' && n->size < sizeof n->line - 1) continue;
        n->line[n->size] = 0;
        n->size = 0;
        numbered_obey(n);
    }
}

static bool numbered_tick(void *self, uint64_t now_ms)
{
    (void)now_ms;
    return self != NULL;
}

static size_t numbered_give(void *self, char *room, size_t size)
{
    numbered *n = self;
    const size_t given = n->out_size < size ? n->out_size : size;
    memcpy(room, n->out, given);
    n->out_size = 0;
    return given;
}

static const speaker numbered_meter = {"numbered",    "",  NULL, numbered_take, numbered_tick,
                                       numbered_give, NULL};
static const fl_meter_wish numbered_wish = {.wavelength_nm = 755, .energy_J = 0.25, .rate_Hz = 2};

static void gaps_in_the_numbers_are_lost_pulses(void)
{
    static const struct {
        unsigned sequence;
        const char *flag;
    } records[] = {{8, "0"}, {9, "0"}, {9, "0"}, {12, "0"}, {13, "P"}, {14, "0"}, {2, "0"}, {3, "Z"}};
    meter_bench b;
    numbered n = {.sequence = 7, .energy_J = 0.19, .flag = "0"};
    meter_bench_open(&b, "energymax", NULL, NULL, 0, &numbered_wish);
    b.wire.who = &numbered_meter, b.wire.self = &n;
    CHECK(meter_bench_up(&b, 8000), "%s", b.meter.status.why);
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        n.sequence = records[i].sequence;
        n.flag = records[i].flag;
        meter_bench_run(&b, 200);
    }
    CHECK(meter_bench_kind(&b, FL_METER_ENERGY) == 4, "%u energies", meter_bench_kind(&b, FL_METER_ENERGY));
    CHECK(b.meter.status.lost == 2, "%llu lost", (unsigned long long)b.meter.status.lost);
    CHECK(b.meter.status.bad == 3, "%llu bad: clipped, counting anew, a flag nobody knows",
          (unsigned long long)b.meter.status.bad);
    meter_bench_close(&b);
}

/* A trigger level or a range that is not as it was set: each by itself, in the bare form of the answers. */
static void what_is_read_back_is_compared(void)
{
    static const struct {
        const char *after, *turned, *why;
    } rows[] = {{"*SCS24", "*SCS22", "range"},
                {"*STL02.0", "*STL05.0", "trigger"},
                {"*PWC00755", "*PWC00532", "wavelength"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        meter_bench b;
        open_family(&b, 1, NULL, 0);
        CHECK(meter_bench_up(&b, 6000), "%s", b.meter.status.why);
        speak_gentec.take(b.wire.self, rows[i].turned, strlen(rows[i].turned)); /* somebody at its keys */
        meter_bench_run(&b, 20);
        fl_meter_finish(&b.meter);
        meter_bench_run(&b, 3000);
        CHECK(b.meter.status.phase == FL_METER_FAILED && strstr(b.meter.status.why, rows[i].why), "%s: %s",
              rows[i].after, b.meter.status.why);
        meter_bench_close(&b);
    }
}

static void fields_in_another_order_are_refused(void)
{
    meter_bench b;
    numbered n = {.sequence = 7, .energy_J = 0.19, .flag = "0", .flags_shuffled = true};
    meter_bench_open(&b, "energymax", NULL, NULL, 0, &numbered_wish);
    b.wire.who = &numbered_meter, b.wire.self = &n;
    CHECK(!meter_bench_up(&b, 8000) && strstr(b.meter.status.why, "set-up"), "%s", b.meter.status.why);
    meter_bench_close(&b);
    numbered small = {.sequence = 7, .energy_J = 0.19, .flag = "0"};
    const fl_meter_wish too_much = {.wavelength_nm = 755, .energy_J = 2.5};
    meter_bench_open(&b, "energymax", NULL, NULL, 0, &too_much);
    b.wire.who = &numbered_meter, b.wire.self = &small;
    CHECK(!meter_bench_up(&b, 8000) && strstr(b.meter.status.why, "range"), "%s", b.meter.status.why);
    meter_bench_close(&b);
}

/* ---- anything at all may come back ---- */

typedef struct noise {
    fl_random random;
    bool owed;
    uint64_t energies;
} noise;

static void noise_take(void *self, const char *bytes, size_t size)
{
    (void)bytes, (void)size;
    ((noise *)self)->owed = true;
}

/* Pieces of every page's answers, glued and damaged; nothing here is an answer to a question. */
static size_t noise_give(void *self, char *room, size_t size)
{
    static const char *const pieces[] = {"*",       " ",   "1",  "J",  "OVER", "\r\n", "\n",
                                         "ACK",     "0.2", ",",  "OK", ":",    "PWC",  "New Data Available",
                                         "Version", "EM-", "SI", "?",  "\xFF", "\x00", "1E38",
                                         "-"};
    noise *n = self;
    if (!n->owed) return 0;
    n->owed = fl_random_uniform(&n->random) < 0.2;
    size_t used = 0;
    const unsigned count = 1 + (unsigned)(fl_random_uniform(&n->random) * 6);
    for (unsigned i = 0; i < count; i++) {
        const char *piece = pieces[fl_random_u64(&n->random) % (sizeof pieces / sizeof *pieces)];
        const size_t length = piece[0] ? strlen(piece) : 1;
        if (used + length > size) break;
        memcpy(room + used, piece, length);
        used += length;
    }
    return used;
}

/* It must say SIM to be believed, and no piece does: it never comes up, never hangs, never reads a number. */
static void noise_is_never_a_meter(void)
{
    static const speaker noisy = {"noise", "", NULL, noise_take, numbered_tick, noise_give, NULL};
    static const char *const dialects[] = {"ophir", "gentec-eo", "energymax", "thorlabs-pm100"};
    for (unsigned seed = 0; seed < 40; seed++) {
        meter_bench b;
        noise n = {.owed = false};
        fl_random_init(&n.random, seed, 1);
        meter_bench_open(&b, dialects[seed % 4], NULL, NULL, 0, &ophir_wish);
        b.wire.who = &noisy, b.wire.self = &n;
        meter_bench_run(&b, 30000);
        CHECK(fl_meter_is_over(&b.meter) && b.meter.status.phase != FL_METER_PROVEN && b.count == 0,
              "seed %u, %s: %s", seed, dialects[seed % 4], fl_meter_phase_text(b.meter.status.phase));
        meter_bench_close(&b);
    }
}

FL_TESTS("twin/meter", TEST(reads_every_pulse_once), TEST(a_wrong_meter_is_not_used),
         TEST(a_bad_reading_is_no_number), TEST(a_meter_that_fails_is_not_proven),
         TEST(a_counter_that_jumps_is_lost_pulses), TEST(the_unit_is_looked_at_again),
         TEST(an_old_reading_is_thrown_away), TEST(yanked_is_gone), TEST(yanked_at_any_instant),
         TEST(gaps_in_the_numbers_are_lost_pulses), TEST(what_is_read_back_is_compared),
         TEST(fields_in_another_order_are_refused), TEST(noise_is_never_a_meter))
