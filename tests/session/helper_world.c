#include "helper_world.h"

#include "check.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/journal/verify.h"
#include "fadeline/session/calibration.h"

#include <unistd.h>

#define TICK_MS 10

/* ---- time ---- */

static fl_instant clock_now(void *self)
{
    return (fl_instant){((world *)self)->us};
}
static fl_instant clock_boot(void *self)
{
    return (fl_instant){((world *)self)->us + ((world *)self)->asleep_us};
}
static fl_utc clock_utc(void *self)
{
    return (fl_utc){1777852800000000 + ((world *)self)->us + ((world *)self)->later_us};
} /* 2026-05-04 */

/* ---- the wire ---- */

static fl_status wire_read(fl_carrier *carrier, void *bytes, size_t room, size_t *got)
{
    world *w = carrier->self;
    *got = w->waiting < room ? w->waiting : room;
    memcpy(bytes, w->to_host, *got);
    w->waiting -= *got;
    memmove(w->to_host, w->to_host + *got, w->waiting);
    return FL_OK;
}

static fl_status wire_write(fl_carrier *carrier, const void *bytes, size_t size, size_t *taken)
{
    world *w = carrier->self;
    size_t leaves = size;
    if (w->bytes_left >= 0 && (int64_t)size > w->bytes_left) {
        leaves = (size_t)w->bytes_left;
        w->killed = true; /* in the middle of a write */
    }
    if (w->bytes_left >= 0) w->bytes_left -= (int64_t)leaves;
    if (!w->dead_line) twin_heard(&w->laser, bytes, leaves);
    *taken = size;
    return FL_OK;
}

static void wire_drop(fl_carrier *carrier)
{
    world *w = carrier->self;
    if (!w->dead_line) twin_heard(&w->laser, "!\n", 2);
}

static void wire_close(fl_carrier *carrier)
{
    carrier->kind = NULL;
}

static const fl_carrier_kind wire_kind = {"wire", wire_read, wire_write, wire_drop, wire_close};

static void laser_put(void *self, const char *bytes, size_t length)
{
    world *w = self;
    if (w->dead_line || w->waiting + length > sizeof w->to_host) return;
    memcpy(w->to_host + w->waiting, bytes, length);
    w->waiting += length;
}

static void laser_say(void *self, const char *text)
{
    (void)self;
    if (getenv("WORLD_LOUD")) fprintf(stderr, "    SIM %s\n", text);
}

/* ---- the face ---- */

static void heard_answer(void *self, const fl_face_order *order, fl_status status, const char *code,
                         const char *text, const char *hint, fl_reasons reasons)
{
    world *w = self;
    (void)hint;
    if (order->number != w->number) return;
    w->ok = status == FL_OK;
    snprintf(w->code, sizeof w->code, "%s", code);
    snprintf(w->text, sizeof w->text, "%s", text);
    w->reasons = reasons;
    if (getenv("WORLD_LOUD")) fprintf(stderr, "    answer %d %s: %s\n", w->ok, code, text);
}

static void heard_line(void *self, const fl_entry *line, bool may_be_lost)
{
    world *w = self;
    (void)may_be_lost;
    char bytes[FL_FACE_LINE_MAX];
    size_t size = 0;
    fl_record record;
    CHECK(fl_entry_encode(line, bytes, sizeof bytes, &size) == FL_OK &&
              fl_record_read(bytes, size, &record) == FL_OK,
          "a line that no face can read: %s", line->fault);
    if (getenv("WORLD_LOUD")) fprintf(stderr, "    %.*s\n", (int)size, bytes);
    if (w->code_count == WORLD_CODES) w->code_count = 0;
    if (fl_record_text(&record, "code", w->codes[w->code_count], sizeof w->codes[0]) == FL_OK)
        w->code_count++;
}

static fl_instant last_heard(void *self, unsigned face)
{
    world *w = self;
    (void)face;
    return (fl_instant){w->face_is_silent ? w->us - 60000000 : w->us};
}

/* ---- people: one file for all worlds, because a PIN costs a tenth of a second ---- */

static char people_home[64];
static fl_people *people;

static void forget_people(void)
{
    char command[128];
    fl_people_free(people);
    snprintf(command, sizeof command, "rm -rf '%s'", people_home);
    if (system(command) != 0) fprintf(stderr, "%s stays\n", people_home);
}

