#include "book.h"

#include "by_hand.h"
#include "core.h"
#include "owe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the journal ---- */

fl_status book_look(const page *p, fl_journal **journal, fl_error *error)
{
    const fl_journal_options options = {.mode = FL_JOURNAL_READ, .simulated = p->simulated};
    return fl_journal_open(p->console->journal, &options, journal, error);
}

bool book_exists(const page *p)
{
    char path[FL_PLACE_MAX + 16];
    snprintf(path, sizeof path, "%s/journal.db", p->console->journal);
    return fl_place_exists(path);
}

static fl_status open_to_write(const page *p, fl_journal **journal, fl_error *error)
{
    const fl_console *c = p->console;
    const fl_journal_options options = {.mode = FL_JOURNAL_CREATE,
                                        .simulated = c->simulated,
                                        .clock = &c->clock,
                                        .clk = c->days_ahead ? FL_CLK_HAND : FL_CLK_UNKNOWN};
    return fl_journal_open(c->journal, &options, journal, error);
}

static fl_status append(fl_journal *journal, const fl_entry *entries, size_t count, fl_error *error)
{
    for (size_t i = 0; i < count; i++)
        if (fl_entry_status(&entries[i]) != FL_OK)
            return fl_error_set(error, fl_entry_status(&entries[i]), "%s", entries[i].fault);
    return fl_journal_append(journal, entries, count, error);
}

static void put_sign_in(fl_entry *entry, const char *who, fl_people_answer answer)
{
    const bool good = answer == FL_PEOPLE_YES || answer == FL_PEOPLE_EXPIRED;
    fl_entry_begin(entry, good ? FL_KIND_AUTH_OK : FL_KIND_AUTH_FAIL);
    fl_entry_text(entry, "who", who);
    if (!good) fl_entry_text(entry, "why", fl_people_answer_code(answer));
    if (answer == FL_PEOPLE_EXPIRED) fl_entry_int(entry, "consult", 1);
}

/* What was owed while a session held the journal, each with when it was. */
static fl_status pay(fl_console *c, fl_journal *journal, fl_error *error)
{
    fl_status status = FL_OK;
    size_t paid = 0;
    for (; paid < c->owed_count; paid++) {
        fl_entry entry;
        put_sign_in(&entry, c->owed[paid].who, c->owed[paid].answer);
        fl_entry_int(&entry, "was_us", c->owed[paid].utc_us);
        status = append(journal, &entry, 1, error);
        if (status != FL_OK) break;
    }
    memmove(c->owed, c->owed + paid, (c->owed_count - paid) * sizeof *c->owed);
    c->owed_count -= paid;
    return status == FL_OK ? owe_pay(c, journal, error) : status;
}

fl_status book_write_if(page *p, book_check *check, void *self, const fl_entry *entries, size_t count,
                        uint64_t *index, fl_error *error)
{
    fl_journal *journal = NULL;
    pthread_mutex_lock(&p->console->book); /* two pages at once are no reason to say busy */
    fl_status status = open_to_write(p, &journal, error);
    if (status == FL_OK) status = pay(p->console, journal, error);
    if (status == FL_OK && check) status = check(self, journal, error);
    if (status == FL_OK) status = append(journal, entries, count, error);
    if (status == FL_OK && index) *index = fl_journal_size(journal) - 1;
    fl_journal_close(journal);
    pthread_mutex_unlock(&p->console->book);
    return status;
}

fl_status book_write(page *p, const fl_entry *entries, size_t count, uint64_t *index, fl_error *error)
{
    return book_write_if(p, NULL, NULL, entries, count, index, error);
}

/* ---- people ---- */

/* What was tried before counts, by whatever face: the sign-ins of the journal since the last look. */
static fl_status recall(fl_console *c, fl_journal *journal, fl_error *error)
{
    const uint64_t length = fl_journal_length(journal);
    if (length < c->tries_read) { /* another journal stands here now */
        c->tries = (fl_people_tries){0};
        c->tries_read = 0;
    }
    for (; c->tries_read < length; c->tries_read++) {
        fl_record record;
        const fl_status status = fl_journal_past(journal, c->tries_read, &record);
        if (status != FL_OK)
            return fl_error_set(error, status, "entry %llu cannot be read",
                                (unsigned long long)c->tries_read);
        fl_people_recall(&record, &c->tries);
    }
    c->guard = (fl_people_guard){0};
    fl_people_resume(&c->guard, &c->tries, c->clock.utc(c->clock.self), c->clock.now(c->clock.self));
    return FL_OK;
}

static fl_status journal_sign_in(fl_journal *journal, const fl_people *people, const char *who,
                                 fl_people_answer answer, fl_error *error)
{
    fl_entry entry;
    fl_person person; /* who is nobody here may be anybody's name */
    put_sign_in(&entry, fl_people_find(people, who, &person) ? who : "?", answer);
    return append(journal, &entry, 1, error);
}

/* Somebody comes back to a screen of their own while a session holds the journal: it must open, or nobody
 * could say what is seen on the skin. The try is counted by the guard at once, and written down as soon as
 * there is somebody to write to. */
static bool is_back(const page *p, const char *who)
{
    return p->visitor->known && strcmp(p->visitor->who, who) == 0 && p->console->owed_count < CONSOLE_OWED;
}

static fl_people_answer sign_in_later(page *p, const fl_people *people, const char *who, const char *pin)
{
    fl_console *c = p->console;
    owed *o = &c->owed[c->owed_count++];
    *o = (owed){.utc_us = c->clock.utc(c->clock.self).us};
    o->answer =
        fl_people_check_any(people, &c->guard, c->clock.now(c->clock.self), who, pin, STAFF, p->today);
    snprintf(o->who, sizeof o->who, "%s", who);
    return o->answer;
}

static fl_status sign_in(page *p, const fl_people *people, const char *who, const char *pin,
                         fl_people_answer *answer, fl_error *error)
{
    fl_console *c = p->console;
    fl_journal *lent = by_hand_lend(c->hand),
               *journal = lent; /* a session by hand is ours: we hold the lock */
    fl_status status = lent ? FL_OK : open_to_write(p, &journal, error);
    if (status == FL_E_BUSY && is_back(p, who)) return *answer = sign_in_later(p, people, who, pin), FL_OK;
    if (status == FL_OK) status = pay(c, journal, error);
    if (status == FL_OK) status = recall(c, journal, error);
    if (status == FL_OK) {
        const fl_people_answer got =
            fl_people_check_any(people, &c->guard, c->clock.now(c->clock.self), who, pin, STAFF, p->today);
        status = journal_sign_in(journal, people, who, got, error);
        if (status == FL_OK) *answer = got;
    }
    if (lent)
        by_hand_take_back(c->hand);
    else
        fl_journal_close(journal);
    return status;
}

fl_status book_sign_in(page *p, const char *who, const char *pin, fl_people_answer *answer, fl_error *error)
{
    fl_people *people = book_people(p, error);
    if (!people) return error ? error->status : FL_E_FILE;
    pthread_mutex_lock(&p->console->book);
    const fl_status status = sign_in(p, people, who, pin, answer, error);
    pthread_mutex_unlock(&p->console->book);
    fl_people_free(people);
    return status;
}
