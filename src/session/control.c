#include "fadeline/session/control.h"

#include "conduct.h"
#include "opening.h"
#include "pace.h"
#include "turn.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/config/device.h"
#include "fadeline/session/beside.h"
#include "fadeline/session/calibration.h"
#include "fadeline/session/proven.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define FACES_US                                                                                             \
    2000 /* after one that called, faces rest so long, but never beyond the next tick: a flood buys nothing  \
          */
#define STACK_TOUCHED 262144
#define PRIORITY 20 /* SCHED_FIFO; above the simulated laser, below the kernel's own threads */

typedef struct control {
    const fl_control_options *options;
    fl_plan *plan;
    fl_device *device;
    fl_device_gate grants; /* of the device file: who takes the grants */
    fl_carrier carrier;
    fl_laser_link *laser; /* behind a gate; NULL: it takes the grants itself */
    fl_people *people;
    fl_journal *journal;
    fl_beside beside; /* the whole journal, verified by another process */
    bool beside_told; /* what came of it */
    fl_writer *writer;
    fl_doorman *doorman;
    fl_faces *faces;
    fl_conduct *conduct;
    fl_date today;
    int64_t days_ahead; /* of the real date; not 0 only with --date, for simulated lasers */
    fl_clock clock;     /* for the journal: wall time on `today` */
    bool simulated, real_time, locked;
    fl_turn turn;
    bool faces_call;  /* one of them had something in this turn */
    unsigned greeted; /* newest face that was told what is refused */
    fl_pace pace;
    uint64_t allocations_told;
} control;

static volatile sig_atomic_t asked_to_leave;

static void on_signal(int number)
{
    (void)number;
    asked_to_leave = 1;
}

/* ---- opening, in an order that needs no undoing of what was not done ---- */

/* Who takes the grants: a laser that speaks GL1 itself, or the gate in the trigger line of one that does not.
 */
static fl_device_gate grants_of(const fl_device *device)
{
    const fl_device_link *link = &device->link;
    if (!fl_text_same(link->dialect, "gl1")) return device->gate;
    return (fl_device_gate){.identity = link->identity,
                            .firmware = link->firmware,
                            .capabilities = link->capabilities,
                            .baud = link->baud,
                            .warn_ms = link->warn_ms};
}

FL_PRINTF(5, 6)
static fl_status refuse_lines(fl_error *error, fl_status status, const char *code, const char *hint,
                              const char *format, ...)
{
    char text[sizeof error->what];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fl_error_set(error, status, "%s", text);
    fl_error_code(error, code);
    return fl_error_hint(error, "%s", hint), status;
}

/* As many lines as the device file has: one, or two with a gate. */
static fl_status check_lines(const control *k, fl_error *error)
{
    const char *id = k->plan->device, *dialect = k->device->link.dialect, *laser = k->options->laser_port;
    if (fl_text_same(dialect, "gl1"))
        return !laser ? FL_OK
                      : refuse_lines(error, FL_E_USAGE, "one-link", "leave --laser-port away",
                                     "%s takes grants itself (%s): it has one line", id, dialect);
    if (!k->device->gate.identity)
        return refuse_lines(error, FL_E_FILE, "gate-missing",
                            "add `gate:` to its file: a GL1 device in its external trigger line",
                            "%s speaks %s and takes no grants, and its file names no gate", id, dialect);
    if (laser) return FL_OK;
    return refuse_lines(error, FL_E_USAGE, "two-links",
                        "--port or --usb is the gate's, --laser-port the laser's",
                        "%s speaks %s and emits through a gate: two links", id, dialect);
}

/* A check of the laser runs under a plan of its own, for the day on which it is made. */
static fl_status make_plan(control *k, fl_error *error)
{
    const fl_calibration_wish *wish = k->options->calibration;
    fl_device *device = NULL;
    k->plan = fl_plan_new();
    if (!k->plan) return fl_error_set(error, FL_E_MEMORY, "no memory for the plan");
    fl_date today = fl_date_of(fl_clock_system()->utc(NULL));
    fl_status status = fl_device_load_proven(wish->device, &device, error);
    if (status != FL_OK) return status;
    if (k->options->date && fl_date_read(k->options->date, &today) != FL_OK)
        status = fl_error_set(error, FL_E_USAGE, "--date wants YYYY-MM-DD, not '%s'", k->options->date);
    if (status == FL_OK) status = fl_calibration_plan(wish, device, today, k->plan, error);
    fl_device_free(device);
    return status;
}

