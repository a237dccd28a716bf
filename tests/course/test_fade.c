/* labels: unit   timeout: 120 */
/* The fade model against what it must equal: closed forms of the gamma, conjugacy where it exists, and chance
 * drawn one client at a time; then what must hold whatever the numbers. */
#include "check.h"

#include "fade_parts.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

static const fl_fade_prior scalp = {1, 2, 4, 0.9, 0.35, 0.02};
static const fl_fade_prior brow = {2, 3, 5, 0.6, 0.35, 0.02};
static const fl_fade_prior unknown_ink = {1, 2, 10, 0.9, 0.35, 0.02};

static fl_fade *fresh(const fl_fade_prior *prior)
{
    fl_fade *fade = NULL;
    CHECK(fl_fade_new(prior, &fade) == FL_OK && fade, "%d %d %d refused", prior->low, prior->likely,
          prior->high);
    if (!fade) exit(1);
    return fade;
}

static void read_session(fl_fade *fade, double share, double noise)
{
    CHECK(fl_fade_session(fade, &(fl_fade_read){share, noise}) == FL_OK, "a read of %g refused", share);
}

static fl_fade_answer after(const fl_fade_prior *prior, double share, bool spot)
{
    fl_fade *fade = fresh(prior);
    const fl_fade_read read = {share, spot ? 0.15 : 0.10};
    if (share >= 0)
        CHECK((spot ? fl_fade_spot(fade, &read) : fl_fade_session(fade, &read)) == FL_OK, "read %g", share);
    const fl_fade_answer answer = fl_fade_ask(fade);
    fl_fade_free(fade);
    return answer;
}

static double expected(const fl_fade_answer *a)
{
    double sum = a->beyond * (FL_FADE_MOST + 1);
    for (int n = 0; n <= FL_FADE_MOST; n++) sum += n * a->chance[n];
    return sum;
}

static void check_sums(const fl_fade_answer *a, const char *what)
{
    double sum = a->beyond;
    for (int n = 0; n <= FL_FADE_MOST; n++) {
        CHECK(a->chance[n] >= 0, "%s: a chance of %g", what, a->chance[n]);
        sum += a->chance[n];
    }
    CHECK_NEAR(sum, 1.0, 1e-12, what);
    CHECK(a->beyond >= 0, "%s: beyond %g", what, a->beyond);
    CHECK(a->low <= a->likely && a->likely <= a->high, "%s: %d, %d, %d", what, a->low, a->likely, a->high);
    CHECK(a->per_session.p05 <= a->per_session.median && a->per_session.median <= a->per_session.p95,
          "%s: the share a session", what);
    for (int n = 0; n <= FL_FADE_LEFT; n++) {
        const fl_fade_band *b = &a->left[n];
        CHECK(0 <= b->p05 && b->p05 <= b->median && b->median <= b->p95 && b->p95 <= 1, "%s: left after %d",
              what, n);
        if (n) CHECK(b->median <= a->left[n - 1].median + 1e-12, "%s: more ink after %d", what, n);
    }
}

/* Without reads the model says what the series said: every triple of the shipped rules, and those that
 * widening makes of them. */
static void no_reads_say_what_the_series_says(void)
{
    static const int rows[][3] = {{1, 2, 4}, {1, 3, 5},  {2, 3, 5}, {1, 4, 6}, {1, 2, 5}, {1, 2, 6},
                                  {1, 3, 7}, {1, 2, 10}, {2, 3, 9}, {4, 6, 9}, {1, 2, 7}, {2, 3, 12}};
    static const double goals[] = {0.3, 0.5, 0.6, 0.75, 0.9, 0.95};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t g = 0; g < sizeof goals / sizeof *goals; g++) {
            const fl_fade_prior prior = {rows[i][0], rows[i][1], rows[i][2], goals[g], 0.35, 0.02};
            const fl_fade_answer a = after(&prior, -1, false);
            check_sums(&a, "prior");
            CHECK(a.low == prior.low && a.likely == prior.likely && a.high == prior.high,
                  "%d %d %d to %g: %d %d %d", prior.low, prior.likely, prior.high, prior.goal, a.low,
                  a.likely, a.high);
            CHECK(a.left[0].median == 1.0 && a.left[0].p05 == 1.0, "whole ink: %g", a.left[0].p05);
        }
}

