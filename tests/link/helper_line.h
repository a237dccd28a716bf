/* A carrier of the test and a clock of the test: what is written is kept, what is answered comes when it is
 * due, and any call can be the one at which the line is lost. */
#ifndef FL_TESTS_LINK_LINE_H
#define FL_TESTS_LINK_LINE_H

#include "fadeline/link/laser.h"

#define LINE_DUE 64

typedef struct line line;
struct line {
    fl_carrier carrier;
    fl_clock clock;
    int64_t now_us;
    char said[1 << 16];         /* every byte written, in order */
    size_t said_size, answered; /* words before `answered` were answered */
    struct {
        int64_t at_us;
        char bytes[4096];
        size_t size;
    } due[LINE_DUE];
    size_t due_count;
    void (*hear)(line *l, const char *word, void *self); /* one word, without its CR */
    void *self;
    char end;                /* of a word: \r or \n */
    size_t room;             /* bytes a write takes; SIZE_MAX: all */
    bool flood;              /* every read is full */
    unsigned calls, lost_at; /* the n-th call of read or write finds the line lost; 0: none */
};

void line_init(line *l, bool simulated);
void line_answer(line *l, int after_ms, const char *bytes);
void line_answer_bytes(line *l, int after_ms, const char *bytes, size_t size);
/* Ticks every `step_ms` until an event or the end; the event. */
fl_talk_event line_run(line *l, fl_talk *talk, int step_ms, int most_ms);
void line_run_laser(line *l, fl_laser *laser, int step_ms, int ms);
const char *line_said(const line *l);
size_t line_count(const line *l, const char *word); /* how often it was said */

#endif
