/* Assets: style, script and icon, embedded by CMake from src/console/assets; all of them. */
#ifndef FL_CONSOLE_ASSETS_H
#define FL_CONSOLE_ASSETS_H

#include <stddef.h>

typedef struct asset {
    const char *name, *type; /* "console.css" */
    const unsigned char *bytes;
    size_t size;
    const char *etag; /* quoted, of the bytes */
} asset;

extern const asset assets[]; /* ends with a row of NULLs; made at configure time */
const asset *assets_find(const char *name);

#endif
