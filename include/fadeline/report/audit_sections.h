/* The thirteen sections of the monthly audit, as plain numbers: no drawing, no language.
 *
 * 1 verdict per site: sites. 2 exceptions. 3 reconciliation: audit->totals and audit->days. 4 use:
 * procedures, places, people. 5 overrides, causes. 6 harm, follow_ups. 7 spots, spot_gaps. 8 energy. 9
 * service. 10 certificates. 11 missing, corrections. 12 verification: audit->journals. 13 money, invoiced.
 * Beside them: looks (who opened what), sessions, and the appendix, fl_audit_definition_at.
 *
 *     const fl_audit_sections *s = &audit->sections;
 *     for (size_t i = 0; i < s->energy.count; i++) draw(s->energy.at[i].day, s->energy.at[i].off_ppm);
 *
 * Lists are in the order a person reads them (by site, then day). Everything is limited to the period, the
 * site and the device of the audit's options, unless its line says "as of the last day": then it is the state
 * after everything that the log holds up to that day.
 *
 * A person is a pseudonym ("op:17"), a client a code ("p:5d1f"): the log has no names, so neither has this. A
 * text the log holds that is longer than its field here ends in "..." and `index` finds the whole of it.
 */
#ifndef FL_REPORT_AUDIT_SECTIONS_H
#define FL_REPORT_AUDIT_SECTIONS_H

#include "fadeline/base/clock.h"
#include "fadeline/base/date.h"
#include "fadeline/journal/counters.h"
#include "fadeline/journal/kinds.h"

#include <stddef.h>
#include <stdint.h>

#define FL_AUDIT_SITE_MAX 63
#define FL_AUDIT_NAME_MAX 47   /* person, client, procedure, zone, head */
#define FL_AUDIT_WORDS_MAX 159 /* reason, finding, right value */
#define FL_AUDIT_SPOT_DAYS 28  /* a test spot is not read before */
#define FL_AUDIT_CERTIFICATE_DAYS 60

/* What every row says of where it comes from. `log`: which of the audit's journals; `index`: entry there. */
#define FL_AUDIT_WHERE                                                                                       \
    unsigned log;                                                                                            \
    uint64_t index;                                                                                          \
    fl_date day;                                                                                             \
    fl_utc at;                                                                                               \
    char site[FL_AUDIT_SITE_MAX + 1], dev[FL_DEVICE_ID_MAX + 1]

typedef enum fl_audit_verdict_kind {
    FL_AUDIT_OK = 1, /* counters and records agree within tolerance, every day and over the period */
    FL_AUDIT_FLAG,
    FL_AUDIT_NOTHING /* nobody read a counter there in this period, though the site is known */
} fl_audit_verdict_kind;

/* 1 */
typedef struct fl_audit_place {
    char site[FL_AUDIT_SITE_MAX + 1]; /* empty: never said */
    fl_audit_verdict_kind verdict;
    size_t devices, flagged_days, exceptions;
    uint64_t treatment, test, check, unexplained_absolute;
} fl_audit_place;

/* 2: in words, gravest first: `severe` is what flags, or would have stopped the laser. */
typedef struct fl_audit_exception {
    FL_AUDIT_WHERE;
    bool severe;
    char code[24]; /* "day", "period", "gap", "service", "interrupted", ... */
    char text[400];
} fl_audit_exception;

/* 4: pulses sum to those of section 3, also where nobody said which session: that row is called "-". */
typedef struct fl_audit_use {
    char name[FL_AUDIT_SITE_MAX + 1];
    uint64_t n;       /* sessions opened in the period; those in the calibration port are not among them */
    uint64_t clients; /* different ones among them */
    uint64_t treatment, test, check;
} fl_audit_use;

/* 5 */
typedef struct fl_audit_override {
    FL_AUDIT_WHERE;
    uint64_t sid;
    char who[FL_AUDIT_NAME_MAX + 1], reason[FL_AUDIT_NAME_MAX + 1], zone[FL_AUDIT_NAME_MAX + 1];
    char words[FL_AUDIT_WORDS_MAX + 1];
} fl_audit_override;

/* How often the interlock said no (arm.refused) or stopped (drop, fault), by its code. */
typedef struct fl_audit_cause {
    char code[FL_AUDIT_NAME_MAX + 1];
    bool envelope; /* the plan's or the laser's limits: budget, energy, spot; else room, person, machine */
    uint64_t refused, stopped;
} fl_audit_cause;

/* 6 */
typedef struct fl_audit_harm {
    FL_AUDIT_WHERE;
    bool near_miss;
    uint64_t sid, grade, after_h; /* 0: not said */
    char pat[FL_AUDIT_NAME_MAX + 1], who[FL_AUDIT_NAME_MAX + 1], what[FL_AUDIT_NAME_MAX + 1];
    char words[FL_AUDIT_WORDS_MAX + 1];
} fl_audit_harm;

