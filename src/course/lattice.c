#include "lattice_parts.h"

#include "fadeline/base/assert.h"
#include "fadeline/course/coverage.h"

#include <stdlib.h>

#define SCORE_LINES 10.0 /* scan lines a spot: for choosing a phase */
#define FINAL_LINES 96.0 /* for the numbers people read */
/* Cells a spot has to add to be fired. At 0.4 counts agree with fl_coverage_of on average (README, 400
 * polygons); at 0, the best coverage at any price, zones get 2.8 % more pulses for 0.7 % less skin not lit.
 */
#define WORTH 0.4
#define PHASES_USUAL 6u
#define PHASES_MOST 32u
#define APART                                                                                                \
    1.5 /* pitches: past the six neighbours, which stand at 1, and short of the next six at 1.73             \
         */
#define GOLDEN 0.61803398874989485

bool fl_sites_add(fl_sites *sites, fl_site site)
{
    if (sites->count == sites->room) {
        if (sites->count >= 2 * FL_LATTICE_SPOTS) return false;
        const size_t room = 2 * sites->room + 64;
        fl_site *list = realloc(sites->list, room * sizeof *list);
        if (!list) return false;
        sites->list = list;
        sites->room = room;
    }
    sites->list[sites->count++] = site;
    return true;
}

bool fl_placing_holds(const fl_placing *p, fl_vec at)
{
    return fl_shape_holds(p->shape, fl_point_of(at), fl_mm(0.5 * p->spot), p->rules->spill);
}

/* Edge to edge; inside a locked zone the distance is negative, and nearer than any. */
bool fl_placing_locked(const fl_placing *p, fl_vec at)
{
    for (size_t i = 0; i < p->rules->locked_count; i++) {
        const double outside = -fl_as_mm(fl_shape_distance(p->rules->locked[i], fl_point_of(at)));
        if (outside - 0.5 * p->spot < fl_as_mm(p->rules->clearance)) return true;
    }
    return false;
}

double fl_placing_score(const fl_placing *p, const fl_sites *sites)
{
    fl_covered covered;
    if (!fl_cover_measure(p->cover, sites, 0.5 * p->spot, p->spot / SCORE_LINES, &covered)) return -INFINITY;
    size_t lit = 0;
    for (size_t i = 0; i < sites->count; i++) lit += !sites->list[i].left_out;
    return covered.under[1] + covered.under[2] + covered.under[3] - WORTH * p->pitch * p->step * (double)lit;
}

/* ---- from places to spots ---- */

/* Rows count from the free edge, so that the last one stands at the keep line. */
static void turn_rows(fl_sites *sites)
{
    int last = 0;
    for (size_t i = 0; i < sites->count; i++) last = sites->list[i].row > last ? sites->list[i].row : last;
    for (size_t i = 0; i < sites->count; i++) sites->list[i].row = last - sites->list[i].row;
}

/* Share of the spots of a row that are fired; `from_line`: 0 is the row at the keep line. */
static double share_of(const fl_shape *s, int from_line)
{
    const size_t n = s->spec.feather_count;
    return (size_t)from_line < n ? s->feather[n - 1 - (size_t)from_line] : 1.0;
}

/* Evenly thinned: of n places m are kept, those at which the running share passes a whole number. Each row
 * begins at another part of a place, so that gaps of one row do not stand under gaps of the next. */
static size_t feather(const fl_shape *s, fl_sites *sites, bool *fired)
{
    size_t empty = 0;
    int rows = 0;
    for (size_t i = 0; i < sites->count; i++) {
        fired[i] = !sites->list[i].left_out;
        rows = sites->list[i].row >= rows ? sites->list[i].row + 1 : rows;
    }
    if (!s->spec.feather_count) return 0;
    for (int row = 0; row < rows; row++) {
        size_t n = 0, seen = 0;
        for (size_t i = 0; i < sites->count; i++) n += sites->list[i].row == row && fired[i];
        const double share = share_of(s, row), kept = round(share * (double)n);
        const double begin = fmod(0.5 + GOLDEN * row, 1.0);
        for (size_t i = 0; i < sites->count; i++) {
            if (sites->list[i].row != row || !fired[i]) continue;
            const double a = (double)seen * kept / (double)n + begin,
                         b = (double)(seen + 1) * kept / (double)n + begin;
            fired[i] = floor(b + 1e-9) > floor(a + 1e-9);
            empty += !fired[i];
            seen++;
        }
    }
    return empty;
}

/* Rows without a spot are no rows: there and back would not alternate. Places come row by row. */
static int number_rows(fl_sites *sites)
{
    int before = -1, row = -1;
    for (size_t i = 0; i < sites->count; i++) {
        if (sites->list[i].row != before) row++;
        before = sites->list[i].row;
        sites->list[i].row = row;
    }
    return row + 1;
}

static bool take_gaps(fl_lattice *l, const fl_sites *sites, const bool *fired)
{
    size_t count = 0;
    l->gaps = malloc((l->feathered + l->left_out + 1) * sizeof *l->gaps);
    for (int left_out = 0; l->gaps && left_out < 2; left_out++)
        for (size_t i = 0; i < sites->count; i++)
            if (!fired[i] && sites->list[i].left_out == left_out)
                l->gaps[count++] = fl_point_of(sites->list[i].at);
    return l->gaps != NULL;
}

static size_t keep_fired(fl_sites *sites, const bool *fired)
{
    size_t lit = 0;
    for (size_t i = 0; i < sites->count; i++)
        if (fired[i]) sites->list[lit++] = sites->list[i];
    return sites->count = lit;
}

