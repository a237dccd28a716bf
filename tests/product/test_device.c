/* labels: unit proof   timeout: 120   fast */
/* The laser of the model against the laser of src/twin, in lock-step on random schedules: the same requests,
 * in any order, late, doubled or lost, the same foot, loop, shutters, edits and power cuts. A beat is the 40
 * ms of a grant's life. After each move both must agree on state, commitment, drive, k, g and answer.
 *
 * Two-frame orders (SET and COMMIT, ARM? and ARM) are one request of the model; here both frames bear its
 * number. The pulse rate is taken out: the model's laser never refuses for RATE.
 */
#include "check.h"
#include "helper_model.h"

#include "../twin/helper_bench.h"

#include "fadeline/base/random.h"

#define MOVES 400000
#define BEAT_MS 40

typedef struct request {
    uint32_t number, ep;
    uint64_t gid;
    char body[200];
} request;

typedef struct pair {
    fl_random random;
    bench b;
    product w;
    request log[16];  /* by number */
    uint32_t newest;  /* of the present session */
    request hello;    /* at most one in flight */
    uint64_t gids[3]; /* by generation */
    uint64_t gid;     /* newest ever */
    struct {
        uint32_t number;
        uint64_t ms;
    } stats[4]; /* of the present session */
    unsigned stat_count, unheard;
    unsigned long moves, grants, pulses, naks, cuts, ready;
    char last[240];
    bool differs;
} pair;

static const model rules = {.frames = FLYING, .ga = 1, .lost = 2, .wd = 2};

static unsigned dice(pair *p, unsigned sides)
{
    return (unsigned)(fl_random_u64(&p->random) % sides);
}

/* ---- the host's part: one request in both languages ---- */

static void log_grant(pair *p, request *r, frame *f)
{
    if (dice(p, 4) || !p->gids[0]) { /* a new number: every frame in flight is a generation older */
        p->gids[2] = p->gids[1];
        p->gids[1] = p->gids[0];
        p->gids[0] = ++p->gid;
        for (unsigned i = 0; i < FLYING; i++) {
            frame old = frame_read(*product_fly(&p->w, i));
            if (old.type != ASK_GRANT) continue;
            old.gen = old.gen < 3 ? old.gen + 1 : 3;
            *product_fly(&p->w, i) = old.gen < 3 ? frame_write(old) : 0;
        }
        if (p->w.g_lag < 3) p->w.g_lag++;
    }
    const unsigned i = p->stat_count ? dice(p, p->stat_count < 4 ? p->stat_count : 4) : 0;
    const uint64_t beats = (p->b.now_ms - p->stats[i].ms) / BEAT_MS;
    const bool fits = dice(p, 8) != 0;
    f->age = (uint8_t)(beats > 2 || !p->stat_count ? 2 : beats);
    f->gen = 0;
    f->fits = fits;
    r->gid = p->gids[0];
    snprintf(r->body, sizeof r->body,
             "GRANT g=%016llX f=%08X ep=%08X k=%016llX en=200000 sp=4000 pu=T ph=" BENCH_PLAN,
             (unsigned long long)r->gid, p->stat_count ? (unsigned)p->stats[i].number : 1u, (unsigned)r->ep,
             (unsigned long long)p->b.device.kept.k - (fits ? 0 : 1));
    p->grants++;
}

static void send(pair *p, unsigned type)
{
    if (!p->w.session || p->unheard >= 4) type = ASK_HELLO; /* four in a row: a new session */
    if (type == ASK_HELLO && p->hello.number) return;
    frame f = {.type = (uint8_t)type, .ep = true};
    request *r = type == ASK_HELLO ? &p->hello : &p->log[(p->newest + 1) % 16];
    *r = (request){.ep = p->b.device.epoch};
    r->number = type == ASK_HELLO ? p->b.number += 100 : ++p->newest;
    if (type == ASK_HELLO) {
        f.shut = true;
        snprintf(r->body, sizeof r->body, "HELLO v=1 hn=%08X", (unsigned)fl_random_u64(&p->random) | 1u);
    } else if (type == ASK_POLL) {
        f.shut = dice(p, 4) != 0;
        snprintf(r->body, sizeof r->body, "POLL sh=%d", f.shut);
    } else if (type == ASK_STOP) {
        snprintf(r->body, sizeof r->body, "STOP");
    } else if (type == ASK_GRANT) {
        log_grant(p, r, &f);
    }
    p->w.asked = (uint16_t)type;
    laser_send(&rules, &p->w, f);
    p->unheard++;
}

