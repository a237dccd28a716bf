/* labels: fault threads   timeout: 240   needs: fadeline-control fadeline-twin   serial */
/* The live session with a real control process and a simulated laser: its stream, who is waited for (nobody),
 * what keeps it armed, and who may stop it (everybody). */
#include "check.h"

#include "helper_console.h"
#include "helper_plan.h"
#include "helper_stream.h"
#include "live.h"

#include "fadeline/base/place.h"
#include "fadeline/course/seal.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PIN_SECOND "518062"

static fl_console *c;
static http_browser b, second; /* op:17; op:18 */
static pid_t twin;
static char folder[] = "/tmp/fl-live-XXXXXX", port[64], fifo[64];

/* ---- the world ---- */

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void rest(int ms)
{
    const struct timespec t = {ms / 1000, ms % 1000 * 1000000L};
    nanosleep(&t, NULL);
}

static void clean(void)
{
    char command[80];
    if (twin > 0) kill(twin, SIGTERM), waitpid(twin, NULL, 0);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0) fprintf(stderr, "left behind: %s\n", folder);
}

/* The console starts the control process that stands beside its own program. */
static void put_control_beside_us(void)
{
    char self[FL_PLACE_MAX];
    const ssize_t size = readlink("/proc/self/exe", self, sizeof self - 40);
    console_need(size > 0, "a place of our own");
    self[size] = 0;
    strcpy(strrchr(self, '/') + 1, "fadeline-control");
    if (access(self, X_OK) != 0) console_need(symlink(FL_BUILD_DIR "/fadeline-control", self) == 0, self);
}

static void start_twin(void)
{
    char state[64], script[64], ready[200] = "";
    int out[2];
    snprintf(port, sizeof port, "%s/laser", folder);
    snprintf(fifo, sizeof fifo, "%s/room", folder);
    snprintf(state, sizeof state, "%s/state", folder);
    snprintf(script, sizeof script, "%s/script", folder);
    FILE *file = fopen(script, "w");
    console_need(file && pipe(out) == 0, "a room for the laser");
    fputs("when hello +0.2 prove\n", file);
    fclose(file);
    twin = fork();
    if (twin == 0) {
        dup2(out[1], 1);
        execl(FL_BUILD_DIR "/fadeline-twin", "fadeline-twin", "--device", "example-pico", "--pty", port,
              "--room", fifo, "--state", state, "--script", script, (char *)NULL);
        _exit(127);
    }
    close(out[1]);
    setpriority(PRIO_PROCESS, (id_t)twin,
                -15); /* a laser has a processor of its own; not everybody may give it one */
    console_need(read(out[0], ready, sizeof ready - 1) > 0 && strstr(ready, "ready"), "the simulated laser");
}

static void put_plan(void)
{
    char path[FL_PLACE_MAX];
    fl_plan *plan = helper_plan(fl_date_of(fl_clock_system()->utc(NULL)), HELPER_NO_TESTS);
    snprintf(path, sizeof path, "%s/plans", getenv("FADELINE_HOME"));
    console_need(fl_place_make(path, NULL) == FL_OK, "a shelf");
    strcat(path, "/plan.json");
    console_need(fl_plan_seal_here(getenv("FADELINE_HOME"), plan, NULL) == FL_OK, "a seal");
    console_need(fl_plan_write_json(plan, path, NULL) == FL_OK, "a plan");
    fl_plan_free(plan);
}

/* A browser of this person, without the tenths of a second that a PIN takes. */
static void signed_in(http_browser *who, const char *name)
{
    visitor v = {0};
    http_browser_at(who, fl_console_url(c));
    console_need(visitors_sign_in(c->visitors, &v, name), "a visitor");
    snprintf(who->cookie, sizeof who->cookie, "%s=%s", c->near.cookie, v.cookie);
}

static void begin(void)
{
    if (c) return;
    console_need(mkdtemp(folder) != NULL, "a folder");
    atexit(clean);
    put_control_beside_us();
    c = console_start();
    put_plan();
    start_twin();
    http_browser_at(&b, fl_console_url(c));
    console_need(http_sign_in(&b, "op:17", PIN_OPERATOR), "a sign-in");
    console_need(fl_people_add(getenv("FADELINE_HOME"), "op:18", 1u << FL_ROLE_OPERATOR,
                               (fl_date){2099, 5, 1}, PIN_SECOND, NULL) == FL_OK,
                 "another operator");
    signed_in(&second, "op:18");
}

