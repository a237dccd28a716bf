/* Shelf: where the logs lie that were succeeded. A journal that is missing while its past is there was taken
 * away, and a new one that begins at nothing would forget budgets, locks and who may sign in. */
#include "chain.h"
#include "handle.h"

#include "fadeline/base/text.h"
#include "fadeline/journal/succeed.h"

#include <dirent.h>
#include <string.h>

/* What cannot be read may be of either nature. */
static bool may_be_ours(const char *shelf, const char *name, const fl_journal_options *options)
{
    char place[FL_PLACE_MAX], database[FL_PLACE_MAX];
    fl_journal *there;
    fl_error none = {0};
    const fl_journal_options read = {.mode = FL_JOURNAL_READ, .vfs = options->vfs};
    if (name[0] == '.' || fl_seat_path(shelf, name, place, &none) != FL_OK ||
        fl_seat_path(place, "journal.db", database, &none) != FL_OK || !fl_place_exists(database))
        return false;
    if (fl_journal_open(place, &read, &there, &none) != FL_OK) return true;
    const bool same = there->options.simulated == options->simulated;
    fl_journal_close(there);
    return same;
}

/* An installation's own: a log somewhere else may have any neighbours. */
static bool is_own_place(const char *directory)
{
    const char *slash = strrchr(directory, '/');
    const char *name = slash ? slash + 1 : directory;
    return fl_text_same(name, "journal") || fl_text_same(name, "journal-simulated");
}

fl_status fl_journal_left_behind(const char *directory, const fl_journal_options *options, fl_error *error)
{
    char shelf[FL_PLACE_MAX], found[256] = "";
    const fl_status status = fl_link_shelf(directory, shelf, error);
    if (status != FL_OK || !is_own_place(directory)) return status;
    DIR *open = opendir(shelf);
    for (struct dirent *one; open && !found[0] && (one = readdir(open));)
        if (may_be_ours(shelf, one->d_name, options)) snprintf(found, sizeof found, "%s", one->d_name);
    if (open) closedir(open);
    if (!found[0]) return FL_OK;
    fl_error_set(error, FL_E_DAMAGED, "the journal is missing, and its history lies in journals/%.80s",
                 found);
    fl_error_hint(error, "put it back from a copy, or with `fadeline hub restore`; a new one would forget "
                         "budgets, locks and who may sign in");
    return fl_error_at(error, directory, 0, 0), FL_E_DAMAGED;
}
