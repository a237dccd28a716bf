/* fadeline clients: who is behind a code, kept apart from the journal and erased when its time has come. */
#include "act.h"
#include "ask.h"
#include "clients_page.h"

#include "fadeline/base/text.h"
#include "fadeline/clients/photos.h"
#include "fadeline/clients/register.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *given_code(const fl_args *args)
{
    return args->count > 1 ? args->words[1] : NULL;
}

/* ---- add ---- */

/* An option, or the next line: what stands on a command line, others can see. Nothing typed: as it was. */
static bool take_line(const fl_args *args, const char *option, const char *question, const char *was,
                      char *room, size_t size)
{
    char asked[120];
    const char *value = fl_args_value(args, option);
    snprintf(asked, sizeof asked, "%s%s", question, *was ? " (nothing: as it was)" : "");
    if (!value && (!ask_line(asked, room, size) || !*room)) value = was;
    return !value || snprintf(room, size, "%s", value) < (int)size;
}

/* `was`: all empty for a new client. */
static fl_status take_identity(act *a, const fl_identity *was, fl_identity *who, char text[FL_IDENTITY_MAX],
                               fl_error *error)
{
    char born[32], was_born[11] = "";
    *who = (fl_identity){0};
    if (fl_date_is_set(was->born)) fl_date_text(was->born, was_born);
    if (!take_line(a->args, "name", "name", was->name, who->name, sizeof who->name) ||
        !take_line(a->args, "born", "born, YYYY-MM-DD", was_born, born, sizeof born) ||
        !take_line(a->args, "contact", "contact", was->contact, who->contact, sizeof who->contact) ||
        !take_line(a->args, "language", "language, en or fr", was->language, who->language,
                   sizeof who->language))
        return fl_error_set(error, FL_E_RANGE, "name or contact is too long");
    const fl_status status = fl_register_born(born, a->today, &who->born, error);
    return status == FL_OK ? fl_identity_write(who, text, error) : status;
}

static fl_status choose_code(act *a, const char *given, char code[FL_CLIENT_CODE_MAX], fl_error *error)
{
    const fl_care *care = given ? fl_care_find(&a->care, given) : NULL;
    if (!given) return fl_register_next_code(&a->care, a->clients, code, error);
    if (!fl_client_code_is(given)) {
        fl_error_set(error, FL_E_RANGE, "'%s' is no client code", given);
        fl_error_hint(error, "one to three capital letters, a hyphen, one to eight digits: C-0001");
        return FL_E_RANGE;
    }
    if ((care && (care->registered || care->erased)) || fl_clients_has(a->clients, given)) {
        fl_error_set(error, FL_E_NO, "the code %s is used%s", given,
                     care && care->erased ? ", and never again" : "");
        fl_error_hint(error, "leave --code out, and one is chosen");
        return FL_E_NO;
    }
    snprintf(code, FL_CLIENT_CODE_MAX, "%s", given);
    return FL_OK;
}

/* The text first, waiting; then the entry; then it is kept. A crash between is settled by the next act. */
static fl_status keep(act *a, const char *code, const char *text, fl_error *error)
{
    static fl_entry entry;
    fl_commitment cmt;
    fl_status status = fl_clients_put(a->clients, code, FL_TEXT_IDENTITY, text, strlen(text), &cmt, error);
    if (status != FL_OK) return status;
    fl_entry_begin(&entry, FL_KIND_CLIENT);
    fl_entry_text(&entry, "pat", code);
    fl_entry_hex(&entry, "cmt", cmt.byte, sizeof cmt.byte);
    fl_entry_text(&entry, "who", a->who);
    status = act_write(a, &entry, 1, error);
    return status == FL_OK ? fl_clients_keep(a->clients, &cmt, error) : status;
}

static int add(const fl_args *args)
{
    static act a;
    fl_error error = {0};
    fl_identity who;
    char code[FL_CLIENT_CODE_MAX], text[FL_IDENTITY_MAX];
    fl_status status = act_begin(&a, args, fl_args_has(args, "simulated"), ACT_CLIENTS, &error);
    if (status == FL_OK) status = act_sign(&a, fl_args_value(args, "who"), ACT_ADD, &error);
    if (status == FL_OK) status = choose_code(&a, fl_args_value(args, "code"), code, &error);
    if (status == FL_OK) status = take_identity(&a, &(fl_identity){0}, &who, text, &error);
    if (status == FL_OK) status = keep(&a, code, text, &error);
    if (status == FL_OK) clients_print_done(&a, code, "added");
    explicit_bzero(text, sizeof text);
    explicit_bzero(&who, sizeof who);
    return act_end(&a, status, &error);
}

/* ---- show ---- */