static void in_the_room(const char *event)
{
    FILE *file = fopen(fifo, "a");
    console_need(file != NULL, fifo);
    fprintf(file, "now %s\n", event);
    fclose(file);
}

/* ---- a session ---- */

#define PAGE "page=00112233445566778899aabbccddeeff&script=1&"

static void look(live_view *v)
{
    live_look(c->live, v);
}

static bool until_state(const char *state, int ms)
{
    static live_view v;
    const int64_t end = now_ms() + ms;
    do {
        look(&v);
        if (v.running && strcmp(v.status.state, state) == 0) return true;
        rest(10);
    } while (now_ms() < end);
    fprintf(stderr, "  it is %s, not %s; not good: %s\n", v.running ? v.status.state : "over", state,
            v.status.bad);
    return false;
}

static bool until_good(int ms)
{
    static live_view v;
    const int64_t end = now_ms() + ms;
    do {
        look(&v);
        if (v.running && !v.status.bad[0]) return true;
        rest(10);
    } while (now_ms() < end);
    fprintf(stderr, "  not good: %s\n", v.status.bad);
    return false;
}

static char answer[600]; /* to the newest order */

static bool order(const char *form)
{
    char whole[300];
    snprintf(whole, sizeof whole, PAGE "%s", form);
    http_get(&b, "/session"); /* a page with a token that was not used */
    const http_answer a = http_post(&b, "/session/order", whole, true);
    snprintf(answer, sizeof answer, "%d %.580s", a.status, a.body);
    return a.status == 200 && strstr(a.body, "\"ok\":1");
}

/* A session that has just begun still settles what the one before it left. */
static bool soon(const char *form)
{
    const int64_t end = now_ms() + 8000;
    while (!order(form)) {
        if (now_ms() > end) return false;
        rest(200);
    }
    return true;
}

static void mend_fault(void)
{
    static live_view v;
    char form[40];
    look(&v);
    if (!v.running || strcmp(v.status.state, "FAULT") != 0) return;
    fprintf(stderr, "  reset: %.120s\n", v.status.fault_text);
    snprintf(form, sizeof form, "do=reset&fault=%lld", v.status.fault);
    order(form);
}

static void start(void)
{
    static live_view v;
    char form[200];
    begin();
    look(&v);
    if (!v.running) {
        http_get(&b, "/session");
        snprintf(form, sizeof form, "plan=plan.json&kind=treatment&port=%s", port);
        const http_answer a = http_post(&b, "/session/start", form, true);
        CHECK(a.status == 303, "it does not begin: %d %.600s", a.status,
              strstr(a.body, "<main") ? strstr(a.body, "<main") : a.body);
    }
    look(&v);
    if (strcmp(v.status.person, "op:17") != 0)
        CHECK(soon("do=sign-in&pin=" PIN_OPERATOR), "sign in: %s", answer);
    mend_fault();
    CHECK(until_state("STANDBY", 20000), "no STANDBY");
    CHECK(soon("do=zone&zone=MID"), "zone: %s", answer);
    CHECK(soon("do=eyewear&marks=755+OD7+M+LB9"), "eyewear: %s", answer);
    /* Too many resets, on a machine that is too busy: then a supervisor signs. */
    if (!until_good(3000)) order("do=reconcile&who=sup:2&pin=" PIN_SUPERVISOR);
    CHECK(until_good(10000), "not good");
}

/* The button is held for a second; the order as a page gives it after that. */
static void press(http_browser *who, const char *up)
{
    char form[100];
    snprintf(form, sizeof form, PAGE "%s", up);
    const http_answer a = http_post(who, "/session/hold", form, false);
    CHECK(a.status == 204, "held: %d %.200s", a.status, a.body);
}

static bool hold_and_arm(void)
{
    press(&b, "");
    rest(1000);
    return order("do=arm");
}

