/* Heap count: how often the calling thread asked the heap for memory or gave some back, since it began.
 *
 * Between ARMING and STANDBY nothing allocates on the tick's thread. That is a promise about every library
 * below us as well, so it is counted in the program that runs, not in a test beside it: this file takes the
 * place of malloc and its relatives for the whole process and passes every call on to the C library.
 *
 * Under a sanitizer the sanitizer owns malloc; then its hooks count.
 */
#ifndef FL_CONTROL_HEAP_COUNT_H
#define FL_CONTROL_HEAP_COUNT_H

#include <stdbool.h>
#include <stdint.h>

bool heap_count_begin(void); /* before threads; false: calls cannot be counted in this build */
uint64_t heap_count(void);   /* of the calling thread */

#endif
