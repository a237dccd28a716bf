/* MCI: the plain-text input of the classic layered Monte Carlo program, file version 1.0.
 *
 * Several runs a file; `#` starts a comment; lengths in cm, coefficients in 1/cm. All faults that can be
 * found are reported at once, each with line, column and a hint. The output name and the number of radial and
 * angular cells are read and checked, and then not used: we print to stdout, and spots are asked for by
 * diameter.
 *
 *     1.0                       # file version
 *     1                         # number of runs
 *     out.mco A                 # output file, format A or B (read, not used)
 *     1000000                   # photons
 *     0.01 0.01                 # dz, dr [cm]
 *     40 50 1                   # cells of z, r and angle
 *     1                         # layers
 *     1.0                       # n above
 *     1.5  10  90  0.75  0.02   # n, mua, mus, g, d
 *     1.0                       # n below
 */
#ifndef FL_TRANSPORT_MCI_H
#define FL_TRANSPORT_MCI_H

#include "fadeline/base/error.h"
#include "fadeline/transport/medium.h"

#include <stddef.h>
#include <stdint.h>

#define FL_MCI_FAULTS 50 /* most complaints kept; reading stops there */
#define FL_MCI_RUNS 1000 /* most runs a file */
#define FL_MCI_BYTES (4 << 20)

typedef struct fl_mci_run {
    char output[256];
    char format; /* 'A' or 'B' */
    uint64_t photons;
    fl_length dz, dr;
    unsigned z_cells, r_cells, angle_cells;
    fl_medium medium; /* one variant */
    unsigned line;    /* where the run begins */
} fl_mci_run;

typedef struct fl_mci {
    fl_mci_run *runs;
    size_t count;
} fl_mci;

typedef struct fl_mci_faults {
    fl_error fault[FL_MCI_FAULTS];
    size_t count;
} fl_mci_faults;

/* Reads a whole file held in memory (0-terminated after `size` bytes); `name` goes into the complaints.
 * FL_E_FILE when there is any fault (then *mci is untouched and faults->count > 0), FL_E_MEMORY. Never reads
 * a file itself. */
FL_MUST_USE fl_status fl_mci_read(const char *name, const char *text, size_t size, fl_mci *mci,
                                  fl_mci_faults *faults);
void fl_mci_free(fl_mci *mci);

#endif
