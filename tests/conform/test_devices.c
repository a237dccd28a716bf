/* labels: unit   timeout: 900 */
/* The conformance script on virtual lasers: a good one passes every check, and for every check there is a bad
 * one, made from the same sources with one rule broken, that fails it. Every day the first bad device of each
 * check; all of them with FL_BAD=all. FL_SHOW=1 prints what each check said. */
#include "check.h"

#include "helper_bad.h"

static bool all_is_ok(const bench *b, const char *on)
{
    bool good = true;
    for (unsigned i = 0; i < b->count; i++) {
        const bool ok = b->outcomes[i].result == FL_CONFORM_OK;
        CHECK(ok, "%s: %s: %s after %u tries: %s", on, b->outcomes[i].check->name,
              fl_conform_result_name(b->outcomes[i].result), b->outcomes[i].tries, b->outcomes[i].text);
        good = good && ok;
    }
    return good;
}

static unsigned tries_of(const bench *b)
{
    unsigned most = 0;
    for (unsigned i = 0; i < b->count; i++)
        if (b->outcomes[i].tries > most) most = b->outcomes[i].tries;
    return most;
}

/* What the script counted, the laser's counter and the light that came out. */
static void counts_agree(const bench *b, const fl_conform_report *report)
{
    const uint64_t counted = report->k_last - report->k_first;
    CHECK(report->granted + 1 == counted && b->api->light(b->machine) == report->granted,
          "%llu granted, %llu counted (one cut before its light), %llu came out",
          (unsigned long long)report->granted, (unsigned long long)counted,
          (unsigned long long)b->api->light(b->machine));
}

static void a_good_device_passes_all(void)
{
    /* At 10 Hz the period is shorter than some of the checks' own times; at 0.4 Hz much longer. */
    static const char *const rates[] = {NULL, "now panel RR=10000", "now panel RR=400"};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        bench b;
        fl_conform_report report = {.ok = 0};
        const bool open = bench_open(&b, NULL, 0);
        CHECK(open, "no machine");
        if (!open) return;
        CHECK(!rates[i] || b.api->say(b.machine, rates[i]), "%s", rates[i]);
        CHECK(bench_run(&b, NULL, FL_CONFORM_LIGHT, &report) == FL_OK, "the script did not end");
        all_is_ok(&b, rates[i] ? rates[i] : "as it comes");
        CHECK(tries_of(&b) == 1, "some check was tried again in exact time");
        CHECK(report.ok == b.count && report.simulated && report.counted, "report");
        counts_agree(&b, &report);
        bench_close(&b);
    }
}

/* A computer that stands still now and then ends sessions. That is not the laser's fault, and may cost a try
 * but no verdict. */
static void a_late_computer_is_no_bad_device(void)
{
    bench b;
    fl_conform_report report = {.ok = 0};
    if (!bench_open(&b, NULL, 0)) abort();
    b.hiccup_every = 1501; /* the longest check says 800 frames: not every try has one */
    b.hiccup_us = 150000;
    CHECK(bench_run(&b, NULL, FL_CONFORM_LIGHT, &report) == FL_OK, "the script did not end");
    all_is_ok(&b, "with hiccups");
    CHECK(tries_of(&b) > 1, "no hiccup mattered: the test shows nothing");
    bench_close(&b);
}

/* ---- bad devices ---- */

static size_t edits_of(const bad_device *bad)
{
    size_t count = 0;
    while (count < BAD_EDITS && bad->edits[count].file) count++;
    return count;
}

static bool find(const bad_device *bad, unsigned hiccup_every)
{
    bench b;
    fl_conform_report report = {.ok = 0};
    const char *text = "";
    bool failed = false;
    const bool open = bench_open(&b, bad->edits, edits_of(bad));
    CHECK(open, "%s: a laser that %s cannot be built", bad->check, bad->what);
    if (open) {
        b.hiccup_every = hiccup_every;
        b.hiccup_us = 150000;
        CHECK(bench_run(&b, bad->check, FL_CONFORM_LIGHT, &report) == FL_OK, "%s: the script did not end",
              bad->check);
        failed = bench_failed(&b, bad->check, &text);
        CHECK(failed, "%s passes a laser that %s: %s", bad->check, bad->what, text);
        if (getenv("FL_SHOW")) printf("%-24s %-45s %s\n", bad->check, bad->what, text);
    }
    bench_close(&b);
    return failed;
}

static void every_bad_device_is_found(void)
{
    unsigned found = 0;
    const char *wish = getenv("FL_BAD");
    for (const bad_device *bad = bad_devices; bad->check; bad++)
        if (wish || bad == bad_devices || strcmp(bad[-1].check, bad->check) != 0) found += find(bad, 0);
    printf(" %u bad devices ", found);
    CHECK(!wish || found >= 100, "only %u", found);
}

/* A pulse that should not have been is not tried away. */
static void lateness_excuses_no_pulse(void)
{
    for (const bad_device *bad = bad_devices; bad->check; bad++)
        if (strcmp(bad->check, "grant.epoch") == 0) find(bad, 37);
}

static void every_check_has_a_bad_device(void)
{
    const fl_conform_check *check;
    for (size_t i = 0; (check = fl_conform_at(i)) != NULL; i++) {
        bool has = false;
        for (const bad_device *bad = bad_devices; bad->check; bad++)
            has = has || strcmp(bad->check, check->name) == 0;
        CHECK(has, "no bad device for %s", check->name);
        for (size_t j = 0; j < i; j++)
            CHECK(strcmp(fl_conform_at(j)->name, check->name) != 0, "%s stands there twice", check->name);
    }
    for (const bad_device *bad = bad_devices; bad->check; bad++)
        CHECK(fl_conform_find(bad->check) != NULL, "there is no check %s", bad->check);
}

FL_TESTS("conform/devices", TEST(a_good_device_passes_all), TEST(a_late_computer_is_no_bad_device),
         TEST(every_check_has_a_bad_device), TEST(every_bad_device_is_found), TEST(lateness_excuses_no_pulse))
