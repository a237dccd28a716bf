/* labels: unit physics   timeout: 200 */
/* Every sentence of the plans of the eight invented cases, their variants too, in French: nothing is left in
 * English, and each number of the English sentence stands in the French one. */
#include "check.h"
#include "helper_course.h"

#include "fadeline/french/french.h"

#include <ctype.h>

static size_t sentences;

/* Digits of a text, without what separates them: "3.3" and "3,3" are the same, and so are "26,732" and "26
 * 732". */
static void digits_of(const char *text, char *room)
{
    for (; *text; text++)
        if (isdigit((unsigned char)*text)) *room++ = *text;
    *room = 0;
}

static int by_character(const void *a, const void *b)
{
    return *(const char *)a - *(const char *)b;
}

/* An English word that no French sentence has; what a case's own text says is the client's. */
static bool has_english(const char *french)
{
    static const char *const words[] = {" the ",  " of ",   " is ",  " and ", " with ", " than ",
                                        " this ", " that ", " not ", " was ", " from "};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(french, words[i])) return true;
    return false;
}

static void look(const char *english, const char *what)
{
    char french[FL_FRENCH], there[FL_FRENCH], here[FL_FRENCH];
    if (!english[0] || strcmp(english, "density behind the keep-line stays") == 0)
        return; /* a person's words, of case 2 */
    sentences++;
    const bool known = fl_french(english, french, sizeof french);
    CHECK(known, "%s: no French for: %.800s", what, english);
    if (!known) return;
    CHECK(strstr(french, "Signalé") || !has_english(french), "%s: English is left: %.800s", what, french);
    digits_of(english, there);
    for (char *c = strstr(french, "²"); c; c = strstr(c, "²")) c[0] = '2', c[1] = ' '; /* cm2 */
    digits_of(french, here);
    qsort(there, strlen(there), 1, by_character); /* French may say them in another order */
    qsort(here, strlen(here), 1, by_character);
    CHECK(strcmp(there, here) == 0, "%s: other numbers: %.300s | %.300s", what, english, french);
}

static void look_at_plan(const fl_plan *plan)
{
    for (size_t i = 0; i < plan->reason_count; i++) {
        look(plan->reasons[i].text, plan->reasons[i].code);
        look(plan->reasons[i].change, plan->reasons[i].code);
    }
    for (size_t i = 0; i < plan->setting_count; i++)
        for (size_t k = 0; k < plan->settings[i].reason_count; k++) {
            look(plan->settings[i].reasons[k].text, plan->settings[i].reasons[k].code);
            look(plan->settings[i].reasons[k].change, plan->settings[i].reasons[k].code);
        }
    for (size_t i = 0; i < plan->zone_count; i++) look(plan->zones[i].reason, plan->zones[i].id);
    for (size_t i = 0; i < plan->sessions.reason_count; i++) look(plan->sessions.reasons[i], "sessions");
}

static void every_sentence_of_the_cases_is_french(void)
{
    static const char *const variants[] = {NULL, "v1", "v2", "v3"};
    for (int number = 1; number <= 8; number++)
        for (int v = 0; v < (number == 1 ? 4 : 3); v++) {
            fl_plan *plan = plan_case(number, variants[v], NULL);
            look_at_plan(plan);
            fl_plan_free(plan);
        }
    printf("# %zu sentences\n", sentences);
    CHECK(sentences > 300, "%zu", sentences);
}

FL_TESTS("course/french", TEST(every_sentence_of_the_cases_is_french))
