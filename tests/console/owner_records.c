/* Tests of records, pulses, rights and files. See owner_books.h. */
#include "owner_books.h"

#include "check.h"

#include "act.h"
#include "routes.h"

#include "fadeline/base/digest.h"
#include "fadeline/base/text.h"
#include "fadeline/journal/export.h"

void story_13_a_look_is_written_down(void)
{
    char to[100];
    books k;
    books_open(&k, true);
    books_at(&k, "2026-05-13", 13, 30);
    books_granted(&k, "A", "SIM-A", 1000, "T", 5);
    put_books(&k);
    sign_in("op:17", PIN_OPERATOR, false);
    CHECK(http_get(&b, "/month/2026-05").status == 403, "the month is not an operator's");
    http_answer a = http_get(&b, "/record/1");
    CHECK(a.status == 200 && says(&a, "Open the record") && !says(&a, "F-L"), "it asks first");
    CHECK(http_get(&b, "/record/1/paper").status == 200 && !says(&a, "%PDF"), "no paper either");
    a = http_post(&b, "/record", "sid=1", false);
    CHECK(a.status == 303 && http_header(&a, "Location", to, sizeof to) && !strcmp(to, "/record/1"),
          "opened: %d", a.status);
    a = http_get(&b, "/record/1");
    CHECK(says(&a, "F-L") && says(&a, "197.3") && says(&a, "199.8") && says(&a, "1.59"),
          "set beside measured");
    CHECK(!strncmp(http_get(&b, "/record/1/paper").body, "%PDF", 4), "its paper");
    sign_in("aud:2", PIN_AUDITOR, false);
    a = http_get(&b, "/record/1");
    CHECK(says(&a, "Open the record") && !says(&a, "F-L"), "one person's look is not another's");
    CHECK(http_post(&b, "/record", "sid=7", false).status == 409, "no such session");
    char month[32];
    const fl_clock *clock = fl_clock_system();
    fl_date_text(fl_date_of(clock->utc(NULL)), month);
    month[7] = 0;
    char path[48];
    snprintf(path, sizeof path, "/month/%s", month);
    a = http_get(&b, path);
    CHECK(rows_read(a.body, "looks", &table) && ROW("op:17", "record", "p:5d1f"), "who looked is listed");
    sign_in("op:9", PIN_LATE, false);
    CHECK(http_post(&b, "/record", "sid=1", false).status == 303, "an ended certificate may consult");
}

/* Papers for the client are read like the record: by whom it allows, and only with a look that is written
 * down, but for who did the session at this console a moment ago. */
void papers_of_the_client_too(void)
{
    static const char *const papers[] = {"/session/1/client.pdf?lang=fr", "/session/1/next.ics"};
    static const char *const holds[] = {"%PDF", "no next date is known"};
    char form[100], to[100];
    books k;
    books_open(&k, true);
    books_at(&k, "2026-05-13", 13, 30);
    books_granted(&k, "A", "SIM-A", 1000, "T", 5);
    put_books(&k);
    sign_in("svc:3", PIN_SERVICE, false);
    CHECK(http_get(&b, "/session/finish").status == 403, "service reads the last page");
    for (size_t i = 0; i < 2; i++) CHECK(http_get(&b, papers[i]).status == 403, "service has %s", papers[i]);
    for (size_t i = 0; i < 2; i++) {
        sign_in(i ? "aud:2" : "op:17", i ? PIN_AUDITOR : PIN_OPERATOR, false);
        CHECK(http_get(&b, "/session/finish").status == 200, "the last page");
        http_answer a = http_get(&b, papers[i]);
        CHECK(a.status == 200 && says(&a, "Open the record") && says(&a, papers[i]), "%s asks first: %d",
              papers[i], a.status);
        snprintf(form, sizeof form, "sid=1&to=%s", papers[i]);
        a = http_post(&b, "/record", form, false);
        CHECK(a.status == 303 && http_header(&a, "Location", to, sizeof to) && !strcmp(to, papers[i]),
              "the look leads to the paper: %d", a.status);
        a = http_get(&b, papers[i]);
        CHECK(a.status == (i ? 409 : 200) && says(&a, holds[i]), "%s: %d %.300s", papers[i], a.status,
              a.body);
    }
}

/* A session that ended so many minutes ago. */
static void ended_before(int minutes)
{
    books k;
    books_open(&k, true);
    const int64_t on_us = fl_clock_system()->utc(NULL).us - INT64_C(60000000) * minutes - k.utc_us;
    k.utc_us += on_us, k.now_us += on_us;
    books_granted(&k, "A", "SIM-A", 1000, "T", 5);
    put_books(&k);
}

