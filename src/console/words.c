#include "words.h"

#include "fadeline/base/assert.h"

static const char *const texts[WORDS][LANGUAGES] = {
#define X(id, english, french) {english, french},
    WORD_LIST(X)
#undef X
};

const char *word_in(language l, word w)
{
    FL_ASSERT(l < LANGUAGES && w < WORDS);
    return texts[w][l];
}

const char *language_code(language l)
{
    return l == FRENCH ? "fr" : "en";
}
