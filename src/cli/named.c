#include "named.h"

#include "fadeline/clients/names.h"

fl_status named_check(bool simulated, const char *what, const char *text, const char *about, fl_error *error)
{
    return fl_named_here(simulated, what, text, about, error);
}
