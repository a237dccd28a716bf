/* labels: unit fault   timeout: 600   needs: fadeline-twin   serial */
#include "check.h"

#include "fadeline/link/gl1.h"
#include "fadeline/link/probe.h"

#include "helper_permits.h"

#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The host against the real fadeline-twin, two programs written apart from one page, over a real
 * pseudo-terminal in real time. Nothing here asserts a time: a loaded machine may lose sessions, and then
 * settings, arming and pulses begin again until the wanted thing has happened. What must never happen is
 * checked in every round. */

#define PATIENCE_S 100

static const fl_gl1_expected pico = {"SIM-00042", "1.0", 0x7F};
static const fl_gl1_settings settings = {187000, 10000, 4000, 1064};
static const uint8_t plan[FL_PLAN_SIZE] = {0xA7, 0x01, 0x5C, 0x99};

typedef struct bench {
    pid_t pid;
    char folder[64], port[96], room[96], notes[96];
    fl_carrier carrier;
    fl_gl1 link;
    fl_gl1_status status;
    fl_error error;
    uint64_t first_pulses, grant;
    bool counting, pending, keep_off;
    unsigned sent, fired, unfired, refused, odd;
    fl_nak reason; /* of the last refused grant */
    fl_instant last_grant;
} bench;

static void write_room(const bench *b, const char *script)
{
    FILE *file = fopen(b->room, "w");
    if (!file) abort();
    fputs("at 0 spot 4\nevery ready +0.2 foot down\nevery standby foot up\nevery safe foot up\n", file);
    fputs(script, file);
    fclose(file);
}

static void run_twin(const bench *b, int out, const char *fault)
{
    FILE *notes = freopen(b->notes, "w", stderr);
    if (!notes || dup2(out, STDOUT_FILENO) < 0) _exit(71);
    const char *arguments[16] = {"fadeline-twin", "--device", "example-pico", "--pty", b->port,
                                 "--script",      b->room,    "--seed",       "4711",  NULL};
    if (fault) {
        arguments[9] = "--fault";
        arguments[10] = fault;
    }
    execv(FL_BUILD_DIR "/fadeline-twin", (char *const *)arguments);
    _exit(72);
}

static bool wait_ready(int in)
{
    char line[256];
    size_t size = 0;
    for (int i = 0; i < 300; i++) {
        struct pollfd wait = {.fd = in, .events = POLLIN};
        if (poll(&wait, 1, 100) <= 0) continue;
        const ssize_t n = read(in, line + size, sizeof line - 1 - size);
        if (n <= 0) return false;
        line[size += (size_t)n] = 0;
        if (strchr(line, '\n')) return strncmp(line, "ready ", 6) == 0;
    }
    return false;
}

static bool begin(bench *b, const char *script, const char *fault)
{
    *b = (bench){.folder = "/tmp/fl-twin-XXXXXX"};
    if (!mkdtemp(b->folder)) abort();
    snprintf(b->port, sizeof b->port, "%s/laser", b->folder);
    snprintf(b->room, sizeof b->room, "%s/room", b->folder);
    snprintf(b->notes, sizeof b->notes, "%s/notes", b->folder);
    write_room(b, script);
    int pair[2];
    if (pipe(pair)) abort();
    b->pid = fork();
    if (b->pid == 0) run_twin(b, pair[1], fault);
    close(pair[1]);
    const bool ready = wait_ready(pair[0]);
    close(pair[0]);
    CHECK(ready, "fadeline-twin did not say ready");
    const fl_carrier_options options = {.identify_ms = 20000};
    const fl_status status = ready ? fl_carrier_open(b->port, &options, &b->carrier, &b->error) : FL_E_DEVICE;
    CHECK(status == FL_OK, "%s", b->error.what);
    if (status != FL_OK) return false;
    fl_gl1_init(&b->link, &(fl_gl1_setup){.carrier = &b->carrier, .expected = &pico});
    return true;
}

static void every_note_says_simulated(const bench *b)
{
    FILE *file = fopen(b->notes, "r");
    char line[512];
    while (file && fgets(line, sizeof line, file))
        CHECK(strncmp(line, "SIM", 3) == 0, "the twin says: %s", line);
    if (file) fclose(file);
}

static void end(bench *b)
{
    fl_carrier_close(&b->carrier);
    if (b->pid > 0) {
        kill(b->pid, SIGTERM);
        waitpid(b->pid, NULL, 0);
    }
    every_note_says_simulated(b);
    unlink(b->room), unlink(b->notes), unlink(b->port), rmdir(b->folder);
}

/* ---- one round of a host that wants pulses ---- */

static void settle(bench *b)
{
    const fl_gl1_status *s = &b->status;
    if (!b->pending || s->outcome == FL_GRANT_WAITING || s->outcome == FL_GRANT_UNKNOWN) return;
    b->pending = false;
    b->fired += s->outcome == FL_GRANT_ACCEPTED || s->outcome == FL_GRANT_FOUND_FIRED;
    b->unfired += s->outcome == FL_GRANT_FOUND_UNFIRED || s->outcome == FL_GRANT_NAKED;
    b->refused += s->outcome == FL_GRANT_NAKED;
    b->odd += s->outcome == FL_GRANT_FOUND_ODD;
    if (s->outcome == FL_GRANT_NAKED) b->reason = s->grant_reason;
}

