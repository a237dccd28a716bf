/* Answer: all that `fadeline transport` says about one run, read once and then printed in several forms. */
#ifndef FL_CLI_TRANSPORT_ANSWER_H
#define FL_CLI_TRANSPORT_ANSWER_H

#include "fadeline/transport/beam.h"
#include "fadeline/transport/mci.h"

#include <jansson.h>

#define TRANSPORT_BEAMS 16 /* most in a run */

typedef struct transport_request {
    const char *path, *svg;
    bool json, csv, counted;
    unsigned threads, lanes;
    uint64_t seed;
    double relative_error, roulette, basal_mm;
    unsigned ink_layer;                  /* from 1; 0: none is marked */
    fl_length spots[FL_TRANSPORT_SPOTS]; /* rising, as the run wants them */
    unsigned order[FL_TRANSPORT_SPOTS];  /* spot i as given is spots[order[i]] */
    double given_mm[FL_TRANSPORT_SPOTS];
    unsigned spot_count;
    fl_beam beams[TRANSPORT_BEAMS];
    unsigned beam_count;
} transport_request;

/* A fraction of the light: counted, exact, and how many standard errors apart. NaN: not known. */
typedef struct transport_total {
    fl_estimate counted;
    double exact, apart;
} transport_total;

enum { TRANSPORT_ON_AXIS, TRANSPORT_AVERAGE, TRANSPORT_EDGE, TRANSPORT_PLACES };
extern const char *const transport_places[TRANSPORT_PLACES]; /* "on_axis", "average", "edge" */

typedef struct transport_answer {
    const transport_request *wanted;
    const fl_mci_run *input;
    fl_transport *run;
    fl_exact *own_exact;   /* of a run without depths, which has none itself */
    const fl_exact *exact; /* NULL: none was made */
    double *weights;       /* of beams and places, rings + 2 each: the last is the axis */

    double specular, lost;
    transport_total diffuse, transmitted, absorbed[FL_MEDIUM_LAYERS];
    unsigned cells, cells_inside; /* 0: no fluences were asked for; those with tissue in them */
    double *z_mm;                 /* centres of the cells */
    fl_estimate *wide, *spot;     /* spots as given, cells each */
    fl_estimate *wide_counted;
    double *wide_apart;
    fl_estimate *beam; /* beams, places, cells */

    double seconds;
    fl_transport_progress progress;
} transport_answer;

/* Makes the run (not walked yet) and room for its answer. NULL with the error set. */
transport_answer *transport_answer_new(const fl_mci_run *input, const transport_request *wanted,
                                       fl_error *error);
void transport_answer_free(transport_answer *answer);
void transport_answer_read(transport_answer *answer); /* from the run as it stands */
const fl_estimate *transport_answer_spot(const transport_answer *answer, unsigned spot);
const fl_estimate *transport_answer_beam(const transport_answer *answer, unsigned beam, unsigned place);
/* The worst relative error of the fluences read; INFINITY while one is unknown. */
double transport_answer_worst(const transport_answer *answer);
double
transport_answer_rate(const transport_answer *answer); /* photons per second, NaN when too fast to tell */
/* With --svg: the beam whose map is drawn, the first one named. */
fl_beam transport_map_beam(const transport_request *wanted);

/* Walks to the end, showing progress on a terminal. False: ^C. */
bool transport_walk(transport_answer *answer);

json_t *transport_json(const transport_answer *answer); /* one run as an object */
void transport_text(const transport_answer *answer, size_t index);
void transport_csv(const transport_answer *answer);
/* Draws into wanted->svg; `number` goes into the names of the files, 0 when the file has but one run. */
FL_MUST_USE fl_status transport_svg(const transport_answer *answer, unsigned number, fl_error *error);

#endif
