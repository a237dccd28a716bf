/* labels: unit physics   timeout: 300 */
#include "check.h"

#include "fadeline/base/random.h"
#include "fadeline/course/coverage.h"
#include "lattice_parts.h"

static fl_shape *drawn(const char *text)
{
    fl_shape *shape = NULL;
    fl_shape_fault fault = {.text = ""};
    CHECK(fl_shape_read(text, &shape, &fault) == FL_OK, "%s: %s", text, fault.text);
    if (!shape) exit(1);
    return shape;
}

static fl_lattice_rules usual(double spot_mm, double overlap)
{
    return (fl_lattice_rules){.spot = fl_mm(spot_mm), .overlap = overlap, .spill = fl_mm(0.5 * spot_mm)};
}

static fl_lattice *placed(const fl_shape *shape, const fl_lattice_rules *rules)
{
    fl_lattice *lattice = NULL;
    CHECK(fl_lattice_new(shape, rules, &lattice) == FL_OK, "refused");
    if (!lattice) exit(1);
    return lattice;
}

static double far_mm(fl_point a, fl_point b)
{
    return 1e3 * hypot(b.x.m - a.x.m, b.y.m - a.y.m);
}

/* ---- against the formula ---- */

/* coverage.h counts one spot for each 0.866 s^2. A large zone must come out so, its edge within a percent;
 * then pulses x area of a spot / dose factor is the area. Half the spots on an edge stand out as far as the
 * others stay in, which is why a spill of half a spot is the one that agrees. */
static void large_zones_agree_with_the_formula(void)
{
    static const char *const zones[] = {
        "circle:257",
        "polygon:0,0 231,0 231,229 0,229",
        "polygon:0,0 300,41 340,190 171,260 -23,170",
        "polygon:0,0 320,0 320,140 170,140 170,250 0,250",
    };
    static const double beams[][2] = {{4, 0.10}, {3, 0.10}, {4, 0.20}, {3, 0.0}, {2.5, 0.15}};
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        fl_shape *shape = drawn(zones[i]);
        for (size_t k = 0; k < sizeof beams / sizeof *beams; k++) {
            const fl_lattice_rules rules = usual(beams[k][0], beams[k][1]);
            fl_coverage formula;
            CHECK(fl_coverage_of(fl_shape_area(shape), rules.spot, rules.overlap, &formula) == FL_OK,
                  "formula");
            fl_lattice *l = placed(shape, &rules);
            /* edges that run along the rows round to whole rows: 74 rows are 1.4 % apart */
            const double within = i == 1 ? 0.0125 : 0.01;
            CHECK_REL((double)l->count, formula.pulses, within, zones[i]);
            CHECK_REL((double)l->count * fl_spot_area(rules.spot).m2 / formula.dose_factor, l->area.m2,
                      within, zones[i]);
            CHECK_REL(l->dose_factor, formula.dose_factor, 0.02, "dose factor");
            fl_lattice_free(l);
        }
        fl_shape_free(shape);
    }
}

/* A lattice without edges, looked at through a window of whole cells: with overlap below 13.4 % no three
 * discs share a place, and two share a lens, of which each cell has three. */