static fl_status open_device(control *k, fl_error *error)
{
    fl_status status = fl_opening_device(k->plan, &k->device, error);
    if (status != FL_OK) return status;
    if (!k->device->link.dialect) {
        fl_error_set(error, FL_E_DEVICE, "%s has no protocol we know", k->plan->device);
        return fl_error_hint(error, "it is set by hand: fadeline run PLAN.json --device manual:%s",
                             k->plan->device),
               FL_E_DEVICE;
    }
    status = check_lines(k, error);
    if (status != FL_OK) return status;
    k->grants = grants_of(k->device);
    if (!k->grants.identity || !k->grants.firmware || k->grants.capabilities < 0 || !k->device->link.identity)
        return fl_error_set(error, FL_E_FILE,
                            "the file of %s does not say identity, firmware and capabilities",
                            k->plan->device);
    return fl_opening_settings(k->plan, k->device, error);
}

static fl_status open_line(control *k, fl_error *error)
{
    const int baud = k->grants.baud;
    const fl_carrier_options line = {.baud = baud > 0 ? (unsigned)baud : 0, .priority = PRIORITY};
    k->simulated = fl_text_begins(k->grants.identity, "SIM");
    if (k->options->training && !k->simulated)
        return refuse_lines(error, FL_E_NO, "training-real",
                            "exercise on a simulated laser, or by hand: --device manual:ID --training",
                            "%s is a real laser: no exercise is made with it", k->plan->device);
    const fl_status status = fl_carrier_open(k->options->port, &line, &k->carrier, error);
    if (status != FL_OK) return status;
    if (k->carrier.simulated_only && !k->simulated)
        return fl_error_set(error, FL_E_DEVICE,
                            "%s is no simulated laser, but the port is one for simulated lasers",
                            k->plan->device);
    return FL_OK;
}

/* After the clock of the session is set: the ages of what the laser says are of this clock. */
static fl_status open_laser_line(control *k, fl_error *error)
{
    if (!k->options->laser_port) return FL_OK;
    return fl_laser_link_open(k->options->laser_port, k->device, PRIORITY, &k->clock, &k->laser, error);
}

static fl_status check_date(control *k, fl_error *error)
{
    const fl_clock *clock = fl_clock_system();
    k->today = fl_date_of(clock->utc(clock->self));
    if (k->options->date) {
        if (fl_date_read(k->options->date, &k->today) != FL_OK)
            return fl_error_set(error, FL_E_USAGE, "--date wants YYYY-MM-DD, not '%s'", k->options->date);
        if (!k->simulated) return fl_error_set(error, FL_E_USAGE, "--date is for simulated lasers only");
    }
    k->days_ahead = fl_date_days(k->today) - fl_date_days(fl_date_of(clock->utc(clock->self)));
    k->clock = fl_clock_ahead(&k->days_ahead);
    if (fl_date_compare(k->today, k->plan->date) != 0) {
        char planned[11], today[11];
        fl_error_set(error, FL_E_NO, "the plan is for %s, today is %s", fl_date_text(k->plan->date, planned),
                     fl_date_text(k->today, today));
        return fl_error_hint(error, "skin, sun and medicine are asked anew on the day: plan again"), FL_E_NO;
    }
    return FL_OK;
}

