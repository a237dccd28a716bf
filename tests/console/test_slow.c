/* labels: unit fault threads   timeout: 120 */
/* Clients that take their time, many at once, several requests on a line; and the same under many threads. */
#include "check.h"

#include "helper_attack.h"

#include "watch.h"

#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

static fl_console *c;

static int64_t now_ms(void)
{
    return fl_clock_system()->now(NULL).us / 1000;
}

static void begin(void)
{
    if (!c) c = console_start();
}

static bool is_open(int fd)
{
    char byte;
    struct pollfd at = {.fd = fd, .events = POLLIN};
    return poll(&at, 1, 0) == 0 || recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

/* ---- a byte now and then ---- */

enum { SILENT, HEAD, LINES, FORM, KEPT, SLOW };

/* What each slow client has said at first, and says again and again: there is always something coming. */
static const char *const first[SLOW] = {"", "GET / HTTP/1.1\r\nX: ", "GET / HTTP/1.1\r\n",
                                        "POST /screen HTTP/1.1\r\nHost: %s\r\nOrigin: "
                                        "http://%s\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                                        "Content-Length: 5000\r\n\r\n",
                                        "GET /assets/icon.svg HTTP/1.1\r\nHost: %s\r\nX: %s\r\n\r\n"};
static const char *const more[SLOW] = {"", "a", "X: y\r\n", "a", ""};
static const int at_most_ms[SLOW] = {WATCH_HEAD_MS, WATCH_HEAD_MS, WATCH_HEAD_MS, WATCH_FORM_MS,
                                     WATCH_HEAD_MS};

static void slow_clients_are_cut(void)
{
    int fds[SLOW], left = SLOW;
    int64_t cut[SLOW] = {0};
    char text[500], host[64];
    begin();
    snprintf(host, sizeof host, "%.*s", (int)strcspn(fl_console_url(c) + 7, "/"), fl_console_url(c) + 7);
    const uint64_t before = console_handled(c);
    const int64_t began = now_ms();
    for (int i = 0; i < SLOW; i++) {
        fds[i] = http_connect(fl_console_url(c));
        const char *mark = strstr(first[i], "%s"), *second = mark ? strstr(mark + 2, "%s") : NULL;
        if (second)
            snprintf(text, sizeof text, "%.*s%s%.*s%s%s", (int)(mark - first[i]), first[i], host,
                     (int)(second - mark - 2), mark + 2, host, second + 2);
        else
            snprintf(text, sizeof text, "%s", first[i]);
        CHECK(send(fds[i], text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text), "client %d", i);
        if (i == KEPT) CHECK(http_read(fds[i], false).status == 200, "the one that keeps its line");
    }
    while (left && now_ms() - began < 60000) {
        usleep(100000);
        for (int i = 0; i < SLOW; i++) {
            if (cut[i]) continue;
            if (!is_open(fds[i])) {
                cut[i] = now_ms() - began;
                left--;
            } else if (*more[i]) {
                send(fds[i], more[i], strlen(more[i]), MSG_NOSIGNAL);
            }
        }
    }
    for (int i = 0; i < SLOW; i++) {
        close(fds[i]);
        CHECK(cut[i] >= at_most_ms[i] - 500, "client %d: cut too early, after %lld ms", i, (long long)cut[i]);
        CHECK(cut[i], "client %d: never cut", i);
    }
    CHECK(console_handled(c) == before, "one of them reached a handler");
}

/* ---- several on a line ---- */

static void each_request_of_a_line_is_judged(void)
{
    char text[2000];
    begin();
    attack a;
    attack_begin(&a, c, "svc:3", PIN_SERVICE);
    const int fd = http_connect(a.browser.url);
    const uint64_t before = console_handled(c);
    snprintf(text, sizeof text,
             "GET / HTTP/1.1\r\n%s\r\nGET /people HTTP/1.1\r\n%s\r\nGET / HTTP/1.1\r\nHost: "
             "evil.example\r\n\r\nGET / HTTP/1.1\r\n%s\r\n",
             a.own_host, a.own_host, a.own_host);
    CHECK(http_ask_on(fd, text, 0).status == 200, "the first");
    CHECK(http_read(fd, false).status == 303, "the second, of nobody");
    CHECK(http_read(fd, false).status == 421, "the third, of another host");
    CHECK(http_read(fd, false).status == 0, "what follows a refusal is not read");
    CHECK(console_handled(c) == before + 1, "one handler was called");
    close(fd);
    /* A request hidden in the body of another is a body. */
    const int other = http_connect(a.browser.url);
    snprintf(text, sizeof text,
             "POST /screen HTTP/1.1\r\n%s%sContent-Type: text/plain\r\nContent-Length: 400\r\n\r\nGET / "
             "HTTP/1.1\r\n%s\r\n",
             a.own_host, a.own_origin, a.own_host);
    CHECK(http_ask_on(other, text, 0).status == 415, "the outer one");
    CHECK(http_read(other, false).status == 0, "the inner one");
    close(other);
}

/* ---- eight threads ---- */

static _Atomic unsigned good, bad;

static void *use(void *self)
{
    const intptr_t n = (intptr_t)self;
    http_browser b;
    http_browser_at(&b, fl_console_url(c));
    if (!http_sign_in(&b, n % 2 ? "own:1" : "svc:3", n % 2 ? PIN_OWNER : PIN_SERVICE)) bad++;
    static const char *const paths[] = {
        "/", "/lasers", "/laser/example-pico", "/service", "/assets/console.css", "/none", "/sign-in"};
    for (int i = 0; i < 20; i++) {
        const int status = http_get(&b, paths[(n + i) % 7]).status;
        *(status == 200 || status == 404 ? &good : &bad) += 1;
        if (i % 5 == 4) {
            http_get(&b, "/service");
            const int done =
                http_post(&b, "/service", "dev=SIM-0007&old=41207&new=41207&doc=W-1", true).status;
            *(done == 303 ? &good : &bad) += 1;
            http_post(&b, "/screen", "theme=light&to=%2F", false);
        }
        if (i % 7 == 6) close(http_connect(b.url)); /* and one who thinks better of it */
    }
    if (http_post(&b, "/sign-out", "", false).status != 303) bad++;
    return NULL;
}

static void eight_threads_at_once(void)
{
    pthread_t threads[8];
    begin();
    for (intptr_t i = 0; i < 8; i++)
        CHECK(pthread_create(&threads[i], NULL, use, (void *)i) == 0, "a thread");
    for (int i = 0; i < 8; i++) pthread_join(threads[i], NULL);
    CHECK(!bad && good == 8 * 24, "%u good, %u bad", good, bad);
}

/* More than there is room for: who has waited longest is cut, or who comes too late is turned away; when they
 * are gone there is room again. */
static void more_than_there_is_room_for(void)
{
    enum { MANY = 200 };
    int fds[MANY], refused = 0;
    begin();
    for (int i = 0; i < MANY; i++) fds[i] = http_connect(fl_console_url(c));
    usleep(300000);
    for (int i = 0; i < MANY; i++) refused += fds[i] < 0 || !is_open(fds[i]);
    for (int i = 0; i < MANY; i++)
        if (fds[i] >= 0) close(fds[i]);
    CHECK(refused > 0 && refused < MANY, "%d of %d were turned away", refused, MANY);
    http_browser b;
    http_browser_at(&b, fl_console_url(c));
    int status = 0;
    for (int i = 0; i < 50 && status != 200; i++) {
        usleep(100000);
        status = http_get(&b, "/").status;
    }
    CHECK(status == 200, "afterwards: %d", status);
}

/* One program fills the house with requests that never end, and goes on: somebody's STOP gets in. */
static void who_fills_the_house_pushes_out_their_own(void)
{
    enum { MANY = 400 };
    int fds[MANY];
    begin();
    attack a;
    attack_begin(&a, c, NULL, NULL);
    char stop[600], text[600];
    snprintf(stop, sizeof stop,
             "POST /session/standby HTTP/1.1\r\n%s%sContent-Type: application/x-www-form-urlencoded\r\n"
             "Content-Length: 8\r\n\r\nscript=1",
             a.own_host, a.own_origin);
    for (size_t kind = 0; kind < 2; kind++) {
        unsigned stopped = 0, tries = 0;
        if (kind)
            snprintf(text, sizeof text,
                     "POST /screen HTTP/1.1\r\n%s%sContent-Type: "
                     "application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\na=",
                     a.own_host, a.own_origin);
        else
            snprintf(text, sizeof text, "%s", first[HEAD]);
        for (int i = 0; i < MANY; i++) {
            fds[i] = http_connect(a.browser.url);
            if (fds[i] >= 0) send(fds[i], text, strlen(text), MSG_NOSIGNAL);
            usleep(1000);
            if (i < 150 || i % 25) continue;
            tries++;
            usleep(100000);
            stopped += http_ask(a.browser.url, stop, 0).status == 204;
        }
        for (int i = 0; i < MANY; i++)
            if (fds[i] >= 0) close(fds[i]);
        CHECK(stopped == tries, "%s: %u of %u STOPs got in", kind ? "half forms" : "half heads", stopped,
              tries);
        usleep(300000);
    }
}

static void it_closes_at_once(void)
{
    begin();
    const int idle = http_connect(fl_console_url(c));
    const int64_t began = now_ms();
    console_stop(c);
    CHECK(now_ms() - began < 5000, "a line that is idle held it for %lld ms", (long long)(now_ms() - began));
    close(idle);
}

FL_TESTS("console/slow", TEST(eight_threads_at_once), TEST(each_request_of_a_line_is_judged),
         TEST(more_than_there_is_room_for), TEST(who_fills_the_house_pushes_out_their_own),
         TEST(slow_clients_are_cut), TEST(it_closes_at_once))
