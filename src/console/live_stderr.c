/* What control writes to standard error: why it would not begin, and its last words when it dies. It is kept
 * in the home, session after session. */
#include "live_private.h"

#include "fadeline/base/place.h"
#include "fadeline/base/text.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOG_MOST (1 << 20)

void live_stderr_open(live *l)
{
    char home[FL_PLACE_MAX], path[FL_PLACE_MAX + 16];
    struct stat now;
    if (fl_place_home(home, NULL) != FL_OK) return;
    snprintf(path, sizeof path, "%s/control.log", home);
    l->said = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (l->said < 0 || fstat(l->said, &now) != 0) return;
    if (now.st_size > LOG_MOST && ftruncate(l->said, 0) == 0) now.st_size = 0;
    l->said_from = now.st_size;
}

void live_stderr_close(live *l)
{
    if (l->said >= 0) close(l->said);
    l->said = -1;
}

/* The last line of this session, plain: "" when control died without a word. */
static void last_said(const live *l, char line[200])
{
    char text[400];
    struct stat now;
    line[0] = 0;
    if (l->said < 0 || fstat(l->said, &now) != 0 || now.st_size <= l->said_from) return;
    const off_t size = now.st_size - l->said_from, most = (off_t)sizeof text - 1;
    const ssize_t got =
        pread(l->said, text, (size_t)(size < most ? size : most), now.st_size - (size < most ? size : most));
    size_t end = got > 0 ? (size_t)got : 0;
    while (end && (text[end - 1] == '\n' || text[end - 1] == ' ')) end--;
    text[end] = 0;
    const char *at = strrchr(text, '\n');
    snprintf(line, 200, "%.199s", at ? at + 1 : text);
    for (char *c = line; *c; c++)
        if (*c < 0x20 || *c > 0x7e) *c = '?';
}

/* "fadeline: what\n  hint: ...\n  more: fadeline explain CODE\n", as fl_error_print has it. */
void live_stderr_why(live *l, fl_error *error)
{
    char text[1200];
    const ssize_t size = l->said >= 0 ? pread(l->said, text, sizeof text - 1, l->said_from) : -1;
    if (size <= 0) return;
    text[size] = 0;
    const char *what = strstr(text, ": "), *hint = strstr(text, "  hint: "), *code = strstr(text, "explain ");
    if (!what) return;
    what += 2;
    if (strncmp(what, "error: ", 7) == 0) what += 7;
    const fl_status status = error->status;
    fl_error_set(error, status, "%.*s", (int)strcspn(what, "\n"), what);
    if (hint) fl_error_hint(error, "%.*s", (int)strcspn(hint + 8, "\n"), hint + 8);
    if (!code) return;
    char name[48];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(code + 8, "\n"), code + 8);
    fl_error_code(error, name);
}

/* Control went without a word: what the system says of it, and what it last said itself. */
char *live_stderr_bye(const live *l, int code)
{
    char line[200];
    last_said(l, line);
    json_t *bye = json_pack("{s:s,s:s,s:i,s:s,s:s}", "type", "bye", "code", "gone", "exit", code, "text",
                            "the control process has ended", "hint", line);
    char *text = bye ? json_dumps(bye, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    json_decref(bye);
    return text;
}