static fl_status open_journal(control *k, fl_past *past, fl_error *error)
{
    char home[FL_PLACE_MAX], place[FL_PLACE_MAX], hex[2 * FL_SHA256_SIZE + 1];
    fl_status status = fl_place_home(home, error);
    if (status == FL_OK) status = fl_people_load(home, &k->people, error);
    if (status == FL_OK) fl_people_tell(stderr, k->people);
    if (status == FL_OK) status = fl_journal_place(k->simulated, place, error);
    const fl_journal_options open = {.mode = FL_JOURNAL_CREATE,
                                     .simulated = k->simulated,
                                     .clock = &k->clock,
                                     .clk = k->days_ahead ? FL_CLK_HAND : FL_CLK_UNKNOWN};
    if (status == FL_OK) status = fl_journal_open(place, &open, &k->journal, error);
    if (status != FL_OK) return status;
    fl_beside_begin(&k->beside, "/proc/self/exe", place);
    static fl_entry begin[2];
    /* Which protections are in force; refused ones are records too. */
    fl_entry_begin(&begin[0], FL_KIND_SELFTEST);
    fl_entry_text(&begin[0], "what", "control");
    fl_entry_int(&begin[0], "ok", k->real_time && k->locked);
    fl_entry_int(&begin[0], "rt", k->real_time);
    fl_entry_int(&begin[0], "locked", k->locked);
    fl_entry_begin(&begin[1], FL_KIND_PLAN_LOAD);
    fl_entry_text(&begin[1], "plan", fl_hex(k->plan->sha256, sizeof k->plan->sha256, hex));
    fl_entry_text(&begin[1], "plan_id", k->plan->plan_id);
    status = fl_journal_append(k->journal, begin, 2, error);
    if (status == FL_OK)
        status = fl_past_read_behind(k->journal, k->grants.identity, k->device->link.identity, k->plan,
                                     k->clock.utc(k->clock.self), past, error);
    return status;
}

/* ---- words to faces ---- */

static void answer(void *self, const fl_face_order *order, fl_status status, const char *code,
                   const char *text, const char *hint, fl_reasons reasons)
{
    fl_faces_answer(((control *)self)->faces, order, status, code, text, hint, reasons);
}

static void tell(void *self, const fl_entry *line, bool may_be_lost)
{
    fl_faces_tell(((control *)self)->faces, line, may_be_lost);
}

static fl_instant heard(void *self, unsigned face)
{
    return fl_faces_heard(((control *)self)->faces, face);
}

static fl_instant served(void *self)
{
    return ((control *)self)->turn.served;
}

static void own(void *self, fl_entry *line)
{
    const control *k = self;
    fl_pace_put(&k->pace, k->options->heap_calls != NULL, line);
}

static void say_event(control *k, unsigned face, const char *code, const char *hint, const char *text)
{
    fl_entry line;
    fl_entry_begin_inner(&line);
    fl_entry_text(&line, "type", "event");
    fl_entry_text(&line, "kind", "note");
    fl_entry_text(&line, "code", code);
    fl_entry_text(&line, "hint", hint);
    fl_entry_text(&line, "text", text);
    if (face)
        fl_faces_tell_one(k->faces, face, &line);
    else
        fl_faces_tell(k->faces, &line, false);
}

/* Every screen hears, when it connects, which protection the system refused. */
static void greet_faces(control *k)
{
    while (k->greeted < fl_faces_newest(k->faces)) {
        k->greeted++;
        if (!k->real_time)
            say_event(
                k, k->greeted, "no-real-time",
                "ask an administrator: rtprio 20 in /etc/security/limits.d, LimitRTPRIO=20 in a unit, or "
                "CAP_SYS_NICE",
                "the system refuses the real-time class: on a busy machine ticks come late, and the "
                "session stops more often");
        if (!k->locked)
            say_event(
                k, k->greeted, "memory-not-locked",
                "ask an administrator: memlock unlimited in /etc/security/limits.d, LimitMEMLOCK=infinity "
                "in a unit, or CAP_IPC_LOCK",
                "the system does not lock memory: a tick may wait for the disk");
    }
}

static fl_status open_conduct(control *k, const fl_past *past, fl_error *error)
{
    fl_conduct_setup setup = {.plan = k->plan,
                              .check_pulses = k->options->calibration ? k->options->calibration->pulses : 0,
                              .carrier = &k->carrier,
                              .laser = k->laser,
                              .clock = &k->clock,
                              .writer = k->writer,
                              .doorman = k->doorman,
                              .model = k->device->model,
                              .simulated = k->simulated,
                              .past = *past,
                              .today = k->today,
                              .date_by_hand = k->days_ahead != 0,
                              .energy_tolerance = k->device->calibration.energy_lock_percent / 100.0,
                              .warning_ms = k->grants.warn_ms,
                              .device = k->device,
                              .real_time = k->real_time,
                              .memory_locked = k->locked,
                              .self = k,
                              .answer = answer,
                              .tell = tell,
                              .heard = heard,
                              .served = served,
                              .own = own};
    snprintf(setup.expected.uid, sizeof setup.expected.uid, "%s", k->grants.identity);
    snprintf(setup.expected.firmware, sizeof setup.expected.firmware, "%s", k->grants.firmware);
    setup.expected.capabilities = (uint32_t)k->grants.capabilities;
    return fl_conduct_new(&setup, &k->conduct, error);
}

