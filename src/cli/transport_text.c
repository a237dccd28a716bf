#include "transport_answer.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>

/* A count below so many of its standard errors rests on a handful of photons, and so does the error itself.
 */
#define ERRORS_TO_COMPARE 10.0

/* The comparison that differs most, of all that were made. */
typedef struct worst {
    unsigned compared;
    double apart;
    char where[48];
} worst;

static void compare(worst *w, double apart, fl_estimate counted, const char *where)
{
    if (!isfinite(apart) || !(counted.value >= ERRORS_TO_COMPARE * counted.standard_error)) return;
    w->compared++;
    if (w->compared > 1 && fabs(apart) <= fabs(w->apart)) return;
    w->apart = apart;
    snprintf(w->where, sizeof w->where, "%s", where);
}

static void print_apart(double apart)
{
    if (isfinite(apart))
        printf(" %+7.2f", apart);
    else
        printf(" %7s", "-");
}

static void print_total(const transport_answer *a, const char *what, const transport_total *total, worst *w)
{
    printf("  %-24s %.6f", what, total->counted.value);
    if (isfinite(total->counted.standard_error)) printf(" +- %.6f", total->counted.standard_error);
    if (a->exact) {
        printf("%*s%.6f", isfinite(total->counted.standard_error) ? 3 : 15, "", total->exact);
        print_apart(total->apart);
        compare(w, total->apart, total->counted, what);
    }
    putchar('\n');
}

static void print_totals(const transport_answer *a, worst *w)
{
    printf("  %-24s %-20s", "", "counted, one error");
    if (a->exact) printf("   %-8s %7s", "exact", "z");
    printf("\n  %-24s %.6f", "specular reflectance", a->specular);
    if (a->exact) printf("%15s%.6f", "", fl_exact_specular(a->exact));
    putchar('\n');
    print_total(a, "diffuse reflectance", &a->diffuse, w);
    print_total(a, "transmittance", &a->transmitted, w);
    for (unsigned i = 0; i < a->input->medium.layers; i++) {
        char what[32];
        snprintf(what, sizeof what, "absorbed in layer %u", i + 1);
        print_total(a, what, &a->absorbed[i], w);
    }
    if (a->lost > 0.0) printf("  %-24s %.6f\n", "given up", a->lost);
}

static void print_estimate(fl_estimate e)
{
    if (!isfinite(e.value))
        printf("   %8s %8s", "-", "");
    else if (!isfinite(e.standard_error))
        printf("   %8.4g %8s", e.value, "");
    else
        printf("   %8.4g +- %5.2g", e.value, e.standard_error);
}

static void print_fluence(const transport_answer *a, worst *w)
{
    const transport_request *wanted = a->wanted;
    printf("\n  fluence on the axis over incident fluence, +- one standard error\n  %9s", "depth_mm");
    for (unsigned i = 0; i < wanted->spot_count; i++) {
        char name[32];
        snprintf(name, sizeof name, "%g mm spot", wanted->given_mm[i]);
        printf("   %17s", name);
    }
    printf("   %17s", a->exact ? "wide beam counted" : "wide beam");
    if (a->exact) printf("   %8s %7s", "exact", "z");
    putchar('\n');
    for (unsigned cell = 0; cell < a->cells; cell++) {
        printf("  %9.4g", a->z_mm[cell]);
        for (unsigned i = 0; i < wanted->spot_count; i++) print_estimate(transport_answer_spot(a, i)[cell]);
        print_estimate(a->wide_counted[cell]);
        if (a->exact) {
            char where[48];
            snprintf(where, sizeof where, "fluence at %.4g mm", a->z_mm[cell]);
            printf("   %8.4g", a->wide[cell].value);
            print_apart(a->wide_apart[cell]);
            compare(w, a->wide_apart[cell], a->wide_counted[cell], where);
        }
        putchar('\n');
    }
}

