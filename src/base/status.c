#include "fadeline/base/status.h"

#include <stddef.h>

static const struct {
    const char *name, *text;
    int exit;
} list[] = {
#define X(name, exit, text) {#name, text, exit},
    FL_STATUS_LIST(X)
#undef X
};

#define KNOWN(status) ((unsigned)(status) < sizeof list / sizeof *list)

const char *fl_status_name(fl_status status)
{
    return KNOWN(status) ? list[status].name : "FL_E_?";
}
const char *fl_status_text(fl_status status)
{
    return KNOWN(status) ? list[status].text : "unknown status";
}
int fl_status_exit(fl_status status)
{
    return KNOWN(status) ? list[status].exit : 70;
}
