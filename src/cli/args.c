#include "command.h"
#include "wrap.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MOST_OPTIONS 32

const char *fl_args_each(const fl_args *args, const char *name, size_t *position)
{
    while (*position < args->given_count) {
        const struct fl_given *given = &args->given[(*position)++];
        if (fl_text_same(given->name, name)) return given->value ? given->value : "";
    }
    return NULL;
}

const char *fl_args_value(const fl_args *args, const char *name)
{
    const char *last = NULL, *value;
    for (size_t at = 0; (value = fl_args_each(args, name, &at));) last = value;
    return last;
}

bool fl_args_has(const fl_args *args, const char *name)
{
    return fl_args_value(args, name) != NULL;
}

int fl_args_wrong(const fl_args *args, const char *format, ...)
{
    fprintf(stderr, "fadeline %s: ", args->command->name);
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    const int usage = fprintf(stderr, "  usage: fadeline %s ", args->command->name);
    wrap(stderr, args->command->arguments, usage, usage);
    fprintf(stderr, "  more: fadeline help %s\n", args->command->name);
    return fl_status_exit(FL_E_USAGE);
}

bool fl_args_number(const fl_args *args, const char *name, double least, double most, double *value,
                    bool *present)
{
    const char *text = fl_args_value(args, name);
    if (present) *present = text != NULL;
    if (!text) return true;
    double read;
    if (fl_read_double(text, &read) != FL_OK) {
        fl_args_wrong(args, "--%s wants a number with a point, not '%s'", name, text);
        return false;
    }
    if (!(read >= least && read <= most)) {
        fl_args_wrong(args, "--%s must be from %g to %g, not %s", name, least, most, text);
        return false;
    }
    *value = read;
    return true;
}

bool fl_args_whole(const fl_args *args, const char *name, unsigned long long most, unsigned long long *value,
                   bool *present)
{
    const char *text = fl_args_value(args, name);
    if (present) *present = text != NULL;
    if (!text) return true;
    uint64_t read;
    if (fl_read_u64(text, &read) != FL_OK || read > most) {
        fl_args_wrong(args, "--%s wants a whole number up to %llu, not '%s'", name, most, text);
        return false;
    }
    *value = read;
    return true;
}

int fl_args_failed(const fl_error *error)
{
    fl_error_print(stderr, error);
    return fl_status_exit(error->status);
}

/* Its lines as they stand. A paragraph of prose with one that is too long for the screen is broken
 * anew; what is indented (examples, lists) is not touched. */
static void print_more(const char *more)
{
    while (*more) {
        char paragraph[4000];
        fl_text text = fl_text_in(paragraph, sizeof paragraph);
        const char *next = more;
        bool wide = false;
        do { /* one line, or all lines up to an empty or an indented one */
            const size_t size = strcspn(next, "\n");
            fl_text_add(&text, "%s%.*s", next > more ? " " : "", (int)size, next);
            wide = wide || size > 100;
            next += size + (next[size] == '\n');
        } while (*more != ' ' && *more != '\n' && *next && *next != ' ' && *next != '\n');
        if (wide && *more != ' ')
            wrap(stdout, paragraph, 0, 0);
        else
            printf("%.*s", (int)(next - more), more);
        more = next;
    }
}

static void print_help(const fl_command *command)
{
    const int usage = printf("usage: fadeline %s ", command->name);
    wrap(stdout, command->arguments, usage, usage);
    printf("\n%c%s.\n", command->summary[0] - 'a' + 'A', command->summary + 1);
    if (command->options[0].name) puts("\noptions:");
    for (const fl_option *option = command->options; option->name; option++) {
        char left[64];
        snprintf(left, sizeof left, "--%s %s", option->name, option->value ? option->value : "");
        const int at = printf("  %-26s ", left);
        wrap(stdout, option->help, at, 29);
    }
    if (!command->more) return;
    putchar('\n');
    print_more(command->more);
}

/* The three commands people need come first, each with an example that runs. */
static void print_overview(FILE *out)
{
    fputs("Fadeline plans and conducts laser correction of scalp micropigmentation and permanent make-up,\n"
          "and keeps a record nobody can quietly change. It is not a certified medical device.\n\n"
          "  fadeline plan profiles/cases/case-1.yaml --device example-pico --date 2026-05-04\n"
          "  fadeline run plan.json --port /dev/ttyUSB0\n"
          "  fadeline audit --from 2026-05-01 --to 2026-05-31\n\ncommands:\n",
          out);
    for (size_t i = 0; fl_commands[i]; i++)
        fprintf(out, "  %-12s %s\n", fl_commands[i]->name, fl_commands[i]->summary);
    fputs("\n  fadeline help COMMAND      what a command takes\n"
          "  fadeline explain CODE      what a refusal means and what to do\n",
          out);
}

