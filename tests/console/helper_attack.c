#include "helper_attack.h"

#include "check.h"

void attack_restore(attack *a)
{
    const bool form = a->own_body[0];
    a->method = form ? "POST" : "GET";
    a->target = form ? "/service" : "/";
    a->version = "HTTP/1.1";
    a->host = a->own_host;
    a->origin = form ? a->own_origin : "";
    a->site = "Sec-Fetch-Site: same-origin\r\n";
    a->cookie = a->own_cookie;
    a->type = form ? "Content-Type: application/x-www-form-urlencoded\r\n" : "";
    a->length = form ? a->own_length : "";
    a->more = "";
    a->body = a->own_body;
}

void attack_begin(attack *a, fl_console *c, const char *who, const char *pin)
{
    http_browser *b = &a->browser;
    *a = (attack){.console = c};
    http_browser_at(b, fl_console_url(c));
    if (who)
        CHECK(http_sign_in(b, who, pin), "%s signs in", who);
    else
        http_get(b, "/");
    if (who) http_get(b, "/service");
    snprintf(a->own_host, sizeof a->own_host, "Host: %s\r\n", b->host);
    snprintf(a->own_origin, sizeof a->own_origin, "Origin: http://%s\r\n", b->host);
    snprintf(a->own_cookie, sizeof a->own_cookie, "Cookie: %s\r\n", b->cookie);
    if (who)
        snprintf(a->own_body, sizeof a->own_body, "dev=SIM-0007&old=41207&new=0&doc=W-1&token=%.60s", b->act);
    snprintf(a->own_length, sizeof a->own_length, "Content-Length: %zu\r\n", strlen(a->own_body));
    attack_restore(a);
}

int attack_send(attack *a, http_answer *answer)
{
    static char text[400000];
    const int size =
        snprintf(text, sizeof text, "%s %s %s\r\n%s%s%s%s%s%s%s\r\n%s", a->method, a->target, a->version,
                 a->host, a->origin, a->site, a->cookie, a->type, a->length, a->more, a->body);
    CHECK(size < (int)sizeof text, "room for the request");
    *answer = http_ask(a->browser.url, text, (size_t)size);
    return answer->status;
}

void attack_look(const attack *a, const char *what, const http_answer *answer)
{
    char value[200];
    (void)a;
    CHECK(!strcasestr(answer->head, "\r\nAccess-Control-"), "%s: other origins are let in", what);
    if (!http_header(answer, "Content-Security-Policy", value, sizeof value))
        return; /* the library's own words */
    CHECK(strncmp(value, "default-src 'none'", 18) == 0 && !strstr(value, "unsafe"), "%s: %s", what, value);
    CHECK(http_header(answer, "X-Content-Type-Options", value, sizeof value) && !strcmp(value, "nosniff"),
          "%s: sniff", what);
    CHECK(http_header(answer, "X-Frame-Options", value, sizeof value) && !strcmp(value, "DENY"), "%s: frames",
          what);
    CHECK(http_header(answer, "Cross-Origin-Resource-Policy", value, sizeof value) &&
              !strcmp(value, "same-origin"),
          "%s: embedding", what);
    CHECK(http_header(answer, "Cache-Control", value, sizeof value), "%s: caches", what);
}

void attack_refused(attack *a, const char *what, int status)
{
    http_answer answer;
    const uint64_t before = console_handled(a->console);
    const int got = attack_send(a, &answer);
    CHECK(got == status, "%s: %d, not %d\n%.200s", what, got, status, answer.body);
    CHECK(console_handled(a->console) == before, "%s: it reached a handler", what);
    attack_look(a, what, &answer);
    a->refused++;
}

void attack_passes(attack *a, const char *what)
{
    http_answer answer;
    const uint64_t before = console_handled(a->console);
    const int got = attack_send(a, &answer);
    CHECK(got == 200 || got == 303, "%s: %d\n%.300s", what, got, answer.body);
    CHECK(console_handled(a->console) == before + 1, "%s: no handler was called", what);
    attack_look(a, what, &answer);
}
