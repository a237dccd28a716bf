/* labels: fault   timeout: 240   needs: fadeline-control fadeline-twin   serial */
/* What the real process promises while armed, what it does when the system refuses it something, and that no
 * face is felt in it. The duties that feed the laser's watchdog are tried on simulated time: every one is
 * skipped alone, by a linker wrap around the mark, and the laser must shut by itself. */
#include "check.h"

#include "duties.h"
#include "heap_count.h"
#include "helper_attack.h"
#include "helper_drop.h"
#include "helper_lane.h"
#include "helper_world.h"
#include "pace.h"

#include "fadeline/session/beside.h"
#include "fadeline/session/control.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

/* ---- duties ---- */

static fl_duty skipped = FL_DUTY_COUNT;

void __real_fl_duties_done(fl_duties *duties, fl_duty duty, fl_instant now);
void __wrap_fl_duties_done(fl_duties *duties, fl_duty duty, fl_instant now);
void __wrap_fl_duties_done(fl_duties *duties, fl_duty duty, fl_instant now)
{
    if (duty != skipped) __real_fl_duties_done(duties, duty, now);
}

static const int64_t within_us[FL_DUTY_COUNT] = {
#define X(name, word, within, text) within,
    FL_DUTY_LIST(X)
#undef X
};

static void every_duty_alone_is_missed(void)
{
    for (int missing = 0; missing <= FL_DUTY_COUNT; missing++) {
        fl_duties d;
        fl_duties_init(&d, (fl_instant){1000000});
        const fl_instant now = {1000000 + 5000000};
        fl_duties_begin(&d);
        for (int i = 0; i < FL_DUTY_COUNT; i++)
            if (i != missing) __real_fl_duties_done(&d, (fl_duty)i, now);
        CHECK(fl_duties_missing(&d, now, true) == (fl_duty)missing, "hot, without %s: %s",
              fl_duty_word((fl_duty)missing), fl_duty_word(fl_duties_missing(&d, now, true)));
        const bool slow = missing < FL_DUTY_COUNT && within_us[missing];
        CHECK(fl_duties_missing(&d, now, false) == (slow ? FL_DUTY_COUNT : (fl_duty)missing),
              "cold, without %s: slow ones are asked for only when hot", fl_duty_word((fl_duty)missing));
        if (!slow) continue;
        __real_fl_duties_done(&d, (fl_duty)missing, (fl_instant){now.us - within_us[missing]});
        CHECK(fl_duties_missing(&d, now, true) == FL_DUTY_COUNT, "%s: just in time",
              fl_duty_word((fl_duty)missing));
        __real_fl_duties_done(&d, (fl_duty)missing, (fl_instant){now.us - within_us[missing] - 1});
        CHECK(fl_duties_missing(&d, now, true) == (fl_duty)missing, "%s: a microsecond late",
              fl_duty_word((fl_duty)missing));
        __real_fl_duties_done(&d, (fl_duty)missing, (fl_instant){now.us + 1});
        CHECK(fl_duties_missing(&d, now, true) == (fl_duty)missing, "%s: done in the future",
              fl_duty_word((fl_duty)missing));
    }
    fl_duties d;
    fl_duties_init(&d, (fl_instant){0});
    for (int i = 0; i < FL_DUTY_COUNT; i++) __real_fl_duties_done(&d, (fl_duty)i, (fl_instant){10});
    fl_duties_begin(&d);
    CHECK(fl_duties_missing(&d, (fl_instant){20}, true) == FL_DUTY_LINE,
          "what an earlier turn did counts no more");
    __real_fl_duties_done(&d, FL_DUTY_LINE, (fl_instant){20});
    CHECK(fl_duties_missing_so_far(&d, (fl_instant){20}, true, FL_DUTY_GRANT) == FL_DUTY_COUNT,
          "so far all is done");
    CHECK(fl_duties_missing_so_far(&d, (fl_instant){20}, true, FL_DUTY_STEP) == FL_DUTY_GRANT,
          "and a step later not");
}

static bool is_hot(const world *w)
{
    return w->laser.device.state == GL1_READY || w->laser.device.state == GL1_WARN;
}

