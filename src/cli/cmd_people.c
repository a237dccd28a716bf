/* fadeline people: who may sign in, as what, until when; each change with who made it in the journal. */
#include "act.h"
#include "ask.h"

#include "fadeline/base/place.h"
#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/report/shown_json.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SOON_DAYS 60
#define NOBODY "unsigned" /* who made a change while nobody owned the installation */

/* ---- a change: the real journal is held from the sign-in to the end; the simulated one, where there is one,
 * is told too ---- */

typedef struct change {
    act a;
    fl_journal *simulated; /* NULL: there is none */
    fl_roster roster;      /* what the real journal says */
    bool owned;            /* an owner is known, to the file or to a journal */
    char home[FL_PLACE_MAX];
} change;

static bool has_owner(const char *home, const fl_roster *roster)
{
    fl_people *people;
    fl_person p;
    bool owner = fl_roster_owner(roster) != NULL;
    if (owner || fl_people_load_for(home, roster, &people, NULL) != FL_OK) return owner;
    for (size_t n = 0; fl_people_at(people, n, &p); n++)
        owner |= (p.roles & ROLE(OWNER)) && !fl_date_is_set(p.ended) && fl_people_may_sign(p.proof);
    fl_people_free(people);
    return owner;
}

static fl_status open_simulated(change *c, fl_error *error)
{
    char place[FL_PLACE_MAX], database[FL_PLACE_MAX + 16];
    fl_roster roster = {0};
    fl_status status = fl_journal_place(true, place, error);
    snprintf(database, sizeof database, "%s/journal.db", place);
    if (status != FL_OK || !fl_place_exists(database)) return status;
    const fl_journal_options options = {.mode = FL_JOURNAL_CREATE, .simulated = true};
    status = fl_journal_open(place, &options, &c->simulated, error);
    if (status == FL_E_BUSY) fl_error_hint(error, "a session is running, or a check; end it first");
    if (status == FL_OK) status = fl_roster_read(place, &roster, error);
    c->owned |= fl_roster_owner(&roster) != NULL; /* also when somebody took the real journal away */
    fl_roster_fini(&roster);
    return status;
}

static fl_status begin(change *c, const fl_args *args, const char *home, fl_error *error)
{
    char place[FL_PLACE_MAX];
    *c = (change){.owned = false};
    snprintf(c->home, sizeof c->home, "%s", home);
    fl_status status = act_begin(&c->a, args, false, 0, error);
    if (status == FL_OK) status = fl_journal_place(false, place, error);
    if (status == FL_OK) status = fl_roster_read(place, &c->roster, error);
    if (status == FL_OK) status = fl_people_settle(home, &c->roster, error);
    if (status != FL_OK) return status;
    c->owned = has_owner(home, &c->roster);
    return open_simulated(c, error);
}

static int finish(change *c, fl_status status, const fl_error *error)
{
    fl_journal_close(c->simulated);
    fl_roster_fini(&c->roster);
    return act_end(&c->a, status, error);
}

/* As long as nobody owns the installation, anyone at the machine may add people: somebody has to be the
 * first. From then on an owner or a supervisor signs, and only an owner makes owners and supervisors. `pin`
 * is the signer's own. */
static fl_status sign(change *c, unsigned bits, const char **by, char pin[FL_PIN_MOST + 2], fl_error *error)
{
    const bool power = bits & (ROLE(OWNER) | ROLE(SUPERVISOR));
    *by = NOBODY;
    if (!c->owned) return FL_OK;
    *by = fl_args_value(c->a.args, "by");
    if (*by) return act_sign_pin(&c->a, *by, power ? ACT_POWER : ACT_PEOPLE, pin, error);
    fl_error_set(error, FL_E_NO, "this installation has an owner: an owner or a supervisor signs for it");
    fl_error_hint(error, "--by WHO, and that person's PIN first");
    return FL_E_NO;
}

/* ---- the entries ---- */

typedef struct batch {
    fl_entry *entries;
    size_t count;
} batch;

static fl_status put_person(batch *b, const fl_person *p, const char *by, fl_error *error)
{
    char until[11], cmt[2 * FL_SHA256_SIZE + 1];
    const bool left = fl_date_is_set(p->ended);
    fl_hex(p->cmt, sizeof p->cmt, cmt);
    for (fl_role r = FL_ROLE_FIRST; r <= FL_ROLE_LAST; r++) {
        if (left ? r != FL_ROLE_FIRST : !(p->roles & 1u << r)) continue;
        if (b->count == FL_JOURNAL_BATCH_MAX)
            return fl_error_set(error, FL_E_FULL, "people.yaml holds more roles than one change can tell of");
        fl_entry *entry = &b->entries[b->count++];
        fl_entry_begin(entry, FL_KIND_ROLE_CHANGE);
        fl_entry_text(entry, "who", p->id);
        fl_entry_text(entry, "role", left ? "none" : fl_role_word(r));
        fl_entry_text(entry, "by", by);
        fl_entry_text(entry, "until", fl_date_text(left ? p->ended : p->until, until));
        fl_entry_text(entry, "cmt", cmt);
    }
    return FL_OK;
}

