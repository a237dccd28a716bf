/* labels: unit */
#include "check.h"

#include "fadeline/base/place.h"
#include "fadeline/session/people.h"

#include <unistd.h>

static char home[] = "/tmp/fl-people-XXXXXX";
static const fl_date today = {2026, 5, 4}, until = {2026, 5, 31};

static void write_file(const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/people.yaml", home);
    CHECK(fl_place_write(path, text, strlen(text), 0600, NULL) == FL_OK, "write %s", path);
}

/* The right person, PIN, role and day; each of them wrong in turn. */
/* hazards: H47 */
static void a_person_is_added_and_signs_in(void)
{
    CHECK(mkdtemp(home) != NULL, "a home");
    fl_error error;
    CHECK(fl_people_add(home, "op:17", 1u << FL_ROLE_OPERATOR, until, "493027", &error) == FL_OK, "%s",
          error.what);
    CHECK(fl_people_add(home, "sup:2", 1u << FL_ROLE_SUPERVISOR | 1u << FL_ROLE_OPERATOR, until, "771204",
                        &error) == FL_OK,
          "%s", error.what);
    CHECK(fl_people_add(home, "op:17", 1u << FL_ROLE_OPERATOR, until, "662931", &error) == FL_E_NO, "twice");
    fl_people *people = NULL;
    CHECK(fl_people_load(home, &people, &error) == FL_OK, "%s", error.what);
    if (!people) return;
    static const struct {
        const char *what, *who, *pin;
        fl_role role;
        fl_date day;
        fl_people_answer answer;
    } rows[] = {
        {"right PIN", "op:17", "493027", FL_ROLE_OPERATOR, {2026, 5, 4}, FL_PEOPLE_YES},
        {"wrong PIN", "op:17", "493028", FL_ROLE_OPERATOR, {2026, 5, 4}, FL_PEOPLE_UNKNOWN},
        {"another's PIN", "op:17", "771204", FL_ROLE_OPERATOR, {2026, 5, 4}, FL_PEOPLE_UNKNOWN},
        {"nobody", "op:99", "493027", FL_ROLE_OPERATOR, {2026, 5, 4}, FL_PEOPLE_UNKNOWN},
        {"no PIN", "op:17", "", FL_ROLE_OPERATOR, {2026, 5, 4}, FL_PEOPLE_UNKNOWN},
        {"wrong role", "op:17", "493027", FL_ROLE_SUPERVISOR, {2026, 5, 4}, FL_PEOPLE_ROLE},
        {"second role", "sup:2", "771204", FL_ROLE_OPERATOR, {2026, 5, 4}, FL_PEOPLE_YES},
        {"last day", "op:17", "493027", FL_ROLE_OPERATOR, {2026, 5, 31}, FL_PEOPLE_YES},
        {"a day late", "op:17", "493027", FL_ROLE_OPERATOR, {2026, 6, 1}, FL_PEOPLE_EXPIRED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_people_guard guard = {0};
        const fl_people_answer got = fl_people_check(people, &guard, (fl_instant){1}, rows[i].who,
                                                     rows[i].pin, rows[i].role, rows[i].day);
        CHECK(got == rows[i].answer, "%s: %s", rows[i].what, fl_people_answer_text(got));
    }
    fl_people_free(people);
}

/* Five wrong PINs: a minute, then two; the right PIN waits too. */
/* hazards: H47 */
static void guessing_is_slowed(void)
{
    fl_people *people = NULL;
    CHECK(fl_people_load(home, &people, NULL) == FL_OK, "load");
    if (!people) return;
    fl_people_guard guard = {0};
    fl_instant now = {1000};
    for (int i = 0; i < 5; i++)
        CHECK(fl_people_check(people, &guard, now, "op:17", "000000", FL_ROLE_OPERATOR, today) ==
                  FL_PEOPLE_UNKNOWN,
              "try %d", i);
    CHECK(fl_people_check(people, &guard, now, "op:17", "493027", FL_ROLE_OPERATOR, today) == FL_PEOPLE_WAIT,
          "the right PIN waits too");
    now.us += 59900000;
    CHECK(fl_people_check(people, &guard, now, "op:17", "493027", FL_ROLE_OPERATOR, today) == FL_PEOPLE_WAIT,
          "just before a minute");
    now.us += 200000;
    CHECK(fl_people_check(people, &guard, now, "op:17", "000000", FL_ROLE_OPERATOR, today) ==
              FL_PEOPLE_UNKNOWN,
          "sixth");
    now.us += 119900000;
    CHECK(fl_people_check(people, &guard, now, "op:17", "493027", FL_ROLE_OPERATOR, today) == FL_PEOPLE_WAIT,
          "two minutes now");
    now.us += 200000;
    CHECK(fl_people_check(people, &guard, now, "op:17", "493027", FL_ROLE_OPERATOR, today) == FL_PEOPLE_YES,
          "then the right PIN");
    CHECK(guard.tries.wrong == 0, "and the count is forgotten");
    fl_people_free(people);
}

/* Whoever has a PIN of his own does not buy tries at another's with it; who mistypes his own makes it good.
 */
/* hazards: H47 */
static void a_right_pin_makes_good_its_own_only(void)
{
    fl_people *people = NULL;
    CHECK(fl_people_load(home, &people, NULL) == FL_OK, "load");
    if (!people) return;
    fl_people_guard guard = {0};
    fl_instant now = {1000};
    for (int i = 0; i < 4; i++)
        fl_people_check(people, &guard, now, "op:9", "000000", FL_ROLE_OPERATOR, today);
    CHECK(fl_people_check(people, &guard, now, "op:17", "493027", FL_ROLE_OPERATOR, today) == FL_PEOPLE_YES,
          "four are no wait");
    CHECK(fl_people_check(people, &guard, now, "op:9", "000000", FL_ROLE_OPERATOR, today) ==
              FL_PEOPLE_UNKNOWN,
          "the fifth");
    CHECK(fl_people_check(people, &guard, now, "op:17", "493027", FL_ROLE_OPERATOR, today) == FL_PEOPLE_WAIT,
          "everybody waits");
    guard = (fl_people_guard){0};
    for (int i = 0; i < 4; i++)
        fl_people_check(people, &guard, now, "op:9", "000000", FL_ROLE_OPERATOR, today);
    fl_people_check(people, &guard, now, "op:17", "000000", FL_ROLE_OPERATOR,
                    today); /* one of his own among them */
    now.us += 61000000;
    CHECK(fl_people_check(people, &guard, now, "op:17", "493027", FL_ROLE_OPERATOR, today) == FL_PEOPLE_YES,
          "after the wait");
    CHECK(guard.tries.wrong == 5, "does not make good what was guessed: %u", guard.tries.wrong);
    now.us += INT64_C(3601000000);
    CHECK(fl_people_check(people, &guard, now, "op:17", "493027", FL_ROLE_OPERATOR, today) == FL_PEOPLE_YES &&
              guard.tries.wrong == 0,
          "an hour without a wrong one does");
    fl_people_free(people);
}

/* A new process goes on where the last one stood: the row, and what is left of the wait. */
/* hazards: H47 */
static void a_restart_forgets_no_lockout(void)
{
    static const struct {
        unsigned wrong;
        int64_t ago_s, wait_s;
    } rows[] = {{0, 0, 0},   {4, 0, 0},     {5, 0, 60},    {5, 59, 1},    {5, 61, 0},
                {6, 30, 90}, {40, 0, 3600}, {5, -500, 60}, {5, 86459, 1}, {40, 2592000, 3600}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fl_people_guard guard = {.tries = {.wrong = 99}};
        const fl_instant now = {INT64_C(9000000000)};
        const fl_utc utc = {INT64_C(1777881600000000)};
        const fl_people_tries tries = {.wrong = rows[i].wrong, .last_us = utc.us - rows[i].ago_s * 1000000};
        fl_people_resume(&guard, &tries, utc, now);
        const int64_t left_us = fl_since(guard.until, now).us;
        CHECK(guard.tries.wrong == rows[i].wrong, "row %zu: %u", i, guard.tries.wrong);
        CHECK((left_us > 0 ? left_us : 0) == rows[i].wait_s * 1000000, "row %zu: %lld us left", i,
              (long long)left_us);
    }
}

/* Short, repeated and counted PINs. */
/* hazards: H47 */
static void weak_pins_and_odd_names_are_refused(void)
{
    static const char *const pins[] = {
        "", "12345", "111111", "123456", "12345a", "4930 27", "123456789012345678901234567890123"};
    for (size_t i = 0; i < sizeof pins / sizeof *pins; i++)
        CHECK(fl_people_add(home, "op:5", 2, until, pins[i], NULL) == FL_E_NO, "PIN '%s' taken", pins[i]);
    static const char *const names[] = {"", "a b", "op:17\n  - id: evil", "{x}",
                                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CHECK(fl_people_add(home, names[i], 2, until, "493027", NULL) == FL_E_NO, "name '%s' taken",
              names[i]);
}

static void a_comment_survives_an_addition(void)
{
    char path[128], *before, *after;
    size_t length, longer;
    snprintf(path, sizeof path, "%s/people.yaml", home);
    CHECK(fl_place_read(path, 1 << 16, &before, &length, NULL) == FL_OK, "before");
    CHECK(fl_people_add(home, "aud:1", 1u << FL_ROLE_AUDITOR, until, "820164", NULL) == FL_OK, "added");
    CHECK(fl_place_read(path, 1 << 16, &after, &longer, NULL) == FL_OK, "after");
    CHECK(longer > length && memcmp(before, after, length) == 0, "the old bytes are untouched");
    free(before);
    free(after);
}

/* A damaged file of people opens nothing. */
/* hazards: H47 */
static void a_faulty_file_lets_nobody_in(void)
{
    fl_people *people = NULL;
    fl_error error;
    write_file("schema: people/1\npeople:\n  - id: op:17\n    roles: [operator]\n    until: 2026-05-31\n"
               "    pin_salt: 00\n    pin_scrypt: 00\n");
    CHECK(fl_people_load(home, &people, &error) == FL_E_FILE && !people, "a hash nobody wrote");
    write_file("schema: people/1\npeople:\n  - id: op:17\n    roles: [king]\n");
    CHECK(fl_people_load(home, &people, &error) == FL_E_FILE && error.line > 0, "an unknown role at line %u",
          error.line);
    char path[128];
    snprintf(path, sizeof path, "%s/people.yaml", home);
    unlink(path);
    CHECK(fl_people_load(home, &people, &error) == FL_E_FILE && strstr(error.hint, "people add"),
          "no file: %s", error.hint);
    snprintf(path, sizeof path, "%s/people.secret", home);
    unlink(path);
    CHECK(rmdir(home) == 0, "nothing else was left");
}

FL_TESTS("session/people", TEST(a_person_is_added_and_signs_in), TEST(guessing_is_slowed),
         TEST(a_right_pin_makes_good_its_own_only), TEST(a_restart_forgets_no_lockout),
         TEST(weak_pins_and_odd_names_are_refused), TEST(a_comment_survives_an_addition),
         TEST(a_faulty_file_lets_nobody_in))
