/* labels: unit   timeout: 120 */
/* The file of people against the journal, by whoever can write into the file: a hash copied from one block
 * into another, other roles, a longer date, an old file put back, no file; and a change broken off at every
 * step. */
#include "check.h"

#include "fadeline/base/text.h"
#include "fadeline/journal/journal.h"
#include "fadeline/session/people.h"

#include <stdarg.h>
#include <unistd.h>

static char home[64];
static const fl_date today = {2026, 5, 4}, until = {2026, 5, 31}, later = {2029, 1, 2};
#define OWNER (1u << FL_ROLE_OWNER)
#define OPERATOR (1u << FL_ROLE_OPERATOR)

/* ---- a small clinic ---- */

static void path_of(const char *name, char path[160])
{
    snprintf(path, 160, "%s/%s", home, name);
}

static char *file_text(void)
{
    char path[160], *bytes = NULL;
    size_t size;
    path_of("people.yaml", path);
    CHECK(fl_place_read(path, 1 << 20, &bytes, &size, NULL) == FL_OK, "read");
    return bytes;
}

static void put_file(const char *text)
{
    char path[160];
    path_of("people.yaml", path);
    CHECK(fl_place_write(path, text, strlen(text), 0600, NULL) == FL_OK, "write");
}

/* An entry a role, as `fadeline people` writes; without `cmt` as it did before. */
static void tell(const fl_person *p, const char *by, bool with_cmt)
{
    static fl_entry entries[8];
    char place[160], day[11], hex[2 * FL_SHA256_SIZE + 1];
    size_t count = 0;
    fl_error error = {0};
    fl_journal *journal = NULL;
    const fl_journal_options options = {.mode = FL_JOURNAL_CREATE, .no_ballast = true};
    path_of("journal", place);
    CHECK(fl_journal_open(place, &options, &journal, &error) == FL_OK, "%s", error.what);
    const bool left = fl_date_is_set(p->ended);
    for (fl_role r = FL_ROLE_FIRST; r <= FL_ROLE_LAST; r++) {
        if (left ? r != FL_ROLE_FIRST : !(p->roles & 1u << r)) continue;
        fl_entry *e = &entries[count++];
        fl_entry_begin(e, FL_KIND_ROLE_CHANGE);
        fl_entry_text(e, "who", p->id), fl_entry_text(e, "by", by);
        fl_entry_text(e, "role", left ? "none" : fl_role_word(r));
        fl_entry_text(e, "until", fl_date_text(left ? p->ended : p->until, day));
        if (with_cmt) fl_entry_text(e, "cmt", fl_hex(p->cmt, sizeof p->cmt, hex));
    }
    CHECK(fl_journal_append(journal, entries, count, &error) == FL_OK, "%s", error.what);
    fl_journal_close(journal);
}

static void tell_staged(const char *who, bool with_cmt)
{
    fl_people *next = NULL;
    fl_person p;
    fl_error error = {0};
    CHECK(fl_people_staged(home, &next, &error) == FL_OK, "%s", error.what);
    if (!next) return;
    CHECK(fl_people_find(next, who, &p), "%s is not staged", who);
    tell(&p, "unsigned", with_cmt);
    fl_people_free(next);
}

static void add(const char *who, unsigned roles, const char *pin)
{
    fl_error error = {0};
    CHECK(fl_people_stage_add(home, who, roles, until, pin, &error) == FL_OK, "%s", error.what);
    tell_staged(who, true);
    CHECK(fl_people_keep(home, &error) == FL_OK, "%s", error.what);
}

static void begin(void)
{
    snprintf(home, sizeof home, "/tmp/fl-proof-XXXXXX");
    CHECK(mkdtemp(home) != NULL, "home");
    add("op:17", OPERATOR, "493027");
    add("own:1", OWNER, "801246");
}

static void finish(void)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s", home);
    CHECK(system(command) == 0, "clean up");
}

static fl_people_answer sign_in(const char *who, const char *pin, unsigned roles, fl_error *dispute)
{
    fl_people *people = NULL;
    fl_people_guard guard = {0};
    *dispute = (fl_error){0};
    if (fl_people_load(home, &people, dispute) != FL_OK) return FL_PEOPLE_UNKNOWN;
    const fl_people_answer answer =
        fl_people_check_any(people, &guard, (fl_instant){1}, who, pin, roles, today);
    if (answer == FL_PEOPLE_DISPUTED)
        CHECK(fl_people_dispute(people, who, dispute) == FL_E_NO && guard.tries.wrong == 0,
              "a dispute is told, and counts as no wrong try");
    fl_people_free(people);
    return answer;
}

