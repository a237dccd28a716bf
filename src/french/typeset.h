/* Typeset: numbers, times and spaces as French (Canada) sets them. Private to french. */
#ifndef FL_FRENCH_TYPESET_H
#define FL_FRENCH_TYPESET_H

#include "fadeline/base/text.h"

/* One word of a value: 1.59 is 1,59; 26732 is 26 732 (narrow); 18:30 is 18 h 30; anything else stays. */
void typeset_word(fl_text *out, const char *word, size_t size);
/* No-break spaces before : % » and units, and after «. false: no room; *room is then "". */
bool typeset(const char *plain, char *room, size_t size);

#endif
