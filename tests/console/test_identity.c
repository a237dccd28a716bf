/* labels: unit fault   timeout: 120 */
/* Who a client is, through the console: a name as people write it comes back as it was, only after a look; it
 * is in no entry of the journal, no title and no address; and it goes when its time has come, signed by two.
 */
#include "check.h"

#include "helper_console.h"

#include "fadeline/base/place.h"
#include "fadeline/clients/photos.h"
#include "fadeline/journal/journal.h"

#define NAME "Zo%C3%AB%20%3Cb%3EO%27Brien%3C%2Fb%3E-%C5%81ukasz%20%E6%9D%8E"
#define SHOWN "Zoë &lt;b&gt;O&#39;Brien&lt;/b&gt;-Łukasz 李"

static fl_console *c;
static http_browser op, owner;
static _Atomic int64_t ahead_us;
static char code[20];

static fl_utc utc(void *self)
{
    (void)self;
    return (fl_utc){INT64_C(1778000000000000) + ahead_us}; /* 2026-05-05 */
}

static void sign_in(http_browser *b, const char *who, const char *pin)
{
    http_browser_at(b, fl_console_url(c));
    CHECK(http_sign_in(b, who, pin), "%s", who);
}

static void begin(void)
{
    if (!c) {
        c = console_start();
        c->clock.utc = utc;
    }
    sign_in(&op, "op:17", PIN_OPERATOR);
    sign_in(&owner, "own:1", PIN_OWNER);
}

static bool is_in(const char *name, const char *text)
{
    char path[FL_PLACE_MAX + 60], *bytes;
    size_t size;
    snprintf(path, sizeof path, "%s/%s", c->home, name);
    if (fl_place_read(path, 1 << 26, &bytes, &size, NULL) != FL_OK) return false;
    const bool found = memmem(bytes, size, text, strlen(text)) != NULL;
    free(bytes);
    return found;
}

static void in_no_entry(void)
{
    static const char *const files[] = {"journal-simulated/journal.db", "journal-simulated/journal.db-wal"};
    static const char *const parts[] = {"Zo\xc3\xab", "Brien", "ukasz", "\xe6\x9d\x8e", "Dubois", "555-0199"};
    for (size_t i = 0; i < 2; i++)
        for (size_t n = 0; n < sizeof parts / sizeof *parts; n++)
            CHECK(!is_in(files[i], parts[n]), "%s is in %s", parts[n], files[i]);
}

/* Entries of a kind about this client. */
static unsigned entries(fl_kind kind, const char *key, const char *value)
{
    fl_journal *journal;
    unsigned count = 0;
    const fl_journal_options options = {.mode = FL_JOURNAL_READ};
    CHECK(fl_journal_open(c->journal, &options, &journal, NULL) == FL_OK, "look");
    for (uint64_t i = 0; i < fl_journal_size(journal); i++) {
        fl_record record;
        CHECK(fl_journal_record(journal, i, &record) == FL_OK, "entry");
        count += fl_record_is(&record, kind) && fl_record_text_is(&record, "pat", code) &&
                 (!key || fl_record_text_is(&record, key, value));
    }
    fl_journal_close(journal);
    return count;
}

static http_answer page_of(http_browser *b)
{
    char path[60];
    snprintf(path, sizeof path, "/identity/%s", code);
    return http_get(b, path);
}

