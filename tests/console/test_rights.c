/* labels: unit fault   timeout: 120 */
/* Who may, and with which token: every row of the table for everybody, and everything that is nearly a token.
 */
#include "check.h"

#include "fields.h"
#include "helper_attack.h"

#include "live_private.h"
#include "routes.h"

#include "fadeline/journal/journal.h"

#include <ctype.h>
#include <sys/socket.h>
#include <unistd.h>

static fl_console *c;
static _Atomic int64_t ahead_us; /* the console's clock, moved by the test */

static fl_instant boot(void *self)
{
    (void)self;
    return (fl_instant){fl_clock_system()->boot(NULL).us + ahead_us};
}

static void begin(void)
{
    if (c) return;
    c = console_start();
    c->clock.boot = boot;
}

/* ---- the table ---- */

static const struct {
    const char *who, *pin;
    unsigned roles;
    bool late;
} people[] = {
    {NULL, NULL, 0, false},
    {"own:1", PIN_OWNER, MAY(OWNER) | MAY(SUPERVISOR), false},
    {"op:17", PIN_OPERATOR, MAY(OPERATOR), false},
    {"svc:3", PIN_SERVICE, MAY(SERVICE), false},
    {"aud:2", PIN_AUDITOR, MAY(AUDITOR), false},
    {"sup:2", PIN_SUPERVISOR, MAY(SUPERVISOR), false},
    {"op:9", PIN_LATE, MAY(OPERATOR) | MAY(SERVICE), true},
};

/* 0: the handler is to be called; else the status of the refusal. Written from the words of routes.h, not
 * from answer.c. */
static int wanted(const route *r, unsigned roles, bool late)
{
    const bool told = r->how & ROUTE_TOLD;
    if (r->how & ROUTE_FAR) return 404;
    if (r->who == ANYONE) return 0;
    if (!roles) return told ? 401 : r->method == ROUTE_POST ? 403 : 303;
    if (!(roles & r->who)) return 403;
    return late && r->how & ROUTE_ACT ? 403 : 0;
}

/* The path of a row, every :name made a name. */
static void path_of(const route *r, char *path)
{
    for (const char *at = r->path; *at;) {
        if (*at != ':') {
            *path++ = *at++;
            continue;
        }
        *path++ = 'x';
        at += strcspn(at, "/");
    }
    *path = 0;
}

static int ask(http_browser *b, const route *r)
{
    char path[100];
    visitor v;
    path_of(r, path);
    if (r->method == ROUTE_GET) return http_get(b, path).status;
    visitors_find(c->visitors, strchr(b->cookie, '=') + 1, false, &v);
    visitors_set_token(&v, b->token);
    visitors_act_token(c->visitors, &v, b->act);
    return http_post(b, path, "to=%2F", r->how & ROUTE_ACT).status;
}

/* Two helpers of one list: a merge that keeps both sides may keep a row twice. */
static void no_row_is_there_twice(void)
{
    for (size_t n = 0; routes_at(n); n++)
        for (size_t m = 0; m < n; m++)
            CHECK(routes_at(n)->method != routes_at(m)->method ||
                      strcmp(routes_at(n)->path, routes_at(m)->path) != 0,
                  "%s", routes_at(n)->path);
}

/* A browser with this person signed in; nobody: one that saw the first page. */
static void be(http_browser *b, size_t person)
{
    http_browser_at(b, fl_console_url(c));
    if (people[person].who)
        CHECK(http_sign_in(b, people[person].who, people[person].pin), "%s signs in", people[person].who);
    else
        http_get(b, "/");
}

static void try_row(http_browser *b, const route *r, size_t person, int counts[2])
{
    const uint64_t before = console_handled(c);
    const int status = ask(b, r), want = wanted(r, people[person].roles, people[person].late);
    const bool called = console_handled(c) > before;
    CHECK(want ? status == want && !called : called, "%s %s for %s: %d, wanted %d, %s",
          r->method ? "POST" : "GET", r->path, people[person].who ? people[person].who : "nobody", status,
          want, called ? "called" : "not called");
    counts[want != 0]++;
}

