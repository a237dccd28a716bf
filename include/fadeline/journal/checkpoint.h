/* Checkpoint: "this log has N entries and this root", signed (C2SP tlog-checkpoint).
 *
 * Three lines: origin, size, base64 of the root; we write no extension lines and refuse our own that have
 * one. Whoever keeps an old checkpoint can find any later change to what came before it. Two good checkpoints
 * of one origin and size with different roots prove that a key signed two histories.
 */
#ifndef FL_JOURNAL_CHECKPOINT_H
#define FL_JOURNAL_CHECKPOINT_H

#include "fadeline/journal/note.h"
#include "fadeline/journal/tree.h"

#define FL_CHECKPOINT_MAX 1024 /* bytes of our own signed checkpoint, with its end */

typedef struct fl_checkpoint {
    char origin[FL_NOTE_NAME_MAX + 1];
    uint64_t size;
    fl_hash root;
} fl_checkpoint;

/* The note text. FL_E_RANGE when the origin cannot stand in it. */
FL_MUST_USE fl_status fl_checkpoint_text(const fl_checkpoint *checkpoint, char *room, size_t room_size);
/* FL_E_FILE unless it is exactly three such lines. */
FL_MUST_USE fl_status fl_checkpoint_read(const char *text, size_t size, fl_checkpoint *checkpoint);
/* A whole signed note; the signer's name must be the origin. */
FL_MUST_USE fl_status fl_checkpoint_sign(const fl_checkpoint *checkpoint, const fl_signer *signer,
                                         char note[FL_CHECKPOINT_MAX]);
/* Opens a note signed by the log itself. FL_E_FILE, FL_E_NO as fl_note_open; FL_E_NO when the origin is not
 * the key's name. */
FL_MUST_USE fl_status fl_checkpoint_open(const char *note, size_t size, const fl_vkey *log,
                                         fl_checkpoint *checkpoint);
/* The line a witness adds: signs "cosignature/v1\ntime <s>\n<checkpoint text>". */
FL_MUST_USE fl_status fl_checkpoint_cosign(const fl_checkpoint *checkpoint, const fl_signer *witness,
                                           uint64_t time_s, char line[FL_NOTE_LINE_MAX]);
/* Same origin and size, another root. */
bool fl_checkpoint_is_fork(const fl_checkpoint *a, const fl_checkpoint *b);

#endif
