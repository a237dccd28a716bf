#include "sim_report.h"

#include "sim.h"

const char *sim_cause_name(sim_cause cause)
{
    static const char *const names[SIM_CAUSES] = {"standby", "sign-out",   "endpoint", "end",     "silent",
                                                  "hang-up", "disk space", "disk",     "suspend", "frozen",
                                                  "damage",  "condition",  "kill"};
    return names[cause];
}

static void print_list(const char *title, const uint64_t *counts, unsigned count,
                       const char *(*name)(unsigned), FILE *out)
{
    fprintf(out, "%s\n", title);
    for (unsigned i = 0; i < count; i++)
        fprintf(out, "  %-26s %10llu%s", name(i), (unsigned long long)counts[i],
                i % 3 == 2 || i + 1 == count ? "\n" : "");
}

void sim_report_print(const sim_report *r, FILE *out)
{
    fprintf(out, "SIMULATED: %llu lives, %llu failed, %llu days, %.2f h of simulated time\n",
            (unsigned long long)r->lives, (unsigned long long)r->failed, (unsigned long long)r->days,
            (double)r->simulated_ms / 3.6e6);
    fprintf(out,
            "pulses %llu of %llu grants, faults %llu, starts %llu, kills %llu (%llu with a power cut), ticks "
            "%llu, frames %llu\n",
            (unsigned long long)r->pulses, (unsigned long long)r->grants, (unsigned long long)r->faults,
            (unsigned long long)r->starts, (unsigned long long)r->kills, (unsigned long long)r->power_cuts,
            (unsigned long long)r->ticks, (unsigned long long)r->frames);
    fprintf(out, "orders %llu, refused %llu; journals verified %llu with %llu entries\n",
            (unsigned long long)r->orders, (unsigned long long)r->refused, (unsigned long long)r->verified,
            (unsigned long long)r->entries);
    fprintf(out, "pulses looked up on the disk %llu, counters compared at rest %llu\n",
            (unsigned long long)r->checks, (unsigned long long)r->rests);
    fprintf(out, "pulses after a kill %llu; longest permit after the room went bad %lld ms\n",
            (unsigned long long)r->pulses_after_kill, (long long)r->permit_room_worst_us / 1000);
    fprintf(out, "rows of the table\n");
    for (int i = 1; i < SIM_ROWS; i++)
        fprintf(out, "  %2d %10llu%s", i, (unsigned long long)r->rows[i],
                i % 8 == 0 || i == SIM_ROWS - 1 ? "\n" : "");
    print_list("faults", r->attacks, chaos_count(), chaos_name, out);
    fprintf(out, "host-only causes while firing, and the newest pulse after one\n");
    uint64_t all = 0;
    for (int i = 0; i < SIM_CAUSES; i++) {
        all += r->drops[i];
        fprintf(out, "  %-10s %10llu %4lld ms%s", sim_cause_name((sim_cause)i),
                (unsigned long long)r->drops[i], (long long)r->drop_worst_us[i] / 1000,
                i % 4 == 3 ? "\n" : "");
    }
    fprintf(out, "  all %llu\nticks from a bad input to no pulse enabled (1, 2, ...)\n",
            (unsigned long long)all);
    for (int side = 0; side < 2; side++) {
        fprintf(out, "  %-8s", side ? "host" : "room");
        for (int i = 1; i < SIM_TICKS; i++)
            fprintf(out, " %llu", (unsigned long long)r->disarm_ticks[side][i]);
        fprintf(out, "\n");
    }
}

unsigned sim_report_missing(const sim_report *r, uint64_t least, FILE *out)
{
    unsigned missing = 0;
    for (int i = 1; i < SIM_ROWS; i++)
        if (r->rows[i] < least) {
            fprintf(out, "row %d only %llu times\n", i, (unsigned long long)r->rows[i]);
            missing++;
        }
    for (unsigned i = 0; i < chaos_count(); i++)
        if (r->attacks[i] < least) {
            fprintf(out, "fault %s only %llu times\n", chaos_name(i), (unsigned long long)r->attacks[i]);
            missing++;
        }
    return missing;
}
