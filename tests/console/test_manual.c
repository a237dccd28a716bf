/* labels: fault   timeout: 240   needs: fadeline */
/* A session by hand in the console, by HTTP as a page gives it: how it begins, what is believed of a counter,
 * who may order, what an old page does (nothing), what a kill leaves, and what the audit makes of it. */
#include "check.h"

#include "manual_desk.h"

#include "by_hand.h"
#include "fadeline/session/manual.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static fl_console *c;
static http_browser b, other, owner; /* op:17, op:18, own:1 */
static _Atomic int64_t ahead_us;     /* the console's clock, for locked screens */

static fl_instant boot(void *self)
{
    (void)self;
    return (fl_instant){fl_clock_system()->boot(NULL).us + ahead_us};
}

static void signed_in(http_browser *who, const char *name)
{
    visitor v = {0};
    http_browser_at(who, fl_console_url(c));
    console_need(visitors_sign_in(c->visitors, &v, name), "a visitor");
    snprintf(who->cookie, sizeof who->cookie, "%s=%s", c->near.cookie, v.cookie);
}

static void open_console(void)
{
    if (c) return;
    c = console_start();
    c->clock.boot = boot;
    desk_laser();
    desk_plan("plan.json", 0, NULL);
    console_need(fl_people_add(getenv("FADELINE_HOME"), "op:18", 1u << FL_ROLE_OPERATOR,
                               (fl_date){2099, 5, 1}, "518062", NULL) == FL_OK,
                 "another operator");
    signed_in(&b, "op:17");
    signed_in(&other, "op:18");
    signed_in(&owner, "own:1");
}

/* A session that is there, or begun; the zone is counted, and nothing waits. */
static void running(void)
{
    open_console();
    if (!by_hand_runs(c->hand)) CHECK(desk_begins(&b, "755+OD7+M+LB9"), "no session");
    desk_look(&b);
}

#define ORDER(form, step)                                                                                    \
    do {                                                                                                     \
        const int got_ = desk_order(&b, form);                                                               \
        CHECK(got_ == 303 && desk_step() == (step), "'%s': %d, then step %d", form, got_, desk_step());      \
    } while (0)
#define REFUSED(form, code)                                                                                  \
    do {                                                                                                     \
        const int got_ = desk_order(&b, form);                                                               \
        CHECK(got_ == 303 && desk_refused(code), "'%s' is not refused as %s: %d", form, code, got_);         \
    } while (0)

/* ---- beginning ---- */

static void too_strong(fl_plan *plan)
{
    fl_plan_setting *s = &plan->settings[0];
    s->start = s->high = fl_J_cm2(2.4); /* 302 mJ at 4 mm, and the laser gives 200 */
    s->energy = (fl_energy){0.301593};
}

static int starts(const char *form, const char *said)
{
    http_get(&b, "/by-hand?plan=plan.json"); /* a form with a token */
    const http_answer a = http_post(&b, "/by-hand/start", form, true);
    if (said && !strstr(a.body, said)) return -a.status;
    return a.status;
}

#define GOOD "&device=" LASER "&pin=" PIN_OPERATOR "&marks="

