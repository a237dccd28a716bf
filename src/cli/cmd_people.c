#include "ask.h"
#include "command.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/session/people.h"

#include <stdio.h>
#include <string.h>

static int run(const fl_args *args)
{
    static const char *const names[] = {"operator", "supervisor", "service", "auditor", "owner"};
    if (args->count != 2 || strcmp(args->words[0], "add") != 0)
        return fl_args_wrong(args, "say: people add WHO");
    unsigned bits = 0;
    const char *role;
    for (size_t at = 0; (role = fl_args_each(args, "role", &at));) {
        unsigned found = 0;
        for (unsigned i = 0; i < 5; i++)
            if (strcmp(role, names[i]) == 0) found = 1u << (i + 1);
        if (!found)
            return fl_args_wrong(args, "there is no role '%s': operator, supervisor, service, auditor, owner",
                                 role);
        bits |= found;
    }
    if (!bits) return fl_args_wrong(args, "say at least one --role");
    fl_date until;
    const char *day = fl_args_value(args, "until");
    if (!day || fl_date_read(day, &until) != FL_OK)
        return fl_args_wrong(args, "--until wants the last day of the certificate, YYYY-MM-DD");
    char home[FL_PLACE_MAX], pin[FL_PIN_MOST + 2];
    fl_error error;
    if (fl_place_home(home, &error) != FL_OK) return fl_args_failed(&error);
    if (!ask_pin(pin)) return fl_args_wrong(args, "no PIN came on standard input");
    if (fl_people_add(home, args->words[1], bits, until, pin, &error) != FL_OK) return fl_args_failed(&error);
    printf("%s may sign in until %s\n", args->words[1], day);
    return 0;
}

static const fl_option options[] = {
    {"role", "ROLE", "operator, supervisor, service, auditor or owner; may be given more than once"},
    {"until", "YYYY-MM-DD", "last day of the person's certificate"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_people = {
    .name = "people",
    .arguments = "add WHO --role ROLE --until YYYY-MM-DD",
    .summary = "add a person who may sign in; the PIN comes from the keyboard or standard input",
    .more = "WHO is a pseudonym: the journal holds no names. The file is $FADELINE_HOME/people.yaml.\n\n"
            "example:\n"
            "  echo 493027 | fadeline people add op:17 --role operator --until 2027-05-01\n",
    .options = options,
    .run = run,
};