static void typed_in(void)
{
    char where[200];
    begin();
    http_get(&op, "/identity");
    http_answer a =
        http_post(&op, "/identity/add", "name=" NAME "&born=1990-13-01&contact=&language=fr", true);
    CHECK(a.status == 422 && strstr(a.body, "no day of birth") && strstr(a.body, SHOWN), "%d", a.status);
    http_get(&op, "/identity");
    CHECK(http_post(&op, "/identity/add", "name=%20&born=1990-04-01&contact=&language=fr", true).status ==
              422,
          "no name");
    http_get(&op, "/identity");
    CHECK(http_post(&op, "/identity/add", "name=a%0Ab&born=1990-04-01&contact=&language=fr", true).status ==
              422,
          "a line end in a name");
    http_get(&op, "/identity");
    CHECK(http_post(&op, "/identity/add", "name=A&born=2026-05-06&contact=&language=fr", true).status == 422,
          "born tomorrow");
    http_get(&op, "/identity");
    a = http_post(&op, "/identity/add", "name=" NAME "&born=1990-04-01&contact=555-0199&language=fr", true);
    CHECK(a.status == 303 && http_header(&a, "Location", where, sizeof where), "%d", a.status);
    snprintf(code, sizeof code, "%.16s", strrchr(where, '/') + 1);
    CHECK(strncmp(code, "C-", 2) == 0, "%s", where);
    CHECK(entries(FL_KIND_CLIENT, NULL, NULL) == 1, "one entry with a commitment");
    CHECK(is_in("clients-simulated.db", "Brien") || is_in("clients-simulated.db-wal", "Brien"), "kept");
    in_no_entry();
}

static void seen_after_a_look(void)
{
    char form[60];
    begin();
    http_browser other;
    snprintf(form, sizeof form, "code=%s", code);
    CHECK(!strstr(page_of(&op).body, "Brien"), "not before a look, not even by who typed it");
    CHECK(http_post(&op, "/identity", form, false).status == 303, "a look");
    const http_answer a = page_of(&op);
    CHECK(strstr(a.body, SHOWN) && strstr(a.body, "555-0199") && strstr(a.body, "1990-04-01"), "%d",
          a.status);
    const char *title = strstr(a.body, "<title>");
    CHECK(title && !memmem(title, (size_t)(strstr(title, "</title>") - title), "Brien", 5),
          "the title names");
    CHECK(entries(FL_KIND_LOOK, "what", "identity") == 1, "one look");
    CHECK(!strstr(page_of(&owner).body, "Brien"), "the look was somebody else's");
    sign_in(&other, "aud:2", PIN_AUDITOR);
    CHECK(page_of(&other).status == 403 && http_post(&other, "/identity", form, false).status == 403,
          "an auditor");
    sign_in(&other, "svc:3", PIN_SERVICE);
    CHECK(page_of(&other).status == 403, "a service person");
    sign_in(&other, "op:9", PIN_LATE);
    page_of(&other);
    CHECK(http_post(&other, "/identity", form, false).status == 303,
          "whose certificate has ended may consult");
    CHECK(http_post(&other, "/identity/change", form, true).status == 403, "and change nothing");
}

static void changed(void)
{
    char form[200];
    begin();
    page_of(&op);
    snprintf(form, sizeof form, "code=%s&name=Jean%%20Dubois&born=1990-04-01&contact=&language=en", code);
    CHECK(http_post(&op, "/identity/change", form, true).status == 303, "changed");
    const char *body = page_of(&op).body;
    CHECK(strstr(body, "Jean Dubois") && !strstr(body, "Brien"), "the new one");
    CHECK(entries(FL_KIND_CLIENT, NULL, NULL) == 2, "with a commitment of its own");
    page_of(&op);
    CHECK(http_post(&op, "/identity/change", "code=C-9999&name=X&born=1990-04-01&contact=&language=en", true)
                  .status == 404,
          "nobody");
    sign_in(&owner, "svc:3", PIN_SERVICE); /* nor by another form of the console */
    http_get(&owner, "/service");
    const http_answer a =
        http_post(&owner, "/service", "dev=SIM-0007&old=41207&new=0&doc=for+jean+dubois", true);
    CHECK(a.status == 422 && strstr(a.body, "holds a client&#39;s name"), "%d", a.status);
    in_no_entry();
}