static const fl_command *find(const char *name)
{
    for (size_t i = 0; fl_commands[i]; i++)
        if (fl_text_same(fl_commands[i]->name, name)) return fl_commands[i];
    return NULL;
}

static int unknown_command(const char *name)
{
    const char *names[64];
    size_t count = 0;
    while (fl_commands[count] && count < 64) names[count] = fl_commands[count]->name, count++;
    fprintf(stderr, "fadeline: there is no command '%s'\n", name);
    const char *near = fl_text_nearest(name, names, count);
    if (near) fprintf(stderr, "  hint: did you mean '%s'?\n", near);
    fprintf(stderr, "  more: fadeline help\n");
    return fl_status_exit(FL_E_USAGE);
}

/* getopt_long takes any unambiguous beginning of an option; we do not: a typing error must not become an
 * order. */
static const char *shortened(const fl_command *command, int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (!fl_text_begins(argv[i], "--")) continue;
        const size_t length = strcspn(argv[i] + 2, "=");
        bool known = strcmp(argv[i], "--help") == 0, wants_value = false;
        for (const fl_option *option = command->options; option->name && !known; option++) {
            known = strlen(option->name) == length && memcmp(option->name, argv[i] + 2, length) == 0;
            wants_value = known && option->value && !argv[i][2 + length];
        }
        if (!known) return argv[i];
        if (wants_value) i++;
    }
    return NULL;
}

/* Fills args; 0 to go on, 1 when help was asked for, 2 on a usage error (already printed). */
static int read_options(fl_args *args, int argc, char **argv)
{
    struct option table[MOST_OPTIONS + 2] = {{"help", no_argument, NULL, MOST_OPTIONS}};
    int n = 1;
    for (const fl_option *option = args->command->options; option->name; option++, n++) {
        FL_ASSERT(n <= MOST_OPTIONS);
        table[n] = (struct option){option->name, option->value ? required_argument : no_argument, NULL, n};
    }
    const char *word = shortened(args->command, argc, argv);
    if (word) return fl_args_wrong(args, "there is no option %.*s", (int)strcspn(word, "="), word);
    optind = 0;
    opterr = 0;
    for (int found; (found = getopt_long(argc, argv, ":h", table, NULL)) != -1;) {
        if (found == MOST_OPTIONS || found == 'h') return 1;
        if (found == ':') return fl_args_wrong(args, "%s needs a value", argv[optind - 1]);
        if (found == '?') return fl_args_wrong(args, "there is no option %s", argv[optind - 1]);
        if (args->given_count == sizeof args->given / sizeof *args->given)
            return fl_args_wrong(args, "too many options");
        args->given[args->given_count++] = (struct fl_given){args->command->options[found - 1].name, optarg};
    }
    args->words = argv + optind;
    args->count = argc - optind;
    return 0;
}

/* Output that was lost is not done, whatever the command thought. */
static int finished(int code)
{
    if (fflush(stdout) == 0 && !ferror(stdout)) return code;
    if (errno == EPIPE) return code; /* `| head` has read enough */
    fprintf(stderr, "fadeline: not everything could be written to standard output: %s\n", strerror(errno));
    return code ? code : fl_status_exit(FL_E_IO);
}

int fl_commands_main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : NULL;
    if (!name) return print_overview(stderr), fl_status_exit(FL_E_USAGE);
    if (fl_text_same(name, "--version")) name = "version";
    if (fl_text_same(name, "help") || fl_text_same(name, "--help") || fl_text_same(name, "-h")) {
        if (argc < 3) return print_overview(stdout), 0;
        const fl_command *command = find(argv[2]);
        return command ? (print_help(command), 0) : unknown_command(argv[2]);
    }
    const fl_command *command = find(name);
    if (!command) return unknown_command(name);
    fl_args args = {.command = command};
    switch (read_options(&args, argc - 1, argv + 1)) {
    case 0: return finished(command->run(&args));
    case 1: print_help(command); return 0;
    default: return fl_status_exit(FL_E_USAGE);
    }
}