static void have_people(void)
{
    if (people) return;
    fl_error error;
    snprintf(people_home, sizeof people_home, "/tmp/fl-people-XXXXXX");
    const fl_date until = {2030, 1, 1};
    if (!mkdtemp(people_home) ||
        fl_people_add(people_home, "op:17", 1u << FL_ROLE_OPERATOR, until, "493027", &error) != FL_OK ||
        fl_people_add(people_home, "op:18", 1u << FL_ROLE_OPERATOR, until, "275510", &error) != FL_OK ||
        fl_people_add(people_home, "op:9", 1u << FL_ROLE_SUPERVISOR, until, "801246", &error) != FL_OK ||
        fl_people_add(people_home, "op:30", 1u << FL_ROLE_SERVICE, until, "660318", &error) != FL_OK ||
        fl_people_load(people_home, &people, &error) != FL_OK)
        abort();
    atexit(forget_people);
}

/* ---- the control process ---- */

static uint64_t room_left(void *self, const char *directory)
{
    (void)directory;
    return ((world *)self)->free_bytes;
}

static fl_status nonce(void *self, uint32_t *value)
{
    *value = (uint32_t)(((world *)self)->us * 2654435761u) | 1u;
    return FL_OK;
}

void world_start(world *w)
{
    static fl_past past;
    static fl_space space;
    fl_error error = {0};
    space = (fl_space){room_left, w};
    const fl_journal_options options = {.mode = FL_JOURNAL_CREATE,
                                        .simulated = !w->is_real,
                                        .clock = &w->clock,
                                        .space = &space,
                                        .no_ballast = true};
    w->killed = false;
    w->bytes_left = -1;
    w->waiting = 0;
    CHECK(fl_journal_open(w->folder, &options, &w->journal, &error) == FL_OK, "journal: %s", error.what);
    CHECK(fl_past_read(w->journal, w->file.make.uid, w->plan, clock_utc(w), &past, &error) == FL_OK, "%s",
          error.what);
    CHECK(fl_writer_new(w->journal, true, &w->writer, &error) == FL_OK, "%s", error.what);
    CHECK(fl_doorman_new(people, true, &w->doorman, &error) == FL_OK, "%s", error.what);
    w->carrier = (fl_carrier){.kind = &wire_kind, .self = w, .fd = -1, .simulated_only = !w->is_real};
    w->second = w->behind ? w->behind->begin(w, w->behind->self) : NULL;
    fl_conduct_setup setup = {.plan = w->plan,
                              .laser = w->second,
                              .carrier = &w->carrier,
                              .clock = &w->clock,
                              .writer = w->writer,
                              .doorman = w->doorman,
                              .model = "Pico 2",
                              .simulated = !w->is_real,
                              .check_pulses = w->check_pulses,
                              .energy_tolerance = 0.2,
                              .device = w->file.device,
                              .warning_ms = 3000,
                              .past = past,
                              .today = w->date,
                              .nonce = nonce,
                              .nonce_self = w,
                              .self = w,
                              .answer = heard_answer,
                              .tell = heard_line,
                              .heard = last_heard};
    const fl_device_link *link = &w->file.device->link;
    snprintf(setup.expected.uid, sizeof setup.expected.uid, "%s", link->identity);
    snprintf(setup.expected.firmware, sizeof setup.expected.firmware, "%s", link->firmware);
    setup.expected.capabilities = (uint32_t)link->capabilities;
    CHECK(fl_conduct_new(&setup, &w->conduct, &error) == FL_OK, "%s", error.what);
}

void world_kill(world *w)
{
    fl_conduct_free(w->conduct);
    fl_doorman_free(w->doorman);
    fl_writer_free(w->writer);
    fl_journal_close(w->journal);
    fl_laser_link_free(w->second);
    w->second = NULL;
    w->conduct = NULL;
    w->doorman = NULL;
    w->writer = NULL;
    w->journal = NULL;
}

static void laser_light(void *self, uint64_t ms, double energy_J)
{
    const world *w = self;
    (void)ms, (void)energy_J;
    if (w->behind) w->behind->light(w->behind->self);
}

void world_open(world *w, helper_tests tests)
{
    world_open_behind(w, tests, NULL);
}

void world_open_behind(world *w, helper_tests tests, const world_behind *behind)
{
    fl_error error = {0};
    have_people();
    memset(w, 0, sizeof *w);
    w->behind = behind;
    snprintf(w->folder, sizeof w->folder, "/tmp/fl-world-XXXXXX");
    CHECK(mkdtemp(w->folder) != NULL, "folder");
    w->date = (fl_date){2026, 5, 4};
    w->plan = helper_plan(w->date, tests);
    w->clock = (fl_clock){clock_now, clock_boot, clock_utc, w};
    w->us = 1000000;
    w->free_bytes = (uint64_t)1 << 40;
    CHECK(device_file_load("example-pico", &w->file, &error) == FL_OK, "%s", error.what);
    const twin_options options = {.make = &w->file.make,
                                  .seed = 11,
                                  .self = w,
                                  .put = laser_put,
                                  .say = laser_say,
                                  .light_self = w,
                                  .light = laser_light};
    CHECK(twin_init(&w->laser, &options, &error) == FL_OK, "%s", error.what);
    world_start(w);
}

