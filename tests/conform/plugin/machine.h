/* Machine: the whole virtual laser (device core, room, memory) as a plug-in, in simulated time. The test
 * loads one built from the sources as they are, and others with one line of them made wrong. */
#ifndef TESTS_CONFORM_MACHINE_H
#define TESTS_CONFORM_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct machine_api {
    /* state_path: the file that survives. put: what the laser says. NULL when it cannot be. */
    void *(*make)(const char *state_path, void *self,
                  void (*put)(void *self, const char *bytes, size_t size));
    void (*tick)(void *machine, uint64_t ms);
    void (*heard)(void *machine, const char *bytes, size_t size);
    bool (*say)(void *machine, const char *line); /* a line of the room */
    uint64_t (*light)(void *machine);             /* flashes that really came out */
    bool (*committed)(void *machine);             /* does it hold a commitment? */
    void (*unmake)(void *machine);
} machine_api;

const machine_api *machine_get(void);

#endif
