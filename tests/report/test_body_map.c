/* labels: unit */
/* The pictures of the body map: every zone is on one, on the client's own side, inside the frame and over no
 * other; hours are a part of a ring; and what the plane of drawings says of a place. */
#include "check.h"

#include "fadeline/report/body_map.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { POINTS = 4000 };

typedef struct outline {
    double at[POINTS][2];
    bool begins[POINTS]; /* a line of its own: a hole */
    size_t count;
} outline;

static void add(outline *o, double x, double y, bool begins)
{
    CHECK(o->count < POINTS, "too many points");
    if (o->count == POINTS) return;
    o->at[o->count][0] = x, o->at[o->count][1] = y;
    o->begins[o->count++] = begins;
}

static void trace(const fl_body_picture *picture, const fl_body_part *part, outline *o)
{
    const char *path = part->path;
    const double s = picture->mirrored ? -1.0 : 1.0;
    char letter, last = 0;
    double p[6], x = 0, y = 0;
    o->count = 0;
    while (fl_body_step(&path, &letter, p)) {
        CHECK(strchr("MLCZ", letter) != NULL, "%s: '%c' is no step", part->id ? part->id : "skin", letter);
        CHECK(last || letter == 'M', "begins with %c", letter);
        if (letter == 'C')
            for (int i = 1; i <= 12; i++) {
                const double t = i / 12.0, u = 1 - t;
                add(o, s * (u * u * u * x + 3 * u * u * t * p[0] + 3 * u * t * t * p[2] + t * t * t * p[4]),
                    u * u * u * y + 3 * u * u * t * p[1] + 3 * u * t * t * p[3] + t * t * t * p[5], false);
            }
        else if (letter != 'Z')
            add(o, s * p[0], p[1], letter == 'M');
        if (letter != 'Z') x = p[letter == 'C' ? 4 : 0], y = p[letter == 'C' ? 5 : 1];
        last = letter;
    }
    CHECK(part->kind == FL_BODY_LINE || last == 'Z', "%s is not closed", part->id ? part->id : "skin");
}

static bool holds(const outline *o, double x, double y)
{
    bool inside = false;
    for (size_t from = 0; from < o->count;) {
        size_t end = from + 1;
        while (end < o->count && !o->begins[end]) end++;
        for (size_t i = from, j = end - 1; i < end; j = i++)
            if ((o->at[i][1] > y) != (o->at[j][1] > y) && x < o->at[j][0] + (y - o->at[j][1]) /
                                                                                (o->at[i][1] - o->at[j][1]) *
                                                                                (o->at[i][0] - o->at[j][0]))
                inside = !inside;
        from = end;
    }
    return inside;
}

static void parts_lie_in_their_frame(void)
{
    for (int v = 0; v < FL_BODY_VIEWS; v++) {
        const fl_body_picture *p = fl_body_picture_of((fl_body_view)v);
        CHECK(p->width <= 400 && p->height <= 400, "%s is wider than its place", p->id);
        for (size_t i = 0; i < p->count; i++) {
            static outline o;
            const fl_body_part *part = &p->parts[i];
            if (part->kind == FL_BODY_WORD) continue;
            trace(p, part, &o);
            for (size_t k = 0; k < o.count; k++)
                CHECK(o.at[k][0] >= p->left && o.at[k][0] <= p->left + p->width && o.at[k][1] >= p->top &&
                          o.at[k][1] <= p->top + p->height,
                      "%s, part %zu: %g %g is outside", p->id, i, o.at[k][0], o.at[k][1]);
            if (part->kind == FL_BODY_ZONE && part->name_x == 0.0 && part->name_y == 0.0)
                CHECK(holds(&o, part->x, part->y), "%s: the name of %s is not in it", p->id, part->id);
        }
    }
}

/* A place belongs to one zone; those that meet at a border share it. */
static void zones_lie_over_no_other(void)
{
    static outline zones[24];
    for (int v = 0; v < FL_BODY_SHEET; v++) {
        const fl_body_picture *p = fl_body_picture_of((fl_body_view)v);
        const char *ids[24];
        size_t count = 0;
        for (size_t i = 0; i < p->count; i++)
            if (p->parts[i].kind == FL_BODY_ZONE)
                ids[count] = p->parts[i].id, trace(p, &p->parts[i], &zones[count++]);
        for (double y = p->top; y < p->top + p->height; y += 1.0)
            for (double x = p->left; x < p->left + p->width; x += 1.0) {
                const char *first = NULL;
                for (size_t i = 0; i < count; i++) {
                    if (!holds(&zones[i], x + 0.013, y + 0.017)) continue;
                    CHECK(!first, "%s: %s and %s share %g %g", p->id, first, ids[i], x, y);
                    first = ids[i];
                }
            }
    }
}