static void expect(const char *what, const char *who, const char *pin, unsigned roles, fl_people_answer want)
{
    fl_error error;
    const fl_people_answer got = sign_in(who, pin, roles, &error);
    CHECK(got == want, "%s: %s: %s; %s", what, who, fl_people_answer_text(got), error.what);
}

/* The text between `key` of this person and the end of that line, in the file. */
static char *value_at(char *text, const char *who, const char *key)
{
    char *at = strstr(text, who);
    at = at ? strstr(at, key) : NULL;
    CHECK(at != NULL, "%s of %s", key, who);
    return at ? at + strlen(key) : text;
}

static void copy_value(char *text, const char *from, const char *to, const char *key)
{
    const char *source = value_at(text, from, key);
    memcpy(value_at(text, to, key), source, strcspn(source, "\n"));
}

/* ---- the attacks ---- */

/* The attack this is about: one's own salt and hash in the owner's block. */
static void a_copied_hash_is_nobodys(void)
{
    begin();
    fl_error error;
    expect("before", "own:1", "801246", OWNER, FL_PEOPLE_YES);
    char *text = file_text();
    copy_value(text, "op:17", "own:1", "pin_salt: ");
    copy_value(text, "op:17", "own:1", "pin_scrypt: ");
    put_file(text);
    CHECK(sign_in("own:1", "493027", OWNER, &error) == FL_PEOPLE_DISPUTED, "the copied hash");
    CHECK(strstr(error.what, "own:1 is not what entry 5 of the journal says") && error.line > 5 &&
              error.column > 0 && error.hint[0],
          "%s:%u:%u: %s", error.file, error.line, error.column, error.what);
    expect("others are as before", "op:17", "493027", OPERATOR, FL_PEOPLE_YES);

    /* And without any journal, where nothing can be compared: scrypt alone says no. */
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s/journal", home);
    CHECK(system(command) == 0, "no journal");
    expect("no journal", "own:1", "493027", OWNER, FL_PEOPLE_UNKNOWN);
    expect("no journal", "op:17", "493027", OPERATOR, FL_PEOPLE_YES);
    free(text);
    finish();
}

static void edited(const char *what, const char *from, const char *to, bool journal)
{
    begin();
    char *text = file_text(), *at = strstr(text, from), changed[2000];
    CHECK(at != NULL, "%s", from);
    if (at) snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    put_file(changed);
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s/journal", home);
    if (!journal) CHECK(system(command) == 0, "no journal");
    expect(what, "op:17", "493027", ~0u, journal ? FL_PEOPLE_DISPUTED : FL_PEOPLE_UNKNOWN);
    free(text);
    finish();
}

static void roles_and_dates_are_covered(void)
{
    edited("other roles", "roles: [operator]", "roles: [owner]", true);
    edited("more roles", "roles: [operator]", "roles: [operator, supervisor]", true);
    edited("a longer certificate", "until: 2026-05-31", "until: 2036-05-31", true);
    edited("an end by hand", "id: op:17\n", "id: op:17\n    ended: 2026-01-01\n", true);
    edited("other roles", "roles: [operator]", "roles: [owner]", false);
    edited("a longer certificate", "until: 2026-05-31", "until: 2036-05-31", false);
    edited("the old kind", "pin_version: 2", "pin_version: 1", false);
}

/* Somebody who is nobody to the journal, though the hash is right. */
static void a_stranger_is_unknown(void)
{
    begin();
    fl_error error = {0};
    CHECK(fl_people_add(home, "own:9", OWNER, until, "662931", &error) == FL_OK, "%s", error.what);
    CHECK(sign_in("own:9", "662931", OWNER, &error) == FL_PEOPLE_DISPUTED &&
              strstr(error.what, "never heard"),
          "%s", error.what);
    fl_people *people = NULL;
    char whom[100];
    CHECK(fl_people_load(home, &people, &error) == FL_OK, "%s", error.what);
    CHECK_TEXT(fl_people_whom(people, OWNER, today, whom, sizeof whom), "own:1",
               "nobody is sent to a stranger");
    fl_people_free(people);
    finish();
}