static bool take_spots(fl_lattice *l, const fl_placing *p, fl_sites *sites)
{
    bool *fired = malloc(sites->count + 1);
    double *along = malloc((sites->count + 1) * sizeof *along);
    l->spots = malloc((sites->count + 1) * sizeof *l->spots);
    bool good = fired && along && l->spots;
    if (good) {
        for (size_t i = 0; i < sites->count; i++) l->left_out += sites->list[i].left_out;
        l->feathered = feather(p->shape, sites, fired);
        good = take_gaps(l, sites, fired);
        l->count = keep_fired(sites, fired);
        l->rows = number_rows(sites);
        if (p->shape->spec.kind == FL_SHAPE_BAND) turn_rows(sites);
        for (size_t i = 0; i < l->count; i++) {
            along[i] = sites->list[i].along;
            l->spots[i] = (fl_lattice_spot){fl_point_of(sites->list[i].at), sites->list[i].row};
        }
        good = good && fl_order_rows(l->spots, along, l->count);
        if (good && p->rules->order == FL_ORDER_SPACED)
            good = fl_order_spaced(l->spots, l->count, APART * p->pitch);
    }
    free(fired);
    free(along);
    return good;
}

static bool measure(fl_lattice *l, const fl_placing *p, const fl_sites *sites)
{
    fl_covered covered;
    if (!fl_cover_measure(p->cover, sites, 0.5 * p->spot, p->spot / FINAL_LINES, &covered)) return false;
    const double all = covered.under[0] + covered.under[1] + covered.under[2] + covered.under[3];
    for (int i = 0; i < 4; i++) l->covered[i] = covered.under[i] / all;
    l->dose_factor = covered.light / all;
    l->dose_covered = all > covered.under[0] ? covered.light / (all - covered.under[0]) : 0.0;
    l->step_least.m = INFINITY;
    for (size_t i = 1; i < l->count; i++) {
        const fl_point a = l->spots[i - 1].at, b = l->spots[i].at;
        const double step_m = hypot(b.x.m - a.x.m, b.y.m - a.y.m);
        l->path.m += step_m;
        l->step_least.m = fmin(l->step_least.m, step_m);
    }
    return true;
}

static bool fill(fl_lattice *l, fl_placing *p)
{
    fl_sites sites = {0};
    p->cover = fl_cover_new(p->shape);
    bool good =
        p->cover &&
        (p->shape->spec.kind == FL_SHAPE_BAND ? fl_place_band(p, &sites) : fl_place_straight(p, &sites)) &&
        take_spots(l, p, &sites) && measure(l, p, &sites);
    fl_cover_free(p->cover);
    free(sites.list);
    return good;
}

static bool are_good(const fl_shape *shape, const fl_lattice_rules *rules)
{
    fl_coverage about;
    const double mm = fl_as_mm(rules->spot);
    if (!(mm >= 0.1 && mm <= 100.0 && rules->overlap >= 0.0 && rules->overlap < 0.9)) return false;
    if (!(rules->spill.m >= 0.0 && rules->spill.m <= 0.5 * rules->spot.m * (1.0 + 1e-12))) return false;
    if (rules->order != FL_ORDER_ROWS && rules->order != FL_ORDER_SPACED) return false;
    if (rules->locked_count > FL_LATTICE_LOCKED || rules->phases > PHASES_MOST) return false;
    if (rules->locked_count && !(rules->clearance.m >= 0.0 && rules->clearance.m <= 0.1)) return false;
    if (fl_coverage_of(fl_shape_area(shape), rules->spot, rules->overlap, &about) != FL_OK) return false;
    /* A thin shape far across is looked for in all of its box. */
    const double pitch = mm * (1.0 - rules->overlap), wide = shape->most.x - shape->least.x,
                 high = shape->most.y - shape->least.y;
    if (!((wide * wide + high * high) / (pitch * pitch) < 100.0 * FL_LATTICE_SPOTS)) return false;
    const unsigned most = shape->spec.kind == FL_SHAPE_BAND ? FL_LATTICE_BAND_SPOTS : FL_LATTICE_SPOTS;
    return about.pulses <= (int)most;
}

fl_status fl_lattice_new(const fl_shape *shape, const fl_lattice_rules *rules, fl_lattice **lattice)
{
    FL_ASSERT(shape && rules && lattice);
    if (!are_good(shape, rules)) return FL_E_RANGE;
    fl_lattice *l = calloc(1, sizeof *l);
    if (!l) return FL_E_MEMORY;
    const double spot = fl_as_mm(rules->spot), pitch = spot * (1.0 - rules->overlap);
    fl_placing p = {.shape = shape,
                    .rules = rules,
                    .spot = spot,
                    .pitch = pitch,
                    .step = pitch * sqrt(0.75),
                    .phases = rules->phases ? rules->phases : PHASES_USUAL};
    *l = (fl_lattice){.spot = rules->spot, .pitch = fl_mm(pitch), .area = fl_shape_area(shape)};
    if (!fill(l, &p)) {
        fl_lattice_free(l);
        return FL_E_MEMORY;
    }
    *lattice = l;
    return FL_OK;
}

void fl_lattice_free(fl_lattice *lattice)
{
    if (!lattice) return;
    free(lattice->spots);
    free(lattice->gaps);
    free(lattice);
}

double fl_lattice_minutes(const fl_lattice *lattice, fl_rate rate)
{
    FL_ASSERT(rate.Hz > 0.0);
    return (double)lattice->count / rate.Hz / 60.0;
}
