/* fadeline energy-check: N pulses into a meter, and what became of them in the journal. The laser is set and
 * fired by hand; the meter is read live. The counter is written down before any light, so pulses of a check
 * that is broken off are in the record as pulses nobody explained. */
#include "command.h"

#include "ask.h"
#include "energy_meter.h"
#include "energy_page.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/journal/journal.h"
#include "fadeline/session/people.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct checking {
    const fl_args *args;
    const char *who, *dev; /* dev: as the journal names the laser */
    fl_device *device;
    const fl_device_head *head;
    bool simulated;
    double set_mJ, laser_mJ, range, rate_Hz;
    unsigned long long wanted, before, after;
    bool has_after;
    fl_clock clock; /* the system's, or moved by whole days */
    int64_t days_ahead;
    fl_date today;
    fl_journal *journal;
    energy_meter meter;
    fl_energy_last last;
} checking;

static volatile sig_atomic_t asked_to_stop;

static void on_stop(int number)
{
    (void)number;
    asked_to_stop = 1;
}

/* ---- the day: --date only pretends for simulated lasers ---- */

static fl_instant same_now(void *self)
{
    (void)self;
    return fl_clock_system()->now(NULL);
}

static fl_instant same_boot(void *self)
{
    (void)self;
    return fl_clock_system()->boot(NULL);
}

static fl_utc moved_utc(void *self)
{
    return (fl_utc){fl_clock_system()->utc(NULL).us + ((const checking *)self)->days_ahead * 86400000000};
}

static fl_status take_date(checking *c, fl_error *error)
{
    const char *date = fl_args_value(c->args, "date");
    c->today = fl_date_of(fl_clock_system()->utc(NULL));
    fl_date wanted = c->today;
    if (date && !c->simulated) return fl_error_set(error, FL_E_USAGE, "--date is for simulated lasers only");
    if (date && fl_date_read(date, &wanted) != FL_OK)
        return fl_error_set(error, FL_E_USAGE, "--date wants YYYY-MM-DD, not '%s'", date);
    c->days_ahead = fl_date_days(wanted) - fl_date_days(c->today);
    c->today = wanted;
    c->clock = (fl_clock){same_now, same_boot, moved_utc, c};
    return FL_OK;
}

/* ---- what is checked ---- */

static fl_status take_device(checking *c, const char *id, const char *head, fl_error *error)
{
    const fl_status status = fl_device_load(id, &c->device, error);
    if (status != FL_OK) return status;
    c->simulated = fl_device_is_simulated(c->device);
    c->dev = c->device->link.identity ? c->device->link.identity : c->device->id;
    if (!head && c->device->heads_count == 1) head = c->device->heads[0].id;
    c->head = head ? fl_device_head_find(c->device, head) : NULL;
    if (!c->head) {
        fl_error_set(error, FL_E_USAGE, "%s", head ? "this laser has no such head" : "which head? --head ID");
        return fl_error_hint(error, "fadeline devices list shows them"), FL_E_USAGE;
    }
    if (!isnan(c->head->energy_max.J) && c->set_mJ / 1e3 > c->head->energy_max.J * (1 + 1e-9))
        return fl_error_set(error, FL_E_NO, "%g mJ is more than this head can make (%g mJ)", c->set_mJ,
                            c->head->energy_max.J * 1e3);
    return FL_OK;
}

/* ---- who, and what the journal knows ---- */

static fl_status open_journal(checking *c, unsigned *wrong, fl_duration *ago, fl_error *error)
{
    char place[FL_PLACE_MAX];
    fl_status status = fl_journal_place(c->simulated, place, error);
    const fl_journal_options options = {.mode = FL_JOURNAL_CREATE,
                                        .simulated = c->simulated,
                                        .clock = &c->clock,
                                        .clk = c->days_ahead ? FL_CLK_HAND : FL_CLK_UNKNOWN};
    if (status == FL_OK) status = fl_journal_open(place, &options, &c->journal, error);
    for (uint64_t i = 0; status == FL_OK && i < fl_journal_size(c->journal); i++) {
        fl_record record;
        status = fl_journal_record(c->journal, i, &record);
        if (status != FL_OK)
            return fl_error_set(error, status, "entry %llu cannot be read", (unsigned long long)i);
        fl_energy_take(&record, c->dev, c->head->id, &c->last);
        fl_people_recall(&record, moved_utc(c), wrong, ago);
    }
    return status;
}

