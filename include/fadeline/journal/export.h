/* Export: the log as plain files an auditor reads with other people's tools.
 *
 *     checkpoint, tile/<L>/<N>[.p/<W>], tile/entries/<N>[.p/<W>]      C2SP tlog-tiles
 *     METHOD.md                                                       how to check all that by hand
 *     <name>.tlog-proof                                               C2SP tlog-proof: one record and its
 * evidence
 */
#ifndef FL_JOURNAL_EXPORT_H
#define FL_JOURNAL_EXPORT_H

#include "fadeline/journal/journal.h"

#include <stdio.h>

/* Writes the signed part of the log into a directory that is empty or not there. The newest checkpoint must
 * cover it; FL_E_NO when nothing is signed. *entries, when given, is how many went out. */
FL_MUST_USE fl_status fl_export_tiles(fl_journal *journal, const char *directory, uint64_t *entries,
                                      fl_error *error);

/* "tile/0/x001/x234/067" and the like; width 0 or 256: a full tile. level -1: entries. FL_E_FULL when cut. */
FL_MUST_USE fl_status fl_tile_path(int level, uint64_t number, unsigned width, char *room, size_t room_size);

/* The evidence for entry `index` against the newest checkpoint. FL_E_NO when it is not signed yet. */
FL_MUST_USE fl_status fl_export_proof(fl_journal *journal, uint64_t index, FILE *out, fl_error *error);

/* Checks such a proof against the record's bytes and the log's key, in the order of the standard. */
FL_MUST_USE fl_status fl_proof_check(const char *text, size_t size, const void *record, size_t record_size,
                                     const fl_vkey *log, fl_checkpoint *checkpoint, uint64_t *index);

#endif
