/* FL_ASSERT: we are wrong. Kept in release builds; stops the process.
 *
 * Stopping is safe because light needs a fresh grant for every pulse: a stopped process is an absence of
 * grants. So assert freely about our own logic, and never about input, hardware or time.
 */
#ifndef FL_BASE_ASSERT_H
#define FL_BASE_ASSERT_H

#define FL_ASSERT(condition)                                                                                 \
    do {                                                                                                     \
        if (!(condition)) fl_assert_failed(#condition, __FILE__, __LINE__, __func__);                        \
    } while (0)

/* Prints one line and leaves with code 70 (FL_E_BUG). Under FL_ASSERT_ABORT=1 in the environment it aborts
 * instead, for a debugger. */
__attribute__((noreturn, cold)) void fl_assert_failed(const char *condition, const char *file, int line,
                                                      const char *function);

#endif
