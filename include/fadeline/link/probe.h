/* Probe: who is at this port? Asks `*IDN?`, which every state of the device allows, and nothing else.
 *
 *     fl_link_identity who;
 *     if (fl_link_probe("/dev/ttyUSB0", &(fl_carrier_options){ 0 }, &who, &error) == FL_OK)
 *         printf("%s %s, %s\n", who.maker, who.model, who.identity);
 */
#ifndef FL_LINK_PROBE_H
#define FL_LINK_PROBE_H

#include "fadeline/link/carrier.h"

#define FL_IDENTITY_MAX 48 /* longest part of an identity answer that we read */

typedef struct fl_link_identity {
    char maker[FL_IDENTITY_MAX + 1], model[FL_IDENTITY_MAX + 1];
    char identity[FL_IDENTITY_MAX + 1], version[FL_IDENTITY_MAX + 1];
    bool simulated; /* identity begins with "SIM": what it calls itself, on whatever line */
    bool simulated_line; /* fl_link_probe: the line carries simulated devices only, so it is one */
} fl_link_identity;

/* Reads `maker,model,identity,version` without its LF: printable ASCII, four parts, none empty but the maker,
 * model and version. FL_E_DEVICE, leaving *who alone, for anything else. Pure. */
FL_MUST_USE fl_status fl_link_identity_read(const char *line, size_t size, fl_link_identity *who);

/* Opens the port, asks, closes it. Waits at most options->identify_ms (0: FL_CARRIER_IDENTIFY_MS).
 * FL_E_TIMEOUT when nobody answers, FL_E_DEVICE when the answer is no identity. */
FL_MUST_USE fl_status fl_link_probe(const char *path, const fl_carrier_options *options,
                                    fl_link_identity *who, fl_error *error);

#endif
