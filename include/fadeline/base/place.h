/* Places: where files live, read whole and written whole or not at all.
 *
 * State lives under $FADELINE_HOME (default $XDG_DATA_HOME/fadeline, else ~/.local/share/fadeline). Data that
 * ships with the program (devices/, profiles/) is looked for under $FADELINE_HOME, then $FADELINE_DATA, then
 * beside the running program (bin/../share/fadeline), then in the share directory it was configured for,
 * then, unless it was built for a package, in the source tree: the clinic's own file wins.
 */
#ifndef FL_BASE_PLACE_H
#define FL_BASE_PLACE_H

#include "fadeline/base/error.h"

#include <stdbool.h>
#include <stddef.h>

#define FL_PLACE_MAX 1024 /* longest path we handle, with its end */

FL_MUST_USE fl_status fl_place_home(char path[FL_PLACE_MAX], fl_error *error); /* not created */
/* What can be made again and may be deleted at any time: $FADELINE_HOME/cache, else $XDG_CACHE_HOME/fadeline,
 * else
 * ~/.cache/fadeline. Not created. */
FL_MUST_USE fl_status fl_place_cache(char path[FL_PLACE_MAX], fl_error *error);
/* Finds e.g. "devices/example-pico.yaml". FL_E_FILE when it is nowhere; the error lists where it was sought.
 */
FL_MUST_USE fl_status fl_place_find(const char *relative, char path[FL_PLACE_MAX], fl_error *error);
/* The n-th directory that fl_place_find would search, NULL past the last. */
const char *fl_place_data_root(unsigned n, char path[FL_PLACE_MAX]);
/* Makes the directory and its parents, mode 0700. */
FL_MUST_USE fl_status fl_place_make(const char *directory, fl_error *error);
bool fl_place_exists(const char *path);

/* Reads a whole file of at most `limit` bytes. *bytes is malloc'ed, has a 0 after its end, and is the
 * caller's. */
FL_MUST_USE fl_status fl_place_read(const char *path, size_t limit, char **bytes, size_t *size,
                                    fl_error *error);
/* Writes a whole file: temporary neighbour, sync, rename, sync of the directory. Old or new, never half. */
FL_MUST_USE fl_status fl_place_write(const char *path, const void *bytes, size_t size, unsigned mode,
                                     fl_error *error);

#endif
