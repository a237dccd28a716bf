/* One laser: what each head can reach at each spot, as a picture and as a table that says the same. */
#include "page.h"
#include "svg.h"

#include "fadeline/config/device.h"
#include "fadeline/units/units.h"

#include <math.h>
#include <string.h>

#define WIDE 720.0
#define HIGH 360.0
#define LEFT 64.0
#define RIGHT 96.0
#define TOP 20.0
#define BOTTOM 52.0
#define NAME_HIGH 19.0

typedef struct scale {
    double spot_mm, fluence, step; /* at the right and at the top; between two lines of the grid */
    double names[16];              /* where heads' names stand already */
    size_t named;
} scale;

/* 1, 2 or 5 times a power of ten: at most six steps. */
static double round_step(double most)
{
    const double rough = most / 6, power = pow(10, floor(log10(rough)));
    const double digit = rough / power;
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
}

static scale scale_of(const fl_device *device)
{
    scale s = {.spot_mm = 1, .fluence = 1};
    for (size_t h = 0; h < device->heads_count; h++)
        for (size_t i = 0; i < device->heads[h].spots_count; i++) {
            fl_head_limits limits;
            if (fl_device_head_limits(&device->heads[h], device->heads[h].spots[i], &limits, NULL) != FL_OK)
                continue;
            s.spot_mm = fmax(s.spot_mm, limits.spot.m * 1e3);
            s.fluence = fmax(s.fluence, fl_as_J_cm2(limits.fluence_max));
        }
    s.step = round_step(s.fluence);
    s.fluence = ceil(s.fluence / s.step) * s.step;
    return s;
}

static double x_of(const scale *s, double spot_mm)
{
    return LEFT + (WIDE - LEFT - RIGHT) * spot_mm / s->spot_mm;
}

static double y_of(const scale *s, double fluence)
{
    return HIGH - BOTTOM - (HIGH - TOP - BOTTOM) * fluence / s->fluence;
}

static void put_axes(page *p, const scale *s)
{
    html *w = &p->html;
    for (double f = 0; f <= s->fluence * 1.001; f += s->step) {
        svg_line(w, f > 0 ? "grid" : "axis", LEFT, y_of(s, f), WIDE - RIGHT, y_of(s, f));
        svg_text(w, "tick", LEFT - 8, y_of(s, f) + 5, SVG_END, page_number(p, f, s->step < 1 ? 1 : 0));
    }
    const double step = round_step(s->spot_mm);
    for (double mm = 0; mm <= s->spot_mm * 1.001; mm += step) {
        svg_line(w, "axis", x_of(s, mm), y_of(s, 0), x_of(s, mm), y_of(s, 0) + 6);
        svg_text(w, "tick", x_of(s, mm), y_of(s, 0) + 24, SVG_MIDDLE, page_number(p, mm, step < 1 ? 1 : 0));
    }
    svg_text(w, "label", WIDE - RIGHT, HIGH - 8, SVG_END, page_format(p, "%s, mm", say(p, W_SPOT)));
    svg_text(w, "label", LEFT + 6, TOP - 4, SVG_START, page_format(p, "%s, J/cm²", say(p, W_FLUENCE)));
}

/* Two heads that end at the same point: the second name goes below the first. */
static double free_place(scale *s, double y)
{
    const size_t most = sizeof s->names / sizeof *s->names;
    for (size_t i = 0; i < s->named; i++)
        if (fabs(s->names[i] - y) < NAME_HIGH) {
            y = s->names[i] + NAME_HIGH;
            i = (size_t)-1; /* it may be another's now */
        }
    if (s->named < most) s->names[s->named++] = y;
    return y;
}