static void cover_is_exact_without_edges(void)
{
    static const double overlaps[] = {0.0, 0.05, 0.10, 0.13};
    for (size_t k = 0; k < sizeof overlaps / sizeof *overlaps; k++) {
        const double r = 1.5, p = 2.0 * r * (1.0 - overlaps[k]), h = p * sqrt(0.75), cell = p * h;
        fl_sites sites = {0};
        for (int row = -6; row < 30; row++)
            for (int n = -6; n < 30; n++)
                CHECK(
                    fl_sites_add(&sites, (fl_site){{(n + (row & 1 ? 0.5 : 0.0)) * p, row * h}, 0, 0, false}),
                    "room");
        char text[200]; /* 11 x 12 cells, at no special place */
        snprintf(text, sizeof text, "polygon:%.12f,%.12f %.12f,%.12f %.12f,%.12f %.12f,%.12f", 0.37, 0.71,
                 0.37 + 11 * p, 0.71, 0.37 + 11 * p, 0.71 + 12 * h, 0.37, 0.71 + 12 * h);
        fl_shape *shape = drawn(text);
        fl_cover *cover = fl_cover_new(shape);
        fl_covered covered;
        CHECK(cover && fl_cover_measure(cover, &sites, r, 2.0 * r / 96.0, &covered), "no memory");
        const double disc = M_PI * r * r,
                     lens = 2.0 * r * r * acos(0.5 * p / r) - 0.5 * p * sqrt(4.0 * r * r - p * p),
                     all = 11 * 12 * cell;
        CHECK_NEAR(covered.under[2] / all, 3.0 * lens / cell, 1e-4, "twice");
        CHECK_NEAR(covered.under[1] / all, (disc - 6.0 * lens) / cell, 1e-4, "once");
        CHECK_NEAR(covered.under[0] / all, 1.0 - (disc - 3.0 * lens) / cell, 1e-4, "not at all");
        CHECK_NEAR(covered.under[3] / all, 0.0, 1e-6, "three times");
        fl_coverage formula;
        CHECK(fl_coverage_of(fl_cm2(100), fl_mm(2.0 * r), overlaps[k], &formula) == FL_OK, "formula");
        CHECK_REL(covered.light / all, formula.dose_factor, 1e-4, "dose factor");
        fl_cover_free(cover);
        fl_shape_free(shape);
        free(sites.list);
    }
}

static void the_parts_of_a_zone_add_up(void)
{
    fl_shape *shape = drawn("polygon:0,0 45,-6 60,12 38,30 20,22 4,31");
    fl_lattice_rules rules = usual(4, 0.35);
    fl_lattice *l = placed(shape, &rules);
    CHECK_NEAR(l->covered[0] + l->covered[1] + l->covered[2] + l->covered[3], 1.0, 1e-12, "parts");
    CHECK(l->covered[3] > 0.1, "at 35 %% three spots share places");
    CHECK_REL(l->dose_covered, l->dose_factor / (1.0 - l->covered[0]), 1e-12, "dose where lit");
    CHECK_REL(fl_lattice_minutes(l, fl_Hz(2.5)), (double)l->count / 150.0, 1e-12, "minutes");
    fl_lattice_free(l);
    /* without spill and overlap, all light falls inside and none twice */
    rules = usual(4, 0.0);
    rules.spill = fl_mm(0);
    l = placed(shape, &rules);
    CHECK_REL(l->dose_factor * l->area.m2, (double)l->count * fl_spot_area(rules.spot).m2, 1e-4,
              "light inside");
    CHECK_NEAR(l->dose_covered, 1.0, 1e-4, "area of spots over the area they cover");
    fl_lattice_free(l);
    fl_shape_free(shape);
}

/* ---- what must hold for any drawing ---- */

static double uniform(fl_random *random, double from, double to)
{
    return from + (to - from) * fl_random_uniform(random);
}

/* A line that wanders with bends of up to 80 degrees, or corners about a centre. */
static fl_shape *random_shape(fl_random *random, fl_shape_kind kind)
{
    fl_point points[12];
    double shares[4];
    fl_shape_spec spec = {.kind = kind, .points = points, .feather = shares};
    spec.count = 3 + (size_t)uniform(random, 0, 7);
    if (kind == FL_SHAPE_CIRCLE) {
        spec.diameter = fl_mm(uniform(random, 2, 40));
        spec.centre = (fl_point){fl_mm(uniform(random, -99, 99)), fl_mm(uniform(random, -99, 99))};
    } else if (kind == FL_SHAPE_POLYGON) {
        for (size_t i = 0; i < spec.count; i++) {
            const double angle = 2 * M_PI * ((double)i + uniform(random, 0, 0.9)) / (double)spec.count,
                         far = uniform(random, 3, 25);
            points[i] = (fl_point){fl_mm(71 + far * cos(angle)), fl_mm(-33 + far * sin(angle))};
        }
    } else {
        double x = uniform(random, -99, 99), y = uniform(random, -99, 99), way = uniform(random, 0, 2 * M_PI);
        for (size_t i = 0; i < spec.count; i++) {
            points[i] = (fl_point){fl_mm(x), fl_mm(y)};
            const double step = uniform(random, 2, 25);
            x += step * cos(way), y += step * sin(way);
            way += uniform(random, -1.4, 1.4);
        }
        spec.width = fl_mm(uniform(random, 2, 18));
        spec.keep = fl_random_uniform(random) < 0.5 ? FL_SIDE_LEFT : FL_SIDE_RIGHT;
        spec.feather_count = (size_t)uniform(random, 0, 4);
        for (size_t i = 0; i < spec.feather_count; i++) shares[i] = fl_random_uniform(random);
    }
    fl_shape *shape = NULL;
    return fl_shape_new(&spec, &shape, NULL) == FL_OK ? shape : NULL;
}

