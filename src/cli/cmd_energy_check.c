/* fadeline energy-check: N pulses into a meter, and what became of them in the journal. Through
 * fadeline-control and its interlock (energy_port.c), or by hand for a laser that it does not conduct
 * (energy_hand.c). */
#include "energy_check.h"
#include "fadeline/clients/names.h"

#include "fadeline/base/text.h"
#include "fadeline/session/calibration.h"
#include "fadeline/session/proven.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static volatile sig_atomic_t asked_to_stop;

static void on_stop(int number)
{
    (void)number;
    asked_to_stop = 1;
}

/* ---- the day: --date only pretends for simulated lasers ---- */

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
    c->clock = fl_clock_ahead(&c->days_ahead);
    return FL_OK;
}

/* ---- what is checked ---- */

static fl_status take_device(checking *c, const char *id, const char *head, fl_error *error)
{
    const fl_status status = fl_device_load_proven(id, &c->device, error);
    if (status != FL_OK) return status;
    c->simulated = fl_device_is_simulated(c->device);
    c->dev = c->device->link.identity ? c->device->link.identity : c->device->id;
    if (!head && c->device->heads_count == 1) head = c->device->heads[0].id;
    c->head = head ? fl_device_head_find(c->device, head) : NULL;
    if (!c->head) {
        fl_error_set(error, FL_E_USAGE, "%s", head ? "this laser has no such head" : "which head? --head ID");
        return fl_error_hint(error, "fadeline devices list shows them"), FL_E_USAGE;
    }
    if (isnan(c->head->energy_max.J)) {
        fl_error_set(error, FL_E_NO,
                     "nobody knows what head %s can make, so nothing says whether %g mJ is a slip",
                     c->head->id, c->set_mJ);
        return fl_error_hint(error, "enter energy_max_mJ from its label in a device file of your own"),
               FL_E_NO;
    }
    if (c->set_mJ / 1e3 > c->head->energy_max.J * (1 + 1e-9))
        return fl_error_set(error, FL_E_NO, "%g mJ is more than this head can make (%g mJ)", c->set_mJ,
                            c->head->energy_max.J * 1e3);
    return FL_OK;
}

/* The spot decides nothing of the energy, but the laser is set with it and the ring is compared. */
static fl_status take_spot(checking *c, bool given, fl_error *error)
{
    if (!given && c->head->spots_count == 1) c->spot_mm = c->head->spots[0].m * 1e3;
    if (given || c->head->spots_count == 1) return FL_OK;
    return fl_error_set(error, FL_E_USAGE, "which spot does the handpiece stand at? --spot-mm D");
}

static bool read_numbers(checking *c, bool *has_set, bool *has_before, bool *has_spot)
{
    bool given;
    c->wanted = 10;
    c->laser_mJ = NAN;
    c->patience_s = 60;
    return fl_args_number(c->args, "set-mJ", 0.001, 5000, &c->set_mJ, has_set) &&
           fl_args_number(c->args, "laser-mJ", 0.001, 10000, &c->laser_mJ, &given) &&
           fl_args_number(c->args, "range", 0, 100, &c->range, &given) &&
           fl_args_number(c->args, "rate-Hz", 0.01, 100, &c->rate_Hz, &given) &&
           fl_args_number(c->args, "spot-mm", 0.1, 50, &c->spot_mm, has_spot) &&
           fl_args_number(c->args, "patience-s", 1, 600, &c->patience_s, &given) &&
           fl_args_whole(c->args, "pulses", FL_ENERGY_MOST, &c->wanted, &given) &&
           fl_args_whole(c->args, "counter-before", 1ull << 53, &c->before, has_before) &&
           fl_args_whole(c->args, "counter-after", 1ull << 53, &c->after, &c->has_after);
}

static bool has_all(const fl_args *args, const char *const *needed, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!fl_args_has(args, needed[i]))
            return (void)fl_args_wrong(args, "--%s is missing", needed[i]), false;
    return true;
}

