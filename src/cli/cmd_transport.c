#include "command.h"

#include "fadeline/base/clock.h"
#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/transport/mci.h"
#include "fadeline/transport/transport.h"

#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* With --relative-error the file's photon count is ignored; this many is where we give up and say so. */
#define PHOTONS_AT_MOST 1000000000u
#define PROGRESS_AFTER_S 1.0
#define STEP_S                                                                                               \
    0.2 /* a step is as many blocks as take about so long: progress and ^C are answered within it */

typedef struct request {
    const char *path;
    bool json;
    unsigned threads;
    uint64_t seed;
    double relative_error;
    fl_length spots[FL_TRANSPORT_SPOTS]; /* rising, as the run wants them */
    unsigned order[FL_TRANSPORT_SPOTS];  /* spot i as given is spots[order[i]] */
    double given_mm[FL_TRANSPORT_SPOTS];
    unsigned spot_count;
} request;

typedef struct timing {
    double seconds;
    fl_transport_progress progress;
} timing;

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

static double seconds_now(void)
{
    const fl_clock *clock = fl_clock_system();
    return (double)clock->now(clock->self).us / 1e6;
}

/* "2,3,4" in mm. False when it was refused (already printed). */
static bool read_spots(const fl_args *args, request *wanted)
{
    const char *text = fl_args_value(args, "spots");
    double *given = wanted->given_mm;
    for (const char *at = text; at; wanted->spot_count++) {
        const char *comma = strchr(at, ',');
        const size_t length = comma ? (size_t)(comma - at) : strlen(at);
        char word[32];
        double mm;
        snprintf(word, sizeof word, "%.*s", length < 31 ? (int)length : 31, at);
        if (wanted->spot_count == FL_TRANSPORT_SPOTS)
            return fl_args_wrong(args, "at most %d spots", FL_TRANSPORT_SPOTS), false;
        if (length > 30 || fl_read_double(word, &mm) != FL_OK || !(mm >= 0.01 && mm <= 1000.0))
            return fl_args_wrong(
                       args, "--spots wants diameters of 0.01 to 1000 mm, such as 2,3.5,4: not '%s'", word),
                   false;
        given[wanted->spot_count] = mm;
        at = comma ? comma + 1 : NULL;
    }
    for (unsigned i = 0; i < wanted->spot_count; i++) {
        unsigned rank = 0;
        for (unsigned j = 0; j < wanted->spot_count; j++) {
            if (j != i && given[j] == given[i])
                return fl_args_wrong(args, "spot %g mm is there twice", given[i]), false;
            rank += given[j] < given[i];
        }
        wanted->order[i] = rank;
        wanted->spots[rank] = fl_mm(given[i]);
    }
    return true;
}

static unsigned processors(void)
{
    const long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > 64 ? 64 : (unsigned)count;
}

static bool read_request(const fl_args *args, request *wanted)
{
    unsigned long long threads = processors(), seed = 1;
    wanted->path = args->words[0];
    wanted->json = fl_args_has(args, "json");
    if (!read_spots(args, wanted)) return false;
    if (!fl_args_whole(args, "threads", 64, &threads, NULL) ||
        !fl_args_whole(args, "seed", INT64_MAX, &seed, NULL))
        return false;
    if (!fl_args_number(args, "relative-error", 1e-6, 1.0, &wanted->relative_error, NULL)) return false;
    if (!threads) return fl_args_wrong(args, "--threads must be at least 1"), false;
    wanted->threads = (unsigned)threads;
    wanted->seed = seed;
    return true;
}

static fl_transport *new_run(const fl_mci_run *input, const request *wanted, fl_error *error)
{
    fl_transport_options options = fl_transport_options_default();
    options.seed = wanted->seed;
    options.threads = wanted->threads;
    options.relative_error = wanted->relative_error;
    options.photons = wanted->relative_error > 0.0 ? PHOTONS_AT_MOST : input->photons;
    fl_length edges[FL_TRANSPORT_CELLS + 1];
    for (unsigned i = 0; i <= input->z_cells; i++) edges[i].m = input->dz.m * i;
    options.depth_edges = edges;
    options.depth_cells = wanted->spot_count ? input->z_cells : 0;
    options.spots = wanted->spots;
    options.spot_count = wanted->spot_count;
    fl_transport *run = NULL;
    return fl_transport_new(&input->medium, &options, &run, error) == FL_OK ? run : NULL;
}

