/* Run: what transport.c fills and estimate.c reads. */
#ifndef FL_TRANSPORT_RUN_H
#define FL_TRANSPORT_RUN_H

#include "walk.h"

#include <pthread.h>

#define GROUPS 64u

struct fl_transport {
    walk_plan plan;
    walk_layout layout;
    fl_transport_options options; /* borrowed pointers cleared */
    walk_kernel *kernel;
    unsigned lanes;
    fl_exact **exact; /* one a variant, or NULL */

    uint64_t block_photons, blocks_all;
    unsigned batches, groups; /* batches of a block; groups they are added to in turn */
    uint64_t photons, merged, check_at;
    bool met;
    double *group; /* groups * layout.size: sums */
    uint64_t group_photons[GROUPS];

    double *tallies; /* one block a thread */
    pthread_mutex_t lock;
    pthread_cond_t turn;
    uint64_t next, limit; /* blocks to take in this step */
};

/* The largest relative error that counts for the stop rule; INFINITY while unknown. */
double run_worst_error(const fl_transport *run);

#endif
