/* labels: fault threads   timeout: 240   needs: fadeline-control fadeline-twin   serial */
/* The live session with a real control process and a simulated laser: who may order, what keeps it armed, and
 * who may stop it (everybody). */
#include "check.h"

#include "live_world.h"

#include "fadeline/journal/journal.h"

#include <sys/wait.h>
#include <unistd.h>

/* READY for four seconds of beats; false: a busy machine let the line to the laser fall silent. */
static bool kept_ready(void)
{
    static live_view v;
    CHECK(world_arm(), "no READY");
    for (int i = 0; i < 8; i++) {
        world_look(&v);
        if (!strcmp(v.status.state, "FAULT")) return false;
        CHECK(world_beat(), "it is ours");
        world_rest(500);
    }
    world_look(&v);
    if (!strcmp(v.status.state, "FAULT")) return false;
    CHECK(!strcmp(v.status.state, "READY"), "while the page beats it stays armed: %s", v.status.state);
    return true;
}

/* hazards: H30 */
static void a_hung_browser_stands_the_laser_down(void)
{
    static live_view v;
    int tries = 0;
    while (!kept_ready() && ++tries < 6) {
    }
    CHECK(tries < 6, "the machine is too busy for this test");
    const http_answer other =
        http_post(&op17, "/session/here", "page=ffffffffffffffffffffffffffffffff", false);
    CHECK(other.status == 200 && strstr(other.body, "\"mine\":0"), "another page's heart is not ours");
    const int64_t silent = world_ms();
    while (world_ms() - silent < 6000) {
        http_post(&op17, "/session/here", "page=ffffffffffffffffffffffffffffffff",
                  false); /* keeps nothing armed */
        world_look(&v);
        if (!live_is_armed(v.status.state)) break;
        world_rest(50);
    }
    CHECK(!live_is_armed(v.status.state), "armed without its page");
    printf("  a page that fell silent: stood down after %lld ms\n", (long long)(world_ms() - silent));
}

static void anybody_stops(void)
{
    http_browser stranger;
    CHECK(world_arm(), "no READY");
    http_browser_at(&stranger, fl_console_url(world));
    CHECK(http_get(&stranger, "/").status == 200, "a stranger");
    CHECK(http_post(&stranger, "/session/order", PAGE "do=standby", true).status >= 400,
          "a stranger orders nothing");
    CHECK(http_get(&stranger, "/live").status == 401, "a stranger hears nothing");
    const int64_t began = world_ms();
    const http_answer a = http_post(&stranger, "/session/standby", "script=1", false);
    CHECK(a.status == 204, "STOP: %d", a.status);
    CHECK(world_until_state("STANDBY", 2000), "a stranger's STOP");
    printf("  STOP of somebody who is not signed in: STANDBY after %lld ms\n",
           (long long)(world_ms() - began));
}

static void who_may_not_order(void)
{
    http_browser other;
    CHECK(world_start(), "no session: %s", world_answer);
    CHECK(http_post(&op17, "/session/order", PAGE "do=zone&zone=MID", false).status == 403,
          "without an act token");
    CHECK(!world_order("do=sign-in&pin=000111"), "a wrong PIN");
    CHECK(!world_order("do=grant") && !world_order("do=here") && !world_order("do="),
          "orders that no page gives");
    http_get(&op17, "/session");
    CHECK(http_post(&op17, "/session/order", "script=1&do=arm", true).status == 422,
          "who arms has to name its page");
    http_browser_at(&other, fl_console_url(world));
    CHECK(!http_sign_in(&other, "aud:2", PIN_AUDITOR), "the journal is held: the auditor waits");
    CHECK(!http_sign_in(&other, "op:17", "000111") && !http_sign_in(&other, "op:17", PIN_OPERATOR),
          "and so does everybody who was not signed in at that screen");
}

