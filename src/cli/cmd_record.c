/* fadeline record: signed entries about what no machine sees; and the list of who looked, for the client who
 * asks. */
#include "record.h"

#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/clients/look.h"
#include "fadeline/config/device.h"
#include "fadeline/report/shown_json.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- which options belong to a form ---- */

static bool has_word(const char *words, const char *word)
{
    const size_t length = strlen(word);
    for (const char *at = words; (at = strstr(at, word)); at += length)
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || !at[length])) return true;
    return false;
}

static bool options_fit(const fl_args *args, const record_form *form)
{
    char copy[100], *rest = copy;
    snprintf(copy, sizeof copy, "%s who", form->needs);
    for (const char *word; (word = strsep(&rest, " "));)
        if (!fl_args_has(args, word))
            return (void)fl_args_wrong(args, "record %s needs --%s", form->word, word), false;
    for (size_t i = 0; i < args->given_count; i++) {
        const char *name = args->given[i].name;
        if (!has_word(form->needs, name) && !has_word(form->takes, name) &&
            !has_word("who simulated date json", name))
            return (void)fl_args_wrong(args, "--%s does not go with record %s", name, form->word), false;
    }
    return true;
}

/* A laser says itself whether it is simulated; that decides which journal. */
static fl_status take_device(recording *r, const fl_args *args, bool *simulated, fl_error *error)
{
    fl_device *device;
    const char *id = fl_args_value(args, "device");
    if (!id) return FL_OK;
    const fl_status status = fl_device_load(id, &device, error);
    if (status != FL_OK) return status;
    snprintf(r->dev, sizeof r->dev, "%s", device->link.identity ? device->link.identity : device->id);
    const bool is = fl_device_is_simulated(device);
    fl_device_free(device);
    if (*simulated && !is)
        return fl_error_set(error, FL_E_NO, "%s is a real laser: leave --simulated out", id);
    *simulated = is;
    return FL_OK;
}

static fl_status write(recording *r, fl_error *error)
{
    fl_entry_text(&r->entry, "who", r->act.who);
    if (r->dev[0]) fl_entry_device(&r->entry, r->dev, r->act.simulated);
    const fl_status status = act_write(&r->act, &r->entry, 1, error);
    return status == FL_OK && r->keeps ? fl_clients_keep(r->act.clients, &r->cmt, error) : status;
}

static void print_done(const recording *r, const record_form *form)
{
    const unsigned long long entry = act_entry(&r->act);
    if (!r->act.json) {
        printf("%s%s (journal entry %llu, %s)\n", act_mark(&r->act), r->said, entry, r->act.who);
        return;
    }
    json_t *object = json_pack("{s:s, s:I, s:s, s:b}", "done", form->word, "entry", (json_int_t)entry, "who",
                               r->act.who, "simulated", r->act.simulated);
    if (r->pat) json_object_set_new(object, "client", json_string(r->pat));
    fl_shown_json(object, stdout, JSON_INDENT(2) | JSON_SORT_KEYS);
    putchar('\n');
    json_decref(object);
}

static int record(const fl_args *args, const record_form *form)
{
    static recording r;
    fl_error error = {0};
    bool simulated = fl_args_has(args, "simulated");
    const bool is_photo = form->kind == FL_KIND_PHOTO;
    r = (recording){0};
    if (is_photo && args->count != 2) return fl_args_wrong(args, "record photo FILE, one file");
    if (!is_photo && args->count != 1) return fl_args_wrong(args, "'%s' is too much", args->words[1]);
    if (!options_fit(args, form)) return fl_status_exit(FL_E_USAGE);
    fl_status status = take_device(&r, args, &simulated, &error);
    if (status != FL_OK) return fl_args_failed(&error);
    status = act_begin(&r.act, args, simulated, ACT_CLIENTS, &error);
    if (status == FL_OK) status = act_sign(&r.act, fl_args_value(args, "who"), form->right, &error);
    fl_entry_begin(&r.entry, form->kind);
    if (status == FL_OK) status = form->fill(&r, &error);
    if (status == FL_OK) status = write(&r, &error);
    if (status == FL_OK) print_done(&r, form);
    return act_end(&r.act, status, &error);
}

/* ---- who looked ---- */

static void print_look(const fl_look *look)
{
    char day[11];
    const int64_t in_day = ((look->at.us % 86400000000) + 86400000000) % 86400000000;
    printf("  %7llu  %s %02d:%02d  %-7s %-10s %s\n", (unsigned long long)look->index,
           fl_date_text(fl_date_of(look->at), day), (int)(in_day / 3600000000), (int)(in_day / 60000000 % 60),
           fl_kind_text(look->kind), FL_SHOWN(look->what), look->who[0] ? FL_SHOWN(look->who) : "-");
}

static json_t *look_json(const fl_look *look)
{
    return json_pack("{s:I, s:I, s:s, s:s, s:s}", "entry", (json_int_t)look->index, "utc_us",
                     (json_int_t)look->at.us, "act", fl_kind_text(look->kind), "what", look->what, "who",
                     look->who);
}

