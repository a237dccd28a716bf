/* Kinds: the table of disturbances. What is done, how it is undone, and what must be true afterwards. */
#ifndef FL_TESTS_DISTURB_HELPER_KINDS_H
#define FL_TESTS_DISTURB_HELPER_KINDS_H

#include "helper_lane.h"

typedef enum kind_promise {
    KIND_DIES,    /* control is gone afterwards */
    KIND_DISARMS, /* if it was armed, it is not any more; pulses are counted from the act on */
    KIND_LATER,   /* the same, but not at once; pulses are counted from when control stands down */
    KIND_IF_MET,  /* as KIND_DISARMS, as soon as one call met the fault (page.hits) */
    KIND_ANY,     /* it depends on how long it lasts; pulses are counted from when control stands down */
    KIND_GOES_ON  /* nothing comes of it */
} kind_promise;

typedef struct kind {
    const char *name;
    unsigned weight; /* how many of a hundred or so instants are of this kind */
    kind_promise promise;
    int watch_ms; /* how long to look at what comes of it */
    void (*act)(lane *l);
    void (*undo)(lane *l); /* NULL: nothing to undo, or done in act */
    bool ends;             /* what is left of the process afterwards is ended by us */
} kind;

#define KIND_COUNT 23
extern const kind kinds[KIND_COUNT];

#endif
