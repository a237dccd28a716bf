/* World: time, and the control process with the loop that src/session/control.c has. */
#include "sim.h"

#include "helper_plan.h"

#include "fadeline/base/text.h"
#include "fadeline/session/people.h"

#include <malloc.h>

#define UTC_BEGIN_US 1777852800000000 /* 2026-05-04 */

const char *sim_variant_name(sim_variant variant)
{
    static const char *const names[SIM_VARIANTS] = {"true",           "disk lies",         "fires twice",
                                                    "forgets grants", "slow device clock", "foot ignored",
                                                    "forgets pulses"};
    return names[variant];
}

/* ---- time ---- */

static fl_instant clock_now(void *self)
{
    return (fl_instant){((sim *)self)->us};
}
static fl_instant clock_boot(void *self)
{
    return (fl_instant){((sim *)self)->us + ((sim *)self)->asleep_us};
}
static fl_utc clock_utc(void *self)
{
    return (fl_utc){UTC_BEGIN_US + ((sim *)self)->us + ((sim *)self)->wall_us};
}

static void set_clocks(sim *s)
{
    sim_os_set(s->us, s->us + s->asleep_us, UTC_BEGIN_US + s->us + s->wall_us);
}

/* ---- the control process ---- */

static void answer(void *self, const fl_face_order *order, fl_status status, const char *code,
                   const char *text, const char *hint, fl_reasons reasons)
{
    sim *s = self;
    s->report->orders++;
    s->report->refused += status != FL_OK;
    if (s->options.loud)
        fprintf(stderr, "    %lld ms answer %d %s: %s\n", (long long)s->us / 1000, status == FL_OK, code,
                text);
    if (!s->host.dead && !disk_is_dead())
        fl_faces_answer(s->host.faces, order, status, code, text, hint, reasons);
}

static void tell(void *self, const fl_entry *line, bool may_be_lost)
{
    sim *s = self;
    if (s->options.loud && !may_be_lost) {
        char bytes[FL_FACE_LINE_MAX];
        size_t size = 0;
        if (fl_entry_encode(line, bytes, sizeof bytes, &size) == FL_OK)
            fprintf(stderr, "    %lld ms %.*s\n", (long long)s->us / 1000, (int)size, bytes);
    }
    if (!s->host.dead && !disk_is_dead()) fl_faces_tell(s->host.faces, line, may_be_lost);
}

static fl_instant heard(void *self, unsigned face)
{
    return fl_faces_heard(((sim *)self)->host.faces, face);
}

static fl_instant served(void *self)
{
    return ((sim *)self)->host.turn.served;
}

static uint64_t room_left(void *self, const char *directory)
{
    (void)directory;
    return ((sim *)self)->host.free_bytes;
}

static fl_people *people;

/* Once a program: PINs cost a tenth of a second each. */
static void have_people(void)
{
    if (people) return;
    fl_error error;
    const fl_date until = {2036, 1, 1};
    sim_os_begin(1);
    disk_format(1);
    if (fl_people_add(SIM_HOME, "op:17", 1u << FL_ROLE_OPERATOR, until, "493027", &error) != FL_OK ||
        fl_people_add(SIM_HOME, "op:9", 1u << FL_ROLE_SUPERVISOR, until, "801246", &error) != FL_OK ||
        fl_people_add(SIM_HOME, "op:30", 1u << FL_ROLE_SERVICE, until, "660318", &error) != FL_OK ||
        fl_people_load(SIM_HOME, &people, &error) != FL_OK)
        abort();
}

static void free_host(sim *s)
{
    sim_host *h = &s->host;
    fl_conduct_free(h->conduct);
    h->conduct = NULL;
    fl_faces_close(h->faces);
    fl_doorman_free(h->doorman);
    fl_writer_free(h->writer);
    fl_journal_close(h->journal);
    h->faces = NULL;
    h->doorman = NULL;
    h->writer = NULL;
    h->journal = NULL;
    h->dead = false;
    s->wire.bytes_left = -1;
    sim_all_sockets_die();
    s->person.line = s->person.second = -1;
    s->wire.waiting = 0;
}

