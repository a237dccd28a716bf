#include "devices_ask.h"
#include "devices_record.h"

#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/link/laser.h"
#include "fadeline/report/shown_json.h"

#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define TICK_MS 2
#define PATIENCE_S 10.0 /* until it is known what it is; --seconds looks longer or shorter */

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

static fl_instant now(void)
{
    const fl_clock *clock = fl_clock_system();
    return clock->now(clock->self);
}

/* ---- looking ---- */

static bool all_read(const fl_laser *laser)
{
    const fl_laser_status *s = &laser->status;
    for (size_t i = 0; i < laser->settings_count; i++) {
        const fl_laser_setting *set = &laser->settings[i];
        if (s->phase == FL_LASER_WATCHED ? isnan(set->read)
                                         : set->state > FL_LASER_UNSET && set->state < FL_LASER_VERIFIED)
            return false;
    }
    return s->link && (s->has_counter || !laser->talk.dialect->laser.counter);
}

static bool is_known(const fl_laser *laser)
{
    const fl_laser_phase phase = laser->status.phase;
    if (phase == FL_LASER_REJECTED || phase == FL_LASER_GONE) return true;
    if (phase == FL_LASER_STOPPED) return laser->stopping >= laser->talk.dialect->laser.stop_count;
    return phase != FL_LASER_GREETING && phase != FL_LASER_OPENING && all_read(laser);
}

static void look(fl_laser *laser, double seconds, bool whole_time)
{
    const fl_instant end = fl_after(now(), fl_seconds(seconds));
    while (!interrupted && now().us < end.us) {
        fl_laser_tick(laser);
        const bool over = laser->status.phase == FL_LASER_REJECTED || laser->status.phase == FL_LASER_GONE;
        if (over || (!whole_time && is_known(laser))) return;
        nanosleep(&(struct timespec){.tv_nsec = TICK_MS * 1000000L}, NULL);
    }
}

/* Good in the sense of its file: with --set the laser itself says so; only watched, its states do. */
static bool is_good(const fl_laser *laser)
{
    bool good = laser->status.link && laser->readings_count;
    for (size_t i = 0; i < laser->readings_count; i++) good = good && laser->readings[i].judged.good;
    return laser->status.phase == FL_LASER_WATCHED ? good : laser->status.good;
}

/* ---- in words ---- */

/* Names of what is set, or of the state; the value itself when it has none. */
static void words_of(const fl_laser_reading *r, char *room, size_t size)
{
    fl_text text = fl_text_in(room, size);
    const fl_word *w = r->word;
    if (!r->heard) return fl_text_add_word(&text, "no answer");
    if (r->reading.kind != FL_READ_VALUE)
        return fl_text_add_word(&text, r->reading.why ? r->reading.why : "out of range");
    if (w->value == FL_VALUE_STATE)
        return fl_text_add_word(&text, r->reading.state ? r->reading.state->name : "a state nobody knows");
    for (size_t i = 0; i < w->bits_count; i++)
        if (r->reading.bits >> w->bits[i].bit & 1)
            fl_text_add(&text, "%s%s", text.length ? ", " : "", w->bits[i].name);
    if (r->judged.unknown) fl_text_add(&text, "%sa bit that nobody knows", text.length ? ", " : "");
    if (!text.length) fl_text_add_word(&text, "nothing is set");
}

static const char *why_of(const fl_laser *laser)
{
    return is_good(laser) ? "" : laser->status.why;
}

static void print_words(const fl_laser *laser, const char *port, bool simulated, bool told)
{
    const fl_dialect *d = laser->talk.dialect;
    printf("%s%s speaks %s: %s\n", simulated ? "SIMULATED: " : "", port, d->id, d->title);
    if (laser->status.identity[0]) printf("  identity        %s\n", FL_SHOWN(laser->status.identity));
    const bool talks = laser->status.identity[0] && laser->status.phase != FL_LASER_REJECTED;
    for (size_t i = 0; talks && i < laser->readings_count; i++) {
        char room[400];
        words_of(&laser->readings[i], room, sizeof room);
        printf("  %-15s %s\n", laser->readings[i].word->id, room);
    }
    if (laser->status.has_counter)
        printf("  counter         %llu\n", (unsigned long long)laser->status.counter);
    for (size_t i = 0; talks && i < laser->settings_count; i++) {
        const fl_laser_setting *s = &laser->settings[i];
        if (isnan(s->read) && isnan(s->wanted)) continue;
        printf("  %-15s ", s->what->quantity);
        if (isnan(s->read))
            printf("not read");
        else
            printf("%.10g", s->read);
        if (!isnan(s->wanted))
            printf(", wanted %.10g: %s", s->wanted,
                   s->refused ? s->refused : fl_laser_setting_text(s->state));
        putchar('\n');
    }
    if (is_good(laser))
        puts("good");
    else
        printf("not good: %s\n", why_of(laser));
    if (told) puts("its stop words were said on leaving");
}

static json_t *number_or_null(double value)
{
    return isnan(value) ? json_null() : json_real(value);
}

