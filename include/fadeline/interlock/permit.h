/* Permit: leave to send one GRANT, for one pulse, soon stale. Only the interlock makes them.
 *
 * The type is opaque on purpose: nobody outside src/interlock can fill one in, copy one or make one older.
 * The link takes it in its send-grant function and spends it there, before the first byte leaves:
 *
 *     if (!fl_permit_spend(permit, now)) return FL_E_REFUSED;     // not live, stale, or spent before
 *     frame = fl_permit_frame(permit);                            // the STAT this grant answers
 *
 * A permit belongs to its core and lives as long as the core. Each tick of the core that does not permit
 * kills it; a tick that goes on permitting moves it to the newest STAT, and a spent permit stays spent until
 * the next token.
 */
#ifndef FL_INTERLOCK_PERMIT_H
#define FL_INTERLOCK_PERMIT_H

#include "fadeline/base/clock.h"
#include "fadeline/base/status.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct fl_permit fl_permit;

/* Live, not spent, and the STAT it answers was asked for less than T_GRANT (40 ms) ago. NULL is never good.
 */
bool fl_permit_is_good(const fl_permit *permit, fl_instant now);
/* Uses it up: true exactly once per token, and only while it is good. */
FL_MUST_USE bool fl_permit_spend(fl_permit *permit, fl_instant now);

uint32_t fl_permit_frame(const fl_permit *permit); /* number of the STAT it answers */
uint64_t fl_permit_token(const fl_permit *permit); /* which token of this core, from 1 */
bool fl_permit_is_for_calibration(const fl_permit *permit);

#endif
