/* The walk of one run: progress on a terminal, ^C, and with beams the stop rule. */
#include "transport_answer.h"

#include "fadeline/base/clock.h"
#include "fadeline/base/text.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define PROGRESS_AFTER_S 1.0
#define STEP_S                                                                                               \
    0.2 /* a step is as many blocks as take about so long: progress and ^C are answered within it */
#define CHECK_FIRST                                                                                          \
    32 /* blocks, and then a quarter more each time: the same for any threads and step size                  \
        */

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

static double seconds_now(void)
{
    const fl_clock *clock = fl_clock_system();
    return (double)clock->now(clock->self).us / 1e6;
}

/* "known to 1.2 %, 12.0 M photons, 40 s left", on one line of a terminal. */
static void show_progress(const fl_transport_progress *at, double seconds, bool by_error)
{
    char line[120];
    fl_text text = fl_text_in(line, sizeof line);
    if (by_error && isfinite(at->relative_error))
        fl_text_add(&text, "known to %.2g %%, ", 100.0 * at->relative_error);
    fl_text_add(&text, "%.2f M photons", (double)at->photons / 1e6);
    if (at->wanted > at->photons && at->photons)
        fl_text_add(&text, ", %.0f s left", seconds * ((double)at->wanted / (double)at->photons - 1.0));
    fprintf(stderr, "\r%-78s", line);
}

/* Beams: where the next look is, and what the last one saw. */
typedef struct look {
    bool own; /* we look; else the run does */
    uint64_t blocks, at;
    double worst;
    bool met;
} look;

/* One step, cut where the next look is. True while there is more to do. */
static bool step(transport_answer *a, look *l, unsigned blocks)
{
    if (!l->own) return fl_transport_step(a->run, blocks);
    if (blocks > l->at - l->blocks) blocks = (unsigned)(l->at - l->blocks);
    const bool more = fl_transport_step(a->run, blocks);
    l->blocks += blocks;
    if (l->blocks == l->at || !more) {
        transport_answer_read(a);
        l->worst = transport_answer_worst(a);
        l->met = l->worst <= a->wanted->relative_error;
        l->at += l->at / 4;
    }
    return more && !l->met;
}

static fl_transport_progress progress_of(const transport_answer *a, const look *l)
{
    fl_transport_progress p = fl_transport_progress_of(a->run);
    if (!l->own) return p;
    const double wanted = (double)p.photons * pow(l->worst / a->wanted->relative_error, 2);
    p.wanted = l->met                      ? p.photons
               : !isfinite(wanted)         ? 0
               : wanted < (double)p.wanted ? (uint64_t)wanted
                                           : p.wanted;
    p.relative_error = l->worst;
    p.met = l->met;
    return p;
}

bool transport_walk(transport_answer *a)
{
    struct sigaction stop = {.sa_handler = on_interrupt}, before;
    sigaction(SIGINT, &stop, &before);
    const bool terminal = isatty(STDERR_FILENO), by_error = a->wanted->relative_error > 0.0;
    const double start = seconds_now();
    look l = {.own = by_error && a->wanted->beam_count, .at = CHECK_FIRST, .worst = INFINITY};
    double last = start;
    bool shown = false;
    for (unsigned blocks = a->wanted->threads; !interrupted && step(a, &l, blocks);) {
        const double now = seconds_now();
        if (now - last < STEP_S / 2 && blocks < 1u << 20) blocks *= 2;
        if (now - last > STEP_S * 2 && blocks > a->wanted->threads) blocks /= 2;
        last = now;
        if (!terminal || now - start < PROGRESS_AFTER_S) continue;
        const fl_transport_progress progress = progress_of(a, &l);
        show_progress(&progress, now - start, by_error);
        shown = true;
    }
    if (shown) fprintf(stderr, "\r%78s\r", "");
    a->seconds = seconds_now() - start;
    a->progress = progress_of(a, &l);
    sigaction(SIGINT, &before, NULL);
    return !interrupted;
}