/* Written down before it is seen. */
static fl_status write_look(act *a, const char *code, const char *what, fl_error *error)
{
    static fl_entry entry;
    fl_entry_begin(&entry, FL_KIND_LOOK);
    fl_entry_text(&entry, "pat", code);
    fl_entry_text(&entry, "what", what);
    fl_entry_text(&entry, "who", a->who);
    return act_write(a, &entry, 1, error);
}

static int show(const fl_args *args)
{
    static act a;
    fl_error error = {0};
    fl_identity who = {0};
    const fl_care *care = NULL;
    const char *code = given_code(args);
    if (!code) return fl_args_wrong(args, "whom? clients show CODE");
    fl_status status = act_begin(&a, args, fl_args_has(args, "simulated"), ACT_CLIENTS, &error);
    if (status == FL_OK) status = act_sign(&a, fl_args_value(args, "who"), ACT_SHOW, &error);
    if (status == FL_OK) status = act_client(&a, code, &care, &error);
    if (status == FL_OK) status = fl_register_read(a.clients, code, &who, &error);
    if (status == FL_OK) status = write_look(&a, code, "identity", &error);
    if (status == FL_OK) clients_print_one(&a, care, &who);
    explicit_bzero(&who, sizeof who);
    return act_end(&a, status, &error);
}

/* ---- change: what is typed anew, with a commitment of its own; the old one stays where it was committed to
 * ---- */

static int change(const fl_args *args)
{
    static act a;
    fl_error error = {0};
    fl_identity was = {0}, who = {0};
    char text[FL_IDENTITY_MAX];
    const fl_care *care = NULL;
    const char *code = given_code(args);
    if (!code) return fl_args_wrong(args, "whose? clients change CODE");
    fl_status status = act_begin(&a, args, fl_args_has(args, "simulated"), ACT_CLIENTS, &error);
    if (status == FL_OK) status = act_sign(&a, fl_args_value(args, "who"), ACT_ADD, &error);
    if (status == FL_OK) status = act_client(&a, code, &care, &error);
    if (status == FL_OK) status = fl_register_read(a.clients, code, &was, &error);
    if (status == FL_OK) status = take_identity(&a, &was, &who, text, &error);
    if (status == FL_OK) status = keep(&a, code, text, &error);
    if (status == FL_OK) clients_print_done(&a, code, "changed");
    explicit_bzero(text, sizeof text);
    explicit_bzero(&was, sizeof was);
    explicit_bzero(&who, sizeof who);
    return act_end(&a, status, &error);
}

/* ---- consent: the newest signed text, as it was committed to ---- */

static int consent(const fl_args *args)
{
    static act a;
    fl_error error = {0};
    char *text = NULL;
    size_t size = 0;
    fl_commitment cmt;
    const fl_care *care = NULL;
    const char *code = given_code(args), *out = fl_args_value(args, "out");
    if (!code || !out) return fl_args_wrong(args, "clients consent CODE --out FILE");
    fl_status status = act_begin(&a, args, fl_args_has(args, "simulated"), ACT_CLIENTS, &error);
    if (status == FL_OK) status = act_sign(&a, fl_args_value(args, "who"), ACT_SHOW, &error);
    if (status == FL_OK) status = act_client(&a, code, &care, &error);
    if (status == FL_OK)
        status = fl_clients_read(a.clients, code, FL_TEXT_CONSENT, &text, &size, &cmt, &error);
    if (status == FL_OK) status = write_look(&a, code, "record", &error);
    if (status == FL_OK) status = fl_place_write(out, text, size, 0600, &error);
    if (status == FL_OK) clients_print_done(&a, code, "consent written");
    if (text) explicit_bzero(text, size);
    free(text);
    return act_end(&a, status, &error);
}

/* ---- list, due: codes and days only ---- */

static int list(const fl_args *args)
{
    static act a;
    fl_error error = {0};
    const fl_status status =
        act_begin(&a, args, fl_args_has(args, "simulated"), ACT_LOOK | ACT_CLIENTS, &error);
    if (status == FL_OK) clients_print_list(&a);
    return act_end(&a, status, &error);
}

static int due(const fl_args *args)
{
    static act a;
    fl_error error = {0};
    fl_status status = act_begin(&a, args, fl_args_has(args, "simulated"), ACT_LOOK | ACT_CLIENTS, &error);
    size_t count = 0;
    clients_due *rows = status == FL_OK ? calloc(a.care.count + 1, sizeof *rows) : NULL;
    if (status == FL_OK && !rows) status = fl_error_set(&error, FL_E_MEMORY, "no memory");
    for (size_t i = 0; status == FL_OK && i < a.care.count; i++) {
        fl_identity who = {0};
        const fl_care *care = &a.care.list[i];
        if (care->erased || !fl_date_is_set(care->last)) continue;
        const bool known = care->registered && fl_register_read(a.clients, care->code, &who, NULL) == FL_OK;
        rows[count++] =
            (clients_due){care, fl_retention_until(fl_care_rule(&a.care), care->last, who.born), known};
        explicit_bzero(&who, sizeof who);
    }
    if (status == FL_OK) clients_print_due(&a, rows, count);
    free(rows);
    return act_end(&a, status, &error);
}

