/* labels: unit fault   timeout: 120 */
/* Other devices: over TLS, with a certificate of the test's own; they only look on, until a tablet is paired.
 * Spoken to through `openssl s_client`, which is not our code. */
#include "check.h"

#include "helper_console.h"

#include "fadeline/base/text.h"

#include <fcntl.h>
#include <unistd.h>

static char folder[] = "/tmp/fl-tls-XXXXXX";
static fl_console *c;
static _Atomic int64_t ahead_us;
static char host[64], cookie[400], set[64], act[64];

static fl_instant boot(void *self)
{
    (void)self;
    return (fl_instant){fl_clock_system()->boot(NULL).us + ahead_us};
}

static void run(const char *command)
{
    char line[600];
    snprintf(line, sizeof line, "cd %s && %s", folder, command);
    console_need(system(line) == 0, command);
}

static void clean(void)
{
    run("rm -rf $PWD");
}

static void begin(void)
{
    if (c) return;
    c = console_start(); /* people and journal */
    console_stop(c);
    console_need(mkdtemp(folder) != NULL, "a folder");
    atexit(clean);
    run("umask 077; openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "
        "/CN=console.test "
        "-keyout key -out cert -days 2 2>/dev/null");
    char certificate[80], key[80];
    snprintf(certificate, sizeof certificate, "%s/cert", folder);
    snprintf(key, sizeof key, "%s/key", folder);
    const char *const names[] = {"console.test", NULL};
    const fl_console_options options = {
        .simulated = true, .listen = "127.0.0.1:0", .certificate = certificate, .key = key, .names = names};
    fl_error error = {0};
    console_need(fl_console_open(&options, &c, &error) == FL_OK, error.what);
    c->clock.boot = boot;
    snprintf(host, sizeof host, "%.*s", (int)strcspn(fl_console_far_url(c) + 8, "/"),
             fl_console_far_url(c) + 8);
}

/* ---- a browser far away ---- */

static char answer[400000];

static int speak(const char *options, const char *bytes)
{
    char path[80], command[300];
    int status = 0;
    snprintf(path, sizeof path, "%s/request", folder);
    FILE *file = fopen(path, "w");
    console_need(file && fputs(bytes, file) >= 0 && fclose(file) == 0, "a request");
    snprintf(command, sizeof command,
             "timeout 20 openssl s_client -connect 127.0.0.1:%s -quiet %s <%s 2>/dev/null",
             strchr(host, ':') + 1, options, path);
    FILE *pipe = popen(command, "r");
    console_need(pipe != NULL, "openssl");
    const size_t size = fread(answer, 1, sizeof answer - 1, pipe);
    answer[size] = 0;
    pclose(pipe);
    return sscanf(answer, "HTTP/1.1 %d", &status) == 1 ? status : 0;
}

/* What the browser keeps of an answer: cookies, each under its name, and the tokens of the page. */
static void keep(void)
{
    for (const char *at = answer; (at = strstr(at, "Set-Cookie: ")); at++) {
        char one[120], old[400];
        snprintf(one, sizeof one, "%.*s", (int)strcspn(at + 12, ";"), at + 12);
        CHECK(fl_text_begins(one, "__Host-") && strstr(at, "; Secure"), "a cookie without its marks: %.150s",
              at);
        snprintf(old, sizeof old, "%s", cookie);
        cookie[0] = 0;
        char *rest = old, *part;
        while ((part = strsep(&rest, ";")))
            if (*part && strncmp(part + (*part == ' '), one, strcspn(one, "=")) != 0)
                strcat(strcat(cookie, part), ";");
        strcat(cookie, one);
    }
    const char *meta = strstr(answer, "<meta name=\"token\" content=\"");
    if (meta) snprintf(set, sizeof set, "%.48s", meta + 28);
    for (const char *at = answer; (at = strstr(at, "name=\"token\" value=\"")); at++)
        if (strncmp(at + 20, "0000000000000000", 16) != 0) snprintf(act, sizeof act, "%.48s", at + 20);
}

static int get(const char *path)
{
    char text[1200];
    snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nConnection: close\r\n\r\n",
             path, host, cookie);
    const int status = speak("", text);
    keep();
    return status;
}

static int post(const char *path, const char *token, const char *form)
{
    char text[1600];
    snprintf(text, sizeof text,
             "POST %s HTTP/1.1\r\nHost: %s\r\nOrigin: https://%s\r\nCookie: %s\r\nConnection: close\r\n"
             "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\ntoken=%s&%s",
             path, host, host, cookie, strlen(form) + strlen(token) + 7, token, form);
    const int status = speak("", text);
    keep();
    return status;
}

/* ---- */

static void another_device_only_looks_on(void)
{
    begin();
    CHECK(fl_text_begins(host, "console.test:"), "it is called %s", host);
    CHECK(get("/") == 200, "the first page");
    CHECK(get("/lasers") == 303, "the door");
    CHECK(get("/sign-in") == 200 && post("/sign-in", set, "who=svc%3A3&pin=" PIN_SERVICE) == 303, "sign in");
    CHECK(get("/lasers") == 200 && get("/service") == 200, "look on");
    const uint64_t before = console_handled(c);
    CHECK(post("/service", act, "dev=SIM-0007&old=41207&new=0&doc=W-1") == 403 &&
              strstr(answer, "only looks on"),
          "an act");
    CHECK(console_handled(c) == before, "it reached a handler");
    CHECK(get("/tablet") == 404, "pairing is for this machine");
}

