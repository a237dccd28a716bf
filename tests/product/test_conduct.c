/* labels: unit proof   timeout: 300   fast */
/* The host of the model against the real conduct. The exploration writes down every kind of tick it can make:
 * mode, grant stage, what became of the last grant and what the counter shows before it; mode and stage after
 * it, whether a pulse was booked, whether a grant left. Then real sessions run on the twin, with feet, doors,
 * a dead line and kills, and no tick of theirs may be of a kind the model has not.
 */
#include "check.h"
#include "helper_explore.h"

#include "../session/helper_world.h"
#include "conduct_private.h"

#include "fadeline/base/random.h"

/* ---- kinds of tick ---- */

static uint8_t known[1u << 25 >> 3], met[1u << 25 >> 3]; /* one bit a kind */
static unsigned kinds, kinds_met;

/* The outcome of a grant counts only where a stage asks about it. */
static uint32_t kind_of(const tick_note *n)
{
    const bool asks = n->stage == BOOK_SENT || n->stage == BOOK_OPEN;
    const unsigned outcome = asks ? n->outcome : 0;
    return n->mode | (uint32_t)n->stage << 5 | outcome << 8 | (uint32_t)(n->shown & 3) << 11 |
           (uint32_t)n->link << 13 | (uint32_t)n->recovered << 14 | (uint32_t)n->mode_after << 15 |
           (uint32_t)n->stage_after << 20 | (uint32_t)n->booked << 23 | (uint32_t)n->sent << 24;
}

static bool mark(uint8_t *set, uint32_t kind)
{
    const bool is_new = !(set[kind >> 3] >> (kind & 7) & 1);
    set[kind >> 3] |= (uint8_t)(1u << (kind & 7));
    return is_new;
}

static void write_down(void *self, const tick_note *note)
{
    (void)self;
    kinds += mark(known, kind_of(note));
}

static void explore_kinds(unsigned without)
{
    static const unsigned powers[] = {POWER_FOOT | POWER_CRASH | POWER_DUE | POWER_TEST,
                                      POWER_FOOT | POWER_SOFT | POWER_STOP | POWER_HARD | POWER_BANG |
                                          POWER_CUT | POWER_CRASH | POWER_DUE};
    memset(known, 0, sizeof known);
    kinds = 0;
    for (size_t i = 0; i < sizeof powers / sizeof *powers; i++) {
        const model m = {.without = without,
                         .powers = powers[i],
                         .frames = 1,
                         .ga = 1,
                         .lost = 2,
                         .wd = 2,
                         .on_tick = write_down};
        const product sent = explore_first_sent(&m);
        explored e;
        explore(&m, &(explore_limits){1000000, 0, i ? &sent : NULL}, &e);
        CHECK(!e.found || without, "%s", breach_text(e.found));
        explore_free(&e);
    }
}

/* ---- one tick of the conduct ---- */

_Static_assert((int)BOOK_RECORDING == STAGE_RECORDING && (int)BOOK_UNSENT == STAGE_UNSENT &&
                   (int)BOOK_SENT == STAGE_SENT && (int)BOOK_OPEN == STAGE_OPEN,
               "the stages are those of conduct_private.h");

typedef struct walk {
    world w;
    fl_random random;
    unsigned long ticks, sent, booked, unknown, kills, strange;
    tick_note first_strange;
} walk;

static unsigned outcome_of(const fl_gl1_status *status, const books *b)
{
    static const uint8_t as[] = {OUT_NONE,    OUT_WAITING, OUT_ACCEPTED, OUT_NAKED,
                                 OUT_UNKNOWN, OUT_FOUND,   OUT_FOUND,    OUT_FOUND};
    return status->grant == b->gid ? as[status->outcome] : OUT_NONE;
}

static void tick(walk *k)
{
    fl_conduct *c = k->w.conduct;
    fl_gl1_status status;
    fl_gl1_listen(&c->link); /* the tick's own listen then finds nothing new */
    fl_gl1_look(&c->link, &status);
    const books before = c->books;
    tick_note note = {.mode = (uint8_t)mode_index(fl_conduct_state(c)),
                      .stage = (uint8_t)before.stage,
                      .outcome = (uint8_t)outcome_of(&status, &before),
                      .link = status.link && status.has_stat,
                      .recovered = before.recovered};
    const uint64_t more = status.stat.pulses - before.expected;
    if (note.link && before.known) note.shown = (int8_t)(more <= 1 ? more : 2);
    fl_conduct_tick(c);
    note.mode_after = (uint8_t)mode_index(fl_conduct_state(c));
    note.stage_after = (uint8_t)c->books.stage;
    note.booked =
        before.stage == STAGE_SENT && c->books.stage != STAGE_SENT && c->books.certain > before.certain;
    note.sent = c->books.stage == STAGE_SENT && before.stage != STAGE_SENT;
    const uint32_t kind = kind_of(&note);
    kinds_met += mark(met, kind);
    if (!(known[kind >> 3] >> (kind & 7) & 1) && !k->strange++) k->first_strange = note;
    k->ticks++;
    k->sent += note.sent;
    k->booked += note.booked;
    k->unknown += note.stage_after == BOOK_OPEN && before.stage != STAGE_OPEN;
}

