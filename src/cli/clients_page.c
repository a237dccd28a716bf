#include "clients_page.h"

#include "fadeline/base/show.h"
#include "fadeline/base/text.h"
#include "fadeline/report/shown_json.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static json_t *day_json(fl_date date)
{
    char day[11];
    return fl_date_is_set(date) ? json_string(fl_date_text(date, day)) : json_null();
}

/* The object every answer is: what was done, and whether it is simulated. */
static json_t *answer(const act *a)
{
    return json_pack("{s:b}", "simulated", a->simulated);
}

static void put(json_t *object)
{
    fl_shown_json(object, stdout, JSON_INDENT(2) | JSON_SORT_KEYS);
    putchar('\n');
    json_decref(object);
}

static void put_act(const act *a, const char *code, const char *done)
{
    json_t *object = answer(a);
    json_object_set_new(object, "client", json_string(code));
    json_object_set_new(object, "done", json_string(done));
    json_object_set_new(object, "entry", json_integer((json_int_t)act_entry(a)));
    put(object);
}

void clients_print_done(const act *a, const char *code, const char *done)
{
    if (a->json) return put_act(a, code, done);
    printf("%s%s %s by %s (journal entry %llu; the name is not in it)\n", act_mark(a), code, done, a->who,
           (unsigned long long)act_entry(a));
}

void clients_print_hold(const act *a, const char *code, bool on)
{
    if (a->json) return put_act(a, code, on ? "hold" : "hold-lifted");
    printf("%s%s is %s legal hold (journal entry %llu)\n", act_mark(a), code, on ? "on" : "no longer on",
           (unsigned long long)act_entry(a));
}

void clients_print_erased(const act *a, const char *code)
{
    if (a->json) return put_act(a, code, "erased");
    printf("%swho %s was is erased: no name, contact, signed text or salt is in\n"
           "the clients' database or its log any more; both were searched. The journal stays as it was and\n"
           "says that it was done (entry %llu). Backups and exports made before still hold it: they are\n"
           "yours to destroy.\n",
           act_mark(a), code, (unsigned long long)act_entry(a));
}

static void print_state(const fl_care *care)
{
    char day[11];
    printf("%s", care->hold ? "  LEGAL HOLD" : "");
    if (care->erased) printf("  erased %s", fl_date_text(care->erased_on, day));
    if (!care->registered) printf("  no name was ever added");
}

void clients_print_one(const act *a, const fl_care *care, const fl_identity *who)
{
    char first[11], last[11], until[11], born[11];
    const fl_retention *rule = fl_care_rule(&a->care);
    const fl_date keep = fl_retention_until(rule, care->last, who->born);
    if (a->json) {
        json_t *object = answer(a);
        json_object_set_new(object, "client", json_string(care->code));
        json_object_set_new(object, "name", json_string(who->name));
        json_object_set_new(object, "born", day_json(who->born));
        json_object_set_new(object, "contact", *who->contact ? json_string(who->contact) : json_null());
        json_object_set_new(object, "language", *who->language ? json_string(who->language) : json_null());
        json_object_set_new(object, "first_entry", day_json(care->first));
        json_object_set_new(object, "last_entry", day_json(care->last));
        json_object_set_new(object, "sessions", json_integer(care->sessions));
        json_object_set_new(object, "keep_until", day_json(keep));
        json_object_set_new(object, "rule", json_string(rule->id));
        json_object_set_new(object, "hold", json_boolean(care->hold));
        json_object_set_new(object, "look_entry", json_integer((json_int_t)act_entry(a)));
        return put(object);
    }
    printf("%s%s\n", act_mark(a), care->code);
    printf("  name        %s\n", FL_SHOWN(who->name));
    printf("  born        %s\n", fl_date_text(who->born, born));
    printf("  contact     %s\n", *who->contact ? FL_SHOWN(who->contact) : "-");
    printf("  language    %s\n", *who->language ? FL_SHOWN(who->language) : "-");
    printf("  record      since %s, last entry %s, sessions %u\n", fl_date_text(care->first, first),
           fl_date_text(care->last, last), care->sessions);
    printf("  keep until  %s (rule %s)%s\n", fl_date_text(keep, until), rule->id,
           care->hold ? ", and while the legal hold lasts" : "");
    printf("That %s looked is entry %llu of the journal.\n", a->who, (unsigned long long)act_entry(a));
}

