/* What the planner makes of the settings that others published: one Markdown row for each row of
 * published.csv. A program, not a test: its table goes into src/planner/README.md by hand, so that a person
 * reads it first.
 *
 *     tests/table_published [published.csv] > table.md
 *
 * 24 draws x 22 variants x 1500 photons, seed 1, a flat beam, one pass, no device or rule limit (30 J/cm2):
 * what ends a window is skin or heat. "Used" is compared at the spot it was used with.
 */
#include "helper_request.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS = 14, HALF = 32 }; /* HALF: the step of the curves that is a chance of one half */
enum {
    ID,
    NM,
    PS,
    INK,
    GEOMETRY,
    SITE,
    TYPE,
    SPOT_LOW,
    SPOT_HIGH,
    FLUENCE_LOW,
    FLUENCE_HIGH,
    ASSUMED,
    SOURCE,
    REASON
};

static int roman(const char *word)
{
    static const char *const words[] = {"", "I", "II", "III", "IV", "V", "VI"};
    for (int type = 1; type <= 6; type++)
        if (strcmp(word, words[type]) == 0) return type;
    return 0;
}

/* Two significant digits or two decimals; a dash for what does not exist. */
static const char *figure(double J_cm2, char room[16])
{
    if (!isfinite(J_cm2) || !(J_cm2 > 0))
        snprintf(room, 16, "-");
    else if (J_cm2 > 99.5)
        snprintf(room, 16, ">99");
    else
        snprintf(room, 16, J_cm2 < 9.95 ? "%.2f" : "%.1f", J_cm2);
    return room;
}

/* What skin bears at the accepted risk, heat included. */
static double bearable(const fl_setting *s)
{
    return fmin(fl_as_J_cm2(s->bearable), fl_as_J_cm2(s->bearable_heat));
}

/* Each fluence at its own spot. A tenth is forgiven: no laser is set better. */
static void print_verdict(const fl_setting *s, const fl_setting *large, double low, double high)
{
    const double most = fl_as_J_cm2(s->bearable), heat = fl_as_J_cm2(s->bearable_heat),
                 need = fl_as_J_cm2(s->needed);
    const double ours = bearable(s);
    if (low > bearable(large) * 1.1)
        printf("above: all of it");
    else if (high > ours * 1.1)
        printf("above: its upper part");
    else if (high < need / 1.1)
        printf("below: the ink needs %.1f times as much for a third", need / high);
    else
        printf("inside");
    if (high > ours * 1.1)
        printf(", by %s%s", heat < most ? "heat of pulses on one place" : "the risk to the epidermis",
               s->window == FL_WINDOW_CLOSED      ? "; no window"
               : s->window == FL_WINDOW_TEST_ONLY ? "; a window for tests alone"
                                                  : "");
}

static void print_row(char *const f[FIELDS])
{
    const int type = roman(f[TYPE]);
    const fl_test_head head = {atof(f[NM]), atof(f[PS])};
    fl_planner_request r = test_request(f[SITE], type, f[INK], f[GEOMETRY], head);
    if (!r.site || !r.skin_type || !r.ink || !r.geometry) {
        fprintf(stderr, "%s: a site, type, ink or geometry that is not there\n", f[ID]);
        exit(1);
    }
    /* Spots rise; the lowest fluence was used with the largest. */
    const double spot[2] = {atof(f[SPOT_HIGH]), atof(f[SPOT_LOW])},
                 used[2] = {atof(f[FLUENCE_HIGH]), atof(f[FLUENCE_LOW])};
    r.spot_count = spot[1] > spot[0] ? 2 : 1;
    for (unsigned i = 0; i < r.spot_count; i++)
        r.spots[i] =
            (fl_planner_spot){.spot = fl_mm(spot[i]), .limit = fl_J_cm2(30), .limited_by = FL_LIMIT_DEVICE};
    r.draws = 24, r.variants = 22, r.photons = 1500, r.seed = 1, r.threads = 2;
    fl_planner_answer *answer = test_run(&r);
    const fl_setting *small = &answer->settings[0], *large = &answer->settings[r.spot_count - 1];
    char room[9][16];
    printf("| %s | %s; %s nm, %s, %s mm | ", f[ID], f[SOURCE], f[NM], f[INK], f[SPOT_HIGH]);
    if (used[1] < used[0])
        printf("%.2f-%.2f", used[1], used[0]);
    else
        printf("%.2f", used[0]);
    printf(" | %s / %s / %s | %s / %s / %s | %s / %s / %s", figure(fl_as_J_cm2(small->start), room[0]),
           figure(fl_as_J_cm2(small->low), room[1]), figure(fl_as_J_cm2(small->high), room[2]),
           figure(fl_as_J_cm2(small->bearable), room[3]), figure(fl_as_J_cm2(small->bearable_test), room[4]),
           figure(fl_as_J_cm2(small->injury_curve[HALF]), room[5]),
           figure(fl_as_J_cm2(small->needed_test), room[6]), figure(fl_as_J_cm2(small->needed), room[7]),
           figure(fl_as_J_cm2(small->effect_curve[HALF]), room[8]));
    const fl_fluence most = fl_J_cm2(used[0]), least = fl_J_cm2(used[1]);
    printf(" | %.0f, %.0f %% | %.0f, %.0f %% | ", 100 * fl_setting_effect_at(large, least),
           100 * fl_setting_effect_at(small, most), 100 * fl_setting_injury_at(large, least),
           100 * fl_setting_injury_at(small, most));
    if (bearable(small) > 0)
        printf("%.1f | ", used[0] / bearable(small));
    else
        printf("- | ");
    print_verdict(small, large, used[1], used[0]);
    printf(" (assumed: %s) |\n", f[ASSUMED]);
    fl_planner_answer_free(answer);
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : FL_TEST_DIR "/published.csv";
    FILE *file = fopen(path, "r");
    char line[800];
    bool heading = true;
    int covered = 0, rows = 0;
    if (!file) {
        perror(path);
        return 3;
    }
    printf("| id | source | used, J/cm2 | our start / low / high | bears 2 / 20 / 50 %% | needs 15 / 33 / 50 "
           "%% | effect, lowest "
           "and highest used | injury, the same | used over what is bearable | verdict |\n"
           "|---|---|---|---|---|---|---|---|---|---|\n");
    while (fgets(line, sizeof line, file)) {
        char *f[FIELDS], *rest = line;
        line[strcspn(line, "\r\n")] = 0;
        if (line[0] == '#' || !line[0]) continue;
        if (heading) {
            heading = false;
            continue;
        }
        int count = 0;
        for (char *field; count < FIELDS && (field = strsep(&rest, ",")); count++) f[count] = field;
        if (count != FIELDS || rest) {
            fprintf(stderr, "%s: %d fields, not %d\n", f[ID], count, FIELDS);
            return 3;
        }
        rows++;
        if (f[REASON][0]) {
            printf("| %s | %s | | | | | | | | not covered: %s |\n", f[ID], f[SOURCE], f[REASON]);
            continue;
        }
        covered++;
        print_row(f);
        fflush(stdout);
    }
    fclose(file);
    printf("\n%d of %d rows covered.\n", covered, rows);
    return 0;
}
