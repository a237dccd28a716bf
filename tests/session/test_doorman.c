/* labels: unit threads   timeout: 120 */
/* One question at a time, one answer per question, from a thread of its own. */
#include "check.h"
#include "doorman.h"

#include <unistd.h>

static char home[] = "/tmp/fl-doorman-XXXXXX";
static const fl_date day = {2026, 5, 4};

static bool await(fl_doorman *doorman, fl_people_answer *answer)
{
    for (int i = 0; i < 6000; i++) {
        if (fl_doorman_answered(doorman, answer)) return true;
        usleep(10000);
    }
    return false;
}

static void questions_are_answered_once_and_in_turn(void)
{
    fl_error error;
    fl_people *people = NULL;
    fl_doorman *doorman = NULL;
    CHECK(mkdtemp(home) != NULL, "folder");
    CHECK(fl_people_add(home, "op:17", 1u << FL_ROLE_OPERATOR, (fl_date){2030, 1, 1}, "493027", &error) ==
                  FL_OK &&
              fl_people_load(home, &people, &error) == FL_OK,
          "%s", error.what);
    CHECK(fl_doorman_new(people, false, &doorman, &error) == FL_OK, "%s", error.what);
    static const struct {
        const char *who, *pin;
        fl_role role;
        fl_people_answer want;
    } rows[] = {
        {"op:17", "493027", FL_ROLE_OPERATOR, FL_PEOPLE_YES},
        {"op:17", "493028", FL_ROLE_OPERATOR, FL_PEOPLE_UNKNOWN},
        {"op:99", "493027", FL_ROLE_OPERATOR, FL_PEOPLE_UNKNOWN},
        {"op:17", "493027", FL_ROLE_SUPERVISOR, FL_PEOPLE_ROLE},
    };
    fl_people_answer answer;
    CHECK(!fl_doorman_answered(doorman, &answer), "an answer before any question");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK(fl_doorman_ask(doorman, rows[i].who, rows[i].pin, 1u << rows[i].role, day), "question %zu", i);
        CHECK(!fl_doorman_ask(doorman, "op:17", "493027", 1u << FL_ROLE_OPERATOR, day),
              "a second question is taken");
        CHECK(await(doorman, &answer) && answer == rows[i].want, "question %zu: %s", i,
              fl_people_answer_code(answer));
        CHECK(!fl_doorman_answered(doorman, &answer), "answered twice");
    }
    char long_pin[100];
    memset(long_pin, '7', sizeof long_pin - 1);
    long_pin[sizeof long_pin - 1] = 0;
    CHECK(!fl_doorman_ask(doorman, "op:17", long_pin, 1u << FL_ROLE_OPERATOR, day), "a PIN of 99 digits");
    CHECK(fl_doorman_ask(doorman, "op:17", "493027", 1u << FL_ROLE_OPERATOR, day), "asked, and then nobody waits");
    fl_doorman_free(doorman);
    fl_people_free(people);
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", home);
    CHECK(system(command) == 0, "clean");
}

/* No file of people: no sign-in. */
/* hazards: H47 */
static void without_people_nobody_signs_in(void)
{
    fl_error error;
    fl_doorman *doorman = NULL;
    fl_people_answer answer = FL_PEOPLE_YES;
    CHECK(fl_doorman_new(NULL, false, &doorman, &error) == FL_OK, "new");
    CHECK(fl_doorman_ask(doorman, "op:17", "493027", 1u << FL_ROLE_OPERATOR, day) && await(doorman, &answer),
          "asked");
    CHECK(answer == FL_PEOPLE_UNKNOWN, "somebody got in");
    fl_doorman_free(doorman);
    fl_doorman_free(NULL);
}

FL_TESTS("session/doorman", TEST(questions_are_answered_once_and_in_turn),
         TEST(without_people_nobody_signs_in))
