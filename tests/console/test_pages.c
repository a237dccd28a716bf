/* labels: unit   timeout: 120 */
/* What a person meets: signing in, a list, a picture, a form that is taken once, two languages, two themes.
 */
#include "check.h"

#include "helper_console.h"

#include "routes.h"

#include "fadeline/base/text.h"

static fl_console *c;
static http_browser b;

static void begin(void)
{
    if (!c) c = console_start();
    http_browser_at(&b, fl_console_url(c));
}

static bool says(const http_answer *a, const char *text)
{
    return strstr(a->body, text) != NULL;
}

static void a_stranger_sees_the_door(void)
{
    char to[100];
    begin();
    http_answer a = http_get(&b, "/");
    CHECK(a.status == 200 && says(&a, "Sign in") && !says(&a, "own:1") && !says(&a, "Journal"),
          "first page: %d", a.status);
    a = http_get(&b, "/lasers?a=b");
    CHECK(a.status == 303 && http_header(&a, "Location", to, sizeof to) &&
              !strcmp(to, "/sign-in?to=%2Flasers%3Fa%3Db"),
          "to the door: %d %s", a.status, to);
    a = http_get(&b, to);
    CHECK(says(&a, "name=\"to\" value=\"/lasers?a=b\""), "the way back is kept: %s", a.body);
}

static void a_pin_opens(void)
{
    begin();
    CHECK(!http_sign_in(&b, "own:1", "000111"), "a wrong PIN opened");
    const http_answer wrong = http_post(&b, "/sign-in", "who=nobody&pin=493027", false);
    CHECK(wrong.status == 403 && says(&wrong, "Person or PIN is wrong"), "a stranger: %d", wrong.status);
    char before[200];
    snprintf(before, sizeof before, "%s", b.cookie);
    CHECK(http_sign_in(&b, "own:1", PIN_OWNER), "the right PIN did not open");
    CHECK(strcmp(before, b.cookie) != 0, "the cookie from before the sign-in is still good");
    const http_answer home = http_get(&b, "/");
    CHECK(says(&home, "<strong>own:1</strong>") && says(&home, "Entries"), "home");
    CHECK(http_post(&b, "/sign-out", "", false).status == 303, "sign out");
    CHECK(http_get(&b, "/people").status == 303, "signed out");
}

/* Every address without :names, with a sign-in that may open it, in both languages and themes. */
static void every_page_is_whole(void)
{
    begin();
    CHECK(http_sign_in(&b, "own:1", PIN_OWNER), "sign in");
    char signed_in[200];
    snprintf(signed_in, sizeof signed_in, "%s", b.cookie);
    static const char *const screens[][3] = {{"", "en", "dark"},
                                             {"; fadeline-language=fr; fadeline-theme=light", "fr", "light"}};
    int pages = 0;
    for (size_t s = 0; s < 2; s++)
        for (size_t n = 0; routes_at(n); n++) {
            const route *r = routes_at(n);
            if (r->method != ROUTE_GET || strchr(r->path, ':') || r->how & (ROUTE_TOLD | ROUTE_FAR)) continue;
            char lang[40];
            snprintf(b.cookie, sizeof b.cookie, "%s%s", signed_in, screens[s][0]);
            snprintf(lang, sizeof lang, "<html lang=\"%s\" data-theme=\"%s\">", screens[s][1], screens[s][2]);
            const http_answer a = http_get(&b, r->path);
            const char *h1 = strstr(a.body, "<h1>");
            CHECK(a.status == 200, "%s: %d", r->path, a.status);
            CHECK(says(&a, lang), "%s: %s", r->path, lang);
            CHECK(h1 && !strstr(h1 + 1, "<h1>"), "%s: one h1", r->path);
            CHECK(says(&a, "<p class=\"simulated\"><strong>SIMULATED") && says(&a, "<title>SIMULATED"),
                  "%s: marked", r->path);
            CHECK(says(&a, "</main>") && says(&a, "</html>"), "%s: whole", r->path);
            CHECK(!says(&a, " style=") && !says(&a, " onclick=") && !says(&a, "<style") &&
                      !says(&a, "javascript:"),
                  "%s: nothing inline", r->path);
            pages++;
        }
    CHECK(pages >= 10, "only %d pages", pages);
}