static void feel(pair *p);

/* ---- the wire's part: frame i arrives at both ---- */

static const char *say(pair *p, const request *r, const char *body)
{
    return bench_ask_as(&p->b, p->b.device.session, r->number, body);
}

/* The second half of a two-frame order bears the same number; only when the first was obeyed. */
static const char *say_pair(pair *p, unsigned type, const request *r)
{
    char body[200];
    const char *first = say(p, r, type == ASK_SETUP ? "SET EN=200000 RR=10000 SP=4000 WL=1064" : "ARM?");
    if (strncmp(first, "SHDW", 4) != 0 && strncmp(first, "CHAL", 4) != 0) return first;
    const unsigned ep = (unsigned)strtoul(strstr(first, "ep=") + 3, NULL, 16);
    if (type == ASK_SETUP)
        snprintf(body, sizeof body, "COMMIT ep=%08X dg=%.8s ph=" BENCH_PLAN, ep, strstr(first, "dg=") + 3);
    else
        snprintf(body, sizeof body, "ARM ch=%.8s ep=%08X", strstr(first, "ch=") + 3, (unsigned)r->ep);
    p->b.device.number--;
    return say(p, r, body);
}

static void adopt_session(pair *p)
{
    p->newest = p->hello.number;
    p->hello.number = 0;
    p->stat_count = p->unheard = 0;
    p->w.alive = p->w.phase = p->w.same = 1;
    p->w.hello_now = p->w.hello_old = 0;
}

static void hear_hello(pair *p, unsigned i)
{
    p->w.same = p->w.hello_now = 0; /* it is a new one: a host that greets has no session */
    bench_ask_as(&p->b, 0, p->hello.number, p->hello.body);
    laser_hear(&rules, &p->w, i, false, false);
    adopt_session(p);
}

static void note_stat(pair *p, const request *r)
{
    memmove(p->stats + 1, p->stats, 3 * sizeof p->stats[0]);
    p->stats[0].number = r->number;
    p->stats[0].ms = p->b.now_ms;
    if (p->stat_count < 4) p->stat_count++;
}

static void compare_answers(pair *p, const frame *f, const char *body, bool old)
{
    if (f->lag || old || p->w.asked != f->type) return;
    const unsigned real = strncmp(body, "STAT", 4) == 0  ? ANS_STAT
                          : strncmp(body, "NAK", 3) == 0 ? ANS_NAK
                                                         : ANS_NONE;
    p->differs |= real != p->w.ans;
    p->naks += real == ANS_NAK;
    if (f->type == ASK_GRANT && real == ANS_NAK) { /* the host is told to commit again, or not */
        const bool commitment = strstr(body, "EPOCH") || strstr(body, "PLAN");
        p->differs |= commitment != (p->w.c_note != 0);
    }
}

