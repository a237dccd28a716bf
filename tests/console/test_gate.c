/* labels: unit fault   timeout: 120 */
/* More than 500 requests that a hostile page, a hostile name server or a program with bad manners could send,
 * as bytes on a socket. Each starts from a request that passes, with one thing wrong; at the end of each
 * family the good one passes, with the token that every wrong one carried. */
#include "check.h"

#include "helper_attack.h"

static fl_console *c;
static unsigned refused;

static void begin(attack *a, const char *who, const char *pin)
{
    if (!c) c = console_start();
    attack_begin(a, c, who, pin);
}

static void begin_form(attack *a)
{
    begin(a, "svc:3", PIN_SERVICE);
}

static void end(attack *a)
{
    attack_restore(a);
    attack_passes(a, "the good one");
    refused += a->refused;
}

/* ---- who asks: Origin, fetch metadata ---- */

static const char *const origins[] = {
    "http://evil.example",
    "https://evil.example",
    "null",
    "",
    "http://localhost",
    "http://127.0.0.1",
    "http://127.0.0.1:80",
    "http://127.0.0.1:1",
    "https://127.0.0.1:%s",
    "http://localhost:%s",
    "http://127.0.0.2:%s",
    "http://[::1]:%s",
    "http://127.0.0.1:%s.evil.example",
    "http://127.0.0.1:%s@evil.example",
    "http://evil.example#127.0.0.1:%s",
    "http://evil.example/127.0.0.1:%s",
    "http://127.0.0.1:%s/",
    "http://127.0.0.1:%s ",
    "http://127.0.0.1:0%s",
    "HTTP://127.0.0.1:%s",
    "http:/127.0.0.1:%s",
    "127.0.0.1:%s",
    "//127.0.0.1:%s",
    "http://127.1:%s",
    "http://2130706433:%s",
    "http://0x7f000001:%s",
    "http://0177.0.0.1:%s",
    "http://0.0.0.0:%s",
    "http://127.0.0.1.nip.io:%s",
    "http://127.0.0.1:%s http://evil.example",
    "http://127.0.0.1:%s, http://evil.example",
    "file://",
    "chrome-extension://abc",
    "moz-extension://abc",
    "data:text/html,x",
    "about:blank",
    "blob:http://127.0.0.1:%s/x",
    "ws://127.0.0.1:%s",
    "http://127.0.0.1:%s\\@evil.example",
    "http://127.0.0.1:%s?x",
    "http://127.0.0.1%%3a%s",
    "http://127\xe3\x80\x82"
    "0.0.1:%s",
};

static void other_origins(void)
{
    attack a;
    begin_form(&a);
    const char *port = strchr(a.browser.host, ':') + 1;
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++)
        for (int how = 0; how < 2; how++) { /* the form, and a page that a script of theirs reads */
            char line[200], value[160];
            const char *mark = strstr(origins[i], "%s");
            snprintf(value, sizeof value, "%.*s%s%s", mark ? (int)(mark - origins[i]) : 150, origins[i],
                     mark ? port : "", mark ? mark + 2 : "");
            snprintf(line, sizeof line, "Origin: %s\r\n", value);
            attack_restore(&a);
            if (how) a.method = "GET", a.target = "/", a.type = a.length = a.body = "";
            a.origin = line;
            attack_refused(&a, value, 403);
        }
    attack_restore(&a);
    a.origin = "";
    attack_refused(&a, "a form without an origin", 403);
    end(&a);
}

