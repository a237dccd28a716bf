/* Zone map: the zones of a case, a plan or a session on the pictures of fadeline/report/body_map.h, as SVG.
 *
 * One figure for each picture that is needed; what stands on none is not drawn (tables have it). A zone's
 * state is told by pattern, line and word, and by colour only besides: planned plain, locked hatched, the
 * present one with a thick double edge, done dotted; a zone that nobody named is an empty field.
 *
 *     map_zone zones[] = {{.id = "F-L", .below = "356", .href = "#zones-0-area_cm2"},
 *                         {.id = "OCC", .below = "locked", .state = MAP_LOCKED}};
 *     html_put(&p->html, "<div class=\"maps\">");
 *     map_put(p, say(p, W_PLAN_ZONES), W_MAP_PULSES, zones, 2);
 *     html_put(&p->html, "</div>");
 *
 * Left and right are the client's, and stand on every picture.
 */
#ifndef FL_CONSOLE_MAP_H
#define FL_CONSOLE_MAP_H

#include "page.h"

#include "fadeline/course/shape.h"
#include "fadeline/report/body_map.h"
#include "fadeline/report/session_record.h"

struct live_view;

typedef enum map_state { MAP_OPEN, MAP_LOCKED, MAP_NOW, MAP_DONE, MAP_EMPTY } map_state;

typedef struct map_zone {
    const char *id;
    const char *below; /* the line under the name; NULL: none */
    map_state state;
    const char *href; /* "#..." or a path of ours; NULL: cannot be pressed */
    const char *why;  /* it is locked: a sentence beside the pictures; NULL: none */
    bool drawn;       /* map_put_drawn shows it: hours of an areola are not shown twice */
} map_zone;

/* The figures of all zones that stand on one, what numbers and patterns mean, and why zones are locked.
 * Returns how many zones stand on a picture. */
size_t map_put(page *p, const char *caption, word numbers, const map_zone *zones, size_t count);

/* map_session.c. Delivered of planned: of a session that is over, and of the one that runs (its zone is
 * marked and counted by session.js). Nothing when no zone stands on a picture. */
void map_put_record(page *p, const fl_session_record *record);
void map_put_live(page *p, const struct live_view *view, const fl_plan *plan);
/* One picture, its svg element only; more may be put into it before the end. Zones that are not on it are
 * left out. `spare` not NULL: every field of the picture is drawn, and those of no zone lead there. */
void map_view_begin(page *p, const char *label, fl_body_view view, const map_zone *zones, size_t count,
                    const char *spare);
/* The blank sheet: paper with a line every 10 mm, as large as what lies on it wants. */
void map_sheet_begin(page *p, const char *label, const fl_shape *const *shapes,
                     size_t count); /* may be NULL */
/* The picture on which a drawing lies. */
fl_body_view map_view_of(const fl_shape *shape);
void map_view_end(page *p);
/* A zone as it was drawn, on the picture on which it lies; nothing on any other. The keep line of a band has
 * teeth on the side that stays. scale: of the picture, as the case has it. */
void map_put_drawn(page *p, fl_body_view view, const fl_shape *shape, const char *name, const char *below,
                   map_state state, double scale);
word map_view_word(fl_body_view view);

#endif