void world_come_back(world *w, int days, uint64_t seed)
{
    const helper_tests tests = w->plan->verdict == FL_VERDICT_TEST_FIRST ? HELPER_TESTS_FIRST
                               : w->plan->test_spots.required            ? HELPER_TESTS_ASKED
                                                                         : HELPER_NO_TESTS;
    if (w->conduct) world_kill(w);
    fl_plan_free(w->plan);
    w->later_us += days * (int64_t)86400000000;
    w->date = fl_date_add_days(w->date, days);
    w->plan = helper_plan(w->date, tests);
    w->plan->seed = seed;
    w->plan->next_not_before = fl_date_add_days(w->date, 42);
    fl_plan_seal(w->plan);
}

void world_calibrate(world *w, const char *head, uint64_t energy_uJ, unsigned pulses)
{
    fl_error error = {0};
    const fl_calibration_wish wish = {
        .head = head, .energy_uJ = energy_uJ, .spot_um = 4000, .rate_mHz = 2000, .pulses = pulses};
    fl_plan_free(w->plan);
    w->plan = fl_plan_new();
    w->check_pulses = pulses;
    CHECK(fl_calibration_plan(&wish, w->file.device, w->date, w->plan, &error) == FL_OK, "%s", error.what);
}

void world_treat(world *w)
{
    fl_plan_free(w->plan);
    w->plan = helper_plan(w->date, HELPER_NO_TESTS);
    w->check_pulses = 0;
}

void world_close(world *w)
{
    char command[128];
    if (w->conduct) world_kill(w);
    twin_fini(&w->laser);
    device_file_free(&w->file);
    fl_plan_free(w->plan);
    snprintf(command, sizeof command, "rm -rf '%s'", w->folder);
    CHECK(system(command) == 0, "%s stays", w->folder);
}

void world_run(world *w, int ms)
{
    for (int i = 0; i < ms; i++) {
        w->us += 1000;
        twin_tick(&w->laser, (uint64_t)(w->us / 1000));
        if (w->behind) w->behind->run(w, w->behind->self);
        if (!w->conduct || w->killed) continue;
        if (w->waiting) fl_conduct_listen(w->conduct);
        if (w->us / 1000 % TICK_MS == 0) fl_conduct_tick(w->conduct);
    }
}

bool world_until(world *w, fl_mode mode, int ms)
{
    for (int i = 0; i < ms && world_mode(w) != mode; i++) world_run(w, 1);
    return world_mode(w) == mode;
}

fl_mode world_mode(const world *w)
{
    return fl_conduct_state(w->conduct).mode;
}

static bool give(world *w, fl_face_order *order)
{
    order->face = 1;
    order->number = ++w->number;
    w->ok = false;
    w->code[0] = w->text[0] = 0;
    w->reasons = 0;
    fl_conduct_order(w->conduct, order);
    world_run(w, 2 * TICK_MS); /* what the tick decides is answered in it */
    return w->ok;
}

bool world_order(world *w, fl_face_do what, const char *text, int64_t value)
{
    fl_face_order order = {.what = what, .value = value};
    snprintf(order.text, sizeof order.text, "%s", text);
    return give(w, &order);
}

bool world_note(world *w, const char *about, const char *said)
{
    fl_face_order order = {.what = FL_DO_NOTE, .value = -1};
    snprintf(order.about, sizeof order.about, "%s", about);
    snprintf(order.text, sizeof order.text, "%s", said);
    return give(w, &order);
}

bool world_sign_as(world *w, fl_face_do what, const char *who, const char *reason)
{
    static const struct {
        const char *who, *pin;
    } pins[] = {{"op:17", "493027"}, {"op:18", "275510"}, {"op:9", "801246"}, {"op:30", "660318"}};
    fl_face_order order = {.what = what, .value = -1};
    snprintf(order.who, sizeof order.who, "%s", who);
    snprintf(order.text, sizeof order.text, "%s", reason);
    for (size_t i = 0; i < sizeof pins / sizeof *pins; i++)
        if (strcmp(who, pins[i].who) == 0) snprintf(order.pin, sizeof order.pin, "%s", pins[i].pin);
    return give(w, &order);
}

bool world_sign_in(world *w, const char *who)
{
    return world_sign_as(w, FL_DO_SIGN_IN, who, "");
}
bool world_reconcile(world *w, const char *who)
{
    return world_sign_as(w, FL_DO_RECONCILE, who, "");
}

bool world_said(const world *w, const char *code)
{
    for (size_t i = 0; i < w->code_count; i++)
        if (strcmp(w->codes[i], code) == 0) return true;
    return false;
}