static fl_status open_journal(sim *s, fl_error *error)
{
    static const fl_space spaces = {room_left, NULL};
    static fl_space space;
    static uint8_t seed[32];
    static fl_entry begin[2];
    char hex[2 * FL_SHA256_SIZE + 1];
    sim_host *h = &s->host;
    space = spaces;
    space.self = s;
    memcpy(seed, &s->options.seed, sizeof s->options.seed);
    const fl_journal_options options = {.mode = FL_JOURNAL_CREATE,
                                        .simulated = true,
                                        .clock = &s->clock,
                                        .clk = FL_CLK_HAND,
                                        .space = &space,
                                        .seed = seed,
                                        .vfs = DISK_VFS};
    fl_status status = fl_journal_open(SIM_JOURNAL, &options, &h->journal, error);
    if (status != FL_OK) return status;
    fl_entry_begin(&begin[0], FL_KIND_SELFTEST);
    fl_entry_text(&begin[0], "what", "control");
    fl_entry_int(&begin[0], "ok", 1);
    fl_entry_int(&begin[0], "rt", 1);
    fl_entry_int(&begin[0], "locked", 1);
    fl_entry_begin(&begin[1], FL_KIND_PLAN_LOAD);
    fl_entry_text(&begin[1], "plan", fl_hex(s->plan->sha256, sizeof s->plan->sha256, hex));
    fl_entry_text(&begin[1], "plan_id", s->plan->plan_id);
    status = fl_journal_append(h->journal, begin, 2, error);
    if (status == FL_OK)
        status = fl_past_read(h->journal, s->file->make.uid, s->plan, clock_utc(s), &h->past, error);
    return status;
}

static fl_status nonce(void *self, uint32_t *value)
{
    *value = (uint32_t)fl_random_u64(&((sim *)self)->line_dice) | 1u;
    return FL_OK;
}

bool world_start_host(sim *s)
{
    sim_host *h = &s->host;
    fl_error error = {0};
    s->report->starts++;
    h->dead = false;
    s->wire.waiting = 0;
    fl_status status = open_journal(s, &error);
    if (status == FL_E_DAMAGED || status == FL_E_REFUSED)
        oracle_wrong(s, "the journal does not open: %s: %s", fl_status_name(status), error.what);
    if (status == FL_OK) status = fl_writer_new_by_hand(h->journal, &h->writer, &error);
    if (status == FL_OK) status = fl_doorman_new(people, true, &h->doorman, &error);
    h->carrier = (fl_carrier){.kind = &line_kind, .self = s, .fd = -1, .simulated_only = true};
    fl_conduct_setup setup = {.plan = s->plan,
                              .carrier = &h->carrier,
                              .clock = &s->clock,
                              .writer = h->writer,
                              .doorman = h->doorman,
                              .model = s->file->device->model,
                              .simulated = true,
                              .past = h->past,
                              .today = s->today,
                              .energy_tolerance = s->file->device->calibration.energy_lock_percent / 100.0,
                              .warning_ms = s->file->device->link.warn_ms,
                              .device = s->file->device,
                              .real_time = true,
                              .memory_locked = true,
                              .nonce = nonce,
                              .nonce_self = s,
                              .self = s,
                              .answer = answer,
                              .tell = tell,
                              .heard = heard,
                              .served = served};
    const fl_device_link *link = &s->file->device->link;
    snprintf(setup.expected.uid, sizeof setup.expected.uid, "%s", link->identity);
    snprintf(setup.expected.firmware, sizeof setup.expected.firmware, "%s", link->firmware);
    setup.expected.capabilities = (uint32_t)link->capabilities;
    if (status == FL_OK) status = fl_conduct_new(&setup, &h->conduct, &error);
    if (status == FL_OK) status = fl_faces_open("/simulated/face.sock", &h->faces, &error);
    if (s->options.loud && status != FL_OK) fprintf(stderr, "    start: %s\n", error.what);
    if (status != FL_OK) {
        free_host(s);
        if (disk_is_dead()) disk_revive();
        return false;
    }
    h->turn = fl_turn_begin(h->conduct, h->faces, (fl_instant){s->us});
    h->frozen_until_us = h->disk_ready_us = 0;
    h->next_look_us = s->us + 500000;
    h->idle = fl_writer_is_idle(h->writer);
    s->oracle.emit = false;
    return true;
}

