#include "command.h"

#include "fadeline/base/text.h"
#include "fadeline/planner/ink_guess.h"
#include "fadeline/report/shown_json.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define CLASSES_SHOWN 5
static const double lines_nm[] = {532, 755, 1064};
#define LINES (sizeof lines_nm / sizeof *lines_nm)
/* What takes up less than this of its own best is not treated there (planner; colour table of the clinical
 * reference, section 4); from a third up it takes up well [our rule]. */
#define HARDLY 0.05
#define WELL 0.33

typedef struct line_answer {
    double m2_g, share; /* of the ink's own best line */
    const char *word;
} line_answer;

static double mixed_m2_g(const fl_planner_ink *ink, fl_wavelength wavelength)
{
    double sum = 0.0;
    for (size_t i = 0; i < ink->shares_count; i++) {
        fl_mass_absorption mac = {0};
        if (fl_pigment_absorption(fl_pigment_find(ink->shares[i].pigment), wavelength, &mac) == FL_OK)
            sum += ink->shares[i].mass_fraction * fl_as_m2_g(mac);
    }
    return sum;
}

static line_answer at_line(const fl_planner_ink *ink, double nm)
{
    static const double all_nm[] = {532, 585, 650, 670, 694, 755, 785, 1064};
    double best = 0.0;
    for (size_t i = 0; i < sizeof all_nm / sizeof *all_nm; i++)
        best = fmax(best, mixed_m2_g(ink, fl_nm(all_nm[i])));
    line_answer a = {.m2_g = mixed_m2_g(ink, fl_nm(nm))};
    a.share = a.m2_g / best;
    /* white absorbs nothing anywhere: its flat floor is no colour */
    a.word = best < 1e-3 || a.share < HARDLY ? "hardly" : a.share < WELL ? "weakly" : "well";
    return a;
}

static const char *darkens_word(const fl_planner_ink *ink)
{
    return ink->darkens == FL_NO ? "no" : "may";
}

/* ---- options ---- */

static int read_lab(const fl_args *args, const char *name, fl_lab *lab)
{
    const char *text = fl_args_value(args, name);
    *lab = FL_INK_NO_LAB;
    if (!text) return 0;
    char copy[96], *rest = copy;
    double n[3];
    int count = 0;
    snprintf(copy, sizeof copy, "%.95s", text);
    while (rest && count < 3 && fl_read_double(strsep(&rest, ","), &n[count]) == FL_OK) count++;
    if (count != 3 || rest || strlen(text) >= sizeof copy)
        return fl_args_wrong(args, "--%s wants L,a,b, not '%s'", name, text);
    *lab = (fl_lab){n[0], n[1], n[2]};
    return 0;
}

static int choice(const fl_args *args, const char *name, const fl_yaml_choice *choices, int otherwise,
                  int *value)
{
    const char *text = fl_args_value(args, name);
    *value = otherwise;
    if (!text) return 0;
    char known[300] = "";
    fl_text list = fl_text_in(known, sizeof known);
    for (const fl_yaml_choice *c = choices; c->word; c++) {
        if (fl_text_same(c->word, text)) return *value = c->value, 0;
        fl_text_add(&list, "%s%s", list.length ? ", " : "", c->word);
    }
    return fl_args_wrong(args, "--%s is one of %s, not '%s'", name, known, text);
}

static int read_view(const fl_args *args, const fl_planner_library *library, fl_ink_view *view)
{
    const char *where = fl_args_value(args, "where"), *site = fl_args_value(args, "site");
    int type, family;
    int code = choice(args, "skin-type", fl_skin_type_choices, 2, &type);
    if (!code) code = choice(args, "family", fl_ink_family_choices, FL_INK_ANY, &family);
    if (code) return code;
    if (!where) where = "smp";
    if (!site)
        site = fl_text_same(where, "smp") ? "scalp-male" : fl_text_same(where, "pmu") ? "eyebrow" : "body";
    *view = (fl_ink_view){library, type, fl_planner_site_find(library, site),
                          fl_planner_geometry_find(library, where), (fl_ink_family)family};
    if (!view->geometry) return fl_args_wrong(args, "--where is smp, pmu or tattoo, not '%s'", where);
    if (!view->site) return fl_args_wrong(args, "there is no site '%s' in profiles/sites.yaml", site);
    return 0;
}

/* ---- one answer, two ways to print it ---- */

