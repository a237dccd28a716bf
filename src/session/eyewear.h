/* Eyewear: does what is printed on these goggles protect at this wavelength?
 *
 * Reads the marks as they stand on the frame: "755 OD7 M LB9", "730-1085 OD 7+ DIRM LB7". Needs all three:
 * the wavelength (or a range that covers it), an optical density not below the plan's, and the letter M,
 * without which the filter was not tested with pulses shorter than a nanosecond. What cannot be read protects
 * from nothing.
 *
 * Pure.
 */
#ifndef FL_SESSION_EYEWEAR_H
#define FL_SESSION_EYEWEAR_H

#include "fadeline/base/error.h"

#include <stdint.h>

/* FL_OK, or FL_E_NO with what is missing. */
FL_MUST_USE fl_status fl_eyewear_check(const char *marks, uint64_t wavelength_nm, double od, fl_error *error);

#endif