static bool is_shut(const world *w)
{
    return w->laser.room.shutter_a.at == 0 && w->laser.room.shutter_b.at == 0;
}

/* The watchdog's 100 ms begin with the last frame, which left before the duty was skipped; one millisecond of
 * the laser's loop, and for a slow duty the tick in which its time is found over. T_CLOSE (150 ms) is what
 * shutters may take to travel. */
/* hazards: H29 H30 */
static void a_skipped_duty_shuts_the_laser(void)
{
    static world w;
    for (int i = 0; i < FL_DUTY_COUNT; i++) {
        const char *word = fl_duty_word((fl_duty)i);
        skipped = FL_DUTY_COUNT;
        world_open(&w, HELPER_NO_TESTS);
        world_ready(&w, "MID");
        world_foot(&w, true);
        world_run(&w, 730 + 3 * i);
        CHECK(world_pulses(&w) >= 3 && !world_said(&w, "duty-missed"), "%s: it fires and misses nothing",
              word);
        const uint64_t before = world_pulses(&w);
        skipped = (fl_duty)i;
        const int slack = (int)(within_us[i] / 1000), tick = slack ? 10 : 0;
        int took = 0, travel = 0;
        while (is_hot(&w) && took < 1000) world_run(&w, 1), took++;
        while (!is_shut(&w) && travel < 1000) world_run(&w, 1), travel++;
        CHECK(took <= slack + tick + 100 + 1, "%s skipped: the laser stops after %d ms", word, took);
        CHECK(travel < 150, "%s skipped: shutters shut %d ms later", word, travel);
        const uint64_t after = world_pulses(&w);
        CHECK(after <= before + 1 + (uint64_t)(slack + 99) / 100, "%s skipped: %llu pulses more", word,
              (unsigned long long)(after - before));
        world_run(&w, 1000);
        CHECK(world_pulses(&w) == after, "%s skipped: nothing fires after that", word);
        CHECK(world_said(&w, "duty-missed"), "%s skipped: nobody is told", word);
        CHECK(world_mode(&w) == FL_MODE_FAULT, "%s skipped: %s", word, fl_mode_word(world_mode(&w)));
        skipped = FL_DUTY_COUNT;
        world_foot(&w, false);
        world_run(&w, 1500);
        CHECK(w.laser.device.state == GL1_STBY, "%s: once it is done again the laser is spoken to again",
              word);
        world_kill(&w);
        CHECK(world_entries(&w, "note", "duty", word) >= 1, "%s skipped: not journalled", word);
        uint64_t pulses, counter;
        bool outstanding;
        CHECK(world_verify(&w, &pulses, &counter, &outstanding) && counter == world_pulses(&w),
              "%s skipped: the journal says %llu of %llu", word, (unsigned long long)counter,
              (unsigned long long)world_pulses(&w));
        world_close(&w);
    }
}

/* A stuck disk or PIN must not take the line away from a laser that is shut: the counter is read over it. */
static void a_cold_laser_is_spoken_to_without_the_slow_duties(void)
{
    static world w;
    world_open(&w, HELPER_NO_TESTS);
    world_run(&w, 100);
    world_prove(&w);
    CHECK(world_until(&w, FL_MODE_STANDBY, 3000), "STANDBY");
    world_forget(&w);
    for (int i = FL_DUTY_FACES; i < FL_DUTY_COUNT; i++) {
        skipped = (fl_duty)i;
        world_run(&w, 3000);
        CHECK(world_mode(&w) == FL_MODE_STANDBY && !world_said(&w, "duty-missed"), "cold without %s: %s",
              fl_duty_word(skipped), fl_mode_word(world_mode(&w)));
    }
    skipped = FL_DUTY_COUNT;
    world_close(&w);
}

/* ---- the counters themselves: each must see what it is there to see ---- */

static void *other_thread(void *self)
{
    void *volatile kept = malloc(100);
    free(kept);
    *(uint64_t *)self = heap_count();
    return NULL;
}

