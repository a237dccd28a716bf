/* Body map: the pictures on which zones are shown, as data: the head from above, the face, the head from
 * behind and from both sides, and the areolas as clock faces. One set for every painter: pages draw it as
 * SVG, papers with cairo.
 *
 * Drawn in millimetres of a head of middling size (areolas twice as large), x to the right of the page and y
 * down, about the middle of the picture. They say which zone is which and nothing of a person's measures.
 * Left and right are the client's: from the front, the client's left is on the right of the page.
 *
 *     const fl_body_picture *top = fl_body_picture_of(FL_BODY_TOP);
 *     for (size_t i = 0; i < top->count; i++) paint(&top->parts[i]);
 *     fl_body_view_of("BRW-L");                          // FL_BODY_FRONT
 *
 * Zones that are drawn (course/shape.h) all lie in one plane, and so do the pictures: each has a place there
 * (`at_x`, `at_y`), far enough from the next that what is drawn on one is never near what is drawn on
 * another. The blank sheet lies about the origin.
 *
 * Constant; safe from any thread.
 */
#ifndef FL_REPORT_BODY_MAP_H
#define FL_REPORT_BODY_MAP_H

#include <stdbool.h>
#include <stddef.h>

typedef enum fl_body_view {
    FL_BODY_TOP,
    FL_BODY_FRONT,
    FL_BODY_BACK,
    FL_BODY_LEFT, /* the client's left side: the nose points to the left of the page */
    FL_BODY_RIGHT,
    FL_BODY_AREOLA,
    FL_BODY_SHEET, /* nothing but paper */
    FL_BODY_VIEWS
} fl_body_view;

typedef enum fl_body_kind {
    FL_BODY_SKIN, /* a face to be filled, with its edge */
    FL_BODY_LINE, /* there to find one's way */
    FL_BODY_ZONE,
    FL_BODY_WORD, /* `id` is the text, at x and y; no path */
} fl_body_kind;

typedef struct fl_body_part {
    fl_body_kind kind;
    const char *id;        /* of a zone */
    const char *path;      /* M, L, C and Z with absolute numbers; holes are left by even-odd */
    double x, y;           /* where the name stands, or where the line to it begins */
    double name_x, name_y; /* where that line ends; 0, 0: the name stands inside */
} fl_body_part;

typedef struct fl_body_picture {
    const char *id;                  /* "top": in addresses and forms */
    double left, top, width, height; /* the frame */
    int left_is;                     /* the client's left: -1 left of the page, 1 right, 0 this is one side */
    bool mirrored;                   /* paths are drawn with x turned about; places of names are not */
    double at_x, at_y;               /* of its middle in the plane of drawn zones; there y points up */
    double scale;                    /* of life: millimetres of a person in one of the picture */
    const fl_body_part *parts;
    size_t count;
} fl_body_picture;

const fl_body_picture *fl_body_picture_of(fl_body_view view);
/* The picture on which a zone is shown best; FL_BODY_VIEWS: none has it. */
fl_body_view fl_body_view_of(const char *zone);
const fl_body_part *fl_body_part_of(fl_body_view view, const char *zone); /* NULL: not on this picture */
/* The picture whose frame holds a place of the plane, in mm; none: the blank sheet. */
fl_body_view fl_body_view_at(double x_mm, double y_mm);

/* One step of a path: 'M' and 'L' fill p[0..1], 'C' p[0..5], 'Z' none. false: the path has ended. */
bool fl_body_step(const char **path, char *letter, double p[6]);

/* ARE-L and ARE-R are the whole, ARE-L-10-2 goes clockwise from 10 to 2 as one looks at the client. */
typedef struct fl_body_hours {
    char side;    /* 'L', 'R' */
    int from, to; /* 1 to 12; from == to: the whole */
} fl_body_hours;
bool fl_body_hours_of(const char *zone, fl_body_hours *hours); /* false: no areola */

enum { FL_BODY_SECTOR_POINTS = 80 };
/* The edge of that part of a disc with a hole, in the frame of the areola picture. Returns how many points.
 */
size_t fl_body_sector(const fl_body_hours *hours, double points[FL_BODY_SECTOR_POINTS][2]);
/* Where its name stands: beside the disc, at the middle hour. */
void fl_body_sector_name(const fl_body_hours *hours, double at[2]);

#endif
