#include "fadeline/course/plan.h"

#include "fadeline/base/assert.h"
#include "fadeline/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

fl_plan *fl_plan_new(void)
{
    fl_plan *plan = calloc(1, sizeof *plan);
    if (!plan) return NULL;
    plan->chosen = -1;
    plan->skin.form_total = plan->skin.form_subtotal = -1;
    return plan;
}

void fl_plan_free(fl_plan *plan)
{
    free(plan);
}

const char *fl_plan_verdict_word(fl_plan_verdict verdict)
{
    switch (verdict) {
#define X(name, word, line)                                                                                  \
    case name: return word;
        FL_PLAN_VERDICTS(X)
#undef X
    default: return "none";
    }
}

const char *fl_plan_verdict_line(fl_plan_verdict verdict)
{
    switch (verdict) {
#define X(name, word, line)                                                                                  \
    case name: return line;
        FL_PLAN_VERDICTS(X)
#undef X
    default: return "NO PLAN";
    }
}

const char *fl_plan_rank_word(fl_plan_rank rank)
{
    switch (rank) {
#define X(name, word)                                                                                        \
    case name: return word;
        FL_PLAN_RANKS(X)
#undef X
    default: return "none";
    }
}

const char *fl_skin_type_roman(int type)
{
    static const char *const roman[] = {"-", "I", "II", "III", "IV", "V", "VI", "V-VI"};
    return type >= 1 && type <= 7 ? roman[type] : roman[0];
}

bool fl_plan_treats_zones(const fl_plan *plan)
{
    if (plan->verdict != FL_VERDICT_PLAN) return false;
    if (plan->chosen < 0 || (size_t)plan->chosen >= plan->setting_count) return false;
    const fl_plan_setting *chosen = &plan->settings[plan->chosen];
    return chosen->allowed && chosen->has_fluence;
}

bool fl_plan_tests(const fl_plan *plan)
{
    if (plan->verdict != FL_VERDICT_PLAN && plan->verdict != FL_VERDICT_TEST_FIRST) return false;
    return plan->test_spots.grid_count > 0;
}

const fl_plan_zone *fl_plan_zone_of(const fl_plan *plan, const char *id)
{
    for (size_t i = 0; i < plan->zone_count; i++)
        if (fl_text_same(plan->zones[i].id, id)) return &plan->zones[i];
    return NULL;
}

fl_plan_reason *fl_plan_say(fl_plan *plan, fl_plan_rank rank, const char *code, const char *format, ...)
{
    FL_ASSERT(plan->reason_count < FL_PLAN_REASONS);
    size_t at = plan->reason_count;
    while (at > 0 && plan->reasons[at - 1].rank < rank) at--;
    memmove(&plan->reasons[at + 1], &plan->reasons[at], (plan->reason_count - at) * sizeof plan->reasons[0]);
    plan->reason_count++;

    fl_plan_reason *reason = &plan->reasons[at];
    *reason = (fl_plan_reason){.rank = rank};
    snprintf(reason->code, sizeof reason->code, "%s", code);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason->text, sizeof reason->text, format, arguments);
    va_end(arguments);
    return reason;
}

const fl_plan_reason *fl_plan_reason_of(const fl_plan *plan, const char *code)
{
    for (size_t i = 0; i < plan->reason_count; i++)
        if (fl_text_same(plan->reasons[i].code, code)) return &plan->reasons[i];
    return NULL;
}

void fl_plan_seal(fl_plan *plan)
{
    char *canonical = fl_plan_canonical(plan);
    FL_ASSERT(canonical); /* a plan that cannot be hashed must not be used: stopping is the safe end */
    fl_sha256(canonical, strlen(canonical), plan->sha256);
    memcpy(plan->hash, plan->sha256, sizeof plan->hash);
    plan->has_seal = false;
    free(canonical);
}