/* Whoever may operate, supervise or repair may check. */
static fl_people_answer look(checking *c, const fl_people *people, fl_people_guard *guard, const char *pin)
{
    static const fl_role roles[] = {FL_ROLE_OPERATOR, FL_ROLE_SERVICE, FL_ROLE_SUPERVISOR};
    fl_people_answer answer = FL_PEOPLE_ROLE;
    for (size_t i = 0; i < 3 && answer == FL_PEOPLE_ROLE; i++)
        answer = fl_people_check(people, guard, same_now(NULL), c->who, pin, roles[i], c->today);
    return answer;
}

static fl_status sign_in(checking *c, unsigned wrong, fl_duration ago, fl_error *error)
{
    char home[FL_PLACE_MAX], pin[FL_PIN_MOST + 2];
    fl_people *people;
    fl_people_guard guard = {0};
    fl_status status = fl_place_home(home, error);
    if (status == FL_OK) status = fl_people_load(home, &people, error);
    if (status != FL_OK) return status;
    fl_people_resume(&guard, wrong, ago, same_now(NULL));
    fl_people_answer answer = FL_PEOPLE_UNKNOWN;
    if (ask_pin(pin)) answer = look(c, people, &guard, pin);
    explicit_bzero(pin, sizeof pin);
    fl_people_free(people);
    static fl_entry entry;
    fl_entry_begin(&entry, answer == FL_PEOPLE_YES ? FL_KIND_AUTH_OK : FL_KIND_AUTH_FAIL);
    fl_entry_text(&entry, "who", c->who);
    if (answer != FL_PEOPLE_YES) fl_entry_text(&entry, "why", fl_people_answer_code(answer));
    status = fl_journal_append(c->journal, &entry, 1, error);
    if (status != FL_OK || answer == FL_PEOPLE_YES) return status;
    fl_error_set(error, FL_E_NO, "%s", fl_people_answer_text(answer));
    return fl_error_code(error, fl_people_answer_code(answer)), FL_E_NO;
}

/* A laser in the middle of a session is not checked beside it. */
static fl_status write_counter(checking *c, fl_error *error)
{
    fl_counter_state state;
    if (fl_journal_counter(c->journal, c->dev, &state) && (state.outstanding || state.in_session)) {
        fl_error_set(error, FL_E_NO, "a session with this laser is not closed");
        return fl_error_hint(error, "close it, or let `fadeline run` settle what it left open"), FL_E_NO;
    }
    static fl_entry entry;
    fl_entry_begin(&entry, FL_KIND_COUNTER);
    fl_entry_device(&entry, c->dev, c->simulated);
    fl_entry_count(&entry, "ctr", c->before);
    return fl_journal_append(c->journal, &entry, 1, error);
}

/* ---- the pulses ---- */

static void seen(void *self, const fl_meter_reading *r)
{
    checking *c = self;
    const size_t n = c->meter.count + c->meter.over + c->meter.bad;
    const char *mark = c->simulated ? "SIMULATED " : "";
    if (fl_args_has(c->args, "json")) return;
    switch (r->kind) {
    case FL_METER_ENERGY: printf("%s%3zu  %8.4g mJ\n", mark, n, r->energy_J * 1e3); break;
    case FL_METER_OVER: printf("%s%3zu  over range\n", mark, n); break;
    case FL_METER_BAD: printf("%s%3zu  no number: %s\n", mark, n, r->why); break;
    case FL_METER_LOST: printf("%s     %llu readings lost\n", mark, (unsigned long long)r->count); break;
    case FL_METER_MISSING:
        printf("%s     no pulse in time: foot up, or one that was not seen\n", mark);
        break;
    }
    fflush(stdout);
}