static void every_row_for_everybody(void)
{
    int counts[2] = {0};
    http_browser b;
    begin();
    for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
        be(&b, i);
        for (size_t n = 0; routes_at(n); n++) {
            try_row(&b, routes_at(n), i, counts);
            if (strstr(routes_at(n)->path, "sign-out")) be(&b, i);
        }
    }
    CHECK(counts[0] >= 30 && counts[1] >= 15, "%d passed, %d refused", counts[0], counts[1]);
}

/* ---- away ---- */

static void five_minutes_without_a_touch(void)
{
    begin();
    attack a;
    attack_begin(&a, c, "svc:3", PIN_SERVICE);
    ahead_us += INT64_C(290) * 1000000;
    CHECK(http_get(&a.browser, "/lasers").status == 200, "before");
    ahead_us += INT64_C(290) * 1000000;
    CHECK(http_get(&a.browser, "/lasers").status == 200, "a touch began them anew");
    ahead_us += INT64_C(301) * 1000000;
    attack_refused(&a, "an act on a locked screen", 403);
    http_answer a_door = http_get(&a.browser, "/lasers");
    CHECK(a_door.status == 303, "locked: %d", a_door.status);
    a_door = http_get(&a.browser, "/sign-in");
    CHECK(a_door.status == 200 && strstr(a_door.body, "was locked"), "it says why");
    a_door = http_get(&a.browser, "/");
    CHECK(!strstr(a_door.body, "svc:3"), "the first page names who was there");
    ahead_us += INT64_C(13) * 3600 * 1000000;
    CHECK(http_get(&a.browser, "/lasers").status == 303, "after twelve hours");
}

/* A session holds the journal for an hour; the screen locks after five minutes without a touch. */
static void one_comes_back_while_a_session_runs(void)
{
    fl_journal *held;
    http_browser mine, other;
    const fl_journal_options options = {.mode = FL_JOURNAL_WRITE, .simulated = true};
    begin();
    http_browser_at(&mine, fl_console_url(c));
    http_browser_at(&other, fl_console_url(c));
    CHECK(http_sign_in(&mine, "svc:3", PIN_SERVICE), "sign in");
    CHECK(fl_journal_open(c->journal, &options, &held, NULL) == FL_OK, "held");
    ahead_us += INT64_C(301) * 1000000;
    CHECK(http_get(&mine, "/lasers").status == 303, "locked");
    http_get(&other, "/sign-in");
    CHECK(http_post(&other, "/sign-in", "who=svc%3A3&pin=" PIN_SERVICE, false).status == 409,
          "the same person elsewhere");
    http_get(&mine, "/sign-in");
    CHECK(http_post(&mine, "/sign-in", "who=own%3A1&pin=" PIN_OWNER, false).status == 409,
          "another person here");
    CHECK(http_post(&mine, "/sign-in", "who=svc%3A3&pin=111222", false).status == 403, "a wrong PIN");
    CHECK(http_sign_in(&mine, "svc:3", PIN_SERVICE) && http_get(&mine, "/lasers").status == 200,
          "comes back");
    fl_journal_close(held);
    CHECK(http_sign_in(&other, "op:17", PIN_OPERATOR), "afterwards");
    const fl_journal_options look = {.mode = FL_JOURNAL_READ};
    int told = 0;
    CHECK(fl_journal_open(c->journal, &look, &held, NULL) == FL_OK, "look");
    for (uint64_t i = 0; i < fl_journal_size(held); i++) {
        fl_record record;
        CHECK(fl_journal_record(held, i, &record) == FL_OK, "entry");
        told += fl_record_has(&record, "was_us") && fl_record_text_is(&record, "who", "svc:3");
    }
    fl_journal_close(held);
    CHECK(told == 2, "%d of two sign-ins were written down afterwards", told);
}

/* ---- control, as far as the console can see it: a socket that says yes, and counts ---- */

static int control_end;
static _Atomic unsigned pins_seen;