/* Pages are locked as they are touched: a sanitizer's shadow of the whole address space stays virtual.
 * Threads started later fall back to ordinary priority: a busy disk thread must not run above the tick. */
static void ask_for_real_time(control *k)
{
    char deepest[STACK_TOUCHED]; /* more than any tick uses: its pages are there before the first one */
    explicit_bzero(deepest, sizeof deepest);
    k->locked = mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0;
    const struct sched_param parameter = {.sched_priority = PRIORITY};
    k->real_time = sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &parameter) == 0;
}

static fl_status open_all(control *k, fl_error *error)
{
    static fl_past past; /* large */
    fl_status status =
        k->options->calibration ? make_plan(k, error) : fl_opening_plan(k->options->plan, &k->plan, error);
    if (status == FL_OK) status = open_device(k, error);
    if (status == FL_OK) status = open_line(k, error);
    if (status == FL_OK) status = check_date(k, error);
    if (status == FL_OK) status = open_laser_line(k, error);
    if (status == FL_OK) ask_for_real_time(k);
    if (status == FL_OK) status = open_journal(k, &past, error);
    if (status == FL_OK) status = fl_writer_new(k->journal, false, &k->writer, error);
    if (status == FL_OK) status = fl_doorman_new(k->people, false, &k->doorman, error);
    if (status == FL_OK) status = open_conduct(k, &past, error);
    return status == FL_OK ? fl_faces_open(k->options->socket, &k->faces, error) : status;
}

/* ---- the loop ---- */

static fl_instant now_of(void)
{
    const fl_clock *clock = fl_clock_system();
    return clock->now(clock->self);
}

static void wait_for_something(control *k)
{
    struct pollfd fds[FACES_MOST + 2];
    const fl_instant now = now_of();
    int64_t left_us = fl_since(k->turn.next_tick, now).us;
    const int64_t rest_us = k->faces_call ? FACES_US - fl_since(now, k->turn.served).us : 0;
    unsigned count = 0;
    if (rest_us <= 0)
        count = fl_faces_pollfds(k->faces, fds);
    else if (rest_us < left_us)
        left_us = rest_us;
    const unsigned faces = count;
    if (!fl_carrier_is_gone(&k->carrier) && fl_carrier_fd(&k->carrier) >= 0)
        fds[count++] = (struct pollfd){.fd = fl_carrier_fd(&k->carrier), .events = POLLIN};
    const struct timespec wait = {0, left_us > 0 ? (long)left_us * 1000 : 0};
    if (ppoll(fds, count, &wait, NULL) < 0) {
        if (errno != EINTR) asked_to_leave = 1;
        return;
    }
    k->faces_call = false;
    for (unsigned i = 0; i < faces; i++) k->faces_call |= fds[i].revents != 0;
}

/* What was promised and counted otherwise: said, and recorded once nothing is armed. */
static void watch_pace(control *k, bool armed)
{
    struct rusage used = {0};
    getrusage(RUSAGE_THREAD, &used);
    fl_pace_turned(&k->pace, armed, k->options->heap_calls ? k->options->heap_calls() : 0,
                   (uint64_t)used.ru_minflt + (uint64_t)used.ru_majflt);
    if (armed || k->pace.allocations == k->allocations_told) return;
    k->allocations_told = k->pace.allocations;
    say_event(k, 0, "armed-allocation", "keep the journal for the makers",
              "the control process asked for memory while armed, which it should not");
    static fl_entry entry;
    fl_entry_begin(&entry, FL_KIND_NOTE);
    fl_entry_text(&entry, "who", "");
    fl_entry_text(&entry, "text", "armed-allocation");
    fl_entry_count(&entry, "calls", k->pace.allocations);
    if (!fl_writer_put(k->writer, &entry)) return; /* the journal's own input tells it */
}

