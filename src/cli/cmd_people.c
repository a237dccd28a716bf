/* fadeline people: who may sign in, as what, until when; each change with who made it in the journal. */
#include "act.h"
#include "ask.h"

#include "fadeline/base/place.h"
#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/report/shown_json.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define SOON_DAYS 60
#define NOBODY "unsigned" /* who made a change while nobody owned the installation */

/* ---- the journal: the real one, and the simulated one where there is one ---- */

static fl_status write_change(bool simulated, const char *who, const char *const *roles, size_t count,
                              const char *until, const char *by, fl_error *error)
{
    static fl_entry entries[FL_ROLE_LAST + 1];
    char place[FL_PLACE_MAX];
    fl_journal *journal = NULL;
    fl_status status = fl_journal_place(simulated, place, error);
    const fl_journal_options options = {.mode = FL_JOURNAL_CREATE, .simulated = simulated};
    if (status == FL_OK) status = fl_journal_open(place, &options, &journal, error);
    if (status == FL_E_BUSY) fl_error_hint(error, "a session is running, or a check; end it first");
    for (size_t i = 0; i < count; i++) {
        fl_entry_begin(&entries[i], FL_KIND_ROLE_CHANGE);
        fl_entry_text(&entries[i], "who", who);
        fl_entry_text(&entries[i], "role", roles[i]);
        fl_entry_text(&entries[i], "by", by);
        if (until) fl_entry_text(&entries[i], "until", until);
    }
    if (status == FL_OK) status = fl_journal_append(journal, entries, count, error);
    fl_journal_close(journal);
    return status;
}

static fl_status journal_change(const char *who, unsigned bits, const char *until, const char *by,
                                fl_error *error)
{
    const char *roles[FL_ROLE_LAST + 1];
    char place[FL_PLACE_MAX], database[FL_PLACE_MAX + 16];
    size_t count = 0;
    for (fl_role r = FL_ROLE_FIRST; r <= FL_ROLE_LAST; r++)
        if (bits & 1u << r) roles[count++] = fl_role_word(r);
    if (!count) roles[count++] = "none";
    fl_status status = write_change(false, who, roles, count, until, by, error);
    if (status == FL_OK) status = fl_journal_place(true, place, error);
    snprintf(database, sizeof database, "%s/journal.db", place);
    if (status == FL_OK && fl_place_exists(database))
        status = write_change(true, who, roles, count, until, by, error);
    return status;
}

/* ---- who may change people ---- */

/* As long as nobody owns the installation, anyone at the machine may add people: somebody has to be the
 * first. From then on an owner or a supervisor signs, and only an owner makes owners and supervisors. */
static bool has_owner(const char *home)
{
    fl_people *people;
    fl_person p;
    bool owner = false;
    if (fl_people_load(home, &people, NULL) != FL_OK) return false;
    for (size_t n = 0; fl_people_at(people, n, &p); n++)
        owner |= (p.roles & ROLE(OWNER)) && !fl_date_is_set(p.ended);
    fl_people_free(people);
    return owner;
}

/* FL_OK: *by signed. The journal is closed again: the change takes it for itself. */
static fl_status sign(const fl_args *args, unsigned bits, const char **by, fl_error *error)
{
    static act a;
    *by = fl_args_value(args, "by");
    if (!*by) {
        fl_error_set(error, FL_E_NO, "this installation has an owner: an owner or a supervisor signs for it");
        fl_error_hint(error, "--by WHO, and that person's PIN first");
        return FL_E_NO;
    }
    const bool power = bits & (ROLE(OWNER) | ROLE(SUPERVISOR));
    fl_status status = act_begin(&a, args, false, 0, error);
    if (status == FL_OK) status = act_sign(&a, *by, power ? ACT_POWER : ACT_PEOPLE, error);
    act_end(&a, FL_OK, error);
    return status;
}

/* ---- add, renew, end ---- */

static fl_status find_bits(const char *home, const char *who, unsigned *bits, fl_error *error)
{
    fl_people *people;
    fl_person p;
    fl_status status = fl_people_load(home, &people, error);
    if (status != FL_OK) return status;
    if (fl_people_find(people, who, &p))
        *bits = p.roles;
    else {
        status = fl_error_set(error, FL_E_NO, "nobody here is called %s", who);
        fl_error_hint(error, "fadeline people list");
    }
    fl_people_free(people);
    return status;
}

static int done(const fl_args *args, const char *what, const char *sentence)
{
    if (!fl_args_has(args, "json")) return puts(sentence), 0;
    json_t *object = json_pack("{s:s, s:s}", "person", args->words[1], "done", what);
    fl_shown_json(object, stdout, JSON_INDENT(2) | JSON_SORT_KEYS);
    putchar('\n');
    json_decref(object);
    return 0;
}