static void *say_yes(void *self)
{
    char text[4000];
    ssize_t size;
    (void)self;
    while ((size = recv(control_end, text, sizeof text - 1, 0)) > 0) {
        text[size] = 0;
        for (const char *at = text; (at = strstr(at, "\"order\":")); at++) {
            char answer[80];
            const int length = snprintf(answer, sizeof answer,
                                        "{\"ok\":1,\"order\":%d,\"type\":\"answer\"}\n", atoi(at + 8));
            send(control_end, answer, (size_t)length, MSG_NOSIGNAL);
        }
        for (const char *at = text; (at = strstr(at, "\"sign-in\"")); at++) pins_seen++;
    }
    return NULL;
}

static void control_runs(bool runs, const char *person)
{
    struct live *l = c->live;
    pthread_mutex_lock(&l->lock);
    l->view.running = runs;
    snprintf(l->view.status.person, sizeof l->view.status.person, "%s", person);
    pthread_mutex_unlock(&l->lock);
    if (!runs) usleep(1300000); /* its thread has seen that: it leaves the socket alone */
}

static int try_pin(http_browser *b, const char *who, const char *pin)
{
    char form[80];
    http_get(b, "/sign-in");
    snprintf(form, sizeof form, "who=%s&pin=%s", who, pin);
    return http_post(b, "/sign-in", form, false).status;
}

/* A stranger's tries are no orders: control has one line, and the session's own wait behind them. */
static void strangers_do_not_reach_control(void)
{
    int ends[2];
    pthread_t control;
    fl_journal *held;
    http_browser mine, theirs, nobody;
    const fl_journal_options options = {.mode = FL_JOURNAL_WRITE, .simulated = true};
    begin();
    http_browser_at(&mine, fl_console_url(c));
    http_browser_at(&theirs, fl_console_url(c));
    http_browser_at(&nobody, fl_console_url(c));
    CHECK(http_sign_in(&theirs, "own:1", PIN_OWNER) && http_sign_in(&mine, "op:17", PIN_OPERATOR), "sign in");
    console_need(fl_journal_open(c->journal, &options, &held, NULL) == FL_OK, "a held journal");
    console_need(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0, "a line to control");
    control_end = ends[1];
    console_need(pthread_create(&control, NULL, say_yes, NULL) == 0, "control");
    c->live->client.socket = ends[0];
    control_runs(true, "op:17");
    for (int i = 0; i < 6; i++) {
        CHECK(try_pin(&nobody, "op%3A17", i % 2 ? PIN_OPERATOR : "000111") == 409, "nobody, try %d", i);
        CHECK(try_pin(&theirs, "op%3A17", i % 2 ? PIN_OPERATOR : "000111") == 409, "another, try %d", i);
    }
    const size_t count = c->owed_count;
    c->owed_count = CONSOLE_OWED; /* the console can owe no more: control has to look */
    CHECK(try_pin(&mine, "op%3A17", PIN_OPERATOR) == 409, "a screen that is not locked");
    ahead_us += INT64_C(301) * 1000000;
    CHECK(try_pin(&theirs, "op%3A17", PIN_OPERATOR) == 409, "another's locked screen");
    CHECK(!pins_seen, "%u tries reached control", pins_seen);
    http_browser again = mine;
    CHECK(try_pin(&mine, "op%3A17", PIN_OPERATOR) == 303, "their own locked screen");
    CHECK(pins_seen == 1, "control was asked %u times", pins_seen);
    mine = again;
    for (int i = 0; i < 5; i++) try_pin(&mine, "op%3A17", "000111");
    CHECK(pins_seen == 1, "within a second %u", pins_seen);
    c->owed_count = count;
    control_runs(false, "");
    c->live->client.socket = -1;
    shutdown(ends[0], SHUT_RDWR);
    pthread_join(control, NULL);
    close(ends[0]), close(ends[1]);
    fl_journal_close(held);
}

/* ---- STOP ---- */