/* ---- hold, retention: decisions, kept in the journal ---- */

static int hold(const fl_args *args)
{
    static act a;
    static fl_entry entry;
    fl_error error = {0};
    const fl_care *care = NULL;
    const char *code = given_code(args), *why = fl_args_value(args, "why");
    const bool lift = fl_args_has(args, "lift");
    if (!code || !why) return fl_args_wrong(args, "clients hold CODE --why TEXT, and --lift to end it");
    fl_status status = act_begin(&a, args, fl_args_has(args, "simulated"), ACT_CLIENTS, &error);
    if (status == FL_OK) status = act_sign(&a, fl_args_value(args, "who"), ACT_HOLD, &error);
    if (status == FL_OK) status = act_client(&a, code, &care, &error);
    if (status == FL_OK) status = act_sentence(&a, "why", why, code, &error);
    if (status == FL_OK && care->hold == !lift)
        status = fl_error_set(&error, FL_E_NO, "%s is %son hold", code, lift ? "not " : "already ");
    if (status == FL_OK) {
        fl_entry_begin(&entry, FL_KIND_CONFIG_CHANGE);
        fl_entry_text(&entry, "what", "hold");
        fl_entry_text(&entry, "pat", code);
        fl_entry_int(&entry, "on", !lift);
        fl_entry_text(&entry, "why", why);
        fl_entry_text(&entry, "who", a.who);
        status = act_write(&a, &entry, 1, &error);
    }
    if (status == FL_OK) clients_print_hold(&a, code, !lift);
    return act_end(&a, status, &error);
}

static int retention(const fl_args *args)
{
    static act a;
    static fl_entry entry;
    fl_error error = {0};
    const char *id = given_code(args);
    const fl_retention *rule = id ? fl_retention_find(id) : NULL;
    if (id && !rule) return fl_args_wrong(args, "there is no rule '%s': clients retention shows them", id);
    fl_status status = act_begin(&a, args, fl_args_has(args, "simulated"), id ? 0 : ACT_LOOK, &error);
    if (status == FL_OK && rule) {
        status = act_sign(&a, fl_args_value(args, "who"), ACT_RETENTION, &error);
        fl_entry_begin(&entry, FL_KIND_CONFIG_CHANGE);
        fl_entry_text(&entry, "what", "retention");
        fl_entry_text(&entry, "rule", rule->id);
        fl_entry_text(&entry, "had", fl_care_rule(&a.care)->id);
        fl_entry_text(&entry, "who", a.who ? a.who : "?");
        if (status == FL_OK) status = act_write(&a, &entry, 1, &error);
        if (status == FL_OK) a.care.rule = rule;
    }
    if (status == FL_OK) clients_print_rules(&a);
    return act_end(&a, status, &error);
}

/* ---- erase ---- */

/* Two sign where there are two: a supervisor beside the owner. */
static fl_status sign_erasure(act *a, fl_error *error)
{
    char whom[120];
    const char *second = fl_args_value(a->args, "second");
    fl_status status = act_sign(a, fl_args_value(a->args, "who"), ACT_ERASE, error);
    if (status != FL_OK) return status;
    if (second && fl_text_same(second, a->who))
        return fl_error_set(error, FL_E_NO, "the second person is another one");
    if (second) return act_sign(a, second, ACT_ERASE_SECOND, error);
    fl_person one;
    for (size_t n = 0; fl_people_at(a->people, n, &one); n++) {
        if (fl_text_same(one.id, a->who) || !(one.roles & ROLE(SUPERVISOR)) || fl_date_is_set(one.ended) ||
            fl_date_compare(one.until, a->today) < 0)
            continue;
        fl_error_set(error, FL_E_NO, "an erasure is signed by two: an owner and a supervisor");
        fl_people_whom(a->people, ROLE(SUPERVISOR), a->today, whom, sizeof whom);
        return fl_error_hint(error, "--second WHO, with the second PIN on the next line: %s", whom);
    }
    return FL_OK;
}

/* With the photos, when there are any: they are gone by an entry of their own. */
static fl_status write_erasure(act *a, const fl_care *care, fl_date until, bool photos, fl_error *error)
{
    static fl_entry entries[2];
    static const char *const whats[] = {"identity", "photos"};
    char day[11];
    const char *second = fl_args_value(a->args, "second"), *why = fl_args_value(a->args, "why");
    for (size_t i = 0; i < 2; i++) {
        fl_entry *entry = &entries[i];
        fl_entry_begin(entry, FL_KIND_ERASE);
        fl_entry_text(entry, "what", whats[i]);
        fl_entry_text(entry, "pat", care->code);
        fl_entry_text(entry, "due", fl_date_text(until, day));
        fl_entry_text(entry, "rule", fl_care_rule(&a->care)->id);
        fl_entry_text(entry, "why", why);
        fl_entry_text(entry, "who", a->who);
        if (second) fl_entry_text(entry, "second", second);
    }
    return act_write(a, entries, photos ? 2 : 1, error);
}