/* The whole file as it was, with everything right in it at that time. */
static void an_old_file_is_not_the_file(void)
{
    begin();
    fl_error error = {0};
    char *old = file_text();
    CHECK(fl_people_stage_end(home, "op:17", today, &error) == FL_OK, "%s", error.what);
    tell_staged("op:17", true);
    CHECK(fl_people_keep(home, &error) == FL_OK, "%s", error.what);
    expect("who left", "op:17", "493027", OPERATOR, FL_PEOPLE_ROLE);
    char *now = file_text();
    put_file(old);
    expect("the old file", "op:17", "493027", OPERATOR, FL_PEOPLE_DISPUTED);
    expect("of the others it is right", "own:1", "801246", OWNER, FL_PEOPLE_YES);
    put_file(now);

    CHECK(fl_people_stage_renew(home, "own:1", later, "801246", &error) == FL_OK, "%s", error.what);
    tell_staged("own:1", true);
    CHECK(fl_people_keep(home, &error) == FL_OK, "%s", error.what);
    expect("renewed", "own:1", "801246", OWNER, FL_PEOPLE_YES);
    put_file(now);
    expect("the file of before", "own:1", "801246", OWNER, FL_PEOPLE_DISPUTED);
    free(old), free(now);
    finish();
}

static void without_a_file_the_journal_still_knows(void)
{
    begin();
    char path[160];
    fl_error error = {0};
    fl_people *people = NULL;
    path_of("people.yaml", path);
    CHECK(unlink(path) == 0, "away");
    CHECK(fl_people_load(home, &people, &error) == FL_E_FILE && strstr(error.hint, "own:1 as an owner"), "%s",
          error.hint);
    path_of("journal", path);
    fl_roster roster;
    CHECK(fl_roster_read(path, &roster, &error) == FL_OK && fl_roster_owner(&roster) != NULL, "%s",
          error.what);
    fl_roster_fini(&roster);
    finish();
}

/* ---- broken off ---- */

typedef enum step { STAGED, TOLD, WRITTEN, KEPT, STEPS } step;

/* After every step of each change: whoever could sign in before or can after it still can, nobody else, and
 * the next change goes on from there. */
static void broken_off_at(const char *what, step last)
{
    fl_error error = {0};
    char from[160], to[160], *bytes;
    size_t size;
    begin();
    if (*what == 'a')
        CHECK(fl_people_stage_add(home, "op:20", OPERATOR, later, "117450", &error) == FL_OK, "add");
    if (*what == 'r')
        CHECK(fl_people_stage_renew(home, "own:1", later, "801246", &error) == FL_OK, "%s", error.what);
    if (*what == 'e') CHECK(fl_people_stage_end(home, "op:17", today, &error) == FL_OK, "%s", error.what);
    const char *who = *what == 'a' ? "op:20" : *what == 'r' ? "own:1" : "op:17";
    if (last >= TOLD) tell_staged(who, true);
    if (last == WRITTEN) { /* the middle of fl_people_keep: written, and the staged one not yet gone */
        path_of("people.yaml.next", from), path_of("people.yaml", to);
        CHECK(fl_place_read(from, 1 << 20, &bytes, &size, NULL) == FL_OK &&
                  fl_place_write(to, bytes, size, 0600, NULL) == FL_OK,
              "copied");
        free(bytes);
    }
    if (last == KEPT) CHECK(fl_people_keep(home, &error) == FL_OK, "%s", error.what);

    for (int settled = 0; settled < 2; settled++) {
        const bool counts = last >= TOLD;
        fl_people *people = NULL;
        fl_person p = {0};
        if (!settled) {
            expect(what, "own:1", "801246", OWNER, FL_PEOPLE_YES);
            expect(what, "op:17", "493027", OPERATOR,
                   *what == 'e' && counts ? FL_PEOPLE_ROLE : FL_PEOPLE_YES);
            expect(what, "op:20", "117450", OPERATOR,
                   *what == 'a' && counts ? FL_PEOPLE_YES : FL_PEOPLE_UNKNOWN);
        }
        CHECK(fl_people_load(home, &people, &error) == FL_OK && fl_people_find(people, "own:1", &p) &&
                  fl_date_compare(p.until, *what == 'r' && counts ? later : until) == 0,
              "%s, %d: the date", what, last);
        fl_people_free(people);
        fl_roster roster;
        path_of("journal", from), path_of("people.yaml.next", to);
        CHECK(fl_roster_read(from, &roster, &error) == FL_OK &&
                  fl_people_settle(home, &roster, &error) == FL_OK,
              "%s", error.what);
        fl_roster_fini(&roster);
        CHECK(!fl_place_exists(to), "%s, %d: something is left", what, last);
    }
    add("sup:2", 1u << FL_ROLE_SUPERVISOR, "771204");
    expect("the next change", "sup:2", "771204", ~0u, FL_PEOPLE_YES);
    expect("the next change", "own:1", "801246", OWNER, FL_PEOPLE_YES);
    finish();
}

