/* The thirty-five sentences of section 7 of the interlock reference, read a third time. */
#ifndef FL_TESTS_INTERLOCK_VERDICTS_SENTENCES_H
#define FL_TESTS_INTERLOCK_VERDICTS_SENTENCES_H

#include "fadeline/interlock/step.h"

/* Bit n-1 is set when sentence n is broken by going from `from` to `to` with these outputs. For a damaged
 * `from` only I20 speaks. */
uint64_t sentences_broken(fl_interlock_state from, uint32_t word, fl_interlock_state to,
                          fl_interlock_outputs outputs);

#endif
