/* Sim: one life of the whole program above the device, from one seed.
 *
 *     sim_report total = { 0 };
 *     sim_options options = { .seed = 7, .pulses = 250 };
 *     const sim_verdict verdict = sim_live(&options, &total);      // one life
 *     if (!verdict.good) puts(verdict.what);
 *     sim_report_print(&total, stdout);
 *
 * A life is some days of a clinic: plans, a person at a screen with a foot, everything in the room that
 * moves, and faults of laser, line, disk, clock, screens and process. Above the line everything is the
 * program that ships: interlock, adapter, link, conduct, writer, journal on SQLite, socket server and its
 * parser. Below it everything is simulated, and the laser is the twin's own device and room. Same seed, same
 * bytes: `digest` covers every byte on the wire and on the sockets, every judged state, and at the end every
 * byte of the disk.
 *
 *     sim_world    time, and the control process with its loop
 *     sim_line     the line and the laser at its end
 *     sim_person   who works there: wants to treat, puts right what is wrong
 *     sim_chaos    what goes wrong, and when; each thing is a function of sim_acts
 *     sim_oracle   what must hold, known from the room and the device, not from the program
 *     sim_report   what was reached
 */
#ifndef FL_TESTS_SIMULATION_SIM_H
#define FL_TESTS_SIMULATION_SIM_H

#include "sim_disk.h"
#include "sim_os.h"
#include "sim_report.h"

#include <stdlib.h>
#include <string.h>

#include "../../src/session/conduct_private.h"
#include "../../src/session/turn.h"
#include "../../src/twin/device_file.h"
#include "../../src/twin/twin.h"

typedef enum sim_variant { /* deliberately wrong worlds: each must be caught by the oracle */
                           SIM_TRUE,
                           SIM_DISK_LIES,      /* syncs that are none */
                           SIM_FIRES_TWICE,    /* a device that makes two pulses of one grant, now and then */
                           SIM_FORGETS_GRANTS, /* a journal that says "done" and wrote no grant */
                           SIM_SLOW_DEVICE_CLOCK, /* a device whose milliseconds are ten: grants live too long
                                                   */
                           SIM_FOOT_IGNORED,   /* a device that fires with the foot up and the chain open */
                           SIM_FORGETS_PULSES, /* a journal that drops the ends of grants */
                           SIM_VARIANTS
} sim_variant;
const char *sim_variant_name(sim_variant variant);

typedef struct sim_options {
    uint64_t seed;
    unsigned pulses; /* the life ends when the laser has made so many, or its days are over */
    sim_variant variant;
    bool loud;
    bool stays; /* a process that ended is not freed: for test_drops, which comes back to before */
} sim_options;

typedef struct sim_verdict {
    bool good;
    char what[400]; /* the first thing that did not hold */
    uint64_t digest;
    fl_hash root;
    uint64_t pulses;
} sim_verdict;

sim_verdict sim_live(const sim_options *options, sim_report *report);

/* ---- inside ---- */

#define SIM_TODOS 48
#define SIM_GRANTS 4096
#define SIM_PLANS 64
#define SIM_ROOM_BOUND_US 110000 /* T_LINK and a tick: no permit with a bad room for longer */
#define SIM_DROP_BOUND_US 50000  /* T_TICK and T_GRANT: no pulse later than this after a host-only cause */
#define SIM_KILL_BOUND_US 40000  /* T_GRANT */

typedef enum sim_do { /* what was put off */
                      SIM_DO_NOTHING,
                      SIM_DO_SWITCH, /* mask, on */
                      SIM_DO_HEAL_DISK_SPACE,
                      SIM_DO_SPOT,
                      SIM_DO_HANDPIECE,
                      SIM_DO_SELF_TEST,
                      SIM_DO_READ_AGAIN, /* line */
                      SIM_DO_LASER_ON,
                      SIM_DO_TALK_AGAIN,
                      SIM_DO_WIRE_GOOD,
                      SIM_DO_TRUTH,         /* the line stops lying */
                      SIM_DO_SILENCE_TELLS, /* two seconds without a word are over */
                      SIM_DO_CABLE,
                      SIM_DO_ORDER_CAL,
                      SIM_DO_STANDBY,
                      SIM_DO_DISK_FAST,
} sim_do;

typedef struct sim_todo {
    int64_t at_us;
    sim_do what;
    uint32_t number;
    bool on;
} sim_todo;

typedef struct sim_grant { /* what really became of grant number g */
    bool sent, fired;
    int64_t sent_us, fired_us;
} sim_grant;

typedef struct sim_plan {
    fl_plan *plan;
    char hex[2 * FL_SHA256_SIZE + 1];
    int day;
} sim_plan;

typedef struct sim_wire { /* host to laser; the way back is the twin's own */
    double drop_percent, duplicate_percent, corrupt_percent;
    int64_t delay_us, grant_delay_us; /* at most so late; every grant so late */
    unsigned count;
    struct {
        int64_t due_us;
        size_t size;
        char bytes[300];
    } under_way[32];
    char to_host[16384];
    size_t waiting;
    bool cut;              /* nothing arrives on either side */
    uint32_t lie_0, lie_1; /* inputs that every STAT shows so, with a good check: firmware that errs */
    int64_t bytes_left;    /* the process dies when it has written so many more; -1 */
} sim_wire;

