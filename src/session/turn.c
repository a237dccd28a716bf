#include "turn.h"

#define HOT_US 10000
#define COLD_US 20000 /* the link polls every 40 ms while cold */
#define STATUS_US 100000
#define LONELY_US 30000000
#define ORDERS_AT_ONCE 16

fl_turn fl_turn_begin(fl_conduct *conduct, fl_faces *faces, fl_instant now)
{
    return (fl_turn){.conduct = conduct,
                     .faces = faces,
                     .next_tick = now,
                     .served = now,
                     .lonely_since = now,
                     .shown = FL_MODE_OFF};
}

bool fl_turn_is_due(const fl_turn *turn, fl_instant now)
{
    return now.us >= turn->next_tick.us;
}

void fl_turn_serve(fl_turn *turn, fl_instant now)
{
    fl_faces_poll(turn->faces, now);
    fl_face_order order;
    for (int i = 0; i < ORDERS_AT_ONCE && fl_faces_order(turn->faces, &order); i++)
        fl_conduct_order(turn->conduct, &order);
    turn->served = now;
}

void fl_turn_end_if(fl_turn *turn, fl_instant now, bool leave)
{
    if (fl_faces_count(turn->faces) || fl_conduct_is_hot(turn->conduct)) turn->lonely_since = now;
    if (leave || fl_since(now, turn->lonely_since).us > LONELY_US) fl_conduct_end(turn->conduct);
}

bool fl_turn_tick(fl_turn *turn, fl_instant now)
{
    if (!fl_turn_is_due(turn, now)) return false;
    fl_conduct_tick(turn->conduct);
    const int64_t period = fl_conduct_is_hot(turn->conduct) ? HOT_US : COLD_US;
    turn->next_tick.us += period;
    if (turn->next_tick.us <= now.us) turn->next_tick.us = now.us + period;
    return true;
}

void fl_turn_show(fl_turn *turn, fl_instant now)
{
    const fl_mode mode = fl_conduct_state(turn->conduct).mode;
    if (mode == turn->shown && fl_since(now, turn->shown_at).us < STATUS_US) return;
    static fl_entry line;
    fl_conduct_status(turn->conduct, &line);
    fl_faces_tell(turn->faces, &line, true);
    turn->shown = mode;
    turn->shown_at = now;
}
