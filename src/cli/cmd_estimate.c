/* Two estimates of sessions: the Kirby-Desai score, and the fade model with what was read. */
#include "command.h"

#include "fadeline/base/text.h"
#include "fadeline/course/estimate.h"
#include "fadeline/course/fade.h"
#include "fadeline/course/rules.h"
#include "fadeline/report/shown_json.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>

enum { READS_MOST = 20 };

typedef struct question {
    bool scored;
    const fl_estimate_level *levels[FL_ESTIMATE_ITEMS];
    fl_estimate estimate;
    const char *procedure; /* NULL: the score is the prior */
    bool faded;
    fl_fade_prior prior;
    double reads[READS_MOST]; /* percent */
    size_t read_count;
    fl_fade_answer answer;
} question;

static void print_score(const question *q)
{
    const fl_estimate *estimate = &q->estimate;
    printf("Kirby-Desai score %d: %d to %d sessions", estimate->score, estimate->low, estimate->high);
    printf(" (nanosecond lasers); about %d with picosecond pulses\n", estimate->picosecond_adjusted);
    for (int i = 0; i < FL_ESTIMATE_ITEMS; i++)
        printf("  %-9s %-31s %d%s\n", fl_estimate_item_name((fl_estimate_item)i), q->levels[i]->name,
               q->levels[i]->points, q->levels[i]->from_memory ? "  [from memory]" : "");
    puts("The score was built on body tattoos and overstates micropigmentation by two to four times.");
    puts("The picosecond factor 0.752 comes from one vendor page.");
}

/* The ink left is told as far as the range goes, and one further. */
static int last_told(const question *q)
{
    const int last = q->answer.high + 1;
    return last < FL_FADE_LEFT ? last : FL_FADE_LEFT;
}

static void print_fade(const question *q)
{
    const fl_fade_answer *a = &q->answer;
    printf("%s says %d to %d sessions, likely %d, until %.0f %% of the ink is gone\n",
           q->procedure ? q->procedure : "the score", q->prior.low, q->prior.high, q->prior.likely,
           100 * q->prior.goal);
    for (size_t i = 0; i < q->read_count; i++) printf("%s%g %%", i ? ", " : "read: ", q->reads[i]);
    if (q->read_count)
        printf("\n%d to %d%s more, likely %d%s\n", a->low, a->high, a->high == FL_FADE_MOST ? " or more" : "",
               a->likely, a->likely == FL_FADE_MOST ? " or more" : "");
    printf("one session takes %.0f %% of the ink there is (%.0f to %.0f)\n", 100 * a->per_session.median,
           100 * a->per_session.p05, 100 * a->per_session.p95);
    puts("  more  ink left, median (5-95 %)  goal reached");
    for (int n = a->sessions ? 0 : 1; n <= last_told(q); n++)
        printf("  %4d  %3.0f %% (%.0f-%.0f)%*s%3.0f %%\n", n, 100 * a->left[n].median, 100 * a->left[n].p05,
               100 * a->left[n].p95,
               17 - snprintf(NULL, 0, "(%.0f-%.0f)", 100 * a->left[n].p05, 100 * a->left[n].p95), "",
               100 * fl_fade_within(a, n));
    puts("Nobody can promise a number; each read changes it.");
}

/* Four digits, as in a plan. */
static double digits(double share)
{
    return round(share * 1e4) / 1e4;
}

static json_t *band(const fl_fade_band *b)
{
    return json_pack("{s:f, s:f, s:f}", "median", digits(b->median), "p05", digits(b->p05), "p95",
                     digits(b->p95));
}

static json_t *fade_object(const question *q)
{
    const fl_fade_answer *a = &q->answer;
    json_t *reads = json_array(), *left = json_array();
    for (size_t i = 0; i < q->read_count; i++) json_array_append_new(reads, json_real(q->reads[i]));
    for (int n = a->sessions ? 0 : 1; n <= last_told(q); n++) {
        json_t *one = band(&a->left[n]);
        json_object_set_new(one, "after", json_integer(n));
        json_object_set_new(one, "goal_probability", json_real(digits(fl_fade_within(a, n))));
        json_array_append_new(left, one);
    }
    return json_pack("{s:{s:s, s:i, s:i, s:i}, s:f, s:o, s:i, s:i, s:i, s:b, s:o, s:o}", "prior", "from",
                     q->procedure ? q->procedure : "kirby-desai", "low", q->prior.low, "likely",
                     q->prior.likely, "high", q->prior.high, "goal_share", q->prior.goal, "reads_percent",
                     reads, "low", a->low, "likely", a->likely, "high", a->high, "high_is_open",
                     a->high == FL_FADE_MOST, "per_session", band(&a->per_session), "left", left);
}