static void it_begins_with_what_is_right(void)
{
    open_console();
    desk_plan("tomorrow.json", 1, NULL);
    desk_plan("strong.json", 0, too_strong);
    static const struct {
        const char *form, *said;
        int status;
    } rows[] = {
        {"plan=nowhere.json" GOOD, "Choose one of the plans", 422},
        {"plan=..%2Fplans%2Fplan.json" GOOD, "Choose one of the plans", 422},
        {"plan=plan.json&device=" LASER "&marks=", "the PIN is missing", 422},
        {"plan=plan.json&device=picoway&pin=" PIN_OPERATOR, "the plan is for " LASER, 409},
        {"plan=plan.json&device=&pin=" PIN_OPERATOR, "the plan is for " LASER, 409},
        {"plan=tomorrow.json" GOOD, "skin, sun and medicine are asked anew", 409},
        {"plan=strong.json" GOOD, "limit at this spot is 200 mJ", 409},
        {"plan=plan.json&device=" LASER "&pin=000000", "Person or PIN is wrong", 403},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const int got = starts(rows[i].form, rows[i].said);
        CHECK(got == rows[i].status && !by_hand_runs(c->hand), "%s: %d", rows[i].form, got);
    }
    CHECK(http_post(&owner, "/by-hand/start", "plan=plan.json" GOOD, true).status == 403,
          "an owner operates nothing");
    CHECK(desk_entries(FL_KIND_SESSION_OPEN) == 0, "and no session is in the journal");
    desk_look(&b);
    CHECK(!desk_says("tomorrow.json") && desk_says("plan=plan.json"), "only plans of today are offered");
    CHECK(desk_begins(&b, "1064+OD7+M+LB9"), "with eyewear that is wrong it begins,");
    CHECK(desk_step() == FL_NEXT_TARGET, "step %d", desk_step());
    ORDER("do=zone&zone=F-L", FL_NEXT_EYEWEAR);
    REFUSED("do=eyewear&marks=OD7", "eyewear");
    REFUSED("do=eyewear&marks=755+OD2", "eyewear-wrong");
    ORDER("do=eyewear&marks=755+OD7+M+LB9", FL_NEXT_BEFORE);
    CHECK(desk_says("1.59") && desk_says("199.8") && desk_says("alex-755") && desk_says(">750<"),
          "what to set is there");
}

/* ---- what is believed ---- */

static void a_counter_is_judged(void)
{
    running();
    ORDER("do=zone&zone=F-L", FL_NEXT_BEFORE);
    REFUSED("do=before&counter=88%2C410", "counter-number");
    REFUSED("do=before&counter=88+410", "counter-number");
    REFUSED("do=before&counter=99999999999999999999", "counter-number");
    REFUSED("do=before&counter=88410", "counter-first");
    REFUSED("do=before&counter=88411", "counter-first");
    ORDER("do=before&counter=88411", FL_NEXT_AFTER);
    REFUSED("do=zone&zone=MID", "zone-not-counted");
    REFUSED("do=end", "zone-not-counted");
    REFUSED("do=after&counter=88400", "counter-unexpected");
    CHECK(desk_says("88,400") && desk_says("−11"), "what was typed, and the difference");
    ORDER("do=endpoint&seen=frost", FL_NEXT_AFTER);
    ORDER("do=after&counter=88416", FL_NEXT_BEFORE);
    /* Beyond what the plan has: twice, and then the operator, or a supervisor, says why. */
    ORDER("do=before&counter=88416", FL_NEXT_AFTER);
    REFUSED("do=after&counter=88422", "pulses-over-plan");
    ORDER("do=after&counter=88422", FL_NEXT_EXPLAIN);
    ORDER("do=zone&zone=MID", FL_NEXT_EXPLAIN);
    REFUSED("do=before&counter=88422", "pulses-over-plan");
}