static int add(const fl_args *args, const char *home, unsigned bits, fl_date until, const char *day)
{
    char pin[FL_PIN_MOST + 2], sentence[120];
    fl_error error = {0};
    const char *who = args->words[1], *by = NOBODY;
    fl_status status = FL_OK;
    if (has_owner(home)) status = sign(args, bits, &by, &error);
    if (status != FL_OK) return fl_args_failed(&error);
    if (!ask_pin(pin)) return fl_args_wrong(args, "no PIN came on standard input");
    status = fl_people_may_add(home, who, pin, &error);
    /* The record first: one that grants what the file does not yet is harmless, the other way round is not.
     */
    if (status == FL_OK) status = fl_place_make(home, &error);
    if (status == FL_OK) status = journal_change(who, bits, day, by, &error);
    if (status == FL_OK) status = fl_people_add(home, who, bits, until, pin, &error);
    explicit_bzero(pin, sizeof pin);
    if (status != FL_OK) return fl_args_failed(&error);
    snprintf(sentence, sizeof sentence, "%s may sign in until %s", who, day);
    return done(args, "added", sentence);
}

static int renew(const fl_args *args, const char *home, fl_date until, const char *day)
{
    char sentence[120];
    unsigned bits = 0;
    fl_error error = {0};
    const char *who = args->words[1], *by = NOBODY;
    fl_status status = find_bits(home, who, &bits, &error);
    if (status == FL_OK && has_owner(home)) status = sign(args, bits, &by, &error);
    if (status == FL_OK) status = fl_people_renew(home, who, until, false, &error);
    if (status == FL_OK) status = journal_change(who, bits, day, by, &error);
    if (status == FL_OK) status = fl_people_renew(home, who, until, true, &error);
    if (status != FL_OK) return fl_args_failed(&error);
    snprintf(sentence, sizeof sentence, "%s may sign in until %s", who, day);
    return done(args, "renewed", sentence);
}

/* Taking a right away is done in the file first: the record that says so must not be ahead of it. */
static int end(const fl_args *args, const char *home)
{
    char sentence[120], day[11];
    unsigned bits = 0;
    fl_error error = {0};
    const fl_date today = fl_date_of(fl_clock_system()->utc(NULL));
    const char *who = args->words[1], *by = NOBODY;
    fl_status status = find_bits(home, who, &bits, &error);
    if (status == FL_OK && has_owner(home)) status = sign(args, bits, &by, &error);
    if (status == FL_OK && fl_text_same(by, who))
        status = fl_error_set(&error, FL_E_NO, "nobody ends the own sign-in: another owner does");
    if (status == FL_OK) status = fl_people_end(home, who, today, true, &error);
    if (status == FL_OK) status = journal_change(who, 0, fl_date_text(today, day), by, &error);
    if (status != FL_OK) return fl_args_failed(&error);
    snprintf(sentence, sizeof sentence, "%s may do nothing here any more", who);
    return done(args, "ended", sentence);
}

/* ---- list ---- */

static const char *state_of(const fl_person *p, fl_date today)
{
    if (fl_date_is_set(p->ended)) return "left";
    const int days = fl_date_days(p->until) - fl_date_days(today);
    return days < 0 ? "ended" : days <= SOON_DAYS ? "ends-soon" : "good";
}

static json_t *person_json(const fl_person *p, fl_date today)
{
    char until[11];
    json_t *roles = json_array();
    for (fl_role r = FL_ROLE_FIRST; r <= FL_ROLE_LAST; r++)
        if (p->roles & 1u << r) json_array_append_new(roles, json_string(fl_role_word(r)));
    return json_pack("{s:s, s:o, s:s, s:s, s:i}", "person", p->id, "roles", roles, "until",
                     fl_date_text(p->until, until), "state", state_of(p, today), "days_left",
                     fl_date_days(p->until) - fl_date_days(today));
}

static void print_person(const fl_person *p, fl_date today)
{
    char until[11], left[11];
    const char *state = state_of(p, today);
    const int days = fl_date_days(p->until) - fl_date_days(today);
    char words[80];
    fl_text roles = fl_text_in(words, sizeof words);
    for (fl_role r = FL_ROLE_FIRST; r <= FL_ROLE_LAST; r++)
        if (p->roles & 1u << r) fl_text_add(&roles, "%s%s", roles.length ? ", " : "", fl_role_word(r));
    printf("  %-16s %s  ", FL_SHOWN(p->id), fl_date_text(p->until, until));
    if (fl_text_same(state, "left"))
        printf("LEFT %s", fl_date_text(p->ended, left));
    else if (fl_text_same(state, "ended"))
        printf("ENDED: may consult, may not arm");
    else if (fl_text_same(state, "ends-soon"))
        printf("ends in %d days", days);
    else
        printf("good");
    printf("  (%s)\n", words);
}