/* By hand, not by the shape's own functions: the distance to each stretch of the keep line, and whether the
 * way from the spot into the depth of the band crosses it is settled by the centre lying inside the outline,
 * of which the line is a part. */
static double line_mm(const fl_shape *shape, fl_point at)
{
    const fl_shape_spec *spec = fl_shape_spec_of(shape);
    double least = INFINITY;
    for (size_t i = 0; spec->kind == FL_SHAPE_BAND && i + 1 < spec->count; i++) {
        const fl_point a = spec->points[i], b = spec->points[i + 1];
        const double dx = b.x.m - a.x.m, dy = b.y.m - a.y.m;
        double t = ((at.x.m - a.x.m) * dx + (at.y.m - a.y.m) * dy) / (dx * dx + dy * dy);
        t = t < 0 ? 0 : t > 1 ? 1 : t;
        least = fmin(least, 1e3 * hypot(at.x.m - a.x.m - t * dx, at.y.m - a.y.m - t * dy));
    }
    return least;
}

static bool inside_outline(const fl_point *outline, size_t count, fl_point at)
{
    bool inside = false;
    for (size_t i = 0, j = count - 1; i < count; j = i++) {
        const fl_point a = outline[i], b = outline[j];
        if ((a.y.m > at.y.m) != (b.y.m > at.y.m) &&
            at.x.m < a.x.m + (at.y.m - a.y.m) * (b.x.m - a.x.m) / (b.y.m - a.y.m))
            inside = !inside;
    }
    return inside;
}

static void check_spots(int number, const fl_shape *shape, const fl_lattice_rules *rules, const fl_lattice *l)
{
    static fl_point outline[8000];
    const size_t count = fl_shape_outline(shape, outline, 8000);
    const bool circle = fl_shape_spec_of(shape)->kind == FL_SHAPE_CIRCLE;
    const double r = 0.5 * fl_as_mm(rules->spot), spill = fl_as_mm(rules->spill);
    CHECK(count <= 8000, "shape %d: %zu points", number, count);
    int crossing = 0, outside = 0, spilling = 0, stacked = 0;
    for (size_t i = 0; i < l->count; i++) {
        const fl_point at = l->spots[i].at;
        const double edge = fl_as_mm(fl_shape_distance(shape, at));
        crossing += !(line_mm(shape, at) >= r);
        if (!circle && edge < -2e-3) outside += !inside_outline(outline, count, at);
        outside += edge < -2e-3;
        spilling += edge < r - spill - 2e-3;
        for (size_t k = 0; k < i; k++) stacked += far_mm(at, l->spots[k].at) < 0.799 * fl_as_mm(l->pitch);
    }
    CHECK(crossing == 0, "shape %d: %d of %zu spots touch the keep line", number, crossing, l->count);
    CHECK(outside == 0, "shape %d: %d of %zu centres lie outside", number, outside, l->count);
    CHECK(spilling == 0, "shape %d: %d of %zu edges stand out too far", number, spilling, l->count);
    CHECK(stacked == 0, "shape %d: %d pairs of spots are stacked", number, stacked);
}

