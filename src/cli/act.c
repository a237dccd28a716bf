#include "act.h"

#include "ask.h"
#include "fadeline/clients/names.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/clients/photos.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    unsigned roles;
    bool consult;
    const char *text;
} rights[] = {
#define X(name, roles, consult, text) {roles, consult, text},
    ACT_LIST(X)
#undef X
};

unsigned act_roles(act_right right)
{
    return rights[right].roles;
}

bool act_consults(act_right right)
{
    return rights[right].consult;
}

const char *act_text(act_right right)
{
    return rights[right].text;
}

const char *act_mark(const act *a)
{
    return a->simulated ? "SIMULATED " : "";
}

uint64_t act_entry(const act *a)
{
    return fl_journal_size(a->journal) - 1;
}

/* ---- opening ---- */

static fl_status take_date(act *a, bool own, fl_error *error)
{
    const char *date = own ? NULL : fl_args_value(a->args, "date");
    const fl_date today = fl_date_of(fl_clock_system()->utc(NULL));
    a->today = today;
    if (date && !a->simulated)
        return fl_error_set(error, FL_E_USAGE, "--date is for simulated lasers only: say --simulated");
    if (date && fl_date_read(date, &a->today) != FL_OK)
        return fl_error_set(error, FL_E_USAGE, "--date wants YYYY-MM-DD, not '%s'", date);
    a->days_ahead = fl_date_days(a->today) - fl_date_days(today);
    a->clock = fl_clock_ahead(&a->days_ahead);
    return FL_OK;
}

static fl_status open_journal(act *a, bool look, fl_error *error)
{
    char place[FL_PLACE_MAX];
    fl_status status = fl_journal_place(a->simulated, place, error);
    const fl_journal_options options = {.mode = look ? FL_JOURNAL_READ : FL_JOURNAL_CREATE,
                                        .simulated = a->simulated,
                                        .clock = &a->clock,
                                        .clk = a->days_ahead ? FL_CLK_HAND : FL_CLK_UNKNOWN};
    if (status == FL_OK) status = fl_journal_open(place, &options, &a->journal, error);
    if (status == FL_E_BUSY) fl_error_hint(error, "a session is running, or a check; end it first");
    return status;
}

static fl_status read_journal(act *a, fl_error *error)
{
    fl_people_tries tries = {0};
    fl_status status = fl_journal_whole(a->journal, error);
    if (status != FL_OK) return status;
    for (uint64_t i = 0; i < fl_journal_length(a->journal); i++) {
        fl_record record;
        status = fl_journal_past(a->journal, i, &record);
        if (status != FL_OK)
            return fl_error_set(error, status, "entry %llu cannot be read", (unsigned long long)i);
        fl_people_recall(&record, &tries);
        status = fl_care_take(&a->care, &record, i);
        if (status != FL_OK) return fl_error_set(error, status, "no memory for the journal's clients");
    }
    fl_people_resume(&a->guard, &tries, a->clock.utc(a->clock.self), a->clock.now(a->clock.self));
    return FL_OK;
}

static fl_status open_clients(act *a, bool look, fl_error *error)
{
    char path[FL_PLACE_MAX];
    fl_settled settled;
    fl_status status = fl_clients_place(a->simulated, path, error);
    if (status == FL_OK && look && !fl_place_exists(path)) return FL_OK; /* looking makes nothing */
    if (status == FL_OK) status = fl_clients_open(path, a->simulated, &a->clients, error);
    if (status != FL_OK || look) return status;
    status = fl_clients_settle(a->clients, a->journal, &settled, error);
    unsigned photos = 0; /* clients whose photos a crash or an old backup left */
    if (status == FL_OK) status = fl_photos_place(a->simulated, path, error);
    if (status == FL_OK) status = fl_photos_settle(path, a->journal, &photos, error);
    if (status == FL_OK && photos)
        fprintf(stderr, "fadeline: finished what was broken off: the photos of %u clients erased\n", photos);
    if (status == FL_OK && settled.kept + settled.dropped + settled.erased)
        fprintf(stderr,
                "fadeline: finished what was broken off: %u texts kept, %u dropped, %u clients erased\n",
                settled.kept, settled.dropped, settled.erased);
    return status;
}

fl_status act_begin(act *a, const fl_args *args, bool simulated, unsigned needs, fl_error *error)
{
    *a = (act){.args = args, .simulated = simulated, .json = fl_args_has(args, "json")};
    fl_status status = take_date(a, needs & ACT_NOW, error);
    if (status == FL_OK) status = open_journal(a, needs & ACT_LOOK, error);
    if (status == FL_OK) status = read_journal(a, error);
    if (status == FL_OK && needs & ACT_CLIENTS) status = open_clients(a, needs & ACT_LOOK, error);
    return status;
}

int act_end(act *a, fl_status status, const fl_error *error)
{
    fl_care_fini(&a->care);
    fl_people_free(a->people);
    fl_clients_close(a->clients);
    fl_journal_close(a->journal);
    return status == FL_OK ? 0 : fl_args_failed(error);
}

/* ---- signing ---- */