/* Whoever stands in the file and of whom no entry has a commitment is written down with the first change that
 * has: all in one transaction, because the file is believed no longer from then on. */
static fl_status put_others(const change *c, batch *b, const fl_people *next, const char *who, const char *by,
                            fl_error *error)
{
    fl_people *now;
    fl_person was, is;
    fl_status status = FL_OK;
    if (fl_people_load_for(c->home, &c->roster, &now, NULL) != FL_OK) return FL_OK; /* the first of all */
    for (size_t n = 0; status == FL_OK && fl_people_at(next, n, &is); n++)
        if (!fl_text_same(is.id, who) && fl_people_find(now, is.id, &was) && was.proof != FL_PROOF_GOOD &&
            fl_people_may_sign(was.proof))
            status = put_person(b, &is, by, error);
    fl_people_free(now);
    return status;
}

static fl_status tell_simulated(change *c, const fl_person *p, batch *b, const char *by, fl_error *error)
{
    if (!c->simulated) return FL_OK;
    b->count = 0;
    const fl_status status = put_person(b, p, by, error);
    return status == FL_OK ? fl_journal_append(c->simulated, b->entries, b->count, error) : status;
}

/* What is staged: told, then kept (people_stage.c says why in this order). */
static fl_status carry_out(change *c, const char *who, const char *by, fl_error *error)
{
    fl_people *next = NULL;
    fl_person p;
    batch b = {.entries = malloc(FL_JOURNAL_BATCH_MAX * sizeof *b.entries)};
    if (!b.entries) return fl_error_set(error, FL_E_MEMORY, "no memory for the entries");
    fl_status status = fl_people_staged(c->home, &next, error);
    if (status == FL_OK && !fl_people_find(next, who, &p))
        status = fl_error_set(error, FL_E_FILE, "%s is not in the file that was made", who);
    if (status == FL_OK) status = put_others(c, &b, next, who, by, error);
    if (status == FL_OK) status = put_person(&b, &p, by, error);
    if (status == FL_OK) status = act_write(&c->a, b.entries, b.count, error);
    if (status == FL_OK) status = fl_people_keep(c->home, error);
    if (status == FL_OK) status = tell_simulated(c, &p, &b, by, error);
    fl_people_free(next);
    free(b.entries);
    return status;
}

/* ---- add, renew, end ---- */

