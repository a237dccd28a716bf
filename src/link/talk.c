#include "fadeline/link/talk.h"

#include "fadeline/base/assert.h"

#include <math.h>
#include <string.h>
#include <time.h>

#define READS_MOST 8 /* of 512 bytes in a tick: a flood cannot keep us here */

static fl_instant now(const fl_talk *talk)
{
    return talk->clock->now(talk->clock->self);
}

static int patience_ms(const fl_talk *talk)
{
    return talk->word && talk->word->answer_ms > 0 ? talk->word->answer_ms : talk->dialect->line.answer_ms;
}

/* Quiet for as long as an answer may take, counted again from every byte that still comes. */
void fl_talk_rest(fl_talk *talk)
{
    talk->waiting = false;
    talk->resting = true;
    const int ms = patience_ms(talk);
    talk->free_at = fl_after(now(talk), fl_ms(talk->rest_ms > ms ? talk->rest_ms : ms));
}

void fl_talk_init(fl_talk *talk, fl_carrier *carrier, const fl_dialect *dialect, const fl_clock *clock)
{
    *talk = (fl_talk){.carrier = carrier, .dialect = dialect, .clock = clock};
    fl_talk_rest(talk);
}

bool fl_talk_has_left(const fl_talk *talk)
{
    return talk->out_done == talk->out_size;
}

bool fl_talk_is_free(const fl_talk *talk)
{
    return !talk->waiting && !talk->resting && fl_talk_has_left(talk) && now(talk).us >= talk->free_at.us;
}

static bool is_end(char c)
{
    return c == '\r' || c == '\n' || c == ' ' || c == '\t';
}

/* Throws away what nobody asked for. *strange: there was more than the rest of an end mark. */
static fl_status sweep(fl_talk *talk, bool *strange)
{
    char bytes[512];
    size_t got = sizeof bytes;
    *strange = false;
    for (int i = 0; i < READS_MOST && got == sizeof bytes; i++) {
        const fl_status status = fl_carrier_read(talk->carrier, bytes, sizeof bytes, &got);
        if (status != FL_OK) return status;
        talk->counters.stray += got;
        for (size_t k = 0; k < got; k++) *strange = *strange || !is_end(bytes[k]);
    }
    return FL_OK;
}

static fl_status push(fl_talk *talk)
{
    size_t taken = 0;
    if (fl_talk_has_left(talk)) return FL_OK;
    const fl_status status =
        fl_carrier_write(talk->carrier, talk->out + talk->out_done, talk->out_size - talk->out_done, &taken);
    talk->out_done += taken;
    return status;
}

/* Half a word may lie in the device's buffer, and would spoil the next one. */
static size_t end_the_half(fl_talk *talk, char *out)
{
    static const char *const ends[] = {[FL_END_CR] = "\r", [FL_END_LF] = "\n", [FL_END_CRLF] = "\r\n"};
    const fl_line_end end = talk->dialect->line.send_end;
    if (!talk->cut || end < FL_END_CR || end > FL_END_CRLF) return 0;
    talk->cut = false;
    memcpy(out, ends[end], strlen(ends[end]));
    return strlen(ends[end]);
}

/* False when the line must rest first. */
static fl_status make_sure(fl_talk *talk, bool *quiet)
{
    bool strange;
    fl_status status = sweep(talk, &strange);
    *quiet = !strange && !talk->cut;
    if (status != FL_OK || *quiet) return status;
    talk->out_done = 0;
    talk->out_size = end_the_half(talk, talk->out);
    talk->cut = false;
    status = push(talk);
    return fl_talk_rest(talk), status;
}

fl_status fl_talk_begin(fl_talk *talk, const fl_word *word, double value, fl_error *error)
{
    FL_ASSERT(word);
    if (!fl_talk_is_free(talk)) return fl_error_set(error, FL_E_BUSY, "a word is still out");
    char out[FL_WORD_ROOM];
    const size_t size = fl_word_compose(talk->dialect, word, value, out, error);
    if (!size) return FL_E_RANGE;
    bool quiet = false;
    const fl_instant at = now(talk); /* before the bytes leave: an age must err to the old side */
    fl_status status = make_sure(talk, &quiet);
    if (status == FL_OK && !quiet)
        return fl_error_set(error, FL_E_BUSY, "something spoke that was not asked");
    if (status == FL_OK) {
        memcpy(talk->out, out, size);
        talk->word = word;
        talk->value = value;
        talk->out_size = size;
        talk->out_done = talk->in_size = 0;
        status = push(talk);
    }
    if (status != FL_OK) {
        talk->out_done = talk->out_size = 0;
        return fl_error_set(error, status, "the line is lost");
    }
    talk->sent = talk->heard = at;
    talk->waiting = true;
    talk->counters.said++;
    return FL_OK;
}

