/* Test spots: what the case file and the journal know of each, for the page that shows them and the forms
 * that say more. The case has what planning reads (where, with what, what the read found); the journal has
 * each step with its time: a `note` test-spot when it was placed, at 0 and at 15 minutes what was seen, and
 * the read. */
#ifndef FL_CONSOLE_TEST_SPOTS_PARTS_H
#define FL_CONSOLE_TEST_SPOTS_PARTS_H

#include "page.h"

#include "fadeline/config/draft.h"
#include "fadeline/course/case.h"
#include "fadeline/course/plan.h"
#include "fadeline/course/rules.h"
#include "fadeline/journal/journal.h"

#define SPOTS_MOST 64
#define SPOT_LOOK_MIN 15

typedef enum spot_moment { SPOT_AT_ONCE, SPOT_LATER, SPOT_READ, SPOT_MOMENTS } spot_moment;
extern const char *const spot_moments[SPOT_MOMENTS]; /* 0-min, 15-min, read */
extern const char *const spot_seen[];                /* what may be seen on the skin, as a session has it */
#define SPOT_SEEN 7

typedef struct spot_state {
    bool placed; /* by this page, or another of ours: then we know when */
    fl_utc placed_at;
    char seen[2][17]; /* empty: nobody said */
    fl_utc seen_at[2];
    unsigned photos; /* of this spot */
} spot_state;

typedef struct spots { /* one case and its test spots */
    const char *name;  /* of the case */
    fl_case *c;
    fl_plan *plan;                  /* the newest of this client with a grid; may be NULL */
    fl_rulebook *book;              /* may be NULL: the page says why */
    const fl_interval_rule *window; /* when a read counts */
    int skin_type;                  /* as that plan has it; 0: not known, then the darkest */
    spot_state state[SPOTS_MOST];
    size_t count;
    bool may_photo; /* the client consented */
    bool looked;    /* this person's look at the client's photos stands in the journal */
} spots;

/* false: the page has answered. */
bool spots_open(page *p, const char *name, spots *s);
void spots_close(spots *s);

fl_date spot_read_from(const spots *s, size_t n); /* not set: nobody can say */
fl_date spot_read_by(const spots *s, size_t n);
bool spot_is_read(const spots *s, size_t n);
/* Why not yet: the date and the rule it comes from. NULL: it may be read today. */
const char *spot_too_early(page *p, const spots *s, size_t n);
const char *spot_why_weeks(page *p, const spots *s); /* that rule; there is a window */
/* Read darker, or with a change of skin or hair: no plan uses its setting again. */
bool spot_is_excluded(const fl_case_test *t);
/* A plan excludes a wavelength at a spot size: what was good there goes with what was not. */
bool spot_is_out_with_another(const spots *s, size_t n);

/* test_spots_picture.c: which spot is where and with what; crossed out, what is excluded. */
void spots_picture(page *p, const spots *s);

/* What is wrong with what was given, for the spot it was given for. */
typedef struct spot_wrong {
    size_t spot;
    spot_moment moment;
    const char *sentence; /* NULL: nothing */
} spot_wrong;
void spots_show(page *p, const spots *s, const spot_wrong *wrong);

#endif
