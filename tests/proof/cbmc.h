/* What the harnesses of tests/proof/cbmc share: unknown values, and the end of the process.
 *
 * A harness is a function without arguments. Whatever a nondet_ function returns is every value at once;
 * ASSUME narrows, CLAIM must hold for all that is left. The product's sources are included, not linked, so
 * that their static functions can be called. FL_SEED is set in the run that must be refuted: it spoils one
 * constant of the product after the headers were read and before the source is.
 */
#ifndef FL_TESTS_PROOF_CBMC_H
#define FL_TESTS_PROOF_CBMC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

uint8_t nondet_u8(void);
uint32_t nondet_u32(void);
uint64_t nondet_u64(void);
int64_t nondet_i64(void);
size_t nondet_size(void);

#define ASSUME(condition) __CPROVER_assume(condition)
#define CLAIM(condition) __CPROVER_assert(condition, #condition)

/* An assertion of the product that fails is a failure of the proof. */
__attribute__((noreturn)) void fl_assert_failed(const char *condition, const char *file, int line,
                                                const char *function)
{
    (void)condition, (void)file, (void)line, (void)function;
    __CPROVER_assert(false, "FL_ASSERT");
    __CPROVER_assume(false);
}

#endif