static fl_status find_bits(const char *home, const char *who, unsigned *bits, fl_error *error)
{
    char day[11];
    fl_people *people;
    fl_person p;
    fl_status status = fl_people_load(home, &people, error);
    if (status != FL_OK) return status;
    if (fl_people_find(people, who, &p) && !fl_date_is_set(p.ended))
        *bits = p.roles;
    else if (fl_people_find(people, who, &p)) {
        status = fl_error_set(error, FL_E_NO, "%s left on %s", who, fl_date_text(p.ended, day));
        fl_error_hint(error, "a person who comes back gets a new pseudonym: fadeline people add");
    } else {
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
    static change c;
    char pin[FL_PIN_MOST + 2], sentence[120];
    fl_error error = {0};
    const char *who = args->words[1], *by = NOBODY;
    fl_status status = begin(&c, args, home, &error);
    if (status == FL_OK) status = sign(&c, bits, &by, pin, &error);
    if (status == FL_OK && !ask_pin(pin))
        status = fl_error_set(&error, FL_E_USAGE, "no PIN came on standard input");
    if (status == FL_OK) status = fl_people_stage_add(home, who, bits, until, pin, &error);
    if (status == FL_OK) status = carry_out(&c, who, by, &error);
    explicit_bzero(pin, sizeof pin);
    if (status == FL_OK) snprintf(sentence, sizeof sentence, "%s may sign in until %s", who, day);
    const int result = finish(&c, status, &error);
    return status == FL_OK ? done(args, "added", sentence) : result;
}

/* The PIN covers the day, so the person types it: an owner alone cannot make a PIN that is somebody else's.
 */
static int renew(const fl_args *args, const char *home, fl_date until, const char *day)
{
    static change c;
    char pin[FL_PIN_MOST + 2], sentence[120];
    unsigned bits = 0;
    fl_error error = {0};
    const char *who = args->words[1], *by = NOBODY;
    fl_status status = begin(&c, args, home, &error);
    if (status == FL_OK) status = find_bits(home, who, &bits, &error);
    if (status == FL_OK) status = sign(&c, bits, &by, pin, &error);
    if (status == FL_OK && !fl_text_same(by, who)) status = act_sign_pin(&c.a, who, ACT_OWN, pin, &error);
    if (status == FL_OK) status = fl_people_stage_renew(home, who, until, pin, &error);
    if (status == FL_OK) status = carry_out(&c, who, by, &error);
    explicit_bzero(pin, sizeof pin);
    if (status == FL_OK) snprintf(sentence, sizeof sentence, "%s may sign in until %s", who, day);
    const int result = finish(&c, status, &error);
    return status == FL_OK ? done(args, "renewed", sentence) : result;
}

static int end(const fl_args *args, const char *home)
{
    static change c;
    char pin[FL_PIN_MOST + 2], sentence[120];
    unsigned bits = 0;
    fl_error error = {0};
    const fl_date today = fl_date_of(fl_clock_system()->utc(NULL));
    const char *who = args->words[1], *by = NOBODY;
    fl_status status = begin(&c, args, home, &error);
    if (status == FL_OK) status = find_bits(home, who, &bits, &error);
    if (status == FL_OK) status = sign(&c, bits, &by, pin, &error);
    explicit_bzero(pin, sizeof pin);
    if (status == FL_OK && fl_text_same(by, who))
        status = fl_error_set(&error, FL_E_NO, "nobody ends the own sign-in: another owner does");
    if (status == FL_OK) status = fl_people_stage_end(home, who, today, &error);
    if (status == FL_OK) status = carry_out(&c, who, by, &error);
    if (status == FL_OK) snprintf(sentence, sizeof sentence, "%s may do nothing here any more", who);
    const int result = finish(&c, status, &error);
    return status == FL_OK ? done(args, "ended", sentence) : result;
}

/* ---- list ---- */

static const char *state_of(const fl_person *p, fl_date today)
{
    if (!fl_people_may_sign(p->proof)) return "disputed";
    if (fl_date_is_set(p->ended)) return "left";
    const int days = fl_date_days(p->until) - fl_date_days(today);
    return days < 0 ? "ended" : days <= SOON_DAYS ? "ends-soon" : "good";
}

static const char *proof_word(fl_people_proof proof)
{
    static const char *const words[] = {"tells-of-nobody", "agrees", "agrees-without-commitment", "unknown",
                                        "says-otherwise"};
    return words[proof];
}

static json_t *person_json(const fl_person *p, fl_date today)
{
    char until[11];
    json_t *roles = json_array();
    for (fl_role r = FL_ROLE_FIRST; r <= FL_ROLE_LAST; r++)
        if (p->roles & 1u << r) json_array_append_new(roles, json_string(fl_role_word(r)));
    return json_pack("{s:s, s:o, s:s, s:s, s:i, s:b, s:s}", "person", p->id, "roles", roles, "until",
                     fl_date_text(p->until, until), "state", state_of(p, today), "days_left",
                     fl_date_days(p->until) - fl_date_days(today), "pin_bound", p->bound, "journal",
                     proof_word(p->proof));
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
    else if (fl_text_same(state, "disputed"))
        printf("DISPUTED: the journal does not say so; may not sign in");
    else if (fl_text_same(state, "ended"))
        printf("ENDED: may consult, may not arm");
    else if (fl_text_same(state, "ends-soon"))
        printf("ends in %d days", days);
    else
        printf("good");
    printf("  (%s)%s\n", words, p->bound ? "" : "  PIN of the old kind: renew");
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
    fl_people_tell(stderr, people);
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
    .more =
        "WHO is a pseudonym: the journal holds no names. The file is $FADELINE_HOME/people.yaml; each\n"
        "change is in the journal, with who made it, and a person of whom the file says what the journal\n"
        "does not may not sign in.\n\n"
        "As long as nobody is an owner, anyone at this machine may add people: somebody is the first.\n"
        "From then on an owner or a supervisor signs with --by, and only an owner makes owners and\n"
        "supervisors. A certificate that has ended leaves consulting open and arming shut. Whoever has\n"
        "left (`end`) may do nothing. renew wants the person's own PIN too, behind the signer's: it covers\n"
        "the roles and the day. list shows which certificates end within 60 days.\n\n"
        "examples:\n"
        "  echo 493027 | fadeline people add op:17 --role operator --until 2027-05-01\n"
        "  fadeline people list --date 2027-03-15\n"
        "  fadeline people renew op:17 --until 2029-05-01 --by own:1\n"
        "  fadeline people end op:17 --by own:1\n",
    .options = options,
    .run = run,
};
