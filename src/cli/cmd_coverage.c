#include "command.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/course/coverage.h"
#include "fadeline/course/lattice.h"
#include "fadeline/report/shown_json.h"
#include "fadeline/report/zone_map.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static int print_json(json_t *answer)
{
    if (!answer) return fl_status_exit(FL_E_MEMORY);
    fl_shown_json(answer, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    json_decref(answer);
    putchar('\n');
    return 0;
}

typedef struct request {
    const fl_args *args;
    double area_cm2, spot_mm, overlap, rate_Hz, spill_mm, apart_mm, cream_mm;
    bool has_rate, has_cream;
} request;

/* ---- an area alone ---- */

static int count_area(const request *r)
{
    fl_coverage coverage;
    if (fl_coverage_of(fl_cm2(r->area_cm2), fl_mm(r->spot_mm), r->overlap, &coverage) != FL_OK)
        return fl_args_wrong(r->args, "%g cm2 at %g mm and overlap %g cannot be counted", r->area_cm2,
                             r->spot_mm, r->overlap);
    const double minutes = r->has_rate ? coverage.pulses / r->rate_Hz / 60.0 : 0.0;
    if (fl_args_has(r->args, "json")) {
        json_t *answer = json_pack("{s:f, s:i, s:f}", "spots_per_cm2", coverage.spots_per_cm2, "pulses",
                                   coverage.pulses, "dose_factor", coverage.dose_factor);
        if (answer && r->has_rate) json_object_set_new(answer, "minutes", json_real(minutes));
        return print_json(answer);
    }
    printf("%d pulses a pass (%.3f per cm2, hexagonal), mean dose %.3f times the fluence of one pulse\n",
           coverage.pulses, coverage.spots_per_cm2, coverage.dose_factor);
    if (r->has_rate) printf("%.1f minutes at %g Hz, without a pause\n", minutes, r->rate_Hz);
    return 0;
}

/* ---- a drawn zone ---- */

typedef struct zone {
    fl_shape *shape, *locked[FL_LATTICE_LOCKED];
    fl_lattice_rules rules;
    fl_lattice *lattice;
    fl_area cream;
} zone;

static int wrong_shape(const request *r, const char *option, const fl_shape_fault *fault)
{
    return fl_args_wrong(r->args, "--%s: %s%s%s%s", option, fault->text, fault->hint ? " (" : "",
                         fault->hint ? fault->hint : "", fault->hint ? ")" : "");
}

static int read_zone(const request *r, zone *z)
{
    fl_shape_fault fault = {.text = "no memory"};
    if (fl_shape_read(fl_args_value(r->args, "shape"), &z->shape, &fault) != FL_OK)
        return wrong_shape(r, "shape", &fault);
    size_t position = 0;
    for (const char *text; (text = fl_args_each(r->args, "locked", &position));) {
        if (z->rules.locked_count == FL_LATTICE_LOCKED)
            return fl_args_wrong(r->args, "at most %u locked zones", FL_LATTICE_LOCKED);
        if (fl_shape_read(text, &z->locked[z->rules.locked_count], &fault) != FL_OK)
            return wrong_shape(r, "locked", &fault);
        z->rules.locked_count++;
    }
    z->rules.spot = fl_mm(r->spot_mm);
    z->rules.overlap = r->overlap;
    z->rules.spill = fl_mm(r->spill_mm);
    z->rules.clearance = fl_mm(r->apart_mm);
    z->rules.order = fl_args_has(r->args, "spaced") ? FL_ORDER_SPACED : FL_ORDER_ROWS;
    z->rules.locked = (const fl_shape *const *)z->locked;
    if (fl_lattice_new(z->shape, &z->rules, &z->lattice) != FL_OK)
        return fl_args_wrong(r->args, "spots of %g mm at overlap %g cannot be placed in this shape",
                             r->spot_mm, r->overlap);
    if (r->has_cream) z->cream = fl_shape_grown_area(z->shape, fl_mm(r->cream_mm));
    return 0;
}

static int zone_json(const request *r, const zone *z)
{
    const fl_lattice *l = z->lattice;
    const double area_cm2 = fl_as_cm2(l->area);
    json_t *answer = json_pack(
        "{s:f, s:i, s:f, s:f, s:f, s:i, s:{s:f, s:f, s:f, s:f}, s:f, s:i, s:i}", "spots_per_cm2",
        (double)l->count / area_cm2, "pulses", (int)l->count, "dose_factor", l->dose_factor,
        "dose_factor_where_lit", l->dose_covered, "area_cm2", area_cm2, "rows", l->rows, "covered", "none",
        l->covered[0], "once", l->covered[1], "twice", l->covered[2], "thrice", l->covered[3], "path_mm",
        l->path.m * 1e3, "feathered", (int)l->feathered, "left_out", (int)l->left_out);
    if (answer && l->count > 1)
        json_object_set_new(answer, "step_least_mm", json_real(fl_as_mm(l->step_least)));
    if (answer && r->has_rate)
        json_object_set_new(answer, "minutes", json_real(fl_lattice_minutes(l, fl_Hz(r->rate_Hz))));
    if (answer && r->has_cream)
        json_object_set_new(answer, "anaesthetic_cm2", json_real(fl_as_cm2(z->cream)));
    return print_json(answer);
}

static int zone_text(const request *r, const zone *z)
{
    const fl_lattice *l = z->lattice;
    printf("%zu pulses a pass in %d rows over %.2f cm2, mean dose %.3f times the fluence of one pulse\n",
           l->count, l->rows, fl_as_cm2(l->area), l->dose_factor);
    printf("lit once %.1f %%, twice %.1f %%, 3 times or more %.1f %%, not at all %.1f %%\n",
           100 * l->covered[1], 100 * l->covered[2], 100 * l->covered[3], 100 * l->covered[0]);
    if (l->feathered) printf("%zu places left empty to feather\n", l->feathered);
    if (l->left_out)
        printf("%zu places left out: nearer than %g mm to a locked zone\n", l->left_out, r->apart_mm);
    printf("the hand moves %.2f m", l->path.m);
    if (l->count > 1) printf(", at least %.1f mm from one pulse to the next", fl_as_mm(l->step_least));
    putchar('\n');
    if (r->has_rate)
        printf("%.1f minutes at %g Hz, without a pause\n", fl_lattice_minutes(l, fl_Hz(r->rate_Hz)),
               r->rate_Hz);
    if (r->has_cream)
        printf("anaesthetic %.1f cm2, %g mm beyond the zone\n", fl_as_cm2(z->cream), r->cream_mm);
    return 0;
}

/* "maps/f-band.svg": the picture's directory and name. */
static int draw_zone(const request *r, const zone *z)
{
    const char *file = fl_args_value(r->args, "svg");
    if (!file) return 0;
    char directory[FL_PLACE_MAX], name[200], foot[600];
    const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file;
    const size_t length = strlen(base);
    if (length < 5 || length >= sizeof name || strcmp(base + length - 4, ".svg") != 0 ||
        strlen(file) >= sizeof directory)
        return fl_args_wrong(r->args, "--svg is a file that ends in .svg, not '%.100s'", file);
    snprintf(name, sizeof name, "%.*s", (int)length - 4, base);
    snprintf(directory, sizeof directory, "%.*s", slash ? (int)(slash - file) : 1, slash ? file : ".");
    if (slash == file) snprintf(directory, sizeof directory, "/");
    snprintf(foot, sizeof foot, "%.400s. Drawn flat and to scale; skin is not flat.",
             fl_args_value(r->args, "shape"));
    const fl_zone_picture picture = {.title = "Zone map",
                                     .foot = foot,
                                     .shape = z->shape,
                                     .lattice = z->lattice,
                                     .rules = &z->rules,
                                     .rate = fl_Hz(r->has_rate ? r->rate_Hz : 0.0),
                                     .anaesthetic = z->cream};
    fl_error error;
    return fl_zone_map_write(&picture, directory, name, &error) == FL_OK ? 0 : fl_args_failed(&error);
}

static int count_zone(const request *r)
{
    zone z = {.shape = NULL};
    int code = read_zone(r, &z);
    if (!code) code = draw_zone(r, &z);
    if (!code) code = fl_args_has(r->args, "json") ? zone_json(r, &z) : zone_text(r, &z);
    fl_lattice_free(z.lattice);
    for (size_t i = 0; i < FL_LATTICE_LOCKED; i++) fl_shape_free(z.locked[i]);
    fl_shape_free(z.shape);
    return code;
}

/* ---- */

static int run(const fl_args *args)
{
    if (args->count) return fl_args_wrong(args, "'%s' is one word too many", args->words[0]);
    request r = {.args = args};
    bool has_area, has_spot, has_overlap, has_spill, has_apart;
    if (!fl_args_number(args, "area-cm2", 0.01, 10000, &r.area_cm2, &has_area) ||
        !fl_args_number(args, "spot-mm", 0.1, 100, &r.spot_mm, &has_spot) ||
        !fl_args_number(args, "overlap", 0, 0.89, &r.overlap, &has_overlap) ||
        !fl_args_number(args, "rate-Hz", 0.01, 1000, &r.rate_Hz, &r.has_rate) ||
        !fl_args_number(args, "spill-mm", 0, 50, &r.spill_mm, &has_spill) ||
        !fl_args_number(args, "apart-mm", 0, 100, &r.apart_mm, &has_apart) ||
        !fl_args_number(args, "anaesthetic-mm", 0, 100, &r.cream_mm, &r.has_cream))
        return fl_status_exit(FL_E_USAGE);
    const bool drawn = fl_args_has(args, "shape");
    if (has_area && drawn)
        return fl_args_wrong(args, "--area-cm2 or --shape, not both: a shape has its area");
    if (!drawn && (!has_area || !has_spot || !has_overlap))
        return fl_args_wrong(args, "--area-cm2, --spot-mm and --overlap are all needed");
    if (!drawn) {
        static const char *const of_shapes[] = {"locked",         "spill-mm", "apart-mm",
                                                "anaesthetic-mm", "spaced",   "svg"};
        for (size_t i = 0; i < sizeof of_shapes / sizeof *of_shapes; i++)
            if (fl_args_has(args, of_shapes[i]))
                return fl_args_wrong(args, "--%s needs a --shape", of_shapes[i]);
        return count_area(&r);
    }
    if (!has_spot || !has_overlap) return fl_args_wrong(args, "--shape needs --spot-mm and --overlap");
    if (!has_spill) r.spill_mm = 0.5 * r.spot_mm;
    if (!has_apart) r.apart_mm = r.spot_mm;
    if (r.spill_mm > 0.5 * r.spot_mm)
        return fl_args_wrong(args, "--spill-mm is at most half a spot: centres stay inside the zone");
    return count_zone(&r);
}

static const fl_option options[] = {
    {"area-cm2", "A", "area of the zone"},
    {"shape", "S",
     "or its drawing in mm: circle:12, polygon:0,0 40,0 40,25, band:0,0 45,9 90,0 width=12 keep=left"},
    {"spot-mm", "D", "diameter of the spot at the skin"},
    {"overlap", "F", "overlap of neighbours as a fraction: 0.10 for 10 %"},
    {"rate-Hz", "R", "pulses a second that hands reach: prints minutes"},
    {"locked", "S", "a zone without light, in the same drawing; may be repeated"},
    {"apart-mm", "MM", "between a spot and a locked zone; absent: one spot"},
    {"spill-mm", "MM", "how far a spot may stand over a free edge; absent: half a spot"},
    {"anaesthetic-mm", "MM", "how far cream goes beyond the zone: prints its area"},
    {"spaced", NULL, "never a pulse beside the one before it"},
    {"svg", "FILE", "draw the map, with a PNG beside it"},
    {"json", NULL, "one JSON object"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_coverage = {
    .name = "coverage",
    .arguments = "(--area-cm2 A | --shape S) --spot-mm D --overlap F [--rate-Hz R] [--svg FILE] [--json]",
    .summary = "count the pulses of one pass over an area",
    .more = "A band is drawn by its keep line: width= is how deep the zone goes, keep= the side that stays, "
            "walking\n"
            "the line; no part of a spot crosses it. feather=0.75,0.5 thins the last rows; the last is at "
            "the line.\n\n"
            "example, 4633 pulses:\n  fadeline coverage --area-cm2 520 --spot-mm 4 --overlap 0.10\n"
            "a round zone, and a hairline raised by 12 mm with its map:\n"
            "  fadeline coverage --shape circle:12 --spot-mm 3 --overlap 0.1 --rate-Hz 2\n"
            "  fadeline coverage --shape \"band:0,0 40,11 80,14 120,11 160,0 width=12 keep=left "
            "feather=0.7,0.5\" \\\n"
            "    --spot-mm 3 --overlap 0.1 --svg map.svg\n",
    .options = options,
    .run = run,
};
