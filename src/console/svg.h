/* Svg: lines, bars and words inside page_picture, in the picture's own units.
 *
 * Colour comes from classes of console.css, so that both themes and a printer have their own, and never
 * carries the meaning alone: every mark also differs by shape, dash or word. Coordinates always have a point,
 * whatever the reader's comma.
 *
 *     page_picture(p, say(p, W_REACH), 640, 320);
 *     svg_line(&p->html, "axis", 40, 280, 620, 280);
 *     svg_text(&p->html, "tick", 40, 300, SVG_MIDDLE, page_number(p, 1.5, 1));
 *     page_picture_end(p);
 *
 * Classes: axis grid tick label a b c d (four series: solid, dashed, dotted, dash-dotted) limit open.
 */
#ifndef FL_CONSOLE_SVG_H
#define FL_CONSOLE_SVG_H

#include "html.h"

typedef enum svg_anchor { SVG_START, SVG_MIDDLE, SVG_END } svg_anchor;

void svg_line(html *w, const char *class, double x1, double y1, double x2, double y2);
void svg_rect(html *w, const char *class, double x, double y, double width, double height);
void svg_circle(html *w, const char *class, double x, double y, double radius);
void svg_text(html *w, const char *class, double x, double y, svg_anchor anchor, const char *text);
/* A path point by point: move, then lines; closed or not. */
void svg_path_begin(html *w, const char *class);
void svg_path_point(html *w, bool first, double x, double y);
void svg_path_end(html *w, bool closed);

#endif