void world_bury(sim *s, bool power_cut)
{
    if (!s->host.conduct) return;
    oracle_killed(s);
    s->host.dead = true;
    disk_kill_after(0);
    free_host(s);
    s->report->kills++;
    s->report->power_cuts += power_cut;
    if (power_cut)
        disk_power_cut();
    else
        disk_revive();
}

void world_leave(sim *s)
{
    const bool lost = disk_is_dead();
    fl_carrier_drop(&s->host.carrier); /* as control.c does on its way out */
    free_host(s);
    if (lost || disk_is_dead()) disk_revive();
}

/* A host-only cause begins when the writer has met it. */
static void tell_oracle(sim *s)
{
    if (s->chaos.space_low && s->host.free_bytes < FL_JOURNAL_ROOM_LOW) oracle_host_cause(s, SIM_CAUSE_SPACE);
    s->chaos.space_low = false;
    const bool failed = fl_writer_status(s->host.writer) != FL_OK;
    if (failed && !s->chaos.writer_failed) oracle_host_cause(s, SIM_CAUSE_DISK);
    s->chaos.writer_failed = failed;
}

static void writer_ms(sim *s)
{
    sim_host *h = &s->host;
    if (!h->idle) {
        if (!h->disk_ready_us)
            h->disk_ready_us = s->us + h->disk_latency_us + (int64_t)sim_below(&s->disk_dice, 3) * 1000;
        if (s->us < h->disk_ready_us) return;
        h->disk_ready_us = 0;
        fl_writer_work(h->writer);
        h->idle = fl_writer_is_idle(h->writer);
        tell_oracle(s);
        h->next_look_us = s->us + 500000;
    } else if (s->us >= h->next_look_us) {
        h->next_look_us = s->us + 500000;
        fl_writer_work(h->writer);
        tell_oracle(s);
    }
}

/* The steps are those of `turn` in control.c; in between, the oracle looks, and a process that was killed in
 * the middle says nothing more. */
static void turn(sim *s, bool faces_call)
{
    sim_host *h = &s->host;
    const fl_instant now = {s->us};
    fl_conduct_listen(h->conduct);
    if (faces_call || fl_turn_is_due(&h->turn, now)) fl_turn_serve(&h->turn, now);
    fl_turn_end_if(&h->turn, now, false);
    if (fl_turn_tick(&h->turn, now)) {
        s->report->ticks++;
        oracle_tick(s);
    }
    if (!h->dead && !disk_is_dead()) fl_turn_show(&h->turn, now);
    h->idle = fl_writer_is_idle(h->writer);
}

static void host_ms(sim *s)
{
    sim_host *h = &s->host;
    if (!h->conduct) return;
    if (s->us < h->frozen_until_us) return;
    writer_ms(s); /* the other thread runs also while the loop waits */
    if (!disk_is_dead()) {
        const bool faces_call = sim_has_news();
        if (faces_call || s->wire.waiting || fl_turn_is_due(&h->turn, (fl_instant){s->us}))
            turn(s, faces_call);
    }
    if (h->dead || disk_is_dead()) return world_bury(s, false);
    fl_status status;
    if (!s->options.stays && fl_conduct_has_ended(h->conduct, &status)) world_leave(s);
}

void world_ms(sim *s)
{
    s->us += 1000;
    s->report->simulated_ms++;
    set_clocks(s);
    line_ms(s);
    chaos_ms(s);
    host_ms(s);
    person_step(s);
    oracle_room(s);
}

fl_mode world_mode(const sim *s)
{
    return s->host.conduct ? (fl_mode)fl_conduct_state(s->host.conduct).mode : FL_MODE_OFF;
}

bool world_is_firing(fl_mode mode)
{
    return mode == FL_MODE_OPENING || mode == FL_MODE_EMIT || mode == FL_MODE_GAP;
}

/* ---- plans ---- */

static const fl_plan *base_plan(helper_tests tests)
{
    static fl_plan *base[3];
    if (!base[tests]) base[tests] = helper_plan((fl_date){2026, 5, 4}, tests);
    return base[tests];
}

