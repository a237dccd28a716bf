/* NVM: the non-volatile memory of the virtual laser, a file that survives restarts (`--state`).
 *
 * Two slots of text, written in turn, each with a number and a check: a power cut in the middle of a write
 * leaves the other slot whole, as in a real FRAM with two copies. nvm_keep returns only when the bytes would
 * survive a power cut.
 *
 *     nvm memory;
 *     if (nvm_open(&memory, "laser.state", "SIM-00042", &error) != FL_OK) ...     // "" : no file, forgets
 *     memory.now.kept.k++;  nvm_keep(&memory, &error);
 *     nvm_close(&memory);
 */
#ifndef TWIN_NVM_H
#define TWIN_NVM_H

#include "gl1_device.h"

#include "fadeline/base/error.h"

typedef struct nvm_record {
    gl1_kept kept;
    uint32_t flashes; /* the light sensor's own count */
} nvm_record;

typedef struct nvm {
    int fd; /* -1: kept in memory only */
    uint64_t sequence;
    char uid[33];
    nvm_record now;
} nvm;

/* A file that does not exist is made, with counters at zero. A file that is not a state of this identity, or
 * has no whole slot, is refused and never overwritten: counters must not fall back to zero by accident. The
 * file is locked while open (FL_E_BUSY). path NULL or "": no file. */
FL_MUST_USE fl_status nvm_open(nvm *memory, const char *path, const char *uid, fl_error *error);
FL_MUST_USE fl_status nvm_keep(nvm *memory, fl_error *error); /* durable on return */
FL_MUST_USE fl_status nvm_note(nvm *memory, fl_error *error); /* the same, without waiting for the disk */
void nvm_close(nvm *memory);

#endif