static void a_change_broken_off_locks_nobody_out(void)
{
    static const char *const what[] = {"add", "renew", "end"};
    for (size_t i = 0; i < 3; i++)
        for (step s = STAGED; s < STEPS; s++) broken_off_at(what[i], s);
}

/* A staged file that nobody told the journal of is nothing, whatever it says. */
static void a_planted_staged_file_means_nothing(void)
{
    begin();
    char *text = file_text(), path[160];
    memcpy(value_at(text, "op:17", "until: "), "2046", 4);
    path_of("people.yaml.next", path);
    CHECK(fl_place_write(path, text, strlen(text), 0600, NULL) == FL_OK, "planted");
    expect("planted beside", "op:17", "493027", OPERATOR, FL_PEOPLE_YES);
    copy_value(text, "op:17", "own:1", "pin_salt: ");
    put_file(text); /* two disputes here, one beside: the one beside is read, and still not believed */
    expect("planted both", "op:17", "493027", OPERATOR, FL_PEOPLE_DISPUTED);
    free(text);
    finish();
}

/* ---- installations of before ---- */

/* Entries without commitments: roles and dates are compared, the hash cannot be; a block of the new kind is
 * not what such an entry was about. */
static void old_entries_tell_roles_and_dates(void)
{
    /* scrypt of 493027 as version 1 wrote it, with a secret of 32 bytes 'k' */
    static const char old[] = "schema: people/1\npeople:\n  - id: op:17\n    roles: [operator]\n"
                              "    until: 2026-05-31\n    pin_salt: 000102030405060708090a0b0c0d0e0f\n"
                              "    pin_scrypt: %s\n";
    static const char hash[] = "9914172a5920f5ee012e4dfa7159e79cbbed29364f4b80eb2202cdb11e652b36";
    char text[600], path[160], secret[32], *at;
    fl_error error = {0};
    fl_people *people = NULL;
    fl_person p = {0};
    snprintf(home, sizeof home, "/tmp/fl-proof-XXXXXX");
    CHECK(mkdtemp(home) != NULL, "home");
    memset(secret, 'k', sizeof secret);
    path_of("people.secret", path);
    CHECK(fl_place_write(path, secret, sizeof secret, 0600, NULL) == FL_OK, "secret");
    snprintf(text, sizeof text, old, hash);
    put_file(text);
    expect("an old file is read", "op:17", "493027", OPERATOR, FL_PEOPLE_YES);
    CHECK(fl_people_load(home, &people, &error) == FL_OK && fl_people_are_unsigned(people) &&
              fl_people_find(people, "op:17", &p) && !p.bound,
          "%s", error.what);
    p.id = "op:17";
    tell(&p, "unsigned", false);
    fl_people_free(people);
    expect("its entry agrees", "op:17", "493027", OPERATOR, FL_PEOPLE_YES);
    CHECK(fl_people_load(home, &people, &error) == FL_OK && fl_people_find(people, "op:17", &p) &&
              p.proof == FL_PROOF_OLD,
          "without commitment");
    fl_people_free(people);
    if ((at = strstr(text, "2026-05-31"))) memcpy(at, "2036", 4);
    put_file(text);
    expect("another date", "op:17", "493027", OPERATOR, FL_PEOPLE_DISPUTED);
    snprintf(text, sizeof text, old, hash);
    put_file(text);
    CHECK(fl_people_stage_renew(home, "op:17", until, "493027", &error) == FL_OK, "%s", error.what);
    CHECK(fl_people_keep(home, &error) == FL_OK, "%s", error.what);
    expect("a new block no entry is about", "op:17", "493027", OPERATOR, FL_PEOPLE_DISPUTED);
    put_file(text);
    CHECK(fl_people_stage_renew(home, "op:17", until, "493027", &error) == FL_OK, "%s", error.what);
    tell_staged("op:17", true);
    CHECK(fl_people_keep(home, &error) == FL_OK, "%s", error.what);
    expect("renewed", "op:17", "493027", OPERATOR, FL_PEOPLE_YES);
    put_file(text);
    expect("and the old block is over", "op:17", "493027", OPERATOR, FL_PEOPLE_DISPUTED);
    finish();
}

FL_TESTS("session/people_proof", TEST(a_copied_hash_is_nobodys), TEST(roles_and_dates_are_covered),
         TEST(a_stranger_is_unknown), TEST(an_old_file_is_not_the_file),
         TEST(without_a_file_the_journal_still_knows), TEST(a_change_broken_off_locks_nobody_out),
         TEST(a_planted_staged_file_means_nothing), TEST(old_entries_tell_roles_and_dates))
