#include "fadeline/link/talk.h"

#include "fadeline/base/assert.h"

#include <string.h>
#include <time.h>

static fl_instant now(const fl_talk *talk)
{
    return talk->clock->now(talk->clock->self);
}

static int patience_ms(const fl_talk *talk)
{
    return talk->word && talk->word->answer_ms > 0 ? talk->word->answer_ms : talk->dialect->line.answer_ms;
}

/* Quiet for as long as an answer may take, counted again from every byte that still comes. */
static void rest(fl_talk *talk)
{
    talk->waiting = false;
    talk->resting = true;
    talk->free_at = fl_after(now(talk), fl_ms(patience_ms(talk)));
}

void fl_talk_init(fl_talk *talk, fl_carrier *carrier, const fl_dialect *dialect, const fl_clock *clock)
{
    *talk = (fl_talk){.carrier = carrier, .dialect = dialect, .clock = clock};
    rest(talk);
}

bool fl_talk_is_free(const fl_talk *talk)
{
    return !talk->waiting && !talk->resting && now(talk).us >= talk->free_at.us;
}

/* What is on the line before a word leaves cannot be its answer. */
static fl_status sweep(fl_talk *talk)
{
    char bytes[256];
    size_t got;
    fl_status status;
    do {
        status = fl_carrier_read(talk->carrier, bytes, sizeof bytes, &got);
        talk->counters.stray += got;
    } while (status == FL_OK && got == sizeof bytes);
    return status;
}

static fl_status push(fl_talk *talk)
{
    size_t taken;
    const fl_status status =
        fl_carrier_write(talk->carrier, talk->out + talk->out_done, talk->out_size - talk->out_done, &taken);
    talk->out_done += taken;
    return status;
}

fl_status fl_talk_begin(fl_talk *talk, const fl_word *word, double value, fl_error *error)
{
    FL_ASSERT(word);
    if (!fl_talk_is_free(talk)) return fl_error_set(error, FL_E_BUSY, "a word is still out");
    talk->out_size = fl_word_compose(talk->dialect, word, value, talk->out, error);
    if (!talk->out_size) return FL_E_RANGE;
    fl_status status = sweep(talk);
    talk->word = word;
    talk->out_done = talk->in_size = 0;
    if (status == FL_OK) status = push(talk);
    if (status != FL_OK) return fl_error_set(error, status, "the line is lost");
    talk->sent = talk->heard = now(talk);
    talk->waiting = true;
    talk->counters.said++;
    return FL_OK;
}

static void finish(fl_talk *talk)
{
    talk->waiting = false;
    talk->free_at = fl_after(now(talk), fl_ms(talk->dialect->line.gap_ms + talk->word->wait_ms));
}

static fl_talk_event answered(fl_talk *talk)
{
    talk->counters.answered++;
    talk->counters.refused += talk->reading.kind == FL_READ_REFUSED;
    if (talk->reading.kind == FL_READ_GARBAGE) {
        talk->counters.garbage++;
        rest(talk);
    } else {
        finish(talk);
    }
    return FL_TALK_ANSWERED;
}

/* A word without an answer is done when it has left and its gap is over: nothing says that it was heard. */
static fl_talk_event look(fl_talk *talk)
{
    const fl_instant at = now(talk);
    if (talk->out_done < talk->out_size && push(talk) != FL_OK) return FL_TALK_GONE;
    if (!talk->word->answer) {
        if (talk->out_done < talk->out_size) return FL_TALK_NOTHING;
        talk->reading = (fl_reading){.kind = FL_READ_DONE};
        talk->counters.stray += talk->in_size;
        return finish(talk), FL_TALK_ANSWERED;
    }
    const bool quiet = fl_since(at, talk->heard).us >= INT64_C(1000) * talk->dialect->line.answer_idle_ms;
    talk->reading = fl_word_read(talk->dialect, talk->word, talk->in, talk->in_size, quiet && talk->in_size);
    if (talk->reading.kind != FL_READ_MORE) return answered(talk);
    if (fl_since(at, talk->sent).us < INT64_C(1000) * patience_ms(talk)) return FL_TALK_NOTHING;
    talk->counters.silent++;
    return rest(talk), FL_TALK_SILENT;
}

fl_talk_event fl_talk_tick(fl_talk *talk)
{
    char bytes[512];
    size_t got = 0;
    for (;;) {
        const size_t room = talk->waiting ? sizeof talk->in - talk->in_size : sizeof bytes;
        if (!room) break;
        if (fl_carrier_read(talk->carrier, talk->waiting ? talk->in + talk->in_size : bytes, room, &got) !=
            FL_OK)
            return FL_TALK_GONE;
        if (!got) break;
        talk->heard = now(talk);
        if (talk->waiting) {
            talk->in_size += got;
            break; /* one answer a tick; a flood cannot keep us here */
        }
        talk->counters.stray += got;
        if (talk->resting) talk->free_at = fl_after(talk->heard, fl_ms(patience_ms(talk)));
        if (got < sizeof bytes) break;
    }
    if (talk->resting && now(talk).us >= talk->free_at.us) talk->resting = false;
    return talk->waiting ? look(talk) : FL_TALK_NOTHING;
}

/* A half-sent word is ended first: the dialect's own end mark is in front of the stop word when there is one.
 */
void fl_talk_say_over(fl_talk *talk, const fl_word *word)
{
    char out[FL_WORD_ROOM];
    size_t taken;
    if (talk->waiting && talk->out_done < talk->out_size &&
        fl_carrier_write(talk->carrier, "\r\n", 2, &taken) != FL_OK)
        return;
    const size_t size = word ? fl_word_compose(talk->dialect, word, 0, out, NULL) : 0;
    if (size && fl_carrier_write(talk->carrier, out, size, &taken) != FL_OK) return;
    talk->counters.said += size != 0;
    talk->word = word;
    rest(talk);
}

void fl_talk_leave(fl_talk *talk, const char *const *ids, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fl_talk_say_over(talk, fl_dialect_word(talk->dialect, ids[i]));
        const int gap_ms = talk->dialect->line.gap_ms + 1;
        nanosleep(&(struct timespec){.tv_sec = gap_ms / 1000, .tv_nsec = gap_ms % 1000 * 1000000L}, NULL);
    }
}