/* What the laser shows now. Nobody answering is an answer too: the check is void, and its pulses stay
 * unexplained, for what a meter saw is no reading of a counter. */
static void ask_after(checking *c)
{
    char line[64];
    while (!c->has_after && ask_line("shot counter now", line, sizeof line) && *line) {
        uint64_t value;
        c->has_after = fl_read_u64(line, &value) == FL_OK && value >= c->before && value <= FL_ENTRY_INT_MAX;
        if (c->has_after)
            c->after = value;
        else
            fprintf(stderr, "a whole number, and not below %llu\n", c->before);
    }
    double mJ;
    while (isnan(c->laser_mJ) && isatty(STDIN_FILENO) &&
           ask_line("what the laser measured, mean in mJ (nothing: it does not say)", line, sizeof line) &&
           *line)
        if (fl_read_double(line, &mJ) == FL_OK && mJ > 0) c->laser_mJ = mJ;
}

static void ppm(fl_entry *entry, const char *key, double percent)
{
    if (isfinite(percent) && fabs(percent) < 1e6) fl_entry_int(entry, key, llround(percent * 1e4));
}

static void uJ(fl_entry *entry, const char *key, double J)
{
    if (isfinite(J) && J < 1e6) fl_entry_int(entry, key, llround(J * 1e6));
}

static fl_status write_check(checking *c, const fl_energy_check *check, const fl_energy_result *r,
                             fl_error *error)
{
    static fl_entry entry;
    const char *meter = c->meter.meter.status.identity;
    fl_entry_begin(&entry, FL_KIND_CHECK);
    fl_entry_device(&entry, c->dev, c->simulated);
    fl_entry_count(&entry, "pulses", check->pulses);
    if (check->counted) fl_entry_count(&entry, "ctr", c->after);
    fl_entry_text(&entry, "head", c->head->id);
    uJ(&entry, "set_uJ", check->set_J);
    uJ(&entry, "mean_uJ", isfinite(r->mean_J) ? r->mean_J : 0);
    uJ(&entry, "spread_uJ", r->sd_J);
    uJ(&entry, "se_uJ", r->se_J);
    uJ(&entry, "low_uJ", r->low_J);
    uJ(&entry, "high_uJ", r->high_J);
    uJ(&entry, "laser_uJ", check->laser_J);
    ppm(&entry, "off_ppm", r->off_percent);
    ppm(&entry, "unsure_ppm", r->unsure_percent);
    ppm(&entry, "drift_ppm", r->drift_percent);
    fl_entry_count(&entry, "n", check->count);
    fl_entry_int(&entry, "pass", r->verdict == FL_ENERGY_PASS || r->verdict == FL_ENERGY_WARN);
    fl_entry_text(&entry, "verdict", fl_energy_verdict_text(r->verdict));
    if (r->reason_count) fl_entry_text(&entry, "reason", r->reasons[0]);
    fl_entry_text(&entry, "meter", fl_entry_takes(meter) ? meter : "?");
    fl_entry_text(&entry, "who", c->who);
    return fl_journal_append(c->journal, &entry, 1, error);
}