/* P(N <= n) is the mixture of Q(n/cv^2; goal/cv^2/rate), and the ink left its quantiles. */
static void chances_match_the_gamma(void)
{
    fl_fade *fade = fresh(&unknown_ink);
    const double shape = 1 / (0.35 * 0.35);
    const fl_fade_answer a = fl_fade_ask(fade);
    for (int n = 1; n <= 12; n++) {
        double want = 0, below = 0;
        for (int r = 0; r < FL_FADE_RATES; r++) {
            want += fade->weight[r] * gsl_cdf_gamma_Q(-log(0.1), n * shape, fade->rate[r] / shape);
            if (n <= 5)
                below += fade->weight[r] *
                         gsl_cdf_gamma_P(-log(a.left[n].median), n * shape, fade->rate[r] / shape);
        }
        CHECK_NEAR(fl_fade_within(&a, n), want, 5e-4, "goal within n");
        if (n <= 5 && a.left[n].median > 0.003) /* what is left of less is not told apart */
            CHECK_NEAR(below, 0.5, 2e-3, "median of the ink left");
    }
    fl_fade_free(fade);
}

/* The gamma's rate has an inverse gamma as its conjugate prior: with sharp reads h1 and h2 of a gamma of
 * shape k, IG(a, b) becomes IG(a + 2k, b + k(h1 + h2)). The grid must know. */
static void sharp_reads_match_the_conjugate_posterior(void)
{
    const double k = 1 / (0.35 * 0.35), a = 3, b = 2.2;
    fl_fade *fade = fresh(&scalp);
    double sum = 0;
    for (int r = 0; r < FL_FADE_RATES;
         r++) /* even in ln(rate): one power of the rate more than the density */
        sum += fade->weight[r] = pow(fade->rate[r], -a) * exp(-b / fade->rate[r]);
    for (int r = 0; r < FL_FADE_RATES; r++) fade->weight[r] /= sum;
    read_session(fade, 0.45, 0.03);
    read_session(fade, 0.62, 0.03);
    const fl_fade_answer got = fl_fade_ask(fade);
    const double shape = a + 2 * k, scale = b + k * (-log(0.55) - log(0.38));
    const double level[] = {0.05, 0.5, 0.95};
    const double have[] = {got.per_session.p05, got.per_session.median, got.per_session.p95};
    for (int i = 0; i < 3; i++) {
        const double rate = 1 / gsl_cdf_gamma_Qinv(level[i], shape, 1 / scale);
        CHECK_NEAR(have[i], -expm1(-rate), 0.012, "share a session"); /* the reads are sharp, not exact */
    }
    fl_fade_free(fade);
}

/* One client at a time: a rate from the prior, sessions from the gamma, weighed by how well they explain the
 * reads. Half a million clients; the effective number is printed when it fails. */
static void reads_match_brute_force(void)
{
    enum { CLIENTS = 500000, MOST = 12 };
    static const struct {
        const fl_fade_prior *prior;
        double first, second; /* -1: that session was not read */
    } rows[] = {{&scalp, 0.55, 0.30},
                {&brow, 0.20, -1},
                {&unknown_ink, 0.05, 0.15},
                {&unknown_ink, 0.0, 0.40},
                {&scalp, 0.70, 1.0}};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double k = 1 / (0.35 * 0.35), goal = -log1p(-rows[i].prior->goal);
        const double reads[] = {rows[i].first, rows[i].second};
        fl_fade *fade = fresh(rows[i].prior);
        gsl_ran_discrete_t *pick = gsl_ran_discrete_preproc(FL_FADE_RATES, fade->weight);
        double within[MOST + 1] = {0}, total = 0, squares = 0, taken = 0;
        gsl_rng_set(rng, 20260504 + i);
        for (int c = 0; c < CLIENTS; c++) {
            const double rate = fade->rate[gsl_ran_discrete(rng, pick)];
            double weight = 1, done = 0;
            for (int s = 0; s < 2; s++) {
                const double h = gsl_ran_gamma(rng, k, rate / k), off = (reads[s] + expm1(-h)) / 0.10;
                done += h;
                if (reads[s] < 0) continue;
                weight *= reads[s] <= 0   ? gsl_cdf_ugaussian_P(off)
                          : reads[s] >= 1 ? gsl_cdf_ugaussian_Q(off)
                                          : gsl_ran_ugaussian_pdf(off);
            }
            total += weight;
            squares += weight * weight;
            taken += weight * fmin(done, 6.0);
            for (int n = 0; n <= MOST; n++) {
                if (done >= goal) within[n] += weight;
                done += gsl_ran_gamma(rng, k, rate / k);
            }
        }
        for (int s = 0; s < 2; s++) {
            if (reads[s] >= 0)
                read_session(fade, reads[s], 0.10);
            else
                CHECK(fl_fade_session(fade, NULL) == FL_OK, "an unread session");
        }
        const fl_fade_answer a = fl_fade_ask(fade);
        const double many = total * total / squares, room = 5 * 0.5 / sqrt(many) + 1e-3;
        char what[96];
        for (int n = 0; n <= MOST; n++) {
            snprintf(what, sizeof what, "row %zu, within %d (of %.0f)", i, n, many);
            CHECK_NEAR(fl_fade_within(&a, n), within[n] / total, room, what);
        }
        double mean = 0;
        for (int r = 0; r < FL_FADE_RATES; r++)
            for (size_t p = 0; p < fade->points; p++)
                mean += fade->weight[r] * fade->taken[r][p] * fade->step * (double)p;
        CHECK_NEAR(mean, taken / total, 0.01 + 3 / sqrt(many), "ink taken so far");
        CHECK(many > 2000, "row %zu: %.0f clients are no brute force", i, many);
        check_sums(&a, "brute force");
        gsl_ran_discrete_free(pick);
        fl_fade_free(fade);
    }
    gsl_rng_free(rng);
}