static int list(const fl_args *args, const char *home)
{
    char day[11];
    fl_people *people;
    fl_person p;
    fl_error error = {0};
    fl_date today = fl_date_of(fl_clock_system()->utc(NULL));
    const char *date = fl_args_value(args, "date");
    if (date && fl_date_read(date, &today) != FL_OK)
        return fl_args_wrong(args, "--date wants YYYY-MM-DD, not '%s'", date);
    if (fl_people_load(home, &people, &error) != FL_OK) return fl_args_failed(&error);
    const bool json = fl_args_has(args, "json");
    json_t *all = json_array();
    if (!json) printf("people on %s: until when the certificate is good\n", fl_date_text(today, day));
    for (size_t n = 0; fl_people_at(people, n, &p); n++) {
        if (json)
            json_array_append_new(all, person_json(&p, today));
        else
            print_person(&p, today);
    }
    fl_people_free(people);
    if (!json) return json_decref(all), 0;
    json_t *object = json_pack("{s:s, s:o}", "date", fl_date_text(today, day), "people", all);
    fl_shown_json(object, stdout, JSON_INDENT(2) | JSON_SORT_KEYS);
    putchar('\n');
    json_decref(object);
    return 0;
}

/* ---- the command ---- */

static bool read_roles(const fl_args *args, unsigned *bits)
{
    const char *role;
    *bits = 0;
    for (size_t at = 0; (role = fl_args_each(args, "role", &at));) {
        unsigned found = 0;
        for (fl_role r = FL_ROLE_FIRST; r <= FL_ROLE_LAST; r++)
            if (fl_text_same(role, fl_role_word(r))) found = 1u << r;
        if (!found)
            return (void)fl_args_wrong(
                       args, "there is no role '%s': operator, supervisor, service, auditor, owner", role),
                   false;
        *bits |= found;
    }
    return true;
}

static int run(const fl_args *args)
{
    const char *verb = args->count ? args->words[0] : "", *day = fl_args_value(args, "until");
    const bool adds = fl_text_same(verb, "add"), renews = fl_text_same(verb, "renew");
    char home[FL_PLACE_MAX];
    fl_error error = {0};
    unsigned bits;
    fl_date until = {0};
    if (fl_place_home(home, &error) != FL_OK) return fl_args_failed(&error);
    if (fl_text_same(verb, "list") && args->count == 1) return list(args, home);
    if (args->count != 2 || (!adds && !renews && !fl_text_same(verb, "end")))
        return fl_args_wrong(args, "say: people add WHO, people renew WHO, people end WHO, or people list");
    if (!read_roles(args, &bits)) return fl_status_exit(FL_E_USAGE);
    if (adds && !bits) return fl_args_wrong(args, "say at least one --role");
    if (!adds && bits) return fl_args_wrong(args, "--role goes with add");
    if ((adds || renews) && (!day || fl_date_read(day, &until) != FL_OK))
        return fl_args_wrong(args, "--until wants the last day of the certificate, YYYY-MM-DD");
    if (adds) return add(args, home, bits, until, day);
    return renews ? renew(args, home, until, day) : end(args, home);
}

static const fl_option options[] = {
    {"role", "ROLE", "operator, supervisor, service, auditor or owner; may be given again"},
    {"until", "YYYY-MM-DD", "last day of the person's certificate"},
    {"by", "WHO", "the owner or supervisor who signs; that PIN comes first"},
    {"date", "YYYY-MM-DD", "list: as on this day"},
    {"json", NULL, "one object on stdout"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_people = {
    .name = "people",
    .arguments = "add WHO --role ROLE --until DAY | renew WHO --until DAY | end WHO | list",
    .summary = "say who may sign in, as what and until when; PINs come from the keyboard or stdin",
    .more = "WHO is a pseudonym: the journal holds no names. The file is $FADELINE_HOME/people.yaml; each\n"
            "change is in the journal, with who made it.\n\n"
            "As long as nobody is an owner, anyone at this machine may add people: somebody is the first.\n"
            "From then on an owner or a supervisor signs with --by, and only an owner makes owners and\n"
            "supervisors. A certificate that has ended leaves consulting open and arming shut. Whoever has\n"
            "left (`end`) may do nothing. list shows which certificates end within 60 days.\n\n"
            "examples:\n"
            "  echo 493027 | fadeline people add op:17 --role operator --until 2027-05-01\n"
            "  fadeline people list --date 2027-03-15\n"
            "  fadeline people renew op:17 --until 2029-05-01 --by own:1\n"
            "  fadeline people end op:17 --by own:1\n",
    .options = options,
    .run = run,
};
