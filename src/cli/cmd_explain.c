#include "command.h"

#include "explain_texts.h"
#include "fadeline/base/text.h"
#include "fadeline/interlock/reason.h"

#include <jansson.h>
#include <stdio.h>

struct row {
    const char *code, *what, *todo;
};

static const struct row rows[] = {
#define X(code, what, todo) {code, what, todo},
    FL_EXPLAIN_LIST(X)
#undef X
};
#define ROWS (sizeof rows / sizeof *rows)
#define ALL (ROWS + FL_REASON_COUNT)

/* Row n of the one list: texts of this file, then the interlock's own. */
static struct row row_at(size_t n)
{
    if (n < ROWS) return rows[n];
    const fl_reason_row *reason = &fl_reason_rows[n - ROWS];
    return (struct row){reason->code, reason->text, reason->todo};
}

static int print_list(void)
{
    for (size_t i = 0; i < ALL; i++) puts(row_at(i).code);
    return 0;
}

/* Sentences of the interlock begin in lower case, because they stand after a colon elsewhere. */
static void print_sentence(const char *label, const char *text)
{
    const char first = text[0] >= 'a' && text[0] <= 'z' ? (char)(text[0] - 'a' + 'A') : text[0];
    printf("%s%c%s\n", label, first, text + 1);
}

static int print_row(const struct row *row, bool json)
{
    if (json) {
        json_t *object = json_pack("{s:s, s:s, s:s}", "code", row->code, "means", row->what, "do", row->todo);
        json_dumpf(object, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(object);
        return 0;
    }
    printf("%s\n", row->code);
    print_sentence("  means: ", row->what);
    print_sentence("  do:    ", row->todo);
    return 0;
}

static int run(const fl_args *args)
{
    if (!args->count) return print_list();
    if (args->count > 1) return fl_args_wrong(args, "one code at a time");
    const char *codes[ALL];
    for (size_t i = 0; i < ALL; i++) {
        const struct row row = row_at(i);
        if (fl_text_same(row.code, args->words[0])) return print_row(&row, fl_args_has(args, "json"));
        codes[i] = row.code;
    }
    const char *near = fl_text_nearest(args->words[0], codes, ALL);
    return near ? fl_args_wrong(args, "there is no code '%s'; did you mean '%s'?", args->words[0], near)
                : fl_args_wrong(args, "there is no code '%s'; `fadeline explain` lists them all",
                                args->words[0]);
}

static const fl_option options[] = {{"json", NULL, "one object on stdout"}, {NULL, NULL, NULL}};

const fl_command fl_command_explain = {
    .name = "explain",
    .arguments = "[CODE]",
    .summary = "say what a refusal or fault means and what to do",
    .more = "Without a code: all codes, one a line.\n\nexample:\n  fadeline explain device-limits-unknown\n",
    .options = options,
    .run = run,
};