static void what_cannot_be_is_asked_twice(void)
{
    running();
    ORDER("do=explain&why=the+foot+was+slow", FL_NEXT_BEFORE);
    ORDER("do=before&counter=88422", FL_NEXT_AFTER);
    REFUSED("do=after&counter=88722", "pulses-too-fast");
    ORDER("do=after&counter=88722", FL_NEXT_EXPLAIN);
    REFUSED("do=reconcile&who=op%3A17&pin=" PIN_OPERATOR "&why=x", "sign-in-role");
    ORDER("do=reconcile&who=sup%3A2&pin=" PIN_SUPERVISOR "&why=typed+late", FL_NEXT_BEFORE);
    /* Pulses of the night: few are the operator's to explain, many are not, and a counter never runs back. */
    REFUSED("do=before&counter=88730", "counter-unexpected");
    REFUSED("do=before&counter=88730", "counter-mismatch");
    CHECK(desk_step() == FL_NEXT_EXPLAIN, "step %d", desk_step());
    ORDER("do=explain&why=calibration", FL_NEXT_BEFORE);
    REFUSED("do=before&counter=12", "counter-unexpected");
    REFUSED("do=before&counter=12", "counter-mismatch");
    CHECK(desk_step() == FL_NEXT_SUPERVISOR, "step %d", desk_step());
    REFUSED("do=explain&why=a+new+head", "supervisor-signs");
    ORDER("do=reconcile&who=sup%3A2&pin=" PIN_SUPERVISOR "&why=a+new+head", FL_NEXT_BEFORE);
    ORDER("do=before&counter=12", FL_NEXT_AFTER);
    ORDER("do=after&counter=13", FL_NEXT_BEFORE);
}

/* ---- pages that are old, people who may not ---- */

/* Somebody plans anew into the very file of the plan that runs: its settings are not those that are
 * conducted. */
static void slower(fl_plan *plan)
{
    for (size_t i = 0; i < plan->setting_count; i++) plan->settings[i].rate.Hz *= 0.5;
}

static void another_plan_in_its_file_is_not_shown(void)
{
    running();
    ORDER("do=zone&zone=F-L", FL_NEXT_BEFORE);
    CHECK(desk_says("J/cm²"), "the setting of the plan");
    desk_plan("plan.json", 0, slower);
    desk_look(&b);
    CHECK(by_hand_runs(c->hand) && !desk_says("J/cm²"), "the settings of a plan that is not conducted");
    desk_plan("plan.json", 0, NULL);
    desk_look(&b);
    CHECK(desk_says("J/cm²"), "and of the one that is");
}

/* What stops the laser is not followed by "fire" in the largest letters of the screen. */
static void nothing_says_fire_after_a_stop(void)
{
    static const char *const stops[] = {"do=endpoint&seen=spark", "do=near-miss&what=other"};
    running();
    for (size_t i = 0; i < 2; i++) {
        ORDER("do=zone&zone=F-L", FL_NEXT_BEFORE);
        ORDER("do=before&counter=13", FL_NEXT_AFTER);
        CHECK(desk_says("FIRE. Then STANDBY") && desk_says("Fire until"), "before it");
        ORDER("do=endpoint&seen=frost", FL_NEXT_AFTER);
        CHECK(desk_says("FIRE. Then STANDBY"), "what is as it should be stops nothing");
        ORDER(stops[i], FL_NEXT_AFTER);
        CHECK(!desk_says("FIRE. Then STANDBY") && !desk_says("Fire until") && desk_says(">STOP. STANDBY"),
              "%s", stops[i]);
        ORDER("do=after&counter=13", FL_NEXT_BEFORE);
    }
}

/* Whoever types a name where a code belongs: it is kept nowhere. */
static void nobody_by_name(void)
{
    fl_journal *journal;
    const fl_journal_options options = {.mode = FL_JOURNAL_READ};
    unsigned nobody = 0;
    running();
    REFUSED("do=second&who=Marie+Dubois&pin=123456", "sign-in-wrong");
    CHECK(fl_journal_open(c->journal, &options, &journal, NULL) == FL_OK, "look");
    for (uint64_t i = 0; i < fl_journal_size(journal); i++) {
        fl_record record;
        CHECK(fl_journal_record(journal, i, &record) == FL_OK, "entry");
        CHECK(!fl_record_text_is(&record, "who", "Marie Dubois"), "a name in entry %llu",
              (unsigned long long)i);
        nobody += fl_record_is(&record, FL_KIND_AUTH_FAIL) && fl_record_text_is(&record, "who", "?");
    }
    fl_journal_close(journal);
    CHECK(nobody == 1, "%u tries of nobody", nobody);
}