/* From the first light on nothing ends without a record. */
static fl_status measure(checking *c, fl_error *error)
{
    fl_energy_result result;
    fl_error stopped = {0};
    double patience_s = 60;
    bool given;
    if (!fl_args_number(c->args, "patience-s", 1, 600, &patience_s, &given)) return FL_E_USAGE;
    fl_status status = energy_meter_ready(&c->meter, &asked_to_stop, error);
    if (status != FL_OK) return status;
    fprintf(stderr,
            "%sthe meter is ready: %s\nset %g mJ, dock the handpiece at the meter, fire %llu pulses\n",
            c->simulated ? "SIMULATED " : "", c->meter.meter.status.identity, c->set_mJ, c->wanted);
    status =
        energy_meter_collect(&c->meter, (size_t)c->wanted, patience_s, seen, c, &asked_to_stop, &stopped);
    const bool proven = status == FL_OK && energy_meter_prove(&c->meter, &stopped);
    if (stopped.what[0]) fprintf(stderr, "%s\n", stopped.what);
    ask_after(c);
    const fl_energy_check check = {.set_J = c->set_mJ / 1e3,
                                   .laser_J = c->laser_mJ / 1e3,
                                   .readings_J = c->meter.readings_J,
                                   .count = c->meter.count,
                                   .pulses = c->has_after ? c->after - c->before : 0,
                                   .counted = c->has_after,
                                   .over = c->meter.over,
                                   .bad = c->meter.bad,
                                   .lost = c->meter.lost,
                                   .proven = proven,
                                   .before_ratio = c->last.seen ? c->last.ratio : NAN};
    if (!check.pulses && !check.count && !check.over && !check.bad && !check.lost)
        return fl_error_set(error, FL_E_NO, "no pulse was made, so nothing was checked");
    fl_energy_judge(&c->device->calibration, &check, &result);
    status = write_check(c, &check, &result, error);
    if (status != FL_OK) return status;
    const energy_page page = {.device = c->device,
                              .head = c->head,
                              .who = c->who,
                              .meter = c->meter.meter.status.identity,
                              .simulated = c->simulated,
                              .counter_before = c->before,
                              .counter_after = c->after,
                              .entry = (int64_t)fl_journal_size(c->journal) - 1,
                              .day = c->today,
                              .check = &check,
                              .result = &result};
    fl_args_has(c->args, "json") ? energy_page_json(&page) : energy_page_print(&page);
    return result.verdict >= FL_ENERGY_LOCK ? FL_E_NO : FL_OK;
}

static fl_status conduct(checking *c, fl_error *error)
{
    const char *port = fl_args_value(c->args, "meter"), *dialect = fl_args_value(c->args, "dialect");
    const fl_meter_wish wish = {.wavelength_nm = (double)fl_whole_nm(c->head->wavelength),
                                .range = c->range,
                                .energy_J =
                                    c->set_mJ / 1e3 * (1 + c->device->calibration.energy_lock_percent / 100),
                                .rate_Hz = c->rate_Hz};
    unsigned wrong = 0;
    fl_duration ago = {0};
    /* The meter first: one that does not belong here leaves no trace in a clinic's record. */
    fl_status status = energy_meter_open(&c->meter, port, dialect, c->simulated, &wish, error);
    if (status == FL_OK) status = open_journal(c, &wrong, &ago, error);
    if (status == FL_OK) status = sign_in(c, wrong, ago, error);
    if (status == FL_OK) status = write_counter(c, error);
    return status == FL_OK ? measure(c, error) : status;
}

static bool read_arguments(checking *c)
{
    bool has_set, has_before, given;
    c->wanted = 10;
    c->laser_mJ = NAN;
    if (!fl_args_number(c->args, "set-mJ", 0.001, 5000, &c->set_mJ, &has_set) ||
        !fl_args_number(c->args, "laser-mJ", 0.001, 10000, &c->laser_mJ, &given) ||
        !fl_args_number(c->args, "range", 0, 100, &c->range, &given) ||
        !fl_args_number(c->args, "rate-Hz", 0.01, 100, &c->rate_Hz, &given) ||
        !fl_args_whole(c->args, "pulses", FL_ENERGY_MOST, &c->wanted, &given) ||
        !fl_args_whole(c->args, "counter-before", 1ull << 53, &c->before, &has_before) ||
        !fl_args_whole(c->args, "counter-after", 1ull << 53, &c->after, &c->has_after))
        return false;
    static const char *const needed[] = {"meter", "dialect", "device", "set-mJ", "counter-before", "who"};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!fl_args_has(c->args, needed[i]))
            return (void)fl_args_wrong(c->args, "--%s is missing", needed[i]), false;
    if (c->wanted < FL_ENERGY_LEAST)
        return (void)fl_args_wrong(c->args, "--pulses: at least %d", FL_ENERGY_LEAST), false;
    if (c->has_after && c->after < c->before)
        return (void)fl_args_wrong(c->args, "the counter does not run backwards"), false;
    return true;
}