static bool read_arguments(checking *c, bool by_hand, bool *has_spot)
{
    static const char *const both[] = {"meter", "dialect", "device", "set-mJ", "who"};
    static const char *const stated[] = {"counter-before", "counter-after", "laser-mJ", "explain"};
    bool has_set, has_before;
    if (!read_numbers(c, &has_set, &has_before, has_spot)) return false;
    if (!has_all(c->args, both, sizeof both / sizeof *both) || (by_hand && !has_all(c->args, stated, 1)))
        return false;
    for (size_t i = 0; i < sizeof stated / sizeof *stated && !by_hand; i++)
        if (fl_args_has(c->args, stated[i]))
            return (void)fl_args_wrong(c->args, "--%s goes with --by-hand: over its line the laser is asked",
                                       stated[i]),
                   false;
    if (c->wanted < FL_ENERGY_LEAST)
        return (void)fl_args_wrong(c->args, "--pulses: at least %d", FL_ENERGY_LEAST), false;
    if (c->has_after && c->after < c->before)
        return (void)fl_args_wrong(c->args, "the counter does not run backwards"), false;
    if (!by_hand && c->rate_Hz == 0) c->rate_Hz = 1;
    return true;
}

/* --narrow goes with what is signed and by whom, and nothing else. */
static bool read_narrow(const fl_args *args)
{
    static const char *const needed[] = {"device", "who"}, *const fits[] = {"narrow", "device", "head",
                                                                            "who",    "date",   "json"};
    if (!has_all(args, needed, 2)) return false;
    for (size_t i = 0; i < args->given_count; i++) {
        bool fit = false;
        for (size_t k = 0; k < sizeof fits / sizeof *fits; k++)
            fit |= fl_text_same(args->given[i].name, fits[k]);
        if (!fit)
            return (void)fl_args_wrong(args, "--%s does not go with --narrow", args->given[i].name), false;
    }
    return true;
}

static int run(const fl_args *args)
{
    static checking c;
    fl_error error = {0};
    c = (checking){.args = args,
                   .who = fl_args_value(args, "who"),
                   .json = fl_args_has(args, "json"),
                   .stop = &asked_to_stop,
                   .meter = {.carrier = {.fd = -1}}};
    const bool by_hand = fl_args_has(args, "by-hand");
    bool has_spot = false;
    if (args->count) return fl_args_wrong(args, "nothing may follow the options");
    const char *narrow = fl_args_value(args, "narrow");
    if (narrow && !read_narrow(args)) return fl_status_exit(FL_E_USAGE);
    if (!narrow && by_hand == fl_args_has(args, "port"))
        return fl_args_wrong(args, "say --port LASERPORT, or --by-hand for a laser without a grant link");
    if (!narrow && !read_arguments(&c, by_hand, &has_spot)) return fl_status_exit(FL_E_USAGE);
    /* A terminal that is closed, too: a check that begins to look bad cannot be left without its record. No
     * SA_RESTART: a question at the end is not asked for ever, and nobody answering is an answer. */
    const struct sigaction stop = {.sa_handler = on_stop};
    static const int stops[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) sigaction(stops[i], &stop, NULL);
    signal(SIGPIPE, SIG_IGN); /* nor can one whose reader has gone */
    fl_status status = take_device(&c, fl_args_value(args, "device"), fl_args_value(args, "head"), &error);
    if (status == FL_OK) status = take_date(&c, &error);
    if (status == FL_OK && !by_hand && !narrow) status = take_spot(&c, has_spot, &error);
    if (status == FL_OK)
        status =
            fl_clients_named_here(c.simulated, "--explain", fl_args_value(args, "explain"), NULL, &error);
    if (status == FL_OK)
        status =
            fl_clients_named_here(c.simulated, "--eyewear", fl_args_value(args, "eyewear"), NULL, &error);
    if (status == FL_OK)
        status = narrow    ? energy_narrow(&c, narrow, &error)
                 : by_hand ? energy_by_hand(&c, &error)
                           : energy_by_control(&c, &error);
    energy_meter_close(&c.meter);
    fl_journal_close(c.journal);
    fl_device_free(c.device);
    const int code = error.what[0] ? fl_args_failed(&error) : fl_status_exit(status);
    return c.left && code && !c.sid ? c.left : code; /* control said more of it */
}

