/* Control: the process that conducts a session. A program of its own (src/control/main.c), so that a screen
 * that hangs or dies takes nothing with it.
 *
 *     fl_control_options options = { .plan = "plan.json", .port = "/dev/ttyUSB0", .socket =
 * "/run/.../fadeline.sock" }; return fl_control_run(&options);        // exit code of the contract
 *
 * A check of the laser is a session too: options.calibration instead of a plan (calibration.h), the handpiece
 * in its dock, purpose C in every grant, the mark `begun` of energy.h durable before the first one. Whoever
 * started it reads the meter and writes the verdict when this process has left.
 *
 * It opens everything, locks its memory, asks for real-time scheduling (and tells the faces when it is
 * refused), listens on the socket, and leaves on the order `end`, on SIGTERM or SIGINT, when a line
 * is gone, or when no face was there for half a minute while nothing was armed. A laser whose identity begins
 * with SIM writes only into the simulated journal; another never does.
 */
#ifndef FL_SESSION_CONTROL_H
#define FL_SESSION_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

typedef struct fl_control_options {
    const char *plan, *socket;
    const char *port;       /* of the laser, or of the gate of one that takes no grants itself */
    const char *laser_port; /* of the laser behind that gate; NULL: there is none */
    /* Instead of a plan: a check of the laser in its calibration port, with the handpiece docked; NULL: none.
     */
    const struct fl_calibration_wish *calibration;
    bool training; /* an exercise: a real laser is refused before its line is opened */
    const char *date; /* NULL: today; another day for simulated lasers only */
    /* Heap calls of the calling thread so far (src/control/heap_count.h); NULL: nobody counts them, and no
     * face is told armed_allocations. */
    uint64_t (*heap_calls)(void);
} fl_control_options;

int fl_control_run(const fl_control_options *options);

#endif