static void fetch_metadata(void)
{
    static const char *const sites[] = {
        "cross-site", "same-site", "none", "SAME-ORIGIN", "", "same-origin, cross-site", "?1"};
    static const char *const dests[] = {"document",      "iframe", "frame", "embed",   "object",
                                        "image",         "script", "style", "empty",   "worker",
                                        "serviceworker", "report", "video", "manifest"};
    static const char *const modes[] = {"navigate", "no-cors", "cors", "websocket"};
    attack a;
    begin_form(&a);
    for (size_t s = 0; s < sizeof sites / sizeof *sites; s++)
        for (size_t d = 0; d < sizeof dests / sizeof *dests; d++) {
            char lines[300];
            snprintf(
                lines, sizeof lines,
                "Sec-Fetch-Site: %s\r\nSec-Fetch-Dest: %s\r\nSec-Fetch-Mode: %s\r\nSec-Fetch-User: ?1\r\n",
                sites[s], dests[d], modes[(s + d) % 4]);
            attack_restore(&a);
            a.site = lines;
            attack_refused(&a, lines, 403);
            if (s == 2) continue; /* the address line: a page may be opened like that */
            a.method = "GET", a.target = "/", a.type = a.length = a.body = a.origin = "";
            attack_refused(&a, lines, 403);
        }
    for (size_t d = 1; d < 5; d++) { /* our own page in a frame of our own */
        char lines[120];
        snprintf(lines, sizeof lines, "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Dest: %s\r\n", dests[d]);
        attack_restore(&a);
        a.method = "GET", a.target = "/", a.type = a.length = a.body = a.origin = "";
        a.site = lines;
        attack_refused(&a, lines, 403);
    }
    attack_restore(&a);
    a.method = "GET", a.target = "/", a.type = a.length = a.body = a.origin = "";
    a.site = "Sec-Fetch-Site: none\r\nSec-Fetch-Dest: document\r\nSec-Fetch-Mode: navigate\r\n";
    attack_passes(&a, "typed into the address line");
    end(&a);
}

/* ---- where they think they are: Host ---- */

static void other_hosts(void)
{
    static const char *const hosts[] = {
        "evil.example",
        "evil.example:%s",
        "127.0.0.1.evil.example:%s",
        "127.0.0.1",
        "localhost",
        "127.0.0.1:80",
        "127.0.0.1:0%s",
        "127.0.0.1:%s0",
        "127.0.0.1:%s:%s",
        "127.0.0.1:%s@evil.example",
        "evil.example@127.0.0.1:%s",
        "127.0.0.2:%s",
        "127.1:%s",
        "0.0.0.0:%s",
        "0:%s",
        "2130706433:%s",
        "0x7f.0.0.1:%s",
        "0177.0.0.1:%s",
        "[::1]:%s",
        "[::ffff:127.0.0.1]:%s",
        "::1:%s",
        "localhost.:%s",
        "127.0.0.1.:%s",
        "localhost.evil.example:%s",
        "localhost:%s.",
        "rebind.evil.example:%s",
        "a.localhost:%s",
        "localhost.localdomain:%s",
        "ip6-localhost:%s",
        "printer.local:%s",
        "http://127.0.0.1:%s",
        "127.0.0.1:%s/",
        "127.0.0.1:%s#x",
        "127.0.0.1:%s?x",
        "127.0.0.1:%s,evil.example",
        "127.0.0.1;%s",
        "127.0.0.1 :%s",
        "*",
        "-",
        "xn--0-zfa:%s",
        "127.0.0.1%%00:%s",
    };
    attack a;
    begin_form(&a);
    const char *port = strchr(a.browser.host, ':') + 1;
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        for (int how = 0; how < 2; how++) {
            char line[200], origin[240];
            const char *mark = strstr(hosts[i], "%s");
            const int head = mark ? (int)(mark - hosts[i]) : 100;
            snprintf(line, sizeof line, "Host: %.*s%s%s\r\n", head, hosts[i], mark ? port : "",
                     mark ? mark + 2 : "");
            snprintf(origin, sizeof origin, "Origin: http://%s",
                     line + 6); /* a rebound name is same-origin to the browser */
            attack_restore(&a);
            a.host = line;
            a.origin = origin;
            if (how) a.method = "GET", a.target = "/", a.type = a.length = a.body = a.origin = "";
            attack_refused(&a, line, 421);
        }
    char twice[250];
    attack_restore(&a);
    a.host = "";
    attack_refused(&a, "no host", 400);
    snprintf(twice, sizeof twice, "%sHost: evil.example\r\n", a.own_host);
    a.host = twice;
    attack_refused(&a, "two hosts", 400);
    snprintf(twice, sizeof twice, "Host: evil.example\r\n%s", a.own_host);
    attack_refused(&a, "two hosts, ours last", 400);
    snprintf(twice, sizeof twice, "Host : %s\r\n", a.browser.host);
    attack_refused(&a, "a blank before the colon", 400);
    snprintf(twice, sizeof twice, "Host: evil.example\r\nX-Forwarded-Host: %s\r\nForwarded: host=%s\r\n",
             a.browser.host, a.browser.host);
    attack_refused(&a, "what a proxy says is not asked", 421);
    end(&a);
}

/* ---- how they ask: methods, preflights, versions ---- */

