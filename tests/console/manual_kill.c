/* The console is killed in the middle of a session by hand, again and again: what was answered is there, and
 * the open zone is the first thing asked of whoever comes back. */
#include "manual_desk.h"

#include "check.h"

#include "fadeline/session/manual.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 6

static pid_t started;

static void start(http_browser *b)
{
    char line[300] = "", url[64] = "";
    int out[2];
    size_t size = 0;
    console_need(pipe(out) == 0, "a pipe");
    started = fork();
    if (started == 0) {
        dup2(out[1], 1);
        execl(FL_BUILD_DIR "/fadeline", "fadeline", "console", "--simulated", "--port", "0", "--json",
              (char *)NULL);
        _exit(127);
    }
    close(out[1]);
    while (size < sizeof line - 1 && !strchr(line, '\n') && read(out[0], line + size, 1) == 1)
        line[++size] = 0;
    close(out[0]);
    const char *at = strstr(line, "http://");
    if (at) snprintf(url, sizeof url, "%.*s", (int)strcspn(at, "\""), at);
    console_need(url[0], "a console of its own");
    http_browser_at(b, url);
    CHECK(http_sign_in(b, "op:17", PIN_OPERATOR), "a sign-in");
}

static void end_now(void)
{
    int how;
    kill(started, SIGKILL);
    waitpid(started, &how, 0);
    CHECK(WIFSIGNALED(how), "it left by itself: %d", how);
}

/* The next order, from a process of its own: it is on its way, somewhere, when the console is killed. */
static void end_in_an_order(http_browser *b, unsigned round, uint64_t counter)
{
    char form[100];
    desk_look(b);
    const bool after = desk_step() == FL_NEXT_AFTER;
    snprintf(form, sizeof form, "turn=%llu&do=%s&counter=%llu", desk_turn(), after ? "after" : "before",
             (unsigned long long)(after ? counter + 3 : counter));
    const pid_t hand = fork();
    if (hand == 0) {
        http_post(b, "/by-hand/order", form, true);
        _exit(0);
    }
    usleep(round * 1370 % 9000);
    end_now();
    waitpid(hand, NULL, 0);
}

typedef struct books { /* answered; and where the counter stands */
    unsigned begun, counted;
    uint64_t counter;
} books;

/* Zones of three pulses, one after another. */
static void work(http_browser *b, unsigned orders, books *k)
{
    char form[80];
    for (unsigned i = 0; i < orders; i++) {
        const bool after = desk_step() == FL_NEXT_AFTER;
        snprintf(form, sizeof form, "do=%s&counter=%llu", after ? "after" : "before",
                 (unsigned long long)(after ? k->counter + 3 : k->counter));
        CHECK(desk_order(b, form) == 303 && !desk_says("no-good"), "%s: %.300s", form,
              strstr(screen, "no-good"));
        k->counter += after ? 3 : 0;
        k->counted += after;
        k->begun += !after;
    }
}

/* What is there is what was answered, and perhaps the one order that was on its way. */
static void compare(books *k, unsigned round, unsigned first)
{
    const unsigned counted = desk_entries(FL_KIND_PULSES), begun = counted + desk_says(">MID<");
    CHECK(counted >= k->counted && counted <= k->counted + 1 && begun >= k->begun && begun <= k->begun + 1,
          "round %u: %u of %u begun and %u of %u counted are there", round, begun, k->begun, counted,
          k->counted);
    *k = (books){begun, counted, 13 + 3 * (uint64_t)(counted - first)};
}

static void come_back(http_browser *b, books *k, unsigned round)
{
    char form[80];
    CHECK(desk_begins(b, "755+OD7+M+LB9"), "round %u", round);
    if (k->begun == k->counted) return;
    CHECK(desk_step() == FL_NEXT_AFTER, "round %u: step %d, and not the counter", round, desk_step());
    CHECK(desk_order(b, "do=zone&zone=MID") == 303 && desk_refused("zone-not-counted"), "round %u", round);
    snprintf(form, sizeof form, "do=after&counter=%llu", (unsigned long long)k->counter + 3);
    CHECK(desk_order(b, form) == 303 && desk_step() == FL_NEXT_TARGET, "round %u: step %d", round,
          desk_step());
    k->counter += 3;
    k->counted++;
}

void killed_and_on_again(void)
{
    http_browser b;
    char command[400];
    const unsigned first = desk_entries(FL_KIND_PULSES), opened = desk_entries(FL_KIND_SESSION_OPEN);
    books k = {first, first, 13}; /* where the tests before this one left it */
    for (unsigned round = 0; round <= ROUNDS; round++) {
        start(&b);
        desk_look(&b);
        CHECK(!round || desk_says("INTERRUPTED"), "round %u: it does not say so before anything else", round);
        compare(&k, round, first);
        come_back(&b, &k, round);
        if (round == ROUNDS) break;
        CHECK(desk_order(&b, "do=zone&zone=MID") == 303, "round %u", round);
        /* It was treated in a session of today that was closed. */
        CHECK(desk_order(&b, "do=second&who=sup%3A2&pin=" PIN_SUPERVISOR) == 303 &&
                  desk_step() == FL_NEXT_BEFORE,
              "round %u: step %d", round, desk_step());
        work(&b, 3 + round, &k);
        end_in_an_order(&b, round, k.counter);
    }
    CHECK(desk_order(&b, "do=end") == 303, "closed");
    end_now();
    CHECK(desk_entries(FL_KIND_SESSION_OPEN) == desk_entries(FL_KIND_SESSION_CLOSE),
          "every session is closed");
    CHECK(desk_entries(FL_KIND_SESSION_OPEN) >= opened + ROUNDS, "%u sessions",
          desk_entries(FL_KIND_SESSION_OPEN));
    desk_audit(312 + 3ull * (k.counted - first), 13 - 88411 - 312, "after all the kills");
    snprintf(command, sizeof command, "%s/fadeline journal verify --simulated > /dev/null", FL_BUILD_DIR);
    CHECK(system(command) == 0, "the journal verifies");
}