static void no_spot_crosses_a_keep_line_whatever_is_drawn(void)
{
    enum { BANDS = 10000, OTHERS = 1000 };
    fl_random random;
    fl_random_init(&random, 20260504, 1);
    size_t spots = 0, refused = 0, empty = 0;
    for (int made = 0; made < BANDS + OTHERS;) {
        const fl_shape_kind kind = made < BANDS ? FL_SHAPE_BAND
                                   : made % 2   ? FL_SHAPE_CIRCLE
                                                : FL_SHAPE_POLYGON;
        fl_shape *shape = random_shape(&random, kind);
        if (!shape) {
            refused++;
            continue;
        }
        fl_lattice_rules rules = usual(uniform(&random, 1.5, 6), uniform(&random, 0, 0.4));
        rules.spill.m *= uniform(&random, 0, 1);
        rules.phases = made % 8 ? 1 : 2;
        rules.order = made % 3 ? FL_ORDER_ROWS : FL_ORDER_SPACED;
        fl_lattice *l = placed(shape, &rules);
        check_spots(made, shape, &rules, l);
        spots += l->count;
        empty += !l->count;
        fl_lattice_free(l);
        fl_shape_free(shape);
        made++;
    }
    CHECK(spots > 300000, "only %zu spots in all", spots);
    CHECK(empty < 2000, "%zu shapes took no spot", empty);
    printf("%zu spots, %zu drawings refused, %zu without room ", spots, refused, empty);
}

/* ---- feather ---- */

static size_t in_row(const fl_lattice *l, int row)
{
    size_t count = 0;
    for (size_t i = 0; i < l->count; i++) count += l->spots[i].row == row;
    return count;
}

static void feathered_rows_hold_their_share(void)
{
    fl_shape *full = drawn("band:0,0 40,11 80,14 120,11 160,0 width=12 keep=left"),
             *feathered = drawn("band:0,0 40,11 80,14 120,11 160,0 width=12 keep=left feather=0.75,0.5,0.2");
    static const double share[] = {1, 1, 0.75, 0.5, 0.2};
    const fl_lattice_rules rules = usual(3, 0.10);
    fl_lattice *a = placed(full, &rules), *b = placed(feathered, &rules);
    CHECK(a->rows == 5 && b->rows == 5 && !a->feathered, "%d and %d rows", a->rows, b->rows);
    size_t empty = 0;
    for (int row = 0; row < 5; row++) {
        const size_t n = in_row(a, row), m = in_row(b, row);
        CHECK(n > 50, "row %d has %zu places", row, n);
        CHECK(m == (size_t)lround(share[row] * (double)n), "row %d: %zu of %zu for %g", row, m, n,
              share[row]);
        empty += n - m;
    }
    CHECK(b->feathered == empty && a->count - b->count == empty, "%zu places empty, %zu counted", empty,
          b->feathered);
    /* the last row is the one at the line, and its gaps are even: none wider than a place more than another
     */
    double widest = 0, narrowest = INFINITY;
    fl_point before = {{NAN}, {NAN}};
    for (size_t i = 0; i < b->count; i++) {
        const double keep = fl_as_mm(fl_shape_keep_distance(feathered, b->spots[i].at));
        CHECK((b->spots[i].row == 4) == (keep < 1.6), "spot %zu of row %d is %g mm from the line", i,
              b->spots[i].row, keep);
        if (b->spots[i].row != 4) continue;
        if (isfinite(before.x.m)) {
            widest = fmax(widest, far_mm(before, b->spots[i].at));
            narrowest = fmin(narrowest, far_mm(before, b->spots[i].at));
        }
        before = b->spots[i].at;
    }
    CHECK(narrowest > 3.9 * 2.7 && widest < 6.1 * 2.7, "gaps from %g to %g mm", narrowest, widest);
    fl_lattice_free(a);
    fl_lattice_free(b);
    fl_shape_free(full);
    fl_shape_free(feathered);
    /* a share of nothing leaves a row empty, and rows are still numbered without gaps */
    fl_shape *none = drawn("band:0,0 90,0 width=12 keep=left feather=0,0");
    fl_lattice *l = placed(none, &rules);
    CHECK(l->rows == 3 && in_row(l, 0) && in_row(l, 1) && in_row(l, 2), "%d rows", l->rows);
    for (size_t i = 0; i < l->count; i++)
        CHECK(l->spots[i].at.y.m < -5e-3, "spot %zu stands in a row that is to be empty", i);
    fl_lattice_free(l);
    fl_shape_free(none);
}