static fl_status refuse(act *a, const char *who, act_right right, fl_people_answer answer, fl_error *error)
{
    char whom[120], day[11];
    fl_person person;
    fl_error_set(error, FL_E_NO, "%s", fl_people_answer_text(answer));
    if (answer == FL_PEOPLE_EXPIRED && fl_people_find(a->people, who, &person))
        fl_error_set(error, FL_E_NO, "the certificate of %s ended on %s: consulting is open, this is not",
                     who, fl_date_text(person.until, day));
    if (answer == FL_PEOPLE_DISPUTED) return fl_people_dispute(a->people, who, error);
    if (answer == FL_PEOPLE_ROLE) fl_error_set(error, FL_E_NO, "%s may not %s", who, act_text(right));
    fl_error_code(error, fl_people_answer_code(answer));
    if (answer != FL_PEOPLE_EXPIRED && answer != FL_PEOPLE_ROLE) return FL_E_NO;
    const unsigned can_help = answer == FL_PEOPLE_ROLE ? act_roles(right) : ROLE(OWNER) | ROLE(SUPERVISOR);
    fl_people_whom(a->people, can_help, a->today, whom, sizeof whom);
    fl_error_hint(error, "ask %s", *whom ? whom : "the owner");
    return FL_E_NO;
}

/* What is not as it should be, said once and beside the answer. */
static fl_status load_people(act *a, fl_error *error)
{
    char home[FL_PLACE_MAX];
    if (a->people) return FL_OK;
    fl_status status = fl_place_home(home, error);
    if (status == FL_OK) status = fl_people_load(home, &a->people, error);
    if (status == FL_OK && fl_people_are_unsigned(a->people)) fl_people_tell(stderr, a->people);
    return status;
}

fl_status act_sign(act *a, const char *who, act_right right, fl_error *error)
{
    char pin[FL_PIN_MOST + 2];
    const fl_status status = act_sign_pin(a, who, right, pin, error);
    explicit_bzero(pin, sizeof pin);
    return status;
}

fl_status act_sign_pin(act *a, const char *who, act_right right, char pin[FL_PIN_MOST + 2], fl_error *error)
{
    static fl_entry entry;
    fl_person person;
    explicit_bzero(pin, FL_PIN_MOST + 2);
    if (!who) return fl_error_set(error, FL_E_USAGE, "who does this? --who WHO");
    fl_status status = load_people(a, error);
    if (status != FL_OK) return status;
    if (isatty(STDIN_FILENO)) fprintf(stderr, "%s ", who);
    fl_people_answer answer = FL_PEOPLE_UNKNOWN;
    if (ask_pin(pin))
        answer = fl_people_check_any(a->people, &a->guard, a->clock.now(a->clock.self), who, pin,
                                     act_roles(right), a->today);
    const bool late = answer == FL_PEOPLE_EXPIRED && act_consults(right);
    const bool good = answer == FL_PEOPLE_YES || late;
    fl_entry_begin(&entry, good ? FL_KIND_AUTH_OK : FL_KIND_AUTH_FAIL);
    const bool known = fl_people_find(a->people, who, &person); /* nobody here: may be anybody's name */
    fl_entry_text(&entry, "who", known ? who : "?");
    if (!good) fl_entry_text(&entry, "why", fl_people_answer_code(answer));
    if (late) fl_entry_int(&entry, "consult", 1);
    status = act_write(a, &entry, 1, error);
    if (status != FL_OK || !good) explicit_bzero(pin, FL_PIN_MOST + 2);
    if (status != FL_OK) return status;
    if (!good) return refuse(a, who, right, answer, error);
    if (!person.bound)
        fprintf(
            stderr,
            "fadeline: the PIN of %s is of the old kind, which covers no role: fadeline people renew %s\n",
            who, who);
    if (!a->who) a->who = who;
    return FL_OK;
}

fl_status act_write(act *a, const fl_entry *entries, size_t count, fl_error *error)
{
    for (size_t i = 0; i < count; i++)
        if (fl_entry_status(&entries[i]) != FL_OK)
            return fl_error_set(error, fl_entry_status(&entries[i]), "%s", entries[i].fault);
    return fl_journal_append(a->journal, entries, count, error);
}

/* ---- what is spoken of ---- */

fl_status act_client(const act *a, const char *code, const fl_care **care, fl_error *error)
{
    char day[11];
    *care = fl_care_find(&a->care, code);
    if (!*care) {
        fl_error_set(error, FL_E_NO, "no client is called %s here", code);
        return fl_error_hint(error, "fadeline clients list; a new one: fadeline clients add");
    }
    if ((*care)->erased)
        return fl_error_set(error, FL_E_NO, "who %s was, was erased on %s", code,
                            fl_date_text((*care)->erased_on, day));
    return FL_OK;
}

fl_status act_sentence(const act *a, const char *option, const char *text, const char *code, fl_error *error)
{
    char what[40];
    if (!fl_entry_takes(text) || !text[strspn(text, " ")] || strlen(text) > 400)
        return fl_error_set(error, FL_E_RANGE, "--%s wants a sentence of plain text, at most 400 bytes",
                            option);
    snprintf(what, sizeof what, "--%s", option);
    return fl_clients_named_here(a->simulated, what, text, code, error);
}
