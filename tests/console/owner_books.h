/* What the tests of the owner's pages share: one console, one browser in front of it, and books in the
 * journal's place. owner_records.c: records, pulses, files. owner_older.c: older
 * logs, identities. owner_much.c: 300 sessions. owner_limits.c: what an old journal may hold,
 * much, nothing, many at once. */
#ifndef FL_TESTS_CONSOLE_OWNER_BOOKS_H
#define FL_TESTS_CONSOLE_OWNER_BOOKS_H

#include "helper_books.h"
#include "helper_console.h"
#include "helper_rows.h"

extern http_browser b;
extern rows table; /* the one that was read last */
extern char place[FL_PLACE_MAX];

/* The books stand where the console reads its journal; who signs in adds entries of today. */
void put_books(books *k);
void long_books(books *k); /* 600 pulses, one by one, in their place */
void sign_in(const char *who, const char *pin, bool french);
void session_was_here(bool was); /* at this console, as its live part remembers */
bool says(const http_answer *a, const char *text);
/* Whether a row of the table holds these cells, in this order, with others between. */
bool has_row(const char *const *cells, size_t count);
#define ROW(...)                                                                                             \
    has_row((const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

void story_13_a_look_is_written_down(void);
void papers_of_the_client_too(void);
void who_did_the_session_hands_out_its_papers(void);
void a_pulse_proves_itself(void);
void rights_are_those_of_the_acts(void);
void stories_7_and_9_files(void);
void a_held_journal_hands_out_nothing(void);

void entries_of_older_logs(void);
void an_older_log_that_is_missing(void);
void identities_that_are_gone(void);
void every_exception_has_its_words(void);

void hostile_texts_are_shown(void);
void three_hundred_sessions(void);
void damage_on_every_page(void);
void much_and_nothing(void);
void sixty_long_zones(void);
void a_verification_can_be_watched_and_stopped(void);
void many_read_while_one_writes(void);

#endif
