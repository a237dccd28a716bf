/* Match: does this sentence come from that format, and with which values? Private to french. */
#ifndef FL_FRENCH_MATCH_H
#define FL_FRENCH_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#define MATCH_HOLES 12

typedef struct match_hole {
    const char *at;
    size_t size;
    bool number; /* of a conversion that prints a number */
} match_hole;

typedef struct match {
    match_hole holes[MATCH_HOLES];
    size_t count;
    unsigned steps; /* that are left: a sentence with many readings is given up, not waited for */
    bool (*accepts)(struct match *m, void *self); /* of a whole reading; false: look for another one */
    void *self;
} match;

/* Whether some way to read `text` (so many bytes) as printed by `format` is accepted. The first letter may
 * differ in case. */
bool match_format(match *m, const char *format, const char *text, size_t size);
/* How many values a format has; *numbers has a bit for each that is a number. */
size_t match_holes(const char *format, unsigned *numbers);

#endif