static int run(const fl_args *args)
{
    static checking c;
    fl_error error = {0};
    c = (checking){.args = args, .who = fl_args_value(args, "who")};
    if (args->count) return fl_args_wrong(args, "nothing may follow the options");
    if (!fl_args_has(args, "by-hand"))
        return fl_args_wrong(args, "say --by-hand: this version does not drive the laser for a check");
    if (!read_arguments(&c)) return fl_status_exit(FL_E_USAGE);
    /* A terminal that is closed, too: a check that begins to look bad cannot be left without its record. No
     * SA_RESTART: a question at the end is not asked for ever, and nobody answering is an answer. */
    const struct sigaction stop = {.sa_handler = on_stop};
    static const int stops[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) sigaction(stops[i], &stop, NULL);
    fl_status status = take_device(&c, fl_args_value(args, "device"), fl_args_value(args, "head"), &error);
    if (status == FL_OK) status = take_date(&c, &error);
    if (status == FL_OK) status = conduct(&c, &error);
    energy_meter_close(&c.meter);
    fl_journal_close(c.journal);
    fl_device_free(c.device);
    if (error.what[0]) return fl_args_failed(&error);
    return fl_status_exit(status);
}

static const fl_option options[] = {
    {"meter", "PORT", "where the energy meter is, or usb:VID:PID[:SERIAL]"},
    {"dialect", "ID", "what it speaks: ophir, gentec-eo, energymax, thorlabs-pm100"},
    {"device", "ID", "the laser that is checked"},
    {"head", "ID", "which head, when it has more than one"},
    {"set-mJ", "E", "what the laser is set to"},
    {"laser-mJ", "E", "mean of what the laser measured of itself, when it shows it"},
    {"counter-before", "N", "the laser's shot counter before the first pulse"},
    {"counter-after", "N", "and after the last; without it somebody is asked"},
    {"pulses", "N", "how many, 3 to 200; 10 when not said"},
    {"rate-Hz", "R", "rate of the laser: a pulse that does not come in time is told"},
    {"range", "N", "range of the meter, by its own number; not for meters that choose by energy"},
    {"patience-s", "S", "how long to wait for a pulse; 60 when not said"},
    {"who", "WHO", "who checks; the PIN comes from the keyboard or standard input"},
    {"by-hand", NULL, "a person sets the laser and a foot fires it"},
    {"date", "YYYY-MM-DD", "pretend another day; a simulated laser only"},
    {"json", NULL, "one object on stdout"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_energy_check = {
    .name = "energy-check",
    .arguments =
        "--meter PORT --dialect ID --device ID --head ID --set-mJ E --counter-before N --who WHO --by-hand",
    .summary = "check a laser against an energy meter, and journal it",
    .more =
        "Wavelength and range of the meter are set and read back, its unit is looked at before and after, "
        "and\n"
        "every pulse that the laser counted must have been measured once. Beyond the warning limit of the\n"
        "device file it warns; beyond the lock limit, or when it was no check, the head is locked for\n"
        "treatment until a good check is in the journal. So it is when the newest one is too old. Exit code "
        "1\n"
        "when it is locked.\n\n"
        "examples:\n"
        "  fadeline energy-check --meter /dev/ttyUSB1 --dialect ophir --device picoway --head yag-1064 "
        "--range 1 \\\n"
        "    --set-mJ 200 --counter-before 88410 --pulses 10 --who op:17 --by-hand\n"
        "  fadeline-twin --speak ophir --pty /tmp/meter --light /tmp/light &\n",
    .options = options,
    .run = run,
};