static void methods(void)
{
    static const char *const names[] = {
        "OPTIONS", "PUT",  "DELETE", "PATCH", "TRACE",  "TRACK",  "CONNECT", "PROPFIND", "PROPPATCH",
        "MKCOL",   "COPY", "MOVE",   "LOCK",  "UNLOCK", "SEARCH", "DEBUG",   "PRI",      "PURGE",
        "LINK",    "get",  "post",   "Get",   "POSTX",  "GETX",   "G",       "-"};
    static const char *const targets[] = {"/", "/service", "/nothing", "*"};
    attack a;
    begin_form(&a);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (size_t t = 0; t < 4; t++) {
            attack_restore(&a);
            a.method = names[i];
            a.target = targets[t];
            attack_refused(&a, names[i], 405);
        }
    attack_restore(&a); /* would a script of theirs be let in? */
    a.method = "OPTIONS";
    a.origin = "Origin: http://evil.example\r\n";
    a.more = "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: "
             "x-a\r\nAccess-Control-Request-Private-Network: true\r\n";
    attack_refused(&a, "a preflight", 405);
    attack_restore(&a);
    a.more = "X-HTTP-Method-Override: GET\r\n";
    a.method = "DELETE";
    attack_refused(&a, "overridden", 405);
    static const char *const versions[] = {"HTTP/2.0", "HTTP/0.9", "HTTP/3.0"};
    for (size_t i = 0; i < 3; i++) {
        attack_restore(&a);
        a.version = versions[i];
        attack_refused(&a, versions[i], 505);
    }
    static const char *const no_versions[] = {"HTTP/1.1x", "http/1.1", "HTTP/1.10", "HTP/1.1", "HTTP/1", ""};
    for (size_t i = 0; i < 6; i++) {
        attack_restore(&a);
        a.version = no_versions[i];
        http_answer answer;
        const uint64_t before = console_handled(c);
        const int got = attack_send(&a, &answer);
        CHECK((got == 400 || got == 505) && console_handled(c) == before, "'%s': %d", no_versions[i], got);
        a.refused++;
    }
    attack_restore(&a);
    a.method = "HEAD", a.target = "/", a.type = a.length = a.body = a.origin = "";
    attack_passes(&a, "HEAD is GET without the page");
    a.method = "GET", a.more = "Range: bytes=0-9\r\n";
    http_answer whole;
    CHECK(attack_send(&a, &whole) == 200 && whole.body_size > 500, "a range is not cut out: %zu bytes",
          whole.body_size);
    end(&a);
}

/* ---- what they send: types and lengths ---- */

static void content_types(void)
{
    static const char *const types[] = {
        "application/json",
        "text/plain",
        "text/plain;charset=utf-8",
        "text/html",
        "application/xml",
        "text/xml",
        "image/svg+xml",
        "application/octet-stream",
        "multipart/mixed; boundary=x",
        "multipart/form-data",
        "multipart/form-data;boundary=x",
        "",
        "application/x-www-form-urlencoded; charset=utf-7",
        "application/x-www-form-urlencoded; charset=utf-16",
        "application/x-www-form-urlencodedx",
        "application/x-www-form-urlencoded, text/plain",
        "x-www-form-urlencoded",
        "*/*",
        "application/x-www-form-urlencoded; boundary=x",
        "application/csp-report",
        "application/reports+json",
        "text/ping",
        "application/graphql",
        "application/x-ndjson",
        "application/json; charset=utf-8",
        "application/x-amf",
        "text/plain; application/x-www-form-urlencoded",
        "application/ x-www-form-urlencoded",
        "null",
        "0",
    };
    char line[200];
    attack a;
    begin_form(&a);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        attack_restore(&a);
        snprintf(line, sizeof line, "Content-Type: %s\r\n", types[i]);
        a.type = line;
        attack_refused(&a, types[i], 415);
    }
    attack_restore(&a);
    a.type = "";
    attack_refused(&a, "no type", 415);
    a.type = "Content-Type: multipart/form-data; boundary=x\r\n";
    attack_refused(&a, "a picture where none is taken", 415);
    a.type = "Content-Type: application/x-www-form-urlencoded\r\nContent-Type: text/plain\r\n";
    attack_refused(&a, "two types", 400);
    static const char *const codings[] = {"gzip", "deflate", "br", "identity"};
    for (size_t i = 0; i < 4; i++) {
        attack_restore(&a);
        snprintf(line, sizeof line, "Content-Encoding: %s\r\n", codings[i]);
        a.more = line;
        attack_refused(&a, line, 415);
    }
    end(&a);
    begin_form(&a);
    a.type = "content-type: application/x-www-form-urlencoded;charset=UTF-8\r\n";
    attack_passes(&a, "as fetch spells it");
}