static void hear(pair *p)
{
    const unsigned i = dice(p, FLYING);
    const frame f = frame_read(*product_fly(&p->w, i));
    if (!f.type) return;
    if (f.type == ASK_HELLO) {
        hear_hello(p, i);
        return;
    }
    if (!p->w.session) {
        *product_fly(&p->w, i) = 0;
        return;
    }
    const request *r = &p->log[(p->newest - f.lag) % 16];
    const bool cut = f.type == ASK_GRANT && dice(p, 12) == 0, copy = dice(p, 4) == 0;
    const uint64_t pulses = p->b.pulses, k = p->b.device.kept.k;
    const bool old = f.lag >= p->w.n_lag;
    p->w.ans = 0;
    p->w.jd = 0;
    p->b.power_cut = cut;
    const char *body = f.type == ASK_SETUP || f.type == ASK_ARM ? say_pair(p, f.type, r) : say(p, r, r->body);
    laser_hear(&rules, &p->w, i, copy, cut && !old);
    if (!old) p->unheard = 0;
    const bool counted = p->b.device.kept.k != k;
    p->differs |= counted != (p->w.jd != 0) || (p->b.pulses != pulses) != (counted && !cut);
    if (cut && counted) {
        p->cuts++;
        bench_power_cycle(&p->b);
        p->w.open = 0; /* the bench shuts them */
        gl1_device_tick(&p->b.device, p->b.now_ms);
    } else {
        compare_answers(p, &f, body, old);
        if (!old && p->b.device.number == r->number && strncmp(body, "STAT", 4) == 0) note_stat(p, r);
    }
    p->b.power_cut = false;
    p->b.device.has_pulsed = false;     /* no rate */
    if (p->b.pulses != pulses) feel(p); /* and the loop sees its flash before the next one */
    p->pulses += p->b.pulses != pulses;
}

/* ---- room, time, hands ---- */

static void feel(pair *p)
{
    gl1_device_tick(&p->b.device, p->b.now_ms);
    laser_feel(&p->w);
}

static void shutters_follow(pair *p)
{
    p->w.open = p->w.want;
    p->b.shutters = p->b.out & GL1_OUT_SHUTTERS ? BENCH_OPEN : BENCH_SHUT;
    feel(p);
}

static void beat(pair *p)
{
    if (p->w.open && !p->w.want) shutters_follow(p); /* a stuck shutter is a FAULT that the model has not */
    bench_tick(&p->b, BEAT_MS);
    product_beat(&rules, &p->w);
    const bool cold = p->w.st != LASER_WARN && p->w.st != LASER_READY;
    if (cold && p->w.session && !p->b.device.in_session) laser_safe(&rules, &p->w); /* cold silence */
}

static void room(pair *p)
{
    static const uint32_t opens[] = {GL1_IN_DOOR_A, GL1_IN_COVERS, GL1_IN_ESTOP_B, GL1_IN_KEY};
    unsigned what = dice(p, 12);
    if (dice(p, 3)) { /* a room that wants to come somewhere */
        const bool down = p->w.st == LASER_READY;
        what = p->w.foot != down ? 0 : p->w.loop ? 6 : 8;
    }
    if (what < 6) {
        p->w.foot ^= 1;
        p->b.contacts ^= BENCH_FEET;
    } else if (what < 8) {
        p->w.loop = p->w.loop ? LOOP_GOOD : LOOP_SOFT + dice(p, 4);
        p->b.contacts = BENCH_GOOD | (p->b.contacts & BENCH_FEET);
        if (p->w.loop) p->b.contacts &= ~opens[p->w.loop - LOOP_SOFT];
    }
    feel(p);
    if (what >= 8) shutters_follow(p);
}

static void ready(pair *p)
{
    if (p->w.st != LASER_WARN || !p->w.warm) return;
    p->b.device.warned_ms -= p->b.make.wa_ms;
    gl1_device_tick(&p->b.device, p->b.now_ms);
    p->w.st = LASER_READY;
    laser_feel(&p->w);
    p->ready++;
}

static void hands(pair *p)
{
    const gl1_settings edited = {100000, 10000, 4000, 1064};
    switch (dice(p, 4)) {
    case 0:
        bench_raw(&p->b, "!\n");
        laser_safe(&rules, &p->w);
        break;
    case 1:
        gl1_device_panel(&p->b.device, &edited);
        laser_panel(&p->w);
        break;
    case 2:
        bench_power_cycle(&p->b);
        laser_cut(&p->w);
        p->w.open = 0; /* the bench shuts them */
        gl1_device_tick(&p->b.device, p->b.now_ms);
        break;
    default: *product_fly(&p->w, dice(p, FLYING)) = 0; /* lost on the way */
    }
    bool hello = false;
    for (unsigned i = 0; i < FLYING; i++) hello |= frame_read(*product_fly(&p->w, i)).type == ASK_HELLO;
    if (!hello) p->hello.number = 0;
}

/* ---- both ---- */

