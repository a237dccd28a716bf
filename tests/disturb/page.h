/* Page: what a lane tells the library that is preloaded into its control process, in one shared page of
 * memory (a file in the lane's folder, named by FL_DISTURB_PAGE).
 *
 * A fault holds from the moment its mode is stored; a call that is already inside the kernel is not undone.
 */
#ifndef FL_TESTS_DISTURB_PAGE_H
#define FL_TESTS_DISTURB_PAGE_H

#include <stdatomic.h>

/* Looking at a PIN takes a tenth of a second of a processor, and here somebody signs in every few seconds in
 * many lanes at once. The lanes' people files are made, and looked at, with this N instead of 32768. */
#define PAGE_SCRYPT_N 16

#define PAGE_VARIABLE "FL_DISTURB_PAGE"
#define PAGE_BELOW "/journal-simulated/" /* only files below such a directory meet a disk fault */

typedef enum page_mode {
    PAGE_NONE,
    PAGE_FULL,        /* ENOSPC; the first write takes half of its bytes, as a disk does that fills up */
    PAGE_READ_ONLY,   /* EROFS, also for opening to write */
    PAGE_SYNC_ERROR,  /* EIO from fsync and fdatasync */
    PAGE_WRITE_ERROR, /* EIO from write and pwrite */
    PAGE_SLOW_SYNC,   /* fsync and fdatasync take delay_us more */
    PAGE_SLOW_WRITE,  /* write and pwrite do */
    PAGE_LOW          /* statvfs says that nearly nothing is free; writing goes on */
} page_mode;

typedef struct page {
    _Atomic int mode, delay_us;
    _Atomic unsigned hits;              /* calls that met the fault since it was set */
    _Atomic long long wall_us, boot_us; /* added to CLOCK_REALTIME and to CLOCK_BOOTTIME */
} page;

#endif
