/* A home of our own with a journal and a clients' database, and a clock that stands where it is put. */
#ifndef FL_TESTS_CLIENTS_WORLD_H
#define FL_TESTS_CLIENTS_WORLD_H

#include "fadeline/clients/clients.h"

typedef struct world {
    char home[64], db[96], log[96]; /* log: of the journal, a directory */
    fl_journal *journal;
    fl_clients *clients;
    fl_clock clock;
    int64_t utc_us;
} world;

void world_make(world *w);
void world_open(world *w); /* both, settled or not: the caller does that */
void world_close(world *w);
void world_remove(world *w);
void world_day(world *w, int year, int month, int day, int hour);

/* An entry with its texts and numbers: {"pat","=C-0001"}, {"sid","7"}: "=" a text, else a number. Ends with
 * NULL. */
uint64_t world_write(world *w, fl_kind kind, ...);
/* put, entry, keep: as `fadeline clients add` does. */
void world_add(world *w, const char *code, const char *text);
/* Whether these bytes are anywhere in the database or its log. */
bool world_finds(const world *w, const char *bytes);

#endif
