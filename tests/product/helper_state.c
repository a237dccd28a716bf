/* The state: 20 bytes in the set, a plain structure while something happens to it, one line in a trace. */
#include "helper_model.h"

#include <stdio.h>
#include <string.h>

/* Running bit offsets: BIT_x is where field x begins. */
enum {
#define X(field, bits) BIT_##field, END_##field = BIT_##field + (bits)-1,
    PRODUCT_FIELDS(X)
#undef X
        BITS
};
_Static_assert(BITS <= 32 * KEY_WORDS, "the state does not fit its key");

static inline void put(product_key *key, unsigned at, unsigned bits, uint32_t value)
{
    const unsigned word = at / 32, shift = at % 32;
    key->word[word] |= value << shift;
    if (shift + bits > 32) key->word[word + 1] |= value >> (32 - shift);
}

static inline uint16_t get(const product_key *key, unsigned at, unsigned bits)
{
    const unsigned word = at / 32, shift = at % 32;
    uint32_t value = key->word[word] >> shift;
    if (shift + bits > 32) value |= key->word[word + 1] << (32 - shift);
    return (uint16_t)(value & ((1u << bits) - 1));
}

void product_pack(const product *w, product_key *key)
{
    *key = (product_key){{0}};
#define X(field, bits) put(key, BIT_##field, bits, w->field);
    PRODUCT_FIELDS(X)
#undef X
}

void product_unpack(const product_key *key, product *w)
{
#define X(field, bits) w->field = get(key, BIT_##field, bits);
    PRODUCT_FIELDS(X)
#undef X
}

frame frame_read(uint16_t code)
{
    return (frame){.type = code & 7,
                   .lag = code >> 3 & 3,
                   .shut = code >> 5 & 1,
                   .age = code >> 6 & 3,
                   .gen = code >> 8 & 3,
                   .fits = code >> 10 & 1,
                   .ep = code >> 11 & 1,
                   .fired = code >> 12 & 1,
                   .lost = code >> 5 & 1 && (code & 7) == ASK_GRANT};
}

/* `shut` and `lost` share a bit: one belongs to POLL and HELLO, the other to GRANT. */
uint16_t frame_write(frame f)
{
    const bool fifth = f.type == ASK_GRANT ? f.lost : f.shut;
    return (uint16_t)(f.type | f.lag << 3 | fifth << 5 | f.age << 6 | f.gen << 8 | f.fits << 10 | f.ep << 11 |
                      f.fired << 12);
}

/* ---- the 28 states of the interlock ---- */

static fl_interlock_state states[32];
static uint8_t index_of[256][32];
static unsigned count;

static void list_states(void)
{
    for (int i = 0; i < FL_MODE_COUNT; i++)
        for (unsigned flags = 0; flags < 32; flags++) {
            const fl_interlock_state s = fl_interlock_state_of(fl_modes[i], flags);
            if (!fl_interlock_is_well_formed(s)) continue;
            states[count] = s;
            index_of[s.mode][flags] = (uint8_t)count++;
        }
}

fl_interlock_state mode_state(unsigned index)
{
    if (!count) list_states();
    return states[index];
}

unsigned mode_index(fl_interlock_state state)
{
    if (!count) list_states();
    return index_of[state.mode][state.flags & 31];
}

unsigned mode_count(void)
{
    if (!count) list_states();
    return count;
}

product product_start(void)
{
    product w = {.alive = 1, .g_lag = 3};
    w.mode = (uint16_t)mode_index(fl_interlock_state_of(FL_MODE_OFF, 0));
    return w;
}

/* ---- for people ---- */

static const char *const loops[] = {"", " DOOR", " COVER", " ESTOP", " KEY", "?", "?", "?"};
static const char *const lasers[] = {"SAFE", "STBY", "WARN", "READY"};
static const char *const asks[] = {"-", "HELLO", "POLL", "SETUP", "ARM", "STOP", "GRANT", "?"};
static const char *const outcomes[] = {"-", "WAITING", "ACCEPTED", "NAKED", "UNKNOWN", "FOUND", "?", "?"};
static const char *const stages[] = {"-", "RECORDING", "UNSENT", "SENT", "OPEN", "?", "?", "?"};
static const char *const entries[] = {"", "grant ", "delivered ", "not "};

static size_t print_flying(const product *w, char *room, size_t size)
{
    size_t used = 0;
    product copy = *w;
    room[0] = 0;
    for (unsigned i = 0; i < FLYING && used < size; i++) {
        const frame f = frame_read(*product_fly(&copy, i));
        if (!f.type) continue;
        used += (size_t)snprintf(room + used, size - used, " %s-%d", asks[f.type], f.lag);
        if (f.type == ASK_GRANT && used < size)
            used += (size_t)snprintf(room + used, size - used, "(gen %d, age %d%s%s)", f.gen, f.age,
                                     f.fits ? "" : ", other k", f.fired ? ", fired" : "");
    }
    return used;
}

void product_print(const product *w, char *room, size_t size)
{
    char flying[160];
    const fl_interlock_state s = mode_state(w->mode);
    print_flying(w, flying, sizeof flying);
    snprintf(room, size,
             "%s%s%s%s | laser %s%s%s k-%d g-%d | wire%s%s%s | %s %s ask %s last %s | books %s e%d | disk "
             "%sd%d [%s%s%s]",
             w->foot ? "FOOT" : "foot", loops[w->loop], w->open ? " open" : "",
             w->session ? "" : " no session", lasers[w->st], w->commit ? "" : " uncommitted",
             w->unsaved ? " unsaved" : "", 0, w->g_lag, flying, w->ans ? " <answer" : "",
             w->hello_now || w->hello_old ? " <HELLO" : "", w->alive ? fl_mode_word(s.mode) : "dead",
             w->phase ? w->same ? "" : "(lost session)" : "(greeting)", asks[w->asked], outcomes[w->outcome],
             stages[w->stage], w->ed, w->j_out ? "out " : "", w->jd, entries[w->q0], entries[w->q1],
             entries[w->q2]);
}

const char *breach_text(breach b)
{
    static const char *const texts[BREACH_COUNT] = {
        [BREACH_NONE] = "nothing",
        [BREACH_TWICE] = "a grant fired twice",
        [BREACH_SETTLED] = "a grant fired that the books had closed",
        [BREACH_UNRECORDED] = "a pulse without a durable record of its grant",
        [BREACH_AFTER_LIFE] = "a pulse more than a grant's life after the host died",
        [BREACH_AFTER_TWO] = "two pulses after the host died",
        [BREACH_BEHIND] = "the kept counter is behind the light",
        [BREACH_MONITOR] = "the monitor disagrees with the step",
        [BREACH_T1] = "T1: EMIT without self-test, ARM and the whole warning",
        [BREACH_T2] = "T2: EMIT again without a report and without a new ARM",
        [BREACH_T3] = "T3: a second token while one is out",
        [BREACH_TOKEN] = "a token while the last grant is not settled",
        [BREACH_MISMATCH] = "the counter shows what no record explains",
        [BREACH_LIGHT] = "light that nobody granted",
        [BREACH_JOURNAL] = "the disk does not account for the counter",
        [BREACH_BOOKS] = "the books do not account for the counter",
        [BREACH_HOT] = "the laser stays hot in silence",
        [BREACH_STUCK] = "no way back to STANDBY with settled books",
    };
    return (unsigned)b < BREACH_COUNT ? texts[b] : "?";
}
