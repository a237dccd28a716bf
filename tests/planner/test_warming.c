/* labels: unit physics   timeout: 300 */
/* Kernels solved backwards against the same heat solved forwards; burns against bisection. */
#include "check.h"
#include "helper_request.h"

#include "sample.h"

#include <stdlib.h>

static fl_study *study_of(const char *site, int type, const char *ink, const char *geometry)
{
    fl_planner_request *r = malloc(sizeof *r); /* the study keeps a pointer to it */
    *r = test_request(site, type, ink, geometry, test_heads[2]);
    r->draws = 3, r->variants = 4, r->photons = 300, r->spot_count = 2;
    fl_study *study;
    fl_error error = {0};
    if (fl_study_new(r, &study, &error) != FL_OK) {
        fl_error_print(stderr, &error);
        exit(1);
    }
    return study;
}

static void end(fl_study *study)
{
    const fl_planner_request *r = study->request;
    fl_study_free(study);
    free((void *)r);
}

/* Heat put into one cell of a skin of two layers, forwards, as fine as the solver goes. */
static void reciprocity_holds(void)
{
    fl_study *study = study_of("scalp-male", 3, "carbon-smp", "smp");
    fl_heat *heat = malloc(sizeof *heat);
    enum { FINE = 400 };
    for (unsigned d = 0; d < 3; d++) {
        const fl_length *edges = study->field->draw[d].edges;
        const fl_length epidermis = study->field->skins->draw[d].epidermis;
        const fl_heat_layer layers[] = {fl_heat_tissue(FL_HEAT_EPIDERMIS, epidermis),
                                        fl_heat_tissue(FL_HEAT_DERMIS, (fl_length){20e-3 - epidermis.m})};
        fl_length fine[FINE + 1];
        fl_error error = {0};
        CHECK(fl_heat_grid(layers, 2, fl_um(1.5), FINE, fine, &error) == FL_OK, "%s", error.what);
        const fl_heat_setup setup = {.layers = layers,
                                     .layer_count = 2,
                                     .edges = fine,
                                     .cells = FINE,
                                     .surface = {.kind = FL_HEAT_INSULATED},
                                     .start = fl_heat_celsius(33),
                                     .deep = fl_heat_celsius(33)};
        for (unsigned c = 0; c < FL_FIELD_UNDER; c++) {
            fl_energy_density put[FINE];
            double total = 0;
            for (unsigned i = 0; i < FINE;
                 i++) { /* cells of the fine grid do not end where ours do: by overlap */
                const double a = fmax(fine[i].m, edges[c].m), b = fmin(fine[i + 1].m, edges[c + 1].m);
                put[i].J_m3 = b > a ? 1e7 * (b - a) / (fine[i + 1].m - fine[i].m) : 0;
                total += put[i].J_m3 * (fine[i + 1].m - fine[i].m);
            }
            CHECK_REL(total, 1e7 * (edges[c + 1].m - edges[c].m), 1e-9, "all heat is in");
            CHECK(fl_heat_init(heat, &setup, &error) == FL_OK && fl_heat_pulse(heat, put) == FL_OK,
                  "refused");
            double before = 0;
            for (unsigned t = 4; t < FL_WARMING_TIMES; t += 4) {
                const double s = ldexp(1e-5, (int)t - 1);
                CHECK(fl_heat_advance(heat, s - before) == FL_OK, "refused");
                before = s;
                double mean = 0;
                for (unsigned i = 0; i < FINE; i++) {
                    const double a = fmax(fine[i].m, edges[FL_FIELD_BASAL].m),
                                 b = fmin(fine[i + 1].m, edges[FL_FIELD_DERMIS].m);
                    if (b > a) mean += (fl_heat_cell(heat, i).K - 306.15) * (b - a);
                }
                mean /= edges[FL_FIELD_DERMIS].m - edges[FL_FIELD_BASAL].m;
                const double ours = 1e7 * study->kernels[d].K[FL_WARMING_BASAL][t][c];
                /* the foot of the front is 2 % of the 2.3 K put in off, no more */
                CHECK(fabs(ours - mean) < 0.03 * mean + 0.05, "draw %u, cell %u, %g s: %g K, forwards %g K",
                      d, c, s, ours, mean);
            }
        }
    }
    free(heat);
    end(study);
}

static double omega_of(const fl_warming_curve *curve, double fluence, const fl_damage_set *set)
{
    double omega = 0, from = 0;
    for (int i = 0; i < 4000; i++) { /* even steps in the logarithm of time, from 10 us to 5.2 s */
        const double to = 1e-5 * pow(ldexp(1, 19), (i + 1) / 4000.0), start = i ? from : 0;
        omega += fl_damage_ramp(set, (fl_temperature){306.15 + fluence * fl_warming_after(curve, start)},
                                (fl_temperature){306.15 + fluence * fl_warming_after(curve, to)}, to - start);
        from = to;
    }
    return omega;
}

static void a_burn_is_omega_one(void)
{
    fl_study *study = study_of("eyebrow", 4, "carbon-black", "tattoo");
    fl_cloud *cloud;
    CHECK(fl_cloud_new(study->count, &cloud) == FL_OK, "no memory");
    fl_cloud_fill(cloud, study, 1, 1);
    for (size_t k = 0; k < study->skins; k++)
        for (int name = FL_DAMAGE_HENRIQUES; name <= FL_DAMAGE_MEHTA_WONG_EPIDERMIS; name++) {
            const fl_damage_set *set = fl_damage_set_of(name);
            const fl_fluence burn = fl_warming_burn(&study->curves[k], fl_Hz(1), 1, set);
            const double low = omega_of(&study->curves[k], burn.J_m2 * 0.93, set),
                         high = omega_of(&study->curves[k], burn.J_m2 * 1.07, set);
            CHECK(low < 1 && high > 1, "skin %zu, %s: Omega %.3g to %.3g around %.2f J/cm2", k, set->id, low,
                  high, fl_as_J_cm2(burn));
            CHECK(fl_warming_burn(&study->curves[k], fl_Hz(10), 3, set).J_m2 < burn.J_m2,
                  "three burn less than one");
        }
    fl_cloud_free(cloud);
    end(study);
}

/* A filled tattoo is a hot plate: without its ink the same skin is cooler, and so it is under a cooled
 * surface. */
static void ink_and_cooling_count(void)
{
    double left[3];
    for (int i = 0; i < 3; i++) {
        fl_study *study = study_of("body", 1, "carbon-black", "tattoo");
        if (i == 1)
            for (unsigned d = 0; d < study->field->draws; d++) study->field->ink_depth[d] = 0;
        if (i == 2) {
            fl_planner_request *r = (fl_planner_request *)study->request;
            fl_error error = {0};
            r->cooling.W_m2_K = 5000;
            CHECK(fl_warming_kernels(r, study->field, study->kernels, &error) == FL_OK, "%s", error.what);
        }
        fl_cloud *cloud;
        CHECK(fl_cloud_new(study->count, &cloud) == FL_OK, "no memory");
        fl_cloud_fill(cloud, study, 0, 1);
        left[i] = fl_study_left_K(study, fl_Hz(5));
        fl_cloud_free(cloud);
        end(study);
    }
    CHECK(left[1] < 0.7 * left[0], "ink adds nothing: %g of %g K", left[1], left[0]);
    CHECK(left[2] < 0.8 * left[0], "cooling leaves %g of %g K", left[2], left[0]);
}

FL_TESTS("planner/warming", TEST(reciprocity_holds), TEST(a_burn_is_omega_one), TEST(ink_and_cooling_count))