/* ---- locked neighbours ---- */

/* No planned spot touches a zone that is locked. */
/* hazards: H36 */
static void spots_keep_away_from_locked_zones(void)
{
    fl_shape *zone = drawn("polygon:0,0 60,0 60,40 0,40"), *beside = drawn("polygon:61,10 80,10 80,30 61,30"),
             *inside = drawn("circle:9@20,20"), *far = drawn("circle:9@90,90");
    const fl_shape *locked[] = {beside, inside, far};
    fl_lattice_rules rules = usual(3, 0.10);
    fl_lattice *all = placed(zone, &rules);
    rules.locked = locked, rules.locked_count = 3, rules.clearance = fl_mm(3);
    fl_lattice *l = placed(zone, &rules);
    CHECK(all->left_out == 0 && l->left_out > 40, "%zu left out", l->left_out);
    for (size_t i = 0; i < l->count; i++)
        for (size_t k = 0; k < 3; k++)
            CHECK(fl_as_mm(fl_shape_distance(locked[k], l->spots[i].at)) <= -4.5 + 1e-9,
                  "spot %zu stands %g mm from locked zone %zu", i,
                  -1.5 - fl_as_mm(fl_shape_distance(locked[k], l->spots[i].at)), k);
    size_t near = 0; /* of the places without spots, all are near */
    for (size_t i = 0; i < l->left_out; i++)
        near += fl_as_mm(fl_shape_distance(beside, l->gaps[i])) > -4.5 ||
                fl_as_mm(fl_shape_distance(inside, l->gaps[i])) > -4.5;
    CHECK(near == l->left_out, "%zu of %zu were too near", near, l->left_out);
    CHECK(l->covered[0] > all->covered[0] + 0.05, "what is left out is not lit");
    rules.clearance = fl_mm(0);
    fl_lattice *less = placed(zone, &rules);
    CHECK(less->left_out < l->left_out && less->left_out > 10, "%zu with no clearance", less->left_out);
    fl_lattice_free(less);
    /* a zone under its own lock has no spot at all */
    const fl_shape *self[] = {zone};
    rules.locked = self, rules.locked_count = 1;
    less = placed(zone, &rules);
    CHECK(less->count == 0 && less->rows == 0 && less->left_out > 300, "%zu spots", less->count);
    CHECK(less->covered[0] == 1.0 && less->dose_covered == 0.0, "light");
    fl_lattice_free(less);
    fl_lattice_free(all);
    fl_lattice_free(l);
    fl_shape_free(zone);
    fl_shape_free(beside);
    fl_shape_free(inside);
    fl_shape_free(far);
}

/* ---- order ---- */

static int by_place_then(const void *a, const void *b)
{
    const fl_lattice_spot *p = a, *q = b;
    if (p->at.x.m != q->at.x.m) return p->at.x.m > q->at.x.m ? 1 : -1;
    return (p->at.y.m > q->at.y.m) - (p->at.y.m < q->at.y.m);
}

static bool is_same(const fl_lattice *a, const fl_lattice *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = a->spots[i].at.x.m == b->spots[i].at.x.m && a->spots[i].at.y.m == b->spots[i].at.y.m &&
               a->spots[i].row == b->spots[i].row;
    return same;
}