static void compare(pair *p)
{
    static const gl1_state states[] = {GL1_SAFE, GL1_STBY, GL1_WARN, GL1_READY};
    const gl1_device *d = &p->b.device;
    bool plan = false;
    for (size_t i = 0; i < sizeof d->plan; i++) plan |= d->plan[i] != 0;
    const bool g = p->w.g_lag >= 3 || !p->gid || d->kept.g == p->gids[p->w.g_lag];
    p->differs |= d->state != states[p->w.st] || plan != p->w.commit || d->in_session != p->w.session ||
                  d->taken != p->w.taken || d->want_open != p->w.want || !g;
    snprintf(p->last, sizeof p->last,
             "twin state %d plan %d session %d open %d, model state %d plan %d session %d open %d g-%d",
             (int)d->state, plan, d->in_session, d->want_open, p->w.st, p->w.commit, p->w.session, p->w.want,
             p->w.g_lag);
}

static void one_move(pair *p)
{
    const unsigned what = dice(p, 100);
    static const uint8_t likely[] = {ASK_POLL,  ASK_POLL, ASK_POLL,  ASK_GRANT, ASK_GRANT,
                                     ASK_GRANT, ASK_ARM,  ASK_SETUP, ASK_STOP,  ASK_HELLO};
    if (what < 30) {
        /* A host that wants to come somewhere: what the state calls for, mostly. */
        static const uint8_t next[] = {ASK_POLL, ASK_SETUP, ASK_POLL, ASK_GRANT};
        unsigned type = likely[dice(p, 10)];
        if (dice(p, 10)) type = p->w.st == LASER_STBY && p->w.commit ? ASK_ARM : next[p->w.st];
        if (type == ASK_GRANT && !p->w.open) type = ASK_POLL;
        send(p, type);
    } else if (what < 73)
        hear(p);
    else if (what < 80)
        beat(p);
    else if (what < 90)
        room(p);
    else if (what < 99 || dice(p, 4))
        ready(p);
    else
        hands(p);
    p->moves++;
    compare(p);
}

static void start(pair *p, uint64_t seed)
{
    *p = (pair){.w = product_start()};
    fl_random_init(&p->random, seed, 9);
    bench_init(&p->b);
    p->b.follow = false;
    p->gid = 0x122;
    p->b.now_ms = 1000;
    gl1_device_tick(&p->b.device, p->b.now_ms);
}

static void model_and_twin_agree(void)
{
    static pair p;
    unsigned long moves = 0, grants = 0, pulses = 0, naks = 0, cuts = 0;
    for (uint64_t seed = 1; moves < MOVES; seed++) {
        start(&p, seed);
        for (int i = 0; i < 5000 && !p.differs; i++) one_move(&p);
        CHECK(!p.differs, "seed %llu, move %lu: %s; the last answer '%s'", (unsigned long long)seed, p.moves,
              p.last, p.b.body);
        if (p.differs) return;
        moves += p.moves;
        grants += p.grants;
        pulses += p.pulses;
        naks += p.naks;
        cuts += p.cuts;
    }
    printf("\n    %lu moves, %lu grants, %lu pulses, %lu refusals, %lu cuts between keep and trigger; ",
           moves, grants, pulses, naks, cuts);
    CHECK(pulses > MOVES / 1000 && naks > 1000 && cuts > 10, "too tame: %lu pulses, %lu refusals, %lu cuts",
          pulses, naks, cuts);
}

/* The comparison sees a laser that differs: one that forgets to count, one that opens without a foot. */
static void a_different_laser_is_seen(void)
{
    static pair p;
    bool seen = false;
    for (uint64_t seed = 1; seed < 20 && !seen; seed++) {
        start(&p, seed);
        for (int i = 0; i < 5000 && !p.differs; i++) {
            one_move(&p);
            if (p.w.st == LASER_READY && p.b.device.state == GL1_READY) p.b.device.kept.g += 1000;
        }
        seen = p.differs;
    }
    CHECK(seen, "a laser whose grant number jumps looks like the model");
}

FL_TESTS("product/device", TEST(model_and_twin_agree), TEST(a_different_laser_is_seen))