/* "known to 1.2 %, 12.0 M photons, 40 s left", on one line of a terminal. */
static void show_progress(const fl_transport_progress *at, double seconds, bool by_error)
{
    char line[120];
    fl_text text = fl_text_in(line, sizeof line);
    if (by_error && isfinite(at->relative_error))
        fl_text_add(&text, "known to %.2g %%, ", 100.0 * at->relative_error);
    fl_text_add(&text, "%.2f M photons", (double)at->photons / 1e6);
    if (at->wanted > at->photons && at->photons)
        fl_text_add(&text, ", %.0f s left", seconds * ((double)at->wanted / (double)at->photons - 1.0));
    fprintf(stderr, "\r%-78s", line);
}

/* Walks to the end or to ^C. */
static timing walk(fl_transport *run, const request *wanted)
{
    const bool terminal = isatty(STDERR_FILENO);
    const double start = seconds_now();
    double last = start;
    bool shown = false;
    for (unsigned blocks = wanted->threads; !interrupted && fl_transport_step(run, blocks);) {
        const double now = seconds_now();
        if (now - last < STEP_S / 2 && blocks < 1u << 20) blocks *= 2;
        if (now - last > STEP_S * 2 && blocks > wanted->threads) blocks /= 2;
        last = now;
        if (!terminal || now - start < PROGRESS_AFTER_S) continue;
        const fl_transport_progress progress = fl_transport_progress_of(run);
        show_progress(&progress, now - start, wanted->relative_error > 0.0);
        shown = true;
    }
    if (shown) fprintf(stderr, "\r%78s\r", "");
    return (timing){seconds_now() - start, fl_transport_progress_of(run)};
}

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static double rate(const timing *took)
{
    return took->seconds > 0.0 ? (double)took->progress.photons / took->seconds : NAN;
}

static json_t *spot_json(const fl_transport *run, unsigned cells, uint32_t spot, json_t *spot_mm)
{
    json_t *ratio = json_array(), *standard_error = json_array();
    for (unsigned cell = 0; cell < cells; cell++) {
        const fl_estimate e = fl_transport_fluence(run, 0, spot, cell);
        json_array_append_new(ratio, number(e.value));
        json_array_append_new(standard_error, number(e.standard_error));
    }
    return json_pack("{s:o, s:o, s:o}", "spot_mm", spot_mm, "ratio", ratio, "standard_error", standard_error);
}

static json_t *fluence_json(const fl_transport *run, const fl_mci_run *input, const request *wanted)
{
    json_t *z_mm = json_array(), *spots = json_array();
    for (unsigned cell = 0; cell < input->z_cells; cell++)
        json_array_append_new(z_mm, json_real(fl_as_mm(input->dz) * (cell + 0.5)));
    for (unsigned i = 0; i < wanted->spot_count; i++) {
        const unsigned at = wanted->order[i];
        json_array_append_new(spots, spot_json(run, input->z_cells, at, json_real(wanted->given_mm[i])));
    }
    json_array_append_new(spots, spot_json(run, input->z_cells, FL_TRANSPORT_WIDE, json_null()));
    return json_pack("{s:o, s:o}", "z_mm", z_mm, "spots", spots);
}

