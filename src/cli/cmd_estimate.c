#include "command.h"

#include "fadeline/course/estimate.h"

#include <jansson.h>
#include <stdio.h>

static void print_text(const fl_estimate *estimate, const fl_estimate_level *const levels[FL_ESTIMATE_ITEMS])
{
    printf("Kirby-Desai score %d: %d to %d sessions", estimate->score, estimate->low, estimate->high);
    printf(" (nanosecond lasers); about %d with picosecond pulses\n", estimate->picosecond_adjusted);
    for (int i = 0; i < FL_ESTIMATE_ITEMS; i++)
        printf("  %-9s %-31s %d%s\n", fl_estimate_item_name((fl_estimate_item)i), levels[i]->name,
               levels[i]->points, levels[i]->from_memory ? "  [from memory]" : "");
    puts("The score was built on body tattoos and overstates micropigmentation by two to four times.");
    puts("The picosecond factor 0.752 comes from one vendor page.");
}

static int run(const fl_args *args)
{
    if (args->count) return fl_args_wrong(args, "'%s' is one word too many", args->words[0]);
    const fl_estimate_level *levels[FL_ESTIMATE_ITEMS];
    for (int i = 0; i < FL_ESTIMATE_ITEMS; i++) {
        const char *name = fl_estimate_item_name((fl_estimate_item)i), *value = fl_args_value(args, name);
        if (!value) return fl_args_wrong(args, "--%s is needed", name);
        fl_error error;
        if (fl_estimate_level_of((fl_estimate_item)i, value, &levels[i], &error) != FL_OK)
            return fl_args_failed(&error);
    }
    const fl_estimate estimate = fl_estimate_of(levels);
    if (!fl_args_has(args, "json")) {
        print_text(&estimate, levels);
        return 0;
    }
    json_t *answer = json_pack("{s:i, s:i, s:i, s:i}", "score", estimate.score, "low", estimate.low, "high",
                               estimate.high, "picosecond_adjusted", estimate.picosecond_adjusted);
    if (!answer) return fl_status_exit(FL_E_MEMORY);
    json_dumpf(answer, stdout, JSON_INDENT(2));
    json_decref(answer);
    putchar('\n');
    return 0;
}

static const fl_option options[] = {
    {"skin", "V", "I to VI"},
    {"location", "L", "head_neck, upper_trunk, lower_trunk, proximal_extremity, distal_extremity"},
    {"colour", "C", "black_only, mostly_black_some_red, mostly_black_and_red_some_other, multiple_colours"},
    {"ink", "A", "amateur, minimal, moderate, significant"},
    {"scarring", "S", "none, minimal, moderate, significant"},
    {"layering", "Y", "none, layered_or_cover_up"},
    {"json", NULL, "one JSON object"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_estimate = {
    .name = "estimate",
    .arguments = "--skin V --location L --colour C --ink A --scarring S --layering Y [--json]",
    .summary = "add up the Kirby-Desai score",
    .more = "example, scalp micropigmentation:\n"
            "  fadeline estimate --skin II --location head_neck --colour black_only --ink minimal --scarring none "
            "--layering none\n",
    .options = options,
    .run = run,
};