static void an_old_page_does_nothing(void)
{
    char form[200];
    running();
    ORDER("do=zone&zone=MID", FL_NEXT_BEFORE);
    const unsigned long long turn = desk_turn();
    http_browser tab = b; /* the same person, another tab, a form token of its own */
    http_get(&tab, "/by-hand");
    REFUSED("do=before&counter=40", "counter-unexpected");
    const uint64_t size = desk_size();
    snprintf(form, sizeof form, "turn=%llu&do=before&counter=40", turn);
    const http_answer a = http_post(&tab, "/by-hand/order", form, true);
    CHECK(a.status == 409 && strstr(a.body, "This screen is old"), "an older tab: %d", a.status);
    CHECK(desk_size() == size, "and nothing was written");
    /* The very same form twice: the gate has spent its token. */
    desk_look(&b);
    http_browser again = b;
    snprintf(form, sizeof form, "turn=%llu&do=near-miss&what=zone", desk_turn());
    CHECK(http_post(&b, "/by-hand/order", form, true).status == 303, "once");
    const unsigned misses = desk_entries(FL_KIND_NEAR_MISS);
    CHECK(http_post(&again, "/by-hand/order", form, true).status == 409, "twice");
    CHECK(desk_entries(FL_KIND_NEAR_MISS) == misses, "one near miss");
    static const char *const bad[] = {"do=before&counter=1", "turn=x&do=before&counter=1",
                                      "turn=-1&do=end",      "turn=18446744073709551615&do=end",
                                      "turn=%llu&do=arm",    "turn=%llu"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *at = strstr(bad[i], "%llu");
        desk_look(&b);
        snprintf(form, sizeof form, "%.*s", at ? (int)(at - bad[i]) : 99, bad[i]);
        if (at) snprintf(form + strlen(form), sizeof form - strlen(form), "%llu%s", desk_turn(), at + 4);
        CHECK(http_post(&b, "/by-hand/order", form, true).status == 422, "%s", form);
    }
    CHECK(by_hand_runs(c->hand), "nobody ended it");
}

static void others_look_on(void)
{
    running();
    desk_look(&other);
    CHECK(desk_says("looks on") && !desk_says("name=\"counter\"") && desk_says("F-L") | desk_says("MID"),
          "another operator sees it");
    CHECK(desk_order(&other, "do=endpoint&seen=frost") == 403, "and orders nothing");
    CHECK(desk_order(&owner, "do=endpoint&seen=frost") == 403, "nor does an owner");
    desk_look(&owner);
    CHECK(desk_says("looks on") && !desk_says("by-hand/order"), "who looks on");
    /* The screen locks: it shows the session and takes no order. */
    ahead_us += 6 * 60 * INT64_C(1000000);
    desk_look(&b);
    CHECK(desk_says("by-hand") && !desk_says("name=\"counter\""), "a locked screen");
    CHECK(desk_order(&b, "do=endpoint&seen=frost") == 403, "takes no order");
    CHECK(http_sign_in(&b, "op:17", PIN_OPERATOR), "while it runs its operator comes back");
    const unsigned before = desk_entries(FL_KIND_AUTH_OK);
    http_browser late;
    http_browser_at(&late, fl_console_url(c));
    CHECK(!http_sign_in(&late, "aud:2", "000000"), "a wrong PIN");
    CHECK(http_sign_in(&late, "aud:2", PIN_AUDITOR) && desk_entries(FL_KIND_AUTH_OK) == before + 1,
          "and others sign in, in its journal");
    signed_in(&other, "op:18");
    signed_in(&owner, "own:1");
    /* Taking over wants a PIN; eyewear is asked anew, and the first looks on. */
    CHECK(desk_order(&other, "do=sign-in&pin=000000") == 303 && desk_refused("sign-in-wrong"), "a wrong PIN");
    CHECK(desk_order(&other, "do=sign-in&pin=518062") == 303 && desk_step() == FL_NEXT_EYEWEAR, "step %d",
          desk_step());
    CHECK(desk_order(&b, "do=endpoint&seen=frost") == 403, "the first looks on");
    ORDER("do=sign-in&pin=" PIN_OPERATOR, FL_NEXT_EYEWEAR);
    ORDER("do=eyewear&marks=755+OD7+M+LB9", FL_NEXT_BEFORE);
}