static json_t *run_json(const fl_transport *run, const fl_mci_run *input, const request *wanted,
                        const timing *took)
{
    const fl_estimate diffuse = fl_transport_diffuse(run, 0), transmitted = fl_transport_transmitted(run, 0);
    json_t *absorbed = json_array(), *absorbed_error = json_array();
    for (unsigned i = 0; i < input->medium.layers; i++) {
        const fl_estimate e = fl_transport_absorbed(run, 0, i);
        json_array_append_new(absorbed, json_real(e.value));
        json_array_append_new(absorbed_error, number(e.standard_error));
    }
    json_t *one = json_pack(
        "{s:f, s:f, s:f, s:o, s:{s:f, s:o, s:o, s:o}, s:f, s:I, s:f, s:o, s:i, s:o}", "specular_reflectance",
        fl_transport_specular(run), "diffuse_reflectance", diffuse.value, "transmittance", transmitted.value,
        "absorbed", absorbed, "standard_error", "specular_reflectance", 0.0, "diffuse_reflectance",
        number(diffuse.standard_error), "transmittance", number(transmitted.standard_error), "absorbed",
        absorbed_error, "lost", fl_transport_lost(run, 0), "photons", (json_int_t)took->progress.photons,
        "seconds", took->seconds, "photons_per_second", number(rate(took)), "threads", (int)wanted->threads,
        "seed", json_integer((json_int_t)wanted->seed));
    if (wanted->spot_count) json_object_set_new(one, "fluence_ratio", fluence_json(run, input, wanted));
    if (wanted->relative_error > 0.0) {
        json_object_set_new(one, "relative_error", number(took->progress.relative_error));
        json_object_set_new(one, "relative_error_met", json_boolean(took->progress.met));
    }
    return one;
}

static void print_estimate(const char *what, fl_estimate e)
{
    printf("  %-24s %.6f", what, e.value);
    if (isfinite(e.standard_error)) printf(" +- %.6f", e.standard_error);
    putchar('\n');
}

static void print_fluence(const fl_transport *run, const fl_mci_run *input, const request *wanted)
{
    printf("  fluence on the axis over incident fluence, +- one standard error\n  %9s", "depth_mm");
    for (unsigned i = 0; i < wanted->spot_count; i++) printf("   %8g mm spot", wanted->given_mm[i]);
    printf("   %16s\n", "wide beam");
    for (unsigned cell = 0; cell < input->z_cells; cell++) {
        printf("  %9.4g", fl_as_mm(input->dz) * (cell + 0.5));
        for (unsigned i = 0; i <= wanted->spot_count; i++) {
            const uint32_t spot = i < wanted->spot_count ? wanted->order[i] : FL_TRANSPORT_WIDE;
            const fl_estimate e = fl_transport_fluence(run, 0, spot, cell);
            printf("   %8.4g +- %5.2g", e.value, e.standard_error);
        }
        putchar('\n');
    }
}

static void print_run(const fl_transport *run, const fl_mci_run *input, const request *wanted,
                      const timing *took, size_t index)
{
    printf("run %zu (%s:%u): %llu photons in %.2f s, %.0f a second, %u thread%s, seed %llu\n", index + 1,
           wanted->path, input->line, (unsigned long long)took->progress.photons, took->seconds, rate(took),
           wanted->threads, wanted->threads == 1 ? "" : "s", (unsigned long long)wanted->seed);
    printf("  %-24s %.6f\n", "specular reflectance", fl_transport_specular(run));
    print_estimate("diffuse reflectance", fl_transport_diffuse(run, 0));
    print_estimate("transmittance", fl_transport_transmitted(run, 0));
    for (unsigned i = 0; i < input->medium.layers; i++) {
        char what[32];
        snprintf(what, sizeof what, "absorbed in layer %u", i + 1);
        print_estimate(what, fl_transport_absorbed(run, 0, i));
    }
    if (fl_transport_lost(run, 0) > 0.0) printf("  %-24s %.6f\n", "given up", fl_transport_lost(run, 0));
    if (wanted->spot_count) print_fluence(run, input, wanted);
}