typedef struct sim_host {
    fl_journal *journal;
    fl_writer *writer;
    fl_doorman *doorman;
    fl_faces *faces;
    fl_conduct *conduct; /* NULL: no process */
    fl_carrier carrier;
    fl_past past;
    bool dead;               /* killed in the middle of something: to be buried */
    int64_t frozen_until_us; /* SIGSTOP, or a machine that has no time */
    fl_turn turn;
    int64_t disk_ready_us; /* when the transaction under way is on the disk; 0: none */
    int64_t next_look_us, disk_latency_us;
    bool idle; /* nothing waits for the disk; asked after every turn */
    uint64_t free_bytes;
} sim_host;

typedef struct sim_person {
    int line, second; /* screens; -1: none */
    int64_t order, second_order;
    int64_t think_us, here_us;
    bool silent;
    unsigned burst; /* pulses until the foot is lifted */
    uint64_t burst_from;
    bool foot;
    int64_t proving_us; /* switches are being moved until then */
    uint64_t doubt;     /* tries that came to nothing */
    unsigned day_pulses;
    bool wants_end, day_over;
    int64_t start_us;    /* when the process is started again */
    int64_t said_us;     /* newest word on the first screen */
    unsigned wrong_pins; /* to be typed before the right one */
    bool leaving;        /* the order `end` was given */
} sim_person;

typedef struct sim_chaos {
    int64_t next_us, latest_us;
    uint64_t next_pulse;
    int attack; /* index; -1: none waits */
    unsigned cue;
    unsigned delay_ms;
    int64_t since_us;
    sim_todo todo[SIM_TODOS];
    unsigned todo_count;
    int64_t lies_until_us; /* something told the device or the host an untruth until then */
    int64_t k_lies_until_us;
    bool k_lied, calibrates, damaged, space_low;
    bool writer_failed; /* and the oracle knows */
} sim_chaos;

typedef struct sim_oracle {
    sim_grant grants[SIM_GRANTS];
    uint64_t k, g;  /* of the device when last looked at */
    uint64_t extra; /* pulses a fault made by itself, not seen in k yet */
    uint64_t fired, granted;
    int64_t emit_us;     /* newest tick whose table row permits */
    bool emit;           /* in force */
    int64_t room_bad_us; /* since when the room is not good; 0: it is */
    int64_t host_bad_us; /* newest host-only cause that no new ARM has ended; 0: none */
    int64_t host_bad_tick;
    unsigned host_bad_ticks;
    bool host_bad_open; /* not yet seen by the host */
    int64_t room_bad_tick;
    bool room_bad_open;
    unsigned room_bad_ticks;
    int64_t killed_us;
    unsigned after_kill;
    int last_cause;
    fl_hash root; /* of the journal, at the end */
    bool broken;
    char what[400];
} sim_oracle;

typedef struct sim {
    sim_options options;
    sim_report *report;
    fl_random dice, chance, line_dice, disk_dice;

    int64_t us, asleep_us, wall_us, device_us;
    int day;
    fl_clock clock;

    device_file *file;
    twin laser;
    bool laser_on;
    nvm_record kept;
    unsigned power_ups;

    sim_wire wire;
    sim_host host;
    sim_person person;
    sim_chaos chaos;
    sim_oracle oracle;

    sim_plan plans[SIM_PLANS];
    unsigned plan_count;
    fl_plan *plan; /* of today */
    fl_date today;
    unsigned clients;
    bool over;
} sim;

/* sim_line */
extern const fl_carrier_kind line_kind; /* the host's end of it */
void line_ms(sim *s);
void world_laser_off(sim *s);
void world_laser_on(sim *s);

/* sim_world */
void world_begin(sim *s, const sim_options *options, sim_report *report);
void world_end(sim *s);
void world_ms(sim *s);
bool world_start_host(sim *s);
void world_bury(sim *s, bool power_cut); /* after a kill: what it had is freed, nothing of it is written */
void world_leave(sim *s);                /* a good exit */
fl_mode world_mode(const sim *s);
bool world_is_firing(fl_mode mode);
void world_new_plan(sim *s, bool new_client);

/* sim_person */
void person_begin(sim *s);
void person_step(sim *s);
void person_say(sim *s, const char *format, ...)
    FL_PRINTF(2, 3); /* an order without its number: %lld stands for it */
bool person_is_satisfied(const sim *s);

/* sim_chaos */
void chaos_begin(sim *s);
void chaos_ms(sim *s);
void chaos_later(sim *s, int64_t after_us, sim_do what, uint32_t number, bool on);
unsigned chaos_count(void);
const char *chaos_name(unsigned number);

/* sim_oracle */
void oracle_begin(sim *s);
void oracle_laser(sim *s);                                /* after everything the laser may have done */
void oracle_room(sim *s);                                 /* once a ms */
void oracle_tick(sim *s);                                 /* after every tick of the host */
void oracle_sent(sim *s, const char *bytes, size_t size); /* what the host put on the wire */
void oracle_host_cause(sim *s, sim_cause cause);          /* a host-only condition went bad now */
void oracle_killed(sim *s);
void oracle_books(sim *s); /* at the end of a life: the journal against the truth */
void oracle_wrong(sim *s, const char *format, ...) FL_PRINTF(2, 3);

/* A GRANT, whole or cut, anywhere in these bytes. */
static inline bool sim_says_grant(const char *bytes, size_t size)
{
    const char *end = bytes + size;
    for (const char *at = bytes; (at = memchr(at, 'G', (size_t)(end - at))); at++)
        if (at > bytes && end - at >= 6 && memcmp(at - 1, " GRANT ", 7) == 0) return true;
    return false;
}

static inline uint64_t sim_below(fl_random *random, uint64_t n)
{
    return n ? fl_random_u64(random) % n : 0;
}
static inline bool sim_percent(fl_random *random, double percent)
{
    return fl_random_uniform(random) * 100.0 < percent;
}
#endif
