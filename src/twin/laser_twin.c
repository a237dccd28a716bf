#include "laser_twin.h"

#include "fadeline/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEEP_MS 1000

static fl_status read_state(laser_twin *laser, fl_error *error)
{
    FILE *file = laser->state ? fopen(laser->state, "r") : NULL;
    char line[80] = "";
    if (!file) return FL_OK; /* a new laser */
    const bool got = fgets(line, sizeof line, file) != NULL;
    fclose(file);
    line[strcspn(line, "\n")] = 0;
    if (got && fl_text_begins(line, "SIM shots ") && fl_read_u64(line + 10, &laser->shots) == FL_OK)
        return FL_OK;
    return fl_error_set(error, FL_E_FILE, "%s is not the state of a virtual laser", laser->state);
}

void *laser_twin_make(size_t size, const speak_options *options, fl_error *error)
{
    laser_twin *laser = calloc(1, size);
    if (!laser) return fl_error_set(error, FL_E_IO, "no memory"), NULL;
    laser->shots = 41207;
    laser->state = options->state;
    fl_status status = speak_line_init(&laser->line, SPEAK_LASER, options, error);
    if (status == FL_OK) status = read_state(laser, error);
    if (status != FL_OK) return free(laser), NULL;
    laser->kept_shots = laser->shots;
    return laser;
}

/* Whole or not at all: a half-written counter would be a jump nobody made. */
static void keep(laser_twin *laser)
{
    char beside[1100];
    if (!laser->state || laser->kept_shots == laser->shots) return;
    if (snprintf(beside, sizeof beside, "%s.new", laser->state) >= (int)sizeof beside) return;
    FILE *file = fopen(beside, "w");
    if (!file) return;
    const bool wrote = fprintf(file, "SIM shots %llu\n", (unsigned long long)laser->shots) > 0;
    if (fclose(file) == 0 && wrote && rename(beside, laser->state) == 0) laser->kept_shots = laser->shots;
}

void laser_twin_free(void *self)
{
    keep(self);
    free(self);
}

bool laser_twin_tick(laser_twin *laser, uint64_t now_ms)
{
    const bool there = speak_line_tick(&laser->line, now_ms);
    if (now_ms - laser->kept_ms < KEEP_MS && there) return true;
    laser->kept_ms = now_ms;
    keep(laser);
    return there;
}

void laser_twin_word(laser_twin *laser)
{
    speak_line_cue(&laser->line);
    laser->shots = (uint64_t)((int64_t)laser->shots + (int64_t)speak_line_jump(&laser->line));
}

bool laser_twin_has(const laser_twin *laser, speak_fault_kind kind)
{
    return speak_line_has(&laser->line, kind);
}

uint64_t laser_twin_bits(const laser_twin *laser)
{
    const speak_fault *f = speak_line_fault(&laser->line, SPEAK_BIT);
    return f ? UINT64_C(1) << (unsigned)f->value : 0;
}

int laser_twin_status(const laser_twin *laser, int otherwise)
{
    const speak_fault *f = speak_line_fault(&laser->line, SPEAK_BIT);
    return f ? (int)f->value : otherwise;
}

void laser_twin_flash(laser_twin *laser)
{
    if (!laser->line.dead) laser->shots++;
}