static void try_to_erase(const char *rest, int status, const char *sentence)
{
    char form[300];
    snprintf(form, sizeof form, "code=%s", code);
    page_of(&owner);
    http_post(&owner, "/identity", form, false); /* the look of eleven years ago holds no more */
    page_of(&owner);
    snprintf(form, sizeof form, "code=%s&%s", code, rest);
    const http_answer a = http_post(&owner, "/identity/erase", form, true);
    CHECK(a.status == status && (!sentence || strstr(a.body, sentence)), "%s: %d\n%.300s", rest, a.status,
          strstr(a.body, "role=\"alert\"") ? strstr(a.body, "role=\"alert\"") : a.body);
}

#define SECOND "&second=sup%3A2&second-pin=" PIN_SUPERVISOR

static void erased_when_its_time_has_come(void)
{
    char photos[FL_PLACE_MAX];
    uint8_t sha256[FL_SHA256_SIZE];
    begin();
    CHECK(fl_photos_place(true, photos, NULL) == FL_OK &&
              fl_photos_put(photos, code, "abc", 3, sha256, NULL) == FL_OK,
          "a photo");
    page_of(&op);
    char form[60];
    snprintf(form, sizeof form, "code=%s&why=over", code);
    CHECK(http_post(&op, "/identity/erase", form, true).status == 403, "not an operator");
    http_post(&owner, "/identity", form, false);
    CHECK(!strstr(page_of(&owner).body, "/identity/erase"), "no form before the day");
    try_to_erase("why=over" SECOND, 422, "has to be kept until 2036-05-05");
    CHECK(fl_photos_has(photos, code) && is_in("clients-simulated.db", "Dubois"), "all there");
    ahead_us = INT64_C(11) * 366 * 86400 * 1000000;
    begin();
    try_to_erase("why=over", 422, "another supervisor");
    try_to_erase("why=over&second=sup%3A2&second-pin=000000", 422, "another supervisor");
    try_to_erase("why=over&second=own%3A1&second-pin=" PIN_OWNER, 422, "another supervisor");
    try_to_erase("why=over&second=op%3A17&second-pin=" PIN_OPERATOR, 422, "another supervisor");
    try_to_erase("why=Dubois+asked" SECOND, 422, "holds a client&#39;s name");
    try_to_erase("why=" SECOND, 422, "Say why");
    CHECK(entries(FL_KIND_ERASE, NULL, NULL) == 0, "nothing yet");
    try_to_erase("why=over" SECOND, 303, NULL);
    CHECK(!fl_photos_has(photos, code) && !is_in("clients-simulated.db", "Dubois") &&
              !is_in("clients-simulated.db-wal", "Dubois") && !is_in("clients-simulated.db", "Brien"),
          "something is left");
    CHECK(entries(FL_KIND_ERASE, "what", "identity") == 1 && entries(FL_KIND_ERASE, "what", "photos") == 1 &&
              entries(FL_KIND_ERASE, "second", "sup:2") == 2,
          "two entries, signed by two");
    CHECK(strstr(page_of(&op).body, "never used again"), "it says so");
    /* Killed between the entries and the files: the next act finishes it, as the commands do. */
    CHECK(fl_photos_put(photos, code, "abc", 3, sha256, NULL) == FL_OK, "a photo that was left");
    http_get(&op, "/identity");
    CHECK(http_post(&op, "/identity/add", "name=B&born=1990-04-01&contact=&language=fr", true).status == 303,
          "another client");
    CHECK(!fl_photos_has(photos, code), "a photo of who was erased is kept");
    CHECK(entries(FL_KIND_ERASE, NULL, NULL) == 2, "erased once");
    snprintf(form, sizeof form, "code=%s", code);
    CHECK(http_post(&op, "/identity/change", form, true).status != 303, "nobody to change");
    console_stop(c);
}

FL_TESTS("console/identity", TEST(typed_in), TEST(seen_after_a_look), TEST(changed),
         TEST(erased_when_its_time_has_come))
