#include "helper_console.h"

#include "fadeline/journal/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char home[] = "/tmp/fl-con-XXXXXX";

void console_need(bool good, const char *what)
{
    if (good) return;
    fprintf(stderr, "the test cannot begin: %s\n", what);
    exit(70);
}

static void clean(void)
{
    char command[80];
    snprintf(command, sizeof command, "rm -rf '%s'", home);
    if (system(command) != 0) fprintf(stderr, "left behind: %s\n", home);
}

static void add_people(void)
{
    static const struct {
        const char *who, *pin;
        unsigned roles;
        fl_date until;
    } rows[] = {
        {"own:1", PIN_OWNER, 1u << FL_ROLE_OWNER | 1u << FL_ROLE_SUPERVISOR, {2099, 5, 1}},
        {"op:17", PIN_OPERATOR, 1u << FL_ROLE_OPERATOR, {2099, 5, 1}},
        {"svc:3", PIN_SERVICE, 1u << FL_ROLE_SERVICE, {2099, 5, 1}},
        {"aud:2", PIN_AUDITOR, 1u << FL_ROLE_AUDITOR, {2099, 5, 1}},
        {"op:9", PIN_LATE, 1u << FL_ROLE_OPERATOR | 1u << FL_ROLE_SERVICE, {2026, 1, 31}},
        {"sup:2", PIN_SUPERVISOR, 1u << FL_ROLE_SUPERVISOR, {2099, 5, 1}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        console_need(fl_people_add(home, rows[i].who, rows[i].roles, rows[i].until, rows[i].pin, NULL) ==
                         FL_OK,
                     rows[i].who);
}

static void add_journal(void)
{
    char place[FL_PLACE_MAX];
    fl_journal *journal;
    fl_entry entry;
    const fl_journal_options options = {.mode = FL_JOURNAL_CREATE, .simulated = true};
    console_need(fl_journal_place(true, place, NULL) == FL_OK &&
                     fl_journal_open(place, &options, &journal, NULL) == FL_OK,
                 "a journal");
    fl_entry_begin(&entry, FL_KIND_COUNTER);
    fl_entry_device(&entry, "SIM-0007", true);
    fl_entry_count(&entry, "ctr", 41207);
    console_need(fl_journal_append(journal, &entry, 1, NULL) == FL_OK, "a counter");
    fl_journal_close(journal);
}

fl_console *console_start(void)
{
    static bool made;
    fl_console *c;
    fl_error error = {0};
    const fl_console_options options = {.simulated = true};
    if (!made) {
        made = true;
        console_need(mkdtemp(home) != NULL, "a home");
        atexit(clean);
        setenv("FADELINE_HOME", home, 1);
        setenv("FADELINE_DATA", FL_SOURCE_DIR, 1);
        add_people();
        add_journal();
    }
    console_need(fl_console_open(&options, &c, &error) == FL_OK, error.what);
    return c;
}

void console_stop(fl_console *c)
{
    fl_console_close(c);
}

uint64_t console_handled(const fl_console *c)
{
    return atomic_load(&c->handled);
}

/* GLib's locks are futexes of its own, which the thread sanitizer does not see: what it tells of their inside
 * says nothing of us. Pango and fontconfig stand on them. */
#ifdef __SANITIZE_THREAD__
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
    return "race:libglib-2.0.so\nrace:libgobject-2.0.so\nrace:libpango\nrace:libfontconfig.so\nrace:libcairo."
           "so\n";
}
#endif