/* One session at a time, whoever conducts it: another face finds the journal held. */
static void nothing_else_begins_meanwhile(void)
{
    char command[700];
    running();
    http_get(&b, "/by-hand");
    const http_answer driven =
        http_post(&b, "/session/start", "plan=plan.json&kind=treatment&port=/dev/null", true);
    CHECK(driven.status == 409 && strstr(driven.body, "A session by hand is running"), "a driven one: %d",
          driven.status);
    CHECK(http_get(&b, "/session").status == 303, "the session's page is this one");
    http_get(&b, "/by-hand");
    CHECK(http_post(&b, "/by-hand/start", "plan=plan.json" GOOD, true).status == 303 && by_hand_runs(c->hand),
          "it runs already");
    snprintf(command, sizeof command,
             "echo end | %s/fadeline run %s/plans/plan.json --device manual:%s --training 2>&1 | grep -q "
             "'another process writes this journal'",
             FL_BUILD_DIR, getenv("FADELINE_HOME"), LASER);
    CHECK(system(command) == 0, "by the command");
    http_get(&owner, "/service");
    CHECK(http_post(&owner, "/service", "who=own:1", true).status >= 409, "acts of others wait");
}

static void a_break_and_the_end(void)
{
    running();
    ORDER("do=sign-out", FL_NEXT_SIGN_IN);
    REFUSED("do=before&counter=13", "not-signed-in");
    ORDER("do=sign-in&pin=" PIN_OPERATOR, FL_NEXT_EYEWEAR);
    http_get(&b, "/by-hand");
    CHECK(http_post(&b, "/sign-out", "", false).status == 303, "out of the console");
    signed_in(&b, "op:17");
    desk_look(&b);
    CHECK(desk_step() == FL_NEXT_SIGN_IN, "is out of the session");
    ORDER("do=sign-in&pin=" PIN_OPERATOR, FL_NEXT_EYEWEAR);
    REFUSED("do=note&about=mood&said=good", "note-unknown");
    CHECK(desk_order(&b, "do=note&about=pain&said=3") == 303, "a note");
    CHECK(desk_order(&b, "do=note&about=reaction&said=oedema&said=erythema") == 303, "of two words");
    const unsigned closed = desk_entries(FL_KIND_SESSION_CLOSE);
    CHECK(desk_order(&b, "do=end") == 303 && !by_hand_runs(c->hand), "the end");
    CHECK(desk_entries(FL_KIND_SESSION_CLOSE) == closed + 1, "is in the journal");
    CHECK(desk_order(&b, "do=end") >= 409, "once");
    const http_answer a = http_get(&b, "/session/finish");
    CHECK(a.status == 200 && strstr(a.body, "client.pdf?lang=fr"), "its papers");
    CHECK(http_get(&b, "/session/1/client.pdf?lang=fr").status == 200, "and whoever did it has them at once");
    desk_audit(312, 13 - 88411 - 312, "what the counter shows");
}

FL_TESTS("console/manual", TEST(it_begins_with_what_is_right), TEST(a_counter_is_judged),
         TEST(what_cannot_be_is_asked_twice), TEST(another_plan_in_its_file_is_not_shown),
         TEST(nothing_says_fire_after_a_stop), TEST(nobody_by_name), TEST(an_old_page_does_nothing),
         TEST(others_look_on), TEST(nothing_else_begins_meanwhile), TEST(a_break_and_the_end),
         TEST(killed_and_on_again))
