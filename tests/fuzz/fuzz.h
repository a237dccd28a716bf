/* Fuzzing: one target per way that bytes from outside come in.
 *
 * A target is a function of bytes that checks properties and knows nothing of who calls it. Two callers:
 * driver.c under libFuzzer (clang, -DFL_FUZZ=ON), and test_corpus.c, which replays every kept input in the
 * everyday run, with gcc.
 *
 *     FUZZ_MUST(size == again, "re-encoded to %zu bytes", again);
 *
 * The trap: a property that cannot fail. Each target can be spoiled (`fuzz_bad`, 1..bad): it then puts a
 * parser that is wrong in one stated way in the place of ours, and must complain. test_corpus.c shows in each
 * run that the kept inputs find every one of them; FUZZ_BAD=n in the environment does the same for a fuzzer.
 *
 * No files, no clock, no system calls in a target; storage is static, so that a check may leave by longjmp.
 */
#ifndef FL_TESTS_FUZZ_H
#define FL_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct fuzz_target {
    const char *name;
    void (*run)(const uint8_t *bytes, size_t size);
    int bad;                      /* how many wrong variants it knows */
    const char *const *bad_words; /* what each is, [0] for variant 1 */
} fuzz_target;

extern const fuzz_target fuzz_frame, fuzz_device, fuzz_adapter, fuzz_faces, fuzz_plan, fuzz_form;

extern int fuzz_bad; /* 0: nothing is spoiled */

/* Says what was broken and does not return. Defined by the caller's side. */
__attribute__((noreturn, format(printf, 3, 4))) void fuzz_broken(const char *file, int line,
                                                                 const char *format, ...);

#define FUZZ_MUST(condition, ...)                                                                            \
    do {                                                                                                     \
        if (!(condition)) fuzz_broken(__FILE__, __LINE__, __VA_ARGS__);                                      \
    } while (0)

/* What is left of the bytes; past the end every read gives 0. */
typedef struct fuzz_bytes {
    const uint8_t *at, *end;
} fuzz_bytes;

static inline uint8_t fuzz_byte(fuzz_bytes *bytes)
{
    return bytes->at < bytes->end ? *bytes->at++ : 0;
}

#endif
