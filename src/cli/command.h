/* Command: one row per command; help, usage errors and `fadeline help` all come from these rows.
 *
 * A command lives in src/cli/cmd_<name>.c as `const fl_command fl_command_<name>` and stands in the list in
 * commands.h. Its options are a table; getopt_long reads them. Results go to stdout, hints and progress to
 * stderr; the return value is the exit code of the contract (fl_status_exit).
 *
 *     static int run(const fl_args *args)
 *     {
 *         if (args->count != 1) return fl_args_wrong(args, "one case file is needed");
 *         const char *device = fl_args_value(args, "device");      // NULL when absent
 *         if (fl_args_has(args, "json")) ...
 *     }
 */
#ifndef FL_CLI_COMMAND_H
#define FL_CLI_COMMAND_H

#include "fadeline/base/error.h"
#include "fadeline/base/status.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct fl_option {
    const char *name;  /* "device", used as --device */
    const char *value; /* placeholder "ID"; NULL: a flag */
    const char *help;
} fl_option;

typedef struct fl_args fl_args;

typedef struct fl_command {
    const char *name;
    const char *arguments; /* "CASE.yaml --device ID" */
    const char *summary;   /* one line, begins with a verb */
    const char *more;      /* text and examples that run; may be NULL */
    const fl_option *options; /* ends with a row of NULLs; --help and --json are written by hand where they apply */
    int (*run)(const fl_args *args);
} fl_command;

struct fl_args {
    const fl_command *command;
    char **words; /* what is left when the options are taken */
    int count;
    struct fl_given { const char *name, *value; } given[64];
    size_t given_count;
};

const char *fl_args_value(const fl_args *args, const char *name);                  /* the last one given */
const char *fl_args_each(const fl_args *args, const char *name, size_t *position); /* all; start at 0 */
bool fl_args_has(const fl_args *args, const char *name);
/* Prints "fadeline plan: ...", the usage and where help is; returns exit code 2. */
int fl_args_wrong(const fl_args *args, const char *format, ...) FL_PRINTF(2, 3);
/* Value of an option as a number in a range; *present says whether it was given. Prints and returns false when
 * it is not such a number. */
bool fl_args_number(const fl_args *args, const char *name, double least, double most, double *value, bool *present);
bool fl_args_whole(const fl_args *args, const char *name, unsigned long long most, unsigned long long *value,
                   bool *present);
/* Prints the error and returns its exit code. */
int fl_args_failed(const fl_error *error);

/* Finds the command, reads its options, runs it. */
int fl_commands_main(int argc, char **argv);
extern const fl_command *const fl_commands[]; /* ends with NULL; order is the order of `fadeline help` */

#endif
