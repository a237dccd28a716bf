/* bench_live [ROUNDS] [SECONDS]: what fifty viewers of the console cost control. One real control process
 * fires at the simulated laser, and in turns nobody but the one who measures looks on, or fifty viewers more,
 * each on a line of its own that is read at once; so many rounds (8) of so many seconds (12) each. Printed:
 * control's own measure of every pulse, from the interlock's token to the bytes of the GRANT, with and
 * without them, and their ratio.
 *
 * Both sides of a round see the same machine, give or take seconds; what is beside it on the machine is in
 * both. Nothing here fails for being slow. */
#include "helper_stream.h"
#include "live_world.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VIEWERS 50
#define MOST 20000

/* ---- fifty who look on ---- */

static stream viewers[VIEWERS];
static http_browser tabs[VIEWERS / LIVE_STREAMS + 1];
static atomic_bool enough;
static atomic_ulong frames;

static void *read_them(void *self)
{
    (void)self;
    while (!atomic_load(&enough))
        for (int i = 0; i < VIEWERS; i++)
            while (stream_next(&viewers[i], 0)) atomic_fetch_add(&frames, 1);
    return NULL;
}

/* The places of those who left are free when the console has noticed. */
static bool one_more(int i)
{
    for (int tries = 0; tries < 100; tries++, world_rest(100))
        if (stream_open(&viewers[i], &tabs[i / LIVE_STREAMS], NULL)) return true;
    return false;
}

static pthread_t look_on(void)
{
    pthread_t thread;
    atomic_store(&enough, false);
    for (int i = 0; i < VIEWERS; i++) console_need(one_more(i), "a viewer");
    console_need(pthread_create(&thread, NULL, read_them, NULL) == 0, "a thread");
    return thread;
}

static void look_away(pthread_t thread)
{
    atomic_store(&enough, true);
    pthread_join(thread, NULL);
    for (int i = 0; i < VIEWERS; i++) stream_close(&viewers[i]);
}

/* ---- what control says of itself ---- */

typedef struct side {
    long us[MOST]; /* token to GRANT, one a pulse */
    size_t count;
    unsigned faults;
} side;

static long number(const char *line, const char *key)
{
    const char *at = strstr(line, key);
    return at ? atol(at + strlen(key)) : -1;
}

static void take(side *s, const char *line, long *pulses)
{
    const long now = number(line, "\"session_pulses\":"), us = number(line, "\"grant_us\":");
    if (now != *pulses && us >= 0 && *pulses >= 0 && s->count < MOST) s->us[s->count++] = us;
    *pulses = now;
}

/* Fires for so long, however often a busy machine lets the line fall silent. */
static void fire(side *s, int seconds)
{
    stream mine;
    long pulses = -1;
    console_need(stream_open(&mine, &op17, NULL), "a stream");
    int64_t left = seconds * INT64_C(1000), last = 0; /* of firing: what arming takes is not counted */
    int64_t beat = 0, armed_us = 0;                   /* what the stream still holds of before says nothing */
    bool armed = false;
    while (left > 0) {
        if (!armed) {
            world_room("foot up");
            console_need(world_arm(), "READY");
            world_room("foot down");
            armed = true;
            last = world_ms();
            armed_us = last * 1000;
        }
        left -= world_ms() - last;
        last = world_ms();
        if (world_ms() - beat > 400) world_beat(), beat = world_ms();
        if (!stream_next(&mine, 100) || strcmp(mine.kind, "status") != 0) continue;
        if (number(mine.data, "\"mono_us\":") < armed_us) continue;
        take(s, mine.data, &pulses);
        if (strstr(mine.data, "\"state\":\"FAULT\"") || strstr(mine.data, "\"state\":\"STANDBY\"")) {
            s->faults++;
            armed = false;
        }
    }
    world_room("foot up");
    live_halt(world->live);
    world_until_state("STANDBY", 3000);
    stream_close(&mine);
}

/* ---- figures ---- */

static int rising(const void *a, const void *b)
{
    const long x = *(const long *)a, y = *(const long *)b;
    return (x > y) - (x < y);
}

static double at(const side *s, double share)
{
    return s->count ? (double)s->us[(size_t)((double)(s->count - 1) * share)] / 1e3 : 0;
}

int main(int count, char **words)
{
    static side sides[2]; /* without them, with them */
    static const double shares[] = {0.5, 0.99, 0.999, 1};
    static const char *const names[] = {"p50", "p99", "p99.9", "max"};
    double load[3] = {0};
    const int rounds = count > 1 ? atoi(words[1]) : 8, seconds = count > 2 ? atoi(words[2]) : 12;
    console_need(world_start(), world_answer);
    for (int i = 0; i <= VIEWERS / LIVE_STREAMS; i++) world_signed_in(&tabs[i], "op:17");
    for (int round = 0; round < rounds * 2; round++) {
        const bool with = (round % 2 == 1) != (round / 2 % 2 == 1); /* and who is first changes: 0 1, 1 0 */
        pthread_t thread = 0;
        if (with) thread = look_on();
        fire(&sides[with], seconds);
        if (with) look_away(thread);
    }
    if (getloadavg(load, 3) < 1) load[0] = -1;
    for (int i = 0; i < 2; i++) qsort(sides[i].us, sides[i].count, sizeof *sides[i].us, rising);
    printf(
        "token to GRANT, ms: %zu pulses without, %zu with %d viewers (%lu frames read); stood down %u and %u "
        "times; load %.1f\n",
        sides[0].count, sides[1].count, VIEWERS, atomic_load(&frames), sides[0].faults, sides[1].faults,
        load[0]);
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        const double without = at(&sides[0], shares[i]), with = at(&sides[1], shares[i]);
        printf("  %-6s %8.3f %8.3f   ratio %.2f\n", names[i], without, with,
               without > 0 ? with / without : 0);
    }
    console_stop(world);
    return 0;
}