/* hazards: H30 */
static void only_who_is_signed_in_there_orders(void)
{
    static const char *const orders[] = {"do=zone&zone=MID", "do=eyewear&marks=755+OD7+M+LB9",
                                         "do=arm",           "do=sign-out",
                                         "do=end",           "do=reset&fault=3"};
    static live_view v;
    CHECK(world_start(), "no session: %s", world_answer);
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
        CHECK(world_order_of(&op18, orders[i]) == 403 && strstr(world_answer, "signed in at the laser"),
              "%s: %s", orders[i], world_answer);
    CHECK(http_post(&op18, "/session/hold", PAGE, false).status == 403, "a hold of somebody else");
    const http_answer a = http_get(&op18, "/session");
    CHECK(strstr(a.body, "looks on") && !strstr(a.body, "id=\"arm\"") && !strstr(a.body, "id=\"p-zone\""),
          "it is shown how to order");
    world_look(&v);
    CHECK(v.running && !strcmp(v.status.person, "op:17"), "it is still the session of op:17");
    CHECK(world_order_of(&op18, "do=sign-in&pin=000111") == 200 && strstr(world_answer, "\"ok\":0"),
          "control looks at the PIN: %s", world_answer);
}

static void the_second_is_measured_here(void)
{
    static live_view v;
    CHECK(world_start(), "no session: %s", world_answer);
    CHECK(!world_order("do=arm") && strstr(world_answer, "409") == world_answer, "never held: %s",
          world_answer);
    CHECK(world_press(&op17, ""), "held");
    CHECK(!world_order("do=arm") && strstr(world_answer, "409") == world_answer, "held for a moment: %s",
          world_answer);
    world_rest(1000);
    CHECK(!world_order("do=arm"), "that hold was used up: %s", world_answer);
    CHECK(world_press(&op17, ""), "held");
    CHECK(world_press(&op17, "up=1&"), "held");
    world_rest(1000);
    CHECK(!world_order("do=arm"), "let go: %s", world_answer);
    const http_answer other =
        http_post(&op17, "/session/hold", "page=ffffffffffffffffffffffffffffffff", false);
    CHECK(other.status == 204, "another tab of mine");
    world_rest(1000);
    CHECK(!world_order("do=arm"), "held in another tab: %s", world_answer);
    CHECK(world_press(&op17, ""), "held");
    world_rest(5100);
    CHECK(!world_order("do=arm"), "held long ago: %s", world_answer);
    world_look(&v);
    CHECK(!live_is_armed(v.status.state), "it is %s", v.status.state);
    CHECK(world_arm(), "no READY");
    live_halt(world->live);
    CHECK(world_until_state("STANDBY", 2000), "stop");
}

/* hazards: H30 */
static void stop_wins_against_an_arm_on_its_way(void)
{
    static live_view v;
    char text[1000], body[200];
    CHECK(world_start(), "no session: %s", world_answer);
    CHECK(world_press(&op17, ""), "held");
    world_rest(1000);
    http_get(&op17, "/session");
    snprintf(body, sizeof body, "token=%s&" PAGE "do=arm", op17.act);
    const int size =
        snprintf(text, sizeof text,
                 "POST /session/order HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nOrigin: http://%s\r\n"
                 "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%.20s",
                 op17.host, op17.cookie, op17.host, strlen(body), body);
    const int fd = http_connect(op17.url);
    CHECK(write(fd, text, (size_t)size) == size, "a head and some of the body");
    world_rest(200);
    CHECK(http_post(&op17, "/session/standby", "script=1", false).status == 204, "STOP");
    /* A hold that the console would take: the number alone says no. */
    CHECK(world_press(&op17, ""), "held");
    world_rest(1000);
    const http_answer a = http_ask_on(fd, body + 20, 0);
    CHECK(a.status == 409 && strstr(a.body, "STOP came first"), "the rest of it: %d %.300s", a.status,
          a.body);
    close(fd);
    world_rest(300);
    world_look(&v);
    CHECK(!live_is_armed(v.status.state), "it is %s", v.status.state);
}

/* hazards: H30 */
static void stop_drops_what_waits_to_arm(void)
{
    static live_view v;
    for (int ms = 0; ms < 12; ms += 2) {
        CHECK(world_start(), "no session: %s", world_answer);
        CHECK(world_press(&op17, ""), "held");
        world_rest(1000);
        http_get(&op17, "/session");
        const pid_t child = fork();
        if (child == 0) { /* another line, at the same time */
            http_post(&op17, "/session/order", PAGE "do=arm", true);
            _exit(0);
        }
        world_rest(ms);
        http_post(&op17, "/session/standby", "script=1", false);
        waitpid(child, NULL, 0);
        world_rest(200);
        world_look(&v);
        CHECK(!live_is_armed(v.status.state), "STOP %d ms after ARM: it is %s", ms, v.status.state);
    }
}

