/* A proxy between a client and the server's socket that cuts the line after so many bytes, in either
 * direction. */
#ifndef FL_TESTS_HUB_HELPER_PROXY_H
#define FL_TESTS_HUB_HELPER_PROXY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROXY_UP 0   /* what the client says */
#define PROXY_DOWN 1 /* what the server says */

void proxy_start(void);
void proxy_stop(void);
/* Counts from 0 again. Cuts once when `limit` bytes went in that direction (UINT64_MAX: never), then lets all
 * new connections through, or refuses them when `stays` is set. `at_cut` runs before the line goes, or NULL.
 */
void proxy_arm(int direction, uint64_t limit, bool stays, void (*at_cut)(void));
bool proxy_has_cut(void);
uint64_t proxy_bytes(int direction);
/* Where messages ended since proxy_arm, as byte counts of that direction. */
size_t proxy_marks(int direction, uint64_t *marks, size_t room);
const char *proxy_uri(const char *database, const char *login, char room[256]);

#endif