static void lengths(void)
{
    static const struct {
        const char *lines;
        int status;
    } rows[] = {
        {"", 411},
        {"Transfer-Encoding: chunked\r\n", 411},
        {"Transfer-Encoding: Chunked\r\n", 411},
        {"Transfer-Encoding: identity\r\n", 411},
        {"Transfer-Encoding: gzip, chunked\r\n", 411},
        {"Transfer-Encoding: xchunked\r\n", 411},
        {"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", 400},
        {"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", 400},
        {"Transfer-Encoding:\tchunked\r\nContent-Length: 4\r\n", 400},
        {"Content-Length: 4\r\nTransfer-Encoding: identity\r\n", 400},
        {"Content-Length: 4\r\nContent-Length: 4\r\n", 400},
        {"Content-Length: 4\r\nContent-Length: 400\r\n", 400},
        {"Content-Length: 4, 4\r\n", 400},
        {"Content-Length: +4\r\n", 400},
        {"Content-Length: -4\r\n", 400},
        {"Content-Length: 0x4\r\n", 400},
        {"Content-Length: 4.0\r\n", 400},
        {"Content-Length: 1e3\r\n", 400},
        {"Content-Length: four\r\n", 400},
        {"Content-Length: 262145\r\n", 413},
        {"Content-Length: 999999999999\r\n", 413},
        {"Content-Length: 9999999999999\r\n", 400},
        {"Content-Length: 99999999999999999999999\r\n", 413},
    };
    attack a;
    begin_form(&a);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        attack_restore(&a);
        a.length = rows[i].lines;
        a.body = "";
        attack_refused(&a, rows[i].lines, rows[i].status);
    }
    attack_restore(&a);
    a.origin = "Origin: http://evil.example\r\n";
    a.more = "Expect: 100-continue\r\n";
    attack_refused(&a, "refused before it is asked for", 403);
    attack_restore(&a);
    a.method = "GET", a.target = "/";
    attack_refused(&a, "a page with a body", 400);
    a.length = "Transfer-Encoding: chunked\r\n";
    a.body = "0\r\n\r\n";
    attack_refused(&a, "a page with a coded body", 411);
    end(&a);
}

/* ---- what they ask for: addresses ---- */