/* Somebody reads the roster, somebody looks at a PIN, the file of people hangs: STOP is made all the same. */
static void stop_waits_for_nobody(void)
{
    char text[900];
    const struct timeval patience = {.tv_sec = 3};
    begin();
    attack a;
    attack_begin(&a, c, "op:17", PIN_OPERATOR);
    snprintf(text, sizeof text,
             "POST /session/standby HTTP/1.1\r\n%s%s%sContent-Type: application/x-www-form-urlencoded\r\n"
             "Content-Length: 8\r\n\r\nscript=1",
             a.own_host, a.own_origin, a.own_cookie);
    const uint64_t before = console_handled(c);
    pthread_mutex_lock(&c->roster_lock);
    pthread_mutex_lock(&c->book);
    const int fd = http_connect(a.browser.url);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    const int status = http_ask_on(fd, text, 0).status;
    const uint64_t after = console_handled(c);
    pthread_mutex_unlock(&c->book);
    pthread_mutex_unlock(&c->roster_lock);
    close(fd);
    CHECK(status == 204 && after == before + 1, "STOP beside a roster that is read: %d, %llu handlers",
          status, (unsigned long long)(after - before));
}

static void who_was_ended_is_nobody(void)
{
    begin();
    http_browser b;
    http_browser_at(&b, fl_console_url(c));
    CHECK(http_sign_in(&b, "aud:2", PIN_AUDITOR), "sign in");
    CHECK(http_get(&b, "/people").status == 200, "before");
    CHECK(fl_people_stage_end(c->home, "aud:2", (fl_date){2026, 5, 4}, NULL) == FL_OK &&
              fl_people_keep(c->home, NULL) == FL_OK,
          "ended");
    CHECK(http_get(&b, "/people").status == 303, "signed in, but ended");
    CHECK(!http_sign_in(&b, "aud:2", PIN_AUDITOR), "signs in again");
}

/* ---- what is nearly a token ---- */

static void put_token(attack *a, const char *token, char form[300])
{
    static char length[60];
    snprintf(form, 300, "dev=SIM-0007&old=41207&new=0&doc=W-1%s%.200s", token ? "&token=" : "",
             token ? token : "");
    snprintf(length, sizeof length, "Content-Length: %zu\r\n", strlen(form));
    a->body = form;
    a->length = length;
}

static void not_a_token(attack *a, const char *what, const char *token)
{
    char form[300];
    attack_restore(a);
    put_token(a, token, form);
    attack_refused(a, what, 403);
}

static void nearly_tokens(void)
{
    char token[VISITOR_TOKEN + 60];
    begin();
    attack mine, other, nobody;
    attack_begin(&other, c, "own:1", PIN_OWNER);
    attack_begin(&nobody, c, NULL, NULL);
    attack_begin(&mine, c, "svc:3", PIN_SERVICE);
    const char *good = mine.browser.act;
    not_a_token(&mine, "none", NULL);
    not_a_token(&mine, "an empty one", "");
    not_a_token(&mine, "zeros", "000000000000000000000000000000000000000000000000");
    not_a_token(&mine, "a word", "token");
    not_a_token(&mine, "somebody else's", other.browser.act);
    not_a_token(&mine, "the set token of this screen", mine.browser.token);
    not_a_token(&mine, "the set token of nobody", nobody.browser.token);
    for (size_t i = 0; i < VISITOR_TOKEN - 1; i++) {
        snprintf(token, sizeof token, "%s", good);
        token[i] = token[i] == 'a' ? 'b' : 'a';
        if (strcmp(token, good) != 0) not_a_token(&mine, "one digit is another", token);
    }
    for (size_t i = 1; i < VISITOR_TOKEN; i += 7) {
        snprintf(token, sizeof token, "%.*s", (int)(VISITOR_TOKEN - 1 - i), good);
        not_a_token(&mine, "its end is missing", token);
    }
    snprintf(token, sizeof token, "%s0", good);
    not_a_token(&mine, "longer", token);
    snprintf(token, sizeof token, "%s%%20", good);
    not_a_token(&mine, "a blank behind it", token);
    char form[300];
    snprintf(form, sizeof form, "theme=dark&token=%.60s", good);
    attack_restore(&mine);
    mine.target = "/screen";
    mine.body = form;
    char length[60];
    snprintf(length, sizeof length, "Content-Length: %zu\r\n", strlen(form));
    mine.length = length;
    attack_refused(&mine, "an act token where a set token belongs", 403);
    attack_restore(&mine);
    mine.cookie = other.own_cookie;
    attack_refused(&mine, "mine, on somebody else's screen", 403);
    mine.cookie = "";
    attack_refused(&mine, "mine, without a cookie", 403);
    attack_restore(&mine);
    attack_passes(&mine, "mine");
    attack_refused(&mine, "mine, a second time", 409);
    attack_refused(&mine, "and a third", 409);
}

