/* Drop: something only the host knows goes bad while the laser fires, at an instant of chance, over and over:
 * how long after that may a pulse still come? The interlock says one tick and the life of a grant, 50 ms.
 *
 * Begins: the instant before the order is written to the socket, or before the socket of the face that armed
 * is closed. Ends: the laser's own millisecond in which it fired, at its end (helper_tap.h), so the error of
 * measuring is DROP_ERROR_US at the most, and to the safe side. Half of the instants aim at the moment when
 * the next grant is about to be made.
 */
#ifndef FL_TESTS_SESSION_HELPER_DROP_H
#define FL_TESTS_SESSION_HELPER_DROP_H

#include "helper_lane.h"

#include "fadeline/base/random.h"

#define DROP_BOUND_US 50000
#define DROP_ERROR_US 1200 /* the laser's millisecond, and 0.2 ms for its beginning */

typedef enum drop_kind { DROP_STANDBY, DROP_FACE_DIES, DROP_SIGN_OUT, DROP_KINDS } drop_kind;

typedef struct drop_sum {
    unsigned drops, kinds[DROP_KINDS];
    unsigned pulse_after[DROP_KINDS]; /* drops after which one more pulse came */
    int64_t worst_us[DROP_KINDS];
    unsigned more_than_one, beyond; /* pulses later than bound and error */
    unsigned by_ms[64];             /* of the last pulse after its drop, whole ms; the last: and later */
    unsigned restarts;              /* the line was late, a fault: a new process */
} drop_sum;

typedef struct drop_options {
    const char *people, *place;
    bool no_real_time;
    bool idle; /* the order that is given drops nothing: what the measuring must notice */
    unsigned drops, index;
    int64_t until_us; /* 0: until all are done */
    uint64_t seed;
} drop_options;

typedef struct drop_lane {
    lane l;
    drop_options options;
    fl_random random;
    drop_sum sum;
    pthread_t thread;
} drop_lane;

bool drop_begin(drop_lane *d, const drop_options *options);
void drop_end(drop_lane *d, drop_sum *sum); /* waits, closes, adds */
void drop_print(const drop_sum *sum);

#endif
