/* Tests: tables first, one line per failure that is enough to start fixing.
 *
 *     static void peak_matches_the_label(void)
 *     {
 *         CHECK(fl_beam_peak(&beam, &peak) == FL_OK, "%s: refused", rows[i].what);
 *         CHECK_REL(fl_as_J_cm2(peak), rows[i].J_cm2, 1e-4, rows[i].what);
 *     }
 *     FL_TESTS("optics/beam", TEST(peak_matches_the_label), TEST(nan_is_refused))
 *
 * CUnit runs them; FL_TESTS writes main(). `test_optics_beam peak` runs the tests whose name contains "peak".
 */
#ifndef FL_TESTS_CHECK_H
#define FL_TESTS_CHECK_H

#include <CUnit/Basic.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition, ...)                                                                                \
    do {                                                                                                     \
        const int check_ok_ = (condition) ? 1 : 0;                                                           \
        if (!check_ok_) {                                                                                    \
            char check_text_[1024];                                                                          \
            snprintf(check_text_, sizeof check_text_, __VA_ARGS__);                                          \
            fprintf(stderr, "\n%s:%d: %s\n    wanted: %s\n", __FILE__, __LINE__, check_text_, #condition);   \
        }                                                                                                    \
        CU_assertImplementation(check_ok_, __LINE__, #condition, __FILE__, "", CU_FALSE);                    \
    } while (0)

/* |got - want| <= rel * |want|; a NaN fails. */
#define CHECK_REL(got, want, rel, what)                                                                      \
    do {                                                                                                     \
        const double check_got_ = (got), check_want_ = (want);                                               \
        CHECK(fabs(check_got_ - check_want_) <= (rel)*fabs(check_want_), "%s: got %.9g, want %.9g (%+.3g %%)", \
              (what), check_got_, check_want_, 100.0 * (check_got_ / check_want_ - 1.0));                    \
    } while (0)

#define CHECK_NEAR(got, want, within, what)                                                                  \
    do {                                                                                                     \
        const double check_got_ = (got), check_want_ = (want);                                               \
        CHECK(fabs(check_got_ - check_want_) <= (within), "%s: got %.9g, want %.9g +- %.3g", (what),          \
              check_got_, check_want_, (double)(within));                                                    \
    } while (0)

#define CHECK_TEXT(got, want, what)                                                                          \
    do {                                                                                                     \
        const char *check_got_ = (got), *check_want_ = (want);                                               \
        CHECK(check_got_ && strcmp(check_got_, check_want_) == 0, "%s: got '%s', want '%s'", (what),         \
              check_got_ ? check_got_ : "(null)", check_want_);                                              \
    } while (0)

typedef struct fl_test {
    const char *name;
    void (*run)(void);
} fl_test;

#define TEST(function) { #function, function }

#define FL_TESTS(suite_name, ...)                                                                            \
    int main(int argc, char **argv)                                                                          \
    {                                                                                                        \
        static const fl_test tests[] = {__VA_ARGS__};                                                        \
        if (CU_initialize_registry() != CUE_SUCCESS) return 70;                                              \
        CU_pSuite suite = CU_add_suite(suite_name, NULL, NULL);                                              \
        if (!suite) return 70;                                                                               \
        for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)                                            \
            if (argc < 2 || strstr(tests[i].name, argv[1]))                                                  \
                if (!CU_add_test(suite, tests[i].name, tests[i].run)) return 70;                             \
        CU_basic_set_mode(CU_BRM_VERBOSE);                                                                   \
        CU_basic_run_tests();                                                                                \
        const unsigned failures = CU_get_number_of_failures();                                               \
        const unsigned run = CU_get_number_of_tests_run();                                                   \
        CU_cleanup_registry();                                                                               \
        return failures || !run ? 1 : 0;                                                                     \
    }

#endif