static const fl_option options[] = {
    {"meter", "PORT", "where the energy meter is, or usb:VID:PID[:SERIAL]"},
    {"dialect", "ID", "what it speaks: ophir, gentec-eo, energymax, thorlabs-pm100"},
    {"port", "PORT", "where the laser is: fadeline-control conducts the check"},
    {"device", "ID", "the laser that is checked"},
    {"head", "ID", "which head, when it has more than one"},
    {"set-mJ", "E", "what the laser is set to"},
    {"spot-mm", "D", "with --port: where the handpiece stands, when the head has more than one spot"},
    {"eyewear", "MARKS", "with --port: marks of the eyewear, as in `run`; without it they are typed"},
    {"pulses", "N", "how many, 3 to 200; 10 when not said"},
    {"rate-Hz", "R", "with --port: 1 when not said, 2 at most; by hand: a pulse not in time is told"},
    {"range", "N", "range of the meter, by its own number; not for meters that choose by energy"},
    {"patience-s", "S", "how long to wait for a pulse; 60 when not said"},
    {"who", "WHO", "who checks; the PIN comes from the keyboard or standard input"},
    {"by-hand", NULL, "a person sets the laser and a foot fires it: for one without a grant link"},
    {"laser-mJ", "E", "by hand: mean of what the laser measured of itself, when it shows it"},
    {"counter-before", "N", "by hand: the laser's shot counter before the first pulse"},
    {"counter-after", "N", "by hand: and after the last; without it somebody is asked"},
    {"explain", "WHY",
     "by hand: why the counter is not where the journal has it; beyond 50 pulses a supervisor says it"},
    {"narrow", "WHY",
     "no check: a supervisor narrows the lock of one that was begun too high and broken off"},
    {"date", "YYYY-MM-DD", "pretend another day; a simulated laser only"},
    {"json", NULL, "one object on stdout"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_energy_check = {
    .name = "energy-check",
    .arguments =
        "--meter PORT --dialect ID --device ID --head ID --set-mJ E --who WHO (--port PORT | --by-hand)",
    .summary = "check a laser against an energy meter, and journal it",
    .more =
        "With --port the laser is set, and its pulses are granted one by one behind the interlock, into its\n"
        "calibration port: handpiece docked, eyewear confirmed, `arm` typed, foot down. Orders are those of\n"
        "`fadeline run` without zones: arm, standby, reset, eyewear, second, reconcile, end. Set, the "
        "laser's "
        "own\n"
        "measure and the meter's are compared.\n\n"
        "Wavelength and range of the meter are set and read back, its unit is looked at before and after, "
        "and\n"
        "every pulse that the laser counted must have been measured once. Beyond the warning limit of the\n"
        "device file it warns; beyond the lock limit, or when it was no check, the head is locked for\n"
        "treatment until a good check is in the journal. So it is when a check was begun and has no "
        "verdict,\n"
        "when the newest one is too old (a week), and, for a real laser, when there was none. Exit code 1 "
        "when it\n"
        "is locked.\n\n"
        "What locked is undone by a check at its energy or above. One that was begun at an energy nobody\n"
        "treats with, and broken off, is not: check the head at each energy of its plans, then a supervisor\n"
        "who made none of these checks says why, with --narrow. The head then treats at the energies that\n"
        "passed and stays locked elsewhere. Nothing narrows what a check found bad.\n\n"
        "examples:\n"
        "  fadeline energy-check --meter /dev/ttyUSB1 --dialect ophir --range 1 --port /dev/ttyUSB0 \\\n"
        "    --device example-pico --head alex-755 --set-mJ 150 --spot-mm 4 --who op:17 \\\n"
        "    --eyewear 'OD7 M LB9'\n"
        "  fadeline energy-check --meter /dev/ttyUSB1 --dialect ophir --device picoway --head yag-1064 \\\n"
        "    --range 1 --set-mJ 200 --counter-before 88410 --pulses 10 --who op:17 --by-hand\n"
        "  fadeline energy-check --narrow \"2000 typed for 200\" --device picoway --head yag-1064 --who "
        "op:9\n"
        "  fadeline-twin --speak ophir --pty /tmp/meter --light /tmp/light &\n",
    .options = options,
    .run = run,
};
