/* labels: unit */
/* people.yaml as people write it, changed by a program: one person's block, every other byte as it was;
 * or refused. */
#include "check.h"

#include "fadeline/base/place.h"
#include "fadeline/session/people.h"

#include <unistd.h>

static char home[] = "/tmp/fl-edit-XXXXXX";
static const fl_date until = {2026, 5, 31}, later = {2029, 1, 2}, today = {2026, 5, 4};

static char *read_file(void)
{
    char path[128], *bytes = NULL;
    size_t size;
    snprintf(path, sizeof path, "%s/people.yaml", home);
    CHECK(fl_place_read(path, 1 << 20, &bytes, &size, NULL) == FL_OK, "read");
    return bytes;
}

static void write_file(const char *bytes)
{
    char path[128];
    snprintf(path, sizeof path, "%s/people.yaml", home);
    CHECK(fl_place_write(path, bytes, strlen(bytes), 0600, NULL) == FL_OK, "write");
}

static void begin(void)
{
    fl_error error = {0};
    if (!strstr(home, "XXXXXX")) return;
    CHECK(mkdtemp(home) != NULL, "home");
    CHECK(fl_people_add(home, "op:17", 1u << FL_ROLE_OPERATOR, until, "493027", &error) == FL_OK, "%s",
          error.what);
    CHECK(fl_people_add(home, "op:1", 1u << FL_ROLE_SUPERVISOR, until, "771204", &error) == FL_OK, "%s",
          error.what);
}

/* `from` stands in the file once and becomes `to`. The caller's. */
static char *changed(const char *bytes, const char *from, const char *to)
{
    const char *at = strstr(bytes, from);
    char *made = malloc(strlen(bytes) + strlen(to) + 1);
    if (!at || !made) abort();
    sprintf(made, "%.*s%s%s", (int)(at - bytes), bytes, to, at + strlen(from));
    return made;
}

static fl_person person(const char *who)
{
    fl_people *people = NULL;
    fl_person p = {0};
    fl_error error = {0};
    CHECK(fl_people_load(home, &people, &error) == FL_OK, "%s", error.what);
    if (people) CHECK(fl_people_find(people, who, &p), "%s is gone", who);
    p.id = NULL;
    fl_people_free(people);
    return p;
}

static fl_status renew(const char *who, fl_date day, fl_error *error)
{
    const fl_status status = fl_people_stage_renew(home, who, day, "493027", error);
    return status == FL_OK ? fl_people_keep(home, error) : status;
}

/* Salt and hash of op:17 are new at every renewal: taken from `from` into a copy of `text`. The caller's. */
static char *with_pin_of(const char *text, const char *from)
{
    static const char *const keys[] = {"pin_salt: ", "pin_scrypt: "};
    char *made = strdup(text);
    const char *source = strstr(from, "op:17");
    char *place = strstr(made, "op:17");
    for (size_t i = 0; i < 2; i++) {
        const char *a = strstr(source, keys[i]);
        char *b = strstr(place, keys[i]);
        CHECK(a && b, "%s", keys[i]);
        if (a && b) memcpy(b, a, strcspn(a, "\n}"));
    }
    return made;
}

static void one_block_changes(void)
{
    fl_error error = {0};
    begin();
    char *before = read_file();
    CHECK(fl_people_stage_renew(home, "op:17", later, "493027", &error) == FL_OK, "%s", error.what);
    char *same = read_file();
    CHECK(strcmp(before, same) == 0, "staged only: the file is as it was");
    CHECK(fl_people_keep(home, &error) == FL_OK, "%s", error.what);
    char *after = read_file(), *dated = changed(before, "2026-05-31", "2029-01-02"),
         *want = with_pin_of(dated, after);
    CHECK(strcmp(after, want) == 0 && strcmp(after, dated) != 0, "%.600s", after);
    free(dated);
    CHECK(fl_date_compare(person("op:17").until, later) == 0 &&
              fl_date_compare(person("op:1").until, until) == 0,
          "of one person");
    CHECK(renew("op:9", later, &error) == FL_E_NO, "nobody");
    free(before), free(same), free(after), free(want);
}

