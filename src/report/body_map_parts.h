/* The table behind body_map.h. Private to body_map*.c. */
#ifndef FL_REPORT_BODY_MAP_PARTS_H
#define FL_REPORT_BODY_MAP_PARTS_H

#include "fadeline/report/body_map.h"

#define FL_BODY_APART 400.0     /* mm between the middles of two pictures in the plane of drawn zones */
#define FL_BODY_AREOLA_X 62.0   /* middle of a disc from the middle of the picture */
#define FL_BODY_AREOLA_OUT 40.0 /* twice life: twelve hours want room */
#define FL_BODY_AREOLA_IN 12.0

extern const fl_body_picture fl_body_pictures[FL_BODY_VIEWS];

#endif