static void every_zone_is_on_a_picture(void)
{
    static const struct {
        const char *id;
        fl_body_view view;
    } rows[] = {{"F-L", FL_BODY_TOP},      {"F-R", FL_BODY_TOP},
                {"T-L", FL_BODY_TOP},      {"T-R", FL_BODY_TOP},
                {"MID", FL_BODY_TOP},      {"VTX", FL_BODY_TOP},
                {"P-L", FL_BODY_TOP},      {"P-R", FL_BODY_TOP},
                {"OCC", FL_BODY_TOP},      {"BRW-L", FL_BODY_FRONT},
                {"BRW-R", FL_BODY_FRONT},  {"LID-UL", FL_BODY_FRONT},
                {"LID-UR", FL_BODY_FRONT}, {"LID-LL", FL_BODY_FRONT},
                {"LID-LR", FL_BODY_FRONT}, {"LIP-U", FL_BODY_FRONT},
                {"LIP-L", FL_BODY_FRONT},  {"BRD", FL_BODY_FRONT},
                {"ARE-L", FL_BODY_AREOLA}, {"ARE-R-10-2", FL_BODY_AREOLA},
                {"SCAR-1", FL_BODY_VIEWS}, {"F-BAND", FL_BODY_VIEWS},
                {"", FL_BODY_VIEWS}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(fl_body_view_of(rows[i].id) == rows[i].view, "%s: %d", rows[i].id,
              (int)fl_body_view_of(rows[i].id));
    /* and the sides have what is seen from there, of their own side only */
    CHECK(fl_body_part_of(FL_BODY_LEFT, "T-L") && !fl_body_part_of(FL_BODY_LEFT, "T-R") &&
              fl_body_part_of(FL_BODY_RIGHT, "T-R") && !fl_body_part_of(FL_BODY_RIGHT, "P-L"),
          "sides");
}

/* Left is the client's: x of the page on the side where the picture says the client's left is. */
static void left_is_the_clients(void)
{
    static outline left, right;
    for (int v = 0; v < FL_BODY_SHEET; v++) {
        const fl_body_picture *p = fl_body_picture_of((fl_body_view)v);
        for (size_t i = 0; i < p->count; i++) {
            const fl_body_part *part = &p->parts[i];
            const size_t size = part->kind == FL_BODY_ZONE ? strlen(part->id) : 0;
            /* LIP-L is the lower lip */
            if (!p->left_is || !size || part->id[size - 1] != 'L' || !strcmp(part->id, "LIP-L")) continue;
            char other[16];
            snprintf(other, sizeof other, "%.*sR", (int)size - 1, part->id);
            const fl_body_part *twin = fl_body_part_of((fl_body_view)v, other);
            CHECK(part->x * p->left_is > 0 && twin && twin->x * p->left_is < 0, "%s: %s is on the wrong side",
                  p->id, part->id);
            if (!twin) continue;
            trace(p, part, &left), trace(p, twin, &right);
            for (double y = -110; y < 110; y += 3)
                for (double x = -110; x < 110; x += 3)
                    CHECK(holds(&left, x, y + 0.1) == holds(&right, -x, y + 0.1),
                          "%s: %s and %s differ at %g %g", p->id, part->id, other, x, y);
        }
    }
    CHECK(fl_body_picture_of(FL_BODY_TOP)->left_is < 0 && fl_body_picture_of(FL_BODY_FRONT)->left_is > 0 &&
              fl_body_picture_of(FL_BODY_BACK)->left_is < 0,
          "from above, from the front, from behind");
}

static void hours(void)
{
    static const char *const none[] = {"ARE-",       "ARE-X",      "ARE-L-",      "ARE-L-0-3",
                                       "ARE-L-3",    "ARE-L-3-13", "ARE-L-3-4-5", "ARE-L-3-4x",
                                       "ARE-L--3-4", "ARE-L3-4",   "BRW-L-3-4",   "ARE-L-99999999999999-2"};
    fl_body_hours h;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        CHECK(!fl_body_hours_of(none[i], &h), "%s", none[i]);
    CHECK(fl_body_hours_of("ARE-L-10-2", &h) && h.side == 'L' && h.from == 10 && h.to == 2, "10 to 2");
    double points[FL_BODY_SECTOR_POINTS][2], at[2], high = 0, low = -INFINITY, area = 0;
    const size_t count = fl_body_sector(&h, points);
    for (size_t i = 0; i < count; i++) {
        high = fmin(high, points[i][1]), low = fmax(low, points[i][1]);
        const double *p = points[i], *q = points[(i + 1) % count];
        area += 0.5 * (p[0] * q[1] - p[1] * q[0]);
        CHECK(points[i][0] > 0, "the client's left is on the right of the page");
    }
    CHECK_NEAR(high, -40, 0.1, "up to 12 o'clock");
    CHECK(low < 0, "and not below 3 and 9");
    CHECK_REL(fabs(area), M_PI * (40 * 40 - 12 * 12) / 3, 2e-3, "a third of the ring");
    fl_body_sector_name(&h, at);
    CHECK(at[1] < 0, "the name stands in it");
    CHECK(fl_body_hours_of("ARE-R", &h) && h.side == 'R' && h.from == h.to, "the whole");
}

static void places_of_the_plane(void)
{
    for (int v = 0; v < FL_BODY_VIEWS; v++) {
        const fl_body_picture *p = fl_body_picture_of((fl_body_view)v);
        for (int corner = 0; corner < 4; corner++) {
            const double x = p->at_x + p->left + (corner & 1 ? p->width : 0),
                         y = p->at_y - p->top - (corner & 2 ? p->height : 0);
            CHECK(fl_body_view_at(x, y) == (fl_body_view)v, "%s: %g %g is on %d", p->id, x, y,
                  (int)fl_body_view_at(x, y));
        }
    }
    CHECK(fl_body_view_at(1900, 1900) == FL_BODY_SHEET && fl_body_view_at(NAN, NAN) == FL_BODY_SHEET,
          "anywhere else");
    CHECK(fl_body_picture_of((fl_body_view)99)->count == 0, "no such picture");
}

FL_TESTS("report/body_map", TEST(parts_lie_in_their_frame), TEST(zones_lie_over_no_other),
         TEST(every_zone_is_on_a_picture), TEST(left_is_the_clients), TEST(hours), TEST(places_of_the_plane))