static void the_heap_counter_counts(void)
{
    CHECK(heap_count_begin(), "this build counts");
    void *volatile kept = NULL;
    void *made = NULL;
    uint64_t at = heap_count();
#define COUNTED(what, call)                                                                                  \
    do {                                                                                                     \
        call;                                                                                                \
        CHECK(heap_count() > at, "%s is not counted", what);                                                 \
        at = heap_count();                                                                                   \
    } while (0)
    COUNTED("malloc", kept = malloc(33));
    COUNTED("realloc", kept = realloc(kept, 99999));
    COUNTED("free", free(kept));
    COUNTED("calloc", kept = calloc(3, 11));
    free(kept), at = heap_count();
    COUNTED("aligned_alloc", kept = aligned_alloc(64, 128));
    CHECK(((uintptr_t)kept & 63) == 0, "and aligned");
    free(kept), at = heap_count();
    COUNTED("posix_memalign",
            CHECK(posix_memalign(&made, 256, 100) == 0 && ((uintptr_t)made & 255) == 0, "memalign"));
    free(made), at = heap_count();
    COUNTED("strdup, a call inside the library", kept = strdup("a text"));
    free(kept), at = heap_count();
    free(NULL);
    CHECK(heap_count() == at, "free(NULL) is no call of the heap");
    pthread_t thread;
    uint64_t theirs = 0;
    CHECK(pthread_create(&thread, NULL, other_thread, &theirs) == 0, "thread");
    at = heap_count();
    usleep(10000);
    CHECK(heap_count() == at, "what another thread asks for is not ours");
    pthread_join(thread, NULL);
    CHECK(theirs >= 2, "the other thread counts its own: %llu", (unsigned long long)theirs);
}

static void pace_counts_armed_turns_only(void)
{
    static const struct {
        int64_t at_ms;
        bool armed;
        uint64_t heap, pages;
        int64_t worst_ms;
        uint64_t late, allocations, faults;
    } rows[] = {
        {1000, false, 500, 70, 0, 0, 0, 0},  /* everything before */
        {1900, false, 600, 90, 0, 0, 0, 0},  /* cold: neither time nor memory counts */
        {1910, true, 601, 90, 0, 0, 1, 0},   /* the turn that arms */
        {1920, true, 601, 92, 10, 0, 1, 2},  /* */
        {1940, true, 601, 92, 20, 0, 1, 2},  /* twice the period is not late */
        {1961, true, 604, 92, 21, 1, 4, 2},  /* a millisecond more is */
        {1971, false, 605, 93, 21, 1, 5, 3}, /* the turn that ends it */
        {2971, false, 900, 99, 21, 1, 5, 3}, /* */
        {2981, true, 900, 99, 21, 1, 5, 3},  /* the pause before is no late tick */
        {3081, true, 900, 99, 100, 2, 5, 3},
    };
    fl_pace pace = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_pace_ticked(&pace, (fl_instant){rows[i].at_ms * 1000}, rows[i].armed);
        fl_pace_turned(&pace, rows[i].armed, rows[i].heap, rows[i].pages);
        CHECK(pace.worst_us == rows[i].worst_ms * 1000 && pace.late == rows[i].late,
              "row %zu: worst %lld us, %llu late", i, (long long)pace.worst_us,
              (unsigned long long)pace.late);
        CHECK(pace.allocations == rows[i].allocations && pace.faults == rows[i].faults,
              "row %zu: %llu heap calls, %llu pages", i, (unsigned long long)pace.allocations,
              (unsigned long long)pace.faults);
    }
}

/* ---- the real process ---- */

static const char room[] = "every ready +0.45 foot down\n"
                           "every 7 pulses foot up\n"
                           "every 7 pulses +0.25 foot down\n"
                           "every standby foot up\n"
                           "every safe foot up\n";

static char people[64];

static void clean_up(void)
{
    lane_people_gone(people);
}

static void have_people(void)
{
    if (people[0]) return;
    lane_people(people);
    atexit(clean_up);
}

/* A busy machine may make the line or a tick late, and the session stops for it, as it should: try again. */
static bool fires(lane *l, const lane_options *options, int ms)
{
    have_people();
    for (int i = 0; i < 4; i++) {
        lane_options given = *options;
        given.people = people;
        if (!lane_open(l, &given)) break;
        tap_seen seen = {0};
        if (lane_ready(l) && lane_listen(l, ms)) tap_look(&l->tap, &seen);
        if (seen.pulses >= 5 && strcmp(l->state, "FAULT") != 0) return true;
        fprintf(stderr, "  (state %s after %llu pulses, heard %s: again)\n", l->state,
                (unsigned long long)seen.pulses, l->events);
        lane_close(l);
    }
    CHECK(false, "no session fires on this machine: %s", l->fault);
    return false;
}

