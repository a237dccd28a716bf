/* Bench: a virtual laser, sound or with an edit in its sources, and the conformance script that is run on it,
 * in simulated time.
 *
 *     bench b;
 *     const bench_edit edit = { "gl1_grant.c", "if (field[G].value <= device->kept.g) return \"OLD\";", "" };
 *     if (bench_open(&b, &edit, 1)) bench_run(&b, "grant.old-number", FL_CONFORM_LIGHT, &report);
 *     bench_close(&b);
 */
#ifndef TESTS_CONFORM_BENCH_H
#define TESTS_CONFORM_BENCH_H

#include "plugin/machine.h"

#include "fadeline/link/conform.h"

typedef struct bench_edit {
    const char *file;      /* of src/twin */
    const char *from, *to; /* stands there exactly once */
} bench_edit;

#define BENCH_OUTCOMES 128

typedef struct bench {
    char folder[64], state[80];
    void *library;
    const machine_api *api;
    void *machine;
    int64_t now_us;
    char in[8192]; /* what the laser said and nobody read yet */
    size_t in_size;

    fl_conform_room room;
    uint32_t cannot; /* events this room refuses */
    bool by_hand;    /* a person: may give up */
    unsigned asked;
    int64_t hiccup_us;     /* this computer stands still for so long, */
    unsigned hiccup_every; /* before each so many frames; 0: never */

    const char *only; /* name of the one check, or NULL */
    unsigned count;
    struct {
        const fl_conform_check *check;
        fl_conform_result result;
        unsigned tries, pulses;
        char text[560];
    } outcomes[BENCH_OUTCOMES];
    void (*said)(struct bench *b, const char *bytes,
                 size_t size); /* hears every frame of the host; may be NULL */
    unsigned seen;
} bench;

/* Builds and loads the machine; prints why and returns false when an edit does not fit or does not compile.
 */
bool bench_open(bench *b, const bench_edit *edits, size_t count);
void bench_close(bench *b);
fl_status bench_run(bench *b, const char *only, fl_conform_class up_to, fl_conform_report *report);
bool bench_failed(const bench *b, const char *name, const char **text);

#endif
