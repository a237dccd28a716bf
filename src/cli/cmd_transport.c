#include "command.h"
#include "transport_answer.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"
#include "fadeline/report/shown_json.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The next word of "2,3,4" into `word`; false past the last. A word too long to be one is cut, and so
 * refused. */
static bool next_word(const char **at, char word[100])
{
    if (!*at) return false;
    const char *comma = strchr(*at, ',');
    const size_t length = comma ? (size_t)(comma - *at) : strlen(*at);
    snprintf(word, 100, "%.*s", length < 99 ? (int)length : 99, *at);
    *at = comma ? comma + 1 : NULL;
    return true;
}

/* Spots rise in the run, and are printed in the order they were given. False when it was refused. */
static bool read_spots(const fl_args *args, transport_request *wanted)
{
    const char *at = fl_args_value(args, "spots");
    double *given = wanted->given_mm;
    for (char word[100]; next_word(&at, word); wanted->spot_count++) {
        double mm;
        if (wanted->spot_count == FL_TRANSPORT_SPOTS)
            return fl_args_wrong(args, "at most %d spots", FL_TRANSPORT_SPOTS), false;
        if (strlen(word) > 30 || fl_read_double(word, &mm) != FL_OK || !(mm >= 0.01 && mm <= 1000.0))
            return fl_args_wrong(args,
                                 "--spots wants diameters of 0.01 to 1000 mm, such as 2,3.5,4: not '%.30s'",
                                 word),
                   false;
        given[wanted->spot_count] = mm;
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

static bool same_beam(const fl_beam *a, const fl_beam *b)
{
    return a->shape == b->shape && a->diameter.m == b->diameter.m && a->inner.m == b->inner.m &&
           a->centre == b->centre;
}

static bool read_beams(const fl_args *args, transport_request *wanted)
{
    const char *at;
    for (size_t given = 0; (at = fl_args_each(args, "beam", &given));) {
        for (char word[100]; next_word(&at, word); wanted->beam_count++) {
            fl_error error;
            if (wanted->beam_count == TRANSPORT_BEAMS)
                return fl_args_wrong(args, "at most %d beams", TRANSPORT_BEAMS), false;
            fl_beam *beam = &wanted->beams[wanted->beam_count];
            if (fl_beam_read(word, beam, &error) != FL_OK)
                return fl_args_wrong(args, "--beam: %s%s%s", error.what, error.hint[0] ? "\n  hint: " : "",
                                     error.hint),
                       false;
            for (unsigned i = 0; i < wanted->beam_count; i++)
                if (same_beam(&wanted->beams[i], beam))
                    return fl_args_wrong(args, "beam %s is there twice", word), false;
        }
    }
    return true;
}

static unsigned processors(void)
{
    const long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > 64 ? 64 : (unsigned)count;
}

static bool read_walk(const fl_args *args, transport_request *wanted)
{
    unsigned long long threads = processors(), seed = 1, lanes = 0;
    bool lanes_given;
    wanted->roulette = 1e-4;
    if (!fl_args_whole(args, "threads", 64, &threads, NULL) ||
        !fl_args_whole(args, "seed", INT64_MAX, &seed, NULL) ||
        !fl_args_whole(args, "lanes", 16, &lanes, &lanes_given))
        return false;
    if (!fl_args_number(args, "relative-error", 1e-6, 1.0, &wanted->relative_error, NULL) ||
        !fl_args_number(args, "roulette", 1e-9, 0.1, &wanted->roulette, NULL))
        return false;
    if (!threads) return fl_args_wrong(args, "--threads must be at least 1"), false;
    if (lanes_given && lanes != 1 && lanes != 4 && lanes != 8 && lanes != 16)
        return fl_args_wrong(args, "--lanes must be 1, 4, 8 or 16, not %llu", lanes), false;
    wanted->threads = (unsigned)threads;
    wanted->lanes = (unsigned)lanes;
    wanted->seed = seed;
    wanted->counted = fl_args_has(args, "counted");
    return true;
}

static bool read_pictures(const fl_args *args, transport_request *wanted)
{
    unsigned long long ink = 0;
    bool ink_given, basal_given;
    wanted->svg = fl_args_value(args, "svg");
    if (!fl_args_whole(args, "ink", FL_MEDIUM_LAYERS, &ink, &ink_given) ||
        !fl_args_number(args, "basal", 1e-3, 1000.0, &wanted->basal_mm, &basal_given))
        return false;
    if (ink_given && !ink) return fl_args_wrong(args, "--ink wants the number of a layer, from 1"), false;
    if ((ink_given || basal_given) && !wanted->svg)
        return fl_args_wrong(args, "--ink and --basal mark something in a picture: --svg DIR is missing"),
               false;
    if (wanted->svg && !*wanted->svg) return fl_args_wrong(args, "--svg wants a directory"), false;
    if (wanted->svg && !wanted->spot_count && !wanted->beam_count)
        return fl_args_wrong(args, "--svg draws what lies under --spots or --beam: name one"), false;
    wanted->ink_layer = (unsigned)ink;
    return true;
}

static bool read_request(const fl_args *args, transport_request *wanted)
{
    wanted->path = args->words[0];
    wanted->json = fl_args_has(args, "json");
    wanted->csv = fl_args_has(args, "csv");
    if (wanted->json && wanted->csv) return fl_args_wrong(args, "--json or --csv, not both"), false;
    return read_spots(args, wanted) && read_beams(args, wanted) && read_walk(args, wanted) &&
           read_pictures(args, wanted);
}

static bool has_ink_layer(const fl_mci *mci, const transport_request *wanted)
{
    for (size_t i = 0; i < mci->count; i++) {
        if (wanted->ink_layer <= mci->runs[i].medium.layers) continue;
        fprintf(stderr, "%s:%u: error: --ink %u, but this run has %u layer%s\n", wanted->path,
                mci->runs[i].line, wanted->ink_layer, mci->runs[i].medium.layers,
                mci->runs[i].medium.layers == 1 ? "" : "s");
        return false;
    }
    return true;
}

/* What is not known as well as was asked for is printed all the same, and the answer is no. */
static int check_accuracy(const transport_answer *answer, size_t index)
{
    const transport_request *wanted = answer->wanted;
    if (!(wanted->relative_error > 0.0) || answer->progress.met) return 0;
    fprintf(stderr,
            "fadeline: run %zu: known to %.2g %% after %llu photons, not to the %.2g %% asked for\n"
            "  hint: leave out depths that light hardly reaches, or allow a larger error\n",
            index + 1, 100.0 * answer->progress.relative_error, (unsigned long long)answer->progress.photons,
            100.0 * wanted->relative_error);
    return fl_status_exit(FL_E_NO);
}

/* One run of the file. Adds to `runs` when it is JSON we print. */
static int run_one(const fl_mci *mci, const transport_request *wanted, size_t index, json_t *runs)
{
    fl_error error;
    transport_answer *answer = transport_answer_new(&mci->runs[index], wanted, &error);
    if (!answer) {
        fl_error_at(&error, wanted->path, mci->runs[index].line, 1);
        return fl_args_failed(&error);
    }
    int code = transport_walk(answer) ? 0 : fl_status_exit(FL_E_INTERRUPTED);
    if (!code) {
        transport_answer_read(answer);
        if (wanted->csv && index) printf("\r\n");
        if (runs)
            json_array_append_new(runs, transport_json(answer));
        else if (wanted->csv)
            transport_csv(answer);
        else
            transport_text(answer, index);
        code = check_accuracy(answer, index);
        const unsigned number = mci->count > 1 ? (unsigned)index + 1 : 0;
        if (wanted->svg && transport_svg(answer, number, &error) != FL_OK) code = fl_args_failed(&error);
    }
    transport_answer_free(answer);
    return code;
}

static int run_all(const fl_mci *mci, const transport_request *wanted)
{
    const int stopped = fl_status_exit(FL_E_INTERRUPTED);
    json_t *runs = wanted->json ? json_array() : NULL;
    int code = 0;
    for (size_t i = 0; i < mci->count && code != stopped; i++) {
        const int this = run_one(mci, wanted, i, runs);
        if (this > code) code = this;
    }
    if (runs) {
        json_t *all = json_pack("{s:s, s:o}", "file", wanted->path, "runs", runs);
        if (all && code != stopped) {
            fl_shown_json(all, stdout, JSON_INDENT(2));
            putchar('\n');
        }
        if (!all)
            fprintf(stderr, "fadeline: the file name is not UTF-8 and cannot stand in JSON\n"), code = 3;
        json_decref(all);
    }
    if (code == stopped) fputs("fadeline: interrupted; nothing is printed of an unfinished run\n", stderr);
    return code;
}

static int run(const fl_args *args)
{
    transport_request wanted = {0};
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
        code = has_ink_layer(&mci, &wanted) ? run_all(&mci, &wanted) : fl_status_exit(FL_E_RANGE);
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
    {"csv", NULL, "print a table of fluence against depth, one per run"},
    {"spots", "MM,MM", "fluence under uniform discs of these diameters, and under a wide beam"},
    {"beam", "SHAPE", "fluence on the axis, over the spot and at its edge; repeat it or join by commas"},
    {"relative-error", "X", "run until the fluence under every spot and beam is known so well (0.01: 1 %)"},
    {"svg", "DIR", "draw fluence-depth and isofluence into this directory, as SVG and PNG"},
    {"ink", "LAYER", "which layer holds the ink, from 1: marked in the pictures"},
    {"basal", "MM", "depth of the basal layer: marked in the pictures"},
    {"counted", NULL, "count photons only: no exact solution to lean on or compare with"},
    {"threads", "N", "1 to 64; the answer does not depend on it (default: all processors)"},
    {"lanes", "N", "1, 4, 8 or 16 photons at a time; nor on this (default: the best there is)"},
    {"roulette", "W", "weight below which photons play for their lives (default 1e-4)"},
    {"seed", "N", "same seed, same answer to the bit (default 1)"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_transport = {
    .name = "transport",
    .arguments = "FILE.mci [--spots 2,3,4] [--beam SHAPE] [--relative-error X] [--json | --csv] [--svg DIR]",
    .summary = "walk photons through layered tissue and say where the light goes",
    .more = "FILE.mci is the plain-text input of the classic layered Monte Carlo program, version 1.0: "
            "lengths in cm,\n"
            "coefficients in 1/cm, several runs a file. Depths are the centres of its dz cells. Each number "
            "counted\n"
            "stands beside its exact value where there is one, with z, their distance in standard errors.\n"
            "SHAPE is flat:4, gaussian:4 (1/e2 diameter in mm) or ring:4:2:0.3 (outer and inner diameter, "
            "and how bright\n"
            "the middle is over the ring).\n\n"
            "examples:\n"
            "  fadeline transport tests/transport/data/slab.mci\n"
            "  fadeline transport profiles/transport/scalp-755.mci --spots 2,4 --relative-error 0.02\n"
            "  fadeline transport profiles/transport/scalp-755.mci --beam gaussian:4 --svg pictures \\\n"
            "    --ink 3 --basal 0.08\n",
    .options = options,
    .run = run,
};