/* Newest number of a key in records of a kind; -1: in none. */
static int64_t in_journal(const lane *l, const char *kind, const char *text, const char *key)
{
    char place[160];
    fl_error error = {0};
    fl_journal *journal = NULL;
    int64_t value = -1;
    snprintf(place, sizeof place, "%s/journal-simulated", l->folder);
    const fl_journal_options options = {.mode = FL_JOURNAL_READ};
    CHECK(fl_journal_open(place, &options, &journal, &error) == FL_OK, "journal: %s", error.what);
    for (uint64_t i = 0; journal && i < fl_journal_size(journal); i++) {
        fl_record record;
        if (fl_journal_record(journal, i, &record) != FL_OK || !fl_record_text_is(&record, "k", kind))
            continue;
        if (text && !fl_record_text_is(&record, "text", text) && !fl_record_text_is(&record, "what", text))
            continue;
        int64_t found;
        if (fl_record_int(&record, key, &found) == FL_OK) value = found;
    }
    fl_journal_close(journal);
    return value;
}

static void a_session_asks_for_no_memory(void)
{
    static lane l;
    if (!fires(&l, &(lane_options){.script = room}, 2500)) return;
    CHECK(lane_order(&l, "\"about\":\"reaction\",\"do\":\"note\"|,\"said\":\"erythema oedema\"") &&
              lane_order(&l, "\"about\":\"pain\",\"do\":\"note\"|,\"said\":\"3\""),
          "said while armed: %s", l.code);
    CHECK(strstr(l.line, "\"room\":{") && strstr(l.line, "\"foot\":\""), "the status tells the room: %.900s",
          l.line);
    CHECK(lane_number(&l, "armed_allocations") == 0, "%lld heap calls while armed: %.800s",
          (long long)lane_number(&l, "armed_allocations"), l.line);
    CHECK(lane_number(&l, "tick_worst_us") > 0 && lane_number(&l, "ticks_late") >= 0,
          "late ticks are told: %.900s", l.line);
    CHECK(lane_number(&l, "grant_us") > 0 && lane_number(&l, "grant_worst_us") >= lane_number(&l, "grant_us"),
          "so is the time from token to GRANT: %.900s", l.line);
    CHECK(!lane_heard(&l, "armed-allocation") && !lane_heard(&l, "duty-missed"), "heard: %.900s", l.events);
    CHECK(lane_order(&l, "\"do\":\"near-miss\"|,\"what\":\"zone\"") && lane_until(&l, "STANDBY", 500),
          "a near miss stands down: %s %s", l.code, l.state);
    lane_end(&l);
    CHECK(!l.fault[0], "%s", l.fault);
    CHECK(in_journal(&l, "session.close", NULL, "armed_allocations") == 0, "session.close says so");
    CHECK(in_journal(&l, "session.close", NULL, "tick_worst_us") > 0, "and how late the worst tick was");
    CHECK(in_journal(&l, "note", "armed-allocation", "calls") == -1, "no note");
    lane_close(&l);
}

/* ---- a process whose counter says that it allocates ---- */

static uint64_t ever_more(void)
{
    static uint64_t calls;
    return ++calls;
}

/* This very program as the control process, with another counter: what is said of a broken promise. */
__attribute__((constructor)) static void be_a_control_that_allocates(int argc, char **argv)
{
    fl_control_options options = {.heap_calls = ever_more};
    if (!getenv("FL_TEST_ALLOCATES")) return;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--verify") == 0)
            exit(fl_beside_work(argv[i + 1])); /* what it starts beside itself */
        if (strcmp(argv[i], "--plan") == 0) options.plan = argv[i + 1];
        if (strcmp(argv[i], "--port") == 0) options.port = argv[i + 1];
        if (strcmp(argv[i], "--socket") == 0) options.socket = argv[i + 1];
        if (strcmp(argv[i], "--date") == 0) options.date = argv[i + 1];
    }
    exit(fl_control_run(&options));
}

