/* libFuzzer's side: one program per target, FUZZ_TARGET names it. */
#include "fuzz.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int fuzz_bad;

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

void fuzz_broken(const char *file, int line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s:%d: ", file, line);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    abort(); /* libFuzzer keeps the input */
}

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count, (void)arguments;
    const char *bad = getenv("FUZZ_BAD");
    fuzz_bad = bad ? atoi(bad) : 0;
    if (fuzz_bad > FUZZ_TARGET.bad) exit(2);
    if (fuzz_bad) fprintf(stderr, "spoiled: %s\n", FUZZ_TARGET.bad_words[fuzz_bad - 1]);
    setenv("FL_ASSERT_ABORT", "1", 1);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    FUZZ_TARGET.run(bytes, size);
    return 0;
}
