#include "fadeline/base/client_code.h"

#include <string.h>

bool fl_client_code_is(const char *code)
{
    const size_t letters = strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    if (letters < 1 || letters > 3 || code[letters] != '-') return false;
    const size_t digits = strspn(code + letters + 1, "0123456789");
    return digits >= 1 && digits <= 8 && !code[letters + 1 + digits];
}
