/* Seal: was this plan made by this installation?
 *
 * plan_sha256 shows that a plan was not damaged; whoever changes a plan can compute it anew. The seal is an
 * HMAC-SHA256 (RFC 2104) over plan_sha256 with 32 secret bytes that stay in the home: it cannot be made
 * without them. `fadeline plan --out` seals, a session opens sealed plans only.
 *
 *     status = fl_plan_seal_here(home, plan, &error);      // after fl_plan_seal, before writing
 *     status = fl_plan_sealed_here(home, plan, &error);    // FL_E_FILE, code plan-not-sealed
 *
 * The trap: the secret keeps out hands that may write plan files but not read the home. Who may read the
 * home can seal anything.
 */
#ifndef FL_COURSE_SEAL_H
#define FL_COURSE_SEAL_H

#include "fadeline/course/plan.h"

#define FL_PLAN_SECRET 32 /* bytes */

/* The secret itself, made when it is not there yet: for what else must come from this installation. */
FL_MUST_USE fl_status fl_plan_secret_here(const char *home, uint8_t secret[FL_PLAN_SECRET], fl_error *error);
/* Makes home and secret (plan.secret, 0600) when they are not there yet. */
FL_MUST_USE fl_status fl_plan_seal_here(const char *home, fl_plan *plan, fl_error *error);
/* Never makes a secret: a home without one has sealed nothing. */
FL_MUST_USE fl_status fl_plan_sealed_here(const char *home, const fl_plan *plan, fl_error *error);

#endif