/* A theorem (monotone likelihood ratio), so no tolerance but the arithmetic's. */
static void a_better_read_never_makes_more_sessions_likely(void)
{
    static const fl_fade_prior *const priors[] = {&scalp, &brow, &unknown_ink};
    for (size_t p = 0; p < sizeof priors / sizeof *priors; p++)
        for (int spot = 0; spot <= 1; spot++) {
            fl_fade_answer worse = after(priors[p], 0, spot);
            check_sums(&worse, "0 %");
            for (int percent = 5; percent <= 100; percent += 5) {
                const fl_fade_answer better = after(priors[p], percent / 100.0, spot);
                char what[64];
                snprintf(what, sizeof what, "prior %zu, %s, %d %%", p, spot ? "spot" : "session", percent);
                check_sums(&better, what);
                CHECK(expected(&better) <= expected(&worse) + 1e-9, "%s: %g sessions after %g", what,
                      expected(&better), expected(&worse));
                CHECK(better.low <= worse.low && better.likely <= worse.likely && better.high <= worse.high,
                      "%s: the range rose", what);
                CHECK(better.per_session.median >= worse.per_session.median - 1e-9, "%s: the share fell",
                      what);
                for (int n = 0; n <= FL_FADE_MOST; n++)
                    CHECK(fl_fade_within(&better, n) >= fl_fade_within(&worse, n) - 1e-9, "%s: within %d",
                          what, n);
                worse = better;
            }
        }
}

/* Story 10: 55 % after one session narrows; 5 % widens upward and hopes for nothing. */
static void fifty_five_narrows_and_five_does_not(void)
{
    static const fl_fade_prior *const priors[] = {&scalp, &unknown_ink};
    for (size_t p = 0; p < 2; p++) {
        const fl_fade_answer before = after(priors[p], -1, false), good = after(priors[p], 0.55, false),
                             poor = after(priors[p], 0.05, false);
        CHECK(good.high - good.low < before.high - before.low, "55 %%: %d to %d after %d to %d", good.low,
              good.high, before.low, before.high);
        CHECK(good.per_session.p95 - good.per_session.p05 < before.per_session.p95 - before.per_session.p05,
              "55 %%: the share is known less well");
        CHECK(good.left[0].p05 < 0.45 && good.left[0].p95 > 0.45 && good.left[0].p95 < 0.65, "today %g to %g",
              good.left[0].p05, good.left[0].p95);
        CHECK(poor.likely > 2 * before.likely && poor.high > 2 * before.high, "5 %%: %d to %d", poor.low,
              poor.high);
        CHECK(poor.per_session.median < 0.3 * before.per_session.median, "5 %%: %g a session",
              poor.per_session.median);
    }
    fl_fade *fade = fresh(&unknown_ink);
    double width = 1;
    for (int s = 0; s < 4; s++) { /* the same read again and again: surer each time, and less to go */
        read_session(fade, 0.30, 0.10);
        const fl_fade_answer a = fl_fade_ask(fade);
        CHECK(a.per_session.p95 - a.per_session.p05 < width, "read %d: no surer", s + 1);
        CHECK(a.sessions == s + 1, "%d sessions", a.sessions);
        width = a.per_session.p95 - a.per_session.p05;
    }
    fl_fade_free(fade);
}

