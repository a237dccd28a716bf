#include "svg.h"

#include "page.h"

#include <math.h>
#include <stdio.h>

/* Digits and a point: nothing to escape. A number that is none is drawn at 0, rather than breaking the
 * picture. */
static void put(html *w, double value)
{
    char digits[40];
    html_raw(
        w, digits,
        (size_t)snprintf(digits, sizeof digits, "%.2f", isfinite(value) && fabs(value) < 1e9 ? value : 0.0));
}

static void attribute(html *w, const char *name, double value)
{
    html_put(w, " %s=\"", name);
    put(w, value);
    html_put(w, "\"");
}

void svg_line(html *w, const char *class, double x1, double y1, double x2, double y2)
{
    html_put(w, "<line class=\"%s\"", class);
    attribute(w, "x1", x1);
    attribute(w, "y1", y1);
    attribute(w, "x2", x2);
    attribute(w, "y2", y2);
    html_put(w, "/>");
}

void svg_rect(html *w, const char *class, double x, double y, double width, double height)
{
    html_put(w, "<rect class=\"%s\"", class);
    attribute(w, "x", x);
    attribute(w, "y", y);
    attribute(w, "width", width);
    attribute(w, "height", height);
    html_put(w, "/>");
}

void svg_circle(html *w, const char *class, double x, double y, double radius)
{
    html_put(w, "<circle class=\"%s\"", class);
    attribute(w, "cx", x);
    attribute(w, "cy", y);
    attribute(w, "r", radius);
    html_put(w, "/>");
}

void svg_text(html *w, const char *class, double x, double y, svg_anchor anchor, const char *text)
{
    static const char *const anchors[] = {"start", "middle", "end"};
    html_put(w, "<text class=\"%s\" text-anchor=\"%s\"", class, anchors[anchor]);
    attribute(w, "x", x);
    attribute(w, "y", y);
    html_put(w, ">%s</text>", text);
}

void svg_path_begin(html *w, const char *class)
{
    html_put(w, "<path class=\"%s\" d=\"", class);
}

void svg_path_point(html *w, bool first, double x, double y)
{
    html_put(w, first ? "M" : "L");
    put(w, x);
    html_put(w, " ");
    put(w, y);
}

void svg_path_end(html *w, bool closed)
{
    html_put(w, closed ? "Z\"/>" : "\"/>");
}

void page_picture(page *p, const char *caption, double width, double height)
{
    html_put(&p->html,
             "<figure><figcaption>%s</figcaption><svg role=\"img\" aria-label=\"%s\" viewBox=\"0 0 ", caption,
             caption);
    put(&p->html, width);
    html_put(&p->html, " ");
    put(&p->html, height);
    html_put(&p->html, "\">");
}

void page_picture_end(page *p)
{
    html_put(&p->html, "</svg></figure>");
}
