/* Said: what a person says at the end of a session that no machine sees, in few fixed words.
 *
 *     about        said                                                            in the journal: note, text = about
 *     pain         0 to 10                                                         score
 *     reaction     none, or of: erythema oedema purpura blister burn frosting bleeding crust
 *                  darkening allergy hair-white other                              seen
 *     cooling      none, or of: air ice gel                                        seen
 *     anaesthetic  none, or of: lidocaine lidocaine-prilocaine tetracaine other    seen
 *     aftercare    which version of the text was given: smp-4                      version
 *     photos       of: 0-min 15-min, taken after the last pulse                    seen
 *
 * Several words, each once, are written in the order of the table: the same said twice is the same entry. `none` stands
 * alone. There is no free text: whoever conducts does not know who the client is, so it could not tell a name. A version
 * has a digit in it and no blank, which no name has. A wrong one stays; a correction is said again, or
 * `fadeline record correction` names the entry.
 *
 *     fl_said said;
 *     if (fl_said_read("reaction", "oedema erythema", &said, &error) == FL_OK) fl_said_put(&said, entry);
 *
 * The same for a near miss: four choices, and the words of the journal.
 */
#ifndef FL_SESSION_SAID_H
#define FL_SESSION_SAID_H

#include "fadeline/base/error.h"
#include "fadeline/journal/entry.h"

#define FL_SAID_TEXT 128

typedef struct fl_said {
    const char *about; /* "reaction" */
    const char *key;   /* "seen", "version" or "score" */
    char text[FL_SAID_TEXT];
    int score; /* of pain */
} fl_said;

/* FL_E_NO, code note-unknown: with the words there are as the hint. Allocates nothing. */
FL_MUST_USE fl_status fl_said_read(const char *about, const char *said, fl_said *out, fl_error *error);
/* `text` and what was said, into a begun note. */
void fl_said_put(const fl_said *said, fl_entry *note);
/* One of these for each about, in the order of the table; NULL after the last. `words`: blanks between. */
const char *fl_said_about(size_t index, const char **words);

#define FL_NEAR_MISSES 4
/* The choice with this number, 1 to 4, as the journal has it: "wrong spot", eyewear, zone, other. NULL: none. */
const char *fl_near_miss(unsigned number);
/* The same by number ("1") or by word; "wrong-spot" is "wrong spot". NULL: none of the four. */
const char *fl_near_miss_find(const char *said);

#endif
