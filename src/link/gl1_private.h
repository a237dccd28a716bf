/* GL1 inside: what gl1.c (the conversation), gl1_answers.c (what comes in), gl1_orders.c (what the caller
 * wants) and gl1_grant.c (the door) share. */
#ifndef FL_LINK_GL1_PRIVATE_H
#define FL_LINK_GL1_PRIVATE_H

#include "fadeline/link/gl1.h"

static inline fl_instant gl1_now(const fl_gl1 *link)
{
    return link->clock->now(link->clock->self);
}

static inline bool gl1_older(fl_instant now, fl_instant then, int64_t ms)
{
    return fl_since(now, then).us > ms * 1000;
}

/* WARN or READY by the newest STAT, or on the way there. */
bool gl1_is_hot(const fl_gl1 *link);
/* A STAT of this session, asked for at most 100 ms ago. */
bool gl1_is_fresh(const fl_gl1 *link, fl_instant now);
/* The device is the expected one and the session stands. */
bool gl1_may_act(const fl_gl1 *link);

/* Sends a request under the next number. FL_OK also when the line took only a part, or nothing: then no
 * answer comes, and the reply time ends it. *taken, if asked for, says how many bytes left. */
fl_status gl1_send(fl_gl1 *link, const fl_message *message, size_t *taken);

/* Forgets the session; whatever waited is LOST, a waiting grant UNKNOWN, a commitment CHANGED. */
void gl1_end_session(fl_gl1 *link, fl_gl1_phase next);
/* The request is over without an answer. */
void gl1_give_up(fl_gl1 *link);
void gl1_bad_frame(fl_gl1 *link);
void gl1_finish_order(fl_gl1 *link, fl_gl1_result result);

/* gl1_answers.c: a good frame that answers the outstanding request, already known to be of this session.
 * False when it does not fit the question. */
bool gl1_take_answer(fl_gl1 *link, const fl_message *message, fl_instant arrived);
/* gl1_orders.c: sends the next request of the waiting order. */
void gl1_send_order(fl_gl1 *link);
/* gl1_grant.c */
void gl1_grant_answered(fl_gl1 *link, const fl_gl1_stat *stat);
void gl1_grant_refused(fl_gl1 *link, fl_nak reason);
void gl1_grant_unanswered(fl_gl1 *link);
/* Reads the counter for a grant whose outcome is unknown, once the newest STAT is late enough. */
void gl1_grant_resolve(fl_gl1 *link);

#endif