static void numbers_have_the_readers_comma(void)
{
    begin();
    CHECK(http_sign_in(&b, "op:17", PIN_OPERATOR), "sign in");
    http_answer a = http_get(&b, "/laser/example-pico");
    CHECK(a.status == 200 && says(&a, "1.59 J/cm²") && says(&a, "<svg role=\"img\""), "English: %d",
          a.status);
    strcat(b.cookie, "; fadeline-language=fr");
    a = http_get(&b, "/laser/example-pico");
    CHECK(says(&a, "1,59\u202fJ/cm²") && !says(&a, "1.59 J/cm²"), "French");
    CHECK(says(&a, "viewBox=\"0 0 720.00 360.00\""), "a picture has points, whatever the reader's comma");
    CHECK(http_get(&b, "/laser/none").status == 404, "no such laser");
    CHECK(http_get(&b, "/laser/..%2f..%2fetc%2fpasswd").status == 400, "a path for a name");
    CHECK(http_get(&b, "/laser/example-pico.yaml").status == 404, "a file for a name");
}

static void roles_see_their_pages(void)
{
    begin();
    CHECK(http_sign_in(&b, "op:17", PIN_OPERATOR), "sign in");
    http_answer a = http_get(&b, "/");
    CHECK(!says(&a, "href=\"/people\"") && says(&a, "href=\"/lasers\""), "the menu of an operator");
    a = http_get(&b, "/people");
    CHECK(a.status == 403 && says(&a, "Ask ") && says(&a, "own:1"), "whom to ask: %d", a.status);
}

static void a_form_is_taken_once(void)
{
    char to[100], act[64];
    begin();
    CHECK(http_sign_in(&b, "svc:3", PIN_SERVICE), "sign in");
    http_get(&b, "/service");
    snprintf(act, sizeof act, "%s", b.act);
    http_answer a = http_post(&b, "/service", "dev=SIM-0007&old=41.2&new=&doc=", true);
    CHECK(a.status == 422 && says(&a, "A whole number is wanted") && says(&a, "value=\"41.2\""), "faults: %d",
          a.status);
    CHECK(strcmp(act, b.act) != 0, "the page of faults has a form of its own");
    a = http_post(&b, "/service", "dev=SIM-0007&old=41000&new=0&doc=W-1", true);
    CHECK(a.status == 422 && says(&a, "does not run back"), "against the records: %d", a.status);
    a = http_post(&b, "/service", "dev=SIM-0007&old=41207&new=0&doc=W-2026-114+%C3%A9t%C3%A9", true);
    CHECK(a.status == 303 && http_header(&a, "Location", to, sizeof to) &&
              fl_text_begins(to, "/service?recorded="),
          "recorded: %d %s", a.status, to);
    const http_answer again = http_post(&b, "/service", "dev=SIM-0007&old=41207&new=0&doc=W-2026-114", true);
    CHECK(again.status == 409 && says(&again, "sent once already"), "twice: %d", again.status);
    a = http_get(&b, to);
    CHECK(a.status == 200 && says(&a, "Recorded."), "and said");
}

static void the_screen_is_chosen(void)
{
    char line[200];
    begin();
    http_get(&b, "/sign-in");
    http_answer a = http_post(&b, "/screen", "language=fr&to=%2Fsign-in", false);
    CHECK(a.status == 303 && http_header(&a, "Set-Cookie", line, sizeof line) &&
              strstr(line, "fadeline-language=fr; Path=/; SameSite=Strict; HttpOnly"),
          "language: %s", line);
    a = http_post(&b, "/screen", "theme=light&to=%2F%2Fevil.example", false);
    CHECK(http_header(&a, "Location", line, sizeof line) && !strcmp(line, "/"), "never away from here: %s",
          line);
}

static void assets_are_kept_by_the_browser(void)
{
    char tag[80], text[300];
    begin();
    const http_answer a = http_get(&b, "/assets/console.css");
    CHECK(a.status == 200 && http_header(&a, "ETag", tag, sizeof tag), "css: %d", a.status);
    snprintf(text, sizeof text, "GET /assets/console.css HTTP/1.1\r\nHost: %s\r\nIf-None-Match: %s\r\n\r\n",
             b.host, tag);
    CHECK(http_ask(b.url, text, 0).status == 304, "not again");
    CHECK(http_get(&b, "/assets/../routes.h").status == 400 && http_get(&b, "/assets/none.js").status == 404,
          "only ours");
}

static void it_closes(void)
{
    console_stop(c);
    c = NULL;
    CHECK(http_connect(b.url) < 0, "still open");
}

FL_TESTS("console/pages", TEST(a_stranger_sees_the_door), TEST(a_pin_opens), TEST(every_page_is_whole),
         TEST(numbers_have_the_readers_comma), TEST(roles_see_their_pages), TEST(a_form_is_taken_once),
         TEST(the_screen_is_chosen), TEST(assets_are_kept_by_the_browser), TEST(it_closes))