/* What came of the verification beside this session: once, to people and in the record. */
static void watch_beside(control *k)
{
    const fl_beside_outcome outcome = fl_beside_look(&k->beside, !fl_conduct_is_hot(k->conduct));
    if (outcome == FL_BESIDE_DAMAGED) fl_conduct_distrust(k->conduct);
    if (outcome == FL_BESIDE_WORKS || k->beside_told) return;
    k->beside_told = true;
    if (outcome == FL_BESIDE_UNVERIFIED)
        say_event(k, 0, "journal-not-verified", "after the session: fadeline journal verify",
                  "the journal as a whole could not be verified beside this session");
    static fl_entry entry;
    fl_beside_record(&k->beside, &entry);
    if (!fl_writer_put(k->writer, &entry)) return; /* the journal's own input tells it */
}

/* Either one: it is not opened again within a session. The other one is told to stop. */
static bool line_is_gone(const control *k)
{
    return fl_carrier_is_gone(&k->carrier) ||
           (k->laser && fl_laser_link_look(k->laser)->stand == LASER_IS_GONE);
}

static void turn(control *k)
{
    wait_for_something(k);
    fl_conduct_listen(k->conduct);
    const fl_instant now = now_of();
    watch_beside(k);
    if (k->faces_call || fl_turn_is_due(&k->turn, now)) {
        fl_turn_serve(&k->turn, now);
        greet_faces(k);
    }
    fl_turn_end_if(&k->turn, now, asked_to_leave || line_is_gone(k));
    if (fl_turn_tick(&k->turn, now)) fl_pace_ticked(&k->pace, now, fl_conduct_is_hot(k->conduct));
    fl_turn_show(&k->turn, now);
    watch_pace(k, fl_conduct_is_hot(k->conduct));
}

static void say_bye(control *k, fl_status status)
{
    fl_entry line;
    fl_entry_begin_inner(&line);
    fl_entry_text(&line, "type", "bye");
    fl_entry_int(&line, "exit", fl_status_exit(status));
    fl_entry_text(&line, "code", fl_status_name(status));
    if (status == FL_E_GONE && line_is_gone(k)) {
        fl_entry_text(&line, "text",
                      "the line to the laser is gone; the session is closed, and what it granted is kept");
        fl_entry_text(&line, "hint",
                      "check cable and power of the laser, then begin the session again: it says what the "
                      "laser counted");
    } else {
        fl_entry_text(&line, "text", status == FL_OK ? "the session is closed" : fl_status_text(status));
    }
    fl_faces_tell(k->faces, &line, false);
}

static void close_all(control *k)
{
    if (k->faces) { /* it was a session: how far the verification came is in its record */
        fl_beside_end(&k->beside);
        watch_beside(k);
    }
    fl_beside_end(&k->beside);
    fl_conduct_free(k->conduct);
    fl_faces_close(k->faces);
    fl_doorman_free(k->doorman);
    fl_writer_free(k->writer);
    fl_journal_close(k->journal);
    fl_people_free(k->people);
    fl_carrier_close(&k->carrier);
    fl_laser_link_free(k->laser);
    fl_device_free(k->device);
    fl_plan_free(k->plan);
}

int fl_control_run(const fl_control_options *options)
{
    static control k;
    k = (control){.options = options};
    fl_error error = {0};
    signal(SIGTERM, on_signal);
    signal(SIGINT, on_signal);
    signal(SIGPIPE, SIG_IGN);
    fl_status status = open_all(&k, &error);
    if (status != FL_OK) {
        fl_error_print(stderr, &error);
        close_all(&k);
        return fl_status_exit(status);
    }
    k.turn = fl_turn_begin(k.conduct, k.faces, now_of());
    while (!fl_conduct_has_ended(k.conduct, &status)) turn(&k);
    if (status == FL_OK && line_is_gone(&k)) status = FL_E_GONE;
    fl_carrier_drop(&k.carrier); /* whatever happens to this process now, the laser is told to be safe */
    if (k.laser) fl_laser_link_leave(k.laser);
    say_bye(&k, status);
    close_all(&k);
    return fl_status_exit(status);
}
