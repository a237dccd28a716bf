/* Consent: before the conformance script arms a real laser, a person reads what it does and types its
 * identity. */
#ifndef FL_CLI_CONFORM_CONSENT_H
#define FL_CLI_CONFORM_CONSENT_H

#include "fadeline/link/conform.h"
#include "fadeline/link/probe.h"

#include <stdio.h>

/* True at once for dark checks and for a simulated laser; else only when one line on `in` is the identity to
 * the letter. Nothing has been sent to the laser by then but *IDN?. */
bool conform_consent(int in, FILE *out, const fl_link_identity *who, fl_conform_class up_to);

#endif
