/* Tests of what lies before the newest log, and of findings that only an owner sees: entries of older logs, a
 * log that is missing, identities that are gone. See owner_books.h. */
#include "owner_books.h"

#include "check.h"

#include "audit_words.h"
#include "owner.h"

#include <stdlib.h>

/* Three logs of one clinic; the older two lie beside the journal, as in a home. */
static void put_three_logs(books *k, bool with_past)
{
    char beside[FL_PLACE_MAX + 20], there[FL_PLACE_MAX + 20], line[3 * FL_PLACE_MAX];
    books_open(k, true);
    books_at(k, "2026-05-04", 9, 0);
    books_granted(k, "A", "SIM-A", 1000, "T", 3);
    books_succeed(k);
    books_at(k, "2026-05-05", 9, 0);
    books_granted(k, "A", "SIM-A", 1003, "T", 3);
    books_succeed(k);
    books_at(k, "2026-05-06", 9, 0);
    books_granted(k, "A", "SIM-A", 1016, "T", 3); /* ten that nobody wrote down */
    snprintf(beside, sizeof beside, "%s/journals", k->root);
    put_books(k);
    snprintf(there, sizeof there, "%s/journals", getenv("FADELINE_HOME"));
    snprintf(line, sizeof line, "rm -rf '%s'", there);
    console_need(system(line) == 0, "room for the past");
    if (with_past) console_need(rename(beside, there) == 0, "the past in its place");
}

static void remove_past(void)
{
    char line[FL_PLACE_MAX + 40];
    snprintf(line, sizeof line, "rm -rf '%s/journals'", getenv("FADELINE_HOME"));
    console_need(system(line) == 0, "no past any more");
}

/* The first link of the page that begins so, into `room`. */
static bool link_of(const http_answer *a, const char *begin, char room[64])
{
    char look[80];
    snprintf(look, sizeof look, "href=\"%s", begin);
    const char *at = strstr(a->body, look);
    if (!at) return false;
    snprintf(room, 64, "%.*s", (int)strcspn(at + 6, "\""), at + 6);
    return true;
}

void entries_of_older_logs(void)
{
    books k;
    char at[64];
    put_three_logs(&k, true);
    sign_in("own:1", PIN_OWNER, false);
    http_answer a = http_get(&b, "/entry/1/0");
    CHECK(a.status == 200 && says(&a, "Entry 0 of log 1") && says(&a, "An older log") && says(&a, "log.open"),
          "%d", a.status);
    CHECK(!says(&a, "rel=\"prev\""), "something before the first");
    CHECK(says(&a, "href=\"/entry/2/1\""), "who says that it ended");
    CHECK(!says(&a, "/proof\""), "a proof of a log that is closed");
    a = http_get(&b, "/entry/2/1");
    CHECK(a.status == 200 && says(&a, "log.succeed"), "the succession: %d", a.status);
    /* From the first entry of the third, back into the second, and forward again. */
    a = http_get(&b, "/entry/0");
    CHECK(a.status == 200 && link_of(&a, "/entry/2/", at) && says(&a, "log 2, "), "back");
    a = http_get(&b, at);
    CHECK(a.status == 200 && says(&a, "of log 2") && says(&a, "rel=\"next\" href=\"/entry/0\""), "%s: %d", at,
          a.status);
    CHECK(http_get(&b, "/entry/3/0").status == 200, "the newest by its number");
    static const char *const nothing[] = {"/entry/4/0", "/entry/0/0",  "/entry/1/9999",   "/entry/x/0",
                                          "/entry/1/x", "/entry/-1/0", "/entry/1/0/proof"};
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
        CHECK(http_get(&b, nothing[i]).status == 404, "%s", nothing[i]);
    /* Exceptions, tables and a session's pulses lead into their own log. */
    a = http_get(&b, "/month/2026-05");
    CHECK(a.status == 200 && says(&a, "A new log goes on with the history"), "the succession is no finding");
    http_post(&b, "/record", "sid=1", false);
    a = http_get(&b, "/record/1");
    CHECK(link_of(&a, "/entry/1/", at), "a pulse of the first log has no page");
    a = http_get(&b, at);
    CHECK(a.status == 200 && says(&a, "197350"), "%s: %d", at, a.status);
    remove_past();
}

void an_older_log_that_is_missing(void)
{
    books k;
    put_three_logs(&k, false);
    sign_in("own:1", PIN_OWNER, true);
    http_answer a = http_get(&b, "/month/2026-05");
    CHECK(a.status == 200 && says(&a, "Un ancien registre manque") &&
              says(&a, "Rapportez le dossier journals/"),
          "what to do: %d", a.status);
    CHECK(says(&a, "the journal is not whole"), "identities of a past that is missing");
    CHECK(http_get(&b, "/entry/0").status == 200, "the newest is there");
    CHECK(http_get(&b, "/entry/1/0").status == 404, "an entry of a log that is missing");
}

/* Registered, never erased, and nobody knows any more who it was. */
void identities_that_are_gone(void)
{
    books k;
    books_open(&k, true);
    books_of_may(&k);
    books_put(&k, FL_KIND_CLIENT, NULL, NULL, "pat=C-0042|cmt=none|who=op:17");
    put_books(&k);
    sign_in("own:1", PIN_OWNER, false);
    http_answer a = http_get(&b, "/month/2026-05");
    CHECK(a.status == 200 && says(&a, "identity deleted, and no erasure in the journal") &&
              says(&a, "C-0042"),
          "an identity that is gone: %d", a.status);
    sign_in("own:1", PIN_OWNER, true);
    a = http_get(&b, "/month/2026-05");
    CHECK(says(&a, "identité supprimée, sans effacement au registre"), "in French");
    books_open(&k, true);
    books_of_may(&k);
    books_put(&k, FL_KIND_CLIENT, NULL, NULL, "pat=C-0042|cmt=none|who=op:17");
    books_put(&k, FL_KIND_ERASE, NULL, NULL,
              "what=identity|pat=C-0042|who=op:1|due=2026-05-01|why=retention");
    put_books(&k);
    sign_in("own:1", PIN_OWNER, false);
    a = http_get(&b, "/month/2026-05");
    CHECK(a.status == 200 && !says(&a, "identity deleted"), "an erasure is no finding");
}

void every_exception_has_its_words(void)
{
    const page p = {.language = FRENCH};
    for (int kind = FL_AUDIT_GAP; kind <= FL_AUDIT_PAST_MISSING; kind++) {
        const char *code = fl_audit_code((fl_audit_finding_kind)kind);
        CHECK(strcmp(owner_exception_name(&p, code), code) != 0, "%s has no words", code);
    }
    CHECK(strcmp(owner_exception_name(&p, "no-such"), "no-such") == 0, "it knows everything");
}