/* A task that nobody did, due on or before the last day of the audit: 24h, 7d or 6wk after a session with
 * pulses on a client (day, index: of the session). */
typedef struct fl_audit_follow_up {
    FL_AUDIT_WHERE;
    uint64_t sid;
    char pat[FL_AUDIT_NAME_MAX + 1];
    const char *task; /* "24h" */
    fl_date due;
    int overdue_days; /* on the last day of the audit */
} fl_audit_follow_up;

/* 7: sessions with treatment pulses, by what the log holds of test spots on the same client before */
typedef struct fl_audit_spots {
    uint64_t n, tested, early, none; /* n = tested + early + none */
    uint64_t looks_early;            /* notes that the spots were looked at too early */
} fl_audit_spots;
typedef struct fl_audit_spot_gap {
    FL_AUDIT_WHERE;
    uint64_t sid;
    char pat[FL_AUDIT_NAME_MAX + 1], who[FL_AUDIT_NAME_MAX + 1], proc[FL_AUDIT_NAME_MAX + 1];
    int days; /* since the newest test spot before; -1: there was none */
} fl_audit_spot_gap;

/* 8: as the check's entry says. Energies in uJ and shares in ppm (of the set energy, signed) are whole
 * numbers; has_off false: no number could be given (nothing measured, or the check was withdrawn). */
typedef struct fl_audit_energy {
    FL_AUDIT_WHERE;
    char head[FL_AUDIT_NAME_MAX + 1], who[FL_AUDIT_NAME_MAX + 1], meter[FL_AUDIT_NAME_MAX + 1];
    uint64_t wl_nm, n, set_uJ, mean_uJ, spread_uJ;
    bool has_off;
    int64_t off_ppm;  /* chart: against lines at +-100,000 (warn) and +-200,000 (lock) */
    char verdict[16]; /* pass, warn, lock, void; begun: light may have followed, nobody concluded */
    char reason[FL_AUDIT_NAME_MAX + 1];
} fl_audit_energy;
#define FL_AUDIT_ENERGY_WARN_PPM 100000
#define FL_AUDIT_ENERGY_LOCK_PPM 200000

/* 9: as of the last day. weeks = left / rate * 365.25 / 12 / 7, from rate + sd to rate - sd; the rate is of
 * whole calendar months of this log that ended by then, at most the last twelve, sd that of a sample (n - 1).
 * 31,200 left at 26,700 +- 3,000 a month: 5.08 weeks, 4.57 to 5.72: "about 5 weeks (4.6 to 5.7)". */
typedef struct fl_audit_service {
    char site[FL_AUDIT_SITE_MAX + 1], dev[FL_DEVICE_ID_MAX + 1];
    bool due_known; /* a service entry said at which counter the next one is due */
    uint64_t counter, due;
    int64_t left;                        /* negative: overdue */
    unsigned months;                     /* n */
    double rate, sd;                     /* pulses a month; sd NAN when months < 2 */
    double weeks, weeks_low, weeks_high; /* NAN: cannot be said; weeks_high INFINITY when rate <= sd */
} fl_audit_service;

/* 10: as of the last day; ended ones have negative days */
typedef struct fl_audit_certificate {
    FL_AUDIT_WHERE; /* of the newest role.change of this person */
    char who[FL_AUDIT_NAME_MAX + 1], role[FL_AUDIT_NAME_MAX + 1];
    fl_date until; /* last good day */
    int days;
} fl_audit_certificate;

/* 11: of sessions with pulses on a client */
typedef enum fl_audit_missing_kind {
    FL_AUDIT_NO_CONSENT = 1,  /* no consent to treatment on or before that day, or it was withdrawn */
    FL_AUDIT_NO_SIGNED_TEXT,  /* consent without its signed text (cmt) */
    FL_AUDIT_NO_PHOTO,        /* no picture from before, of this session or this client that day */
    FL_AUDIT_NO_CONFIRMATION, /* nobody confirmed the plan in this session */
    FL_AUDIT_NO_CLOSE,        /* opened, never closed */
    FL_AUDIT_NO_IDENTITY      /* of a client, not of a session: see audit_identity.h */
} fl_audit_missing_kind;
typedef struct fl_audit_missing {
    FL_AUDIT_WHERE; /* of session.open */
    fl_audit_missing_kind kind;
    uint64_t sid;
    char pat[FL_AUDIT_NAME_MAX + 1], who[FL_AUDIT_NAME_MAX + 1];
} fl_audit_missing;
typedef struct fl_audit_correction {
    FL_AUDIT_WHERE;
    uint64_t about; /* entry that is wrong; it stays */
    char who[FL_AUDIT_NAME_MAX + 1], words[FL_AUDIT_WORDS_MAX + 1];
} fl_audit_correction;

