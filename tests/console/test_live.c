/* labels: fault threads   timeout: 240   needs: fadeline-control fadeline-twin   serial */
/* The live session with a real control process and a simulated laser: its stream, who is waited for (nobody),
 * what is old, and a control that hangs, dies or is closed. Arming and stopping: test_stop.c. */
#include "check.h"

#include "helper_stream.h"
#include "live_world.h"

#include <signal.h>
#include <stdlib.h>

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
    CHECK(world_start(), "no session: %s", world_answer);
    CHECK(stream_open(&s, &op17, NULL), "no stream");
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
    CHECK(world_start(), "no session: %s", world_answer);
    CHECK(stream_open(&s, &op17, NULL), "no stream");
    for (int i = 0; i < 3; i++) {
        world_order(i == 0 ? "do=zone&zone=NOWHERE" : i == 1 ? "do=zone&zone=OCC" : "do=reset&fault=3");
        while (stream_next(&s, 3000) && strcmp(s.kind, "answer") != 0) {
        }
        snprintf(data[i], sizeof data[i], "%.299s", s.data);
        if (i == 0) snprintf(first, sizeof first, "%.47s", s.id);
        snprintf(mark, sizeof mark, "%.47s", s.id);
    }
    stream_close(&s);
    CHECK(strcmp(first, mark) != 0 && first[0], "marks: '%s' '%s'", first, mark);
    CHECK(stream_open(&again, &op17, first), "no stream");
    for (int i = 1; i < 3; i++) {
        CHECK(stream_next(&again, 3000) && strncmp(again.data, data[i], 250) == 0,
              "after %s comes %s %.250s, not %s", first, again.kind, again.data, data[i]);
    }
    CHECK(strcmp(again.id, mark) == 0, "its mark is %s, not %s", again.id, mark);
    stream_close(&again);
    CHECK(stream_open(&again, &op17, "0000beef-999999"), "no stream");
    CHECK(stream_next(&again, 3000) && again.id[0] && strcmp(again.id, mark) != 0,
          "the mark of another console: everything there is, from the oldest; it begins with '%s'", again.id);
    stream_close(&again);
}

static void nobody_is_waited_for(void)
{
    enum { VIEWERS = 50 };
    static stream all[VIEWERS];
    stream mute, extra[LIVE_VIEWERS];
    CHECK(world_start(), "no session: %s", world_answer);
    http_browser many[LIVE_VIEWERS / LIVE_STREAMS + 1];
    for (int i = 0; i <= LIVE_VIEWERS / LIVE_STREAMS; i++) world_signed_in(&many[i], "op:17");
    CHECK(stream_open(&mute, &op17, NULL), "one that never reads");
    for (int i = 0; i < VIEWERS; i++)
        CHECK(stream_open(&all[i], &many[i / LIVE_STREAMS], NULL), "viewer %d", i);
    const int64_t began = world_ms();
    for (int i = 0; i < 20; i++) CHECK(!world_order("do=zone&zone=NOWHERE"), "refused");
    printf("  20 orders beside %d viewers and one that never reads: %lld ms\n", VIEWERS,
           (long long)(world_ms() - began));
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
    CHECK(world_start(), "no session: %s", world_answer);
    for (int i = 0; i <= LIVE_STREAMS; i++) CHECK(stream_open(&s[i], &op17, NULL), "stream %d", i);
    while (stream_next(&s[0], 2000) && strcmp(s[0].kind, "bye") != 0) {
    }
    CHECK(strcmp(s[0].kind, "bye") == 0 && strstr(s[0].data, "elsewhere"), "the oldest: %s", s[0].kind);
    CHECK(!stream_next(&s[0], 300), "and it ends");
    for (int i = 1; i <= LIVE_STREAMS; i++)
        CHECK(stream_next(&s[i], 2000) && strcmp(s[i].kind, "bye") != 0, "stream %d", i);
    for (int i = 0; i <= LIVE_STREAMS; i++) stream_close(&s[i]);
}

