#include "fadeline/clients/names.h"

#include "db.h"
#include "fold.h"

#include "fadeline/base/text.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

/* ---- words of a name ---- */

static bool is_one_of(const char *word, const char *list)
{
    const size_t length = strlen(word);
    for (const char *at = list; (at = strstr(at, word)); at += length)
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || !at[length])) return true;
    return false;
}

/* They stand in too many names to name anybody. */
static bool is_particle(const char *word)
{
    return is_one_of(
        word, "de la le les du des van von vom der den dem di da do dos das del della el al bin ibn ben bat "
              "af av zu zur zum ter ten the and et y e san st ste saint mac mc dr mr mrs ms mme");
}

/* Words of the language that people also bear as names, as far as they come up where skin is talked of. */
static bool is_everyday(const char *word)
{
    return is_one_of(
        word, "an as at be do go he ha ho in is it ma me my no on or so to up us we "
              "art august april best bill black blue bond bright brown burn burns cook cross day dark dawn "
              "dean early english faith fair fine frank free french glass good grace grant gray green grey "
              "hand hands hart hay head heart hill hope hunt joy june king lake lamb lane laser law light "
              "little long love low lane mark marks marsh may miles moon more new north old olive page park "
              "patch paul peach penny pink pool power price pulse red rich rose round ruby sand sharp short "
              "silver skin small smart snow south spot spots star stark stone strong summer sun sweet test "
              "violet wall ward water weaver wells west white will winter wise wood woods young zone "
              "blanc brun charbonnier claire jaune le noir petit rouge roux vert");
}

typedef struct naming {
    const char *sentence; /* folded */
    bool own;             /* of the client the sentence is about */
    unsigned everyday;    /* words that count beside another one */
} naming;

/* A word of the name as it is stored, with its marks: *at goes behind it. False at the end. */
static bool next_word(const char **at, char word[FL_NAME_MAX + 1])
{
    size_t length = 0;
    while (**at && !g_unichar_isalnum(g_utf8_get_char(*at))) *at = g_utf8_next_char(*at);
    while ((*at)[length]) {
        const gunichar letter = g_utf8_get_char(*at + length);
        if (!g_unichar_isalnum(letter) && !g_unichar_ismark(letter)) break;
        length = (size_t)(g_utf8_next_char(*at + length) - *at);
    }
    snprintf(word, FL_NAME_MAX + 1, "%.*s", (int)length, *at);
    *at += length;
    return length > 0;
}

static bool word_names(naming *n, const char *word)
{
    char *folded = fold(word);
    const long letters = g_utf8_strlen(folded, -1);
    bool names = letters >= 2 && !is_particle(folded) && fold_stands_in(n->sentence, folded);
    if (names && is_everyday(folded) && !(n->own && letters >= 3)) names = n->everyday++ > 0;
    fold_free(folded);
    return names;
}

static bool names(naming *n, const fl_identity *who, char word[FL_NAME_MAX + 1])
{
    for (const char *at = who->name; next_word(&at, word);)
        if (word_names(n, word)) return true;
    if (strlen(who->contact) < 5) return false;
    char *contact = fold(who->contact);
    const bool found = strstr(n->sentence, contact) != NULL;
    fold_free(contact);
    if (found) snprintf(word, FL_NAME_MAX + 1, "%.*s", FL_NAME_MAX, who->contact);
    return found;
}

bool fl_identity_is_in(const fl_identity *identity, const char *sentence, char word[FL_NAME_MAX + 1])
{
    char *folded = fold(sentence);
    naming n = {.sentence = folded, .own = true};
    const bool is = names(&n, identity, word);
    fold_free(folded);
    return is;
}

/* ---- all clients ---- */

static fl_status say(const char *what, const fl_named *named, bool own, fl_error *error)
{
    fl_error_set(error, FL_E_NO, "%s names %s ('%s'), and the journal keeps for ever", what,
                 own ? "the client" : named->code, named->word);
    fl_error_code(error, "name-in-text");
    return fl_error_hint(error, "write %s instead", named->code), FL_E_NO;
}

/* An identity that is not ours to read (another version's) is compared as it stands, as one name. */
static void read_row(sqlite3_stmt *row, fl_identity *who)
{
    char text[FL_IDENTITY_MAX];
    snprintf(text, sizeof text, "%.*s", sqlite3_column_bytes(row, 1),
             (const char *)sqlite3_column_blob(row, 1));
    if (fl_identity_read(text, who) != FL_OK) *who = (fl_identity){0};
    explicit_bzero(text, sizeof text);
}

fl_status fl_clients_named(fl_clients *clients, const char *what, const char *text, const char *about,
                           fl_named *named, fl_error *error)
{
    sqlite3_stmt *row = NULL;
    int step = SQLITE_DONE;
    if (!clients) return FL_OK;
    fl_status status =
        db_prepare(clients, "SELECT code,body FROM text WHERE what=1 ORDER BY id DESC", &row, error);
    if (status != FL_OK) return status;
    char *folded = fold(text);
    while (status == FL_OK && (step = sqlite3_step(row)) == SQLITE_ROW) {
        fl_identity who;
        const char *code = (const char *)sqlite3_column_text(row, 0);
        naming n = {.sentence = folded, .own = fl_text_same(about, code)};
        read_row(row, &who);
        if (names(&n, &who, named->word)) {
            snprintf(named->code, sizeof named->code, "%s", code);
            status = say(what, named, n.own, error);
        }
        explicit_bzero(&who, sizeof who);
    }
    if (status == FL_OK && step != SQLITE_DONE) status = db_fault(clients, step, error);
    sqlite3_finalize(row);
    fold_free(folded);
    return status;
}