/* As people write: quotes, comments, another order, lists on lines of their own, more indent. */
static void as_people_write(void)
{
    static const struct {
        const char *what, *from, *to;
    } rows[] = {
        {"quotes", "id: op:17", "id: \"op:17\""},
        {"a comment", "id: op:17\n", "id: op:17   # the tall one\n"},
        {"a comment behind the day", "until: 2029-01-02\n", "until:   2029-01-02   # see file 7\n"},
        {"another order", "  - id: op:17\n    roles: [operator]\n", "  - roles: [operator]\n    id: op:17\n"},
        {"a list on its own lines", "    roles: [operator]\n", "    roles:\n      - operator\n"},
        {"a comment between", "    roles: [operator]\n", "    roles: [operator]\n    # until: 1999-01-01\n"},
        {"an empty line", "    roles: [operator]\n", "    roles: [operator]\n\n"},
    };
    fl_error error = {0};
    char *good = read_file();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *before = changed(good, rows[i].from, rows[i].to);
        write_file(before);
        const fl_status status = renew("op:17", until, &error);
        char *after = read_file(), *dated = changed(before, "2029-01-02", "2026-05-31"),
             *want = with_pin_of(dated, after);
        CHECK(status == FL_OK && strcmp(after, want) == 0, "%s: %s\n%.500s", rows[i].what, error.what, after);
        free(before), free(after), free(want), free(dated);
    }
    write_file(good);
    free(good);
}

/* A way that is not understood is refused with the file as it was. */
static void other_ways_are_refused(void)
{
    fl_error error = {0};
    char *good = read_file();
    char *flow = changed(
        good,
        "  - id: op:17\n    roles: [operator]\n    until: 2029-01-02\n    pin_version: 2\n    pin_salt: ",
        "  - {id: op:17, roles: [operator], until: 2029-01-02, pin_version: 2, pin_salt: ");
    char *joined = changed(flow, "\n    pin_scrypt: ", ", pin_scrypt: "),
         *at = strstr(joined, "pin_scrypt: ");
    at = strchr(at, '\n');
    char *whole = malloc(strlen(joined) + 2);
    if (!whole) abort();
    sprintf(whole, "%.*s}%s", (int)(at - joined), joined, at);
    write_file(whole);
    fl_people *people = NULL;
    const fl_status loads = fl_people_load(home, &people, &error);
    fl_people_free(people);
    CHECK(loads == FL_OK, "a map in braces: %s", error.what);
    CHECK(renew("op:17", until, &error) == FL_E_FILE, "a map in braces");
    char *after = read_file();
    CHECK(strcmp(after, whole) == 0, "as it was");
    write_file(good);
    free(good), free(flow), free(joined), free(whole), free(after);
}

/* Who has left: the right PIN opens nothing, for no role, and there is no way back. */
static void the_end(void)
{
    fl_error error = {0};
    CHECK(fl_people_stage_end(home, "op:17", today, &error) == FL_OK && fl_people_keep(home, &error) == FL_OK,
          "%s", error.what);
    CHECK(fl_date_compare(person("op:17").ended, today) == 0 && !fl_date_is_set(person("op:1").ended),
          "one person");
    fl_people *people = NULL;
    CHECK(fl_people_load(home, &people, &error) == FL_OK, "%s", error.what);
    fl_people_guard guard = {0};
    char whom[64];
    CHECK(fl_people_check_any(people, &guard, (fl_instant){1}, "op:17", "493027", ~0u, today) ==
              FL_PEOPLE_ROLE,
          "the right PIN");
    CHECK_TEXT(fl_people_whom(people, ~0u, today, whom, sizeof whom), "op:1", "whom to ask");
    CHECK_TEXT(fl_people_whom(people, ~0u, later, whom, sizeof whom), "", "nobody has a certificate then");
    fl_people_free(people);
    CHECK(renew("op:17", later, &error) == FL_E_NO, "no way back");
    CHECK(fl_people_stage_end(home, "op:17", later, &error) == FL_E_NO, "once");
    CHECK(fl_people_may_add(home, "op:17", "820164", &error) == FL_E_NO, "and nobody else gets the name");
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", home);
    CHECK(system(command) == 0, "clean up");
}

FL_TESTS("session/people_edit", TEST(one_block_changes), TEST(as_people_write), TEST(other_ways_are_refused),
         TEST(the_end))
