/* Verifies a journal with the library, as `fadeline journal verify` does: every entry, every root, every
 * signature.
 *
 *     cc verify.c $(pkg-config --cflags --libs fadeline) -o verify && ./verify JOURNAL [CHECKPOINT]
 *
 * Without a checkpoint that was kept elsewhere, an end that was cut off together with its signatures does not
 * show.
 */
#include "fadeline/journal/verify.h"
#include "fadeline/base/place.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    fl_error error = {0};
    static fl_verify_report report; /* large */
    char *kept = NULL;
    size_t size;
    if (argc < 2 || argc > 3) return fprintf(stderr, "usage: verify JOURNAL [CHECKPOINT]\n"), 2;
    if (argc == 3 && fl_place_read(argv[2], FL_NOTE_MAX, &kept, &size, &error) != FL_OK) {
        fl_error_print(stderr, &error);
        return fl_status_exit(error.status);
    }

    const fl_verify_options options = {.outside = (const char *const *)&kept, .outside_count = kept ? 1 : 0};
    const fl_status status = fl_verify(argv[1], &options, &report, &error);
    free(kept);
    if (status != FL_OK && !report.damaged) { /* there is no journal here, or it cannot be read */
        fl_error_print(stderr, &error);
        return fl_status_exit(status);
    }
    printf("%s%s: %s\n", report.simulated ? "SIMULATED " : "", report.damaged ? "DAMAGED" : "intact",
           report.what);
    printf("  %llu entries, %llu pulses; signed by %s\n", (unsigned long long)report.entries,
           (unsigned long long)report.pulses, report.vkey);
    return fl_status_exit(status);
}