static void orders(void)
{
    static const char *const zones[] = {
        "circle:24",
        "circle:90",
        "polygon:0,0 60,0 60,40 0,40",
        "polygon:0,0 150,0 150,3 0,3",
        "band:0,0 40,11 80,14 120,11 160,0 width=12 keep=left feather=0.75,0.5",
    };
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        fl_shape *shape = drawn(zones[i]);
        fl_lattice_rules rules = usual(3, 0.10);
        fl_lattice *rows = placed(shape, &rules);
        rules.order = FL_ORDER_SPACED;
        fl_lattice *spaced = placed(shape, &rules);
        CHECK(rows->count == spaced->count, "%s: %zu and %zu spots", zones[i], rows->count, spaced->count);
        const double least = fl_as_mm(spaced->step_least), pitch = fl_as_mm(rows->pitch);
        CHECK(least >= 1.5 * pitch, "%s: pulses %g mm apart follow each other", zones[i], least);
        CHECK(rows->path.m < spaced->path.m, "%s: there and back is the shorter way", zones[i]);
        CHECK(fl_as_mm(rows->path) < 1.15 * pitch * (double)rows->count + 60, "%s: the hand moves %g mm",
              zones[i], fl_as_mm(rows->path));
        CHECK(fl_as_mm(spaced->path) < 2.6 * pitch * (double)rows->count, "%s: spaced, %g mm", zones[i],
              fl_as_mm(spaced->path));
        for (size_t k = 1; k < rows->count; k++)
            CHECK(rows->spots[k].row >= rows->spots[k - 1].row, "%s: row after row", zones[i]);
        qsort(rows->spots, rows->count, sizeof *rows->spots, by_place_then);
        qsort(spaced->spots, spaced->count, sizeof *spaced->spots, by_place_then);
        CHECK(is_same(rows, spaced), "%s: other spots", zones[i]);
        fl_lattice_free(rows);
        fl_lattice_free(spaced);
        fl_shape_free(shape);
    }
}

/* ---- turned, moved, twice ---- */

static void turning_and_moving_change_little(void)
{
    static const double corners[][2] = {{0, 0}, {70, -9}, {93, 31}, {52, 55}, {40, 38}, {7, 49}};
    const fl_lattice_rules rules = usual(3, 0.10);
    size_t first = 0;
    for (int turn = 0; turn < 24; turn++) {
        fl_point points[6], line[4];
        const double angle = 0.2618 * turn, x0 = 17.3 * turn, y0 = -7.1 * turn;
        for (int i = 0; i < 6; i++)
            points[i] = (fl_point){fl_mm(x0 + corners[i][0] * cos(angle) - corners[i][1] * sin(angle)),
                                   fl_mm(y0 + corners[i][0] * sin(angle) + corners[i][1] * cos(angle))};
        fl_shape *shape;
        CHECK(fl_shape_new(&(fl_shape_spec){.kind = FL_SHAPE_POLYGON, .points = points, .count = 6}, &shape,
                           NULL) == FL_OK,
              "polygon");
        fl_lattice *l = placed(shape, &rules);
        if (!turn) first = l->count;
        CHECK(labs((long)l->count - (long)first) <= 6, "turned by %g: %zu spots, not %zu", angle, l->count,
              first);
        CHECK(first > 500, "%zu spots", first);
        fl_lattice_free(l);
        fl_shape_free(shape);
        memcpy(line, points, sizeof line); /* and as a band along its first corners */
        static size_t band_first;
        CHECK(fl_shape_new(&(fl_shape_spec){.kind = FL_SHAPE_BAND,
                                            .points = line,
                                            .count = 4,
                                            .width = fl_mm(11),
                                            .keep = FL_SIDE_RIGHT},
                           &shape, NULL) == FL_OK,
              "band");
        l = placed(shape, &rules);
        if (!turn) band_first = l->count;
        CHECK(labs((long)l->count - (long)band_first) <= 3, "band turned by %g: %zu, not %zu", angle,
              l->count, band_first);
        fl_lattice_free(l);
        fl_shape_free(shape);
    }
}

static void the_same_drawing_gives_the_same_spots(void)
{
    fl_shape *shape = drawn("band:0,0 40,11 80,14 120,11 160,0 width=12 keep=left feather=0.75,0.5");
    const fl_lattice_rules rules = usual(3, 0.10);
    fl_lattice *a = placed(shape, &rules), *b = placed(shape, &rules);
    CHECK(is_same(a, b), "other spots");
    fl_lattice_free(a);
    fl_lattice_free(b);
    fl_shape_free(shape);
}

