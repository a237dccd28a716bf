#include "helper_drop.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The foot stays down for as long as the laser is READY. */
static const char room[] = "every ready +0.45 foot down\n"
                           "every standby foot up\n"
                           "every safe foot up\n";

static const char *const orders[DROP_KINDS] = {"\"do\":\"standby\"", NULL, "\"do\":\"sign-out\""};
static const char *const names[DROP_KINDS] = {"STANDBY ordered", "the arming face dies", "signed out"};

static drop_kind choose(drop_lane *d)
{
    const unsigned of_100 = (unsigned)(fl_random_u64(&d->random) % 100);
    return of_100 < 55 ? DROP_STANDBY : of_100 < 95 ? DROP_FACE_DIES : DROP_SIGN_OUT;
}

/* Until the laser has made a pulse since it was READY; false when the session fell by itself. */
static bool wait_for_pulse(drop_lane *d, tap_seen *seen)
{
    tap_seen before;
    tap_look(&d->l.tap, &before);
    const int64_t until = tap_now_us() + 5000000;
    do {
        if (!lane_listen(&d->l, 3)) return false;
        tap_look(&d->l.tap, seen);
        if (strcmp(d->l.state, "STANDBY") == 0 || strcmp(d->l.state, "FAULT") == 0) return false;
    } while (seen->pulses == before.pulses && tap_now_us() < until);
    return seen->pulses > before.pulses;
}

/* Grants follow 100 ms after a report; 20 ms of them lie between the token and the pulse. */
static void wait_for_instant(drop_lane *d, const tap_seen *seen)
{
    const uint64_t chance = fl_random_u64(&d->random);
    const int64_t at_us = chance & 1 ? seen->pulse_seen_us + 95000 + (int64_t)((chance >> 1) % 32000)
                                     : tap_now_us() + (int64_t)((chance >> 1) % 120000);
    lane_listen(&d->l, (int)((at_us - tap_now_us()) / 1000) - 2);
    while (tap_now_us() < at_us) usleep(50);
}

static void count(drop_lane *d, drop_kind kind, int64_t begun, uint64_t pulses)
{
    drop_sum *s = &d->sum;
    tap_seen seen;
    tap_look(&d->l.tap, &seen);
    s->drops++;
    s->kinds[kind]++;
    const int64_t after = seen.pulse_us - begun;
    if (seen.pulses == pulses || after <= 0) return;
    s->pulse_after[kind]++;
    s->more_than_one += seen.pulses > pulses + 1;
    if (after > s->worst_us[kind]) s->worst_us[kind] = after;
    s->by_ms[after / 1000 < 63 ? after / 1000 : 63]++;
    s->beyond += after > DROP_BOUND_US + DROP_ERROR_US;
}

static void restart(drop_lane *d)
{
    d->sum.restarts++;
    lane_kill(&d->l);
    lane_start(&d->l);
}

static void drop_once(drop_lane *d)
{
    tap_seen seen;
    if (!lane_ready(&d->l)) return restart(d);
    if (!wait_for_pulse(d, &seen)) { /* it fell by itself: of a late line, say */
        if (strcmp(d->l.state, "STANDBY") != 0 || !lane_listen(&d->l, 50)) restart(d);
        return;
    }
    wait_for_instant(d, &seen);
    const drop_kind kind = choose(d);
    tap_look(&d->l.tap, &seen);
    const int64_t begun = tap_now_us();
    if (d->options.idle)
        lane_say(&d->l, "\"do\":\"here\"");
    else if (orders[kind])
        lane_say(&d->l, orders[kind]);
    else
        lane_hang_up(&d->l);
    usleep(60000); /* nothing more can fire; a face that died stays away until then */
    for (int i = 0; d->l.face < 0 && i < 200 && !lane_dial(&d->l); i++) usleep(10000);
    lane_listen(&d->l, 120);
    count(d, kind, begun, seen.pulses);
    if (d->options.idle) lane_order(&d->l, "\"do\":\"standby\"");
    if (!lane_until(&d->l, "STANDBY", 3000)) restart(d);
}

static void *run(void *self)
{
    drop_lane *d = self;
    unsigned tries = 0;
    const int64_t until = d->options.until_us;
    while (!d->l.fault[0] && d->sum.drops < d->options.drops && tries++ < 2 * d->options.drops + 50 &&
           (!until || tap_now_us() < until))
        drop_once(d);
    return NULL;
}

bool drop_begin(drop_lane *d, const drop_options *options)
{
    *d = (drop_lane){.options = *options};
    fl_random_init(&d->random, options->seed, options->index);
    const lane_options what = {.people = options->people,
                               .script = room,
                               .place = options->place,
                               .no_real_time = options->no_real_time};
    return lane_open(&d->l, &what) && pthread_create(&d->thread, NULL, run, d) == 0;
}

void drop_end(drop_lane *d, drop_sum *sum)
{
    pthread_join(d->thread, NULL);
    lane_close(&d->l);
    sum->drops += d->sum.drops;
    sum->more_than_one += d->sum.more_than_one;
    sum->beyond += d->sum.beyond;
    sum->restarts += d->sum.restarts;
    for (int i = 0; i < 64; i++) sum->by_ms[i] += d->sum.by_ms[i];
    for (int i = 0; i < DROP_KINDS; i++) {
        sum->kinds[i] += d->sum.kinds[i];
        sum->pulse_after[i] += d->sum.pulse_after[i];
        if (d->sum.worst_us[i] > sum->worst_us[i]) sum->worst_us[i] = d->sum.worst_us[i];
    }
}

void drop_print(const drop_sum *sum)
{
    for (int i = 0; i < DROP_KINDS; i++)
        if (sum->kinds[i])
            printf("  %-22s %6u drops, a pulse after %4u of them, the latest %5.1f ms\n", names[i],
                   sum->kinds[i], sum->pulse_after[i], (double)sum->worst_us[i] / 1e3);
    printf("  %u drops; more than one pulse after %u; later than 50 ms (+ 1.2 ms of measuring) %u; %u "
           "restarts after "
           "faults of the line\n  last pulse, ms after the drop:",
           sum->drops, sum->more_than_one, sum->beyond, sum->restarts);
    for (int i = 0; i < 64; i++)
        if (sum->by_ms[i]) printf(" %d:%u", i, sum->by_ms[i]);
    printf("\n");
}