/* A spot takes no ink, another laser tells no rate, and an unread session takes what it is thought to. */
static void each_kind_of_read_tells_its_own(void)
{
    const fl_fade_answer prior = after(&scalp, -1, false), spot = after(&scalp, 0.8, true);
    CHECK(spot.left[0].median == 1.0 && spot.sessions == 0, "a test spot took ink");
    CHECK(expected(&spot) < expected(&prior), "a good spot told nothing");
    fl_fade *fade = fresh(&scalp);
    CHECK(fl_fade_other(fade, &(fl_fade_read){0.5, 0.10}) == FL_OK, "another laser");
    const fl_fade_answer other = fl_fade_ask(fade);
    CHECK(memcmp(&other.per_session, &prior.per_session, sizeof prior.per_session) == 0,
          "another laser told a rate");
    CHECK_NEAR(other.left[0].median, 0.45, 0.08, "half is gone, and a little more is likelier than less");
    fl_fade_free(fade);
    fade = fresh(&scalp);
    CHECK(fl_fade_session(fade, NULL) == FL_OK, "unread");
    const fl_fade_answer unread = fl_fade_ask(fade);
    CHECK_NEAR(unread.left[0].median, prior.left[1].median, 1e-12, "an unread session");
    CHECK_NEAR(fl_fade_within(&unread, 1), fl_fade_within(&prior, 2), 1e-12, "one more");
    fl_fade_free(fade);
}

static void the_same_twice(void)
{
    const fl_fade_answer a = after(&brow, 0.37, false), b = after(&brow, 0.37, false);
    CHECK(memcmp(a.chance, b.chance, sizeof a.chance) == 0 && memcmp(a.left, b.left, sizeof a.left) == 0,
          "two runs differ");
}

static void what_is_out_of_range_is_refused(void)
{
    // clang-format off
    static const struct { const char *what; fl_fade_prior prior; } rows[] = {
        { "no session",          { 0, 2, 4, 0.9, 0.35, 0.02 } },  { "likely below low",  { 3, 2, 4, 0.9, 0.35, 0.02 } },
        { "high below likely",   { 1, 5, 4, 0.9, 0.35, 0.02 } },  { "31 sessions",       { 1, 2, 31, 0.9, 0.35, 0.02 } },
        { "nothing to go",       { 1, 2, 4, 0.0, 0.35, 0.02 } },  { "all to go",         { 1, 2, 4, 1.0, 0.35, 0.02 } },
        { "a goal of NaN",       { 1, 2, 4, NAN, 0.35, 0.02 } },  { "no variation",      { 1, 2, 4, 0.9, 0.0, 0.02 } },
        { "variation NaN",       { 1, 2, 4, 0.9, NAN, 0.02 } },   { "half are slow",     { 1, 2, 4, 0.9, 0.35, 0.5 } },
        { "slow NaN",            { 1, 2, 4, 0.9, 0.35, NAN } },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_fade *fade = NULL;
        CHECK(fl_fade_new(&rows[i].prior, &fade) == FL_E_RANGE && !fade, "%s was taken", rows[i].what);
    }
    static const fl_fade_read reads[] = {{-0.01, 0.1}, {1.01, 0.1}, {NAN, 0.1},
                                         {0.5, 0.0},   {0.5, NAN},  {0.5, 0.6}};
    fl_fade *fade = fresh(&scalp);
    const fl_fade_answer before = fl_fade_ask(fade);
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++)
        CHECK(fl_fade_session(fade, &reads[i]) == FL_E_RANGE && fl_fade_spot(fade, &reads[i]) == FL_E_RANGE &&
                  fl_fade_other(fade, &reads[i]) == FL_E_RANGE,
              "read %zu was taken", i);
    const fl_fade_answer same = fl_fade_ask(fade);
    CHECK(memcmp(before.chance, same.chance, sizeof same.chance) == 0 && same.sessions == 0,
          "a refused read counted");
    fl_fade_free(fade);
    fl_fade_free(NULL);
}

FL_TESTS("course/fade", TEST(no_reads_say_what_the_series_says), TEST(chances_match_the_gamma),
         TEST(sharp_reads_match_the_conjugate_posterior), TEST(reads_match_brute_force),
         TEST(a_better_read_never_makes_more_sessions_likely), TEST(fifty_five_narrows_and_five_does_not),
         TEST(each_kind_of_read_tells_its_own), TEST(the_same_twice), TEST(what_is_out_of_range_is_refused))