static bool beat(void)
{
    const http_answer a = http_post(&b, "/session/here", PAGE, false);
    return a.status == 200 && strstr(a.body, "\"mine\":1");
}

/* A busy machine may be too slow for a laser that wants a word every 100 ms: then it is reset, as a person
 * would. */
static bool armed_once(void)
{
    static live_view v;
    start();
    if (!hold_and_arm()) return fprintf(stderr, "  once more: %s\n", answer), rest(300), false;
    for (int i = 0; i < 30; i++) {
        look(&v);
        if (!strcmp(v.status.state, "READY")) return true;
        if (!live_is_armed(v.status.state)) break;
        beat();
        rest(200);
    }
    mend_fault();
    return false;
}

static void arm(void)
{
    int tries = 0;
    while (!armed_once() && ++tries < 6) {
    }
    CHECK(tries < 6, "no READY");
}

/* ---- tests ---- */

static int by_size(const void *a, const void *z)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)z;
    return (x > y) - (x < y);
}

static void a_status_is_on_the_stream_soon(void)
{
    enum { MOST = 60 };
    int64_t late[MOST];
    size_t count = 0;
    stream s;
    start();
    CHECK(stream_open(&s, &b, NULL), "no stream");
    while (count < MOST && stream_next(&s, 2000)) {
        if (strcmp(s.kind, "status") != 0) continue;
        const char *at = strstr(s.data, "\"mono_us\":");
        if (at) late[count++] = s.at_us - atoll(at + 10);
    }
    stream_close(&s);
    CHECK(count == MOST, "only %zu states", count);
    qsort(late, count, sizeof *late, by_size);
    if (count)
        printf("  status from control's tick to the bytes at a viewer: p50 %.1f ms, p95 %.1f ms, most %.1f "
               "ms (n %zu)\n",
               (double)late[count / 2] / 1e3, (double)late[count * 95 / 100] / 1e3,
               (double)late[count - 1] / 1e3, count);
}

static void a_stream_goes_on_where_it_was(void)
{
    stream s, again;
    char mark[LIVE_MARK] = "", first[LIVE_MARK] = "", data[3][300];
    start();
    CHECK(stream_open(&s, &b, NULL), "no stream");
    for (int i = 0; i < 3; i++) {
        order(i == 0 ? "do=zone&zone=NOWHERE" : i == 1 ? "do=zone&zone=OCC" : "do=reset&fault=3");
        while (stream_next(&s, 3000) && strcmp(s.kind, "answer") != 0) {
        }
        snprintf(data[i], sizeof data[i], "%.299s", s.data);
        if (i == 0) snprintf(first, sizeof first, "%.47s", s.id);
        snprintf(mark, sizeof mark, "%.47s", s.id);
    }
    stream_close(&s);
    CHECK(strcmp(first, mark) != 0 && first[0], "marks: '%s' '%s'", first, mark);
    CHECK(stream_open(&again, &b, first), "no stream");
    for (int i = 1; i < 3; i++) {
        CHECK(stream_next(&again, 3000) && strncmp(again.data, data[i], 250) == 0,
              "after %s comes %s %.250s, not %s", first, again.kind, again.data, data[i]);
    }
    CHECK(strcmp(again.id, mark) == 0, "its mark is %s, not %s", again.id, mark);
    stream_close(&again);
    CHECK(stream_open(&again, &b, "0000beef-999999"), "no stream");
    CHECK(stream_next(&again, 3000) && again.id[0] && strcmp(again.id, mark) != 0,
          "the mark of another console: everything there is, from the oldest; it begins with '%s'", again.id);
    stream_close(&again);
}

