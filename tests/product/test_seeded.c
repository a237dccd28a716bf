/* labels: unit proof   timeout: 300   fast */
/* What the explorer finds when a rule is missing, and which rules have a second lock behind them.
 *
 * A row takes rules out and names the breach that breadth-first search must meet. Where one rule alone breaks
 * nothing, the rows that take out its second lock as well do break: the page says the rule, the second lock
 * keeps it. The rows "keeps" (nothing may be found in all states) are in test_explore_slow.c.
 */
#include "check.h"
#include "helper_explore.h"

typedef struct seed {
    const char *what;
    unsigned without;
    unsigned more; /* powers besides foot and kills */
    bool fine;     /* beats of 20 ms in place of 40 */
    bool calm;     /* look for the way back */
    breach found;
} seed;

static const seed seeds[] = {
    {"the laser does not look at the age of the status", RULE_FRAME_AGE, 0, false, false, BREACH_AFTER_LIFE},
    {"the same number is obeyed again, not answered", RULE_STORED, 0, false, false, BREACH_BOOKS},
    {"so, and neither g nor k is looked at", RULE_STORED | RULE_GRANT_NUMBER | RULE_COUNT, 0, false, false,
     BREACH_TWICE},
    {"k and g are kept after the pulse", RULE_KEEP_FIRST, POWER_CUT, false, false, BREACH_BEHIND},
    {"hot silence is not noticed", RULE_WATCHDOG, 0, false, false, BREACH_HOT},
    {"a grant is sent again", RULE_SEND_ONCE, 0, true, false, BREACH_BOOKS},
    {"so, and neither g nor k is looked at", RULE_SEND_ONCE | RULE_GRANT_NUMBER | RULE_COUNT, 0, true, false,
     BREACH_TWICE},
    {"bytes before the record is durable", RULE_DURABLE, 0, false, false, BREACH_UNRECORDED},
    {"a restart forgets the last grant", RULE_OUTSTANDING, 0, false, false, BREACH_JOURNAL},
    {"no answer is taken as no pulse", RULE_UNKNOWN, 0, false, false, BREACH_JOURNAL},
    {"an open grant is never closed", RULE_SETTLE, 0, false, true, BREACH_STUCK},
    {"so, and ARM does not mind", RULE_SETTLE | RULE_BOOK_FIRST, 0, false, false, BREACH_TOKEN},
    {"EMIT asks again instead of waiting: the monitor", RULE_REPORT, 0, false, false, BREACH_MONITOR},
    {"so, unseen by the monitor", RULE_REPORT | RULE_MONITOR, 0, false, false, BREACH_T3},
    {"CLOSING ends in READY without its report: the monitor", RULE_CLOSING, 0, false, false, BREACH_MONITOR},
    {"so, unseen by the monitor", RULE_CLOSING | RULE_MONITOR, POWER_DUE, false, false, BREACH_T2},
    {"READY without ARM: the monitor", RULE_REARM, 0, false, false, BREACH_MONITOR},
    {"so, unseen by the monitor", RULE_REARM | RULE_MONITOR, 0, false, false, BREACH_T1},
};

/* Take one rule of the design away, and the explorer finds how it hurts. */
/* hazards: H11 H21 */
static void every_missing_rule_is_found(void)
{
    printf("\n");
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
        const seed *s = &seeds[i];
        model m = {.without = s->without,
                   .powers = POWER_FOOT | POWER_CRASH | s->more,
                   .frames = 1,
                   .ga = 1,
                   .lost = 2,
                   .wd = 2};
        if (s->fine) m.ga = 2, m.lost = m.wd = 5;
        explored e;
        explore(&m, &(explore_limits){1500000, s->calm ? 16 : 0, NULL}, &e);
        printf("    %-56s %8u states, %2u moves: %s\n", s->what, e.states, e.depth + 1, breach_text(e.found));
        CHECK(e.found == s->found, "%s: found %s, not %s", s->what, breach_text(e.found),
              breach_text(s->found));
        if (e.found && i == 0) { /* a counterexample is a list of moves somebody can follow */
            FILE *out = tmpfile();
            CHECK(out && explore_print(&m, &e, out) > 20, "a trace without moves");
            if (out) fclose(out);
        }
        explore_free(&e);
    }
}

FL_TESTS("product/seeded", TEST(every_missing_rule_is_found))
