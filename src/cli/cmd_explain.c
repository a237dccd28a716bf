#include "command.h"
#include "wrap.h"

#include "explain_texts.h"
#include "fadeline/base/text.h"
#include "fadeline/course/rules.h"
#include "fadeline/interlock/reason.h"
#include "fadeline/report/shown_json.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
    const char *code, *what, *todo, *from; /* from: where it comes from */
    const char *source;                    /* of a rule, as its row says; may be NULL */
};

static const struct row rows[] = {
#define X(code, what, todo) {code, what, todo, NULL, NULL},
    FL_EXPLAIN_LIST(X)
#undef X
};
#define ROWS (sizeof rows / sizeof *rows)
#define ALL (ROWS + FL_REASON_COUNT)

/* Row n of the program's own list: texts of this folder, then the interlock's. A row without a code holds the
 * source of those below it. */
static struct row row_at(size_t n)
{
    if (n >= ROWS) {
        const fl_reason_row *reason = &fl_reason_rows[n - ROWS];
        return (struct row){reason->code, reason->text, reason->todo,
                            "the interlock's table: src/interlock/README.md", NULL};
    }
    struct row row = rows[n];
    for (size_t i = n; row.code && !row.from && i-- > 0;)
        if (!rows[i].code) row.from = rows[i].what;
    return row;
}

/* ---- codes that a clinic's own rules name ---- */

#define FOUND_MOST 32u
struct found {
    const char *code; /* NULL: any */
    struct row list[FOUND_MOST];
    size_t count;
};

/* The same sentence stands in the rows of several procedures: said once. */
static void offer(struct found *found, const char *code, const char *what, const char *todo, const char *from,
                  const char *source)
{
    if (!fl_text_same(code, found->code) || !what || found->count == FOUND_MOST) return;
    for (size_t i = 0; i < found->count; i++)
        if (fl_text_same(found->list[i].what, what)) return;
    found->list[found->count++] = (struct row){code, what, todo, from, source};
}

static void search_wavelengths(struct found *found, const fl_wavelength_rule *rules, size_t count,
                               const char *from)
{
    for (size_t i = 0; i < count; i++)
        offer(found, rules[i].code, rules[i].why_not, rules[i].change, from, rules[i].source);
}

static void search_rules(struct found *found, const fl_rules *rules, const char *from)
{
    for (size_t i = 0; i < rules->screening_count; i++) {
        const fl_screening_rule *rule = &rules->screening[i];
        offer(found, rule->id, rule->text, rule->change, from, rule->source);
    }
    for (size_t i = 0; i < rules->features_count; i++) {
        const fl_feature_rule *rule = &rules->features[i];
        offer(found, rule->id, rule->text, rule->change, from, rule->source);
    }
    for (size_t i = 0; i < rules->regions_count; i++) {
        const fl_region_rule *rule = &rules->regions[i];
        offer(found, rule->code, rule->text, rule->change, from, rule->source);
    }
    search_wavelengths(found, rules->wavelengths, rules->wavelengths_count, from);
}

static void search_procedures(struct found *found, const fl_procedures *procedures, const char *from)
{
    for (size_t i = 0; i < procedures->list_count; i++) {
        const fl_procedure *procedure = &procedures->list[i];
        search_wavelengths(found, procedure->wavelengths, procedure->wavelengths_count, from);
        for (size_t j = 0; j < procedure->notes_count; j++) {
            const fl_procedure_note *note = &procedure->notes[j];
            offer(found, note->code, note->text, note->change, from, procedure->source);
        }
    }
}

/* ---- printing ---- */

#define LABEL 9 /* columns before every text */

static void print_plain(const char *label, const char *text)
{
    fputs(label, stdout);
    wrap(stdout, text, LABEL, LABEL);
}

/* Sentences of the interlock begin in lower case, because they stand after a colon elsewhere. */
static void print_sentence(const char *label, const char *text)
{
    char *sentence = strdup(text);
    if (!sentence) return;
    if (*sentence >= 'a' && *sentence <= 'z') *sentence = (char)(*sentence - 'a' + 'A');
    print_plain(label, sentence);
    free(sentence);
}

static int print_rows(const struct row *list, size_t count, bool json)
{
    if (json) {
        json_t *object = json_object(), *all = json_array();
        json_object_set_new(object, "code", json_string(list[0].code));
        for (size_t i = 0; i < count; i++)
            json_array_append_new(all,
                                  json_pack("{s:s, s:s?, s:s, s:s?}", "means", list[i].what, "do",
                                            list[i].todo, "from", list[i].from, "source", list[i].source));
        json_object_set_new(object, "texts", all);
        fl_shown_json(object, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(object);
        return 0;
    }
    puts(list[0].code);
    for (size_t i = 0; i < count; i++) {
        print_sentence("  means: ", list[i].what);
        if (list[i].todo) print_sentence("  do:    ", list[i].todo);
        print_plain("  from:  ", list[i].from);
        if (list[i].source) print_plain("         ", list[i].source);
    }
    return 0;
}

static int print_list(void)
{
    for (size_t i = 0; i < ALL; i++)
        if (row_at(i).code) puts(row_at(i).code);
    return 0;
}

static int unknown(const fl_args *args, const char *code)
{
    const char *codes[ALL];
    size_t count = 0;
    for (size_t i = 0; i < ALL; i++)
        if (row_at(i).code) codes[count++] = row_at(i).code;
    const char *near = fl_text_nearest(code, codes, count);
    if (near) return fl_args_wrong(args, "there is no code '%s'; did you mean '%s'?", code, near);
    return fl_args_wrong(args, "there is no code '%s'; `fadeline explain` lists them", code);
}

static int explain_from_rules(const fl_args *args, const char *code)
{
    fl_rulebook *book = NULL;
    struct found found = {.code = code};
    /* Rules that cannot be read are told by every planning command; here they only explain nothing. */
    if (fl_rulebook_load(NULL, NULL, &book, NULL) == FL_OK) {
        search_rules(&found, book->rules, fl_yaml_path(book->rules_file));
        search_procedures(&found, book->procedures, fl_yaml_path(book->procedures_file));
    }
    const int result =
        found.count ? print_rows(found.list, found.count, fl_args_has(args, "json")) : unknown(args, code);
    fl_rulebook_free(book);
    return result;
}

static int run(const fl_args *args)
{
    if (!args->count) return print_list();
    if (args->count > 1) return fl_args_wrong(args, "one code at a time");
    for (size_t i = 0; i < ALL; i++) {
        const struct row row = row_at(i);
        if (fl_text_same(row.code, args->words[0])) return print_rows(&row, 1, fl_args_has(args, "json"));
    }
    return explain_from_rules(args, args->words[0]);
}

static const fl_option options[] = {{"json", NULL, "one object on stdout"}, {NULL, NULL, NULL}};

const fl_command fl_command_explain = {
    .name = "explain",
    .arguments = "[CODE]",
    .summary = "say what a refusal or fault means and what to do",
    .more = "Without a code: the program's own codes, one a line. A clinic's rules may name more.\n\n"
            "example:\n  fadeline explain device-limits-unknown\n",
    .options = options,
    .run = run,
};