static void nobody_is_waited_for(void)
{
    enum { VIEWERS = 50 };
    static stream all[VIEWERS];
    stream mute, extra[LIVE_VIEWERS];
    start();
    http_browser many[LIVE_VIEWERS / LIVE_STREAMS + 1];
    for (int i = 0; i <= LIVE_VIEWERS / LIVE_STREAMS; i++) signed_in(&many[i], "op:17");
    CHECK(stream_open(&mute, &b, NULL), "one that never reads");
    for (int i = 0; i < VIEWERS; i++)
        CHECK(stream_open(&all[i], &many[i / LIVE_STREAMS], NULL), "viewer %d", i);
    const int64_t began = now_ms();
    for (int i = 0; i < 20; i++) CHECK(!order("do=zone&zone=NOWHERE"), "refused");
    printf("  20 orders beside %d viewers and one that never reads: %lld ms\n", VIEWERS,
           (long long)(now_ms() - began));
    for (int i = 0; i < VIEWERS; i++) {
        int answers = 0;
        while (answers < 20 && stream_next(&all[i], 3000)) answers += strcmp(all[i].kind, "answer") == 0;
        CHECK(answers == 20, "viewer %d saw %d of 20 answers", i, answers);
    }
    int taken = 0;
    while (taken < LIVE_VIEWERS && stream_open(&extra[taken], &many[(VIEWERS + taken) / LIVE_STREAMS], NULL))
        taken++;
    CHECK(taken == LIVE_VIEWERS - VIEWERS - 1, "%d more were let in", taken);
    for (int i = 0; i < taken; i++) stream_close(&extra[i]);
    int answers = 0;
    while (answers < 20 && stream_next(&mute, 3000)) answers += strcmp(mute.kind, "answer") == 0;
    CHECK(answers == 20, "the one that did not read lost events: %d of 20", answers);
    stream_close(&mute);
    for (int i = 0; i < VIEWERS; i++) stream_close(&all[i]);
}

static void one_visitor_has_three_streams(void)
{
    stream s[LIVE_STREAMS + 1];
    start();
    for (int i = 0; i <= LIVE_STREAMS; i++) CHECK(stream_open(&s[i], &b, NULL), "stream %d", i);
    while (stream_next(&s[0], 2000) && strcmp(s[0].kind, "bye") != 0) {
    }
    CHECK(strcmp(s[0].kind, "bye") == 0 && strstr(s[0].data, "elsewhere"), "the oldest: %s", s[0].kind);
    CHECK(!stream_next(&s[0], 300), "and it ends");
    for (int i = 1; i <= LIVE_STREAMS; i++)
        CHECK(stream_next(&s[i], 2000) && strcmp(s[i].kind, "bye") != 0, "stream %d", i);
    for (int i = 0; i <= LIVE_STREAMS; i++) stream_close(&s[i]);
}

/* READY for four seconds of beats; false: a busy machine let the line to the laser fall silent. */
static bool kept_ready(void)
{
    static live_view v;
    arm();
    for (int i = 0; i < 8; i++) {
        look(&v);
        if (!strcmp(v.status.state, "FAULT")) return false;
        CHECK(beat(), "it is ours");
        rest(500);
    }
    look(&v);
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
    const http_answer other = http_post(&b, "/session/here", "page=ffffffffffffffffffffffffffffffff", false);
    CHECK(other.status == 200 && strstr(other.body, "\"mine\":0"), "another page's heart is not ours");
    const int64_t silent = now_ms();
    while (now_ms() - silent < 6000) {
        http_post(&b, "/session/here", "page=ffffffffffffffffffffffffffffffff",
                  false); /* keeps nothing armed */
        look(&v);
        if (!live_is_armed(v.status.state)) break;
        rest(50);
    }
    CHECK(!live_is_armed(v.status.state), "armed without its page");
    printf("  a page that fell silent: stood down after %lld ms\n", (long long)(now_ms() - silent));
}

static void anybody_stops(void)
{
    http_browser stranger;
    arm();
    http_browser_at(&stranger, fl_console_url(c));
    CHECK(http_get(&stranger, "/").status == 200, "a stranger");
    CHECK(http_post(&stranger, "/session/order", PAGE "do=standby", true).status >= 400,
          "a stranger orders nothing");
    CHECK(http_get(&stranger, "/live").status == 401, "a stranger hears nothing");
    const int64_t began = now_ms();
    const http_answer a = http_post(&stranger, "/session/standby", "script=1", false);
    CHECK(a.status == 204, "STOP: %d", a.status);
    CHECK(until_state("STANDBY", 2000), "a stranger's STOP");
    printf("  STOP of somebody who is not signed in: STANDBY after %lld ms\n", (long long)(now_ms() - began));
}