static int list_looks(const fl_args *args)
{
    static act a;
    fl_error error = {0};
    size_t count = 0;
    const char *pat = fl_args_value(args, "pat");
    if (!pat || args->count != 1) return fl_args_wrong(args, "record list --pat CODE");
    fl_status status = act_begin(&a, args, fl_args_has(args, "simulated"), ACT_LOOK, &error);
    if (status == FL_OK && !fl_care_find(&a.care, pat))
        status = fl_error_set(&error, FL_E_NO, "no client is called %s here", pat);
    json_t *looks = json_array();
    if (status == FL_OK && !a.json)
        printf("%swho looked at the record of %s (times are UTC)\n", act_mark(&a), pat);
    for (uint64_t i = 0; status == FL_OK && i < fl_journal_length(a.journal); i++) {
        fl_record entry;
        fl_look look;
        if (fl_journal_past(a.journal, i, &entry) != FL_OK || !fl_look_of(&entry, i, pat, &look)) continue;
        count++;
        if (a.json)
            json_array_append_new(looks, look_json(&look));
        else
            print_look(&look);
    }
    if (status == FL_OK && !a.json && !count) puts("  nobody");
    if (status == FL_OK && a.json) {
        json_t *object =
            json_pack("{s:s, s:O, s:b}", "client", pat, "looks", looks, "simulated", a.simulated);
        fl_shown_json(object, stdout, JSON_INDENT(2) | JSON_SORT_KEYS);
        putchar('\n');
        json_decref(object);
    }
    json_decref(looks);
    return act_end(&a, status, &error);
}

static int run(const fl_args *args)
{
    if (!args->count) return fl_args_wrong(args, "say what to record");
    if (fl_text_same(args->words[0], "list")) return list_looks(args);
    for (const record_form *form = record_forms; form->word; form++)
        if (fl_text_same(form->word, args->words[0])) return record(args, form);
    return fl_args_wrong(args, "there is no 'record %s'", args->words[0]);
}

static const fl_option options[] = {
    ACT_OPTIONS,
    {"pat", "CODE", "the client's code, never a name"},
    {"sid", "N", "the session it belongs to"},
    {"what", "WORD", "which; each kind has its words, see below"},
    {"text", "TEXT", "event, near-miss, correction: what happened, without names"},
    {"device", "ID", "service, near-miss: the laser, by the id of its device file (fadeline devices list)"},
    {"old", "N", "service: shot counter before the work"},
    {"new", "N", "service: and after it"},
    {"next", "N", "service: the counter at which the next one is due"},
    {"doc", "TEXT", "service: number of the service paper"},
    {"site", "SITE", "service: the clinic site"},
    {"version", "TEXT", "consent: which text was signed"},
    {"file", "FILE", "consent: the signed text, for clients.db; the journal has its hash"},
    {"withdrawn", NULL, "consent: it is taken back"},
    {"zone", "ZONE", "photo: which zone it shows"},
    {"no", "NUMBER", "invoice: its number"},
    {"amount", "120.00", "invoice: how much"},
    {"currency", "CAD", "invoice: three letters"},
    {"day", "YYYY-MM-DD", "invoice: day of the session"},
    {"after-h", "H", "event: hours after the session"},
    {"grade", "N", "event: 1 slight to 5 worst"},
    {"counter", "N", "near-miss: the laser's shot counter"},
    {"task", "TASK", "follow-up: 24h, 7d or 6wk"},
    {"result", "TEXT", "follow-up: what was found, without names"},
    {"said", "WORDS", "note: what was seen or given; pain 0 to 10; see fadeline help run"},
    {"index", "N", "correction: the entry that is wrong; it stays"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_record = {
    .name = "record",
    .arguments = "KIND --who WHO ... | list --pat CODE [--simulated] [--json]",
    .summary = "write a signed entry about what no machine sees; list who looked at a client's record",
    .more =
        "  kind        who may                                   what\n"
        "  service     service, owner                            free text; old and new counter, paper\n"
        "  consent     operator, supervisor                      treatment photo teaching advertising\n"
        "  photo       operator, supervisor                      before after test\n"
        "  look        operator, supervisor, auditor, owner      photos record identity\n"
        "  invoice     operator, supervisor, owner\n"
        "  event       operator, supervisor, owner               blister burn crust infection pigment scar\n"
        "                                                        hair other\n"
        "  near-miss   operator, supervisor, service, owner      'wrong spot' eyewear zone other\n"
        "  follow-up   operator, supervisor\n"
        "  correction  operator, supervisor, service, owner\n"
        "  note        operator, supervisor                      pain reaction cooling anaesthetic\n"
        "                                                        aftercare photos; --said WORDS\n\n"
        "The PIN comes from the keyboard or standard input. Nothing is edited: a correction is a new\n"
        "entry that names the old one. Sentences with the client's name in them are refused, and so are\n"
        "photos that say where they were taken. A look needs no valid certificate: consulting stays\n"
        "open.\n\n"
        "examples:\n"
        "  fadeline record service --device example-pico --old 88410 --new 0 --doc W-2026-114 --who svc:3\n"
        "  fadeline record consent --pat C-0001 --what treatment --version smp-4 --who op:17 --simulated\n"
        "  fadeline record invoice --no 18 --pat C-1 --amount 99 --currency CAD --day 2026-05-13 --who "
        "op:17\n"
        "  fadeline record follow-up --sid 7 --task 24h --result \"no blister\" --who op:17 --simulated\n"
        "  fadeline record note --sid 7 --what pain --said 3 --who op:17 --simulated\n"
        "  fadeline record list --pat C-0001 --simulated\n",
    .options = options,
    .run = run,
};