static fl_status order(bench *b)
{
    const fl_gl1_status *s = &b->status;
    if (!s->link || s->result == FL_RESULT_WAITING || s->busy || s->stat.state != FL_DEVICE_STBY)
        return FL_OK;
    if (s->settings_state == FL_SETTINGS_COMMITTED) return fl_gl1_arm(&b->link, &b->error);
    if (s->settings_state == FL_SETTINGS_VERIFIED) return fl_gl1_commit(&b->link, plan, &b->error);
    return fl_gl1_set(&b->link, &settings, &b->error);
}

static void grant(bench *b)
{
    const fl_gl1_status *s = &b->status;
    const fl_instant now = fl_clock_system()->now(NULL);
    const uint32_t wanted = 1u << FL_IN_OPEN_A | 1u << FL_IN_OPEN_B | 1u << FL_IN_FOOT_A | 1u << FL_IN_FOOT_B;
    if (b->pending || b->link.asked || !s->link || s->stat.state != FL_DEVICE_READY) return;
    if ((s->stat.inputs & wanted) != wanted || fl_since(now, b->last_grant).us < 130000) return;
    if (b->grant < s->stat.grant) b->grant = s->stat.grant;
    fl_gl1_pulse pulse = {.grant = ++b->grant,
                          .pulses = s->stat.pulses,
                          .epoch = s->settings_epoch,
                          .energy_uJ = settings.energy_uJ,
                          .spot_um = settings.spot_um};
    memcpy(pulse.plan, plan, sizeof plan);
    permits p;
    fl_permit *permit = permits_make(&p, now, s->stat_number, s->stat_asked);
    b->last_grant = now;
    if (permit && fl_gl1_grant(&b->link, permit, &pulse, &b->error) == FL_OK) {
        b->pending = true;
        b->sent++;
    }
    permits_fini(&p);
}

static void one_round(bench *b)
{
    struct pollfd wait = {.fd = fl_carrier_fd(&b->carrier), .events = POLLIN};
    poll(&wait, 1, 2);
    fl_gl1_listen(&b->link);
    fl_gl1_look(&b->link, &b->status);
    if (b->status.has_stat && !b->counting) {
        b->counting = true;
        b->first_pulses = b->status.stat.pulses;
    }
    settle(b);
    if (b->status.stand_down) fl_gl1_clear_stand_down(&b->link);
    if (!b->keep_off && order(b) == FL_OK) fl_gl1_shutter(&b->link, true);
    if (!b->keep_off) grant(b);
    fl_gl1_speak(&b->link);
}

typedef bool condition(const bench *b);

static bool until(bench *b, condition *is, const char *what)
{
    const fl_instant began = fl_clock_system()->now(NULL);
    while (!is(b)) {
        if (fl_since(fl_clock_system()->now(NULL), began).us > PATIENCE_S * INT64_C(1000000)) {
            CHECK(false, "%s: not in %d s; state %s, %u sent, %u fired, phase %d, settings %d, last: %s",
                  what, PATIENCE_S, fl_gl1_device_name(b->status.stat.state), b->sent, b->fired,
                  (int)b->status.phase, (int)b->status.settings_state, b->error.what);
            return false;
        }
        one_round(b);
    }
    return true;
}

static bool is_open(const bench *b)
{
    return b->status.link;
}
static bool fired_3(const bench *b)
{
    return b->fired >= 3 && !b->pending;
}
static bool fired_8(const bench *b)
{
    return b->fired >= 8 && !b->pending;
}
static bool is_settled(const bench *b)
{
    return b->status.link && !b->pending;
}

/* The device's counter and ours: what the whole record rests on. */
static void counts_agree(bench *b)
{
    if (!until(b, is_settled, "a last look")) return;
    CHECK(b->status.stat.pulses - b->first_pulses == b->fired, "the laser counts %llu pulses, we %u",
          (unsigned long long)(b->status.stat.pulses - b->first_pulses), b->fired);
    CHECK(b->fired + b->unfired == b->sent && b->odd == 0, "%u sent, %u fired, %u not, %u odd", b->sent,
          b->fired, b->unfired, b->odd);
}

static void from_hello_to_eight_pulses(void)
{
    bench b;
    if (begin(&b, "", NULL) && until(&b, is_open, "a session")) {
        CHECK(b.status.watch == FL_GL1_EXPECTED, "%s", fl_gl1_watch_text(b.status.watch));
        CHECK(b.carrier.simulated_only && strncmp(b.status.hello.uid, "SIM", 3) == 0, "%s",
              b.status.hello.uid);
        until(&b, fired_8, "eight pulses");
        CHECK(b.status.stat.grant == b.grant, "the laser keeps the highest grant number");
        counts_agree(&b);
    }
    end(&b);
}