static void names_and_origins(void)
{
    static const struct {
        const char *host, *origin;
        int status;
    } rows[] = {
        {"%s", "https://%s", 303},           {"%s", "http://%s", 403},
        {"%s", "https://evil.example", 403}, {"127.0.0.1:%p", "https://%s", 403},
        {"evil.example", "", 421},           {"localhost:%p", "https://localhost:%p", 421},
        {"console.test", "", 421},           {"127.0.0.1:%p", "https://127.0.0.1:%p", 403},
    };
    begin();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char parts[2][100], text[1600];
        const char *from[2] = {rows[i].host, rows[i].origin};
        for (int n = 0; n < 2; n++) {
            const char *mark = strchr(from[n], '%');
            snprintf(parts[n], sizeof parts[n], "%.*s%s", mark ? (int)(mark - from[n]) : 90, from[n],
                     !mark            ? ""
                     : mark[1] == 'p' ? strchr(host, ':') + 1
                                      : host);
        }
        snprintf(text, sizeof text,
                 "POST /screen HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nCookie: %s\r\nConnection: close\r\n"
                 "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\ntoken=%s",
                 parts[0], parts[1], i == 7 ? "" : cookie, strlen(set) + 6, set);
        const int status = speak("", text);
        CHECK(status == rows[i].status, "%s from %s: %d", parts[0], parts[1], status);
    }
    char text[300];
    const int fd = http_connect(fl_console_url(c));
    close(fd);
    snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", host);
    CHECK(http_ask(fl_console_url(c), text, 0).status == 421, "the far name at the near door");
    CHECK(speak("-tls1_1", text) == 0 && speak("-tls1_2", text) == 200 && speak("-tls1_3", text) == 200,
          "versions of TLS");
}

static void a_tablet_is_paired_once(void)
{
    char code[20] = "", form[60], tablet[400];
    http_browser owner;
    begin();
    http_browser_at(&owner, fl_console_url(c));
    CHECK(http_sign_in(&owner, "own:1", PIN_OWNER), "the owner, here");
    http_get(&owner, "/tablet");
    CHECK(http_post(&owner, "/tablet", "", true).status == 303, "a code");
    CHECK(tablets_code(c->tablets, code), "it waits");
    const http_answer page = http_get(&owner, "/tablet");
    snprintf(form, sizeof form, "%.4s %s", code, code + 4);
    CHECK(strstr(page.body, form), "it is shown");
    CHECK(get("/pair") == 200, "the field");
    CHECK(post("/pair", set, "code=00000000") == 403, "another code");
    snprintf(form, sizeof form, "code=%.4s+%s", code, code + 4);
    CHECK(post("/pair", set, form) == 303 && strstr(cookie, "__Host-fadeline-tablet-"), "the code");
    CHECK(get("/pair") == 200 && strstr(answer, "is paired"), "paired");
    CHECK(get("/service") == 200 && post("/service", act, "dev=SIM-0007&old=41207&new=0&doc=W-1") == 303,
          "it may act");
    snprintf(tablet, sizeof tablet, "%s", cookie);
    CHECK(post("/pair", set, form) == 403, "the code is used up");
    http_get(&owner, "/tablet");
    CHECK(http_post(&owner, "/tablet/forget", "", true).status == 303, "forgotten");
    CHECK(get("/service") == 200 && post("/service", act, "dev=SIM-0007&old=41207&new=0&doc=W-1") == 403,
          "it only looks on");
}

static void a_code_ends(void)
{
    char code[TABLET_CODE], got[TABLET_COOKIE];
    begin();
    CHECK(tablets_make_code(c->tablets, code), "a code");
    ahead_us += INT64_C(601) * 1000000;
    CHECK(!tablets_pair(c->tablets, code, got) && !got[0], "after ten minutes");
    CHECK(tablets_make_code(c->tablets, code), "another");
    char wrong[TABLET_CODE];
    snprintf(wrong, sizeof wrong, "%s", code);
    wrong[7] = wrong[7] == '1' ? '2' : '1';
    for (int i = 0; i < TABLET_TRIES; i++) CHECK(!tablets_pair(c->tablets, wrong, got), "a guess");
    CHECK(!tablets_pair(c->tablets, code, got), "after five guesses the right one");
    CHECK(!tablets_pair(c->tablets, "", got) && !tablets_pair(c->tablets, NULL, got) &&
              !tablets_knows(c->tablets, ""),
          "nothing");
}

static void what_cannot_be_opened(void)
{
    fl_console *other;
    fl_error error = {0};
    char certificate[80], key[80];
    begin();
    snprintf(certificate, sizeof certificate, "%s/cert", folder);
    snprintf(key, sizeof key, "%s/key", folder);
    fl_console_options options = {.simulated = true, .listen = "127.0.0.1:0", .certificate = certificate};
    CHECK(fl_console_open(&options, &other, &error) == FL_E_USAGE, "without a key");
    options = (fl_console_options){.simulated = true, .listen = "0.0.0.0:0"};
    CHECK(fl_console_open(&options, &other, &error) == FL_E_USAGE, "in the open, without TLS");
    options =
        (fl_console_options){.simulated = true, .listen = "clinic", .certificate = certificate, .key = key};
    CHECK(fl_console_open(&options, &other, &error) == FL_E_USAGE, "no address");
    run("chmod 640 key");
    options.listen = "127.0.0.1:0";
    CHECK(fl_console_open(&options, &other, &error) == FL_E_FILE && strstr(error.what, "others can read"),
          "%s", error.what);
    run("chmod 600 key; umask 077; openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out other "
        "2>/dev/null");
    snprintf(key, sizeof key, "%s/other", folder);
    CHECK(fl_console_open(&options, &other, &error) == FL_E_FILE, "another key");
    console_stop(c);
}

FL_TESTS("console/tls", TEST(another_device_only_looks_on), TEST(names_and_origins),
         TEST(a_tablet_is_paired_once), TEST(a_code_ends), TEST(what_cannot_be_opened))