/* Only a clean answer is followed at once: behind a refusal or garbage more may come. */
static fl_talk_event answered(fl_talk *talk)
{
    const fl_reading_kind kind = talk->reading.kind;
    talk->counters.answered++;
    talk->counters.refused += kind == FL_READ_REFUSED;
    talk->counters.garbage += kind == FL_READ_GARBAGE;
    if (talk->ear) talk->ear(talk->listener, talk);
    fl_talk_rest(talk);
    if (kind == FL_READ_REFUSED || kind == FL_READ_GARBAGE) return FL_TALK_ANSWERED;
    talk->resting = false;
    talk->free_at = fl_after(now(talk), fl_ms(talk->dialect->line.gap_ms + talk->word->wait_ms));
    return FL_TALK_ANSWERED;
}

static fl_talk_event look(fl_talk *talk)
{
    const fl_instant at = now(talk);
    if (push(talk) != FL_OK) return FL_TALK_GONE;
    if (!talk->word->answer && fl_talk_has_left(talk)) { /* nothing says that it was heard */
        talk->reading = (fl_reading){.kind = FL_READ_DONE, .number = NAN};
        talk->counters.stray += talk->in_size;
        return answered(talk);
    }
    if (talk->word->answer) {
        const bool quiet = talk->in_size &&
                           fl_since(at, talk->heard).us >= INT64_C(1000) * talk->dialect->line.answer_idle_ms;
        talk->reading = fl_word_read(talk->dialect, talk->word, talk->out, talk->in, talk->in_size, quiet);
        if (talk->reading.kind != FL_READ_MORE) return answered(talk);
    }
    if (fl_since(at, talk->sent).us < INT64_C(1000) * patience_ms(talk)) return FL_TALK_NOTHING;
    talk->counters.silent++;
    talk->cut = !fl_talk_has_left(talk);
    talk->out_done = talk->out_size = 0; /* what has not left by now never does */
    return fl_talk_rest(talk), FL_TALK_SILENT;
}

static fl_status listen(fl_talk *talk)
{
    size_t got = 0;
    if (talk->waiting) { /* one read a tick */
        const fl_status status = talk->in_size < sizeof talk->in
                                     ? fl_carrier_read(talk->carrier, talk->in + talk->in_size,
                                                       sizeof talk->in - talk->in_size, &got)
                                     : FL_OK;
        talk->in_size += got;
        if (got) talk->heard = now(talk);
        return status;
    }
    const uint64_t before = talk->counters.stray;
    bool strange;
    const fl_status status = sweep(talk, &strange);
    /* Nobody was asked, and something answers: out of step until it is quiet again. */
    if (strange || (talk->resting && talk->counters.stray != before)) fl_talk_rest(talk);
    return status;
}

fl_talk_event fl_talk_tick(fl_talk *talk)
{
    if (listen(talk) != FL_OK) return FL_TALK_GONE;
    if (talk->waiting) return look(talk);
    if (push(talk) != FL_OK) return FL_TALK_GONE;
    if (talk->resting && now(talk).us >= talk->free_at.us) talk->resting = false;
    return FL_TALK_NOTHING;
}

void fl_talk_say_over(fl_talk *talk, const fl_word *word)
{
    char out[FL_WORD_ROOM];
    const size_t size = fl_word_compose(talk->dialect, word, 0, out, NULL);
    talk->cut = talk->cut || (talk->out_done && !fl_talk_has_left(talk));
    talk->out_done = 0;
    talk->out_size = end_the_half(talk, talk->out);
    memcpy(talk->out + talk->out_size, out, size);
    talk->out_size += size;
    talk->counters.said += size != 0;
    talk->word = word;
    fl_talk_rest(talk);
    if (push(talk) != FL_OK) talk->out_done = talk->out_size = 0; /* gone: the next tick says so */
}

static void sleep_ms(int ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L}, NULL);
}

void fl_talk_leave(fl_talk *talk, const char *const *ids, size_t count)
{
    for (size_t i = 0; i < count && !fl_carrier_is_gone(talk->carrier); i++) {
        fl_talk_say_over(talk, fl_dialect_word(talk->dialect, ids[i]));
        for (int k = 0; k < FL_TALK_LEAVE_MS && !fl_talk_has_left(talk); k++) {
            sleep_ms(1);
            if (push(talk) != FL_OK) return;
        }
        sleep_ms(talk->dialect->line.gap_ms + 1);
    }
}