static void print_beam(const transport_answer *a, unsigned index)
{
    const fl_beam *beam = &a->wanted->beams[index];
    printf("\n  %s beam of %g mm", fl_beam_name(beam->shape), fl_as_mm(beam->diameter));
    if (beam->shape == FL_BEAM_RING)
        printf(", inside %g mm %g of that outside", fl_as_mm(beam->inner), beam->centre);
    printf(": fluence over mean incident fluence, +- one standard error\n  %9s   %17s   %17s   %17s\n",
           "depth_mm", "on the axis", "mean of the spot", "at its edge");
    for (unsigned cell = 0; cell < a->cells; cell++) {
        printf("  %9.4g", a->z_mm[cell]);
        for (unsigned p = 0; p < TRANSPORT_PLACES; p++)
            print_estimate(transport_answer_beam(a, index, p)[cell]);
        putchar('\n');
    }
}

static void print_worst(const transport_answer *a, const worst *w)
{
    if (!a->exact)
        puts("\n  counted alone: nothing exact to compare with");
    else if (!w->compared)
        puts("\n  too few photons to compare with the exact solution");
    else
        printf("\n  worst |z| of %u: %.2f, %s; z is (counted - exact) / standard error, and in one run of 20 "
               "chance\n"
               "  alone reaches %.1f\n",
               w->compared, fabs(w->apart), w->where, gsl_cdf_ugaussian_Qinv(0.025 / w->compared));
}

void transport_text(const transport_answer *a, size_t index)
{
    const transport_request *wanted = a->wanted;
    const unsigned lanes = fl_transport_lanes(a->run);
    worst w = {0};
    if (index) putchar('\n');
    printf("run %zu (%s:%u): %llu photons in %.2f s, %.0f a second, %u thread%s, %u lane%s, seed %llu\n",
           index + 1, wanted->path, a->input->line, (unsigned long long)a->progress.photons, a->seconds,
           transport_answer_rate(a), wanted->threads, wanted->threads == 1 ? "" : "s", lanes,
           lanes == 1 ? "" : "s", (unsigned long long)wanted->seed);
    print_totals(a, &w);
    if (a->cells) print_fluence(a, &w);
    for (unsigned i = 0; i < wanted->beam_count; i++) print_beam(a, i);
    print_worst(a, &w);
}

/* ---- CSV: RFC 4180, no cell needs quotes ---- */

static void csv_number(double value)
{
    if (isfinite(value))
        printf(",%.9g", value);
    else
        putchar(',');
}

static void csv_estimate(fl_estimate e)
{
    csv_number(e.value);
    csv_number(e.standard_error);
}

static void csv_beam_names(const fl_beam *beam)
{
    for (unsigned p = 0; p < TRANSPORT_PLACES; p++) {
        char name[80];
        if (beam->shape == FL_BEAM_RING)
            snprintf(name, sizeof name, "ring_%g_mm_inner_%g_mm_centre_%g_%s", fl_as_mm(beam->diameter),
                     fl_as_mm(beam->inner), beam->centre, transport_places[p]);
        else
            snprintf(name, sizeof name, "%s_%g_mm_%s", fl_beam_name(beam->shape), fl_as_mm(beam->diameter),
                     transport_places[p]);
        printf(",%s_ratio,%s_standard_error", name, name);
    }
}

void transport_csv(const transport_answer *a)
{
    const transport_request *wanted = a->wanted;
    printf("depth_mm,wide_ratio,wide_standard_error");
    for (unsigned i = 0; i < wanted->spot_count; i++)
        printf(",spot_%g_mm_ratio,spot_%g_mm_standard_error", wanted->given_mm[i], wanted->given_mm[i]);
    for (unsigned i = 0; i < wanted->beam_count; i++) csv_beam_names(&wanted->beams[i]);
    printf(",wide_monte_carlo_minus_exact_in_standard_errors\r\n");
    for (unsigned cell = 0; cell < a->cells; cell++) {
        printf("%.9g", a->z_mm[cell]);
        csv_estimate(a->wide[cell]);
        for (unsigned i = 0; i < wanted->spot_count; i++) csv_estimate(transport_answer_spot(a, i)[cell]);
        for (unsigned i = 0; i < wanted->beam_count; i++)
            for (unsigned p = 0; p < TRANSPORT_PLACES; p++)
                csv_estimate(transport_answer_beam(a, i, p)[cell]);
        csv_number(a->wide_apart[cell]);
        printf("\r\n");
    }
}