static void run(walk *k, unsigned ms)
{
    world *w = &k->w;
    for (unsigned i = 0; i < ms; i++) {
        w->us += 1000;
        twin_tick(&w->laser, (uint64_t)(w->us / 1000));
        if (w->waiting) fl_conduct_listen(w->conduct);
        if (w->us / 1000 % 10 == 0) tick(k);
    }
}

/* ---- a session in which everything goes wrong ---- */

static unsigned dice(walk *k, unsigned sides)
{
    return (unsigned)(fl_random_u64(&k->random) % sides);
}

/* What a person does to get back to READY. */
static void recover(walk *k)
{
    world *w = &k->w;
    world_foot(w, false);
    room_switch(&w->laser.room, GL1_IN_DOOR_A | GL1_IN_DOOR_B | GL1_IN_COVERS, true);
    w->dead_line = false;
    for (int i = 0; i < 12 && world_mode(w) != FL_MODE_STANDBY; i++) {
        run(k, 400);
        if (world_mode(w) == FL_MODE_FAULT) world_order(w, FL_DO_RESET, "", w->conduct->fault);
    }
    if (w->conduct->needs_supervisor) world_reconcile(w, "op:9");
    if (!w->conduct->who[0]) {
        world_sign_in(w, "op:17");
        world_order(w, FL_DO_ZONE, "MID", -1);
    }
    if (!w->conduct->eyewear[0]) world_order(w, FL_DO_EYEWEAR, "OD7 M LB9", 755);
    run(k, 500);
    world_order(w, FL_DO_ARM, "", -1);
    for (int i = 0; i < 40 && world_mode(w) != FL_MODE_READY; i++) run(k, 100);
}

static void kill_and_start(walk *k)
{
    world_kill(&k->w);
    k->w.us += 1000 * (int64_t)dice(k, 200);
    world_start(&k->w);
    k->kills++;
}

static void until_sent(walk *k)
{
    for (int i = 0; i < 300 && k->w.conduct->books.stage != STAGE_SENT; i++) run(k, 1);
}

static void mishap(walk *k)
{
    world *w = &k->w;
    switch (dice(k, 8)) {
    case 0: /* some frames are lost, both ways */
        w->dead_line = true;
        run(k, 1 + dice(k, 120));
        w->dead_line = false;
        break;
    case 1:
    case 2: /* the answer to a grant is lost, and what follows */
        until_sent(k);
        w->waiting = 0;
        w->dead_line = true;
        run(k, 1 + dice(k, 120));
        w->dead_line = false;
        break;
    case 3: world_foot(w, false); break;
    case 4: room_switch(&w->laser.room, GL1_IN_DOOR_A | GL1_IN_DOOR_B, false); break;
    case 5: room_switch(&w->laser.room, GL1_IN_COVERS, false); break;
    case 6: w->conduct->cmd = FL_CMD_STANDBY; break; /* as an order of a person */
    default:
        if (dice(k, 2)) until_sent(k);
        kill_and_start(k);
    }
    run(k, dice(k, 400));
}

static void session(walk *k, uint64_t seed, int mishaps)
{
    memset(k, 0, sizeof *k);
    fl_random_init(&k->random, seed, 4);
    world_open(&k->w, HELPER_NO_TESTS);
    world_ready(&k->w, "MID");
    for (int i = 0; i < mishaps; i++) {
        if (world_mode(&k->w) != FL_MODE_READY) recover(k);
        world_foot(&k->w, true);
        run(k, 60 + dice(k, 700));
        mishap(k);
    }
    world_close(&k->w);
}

static void no_tick_the_model_has_not(void)
{
    static walk k;
    unsigned long ticks = 0, sent = 0, booked = 0, unknown = 0, kills = 0;
    explore_kinds(0);
    for (uint64_t seed = 1; seed <= 4; seed++) {
        session(&k, seed, 40);
        const tick_note *n = &k.first_strange;
        CHECK(k.strange == 0,
              "seed %llu: %lu ticks the model has not; the first: %s+%x stage %d outcome %d shown %d link %d "
              "recovered %d -> %s+%x stage %d booked %d sent %d",
              (unsigned long long)seed, k.strange, fl_mode_word(mode_state(n->mode).mode),
              mode_state(n->mode).flags, n->stage, n->outcome, n->shown, n->link, n->recovered,
              fl_mode_word(mode_state(n->mode_after).mode), mode_state(n->mode_after).flags, n->stage_after,
              n->booked, n->sent);
        ticks += k.ticks;
        sent += k.sent;
        booked += k.booked;
        unknown += k.unknown;
        kills += k.kills;
    }
    printf(
        "\n    %lu ticks of %u kinds (the model has %u); %lu grants, %lu reports, %lu unknown, %lu kills; ",
        ticks, kinds_met, kinds, sent, booked, unknown, kills);
    CHECK(sent > 100 && unknown > 8 && kills > 8, "too tame: %lu grants, %lu unknown, %lu kills", sent,
          unknown, kills);
}

/* Compared with a model that differs, the same conduct is strange. */
static void a_different_model_is_seen(void)
{
    static walk k;
    explore_kinds(RULE_OUTSTANDING | RULE_SETTLE);
    for (uint64_t seed = 1; seed <= 4 && !k.strange; seed++) session(&k, seed, 40);
    CHECK(k.strange > 0, "a model that never closes an open grant fits the conduct");
}

FL_TESTS("product/conduct", TEST(no_tick_the_model_has_not), TEST(a_different_model_is_seen))
