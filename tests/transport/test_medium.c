/* labels: unit fault */
/* What must be refused before a photon moves, by name, and what must not. */
#include "check.h"

#include "helper_media.h"

static fl_medium good(void)
{
    return media_make(1.0, media_scalp, 1.0);
}

static fl_status try_medium(const fl_medium *medium, fl_error *error)
{
    const fl_transport_options options = fl_transport_options_default();
    fl_transport *run = NULL;
    const fl_status status = fl_transport_new(medium, &options, &run, error);
    CHECK((status == FL_OK) == (run != NULL), "a refused run left something behind");
    fl_transport_free(run);
    return status;
}

static void bad_layers_are_refused_by_name(void)
{
    fl_medium medium = good();
    fl_medium_layer *third = &medium.layer[2];
    const struct {
        const char *word;
        double *at, bad[6];
    } rows[] = {
        {"refractive index", &third->n, {0.99, 4.1, 0, -1.4, NAN, INFINITY}},
        {"mus", &third->mus.per_m, {-1, 1.1e9, NAN, INFINITY, -INFINITY, -1e-9}},
        {"g", &third->g, {1, -1, 0.9991, NAN, INFINITY, 1.5}},
        {"thickness", &third->thickness.m, {0, -1e-6, NAN, INFINITY, -INFINITY, -0.0}},
        {"mua", &third->mua[0].per_m, {-1, 1.1e9, NAN, INFINITY, -INFINITY, -1e-300}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double keep = *rows[i].at;
        for (size_t j = 0; j < 6; j++) {
            *rows[i].at = rows[i].bad[j];
            fl_error error = {.what = ""};
            CHECK(try_medium(&medium, &error) == FL_E_RANGE, "%s = %g taken", rows[i].word, rows[i].bad[j]);
            CHECK(strstr(error.what, "layer 3") && strstr(error.what, rows[i].word),
                  "'%s' names neither layer 3 nor %s", error.what, rows[i].word);
        }
        *rows[i].at = keep;
    }
    CHECK(try_medium(&medium, NULL) == FL_OK, "the good one is refused");
}

static void bad_surroundings_are_refused(void)
{
    const fl_medium plain = good();
    fl_medium medium;
    medium = plain, medium.n_above = 0.9;
    CHECK(try_medium(&medium, NULL) == FL_E_RANGE, "n above 0.9");
    medium = plain, medium.n_below = NAN;
    CHECK(try_medium(&medium, NULL) == FL_E_RANGE, "n below NaN");
    medium = plain, medium.layers = 0;
    CHECK(try_medium(&medium, NULL) == FL_E_RANGE, "no layers");
    medium = plain, medium.layers = FL_MEDIUM_LAYERS + 1;
    CHECK(try_medium(&medium, NULL) == FL_E_RANGE, "too many layers");
    medium = plain, medium.variants = 0;
    CHECK(try_medium(&medium, NULL) == FL_E_RANGE, "no variants");
    medium = plain, medium.variants = FL_MEDIUM_VARIANTS + 1;
    CHECK(try_medium(&medium, NULL) == FL_E_RANGE, "too many variants");
    medium = plain, medium.variants = 3, medium.layer[1].mua[2].per_m = NAN;
    CHECK(try_medium(&medium, NULL) == FL_E_RANGE, "NaN in the last variant");
}

/* No run can hang: a photon must be able to leave or to fade in every variant. */
static void traps_are_refused_by_name(void)
{
    // clang-format off
    static const struct { const char *what; media_layer layer; fl_status want; } rows[] = {
        { "white without end",          { 1.4, 0,    100, 0.9, 1e8 }, FL_E_RANGE },
        { "nearly white without end",   { 1.4, 1e-7, 100, 0.9, 1e8 }, FL_E_RANGE },
        { "albedo 0.9999 without end",  { 1.4, 0.01, 99.99, 0.9, 1e8 }, FL_OK },
        { "white, 10 cm",               { 1.4, 0,    100, 0.9, 10 },  FL_OK },
        { "clear without end",          { 1.4, 0,    0,   0,   1e8 }, FL_OK },
        { "absorbing without end",      { 1.4, 1,    0,   0,   1e8 }, FL_OK },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const media_layer layers[] = {{1.4, 1, 10, 0.5, 0.1}, rows[i].layer, {.n = 0}};
        const fl_medium medium = media_make(1.0, layers, 1.0);
        fl_error error = {.what = ""};
        CHECK(try_medium(&medium, &error) == rows[i].want, "%s", rows[i].what);
        if (rows[i].want != FL_OK)
            CHECK(strstr(error.what, "layer 2") && error.hint[0], "%s: '%s'", rows[i].what, error.what);
    }
    /* The lightest variant decides. */
    static const media_layer deep[] = {{1.4, 1, 100, 0.9, 1e8}, {.n = 0}};
    fl_medium medium = media_make(1.0, deep, 1.0);
    medium.variants = 2;
    medium.layer[0].mua[1].per_m = 0.0;
    CHECK(try_medium(&medium, NULL) == FL_E_RANGE, "a trap in the second variant");
}

/* What single precision cannot hold is refused by name, not walked wrongly; the exact solver takes it. */
static void what_floats_cannot_hold_is_refused(void)
{
    // clang-format off
    static const struct { const char *what; media_layer layer; fl_status want; } rows[] = {
        { "absorbs 4e-7 of a collision", { 1.4, 4e-5, 100, 0, 0.3 },  FL_E_RANGE },
        { "absorbs 2e-6 of a collision", { 1.4, 2e-4, 100, 0, 0.3 },  FL_OK },
        { "absorbs nothing",             { 1.4, 0, 100, 0, 0.3 },     FL_OK },
        { "clear, 1e15 m",               { 1.4, 0, 0, 0, 1e17 },      FL_E_RANGE },
        { "clear, 1e9 m",                { 1.4, 0, 0, 0, 1e11 },      FL_OK },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const media_layer layers[] = {{1.4, 1, 10, 0.5, 0.1}, rows[i].layer, {.n = 0}};
        const fl_medium medium = media_make(1.0, layers, 1.0);
        fl_error error = {.what = ""};
        CHECK(try_medium(&medium, &error) == rows[i].want, "%s", rows[i].what);
        if (rows[i].want != FL_OK) CHECK(strstr(error.what, "layer 2"), "%s: '%s'", rows[i].what, error.what);
    }
}

static void bad_options_are_refused(void)
{
    static const fl_length falling[] = {{0}, {2e-4}, {1e-4}}, negative[] = {{-1e-4}, {1e-4}},
                           twice[] = {{2e-3}, {2e-3}};
    static const fl_length not_a_number[] = {{0}, {NAN}}, zero[] = {{0}}, fine[] = {{0}, {1e-4}};
    const fl_medium medium = good();
    for (int i = 0; i < 21; i++) {
        fl_transport_options o = fl_transport_options_default();
        switch (i) {
        case 0: o.photons = 0; break;
        case 1: o.photons = UINT64_MAX; break;
        case 2: o.threads = 0; break;
        case 3: o.threads = 65; break;
        case 4: o.roulette = 0.0; break;
        case 5: o.roulette = 0.2; break;
        case 6: o.roulette = NAN; break;
        case 7: o.relative_error = -0.1; break;
        case 8: o.relative_error = NAN; break;
        case 9: o.relative_error = 1.5; break;
        case 10: o.depth_edges = falling, o.depth_cells = 2; break;
        case 11: o.depth_edges = negative, o.depth_cells = 1; break;
        case 12: o.depth_edges = not_a_number, o.depth_cells = 1; break;
        case 13: o.depth_edges = fine, o.depth_cells = FL_TRANSPORT_CELLS + 1; break;
        case 14: o.spots = twice, o.spot_count = 2; break;
        case 15: o.spots = zero, o.spot_count = 1; break;
        case 16: o.spots = not_a_number, o.spot_count = 2; break;
        case 17: o.spots = fine, o.spot_count = FL_TRANSPORT_SPOTS + 1; break;
        case 18: o.error_from.m = NAN; break;
        case 19: o.roulette = 1e-50; break;
        default: o.error_to.m = -1.0; break;
        }
        fl_error error = {.what = ""};
        fl_transport *run = NULL;
        CHECK(fl_transport_new(&medium, &o, &run, &error) == FL_E_RANGE && !run && error.what[0],
              "options %d taken", i);
    }
}

/* A tally of 64 GiB is refused, not attempted. */
static void too_much_memory_is_refused(void)
{
    static fl_length edges[FL_TRANSPORT_CELLS + 1], spots[FL_TRANSPORT_SPOTS];
    for (unsigned i = 0; i <= FL_TRANSPORT_CELLS; i++) edges[i].m = 1e-6 * i;
    for (unsigned i = 0; i < FL_TRANSPORT_SPOTS; i++) spots[i].m = 1e-3 * (i + 1);
    fl_medium medium = good();
    medium.variants = FL_MEDIUM_VARIANTS;
    for (unsigned i = 0; i < medium.layers; i++)
        for (unsigned k = 0; k < FL_MEDIUM_VARIANTS; k++) medium.layer[i].mua[k].per_m = 100;
    fl_transport_options o = fl_transport_options_default();
    o.depth_edges = edges, o.depth_cells = FL_TRANSPORT_CELLS;
    o.spots = spots, o.spot_count = FL_TRANSPORT_SPOTS, o.threads = 64;
    fl_error error = {.what = ""};
    fl_transport *run = NULL;
    CHECK(fl_transport_new(&medium, &o, &run, &error) == FL_E_RANGE && !run && error.hint[0], "taken: %s",
          error.what);
}

static void variants_must_share_their_walk(void)
{
    fl_optical_layer layers[2] = {{1.4, fl_per_cm(3), fl_per_cm(100), 0.8, fl_mm(0.1)},
                                  {1.4, fl_per_cm(1), fl_per_cm(200), 0.9, fl_mm(2)}};
    fl_medium medium = {.n_above = 1.0, .n_below = 1.4};
    CHECK(fl_medium_add(&medium, layers, 2, NULL) == FL_OK && medium.variants == 1, "first");
    layers[0].mua = fl_per_cm(7);
    CHECK(fl_medium_add(&medium, layers, 2, NULL) == FL_OK && medium.variants == 2, "darker");
    CHECK(medium.layer[0].mua[0].per_m == 300 && fabs(medium.layer[0].mua[1].per_m - 700) < 1e-9,
          "absorption per variant");
    for (int i = 0; i < 5; i++) {
        fl_optical_layer other[2] = {layers[0], layers[1]};
        if (i == 0) other[1].n = 1.41;
        if (i == 1) other[1].mus.per_m += 1e-9;
        if (i == 2) other[1].g = 0.91;
        if (i == 3) other[1].thickness.m *= 1.0001;
        fl_error error = {.what = ""};
        CHECK(fl_medium_add(&medium, other, i == 4 ? 1 : 2, &error) == FL_E_RANGE && medium.variants == 2,
              "variant %d taken", i);
        CHECK(strstr(error.what, "variant 3"), "'%s' does not say which", error.what);
    }
    while (medium.variants < FL_MEDIUM_VARIANTS)
        CHECK(fl_medium_add(&medium, layers, 2, NULL) == FL_OK, "room for 64");
    CHECK(fl_medium_add(&medium, layers, 2, NULL) == FL_E_FULL, "a 65th");
}

/* Depths find their cell, edges belong below, and outside there is none. */
static void depths_find_their_cell(void)
{
    static const fl_length edges[] = {{0.5e-4}, {0.7e-4}, {3e-4}, {3.1e-4}, {10e-4}};
    const fl_medium medium = good();
    fl_transport_options o = fl_transport_options_default();
    o.photons = 200, o.depth_edges = edges, o.depth_cells = 4;
    fl_transport *run = media_run(&medium, &o);
    // clang-format off
    static const struct { double um; int cell; } rows[] = {
        { 49.9, -1 }, { 50, 0 }, { 69.9, 0 }, { 70.001, 1 }, { 299, 1 }, { 305, 2 }, { 311, 3 }, { 999, 3 }, { 1000.1, -1 },
        { NAN, -1 }, { -60, -1 },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(fl_transport_cell(run, fl_um(rows[i].um)) == rows[i].cell, "%g um in cell %d", rows[i].um,
              fl_transport_cell(run, fl_um(rows[i].um)));
    fl_transport_free(run);
    fl_transport_free(NULL);
}

FL_TESTS("transport/medium", TEST(bad_layers_are_refused_by_name), TEST(bad_surroundings_are_refused),
         TEST(traps_are_refused_by_name), TEST(what_floats_cannot_hold_is_refused),
         TEST(bad_options_are_refused), TEST(too_much_memory_is_refused),
         TEST(variants_must_share_their_walk), TEST(depths_find_their_cell))
