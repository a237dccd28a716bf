/* labels: unit */
/* Until when a record is kept: the cases of the reference on records, section 4, and what must hold for any.
 */
#include "check.h"

#include "fadeline/base/random.h"
#include "fadeline/clients/retention.h"

static const struct row {
    const char *what, *rule;
    fl_date last, born, until;
} rows[] = {
    {"adult", "ten-years", {2026, 3, 15}, {1990, 4, 1}, {2036, 3, 15}},
    {"minor", "ten-years", {2026, 3, 15}, {2010, 6, 1}, {2038, 6, 1}},
    {"Ontario minor", "ontario", {2026, 3, 15}, {2010, 6, 1}, {2038, 6, 1}},
    {"leap day", "ten-years", {2028, 2, 29}, {1990, 4, 1}, {2038, 3, 1}},
    {"leap day to leap year", "wales", {2028, 2, 29}, {1990, 4, 1}, {2036, 2, 29}},
    {"fifteen years", "fifteen-years", {2026, 3, 15}, {1990, 4, 1}, {2041, 3, 15}},
    {"fifteen years, minor", "fifteen-years", {2026, 3, 15}, {2010, 6, 1}, {2041, 3, 15}},
    {"the day before 18", "ten-years", {2028, 5, 31}, {2010, 6, 1}, {2038, 6, 1}},
    {"on the 18th birthday", "ten-years", {2028, 6, 1}, {2010, 6, 1}, {2038, 6, 1}},
    {"Wales at 16", "wales", {2026, 5, 31}, {2009, 6, 1}, {2034, 6, 1}},
    {"Wales at 17", "wales", {2026, 6, 1}, {2009, 6, 1}, {2035, 6, 1}},
    {"born on a leap day, 17 in a common year", "wales", {2025, 2, 28}, {2008, 2, 29}, {2033, 3, 1}},
    {"born on a leap day, one day on", "wales", {2025, 3, 1}, {2008, 2, 29}, {2034, 3, 1}},
    {"born unknown", "ten-years", {2026, 3, 15}, {0, 0, 0}, {2054, 3, 15}},
    {"born after the entry", "ten-years", {2026, 3, 15}, {2030, 1, 1}, {2054, 3, 15}},
    {"no birthday in the rule", "new-jersey", {2026, 3, 15}, {2020, 1, 1}, {2033, 3, 15}},
    {"Ontario studio", "ontario-studio", {2026, 3, 15}, {1990, 4, 1}, {2029, 3, 15}},
};

static void the_cases_of_the_reference(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *r = &rows[i];
        const fl_retention *rule = fl_retention_find(r->rule);
        CHECK(rule != NULL, "%s", r->rule);
        if (!rule) continue;
        char got[11], want[11];
        CHECK_TEXT(fl_date_text(fl_retention_until(rule, r->last, r->born), got),
                   fl_date_text(r->until, want), r->what);
    }
    CHECK_TEXT(fl_retention_at(0)->id, "ten-years", "in force when nobody chose");
    CHECK(!fl_retention_find("for-ever"), "no such rule");
}

/* A later entry never lets a record go earlier under one kind of birthday, and none goes before its years are
 * over. */
static void never_shorter(void)
{
    fl_random random;
    fl_random_init(&random, 28, 1);
    for (int i = 0; i < 20000; i++) {
        const fl_date born = fl_date_from_days((int)(fl_random_uniform(&random) * 20000));
        const fl_date last = fl_date_add_days(born, (int)(fl_random_uniform(&random) * 15000));
        const fl_retention *rule = fl_retention_at((unsigned)(fl_random_u64(&random) % 9));
        const fl_date until = fl_retention_until(rule, last, born);
        char a[11], b[11], c[11], d[11];
        const fl_date unknown = fl_retention_until(rule, last, (fl_date){0});
        CHECK(fl_date_compare(until, (fl_date){last.year + rule->years, last.month, last.day}) >= 0,
              "%s, born %s, last %s: %s is too early", rule->id, fl_date_text(born, a), fl_date_text(last, b),
              fl_date_text(until, c));
        CHECK(fl_date_compare(until, unknown) <= 0 || rule->birthday_at17,
              "%s, born %s: %s is later than what nobody knows, %s", rule->id, fl_date_text(born, a),
              fl_date_text(until, b), fl_date_text(unknown, d));
        fl_date read;
        CHECK(fl_date_read(fl_date_text(until, a), &read) == FL_OK, "%s is no day", a);
    }
}

FL_TESTS("clients/retention", TEST(the_cases_of_the_reference), TEST(never_shorter))
