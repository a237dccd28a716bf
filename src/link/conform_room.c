/* The words in which a virtual room is told: lines of the script of fadeline-twin, with the cue `now`. */
#include "fadeline/link/conform.h"

#include "fadeline/base/assert.h"

#include <inttypes.h>
#include <stdio.h>

void fl_conform_room_lines(fl_conform_event event, const fl_conform_wish *wish,
                           char lines[FL_CONFORM_ROOM_LINES])
{
    FL_ASSERT(wish && lines);
    const size_t room = FL_CONFORM_ROOM_LINES;
    switch (event) {
    case FL_CONFORM_FOOT_DOWN: snprintf(lines, room, "now foot down\n"); break;
    case FL_CONFORM_FOOT_UP: snprintf(lines, room, "now foot up\n"); break;
    case FL_CONFORM_FOOT_ONE: snprintf(lines, room, "now foot-b up\nnow foot-a down\n"); break;
    case FL_CONFORM_DOOR_OPEN: snprintf(lines, room, "now door open\n"); break;
    case FL_CONFORM_DOOR_SHUT: snprintf(lines, room, "now door close\n"); break;
    case FL_CONFORM_SPOT_OTHER: snprintf(lines, room, "now spot %d\n", wish->spot_um == 3000 ? 4 : 3); break;
    case FL_CONFORM_SPOT_BACK:
        snprintf(lines, room, "now spot %" PRIu64 ".%03" PRIu64 "\n", wish->spot_um / 1000,
                 wish->spot_um % 1000);
        break;
    case FL_CONFORM_PANEL_EDIT:
        snprintf(lines, room, "now panel EN=%" PRIu64 "\n", wish->energy_uJ - 1);
        break;
    case FL_CONFORM_SENSE_OFF: snprintf(lines, room, "now fault lie=shut-a:0/0.3\n"); break;
    case FL_CONFORM_POWER_OFF: snprintf(lines, room, "now power off\n"); break;
    case FL_CONFORM_POWER_ON: snprintf(lines, room, "now power on\n"); break;
    case FL_CONFORM_POWER_CUT: snprintf(lines, room, "now power cut\n"); break;
    case FL_CONFORM_EVENTS: lines[0] = 0; break;
    }
}