void world_forget(world *w)
{
    w->code_count = 0;
}

void world_foot(world *w, bool down)
{
    room_switch(&w->laser.room, GL1_IN_FOOT_A | GL1_IN_FOOT_B, down);
}

void world_prove(world *w)
{
    static const uint32_t pairs[3] = {GL1_IN_ESTOP_A | GL1_IN_ESTOP_B, GL1_IN_DOOR_A | GL1_IN_DOOR_B,
                                      GL1_IN_FOOT_A | GL1_IN_FOOT_B};
    for (int i = 0; i < 3; i++) {
        const bool is = i == 2; /* the foot is up to begin with, the others are closed */
        room_switch(&w->laser.room, pairs[i], is);
        world_run(w, 150);
        room_switch(&w->laser.room, pairs[i], !is);
        world_run(w, 150);
    }
}

void world_ready(world *w, const char *zone)
{
    world_run(w, 100);
    world_prove(w);
    CHECK(world_until(w, FL_MODE_STANDBY, 3000), "no STANDBY: %s", fl_mode_word(world_mode(w)));
    CHECK(world_sign_in(w, "op:17"), "sign-in: %s", w->text);
    CHECK(world_order(w, FL_DO_ZONE, zone, -1), "zone: %s", w->text);
    CHECK(world_order(w, FL_DO_EYEWEAR, "OD7 M LB9", 755), "eyewear: %s", w->text);
    world_run(w, 300);
    for (int i = 0; w->second && i < 6000 && !fl_laser_link_look(w->second)->set; i++) world_run(w, 1);
    if (w->second) world_run(w, 300); /* the gate is set after the laser */
    CHECK(world_order(w, FL_DO_ARM, "", -1), "arm: %s: %s", w->code, w->text);
    CHECK(world_until(w, FL_MODE_READY, 4000), "no READY: %s", fl_mode_word(world_mode(w)));
}

uint64_t world_pulses(const world *w)
{
    return w->laser.device.kept.k;
}

/* ---- the record ---- */

static fl_journal *reader(world *w, fl_error *error)
{
    fl_journal *journal = NULL;
    const fl_journal_options options = {.mode = FL_JOURNAL_READ, .clock = &w->clock};
    CHECK(fl_journal_open(w->folder, &options, &journal, error) == FL_OK, "journal: %s", error->what);
    return journal;
}

int world_entries(world *w, const char *kind, const char *key, const char *value)
{
    fl_error error = {0};
    fl_journal *journal = reader(w, &error);
    int count = 0;
    for (uint64_t i = 0; journal && i < fl_journal_size(journal); i++) {
        fl_record record;
        CHECK(fl_journal_record(journal, i, &record) == FL_OK, "entry %llu", (unsigned long long)i);
        const bool same = !key || fl_record_text_is(&record, key, value);
        count += same && fl_record_text_is(&record, "k", kind);
    }
    fl_journal_close(journal);
    return count;
}

int world_count(world *w, const char *kind, const char *key, const char *digits)
{
    fl_error error = {0};
    fl_journal *journal = reader(w, &error);
    int count = 0;
    for (uint64_t i = 0; journal && i < fl_journal_size(journal); i++) {
        fl_record record;
        uint64_t value;
        char shown[24];
        CHECK(fl_journal_record(journal, i, &record) == FL_OK, "entry %llu", (unsigned long long)i);
        if (!fl_record_text_is(&record, "k", kind) || fl_record_count(&record, key, &value) != FL_OK)
            continue;
        snprintf(shown, sizeof shown, "%llu", (unsigned long long)value);
        count += !digits || strcmp(shown, digits) == 0;
    }
    fl_journal_close(journal);
    return count;
}

bool world_verify(world *w, uint64_t *pulses, uint64_t *counter, bool *outstanding)
{
    static fl_verify_report report;
    fl_error error = {0};
    const fl_status status = fl_verify(w->folder, NULL, &report, &error);
    CHECK(status == FL_OK, "verify: %s", report.what);
    fl_journal *journal = reader(w, &error);
    fl_counters books = {0};
    char why[200] = "";
    for (uint64_t i = 0; journal && i < fl_journal_size(journal); i++) {
        fl_record record;
        CHECK(fl_journal_record(journal, i, &record) == FL_OK, "entry %llu", (unsigned long long)i);
        CHECK(fl_counters_take(&books, &record, why, sizeof why) == FL_OK, "%s", why);
    }
    const fl_counter_state *state = fl_counters_find(&books, w->file.make.uid);
    *pulses = books.pulses;
    *counter = state ? state->ctr : 0;
    *outstanding = state && state->outstanding;
    fl_counters_fini(&books);
    fl_journal_close(journal);
    return status == FL_OK;
}