static int erase(const fl_args *args)
{
    static act a;
    fl_error error = {0};
    fl_date until = {0};
    char photos[FL_PLACE_MAX];
    const fl_care *care = NULL;
    const char *code = given_code(args), *why = fl_args_value(args, "why");
    if (!code || !why) return fl_args_wrong(args, "clients erase CODE --why TEXT");
    fl_status status = act_begin(&a, args, fl_args_has(args, "simulated"), ACT_CLIENTS, &error);
    if (status == FL_OK) status = sign_erasure(&a, &error);
    if (status == FL_OK) status = act_client(&a, code, &care, &error);
    if (status == FL_OK) status = act_sentence(&a, "why", why, code, &error);
    if (status == FL_OK) status = fl_register_may_erase(&a.care, care, a.clients, a.today, &until, &error);
    if (status == FL_OK) status = fl_photos_place(a.simulated, photos, &error);
    if (status == FL_OK) status = write_erasure(&a, care, until, fl_photos_has(photos, code), &error);
    const bool written = status == FL_OK;
    if (written) status = fl_clients_erase(a.clients, code, &error);
    if (status == FL_OK) status = fl_photos_erase(photos, code, &error);
    if (written && status != FL_OK)
        fprintf(stderr,
                "fadeline: the journal has it already: the next `fadeline clients` that writes goes on\n");
    if (status == FL_OK) clients_print_erased(&a, code);
    return act_end(&a, status, &error);
}

/* ---- the command ---- */

static int run(const fl_args *args)
{
    static const struct {
        const char *name;
        int (*run)(const fl_args *args);
        int words;
    } all[] = {{"add", add, 1},         {"show", show, 2},           {"change", change, 2},
               {"consent", consent, 2}, {"list", list, 1},           {"due", due, 1},
               {"hold", hold, 2},       {"retention", retention, 2}, {"erase", erase, 2}};
    if (!args->count) return fl_args_wrong(args, "say what to do");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (fl_text_same(all[i].name, args->words[0]))
            return args->count <= all[i].words
                       ? all[i].run(args)
                       : fl_args_wrong(args, "too many words after '%s'", all[i].name);
    return fl_args_wrong(args, "there is no 'clients %s'", args->words[0]);
}

static const fl_option options[] = {
    {"code", "CODE", "add: this code instead of the next one"},
    {"name", "NAME", "add, change: better typed when asked, for others can see a command line"},
    {"born", "YYYY-MM-DD", "add, change: day of birth; it decides how long a minor's record is kept"},
    {"contact", "TEXT", "add, change: how to reach the client"},
    {"language", "LANG", "add, change: en or fr"},
    {"out", "FILE", "consent: where the newest signed text is written, mode 0600"},
    {"why", "TEXT", "hold, erase: the reason, without names"},
    {"lift", NULL, "hold: the hold is over"},
    {"second", "WHO", "erase: the supervisor who signs beside the owner, PIN on the next line"},
    ACT_OPTIONS,
    {NULL, NULL, NULL},
};

const fl_command fl_command_clients = {
    .name = "clients",
    .arguments = "add|list|due|retention [RULE]|show|change|consent|hold|erase CODE --who WHO",
    .summary = "keep who the clients are apart from the journal, and erase it when its time has come",
    .more = "The journal holds codes and hashes. Names, contacts and signed texts are in clients.db of this\n"
            "installation, with a random salt each; photos are files in its folder photos. Erasing them leaves\n"
            "the journal as it was: its pulses and its chain stay, `journal verify` passes, and the hash is a\n"
            "hash of nothing anybody has.\n\n"
            "add asks for name, day of birth, contact and language; change asks again, and an empty line\n"
            "keeps what was. show and consent write down who looked, then show. list and due know\n"
            "codes and days only. retention shows the rules and which is in force; an owner chooses\n"
            "another. erase needs an owner, and a supervisor beside where there is one; before the last day\n"
            "of the rule, or under a legal hold, it is refused. A code is never used again.\n\n"
            "examples:\n"
            "  fadeline clients list --simulated\n"
            "  fadeline clients due --simulated --date 2036-03-16\n"
            "  fadeline clients retention --simulated\n"
            "  fadeline clients show C-0001 --who op:17\n"
            "  fadeline clients erase C-0001 --who own:1 --second sup:2 --why \"retention over\"\n",
    .options = options,
    .run = run,
};
