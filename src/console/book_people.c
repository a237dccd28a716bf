/* Who may sign in, for every request: the file against the journal, whose role changes are read once and then
 * only the entries that came since. */
#include "book.h"

#include "core.h"

#include <stdio.h>
#include <string.h>

static void forget(fl_console *c)
{
    fl_roster_fini(&c->roster);
    c->roster_read = 0;
    c->roster_log[0] = 0;
}

/* The caller holds the lock. */
static fl_status take(fl_console *c, fl_journal *journal, fl_error *error)
{
    static const char mark[] = "role.change";
    const uint64_t before = fl_journal_before(journal), length = fl_journal_length(journal);
    for (; c->roster_read < length; c->roster_read++) {
        fl_record record;
        const char *bytes;
        size_t size;
        fl_status status;
        if (c->roster_read < before) { /* of a log before this one */
            status = fl_journal_past(journal, c->roster_read, &record);
        } else {
            status = fl_journal_read(journal, c->roster_read - before, &bytes, &size);
            if (status == FL_OK && !memmem(bytes, size, mark, sizeof mark - 1)) continue;
            if (status == FL_OK) status = fl_record_read(bytes, size, &record);
        }
        if (status == FL_OK) status = fl_roster_take(&c->roster, &record, c->roster_read);
        if (status != FL_OK) {
            fl_error_set(error, status, "entry %llu of the journal cannot be read, so nobody can sign in",
                         (unsigned long long)c->roster_read);
            return fl_error_hint(error, "fadeline journal verify"), status;
        }
    }
    return FL_OK;
}

/* The real journal says who may do what, also in the world of simulated lasers. */
static fl_status see_roster(fl_console *c, fl_error *error)
{
    char place[FL_PLACE_MAX], path[FL_PLACE_MAX + 16];
    fl_journal *journal = NULL;
    const fl_journal_options options = {.mode = FL_JOURNAL_READ};
    fl_status status = fl_journal_place(false, place, error);
    if (status != FL_OK) return status;
    snprintf(path, sizeof path, "%s/journal.db", place);
    if (!fl_place_exists(path)) {
        forget(c);
        return FL_OK;
    }
    status = fl_journal_open(place, &options, &journal, error);
    if (status != FL_OK) return status;
    const char *log = fl_journal_origin(journal);
    if (strcmp(log, c->roster_log) != 0 || fl_journal_length(journal) < c->roster_read) forget(c);
    snprintf(c->roster_log, sizeof c->roster_log, "%s", log);
    status = take(c, journal, error);
    fl_journal_close(journal);
    if (status != FL_OK) forget(c); /* what is half known is not known */
    return status;
}

fl_people *book_people(const page *p, fl_error *error)
{
    fl_console *c = p->console;
    fl_people *people = NULL;
    pthread_mutex_lock(&c->roster_lock);
    fl_status status = see_roster(c, error);
    if (status == FL_OK) status = fl_people_load_for(c->home, &c->roster, &people, error);
    pthread_mutex_unlock(&c->roster_lock);
    return status == FL_OK ? people : NULL;
}

unsigned book_rights(const page *p, const char *who, bool *late)
{
    fl_person person;
    unsigned roles = 0;
    fl_people *people = book_people(p, NULL);
    *late = false;
    if (!people) return 0;
    if (fl_people_find(people, who, &person) && !fl_date_is_set(person.ended) &&
        fl_people_may_sign(person.proof)) {
        roles = person.roles;
        *late = fl_date_compare(person.until, p->today) < 0;
    }
    fl_people_free(people);
    return roles;
}