static void an_allocation_is_told_and_recorded(void)
{
    static lane l;
    char self[400] = "";
    CHECK(readlink("/proc/self/exe", self, sizeof self - 1) > 0, "this program");
    const lane_options options = {.script = room, .program = self, .variable = "FL_TEST_ALLOCATES=1"};
    if (!fires(&l, &options, 1500)) return;
    CHECK(lane_number(&l, "armed_allocations") > 100, "one a turn: %.900s", l.line);
    CHECK(lane_order(&l, "\"do\":\"standby\""), "standby");
    lane_until(&l, "STANDBY", 3000);
    lane_listen(&l, 200);
    CHECK(lane_heard(&l, "armed-allocation"), "nobody is told, but: %.900s", l.events);
    lane_end(&l);
    CHECK(in_journal(&l, "note", "armed-allocation", "calls") > 100, "not journalled");
    CHECK(in_journal(&l, "session.close", NULL, "armed_allocations") > 100, "not in session.close");
    lane_close(&l);
}

/* ---- what the system refuses ---- */

#ifdef __SANITIZE_ADDRESS__
static const bool locks = true; /* this sanitizer answers mlockall itself, and always with yes */
#else
static const bool locks = false;
#endif

static void a_refusal_is_told_to_every_face(void)
{
    static lane l;
    have_people();
    const lane_options options = {.people = people, .script = room, .no_real_time = true};
    CHECK(lane_open(&l, &options), "%s", l.fault);
    CHECK(lane_until(&l, "STANDBY", 20000), "no STANDBY but %s", l.state);
    if (lane_number(&l, "rt") == 1) {
        fprintf(stderr, "  skipped: this system does not let a right be given up, so nothing was refused\n");
        lane_close(&l);
        return;
    }
    CHECK(lane_number(&l, "rt") == 0 && lane_number(&l, "locked") == locks, "in the status: %.900s", l.line);
    CHECK(lane_heard(&l, "no-real-time") && lane_heard(&l, "memory-not-locked") != locks,
          "first face: %.900s", l.events);
    lane_forget(&l);
    CHECK(lane_dial(&l), "a second face");
    lane_listen(&l, 300);
    CHECK(lane_heard(&l, "no-real-time") && lane_heard(&l, "memory-not-locked") != locks,
          "second face: %.900s", l.events);
    lane_end(&l);
    CHECK(in_journal(&l, "selftest", "control", "ok") == 0 &&
              in_journal(&l, "selftest", "control", "rt") == 0,
          "the journal says so");
    lane_close(&l);
}

/* ---- what it gives up by itself ---- */

static bool proc_says(pid_t pid, const char *file, const char *words)
{
    char path[100], text[8192];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
    FILE *f = fopen(path, "r");
    if (!f) return false;
    text[fread(text, 1, sizeof text - 1, f)] = 0;
    fclose(f);
    return strstr(text, words) != NULL;
}

static unsigned links_to(pid_t pid, const char *target)
{
    char folder[64], path[400], there[400];
    unsigned count = 0;
    snprintf(folder, sizeof folder, "/proc/%d/fd", (int)pid);
    DIR *directory = opendir(folder);
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        snprintf(path, sizeof path, "%s/%.200s", folder, entry->d_name);
        const ssize_t size = readlink(path, there, sizeof there - 1);
        if (size <= 0) continue;
        there[size] = 0;
        count += strcmp(there, target) == 0;
    }
    if (directory) closedir(directory);
    return count;
}

static void it_keeps_nothing_it_does_not_need(void)
{
    static lane l;
    char spare[] = "/tmp/fl-process-spare-XXXXXX";
    have_people();
    const int fd = mkstemp(spare);
    const lane_options options = {.people = people, .script = room, .spare_descriptor = fd};
    CHECK(lane_open(&l, &options) && lane_until(&l, "STANDBY", 20000), "%s", l.fault);
    CHECK(links_to(getpid(), spare) == 1 && links_to(l.twin, spare) == 1, "it was handed down");
    CHECK(links_to(l.control, spare) == 0, "and control keeps it");
    CHECK(proc_says(l.control, "status", "NoNewPrivs:\t1"), "no new privileges");
    CHECK(proc_says(l.control, "status", "Umask:\t0077"), "umask");
    CHECK(proc_says(l.control, "limits", "Max core file size        0                    0"), "no core dump");
    CHECK(proc_says(l.control, "coredump_filter", "00000000"), "and no memory in one");
    lane_close(&l);
    CHECK(!l.fault[0], "%s", l.fault);
    close(fd);
    unlink(spare);
}