static void addresses(void)
{
    static const struct {
        const char *target;
        int status;
    } rows[] = {
        {"/..", 400},
        {"/../etc/passwd", 400},
        {"/assets/../people", 400},
        {"/assets/%2e%2e/people", 400},
        {"/%2e", 400},
        {"/./", 400},
        {"/assets/..%2fpeople", 400},
        {"/assets%2f..%2fpeople", 400},
        {"/assets/%252e%252e/people", 400},
        {"/%252f", 400},
        {"/%2525", 400},
        {"/people%00", 400},
        {"/people%00.css", 400},
        {"/%00", 400},
        {"/people%0d%0aX:y", 400},
        {"/people%0aSet-Cookie:%20a=b", 400},
        {"/people%09", 400},
        {"/people%7f", 400},
        {"//people", 400},
        {"//evil.example/", 400},
        {"/people//", 400},
        {"/people/", 400},
        {"/laser//x", 400},
        {"/laser/%5c..%5c..", 400},
        {"/laser/..%5c..%5cx", 400},
        {"/laser/a%2fb", 400},
        {"/%zz", 400},
        {"/%4", 400},
        {"/%", 400},
        {"/a%", 400},
        {"/%c0%ae%c0%ae/people", 400},
        {"/%c0%af", 400},
        {"/%e0%80%ae", 400},
        {"/%ff", 400},
        {"/%ed%a0%80", 400},
        {"/%f4%90%80%80", 400},
        {"/\xc3\xa9", 400},
        {"/people\\", 400},
        {"/people#x", 400},
        {"people", 400},
        {"http://127.0.0.1/", 400},
        {"http://evil.example/", 400},
        {"https://evil.example/people", 400},
        {"*", 400},
        {"?", 400},
        {"/\x01", 400},
        {"/\x7f", 400},
        {"/nothing", 404},
        {"/PEOPLE", 404},
        {"/people.html", 404},
        {"/people;x=y", 404},
        {"/peopl%65x", 404},
        {"/index.html", 404},
        {"/.git/config", 404},
        {"/wp-login.php", 404},
        {"/assets/", 400},
        {"/assets/none.css", 404},
        {"/assets/console.css/x", 404},
        {"/laser", 404},
        {"/laser/a/b", 404},
        {"/favicon.ico", 404},
        {"/people?a=%zz", 400},
        {"/people?a=%00", 400},
        {"/people?a", 400},
        {"/people?<script>=1", 400},
        {"/people?a=%c3", 400},
        {"/people?=", 400},
    };
    attack a;
    begin(&a, "own:1", PIN_OWNER);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        attack_restore(&a);
        a.method = "GET", a.type = a.length = a.body = a.origin = "";
        a.target = rows[i].target;
        attack_refused(&a, rows[i].target, rows[i].status);
    }
    static const char *const no_forms[] = {"/", "/people", "/lasers", "/assets/console.css", "/laser/x"};
    for (size_t i = 0; i < 5; i++) {
        attack_restore(&a);
        a.target = no_forms[i];
        attack_refused(&a, no_forms[i], i == 3 ? 404 : 405);
    }
    static char longest[4000];
    memset(longest, 'a', sizeof longest - 1);
    longest[0] = '/';
    attack_restore(&a);
    a.target = longest;
    attack_refused(&a, "a long address", 414);
    char zero[300];
    const int size =
        snprintf(zero, sizeof zero, "GET /peopleZ.css HTTP/1.1\r\n%s%s\r\n", a.own_host, a.own_cookie);
    *strchr(zero, 'Z') = 0;
    const uint64_t before = console_handled(c);
    CHECK(http_ask(a.browser.url, zero, (size_t)size).status == 400 && console_handled(c) == before,
          "a 0 byte in the address");
    end(&a);
}

/* ---- how much they send ---- */

static void sizes(void)
{
    static char many[70000], cookie[6000];
    attack a;
    begin_form(&a);
    size_t used = 0;
    for (int i = 0; i < 70; i++) used += (size_t)sprintf(many + used, "X-%d: a\r\n", i);
    a.more = many;
    attack_refused(&a, "seventy header lines", 431);
    used = (size_t)sprintf(many, "X: ");
    memset(many + used, 'a', 17000);
    strcpy(many + used + 17000, "\r\n");
    attack_refused(&a, "a long header line", 431);
    memset(many + used, 'a', 60000);
    strcpy(many + used + 60000, "\r\n");
    attack_refused(&a, "a longer one than is read", 431);
    for (used = 0; used < 60000;) used += (size_t)sprintf(many + used, "a: b\r\n");
    attack_refused(&a, "ten thousand lines", 431);
    attack_restore(&a);
    snprintf(cookie, sizeof cookie, "Cookie: %s; x=%05000d\r\n", a.browser.cookie, 0);
    a.cookie = cookie;
    attack_refused(&a, "long cookies", 431);
    snprintf(cookie, sizeof cookie, "Cookie: %s\r\nCookie: a=b\r\n", a.browser.cookie);
    attack_refused(&a, "two lines of cookies", 400);
    static char large[300000];
    memset(large, 'a', sizeof large - 1);
    char length[60];
    attack_restore(&a);
    snprintf(length, sizeof length, "Content-Length: %zu\r\n", sizeof large - 1);
    a.length = length;
    a.body = large;
    attack_refused(&a, "a large form", 413);
    static const char *const odd[] = {"X: a\x01\r\n", "X: a\x7f\r\n", "X\x01: a\r\n",
                                      "X(y): a\r\n",  "X/y: a\r\n",   "X: a\rY: b\r\n"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        attack_restore(&a);
        a.more = odd[i];
        attack_refused(&a, odd[i], 400);
    }
    end(&a);
}

static void they_were_enough(void)
{
    fprintf(stderr, " (%u requests refused) ", refused);
    CHECK(refused >= 500, "only %u", refused);
    console_stop(c);
}

FL_TESTS("console/gate", TEST(other_origins), TEST(fetch_metadata), TEST(other_hosts), TEST(methods),
         TEST(content_types), TEST(lengths), TEST(addresses), TEST(sizes), TEST(they_were_enough))
