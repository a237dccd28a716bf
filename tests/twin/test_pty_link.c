/* labels: unit twin */
/* --pty PATH takes the place of what a twin left behind, and of nothing else. */
#include "check.h"

#include "carrier.h"

#include <unistd.h>

static char directory[64], path[80];

static void begin(const char *target)
{
    snprintf(directory, sizeof directory, "/tmp/fl-pty-link-XXXXXX");
    if (!mkdtemp(directory)) abort();
    snprintf(path, sizeof path, "%s/laser", directory);
    if (target && symlink(target, path) != 0) abort();
}

static void end(void)
{
    unlink(path);
    rmdir(directory);
}

static void only_links_to_terminals_are_replaced(void)
{
    static const struct {
        const char *target;
        bool replaced;
    } rows[] = {{NULL, true},
                {"/dev/pts/999999", true},
                {"/dev/pts/0", true},
                {"/dev/ttyUSB0", false},
                {"/etc/hostname", false},
                {"/dev/pts/ptmx", false},
                {"/dev/pts/", false},
                {"/dev/pts/1/..", false},
                {"pts/3", false},
                {"nowhere", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        twin_carrier carrier;
        fl_error error = {0};
        char target[100] = "";
        begin(rows[i].target);
        const fl_status status = carrier_open_pty(&carrier, path, &error);
        CHECK((status == FL_OK) == rows[i].replaced, "%s: %s", rows[i].target ? rows[i].target : "none",
              error.what);
        if (readlink(path, target, sizeof target - 1) < 0) target[0] = 0;
        if (status == FL_OK) {
            CHECK_TEXT(target, carrier.target, "the link");
            carrier_close(&carrier);
            CHECK(readlink(path, target, sizeof target - 1) < 0, "the link stays behind");
        } else {
            CHECK_TEXT(target, rows[i].target, "somebody's link was touched");
        }
        end();
    }
}

FL_TESTS("twin/pty_link", TEST(only_links_to_terminals_are_replaced))