void world_new_plan(sim *s, bool new_client)
{
    fl_random *d = &s->dice;
    const uint64_t sort = sim_below(d, 10);
    const helper_tests tests = sort == 0  ? HELPER_TESTS_FIRST
                               : sort < 3 ? HELPER_TESTS_ASKED
                                          : HELPER_NO_TESTS;
    fl_plan *plan = fl_plan_new();
    if (!plan || s->plan_count == SIM_PLANS) abort();
    *plan = *base_plan(tests);
    plan->date = s->today;
    plan->seed = fl_random_u64(d) >> 12;
    if (new_client) s->clients++;
    snprintf(plan->client, sizeof plan->client, "C-%04u", s->clients);
    snprintf(plan->plan_id, sizeof plan->plan_id, "P-%016llX", (unsigned long long)plan->seed);
    if (plan->chosen >= 0) plan->chosen = sim_below(d, 4) == 0; /* 755 nm, sometimes 1064 */
    for (size_t i = 0; i < plan->setting_count; i++)
        plan->settings[i].rate.Hz = sim_below(d, 3) ? 10 : 5 + (double)sim_below(d, 5);
    const int small = 6 + (int)sim_below(d, 20), large = 60 + (int)sim_below(d, 300);
    plan->zones[0].pulses = small;
    plan->zones[0].budget = (fl_plan_budget){small - 1, small, small + 2, small + 4};
    plan->zones[1].pulses = large;
    plan->zones[1].budget = (fl_plan_budget){large - 5, large, large + 10, large + 20};
    plan->test_spots.read_not_before = fl_date_add_days(s->today, tests == HELPER_TESTS_FIRST ? 28 : 0);
    plan->test_spots.read_by = fl_date_add_days(s->today, 56);
    plan->next_not_before = fl_date_add_days(s->today, 42);
    fl_plan_seal(plan);
    sim_plan *row = &s->plans[s->plan_count++];
    row->plan = plan;
    row->day = s->day;
    fl_hex(plan->sha256, sizeof plan->sha256, row->hex);
    s->plan = plan;
}

/* ---- a life ---- */

void world_begin(sim *s, const sim_options *options, sim_report *report)
{
    static device_file file;
    static bool loaded;
    fl_error error = {0};
    disk_register();
    mallopt(M_MMAP_THRESHOLD, 1 << 28); /* a life makes and frees large things often */
    mallopt(M_TRIM_THRESHOLD, 1 << 28);
    have_people();
    if (!loaded && device_file_load("example-pico", &file, &error) != FL_OK) abort();
    loaded = true;
    memset(s, 0, sizeof *s);
    s->options = *options;
    s->report = report;
    s->file = &file;
    sim_os_begin(options->seed);
    disk_format(options->seed);
    if (options->variant == SIM_FORGETS_GRANTS) sim_append_mode = SIM_APPEND_FORGETS_GRANTS;
    if (options->variant == SIM_FORGETS_PULSES) sim_append_mode = SIM_APPEND_FORGETS_PULSES;
    disk_lie(options->variant == SIM_DISK_LIES);
    fl_random_init(&s->dice, options->seed, 11);
    fl_random_init(&s->chance, options->seed, 12);
    fl_random_init(&s->line_dice, options->seed, 13);
    fl_random_init(&s->disk_dice, options->seed, 14);
    s->clock = (fl_clock){clock_now, clock_boot, clock_utc, s};
    s->us = s->device_us = 1000000;
    set_clocks(s);
    s->today = (fl_date){2026, 5, 4};
    s->day = 1;
    s->wire.bytes_left = -1;
    s->host.free_bytes = (uint64_t)1 << 40;
    s->kept.kept.k = 1000 + sim_below(&s->dice, 100000); /* a laser that has lived before us */
    s->kept.kept.g = s->kept.kept.k + sim_below(&s->dice, 50);
    s->kept.flashes = (uint32_t)sim_below(&s->dice, 1u << 20);
    world_new_plan(s, true);
    world_laser_on(s);
    oracle_begin(s);
    chaos_begin(s);
    person_begin(s);
}

void world_end(sim *s)
{
    if (s->host.conduct) world_leave(s);
    world_laser_off(s);
    for (unsigned i = 0; i < s->plan_count; i++) fl_plan_free(s->plans[i].plan);
}
