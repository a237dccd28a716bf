/* A log in memory, and what one can do to it: so that it can be tampered with some million times.
 *
 * The log is read once from a journal that verifies. A tampering is a view: nothing is copied, the source
 * hands out the changed row. Verification then starts at the newest checkpoint before the change, with the
 * state that a run over the untouched beginning left there; helper_memory_whole starts at 0, to show that it
 * makes no difference.
 */
#ifndef FL_TESTS_JOURNAL_HELPER_MEMORY_LOG_H
#define FL_TESTS_JOURNAL_HELPER_MEMORY_LOG_H

#include "verify_source.h"

typedef struct memory_row {
    char *data;
    size_t size;
    fl_hash leaf;
} memory_row;

typedef struct memory_checkpoint {
    uint64_t size;
    char note[FL_CHECKPOINT_MAX];
    fl_verify_state state; /* of a run up to here */
} memory_checkpoint;

typedef enum memory_tamper {
    MEMORY_NOTHING,
    MEMORY_CHANGED,      /* entry `at` is `other` */
    MEMORY_GONE,         /* entry `at` is missing, the others keep their numbers */
    MEMORY_CLOSED_UP,    /* and the later ones move up */
    MEMORY_SWAPPED,      /* `at` and its neighbour, with their hashes */
    MEMORY_DATA_SWAPPED, /* without */
    MEMORY_TWICE,        /* `at` again behind itself, the later ones move down */
    MEMORY_CUT           /* the log ends before `at` */
} memory_tamper;

typedef struct memory_log {
    memory_row *rows;
    uint64_t count;
    memory_checkpoint *checkpoints;
    size_t checkpoint_count;
    char origin[FL_NOTE_NAME_MAX + 1], vkey[FL_VKEY_TEXT_MAX];
    /* the view */
    memory_tamper how;
    uint64_t at;
    memory_row other;
    uint64_t signed_to;              /* checkpoints over more than this are not there; UINT64_MAX: all are */
    bool mends_head;                 /* the head is made to fit what the view has */
    const memory_checkpoint *forged; /* instead of the checkpoints from forged_from on */
    size_t forged_from;
} memory_log;

void memory_log_read(memory_log *log, const char *directory); /* asserts that it verifies */
void memory_log_free(memory_log *log);
/* Back to the untouched log. */
void memory_log_mend(memory_log *log);
uint64_t memory_log_count(const memory_log *log);                        /* of the view */
const memory_row *memory_log_row(const memory_log *log, uint64_t index); /* of the view; NULL: none */
/* The newest checkpoint over at most `index` entries: index into checkpoints, or -1. */
int memory_log_before(const memory_log *log, uint64_t index);

fl_status memory_log_verify(const memory_log *log, const fl_verify_options *options,
                            fl_verify_report *report);
fl_status memory_log_verify_whole(const memory_log *log, const fl_verify_options *options,
                                  fl_verify_report *report);

#endif
