#include "table.h"

#include <stddef.h>

/* Third copy of the machine, from the table of section 5.1 alone: a row is a pattern over state and inputs,
 * the first that matches wins. Deliberately slow and literal; shares nothing with step.c or monitor.c but the
 * layout. */

enum {
    OFF = 1,
    SELF = 2,
    STBY = 4,
    ARMG = 8,
    REDY = 16,
    OPNG = 32,
    EMIT = 64,
    GAPP = 128,
    CLSG = 256,
    FALT = 512,
    ESTP = 1024
};
enum { ARMED = ARMG | REDY | OPNG | EMIT | GAPP | CLSG, RUNNING = SELF | STBY | ARMED, ANY = 2047 };

/* Conditions over the inputs, as a technician would tick them off. */
enum {
    C_LINK0 = 1,
    C_KEY0,
    C_ESTOP0,
    C_SVC,
    C_RESET,
    C_RESET_SERVICE,
    C_COMMON,
    C_TEST_BAD,
    C_TEST_GOOD,
    C_DUE,
    C_ARM_TREAT,
    C_ARM_CAL,
    C_HARD,
    C_DROP,
    C_DROP_FOOT,
    C_DROP_IDLE,
    C_FRESH,
    C_RELEASED,
    C_OPEN,
    C_NOT_OPEN,
    C_ENERGY_OUT,
    C_ENERGY_GOOD,
    C_NOT_CLOSED,
    C_OWED_WAIT,
    C_OWED,
    C_NX,
    C_ALWAYS
};

typedef struct row {
    int number, from, condition;
    fl_mode to; /* 0: stays */
} row;

static const row rows[] = {
    /* clang-format off */
    {  2, OFF,               C_LINK0,         0 },
    {  3, SELF | STBY,       C_LINK0,         FL_MODE_OFF },
    {  4, ARMED,             C_LINK0,         FL_MODE_FAULT },
    {  5, FALT | ESTP,       C_LINK0,         0 },
    {  7, ANY,               C_KEY0,          FL_MODE_OFF },
    {  8, ANY & ~OFF,        C_ESTOP0,        FL_MODE_ESTOP },
    {  9, ESTP,              C_ALWAYS,        0 },
    { 10, OFF,               C_SVC,           FL_MODE_FAULT },
    { 11, OFF,               C_ESTOP0,        0 },
    { 12, OFF,               C_ALWAYS,        FL_MODE_SELFTEST },
    { 13, FALT,              C_RESET,         FL_MODE_SELFTEST },
    { 14, FALT,              C_RESET_SERVICE, FL_MODE_SELFTEST },
    { 15, FALT,              C_ALWAYS,        0 },
    { 16, RUNNING,           C_SVC,           FL_MODE_FAULT },
    { 17, RUNNING,           C_COMMON,        FL_MODE_FAULT },
    { 18, SELF,              C_TEST_BAD,      FL_MODE_FAULT },
    { 19, SELF,              C_TEST_GOOD,     FL_MODE_STANDBY },
    { 20, SELF,              C_DUE,           FL_MODE_FAULT },
    { 21, SELF,              C_ALWAYS,        0 },
    { 22, STBY,              C_ARM_TREAT,     FL_MODE_ARMING },
    { 23, STBY,              C_ARM_CAL,       FL_MODE_ARMING },
    { 24, STBY,              C_ALWAYS,        0 },
    { 25, ARMED,             C_HARD,          FL_MODE_FAULT },
    { 26, ARMG,              C_DROP_FOOT,     FL_MODE_STANDBY },
    { 27, ARMG,              C_DUE,           FL_MODE_READY },
    { 28, ARMG,              C_ALWAYS,        0 },
    { 29, REDY,              C_DROP_IDLE,     FL_MODE_STANDBY },
    { 30, REDY,              C_FRESH,         FL_MODE_OPENING },
    { 31, REDY,              C_ALWAYS,        0 },
    { 32, OPNG,              C_DROP,          FL_MODE_CLOSING },
    { 33, OPNG,              C_RELEASED,      FL_MODE_CLOSING },
    { 34, OPNG,              C_OPEN,          FL_MODE_EMIT },
    { 35, OPNG,              C_DUE,           FL_MODE_FAULT },
    { 36, OPNG,              C_ALWAYS,        0 },
    { 37, EMIT,              C_ENERGY_OUT,    FL_MODE_FAULT },
    { 38, EMIT,              C_NOT_OPEN,      FL_MODE_FAULT },
    { 39, EMIT,              C_DROP,          FL_MODE_CLOSING },
    { 40, EMIT,              C_RELEASED,      FL_MODE_CLOSING },
    { 41, EMIT,              C_ENERGY_GOOD,   FL_MODE_GAP },
    { 42, EMIT,              C_DUE,           FL_MODE_FAULT },
    { 43, EMIT,              C_ALWAYS,        0 },
    { 44, GAPP,              C_NOT_OPEN,      FL_MODE_FAULT },
    { 45, GAPP,              C_DROP,          FL_MODE_CLOSING },
    { 46, GAPP,              C_RELEASED,      FL_MODE_CLOSING },
    { 47, GAPP,              C_DUE,           FL_MODE_EMIT },
    { 48, GAPP,              C_ALWAYS,        0 },
    { 49, CLSG,              C_ENERGY_OUT,    FL_MODE_FAULT },
    { 50, CLSG,              C_NOT_CLOSED,    0 },
    { 51, CLSG,              C_OWED_WAIT,     0 },
    { 52, CLSG,              C_OWED,          FL_MODE_STANDBY },
    { 53, CLSG,              C_NX,            FL_MODE_STANDBY },
    { 54, CLSG,              C_ALWAYS,        FL_MODE_READY },
    /* clang-format on */
};

