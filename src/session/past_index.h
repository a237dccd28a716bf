/* Past index: which entries of a long journal can still matter to a start, so that it reads hundreds and not
 * all.
 *
 * It holds positions and no facts: what an entry means is worked out by the one reader (past.c), from the
 * entry itself, whether it reads all of them or these. An entry is left out only when reading it could change
 * nothing for anybody: the pulses of a client count for that client, of a laser only its newest grant
 * matters, of a switch its newest motion.
 *
 *     fl_past_index index = {0};
 *     for each entry: fl_past_index_take(&index, position, &record);
 *     fl_past_index_pick(&index, gate, laser, client, plan, &positions, &count);     // sorted, each once
 *
 * Beside the journal it is a file; an entry of the journal has the file's SHA-256, so the tree vouches for
 * it. A file that is another, older or gone is not looked at: then all is read.
 */
#ifndef FL_SESSION_PAST_INDEX_H
#define FL_SESSION_PAST_INDEX_H

#include "fadeline/base/digest.h"
#include "fadeline/course/plan.h"
#include "fadeline/journal/journal.h"
#include "fadeline/session/people.h"

#define PAST_INDEX_KEY 128 /* of a client or laser, with its end */

typedef struct past_list { /* positions + 1: from, and the one after the last */
    struct past_range {
        uint64_t from, to;
    } * rows;
    size_t count, room;
} past_list;

typedef struct past_client { /* of a client, or of a plan by its hash: what sessions under that name said and
                                did */
    char pat[PAST_INDEX_KEY];
    past_list at;
} past_client;

enum { PAST_DOOR, PAST_ESTOP, PAST_FOOT, PAST_MOTIONS };

typedef struct past_laser {
    char dev[PAST_INDEX_KEY];
    uint64_t open, armed_open,
        armed;     /* its newest session; the newest that was armed, with a file, and the ARM */
    bool has_file; /* its newest session names a device file */
    uint64_t svc, reset, motion[PAST_MOTIONS], grant, zone, zone_end, over[2], anchor;
    int64_t motion_us[PAST_MOTIONS];
    uint64_t armed_in, grant_in, zone_in; /* in which session: its session.open */
    uint64_t zone_open, place, place_in,
        place_open; /* the laser's own newest session then; the later of grant and zone */
    uint64_t recon,
        pardon; /* the newest recon, and override of more pulses than planned: what was before is settled */
    bool in_doubt, is_open; /* a mismatch nobody signed for; its newest grant or zone is not settled */
    uint64_t owner[3];      /* of that grant: rows + 1 of client and plans; 0: none */
    past_list mismatch, checks;
} past_laser;

typedef struct fl_past_index { /* all 0: nothing taken. A position is kept as position + 1; 0: none */
    uint64_t length;           /* positions taken */
    int64_t newest_us;         /* the largest wall time of any entry */
    past_client *clients;
    past_laser *lasers;
    size_t client_count, laser_count;
    uint64_t session, session_plan; /* the newest one's client and plan: row + 1; 0: none */
    uint64_t session_at;            /* where it was opened */
    char plan[2 * FL_SHA256_SIZE + 1], session_dev[PAST_INDEX_KEY];
    past_list tries; /* sign-ins since the last that left nothing open */
    fl_people_tries stand;
    uint64_t step, date;
    bool broken; /* no memory, or a key that does not fit: not to be used */
} fl_past_index;

void fl_past_index_take(fl_past_index *index, uint64_t position, const fl_record *record);
/* *positions is malloc'ed. */
FL_MUST_USE fl_status fl_past_index_pick(const fl_past_index *index, const char *gate, const char *laser,
                                         const char *client, const char *plan, uint64_t **positions,
                                         size_t *count);
void fl_past_index_free(fl_past_index *index);

/* The text of the file; malloc'ed. */
FL_MUST_USE fl_status fl_past_index_text(const fl_past_index *index, char **text, size_t *size);
/* FL_E_DAMAGED when it is no such text; *index is then all 0. */
FL_MUST_USE fl_status fl_past_index_read(const char *text, size_t size, fl_past_index *index);

/* The file of this journal, when the newest word of the journal about it vouches for it; else FL_E_NO. */
FL_MUST_USE fl_status past_index_find(fl_journal *journal, fl_past_index *index);
#define PAST_INDEX_WORTH 5000 /* entries since the last file: reading them costs a start some 20 ms */
/* Writes the file, and then the entry that vouches for it. A file that cannot be written is no failure. */
FL_MUST_USE fl_status past_index_keep(fl_journal *journal, const fl_past_index *index, fl_error *error);

struct fl_past;
/* The two ways of reading (past.h): all of it, filling an index that is all 0 or NULL; and by an index, which
 * then covers all. FL_E_NO: this index cannot be read by, now. */
FL_MUST_USE fl_status fl_past_read_plain(fl_journal *journal, const char *device, const char *behind,
                                         const fl_plan *plan, fl_utc now, fl_past_index *index,
                                         struct fl_past *past, fl_error *error);
FL_MUST_USE fl_status fl_past_read_by(fl_journal *journal, const char *device, const char *behind,
                                      const fl_plan *plan, fl_utc now, fl_past_index *index,
                                      struct fl_past *past, fl_error *error);

#endif
