/* What note.c, vkey.c, signer.c, token.c and checkpoint.c share. */
#ifndef FL_JOURNAL_NOTE_TEXT_H
#define FL_JOURNAL_NOTE_TEXT_H

#include "fadeline/journal/note.h"

#include <stdbool.h>

bool fl_note_is_name(const char *name, size_t size); /* not empty, no space of any kind, no '+' */
void fl_vkey_make_id(fl_vkey *key);                  /* from name, type and key */
bool fl_vkey_is_good(const fl_vkey *key);
/* "name+hex8+base64(type || 32 bytes)"; the id is checked by the caller, who knows what it is over. */
FL_MUST_USE fl_status fl_vkey_parts(const char *text, char name[FL_NOTE_NAME_MAX + 1], uint8_t id[4],
                                    uint8_t typed[33]);
FL_MUST_USE fl_status fl_ed25519_sign(const uint8_t seed[32], const void *bytes, size_t size,
                                      uint8_t signature[64]);
/* "— name base64(id || bytes)\n". FL_E_FULL when it does not fit. */
FL_MUST_USE fl_status fl_note_line(const fl_vkey *key, const void *bytes, size_t size,
                                   char line[FL_NOTE_LINE_MAX]);
/* What a cosigner signs: the time and the whole text. FL_E_FULL when it does not fit. */
FL_MUST_USE fl_status fl_note_timed(uint64_t time_s, const char *text, size_t size, char *room,
                                    size_t room_size, size_t *timed_size);

#define FL_NOTE_TIMED_EXTRA 64

#endif