/* ---- faces that mean harm ---- */

/* hazards: H30 */
static void an_attack_is_not_felt(void)
{
    static lane l;
    static attack a;
    char path[160];
    for (int i = 0; i < 4; i++) {
        if (!fires(&l, &(lane_options){.script = room}, 1500)) return;
        tap_seen before, after;
        const int64_t late = lane_number(&l, "ticks_late"), worst = lane_number(&l, "tick_worst_us");
        snprintf(path, sizeof path, "%s/s", l.folder);
        tap_look(&l.tap, &before);
        attack_begin(&a, path);
        const bool here = lane_listen(&l, 3000);
        tap_look(&l.tap, &after);
        const bool fault = strcmp(l.state, "FAULT") == 0; /* a machine that is too busy for four attackers */
        const bool answered = !fault && lane_order(&l, "\"do\":\"standby\"");
        attack_end(&a);
        CHECK(here, "the person's own face was cut off");
        CHECK(a.dials > 20 && a.orders > 20 && a.bytes > 1000, "some attack: %lu %lu %lu", a.dials, a.orders,
              a.bytes);
        fprintf(stderr, "  (%lu dials, %lu orders; late ticks %lld -> %lld, worst %lld -> %lld us)\n",
                a.dials, a.orders, (long long)late, (long long)lane_number(&l, "ticks_late"),
                (long long)worst, (long long)lane_number(&l, "tick_worst_us"));
        CHECK(lane_number(&l, "armed_allocations") == 0, "it made the tick allocate");
        if (!fault) {
            CHECK(after.pulses >= before.pulses + 5, "the session fires on: %llu pulses",
                  (unsigned long long)(after.pulses - before.pulses));
            CHECK(answered, "STANDBY of the person is taken");
            CHECK(!lane_heard(&l, "duty-missed"), "no duty is missed");
        }
        lane_close(&l);
        CHECK(!l.fault[0], "%s", l.fault);
        if (!fault) return;
    }
    fprintf(stderr, "  skipped: this machine is too busy to keep a line alive beside four attackers\n");
}

/* A handful here; ten thousand with bench_latency. A measuring that notices nothing would pass as well, so it
 * is also given orders that drop nothing. */
static void nothing_fires_beyond_50_ms_of_a_drop(void)
{
    static drop_lane real, idle;
    drop_sum sum = {0}, noticed = {0};
    have_people();
    CHECK(drop_begin(&real, &(drop_options){.people = people, .drops = 4, .seed = 3}) &&
              drop_begin(&idle, &(drop_options){.people = people, .drops = 2, .seed = 4, .idle = true}),
          "%s%s", real.l.fault, idle.l.fault);
    drop_end(&real, &sum);
    drop_end(&idle, &noticed);
    CHECK(sum.beyond == 0 && sum.more_than_one == 0, "%u pulses later than 50 ms", sum.beyond);
    CHECK(noticed.beyond == noticed.drops, "%u of %u orders that drop nothing are noticed", noticed.beyond,
          noticed.drops);
    if (!sum.drops || !noticed.drops)
        fprintf(stderr, "  (%u and %u drops: this machine is busy)\n", sum.drops, noticed.drops);
}

FL_TESTS("session/process", TEST(every_duty_alone_is_missed), TEST(a_skipped_duty_shuts_the_laser),
         TEST(a_cold_laser_is_spoken_to_without_the_slow_duties), TEST(the_heap_counter_counts),
         TEST(pace_counts_armed_turns_only), TEST(a_session_asks_for_no_memory),
         TEST(an_allocation_is_told_and_recorded), TEST(a_refusal_is_told_to_every_face),
         TEST(it_keeps_nothing_it_does_not_need), TEST(an_attack_is_not_felt),
         TEST(nothing_fires_beyond_50_ms_of_a_drop))