/* Flags as separate truths, so that the table never masks. */
typedef struct flags {
    bool cal, fr, nx, out, svc;
} flags;

static bool everything_good(const fl_inputs *i, bool cal)
{
    if (!i->remote || !i->journal || !i->auth || !i->dual || !i->eyewear) return false;
    if (!i->limits || !i->counter || !i->handpiece) return false;
    return cal ? i->dock : !i->dock && i->plan;
}

static bool is_calm(const fl_inputs *i)
{
    return i->auth && i->sh_closed && !i->sh_open && i->energy == 0 && i->foot == 0 && i->wdog && i->head;
}

/* Row 6: evidence of a service fault, and what was latched before. */
static bool service_now(int from, flags f, const fl_inputs *i)
{
    if (f.svc) return true;
    if (i->sh_closed && i->sh_open) return true;
    if ((i->energy == 1 || i->energy == 2) && from != EMIT && !(from == CLSG && f.out)) return true;
    if ((from & (STBY | ARMG | REDY)) && !i->sh_closed) return true;
    return from == CLSG && i->due && !i->sh_closed;
}

static bool holds(int condition, int from, flags f, bool svc, const fl_inputs *i)
{
    const bool drop = !everything_good(i, f.cal) || i->cmd != 0;
    const bool hard = !i->covers || !i->coolant || !i->clock;
    const bool owed = f.out && i->energy != 1;
    switch (condition) {
    case C_LINK0: return !i->link;
    case C_KEY0: return !i->key;
    case C_ESTOP0: return !i->estop;
    case C_SVC: return svc;
    case C_RESET: return !svc && i->cmd == 4 && is_calm(i);
    case C_RESET_SERVICE: return svc && i->cmd == 5 && is_calm(i) && i->dual;
    case C_COMMON: return i->energy == 3 || i->foot >= 2 || !i->wdog || !i->head;
    case C_TEST_BAD: return i->selftest == 2 || i->selftest == 3;
    case C_TEST_GOOD: return i->selftest == 1 && i->sh_closed && i->foot == 0;
    case C_DUE: return i->due;
    case C_ARM_TREAT: return i->cmd == 1 && !hard && everything_good(i, false) && i->foot == 0;
    case C_ARM_CAL: return i->cmd == 2 && !hard && everything_good(i, true) && i->foot == 0;
    case C_HARD: return hard;
    case C_DROP: return drop;
    case C_DROP_FOOT: return drop || i->foot != 0;
    case C_DROP_IDLE: return drop || i->due;
    case C_FRESH: return i->foot == 1 && f.fr;
    case C_RELEASED: return i->foot == 0;
    case C_OPEN: return i->sh_open;
    case C_NOT_OPEN: return !i->sh_open;
    case C_ENERGY_OUT: return i->energy == 2;
    case C_ENERGY_GOOD: return i->energy == 1;
    case C_NOT_CLOSED: return !i->sh_closed;
    case C_OWED_WAIT: return owed && !i->due;
    case C_OWED: return owed;
    case C_NX: return f.nx || drop;
    default: (void)from; return true;
    }
}

/* The flags column of the table, by the mode that is reached. */
static flags flags_after(fl_mode to, bool entered, int from, flags f, bool svc, const fl_inputs *i)
{
    const bool drop = !everything_good(i, f.cal) || i->cmd != 0;
    flags g = {0};
    if (to == FL_MODE_OFF || to == FL_MODE_FAULT || to == FL_MODE_ESTOP) g.svc = svc;
    if (to == FL_MODE_ARMING) g.cal = entered ? i->cmd == 2 : f.cal;
    if (to == FL_MODE_OPENING || to == FL_MODE_EMIT || to == FL_MODE_GAP) g.cal = f.cal;
    if (to == FL_MODE_READY) {
        g.cal = f.cal;
        g.fr = from == ARMG ? true : from == REDY ? f.fr || i->foot == 0 : i->foot == 0;
    }
    if (to == FL_MODE_CLOSING) {
        g.cal = f.cal;
        g.nx = from == CLSG ? f.nx || drop : drop;
        g.out = from == EMIT ? i->energy != 1 : from == CLSG ? f.out && i->energy != 1 : false;
    }
    return g;
}

static int row_bit(fl_mode mode)
{
    for (int i = 0; i < FL_MODE_COUNT; i++)
        if (fl_modes[i] == mode) return 1 << i;
    return 0;
}

table_answer table_step(fl_mode mode, unsigned flag_bits, const fl_inputs *i)
{
    const int from = row_bit(mode);
    const flags f = {flag_bits & 1, flag_bits & 2, flag_bits & 4, flag_bits & 8, flag_bits & 16};
    const bool svc = i->link ? service_now(from, f, i) : f.svc;
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        const row *r = &rows[n];
        if (!(r->from & from) || !holds(r->condition, from, f, svc, i)) continue;
        const fl_mode to = r->to ? r->to : mode;
        flags g = flags_after(to, r->to != 0, from, f, svc, i);
        if (r->number == 14) g.svc = false;
        return (table_answer){r->number, to,
                              g.cal | (unsigned)g.fr << 1 | (unsigned)g.nx << 2 | (unsigned)g.out << 3 |
                                  (unsigned)g.svc << 4,
                              r->number == 34 || r->number == 47};
    }
    return (table_answer){0}; /* no row: the table has a hole */
}