/* 13 */
typedef enum fl_audit_money_kind {
    FL_AUDIT_NO_PULSES = 1, /* an invoice whose session has no pulse, or that names none we know */
    FL_AUDIT_NO_INVOICE,    /* a session with treatment pulses that no invoice names */
    FL_AUDIT_TWO_INVOICES   /* a session that an earlier invoice names already */
} fl_audit_money_kind;
typedef struct fl_audit_money {
    FL_AUDIT_WHERE;
    fl_audit_money_kind kind;
    uint64_t sid; /* 0: none named */
    char no[FL_AUDIT_NAME_MAX + 1], pat[FL_AUDIT_NAME_MAX + 1], cur[8];
    int64_t cents;   /* invoices only */
    uint64_t pulses; /* sessions only: treatment */
} fl_audit_money;
typedef struct fl_audit_invoiced {
    char cur[8];
    uint64_t n;
    int64_t cents;
} fl_audit_invoiced;

/* Who opened what of which client. */
typedef struct fl_audit_look {
    FL_AUDIT_WHERE;
    char who[FL_AUDIT_NAME_MAX + 1], pat[FL_AUDIT_NAME_MAX + 1], what[FL_AUDIT_NAME_MAX + 1];
} fl_audit_look;

/* Who signed in, handed out, printed or erased. `what` as the entry says; for a sign-in that failed, why. */
typedef struct fl_audit_act {
    FL_AUDIT_WHERE;
    fl_kind kind; /* FL_KIND_AUTH_OK, _AUTH_FAIL, _EXPORT, _PRINT, _ERASE */
    char who[FL_AUDIT_NAME_MAX + 1], pat[FL_AUDIT_NAME_MAX + 1], what[FL_AUDIT_WORDS_MAX + 1];
} fl_audit_act;

/* One row per session of the period, for registers and exports. */
typedef struct fl_audit_session {
    FL_AUDIT_WHERE; /* of session.open */
    uint64_t sid;
    bool manual, calibration, closed, confirmed;
    fl_utc ended; /* of session.close; 0: never closed */
    char pat[FL_AUDIT_NAME_MAX + 1], who[FL_AUDIT_NAME_MAX + 1], proc[FL_AUDIT_NAME_MAX + 1];
    uint64_t treatment, test, check;
} fl_audit_session;

#define FL_AUDIT_LIST(type)                                                                                  \
    struct {                                                                                                 \
        type *at;                                                                                            \
        size_t count, room;                                                                                  \
    }

typedef FL_AUDIT_LIST(fl_audit_use) fl_audit_uses;

typedef struct fl_audit_sections {
    FL_AUDIT_LIST(fl_audit_place) sites;
    FL_AUDIT_LIST(fl_audit_exception) exceptions;
    fl_audit_uses procedures, places, people;
    FL_AUDIT_LIST(fl_audit_override) overrides;
    FL_AUDIT_LIST(fl_audit_cause) causes;
    FL_AUDIT_LIST(fl_audit_harm) harm;
    FL_AUDIT_LIST(fl_audit_follow_up) follow_ups;
    FL_AUDIT_LIST(fl_audit_spot_gap) spot_gaps;
    FL_AUDIT_LIST(fl_audit_energy) energy;
    FL_AUDIT_LIST(fl_audit_service) service;
    FL_AUDIT_LIST(fl_audit_certificate) certificates;
    FL_AUDIT_LIST(fl_audit_missing) missing;
    FL_AUDIT_LIST(fl_audit_correction) corrections;
    FL_AUDIT_LIST(fl_audit_money) money;
    FL_AUDIT_LIST(fl_audit_invoiced) invoiced;
    FL_AUDIT_LIST(fl_audit_look) looks;
    FL_AUDIT_LIST(fl_audit_act) acts;
    FL_AUDIT_LIST(fl_audit_session) sessions;
    uint64_t sessions_n; /* those on clients: what "per 100" is per */
    uint64_t events, near_misses;
    double events_per_100, near_misses_per_100; /* NAN when sessions_n is 0 */
    uint64_t tasks_due, tasks_done;             /* follow-ups due by the last day; open: due - done */
    uint64_t over_soft, over_hard;              /* zones counted by hand past their soft and hard stop */
    fl_audit_spots spots;
} fl_audit_sections;

size_t fl_audit_calls(const fl_audit_sections *sections); /* sites that need a call: their verdict is FLAG */
const char *fl_audit_missing_text(fl_audit_missing_kind kind); /* "no consent to treatment" */
const char *fl_audit_money_text(fl_audit_money_kind kind);

/* "about 5 weeks (4.6 to 5.7)"; says why when it cannot be said. Returns room. */
#define FL_AUDIT_FORECAST_MAX 96
char *fl_audit_forecast_text(const fl_audit_service *service, char room[FL_AUDIT_FORECAST_MAX]);
/* From its counts alone, for a device that is not in any log. Fills weeks, weeks_low and weeks_high. */
void fl_audit_forecast(fl_audit_service *service);

/* Appendix: what the words of the audit mean. NULL past the last. */
typedef struct fl_audit_definition {
    const char *term, *meaning;
} fl_audit_definition;
const fl_audit_definition *fl_audit_definition_at(size_t i);

#endif
