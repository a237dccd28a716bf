/* Answer: from a request that the gate let through to a finished page: which row, who asks, which token, the
 * handler. Everything that may say no after the gate is here, in one order. */
#ifndef FL_CONSOLE_ANSWER_H
#define FL_CONSOLE_ANSWER_H

#include "core.h"
#include "page.h"

typedef struct asked { /* what came, whole */
    const gate_head *head;
    const gate_answer *gate;
    const char *body;
    size_t body_size;
    uint64_t halts; /* live_halts when the head came */
} asked;

/* Before the body is read: 0, or the status of a refusal of this address (404, 405, 415). A form with a
 * picture, megabytes of it, is read only from who may send one (403). */
int answer_early(door *d, const asked *a, const char **why);
/* Fills *p; the caller sends it and calls page_fini. *act: the next act token goes with it. */
void answer_make(door *d, const asked *a, request *r, visitor *v, page *p);

#endif
