/* Room for one more in a list of ours. */
#ifndef FL_CLIENTS_GROW_H
#define FL_CLIENTS_GROW_H

#include "fadeline/base/status.h"

#include <stdlib.h>

/* `list` points at the pointer. The list is as it was when memory is out. */
static inline fl_status grow(void *list, size_t count, size_t *room, size_t size)
{
    void **at = list;
    if (count < *room) return FL_OK;
    const size_t wanted = *room ? 2 * *room : 16;
    void *more = reallocarray(*at, wanted, size);
    if (!more) return FL_E_MEMORY;
    *at = more;
    *room = wanted;
    return FL_OK;
}

#endif
