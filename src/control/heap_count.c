#include "heap_count.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

static _Thread_local uint64_t calls;

uint64_t heap_count(void)
{
    return calls;
}

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__

/* The header that declares it is not in every compiler's package. */
int __sanitizer_install_malloc_and_free_hooks(void (*took)(const volatile void *, size_t),
                                              void (*gave)(const volatile void *));

static void took(const volatile void *memory, size_t size)
{
    (void)memory;
    (void)size;
    calls++;
}

static void gave(const volatile void *memory)
{
    (void)memory;
    calls++;
}

bool heap_count_begin(void)
{
    return __sanitizer_install_malloc_and_free_hooks(took, gave) != 0;
}

#elif defined __GLIBC__

#include <malloc.h>

/* The C library's own doors, exported for this purpose. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void __libc_free(void *memory);
void *__libc_memalign(size_t alignment, size_t size);

bool heap_count_begin(void)
{
    return true;
}

void *malloc(size_t size)
{
    calls++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    calls++;
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    calls++;
    return __libc_realloc(memory, size);
}

void free(void *memory)
{
    if (memory) calls++; /* free(NULL) touches nothing */
    __libc_free(memory);
}

void *memalign(size_t alignment, size_t size)
{
    calls++;
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
    if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || !alignment) return EINVAL;
    void *made = memalign(alignment, size);
    if (!made) return ENOMEM;
    *memory = made;
    return 0;
}

#else

bool heap_count_begin(void)
{
    return false;
}

#endif
