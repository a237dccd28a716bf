#include "command.h"

#include "fadeline/course/coverage.h"

#include <jansson.h>
#include <stdio.h>

static int run(const fl_args *args)
{
    if (args->count) return fl_args_wrong(args, "'%s' is one word too many", args->words[0]);
    double area_cm2 = 0, spot_mm = 0, overlap = 0;
    bool has_area, has_spot, has_overlap;
    if (!fl_args_number(args, "area-cm2", 0.01, 10000, &area_cm2, &has_area) ||
        !fl_args_number(args, "spot-mm", 0.1, 100, &spot_mm, &has_spot) ||
        !fl_args_number(args, "overlap", 0, 0.89, &overlap, &has_overlap))
        return fl_status_exit(FL_E_USAGE);
    if (!has_area || !has_spot || !has_overlap)
        return fl_args_wrong(args, "--area-cm2, --spot-mm and --overlap are all needed");

    fl_coverage coverage;
    if (fl_coverage_of(fl_cm2(area_cm2), fl_mm(spot_mm), overlap, &coverage) != FL_OK)
        return fl_args_wrong(args, "%g cm2 at %g mm and overlap %g cannot be counted", area_cm2, spot_mm,
                             overlap);

    if (fl_args_has(args, "json")) {
        json_t *answer = json_pack("{s:f, s:i, s:f}", "spots_per_cm2", coverage.spots_per_cm2, "pulses",
                                   coverage.pulses, "dose_factor", coverage.dose_factor);
        if (!answer) return fl_status_exit(FL_E_MEMORY);
        json_dumpf(answer, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
        json_decref(answer);
        putchar('\n');
        return 0;
    }
    printf("%d pulses a pass (%.3f per cm2, hexagonal), mean dose %.3f times the fluence of one pulse\n",
           coverage.pulses, coverage.spots_per_cm2, coverage.dose_factor);
    return 0;
}

static const fl_option options[] = {
    {"area-cm2", "A", "area of the zone"},
    {"spot-mm", "D", "diameter of the spot at the skin"},
    {"overlap", "F", "overlap of neighbours as a fraction: 0.10 for 10 %"},
    {"json", NULL, "one JSON object"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_coverage = {
    .name = "coverage",
    .arguments = "--area-cm2 A --spot-mm D --overlap F [--json]",
    .summary = "count the pulses of one pass over an area",
    .more = "example, 4633 pulses:\n  fadeline coverage --area-cm2 520 --spot-mm 4 --overlap 0.10\n",
    .options = options,
    .run = run,
};
