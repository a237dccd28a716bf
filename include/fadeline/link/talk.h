/* Talk: one word of a dialect at a time over a carrier, and its answer. Never blocks, never allocates, never
 * says a word twice.
 *
 *     fl_talk talk;
 *     fl_talk_init(&talk, &carrier, dialect, clock);
 *     if (fl_talk_is_free(&talk)) fl_talk_begin(&talk, fl_dialect_word(dialect, "status"), 0, &error);
 *     ...                                                 every few ms:
 *     switch (fl_talk_tick(&talk)) {
 *     case FL_TALK_ANSWERED: use(talk.word, &talk.reading, talk.sent); break;
 *     case FL_TALK_SILENT: ...                            no whole answer in time
 *     case FL_TALK_GONE: ...                              the line is lost
 *     case FL_TALK_NOTHING: break;
 *     }
 *
 * The trap: these protocols have no numbers, so an answer that comes late would be taken for the answer to
 * the next word. After a silence, and after an answer that was no answer, the line must have been quiet for
 * as long as an answer may take before another word leaves; what comes meanwhile is thrown away and counted.
 * The same when something speaks that was not asked. An answer later than two patiences cannot be told from
 * the next one's here: fl_laser and fl_meter ask for the identity first, because these devices answer in
 * order.
 */
#ifndef FL_LINK_TALK_H
#define FL_LINK_TALK_H

#include "fadeline/base/clock.h"
#include "fadeline/config/dialect.h"
#include "fadeline/link/carrier.h"

typedef enum fl_talk_event { FL_TALK_NOTHING, FL_TALK_ANSWERED, FL_TALK_SILENT, FL_TALK_GONE } fl_talk_event;

typedef struct fl_talk_counters {
    uint64_t said, answered, refused, garbage, silent, stray; /* stray: bytes nobody asked for */
} fl_talk_counters;

typedef struct fl_talk {
    fl_carrier *carrier;
    const fl_dialect *dialect;
    const fl_clock *clock;
    const fl_word *word; /* outstanding, or the last one */
    fl_reading reading;  /* of ANSWERED */
    fl_instant sent;     /* when that word left: the age of what it told counts from here */
    fl_talk_counters counters;
    double value; /* that word was said with; NaN or 0 for one that takes none */
    /* Told of every answer while the bytes of both still stand in `out` and `in`; NULL: nobody listens. */
    void (*ear)(void *listener, const struct fl_talk *talk);
    void *listener;
    /* private */
    bool waiting, resting;
    int rest_ms; /* whoever speaks here makes rests longer when one was not enough; 0: a patience */
    bool cut;    /* half a word left and no more of it will: it is ended before the next one */
    fl_instant heard, free_at;
    char out[FL_WORD_ROOM + 2], in[FL_ANSWER_ROOM];
    size_t out_size, out_done, in_size;
} fl_talk;

/* The line is not trusted before it was quiet for once: half an answer to somebody else may be on it. */
void fl_talk_init(fl_talk *talk, fl_carrier *carrier, const fl_dialect *dialect, const fl_clock *clock);
bool fl_talk_is_free(const fl_talk *talk);
bool fl_talk_has_left(const fl_talk *talk); /* all bytes of the last word were taken by the line */
/* Out of step: nothing is said until the line was quiet for as long as an answer may take. */
void fl_talk_rest(fl_talk *talk);
/* FL_E_BUSY unless free or when something speaks that was not asked (again later), FL_E_RANGE for a value the
 * word does not take, FL_E_GONE, FL_E_REFUSED on a carrier that only listens. */
FL_MUST_USE fl_status fl_talk_begin(fl_talk *talk, const fl_word *word, double value, fl_error *error);
fl_talk_event fl_talk_tick(fl_talk *talk);
/* Says a word now, over whatever is outstanding, and waits for no answer: for stop words. What comes back is
 * thrown away; what the line does not take at once leaves in the next ticks. The next such word waits for
 * fl_talk_has_left, or cuts this one. */
void fl_talk_say_over(fl_talk *talk, const fl_word *word);
#define FL_TALK_LEAVE_MS 100
/* Says these words so, one after the other with the line's gap between. Blocks for count x gap_ms, and at
 * most FL_TALK_LEAVE_MS a word more when the line is full: only on the way out. */
void fl_talk_leave(fl_talk *talk, const char *const *ids, size_t count);

#endif
