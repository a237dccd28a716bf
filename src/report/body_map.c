/* What is asked of the pictures; they themselves stand in body_map_pictures.c. */
#include "fadeline/report/body_map.h"

#include "body_map_parts.h"

#include "fadeline/base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const fl_body_picture *fl_body_picture_of(fl_body_view view)
{
    return (size_t)view < FL_BODY_VIEWS ? &fl_body_pictures[view] : &fl_body_pictures[FL_BODY_SHEET];
}

const fl_body_part *fl_body_part_of(fl_body_view view, const char *zone)
{
    const fl_body_picture *picture = fl_body_picture_of(view);
    for (size_t i = 0; i < picture->count; i++)
        if (picture->parts[i].kind == FL_BODY_ZONE && fl_text_same(picture->parts[i].id, zone))
            return &picture->parts[i];
    return NULL;
}

fl_body_view fl_body_view_of(const char *zone)
{
    static const fl_body_view order[] = {FL_BODY_TOP, FL_BODY_FRONT, FL_BODY_BACK};
    fl_body_hours hours;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (fl_body_part_of(order[i], zone)) return order[i];
    return fl_body_hours_of(zone, &hours) ? FL_BODY_AREOLA : FL_BODY_VIEWS;
}

fl_body_view fl_body_view_at(double x_mm, double y_mm)
{
    for (int view = 0; view < FL_BODY_SHEET; view++) {
        const fl_body_picture *p = &fl_body_pictures[view];
        const double x = x_mm - p->at_x, y = p->at_y - y_mm;
        if (fabs(x) <= 0.5 * FL_BODY_APART && fabs(y) <= 0.5 * FL_BODY_APART) return (fl_body_view)view;
    }
    return FL_BODY_SHEET;
}

bool fl_body_step(const char **path, char *letter, double p[6])
{
    while (**path == ' ') ++*path;
    if (!**path) return false;
    *letter = *(*path)++;
    const int numbers = *letter == 'C' ? 6 : *letter == 'Z' ? 0 : 2;
    for (int i = 0; i < numbers; i++) {
        char *end;
        p[i] = strtod(*path, &end); /* our own text: a locale with a comma would show at once */
        *path = end;
    }
    return true;
}

/* ---- areolas ---- */

static bool read_hour(const char **at, int *hour)
{
    if (**at != '-' || !isdigit((unsigned char)(*at)[1])) return false;
    char *end;
    const long value = strtol(*at + 1, &end, 10);
    *at = end;
    *hour = (int)value;
    return value >= 1 && value <= 12;
}

bool fl_body_hours_of(const char *zone, fl_body_hours *hours)
{
    if (!fl_text_begins(zone, "ARE-") || (zone[4] != 'L' && zone[4] != 'R')) return false;
    const char *at = zone + 5;
    *hours = (fl_body_hours){.side = zone[4], .from = 12, .to = 12};
    if (!*at) return true;
    return read_hour(&at, &hours->from) && read_hour(&at, &hours->to) && !*at;
}

static double centre_of(const fl_body_hours *hours)
{
    return hours->side == 'L' ? FL_BODY_AREOLA_X : -FL_BODY_AREOLA_X; /* looked at from the front */
}

static double turn_of(const fl_body_hours *hours)
{
    const int span = (hours->to - hours->from + 12) % 12;
    return (span ? span : 12) * M_PI / 6.0;
}

size_t fl_body_sector(const fl_body_hours *hours, double points[FL_BODY_SECTOR_POINTS][2])
{
    const double x = centre_of(hours), begin = hours->from * M_PI / 6.0, turn = turn_of(hours);
    const size_t half = FL_BODY_SECTOR_POINTS / 2;
    for (size_t i = 0; i < half; i++) { /* out along the edge, back along the hole */
        const double angle = begin + turn * (double)i / (double)(half - 1);
        points[i][0] = x + FL_BODY_AREOLA_OUT * sin(angle);
        points[i][1] = -FL_BODY_AREOLA_OUT * cos(angle);
        points[2 * half - 1 - i][0] = x + FL_BODY_AREOLA_IN * sin(angle);
        points[2 * half - 1 - i][1] = -FL_BODY_AREOLA_IN * cos(angle);
    }
    return 2 * half;
}

void fl_body_sector_name(const fl_body_hours *hours, double at[2])
{
    const bool whole = hours->from == hours->to;
    const double angle = whole ? M_PI : hours->from * M_PI / 6.0 + 0.5 * turn_of(hours);
    const double far = 0.5 * (FL_BODY_AREOLA_OUT + FL_BODY_AREOLA_IN);
    at[0] = centre_of(hours) + far * sin(angle);
    at[1] = -far * cos(angle);
}