static void who_may_not_order(void)
{
    http_browser other;
    start();
    CHECK(http_post(&b, "/session/order", PAGE "do=zone&zone=MID", false).status == 403,
          "without an act token");
    CHECK(!order("do=sign-in&pin=000111"), "a wrong PIN");
    CHECK(!order("do=grant") && !order("do=here") && !order("do="), "orders that no page gives");
    http_get(&b, "/session");
    CHECK(http_post(&b, "/session/order", "script=1&do=arm", true).status == 422,
          "who arms has to name its page");
    http_browser_at(&other, fl_console_url(c));
    CHECK(!http_sign_in(&other, "aud:2", PIN_AUDITOR), "the journal is held: the auditor waits");
    CHECK(!http_sign_in(&other, "op:17", "000111") && !http_sign_in(&other, "op:17", PIN_OPERATOR),
          "and so does everybody who was not signed in at that screen");
}

static int order_of(http_browser *who, const char *form)
{
    char whole[300];
    snprintf(whole, sizeof whole, PAGE "%s", form);
    http_get(who, "/session");
    const http_answer a = http_post(who, "/session/order", whole, true);
    snprintf(answer, sizeof answer, "%d %.580s", a.status, a.body);
    return a.status;
}

/* hazards: H30 */
static void only_who_is_signed_in_there_orders(void)
{
    static const char *const orders[] = {"do=zone&zone=MID", "do=eyewear&marks=755+OD7+M+LB9",
                                         "do=arm",           "do=sign-out",
                                         "do=end",           "do=reset&fault=3"};
    static live_view v;
    start();
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
        CHECK(order_of(&second, orders[i]) == 403 && strstr(answer, "signed in at the laser"), "%s: %s",
              orders[i], answer);
    CHECK(http_post(&second, "/session/hold", PAGE, false).status == 403, "a hold of somebody else");
    const http_answer a = http_get(&second, "/session");
    CHECK(strstr(a.body, "looks on") && !strstr(a.body, "id=\"arm\"") && !strstr(a.body, "id=\"p-zone\""),
          "it is shown how to order");
    look(&v);
    CHECK(v.running && !strcmp(v.status.person, "op:17"), "it is still the session of op:17");
    CHECK(order_of(&second, "do=sign-in&pin=000111") == 200 && strstr(answer, "\"ok\":0"),
          "control looks at the PIN: %s", answer);
}

static void the_second_is_measured_here(void)
{
    static live_view v;
    start();
    CHECK(!order("do=arm") && strstr(answer, "409") == answer, "never held: %s", answer);
    press(&b, "");
    CHECK(!order("do=arm") && strstr(answer, "409") == answer, "held for a moment: %s", answer);
    rest(1000);
    CHECK(!order("do=arm"), "that hold was used up: %s", answer);
    press(&b, "");
    press(&b, "up=1&");
    rest(1000);
    CHECK(!order("do=arm"), "let go: %s", answer);
    const http_answer other = http_post(&b, "/session/hold", "page=ffffffffffffffffffffffffffffffff", false);
    CHECK(other.status == 204, "another tab of mine");
    rest(1000);
    CHECK(!order("do=arm"), "held in another tab: %s", answer);
    press(&b, "");
    rest(5100);
    CHECK(!order("do=arm"), "held long ago: %s", answer);
    look(&v);
    CHECK(!live_is_armed(v.status.state), "it is %s", v.status.state);
    arm();
    live_halt(c->live);
    CHECK(until_state("STANDBY", 2000), "stop");
}

