/* Keys: what a person at the live screen presses, as orders.
 *
 * Stopping is one touch from anywhere and never asks: while the laser is armed every key is STANDBY, whatever
 * was being typed. Arming is a hold of a second. The other keys begin an order that the person completes; it
 * is read by the same rules as a line of a script (run_script.h). A PIN is never shown. A near miss is two keys, m and 1 to 4;
 * m while armed is STANDBY as well.
 */
#ifndef FL_CLI_RUN_KEYS_H
#define FL_CLI_RUN_KEYS_H

#include "fadeline/base/clock.h"
#include "fadeline/session/face_client.h"

typedef struct run_keys {
    char line[160];  /* the order being typed, "" when none */
    char shown[170]; /* the same for the screen, with stars for a PIN */
    fl_error fault;  /* of the last order that could not be read; status FL_OK: none. Taken by the caller */
    fl_instant hold_since, hold_last;
    bool armed_by_hold; /* the key that armed is still down */
    int hold_percent;
    bool near_miss; /* the next key chooses which: 1 to 4 */
} run_keys;

/* False when the person wants to leave. */
bool run_keys_press(run_keys *keys, fl_face_client *client, char key, fl_instant now);
/* Forgets a hold that was let go. */
void run_keys_tick(run_keys *keys, fl_instant now);

#endif
