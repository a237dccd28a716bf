#include "run_keys.h"

#include "run_script.h"

#include "fadeline/base/text.h"
#include "fadeline/session/said.h"

#include <ctype.h>
#include <string.h>

#define HOLD_TO_ARM_US 1000000 /* a deliberate hold; the key repeats while it is down */
#define HOLD_GAP_US 700000     /* a longer pause between repeats is a release */

static bool is_armed(const char *state)
{
    static const char *const calm[] = {"", "OFF", "SELFTEST", "STANDBY", "FAULT", "ESTOP"};
    for (size_t i = 0; i < sizeof calm / sizeof *calm; i++)
        if (strcmp(state, calm[i]) == 0) return false;
    return true;
}

/* The third word of these is a PIN. */
static bool takes_pin(const char *line)
{
    static const char *const words[] = {"sign-in ", "reconcile ", "service ", "second ", "date "};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncmp(line, words[i], strlen(words[i])) == 0) return true;
    return false;
}

static void show(run_keys *keys)
{
    snprintf(keys->shown, sizeof keys->shown, "%s", keys->line);
    if (!takes_pin(keys->line)) return;
    int blanks = 0;
    for (char *c = keys->shown; *c; c++) {
        if (*c == ' ')
            blanks++;
        else if (blanks == 2)
            *c = '*';
    }
}

static void begin(run_keys *keys, const char *order)
{
    snprintf(keys->line, sizeof keys->line, "%s ", order);
    show(keys);
}

static void forget(run_keys *keys)
{
    memset(keys->line, 0, sizeof keys->line);
    show(keys);
}

static void type_key(run_keys *keys, fl_face_client *client, char key)
{
    const size_t length = strlen(keys->line);
    if (key == '\n' || key == '\r') {
        run_step step;
        if (run_script_line(keys->line, &step, &keys->fault) == FL_OK &&
            run_script_named(client, &step, &keys->fault) == FL_OK)
            run_script_send(client, &step);
        return forget(keys);
    }
    if (key == 27) return forget(keys);
    if (key == 127 || key == 8) {
        if (length) keys->line[length - 1] = 0;
    } else if (isprint((unsigned char)key) && length + 1 < sizeof keys->line) {
        keys->line[length] = key;
        keys->line[length + 1] = 0;
    }
    show(keys);
}

/* Repeats of the key spanning a second, with no gap that a release would leave. */
static void hold_key(run_keys *keys, fl_face_client *client, fl_instant now)
{
    if (fl_since(now, keys->hold_last).us > HOLD_GAP_US) keys->hold_since = now;
    keys->hold_last = now;
    const int64_t held = fl_since(now, keys->hold_since).us;
    keys->hold_percent = (int)(held * 100 / HOLD_TO_ARM_US);
    if (held < HOLD_TO_ARM_US) return;
    fl_face_send(client, "arm", NULL);
    keys->armed_by_hold = true;
    keys->hold_percent = 0;
}

void run_keys_tick(run_keys *keys, fl_instant now)
{
    if (fl_since(now, keys->hold_last).us > HOLD_GAP_US) keys->hold_percent = 0;
}

static bool begin_order(run_keys *keys, char key)
{
    static const struct {
        char key;
        const char *order;
    } orders[] = {{'i', "sign-in"}, {'e', "eyewear"},   {'z', "zone"},    {'t', "spots"},  {'n', "endpoint"},
                  {'p', "note"},    {'c', "reconcile"}, {'v', "service"}, {'2', "second"}, {'d', "date"}};
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
        if (orders[i].key == key) return begin(keys, orders[i].order), true;
    return false;
}

static void ask_near_miss(run_keys *keys)
{
    fl_text text = fl_text_in(keys->shown, sizeof keys->shown);
    fl_text_add(&text, "near miss:");
    for (unsigned i = 1; i <= FL_NEAR_MISSES; i++) fl_text_add(&text, "   %u %s", i, fl_near_miss(i));
    keys->near_miss = true;
}

static void choose_near_miss(run_keys *keys, fl_face_client *client, char key)
{
    const char *what = key > '0' ? fl_near_miss((unsigned)(key - '0')) : NULL;
    keys->near_miss = false;
    forget(keys);
    if (what)
        fl_face_send(client, "near-miss", json_pack("{s:s}", "what", what));
    else
        fl_face_send(client, "standby", NULL);
}

bool run_keys_press(run_keys *keys, fl_face_client *client, char key, fl_instant now)
{
    if (keys->armed_by_hold && key == 'a' && fl_since(now, keys->hold_last).us <= HOLD_GAP_US) {
        keys->hold_last = now; /* still the same hold: its repeats are not a new touch */
        return true;
    }
    keys->armed_by_hold = false;
    if (is_armed(client->status.state)) {
        forget(keys);
        fl_face_send(client, "standby", NULL);
        keys->near_miss = false;
        if (key == 'm') ask_near_miss(keys);
        return true;
    }
    if (keys->near_miss) return choose_near_miss(keys, client, key), true;
    if (keys->line[0]) return type_key(keys, client, key), true;
    if (key == 'm') return ask_near_miss(keys), true;
    if (key == 'a') return hold_key(keys, client, now), true;
    keys->hold_percent = 0;
    if (key == 'q') return false;
    if (key == 'r') {
        const run_step reset = {.kind = STEP_ORDER, .word = "reset"};
        run_script_send(client, &reset);
    } else if (!begin_order(keys, key))
        fl_face_send(client, "standby", NULL);
    return true;
}
