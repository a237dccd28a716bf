#include "colour_answer.h"

#include <math.h>
#include <stdio.h>

static void print_region(const colour_answer *a, int kind)
{
    const fl_region *r = &a->region[kind];
    printf("%-16s %6.1f %6.1f %6.1f   ± %.1f", colour_kind_titles[kind], r->lab.L_star, r->lab.a_star,
           r->lab.b_star, r->delta_e_2000_uncertainty);
    if (kind != COLOUR_INK && r->has_ita) {
        const fl_ita_band *band = fl_ita_class(r->ita_deg);
        printf("    %.1f ± %.1f, %s", r->ita_deg, r->ita_uncertainty_deg, band->name);
    }
    printf("\n%-16s %6.1f %6.1f %6.1f   (spread over %zu pixels)\n", "", r->spread.L_star, r->spread.a_star,
           r->spread.b_star, r->pixels);
}

static void print_card(const colour_answer *a)
{
    const fl_correction *c = &a->correction;
    const fl_card_file *card = fl_card_content(a->card);
    printf(
        "card             %s: off by %.1f in the mean, %.1f at '%s'; %.1f for patches left out (CIEDE2000)\n",
        card->id, c->residual_mean, c->residual_max, card->patches[c->worst].name, c->left_out_rms);
    printf("camera           tone %.2f (1 is none)\n", 1.0 / c->tone);
    printf("light            %.2f : %.2f : %.2f of red, green, blue; %.0f %% more at one corner of the card "
           "than another\n",
           1.0 / c->gain.r, 1.0 / c->gain.g, 1.0 / c->gain.b, 100.0 * (c->light_ratio - 1.0));
}

static void print_fading(const colour_answer *a)
{
    const fl_fading *f = &a->fading;
    printf("since %s: %.1f ± %.1f then; ", a->before.path, a->before.contrast.delta_e_2000,
           a->before.contrast.uncertainty);
    if (!f->is_beyond_uncertainty) {
        printf("changed by %.1f ± %.1f, which is no change that can be claimed\n", -f->delta_e_2000,
               f->uncertainty);
        return;
    }
    printf("%s by %.1f ± %.1f", f->delta_e_2000 > 0 ? "faded" : "stronger", fabs(f->delta_e_2000),
           f->uncertainty);
    if (isfinite(f->percent)) printf(" (%.0f %% ± %.0f %%)", fabs(f->percent), f->percent_uncertainty);
    putchar('\n');
}

/* Lines to copy: the planner reads angles, not photos. */
static void print_case_lines(const colour_answer *a)
{
    const fl_region *site = &a->region[COLOUR_SITE], *skin = &a->region[COLOUR_SKIN];
    const bool has_site = a->has_region[COLOUR_SITE] && site->has_ita,
               has_skin = a->has_region[COLOUR_SKIN] && skin->has_ita;
    if (!has_site && !has_skin) return;
    printf("for the case file's skin:");
    if (has_site) printf(" site_ita_deg: %.1f", site->ita_deg);
    if (has_skin) printf("%s unexposed_ita_deg: %.1f", has_site ? "," : "", skin->ita_deg);
    putchar('\n');
}

static void print_refusal(const colour_answer *a)
{
    for (size_t i = 0; i < a->reasons.count; i++) {
        const fl_colour_reason *reason = &a->reasons.list[i];
        printf("refused: %s\n  why: %s\n  change: %s\n  more: fadeline explain %s\n", reason->what,
               reason->why, reason->change, reason->code);
    }
}

void colour_print_text(const colour_answer *a)
{
    if (a->reasons.count) {
        print_refusal(a);
        return;
    }
    print_card(a);
    printf("%-16s %6s %6s %6s   %-9s ITA in degrees\n", "D65, 2 degrees", "L*", "a*", "b*", "dE2000");
    for (int kind = 0; kind < COLOUR_KINDS; kind++)
        if (a->has_region[kind]) print_region(a, kind);
    if (a->has_contrast)
        printf("ink contrast     %.1f ± %.1f (CIEDE2000), %.1f (CIE76), ink against the skin of the site%s\n",
               a->contrast.delta_e_2000, a->contrast.uncertainty, a->contrast.delta_e_76,
               a->is_dots ? "; dots taken as their mean light" : "");
    if (a->has_fading) print_fading(a);
    for (size_t i = 0; i < a->caution_count; i++) printf("caution: %s\n", a->cautions[i]);
    print_case_lines(a);
    puts("± is two standard uncertainties. A colour from a photo: not a diagnosis, and ITA is not a skin "
         "type.");
}