/* ---- edges of use ---- */

static void nonsense_is_refused_and_touches_nothing(void)
{
    fl_shape *shape = drawn("circle:30"), *wide = drawn("circle:1900"),
             *frame = drawn("band:0,0 900,0 900,900 width=1 keep=left");
    const fl_shape *many[FL_LATTICE_LOCKED + 1];
    for (size_t i = 0; i <= FL_LATTICE_LOCKED; i++) many[i] = wide;
    fl_lattice *untouched = NULL;
    // clang-format off
    const struct { const char *what; const fl_shape *shape; fl_lattice_rules rules; } rows[] = {
        { "no spot",            shape, { .spot = {0}, .overlap = 0.1 } },
        { "spot is no number",  shape, { .spot = {NAN}, .overlap = 0.1 } },
        { "overlap of one",     shape, { .spot = {3e-3}, .overlap = 1.0 } },
        { "overlap below 0",    shape, { .spot = {3e-3}, .overlap = -0.1 } },
        { "overlap no number",  shape, { .spot = {3e-3}, .overlap = NAN } },
        { "spill above half",   shape, { .spot = {3e-3}, .overlap = 0.1, .spill = {1.6e-3} } },
        { "spill below 0",      shape, { .spot = {3e-3}, .overlap = 0.1, .spill = {-1e-6} } },
        { "order unknown",      shape, { .spot = {3e-3}, .overlap = 0.1, .order = 7 } },
        { "many phases",        shape, { .spot = {3e-3}, .overlap = 0.1, .phases = 33 } },
        { "many locked",        shape, { .spot = {3e-3}, .overlap = 0.1, .locked = many, .locked_count = FL_LATTICE_LOCKED + 1 } },
        { "clearance none",     shape, { .spot = {3e-3}, .overlap = 0.1, .locked = many, .locked_count = 1, .clearance = {NAN} } },
        { "more than a body",   wide,  { .spot = {3e-3}, .overlap = 0.1 } },
        { "thin and far",       frame, { .spot = {2e-4}, .overlap = 0.1 } },
    };
    // clang-format on
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(fl_lattice_new(rows[i].shape, &rows[i].rules, &untouched) == FL_E_RANGE && !untouched, "%s",
              rows[i].what);
    fl_shape_free(shape);
    fl_shape_free(wide);
    fl_shape_free(frame);
    fl_lattice_free(NULL);
}

static void a_zone_without_room_has_no_spot(void)
{
    static const char *const zones[] = {"circle:2", "polygon:0,0 40,0 40,2",
                                        "band:0,0 40,0 width=1.4 keep=left"};
    fl_lattice_rules rules = usual(3, 0.10);
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        fl_shape *shape = drawn(zones[i]);
        rules.spill = fl_mm(i == 2 ? 1.5 : 0.0);
        fl_lattice *l = placed(shape, &rules);
        CHECK(l->count == 0 && l->rows == 0 && l->path.m == 0 && isinf(l->step_least.m), "%s: %zu spots",
              zones[i], l->count);
        fl_lattice_free(l);
        fl_shape_free(shape);
    }
    fl_shape *shape = drawn("circle:3");
    rules.spill = fl_mm(0);
    fl_lattice *l = placed(shape, &rules);
    CHECK(l->count == 1, "a circle of one spot takes %zu", l->count);
    fl_lattice_free(l);
    fl_shape_free(shape);
}

FL_TESTS("course/lattice", TEST(large_zones_agree_with_the_formula), TEST(cover_is_exact_without_edges),
         TEST(the_parts_of_a_zone_add_up), TEST(no_spot_crosses_a_keep_line_whatever_is_drawn),
         TEST(feathered_rows_hold_their_share), TEST(spots_keep_away_from_locked_zones), TEST(orders),
         TEST(turning_and_moving_change_little), TEST(the_same_drawing_gives_the_same_spots),
         TEST(nonsense_is_refused_and_touches_nothing), TEST(a_zone_without_room_has_no_spot))
