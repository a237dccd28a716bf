/* Attack: faces that mean harm, each a thread, for as long as it lasts. They share the socket with the person
 * whose session it is and may not be felt in it.
 *
 *     attack a;
 *     attack_begin(&a, socket_path);
 *     ...
 *     attack_end(&a);      // a.dials, a.orders: what was tried
 */
#ifndef FL_TESTS_SESSION_HELPER_ATTACK_H
#define FL_TESTS_SESSION_HELPER_ATTACK_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

typedef struct attack {
    char path[108];
    atomic_bool over;
    atomic_ulong dials, orders, bytes;
    pthread_t threads[4];
} attack;

void attack_begin(attack *a, const char *socket_path);
void attack_end(attack *a);

#endif
