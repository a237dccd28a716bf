/* What stands below the program in the simulation: time, chance, files, and sockets, all in memory.
 *
 * The tests are linked with --wrap (tests/CMakeLists.txt): the program's own calls for the system's clock,
 * its random bytes, its files and its sockets come here. The program itself is the one that ships.
 *
 *     sim_os_begin(seed);
 *     sim_os_set(now_us, boot_us, utc_us);
 *     int face = sim_dial();                        // a screen connects to the control process
 *     sim_say(face, "{\"do\":\"here\",...}\n");
 *     sim_hang_up(face);
 */
#ifndef FL_TESTS_SIMULATION_OS_H
#define FL_TESTS_SIMULATION_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_HOME "/simulated/home"
#define SIM_JOURNAL "/simulated/journal"

void sim_os_begin(uint64_t seed);
void sim_os_set(int64_t now_us, int64_t boot_us, int64_t utc_us);
int64_t sim_os_utc_us(void);

/* A running digest: every byte that crossed a border of the program, in order. */
uint64_t sim_mix(uint64_t digest, const void *bytes, size_t size);
extern uint64_t sim_digest;
static inline void sim_note(const void *bytes, size_t size)
{
    sim_digest = sim_mix(sim_digest, bytes, size);
}

/* ---- sockets; the other end is a person's screen ---- */

#define SIM_LINES 4
int sim_dial(void); /* 0 .. SIM_LINES - 1, or -1: nobody listens, or no line is free */
void sim_say(int line, const char *bytes, size_t size);
void sim_hang_up(int line);
void sim_stop_reading(int line, bool stopped); /* the other side fills up */
bool sim_is_connected(int line);               /* as far as this end knows */
bool sim_has_news(void);                       /* something waits for the program */
void sim_all_sockets_die(void);                /* the process was killed */

/* The state of clocks and lines, to come back to; only while nothing is under way on a line. */
typedef struct sim_os_kept {
    char lines[SIM_LINES * 64];
    int64_t now_us, boot_us, utc_us;
} sim_os_kept;
void sim_os_keep(sim_os_kept *kept);
void sim_os_return(const sim_os_kept *kept);

/* When nothing real may be written: appends of the journal answer "done" and go nowhere. */
typedef enum sim_append {
    SIM_APPEND_REAL,
    SIM_APPEND_PRETEND,
    SIM_APPEND_FORGETS_GRANTS,
    SIM_APPEND_FORGETS_PULSES
} sim_append;
extern sim_append sim_append_mode;
#endif
