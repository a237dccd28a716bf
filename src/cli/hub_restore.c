/* fadeline hub restore: what this console lost comes back from the hub, as far as this console's own key
 * signed it. */
#include "ask.h"
#include "hub_command.h"

#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/hub/fetch.h"
#include "fadeline/session/people.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct restoring {
    const fl_args *args;
    fl_hub *hub;
    char path[FL_PLACE_MAX], origin[FL_NOTE_NAME_MAX + 1];
    const char *who;
    bool simulated;
    fl_people_tries tries;
    fl_heal_done done;
    fl_error error;
} restoring;

/* Only read: opening it for writing would write, and what was lost would then be a fork. */
static fl_status look_at_journal(restoring *r)
{
    const char *given = fl_args_value(r->args, "journal"), *log = fl_args_value(r->args, "log");
    const fl_journal_options options = {.mode = FL_JOURNAL_READ};
    fl_journal *journal;
    r->simulated = fl_args_has(r->args, "simulated");
    fl_status status = given ? FL_OK : fl_journal_place(r->simulated, r->path, &r->error);
    if (given && snprintf(r->path, sizeof r->path, "%s", given) >= (int)sizeof r->path)
        status = fl_error_set(&r->error, FL_E_USAGE, "the path is too long");
    if (status != FL_OK) return status;
    status = fl_journal_open(r->path, &options, &journal, &r->error);
    if (status != FL_OK && !log) {
        fl_error_hint(&r->error,
                      "a journal that cannot even be opened needs its name as well: --log ORIGIN, which "
                      "hub verify shows");
        return status;
    }
    if (status == FL_OK) {
        snprintf(r->origin, sizeof r->origin, "%s", fl_journal_origin(journal));
        for (uint64_t i = 0; i < fl_journal_length(journal); i++) {
            fl_record record;
            if (fl_journal_past(journal, i, &record) == FL_OK) fl_people_recall(&record, &r->tries);
        }
        fl_journal_close(journal);
    } else
        snprintf(r->origin, sizeof r->origin, "%s", log);
    r->error = (fl_error){0};
    r->simulated = fl_text_begins(r->origin, FL_JOURNAL_SIMULATED);
    return FL_OK;
}

/* There is no journal to write a wrong PIN into: each costs two seconds here. */
static fl_status sign(restoring *r)
{
    char home[FL_PLACE_MAX], pin[FL_PIN_MOST + 2];
    const fl_clock *clock = fl_clock_system();
    const fl_date today = fl_date_of(clock->utc(NULL));
    fl_people_guard guard = {0};
    fl_people *people = NULL;
    r->who = fl_args_value(r->args, "who");
    if (!r->who) return fl_error_set(&r->error, FL_E_USAGE, "the owner signs this: --who WHO");
    fl_status status = fl_place_home(home, &r->error);
    if (status == FL_OK) status = fl_people_load(home, &people, &r->error);
    if (status != FL_OK) return status;
    fl_people_resume(&guard, &r->tries, clock->utc(NULL), clock->now(NULL));
    fl_people_answer answer = FL_PEOPLE_UNKNOWN;
    if (ask_pin(pin))
        answer =
            fl_people_check_any(people, &guard, clock->now(NULL), r->who, pin, 1u << FL_ROLE_OWNER, today);
    explicit_bzero(pin, sizeof pin);
    fl_people_free(people);
    if (answer == FL_PEOPLE_YES) return FL_OK;
    const struct timespec two = {2, 0};
    nanosleep(&two, NULL);
    fl_error_set(&r->error, FL_E_NO, "%s", fl_people_answer_text(answer));
    fl_error_code(&r->error, fl_people_answer_code(answer));
    return FL_E_NO;
}

static fl_status restore(restoring *r)
{
    static fl_entry signed_in;
    fl_hub_fetch *fetch = NULL;
    fl_status status = look_at_journal(r);
    if (status == FL_OK) status = sign(r);
    if (status == FL_OK) status = fl_hub_fetch_new(r->hub, r->origin, &fetch, &r->error);
    if (status != FL_OK) return status;
    fl_entry_begin(&signed_in, FL_KIND_AUTH_OK);
    fl_entry_text(&signed_in, "who", r->who);
    const fl_heal_source source = fl_hub_fetch_source(fetch);
    const fl_heal_wish wish = {.simulated = r->simulated,
                               .who = r->who,
                               .from = fl_hub_what(r->hub)->name,
                               .then = &signed_in,
                               .then_count = 1};
    status = fl_journal_heal(r->path, &source, &wish, &r->done, &r->error);
    fl_hub_fetch_free(fetch);
    return status;
}

static void print_text(const restoring *r)
{
    const fl_heal_done *done = &r->done;
    const char *mark = r->simulated ? "SIMULATED: " : "";
    if (done->nothing) {
        printf("%s%llu entries, all hold and none is missing; nothing was changed\n", mark,
               (unsigned long long)done->size);
        return;
    }
    printf("%s%llu entries: %llu held, %llu came back after the end, %llu were replaced", mark,
           (unsigned long long)done->size, (unsigned long long)(done->kept + done->beyond),
           (unsigned long long)done->appended, (unsigned long long)done->replaced);
    if (done->replaced) printf(" (the first is %llu)", (unsigned long long)done->first_replaced);
    printf("\n  verified whole; the old journal is kept in %s\n", FL_SHOWN(done->aside));
    if (done->unreadable)
        puts("  It could not be opened at all: what it had and the hub had not is not in the new one.");
    puts("  Compare the laser's counter before the next session: what was done after the last push and lost "
         "is not here.");
}

static void print_json(const restoring *r, fl_status status)
{
    const fl_heal_done *done = &r->done;
    json_t *object =
        json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:b, s:b, s:b, s:s}", "origin", r->origin, "entries",
                  (json_int_t)done->size, "held", (json_int_t)done->kept, "beyond_hub",
                  (json_int_t)done->beyond, "appended", (json_int_t)done->appended, "replaced",
                  (json_int_t)done->replaced, "changed", status == FL_OK && !done->nothing, "unreadable",
                  done->unreadable, "simulated", r->simulated, "aside", done->aside);
    json_object_set_new(object, "first_replaced",
                        done->replaced ? json_integer((json_int_t)done->first_replaced) : json_null());
    json_object_set_new(object, "other",
                        done->other == UINT64_MAX ? json_null() : json_integer((json_int_t)done->other));
    json_object_set_new(object, "finding", status == FL_OK ? json_null() : json_string(r->error.what));
    hub_print_json(object);
}

int hub_restore(const fl_args *args)
{
    int code = 0;
    restoring *r = calloc(1, sizeof *r);
    if (!r) return fl_status_exit(FL_E_MEMORY);
    r->args = args;
    if (hub_open(args, &r->hub, &code)) {
        const fl_status status = restore(r);
        const bool json = fl_args_has(args, "json") && r->origin[0];
        if (json)
            print_json(r, status);
        else if (status == FL_OK)
            print_text(r);
        if (status != FL_OK && !json) fl_error_print(stderr, &r->error);
        code = fl_status_exit(status);
    }
    fl_hub_close(r->hub);
    free(r);
    return code;
}