static void print_json(const fl_laser *laser, const char *port, bool simulated, bool told)
{
    const fl_laser_status *s = &laser->status;
    json_t *states = json_object(), *settings = json_array();
    for (size_t i = 0; i < laser->readings_count; i++) {
        char room[400];
        words_of(&laser->readings[i], room, sizeof room);
        json_object_set_new(states, laser->readings[i].word->id, json_string(room));
    }
    for (size_t i = 0; i < laser->settings_count; i++) {
        const fl_laser_setting *set = &laser->settings[i];
        json_array_append_new(settings,
                              json_pack("{s:s, s:o, s:o, s:s}", "quantity", set->what->quantity, "wanted",
                                        number_or_null(set->wanted), "read", number_or_null(set->read),
                                        "state", fl_laser_setting_text(set->state)));
    }
    json_t *object =
        json_pack("{s:s, s:s, s:b, s:s, s:s, s:o, s:o, s:o, s:b, s:b, s:s, s:b}", "port", port, "dialect",
                  laser->talk.dialect->id, "simulated", simulated, "identity", s->identity, "phase",
                  fl_laser_phase_text(s->phase), "states", states, "counter",
                  s->has_counter ? json_integer((json_int_t)s->counter) : json_null(), "settings", settings,
                  "light", s->light, "good", is_good(laser), "why", why_of(laser), "stop_words_said", told);
    fl_shown_json(object, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(object);
}

/* ---- the command ---- */

static fl_status wish(fl_laser *laser, const char *text, fl_error *error)
{
    char quantity[64];
    const char *equals = strchr(text, '=');
    double value;
    if (!equals || (size_t)(equals - text) >= sizeof quantity || fl_read_double(equals + 1, &value) != FL_OK)
        return fl_error_set(error, FL_E_USAGE, "--set wants QUANTITY=NUMBER, such as rate_Hz=5, not '%s'",
                            text);
    snprintf(quantity, sizeof quantity, "%.*s", (int)(equals - text), text);
    const fl_status status = fl_laser_set(laser, quantity, value, error);
    if (status == FL_E_RANGE || status == FL_E_NO) error->status = FL_E_USAGE; /* nothing was said yet */
    return status == FL_OK ? FL_OK : error->status;
}

static fl_status prepare(const fl_args *args, fl_laser *laser, fl_error *error)
{
    size_t position = 0;
    fl_status status = FL_OK;
    const char *identity = fl_args_value(args, "identity");
    if (identity && !*identity) /* every text holds nothing */
        return fl_error_set(error, FL_E_USAGE, "--identity wants what must stand in its identity");
    if (identity) fl_laser_expect(laser, identity);
    if (!fl_args_has(args, "set")) return fl_laser_only_watch(laser), FL_OK;
    for (const char *text; status == FL_OK && (text = fl_args_each(args, "set", &position));)
        status = wish(laser, text, error);
    return status;
}

static int result_of(const fl_laser *laser)
{
    const fl_laser_phase phase = laser->status.phase;
    if (interrupted) return fl_status_exit(FL_E_INTERRUPTED);
    if (is_good(laser)) return 0;
    const bool device = phase == FL_LASER_GONE || phase == FL_LASER_REJECTED || phase == FL_LASER_GREETING;
    return fl_status_exit(device || !laser->status.link ? FL_E_DEVICE : FL_E_NO);
}

static int ask(const fl_args *args, const char *port, const fl_dialect *dialect, double seconds)
{
    static fl_laser laser;
    fl_carrier carrier;
    fl_error error = {0};
    unsigned long long baud = dialect->line.baud > 0 ? (unsigned)dialect->line.baud : 0;
    bool has_baud = false;
    if (!fl_args_whole(args, "baud", 4000000, &baud, &has_baud)) return fl_status_exit(FL_E_USAGE);
    const fl_carrier_options how = {
        .baud = (unsigned)baud, .other_words = true, .stop_bits = (unsigned)dialect->line.stop_bits};
    fl_status status = fl_carrier_open(port, &how, &carrier, &error);
    if (status != FL_OK) return fl_args_failed(&error);
    const bool simulated = carrier.simulated_only;
    fl_laser_init(&laser, &carrier, dialect, fl_clock_system());
    const char *record_path = fl_args_value(args, "record");
    devices_record record;
    status = prepare(args, &laser, &error);
    if (status != FL_OK) {
        fl_carrier_close(&carrier);
        return fl_args_failed(&error);
    }
    const struct sigaction action = {.sa_handler = on_signal};
    static const int ways_out[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT}; /* the stop words on each of them */
    for (size_t i = 0; i < sizeof ways_out / sizeof *ways_out; i++) sigaction(ways_out[i], &action, NULL);
    if (record_path) devices_record_begin(&record, &laser.talk, port);
    look(&laser, seconds, fl_args_has(args, "seconds"));
    const int result = result_of(&laser);
    const fl_laser seen = laser; /* leaving changes what is shown */
    const bool told = seen.status.phase == FL_LASER_UP || seen.status.phase == FL_LASER_OPENING ||
                      (seen.status.phase == FL_LASER_STOPPED && seen.status.identity[0]);
    fl_laser_leave(&laser);
    fl_carrier_close(&carrier);
    if (fl_args_has(args, "json"))
        print_json(&seen, port, simulated, told);
    else
        print_words(&seen, port, simulated, told);
    if (record_path && devices_record_end(&record, record_path, &error) != FL_OK) return fl_args_failed(&error);
    return result;
}

int devices_ask(const fl_args *args, const char *port)
{
    const char *name = fl_args_value(args, "dialect");
    double seconds = PATIENCE_S;
    if (!name) return fl_args_wrong(args, "ask needs --dialect ID, a file in devices/dialects");
    if (!fl_args_number(args, "seconds", 0.1, 86400, &seconds, NULL)) return fl_status_exit(FL_E_USAGE);
    fl_dialect *dialect;
    fl_error error = {0};
    if (fl_dialect_load(name, &dialect, &error) != FL_OK) return fl_args_failed(&error);
    int result;
    if (dialect->serves == FL_SERVES_LASER)
        result = ask(args, port, dialect, seconds);
    else
        result = fl_args_wrong(args, "%s is an energy meter; fadeline energy-check asks those", dialect->id);
    fl_dialect_free(dialect);
    return result;
}
