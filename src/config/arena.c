#include "tree.h"

#include "fadeline/base/assert.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 16384u

struct arena_block {
    arena_block *before;
    size_t used, size;
    alignas(max_align_t) char bytes[];
};

void *arena_take(arena *from, size_t size)
{
    FL_ASSERT(size <= SIZE_MAX / 4);
    size = (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
    if (!from->last || from->last->size - from->last->used < size) {
        const size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
        arena_block *block = calloc(1, sizeof *block + room);
        FL_ASSERT(block);
        block->before = from->last;
        block->size = room;
        from->last = block;
    }
    void *taken = from->last->bytes + from->last->used;
    from->last->used += size;
    return taken;
}

char *arena_text(arena *from, const char *bytes, size_t length)
{
    char *text = arena_take(from, length + 1);
    if (length) memcpy(text, bytes, length);
    return text;
}

void arena_end(arena *all)
{
    while (all->last) {
        arena_block *block = all->last;
        all->last = block->before;
        free(block);
    }
}