/* A line through the head's spots; its marks have the head's shape, and its name stands at its end. */
static void put_head(page *p, scale *s, const fl_device_head *head, const char *class)
{
    html *w = &p->html;
    fl_head_limits limits;
    double x = 0, y = 0;
    bool first = true;
    svg_path_begin(w, class);
    for (size_t i = 0; i < head->spots_count; i++) {
        if (fl_device_head_limits(head, head->spots[i], &limits, NULL) != FL_OK) continue;
        x = x_of(s, limits.spot.m * 1e3);
        y = y_of(s, fl_as_J_cm2(limits.fluence_max));
        svg_path_point(w, first, x, y);
        first = false;
    }
    svg_path_end(w, false);
    for (size_t i = 0; i < head->spots_count; i++)
        if (fl_device_head_limits(head, head->spots[i], &limits, NULL) == FL_OK)
            svg_circle(w, limits.open_count ? "open" : class, x_of(s, limits.spot.m * 1e3),
                       y_of(s, fl_as_J_cm2(limits.fluence_max)), 4);
    if (!first) svg_text(w, "label", x + 10, free_place(s, y + 5), SVG_START, head->id);
}

static void put_picture(page *p, const fl_device *device)
{
    static const char *const series[] = {"a", "b", "c", "d"};
    scale s = scale_of(device);
    page_picture(p, say(p, W_REACH), WIDE, HIGH);
    put_axes(p, &s);
    for (size_t h = 0; h < device->heads_count; h++) put_head(p, &s, &device->heads[h], series[h % 4]);
    page_picture_end(p);
}

static void put_spot(page *p, const fl_device_head *head, const fl_head_limits *limits)
{
    html_put(&p->html, "<tr><td>%s</td><td class=\"number\">%s mm</td><td class=\"number\">%s J/cm²</td>",
             head->id, page_number(p, limits->spot.m * 1e3, 1),
             page_number(p, fl_as_J_cm2(limits->fluence_max), 2));
    html_put(&p->html, "<td class=\"number\">%s mJ</td><td class=\"number\">%s Hz</td><td>%s%s</td></tr>",
             page_number(p, limits->energy_max.J * 1e3, 0), page_number(p, limits->rate_max.Hz, 1),
             say(p, limits->bound == FL_BOUND_ENERGY ? W_BY_ENERGY : W_BY_CAP),
             limits->open_count ? page_format(p, " – ? %s", say(p, W_NOT_CONFIRMED)) : "");
}

static void put_table(page *p, const fl_device *device)
{
    static const word heads[] = {W_HEAD, W_SPOT, W_FLUENCE, W_ENERGY, W_RATE, W_BINDS};
    html *w = &p->html;
    html_put(w, "<table><thead><tr>");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        html_put(w, "<th scope=\"col\">%s</th>", say(p, heads[i]));
    html_put(w, "</tr></thead><tbody>");
    for (size_t h = 0; h < device->heads_count; h++) {
        fl_head_limits limits;
        size_t known = 0;
        const fl_device_head *head = &device->heads[h];
        for (size_t i = 0; i < head->spots_count; i++)
            if (fl_device_head_limits(head, head->spots[i], &limits, NULL) == FL_OK) {
                put_spot(p, head, &limits);
                known++;
            }
        if (!known)
            html_put(w, "<tr><td>%s</td><td colspan=\"5\">%s</td></tr>", head->id, say(p, W_HEAD_OPEN));
    }
    html_put(w, "</tbody></table>");
}

/* An id is a name, never a path: what fl_device_load would take from anywhere is not for a browser to say. */
static bool is_id(const char *id)
{
    return *id && strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(id) && strlen(id) < 64;
}

void page_laser(page *p)
{
    fl_error error = {0};
    fl_device *device;
    const char *id = page_part(p, 0);
    if (!is_id(id)) return page_refuse(p, 404, say(p, W_NO_LASER), NULL);
    if (fl_device_load(id, &device, &error) != FL_OK)
        return page_refuse_error(p, 404, &error, say(p, W_NO_LASER));
    page_begin(p, page_format(p, "%s %s", device->maker, device->model));
    put_picture(p, device);
    html_put(&p->html, "<p>%s</p>", say(p, W_REACH_WHY));
    put_table(p, device);
    fl_device_free(device);
    page_end(p);
}
