/* labels: unit */
/* Who may sign in is what the journal says, and a succession forgets nobody: a new log without role changes
 * of its own is no leave to believe people.yaml. */
#include "check.h"

#include "fadeline/journal/succeed.h"
#include "fadeline/session/roster.h"

#include <unistd.h>

static char home[64];

static void begin(void)
{
    snprintf(home, sizeof home, "/tmp/fl-ros-XXXXXX");
    CHECK(mkdtemp(home) != NULL, "a home");
}

static void end(void)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", home);
    CHECK(system(command) == 0, "clean up");
}

static void change(const char *place, const char *who, const char *role)
{
    fl_journal *journal;
    fl_entry entry;
    fl_error error = {0};
    const fl_journal_options options = {.mode = FL_JOURNAL_CREATE, .no_ballast = true};
    CHECK(fl_journal_open(place, &options, &journal, &error) == FL_OK, "%s", error.what);
    fl_entry_begin(&entry, FL_KIND_ROLE_CHANGE);
    fl_entry_text(&entry, "who", who);
    fl_entry_text(&entry, "role", role);
    fl_entry_text(&entry, "by", "own:1");
    fl_entry_text(&entry, "until", "2099-05-01");
    CHECK(fl_journal_append(journal, &entry, 1, &error) == FL_OK, "%s", error.what);
    fl_journal_close(journal);
}

static void a_succession_forgets_nobody(void)
{
    char place[100];
    fl_roster roster;
    fl_error error = {0};
    fl_succession_done done;
    begin();
    snprintf(place, sizeof place, "%s/journal", home);
    change(place, "own:1", "owner");
    change(place, "op:17", "operator");
    change(place, "op:17", "none");
    const fl_journal_options options = {.no_ballast = true};
    const fl_succession wish = {.who = "own:1", .why = FL_SUCCEED_KEY_LOST};
    CHECK(fl_journal_succeed(place, &options, &wish, &done, &error) == FL_OK, "%s", error.what);
    CHECK(fl_roster_read(place, &roster, &error) == FL_OK, "%s", error.what);
    const fl_roster_row *owner = fl_roster_owner(&roster), *left = fl_roster_find(&roster, "op:17");
    CHECK(owner && strcmp(owner->who, "own:1") == 0, "the owner is forgotten");
    CHECK(left && left->left, "who had left is somebody again");
    fl_roster_fini(&roster);
    end();
}

static void only_what_is_new_is_read(void)
{
    char place[100];
    fl_roster roster = {0};
    fl_journal *journal;
    fl_error error = {0};
    uint64_t read = 0;
    begin();
    snprintf(place, sizeof place, "%s/journal", home);
    change(place, "own:1", "owner");
    const fl_journal_options options = {.mode = FL_JOURNAL_READ};
    CHECK(fl_journal_open(place, &options, &journal, &error) == FL_OK, "%s", error.what);
    CHECK(fl_roster_follow(&roster, journal, &read, &error) == FL_OK, "%s", error.what);
    CHECK(read == fl_journal_length(journal) && roster.count == 1, "%llu entries", (unsigned long long)read);
    fl_journal_close(journal);
    const uint64_t first = read;
    change(place, "op:17", "operator");
    CHECK(fl_journal_open(place, &options, &journal, &error) == FL_OK, "%s", error.what);
    CHECK(fl_roster_follow(&roster, journal, &read, &error) == FL_OK, "%s", error.what);
    CHECK(read > first && roster.count == 2 && fl_roster_find(&roster, "op:17"), "what is new");
    fl_journal_close(journal);
    fl_roster_fini(&roster);
    end();
}

FL_TESTS("session/roster", TEST(a_succession_forgets_nobody), TEST(only_what_is_new_is_read))