static void old_tokens(void)
{
    visitor v;
    char token[VISITOR_TOKEN];
    begin();
    attack a;
    attack_begin(&a, c, "svc:3", PIN_SERVICE);
    visitors_find(c->visitors, strchr(a.browser.cookie, '=') + 1, false, &v);
    for (int i = 0; i < VISITOR_WINDOW - 1; i++) visitors_act_token(c->visitors, &v, token);
    attack_passes(&a, "the oldest that is remembered");
    attack_begin(&a, c, "svc:3", PIN_SERVICE);
    visitors_find(c->visitors, strchr(a.browser.cookie, '=') + 1, false, &v);
    for (int i = 0; i < VISITOR_WINDOW; i++) visitors_act_token(c->visitors, &v, token);
    attack_refused(&a, "older than is remembered", 403);
    attack_begin(&a, c, "svc:3", PIN_SERVICE);
    http_post(&a.browser, "/sign-out", "", false);
    attack_refused(&a, "after signing out", 403);
}

/* ---- cookies ---- */

static void other_cookies(void)
{
    char line[700], upper[200];
    begin();
    attack a;
    attack_begin(&a, c, "svc:3", PIN_SERVICE);
    const char *cookie = a.browser.cookie, *value = strchr(cookie, '=') + 1;
    const int name = (int)(value - cookie);
    size_t n = 0;
    for (; value[n]; n++) upper[n] = (char)toupper((unsigned char)value[n]);
    upper[n] = 0;
    static const char *const rows[] = {
        "none of ours",       "an empty one", "capitals", "cut", "longer", "twice", "twice, a false one last",
        "under another port", "in quotes",    "a guess"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        switch (i) {
        case 0: snprintf(line, sizeof line, "Cookie: a=b\r\n"); break;
        case 1: snprintf(line, sizeof line, "Cookie: %.*s\r\n", name, cookie); break;
        case 2: snprintf(line, sizeof line, "Cookie: %.*s%s\r\n", name, cookie, upper); break;
        case 3: snprintf(line, sizeof line, "Cookie: %.*s\r\n", (int)strlen(cookie) - 1, cookie); break;
        case 4: snprintf(line, sizeof line, "Cookie: %s0\r\n", cookie); break;
        case 5: snprintf(line, sizeof line, "Cookie: %s; %s\r\n", cookie, cookie); break;
        case 6: snprintf(line, sizeof line, "Cookie: %s; %.*sabc\r\n", cookie, name, cookie); break;
        case 7: snprintf(line, sizeof line, "Cookie: fadeline-1=%s\r\n", value); break;
        case 8: snprintf(line, sizeof line, "Cookie: %.*s\"%s\"\r\n", name, cookie, value); break;
        default: snprintf(line, sizeof line, "Cookie: %.*s%064d\r\n", name, cookie, 7); break;
        }
        attack_restore(&a);
        a.cookie = line;
        attack_refused(&a, rows[i], 403);
    }
    attack_restore(&a);
    snprintf(line, sizeof line, "Cookie: x=y; %s; z=%%00\r\n", cookie);
    a.cookie = line;
    attack_passes(&a, "ours, among others");
}

/* Somebody puts a cookie of their own into the browser, and waits for a person to sign in with it. */
static void a_planted_cookie_is_worth_nothing(void)
{
    http_browser victim, thief;
    begin();
    http_browser_at(&thief, fl_console_url(c));
    http_get(&thief, "/");
    http_browser_at(&victim, fl_console_url(c));
    snprintf(victim.cookie, sizeof victim.cookie, "%s", thief.cookie);
    CHECK(http_sign_in(&victim, "own:1", PIN_OWNER), "sign in");
    CHECK(http_get(&victim, "/people").status == 200, "the victim");
    CHECK(http_get(&thief, "/people").status == 303, "the thief is in");
}