/* hazards: H30 */
static void what_is_old_is_not_shown_as_new(void)
{
    stream s;
    CHECK(world_arm(), "no READY");
    const pid_t control = world_control();
    CHECK(control > 1 && kill(control, SIGSTOP) == 0, "no control process");
    world_rest(LIVE_STALE_MS + 300);
    const http_answer a = http_get(&op17, "/session");
    const char *age = strstr(a.body, "data-age=\"");
    CHECK(strstr(a.body, "id=\"state\" data-state=\"LOST\""), "it is shown as %.60s",
          strstr(a.body, "id=\"state\"") ? strstr(a.body, "id=\"state\"") : a.body);
    CHECK(strstr(a.body, "data-v=\"measured.energy_uJ\" data-scale=\"1000\" data-decimals=\"1\">–<"),
          "a measured value is shown");
    CHECK(age && atoi(age + 10) >= LIVE_STALE_MS && atoi(age + 10) < 60000, "its age: %.40s",
          age ? age : "none");
    CHECK(stream_open(&s, &op17, NULL), "no stream");
    while (stream_next(&s, 700) && strcmp(s.kind, "status") != 0) {
    }
    CHECK(strcmp(s.kind, "status") != 0, "an old status is streamed as new: %.200s", s.data);
    stream_close(&s);
    kill(control, SIGCONT);
    world_rest(1000); /* it finds that it was away, and says so */
    CHECK(world_start(), "no session: %s", world_answer);
    CHECK(strstr(http_get(&op17, "/session").body, "id=\"state\" data-state=\"STANDBY\""), "it is new again");
}

/* hazards: H30 */
static void a_control_that_hangs_is_not_waited_for(void)
{
    static live_view v;
    CHECK(world_arm(), "no READY");
    pid_t control = world_control();
    CHECK(control > 1 && kill(control, SIGSTOP) == 0, "no control process");
    for (int i = 0; i < 800; i++) { /* somebody leans on STOP */
        live_halt(world->live);
        world_rest(1);
    }
    world_look(&v);
    CHECK(v.running, "STOP filled the line");
    kill(control, SIGCONT);
    world_rest(1000);
    CHECK(world_arm(), "no READY");
    control = world_control();
    CHECK(control > 1 && kill(control, SIGSTOP) == 0, "no control process");
    int64_t slowest = 0;
    bool runs = true;
    for (int i = 0; i < 1000 && runs; i++) { /* beats until there is no room for one */
        const int64_t began = world_ms();
        world_beat();
        world_look(&v);
        runs = v.running;
        if (world_ms() - began > slowest) slowest = world_ms() - began;
    }
    for (int i = 0; i < 1000 && runs; i++) { /* the line is lost, and control with it */
        world_look(&v);
        runs = v.running;
        world_rest(10);
    }
    CHECK(!runs, "the session goes on with a control that hangs");
    CHECK(slowest < 3000, "a page waited %lld ms", (long long)slowest);
    world_room("foot up");
    CHECK(world_start(), "no session: %s", world_answer);
}

static void control_dies(void)
{
    static live_view v;
    stream s;
    CHECK(world_start(), "no session: %s", world_answer);
    CHECK(stream_open(&s, &op17, NULL), "no stream");
    const pid_t control = world_control();
    CHECK(control > 1, "no control process");
    if (control > 1) kill(control, SIGKILL);
    while (stream_next(&s, 8000) && strcmp(s.kind, "bye") != 0) {
    }
    CHECK(strcmp(s.kind, "bye") == 0 && strstr(s.data, "ended"), "%s %.250s", s.kind, s.data);
    stream_close(&s);
    world_look(&v);
    CHECK(!v.running, "it is told to run");
    CHECK(!world_order("do=zone&zone=MID"), "an order to nobody");
    const http_answer a = http_get(&op17, "/session");
    CHECK(a.status == 200 && strstr(a.body, "Begin a session"), "the first page again: %d", a.status);
    world_room("foot up");
    CHECK(world_arm(), "no READY");
    live_halt(world->live);
    CHECK(world_until_state("STANDBY", 2000), "stop");
}

static void the_console_closes_the_session(void)
{
    CHECK(world_start(), "no session: %s", world_answer);
    const pid_t control = world_control();
    console_stop(world);
    CHECK(control > 1 && kill(control, 0) != 0, "control %d is still there", (int)control);
    world = NULL;
}

FL_TESTS("console/live", TEST(a_status_is_on_the_stream_soon), TEST(a_stream_goes_on_where_it_was),
         TEST(nobody_is_waited_for), TEST(one_visitor_has_three_streams),
         TEST(what_is_old_is_not_shown_as_new), TEST(a_control_that_hangs_is_not_waited_for),
         TEST(control_dies), TEST(the_console_closes_the_session))
