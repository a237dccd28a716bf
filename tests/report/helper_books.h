/* Invented books for the audit tests: a journal written under a clock that is told the day. */
#ifndef FL_TESTS_REPORT_HELPER_BOOKS_H
#define FL_TESTS_REPORT_HELPER_BOOKS_H

#include "fadeline/report/audit.h"

typedef struct books {
    char root[FL_PLACE_MAX - 16],
        directory[FL_PLACE_MAX]; /* the journal, in a place of its own: journals/ is beside it */
    fl_clock clock;
    int64_t now_us, utc_us;
    fl_journal *journal;
    uint64_t sid, gid;
    unsigned closed, split_after; /* a succession after so many sessions; 0: none */
    char kept[FL_PLACE_MAX];      /* where the log before is */
    bool simulated;
} books;

void books_open(books *b, bool simulated); /* on 2026-04-30 08:00 UTC */
void books_close(books *b);                /* the journal only: the files stay for the audit */
void books_remove(books *b);
void books_succeed(books *b); /* a new log goes on with the history */
void books_at(books *b, const char *day, int hour, int minute);
void books_add(books *b, const fl_entry *entry);

void books_counter(books *b, const char *site, const char *dev, uint64_t ctr);
/* A laser without grants: counters typed in, pulses stated. */
void books_manual(books *b, const char *site, const char *dev, uint64_t open, uint64_t close, uint64_t treat,
                  uint64_t test, uint64_t check);
/* Grants of one purpose with their pulses, in a session of its own. */
void books_granted(books *b, const char *site, const char *dev, uint64_t ctr, const char *purpose,
                   unsigned pulses);
void books_service(books *b, const char *site, const char *dev, uint64_t old, uint64_t now);

/* Any entry: "sid#5|who=op:17" is a number and a text. */
void books_put(books *b, fl_kind kind, const char *site, const char *dev, const char *fields);
/* A session by hand of half an hour, `ctr` carried on. */
void books_visit(books *b, const char *site, const char *dev, const char *pat, const char *who, uint64_t *ctr,
                 uint64_t treatment, uint64_t test);

fl_audit *books_audit(books *b, const char *from, const char *to,
                      const char *site); /* closes the journal; asserts */
const fl_audit_line *books_total(const fl_audit *audit, const char *dev);
const fl_audit_line *books_day(const fl_audit *audit, const char *dev, const char *day);
char *books_text(const fl_audit *audit, fl_status (*write)(const fl_audit *audit, FILE *out)); /* free it */
/* The page of text, whitespace made one space each; every line of it must fit into 100 columns. Free it. */
char *books_page(const fl_audit *audit);
/* Site A to E of the owner's story, May 2026. */
void books_of_may(books *b);
/* One of them in a log of its own, opened here and closed: 'A' to 'E'. */
void books_of_site(books *b, char site);

#endif