/* hazards: H30 */
static void stop_wins_against_an_arm_on_its_way(void)
{
    static live_view v;
    char text[1000], body[200];
    start();
    press(&b, "");
    rest(1000);
    http_get(&b, "/session");
    snprintf(body, sizeof body, "token=%s&" PAGE "do=arm", b.act);
    const int size =
        snprintf(text, sizeof text,
                 "POST /session/order HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nOrigin: http://%s\r\n"
                 "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%.20s",
                 b.host, b.cookie, b.host, strlen(body), body);
    const int fd = http_connect(b.url);
    CHECK(write(fd, text, (size_t)size) == size, "a head and some of the body");
    rest(200);
    CHECK(http_post(&b, "/session/standby", "script=1", false).status == 204, "STOP");
    /* A hold that the console would take: the number alone says no. */
    press(&b, "");
    rest(1000);
    const http_answer a = http_ask_on(fd, body + 20, 0);
    CHECK(a.status == 409 && strstr(a.body, "STOP came first"), "the rest of it: %d %.300s", a.status,
          a.body);
    close(fd);
    rest(300);
    look(&v);
    CHECK(!live_is_armed(v.status.state), "it is %s", v.status.state);
}

/* hazards: H30 */
static void stop_drops_what_waits_to_arm(void)
{
    static live_view v;
    for (int ms = 0; ms < 12; ms += 2) {
        start();
        press(&b, "");
        rest(1000);
        http_get(&b, "/session");
        const pid_t child = fork();
        if (child == 0) { /* another line, at the same time */
            http_post(&b, "/session/order", PAGE "do=arm", true);
            _exit(0);
        }
        rest(ms);
        http_post(&b, "/session/standby", "script=1", false);
        waitpid(child, NULL, 0);
        rest(200);
        look(&v);
        CHECK(!live_is_armed(v.status.state), "STOP %d ms after ARM: it is %s", ms, v.status.state);
    }
}

/* hazards: H30 */
static void an_arm_that_is_refused_takes_no_heart_away(void)
{
    static const char other[] = "page=ffffffffffffffffffffffffffffffff";
    char form[100];
    arm();
    CHECK(http_post(&b, "/session/hold", other, false).status == 204, "another tab holds");
    for (int i = 0; i < 5; i++) beat(), rest(200);
    http_get(&b, "/session");
    snprintf(form, sizeof form, "%s&script=1&do=arm", other);
    const http_answer a = http_post(&b, "/session/order", form, true);
    CHECK(a.status == 200 && strstr(a.body, "\"ok\":0"), "armed twice: %d %.300s", a.status, a.body);
    CHECK(!strstr(http_post(&b, "/session/here", other, false).body, "\"mine\":1"), "its heart counts");
    CHECK(beat(), "the heart of the tab that armed does not count any more");
    live_halt(c->live);
    CHECK(until_state("STANDBY", 2000), "stop");
}

static void who_leaves_the_console_leaves_the_session(void)
{
    static live_view v;
    http_browser mine;
    arm();
    signed_in(&mine, "op:17");
    http_get(&mine, "/session");
    CHECK(http_post(&mine, "/sign-out", "", false).status == 303, "signs out");
    CHECK(until_state("STANDBY", 2000), "armed without a person");
    const int64_t end = now_ms() + 2000;
    do {
        look(&v);
        rest(10);
    } while (v.status.person[0] && now_ms() < end);
    CHECK(v.running && !v.status.person[0], "%s is still signed in at control", v.status.person);
}

static pid_t control_process(void)
{
    char command[120], line[40] = "";
    snprintf(command, sizeof command, "pgrep -P %d -f fadeline-contro[l]", (int)getpid());
    FILE *pipe = popen(command, "r");
    if (pipe && !fgets(line, sizeof line, pipe)) line[0] = 0;
    if (pipe) pclose(pipe);
    return (pid_t)atoi(line);
}

