/* Fold: what the spellings of one name share. */
#ifndef FL_CLIENTS_FOLD_H
#define FL_CLIENTS_FOLD_H

#include <stdbool.h>

/* Compatibility forms taken apart (NFKD), marks and letters without a form of their own left out, capitals
 * made small. Goes to fold_free, which wipes it. Glib stops the process when there is no memory; only the
 * commands that people type link it, not fadeline-control. */
char *fold(const char *text);
void fold_free(char *folded);

/* `word`, folded, as a whole word of `text`, folded; anywhere when its letters stand without blanks between
 * words. */
bool fold_stands_in(const char *text, const char *word);

#endif