void who_did_the_session_hands_out_its_papers(void)
{
    const char *const sheet = "/session/1/client.pdf?lang=en";
    ended_before(5);
    sign_in("op:17", PIN_OPERATOR, false);
    CHECK(strncmp(http_get(&b, sheet).body, "%PDF", 4) != 0, "a session of another console");
    session_was_here(true);
    CHECK(strncmp(http_get(&b, sheet).body, "%PDF", 4) == 0, "their own, a moment ago");
    sign_in("sup:2", PIN_SUPERVISOR, false);
    CHECK(strncmp(http_get(&b, sheet).body, "%PDF", 4) != 0, "somebody else's");
    ended_before(20);
    sign_in("op:17", PIN_OPERATOR, false);
    CHECK(strncmp(http_get(&b, sheet).body, "%PDF", 4) != 0, "longer ago");
    session_was_here(false);
}

void a_pulse_proves_itself(void)
{
    books k;
    fl_journal *journal;
    const fl_journal_options read = {.mode = FL_JOURNAL_READ};
    const char *bytes;
    size_t size;
    char name[100];
    fl_vkey key;
    fl_checkpoint checkpoint;
    uint64_t index;
    books_open(&k, true);
    books_at(&k, "2026-05-13", 13, 30);
    books_granted(&k, "A", "SIM-A", 1000, "T", 5);
    put_books(&k);
    sign_in("own:1", PIN_OWNER, false);
    http_answer a = http_get(&b, "/entry/4");
    CHECK(a.status == 200 && says(&a, "pulse") && says(&a, "197350") && says(&a, "href=\"/entry/3\"") &&
              says(&a, "href=\"/entry/5\"") && says(&a, "href=\"/record/1\""),
          "a pulse and its neighbours: %d", a.status);
    a = http_get(&b, "/entry/4/proof");
    CHECK(a.status == 200 && http_header(&a, "Content-Disposition", name, sizeof name) &&
              strstr(name, "entry-4.tlog-proof"),
          "a proof: %d", a.status);
    console_need(fl_journal_open(place, &read, &journal, NULL) == FL_OK &&
                     fl_journal_read(journal, 4, &bytes, &size) == FL_OK &&
                     fl_vkey_read(fl_journal_vkey(journal), &key) == FL_OK,
                 "the journal");
    CHECK(fl_proof_check(a.body, a.body_size, bytes, size, &key, &checkpoint, &index) == FL_OK && index == 4,
          "it does not hold");
    CHECK(fl_proof_check(a.body, a.body_size, "{}", 2, &key, &checkpoint, &index) != FL_OK,
          "it holds for anything");
    fl_journal_close(journal);
    CHECK(http_get(&b, "/entry/99999").status == 404 && http_get(&b, "/entry/x").status == 404,
          "no such entry");
}

/* Who may look at a record is said in one place: the acts of the commands. */
void rights_are_those_of_the_acts(void)
{
    static const struct {
        const char *path;
        route_method method;
    } rows_of[] = {{"/record/:sid", ROUTE_GET},
                   {"/record/:sid/paper", ROUTE_GET},
                   {"/record", ROUTE_POST},
                   {"/session/finish", ROUTE_GET},
                   {"/session/:sid/client.pdf", ROUTE_GET},
                   {"/session/:sid/next.ics", ROUTE_GET},
                   {"/entry/:index", ROUTE_GET}};
    unsigned may = 0;
#define X(name, roles, consult, text)                                                                        \
    if (ACT_##name == ACT_LOOK_AT) may = (roles);
    ACT_LIST(X)
#undef X
    for (size_t n = 0; n < sizeof rows_of / sizeof *rows_of; n++) {
        bool found = false;
        for (size_t i = 0; routes_at(i); i++) {
            const route *r = routes_at(i);
            if (r->method != rows_of[n].method || strcmp(r->path, rows_of[n].path) != 0) continue;
            found = true;
            CHECK(may && r->who == may && !(r->how & ROUTE_ACT), "%s: %x, the acts say %x", r->path, r->who,
                  may);
        }
        CHECK(found, "there is no %s", rows_of[n].path);
    }
    static const char *const closed[] = {"/month", "/month/2026-05", "/day/2026-05-13", "/verify",
                                         "/exports/2026-05"};
    books k;
    books_open(&k, true);
    put_books(&k);
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++) {
        sign_in("svc:3", PIN_SERVICE, false);
        CHECK(http_get(&b, closed[i]).status == 403, "service opens %s", closed[i]);
        sign_in("op:17", PIN_OPERATOR, false);
        CHECK(http_get(&b, closed[i]).status == 403, "an operator opens %s", closed[i]);
    }
    CHECK(http_get(&b, "/follow-ups").status == 200, "follow-ups are an operator's");
}

