/* Endpoint: what a person sees on the skin after pulses, and what follows from it.
 *
 *     seen        look   lock   stop   pause
 *     none         yes                          a look that lets zones follow the test spots
 *     frost        yes
 *     weak         yes
 *     bleed                      x      x       five minutes; no good look (acceptance story 7)
 *     darkened            x      x              a zone: locked. a test spot: its setting is barred
 *     hair-white          x      x
 *     spark               (x)    x              bars the setting of a test spot, locks no zone
 *
 * The same table is read when it is ordered and, after a restart, from the journal.
 */
#ifndef FL_SESSION_ENDPOINT_H
#define FL_SESSION_ENDPOINT_H

#include <stdbool.h>

#define FL_ENDPOINT_PAUSE_US 300000000 /* after bleeding */

typedef struct fl_endpoint {
    const char *seen;
    bool look;  /* a look at the test spots after which zones may follow */
    bool lock;  /* of a zone: no pulse there again under this plan or on this day */
    bool bar;   /* of a test spot: nothing with its wavelength and spot */
    bool stop;  /* STANDBY at once */
    bool pause; /* five minutes */
} fl_endpoint;

const fl_endpoint *fl_endpoint_find(const char *seen); /* NULL: none we know */

#endif