/* A line that loses, doubles, damages and delays: the laser's counter and ours agree. */
/* hazards: H18 H20 H21 */
static void on_a_bad_line(void)
{
    static const char *const faults[] = {"drop=4%", "duplicate=20%", "corrupt=2e-5", "delay=3"};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        bench b;
        if (begin(&b, "", faults[i]) && until(&b, fired_8, faults[i])) {
            counts_agree(&b);
            const fl_gl1_counters *c = &b.status.counters;
            CHECK(i != 0 || c->missed > 0, "drop: nothing was missed in %llu requests",
                  (unsigned long long)c->asked);
            CHECK(i != 1 || c->stray > 0, "duplicate: no strays");
            CHECK(i != 1 || c->bad == 0, "a duplicate is no corruption");
        }
        end(&b);
    }
}

static bool saw_door(const bench *b)
{
    return b->status.link && b->status.stat.causes & 3u << FL_IN_DOOR_A;
}

/* The door opens after three pulses: it is named, and nothing goes on before a new ARM. */
/* hazards: H01 */
static void a_door_opens_on_the_way(void)
{
    bench b;
    if (begin(&b, "after 3 pulses door open\nthen +1 door close\n", NULL) &&
        until(&b, fired_3, "three pulses")) {
        until(&b, saw_door, "the door named as the cause");
        until(&b, fired_8, "pulses after the door is closed and the laser armed again");
        counts_agree(&b);
    }
    end(&b);
}

static bool changed(const bench *b)
{
    return b->status.settings_state == FL_SETTINGS_CHANGED && b->status.link;
}

/* The energy is changed at the laser after three pulses: no ARM over it. */
/* hazards: H17 */
static void somebody_turns_a_knob(void)
{
    bench b;
    if (begin(&b, "after 3 pulses panel EN=190000\n", NULL) && until(&b, fired_3, "three pulses")) {
        b.keep_off = true;
        until(&b, changed, "the edit is seen");
        CHECK(fl_gl1_arm(&b.link, &b.error) == FL_E_REFUSED, "ARM over an edit");
        b.keep_off = false;
        until(&b, fired_8, "pulses with the settings set again");
        counts_agree(&b);
    }
    end(&b);
}

static bool refused_2(const bench *b)
{
    return b->refused >= 2;
}

/* Another spot after three pulses: not one pulse with it. */
/* hazards: H14 */
static void the_ring_is_turned(void)
{
    bench b;
    if (begin(&b, "after 3 pulses spot 3\n", NULL) && until(&b, fired_3, "three pulses")) {
        until(&b, refused_2, "a refusal of the wrong spot");
        CHECK(b.reason == FL_NAK_SPOT, "refused for %s", fl_nak_name(b.reason));
        CHECK(b.fired == 3, "%u pulses with the wrong spot", b.fired - 3);
        counts_agree(&b);
    }
    end(&b);
}

static bool second_session(const bench *b)
{
    return b->status.counters.sessions >= 2 && b->status.link;
}

/* 700 ms without answers end the session; the counters agree after it. */
/* hazards: H18 */
static void the_laser_stalls(void)
{
    bench b;
    if (begin(&b, "after 3 pulses fault stall=700\n", NULL) && until(&b, fired_3, "three pulses")) {
        until(&b, second_session, "a new session after 700 ms without answers");
        until(&b, fired_8, "pulses after it");
        counts_agree(&b);
    }
    end(&b);
}

static bool is_gone(const bench *b)
{
    return b->status.phase == FL_GL1_GONE;
}

/* After a hang-up nothing is believed. */
/* hazards: H19 */
static void the_laser_dies(void)
{
    bench b;
    if (begin(&b, "after 3 pulses fault die\n", NULL)) {
        until(&b, is_gone, "a hang-up");
        CHECK(fl_gl1_get(&b.link, &b.error) == FL_E_GONE && !b.status.link, "nothing is believed any more");
        CHECK(b.sent >= 3 && b.fired + b.unfired + 1 >= b.sent, "%u sent, %u fired", b.sent, b.fired);
    }
    end(&b);
}

static void probe_finds_the_twin(void)
{
    bench b;
    fl_link_identity who = {.simulated = false};
    if (begin(&b, "", NULL)) {
        fl_carrier_close(&b.carrier);
        const fl_status status =
            fl_link_probe(b.port, &(fl_carrier_options){.identify_ms = 20000}, &who, &b.error);
        CHECK(status == FL_OK && who.simulated && strcmp(who.identity, "SIM-00042") == 0, "%s %s",
              who.identity, b.error.what);
    }
    end(&b);
}

FL_TESTS("link/twin", TEST(probe_finds_the_twin), TEST(from_hello_to_eight_pulses), TEST(on_a_bad_line),
         TEST(a_door_opens_on_the_way), TEST(somebody_turns_a_knob), TEST(the_ring_is_turned),
         TEST(the_laser_stalls), TEST(the_laser_dies))
