/* Eyewear: does what is printed on these goggles protect at this wavelength?
 *
 * Marks belong to the wavelength printed before them, and are read so, band by band:
 *
 *     755 OD7 M LB9                          one wavelength
 *     532 OD2 730-1085 OD 7+ DI LB9 + M LB8Y two bands; 1064 nm is protected by the second alone
 *     OD7 M LB9                              no wavelength printed or typed first: that of the order
 *
 * Three things are needed at the wavelength, all from bands that cover it: the plan's optical density, the
 * plan's mode letter (M: tested with pulses below a nanosecond), and no LB below the plan's. Of marks that
 * stand twice the lower one counts. One word that is not understood, and the eyewear protects from nothing:
 * it might have been the next band.
 *
 * Pure.
 */
#ifndef FL_SESSION_EYEWEAR_H
#define FL_SESSION_EYEWEAR_H

#include "fadeline/base/error.h"
#include "fadeline/course/plan.h"

/* `need` is the plan's row for the ordered wavelength. FL_OK, or FL_E_NO with what is missing, in numbers. */
FL_MUST_USE fl_status fl_eyewear_check(const char *marks, const fl_plan_eyewear *need, fl_error *error);

#endif