static json_t *lab_json(fl_lab lab)
{
    return json_pack("{s:f, s:f, s:f}", "L_star", lab.L_star, "a_star", lab.a_star, "b_star", lab.b_star);
}

static json_t *ink_json(const fl_planner_ink *ink)
{
    json_t *pigments = json_array(), *lines = json_array();
    for (size_t i = 0; i < ink->shares_count; i++)
        json_array_append_new(pigments, json_pack("{s:s, s:f}", "pigment", ink->shares[i].pigment,
                                                  "mass_fraction", ink->shares[i].mass_fraction));
    for (size_t i = 0; i < LINES; i++) {
        const line_answer a = at_line(ink, lines_nm[i]);
        json_array_append_new(lines, json_pack("{s:f, s:f, s:f, s:s}", "wavelength_nm", lines_nm[i],
                                               "absorption_m2_g", a.m2_g, "of_its_best", a.share, "absorbs",
                                               a.word));
    }
    return json_pack("{s:s, s:s, s:o, s:s, s:b, s:o}", "id", ink->id, "title", ink->title, "pigments",
                     pigments, "darkens", darkens_word(ink), "identified", ink->known == FL_YES, "lines",
                     lines);
}

static int print_json(json_t *root)
{
    if (!root) return fl_status_exit(FL_E_MEMORY);
    fl_shown_json(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    putchar('\n');
    json_decref(root);
    return 0;
}

static void print_lines(const fl_planner_ink *ink)
{
    for (size_t i = 0; i < LINES; i++) {
        const line_answer a = at_line(ink, lines_nm[i]);
        printf("%s%.0f nm %s (%.2g m2/g)", i ? ", " : "", lines_nm[i], a.word, a.m2_g);
    }
}

static int list_inks(const fl_args *args, const fl_ink_view *view)
{
    json_t *list = fl_args_has(args, "json") ? json_array() : NULL;
    if (!list)
        printf("Predicted CIELAB of dense ink in skin type %s, %s, +- what is not known of skin, amount and "
               "depth\n",
               fl_skin_type_text(view->skin_type), view->site->title);
    const fl_planner_ink *ink;
    for (size_t i = 0; (ink = fl_planner_ink_row(view->library, i)); i++) {
        fl_ink_look look;
        fl_error error;
        if (fl_ink_look_of(view, ink, &look, &error) != FL_OK) return fl_args_failed(&error);
        if (list) {
            json_t *row = ink_json(ink);
            json_object_set_new(row, "looks", lab_json(look.ink));
            json_object_set_new(row, "looks_sd", lab_json(look.ink_sd));
            json_object_set_new(row, "skin", lab_json(look.skin));
            json_array_append_new(list, row);
            continue;
        }
        printf("\n%s: %s%s%s\n  ", ink->id, ink->title, ink->known == FL_YES ? "" : " [not identified]",
               ink->darkens == FL_NO ? "" : " [may darken]");
        for (size_t j = 0; j < ink->shares_count; j++)
            printf("%s%.0f %% %s", j ? ", " : "", 100.0 * ink->shares[j].mass_fraction,
                   ink->shares[j].pigment);
        printf("\n  L* %.0f+-%.0f  a* %.0f+-%.0f  b* %.0f+-%.0f\n  ", look.ink.L_star, look.ink_sd.L_star,
               look.ink.a_star, look.ink_sd.a_star, look.ink.b_star, look.ink_sd.b_star);
        print_lines(ink);
        putchar('\n');
    }
    return list ? print_json(json_pack("{s:s, s:s, s:o}", "skin_type", fl_skin_type_text(view->skin_type),
                                       "site", view->site->id, "inks", list))
                : 0;
}

static int print_guess(const fl_args *args, const fl_ink_view *view, const fl_ink_guess *guess)
{
    if (fl_args_has(args, "json")) {
        json_t *list = json_array();
        for (size_t i = 0; i < guess->count; i++) {
            const fl_ink_chance *c = &guess->list[i];
            json_t *row = c->ink ? ink_json(c->ink) : json_pack("{s:n}", "id");
            json_object_set_new(row, "probability", json_real(c->probability));
            json_object_set_new(row, "density_ratio", json_real(c->ratio));
            json_array_append_new(list, row);
        }
        return print_json(json_pack("{s:s, s:s, s:s, s:o, s:f, s:b}", "skin_type",
                                    fl_skin_type_text(view->skin_type), "site", view->site->id, "geometry",
                                    view->geometry->id, "classes", list, "other_probability", guess->other,
                                    "may_darken", fl_ink_guess_may_darken(guess)));
    }
    printf("%s, skin type %s\n", view->geometry->title, fl_skin_type_text(view->skin_type));
    for (size_t i = 0; i < guess->count && i < CLASSES_SHOWN; i++) {
        const fl_ink_chance *c = &guess->list[i];
        if (!c->ink) {
            printf("%3.0f %%  other: no ink of the table\n", 100.0 * c->probability);
            continue;
        }
        printf("%3.0f %%  %s: %s%s\n       ", 100.0 * c->probability, c->ink->id, c->ink->title,
               c->ink->darkens == FL_NO ? "" : " [may darken]");
        print_lines(c->ink);
        putchar('\n');
    }
    puts(fl_ink_guess_may_darken(guess)
             ? "A class of 5 % or more darkens: darkening is possible, a test spot comes first."
             : "No class of 5 % or more is known to darken.");
    puts("A colour is not an ink: whatever is guessed is planned as not identified.");
    return 0;
}

static int guess(const fl_args *args, const fl_ink_view *view, fl_lab ink, fl_lab skin)
{
    fl_ink_guess found;
    fl_error error = {0};
    fl_status status;
    int word;
    const int code = choice(args, "seen", fl_ink_word_choices, 0, &word);
    if (code) return code;
    if (fl_args_has(args, "lab"))
        status = fl_ink_guess_lab(view, ink, skin, &found, &error);
    else
        status = fl_ink_guess_words(view, word ? 1u << word : 0, &found, &error);
    if (status == FL_E_RANGE) return fl_args_wrong(args, "%s", error.what);
    return status == FL_OK ? print_guess(args, view, &found) : fl_args_failed(&error);
}

static int run(const fl_args *args)
{
    fl_lab ink, skin;
    if (args->count) return fl_args_wrong(args, "'%s' is one word too many", args->words[0]);
    int code = read_lab(args, "lab", &ink);
    if (!code) code = read_lab(args, "skin-lab", &skin);
    if (code) return code;
    if (fl_args_has(args, "lab") && fl_args_has(args, "seen"))
        return fl_args_wrong(args, "--lab and --seen exclude each other: what is measured is not also named");
    if (fl_args_has(args, "skin-lab") && !fl_args_has(args, "lab"))
        return fl_args_wrong(args, "--skin-lab needs --lab: the ink's colour from the same photo");

    fl_planner_library *library;
    fl_error error = {0};
    if (fl_planner_library_load(&library, &error) != FL_OK) return fl_args_failed(&error);
    fl_ink_view view;
    code = read_view(args, library, &view);
    const bool asks = fl_args_has(args, "lab") || fl_args_has(args, "seen") || fl_args_has(args, "family");
    if (!code) code = asks ? guess(args, &view, ink, skin) : list_inks(args, &view);
    fl_planner_library_free(library);
    return code;
}

static const fl_option options[] = {
    {"lab", "L,a,b", "the ink's colour as measured (fadeline colour)"},
    {"skin-lab", "L,a,b", "bare skin beside it, from the same photo: narrows the guess"},
    {"seen", "WORD", "or its colour as a person names it: black, grey, brown, orange ..."},
    {"family", "F", "only carbon-smp, hybrid, iron-oxide, corrector, organic-warm or organic-cool"},
    {"skin-type", "T", "I to VI; absent: II"},
    {"where", "G", "how it lies: smp (absent), pmu or tattoo"},
    {"site", "ID", "row of profiles/sites.yaml; absent: scalp-male, eyebrow or body"},
    {"json", NULL, "one object on stdout"},
    {NULL, NULL, NULL},
};

const fl_command fl_command_inks = {
    .name = "inks",
    .arguments = "[--lab L,a,b [--skin-lab L,a,b] | --seen WORD] [--skin-type T] [--where smp|pmu|tattoo]",
    .summary = "list the inks, or say which of them a colour may be",
    .more =
        "Colours are predicted for each ink from measured shapes of spectra, in skins that could be this "
        "one; the\n"
        "answer is a chance for each class, and \"other\" for what is in no row. CIELAB, D65, 2 degrees.\n\n"
        "examples, all inks, a brow gone orange, a dot measured beside bare skin:\n"
        "  fadeline inks\n"
        "  fadeline inks --seen orange --where pmu --skin-type III\n"
        "  fadeline inks --lab 42,1,0 --skin-lab 64,10,14 --skin-type II\n",
    .options = options,
    .run = run,
};