/* One run of the file. Adds to `runs` when it is JSON we print. */
static int run_one(const fl_mci_run *input, const request *wanted, size_t index, json_t *runs)
{
    fl_error error;
    fl_transport *run = new_run(input, wanted, &error);
    if (!run) {
        fl_error_at(&error, wanted->path, input->line, 1);
        return fl_args_failed(&error);
    }
    const timing took = walk(run, wanted);
    int code = interrupted ? fl_status_exit(FL_E_INTERRUPTED) : 0;
    if (!code) {
        if (runs)
            json_array_append_new(runs, run_json(run, input, wanted, &took));
        else
            print_run(run, input, wanted, &took, index);
        if (wanted->relative_error > 0.0 && !took.progress.met) {
            fprintf(stderr,
                    "fadeline: run %zu: known to %.2g %% after %llu photons, not to the %.2g %% asked for\n"
                    "  hint: leave out depths that light hardly reaches, or allow a larger error\n",
                    index + 1, 100.0 * took.progress.relative_error,
                    (unsigned long long)took.progress.photons, 100.0 * wanted->relative_error);
            code = fl_status_exit(FL_E_NO);
        }
    }
    fl_transport_free(run);
    return code;
}

static int run_all(const fl_mci *mci, const request *wanted)
{
    struct sigaction stop = {.sa_handler = on_interrupt}, before;
    sigaction(SIGINT, &stop, &before);
    json_t *runs = wanted->json ? json_array() : NULL;
    int code = 0;
    for (size_t i = 0; i < mci->count && code != fl_status_exit(FL_E_INTERRUPTED); i++) {
        const int this = run_one(&mci->runs[i], wanted, i, runs);
        if (this > code) code = this;
    }
    sigaction(SIGINT, &before, NULL);
    if (runs) {
        json_t *all = json_pack("{s:s, s:o}", "file", wanted->path, "runs", runs);
        if (all && code != fl_status_exit(FL_E_INTERRUPTED)) {
            json_dumpf(all, stdout, JSON_INDENT(2));
            putchar('\n');
        }
        if (!all)
            fprintf(stderr, "fadeline: the file name is not UTF-8 and cannot stand in JSON\n"), code = 3;
        json_decref(all);
    }
    if (interrupted) fputs("fadeline: interrupted; nothing is printed of an unfinished run\n", stderr);
    return code;
}

static int run(const fl_args *args)
{
    request wanted = {0};
    if (args->count != 1) return fl_args_wrong(args, "one input file is needed");
    if (!read_request(args, &wanted)) return fl_status_exit(FL_E_USAGE);
    char *text;
    size_t size;
    fl_error error;
    if (fl_place_read(wanted.path, FL_MCI_BYTES, &text, &size, &error) != FL_OK)
        return fl_args_failed(&error);

    fl_mci mci;
    fl_mci_faults *faults = malloc(sizeof *faults);
    const fl_status status = faults ? fl_mci_read(wanted.path, text, size, &mci, faults) : FL_E_MEMORY;
    int code = fl_status_exit(status);
    if (status == FL_OK) {
        code = run_all(&mci, &wanted);
        fl_mci_free(&mci);
    } else if (status == FL_E_FILE) {
        for (size_t i = 0; i < faults->count; i++) fl_error_print(stderr, &faults->fault[i]);
        fprintf(stderr, "%zu fault%s in 1 file\n", faults->count, faults->count == 1 ? "" : "s");
    } else {
        fputs("fadeline: no memory\n", stderr);
    }
    free(faults);
    free(text);
    return code;
}

static const fl_option options[] = {
    {"json", NULL, "print one JSON object"},
    {"spots", "MM,MM", "fluence under uniform discs of these diameters, and under a wide beam"},
    {"relative-error", "X", "run until the worst ratio printed is known so well (0.01: 1 %)"},
    {"threads", "N", "1 to 64; the answer does not depend on it (default: all processors)"},
    {"seed", "N", "same seed, same answer to the bit (default 1)"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_transport = {
    .name = "transport",
    .arguments = "FILE.mci [--spots 2,3,4] [--relative-error X] [--json]",
    .summary = "walk photons through layered tissue and say where the light goes",
    .more = "FILE.mci is the plain-text input of the classic layered Monte Carlo program, version 1.0: "
            "lengths in cm,\n"
            "coefficients in 1/cm, several runs a file. Depths are the centres of its dz cells.\n\n"
            "examples:\n"
            "  fadeline transport tests/transport/data/slab.mci\n"
            "  fadeline transport tests/transport/data/scalp.mci --spots 2,4 --relative-error 0.05\n",
    .options = options,
    .run = run,
};
