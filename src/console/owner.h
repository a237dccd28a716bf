/* Owner: what the pages for reading at night share: which month, whose audit, how its numbers are written.
 *
 *     owner_audit *o = owner_open(p, from, to);       // NULL: the page already says why
 *     owner_damage(p, o);                             // first of all, when the journal does not verify
 *     owner_table(p, o->audit, "days", W_OW_NO_COUNTER); // the same rows as every export
 *     owner_close(p, o);
 *
 * No figure is computed here. A page shows cells of audit_table.h and numbers of fl_audit: what `fadeline
 * audit` prints, to the pulse, or it is a bug. An audit verifies the whole log first; it is kept until the
 * journal's files change, so that a second page of the same evening costs nothing.
 *
 * Days and times are UTC, as in `fadeline audit`, and the pages say so: owner_time, not page_time.
 */
#ifndef FL_CONSOLE_OWNER_H
#define FL_CONSOLE_OWNER_H

#include "book.h"
#include "page.h"

#include "fadeline/report/audit_table.h"
#include "fadeline/report/session_record.h"

/* ---- audits ---- */

typedef struct owner_audit {
    const fl_audit *audit;
    const fl_verify_report *log; /* audit->journals[0] */
    void *kept;
} owner_audit;

/* site NULL: all. Shows a page that says why when there is none: false. */
bool owner_open(page *p, fl_date from, fl_date to, const char *site, owner_audit *o);
void owner_close(page *p, owner_audit *o);
/* When the journal is damaged: what verification says, what is good, and that the page holds only that. */
void owner_damage(page *p, const fl_verify_report *log);

/* The audits that are kept; one for the life of a console. */
struct owner_shelf;
struct owner_shelf *owner_shelf_new(void);
void owner_shelf_free(struct owner_shelf *shelf);

/* ---- days ---- */

bool owner_read_month(const char *text, fl_date *first, fl_date *last); /* "2026-05" */
const char *owner_month(page *p, fl_date day);                          /* "2026-05" */
const char *owner_time(page *p, fl_utc time);  /* 2026-05-13 12:05:10, UTC; 12 h 05 */
const char *owner_clock(page *p, fl_utc time); /* 12:05:10 */

/* ---- numbers ---- */

const char *owner_count(page *p, int64_t value);  /* -640 with a true minus, 1,318 */
const char *owner_signed(page *p, int64_t value); /* +122, −640, 0 */

/* Each %s of the words, in order. */
const char *owner_fill(page *p, word w, const char *first, const char *second, const char *third);

/* ---- tables ---- */

/* Rows of a table of the exports, the first hundred and where the others are, with the reader's words, days,
 * decimals and links. `nothing` when there is none. */
void owner_table(page *p, const fl_audit *audit, const char *name, word nothing);
/* Never folded, and only the rows that `wanted` takes; NULL: all. For a table that is what its page is about.
 */
typedef bool owner_wanted(const void *self, const fl_audit_table *table, const fl_audit_row *row);
void owner_table_of(page *p, const fl_audit *audit, const char *name, word nothing, owner_wanted *wanted,
                    const void *self);
/* Never folded, a hundred at a time: `path` is the page's own. */
void owner_table_paged(page *p, const fl_audit *audit, const char *name, word nothing, const char *path);
const char *owner_column(const page *p,
                         const char *key); /* head of a column; its key when nobody gave it words */
bool owner_knows_column(const char *key);
const char *owner_value(const page *p, const char *code); /* "near-miss" as people say it; else as it is */

/* The page of an entry by its own number; log: counted from 1, the oldest, of `logs`. */
const char *owner_entry_url(page *p, size_t log, size_t logs, uint64_t own);

/* Section 2, with what to do; `number` stands before its heading ("2 · ", ""). */
void owner_exceptions(page *p, const fl_audit *audit, const char *number);
const char *owner_exception_name(const page *p, const char *code); /* as people say it; else the code */

/* ---- pictures ---- */

void owner_days_picture(page *p, const fl_audit *audit, const fl_audit_line *device);
void owner_energy_picture(page *p, const fl_audit *audit, const char *dev); /* nothing without a check */
void owner_qr(page *p, const char *caption, const char *text);

#endif