/* hazards: H30 */
static void an_arm_that_is_refused_takes_no_heart_away(void)
{
    static const char other[] = "page=ffffffffffffffffffffffffffffffff";
    char form[100];
    CHECK(world_arm(), "no READY");
    CHECK(http_post(&op17, "/session/hold", other, false).status == 204, "another tab holds");
    for (int i = 0; i < 5; i++) world_beat(), world_rest(200);
    http_get(&op17, "/session");
    snprintf(form, sizeof form, "%s&script=1&do=arm", other);
    const http_answer a = http_post(&op17, "/session/order", form, true);
    CHECK(a.status == 200 && strstr(a.body, "\"ok\":0"), "armed twice: %d %.300s", a.status, a.body);
    CHECK(!strstr(http_post(&op17, "/session/here", other, false).body, "\"mine\":1"), "its heart counts");
    CHECK(world_beat(), "the heart of the tab that armed does not count any more");
    live_halt(world->live);
    CHECK(world_until_state("STANDBY", 2000), "stop");
}

/* The newest entry of this kind, its screen; "": none. */
static void screen_of(const char *kind, char screen[40])
{
    char place[FL_PLACE_MAX];
    fl_journal *journal = NULL;
    const fl_journal_options options = {.mode = FL_JOURNAL_READ};
    screen[0] = 0;
    if (fl_journal_place(true, place, NULL) != FL_OK ||
        fl_journal_open(place, &options, &journal, NULL) != FL_OK)
        return;
    for (uint64_t i = fl_journal_size(journal); i-- > 0 && !screen[0];) {
        fl_record record;
        char k[40];
        if (fl_journal_record(journal, i, &record) != FL_OK) break;
        if (fl_record_text(&record, "k", k, sizeof k) == FL_OK && strcmp(k, kind) == 0 &&
            fl_record_text(&record, "screen", screen, 40) != FL_OK)
            break;
    }
    fl_journal_close(journal);
}

static void the_journal_says_which_screen_ordered(void)
{
    static const char *const kinds[] = {"auth.ok", "confirm.zone", "confirm.eyewear", "arm"};
    char first[40], screen[40];
    CHECK(world_arm(), "no READY");
    live_halt(world->live);
    CHECK(world_until_state("STANDBY", 2000), "stop");
    screen_of("arm", first);
    CHECK(strncmp(first, "here-", 5) == 0 && strlen(first) == 11, "arm: '%s'", first);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        screen_of(kinds[i], screen);
        CHECK(strcmp(screen, first) == 0, "%s: '%s', not '%s'", kinds[i], screen, first);
    }
}

static void who_leaves_the_console_leaves_the_session(void)
{
    static live_view v;
    http_browser mine;
    CHECK(world_arm(), "no READY");
    world_signed_in(&mine, "op:17");
    http_get(&mine, "/session");
    CHECK(http_post(&mine, "/sign-out", "", false).status == 303, "signs out");
    CHECK(world_until_state("STANDBY", 2000), "armed without a person");
    const int64_t end = world_ms() + 2000;
    do {
        world_look(&v);
        world_rest(10);
    } while (v.status.person[0] && world_ms() < end);
    CHECK(v.running && !v.status.person[0], "%s is still signed in at control", v.status.person);
}

FL_TESTS("console/stop", TEST(a_hung_browser_stands_the_laser_down), TEST(anybody_stops),
         TEST(who_may_not_order), TEST(only_who_is_signed_in_there_orders), TEST(the_second_is_measured_here),
         TEST(stop_wins_against_an_arm_on_its_way), TEST(stop_drops_what_waits_to_arm),
         TEST(the_journal_says_which_screen_ordered), TEST(an_arm_that_is_refused_takes_no_heart_away),
         TEST(who_leaves_the_console_leaves_the_session))