/* hazards: H30 */
static void what_is_old_is_not_shown_as_new(void)
{
    stream s;
    arm();
    const pid_t control = control_process();
    CHECK(control > 1 && kill(control, SIGSTOP) == 0, "no control process");
    rest(LIVE_STALE_MS + 300);
    const http_answer a = http_get(&b, "/session");
    const char *age = strstr(a.body, "data-age=\"");
    CHECK(strstr(a.body, "id=\"state\" data-state=\"LOST\""), "it is shown as %.60s",
          strstr(a.body, "id=\"state\"") ? strstr(a.body, "id=\"state\"") : a.body);
    CHECK(strstr(a.body, "data-v=\"measured.energy_uJ\" data-scale=\"1000\" data-decimals=\"1\">–<"),
          "a measured value is shown");
    CHECK(age && atoi(age + 10) >= LIVE_STALE_MS && atoi(age + 10) < 60000, "its age: %.40s",
          age ? age : "none");
    CHECK(stream_open(&s, &b, NULL), "no stream");
    while (stream_next(&s, 700) && strcmp(s.kind, "status") != 0) {
    }
    CHECK(strcmp(s.kind, "status") != 0, "an old status is streamed as new: %.200s", s.data);
    stream_close(&s);
    kill(control, SIGCONT);
    rest(1000); /* it finds that it was away, and says so */
    start();
    CHECK(strstr(http_get(&b, "/session").body, "id=\"state\" data-state=\"STANDBY\""), "it is new again");
}

/* hazards: H30 */
static void a_control_that_hangs_is_not_waited_for(void)
{
    static live_view v;
    arm();
    pid_t control = control_process();
    CHECK(control > 1 && kill(control, SIGSTOP) == 0, "no control process");
    for (int i = 0; i < 800; i++) { /* somebody leans on STOP */
        live_halt(c->live);
        rest(1);
    }
    look(&v);
    CHECK(v.running, "STOP filled the line");
    kill(control, SIGCONT);
    rest(1000);
    arm();
    control = control_process();
    CHECK(control > 1 && kill(control, SIGSTOP) == 0, "no control process");
    int64_t slowest = 0;
    bool runs = true;
    for (int i = 0; i < 1000 && runs; i++) { /* beats until there is no room for one */
        const int64_t began = now_ms();
        beat();
        look(&v);
        runs = v.running;
        if (now_ms() - began > slowest) slowest = now_ms() - began;
    }
    for (int i = 0; i < 1000 && runs; i++) { /* the line is lost, and control with it */
        look(&v);
        runs = v.running;
        rest(10);
    }
    CHECK(!runs, "the session goes on with a control that hangs");
    CHECK(slowest < 3000, "a page waited %lld ms", (long long)slowest);
    in_the_room("foot up");
    start();
}

static void control_dies(void)
{
    static live_view v;
    stream s;
    start();
    CHECK(stream_open(&s, &b, NULL), "no stream");
    const pid_t control = control_process();
    CHECK(control > 1, "no control process");
    if (control > 1) kill(control, SIGKILL);
    while (stream_next(&s, 8000) && strcmp(s.kind, "bye") != 0) {
    }
    CHECK(strcmp(s.kind, "bye") == 0 && strstr(s.data, "ended"), "%s %.250s", s.kind, s.data);
    stream_close(&s);
    look(&v);
    CHECK(!v.running, "it is told to run");
    CHECK(!order("do=zone&zone=MID"), "an order to nobody");
    const http_answer a = http_get(&b, "/session");
    CHECK(a.status == 200 && strstr(a.body, "Begin a session"), "the first page again: %d", a.status);
    in_the_room("foot up");
    arm(); /* and everything from the beginning */
    live_halt(c->live);
    CHECK(until_state("STANDBY", 2000), "stop");
}

static void the_console_closes_the_session(void)
{
    start();
    const pid_t control = control_process();
    console_stop(c);
    CHECK(control > 1 && kill(control, 0) != 0, "control %d is still there", (int)control);
    c = NULL;
}

FL_TESTS("console/live", TEST(a_status_is_on_the_stream_soon), TEST(a_stream_goes_on_where_it_was),
         TEST(nobody_is_waited_for), TEST(one_visitor_has_three_streams),
         TEST(a_hung_browser_stands_the_laser_down), TEST(anybody_stops), TEST(who_may_not_order),
         TEST(only_who_is_signed_in_there_orders), TEST(the_second_is_measured_here),
         TEST(an_arm_that_is_refused_takes_no_heart_away), TEST(stop_wins_against_an_arm_on_its_way),
         TEST(stop_drops_what_waits_to_arm),

         TEST(who_leaves_the_console_leaves_the_session), TEST(what_is_old_is_not_shown_as_new),
         TEST(a_control_that_hangs_is_not_waited_for), TEST(control_dies),
         TEST(the_console_closes_the_session))