void clients_print_list(const act *a)
{
    if (a->json) {
        json_t *object = answer(a), *list = json_array();
        for (size_t i = 0; i < a->care.count; i++) {
            const fl_care *c = &a->care.list[i];
            json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:i, s:b, s:b, s:b, s:o}", "client",
                                                  c->code, "first_entry", day_json(c->first), "last_entry",
                                                  day_json(c->last), "sessions", (int)c->sessions, "hold",
                                                  c->hold, "registered", c->registered, "identity_missing",
                                                  fl_care_is_missing(c, a->clients), "erased_on",
                                                  day_json(c->erased_on)));
        }
        json_object_set_new(object, "clients", list);
        return put(object);
    }
    size_t missing = 0;
    printf("%sclients: %zu\n", act_mark(a), a->care.count);
    if (a->care.count) puts("  code          since       last entry  sessions");
    for (size_t i = 0; i < a->care.count; i++) {
        const fl_care *c = &a->care.list[i];
        char first[11], last[11];
        printf("  %-12s  %-10s  %-10s  %8u", FL_SHOWN(c->code), fl_date_text(c->first, first),
               fl_date_text(c->last, last), c->sessions);
        print_state(c);
        const bool gone = fl_care_is_missing(c, a->clients);
        missing += gone;
        puts(gone ? "  IDENTITY MISSING" : "");
    }
    if (missing)
        printf(
            "%zu identit%s missing: deleted from the clients' database, and no erasure in the journal says\n"
            "by whom. A backup of clients.db has it, or nobody.\n",
            missing, missing == 1 ? "y is" : "ies are");
}

static const char *due_state(const act *a, const clients_due *row)
{
    if (row->care->hold) return "hold";
    return fl_date_compare(a->today, row->until) > 0 ? "may-be-erased" : "kept";
}

void clients_print_due(const act *a, const clients_due *rows, size_t count)
{
    const fl_retention *rule = fl_care_rule(&a->care);
    char day[11], last[11], until[11];
    if (a->json) {
        json_t *object = answer(a), *list = json_array();
        for (size_t i = 0; i < count; i++)
            json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:s, s:b}", "client", rows[i].care->code,
                                                  "last_entry", day_json(rows[i].care->last), "keep_until",
                                                  day_json(rows[i].until), "state", due_state(a, &rows[i]),
                                                  "born_known", rows[i].known));
        json_object_set_new(object, "clients", list);
        json_object_set_new(object, "rule", json_string(rule->id));
        json_object_set_new(object, "date", day_json(a->today));
        return put(object);
    }
    printf("%srecords on %s, under the rule %s\n", act_mark(a), fl_date_text(a->today, day), rule->id);
    if (count) puts("  code          last entry  keep until");
    for (size_t i = 0; i < count; i++) {
        const char *state = due_state(a, &rows[i]);
        printf("  %-12s  %-10s  %-10s  %s%s\n", FL_SHOWN(rows[i].care->code),
               fl_date_text(rows[i].care->last, last), fl_date_text(rows[i].until, until),
               fl_text_same(state, "hold")   ? "LEGAL HOLD"
               : fl_text_same(state, "kept") ? "kept"
                                             : "MAY BE ERASED",
               rows[i].known ? "" : "  (day of birth not known: counted as newborn)");
    }
}

void clients_print_rules(const act *a)
{
    const fl_retention *rule, *now = fl_care_rule(&a->care);
    json_t *object = answer(a), *list = json_array();
    if (!a->json) printf("%sretention: %s is in force\n", act_mark(a), now->id);
    for (unsigned n = 0; (rule = fl_retention_at(n)); n++) {
        json_array_append_new(list, json_pack("{s:s, s:i, s:i, s:s, s:s}", "rule", rule->id, "years",
                                              rule->years, "minors_birthday", rule->birthday, "where",
                                              rule->where, "source", rule->source));
        if (a->json) continue;
        printf("%s %-17s %2d years", rule == now ? " *" : "  ", rule->id, rule->years);
        if (rule->birthday) printf(", minors until they are %d", rule->birthday);
        printf("\n      %s: %s\n", rule->where, rule->source);
    }
    if (!a->json) puts("Rules are defaults with their source, not legal advice.");
    json_object_set_new(object, "rules", list);
    json_object_set_new(object, "in_force", json_string(now->id));
    if (a->json)
        put(object);
    else
        json_decref(object);
}