/* A colleague takes over at the same screen: what the browser had before is nobody's. */
static void the_one_before_is_signed_out(void)
{
    http_browser b, before;
    begin();
    http_browser_at(&b, fl_console_url(c));
    CHECK(http_sign_in(&b, "svc:3", PIN_SERVICE), "the first");
    before = b;
    CHECK(http_get(&before, "/service").status == 200, "is in");
    CHECK(http_sign_in(&b, "own:1", PIN_OWNER), "the second");
    CHECK(http_get(&b, "/people").status == 200, "is in");
    CHECK(http_get(&before, "/service").status == 303, "the first still is");
}

/* ---- forms that cannot be read: nothing of them is believed, not even a good token ---- */

static void broken_forms(void)
{
    static const char *const bodies[] = {
        "%zz=1",          "old=%",         "old=%4",
        "old=%00",        "old=a%00b",     "old=%ff",
        "old=%c0%80",     "old=%ed%a0%80", "old=%01",
        "old=%7f",        "old",           "=1",
        "OLD=1",          "o.ld=1",        "old[]=1",
        "old%5b%5d=1",    "o%6cd=1",       "a-name-that-is-longer-than-thirty-two-characters=1",
        "<b>=1",          "a;b=1",         "\xc3\xa9=1",
        "old=1&&new=2&x",
    };
    char form[400], length[60];
    begin();
    attack a;
    attack_begin(&a, c, "svc:3", PIN_SERVICE);
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        for (int first = 0; first < 2; first++) {
            attack_restore(&a);
            if (first)
                snprintf(form, sizeof form, "%s&%.300s", bodies[i], a.own_body);
            else
                snprintf(form, sizeof form, "%.300s&%s", a.own_body, bodies[i]);
            snprintf(length, sizeof length, "Content-Length: %zu\r\n", strlen(form));
            a.body = form;
            a.length = length;
            attack_refused(&a, bodies[i], 400);
        }
    static char many[4 * FIELDS_MOST + 9000];
    size_t used = 0;
    for (int i = 0; i < FIELDS_MOST + 8; i++) used += (size_t)sprintf(many + used, "a=1&");
    snprintf(many + used, sizeof many - used, "%s", a.own_body);
    snprintf(length, sizeof length, "Content-Length: %zu\r\n", strlen(many));
    attack_restore(&a);
    a.body = many;
    a.length = length;
    attack_refused(&a, "more fields than there are", 400);
    attack_restore(&a);
    attack_passes(&a, "a good form");
}

/* ---- PINs: counted, whoever tries ---- */

static void guessing_is_slowed(void)
{
    int waits = 0;
    begin();
    http_browser b;
    http_browser_at(&b, fl_console_url(c));
    for (int i = 0; i < 7; i++) {
        char pin[16];
        snprintf(pin, sizeof pin, "90%04d", i * 1357);
        http_get(&b, "/sign-in");
        char form[80];
        snprintf(form, sizeof form, "who=own%%3A1&pin=%s", pin);
        const int status = http_post(&b, "/sign-in", form, false).status;
        waits += status == 429;
        CHECK(status == 403 || status == 429, "try %d: %d", i, status);
        if (i % 2) http_browser_at(&b, fl_console_url(c)); /* another cookie helps nobody */
    }
    CHECK(waits == 2, "%d of the last two tries were made to wait", waits);
    CHECK(!http_sign_in(&b, "own:1", PIN_OWNER), "the right PIN, too early");
    console_stop(c);
    c = NULL;
    begin();
    http_browser_at(&b, fl_console_url(c));
    CHECK(!http_sign_in(&b, "own:1", PIN_OWNER), "a new console forgot the tries");
    console_stop(c);
}

FL_TESTS("console/rights", TEST(no_row_is_there_twice), TEST(every_row_for_everybody),
         TEST(five_minutes_without_a_touch), TEST(one_comes_back_while_a_session_runs),
         TEST(strangers_do_not_reach_control), TEST(stop_waits_for_nobody), TEST(who_was_ended_is_nobody),
         TEST(nearly_tokens), TEST(old_tokens), TEST(other_cookies), TEST(a_planted_cookie_is_worth_nothing),
         TEST(the_one_before_is_signed_out), TEST(broken_forms), TEST(guessing_is_slowed))