static int print_json(const question *q)
{
    json_t *answer = q->scored ? json_pack("{s:i, s:i, s:i, s:i}", "score", q->estimate.score, "low",
                                           q->estimate.low, "high", q->estimate.high, "picosecond_adjusted",
                                           q->estimate.picosecond_adjusted)
                               : json_object();
    if (!answer || (q->faded && json_object_set_new(answer, "fade", fade_object(q)) != 0))
        return fl_status_exit(FL_E_MEMORY);
    fl_shown_json(answer, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    json_decref(answer);
    putchar('\n');
    return 0;
}

/* All six items, or none beside a procedure. 0 to go on. */
static int read_score(const fl_args *args, question *q)
{
    bool any = false;
    for (int i = 0; i < FL_ESTIMATE_ITEMS; i++)
        any |= fl_args_has(args, fl_estimate_item_name((fl_estimate_item)i));
    if (!any && q->procedure) return 0;
    for (int i = 0; i < FL_ESTIMATE_ITEMS; i++) {
        const char *name = fl_estimate_item_name((fl_estimate_item)i), *value = fl_args_value(args, name);
        if (!value) return fl_args_wrong(args, "--%s is needed", name);
        fl_error error;
        if (fl_estimate_level_of((fl_estimate_item)i, value, &q->levels[i], &error) != FL_OK)
            return fl_args_failed(&error);
    }
    q->estimate = fl_estimate_of(q->levels);
    q->scored = true;
    return 0;
}

static int read_reads(const fl_args *args, question *q)
{
    const char *text;
    for (size_t at = 0; (text = fl_args_each(args, "read", &at));) {
        double percent;
        if (fl_read_double(text, &percent) != FL_OK || !(percent >= 0 && percent <= 100))
            return fl_args_wrong(args, "--read wants a percentage from 0 to 100, not '%s'", text);
        if (q->read_count == READS_MOST) return fl_args_wrong(args, "more than %d reads", READS_MOST);
        q->reads[q->read_count++] = percent;
    }
    return 0;
}

static const fl_series *series_of(const fl_rules *rules, const char *procedure)
{
    for (size_t i = 0; i < rules->series_count; i++)
        for (size_t k = 0; k < rules->series[i].procedures_count; k++)
            if (fl_text_same(rules->series[i].procedures[k], procedure)) return &rules->series[i];
    return NULL;
}

/* The range before any read: the series of the procedure, else the score's own. */
static int take_prior(const fl_args *args, const fl_rules *rules, question *q)
{
    const fl_fade_rules *f = &rules->fade;
    double goal = f->goal_percent;
    if (!fl_args_number(args, "goal", 5, 99, &goal, NULL)) return 2;
    q->prior = (fl_fade_prior){.low = q->estimate.low,
                               .likely = q->estimate.score,
                               .high = q->estimate.high,
                               .goal = goal / 100,
                               .variation = f->variation_percent / 100,
                               .slow = f->slow_percent / 100};
    if (!q->procedure) return 0;
    const fl_series *series = series_of(rules, q->procedure);
    if (!series) {
        const char *known[64];
        size_t count = 0;
        for (size_t i = 0; i < rules->series_count; i++)
            for (size_t k = 0; k < rules->series[i].procedures_count && count < 64; k++)
                known[count++] = rules->series[i].procedures[k];
        const char *near = fl_text_nearest(q->procedure, known, count);
        return fl_args_wrong(args, "the rules have no series of '%s'%s%s%s", q->procedure,
                             near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    }
    q->prior.low = series->low;
    q->prior.likely = series->likely;
    q->prior.high = series->high;
    return 0;
}

static fl_status ask_model(const fl_rules *rules, question *q)
{
    fl_fade *fade;
    fl_status status = fl_fade_new(&q->prior, &fade);
    if (status != FL_OK) return status;
    for (size_t i = 0; i < q->read_count && status == FL_OK; i++)
        status = fl_fade_session(
            fade, &(fl_fade_read){.share = q->reads[i] / 100, .noise = rules->fade.read_noise_percent / 100});
    if (status == FL_OK) q->answer = fl_fade_ask(fade);
    fl_fade_free(fade);
    return status;
}

static int fade_of(const fl_args *args, question *q)
{
    fl_rulebook *book;
    fl_error error;
    if (fl_rulebook_load(NULL, NULL, &book, &error) != FL_OK) return fl_args_failed(&error);
    int code = take_prior(args, book->rules, q);
    if (code == 0) code = fl_status_exit(ask_model(book->rules, q));
    fl_rulebook_free(book);
    return code;
}

static int run(const fl_args *args)
{
    if (args->count) return fl_args_wrong(args, "'%s' is one word too many", args->words[0]);
    question q = {.procedure = fl_args_value(args, "procedure")};
    int code = read_score(args, &q);
    if (code == 0) code = read_reads(args, &q);
    q.faded = q.procedure || q.read_count;
    if (code == 0 && !q.faded && fl_args_has(args, "goal"))
        code = fl_args_wrong(args, "--goal goes with --procedure or --read");
    if (code == 0 && q.faded) code = fade_of(args, &q);
    if (code != 0) return code;
    if (fl_args_has(args, "json")) return print_json(&q);
    if (q.scored) print_score(&q);
    if (q.faded) print_fade(&q);
    return 0;
}

static const fl_option options[] = {
    {"skin", "V", "I to VI"},
    {"location", "L", "head_neck, upper_trunk, lower_trunk, proximal_extremity, distal_extremity"},
    {"colour", "C", "black_only, mostly_black_some_red, mostly_black_and_red_some_other, multiple_colours"},
    {"ink", "A", "amateur, minimal, moderate, significant"},
    {"scarring", "S", "none, minimal, moderate, significant"},
    {"layering", "Y", "none, layered_or_cover_up"},
    {"procedure", "ID", "sessions by the rules' series of this work; the score is then not needed"},
    {"read", "PERCENT", "a session was read: so much of what was there before it is gone; once a session"},
    {"goal", "PERCENT", "share of the ink to go (as the rules say: 90)"},
    {"json", NULL, "one JSON object"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_estimate = {
    .name = "estimate",
    .arguments = "--skin V --location L --colour C --ink A --scarring S --layering Y | --procedure ID\n"
                 "         [--read PERCENT]... [--goal PERCENT] [--json]",
    .summary = "add up the Kirby-Desai score; say how many sessions are left after what was read",
    .more = "example, scalp micropigmentation:\n"
            "  fadeline estimate --skin II --location head_neck --colour black_only --ink minimal \\\n"
            "    --scarring none --layering none\n"
            "one session was read with 55 % of the ink gone; how many more?\n"
            "  fadeline estimate --procedure smp-scalp --read 55\n"
            "\nA plan does the same with the reads of its case and of its test spots.\n",
    .options = options,
    .run = run,
};
