/* French: what the program says in English, said in the French of Canada.
 *
 * Control, the planner, the audit and the readers of files speak English: their sentences stand in plans, in
 * journals and on sockets, and are the same on every machine. A screen or a paper in French asks here what
 * such a sentence is. A catalogue of pairs holds the English format, as it stands in the source, beside a
 * French one. A sentence that was made from that format is recognised, its values are taken out and put into
 * the French one: decimal comma, thousands by a narrow space, "18 h 30", no-break spaces before units and
 * colons.
 *
 *     char room[FL_FRENCH];
 *     if (fl_french("a pulse had 199.8 mJ, 210.0 mJ were asked", room, sizeof room))
 *         puts(room);          // une impulsion a eu 199,8 mJ, on en demandait 210,0 mJ
 *
 * The trap: what is not recognised is false, never a guess. The caller shows the English and marks it
 * (lang="en"). Several sentences are recognised one by one, or none of them: half a translation would be
 * worse than none.
 */
#ifndef FL_FRENCH_FRENCH_H
#define FL_FRENCH_FRENCH_H

#include <stdbool.h>
#include <stddef.h>

#define FL_FRENCH 2048 /* room that is enough for any sentence of ours */

/* false: not known, and room holds "". Allocates nothing, knows no locale, safe from any thread. */
bool fl_french(const char *english, char *room, size_t size);

/* The space that must not break where `space` points at a blank behind the letter `before` (0: none): before : % » and units,
 * and behind «. NULL: it is a plain one. Canadian usage has none before ; ! and ?. */
const char *fl_french_gap(char before, const char *space);

/* Why a plan says what it says, one row a code: without numbers, for a client's paper and for what is not
 * recognised. */
typedef enum fl_whom {
    FL_WHOM_NOBODY,
    FL_WHOM_PHYSICIAN,
    FL_WHOM_DERMATOLOGIST,
    FL_WHOM_OPHTHALMOLOGIST,
    FL_WHOM_SURGEON,
    FL_WHOM_COUNT
} fl_whom;

typedef struct fl_reason_words {
    const char *code, *text, *change; /* French; change NULL: nothing is said */
    fl_whom whom;
} fl_reason_words;
const fl_reason_words *fl_reason_words_of(const char *code); /* NULL: a clinic's own code */

/* The catalogue, for tests. NULL past the end. In the French, {1} is the first value of the English format;
 * {1!} as it stands, whatever it is (a name, what somebody typed); {1?est|sont} one of two by its number,
 * {1?|s} an ending. */
typedef struct fl_french_pair {
    const char *english, *french;
} fl_french_pair;
const fl_french_pair *fl_french_pair_at(size_t n);

#endif