/* ---- files ---- */

/* The newest entry of a kind holds the hash of these bytes. */
static bool stands_in_the_journal(fl_kind kind, const void *bytes, size_t size)
{
    fl_journal *journal;
    uint8_t digest[FL_SHA256_SIZE];
    char hex[2 * FL_SHA256_SIZE + 1], found[2 * FL_SHA256_SIZE + 1] = "";
    const fl_journal_options read = {.mode = FL_JOURNAL_READ};
    fl_sha256(bytes, size, digest);
    fl_hex(digest, sizeof digest, hex);
    console_need(fl_journal_open(place, &read, &journal, NULL) == FL_OK, "the journal");
    for (uint64_t i = fl_journal_size(journal); i-- > 0 && !found[0];) {
        fl_record record;
        if (fl_journal_record(journal, i, &record) == FL_OK && fl_record_is(&record, kind) &&
            fl_record_text(&record, "sha256", found, sizeof found) != FL_OK)
            found[0] = 0;
    }
    fl_journal_close(journal);
    return strcmp(hex, found) == 0;
}

void stories_7_and_9_files(void)
{
    static const struct {
        const char *form, *begins, *holds;
    } files[] = {
        {"format=csv", "world,site,device,", ",1318,"},
        {"format=csv&table=devices", "world,site,device,", ",26732,"},
        {"format=csv-fr", "\xEF\xBB\xBF", ";1318;"},
        {"format=xlsx", "PK", ""},
        {"format=json", "{", "\"unexplained_absolute\": 1854"},
        {"format=jsonl", "{\"table\"", "SIM-A"},
        {"format=fhir", "{", "Bundle"},
        {"format=pdf", "%PDF", ""},
    };
    books k;
    char form[200];
    books_open(&k, true);
    books_of_may(&k);
    put_books(&k);
    sign_in("own:1", PIN_OWNER, false);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        http_get(&b, "/exports/2026-05");
        snprintf(form, sizeof form, "month=2026-05&%s", files[i].form);
        const http_answer a = http_post(&b, "/exports", form, true);
        CHECK(a.status == 200 && !strncmp(a.body, files[i].begins, strlen(files[i].begins)), "%s: %d", form,
              a.status);
        CHECK(strstr(a.body, files[i].holds), "%s lacks %s", form, files[i].holds);
        CHECK(stands_in_the_journal(FL_KIND_EXPORT, a.body, a.body_size), "%s is not in the journal", form);
    }
    http_get(&b, "/exports/2026-05");
    http_answer a = http_post(&b, "/inspector", "dev=SIM-A&from=2026-03-01&to=2026-05-31", true);
    CHECK(a.status == 200 && !strncmp(a.body, "%PDF", 4), "the pack: %d", a.status);
    CHECK(stands_in_the_journal(FL_KIND_PRINT, a.body, a.body_size), "the pack is not in the journal");
    http_get(&b, "/exports/2026-05");
    CHECK(http_post(&b, "/exports", "month=2026-05&format=exe", true).status == 422, "no such format");
    http_get(&b, "/exports/2026-05");
    CHECK(http_post(&b, "/exports", "month=2026-05&format=csv&table=none", true).status == 409,
          "no such table");
}

void a_held_journal_hands_out_nothing(void)
{
    books k;
    fl_journal *writer;
    fl_error error = {0};
    books_open(&k, true);
    books_of_may(&k);
    put_books(&k);
    sign_in("own:1", PIN_OWNER, false);
    http_get(&b, "/exports/2026-05");
    const fl_journal_options write = {.mode = FL_JOURNAL_WRITE, .simulated = true};
    console_need(fl_journal_open(place, &write, &writer, &error) == FL_OK, error.what);
    http_answer a = http_post(&b, "/exports", "month=2026-05&format=csv", true);
    CHECK(a.status == 409 && says(&a, "holds the journal") && !says(&a, "SIM-A"), "held: %d", a.status);
    CHECK(http_get(&b, "/month/2026-05").status == 200, "looking is open");
    fl_journal_close(writer);
    sign_in("sup:2", PIN_SUPERVISOR, false);
    a = http_get(&b, "/exports/2026-05");
    CHECK(a.status == 200 && !says(&a, "value=\"xlsx\""),
          "a supervisor sees what went out, and hands out nothing");
}
